// SPDX-License-Identifier: GPL-2.0-only
/*
 * The records that people make: accepted results, resolutions, and a conflict that a hand has
 * open.  What is written is read back; what cannot be read or written is told.
 */
#include "scratch.h"

#include "resolve/byhand.h"
#include "resolve/change.h"
#include "resolve/resolution.h"
#include "resolve/reviewed.h"

#define ID_1 "1111111111111111111111111111111111111111"
#define ID_2 "2222222222222222222222222222222222222222"
#define WHO "A Reader <a@example.org>"
#define DIFF "diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1,3 +1,3 @@\n 1\n-2\n+two\n 3\n"

static struct rq_oid oid_of(const char *hex)
{
	struct rq_oid oid;
	struct rq_err err;

	assert_int_equal(rq_oid_parse(&oid, hex, &err), 0);
	return oid;
}

/* --- reviews --- */

static struct rq_oid change_of(const char *text)
{
	struct rq_patch *patch = NULL;
	struct rq_err err;
	struct rq_oid oid;

	if (rq_patch_parse_copy(&patch, "x", rq_slice_of(text), &RQ_PATCH_DEFAULTS, &err))
		patch = NULL;
	rq_change_of(&oid, patch);
	rq_patch_free(patch);
	return oid;
}

static void reviews_are_added_and_found(void **state)
{
	struct scratch *s = *state;
	struct rq_review review = { .branch = "one", .entry = "q/a.patch", .who = WHO };
	struct rq_reviews reviews = { 0 };
	const struct rq_oid change = oid_of(ID_2), none = { 0 };

	free(shell(s, "mkdir series"));
	review.id = change;
	assert_ok(s, rq_reviews_load(&reviews, s->dir, "q", &s->err));
	assert_int_equal(reviews.v.n, 0);
	assert_ok(s, rq_reviews_add(s->dir, "q", &review, &s->err));
	review.branch = "two";
	review.id = oid_of(ID_1);
	/* A last line without a newline is no line to be written on. */
	free(shell(s, "truncate -s -1 series/q.reviewed"));
	assert_ok(s, rq_reviews_add(s->dir, "q", &review, &s->err));
	free(shell(s, "printf '\\n  # words\\n\\n' >>series/q.reviewed"));
	assert_ok(s, rq_reviews_load(&reviews, s->dir, "q", &s->err));
	assert_int_equal(reviews.v.n, 2);
	assert_string_equal(reviews.v.v[0].branch, "one");
	assert_string_equal(reviews.v.v[0].entry, "q/a.patch");
	assert_string_equal(reviews.v.v[0].who, WHO);
	assert_string_equal(reviews.v.v[1].branch, "two");
	assert_true(rq_oid_eq(&reviews.v.v[1].id, &review.id));
	assert_shell(
		s,
		"# branch entry Change: id who; written by 'requilt accept'\nVersion: 2",
		"head -n 2 series/q.reviewed");
	assert_shell(s, "two q/a.patch Change: " ID_1 " " WHO,
		     "sed -n 4p series/q.reviewed");
	assert_true(rq_reviews_accept(&reviews, "one", "q/a.patch", &change));
	assert_false(rq_reviews_accept(&reviews, "two", "q/a.patch", &change));
	assert_false(rq_reviews_accept(&reviews, "one", "q/b.patch", &change));
	assert_false(rq_reviews_accept(&reviews, "one", "q/a.patch", &review.id));
	/* What is not yellow has no change, whatever a record says. */
	reviews.v.v[0].id = none;
	assert_false(rq_reviews_accept(&reviews, "one", "q/a.patch", &none));
	/* The zero id goes; a comment stays; what is not renewed yet accepts nothing. */
	reviews.v.v[1].version_1 = true;
	free(shell(s, "sed -i '3i # why' series/q.reviewed"));
	assert_ok(s, rq_reviews_write(&reviews, s->dir, "q", &s->err));
	assert_shell(s, "# why\ntwo q/a.patch Earlier: " ID_1 " " WHO,
		     "sed -n '3,4p' series/q.reviewed");
	rq_reviews_release(&reviews);
	reviews = (struct rq_reviews){ 0 };
	assert_ok(s, rq_reviews_load(&reviews, s->dir, "q", &s->err));
	assert_true(reviews.v.n == 1 && reviews.v.v[0].version_1);
	assert_false(rq_reviews_accept(&reviews, "two", "q/a.patch", &review.id));
	rq_reviews_release(&reviews);
}

