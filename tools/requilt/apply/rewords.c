// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines that the patch changes and the branch has in other words, merged word by word without a source
 * tree: the patch's own old text is the base.
 */
#include "apply/step_internal.h"

#include <ctype.h>
#include <stdlib.h>

#include "util/cuse.h"

static void add_lines(struct rq_str *out, const struct rq_slice *lines, size_t n)
{
	for (size_t i = 0; i < n; i++)
		rq_str_add_slice(out, lines[i]);
}

/* Gives the lines to @run; their bytes are the image's from now on. */
static void keep(const struct rq_job *job, struct rq_run *run, struct rq_str *text)
{
	struct rq_file *lines = rq_file_new(job->file->path, job->file->mode);

	rq_image_split(job->image, lines, text);
	run->n_made = lines->n_lines;
	run->made = rq_xcalloc(run->n_made + 1, sizeof(*run->made));
	if (run->n_made)
		memcpy(run->made, lines->lines, run->n_made * sizeof(*run->made));
	rq_file_free(lines);
}

/* Whether two texts differ in more than blanks, for which nobody answers. */
static bool differ_in_words(struct rq_slice a, struct rq_slice b)
{
	struct rq_slice x = { 0 }, y = { 0 };

	do {
		x = rq_slice_next_word(&a);
		y = rq_slice_next_word(&b);
	} while (x.n && rq_slice_eq(x, y));
	return !rq_slice_eq(x, y);
}

/* The word, number or sign that @rest begins with. */
static struct rq_slice take_part(struct rq_slice *rest)
{
	struct rq_slice part = { rest->p, 1 };

	while (rq_is_word(*part.p) && part.n < rest->n && rq_is_word(part.p[part.n]))
		part.n++;
	rest->p += part.n;
	rest->n -= part.n;
	return part;
}

/* What has no letter may differ: years, and what is between them. */
static bool may_differ(struct rq_slice part)
{
	for (size_t i = 0; i < part.n; i++)
		if (isalpha((unsigned char)part.p[i]) || part.p[i] == '\n')
			return false;
	return true;
}

/* The next part of the line that has a letter; empty behind the last. */
static struct rq_slice next_word(struct rq_slice *rest)
{
	while (rest->n) {
		struct rq_slice part = take_part(rest);

		if (!may_differ(part))
			return part;
	}
	return (struct rq_slice){ 0 };
}

/* Whether one line claims the copyright of the other, in other years. */
static bool is_copyright(struct rq_slice a, struct rq_slice b)
{
	struct rq_slice x, y;

	if (!rq_slice_has(a, "opyright"))
		return false;
	do {
		x = next_word(&a);
		y = next_word(&b);
	} while (x.n && rq_slice_eq(x, y));
	return !x.n && !y.n;
}

/* The last number of the line; 0: there is none. */
static long last_number(struct rq_slice line)
{
	long number = 0;

	while (line.n) {
		struct rq_slice part = take_part(&line);

		if (isdigit((unsigned char)*part.p) && part.n <= 4)
			number = strtol(part.p, NULL, 10);
	}
	return number;
}

/* A line of a copyright, of which the patch and the branch have other years, the patch the later ones. */
static bool merge_copyright(struct rq_str *out, struct rq_slice base,
			    struct rq_slice ours, struct rq_slice theirs)
{
	if (!is_copyright(base, ours) || !is_copyright(base, theirs) ||
	    last_number(ours) > last_number(theirs))
		return false;
	out->len = 0;
	rq_str_add_slice(out, theirs);
	return true;
}

bool rq_run_reword(const struct rq_job *job, const struct rq_site *site,
		   struct rq_run *run, struct rq_reason *why)
{
	struct rq_str base = { 0 }, ours = { 0 }, theirs = { 0 }, merged = { 0 };
	size_t first;
	bool good;

	for (size_t i = run->line; i < run->line + run->n; i++) {
		const struct rq_line *line = &site->hunk->lines[i];

		add_lines(line->sign == '-' ? &base : &theirs, &line->text, 1);
	}
	add_lines(&ours, job->file->lines + run->at, run->old);
	good = merge_copyright(&merged, rq_str_slice(&base), rq_str_slice(&ours),
			       rq_str_slice(&theirs));
	first = 0;
	if (!good)
		good = differ_in_words(rq_str_slice(&base), rq_str_slice(&ours)) &&
		       rq_merge_words(&merged, job->file, rq_str_slice(&base),
				      rq_str_slice(&ours), rq_str_slice(&theirs), &first);
	good = good && first < merged.len &&
	       !rq_slice_eq(rq_str_slice(&merged), rq_str_slice(&ours));
	if (good) {
		const char *at = merged.s + first;

		*why = (struct rq_reason){ .code = RQ_REASON_REWORDED,
					   .line = (long)run->at + 1,
					   .text = rq_reason_line((struct rq_slice){
						   at, strcspn(at, "\n") }) };
		keep(job, run, &merged);
	}
	rq_str_release(&base);
	rq_str_release(&ours);
	rq_str_release(&theirs);
	rq_str_release(&merged);
	return good;
}
