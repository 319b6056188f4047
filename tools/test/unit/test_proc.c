// SPDX-License-Identifier: GPL-2.0-only
/*
 * Other programs: status, streams, a clean environment, time limits, and no survivors.
 */
#include "scratch.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>

static long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static int run_shell(struct rq_proc proc, const char *line, int *status,
		     struct rq_err *err)
{
	proc.argv = (const char *[]){ "sh", "-c", line, NULL };
	return rq_proc_run(&proc, status, err);
}

static void statuses(void **state)
{
	struct rq_err err = { 0 };
	int status = -1;

	(void)state;
	assert_int_equal(run_shell((struct rq_proc){ 0 }, "exit 0", &status, &err), 0);
	assert_int_equal(status, 0);
	assert_int_equal(run_shell((struct rq_proc){ 0 }, "exit 7", &status, &err), 0);
	assert_int_equal(status, 7);
	assert_int_equal(run_shell((struct rq_proc){ 0 }, "kill -9 $$", &status, &err),
			 0);
	assert_int_equal(status, 128 + SIGKILL);
}

/* More than a pipe holds, both ways, at the same time. */
static void streams(void **state)
{
	struct rq_str input = { 0 }, out = { 0 }, errors = { 0 };
	struct rq_err err = { 0 };
	int status = -1;

	(void)state;
	for (int i = 0; i < 100000; i++)
		rq_str_addf(&input, "line %d\n", i);
	assert_int_equal(run_shell((struct rq_proc){ .input = rq_str_slice(&input),
						     .out = &out,
						     .errors = &errors },
				   "tee /dev/stderr", &status, &err),
			 0);
	assert_true(rq_slice_eq(rq_str_slice(&input), rq_str_slice(&out)));
	assert_true(rq_slice_eq(rq_str_slice(&input), rq_str_slice(&errors)));
	out.len = 0;
	assert_int_equal(
		run_shell((struct rq_proc){ .out = &out }, "wc -c", &status, &err), 0);
	assert_string_equal(rq_slice_trim(rq_str_slice(&out)).p, "0\n");
	rq_str_release(&input);
	rq_str_release(&out);
	rq_str_release(&errors);
}

/* Both streams in one, in the order written. */
static void one_stream(void **state)
{
	struct rq_str out = { 0 };
	struct rq_err err = { 0 };
	int status = -1;

	(void)state;
	assert_int_equal(run_shell((struct rq_proc){ .out = &out, .errors = &out },
				   "echo 1; echo 2 >&2; echo 3", &status, &err),
			 0);
	assert_string_equal(out.s, "1\n2\n3\n");
	rq_str_release(&out);
}

static void a_clean_environment(void **state)
{
	static const char *const extra[] = { "GREETING=hello world", "LANG=C", NULL };
	static const char *const argv[] = { "env", NULL };
	struct rq_str out = { 0 };
	struct rq_err err = { 0 };
	int status = -1;

	(void)state;
	setenv("LEAK", "1", 1);
	setenv("HOME", "/some/home", 1);
	assert_int_equal(
		rq_proc_run(&(struct rq_proc){ .argv = argv, .env = extra, .out = &out },
			    &status, &err),
		0);
	assert_null(strstr(out.s, "LEAK"));
	assert_non_null(strstr(out.s, "PATH="));
	assert_non_null(strstr(out.s, "HOME=/some/home\n"));
	assert_non_null(strstr(out.s, "GREETING=hello world\n"));
	assert_non_null(strstr(out.s, "LANG=C\n"));
	assert_null(strstr(out.s, "C.UTF-8"));
	rq_str_release(&out);
}

static void no_shell_in_between(void **state)
{
	static const char *const argv[] = { "echo", "$HOME; `id` 'x'", NULL };
	struct rq_str out = { 0 };
	struct rq_err err = { 0 };
	int status = -1;

	(void)state;
	assert_int_equal(
		rq_proc_run(&(struct rq_proc){ .argv = argv, .dir = "/", .out = &out },
			    &status, &err),
		0);
	assert_string_equal(out.s, "$HOME; `id` 'x'\n");
	rq_str_release(&out);
}

