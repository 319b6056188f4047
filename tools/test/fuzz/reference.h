/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A second placer, made to be read: the rules of tools/requilt/README.md, "How a place is chosen",
 * by trying everything.  It shares no code with apply/.
 */
#ifndef REQUILT_TEST_REFERENCE_H
#define REQUILT_TEST_REFERENCE_H

#include "patch/patch.h"
#include "record/record.h"
#include "util/vec.h"

struct ref_lines {
	rq_vec(struct rq_slice) v; /* each with its newline; the last one may lack it */
};

void ref_split(struct ref_lines *out, struct rq_slice text);

struct ref_hunk {
	enum rq_outcome rung; /* exact, offset, present, absent or conflict */
	long line;	      /* from 1; of absent and conflict 0 */
	bool doubtful;
};

struct ref_answer {
	rq_vec(struct ref_hunk) hunks;
	bool placed;	    /* every hunk, and @text is the file's new text */
	struct rq_str text; /* as it was when all is there already */
};

/*
 * The change of one file, without fuzz and without the tree that the patch was made for.  @same:
 * the patch's index line names this very file.
 */
void ref_place(struct ref_answer *out, struct rq_slice file, const char *path,
	       const struct rq_filediff *diff, bool same);
void ref_release(struct ref_answer *answer);

/* Appends how requilt's answer differs, "" when it is the same. */
void ref_compare(struct rq_str *out, const struct ref_answer *want,
		 const struct rq_entry_record *have, struct rq_slice text);

#endif
