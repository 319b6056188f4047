// SPDX-License-Identifier: GPL-2.0-only
/*
 * What all reports for people share: colours, and text that steers no terminal.
 */
#include "report/report_internal.h"

/* No line of a report is longer, but for a word that is. */
#define WIDTH 100

static const char *sequence_of(struct rq_slice line)
{
	switch (line.p[0]) {
	case '+':
		return "\033[32m";
	case '-':
		return "\033[31m";
	case '@':
		return "\033[36m";
	default:
		return NULL;
	}
}

void rq_put_diff(FILE *out, struct rq_slice text, bool color)
{
	struct rq_slice line;

	while (rq_slice_next_line(&text, &line)) {
		const char *sequence = color ? sequence_of(line) : NULL;
		bool ends = line.p[line.n - 1] == '\n';

		fputs(sequence ? sequence : "", out);
		rq_write_clean(out, (struct rq_slice){ line.p, line.n - ends });
		fprintf(out, "%s%s", rq_unpaint(sequence), ends ? "\n" : "");
	}
}

/* A sequence that paints, which takes no column. */
static size_t painting(const char *s)
{
	return strncmp(s, "\033[", 2) == 0 ? strcspn(s, "m") + 1 : 0;
}

/* The columns and the bytes of the word at @s. */
static size_t columns_of(const char *s, size_t *bytes)
{
	size_t n = 0, columns = 0;

	while (s[n] && s[n] != ' ') {
		size_t skipped = painting(s + n);

		columns += !skipped;
		n += skipped ? skipped : 1;
	}
	*bytes = n;
	return columns;
}

void rq_put_folded(FILE *out, const char *line, int indent)
{
	size_t used = 0;

	for (bool first = true; *line; first = false) {
		size_t blanks = strspn(line, " "), bytes;
		size_t columns = columns_of(line + blanks, &bytes);

		if (!first && used + blanks + columns > WIDTH) {
			fprintf(out, "\n%*s", indent, "");
			used = (size_t)indent;
		} else {
			fprintf(out, "%*s", (int)blanks, "");
			used += blanks;
		}
		fwrite(line + blanks, 1, bytes, out);
		used += columns;
		line += blanks + bytes;
	}
	fputc('\n', out);
}

const char *rq_paint(bool color, enum rq_colour colour)
{
	static const char *const sequences[] = {
		[RQ_GREEN] = "\033[32m",
		[RQ_GREY] = "\033[90m",
		[RQ_YELLOW] = "\033[33m",
		[RQ_RED] = "\033[31m",
	};

	return color ? sequences[colour] : "";
}

const char *rq_unpaint(bool color)
{
	return color ? "\033[0m" : "";
}

enum rq_colour rq_word_colour(const char *word)
{
	for (int c = RQ_GREEN; c < RQ_RED; c++)
		if (strcmp(word, rq_colour_word(c)) == 0 ||
		    strcmp(word, rq_branch_word(c)) == 0)
			return c;
	return RQ_RED;
}
