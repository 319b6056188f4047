// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a semantic patch may contain before spatch sees it.  A rule comes from a stranger, and
 * spatch's lexer decides by context what is a comment, a string or a script; a second lexer would
 * differ from it somewhere.  So this one asks for little and refuses all else:
 *
 *	- no control characters but newline and tab, and no invisible ones, in valid UTF-8;
 *	- in front of the first "@" only comments, "virtual a, b;" and "#spatch" with options for
 *	  the layout of code;
 *	- the words script, initialize and finalize nowhere but in the leading comment, be it in
 *	  a comment or a string;
 *	- an "@" that begins a line stands in the first column.
 *
 * It does not decide what a rule means.  It may be wrong; so spatch runs confined as well (proc/confine.c).
 */
#include "semantic/semantic_internal.h"

#include <ctype.h>

#include "util/clean.h"
#include "util/cuse.h"

struct gate {
	const char *name;
	struct rq_slice text;
	struct rq_err *err;
};

static long line_of(struct rq_slice text, size_t at)
{
	long line = 1;

	for (size_t i = 0; i < at && i < text.n; i++)
		line += text.p[i] == '\n';
	return line;
}

static int refuse(const struct gate *g, size_t at, const char *what)
{
	return rq_err_set(g->err, RQ_EUNSAFE, "%s:%ld: %s", g->name, line_of(g->text, at),
			  what);
}

static struct rq_slice word_at(struct rq_slice text, size_t at)
{
	struct rq_slice word = { text.p + at, 0 };

	while (at + word.n < text.n && rq_is_word(word.p[word.n]))
		word.n++;
	return word;
}

static size_t behind_blanks(struct rq_slice text, size_t at)
{
	while (at < text.n && (text.p[at] == ' ' || text.p[at] == '\t'))
		at++;
	return at;
}

static size_t behind_space(struct rq_slice text, size_t at)
{
	while (at < text.n && isspace((unsigned char)text.p[at]))
		at++;
	return at;
}

static size_t end_of_line(struct rq_slice text, size_t at)
{
	const char *end = memchr(text.p + at, '\n', text.n - at);

	return end ? (size_t)(end - text.p) : text.n;
}

static int check_characters(const struct gate *g)
{
	for (size_t i = 0; i < g->text.n;) {
		bool steers;
		size_t n = rq_char_length(
			(struct rq_slice){ g->text.p + i, g->text.n - i }, &steers);

		if (!n || (steers && g->text.p[i] != '\n' && g->text.p[i] != '\t'))
			return rq_err_set(
				g->err, RQ_EUNSAFE,
				"%s:%ld: %s (byte 0x%02x); a rule is plain text", g->name,
				line_of(g->text, i),
				n ? "a control or invisible character" : "no UTF-8",
				(unsigned char)g->text.p[i]);
		i += n;
	}
	return 0;
}

/*
 * A word that makes spatch run code.  One that begins with a digit is several tokens, of which
 * any may be it.
 */
