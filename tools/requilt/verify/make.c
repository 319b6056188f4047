// SPDX-License-Identifier: GPL-2.0-only
/*
 * How make is called.  Its output comes target by target (-Otarget), so that what a compiler
 * says stands below the line that names the object; and it goes on after a failure (-k).
 */
#include "verify/verify_internal.h"

#include <stdlib.h>

#include "proc/proc.h"

#define VERSION_SECONDS 20

struct words {
	rq_vec(char *) v;
};

static void add(struct words *words, char *owned)
{
	*rq_vec_push(&words->v) = owned;
}

static void release(struct words *words)
{
	for (size_t i = 0; i < words->v.n; i++)
		free(words->v.v[i]);
	rq_vec_release(&words->v);
}

static void build_argv(struct words *argv, const struct rq_site *site,
		       const struct rq_make *make)
{
	const char *cross = site->job->branch->cross;

	add(argv, rq_xstrdup("make"));
	add(argv, rq_xstrdup("--no-print-directory"));
	add(argv, rq_xstrdup("-k"));
	add(argv, rq_xstrdup("-Otarget"));
	/* Databases of makes that run side by side are printed into each other. */
	add(argv, rq_xasprintf("-j%ld", make->dry ? 1 : site->job->jobs));
	if (make->dry)
		add(argv, rq_xstrdup("-np"));
	add(argv, rq_xasprintf("-C%s", site->tree));
	add(argv, rq_xasprintf("O=%s", site->build));
	add(argv, rq_xasprintf("ARCH=%s", site->job->branch->arch));
	add(argv, rq_xasprintf("CC=%s%sgcc", site->ccache ? "ccache " : "",
			       cross ? cross : ""));
	if (cross)
		add(argv, rq_xasprintf("CROSS_COMPILE=%s", cross));
	if (make->sparse) {
		add(argv, rq_xstrdup("C=2"));
		add(argv, rq_xstrdup("CHECK=sparse"));
		add(argv, rq_xstrdup("CF=" RQ_SPARSE_FLAGS));
	}
	for (const char *const *goal = make->goals; *goal; goal++)
		add(argv, rq_xstrdup(*goal));
	rq_vec_push(&argv->v);
}

int rq_make_run(struct rq_site *site, const struct rq_make *make, struct rq_str *out,
		int *status, struct rq_err *err)
{
	/* Kbuild drops LC_ALL. */
	static const char *const env[] = { "LANG=C", NULL };
	struct words argv = { 0 };
	int rc;

	build_argv(&argv, site, make);
	rc = rq_proc_run(&(struct rq_proc){ .argv = (const char *const *)argv.v.v,
					    .env = env,
					    .seconds = make->seconds,
					    .out = out,
					    .errors = out },
			 status, err);
	release(&argv);
	return rc;
}

int rq_program_version(char **out, const char *program, struct rq_err *err)
{
	const char *const argv[] = { program, "--version", NULL };
	struct rq_str text = { 0 };
	struct rq_slice rest, line = { "", 0 };
	int status, rc = rq_proc_run(&(struct rq_proc){ .argv = argv,
							.seconds = VERSION_SECONDS,
							.out = &text,
							.errors = &text },
				     &status, err);

	rest = rq_str_slice(&text);
	if (!rc && (status || !rq_slice_next_line(&rest, &line)))
		rc = rq_err_set(err, RQ_ETOOL, "%s --version: exit status %d", program,
				status);
	if (!rc) {
		line = rq_slice_trim(line);
		*out = rq_xstrndup(line.p, line.n);
	}
	rq_str_release(&text);
	return rc;
}
