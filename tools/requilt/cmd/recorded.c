// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a resolution records, for who made it to look at: how much of each file, and how that differs
 * from the patch which had the conflict.
 */
#include "cmd/cmd.h"

#include "report/report.h"
#include "util/clean.h"
#include "util/file.h"

/* Columns of plus and minus signs. */
#define BAR 40

static void put_file(const struct rq_filediff *diff)
{
	const char *what = diff->change == RQ_CHANGE_DELETE   ? " (gone)"
			   : diff->change == RQ_CHANGE_CREATE ? " (new)"
							      : "";
	long plus, minus, most;

	rq_filediff_count(diff, &plus, &minus);
	most = plus + minus > BAR ? plus + minus : BAR;
	rq_print_clean(stdout, " %s%s | %ld ", rq_filediff_path(diff), what,
		       plus + minus);
	for (long i = 0; i < (plus * BAR + most - 1) / most; i++)
		putchar('+');
	for (long i = 0; i < (minus * BAR + most - 1) / most; i++)
		putchar('-');
	putchar('\n');
}

/* The diffs of a patch as they were read, without the text in front of them. */
static struct rq_slice diffs_of(const struct rq_patch *patch, struct rq_str *text)
{
	rq_patch_print(patch, text);
	return (struct rq_slice){ rq_str_slice(text).p + patch->head.n,
				  text->len - patch->head.n };
}

int rq_cmd_put_recorded(const char *source, int strip, const char *name,
			struct rq_slice diff, struct rq_err *err)
{
	_cleanup_(rq_patch_freep) struct rq_patch *made = NULL;
	_cleanup_(rq_patch_freep) struct rq_patch *from = NULL;
	struct rq_str bytes = { 0 }, text = { 0 }, delta = { 0 };
	int rc = rq_patch_parse_copy(&made, name, diff, &RQ_PATCH_DEFAULTS, err);

	for (size_t i = 0; !rc && i < made->n_files; i++)
		put_file(&made->files[i]);
	if (!rc)
		rc = rq_file_read(&bytes, source, err);
	/* Its text counts, which -R leaves as it is. */
	if (!rc)
		rc = rq_patch_parse(&from, source, &bytes,
				    &(struct rq_patch_options){ .strip = strip }, err);
	if (!rc)
		rc = rq_diff_hunks(diffs_of(from, &text), diff, &delta, err);
	if (!rc && delta.len) {
		rq_print_clean(stdout, "--- %s\n+++ %s\n", source, name);
		rq_put_diff(stdout, rq_str_slice(&delta), rq_cmd_color());
	}
	rq_str_release(&bytes);
	rq_str_release(&text);
	rq_str_release(&delta);
	return rc;
}
