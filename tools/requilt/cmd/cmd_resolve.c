// SPDX-License-Identifier: GPL-2.0-only
/*
 * requilt resolve: the first conflict of a queue on a branch, taken up by hand.  The result is
 * recorded in the queue, and every later port replays it where the same lines are.
 */
#include "cmd/cmd.h"
#include "cmd/json.h"

#include <stdlib.h>
#include <unistd.h>

#include "cmd/mergetool.h"
#include "cmd/offers.h"
#include "queue/lastgood.h"
#include "queue/queue.h"
#include "resolve/byhand.h"
#include "resolve/resolution.h"
#include "util/file.h"
#include "util/path.h"

static bool go_on, abort_it, skip, sign_off, unconfined;
static const char *tool, *who, *note, *add_path, *from_dir, *onto;
static struct rq_names gone, take;
static char *person; /* what @who points to, once it was asked for */

const struct rq_opt rq_cmd_resolve_options[] = {
	{ "continue", 0, RQ_OPT_FLAG, NULL, "record what was made of the files", &go_on },
	{ "abort", 0, RQ_OPT_FLAG, NULL, "leave all as it was", &abort_it },
	{ "skip", 0, RQ_OPT_FLAG, NULL,
	  "leave the patch out of this branch: adds a guard to the series", &skip },
	{ "take", 0, RQ_OPT_NAMES, "N",
	  "take offer N of the conflict; may be given again", &take },
	{ "add", 0, RQ_OPT_STRING, "FILE", "bring another file of the branch in",
	  &add_path },
	{ "tool", 0, RQ_OPT_MAYBE, NULL,
	  "settle what is marked with git's mergetool; --tool=NAME names one", &tool },
	{ "rm", 0, RQ_OPT_NAMES, "FILE",
	  "with --continue: this file is to be gone; may be given again", &gone },
	{ "who", 0, RQ_OPT_STRING, "NAME", "who resolved it (default: git's user)",
	  &who },
	{ "note", 0, RQ_OPT_STRING, "TEXT",
	  "what conflicted and how it was resolved, in one line", &note },
	{ "from", 0, RQ_OPT_STRING, "DIR",
	  "a conflict of 'rebase --from DIR', instead of the queue's", &from_dir },
	{ "onto", 0, RQ_OPT_STRING, "BASE", "with --from: the new base of the rebase",
	  &onto },
	{ "signoff", 's', RQ_OPT_FLAG, NULL, "with a Signed-off-by of --who", &sign_off },
	{ "unconfined-rules", 0, RQ_OPT_FLAG, NULL,
	  "let semantic patches do what you may, where they cannot be confined",
	  &unconfined },
	{ 0 },
};

/* What every form of the command works on. */
struct resolving {
	const char *queue, *branch;
	char *name; /* that resolutions are filed under */
	struct rq_branches branches;
	struct rq_branch
		base; /* the branch on the base of a rebase; borrows its strings */
	struct rq_branches one; /* @base alone */
	struct rq_series series;
	struct rq_byhand work;
	char *repo, *cache;
	char *good; /* the last good series of --from; NULL: it has one itself */
};

static void release(struct resolving *r)
{
	rq_byhand_release(&r->work);
	rq_series_release(&r->series);
	rq_branches_release(&r->branches);
	free(r->repo);
	free(r->cache);
	free(r->name);
	free(r->good);
}

/* A plain series instead of a queue, as rebase takes it. */
static int load_rebase(struct resolving *r, struct rq_err *err)
{
	_cleanup_free_ char *path = NULL;
	int rc;

	r->good = rq_last_good_path(from_dir);
	if (r->good)
		from_dir = r->good;
	path = rq_path_join(from_dir, "series");
	rc = rq_series_load_file(&r->series, path, err);
	if (rc)
		return rc;
	free(r->series.name);
	r->series.name = rq_xstrdup(r->name);
	if (onto)
		r->base.base = (char *)onto;
	rq_branches_only(&r->one, &r->branches, &r->base);
	return 0;
}

