// SPDX-License-Identifier: GPL-2.0-only
/*
 * Expect-apart: what a function says outside of expressions, in its own name, its types, the
 * members it uses and the #if around it, is out of a rule's sight.  So what must not meet in one
 * function is looked for in the text, once the rule has run.
 */
#include "semantic/semantic_internal.h"

#include <stdlib.h>

/* A function, or whatever else stands at file level. */
struct unit {
	struct rq_word part;  /* the first that it must be apart from */
	struct rq_word first; /* use of the name */
	size_t uses;
};

struct units {
	const struct rq_apart *apart;
	rq_vec(struct unit) v;
};

static bool has_part(const struct rq_apart *apart, struct rq_slice text)
{
	for (size_t i = 0; i < apart->parts.v.n; i++)
		if (rq_slice_has(text, apart->parts.v.v[i]))
			return true;
	return false;
}

static int add_word(const struct rq_word *word, void *ctx)
{
	struct units *units = ctx;
	struct unit *unit;

	while (units->v.n < (size_t)word->unit)
		rq_vec_push(&units->v);
	unit = &units->v.v[word->unit - 1];
	if (word->kind != RQ_WORD_CODE && word->kind != RQ_WORD_DEFINES)
		return 0;
	if (!unit->part.text.n && has_part(units->apart, word->text))
		unit->part = *word;
	if (word->kind != RQ_WORD_CODE ||
	    !rq_slice_eq(word->text, rq_slice_of(units->apart->name)))
		return 0;
	if (!unit->uses++)
		unit->first = *word;
	return 0;
}

/* "#  ifdef X": the word behind the sign; empty where the line is no directive. */
static struct rq_slice directive_of(struct rq_slice line)
{
	struct rq_slice rest = rq_slice_trim(line), word = { rest.p, 0 };

	if (!rq_slice_starts(rest, "#"))
		return word;
	rest = rq_slice_trim((struct rq_slice){ rest.p + 1, rest.n - 1 });
	word.p = rest.p;
	while (word.n < rest.n && rest.p[word.n] >= 'a' && rest.p[word.n] <= 'z')
		word.n++;
	return word;
}

/* The line of an #if or #elif around @line of @text that names a part; 0: none. */
static long find_condition(const struct rq_apart *apart, struct rq_slice text, long line)
{
	rq_vec(long) open = { 0 }; /* for each #if: the line that names a part, or 0 */
	struct rq_slice rest = text, here;
	long found = 0;

	for (long n = 1; n < line && rq_slice_next_line(&rest, &here); n++) {
		struct rq_slice word = directive_of(here);

		if (rq_slice_starts(word, "if"))
			rq_vec_push(&open);
		if (rq_slice_eq(word, RQ_SLICE("endif")) && open.n)
			open.n--;
		if (open.n &&
		    (rq_slice_starts(word, "if") || rq_slice_starts(word, "elif")) &&
		    has_part(apart, here))
			open.v[open.n - 1] = n;
	}
	for (size_t i = 0; i < open.n && !found; i++)
		found = open.v[i];
	rq_vec_release(&open);
	return found;
}

static char *judge_unit(const struct rq_apart *apart, const struct rq_semantic_file *f,
			const struct unit *unit)
{
	long condition = find_condition(apart, rq_str_slice(&f->after), unit->first.line);

	if (unit->part.text.n)
		return rq_xasprintf(
			"%s:%ld: the rule brings %s where %.*s is named (line "
			"%ld), and expects them apart; convert it by hand",
			f->path, unit->first.line, apart->name,
			RQ_SLICE_ARG(unit->part.text), unit->part.line);
	if (condition)
		return rq_xasprintf(
			"%s:%ld: the rule brings %s behind the condition of line "
			"%ld, and expects them apart; convert it by hand",
			f->path, unit->first.line, apart->name, condition);
	return NULL;
}

char *rq_apart_check(const struct rq_rule *rule, const struct rq_semantic_file *f)
{
	char *why = NULL;

	for (size_t i = 0; i < rule->apart.n && !why; i++) {
		struct units before = { .apart = &rule->apart.v[i] };
		struct units after = { .apart = &rule->apart.v[i] };

		rq_ctext_each(rq_str_slice(&f->before), add_word, &before);
		rq_ctext_each(rq_str_slice(&f->after), add_word, &after);
		/* What stands there already is none of the rule's business, if it can be told. */
		for (size_t u = 0; u < after.v.n && !why; u++)
			if (after.v.v[u].uses >
			    (before.v.n == after.v.n ? before.v.v[u].uses : 0))
				why = judge_unit(rule->apart.v + i, f, &after.v.v[u]);
		rq_vec_release(&before.v);
		rq_vec_release(&after.v);
	}
	return why;
}
