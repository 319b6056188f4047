/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One patch on its way: shared by the files that place its parts.
 */
#ifndef REQUILT_APPLY_STEP_INTERNAL_H
#define REQUILT_APPLY_STEP_INTERNAL_H

#include "apply/apply_internal.h"
#include "util/map.h"
#include "util/names.h"

struct rq_step_paths;

struct rq_step {
	struct rq_image *image;
	const struct rq_patch *patch;
	const struct rq_apply_options *options;
	struct rq_entry_record *entry;
	struct rq_source source;
	bool present;			 /* the whole patch is there */
	rq_vec(struct rq_file *) staged; /* in their order */
	struct rq_map newest;		 /* of the staged, by path */
	struct rq_map given_up;		 /* diffs that take a file away, by its path */
	size_t failed;			 /* parts that found no place */
	size_t work;			 /* lines compared so far, see rq_file_spend() */
	size_t explained; /* the same for messages, which take nobody's place away */
	struct rq_step_paths *paths; /* of the branch; NULL: not listed yet */
	/* What was spent on files that are not there, see RQ_STEP_LOOKS. */
	size_t followed, offered;
};

/* --- step.c --- */

/* The version that an earlier diff of this patch left, or NULL. */
struct rq_file *rq_step_staged(struct rq_step *step, const char *path);
/* The file as the diffs before this one left it. */
int rq_step_file(struct rq_step *step, const char *path, struct rq_file **out,
		 struct rq_err *err);
/* A new hunk record; @hunk is 0 for the file as a whole. */
struct rq_hunk_record *rq_step_note(struct rq_step *step, const char *path, long hunk,
				    enum rq_outcome rung);
/* Records that the file as a whole has no place, and why. */
void rq_step_fail(struct rq_step *step, const char *path, enum rq_reason_code why);
/* A new change record; either side may be NULL for "not there". */
struct rq_file_change *rq_step_change(struct rq_step *step, const char *path,
				      struct rq_file *before, struct rq_file *after);
/* Fresh hunks between two versions for the writers. */
int rq_change_redraw(struct rq_file_change *c, const struct rq_file *before,
		     const struct rq_file *after, struct rq_err *err);
/* Makes @c the change from @before to @after, whatever it was. */
int rq_change_remake(struct rq_file_change *c, const struct rq_file *before,
		     const struct rq_file *after, struct rq_err *err);
/* An empty file that the caller owns. */
struct rq_file *rq_file_new(const char *path, enum rq_mode mode);
/* Hands a new version over. */
void rq_step_stage(struct rq_step *step, struct rq_file *file);

/* --- step_paths.c --- */

/*
 * How many searches for files that the branch does not have, and files read for them, one patch is worth;
 * as many again for what is offered.  The files after that are not in the tree, without a search.
 */
#define RQ_STEP_LOOKS 512

typedef void rq_path_fn(const char *path, void *arg);

/*
 * Calls @each for every path of the branch's tree that has the base name of @wanted up to its first dot, or
 * is in its directory; for one that is both twice, and for some others as well.  In no order.
 */
int rq_step_each_near(struct rq_step *step, const char *wanted, rq_path_fn *each,
		      void *arg, struct rq_err *err);
/* Also of NULL. */
void rq_step_paths_free(struct rq_step_paths *paths);

/* --- whole.c --- */

int rq_step_create(struct rq_step *step, const struct rq_filediff *diff,
		   struct rq_err *err);
int rq_step_delete(struct rq_step *step, const struct rq_filediff *diff,
		   struct rq_err *err);
int rq_step_binary(struct rq_step *step, const struct rq_filediff *diff,
		   struct rq_file *file, struct rq_err *err);

/* --- ladder.c --- */

/* The mode that @file has once @diff is applied. */
enum rq_mode rq_mode_after(const struct rq_filediff *diff, const struct rq_file *file);
/* Places the hunks of @file, which the result will call @path; @moved, taken over, says why it is another. */
int rq_step_edit(struct rq_step *step, const struct rq_filediff *diff,
		 struct rq_file *file, const char *path, struct rq_reason *moved,
		 struct rq_err *err);
/* The branch may keep the file under another name: follows it there, or says which files are like it. */
int rq_step_edit_moved(struct rq_step *step, const struct rq_filediff *diff,
		       struct rq_err *err);

/* --- followed.c --- */

struct rq_followed {
	char *path; /* NULL: none is alike enough, or two are */
	int percent;
	long count,
		of; /* of the old lines so many are there; 0: whole files were compared */
	struct rq_names
		like; /* where there is none: the paths that come nearest, the nearest first */
};

/*
 * The path under which the branch has the file that @diff edits, which is not there under its own name.
 * @before is that file in the source tree, or NULL: then the old lines of @diff are looked for.
 */
int rq_follow(struct rq_followed *out, struct rq_step *step,
	      const struct rq_filediff *diff, const struct rq_file *before,
	      struct rq_err *err);
void rq_followed_release(struct rq_followed *followed);

#endif