/* Line numbers, header and index lines are not what a patch changes; all else is. */
static void the_id_is_of_what_changes(void **state)
{
	static const char *const same[] = {
		"--- a/a\n+++ b/a\n@@ -7,3 +9,3 @@ f()\n 1\n-2\n+two\n 3\n",
		"Subject: x\n\ndiff --git a/a b/a\nindex 1234567..89abcde\n--- a/a\n+++ "
		"b/a\n@@ -1,3 +1,3 @@\n 1\n-2\n+two\n 3\n",
	};
	static const char *const others[] = {
		"--- a/b\n+++ b/b\n@@ -1,3 +1,3 @@\n 1\n-2\n+two\n 3\n",
		"--- a/a\n+++ b/a\n@@ -1,3 +1,3 @@\n 1\n-2\n+TWO\n 3\n",
		"--- a/a\n+++ b/a\n@@ -1,3 +1,3 @@\n 1\n+2\n-two\n 3\n",
		"--- a/a\n+++ b/a\n@@ -1,2 +1,2 @@\n-2\n+two\n 3\n",
		"diff --git a/a b/a\nold mode 100644\nnew mode 100755\n--- a/a\n+++ "
		"b/a\n@@ -1,3 +1,3 @@\n 1\n-2\n+two\n 3\n",
		DIFF "@@ -7 +7 @@\n-7\n+seven\n",
		DIFF "--- a/b\n+++ b/b\n@@ -7 +7 @@\n-7\n+seven\n",
		"no patch",
	};
	struct rq_oid id, other;

	(void)state;
	id = change_of(DIFF);
	for (size_t i = 0; i < ARRAY_SIZE(same); i++) {
		other = change_of(same[i]);
		assert_true(rq_oid_eq(&id, &other));
	}
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		other = change_of(others[i]);
		assert_false(rq_oid_eq(&id, &other));
	}
}

