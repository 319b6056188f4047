// SPDX-License-Identifier: GPL-2.0-only
/*
 * A hunk that found no place beside the lines of the branch that are most like it, for people.  Places
 * nothing.
 */
#include "apply/apply_internal.h"

#include <stdlib.h>

/* Of a hunk and of the file beside it no more lines are compared. */
#define MOST_OLD 80
#define MOST_AROUND 12
/* A brace on the same line says less than a statement does. */
#define WEIGHT 8
/* Lines around what differs, lines of a run, and rows that are shown. */
#define CONTEXT 3
#define MOST_RUN 10
#define MOST_ROWS 60
/* Bytes of a line that are shown. */
#define MOST_BYTES 400

/* Two texts, and which lines are one; where several are equal, it is the near match's. */
struct pairing {
	size_t at; /* of the near match */
	struct rq_slice old[MOST_OLD];
	size_t n;
	const struct rq_slice *lines; /* of the file */
	size_t first, end;	      /* those that are compared */
	size_t of[MOST_OLD]; /* per old line the file's, from 1; 0: there is none */
};

/* What old line @i says for line @j of the file, from 0; 0: it is another one. */
static unsigned weight(const struct pairing *p, size_t i, size_t j)
{
	if (!rq_slice_eq(p->old[i], p->lines[j]))
		return 0;
	return 2 * (rq_line_weighs(p->old[i]) ? WEIGHT : 1) + (j == p->at + i);
}

/* Lines around the near match, but none of another function than that touches. */
static void find_bounds(struct pairing *p, const struct rq_file *file)
{
	size_t last = p->at + p->n < file->n_lines ? p->at + p->n : file->n_lines;
	size_t first = p->at < file->n_lines ? p->at : file->n_lines;

	p->first = first;
	while (p->first > 0 && first - p->first < MOST_AROUND &&
	       !rq_line_opens(file->lines[p->first - 1]))
		p->first--;
	p->end = last;
	while (p->end < file->n_lines && p->end - last < MOST_AROUND &&
	       !rq_line_opens(file->lines[p->end]))
		p->end++;
}

/* Pairs equal lines in order, so that they weigh the most. */
static void pair_lines(struct pairing *p)
{
	size_t wide = p->end - p->first + 1, i = 0, j = 0;
	_cleanup_free_ unsigned *most = rq_xcalloc((p->n + 1) * wide, sizeof(*most));

	for (i = p->n; i-- > 0;)
		for (j = wide - 1; j-- > 0;) {
			unsigned w = weight(p, i, p->first + j);
			unsigned down = most[(i + 1) * wide + j],
				 right = most[i * wide + j + 1];
			unsigned best = down > right ? down : right;

			if (w && w + most[(i + 1) * wide + j + 1] > best)
				best = w + most[(i + 1) * wide + j + 1];
			most[i * wide + j] = best;
		}
	for (i = j = 0; i < p->n && j + 1 < wide;) {
		unsigned w = weight(p, i, p->first + j);

		if (w && most[i * wide + j] == w + most[(i + 1) * wide + j + 1])
			p->of[i++] = p->first + ++j;
		else if (most[i * wide + j] == most[(i + 1) * wide + j])
			i++;
		else
			j++;
	}
}

/* Of equal lines those next to their neighbours, from the longest that is paired outwards. */
static void gather(struct pairing *p)
{
	size_t key = p->n;

	for (size_t i = 0; i < p->n; i++)
		if (p->of[i] && (key == p->n || p->old[i].n > p->old[key].n))
			key = i;
	for (size_t i = key; i-- > 0;)
		if (p->of[i + 1] > p->first + 1 &&
		    rq_slice_eq(p->old[i], p->lines[p->of[i + 1] - 2]))
			p->of[i] = p->of[i + 1] - 1;
	for (size_t i = key + 1; i < p->n; i++)
		if (p->of[i - 1] && p->of[i - 1] < p->end &&
		    rq_slice_eq(p->old[i], p->lines[p->of[i - 1]]))
			p->of[i] = p->of[i - 1] + 1;
}

