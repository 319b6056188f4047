/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For unit tests that need a disk: a scratch folder, files in it, and the git program as
 * the judge of what we wrote.
 */
#ifndef REQUILT_TEST_SCRATCH_H
#define REQUILT_TEST_SCRATCH_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "git/git.h"
#include "proc/proc.h"
#include "util/file.h"
#include "util/mem.h"

struct scratch {
	char *dir;	      /* an absolute path */
	char *repo_path;      /* <dir>/repo.git */
	struct rq_repo *repo; /* bare and empty */
	struct rq_err err;
};

#define assert_ok(s, call)                                       \
	do {                                                     \
		(s)->err = (struct rq_err){ 0 };                 \
		if ((call) != 0)                                 \
			fail_msg("%s: %s", #call, (s)->err.msg); \
	} while (0)

#define assert_fails(s, code_, text, call)                                     \
	do {                                                                   \
		(s)->err = (struct rq_err){ 0 };                               \
		assert_int_equal((call), (code_));                             \
		if (!strstr((s)->err.msg, (text)))                             \
			fail_msg("'%s' is not in '%s'", (text), (s)->err.msg); \
	} while (0)

static inline int scratch_setup(void **state)
{
	struct scratch *s = rq_xcalloc(1, sizeof(*s));
	const char *tmp = getenv("TMPDIR");

	rq_git_init();
	s->dir = rq_xasprintf("%s/requilt-test-XXXXXX", tmp ? tmp : "/tmp");
	assert_non_null(mkdtemp(s->dir));
	s->repo_path = rq_xasprintf("%s/repo.git", s->dir);
	assert_ok(s, rq_repo_open_or_init(&s->repo, s->repo_path, &s->err));
	*state = s;
	return 0;
}

static inline int scratch_teardown(void **state)
{
	struct scratch *s = *state;

	rq_repo_close(s->repo);
	assert_ok(s, rq_dir_remove(s->dir, &s->err));
	free(s->repo_path);
	free(s->dir);
	free(s);
	rq_git_shutdown();
	return 0;
}

/* Runs a program in the scratch folder; fails the test unless it exits with 0. */
static inline void run_program(struct scratch *s, const char *const *argv,
			       struct rq_slice input, struct rq_str *out)
{
	static const char *const env[] = { "GIT_CONFIG_NOSYSTEM=1",
					   "GIT_AUTHOR_NAME=A",
					   "GIT_AUTHOR_EMAIL=a@example.org",
					   "GIT_COMMITTER_NAME=C",
					   "GIT_COMMITTER_EMAIL=c@example.org",
					   "TZ=UTC",
					   NULL };
	struct rq_str errors = { 0 };
	int status = 0;

	assert_ok(s, rq_proc_run(&(struct rq_proc){ .argv = argv,
						    .env = env,
						    .dir = s->dir,
						    .seconds = 60,
						    .input = input,
						    .out = out,
						    .errors = &errors },
				 &status, &s->err));
	if (status)
		fail_msg("%s %s: exit status %d: %s", argv[0], argv[1], status,
			 errors.s ? errors.s : "");
	rq_str_release(&errors);
}

/* A shell line in the scratch folder; what it prints, without the last newline.  Freed by the caller. */
__attribute__((format(printf, 2, 3))) static inline char *shell(struct scratch *s,
								const char *fmt, ...)
{
	struct rq_str out = { 0 };
	char *line = NULL;
	va_list ap;

	va_start(ap, fmt);
	assert_true(vasprintf(&line, fmt, ap) >= 0);
	va_end(ap);
	run_program(s, (const char *[]){ "sh", "-ec", line, NULL }, RQ_SLICE(""), &out);
	free(line);
	while (out.len && out.s[out.len - 1] == '\n')
		out.s[--out.len] = '\0';
	return out.s ? out.s : rq_xstrdup("");
}

#define assert_shell(s, expected, ...)                     \
	do {                                               \
		char *printed_ = shell((s), __VA_ARGS__);  \
		assert_string_equal(printed_, (expected)); \
		free(printed_);                            \
	} while (0)

static inline void write_file(struct scratch *s, const char *name, const void *data,
			      size_t len)
{
	char *path = rq_xasprintf("%s/%s", s->dir, name);

	assert_ok(s, rq_file_write(path, (struct rq_slice){ data, len }, &s->err));
	free(path);
}

/* How many files in objects/pack have a name that starts so. */
static inline int count_packed(struct scratch *s, const char *prefix)
{
	char *path = rq_xasprintf("%s/objects/pack", s->repo_path);
	DIR *dir = opendir(path);
	struct dirent *d;
	int n = 0;

	while (dir && (d = readdir(dir)))
		n += d->d_name[0] != '.' && !strncmp(d->d_name, prefix, strlen(prefix));
	if (dir)
		closedir(dir);
	free(path);
	return n;
}

#endif
