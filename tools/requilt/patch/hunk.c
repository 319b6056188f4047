// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hunks.  The counts in "@@ -a,b +c,d @@" decide where a hunk ends.  A body that does not have
 * them is refused with what was said and what was found, and so is a changed line after a
 * complete hunk: it would be lost.  As patch(1) does, the parser takes context lines after a
 * complete hunk for text, a tab whose blank in front was lost for a context line, and up to
 * two empty context lines for chopped off at the end of the input.
 *
 * Memory follows the lines that are there, never the counts that are claimed.
 */
#include "patch/patch_internal.h"

#include <limits.h>

/* Far above any file, and so low that the sum of a few line numbers cannot overflow. */
#define MAX_LINE_NUMBER (LONG_MAX / 16)

/* Of a patch, 40 bytes each; and of a file, each looked for in all of it. */
#define MOST_LINES 10000000
#define MOST_HUNKS 65536

/* Empty context lines that patch(1) takes for chopped off at the end of a file. */
#define MOST_CHOPPED 2

/* What the counts still owe while a body is read. */
struct body {
	const struct rq_hunk *hunk;
	long old_left, new_left;
	bool old_ended, new_ended; /* "\ No newline" was seen on that side */
};

static bool take_char(struct rq_slice *s, char c)
{
	if (!s->n || s->p[0] != c)
		return false;
	s->p++;
	s->n--;
	return true;
}

/* Digits; a number above the limit stays just above it. */
static bool take_number(struct rq_slice *s, long *out)
{
	const char *start = s->p;

	for (*out = 0; s->n && s->p[0] >= '0' && s->p[0] <= '9'; s->p++, s->n--) {
		if (*out <= MAX_LINE_NUMBER)
			*out = *out * 10 + (s->p[0] - '0');
	}
	return s->p > start;
}

static bool take_range(struct rq_slice *s, long *start, long *count)
{
	*count = 1;
	if (!take_number(s, start))
		return false;
	return !take_char(s, ',') || take_number(s, count);
}

bool rq_hunk_read_header(struct rq_hunk *hunk, struct rq_slice line)
{
	struct rq_slice rest = line;

	if (!rq_slice_starts(rest, "@@ -"))
		return false;
	rest = (struct rq_slice){ rest.p + 4, rest.n - 4 };
	if (!take_range(&rest, &hunk->old_start, &hunk->old_count) ||
	    !take_char(&rest, ' ') || !take_char(&rest, '+') ||
	    !take_range(&rest, &hunk->new_start, &hunk->new_count) ||
	    !rq_slice_starts(rest, " @@"))
		return false;
	hunk->header = line;
	hunk->function = rq_slice_trim((struct rq_slice){ rest.p + 3, rest.n - 3 });
	return true;
}

char rq_hunk_sign(struct rq_slice line)
{
	if (line.p[0] == '\n' || (line.p[0] == '\r' && line.n == 2 && line.p[1] == '\n'))
		return '\n';
	return memchr(" +-\t", line.p[0], 4) ? line.p[0] : 0;
}

bool rq_hunk_is_whole(struct rq_slice line, struct rq_slice behind)
{
	struct rq_hunk hunk;

	if (!rq_hunk_read_header(&hunk, line))
		return false;
	while ((hunk.old_count || hunk.new_count) && rq_slice_next_line(&behind, &line)) {
		char sign = rq_hunk_sign(line);

		if (rq_slice_starts(line, "\\ "))
			continue;
		if (!sign || (sign != '+' && !hunk.old_count--) ||
		    (sign != '-' && !hunk.new_count--))
			return false;
	}
	return !hunk.old_count && !hunk.new_count;
}

static int check_header(struct rq_parser *parser, const struct rq_hunk *hunk)
{
	const long numbers[] = { hunk->old_start, hunk->old_count, hunk->new_start,
				 hunk->new_count };

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		if (numbers[i] > MAX_LINE_NUMBER)
			return rq_parser_fail(parser, RQ_EFORMAT, hunk->line,
					      "hunk has a line number above %ld",
					      MAX_LINE_NUMBER);
	}
	if ((!hunk->old_start && hunk->old_count) ||
	    (!hunk->new_start && hunk->new_count))
		return rq_parser_fail(parser, RQ_EFORMAT, hunk->line,
				      "hunk has lines, but starts at line 0");
	if (!hunk->old_count && !hunk->new_count)
		return rq_parser_fail(parser, RQ_EFORMAT, hunk->line,
				      "hunk has no lines");
	return 0;
}

/* A side ended before its count was reached. */
static int fail_short(struct rq_parser *parser, const struct body *body)
{
	const struct rq_hunk *hunk = body->hunk;

	if (body->old_left)
		return rq_parser_fail(parser, RQ_EFORMAT, hunk->line,
				      "hunk says %ld old lines, %ld follow",
				      hunk->old_count, hunk->old_count - body->old_left);
	return rq_parser_fail(parser, RQ_EFORMAT, hunk->line,
			      "hunk says %ld new lines, %ld follow", hunk->new_count,
			      hunk->new_count - body->new_left);
}

