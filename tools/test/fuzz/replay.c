// SPDX-License-Identifier: GPL-2.0-only
/*
 * replay [-u] FOLDER: every file of corpus/NAME through the fuzz target that this is linked with, and
 * what the target told of it compared with expect/NAME beside corpus/ (where that is there).  -u writes
 * it again, for an author who then reads the difference.  Needs no libFuzzer, so `make unit` runs what
 * fuzzing once found.
 */
#include "fuzz.h"

#include <ctype.h>
#include <dirent.h>

#include "util/file.h"
#include "util/names.h"
#include "util/path.h"

/* Paths of this run in what was told: a file in memory, a temporary folder. */
static const struct {
	const char *path, *name;
	size_t more; /* characters behind it that belong to it; 0: digits */
} own[] = { { "/proc/self/fd/", "INPUT", 0 }, { "/dev/shm/requilt-fuzz-", "ROOT", 6 } };

static size_t own_path(struct rq_str *out, const char *at)
{
	for (size_t i = 0; i < ARRAY_SIZE(own); i++) {
		size_t n = strlen(own[i].path);

		if (strncmp(at, own[i].path, n) != 0)
			continue;
		rq_str_adds(out, own[i].name);
		return n + (own[i].more ? own[i].more : strspn(at + n, "0123456789"));
	}
	return 0;
}

/* The same text on every machine, and one that can be read. */
static void add_plain(struct rq_str *out, const char *text, size_t n)
{
	for (size_t i = 0; i < n;) {
		unsigned char c = (unsigned char)text[i];
		size_t skip = own_path(out, text + i);

		if (!skip && (c == '\n' || c == '\t' || isprint(c)))
			rq_str_add(out, text + i, 1);
		else if (!skip)
			rq_str_addf(out, "\\x%02x", c);
		i += skip ? skip : 1;
	}
}

static bool list_inputs(struct rq_names *out, const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			rq_names_add(out, rq_slice_of(entry->d_name));
	if (dir)
		closedir(dir);
	rq_names_sort(out);
	return dir;
}

static int replay_all(struct rq_str *told, const char *folder,
		      const struct rq_names *names)
{
	for (size_t i = 0; i < names->v.n; i++) {
		_cleanup_free_ char *path = rq_path_join(folder, names->v.v[i]);
		_cleanup_(rq_str_release) struct rq_str bytes = { 0 };
		_cleanup_free_ char *text = NULL;
		struct rq_err err;
		size_t n = 0;

		if (rq_file_read(&bytes, path, &err)) {
			fprintf(stderr, "%s\n", err.msg);
			return 1;
		}
		fuzz_told = open_memstream(&text, &n);
		must(fuzz_told);
		LLVMFuzzerTestOneInput((const uint8_t *)rq_str_slice(&bytes).p,
				       bytes.len);
		fclose(fuzz_told);
		if (n)
			rq_str_addf(told, "== %s\n", names->v.v[i]);
		add_plain(told, text, n);
	}
	return 0;
}

/* Prints the first line that differs. */
static int compare(const char *path, struct rq_slice want, struct rq_slice got)
{
	struct rq_slice one = { 0 }, other = { 0 }, input = { 0 };
	bool more, left;
	long number = 0;

	do {
		number++;
		if (rq_slice_starts(other, "== "))
			input = rq_slice_chomp(other);
		more = rq_slice_next_line(&want, &one);
		left = rq_slice_next_line(&got, &other);
		if (!more && !left)
			return 0;
	} while (more && left && rq_slice_eq(one, other));
	printf("%s:%ld: %.*s\nexpected: %.*s\ngot:      %.*s\n", path, number,
	       RQ_SLICE_ARG(input),
	       RQ_SLICE_ARG(more ? rq_slice_chomp(one) : RQ_SLICE("(end)")),
	       RQ_SLICE_ARG(left ? rq_slice_chomp(other) : RQ_SLICE("(end)")));
	printf("Where that is right, write it again with -u and read the difference.\n");
	return 1;
}

int main(int argc, char **argv)
{
	bool update = argc == 3 && strcmp(argv[1], "-u") == 0;
	const char *folder = argc == 2 + update ? argv[argc - 1] : NULL;
	_cleanup_(rq_str_release) struct rq_str told = { 0 }, want = { 0 };
	_cleanup_free_ char *expected = NULL;
	struct rq_names names = { 0 };
	struct rq_err err;
	size_t inputs;
	int rc = 0;

	if (!folder || !list_inputs(&names, folder)) {
		fprintf(stderr, "usage: %s [-u] FOLDER\n", argv[0]);
		return 129;
	}
	expected = rq_xasprintf("%s/../../expect/%s", folder, rq_path_base(folder));
	if (replay_all(&told, folder, &names))
		return 1;
	inputs = names.v.n;
	rq_names_release(&names);
	if (update)
		rc = rq_file_write(expected, rq_str_slice(&told), &err);
	else if (rq_file_exists(expected))
		rc = rq_file_read(&want, expected, &err) ||
		     compare(expected, rq_str_slice(&want), rq_str_slice(&told));
	else if (told.len)
		rc = 1;
	printf("%s: %zu inputs\n", folder, inputs);
	return inputs && !rc ? 0 : 1;
}
