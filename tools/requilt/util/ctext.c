// SPDX-License-Identifier: GPL-2.0-only
/*
 * A scanner that knows just enough C to tell a definition from a use: comments, strings,
 * directives, braces and parentheses.  A closing brace in column 0 ends every body, so that
 * #if branches which each open a brace do not confuse it.
 */
#include "util/ctext.h"

#include <ctype.h>

#include "util/mem.h"

struct scan {
	struct rq_slice text;
	size_t at;
	int braces, parens;
	char last;		/* what struct rq_word calls before */
	bool enum_body;		/* inside the braces of an enum at file level */
	struct rq_slice before; /* last word or sign, for "struct NAME {" and "x.NAME" */
	bool saw_enum;		/* since the last ';' at file level */
	bool saw_assign;	/* '=' at file level: what follows are uses */
	size_t counted;		/* up to here newlines are in @line */
	long line;
	long unit;
	bool in_directive;
	bool in_unit; /* a word or a brace was there since the last one ended */
	bool in_body; /* a brace was */
	size_t body;  /* where that brace stands */
	int (*each)(const struct rq_word *word, void *ctx);
	void *ctx;
	int rc; /* what @each said last; not 0 ends the scan */
};

static char peek(const struct scan *s, size_t ahead)
{
	return s->at + ahead < s->text.n ? s->text.p[s->at + ahead] : '\0';
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

static void tell(struct scan *s, struct rq_slice text, enum rq_word_kind kind)
{
	size_t at = (size_t)(text.p - s->text.p);

	if (s->rc || !text.n)
		return;
	for (; s->counted < at; s->counted++)
		s->line += s->text.p[s->counted] == '\n';
	s->rc = s->each(&(struct rq_word){ .text = text,
					   .line = s->line,
					   .unit = s->unit,
					   .parens = s->parens,
					   .before = s->last,
					   .in_directive = s->in_directive,
					   .kind = kind },
			s->ctx);
}

/* One sign of a comment, a string or a macro's body, or a whole word of it. */
static void pass(struct scan *s, enum rq_word_kind kind)
{
	if (is_word(peek(s, 0)))
		tell(s, word(s), kind);
	else
		s->at++;
}

static void skip_comment(struct scan *s)
{
	bool one_line = peek(s, 1) == '/';

	s->at += 2;
	while (s->at < s->text.n) {
		if (one_line ? peek(s, 0) == '\n'
			     : peek(s, 0) == '*' && peek(s, 1) == '/')
			break;
		pass(s, RQ_WORD_COMMENT);
	}
	if (!one_line)
		s->at += 2;
}

static void skip_quoted(struct scan *s)
{
	char quote = peek(s, 0);

	for (s->at++; s->at < s->text.n && peek(s, 0) != quote && peek(s, 0) != '\n';) {
		if (peek(s, 0) == '\\')
			s->at += 2;
		else
			pass(s, RQ_WORD_STRING);
	}
	if (peek(s, 0) == quote) /* else an apostrophe, as in "#error don't" */
		s->at++;
}

static void skip_blanks(struct scan *s)
{
	while (s->at < s->text.n && (peek(s, 0) == ' ' || peek(s, 0) == '\t'))
		s->at++;
}

static bool starts_comment(const struct scan *s)
{
	return peek(s, 0) == '/' && (peek(s, 1) == '*' || peek(s, 1) == '/');
}

static void end_unit(struct scan *s)
{
	s->unit++;
	s->in_unit = s->in_body = false;
}

/* A directive with its continued lines. */
static void directive(struct scan *s)
{
	struct rq_slice name;

	s->in_directive = true;
	s->at++;
	skip_blanks(s);
	name = word(s);
	tell(s, name, RQ_WORD_DIRECTIVE);
	if (rq_slice_eq(name, RQ_SLICE("define"))) {
		skip_blanks(s);
		name = word(s);
		tell(s, name, RQ_WORD_DEFINES);
	}
	while (s->at < s->text.n && peek(s, 0) != '\n') {
		if (peek(s, 0) == '\\')
			s->at += 2;
		else if (starts_comment(s))
			skip_comment(s);
		else if (peek(s, 0) == '"' || peek(s, 0) == '\'')
			skip_quoted(s);
		else
			pass(s, RQ_WORD_CODE);
	}
	s->in_directive = false;
	s->last = '#';
	if (!s->in_unit)
		end_unit(s);
}

static char next_sign(const struct scan *s)
{
	size_t i = s->at;

	while (i < s->text.n && isspace((unsigned char)s->text.p[i]))
		i++;
	return i < s->text.n ? s->text.p[i] : '\0';
}

/* What can stand in front of a name that is defined: its type. */
static bool is_behind_type(const struct scan *s)
{
	static const char *const others[] = { "return", "else", "do",	  "goto",
					      "case",	"if",	"sizeof", "while" };

	if (!s->before.n || (!is_word(s->before.p[0]) && s->before.p[0] != '*'))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (rq_slice_eq(s->before, rq_slice_of(others[i])))
			return false;
	return true;
}

/*
 * Whether the word just read, which is the name looked for, stands where it is defined.  Braces
 * may have been miscounted (#if branches that each close one), so that a call seems to stand
 * outside of all functions: it has no type in front.
 */
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
	if (next == '(')
		return is_behind_type(s);
	return next == ';' || next == '=' || next == '[' || next == ',';
}

