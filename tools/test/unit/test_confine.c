// SPDX-License-Identifier: GPL-2.0-only
/*
 * Confinement: what a program may not do is tried, one by one, by a program that is confined;
 * and a rule that runs Python, which the gate would not let through, reaches nothing.
 *
 * perl stands in for the program: it is on every Debian machine and can make any system call.
 */
#include "scratch.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "semantic/semantic.h"

static const char *const programs[] = { "cat", NULL };

/* Runs a perl program in <dir>/work, which is all it may use; what it prints, for the caller. */
static char *perl(struct scratch *s, const char *program, struct rq_proc proc)
{
	_cleanup_free_ char *work = rq_xasprintf("%s/work", s->dir);
	const struct rq_confine confine = { .work = work, .programs = programs };
	const char *const argv[] = { "perl", "-e", program, s->dir, NULL };
	struct rq_str out = { 0 };
	int status = -1;

	proc.argv = argv;
	proc.dir = work;
	proc.seconds = 60;
	proc.out = proc.errors = &out;
	proc.confine = &confine;
	assert_ok(s, rq_proc_run(&proc, &status, &s->err));
	if (status)
		fail_msg("perl: exit status %d: %s", status, out.s ? out.s : "");
	return out.s ? out.s : rq_xstrdup("");
}

static int setup(void **state)
{
	struct scratch *s;

	scratch_setup(state);
	s = *state;
	free(shell(s,
		   "mkdir work outside; echo secret >outside/secret; touch outside/file; "
		   "echo mine >work/mine"));
	return 0;
}

static const struct {
	const char *what, *attempt; /* an expression of perl; false where it is refused */
	int error;
} refused[] = {
	{ "write outside", "open(F, '>', \"$d/outside/new\")", EACCES },
	{ "write over a file outside", "open(F, '>', \"$d/outside/file\")", EACCES },
	{ "append to a file outside", "open(F, '>>', \"$d/outside/file\")", EACCES },
	{ "read a file outside", "open(F, '<', \"$d/outside/secret\")", EACCES },
	{ "read through ..", "open(F, '<', '../outside/secret')", EACCES },
	{ "read the passwords", "open(F, '<', '/etc/passwd')", EACCES },
	{ "read its environment by way of proc", "open(F, '<', '/proc/self/environ')",
	  EACCES },
	{ "list a directory", "opendir(D, '/')", EACCES },
	{ "list the home", "opendir(D, $d)", EACCES },
	{ "write a system file", "open(F, '>>', '/usr/x')", EACCES },
	{ "make a directory outside", "mkdir(\"$d/outside/dir\")", EACCES },
	{ "remove a file outside", "unlink(\"$d/outside/file\")", EACCES },
	{ "rename out", "rename('mine', \"$d/outside/mine\")", EACCES },
	{ "rename in", "rename(\"$d/outside/file\", 'file')", EACCES },
	{ "link in", "link(\"$d/outside/secret\", 'secret')", EPERM },
	{ "make a symbolic link", "symlink(\"$d/outside/secret\", 'link')", EPERM },
	{ "change a mode", "chmod(0777, \"$d/outside/file\")", EPERM },
	{ "change its own file's mode", "chmod(04777, 'mine')", EPERM },
	{ "change an owner", "chown(1, 1, \"$d/outside/file\")", EPERM },
	{ "change a time", "utime(1, 1, \"$d/outside/file\")", EPERM },
	{ "cut a file", "truncate(\"$d/outside/secret\", 0)", EPERM },
	{ "make a pipe", "(require POSIX, POSIX::mkfifo('pipe', 0600))[1]", EPERM },
	{ "execute a shell", "(exec { '/bin/sh' } 'sh', '-c', 'echo ran')", EACCES },
	{ "execute what it wrote", "(exec { './mine' } 'mine')", EACCES },
	{ "open a socket", "socket(S, 2, 1, 0)", EPERM },
	{ "open a datagram socket", "socket(S, 2, 2, 0)", EPERM },
	{ "open a local socket", "socket(S, 1, 1, 0)", EPERM },
	{ "signal its parent", "kill('CONT', getppid)", EPERM },
	{ "signal process 1", "kill(0, 1)", EPERM },
	{ "leave its group", "setpgrp(0, 0)", EPERM },
	{ "raise its priority", "setpriority(0, 0, 1)", EPERM },
};

/* The @i'th line of what the attempts printed: "0" is done, else the error. */
static void check_refusal(struct rq_slice *printed, const char *what, int error)
{
	struct rq_slice line = { "", 0 };
	char want[16];

	snprintf(want, sizeof(want), "%d", error);
	rq_slice_next_line(printed, &line);
	line = rq_slice_chomp(line);
	if (!rq_slice_eq(line, rq_slice_of(want)))
		fail_msg("%s: '%.*s', not %s", what, RQ_SLICE_ARG(line), want);
}