/* The lines of one file are not another file's names, and no line is a part of the next. */
static void ids_know_where_a_part_ends(void **state)
{
	static const char *const pairs[][2] = {
		{ "--- /dev/null\n+++ b/doc.txt\n@@ -0,0 +1,2 @@\n+a.c a.c 0 0\n+x\n",
		  "--- /dev/null\n+++ b/doc.txt\n@@ -0,0 +1 @@\n+a.c a.c 0 0\n"
		  "--- a/a.c\n+++ b/a.c\n@@ -0,0 +1 @@\n+x\n" },
		{ "--- a/a\n+++ b/a\n@@ -1 +1,2 @@\n 1\n+2\n@@ -9 +10,2 @@\n 9\n+3\n",
		  "--- a/a\n+++ b/a\n@@ -1,2 +1,4 @@\n 1\n+2\n 9\n+3\n" },
		{ "--- a/a b\n+++ b/a b\n@@ -1 +1,2 @@\n 1\n+2\n",
		  "--- a/a\n+++ b/b a b\n@@ -1 +1,2 @@\n 1\n+2\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		const struct rq_oid a = change_of(pairs[i][0]),
				    b = change_of(pairs[i][1]);

		assert_false(rq_oid_eq(&a, &b));
	}
}

static void hunks_have_ids_of_their_own(void **state)
{
	struct rq_hunk_changes one = { 0 }, other = { 0 };
	struct rq_patch *a = NULL, *b = NULL;
	struct scratch *s = *state;

	assert_ok(
		s,
		rq_patch_parse_copy(
			&a, "a",
			RQ_SLICE(
				DIFF
				"@@ -7 +7 @@\n-7\n+seven\n"
				"diff --git a/m b/m\nold mode 100644\nnew mode 100755\n"),
			&RQ_PATCH_DEFAULTS, &s->err));
	assert_ok(s,
		  rq_patch_parse_copy(&b, "b", RQ_SLICE(DIFF "@@ -8 +8 @@\n-7\n+SEVEN\n"),
				      &RQ_PATCH_DEFAULTS, &s->err));
	rq_hunk_changes_of(&one, a);
	rq_hunk_changes_of(&other, b);
	assert_int_equal(one.v.n, 3);
	assert_string_equal(one.v.v[1].file, "a");
	assert_int_equal(one.v.v[1].hunk, 2);
	assert_string_equal(one.v.v[2].file, "m");
	assert_int_equal(one.v.v[2].hunk, 0);
	assert_true(rq_oid_eq(&one.v.v[0].id, &other.v.v[0].id));
	assert_int_equal(rq_hunk_changes_new(&one, &other)->hunk, 2);
	assert_null(rq_hunk_changes_new(&one, &one));
	rq_hunk_changes_release(&one);
	rq_hunk_changes_release(&other);
	rq_patch_free(a);
	rq_patch_free(b);
}

static void broken_reviews_are_told(void **state)
{
	static const struct {
		const char *text, *message;
	} rows[] = {
		{ "# x\nVersion: 2\none q/a.patch\n",
		  "/series/q.reviewed:3: write 'branch entry Change: id who'" },
		{ "Version: 2\none q/a.patch Change: " ID_1 "\n",
		  "/series/q.reviewed:2: write 'branch entry Change: id who'" },
		{ "\n\nVersion: 2\none q/a.patch Change: 1234 " WHO "\n",
		  "/series/q.reviewed:4: write 'branch entry Change: id who'" },
		{ "Version: 2\none q/a.patch " ID_1 " " WHO "\n",
		  "/series/q.reviewed:2: write 'branch entry Change: id who'" },
		{ "# x\none q/a.patch " ID_1 " " WHO "\n",
		  "/series/q.reviewed:2: is of another version" },
		{ "Version: 3\none q/a.patch Change: " ID_1 " " WHO "\n",
		  "/series/q.reviewed:1: is of another version" },
	};
	struct scratch *s = *state;
	struct rq_review review = { .branch = "one", .entry = "q/a.patch", .who = WHO };

	free(shell(s, "mkdir series"));
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct rq_reviews reviews = { 0 };

		write_file(s, "series/q.reviewed", rows[i].text, strlen(rows[i].text));
		assert_fails(s, RQ_EFORMAT, rows[i].message,
			     rq_reviews_load(&reviews, s->dir, "q", &s->err));
		rq_reviews_release(&reviews);
	}
	/* A folder in the place of the file, and a file in the place of the folder. */
	free(shell(s, "rm -r series && mkdir -p series/q.reviewed"));
	assert_fails(s, RQ_EIO, "series/q.reviewed",
		     rq_reviews_add(s->dir, "q", &review, &s->err));
	assert_fails(s, RQ_EIO, "series/q.reviewed",
		     rq_reviews_load(&(struct rq_reviews){ 0 }, s->dir, "q", &s->err));
	free(shell(s, "rm -r series"));
	assert_int_not_equal(rq_reviews_add(s->dir, "q", &review, &s->err), 0);
}

/* --- resolutions --- */

static struct rq_resolution resolution_of(struct scratch *s, const char *before,
					  const char *after)
{
	struct rq_resolution r = { .entry = rq_xstrdup("q/0001-x.patch"),
				   .branch = rq_xstrdup("one"),
				   .who = rq_xstrdup(WHO),
				   .note = rq_xstrdup("two is spelled"),
				   .change = oid_of(ID_1) };

	assert_ok(s, rq_resolution_add(&r, "mm/a", RQ_MODE_FILE, rq_slice_of(before),
				       RQ_MODE_FILE, rq_slice_of(after), &s->err));
	return r;
}

