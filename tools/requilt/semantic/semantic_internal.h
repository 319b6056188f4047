/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of semantic/ share. */
#ifndef REQUILT_SEMANTIC_SEMANTIC_INTERNAL_H
#define REQUILT_SEMANTIC_SEMANTIC_INTERNAL_H

#include "proc/proc.h"
#include "semantic/semantic.h"
#include "util/ctext.h"

/* What spatch could not read: it goes on behind it and changes nothing there. */
struct rq_unread {
	size_t file;   /* index into the run's files */
	long from, to; /* lines, both included; to is LONG_MAX for "up to the end" */
	long line;     /* where it gave up */
};

/* --- gate.c --- */

/*
 * Whether spatch may see a rule of this text, whose leading comment ends at @behind_head;
 * *first is where its first "@" stands, or the end.  RQ_EUNSAFE says what is refused and where.
 */
int rq_rule_gate(size_t *first, const char *name, struct rq_slice text,
		 size_t behind_head, struct rq_err *err);
/* The same for the @n bytes at @at, between the two "@" of a rule's head. */
int rq_rule_gate_head(const char *name, struct rq_slice text, size_t at, size_t n,
		      struct rq_err *err);

/* --- spatch.c --- */

/* What one or more runs of spatch said. */
struct rq_spatch_said {
	rq_vec(struct rq_unread) unread;
	char *error;	   /* NULL: every file was handled */
	enum rq_code code; /* what kind of error */
};

/*
 * rq_proc_run() for spatch: confined to the directory @work (NULL: none), within limits of memory,
 * processes and file size, unless @unconfined.  RQ_ETOOL where it cannot be confined.
 */
int rq_spatch_start(struct rq_proc *proc, const char *work, bool unconfined, int *status,
		    struct rq_err *err);
/*
 * Runs spatch over the files of @run, options->jobs batches at once, and takes what it wrote into
 * .after and .changed.
 */
int rq_spatch_run(struct rq_spatch_said *said, struct rq_semantic *run,
		  const struct rq_rule *rule, const struct rq_semantic_options *options,
		  struct rq_err *err);
void rq_spatch_said_release(struct rq_spatch_said *said);
/* Once for a place: spatch parses a file several times and says the same each time. */
void rq_spatch_said_add(struct rq_spatch_said *said, const struct rq_unread *unread);

/* --- flow.c --- */

/*
 * Adds the functions of a file (@text, the number @file of the run) that the line @what of spatch
 * is about; the whole file where it does not tell.
 */
void rq_flow_add(struct rq_spatch_said *said, size_t file, struct rq_slice text,
		 struct rq_slice what);

/* --- fold.c --- */

/* Folds the lines of .after that are not in .before and too long. */
int rq_semantic_fold(struct rq_semantic_file *f, struct rq_err *err);

/* --- apart.c --- */

/*
 * Where a rule has brought a name of its Expect-apart:, Expect-beside: and Expect-statement: lines to
 * a place that these lines speak against; the caller frees.  NULL: nowhere.
 */
char *rq_apart_check(const struct rq_rule *rule, const struct rq_semantic_file *f);

/* --- origin.c --- */

/* The line of .before that line @line of .after was, or that it was put in place of. */
long rq_semantic_origin(const struct rq_semantic_file *f, long line);

/* --- hidden.c --- */

/*
 * What a rule has written over without seeing it: a directive or comment among the arguments of
 * a call, a macro cut in two; the caller frees.  NULL: nothing.
 */
char *rq_hidden_check(const struct rq_semantic_file *f);

/* --- cache.c --- */

/*
 * The file that holds, or will hold, what spatch makes of the rule and @file, one of the run's; NULL: of
 * no file at all.  The caller frees.
 */
char *rq_semantic_cache_path(const struct rq_semantic *run, const struct rq_rule *rule,
			     const struct rq_semantic_file *file, const char *version,
			     const char *cache);
/* Whether it was there: then the file's .after is as spatch left it, and @said has what it said of it. */
bool rq_semantic_cache_load(struct rq_semantic *run, struct rq_spatch_said *said,
			    struct rq_semantic_file *file, const char *path);
int rq_semantic_cache_store(const struct rq_semantic *run,
			    const struct rq_spatch_said *said,
			    const struct rq_semantic_file *file, const char *path,
			    struct rq_err *err);

#endif
