// SPDX-License-Identifier: GPL-2.0-only
/*
 * The key of a result: everything that compiling and checking a branch depends on, so that the
 * same work under the same key needs no second run, here or on another machine.  ccache and the
 * number of jobs are no part of it: they change how long it takes.
 */
#include "verify/verify_internal.h"

#include "util/file.h"
#include "util/path.h"

/* Changes when what is recorded under a key, or how it is found, does. */
#define KEY_MAGIC "requilt verify 2\n"

static void add(struct rq_str *text, const char *what, const char *s)
{
	rq_str_addf(text, "%s %zu %s\n", what, s ? strlen(s) : 0, s ? s : "");
}

/* A fragment that is not to be read is refused where it is needed, not here. */
static void add_config(struct rq_str *text, const struct rq_verify_job *job)
{
	const struct rq_branch *branch = job->branch;
	struct rq_err ignored = { 0 };

	add(text, "arch", branch->arch);
	add(text, "cross", branch->cross);
	add(text, "kconfig", branch->kconfig);
	for (size_t i = 0; i < branch->compile.v.n; i++)
		add(text, "compile", branch->compile.v.v[i]);
	for (size_t i = 0; i < branch->fragments.v.n; i++) {
		_cleanup_free_ char *path =
			rq_path_join(job->fragments, branch->fragments.v.v[i]);
		struct rq_str bytes = { 0 };
		int rc = rq_file_read(&bytes, path, &ignored);

		rq_str_addf(text, "fragment %d %zu ", rc, bytes.len);
		rq_str_add_slice(text, rq_str_slice(&bytes));
		rq_str_release(&bytes);
	}
}

char *rq_verify_key(const struct rq_walk *w)
{
	const struct rq_verify_job *job = w->job;
	char hex[RQ_OID_HEX + 1];
	struct rq_str text = { 0 };
	struct rq_oid key;

	rq_str_adds(&text, KEY_MAGIC);
	add(&text, "requilt", RQ_VERSION);
	rq_str_addf(&text, "build %d sparse %d each %d\n", job->build, job->sparse,
		    job->each);
	add(&text, "make", w->make);
	add(&text, "compiler", w->out->compiler);
	add(&text, "sparse", w->out->checker);
	for (size_t i = 0; i < w->steps.n; i++) {
		add(&text, "entry", w->out->entries.v[w->steps.v[i].entry].patch);
		add(&text, "tree", rq_oid_hex(hex, &w->steps.v[i].tree));
	}
	add_config(&text, job);
	rq_oid_of(&key, RQ_OBJ_BLOB, text.s, text.len);
	rq_str_release(&text);
	return rq_xstrdup(rq_oid_hex(hex, &key));
}
