// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which lines of a file read alike, for a file that is searched often; and how much one patch may
 * search a file.  Hunks that number tens of thousands, in a file as long, are looked up, not
 * searched for; and what reads alike everywhere comes to an end.
 */
#include "apply/apply_internal.h"

#include <stdlib.h>
#include <xxhash.h>

/* An index costs as much as a few dozen searches. */
#define MANY_SEARCHES 64
/* So long a region is looked up, too: a file without functions is one region for each of its hunks. */
#define LONG_REGION 2000
/* Lines compared for one patch: seconds of work. */
#define MOST_WORK ((size_t)1 << 28)

/* Lines are counted from 1 here: 0 is none. */
struct rq_line_index {
	size_t n_heads; /* a power of two */
	size_t *heads;	/* by hash: its first line */
	size_t *counts; /* by hash: its lines */
	size_t *next;	/* by line: the next one of the same hash */
};

bool rq_file_spend(struct rq_file *file, size_t lines)
{
	if (lines > MOST_WORK - file->work)
		file->work = MOST_WORK;
	else
		file->work += lines;
	return !rq_file_is_spent(file);
}

bool rq_file_is_spent(const struct rq_file *file)
{
	return file->work >= MOST_WORK;
}

struct rq_slice rq_line_without_end(struct rq_slice line)
{
	while (line.n && (line.p[line.n - 1] == '\n' || line.p[line.n - 1] == '\r'))
		line.n--;
	return line;
}

/* Lines that differ in their ends only have one head. */
static size_t head_of(const struct rq_line_index *index, struct rq_slice line)
{
	line = rq_line_without_end(line);
	return XXH3_64bits(line.p, line.n) & (index->n_heads - 1);
}

static struct rq_line_index *make(const struct rq_file *file)
{
	struct rq_line_index *index = rq_xcalloc(1, sizeof(*index));

	for (index->n_heads = 256; index->n_heads < file->n_lines;)
		index->n_heads *= 2;
	index->heads = rq_xcalloc(index->n_heads, sizeof(*index->heads));
	index->counts = rq_xcalloc(index->n_heads, sizeof(*index->counts));
	index->next = rq_xcalloc(file->n_lines + 1, sizeof(*index->next));
	for (size_t i = file->n_lines; i > 0; i--) {
		size_t head = head_of(index, file->lines[i - 1]);

		index->next[i] = index->heads[head];
		index->heads[head] = i;
		index->counts[head]++;
	}
	return index;
}

const struct rq_line_index *rq_line_index_of(struct rq_file *file)
{
	if (!file->index && ++file->searches > MANY_SEARCHES)
		file->index = make(file);
	return file->index;
}

void rq_line_index_free(struct rq_line_index *index)
{
	if (!index)
		return;
	free(index->heads);
	free(index->counts);
	free(index->next);
	free(index);
}

size_t rq_line_index_rarest(const struct rq_line_index *index,
			    const struct rq_image_text *text)
{
	size_t best = 0, least = SIZE_MAX;

	for (size_t i = 0; i < text->n && least; i++) {
		size_t n = index->counts[head_of(index, text->lines[i])];

		if (n < least) {
			best = i;
			least = n;
		}
	}
	return best;
}

size_t rq_line_index_first(const struct rq_line_index *index, struct rq_slice line)
{
	return index->heads[head_of(index, line)];
}

size_t rq_line_index_next(const struct rq_line_index *index, size_t line)
{
	return index->next[line];
}

/* The first that is @line of line @at and those that may be like it. */
static size_t find_from(struct rq_file *file, const struct rq_line_index *index,
			size_t at, struct rq_slice line)
{
	for (; at && at <= file->n_lines;
	     at = index ? rq_line_index_next(index, at) : at + 1) {
		if (!rq_file_spend(file, 1))
			return 0;
		if (rq_slice_eq(file->lines[at - 1], line))
			return at;
	}
	return 0;
}

size_t rq_file_find(struct rq_file *file, struct rq_slice line)
{
	const struct rq_line_index *index = rq_line_index_of(file);

	return find_from(file, index, index ? rq_line_index_first(index, line) : 1, line);
}

size_t rq_file_find_next(struct rq_file *file, size_t at)
{
	const struct rq_line_index *index = rq_line_index_of(file);

	return find_from(file, index, index ? rq_line_index_next(index, at) : at + 1,
			 file->lines[at - 1]);
}

size_t rq_file_find_within(struct rq_file *file, size_t from, size_t to, size_t after,
			   struct rq_slice line)
{
	size_t at = after;

	if (to - from <= LONG_REGION) {
		if (!rq_file_spend(file, to - from))
			return 0;
		for (at = at > from ? at : from; at < to; at++)
			if (rq_slice_eq(file->lines[at], line))
				return at + 1;
		return 0;
	}
	at = at ? rq_file_find_next(file, at) : rq_file_find(file, line);
	while (at && at <= from)
		at = rq_file_find_next(file, at);
	return at <= to ? at : 0;
}