static void open_brace(struct scan *s)
{
	if (!s->braces++ && !s->parens)
		s->enum_body = s->saw_enum;
	if (!s->in_body)
		s->body = s->at;
	s->in_unit = s->in_body = true;
}

/* The next line of code behind the one at @at; empty at the end. */
static struct rq_slice next_code(const struct scan *s, size_t at)
{
	struct rq_slice rest = { s->text.p + at, s->text.n - at }, line;
	bool comment = false, directive = false;

	rq_slice_next_line(&rest, &line);
	while (rq_slice_next_line(&rest, &line)) {
		struct rq_slice t = rq_slice_trim(line);
		bool skip = !t.n || comment || directive || rq_slice_starts(t, "//") ||
			    rq_slice_starts(t, "/*") || t.p[0] == '#';

		comment = (comment || rq_slice_starts(t, "/*")) && !rq_slice_has(t, "*/");
		directive = t.n && (directive || t.p[0] == '#') && t.p[t.n - 1] == '\\';
		if (!skip)
			return line;
	}
	return rest;
}

static bool is_label(struct rq_slice line)
{
	size_t n = 0;

	while (n < line.n && is_word(line.p[n]))
		n++;
	return n && n < line.n && line.p[n] == ':';
}

/*
 * Where braces were miscounted, or one stands further left than it should, a body is not over
 * yet; one that is all in one line is.
 */
static bool ends_unit(const struct scan *s, bool column0)
{
	struct rq_slice next;

	if (s->in_body && !memchr(s->text.p + s->body, '\n', s->at - s->body))
		return true;
	if (!column0)
		return false;
	next = next_code(s, s->at);
	return !next.n || (!isspace((unsigned char)next.p[0]) && !is_label(next));
}

static void close_brace(struct scan *s)
{
	bool column0 = s->at == 0 || s->text.p[s->at - 1] == '\n';

	s->braces = column0 || s->braces < 2 ? 0 : s->braces - 1;
	s->parens = 0;
	if (s->braces)
		return;
	s->enum_body = s->saw_enum = s->saw_assign = false;
	if (ends_unit(s, column0))
		end_unit(s);
}

static void sign(struct scan *s)
{
	char c = peek(s, 0);

	if (c == '{') {
		open_brace(s);
	} else if (c == '}') {
		close_brace(s);
	} else if (c == '(') {
		s->parens++;
	} else if (c == ')' && s->parens) {
		s->parens--;
	} else if (c == ';' && !s->braces) {
		s->parens = 0;
		s->saw_enum = s->saw_assign = false;
		if (!s->in_body)
			end_unit(s);
	} else if (c == '=' && !s->braces && !s->parens) {
		s->saw_assign = true;
	}
	s->before = (struct rq_slice){ s->text.p + s->at, 1 };
	s->last = c;
	s->at++;
}

static bool fresh_line(const struct scan *s)
{
	size_t i = s->at;

	while (i > 0 && (s->text.p[i - 1] == ' ' || s->text.p[i - 1] == '\t'))
		i--;
	return i == 0 || s->text.p[i - 1] == '\n';
}

static void word_of_code(struct scan *s)
{
	struct rq_slice w = word(s);

	s->in_unit = true;
	tell(s, w, defines_here(s) ? RQ_WORD_DEFINES : RQ_WORD_CODE);
	if (!s->braces && !s->parens && rq_slice_eq(w, RQ_SLICE("enum")))
		s->saw_enum = true;
	s->before = w;
	s->last = 'a';
}

int rq_ctext_each(struct rq_slice text,
		  int (*each)(const struct rq_word *word, void *ctx), void *ctx)
{
	struct scan s = { .text = text, .line = 1, .unit = 1, .each = each, .ctx = ctx };

	while (s.at < s.text.n && !s.rc) {
		char c = peek(&s, 0);

		if (isspace((unsigned char)c))
			s.at++;
		else if (starts_comment(&s))
			skip_comment(&s);
		else if (c == '"' || c == '\'')
			skip_quoted(&s);
		else if (c == '#' && fresh_line(&s))
			directive(&s);
		else if (is_word(c))
			word_of_code(&s);
		else
			sign(&s);
	}
	return s.rc;
}

static int is_one_of(const struct rq_word *word, void *names)
{
	return rq_names_have(names, word->text);
}

static int is_code_of(const struct rq_word *word, void *names)
{
	return word->kind == RQ_WORD_CODE && rq_names_have(names, word->text);
}

bool rq_ctext_mentions(struct rq_slice text, const struct rq_names *names)
{
	return rq_ctext_each(text, is_one_of, (void *)names) != 0;
}

bool rq_ctext_uses(struct rq_slice text, const struct rq_names *names)
{
	return rq_ctext_each(text, is_code_of, (void *)names) != 0;
}

static int is_definition(const struct rq_word *word, void *name)
{
	return word->kind == RQ_WORD_DEFINES &&
	       rq_slice_eq(word->text, rq_slice_of(name));
}

bool rq_ctext_defines(struct rq_slice text, const char *name)
{
	return rq_ctext_each(text, is_definition, (void *)name) != 0;
}
