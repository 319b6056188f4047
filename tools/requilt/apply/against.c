// SPDX-License-Identifier: GPL-2.0-only
/*
 * What speaks against a place that only a part of the context stands for: what the change makes is in
 * the function already, or the branch has the place in a comment.  Finds no place and changes none.
 */
#include "apply/apply_internal.h"

#include "apply/naming_internal.h"
#include "util/ctext.h"
#include "util/cuse.h"

/* A line of fewer word characters is met by chance. */
#define WORD_CHARACTERS 3
/* Where nothing opens or everything does, so many lines on both sides are looked at. */
#define NEAR 25
/* Of a comment that a line may be in. */
#define LONGEST_COMMENT 4000

static bool begins(struct rq_slice line, const char *word)
{
	size_t n = strlen(word);

	return rq_slice_starts(line, word) && (line.n == n || !rq_is_word(line.p[n]));
}

/* "goto out;", "return -EINVAL;": one word behind the keyword. */
static bool is_short_jump(struct rq_slice line)
{
	size_t words = 0;

	if (!begins(line, "goto") && !begins(line, "return"))
		return false;
	for (size_t i = 0; i < line.n; i++) {
		if (line.p[i] == '(' || line.p[i] == '>' || line.p[i] == '.')
			return false;
		words += rq_is_word(line.p[i]) && (!i || !rq_is_word(line.p[i - 1]));
	}
	return words <= 2;
}

bool rq_line_weighs(struct rq_slice line)
{
	static const char *const common[] = { "break;", "continue;", "default:",
					      "else",	"} else {",  "#else",
					      "#endif", "return;",   "do {" };
	size_t n = 0;

	line = rq_slice_trim(line);
	for (size_t i = 0; i < line.n; i++)
		n += rq_is_word(line.p[i]);
	if (n < WORD_CHARACTERS || is_short_jump(line))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(common); i++)
		if (rq_slice_eq(line, rq_slice_of(common[i])))
			return false;
	return true;
}

bool rq_line_shapes(struct rq_slice line)
{
	static const char *const words[] = { "if", "else", "for",    "while",
					     "do", "case", "switch", "default" };

	line = rq_slice_trim(line);
	if (!line.n)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (begins(line, words[i]))
			return true;
	for (size_t i = 0; i + 1 < line.n; i++)
		if (line.p[i] == '/' && (line.p[i + 1] == '*' || line.p[i + 1] == '/'))
			return true;
	return *line.p == '#' || *line.p == '*' || line.p[line.n - 1] == ':' ||
	       line.p[line.n - 1] == '{' || *line.p == '}';
}

static bool is_old(const struct rq_filediff *diff, struct rq_slice line)
{
	for (size_t i = 0; i < diff->n_hunks; i++)
		for (size_t k = 0; k < diff->hunks[i].n_lines; k++)
			if (diff->hunks[i].lines[k].sign != '+' &&
			    rq_slice_eq(diff->hunks[i].lines[k].text, line))
				return true;
	return false;
}

struct lines {
	size_t from, to;
};

static struct lines around(const struct rq_job *job, const struct rq_run *run)
{
	struct lines lines;

	rq_region_around(job->file, run->at, &lines.from, &lines.to);
	if (rq_language_of(job->file->path) == RQ_TEXT) {
		lines.from = run->at > NEAR ? run->at - NEAR : 0;
		lines.to = run->at + run->old + NEAR < job->file->n_lines
				   ? run->at + run->old + NEAR
				   : job->file->n_lines;
	}
	return lines;
}

/* "if (ret)": so many functions have it that it says nothing of what was added. */
static bool is_plain_check(struct rq_slice line)
{
	size_t words = 0;

	line = rq_slice_trim(line);
	for (size_t i = 0; i < line.n; i++)
		words += rq_is_word(line.p[i]) && (!i || !rq_is_word(line.p[i - 1]));
	return begins(line, "if") && words <= 2;
}

/*
 * A line, from 1, of the function that is one of those which the run adds, if more than half of what they
 * say stands there.  What the patch's old text has its author saw.
 */
static size_t added_before(const struct rq_job *job, const struct rq_site *site,
			   const struct rq_run *run, struct lines lines)
{
	size_t said = 0, there = 0, first = 0;

	for (size_t i = run->line; i < run->line + run->n; i++) {
		const struct rq_line *line = &site->hunk->lines[i];
		size_t at;

		if (line->sign != '+' || !rq_line_weighs(line->text) ||
		    is_plain_check(line->text) || is_old(job->diff, line->text))
			continue;
		at = rq_file_find_within(job->file, lines.from, lines.to, 0, line->text);
		said++;
		there += at > 0;
		first = first ? first : at;
	}
	return 2 * there > said ? first : 0;
}

