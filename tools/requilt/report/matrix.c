// SPDX-License-Identifier: GPL-2.0-only
/*
 * The matrix on a terminal or in a pipe: it must read in 80 columns with five branches.
 * Draws what the record says and judges nothing.
 */
#include "report/report_internal.h"

#include <stdlib.h>

#include "util/path.h"

/* "conflict" and a mark; branch names are broken at '-' to fit. */
#define COLUMN 10
#define NAME_LINES 4
/* Where a line that is too long goes on. */
#define FURTHER 8
/* Conflicts of a run that are written in full. */
#define MOST_CONFLICTS 20

static void put_word(FILE *out, const struct rq_matrix_options *options,
		     enum rq_colour colour, const char *word, int width)
{
	fprintf(out, "%s%-*s%s", rq_paint(options->color, colour), width, word,
		rq_unpaint(options->color));
}

/* The longest run of "-"-ended parts that fits, at least one; returns how many bytes. */
static size_t name_line(const char *name)
{
	size_t fits = 0, i;

	for (i = 0; name[i] && i < COLUMN - 1; i++)
		if (name[i] == '-')
			fits = i + 1;
	return !name[i] || !fits ? i : fits;
}

static void put_heads(FILE *out, const struct rq_record *record, int names)
{
	const char *rest[record->branches.n];
	bool more = true;

	for (size_t i = 0; i < record->branches.n; i++)
		rest[i] = record->branches.v[i].branch;
	for (int line = 0; line < NAME_LINES && more; line++) {
		int blanks =
			names - (line || !record->queue ? 0 : (int)strlen(record->queue));

		more = false;
		fputs(line || !record->queue ? "" : record->queue, out);
		for (size_t i = 0; i < record->branches.n; i++) {
			size_t n = name_line(rest[i]);

			if (n)
				fprintf(out, "%*s %.*s", blanks > 0 ? blanks : 0, "",
					(int)n, rest[i]);
			blanks = (n ? 0 : blanks + 1) + COLUMN - 1 - (int)n;
			rest[i] += n;
			more |= *rest[i] != '\0';
		}
		fputc('\n', out);
	}
}

/* The outcome and its mark; "-" where the walk ended before this entry. */
static void put_cell(FILE *out, const struct rq_matrix_options *options,
		     const struct rq_branch_record *branch, size_t i, int width)
{
	const struct rq_entry_record *e =
		i < branch->entries.n ? &branch->entries.v[i] : NULL;
	char word[32];

	fputc(' ', out);
	if (!e) {
		fprintf(out, "%-*s", width, "-");
		return;
	}
	snprintf(word, sizeof(word), "%s%s", rq_outcome_word(e->outcome),
		 e->reviewed			      ? "!"
		 : e->present_hunks		      ? "+"
		 : e->doubtful || rq_entry_ignores(e) ? "?"
						      : "");
	put_word(out, options, rq_entry_colour(e), word, width);
}

/* What all rows agree on is the queue's order: the longest branch names it. */
static const struct rq_branch_record *longest(const struct rq_record *record)
{
	const struct rq_branch_record *best = NULL;

	for (size_t i = 0; i < record->branches.n; i++)
		if (!best || record->branches.v[i].entries.n > best->entries.n)
			best = &record->branches.v[i];
	return best;
}

/* The column of names: as wide as they are, as far as the branches leave room. */
static int name_column(const struct rq_record *record,
		       const struct rq_branch_record *names, int width)
{
	int room = width - COLUMN * (int)record->branches.n;
	int want = record->queue ? (int)strlen(record->queue) : 0;

	for (size_t i = 0; i < names->entries.n; i++) {
		int n = (int)strlen(rq_path_base(names->entries.v[i].patch));

		want = n > want ? n : want;
	}
	return room < 16 ? 16 : want < room ? want : room;
}

static void put_rows(FILE *out, const struct rq_record *record,
		     const struct rq_matrix_options *options)
{
	const struct rq_branch_record *names = longest(record);
	int room = name_column(record, names, options->width);

	put_heads(out, record, room);
	for (size_t i = 0; i < names->entries.n; i++) {
		char name[256];

		snprintf(name, sizeof(name), "%s",
			 rq_path_base(names->entries.v[i].patch));
		if ((int)strlen(name) > room)
			snprintf(name + room - 2, 3, "..");
		rq_put_clean(out, name);
		fprintf(out, "%*s", room - (int)strlen(name), "");
		for (size_t b = 0; b < record->branches.n; b++)
			put_cell(out, options, &record->branches.v[b], i,
				 b + 1 < record->branches.n ? COLUMN - 1 : 0);
		fputc('\n', out);
	}
	fputc('\n', out);
}

