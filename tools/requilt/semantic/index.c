// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which files of a tree have an identifier, and what they declare.  Each .c and .h blob is read
 * once in its life: a filter of its words and a table of the functions that it declares go to the
 * end of one file in the cache, found by blob id, so that branches share it and a point release
 * costs only what it changed.
 *
 * A filter may say yes by mistake (one word in some thousands), never no: what it lets through
 * is read and looked at.
 */
#include "semantic/index_internal.h"

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
#include "util/set.h"

/*
 * The file: INDEX_MAGIC, then a record for each blob: struct rq_index_record, then its bits, then its
 * declarations.  Numbers are as this machine has them: the file never leaves its cache.
 */
#define INDEX_MAGIC "requilt words 2\n"
#define BITS_PER_WORD 16
#define PROBES 6
/* Reading fewer blobs than these takes no time that anybody would wonder about. */
#define WORTH_SAYING 2000

struct rq_index_record {
	unsigned char blob[RQ_OID_SIZE];
	uint32_t n_bytes;    /* of the bits behind it; a multiple of 8 */
	uint64_t sum;	     /* of all that is behind it: a damaged record is none */
	uint64_t n_declared; /* behind the bits */
};

/* --- what a blob has --- */

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void set_bits(unsigned char *bits, uint32_t n_bytes, uint64_t hash)
{
	uint32_t step = (uint32_t)(hash >> 32) | 1, at = (uint32_t)hash;

	for (int i = 0; i < PROBES; i++, at += step)
		bits[at % (n_bytes * 8) / 8] |=
			(unsigned char)(1 << at % (n_bytes * 8) % 8);
}

/* The filter of all words of @text. */
static unsigned char *make_bits(struct rq_slice text, uint32_t *n_bytes)
{
	struct rq_set hashes = { 0 };
	unsigned char *bits;

	for (size_t i = 0, n; i < text.n; i += n + 1) {
		for (n = 0; i + n < text.n && rq_is_word(text.p[i + n]);)
			n++;
		if (n > 1)
			rq_set_add(&hashes,
				   rq_name_hash((struct rq_slice){ text.p + i, n }), 1);
	}
	*n_bytes = (uint32_t)(hashes.n * BITS_PER_WORD / 64 + 1) * 8;
	bits = rq_xcalloc(1, *n_bytes);
	for (size_t i = 0; i < hashes.n_slots; i++)
		if (hashes.slots[i].time)
			set_bits(bits, *n_bytes, hashes.slots[i].hash);
	rq_set_release(&hashes);
	return bits;
}

struct declaring {
	rq_vec(uint64_t) v;
};

static void declare(const struct rq_cuse *use, void *ctx)
{
	struct declaring *d = ctx;

	if (use->kind == RQ_CUSE_DECLARES && use->top)
		*rq_vec_push(&d->v) =
			rq_declared(rq_name_hash(use->name), use->args, use->is_static);
	else if (use->kind == RQ_CUSE_MACRO && use->alias)
		*rq_vec_push(&d->v) =
			rq_declared(rq_name_hash(use->name), RQ_ARGS_ANY, false);
	else if (use->kind == RQ_CUSE_PASTED)
		*rq_vec_push(&d->v) =
			(rq_pasted_hash(use->name, use->back) & RQ_DECLARED_NAME) |
			RQ_DECLARED_PASTED;
	else if (use->kind == RQ_CUSE_OTHER && use->argument)
		*rq_vec_push(&d->v) =
			(rq_name_hash(use->name) & RQ_DECLARED_NAME) | RQ_DECLARED_GIVEN;
}

/* What @text declares, sorted by name, each once. */
static uint64_t *make_declared(struct rq_slice text, size_t *n)
{
	struct declaring declaring = { 0 };
	struct rq_cscan scan = { .each = declare, .ctx = &declaring };
	size_t kept = 0;

	rq_cscan_text(&scan, text);
	if (declaring.v.n)
		qsort(declaring.v.v, declaring.v.n, sizeof(*declaring.v.v), by_value);
	for (size_t i = 0; i < declaring.v.n; i++)
		if (!i || declaring.v.v[i] != declaring.v.v[i - 1])
			declaring.v.v[kept++] = declaring.v.v[i];
	*n = kept;
	return declaring.v.v;
}

/* --- the file --- */