static int load_queue(struct resolving *r, struct rq_err *err)
{
	r->one = r->branches;
	return rq_cmd_series(&r->series, r->queue, &r->branches, err);
}

static int load(struct resolving *r, struct rq_err *err)
{
	const struct rq_branch *branch;
	int rc = rq_cmd_check_name("queue", r->queue, err);

	if (!rc)
		rc = rq_cmd_branches(&r->branches, err);
	r->name = from_dir ? rq_rebase_name(r->queue) : rq_xstrdup(r->queue);
	if (!rc)
		rc = rq_branches_need(&branch, &r->branches, r->branch, err);
	if (!rc)
		r->base = *branch;
	if (!rc)
		rc = from_dir ? load_rebase(r, err) : load_queue(r, err);
	if (!rc)
		rc = rq_byhand_load(&r->work, rq_globals.dir, r->name, r->branch, err);
	/* What cannot be read can still be dropped. */
	if (rc == RQ_EFORMAT && abort_it && r->work.state)
		rc = 0;
	r->cache = rq_cmd_cache_path("semantic");
	r->repo = rc ? NULL : rq_cmd_repo_path(err);
	return rc || r->repo ? rc : (int)err->code;
}

/*
 * The branch's first conflict, and the files of @work that the patch does not name; as if
 * @unresolved had no resolution, and with the offers of @taken done.
 */
static int find(struct rq_conflict *out, struct resolving *r, const char *unresolved,
		const struct rq_names *taken, struct rq_err *err)
{
	const struct rq_port_options options = { .root = rq_globals.dir,
						 .out = rq_globals.dir,
						 .repo_path = r->repo,
						 .unresolved = unresolved,
						 .taken = taken,
						 .patches = from_dir,
						 .branches = &r->one,
						 .cache = r->cache,
						 .unconfined = unconfined,
						 .fuzz = -1,
						 .jobs = rq_cmd_jobs() };

	return rq_queue_conflict(out, &r->series, r->branch, &r->work.files, &options,
				 err);
}

static int take_offers(struct resolving *r, const struct rq_names *numbers,
		       struct rq_err *err);
static int next(struct resolving *r, struct rq_err *err);

static void tell_json(const struct resolving *r, const struct rq_conflict *c)
{
	rq_cmd_did("open", "queue", r->queue, "branch", r->branch, "entry", c->entry,
		   "message", c->why, "directory", r->work.folder, NULL);
	for (size_t i = 0; i < c->files.n; i++) {
		_cleanup_free_ char *marks = rq_xasprintf("%zu", c->files.v[i].marks);

		rq_cmd_did("file", "path", c->files.v[i].path, "conflicts", marks, NULL);
	}
}

static void tell(const struct resolving *r, const struct rq_conflict *c)
{
	size_t others = 0;

	tell_json(r, c);
	if (rq_globals.quiet)
		return;
	if (*c->shown)
		rq_print_clean(stdout, "%s on %s: conflict\n%s", c->entry, r->branch,
			       c->shown);
	else
		rq_print_clean(stdout, "%s on %s: %s\n", c->entry, r->branch, c->why);
	if (c->carried)
		rq_print_clean(stdout, "the files start from the resolution of %s, %s\n",
			       c->carried_from, c->carried);
	rq_cmd_offers_print_all(c);
	rq_print_clean(stdout, "\n  %s/\n", r->work.folder);
	for (size_t i = 0; i < c->files.n; i++) {
		const struct rq_conflict_file *f = &c->files.v[i];

		if (f->marks)
			rq_print_clean(stdout, "    %-32s %zu conflict%s\n", f->path,
				       f->marks, f->marks == 1 ? "" : "s");
		others += !f->marks;
	}
	if (others)
		printf("    and %zu of its files where all found a place\n", others);
	if (c->carried && others == c->files.n)
		printf("\nNo conflict is left in them: read them. --continue takes the "
		       "note over, too.\n");
	if (from_dir) {
		printf("\nEdit them, then --continue --note TEXT, or --abort, with "
		       "--from and --onto as before\n");
		return;
	}
	if (rq_cmd_offers_last(c))
		printf("\nTake offers, or edit the files, then one of\n"
		       "  requilt resolve %s %s --take N      records it where that is "
		       "all\n",
		       r->queue, r->branch);
	else
		printf("\nEdit them, then one of\n");
	printf("  requilt resolve %s %s --continue --note TEXT\n"
	       "  requilt resolve %s %s --skip        leaves the patch out of this "
	       "branch\n"
	       "  requilt resolve %s %s --abort       leaves all as it was\n",
	       r->queue, r->branch, r->queue, r->branch, r->queue, r->branch);
}

