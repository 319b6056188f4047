// SPDX-License-Identifier: GPL-2.0-only
/*
 * Present-if lines, read and tested on the files of an image.
 */
#include "queue/condition.h"

#include <stdlib.h>

#include "util/ctext.h"
#include "util/path.h"

struct reading {
	struct rq_conditions *out;
	const struct rq_patch *patch;
};

static int read_line(struct rq_slice value, long line, void *ctx, struct rq_err *err)
{
	struct reading *reading = ctx;
	struct rq_slice file = rq_slice_next_word(&value),
			verb = rq_slice_next_word(&value);
	struct rq_slice name = rq_slice_next_word(&value);
	bool defines = rq_slice_eq(verb, RQ_SLICE("defines"));
	struct rq_condition *c;

	if (!name.n || rq_slice_trim(value).n ||
	    (!defines && !rq_slice_eq(verb, RQ_SLICE("lacks"))))
		return rq_err_set(err, RQ_EFORMAT,
				  "%s:%ld: Present-if: write '<file> defines <name>' or "
				  "'<file> lacks <name>'",
				  reading->patch->name, reading->patch->head_line + line);
	if (rq_path_unsafe(file))
		return rq_err_set(err, RQ_EUNSAFE, "%s:%ld: Present-if: path '%.*s' %s",
				  reading->patch->name, reading->patch->head_line + line,
				  RQ_SLICE_ARG(file), rq_path_unsafe(file));
	c = rq_vec_push(&reading->out->v);
	c->file = rq_xstrndup(file.p, file.n);
	c->name = rq_xstrndup(name.p, name.n);
	c->defines = defines;
	return 0;
}

int rq_conditions_read(struct rq_conditions *out, const struct rq_patch *patch,
		       struct rq_err *err)
{
	struct reading reading = { out, patch };
	bool defines = false;
	int rc = rq_head_each(patch->head, "Present-if", read_line, &reading, err);

	for (size_t i = 0; i < out->v.n; i++)
		defines |= out->v.v[i].defines;
	if (!rc && out->v.n && !defines)
		rc = rq_err_set(err, RQ_EFORMAT,
				"%s: Present-if: at least one line must say 'defines'; "
				"what a file "
				"lacks proves nothing",
				patch->name);
	return rc;
}

void rq_conditions_release(struct rq_conditions *conditions)
{
	for (size_t i = 0; i < conditions->v.n; i++) {
		free(conditions->v.v[i].file);
		free(conditions->v.v[i].name);
	}
	rq_vec_release(&conditions->v);
}

static int is_code(const struct rq_word *word, void *name)
{
	return (word->kind == RQ_WORD_CODE || word->kind == RQ_WORD_DEFINES) &&
	       rq_slice_eq(word->text, rq_slice_of(name));
}

static int holds(const struct rq_condition *c, struct rq_image *image, bool *hold,
		 struct rq_err *err)
{
	struct rq_str bytes = { 0 };
	struct rq_file *file;
	int rc = rq_image_file(image, c->file, &file, err);

	if (rc)
		return rc;
	rq_file_bytes(file, &bytes);
	/* Reading C is slow beside looking for a few letters. */
	if (!rq_slice_has(rq_str_slice(&bytes), c->name))
		*hold = !c->defines;
	else if (c->defines)
		*hold = rq_ctext_defines(rq_str_slice(&bytes), c->name);
	else
		*hold = !rq_ctext_each(rq_str_slice(&bytes), is_code, c->name);
	rq_str_release(&bytes);
	return 0;
}

int rq_conditions_hold(const struct rq_conditions *conditions, struct rq_image *image,
		       bool *hold, char **why, struct rq_err *err)
{
	struct rq_str found = { 0 };

	*hold = conditions->v.n > 0;
	*why = NULL;
	for (size_t i = 0; i < conditions->v.n && *hold; i++) {
		const struct rq_condition *c = &conditions->v.v[i];
		const char *verb = c->defines ? "defines" : "lacks";
		int rc = holds(c, image, hold, err);

		if (rc) {
			rq_str_release(&found);
			return rc;
		}
		if (!*hold)
			found.len = 0;
		rq_str_addf(&found, "%s%s %s %s",
			    found.len ? "; "
			    : *hold   ? ""
				      : "not so: ",
			    c->file, verb, c->name);
	}
	*why = found.s;
	return 0;
}