/* @sign is one line too many on a side whose count is used up. */
static int fail_long(struct rq_parser *parser, const struct body *body, char sign,
		     long line)
{
	const struct rq_hunk *hunk = body->hunk;
	bool old_side = sign == '-' || (sign == ' ' && !body->old_left);

	return rq_parser_fail(parser, RQ_EFORMAT, hunk->line,
			      "hunk says %ld %s lines, but line %ld looks like one more",
			      old_side ? hunk->old_count : hunk->new_count,
			      old_side ? "old" : "new", parser->options.before + line);
}

/* Takes one line off the counts. */
static int account(struct rq_parser *parser, struct body *body, char sign)
{
	bool old_side = sign != '+', new_side = sign != '-';

	if ((old_side && !body->old_left) || (new_side && !body->new_left))
		return fail_long(parser, body, sign, parser->line);
	if ((old_side && body->old_ended) || (new_side && body->new_ended))
		return rq_parser_fail(parser, RQ_EFORMAT, parser->line,
				      "line follows one with no newline at end of file");
	body->old_left -= old_side;
	body->new_left -= new_side;
	return 0;
}

/*
 * The "\ No newline at end of file" line.  The newline before it is not part of the text;
 * where this line ends in "\r\n" the whole patch was converted, and the "\r" is not
 * either.
 */
static void take_marker(struct rq_parser *parser, struct body *body, struct rq_line *line)
{
	struct rq_slice marker;

	rq_parser_next(parser, &marker);
	line->raw.n += marker.n;
	line->text.n--;
	if (marker.n > 1 && marker.p[marker.n - 2] == '\r' && line->text.n &&
	    line->text.p[line->text.n - 1] == '\r')
		line->text.n--;
	body->old_ended |= line->sign != '+';
	body->new_ended |= line->sign != '-';
}

/*
 * The input ends in the middle of a context line.  Its newline is taken for lost: the line must be the
 * file's, with its end, so nothing can be missing.
 */
static struct rq_slice mend_last_line(struct rq_parser *parser, struct rq_slice text)
{
	char *copy = rq_xmalloc(text.n + 1);

	memcpy(copy, text.p, text.n);
	copy[text.n] = '\n';
	return (struct rq_slice){ rq_parser_own(parser, copy), text.n + 1 };
}

static bool lost_its_blank(char sign)
{
	return sign == '\n' || sign == '\t';
}

/* The input ends where empty context lines should follow: editors and mailers chop those off. */
static bool may_be_chopped(const struct rq_parser *parser, const struct body *body)
{
	return parser->p == parser->end && body->old_left == body->new_left &&
	       body->old_left <= MOST_CHOPPED && !body->old_ended && !body->new_ended &&
	       body->old_left < body->hunk->old_count &&
	       body->new_left < body->hunk->new_count;
}

static void add_chopped(struct rq_parser *parser, struct body *body)
{
	if (!parser->patch->chopped_at)
		parser->patch->chopped_at = parser->options.before + body->hunk->line;
	for (; body->old_left; body->old_left--, body->new_left--)
		*rq_vec_push(&parser->lines) = (struct rq_line){
			.sign = ' ',
			.text = RQ_SLICE("\n"),
			.raw = { parser->end, 0 },
		};
}

static int take_line(struct rq_parser *parser, struct body *body)
{
	struct rq_slice raw;
	struct rq_line *line;
	char sign;

	if (may_be_chopped(parser, body)) {
		add_chopped(parser, body);
		return 0;
	}
	if (!rq_parser_peek(parser, 0, &raw))
		return fail_short(parser, body);
	sign = rq_hunk_sign(raw);
	if (!sign || (lost_its_blank(sign) && (!body->old_left || !body->new_left)))
		return fail_short(parser, body);
	if (account(parser, body, lost_its_blank(sign) ? ' ' : sign))
		return parser->err->code;
	if (parser->lines.n == MOST_LINES)
		return rq_parser_fail(parser, RQ_EFORMAT, parser->line,
				      "more than %d lines in hunks; split the patch",
				      MOST_LINES);
	if (raw.p[raw.n - 1] != '\n' && sign != ' ' && sign != '\t')
		return rq_parser_fail(
			parser, RQ_EFORMAT, parser->line,
			"cut off after line %ld: it ends without a newline, and no '\\ "
			"No newline at end of file' follows",
			parser->line);
	parser->p += raw.n;
	parser->line++;
	line = rq_vec_push(&parser->lines);
	line->raw = line->text = raw;
	line->sign = lost_its_blank(sign) ? ' ' : sign;
	if (!lost_its_blank(sign)) {
		line->text.p++;
		line->text.n--;
	}
	if (raw.p[raw.n - 1] != '\n')
		line->text = mend_last_line(parser, line->text);
	else if (rq_parser_sees(parser, 0, "\\ "))
		take_marker(parser, body, line);
	return 0;
}

