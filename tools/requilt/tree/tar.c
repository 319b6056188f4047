// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads tar (pax(1), GNU tar's manual "Basic Tar Format").  Our own reader, because names
 * must come out byte for byte: libarchive turns those of pax headers into composed
 * Unicode and refuses what is no UTF-8, so the tree would not be git's; it also takes a
 * cut archive for a whole one.  Refuses what a tree cannot hold and sparse members.
 */
#include "tree/tar.h"

#include <stddef.h>

#define BLOCK 512
/* Long names and pax records: some kilobytes at most. */
#define EXTENSION_MAX (1 << 20)

struct header {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type;
	char target[100], magic[8], user[32], group[32], major[8], minor[8], prefix[155],
		rest[12];
};
_Static_assert(sizeof(struct header) == BLOCK, "a header is one block");

static int damaged(struct rq_err *err, const char *what)
{
	return rq_err_set(err, RQ_EFORMAT, "damaged: %s", what);
}

/* Octal digits between blanks, or, top bit set, a big-endian number. */
static int number(int64_t *out, const char *field, size_t size, struct rq_err *err)
{
	const unsigned char *p = (const unsigned char *)field;
	uint64_t value = 0;
	size_t i = 0;

	if (p[0] & 0x80) {
		value = p[0] == 0xff ? UINT64_MAX : p[0] & 0x3f;
		for (i = 1; i < size; i++)
			value = value << 8 | p[i];
		*out = (int64_t)value;
		return 0;
	}
	while (i < size && p[i] == ' ')
		i++;
	for (; i < size && p[i] >= '0' && p[i] <= '7'; i++)
		value = value << 3 | (uint64_t)(p[i] - '0');
	if (i < size && p[i] != ' ' && p[i] != '\0')
		return damaged(err, "a number in a header");
	*out = (int64_t)value;
	return 0;
}

/* The sum of all bytes, the checksum's own as blanks; some old programs added them signed. */
static bool sum_fits(const struct header *h, int64_t want)
{
	const char *p = (const char *)h;
	int64_t plain = 0, with_sign = 0;

	for (size_t i = 0; i < BLOCK; i++) {
		size_t at = i - offsetof(struct header, checksum);
		char c =
			i >= offsetof(struct header, checksum) && at < sizeof(h->checksum)
				? ' '
				: p[i];

		plain += (unsigned char)c;
		with_sign += (signed char)c;
	}
	return want == plain || want == with_sign;
}

static bool is_zero(const struct header *h)
{
	const char *p = (const char *)h;

	return p[0] == '\0' && memcmp(p, p + 1, BLOCK - 1) == 0;
}

/* The next block; *end when it is the mark. */
static int next_header(struct tar *tar, struct header *h, bool *end, struct rq_err *err)
{
	int64_t sum;
	size_t n;
	int rc = tar->pull(tar->ctx, h, BLOCK, &n, err);

	if (rc)
		return rc;
	if (n < BLOCK)
		return rq_err_set(err, RQ_EFORMAT, "truncated: %s",
				  n ? "it ends inside a header"
				    : "no block of zeros at its end");
	*end = is_zero(h);
	if (*end)
		return 0;
	if (number(&sum, h->checksum, sizeof(h->checksum), err) || !sum_fits(h, sum))
		return damaged(err, "a header's checksum is wrong, or this is no tar");
	return 0;
}

/* @size bytes and what fills their last block. */
static int pull_contents(struct tar *tar, char *buf, size_t size, struct rq_err *err)
{
	char fill[BLOCK];
	size_t rest = (BLOCK - size % BLOCK) % BLOCK, n;
	int rc = tar->pull(tar->ctx, buf, size, &n, err);

	if (!rc && n == size) {
		size = rest;
		rc = tar->pull(tar->ctx, fill, rest, &n, err);
	}
	if (!rc && n < size)
		rc = rq_err_set(err, RQ_EFORMAT, "truncated: it ends inside a member");
	return rc;
}

/* The contents of an extension header. */
static int pull_text(struct tar *tar, const struct header *h, struct rq_str *out,
		     struct rq_err *err)
{
	int64_t size;
	int rc = number(&size, h->size, sizeof(h->size), err);

	if (rc)
		return rc;
	if (size < 0 || size > EXTENSION_MAX)
		return damaged(err, "an extended header's size");
	out->len = 0;
	rq_str_reserve(out, (size_t)size);
	rc = pull_contents(tar, out->s, (size_t)size, err);
	if (rc)
		return rc;
	out->len = (size_t)size;
	out->s[size] = '\0';
	return 0;
}

