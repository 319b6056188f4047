// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads a tarball as a stream; nothing is unpacked.  Two libarchive readers stand in a row:
 * the first only decompresses, the second reads the tar.  So the compressed stream can be
 * read to its end, which verifies its checksums, after the tar has ended.  Refuses special
 * files, hard links with contents of their own, and an archive without its end mark.
 */
#include "tree/tree_internal.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>
#include <sys/stat.h>

#include "util/mem.h"

#define BLOCK_SIZE (1 << 20)

struct tarball {
	struct intake *in;
	const char *path;
	struct archive *stream, *tar;
};

/* libarchive's callback: the next decompressed bytes; 0 is the end. */
static la_ssize_t next_block(struct archive *tar, void *ctx, const void **block)
{
	struct tarball *t = ctx;
	la_int64_t offset;
	size_t n = 0;
	int rc = archive_read_data_block(t->stream, block, &n, &offset);

	if (rc == ARCHIVE_OK)
		return (la_ssize_t)n;
	if (rc == ARCHIVE_EOF)
		return 0;
	archive_set_error(tar, archive_errno(t->stream), "%s",
			  archive_error_string(t->stream));
	return -1;
}

static int fail(struct tarball *t, struct archive *a, const char *member, struct rq_err *err)
{
	const char *why = archive_error_string(a);

	return rq_err_set(err, RQ_EFORMAT, "%s: %s%s%s", t->path, member ? member : "",
			  member ? ": " : "", why ? why : "damaged or truncated");
}

static int open_stream(struct tarball *t, struct rq_err *err)
{
	struct archive_entry *entry;

	t->stream = archive_read_new();
	t->tar = archive_read_new();
	if (!t->stream || !t->tar)
		return rq_err_set(err, RQ_ENOMEM, "%s: no memory", t->path);
	archive_read_support_filter_gzip(t->stream);
	archive_read_support_filter_bzip2(t->stream);
	archive_read_support_filter_xz(t->stream);
	archive_read_support_filter_zstd(t->stream);
	archive_read_support_format_raw(t->stream);
	archive_read_support_format_tar(t->tar);
	if (archive_read_open_filename(t->stream, t->path, BLOCK_SIZE) != ARCHIVE_OK ||
	    archive_read_next_header(t->stream, &entry) != ARCHIVE_OK)
		return fail(t, t->stream, NULL, err);
	if (archive_read_open(t->tar, t, NULL, next_block, NULL) != ARCHIVE_OK)
		return fail(t, t->tar, NULL, err);
	return 0;
}

/* Without "./" in front and '/' behind; "" for the top itself.  Points into @path. */
static char *plain(char *path)
{
	size_t n;

	while (path[0] == '.' && path[1] == '/')
		for (path += 2; *path == '/';)
			path++;
	n = strlen(path);
	while (n > 1 && path[n - 1] == '/')
		path[--n] = '\0';
	return !strcmp(path, ".") ? path + 1 : path;
}

static int read_file(struct tarball *t, struct archive_entry *entry, const char *path,
		     struct rq_err *err)
{
	int64_t size = archive_entry_size(entry);
	enum rq_mode mode = archive_entry_perm(entry) & S_IXUSR ? RQ_MODE_EXEC : RQ_MODE_FILE;
	char *data;
	size_t have = 0;

	if (size < 0 || size > INTAKE_LARGEST)
		return rq_err_set(err, RQ_EFORMAT, "%s: %s: more than 1 GiB", t->path, path);
	data = rq_xmalloc((size_t)size + 1);
	/* Holes of a sparse member come as zeros. */
	while (have < (size_t)size) {
		la_ssize_t n = archive_read_data(t->tar, data + have, (size_t)size - have);

		if (n <= 0) {
			free(data);
			return fail(t, t->tar, path, err);
		}
		have += (size_t)n;
	}
	return intake_file(t->in, path, mode, data, have, archive_entry_mtime(entry), err);
}

