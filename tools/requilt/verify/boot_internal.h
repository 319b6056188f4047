/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files about booting share.
 */
#ifndef REQUILT_VERIFY_BOOT_INTERNAL_H
#define REQUILT_VERIFY_BOOT_INTERNAL_H

#include "verify/verify_internal.h"

/*
 * Builds the guest's tests of @guest ("*.c", static) below @work and makes an initramfs of
 * them, its "init" and busybox: bytes that depend on these files alone.
 */
int rq_initramfs_make(struct rq_str *out, const char *guest, const char *work,
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
