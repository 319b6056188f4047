// SPDX-License-Identifier: GPL-2.0-only
/*
 * requilt fixes: what came after the patches of a queue upstream, and which of it a branch lacks by its text.
 */
#include <jansson.h>
#include <stdlib.h>

#include "cmd/audit.h"
#include "cmd/cmd.h"
#include "cmd/intake.h"
#include "cmd/json.h"
#include "history/fixes.h"
#include "report/json.h"
#include "report/report.h"
#include "util/file.h"
#include "util/path.h"

static bool import;

const struct rq_opt rq_cmd_fixes_options[] = {
	{ "import", 0, RQ_OPT_FLAG, NULL,
	  "put the fixes that are listed as missing at the end of the queue", &import },
	{ 0 },
};

/* A commit that the queue or the branch has, and the entry that is it; NULL: the branch's own. */
struct carried {
	struct rq_oid oid;
	const char *entry;
};

struct fixing {
	const char *queue;
	struct rq_branches branches;
	const struct rq_branch *branch; /* NULL: none was named */
	struct rq_series series;
	struct rq_repo *upstream;
	char *upstream_path;
	rq_vec(struct carried) carried;
	size_t broken; /* fixes that no patch can be made of */
	/* Of the queue, for the branch; of these without a commit. */
	size_t patches, unnamed;
	struct rq_fix_index index;
	struct rq_fixes_found found;
	struct rq_audits audits; /* one a fix, where there is a branch */
};

static void release(struct fixing *f)
{
	rq_audits_release(&f->audits);
	rq_vec_release(&f->found.v);
	rq_fix_index_release(&f->index);
	rq_vec_release(&f->carried);
	free(f->upstream_path);
	rq_repo_close(f->upstream);
	rq_series_release(&f->series);
	rq_branches_release(&f->branches);
}

/* --- what is carried --- */

static void add_carried(struct fixing *f, const char *hex, const char *entry)
{
	struct rq_oid oid;
	struct rq_err ignored;

	if (*hex && rq_oid_parse(&oid, hex, &ignored) == 0)
		*rq_vec_push(&f->carried) = (struct carried){ oid, entry };
}

/* The commit that a patch says it is, else the one that git format-patch wrote in its first line. */
static void read_identity(struct fixing *f, const struct rq_entry *entry,
			  struct rq_slice text)
{
	_cleanup_free_ char *first = NULL;
	struct rq_upstream upstream;
	struct rq_slice line, id;

	text.n = rq_message_end(text);
	rq_upstream_read(&upstream, text);
	add_carried(f, upstream.hex, entry->path);
	if (*upstream.hex || !rq_slice_next_line(&text, &line) ||
	    !rq_slice_starts(line, "From "))
		return;
	id = rq_find_id(line);
	first = rq_xstrndup(id.p, id.n);
	add_carried(f, first, entry->path);
}

static bool is_meant(const struct fixing *f, const struct rq_entry *entry,
		     const struct rq_version *version)
{
	const struct rq_guard *by;

	return entry->kind == RQ_ENTRY_PATCH &&
	       (!f->branch || rq_entry_meant_for(entry, f->branch, version, &by));
}

/* One that nobody can read says nothing; a port shows it red. */
static void read_queue(struct fixing *f)
{
	struct rq_version found;
	const struct rq_version *version =
		f->branch && rq_cmd_branch_version(&found, f->branch) ? &found : NULL;

	for (size_t i = 0; i < f->series.entries.n; i++) {
		const struct rq_entry *entry = &f->series.entries.v[i];
		_cleanup_free_ char *path =
			rq_series_patch_path(rq_globals.dir, entry, f->branch);
		_cleanup_(rq_str_release) struct rq_str bytes = { 0 };
		struct rq_err ignored;
		size_t before = f->carried.n;

		if (!is_meant(f, entry, version))
			continue;
		if (rq_file_read_most(&bytes, path, RQ_PATCH_MOST, &ignored) == 0)
			read_identity(f, entry, rq_str_slice(&bytes));
		f->patches++;
		f->unnamed += f->carried.n == before;
	}
	if (f->unnamed && f->unnamed < f->patches && !rq_globals.quiet)
		fprintf(stderr, "requilt: %zu of %zu patches name no commit upstream\n",
			f->unnamed, f->patches);
}

