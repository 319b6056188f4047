// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes objects into one pack, each deflated as it arrives (gitformat-pack(5)): whole, or as its
 * difference to the version before; no loose objects, nothing that the repository has already.  The
 * file has a temporary name until all of it is on disk, and its index is renamed last, so a
 * reader never sees half a pack.  Refuses to go on after the first failed write.
 */
#include "git/pack_internal.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <nettle/sha1.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/file.h"
#include "util/mem.h"
#include "util/temp.h"

#define HEADER_SIZE 12
#define BUFFER_SIZE (1 << 20)
/* Type and size of an object take at most 10 bytes: 4 bits, then 7 a byte. */
#define ITEM_HEADER_MAX 10
#define REF_DELTA 7  /* an object's type: the base's id, then the delta */
#define DEPTH_MAX 50 /* as git repack: each step is another object to read */

static uint32_t *find_slot(const struct rq_pack *pack, const struct rq_oid *oid)
{
	size_t mask = pack->n_slots - 1;
	uint64_t hash;

	memcpy(&hash, oid->id, sizeof(hash));
	for (size_t i = hash & mask;; i = (i + 1) & mask) {
		uint32_t *slot = &pack->slots[i];

		if (!*slot || rq_oid_eq(&pack->objects.v[*slot - 1].oid, oid))
			return slot;
	}
}

static void grow_slots(struct rq_pack *pack)
{
	free(pack->slots);
	pack->n_slots = pack->n_slots ? 2 * pack->n_slots : 1024;
	pack->slots = rq_xcalloc(pack->n_slots, sizeof(*pack->slots));
	for (size_t i = 0; i < pack->objects.n; i++)
		*find_slot(pack, &pack->objects.v[i].oid) = (uint32_t)i + 1;
}

bool pack_has(const struct rq_pack *pack, const struct rq_oid *oid)
{
	/* Without a refresh: a miss must not re-read the pack folder for every new object. */
	return *find_slot(pack, oid) ||
	       git_odb_exists_ext(pack->odb, to_git_oid(oid), GIT_ODB_LOOKUP_NO_REFRESH);
}

int pack_deflater_new(struct libdeflate_compressor **out, int level, struct rq_err *err)
{
	*out = libdeflate_alloc_compressor(level);
	if (!*out)
		return rq_err_set(err, RQ_EIO, "deflate has no level %d", level);
	return 0;
}

static size_t item_header(unsigned char *out, int type, size_t len)
{
	unsigned char c = (unsigned char)((type << 4) | (len & 15));
	size_t n = 0;

	for (len >>= 4; len; len >>= 7) {
		out[n++] = c | 0x80;
		c = len & 0x7f;
	}
	out[n++] = c;
	return n;
}

static int deflate_item(struct pack_item *out, struct libdeflate_compressor *zip,
			int type, struct rq_slice data, struct rq_err *err)
{
	size_t bound = ITEM_HEADER_MAX + RQ_OID_SIZE +
		       libdeflate_zlib_compress_bound(zip, data.n);
	size_t n, deflated;

	if (data.n > UINT32_MAX || bound > UINT32_MAX)
		return rq_err_set(err, RQ_EFORMAT, "an object of %zu bytes is too large",
				  data.n);
	out->bytes = rq_xmalloc(bound);
	n = item_header(out->bytes, type, data.n);
	out->base_at = type == REF_DELTA ? n : 0;
	if (out->base_at)
		n += RQ_OID_SIZE;
	deflated =
		libdeflate_zlib_compress(zip, data.p, data.n, out->bytes + n, bound - n);
	out->len = n + deflated;
	if (deflated)
		return 0;
	free(TAKE_PTR(out->bytes));
	return rq_err_set(err, RQ_EIO, "%zu bytes could not be deflated", data.n);
}

int pack_item_make(struct pack_item *out, struct libdeflate_compressor *zip,
		   const struct pack_given *given, struct rq_err *err)
{
	struct rq_slice whole = rq_str_slice(&given->what->bytes);
	struct rq_str delta = { 0 };
	int rc;

	if (given->base)
		pack_delta(&delta, rq_str_slice(&given->base->bytes), whole);
	if (delta.len && delta.len <= whole.n / 2)
		rc = deflate_item(out, zip, REF_DELTA, rq_str_slice(&delta), err);
	else
		rc = deflate_item(out, zip, (int)given->type, whole, err);
	rq_str_release(&delta);
	return rc;
}

