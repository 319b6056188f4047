// SPDX-License-Identifier: GPL-2.0-only
/*
 * What spatch writes over without having seen it: a directive or a comment among the arguments of
 * a call (it reads one branch of an #if, and lays out arguments anew), and macros, which it cuts
 * in two when a statement in them becomes several lines.  So both texts are compared once a rule
 * has run.
 */
#include "semantic/semantic_internal.h"

#include <stdlib.h>

#include "util/mem.h"

/* A directive, with its continued lines. */
struct directive {
	struct rq_str words;
	long from, to; /* lines */
};

struct text {
	const struct rq_names *names; /* whose calls are looked at */
	struct rq_word call;	      /* the one that is open; no text: none */
	rq_vec(struct rq_word)
		among; /* calls with something else among their arguments */
	rq_vec(struct directive) directives;
	long units;
};

/* Whether @word, which is no argument, stands between the parentheses of a call. */
static void look_among(struct text *t, const struct rq_word *word)
{
	bool other = word->in_directive || word->kind == RQ_WORD_COMMENT;
	size_t n = t->among.n;

	if (!other && t->call.text.n && word->parens <= t->call.parens)
		t->call.text.n = 0;
	if (!other && word->kind == RQ_WORD_CODE && !t->call.text.n &&
	    rq_names_have(t->names, word->text))
		t->call = *word;
	if (other && t->call.text.n && word->parens > t->call.parens &&
	    (!n || t->among.v[n - 1].text.p != t->call.text.p))
		*rq_vec_push(&t->among) = t->call;
}

static void add_to_directive(struct text *t, const struct rq_word *word)
{
	struct directive *d;

	if (word->kind == RQ_WORD_DIRECTIVE)
		rq_vec_push(&t->directives)->from = word->line;
	if (!t->directives.n)
		return;
	d = &t->directives.v[t->directives.n - 1];
	d->to = word->line;
	if (word->kind != RQ_WORD_COMMENT)
		rq_str_addf(&d->words, "%.*s ", RQ_SLICE_ARG(word->text));
}

static int add_word(const struct rq_word *word, void *ctx)
{
	struct text *t = ctx;

	look_among(t, word);
	if (word->in_directive)
		add_to_directive(t, word);
	t->units = word->unit;
	return 0;
}

static void release(struct text *t)
{
	for (size_t i = 0; i < t->directives.n; i++)
		rq_str_release(&t->directives.v[i].words);
	rq_vec_release(&t->directives);
	rq_vec_release(&t->among);
}

/* The call of @before that @after has not as it was. */
static char *judge_calls(const struct rq_semantic_file *f, const struct text *before,
			 const struct text *after)
{
	const struct rq_word *call;
	size_t i = 0;

	if (before->among.n <= after->among.n)
		return NULL;
	while (i < after->among.n &&
	       rq_slice_eq(before->among.v[i].text, after->among.v[i].text))
		i++;
	call = &before->among.v[i];
	return rq_xasprintf(
		"%s:%ld: a directive or comment among the arguments of %.*s would "
		"be lost; convert it by hand",
		f->path, call->line, RQ_SLICE_ARG(call->text));
}

/* The macro that was changed and is no longer what it was in lines. */
static char *judge_macros(const struct rq_semantic_file *f, const struct text *before,
			  const struct text *after)
{
	if (before->directives.n != after->directives.n)
		return NULL;
	for (size_t i = 0; i < before->directives.n; i++) {
		const struct directive *a = &before->directives.v[i];
		const struct directive *b = &after->directives.v[i];
		bool same = rq_slice_eq(rq_str_slice(&a->words), rq_str_slice(&b->words));

		if (!same &&
		    (before->units != after->units || a->to - a->from != b->to - b->from))
			return rq_xasprintf("%s:%ld: the macro here would be cut in two; "
					    "convert it by hand",
					    f->path, a->from);
	}
	return NULL;
}

char *rq_hidden_check(const struct rq_rule *rule, const struct rq_semantic_file *f)
{
	struct text before = { .names = &rule->needs }, after = { .names = &rule->needs };
	char *why;

	rq_ctext_each(rq_str_slice(&f->before), add_word, &before);
	rq_ctext_each(rq_str_slice(&f->after), add_word, &after);
	why = judge_calls(f, &before, &after);
	if (!why)
		why = judge_macros(f, &before, &after);
	release(&before);
	release(&after);
	return why;
}
