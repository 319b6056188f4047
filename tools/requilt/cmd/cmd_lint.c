// SPDX-License-Identifier: GPL-2.0-only
/*
 * requilt lint: the headers of a queue's patches and rules, variants of branches too, held
 * against what their readers expect.  Changes nothing.
 */
#include "cmd/cmd.h"

#include <jansson.h>
#include <stdlib.h>

#include "cmd/intake.h"
#include "cmd/json.h"
#include "emit/dialect.h"
#include "semantic/semantic.h"
#include "util/file.h"

static const char *dialect_name;

const struct rq_opt rq_cmd_lint_options[] = {
	{ "dialect", 0, RQ_OPT_STRING, "NAME",
	  "the rules of stable, dep3, suse or yocto too", &dialect_name },
	{ 0 },
};

struct known_version {
	bool known;
	struct rq_version version;
};

struct linting {
	const struct rq_dialect *dialect;
	const char *path; /* the file at hand */
	const struct rq_branches *branches;
	const char *queue;
	struct known_version *versions; /* one a branch */
	json_t *list;			/* NULL: for people */
	size_t breaches;
};

int rq_cmd_dialect(const struct rq_dialect **out, const char *name, struct rq_err *err)
{
	*out = name ? rq_dialect_find(name) : NULL;
	if (name && !*out)
		return rq_err_set(err, RQ_EUSAGE,
				  "--dialect: '%s' is none; there are stable, dep3, suse "
				  "and yocto",
				  name);
	return 0;
}

static void print(const char *rule, long line, const char *what, void *ctx)
{
	struct linting *linting = ctx;

	linting->breaches++;
	if (linting->list)
		json_array_append_new(linting->list,
				      json_pack("{ss sI ss ss}", "file", linting->path,
						"line", (json_int_t)line, "rule", rule,
						"message", what));
	else
		rq_print_clean(stdout, "%s:%ld: %s: %s\n", linting->path, line, rule,
			       what);
}

/* @said is the parser's: "path:12: hunk says ...". */
static void print_unreadable(struct linting *linting, const char *said)
{
	size_t n = strlen(linting->path);
	long line = 0;
	char *end;

	if (strncmp(said, linting->path, n) == 0 && said[n] == ':') {
		line = strtol(said + n + 1, &end, 10);
		said = end + strspn(end, ": ");
	}
	print("readable", line, said, linting);
}

/* A rule's leading comment is a head like that of a patch. */
static int parse_rule(struct rq_patch **out, const char *path, struct rq_str *bytes,
		      struct rq_err *err)
{
	const struct rq_patch_options options = RQ_PATCH_DEFAULTS;
	struct rq_rule rule = { 0 };
	int rc = rq_rule_parse(&rule, path, bytes, err);

	if (!rc)
		rc = rq_patch_parse(out, path, &rule.head, &options, err);
	if (!rc)
		(*out)->head_line = rule.head_line - 1;
	rq_rule_release(&rule);
	return rc;
}

static void add_name(struct rq_str *out, const char *name)
{
	rq_str_addf(out, "%s%s", out->len ? ", " : "", name);
}

/* Branches which the message asks for and the guards leave out, and the other way round. */
static void compare_guards(struct linting *linting, const struct rq_entry *entry,
			   const struct rq_stable *stable, bool by_fixes,
			   const struct rq_patch *patch)
{
	_cleanup_(rq_str_release) struct rq_str out = { 0 }, in = { 0 }, what = { 0 };

	for (size_t i = 0; i < linting->branches->all.n; i++) {
		const struct rq_branch *branch = &linting->branches->all.v[i];
		const struct known_version *at = &linting->versions[i];
		const struct rq_guard *by;
		bool meant, asked;

		if (!at->known ||
		    !rq_branches_bound(linting->branches, linting->queue, branch->name))
			continue;
		meant = rq_entry_meant_for(entry, branch, &at->version, &by);
		asked = rq_stable_covers(stable, &at->version);
		if (asked && !meant)
			add_name(&out, branch->name);
		/* An older tree may have got the fault itself later. */
		if (!asked && meant && (!by_fixes || entry->guards.n))
			add_name(&in, branch->name);
	}
	if (!out.len && !in.len)
		return;
	rq_str_adds(&what,
		    by_fixes ? "what it fixes is in releases " : "Cc: stable asks for ");
	rq_stable_guards(&what, stable);
	if (out.len)
		rq_str_addf(&what, "; the guards leave out %s", out.s);
	if (in.len)
		rq_str_addf(&what, "; the guards let it onto %s", in.s);
	print("stable-guards", patch->head_line + stable->line, what.s, linting);
}