static void resolutions_are_written_and_read(void **state)
{
	struct scratch *s = *state;
	struct rq_resolution r = resolution_of(s, "1\n2\n3\n", "1\ntwo\n3\n");
	struct rq_resolutions all = { 0 };
	struct rq_oid first;
	char *path;

	free(shell(s, "mkdir series"));
	assert_ok(s, rq_resolutions_load(&all, s->dir, "q", &s->err));
	assert_int_equal(all.v.n, 0);
	assert_ok(s, rq_resolution_write(&r, s->dir, "q", &s->err));
	first = r.region;
	path = rq_xstrdup(r.path);
	/* Again: the same name.  Signed, another region: another one. */
	assert_ok(s, rq_resolution_write(&r, s->dir, "q", &s->err));
	assert_string_equal(r.path, path);
	rq_resolution_release(&r);
	r = resolution_of(s, "0\n2\n3\n", "0\ntwo\n3\n");
	r.signed_off = true;
	assert_ok(s, rq_resolution_write(&r, s->dir, "q", &s->err));
	assert_string_not_equal(r.path, path);
	free(shell(s, "touch series/q.resolved/notes"));
	assert_shell(
		s, "2",
		"ls series/q.resolved | grep -c '^0001-x[.][0-9a-f]\\{12\\}[.]patch$'");
	assert_ok(s, rq_resolutions_load(&all, s->dir, "q", &s->err));
	assert_int_equal(all.v.n, 2);
	assert_true(strcmp(all.v.v[0].path, all.v.v[1].path) < 0);
	for (size_t i = 0; i < 2; i++) {
		const struct rq_resolution *got = &all.v.v[i];

		assert_string_equal(got->entry, "q/0001-x.patch");
		assert_string_equal(got->branch, "one");
		assert_string_equal(got->who, WHO);
		assert_string_equal(got->note, "two is spelled");
		assert_true(rq_oid_eq(&got->change, &r.change));
		assert_int_equal(got->signed_off, !rq_oid_eq(&got->region, &first));
		assert_non_null(strstr(got->diff.s, "diff --git a/mm/a b/mm/a\n"));
	}
	rq_resolution_release(&r);
	rq_resolutions_release(&all);
	free(path);
}

static void a_resolution_takes_the_place_of_a_patch(void **state)
{
	struct scratch *s = *state;
	struct rq_resolution r = resolution_of(s, "1\n2\n3\n", "1\ntwo\n3\n");
	struct rq_patch *source = NULL, *patch = NULL;

	r.path = rq_xstrdup("r.patch");
	r.signed_off = true;
	assert_ok(s,
		  rq_patch_parse_copy(&source, "x.patch",
				      RQ_SLICE("Subject: x\n\nWords.\n\nSigned-off-by: A "
					       "<a@b>\n---\n" DIFF),
				      &RQ_PATCH_DEFAULTS, &s->err));
	assert_ok(s, rq_resolution_patch(&patch, &r, source, &s->err));
	assert_true(rq_slice_eq(
		patch->head,
		RQ_SLICE("Subject: x\n\nWords.\n\nSigned-off-by: A <a@b>\n"
			 "[ A Reader: two is spelled ]\nSigned-off-by: " WHO "\n---\n")));
	assert_int_equal(patch->n_files, 1);
	assert_string_equal(patch->files[0].old_path, "mm/a");
	rq_patch_free(patch);
	rq_patch_free(source);
	rq_resolution_release(&r);
}

