// SPDX-License-Identifier: GPL-2.0-only
/*
 * A conflict for people, in 100 columns: the patch beside the branch, with marks below what differs.
 * Draws what the record says and judges nothing.
 *
 *	  the patch                                     line  the branch
 *	  	ret = start(dev);                         12  	ret = start(dev);
 *	! -	stop(dev, ret);                           13  	stop(dev, ret, now);
 *	                 ^                                                  ^^^^^
 */
#include "report/report_internal.h"

#include <stdlib.h>

#include "util/clean.h"
#include "util/vec.h"

/* Of each of both texts. */
#define COLUMN 43
#define TAB 8
#define INDENT 2
/* Columns that are shown before what differs, where a line is too long. */
#define BEFORE 12

/* Characters of a line, of which each takes a column; tabs are blanks. */
struct cells {
	rq_vec(struct rq_slice) v;
};

/* Shared blanks at the begin, and the columns of a line that are shown. */
struct view {
	size_t from, to;
	bool cut_before, cut_after;
};

/* What cannot be shown is spelled out as clean.h says, in one cell each. */
static void split(struct cells *out, struct rq_slice line)
{
	while (line.n) {
		bool steers = false;
		size_t n = rq_char_length(line, &steers);

		if (*line.p == '\t') {
			do
				*rq_vec_push(&out->v) = RQ_SLICE(" ");
			while (out->v.n % TAB);
			n = 1;
		} else if (!n || steers) {
			*rq_vec_push(&out->v) = RQ_SLICE("?");
		} else {
			*rq_vec_push(&out->v) = (struct rq_slice){ line.p, n };
		}
		n += !n;
		line.p += n;
		line.n -= n;
	}
}

static bool is_blank(struct rq_slice cell)
{
	return *cell.p == ' ';
}

static size_t blanks_of(const struct cells *cells)
{
	size_t n = 0;

	while (n < cells->v.n && is_blank(cells->v.v[n]))
		n++;
	return n;
}

