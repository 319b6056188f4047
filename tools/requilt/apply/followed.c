// SPDX-License-Identifier: GPL-2.0-only
/*
 * A file that the branch keeps under another name: which path that is, or which paths come near.  With a
 * source tree whole files are compared, else the old lines of the patch are looked for.  Paths that the
 * source has as well, or that the patch changes under their own name, are other files.  A Makefile or a
 * Kconfig, which every directory has, is followed with a source tree only.
 */
#include "apply/step_internal.h"

#include <stdlib.h>

#include "apply/naming_internal.h"
#include "util/cuse.h"
#include "util/near.h"
#include "util/path.h"
#include "util/set.h"

/* How alike two files of one base name must be, and two of other names. */
#define ALIKE_SAME_NAME 50
#define ALIKE_OTHER_NAME 80
/* So far ahead of the next the best must be. */
#define AHEAD 10
/* Old lines that say something, without which no file of another name or directory is taken for the patch's. */
#define LEAST_LINES 4
/* How many files are compared at most, and how many a refusal names. */
#define MOST_CANDIDATES 64
#define MOST_NAMED 3
/* Files less alike help nobody. */
#define WORTH_NAMING 30

struct candidate {
	char *path;
	bool same_name;
	bool has_names; /* the branch's index says that names of the hunks stand in it */
	size_t shared;	/* directories in common with the wanted path */
	bool measured;
	bool sound; /* may be taken for the file if it is alike enough */
	int percent;
	size_t said; /* old lines that are there, where those were counted */
};

struct candidates {
	const char *wanted;
	bool unread;  /* there were more than one search may read */
	size_t n_old; /* old lines that are looked for */
	rq_vec(struct candidate) v;
};

/* The old lines of a diff that say something, and what its hunks name. */
struct old_lines {
	struct rq_set hashes;
	size_t n;
	bool names; /* a hunk names something */
};

static void release(struct candidates *c)
{
	for (size_t i = 0; i < c->v.n; i++)
		free(c->v.v[i].path);
	rq_vec_release(&c->v);
}

static void release_lines(struct old_lines *old)
{
	rq_set_release(&old->hashes);
}

static size_t stem_of(const char *base)
{
	const char *dot = strrchr(base, '.');

	return dot && dot != base ? (size_t)(dot - base) : strlen(base);
}

/* "a.txt" became "a.rst"; code of another suffix is another file. */
static bool has_same_stem(const char *a, const char *b)
{
	size_t n = stem_of(a);

	return n == stem_of(b) && memcmp(a, b, n) == 0 && rq_language_of(a) == RQ_TEXT &&
	       rq_language_of(b) == RQ_TEXT;
}

static bool has_same_suffix(const char *a, const char *b)
{
	return strcmp(a + stem_of(a), b + stem_of(b)) == 0;
}

/* How many directories of @path stand in @wanted too, each counted once for each time it is in @path. */
static size_t count_shared(const char *path, const char *wanted)
{
	size_t shared = 0;

	for (const char *slash; (slash = strchr(path, '/')); path = slash + 1) {
		struct rq_slice part = { path, (size_t)(slash - path) };

		for (const char *at = wanted, *end; (end = strchr(at, '/')); at = end + 1)
			if (rq_slice_eq(part,
					(struct rq_slice){ at, (size_t)(end - at) })) {
				shared++;
				break;
			}
	}
	return shared;
}

static struct candidate *add_candidate(struct candidates *c, const char *path)
{
	struct candidate *one = rq_vec_push(&c->v);

	one->path = rq_xstrdup(path);
	one->shared = count_shared(path, c->wanted);
	return one;
}

static void add_named(struct candidates *c, const char *path)
{
	for (size_t i = 0; i < c->v.n; i++)
		if (strcmp(c->v.v[i].path, path) == 0) {
			c->v.v[i].has_names = true;
			return;
		}
	add_candidate(c, path)->has_names = true;
}

static void sort(struct candidates *c, int (*by)(const void *a, const void *b))
{
	if (c->v.n)
		qsort(c->v.v, c->v.n, sizeof(*c->v.v), by);
}

/* Called twice for what has the base name and is in the directory. */
static void keep_path(const char *path, void *arg)
{
	struct candidates *c = arg;
	const char *base = rq_path_base(path), *wanted = rq_path_base(c->wanted);
	bool same_name = strcmp(base, wanted) == 0 || has_same_stem(base, wanted);

	if (same_name ||
	    (rq_path_is_beside(path, c->wanted) && has_same_suffix(base, wanted)))
		add_candidate(c, path)->same_name = same_name;
}

static int by_path(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	return strcmp(x->path, y->path);
}

static void drop_doubles(struct candidates *c)
{
	size_t n = 0;

	sort(c, by_path);
	for (size_t i = 0; i < c->v.n; i++) {
		if (n && strcmp(c->v.v[n - 1].path, c->v.v[i].path) == 0)
			free(c->v.v[i].path);
		else
			c->v.v[n++] = c->v.v[i];
	}
	c->v.n = n;
}

