// SPDX-License-Identifier: GPL-2.0-only
/*
 * What spatch made of a rule and one file, kept by the hash of everything that it depends on.  Failures
 * are never kept.  A rule over no file has an entry as well: spatch takes it.
 *
 *	requilt spatch 6
 *	unread 124 131 128 mm/memory.c
 *	after 4711 mm/rmap.c
 *	<4711 bytes>
 *	sum <SHA-1 of a blob of all before it>
 *
 * The numbers behind "unread" are the first line, the last (0: to the end), and the one of the
 * error.  What does not end with its sum is no answer: it is damaged.
 */
#include "semantic/semantic_internal.h"

#include <limits.h>
#include <stdlib.h>

#include "util/file.h"

#define CACHE_MAGIC "requilt spatch 6\n"
#define SUM_SIZE (sizeof("sum \n") - 1 + RQ_OID_HEX)

static void add_file(struct rq_str *text, const char *what,
		     const struct rq_semantic_file *f)
{
	char hex[RQ_OID_HEX + 1];
	struct rq_oid oid;

	rq_oid_of(&oid, RQ_OBJ_BLOB, rq_str_slice(&f->before).p, f->before.len);
	rq_str_addf(text, "%s %s %s\n", what, rq_oid_hex(hex, &oid), f->path);
}

char *rq_semantic_cache_path(const struct rq_semantic *run, const struct rq_rule *rule,
			     const struct rq_semantic_file *file, const char *version,
			     const char *cache)
{
	char hex[RQ_OID_HEX + 1];
	struct rq_str text = { 0 };
	struct rq_oid key;

	rq_oid_of(&key, RQ_OBJ_BLOB, rule->text.s, rule->text.len);
	rq_str_addf(&text, CACHE_MAGIC "%s\nrule %s\n", version, rq_oid_hex(hex, &key));
	for (size_t i = 0; i < run->headers.n; i++)
		add_file(&text, "header", &run->headers.v[i]);
	if (file)
		add_file(&text, "file", file);
	rq_oid_of(&key, RQ_OBJ_BLOB, text.s, text.len);
	rq_str_release(&text);
	return rq_xasprintf("%s/spatch-%s", cache, rq_oid_hex(hex, &key));
}

/* The entry is of this file and no other. */
static bool is_of(const struct rq_semantic_file *file, struct rq_slice path)
{
	return file && rq_slice_eq(rq_slice_of(file->path), path);
}

/* Takes a number off the line. */
static bool next_number(struct rq_slice *line, long *number)
{
	struct rq_slice word = rq_slice_next_word(line);

	*number = 0;
	for (size_t i = 0; i < word.n; i++) {
		if (word.p[i] < '0' || word.p[i] > '9' || *number > INT_MAX)
			return false;
		*number = 10 * *number + word.p[i] - '0';
	}
	return word.n > 0;
}

static bool load_after(struct rq_semantic_file *f, struct rq_slice line,
		       struct rq_slice *rest)
{
	long size;

	if (!next_number(&line, &size) || (size_t)size > rest->n ||
	    !is_of(f, rq_slice_trim(line)))
		return false;
	f->after.len = 0;
	rq_str_add(&f->after, rest->p, (size_t)size);
	f->changed = true;
	rest->p += size;
	rest->n -= (size_t)size;
	return true;
}

static bool load_unread(const struct rq_semantic *run, const struct rq_semantic_file *f,
			struct rq_slice line, struct rq_spatch_said *said)
{
	struct rq_unread u = { .file = f ? (size_t)(f - run->files.v) : 0 };

	if (!next_number(&line, &u.from) || !next_number(&line, &u.to) ||
	    !next_number(&line, &u.line) || !is_of(f, rq_slice_trim(line)))
		return false;
	u.to = u.to ? u.to : LONG_MAX;
	*rq_vec_push(&said->unread) = u;
	return true;
}

static void add_sum(struct rq_str *text)
{
	char hex[RQ_OID_HEX + 1];
	struct rq_oid sum;

	rq_oid_of(&sum, RQ_OBJ_BLOB, text->s, text->len);
	rq_str_addf(text, "sum %s\n", rq_oid_hex(hex, &sum));
}

/* Takes the sum off the end of the entry; false where it is none, or another's. */
static bool take_sum(struct rq_slice *entry)
{
	struct rq_str text = { 0 };
	bool same;

	if (entry->n < SUM_SIZE)
		return false;
	rq_str_add(&text, entry->p, entry->n - SUM_SIZE);
	add_sum(&text);
	same = rq_slice_eq(rq_str_slice(&text), *entry);
	rq_str_release(&text);
	entry->n -= SUM_SIZE;
	return same;
}

static bool load(struct rq_semantic *run, struct rq_spatch_said *said,
		 struct rq_semantic_file *f, struct rq_slice rest)
{
	struct rq_slice line, word;

	if (!take_sum(&rest) || !rq_slice_next_line(&rest, &line) ||
	    !rq_slice_eq(line, RQ_SLICE(CACHE_MAGIC)))
		return false;
	while (rq_slice_next_line(&rest, &line)) {
		word = rq_slice_next_word(&line);
		if (!(rq_slice_eq(word, RQ_SLICE("after")) ? load_after(f, line, &rest)
		      : rq_slice_eq(word, RQ_SLICE("unread"))
			      ? load_unread(run, f, line, said)
			      : false))
			return false;
	}
	return true;
}

bool rq_semantic_cache_load(struct rq_semantic *run, struct rq_spatch_said *said,
			    struct rq_semantic_file *file, const char *path)
{
	const size_t unread = said->unread.n;
	struct rq_str bytes = { 0 };
	struct rq_err ignored;
	bool good = rq_file_read(&bytes, path, &ignored) == 0 &&
		    load(run, said, file, rq_str_slice(&bytes));

	rq_str_release(&bytes);
	if (good)
		return true;
	if (file)
		file->changed = false;
	said->unread.n = unread;
	return false;
}

int rq_semantic_cache_store(const struct rq_semantic *run,
			    const struct rq_spatch_said *said,
			    const struct rq_semantic_file *file, const char *path,
			    struct rq_err *err)
{
	struct rq_str text = { 0 };
	int rc;

	rq_str_adds(&text, CACHE_MAGIC);
	for (size_t i = 0; i < said->unread.n; i++) {
		const struct rq_unread *u = &said->unread.v[i];

		if (&run->files.v[u->file] != file)
			continue;
		rq_str_addf(&text, "unread %ld %ld %ld %s\n", u->from,
			    u->to == LONG_MAX ? 0 : u->to, u->line,
			    run->files.v[u->file].path);
	}
	if (file && file->changed) {
		rq_str_addf(&text, "after %zu %s\n", file->after.len, file->path);
		rq_str_add_slice(&text, rq_str_slice(&file->after));
	}
	add_sum(&text);
	rc = rq_file_write(path, rq_str_slice(&text), err);
	rq_str_release(&text);
	return rc;
}