static int read_link(struct tarball *t, struct archive_entry *entry, const char *path,
		     struct rq_err *err)
{
	const char *target = archive_entry_symlink(entry);

	if (!target || !*target)
		return rq_err_set(err, RQ_EFORMAT, "%s: %s: a link to nowhere", t->path, path);
	return intake_file(t->in, path, RQ_MODE_LINK, rq_xstrdup(target), strlen(target),
			   archive_entry_mtime(entry), err);
}

static int read_hard_link(struct tarball *t, struct archive_entry *entry, const char *path,
			  struct rq_err *err)
{
	_cleanup_free_ char *target = rq_xstrdup(archive_entry_hardlink(entry));

	if (archive_entry_size(entry) > 0)
		return rq_err_set(err, RQ_EFORMAT, "%s: %s: a hard link with contents of its own",
				  t->path, path);
	return intake_hard_link(t->in, path, plain(target), err);
}

static int read_member(struct tarball *t, struct archive_entry *entry, struct rq_err *err)
{
	const char *name = archive_entry_pathname(entry);
	_cleanup_free_ char *copy = rq_xstrdup(name ? name : "");
	const char *path = plain(copy);

	if (!name)
		return rq_err_set(err, RQ_EFORMAT, "%s: a member without a readable name", t->path);
	if (archive_entry_hardlink(entry))
		return read_hard_link(t, entry, path, err);
	switch (archive_entry_filetype(entry)) {
	case AE_IFREG:
		return read_file(t, entry, path, err);
	case AE_IFLNK:
		return read_link(t, entry, path, err);
	case AE_IFDIR:
		return *path ? intake_folder(t->in, path, err) : 0;
	default:
		return rq_err_set(err, RQ_EUNSAFE, "%s: %s: neither file, folder nor link",
				  t->path, path);
	}
}

static int read_members(struct tarball *t, struct rq_err *err)
{
	struct archive_entry *entry;
	int rc, got;

	while ((got = archive_read_next_header(t->tar, &entry)) == ARCHIVE_OK) {
		t->in->progress.done = (uint64_t)archive_filter_bytes(t->stream, -1);
		rc = read_member(t, entry, err);
		if (rc)
			return rc;
	}
	if (got == ARCHIVE_EOF)
		return 0;
	return fail(t, t->tar, got == ARCHIVE_WARN ? archive_entry_pathname(entry) : NULL, err);
}

/*
 * libarchive takes the end of the stream for the end of the archive.  The two differ: blocks
 * of zeros end a tar, and it has read them when it stands behind where it began to look.
 */
static int check_end(struct tarball *t, struct rq_err *err)
{
	const void *block;

	if (archive_filter_bytes(t->tar, 0) <= archive_read_header_position(t->tar))
		return rq_err_set(err, RQ_EFORMAT, "%s: no end mark: truncated", t->path);
	for (;;) {
		la_ssize_t n = next_block(t->tar, t, &block);

		if (n == 0)
			return 0;
		if (n < 0)
			return fail(t, t->tar, NULL, err);
	}
}

int tarball_read(struct intake *in, const char *path, struct rq_err *err)
{
	struct tarball t = { .in = in, .path = path };
	/* Names are bytes in git; in the C locale libarchive would refuse those beyond ASCII. */
	locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0), before;
	struct stat st;
	int rc;

	if (stat(path, &st) < 0)
		return rq_err_errno(err, "%s", path);
	in->strip = true;
	in->progress.total = (uint64_t)st.st_size;
	before = uselocale(utf8);
	rc = open_stream(&t, err);
	if (!rc)
		rc = read_members(&t, err);
	if (!rc)
		rc = check_end(&t, err);
	archive_read_free(t.tar);
	archive_read_free(t.stream);
	uselocale(before);
	if (utf8)
		freelocale(utf8);
	return rc;
}
