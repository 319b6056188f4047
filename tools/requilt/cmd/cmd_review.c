// SPDX-License-Identifier: GPL-2.0-only
/*
 * requilt review: walks the yellow changes that nobody has accepted, each once for all branches that
 * have it, and asks what to do with it.  Reads its answers line by line from stdin.
 */
#include "cmd/change.h"

#include <stdlib.h>

#include "cmd/unread.h"
#include "emit/emit.h"
#include "report/report.h"
#include "util/file.h"
#include "util/path.h"

static const char *who, *out_dir, *queue_name;

const struct rq_opt rq_cmd_review_options[] = {
	{ "queue", 0, RQ_OPT_STRING, "QUEUE", "which queue (default: the only one)",
	  &queue_name },
	{ "who", 0, RQ_OPT_STRING, "NAME", "who reads (default: git's user)", &who },
	{ "out", 0, RQ_OPT_STRING, "DIR", "where port wrote (default: series)",
	  &out_dir },
	{ 0 },
};

static void print_title(const struct rq_unread *one, size_t number, size_t of)
{
	char hex[RQ_OID_HEX + 1];

	printf("%s%zu of %zu: ", number > 1 ? "\n" : "", number, of);
	rq_print_clean(stdout, "%s: %s on", one->entry, one->outcome);
	for (size_t i = 0; i < one->branches.v.n; i++)
		rq_print_clean(stdout, " %s", one->branches.v.v[i]);
	printf("\nchange %.12s\n", rq_oid_hex(hex, &one->change));
}

/* What port wrote for the entry; where it wrote nothing, since all is there, the queue's own patch. */
static int read_patch(struct rq_str *out, const struct rq_reading *reading,
		      const struct rq_unread *one, const char *folder, struct rq_err *err)
{
	_cleanup_free_ char *name = rq_emit_name(reading->queue, one->entry);
	const struct rq_entry source = { .path = one->entry };
	_cleanup_free_ char *path = rq_series_patch_path(
		rq_globals.dir, &source,
		rq_branches_find(reading->branches, one->branches.v.v[0]));
	int rc = rq_file_read_below(out, folder, name, err);

	return rc == RQ_ENOTFOUND ? rq_file_read_within(out, rq_globals.dir, path, err)
				  : rc;
}

/* How it was placed, and the patch that is accepted, as the first branch with the change has it. */
static int show(const struct rq_reading *reading, const struct rq_unread *one,
		struct rq_err *err)
{
	_cleanup_free_ char *folder = rq_xasprintf("%s/%s/%s", reading->out,
						   reading->queue, one->branches.v.v[0]);
	_cleanup_free_ char *path = rq_path_join(folder, "port.json");
	_cleanup_(rq_str_release) struct rq_str json = { 0 }, patch = { 0 };
	int rc = rq_file_read_below(&json, folder, "port.json", err);

	if (!rc)
		rc = read_patch(&patch, reading, one, folder, err);
	if (!rc)
		rc = rq_report_show(stdout, path, rq_str_slice(&json), one->entry,
				    rq_cmd_color(), err);
	if (!rc)
		rq_cmd_put_text(&patch);
	return rc;
}

/* 'a', 'n', 's' or 'q', for the letter or its word alone; 'q' at the end of the input, else 0. */
static char ask(void)
{
	static const char *const answers[] = { "accept", "next", "show", "quit" };
	_cleanup_free_ char *answer = NULL;

	printf("[a]ccept, [n]ext, [s]how again, [q]uit? ");
	answer = rq_cmd_read_answer();
	if (!answer) {
		putchar('\n');
		return 'q';
	}
	for (size_t i = 0; i < ARRAY_SIZE(answers); i++)
		if (strcmp(answer, answers[i]) == 0 ||
		    (answer[0] == answers[i][0] && !answer[1]))
			return answers[i][0];
	return 0;
}

/* Asks until the change is accepted, skipped or the reader goes; *key is the last answer. */
static int review_one(const struct rq_reading *reading, const struct rq_unread *one,
		      char *key, struct rq_err *err)
{
	int rc = show(reading, one, err);

	while (!rc) {
		*key = ask();
		if (*key == 'a') {
			rc = rq_cmd_accept_unread(reading, one, err);
			return rc ? rc : rq_cmd_records_step(err);
		}
		if (*key == 'n' || *key == 'q')
			return 0;
		if (*key == 's')
			rc = show(reading, one, err);
	}
	return rc;
}

static int review(const struct rq_reading *reading, char *const *names, int n,
		  struct rq_err *err)
{
	struct rq_unreads unreads = { 0 };
	size_t accepted = 0;
	char key = 'n';
	int rc = rq_cmd_unread(&unreads, reading, names, n, err);

	for (size_t i = 0; i < unreads.red.v.n && !rc; i++)
		rq_print_clean(stderr,
			       "requilt: %s is red: nothing of it can be accepted\n",
			       unreads.red.v.v[i]);
	for (size_t i = 0; i < unreads.v.n && key != 'q' && !rc; i++) {
		print_title(&unreads.v.v[i], i + 1, unreads.v.n);
		rc = review_one(reading, &unreads.v.v[i], &key, err);
		accepted += !rc && key == 'a';
	}
	if (!rc && !unreads.v.n)
		printf("%s: nothing is left to read\n", reading->queue);
	else if (!rc)
		rq_print_clean(stdout, "%s: %zu accepted, %zu left%s\n", reading->queue,
			       accepted, unreads.v.n - accepted,
			       accepted ? "; 'requilt port' makes them green" : "");
	rq_unreads_release(&unreads);
	return rc;
}

int rq_cmd_review(int argc, char **argv, struct rq_err *err)
{
	_cleanup_free_ char *queue = queue_name ? rq_xstrdup(queue_name) : NULL;
	_cleanup_free_ char *reader = NULL,
			    *below = rq_path_join(rq_globals.dir, "series");
	struct rq_branches branches = { 0 };
	struct rq_series series = { 0 };
	struct rq_reading reading = { .out = out_dir ? out_dir : below,
				      .series = &series,
				      .branches = &branches };
	int rc = rq_cmd_branches(&branches, err);

	if (!rc && !queue)
		rc = rq_cmd_only_queue(&queue, err);
	if (!rc)
		rc = rq_cmd_who(&reader, who, "review: say who reads", err);
	if (!rc)
		rc = rq_cmd_check_name("queue", queue, err);
	if (!rc)
		rc = rq_cmd_series(&series, queue, &branches, err);
	reading.queue = queue;
	reading.who = reader;
	if (!rc)
		rc = review(&reading, argv, argc, err);
	rq_series_release(&series);
	rq_branches_release(&branches);
	return rc;
}
