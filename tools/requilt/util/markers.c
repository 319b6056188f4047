// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finds the markers of a merge.  A line that only looks like one of them is none: a conflict has a
 * beginning, a middle and an end.
 */
#include "util/markers.h"

long rq_markers_find(struct rq_slice text)
{
	long opened = 0, number = 0;
	bool parted = false;
	struct rq_slice line;

	while (rq_slice_next_line(&text, &line)) {
		number++;
		if (rq_slice_starts(line, "<<<<<<< ")) {
			opened = number;
			parted = false;
		} else if (rq_slice_eq(rq_slice_chomp(line), RQ_SLICE("======="))) {
			parted = opened > 0;
		} else if (parted && rq_slice_starts(line, ">>>>>>> ")) {
			return opened;
		}
	}
	return 0;
}
