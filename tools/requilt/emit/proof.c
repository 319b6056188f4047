// SPDX-License-Identifier: GPL-2.0-only
/*
 * The proof: emitted patches are read back from their bytes and applied at the lines they
 * state, nowhere else.  Deliberately plain and deliberately not the engine: a fault there
 * must not excuse itself here.
 */
#include "emit/emit.h"

#include <stdlib.h>

#include "util/map.h"

struct proof_file {
	char *path;
	enum rq_mode mode;
	struct rq_slice bytes; /* the base's, or of what was made of them last */
	struct rq_str made;
};

struct proof {
	const struct rq_proof_tree *tree;
	rq_vec(struct proof_file *) files;
	struct rq_map by_path; /* of the files */
	const char *patch;     /* being applied, for messages */
	size_t misread;	       /* patches that patch(1) reads in another way */
};

static int broken(const struct proof *proof, const char *path, size_t hunk,
		  const char *what, struct rq_err *err)
{
	return rq_err_set(err, RQ_EQUEUE,
			  "proof failed: %s: %s: hunk %zu %s; this is a fault of "
			  "requilt, nothing was "
			  "written",
			  proof->patch, path, hunk, what);
}

static int find(struct proof *proof, const char *path, struct proof_file **out,
		struct rq_err *err)
{
	struct proof_file *file = rq_map_get(&proof->by_path, path);

	if (file) {
		*out = file;
		return 0;
	}
	file = rq_xcalloc(1, sizeof(*file));
	file->path = rq_xstrdup(path);
	*rq_vec_push(&proof->files) = file;
	rq_map_put(&proof->by_path, file->path, file);
	*out = file;
	if (!proof->tree->before(proof->tree->ctx, path, &file->bytes, &file->mode))
		return broken(proof, path, 0, "is of a file that the port never read",
			      err);
	return 0;
}

/* Copies lines from @rest until @line (from 1) is next; false when the file ends before. */
static bool copy_until(struct rq_str *out, struct rq_slice *rest, long *next, long line)
{
	const char *start = rest->p;
	struct rq_slice one;

	while (*next < line && rq_slice_next_line(rest, &one))
		(*next)++;
	rq_str_add(out, start, (size_t)(rest->p - start));
	return *next == line;
}

static int apply_hunk(const struct proof *proof, const char *path, size_t number,
		      const struct rq_hunk *hunk, struct rq_slice *rest, long *next,
		      long *made, struct rq_str *out, struct rq_err *err)
{
	long start = hunk->old_count ? hunk->old_start : hunk->old_start + 1;
	long before = *next;

	if (!copy_until(out, rest, next, start))
		return broken(proof, path, number,
			      "starts before the one before it ends, or behind "
			      "the end of the file",
			      err);
	*made += *next - before;
	if (*made + 1 != (hunk->new_count ? hunk->new_start : hunk->new_start + 1))
		return broken(proof, path, number, "states a wrong line for the new file",
			      err);
	for (size_t i = 0; i < hunk->n_lines; i++) {
		const struct rq_line *line = &hunk->lines[i];
		struct rq_slice have;

		if (line->sign != '+') {
			if (!rq_slice_next_line(rest, &have) ||
			    !rq_slice_eq(have, line->text))
				return broken(proof, path, number,
					      "does not fit at its line", err);
			(*next)++;
		}
		if (line->sign != '-') {
			rq_str_add_slice(out, line->text);
			(*made)++;
		}
	}
	return 0;
}

/* Bytes that the diff's new lines have. */
static size_t brought(const struct rq_filediff *diff)
{
	size_t n = 0;

	for (size_t i = 0; i < diff->n_hunks; i++)
		for (size_t k = 0; k < diff->hunks[i].n_lines; k++)
			if (diff->hunks[i].lines[k].sign == '+')
				n += diff->hunks[i].lines[k].text.n;
	return n;
}

static int apply_diff(struct proof *proof, const struct rq_filediff *diff,
		      struct rq_err *err)
{
	const char *path = rq_filediff_path(diff);
	struct rq_str out = { 0 };
	struct proof_file *file;
	struct rq_slice rest;
	long next = 1, made = 0;
	int rc = find(proof, path, &file, err);

