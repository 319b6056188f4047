// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernel versions: parsed, compared by the parts given, read from a Makefile.
 */
#include "series/series.h"

#include <ctype.h>

#include "util/mem.h"

static bool take_number(struct rq_slice *rest, long *out)
{
	size_t n = 0;

	*out = 0;
	while (n < rest->n && n < 9 && isdigit((unsigned char)rest->p[n]))
		*out = *out * 10 + (rest->p[n++] - '0');
	rest->p += n;
	rest->n -= n;
	return n > 0;
}

int rq_version_parse(struct rq_version *out, struct rq_slice text, struct rq_err *err)
{
	struct rq_slice rest = text;
	bool fine = true;

	*out = (struct rq_version){ 0 };
	if (rest.n && rest.p[0] == 'v') {
		rest.p++;
		rest.n--;
	}
	do {
		if (out->n)
			rest = (struct rq_slice){ rest.p + 1, rest.n - 1 };
		fine = out->n < 4 && take_number(&rest, &out->part[out->n]);
		out->n++;
	} while (fine && rest.n && rest.p[0] == '.');
	if (fine && rq_slice_starts(rest, "-rc")) {
		rest = (struct rq_slice){ rest.p + 3, rest.n - 3 };
		fine = take_number(&rest, &out->rc) && out->rc;
	}
	if (!fine || rest.n)
		return rq_err_set(err, RQ_EFORMAT,
				  "'%.*s' is no kernel version; write it like v6.1 or "
				  "6.1.187 or 6.7-rc2",
				  text.n < 60 ? (int)text.n : 60, text.p);
	return 0;
}

/* -1, 0 or 1, by the first @n parts; a release comes after its candidates. */
static int compare(const struct rq_version *a, const struct rq_version *b, int n)
{
	for (int i = 0; i < n; i++)
		if (a->part[i] != b->part[i])
			return a->part[i] < b->part[i] ? -1 : 1;
	return 0;
}

static int compare_rc(const struct rq_version *a, const struct rq_version *b)
{
	long x = a->rc ? a->rc : 1L << 30, y = b->rc ? b->rc : 1L << 30;

	return x < y ? -1 : x > y;
}

bool rq_version_in(const struct rq_version *v, const struct rq_version *from,
		   const struct rq_version *to)
{
	int low = compare(v, from, from->n), high = compare(v, to, to->n);

	if (low < 0 || (low == 0 && from->rc && compare_rc(v, from) < 0))
		return false;
	return high < 0 || (high == 0 && (!to->rc || compare_rc(v, to) <= 0));
}

/* The variables that make a version, in its order. */
static const char *const parts[] = { "VERSION", "PATCHLEVEL", "SUBLEVEL",
				     "EXTRAVERSION" };

/* What a Makefile says of one of them. */
struct assigned {
	struct rq_slice value;
	size_t times;
	bool plain; /* one "=" or ":=" at the start of a line that make always reads */
};

static bool is_word_char(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '-' || c == '.';
}

/* A line's end behind a backslash is a blank to make. */
static void skip_blanks(struct rq_slice *rest)
{
	size_t n = 0;

	for (;; n++) {
		if (rest->n > n + 1 && rest->p[n] == '\\' && rest->p[n + 1] == '\n')
			n++;
		else if (n == rest->n || (rest->p[n] != ' ' && rest->p[n] != '\t'))
			break;
	}
	rest->p += n;
	rest->n -= n;
}

/* Takes the operator of an assignment off; *plain where it gives the value as it stands. */
static bool take_operator(struct rq_slice *rest, bool *plain)
{
	static const struct {
		const char *word;
		bool plain;
	} operators[] = {
		{ "=", true },	 { ":=", true },  { "::=", true }, { ":::=", true },
		{ "?=", false }, { "+=", false }, { "!=", false },
	};

	skip_blanks(rest);
	for (size_t i = 0; i < ARRAY_SIZE(operators); i++) {
		size_t n = strlen(operators[i].word);

		if (!rq_slice_starts(*rest, operators[i].word))
			continue;
		*plain = operators[i].plain;
		rest->p += n;
		rest->n -= n;
		return true;
	}
	return false;
}

/*
 * Counts what assigns @name in the line: at its start, in a call of eval, or behind a reference that
 * may be empty.  For one target only, or in a command, it is another.
 */
