// SPDX-License-Identifier: GPL-2.0-only
/*
 * A repository: its refs, and reading objects from it.  Refs are moved by refmove.c, objects
 * written by pack.c.
 */
#include "git/git_internal.h"
#include "git/packed_internal.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/file.h"
#include "util/mem.h"
#include "util/names.h"
#include "util/path.h"
#include "util/temp.h"
#include "util/vec.h"

/* Bounds of a tree that is walked; a kernel has 100,000 entries, its largest folder 200 KB of them. */
#define ENTRIES_MOST 1000000
#define FOLDER_LARGEST (64 << 20)

/* What a repository is called while it is made, in front of letters. */
#define INIT ".requilt-init-"

static int wrap(struct rq_repo **out, git_repository *git, const char *path,
		struct rq_err *err)
{
	struct rq_repo *repo = rq_xcalloc(1, sizeof(*repo));
	git_buf objects = { 0 };

	repo->git = git;
	if (git_repository_odb(&repo->odb, git) < 0 ||
	    git_repository_item_path(&objects, git, GIT_REPOSITORY_ITEM_OBJECTS) < 0 ||
	    rq_loose_add(repo->odb, objects.ptr) < 0) {
		rq_git_fail(err, "%s: object store", path);
		git_buf_dispose(&objects);
		rq_repo_close(repo);
		return err->code;
	}
	repo->packs = packs_new(objects.ptr);
	git_buf_dispose(&objects);
	*out = repo;
	return 0;
}

int rq_repo_open(struct rq_repo **out, const char *path, struct rq_err *err)
{
	git_repository *git;
	int rc = rq_repo_check_owner(path, err);

	if (rc)
		return rc;
	rc = git_repository_open(&git, path);
	if (rc == GIT_ENOTFOUND)
		return rq_err_set(
			err, RQ_ENOTFOUND,
			"%s: no kernel repository there; 'requilt tree add' makes one",
			path);
	if (rc < 0)
		return rq_git_fail(err, "%s", path);
	return wrap(out, git, path, err);
}

int rq_repo_init(struct rq_repo **out, const char *path, struct rq_err *err)
{
	git_repository_init_options options = {
		.version = GIT_REPOSITORY_INIT_OPTIONS_VERSION,
		.flags = GIT_REPOSITORY_INIT_BARE,
	};
	git_repository *git;

	if (git_repository_init_ext(&git, path, &options) < 0)
		return rq_git_fail(err, "%s", path);
	return wrap(out, git, path, err);
}

/* Beside its place first, so that half a repository is never there. */
static int make_repo(const char *path, struct rq_err *err)
{
	size_t n = strlen(path);
	_cleanup_free_ char *plain = rq_xstrndup(path, n - (n > 1 && path[n - 1] == '/'));
	const char *base = rq_path_base(plain);
	_cleanup_free_ char *parent =
		base == plain ? rq_xstrdup(".") : rq_xstrndup(plain, base - plain);
	_cleanup_free_ char *fresh = NULL;
	struct rq_repo *repo = NULL;
	struct rq_err ignored;
	int fd, rc = rq_dir_make(parent, err);

	if (rc)
		return rc;
	rq_temp_sweep(parent, INIT);
	rc = rq_temp_folder(&fd, &fresh, parent, INIT, err);
	if (rc)
		return rc;
	rc = rq_repo_init(&repo, fresh, err);
	rq_repo_close(repo);
	if (!rc && (fchmod(fd, 0755) < 0 || rename(fresh, plain) < 0))
		rc = rq_err_errno(err, "%s", path);
	if (rc)
		rq_dir_remove(fresh, &ignored);
	close(fd);
	return rc;
}

int rq_repo_open_or_init(struct rq_repo **out, const char *path, struct rq_err *err)
{
	struct rq_err ignored;
	int rc = rq_repo_open(out, path, err);

	if (rc != RQ_ENOTFOUND)
		return rc;
	rc = make_repo(path, err);
	if (rc && rq_repo_open(out, path, &ignored) == 0) /* another run was faster */
		return 0;
	return rc ? rc : rq_repo_open(out, path, err);
}

