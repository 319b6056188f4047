// SPDX-License-Identifier: GPL-2.0-only
/*
 * An output folder, whole or not at all.  A folder that holds the right bytes already is not
 * touched: no file time changes on a rerun.
 */
#include "emit/emit.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "util/file.h"
#include "util/path.h"

struct rq_str *rq_outputs_add(struct rq_outputs *outputs, const char *name)
{
	struct rq_output *output = rq_vec_push(&outputs->v);

	output->name = rq_xstrdup(name);
	return &output->bytes;
}

void rq_outputs_release(struct rq_outputs *outputs)
{
	for (size_t i = 0; i < outputs->v.n; i++) {
		free(outputs->v.v[i].name);
		rq_str_release(&outputs->v.v[i].bytes);
	}
	rq_vec_release(&outputs->v);
}

static size_t count_files(const char *path)
{
	struct dirent *entry;
	DIR *dir = opendir(path);
	size_t n = 0;

	while (dir && (entry = readdir(dir))) {
		_cleanup_free_ char *below = NULL;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		below = rq_path_join(path, entry->d_name);
		n += rq_file_is_dir(below) ? count_files(below) : 1;
	}
	if (dir)
		closedir(dir);
	return n;
}

static bool same_file(const char *path, const struct rq_str *bytes)
{
	struct rq_err ignored;
	struct rq_str have = { 0 };
	bool same = rq_file_read(&have, path, &ignored) == 0 &&
		    rq_slice_eq(rq_str_slice(&have), rq_str_slice(bytes));

	rq_str_release(&have);
	return same;
}

static bool same_folder(const char *path, const struct rq_outputs *outputs)
{
	if (!rq_file_is_dir(path) || count_files(path) != outputs->v.n)
		return false;
	for (size_t i = 0; i < outputs->v.n; i++) {
		_cleanup_free_ char *file = rq_path_join(path, outputs->v.v[i].name);

		if (!same_file(file, &outputs->v.v[i].bytes))
			return false;
	}
	return true;
}

static int write_all(const char *path, const struct rq_outputs *outputs,
		     struct rq_err *err)
{
	int rc = rq_dir_make(path, err);

	for (size_t i = 0; i < outputs->v.n && !rc; i++) {
		_cleanup_free_ char *file = rq_path_join(path, outputs->v.v[i].name);
		_cleanup_free_ char *folder =
			rq_xstrndup(file, rq_path_base(file) - file);

		rc = rq_dir_make(folder, err);
		if (!rc)
			rc = rq_file_write(file, rq_str_slice(&outputs->v.v[i].bytes),
					   err);
	}
	return rc ? rc : rq_dir_sync(path, err);
}

int rq_emit_folder(const char *path, const struct rq_outputs *outputs, bool *changed,
		   struct rq_err *err)
{
	_cleanup_free_ char *fresh = rq_xasprintf("%s.new", path);
	struct rq_err ignored;
	int rc;

	/* What a killed run left under this name is nobody's. */
	rc = rq_dir_remove(fresh, err);
	*changed = !rc && !same_folder(path, outputs);
	if (rc || !*changed)
		return rc;
	if (!rc)
		rc = write_all(fresh, outputs, err);
	if (!rc)
		rc = rq_dir_exchange(fresh, path, err);
	if (rc)
		rq_dir_remove(fresh, &ignored);
	return rc;
}
