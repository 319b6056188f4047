/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a queue repository keeps work in progress: git shows none of it. */
#ifndef REQUILT_RESOLVE_PLACE_H
#define REQUILT_RESOLVE_PLACE_H

#include "util/err.h"

#define RQ_PLACE ".requilt"

/* Writes the .gitignore of @root's place, which is there, where it has none. */
int rq_place_hide(const char *root, struct rq_err *err);

#endif
