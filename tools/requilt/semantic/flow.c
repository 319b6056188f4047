// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions whose control flow spatch could not make out: it leaves each of them alone and says
 * so in one line, most often without a place:
 *
 *	FLOW: can't jump to retry: because we can't find this label
 *	FLOW: duplicate label out
 *	FLOW: can't find enclosing loop: File "mm/memory.c", line 14
 *	FLOW: not handling computed goto yet
 *
 * "deadcode detected" is a remark: such a function is handled.
 */
#include "semantic/semantic_internal.h"

#include <limits.h>
#include <stdlib.h>

/* What stands at file level: a function, in most cases. */
struct unit {
	long from, to; /* lines */
	long jumps, labels,
		line; /* to the label that is looked for; the first such place */
};

struct units {
	struct rq_slice text, label;
	struct rq_slice before; /* the last word */
	rq_vec(struct unit) v;
};

/* Whether a word of @text may be a label: a colon follows. */
static bool is_label(struct rq_slice text, const struct rq_word *word)
{
	const char *p = word->text.p, *end = text.p + text.n;

	for (p += word->text.n; p < end && (*p == ' ' || *p == '\t'); p++)
		;
	return p < end && *p == ':';
}

static int add_word(const struct rq_word *word, void *ctx)
{
	struct units *units = ctx;
	struct unit *unit;

	if (word->kind != RQ_WORD_CODE && word->kind != RQ_WORD_DEFINES)
		return 0;
	while (units->v.n < (size_t)word->unit)
		rq_vec_push(&units->v);
	unit = &units->v.v[word->unit - 1];
	unit->from = unit->from ? unit->from : word->line;
	unit->to = word->line;
	if (rq_slice_eq(word->text, units->label)) {
		bool jump = rq_slice_eq(units->before, RQ_SLICE("goto"));
		bool label = !jump && is_label(units->text, word);

		unit->jumps += jump;
		unit->labels += label;
		if ((jump || label) && !unit->line)
			unit->line = word->line;
	}
	units->before = word->text;
	return 0;
}

/* The word behind @what in @said; empty where it is not there. */
static struct rq_slice word_behind(struct rq_slice said, const char *what)
{
	const char *p = memmem(said.p, said.n, what, strlen(what));
	struct rq_slice rest = { said.p + said.n, 0 };

	if (p)
		rest = (struct rq_slice){ p + strlen(what),
					  (size_t)(said.p + said.n - p) - strlen(what) };
	rest = rq_slice_next_word(&rest);
	if (rest.n && rest.p[rest.n - 1] == ':')
		rest.n--;
	return rest;
}

static bool is_meant(const struct unit *unit, bool lost, bool twice, long line)
{
	if (lost)
		return unit->jumps && !unit->labels;
	if (twice)
		return unit->labels > 1;
	return unit->from <= line && line <= unit->to;
}

void rq_flow_add(struct rq_spatch_said *said, size_t file, struct rq_slice text,
		 struct rq_slice what)
{
	struct rq_slice lost = word_behind(what, "can't jump to ");
	struct rq_slice twice = word_behind(what, "duplicate label ");
	struct rq_slice place = word_behind(what, "\", line ");
	long line = place.n ? strtol(place.p, NULL, 10) : 0;
	struct units units = { .text = text, .label = lost.n ? lost : twice };
	size_t found = 0;

	if (rq_slice_starts(what, "FLOW: deadcode"))
		return;
	rq_ctext_each(text, add_word, &units);
	for (size_t i = 0; i < units.v.n; i++) {
		const struct unit *unit = &units.v.v[i];

		if (!is_meant(unit, lost.n, twice.n, line))
			continue;
		rq_spatch_said_add(said,
				   &(struct rq_unread){ file, unit->from, unit->to,
							unit->line ? unit->line : line });
		found++;
	}
	/* Somewhere in the file. */
	if (!found)
		rq_spatch_said_add(said, &(struct rq_unread){ file, 1, LONG_MAX, 1 });
	rq_vec_release(&units.v);
}
