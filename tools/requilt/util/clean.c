// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a terminal may be shown.  Decodes UTF-8 as far as that needs; judges no other property of
 * a character.
 */
#include "util/clean.h"

#include <stdarg.h>
#include <stdlib.h>

#include "util/mem.h"

/*
 * What is not seen, or changes how its neighbours are: Unicode 15.0's general categories Cc, Cf, Cs, Zl
 * and Zp, and its Default_Ignorable_Code_Point.  The ends are included.
 */
static const struct {
	unsigned int first, last;
} steering[] = {
	{ 0x0000, 0x001f },   { 0x007f, 0x009f },   { 0x00ad, 0x00ad },
	{ 0x034f, 0x034f },   { 0x0600, 0x0605 },   { 0x061c, 0x061c },
	{ 0x06dd, 0x06dd },   { 0x070f, 0x070f },   { 0x0890, 0x0891 },
	{ 0x08e2, 0x08e2 },   { 0x115f, 0x1160 },   { 0x17b4, 0x17b5 },
	{ 0x180b, 0x180f },   { 0x200b, 0x200f },   { 0x2028, 0x202e },
	{ 0x2060, 0x206f },   { 0x3164, 0x3164 },   { 0xd800, 0xdfff },
	{ 0xfe00, 0xfe0f },   { 0xfeff, 0xfeff },   { 0xffa0, 0xffa0 },
	{ 0xfff0, 0xfffb },   { 0x110bd, 0x110bd }, { 0x110cd, 0x110cd },
	{ 0x13430, 0x1343f }, { 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a },
	{ 0xe0000, 0xe0fff },
};

/* The character at the start of @text; its length, or 0 where that is no UTF-8. */
static size_t decode(struct rq_slice text, unsigned int *c)
{
	static const unsigned int least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *p = (const unsigned char *)text.p;
	size_t n = p[0] < 0x80		   ? 1
		   : (p[0] & 0xe0) == 0xc0 ? 2
		   : (p[0] & 0xf0) == 0xe0 ? 3
		   : (p[0] & 0xf8) == 0xf0 ? 4
					   : 0;

	if (!n || n > text.n)
		return 0;
	*c = n == 1 ? p[0] : p[0] & (0x7f >> n);
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (p[i] & 0x3f);
	}
	return *c >= least[n] && *c <= 0x10ffff ? n : 0;
}

size_t rq_char_length(struct rq_slice text, bool *steers)
{
	unsigned int c = 0;
	size_t n = decode(text, &c);

	*steers = false;
	if (c >= ' ' && c <= '~')
		return n;
	for (size_t i = 0; n && i < ARRAY_SIZE(steering); i++)
		*steers |= c >= steering[i].first && c <= steering[i].last;
	return n;
}

/* How many bytes at the start of @text may be shown as they are. */
static size_t plain_length(struct rq_slice text, bool lines)
{
	size_t at = 0;

	while (at < text.n) {
		bool steers, line = lines && (text.p[at] == '\n' || text.p[at] == '\t');
		size_t n = rq_char_length((struct rq_slice){ text.p + at, text.n - at },
					  &steers);

		if (!n || (steers && !line))
			break;
		at += n;
	}
	return at;
}

/* In pieces as long as they come: stderr has no buffer. */
static void put(FILE *out, struct rq_slice text, bool lines)
{
	while (text.n) {
		size_t n = plain_length(text, lines);
		bool steers;

		fwrite(text.p, 1, n, out);
		text.p += n;
		text.n -= n;
		if (!text.n)
			return;
		n = rq_char_length(text, &steers);
		n += !n;
		for (size_t i = 0; i < n; i++)
			fprintf(out, "\\x%02x", (unsigned char)text.p[i]);
		text.p += n;
		text.n -= n;
	}
}

void rq_put_clean(FILE *out, const char *text)
{
	put(out, rq_slice_of(text ? text : ""), false);
}

void rq_write_clean(FILE *out, struct rq_slice text)
{
	put(out, text, true);
}

void rq_print_clean(FILE *out, const char *fmt, ...)
{
	_cleanup_free_ char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = rq_xvasprintf(fmt, ap);
	va_end(ap);
	rq_write_clean(out, rq_slice_of(text));
}
