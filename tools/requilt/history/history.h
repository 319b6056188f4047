/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What commits and their messages say of one another: what a fix is for, and which releases have a
 * commit.  Says nothing about trees; whether one has a change is for its text to say.
 */
#ifndef REQUILT_HISTORY_HISTORY_H
#define REQUILT_HISTORY_HISTORY_H

#include "git/git.h"
#include "patch/patch.h"
#include "series/series.h"
#include "util/vec.h"

/* --- stable.c: "Cc: stable@..." and what is behind its '#' --- */

/* Versions from..to; to.n is 0: and all later ones; from.n is 0: and all earlier ones. */
struct rq_stable_range {
	struct rq_version from, to;
};

/* "# 5.15.x: a1f84a3: title": to be picked first there.  Slices of the head. */
struct rq_stable_first {
	struct rq_slice version, id, title;
};

struct rq_stable {
	rq_vec(struct rq_stable_range) ranges; /* empty: it names no version */
	rq_vec(struct rq_stable_first) first;
	/* A commit that it fixes and that no release is known to have; set by who looks it up. */
	struct rq_slice unknown;
	long line; /* of the head, from 1: the first with a version; 0: none */
};

/*
 * Reads "Cc: stable@vger.kernel.org # 6.1+" and its like.  A version alone means that release and all later
 * ones, as the kernel's stable-kernel-rules has it; several alone mean these.  Words that are no version say nothing.
 */
void rq_stable_read(struct rq_stable *out, struct rq_slice head);
bool rq_stable_covers(const struct rq_stable *stable, const struct rq_version *version);
/* Appends the guards of an entry that say the same, "+v6.1.. +v5.4". */
void rq_stable_guards(struct rq_str *out, const struct rq_stable *stable);
void rq_stable_release(struct rq_stable *stable);

/* --- release.c: tags --- */

/*
 * The first release (a tag vX.Y of @repo) that has the commit, as "6.1"; NULL where no tag has it.  The
 * caller frees.
 */
int rq_history_release_of(char **out, struct rq_repo *repo, const struct rq_oid *commit,
			  struct rq_err *err);

/* --- named.c: what a message names --- */

enum rq_named_how { RQ_NAMED_FIXES, RQ_NAMED_REVERTS };

/*
 * Calls @each with each commit, 7 to 40 digits, that @message says it fixes ("Fixes: 1a2b3c4d5e6f (...)") or
 * reverts ("This reverts commit 1a2b3c4d5e6f."); @line from 1.
 */
void rq_history_named(struct rq_slice message,
		      void (*each)(enum rq_named_how how, struct rq_slice id, long line,
				   void *ctx),
		      void *ctx);

#endif
