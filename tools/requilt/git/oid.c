// SPDX-License-Identifier: GPL-2.0-only
/*
 * Object ids and the start of the library.  Reads and writes no repository.
 */
#include "git/git_internal.h"
#include "git/packed_internal.h"

#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <stdarg.h>
#include <stdio.h>

#include "util/mem.h"

_Static_assert(sizeof(struct rq_oid) == sizeof(git_oid), "an oid is its 20 bytes");

/*
 * Stands before mbed TLS's own for the library, whose start reads and decodes the certificates of every
 * authority with it: a quarter of the work of a port on which nothing changed.  No connection is ever
 * made with them, since git does what is fetched; without them one would fail.
 */
int mbedtls_x509_crt_parse_file(void *chain, const char *path);
int mbedtls_x509_crt_parse_file(void *chain, const char *path)
{
	(void)chain;
	(void)path;
	return 0;
}

void rq_git_init(void)
{
	static const char *plain_extensions[] = { "worktreeconfig", "partialclone" };

	rq_git_bound();
	git_libgit2_init();
	/* owner.c does that. */
	git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
	git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
	/* What a sparse or a partial clone is marked with says nothing of the objects that are there. */
	git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, plain_extensions,
			 ARRAY_SIZE(plain_extensions));
	/* By default folders of more than 4 KiB are read again for each path that leads into them. */
	git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, GIT_OBJECT_TREE,
			 (size_t)1 << 20);
}

void rq_git_shutdown(void)
{
	git_libgit2_shutdown();
	checked_release();
}

void rq_git_map_at_most(size_t bytes)
{
	packs_leave_out();
	git_libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE, bytes / 4);
	git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, bytes);
}

int rq_git_fail(struct rq_err *err, const char *fmt, ...)
{
	const git_error *last = git_error_last();
	bool bound = last && last->klass == GIT_ERROR_NOMEMORY;
	char text[1024], why[80];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	rq_git_say_bound(why, sizeof(why));
	/* Nothing but our bound sets that class: the input is at fault, and not the machine. */
	return rq_err_set(err, bound ? RQ_EFORMAT : RQ_EGIT, "%s: %s", text,
			  bound	 ? why
			  : last ? last->message
				 : "git library gave no reason");
}

bool rq_oid_eq(const struct rq_oid *a, const struct rq_oid *b)
{
	return memcmp(a->id, b->id, RQ_OID_SIZE) == 0;
}

bool rq_oid_is_zero(const struct rq_oid *oid)
{
	static const struct rq_oid zero;

	return rq_oid_eq(oid, &zero);
}

char *rq_oid_hex(char *hex, const struct rq_oid *oid)
{
	git_oid_tostr(hex, RQ_OID_HEX + 1, to_git_oid(oid));
	return hex;
}

int rq_oid_parse(struct rq_oid *out, const char *hex, struct rq_err *err)
{
	git_oid oid;

	if (strlen(hex) != RQ_OID_HEX || git_oid_fromstr(&oid, hex) < 0)
		return rq_err_set(err, RQ_EFORMAT, "'%.60s' is no object id", hex);
	from_git_oid(out, &oid);
	return 0;
}

/* "blob 12" and a NUL, then the bytes: what an id is the hash of. */
static size_t object_head(char head[64], enum rq_obj_type type, size_t len)
{
	int n = snprintf(head, 64, "%s %zu", git_object_type2string((git_object_t)type),
			 len);

	return (size_t)n + 1;
}

/* Looks for no collision. */
static void plain_oid(struct rq_oid *out, enum rq_obj_type type, struct rq_slice bytes)
{
	struct sha1_ctx sha;
	char head[64];

	sha1_init(&sha);
	sha1_update(&sha, object_head(head, type, bytes.n), (const uint8_t *)head);
	sha1_update(&sha, bytes.n, (const uint8_t *)bytes.p);
	sha1_digest(&sha, RQ_OID_SIZE, out->id);
}

int rq_oid_of_object(struct rq_oid *out, enum rq_obj_type type, struct rq_slice bytes,
		     struct rq_err *err)
{
	const bool shared = checked_wanted();
	char shown[41] = "";
	struct rq_oid plain;
	git_oid oid;

	if (shared) {
		plain_oid(&plain, type, bytes);
		if (checked_has(&plain)) {
			*out = plain;
			return 0;
		}
	}
	memcpy(shown, bytes.p, bytes.n < 40 ? bytes.n : 40);
	if (git_odb_hash(&oid, bytes.p, bytes.n, (git_object_t)type) < 0)
		return rq_git_fail(
			err,
			"%zu bytes made to pass for others, from '%.*s' on; find "
			"what brings them",
			bytes.n, (int)strcspn(shown, "\n"), shown);
	from_git_oid(out, &oid);
	if (shared)
		checked_add(out);
	return 0;
}

void rq_oid_of(struct rq_oid *out, enum rq_obj_type type, const void *data, size_t len)
{
	struct sha256_ctx sha;
	struct rq_err ignored;
	char head[64];

	if (rq_oid_of_object(out, type, (struct rq_slice){ data, len }, &ignored) == 0)
		return;
	sha256_init(&sha);
	sha256_update(&sha, object_head(head, type, len), (const uint8_t *)head);
	sha256_update(&sha, len, data);
	sha256_digest(&sha, RQ_OID_SIZE, out->id);
}

bool rq_oid_is_of(const struct rq_oid *oid, enum rq_obj_type type, struct rq_slice bytes)
{
	struct rq_oid is;

	plain_oid(&is, type, bytes);
	return rq_oid_eq(oid, &is);
}

void rq_sum_of(char *hex, const struct rq_slice *parts, size_t n)
{
	unsigned char sum[SHA256_DIGEST_SIZE];
	struct sha256_ctx sha;

	sha256_init(&sha);
	for (size_t i = 0; i < n; i++) {
		char head[24];
		int len = snprintf(head, sizeof(head), "%zu ", parts[i].n);

		sha256_update(&sha, (size_t)len, (const uint8_t *)head);
		sha256_update(&sha, parts[i].n, (const uint8_t *)parts[i].p);
	}
	sha256_digest(&sha, sizeof(sum), sum);
	for (size_t i = 0; i < sizeof(sum); i++)
		snprintf(hex + 2 * i, 3, "%02x", sum[i]);
}
