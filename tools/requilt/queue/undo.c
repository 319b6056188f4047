// SPDX-License-Identifier: GPL-2.0-only
/*
 * The last step back.  Takes nothing back that somebody has changed since.
 */
#include "queue/undo.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "resolve/place.h"
#include "util/file.h"
#include "util/path.h"

#define FILE_NAME RQ_PLACE "/undo"
#define HEAD "requilt undo 1\n"

static int by_path(const void *a, const void *b)
{
	const struct rq_kept *x = a, *y = b;

	return strcmp(x->path, y->path);
}

static void read_record(struct rq_records *out, const char *root, char *path)
{
	_cleanup_free_ char *full = rq_path_join(root, path);
	struct rq_kept one = { .path = path };
	struct rq_err ignored;

	if (rq_file_read_within(&one.bytes, root, full, &ignored))
		free(path);
	else
		*rq_vec_push(&out->v) = one;
}

static bool ends_with_any(const char *name, const char *const *endings, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (rq_slice_ends(rq_slice_of(name), endings[i]))
			return true;
	return false;
}

/* Those of @below with an ending of the list; with @deeper, all of its *.resolved directories. */
static void read_folder(struct rq_records *out, const char *root, const char *below,
			bool deeper)
{
	static const char *const endings[] = { ".reviewed", ".series" };
	static const char *const patches[] = { ".patch" };
	_cleanup_free_ char *path = rq_path_join(root, below);
	DIR *dir = opendir(path);
	struct dirent *one;

	while (dir && (one = readdir(dir))) {
		_cleanup_free_ char *name = rq_path_join(below, one->d_name);

		if (deeper && rq_slice_ends(rq_slice_of(one->d_name), ".resolved"))
			read_folder(out, root, name, false);
		else if (deeper ? ends_with_any(one->d_name, endings, ARRAY_SIZE(endings))
				: ends_with_any(one->d_name, patches, 1))
			read_record(out, root, TAKE_PTR(name));
	}
	if (dir)
		closedir(dir);
}

void rq_records_read(struct rq_records *out, const char *root)
{
	read_folder(out, root, "series", true);
	if (out->v.n)
		qsort(out->v.v, out->v.n, sizeof(*out->v.v), by_path);
}

void rq_records_release(struct rq_records *records)
{
	for (size_t i = 0; i < records->v.n; i++) {
		free(records->v.v[i].path);
		rq_str_release(&records->v.v[i].bytes);
	}
	rq_vec_release(&records->v);
}

/* --- keeping --- */

static void print_file(struct rq_str *out, const char *path, const struct rq_kept *before,
		       const struct rq_kept *now)
{
	char hex[RQ_OID_HEX + 1] = "-";
	struct rq_oid oid;

	if (now) {
		rq_oid_of(&oid, RQ_OBJ_BLOB, rq_str_slice(&now->bytes).p, now->bytes.len);
		rq_oid_hex(hex, &oid);
	}
	rq_str_addf(out, "file %s %s ", path, hex);
	if (before)
		rq_str_addf(out, "%zu\n", before->bytes.len);
	else
		rq_str_adds(out, "-\n");
	if (before)
		rq_str_add_slice(out, rq_str_slice(&before->bytes));
	rq_str_adds(out, "\n");
}

/* What differs between the two sorted lists; how many files. */
static size_t print_changes(struct rq_str *out, const struct rq_records *before,
			    const struct rq_records *now)
{
	size_t i = 0, k = 0, n = 0;

	while (i < before->v.n || k < now->v.n) {
		const struct rq_kept *a = i < before->v.n ? &before->v.v[i] : NULL;
		const struct rq_kept *b = k < now->v.n ? &now->v.v[k] : NULL;
		int order = !a ? 1 : !b ? -1 : strcmp(a->path, b->path);

		if (order != 0) {
			print_file(out, order < 0 ? a->path : b->path,
				   order < 0 ? a : NULL, order < 0 ? NULL : b);
			n++;
		} else if (!rq_slice_eq(rq_str_slice(&a->bytes),
					rq_str_slice(&b->bytes))) {
			print_file(out, a->path, a, b);
			n++;
		}
		i += order <= 0;
		k += order >= 0;
	}
	return n;
}

int rq_undo_keep(const struct rq_records *before, const char *root, const char *what,
		 struct rq_err *err)
{
	_cleanup_free_ char *path = rq_path_join(root, FILE_NAME);
	_cleanup_(rq_str_release) struct rq_str text = { 0 };
	_cleanup_(rq_records_release) struct rq_records now = { 0 };
	int rc;

