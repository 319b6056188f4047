// SPDX-License-Identifier: GPL-2.0-only
/*
 * The patch that an edit leaves: made again where a person changed something, else as it was read.
 */
#include "queue/edit.h"

#include <stdio.h>

static const struct rq_edited *edited_of(const struct rq_edit *edit,
					 const struct rq_edited *now, const char *path,
					 const struct rq_edit_file **file)
{
	for (size_t i = 0; i < edit->files.n; i++)
		if (path && strcmp(edit->files.v[i].path, path) == 0) {
			*file = &edit->files.v[i];
			return &now[i];
		}
	return NULL;
}

static bool is_as_left(const struct rq_edit_file *file, const struct rq_edited *now)
{
	return file->after_mode == now->mode &&
	       rq_slice_eq(rq_str_slice(&file->after), now->bytes);
}

static void print_index(struct rq_str *out, const struct rq_edit_file *file,
			const struct rq_edited *now, size_t digits)
{
	char old_hex[RQ_OID_HEX + 1], new_hex[RQ_OID_HEX + 1];
	struct rq_slice before = rq_str_slice(&file->before);
	struct rq_oid old = { 0 }, new = { 0 };

	if (!digits || rq_slice_eq(before, now->bytes))
		return;
	if (file->before_mode != RQ_MODE_NONE)
		rq_oid_of(&old, RQ_OBJ_BLOB, before.p, before.n);
	if (now->mode != RQ_MODE_NONE)
		rq_oid_of(&new, RQ_OBJ_BLOB, now->bytes.p, now->bytes.n);
	rq_str_addf(out, "index %.*s..%.*s", (int)digits, rq_oid_hex(old_hex, &old),
		    (int)digits, rq_oid_hex(new_hex, &new));
	if (file->before_mode == now->mode)
		rq_str_addf(out, " %06o", (unsigned)now->mode);
	rq_str_adds(out, "\n");
}

/* The diff of one file; nothing where it is as before. */
static int print_anew(struct rq_str *out, const struct rq_edit_file *file,
		      const struct rq_edited *now, size_t digits, struct rq_err *err)
{
	struct rq_slice before = rq_str_slice(&file->before), after = now->bytes;

	if (file->before_mode == now->mode && rq_slice_eq(before, after))
		return 0;
	if (memchr(before.p, 0, before.n) || memchr(after.p, 0, after.n))
		return rq_err_set(err, RQ_EQUEUE,
				  "%s: binary: a patch of a queue is a text to read",
				  file->path);
	rq_print_diff_line(out, file->path, file->before_mode, now->mode,
			   rq_slice_eq(before, after));
	print_index(out, file, now, digits);
	if (rq_slice_eq(before, after))
		return 0;
	rq_print_diff_names(out, file->path, file->before_mode, now->mode);
	return rq_diff_hunks(before, after, out, err);
}

/* As many digits as the patch writes in its index lines; 0: it has none. */
static size_t digits_of(const struct rq_patch *patch)
{
	for (size_t i = 0; i < patch->n_files; i++)
		if (patch->files[i].new_index.n)
			return patch->files[i].new_index.n;
	return 0;
}

static struct rq_slice raw_of(const struct rq_patch *patch, size_t i)
{
	const char *from = patch->files[i].header.p;
	const char *to = i + 1 < patch->n_files ? patch->files[i + 1].header.p
						: patch->buf.s + patch->buf.len;

	return (struct rq_slice){ from, (size_t)(to - from) - patch->files[i].trailer.n };
}

/* The files that @patch tells of, each at its place. */
static int print_file(struct rq_str *out, const struct rq_edit *edit,
		      const struct rq_patch *patch, size_t i,
		      const struct rq_edited *edited, struct rq_err *err)
{
	const struct rq_filediff *diff = &patch->files[i];
	const struct rq_edit_file *file = NULL, *old = NULL;
	const struct rq_edited *now =
		edited_of(edit, edited, rq_filediff_path(diff), &file);
	const struct rq_edited *was = edited_of(edit, edited, diff->old_path, &old);
	bool twice = false;

	for (size_t k = 0; k < i; k++)
		twice |= patch->files[k].new_path && diff->new_path &&
			 strcmp(patch->files[k].new_path, diff->new_path) == 0;
	if (!now ||
	    (edit->plain && is_as_left(file, now) && (!was || is_as_left(old, was)))) {
		/* Not of the branch: a part that was there already goes. */
		if (edit->plain)
			rq_str_add_slice(out, raw_of(patch, i));
		return 0;
	}
	if (diff->change == RQ_CHANGE_RENAME || diff->change == RQ_CHANGE_COPY || twice)
		return rq_err_set(err, RQ_EQUEUE,
				  "%s: the patch %s it; edit the patch itself, then "
				  "'requilt refresh --recount' it",
				  file->path,
				  twice ? "changes twice" : "renames or copies");
	return print_anew(out, file, now, digits_of(patch), err);
}

static int print_others(struct rq_str *out, const struct rq_edit *edit,
			const struct rq_patch *patch, const struct rq_edited *now,
			struct rq_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < edit->files.n && !rc; i++)
		if (!rq_patch_names(patch, edit->files.v[i].path))
			rc = print_anew(out, &edit->files.v[i], &now[i], digits_of(patch),
					err);
	return rc;
}

int rq_edit_patch(struct rq_str *out, const struct rq_edit *edit,
		  const struct rq_edited *now, struct rq_err *err)
{
	_cleanup_(rq_patch_freep) struct rq_patch *patch = NULL;
	size_t head;
	int rc = rq_patch_parse_copy(&patch, edit->path, rq_str_slice(&edit->patch),
				     &RQ_PATCH_DEFAULTS, err);

	if (rc)
		return rc;
	rq_str_add_slice(out, patch->head);
	head = out->len;
	for (size_t i = 0; i < patch->n_files && !rc; i++) {
		bool last = i + 1 == patch->n_files;

		rc = print_file(out, edit, patch, i, now, err);
		if (!rc && last)
			rc = print_others(out, edit, patch, now, err);
		if (!rc && last && out->len == head)
			return rq_err_set(err, RQ_EQUEUE,
					  "the files are as they are before %s; 'requilt "
					  "drop' takes it out",
					  edit->entry->path);
		if (!rc)
			rq_str_add_slice(out, patch->files[i].trailer);
	}
	return rc;
}