/* Nothing of a file that is as before, its mode alone, or what is no text. */
static void what_a_resolution_holds(void **state)
{
	struct scratch *s = *state;
	struct rq_resolution r = { 0 };

	assert_ok(s, rq_resolution_add(&r, "a", RQ_MODE_FILE, RQ_SLICE("x\n"),
				       RQ_MODE_FILE, RQ_SLICE("x\n"), &s->err));
	assert_int_equal(r.diff.len, 0);
	assert_ok(s, rq_resolution_add(&r, "a", RQ_MODE_FILE, RQ_SLICE("x\n"),
				       RQ_MODE_EXEC, RQ_SLICE("x\n"), &s->err));
	assert_string_equal(r.diff.s,
			    "diff --git a/a b/a\nold mode 100644\nnew mode 100755\n");
	assert_ok(s, rq_resolution_add(&r, "b", RQ_MODE_NONE, RQ_SLICE(""), RQ_MODE_FILE,
				       RQ_SLICE("y\n"), &s->err));
	assert_non_null(strstr(
		r.diff.s,
		"new file mode 100644\n--- /dev/null\n+++ b/b\n@@ -0,0 +1 @@\n+y\n"));
	assert_fails(s, RQ_EQUEUE, "c: binary: a resolution is a text to read",
		     rq_resolution_add(&r, "c", RQ_MODE_FILE, RQ_SLICE("a\0b"),
				       RQ_MODE_FILE, RQ_SLICE("b"), &s->err));
	assert_fails(s, RQ_EQUEUE, "c: binary: a resolution is a text to read",
		     rq_resolution_add(&r, "c", RQ_MODE_FILE, RQ_SLICE("b"), RQ_MODE_FILE,
				       RQ_SLICE("a\0b"), &s->err));
	rq_resolution_release(&r);
}

static void broken_resolutions_are_told(void **state)
{
	static const char *const edits[][2] = {
		{ "/^Resolves:/d", "has no 'Resolves:' line; resolve again" },
		{ "/^Change:/d", "has no 'Change:' line; resolve again" },
		{ "/^Resolution:/d",
		  "is of another version, in which nobody sees an edit" },
		{ "/^Digest:/d", "has no 'Digest:' line; resolve again" },
		{ "/^Digest:/p", "has no 'Digest:' line; resolve again" },
		{ "s/^+two/+zwei/",
		  "was changed by hand (Digest: says so); resolve again" },
		{ "s/^Who:.*/Who: Some Body <b@example.org>/",
		  "was changed by hand (Digest: says so); resolve again" },
		{ "/^Note:/aSigned-off-by: Some Body <b@example.org>",
		  "was changed by hand (Digest: says so); resolve again" },
		{ "s/^@@ -1,3 +1,3 @@/@@ -9,3 +9,3 @@/",
		  "was changed by hand (Digest: says so); resolve again" },
		{ "/^Change:/aHunk: 12 1 mm/a", "line 4: '12' is no id" },
		{ "/^Branch:/d", "has no 'Branch:' line; resolve again" },
		{ "/^Region:/d", "has no 'Region:' line; resolve again" },
		{ "/^Who:/d", "has no 'Who:' line; resolve again" },
		{ "/^Note:/d", "has no 'Note:' line; resolve again" },
		{ "s/^Note:.*/Note:/", "has no 'Note:' line; resolve again" },
		{ "s/^Change:.*/Change: 12/", "line 3: '12' is no id" },
		{ "s/^-2/-3/",
		  "its diff was changed by hand (Region: says so); resolve again" },
		{ "s,mm/a,mm/b,g",
		  "its diff was changed by hand (Region: says so); resolve again" },
		{ "/^diff/,$d", "has no diff; resolve again" },
		/* a context line that a mailer may have cut is an empty one to patch(1) */
		{ "$d", "its diff was changed by hand (Region: says so); resolve again" },
		{ "s/^-2$/2/", "hunk" },
	};
	struct scratch *s = *state;
	struct rq_resolution r = resolution_of(s, "1\n2\n3\n", "1\ntwo\n3\n");
	struct rq_resolutions all = { 0 };

	free(shell(s, "mkdir series"));
	assert_ok(s, rq_resolution_write(&r, s->dir, "q", &s->err));
	for (size_t i = 0; i < ARRAY_SIZE(edits); i++) {
		free(shell(s,
			   "mkdir -p series/e.resolved && sed '%s' "
			   "series/q.resolved/*.patch >series/e.resolved/e.patch",
			   edits[i][0]));
		assert_fails(s, RQ_EFORMAT, edits[i][1],
			     rq_resolutions_load(&all, s->dir, "e", &s->err));
		assert_non_null(strstr(s->err.msg, "series/e.resolved/e.patch:"));
		rq_resolutions_release(&all);
		all = (struct rq_resolutions){ 0 };
	}
	/* What cannot be read or written. */
	free(shell(s, "rm series/e.resolved/e.patch && mkdir series/e.resolved/e.patch"));
	assert_fails(s, RQ_EIO, "e.patch",
		     rq_resolutions_load(&all, s->dir, "e", &s->err));
	rq_resolutions_release(&all);
	all = (struct rq_resolutions){ 0 };
	free(shell(s, "rm -r series/e.resolved && touch series/e.resolved"));
	assert_fails(s, RQ_EIO, "e.resolved",
		     rq_resolutions_load(&all, s->dir, "e", &s->err));
	assert_int_not_equal(rq_resolution_write(&r, s->dir, "e", &s->err), 0);
	free(shell(s, "for f in series/q.resolved/*; do rm $f; mkdir -p $f/x; done"));
	assert_fails(s, RQ_EIO, "0001-x.", rq_resolution_write(&r, s->dir, "q", &s->err));
	rq_resolution_release(&r);
}

