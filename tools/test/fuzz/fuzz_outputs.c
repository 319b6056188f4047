// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes as the series of an output that lies committed.  Whatever it names, only files of its
 * own directory are read, and none through a link.
 */
#include "fuzz.h"

#include "emit/emit.h"
#include "git/git.h"
#include "util/file.h"
#include "util/path.h"

static char root[] = "/dev/shm/requilt-fuzz-XXXXXX";
static char *folder;

static void clean(void)
{
	struct rq_err err;

	rq_dir_remove(root, &err);
	free(folder);
	rq_git_shutdown();
}

static void put(const char *name, const char *text)
{
	_cleanup_free_ char *path = rq_path_join(root, name);
	struct rq_err err;

	must(rq_file_write(path, rq_slice_of(text), &err) == 0);
}

static void set_up(void)
{
	_cleanup_free_ char *sub = NULL, *link = NULL, *below = NULL;
	struct rq_err err;

	rq_git_init();
	must(mkdtemp(root));
	folder = rq_path_join(root, "out");
	sub = rq_path_join(folder, "q");
	link = rq_path_join(folder, "link.patch");
	below = rq_path_join(folder, "up");
	must(rq_dir_make(sub, &err) == 0);
	put("secret", "a secret");
	put("out/a.patch", "a");
	put("out/q/b.patch", "b");
	must(symlink("../secret", link) == 0 && symlink("..", below) == 0);
	atexit(clean);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *path = NULL;
	struct rq_outputs outputs = { 0 };
	struct rq_err err = { 0 };
	int rc;

	if (!folder)
		set_up();
	path = rq_path_join(folder, "series");
	must(rq_file_write(path, input_of(data, size), &err) == 0);
	rc = rq_outputs_read(&outputs, folder, &err);
	tell(" %s\n", rc ? err.msg : "read");
	for (size_t i = 0; i < outputs.v.n; i++) {
		const struct rq_output *one = &outputs.v.v[i];
		bool series = !rc && i + 1 == outputs.v.n;

		must(!rq_path_unsafe(rq_slice_of(one->name)));
		must(series || one->bytes.len <= 1);
	}
	rq_outputs_release(&outputs);
	return 0;
}
