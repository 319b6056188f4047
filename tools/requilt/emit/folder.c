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

#include "series/series.h"
#include "util/file.h"
#include "util/map.h"
#include "util/markers.h"
#include "util/names.h"
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

/* Calls @each with every file below @path, as a name relative to it. */
static int each_file(const char *path, const char *prefix,
		     int (*each)(const char *name, void *ctx), void *ctx)
{
	struct dirent *entry;
	DIR *dir = opendir(path);
	int rc = 0;

	while (dir && !rc && (entry = readdir(dir))) {
		_cleanup_free_ char *below = NULL, *name = NULL;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		below = rq_path_join(path, entry->d_name);
		name = rq_xasprintf("%s%s", prefix, entry->d_name);
		if (rq_file_is_dir(below)) {
			_cleanup_free_ char *deeper = rq_xasprintf("%s/", name);

			rc = each_file(below, deeper, each, ctx);
		} else {
			rc = each(name, ctx);
		}
	}
	if (dir)
		closedir(dir);
	return rc;
}

static int count_file(const char *name, void *ctx)
{
	(void)name;
	++*(size_t *)ctx;
	return 0;
}

static size_t count_files(const char *path)
{
	size_t n = 0;

	each_file(path, "", count_file, &n);
	return n;
}

/* What an earlier port, rebase or export wrote: its series, what that names, and its record. */
static const char *const records[] = { "port.json", "rebase.json", "export.json" };

struct listed {
	struct rq_str series;
	bool ours; /* a record is there */
};

struct earlier {
	const char *path;
	struct listed now,
		good; /* the folder's own files, and those of last-good/ in it */
	struct rq_err *err;
};

static bool is_record(struct rq_slice name)
{
	for (size_t i = 0; i < ARRAY_SIZE(records); i++) {
		if (rq_slice_eq(name, rq_slice_of(records[i])))
			return true;
	}
	return false;
}

static bool is_listed(const struct listed *listed, const char *name)
{
	struct rq_slice rest = rq_str_slice(&listed->series), line;

	if (!listed->ours)
		return false;
	while (rq_slice_next_line(&rest, &line))
		if (rq_slice_eq(rq_slice_chomp(line), rq_slice_of(name)))
			return true;
	return strcmp(name, "series") == 0 || is_record(rq_slice_of(name));
}

static int check_file(const char *name, void *ctx)
{
	struct earlier *earlier = ctx;
	bool below = rq_slice_starts(rq_slice_of(name), RQ_LAST_GOOD "/");

	if (below ? is_listed(&earlier->good, name + strlen(RQ_LAST_GOOD "/"))
		  : is_listed(&earlier->now, name))
		return 0;
	return rq_err_set(
		earlier->err, RQ_EUNSAFE,
		"%s/%s: no earlier port wrote it and this one would remove it; move it "
		"away or name another folder with --out",
		earlier->path, name);
}

static void read_listed(struct listed *listed, const char *path)
{
	struct rq_err ignored;

	for (size_t i = 0; i < ARRAY_SIZE(records); i++) {
		_cleanup_free_ char *record = rq_path_join(path, records[i]);

		listed->ours = listed->ours || rq_file_exists(record);
	}
	rq_file_read_below(&listed->series, path, "series", &ignored);
}

/* A folder is replaced whole, so everything in it must be ours. */
int rq_emit_check(const char *path, struct rq_err *err)
{
	_cleanup_free_ char *good = rq_path_join(path, RQ_LAST_GOOD);
	struct earlier earlier = { .path = path, .err = err };
	int rc;

	if (!rq_file_exists(path))
		return 0;
	if (!rq_file_is_dir(path))
		return rq_err_set(err, RQ_EUNSAFE, "%s: is no folder; move it away",
				  path);
	read_listed(&earlier.now, path);
	read_listed(&earlier.good, good);
	rc = each_file(path, "", check_file, &earlier);
	rq_str_release(&earlier.now.series);
	rq_str_release(&earlier.good.series);
	return rc;
}

void rq_outputs_digest(char *hex, const struct rq_outputs *outputs)
{
	struct rq_str text = { 0 };
	struct rq_oid oid;

	for (size_t i = 0; i < outputs->v.n; i++) {
		struct rq_slice bytes = rq_str_slice(&outputs->v.v[i].bytes);

		rq_oid_of(&oid, RQ_OBJ_BLOB, bytes.p, bytes.n);
		rq_str_addf(&text, "%s %s\n", rq_oid_hex(hex, &oid),
			    outputs->v.v[i].name);
	}
	rq_oid_of(&oid, RQ_OBJ_BLOB, text.s ? text.s : "", text.len);
	rq_oid_hex(hex, &oid);
	rq_str_release(&text);
}

/* A name of the series as a port writes it: what a queue may not name, a port does not. */
static int check_name(struct rq_slice line, struct rq_err *err)
{
	const char *unsafe = rq_series_name_unsafe(line);

	if (unsafe)
		return rq_err_set(err, RQ_EUNSAFE, "path '%.*s' %s", RQ_SLICE_ARG(line),
				  unsafe);
	if (rq_slice_eq(line, RQ_SLICE("series")) || is_record(line))
		return rq_err_set(err, RQ_EUNSAFE, "'%.*s' is no patch's name",
				  RQ_SLICE_ARG(line));
	return 0;
}

