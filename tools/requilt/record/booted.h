/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What booting a base and its port found: filled by verify/, walked by the reports.
 *
 * Owns its strings.
 */
#ifndef REQUILT_RECORD_BOOTED_H
#define REQUILT_RECORD_BOOTED_H

#include <stdbool.h>

#include "util/names.h"
#include "util/vec.h"

enum rq_boot_state {
	RQ_BOOT_NONE, /* was not booted */
	RQ_BOOT_PASSED,
	RQ_BOOT_FAILED, /* a test failed, or the kernel complained */
	RQ_BOOT_PANICKED,
	RQ_BOOT_HUNG,	   /* the time limit, or the guest ended before its tests did */
	RQ_BOOT_NEVER_UP,  /* not a line of a test */
	RQ_BOOT_NOT_BUILT, /* the kernel does not compile */
	RQ_BOOT_NO_QEMU,   /* qemu is missing */
	RQ_BOOT_STATES,	   /* how many there are */
};

struct rq_boot_test {
	char *name; /* "fork_write: hugetlb: is there" */
	bool ok;    /* a SKIP is none */
	bool skipped;
};

/* One kernel, booted once. */
struct rq_boot_run {
	enum rq_boot_state state;
	rq_vec(struct rq_boot_test) tests;
	struct rq_names complaints; /* of the kernel: "BUG: ..." in the order printed */
	char *why;		    /* for a kernel that was not built; else NULL */
	char *log;	/* path of the console's log; NULL when there is none */
	char *tail;	/* its last lines; NULL when there is none */
	double seconds; /* in qemu; 0 when an earlier run's log was read */
};

struct rq_booted {
	char *config;  /* "tinyconfig + boot.config" */
	char *machine; /* "QEMU emulator version ..., tcg"; NULL when nothing ran */
	char *note;    /* why not on kvm, when it was tried; else NULL */
	struct rq_boot_run base, ported;
	/* tests that are known to fail on the base, and "kernel: " with what it is known to say */
	struct rq_names known;
	struct rq_names failing; /* tests that do */
	struct rq_names stale;	 /* of @known, those that ran well or are no test */
	struct rq_names worse;	 /* what the port made worse, as sentences */
};

/* "passed", ...; static. */
const char *rq_boot_word(enum rq_boot_state state);
/* Whether the ported kernel was seen to be as good as the base. */
bool rq_booted_well(const struct rq_booted *booted);
/* Fills @failing, @stale and @worse from the two runs, or from the base's alone. */
void rq_booted_compare(struct rq_booted *booted);
void rq_boot_run_release(struct rq_boot_run *run);
/* Frees @booted itself as well; NULL is accepted. */
void rq_booted_free(struct rq_booted *booted);

#endif