/* What the branch's history has beside mainline's; a tree without a history has nothing. */
static int read_branch(struct fixing *f, struct rq_err *err)
{
	_cleanup_(rq_repo_closep) struct rq_repo *repo = NULL;
	struct rq_oid base, mainline, tree;
	struct rq_oid_list own = { 0 };
	struct rq_err ignored;
	int rc = rq_cmd_open_repo(&repo, false, err);

	if (!rc)
		rc = rq_repo_resolve(repo, rq_branch_base(f->branch), &base, &tree, err);
	if (rc || rq_oid_is_zero(&base))
		return rc;
	if (rq_repo_resolve(repo, rq_cmd_mainline(&f->branches), &mainline, &tree,
			    &ignored) ||
	    rq_oid_is_zero(&mainline))
		return 0;
	rc = rq_own_commits(&own, repo, &mainline, &base, err);
	for (size_t i = 0; i < own.n && !rc; i++)
		*rq_vec_push(&f->carried) = (struct carried){ own.v[i], NULL };
	free(own.v);
	return rc;
}

/* --- what came after --- */

static int open_upstream(struct fixing *f, struct rq_oid *tip, struct rq_err *err)
{
	_cleanup_(rq_names_release) struct rq_names histories = { 0 };
	struct rq_oid tree;
	struct rq_err ignored;

	rq_cmd_histories(&histories, &f->branches);
	for (size_t i = 0; i < histories.v.n; i++) {
		const char *path = histories.v.v[i];

		if (rq_repo_open(&f->upstream, path, &ignored))
			continue;
		if (rq_repo_resolve(f->upstream, rq_cmd_mainline(&f->branches), tip,
				    &tree, &ignored) == 0 &&
		    !rq_oid_is_zero(tip)) {
			f->upstream_path = rq_xstrdup(path);
			return 0;
		}
		rq_repo_close(f->upstream);
		f->upstream = NULL;
	}
	return rq_err_set(err, RQ_EFORMAT,
			  "%s: no repository that it names has the ref '%s'; set "
			  "core.upstream and upstream.mainline",
			  f->branches.path, rq_cmd_mainline(&f->branches));
}

/* A merge and a first commit do not. */
static bool has_one_parent(struct rq_repo *repo, const struct rq_oid *oid)
{
	struct rq_err ignored;
	unsigned int parents;

	return rq_commit_parents(repo, oid, &parents, &ignored) == 0 && parents == 1;
}

/* Whether the commit has one parent and the parent's tree. */
static bool is_empty(struct rq_repo *repo, const struct rq_oid *oid)
{
	char hex[RQ_OID_HEX + 1];
	_cleanup_free_ char *parent = rq_xasprintf("%s^", rq_oid_hex(hex, oid));
	struct rq_oid commit, before, after;
	struct rq_err ignored;

	return has_one_parent(repo, oid) &&
	       rq_repo_resolve(repo, hex, &commit, &after, &ignored) == 0 &&
	       rq_repo_resolve(repo, parent, &commit, &before, &ignored) == 0 &&
	       rq_oid_eq(&before, &after);
}

/* Nobody lacks what changes nothing. */
static void drop_empty(struct fixing *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->found.v.n; i++)
		if (!is_empty(f->upstream, &f->found.v.v[i].fix->commit))
			f->found.v.v[n++] = f->found.v.v[i];
	f->found.v.n = n;
}

static int find_fixes(struct fixing *f, struct rq_err *err)
{
	_cleanup_free_ char *cache = rq_cmd_cache_path("fixes");
	struct rq_oid tip, *ids;
	int rc = open_upstream(f, &tip, err);

	if (!rc)
		rc = rq_fix_index_load(&f->index, f->upstream, &tip, cache, err);
	if (rc)
		return rc;
	if (rq_globals.verbose)
		fprintf(stderr, "requilt: %s: read %zu messages, %zu name a commit\n",
			f->upstream_path, f->index.read, (size_t)f->index.v.n);
	ids = rq_xcalloc(f->carried.n + 1, sizeof(*ids));
	for (size_t i = 0; i < f->carried.n; i++)
		ids[i] = f->carried.v[i].oid;
	rq_fixes_find(&f->found, &f->index, ids, f->carried.n);
	drop_empty(f);
	free(ids);
	return 0;
}

/* --- which of it a branch lacks --- */