/* Reads the file that one line of the series names. */
static int read_line(struct rq_outputs *out, struct rq_map *seen, const char *path,
		     struct rq_slice line, long number, struct rq_err *err)
{
	_cleanup_free_ char *name = rq_xstrndup(line.p, line.n);
	struct rq_str *bytes;

	if (check_name(line, err))
		return rq_err_prefix(err, "%s/series:%ld: ", path, number);
	if (rq_map_get(seen, name))
		return rq_err_set(err, RQ_EFORMAT, "%s/series:%ld: %s: named twice", path,
				  number, name);
	bytes = rq_outputs_add(out, name);
	rq_map_put(seen, out->v.v[out->v.n - 1].name, out);
	return rq_file_read_below(bytes, path, name, err);
}

int rq_outputs_read(struct rq_outputs *out, const char *path, struct rq_err *err)
{
	struct rq_str series = { 0 };
	struct rq_map seen = { 0 };
	struct rq_slice rest, line;
	long number = 0;
	int rc = rq_file_read_below(&series, path, "series", err);

	rest = rq_str_slice(&series);
	if (!rc && rq_markers_find(rest))
		rc = rq_err_set(err, RQ_EFORMAT,
				"%s/series:%ld: a merge left its markers; port the queue "
				"again",
				path, rq_markers_find(rest));
	while (!rc && rq_slice_next_line(&rest, &line)) {
		number++;
		line = rq_slice_chomp(line);
		if (line.n && line.p[0] != '#')
			rc = read_line(out, &seen, path, line, number, err);
	}
	rq_map_release(&seen);
	if (!rc)
		*rq_outputs_add(out, "series") = series;
	else
		rq_str_release(&series);
	return rc;
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

/* Calls @each with the path of every folder that @outputs need below @path, parents first. */
static int each_folder(const char *path, const struct rq_outputs *outputs,
		       int (*each)(const char *folder, struct rq_err *err),
		       struct rq_err *err)
{
	struct rq_names folders = { 0 };
	int rc = 0;

	rq_names_add(&folders, rq_slice_of(path));
	for (size_t i = 0; i < outputs->v.n; i++) {
		const char *name = outputs->v.v[i].name;

		for (const char *end = name; (end = strchr(end, '/')); end++) {
			_cleanup_free_ char *part =
				rq_xasprintf("%s/%.*s", path, (int)(end - name), name);

			rq_names_add(&folders, rq_slice_of(part));
		}
	}
	rq_names_settle(&folders);
	for (size_t i = 0; i < folders.v.n && !rc; i++)
		rc = each(folders.v.v[i], err);
	rq_names_release(&folders);
	return rc;
}

/* Whatever they were read from: nothing is written out of the folder. */
static int check_names(const char *path, const struct rq_outputs *outputs,
		       struct rq_err *err)
{
	for (size_t i = 0; i < outputs->v.n; i++) {
		const char *name = outputs->v.v[i].name;
		const char *unsafe = rq_path_unsafe(rq_slice_of(name));

		if (unsafe)
			return rq_err_set(err, RQ_EUNSAFE,
					  "%s: the name '%s' of a patch %s", path, name,
					  unsafe);
	}
	return 0;
}

/* Many at once, since one commit of the file system holds them all. */
static int write_all(const char *path, const struct rq_outputs *outputs,
		     struct rq_err *err)
{
	struct rq_new_file *files = rq_xcalloc(outputs->v.n, sizeof(*files));
	int rc = check_names(path, outputs, err);

	if (!rc)
		rc = each_folder(path, outputs, rq_dir_make, err);
	for (size_t i = 0; i < outputs->v.n; i++)
		files[i] = (struct rq_new_file){ outputs->v.v[i].name,
						 rq_str_slice(&outputs->v.v[i].bytes) };
	if (!rc)
		rc = rq_files_write_new(path, files, outputs->v.n, err);
	free(files);
	return rc ? rc : each_folder(path, outputs, rq_dir_sync, err);
}

/* No branch has a name that begins with a dot.  What a killed run left there is nobody's. */
static char *fresh_of(const char *path)
{
	return rq_xasprintf("%.*s.%s.new", (int)(rq_path_base(path) - path), path,
			    rq_path_base(path));
}

int rq_emit_sweep(const char *path, struct rq_err *err)
{
	_cleanup_free_ char *fresh = fresh_of(path);

	return rq_dir_remove(fresh, err);
}

int rq_emit_lock(int *fd, const char *path, struct rq_err *err)
{
	_cleanup_free_ char *parent = rq_path_parent(path);
	int rc = rq_dir_make(parent, err);

	return rc ? rc : rq_dir_lock(fd, parent, err);
}

int rq_emit_folder(const char *path, const struct rq_outputs *outputs, bool *changed,
		   struct rq_err *err)
{
	_cleanup_free_ char *fresh = fresh_of(path);
	struct rq_err ignored;
	int rc;

	rc = rq_emit_sweep(path, err);
	*changed = !rc && !same_folder(path, outputs);
	if (rc || !*changed)
		return rc;
	rc = rq_emit_check(path, err);
	if (!rc)
		rc = write_all(fresh, outputs, err);
	if (!rc)
		rc = rq_dir_exchange(fresh, path, err);
	if (rc)
		rq_dir_remove(fresh, &ignored);
	return rc;
}
