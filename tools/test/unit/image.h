/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For unit tests that place patches: an image of files that stand in a table, and patches from
 * their text.
 */
#ifndef REQUILT_TEST_IMAGE_H
#define REQUILT_TEST_IMAGE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "apply/apply.h"
#include "util/mem.h"

/* A table of them ends with a path of NULL. */
struct held {
	const char *path, *text;
	enum rq_mode mode; /* 0 stands for RQ_MODE_FILE */
};

static int read_held(void *ctx, const char *path, struct rq_slice *bytes,
		     enum rq_mode *mode, struct rq_oid *oid, struct rq_err *err)
{
	const struct held *held = ctx;

	(void)err;
	*bytes = RQ_SLICE("");
	*mode = RQ_MODE_NONE;
	for (; held->path; held++) {
		if (strcmp(held->path, path) != 0)
			continue;
		*mode = held->mode ? held->mode : RQ_MODE_FILE;
		*bytes = rq_slice_of(held->text);
		rq_oid_of(oid, RQ_OBJ_BLOB, bytes->p, bytes->n);
	}
	return 0;
}

static inline struct rq_image *new_image(const struct held *held)
{
	const struct rq_reader reader = { .path = read_held, .ctx = (void *)held };

	return rq_image_new(&reader);
}

/* The caller frees. */
static inline struct rq_patch *read_patch(const char *name, const char *text)
{
	struct rq_str bytes = { 0 };
	struct rq_patch *patch = NULL;
	struct rq_err err = { 0 };

	rq_str_adds(&bytes, text);
	if (rq_patch_parse(&patch, name, &bytes, &RQ_PATCH_DEFAULTS, &err))
		fail_msg("%s", err.msg);
	return patch;
}

static inline void assert_slice(struct rq_slice have, const char *want)
{
	if (!rq_slice_eq(have, rq_slice_of(want)))
		fail_msg("expected:\n%s--- got:\n%.*s---", want, RQ_SLICE_ARG(have));
}

static inline void assert_file(struct rq_image *image, const char *path, const char *want)
{
	struct rq_str text = { 0 };
	struct rq_file *file;
	struct rq_err err = { 0 };

	assert_int_equal(rq_image_file(image, path, &file, &err), 0);
	rq_file_bytes(file, &text);
	assert_slice(rq_str_slice(&text), want);
	rq_str_release(&text);
}

/*
 * Applies @hunks to the file @path of @text, with anchors: it becomes @want, or there is a conflict (NULL), and
 * @message is a part of what is said of the first hunk.  @number names the sample.
 */
static inline void assert_anchored(size_t number, const char *path, const char *text,
				   const char *hunks, const char *want,
				   const char *message)
{
	const struct held held[] = { { path, text, 0 }, { 0 } };
	const struct rq_apply_options options = { .anchors = true };
	char *diff = rq_xasprintf("--- a/%s\n+++ b/%s\n%s", path, path, hunks);
	struct rq_image *image = new_image(held);
	struct rq_patch *patch = read_patch("x.patch", diff);
	struct rq_entry_record entry = { 0 };
	struct rq_err err = { 0 };
	struct rq_str reason = { 0 };
	const char *said;

	assert_int_equal(rq_apply(image, patch, &options, &entry, &err), 0);
	if (entry.hunks.v[0].why)
		rq_reason_print(&reason, entry.hunks.v[0].why);
	said = reason.s ? reason.s : "";
	if (entry.outcome != (want ? RQ_ANCHORED : RQ_CONFLICT))
		fail_msg("sample %zu: outcome %d: %s", number, entry.outcome, said);
	if (!strstr(said, message))
		fail_msg("sample %zu: said: %s", number, said);
	assert_file(image, path, want ? want : text);
	rq_str_release(&reason);
	rq_entry_release(&entry);
	rq_image_free(image);
	rq_patch_free(patch);
	free(diff);
}

#endif
