// SPDX-License-Identifier: GPL-2.0-only
/*
 * How what port wrote for an entry differs from what the entry said.  A rule has no source patch
 * to compare with: there it is all of the patch that the rule became.
 */
#include "cmd/cmd.h"

#include <stdlib.h>

#include "emit/emit.h"
#include "report/report.h"
#include "util/file.h"
#include "util/path.h"

static int compare(struct rq_interdiff *out, struct rq_slice emitted, struct rq_err *err)
{
	struct rq_str source = { 0 };
	int rc = rq_file_read(&source, out->source, err);

	/* Most are the same, and a diff takes longer to say so. */
	if (!rc && !rq_slice_eq(rq_str_slice(&source), emitted))
		rc = rq_diff_hunks(rq_str_slice(&source), emitted, &out->text, err);
	out->kind = out->text.len ? RQ_INTERDIFF_HUNKS : RQ_INTERDIFF_SAME;
	rq_str_release(&source);
	return rc;
}

int rq_cmd_interdiff(struct rq_interdiff *out, const char *folder, const char *queue,
		     const struct rq_branch *branch, const char *entry,
		     struct rq_err *err)
{
	_cleanup_free_ char *name = rq_emit_name(queue, entry);
	struct rq_entry source = { .path = (char *)entry };
	struct rq_str emitted = { 0 };
	int rc = rq_cmd_check_entry(entry, err);

	if (!rc)
		rc = rq_file_read_below(&emitted, folder, name, err);
	if (rc)
		return rc == RQ_ENOTFOUND ? 0 : rc;
	out->emitted = rq_path_join(folder, name);
	if (rq_slice_ends(rq_slice_of(entry), ".cocci")) {
		out->kind = RQ_INTERDIFF_RULE;
		out->text = emitted;
		return 0;
	}
	out->source = rq_series_patch_path(rq_globals.dir, &source, branch);
	rc = compare(out, rq_str_slice(&emitted), err);
	rq_str_release(&emitted);
	return rc;
}

void rq_interdiff_release(struct rq_interdiff *change)
{
	free(change->source);
	free(change->emitted);
	rq_str_release(&change->text);
	*change = (struct rq_interdiff){ 0 };
}

void rq_cmd_put_text(const struct rq_str *text)
{
	if (rq_cmd_terminal() || rq_cmd_color())
		rq_put_diff(stdout, rq_str_slice(text), rq_cmd_color());
	else
		fwrite(rq_str_slice(text).p, 1, text->len, stdout);
}
