// SPDX-License-Identifier: GPL-2.0-only
/*
 * What nothing refers to any more: left by entries, branches and queues that are gone.  A patch that no
 * series names is kept, since its line may be a comment for a while; so is what port did not write.
 */
#include "queue/entries.h"

#include <dirent.h>
#include <stdlib.h>

#include "emit/emit.h"
#include "queue/portref.h"
#include "queue/queue_internal.h"
#include "report/report.h"
#include "util/file.h"
#include "util/path.h"

struct collecting {
	struct rq_plan *plan;
	const struct rq_entries *all;
	const struct rq_names *queues; /* looked at */
	const char *queue;
	struct rq_str series;	 /* its bytes */
	struct rq_names removed; /* outputs that go */
	struct rq_repo *repo;	 /* NULL: there is none */
};

static bool is_branch(const struct collecting *c, const char *name)
{
	return rq_branches_find(c->all->branches, name) != NULL;
}

static bool is_looked_at(const struct collecting *c, const char *queue)
{
	return !c->queues->v.n || rq_names_have(c->queues, rq_slice_of(queue));
}

/* Plain names in a directory, sorted; @dirs: directories, else other files. */
static void list(struct rq_names *out, const char *root, const char *below, bool dirs)
{
	_cleanup_free_ char *path = rq_path_join(root, below);
	DIR *dir = opendir(path);
	struct dirent *one;

	while (dir && (one = readdir(dir))) {
		_cleanup_free_ char *full = rq_path_join(path, one->d_name);

		if (!rq_path_unsafe(rq_slice_of(one->d_name)) &&
		    rq_file_is_dir(full) == dirs)
			rq_names_add(out, rq_slice_of(one->d_name));
	}
	if (dir)
		closedir(dir);
	rq_names_sort(out);
}

static void remove_path(struct collecting *c, const char *path, const char *why)
{
	rq_plan_say(c->plan, "%s: %s", path, why);
	rq_plan_remove(c->plan, path);
}

/* --- records --- */

static const char *fate_of(const char *branch, const char *entry, void *ctx)
{
	const struct collecting *c = ctx;

	if (branch && !is_branch(c, branch))
		return NULL;
	return rq_series_line(rq_str_slice(&c->series), entry) ? entry : NULL;
}

/* --- variants --- */

/* "demo/one/x.patch" beside "demo/x.patch". */
static const char *why_variant_goes(const struct collecting *c, const char *folder,
				    const char *branch, const char *name)
{
	_cleanup_free_ char *own = rq_xasprintf("%s/%s/%s", folder, branch, name);
	_cleanup_free_ char *common = rq_xasprintf("%s/%s", folder, name);
	_cleanup_free_ char *file = rq_path_join(c->all->root, common);
	bool named = rq_entries_have_file(c->all, common);

	if (rq_entries_have_file(c->all, own))
		return NULL;
	if (named && !is_branch(c, branch))
		return "a variant of a branch that branches.conf does not have";
	if (!named && is_branch(c, branch) && !rq_file_exists(file))
		return "a variant of an entry that no series has";
	return NULL;
}

static void collect_variants(struct collecting *c, const char *folder)
{
	_cleanup_(rq_names_release) struct rq_names branches = { 0 };

	list(&branches, c->all->root, folder, true);
	for (size_t i = 0; i < branches.v.n; i++) {
		_cleanup_(rq_names_release) struct rq_names files = { 0 };
		const char *branch = branches.v.v[i];
		_cleanup_free_ char *below = rq_path_join(folder, branch);

		if (strcmp(branch, "test") == 0)
			continue;
		list(&files, c->all->root, below, false);
		for (size_t k = 0; k < files.v.n; k++) {
			_cleanup_free_ char *path = rq_path_join(below, files.v.v[k]);
			const char *why =
				why_variant_goes(c, folder, branch, files.v.v[k]);

			if (why)
				remove_path(c, path, why);
		}
	}
}

/* The directories that entries are in. */
static void folders_of(struct rq_names *out, const struct collecting *c)
{
	struct rq_slice rest = rq_str_slice(&c->series), line;
	_cleanup_free_ char *patches = rq_path_join("patches", c->queue);
	_cleanup_free_ char *rules = rq_path_join("cocci", c->queue);

	rq_names_add(out, rq_slice_of(patches));
	rq_names_add(out, rq_slice_of(rules));
	while (rq_slice_next_line(&rest, &line)) {
		struct rq_slice word = rq_slice_next_word(&line);
		const char *top = rq_slice_ends(word, ".cocci") ? "cocci" : "patches";
		_cleanup_free_ char *path =
			rq_xasprintf("%s/%.*s", top, RQ_SLICE_ARG(word));
		_cleanup_free_ char *folder = rq_path_parent(path);

		if (word.n && word.p[0] != '#' && !rq_series_name_unsafe(word))
			rq_names_add_once(out, rq_slice_of(folder));
	}
}

/* --- outputs and refs --- */

static void collect_output(struct collecting *c, const char *below, const char *why)
{
	_cleanup_free_ char *path = rq_path_join(c->all->root, below);
	_cleanup_free_ char *port = rq_path_join(path, "port.json");
	struct rq_err err = { 0 };

	if (rq_is_rebased(path))
		rq_plan_say(c->plan, "%s: kept, it is rebased", below);
	else if (rq_file_exists(port) && rq_emit_check(path, &err))
		rq_plan_say(c->plan, "%s: kept, %s", below, err.msg);
	else if (rq_file_exists(port)) {
		rq_names_add(&c->removed, rq_slice_of(below));
		remove_path(c, below, why);
	}
}