static bool is_word(struct rq_slice cell)
{
	char c = *cell.p;

	return cell.n > 1 || c == '_' || (c >= '0' && c <= '9') ||
	       (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The words that differ: from *@from on, up to so many cells before the end of each. */
static void find_difference(const struct cells *a, const struct cells *b, size_t *from,
			    size_t *left)
{
	size_t shorter = a->v.n < b->v.n ? a->v.n : b->v.n, n = 0, m = 0;

	while (n < shorter && rq_slice_eq(a->v.v[n], b->v.v[n]))
		n++;
	while (n > 0 && is_word(a->v.v[n - 1]) &&
	       ((n < a->v.n && is_word(a->v.v[n])) || (n < b->v.n && is_word(b->v.v[n]))))
		n--;
	while (m < shorter - n &&
	       rq_slice_eq(a->v.v[a->v.n - 1 - m], b->v.v[b->v.n - 1 - m]))
		m++;
	while (m > 0 && is_word(a->v.v[a->v.n - m]) &&
	       ((m < a->v.n - n && is_word(a->v.v[a->v.n - 1 - m])) ||
		(m < b->v.n - n && is_word(b->v.v[b->v.n - 1 - m]))))
		m--;
	*from = n;
	*left = m;
}

/* Which cells of a line are shown: all, or those from a bit before @focus on. */
static struct view view_of(const struct cells *cells, size_t shared, size_t focus)
{
	struct view view = { .from = shared, .to = cells->v.n };

	if (view.to <= shared + COLUMN) {
		view.from = shared < view.to ? shared : view.to;
		return view;
	}
	if (focus + BEFORE > shared + COLUMN) {
		view.from = focus - BEFORE;
		view.cut_before = true;
		if (view.from + COLUMN - 2 > view.to)
			view.from = view.to - (COLUMN - 2);
	}
	view.cut_after = view.to - view.from + 2 * view.cut_before > COLUMN;
	view.to = view.from + COLUMN - 2 * view.cut_before - 2 * view.cut_after;
	if (view.to > cells->v.n)
		view.to = cells->v.n;
	return view;
}

/* Writes it, and blanks up to COLUMN where @fill asks for them. */
static void put_cells(FILE *out, const struct cells *cells, const struct view *view,
		      bool fill)
{
	size_t n = view->to - view->from;

	if (view->cut_before)
		fputs("..", out);
	for (size_t i = view->from; i < view->to; i++)
		fwrite(cells->v.v[i].p, 1, cells->v.v[i].n, out);
	if (view->cut_after)
		fputs("..", out);
	n += 2 * view->cut_before + 2 * view->cut_after;
	if (fill && n < COLUMN)
		fprintf(out, "%*s", (int)(COLUMN - n), "");
}

/* Marks below the cells @from up to @to, one at least; returns the columns that are written. */
static size_t put_marks(FILE *out, const struct view *view, size_t from, size_t to)
{
	size_t before = view->from - 2 * view->cut_before, n = 0;

	if (from < view->from)
		from = view->from;
	if (to > view->to)
		to = view->to;
	if (from < before)
		return 0;
	n = from - before < COLUMN ? from - before : COLUMN - 1;
	fprintf(out, "%*s", (int)n, "");
	do {
		fputc('^', out);
		n++;
		from++;
	} while (from < to && n < COLUMN);
	return n;
}

/* The blanks that all lines begin with. */
static size_t shared_blanks(const struct rq_beside *beside)
{
	size_t least = SIZE_MAX;

	for (size_t i = 0; i < beside->v.n; i++)
		for (int side = 0; side < 2; side++) {
			const struct rq_row *row = &beside->v.v[i];
			const char *line = side			       ? row->branch
					   : row->patch && *row->patch ? row->patch + 1
								       : NULL;
			struct cells cells = { 0 };
			size_t n;

			if (!line)
				continue;
			split(&cells, rq_slice_of(line));
			n = blanks_of(&cells);
			if (n < cells.v.n && n < least)
				least = n;
			rq_vec_release(&cells.v);
		}
	return least == SIZE_MAX ? 0 : least;
}

static void put_pair(FILE *out, const struct rq_row *row, size_t shared, bool color)
{
	bool differs = row->kind == RQ_ROW_DIFFERS, both = row->patch && row->branch;
	char sign = row->patch && (*row->patch == '+' || *row->patch == '-') ? *row->patch
									     : ' ';
	struct cells a = { 0 }, b = { 0 };
	size_t from = 0, left = 0, n;
	struct view va, vb;

	split(&a, rq_slice_of(row->patch && *row->patch ? row->patch + 1 : ""));
	split(&b, rq_slice_of(row->branch ? row->branch : ""));
	if (differs && both)
		find_difference(&a, &b, &from, &left);
	va = view_of(&a, shared, from);
	vb = view_of(&b, shared, from);
	fprintf(out, "%*s%s%c%s %c ", INDENT, "", rq_paint(color && differs, RQ_RED),
		differs ? '!' : ' ', rq_unpaint(color && differs), sign);
	put_cells(out, &a, &va, row->branch);
	if (row->branch) {
		fprintf(out, " %5ld%s", row->line, *row->branch ? "  " : "");
		put_cells(out, &b, &vb, false);
	}
	fputc('\n', out);
	if (differs && both && (from < a.v.n - left || from < b.v.n - left)) {
		fprintf(out, "%*s%s", INDENT + 4, "", rq_paint(color, RQ_RED));
		n = put_marks(out, &va, from, a.v.n - left);
		fprintf(out, "%*s", (int)(COLUMN - n) + 8, "");
		put_marks(out, &vb, from, b.v.n - left);
		fprintf(out, "%s\n", rq_unpaint(color));
	}
	rq_vec_release(&a.v);
	rq_vec_release(&b.v);
}

void rq_put_beside(FILE *out, const struct rq_beside *beside, bool color)
{
	size_t shared = shared_blanks(beside);

	if (!beside->v.n)
		return;
	fprintf(out, "%*s%-*s  line  the branch\n", INDENT + 4, "", COLUMN, "the patch");
	for (size_t i = 0; i < beside->v.n; i++) {
		if (beside->v.v[i].kind == RQ_ROW_SKIPPED)
			fprintf(out, "%*s...\n", INDENT + 4, "");
		else
			put_pair(out, &beside->v.v[i], shared, color);
	}
}
