// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest's file system as a cpio archive ("newc", Documentation/driver-api/early-userspace
 * in the kernel): written here, so that it needs no root for its device node and has no times,
 * owners or inode numbers of this machine in it.
 */
#include "verify/boot_internal.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "proc/proc.h"
#include "util/file.h"
#include "util/path.h"

#define COMPILE_SECONDS 120

struct archive {
	struct rq_str *out;
	unsigned inode;
};

static void pad(struct rq_str *out)
{
	while (out->len % 4)
		rq_str_add(out, "", 1);
}

static void add(struct archive *a, const char *name, unsigned mode, unsigned major,
		unsigned minor, struct rq_slice bytes)
{
	rq_str_addf(a->out,
		    "070701%08x%08x%08x%08x%08x%08x%08zx%08x%08x%08x%08x%08zx%08x",
		    ++a->inode, mode, 0, 0, 1, 0, bytes.n, 0, 0, major, minor,
		    strlen(name) + 1, 0);
	rq_str_add(a->out, name, strlen(name) + 1);
	pad(a->out);
	rq_str_add_slice(a->out, bytes);
	pad(a->out);
}

static int add_file(struct archive *a, const char *name, const char *path,
		    struct rq_err *err)
{
	struct rq_str bytes = { 0 };
	int rc = rq_file_read(&bytes, path, err);

	if (!rc)
		add(a, name, S_IFREG | 0755, 0, 0, rq_str_slice(&bytes));
	rq_str_release(&bytes);
	return rc;
}

static int add_busybox(struct archive *a, struct rq_err *err)
{
	static const char *const places[] = { "/bin/busybox", "/usr/bin/busybox",
					      "/usr/local/bin/busybox" };

	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		if (rq_file_exists(places[i]))
			return add_file(a, "bin/busybox", places[i], err);
	return rq_err_set(err, RQ_ETOOL,
			  "busybox: not installed; on Debian: apt-get install "
			  "busybox-static");
}

static int find_tests(struct rq_names *out, const char *guest, struct rq_err *err)
{
	DIR *dir = opendir(guest);
	struct dirent *one;

	if (!dir)
		return rq_err_errno(err, "%s: the guest's tests", guest);
	while ((one = readdir(dir))) {
		size_t n = strlen(one->d_name);

		if (n > 2 && strcmp(one->d_name + n - 2, ".c") == 0)
			rq_names_add(out, (struct rq_slice){ one->d_name, n - 2 });
	}
	closedir(dir);
	rq_names_sort(out);
	return out->v.n ? 0 : rq_err_set(err, RQ_EFORMAT, "%s: has no test", guest);
}

int rq_guest_compile(const char *const *argv, const char *what, struct rq_err *err)
{
	struct rq_str said = { 0 };
	int status, rc = rq_proc_run(&(struct rq_proc){ .argv = argv,
							.seconds = COMPILE_SECONDS,
							.out = &said,
							.errors = &said },
				     &status, err);

	if (!rc && status)
		rc = rq_err_set(err, RQ_EFORMAT, "%s: does not compile: %.*s", what,
				RQ_SLICE_ARG(rq_slice_trim(rq_str_slice(&said))));
	rq_str_release(&said);
	return rc;
}

static int add_test(struct archive *a, const char *name, const char *guest,
		    const char *work, struct rq_err *err)
{
	_cleanup_free_ char *source = rq_xasprintf("%s/%s.c", guest, name);
	_cleanup_free_ char *program = rq_path_join(work, name);
	_cleanup_free_ char *inside = rq_xasprintf("tests/%s", name);
	const char *const argv[] = {
		"gcc", "-static", "-O2",   "-Wall", "-D_GNU_SOURCE",	   "-I",
		guest, "-o",	  program, source,  "-Wl,--build-id=none", NULL
	};
	int rc = rq_guest_compile(argv, source, err);

	return rc ? rc : add_file(a, inside, program, err);
}

/* In the folder that the guest calls them in, with the list of how. */
static int add_selftests(struct archive *a, const struct rq_initramfs *what,
			 struct rq_err *err)
{
	struct rq_str list = { 0 };
	struct rq_names done = { 0 };
	int rc = 0;

	add(a, "selftests", S_IFDIR | 0755, 0, 0, RQ_SLICE(""));
	for (size_t i = 0; i < what->selftest_lines->v.n && !rc; i++) {
		const char *line = what->selftest_lines->v.v[i];
		struct rq_slice rest = rq_slice_of(line);
		struct rq_slice word = rq_slice_next_word(&rest);
		_cleanup_free_ char *name = rq_xstrndup(word.p, word.n);
		_cleanup_free_ char *path =
			rq_path_join(what->selftests, rq_path_base(name));
		_cleanup_free_ char *inside =
			rq_path_join("selftests", rq_path_base(name));

		rq_str_addf(&list, "%s\n", line);
		if (rq_names_have(&done, word))
			continue;
		rq_names_add(&done, word);
		rc = add_file(a, inside, path, err);
	}
	if (!rc)
		add(a, "selftests/list", S_IFREG | 0644, 0, 0, rq_str_slice(&list));
	rq_names_release(&done);
	rq_str_release(&list);
	return rc;
}

int rq_initramfs_make(struct rq_str *out, const struct rq_initramfs *what,
		      struct rq_err *err)
{
	_cleanup_free_ char *init = rq_path_join(what->guest, "init");
	struct archive a = { .out = out };
	struct rq_names tests = { 0 };
	int rc = rq_dir_make(what->work, err);

	add(&a, "bin", S_IFDIR | 0755, 0, 0, RQ_SLICE(""));
	add(&a, "dev", S_IFDIR | 0755, 0, 0, RQ_SLICE(""));
	add(&a, "dev/console", S_IFCHR | 0600, 5, 1, RQ_SLICE(""));
	add(&a, "tests", S_IFDIR | 0755, 0, 0, RQ_SLICE(""));
	if (!rc)
		rc = add_busybox(&a, err);
	if (!rc)
		rc = add_file(&a, "init", init, err);
	if (!rc)
		rc = find_tests(&tests, what->guest, err);
	for (size_t i = 0; i < tests.v.n && !rc; i++)
		rc = add_test(&a, tests.v.v[i], what->guest, what->work, err);
	if (!rc && what->selftest_lines->v.n)
		rc = add_selftests(&a, what, err);
	add(&a, "TRAILER!!!", 0, 0, 0, RQ_SLICE(""));
	rq_names_release(&tests);
	return rc;
}
