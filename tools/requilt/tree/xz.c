// SPDX-License-Identifier: GPL-2.0-only
/*
 * xz through liblzma: streams one after the other, padding between them, checksums looked at.
 * Refuses what wants more memory than the largest preset of xz(1) takes several times over.
 */
#include "tree/xz.h"

#include <errno.h>
#include <lzma.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/mem.h"

#define MEMORY_MOST ((uint64_t)256 << 20)
#define BLOCK_SIZE (1 << 18)

struct rq_xz {
	lzma_stream stream;
	int fd;
	bool input_ended, done;
	uint8_t in[BLOCK_SIZE], out[BLOCK_SIZE];
};

bool rq_xz_is(int fd)
{
	static const char magic[6] = "\xfd"
				     "7zXZ";
	char start[sizeof(magic)];

	return pread(fd, start, sizeof(start), 0) == sizeof(start) &&
	       memcmp(start, magic, sizeof(magic)) == 0;
}

int rq_xz_open(struct rq_xz **out, int fd, struct rq_err *err)
{
	struct rq_xz *xz = rq_xcalloc(1, sizeof(*xz));

	xz->fd = fd;
	if (lzma_stream_decoder(&xz->stream, MEMORY_MOST, LZMA_CONCATENATED) != LZMA_OK) {
		free(xz);
		return rq_err_set(err, RQ_ENOMEM, "no memory");
	}
	*out = xz;
	return 0;
}

static int fill(struct rq_xz *xz, struct rq_err *err)
{
	ssize_t n;

	do
		n = read(xz->fd, xz->in, sizeof(xz->in));
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return rq_err_errno(err, "read");
	xz->input_ended = n == 0;
	xz->stream.next_in = xz->in;
	xz->stream.avail_in = (size_t)n;
	return 0;
}

static int fail(lzma_ret ret, struct rq_err *err)
{
	switch (ret) {
	case LZMA_MEMLIMIT_ERROR:
		return rq_err_set(err, RQ_EFORMAT,
				  "wants more than %d MiB of memory to unpack; unpack it "
				  "and give the directory",
				  (int)(MEMORY_MOST >> 20));
	case LZMA_MEM_ERROR:
		return rq_err_set(err, RQ_ENOMEM, "no memory");
	case LZMA_BUF_ERROR:
		return rq_err_set(err, RQ_EFORMAT, "damaged or truncated: it ends early");
	default:
		return rq_err_set(err, RQ_EFORMAT, "damaged or truncated: no valid xz");
	}
}

int rq_xz_next(struct rq_xz *xz, const char **bytes, size_t *n, struct rq_err *err)
{
	*n = 0;
	*bytes = (const char *)xz->out;
	xz->stream.next_out = xz->out;
	xz->stream.avail_out = sizeof(xz->out);
	while (!xz->done && xz->stream.avail_out == sizeof(xz->out)) {
		lzma_ret ret;

		if (!xz->stream.avail_in && !xz->input_ended && fill(xz, err))
			return err->code;
		ret = lzma_code(&xz->stream, xz->input_ended ? LZMA_FINISH : LZMA_RUN);
		xz->done = ret == LZMA_STREAM_END;
		if (ret != LZMA_OK && !xz->done)
			return fail(ret, err);
	}
	*n = sizeof(xz->out) - xz->stream.avail_out;
	return 0;
}

uint64_t rq_xz_read(const struct rq_xz *xz)
{
	return xz->stream.total_in;
}

void rq_xz_free(struct rq_xz *xz)
{
	if (!xz)
		return;
	lzma_end(&xz->stream);
	free(xz);
}
