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

/* "kvm" where it really works, else "tcg"; static. */
const char *rq_qemu_accelerator(void);

/* Appends how the machine is called: what a guest's behaviour depends on besides its kernel. */
void rq_qemu_describe(struct rq_str *out);

struct rq_guest {
	const char *kernel, *initramfs; /* paths */
	const char *accelerator;
	long seconds; /* time limit */
};

/*
 * Runs a guest to its end or to its time limit; what its console printed is appended.
 * *@in_time says which of the two it was.
 */
int rq_qemu_run(struct rq_str *console, bool *in_time, const struct rq_guest *guest,
		struct rq_err *err);

/* State, tests and complaints out of a console's log. */
void rq_console_read(struct rq_boot_run *out, struct rq_slice console, bool in_time);
/* Whether the guest came to its own end. */
bool rq_console_done(struct rq_slice console);

#endif
