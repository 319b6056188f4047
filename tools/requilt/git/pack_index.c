// SPDX-License-Identifier: GPL-2.0-only
/*
 * The index of a pack, version 2 (gitformat-pack(5)):
 *
 *	"\377tOc" 2, 256 counts by first byte, ids sorted, CRC-32s, 31-bit offsets (or, top
 *	bit set, a place in the table that follows), 64-bit offsets, pack sum, own sum
 *
 * All numbers are big-endian.  It computes nothing about the objects: pack.c says all.
 */
#include "git/pack_internal.h"

#include <endian.h>
#include <fcntl.h>
#include <nettle/sha1.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/mem.h"
#include "util/temp.h"

#define LARGE_OFFSET 0x80000000u

static int by_oid(const void *a, const void *b)
{
	return memcmp(((const struct pack_object *)a)->oid.id,
		      ((const struct pack_object *)b)->oid.id, RQ_OID_SIZE);
}

static void add32(struct rq_str *out, uint32_t value)
{
	value = htobe32(value);
	rq_str_add(out, &value, sizeof(value));
}

static void add64(struct rq_str *out, uint64_t value)
{
	value = htobe64(value);
	rq_str_add(out, &value, sizeof(value));
}

static void add_fanout(struct rq_str *out, const struct pack_object *objects, size_t n)
{
	size_t i = 0;

	for (unsigned int byte = 0; byte < 256; byte++) {
		while (i < n && objects[i].oid.id[0] <= byte)
			i++;
		add32(out, (uint32_t)i);
	}
}

static void add_offsets(struct rq_str *out, const struct pack_object *objects, size_t n)
{
	uint32_t large = 0;

	for (size_t i = 0; i < n; i++) {
		bool small = objects[i].offset < LARGE_OFFSET;

		add32(out, small ? (uint32_t)objects[i].offset : LARGE_OFFSET | large++);
	}
	for (size_t i = 0; i < n; i++)
		if (objects[i].offset >= LARGE_OFFSET)
			add64(out, objects[i].offset);
}

static void add_own_sum(struct rq_str *out)
{
	unsigned char sum[RQ_OID_SIZE];
	struct sha1_ctx sha;

	sha1_init(&sha);
	sha1_update(&sha, out->len, (const unsigned char *)out->s);
	sha1_digest(&sha, sizeof(sum), sum);
	rq_str_add(out, sum, sizeof(sum));
}

static void build(struct rq_str *out, const struct pack_object *objects, size_t n,
		  const unsigned char checksum[RQ_OID_SIZE])
{
	rq_str_reserve(out, 8 + 256 * 4 + n * (RQ_OID_SIZE + 8) + 2 * RQ_OID_SIZE);
	rq_str_add(out, "\377tOc", 4);
	add32(out, 2);
	add_fanout(out, objects, n);
	for (size_t i = 0; i < n; i++)
		rq_str_add(out, objects[i].oid.id, RQ_OID_SIZE);
	for (size_t i = 0; i < n; i++)
		add32(out, objects[i].crc);
	add_offsets(out, objects, n);
	rq_str_add(out, checksum, RQ_OID_SIZE);
	add_own_sum(out);
}

int pack_index_write(int *fd, char **temp, const char *folder,
		     struct pack_object *objects, size_t n,
		     const unsigned char checksum[RQ_OID_SIZE], struct rq_err *err)
{
	struct rq_str bytes = { 0 };
	int rc = rq_temp_file(fd, temp, folder, PACK_TEMP, err);

	if (rc)
		return rc;
	qsort(objects, n, sizeof(*objects), by_oid);
	build(&bytes, objects, n, checksum);
	rc = pack_write_all(*fd, bytes.s, bytes.len, *temp, err);
	if (!rc && (fchmod(*fd, 0444) < 0 || fsync(*fd) < 0))
		rc = rq_err_errno(err, "%s: fsync", *temp);
	rq_str_release(&bytes);
	return rc;
}
