// SPDX-License-Identifier: GPL-2.0-only
/*
 * The diffstat above a diff, found and made again in git's form: 72 columns, names cut at the front, the
 * graph scaled to what is left.  One whose numbers are right keeps its bytes.
 */
#include "patch/patch.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#define WIDTH 72

struct stat_row {
	char *name;
	long added, removed;
	bool binary;
};

struct stat {
	rq_vec(struct stat_row) rows;
	long most; /* changed lines of a file */
	int name_width, graph_width, number_width;
};

void rq_filediff_count(const struct rq_filediff *file, long *added, long *removed)
{
	*added = *removed = 0;
	for (size_t i = 0; i < file->n_hunks; i++)
		for (size_t k = 0; k < file->hunks[i].n_lines; k++) {
			*added += file->hunks[i].lines[k].sign == '+';
			*removed += file->hunks[i].lines[k].sign == '-';
		}
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct stat_row *)a)->name,
		      ((const struct stat_row *)b)->name);
}

/* A file that the patch has twice is one row. */
static void join_rows(struct stat *stat)
{
	size_t n = 0;

	for (size_t i = 0; i < stat->rows.n; i++) {
		struct stat_row *row = &stat->rows.v[i];

		if (n && strcmp(stat->rows.v[n - 1].name, row->name) == 0) {
			stat->rows.v[n - 1].added += row->added;
			stat->rows.v[n - 1].removed += row->removed;
			free(row->name);
		} else {
			stat->rows.v[n++] = *row;
		}
	}
	stat->rows.n = n;
}

static void read_rows(struct stat *stat, const struct rq_patch *patch)
{
	for (size_t i = 0; i < patch->n_files; i++) {
		const struct rq_filediff *file = &patch->files[i];
		struct stat_row *row = rq_vec_push(&stat->rows);
		bool moved = file->old_path && file->new_path &&
			     strcmp(file->old_path, file->new_path) != 0;

		row->name =
			moved ? rq_xasprintf("%s => %s", file->old_path, file->new_path)
			      : rq_xstrdup(rq_filediff_path(file));
		row->binary = file->has_binary || file->binary_differs;
		rq_filediff_count(file, &row->added, &row->removed);
	}
	if (stat->rows.n)
		qsort(stat->rows.v, stat->rows.n, sizeof(*stat->rows.v), by_name);
	join_rows(stat);
}

static void release(struct stat *stat)
{
	for (size_t i = 0; i < stat->rows.n; i++)
		free(stat->rows.v[i].name);
	rq_vec_release(&stat->rows);
}

/* Names get what the graph leaves of the line; of a line that is too short, the graph three eighths. */
static void choose_widths(struct stat *stat)
{
	int least, names = 0;

	for (size_t i = 0; i < stat->rows.n; i++) {
		const struct stat_row *row = &stat->rows.v[i];
		int n = (int)strlen(row->name);

		stat->most = row->added + row->removed > stat->most
				     ? row->added + row->removed
				     : stat->most;
		names = n > names ? n : names;
		if (row->binary)
			stat->number_width = 3;
	}
	least = snprintf(NULL, 0, "%ld", stat->most);
	stat->number_width = least > stat->number_width ? least : stat->number_width;
	stat->graph_width = stat->most > WIDTH ? WIDTH : (int)stat->most;
	stat->name_width = names;
	if (names + stat->number_width + 6 + stat->graph_width <= WIDTH)
		return;
	least = WIDTH * 3 / 8 - stat->number_width - 6;
	least = least < 6 ? 6 : least;
	if (stat->graph_width > least)
		stat->graph_width = least;
	if (names > WIDTH - stat->number_width - 6 - stat->graph_width)
		stat->name_width = WIDTH - stat->number_width - 6 - stat->graph_width;
	else
		stat->graph_width = WIDTH - stat->number_width - 6 - names;
}

/* One line at least for what is not nothing. */
static long scaled(const struct stat *stat, long n)
{
	if (stat->most <= stat->graph_width || !n)
		return n;
	return 1 + n * (stat->graph_width - 1) / stat->most;
}

static void print_graph(struct rq_str *out, const struct stat *stat,
			const struct stat_row *row)
{
	long total = scaled(stat, row->added + row->removed), added, removed;

	if (total < 2 && row->added && row->removed)
		total = 2;
	if (row->added < row->removed) {
		added = scaled(stat, row->added);
		removed = total - added;
	} else {
		removed = scaled(stat, row->removed);
		added = total - removed;
	}
	for (long i = 0; i < added; i++)
		rq_str_adds(out, "+");
	for (long i = 0; i < removed; i++)
		rq_str_adds(out, "-");
}

/* A long name keeps its end, from a slash on where there is one. */
static void print_name(struct rq_str *out, const struct stat *stat, const char *name)
{
	size_t n = strlen(name), width = (size_t)stat->name_width;
	const char *end = name, *slash;

	if (n <= width) {
		rq_str_addf(out, " %-*s", stat->name_width, name);
		return;
	}
	end = name + n - (width - 3);
	slash = strchr(end, '/');
	rq_str_addf(out, " ...%-*s", stat->name_width - 3, slash ? slash : end);
}