static void count_context(struct rq_hunk *hunk, const struct rq_line *lines)
{
	while (hunk->leading < hunk->n_lines && lines[hunk->leading].sign == ' ')
		hunk->leading++;
	while (hunk->trailing < hunk->n_lines - hunk->leading &&
	       lines[hunk->n_lines - 1 - hunk->trailing].sign == ' ')
		hunk->trailing++;
}

/* Nothing but dashes and blanks: "-- ", the signature's, or a separator. */
static bool is_rule(struct rq_slice line)
{
	for (size_t i = 0; i < line.n; i++) {
		if (!strchr("- \t\r\n", line.p[i]) || !line.p[i])
			return false;
	}
	return line.n > 1 && line.p[1] == '-';
}

/*
 * Does the text after the hunk have a change that the counts leave out?  Context lines there, a
 * diffstat among them, lose nothing.  An empty line ends the search: it parts a patch from the
 * text after it more often than it lost its blank.
 */
static int check_end(struct rq_parser *parser, const struct body *body)
{
	struct rq_slice rest = { parser->p, (size_t)(parser->end - parser->p) }, line;
	long at = parser->line;
	char sign;

	if (rq_parser_sees(parser, 0, "\\ "))
		return rq_parser_fail(parser, RQ_EFORMAT, at,
				      "'\\' line does not follow a line of a hunk");
	for (; rq_slice_next_line(&rest, &line); at++) {
		sign = rq_hunk_sign(line);
		if (!sign || lost_its_blank(sign) || is_rule(line))
			return 0;
		if (rq_slice_starts(line, "--- ") && rq_slice_starts(rest, "+++ "))
			return 0;
		if (rq_begins_indented(line, rest))
			return rq_parser_fail(
				parser, RQ_EFORMAT, at,
				"an indented diff begins, which patch(1) applies and git "
				"does not; remove it, or its indentation");
		if (sign != ' ')
			return fail_long(parser, body, sign, at);
	}
	return 0;
}

/*
 * Counts that are too high by just as much as looks like lines behind the hunk make it
 * swallow a signature ("-- ", then a version), or "--- a/x" and "+++ b/x" of the next diff,
 * which would put that diff's hunks into the wrong file.  (A hunk with context whose last
 * lines are changes ends its file: no hunk of the same file can follow.)
 */
static int check_swallowed(struct rq_parser *parser, const struct rq_hunk *hunk,
			   const struct rq_line *lines)
{
	const struct rq_line *last = &lines[hunk->n_lines - 1];
	const char *what = NULL;

	if (rq_slice_eq(rq_slice_chomp(last->raw), RQ_SLICE("-- ")) &&
	    parser->p < parser->end && *parser->p >= '0' && *parser->p <= '9')
		what = "a mail's signature";
	else if (hunk->n_lines > 2 && hunk->leading &&
		 rq_parser_sees(parser, 0, "@@ -") &&
		 rq_slice_starts(last[-1].raw, "--- ") &&
		 rq_slice_starts(last->raw, "+++ "))
		what = "the next diff";
	if (!what)
		return 0;
	return rq_parser_fail(
		parser, RQ_EFORMAT, hunk->line,
		"hunk says %ld old and %ld new lines, but ends in what looks "
		"like %s",
		hunk->old_count, hunk->new_count, what);
}

static int parse_hunk(struct rq_parser *parser)
{
	size_t first = parser->lines.n;
	struct rq_hunk hunk = { .line = parser->line };
	struct body body = { .hunk = &hunk };
	struct rq_slice line;
	int rc;

	rq_parser_next(parser, &line);
	if (!rq_hunk_read_header(&hunk, line))
		return rq_parser_fail(parser, RQ_EFORMAT, hunk.line,
				      "'%s' is not '@@ -line,count +line,count @@'",
				      rq_shown(rq_slice_chomp(line)).s);
	rc = check_header(parser, &hunk);
	body.old_left = hunk.old_count;
	body.new_left = hunk.new_count;
	while (!rc && (body.old_left || body.new_left))
		rc = take_line(parser, &body);
	if (rc)
		return rc;
	hunk.n_lines = parser->lines.n - first;
	count_context(&hunk, parser->lines.v + first);
	*rq_vec_push(&parser->hunks) = hunk;
	rc = check_swallowed(parser, &hunk, parser->lines.v + first);
	return rc ? rc : check_end(parser, &body);
}

int rq_parse_hunks(struct rq_parser *parser, size_t *n)
{
	for (*n = 0; rq_parser_sees(parser, 0, "@@"); ++*n) {
		if (*n == MOST_HUNKS)
			return rq_parser_fail(
				parser, RQ_EFORMAT, parser->line,
				"more than %d hunks in one file; split the patch",
				MOST_HUNKS);
		if (parse_hunk(parser))
			return parser->err->code;
	}
	return 0;
}
