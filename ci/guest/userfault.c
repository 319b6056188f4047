// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages that userfaultfd puts there: counted once, apart after fork, gone after unmap.
 */
#include <linux/userfaultfd.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include "area.h"
#include "ktap.h"
#include "peer.h"

#define N (16 * PAGE)

static int open_uffd(char *p, size_t n)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = { .range = { (uintptr_t)p, n },
				       .mode = UFFDIO_REGISTER_MODE_MISSING };
	int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);

	return fd >= 0 && ioctl(fd, UFFDIO_API, &api) == 0 &&
			       ioctl(fd, UFFDIO_REGISTER, &reg) == 0 ? fd : -1;
}

static bool copy(int fd, char *to, const char *from, size_t n)
{
	struct uffdio_copy arg = { .dst = (uintptr_t)to, .src = (uintptr_t)from, .len = n };

	return ioctl(fd, UFFDIO_COPY, &arg) == 0 && arg.copy == (long long)n;
}

static void check(const char *name, char *p, size_t n, const char *from)
{
	struct peer peer;
	int fd = open_uffd(p, n);

	if (!ok(fd >= 0, "%s: is registered", name))
		return;
	ok(copy(fd, p, from, n), "%s: is filled", name);
	ok(mapcount(p, n) == 1, "%s: is mapped once", name);
	ok(all_are(p, n, 'u'), "%s: has the content", name);
	close(fd);
	peer = peer_fork();
	if (peer.pid == 0) {
		hear(&peer);
		_exit(!all_are(p, n, 'u'));
	}
	ok(mapcount(p, n) == 2, "%s: is mapped twice after fork", name);
	memset(p, 'v', n);
	say(&peer, 1);
	ok(peer_end(&peer), "%s: the child does not see the parent's write", name);
	ok(mapcount(p, n) == 1 && all_are(p, n, 'v'), "%s: is the parent's own", name);
}

int main(void)
{
	char *from = map_aligned(HUGE), *small = map_aligned(N), *huge;

	ktap_begin();
	memset(from, 'u', HUGE);
	madvise(small, N, MADV_NOHUGEPAGE);
	check("4 KiB", small, N, from);
	huge = mmap(NULL, HUGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
	check("hugetlb", huge, HUGE, from);
	return ktap_end();
}
