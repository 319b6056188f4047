// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files that an entry may have: its own, the notes of an import beside it, a rule's tests, and what
 * branches have in its place.  Asks no disk.
 */
#include "series/series_internal.h"

#include "util/path.h"

static bool is_rule(const char *entry)
{
	return rq_slice_ends(rq_slice_of(entry), ".cocci");
}

static void take(struct rq_names *out, char *path)
{
	*rq_vec_push(&out->v) = path;
}

void rq_series_files(struct rq_names *out, const char *entry,
		     const struct rq_branches *branches)
{
	const char *folder = is_rule(entry) ? "cocci" : "patches";
	const char *base = rq_path_base(entry);
	int in = (int)(base - entry);

	take(out, rq_xasprintf("%s/%s", folder, entry));
	take(out, rq_xasprintf("%s/%s.notes", folder, entry));
	if (is_rule(entry))
		take(out, rq_xasprintf("%s/%.*stest/%.*s", folder, in, entry,
				       (int)(strlen(base) - strlen(".cocci")), base));
	for (size_t i = 0; i < branches->all.n; i++)
		take(out, rq_xasprintf("%s/%.*s%s/%s", folder, in, entry,
				       branches->all.v[i].name, base));
}

long rq_series_line(struct rq_slice bytes, const char *entry)
{
	struct rq_slice line;

	for (long i = 1; rq_slice_next_line(&bytes, &line); i++)
		if (line.p[0] != '#' &&
		    rq_slice_eq(rq_slice_next_word(&line), rq_slice_of(entry)))
			return i;
	return 0;
}