typedef rq_vec(struct rq_slice) slices;

/* Adds lines of the context from @from up to the first that says something; false: there is none. */
static bool add_above(slices *out, const struct rq_image_text *pre, size_t from)
{
	size_t at = from;

	while (at > 0 && !rq_line_weighs(pre->lines[at - 1]))
		at--;
	for (size_t i = at ? at - 1 : 0; i < from; i++)
		*rq_vec_push(out) = pre->lines[i];
	return at > 0;
}

static bool add_below(slices *out, const struct rq_image_text *pre, size_t from)
{
	for (size_t i = from; i < pre->n; i++) {
		*rq_vec_push(out) = pre->lines[i];
		if (rq_line_weighs(pre->lines[i]))
			return true;
	}
	return false;
}

/* The first line of @lines, from 1, where @made is. */
static size_t find_made(struct rq_file *file, const slices *made, struct lines lines)
{
	size_t key = 0;

	for (size_t i = 1; i < made->n; i++)
		if (made->v[i].n > made->v[key].n)
			key = i;
	for (size_t at = 0;
	     (at = rq_file_find_within(file, lines.from, lines.to, at, made->v[key]));) {
		size_t from = at - 1 - key, n = 0;

		if (at - 1 < lines.from + key || from + made->n > lines.to)
			continue;
		while (n < made->n && rq_slice_eq(file->lines[from + n], made->v[n]))
			n++;
		if (n == made->n)
			return from + 1;
	}
	return 0;
}

/*
 * The line, from 1, where the run's new text stands in its context; @from: its first line of the old text.
 */
static size_t made_before(const struct rq_job *job, const struct rq_site *site,
			  const struct rq_run *run, size_t from, struct lines lines)
{
	slices made = { 0 };
	size_t found = 0;
	bool said;

	if (!run->old)
		return 0;
	said = add_above(&made, &site->pre, from);
	for (size_t i = run->line; i < run->line + run->n; i++)
		if (site->hunk->lines[i].sign == '+')
			*rq_vec_push(&made) = site->hunk->lines[i].text;
	said &= add_below(&made, &site->pre, from + run->old);
	if (said)
		found = find_made(job->file, &made, lines);
	rq_vec_release(&made);
	return found;
}

static int note_kind(const struct rq_word *word, void *kind)
{
	*(enum rq_word_kind *)kind = word->kind;
	return 0;
}

/* Whether a line that begins at line @at of the file is in a comment. */
static bool is_in_comment(struct rq_file *file, size_t at)
{
	enum rq_language language = rq_language_of(file->path);
	enum rq_word_kind kind = RQ_WORD_CODE;
	size_t from = at > LONGEST_COMMENT ? at - LONGEST_COMMENT : 0;
	struct rq_str text = { 0 };

	if ((language != RQ_C && language != RQ_HEADER) ||
	    !rq_file_spend(file, at - from))
		return false;
	for (size_t i = from; i < at; i++)
		rq_str_add_slice(&text, file->lines[i]);
	rq_str_addf(&text, "here");
	rq_ctext_each(rq_str_slice(&text), note_kind, &kind);
	rq_str_release(&text);
	return kind == RQ_WORD_COMMENT;
}

/* Whether the run changes a comment: its lines begin as those of one do. */
static bool changes_comment(const struct rq_site *site, const struct rq_run *run)
{
	for (size_t i = run->line; i < run->line + run->n; i++) {
		struct rq_slice line = rq_slice_trim(site->hunk->lines[i].text);

		if (line.n)
			return *line.p == '*';
	}
	return true;
}

bool rq_run_refuse(const struct rq_job *job, struct rq_site *site,
		   const struct rq_run *run, size_t from)
{
	struct lines lines = around(job, run);
	size_t at = added_before(job, site, run, lines);

	if (!at)
		at = made_before(job, site, run, from, lines);
	if (at)
		rq_site_say(site, RQ_REASON_RESULT_THERE, .line = (long)run->at + 1,
			    .other = (long)at);
	else if (!changes_comment(site, run) && is_in_comment(job->file, run->at))
		rq_site_say(site, RQ_REASON_IN_COMMENT, .line = (long)run->at + 1);
	else
		return false;
	return true;
}
