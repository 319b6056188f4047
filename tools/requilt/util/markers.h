/* SPDX-License-Identifier: GPL-2.0-only */
/* The markers that git leaves in a file which it could not merge. */
#ifndef REQUILT_UTIL_MARKERS_H
#define REQUILT_UTIL_MARKERS_H

#include "util/str.h"

/* The first line, from 1, that opens a conflict which a later line ends; 0: there is none. */
long rq_markers_find(struct rq_slice text);

#endif
