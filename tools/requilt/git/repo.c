// SPDX-License-Identifier: GPL-2.0-only
/*
 * A repository: its refs, and reading objects from it.  Writes refs only; objects are
 * written by pack.c.
 */
#include "git/git_internal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "util/mem.h"
#include "util/vec.h"

/* Where ports go; nobody else writes there. */
#define OUR_REFS "refs/heads/requilt/"
#define LOCK_TRIES 20

static int wrap(struct rq_repo **out, git_repository *git, const char *path,
		struct rq_err *err)
{
	struct rq_repo *repo = rq_xcalloc(1, sizeof(*repo));

	repo->git = git;
	if (git_repository_odb(&repo->odb, git) < 0) {
		rq_git_fail(err, "%s: object store", path);
		rq_repo_close(repo);
		return err->code;
	}
	*out = repo;
	return 0;
}

int rq_repo_open(struct rq_repo **out, const char *path, struct rq_err *err)
{
	git_repository *git;
	int rc = git_repository_open(&git, path);

	if (rc == GIT_ENOTFOUND)
		return rq_err_set(
			err, RQ_ENOTFOUND,
			"%s: no kernel repository there; 'requilt tree add' makes one",
			path);
	if (rc < 0)
		return rq_git_fail(err, "%s", path);
	return wrap(out, git, path, err);
}

int rq_repo_open_or_init(struct rq_repo **out, const char *path, struct rq_err *err)
{
	git_repository_init_options options = {
		.version = GIT_REPOSITORY_INIT_OPTIONS_VERSION,
		.flags = GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_MKPATH,
	};
	git_repository *git;
	int rc;

	rc = rq_repo_open(out, path, err);
	if (rc != RQ_ENOTFOUND)
		return rc;
	if (git_repository_init_ext(&git, path, &options) < 0)
		return rq_git_fail(err, "%s", path);
	return wrap(out, git, path, err);
}

void rq_repo_close(struct rq_repo *repo)
{
	if (!repo)
		return;
	git_odb_free(repo->odb);
	git_repository_free(repo->git);
	free(repo);
}

void rq_repo_closep(struct rq_repo **repo)
{
	rq_repo_close(*repo);
}

const char *rq_repo_path(const struct rq_repo *repo)
{
	return git_repository_path(repo->git);
}

int rq_repo_refresh(struct rq_repo *repo, struct rq_err *err)
{
	if (git_odb_refresh(repo->odb) < 0)
		return rq_git_fail(err, "%s", rq_repo_path(repo));
	return 0;
}

int rq_repo_resolve(struct rq_repo *repo, const char *name, struct rq_oid *commit,
		    struct rq_oid *tree, struct rq_err *err)
{
	git_object *found = NULL, *peeled = NULL;
	int rc = 0;

	memset(commit, 0, sizeof(*commit));
	if (git_revparse_single(&found, repo->git, name) < 0) {
		rq_git_fail(err, "%s: no such commit or tree", name);
		err->code = RQ_ENOTFOUND;
		return RQ_ENOTFOUND;
	}
	if (git_object_peel(&peeled, found, GIT_OBJECT_COMMIT) == 0) {
		from_git_oid(commit, git_object_id(peeled));
		git_object_free(peeled);
	}
	if (git_object_peel(&peeled, found, GIT_OBJECT_TREE) < 0) {
		rc = rq_git_fail(err, "%s: neither commit nor tree", name);
	} else {
		from_git_oid(tree, git_object_id(peeled));
		git_object_free(peeled);
	}
	git_object_free(found);
	return rc;
}

bool rq_ref_valid(const char *ref)
{
	int valid = 0;

	/* git itself keeps these two from being branches. */
	if (strcmp(ref, "refs/heads/HEAD") == 0 || strcmp(ref, "refs/heads/@") == 0)
		return false;
	return git_reference_name_is_valid(&valid, ref) == 0 && valid;
}

