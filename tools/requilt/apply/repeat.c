// SPDX-License-Identifier: GPL-2.0-only
/*
 * A fix applied a second time: what a placed hunk adds stands beside its place already, and its
 * context fits again after it.  Puts such a placement in doubt; takes no place away.  Where the hunk's
 * own context shows the lines, its author saw them: a line more in a run of equal ones.
 */
#include "apply/apply_internal.h"

#include <ctype.h>

/* A run of added lines, from its first line that says something to its last. */
struct run {
	const struct rq_line *lines;
	size_t n, said; /* @said: lines of these that say something */
	size_t before;	/* lines of the old text in front of it */
};

/* Lines of the file, from 0: what may hold the same change. */
struct region {
	size_t from, to;
	bool is_table;
};

/* Runs longer than this differ somewhere if they differ. */
#define MOST_COMPARED 200
/* How many lines more than the run are looked at beside a place, for one that was changed. */
#define SLACK 8
/* So many lines compared with one cost what a comparison of a whole place's line does. */
#define SEARCHED 8
/* A region of more lines is searched only for what the index of the file's lines has. */
#define WIDE 1000

bool rq_line_opens(struct rq_slice line)
{
	return line.n && (isalpha((unsigned char)line.p[0]) || line.p[0] == '_') &&
	       !rq_slice_ends(rq_slice_trim(line), ":");
}

void rq_region_around(const struct rq_file *file, size_t at, size_t *from, size_t *to)
{
	for (*from = at; *from > 0 && !rq_line_opens(file->lines[*from - 1]);)
		--*from;
	for (*to = at; *to < file->n_lines && !rq_line_opens(file->lines[*to]);)
		++*to;
}

/* True as well where there is no index to ask. */
static bool may_be_in_file(struct rq_file *file, struct rq_slice line)
{
	return !rq_line_index_of(file) || rq_file_find(file, line);
}

/* The next run of the hunk from line *@next on, which moves behind it; false: there is none. */
static bool next_run(struct run *out, const struct rq_hunk *hunk, size_t *next,
		     size_t *before)
{
	size_t i = *next, end;

	for (; i < hunk->n_lines && hunk->lines[i].sign != '+'; i++)
		(*before)++;
	for (end = i; end < hunk->n_lines && hunk->lines[end].sign == '+';)
		end++;
	*next = end;
	*out = (struct run){ .before = *before };
	if (i == hunk->n_lines)
		return false;
	while (i < end && !rq_slice_has_word(hunk->lines[i].text))
		i++;
	while (end > i && !rq_slice_has_word(hunk->lines[end - 1].text))
		end--;
	out->lines = &hunk->lines[i];
	out->n = end - i;
	for (; i < end; i++)
		out->said += rq_slice_has_word(hunk->lines[i].text);
	return true;
}

static bool shows(const struct rq_site *site, struct rq_slice line)
{
	for (size_t i = 0; i < site->pre.n; i++)
		if (rq_slice_eq(site->pre.lines[i], line))
			return true;
	return false;
}

static bool shows_all(const struct rq_job *job, const struct rq_site *site,
		      const struct run *run)
{
	for (size_t i = 0; i < run->n; i++)
		if (!rq_file_spend(job->file, site->pre.n / SEARCHED) ||
		    (rq_slice_has_word(run->lines[i].text) &&
		     !shows(site, run->lines[i].text)))
			return false;
	return true;
}

/* The function or table around line @at; the one of the place before, @last, if it is the same. */
static struct region region_around(struct rq_file *file, size_t at,
				   const struct region *last)
{
	struct region region = { 0 };

	if (last->to && last->from <= at && at <= last->to)
		return *last;
	rq_region_around(file, at, &region.from, &region.to);
	if (region.from > 0) {
		struct rq_slice opening = file->lines[region.from - 1];

		region.is_table = memchr(opening.p, '=', opening.n) ||
				  !memchr(opening.p, '(', opening.n);
	}
	return region;
}

/* The same; the whole file for a run that opens something itself. */
static struct region region_of(struct rq_file *file, const struct run *run, size_t at,
			       struct region *last)
{
	for (size_t i = 0; i < run->n; i++)
		if (rq_line_opens(run->lines[i].text))
			return (struct region){ .to = file->n_lines };
	return *last = region_around(file, at, last);
}

/* The line behind the run if it stands at @at, whatever lines between say nothing; else 0. */
static size_t run_end(struct rq_file *file, const struct run *run, size_t at, size_t to)
{
	for (size_t i = 0; i < run->n; i++) {
		size_t from = at;

		if (!rq_slice_has_word(run->lines[i].text))
			continue;
		while (at < to && !rq_slice_has_word(file->lines[at]))
			at++;
		if (!rq_file_spend(file, 1 + at - from))
			return 0;
		if (at == to || !rq_slice_eq(file->lines[at++], run->lines[i].text))
			return 0;
	}
	return at;
}

/* Whether another hunk takes lines from @from to @to away: a move within the file. */
static bool is_taken_away(const struct rq_job *job, size_t from, size_t to)
{
	if (!rq_file_spend(job->file, job->n_sites))
		return false;
	for (size_t i = 0; i < job->n_sites; i++) {
		const struct rq_site *s = &job->sites[i];
		size_t first = s->at + s->pre.lead;

		if (s->settled && s->rung != RQ_PRESENT && s->rung != RQ_ABSENT &&
		    first < to && from < s->at + s->pre.n - s->pre.trail)
			return true;
	}
	return false;
}

