// SPDX-License-Identifier: GPL-2.0-only
/*
 * The folder of a conflict that a hand takes up.  Knows no patch: files in, files out.
 */
#include "resolve/byhand.h"

#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "resolve/place.h"
#include "util/file.h"
#include "util/path.h"

static char *parent_of(const char *path)
{
	return rq_xstrndup(path, (size_t)(rq_path_base(path) - path));
}

void rq_byhand_release(struct rq_byhand *work)
{
	free(work->folder);
	free(work->state);
	free(work->entry);
	free(work->note);
	rq_names_release(&work->files);
	rq_names_release(&work->markers);
	rq_names_release(&work->taken);
	*work = (struct rq_byhand){ 0 };
}

/* They are written to: a hand may have edited the state. */
static int add_file(struct rq_byhand *out, struct rq_slice path)
{
	if (rq_path_unsafe(path))
		return RQ_EUNSAFE;
	rq_names_add(&out->files, path);
	return 0;
}

static int read_state(struct rq_byhand *out, struct rq_slice text, struct rq_err *err)
{
	struct rq_slice line;

	for (long number = 1; rq_slice_next_line(&text, &line); number++) {
		struct rq_slice key = rq_slice_next_word(&line);
		_cleanup_free_ char *value = rq_xstrndup(line.p, line.n);
		int rc = 0;

		if (rq_slice_eq(key, RQ_SLICE("entry")))
			out->entry = TAKE_PTR(value);
		else if (rq_slice_eq(key, RQ_SLICE("note")))
			out->note = rq_xstrdup(value);
		else if (rq_slice_eq(key, RQ_SLICE("base")))
			rc = rq_oid_parse(&out->base_tree, value, err);
		else if (rq_slice_eq(key, RQ_SLICE("change")))
			rc = rq_oid_parse(&out->change, value, err);
		else if (rq_slice_eq(key, RQ_SLICE("file")))
			rc = add_file(out, line);
		else if (rq_slice_eq(key, RQ_SLICE("take")))
			rq_names_add_once(&out->taken, rq_slice_trim(line));
		else if (rq_slice_eq(key, RQ_SLICE("marker")))
			rq_names_add_once(&out->markers, rq_slice_trim(line));
		else
			rc = RQ_EFORMAT;
		if (rc)
			return rq_err_set(
				err, RQ_EFORMAT,
				"%s:%ld: not what resolve wrote; begin again with "
				"--abort",
				out->state, number);
	}
	return 0;
}

static int load(struct rq_byhand *out, const char *root, const char *below,
		struct rq_err *err)
{
	struct rq_str text = { 0 };
	int rc = rq_dir_check_below(root, below, err);

	if (rc)
		return rc;
	out->folder = rq_path_join(root, below);
	out->state = rq_xasprintf("%s.state", out->folder);
	rc = rq_file_read(&text, out->state, err);
	if (!rc)
		rc = read_state(out, rq_str_slice(&text), err);
	rq_str_release(&text);
	return rc == RQ_ENOTFOUND ? 0 : rc;
}

int rq_byhand_load(struct rq_byhand *out, const char *root, const char *queue,
		   const char *branch, struct rq_err *err)
{
	_cleanup_free_ char *below =
		rq_xasprintf(RQ_PLACE "/resolve/%s/%s", queue, branch);

	return load(out, root, below, err);
}

int rq_byhand_load_edit(struct rq_byhand *out, const char *root, const char *queue,
			const char *branch, struct rq_err *err)
{
	_cleanup_free_ char *below = rq_xasprintf(RQ_PLACE "/edit/%s/%s", queue, branch);

	return load(out, root, below, err);
}

int rq_byhand_put(struct rq_byhand *work, const char *path, enum rq_mode mode,
		  struct rq_slice bytes, struct rq_err *err)
{
	_cleanup_free_ char *full = rq_path_join(work->folder, path);
	_cleanup_free_ char *parent = parent_of(full);
	int rc;

	rq_names_add_once(&work->files, rq_slice_of(path));
	if (mode == RQ_MODE_LINK)
		return rq_err_set(
			err, RQ_EQUEUE,
			"%s: a symbolic link cannot be taken up here; write the "
			"branch a patch of its own",
			path);
	rc = rq_dir_check_below(work->folder, path, err);
	if (rc)
		return rc;
	if (mode == RQ_MODE_NONE)
		return unlink(full) && errno != ENOENT ? rq_err_errno(err, "%s", full)
						       : 0;
	rc = rq_dir_make(parent, err);
	if (!rc)
		rc = rq_file_write(full, bytes, err);
	if (!rc && mode == RQ_MODE_EXEC && chmod(full, 0755))
		rc = rq_err_errno(err, "%s", full);
	return rc;
}

static bool is_marker(struct rq_slice line, bool is_text)
{
	return rq_slice_starts(line, "<<<<<<< ") || rq_slice_starts(line, "||||||| ") ||
	       rq_slice_starts(line, ">>>>>>> ") ||
	       (!is_text && rq_slice_eq(rq_slice_chomp(line), RQ_SLICE("=======")));
}

