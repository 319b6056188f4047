// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes as branches.conf.  What is taken has branches of distinct names that lead nowhere.
 */
#include "fuzz.h"

#include "git/git.h"
#include "series/series.h"
#include "util/path.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rq_branches branches = { 0 };
	struct rq_err err = { 0 };
	static bool started;
	int rc;

	if (!started)
		rq_git_init();
	started = true;
	/* One file may bring another one in, which is another test's. */
	if (memmem(data, size, "nclude", 6))
		return 0;
	rc = rq_branches_load(&branches, memory_file(data, size), &err);
	must(!rc || rc == RQ_EFORMAT || rc == RQ_EUNSAFE);
	tell(" %s\n", rc ? err.msg : "taken");
	for (size_t i = 0; i < branches.all.n && !rc; i++) {
		must(!rq_path_unsafe(rq_slice_of(branches.all.v[i].name)));
		for (size_t k = 0; k < i; k++)
			must(strcmp(branches.all.v[i].name, branches.all.v[k].name) != 0);
		tell("  %s\n", branches.all.v[i].name);
	}
	rq_branches_release(&branches);
	return 0;
}