static const struct rq_index_record **slot_of(struct rq_index *index,
					      const unsigned char *blob)
{
	size_t i;

	memcpy(&i, blob, sizeof(i));
	for (i &= index->n_slots - 1; index->slots[i]; i = (i + 1) & (index->n_slots - 1))
		if (memcmp(index->slots[i]->blob, blob, RQ_OID_SIZE) == 0)
			break;
	return &index->slots[i];
}

static size_t size_behind(const struct rq_index_record *r)
{
	return r->n_bytes + (size_t)r->n_declared * sizeof(uint64_t);
}

/* Calls for every whole record; returns how many there are. */
static size_t walk(struct rq_index *index, bool insert)
{
	size_t at = strlen(INDEX_MAGIC), n = 0;

	while (at + sizeof(struct rq_index_record) <= index->mapped) {
		const struct rq_index_record *r = (const void *)((char *)index->map + at);

		if (!r->n_bytes || r->n_bytes % 8 || r->n_declared > index->mapped ||
		    size_behind(r) > index->mapped - at - sizeof(*r))
			break;
		if (XXH3_64bits(r + 1, size_behind(r)) == r->sum) {
			if (insert)
				*slot_of(index, r->blob) = r;
			n++;
		}
		at += sizeof(*r) + size_behind(r);
	}
	index->end = at;
	return n;
}

static int load(struct rq_index *index, struct rq_err *err)
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

