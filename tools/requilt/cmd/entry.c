// SPDX-License-Identifier: GPL-2.0-only
/*
 * An entry of a queue by what a person calls it: its path in the series, its file name, the name of
 * the patch that port made of it, or the start of any of these.  Takes nothing that could be two.
 */
#include "cmd/cmd.h"

#include <stdlib.h>

#include "emit/emit.h"
#include "util/near.h"
#include "util/path.h"

typedef bool match_fn(const char *queue, const char *entry, struct rq_slice name);

static bool is_path(const char *queue, const char *entry, struct rq_slice name)
{
	(void)queue;
	return rq_slice_eq(rq_slice_of(entry), name);
}

static bool is_file(const char *queue, const char *entry, struct rq_slice name)
{
	_cleanup_free_ char *emitted = rq_emit_name(queue, entry);

	return rq_slice_eq(rq_slice_of(rq_path_base(entry)), name) ||
	       rq_slice_eq(rq_slice_of(emitted), name) ||
	       rq_slice_eq(rq_slice_of(rq_path_base(emitted)), name);
}

static bool starts(const char *text, struct rq_slice name)
{
	return strncmp(text, name.p, name.n) == 0;
}

static bool is_start(const char *queue, const char *entry, struct rq_slice name)
{
	_cleanup_free_ char *emitted = rq_emit_name(queue, entry);

	return starts(entry, name) || starts(rq_path_base(entry), name) ||
	       starts(emitted, name);
}

/* How many entries match; *out is the first of them, and @list names them all. */
static size_t find(const char **out, struct rq_str *list, const struct rq_series *series,
		   struct rq_slice name, match_fn *match)
{
	size_t n = 0;

	for (size_t i = 0; i < series->entries.n; i++) {
		const char *entry = series->entries.v[i].path;

		if (!match(series->name, entry, name))
			continue;
		if (!n++)
			*out = entry;
		rq_str_addf(list, "%s%s", list->len ? ", " : "", entry);
	}
	return n;
}

static int refuse(const struct rq_series *series, const char *name, struct rq_err *err)
{
	_cleanup_free_ char *meant = NULL;
	struct rq_near near = { .word = name };

	for (size_t i = 0; i < series->entries.n; i++) {
		rq_near_offer(&near, series->entries.v[i].path);
		rq_near_offer(&near, rq_path_base(series->entries.v[i].path));
	}
	meant = rq_near_text(&near, "");
	return rq_err_set(err, RQ_EFORMAT, "%s: has no entry '%s'%s", series->path, name,
			  near.best ? meant : "; name it as the series does");
}

int rq_cmd_entry(const char **out, const struct rq_series *series, const char *name,
		 struct rq_err *err)
{
	static match_fn *const matches[] = { is_path, is_file, is_start };
	struct rq_slice wanted = rq_slice_of(name);
	struct rq_str list = { 0 };
	size_t n = 0;
	int rc = 0;

	/* The name of a directory is the start of all that is in it, and none of it. */
	for (size_t i = 0; i < ARRAY_SIZE(matches) && !n && wanted.n; i++)
		if (!rq_slice_ends(wanted, "/"))
			n = find(out, &list, series, wanted, matches[i]);
	if (!n)
		rc = refuse(series, name, err);
	else if (n > 1)
		rc = rq_err_set(err, RQ_EFORMAT, "%s: '%s' may be %s; write more of it",
				series->path, name, list.s);
	rq_str_release(&list);
	return rc;
}