static void attempts_are_refused(void **state)
{
	struct scratch *s = *state;
	struct rq_str program = { 0 };
	struct rq_slice rest;
	char *printed;

	rq_str_adds(&program, "no warnings; require POSIX; $| = 1; $d = $ARGV[0];\n");
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++)
		rq_str_addf(&program, "$! = 0; print(((%s) ? 0 : $! + 0), \"\\n\");\n",
			    refused[i].attempt);
	printed = perl(s, program.s, (struct rq_proc){ 0 });
	rest = rq_slice_of(printed);
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++)
		check_refusal(&rest, refused[i].what, refused[i].error);
	free(printed);
	rq_str_release(&program);
	assert_shell(s, "file secret", "cd outside; echo $(ls)");
	assert_shell(s, "secret", "cat outside/secret");
}

static const struct {
	const char *what;
	long call;
	int error;
} calls[] = {
	{ "ptrace", __NR_ptrace, EPERM },
	{ "process_vm_readv", __NR_process_vm_readv, EPERM },
	{ "unshare", __NR_unshare, EPERM },
	{ "setns", __NR_setns, EPERM },
	{ "mount", __NR_mount, EPERM },
	{ "chroot", __NR_chroot, EPERM },
	{ "bpf", __NR_bpf, EPERM },
	{ "io_uring_setup", 425, EPERM },
	{ "keyctl", __NR_keyctl, EPERM },
	{ "perf_event_open", __NR_perf_event_open, EPERM },
	{ "userfaultfd", __NR_userfaultfd, EPERM },
	{ "memfd_create", __NR_memfd_create, EPERM },
	{ "execveat", __NR_execveat, EPERM },
	{ "open_by_handle_at", __NR_open_by_handle_at, EPERM },
	{ "shmget", __NR_shmget, EPERM },
	{ "mq_open", __NR_mq_open, EPERM },
	{ "personality", __NR_personality, EPERM },
	{ "pidfd_send_signal", 424, EPERM },
	{ "pidfd_getfd", 438, EPERM },
	{ "rt_sigqueueinfo", __NR_rt_sigqueueinfo, EPERM },
	{ "setxattr", __NR_setxattr, EPERM },
	{ "setsid", __NR_setsid, EPERM },
	{ "clone3", 435, ENOSYS },
	{ "a call of tomorrow", 500, ENOSYS },
#ifdef __x86_64__
	{ "a call of x32", 0x40000000 + __NR_getpid, ENOSYS },
#endif
};

static void calls_are_refused(void **state)
{
	struct scratch *s = *state;
	struct rq_str program = { 0 };
	struct rq_slice rest;
	char *printed;

	for (size_t i = 0; i < ARRAY_SIZE(calls); i++)
		rq_str_addf(
			&program,
			"$! = 0; print((syscall(%ld, 0, 0, 0, 0, 0) < 0 ? $! + 0 : 0), "
			"\"\\n\");\n",
			calls[i].call);
	printed = perl(s, program.s, (struct rq_proc){ 0 });
	rest = rq_slice_of(printed);
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++)
		check_refusal(&rest, calls[i].what, calls[i].error);
	free(printed);
	rq_str_release(&program);
}

static void its_work_is_done(void **state)
{
	struct scratch *s = *state;
	char *printed = perl(
		s,
		"$| = 1; open(F, '<', 'mine') or die; print <F>; "
		"open(F, '>', 'made') or die; print F 'x'; close F; mkdir 'd' or die; "
		"rename('made', 'd/made') or die; print -s 'd/made', \"\\n\"; "
		"open(F, '>', '/dev/null') or die; print `cat mine`; "
		"if (!fork) { print \"child\\n\"; exit } wait; unlink('d/made') or die; "
		"truncate(F, 0); open(F, '+>', 'mine') or die;",
		(struct rq_proc){ 0 });

	assert_string_equal(printed, "mine\n1\nmine\nchild\n");
	free(printed);
}

static void it_may_abort(void **state)
{
	static const char *const argv[] = { "perl", "-e", "require POSIX; POSIX::abort()",
					    NULL };
	static const struct rq_confine nothing = { 0 };
	struct scratch *s = *state;
	int status = 0;

	assert_ok(s, rq_proc_run(&(struct rq_proc){ .argv = argv,
						    .dir = "/",
						    .confine = &nothing },
				 &status, &s->err));
	assert_int_equal(status, 128 + SIGABRT);
}

