// SPDX-License-Identifier: GPL-2.0-only
/*
 * The index of fixes.  Its file is text, a line a commit that fixes another:
 *
 *	requilt-fixes 1 TIP
 *	COMMIT f|r NAMED
 *
 * A commit comes after its parents.
 */
#include "history/fixes.h"

#include <ctype.h>
#include <stdlib.h>

#include "util/file.h"
#include "util/path.h"

#define MAGIC "requilt-fixes 1 "
/* Ten times what the kernel's history has. */
#define INDEX_MOST (256 << 20)

/* --- reading messages --- */

struct reading {
	struct rq_fix_index *out;
	struct rq_fix one;
};

static void add_named(enum rq_named_how how, struct rq_slice id, long line, void *ctx)
{
	struct reading *r = ctx;
	struct rq_fix *fix = rq_vec_push(&r->out->v);

	(void)line;
	*fix = r->one;
	fix->how = how;
	for (size_t i = 0; i < id.n; i++)
		fix->named[i] = (char)tolower((unsigned char)id.p[i]);
}

static int read_message(const struct rq_oid *oid, struct rq_slice message, void *ctx)
{
	struct reading *r = ctx;

	r->out->read++;
	r->one = (struct rq_fix){ .commit = *oid };
	rq_history_named(message, add_named, r);
	return 0;
}

/* --- the file --- */

static bool read_line(struct rq_fix *out, struct rq_slice line)
{
	struct rq_slice hex = rq_slice_next_word(&line);
	struct rq_slice how = rq_slice_next_word(&line), named = rq_slice_trim(line);
	char text[RQ_OID_HEX + 1] = "";
	struct rq_err ignored;

	*out = (struct rq_fix){ 0 };
	if (hex.n != RQ_OID_HEX || named.n < 7 || named.n > RQ_OID_HEX || how.n != 1 ||
	    !strchr("fr", how.p[0]))
		return false;
	memcpy(text, hex.p, hex.n);
	memcpy(out->named, named.p, named.n);
	out->how = how.p[0] == 'f' ? RQ_NAMED_FIXES : RQ_NAMED_REVERTS;
	return rq_oid_parse(&out->commit, text, &ignored) == 0;
}

/* False: there is none that can be read. */
static bool read_file(struct rq_fix_index *out, struct rq_oid *tip, const char *path)
{
	_cleanup_(rq_str_release) struct rq_str bytes = { 0 };
	char hex[RQ_OID_HEX + 1] = "";
	struct rq_slice rest, line;
	struct rq_err ignored;

	if (rq_file_read_most(&bytes, path, INDEX_MOST, &ignored))
		return false;
	rest = rq_str_slice(&bytes);
	if (!rq_slice_next_line(&rest, &line) || !rq_slice_starts(line, MAGIC) ||
	    line.n != strlen(MAGIC) + RQ_OID_HEX + 1)
		return false;
	memcpy(hex, line.p + strlen(MAGIC), RQ_OID_HEX);
	if (rq_oid_parse(tip, hex, &ignored))
		return false;
	while (rq_slice_next_line(&rest, &line))
		if (!read_line(rq_vec_push(&out->v), line))
			return false;
	return true;
}

/* That it could not be kept costs time and nothing else. */
static void write_file(const struct rq_fix_index *index, const struct rq_oid *tip,
		       const char *cache, const char *path)
{
	_cleanup_(rq_str_release) struct rq_str out = { 0 };
	char hex[RQ_OID_HEX + 1];
	struct rq_err ignored;

	rq_str_addf(&out, MAGIC "%s\n", rq_oid_hex(hex, tip));
	for (size_t i = 0; i < index->v.n; i++) {
		const struct rq_fix *fix = &index->v.v[i];

		rq_str_addf(&out, "%s %c %s\n", rq_oid_hex(hex, &fix->commit),
			    fix->how == RQ_NAMED_FIXES ? 'f' : 'r', fix->named);
	}
	if (rq_dir_make(cache, &ignored) == 0)
		rq_file_write(path, rq_str_slice(&out), &ignored);
}

/* One a repository; the name is of its path. */
static char *file_of(const struct rq_repo *repo, const char *cache)
{
	const char *path = rq_repo_path(repo);
	char hex[RQ_OID_HEX + 1];
	struct rq_oid name;

	rq_oid_of(&name, RQ_OBJ_BLOB, path, strlen(path));
	return rq_path_join(cache, rq_oid_hex(hex, &name));
}

