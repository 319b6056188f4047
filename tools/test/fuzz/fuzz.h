/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What fuzz targets share.  libFuzzer calls a target with inputs that it makes up, replay.c with
 * those of corpus/.  A target ends the program where something does not hold, so that the input is
 * kept.
 */
#ifndef REQUILT_TEST_FUZZ_H
#define REQUILT_TEST_FUZZ_H

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "util/err.h"
#include "util/mem.h"
#include "util/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define must(holds)                                                                   \
	do {                                                                          \
		if (!(holds)) {                                                       \
			fprintf(stderr, "%s:%d: must hold: %s\n", __FILE__, __LINE__, \
				#holds);                                              \
			abort();                                                      \
		}                                                                     \
	} while (0)

/*
 * Where a replay keeps what a target made of an input; NULL while libFuzzer runs.  So the inputs of
 * corpus/ have expected results, in expect/, beside what must hold for any input.
 */
__attribute__((weak)) FILE *fuzz_told;

#define tell(...)                                        \
	do {                                             \
		if (fuzz_told)                           \
			fprintf(fuzz_told, __VA_ARGS__); \
	} while (0)

/* A text of several lines, each behind "| ". */
static inline void tell_text(const char *name, struct rq_slice text)
{
	struct rq_slice line;

	tell("  %s (%zu)\n", name, text.n);
	while (rq_slice_next_line(&text, &line))
		tell("  | %.*s\n", RQ_SLICE_ARG(rq_slice_chomp(line)));
}

static inline const char *or_none(const char *text)
{
	return text ? text : "(none)";
}

static inline struct rq_slice input_of(const uint8_t *data, size_t size)
{
	return (struct rq_slice){ (const char *)data, size };
}

/* A file in memory, for readers that want a path; the same one at every call. */
static inline const char *memory_file(const uint8_t *data, size_t size)
{
	static char path[32];
	static int fd = -1;

	if (fd < 0) {
		fd = memfd_create("input", 0);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	}
	must(ftruncate(fd, 0) == 0 && pwrite(fd, data, size, 0) == (ssize_t)size);
	return path;
}

/* The same as a file of a directory, for readers that take no link out of it. */
static inline void write_input(const char *path, const uint8_t *data, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	must(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	close(fd);
}

#endif
