// SPDX-License-Identifier: GPL-2.0-only
/*
 * requilt report: the matrix as one HTML page or as Markdown, from what port wrote and verify
 * found.  Never shows an output as current that is not, or of which nobody here knows whether a port
 * gives it: what the cache does not know is ported in memory.
 */
#include "cmd/cmd.h"

#include <dirent.h>
#include <stdlib.h>

#include "queue/queue.h"
#include "report/report.h"
#include "util/file.h"
#include "util/path.h"

static const char *queue_name, *out_dir, *html_dir, *results_dir;
static bool markdown, junit, strict;

const struct rq_opt rq_cmd_report_options[] = {
	{ "html", 'o', RQ_OPT_STRING, "DIR", "write the page, DIR/index.html",
	  &html_dir },
	{ "markdown", 0, RQ_OPT_FLAG, NULL, "print the matrix for a CI summary",
	  &markdown },
	{ "junit", 0, RQ_OPT_FLAG, NULL, "print it as JUnit XML", &junit },
	{ "strict", 0, RQ_OPT_FLAG, NULL,
	  "fail unless every branch is green and every result good", &strict },
	{ "queue", 0, RQ_OPT_STRING, "QUEUE", "which queue (default: the only one)",
	  &queue_name },
	{ "results", 0, RQ_OPT_STRING, "DIR",
	  "files *.json that verify --json printed, from any machine", &results_dir },
	{ "out", 0, RQ_OPT_STRING, "DIR", "where port wrote (default: series)",
	  &out_dir },
	{ 0 },
};

static const char *const kinds[] = {
	[RQ_INTERDIFF_RULE] = "rule",
	[RQ_INTERDIFF_SAME] = "same",
	[RQ_INTERDIFF_HUNKS] = "interdiff",
};

/* What one run works on. */
struct run {
	struct rq_branches branches;
	struct rq_series series;
	struct rq_states states;
	struct rq_page *page;
	struct rq_repo *repo; /* of the kernels; NULL where it cannot be opened */
	char *out;	      /* where port wrote */
};

/* Names come from the series, which was checked, and not from port.json. */
static int add_changes(struct run *run, const char *folder, const char *branch,
		       struct rq_err *err)
{
	const struct rq_branch *own = rq_branches_find(&run->branches, branch);
	int rc = 0;

	for (size_t i = 0; i < run->series.entries.n && !rc; i++) {
		const char *entry = run->series.entries.v[i].path;
		struct rq_interdiff change = { 0 };

		rc = rq_cmd_interdiff(&change, folder, run->series.name, own, entry, err);
		if (!rc && change.kind != RQ_INTERDIFF_NONE)
			rq_page_change(run->page, branch, entry, kinds[change.kind],
				       rq_str_slice(&change.text));
		rq_interdiff_release(&change);
	}
	return rc;
}

static int add_branch(struct run *run, const struct rq_state *state, struct rq_err *err)
{
	_cleanup_free_ char *folder =
		rq_xasprintf("%s/%s/%s", run->out, run->series.name, state->branch);
	_cleanup_free_ char *path = rq_path_join(folder, "port.json");
	struct rq_page_branch branch = { .name = state->branch,
					 .word = state->word,
					 .stale = state->stale || state->unchecked,
					 .last_good = state->last_good,
					 .path = path };
	struct rq_str json = { 0 };
	int rc = rq_file_exists(path)
			 ? rq_file_read_below(&json, folder, "port.json", err)
			 : 0;

	branch.json = rq_str_slice(&json);
	if (!rc)
		rc = rq_page_branch(run->page, &branch, err);
	if (!rc && rq_page_base(run->page, state->branch)) {
		char date[16];

		rq_cmd_commit_date(date, sizeof(date), run->repo,
				   rq_page_base(run->page, state->branch));
		rq_page_base_date(run->page, state->branch, date);
	}
	if (!rc && !state->stale && !state->unchecked)
		rc = add_changes(run, folder, state->branch, err);
	rq_str_release(&json);
	return rc;
}

static int list_results(struct rq_names *out, struct rq_err *err)
{
	DIR *dir = opendir(results_dir);
	struct dirent *entry;

	if (!dir)
		return rq_err_errno(err, "%s", results_dir);
	while ((entry = readdir(dir))) {
		size_t n = strlen(entry->d_name);

		if (n > 5 && strcmp(entry->d_name + n - 5, ".json") == 0)
			rq_names_add(out, rq_slice_of(entry->d_name));
	}
	closedir(dir);
	rq_names_sort(out);
	return 0;
}

static int add_results(struct run *run, struct rq_err *err)
{
	struct rq_names files = { 0 };
	size_t taken = 0;
	int rc = results_dir ? list_results(&files, err) : 0;

	for (size_t i = 0; i < files.v.n && !rc; i++) {
		_cleanup_free_ char *path = rq_path_join(results_dir, files.v.v[i]);
		struct rq_str json = { 0 };

		rc = rq_file_read(&json, path, err);
		if (!rc)
			rc = rq_page_results(run->page, path, files.v.v[i],
					     rq_str_slice(&json), &taken, err);
		rq_str_release(&json);
	}
	rq_names_release(&files);
	if (!rc && results_dir && !taken)
		rc = rq_err_set(err, RQ_EFORMAT,
				"%s: no .json file in it has a result of %s; 'requilt "
				"verify --json' prints one",
				results_dir, run->series.name);
	return rc;
}