	if (rc)
		return rc;
	if ((diff->change == RQ_CHANGE_CREATE) != (file->mode == RQ_MODE_NONE))
		return broken(proof, path, 0,
			      "creates a file that is there, or edits one that is not",
			      err);
	rest = file->bytes;
	rq_str_reserve(&out, rest.n + brought(diff));
	for (size_t i = 0; i < diff->n_hunks && !rc; i++)
		rc = apply_hunk(proof, path, i + 1, &diff->hunks[i], &rest, &next, &made,
				&out, err);
	if (!rc)
		rq_str_add_slice(&out, rest);
	if (!rc && diff->change == RQ_CHANGE_DELETE && out.len)
		rc = broken(proof, path, 0, "leaves something of a removed file", err);
	if (rc) {
		rq_str_release(&out);
		return rc;
	}
	rq_str_release(&file->made);
	file->made = out;
	file->bytes = rq_str_slice(&file->made);
	if (diff->change == RQ_CHANGE_DELETE)
		file->mode = RQ_MODE_NONE;
	else if (diff->new_mode && diff->new_mode != diff->old_mode)
		file->mode = (enum rq_mode)diff->new_mode;
	else if (file->mode == RQ_MODE_NONE)
		file->mode = RQ_MODE_FILE;
	return 0;
}

static int compare(struct proof *proof, struct rq_err *err)
{
	for (size_t i = 0; i < proof->files.n; i++) {
		struct proof_file *file = proof->files.v[i];
		struct rq_oid said = { 0 };
		enum rq_mode mode;

		if (!proof->tree->after(proof->tree->ctx, file->path, &mode, &said) ||
		    mode != file->mode ||
		    (mode != RQ_MODE_NONE &&
		     !rq_oid_is_of(&said, RQ_OBJ_BLOB, file->bytes)))
			return rq_err_set(err, RQ_EQUEUE,
					  "proof failed: %s: the emitted series makes "
					  "another file than "
					  "the port; this is a fault of requilt, nothing "
					  "was written",
					  file->path);
	}
	return 0;
}

/* Told as it is by who asked for that; an error else. */
static int tell_misread(struct proof *proof, size_t number, struct rq_err *err)
{
	rq_err_prefix(err, "proof failed: ");
	if (!proof->tree->misread)
		return err->code;
	proof->tree->misread(proof->tree->ctx, number, err->msg);
	proof->misread++;
	return 0;
}

static int prove_patch(struct proof *proof, size_t number, const struct rq_str *bytes,
		       struct rq_err *err)
{
	struct rq_str copy = { 0 };
	struct rq_patch *patch = NULL;
	int rc;

	rq_str_add_slice(&copy, rq_str_slice(bytes));
	rc = rq_patch_parse(&patch, proof->patch, &copy, &RQ_PATCH_DEFAULTS, err);
	if (rc)
		return rq_err_prefix(err, "proof failed: ");
	if (rq_patch_check_reading(patch, err))
		rc = tell_misread(proof, number, err);
	for (size_t i = 0; i < patch->n_files && !rc && !proof->misread; i++)
		rc = apply_diff(proof, &patch->files[i], err);
	rq_patch_free(patch);
	return rc;
}

int rq_proof(const struct rq_outputs *outputs, char *const *names, size_t n_names,
	     size_t touched, const struct rq_proof_tree *tree, struct rq_err *err)
{
	struct proof proof = { .tree = tree };
	struct rq_map emitted = { 0 };
	int rc = 0;

	for (size_t i = 0; i < outputs->v.n; i++)
		rq_map_put(&emitted, outputs->v.v[i].name, &outputs->v.v[i].bytes);
	for (size_t i = 0; i < n_names && !rc; i++) {
		const struct rq_str *bytes = rq_map_get(&emitted, names[i]);

		proof.patch = names[i];
		if (!bytes)
			rc = rq_err_set(err, RQ_EQUEUE,
					"proof failed: %s was not emitted", names[i]);
		else
			rc = prove_patch(&proof, i, bytes, err);
	}
	if (!rc && !proof.misread && proof.files.n != touched)
		rc = rq_err_set(err, RQ_EQUEUE,
				"proof failed: the emitted series touches %zu files, the "
				"port %zu; this is "
				"a fault of requilt, nothing was written",
				proof.files.n, touched);
	if (!rc && !proof.misread)
		rc = compare(&proof, err);
	for (size_t i = 0; i < proof.files.n; i++) {
		free(proof.files.v[i]->path);
		rq_str_release(&proof.files.v[i]->made);
		free(proof.files.v[i]);
	}
	rq_vec_release(&proof.files);
	rq_map_release(&proof.by_path);
	rq_map_release(&emitted);
	return rc;
}
