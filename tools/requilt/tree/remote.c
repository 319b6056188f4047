// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads the tree of a commit in another repository.  A local one is read in place; a URL, or
 * a local one of a kind that libgit2 refuses (partial clones), is first fetched by git
 * into a store that is removed again, one commit deep.  Only the tree's objects come
 * over: the kernel repository never becomes shallow and gets no foreign history.
 */
#include "tree/tree_internal.h"

#include <stdlib.h>
#include <unistd.h>

#include "proc/proc.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/path.h"
#include "util/temp.h"

/* A kernel's pack is 300 MB, and every blob of it is read once. */
#define MAP_LIMIT ((size_t)128 << 20)

/* What the store is called, in front of letters; git prune removes "tmp_*". */
#define STORE "tmp_requilt_fetch_"
/* For a kernel's 300 MB over a slow line. */
#define FETCH_SECONDS (6 * 3600L)
/* A server that sends nothing for so long sends nothing any more: git:// and ssh know no limit. */
#define FETCH_SILENCE 120
/* A kernel takes 400 MB of the one and 300 MB of the other. */
#define FETCH_MEMORY ((size_t)2 << 30)
#define FETCH_PACK ((size_t)4 << 30)
#define FETCHED "refs/requilt/fetched"

struct copy {
	struct intake *in;
	struct rq_repo *from;
	struct rq_err *err;
};

/* A submodule is an id and nothing else.  The bytes of a link are checked, even if a file has the same. */
static bool is_known(const struct copy *c, enum rq_mode mode, const struct rq_oid *oid)
{
	return mode == RQ_MODE_GITLINK ||
	       (mode != RQ_MODE_LINK && rq_obj_exists(c->in->import->repo, oid));
}

/* What is to be read, before any of it is. */
static int count_one(const char *path, enum rq_mode mode, const struct rq_oid *oid,
		     void *ctx)
{
	struct copy *c = ctx;
	uint64_t size = 0;
	int rc;

	if (without_path(&c->in->without, path))
		return 0;
	c->in->progress.total++;
	if (is_known(c, mode, oid))
		return 0;
	rc = rq_obj_size(c->from, oid, &size, c->err);
	if (rc == RQ_ENOTFOUND) {
		without_missing(&c->in->without, path);
		return 0;
	}
	return rc ? rq_err_prefix(c->err, "%s: ", path)
		  : intake_announce(c->in, path, size, c->err);
}

static int copy_one(const char *path, enum rq_mode mode, const struct rq_oid *oid,
		    void *ctx)
{
	struct copy *c = ctx;
	struct rq_str bytes = { 0 };
	int rc;

	if (without_path(&c->in->without, path))
		return 0;
	c->in->progress.done++;
	if (is_known(c, mode, oid))
		return intake_known(c->in, path, mode, oid, c->err);
	rc = rq_blob_read(c->from, oid, &bytes, c->err);
	if (rc) {
		rq_str_release(&bytes);
		return rq_err_prefix(c->err, "%s: ", path);
	}
	return intake_file(c->in, path, mode, bytes.s, bytes.len, 0, c->err);
}

static int copy_tree(struct intake *in, struct rq_repo *from, const char *name,
		     struct rq_oid *tree, struct rq_err *err)
{
	struct copy copy = { .in = in, .from = from, .err = err };
	char hex[RQ_OID_HEX + 1];
	struct rq_oid commit;
	int rc;

	rq_git_map_at_most(MAP_LIMIT);
	/* Some bytes more: libgit2 puts a NUL behind the contents. */
	rq_git_take_at_most(INTAKE_LARGEST + 65536);
	rc = rq_repo_resolve(from, name, &commit, tree, err);
	if (!rc && !rq_oid_is_zero(&commit)) {
		char *origin = rq_xasprintf("%s commit %s", in->origin,
					    rq_oid_hex(hex, &commit));
		struct rq_oid same;
		int64_t when = 0;

		free(in->origin);
		in->origin = origin;
		rc = rq_commit_info(from, &commit, &when, &same, err);
		in->newest = when > 0 ? when : 0;
	}
	if (!rc)
		rc = rq_tree_each(from, tree, count_one, &copy, err);
	if (!rc)
		rc = without_check(&in->without, err);
	if (!rc && !without_path(&in->without, "Makefile"))
		rc = rq_tree_version(&in->version, from, tree, err);
	if (!rc)
		rc = rq_tree_each(from, tree, copy_one, &copy, err);
	/* What comes out is another tree then. */
	if (!rc && in->without.used.v.n)
		*tree = (struct rq_oid){ 0 };
	return rc;
}

int local_read(struct intake *in, const char *path, const char *ref, struct rq_oid *tree,
	       struct rq_err *err)
{
	struct rq_repo *from;
	int rc = rq_repo_open(&from, path, err);

