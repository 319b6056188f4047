// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages in the memory of a device (the kernel's HMM test module): a fork shares them, an unmapping
 * or a process's end lets go of them, and the first access of either process brings them back.
 */
#include <stdint.h>
#include <sys/ioctl.h>

#include "area.h"
#include "ktap.h"
#include "peer.h"

/* lib/test_hmm_uapi.h, as far as 5.10 and newer kernels agree on it */
struct hmm_dmirror_cmd {
	uint64_t addr, ptr, npages, cpages, faults;
};
#define HMM_DMIRROR_MIGRATE_TO_DEV _IOWR('H', 0x02, struct hmm_dmirror_cmd)

static int device;

/* Moves all pages to the device; whether they are there, and hold nothing but @c. */
static bool goes(const struct area *a, char c)
{
	static char seen[16 * PAGE];
	struct hmm_dmirror_cmd cmd = { .addr = (uintptr_t)a->p,
				       .ptr = (uintptr_t)seen,
				       .npages = a->n / PAGE };

	if (ioctl(device, HMM_DMIRROR_MIGRATE_TO_DEV, &cmd) < 0 || cmd.cpages != cmd.npages) {
		printf("# %lu of %lu pages went: %s\n", (long)cmd.cpages, (long)cmd.npages,
		       strerror(errno));
		return false;
	}
	for (size_t i = 0; i < a->n; i += PAGE)
		if (!is_swapped(a->p + i))
			return false;
	return all_are(seen, a->n, c);
}

static void check_alone(const struct area *a)
{
	ok(goes(a, 'a'), "goes to the device");
	ok(all_are(a->p, a->n / 2, 'a') && mapcount(a->p, a->n / 2) == 1,
	   "half of it comes back when it is read, mapped once");
	ok(is_swapped(a->p + a->n / 2), "the other half stays there");
	memset(a->p, 'b', a->n);
	ok(all_are(a->p, a->n, 'b') && mapcount(a->p, a->n) == 1,
	   "comes back when it is written, mapped once");
	ok(goes(a, 'b'), "goes again");
}

static void check_child_writes(const struct area *a)
{
	struct peer p = peer_fork();

	if (p.pid == 0) {
		bool there = is_swapped(a->p) && is_swapped(a->p + a->n - PAGE);

		memset(a->p, 'c', a->n / 2);
		_exit(!(there && all_are(a->p, a->n / 2, 'c')));
	}
	ok(peer_end(&p), "is the child's, too, which writes one half and ends");
	ok(all_are(a->p, a->n, 'b'), "the parent does not see the child's write");
	ok(mapcount(a->p, a->n) == 1, "mapped once after the child's end");
}

/* A child that looks when it is told to, and ends well if it finds nothing but @c. */
static struct peer reader(const struct area *a, char c)
{
	struct peer p = peer_fork();

	if (p.pid == 0) {
		hear(&p);
		_exit(!all_are(a->p, a->n, c));
	}
	return p;
}

static void check_parent_writes(const struct area *a)
{
	struct peer p;

	ok(goes(a, 'b'), "goes once more");
	p = reader(a, 'b');
	memset(a->p, 'd', a->n);
	say(&p, 1);
	ok(peer_end(&p), "the child does not see the parent's write");
	ok(all_are(a->p, a->n, 'd') && mapcount(a->p, a->n) == 1,
	   "the parent keeps what it wrote, mapped once");
}

static void check_unmap(const struct area *a)
{
	struct peer p;

	ok(goes(a, 'd'), "goes a last time");
	p = reader(a, 'd');
	ok(munmap(a->p, a->n) == 0, "is unmapped where it is");
	say(&p, 1);
	ok(peer_end(&p), "the child has it still");
}

int main(void)
{
	struct area a;

	ktap_begin();
	device = open("/dev/hmm_dmirror0", O_RDWR | O_CLOEXEC);
	if (ok(device >= 0, "a device is there") && ok(area_new(&a, SMALL), "memory is there")) {
		check_alone(&a);
		check_child_writes(&a);
		check_parent_writes(&a);
		check_unmap(&a);
	}
	return ktap_end();
}
