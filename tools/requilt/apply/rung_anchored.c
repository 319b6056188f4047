// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hunks whose context differs, without a source tree: each stretch of changed lines goes where the
 * longest part of the old text around it stands, if that is one place and says something.  Takes no
 * place that the named function, the order of the hunks, or lines between two neighbours speak against.
 */
#include "apply/apply_internal.h"

#include <ctype.h>
#include <stdlib.h>

/* So many lines that say something make an anchor. */
#define LEAST_SIGNIFICANT 2
/* The same where the function that the hunk names is not in the file. */
#define WITHOUT_FUNCTION 4
/* More places than this mean that the text says nothing. */
#define MOST_ANCHORS 64

/*
 * The part of the old text that stands in the file, each line @shift further down.  Lines of the
 * context from @gap to @gap_end are not there, and nothing is in their place.
 */
struct anchor {
	size_t from, to;
	long shift;
	size_t gap, gap_end;
	bool reworded; /* but that as many others are in their place */
};

struct anchors {
	struct anchor least;	 /* what must stand there, without a shift */
	rq_vec(struct anchor) v; /* that say as much as each other */
};

static size_t significant(const struct rq_image_text *text, size_t from, size_t to)
{
	size_t n = 0;

	for (size_t i = from; i < to; i++)
		n += rq_line_weighs(text->lines[i]);
	return n;
}

static bool inserts(const struct rq_stretch *stretch)
{
	return stretch->from == stretch->to;
}

/* The line of the file, from 0, where line @i of the old text is by @a. */
static long line_of(const struct anchor *a, size_t i)
{
	bool beyond = i >= a->gap_end && !a->reworded;

	return (long)i + a->shift - (beyond ? (long)(a->gap_end - a->gap) : 0);
}

static bool stands(const struct rq_job *job, const struct rq_image_text *text, size_t i,
		   const struct anchor *a)
{
	long at = line_of(a, i);

	return at >= 0 && at < (long)job->file->n_lines &&
	       rq_slice_eq(job->file->lines[at], text->lines[i]);
}

/* Lines of an anchor that say something: of two anchors the one with more is meant. */
static size_t weight(const struct rq_image_text *text, const struct anchor *a)
{
	if (a->gap == a->gap_end)
		return significant(text, a->from, a->to);
	return significant(text, a->from, a->gap) + significant(text, a->gap_end, a->to);
}

/*
 * What must stand there: the lines that go, or both neighbours of what comes.  @above and @below say
 * how many lines of context next to an insertion are left out.
 */
static struct anchor needed(const struct rq_image_text *text,
			    const struct rq_stretch *stretch, size_t above, size_t below)
{
	struct anchor a = { .from = stretch->from, .to = stretch->to };

	if (inserts(stretch)) {
		a.from -= above + (a.from > above);
		a.to += below + (a.to + below < text->n);
	}
	a.gap = stretch->from - above;
	a.gap_end = stretch->to + below;
	if (!above && !below)
		a.gap = a.gap_end = 0;
	return a;
}

/* An insertion with a neighbour on one side only: the other side is the end of the file. */
static bool is_at_end(const struct rq_job *job, const struct rq_image_text *text,
		      const struct rq_stretch *stretch, const struct anchor *a)
{
	if (!inserts(stretch) || (stretch->from > 0 && stretch->to < text->n))
		return true;
	if (!stretch->from)
		return line_of(a, 0) == 0;
	return line_of(a, text->n - 1) + 1 == (long)job->file->n_lines;
}

static size_t longest_of(const struct rq_image_text *text, const struct anchor *a)
{
	size_t best = a->from;

	for (size_t i = a->from; i < a->to; i++)
		if ((i < a->gap || i >= a->gap_end) &&
		    text->lines[i].n > text->lines[best].n)
			best = i;
	return best;
}