/* GNU's 'L' and 'K': a name, ended by NUL. */
static int pull_long(struct tar *tar, const struct header *h, struct rq_str *out,
		     bool *has, struct rq_err *err)
{
	int rc = pull_text(tar, h, out, err);

	if (rc)
		return rc;
	out->len = strlen(out->s);
	*has = true;
	return 0;
}

/* Whole seconds of "1350244992.023960108", rounded down; a minus stands for before 1970. */
static int pax_number(int64_t *out, struct rq_slice value, struct rq_err *err)
{
	bool negative = value.n && value.p[0] == '-';
	size_t i = negative;
	int64_t n = 0;

	for (; i < value.n && value.p[i] >= '0' && value.p[i] <= '9'; i++)
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, value.p[i] - '0', &n))
			return damaged(err, "a number in a pax header");
	if (i == (size_t)negative || (i < value.n && value.p[i] != '.'))
		return damaged(err, "a number in a pax header");
	*out = negative ? -n : n;
	return 0;
}

static int pax_text(struct rq_str *out, bool *has, struct rq_slice value,
		    struct rq_err *err)
{
	if (memchr(value.p, '\0', value.n))
		return damaged(err, "a name with a NUL in a pax header");
	out->len = 0;
	rq_str_add_slice(out, value);
	*has = true;
	return 0;
}

/* A global header that says such things of every member to come is nobody's practice. */
static int pax_record(struct tar *tar, struct rq_slice key, struct rq_slice value,
		      bool global, struct rq_err *err)
{
	bool path = rq_slice_eq(key, RQ_SLICE("path"));
	bool target = rq_slice_eq(key, RQ_SLICE("linkpath"));
	bool size = rq_slice_eq(key, RQ_SLICE("size"));
	bool when = rq_slice_eq(key, RQ_SLICE("mtime"));

	if (rq_slice_starts(key, "GNU.sparse."))
		return rq_err_set(err, RQ_EFORMAT,
				  "a sparse member; make the archive without -S");
	if (global && (path || target || size || when))
		return rq_err_set(err, RQ_EFORMAT, "a global pax header sets '%.*s'",
				  RQ_SLICE_ARG(key));
	if (path)
		return pax_text(&tar->name, &tar->has_name, value, err);
	if (target)
		return pax_text(&tar->target, &tar->has_target, value, err);
	if (size) {
		tar->has_size = true;
		return pax_number(&tar->size, value, err);
	}
	if (when) {
		tar->has_when = true;
		return pax_number(&tar->when, value, err);
	}
	return 0;
}

/* "LEN key=value\n", LEN being that of the whole record. */
static int pax_records(struct tar *tar, struct rq_slice text, bool global,
		       struct rq_err *err)
{
	while (text.n) {
		const char *equals;
		struct rq_slice key, value;
		size_t n = 0, i = 0;

		for (; i < text.n && i < 8 && text.p[i] >= '0' && text.p[i] <= '9'; i++)
			n = 10 * n + (size_t)(text.p[i] - '0');
		if (i == 0 || n > text.n || n < i + 3 || text.p[i] != ' ' ||
		    text.p[n - 1] != '\n')
			return damaged(err, "a pax header");
		key.p = text.p + i + 1;
		equals = memchr(key.p, '=', n - i - 2);
		if (!equals)
			return damaged(err, "a pax header");
		key.n = (size_t)(equals - key.p);
		value.p = equals + 1;
		value.n = (size_t)(text.p + n - 1 - value.p);
		if (pax_record(tar, key, value, global, err))
			return err->code;
		text.p += n;
		text.n -= n;
	}
	return 0;
}

static int pull_pax(struct tar *tar, const struct header *h, struct rq_err *err)
{
	struct rq_str text = { 0 };
	int rc = pull_text(tar, h, &text, err);

	if (!rc)
		rc = pax_records(tar, rq_str_slice(&text), h->type == 'g', err);
	rq_str_release(&text);
	return rc;
}

static int skip_contents(struct tar *tar, const struct header *h, struct rq_err *err)
{
	struct rq_str text = { 0 };
	int rc = pull_text(tar, h, &text, err);

	rq_str_release(&text);
	return rc;
}