/*
 * The first line of @region from @at on that equals @line, from 0; @region->to: there is none, or
 * too much was compared.
 */
static size_t next_equal(struct rq_file *file, const struct region *region, size_t at,
			 struct rq_slice line)
{
	size_t from = at;

	while (at < region->to && !rq_slice_eq(file->lines[at], line))
		at++;
	return rq_file_spend(file, (at - from) / SEARCHED + 1) ? at : region->to;
}

/* Where the run stands in @region, from 1; *@times is how often in a row.  0: nowhere. */
static size_t find_run(const struct rq_job *job, const struct run *run,
		       const struct region *region, size_t *times)
{
	struct rq_file *file = job->file;
	struct rq_slice first = run->lines[0].text;
	size_t found = 0, after = 0, end;

	*times = 0;
	if (region->to - region->from > WIDE && !may_be_in_file(file, first))
		return 0;
	for (size_t at = next_equal(file, region, region->from, first); at < region->to;
	     at = next_equal(file, region, at + 1, first)) {
		end = run_end(file, run, at, region->to);
		if (!end || is_taken_away(job, at, end))
			continue;
		if (found && at > after + 2)
			break;
		found = found ? found : at + 1;
		after = end;
		(*times)++;
	}
	return found;
}

static size_t times_in(struct rq_file *file, const struct region *region,
		       struct rq_slice line)
{
	size_t times = 0;

	if (!rq_file_spend(file, (region->to - region->from) / SEARCHED + 1))
		return 0;
	for (size_t i = region->from; i < region->to; i++)
		times += rq_slice_eq(file->lines[i], line);
	return times;
}

/*
 * The same with a few lines changed, so near to the place that the hunk's context begins or ends in it:
 * two thirds of what the run says, its first line among them, and two lines that the function has once.
 */
static size_t find_changed(const struct rq_job *job, const struct rq_site *site,
			   const struct run *run, const struct region *region,
			   size_t place)
{
	struct rq_file *file = job->file;
	size_t reach = run->n + SLACK;
	size_t from = place > region->from + reach ? place - reach : region->from;
	size_t to = region->to > place + reach ? place + reach : region->to;

	if (region->is_table || run->n > MOST_COMPARED || run->said < 4)
		return 0;
	for (size_t at = from; at < to; at++) {
		size_t next = at, equal = 0, own = 0;

		if (!rq_slice_eq(file->lines[at], run->lines[0].text))
			continue;
		for (size_t i = 0; i < run->n; i++) {
			struct rq_slice line = run->lines[i].text;
			size_t k = next;

			if (!rq_slice_has_word(line))
				continue;
			while (k < to && k < next + 4 &&
			       !rq_slice_eq(file->lines[k], line))
				k++;
			if (k == to || k == next + 4)
				continue;
			next = k + 1;
			equal++;
			own += !shows(site, line) && times_in(file, region, line) == 1;
		}
		if (equal * 3 >= run->said * 2 && own >= 2 &&
		    at < site->at + site->pre.n && site->at < next &&
		    !is_taken_away(job, at, next))
			return at + 1;
	}
	return 0;
}

struct doubting {
	const struct rq_job *job;
	struct region last;
	bool exact;  /* every hunk of the file is at its line */
	size_t sure; /* hunks without a doubt that add lines which say something */
};

static bool is_sure(const struct rq_site *site)
{
	return !site->doubtful && rq_hunk_says_something(site->hunk);
}

static void doubt_repeat(struct doubting *d, struct rq_site *site)
{
	const struct rq_job *job = d->job;
	size_t next = 0, before = 0, times, found;
	struct region region;
	struct run run;

	/* Another hunk that is where it was vouches for the place. */
	if (d->exact && d->sure > is_sure(site))
		return;
	while (next_run(&run, site->hunk, &next, &before)) {
		size_t place = site->at + run.before;

		if (run.said < 2 || shows_all(job, site, &run))
			continue;
		region = region_of(job->file, &run, place, &d->last);
		found = find_run(job, &run, &region, &times);
		if (!found)
			found = find_changed(job, site, &run, &region, place);
		if (!found || (site->rung == RQ_EXACT && times > 1) ||
		    rq_job_same_blob(job))
			continue;
		d->sure -= is_sure(site);
		site->doubtful = true;
		if (!site->why)
			rq_site_say(site, RQ_REASON_REPEATED, .line = (long)site->at + 1,
				    .other = (long)found);
		return;
	}
}

void rq_job_doubt_repeats(struct rq_job *job)
{
	struct doubting d = { .job = job, .exact = true };

	for (size_t i = 0; i < job->n_sites; i++)
		d.exact &= job->sites[i].rung == RQ_EXACT;
	for (size_t i = 0; d.exact && i < job->n_sites; i++)
		d.sure += is_sure(&job->sites[i]);
	for (size_t i = 0; i < job->n_sites; i++) {
		struct rq_site *site = &job->sites[i];

		if (site->settled &&
		    (site->rung == RQ_EXACT || site->rung == RQ_OFFSET) &&
		    !site->doubtful && !rq_site_changes_nothing(site))
			doubt_repeat(&d, site);
	}
}