static void collect_outputs(struct collecting *c, const char *queue, bool gone)
{
	_cleanup_(rq_names_release) struct rq_names branches = { 0 };
	_cleanup_free_ char *below = rq_path_join("series", queue);

	list(&branches, c->all->root, below, true);
	for (size_t i = 0; i < branches.v.n; i++) {
		_cleanup_free_ char *path = rq_path_join(below, branches.v.v[i]);

		if (gone)
			collect_output(c, path, "the output of a queue that is gone");
		else if (!is_branch(c, branches.v.v[i]))
			collect_output(c, path,
				       "the output for a branch that branches.conf does "
				       "not have");
	}
}

/* Another queue repository may have a queue of that name, and share the kernel repository. */
static int collect_ref(const char *ref, const struct rq_oid *oid, void *ctx)
{
	struct collecting *c = ctx;
	const char *top = "refs/heads/requilt/", *name = ref + strlen(top), *slash;
	_cleanup_free_ char *queue = NULL, *output = NULL;
	struct rq_err err;

	if (strncmp(ref, top, strlen(top)) != 0 || !(slash = strchr(name, '/')))
		return 0;
	queue = rq_xstrndup(name, (size_t)(slash - name));
	output = rq_path_join("series", name);
	if (rq_names_have(c->all->queues, rq_slice_of(queue))
		    ? is_branch(c, slash + 1) || !is_looked_at(c, queue)
		    : !rq_names_have(&c->removed, rq_slice_of(output)))
		return 0;
	if (!rq_port_ref_is_ours(c->all->root, name, oid))
		return 0;
	if (rq_ref_check(c->repo, ref, oid, &err)) {
		rq_plan_say(c->plan, "%s: kept, %s", ref, err.msg);
		return 0;
	}
	rq_plan_say(c->plan, "%s: a ref of a port that is gone", ref);
	rq_plan_ref(c->plan, ref, oid, NULL);
	return 0;
}

static int collect_refs(struct collecting *c, const char *repo_path, struct rq_err *err)
{
	_cleanup_(rq_repo_closep) struct rq_repo *repo = NULL;
	int rc = rq_repo_open(&repo, repo_path, err);

	c->repo = repo;
	if (rc)
		return rc == RQ_ENOTFOUND ? 0 : rc;
	return rq_ref_each(repo, collect_ref, c, err);
}

/* --- all of it --- */

static int collect_queue(struct collecting *c, const char *queue, struct rq_err *err)
{
	const struct rq_record_fate fate = { queue, queue, fate_of, c };
	_cleanup_(rq_names_release) struct rq_names folders = { 0 };
	int rc;

	c->queue = queue;
	rq_str_release(&c->series);
	rc = rq_entries_read(&c->series, c->all, queue, "series", err);
	if (!rc)
		rc = rq_plan_records(c->plan, c->all, &fate, err);
	if (rc)
		return rc;
	folders_of(&folders, c);
	for (size_t i = 0; i < folders.v.n; i++)
		collect_variants(c, folders.v.v[i]);
	collect_outputs(c, queue, false);
	return 0;
}

/* Outputs and records of a queue without a series. */
static void collect_gone(struct collecting *c)
{
	static const char *const endings[] = { ".rebase.resolved", ".resolved",
					       ".reviewed" };
	_cleanup_(rq_names_release) struct rq_names dirs = { 0 }, files = { 0 };

	list(&dirs, c->all->root, "series", true);
	list(&files, c->all->root, "series", false);
	for (size_t i = 0; i < dirs.v.n; i++)
		if (!rq_names_have(c->all->queues, rq_slice_of(dirs.v.v[i])))
			collect_outputs(c, dirs.v.v[i], true);
	for (size_t i = 0; i < files.v.n; i++)
		rq_names_add(&dirs, rq_slice_of(files.v.v[i]));
	for (size_t i = 0; i < dirs.v.n; i++)
		for (size_t k = 0; k < ARRAY_SIZE(endings); k++) {
			struct rq_slice name = rq_slice_of(dirs.v.v[i]);
			_cleanup_free_ char *path = rq_path_join("series", dirs.v.v[i]);

			if (!rq_slice_ends(name, endings[k]))
				continue;
			name.n -= strlen(endings[k]);
			if (!rq_names_have(c->all->queues, name))
				remove_path(c, path, "records of a queue that is gone");
			break;
		}
}

int rq_plan_gc(struct rq_plan *plan, const struct rq_entries *all,
	       const struct rq_names *queues, const char *repo_path, struct rq_err *err)
{
	struct collecting c = { .plan = plan, .all = all, .queues = queues };
	int rc = 0;

	for (size_t i = 0; i < all->queues->v.n && !rc; i++)
		if (is_looked_at(&c, all->queues->v.v[i]))
			rc = collect_queue(&c, all->queues->v.v[i], err);
	if (!rc && !queues->v.n)
		collect_gone(&c);
	if (!rc)
		rc = collect_refs(&c, repo_path, err);
	rq_str_release(&c.series);
	rq_names_release(&c.removed);
	return rc;
}
