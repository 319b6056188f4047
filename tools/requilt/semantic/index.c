// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which files of a tree have an identifier.  Each .c and .h blob is read once in its life: a
 * filter of its words goes to the end of one file in the cache, found by blob id, so that
 * branches share it and a point release costs only what it changed.
 *
 * A filter may say yes by mistake (one word in some thousands), never no: what it lets through
 * is read and looked at.
 */
#include "semantic/semantic_internal.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "util/crew.h"
#include "util/file.h"
#include "util/path.h"

/*
 * The file: RQ_INDEX_MAGIC, then a record for each blob: struct record, then its bits.  Numbers
 * are as this machine has them: the file never leaves its cache.
 */
#define INDEX_MAGIC "requilt words 1\n"
#define BITS_PER_WORD 16
#define PROBES 6

struct record {
	unsigned char blob[RQ_OID_SIZE];
	uint32_t n_bytes; /* of the bits behind it; a multiple of 8 */
	uint64_t sum;	  /* of them: a damaged record is none */
};

struct blob {
	struct rq_oid oid;
	char *path; /* one of its paths */
	const unsigned char *bits;
	uint32_t n_bytes;
	unsigned char *made; /* bits of a blob that the file did not have */
};

struct index {
	const char *repo_path;
	char *path;
	int fd;
	void *map;
	size_t mapped, end;	   /* @end: behind the last whole record */
	rq_vec(struct blob) blobs; /* of the tree, sorted by path */
	const struct record **slots;
	size_t n_slots;
};

/* --- filters --- */

static bool is_word(unsigned char c)
{
	return isalnum(c) || c == '_';
}

static void set_bits(unsigned char *bits, uint32_t n_bytes, uint64_t hash)
{
	uint32_t step = (uint32_t)(hash >> 32) | 1, at = (uint32_t)hash;

	for (int i = 0; i < PROBES; i++, at += step)
		bits[at % (n_bytes * 8) / 8] |=
			(unsigned char)(1 << at % (n_bytes * 8) % 8);
}

