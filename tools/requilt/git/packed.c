// SPDX-License-Identifier: GPL-2.0-only
/*
 * One pack (gitformat-pack(5)): an object is found by an index of version 2, inflated at once into a
 * buffer of the size that it states, and made of deltas where it is one.  Checked are the head, each
 * size, what a delta copies, and the Adler-32 of all that is inflated.  Not checked, as in git itself,
 * is the object's SHA-1.  Trusts no byte of either file.  The pack is read and not mapped: a page
 * fault for each object costs more than the copy.
 */
#include "git/packed_internal.h"

#include <endian.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/mem.h"
#include "util/vec.h"

#define INDEX_HEAD 8
#define FANOUT (256 * 4)
#define PACK_HEAD 12
#define SUM 20
#define OFS_DELTA 6 /* an object's type: how far before it the base is, then the delta */
#define REF_DELTA 7 /* the base's id, then the delta */
/* git's own are 50 deep at most by default, and 250 at most after "gc --aggressive". */
#define DEPTH_MAX 1000
/* Type, size, and the base: ten bytes and the id at most. */
#define HEAD_MAX 32

static uint32_t read32(const unsigned char *p)
{
	uint32_t n;

	memcpy(&n, p, sizeof(n));
	return be32toh(n);
}

static uint64_t read64(const unsigned char *p)
{
	uint64_t n;

	memcpy(&n, p, sizeof(n));
	return be64toh(n);
}

/* How many objects have an id whose first byte is at most @first. */
static uint32_t fanout(const struct packed *packed, unsigned first)
{
	return read32(packed->index + INDEX_HEAD + 4 * (size_t)first);
}

static const unsigned char *ids(const struct packed *packed)
{
	return packed->index + INDEX_HEAD + FANOUT;
}

/* Ids, checksums and offsets of each object, then the offsets that need eight bytes. */
static bool check_index(struct packed *packed)
{
	const size_t least = INDEX_HEAD + FANOUT + 2 * SUM, each = RQ_OID_SIZE + 4 + 4;
	size_t behind;

	if (packed->index_len < least ||
	    memcmp(packed->index, "\377tOc\0\0\0\2", INDEX_HEAD) != 0)
		return false;
	for (unsigned i = 1; i < 256; i++)
		if (fanout(packed, i) < fanout(packed, i - 1))
			return false;
	packed->n = fanout(packed, 255);
	if (packed->n > (packed->index_len - least) / each)
		return false;
	behind = packed->index_len - least - packed->n * each;
	return behind % 8 == 0 && behind / 8 <= packed->n;
}

static bool read_at(const struct packed *packed, uint64_t at, void *out, size_t n)
{
	return pread(packed->fd, out, n, (off_t)at) == (ssize_t)n;
}

static bool check_pack(const struct packed *packed)
{
	unsigned char head[PACK_HEAD], sum[SUM];

	return packed->len >= PACK_HEAD + SUM && read_at(packed, 0, head, sizeof(head)) &&
	       memcmp(head, "PACK\0\0\0\2", 8) == 0 && read32(head + 8) == packed->n &&
	       read_at(packed, packed->len - SUM, sum, SUM) &&
	       memcmp(packed->index + packed->index_len - 2 * SUM, sum, SUM) == 0;
}

/* A regular file of a size that can be mapped; the caller closes it (-1: it is none). */
static int open_file(const char *path, uint64_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return -1;
	}
	*len = (uint64_t)st.st_size;
	return fd;
}

