// SPDX-License-Identifier: GPL-2.0-only
/*
 * "-- >8 --": what is in front of it is no part of a patch.  The rule is that of git mailinfo: scissors and
 * dashes are a third of what is to be seen at least, and dashes outweigh the gaps among them.
 */
#include "patch/patch.h"

static bool is_pair(const char *p)
{
	static const char *const pairs[] = { ">8", "8<", ">%", "%<" };

	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++)
		if (memcmp(p, pairs[i], 2) == 0)
			return true;
	return false;
}

bool rq_is_scissors(struct rq_slice line)
{
	size_t marks = 0, perforation = 0, gaps = 0;
	bool inside = false;

	line = rq_slice_trim(line);
	for (size_t i = 0; i < line.n; i++) {
		if (line.p[i] == ' ' || line.p[i] == '\t') {
			perforation += inside;
			gaps += inside;
		} else if (line.p[i] == '-') {
			inside = true;
			perforation++;
		} else if (i + 1 < line.n && is_pair(line.p + i)) {
			inside = true;
			perforation += 2;
			marks++;
			i++;
		} else {
			inside = false;
		}
	}
	return marks && line.n >= 8 && line.n < perforation * 3 && gaps * 2 < perforation;
}
