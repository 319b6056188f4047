// SPDX-License-Identifier: GPL-2.0-only
/*
 * requilt audit: which fixes a tree has, by its text and not by its version.
 */
#include "cmd/cmd.h"

#include <jansson.h>
#include <stdlib.h>

#include "cmd/json.h"
#include "queue/audit_run.h"
#include "queue/queue.h"
#include "report/json.h"
#include "report/report.h"
#include "util/file.h"
#include "util/path.h"

static const char *list_path;
static long strip = 1;
static bool csv, lacking;

const struct rq_opt rq_cmd_audit_options[] = {
	{ "list", 0, RQ_OPT_STRING, "FILE",
	  "read the names of patches from FILE, one a line", &list_path },
	{ "strip", 'p', RQ_OPT_NUMBER, "N", "parts to take off paths (default: 1)",
	  &strip },
	{ "csv", 0, RQ_OPT_FLAG, NULL, "print a table for a spreadsheet", &csv },
	{ "lacking", 0, RQ_OPT_FLAG, NULL,
	  "print the files of what is missing and nothing else", &lacking },
	{ 0 },
};

static const struct {
	const char *verdict, *word; /* for JSON and CSV, and for people */
	enum rq_colour colour;
} words[] = {
	[RQ_AUDIT_HAS] = { "has", "present", RQ_GREEN },
	[RQ_AUDIT_WORDS] = { "has", "present in other words", RQ_YELLOW },
	[RQ_AUDIT_LIKELY] = { "unlike", "likely there", RQ_YELLOW },
	[RQ_AUDIT_LACKS] = { "lacks", "MISSING", RQ_RED },
	[RQ_AUDIT_UNLIKE] = { "unlike", "reworked", RQ_YELLOW },
	[RQ_AUDIT_NO_FILE] = { "unlike", "no file", RQ_YELLOW },
};

struct patches {
	rq_vec(struct rq_audited_patch) v;
};

static void add(struct patches *patches, char *path, const char *name, int level,
		bool reverse)
{
	*rq_vec_push(&patches->v) =
		(struct rq_audited_patch){ .path = path,
					   .name = rq_xstrdup(name),
					   .options = { .strip = level,
							.reverse = reverse } };
}

static void release(struct patches *patches)
{
	for (size_t i = 0; i < patches->v.n; i++) {
		free(patches->v.v[i].path);
		free(patches->v.v[i].name);
		rq_audit_release(&patches->v.v[i].audit);
	}
	rq_vec_release(&patches->v);
}

/* What the queue has for the branch.  Rules make no claim that a text could show. */
static int add_queue(struct patches *patches, const char *queue,
		     const struct rq_branches *branches, const struct rq_branch *branch,
		     struct rq_err *err)
{
	struct rq_version found;
	const struct rq_version *version =
		branch && rq_cmd_branch_version(&found, branch) ? &found : NULL;
	struct rq_series series = { 0 };
	int rc = rq_cmd_series(&series, queue, branches, err);

	for (size_t i = 0; i < series.entries.n && !rc; i++) {
		const struct rq_entry *entry = &series.entries.v[i];
		const struct rq_guard *by;

		if (entry->kind == RQ_ENTRY_PATCH &&
		    (!branch || rq_entry_meant_for(entry, branch, version, &by)))
			add(patches, rq_series_patch_path(rq_globals.dir, entry, branch),
			    entry->path, entry->strip, entry->reverse);
	}
	if (!rc && !patches->v.n)
		rc = rq_err_set(err, RQ_EFORMAT, "%s: has no patch for %s", series.path,
				branch ? branch->name : "this tree");
	rq_series_release(&series);
	return rc;
}

/* Names in a list start at its directory. */
static int add_list(struct patches *patches, struct rq_err *err)
{
	_cleanup_free_ char *parent = rq_path_parent(list_path);
	_cleanup_(rq_str_release) struct rq_str bytes = { 0 };
	struct rq_slice rest, line;
	int rc = rq_file_read(&bytes, list_path, err);

	rest = rq_str_slice(&bytes);
	while (!rc && rq_slice_next_line(&rest, &line)) {
		_cleanup_free_ char *name = NULL;

		line = rq_slice_trim(line);
		if (!line.n || line.p[0] == '#')
			continue;
		name = rq_xstrndup(line.p, line.n);
		add(patches,
		    name[0] == '/' ? rq_xstrdup(name) : rq_path_join(parent, name), name,
		    (int)strip, false);
	}
	return rc;
}

