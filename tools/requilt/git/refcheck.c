// SPDX-License-Identifier: GPL-2.0-only
/*
 * What speaks against moving a ref: a work tree that stands on it, which would show the move as a
 * change that somebody staged, and a ref whose name is a directory of it.  Writes nothing.
 */
#include "git/git_internal.h"

#include <dirent.h>
#include <stdlib.h>

#include "util/file.h"
#include "util/mem.h"
#include "util/path.h"

#define HEADS "refs/heads/"
/* git follows symbolic refs so far. */
#define DEPTH_MOST 5

/* The first line of a small file, without blanks around it; the caller frees, NULL: not there. */
static char *first_line(const char *folder, const char *name)
{
	_cleanup_free_ char *path = rq_path_join(folder, name);
	struct rq_str text = { 0 };
	struct rq_slice rest, line = { "", 0 };
	struct rq_err ignored;
	char *out = NULL;

	if (rq_file_exists(path) && rq_file_read(&text, path, &ignored) == 0) {
		rest = rq_str_slice(&text);
		rq_slice_next_line(&rest, &line);
		line = rq_slice_trim(line);
		out = rq_xstrndup(line.p, line.n);
	}
	rq_str_release(&text);
	return out;
}

/* Whether the file @name, "ref: X", leads to @ref, by symbolic refs of @common. */
static bool leads_to(const char *folder, const char *name, const char *common,
		     const char *ref)
{
	_cleanup_free_ char *text = first_line(folder, name);

	for (int i = 0; i < DEPTH_MOST && text; i++) {
		struct rq_slice target = rq_slice_of(text);
		_cleanup_free_ char *next = NULL;

		if (!rq_slice_starts(target, "ref:"))
			return false;
		target = rq_slice_trim((struct rq_slice){ target.p + 4, target.n - 4 });
		next = rq_xstrndup(target.p, target.n);
		if (strcmp(next, ref) == 0)
			return true;
		free(text);
		text = rq_ref_valid(next) ? first_line(common, next) : NULL;
	}
	return false;
}

/* What git has under way in a work tree, by a file of it: then git refuses to switch. */
static const struct {
	const char *file, *command;
} under_way[] = {
	{ "rebase-merge", "rebase" }, { "rebase-apply/applying", "am" },
	{ "rebase-apply", "rebase" }, { "MERGE_HEAD", "merge" },
	{ "REVERT_HEAD", "revert" },  { "CHERRY_PICK_HEAD", "cherry-pick" },
};

/* NULL: nothing. */
static const char *command_under_way(const char *folder)
{
	for (size_t i = 0; i < ARRAY_SIZE(under_way); i++) {
		_cleanup_free_ char *path = rq_path_join(folder, under_way[i].file);

		if (rq_file_exists(path))
			return under_way[i].command;
	}
	return NULL;
}

/* Whether a line of the file is @ref, in full or by its short name. */
static bool names_ref(const char *folder, const char *file, const char *ref)
{
	_cleanup_free_ char *path = rq_path_join(folder, file);
	struct rq_str text = { 0 };
	struct rq_slice rest, line;
	struct rq_err ignored;
	bool names = false;

	if (rq_file_exists(path) && rq_file_read(&text, path, &ignored) == 0) {
		rest = rq_str_slice(&text);
		while (!names && rq_slice_next_line(&rest, &line)) {
			line = rq_slice_trim(line);
			names = rq_slice_eq(line, rq_slice_of(ref)) ||
				(rq_slice_starts(rq_slice_of(ref), HEADS) &&
				 rq_slice_eq(line, rq_slice_of(ref + strlen(HEADS))));
		}
	}
	rq_str_release(&text);
	return names;
}

/*
 * How to leave a rebase or bisection that will go back to @ref, or move it at its end ("update-refs"
 * has a ref, its old and its new commit in turn); NULL: there is none.
 */
