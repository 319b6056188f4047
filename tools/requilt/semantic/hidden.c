// SPDX-License-Identifier: GPL-2.0-only
/*
 * What spatch writes over without having seen it: the other branch of an #if between parentheses,
 * comments there (it lays out again what it changes), and macros, which it cuts in two when a
 * statement in them becomes several lines.  So both texts are compared once a rule has run.
 */
#include "semantic/semantic_internal.h"

#include <stdlib.h>

#include "util/mem.h"

/* A #define with its continued lines. */
struct macro {
	struct rq_slice name;
	struct rq_str words;
	long from, to; /* lines */
};

/* All words between parentheses, where a directive is among them. */
struct group {
	struct rq_str words;
	long directive; /* line of the first */
};

struct text {
	rq_vec(struct rq_word)
		comments; /* their words, where they stand in parentheses */
	rq_vec(struct group) groups;
	struct group open;
	rq_vec(struct macro) macros;
	bool in_macro;
	long unit, units; /* the last one with code, and how many there are */
};

static void add_to_macro(struct text *t, const struct rq_word *word)
{
	struct macro *m;

	if (word->kind == RQ_WORD_DIRECTIVE) {
		t->in_macro = rq_slice_eq(word->text, RQ_SLICE("define"));
		if (t->in_macro)
			rq_vec_push(&t->macros)->from = word->line;
	}
	if (!t->in_macro)
		return;
	m = &t->macros.v[t->macros.n - 1];
	m->to = word->line;
	if (word->kind == RQ_WORD_DEFINES)
		m->name = word->text;
	if (word->kind != RQ_WORD_COMMENT)
		rq_str_addf(&m->words, "%.*s ", RQ_SLICE_ARG(word->text));
}

static void close_group(struct text *t)
{
	if (t->open.directive)
		*rq_vec_push(&t->groups) = t->open;
	else
		rq_str_release(&t->open.words);
	t->open = (struct group){ 0 };
}

static void add_to_group(struct text *t, const struct rq_word *word)
{
	if (word->parens == 0) {
		close_group(t);
		return;
	}
	if (word->kind == RQ_WORD_COMMENT) {
		*rq_vec_push(&t->comments) = *word;
		return;
	}
	if (word->in_directive && !t->open.directive)
		t->open.directive = word->line;
	rq_str_addf(&t->open.words, "%.*s ", RQ_SLICE_ARG(word->text));
}

static int add_word(const struct rq_word *word, void *ctx)
{
	struct text *t = ctx;

	add_to_group(t, word);
	if (word->in_directive) {
		add_to_macro(t, word);
	} else if (word->kind != RQ_WORD_COMMENT && word->unit != t->unit) {
		t->unit = word->unit;
		t->units++;
	}
	return 0;
}

static void release(struct text *t)
{
	for (size_t i = 0; i < t->macros.n; i++)
		rq_str_release(&t->macros.v[i].words);
	for (size_t i = 0; i < t->groups.n; i++)
		rq_str_release(&t->groups.v[i].words);
	rq_vec_release(&t->macros);
	rq_vec_release(&t->groups);
	rq_vec_release(&t->comments);
}

/* The first word of a comment that @after no longer has between parentheses, in its order. */
static char *judge_comments(const struct rq_semantic_file *f, const struct text *before,
			    const struct text *after)
{
	size_t k = 0;

	for (size_t i = 0; i < before->comments.n; i++, k++) {
		const struct rq_word *word = &before->comments.v[i];

		while (k < after->comments.n &&
		       !rq_slice_eq(after->comments.v[k].text, word->text))
			k++;
		if (k == after->comments.n)
			return rq_xasprintf(
				"%s:%ld: the comment among the arguments here "
				"would be lost; convert it by hand",
				f->path, word->line);
	}
	return NULL;
}

/* The first directive between parentheses in which something is another thing now. */
static char *judge_groups(const struct rq_semantic_file *f, const struct text *before,
			  const struct text *after)
{
	size_t k = 0;

	for (size_t i = 0; i < before->groups.n; i++, k++) {
		const struct group *group = &before->groups.v[i];

		while (k < after->groups.n &&
		       !rq_slice_eq(rq_str_slice(&after->groups.v[k].words),
				    rq_str_slice(&group->words)))
			k++;
		if (k == after->groups.n)
			return rq_xasprintf("%s:%ld: spatch changes what stands in "
					    "parentheses around this directive, and sees "
					    "one branch only; convert it by hand",
					    f->path, group->directive);
	}
	return NULL;
}

/* The macro of that name in @text, the @nth of them. */
static const struct macro *find_macro(const struct text *text, struct rq_slice name,
				      size_t nth)
{
	for (size_t i = 0; i < text->macros.n; i++)
		if (rq_slice_eq(text->macros.v[i].name, name) && !nth--)
			return &text->macros.v[i];
	return NULL;
}

/* The macro that was changed and is no longer what it was in lines. */
static char *judge_macros(const struct rq_semantic_file *f, const struct text *before,
			  const struct text *after)
{
	for (size_t i = 0; i < before->macros.n; i++) {
		const struct macro *a = &before->macros.v[i], *b;
		size_t nth = 0;

		for (size_t k = 0; k < i; k++)
			nth += rq_slice_eq(before->macros.v[k].name, a->name);
		b = find_macro(after, a->name, nth);
		if (!b || rq_slice_eq(rq_str_slice(&a->words), rq_str_slice(&b->words)))
			continue;
		if (before->units != after->units || a->to - a->from != b->to - b->from)
			return rq_xasprintf("%s:%ld: the macro here would be cut in two; "
					    "convert it by hand",
					    f->path, a->from);
	}
	return NULL;
}

char *rq_hidden_check(const struct rq_semantic_file *f)
{
	struct text before = { 0 }, after = { 0 };
	char *why;

	rq_ctext_each(rq_str_slice(&f->before), add_word, &before);
	rq_ctext_each(rq_str_slice(&f->after), add_word, &after);
	close_group(&before);
	close_group(&after);
	why = judge_groups(f, &before, &after);
	if (!why)
		why = judge_comments(f, &before, &after);
	if (!why)
		why = judge_macros(f, &before, &after);
	release(&before);
	release(&after);
	return why;
}
