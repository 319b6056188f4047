// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loose objects, one file each.  Read here and not by libgit2, whose 1.5 inflates a truncated one
 * for ever.  What is no loose object of the repository itself is left to libgit2's backends.
 */
#include "git/git_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <git2/sys/odb_backend.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "util/file.h"
#include "util/mem.h"

/*
 * libgit2's reader of packs has 2 and its reader of loose objects 1.  Equals are asked in the order
 * in which they came: packs first, which have nearly all, then this one.
 */
#define PRIORITY 2
/* "commit", a blank, digits and a NUL. */
#define LONGEST_HEAD 32

struct loose {
	git_odb_backend backend;
	char *folder;
};

static int broken(const char *path, const char *what)
{
	_cleanup_free_ char *text = rq_xasprintf("%s: %s", path, what);

	git_error_set_str(GIT_ERROR_ODB, text);
	return GIT_ERROR;
}

/* The type and size in "blob 123\0"; returns the head's length, or 0. */
static size_t read_head(const char *head, size_t n, git_object_t *type, size_t *size)
{
	const char *end = memchr(head, '\0', n);
	char word[8], rest;

	if (!end || sscanf(head, "%7[a-z] %zu%c", word, size, &rest) != 2)
		return 0;
	*type = git_object_string2type(word);
	return *type == GIT_OBJECT_INVALID ? 0 : (size_t)(end - head) + 1;
}

/* The object's bytes into *data, which is libgit2's to free. */
static int unpack(void **data, size_t *size, git_object_t *type, struct loose *loose,
		  z_stream *zip, const char *path)
{
	char head[LONGEST_HEAD], behind;
	size_t n, got;
	int rc;

	zip->next_out = (Bytef *)head;
	zip->avail_out = sizeof(head);
	rc = inflate(zip, Z_NO_FLUSH);
	got = sizeof(head) - zip->avail_out;
	n = rc == Z_OK || rc == Z_STREAM_END ? read_head(head, got, type, size) : 0;
	if (!n || *size > UINT32_MAX - 1)
		return broken(path, "corrupt object");
	got -= n;
	/* As much as libgit2 gives: its parsers rely on the NUL. */
	*data = got <= *size ? git_odb_backend_data_alloc(&loose->backend, *size + 1)
			     : NULL;
	if (!*data)
		return broken(path, "corrupt object");
	memcpy(*data, head + n, got);
	((char *)*data)[*size] = '\0';
	zip->next_out = (Bytef *)*data + got;
	zip->avail_out = (uInt)(*size - got);
	if (rc == Z_OK && zip->avail_out)
		rc = inflate(zip, Z_FINISH);
	got = zip->avail_out;
	zip->next_out = (Bytef *)&behind;
	zip->avail_out = 1;
	/* All of it is there; one more byte would show that it is longer than it says. */
	if (!got && rc != Z_STREAM_END)
		rc = inflate(zip, Z_FINISH);
	if (!got && rc == Z_STREAM_END && zip->avail_out)
		return 0;
	git_odb_backend_data_free(&loose->backend, *data);
	return broken(path, "corrupt object");
}

static char *loose_path(const struct loose *loose, const git_oid *oid)
{
	char hex[RQ_OID_HEX + 1];

	git_oid_tostr(hex, sizeof(hex), oid);
	return rq_xasprintf("%s/%.2s/%s", loose->folder, hex, hex + 2);
}

static int read_loose(void **data, size_t *size, git_object_t *type,
		      git_odb_backend *backend, const git_oid *oid)
{
	struct loose *loose = (struct loose *)backend;
	_cleanup_free_ char *path = loose_path(loose, oid);
	struct rq_str packed = { 0 };
	z_stream zip = { 0 };
	struct rq_err err;
	int rc;

	rc = rq_file_read(&packed, path, &err);
	if (rc) {
		rq_str_release(&packed);
		return rc == RQ_ENOTFOUND ? GIT_ENOTFOUND : broken(path, err.msg);
	}
	zip.next_in = (Bytef *)rq_str_slice(&packed).p;
	zip.avail_in = (uInt)packed.len;
	rc = packed.len < UINT32_MAX && inflateInit(&zip) == Z_OK
		     ? unpack(data, size, type, loose, &zip, path)
		     : broken(path, "corrupt object");
	inflateEnd(&zip);
	rq_str_release(&packed);
	return rc;
}

/* Of the file's first bytes. */
static int unpack_head(size_t *size, git_object_t *type, z_stream *zip, const char *path)
{
	char head[LONGEST_HEAD];
	int rc;

	zip->next_out = (Bytef *)head;
	zip->avail_out = sizeof(head);
	rc = inflate(zip, Z_NO_FLUSH);
	if ((rc == Z_OK || rc == Z_STREAM_END) &&
	    read_head(head, sizeof(head) - zip->avail_out, type, size))
		return 0;
	return broken(path, "corrupt object");
}

/* libgit2's would be asked else, which has its own idea of a truncated one. */
static int read_loose_head(size_t *size, git_object_t *type, git_odb_backend *backend,
			   const git_oid *oid)
{
	struct loose *loose = (struct loose *)backend;
	_cleanup_free_ char *path = loose_path(loose, oid);
	char packed[256];
	z_stream zip = { .next_in = (Bytef *)packed };
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc;
	ssize_t n;

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR
			       ? GIT_ENOTFOUND
			       : broken(path, strerror(errno));
	n = read(fd, packed, sizeof(packed));
	close(fd);
	zip.avail_in = n > 0 ? (uInt)n : 0;
	rc = inflateInit(&zip) == Z_OK ? unpack_head(size, type, &zip, path)
				       : broken(path, "corrupt object");
	inflateEnd(&zip);
	return rc;
}

static void free_loose(git_odb_backend *backend)
{
	struct loose *loose = (struct loose *)backend;

	free(loose->folder);
	free(loose);
}

int rq_loose_add(git_odb *odb, const char *objects)
{
	struct loose *loose = rq_xcalloc(1, sizeof(*loose));
	int rc;

	loose->backend.version = GIT_ODB_BACKEND_VERSION;
	loose->backend.read = read_loose;
	loose->backend.read_header = read_loose_head;
	loose->backend.free = free_loose;
	loose->folder = rq_xstrdup(objects);
	rc = git_odb_add_backend(odb, &loose->backend, PRIORITY);
	if (rc < 0)
		free_loose(&loose->backend);
	return rc;
}
