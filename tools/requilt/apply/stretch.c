// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stretches of a hunk: changed lines without context between them.
 */
#include "apply/apply_internal.h"

bool rq_stretch_next(struct rq_stretch *out, const struct rq_hunk *hunk, size_t *line,
		     size_t *old)
{
	for (; *line < hunk->n_lines && hunk->lines[*line].sign == ' '; ++*line)
		++*old;
	*out = (struct rq_stretch){ .line = *line, .from = *old };
	for (; *line < hunk->n_lines && hunk->lines[*line].sign != ' '; ++*line)
		*old += hunk->lines[*line].sign == '-';
	out->n = *line - out->line;
	out->to = *old;
	return out->n > 0;
}
