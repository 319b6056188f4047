// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files that a source repository does not have, as partial clones do: which of them the user
 * leaves out, and one error that names the others.  Nothing is left out silently.
 */
#include "tree/tree_internal.h"

/* Of the 2048 bytes of a message. */
#define NAMED_BYTES 1500

/* "drivers/gpu/" is "drivers/gpu". */
static struct rq_slice without_slash(const char *path)
{
	struct rq_slice plain = rq_slice_of(path);

	while (plain.n && plain.p[plain.n - 1] == '/')
		plain.n--;
	return plain;
}

/* A directory covers all that is in it. */
static bool covers(struct rq_slice without, const char *path)
{
	return without.n && strncmp(path, without.p, without.n) == 0 &&
	       (!path[without.n] || path[without.n] == '/');
}

bool without_path(struct without *w, const char *path)
{
	bool found = false;

	for (size_t i = 0; w->paths && i < w->paths->v.n; i++) {
		struct rq_slice without = without_slash(w->paths->v.v[i]);

		if (!covers(without, path))
			continue;
		rq_names_add_once(&w->used, without);
		found = true;
	}
	return found;
}

void without_missing(struct without *w, const char *path)
{
	w->missing++;
	if (w->named.len + strlen(path) + 2 <= NAMED_BYTES)
		rq_str_addf(&w->named, "%s%s", w->named.len ? ", " : "", path);
	else
		w->unnamed++;
}

int without_check(const struct without *w, struct rq_err *err)
{
	_cleanup_free_ char *more = NULL;

	for (size_t i = 0; w->paths && i < w->paths->v.n; i++)
		if (!rq_names_have(&w->used, without_slash(w->paths->v.v[i])))
			return rq_err_set(err, RQ_ENOTFOUND,
					  "--without %s: the tree has no such path",
					  w->paths->v.v[i]);
	if (!w->missing)
		return 0;
	if (w->unnamed)
		more = rq_xasprintf(" and %zu more", w->unnamed);
	return rq_err_set(err, RQ_ENOTFOUND,
			  "lacks the contents of %zu file%s: %.*s%s; fetch them into it, "
			  "or leave them out with --without PATH",
			  w->missing, w->missing == 1 ? "" : "s", (int)w->named.len,
			  w->named.s, more ? more : "");
}

void without_describe(struct without *w, struct rq_str *out)
{
	rq_names_sort(&w->used);
	for (size_t i = 0; i < w->used.v.n; i++)
		rq_str_addf(out, "Without: %s\n", w->used.v.v[i]);
}

void without_release(struct without *w)
{
	rq_names_release(&w->used);
	rq_str_release(&w->named);
}