static const char *way_out_of(const char *folder, const char *ref)
{
	static const struct {
		const char *file, *way_out;
	} files[] = {
		{ "rebase-merge/head-name", "rebase --quit" },
		{ "rebase-apply/head-name", "rebase --quit" },
		{ "rebase-merge/update-refs", "rebase --quit" },
		{ "BISECT_START", "bisect reset HEAD" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (names_ref(folder, files[i].file, ref))
			return files[i].way_out;
	return NULL;
}

/* @folder is the administrative one of the work tree @tree. */
static int refuse(const char *ref, const char *folder, const char *common,
		  const char *tree, struct rq_err *err)
{
	const char *command = command_under_way(folder);

	if (!rq_file_is_dir(tree))
		return rq_err_set(
			err, RQ_EBUSY,
			"%s: is checked out in %s, which is gone; 'git worktree "
			"prune' in the repository first",
			ref, tree);
	if (!leads_to(folder, "HEAD", common, ref))
		return rq_err_set(
			err, RQ_EBUSY,
			"%s: is checked out in %s, which will come back to it; end that "
			"first: 'git -C %s %s' stays at the commit that is there",
			ref, tree, tree, way_out_of(folder, ref));
	if (command)
		return rq_err_set(
			err, RQ_EBUSY,
			"%s: is checked out in %s, in the middle of a %s; finish it or "
			"'git -C %s %s --abort', then 'git -C %s switch --detach'",
			ref, tree, command, tree, command, tree);
	return rq_err_set(err, RQ_EBUSY,
			  "%s: is checked out in %s, where the move would look like a "
			  "change; 'git -C %s switch --detach' first",
			  ref, tree, tree);
}

static bool stands_on(const char *folder, const char *common, const char *ref)
{
	return leads_to(folder, "HEAD", common, ref) || way_out_of(folder, ref);
}

/* The linked work tree whose administrative folder this is. */
static int check_linked(const char *folder, const char *common, const char *ref,
			struct rq_err *err)
{
	_cleanup_free_ char *dot_git = NULL, *tree = NULL;

	if (!stands_on(folder, common, ref))
		return 0;
	dot_git = first_line(folder, "gitdir");
	tree = dot_git ? rq_path_parent(dot_git) : rq_xstrdup(folder);
	/* git may write a path that is relative to this very directory. */
	if (*tree != '/') {
		_cleanup_free_ char *whole = rq_path_join(folder, tree);
		char *real = realpath(whole, NULL);

		free(tree);
		tree = real ? real : TAKE_PTR(whole);
	}
	return refuse(ref, folder, common, tree, err);
}

/* The caller frees.  libgit2 ends directories with a slash. */
static char *main_tree(struct rq_repo *repo)
{
	const char *common = git_repository_commondir(repo->git);
	_cleanup_free_ char *folder = rq_xstrndup(common, strlen(common) - 1);
	const char *tree = git_repository_workdir(repo->git);

	return git_repository_is_worktree(repo->git)
		       ? rq_path_parent(folder)
		       : rq_xstrndup(tree, strlen(tree) - 1);
}

static int check_work_trees(struct rq_repo *repo, const char *ref, struct rq_err *err)
{
	const char *common = git_repository_commondir(repo->git);
	_cleanup_free_ char *linked = rq_path_join(common, "worktrees"), *main = NULL;
	DIR *dir = NULL;
	struct dirent *entry;
	int rc = 0;

	if (!git_repository_is_bare(repo->git) && stands_on(common, common, ref)) {
		main = main_tree(repo);
		return refuse(ref, common, common, main, err);
	}
	dir = opendir(linked);
	while (dir && !rc && (entry = readdir(dir))) {
		_cleanup_free_ char *folder = rq_path_join(linked, entry->d_name);

		if (entry->d_name[0] != '.')
			rc = check_linked(folder, common, ref, err);
	}
	if (dir)
		closedir(dir);
	return rc;
}

static int blocks(const char *other, const char *ref, struct rq_err *err)
{
	const char *brief = rq_slice_starts(rq_slice_of(other), HEADS)
				    ? other + strlen(HEADS)
				    : other;

	return rq_err_set(err, RQ_EBUSY,
			  "%s: cannot be made while there is a branch %s: one is a "
			  "directory of the other; 'git branch -m %s NAME' renames it",
			  ref, brief, brief);
}

/* A ref above it, or one below it. */
static int check_names(struct rq_repo *repo, const char *ref, struct rq_err *err)
{
	_cleanup_free_ char *part = rq_xstrdup(ref), *below = rq_xasprintf("%s/*", ref);
	git_reference_iterator *iter;
	const char *name;
	git_oid oid;
	int rc = 0;

	for (char *slash = strchr(part + strlen("refs/"), '/'); slash && !rc;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (git_reference_name_to_id(&oid, repo->git, part) == 0)
			rc = blocks(part, ref, err);
		*slash = '/';
	}
	if (rc || git_reference_iterator_glob_new(&iter, repo->git, below) < 0)
		return rc;
	if (git_reference_next_name(&name, iter) == 0)
		rc = blocks(name, ref, err);
	git_reference_iterator_free(iter);
	return rc;
}

int rq_ref_check(struct rq_repo *repo, const char *ref, const struct rq_oid *from,
		 struct rq_err *err)
{
	int rc = check_work_trees(repo, ref, err);

	return rc || !rq_oid_is_zero(from) ? rc : check_names(repo, ref, err);
}
