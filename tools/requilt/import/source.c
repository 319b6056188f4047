// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bytes of a source of mails: a file, one that gzip packed, or standard input.
 */
#include "import/mail_internal.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include "patch/patch.h"
#include "util/file.h"

#define GZIP "\x1f\x8b"

bool rq_source_is_input(const char *path)
{
	return strcmp(path, "-") == 0;
}

const char *rq_source_name(const char *path)
{
	return rq_source_is_input(path) ? "standard input" : path;
}

/* A pipe is read once; its bytes stand in for it from then on. */
static int make_seekable(struct rq_err *err)
{
	char buf[65536];
	ssize_t n = 0;
	int fd;

	if (lseek(STDIN_FILENO, 0, SEEK_SET) == 0)
		return 0;
	fd = memfd_create("mails", MFD_CLOEXEC);
	while (fd >= 0 && ((n = read(STDIN_FILENO, buf, sizeof(buf))) > 0 ||
			   (n < 0 && errno == EINTR)))
		if (n > 0 && write(fd, buf, (size_t)n) != n) {
			n = -1;
			break;
		}
	if (fd < 0 || n < 0 || dup2(fd, STDIN_FILENO) < 0 ||
	    lseek(STDIN_FILENO, 0, SEEK_SET) < 0)
		n = -1;
	if (n < 0)
		rq_err_errno(err, "standard input");
	if (fd > STDIN_FILENO)
		close(fd);
	return n < 0 ? RQ_EIO : 0;
}

/* Members that stand one after the other are one text. */
static int unpack(struct rq_str *text, const char *name, struct rq_err *err)
{
	z_stream z = { .next_in = (Bytef *)text->s, .avail_in = (uInt)text->len };
	struct rq_str out = { 0 };
	int rc = inflateInit2(&z, 15 + 16);

	while (rc == Z_OK && out.len <= RQ_PATCH_MOST) {
		rq_str_reserve(&out, 65536);
		z.next_out = (Bytef *)out.s + out.len;
		z.avail_out = 65535;
		rc = inflate(&z, Z_NO_FLUSH);
		out.len += 65535 - z.avail_out;
		out.s[out.len] = '\0';
		if (rc == Z_STREAM_END && z.avail_in)
			rc = inflateReset(&z);
	}
	inflateEnd(&z);
	rq_str_release(text);
	*text = out;
	if (out.len > RQ_PATCH_MOST)
		return rq_err_set(err, RQ_EFORMAT, "%s: more than %zu MiB when unpacked",
				  name, (size_t)RQ_PATCH_MOST >> 20);
	return rc == Z_STREAM_END
		       ? 0
		       : rq_err_set(err, RQ_EFORMAT,
				    "%s: not all of it can be unpacked; fetch it again",
				    name);
}

int rq_source_read(struct rq_str *out, const char *path, struct rq_err *err)
{
	bool input = rq_source_is_input(path);
	int rc = input ? make_seekable(err) : 0;

	if (!rc)
		rc = rq_file_read_most(out, input ? "/dev/stdin" : path, RQ_PATCH_MOST,
				       err);
	if (!rc && rq_slice_starts(rq_str_slice(out), GZIP))
		rc = unpack(out, rq_source_name(path), err);
	if (rc)
		rq_str_release(out);
	return rc;
}
