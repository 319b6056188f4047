// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which line of a file was a line of what a rule made of it?  A rule that is refused leaves the file as
 * it was, so messages name lines of that.
 */
#include "semantic/semantic_internal.h"

#include <stdlib.h>

#include "git/git.h"

/* A walk over the lines of a diff; the lines that come next. */
struct walk {
	long before, after;
	long removed; /* the first of the lines just removed; 0: there are none */
};

/* "@@ -12,3 +14,4 @@": a side without lines names the line in front of it. */
static void enter_hunk(struct walk *w, struct rq_slice line, long *offset)
{
	long n_before = 1, n_after = 1;
	char *end;

	*offset = w->after - w->before;
	w->before = strtol(line.p + 4, &end, 10);
	if (*end == ',')
		n_before = strtol(end + 1, &end, 10);
	w->after = strtol(end + 2, &end, 10);
	if (*end == ',')
		n_after = strtol(end + 1, &end, 10);
	w->before += !n_before;
	w->after += !n_after;
	w->removed = 0;
}

/* Passes a line of a hunk; the line of the file before that it tells of. */
static long pass_line(struct walk *w, char sign)
{
	long at = w->before;

	if (sign == '+') {
		at = w->removed ? w->removed : w->before;
		if (w->removed && w->removed + 1 < w->before)
			w->removed++;
		w->after++;
		return at;
	}
	if (sign == '-' && !w->removed)
		w->removed = w->before;
	if (sign == ' ')
		w->removed = 0;
	w->before += sign != '\\';
	w->after += sign == ' ';
	return at;
}

long rq_semantic_origin(const struct rq_semantic_file *f, long line)
{
	_cleanup_(rq_str_release) struct rq_str hunks = { 0 };
	struct walk w = { .before = 1, .after = 1 };
	struct rq_slice rest, text;
	struct rq_err err = { 0 };
	long offset = 0;

	if (!f->changed || rq_diff_hunks(rq_str_slice(&f->before),
					 rq_str_slice(&f->after), &hunks, &err))
		return line;
	rest = rq_str_slice(&hunks);
	while (rq_slice_next_line(&rest, &text)) {
		if (rq_slice_starts(text, "@@ -")) {
			enter_hunk(&w, text, &offset);
			if (w.after > line)
				return line - offset;
			continue;
		}
		if (text.p[0] != '-' && text.p[0] != '\\' && w.after == line)
			return pass_line(&w, text.p[0]);
		pass_line(&w, text.p[0]);
	}
	return line - (w.after - w.before);
}
