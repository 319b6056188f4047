// SPDX-License-Identifier: GPL-2.0-only
/*
 * Members in, one commit out.  Blobs go into the pack as they come; paths are checked one
 * by one then, and against each other at the end, before any tree is made.  Refuses what
 * tree.h lists; never drops a member silently but empty folders.
 */
#include "tree/tree_internal.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>

#include "series/series.h"
#include "util/mem.h"
#include "util/path.h"

/* The end of the year 9999. */
#define LATEST 253402300799
#define IDENTITY "requilt <requilt@example.org>"

static int add_member(struct member **out, struct intake *in, const char *path,
		      enum rq_mode mode, struct rq_err *err)
{
	const char *why = rq_path_unsafe(rq_slice_of(path));
	struct member *m;

	if (!why && mode == RQ_MODE_LINK)
		why = rq_path_unsafe_link(rq_slice_of(path));
	if (why)
		return rq_err_set(err, RQ_EUNSAFE, "'%s' %s", path, why);
	if (in->members.n == INTAKE_MEMBERS)
		return rq_err_set(err, RQ_EFORMAT, "more than %d members",
				  INTAKE_MEMBERS);
	m = rq_xcalloc(1, sizeof(*m));
	m->path = rq_xstrdup(path);
	m->mode = mode;
	m->number = in->members.n;
	*rq_vec_push(&in->members) = m;
	*out = m;
	return 0;
}

int intake_announce(struct intake *in, const char *path, uint64_t size,
		    struct rq_err *err)
{
	if (size > INTAKE_LARGEST)
		return rq_err_set(err, RQ_EFORMAT, "%s: more than %d MiB", path,
				  (int)(INTAKE_LARGEST >> 20));
	in->announced += size;
	if (in->announced > INTAKE_BYTES)
		return rq_err_set(err, RQ_EFORMAT,
				  "%s: with it the files have more than %d GiB", path,
				  (int)(INTAKE_BYTES >> 30));
	return 0;
}

static void count(struct intake *in, size_t bytes)
{
	in->progress.files++;
	in->progress.bytes += bytes;
	if (in->import->progress)
		in->import->progress(&in->progress, in->import->ctx);
}

/* "Makefile" or "linux-6.1/Makefile": which of the two is the top is known at the end only. */
static bool may_be_top_makefile(const char *path)
{
	const char *slash = strchr(path, '/');

	return !strcmp(path, "Makefile") || (slash && !strcmp(slash, "/Makefile"));
}

/* Where a link leads is its own business; but the system must be able to make it. */
static int check_link(const char *path, struct rq_slice target, struct rq_err *err)
{
	const char *why = !target.n		 ? "a link to nowhere"
			  : target.n >= PATH_MAX ? "a link of 4096 bytes or more"
			  : memchr(target.p, '\0', target.n) ? "a link with a NUL byte"
							     : NULL;

	return why ? rq_err_set(err, RQ_EFORMAT, "%s: %s", path, why) : 0;
}

int intake_file(struct intake *in, const char *path, enum rq_mode mode, void *data,
		size_t len, int64_t when, struct rq_err *err)
{
	struct rq_str bytes = { .s = data, .len = len, .cap = len };
	struct member *m;
	int rc = add_member(&m, in, path, mode, err);

	if (!rc && mode == RQ_MODE_LINK)
		rc = check_link(path, (struct rq_slice){ data, len }, err);
	if (rc) {
		free(data);
		return rc;
	}
	if (when > in->newest)
		in->newest = when;
	if (!in->version && may_be_top_makefile(path))
		in->version = rq_version_of_makefile((struct rq_slice){ data, len });
	rc = rq_pack_queue(in->pack, RQ_OBJ_BLOB, &bytes, &m->oid, err);
	if (rc)
		return rc;
	count(in, len);
	return 0;
}

int intake_known(struct intake *in, const char *path, enum rq_mode mode,
		 const struct rq_oid *oid, struct rq_err *err)
{
	struct member *m;
	int rc = add_member(&m, in, path, mode, err);

	if (rc)
		return rc;
	m->oid = *oid;
	count(in, 0);
	return 0;
}

int intake_folder(struct intake *in, const char *path, struct rq_err *err)
{
	struct member *m;

	return add_member(&m, in, path, RQ_MODE_TREE, err);
}

int intake_hard_link(struct intake *in, const char *path, const char *target,
		     struct rq_err *err)
{
	struct member *m;
	int rc = add_member(&m, in, path, RQ_MODE_FILE, err);

	if (rc)
		return rc;
	m->hard_link = rq_xstrdup(target);
	count(in, 0);
	return 0;
}

/* --- members against each other --- */

struct sorted {
	rq_vec(struct member *) v;
};

static int by_path(const void *a, const void *b)
{
	const struct member *x = *(struct member *const *)a,
			    *y = *(struct member *const *)b;
	int d = strcmp(x->path, y->path);

	return d ? d : (x->number > y->number) - (x->number < y->number);
}

static void sort(struct sorted *out, const struct intake *in)
{
	rq_vec_reserve(&out->v, in->members.n);
	for (size_t i = 0; i < in->members.n; i++)
		*rq_vec_push(&out->v) = in->members.v[i];
	if (out->v.n)
		qsort(out->v.v, out->v.n, sizeof(*out->v.v), by_path);
}