static int add_guard(struct resolving *r, struct rq_err *err)
{
	_cleanup_free_ char *guard = rq_xasprintf("-%s", r->branch);

	for (size_t i = 0; i < r->series.entries.n; i++) {
		const struct rq_entry *entry = &r->series.entries.v[i];

		if (strcmp(entry->path, r->work.entry) != 0)
			continue;
		rq_cmd_did("guard", "path", r->series.path, "entry", entry->path, "guard",
			   guard, NULL);
		if (!rq_globals.quiet)
			rq_print_clean(stdout, "%s:%ld: %s: guard %s added\n",
				       r->series.path, entry->line, entry->path, guard);
		return rq_series_add_guard(r->series.path, entry->line, guard, err);
	}
	return rq_err_set(err, RQ_EQUEUE, "%s: has no %s any more; --abort",
			  r->series.path, r->work.entry);
}

/* Writes the files and what they were made of. */
static int lay_out(struct resolving *r, const struct rq_conflict *c, struct rq_err *err)
{
	int rc = 0;

	if (!c->by_hand)
		return rq_err_set(err, RQ_EQUEUE,
				  "%s on %s: %s; a patch of the branch's own, "
				  "patches/%s/%s/, or a rule of its own is the way out",
				  c->entry, r->branch, c->why, r->queue, r->branch);
	for (size_t i = 0; i < c->files.n && !rc; i++)
		rc = rq_byhand_put(&r->work, c->files.v[i].path, c->files.v[i].mode,
				   rq_str_slice(&c->files.v[i].text), err);
	for (size_t i = 0; i < c->files.n; i++)
		rq_byhand_allow(&r->work, rq_str_slice(&c->files.v[i].before));
	if (!r->work.entry)
		r->work.entry = rq_xstrdup(c->entry);
	r->work.base_tree = c->base_tree;
	r->work.change = c->change;
	free(r->work.note);
	r->work.note = c->note ? rq_xstrdup(c->note) : NULL;
	return rc ? rc : rq_byhand_save(&r->work, err);
}

static int leave_out(struct resolving *r, struct rq_err *err)
{
	int rc = add_guard(r, err);

	return rc ? rc : rq_byhand_drop(&r->work, err);
}

static int ask_who(struct rq_err *err)
{
	int rc = person ? 0
			: rq_cmd_who(&person, who, "resolve: say who resolved it", err);

	if (!rc)
		who = person;
	return rc;
}

/* Shows it, and asks where somebody sits there. */
static int offer(struct resolving *r, const struct rq_conflict *c, struct rq_err *err)
{
	_cleanup_free_ char *number = NULL;
	struct rq_names numbers = { 0 };
	enum rq_offer_answer answer;
	int rc;

	tell(r, c);
	answer = rq_cmd_offers_ask(&number, c, !from_dir);
	if (answer == RQ_ANSWER_BY_HAND)
		return rq_err_set(err, RQ_EQUEUE, "%s: %s is open on %s", r->queue,
				  c->entry, r->branch);
	if (answer == RQ_ANSWER_SKIP) {
		rc = leave_out(r, err);
	} else {
		rq_names_add(&numbers, rq_slice_of(number));
		rc = ask_who(err);
		if (!rc)
			rc = take_offers(r, &numbers, err);
		rq_names_release(&numbers);
	}
	return rc ? rc : next(r, err);
}