/* Takes extension headers until one that is a member, or the end. */
static int next_member_header(struct tar *tar, struct header *h, bool *end,
			      struct rq_err *err)
{
	for (;;) {
		int rc = next_header(tar, h, end, err);

		if (rc || *end)
			return rc;
		if (h->type == 'L')
			rc = pull_long(tar, h, &tar->name, &tar->has_name, err);
		else if (h->type == 'K')
			rc = pull_long(tar, h, &tar->target, &tar->has_target, err);
		else if (h->type == 'x' || h->type == 'g')
			rc = pull_pax(tar, h, err);
		else if (h->type == 'V') /* the label of a tape */
			rc = skip_contents(tar, h, err);
		else
			return 0;
		if (rc)
			return rc;
	}
}

/* What no extended header said is in the fields. */
static int fill_in(struct tar *tar, const struct header *h, struct rq_err *err)
{
	int rc = 0;

	if (!tar->has_name) {
		tar->name.len = 0;
		/* GNU's magic is "ustar  ", and it uses the prefix for other things. */
		if (!memcmp(h->magic, "ustar", 6) && h->prefix[0]) {
			rq_str_add(&tar->name, h->prefix,
				   strnlen(h->prefix, sizeof(h->prefix)));
			rq_str_add(&tar->name, "/", 1);
		}
		rq_str_add(&tar->name, h->name, strnlen(h->name, sizeof(h->name)));
	}
	if (!tar->has_target) {
		tar->target.len = 0;
		rq_str_add(&tar->target, h->target,
			   strnlen(h->target, sizeof(h->target)));
	}
	if (!tar->has_size)
		rc = number(&tar->size, h->size, sizeof(h->size), err);
	if (!rc && !tar->has_when)
		rc = number(&tar->when, h->mtime, sizeof(h->mtime), err);
	return rc;
}

static int kind_of(enum tar_kind *out, const struct tar *tar, char type,
		   struct rq_err *err)
{
	bool slash = tar->name.len && tar->name.s[tar->name.len - 1] == '/';

	switch (type) {
	case '\0':
	case '0':
	case '7':
		*out = slash ? TAR_FOLDER : TAR_FILE; /* v7 knew no type for folders */
		return 0;
	case '1':
		*out = TAR_HARD_LINK;
		return 0;
	case '2':
		*out = TAR_LINK;
		return 0;
	case '5':
		*out = TAR_FOLDER;
		return 0;
	case '3':
	case '4':
	case '6':
		return rq_err_set(err, RQ_EUNSAFE, "%s: neither file, folder nor link",
				  tar->name.s);
	case 'S':
		return rq_err_set(err, RQ_EFORMAT,
				  "%s: a sparse member; make the archive without -S",
				  tar->name.s);
	default:
		return rq_err_set(err, RQ_EFORMAT, "%s: a member of unknown type %d",
				  tar->name.s, type);
	}
}

int tar_next(struct tar *tar, struct tar_member *out, bool *end, struct rq_err *err)
{
	struct header h;
	int64_t mode;
	int rc;

	tar->has_name = tar->has_target = tar->has_size = tar->has_when = false;
	rc = next_member_header(tar, &h, end, err);
	if (rc || *end)
		return rc;
	rc = fill_in(tar, &h, err);
	if (!rc)
		rc = number(&mode, h.mode, sizeof(h.mode), err);
	if (!rc)
		rc = kind_of(&out->kind, tar, h.type, err);
	if (rc)
		return rc;
	if (tar->size < 0)
		return damaged(err, "a member's size");
	/* Folders and links may carry a size that stands for nothing, hard links one that may. */
	if (out->kind == TAR_HARD_LINK && tar->size)
		return rq_err_set(err, RQ_EFORMAT,
				  "%s: a hard link with contents of its own",
				  tar->name.s);
	out->name = tar->name.s;
	out->target = tar->target.s;
	out->size = out->kind == TAR_FILE ? tar->size : 0;
	out->when = tar->when;
	out->executable = mode & 0100;
	return 0;
}

int tar_read(struct tar *tar, const struct tar_member *member, void *buf,
	     struct rq_err *err)
{
	int rc = pull_contents(tar, buf, (size_t)member->size, err);

	return rc ? rq_err_prefix(err, "%s: ", member->name) : 0;
}

void tar_release(struct tar *tar)
{
	rq_str_release(&tar->name);
	rq_str_release(&tar->target);
}