static void see_name(struct assigned *a, const char *name, struct rq_slice line,
		     bool always)
{
	const char *eval = memmem(line.p, line.n, "eval", strlen("eval"));
	size_t n = strlen(name);

	for (size_t i = 0; i + n <= line.n; i++) {
		struct rq_slice rest = { line.p + i + n, line.n - i - n };
		bool plain;

		if (memcmp(line.p + i, name, n) != 0)
			continue;
		if (i && line.p[i - 1] != ')' && line.p[i - 1] != '}' &&
		    (is_word_char(line.p[i - 1]) || !eval || eval > line.p + i))
			continue;
		if (!take_operator(&rest, &plain))
			continue;
		a->plain = plain && always && i == 0;
		a->value = rq_slice_trim(rest);
		a->times++;
	}
}

static bool is_one_of(struct rq_slice word, const char *const *list)
{
	for (; *list; list++)
		if (rq_slice_eq(word, rq_slice_of(*list)))
			return true;
	return false;
}

/* Words that may stand in front of an assignment. */
static struct rq_slice after_modifiers(struct rq_slice line)
{
	static const char *const modifiers[] = { "override", "export", "private", NULL };
	struct rq_slice rest = line, word = rq_slice_next_word(&rest);

	while (is_one_of(word, modifiers)) {
		line = rest;
		skip_blanks(&line);
		rest = line;
		word = rq_slice_next_word(&rest);
	}
	return line;
}

/* @depth is of what make may leave out, and of define. */
static void see_line(struct assigned *a, struct rq_slice line, size_t *depth)
{
	static const char *const openers[] = { "ifeq",	 "ifneq",  "ifdef",
					       "ifndef", "define", NULL };
	static const char *const closers[] = { "endif", "endef", NULL };
	static const char *const takers[] = { "define", "undefine", NULL };
	struct rq_slice rest, word, name;
	const char *comment = memchr(line.p, '#', line.n);

	if (comment)
		line.n = (size_t)(comment - line.p);
	skip_blanks(&line);
	line = after_modifiers(line);
	rest = line;
	word = rq_slice_next_word(&rest);
	/* "ifeq(a,b)" is none: make wants a blank. */
	if (is_one_of(word, openers))
		++*depth;
	else if (is_one_of(word, closers) && *depth)
		--*depth;
	name = is_one_of(word, takers) ? rq_slice_next_word(&rest) : RQ_SLICE("");
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		see_name(&a[i], parts[i], line, *depth == 0);
		if (rq_slice_eq(name, rq_slice_of(parts[i])))
			a[i] = (struct assigned){ .times = 2 };
	}
}

/* Lines that a backslash joins are one line to make. */
static void read_assigned(struct assigned *a, struct rq_slice makefile)
{
	struct rq_slice line, one;
	size_t depth = 0;

	while (rq_slice_next_line(&makefile, &line)) {
		while (rq_slice_ends(rq_slice_chomp(line), "\\") &&
		       rq_slice_next_line(&makefile, &one))
			line.n = (size_t)(one.p + one.n - line.p);
		see_line(a, line, &depth);
	}
}

/* What a make variable of a kernel's version holds, and no more: it is printed and compared. */
static bool is_number(struct rq_slice value)
{
	long number;

	return value.n <= 9 && take_number(&value, &number) && !value.n;
}

/* "-rc2" of "-rc2-next"; any other word says nothing of the version. */
static struct rq_slice candidate(struct rq_slice extra)
{
	struct rq_slice rest = { extra.p + 3, extra.n - 3 };
	long number;

	if (!rq_slice_starts(extra, "-rc") || !take_number(&rest, &number))
		return RQ_SLICE("");
	extra.n = (size_t)(rest.p - extra.p);
	return extra;
}

char *rq_version_of_makefile(struct rq_slice makefile)
{
	struct assigned a[ARRAY_SIZE(parts)] = { 0 };
	struct rq_slice extra;

	read_assigned(a, makefile);
	if (!a[2].times)
		a[2] = (struct assigned){ RQ_SLICE("0"), 1, true };
	if (!a[3].times)
		a[3] = (struct assigned){ RQ_SLICE(""), 1, true };
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (a[i].times != 1 || !a[i].plain || (i < 3 && !is_number(a[i].value)))
			return NULL;
	extra = candidate(a[3].value);
	return rq_xasprintf("%.*s.%.*s.%.*s%.*s", RQ_SLICE_ARG(a[0].value),
			    RQ_SLICE_ARG(a[1].value), RQ_SLICE_ARG(a[2].value),
			    RQ_SLICE_ARG(extra));
}
