/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a person may take where no hunk was placed: an edit of one file, for a reason that is too weak
 * to place by.  Nothing takes one by itself.
 */
#ifndef REQUILT_RECORD_OFFER_H
#define REQUILT_RECORD_OFFER_H

#include <stdbool.h>
#include <stddef.h>

#include "git/git.h"
#include "util/names.h"
#include "util/str.h"
#include "util/vec.h"

enum rq_offer_kind {
	RQ_OFFER_PLACED, /* the place that the hunk has: not shown, goes with the others */
	RQ_OFFER_AFTER,	 /* both add lines there: the patch's come last */
	RQ_OFFER_BEFORE, /* the same: the patch's come first */
	RQ_OFFER_WORDS, /* the lines of the branch, with the words that the patch changes */
	RQ_OFFER_INSTEAD,   /* the patch's lines, in the place of the branch's */
	RQ_OFFER_PLACE,	    /* a place that too little speaks for, or something against */
	RQ_OFFER_LIKE_FILE, /* another file */
	RQ_OFFER_WITHOUT,   /* this part of the patch is left out */
	RQ_OFFER_PROPOSED,  /* what a command made of it */
	RQ_OFFERS,	    /* how many there are */
};

/* Lines of a file and what comes in their place. */
struct rq_offer_edit {
	size_t at, old; /* lines, the first from 0 */
	struct rq_str text;
};

/* Owns its strings. */
struct rq_offer {
	enum rq_offer_kind kind;
	long number; /* among the choices of its entry, from 1; 0: none */
	char *file;  /* of the branch: the one that it changes */
	long line;   /* the first that it changes there; 0: none */
	long count; /* lines of the branch that are meant; of RQ_OFFER_LIKE_FILE: those of the patch */
	long of;			    /* ... of so many */
	char *by;			    /* the command of RQ_OFFER_PROPOSED */
	rq_vec(struct rq_offer_edit) edits; /* ascending */
	struct rq_str diff; /* hunks, for people; of what was read back as well */
};

struct rq_offers {
	rq_vec(struct rq_offer) v;
};

/* "after", ...; static. */
const char *rq_offer_word(enum rq_offer_kind kind);
/* Whether it is one to choose. */
bool rq_offer_is_choice(const struct rq_offer *offer);
/* Appends the sentence that says what it does. */
void rq_offer_print(struct rq_str *out, const struct rq_offer *offer);
/* The id of what it does to hunk @hunk of the patch's file @path. */
void rq_offer_id(struct rq_oid *out, const struct rq_offer *offer, const char *path,
		 long hunk);
/* Whether that id is one of @ids, which are in hex. */
bool rq_offer_is_among(const struct rq_offer *offer, const struct rq_names *ids,
		       const char *path, long hunk);
/* Adds an edit behind the others. */
void rq_offer_edit(struct rq_offer *offer, size_t at, size_t old, struct rq_slice text);
void rq_offer_release(struct rq_offer *offer);
void rq_offers_release(struct rq_offers *offers);

#endif
