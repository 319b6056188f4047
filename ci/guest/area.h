/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory of every kind that the rmap functions count, and what /proc says of it.
 */
#ifndef GUEST_AREA_H
#define GUEST_AREA_H

#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096UL
#define HUGE (2UL << 20)

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif

enum kind { SMALL, PTE_THP, PMD_THP, HUGETLB, KSM, KINDS };

static const char *const kind_names[KINDS] = {
	[SMALL] = "4 KiB",
	[PTE_THP] = "PTE-mapped THP",
	[PMD_THP] = "PMD-mapped THP",
	[HUGETLB] = "hugetlb",
	[KSM] = "KSM",
};

struct area {
	enum kind kind;
	char *p;
	size_t n; /* bytes */
};

/* --- what /proc and /sys say --- */

static inline bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool done = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return done;
}

static inline uint64_t read_entry(const char *path, uint64_t index)
{
	uint64_t value = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && pread(fd, &value, 8, (off_t)(index * 8)) != 8)
		value = 0;
	if (fd >= 0)
		close(fd);
	return value;
}

static inline uint64_t pagemap(const void *p)
{
	return read_entry("/proc/self/pagemap", (uintptr_t)p / PAGE);
}

static inline bool is_swapped(const void *p)
{
	return pagemap(p) >> 62 & 1;
}

/* 0: not present */
static inline uint64_t pfn_of(const void *p)
{
	uint64_t entry = pagemap(p);

	return entry >> 63 ? entry & ((1ULL << 55) - 1) : 0;
}

/* How often every page of the range is mapped; -1 when they differ or one is not there. */
static inline long mapcount(const char *p, size_t n)
{
	long all = -2;

	for (size_t i = 0; i < n; i += PAGE) {
		uint64_t pfn = pfn_of(p + i);
		long one = pfn ? (long)read_entry("/proc/kpagecount", pfn) : -1;

		if (all != -2 && one != all) {
			printf("# page %zu is mapped %ld times, those before %ld\n",
			       i / PAGE, one, all);
			return -1;
		}
		all = one;
	}
	return all;
}

/* A line of smaps, in KiB, summed over the mappings inside of the range. */
static inline long smaps(const char *p, size_t n, const char *field)
{
	FILE *f = fopen("/proc/self/smaps", "re");
	char line[512];
	bool inside = false;
	long sum = 0;

	while (f && fgets(line, sizeof(line), f)) {
		unsigned long from, to;

		if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
			inside = from >= (uintptr_t)p && to <= (uintptr_t)p + n;
		else if (inside && strncmp(line, field, strlen(field)) == 0 &&
			 line[strlen(field)] == ':')
			sum += atol(line + strlen(field) + 1);
	}
	if (f)
		fclose(f);
	return sum;
}

/* A counter of /proc/vmstat, exact: the per-CPU rests are folded in first. */
static inline long vmstat(const char *name)
{
	FILE *f;
	char word[128];
	long value, found = -1;

	write_file("/proc/sys/vm/stat_refresh", "1");
	f = fopen("/proc/vmstat", "re");
	while (f && fscanf(f, "%127s %ld", word, &value) == 2)
		if (strcmp(word, name) == 0)
			found = value;
	if (f)
		fclose(f);
	return found;
}

/* --- areas --- */

static inline bool all_are(const char *p, size_t n, char c)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] != c) {
			printf("# byte %zu is '%c', not '%c'\n", i, p[i], c);
			return false;
		}
	}
	return true;
}

static inline void pause_ms(long ms)
{
	nanosleep(&(struct timespec){ .tv_nsec = ms * 1000000 }, NULL);
}

/* At a multiple of 2 MiB. */
static inline char *map_aligned(size_t n)
{
	char *p = mmap(NULL, n + HUGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *start;

	if (p == MAP_FAILED)
		return NULL;
	start = (char *)(((uintptr_t)p + HUGE - 1) & ~(HUGE - 1));
	if (start > p)
		munmap(p, (size_t)(start - p));
	munmap(start + n, (size_t)(p + HUGE - start));
	return start;
}

static inline bool merge(const struct area *a)
{
	write_file("/sys/kernel/mm/ksm/sleep_millisecs", "1");
	write_file("/sys/kernel/mm/ksm/pages_to_scan", "1000");
	if (madvise(a->p, a->n, MADV_MERGEABLE) < 0 ||
	    !write_file("/sys/kernel/mm/ksm/run", "1"))
		return false;
	for (int i = 0; i < 20000; i++) {
		size_t same = PAGE;

		while (same < a->n && pfn_of(a->p) && pfn_of(a->p + same) == pfn_of(a->p))
			same += PAGE;
		if (same == a->n)
			return true;
		pause_ms(1);
	}
	return false;
}

static inline bool is_pmd_mapped(const struct area *a)
{
	return smaps(a->p, a->n, "AnonHugePages") == (long)a->n / 1024;
}

/* Fills @a with 'a's; false when the kernel did not give that kind of memory. */
static inline bool area_new(struct area *a, enum kind kind)
{
	*a = (struct area){ .kind = kind, .n = kind == SMALL || kind == KSM ? 16 * PAGE : HUGE };
	if (kind == HUGETLB)
		a->p = mmap(NULL, a->n, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
	else
		a->p = map_aligned(a->n);
	if (!a->p || a->p == MAP_FAILED)
		return false;
	if (kind != HUGETLB)
		madvise(a->p, a->n, a->n == HUGE ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	memset(a->p, 'a', a->n);
	if (a->n == HUGE && kind != HUGETLB && !is_pmd_mapped(a))
		return false;
	if (kind == KSM)
		return merge(a);
	if (kind != PTE_THP)
		return true;
	/* A change of one page's protection, and back: the table is split, the folio is not. */
	return mprotect(a->p, PAGE, PROT_READ) == 0 &&
	       mprotect(a->p, PAGE, PROT_READ | PROT_WRITE) == 0 &&
	       smaps(a->p, a->n, "AnonHugePages") == 0 &&
	       pfn_of(a->p + PAGE) == pfn_of(a->p) + 1;
}

static inline void area_free(struct area *a)
{
	if (a->p && a->p != MAP_FAILED)
		munmap(a->p, a->n);
}

#endif