/* --- by hand --- */

static void a_hand_finds_what_was_put(void **state)
{
	struct scratch *s = *state;
	struct rq_byhand work = { 0 }, again = { 0 };
	struct rq_str bytes = { 0 };
	enum rq_mode mode;

	assert_ok(s, rq_byhand_load(&work, s->dir, "q", "one", &s->err));
	assert_null(work.entry);
	work.entry = rq_xstrdup("q/a.patch");
	work.base_tree = oid_of(ID_1);
	work.change = oid_of(ID_2);
	assert_ok(s,
		  rq_byhand_put(&work, "mm/a.c", RQ_MODE_FILE, RQ_SLICE("a\n"), &s->err));
	assert_ok(s,
		  rq_byhand_put(&work, "run.sh", RQ_MODE_EXEC, RQ_SLICE("b\n"), &s->err));
	assert_ok(s, rq_byhand_put(&work, "gone", RQ_MODE_NONE, RQ_SLICE(""), &s->err));
	assert_ok(s,
		  rq_byhand_put(&work, "mm/a.c", RQ_MODE_FILE, RQ_SLICE("c\n"), &s->err));
	assert_fails(s, RQ_EQUEUE, "link: a symbolic link cannot be taken up here",
		     rq_byhand_put(&work, "link", RQ_MODE_LINK, RQ_SLICE("x"), &s->err));
	assert_ok(s, rq_byhand_save(&work, &s->err));
	assert_shell(s, "*", "cat .requilt/.gitignore");
	assert_shell(s,
		     "entry q/a.patch\nbase " ID_1 "\nchange " ID_2
		     "\nfile mm/a.c\nfile run.sh\nfile gone\nfile link",
		     "cat .requilt/resolve/q/one.state");
	assert_ok(s, rq_byhand_load(&again, s->dir, "q", "one", &s->err));
	assert_string_equal(again.entry, "q/a.patch");
	assert_true(rq_oid_eq(&again.base_tree, &work.base_tree));
	assert_true(rq_oid_eq(&again.change, &work.change));
	assert_int_equal(again.files.v.n, 4);
	assert_ok(s, rq_byhand_get(&again, "mm/a.c", &mode, &bytes, &s->err));
	assert_int_equal(mode, RQ_MODE_FILE);
	assert_string_equal(bytes.s, "c\n");
	bytes.len = 0;
	assert_ok(s, rq_byhand_get(&again, "run.sh", &mode, &bytes, &s->err));
	assert_int_equal(mode, RQ_MODE_EXEC);
	assert_ok(s, rq_byhand_get(&again, "gone", &mode, &bytes, &s->err));
	assert_int_equal(mode, RQ_MODE_NONE);
	assert_ok(s, rq_byhand_get(&again, "run.sh/x", &mode, &bytes, &s->err));
	assert_int_equal(mode, RQ_MODE_NONE);
	free(shell(s, "ln -s a.c .requilt/resolve/q/one/mm/l"));
	assert_fails(s, RQ_EQUEUE, "mm/l: not a plain file",
		     rq_byhand_get(&again, "mm/l", &mode, &bytes, &s->err));
	assert_fails(s, RQ_EQUEUE, "mm: not a plain file",
		     rq_byhand_get(&again, "mm", &mode, &bytes, &s->err));
	assert_fails(s, RQ_EQUEUE,
		     "mm/l: not one of the files; remove it, or bring it in with --add",
		     rq_byhand_check(&again, &s->err));
	free(shell(s, "rm .requilt/resolve/q/one/mm/l"));
	assert_ok(s, rq_byhand_check(&again, &s->err));
	assert_ok(s,
		  rq_byhand_put(&again, "mm/a.c", RQ_MODE_NONE, RQ_SLICE(""), &s->err));
	assert_shell(s, "run.sh",
		     "cd .requilt/resolve/q/one && find . -type f -printf '%%P\\n'");
	assert_ok(s, rq_byhand_drop(&again, &s->err));
	assert_shell(s, "", "ls .requilt/resolve/q");
	assert_fails(s, RQ_EQUEUE, "resolve/q/one: is gone; begin again with --abort",
		     rq_byhand_check(&again, &s->err));
	assert_ok(s, rq_byhand_drop(&again, &s->err));
	rq_str_release(&bytes);
	rq_byhand_release(&again);
	rq_byhand_release(&work);
}