static int lint_guards(struct linting *linting, const struct rq_entry *entry,
		       const struct rq_patch *patch, struct rq_err *err)
{
	struct rq_stable stable = { 0 };
	bool by_fixes;
	int rc;

	rq_stable_read(&stable, patch->head);
	by_fixes = !stable.ranges.n;
	rq_stable_release(&stable);
	rc = rq_cmd_stable_read(&stable, patch->head, linting->branches, err);
	if (!rc && stable.ranges.n)
		compare_guards(linting, entry, &stable, by_fixes, patch);
	rq_stable_release(&stable);
	return rc;
}

static int lint_file(struct linting *linting, const struct rq_entry *entry,
		     const char *path, bool common, struct rq_err *err)
{
	const struct rq_patch_options options = { .strip = entry->strip,
						  .reverse = entry->reverse };
	_cleanup_(rq_patch_freep) struct rq_patch *patch = NULL;
	struct rq_str bytes = { 0 };
	struct rq_facts facts;
	int rc = rq_file_read_most(&bytes, path, RQ_PATCH_MOST, err);

	if (!rc && entry->kind == RQ_ENTRY_COCCI)
		rc = parse_rule(&patch, path, &bytes, err);
	else if (!rc)
		rc = rq_patch_parse(&patch, path, &bytes, &options, err);
	rq_str_release(&bytes);
	linting->path = path;
	if (rc == RQ_EFORMAT && entry->kind == RQ_ENTRY_PATCH) {
		print_unreadable(linting, err->msg);
		return 0;
	}
	if (rc)
		return rc;
	rq_facts_read(&facts, patch);
	rq_dialect_lint(linting->dialect, &facts, print, linting);
	rq_facts_release(&facts);
	return common ? lint_guards(linting, entry, patch, err) : 0;
}

static int lint_entry(struct linting *linting, const struct rq_entry *entry,
		      const struct rq_branches *branches, struct rq_err *err)
{
	_cleanup_free_ char *common = rq_series_patch_path(rq_globals.dir, entry, NULL);
	int rc = lint_file(linting, entry, common, true, err);

	for (size_t i = 0; i < branches->all.n && !rc; i++) {
		const struct rq_branch alone = { .name = branches->all.v[i].name };
		_cleanup_free_ char *own =
			rq_series_patch_path(rq_globals.dir, entry, &alone);

		if (strcmp(own, common) != 0)
			rc = lint_file(linting, entry, own, false, err);
	}
	return rc;
}

static int lint_queue(struct linting *linting, const char *queue, struct rq_err *err)
{
	struct rq_branches branches = { 0 };
	struct rq_series series = { 0 };
	int rc = rq_cmd_branches(&branches, err);

	if (!rc)
		rc = rq_cmd_series(&series, queue, &branches, err);
	linting->branches = &branches;
	linting->queue = queue;
	linting->versions = rq_xcalloc(branches.all.n + 1, sizeof(*linting->versions));
	for (size_t i = 0; i < branches.all.n; i++)
		linting->versions[i].known = rq_cmd_branch_version(
			&linting->versions[i].version, &branches.all.v[i]);
	for (size_t i = 0; i < series.entries.n && !rc; i++)
		rc = lint_entry(linting, &series.entries.v[i], &branches, err);
	free(linting->versions);
	rq_series_release(&series);
	rq_branches_release(&branches);
	return rc;
}

int rq_cmd_lint(int argc, char **argv, struct rq_err *err)
{
	struct linting linting = { .list = rq_globals.json ? json_array() : NULL };
	int rc = rq_cmd_dialect(&linting.dialect, dialect_name, err);

	if (!rc && argc != 1)
		rc = rq_err_set(err, RQ_EUSAGE, "lint: name a queue");
	if (!rc)
		rc = lint_queue(&linting, argv[0], err);
	if (!rc && linting.list)
		rq_cmd_put_json_value(linting.list);
	else
		json_decref(linting.list);
	if (!rc && linting.breaches)
		rc = rq_err_set(err, RQ_EQUEUE, "%s: %zu breaches of the rules", argv[0],
				linting.breaches);
	return rc;
}
