// SPDX-License-Identifier: GPL-2.0-only
/*
 * Archives made by hand, member by member: what is read of them, the reason why one is refused,
 * and an error of the stream at each of its reads.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tree/tar.h"
#include "util/mem.h"

#define BLOCK 512

/* A member; NULL fields are as GNU tar writes them. */
struct part {
	char type;
	const char *name, *target, *body;
	const char *mode, *size, *mtime; /* octal; @size else that of @body */
	const char *magic, *prefix, *sum;
	size_t cut;	/* bytes that are missing at its end */
	bool with_sign; /* the checksum adds signed bytes */
};

static void set_field(char *block, size_t at, size_t n, const char *text)
{
	memcpy(block + at, text, strlen(text) < n ? strlen(text) : n);
}

static void add_part(struct rq_str *out, const struct part *part)
{
	const char *body = part->body ? part->body : "";
	char block[BLOCK] = { 0 }, number[32];
	long sum = 8 * ' ';

	if (!part->name) { /* the mark of the end */
		rq_str_add(out, block, BLOCK - part->cut);
		return;
	}
	set_field(block, 0, 100, part->name);
	set_field(block, 100, 8, part->mode ? part->mode : "0000644");
	snprintf(number, sizeof(number), "%011zo", strlen(body));
	set_field(block, 124, 12, part->size ? part->size : number);
	set_field(block, 136, 12, part->mtime ? part->mtime : "00000000100");
	block[156] = part->type;
	set_field(block, 157, 100, part->target ? part->target : "");
	set_field(block, 257, 8, part->magic ? part->magic : "ustar  ");
	set_field(block, 345, 155, part->prefix ? part->prefix : "");
	for (size_t i = 0; i < BLOCK; i++)
		sum += part->with_sign ? (signed char)block[i] : (unsigned char)block[i];
	snprintf(number, sizeof(number), "%06lo", sum);
	set_field(block, 148, 8, part->sum ? part->sum : number);
	rq_str_add(out, block, BLOCK);
	rq_str_adds(out, body);
	memset(block, 0, sizeof(block));
	rq_str_add(out, block, (BLOCK - strlen(body) % BLOCK) % BLOCK);
	out->len -= part->cut;
}

struct stream {
	struct rq_slice rest;
	int fails; /* at this read, from 1; 0 never */
};

static int pull(void *ctx, void *buf, size_t want, size_t *n, struct rq_err *err)
{
	struct stream *stream = ctx;

	*n = want < stream->rest.n ? want : stream->rest.n;
	if (stream->fails && !--stream->fails)
		return rq_err_set(err, RQ_EIO, "the stream broke");
	memcpy(buf, stream->rest.p, *n);
	stream->rest.p += *n;
	stream->rest.n -= *n;
	return 0;
}

/* A line a member, then "end" or what was refused. */
static int list(struct rq_str *out, struct rq_slice archive, int fails)
{
	static const char *const kinds[] = { "file", "link", "hard", "folder" };
	struct stream stream = { archive, fails };
	struct tar tar = { .pull = pull, .ctx = &stream };
	struct tar_member m = { 0 };
	struct rq_err err = { 0 };
	bool end = false;
	int rc;

	for (rc = tar_next(&tar, &m, &end, &err); !rc && !end;
	     rc = tar_next(&tar, &m, &end, &err)) {
		char *body = rq_xcalloc(1, (size_t)m.size + 1);

		rq_str_addf(out, "%s %s%s%s %ld%s", kinds[m.kind], m.name,
			    *m.target ? " -> " : "", m.target, (long)m.when,
			    m.executable ? " x" : "");
		if (m.kind == TAR_FILE && !(rc = tar_read(&tar, &m, body, &err)))
			rq_str_addf(out, " '%s'", body);
		rq_str_adds(out, "\n");
		free(body);
		if (rc)
			break;
	}
	rq_str_addf(out, "%s", rc ? err.msg : "end");
	tar_release(&tar);
	return rc;
}

/* clang-format off */
#define END { 0 }
#define NAME_110 "dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd/end-of-it"
/* clang-format on */