/* Whether status calls the output for the branch current. */
static bool is_current(const struct fixing *f)
{
	_cleanup_free_ char *out = rq_path_join(rq_globals.dir, "series");
	_cleanup_(rq_cmd_port_end) struct rq_cmd_port port = { 0 };
	char *names[] = { f->branch->name };
	struct rq_states states = { 0 };
	struct rq_err ignored;
	bool is = rq_cmd_port_begin(&port, out, &f->branches, &ignored) == 0 &&
		  rq_queue_states(&states, &f->series, names, 1, &port.options,
				  &ignored) == 0 &&
		  states.v.n && !states.v.v[0].stale && !states.v.v[0].unchecked;

	rq_states_release(&states);
	return is;
}

static char *tree_of(const struct fixing *f)
{
	_cleanup_(rq_repo_closep) struct rq_repo *repo = NULL;
	_cleanup_free_ char *ref =
		rq_xasprintf("refs/heads/requilt/%s/%s", f->queue, f->branch->name);
	struct rq_oid oid;
	struct rq_err ignored;

	if (rq_cmd_open_repo(&repo, false, &ignored) == 0 &&
	    rq_ref_read(repo, ref, &oid, &ignored) == 0) {
		if (is_current(f))
			return TAKE_PTR(ref);
		fprintf(stderr,
			"requilt: the port of %s to %s is not current; its fixes are "
			"compared with the base\n",
			f->queue, f->branch->name);
	}
	return rq_xstrdup(rq_branch_base(f->branch));
}

/* A merge, or a first commit: no patch says what it does. */
static void add_broken(struct rq_audits *audits, const char *hex)
{
	struct rq_audited_patch *one = rq_vec_push(&audits->v);

	one->name = rq_xstrdup(hex);
	one->rc = rq_err_set(&one->err, RQ_EFORMAT,
			     "commit %.12s is a merge or a first commit", hex);
}

static int audit(struct fixing *f, struct rq_err *err)
{
	_cleanup_free_ char *tree = tree_of(f), *repo = rq_cmd_repo_path(err);
	const struct rq_audit_options options = {
		.repo_path = repo,
		.tree = tree,
		.jobs = rq_cmd_jobs(),
	};

	for (size_t i = 0; i < f->found.v.n; i++) {
		char hex[RQ_OID_HEX + 1];

		rq_oid_hex(hex, &f->found.v.v[i].fix->commit);
		if (!rq_audits_add_commit(&f->audits, hex, &f->branches))
			add_broken(&f->audits, hex);
	}
	return repo ? rq_audit_run(f->audits.v.v, f->audits.v.n, &options, err)
		    : (int)err->code;
}

/* Without a branch every one is. */
static bool is_wanted(const struct fixing *f, size_t i)
{
	return !f->branch || rq_audit_is_missing(&f->audits.v.v[i]);
}

static int import_wanted(struct fixing *f, struct rq_err *err)
{
	const struct rq_intake how = { .queue = f->queue,
				       .branches = &f->branches,
				       .keep_quiet = true };
	struct rq_import what = { 0 };
	int rc = 0;

	for (size_t i = 0; i < f->found.v.n && !rc; i++) {
		char hex[RQ_OID_HEX + 1], *word = hex;

		rq_oid_hex(hex, &f->found.v.v[i].fix->commit);
		if (!is_wanted(f, i))
			continue;
		if (has_one_parent(f->upstream, &f->found.v.v[i].fix->commit))
			rc = rq_import_commits(&what, f->upstream_path,
					       rq_cmd_mainline(&f->branches), &word, 1,
					       err);
		else
			f->broken++;
	}
	if (!rc && what.patches.n)
		rc = rq_cmd_take_in(&what, &how, err);
	rq_import_release(&what);
	return rc;
}

/* --- printing --- */

static const char *entry_of(const struct fixing *f, const struct rq_oid *oid)
{
	for (size_t i = 0; i < f->carried.n; i++)
		if (f->carried.v[i].entry && rq_oid_eq(&f->carried.v[i].oid, oid))
			return f->carried.v[i].entry;
	return NULL;
}

static char *title_of(const struct fixing *f, const struct rq_oid *oid)
{
	_cleanup_(rq_str_release) struct rq_str title = { 0 };
	struct rq_err ignored;

	if (rq_commit_title(f->upstream, oid, &title, &ignored))
		return rq_xstrdup("");
	return rq_xstrdup(rq_str_slice(&title).p);
}