static int take_up(struct resolving *r, const struct rq_conflict *c, struct rq_err *err)
{
	int rc = lay_out(r, c, err);

	return rc ? rc : offer(r, c, err);
}

static int open_next(struct resolving *r, struct rq_err *err)
{
	struct rq_conflict c = { 0 };
	/* What a run left that was killed. */
	int rc = rq_dir_remove(r->work.folder, err);

	if (!rc)
		rc = find(&c, r, NULL, NULL, err);

	if (!rc && c.entry)
		rc = take_up(r, &c, err);
	else if (!rc && !rq_globals.quiet)
		rq_print_clean(stdout,
			       "%s on %s: no conflict; 'requilt %s %s %s' writes it\n",
			       r->queue, r->branch, from_dir ? "rebase" : "port",
			       r->queue, r->branch);
	rq_conflict_release(&c);
	return rc;
}

static int need_work(const struct resolving *r, struct rq_err *err)
{
	if (r->work.entry)
		return 0;
	return rq_err_set(err, RQ_EUSAGE,
			  "resolve: nothing is open on %s; 'requilt resolve %s %s' takes "
			  "up its first conflict",
			  r->branch, r->queue, r->branch);
}

/* What was taken up is still the branch's first conflict, of the same patch and base. */
static int check_same(const struct resolving *r, const struct rq_conflict *c,
		      struct rq_err *err)
{
	if (c->entry && strcmp(c->entry, r->work.entry) == 0 &&
	    rq_oid_eq(&c->base_tree, &r->work.base_tree) &&
	    rq_oid_eq(&c->change, &r->work.change))
		return 0;
	return rq_err_set(
		err, RQ_EQUEUE,
		"the queue or its base changed since %s was taken up; keep what "
		"you need of %s, then --abort",
		r->work.entry, r->work.folder);
}

/* A file that was lost by mistake would take the kernel's with it. */
static int check_gone(const struct resolving *r, const struct rq_conflict_file *f,
		      enum rq_mode now, struct rq_err *err)
{
	bool meant = rq_names_have(&gone, rq_slice_of(f->path));

	if (meant && now != RQ_MODE_NONE)
		return rq_err_set(
			err, RQ_EQUEUE,
			"--rm %s: it is in %s; remove it there, or leave --rm out",
			f->path, r->work.folder);
	if (meant || now != RQ_MODE_NONE || f->mode == RQ_MODE_NONE)
		return 0;
	return rq_err_set(err, RQ_EQUEUE,
			  "%s/%s: is gone, and the patch does not remove it; put it back "
			  "(--abort begins again), or say --rm %s",
			  r->work.folder, f->path, f->path);
}

/* What --rm names must be one of the files. */
static int check_names(const struct rq_conflict *c, struct rq_err *err)
{
	for (size_t i = 0; i < gone.v.n; i++) {
		size_t k = 0;

		while (k < c->files.n && strcmp(c->files.v[k].path, gone.v.v[i]) != 0)
			k++;
		if (k == c->files.n)
			return rq_err_set(
				err, RQ_EUSAGE,
				"--rm %s: not one of the files; --add brings it "
				"in",
				gone.v.v[i]);
	}
	return 0;
}

static int collect(struct rq_resolution *out, const struct resolving *r,
		   struct rq_conflict *c, struct rq_err *err)
{
	int rc = check_names(c, err);

	out->entry = rq_xstrdup(c->entry);
	out->branch = rq_xstrdup(r->branch);
	out->who = rq_xstrdup(who);
	out->note = rq_xstrdup(note);
	out->signed_off = sign_off;
	out->change = c->change;
	out->hunks = c->hunks;
	c->hunks = (struct rq_hunk_changes){ 0 };
	out->was = c->was;
	c->was = (struct rq_str){ 0 };
	for (size_t i = 0; i < c->files.n && !rc; i++) {
		const struct rq_conflict_file *f = &c->files.v[i];
		struct rq_str now = { 0 };
		enum rq_mode mode;

		rc = rq_byhand_get(&r->work, f->path, &mode, &now, err);
		if (!rc)
			rc = check_gone(r, f, mode, err);
		if (!rc)
			rc = rq_resolution_add(out, f->path, f->before_mode,
					       rq_str_slice(&f->before), mode,
					       rq_str_slice(&now), err);
		rq_str_release(&now);
	}
	if (!rc && !out->diff.len)
		rc = rq_err_set(err, RQ_EQUEUE,
				"the files are as the branch has them; --skip leaves the "
				"patch out");
	return rc;
}

