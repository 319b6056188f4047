// SPDX-License-Identifier: GPL-2.0-only
/*
 * One version of a text or tree told by the one before (gitformat-pack(5), "deltified
 * representation"): what both begin and end with is copied, and in between every run that the old
 * one has, too.  Looks for runs at every eighth byte of the old version, so it is fast rather than
 * shortest.
 */
#include "git/pack_internal.h"

#include <stdlib.h>

#include "util/mem.h"

#define STEP 8 /* bytes between two places of the old version that are looked for */
#define RUN 16 /* bytes that a copy must be worth */
#define COPY_MAX 0xffff
#define INSERT_MAX 127

struct delta {
	struct rq_str *out;
	struct rq_slice from, to;
	size_t done; /* of @to */
};

static void add_size(struct rq_str *out, size_t n)
{
	unsigned char c;

	do {
		c = (unsigned char)((n & 0x7f) | (n > 0x7f ? 0x80 : 0));
		rq_str_add(out, &c, 1);
		n >>= 7;
	} while (n);
}

static void add_copy(struct rq_str *out, size_t at, size_t n)
{
	while (n) {
		size_t one = n < COPY_MAX ? n : COPY_MAX;
		unsigned char op[8] = { 0x80 };
		size_t len = 1;

		for (int i = 0; i < 4; i++)
			if (at >> 8 * i & 0xff) {
				op[0] |= (unsigned char)(1 << i);
				op[len++] = (unsigned char)(at >> 8 * i);
			}
		for (int i = 0; i < 2; i++)
			if (one >> 8 * i & 0xff) {
				op[0] |= (unsigned char)(0x10 << i);
				op[len++] = (unsigned char)(one >> 8 * i);
			}
		rq_str_add(out, op, len);
		at += one;
		n -= one;
	}
}

static void insert_to(struct delta *d, size_t end)
{
	while (d->done < end) {
		size_t n = end - d->done < INSERT_MAX ? end - d->done : INSERT_MAX;
		unsigned char op = (unsigned char)n;

		rq_str_add(d->out, &op, 1);
		rq_str_add(d->out, d->to.p + d->done, n);
		d->done += n;
	}
}

static size_t common_start(const char *a, const char *b, size_t most)
{
	size_t n = 0;

	while (n + 8 <= most && memcmp(a + n, b + n, 8) == 0)
		n += 8;
	while (n < most && a[n] == b[n])
		n++;
	return n;
}

static size_t common_end(const char *a, const char *b, size_t most)
{
	size_t n = 0;

	while (n + 8 <= most && memcmp(a - n - 8, b - n - 8, 8) == 0)
		n += 8;
	while (n < most && a[-(long)n - 1] == b[-(long)n - 1])
		n++;
	return n;
}

static uint32_t slot_of(const char *p, int bits)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return (uint32_t)(word * 0x9e3779b97f4a7c15 >> (64 - bits));
}

/* Copies what stands at @at of the old version and at @j of the new; where it ends in the new. */
static size_t take_run(struct delta *d, size_t at, size_t j)
{
	size_t most = d->from.n - at < d->to.n - j ? d->from.n - at : d->to.n - j;
	size_t n = common_start(d->from.p + at, d->to.p + j, most);
	size_t before = j - d->done < at ? j - d->done : at;

	if (n < RUN)
		return 0;
	before = common_end(d->from.p + at, d->to.p + j, before);
	insert_to(d, j - before);
	add_copy(d->out, at - before, before + n);
	return d->done = j + n;
}

/* Between @start and the last @tail bytes of both. */
static void add_middle(struct delta *d, size_t start, size_t tail)
{
	size_t from_end = d->from.n - tail, to_end = d->to.n - tail;
	int bits = 4;
	uint32_t *slots;

	if (from_end < start + RUN || to_end < start + RUN)
		return;
	while (bits < 16 && (size_t)STEP << bits < from_end - start)
		bits++;
	slots = rq_xcalloc((size_t)1 << bits, sizeof(*slots));
	for (size_t i = start; i + STEP <= from_end; i += STEP)
		slots[slot_of(d->from.p + i, bits)] = (uint32_t)i + 1;
	for (size_t j = start; j + STEP <= to_end;) {
		uint32_t found = slots[slot_of(d->to.p + j, bits)];
		size_t end = found ? take_run(d, found - 1, j) : 0;

		j = end ? end : j + 1;
	}
	free(slots);
}

void pack_delta(struct rq_str *out, struct rq_slice from, struct rq_slice to)
{
	struct delta d = { .out = out, .from = from, .to = to };
	size_t most = from.n < to.n ? from.n : to.n;
	size_t start = common_start(from.p, to.p, most);
	size_t tail = common_end(from.p + from.n, to.p + to.n, most - start);

	add_size(out, from.n);
	add_size(out, to.n);
	add_copy(out, 0, start);
	d.done = start;
	add_middle(&d, start, tail);
	if (d.done > to.n - tail)
		tail = to.n - d.done;
	insert_to(&d, to.n - tail);
	add_copy(out, from.n - tail, tail);
}