int pack_write_all(int fd, const void *data, size_t len, const char *path,
		   struct rq_err *err)
{
	const char *p = data;

	while (len) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return rq_err_errno(err, "%s: write", path);
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

static int flush(struct rq_pack *pack, struct rq_err *err)
{
	int rc = pack_write_all(pack->fd, pack->buffer.s, pack->buffer.len, pack->temp,
				err);

	pack->buffer.len = 0;
	return rc;
}

/* The count in the header is not known yet: it is zero until the commit. */
static int open_temp(struct rq_pack *pack, struct rq_err *err)
{
	static const unsigned char header[HEADER_SIZE] = "PACK\0\0\0\2";
	int rc = rq_dir_make(pack->folder, err);

	if (rc)
		return rc;
	rc = rq_temp_file(&pack->fd, &pack->temp, pack->folder, PACK_TEMP, err);
	if (rc)
		return rc;
	rq_str_reserve(&pack->buffer, BUFFER_SIZE);
	rq_str_add(&pack->buffer, header, sizeof(header));
	pack->offset = sizeof(header);
	return 0;
}

static int append(struct rq_pack *pack, const struct pack_item *item, struct rq_err *err)
{
	if (pack->buffer.len + item->len > BUFFER_SIZE) {
		int rc = flush(pack, err);

		if (rc)
			return rc;
	}
	if (item->len > BUFFER_SIZE)
		return pack_write_all(pack->fd, item->bytes, item->len, pack->temp, err);
	rq_str_add(&pack->buffer, item->bytes, item->len);
	return 0;
}

static const struct pack_object *find(const struct rq_pack *pack,
				      const struct rq_oid *oid)
{
	uint32_t slot = *find_slot(pack, oid);

	return slot ? &pack->objects.v[slot - 1] : NULL;
}

/* A delta needs its base in this very pack, and not too many deltas below that. */
static int settle_base(struct rq_pack *pack, const struct pack_given *given,
		       struct pack_item *item, unsigned *depth, struct rq_err *err)
{
	const struct pack_object *base =
		item->base_at ? find(pack, &given->base->oid) : NULL;
	struct pack_given whole = *given;

	*depth = 0;
	if (base && base->depth < DEPTH_MAX) {
		memcpy(item->bytes + item->base_at, base->oid.id, RQ_OID_SIZE);
		*depth = base->depth + 1;
		return 0;
	}
	if (!item->base_at)
		return 0;
	whole.base = NULL;
	free(TAKE_PTR(item->bytes));
	return pack_item_make(item, pack->zip, &whole, err);
}

int pack_item_write(struct rq_pack *pack, const struct pack_given *given,
		    struct pack_item *item, struct rq_err *err)
{
	const struct rq_oid *oid = &given->what->oid;
	unsigned depth;
	int rc;

	if (find(pack, oid))
		return 0;
	if (pack->objects.n == UINT32_MAX - 1)
		return rq_err_set(err, RQ_EFORMAT, "more objects than a pack can count");
	rc = settle_base(pack, given, item, &depth, err);
	if (!rc && !pack->temp)
		rc = open_temp(pack, err);
	if (!rc)
		rc = append(pack, item, err);
	if (rc)
		return rc;
	if (2 * (pack->objects.n + 1) > pack->n_slots)
		grow_slots(pack);
	*find_slot(pack, oid) = (uint32_t)pack->objects.n + 1;
	*rq_vec_push(&pack->objects) =
		(struct pack_object){ *oid, libdeflate_crc32(0, item->bytes, item->len),
				      pack->offset, depth };
	pack->offset += item->len;
	return 0;
}

int rq_pack_new(struct rq_pack **out, struct rq_repo *repo, int level, struct rq_err *err)
{
	struct rq_pack *pack = rq_xcalloc(1, sizeof(*pack));
	git_buf objects = { 0 };
	int rc;

	pack->repo = repo;
	pack->odb = repo->odb;
	pack->fd = -1;
	pack->level = level;
	rc = pack_deflater_new(&pack->zip, level, err);
	if (rc) {
		free(pack);
		return rc;
	}
	grow_slots(pack);
	if (git_repository_item_path(&objects, repo->git, GIT_REPOSITORY_ITEM_OBJECTS) <
	    0) {
		rc = rq_git_fail(err, "%s: objects", rq_repo_path(repo));
		rq_pack_free(pack);
		return rc;
	}
	pack->folder = rq_xasprintf("%s%spack", objects.ptr,
				    objects.ptr[objects.size - 1] == '/' ? "" : "/");
	git_buf_dispose(&objects);
	rq_temp_sweep(pack->folder, PACK_TEMP);
	*out = pack;
	return 0;
}

int rq_pack_threads(struct rq_pack *pack, int n, struct rq_err *err)
{
	return pack->threads ? 0 : pack_threads_start(pack, n, err);
}

static struct rq_stored *stored_new(struct rq_str *bytes)
{
	struct rq_stored *stored = rq_xcalloc(1, sizeof(*stored));