static void print_stat(struct rq_str *out, const struct stat *stat)
{
	long added = 0, removed = 0;

	for (size_t i = 0; i < stat->rows.n; i++) {
		const struct stat_row *row = &stat->rows.v[i];

		print_name(out, stat, row->name);
		if (row->binary) {
			rq_str_addf(out, " | %*s\n", stat->number_width, "Bin");
			continue;
		}
		rq_str_addf(out, " | %*ld%s", stat->number_width,
			    row->added + row->removed,
			    row->added + row->removed ? " " : "");
		print_graph(out, stat, row);
		rq_str_adds(out, "\n");
		added += row->added;
		removed += row->removed;
	}
	rq_str_addf(out, " %zu file%s changed", stat->rows.n,
		    stat->rows.n == 1 ? "" : "s");
	if (added || !removed)
		rq_str_addf(out, ", %ld insertion%s(+)", added, added == 1 ? "" : "s");
	if (removed || !added)
		rq_str_addf(out, ", %ld deletion%s(-)", removed, removed == 1 ? "" : "s");
	rq_str_adds(out, "\n");
}

/* " mm/a.c | 12 +++---", " logo.png | Bin 0 -> 12 bytes"; *number is the 12, -1 of a binary. */
static bool is_row(struct rq_slice line, long *number)
{
	const char *bar = memmem(line.p, line.n, " | ", 3), *p;

	if (!bar || line.p[0] == '+' || line.p[0] == '-')
		return false;
	for (p = bar + 3; p < line.p + line.n && *p == ' '; p++)
		continue;
	*number = -1;
	if (rq_slice_starts((struct rq_slice){ p, (size_t)(line.p + line.n - p) }, "Bin"))
		return true;
	if (p == line.p + line.n || !isdigit((unsigned char)*p))
		return false;
	*number = strtol(p, NULL, 10);
	for (; p < line.p + line.n && isdigit((unsigned char)*p); p++)
		continue;
	for (; p < line.p + line.n; p++)
		if (!strchr(" +-!=\r\n", *p) || !*p)
			return false;
	return true;
}

/* " 2 files changed, 3 insertions(+)" */
static bool is_sum(struct rq_slice line)
{
	const char *word = memmem(line.p, line.n, " file", 5);

	return word && word > line.p && isdigit((unsigned char)word[-1]) &&
	       rq_slice_has(line, " changed") && line.n < 100;
}

/* Lines such as " create mode 100644 mm/a.c" below the sum are no part of it. */
struct found {
	struct rq_slice block;
	rq_vec(long) numbers;
};

/* The last one in @head, below the message, which may quote another. */
static bool find_stat(struct found *found, struct rq_slice head)
{
	size_t end = rq_message_end(head);
	struct rq_slice line, rest = { head.p + end, head.n - end };
	const char *start = NULL;
	long number;

	while (rq_slice_next_line(&rest, &line)) {
		if (is_row(line, &number)) {
			if (!start) {
				start = line.p;
				found->numbers.n = 0;
			}
			*rq_vec_push(&found->numbers) = number;
			continue;
		}
		if (start && is_sum(line))
			found->block =
				(struct rq_slice){ start,
						   (size_t)(line.p + line.n - start) };
		start = NULL;
	}
	return found->block.n > 0;
}

static int by_number(const void *a, const void *b)
{
	long x = *(const long *)a, y = *(const long *)b;

	return x < y ? -1 : x > y;
}

static bool same_numbers(struct found *found, const struct stat *stat)
{
	rq_vec(long) now = { 0 };
	bool same = found->numbers.n == stat->rows.n;

	for (size_t i = 0; i < stat->rows.n; i++)
		*rq_vec_push(&now) =
			stat->rows.v[i].binary
				? -1
				: stat->rows.v[i].added + stat->rows.v[i].removed;
	if (same && now.n) {
		qsort(now.v, now.n, sizeof(*now.v), by_number);
		qsort(found->numbers.v, now.n, sizeof(*now.v), by_number);
		same = memcmp(now.v, found->numbers.v, now.n * sizeof(*now.v)) == 0;
	}
	rq_vec_release(&now);
	return same;
}

void rq_diffstat_print(struct rq_str *out, const struct rq_patch *patch)
{
	struct stat stat = { 0 };

	read_rows(&stat, patch);
	choose_widths(&stat);
	print_stat(out, &stat);
	release(&stat);
}

bool rq_diffstat_renew(struct rq_str *out, const struct rq_patch *patch)
{
	struct rq_slice head = patch->head;
	struct found found = { 0 };
	struct stat stat = { 0 };
	bool renewed = false;

	read_rows(&stat, patch);
	choose_widths(&stat);
	if (stat.rows.n && find_stat(&found, head) && !same_numbers(&found, &stat)) {
		rq_str_add(out, head.p, (size_t)(found.block.p - head.p));
		print_stat(out, &stat);
		rq_str_add(out, found.block.p + found.block.n,
			   (size_t)(head.p + head.n - found.block.p - found.block.n));
		renewed = true;
	}
	rq_vec_release(&found.numbers);
	release(&stat);
	return renewed;
}

bool rq_diffstat_there(struct rq_slice head)
{
	struct found found = { 0 };
	bool there = find_stat(&found, head);

	rq_vec_release(&found.numbers);
	return there;
}
