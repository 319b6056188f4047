// SPDX-License-Identifier: GPL-2.0-only
/*
 * What mailers and archives did to a hunk: broken lines, and blanks that went.  Old lines are
 * mended from a tree, where that leaves no doubt; the depth of new lines can only be guessed.
 */
#include <ctype.h>
#include <stdlib.h>

#include "import/quoted_internal.h"

void rq_quoted_count(const struct rq_quoted_hunk *hunk, long *old_lines, long *new_lines)
{
	*old_lines = *new_lines = 0;
	for (size_t i = 0; i < hunk->lines.n; i++) {
		*old_lines += hunk->lines.v[i].sign != '+';
		*new_lines += hunk->lines.v[i].sign != '-';
	}
}

/* --- broken lines --- */

size_t rq_quoted_width(struct rq_slice text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] == '\t')
			n += 8 - n % 8;
		else
			n += ((unsigned char)text.p[i] & 0xc0) != 0x80;
	return n;
}

static bool may_be_broken(const struct rq_quoted_hunk *hunk, size_t i)
{
	return i > 0 && hunk->lines.v[i].sign == ' ' && hunk->lines.v[i].text[0] &&
	       rq_quoted_width(rq_slice_of(hunk->lines.v[i - 1].text)) >= RQ_QUOTED_LONG;
}

static void take_joined(struct rq_quoted_line *line, struct rq_str *joined)
{
	if (!joined->len)
		return;
	free(line->text);
	line->text = joined->s;
	*joined = (struct rq_str){ 0 };
}

/* In one pass, since a hunk may have very many lines. */
static void join_broken(struct rq_quoted_hunk *hunk)
{
	struct rq_str joined = { 0 };
	bool broken = false;
	size_t n = 0;

	for (size_t i = 0; i < hunk->lines.n; i++) {
		struct rq_quoted_line line = hunk->lines.v[i];
		/* The next line is compared with this one as the quote has it. */
		bool next = i + 1 < hunk->lines.n && may_be_broken(hunk, i + 1);

		if (broken) {
			if (!joined.len)
				rq_str_adds(&joined, hunk->lines.v[n - 1].text);
			rq_str_addf(&joined, " %s", line.text);
			free(line.text);
		} else {
			if (n)
				take_joined(&hunk->lines.v[n - 1], &joined);
			hunk->lines.v[n++] = line;
		}
		broken = next;
	}
	if (n)
		take_joined(&hunk->lines.v[n - 1], &joined);
	hunk->lines.n = n;
}

void rq_quoted_unwrap(struct rq_quoted_hunk *hunk)
{
	long old_lines, new_lines, blanks, broken = 0;

	rq_quoted_count(hunk, &old_lines, &new_lines);
	for (size_t i = 0; i < hunk->lines.n; i++)
		broken += may_be_broken(hunk, i);
	blanks = hunk->old_count - (old_lines - broken);
	if (!broken || blanks < 0 || blanks > (long)hunk->blanks ||
	    blanks != hunk->new_count - (new_lines - broken))
		return;
	for (; blanks; blanks--) {
		struct rq_quoted_line *line = rq_vec_push(&hunk->lines);

		line->sign = ' ';
		line->text = rq_xstrdup("");
	}
	join_broken(hunk);
}

/* --- old lines --- */

/* Blanks collapsed: those at both ends go, each run between becomes one. */
static char *collapse(const char *text, size_t n)
{
	struct rq_str out = { 0 };
	bool gap = false;

	for (size_t i = 0; i < n; i++) {
		if (isspace((unsigned char)text[i])) {
			gap = out.len > 0;
			continue;
		}
		if (gap)
			rq_str_adds(&out, " ");
		gap = false;
		rq_str_add(&out, text + i, 1);
	}
	return out.s ? out.s : rq_xstrdup("");
}

struct text {
	rq_vec(struct rq_slice) lines;
	rq_vec(char *) plain; /* collapsed */
};

static void split(struct text *out, struct rq_slice bytes)
{
	struct rq_slice line;

	while (rq_slice_next_line(&bytes, &line)) {
		line = rq_slice_chomp(line);
		*rq_vec_push(&out->lines) = line;
		*rq_vec_push(&out->plain) = collapse(line.p, line.n);
	}
}

static void release(struct text *text)
{
	for (size_t i = 0; i < text->plain.n; i++)
		free(text->plain.v[i]);
	rq_vec_release(&text->plain);
	rq_vec_release(&text->lines);
}

static bool fits(const struct text *file, size_t at, const struct text *old)
{
	for (size_t i = 0; i < old->plain.n; i++)
		if (strcmp(file->plain.v[at + i], old->plain.v[i]) != 0)
			return false;
	return true;
}

/* The only place of @old in @file; false when there is none, or another. */
static bool find(size_t *place, const struct text *file, const struct text *old)
{
	size_t found = 0;

	for (size_t at = 0; old->plain.n && at + old->plain.n <= file->plain.n; at++)
		if (fits(file, at, old)) {
			*place = at;
			found++;
		}
	return found == 1;
}

static void take(struct rq_quoted_hunk *hunk, const struct text *file, size_t place)
{
	for (size_t i = 0; i < hunk->lines.n; i++) {
		struct rq_quoted_line *line = &hunk->lines.v[i];

		if (line->sign == '+')
			continue;
		free(line->text);
		line->text = rq_xstrndup(file->lines.v[place].p, file->lines.v[place].n);
		line->mended = true;
		place++;
	}
}