	rq_records_read(&now, root);
	rq_str_addf(&text, HEAD "what %s\n", what);
	if (!print_changes(&text, before, &now))
		return 0;
	rc = rq_dir_make_below(root, RQ_PLACE, err);
	if (!rc)
		rc = rq_place_hide(root, err);
	return rc ? rc : rq_file_write(path, rq_str_slice(&text), err);
}

/* --- taking back --- */

static int refuse_format(const char *root, struct rq_err *err)
{
	return rq_err_set(err, RQ_EFORMAT,
			  "%s/" FILE_NAME ": not what requilt wrote; remove it", root);
}

/* Where the step left it, and where it was before. */
static int plan_file(struct rq_plan *plan, const char *root, const char *what,
		     struct rq_slice path, struct rq_slice left, struct rq_str *before,
		     bool was_there, struct rq_err *err)
{
	_cleanup_free_ char *name = rq_xstrndup(path.p, path.n);
	_cleanup_free_ char *full = rq_path_join(root, name);
	_cleanup_(rq_str_release) struct rq_str now = { 0 };
	char hex[RQ_OID_HEX + 1] = "-";
	struct rq_oid oid;
	int rc = rq_file_read_within(&now, root, full, err);

	if (rc && rc != RQ_ENOTFOUND)
		return rc;
	if (!rc) {
		rq_oid_of(&oid, RQ_OBJ_BLOB, rq_str_slice(&now).p, now.len);
		rq_oid_hex(hex, &oid);
	}
	if (!rq_slice_eq(left, rq_slice_of(hex)))
		return rq_err_set(err, RQ_EQUEUE,
				  "%s: changed since '%s', which is not taken back", full,
				  what);
	rq_plan_say(plan, "%s: %s", name, was_there ? "as it was before" : "removed");
	if (was_there)
		rq_plan_put(plan, name, before);
	else
		rq_plan_remove(plan, name);
	return 0;
}

/* "file PATH ID LENGTH", and the bytes behind it. */
static int read_file_line(struct rq_plan *plan, const char *root, const char *what,
			  struct rq_slice line, struct rq_slice *rest, struct rq_err *err)
{
	struct rq_slice word = rq_slice_next_word(&line);
	struct rq_slice path = rq_slice_next_word(&line),
			left = rq_slice_next_word(&line);
	_cleanup_(rq_str_release) struct rq_str before = { 0 };
	_cleanup_free_ char *number = rq_xstrndup(line.p, line.n);
	bool was_there = strcmp(number, "-") != 0;
	char *end = number;
	size_t n = was_there ? strtoul(number, &end, 10) : 0;

	if (!rq_slice_eq(word, RQ_SLICE("file")) || !left.n ||
	    !rq_slice_starts(path, "series/") || (was_there && (end == number || *end)) ||
	    n >= rest->n || rest->p[n] != '\n')
		return refuse_format(root, err);
	rq_str_add(&before, rest->p, n);
	*rest = (struct rq_slice){ rest->p + n + 1, rest->n - n - 1 };
	return plan_file(plan, root, what, path, left, &before, was_there, err);
}

int rq_plan_undo(struct rq_plan *plan, char **what, const char *root, struct rq_err *err)
{
	_cleanup_(rq_str_release) struct rq_str text = { 0 };
	struct rq_slice rest, line;
	int rc = rq_file_read_below(&text, root, FILE_NAME, err);

	if (rc == RQ_ENOTFOUND)
		return rq_err_set(err, RQ_EQUEUE,
				  "nothing to undo: no accept or resolve was made here "
				  "since the last undo");
	if (rc)
		return rc;
	rest = rq_str_slice(&text);
	if (!rq_slice_next_line(&rest, &line) || !rq_slice_eq(line, RQ_SLICE(HEAD)) ||
	    !rq_slice_next_line(&rest, &line) || !rq_slice_starts(line, "what "))
		return refuse_format(root, err);
	line = rq_slice_chomp(line);
	*what = rq_xstrndup(line.p + 5, line.n - 5);
	while (!rc && rq_slice_next_line(&rest, &line))
		rc = read_file_line(plan, root, *what, line, &rest, err);
	return rc;
}

int rq_undo_forget(const char *root, struct rq_err *err)
{
	_cleanup_free_ char *path = rq_path_join(root, FILE_NAME);

	return unlink(path) < 0 && errno != ENOENT ? rq_err_errno(err, "%s", path) : 0;
}
