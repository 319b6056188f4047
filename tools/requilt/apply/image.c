// SPDX-License-Identifier: GPL-2.0-only
/*
 * The image: every file that the patches touch, read once, as slices of loaded bytes.
 * Knows nothing of hunks.
 */
#include "apply/apply_internal.h"

#include <stdlib.h>

#include "util/map.h"

struct rq_image {
	struct rq_reader reader;
	struct rq_map files; /* by path */
	rq_vec(struct rq_str) kept;
};

struct rq_image *rq_image_new(const struct rq_reader *reader)
{
	struct rq_image *image = rq_xcalloc(1, sizeof(*image));

	image->reader = *reader;
	return image;
}

void rq_file_drop_lines(struct rq_file *file)
{
	free(file->lines);
	rq_line_index_free(file->index);
	rq_openings_free(file->openings);
	file->lines = NULL;
	file->n_lines = 0;
	file->index = NULL;
	file->openings = NULL;
}

void rq_file_free(struct rq_file *file)
{
	if (!file)
		return;
	free(file->path);
	rq_file_drop_lines(file);
	rq_stored_drop(file->last);
	free(file);
}

void rq_image_free(struct rq_image *image)
{
	if (!image)
		return;
	for (size_t i = 0; i < image->files.n_slots; i++)
		rq_file_free(image->files.slots[i].value);
	for (size_t i = 0; i < image->kept.n; i++)
		rq_str_release(&image->kept.v[i]);
	rq_vec_release(&image->kept);
	rq_map_release(&image->files);
	free(image);
}

const struct rq_reader *rq_image_reader(const struct rq_image *image)
{
	return &image->reader;
}

void rq_image_replace(struct rq_image *image, struct rq_file *next)
{
	struct rq_file *former = rq_map_put(&image->files, next->path, next);

	if (former) {
		next->last = TAKE_PTR(former->last);
		next->read = former->read;
		next->read_mode = former->read_mode;
	}
	rq_file_free(former);
}

static void split(struct rq_file *file, struct rq_slice rest)
{
	rq_vec(struct rq_slice) lines = { 0 };
	struct rq_slice line;

	/* Code has longer lines; what is not needed goes back. */
	rq_vec_reserve(&lines, rest.n / 20 + 1);
	while (rq_slice_next_line(&rest, &line))
		*rq_vec_push(&lines) = line;
	file->lines = rq_xrealloc(lines.v, lines.n * sizeof(*lines.v));
	file->n_lines = lines.n;
}

void rq_image_split(struct rq_image *image, struct rq_file *file, struct rq_str *bytes)
{
	struct rq_str *kept = rq_vec_push(&image->kept);

	*kept = *bytes;
	*bytes = (struct rq_str){ 0 };
	split(file, rq_str_slice(kept));
}

int rq_file_load(struct rq_file **out, const struct rq_reader *reader, const char *path,
		 struct rq_err *err)
{
	struct rq_file *file = rq_xcalloc(1, sizeof(*file));
	int rc = reader->path(reader->ctx, path, &file->read, &file->mode, &file->oid,
			      err);

	file->path = rq_xstrdup(path);
	if (rc) {
		rq_file_free(file);
		return rc;
	}
	file->read_mode = file->mode;
	file->has_oid = file->mode != RQ_MODE_NONE;
	split(file, file->read);
	*out = file;
	return 0;
}

int rq_image_file(struct rq_image *image, const char *path, struct rq_file **out,
		  struct rq_err *err)
{
	struct rq_file *file = rq_map_get(&image->files, path);

	if (!file) {
		if (rq_file_load(&file, &image->reader, path, err))
			return err->code;
		rq_image_replace(image, file);
	}
	*out = file;
	return 0;
}

const struct rq_file *rq_image_peek(struct rq_image *image, const char *path)
{
	return rq_map_get(&image->files, path);
}

void rq_file_bytes(const struct rq_file *file, struct rq_str *out)
{
	size_t total = 0;

	for (size_t i = 0; i < file->n_lines; i++)
		total += file->lines[i].n;
	rq_str_reserve(out, total);
	for (size_t i = 0; i < file->n_lines; i++)
		rq_str_add_slice(out, file->lines[i]);
}

const struct rq_oid *rq_file_oid(struct rq_file *file)
{
	struct rq_str bytes = { 0 };

	if (!file->has_oid && file->mode != RQ_MODE_NONE) {
		rq_file_bytes(file, &bytes);
		rq_oid_of(&file->oid, RQ_OBJ_BLOB, bytes.s ? bytes.s : "", bytes.len);
		rq_str_release(&bytes);
		file->has_oid = true;
	}
	return &file->oid;
}

static int by_path(const void *a, const void *b)
{
	return strcmp((*(struct rq_file *const *)a)->path,
		      (*(struct rq_file *const *)b)->path);
}

int rq_image_each_touched(struct rq_image *image,
			  int (*each)(struct rq_file *file, void *ctx), void *ctx)
{
	rq_vec(struct rq_file *) files = { 0 };
	int rc = 0;

	for (size_t i = 0; i < image->files.n_slots; i++) {
		struct rq_file *file = image->files.slots[i].value;

		if (file && file->touched)
			*rq_vec_push(&files) = file;
	}
	if (files.n)
		qsort(files.v, files.n, sizeof(*files.v), by_path);
	for (size_t i = 0; i < files.n && !rc; i++)
		rc = each(files.v[i], ctx);
	rq_vec_release(&files);
	return rc;
}
