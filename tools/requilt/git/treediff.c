// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which files differ between two trees.  Goes down only where folders differ, follows no
 * rename, reads no blob.
 */
#include "git/git_internal.h"

#include "util/mem.h"

struct walk {
	struct rq_repo *repo;
	rq_tree_diff_fn *each;
	void *ctx;
	struct rq_err *err;
};

static int compare(struct walk *walk, const char *folder, const git_tree *from,
		   const git_tree *to);

static int open_tree(git_tree **out, struct walk *walk, const git_oid *oid)
{
	*out = NULL;
	if (!oid || git_oid_is_zero(oid))
		return 0;
	if (git_tree_lookup(out, walk->repo->git, oid) < 0)
		return rq_git_fail(walk->err, "tree");
	return 0;
}

static int compare_ids(struct walk *walk, const char *folder, const git_oid *from,
		       const git_oid *to)
{
	git_tree *a = NULL, *b = NULL;
	int rc = open_tree(&a, walk, from);

	if (!rc)
		rc = open_tree(&b, walk, to);
	if (!rc)
		rc = compare(walk, folder, a, b);
	git_tree_free(a);
	git_tree_free(b);
	return rc;
}

static bool is_folder(const git_tree_entry *entry)
{
	return entry && git_tree_entry_type(entry) == GIT_OBJECT_TREE;
}

static int report(struct walk *walk, const char *path, const git_tree_entry *from,
		  const git_tree_entry *to)
{
	struct rq_tree_change change = { .path = path };

	if (from) {
		change.old_mode = (enum rq_mode)git_tree_entry_filemode(from);
		from_git_oid(&change.old_oid, git_tree_entry_id(from));
	}
	if (to) {
		change.new_mode = (enum rq_mode)git_tree_entry_filemode(to);
		from_git_oid(&change.new_oid, git_tree_entry_id(to));
	}
	return walk->each(&change, walk->ctx, walk->err);
}

/* One name in both trees, or in one of them (the other is NULL). */
static int compare_entries(struct walk *walk, const char *folder,
			   const git_tree_entry *from, const git_tree_entry *to)
{
	_cleanup_free_ char *path =
		rq_xasprintf("%s%s", folder, git_tree_entry_name(from ? from : to));
	_cleanup_free_ char *below = NULL;
	const git_tree_entry *old = from, *new = to;
	int rc = 0;

	if (from && to && git_oid_equal(git_tree_entry_id(from), git_tree_entry_id(to)) &&
	    git_tree_entry_filemode(from) == git_tree_entry_filemode(to))
		return 0;
	if (is_folder(from))
		old = NULL;
	if (is_folder(to))
		new = NULL;
	/* What goes is told before what comes, for one name can be a file and then a folder. */
	if (old && !new)
		rc = report(walk, path, old, NULL);
	if (!rc && (is_folder(from) || is_folder(to))) {
		below = rq_xasprintf("%s/", path);
		rc = compare_ids(walk, below,
				 is_folder(from) ? git_tree_entry_id(from) : NULL,
				 is_folder(to) ? git_tree_entry_id(to) : NULL);
	}
	if (!rc && new)
		rc = report(walk, path, old, new);
	return rc;
}

/* Either may be NULL, the empty tree. */
static int compare(struct walk *walk, const char *folder, const git_tree *from,
		   const git_tree *to)
{
	size_t n_from = from ? git_tree_entrycount(from) : 0;
	size_t n_to = to ? git_tree_entrycount(to) : 0;
	int rc = 0;

	for (size_t i = 0; i < n_from && !rc; i++) {
		const git_tree_entry *old = git_tree_entry_byindex(from, i);

		rc = compare_entries(
			walk, folder, old,
			to ? git_tree_entry_byname(to, git_tree_entry_name(old)) : NULL);
	}
	for (size_t i = 0; i < n_to && !rc; i++) {
		const git_tree_entry *new = git_tree_entry_byindex(to, i);

		if (!from || !git_tree_entry_byname(from, git_tree_entry_name(new)))
			rc = compare_entries(walk, folder, NULL, new);
	}
	return rc;
}

int rq_tree_diff(struct rq_repo *repo, const struct rq_oid *from, const struct rq_oid *to,
		 rq_tree_diff_fn *each, void *ctx, struct rq_err *err)
{
	struct walk walk = { .repo = repo, .each = each, .ctx = ctx, .err = err };

	return compare_ids(&walk, "", to_git_oid(from), to_git_oid(to));
}