/* Those of the same base name first, then those with names of the hunks, then those of like directories. */
static int by_promise(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->same_name != y->same_name)
		return x->same_name ? -1 : 1;
	if (x->has_names != y->has_names)
		return x->has_names ? -1 : 1;
	if (x->shared != y->shared)
		return x->shared > y->shared ? -1 : 1;
	return strcmp(x->path, y->path);
}

static int by_likeness(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	return x->percent != y->percent ? y->percent - x->percent : by_promise(a, b);
}

/* The functions that the hunks name, so that files are found that have them. */
static void names_of(struct rq_names *out, const struct rq_filediff *diff)
{
	enum rq_language language = rq_language_of(diff->old_path);
	struct rq_name name;

	for (size_t i = 0; i < diff->n_hunks; i++)
		if (rq_name_of(&name, language, diff->hunks[i].function) &&
		    (name.kind == RQ_NAME_FUNCTION || name.kind == RQ_NAME_OBJECT) &&
		    !name.open)
			rq_names_add_once(out, name.word);
}

/* Adds the files that have the names of the hunks; the branch's index takes a while to read. */
static int add_having(struct candidates *c, struct rq_step *step,
		      const struct rq_filediff *diff, struct rq_err *err)
{
	struct rq_names names = { 0 }, paths = { 0 };
	int rc = 0;

	if (step->options->having && rq_path_is_c(diff->old_path))
		names_of(&names, diff);
	if (names.v.n)
		rc = step->options->having(&paths, &names, step->options->ctx, err);
	for (size_t i = 0; i < paths.v.n; i++)
		if (has_same_suffix(rq_path_base(paths.v.v[i]), rq_path_base(c->wanted)))
			add_named(c, paths.v.v[i]);
	rq_names_release(&names);
	rq_names_release(&paths);
	return rc;
}

/* *@other: the patch's side has a file of that path as well, or the branch has no text there. */
static int is_other(bool *other, struct rq_step *step, const char *path,
		    struct rq_err *err)
{
	struct rq_file *file;
	int rc = 0;

	*other = rq_patch_names(step->patch, path);
	if (!*other && step->options->source) {
		rc = rq_image_file(step->options->source, path, &file, err);
		*other = !rc && file->mode != RQ_MODE_NONE;
	}
	if (rc || *other)
		return rc;
	rc = rq_image_file(step->image, path, &file, err);
	*other = !rc && file->mode != RQ_MODE_FILE && file->mode != RQ_MODE_EXEC;
	return rc;
}

static int compare_files(int *percent, const struct rq_file *file,
			 const struct rq_file *before, struct rq_err *err)
{
	_cleanup_(rq_str_release) struct rq_str a = { 0 }, b = { 0 };

	rq_file_bytes(file, &a);
	rq_file_bytes(before, &b);
	return rq_similarity(rq_str_slice(&a), rq_str_slice(&b), percent, err);
}

static void read_old(struct old_lines *out, const struct rq_filediff *diff)
{
	enum rq_language language = rq_language_of(diff->old_path);
	struct rq_name name;

	for (size_t i = 0; i < diff->n_hunks; i++) {
		const struct rq_hunk *hunk = &diff->hunks[i];

		out->names |= language != RQ_TEXT &&
			      rq_name_of(&name, language, hunk->function);
		for (size_t k = 0; k < hunk->n_lines; k++) {
			struct rq_slice line = rq_slice_chomp(hunk->lines[k].text);

			if (hunk->lines[k].sign != '+' && rq_line_weighs(line))
				rq_set_add(&out->hashes, rq_name_hash(line), 1);
		}
	}
	out->n = out->hashes.n;
}

/* Whether @file defines what one of the hunks names. */
static bool opens_any(const struct rq_file *file, const struct rq_filediff *diff)
{
	for (size_t i = 0; i < diff->n_hunks; i++)
		if (rq_file_opens(file, diff->hunks[i].function))
			return true;
	return false;
}

/* Whether the base names are one but for a few characters. */
static bool are_names_near(const char *a, const char *b)
{
	struct rq_slice x = { a, stem_of(a) }, y = { b, stem_of(b) };

	return rq_near_distance(x, y) * 3 <= (x.n > y.n ? x.n : y.n);
}

/* How many of a hundred old lines stand in @file; *@said: how many those are. */
static int old_percent(const struct rq_file *file, const struct old_lines *old,
		       size_t *said)
{
	struct rq_set seen = { 0 };

	for (size_t i = 0; i < file->n_lines && seen.n < old->n; i++) {
		uint64_t hash = rq_name_hash(rq_slice_chomp(file->lines[i]));

		if (rq_set_has(&old->hashes, hash))
			rq_set_add(&seen, hash, 1);
	}
	*said = seen.n;
	rq_set_release(&seen);
	return old->n ? (int)(100 * *said / old->n) : 0;
}

