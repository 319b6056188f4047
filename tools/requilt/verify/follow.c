// SPDX-License-Identifier: GPL-2.0-only
/*
 * Follows a guest while it runs: its console goes to a file that can be read at the same time,
 * and the test that runs is reported.
 */
#include "verify/boot_internal.h"

#include <stdio.h>

#include "util/mem.h"

#define SUBTEST "# Subtest: "

struct rq_follow {
	const struct rq_verify_job *job;
	char *step; /* "boot base" */
	FILE *log;
	struct rq_str line; /* what the console printed of it so far */
};

int rq_follow_open(struct rq_follow **out, const struct rq_verify_job *job,
		   const char *step, const char *path, struct rq_err *err)
{
	_cleanup_free_ char *where = rq_xasprintf("%s: its console is %s", step, path);
	FILE *log = fopen(path, "we");

	if (!log)
		return rq_err_errno(err, "%s", path);
	*out = rq_xcalloc(1, sizeof(**out));
	**out = (struct rq_follow){ job, rq_xstrdup(step), log, { 0 } };
	if (job->notice)
		job->notice(job->branch->name, where, job->ctx);
	return 0;
}

static void report_line(struct rq_follow *f)
{
	struct rq_slice line = rq_slice_trim(rq_str_slice(&f->line));
	_cleanup_free_ char *step = NULL;

	if (!f->job->progress || !rq_slice_starts(line, SUBTEST))
		return;
	line = (struct rq_slice){ line.p + strlen(SUBTEST), line.n - strlen(SUBTEST) };
	step = rq_xasprintf("%s: %.*s", f->step, RQ_SLICE_ARG(line));
	f->job->progress(f->job->branch->name, step, f->job->ctx);
}

void rq_follow_printed(struct rq_slice chunk, void *ctx)
{
	struct rq_follow *f = ctx;

	fwrite(chunk.p, 1, chunk.n, f->log);
	fflush(f->log);
	for (size_t i = 0; i < chunk.n; i++) {
		if (chunk.p[i] != '\n') {
			rq_str_add(&f->line, chunk.p + i, 1);
			continue;
		}
		report_line(f);
		f->line.len = 0;
	}
}

void rq_follow_closep(struct rq_follow **follow)
{
	struct rq_follow *f = *follow;

	if (!f)
		return;
	fclose(f->log);
	rq_str_release(&f->line);
	free(f->step);
	free(f);
}
