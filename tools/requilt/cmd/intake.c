// SPDX-License-Identifier: GPL-2.0-only
/*
 * Patches that were read become entries of a queue.  The files come first and the series last, so it
 * never names what is not there; what fails leaves nothing behind.
 */
#include "cmd/intake.h"

#include <stdlib.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/export.h"
#include "cmd/json.h"
#include "patch/patch.h"
#include "util/file.h"
#include "util/path.h"

/* A file that is written, and what it held before. */
struct written {
	char *path;
	struct rq_str old;
	bool was_there;
};

struct importing {
	const struct rq_intake *how;
	struct rq_import *what;
	struct rq_series series; /* as it was; empty for a new queue */
	char *series_path;
	struct rq_names entries; /* one a patch */
	size_t broken;		 /* patches that cannot be read */
	rq_vec(struct written) written;
};

static void release(struct importing *im)
{
	for (size_t i = 0; i < im->written.n; i++) {
		free(im->written.v[i].path);
		rq_str_release(&im->written.v[i].old);
	}
	rq_vec_release(&im->written);
	rq_names_release(&im->entries);
	rq_series_release(&im->series);
	free(im->series_path);
}

/* --- names --- */

/* The highest NNNN- among the queue's entries. */
static long highest_number(const struct importing *im)
{
	long highest = 0;

	for (size_t i = 0; i < im->series.entries.n; i++) {
		const char *base = rq_path_base(im->series.entries.v[i].path);
		char *end;
		long n = strtol(base, &end, 10);

		if (end == base + 4 && *end == '-' && n > highest)
			highest = n;
	}
	return highest;
}

static const struct rq_entry *in_series(const struct importing *im, const char *path)
{
	for (size_t i = 0; i < im->series.entries.n; i++)
		if (strcmp(im->series.entries.v[i].path, path) == 0)
			return &im->series.entries.v[i];
	return NULL;
}

/* The queue's entry of that name but for its number, if this import has not met it yet. */
static const char *same_name(const struct importing *im, const char *entry)
{
	size_t folder = strlen(im->how->queue) + 1;

	for (size_t i = 0; i < im->series.entries.n; i++) {
		const char *have = im->series.entries.v[i].path;

		if (strlen(have) > folder + 4 && strncmp(have, entry, folder) == 0 &&
		    strcmp(have + folder + 4, entry + folder + 4) == 0 &&
		    !rq_names_have(&im->entries, rq_slice_of(have)))
			return have;
	}
	return NULL;
}

/* What comes again is the entry that is there, and *number stays. */
static char *entry_of(const struct importing *im, const struct rq_imported *patch,
		      long *number)
{
	_cleanup_free_ char *name =
		patch->path ? rq_xstrdup(patch->path)
			    : rq_cmd_patch_name(patch->subject, *number + 1);
	const char *end =
		patch->rule || rq_slice_ends(rq_slice_of(name), ".patch") ? "" : ".patch";
	_cleanup_free_ char *entry = rq_xasprintf("%s/%s%s", im->how->queue, name, end);
	const char *have = patch->path ? NULL : same_name(im, entry);

	if (have)
		return rq_xstrdup(have);
	*number += !patch->path;
	return TAKE_PTR(entry);
}

static char *file_of(const char *entry, bool rule)
{
	return rq_xasprintf("%s/%s/%s", rq_globals.dir, rule ? "cocci" : "patches",
			    entry);
}

static int check_overwrite(const struct importing *im, const char *path,
			   struct rq_slice bytes, struct rq_err *err)
{
	struct rq_str have = { 0 };
	int rc = im->how->force ? RQ_ENOTFOUND : rq_file_read(&have, path, err);

	if (!rc && !rq_slice_eq(rq_str_slice(&have), bytes))
		rc = rq_err_set(err, RQ_EFORMAT,
				"%s is there and differs; --force overwrites it", path);
	rq_str_release(&have);
	return rc == RQ_ENOTFOUND ? 0 : rc;
}

static int name_entries(struct importing *im, struct rq_err *err)
{
	long number = highest_number(im);
	int rc = 0;

	for (size_t i = 0; i < im->what->patches.n && !rc; i++) {
		const struct rq_imported *p = &im->what->patches.v[i];
		_cleanup_free_ char *entry = entry_of(im, p, &number);
		_cleanup_free_ char *file = file_of(entry, p->rule);
		_cleanup_free_ char *notes = rq_xasprintf("%s.notes", file);

		if (rq_names_have(&im->entries, rq_slice_of(entry)))
			return rq_err_set(err, RQ_EFORMAT,
					  "two of the patches are named %s; rename one",
					  entry);
		rc = check_overwrite(im, file, rq_str_slice(&p->bytes), err);
		if (!rc && p->notes.len)
			rc = check_overwrite(im, notes, rq_str_slice(&p->notes), err);
		rq_names_add(&im->entries, rq_slice_of(entry));
	}
	return rc;
}

/* --- checks --- */

