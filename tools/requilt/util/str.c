// SPDX-License-Identifier: GPL-2.0-only
/*
 * Slices and growing strings.  Knows nothing of what the bytes mean.
 */
#include "util/str.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>

#include "util/mem.h"

bool rq_slice_next_line(struct rq_slice *rest, struct rq_slice *line)
{
	const char *nl;

	if (!rest->n)
		return false;
	nl = memchr(rest->p, '\n', rest->n);
	line->p = rest->p;
	line->n = nl ? (size_t)(nl - rest->p) + 1 : rest->n;
	rest->p += line->n;
	rest->n -= line->n;
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool rq_slice_has_word(struct rq_slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (isalnum((unsigned char)s.p[i]))
			return true;
	return false;
}

struct rq_slice rq_slice_trim(struct rq_slice s)
{
	while (s.n && is_blank(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n && is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

struct rq_slice rq_slice_next_word(struct rq_slice *rest)
{
	struct rq_slice word;

	*rest = rq_slice_trim(*rest);
	word = (struct rq_slice){ rest->p, 0 };
	if (!rest->n)
		return word;
	while (word.n < rest->n && !is_blank(word.p[word.n]))
		word.n++;
	*rest = rq_slice_trim((struct rq_slice){ rest->p + word.n, rest->n - word.n });
	return word;
}

struct rq_slice rq_slice_chomp(struct rq_slice s)
{
	if (s.n && s.p[s.n - 1] == '\n')
		s.n--;
	if (s.n && s.p[s.n - 1] == '\r')
		s.n--;
	return s;
}

void rq_str_reserve(struct rq_str *str, size_t extra)
{
	size_t want = str->len + extra + 1;

	if (want <= str->cap)
		return;
	str->cap = want > 2 * str->cap ? want : 2 * str->cap;
	str->s = rq_xrealloc(str->s, str->cap);
}

void rq_str_add(struct rq_str *str, const void *p, size_t n)
{
	rq_str_reserve(str, n);
	if (n)
		memcpy(str->s + str->len, p, n);
	str->len += n;
	str->s[str->len] = '\0';
}

void rq_str_adds(struct rq_str *str, const char *s)
{
	rq_str_add(str, s, strlen(s));
}

void rq_str_addf(struct rq_str *str, const char *fmt, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n > 0) {
		rq_str_reserve(str, n);
		vsnprintf(str->s + str->len, n + 1, fmt, again);
		str->len += n;
	}
	va_end(again);
}

void rq_str_release(struct rq_str *str)
{
	free(str->s);
	*str = (struct rq_str){ 0 };
}
