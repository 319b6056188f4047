// SPDX-License-Identifier: GPL-2.0-only
/*
 * requilt tree add and requilt tree list: the kernel trees that queues are ported to.  Refuses
 * branch names that are no ref names, and refs/heads/requilt/, where ports live.
 */
#include "cmd/cmd.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "cmd/json.h"
#include "semantic/semantic.h"
#include "tree/tree.h"
#include "util/clock.h"
#include "util/file.h"
#include "util/path.h"

#define HEADS "refs/heads/"
#define PORTS "refs/heads/requilt/"

/* A base as it is listed. */
struct row {
	char *name, *version; /* version: NULL when the tree names none */
	struct rq_oid commit, tree;
	int64_t when;
};

struct rows {
	rq_vec(struct row) v;
};

static void row_release(struct row *row)
{
	free(row->name);
	free(row->version);
}

/* --- printing --- */

static void date_of(char *out, size_t size, int64_t when, const char *format)
{
	time_t t = (time_t)when;
	struct tm tm;

	if (!gmtime_r(&t, &tm) || !strftime(out, size, format, &tm))
		snprintf(out, size, "%s", "?");
}

static void print_row(const struct row *row, int name_width, int version_width)
{
	const char *version = row->version ? row->version : "-";
	char hex[RQ_OID_HEX + 1], date[32];

	rq_oid_hex(hex, &row->commit);
	date_of(date, sizeof(date), row->when, "%Y-%m-%d");
	if (name_width)
		rq_print_clean(stdout, "%-*s  %-*s  %.12s  %s\n", name_width, row->name,
			       version_width, version, hex, date);
	else
		rq_print_clean(stdout, "%s\t%s\t%.12s\t%s\n", row->name, version, hex,
			       date);
}

static void print_rows(const struct rows *rows)
{
	size_t name = 0, version = 1;

	for (size_t i = 0; i < rows->v.n && isatty(STDOUT_FILENO); i++) {
		const struct row *row = &rows->v.v[i];
		size_t n = strlen(row->name), v = row->version ? strlen(row->version) : 1;

		name = n > name ? n : name;
		version = v > version ? v : version;
	}
	for (size_t i = 0; i < rows->v.n; i++)
		print_row(&rows->v.v[i], (int)name, (int)version);
}

static json_t *row_json(const struct row *row)
{
	char commit[RQ_OID_HEX + 1], tree[RQ_OID_HEX + 1], date[32];

	date_of(date, sizeof(date), row->when, "%Y-%m-%dT%H:%M:%SZ");
	return json_pack("{s:s, s:s?, s:s, s:s, s:s}", "branch", row->name, "version",
			 row->version, "commit", rq_oid_hex(commit, &row->commit), "tree",
			 rq_oid_hex(tree, &row->tree), "date", date);
}

/* Takes over @bases. */
static int print_json(json_t *bases, struct rq_err *err)
{
	json_t *all =
		json_pack("{s:s, s:o}", "tool", "requilt " RQ_VERSION, "bases", bases);

	if (!all)
		return rq_err_set(err, RQ_EIO,
				  "tree: a name is not UTF-8, so JSON cannot say it");
	rq_cmd_put_json_value(all);
	return 0;
}

/* --- the branches.conf, where there is one --- */

static const char *name_of_ref(const struct rq_branches *branches, const char *ref)
{
	for (size_t i = 0; i < branches->all.n; i++)
		if (!strcmp(rq_branch_base(&branches->all.v[i]), ref))
			return branches->all.v[i].name;
	return ref + strlen(HEADS);
}

static int ref_of_name(char **out, const char *name, struct rq_err *err)
{
	struct rq_branches branches = { 0 };
	const struct rq_branch *branch;
	int rc = rq_cmd_branches_if_any(&branches, err);

	if (rc)
		return rc;
	branch = rq_branches_find(&branches, name);
	if (branch && branch->base)
		rc = rq_err_set(err, RQ_EFORMAT,
				"tree add: branch.%s.base in %s names a revision that is "
				"there; take it out to add a tree",
				name, branches.path);
	*out = branch ? rq_xstrdup(branch->ref) : rq_xasprintf(HEADS "%s", name);
	rq_branches_release(&branches);
	if (rc)
		return rc;
	if (*name == '-' || !rq_ref_valid(*out))
		return rq_err_set(err, RQ_EUSAGE,
				  "tree add: '%s' is no name for a branch", name);
	if (!strncmp(*out, PORTS, strlen(PORTS)))
		return rq_err_set(err, RQ_EUSAGE,
				  "tree add: '%s': " PORTS " is where ports live", name);
	return 0;
}

/* --- list --- */

struct listing {
	struct rq_repo *repo;
	struct rq_branches branches;
	struct rows rows;
	struct rq_err *err;
};

static int list_commit(struct listing *l, const char *name, const struct rq_oid *commit)
{
	struct row *row = rq_vec_push(&l->rows.v);
	int rc;

	row->name = rq_xstrdup(name);
	row->commit = *commit;
	rc = rq_commit_info(l->repo, commit, &row->when, &row->tree, l->err);
	if (!rc)
		rc = rq_tree_version(&row->version, l->repo, &row->tree, l->err);
	return rc ? rq_err_prefix(l->err, "%s: ", name) : 0;
}

static int list_one(const char *ref, const struct rq_oid *oid, void *ctx)
{
	struct listing *l = ctx;

	if (!strncmp(ref, PORTS, strlen(PORTS)))
		return 0;
	return list_commit(l, name_of_ref(&l->branches, ref), oid);
}

