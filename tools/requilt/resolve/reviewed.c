// SPDX-License-Identifier: GPL-2.0-only
/*
 * The record of accepted yellow results.  Accepts a change by what it does, never by its name
 * alone.
 */
#include "resolve/reviewed.h"

#include <stdlib.h>

#include "util/file.h"

static char *path_of(const char *root, const char *queue)
{
	return rq_xasprintf("%s/series/%s.reviewed", root, queue);
}

static int add_line(struct rq_reviews *out, struct rq_slice line, struct rq_err *err)
{
	struct rq_slice branch = rq_slice_next_word(&line),
			entry = rq_slice_next_word(&line), id = rq_slice_next_word(&line);
	_cleanup_free_ char *hex = rq_xstrndup(id.p, id.n);
	struct rq_review *review;
	struct rq_oid oid;

	if (!line.n || rq_oid_parse(&oid, hex, err))
		return rq_err_set(err, RQ_EFORMAT, "write 'branch entry patch-id who'");
	review = rq_vec_push(&out->v);
	review->branch = rq_xstrndup(branch.p, branch.n);
	review->entry = rq_xstrndup(entry.p, entry.n);
	review->who = rq_xstrndup(line.p, line.n);
	review->id = oid;
	return 0;
}

int rq_reviews_load(struct rq_reviews *out, const char *root, const char *queue,
		    struct rq_err *err)
{
	_cleanup_free_ char *path = path_of(root, queue);
	struct rq_slice rest, line;
	struct rq_str bytes = { 0 };
	long number = 0;
	int rc = rq_file_read(&bytes, path, err);

	if (rc == RQ_ENOTFOUND)
		return 0;
	rest = rq_str_slice(&bytes);
	while (!rc && rq_slice_next_line(&rest, &line)) {
		number++;
		line = rq_slice_trim(line);
		if (!line.n || line.p[0] == '#')
			continue;
		rc = add_line(out, line, err);
		if (rc)
			rq_err_prefix(err, "%s:%ld: ", path, number);
	}
	rq_str_release(&bytes);
	return rc;
}

void rq_reviews_release(struct rq_reviews *reviews)
{
	for (size_t i = 0; i < reviews->v.n; i++) {
		free(reviews->v.v[i].branch);
		free(reviews->v.v[i].entry);
		free(reviews->v.v[i].who);
	}
	rq_vec_release(&reviews->v);
}

void rq_patch_id(struct rq_oid *out, const struct rq_patch *patch)
{
	struct rq_str text = { 0 };

	for (size_t i = 0; patch && i < patch->n_files; i++) {
		const struct rq_filediff *diff = &patch->files[i];

		rq_str_addf(&text, "%s %s %o %o\n", diff->old_path ? diff->old_path : "-",
			    diff->new_path ? diff->new_path : "-", diff->old_mode,
			    diff->new_mode);
		for (size_t k = 0; k < diff->n_hunks; k++)
			for (size_t l = 0; l < diff->hunks[k].n_lines; l++) {
				rq_str_add(&text, &diff->hunks[k].lines[l].sign, 1);
				rq_str_add_slice(&text, diff->hunks[k].lines[l].text);
			}
	}
	rq_oid_of(out, RQ_OBJ_BLOB, text.s ? text.s : "", text.len);
	rq_str_release(&text);
}

void rq_review_id(struct rq_oid *out, struct rq_slice emitted)
{
	struct rq_patch *patch = NULL;
	struct rq_err ignored;

	if (rq_patch_parse_copy(&patch, "emitted", emitted, &RQ_PATCH_DEFAULTS, &ignored))
		patch = NULL;
	rq_patch_id(out, patch);
	rq_patch_free(patch);
}

bool rq_reviews_accept(const struct rq_reviews *reviews, const char *branch,
		       const char *entry, struct rq_slice emitted)
{
	struct rq_oid id;

	if (!reviews->v.n)
		return false;
	rq_review_id(&id, emitted);
	for (size_t i = 0; i < reviews->v.n; i++) {
		const struct rq_review *review = &reviews->v.v[i];

		if (strcmp(review->branch, branch) == 0 &&
		    strcmp(review->entry, entry) == 0 && rq_oid_eq(&review->id, &id))
			return true;
	}
	return false;
}

int rq_reviews_add(const char *root, const char *queue, const struct rq_review *review,
		   struct rq_err *err)
{
	_cleanup_free_ char *path = path_of(root, queue);
	char hex[RQ_OID_HEX + 1];
	struct rq_str bytes = { 0 };
	int rc = rq_file_read(&bytes, path, err);

	if (rc && rc != RQ_ENOTFOUND)
		return rc;
	if (rc == RQ_ENOTFOUND)
		rq_str_adds(&bytes,
			    "# branch entry patch-id who; written by 'requilt accept'\n");
	else if (bytes.len && bytes.s[bytes.len - 1] != '\n')
		rq_str_adds(&bytes, "\n");
	rq_str_addf(&bytes, "%s %s %s %s\n", review->branch, review->entry,
		    rq_oid_hex(hex, &review->id), review->who);
	rc = rq_file_write(path, rq_str_slice(&bytes), err);
	rq_str_release(&bytes);
	return rc;
}
