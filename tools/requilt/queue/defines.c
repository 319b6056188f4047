// SPDX-License-Identifier: GPL-2.0-only
/*
 * A scanner that knows just enough C to tell a definition from a use: comments, strings,
 * directives, braces and parentheses.  A closing brace in column 0 ends every body, so that
 * #if branches which each open a brace do not confuse it.
 */
#include "queue/defines.h"

#include <ctype.h>

struct scan {
	struct rq_slice text;
	size_t at;
	int braces, parens;
	bool enum_body;		/* inside the braces of an enum at file level */
	struct rq_slice before; /* last word or sign, for "struct NAME {" and "x.NAME" */
	bool saw_enum;		/* since the last ';' at file level */
	bool saw_assign;	/* '=' at file level: what follows are uses */
};

static char peek(const struct scan *s, size_t ahead)
{
	return s->at + ahead < s->text.n ? s->text.p[s->at + ahead] : '\0';
}

static void skip_comment(struct scan *s)
{
	if (peek(s, 1) == '/') {
		while (s->at < s->text.n && peek(s, 0) != '\n')
			s->at++;
		return;
	}
	s->at += 2;
	while (s->at < s->text.n && !(peek(s, 0) == '*' && peek(s, 1) == '/'))
		s->at++;
	s->at += 2;
}

static void skip_quoted(struct scan *s)
{
	char quote = peek(s, 0);

	for (s->at++; s->at < s->text.n && peek(s, 0) != quote && peek(s, 0) != '\n';
	     s->at++)
		if (peek(s, 0) == '\\')
			s->at++;
	s->at++;
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static struct rq_slice word(struct scan *s)
{
	struct rq_slice w = { s->text.p + s->at, 0 };

	while (is_word(peek(s, w.n)))
		w.n++;
	s->at += w.n;
	return w;
}

static void skip_blanks(struct scan *s)
{
	while (s->at < s->text.n && (peek(s, 0) == ' ' || peek(s, 0) == '\t'))
		s->at++;
}

/* A directive with its continued lines; true when it is a #define of @name. */
static bool directive(struct scan *s, struct rq_slice name)
{
	bool found = false;

	s->at++;
	skip_blanks(s);
	if (rq_slice_eq(word(s), RQ_SLICE("define"))) {
		skip_blanks(s);
		found = rq_slice_eq(word(s), name);
	}
	while (s->at < s->text.n && peek(s, 0) != '\n') {
		if (peek(s, 0) == '\\')
			s->at++;
		else if (peek(s, 0) == '/' && peek(s, 1) == '*') {
			skip_comment(s);
			continue;
		}
		s->at++;
	}
	return found;
}

static char next_sign(const struct scan *s)
{
	size_t i = s->at;

	while (i < s->text.n && isspace((unsigned char)s->text.p[i]))
		i++;
	return i < s->text.n ? s->text.p[i] : '\0';
}

/* Whether the word just read, which is the name looked for, stands where it is defined. */
static bool defines_here(const struct scan *s)
{
	char next = next_sign(s);
	bool tag = rq_slice_eq(s->before, RQ_SLICE("struct")) ||
		   rq_slice_eq(s->before, RQ_SLICE("union")) ||
		   rq_slice_eq(s->before, RQ_SLICE("enum"));

	if (s->enum_body && s->braces == 1 && !s->parens)
		return next == ',' || next == '}' || next == '=';
	if (s->braces || s->parens || s->saw_assign)
		return false;
	if (tag)
		return next == '{';
	return next == '(' || next == ';' || next == '=' || next == '[' || next == ',';
}

static void sign(struct scan *s)
{
	char c = peek(s, 0);
	bool column0 = s->at == 0 || s->text.p[s->at - 1] == '\n';

	if (c == '{') {
		if (!s->braces++ && !s->parens)
			s->enum_body = s->saw_enum;
	} else if (c == '}') {
		s->braces = column0 || s->braces < 2 ? 0 : s->braces - 1;
		s->parens = 0;
		if (!s->braces)
			s->enum_body = s->saw_enum = s->saw_assign = false;
	} else if (c == '(') {
		s->parens++;
	} else if (c == ')' && s->parens) {
		s->parens--;
	} else if (c == ';' && !s->braces) {
		s->parens = 0;
		s->saw_enum = s->saw_assign = false;
	} else if (c == '=' && !s->braces && !s->parens) {
		s->saw_assign = true;
	}
	s->before = (struct rq_slice){ s->text.p + s->at, 1 };
	s->at++;
}

static bool fresh_line(const struct scan *s)
{
	size_t i = s->at;

	while (i > 0 && (s->text.p[i - 1] == ' ' || s->text.p[i - 1] == '\t'))
		i--;
	return i == 0 || s->text.p[i - 1] == '\n';
}

bool rq_text_defines(struct rq_slice text, const char *name)
{
	struct scan s = { .text = text };
	struct rq_slice wanted = rq_slice_of(name);

	while (s.at < s.text.n) {
		char c = peek(&s, 0);

		if (isspace((unsigned char)c)) {
			s.at++;
		} else if (c == '/' && (peek(&s, 1) == '*' || peek(&s, 1) == '/')) {
			skip_comment(&s);
		} else if (c == '"' || c == '\'') {
			skip_quoted(&s);
		} else if (c == '#' && fresh_line(&s)) {
			if (directive(&s, wanted))
				return true;
		} else if (is_word(c)) {
			struct rq_slice w = word(&s);

			if (rq_slice_eq(w, wanted) && defines_here(&s))
				return true;
			if (!s.braces && !s.parens && rq_slice_eq(w, RQ_SLICE("enum")))
				s.saw_enum = true;
			s.before = w;
		} else {
			sign(&s);
		}
	}
	return false;
}