void rq_byhand_allow(struct rq_byhand *work, struct rq_slice before)
{
	struct rq_slice line;

	while (rq_slice_next_line(&before, &line))
		if (is_marker(line, false))
			rq_names_add_once(&work->markers, rq_slice_trim(line));
}

/* So that git status of the queue repository never shows it. */
static int hide(const struct rq_byhand *work, struct rq_err *err)
{
	const char *resolve = strstr(work->folder, "/" RQ_PLACE "/resolve/");
	const char *at = resolve ? resolve : strstr(work->folder, "/" RQ_PLACE "/edit/");
	_cleanup_free_ char *root =
		rq_xstrndup(work->folder, (size_t)(at - work->folder));

	return rq_place_hide(root, err);
}

int rq_byhand_save(const struct rq_byhand *work, struct rq_err *err)
{
	char base[RQ_OID_HEX + 1], change[RQ_OID_HEX + 1];
	_cleanup_free_ char *parent = parent_of(work->state);
	struct rq_str text = { 0 };
	int rc = rq_dir_make(parent, err);

	rq_str_addf(&text, "entry %s\nbase %s\nchange %s\n", work->entry,
		    rq_oid_hex(base, &work->base_tree),
		    rq_oid_hex(change, &work->change));
	if (work->note)
		rq_str_addf(&text, "note %s\n", work->note);
	for (size_t i = 0; i < work->files.v.n; i++)
		rq_str_addf(&text, "file %s\n", work->files.v.v[i]);
	for (size_t i = 0; i < work->taken.v.n; i++)
		rq_str_addf(&text, "take %s\n", work->taken.v.v[i]);
	for (size_t i = 0; i < work->markers.v.n; i++)
		rq_str_addf(&text, "marker %s\n", work->markers.v.v[i]);
	if (!rc)
		rc = hide(work, err);
	if (!rc)
		rc = rq_file_write(work->state, rq_str_slice(&text), err);
	rq_str_release(&text);
	return rc;
}

int rq_byhand_get(const struct rq_byhand *work, const char *path, enum rq_mode *mode,
		  struct rq_str *bytes, struct rq_err *err)
{
	_cleanup_free_ char *full = rq_path_join(work->folder, path);
	struct stat st;
	int rc;

	*mode = RQ_MODE_NONE;
	if (lstat(full, &st))
		return errno == ENOENT || errno == ENOTDIR
			       ? 0
			       : rq_err_errno(err, "%s", full);
	if (!S_ISREG(st.st_mode))
		return rq_err_set(err, RQ_EQUEUE, "%s: not a plain file", full);
	rc = rq_dir_check_below(work->folder, path, err);
	if (rc)
		return rc;
	*mode = st.st_mode & 0111 ? RQ_MODE_EXEC : RQ_MODE_FILE;
	return rq_file_read(bytes, full, err);
}

static int check_markers(const struct rq_byhand *work, const char *path,
			 struct rq_err *err)
{
	/* There it may stand below a title. */
	bool is_text = rq_slice_ends(rq_slice_of(path), ".rst") ||
		       rq_slice_ends(rq_slice_of(path), ".txt");
	struct rq_str text = { 0 };
	struct rq_slice rest, line;
	int rc = rq_file_read(&text, path, err);

	rest = rq_str_slice(&text);
	for (long n = 1; !rc && rq_slice_next_line(&rest, &line); n++)
		if (is_marker(line, is_text) &&
		    !rq_names_have(&work->markers, rq_slice_trim(line)))
			rc = rq_err_set(err, RQ_EQUEUE,
					"%s:%ld: a conflict marker is left; settle it "
					"first",
					path, n);
	rq_str_release(&text);
	return rc;
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

int rq_byhand_check(const struct rq_byhand *work, struct rq_err *err)
{
	char *const paths[] = { work->folder, NULL };
	FTSENT *entry;
	FTS *fts;
	int rc = 0;

	if (!rq_file_is_dir(work->folder))
		return rq_err_set(err, RQ_EQUEUE, "%s: is gone; begin again with --abort",
				  work->folder);
	fts = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
	if (!fts)
		return rq_err_errno(err, "%s", work->folder);
	while (!rc && (entry = fts_read(fts))) {
		const char *path = entry->fts_path + strlen(work->folder);

		if (entry->fts_info == FTS_D && strcmp(path, "/.git") == 0)
			fts_set(fts, entry, FTS_SKIP);
		if (entry->fts_info == FTS_D || entry->fts_info == FTS_DP ||
		    entry->fts_info == FTS_NS)
			continue;
		if (!rq_names_have(&work->files, rq_slice_of(path + 1)))
			rc = rq_err_set(
				err, RQ_EQUEUE,
				"%s: not one of the files; remove it, or bring it "
				"in with --add",
				entry->fts_path);
		else if (entry->fts_info == FTS_F)
			rc = check_markers(work, entry->fts_path, err);
	}
	fts_close(fts);
	return rc;
}

int rq_byhand_drop(struct rq_byhand *work, struct rq_err *err)
{
	if (unlink(work->state) && errno != ENOENT)
		return rq_err_errno(err, "%s", work->state);
	return rq_dir_remove(work->folder, err);
}