/* Branches whose base is not below refs/heads/, which the walk over those does not see. */
static int list_others(struct listing *l)
{
	for (size_t i = 0; i < l->branches.all.n; i++) {
		const struct rq_branch *branch = &l->branches.all.v[i];
		struct rq_oid commit, tree;
		int rc;

		if (!branch->base && !strncmp(branch->ref, HEADS, strlen(HEADS)))
			continue;
		rc = rq_repo_resolve(l->repo, rq_branch_base(branch), &commit, &tree,
				     l->err);
		if (!rc)
			rc = list_commit(l, branch->name, &commit);
		if (rc && rc != RQ_ENOTFOUND)
			return rc;
	}
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct row *)a)->name, ((const struct row *)b)->name);
}

static int print_listing(struct listing *l)
{
	json_t *bases;

	if (l->rows.v.n)
		qsort(l->rows.v.v, l->rows.v.n, sizeof(*l->rows.v.v), by_name);
	if (!rq_globals.json) {
		print_rows(&l->rows);
		return 0;
	}
	bases = json_array();
	for (size_t i = 0; i < l->rows.v.n; i++)
		json_array_append_new(bases, row_json(&l->rows.v.v[i]));
	return print_json(bases, l->err);
}

static int list(int argc, char **argv, struct rq_err *err)
{
	struct listing l = { .err = err };
	int rc;

	if (argc)
		return rq_err_set(err, RQ_EUSAGE, "tree list: takes no words, not '%s'",
				  argv[0]);
	rc = rq_cmd_open_repo(&l.repo, false, err);
	if (!rc)
		rc = rq_cmd_branches_if_any(&l.branches, err);
	if (!rc)
		rc = rq_ref_each(l.repo, list_one, &l, err);
	if (!rc)
		rc = list_others(&l);
	if (!rc)
		rc = print_listing(&l);
	for (size_t i = 0; i < l.rows.v.n; i++)
		row_release(&l.rows.v.v[i]);
	rq_vec_release(&l.rows.v);
	rq_branches_release(&l.branches);
	rq_repo_close(l.repo);
	return rc;
}

/* --- add --- */

struct meter {
	double start, last;
	bool shown;
};

/* Ten times a second at most. */
static void show_progress(const struct rq_tree_progress *p, void *ctx)
{
	struct meter *m = ctx;
	double now = rq_now();

	if (now - m->last < 0.1)
		return;
	m->last = now;
	m->shown = true;
	fprintf(stderr, "\r%zu files, %" PRIu64 " MB", p->files, p->bytes / 1000000);
	if (p->total && p->done && now - m->start > 1)
		fprintf(stderr, ", %.0f s left",
			(now - m->start) * ((double)p->total / (double)p->done - 1));
	fputs("\033[K", stderr);
}

static int print_added(const struct row *row, const struct rq_tree_base *base,
		       struct rq_err *err)
{
	json_t *one;

	if (!rq_globals.json) {
		if (!rq_globals.quiet)
			print_rows(&(struct rows){ .v = { (struct row *)row, 1, 1 } });
		return 0;
	}
	one = row_json(row);
	json_object_set_new(one, "files", json_integer((json_int_t)base->files));
	json_object_set_new(one, "objects", json_integer((json_int_t)base->objects));
	json_object_set_new(one, "moved", json_boolean(base->moved));
	return print_json(json_pack("[o]", one), err);
}

static struct rq_names without;

static int add_to(struct rq_repo *repo, const char *name, const char *ref,
		  const char *source, struct rq_err *err)
{
	struct meter meter = { .start = rq_now() };
	bool show = isatty(STDERR_FILENO) && !rq_globals.quiet;
	struct rq_tree_import import = {
		.repo = repo,
		.ref = ref,
		.source = source,
		.without = without.v.n ? &without : NULL,
		.threads = (int)rq_cmd_jobs(),
		.progress = show ? show_progress : NULL,
		.ctx = &meter,
	};
	_cleanup_free_ char *cache = rq_cmd_cache_path("semantic");
	struct row row = { .name = (char *)name };
	struct rq_tree_base base;
	struct rq_err ignored;
	int rc = rq_tree_import(&base, &import, err);

	if (meter.shown)
		fputs("\r\033[K", stderr);
	if (rc)
		return rc;
	row.version = base.version;
	row.commit = base.commit;
	rc = rq_commit_info(repo, &base.commit, &row.when, &row.tree, err);
	/* Ports want it; where it fails, they try again and say why. */
	if (!rc && cache)
		rq_index_prepare(cache, repo, &row.tree, rq_cmd_jobs(), rq_cmd_progress(),
				 &ignored);
	if (!rc)
		rc = print_added(&row, &base, err);
	rq_tree_base_release(&base);
	return rc;
}

static int add(int argc, char **argv, struct rq_err *err)
{
	_cleanup_(rq_repo_closep) struct rq_repo *repo = NULL;
	_cleanup_free_ char *ref = NULL;
	int rc;

	if (argc != 2)
		return rq_err_set(err, RQ_EUSAGE, "tree add: wants BRANCH and SOURCE");
	rc = ref_of_name(&ref, argv[0], err);
	if (!rc)
		rc = rq_cmd_open_repo(&repo, true, err);
	return rc ? rc : add_to(repo, argv[0], ref, argv[1], err);
}

int rq_cmd_tree(int argc, char **argv, struct rq_err *err)
{
	if (argc && !strcmp(argv[0], "add"))
		return add(argc - 1, argv + 1, err);
	if (argc && !strcmp(argv[0], "list"))
		return list(argc - 1, argv + 1, err);
	return rq_err_set(
		err, RQ_EUSAGE,
		"tree: wants 'add BRANCH SOURCE' or 'list'; see 'requilt tree --help'");
}

const struct rq_opt rq_cmd_tree_options[] = {
	{ "without", 0, RQ_OPT_NAMES, "PATH",
	  "add: leave a file or directory of a git repository out", &without },
	{ 0 },
};