static void put_summary(FILE *out, const struct rq_branch_record *branch,
			const struct rq_matrix_options *options, int names)
{
	size_t n[RQ_OUTCOMES] = { 0 };
	enum rq_colour colour = rq_branch_colour(branch);

	fprintf(out, "%-*s %-10s ", names, branch->branch,
		branch->version ? branch->version : "?");
	put_word(out, options, colour, rq_branch_word(colour), 7);
	if (colour == RQ_GREY)
		fputc(' ', out);
	if (branch->failure) {
		rq_put_clean(out, branch->failure);
		fputc('\n', out);
		return;
	}
	for (size_t i = 0; i < branch->entries.n; i++)
		n[branch->entries.v[i].outcome]++;
	for (int i = 0; i < RQ_OUTCOMES; i++)
		if (n[i])
			fprintf(out, "%zu %s, ", n[i], rq_outcome_word(i));
	fprintf(out, "%.2f s%s\n", branch->seconds,
		branch->kept ? ", nothing to do" : "");
}

static const char *state_of(const struct rq_entry_record *e)
{
	return e->reviewed ? "reviewed" : rq_outcome_word(e->outcome);
}

/* The sentence of a hunk; the caller frees it. */
static char *sentence_of(const struct rq_hunk_record *h, const char *branch)
{
	struct rq_str text = { 0 };

	rq_hunk_print(&text, h, branch);
	return text.s;
}

/* How many conflicts may still be written in full, and how many of a branch were not. */
struct conflicts {
	size_t left, hidden;
};

/* A line a conflict, and its text beside the branch's below it; with @all the other hunks, too. */
static void put_hunks(FILE *out, const struct rq_entry_record *e, const char *branch,
		      struct conflicts *conflicts, bool all, bool color)
{
	for (size_t i = 0; i < e->hunks.n; i++) {
		const struct rq_hunk_record *h = &e->hunks.v[i];
		_cleanup_free_ char *sentence = sentence_of(h, branch);
		bool conflict = h->rung == RQ_CONFLICT;

		if (!sentence || (!conflict && !all))
			continue;
		if (conflict && !conflicts->left) {
			conflicts->hidden++;
			continue;
		}
		conflicts->left -= conflict;
		rq_put_hunk(out, h, rq_outcome_word(h->rung), sentence, false);
		rq_put_beside(out, &h->beside, color);
	}
	if (e->outcome == RQ_CONFLICT && conflicts->left)
		rq_put_source(out, e->hunks.v, e->hunks.n);
}

/* The first hunk that has something to say; *@more: how many others have. */
static const struct rq_hunk_record *first_that_says(const struct rq_entry_record *e,
						    size_t *more)
{
	const struct rq_hunk_record *first = NULL;

	*more = 0;
	for (size_t i = 0; i < e->hunks.n; i++) {
		if (!rq_hunk_says(&e->hunks.v[i]))
			continue;
		*more += first != NULL;
		first = first ? first : &e->hunks.v[i];
	}
	return first;
}

/* "mm/rmap.c hunk 2: offset: why; 3 more hunks". */
static void put_first(FILE *out, const struct rq_entry_record *e, const char *branch)
{
	size_t more;
	const struct rq_hunk_record *h = first_that_says(e, &more);
	_cleanup_free_ char *sentence = sentence_of(h, branch);

	fputs(": ", out);
	rq_put_clean(out, h->file);
	if (h->hunk)
		fprintf(out, " hunk %ld", h->hunk);
	fprintf(out, ": %s: ", rq_outcome_word(h->rung));
	rq_put_clean(out, sentence);
	if (more)
		fprintf(out, "; %zu more hunk%s", more, more == 1 ? "" : "s");
}

/* Green, but the emitted file has other text than the queue's patch. */
static bool is_quoted(const struct rq_entry_record *e)
{
	for (size_t i = 0; i < e->notes.n; i++)
		if (e->notes.v[i].kind == RQ_NOTE_QUOTED)
			return true;
	return false;
}

