// SPDX-License-Identifier: GPL-2.0-only
/*
 * The folder where a branch is built, and its lock.  One run at a time: the second is told
 * so, it does not wait.
 */
#include "verify/verify_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "proc/proc.h"
#include "util/file.h"
#include "util/path.h"

/* What a killed run started ends soon: an object or two. */
#define LOCK_TRIES 20
#define LOCK_WAIT_US 100000

/*
 * The descriptor stays open across exec on purpose: when this program is killed, compilers
 * that are still writing keep the lock until they are done.
 */
static int take_lock(struct rq_site *site, struct rq_err *err)
{
	_cleanup_free_ char *path = rq_path_join(site->folder, "lock");

	site->lock = open(path, O_RDWR | O_CREAT, 0666); /* no O_CLOEXEC, see above */
	if (site->lock < 0)
		return rq_err_errno(err, "%s", path);
	for (int i = 0; flock(site->lock, LOCK_EX | LOCK_NB) < 0; i++) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return rq_err_errno(err, "%s", path);
		if (i == LOCK_TRIES)
			return rq_err_set(err, RQ_EBUSY,
					  "%s: another run is at work there; try again "
					  "when it is done",
					  site->folder);
		usleep(LOCK_WAIT_US);
	}
	return 0;
}

int rq_site_open(struct rq_site *site, const struct rq_verify_job *job,
		 struct rq_err *err)
{
	int rc;

	*site = (struct rq_site){ .job = job, .lock = -1 };
	rc = rq_dir_make(job->folder, err);
	if (rc)
		return rc;
	/* Absolute and without links: compilers and dependency files print it so. */
	site->folder = realpath(job->folder, NULL);
	if (!site->folder)
		return rq_err_errno(err, "%s", job->folder);
	site->tree = rq_path_join(site->folder, "tree");
	site->build = rq_path_join(site->folder, "build");
	site->state = rq_path_join(site->folder, "state");
	site->marker = rq_path_join(site->folder, "building");
	site->ccache = rq_proc_installed("ccache");
	rc = take_lock(site, err);
	if (!rc && rq_file_exists(site->marker))
		rc = rq_dir_remove(site->build, err);
	return rc ? rc : rq_repo_open(&site->repo, job->repo_path, err);
}

void rq_site_close(struct rq_site *site)
{
	rq_repo_close(site->repo);
	if (site->lock >= 0)
		close(site->lock);
	free(site->folder);
	free(site->tree);
	free(site->build);
	free(site->state);
	free(site->marker);
	*site = (struct rq_site){ .lock = -1 };
}
