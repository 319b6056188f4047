// SPDX-License-Identifier: GPL-2.0-only
/*
 * The work tree of a branch, moved from tree to tree.  Only files that differ are written,
 * so make sees what changed and nothing else.  The state file reads "<tree>", or
 * "<tree> <tree>" while files on the way from the first to the second are being written.
 * Refuses paths that could leave the folder.
 */
#include "verify/verify_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/file.h"
#include "util/path.h"

struct move {
	struct rq_site *site;
	char *folder; /* below the tree, that the last file is in */
	struct rq_str bytes;
};

static int write_state(struct rq_site *site, const struct rq_oid *from,
		       const struct rq_oid *to, struct rq_err *err)
{
	char a[RQ_OID_HEX + 1], b[RQ_OID_HEX + 1];
	_cleanup_free_ char *text =
		to ? rq_xasprintf("%s %s\n", rq_oid_hex(a, from), rq_oid_hex(b, to))
		   : rq_xasprintf("%s\n", rq_oid_hex(a, from));

	return rq_file_write(site->state, rq_slice_of(text), err);
}

/* One or two tree ids that the repository has; else nothing is known and false. */
static bool read_state(struct rq_site *site, struct rq_oid *from, struct rq_oid *to)
{
	struct rq_str text = { 0 };
	struct rq_err ignored;
	struct rq_slice rest, word;
	bool known = rq_file_read(&text, site->state, &ignored) == 0;

	*from = *to = (struct rq_oid){ 0 };
	rest = rq_str_slice(&text);
	for (int i = 0; i < 2 && known && (i == 0 || rest.n); i++) {
		struct rq_oid *oid = i ? to : from;
		_cleanup_free_ char *hex = NULL;

		word = rq_slice_next_word(&rest);
		hex = rq_xstrndup(word.p, word.n);
		known = rq_oid_parse(oid, hex, &ignored) == 0 &&
			(rq_oid_is_zero(oid) || rq_obj_exists(site->repo, oid));
	}
	rq_str_release(&text);
	return known && rq_file_is_dir(site->tree);
}

static int write_bytes(int fd, struct rq_slice bytes)
{
	while (bytes.n) {
		ssize_t n = write(fd, bytes.p, bytes.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		bytes.p += n;
		bytes.n -= (size_t)n;
	}
	return 0;
}

static int write_file(const char *path, enum rq_mode mode, struct rq_slice bytes)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		      mode == RQ_MODE_EXEC ? 0777 : 0666);
	int rc;

	if (fd < 0)
		return -1;
	rc = write_bytes(fd, bytes);
	return close(fd) < 0 ? -1 : rc;
}

/* A blob is never written into what is there: that could be a link, or read at this moment. */
static int put(struct move *move, const char *path, const struct rq_tree_change *change,
	       struct rq_err *err)
{
	bool link = change->new_mode == RQ_MODE_LINK;
	int rc, tries = 2;

	if (change->new_mode == RQ_MODE_GITLINK)
		return rq_dir_make(path, err);
	move->bytes.len = 0;
	rc = rq_blob_read(move->site->repo, &change->new_oid, &move->bytes, err);
	while (!rc && tries--) {
		if ((link ? symlink(rq_str_slice(&move->bytes).p, path)
			  : write_file(path, change->new_mode,
				       rq_str_slice(&move->bytes))) == 0)
			return 0;
		if (errno != EEXIST || !tries)
			return rq_err_errno(err, "%s", path);
		rc = rq_dir_remove(path, err);
	}
	return rc;
}

/* Takes a file away, and the folders that become empty. */
static int take_away(struct move *move, char *path, struct rq_err *err)
{
	size_t top = strlen(move->site->tree);
	int rc = rq_dir_remove(path, err);
	char *slash;

	while (!rc && (slash = strrchr(path, '/')) > path + top) {
		*slash = '\0';
		if (rmdir(path) < 0)
			break;
	}
	rq_freep(&move->folder);
	move->folder = NULL;
	return rc;
}

/* Files come folder by folder: most have the folder of the one before. */
static int make_folder(struct move *move, const char *folder, struct rq_err *err)
{
	if (move->folder && strcmp(move->folder, folder) == 0)
		return 0;
	free(move->folder);
	move->folder = rq_xstrdup(folder);
	return rq_dir_make_below(move->site->tree, folder, err);
}

/* The part of @path, which is below the work tree, in front of its last slash; may be empty. */
static char *folder_below(const struct move *move, const char *path)
{
	const char *below = path + strlen(move->site->tree) + 1;
	size_t n = (size_t)(rq_path_base(path) - below);

	return rq_xstrndup(below, n ? n - 1 : 0);
}

static int move_one(const struct rq_tree_change *change, void *ctx, struct rq_err *err)
{
	struct move *move = ctx;
	_cleanup_free_ char *path = rq_path_join(move->site->tree, change->path);
	const char *unsafe = rq_path_unsafe(rq_slice_of(change->path));
	_cleanup_free_ char *folder = folder_below(move, path);
	struct rq_err ignored;
	int rc;

	if (unsafe)
		return rq_err_set(err, RQ_EUNSAFE, "%s: the path %s", change->path,
				  unsafe);
	/* Done again after a kill: the folder may be the link by now that came in its place. */
	if (change->new_mode == RQ_MODE_NONE)
		return rq_dir_check_below(move->site->tree, folder, &ignored)
			       ? 0
			       : take_away(move, path, err);
	rc = make_folder(move, folder, err);
	return rc ? rc : put(move, path, change, err);
}

static int move_between(struct rq_site *site, const struct rq_oid *from,
			const struct rq_oid *to, struct rq_err *err)
{
	struct move move = { .site = site };
	int rc;

	if (rq_oid_eq(from, to))
		return 0;
	rc = write_state(site, from, to, err);
	if (!rc)
		rc = rq_tree_diff(site->repo, from, to, move_one, &move, err);
	if (!rc)
		rc = write_state(site, to, NULL, err);
	free(move.folder);
	rq_str_release(&move.bytes);
	return rc;
}

int rq_worktree_move(struct rq_site *site, const struct rq_oid *tree, struct rq_err *err)
{
	struct rq_oid at, onto;
	int rc = 0;

	if (!read_state(site, &at, &onto)) {
		at = onto = (struct rq_oid){ 0 };
		rc = rq_dir_remove(site->tree, err);
		if (!rc)
			rc = rq_dir_make(site->tree, err);
	}
	if (!rc && !rq_oid_is_zero(&onto)) {
		rc = move_between(site, &at, &onto, err);
		at = onto;
	}
	return rc ? rc : move_between(site, &at, tree, err);
}