/* Makes @a as long as it gets; false where its lines do not stand. */
static bool grow(struct anchor *a, const struct rq_job *job,
		 const struct rq_image_text *text)
{
	for (size_t i = a->from; i < a->to; i++)
		if ((i < a->gap || i >= a->gap_end) && !stands(job, text, i, a))
			return false;
	while (a->from > 0 && stands(job, text, a->from - 1, a))
		a->from--;
	while (a->to < text->n && stands(job, text, a->to, a))
		a->to++;
	return true;
}

/* Adds @a where no other says more. */
static void try_anchor(struct anchors *out, const struct rq_job *job,
		       const struct rq_image_text *text, struct anchor a)
{
	size_t best = out->v.n ? weight(text, &out->v.v[0]) : 0;

	if (!grow(&a, job, text) || weight(text, &a) < best)
		return;
	if (weight(text, &a) > best)
		out->v.n = 0;
	if (out->v.n < MOST_ANCHORS)
		*rq_vec_push(&out->v) = a;
}

/* All anchors with the lines of @least. */
static void find_anchors(struct anchors *out, const struct rq_job *job,
			 const struct rq_image_text *text,
			 const struct rq_stretch *stretch, const struct anchor *least)
{
	struct rq_file *file = job->file;
	size_t key = longest_of(text, least);

	out->least = *least;
	if (least->from == least->to)
		return;
	for (size_t at = rq_file_find(file, text->lines[key]); at;
	     at = rq_file_find_next(file, at)) {
		struct anchor a = *least;

		if (!rq_file_spend(file, text->n))
			return;
		a.shift += (long)at - 1 - line_of(&a, key);
		if (is_at_end(job, text, stretch, &a))
			try_anchor(out, job, text, a);
	}
}

/* Blanks in front of the line's text. */
static struct rq_slice indentation(struct rq_slice line)
{
	size_t n = 0;

	while (n < line.n && isblank((unsigned char)line.p[n]))
		n++;
	return (struct rq_slice){ line.p, n };
}

/*
 * Whether lines @from to @to are nowhere in the file, and nothing but statements on the level of the
 * line @beyond them: what opens or ends a block, a condition or a comment is no gap.
 */
static bool are_missing(const struct rq_job *job, const struct rq_image_text *text,
			size_t from, size_t to, size_t beyond)
{
	struct rq_slice level = indentation(text->lines[beyond]);
	bool first = true;

	if (!significant(text, from, to))
		return false;
	for (size_t i = from; i < to; i++) {
		struct rq_slice line = text->lines[i], blanks = indentation(line);

		if (rq_line_shapes(line))
			return false;
		if (!rq_slice_trim(line).n)
			continue;
		/* Further in than the first is what goes on with it. */
		if (first ? !rq_slice_eq(blanks, level) : blanks.n < level.n)
			return false;
		if (rq_file_find(job->file, line))
			return false;
		first = false;
	}
	return true;
}

/*
 * A neighbour of an insertion that the branch does not have, nor anything in its place: the next line
 * of the context is the neighbour there.
 */
static void find_over_gap(struct anchors *out, const struct rq_job *job,
			  const struct rq_image_text *text,
			  const struct rq_stretch *stretch)
{
	for (size_t n = 1; n <= text->n && !out->v.n; n++) {
		struct anchor least;

		if (n < stretch->from &&
		    are_missing(job, text, stretch->from - n, stretch->from,
				stretch->from - n - 1)) {
			least = needed(text, stretch, n, 0);
			find_anchors(out, job, text, stretch, &least);
		}
		if (stretch->to + n < text->n &&
		    are_missing(job, text, stretch->to, stretch->to + n,
				stretch->to + n)) {
			least = needed(text, stretch, 0, n);
			find_anchors(out, job, text, stretch, &least);
		}
	}
}

static bool is_blank_line(struct rq_slice line)
{
	return !rq_slice_trim(line).n;
}

/*
 * A blank line of the context next to the stretch that the branch does not have: it says nothing, so the
 * line beyond it is the neighbour there.
 */