int rq_quoted_mend(struct rq_quoted_hunk *hunk, const struct rq_quoted_tree *trees,
		   size_t n, bool *mended, struct rq_err *err)
{
	struct text old = { 0 };
	int rc = 0;

	*mended = false;
	for (size_t i = 0; i < hunk->lines.n; i++)
		if (hunk->lines.v[i].sign != '+')
			*rq_vec_push(&old.plain) = collapse(
				hunk->lines.v[i].text, strlen(hunk->lines.v[i].text));
	for (size_t i = 0; hunk->path && i < n && !rc && !*mended; i++) {
		struct rq_str bytes = { 0 };
		struct text file = { 0 };
		size_t place = 0;
		bool found;

		rc = trees[i].read(trees[i].ctx, hunk->path, &bytes, &found, err);
		if (!rc && found) {
			split(&file, rq_str_slice(&bytes));
			*mended = find(&place, &file, &old);
		}
		if (*mended)
			take(hunk, &file, place);
		release(&file);
		rq_str_release(&bytes);
	}
	release(&old);
	return rc;
}

/* --- new lines --- */

static bool ends_with(const char *text, char c)
{
	size_t n = strlen(text);

	return n && text[n - 1] == c;
}

static bool begins_block(const char *s)
{
	return strncmp(s, "if (", 4) == 0 || strncmp(s, "for (", 5) == 0 ||
	       strncmp(s, "while (", 7) == 0 || strncmp(s, "else", 4) == 0 ||
	       strncmp(s, "} else", 6) == 0 || strcmp(s, "do") == 0;
}

/* Where the reader is: within how many braces, behind how many heads without one. */
struct depth {
	size_t open, pending, last;
	bool goes_on; /* the line above has no end yet */
};

static bool goes_on(const char *text)
{
	size_t n = strlen(text);

	return ends_with(text, ',') || ends_with(text, '(') ||
	       (n > 1 &&
		(strcmp(text + n - 2, "&&") == 0 || strcmp(text + n - 2, "||") == 0));
}

static bool is_comment(const char *text)
{
	return text[0] == '*' && (text[1] == ' ' || text[1] == '/' || !text[1]);
}

static size_t guess(const struct depth *at, const char *text)
{
	size_t depth = at->open + at->pending;

	if (is_comment(text))
		return at->last;
	if (at->goes_on)
		return at->last + 2;
	if (text[0] == '}')
		depth = at->open ? at->open - 1 : 0;
	return depth ? depth : 1;
}

/* Takes a line of that depth in. */
static void pass(struct depth *at, const char *text, size_t depth)
{
	bool going_on = at->goes_on;

	if (!*text || *text == '#' || is_comment(text) || strncmp(text, "/*", 2) == 0) {
		at->last = depth;
		return;
	}
	at->goes_on = goes_on(text);
	if (!going_on || !at->goes_on)
		at->last = going_on ? at->last : depth;
	if (ends_with(text, '{')) {
		at->open = at->last + 1;
		at->pending = 0;
	} else if (text[0] == '}') {
		at->open = depth;
		at->pending = 0;
	} else if (!at->goes_on &&
		   (begins_block(text) || (going_on && !ends_with(text, ';')))) {
		at->open = at->last;
		at->pending = !ends_with(text, ';');
	} else if (!at->goes_on && ends_with(text, ':')) {
		at->open = depth + 1;
		at->pending = 0;
	} else if (!at->goes_on) {
		at->open = at->pending ? at->open : at->last;
		at->pending = 0;
	}
}

/* An old line of the same text tells the depth for certain. */
static const char *same_text(const struct rq_quoted_hunk *hunk, const char *text)
{
	for (size_t i = 0; i < hunk->lines.n; i++) {
		const struct rq_quoted_line *line = &hunk->lines.v[i];

		if (line->sign == '-' && line->mended &&
		    strcmp(line->text + strspn(line->text, " \t"), text) == 0)
			return line->text;
	}
	return NULL;
}

void rq_quoted_uncontext(struct rq_quoted_hunk *hunk)
{
	for (size_t i = 0; i < hunk->lines.n; i++) {
		const struct rq_quoted_line *line = &hunk->lines.v[i];

		if (line->sign != ' ' || !line->text[0])
			continue;
		if (line->text[0] != ' ')
			return;
	}
	for (size_t i = 0; i < hunk->lines.n; i++) {
		struct rq_quoted_line *line = &hunk->lines.v[i];

		if (line->sign == ' ' && line->text[0])
			memmove(line->text, line->text + 1, strlen(line->text));
	}
}

size_t rq_quoted_indent(struct rq_quoted_hunk *hunk)
{
	struct depth at = { 0 };
	size_t guessed = 0;

	for (size_t i = 0; i < hunk->lines.n; i++) {
		struct rq_quoted_line *line = &hunk->lines.v[i];
		size_t blanks = strspn(line->text, " \t"),
		       depth = strspn(line->text, "\t");
		const char *text = line->text + blanks, *same;
		char *made;

		if (line->sign == '-')
			continue;
		if (line->sign == ' ' && !line->mended)
			depth = is_comment(text)	    ? at.last
				: text[0] == '}' && at.open ? at.open - 1
							    : at.open;
		/* Where tabs are left nothing was collapsed. */
		if (line->sign == '+' && *text && line->text[0] == ' ' &&
		    !memchr(line->text, '\t', blanks)) {
			depth = guess(&at, text);
			same = same_text(hunk, text);
			made = same ? rq_xstrdup(same)
				    : rq_xasprintf("%.*s%s%s", (int)depth,
						   "\t\t\t\t\t\t\t\t\t\t",
						   is_comment(text) ? " " : "", text);
			depth = same ? strspn(same, "\t") : depth;
			guessed += !same;
			free(line->text);
			line->text = made;
			text = made + strspn(made, " \t");
		}
		pass(&at, text, depth);
	}
	return guessed;
}