static const struct {
	struct part parts[5];
	const char *want;
	int rc;
} archives[] = {
	{ { { .type = '0', .name = "a", .body = "text" }, END },
	  "file a 64 'text'\nend",
	  0 },
	{ { { .type = '0', .name = "a" },
	    { .type = '0', .name = "b", .body = "x" },
	    END },
	  "file a 64 ''\nfile b 64 'x'\nend",
	  0 },
	{ { { .type = '0', .name = "a", .mode = "0000755" }, END },
	  "file a 64 x ''\nend",
	  0 },
	{ { { .type = '0', .name = "a", .mode = "0000655" }, END },
	  "file a 64 ''\nend",
	  0 },
	{ { { .type = '0', .name = "a", .mode = "0000100" }, END },
	  "file a 64 x ''\nend",
	  0 },
	{ { { .type = '\0', .name = "a" },
	    { .type = '7', .name = "b" },
	    { .type = '\0', .name = "c/" },
	    END },
	  "file a 64 ''\nfile b 64 ''\nfolder c/ 64\nend",
	  0 },
	{ { { .type = '2', .name = "l", .target = "to" },
	    { .type = '1', .name = "h", .target = "a" },
	    { .type = '5', .name = "d/" },
	    END },
	  "link l -> to 64\nhard h -> a 64\nfolder d/ 64\nend",
	  0 },
	/* a size that stands for nothing; one that does */
	{ { { .type = '5', .name = "d", .size = "00000000007" },
	    { .type = '2', .name = "l", .target = "to", .size = "00000000007" },
	    END },
	  "folder d 64\nlink l -> to 64\nend",
	  0 },
	{ { { .type = '1', .name = "h", .target = "a", .size = "00000000007" }, END },
	  "h: a hard link with contents of its own",
	  RQ_EFORMAT },
	/* the prefix of ustar, which is none of GNU's */
	{ { { .type = '0', .name = "a", .prefix = "p/q", .magic = "ustar" }, END },
	  "file p/q/a 64 ''\nend",
	  0 },
	{ { { .type = '0', .name = "a", .prefix = "p/q" }, END },
	  "file a 64 ''\nend",
	  0 },
	{ { { .type = '0', .name = "a", .magic = "ustar" }, END },
	  "file a 64 ''\nend",
	  0 },
	/* numbers */
	{ { { .type = '0', .name = "a", .mtime = "  1750 " }, END },
	  "file a 1000 ''\nend",
	  0 },
	{ { { .type = '0',
	      .name = "a",
	      .mtime = "\200\001\001\001\001\001\001\001\001\001\001\001" },
	    END },
	  "file a 72340172838076673 ''\nend",
	  0 },
	{ { { .type = '0',
	      .name = "a",
	      .mtime = "\377\377\377\377\377\377\377\377\377\377\377\376" },
	    END },
	  "file a -2 ''\nend",
	  0 },
	{ { { .type = '0', .name = "a", .mtime = "12x" }, END },
	  "damaged: a number in a header",
	  RQ_EFORMAT },
	{ { { .type = '0', .name = "a", .mtime = "128" }, END },
	  "damaged: a number in a header",
	  RQ_EFORMAT },
	{ { { .type = '0', .name = "a", .mode = "rwx" }, END },
	  "damaged: a number in a header",
	  RQ_EFORMAT },
	{ { { .type = '0',
	      .name = "a",
	      .size = "\377\377\377\377\377\377\377\377\377\377\377\376" },
	    END },
	  "damaged: a member's size",
	  RQ_EFORMAT },
	/* checksums */
	{ { { .type = '0', .name = "a", .sum = "0000001" }, END },
	  "damaged: a header's checksum is wrong, or this is no tar",
	  RQ_EFORMAT },
	{ { { .type = '0', .name = "a", .sum = "x" }, END },
	  "damaged: a header's checksum is wrong, or this is no tar",
	  RQ_EFORMAT },
	{ { { .type = '0', .name = "\303\244", .with_sign = true }, END },
	  "file \303\244 64 ''\nend",
	  0 },
	/* other kinds */
	{ { { .type = '3', .name = "d" }, END },
	  "d: neither file, folder nor link",
	  RQ_EUNSAFE },
	{ { { .type = '4', .name = "d" }, END },
	  "d: neither file, folder nor link",
	  RQ_EUNSAFE },
	{ { { .type = '6', .name = "d" }, END },
	  "d: neither file, folder nor link",
	  RQ_EUNSAFE },
	{ { { .type = 'S', .name = "s" }, END },
	  "s: a sparse member; make the archive without -S",
	  RQ_EFORMAT },
	{ { { .type = 'Q', .name = "s" }, END },
	  "s: a member of unknown type 81",
	  RQ_EFORMAT },
	{ { { .type = 'V', .name = "label", .body = "text" },
	    { .type = '0', .name = "a" },
	    END },
	  "file a 64 ''\nend",
	  0 },
	/* ends */
	{ { END }, "end", 0 },
	{ { { .cut = 512 } }, "truncated: no block of zeros at its end", RQ_EFORMAT },
	{ { { .cut = 1 } }, "truncated: it ends inside a header", RQ_EFORMAT },
	{ { { .type = '0', .name = "a" }, { .cut = 512 } },
	  "file a 64 ''\ntruncated: no block of zeros at its end",
	  RQ_EFORMAT },
	{ { { .type = '0', .name = "a", .body = "text", .cut = 509 } },
	  "file a 64\na: truncated: it ends inside a member",
	  RQ_EFORMAT },
	{ { { .type = '0', .name = "a", .body = "text", .cut = 508 } },
	  "file a 64\na: truncated: it ends inside a member",
	  RQ_EFORMAT },
	{ { { .type = '0', .name = "a", .body = "text", .cut = 1 } },
	  "file a 64\na: truncated: it ends inside a member",
	  RQ_EFORMAT },
	/* GNU's long names, each for the next member alone */
	{ { { .type = 'L', .name = "x", .body = NAME_110 },
	    { .type = '0', .name = "cut" },
	    { .type = '0', .name = "b" },
	    END },
	  "file " NAME_110 " 64 ''\nfile b 64 ''\nend",
	  0 },
	{ { { .type = 'K', .name = "x", .body = NAME_110 },
	    { .type = '2', .name = "l", .target = "cut" },
	    { .type = '2', .name = "m", .target = "n" },
	    END },
	  "link l -> " NAME_110 " 64\nlink m -> n 64\nend",
	  0 },
	{ { { .type = 'L', .name = "x", .body = NAME_110, .cut = 500 } },
	  "truncated: it ends inside a member",
	  RQ_EFORMAT },
	{ { { .type = 'L', .name = "x", .size = "00004000001" }, END },
	  "damaged: an extended header's size",
	  RQ_EFORMAT },
	{ { { .type = 'L',
	      .name = "x",
	      .size = "\377\377\377\377\377\377\377\377\377\377\377\376" },
	    END },
	  "damaged: an extended header's size",
	  RQ_EFORMAT },
	{ { { .type = 'L', .name = "x", .size = "9" }, END },
	  "damaged: a number in a header",
	  RQ_EFORMAT },
	/* pax */
	{ { { .type = 'x', .name = "x", .body = "13 path=p/qr\n15 linkpath=to\n" },
	    { .type = '2', .name = "l", .target = "m" },
	    { .type = '2', .name = "n", .target = "o" },
	    END },
	  "link p/qr -> to 64\nlink n -> o 64\nend",
	  0 },
	{ { { .type = 'x',
	      .name = "x",
	      .body = "10 size=4\n21 mtime=1000.987654\n13 comment=x\n" },
	    { .type = '0', .name = "a", .body = "text", .size = "0" },
	    END },
	  "file a 1000 'text'\nend",
	  0 },
	{ { { .type = 'x', .name = "x", .body = "15 mtime=-12.5\n" },
	    { .type = '0', .name = "a" },
	    { .type = '0', .name = "b" },
	    END },
	  "file a -12 ''\nfile b 64 ''\nend",
	  0 },
	{ { { .type = 'g', .name = "g", .body = "14 comment=abc\n" },
	    { .type = '0', .name = "a" },
	    END },
	  "damaged: a pax header",
	  RQ_EFORMAT },
	{ { { .type = 'g', .name = "g", .body = "15 comment=abc\n" },
	    { .type = '0', .name = "a" },
	    END },
	  "file a 64 ''\nend",
	  0 },
	{ { { .type = 'g', .name = "g", .body = "9 path=x\n" },
	    { .type = '0', .name = "a" },
	    END },
	  "a global pax header sets 'path'",
	  RQ_EFORMAT },
	{ { { .type = 'g', .name = "g", .body = "13 linkpath=x\n" },
	    { .type = '0', .name = "a" },
	    END },
	  "damaged: a pax header",
	  RQ_EFORMAT },
	{ { { .type = 'g', .name = "g", .body = "14 linkpath=x\n" },
	    { .type = '0', .name = "a" },
	    END },
	  "a global pax header sets 'linkpath'",
	  RQ_EFORMAT },
	{ { { .type = 'g', .name = "g", .body = "9 size=1\n" },
	    { .type = '0', .name = "a" },
	    END },
	  "a global pax header sets 'size'",
	  RQ_EFORMAT },
	{ { { .type = 'g', .name = "g", .body = "10 mtime=1\n" },
	    { .type = '0', .name = "a" },
	    END },
	  "damaged: a pax header",
	  RQ_EFORMAT },
	{ { { .type = 'g', .name = "g", .body = "11 mtime=1\n" },
	    { .type = '0', .name = "a" },
	    END },
	  "a global pax header sets 'mtime'",
	  RQ_EFORMAT },
	{ { { .type = 'x', .name = "x", .body = "22 GNU.sparse.major=1\n" },
	    { .type = '0', .name = "a" },
	    END },
	  "a sparse member; make the archive without -S",
	  RQ_EFORMAT },
	{ { { .type = 'x', .name = "x", .body = "9 size=x\n" },
	    { .type = '0', .name = "a" },
	    END },
	  "damaged: a number in a pax header",
	  RQ_EFORMAT },
	{ { { .type = 'x', .name = "x", .body = "8 size=\n" },
	    { .type = '0', .name = "a" },
	    END },
	  "damaged: a number in a pax header",
	  RQ_EFORMAT },
	{ { { .type = 'x', .name = "x", .body = "10 size=-\n" },
	    { .type = '0', .name = "a" },
	    END },
	  "damaged: a number in a pax header",
	  RQ_EFORMAT },
	{ { { .type = 'x', .name = "x", .body = "10 size=-1\n" },
	    { .type = '0', .name = "a" },
	    END },
	  "damaged: a pax header",
	  RQ_EFORMAT },
	{ { { .type = 'x', .name = "x", .body = "11 size=-1\n" },
	    { .type = '0', .name = "a" },
	    END },
	  "damaged: a member's size",
	  RQ_EFORMAT },
	{ { { .type = 'x', .name = "x", .body = "28 size=9223372036854775808\n" },
	    { .type = '0', .name = "a" },
	    END },
	  "damaged: a number in a pax header",
	  RQ_EFORMAT },
	{ { { .type = 'x', .name = "x", .body = "29 size=92233720368547758070\n" },
	    { .type = '0', .name = "a" },
	    END },
	  "damaged: a number in a pax header",
	  RQ_EFORMAT },
	{ { { .type = 'x', .name = "x", .body = "9 path x\n" },
	    { .type = '0', .name = "a" },
	    END },
	  "damaged: a pax header",
	  RQ_EFORMAT },
	{ { { .type = 'x', .name = "x", .body = "9 path-x\n" },
	    { .type = '0', .name = "a" },
	    END },
	  "damaged: a pax header",
	  RQ_EFORMAT },
	{ { { .type = 'x', .name = "x", .body = "path=x\n" },
	    { .type = '0', .name = "a" },
	    END },
	  "damaged: a pax header",
	  RQ_EFORMAT },
	{ { { .type = 'x', .name = "x", .body = "2 \n" },
	    { .type = '0', .name = "a" },
	    END },
	  "damaged: a pax header",
	  RQ_EFORMAT },
	{ { { .type = 'x', .name = "x", .body = "99 path=x\n" },
	    { .type = '0', .name = "a" },
	    END },
	  "damaged: a pax header",
	  RQ_EFORMAT },
	{ { { .type = 'x', .name = "x", .body = "000000009 path=x\n" },
	    { .type = '0', .name = "a" },
	    END },
	  "damaged: a pax header",
	  RQ_EFORMAT },
	{ { { .type = 'x', .name = "x", .body = "9-path=x\n" },
	    { .type = '0', .name = "a" },
	    END },
	  "damaged: a pax header",
	  RQ_EFORMAT },
	{ { { .type = 'x', .name = "x", .body = "9 path=xy" },
	    { .type = '0', .name = "a" },
	    END },
	  "damaged: a pax header",
	  RQ_EFORMAT },
};