static void find_over_blank(struct anchors *out, const struct rq_job *job,
			    const struct rq_image_text *text,
			    const struct rq_stretch *stretch)
{
	struct anchor least = needed(text, stretch, 0, 0);
	size_t from = stretch->from, to = stretch->to;

	if (from > 1 && is_blank_line(text->lines[from - 1])) {
		least.from = from - 2;
		least.gap = from - 1;
		least.gap_end = from;
		find_anchors(out, job, text, stretch, &least);
	}
	if (!out->v.n && to + 1 < text->n && is_blank_line(text->lines[to])) {
		least = needed(text, stretch, 0, 0);
		least.to = to + 2;
		least.gap = to;
		least.gap_end = to + 1;
		find_anchors(out, job, text, stretch, &least);
	}
}

/*
 * Lines that go and that the branch has in other words: both neighbours stand, and between them as many
 * lines as the patch has there.  A source tree knows better.
 */
static void find_reworded(struct anchors *out, const struct rq_job *job,
			  const struct rq_image_text *text,
			  const struct rq_stretch *stretch)
{
	const struct anchor least = { .from = stretch->from - 1,
				      .to = stretch->to + 1,
				      .gap = stretch->from,
				      .gap_end = stretch->to,
				      .reworded = true };

	if (stretch->from > 0 && stretch->to < text->n)
		find_anchors(out, job, text, stretch, &least);
}

/*
 * The same of one line, where only the neighbour above stands, and says something: the likeness of the line
 * must make up for the other one.
 */
static void find_reworded_line(struct anchors *out, const struct rq_job *job,
			       const struct rq_image_text *text,
			       const struct rq_stretch *stretch)
{
	const struct anchor least = { .from = stretch->from - 1,
				      .to = stretch->to,
				      .gap = stretch->from,
				      .gap_end = stretch->to,
				      .reworded = true };

	if (stretch->from > 0 && stretch->to - stretch->from == 1 &&
	    rq_line_weighs(text->lines[stretch->from - 1]))
		find_anchors(out, job, text, stretch, &least);
}

/* Where the stretch itself is by @a. */
static size_t place_of(const struct rq_stretch *stretch, const struct anchor *a)
{
	return (size_t)line_of(a, stretch->from);
}

/* Keeps the anchors that are in the function that the hunk names, if there are any. */
static void narrow_by_function(struct anchors *anchors, const struct rq_job *job,
			       const struct rq_site *site,
			       const struct rq_stretch *stretch)
{
	struct rq_evidence evidence;
	size_t kept = 0;

	for (size_t i = 0; i < anchors->v.n; i++) {
		rq_evidence_at(&evidence, job->file, job->diff, site->hunk, stretch->from,
			       stretch->to - stretch->from,
			       place_of(stretch, &anchors->v.v[i]));
		if (evidence.speaks == RQ_SPEAKS_FOR)
			anchors->v.v[kept++] = anchors->v.v[i];
	}
	anchors->v.n = kept ? kept : anchors->v.n;
}

/* Keeps the anchors that the hunks which have a place leave. */
static void narrow_by_order(struct anchors *anchors, const struct rq_stretch *stretch,
			    size_t first, size_t last)
{
	size_t kept = 0;

	for (size_t i = 0; i < anchors->v.n; i++) {
		size_t at = place_of(stretch, &anchors->v.v[i]);

		if (at >= first && at + (stretch->to - stretch->from) <= last)
			anchors->v.v[kept++] = anchors->v.v[i];
	}
	anchors->v.n = kept;
}

static void say_places(struct rq_site *site, const struct anchors *anchors,
		       const struct rq_stretch *stretch)
{
	struct rq_reason reason = { .code = RQ_REASON_SEVERAL_PARTS };

	for (size_t i = 0; i < anchors->v.n && i < 4; i++)
		*rq_vec_push(&reason.lines) =
			(long)place_of(stretch, &anchors->v.v[i]) + 1;
	rq_site_reason(site, &reason);
}

/* The only line of the file, from 1, that is @line; 0: there is none, or there are several. */
static size_t only_line(const struct rq_job *job, struct rq_slice line)
{
	size_t at = rq_file_find(job->file, line);

	return at && !rq_file_find_next(job->file, at) ? at : 0;
}