	if (rc == RQ_EGIT) {
		_cleanup_free_ char *full = realpath(path, NULL);

		return full ? remote_read(in, full, ref, tree, err) : rc;
	}
	if (rc)
		return rc;
	rc = copy_tree(in, from, ref ? ref : "HEAD", tree, err);
	rq_repo_close(from);
	return rc;
}

/* What git and ssh need from the user's environment to reach a server. */
static void add_environment(const char **env, char **owned)
{
	static const char *const names[] = { "SSH_AUTH_SOCK", "GIT_SSH_COMMAND",
					     "http_proxy",    "https_proxy",
					     "all_proxy",     "no_proxy",
					     "HTTPS_PROXY",   "ALL_PROXY",
					     "NO_PROXY" };
	size_t n = 0;

	env[n++] = "GIT_TERMINAL_PROMPT=0";
	/* What the store lacks is not fetched behind our back. */
	env[n++] = "GIT_NO_LAZY_FETCH=1";
	/* No helper of another name, which could be any program. */
	env[n++] = "GIT_ALLOW_PROTOCOL=file:git:http:https:ssh";
	/* A server that sends less than that in a minute sends nothing any more. */
	env[n++] = "GIT_HTTP_LOW_SPEED_LIMIT=100";
	env[n++] = "GIT_HTTP_LOW_SPEED_TIME=60";
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *value = getenv(names[i]);

		if (value)
			env[n++] = *owned++ = rq_xasprintf("%s=%s", names[i], value);
	}
}

static int fetch(const char *store, const char *url, const char *ref, struct rq_err *err)
{
	_cleanup_free_ char *git_dir = rq_xasprintf("--git-dir=%s", store);
	_cleanup_free_ char *spec = rq_xasprintf("+%s:" FETCHED, ref);
	/* A server sends us to no other one; what git shows tells that the server lives. */
	const char *argv[] = { "git",
			       git_dir,
			       "-c",
			       "http.followRedirects=false",
			       "-c",
			       "core.hooksPath=/dev/null",
			       "fetch",
			       "--progress",
			       "--no-recurse-submodules",
			       "--no-auto-maintenance",
			       "--depth=1",
			       "--no-tags",
			       "--no-write-fetch-head",
			       "--",
			       url,
			       spec,
			       NULL };
	const char *env[16] = { 0 };
	char *owned[16] = { 0 };
	struct rq_str errors = { 0 };
	int status = 0, rc;

	add_environment(env, owned);
	rc = rq_proc_run(&(struct rq_proc){ .argv = argv,
					    .env = env,
					    .seconds = FETCH_SECONDS,
					    .silence = FETCH_SILENCE,
					    .memory = FETCH_MEMORY,
					    .file = FETCH_PACK,
					    .errors = &errors },
			 &status, err);
	for (size_t i = 0; i < errors.len; i++)
		if (errors.s[i] == '\r') /* behind each step of the progress */
			errors.s[i] = '\n';
	if (!rc && status)
		rc = rq_err_set(err, RQ_ETOOL, "git fetch of %s: %.*s", ref,
				RQ_SLICE_ARG(rq_git_reason(rq_str_slice(&errors))));
	for (size_t i = 0; i < ARRAY_SIZE(owned); i++)
		free(owned[i]);
	rq_str_release(&errors);
	return rc;
}

static int fetch_and_copy(struct intake *in, const char *store, const char *url,
			  const char *ref, struct rq_oid *tree, struct rq_err *err)
{
	struct rq_repo *from;
	int rc = rq_repo_init(&from, store, err);

	if (rc)
		return rc;
	rc = fetch(store, url, ref, err);
	if (!rc)
		rc = rq_repo_refresh(from, err);
	if (!rc)
		rc = copy_tree(in, from, FETCHED, tree, err);
	rq_repo_close(from);
	return rc;
}

int remote_read(struct intake *in, const char *url, const char *ref, struct rq_oid *tree,
		struct rq_err *err)
{
	_cleanup_free_ char *objects = NULL, *store = NULL;
	struct rq_err ignored;
	int fd, rc;

	if (!ref)
		ref = "HEAD";
	if (*url == '-' || !*ref || *ref == '-' || strpbrk(ref, ":+^~*?[ \t\n"))
		return rq_err_set(err, RQ_EUSAGE,
				  "'%s' is no plain ref name, or the URL no URL", ref);
	objects = rq_path_join(rq_repo_path(in->import->repo), "objects");
	rq_temp_sweep(objects, STORE);
	rc = rq_temp_folder(&fd, &store, objects, STORE, err);
	if (rc)
		return rc;
	rc = fetch_and_copy(in, store, url, ref, tree, err);
	if (rc)
		rq_dir_remove(store, &ignored);
	else
		rc = rq_dir_remove(store, err);
	close(fd);
	return rc;
}