/* The entry and why, on one line; true where its hunks are to follow. */
static bool put_entry(FILE *to, const struct rq_branch_record *branch,
		      const struct rq_entry_record *e,
		      const struct rq_matrix_options *options)
{
	bool full = options->verbose || e->outcome == RQ_CONFLICT, says;
	char *line = NULL;
	size_t n, more;
	FILE *out = open_memstream(&line, &n);

	says = first_that_says(e, &more) != NULL;
	fprintf(out, "%s: ", branch->branch);
	rq_put_clean(out, e->patch);
	fputs(": ", out);
	put_word(out, options, rq_entry_colour(e), state_of(e), 0);
	if (e->message && (!says || e->outcome == RQ_BLOCKED)) {
		fputs(": ", out);
		rq_put_clean(out, e->message);
	} else if (says && !full) {
		put_first(out, e, branch->branch);
	}
	fclose(out);
	rq_put_folded(to, line, FURTHER);
	free(line);
	return full;
}

static void put_hidden(FILE *out, const char *queue, const char *branch,
		       const struct conflicts *conflicts,
		       const struct rq_matrix_options *options)
{
	if (!conflicts->hidden)
		return;
	fprintf(out, "%s: %zu more conflict%s; ", branch, conflicts->hidden,
		conflicts->hidden == 1 ? "" : "s");
	if (!queue)
		fputs("--verbose prints all\n", out);
	else
		rq_print_clean(out, "'requilt show %s%s%s%s %s' prints all\n",
			       options->out ? "--out " : "",
			       options->out ? options->out : "", options->out ? " " : "",
			       queue, branch);
}

static void put_details(FILE *out, const char *queue,
			const struct rq_branch_record *branch,
			struct conflicts *conflicts,
			const struct rq_matrix_options *options)
{
	conflicts->hidden = 0;
	for (size_t i = 0; i < branch->entries.n; i++) {
		const struct rq_entry_record *e = &branch->entries.v[i];

		if (rq_entry_colour(e) < RQ_YELLOW && !(options->verbose && e->message) &&
		    !is_quoted(e))
			continue;
		if (put_entry(out, branch, e, options))
			put_hunks(out, e, branch->branch, conflicts, options->verbose,
				  options->color);
	}
	put_hidden(out, queue, branch->branch, conflicts, options);
}

/* Says what the words and marks that were drawn mean, and no others. */
static void put_legend(FILE *out, const struct rq_record *record)
{
	bool used[RQ_OUTCOMES] = { false }, doubtful = false, partly = false,
	     reviewed = false;

	for (size_t b = 0; b < record->branches.n; b++) {
		for (size_t i = 0; i < record->branches.v[b].entries.n; i++) {
			const struct rq_entry_record *e =
				&record->branches.v[b].entries.v[i];

			used[e->outcome] = true;
			doubtful |= e->doubtful || rq_entry_ignores(e);
			partly |= e->present_hunks > 0;
			reviewed |= e->reviewed;
		}
	}
	fputc('\n', out);
	for (int i = 0; i < RQ_OUTCOMES; i++)
		if (used[i])
			fprintf(out, "%-9s %s\n", rq_outcome_word(i), rq_outcome_help(i));
	if (doubtful)
		fputs("?         placed, but in doubt, or a part of it was not applied\n",
		      out);
	if (partly)
		fputs("+         part of it was there already\n", out);
	if (reviewed)
		fputs("!         yellow, and a reader has accepted it\n", out);
}

void rq_report_matrix(FILE *out, const struct rq_record *record,
		      const struct rq_matrix_options *options)
{
	struct conflicts conflicts = { options->verbose ? SIZE_MAX : MOST_CONFLICTS, 0 };
	int names = 12;

	if (!record->branches.n)
		return;
	for (size_t i = 0; i < record->branches.n; i++)
		if ((int)strlen(record->branches.v[i].branch) > names)
			names = (int)strlen(record->branches.v[i].branch);
	if (!options->quiet)
		put_rows(out, record, options);
	for (size_t i = 0; i < record->branches.n; i++)
		put_summary(out, &record->branches.v[i], options, names);
	if (options->quiet)
		return;
	put_legend(out, record);
	for (size_t i = 0; i < record->branches.n; i++)
		put_details(out, record->queue, &record->branches.v[i], &conflicts,
			    options);
}