/* Whether the file's lines @from to @to are what the stretch adds. */
static bool is_between(const struct rq_job *job, const struct rq_site *site,
		       const struct rq_stretch *stretch, size_t from, size_t to)
{
	const struct rq_line *lines = &site->hunk->lines[stretch->line];

	if (to < from || to - from != stretch->n)
		return false;
	for (size_t i = 0; i < stretch->n; i++)
		if (!rq_slice_eq(job->file->lines[from + i], lines[i].text))
			return false;
	return true;
}

static void say_apart(const struct rq_job *job, struct rq_site *site,
		      const struct rq_stretch *stretch)
{
	const struct rq_image_text *text = &site->pre;
	size_t above, below;

	if (!inserts(stretch) || !stretch->from || stretch->to == text->n)
		return;
	above = only_line(job, text->lines[stretch->from - 1]);
	below = only_line(job, text->lines[stretch->to]);
	if (above && below && !is_between(job, site, stretch, above, below - 1))
		rq_site_say(site, RQ_REASON_NEIGHBOURS_APART, .line = (long)above,
			    .other = (long)below);
}

/* Where a function ends: what is behind says nothing of it. */
static bool ends_function(struct rq_slice line)
{
	return line.n && *line.p == '}';
}

/*
 * Whether context that says something stands with the lines that go, or so many go that no others are
 * meant: one line alone may be a twin of the one that the branch does not have.
 */
static bool says_beside(const struct rq_image_text *text,
			const struct rq_stretch *stretch, const struct anchor *a)
{
	if (!a->reworded &&
	    significant(text, stretch->from, stretch->to) > LEAST_SIGNIFICANT)
		return true;
	for (size_t i = stretch->from; i > a->from; i--) {
		if (ends_function(text->lines[i - 1]))
			break;
		if (rq_line_weighs(text->lines[i - 1]))
			return true;
	}
	for (size_t i = stretch->to; i < a->to; i++) {
		if (ends_function(text->lines[i]))
			break;
		if (rq_line_weighs(text->lines[i]))
			return true;
	}
	return false;
}

/*
 * A second place in the function of the one in @anchors, which the order of the hunks leaves and where
 * something stands that says what that says: @anchors has both then.
 */
static bool add_second(struct anchors *anchors, const struct rq_job *job,
		       const struct rq_image_text *text, const struct rq_stretch *stretch,
		       size_t first, size_t last)
{
	const struct anchor *chosen = &anchors->v.v[0];
	size_t key = longest_of(text, &anchors->least), from, to;

	rq_region_around(job->file, place_of(stretch, chosen), &from, &to);
	for (size_t at = 0;
	     (at = rq_file_find_within(job->file, from, to, at, text->lines[key]));) {
		struct anchor a = anchors->least;
		size_t place;

		a.shift += (long)at - 1 - line_of(&a, key);
		if (a.shift == chosen->shift || !rq_file_spend(job->file, text->n) ||
		    !grow(&a, job, text) || !weight(text, &a) ||
		    (!inserts(stretch) && !says_beside(text, stretch, &a)))
			continue;
		place = place_of(stretch, &a);
		if (place < first || place + (stretch->to - stretch->from) > last)
			continue;
		*rq_vec_push(&anchors->v) = a;
		return true;
	}
	return false;
}

/*
 * Whether the stretch may go there.  The name of the function around it says as much as a line, and
 * so does an end of the file that is the patch's as well.
 */
static bool is_sound(const struct rq_job *job, const struct rq_site *site,
		     const struct rq_stretch *stretch, const struct anchor *a)
{
	size_t said = weight(&site->pre, a);
	struct rq_evidence evidence;
	bool ends;

	rq_evidence_at(&evidence, job->file, job->diff, site->hunk, stretch->from,
		       stretch->to - stretch->from, place_of(stretch, a));
	ends = rq_hunk_ends_file(site->hunk) && a->to == site->pre.n &&
	       line_of(a, a->to - 1) + 1 == (long)job->file->n_lines;
	if (!inserts(stretch) && !ends && !says_beside(&site->pre, stretch, a))
		return false;
	/* Lines that say nothing are met beside any gap; what is in other words is like the patch's. */
	if (a->gap < a->gap_end && !a->reworded &&
	    (!significant(&site->pre, a->from, a->gap) ||
	     !significant(&site->pre, a->gap_end, a->to)))
		return false;
	if (evidence.speaks == RQ_SPEAKS_AGAINST)
		return !evidence.meant && said >= WITHOUT_FUNCTION;
	said += evidence.speaks == RQ_SPEAKS_FOR && evidence.names;
	said += ends;
	return said >= LEAST_SIGNIFICANT;
}