static bool map_index(struct packed *packed, const char *path)
{
	uint64_t len = 0;
	int fd = open_file(path, &len);
	void *map = MAP_FAILED;

	if (fd < 0)
		return false;
	if (len && len <= SIZE_MAX)
		map = mmap(NULL, (size_t)len, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (map == MAP_FAILED)
		return false;
	packed->index = map;
	packed->index_len = (size_t)len;
	return true;
}

bool packed_open(struct packed *packed, const char *index, const char *pack)
{
	*packed = (struct packed){ .fd = -1 };
	if (map_index(packed, index) && check_index(packed)) {
		packed->fd = open_file(pack, &packed->len);
		if (packed->fd >= 0 && check_pack(packed))
			return true;
	}
	packed_close(packed);
	return false;
}

void packed_close(struct packed *packed)
{
	if (packed->index)
		munmap((void *)packed->index, packed->index_len);
	if (packed->fd >= 0)
		close(packed->fd);
	*packed = (struct packed){ .fd = -1 };
}

static bool offset_of(const struct packed *packed, uint32_t nth, uint64_t *at)
{
	const unsigned char *offsets =
		ids(packed) + (size_t)packed->n * (RQ_OID_SIZE + 4);
	const unsigned char *large = offsets + 4 * (size_t)packed->n;
	const unsigned char *end = packed->index + packed->index_len - 2 * SUM;
	uint32_t offset = read32(offsets + 4 * (size_t)nth);

	*at = offset;
	if (offset & UINT32_C(0x80000000)) {
		offset &= ~UINT32_C(0x80000000);
		if (offset >= (size_t)(end - large) / 8)
			return false;
		*at = read64(large + 8 * (size_t)offset);
	}
	return *at >= PACK_HEAD && *at < packed->len - SUM;
}

bool packed_find(const struct packed *packed, const struct rq_oid *oid, uint64_t *at)
{
	unsigned first = oid->id[0];
	uint32_t low = first ? fanout(packed, first - 1) : 0;
	uint32_t high = fanout(packed, first);

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		int d = memcmp(ids(packed) + (size_t)mid * RQ_OID_SIZE, oid->id,
			       RQ_OID_SIZE);

		if (d == 0)
			return offset_of(packed, mid, at);
		if (d < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return false;
}

/* What stands before an object's deflated bytes. */
struct head {
	int type;
	uint64_t size;
	uint64_t base,
		data; /* where the base is, of a delta; where the deflated bytes are */
};

static bool read_distance(struct rq_slice *rest, uint64_t at, struct head *head)
{
	uint64_t distance = 0;
	unsigned char c;

	do {
		if (!rest->n || distance > UINT64_MAX >> 8)
			return false;
		c = (unsigned char)*rest->p++;
		rest->n--;
		distance = distance << 7 | (c & 0x7f);
		distance += c & 0x80 ? 1 : 0;
	} while (c & 0x80);
	head->base = at - distance;
	return distance && distance <= at - PACK_HEAD;
}

static bool read_base_id(const struct packed *packed, struct rq_slice *rest,
			 struct head *head)
{
	struct rq_oid base;

	if (rest->n < RQ_OID_SIZE)
		return false;
	memcpy(base.id, rest->p, RQ_OID_SIZE);
	rest->p += RQ_OID_SIZE;
	rest->n -= RQ_OID_SIZE;
	return packed_find(packed, &base, &head->base);
}

/* The type, and the size: four bits, then seven a byte, the lowest first. */
static bool read_type(struct rq_slice *rest, struct head *head)
{
	unsigned char c = (unsigned char)*rest->p++;

	rest->n--;
	head->type = c >> 4 & 7;
	head->size = c & 15;
	for (unsigned shift = 4; c & 0x80; shift += 7) {
		if (!rest->n || shift > 53)
			return false;
		c = (unsigned char)*rest->p++;
		rest->n--;
		head->size |= (uint64_t)(c & 0x7f) << shift;
	}
	return true;
}

static bool read_base(const struct packed *packed, struct rq_slice *rest, uint64_t at,
		      struct head *head)
{
	switch (head->type) {
	case RQ_OBJ_COMMIT:
	case RQ_OBJ_TREE:
	case RQ_OBJ_BLOB:
		return true;
	case OFS_DELTA:
		return read_distance(rest, at, head);
	case REF_DELTA:
		return read_base_id(packed, rest, head);
	}
	return false;
}

/* @at is inside of the pack. */
static bool read_head(const struct packed *packed, uint64_t at, size_t most,
		      struct head *head)
{
	char bytes[HEAD_MAX];
	uint64_t left = packed->len - SUM - at;
	struct rq_slice rest = { bytes, left < HEAD_MAX ? (size_t)left : HEAD_MAX };
	size_t n = rest.n;

	if (!read_at(packed, at, bytes, n) || !read_type(&rest, head) ||
	    head->size > most || !read_base(packed, &rest, at, head))
		return false;
	head->data = at + n - rest.n;
	return true;
}

/* Reads up to @n bytes from where the object's data are; how many there are. */
static size_t read_raw(const struct packed *packed, struct unpacker *unpacker,
		       const struct head *head, uint64_t n)
{
	uint64_t left = packed->len - SUM - head->data;

	if (n > left)
		n = left;
	rq_str_reserve(&unpacker->raw, (size_t)n);
	return read_at(packed, head->data, unpacker->raw.s, (size_t)n) ? (size_t)n : 0;
}

/* With room for exactly that size, fewer bytes are an error as more are. */
static bool inflate_raw(struct unpacker *unpacker, size_t n, const struct head *head,
			struct rq_str *out)
{
	size_t taken;

	return libdeflate_zlib_decompress_ex(unpacker->zip, unpacker->raw.s, n, out->s,
					     (size_t)head->size, &taken,
					     NULL) == LIBDEFLATE_SUCCESS;
}

/*
 * Into the empty @out.  How long the deflated bytes are is written nowhere: those of code are less
 * than half, and none are longer than what stored blocks take.
 */
static bool inflate_object(const struct packed *packed, struct unpacker *unpacker,
			   const struct head *head, struct rq_str *out)
{
	uint64_t longest = head->size + head->size / 64 + 4096;
	uint64_t first = head->type == RQ_OBJ_BLOB ? head->size / 2 + 64 : longest;
	size_t n = read_raw(packed, unpacker, head, first);
	bool sound;

	rq_str_reserve(out, (size_t)head->size);
	sound = inflate_raw(unpacker, n, head, out);
	if (!sound && first < longest) {
		n = read_raw(packed, unpacker, head, longest);
		sound = inflate_raw(unpacker, n, head, out);
	}
	if (!sound) {
		rq_str_release(out);
		return false;
	}
	out->len = (size_t)head->size;
	out->s[out->len] = '\0';
	return true;
}

/* A number of a delta's head, seven bits a byte, the lowest first. */
static bool read_size(struct rq_slice *rest, uint64_t *size)
{
	unsigned char c;

	*size = 0;
	for (unsigned shift = 0; shift <= 49; shift += 7) {
		if (!rest->n)
			return false;
		c = (unsigned char)*rest->p++;
		rest->n--;
		*size |= (uint64_t)(c & 0x7f) << shift;
		if (!(c & 0x80))
			return true;
	}
	return false;
}

/* The bytes of a number that @which has a bit for, the lowest first. */
static bool read_bytes(struct rq_slice *rest, unsigned which, size_t *number)
{
	*number = 0;
	for (unsigned shift = 0; which; which >>= 1, shift += 8) {
		if (!(which & 1))
			continue;
		if (!rest->n)
			return false;
		*number |= (size_t)(unsigned char)*rest->p++ << shift;
		rest->n--;
	}
	return true;
}

/* The stretch that the next instruction adds: of the base, or of the delta itself. */
static bool read_stretch(struct rq_slice *rest, struct rq_slice base,
			 struct rq_slice *stretch)
{
	unsigned char op = (unsigned char)*rest->p++;
	size_t from, n;

	rest->n--;
	if (op & 0x80) {
		if (!read_bytes(rest, op & 0x0f, &from) ||
		    !read_bytes(rest, op >> 4 & 7, &n))
			return false;
		n = n ? n : 0x10000;
		if (from > base.n || n > base.n - from)
			return false;
		*stretch = (struct rq_slice){ base.p + from, n };
		return true;
	}
	if (!op || op > rest->n)
		return false;
	*stretch = (struct rq_slice){ rest->p, op };
	rest->p += op;
	rest->n -= op;
	return true;
}

bool packed_apply(struct rq_slice delta, struct rq_slice base, size_t most,
		  struct rq_str *out)
{
	uint64_t from, size;
	bool sound = read_size(&delta, &from) && read_size(&delta, &size) &&
		     from == base.n && size <= most;

	if (!sound)
		return false;
	rq_str_reserve(out, size);
	while (sound && delta.n) {
		struct rq_slice stretch;

		sound = read_stretch(&delta, base, &stretch) &&
			stretch.n <= size - out->len;
		if (sound) {
			memcpy(out->s + out->len, stretch.p, stretch.n);
			out->len += stretch.n;
		}
	}
	if (!sound || out->len != size) {
		rq_str_release(out);
		return false;
	}
	out->s[size] = '\0';
	return true;
}

/* The next version of what is in @out. */
static bool step(const struct packed *packed, struct unpacker *unpacker,
		 const struct head *head, struct rq_str *out)
{
	struct rq_str delta = { 0 }, next = { 0 };
	bool sound = inflate_object(packed, unpacker, head, &delta) &&
		     packed_apply(rq_str_slice(&delta), rq_str_slice(out), unpacker->most,
				  &next);

	rq_str_release(&delta);
	rq_str_release(out);
	*out = next;
	return sound;
}

bool packed_read(const struct packed *packed, struct unpacker *unpacker, uint64_t at,
		 int *type, struct rq_str *out)
{
	rq_vec(struct head) deltas = { 0 };
	struct head head;
	bool sound = unpacker->zip && read_head(packed, at, unpacker->most, &head);

	while (sound && head.type >= OFS_DELTA) {
		*rq_vec_push(&deltas) = head;
		sound = deltas.n <= DEPTH_MAX &&
			read_head(packed, head.base, unpacker->most, &head);
	}
	if (sound) {
		*type = head.type;
		sound = inflate_object(packed, unpacker, &head, out);
	}
	while (sound && deltas.n)
		sound = step(packed, unpacker, &deltas.v[--deltas.n], out);
	rq_vec_release(&deltas);
	return sound;
}