static void markers_that_are_left_are_told(void **state)
{
	static const struct {
		const char *name, *text, *message;
	} rows[] = {
		{ "a.c", "x\n<<<<<<< one\n",
		  "a.c:2: a conflict marker is left; settle it first" },
		{ "a.c", "||||||| x\n",
		  "a.c:1: a conflict marker is left; settle it first" },
		{ "a.c", "x\ny\n>>>>>>> q/a.patch\n",
		  "a.c:3: a conflict marker is left; settle it first" },
		{ "a.c", "x\n=======\n",
		  "a.c:2: a conflict marker is left; settle it first" },
		{ "a.c",
		  "x\n=======", "a.c:2: a conflict marker is left; settle it first" },
		{ "a.rst", "x\n>>>>>>> q/a.patch\n",
		  "a.rst:2: a conflict marker is left; settle it first" },
		{ "a.c", "x << y\n========\n ======= \n<<<<<<<\n", NULL },
		{ "a.rst", "Title\n=======\n", NULL },
		{ "a.txt", "Title\n=======\n", NULL },
		{ "a.xtx", "Title\n=======\n",
		  "a.xtx:2: a conflict marker is left; settle it first" },
	};
	struct scratch *s = *state;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct rq_byhand work = { 0 };

		assert_ok(s, rq_byhand_load(&work, s->dir, "q", "one", &s->err));
		assert_ok(s, rq_byhand_put(&work, rows[i].name, RQ_MODE_FILE,
					   rq_slice_of(rows[i].text), &s->err));
		if (rows[i].message)
			assert_fails(s, RQ_EQUEUE, rows[i].message,
				     rq_byhand_check(&work, &s->err));
		else
			assert_ok(s, rq_byhand_check(&work, &s->err));
		assert_ok(s, rq_byhand_drop(&work, &s->err));
		rq_byhand_release(&work);
	}

	struct rq_byhand work = { 0 }, again = { 0 };

	assert_ok(s, rq_byhand_load(&work, s->dir, "q", "one", &s->err));
	rq_byhand_allow(&work, RQ_SLICE("x\n<<<<<<< HEAD\n=======\n"));
	assert_ok(s, rq_byhand_put(&work, "a.c", RQ_MODE_FILE,
				   RQ_SLICE("<<<<<<< HEAD\n=======\n"), &s->err));
	work.entry = rq_xstrdup("q/a.patch");
	assert_ok(s, rq_byhand_save(&work, &s->err));
	assert_ok(s, rq_byhand_load(&again, s->dir, "q", "one", &s->err));
	assert_ok(s, rq_byhand_check(&again, &s->err));
	assert_ok(s, rq_byhand_put(&again, "a.c", RQ_MODE_FILE,
				   RQ_SLICE("<<<<<<< HEAD\n<<<<<<< one\n"), &s->err));
	assert_fails(s, RQ_EQUEUE, "a.c:2: a conflict marker is left; settle it first",
		     rq_byhand_check(&again, &s->err));
	assert_ok(s, rq_byhand_drop(&again, &s->err));
	rq_byhand_release(&again);
	rq_byhand_release(&work);
}