static void make(struct rq_str *out, const struct part *parts)
{
	for (size_t i = 0; i < 5; i++) {
		add_part(out, &parts[i]);
		if (!parts[i].name || parts[i].cut)
			return;
	}
}

static void members_and_refusals(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(archives); i++) {
		struct rq_str archive = { 0 }, got = { 0 };
		int rc;

		make(&archive, archives[i].parts);
		rc = list(&got, rq_str_slice(&archive), 0);
		if (strcmp(got.s, archives[i].want) != 0 || rc != archives[i].rc)
			fail_msg("archive %zu:\n%s (%d)\nexpected:\n%s (%d)", i, got.s,
				 rc, archives[i].want, archives[i].rc);
		rq_str_release(&archive);
		rq_str_release(&got);
	}
}

static void a_name_with_a_nul_is_damaged(void **state)
{
	struct rq_str archive = { 0 }, got = { 0 };

	(void)state;
	make(&archive,
	     (struct part[]){ { .type = 'x', .name = "x", .body = "10 path=x?\n" },
			      { .type = '0', .name = "a" },
			      END });
	*strchr(archive.s + BLOCK, '?') = '\0';
	assert_int_equal(list(&got, rq_str_slice(&archive), 0), RQ_EFORMAT);
	assert_string_equal(got.s, "damaged: a pax header");
	got.len = 0;
	archive.s[BLOCK + 1] = '1';
	assert_int_equal(list(&got, rq_str_slice(&archive), 0), RQ_EFORMAT);
	assert_string_equal(got.s, "damaged: a name with a NUL in a pax header");
	rq_str_release(&archive);
	rq_str_release(&got);
}

