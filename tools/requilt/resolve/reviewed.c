// SPDX-License-Identifier: GPL-2.0-only
/*
 * The record of accepted yellow results.  Accepts a change by what it does, never by its name
 * alone.
 */
#include "resolve/reviewed.h"

#include <stdlib.h>

#include "util/file.h"
#include "util/markers.h"

static char *path_of(const char *root, const char *queue)
{
	return rq_xasprintf("%s/series/%s.reviewed", root, queue);
}

#define FIELD "Change:"
/* An id of the earlier version that is not renewed yet. */
#define FIELD_1 "Earlier:"
#define VERSION "Version: 2"
#define HEAD_1 "# branch entry patch-id who; written by 'requilt accept'"
#define HEAD_2 "# branch entry " FIELD " id who; written by 'requilt accept'"
#define HEAD HEAD_2 "\n" VERSION "\n"

static int add_line(struct rq_reviews *out, struct rq_slice line, bool versioned,
		    struct rq_err *err)
{
	struct rq_slice branch = rq_slice_next_word(&line),
			entry = rq_slice_next_word(&line), id = rq_slice_next_word(&line);
	bool now = rq_slice_eq(id, RQ_SLICE(FIELD));
	bool earlier = rq_slice_eq(id, RQ_SLICE(FIELD_1));
	struct rq_review *review;
	struct rq_oid oid;

	if (now || earlier)
		id = rq_slice_next_word(&line);
	_cleanup_free_ char *hex = rq_xstrndup(id.p, id.n);

	if (versioned != (now || earlier) || !line.n || rq_oid_parse(&oid, hex, err))
		return rq_err_set(err, RQ_EFORMAT,
				  "write 'branch entry " FIELD " id who'");
	review = rq_vec_push(&out->v);
	review->branch = rq_xstrndup(branch.p, branch.n);
	review->entry = rq_xstrndup(entry.p, entry.n);
	review->who = rq_xstrndup(line.p, line.n);
	review->id = oid;
	review->version_1 = !now;
	return 0;
}

/* Whether the first line that is no comment is the version's. */
static bool has_version(struct rq_slice rest)
{
	struct rq_slice line;

	while (rq_slice_next_line(&rest, &line)) {
		line = rq_slice_trim(line);
		if (line.n && line.p[0] != '#')
			return rq_slice_eq(line, RQ_SLICE(VERSION));
	}
	return false;
}

static int load_lines(struct rq_reviews *out, struct rq_slice rest, const char *path,
		      const char *queue, struct rq_err *err)
{
	bool versioned = has_version(rest);
	long marker = rq_markers_find(rest);
	struct rq_slice line;
	int rc = 0;

	if (marker)
		return rq_err_set(
			err, RQ_EFORMAT,
			"%s:%ld: a merge left its markers; remove them and keep "
			"the lines of both sides",
			path, marker);
	for (long number = 1; !rc && rq_slice_next_line(&rest, &line); number++) {
		line = rq_slice_trim(line);
		if (!line.n || line.p[0] == '#')
			continue;
		if (versioned && rq_slice_eq(line, RQ_SLICE(VERSION)))
			continue;
		if (versioned || out->any_version)
			rc = add_line(out, line, versioned, err);
		else
			rc = rq_err_set(
				err, RQ_EFORMAT,
				"is of another version, whose ids hold no place and no "
				"message; 'requilt accept --renew %s' renews what is "
				"still the same",
				queue);
		if (rc)
			rq_err_prefix(err, "%s:%ld: ", path, number);
	}
	return rc;
}

int rq_reviews_load(struct rq_reviews *out, const char *root, const char *queue,
		    struct rq_err *err)
{
	_cleanup_free_ char *path = path_of(root, queue);
	struct rq_str bytes = { 0 };
	int rc = rq_file_read_within(&bytes, root, path, err);

	if (rc == RQ_ENOTFOUND)
		return 0;
	if (!rc)
		rc = load_lines(out, rq_str_slice(&bytes), path, queue, err);
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

bool rq_reviews_accept(const struct rq_reviews *reviews, const char *branch,
		       const char *entry, const struct rq_oid *change)
{
	for (size_t i = 0; i < reviews->v.n && !rq_oid_is_zero(change); i++) {
		const struct rq_review *review = &reviews->v.v[i];

		if (!review->version_1 && strcmp(review->branch, branch) == 0 &&
		    strcmp(review->entry, entry) == 0 && rq_oid_eq(&review->id, change))
			return true;
	}
	return false;
}

static void print_line(struct rq_str *out, const struct rq_review *review)
{
	char hex[RQ_OID_HEX + 1];

	rq_str_addf(out, "%s %s %s %s %s\n", review->branch, review->entry,
		    review->version_1 ? FIELD_1 : FIELD, rq_oid_hex(hex, &review->id),
		    review->who);
}

int rq_reviews_add(const char *root, const char *queue, const struct rq_review *review,
		   struct rq_err *err)
{
	_cleanup_free_ char *path = path_of(root, queue);
	struct rq_str bytes = { 0 };
	int rc = rq_file_read_within(&bytes, root, path, err);

	if (rc && rc != RQ_ENOTFOUND)
		return rc;
	if (bytes.len && bytes.s[bytes.len - 1] != '\n')
		rq_str_adds(&bytes, "\n");
	if (!has_version(rq_str_slice(&bytes)))
		rq_str_adds(&bytes, HEAD);
	print_line(&bytes, review);
	rc = rq_file_write(path, rq_str_slice(&bytes), err);
	rq_str_release(&bytes);
	return rc;
}

/* What becomes of the lines of @rest. */
static void print_anew(struct rq_str *out, const struct rq_reviews *reviews,
		       struct rq_slice rest)
{
	struct rq_slice line;
	size_t i = 0;

	while (rq_slice_next_line(&rest, &line)) {
		struct rq_slice one = rq_slice_trim(line);

		if (rq_slice_eq(one, RQ_SLICE(VERSION)) ||
		    rq_slice_eq(one, RQ_SLICE(HEAD_1)) ||
		    rq_slice_eq(one, RQ_SLICE(HEAD_2)))
			continue;
		if (!one.n || one.p[0] == '#') {
			rq_str_addf(out, "%.*s\n", RQ_SLICE_ARG(one));
			continue;
		}
		if (i < reviews->v.n && !rq_oid_is_zero(&reviews->v.v[i].id))
			print_line(out, &reviews->v.v[i]);
		i++;
	}
}

int rq_reviews_write(const struct rq_reviews *reviews, const char *root,
		     const char *queue, struct rq_err *err)
{
	_cleanup_free_ char *path = path_of(root, queue);
	struct rq_str bytes = { 0 }, out = { 0 };
	int rc = rq_file_read_within(&bytes, root, path, err);

	rq_str_adds(&out, HEAD);
	print_anew(&out, reviews, rq_str_slice(&bytes));
	if (!rc)
		rc = rq_file_write(path, rq_str_slice(&out), err);
	rq_str_release(&bytes);
	rq_str_release(&out);
	return rc;
}