int rq_ref_read(struct rq_repo *repo, const char *ref, struct rq_oid *out,
		struct rq_err *err)
{
	git_oid oid;
	int rc = git_reference_name_to_id(&oid, repo->git, ref);

	if (rc == GIT_ENOTFOUND)
		return rq_err_set(err, RQ_ENOTFOUND, "%s: no such ref in %s", ref,
				  rq_repo_path(repo));
	if (rc < 0)
		return rq_git_fail(err, "%s", ref);
	from_git_oid(out, &oid);
	return 0;
}

/* One try; GIT_ELOCKED when a lock file stands in the way. */
static int move_once(struct rq_repo *repo, const char *ref, const struct rq_oid *from,
		     const struct rq_oid *to, const char *why)
{
	git_reference *made = NULL;
	int rc;

	if (rq_oid_is_zero(from))
		rc = git_reference_create(&made, repo->git, ref, to_git_oid(to), 0, why);
	else
		rc = git_reference_create_matching(&made, repo->git, ref, to_git_oid(to),
						   1, to_git_oid(from), why);
	git_reference_free(made);
	return rc;
}

/*
 * Ours are moved by this program alone, one run at a time (the folder is locked): a lock file that
 * outlives a second of tries was left by a run that was killed.
 */
static int remove_dead_lock(struct rq_repo *repo, const char *ref)
{
	_cleanup_free_ char *path = rq_xasprintf("%s%s.lock", rq_repo_path(repo), ref);

	return strncmp(ref, OUR_REFS, strlen(OUR_REFS)) == 0 ? unlink(path) : -1;
}

static int move_locked(struct rq_repo *repo, const char *ref, const struct rq_oid *from,
		       const struct rq_oid *to, const char *why)
{
	int rc = move_once(repo, ref, from, to, why);

	for (int i = 0; i < LOCK_TRIES && rc == GIT_ELOCKED; i++) {
		usleep(1000000 / LOCK_TRIES);
		rc = move_once(repo, ref, from, to, why);
	}
	if (rc == GIT_ELOCKED && remove_dead_lock(repo, ref) == 0)
		rc = move_once(repo, ref, from, to, why);
	return rc;
}

