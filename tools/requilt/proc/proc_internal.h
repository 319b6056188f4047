/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of proc/ share. */
#ifndef REQUILT_PROC_PROC_INTERNAL_H
#define REQUILT_PROC_PROC_INTERNAL_H

#include <linux/filter.h>

#include "proc/confine.h"
#include "proc/proc.h"
#include "util/names.h"
#include "util/vec.h"

/* --- landlock.c --- */

/* The ABI that the kernel offers; 0: none. */
int rq_landlock_abi(void);
/*
 * A ruleset for @program (a path) and what @confine names; -1 and errno.  The caller closes.
 * The program's own thread enters it with rq_landlock_enter(), which is safe after a fork.
 */
int rq_landlock_new(const struct rq_confine *confine, const char *program);
int rq_landlock_enter(int ruleset);

/* --- seccomp.c --- */

/* A filter that refuses what no converter of text needs; owned by the caller. */
struct rq_filter {
	rq_vec(struct sock_filter) code;
	size_t own_pid; /* the instruction that has the program's process id; 0: none */
};

/* False where this machine's calls are not known.  @namespaced: it has process ids of its own. */
bool rq_filter_make(struct rq_filter *filter, bool namespaced);
/* For the calling thread, which gives up gaining rights; safe after a fork; -1 and errno. */
int rq_filter_enter(const struct rq_filter *filter);
void rq_filter_release(struct rq_filter *filter);

/* --- bubblewrap.c --- */

/*
 * The words with which bwrap(1) runs @proc's program confined; @seccomp is the descriptor that
 * it reads the filter from, or -1.
 */
void rq_bubblewrap_words(struct rq_names *words, const struct rq_proc *proc,
			 const char *program, int seccomp);

/* --- reap.c --- */

/* Kills all that descends from this process, a subreaper, and waits for it; safe after a fork. */
void rq_reap_all(void);
/* How many processes @session has; 0 where /proc does not tell; safe after a fork. */
size_t rq_reap_count(pid_t session);
/* Kills the children of this process that are none of @but, and what descends from them. */
void rq_reap_strays(const pid_t *but, size_t n);

/* --- proc.c --- */

/* fork(), so that the child is not taken for a stray before it is waited for with rq_wait(). */
pid_t rq_fork(void);
/* waitpid() of such a child, to its end. */
int rq_wait(pid_t pid, int *status);

/* --- confine.c --- */

/* A confinement, ready before the fork. */
struct rq_cage {
	int ruleset;
	struct rq_filter filter;
	struct rq_names words; /* bubblewrap's; empty: Landlock and the filter do it */
	int filter_file;       /* the filter in a memory file, for bubblewrap */
	char *program;	       /* bubblewrap's path */
};
#define RQ_CAGE_NONE                             \
	{                                        \
		.ruleset = -1, .filter_file = -1 \
	}

/* RQ_ETOOL where this machine cannot. */
int rq_cage_prepare(struct rq_cage *cage, const struct rq_proc *proc, const char *program,
		    struct rq_err *err);
/* In the child, before it becomes the program; safe after a fork; -1 and errno. */
int rq_cage_enter(struct rq_cage *cage);
void rq_cage_release(struct rq_cage *cage);

#endif
