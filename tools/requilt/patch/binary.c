// SPDX-License-Identifier: GPL-2.0-only
/*
 * "GIT binary patch": base85 lines of zlib data, a literal or git's delta.
 *
 *	literal 3
 *	KcmYdfNCE%>hycU@
 *
 * A line is a letter for its bytes (A-Z 1 to 26, a-z 27 to 52), then five characters for
 * every four of them; an empty line ends each half.
 *
 * The stated size must be what inflates, and no more is ever allocated than the data
 * that is there can yield.  Deltas are git's: copies from the base and inserted bytes.
 */
#include "patch/patch_internal.h"

#include <stdint.h>
#include <zlib.h>

/* zlib's best ratio is 1032 to 1. */
#define MAX_RATIO 1040
/* Of a patch; all of a kernel's binary files have 2 MB. */
#define UNPACKED_MOST ((size_t)64 << 20)

static const char digits[] =
	"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	"!#$%&()*+-;<=>?@^_`{|}~";

static int fail(struct rq_parser *parser, long line, const char *what)
{
	return rq_parser_fail(parser, RQ_EFORMAT, line, "binary diff: %s", what);
}

/* Bytes in a line, by its first character; 0 is none. */
static size_t line_bytes(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A' + 1;
	return c >= 'a' && c <= 'z' ? c - 'a' + 27 : 0;
}

/* Five characters to a number; false for other characters and for more than 32 bits. */
static bool decode_five(const char *p, uint32_t *out)
{
	uint64_t value = 0;

	for (int i = 0; i < 5; i++) {
		const char *digit = p[i] ? strchr(digits, p[i]) : NULL;

		if (!digit)
			return false;
		value = value * 85 + (uint64_t)(digit - digits);
	}
	*out = (uint32_t)value;
	return value <= UINT32_MAX;
}

static int decode_line(struct rq_parser *parser, struct rq_slice text, long line,
		       struct rq_str *out)
{
	size_t left = line_bytes(text.p[0]);

	if (!left || text.n != 1 + (left + 3) / 4 * 5)
		return fail(parser, line, "line does not have the length it states");
	for (const char *p = text.p + 1; left; p += 5) {
		size_t n = left < 4 ? left : 4;
		unsigned char bytes[4];
		uint32_t value;

		if (!decode_five(p, &value))
			return fail(parser, line, "line is not base85");
		for (int i = 0; i < 4; i++)
			bytes[i] = value >> (24 - 8 * i);
		rq_str_add(out, bytes, n);
		left -= n;
	}
	return 0;
}

/* A megabyte of text may unpack to a gigabyte, and a delta of some bytes make as much. */
static int count(struct rq_parser *parser, long line, size_t size)
{
	if (size > UNPACKED_MOST || (parser->unpacked += size) > UNPACKED_MOST)
		return fail(parser, line, "more than 64 MiB in all, unpacked");
	return 0;
}

/* A size of the delta's head: 7 bits a byte, the low ones first. */
static bool take_size(struct rq_slice *delta, size_t *out)
{
	*out = 0;
	for (int shift = 0; delta->n && shift < 56; shift += 7) {
		unsigned char c = *delta->p++;

		delta->n--;
		*out |= (size_t)(c & 0x7f) << shift;
		if (!(c & 0x80))
			return true;
	}
	return false;
}

static int inflate_all(struct rq_parser *parser, long line, struct rq_slice packed,
		       struct rq_binary *binary)
{
	z_stream z = { .next_in = (Bytef *)packed.p, .avail_in = packed.n };
	size_t room = binary->size + 1; /* one more shows data beyond the stated size */
	int rc;

	if (packed.n > UINT32_MAX / 2 || binary->size / MAX_RATIO > packed.n ||
	    room > UINT32_MAX / 2)
		return fail(parser, line, "stated size cannot come from this data");
	rq_str_reserve(&binary->data, room);
	if (inflateInit(&z) != Z_OK)
		return fail(parser, line, "zlib cannot start");
	z.next_out = (Bytef *)binary->data.s;
	z.avail_out = room;
	rc = inflate(&z, Z_FINISH);
	inflateEnd(&z);
	if (rc != Z_STREAM_END || z.avail_in || z.total_out != binary->size)
		return fail(parser, line, "data does not inflate to the stated size");
	binary->data.len = binary->size;
	binary->data.s[binary->size] = '\0';
	return 0;
}

/* What a delta says it makes of its base. */
static int count_result(struct rq_parser *parser, long line,
			const struct rq_binary *binary)
{
	struct rq_slice delta = rq_str_slice(&binary->data);
	size_t from, to;

	if (binary->kind != RQ_BINARY_DELTA || !take_size(&delta, &from) ||
	    !take_size(&delta, &to))
		return 0;
	return count(parser, line, to);
}

