// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that is pinned for I/O (a registered buffer of io_uring) stays the memory of the
 * process that pinned it: through fork, through its own writes after that, and through an
 * attempt to page it out.
 */
#include <linux/io_uring.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include "area.h"
#include "ktap.h"
#include "peer.h"

struct ring {
	int fd;
	struct io_uring_params params;
	char *rings;
	struct io_uring_sqe *sqes;
};

static bool ring_open(struct ring *r)
{
	*r = (struct ring){ 0 };
	r->fd = (int)syscall(SYS_io_uring_setup, 4, &r->params);
	if (r->fd < 0)
		return false;
	r->rings = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, r->fd,
			IORING_OFF_SQ_RING);
	r->sqes = mmap(NULL, 4 * sizeof(*r->sqes), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_POPULATE, r->fd, IORING_OFF_SQES);
	/* A fork must not hand the rings on. */
	return r->rings != MAP_FAILED && r->sqes != MAP_FAILED &&
	       madvise(r->rings, PAGE, MADV_DONTFORK) == 0;
}

static unsigned *word(struct ring *r, unsigned offset)
{
	return (unsigned *)(r->rings + offset);
}

/* All of the buffer into @file, or out of it; false unless all of it went. */
static bool transfer(struct ring *r, const struct area *a, int file, int opcode)
{
	const struct io_sqring_offsets *sq = &r->params.sq_off;
	unsigned tail = *word(r, sq->tail), slot = tail & *word(r, sq->ring_mask);
	unsigned head = *word(r, r->params.cq_off.head);
	struct io_uring_cqe *cqes = (struct io_uring_cqe *)(r->rings + r->params.cq_off.cqes);
	int result;

	r->sqes[slot] = (struct io_uring_sqe){ .opcode = (uint8_t)opcode,
					       .fd = file,
					       .addr = (uintptr_t)a->p,
					       .len = (uint32_t)a->n };
	word(r, sq->array)[slot] = slot;
	__atomic_store_n(word(r, sq->tail), tail + 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, r->fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) != 1)
		return false;
	if (__atomic_load_n(word(r, r->params.cq_off.tail), __ATOMIC_ACQUIRE) == head)
		return false;
	result = cqes[head & *word(r, r->params.cq_off.ring_mask)].res;
	__atomic_store_n(word(r, r->params.cq_off.head), head + 1, __ATOMIC_RELEASE);
	if (result != (int)a->n)
		printf("# transfer: %d\n", result);
	return result == (int)a->n;
}

/* What the pin sees, compared with what the process sees. */
static bool device_sees(struct ring *r, const struct area *a, char c)
{
	int file = memfd_create("out", MFD_CLOEXEC);
	bool same = transfer(r, a, file, IORING_OP_WRITE_FIXED);
	char *copy = mmap(NULL, a->n, PROT_READ, MAP_SHARED, file, 0);

	same = same && copy != MAP_FAILED && all_are(copy, a->n, c);
	munmap(copy, a->n);
	close(file);
	return same;
}

static bool device_writes(struct ring *r, const struct area *a, char c)
{
	int file = memfd_create("in", MFD_CLOEXEC);
	char page[PAGE];
	bool done = true;

	memset(page, c, PAGE);
	for (size_t i = 0; i < a->n; i += PAGE)
		done = write(file, page, PAGE) == (ssize_t)PAGE && done;
	lseek(file, 0, SEEK_SET);
	done = done && transfer(r, a, file, IORING_OP_READ_FIXED);
	close(file);
	return done;
}

static void check_child(struct peer *p, const struct area *a)
{
	hear(p);
	if (!all_are(a->p, a->n, 'a'))
		_exit(1);
	memset(a->p, 'x', a->n);
	say(p, 1);
	hear(p);
	_exit(!all_are(a->p, a->n, 'x'));
}

static void check(struct ring *r, const struct area *a, const char *name)
{
	struct peer p = peer_fork();

	if (p.pid == 0)
		check_child(&p, a);
	memset(a->p, 'p', a->n);
	ok(device_sees(r, a, 'p'), "%s: the pin sees what its process writes after fork", name);
	say(&p, 1);
	ok(hear(&p) == 1, "%s: the child has what was there before", name);
	ok(all_are(a->p, a->n, 'p') && device_sees(r, a, 'p'),
	   "%s: neither sees what the child writes", name);
	ok(device_writes(r, a, 'r') && all_are(a->p, a->n, 'r'),
	   "%s: the process sees what the device writes", name);
	madvise(a->p, a->n, MADV_PAGEOUT);
	memset(a->p, 's', a->n);
	ok(device_sees(r, a, 's'), "%s: still so after paging out was tried", name);
	say(&p, 1);
	ok(peer_end(&p), "%s: the child keeps what it wrote", name);
}

/* A fork that gave the child a copy must leave the page marked as the parent's own. */
static void check_again(struct ring *r, const struct area *a, const char *name)
{
	struct peer p = peer_fork();

	if (p.pid == 0) {
		hear(&p);
		_exit(!all_are(a->p, a->n, 's'));
	}
	memset(a->p, 't', a->n);
	ok(device_sees(r, a, 't'), "%s: so is what is written after a second fork", name);
	say(&p, 1);
	ok(peer_end(&p), "%s: the second child has what was there before", name);
}

int main(void)
{
	static const enum kind kinds[] = { SMALL, PTE_THP, PMD_THP, HUGETLB };

	ktap_begin();
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		const char *name = kind_names[kinds[i]];
		struct ring ring;
		struct area a;
		struct iovec buffer;

		if (!ok(area_new(&a, kinds[i]), "%s: is there", name) ||
		    !ok(ring_open(&ring), "%s: a ring", name))
			continue;
		buffer = (struct iovec){ a.p, a.n };
		if (ok(syscall(SYS_io_uring_register, ring.fd, IORING_REGISTER_BUFFERS, &buffer,
			       1) == 0, "%s: is pinned", name)) {
			check(&ring, &a, name);
			check_again(&ring, &a, name);
		}
		ok(syscall(SYS_io_uring_register, ring.fd, IORING_UNREGISTER_BUFFERS, NULL, 0) ==
			   0, "%s: is let go", name);
		close(ring.fd);
		area_free(&a);
	}
	return ktap_end();
}