static bool has_bits(const unsigned char *bits, uint32_t n_bytes, uint64_t hash)
{
	uint32_t step = (uint32_t)(hash >> 32) | 1, at = (uint32_t)hash;

	for (int i = 0; i < PROBES; i++, at += step)
		if (!(bits[at % (n_bytes * 8) / 8] & 1 << at % (n_bytes * 8) % 8))
			return false;
	return true;
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* The filter of all words of @text. */
static unsigned char *make_bits(struct rq_slice text, uint32_t *n_bytes)
{
	rq_vec(uint64_t) hashes = { 0 };
	unsigned char *bits;
	size_t different = 0;

	for (size_t i = 0, n; i < text.n; i += n + 1) {
		for (n = 0; i + n < text.n && is_word(text.p[i + n]);)
			n++;
		if (n > 1)
			*rq_vec_push(&hashes) = XXH3_64bits(text.p + i, n);
	}
	if (hashes.n)
		qsort(hashes.v, hashes.n, sizeof(*hashes.v), by_value);
	for (size_t i = 0; i < hashes.n; i++)
		different += !i || hashes.v[i] != hashes.v[i - 1];
	*n_bytes = (uint32_t)(different * BITS_PER_WORD / 64 + 1) * 8;
	bits = rq_xcalloc(1, *n_bytes);
	for (size_t i = 0; i < hashes.n; i++)
		set_bits(bits, *n_bytes, hashes.v[i]);
	rq_vec_release(&hashes);
	return bits;
}

/* --- the file --- */

static const struct record **slot_of(struct index *index, const unsigned char *blob)
{
	size_t i;

	memcpy(&i, blob, sizeof(i));
	for (i &= index->n_slots - 1; index->slots[i]; i = (i + 1) & (index->n_slots - 1))
		if (memcmp(index->slots[i]->blob, blob, RQ_OID_SIZE) == 0)
			break;
	return &index->slots[i];
}

/* Calls for every whole record; returns how many there are. */
static size_t walk(struct index *index, bool insert)
{
	size_t at = strlen(INDEX_MAGIC), n = 0;

	while (at + sizeof(struct record) <= index->mapped) {
		const struct record *r = (const void *)((char *)index->map + at);

		if (r->n_bytes > index->mapped - at - sizeof(*r) || !r->n_bytes)
			break;
		if (XXH3_64bits(r + 1, r->n_bytes) == r->sum) {
			if (insert)
				*slot_of(index, r->blob) = r;
			n++;
		}
		at += sizeof(*r) + r->n_bytes;
	}
	index->end = at;
	return n;
}

static int load(struct index *index, struct rq_err *err)
{
	struct stat st;

	if (fstat(index->fd, &st) < 0)
		return rq_err_errno(err, "%s", index->path);
	index->mapped = (size_t)st.st_size;
	if (index->mapped) {
		index->map =
			mmap(NULL, index->mapped, PROT_READ, MAP_SHARED, index->fd, 0);
		if (index->map == MAP_FAILED) {
			index->map = NULL;
			return rq_err_errno(err, "%s", index->path);
		}
	}
	/* Another version's file, or none: from the start. */
	if (index->mapped < strlen(INDEX_MAGIC) ||
	    memcmp(index->map, INDEX_MAGIC, strlen(INDEX_MAGIC)) != 0) {
		if (ftruncate(index->fd, 0) < 0 ||
		    pwrite(index->fd, INDEX_MAGIC, strlen(INDEX_MAGIC), 0) < 0)
			return rq_err_errno(err, "%s", index->path);
		if (index->map)
			munmap(index->map, index->mapped);
		index->map = NULL;
		index->mapped = 0;
	}
	for (index->n_slots = 1024; index->n_slots < 2 * walk(index, false);)
		index->n_slots *= 2;
	index->slots = rq_xcalloc(index->n_slots, sizeof(*index->slots));
	walk(index, true);
	return 0;
}

static int append(struct index *index, struct rq_err *err)
{
	struct rq_str bytes = { 0 };
	int rc = 0;

	for (size_t i = 0; i < index->blobs.n; i++) {
		const struct blob *b = &index->blobs.v[i];
		struct record r = { .n_bytes = b->n_bytes };

		if (!b->made)
			continue;
		memcpy(r.blob, b->oid.id, RQ_OID_SIZE);
		r.sum = XXH3_64bits(b->made, b->n_bytes);
		rq_str_add(&bytes, (const char *)&r, sizeof(r));
		rq_str_add(&bytes, (const char *)b->made, b->n_bytes);
	}
	/* What a killed run left half written goes away with it. */
	for (size_t at = 0; at < bytes.len && !rc;) {
		ssize_t n = pwrite(index->fd, bytes.s + at, bytes.len - at,
				   (off_t)(index->end + at));

		if (n <= 0)
			rc = rq_err_errno(err, "%s", index->path);
		at += n > 0 ? (size_t)n : 0;
	}
	if (!rc && bytes.len && ftruncate(index->fd, (off_t)(index->end + bytes.len)) < 0)
		rc = rq_err_errno(err, "%s", index->path);
	rq_str_release(&bytes);
	return rc;
}

/* --- the tree --- */

bool rq_index_covers(const char *path)
{
	struct rq_slice s = rq_slice_of(path);

	return rq_slice_ends(s, ".c") || rq_slice_ends(s, ".h");
}

static int list_blob(const char *path, enum rq_mode mode, const struct rq_oid *oid,
		     void *ctx)
{
	struct index *index = ctx;

	if (rq_index_covers(path) && (mode == RQ_MODE_FILE || mode == RQ_MODE_EXEC))
		*rq_vec_push(&index->blobs) =
			(struct blob){ .oid = *oid, .path = rq_xstrdup(path) };
	return 0;
}

/* Who reads blobs, with a repository of its own; after a failure it reads no more. */
struct reader {
	struct rq_repo *repo;
	struct rq_err err;
	int rc;
};

struct reading {
	struct index *index;
	struct reader readers[16];
};

static void read_blob(size_t i, size_t hand, void *ctx)
{
	struct reading *reading = ctx;
	struct reader *r = &reading->readers[hand];
	struct blob *b = &reading->index->blobs.v[i];
	struct rq_str bytes = { 0 };

	if (b->bits || r->rc)
		return;
	if (!r->repo)
		r->rc = rq_repo_open(&r->repo, reading->index->repo_path, &r->err);
	if (!r->rc)
		r->rc = rq_blob_read(r->repo, &b->oid, &bytes, &r->err);
	if (!r->rc)
		b->made = make_bits(rq_str_slice(&bytes), &b->n_bytes);
	rq_str_release(&bytes);
}

static int read_new(struct index *index, long jobs, struct rq_err *err)
{
	struct reading reading = { .index = index };
	long most = ARRAY_SIZE(reading.readers);
	int rc = 0;

	rq_crew(index->blobs.n, jobs < most ? jobs : most, read_blob, &reading);
	for (long i = 0; i < most; i++) {
		struct reader *r = &reading.readers[i];

		rq_repo_close(r->repo);
		if (r->rc && !rc) {
			rc = r->rc;
			*err = r->err;
		}
	}
	return rc;
}

/* A filter for each blob of the tree: from the file, or made now and added to it. */
static int filter_tree(struct index *index, struct rq_repo *repo,
		       const struct rq_oid *tree, long jobs, struct rq_err *err)
{
	int rc = rq_tree_each(repo, tree, list_blob, index, err);

	if (!rc)
		rc = load(index, err);
	for (size_t i = 0; i < index->blobs.n && !rc; i++) {
		struct blob *b = &index->blobs.v[i];
		const struct record *r = *slot_of(index, b->oid.id);

		if (r) {
			b->bits = (const unsigned char *)(r + 1);
			b->n_bytes = r->n_bytes;
		}
	}
	if (!rc)
		rc = read_new(index, jobs, err);
	return rc ? rc : append(index, err);
}

/* --- the search --- */

static bool may_have(const struct blob *b, const struct rq_names *names)
{
	/* Single letters are in no filter: they are nearly everywhere. */
	for (size_t i = 0; i < names->v.n; i++)
		if (strlen(names->v.v[i]) < 2 ||
		    has_bits(b->made ? b->made : b->bits, b->n_bytes,
			     XXH3_64bits(names->v.v[i], strlen(names->v.v[i]))))
			return true;
	return false;
}

static int search(struct index *index, struct rq_names *paths, struct rq_repo *repo,
		  const struct rq_names *names, struct rq_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < index->blobs.n && !rc; i++) {
		const struct blob *b = &index->blobs.v[i];
		struct rq_str bytes = { 0 };

		if (!may_have(b, names))
			continue;
		rc = rq_blob_read(repo, &b->oid, &bytes, err);
		if (!rc && rq_ctext_mentions(rq_str_slice(&bytes), names))
			rq_names_add(paths, rq_slice_of(b->path));
		rq_str_release(&bytes);
	}
	return rc;
}

