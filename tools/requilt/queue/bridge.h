/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A patch for a newer API on a branch that has the older one: both states of each file go through the
 * bridges that fit, and their difference is placed like any patch.
 */
#ifndef REQUILT_QUEUE_BRIDGE_H
#define REQUILT_QUEUE_BRIDGE_H

#include "queue/queue_internal.h"
#include "semantic/bridge.h"

/* A file that the patch changes, as it is before and after the patch, and the same through the bridges. */
struct rq_bridged_file {
	const struct rq_filediff *diff;
	const char *path; /* the diff's */
	struct rq_str before, after;
};

struct rq_bridged_files {
	rq_vec(struct rq_bridged_file) v;
};

/* Files that are kept by their bytes, as an image. */
struct rq_kept_files {
	struct rq_image *of; /* asked for all others; NULL: there are none */
	const struct rq_bridged_files *files; /* of these, the state before; NULL: none */
	rq_vec(struct rq_str) bytes;
};

/* One entry's attempt. */
struct rq_bridging {
	struct rq_walk *walk;
	struct rq_exist *exist; /* NULL: the tree is not whole */
	const struct rq_item *item;
	rq_vec(const struct rq_bridge *) fits; /* in the order of their files */
	bool first; /* the patch adds a name that the branch surely lacks */
	struct rq_kept_files source;   /* the source tree as the patch finds it */
	struct rq_image *source_image; /* NULL: there is none */
	bool there;		       /* what they make is on the branch already */
	char *why;		       /* why none of them served */
};

/* --- bridge.c --- */

/* Finds the bridges that fit; with none @out->fits is empty.  rq_bridging_end() in any case. */
int rq_bridging_begin(struct rq_bridging *out, struct rq_walk *walk,
		      struct rq_exist *exist, const struct rq_item *item,
		      struct rq_err *err);
/*
 * Tries them.  *done: the entry is placed, and @entry says how; else it is as it was, and .why has
 * the reason.  The source tree is not taken further.  @failed: the patch as it is has no place.
 */
int rq_bridging_try(struct rq_bridging *b, const struct rq_apply_options *options,
		    bool failed, struct rq_entry_record *entry, bool *done,
		    struct rq_err *err);
void rq_bridging_end(struct rq_bridging *b);

/* --- bridge_fit.c --- */

/* Appends the ids of the bridges that a port of the patch to the branch may use; @bridges may be NULL. */
void rq_bridges_digest(struct rq_str *out, const struct rq_bridges *bridges,
		       const struct rq_branch *branch, const struct rq_patch *patch);
int rq_bridging_find(struct rq_bridging *b, struct rq_err *err);
/* Whether the line has a new name of a bridge that fits. */
bool rq_bridging_is_new(const struct rq_bridging *b, struct rq_slice line);
/* Whether it has an old one. */
bool rq_bridging_is_old(const struct rq_bridging *b, struct rq_slice line);
/* Whether the diff is one that bridges change. */
bool rq_bridging_wants(const struct rq_bridging *b, const struct rq_filediff *diff);

/* --- bridge_states.c: each fills @out, or leaves it empty and says why in b->why --- */

int rq_bridging_from_source(struct rq_bridged_files *out, struct rq_bridging *b,
			    struct rq_err *err);
int rq_bridging_from_branch(struct rq_bridged_files *out, struct rq_bridging *b,
			    const struct rq_apply_options *options, struct rq_err *err);
void rq_bridged_files_release(struct rq_bridged_files *files);
/* An image of the bytes; they live until rq_kept_files_free(). */
struct rq_image *rq_kept_files_new(struct rq_kept_files *kept, struct rq_image *of,
				   const struct rq_bridged_files *files);
void rq_kept_files_free(struct rq_kept_files *kept, struct rq_image *image);

/* --- bridge_splice.c: the patch's own lines in the place of what the branch has for them --- */

int rq_bridging_from_lines(struct rq_bridged_files *out, struct rq_bridging *b,
			   struct rq_err *err);

/* --- bridge_convert.c --- */

/* Runs the bridges over both states.  *good is false, and b->why set, where one is not to be used. */
int rq_bridging_convert(struct rq_bridged_files *files, struct rq_bridging *b, bool *good,
			struct rq_err *err);

/* --- bridge_patch.c --- */

/* The patch that the converted states make; NULL and b->why where it is not to be used. */
int rq_bridging_patch(struct rq_patch **out, const struct rq_bridged_files *files,
		      struct rq_bridging *b, struct rq_err *err);
/* Says in the record, hunk by hunk and as a whole, what is another than in the entry's own patch. */
void rq_bridging_tell(const struct rq_bridging *b, const struct rq_patch *patch,
		      struct rq_entry_record *entry);

#endif