/* Without a work directory nothing can be written. */
static void no_work_directory(void **state)
{
	static const struct rq_confine nothing = { 0 };
	struct scratch *s = *state;
	const char *const argv[] = { "perl", "-e", "exit(open(F, '>', 'new') ? 1 : 0)",
				     NULL };
	int status = 1;

	assert_ok(s, rq_proc_run(&(struct rq_proc){ .argv = argv,
						    .dir = s->dir,
						    .confine = &nothing },
				 &status, &s->err));
	assert_int_equal(status, 0);
}

static void limits_hold(void **state)
{
	struct scratch *s = *state;
	char *printed = perl(s, "$n = 128 << 20; $x = 'x' x $n; print 'done'",
			     (struct rq_proc){ .memory = (size_t)1 << 30 });

	assert_string_equal(printed, "done");
	free(printed);
	printed =
		perl(s,
		     "$| = 1; if (!fork) { $n = 128 << 20; $x = 'x' x $n; print 'done' } "
		     "else { wait; print $? ? 'refused' : '' }",
		     (struct rq_proc){ .memory = (size_t)64 << 20 });
	assert_non_null(strstr(printed, "refused"));
	assert_null(strstr(printed, "done"));
	free(printed);
	printed =
		perl(s,
		     "$SIG{XFSZ} = 'IGNORE'; open(F, '>', 'long'); print F 'x' x 100000; "
		     "close F; print -s 'long'",
		     (struct rq_proc){ .file = 4096 });
	assert_string_equal(printed, "4096");
	free(printed);
}

/* 200 of them that do nothing; what it prints is "limited" where no more can be made. */
static const char crowd[] =
	"$n = 0; while ($n < 200) { $p = fork; last if !defined $p; "
	"if (!$p) { sleep 60; exit } $n++ } print $n < 200 ? 'limited' : $n; sleep 2";

/* The kernel's limit binds all but root: it is tried as somebody else. */
static void processes_are_limited(void **state)
{
	const char *const own[] = { "perl", "-e", crowd, NULL };
	const char *const other[] = {
		"setpriv", "--reuid=65534", "--clear-groups", "perl", "-e", crowd, NULL
	};
	struct scratch *s = *state;
	struct rq_str out = { 0 };
	int status, rc;

	rc = rq_proc_run(&(struct rq_proc){ .argv = geteuid() ? own : other,
					    .dir = "/",
					    .seconds = 60,
					    .processes = 16,
					    .out = &out,
					    .errors = &out },
			 &status, &s->err);
	/* Whoever was first, the kernel or the keeper's count. */
	if (rc && !strstr(s->err.msg, "stopped, it started more than 16 processes"))
		fail_msg("%s", s->err.msg);
	if (!rc)
		assert_string_equal(out.s ? out.s : "", "limited");
	rq_str_release(&out);
}

/* The keeper's count binds root, and the group of a confined program cannot be left. */
static void processes_are_counted(void **state)
{
	struct scratch *s = *state;
	_cleanup_free_ char *work = rq_xasprintf("%s/work", s->dir);
	const struct rq_confine confine = { .work = work, .programs = programs };
	_cleanup_free_ char *program =
		rq_xasprintf("$| = 1; print getpgrp, ' '; %s", crowd);
	const char *const argv[] = { "perl", "-e", program, NULL };
	struct rq_proc proc = { .argv = argv,
				.dir = work,
				.seconds = 60,
				.confine = &confine,
				.processes = 300 };
	struct rq_str out = { 0 };
	int status = -1;

	if (geteuid() != 0)
		skip();
	proc.out = proc.errors = &out;
	assert_ok(s, rq_proc_run(&proc, &status, &s->err));
	assert_true(rq_slice_ends(rq_str_slice(&out), " 200"));
	out.len = 0;
	proc.processes = 16;
	assert_fails(s, RQ_ETOOL, "perl: stopped, it started more than 16 processes",
		     rq_proc_run(&proc, &status, &s->err));
	assert_shell(s, "none", "pgrep -g %ld >/dev/null || echo none",
		     strtol(out.s, NULL, 10));
	rq_str_release(&out);
}

static void a_script_is_not_confined(void **state)
{
	struct scratch *s = *state;
	_cleanup_free_ char *path = rq_xasprintf("%s/script", s->dir);
	const char *const argv[] = { path, NULL };
	static const struct rq_confine nothing = { 0 };
	int status;

	write_file(s, "script", "#!/bin/sh\ntouch ran\n", 20);
	assert_int_equal(chmod(path, 0755), 0);
	assert_fails(s, RQ_ETOOL, "cannot be confined: it is a script",
		     rq_proc_run(&(struct rq_proc){ .argv = argv,
						    .dir = s->dir,
						    .confine = &nothing },
				 &status, &s->err));
	assert_shell(s, "no", "[ -e ran ] || echo no");
}

