/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Entries that get another name, go, or are another queue's: what belongs to them stays with them.  These
 * functions look, refuse and plan; rq_plan_run() writes.
 */
#ifndef REQUILT_QUEUE_ENTRIES_H
#define REQUILT_QUEUE_ENTRIES_H

#include "queue/plan.h"
#include "resolve/renamed.h"
#include "series/series.h"

/* Where entries are; borrows all. */
struct rq_entries {
	const char *root;		    /* the queue repository */
	const struct rq_names *queues;	    /* all that it has */
	const struct rq_branches *branches; /* of branches.conf */
};

/* Whether a queue of the repository has an entry with that file, "patches/demo/0001-x.patch". */
bool rq_entries_have_file(const struct rq_entries *all, const char *path);
/* The bytes of series/<queue>.series, of .reviewed, ...; none where the file is not there. */
int rq_entries_read(struct rq_str *out, const struct rq_entries *all, const char *queue,
		    const char *ending, struct rq_err *err);
/* RQ_EQUEUE where `resolve` or `edit` has @entry of the queue open; NULL: any entry. */
int rq_entries_check_closed(const struct rq_entries *all, const char *queue,
			    const char *entry, struct rq_err *err);

/*
 * Plans that the entry @from is @to: in every queue that has it the line of the series, the lines of the
 * .reviewed file and the resolutions, those of rebases too; and its files.  Where the queue's series has
 * @to already, by hand, only the records and variants that still have @from follow.  RQ_EFORMAT,
 * RQ_EUNSAFE: the name cannot be, or a file is there.
 */
int rq_plan_rename(struct rq_plan *plan, const struct rq_entries *all, const char *queue,
		   const char *from, const char *to, struct rq_err *err);
/* Plans that the entries go, with what belongs to them; files that another queue names stay. */
int rq_plan_drop(struct rq_plan *plan, const struct rq_entries *all, const char *queue,
		 const struct rq_names *entries, struct rq_err *err);
/*
 * Plans that the queue is called @to: its series and records, the directories of its patches, rules and
 * outputs, its refs in @repo_path (NULL: it has none), its section of branches.conf.
 */
int rq_plan_queue_rename(struct rq_plan *plan, const struct rq_entries *all,
			 const char *from, const char *to, const char *repo_path,
			 struct rq_err *err);
/*
 * Plans that goes what nothing refers to: of the queues named (all for none) lines of records and
 * resolutions of entries that there are no more, lines of branches that there are no more, variants of
 * both, outputs and refs.  What port did not write stays, and is said in plan->said.
 */
int rq_plan_gc(struct rq_plan *plan, const struct rq_entries *all,
	       const struct rq_names *queues, const char *repo_path, struct rq_err *err);

/* --- records.c: the records of one queue --- */

/* What becomes of them. */
struct rq_record_fate {
	const char *queue, *to; /* filed under @queue, from now on under @to */
	rq_review_fate_fn
		*of_entry; /* the branch is NULL for a resolution, which is no branch's */
	void *ctx;
};

/* Plans the .reviewed file and the resolutions anew, where that changes something. */
int rq_plan_records(struct rq_plan *plan, const struct rq_entries *all,
		    const struct rq_record_fate *fate, struct rq_err *err);
/* The same of the resolutions alone. */
int rq_plan_resolutions(struct rq_plan *plan, const struct rq_entries *all,
			const struct rq_record_fate *fate, struct rq_err *err);

#endif