static int append(struct rq_index *index, struct rq_err *err)
{
	struct rq_str bytes = { 0 };
	int rc = 0;

	for (size_t i = 0; i < index->blobs.n; i++) {
		const struct rq_index_blob *b = &index->blobs.v[i];
		struct rq_index_record r = { .n_bytes = b->n_bytes,
					     .n_declared = b->n_declared };
		size_t at = bytes.len + sizeof(r);

		if (!b->made)
			continue;
		memcpy(r.blob, b->oid.id, RQ_OID_SIZE);
		rq_str_add(&bytes, &r, sizeof(r));
		rq_str_add(&bytes, b->made, b->n_bytes);
		rq_str_add(&bytes, b->made_declared, b->n_declared * sizeof(uint64_t));
		r.sum = XXH3_64bits(bytes.s + at, size_behind(&r));
		memcpy(bytes.s + at - sizeof(r), &r, sizeof(r));
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

static int list_blob(const char *path, enum rq_mode mode, const struct rq_oid *oid,
		     void *ctx)
{
	struct rq_index *index = ctx;

	if (rq_path_is_c(path) && (mode == RQ_MODE_FILE || mode == RQ_MODE_EXEC))
		*rq_vec_push(&index->blobs) =
			(struct rq_index_blob){ .oid = *oid, .path = rq_xstrdup(path) };
	return 0;
}

/* Who reads blobs, with a repository of its own; after a failure it reads no more. */
struct reader {
	struct rq_repo *repo;
	struct rq_err err;
	int rc;
};

struct reading {
	struct rq_index *index;
	struct reader readers[16];
};

static void read_blob(size_t i, size_t hand, void *ctx)
{
	struct reading *reading = ctx;
	struct reader *r = &reading->readers[hand];
	struct rq_index_blob *b = &reading->index->blobs.v[i];
	struct rq_str bytes = { 0 };

	if (b->bits || r->rc)
		return;
	if (!r->repo)
		r->rc = rq_repo_open(&r->repo, reading->index->repo_path, &r->err);
	if (!r->rc)
		r->rc = rq_blob_read(r->repo, &b->oid, &bytes, &r->err);
	if (!r->rc) {
		b->bits = b->made = make_bits(rq_str_slice(&bytes), &b->n_bytes);
		b->declared = b->made_declared =
			make_declared(rq_str_slice(&bytes), &b->n_declared);
	}
	rq_str_release(&bytes);
}

static int read_new(struct rq_index *index, long jobs, struct rq_err *err)
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
static int filter_tree(struct rq_index *index, struct rq_repo *repo,
		       const struct rq_oid *tree, long jobs, FILE *progress,
		       struct rq_err *err)
{
	int rc = rq_tree_each(repo, tree, list_blob, index, err);
	size_t missing = 0;

	if (!rc)
		rc = load(index, err);
	for (size_t i = 0; i < index->blobs.n && !rc; i++) {
		struct rq_index_blob *b = &index->blobs.v[i];
		const struct rq_index_record *r = *slot_of(index, b->oid.id);

		if (r) {
			b->bits = (const unsigned char *)(r + 1);
			b->n_bytes = r->n_bytes;
			b->declared = (const uint64_t *)(b->bits + b->n_bytes);
			b->n_declared = r->n_declared;
		} else {
			missing++;
		}
	}
	if (missing > WORTH_SAYING && progress)
		fprintf(progress,
			"requilt: reading the names of %zu files, once for this tree\n",
			missing);
	if (!rc)
		rc = read_new(index, jobs, err);
	return rc ? rc : append(index, err);
}

/* --- the search --- */

bool rq_index_may_have(const struct rq_index_blob *b, uint64_t hash)
{
	uint32_t step = (uint32_t)(hash >> 32) | 1, at = (uint32_t)hash;

	for (int i = 0; i < PROBES; i++, at += step)
		if (!(b->bits[at % (b->n_bytes * 8) / 8] &
		      1 << at % (b->n_bytes * 8) % 8))
			return false;
	return true;
}

static bool may_have(const struct rq_index_blob *b, const struct rq_names *names)
{
	/* Single letters are in no filter: they are nearly everywhere. */
	for (size_t i = 0; i < names->v.n; i++)
		if (strlen(names->v.v[i]) < 2 ||
		    rq_index_may_have(b, rq_name_hash(rq_slice_of(names->v.v[i]))))
			return true;
	return false;
}

static int search(struct rq_index *index, struct rq_names *paths, struct rq_repo *repo,
		  const struct rq_names *names, struct rq_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < index->blobs.n && !rc; i++) {
		const struct rq_index_blob *b = &index->blobs.v[i];
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

static int open_file(struct rq_index *index, const char *cache, struct rq_err *err)
{
	int rc = rq_dir_make(cache, err);

	index->path = rq_path_join(cache, "words");
	if (rc)
		return rc;
	index->fd = open(index->path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	/* One reader at a time: who comes second finds the blobs that the first one read. */
	if (index->fd < 0 || flock(index->fd, LOCK_EX) < 0)
		return rq_err_errno(err, "%s", index->path);
	return 0;
}

int rq_index_open(struct rq_index *index, const char *cache, struct rq_repo *repo,
		  const struct rq_oid *tree, long jobs, FILE *progress,
		  struct rq_err *err)
{
	int rc = open_file(index, cache, err);

	index->repo_path = rq_repo_path(repo);
	return rc ? rc : filter_tree(index, repo, tree, jobs, progress, err);
}

void rq_index_close(struct rq_index *index)
{
	for (size_t i = 0; i < index->blobs.n; i++) {
		free(index->blobs.v[i].path);
		free(index->blobs.v[i].made);
		free(index->blobs.v[i].made_declared);
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

	rq_str_addf(&text, "requilt words 1\n%s\n", rq_oid_hex(hex, tree));
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
	struct rq_index index = { .fd = -1 };
	int rc = read_answer(paths, answer, err);

	if (rc != RQ_ENOTFOUND)
		return rc;
	rc = rq_index_open(&index, cache, repo, tree, jobs, NULL, err);
	if (!rc)
		rc = search(&index, paths, repo, names, err);
	rq_index_close(&index);
	return rc ? rc : write_answer(paths, answer, err);
}

int rq_index_is_whole(bool *whole, struct rq_repo *repo, const struct rq_oid *tree,
		      struct rq_err *err)
{
	enum rq_mode makefile, include = RQ_MODE_NONE;
	struct rq_oid ignored;
	int rc = rq_tree_lookup(repo, tree, "Makefile", &ignored, &makefile, err);

	if (!rc)
		rc = rq_tree_lookup(repo, tree, "include", &ignored, &include, err);
	*whole = !rc && makefile != RQ_MODE_NONE && include == RQ_MODE_TREE;
	return rc;
}

int rq_index_prepare(const char *cache, struct rq_repo *repo, const struct rq_oid *tree,
		     long jobs, FILE *progress, struct rq_err *err)
{
	struct rq_index index = { .fd = -1 };
	bool whole;
	int rc = rq_index_is_whole(&whole, repo, tree, err);

	if (!rc && whole)
		rc = rq_index_open(&index, cache, repo, tree, jobs, progress, err);
	rq_index_close(&index);
	return rc;
}