int rq_ref_move(struct rq_repo *repo, const char *ref, const struct rq_oid *from,
		const struct rq_oid *to, const char *why, struct rq_err *err)
{
	int fd = open(rq_repo_path(repo), O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc;

	if (fd < 0 || flock(fd, LOCK_EX) < 0) {
		rq_err_errno(err, "%s: lock", rq_repo_path(repo));
		if (fd >= 0)
			close(fd);
		return err->code;
	}
	rc = move_locked(repo, ref, from, to, why);
	if (rc < 0)
		rq_git_fail(err, "%s", ref);
	close(fd);
	if (rc == GIT_EMODIFIED || rc == GIT_EEXISTS || rc == GIT_ELOCKED) {
		rq_err_prefix(err, "another run moves it, try again: ");
		err->code = RQ_EBUSY;
	}
	return rc < 0 ? (int)err->code : 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int rq_ref_each(struct rq_repo *repo,
		int (*each)(const char *ref, const struct rq_oid *oid, void *ctx),
		void *ctx, struct rq_err *err)
{
	git_reference_iterator *iter;
	rq_vec(char *) names = { 0 };
	const char *name;
	struct rq_oid oid;
	int rc = 0;

	if (git_reference_iterator_glob_new(&iter, repo->git, "refs/heads/*") < 0)
		return rq_git_fail(err, "%s: refs", rq_repo_path(repo));
	while (git_reference_next_name(&name, iter) == 0)
		*rq_vec_push(&names) = rq_xstrdup(name);
	git_reference_iterator_free(iter);
	if (names.n)
		qsort(names.v, names.n, sizeof(*names.v), by_name);
	for (size_t i = 0; i < names.n; i++) {
		if (!rc)
			rc = rq_ref_read(repo, names.v[i], &oid, err);
		if (!rc)
			rc = each(names.v[i], &oid, ctx);
		free(names.v[i]);
	}
	rq_vec_release(&names);
	return rc;
}

int rq_commit_info(struct rq_repo *repo, const struct rq_oid *commit, int64_t *when,
		   struct rq_oid *tree, struct rq_err *err)
{
	git_commit *c;

	if (git_commit_lookup(&c, repo->git, to_git_oid(commit)) < 0)
		return rq_git_fail(err, "commit");
	*when = git_commit_time(c);
	from_git_oid(tree, git_commit_tree_id(c));
	git_commit_free(c);
	return 0;
}

bool rq_obj_exists(struct rq_repo *repo, const struct rq_oid *oid)
{
	/* Without a refresh: a miss must not re-read the pack folder for every new object. */
	return git_odb_exists_ext(repo->odb, to_git_oid(oid), GIT_ODB_LOOKUP_NO_REFRESH);
}

int rq_blob_read(struct rq_repo *repo, const struct rq_oid *oid, struct rq_str *out,
		 struct rq_err *err)
{
	git_odb_object *obj;
	char hex[RQ_OID_HEX + 1];

	if (git_odb_read(&obj, repo->odb, to_git_oid(oid)) < 0)
		return rq_git_fail(err, "blob %s", rq_oid_hex(hex, oid));
	if (git_odb_object_type(obj) != GIT_OBJECT_BLOB) {
		git_odb_object_free(obj);
		return rq_err_set(err, RQ_EGIT, "%s is no blob", rq_oid_hex(hex, oid));
	}
	rq_str_reserve(out, git_odb_object_size(obj));
	rq_str_add(out, git_odb_object_data(obj), git_odb_object_size(obj));
	git_odb_object_free(obj);
	return 0;
}

int rq_tree_lookup(struct rq_repo *repo, const struct rq_oid *tree, const char *path,
		   struct rq_oid *oid, enum rq_mode *mode, struct rq_err *err)
{
	git_tree_entry *entry = NULL;
	git_tree *root;
	int rc;

	*mode = RQ_MODE_NONE;
	if (git_tree_lookup(&root, repo->git, to_git_oid(tree)) < 0)
		return rq_git_fail(err, "tree");
	rc = git_tree_entry_bypath(&entry, root, path);
	git_tree_free(root);
	if (rc == GIT_ENOTFOUND)
		return 0;
	if (rc < 0)
		return rq_git_fail(err, "%s", path);
	*mode = (enum rq_mode)git_tree_entry_filemode(entry);
	from_git_oid(oid, git_tree_entry_id(entry));
	git_tree_entry_free(entry);
	return 0;
}

struct walk {
	int (*each)(const char *path, enum rq_mode mode, const struct rq_oid *oid,
		    void *ctx);
	void *ctx;
	int rc;
};

static int walk_entry(const char *root, const git_tree_entry *entry, void *payload)
{
	struct walk *walk = payload;
	struct rq_oid oid;
	char *path;

	if (git_tree_entry_type(entry) == GIT_OBJECT_TREE)
		return 0;
	from_git_oid(&oid, git_tree_entry_id(entry));
	path = rq_xasprintf("%s%s", root, git_tree_entry_name(entry));
	walk->rc = walk->each(path, (enum rq_mode)git_tree_entry_filemode(entry), &oid,
			      walk->ctx);
	free(path);
	return walk->rc ? -1 : 0;
}

int rq_tree_each(struct rq_repo *repo, const struct rq_oid *tree,
		 int (*each)(const char *path, enum rq_mode mode,
			     const struct rq_oid *oid, void *ctx),
		 void *ctx, struct rq_err *err)
{
	struct walk walk = { .each = each, .ctx = ctx };
	git_tree *root;
	int rc;

	if (git_tree_lookup(&root, repo->git, to_git_oid(tree)) < 0)
		return rq_git_fail(err, "tree");
	rc = git_tree_walk(root, GIT_TREEWALK_PRE, walk_entry, &walk);
	git_tree_free(root);
	if (walk.rc)
		return walk.rc;
	return rc < 0 ? rq_git_fail(err, "tree") : 0;
}