static const char *word_of(const struct rq_audited_patch *one)
{
	return one->rc ? "error" : words[one->audit.verdict].word;
}

static enum rq_colour colour_of(const struct rq_audited_patch *one)
{
	return one->rc ? RQ_RED : words[one->audit.verdict].colour;
}

/* "new 5/7, old 0/2; mm/a.c f() line 12": what a reader would look up. */
static void add_evidence(struct rq_str *out, const struct rq_audited_patch *one)
{
	struct rq_audit_text before = { 0 }, after = { 0 };

	if (one->rc) {
		rq_str_adds(out, one->err.msg);
		return;
	}
	if (one->audit.verdict == RQ_AUDIT_HAS)
		return;
	if (one->audit.verdict == RQ_AUDIT_LACKS)
		rq_str_addf(out, "%s%s; ", rq_outcome_word(one->audit.placed),
			    one->audit.doubtful ? "?" : "");
	for (size_t i = 0; i < one->audit.places.n; i++)
		rq_audit_add_place(&before, &after, &one->audit.places.v[i]);
	rq_str_addf(out, "new %zu/%zu, old %zu/%zu", after.pairs_there, after.pairs,
		    before.pairs_there, before.pairs);
	for (size_t i = 0; i < one->audit.places.n; i++) {
		const struct rq_audit_place *place = &one->audit.places.v[i];

		if (!place->line || !place->function)
			continue;
		rq_str_addf(out, "; %s:%zu %s", place->file, place->line,
			    place->function);
		return;
	}
}

static void print_row(const struct rq_audited_patch *one, int width)
{
	_cleanup_(rq_str_release) struct rq_str evidence = { 0 };
	bool color = rq_cmd_color();

	add_evidence(&evidence, one);
	rq_print_clean(stdout, "%-*s  ", width, one->name);
	printf("%s%s%s", rq_paint(color, colour_of(one)), word_of(one),
	       rq_unpaint(color));
	rq_print_clean(stdout, "%s%s\n", evidence.len ? ": " : "",
		       evidence.len ? evidence.s : "");
}

static void print_csv_field(const char *text, bool last)
{
	putchar('"');
	for (; *text; text++) {
		if (*text == '"')
			putchar('"');
		putchar((unsigned char)*text < 0x20 ? ' ' : *text);
	}
	printf("\"%s", last ? "\n" : ",");
}

static void print_csv(const struct rq_audited_patch *one)
{
	_cleanup_(rq_str_release) struct rq_str evidence = { 0 };

	add_evidence(&evidence, one);
	print_csv_field(one->name, false);
	print_csv_field(one->rc ? "error" : words[one->audit.verdict].verdict, false);
	print_csv_field(word_of(one), false);
	print_csv_field(evidence.len ? evidence.s : "", true);
}

static json_t *text_json(const struct rq_audit_text *text)
{
	return json_pack("{sI sI sI sI}", "lines", (json_int_t)text->lines, "lines_there",
			 (json_int_t)text->lines_there, "pairs", (json_int_t)text->pairs,
			 "pairs_there", (json_int_t)text->pairs_there);
}

static json_t *row_json(const struct rq_audited_patch *one)
{
	json_t *row = json_pack("{so ss ss}", "patch", rq_json_text(one->name), "verdict",
				one->rc ? "error" : words[one->audit.verdict].verdict,
				"word", word_of(one));
	json_t *places = json_array();

	if (one->rc)
		json_object_set_new(row, "message", rq_json_text(one->err.msg));
	else
		json_object_set_new(row, "placed",
				    json_string(rq_outcome_word(one->audit.placed)));
	for (size_t i = 0; i < one->audit.places.n; i++) {
		const struct rq_audit_place *place = &one->audit.places.v[i];

		json_array_append_new(
			places,
			json_pack("{so so* sI so so}", "file", rq_json_text(place->file),
				  "function",
				  place->function ? rq_json_text(place->function) : NULL,
				  "line", (json_int_t)place->line, "new",
				  text_json(&place->after), "old",
				  text_json(&place->before)));
	}
	json_object_set_new(row, "places", places);
	return row;
}

static bool is_missing(const struct rq_audited_patch *one)
{
	return !one->rc && one->audit.verdict == RQ_AUDIT_LACKS;
}

