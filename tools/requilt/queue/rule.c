// SPDX-License-Identifier: GPL-2.0-only
/*
 * A .cocci entry: the rule runs over the branch as the entries before it left it, and what it
 * changes becomes an ordinary patch of the branch.
 */
#include "queue/queue_internal.h"

#include <stdlib.h>

#include "util/ctext.h"
#include "util/path.h"

struct files {
	struct rq_names paths;
	struct rq_image *image;
	const struct rq_names *names;
	struct rq_semantic run;
};

static int add_touched(struct rq_file *file, void *ctx)
{
	struct files *files = ctx;

	if (rq_path_is_c(file->path))
		rq_names_add(&files->paths, rq_slice_of(file->path));
	return 0;
}

static int add_file(struct files *files, const char *path, struct rq_err *err)
{
	struct rq_str bytes = { 0 };
	struct rq_file *file;
	bool maybe = false;
	int rc = rq_image_file(files->image, path, &file, err);

	if (rc || (file->mode != RQ_MODE_FILE && file->mode != RQ_MODE_EXEC))
		return rc;
	rq_file_bytes(file, &bytes);
	for (size_t i = 0; i < files->names->v.n && !maybe; i++)
		maybe = rq_slice_has(rq_str_slice(&bytes), files->names->v.v[i]);
	if (maybe && rq_ctext_mentions(rq_str_slice(&bytes), files->names))
		rq_semantic_add(&files->run, path, &bytes);
	rq_str_release(&bytes);
	return 0;
}

/* A header that the rule wants to see; @there tells whether the branch has it. */
static int add_header(struct files *files, const char *path, bool *there,
		      struct rq_err *err)
{
	struct rq_semantic_file *header;
	struct rq_file *file;
	int rc = rq_image_file(files->image, path, &file, err);

	*there = !rc && (file->mode == RQ_MODE_FILE || file->mode == RQ_MODE_EXEC);
	if (!*there)
		return rc;
	header = rq_vec_push(&files->run.headers);
	header->path = rq_xstrdup(path);
	rq_file_bytes(file, &header->before);
	return 0;
}

/*
 * Every file in which one of the names stands now: the index knows the base, the image what the
 * queue did to it.
 */
static int gather(struct files *files, struct rq_walk *walk, struct rq_err *err)
{
	int rc;

	if (!walk->rules.cache)
		return rq_err_set(err, RQ_EUSAGE,
				  "a rule needs a folder for its index: set HOME or "
				  "XDG_CACHE_HOME");
	rc = rq_index_find(&files->paths, walk->rules.cache, walk->repo,
			   &walk->record->base_tree, files->names, walk->rules.jobs, err);
	if (!rc)
		rc = rq_image_each_touched(walk->image, add_touched, files);
	rq_names_settle(&files->paths);
	for (size_t i = 0; i < files->paths.v.n && !rc; i++)
		rc = add_file(files, files->paths.v.v[i], err);
	return rc;
}

static int gather_headers(struct files *files, const struct rq_rule *rule,
			  struct rq_err *err)
{
	bool there = true;
	int rc = 0;

	for (size_t i = 0; i < rule->includes.v.n && !rc && there; i++) {
		const char *path = rule->includes.v.v[i];

		rc = add_header(files, path, &there, err);
		if (!rc && !there) {
			files->run.outcome = RQ_ERROR;
			files->run.why = rq_xasprintf(
				"Spatch-include: the branch has no %s", path);
		}
	}
	return rc;
}

