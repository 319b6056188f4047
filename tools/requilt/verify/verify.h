/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Compiles and checks what port made of a queue on one branch.
 *
 * Below the cache each branch has one work tree and one build folder, which stay: going from
 * one tree to the next writes only the files that differ and leaves the times of the others
 * alone, so that make compiles only what they touch.  Nothing is written in the kernel
 * repository.
 */
#ifndef REQUILT_VERIFY_VERIFY_H
#define REQUILT_VERIFY_VERIFY_H

#include "record/verified.h"
#include "series/series.h"

/* One entry of the port, in order. */
struct rq_verify_entry {
	char *patch;
	struct rq_oid commit; /* zero: not applied here */
};

struct rq_verify_job {
	const char *repo_path; /* the kernel repository */
	const char *folder;    /* of this branch in the cache; made when missing */
	const char *fragments; /* folder of the configuration fragments */
	const char *guest;     /* folder of the guest's tests */
	const struct rq_branch *branch;
	const char *version; /* of the base; may be NULL */
	struct rq_oid base;  /* commit */
	const struct rq_verify_entry *entries;
	size_t n_entries;
	bool build;	   /* new compiler warnings count; errors always do */
	bool sparse;	   /* compare what sparse says too */
	bool each;	   /* after every entry, not only at both ends */
	bool boot;	   /* boot the base and the end, and run the tests there */
	long boot_seconds; /* time limit of one guest */
	const char *accel; /* "kvm", "tcg" or "auto": kvm where it works */
	bool fresh;	   /* boot again what was seen to be good */
	long jobs;
	/* Called before every step of work; may be NULL. */
	void (*progress)(const char *branch, const char *step, void *ctx);
	/* Called with what a person should know at once, on a line of its own; may be NULL. */
	void (*notice)(const char *branch, const char *text, void *ctx);
	/*
	 * Good results of compiling and checking, by a key of all that they depend on: recall
	 * fills the entries of @out and says whether there was one, keep stores them.  Both may
	 * be NULL.
	 */
	bool (*recall)(struct rq_verified_branch *out, const char *key, void *ctx);
	int (*keep)(const struct rq_verified_branch *out, const char *key, void *ctx,
		    struct rq_err *err);
	void *ctx;
};

/*
 * Fills @out.  What does not compile, and new warnings, are in the record.  A code is about
 * what kept the branch from being verified: RQ_ETOOL a program that is missing or ran out of
 * time, RQ_EBUSY another run in the same folder, RQ_EFORMAT a configuration that did not take.
 */
int rq_verify_branch(struct rq_verified_branch *out, const struct rq_verify_job *job,
		     struct rq_err *err);

#endif
