/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Other programs: the only room that forks and executes.
 *
 * No shell, a clean environment (PATH, without what is not absolute in it, HOME, LANG=C.UTF-8
 * and what is asked for), a session and process group of its own that is gone when rq_proc_run()
 * returns, and dies with us, its children as well.  .terminal is the exception.
 */
#ifndef REQUILT_PROC_PROC_H
#define REQUILT_PROC_PROC_H

#include <stdbool.h>

#include "proc/confine.h"
#include "util/err.h"
#include "util/str.h"

struct rq_proc {
	const char *const *argv; /* ended by NULL; argv[0] is looked for in PATH */
	const char *const *env;	 /* "NAME=value" on top, "NAME" to take one away,
				    ended by NULL; or NULL */
	const char *dir;	 /* where it runs; NULL is here */
	long seconds;		 /* time limit; 0 is none */
	long silence;		 /* seconds that it may print nothing; 0 is no limit */
	bool *silenced;	  /* set when it was stopped for its silence; NULL: not asked */
	size_t memory;	  /* bytes that it may have for itself, each child as many; 0 is
				    no limit */
	size_t file;	  /* bytes that it may write to one file; 0 is no limit */
	size_t processes; /* that may run of it at once; 0 is no limit */
	const struct rq_confine *confine; /* NULL: it may do what we may */
	struct rq_slice input;		  /* its stdin; empty is /dev/null */
	struct rq_str *out;    /* stdout is appended; NULL lets it through to ours */
	struct rq_str *errors; /* stderr is appended; NULL lets it through to ours; the
				    same as @out: both in one stream, as written */
	/* Called with what came on @out, as it comes; NULL: nobody follows it. */
	void (*printed)(struct rq_slice chunk, void *ctx);
	void *ctx;
	bool asks;     /* its stdin is ours, whatever @input is: it talks with a person */
	bool terminal; /* for a reader: our process group, so that it may ask the
				    terminal for keys, and our environment; Ctrl-C is its own */
};

/*
 * Runs a program and waits for it.  *@status is its exit status, or 128 plus the signal that
 * ended it; what a status means is the caller's to say.  RQ_ETOOL: it is not installed (the
 * message names the Debian package), cannot be confined as asked, ran out of time, was silent too
 * long or printed more than 256 MiB (SIGTERM, then SIGKILL, to the whole group).  The calling
 * thread must live as long as the program should.
 */
int rq_proc_run(const struct rq_proc *proc, int *status, struct rq_err *err);

/* The program's file, NULL when it is in no folder of PATH.  The caller frees. */
char *rq_proc_find(const char *program);
/* Whether PATH has a program of that name. */
bool rq_proc_installed(const char *program);

#endif