/* The file's lines that stand for the hunk: as many more at both ends as it has unpaired there. */
static bool narrow(struct pairing *p)
{
	size_t i = 0, k = p->n;

	while (i < p->n && !p->of[i])
		i++;
	if (i == p->n)
		return false;
	while (!p->of[k - 1])
		k--;
	if (p->of[i] - 1 > p->first + i)
		p->first = p->of[i] - 1 - i;
	if (p->of[k - 1] + (p->n - k) < p->end)
		p->end = p->of[k - 1] + (p->n - k);
	return true;
}

static char *copy_line(char sign, struct rq_slice line)
{
	struct rq_str out = { 0 };

	line = rq_slice_chomp(line);
	if (sign)
		rq_str_add(&out, &sign, 1);
	rq_str_add(&out, line.p, line.n < MOST_BYTES ? line.n : MOST_BYTES);
	return out.s ? out.s : rq_xstrdup("");
}

/* Adds a row; @line is the file's, from 1, 0 for none. */
static void add_row(struct rq_beside *out, const struct pairing *p, enum rq_row_kind kind,
		    const struct rq_line *patch, size_t line)
{
	struct rq_row *row = rq_vec_push(&out->v);

	row->kind = kind;
	row->line = (long)line;
	if (patch)
		row->patch = copy_line(patch->sign, patch->text);
	if (line)
		row->branch = copy_line(0, p->lines[line - 1]);
}

/* Of a hundred bytes, blanks at the ends left out, so many are the same from both ends on. */
static size_t likeness(struct rq_slice a, struct rq_slice b)
{
	size_t n = 0, longer, shorter, m = 0;

	a = rq_slice_trim(a);
	b = rq_slice_trim(b);
	longer = a.n > b.n ? a.n : b.n;
	shorter = a.n > b.n ? b.n : a.n;
	while (n < shorter && a.p[n] == b.p[n])
		n++;
	while (m < shorter - n && a.p[a.n - 1 - m] == b.p[b.n - 1 - m])
		m++;
	return longer ? (n + m) * 100 / longer : 0;
}

/* Of the file's lines from @from up to @to the one most like @line, from 1; 0: none is half of it. */
static size_t most_alike(const struct pairing *p, struct rq_slice line, size_t from,
			 size_t to)
{
	size_t best = 0, most = 49;

	for (size_t j = from; j < to; j++) {
		size_t alike = likeness(line, p->lines[j]);

		if (alike <= most)
			continue;
		most = alike;
		best = j + 1;
	}
	return best;
}

/*
 * The file's line, from 1, beside old line @i, which has no equal: among those from @at on the most
 * alike, else the next where as many of both have none; 0: there is none.
 */
static size_t find_other(const struct pairing *p, size_t i, size_t at)
{
	size_t to = p->end, next = i, alike;

	while (next < p->n && !p->of[next])
		next++;
	if (next < p->n)
		to = p->of[next] - 1;
	alike = most_alike(p, p->old[i], at, to);
	return alike ? alike : to - at == next - i ? at + 1 : 0;
}

static void fill(struct rq_beside *out, const struct pairing *p,
		 const struct rq_hunk *hunk, char sign)
{
	size_t old = 0, at = p->first;

	for (size_t i = 0; i < hunk->n_lines && old < p->n; i++) {
		const struct rq_line *line = &hunk->lines[i];
		size_t is;

		if (line->sign != ' ' && line->sign != sign) {
			if (sign == '-')
				add_row(out, p, RQ_ROW_ADDED, line, 0);
			continue;
		}
		is = p->of[old] ? p->of[old] : find_other(p, old, at);
		for (; is && at + 1 < is; at++)
			add_row(out, p, RQ_ROW_DIFFERS, NULL, at + 1);
		add_row(out, p, p->of[old] ? RQ_ROW_SAME : RQ_ROW_DIFFERS, line, is);
		at = is ? is : at;
		old++;
	}
	for (; at < p->end; at++)
		add_row(out, p, RQ_ROW_DIFFERS, NULL, at + 1);
}