/* What is beyond a blank line may say what is missing to @anchors. */
static void look_over_blank(struct anchors *anchors, const struct rq_job *job,
			    const struct rq_image_text *text,
			    const struct rq_stretch *stretch)
{
	struct anchors over = { 0 };

	find_over_blank(&over, job, text, stretch);
	if (!over.v.n)
		return;
	rq_vec_release(&anchors->v);
	*anchors = over;
}

static bool place_stretch(const struct rq_job *job, struct rq_site *site,
			  const struct rq_stretch *stretch, size_t first, size_t last,
			  struct anchor *out)
{
	const struct anchor least = needed(&site->pre, stretch, 0, 0);
	struct anchors anchors = { 0 };
	bool placed;

	find_anchors(&anchors, job, &site->pre, stretch, &least);
	if (anchors.v.n < 2 &&
	    (!anchors.v.n || !is_sound(job, site, stretch, &anchors.v.v[0])))
		look_over_blank(&anchors, job, &site->pre, stretch);
	if (!anchors.v.n && inserts(stretch))
		find_over_gap(&anchors, job, &site->pre, stretch);
	else if (!anchors.v.n && !job->source_before)
		find_reworded(&anchors, job, &site->pre, stretch);
	if (!anchors.v.n && !inserts(stretch) && !job->source_before)
		find_reworded_line(&anchors, job, &site->pre, stretch);
	if (anchors.v.n > 1)
		narrow_by_order(&anchors, stretch, first, last);
	if (anchors.v.n > 1)
		narrow_by_function(&anchors, job, site, stretch);
	placed = anchors.v.n == 1 && is_sound(job, site, stretch, &anchors.v.v[0]) &&
		 !add_second(&anchors, job, &site->pre, stretch, first, last);
	if (placed)
		*out = anchors.v.v[0];
	else if (anchors.v.n > 1)
		say_places(site, &anchors, stretch);
	else if (!anchors.v.n)
		say_apart(job, site, stretch);
	rq_vec_release(&anchors.v);
	return placed;
}

void rq_site_bounds(const struct rq_job *job, const struct rq_site *site, size_t *first,
		    size_t *last)
{
	*first = 0;
	*last = job->file->n_lines;
	for (size_t i = 0; i < job->n_sites; i++) {
		const struct rq_site *s = &job->sites[i];
		size_t from, to;

		if (!s->settled || s == site || s->rung == RQ_ABSENT)
			continue;
		from = s->at + s->pre.lead;
		to = s->rung == RQ_PRESENT ? s->at + s->post.n - s->post.trail
					   : s->at + s->pre.n - s->pre.trail;
		if (s->runs.n) {
			from = s->runs.v[0].at;
			to = s->runs.v[s->runs.n - 1].at + s->runs.v[s->runs.n - 1].old;
		}
		if (s < site && to > *first)
			*first = to;
		if (s > site && from < *last)
			*last = from;
	}
}

/* What was there of the old text and what was not; @passed: lines between an insertion and its neighbour. */
static void say_anchored(struct rq_site *site, const bool *there, bool passed)
{
	struct rq_reason reason = { .code = passed ? RQ_REASON_ANCHORED_OVER
						   : RQ_REASON_ANCHORED,
				    .line = (long)site->runs.v[0].at + 1,
				    .of = (long)site->pre.n };
	size_t most = passed ? 4 : 1;

	for (size_t i = 0; i < site->pre.n; i++) {
		struct rq_slice line = rq_slice_trim(site->pre.lines[i]);

		reason.count += there[i];
		if (there[i] || !rq_line_weighs(line) || reason.missing.v.n == most)
			continue;
		line.n = line.n < 50 ? line.n : 50;
		rq_names_add(&reason.missing, line);
	}
	rq_site_reason(site, &reason);
}

