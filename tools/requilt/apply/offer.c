// SPDX-License-Identifier: GPL-2.0-only
/*
 * What may be done about a hunk that has no place: the places that were in doubt, and what the patch makes
 * of the lines that are most like its own.  Each needs a person who takes it; nothing here places.
 */
#include "apply/offer_internal.h"

#include <stdlib.h>

/* Hunks of a patch that get offers, and offers of a hunk. */
#define MOST_HUNKS 64
#define MOST_OFFERS 5
/* Lines around a near match, and around the function that a hunk names. */
#define AROUND 40
#define BESIDE 6

struct offering {
	const struct rq_job *job;
	struct rq_site site; /* with texts of its own, as the patch has them */
	size_t meant; /* the line that opens what the hunk names, from 1; 0: not there */
	bool names;   /* the hunk names something, and one thing only */
	size_t first, last; /* lines of the file that the other hunks leave */
	struct rq_offers *out;
};

static void open_offering(struct offering *o, struct rq_offers *out,
			  const struct rq_job *job, const struct rq_site *site)
{
	struct rq_evidence evidence;
	size_t at = rq_hunk_stated(site->hunk);

	*o = (struct offering){ .job = job, .site = { .hunk = site->hunk }, .out = out };
	rq_hunk_text(&o->site.pre, site->hunk, '-');
	rq_evidence_of(&evidence, job->file, job->diff, site->hunk, '-',
		       at < job->file->n_lines ? at : job->file->n_lines);
	o->meant = evidence.meant;
	o->names = evidence.names && !evidence.several;
	rq_site_bounds(job, site, &o->first, &o->last);
}

static void close_offering(struct offering *o)
{
	free(o->site.pre.lines);
}

/* As the ladder would, had it taken the place. */
static void add_place(struct offering *o, size_t at)
{
	struct rq_alignment a = { .n = o->site.pre.n };

	if (at + a.n > o->job->file->n_lines)
		return;
	a.of = rq_xcalloc(a.n + 1, sizeof(*a.of));
	a.how = rq_xcalloc(a.n + 1, sizeof(*a.how));
	for (size_t i = 0; i < a.n; i++) {
		a.of[i] = at + i + 1;
		a.how[i] = RQ_LIKE_EQUAL;
	}
	rq_offers_of_alignment(o->out, o->job, &o->site, &a, o->first, o->last);
	rq_alignment_release(&a);
}

/* Whether enough of the old text is there for a person to judge the rest. */
static bool is_enough(const struct rq_alignment *a, bool named)
{
	if (!a->equal)
		return a->said == 0 && named;
	return named ? a->found * 4 >= a->said : a->found * 2 >= a->said;
}

static void add_window(struct offering *o, size_t from, size_t to, bool named)
{
	struct rq_alignment a = { 0 };

	if (from < o->first)
		from = o->first > BESIDE ? o->first - BESIDE : 0;
	if (rq_align(&a, o->job->file, &o->site.pre, from, to) && is_enough(&a, named))
		rq_offers_of_alignment(o->out, o->job, &o->site, &a, o->first, o->last);
	rq_alignment_release(&a);
}

static void add_around(struct offering *o, size_t at, size_t around)
{
	size_t n = o->site.pre.n + around;

	add_window(o, at > n ? at - n : 0, at + o->site.pre.n + n, false);
}

/* In what the hunk names, where that is in the file; else where the most of its old text is. */
static void add_like(struct offering *o)
{
	size_t from, to, at, equal;

	if (o->meant) {
		rq_region_around(o->job->file, o->meant, &from, &to);
		from = from > BESIDE ? from - BESIDE : 0;
		add_window(o, from, to + BESIDE, true);
	}
	if (!o->out->v.n &&
	    rq_near_match(o->job->file, &o->site.pre, o->job->diff, o->site.hunk, &at,
			  &equal) &&
	    equal)
		add_around(o, at, AROUND);
}

static void add_offers(struct offering *o, const struct rq_site *site)
{
	for (size_t i = 0; i < site->pre_at.n && i < MOST_OFFERS - 1; i++)
		add_place(o, site->pre_at.v[i]);
	for (size_t i = 0; site->why && i < site->why->lines.n && !site->pre_at.n; i++)
		add_around(o, (size_t)site->why->lines.v[i] - 1, BESIDE);
	if (!o->out->v.n)
		add_like(o);
}

/* The branch may need nothing of it: it has no such function, or what is added is there. */
static bool may_leave_out(const struct offering *o, const struct rq_site *site)
{
	if (o->names && !o->meant)
		return true;
	return site->why && site->why->code == RQ_REASON_RESULT_THERE;
}