/* Whether row @i is what differs or near it. */
static bool is_near(const struct rq_beside *rows, size_t i)
{
	size_t from = i > CONTEXT ? i - CONTEXT : 0;

	for (size_t k = from; k < rows->v.n && k <= i + CONTEXT; k++)
		if (rows->v.v[k].kind == RQ_ROW_DIFFERS)
			return true;
	return false;
}

/* Whether row @i is in the middle of a long run of lines that one of both has. */
static bool is_in_run(const struct rq_beside *rows, size_t i)
{
	const struct rq_row *row = &rows->v.v[i];
	size_t before = 0, after = 0;

	if (row->patch && row->branch)
		return false;
	while (before < i && !rows->v.v[i - before - 1].patch == !row->patch &&
	       !rows->v.v[i - before - 1].branch == !row->branch)
		before++;
	while (i + after + 1 < rows->v.n &&
	       !rows->v.v[i + after + 1].patch == !row->patch &&
	       !rows->v.v[i + after + 1].branch == !row->branch)
		after++;
	return before + after + 1 > MOST_RUN && before >= MOST_RUN / 2 &&
	       after >= MOST_RUN / 2;
}

/* Leaves out what is far from what differs; a row says so between two that are kept. */
static void thin_out(struct rq_beside *out, struct rq_beside *rows)
{
	_cleanup_free_ bool *kept = rq_xcalloc(rows->v.n, sizeof(*kept));
	bool skipped = false;

	for (size_t i = 0; i < rows->v.n; i++)
		kept[i] = is_near(rows, i) && !is_in_run(rows, i);
	for (size_t i = 0; i < rows->v.n; i++) {
		struct rq_row *row = &rows->v.v[i];

		if (out->v.n >= MOST_ROWS || !kept[i]) {
			skipped = out->v.n > 0;
			continue;
		}
		if (skipped)
			rq_vec_push(&out->v)->kind = RQ_ROW_SKIPPED;
		skipped = false;
		*rq_vec_push(&out->v) = *row;
		*row = (struct rq_row){ 0 };
	}
}

/* False where nothing differs. */
static bool fill_reason(struct rq_reason *why, const struct pairing *p,
			const struct rq_beside *rows)
{
	why->line = (long)p->first + 1;
	why->of = (long)p->n;
	for (size_t i = 0; i < p->n; i++)
		why->count += p->of[i] > 0;
	for (size_t i = 0; i < rows->v.n; i++) {
		const struct rq_row *row = &rows->v.v[i];

		if (row->kind != RQ_ROW_DIFFERS)
			continue;
		if (why->text || why->want) {
			why->more++;
			continue;
		}
		why->other = row->line;
		if (row->branch)
			why->text = rq_reason_line(rq_slice_of(row->branch));
		if (row->patch)
			why->want = rq_reason_line(rq_slice_of(row->patch + 1));
	}
	return why->text || why->want;
}

static void release_rows(struct rq_beside *rows)
{
	for (size_t i = 0; i < rows->v.n; i++) {
		free(rows->v.v[i].patch);
		free(rows->v.v[i].branch);
	}
	rq_vec_release(&rows->v);
}

bool rq_show_beside(struct rq_beside *out, struct rq_reason *why, struct rq_file *file,
		    const struct rq_hunk *hunk, char sign, size_t at)
{
	struct pairing p = { .at = at, .lines = file->lines };
	struct rq_beside rows = { 0 };
	bool differs;

	for (size_t i = 0; i < hunk->n_lines && p.n < MOST_OLD; i++)
		if (hunk->lines[i].sign == ' ' || hunk->lines[i].sign == sign)
			p.old[p.n++] = hunk->lines[i].text;
	find_bounds(&p, file);
	if (p.first >= p.end || !rq_file_spend(file, p.n * (p.end - p.first)))
		return false;
	pair_lines(&p);
	gather(&p);
	if (!narrow(&p))
		return false;
	fill(&rows, &p, hunk, sign);
	differs = fill_reason(why, &p, &rows);
	if (out)
		thin_out(out, &rows);
	release_rows(&rows);
	return differs;
}
