/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files about booting share.
 */
#ifndef REQUILT_VERIFY_BOOT_INTERNAL_H
#define REQUILT_VERIFY_BOOT_INTERNAL_H

#include "verify/verify_internal.h"

/* Runs a compiler on a program for the guest, @what in messages. */
int rq_guest_compile(const char *const *argv, const char *what, struct rq_err *err);
/*
 * Builds the selftests that the file @list names, from @tree, in @folder, and fills @lines with
 * its lines.  The site is moved to @tree only when they are not there yet.
 */
int rq_selftests_make(struct rq_names *lines, const char *list, const char *folder,
		      struct rq_site *site, const struct rq_oid *tree,
		      struct rq_err *err);

struct rq_initramfs {
	const char *guest;     /* folder of our own tests, "*.c", and of "init" */
	const char *work;      /* folder to build them in */
	const char *selftests; /* folder of those of the kernel */
	const struct rq_names *selftest_lines; /* which there are, and their arguments */
};

/*
 * Builds the guest's own tests, static, and makes an initramfs of them, the selftests, "init"
 * and busybox: bytes that depend on these files alone.
 */
int rq_initramfs_make(struct rq_str *out, const struct rq_initramfs *what,
		      struct rq_err *err);

/* Whether a machine starts on kvm.  One that does may still hang later. */
bool rq_qemu_has_kvm(void);

/* Appends how the machine is called: what a guest's behaviour depends on besides its kernel. */
void rq_qemu_describe(struct rq_str *out);

struct rq_guest {
	const char *kernel, *initramfs; /* paths */
	const char *accelerator;
	long seconds; /* time limit */
	long silence; /* seconds without a word after which it is stopped; 0: it may be silent */
	/* Called with what the console prints, as it comes; may be NULL. */
	void (*printed)(struct rq_slice chunk, void *ctx);
	void *ctx;
};

enum rq_guest_end {
	RQ_GUEST_ENDED,
	RQ_GUEST_LIMIT,	 /* stopped at its time limit */
	RQ_GUEST_SILENT, /* stopped for its silence */
};

/*
 * Runs a guest until it ends or is stopped; what its console printed is appended.  RQ_ETOOL: qemu
 * is missing or failed by itself.
 */
int rq_qemu_run(struct rq_str *console, enum rq_guest_end *end,
		const struct rq_guest *guest, struct rq_err *err);

/* --- accel.c --- */

struct rq_accel {
	const char *folder; /* of the branch in the cache */
	const char *qemu;   /* its version */
	bool kvm;	    /* guests run on kvm, else on tcg */
	bool may_change;    /* where kvm fails, tcg is as good */
	char *note;	    /* owned: why not on kvm although it starts there; or NULL */
};

/*
 * Chooses for @wanted: "kvm", "tcg" or "auto".  RQ_ETOOL: kvm alone is wanted and does not start.
 * @fresh forgets that it failed before.
 */
int rq_accel_choose(struct rq_accel *accel, const char *wanted, bool fresh,
		    struct rq_err *err);
/* Goes on with tcg, and notes @why for the next run. */
int rq_accel_give_up(struct rq_accel *accel, const char *why, struct rq_err *err);

/* --- follow.c --- */

struct rq_follow;

/* Writes the console to @path as it comes.  @step is "boot base" or "boot ported". */
int rq_follow_open(struct rq_follow **out, const struct rq_verify_job *job,
		   const char *step, const char *path, struct rq_err *err);
/* What rq_guest.printed takes, with the rq_follow for its ctx. */
void rq_follow_printed(struct rq_slice chunk, void *ctx);
void rq_follow_closep(struct rq_follow **follow);

/* State, tests and complaints out of a console's log. */
void rq_console_read(struct rq_boot_run *out, struct rq_slice console, bool in_time);
/* Whether the guest came to its own end. */
bool rq_console_done(struct rq_slice console);

#endif
