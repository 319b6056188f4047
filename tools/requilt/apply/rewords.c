// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines that the patch changes and the branch has in other words, merged word by word without a source
 * tree: the patch's own old text is the base.
 */
#include "apply/step_internal.h"

#include <stdlib.h>

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
	good = differ_in_words(rq_str_slice(&base), rq_str_slice(&ours)) &&
	       rq_merge_words(&merged, job->file, rq_str_slice(&base),
			      rq_str_slice(&ours), rq_str_slice(&theirs), &first) &&
	       first < merged.len &&
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