/* Merges the run; what is said of the first stays. */
static bool reword(const struct rq_job *job, const struct rq_site *site,
		   struct rq_run *run, struct rq_reason *said)
{
	struct rq_reason why = { 0 };

	if (!rq_run_reword(job, site, run, &why))
		return false;
	if (said->code)
		free(why.text);
	else
		*said = why;
	return true;
}

static bool place_all(const struct rq_job *job, struct rq_site *site, bool *there,
		      bool *passed, struct rq_reason *reworded)
{
	size_t line = 0, old = 0, first, last;
	struct rq_stretch stretch;

	rq_site_bounds(job, site, &first, &last);
	while (rq_stretch_next(&stretch, site->hunk, &line, &old)) {
		struct anchor a;
		struct rq_run run;
		size_t at;

		if (!place_stretch(job, site, &stretch, first, last, &a))
			return false;
		at = place_of(&stretch, &a);
		if (at < first || at + (stretch.to - stretch.from) > last)
			return false;
		first = at + (stretch.to - stretch.from);
		run = (struct rq_run){
			.line = stretch.line, .n = stretch.n, .at = at, .old = first - at
		};
		if (rq_run_refuse(job, site, &run, stretch.from) ||
		    (a.reworded && !reword(job, site, &run, reworded)))
			return false;
		*rq_vec_push(&site->runs) = run;
		*passed |= !a.reworded && significant(&site->pre, a.gap, a.gap_end);
		for (size_t i = a.from; i < a.to; i++)
			there[i] = i < a.gap || i >= a.gap_end;
	}
	return site->runs.n > 0;
}

/* Fuzz may have dropped some. */
static void restore_context(struct rq_site *site)
{
	site->pre.lines -= site->cut_lead;
	site->pre.n += site->cut_lead + site->cut_trail;
	site->pre.lead += site->cut_lead;
	site->pre.trail += site->cut_trail;
	site->cut_lead = site->cut_trail = 0;
}

static void place(struct rq_job *job, struct rq_site *site)
{
	size_t before;
	bool passed = false, *there;
	struct rq_reason reworded = { 0 };

	restore_context(site);
	there = rq_xcalloc(site->pre.n + 1, sizeof(*there));
	if (place_all(job, site, there, &passed, &reworded)) {
		before = site->pre.lead;
		site->at = site->runs.v[0].at > before ? site->runs.v[0].at - before : 0;
		site->settled = true;
		site->rung = reworded.code ? RQ_MERGED : RQ_ANCHORED;
		if (reworded.code)
			rq_site_reason(site, &reworded);
		else
			say_anchored(site, there, passed);
	} else {
		rq_site_drop_runs(site);
		free(reworded.text);
	}
	free(there);
}

/* A reason that was found before means that the place was in doubt: less context helps nobody. */
static bool may_anchor(const struct rq_site *site)
{
	return !site->settled && !site->why && site->pre.n && !site->pre_at.n &&
	       !site->post_at.n;
}

static enum rq_answer try_anchored(struct rq_job *job, struct rq_err *err)
{
	bool *open = rq_xcalloc(job->n_sites + 1, sizeof(*open));

	(void)err;
	for (size_t i = 0; i < job->n_sites; i++)
		open[i] = job->options->anchors && may_anchor(&job->sites[i]);
	/* Again: what has a place leaves fewer to the others. */
	for (size_t left = rq_job_open(job), before = left + 1; left && left < before;) {
		for (size_t i = 0; i < job->n_sites; i++)
			if (open[i] && !job->sites[i].settled)
				place(job, &job->sites[i]);
		before = left;
		left = rq_job_open(job);
	}
	free(open);
	return rq_job_answer(job);
}

const struct rq_rung rq_rung_anchored = { .try = try_anchored };
