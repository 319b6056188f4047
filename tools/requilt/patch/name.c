// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names in header lines: quoted as C strings ("a/\303\244.c"), followed by a time stamp
 * after a tab or, in old diffs, after blanks.  A stamp at the epoch says that the file is
 * not there, as patch(1) and git understand it.
 */
#include "patch/patch_internal.h"

#include <stdio.h>
#include <time.h>

static bool is_octal(char c)
{
	return c >= '0' && c <= '7';
}

/* The byte that an escape stands for, or -1; *used is its length behind the backslash. */
static int unescape(struct rq_slice s, size_t *used)
{
	static const char from[] = "abtnvfr\"\\", to[] = "\a\b\t\n\v\f\r\"\\";
	const char *at;

	*used = 1;
	if (!s.n)
		return -1;
	if (s.n >= 3 && s.p[0] <= '3' && is_octal(s.p[0]) && is_octal(s.p[1]) &&
	    is_octal(s.p[2])) {
		*used = 3;
		return (s.p[0] - '0') * 64 + (s.p[1] - '0') * 8 + (s.p[2] - '0');
	}
	at = memchr(from, s.p[0], sizeof(from) - 1);
	return at ? (unsigned char)to[at - from] : -1;
}

int rq_parse_quoted(struct rq_parser *parser, struct rq_slice text, long line,
		    struct rq_slice *out, size_t *used)
{
	char *copy = rq_parser_own(parser, rq_xmalloc(text.n + 1));
	size_t i = 1, n = 0, length;

	while (i < text.n && text.p[i] != '"') {
		int c = (unsigned char)text.p[i++];

		if (c == '\\') {
			c = unescape((struct rq_slice){ text.p + i, text.n - i },
				     &length);
			if (c < 0)
				return rq_parser_fail(parser, RQ_EFORMAT, line,
						      "bad escape in the name %s",
						      rq_shown(text).s);
			i += length;
		}
		copy[n++] = c;
	}
	if (i >= text.n)
		return rq_parser_fail(parser, RQ_EFORMAT, line,
				      "no closing quote in the name %s",
				      rq_shown(text).s);
	*out = (struct rq_slice){ copy, n };
	*used = i + 1;
	return 0;
}

/* "2024-01-31 ..." or "Wed Jan 31 ..." */
bool rq_stamp_is_date(struct rq_slice s)
{
	static const char days[] = "Mon Tue Wed Thu Fri Sat Sun ";
	int year, month, day, used = 0;
	char text[16];

	snprintf(text, sizeof(text), "%.*s", (int)(s.n < 15 ? s.n : 15), s.p);
	if (sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &used) == 3)
		return used == 10;
	text[4] = '\0';
	return strlen(text) == 4 && text[3] == ' ' && strstr(days, text) &&
	       (strstr(days, text) - days) % 4 == 0;
}

/* Where the name ends: at a tab, or in plain diffs at the blanks before a stamp. */
static size_t name_length(struct rq_slice text, bool git)
{
	const char *tab = memchr(text.p, '\t', text.n);
	size_t i = text.n;

	if (tab)
		return tab - text.p;
	while (!git && i-- > 1) {
		if (text.p[i - 1] == ' ' && text.p[i] != ' ' &&
		    rq_stamp_is_date((struct rq_slice){ text.p + i, text.n - i }))
			break;
	}
	if (git || i == 0 || i > text.n)
		i = text.n;
	while (i && text.p[i - 1] == ' ')
		i--;
	return i;
}

/* Reads "+hhmm" or "+hh:mm" as seconds east. */
static bool read_zone(const char *s, long *seconds)
{
	char sign;
	int hours, minutes;

	if (sscanf(s, " %c%2d:%2d", &sign, &hours, &minutes) != 3 &&
	    sscanf(s, " %c%2d%2d", &sign, &hours, &minutes) != 3)
		return false;
	*seconds = (hours * 60L + minutes) * 60 * (sign == '-' ? -1 : 1);
	return sign == '+' || sign == '-';
}

bool rq_stamp_is_epoch(struct rq_slice stamp)
{
	static const char *const formats[] = { "%Y-%m-%d %H:%M:%S",
					       "%a %b %d %H:%M:%S %Y" };
	struct tm tm = { 0 };
	char text[64];
	const char *rest = NULL;
	long zone;

	snprintf(text, sizeof(text), "%.*s", (int)(stamp.n < 63 ? stamp.n : 63), stamp.p);
	for (size_t i = 0; !rest && i < ARRAY_SIZE(formats); i++)
		rest = strptime(text, formats[i], &tm);
	if (!rest)
		return false;
	if (*rest == '.') {
		size_t zeros = strspn(rest + 1, "0");

		rest += 1 + zeros;
		if (*rest >= '1' && *rest <= '9')
			return false;
	}
	if (read_zone(rest, &zone))
		return timegm(&tm) == zone;
	/* the zone of whoever made it: at most 14 hours off, by quarters */
	return labs(timegm(&tm)) <= 14 * 3600 && timegm(&tm) % 900 == 0;
}

int rq_parse_name(struct rq_parser *parser, struct rq_slice text, long line, bool git,
		  struct rq_name *out)
{
	struct rq_slice stamp;
	size_t used;

	text = rq_slice_chomp(text);
	*out = (struct rq_name){ .given = true };
	if (text.n && text.p[0] == '"') {
		if (rq_parse_quoted(parser, text, line, &out->text, &used))
			return parser->err->code;
	} else {
		used = name_length(text, git);
		out->text = (struct rq_slice){ text.p, used };
	}
	stamp = rq_slice_trim((struct rq_slice){ text.p + used, text.n - used });
	out->dated = rq_stamp_is_date(stamp);
	out->epoch = out->dated && rq_stamp_is_epoch(stamp);
	out->null = rq_slice_eq(out->text, RQ_SLICE("/dev/null"));
	return 0;
}

int rq_parse_plain_name(struct rq_parser *parser, struct rq_slice text, long line,
			struct rq_name *out)
{
	size_t used;

	text = rq_slice_chomp(text);
	*out = (struct rq_name){ .given = true, .text = text };
	if (!text.n || text.p[0] != '"')
		return 0;
	if (rq_parse_quoted(parser, text, line, &out->text, &used))
		return parser->err->code;
	if (used != text.n)
		return rq_parser_fail(parser, RQ_EFORMAT, line,
				      "text behind the quoted name %s", rq_shown(text).s);
	return 0;
}