/* A folder may be named again: that loses nothing. */
static int check_twice(const struct sorted *all, struct rq_err *err)
{
	for (size_t i = 1; i < all->v.n; i++) {
		const struct member *a = all->v.v[i - 1], *b = all->v.v[i];

		if (strcmp(a->path, b->path) != 0 ||
		    (a->mode == RQ_MODE_TREE && b->mode == RQ_MODE_TREE))
			continue;
		return rq_err_set(err, RQ_EFORMAT, "'%s' is there twice%s", a->path,
				  a->mode == RQ_MODE_TREE || b->mode == RQ_MODE_TREE
					  ? ", as a file and as a folder"
					  : "");
	}
	return 0;
}

static struct member *find(const struct sorted *all, const char *path)
{
	struct member key = { .path = (char *)path }, *p = &key;
	struct member **at = all->v.v;
	size_t n = all->v.n;

	/* The first one that is not below the key, whose number 0 sorts before its equals. */
	while (n) {
		size_t half = n / 2;

		if (by_path(&at[half], &p) < 0) {
			at += half + 1;
			n -= half + 1;
		} else {
			n = half;
		}
	}
	return at < all->v.v + all->v.n && !strcmp((*at)->path, path) ? *at : NULL;
}

/* In the source's order, so that a link to a link finds it resolved. */
static int resolve_hard_links(const struct intake *in, const struct sorted *all,
			      struct rq_err *err)
{
	for (size_t i = 0; i < in->members.n; i++) {
		struct member *m = in->members.v[i], *target;

		if (!m->hard_link)
			continue;
		target = find(all, m->hard_link);
		if (!target || target->number >= m->number ||
		    target->mode == RQ_MODE_TREE)
			return rq_err_set(
				err, RQ_EFORMAT,
				"'%s' is a hard link to '%s', which is no earlier file",
				m->path, m->hard_link);
		m->mode = target->mode;
		m->oid = target->oid;
	}
	return 0;
}

/* The length of "linux-6.1/" when that is in front of every member, else 0. */
static size_t leading_folder(const struct intake *in)
{
	const char *first = in->members.v[0]->path;
	size_t n = strcspn(first, "/");

	for (size_t i = 0; i < in->members.n; i++) {
		const struct member *m = in->members.v[i];

		if (strncmp(m->path, first, n) != 0 ||
		    (m->path[n] != '/' && (m->path[n] || m->mode != RQ_MODE_TREE)))
			return 0;
	}
	return n + 1;
}

static int build_tree(struct intake *in, struct rq_tree_base *out, struct rq_err *err)
{
	static const struct rq_oid nothing;
	size_t skip = in->strip && in->members.n ? leading_folder(in) : 0;
	struct rq_treeedit *edit;
	int rc = rq_treeedit_new(&edit, in->import->repo, &nothing, err);

	if (rc)
		return rc;
	for (size_t i = 0; i < in->members.n && !rc; i++) {
		const struct member *m = in->members.v[i];

		if (m->mode == RQ_MODE_TREE)
			continue;
		rc = rq_treeedit_set(edit, m->path + skip, m->mode, &m->oid, err);
		out->files++;
	}
	if (!rc)
		rc = rq_treeedit_write(edit, in->pack, &out->tree, err);
	rq_treeedit_free(edit);
	if (!rc && !out->files)
		rc = rq_err_set(err, RQ_EFORMAT, "no file in it");
	return rc;
}

static int write_commit(struct intake *in, struct rq_tree_base *out, struct rq_err *err)
{
	struct rq_str text = { 0 };
	char hex[RQ_OID_HEX + 1];
	int rc;

	if (in->newest > LATEST)
		return rq_err_set(err, RQ_EFORMAT,
				  "its newest date, %" PRId64 ", is after the year 9999",
				  in->newest);
	rq_str_addf(&text, "tree %s\n", rq_oid_hex(hex, &out->tree));
	rq_str_addf(&text, "author " IDENTITY " %" PRId64 " +0000\n", in->newest);
	rq_str_addf(&text, "committer " IDENTITY " %" PRId64 " +0000\n\n", in->newest);
	if (in->version)
		rq_str_addf(&text, "linux %s\n\n", in->version);
	rq_str_addf(&text, "Imported from %s\n", in->origin);
	without_describe(&in->without, &text);
	rc = rq_pack_add(in->pack, RQ_OBJ_COMMIT, text.s, text.len, &out->commit, err);
	rq_str_release(&text);
	return rc;
}

int intake_finish(struct intake *in, struct rq_tree_base *out, struct rq_err *err)
{
	struct sorted all = { 0 };
	int rc = rq_pack_drain(in->pack, err);

	sort(&all, in);
	if (!rc)
		rc = check_twice(&all, err);
	if (!rc)
		rc = resolve_hard_links(in, &all, err);
	rq_vec_release(&all.v);
	if (!rc)
		rc = build_tree(in, out, err);
	if (!rc)
		rc = write_commit(in, out, err);
	return rc;
}

void intake_release(struct intake *in)
{
	rq_pack_free(in->pack);
	for (size_t i = 0; i < in->members.n; i++) {
		free(in->members.v[i]->path);
		free(in->members.v[i]->hard_link);
		free(in->members.v[i]);
	}
	rq_vec_release(&in->members);
	without_release(&in->without);
	free(in->version);
	free(in->origin);
}