/* --- a rule that the gate did not see --- */

static int port;

/* A socket that takes calls on @port. */
static int listen_here(void)
{
	struct sockaddr_in here = { .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(here);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&here, size), 0);
	assert_int_equal(listen(fd, 8), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&here, &size), 0);
	port = ntohs(here.sin_port);
	return fd;
}

static bool was_called(int listener)
{
	int fd = accept(listener, NULL, NULL);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* What it tries is in Python, which spatch runs in its own process. */
static void run_rule(struct scratch *s, struct rq_semantic *run, bool unconfined)
{
	static const char code[] = "int f(void)\n{\n\told(1);\n\treturn 0;\n}\n";
	const struct rq_semantic_options options = { .jobs = 1,
						     .unconfined = unconfined };
	struct rq_rule rule = { .name = rq_xstrdup("x.cocci") };
	struct rq_str bytes = { 0 };
	int rc;

	rq_names_add(&rule.needs, RQ_SLICE("old"));
	rq_str_addf(&rule.text,
		    "@initialize:python@\n@@\nimport os, socket\nd = '%s'\n"
		    "def attempt(f):\n    try:\n        f()\n    except Exception:\n"
		    "        pass\n"
		    "def steal(path, to):\n    open(to, 'a').write(open(path).read())\n"
		    "attempt(lambda: open(d + '/outside/written', 'w').close())\n"
		    "attempt(lambda: os.system('touch ' + d + '/outside/ran'))\n"
		    "attempt(lambda: os.chmod(d + '/outside/file', 0o777))\n"
		    "attempt(lambda: socket.create_connection(('127.0.0.1', %d), 1))\n"
		    "attempt(lambda: steal(d + '/outside/secret', 'a.c'))\n"
		    "attempt(lambda: os.remove('b.c'))\n"
		    "attempt(lambda: os.symlink(d + '/outside/secret', 'b.c'))\n"
		    "\n@@ expression e; @@\n- old(e)\n+ fresh(e)\n",
		    s->dir, port);
	for (const char *name = "a.c"; name; name = *name == 'a' ? "b.c" : NULL) {
		rq_str_adds(&bytes, code);
		rq_semantic_add(run, name, &bytes);
	}
	rc = rq_semantic_run(run, &rule, &options, &s->err);
	/* The link that it then could make is not followed. */
	if (rc != (unconfined ? RQ_EUNSAFE : 0))
		fail_msg("%d: %s", rc, s->err.msg);
	rq_rule_release(&rule);
}

static bool has_secret(const struct rq_semantic *run)
{
	for (size_t i = 0; i < run->files.n; i++)
		if (rq_slice_has(rq_str_slice(&run->files.v[i].after), "secret"))
			return true;
	return false;
}

static void a_rule_reaches_nothing(void **state)
{
	struct scratch *s = *state;
	int listener = listen_here();
	struct rq_semantic run = { 0 };

	run_rule(s, &run, false);
	assert_false(has_secret(&run));
	assert_false(was_called(listener));
	assert_shell(s, "file secret", "cd outside; echo $(ls)");
	assert_shell(s, "644", "stat -c %%a outside/file");
	/* and all of it is there to be reached */
	rq_semantic_release(&run);
	run_rule(s, &run, true);
	assert_true(has_secret(&run));
	assert_true(was_called(listener));
	assert_shell(s, "file ran secret written", "cd outside; echo $(ls)");
	assert_shell(s, "777", "stat -c %%a outside/file");
	rq_semantic_release(&run);
	close(listener);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(attempts_are_refused, setup,
						scratch_teardown),
		cmocka_unit_test_setup_teardown(calls_are_refused, setup,
						scratch_teardown),
		cmocka_unit_test_setup_teardown(its_work_is_done, setup,
						scratch_teardown),
		cmocka_unit_test_setup_teardown(it_may_abort, setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(no_work_directory, setup,
						scratch_teardown),
		cmocka_unit_test_setup_teardown(limits_hold, setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(processes_are_limited, setup,
						scratch_teardown),
		cmocka_unit_test_setup_teardown(processes_are_counted, setup,
						scratch_teardown),
		cmocka_unit_test_setup_teardown(a_script_is_not_confined, setup,
						scratch_teardown),
		cmocka_unit_test_setup_teardown(a_rule_reaches_nothing, setup,
						scratch_teardown),
	};

	return cmocka_run_group_tests_name("confine", tests, NULL, NULL);
}