static void what_a_hand_cannot_get_is_told(void **state)
{
	static const char *const states[] = { "entry a\nwords\n", "entry a\nbase 12\n",
					      "entry a\npatch xx\n", "entry a\n\n" };
	struct scratch *s = *state;
	struct rq_byhand work = { 0 };

	free(shell(s, "mkdir -p .requilt/resolve/q"));
	for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
		write_file(s, ".requilt/resolve/q/one.state", states[i],
			   strlen(states[i]));
		assert_fails(
			s, RQ_EFORMAT,
			"one.state:2: not what resolve wrote; begin again with --abort",
			rq_byhand_load(&work, s->dir, "q", "one", &s->err));
		rq_byhand_release(&work);
	}
	free(shell(s, "rm .requilt/resolve/q/one.state && mkdir -p "
		      ".requilt/resolve/q/one.state/x"));
	assert_fails(s, RQ_EIO, "one.state",
		     rq_byhand_load(&work, s->dir, "q", "one", &s->err));
	work.entry = rq_xstrdup("a");
	assert_fails(s, RQ_EIO, "one.state", rq_byhand_save(&work, &s->err));
	assert_fails(s, RQ_EIO, "one.state", rq_byhand_drop(&work, &s->err));
	rq_byhand_release(&work);
	/* A link that leads away, and folders in the place of files. */
	free(shell(s, "rm -r .requilt && mkdir away && ln -s away .requilt"));
	assert_int_not_equal(rq_byhand_load(&work, s->dir, "q", "one", &s->err), 0);
	rq_byhand_release(&work);
	free(shell(s, "rm .requilt && mkdir -p .requilt/resolve/q/one/a.c/x"));
	assert_ok(s, rq_byhand_load(&work, s->dir, "q", "one", &s->err));
	assert_fails(s, RQ_EIO, "a.c",
		     rq_byhand_put(&work, "a.c", RQ_MODE_FILE, RQ_SLICE("x"), &s->err));
	assert_fails(s, RQ_EIO, "a.c",
		     rq_byhand_put(&work, "a.c", RQ_MODE_NONE, RQ_SLICE(""), &s->err));
	free(shell(s, "rm -r .requilt/resolve/q/one && touch .requilt/resolve/q/one"));
	assert_int_not_equal(
		rq_byhand_put(&work, "a.c", RQ_MODE_FILE, RQ_SLICE("x"), &s->err), 0);
	free(shell(s, "rm -r .requilt/resolve && touch .requilt/resolve"));
	work.entry = rq_xstrdup("a");
	assert_int_not_equal(rq_byhand_save(&work, &s->err), 0);
	rq_byhand_release(&work);
}

int main(void)
{
#define SCRATCH(test) \
	cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		SCRATCH(reviews_are_added_and_found),
		SCRATCH(the_id_is_of_what_changes),
		SCRATCH(ids_know_where_a_part_ends),
		SCRATCH(hunks_have_ids_of_their_own),
		SCRATCH(broken_reviews_are_told),
		SCRATCH(resolutions_are_written_and_read),
		SCRATCH(a_resolution_takes_the_place_of_a_patch),
		SCRATCH(what_a_resolution_holds),
		SCRATCH(broken_resolutions_are_told),
		SCRATCH(a_hand_finds_what_was_put),
		SCRATCH(markers_that_are_left_are_told),
		SCRATCH(what_a_hand_cannot_get_is_told),
	};

	return cmocka_run_group_tests_name("resolve", tests, NULL, NULL);
}