static void what_is_missing_is_named(void **state)
{
	static const char *const none[] = { "requilt-no-such-program", NULL };
	static const char *const spatch[] = { "spatch", NULL };
	static const char *const folder[] = { "/tmp", NULL };
	static const char *const yes[] = { "true", NULL };
	struct rq_err err = { 0 };
	char *path = rq_xstrdup(getenv("PATH"));
	int status = -1;

	(void)state;
	assert_int_equal(rq_proc_run(&(struct rq_proc){ .argv = none }, &status, &err),
			 RQ_ETOOL);
	assert_non_null(strstr(err.msg, "requilt-no-such-program: not installed"));
	setenv("PATH", "/nowhere", 1);
	assert_int_equal(rq_proc_run(&(struct rq_proc){ .argv = spatch }, &status, &err),
			 RQ_ETOOL);
	assert_non_null(strstr(err.msg, "apt-get install coccinelle"));
	setenv("PATH", path, 1);
	free(path);
	assert_int_equal(rq_proc_run(&(struct rq_proc){ .argv = folder }, &status, &err),
			 RQ_ETOOL);
	assert_non_null(strstr(err.msg, "/tmp: "));
	assert_int_equal(rq_proc_run(&(struct rq_proc){ .argv = yes, .dir = "/no/such" },
				     &status, &err),
			 RQ_EIO);
	assert_non_null(strstr(err.msg, "/no/such"));
}

/* Whether the process of that number is dead; its parent may not have buried it yet. */
static bool is_dead(struct rq_slice number)
{
	char *path = rq_xasprintf("/proc/%ld/stat", strtol(number.p, NULL, 10));
	struct rq_str stat = { 0 };
	struct rq_err err = { 0 };
	bool dead = rq_file_read(&stat, path, &err) || strstr(stat.s, ") Z ");

	rq_str_release(&stat);
	free(path);
	return dead;
}

static void time_limits(void **state)
{
	struct rq_str out = { 0 };
	struct rq_err err = { 0 };
	long start = now_ms();
	int status = -1;

	(void)state;
	assert_int_equal(run_shell((struct rq_proc){ .seconds = 1, .out = &out },
				   "echo before; sleep 60", &status, &err),
			 RQ_ETOOL);
	assert_non_null(strstr(err.msg, "sh: stopped after 1 s"));
	assert_string_equal(out.s, "before\n");
	assert_in_range(now_ms() - start, 900, 20000);
	out.len = 0;
	assert_int_equal(run_shell((struct rq_proc){ .seconds = 1, .out = &out },
				   "trap '' TERM; echo $$; while :; do sleep 1; done",
				   &status, &err),
			 RQ_ETOOL);
	assert_true(is_dead(rq_str_slice(&out)));
	rq_str_release(&out);
}

/* A child in the background holds the pipe open; it must not hold us up, nor live on. */
static void count_chunks(struct rq_slice chunk, void *ctx)
{
	*(size_t *)ctx += chunk.n;
}

/* A program that prints now and then is not silent; one that stops printing is. */
static void silence(void **state)
{
	struct rq_str out = { 0 };
	struct rq_err err = { 0 };
	bool silenced = true;
	size_t seen = 0;
	int status = -1;
	struct rq_proc proc = { .silence = 2,
				.silenced = &silenced,
				.printed = count_chunks,
				.ctx = &seen,
				.out = &out };

	(void)state;
	assert_int_equal(run_shell(proc, "for i in 1 2 3; do echo $i; sleep 1; done",
				   &status, &err),
			 0);
	assert_false(silenced);
	assert_int_equal(run_shell(proc,
				   "echo 4; trap 'echo 5; exit' TERM; sleep 60 & wait",
				   &status, &err),
			 RQ_ETOOL);
	assert_true(silenced);
	assert_non_null(strstr(err.msg, "sh: stopped, it printed nothing for 2 s"));
	assert_string_equal(out.s, "1\n2\n3\n4\n5\n");
	assert_int_equal(seen, out.len);
	proc.seconds = 1;
	assert_int_equal(run_shell(proc, "sleep 60", &status, &err), RQ_ETOOL);
	assert_false(silenced);
	assert_non_null(strstr(err.msg, "its time limit"));
	rq_str_release(&out);
}

static void no_survivors(void **state)
{
	struct rq_str out = { 0 };
	struct rq_err err = { 0 };
	long start = now_ms();
	int status = -1;

	(void)state;
	assert_int_equal(run_shell((struct rq_proc){ .out = &out }, "sleep 60 & echo $!",
				   &status, &err),
			 0);
	assert_in_range(now_ms() - start, 0, 20000);
	for (int tries = 0; tries < 100 && !is_dead(rq_str_slice(&out)); tries++)
		usleep(20000);
	assert_true(is_dead(rq_str_slice(&out)));
	rq_str_release(&out);
}

