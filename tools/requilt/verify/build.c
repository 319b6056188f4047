// SPDX-License-Identifier: GPL-2.0-only
/*
 * One call of make for a list of goals.  A compiler tells its warnings once, when it makes an
 * object; so objects with warnings are not kept.  A run that was killed in between may have
 * left some: its marker is there, and the build folder starts again (site.c).
 */
#include "verify/verify_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "util/file.h"
#include "util/path.h"

#define BUILD_SECONDS (2 * 3600)

static void remove_object(struct rq_site *site, const char *object)
{
	_cleanup_free_ char *path = rq_path_join(site->build, object);

	unlink(path);
}

static void remove_warned(struct rq_site *site, const struct rq_output *output)
{
	for (size_t i = 0; i < output->diags.v.n; i++)
		if (output->diags.v.v[i].tool == RQ_DIAG_COMPILER)
			remove_object(site, output->diags.v.v[i].object);
}

/*
 * Whether a folder among the goals brings @goal along.  Older Kbuild (5.10's) takes a list with
 * "mm/" and "mm/rmap.o" for the objects alone, and leaves the rest of the folder unmade.
 */
static bool comes_with_folder(const struct rq_names *goals, const char *goal)
{
	for (size_t i = 0; i < goals->v.n; i++) {
		const char *folder = goals->v.v[i];

		if (rq_slice_ends(rq_slice_of(folder), "/") &&
		    rq_slice_starts(rq_slice_of(goal), folder) &&
		    strcmp(goal, folder) != 0)
			return true;
	}
	return false;
}

static int run(struct rq_output *out, bool *clean, struct rq_site *site,
	       const struct rq_names *goals, bool sparse, struct rq_err *err)
{
	rq_vec(const char *) words = { 0 };
	struct rq_str text = { 0 };
	int status = 0, rc;

	for (size_t i = 0; i < goals->v.n; i++)
		if (!comes_with_folder(goals, goals->v.v[i]))
			*rq_vec_push(&words) = goals->v.v[i];
	rq_vec_push(&words);
	rc = rq_make_run(site,
			 &(struct rq_make){ .goals = words.v,
					    .sparse = sparse,
					    .seconds = BUILD_SECONDS },
			 &text, &status, err);
	if (!rc)
		rq_output_read(out, rq_str_slice(&text), site->tree);
	*clean = !rc && status == 0;
	rq_vec_release(&words);
	rq_str_release(&text);
	return rc;
}

int rq_build(struct rq_output *out, bool *clean, struct rq_site *site,
	     const struct rq_names *goals, bool sparse, struct rq_err *err)
{
	int rc = rq_file_write(site->marker, RQ_SLICE(""), err);

	if (!rc)
		rc = run(out, clean, site, goals, sparse, err);
	if (rc)
		return rc;
	remove_warned(site, out);
	return unlink(site->marker) < 0 ? rq_err_errno(err, "%s", site->marker) : 0;
}
