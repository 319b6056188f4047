/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files that make offers share.
 */
#ifndef REQUILT_APPLY_OFFER_INTERNAL_H
#define REQUILT_APPLY_OFFER_INTERNAL_H

#include "apply/step_internal.h"
#include "record/offer.h"

/* How a line of the patch's old text is in the file. */
enum rq_likeness { RQ_LIKE_NOTHING, RQ_LIKE_WORDS, RQ_LIKE_BUT_BLANKS, RQ_LIKE_EQUAL };

/* The old text of a hunk beside a part of a file. */
struct rq_alignment {
	size_t n;
	size_t *of; /* per old line the file's, from 1; 0: there is none */
	enum rq_likeness *how;
	size_t found; /* lines that say something and are there, like or equal */
	size_t equal; /* of these, equal but for blanks */
	size_t said;  /* lines of the old text that say something */
};

/* --- offer_align.c --- */

/*
 * Pairs the lines of @text with the lines @from to @to of @file, in order, so that they say the most.
 * False where there are too many.
 */
bool rq_align(struct rq_alignment *out, struct rq_file *file,
	      const struct rq_image_text *text, size_t from, size_t to);
void rq_alignment_release(struct rq_alignment *alignment);

/* --- offer_edit.c --- */

/*
 * Adds to @out what the hunk makes of the lines that @alignment found: one offer, or one for each way to
 * order what both sides add.  @first and @last (lines, from 0) are what the other hunks leave.
 */
void rq_offers_of_alignment(struct rq_offers *out, const struct rq_job *job,
			    const struct rq_site *site,
			    const struct rq_alignment *alignment, size_t first,
			    size_t last);

/* --- offer.c --- */

/*
 * What may be done about a site that has no place, or the edit of one that has; @record, of the file
 * @path, owns it.  Nothing where the file is not as the branch has it.
 */
void rq_site_offer(struct rq_step *step, const struct rq_job *job,
		   const struct rq_site *site, struct rq_hunk_record *record);
/* The same where a rung gave the whole file. */
void rq_whole_offer(struct rq_step *step, const struct rq_job *job,
		    struct rq_hunk_record *record);
/* The first offer that is made for the site in @job's file, without its diff; false: there is none. */
bool rq_site_first_offer(struct rq_offer *out, const struct rq_job *job,
			 const struct rq_site *site);
/* The edit of a site that has a place; false: none is needed, for its record says all. */
bool rq_site_edit(struct rq_offer *out, const struct rq_job *job,
		  const struct rq_site *site);
/* Draws the diff of an offer for @file. */
void rq_offer_draw(struct rq_offer *offer, const struct rq_file *file);

/* --- offer_file.c --- */

/* Like files, and to leave it out: for a file that the branch does not have. */
int rq_step_offer_files(struct rq_step *step, const struct rq_filediff *diff,
			struct rq_hunk_record *record, struct rq_err *err);

#endif
