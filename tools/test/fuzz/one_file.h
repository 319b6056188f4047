/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * requilt's answer for a patch of one file, through the library; and the same from the reference.
 */
#ifndef REQUILT_TEST_ONE_FILE_H
#define REQUILT_TEST_ONE_FILE_H

#include "apply/apply.h"
#include "reference.h"

struct one_file {
	const char *path;
	struct rq_slice text;
};

struct one_answer {
	struct rq_entry_record entry;
	struct rq_str text;    /* the file afterwards */
	struct rq_str differs; /* from the reference; "" when it does not */
};

static inline int one_file_read(void *ctx, const char *path, struct rq_slice *bytes,
				enum rq_mode *mode, struct rq_oid *oid,
				struct rq_err *err)
{
	const struct one_file *file = ctx;

	(void)err;
	*mode = RQ_MODE_NONE;
	if (strcmp(path, file->path) != 0)
		return 0;
	*mode = RQ_MODE_FILE;
	*bytes = file->text;
	rq_oid_of(oid, RQ_OBJ_BLOB, file->text.p, file->text.n);
	return 0;
}

/* Whether the first diff's index line names the file. */
static inline bool one_file_same(const struct one_file *file,
				 const struct rq_patch *patch)
{
	struct rq_slice index = patch->files[0].old_index;
	char hex[RQ_OID_HEX + 1];
	struct rq_oid oid;

	rq_oid_of(&oid, RQ_OBJ_BLOB, file->text.p, file->text.n);
	return index.n >= 7 && strncmp(rq_oid_hex(hex, &oid), index.p, index.n) == 0;
}

static inline void one_file_place(struct one_answer *out, struct one_file *file,
				  const struct rq_patch *patch)
{
	const struct rq_reader reader = { .path = one_file_read, .ctx = file };
	const struct rq_apply_options plain = { 0 };
	struct rq_image *image = rq_image_new(&reader);
	struct ref_answer reference = { 0 };
	struct rq_err err = { 0 };
	struct rq_file *after;

	if (rq_apply(image, patch, &plain, &out->entry, &err) ||
	    rq_image_file(image, file->path, &after, &err)) {
		rq_str_addf(&out->differs, "failed: %s\n", err.msg);
	} else {
		rq_file_bytes(after, &out->text);
		ref_place(&reference, file->text, file->path, &patch->files[0],
			  one_file_same(file, patch));
		ref_compare(&out->differs, &reference, &out->entry,
			    rq_str_slice(&out->text));
		ref_release(&reference);
	}
	rq_image_free(image);
}

static inline void one_answer_release(struct one_answer *answer)
{
	rq_entry_release(&answer->entry);
	rq_str_release(&answer->text);
	rq_str_release(&answer->differs);
}

#endif