void rq_offer_draw(struct rq_offer *offer, const struct rq_file *file)
{
	struct rq_str before = { 0 }, after = { 0 };
	struct rq_err ignored;
	size_t at = 0;

	for (size_t i = 0; i < offer->edits.n; i++) {
		const struct rq_offer_edit *edit = &offer->edits.v[i];

		for (; at < edit->at; at++)
			rq_str_add_slice(&after, file->lines[at]);
		rq_str_add_slice(&after, rq_str_slice(&edit->text));
		at += edit->old;
	}
	for (; at < file->n_lines; at++)
		rq_str_add_slice(&after, file->lines[at]);
	rq_file_bytes(file, &before);
	if (rq_diff_hunks(rq_str_slice(&before), rq_str_slice(&after), &offer->diff,
			  &ignored))
		offer->diff.len = 0;
	rq_str_release(&before);
	rq_str_release(&after);
}

bool rq_site_edit(struct rq_offer *out, const struct rq_job *job,
		  const struct rq_site *site)
{
	struct rq_str text = { 0 };
	const struct rq_hunk *hunk = site->hunk;

	*out = (struct rq_offer){ .kind = RQ_OFFER_PLACED,
				  .file = rq_xstrdup(job->file->path) };
	for (size_t i = 0; i < site->runs.n; i++) {
		const struct rq_run *run = &site->runs.v[i];

		text.len = 0;
		for (size_t k = 0; k < run->n_made; k++)
			rq_str_add_slice(&text, run->made[k]);
		for (size_t k = run->line; k < run->line + run->n && !run->made; k++)
			if (hunk->lines[k].sign != '-')
				rq_str_add_slice(&text, hunk->lines[k].text);
		rq_offer_edit(out, run->at, run->old, rq_str_slice(&text));
	}
	if (!site->runs.n && site->rung != RQ_PRESENT && site->rung != RQ_ABSENT) {
		for (size_t k = hunk->leading; k < hunk->n_lines - hunk->trailing; k++)
			if (hunk->lines[k].sign != '-')
				rq_str_add_slice(&text, hunk->lines[k].text);
		rq_offer_edit(out, site->at + site->pre.lead,
			      site->pre.n - site->pre.lead - site->pre.trail,
			      rq_str_slice(&text));
	}
	if (out->edits.n)
		out->line = (long)out->edits.v[0].at + 1;
	rq_str_release(&text);
	return true;
}

bool rq_site_first_offer(struct rq_offer *out, const struct rq_job *job,
			 const struct rq_site *site)
{
	struct rq_offers offers = { 0 };
	struct offering o;
	bool found;

	open_offering(&o, &offers, job, site);
	add_offers(&o, site);
	close_offering(&o);
	found = offers.v.n > 0;
	if (found) {
		*out = offers.v.v[0];
		offers.v.v[0] = (struct rq_offer){ 0 };
	}
	rq_offers_release(&offers);
	return found;
}

/* Of a file that an earlier part of the patch changed nothing is offered: lines count as before it. */
static bool is_original(struct rq_step *step, const struct rq_job *job)
{
	return step->options->offers && rq_step_staged(step, job->file->path) == NULL;
}

void rq_site_offer(struct rq_step *step, const struct rq_job *job,
		   const struct rq_site *site, struct rq_hunk_record *record)
{
	struct offering o;

	if (!is_original(step, job))
		return;
	if (site->settled) {
		rq_site_edit(rq_vec_push(&record->offers.v), job, site);
		return;
	}
	if (step->failed >= MOST_HUNKS)
		return;
	open_offering(&o, &record->offers, job, site);
	add_offers(&o, site);
	while (record->offers.v.n > MOST_OFFERS)
		rq_offer_release(&record->offers.v.v[--record->offers.v.n]);
	for (size_t i = 0; i < record->offers.v.n; i++)
		rq_offer_draw(&record->offers.v.v[i], job->file);
	if (may_leave_out(&o, site)) {
		struct rq_offer *offer = rq_vec_push(&record->offers.v);

		offer->kind = RQ_OFFER_WITHOUT;
		offer->file = rq_xstrdup(job->file->path);
	}
	close_offering(&o);
}

void rq_whole_offer(struct rq_step *step, const struct rq_job *job,
		    struct rq_hunk_record *record)
{
	struct rq_offer *offer;

	if (!is_original(step, job) || job->whole_rung == RQ_PRESENT)
		return;
	offer = rq_vec_push(&record->offers.v);
	offer->kind = RQ_OFFER_PLACED;
	offer->file = rq_xstrdup(job->file->path);
	offer->line = 1;
	rq_offer_edit(offer, 0, job->file->n_lines, rq_str_slice(&job->whole_text));
}
