// SPDX-License-Identifier: GPL-2.0-only
/*
 * How words are spelled in a head: RFC 2047, base64, and the charset of old messages.
 */
#include "patch/patch_internal.h"

#include <gmime/gmime.h>
#include <pthread.h>

#define LONGEST_WORD 1000	/* RFC 2047 says 75; mailers exceed it */
#define LONGEST_TEXT (64 << 10) /* that is decoded: GMime's time grows with its square */

static void start_gmime(void)
{
	g_mime_init();
}

/*
 * "=?CHARSET?b?TEXT?=" at @p; false where there is none in base64.  The search stops at the first blank or '?':
 * one to the end of the text for each "=?" would be quadratic.
 */
static bool is_base64_word(const char *p, struct rq_slice *charset, struct rq_slice *text)
{
	const char *mark;

	if (strncmp(p, "=?", 2) != 0)
		return false;
	mark = p + 2 + strcspn(p + 2, " ?");
	if (mark[0] != '?' || (mark[1] != 'b' && mark[1] != 'B') || mark[2] != '?')
		return false;
	*charset = (struct rq_slice){ p + 2, (size_t)(mark - p - 2) };
	*text = (struct rq_slice){ mark + 3, strcspn(mark + 3, " ?") };
	return charset->n + text->n <= LONGEST_WORD &&
	       strncmp(text->p + text->n, "?=", 2) == 0;
}

static void add_base64(GByteArray *out, struct rq_slice text)
{
	g_autofree char *copy = g_strndup(text.p, text.n);
	gsize n = 0;
	g_autofree guchar *bytes = g_base64_decode(copy, &n);

	g_byte_array_append(out, bytes, (guint)n);
}

/* Another such word, with nothing but blanks between. */
static bool follows(const char *p, struct rq_slice charset, struct rq_slice *text)
{
	struct rq_slice other;

	return is_base64_word(p + strspn(p, " "), &other, text) &&
	       rq_slice_eq(charset, other);
}

/*
 * GMime reads words of one charset that stand side by side as one, since a character may be cut in two,
 * and stops at the first padding.  So what is padded is decoded here and becomes one word.
 */
static void join_padded_words(struct rq_str *out, const char *text)
{
	struct rq_slice charset, word, next;
	const char *p = text;

	while (*p) {
		GByteArray *bytes;
		g_autofree char *joined = NULL;
		const char *end;

		if (!is_base64_word(p, &charset, &word)) {
			rq_str_add(out, p++, 1);
			continue;
		}
		end = word.p + word.n + 2;
		if (!follows(end, charset, &next)) {
			rq_str_add(out, p, (size_t)(end - p));
			p = end;
			continue;
		}
		bytes = g_byte_array_new();
		add_base64(bytes, word);
		for (; follows(end, charset, &next); end = next.p + next.n + 2)
			add_base64(bytes, next);
		joined = g_base64_encode(bytes->data, bytes->len);
		rq_str_addf(out, "=?%.*s?B?%s?=", RQ_SLICE_ARG(charset), joined);
		g_byte_array_unref(bytes);
		p = end;
	}
}

char *rq_header_decode(struct rq_slice text)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	_cleanup_free_ char *raw = rq_xstrndup(text.p, text.n);
	_cleanup_(rq_str_release) struct rq_str words = { 0 };
	g_autofree char *decoded = NULL;
	char *out, *w;

	pthread_once(&once, start_gmime);
	for (char *p = raw; *p; p++)
		*p = (unsigned char)*p < ' ' || *p == 0x7f ? ' ' : *p;
	if (strstr(raw, "=?") && text.n <= LONGEST_TEXT)
		join_padded_words(&words, raw);
	decoded = text.n <= LONGEST_TEXT
			  ? g_mime_utils_header_decode_text(NULL, words.s ? words.s : raw)
			  : g_strdup(raw);
	out = w = rq_xmalloc(strlen(decoded) + 1);
	for (const char *p = decoded; *p; p++) {
		char c = (unsigned char)*p < ' ' || *p == 0x7f ? ' ' : *p;

		if (c != ' ' || (w > out && w[-1] != ' '))
			*w++ = c;
	}
	while (w > out && w[-1] == ' ')
		w--;
	*w = '\0';
	return out;
}

char *rq_header_utf8(char *text)
{
	_cleanup_free_ char *old = text;
	struct rq_slice rest, line;
	struct rq_str out = { 0 };

	if (g_utf8_validate(text, -1, NULL))
		return TAKE_PTR(old);
	rest = rq_slice_of(text);
	while (rq_slice_next_line(&rest, &line)) {
		g_autofree char *converted = NULL;

		if (!g_utf8_validate(line.p, (gssize)line.n, NULL))
			converted = g_convert(line.p, (gssize)line.n, "UTF-8",
					      "ISO-8859-1", NULL, NULL, NULL);
		if (converted)
			rq_str_adds(&out, converted);
		else
			rq_str_add_slice(&out, line);
	}
	return out.s;
}

char *rq_header_encode(const char *text, bool name)
{
	g_autofree char *encoded =
		name ? g_mime_utils_header_encode_phrase(NULL, text, "utf-8")
		     : g_mime_utils_header_encode_text(NULL, text, "utf-8");

	return rq_xstrdup(encoded);
}

void rq_header_base64(struct rq_str *out, struct rq_slice bytes)
{
	/* 57 bytes make a line of 76. */
	for (size_t at = 0; at < bytes.n; at += 57) {
		size_t n = bytes.n - at < 57 ? bytes.n - at : 57;
		g_autofree char *line =
			g_base64_encode((const unsigned char *)bytes.p + at, n);

		rq_str_addf(out, "%s\n", line);
	}
}