/* A resolution that does not replay here would be worth nothing elsewhere. */
static int check_replay(struct resolving *r, const struct rq_resolution *resolution,
			struct rq_err *err)
{
	struct rq_conflict next = { 0 };
	int rc = find(&next, r, NULL, NULL, err);

	if (!rc && next.entry && strcmp(next.entry, r->work.entry) == 0)
		rc = rq_err_set(err, RQ_EQUEUE,
				"the resolution has no place of its own on %s: %s",
				r->branch, next.why);
	if (rc)
		unlink(resolution->path);
	rq_conflict_release(&next);
	return rc;
}

/* Whether this very work was recorded, by a run that was killed before it could drop it. */
static int was_recorded(bool *was, const struct resolving *r, struct rq_err *err)
{
	struct rq_resolutions have = { 0 };
	int rc = rq_resolutions_load(&have, rq_globals.dir, r->name, err);

	*was = false;
	for (size_t i = 0; i < have.v.n; i++) {
		const struct rq_resolution *one = &have.v.v[i];

		*was |= strcmp(one->entry, r->work.entry) == 0 &&
			strcmp(one->branch, r->branch) == 0 &&
			strcmp(one->who, who) == 0 && strcmp(one->note, note) == 0 &&
			rq_oid_eq(&one->change, &r->work.change);
	}
	rq_resolutions_release(&have);
	return rc;
}

static int put_recorded(const struct resolving *r, const struct rq_resolution *resolution,
			struct rq_err *err)
{
	const struct rq_entry *entry = NULL;
	_cleanup_free_ char *source = NULL;

	rq_print_clean(stdout, "recorded: %s\n", resolution->path);
	for (size_t i = 0; i < r->series.entries.n && !entry; i++)
		if (strcmp(r->series.entries.v[i].path, resolution->entry) == 0)
			entry = &r->series.entries.v[i];
	if (!entry)
		return 0;
	source =
		from_dir
			? rq_path_join(from_dir, entry->path)
			: rq_series_patch_path(rq_globals.dir, entry,
					       rq_branches_find(&r->branches, r->branch));
	return rq_cmd_put_recorded(source, entry->strip, resolution->path,
				   rq_str_slice(&resolution->diff), err);
}

static int record(struct resolving *r, struct rq_err *err)
{
	struct rq_resolution resolution = { 0 };
	struct rq_conflict c = { 0 };
	bool again = false;
	int rc = rq_byhand_check(&r->work, err);

	if (!rc)
		rc = was_recorded(&again, r, err);
	if (!rc)
		rc = find(&c, r, again ? r->work.entry : NULL, &r->work.taken, err);
	if (!rc)
		rc = check_same(r, &c, err);
	if (!rc)
		rc = collect(&resolution, r, &c, err);
	if (!rc)
		rc = rq_resolution_write(&resolution, rq_globals.dir, r->name, err);
	if (!rc)
		rc = check_replay(r, &resolution, err);
	if (!rc)
		rq_cmd_did("record", "queue", r->queue, "branch", r->branch, "entry",
			   r->work.entry, "path", resolution.path, NULL);
	if (!rc && !rq_globals.quiet)
		rc = put_recorded(r, &resolution, err);
	if (!rc)
		rc = rq_byhand_drop(&r->work, err);
	rq_resolution_release(&resolution);
	rq_conflict_release(&c);
	return rc;
}

