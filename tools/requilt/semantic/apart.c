// SPDX-License-Identifier: GPL-2.0-only
/*
 * Expect-apart:, Expect-beside: and Expect-statement: what a function says outside of expressions, in its own name,
 * its types, the members it uses and the #if around it, is out of a rule's sight.  So what must not
 * meet in one function, or must not stand alone there, is looked for in the text, once the rule has run.
 */
#include "semantic/semantic_internal.h"

#include <stdlib.h>
#include <string.h>

/* A function, or whatever else stands at file level. */
struct unit {
	struct rq_slice name; /* what it defines; else its first word */
	bool defines;
	bool beside;	      /* it names something of Expect-beside: */
	struct rq_word part;  /* the first that it must be apart from */
	struct rq_word first; /* use of the name */
	long arm;	      /* line of a use that may be an arm by itself, or 0 */
	long condition;	      /* line of an #if around that with such a part, or 0 */
	size_t uses;
};

struct units {
	const struct rq_apart *apart;
	rq_vec(struct unit) v;
	rq_vec(long) open;	   /* for each #if: a line of it with a part, or 0 */
	struct rq_slice directive; /* the name of the last one */
};

static bool has_part(const struct rq_names *parts, struct rq_slice text)
{
	for (size_t i = 0; i < parts->v.n; i++)
		if (rq_slice_has(text, parts->v.v[i]))
			return true;
	return false;
}

/* Opens and closes conditions, and finds what they name. */
static void follow_conditions(struct units *units, const struct rq_word *word, bool part)
{
	bool name = word->kind == RQ_WORD_DIRECTIVE, starts;

	if (name)
		units->directive = word->text;
	starts = rq_slice_starts(units->directive, "if");
	if (name && starts)
		rq_vec_push(&units->open);
	if (!units->open.n)
		return;
	if (name && rq_slice_eq(word->text, RQ_SLICE("endif")))
		units->open.n--;
	else if (part && (starts || rq_slice_starts(units->directive, "elif")))
		units->open.v[units->open.n - 1] = word->line;
}

static int add_word(const struct rq_word *word, void *ctx)
{
	struct units *units = ctx;
	bool code = word->kind == RQ_WORD_CODE || word->kind == RQ_WORD_DEFINES;
	bool part = (code || word->kind == RQ_WORD_DIRECTIVE) &&
		    has_part(&units->apart->parts, word->text);
	bool itself = rq_slice_eq(word->text, rq_slice_of(units->apart->name));
	struct unit *unit;

	while (units->v.n < (size_t)word->unit)
		rq_vec_push(&units->v);
	unit = &units->v.v[word->unit - 1];
	if (code &&
	    (!unit->name.n || (!unit->defines && word->kind == RQ_WORD_DEFINES))) {
		unit->name = word->text;
		unit->defines = word->kind == RQ_WORD_DEFINES;
	}
	if (word->in_directive)
		follow_conditions(units, word, part);
	if (part && !unit->part.text.n)
		unit->part = *word;
	if (code && !itself && has_part(&units->apart->beside, word->text))
		unit->beside = true;
	if (word->kind != RQ_WORD_CODE || !itself)
		return 0;
	if (!unit->uses++)
		unit->first = *word;
	if (!unit->arm && (!word->before || !strchr(";{}", word->before)))
		unit->arm = word->line;
	for (size_t i = 0; i < units->open.n && !unit->condition; i++)
		unit->condition = units->open.v[i];
	return 0;
}

static char *lonely(const struct rq_apart *apart, const struct rq_semantic_file *f,
		    const struct unit *unit)
{
	_cleanup_(rq_str_release) struct rq_str parts = { 0 };

	for (size_t i = 0; i < apart->beside.v.n; i++)
		rq_str_addf(&parts, "%s%s", i ? ", " : "", apart->beside.v.v[i]);
	return rq_xasprintf(
		"%s:%ld: the rule brings %s where nothing is named that has one of "
		"%s in it, and expects it beside; convert it by hand",
		f->path, rq_semantic_origin(f, unit->first.line), apart->name, parts.s);
}

static char *judge_unit(const struct rq_apart *apart, const struct rq_semantic_file *f,
			const struct unit *unit)
{
	if (unit->part.text.n)
		return rq_xasprintf(
			"%s:%ld: the rule brings %s where %.*s is named (line "
			"%ld), and expects them apart; convert it by hand",
			f->path, rq_semantic_origin(f, unit->first.line), apart->name,
			RQ_SLICE_ARG(unit->part.text),
			rq_semantic_origin(f, unit->part.line));
	if (unit->condition)
		return rq_xasprintf(
			"%s:%ld: the rule brings %s behind the condition of line "
			"%ld, and expects them apart; convert it by hand",
			f->path, rq_semantic_origin(f, unit->first.line), apart->name,
			rq_semantic_origin(f, unit->condition));
	if (apart->beside.v.n && !unit->beside)
		return lonely(apart, f, unit);
	if (apart->statement && unit->arm)
		return rq_xasprintf("%s:%ld: the rule makes more statements of one here, "
				    "and %s does not "
				    "follow a ';' or a brace: it may be all of an arm or "
				    "a loop; convert "
				    "it by hand",
				    f->path, rq_semantic_origin(f, unit->arm),
				    apart->name);
	return NULL;
}

/* A rule may add and drop what stands at file level, so units are known by their names. */
static size_t uses_in(const struct units *units, struct rq_slice name)
{
	size_t uses = 0;

	for (size_t i = 0; i < units->v.n; i++)
		if (rq_slice_eq(units->v.v[i].name, name))
			uses += units->v.v[i].uses;
	return uses;
}

char *rq_apart_check(const struct rq_rule *rule, const struct rq_semantic_file *f)
{
	char *why = NULL;

	for (size_t i = 0; i < rule->apart.n && !why; i++) {
		struct units before = { .apart = &rule->apart.v[i] };
		struct units after = { .apart = &rule->apart.v[i] };

		rq_ctext_each(rq_str_slice(&f->before), add_word, &before);
		rq_ctext_each(rq_str_slice(&f->after), add_word, &after);
		/* What stands there already is none of the rule's business. */
		for (size_t u = 0; u < after.v.n && !why; u++) {
			const struct unit *unit = &after.v.v[u];

			if (unit->uses &&
			    uses_in(&after, unit->name) > uses_in(&before, unit->name))
				why = judge_unit(rule->apart.v + i, f, unit);
		}
		rq_vec_release(&before.v);
		rq_vec_release(&before.open);
		rq_vec_release(&after.v);
		rq_vec_release(&after.open);
	}
	return why;
}
