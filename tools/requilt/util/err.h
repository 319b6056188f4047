/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Errors: a negative code says what kind, a struct rq_err tells the story.
 *
 * The code that finds the fault sets the message; each caller on the way up may put
 * the place in front ("series/q.series:41: "), so that the last line names file, line
 * and reason.  An expected outcome (offset, present, conflict) is never an error.
 */
#ifndef REQUILT_UTIL_ERR_H
#define REQUILT_UTIL_ERR_H

enum rq_code {
	RQ_OK = 0,
	RQ_ENOMEM = -1,	   /* out of memory */
	RQ_EIO = -2,	   /* the operating system refused: open, write, fsync */
	RQ_EFORMAT = -3,   /* input that breaks its format's rules */
	RQ_EUNSAFE = -4,   /* input that is refused for safety: "..", .git, devices */
	RQ_ENOTFOUND = -5, /* a file, ref or object that is not there */
	RQ_EGIT = -6,	   /* libgit2 failed */
	RQ_EUSAGE = -7,	   /* the command line is wrong */
	RQ_ETOOL = -8,	   /* a program is missing, failed or ran out of time */
	RQ_EQUEUE = -9,	   /* the queue has a problem: conflict, blocked, failed proof */
	RQ_EBUSY = -10,	   /* another run holds the lock */
};

struct rq_err {
	enum rq_code code;
	char msg[2048];
};

/* Sets the message and returns @code, so that callers write `return rq_err_set(...)`. */
int rq_err_set(struct rq_err *err, enum rq_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Puts text in front of the message; returns the code that err holds. */
int rq_err_prefix(struct rq_err *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* rq_err_set(RQ_EIO) with strerror(errno) behind the text. */
int rq_err_errno(struct rq_err *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
