// SPDX-License-Identifier: GPL-2.0-only
/*
 * New contents for files of the image, from an engine that places no hunks.
 */
#include "apply/step_internal.h"

#include <stdlib.h>

/* "@@ -12,7 +12,9 @@": where each hunk of the change starts. */
static void note_hunks(struct rq_entry_record *entry, const struct rq_file_change *c,
		       enum rq_outcome rung)
{
	struct rq_slice rest = rq_str_slice(&c->body), line;
	long n = 0;

	while (rq_slice_next_line(&rest, &line)) {
		struct rq_hunk_record *h;

		if (!rq_slice_starts(line, "@@ -"))
			continue;
		h = rq_vec_push(&entry->hunks);
		h->file = rq_xstrdup(c->path);
		h->hunk = ++n;
		h->rung = rung;
		h->line = strtol(line.p + 4, NULL, 10);
	}
}

int rq_image_rewrite(struct rq_image *image, const char *path, struct rq_str *bytes,
		     struct rq_entry_record *entry, struct rq_err *err)
{
	struct rq_file *before, *after;
	struct rq_file_change *c;
	int rc = rq_image_file(image, path, &before, err);

	if (rc)
		return rc;
	after = rq_file_new(path, before->mode);
	rq_image_split(image, after, bytes);
	c = rq_vec_push(&entry->changes);
	c->path = rq_xstrdup(path);
	rc = rq_change_remake(c, before, after, err);
	if (rc) {
		rq_file_free(after);
		return rc;
	}
	note_hunks(entry, c, entry->outcome);
	rq_image_replace(image, after);
	return 0;
}
