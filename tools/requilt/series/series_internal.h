/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of series/ share. */
#ifndef REQUILT_SERIES_SERIES_INTERNAL_H
#define REQUILT_SERIES_SERIES_INTERNAL_H

#include "series/series.h"
#include "util/map.h"

/* Adds the names that a guard of @queue may have: branches, tags, and what is declared. */
void rq_guard_names(struct rq_map *out, const struct rq_branches *branches,
		    const char *queue);
/*
 * Reads the guards of a trailing comment (behind its '#'); a human's comment has none.  @names are those
 * of @branches.
 */
int rq_guards_read(struct rq_entry *entry, struct rq_slice comment,
		   const struct rq_branches *branches, const struct rq_map *names,
		   struct rq_err *err);

/* A name that git takes for a branch and a file system for a directory. */
bool rq_branch_name_valid(struct rq_slice name);
/* One commit, as gitrevisions(7) names it: no range, no option, nothing that a terminal acts on. */
bool rq_revision_valid(const char *value);
/* "cocci" or "patches": where the entry's file is below the queue repository. */
const char *rq_series_folder(const struct rq_entry *entry);

#endif