/* One that left the group, the session and its parents: it ends with the program, and at its limit. */
static void no_strays(void **state)
{
	static const char stray[] =
		"(setsid sh -c '(setsid sh -c \"echo \\$\\$; exec sleep 60\" "
		"&)' &) ; sleep 0.2; ";
	struct rq_str out = { 0 }, line = { 0 };
	struct rq_err err = { 0 };
	int status = -1;

	(void)state;
	rq_str_addf(&line, "%strue", stray);
	assert_int_equal(
		run_shell((struct rq_proc){ .out = &out }, line.s, &status, &err), 0);
	assert_int_equal(status, 0);
	assert_true(out.len > 0 && is_dead(rq_str_slice(&out)));
	out.len = line.len = 0;
	rq_str_addf(&line, "%strap '' TERM; sleep 60", stray);
	assert_int_equal(run_shell((struct rq_proc){ .out = &out, .seconds = 1 }, line.s,
				   &status, &err),
			 RQ_ETOOL);
	assert_true(out.len > 0 && is_dead(rq_str_slice(&out)));
	rq_str_release(&out);
	rq_str_release(&line);
}

/* One that kills its keeper first; another program of ours, which has one, goes on. */
static void *run_beside(void *status)
{
	struct rq_err err = { 0 };

	if (run_shell((struct rq_proc){ 0 }, "sleep 2; exit 5", status, &err))
		*(int *)status = -1;
	return NULL;
}

static void killed_keeper(void **state)
{
	static const char line[] =
		"(setsid sh -c '(setsid sh -c \"echo \\$\\$; exec sleep 60\" &)' &) ; "
		"sleep 0.2; kill -KILL $PPID; sleep 60";
	struct rq_str out = { 0 };
	struct rq_err err = { 0 };
	int status = -1, beside = -1;
	pthread_t thread;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, run_beside, &beside), 0);
	assert_int_equal(run_shell((struct rq_proc){ .out = &out }, line, &status, &err),
			 0);
	assert_int_equal(status, 128 + SIGKILL);
	assert_true(out.len > 0 && is_dead(rq_str_slice(&out)));
	pthread_join(thread, NULL);
	assert_int_equal(beside, 5);
	rq_str_release(&out);
}

/* One that prints, grows or writes without end is stopped, also where a child of it does. */
static void floods(void **state)
{
	struct rq_str out = { 0 };
	struct rq_err err = { 0 };
	int status = -1;

	(void)state;
	assert_int_equal(run_shell((struct rq_proc){ .out = &out, .errors = &out },
				   "yes; true", &status, &err),
			 RQ_ETOOL);
	assert_non_null(strstr(err.msg, "sh: stopped, it prints more than 256 MiB"));
	/* A child that left the group goes on when all others are gone. */
	out.len = 0;
	run_shell((struct rq_proc){ .out = &out, .seconds = 20 },
		  "setsid yes & sleep 0.2", &status, &err);
	assert_in_range(out.len, 1, 257 << 20);
	rq_str_release(&out);
	assert_int_equal(run_shell((struct rq_proc){ .memory = 64 << 20 },
				   "head -c 200M /dev/zero | tail -c 100M >/dev/null "
				   "2>&1",
				   &status, &err),
			 0);
	assert_int_not_equal(status, 0);
	assert_int_equal(run_shell((struct rq_proc){ .file = 1 << 20 },
				   "f=$(mktemp); head -c 2M /dev/zero >$f 2>/dev/null; "
				   "s=$(stat -c %s $f); rm $f; test $s = 1048576",
				   &status, &err),
			 0);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(statuses),
		cmocka_unit_test(streams),
		cmocka_unit_test(one_stream),
		cmocka_unit_test(a_clean_environment),
		cmocka_unit_test(no_shell_in_between),
		cmocka_unit_test(what_is_missing_is_named),
		cmocka_unit_test(time_limits),
		cmocka_unit_test(silence),
		cmocka_unit_test(no_survivors),
		cmocka_unit_test(no_strays),
		cmocka_unit_test(killed_keeper),
		cmocka_unit_test(floods),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
