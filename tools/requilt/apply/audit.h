/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether a tree has the change of a patch, by its text: as the patch has it, or in other words.
 */
#ifndef REQUILT_APPLY_AUDIT_H
#define REQUILT_APPLY_AUDIT_H

#include "apply/apply.h"

enum rq_audited {
	RQ_AUDIT_HAS, /* every part of its new text is there */
	RQ_AUDIT_WORDS, /* most of its new text is in its functions, most of its old text is not */
	RQ_AUDIT_LIKELY,  /* more of its new text is there than of its old text */
	RQ_AUDIT_LACKS,	  /* its old text is there, or more of it than of its new text */
	RQ_AUDIT_UNLIKE,  /* neither is */
	RQ_AUDIT_NO_FILE, /* none of its files is there */
	RQ_AUDIT_NOT_AFFECTED, /* what it mends never came into the tree; not said by rq_audit_patch() */
};

/* Lines and neighbouring pairs of lines of one text of a patch, and how many of them are there. */
struct rq_audit_text {
	size_t lines, lines_there, pairs, pairs_there;
};

/* What the verdict on a function, or on the head of a file, stands on; owns its strings. */
struct rq_audit_place {
	char *file;
	char *function; /* "f()", or NULL: what is before the first function, or a file without names */
	size_t line; /* where it is in the tree, from 1; 0: it is not there */
	bool made;   /* by the patch itself */
	bool head;   /* what a C file has before its first function */
	struct rq_audit_text before, after;
};

struct rq_audit {
	enum rq_audited verdict;
	enum rq_outcome placed; /* what a port would say */
	bool doubtful;
	rq_vec(struct rq_audit_place) places;
};

/*
 * Judges @patch against @image, which stays as it is.  Green presence and a green fit count before
 * everything else.
 */
int rq_audit_patch(struct rq_audit *out, struct rq_image *image,
		   const struct rq_patch *patch, struct rq_err *err);
/* Whether this verdict on a change shows that nothing of the change ever came into the tree. */
bool rq_audit_shows_absence(const struct rq_audit *audit);
/* Adds what was counted in @place to both sums. */
void rq_audit_add_place(struct rq_audit_text *before, struct rq_audit_text *after,
			const struct rq_audit_place *place);
void rq_audit_release(struct rq_audit *audit);

#endif