/* What nobody ported would look like a queue that has nothing to do. */
static int check_ported(const struct run *run, struct rq_err *err)
{
	size_t missing = 0;

	for (size_t i = 0; i < run->states.v.n; i++)
		missing += strcmp(run->states.v.v[i].word, "missing") == 0;
	if (!run->series.entries.n)
		return rq_err_set(err, RQ_EFORMAT,
				  "%s: names no patch; nothing to report",
				  run->series.path);
	if (missing < run->states.v.n)
		return 0;
	return rq_err_set(err, RQ_EFORMAT,
			  "%s/%s: no port of a branch is there; 'requilt port %s' writes "
			  "them, --out names another folder",
			  run->out, run->series.name, run->series.name);
}

static int gather(struct run *run, struct rq_err *err)
{
	_cleanup_(rq_cmd_port_end) struct rq_cmd_port port = { 0 };
	_cleanup_free_ char *queue = NULL;
	struct rq_queue_commit commit;
	struct rq_err ignored;
	int rc = rq_cmd_port_begin(&port, run->out, &run->branches, err);

	if (!rc)
		rc = rq_cmd_branches(&run->branches, err);
	if (!rc && queue_name)
		queue = rq_xstrdup(queue_name);
	else if (!rc)
		rc = rq_cmd_only_queue(&queue, err);
	if (!rc)
		rc = rq_cmd_series(&run->series, queue, &run->branches, err);
	if (!rc)
		rc = rq_queue_states(&run->states, &run->series, NULL, 0, &port.options,
				     err);
	if (!rc)
		rc = check_ported(run, err);
	if (rc)
		return rc;
	run->page = rq_page_new(&run->series);
	if (rq_cmd_queue_commit(&commit, &run->series, &run->branches))
		rq_page_commit(run->page, commit.id, commit.date, commit.changed);
	if (rq_repo_open(&run->repo, port.repo, &ignored))
		run->repo = NULL;
	for (size_t i = 0; i < run->states.v.n && !rc; i++)
		rc = add_branch(run, &run->states.v.v[i], err);
	return rc ? rc : add_results(run, err);
}

static int write_page(const struct run *run, struct rq_err *err)
{
	_cleanup_free_ char *path = rq_path_join(html_dir, "index.html");
	struct rq_str html = { 0 };
	int rc = rq_dir_make(html_dir, err);

	rq_page_html(&html, run->page);
	if (!rc)
		rc = rq_file_write(path, rq_str_slice(&html), err);
	if (!rc && !rq_globals.quiet)
		rq_print_clean(stderr, "requilt: wrote %s\n", path);
	rq_str_release(&html);
	return rc;
}

static void print_markdown(const struct run *run)
{
	struct rq_str text = { 0 };

	rq_page_markdown(&text, run->page);
	fwrite(text.s, 1, text.len, stdout);
	rq_str_release(&text);
}

/* A service that reads it takes what was skipped for well: all of it must not be. */
static int print_junit(const struct run *run, struct rq_err *err)
{
	struct rq_str text = { 0 };
	int rc = 0;

	if (rq_page_junit(&text, run->page, strict))
		fwrite(text.s, 1, text.len, stdout);
	else
		rc = rq_err_set(err, RQ_EQUEUE,
				"%s: no port is current and has an entry that is not "
				"skipped, so JUnit would show nothing; see 'requilt "
				"status'",
				run->series.name);
	rq_str_release(&text);
	return rc;
}

static int verdict(const struct run *run, struct rq_err *err)
{
	size_t bad = rq_page_count_bad(run->page);

	if (!strict || !bad)
		return 0;
	return rq_err_set(err, RQ_EQUEUE,
			  "%s: %zu of %zu branches are not green, or have a result that "
			  "is not good or not current",
			  run->series.name, bad, run->states.v.n);
}

int rq_cmd_report(int argc, char **argv, struct rq_err *err)
{
	_cleanup_free_ char *series = rq_path_join(rq_globals.dir, "series");
	struct run run = { .out = rq_xstrdup(out_dir ? out_dir : series) };
	int rc = 0;

	if (argc)
		rc = rq_err_set(
			err, RQ_EUSAGE,
			"report: takes no words ('%s'); name the queue with --queue",
			argv[0]);
	else if ((!html_dir && !markdown && !junit) || (markdown && junit))
		rc = rq_err_set(
			err, RQ_EUSAGE,
			"report: say what to make: -o DIR, --markdown or --junit");
	if (!rc)
		rc = gather(&run, err);
	if (!rc && html_dir)
		rc = write_page(&run, err);
	if (!rc && markdown)
		print_markdown(&run);
	if (!rc && junit)
		rc = print_junit(&run, err);
	if (!rc)
		rc = verdict(&run, err);
	rq_page_free(run.page);
	rq_repo_close(run.repo);
	rq_states_release(&run.states);
	rq_series_release(&run.series);
	rq_branches_release(&run.branches);
	free(run.out);
	return rc;
}