/* One of a directory that nobody can read is an entry that ports show red; a series of mails is taken whole. */
static int take_as_broken(struct importing *im, struct rq_err *err)
{
	if (err->code != RQ_EFORMAT || im->what->patches.n == 1 || !im->how->keep_broken)
		return err->code;
	rq_import_say(im->what, "%s", err->msg);
	im->broken++;
	return 0;
}

/* A queue holds patches that can be read; what is quoted is checked where it is rebuilt. */
static int check_patches(struct importing *im, struct rq_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < im->what->patches.n && !rc; i++) {
		const struct rq_imported *p = &im->what->patches.v[i];
		struct rq_patch_options options = RQ_PATCH_DEFAULTS;
		const char *name = p->source ? p->source : im->entries.v.v[i];
		struct rq_patch *patch = NULL;

		if (p->rule)
			continue;
		if (p->rest && strstr(p->rest, " -p0"))
			options.strip = 0;
		options.before = p->before;
		rc = rq_patch_parse_copy(&patch, name, rq_str_slice(&p->bytes), &options,
					 err);
		if (!rc && !patch->n_files)
			rc = rq_err_set(err, RQ_EFORMAT, "%s: has no diff", name);
		if (!rc)
			rc = rq_patch_check_text(patch, err);
		if (!rc && patch->chopped_at)
			rq_import_say(im->what,
				      "%s:%ld: the hunk lacks its last empty context "
				      "lines; a port puts them there",
				      name, patch->chopped_at);
		if (rc)
			rc = take_as_broken(im, err);
		rq_patch_free(patch);
	}
	return rc;
}

static int find_place(const struct importing *im, long *line, struct rq_err *err)
{
	const char *name = im->how->after ? im->how->after : im->how->before;

	*line = -1;
	for (size_t i = 0; name && i < im->series.entries.n; i++)
		if (strcmp(im->series.entries.v[i].path, name) == 0) {
			*line = im->series.entries.v[i].line - (im->how->before ? 1 : 0);
			return 0;
		}
	return name ? rq_err_set(err, RQ_EFORMAT, "%s: has no entry '%s'",
				 im->series_path, name)
		    : 0;
}

/* --- writing --- */

/* @path is below the queue repository, and "patches" and such themselves may be links. */
static int make_folder(const char *path, struct rq_err *err)
{
	const char *below = path + strlen(rq_globals.dir) + 1;
	size_t top = (size_t)(strchr(below, '/') - path);
	_cleanup_free_ char *first = rq_xstrndup(path, top), *rest = NULL;
	const char *base = rq_path_base(path);

	if (path + top + 1 == base)
		return rq_dir_make(first, err);
	rest = rq_xstrndup(path + top + 1, (size_t)(base - path) - top - 2);
	return rq_dir_make_below(first, rest, err);
}

static int put(struct importing *im, const char *path, struct rq_slice bytes,
	       struct rq_err *err)
{
	struct rq_str old = { 0 };
	struct written *w;
	int rc = rq_file_read(&old, path, err);
	bool was_there = !rc;

	if (rc == RQ_ENOTFOUND)
		rc = make_folder(path, err);
	if (rc || (was_there && rq_slice_eq(rq_str_slice(&old), bytes))) {
		rq_str_release(&old);
		return rc;
	}
	w = rq_vec_push(&im->written);
	*w = (struct written){ rq_xstrdup(path), old, was_there };
	return rq_file_write(path, bytes, err);
}

/* With the folders that were made for it. */
static void take_away(char *path)
{
	char *slash;

	unlink(path);
	while ((slash = strrchr(path, '/'))) {
		*slash = '\0';
		if (rmdir(path) < 0)
			return;
	}
}

/* Leaves all as it was. */
static void undo(struct importing *im)
{
	struct rq_err ignored;

	for (size_t i = im->written.n; i-- > 0;) {
		struct written *w = &im->written.v[i];

		if (w->was_there)
			rq_file_write(w->path, rq_str_slice(&w->old), &ignored);
		else
			take_away(w->path);
	}
}

static int put_patch(struct importing *im, size_t i, struct rq_err *err)
{
	const struct rq_imported *p = &im->what->patches.v[i];
	_cleanup_free_ char *file = file_of(im->entries.v.v[i], p->rule);
	_cleanup_free_ char *notes = rq_xasprintf("%s.notes", file);
	int rc = put(im, file, rq_str_slice(&p->bytes), err);

	if (!rc && p->notes.len)
		rc = put(im, notes, rq_str_slice(&p->notes), err);
	return rc;
}

/* The series as it will be must load, or nothing was imported. */
static int check_series(const struct importing *im, struct rq_err *err)
{
	struct rq_series series = { 0 };
	int rc = rq_cmd_series(&series, im->how->queue, im->how->branches, err);

	rq_series_release(&series);
	return rc;
}

