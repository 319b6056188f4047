/* SPDX-License-Identifier: GPL-2.0-only */
/* The offers of a conflict, for a person who takes some: by number, or by a key. */
#ifndef REQUILT_CMD_OFFERS_H
#define REQUILT_CMD_OFFERS_H

#include "queue/queue.h"
#include "util/names.h"

enum rq_offer_answer { RQ_ANSWER_BY_HAND, RQ_ANSWER_SKIP, RQ_ANSWER_TAKE };

/* The last number that can be taken; 0: there is nothing to take. */
long rq_cmd_offers_last(const struct rq_conflict *c);
/* Prints the line of an offer that is one for several files, where there is one. */
void rq_cmd_offers_print_all(const struct rq_conflict *c);
/*
 * Adds the ids of the offers with these @numbers to @ids, which has those that were taken before.
 * RQ_EUSAGE for a number of no offer, and for a second one of a hunk.
 */
int rq_cmd_offers_choose(struct rq_names *ids, const struct rq_conflict *c,
			 const struct rq_names *numbers, struct rq_err *err);
/* What was taken, in one line for a note; the caller frees. */
char *rq_cmd_offers_note(const struct rq_conflict *c, const struct rq_names *ids);
/*
 * Asks for a key where both stdin and stdout are a terminal: *@number is what is to be taken.  With
 * @may_skip the patch may be left out.
 */
enum rq_offer_answer rq_cmd_offers_ask(char **number, const struct rq_conflict *c,
				       bool may_skip);

#endif
