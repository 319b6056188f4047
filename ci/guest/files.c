// SPDX-License-Identifier: GPL-2.0-only
/*
 * The same figures for the page cache: small pages, a huge page of shmem mapped at either
 * level, hugetlb, and what fork copies of a private mapping of a file.
 */
#include "area.h"
#include "ktap.h"
#include "peer.h"

static int make_file(size_t n, unsigned flags)
{
	int fd = memfd_create("file", MFD_CLOEXEC | flags);

	return ftruncate(fd, (off_t)n) < 0 ? -1 : fd;
}

static char *map_at(char *at, int fd, size_t n, int flags)
{
	char *p = mmap(at, n, PROT_READ | PROT_WRITE, flags | (at ? MAP_FIXED : 0), fd, 0);

	return p == MAP_FAILED ? NULL : p;
}

static char touch(const char *p, size_t n)
{
	volatile char sum = 0;

	for (size_t i = 0; i < n; i += PAGE)
		sum += p[i];
	return sum;
}

static void check_two_mappings(const char *p, int fd, size_t n, const char *name)
{
	char *q = map_aligned(n);

	ok(mapcount(p, n) == 1, "%s: mapped once", name);
	q = map_at(q, fd, n, MAP_SHARED);
	madvise(q, n, MADV_HUGEPAGE);
	touch(q, n);
	ok(mapcount(p, n) == 2, "%s: mapped twice", name);
	mprotect(q, PAGE, PROT_READ);
	touch(q, n);
	ok(mapcount(p, n) == 2, "%s: mapped twice, once with other protection", name);
	munmap(q, PAGE);
	ok(mapcount(p, PAGE) == 1, "%s: a page less in one mapping", name);
	ok(mapcount(p + PAGE, n - PAGE) == 2, "%s: the others as before", name);
	munmap(q + PAGE, n - PAGE);
	ok(mapcount(p, n) == 1, "%s: mapped once again", name);
}

static void check_small(void)
{
	size_t n = 16 * PAGE;
	int fd = make_file(n, 0);
	char *p = map_at(NULL, fd, n, MAP_SHARED);

	memset(p, 'a', n);
	check_two_mappings(p, fd, n, "file");
	munmap(p, n);
	close(fd);
}

static void check_huge(void)
{
	long pmd = vmstat("nr_shmem_pmdmapped"), mapped = vmstat("nr_mapped");
	int fd;
	char *p;

	if (!ok(write_file("/sys/kernel/mm/transparent_hugepage/shmem_enabled", "advise"),
		"shmem THP: can be asked for"))
		return;
	fd = make_file(HUGE, 0);
	p = map_at(map_aligned(HUGE), fd, HUGE, MAP_SHARED);
	madvise(p, HUGE, MADV_HUGEPAGE);
	memset(p, 'a', HUGE);
	ok(smaps(p, HUGE, "ShmemPmdMapped") == (long)HUGE / 1024, "shmem THP: is PMD-mapped");
	ok(vmstat("nr_shmem_pmdmapped") > pmd, "shmem THP: vmstat counts its mapping");
	ok(vmstat("nr_mapped") - mapped >= 412, "shmem THP: vmstat counts its pages");
	check_two_mappings(p, fd, HUGE, "shmem THP");
	munmap(p, HUGE);
	close(fd);
	ok(vmstat("nr_shmem_pmdmapped") == pmd, "shmem THP: vmstat is as before");
	ok(labs(vmstat("nr_mapped") - mapped) < 100, "shmem THP: its pages are not counted");
}

static void check_hugetlb(void)
{
	int fd = make_file(HUGE, MFD_HUGETLB);
	char *p = map_at(NULL, fd, HUGE, MAP_SHARED), *q;

	memset(p, 'a', HUGE);
	ok(mapcount(p, HUGE) == 1, "hugetlb file: mapped once");
	q = map_at(NULL, fd, HUGE, MAP_SHARED);
	touch(q, HUGE);
	ok(mapcount(p, HUGE) == 2, "hugetlb file: mapped twice");
	munmap(q, HUGE);
	ok(mapcount(p, HUGE) == 1, "hugetlb file: mapped once again");
	munmap(p, HUGE);
	close(fd);
}

/* A page of its own makes fork copy the tables, file pages and all. */
static void check_private(void)
{
	size_t n = 16 * PAGE;
	int fd = make_file(n, 0);
	char *p = map_at(NULL, fd, n, MAP_PRIVATE);
	struct peer peer;

	touch(p, n);
	p[0] = 'x';
	ok(mapcount(p, n) == 1, "private file: mapped once");
	peer = peer_fork();
	if (peer.pid == 0) {
		hear(&peer);
		_exit(0);
	}
	ok(mapcount(p, PAGE) == 2, "private file: its own page is mapped twice after fork");
	ok(mapcount(p + PAGE, n - PAGE) == 2, "private file: so are the file's");
	say(&peer, 1);
	ok(peer_end(&peer) && mapcount(p, n) == 1, "private file: once after the child's end");
	munmap(p, n);
	close(fd);
}

int main(void)
{
	ktap_begin();
	check_small();
	check_huge();
	check_hugetlb();
	check_private();
	return ktap_end();
}