/* The series with the new entries; with --force the others' lines as their source has them. */
static int add_lines(struct rq_str *out, const struct importing *im, struct rq_err *err)
{
	struct rq_str series = { 0 }, lines = { 0 };
	bool fresh = false;
	long line;
	int rc = find_place(im, &line, err);

	if (!rc && rq_file_exists(im->series_path))
		rc = rq_file_read(&series, im->series_path, err);
	for (size_t i = 0; i < im->entries.v.n && !rc; i++) {
		const struct rq_entry *have = in_series(im, im->entries.v.v[i]);
		const char *rest = im->what->patches.v[i].rest;
		struct rq_str renewed = { 0 };

		if (!have) {
			rq_str_add_slice(&lines,
					 rq_str_slice(&im->what->patches.v[i].above));
			rq_str_addf(&lines, "%s%s\n", im->entries.v.v[i],
				    rest ? rest : "");
			fresh = true;
		} else if (im->how->force) {
			rq_series_renew(&renewed, rq_str_slice(&series), have->line,
					rest ? rest : "");
			rq_str_release(&series);
			series = renewed;
		}
	}
	if (fresh)
		rq_str_add_slice(&lines, rq_str_slice(&im->what->below));
	if (!rc)
		rq_series_insert(out, rq_str_slice(&series), line, rq_str_slice(&lines));
	rq_str_release(&lines);
	rq_str_release(&series);
	return rc;
}

static int write_all(struct importing *im, struct rq_err *err)
{
	_cleanup_free_ char *description =
		rq_xasprintf("%s/series/%s.description", rq_globals.dir, im->how->queue);
	struct rq_str series = { 0 };
	int rc = add_lines(&series, im, err);

	for (size_t i = 0; i < im->entries.v.n && !rc; i++)
		rc = put_patch(im, i, err);
	if (!rc && im->what->description.len &&
	    (im->how->force || !rq_file_exists(description)))
		rc = put(im, description, rq_str_slice(&im->what->description), err);
	if (!rc)
		rc = put(im, im->series_path, rq_str_slice(&series), err);
	if (!rc)
		rc = check_series(im, err);
	if (rc)
		undo(im);
	rq_str_release(&series);
	return rc;
}

/* What write_all() would refuse, before anything is written. */
static int check_all(const struct importing *im, struct rq_err *err)
{
	_cleanup_(rq_str_release) struct rq_str series = { 0 };
	int rc = add_lines(&series, im, err);

	return rc ? rc
		  : rq_series_check(&series, &im->entries, rq_globals.dir, im->how->queue,
				    im->how->branches, err);
}

static void tell(const struct importing *im)
{
	for (size_t i = 0; i < im->what->said.v.n; i++) {
		rq_print_clean(stderr, "requilt: %s\n", im->what->said.v.v[i]);
		if (!im->how->keep_quiet)
			rq_cmd_did("note", "text", im->what->said.v.v[i], NULL);
	}
	for (size_t i = 0; i < im->entries.v.n && !im->how->keep_quiet; i++)
		rq_cmd_did("entry", "queue", im->how->queue, "entry", im->entries.v.v[i],
			   "incomplete",
			   im->what->patches.v[i].incomplete ? "see Incomplete: in it"
							     : NULL,
			   NULL);
	for (size_t i = 0;
	     i < im->entries.v.n && !rq_globals.quiet && !im->how->keep_quiet; i++)
		rq_print_clean(stdout, "%s%s%s\n", im->entries.v.v[i],
			       im->what->patches.v[i].incomplete ? ": incomplete" : "",
			       in_series(im, im->entries.v.v[i])
				       ? ": in the series already"
				       : "");
}

static int take_in(struct importing *im, struct rq_err *err)
{
	int rc = 0;

	if (rq_file_exists(im->series_path))
		rc = rq_cmd_series(&im->series, im->how->queue, im->how->branches, err);
	if (!rc)
		rc = name_entries(im, err);
	if (!rc)
		rc = check_patches(im, err);
	if (!rc)
		rc = im->how->dry ? check_all(im, err) : write_all(im, err);
	return rc;
}

int rq_cmd_take_in(struct rq_import *what, const struct rq_intake *how,
		   struct rq_err *err)
{
	_cleanup_free_ char *folder = rq_path_join(rq_globals.dir, "series");
	struct importing im = { .how = how, .what = what };
	int fd = -1, rc = rq_dir_lock(&fd, folder, err);

	im.series_path = rq_xasprintf("%s/series/%s.series", rq_globals.dir, how->queue);
	/* Those at the same time take turns: each reads the series that the one before it wrote. */
	if (!rc)
		rc = take_in(&im, err);
	if (fd >= 0)
		close(fd);
	if (!rc)
		tell(&im);
	if (!rc && im.broken)
		rc = rq_err_set(
			err, RQ_EQUEUE,
			how->dry ? "import: %zu of %zu patches cannot be read; without "
				   "-n they come into the queue, and ports show them "
				   "red: mend them first"
				 : "import: %zu of %zu patches cannot be read; they "
				   "are in the queue, and ports show them red: mend "
				   "them there",
			im.broken, what->patches.n);
	release(&im);
	return rc;
}