void rq_repo_close(struct rq_repo *repo)
{
	if (!repo)
		return;
	packs_free(repo->packs);
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
	packs_forget(repo->packs);
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
	rc = git_revparse_single(&found, repo->git, name);
	if (rc == GIT_ENOTFOUND || rc == GIT_EINVALIDSPEC) {
		rq_git_fail(err, "%s: no such commit or tree", name);
		err->code = RQ_ENOTFOUND;
		return RQ_ENOTFOUND;
	}
	if (rc < 0)
		return rq_git_fail(err, "%s", name);
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
		qsort(names.v, names.n, sizeof(*names.v), rq_names_order);
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

int rq_obj_size(struct rq_repo *repo, const struct rq_oid *oid, uint64_t *size,
		struct rq_err *err)
{
	char hex[RQ_OID_HEX + 1];
	git_object_t type;
	size_t n;
	int rc = git_odb_read_header(&n, &type, repo->odb, to_git_oid(oid));

	if (rc < 0) {
		rq_git_fail(err, "object %s", rq_oid_hex(hex, oid));
		return rc == GIT_ENOTFOUND ? (err->code = RQ_ENOTFOUND) : err->code;
	}
	*size = n;
	return 0;
}

int rq_git_read(struct rq_repo *repo, const struct rq_oid *oid, int *type,
		struct rq_str *out)
{
	git_odb_object *obj;
	int rc;

	if (packs_read(repo->packs, oid, type, out))
		return 0;
	rc = git_odb_read(&obj, repo->odb, to_git_oid(oid));
	if (rc < 0)
		return rc;
	*type = git_odb_object_type(obj);
	rq_str_reserve(out, git_odb_object_size(obj));
	rq_str_add(out, git_odb_object_data(obj), git_odb_object_size(obj));
	git_odb_object_free(obj);
	return 0;
}

int rq_blob_read(struct rq_repo *repo, const struct rq_oid *oid, struct rq_str *out,
		 struct rq_err *err)
{
	struct rq_str bytes = { 0 };
	char hex[RQ_OID_HEX + 1];
	int type, rc = 0;

	if (rq_git_read(repo, oid, &type, &bytes) < 0)
		return rq_git_fail(err, "blob %s", rq_oid_hex(hex, oid));
	if (type != RQ_OBJ_BLOB) {
		rc = rq_err_set(err, RQ_EGIT, "%s is no blob", rq_oid_hex(hex, oid));
	} else if (out->s) {
		rq_str_add_slice(out, rq_str_slice(&bytes));
	} else {
		*out = bytes;
		return 0;
	}
	rq_str_release(&bytes);
	return rc;
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
	struct rq_repo *repo;
	size_t entries;
	int rc;
	struct rq_err *err;
};

static int check_folder(struct rq_repo *repo, const struct rq_oid *tree,
			struct rq_err *err)
{
	uint64_t size = 0;
	int rc = rq_obj_size(repo, tree, &size, err);

	if (!rc && size > FOLDER_LARGEST)
		rc = rq_err_set(err, RQ_EFORMAT, "a folder with over %d MiB of entries",
				FOLDER_LARGEST >> 20);
	return rc;
}

/* Before libgit2 goes into a folder: small trees that hold each other often are endless together. */
static int check_entry(struct walk *walk, const char *path, const git_tree_entry *entry,
		       const struct rq_oid *oid)
{
	int rc = 0;

	if (++walk->entries > ENTRIES_MOST)
		return rq_err_set(walk->err, RQ_EFORMAT, "more than %d files and folders",
				  ENTRIES_MOST);
	if (strlen(path) >= PATH_MAX)
		return rq_err_set(walk->err, RQ_EFORMAT, "'%.60s...' is too long", path);
	if (git_tree_entry_type(entry) == GIT_OBJECT_TREE)
		rc = check_folder(walk->repo, oid, walk->err);
	return rc ? rq_err_prefix(walk->err, "%s: ", path) : 0;
}

static int walk_entry(const char *root, const git_tree_entry *entry, void *payload)
{
	struct walk *walk = payload;
	struct rq_oid oid;
	char *path;

	from_git_oid(&oid, git_tree_entry_id(entry));
	path = rq_xasprintf("%s%s", root, git_tree_entry_name(entry));
	walk->rc = check_entry(walk, path, entry, &oid);
	if (!walk->rc && git_tree_entry_type(entry) != GIT_OBJECT_TREE)
		walk->rc = walk->each(path, (enum rq_mode)git_tree_entry_filemode(entry),
				      &oid, walk->ctx);
	free(path);
	return walk->rc ? -1 : 0;
}

int rq_tree_each(struct rq_repo *repo, const struct rq_oid *tree,
		 int (*each)(const char *path, enum rq_mode mode,
			     const struct rq_oid *oid, void *ctx),
		 void *ctx, struct rq_err *err)
{
	struct walk walk = { .each = each, .ctx = ctx, .repo = repo, .err = err };
	git_tree *root;
	int rc = check_folder(repo, tree, err);

	if (rc)
		return rc;
	if (git_tree_lookup(&root, repo->git, to_git_oid(tree)) < 0)
		return rq_git_fail(err, "tree");
	rc = git_tree_walk(root, GIT_TREEWALK_PRE, walk_entry, &walk);
	git_tree_free(root);
	if (walk.rc)
		return walk.rc;
	return rc < 0 ? rq_git_fail(err, "tree") : 0;
}