/* What a hand made of the files would be lost. */
static int check_untouched(const struct resolving *r, const struct rq_conflict *c,
			   struct rq_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < c->files.n && !rc; i++) {
		const struct rq_conflict_file *f = &c->files.v[i];
		struct rq_str now = { 0 };
		enum rq_mode mode;

		rc = rq_byhand_get(&r->work, f->path, &mode, &now, err);
		if (!rc && (mode != f->mode ||
			    !rq_slice_eq(rq_str_slice(&now), rq_str_slice(&f->text))))
			rc = rq_err_set(err, RQ_EQUEUE,
					"%s/%s: was edited; finish it by hand and "
					"--continue, or --abort before you take offers",
					r->work.folder, f->path);
		rq_str_release(&now);
	}
	return rc;
}

/* Records it when nothing is left; else it stays open. */
static int settle_taken(struct resolving *r, const struct rq_conflict *c,
			struct rq_err *err)
{
	_cleanup_free_ char *said = rq_cmd_offers_note(c, &r->work.taken);
	const char *given = note;
	int rc;

	rq_cmd_did("take", "text", said, NULL);
	if (!rq_globals.quiet)
		rq_print_clean(stdout, "taken: %s\n", said);
	if (c->left)
		return offer(r, c, err);
	note = given ? given : said;
	rc = record(r, err);
	note = given;
	return rc;
}

static int take_offers(struct resolving *r, const struct rq_names *numbers,
		       struct rq_err *err)
{
	struct rq_conflict before = { 0 }, after = { 0 };
	int rc = find(&before, r, NULL, &r->work.taken, err);

	if (!rc)
		rc = check_same(r, &before, err);
	if (!rc)
		rc = check_untouched(r, &before, err);
	if (!rc)
		rc = rq_cmd_offers_choose(&r->work.taken, &before, numbers, err);
	if (!rc)
		rc = find(&after, r, NULL, &r->work.taken, err);
	if (!rc)
		rc = lay_out(r, &after, err);
	if (!rc)
		rc = settle_taken(r, &after, err);
	rq_conflict_release(&before);
	rq_conflict_release(&after);
	return rc;
}

/* Takes the first conflict up for it, where nothing is open. */
static int take_first(struct resolving *r, struct rq_err *err)
{
	struct rq_conflict c = { 0 };
	int rc = 0;

	if (!r->work.entry) {
		rc = rq_dir_remove(r->work.folder, err);
		if (!rc)
			rc = find(&c, r, NULL, NULL, err);
		if (!rc && !c.entry)
			rc = rq_err_set(err, RQ_EUSAGE,
					"resolve: --take: %s has no conflict on %s",
					r->queue, r->branch);
		if (!rc)
			rc = lay_out(r, &c, err);
	}
	rq_conflict_release(&c);
	return rc ? rc : take_offers(r, &take, err);
}

/* After the queue has changed: from the start. */
static int next(struct resolving *r, struct rq_err *err)
{
	struct resolving again = { .queue = r->queue, .branch = r->branch };
	int rc = load(&again, err);

	if (!rc)
		rc = open_next(&again, err);
	release(&again);
	return rc;
}

static int add_file(struct resolving *r, struct rq_err *err)
{
	const char *unsafe = rq_path_unsafe(rq_slice_of(add_path));
	struct rq_conflict c = { 0 };
	int rc = 0;

	if (unsafe)
		return rq_err_set(err, RQ_EUNSAFE, "--add: the path '%s' %s", add_path,
				  unsafe);
	if (rq_names_have(&r->work.files, rq_slice_of(add_path)))
		return rq_err_set(err, RQ_EUSAGE, "--add: %s is there", add_path);
	rq_names_add(&r->work.files, rq_slice_of(add_path));
	rc = find(&c, r, NULL, &r->work.taken, err);
	if (!rc)
		rc = check_same(r, &c, err);
	for (size_t i = 0; i < c.files.n && !rc; i++)
		if (strcmp(c.files.v[i].path, add_path) == 0) {
			rq_byhand_allow(&r->work, rq_str_slice(&c.files.v[i].before));
			rc = rq_byhand_put(&r->work, add_path, c.files.v[i].before_mode,
					   rq_str_slice(&c.files.v[i].before), err);
		}
	if (!rc)
		rc = rq_byhand_save(&r->work, err);
	rq_conflict_release(&c);
	return rc;
}