	stored->holders = 1;
	stored->bytes = *bytes;
	*bytes = (struct rq_str){ 0 };
	return stored;
}

void rq_stored_drop(struct rq_stored *stored)
{
	if (!stored || --stored->holders)
		return;
	rq_str_release(&stored->bytes);
	free(stored);
}

int pack_hash(const struct pack_given *given, struct rq_err *err)
{
	return rq_oid_of_object(&given->what->oid, given->type,
				rq_str_slice(&given->what->bytes), err);
}

void pack_given_drop(struct pack_given *given)
{
	rq_stored_drop(given->what);
	rq_stored_drop(given->base);
}

static int add_now(struct rq_pack *pack, const struct pack_given *given,
		   struct rq_err *err)
{
	struct pack_item item = { 0 };
	int rc;

	if (pack_has(pack, &given->what->oid))
		return 0;
	rc = pack_item_make(&item, pack->zip, given, err);
	if (!rc)
		rc = pack_item_write(pack, given, &item, err);
	free(item.bytes);
	return rc;
}

/* Takes over @given; its id is wanted now, or by the next drain. */
static int add(struct rq_pack *pack, struct pack_given *given, struct rq_oid *oid,
	       bool now, struct rq_err *err)
{
	bool hash = now || !pack->threads;
	int rc = hash ? pack_hash(given, err) : 0;

	if (hash)
		*oid = given->what->oid;
	else
		given->oid = oid;
	if (!rc && pack->threads)
		return pack_threads_give(pack, given, err);
	if (!rc)
		rc = add_now(pack, given, err);
	pack_given_drop(given);
	return rc;
}

static int add_version(struct rq_pack *pack, enum rq_obj_type type, struct rq_str *data,
		       struct rq_stored **last, struct rq_oid *oid, bool now,
		       struct rq_err *err)
{
	struct pack_given given = { .type = type,
				    .what = stored_new(data),
				    .base = *last };

	given.what->holders++;
	*last = given.what;
	return add(pack, &given, oid, now, err);
}

int rq_pack_add(struct rq_pack *pack, enum rq_obj_type type, const void *data, size_t len,
		struct rq_oid *oid, struct rq_err *err)
{
	struct pack_given given = { .type = type };
	struct rq_str copy = { 0 };

	rq_str_add(&copy, data, len);
	given.what = stored_new(&copy);
	return add(pack, &given, oid, true, err);
}

int rq_pack_add_version(struct rq_pack *pack, enum rq_obj_type type, struct rq_str *data,
			struct rq_stored **last, struct rq_oid *oid, struct rq_err *err)
{
	return add_version(pack, type, data, last, oid, true, err);
}

int rq_pack_queue(struct rq_pack *pack, enum rq_obj_type type, struct rq_str *data,
		  struct rq_oid *oid, struct rq_err *err)
{
	struct pack_given given = { .type = type, .what = stored_new(data) };

