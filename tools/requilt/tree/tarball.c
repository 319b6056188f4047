// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads a tarball as a stream; nothing is unpacked.  libarchive decompresses (archive.c: bzip2, zstd,
 * or nothing), zlib does for gzip, whose checksum libarchive does not look at, and liblzma for
 * xz, whose memory libarchive does not limit.  The
 * stream is read to its end even behind the tar's, for that is where checksums are.
 */
#include "tree/tree_internal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "tree/archive.h"
#include "tree/tar.h"
#include "tree/xz.h"
#include "util/mem.h"

#define BLOCK_SIZE (1 << 18)

struct tarball {
	struct intake *in;
	struct rq_archive *archive; /* or */
	gzFile gzip;		    /* or */
	struct rq_xz *xz;
	char *buffer; /* for gzip */
	uint64_t unpacked;
	const char *at; /* decompressed bytes that wait */
	size_t left;
};

static bool is_gzip(int fd)
{
	unsigned char magic[2];

	return pread(fd, magic, 2, 0) == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
}

static int open_gzip(struct tarball *t, int fd, struct rq_err *err)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);

	t->gzip = copy < 0 ? NULL : gzdopen(copy, "rb");
	if (!t->gzip) {
		if (copy >= 0)
			close(copy);
		return rq_err_errno(err, "gzip");
	}
	t->buffer = rq_xmalloc(BLOCK_SIZE);
	return 0;
}

static int next_gzip(struct tarball *t, struct rq_err *err)
{
	int n = gzread(t->gzip, t->buffer, BLOCK_SIZE), code = Z_OK;
	const char *why = gzerror(t->gzip, &code);

	t->at = t->buffer;
	t->left = n > 0 ? (size_t)n : 0;
	t->in->progress.done = (uint64_t)gzoffset(t->gzip);
	if (n < 0 || (n == 0 && code != Z_OK && code != Z_STREAM_END))
		return rq_err_set(err, RQ_EFORMAT, "damaged or truncated: %s",
				  strncmp(why, "<fd:", 4) ? why
							  : why + strcspn(why, " ") + 1);
	return 0;
}

static int next_of_archive(struct tarball *t, struct rq_err *err)
{
	int rc = rq_archive_next(t->archive, &t->at, &t->left, err);

	t->in->progress.done = rq_archive_read(t->archive);
	return rc;
}

static int next_xz(struct tarball *t, struct rq_err *err)
{
	t->in->progress.done = rq_xz_read(t->xz);
	return rq_xz_next(t->xz, &t->at, &t->left, err);
}

static int next_block(struct tarball *t, struct rq_err *err)
{
	int rc = t->xz	   ? next_xz(t, err)
		 : t->gzip ? next_gzip(t, err)
			   : next_of_archive(t, err);

	t->unpacked += t->left;
	if (!rc && t->unpacked > INTAKE_BYTES)
		rc = rq_err_set(err, RQ_EFORMAT, "unpacks to more than %d GiB",
				(int)(INTAKE_BYTES >> 30));
	return rc;
}

/* tar.h's pull. */
static int pull(void *ctx, void *buf, size_t want, size_t *n, struct rq_err *err)
{
	struct tarball *t = ctx;

	*n = 0;
	while (*n < want) {
		size_t take;

		if (!t->left && next_block(t, err))
			return err->code;
		if (!t->left)
			return 0;
		take = want - *n < t->left ? want - *n : t->left;
		memcpy((char *)buf + *n, t->at, take);
		t->at += take;
		t->left -= take;
		*n += take;
	}
	return 0;
}

static int read_to_end(struct tarball *t, struct rq_err *err)
{
	do {
		if (next_block(t, err))
			return err->code;
	} while (t->left);
	return 0;
}

/* Without "./" in front and '/' behind; "" for the top itself. */
static char *plain(const char *path)
{
	size_t n;

	while (path[0] == '.' && path[1] == '/')
		for (path += 2; *path == '/';)
			path++;
	n = strlen(path);
	while (n > 1 && path[n - 1] == '/')
		n--;
	return rq_xstrndup(path, n == 1 && *path == '.' ? 0 : n);
}

static int take_file(struct tarball *t, struct tar *tar, const struct tar_member *m,
		     const char *path, struct rq_err *err)
{
	char *data;

	if (intake_announce(t->in, path, (uint64_t)m->size, err))
		return err->code;
	data = rq_xmalloc((size_t)m->size + 1);
	if (tar_read(tar, m, data, err)) {
		free(data);
		return err->code;
	}
	return intake_file(t->in, path, m->executable ? RQ_MODE_EXEC : RQ_MODE_FILE, data,
			   (size_t)m->size, m->when, err);
}

static int take_link(struct tarball *t, const struct tar_member *m, const char *path,
		     struct rq_err *err)
{
	return intake_file(t->in, path, RQ_MODE_LINK, rq_xstrdup(m->target),
			   strlen(m->target), m->when, err);
}

static int take_member(struct tarball *t, struct tar *tar, const struct tar_member *m,
		       struct rq_err *err)
{
	_cleanup_free_ char *path = plain(m->name);
	_cleanup_free_ char *target = NULL;

	switch (m->kind) {
	case TAR_FILE:
		return take_file(t, tar, m, path, err);
	case TAR_LINK:
		return take_link(t, m, path, err);
	case TAR_HARD_LINK:
		target = plain(m->target);
		return intake_hard_link(t->in, path, target, err);
	case TAR_FOLDER:
		break;
	}
	return *path ? intake_folder(t->in, path, err) : 0;
}

static int take_all(struct tarball *t, struct rq_err *err)
{
	struct tar tar = { .pull = pull, .ctx = t };
	struct tar_member member;
	bool end = false;
	int rc = tar_next(&tar, &member, &end, err);

	while (!rc && !end) {
		rc = take_member(t, &tar, &member, err);
		if (!rc)
			rc = tar_next(&tar, &member, &end, err);
	}
	tar_release(&tar);
	return rc;
}

static int read_open(struct intake *in, int fd, struct rq_err *err)
{
	struct tarball t = { .in = in };
	int rc = is_gzip(fd)	? open_gzip(&t, fd, err)
		 : rq_xz_is(fd) ? rq_xz_open(&t.xz, fd, err)
				: rq_archive_open(&t.archive, fd, err);

	if (!rc)
		rc = take_all(&t, err);
	if (!rc)
		rc = read_to_end(&t, err);
	if (t.gzip)
		gzclose(t.gzip);
	rq_xz_free(t.xz);
	rq_archive_free(t.archive);
	free(t.buffer);
	return rc;
}

int tarball_read(struct intake *in, const char *path, struct rq_err *err)
{
	struct stat st;
	int rc, fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return rq_err_errno(err, "open");
	in->strip = true;
	if (fstat(fd, &st) == 0)
		in->progress.total = (uint64_t)st.st_size;
	rc = read_open(in, fd, err);
	close(fd);
	return rc;
}
