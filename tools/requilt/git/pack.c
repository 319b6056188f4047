// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes objects into one pack, each deflated as it arrives (gitformat-pack(5)): whole, or as its
 * difference to the version before; no loose objects, nothing that the repository has already.  The file has a
 * temporary name until all of it is on disk, and its index is renamed last, so a reader
 * never sees half a pack.  Refuses to go on after the first failed write.
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

int pack_item_make(struct pack_item *out, struct libdeflate_compressor *zip,
		   const struct pack_input *input, struct rq_err *err)
{
	bool whole = !input->delta.n;
	const void *data = whole ? input->data : input->delta.p;
	size_t len = whole ? input->len : input->delta.n, n, deflated;
	size_t bound =
		ITEM_HEADER_MAX + RQ_OID_SIZE + libdeflate_zlib_compress_bound(zip, len);
	unsigned char *bytes;

	if (len > UINT32_MAX || bound > UINT32_MAX)
		return rq_err_set(err, RQ_EFORMAT, "an object of %zu bytes is too large",
				  len);
	bytes = rq_xmalloc(bound);
	n = item_header(bytes, whole ? (int)input->type : REF_DELTA, len);
	if (!whole) {
		memcpy(bytes + n, input->base->id, RQ_OID_SIZE);
		n += RQ_OID_SIZE;
	}
	out->base = whole ? NULL : input->base;
	deflated = libdeflate_zlib_compress(zip, data, len, bytes + n, bound - n);
	if (!deflated) {
		free(bytes);
		return rq_err_set(err, RQ_EIO, "%zu bytes could not be deflated", len);
	}
	out->bytes = bytes;
	out->len = n + deflated;
	out->crc = libdeflate_crc32(0, bytes, out->len);
	return 0;
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

bool pack_takes_delta(const struct rq_pack *pack, const struct rq_oid *base)
{
	const struct pack_object *object = find(pack, base);

	return object && object->depth < DEPTH_MAX;
}

int pack_item_write(struct rq_pack *pack, const struct rq_oid *oid,
		    const struct pack_item *item, struct rq_err *err)
{
	unsigned depth = item->base ? find(pack, item->base)->depth + 1 : 0;
	struct pack_object *object;
	int rc;

	if (find(pack, oid))
		return 0;
	if (pack->objects.n == UINT32_MAX - 1)
		return rq_err_set(err, RQ_EFORMAT, "more objects than a pack can count");
	if (!pack->temp) {
		rc = open_temp(pack, err);
		if (rc)
			return rc;
	}
	rc = append(pack, item, err);
	if (rc)
		return rc;
	if (2 * (pack->objects.n + 1) > pack->n_slots)
		grow_slots(pack);
	*find_slot(pack, oid) = (uint32_t)pack->objects.n + 1;
	object = rq_vec_push(&pack->objects);
	*object = (struct pack_object){ *oid, item->crc, pack->offset, depth };
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

static int add_now(struct rq_pack *pack, struct pack_input *input,
		   const struct rq_oid *oid, struct rq_err *err)
{
	struct pack_item item;
	int rc;

	if (pack_has(pack, oid))
		return 0;
	if (input->delta.n && !pack_takes_delta(pack, input->base))
		input->delta.n = 0;
	rc = pack_item_make(&item, pack->zip, input, err);
	if (rc)
		return rc;
	rc = pack_item_write(pack, oid, &item, err);
	free(item.bytes);
	return rc;
}

static int give_copy(struct rq_pack *pack, const struct pack_input *input,
		     struct rq_str *delta, struct rq_oid *oid, struct rq_err *err)
{
	struct pack_given given = { .type = input->type,
				    .data = rq_xmalloc(input->len ? input->len : 1),
				    .len = input->len,
				    .delta = *delta,
				    .oid = oid,
				    .hashed = true };

	if (input->len)
		memcpy(given.data, input->data, input->len);
	if (delta->len)
		given.base = *input->base;
	*delta = (struct rq_str){ 0 };
	return pack_threads_give(pack, &given, err);
}

static int add(struct rq_pack *pack, struct pack_input *input, struct rq_str *delta,
	       struct rq_oid *oid, struct rq_err *err)
{
	input->delta = rq_str_slice(delta);
	return pack->threads ? give_copy(pack, input, delta, oid, err)
			     : add_now(pack, input, oid, err);
}

int rq_pack_add(struct rq_pack *pack, enum rq_obj_type type, const void *data, size_t len,
		struct rq_oid *oid, struct rq_err *err)
{
	struct pack_input input = { .type = type, .data = data, .len = len };
	struct rq_str none = { 0 };

	rq_oid_of(oid, type, data, len);
	return add(pack, &input, &none, oid, err);
}

int rq_pack_add_version(struct rq_pack *pack, enum rq_obj_type type, struct rq_slice data,
			struct rq_version_stored *last, struct rq_oid *oid,
			struct rq_err *err)
{
	struct pack_input input = {
		.type = type, .data = data.p, .len = data.n, .base = &last->oid
	};
	struct rq_str delta = { 0 };
	int rc;

	rq_oid_of(oid, type, data.p, data.n);
	if (last->bytes.len && !rq_oid_eq(&last->oid, oid))
		pack_delta(&delta, rq_str_slice(&last->bytes), data);
	if (delta.len > data.n / 2)
		delta.len = 0;
	rc = add(pack, &input, &delta, oid, err);
	rq_str_release(&delta);
	last->oid = *oid;
	last->bytes.len = 0;
	rq_str_add_slice(&last->bytes, data);
	return rc;
}

int rq_pack_queue(struct rq_pack *pack, enum rq_obj_type type, void *data, size_t len,
		  struct rq_oid *oid, struct rq_err *err)
{
	int rc;

	if (pack->threads)
		return pack_threads_give(
			pack,
			&(struct pack_given){
				.type = type, .data = data, .len = len, .oid = oid },
			err);
	rc = rq_pack_add(pack, type, data, len, oid, err);
	free(data);
	return rc;
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