static void print_row(const struct fixing *f, size_t i)
{
	const struct rq_fix_found *found = &f->found.v.v[i];
	_cleanup_free_ char *title = title_of(f, &found->fix->commit);
	const char *entry = entry_of(f, &found->of);
	char hex[RQ_OID_HEX + 1], of[RQ_OID_HEX + 1];
	bool color = rq_cmd_color();

	rq_oid_hex(of, &found->of);
	of[12] = '\0';
	rq_print_clean(stdout, "%.12s (\"%s\") %s %s",
		       rq_oid_hex(hex, &found->fix->commit), title,
		       found->fix->how == RQ_NAMED_FIXES ? "fixes" : "reverts",
		       entry ? entry : of);
	if (f->branch)
		printf(": %s%s%s", rq_paint(color, rq_audit_colour(&f->audits.v.v[i])),
		       f->audits.v.v[i].rc ? "cannot be compared"
					   : rq_audit_word(&f->audits.v.v[i]),
		       rq_unpaint(color));
	if (f->branch && is_wanted(f, i))
		printf(", %s", rq_outcome_word(f->audits.v.v[i].audit.placed));
	putchar('\n');
}

static json_t *row_json(const struct fixing *f, size_t i)
{
	const struct rq_fix_found *found = &f->found.v.v[i];
	_cleanup_free_ char *title = title_of(f, &found->fix->commit);
	const char *entry = entry_of(f, &found->of);
	char hex[RQ_OID_HEX + 1], of[RQ_OID_HEX + 1];
	json_t *row = json_pack(
		"{ss so ss ss so}", "commit", rq_oid_hex(hex, &found->fix->commit),
		"title", rq_json_text(title), "how",
		found->fix->how == RQ_NAMED_FIXES ? "fixes" : "reverts", "of",
		rq_oid_hex(of, &found->of), "entry", rq_json_text(entry));

	if (!f->branch)
		return row;
	json_object_set_new(row, "verdict",
			    json_string(rq_audit_verdict(&f->audits.v.v[i])));
	if (f->audits.v.v[i].rc)
		json_object_set_new(row, "message",
				    rq_json_text(f->audits.v.v[i].err.msg));
	else
		json_object_set_new(
			row, "placed",
			json_string(rq_outcome_word(f->audits.v.v[i].audit.placed)));
	return row;
}

static void print(const struct fixing *f)
{
	json_t *list = rq_globals.json ? json_array() : NULL;

	for (size_t i = 0; i < f->found.v.n; i++)
		if (list)
			json_array_append_new(list, row_json(f, i));
		else
			print_row(f, i);
	if (list)
		rq_cmd_put_json_value(list);
}

/* --- the command --- */

static int load(struct fixing *f, const char *branch, struct rq_err *err)
{
	int rc = rq_cmd_branches(&f->branches, err);

	if (!rc)
		rc = rq_cmd_series(&f->series, f->queue, &f->branches, err);
	if (!rc && branch)
		rc = rq_branches_need(&f->branch, &f->branches, branch, err);
	if (rc)
		return rc;
	read_queue(f);
	return f->branch ? read_branch(f, err) : 0;
}

static int verdict(const struct fixing *f, struct rq_err *err)
{
	size_t wanted = 0, broken = f->broken;

	for (size_t i = 0; i < f->found.v.n; i++)
		wanted += is_wanted(f, i);
	for (size_t i = 0; i < f->audits.v.n; i++)
		broken += f->audits.v.v[i].rc != 0;
	if (f->patches && f->unnamed == f->patches)
		return rq_err_set(err, RQ_EQUEUE,
				  "%s: none of %zu patches names a commit upstream; "
				  "nothing is known of what came after them",
				  f->queue, f->patches);
	if (broken)
		return rq_err_set(err, RQ_EQUEUE,
				  "%zu of %zu fixes cannot be compared; %zu are missing",
				  broken, (size_t)f->found.v.n, wanted);
	if (!wanted || import)
		return 0;
	return rq_err_set(err, RQ_EQUEUE, "%s lacks %zu of %zu",
			  f->branch ? f->branch->name : f->queue, wanted,
			  (size_t)f->found.v.n);
}

int rq_cmd_fixes(int argc, char **argv, struct rq_err *err)
{
	struct fixing f = { 0 };
	int rc;

	if (argc < 1 || argc > 2)
		return rq_err_set(err, RQ_EUSAGE,
				  "fixes: name a queue, and a branch or none");
	f.queue = argv[0];
	rc = load(&f, argc > 1 ? argv[1] : NULL, err);
	if (!rc)
		rc = find_fixes(&f, err);
	if (!rc && f.branch)
		rc = audit(&f, err);
	if (!rc)
		print(&f);
	if (!rc && import)
		rc = import_wanted(&f, err);
	if (!rc)
		rc = verdict(&f, err);
	release(&f);
	return rc;
}