static int index_open(struct index *index, const char *cache, struct rq_err *err)
{
	int rc = rq_dir_make(cache, err);

	index->path = rq_path_join(cache, "words");
	index->fd = -1;
	if (rc)
		return rc;
	index->fd = open(index->path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	/* One reader at a time: who comes second finds the blobs that the first one read. */
	if (index->fd < 0 || flock(index->fd, LOCK_EX) < 0)
		return rq_err_errno(err, "%s", index->path);
	return 0;
}

static void index_release(struct index *index)
{
	for (size_t i = 0; i < index->blobs.n; i++) {
		free(index->blobs.v[i].path);
		free(index->blobs.v[i].made);
	}
	rq_vec_release(&index->blobs);
	free(index->slots);
	if (index->map)
		munmap(index->map, index->mapped);
	if (index->fd >= 0)
		close(index->fd);
	free(index->path);
}

/* What was found is kept too: a second port does not walk the tree. */
static char *answer_path(const char *cache, const struct rq_oid *tree,
			 const struct rq_names *names)
{
	char hex[RQ_OID_HEX + 1];
	struct rq_str text = { 0 };
	struct rq_oid key;

	rq_str_addf(&text, "%s%s\n", INDEX_MAGIC, rq_oid_hex(hex, tree));
	for (size_t i = 0; i < names->v.n; i++)
		rq_str_addf(&text, "%s\n", names->v.v[i]);
	rq_oid_of(&key, RQ_OBJ_BLOB, text.s, text.len);
	rq_str_release(&text);
	return rq_xasprintf("%s/find-%s", cache, rq_oid_hex(hex, &key));
}

static int read_answer(struct rq_names *paths, const char *path, struct rq_err *err)
{
	struct rq_str bytes = { 0 };
	struct rq_slice rest, line;
	int rc = rq_file_read(&bytes, path, err);

	rest = rq_str_slice(&bytes);
	while (!rc && rq_slice_next_line(&rest, &line))
		rq_names_add(paths, rq_slice_chomp(line));
	rq_str_release(&bytes);
	return rc;
}

static int write_answer(const struct rq_names *paths, const char *path,
			struct rq_err *err)
{
	struct rq_str bytes = { 0 };
	int rc;

	for (size_t i = 0; i < paths->v.n; i++)
		rq_str_addf(&bytes, "%s\n", paths->v.v[i]);
	rc = rq_file_write(path, rq_str_slice(&bytes), err);
	rq_str_release(&bytes);
	return rc;
}

int rq_index_find(struct rq_names *paths, const char *cache, struct rq_repo *repo,
		  const struct rq_oid *tree, const struct rq_names *names, long jobs,
		  struct rq_err *err)
{
	_cleanup_free_ char *answer = answer_path(cache, tree, names);
	struct index index = { .repo_path = rq_repo_path(repo) };
	int rc = read_answer(paths, answer, err);

	if (rc != RQ_ENOTFOUND)
		return rc;
	rc = index_open(&index, cache, err);
	if (!rc)
		rc = filter_tree(&index, repo, tree, jobs, err);
	if (!rc)
		rc = search(&index, paths, repo, names, err);
	index_release(&index);
	return rc ? rc : write_answer(paths, answer, err);
}