	return add(pack, &given, oid, false, err);
}

int rq_pack_queue_version(struct rq_pack *pack, enum rq_obj_type type,
			  struct rq_str *data, struct rq_stored **last,
			  struct rq_oid *oid, struct rq_err *err)
{
	return add_version(pack, type, data, last, oid, false, err);
}

int rq_pack_drain(struct rq_pack *pack, struct rq_err *err)
{
	return pack->threads ? pack_threads_drain(pack, err) : 0;
}

size_t rq_pack_count(const struct rq_pack *pack)
{
	return pack->objects.n;
}

/* Puts the count into the header. */
static int patch_header(struct rq_pack *pack, struct rq_err *err)
{
	uint32_t n = htobe32((uint32_t)pack->objects.n);

	if (pwrite(pack->fd, &n, sizeof(n), 8) != sizeof(n))
		return rq_err_errno(err, "%s: header", pack->temp);
	return 0;
}

/* The checksum covers the header, hence the second pass: as git's own index-pack does. */
static int sum_file(struct rq_pack *pack, unsigned char sum[RQ_OID_SIZE],
		    struct rq_err *err)
{
	_cleanup_free_ unsigned char *chunk = rq_xmalloc(BUFFER_SIZE);
	struct sha1_ctx sha;
	uint64_t at = 0;

	sha1_init(&sha);
	while (at < pack->offset) {
		ssize_t n = pread(pack->fd, chunk, BUFFER_SIZE, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return rq_err_errno(err, "%s: read", pack->temp);
		sha1_update(&sha, (size_t)n, chunk);
		at += (uint64_t)n;
	}
	sha1_digest(&sha, RQ_OID_SIZE, sum);
	return 0;
}

static int finish_file(struct rq_pack *pack, unsigned char sum[RQ_OID_SIZE],
		       struct rq_err *err)
{
	int rc = flush(pack, err);

	if (!rc)
		rc = patch_header(pack, err);
	if (!rc)
		rc = sum_file(pack, sum, err);
	if (!rc)
		rc = pack_write_all(pack->fd, sum, RQ_OID_SIZE, pack->temp, err);
	if (!rc && (fchmod(pack->fd, 0444) < 0 || fsync(pack->fd) < 0))
		rc = rq_err_errno(err, "%s: fsync", pack->temp);
	return rc;
}

static int rename_to(char **temp, const char *stem, const char *ending,
		     struct rq_err *err)
{
	_cleanup_free_ char *name = rq_xasprintf("%s.%s", stem, ending);

	if (rename(*temp, name) < 0)
		return rq_err_errno(err, "%s", name);
	free(TAKE_PTR(*temp));
	return 0;
}

/* Both under their names, the index last: without it nobody opens the pack. */
static int publish(struct rq_pack *pack, const unsigned char sum[RQ_OID_SIZE],
		   struct rq_err *err)
{
	_cleanup_free_ char *stem = NULL;
	char *index = NULL;
	char hex[RQ_OID_HEX + 1];
	struct rq_oid name;
	int fd = -1, rc;

	memcpy(name.id, sum, RQ_OID_SIZE);
	stem = rq_xasprintf("%s/pack-%s", pack->folder, rq_oid_hex(hex, &name));
	rc = pack_index_write(&fd, &index, pack->folder, pack->objects.v, pack->objects.n,
			      sum, err);
	if (!rc)
		rc = rename_to(&pack->temp, stem, "pack", err);
	if (!rc)
		rc = rename_to(&index, stem, "idx", err);
	if (index) {
		unlink(index);
		free(index);
	}
	if (fd >= 0)
		close(fd);
	return rc ? rc : rq_dir_sync(pack->folder, err);
}

int rq_pack_commit(struct rq_pack *pack, struct rq_err *err)
{
	unsigned char sum[RQ_OID_SIZE];
	int rc = rq_pack_drain(pack, err);

	if (rc || pack->objects.n == 0)
		return rc;
	pack_threads_stop(pack);
	rc = finish_file(pack, sum, err);
	if (!rc)
		rc = publish(pack, sum, err);
	return rc ? rc : rq_repo_refresh(pack->repo, err);
}

void rq_pack_free(struct rq_pack *pack)
{
	if (!pack)
		return;
	pack_threads_stop(pack);
	if (pack->fd >= 0)
		close(pack->fd);
	if (pack->temp)
		unlink(pack->temp);
	libdeflate_free_compressor(pack->zip);
	rq_str_release(&pack->buffer);
	rq_vec_release(&pack->objects);
	free(pack->slots);
	free(pack->temp);
	free(pack->folder);
	free(pack);
}
