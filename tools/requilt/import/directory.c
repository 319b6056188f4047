// SPDX-License-Identifier: GPL-2.0-only
/*
 * Directories of patches without a series, as OpenWrt, Armbian, Buildroot and Yocto keep them: the order of
 * the file names is the order of the patches, and the names stay.  What git format-patch wrote for one
 * series is mails, and so are mboxes and maildirs.
 */
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "import/import.h"
#include "patch/patch.h"
#include "series/series.h"
#include "util/file.h"
#include "util/path.h"

static bool is_patch_name(struct rq_slice name)
{
	return name.n && name.p[0] != '.' &&
	       (rq_slice_ends(name, ".patch") || rq_slice_ends(name, ".diff"));
}

/* The names of patches at @path, sorted, and how many directories are beside them. */
static int list(struct rq_names *out, size_t *below, const char *path, struct rq_err *err)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	if (!dir)
		return rq_err_errno(err, "%s", path);
	while ((entry = readdir(dir))) {
		struct rq_slice name = rq_slice_of(entry->d_name);
		_cleanup_free_ char *file = rq_path_join(path, entry->d_name);

		if (rq_file_is_dir(file))
			*below += entry->d_name[0] != '.';
		else if (is_patch_name(name))
			rq_names_add(out, name);
	}
	closedir(dir);
	rq_names_sort(out);
	return 0;
}

/* "0007-" after "v2-", as git format-patch names its files; -1: it does not. */
static long file_number(const char *name)
{
	long version, number;
	int used = 0;

	if (sscanf(name, "v%ld-%n", &version, &used) == 1 && used)
		name += used;
	used = 0;
	for (int i = 0; i < 4; i++)
		if (!isdigit((unsigned char)name[i]))
			return -1;
	return sscanf(name, "%ld-%n", &number, &used) == 1 && used ? number : -1;
}

/* The "7/9" of a mail's subject; 1/1 where it has a "[PATCH]" without. */
static bool subject_numbers(struct rq_slice text, long *number, long *total)
{
	struct rq_slice line;

	while (rq_slice_next_line(&text, &line) && line.n > 1) {
		const char *close, *p;
		char *end;

		if (!rq_slice_starts(line, "Subject: ["))
			continue;
		close = memchr(line.p, ']', line.n);
		if (!close)
			return false;
		for (p = close; isdigit((unsigned char)p[-1]); p--)
			continue;
		*number = *total = 1;
		if (p == close || p[-1] != '/')
			return true;
		*total = strtol(p, NULL, 10);
		for (p--; isdigit((unsigned char)p[-1]); p--)
			continue;
		*number = strtol(p, &end, 10);
		return *end == '/';
	}
	return false;
}

/* Is it all of one series, as git format-patch wrote it? */
static bool is_of_format_patch(const char *path, const struct rq_names *names)
{
	long first = names->v.n ? file_number(names->v.v[0]) : -1;
	long last = first + (long)names->v.n - 1;

	if (first != 0 && first != 1)
		return false;
	for (size_t i = 0; i < names->v.n; i++) {
		_cleanup_free_ char *file = rq_path_join(path, names->v.v[i]);
		_cleanup_(rq_str_release) struct rq_str bytes = { 0 };
		struct rq_err ignored;
		long number, total;

		if (file_number(names->v.v[i]) != first + (long)i ||
		    rq_file_check_within(path, file, &ignored) ||
		    rq_file_read_most(&bytes, file, RQ_PATCH_MOST, &ignored) ||
		    !subject_numbers(rq_str_slice(&bytes), &number, &total) ||
		    number != first + (long)i || total != last)
			return false;
	}
	return true;
}

bool rq_is_patch_directory(const char *path)
{
	_cleanup_free_ char *cur = rq_path_join(path, "cur");
	struct rq_names names = { 0 };
	struct rq_err ignored;
	size_t below = 0;
	bool is;

	if (!rq_file_is_dir(path) || rq_file_is_dir(cur) ||
	    list(&names, &below, path, &ignored))
		return false;
	is = names.v.n && !is_of_format_patch(path, &names);
	rq_names_release(&names);
	return is;
}

/* A series parts names at blanks. */
static char *entry_name(struct rq_import *out, const char *file, const char *name)
{
	char *entry = rq_xstrdup(name);
	bool blank = false;

	for (char *p = entry; *p; p++)
		if (*p == ' ' || *p == '\t') {
			*p = '-';
			blank = true;
		}
	if (blank)
		rq_import_say(out, "%s: has blanks in its name; it is %s here", file,
			      entry);
	return entry;
}

static bool have(const struct rq_import *out, const char *path)
{
	for (size_t i = 0; i < out->patches.n; i++)
		if (out->patches.v[i].path && strcmp(out->patches.v[i].path, path) == 0)
			return true;
	return false;
}

static int take(struct rq_import *out, const char *path, const char *name,
		struct rq_err *err)
{
	_cleanup_free_ char *file = rq_path_join(path, name);
	_cleanup_free_ char *directory = rq_path_name(path);
	char *entry = entry_name(out, file, name);
	const char *unsafe = rq_series_name_unsafe(rq_slice_of(entry));
	struct rq_imported *p;
	int rc;

	if (have(out, entry)) {
		char *longer = rq_path_join(directory, entry);

		free(entry);
		entry = longer;
		unsafe = rq_series_name_unsafe(rq_slice_of(entry));
	}
	p = rq_vec_push(&out->patches);
	p->path = entry;
	p->source = rq_xstrdup(file);
	if (unsafe)
		return rq_err_set(err, RQ_EUNSAFE, "%s: the name %s; rename the file",
				  file, unsafe);
	rc = rq_file_check_within(path, file, err);
	return rc ? rc : rq_file_read_most(&p->bytes, file, RQ_PATCH_MOST, err);
}

int rq_import_directory(struct rq_import *out, const char *path, struct rq_err *err)
{
	struct rq_names names = { 0 };
	size_t below = 0;
	int rc = list(&names, &below, path, err);

	for (size_t i = 0; i < names.v.n && !rc; i++)
		rc = take(out, path, names.v.v[i], err);
	if (!rc && below)
		rq_import_say(out,
			      "%s: %zu director%s in it not read; name them after it, "
			      "in their order",
			      path, below, below == 1 ? "y was" : "ies were");
	rq_names_release(&names);
	return rc;
}
