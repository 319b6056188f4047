// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a reader accepts: the change of an entry as this branch gets it, with author, message and
 * trailers, and where it is: the function around each hunk and the lines around it, and the very line
 * of what was placed in doubt; and what the patch tells of beside its diffs.  Moved by a new base or a
 * new version of the patch, it is another.
 */
#include "queue/queue_internal.h"

/* Lines of the file on either side of a hunk. */
#define AROUND 3

static void add_header(struct rq_str *out, const struct rq_patch *patch)
{
	struct rq_header header = { 0 };

	rq_header_read(&header, patch);
	rq_change_word(out, header.author_name);
	rq_change_word(out, header.author_email);
	rq_change_word(out, header.message);
	rq_header_release(&header);
}

/* What stands around lines @from to @to (from 0, @to is behind the last). */
static void add_around(struct rq_str *out, const struct rq_file *file, size_t from,
		       size_t to)
{
	size_t first = from > AROUND ? from - AROUND : 0;

	rq_change_part(out, rq_file_around(file, from));
	for (size_t i = first; i < from && i < file->n_lines; i++)
		rq_change_part(out, file->lines[i]);
	rq_change_number(out, (long)(from - first));
	for (size_t i = to; i < to + AROUND && i < file->n_lines; i++)
		rq_change_part(out, file->lines[i]);
}

/* The first change of a hunk: its context may begin in another function. */
static size_t first_change(const struct rq_hunk *hunk)
{
	return hunk->leading < hunk->n_lines ? hunk->leading : 0;
}

/* @diff is one of the emitted patch, so its lines are those of the image, which it was applied to. */
static int add_file(struct rq_str *out, struct rq_image *image,
		    const struct rq_filediff *diff, struct rq_err *err)
{
	struct rq_file *file = NULL;
	int rc = diff->new_path ? rq_image_file(image, diff->new_path, &file, err) : 0;

	rq_change_file(out, diff);
	for (size_t i = 0; i < diff->n_hunks && !rc; i++) {
		const struct rq_hunk *hunk = &diff->hunks[i];
		size_t from = hunk->new_start > 0 ? (size_t)hunk->new_start - 1 : 0;

		rq_change_hunk(out, hunk);
		if (!file)
			continue;
		rq_change_part(out, rq_file_around(file, from + first_change(hunk)));
		add_around(out, file, from, from + (size_t)hunk->new_count);
	}
	return rc;
}

/* How far @patch, as emitted, moves line @line of @path. */
static long shift_of(const struct rq_patch *patch, const char *path, long line)
{
	long shift = 0;

	for (size_t i = 0; i < patch->n_files; i++) {
		const struct rq_filediff *diff = &patch->files[i];

		if (!diff->new_path || strcmp(diff->new_path, path) != 0)
			continue;
		for (size_t k = 0; k < diff->n_hunks; k++)
			if (diff->hunks[k].old_start < line)
				shift += diff->hunks[k].new_count -
					 diff->hunks[k].old_count;
	}
	return shift;
}

static void add_lacks(struct rq_str *out, const struct rq_hunk_record *h)
{
	rq_change_number(out, (long)h->lacks.n);
	for (size_t i = 0; i < h->lacks.n; i++) {
		rq_change_word(out, rq_lack_word(h->lacks.v[i].kind));
		rq_change_word(out, h->lacks.v[i].name);
		rq_change_number(out, h->lacks.v[i].given);
	}
}

/* The hunks that something speaks against, with their lines, and those that are there already. */
static int add_doubts(struct rq_str *out, struct rq_image *image,
		      const struct rq_entry_record *entry, const struct rq_patch *patch,
		      struct rq_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < entry->hunks.n && !rc; i++) {
		const struct rq_hunk_record *h = &entry->hunks.v[i];
		bool there = h->rung == RQ_PRESENT;
		struct rq_file *file;
		long line;

		if (!h->doubtful && !there)
			continue;
		rq_change_word(out, h->file);
		rq_change_number(out, h->hunk);
		rq_change_number(out, there);
		rq_change_number(out, h->doubtful ? h->line : 0);
		add_lacks(out, h);
		if (!there || h->line < 1)
			continue;
		line = h->line +
		       (entry->changes.n ? shift_of(patch, h->file, h->line) : 0);
		rc = rq_image_file(image, h->file, &file, err);
		if (!rc && line > 0)
			add_around(out, file, (size_t)line - 1, (size_t)line);
	}
	return rc;
}

/* The patch as it is emitted; of what is there already, as the queue has it. */
static int read_emitted(struct rq_patch **out, const struct rq_item *item,
			const struct rq_entry_record *entry, struct rq_err *err)
{
	const struct rq_patch *from = entry->resolved ? entry->resolved : item->patch;
	struct rq_started started = { 0 };
	struct rq_str text = { 0 };
	int rc = 0;

	if (entry->changes.n)
		rc = rq_emit_patch(&text, from, entry, &started, err);
	else
		rq_patch_print(from, &text);
	if (!rc)
		rc = rq_patch_parse(out, entry->patch, &text,
				    &(struct rq_patch_options){
					    .strip = entry->changes.n ? 1 : from->strip },
				    err);
	rq_str_release(&text);
	return rc;
}

static void see_ignored(struct rq_slice line, long number, void *ctx)
{
	bool *any = ctx;

	(void)line;
	(void)number;
	*any = true;
}

/*
 * A patch that tells of changes which no diff of it makes is yellow for that alone: then all the text
 * around its diffs is what was read.  "12c12" is followed by lines that no hunk holds.
 */
static void add_ignored(struct rq_str *out, const struct rq_patch *patch)
{
	bool any = false;

	if (patch)
		rq_patch_each_ignored(patch, see_ignored, &any);
	if (!any)
		return;
	rq_change_number(out, (long)patch->n_files);
	rq_change_part(out, patch->head);
	for (size_t i = 0; i < patch->n_files; i++)
		rq_change_part(out, patch->files[i].trailer);
}

int rq_walk_change(struct rq_walk *walk, const struct rq_item *item,
		   struct rq_entry_record *entry, struct rq_err *err)
{
	_cleanup_(rq_patch_freep) struct rq_patch *patch = NULL;
	struct rq_str text = { 0 };
	struct rq_err why;
	int rc = 0;

	/* What cannot be emitted turns red when it is to be. */
	if (read_emitted(&patch, item, entry, &why))
		return 0;
	rq_change_word(&text, "requilt change 2");
	add_header(&text, patch);
	for (size_t i = 0; i < patch->n_files && !rc; i++) {
		if (entry->changes.n) {
			rc = add_file(&text, walk->image, &patch->files[i], err);
			continue;
		}
		rq_change_file(&text, &patch->files[i]);
		for (size_t k = 0; k < patch->files[i].n_hunks; k++)
			rq_change_hunk(&text, &patch->files[i].hunks[k]);
	}
	add_ignored(&text, item->patch);
	if (!rc)
		rc = add_doubts(&text, walk->image, entry, patch, err);
	if (!rc)
		rq_change_id(&entry->change, &text);
	rq_str_release(&text);
	return rc;
}
