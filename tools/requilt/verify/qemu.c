// SPDX-License-Identifier: GPL-2.0-only
/*
 * How qemu is called: two processors on two nodes, a serial console and nothing else.  A panic
 * ends the guest.
 */
#include "verify/boot_internal.h"

#include <string.h>

#include "proc/proc.h"

#define QEMU "qemu-system-x86_64"
#define TRY_SECONDS 20

/* All but the accelerator, the kernel and the initramfs. */
static const char *const machine[] = {
	"-machine",   "q35",
	"-cpu",	      "max",
	"-smp",	      "2,sockets=2",
	"-m",	      "1024",
	"-object",    "memory-backend-ram,id=m0,size=512M",
	"-object",    "memory-backend-ram,id=m1,size=512M",
	"-numa",      "node,nodeid=0,cpus=0,memdev=m0",
	"-numa",      "node,nodeid=1,cpus=1,memdev=m1",
	"-no-reboot", "-nodefaults",
	"-display",   "none",
	"-serial",    "stdio",
	"-append",    "console=ttyS0 panic=-1 oops=panic ramdisk_size=131072",
};

/* /dev/kvm may be there and still abort qemu at start: only a machine that starts tells. */
bool rq_qemu_has_kvm(void)
{
	static const char *const argv[] = { QEMU,	   "-accel",   "kvm",  "-cpu",
					    "max",	   "-m",       "64",   "-S",
					    "-nodefaults", "-display", "none", "-monitor",
					    "stdio",	   NULL };
	struct rq_str said = { 0 };
	struct rq_err ignored;
	int status = -1, rc;

	rc = rq_proc_run(&(struct rq_proc){ .argv = argv,
					    .seconds = TRY_SECONDS,
					    .input = RQ_SLICE("quit\n"),
					    .out = &said,
					    .errors = &said },
			 &status, &ignored);
	rq_str_release(&said);
	return !rc && !status;
}

void rq_qemu_describe(struct rq_str *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(machine); i++)
		rq_str_addf(out, "%s\n", machine[i]);
}

static struct rq_slice last_line(struct rq_slice text)
{
	struct rq_slice line, last = { 0 };

	while (rq_slice_next_line(&text, &line))
		last = rq_slice_chomp(line);
	return last;
}

int rq_qemu_run(struct rq_str *console, enum rq_guest_end *end,
		const struct rq_guest *guest, struct rq_err *err)
{
	const char *argv[ARRAY_SIZE(machine) + 8] = {
		QEMU,	       "-accel",  guest->accelerator, "-kernel",
		guest->kernel, "-initrd", guest->initramfs,
	};
	bool silenced = false;
	int status = -1, rc;

	memcpy(argv + 7, machine, sizeof(machine));
	rc = rq_proc_run(&(struct rq_proc){ .argv = argv,
					    .seconds = guest->seconds,
					    .silence = guest->silence,
					    .silenced = &silenced,
					    .printed = guest->printed,
					    .ctx = guest->ctx,
					    .out = console,
					    .errors = console },
			 &status, err);

	if (!rc && status)
		return rq_err_set(err, RQ_ETOOL, QEMU " ended with status %d: %.*s",
				  status, RQ_SLICE_ARG(last_line(rq_str_slice(console))));
	/* With a status it did run, and the code is about its time. */
	*end = silenced ? RQ_GUEST_SILENT : rc ? RQ_GUEST_LIMIT : RQ_GUEST_ENDED;
	return status == -1 ? rc : 0;
}
