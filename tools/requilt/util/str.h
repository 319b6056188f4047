/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bytes: a slice borrows them, a str owns and grows them.
 *
 * A slice names no owner; each header that hands one out says whose bytes they are.
 */
#ifndef REQUILT_UTIL_STR_H
#define REQUILT_UTIL_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct rq_slice {
	const char *p;
	size_t n;
};

#define RQ_SLICE(literal) ((struct rq_slice){ (literal), sizeof(literal) - 1 })

/* For printf's "%.*s". */
#define RQ_SLICE_ARG(s) (int)(s).n, (s).p

static inline struct rq_slice rq_slice_of(const char *s)
{
	return (struct rq_slice){ s, strlen(s) };
}

static inline bool rq_slice_eq(struct rq_slice a, struct rq_slice b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool rq_slice_starts(struct rq_slice s, const char *prefix)
{
	size_t n = strlen(prefix);

	return s.n >= n && memcmp(s.p, prefix, n) == 0;
}

/* Whether @s is more than @end and ends with it: "x.c", but not ".c" alone. */
static inline bool rq_slice_ends(struct rq_slice s, const char *end)
{
	size_t n = strlen(end);

	return s.n > n && memcmp(s.p + s.n - n, end, n) == 0;
}

/* Whether @s stands anywhere in @text. */
static inline bool rq_slice_has(struct rq_slice text, const char *s)
{
	return memmem(text.p, text.n, s, strlen(s)) != NULL;
}

/* Takes the first line off *rest, its newline included; false when nothing is left. */
bool rq_slice_next_line(struct rq_slice *rest, struct rq_slice *line);

/* Takes the first word off *rest, and the blanks around it; empty when nothing is left. */
struct rq_slice rq_slice_next_word(struct rq_slice *rest);

/* Whether it says something: has a letter or a digit, which a lone brace or an empty line has not. */
bool rq_slice_has_word(struct rq_slice s);

/* Without the blanks, tabs and line ends at both ends. */
struct rq_slice rq_slice_trim(struct rq_slice s);

/* Without one '\n' or "\r\n" at the end. */
struct rq_slice rq_slice_chomp(struct rq_slice s);

struct rq_str {
	char *s; /* NUL after s[len - 1] whenever s is not NULL */
	size_t len, cap;
};

void rq_str_add(struct rq_str *str, const void *p, size_t n);
void rq_str_adds(struct rq_str *str, const char *s);
void rq_str_addf(struct rq_str *str, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void rq_str_reserve(struct rq_str *str, size_t extra);
void rq_str_release(struct rq_str *str);

static inline void rq_str_add_slice(struct rq_str *str, struct rq_slice s)
{
	rq_str_add(str, s.p, s.n);
}

static inline struct rq_slice rq_str_slice(const struct rq_str *str)
{
	return (struct rq_slice){ str->s ? str->s : "", str->len };
}

#endif