static void print_lacking(const struct patches *patches)
{
	for (size_t i = 0; i < patches->v.n; i++)
		if (is_missing(&patches->v.v[i]))
			rq_print_clean(stdout, "%s\n", patches->v.v[i].path);
}

static void print_json(const struct patches *patches)
{
	json_t *list = json_array();

	for (size_t i = 0; i < patches->v.n; i++)
		json_array_append_new(list, row_json(&patches->v.v[i]));
	rq_cmd_put_json_value(list);
}

static void print_table(const struct patches *patches)
{
	size_t width = 0;

	for (size_t i = 0; i < patches->v.n; i++) {
		size_t n = strlen(patches->v.v[i].name);

		width = n > width ? n : width;
	}
	if (csv)
		puts("patch,verdict,word,evidence");
	for (size_t i = 0; i < patches->v.n; i++)
		if (csv)
			print_csv(&patches->v.v[i]);
		else
			print_row(&patches->v.v[i], (int)width);
}

static int verdict(const struct patches *patches, const char *tree, struct rq_err *err)
{
	size_t missing = 0, broken = 0;
	const struct rq_audited_patch *first = NULL;

	for (size_t i = 0; i < patches->v.n; i++) {
		const struct rq_audited_patch *one = &patches->v.v[i];

		broken += one->rc != 0;
		first = one->rc && !first ? one : first;
		missing += is_missing(one);
	}
	if (broken)
		return rq_err_set(err, RQ_EQUEUE,
				  "%zu of %zu patches could not be read; the first: %s",
				  broken, patches->v.n, first->err.msg);
	if (missing)
		return rq_err_set(err, RQ_EQUEUE, "%s lacks %zu of %zu", tree, missing,
				  patches->v.n);
	return 0;
}

/* What the words behind the tree name: files, else one queue. */
static int collect(struct patches *patches, int n, char **list,
		   const struct rq_branches *branches, const struct rq_branch *branch,
		   struct rq_err *err)
{
	int rc = list_path ? add_list(patches, err) : 0;

	if (!rc && n == 1 && !rq_file_exists(list[0]) && branches->path)
		return add_queue(patches, list[0], branches, branch, err);
	for (int i = 0; i < n; i++)
		add(patches, rq_xstrdup(list[i]), list[i], (int)strip, false);
	if (!rc && !patches->v.n)
		rc = rq_err_set(err, RQ_EUSAGE,
				"audit: name patches, a queue or --list FILE");
	return rc;
}

int rq_cmd_audit(int argc, char **argv, struct rq_err *err)
{
	_cleanup_free_ char *repo = NULL;
	struct rq_branches branches = { 0 };
	const struct rq_branch *branch = NULL;
	struct patches patches = { 0 };
	int rc;

	if (!argc)
		return rq_err_set(err, RQ_EUSAGE,
				  "audit: name a branch or a revision, and patches");
	if (strip > 99)
		return rq_err_set(err, RQ_EUSAGE,
				  "--strip takes a number from 0 to 99, not %ld", strip);
	if (lacking && (csv || rq_globals.json))
		return rq_err_set(
			err, RQ_EUSAGE,
			"audit: --lacking prints names; not with --csv or --json");
	if (csv && rq_globals.json)
		return rq_err_set(err, RQ_EUSAGE, "audit: one of --csv and --json");
	rc = rq_cmd_branches_if_any(&branches, err);
	if (!rc)
		branch = rq_branches_find(&branches, argv[0]);
	if (!rc)
		rc = collect(&patches, argc - 1, argv + 1, &branches, branch, err);
	if (!rc)
		repo = rq_cmd_repo_path(err);
	if (!rc && !repo)
		rc = err->code;
	if (!rc) {
		const struct rq_audit_options options = {
			.repo_path = repo,
			.tree = branch ? rq_branch_base(branch) : argv[0],
			.jobs = rq_cmd_jobs(),
		};

		rc = rq_audit_run(patches.v.v, patches.v.n, &options, err);
	}
	if (!rc) {
		if (lacking)
			print_lacking(&patches);
		else if (rq_globals.json)
			print_json(&patches);
		else
			print_table(&patches);
		rc = verdict(&patches, argv[0], err);
	}
	release(&patches);
	rq_branches_release(&branches);
	return rc;
}
