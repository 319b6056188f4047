// SPDX-License-Identifier: GPL-2.0-only
/*
 * replay FOLDER: every file of the folder through the fuzz target that this is linked with.  Needs
 * no libFuzzer, so `make unit` runs what fuzzing once found.
 */
#include "fuzz.h"

#include <dirent.h>

#include "util/file.h"
#include "util/path.h"

int main(int argc, char **argv)
{
	struct dirent *entry;
	struct rq_err err;
	size_t inputs = 0;
	DIR *dir = argc == 2 ? opendir(argv[1]) : NULL;

	if (!dir) {
		fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
		return 129;
	}
	while ((entry = readdir(dir))) {
		_cleanup_free_ char *path = rq_path_join(argv[1], entry->d_name);
		_cleanup_(rq_str_release) struct rq_str bytes = { 0 };

		if (entry->d_name[0] == '.')
			continue;
		if (rq_file_read(&bytes, path, &err)) {
			fprintf(stderr, "%s\n", err.msg);
			return 1;
		}
		LLVMFuzzerTestOneInput((const uint8_t *)rq_str_slice(&bytes).p,
				       bytes.len);
		inputs++;
	}
	closedir(dir);
	printf("%s: %zu inputs\n", argv[1], inputs);
	return inputs ? 0 : 1;
}