static void release(struct files *files)
{
	rq_semantic_release(&files->run);
	rq_names_release(&files->paths);
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

/* What a reader will find: how much was changed, and what names the code still. */
static void summarize(struct rq_entry_record *entry)
{
	size_t kinds[RQ_NOTES] = { 0 };
	size_t files = entry->changes.n, hunks = entry->hunks.n;

	for (size_t i = 0; i < entry->notes.n; i++)
		kinds[entry->notes.v[i].kind]++;
	rq_entry_say(entry, "%zu hunk%s in %zu file%s; %zu use%s left, %zu in comments",
		     hunks, plural(hunks), files, plural(files), kinds[RQ_NOTE_LEFT],
		     plural(kinds[RQ_NOTE_LEFT]), kinds[RQ_NOTE_COMMENT]);
}

static int take(struct files *files, const struct rq_rule *rule, bool partly,
		struct rq_entry_record *entry, struct rq_err *err)
{
	struct rq_semantic *run = &files->run;
	bool good =
		run->outcome == RQ_SEMANTIC || (partly && run->outcome == RQ_CONFLICT);
	int rc = 0;

	entry->outcome = run->outcome;
	entry->no_tool = run->outcome == RQ_ERROR && run->code == RQ_ETOOL;
	if (run->why)
		rq_entry_say(entry, "%s", run->why);
	if (run->outcome == RQ_EMPTY) {
		entry->allowed = rule->allow_empty;
		rq_entry_say(entry, "no code of this branch is changed by the rule");
	}
	entry->notes.v = run->notes.v;
	entry->notes.n = run->notes.n;
	entry->notes.cap = run->notes.cap;
	rq_vec_forget(&run->notes);
	for (size_t i = 0; i < run->files.n && !rc && good; i++)
		if (run->files.v[i].changed)
			rc = rq_image_rewrite(files->image, run->files.v[i].path,
					      &run->files.v[i].after, entry, err);
	if (!rc && run->outcome == RQ_SEMANTIC)
		summarize(entry);
	return rc;
}

int rq_walk_rule_left(struct rq_walk *walk, const struct rq_rule *rule, bool *left,
		      struct rq_err *err)
{
	struct files files = { .image = walk->image, .names = &rule->expect_none };
	int rc = 0;

	*left = false;
	if (rule->expect_none.v.n)
		rc = gather(&files, walk, err);
	for (size_t i = 0; i < files.run.files.n && !rc && !*left; i++)
		*left = rq_ctext_uses(rq_str_slice(&files.run.files.v[i].before),
				      &rule->expect_none);
	release(&files);
	return rc;
}

static int run_rule(struct rq_walk *walk, const struct rq_rule *rule, bool partly,
		    struct rq_names *wanted, struct rq_entry_record *entry,
		    struct rq_err *err)
{
	struct rq_names names = { 0 };
	struct files files = { .image = walk->image, .names = &names };
	int rc;

	for (size_t i = 0; i < rule->needs.v.n; i++)
		rq_names_add_once(&names, rq_slice_of(rule->needs.v.v[i]));
	for (size_t i = 0; i < rule->expect_none.v.n; i++)
		rq_names_add_once(&names, rq_slice_of(rule->expect_none.v.v[i]));
	rq_names_sort(&names);
	rc = gather(&files, walk, err);
	if (!rc)
		rc = gather_headers(&files, rule, err);
	if (!rc && !files.run.why)
		rc = rq_semantic_run(&files.run, rule, &walk->rules, err);
	for (size_t i = 0; i < files.run.files.n; i++)
		if (files.run.files.v[i].wanted)
			rq_names_add(wanted, rq_slice_of(files.run.files.v[i].path));
	if (!rc)
		rc = take(&files, rule, partly, entry, err);
	release(&files);
	rq_names_release(&names);
	return rc;
}

int rq_walk_rule(struct rq_walk *walk, const struct rq_rule *rule,
		 struct rq_names *wanted, struct rq_entry_record *entry,
		 struct rq_err *err)
{
	return run_rule(walk, rule, false, wanted, entry, err);
}

/* What the rule leaves does not matter there: a patch is still merged from lines that it applies to. */
int rq_walk_rule_on_source(struct rq_walk *walk, const struct rq_item *item,
			   struct rq_err *err)
{
	struct rq_branch_record record = { .base_tree = walk->source_tree };
	struct rq_walk on = *walk;
	struct rq_entry_record scratch = { 0 };
	struct rq_names wanted = { 0 };
	_cleanup_free_ char *why = NULL;
	bool present, left = true;
	int rc;

	on.image = walk->source;
	on.record = &record;
	rc = rq_conditions_hold(&item->conditions, on.image, &present, &why, err);
	if (!rc && present)
		rc = rq_walk_rule_left(&on, item->rule, &left, err);
	if (!rc && !(present && !left))
		rc = run_rule(&on, item->rule, true, &wanted, &scratch, err);
	rq_names_release(&wanted);
	rq_entry_release(&scratch);
	return rc ? rq_err_prefix(err, "source tree: ") : 0;
}