static bool is_no_note(const char *text)
{
	return !rq_slice_trim(rq_slice_of(text)).n || strpbrk(text, "\n\r");
}

static int ask_note(struct rq_err *err)
{
	return rq_err_set(err, RQ_EUSAGE,
			  "resolve: say in one line what conflicted and how it was "
			  "resolved: --note TEXT");
}

/* Takes the conflict up where that is still to be done; recording it stays a step of its own. */
static int run_tool(struct resolving *r, struct rq_err *err)
{
	int rc = 0;

	if (!r->work.entry) {
		rc = open_next(r, err);
		if (!rc || !rq_file_exists(r->work.state))
			return rc;
	}
	rc = rq_cmd_mergetool(&r->work, tool, err);
	if (!rc)
		rc = rq_byhand_check(&r->work, err);
	if (rc)
		return rc;
	return rq_err_set(err, RQ_EQUEUE,
			  "%s: %s is settled on %s; read the files, then --continue "
			  "records them",
			  r->queue, r->work.entry, r->branch);
}

static int run(struct resolving *r, struct rq_err *err)
{
	int rc = 0;

	if (abort_it && (rq_file_exists(r->work.state) || rq_file_is_dir(r->work.folder)))
		return rq_byhand_drop(&r->work, err);
	if (go_on || abort_it || skip || add_path)
		rc = need_work(r, err);
	if (rc)
		return rc;
	if (go_on && !note)
		note = r->work.note;
	if (go_on && !note)
		return ask_note(err);
	if (add_path)
		return add_file(r, err);
	if (tool && (r->work.entry || !rq_file_exists(r->work.state)))
		return run_tool(r, err);
	if (go_on) {
		rc = record(r, err);
	} else if (skip) {
		rc = leave_out(r, err);
	} else if (!r->work.entry && rq_file_exists(r->work.state)) {
		/* Without that file the folder is of a run that was killed while it made it. */
		return rq_err_set(err, RQ_EQUEUE,
				  "%s: is there, and nothing says what of; save what you "
				  "need of it, then --abort",
				  r->work.folder);
	} else if (take.v.n) {
		rc = take_first(r, err);
	} else if (r->work.entry) {
		return rq_err_set(err, RQ_EQUEUE,
				  "%s is open in %s; --continue, --skip or --abort",
				  r->work.entry, r->work.folder);
	}
	return rc ? rc : next(r, err);
}

int rq_cmd_resolve(int argc, char **argv, struct rq_err *err)
{
	struct resolving r = { 0 };
	int rc;

	if (argc != 2)
		return rq_err_set(err, RQ_EUSAGE, "resolve: name queue and branch");
	if (onto && !from_dir)
		return rq_err_set(err, RQ_EUSAGE, "resolve: --onto goes with --from");
	if (skip && from_dir)
		return rq_err_set(err, RQ_EUSAGE,
				  "resolve: take the line out of %s/series to leave the "
				  "patch out",
				  from_dir);
	if (go_on + abort_it + skip + (add_path != NULL) + (take.v.n > 0) +
		    (tool != NULL) >
	    1)
		return rq_err_set(err, RQ_EUSAGE,
				  "resolve: one of --continue, --abort, --skip, --add, "
				  "--take, --tool");
	if (gone.v.n && !go_on)
		return rq_err_set(err, RQ_EUSAGE, "resolve: --rm goes with --continue");
	if ((go_on || take.v.n) && ask_who(err))
		return err->code;
	if (note && is_no_note(note))
		return ask_note(err);
	r.queue = argv[0];
	r.branch = argv[1];
	rc = load(&r, err);
	if (!rc)
		rc = run(&r, err);
	release(&r);
	rq_names_release(&gone);
	rq_names_release(&take);
	free(person);
	return rc;
}