static bool is_script(struct rq_slice word)
{
	static const char *const words[] = { "script", "initialize", "finalize" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (rq_slice_eq(word, rq_slice_of(words[i])) ||
		    (isdigit((unsigned char)word.p[0]) && rq_slice_has(word, words[i])))
			return true;
	return false;
}

/* 'using "x.iso"' and 'using <x.iso>'; a sentence may go on with anything else. */
static bool is_using(struct rq_slice text, size_t at, struct rq_slice word)
{
	at = behind_space(text, at + word.n);
	return rq_slice_eq(word, RQ_SLICE("using")) &&
	       (at == text.n || strchr("\"<#/", text.p[at]));
}

static int check_words(const struct gate *g, size_t at)
{
	while (at < g->text.n) {
		struct rq_slice word = word_at(g->text, at);

		if (word.n && is_script(word))
			return refuse(g, at,
				      "a script rule runs code of its own; write the "
				      "rule without it, and without its word");
		if (is_using(g->text, at, word))
			return refuse(g, at,
				      "'using' pulls in another file; leave it out");
		at += word.n + !word.n;
	}
	return 0;
}

static bool is_value(struct rq_slice word)
{
	for (size_t i = 0; i < word.n; i++)
		if (!rq_is_word(word.p[i]) && word.p[i] != ',')
			return false;
	return word.n > 0;
}

/* " --max-width 80" behind "#spatch": only what lays out code or narrows the search. */
static bool is_layout(struct rq_slice line)
{
	static const struct {
		const char *name;
		bool value;
	} allowed[] = {
		{ "--smpl-spacing", false }, { "--linux-spacing", false },
		{ "--no-loops", false },     { "--keep-comments", false },
		{ "--max-width", true },     { "--indent", true },
		{ "--disable-iso", true },
	};

	for (struct rq_slice w = rq_slice_next_word(&line); w.n;
	     w = rq_slice_next_word(&line)) {
		size_t i = 0;

		while (i < ARRAY_SIZE(allowed) &&
		       !rq_slice_eq(w, rq_slice_of(allowed[i].name)))
			i++;
		if (i == ARRAY_SIZE(allowed) ||
		    (allowed[i].value && !is_value(rq_slice_next_word(&line))))
			return false;
	}
	return true;
}

/* Where "spatch" begins behind the "#" at @at; 0: it does not. */
static size_t spatch_behind(struct rq_slice text, size_t at)
{
	at = behind_blanks(text, at + 1);
	return rq_slice_eq(word_at(text, at), RQ_SLICE("spatch")) ? at : 0;
}

/* spatch obeys "#spatch" on any line, in comments and strings too. */
static int check_options(const struct gate *g)
{
	for (size_t i = 0; i < g->text.n; i++) {
		size_t at = g->text.p[i] == '#' ? spatch_behind(g->text, i) : 0;
		struct rq_slice rest;

		if (!at)
			continue;
		at += strlen("spatch");
		rest = (struct rq_slice){ g->text.p + at, end_of_line(g->text, at) - at };
		if (!is_layout(rest))
			return refuse(g, i,
				      "an option of spatch that a rule must not set");
	}
	return 0;
}

/* Behind the comment at @at; @at where there is none, or it has no end. */
static size_t behind_comment(struct rq_slice text, size_t at)
{
	struct rq_slice rest = { text.p + at, text.n - at };
	const char *end;

	if (rq_slice_starts(rest, "//"))
		return end_of_line(text, at);
	if (!rq_slice_starts(rest, "/*"))
		return at;
	end = memmem(rest.p + 2, rest.n - 2, "*/", 2);
	return end ? (size_t)(end + 2 - text.p) : at;
}

static bool is_name(struct rq_slice word)
{
	return word.n && !isdigit((unsigned char)word.p[0]);
}

/* Behind "virtual a, b;", whose semicolon may be missing; @at where it is none. */
static size_t behind_virtual(struct rq_slice text, size_t at)
{
	struct rq_slice word = word_at(text, at);
	size_t i = at + word.n;

	if (!rq_slice_eq(word, RQ_SLICE("virtual")))
		return at;
	for (;; i++) {
		i = behind_space(text, i);
		word = word_at(text, i);
		if (!is_name(word))
			return at;
		i = behind_space(text, i + word.n);
		if (i == text.n || text.p[i] != ',')
			return i + (i < text.n && text.p[i] == ';');
	}
}

/* Up to the first "@"; *first is where it stands, or the end of the text. */
static int check_preamble(const struct gate *g, size_t *first)
{
	struct rq_slice text = g->text;
	size_t at = behind_space(text, 0);

	while (at < text.n && text.p[at] != '@') {
		size_t next = behind_comment(text, at);

		if (next == at)
			next = behind_virtual(text, at);
		if (next == at && text.p[at] == '#' && spatch_behind(text, at))
			next = end_of_line(text, at);
		if (next == at && text.p[at] == '#')
			return refuse(g, at, "pulls in another file; put its rules here");
		if (next == at)
			return refuse(g, at,
				      "in front of the first rule only comments and "
				      "'virtual a, b;' may stand");
		at = behind_space(text, next);
	}
	*first = at;
	return 0;
}

/* spatch takes an "@" for the start of a rule wherever nothing stands before it on its line. */
static int check_starts(const struct gate *g, size_t at)
{
	if (at < g->text.n && at && g->text.p[at - 1] != '\n')
		return refuse(g, at, "the '@' of a rule stands in the first column");
	while (at < g->text.n) {
		size_t end = end_of_line(g->text, at), i = at;

		while (i < end && strchr(" \t+-*?!", g->text.p[i]))
			i++;
		if (i < end && i > at && g->text.p[i] == '@')
			return refuse(
				g, i,
				"an '@' that begins a line stands in the first column");
		at = end + 1;
	}
	return 0;
}

int rq_rule_gate(size_t *first, const char *name, struct rq_slice text,
		 size_t behind_head, struct rq_err *err)
{
	const struct gate g = { .name = name, .text = text, .err = err };
	int rc = check_characters(&g);

	if (!rc)
		rc = check_options(&g);
	if (!rc)
		rc = check_words(&g, behind_head);
	if (!rc)
		rc = check_preamble(&g, first);
	return rc ? rc : check_starts(&g, *first);
}

int rq_rule_gate_head(const char *name, struct rq_slice text, size_t at, size_t n,
		      struct rq_err *err)
{
	const struct gate g = { .name = name, .text = text, .err = err };

	for (size_t i = at; i < at + n; i++)
		if (!rq_is_word(text.p[i]) && !strchr(" \t\n,&|!()", text.p[i]))
			return refuse(&g, i,
				      "the head of a rule has more than names, 'depends "
				      "on' and 'disable'");
	return 0;
}
