/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Walking a queue over branches: order, guards, conditions, and the transaction that makes
 * a port whole or not at all.
 */
#ifndef REQUILT_QUEUE_QUEUE_H
#define REQUILT_QUEUE_QUEUE_H

#include <stdio.h>

#include "record/rebased.h"
#include "record/record.h"
#include "resolve/change.h"
#include "series/series.h"

/* Whether what is written is what a port would write: asked of the cache, or of a port in memory. */
enum rq_check {
	RQ_CHECK_ONCE, /* ports where the cache does not say, and notes the answer there */
	RQ_CHECK_ALWAYS, /* ports */
	RQ_CHECK_NOTED,	 /* asks the cache alone */
};

struct rq_bridges;

struct rq_port_options {
	const char *root;	/* the queue repository */
	const char *unresolved; /* an entry whose resolutions are not replayed; or NULL */
	const struct rq_names
		*taken;	       /* for rq_queue_conflict(): ids of offers; or NULL */
	const char *patches;   /* folder of a plain series' patches; NULL: below @root */
	const char *out;       /* folder that gets <queue>/<branch>/ */
	const char *repo_path; /* the kernel repository */
	const struct rq_branches *branches;
	const char *cache; /* folder of what rules leave behind; NULL: there is none */
	const char *notes; /* folder of notes on what was ported; NULL: there is none */
	FILE *progress;	   /* what takes a while is told here; NULL: nowhere */
	bool fresh;	   /* port what is current, too */
	bool dry;	   /* write nothing: no objects, no directory, no ref */
	const struct rq_bridges *bridges; /* NULL: there are none */
	bool unreferred; /* move no ref: @out is not where the queue's own output is */
	bool unconfined; /* rules may do what we may */
	bool renews; /* records of the earlier version are no error; resolutions serve */
	enum rq_check check; /* for rq_queue_states() */
	long fuzz;	     /* -1: what branches.conf says */
	long jobs;	     /* branches at once; at least 1 */
};

/*
 * Ports @series to the branches named (all of branches.conf for none).  Fills @record in
 * branches.conf's order.  Outcomes, conflicts and failed branches are in the record; the
 * code is about what stops the run as a whole: a malformed patch, an unknown branch.
 */
int rq_port(struct rq_record *record, const struct rq_series *series, char *const *names,
	    int n_names, const struct rq_port_options *options, struct rq_err *err);

/* What a branch's written output is worth now. */
struct rq_state {
	char *branch;
	char *version; /* of the base it was made for; NULL when there is no output */
	/*
	 * "green", "yellow", "red", "nothing": a port gives these very files; "unchecked": it is not
	 * known whether one does; "stale", "missing", "rebased".
	 */
	char *word;
	bool stale;  /* not to be used: made from something else, or not there */
	bool unread; /* stale since a file of the queue cannot be read: @why names it */
	bool unchecked;	 /* not to be used either, before it is known what a port gives */
	char *why;	 /* what a port in memory said of it; may be NULL */
	char *moved;	 /* what it was made from that is another now; may be NULL */
	char *last_good; /* version of the base of the series in last-good/; NULL: none */
};

struct rq_states {
	rq_vec(struct rq_state) v;
};

/*
 * One state for each branch named (all of branches.conf for none); writes nothing but notes in the
 * cache, of what a port in memory gave.
 */
int rq_queue_states(struct rq_states *out, const struct rq_series *series,
		    char *const *names, int n_names,
		    const struct rq_port_options *options, struct rq_err *err);
void rq_states_release(struct rq_states *states);

/*
 * Whether the output of @branch is known to be what the queue gives now: the cache says so, or a port in
 * memory.  One of "port --fuzz" is the cache's to know.  RQ_EQUEUE where it is not.
 */
int rq_queue_vouch(const struct rq_series *series, const char *branch,
		   const struct rq_port_options *options, struct rq_err *err);

/*
 * Whether the cache (@notes; NULL: there is none) says that this very program wrote the files of @folder,
 * as a port, be it from an older state of the queue or the base, or as a rebase.
 */
bool rq_output_is_noted(const char *folder, const char *notes);

/* A record of the earlier version, and what became of it; owns its strings. */
struct rq_renewal {
	char *what; /* "linux-6.1.y q/x.patch, accepted by A Reader <...>", or the file of a resolution */
	const char *became; /* "renewed", or why it holds no longer; static */
	enum { RQ_RENEWED, RQ_RENEWAL_WAITS, RQ_RENEWAL_DROPPED } how;
};