/* The stream fails at each of its reads in turn: the error comes out, and nothing is taken. */
static void errors_of_the_stream(void **state)
{
	static const struct part parts[] = {
		{ .type = 'g', .name = "g", .body = "15 comment=abc\n" },
		{ .type = 'L', .name = "x", .body = "long" },
		{ .type = '0', .name = "a", .body = "text" },
		{ .type = 'V', .name = "label", .body = "text" },
		END
	};
	struct rq_str archive = { 0 }, good = { 0 };
	int fails = 1;

	(void)state;
	make(&archive, parts);
	assert_int_equal(list(&good, rq_str_slice(&archive), 0), 0);
	assert_string_equal(good.s, "file long 64 'text'\nend");
	for (;; fails++) {
		struct rq_str got = { 0 };
		int rc = list(&got, rq_str_slice(&archive), fails);
		bool whole = strcmp(got.s, good.s) == 0;

		if (!whole && (rc != RQ_EIO || !strstr(got.s, "the stream broke")))
			fail_msg("read %d: %d, %s", fails, rc, got.s);
		rq_str_release(&got);
		if (whole)
			break;
	}
	assert_int_equal(fails, 14);
	rq_str_release(&archive);
	rq_str_release(&good);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_and_refusals),
		cmocka_unit_test(a_name_with_a_nul_is_damaged),
		cmocka_unit_test(errors_of_the_stream),
	};

	return cmocka_run_group_tests_name("tar", tests, NULL, NULL);
}
