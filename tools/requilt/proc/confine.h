/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Confinement: a program that works on a stranger's text gets one directory, the system's
 * libraries and nothing else of the machine.
 */
#ifndef REQUILT_PROC_CONFINE_H
#define REQUILT_PROC_CONFINE_H

#include <stdbool.h>

#include "util/err.h"

struct rq_confine {
	const char *work; /* the directory that it may read and write, or NULL */
	const char *const
		*programs; /* what it may start besides itself, ended by NULL; or NULL */
};

/* What this machine offers.  Each was tried in a child, for it may be there and be forbidden. */
struct rq_confine_offer {
	int landlock;	     /* the ABI; 0: none */
	bool seccomp;	     /* on a machine whose calls we know */
	bool user_namespace; /* with a mount namespace in it */
	bool bubblewrap;     /* bwrap(1) is installed and runs a program */
};

void rq_confine_probe(struct rq_confine_offer *offer);

/*
 * Whether rq_proc_run() can confine a program here: with Landlock and seccomp, else with
 * bubblewrap.  RQ_ETOOL says what is missing.  Tried once.
 */
int rq_confine_possible(struct rq_err *err);

#endif