struct rq_renewals {
	rq_vec(struct rq_renewal) v;
};

/*
 * Writes the records of a queue again, in the version of now: those whose change is still the one that
 * was accepted or resolved.  Others lose their line, or stay as a stale resolution; where a branch is
 * red nothing can be said of its lines, which wait.  Nothing is written before all is decided.
 */
int rq_queue_renew(struct rq_renewals *out, const struct rq_series *series,
		   const struct rq_port_options *options, struct rq_err *err);
void rq_renewals_release(struct rq_renewals *renewals);

/* A file that a conflict concerns: as the branch has it, and as a hand may start. */
struct rq_conflict_file {
	char *path;
	enum rq_mode before_mode, mode; /* RQ_MODE_NONE: not there */
	struct rq_str before, text;
	size_t marks; /* conflicts marked in @text */
};

/* The first entry of a queue that fails on a branch; owns its strings. */
struct rq_conflict {
	char *entry; /* NULL: none fails */
	char *why;
	char *shown; /* its conflicts beside the branch's text, as lines for people; may be "" */
	bool by_hand; /* a patch that can be taken up by hand; else @why says what to do */
	struct rq_oid base_tree, change; /* of what the patch changes, */
	struct rq_hunk_changes hunks;	 /* and the same hunk by hunk, */
	struct rq_str was;		 /* and the patch, see resolve/was.h */
	/* The file of the resolution that the texts start from, of whom ("two by A Name <address>"), and
	 * its note; NULL: they start from the patch. */
	char *carried, *carried_from, *note;
	rq_vec(struct rq_conflict_file) files;
	struct rq_entry_record tried; /* what became of it, with its offers; no changes */
	size_t left; /* hunks without a place for which nothing was taken */
};

/*
 * Walks @series over @branch up to its first failure.  @more are paths that the caller wants to
 * see too, as they are before the entry.  The offers of options->taken are done in the files: RQ_EQUEUE
 * where there is one no more, and where two of them change the same lines.  Writes nothing.
 */
int rq_queue_conflict(struct rq_conflict *out, const struct rq_series *series,
		      const char *branch, const struct rq_names *more,
		      const struct rq_port_options *options, struct rq_err *err);
void rq_conflict_release(struct rq_conflict *conflict);

/* --- a series that exists, onto another base (rebase.c) --- */

struct rq_rebase_options {
	const char *root, *repo_path;
	const char *queue;
	const struct rq_branches *branches;
	const char *branch;
	const char *from, *out; /* folders with a series file; may be the same */
	const char *cache; /* folder for what trees know of names; NULL: there is none */
	const char *notes; /* folder of notes on what was written; NULL: there is none */
	FILE *progress;	   /* NULL: says nothing */
	const char *onto; /* a commit of the kernel repository; NULL: the branch's base */
	bool dry;	  /* write nothing */
	const char *upstream; /* NULL: branch.<name>.upstream, if there is one */
};

/* What the resolutions of a queue's rebases are filed under; the caller frees. */
char *rq_rebase_name(const char *queue);
/*
 * Ports the patches of @from/series to the new base, and writes @out unless one of them conflicts.
 * Bytes of patches and series that need no change stay as they are.  Resolutions recorded
 * under rq_rebase_name() are replayed.  A conflict is no error code.
 */
int rq_rebase(struct rq_rebase *out, const struct rq_rebase_options *options,
	      struct rq_err *err);
struct rq_apply_run_options {
	const char *repo_path;
	const char *onto;   /* treeish */
	const char *source; /* treeish or NULL */
	long fuzz;
	const char *cache; /* folder for what trees know of names; NULL: there is none */
	FILE *progress;	   /* what takes a while is told here; NULL: nowhere */
	long jobs;	   /* threads; at least 1 */
	bool keep_going;   /* leave a patch that does not fit out and go on */
	const struct rq_bridges *bridges; /* NULL: there are none */
};

struct rq_apply_input {
	char *path; /* file to read */
	char *name; /* as reported */
	struct rq_patch_options options;
};

/*
 * Applies patches one after another onto a tree: no queue, no commit, no ref moved.  The
 * objects of the final state are stored, so that the tree can be looked at.
 */
int rq_apply_run(struct rq_record *record, const struct rq_apply_input *inputs, size_t n,
		 const struct rq_apply_run_options *options, struct rq_err *err);

#endif