/* --- the index --- */

static bool is_ancestor(struct rq_repo *repo, const struct rq_oid *old,
			const struct rq_oid *tip)
{
	struct rq_oid_list outside = { 0 };
	struct rq_err ignored;
	bool is = rq_obj_exists(repo, old) &&
		  rq_reach_outside(&outside, repo, NULL, old, tip, 1, &ignored) == 0 &&
		  !outside.n;

	free(outside.v);
	return is;
}

int rq_fix_index_load(struct rq_fix_index *out, struct rq_repo *repo,
		      const struct rq_oid *tip, const char *cache, struct rq_err *err)
{
	_cleanup_free_ char *path = cache ? file_of(repo, cache) : NULL;
	struct reading r = { .out = out };
	struct rq_oid old;
	bool known = path && read_file(out, &old, path);
	int rc;

	if (known && rq_oid_eq(&old, tip))
		return 0;
	known = known && is_ancestor(repo, &old, tip);
	if (!known)
		rq_vec_release(&out->v);
	rc = rq_message_each(repo, known ? &old : NULL, tip, read_message, &r, err);
	if (rc)
		return rc;
	if (path)
		write_file(out, tip, cache, path);
	return 0;
}

void rq_fix_index_release(struct rq_fix_index *index)
{
	rq_vec_release(&index->v);
}

/* --- what is wanted --- */

struct id {
	char hex[RQ_OID_HEX + 1];
	struct rq_oid oid;
};

struct ids {
	rq_vec(struct id) v; /* sorted */
};

static int compare_ids(const void *a, const void *b)
{
	return strcmp(((const struct id *)a)->hex, ((const struct id *)b)->hex);
}

static void add_id(struct ids *ids, const struct rq_oid *oid)
{
	struct id *id = rq_vec_push(&ids->v);

	rq_oid_hex(id->hex, oid);
	id->oid = *oid;
}

/* One that @prefix begins; NULL: none, or two. */
static const struct id *find_id(const struct ids *ids, const char *prefix)
{
	size_t low = 0, high = ids->v.n, n = strlen(prefix);

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(ids->v.v[middle].hex, prefix) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == ids->v.n || strncmp(ids->v.v[low].hex, prefix, n) != 0)
		return NULL;
	if (low + 1 < ids->v.n && strncmp(ids->v.v[low + 1].hex, prefix, n) == 0 &&
	    strcmp(ids->v.v[low].hex, ids->v.v[low + 1].hex) != 0)
		return NULL;
	return &ids->v.v[low];
}

static bool has_id(const struct ids *ids, const struct rq_oid *oid)
{
	char hex[RQ_OID_HEX + 1];

	return find_id(ids, rq_oid_hex(hex, oid)) != NULL;
}

/* As the index has them. */
static int compare_found(const void *a, const void *b)
{
	const struct rq_fix_found *x = a, *y = b;

	return x->fix < y->fix ? -1 : x->fix > y->fix;
}

/* One round: fixes of what is known, which the next round knows. */
static bool find_more(struct rq_fixes_found *out, struct ids *known,
		      const struct rq_fix_index *index)
{
	size_t n = out->v.n;

	for (size_t i = 0; i < index->v.n; i++) {
		const struct rq_fix *fix = &index->v.v[i];
		const struct id *of = find_id(known, fix->named);

		/* A commit that names several is wanted once. */
		if (of && !has_id(known, &fix->commit) &&
		    (out->v.n == n ||
		     !rq_oid_eq(&out->v.v[out->v.n - 1].fix->commit, &fix->commit)))
			*rq_vec_push(&out->v) = (struct rq_fix_found){ fix, of->oid };
	}
	for (size_t i = n; i < out->v.n; i++)
		add_id(known, &out->v.v[i].fix->commit);
	qsort(known->v.v, known->v.n, sizeof(*known->v.v), compare_ids);
	return out->v.n > n;
}

void rq_fixes_find(struct rq_fixes_found *out, const struct rq_fix_index *index,
		   const struct rq_oid *carried, size_t n)
{
	struct ids known = { 0 };

	for (size_t i = 0; i < n; i++)
		add_id(&known, &carried[i]);
	if (n)
		qsort(known.v.v, n, sizeof(*known.v.v), compare_ids);
	while (n && find_more(out, &known, index))
		continue;
	if (out->v.n)
		qsort(out->v.v, out->v.n, sizeof(*out->v.v), compare_found);
	rq_vec_release(&known.v);
}
