// SPDX-License-Identifier: GPL-2.0-only
/*
 * roundtrip FILE...: parses every file and checks that printing gives the same bytes.
 * Printing puts the parsed pieces together, so equality shows that they cover the input
 * exactly once.  Prints the counts; names the first file and offset that differ.
 */
#include <stdio.h>

#include "patch/patch.h"
#include "util/file.h"

static size_t first_difference(struct rq_slice a, struct rq_slice b)
{
	size_t i = 0;

	while (i < a.n && i < b.n && a.p[i] == b.p[i])
		i++;
	return i;
}

static int check(const char *path, size_t *files, size_t *hunks, struct rq_err *err)
{
	_cleanup_(rq_patch_freep) struct rq_patch *patch = NULL;
	_cleanup_(rq_str_release) struct rq_str bytes = { 0 }, taken = { 0 },
						printed = { 0 };
	int rc = rq_file_read(&bytes, path, err);

	if (rc)
		return rc;
	rq_str_add_slice(&taken, rq_str_slice(&bytes));
	rc = rq_patch_parse(&patch, path, &taken, &RQ_PATCH_DEFAULTS, err);
	if (rc)
		return rc;
	rq_patch_print(patch, &printed);
	if (!rq_slice_eq(rq_str_slice(&bytes), rq_str_slice(&printed)))
		return rq_err_set(
			err, RQ_EFORMAT, "%s: differs at offset %zu", path,
			first_difference(rq_str_slice(&bytes), rq_str_slice(&printed)));
	*files += patch->n_files;
	for (size_t i = 0; i < patch->n_files; i++)
		*hunks += patch->files[i].n_hunks;
	return 0;
}

int main(int argc, char **argv)
{
	struct rq_err err = { 0 };
	size_t files = 0, hunks = 0;
	int failed = 0;

	for (int i = 1; i < argc; i++) {
		if (check(argv[i], &files, &hunks, &err)) {
			fprintf(stderr, "%s\n", err.msg);
			failed = 1;
		}
	}
	printf("%zu files, %zu hunks\n", files, hunks);
	return failed;
}