/* "literal 123" or "delta 45". */
static bool read_kind(struct rq_slice line, struct rq_binary *binary)
{
	static const char *const words[] = {
		[RQ_BINARY_LITERAL] = "literal ", [RQ_BINARY_DELTA] = "delta "
	};
	struct rq_slice rest = rq_slice_chomp(line);
	size_t kind =
		rq_slice_starts(rest, words[0]) ? RQ_BINARY_LITERAL : RQ_BINARY_DELTA;
	size_t skip = strlen(words[kind]);

	if (!rq_slice_starts(rest, words[kind]) || rest.n == skip || rest.n > skip + 15)
		return false;
	binary->kind = kind;
	for (binary->size = 0; skip < rest.n; skip++) {
		if (rest.p[skip] < '0' || rest.p[skip] > '9')
			return false;
		binary->size = binary->size * 10 + (size_t)(rest.p[skip] - '0');
	}
	return true;
}

/* One half: the kind line, the data, and the empty line (or the end) behind it. */
static int parse_half(struct rq_parser *parser, struct rq_binary *binary)
{
	_cleanup_(rq_str_release) struct rq_str packed = { 0 };
	struct rq_slice line;
	long first = parser->line;

	rq_parser_next(parser, &line);
	while (rq_parser_next(parser, &line)) {
		line = rq_slice_chomp(line);
		if (!line.n)
			break;
		if (decode_line(parser, line, parser->line - 1, &packed))
			return parser->err->code;
	}
	if (count(parser, first, binary->size) ||
	    inflate_all(parser, first, rq_str_slice(&packed), binary))
		return parser->err->code;
	return count_result(parser, first, binary);
}

int rq_parse_binary(struct rq_parser *parser, struct rq_filediff *file)
{
	struct rq_slice line;

	if (!rq_parser_peek(parser, 0, &line) || !read_kind(line, &file->forward))
		return fail(parser, parser->line,
			    "neither 'literal' nor 'delta' follows");
	file->has_binary = true;
	if (parse_half(parser, &file->forward))
		return parser->err->code;
	if (!rq_parser_peek(parser, 0, &line) || !read_kind(line, &file->reverse))
		return 0;
	file->has_reverse = true;
	return parse_half(parser, &file->reverse);
}

void rq_binary_release(struct rq_binary *binary)
{
	rq_str_release(&binary->data);
}

/* Up to four bytes of offset and three of size follow, by the bits of @op. */
static bool take_copy(struct rq_slice *delta, unsigned op, size_t *offset, size_t *size)
{
	*offset = *size = 0;
	for (int bit = 0; bit < 7; bit++) {
		if (!(op & (1u << bit)))
			continue;
		if (!delta->n)
			return false;
		if (bit < 4)
			*offset |= (size_t)(unsigned char)*delta->p << (8 * bit);
		else
			*size |= (size_t)(unsigned char)*delta->p << (8 * (bit - 4));
		delta->p++;
		delta->n--;
	}
	if (!*size)
		*size = 0x10000;
	return true;
}

/* One instruction; false when it reaches outside the base, the delta or the result. */
static bool take_instruction(struct rq_slice *delta, struct rq_slice base, size_t room,
			     struct rq_str *out)
{
	unsigned op = (unsigned char)*delta->p++;
	size_t offset, size;

	delta->n--;
	if (op & 0x80) {
		if (!take_copy(delta, op, &offset, &size) || offset > base.n ||
		    size > base.n - offset || size > room)
			return false;
		rq_str_add(out, base.p + offset, size);
		return true;
	}
	if (!op || op > delta->n || op > room)
		return false;
	rq_str_add(out, delta->p, op);
	delta->p += op;
	delta->n -= op;
	return true;
}

int rq_binary_apply_delta(struct rq_slice base, struct rq_slice delta, struct rq_str *out,
			  struct rq_err *err)
{
	size_t start = out->len, from, to;

	if (!take_size(&delta, &from) || !take_size(&delta, &to))
		return rq_err_set(err, RQ_EFORMAT, "binary delta: no sizes at its start");
	if (from != base.n)
		return rq_err_set(err, RQ_EFORMAT,
				  "binary delta: made for %zu bytes, the file has %zu",
				  from, base.n);
	while (delta.n) {
		if (!take_instruction(&delta, base, to - (out->len - start), out))
			return rq_err_set(err, RQ_EFORMAT,
					  "binary delta: instruction outside its data");
	}
	if (out->len - start != to)
		return rq_err_set(err, RQ_EFORMAT,
				  "binary delta: makes %zu bytes, states %zu",
				  out->len - start, to);
	return 0;
}