/* "Makefile", "Makefile.build": every directory has one, and all of them have the same lines. */
static bool is_everywhere(const char *path)
{
	static const char *const names[] = { "Makefile", "Kbuild", "Kconfig", "Build" };
	const char *base = rq_path_base(path);

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		size_t n = strlen(names[i]);

		if (strncmp(base, names[i], n) == 0 && (!base[n] || base[n] == '.'))
			return true;
	}
	return false;
}

/*
 * Whether the old lines that @file has may stand for it: a function that they are in is there as well.
 * Where none is named they must be some, unless only the suffix of a text is another.
 */
static bool may_stand(const struct candidate *one, const struct rq_file *file,
		      const struct rq_filediff *diff, const struct old_lines *old,
		      size_t said)
{
	if (is_everywhere(diff->old_path))
		return false;
	if (old->names && !opens_any(file, diff))
		return false;
	if (one->same_name)
		return old->names || said >= LEAST_LINES ||
		       rq_path_is_beside(one->path, diff->old_path);
	return said >= LEAST_LINES &&
	       (old->names ||
		are_names_near(rq_path_base(one->path), rq_path_base(diff->old_path)));
}

static bool is_alike(const struct candidate *one)
{
	return one->sound &&
	       one->percent >= (one->same_name ? ALIKE_SAME_NAME : ALIKE_OTHER_NAME);
}

static void compare_lines(struct candidate *one, const struct rq_file *file,
			  const struct rq_filediff *diff, const struct old_lines *old)
{
	size_t said;
	int percent = old_percent(file, old, &said);

	if (percent < one->percent)
		return;
	one->percent = percent;
	one->said = said;
	one->sound = may_stand(one, file, diff, old, said);
}

/* Compares those that were not compared yet. */
static int measure(struct candidates *c, struct rq_step *step,
		   const struct rq_filediff *diff, const struct rq_file *before,
		   struct rq_err *err)
{
	_cleanup_(release_lines) struct old_lines old = { 0 };
	size_t tried = 0;
	int rc = 0;

	read_old(&old, diff);
	c->n_old = old.n;
	sort(c, by_promise);
	for (size_t i = 0; i < c->v.n && !rc && !c->unread; i++) {
		struct candidate *one = &c->v.v[i];
		struct rq_file *file;
		bool other = true;

		if (one->measured)
			continue;
		one->measured = true;
		c->unread = tried == MOST_CANDIDATES || step->followed >= RQ_STEP_LOOKS;
		if (c->unread)
			break;
		rc = is_other(&other, step, one->path, err);
		if (rc || other)
			continue;
		tried++;
		step->followed++;
		rc = rq_image_file(step->image, one->path, &file, err);
		if (!rc && before)
			rc = compare_files(&one->percent, file, before, err);
		one->sound = before;
		/* Files of which one was split off are not alike; the part that the patch changes may be. */
		if (!rc && !is_alike(one))
			compare_lines(one, file, diff, &old);
	}
	return rc;
}

/*
 * The first of them, where it is alike enough and clearly ahead of the next; they are sorted by that.  None
 * where some were not read: one of these may be the file.
 */
static const struct candidate *choose(struct candidates *c)
{
	sort(c, by_likeness);
	if (c->unread || !c->v.n || !is_alike(&c->v.v[0]) ||
	    (c->v.n > 1 && c->v.v[0].percent - c->v.v[1].percent < AHEAD))
		return NULL;
	return &c->v.v[0];
}

/* All that may be read, in two steps: the index of names takes a while. */
static int search(struct candidates *c, struct rq_step *step,
		  const struct rq_filediff *diff, const struct rq_file *before,
		  struct rq_err *err)
{
	int rc = rq_step_each_near(step, c->wanted, keep_path, c, err);

	drop_doubles(c);
	if (!rc)
		rc = measure(c, step, diff, before, err);
	if (rc || c->unread || choose(c))
		return rc;
	rc = add_having(c, step, diff, err);
	return rc ? rc : measure(c, step, diff, before, err);
}

int rq_follow(struct rq_followed *out, struct rq_step *step,
	      const struct rq_filediff *diff, const struct rq_file *before,
	      struct rq_err *err)
{
	_cleanup_(release) struct candidates c = { .wanted = diff->old_path };
	const struct candidate *chosen;
	int rc;

	*out = (struct rq_followed){ 0 };
	if (!rq_image_reader(step->image)->each || step->followed++ >= RQ_STEP_LOOKS)
		return 0;
	rc = search(&c, step, diff, before, err);
	if (rc)
		return rc;
	chosen = choose(&c);
	if (chosen) {
		out->path = rq_xstrdup(chosen->path);
		out->percent = chosen->percent;
		out->count = (long)chosen->said;
		out->of = chosen->said ? (long)c.n_old : 0;
		return 0;
	}
	for (size_t i = 0; i < c.v.n && i < MOST_NAMED; i++)
		if (c.v.v[i].percent >= WORTH_NAMING)
			rq_names_add(&out->like, rq_slice_of(c.v.v[i].path));
	return 0;
}

void rq_followed_release(struct rq_followed *followed)
{
	free(followed->path);
	rq_names_release(&followed->like);
	*followed = (struct rq_followed){ 0 };
}
