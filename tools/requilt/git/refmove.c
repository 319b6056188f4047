// SPDX-License-Identifier: GPL-2.0-only
/*
 * Moving and removing refs: one program at a time, only from where the ref is meant to be, and with a
 * note from which the next run knows the lock file of one that was killed.  Writes refs only.
 */
#include "git/git_internal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/file.h"
#include "util/mem.h"
#include "util/path.h"

/* Where ports go; nobody else writes there. */
#define OUR_REFS "refs/heads/requilt/"
#define LOCK_TRIES 20

/*
 * While a ref moves its name is in this file of the repository, so that a run that is killed between
 * the ref's lock file and its removal has told whose that is.
 */
#define MOVING "requilt.moving"

/* The repository's lock and its note. */
struct moving {
	int fd;
	char *note;
};

/* What is done to a ref; libgit2's codes. */
struct ref_change {
	const struct rq_oid *from, *to; /* @to is NULL for a removal */
	const char *why;
};

static void unlock(struct moving *m)
{
	if (m->fd >= 0)
		close(m->fd);
	free(m->note);
}

static bool is_ours(const char *ref)
{
	return strncmp(ref, OUR_REFS, strlen(OUR_REFS)) == 0;
}

static void finish_dead_move(struct rq_repo *repo, const char *note)
{
	_cleanup_(rq_str_release) struct rq_str ref = { 0 };
	_cleanup_free_ char *lock = NULL;
	struct rq_err ignored;

	if (rq_file_read(&ref, note, &ignored) != 0)
		return;
	lock = rq_xasprintf("%s%s.lock", rq_repo_path(repo), ref.s);
	if (rq_ref_valid(ref.s))
		unlink(lock);
	unlink(note);
}

/* Waits for whoever moves a ref of the repository, and finishes what a dead one began. */
static int lock(struct moving *m, struct rq_repo *repo, struct rq_err *err)
{
	m->fd = open(rq_repo_path(repo), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (m->fd < 0 || flock(m->fd, LOCK_EX) < 0)
		return rq_err_errno(err, "%s: lock", rq_repo_path(repo));
	m->note = rq_xasprintf("%s" MOVING, rq_repo_path(repo));
	finish_dead_move(repo, m->note);
	return 0;
}

static int write_note(const char *note, const char *ref, struct rq_err *err)
{
	int fd = open(note, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
	ssize_t n = fd < 0 ? -1 : write(fd, ref, strlen(ref));

	if (n != (ssize_t)strlen(ref)) {
		rq_err_errno(err, "%s", note);
		unlink(note);
	}
	if (fd >= 0)
		close(fd);
	return n == (ssize_t)strlen(ref) ? 0 : (int)err->code;
}

/* A ref that is elsewhere by now stays. */
static int remove_once(struct rq_repo *repo, const char *ref, const struct rq_oid *at)
{
	git_reference *found = NULL;
	int rc = git_reference_lookup(&found, repo->git, ref);

	if (rc < 0)
		return rc == GIT_ENOTFOUND ? 0 : rc;
	if (git_reference_target(found) &&
	    git_oid_equal(git_reference_target(found), to_git_oid(at)))
		rc = git_reference_delete(found);
	git_reference_free(found);
	return rc;
}

/* One try; GIT_ELOCKED when a lock file stands in the way. */
static int change_once(struct rq_repo *repo, const char *ref, const struct ref_change *c)
{
	git_reference *made = NULL;
	int rc;

	if (!c->to)
		return remove_once(repo, ref, c->from);
	if (rq_oid_is_zero(c->from))
		rc = git_reference_create(&made, repo->git, ref, to_git_oid(c->to), 0,
					  c->why);
	else
		rc = git_reference_create_matching(&made, repo->git, ref,
						   to_git_oid(c->to), 1,
						   to_git_oid(c->from), c->why);
	git_reference_free(made);
	return rc;
}

/*
 * Ours are moved by this program alone, one run at a time (the directory is locked): a lock file that
 * outlives a second of tries was left by a run that was killed.
 */
static int remove_dead_lock(struct rq_repo *repo, const char *ref)
{
	_cleanup_free_ char *path = rq_xasprintf("%s%s.lock", rq_repo_path(repo), ref);

	return is_ours(ref) ? unlink(path) : -1;
}

/* libgit2 links its lock file to the ref, and does not mind where it cannot remove it: then it is the ref itself. */
static void remove_own_lock(struct rq_repo *repo, const char *ref)
{
	_cleanup_free_ char *path = rq_xasprintf("%s%s", rq_repo_path(repo), ref);
	_cleanup_free_ char *lock = rq_xasprintf("%s.lock", path);
	struct stat is, was;

	if (is_ours(ref) && stat(path, &is) == 0 && stat(lock, &was) == 0 &&
	    is.st_dev == was.st_dev && is.st_ino == was.st_ino)
		unlink(lock);
}

static int change_locked(struct rq_repo *repo, const char *ref,
			 const struct ref_change *c)
{
	int rc = change_once(repo, ref, c);

	for (int i = 0; i < LOCK_TRIES && rc == GIT_ELOCKED; i++) {
		usleep(1000000 / LOCK_TRIES);
		rc = change_once(repo, ref, c);
	}
	if (rc == GIT_ELOCKED && remove_dead_lock(repo, ref) == 0)
		rc = change_once(repo, ref, c);
	if (rc >= 0)
		remove_own_lock(repo, ref);
	return rc;
}

/* With the repository locked. */
static int change(struct rq_repo *repo, const struct moving *m, const char *ref,
		  const struct ref_change *c, struct rq_err *err)
{
	int rc = write_note(m->note, ref, err);

	if (rc)
		return rc;
	rc = change_locked(repo, ref, c);
	if (rc < 0)
		rq_git_fail(err, "%s", ref);
	unlink(m->note);
	if (rc != GIT_EMODIFIED && rc != GIT_EEXISTS && rc != GIT_ELOCKED)
		return rc < 0 ? (int)err->code : 0;
	rq_err_prefix(err, "another program moves it, try again (or one died; then "
			   "remove its .lock): ");
	return err->code = RQ_EBUSY;
}

int rq_ref_move(struct rq_repo *repo, const char *ref, const struct rq_oid *from,
		const struct rq_oid *to, const char *why, struct rq_err *err)
{
	_cleanup_(unlock) struct moving m = { .fd = -1 };
	int rc = lock(&m, repo, err);

	if (rc || rq_oid_eq(from, to))
		return rc;
	rc = rq_ref_check(repo, ref, from, err);
	return rc ? rc
		  : change(repo, &m, ref,
			   &(struct ref_change){ .from = from, .to = to, .why = why },
			   err);
}

/* Directories that held nothing but the ref; libgit2 leaves them where it was killed. */
static void remove_empty_parents(struct rq_repo *repo, const char *ref)
{
	_cleanup_free_ char *at = rq_path_parent(ref);

	while (is_ours(at)) {
		_cleanup_free_ char *full = rq_path_join(rq_repo_path(repo), at);

		if (rmdir(full) < 0)
			return;
		*strrchr(at, '/') = '\0';
	}
}

int rq_ref_remove(struct rq_repo *repo, const char *ref, const struct rq_oid *at,
		  struct rq_err *err)
{
	_cleanup_(unlock) struct moving m = { .fd = -1 };
	int rc = lock(&m, repo, err);

	if (!rc)
		rc = change(repo, &m, ref, &(struct ref_change){ .from = at }, err);
	if (!rc)
		remove_empty_parents(repo, ref);
	return rc;
}
