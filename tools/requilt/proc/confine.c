// SPDX-License-Identifier: GPL-2.0-only
/*
 * Confines a program that works on a stranger's text: spatch with a rule of somebody's pull
 * request.  Landlock decides about files, a seccomp filter about all other calls; where one of
 * them is missing, bubblewrap puts the program into namespaces; where that is missing too, the
 * program is not run.  Nothing here falls back to running it as it is.
 *
 * All is made ready before the fork, since a child of a threaded program may not allocate.
 */
#include "proc/proc_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- what there is --- */

static bool landlock_refuses(const void *ruleset)
{
	return rq_landlock_enter(*(const int *)ruleset) == 0 &&
	       open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC) < 0 && errno == EACCES;
}

static bool filter_refuses(const void *filter)
{
	return rq_filter_enter(filter) == 0 && socket(AF_INET, SOCK_STREAM, 0) < 0 &&
	       errno == EPERM;
}

static bool makes_namespaces(const void *nothing)
{
	(void)nothing;
	return unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0;
}

/* In a child, since none of these can be taken back; what it takes is made before the fork. */
static bool holds_in_child(bool (*try)(const void *what), const void *what)
{
	pid_t pid = rq_fork();
	int status = 1;

	if (pid == 0)
		_exit(!try(what));
	return pid > 0 && rq_wait(pid, &status) == 0 && status == 0;
}

static bool landlock_holds(void)
{
	const struct rq_confine nothing = { 0 };
	int ruleset = rq_landlock_new(&nothing, "/proc/self/exe");
	bool holds = ruleset >= 0 && holds_in_child(landlock_refuses, &ruleset);

	if (ruleset >= 0)
		close(ruleset);
	return holds;
}

static bool filter_holds(void)
{
	struct rq_filter filter = { 0 };
	bool holds =
		rq_filter_make(&filter, false) && holds_in_child(filter_refuses, &filter);

	rq_filter_release(&filter);
	return holds;
}

static bool bubblewrap_runs(void)
{
	static const char *const argv[] = { "true", NULL };
	const struct rq_confine nothing = { 0 };
	const struct rq_proc proc = { .argv = argv, .seconds = 30, .confine = &nothing };
	_cleanup_free_ char *program = rq_proc_find("true");
	struct rq_str said = { 0 };
	struct rq_names words = { 0 };
	struct rq_err ignored;
	int status = 1, rc = RQ_ETOOL;

	if (program && rq_proc_installed("bwrap")) {
		rq_bubblewrap_words(&words, &proc, program, -1);
		rq_vec_push(&words.v);
		rc = rq_proc_run(
			&(struct rq_proc){ .argv = (const char *const *)words.v.v,
					   .seconds = 30,
					   .out = &said,
					   .errors = &said },
			&status, &ignored);
		words.v.n--;
	}
	rq_names_release(&words);
	rq_str_release(&said);
	return !rc && !status;
}

void rq_confine_probe(struct rq_confine_offer *offer)
{
	*offer = (struct rq_confine_offer){
		.landlock = landlock_holds() ? rq_landlock_abi() : 0,
		.seccomp = filter_holds(),
		.user_namespace = holds_in_child(makes_namespaces, NULL),
		.bubblewrap = bubblewrap_runs(),
	};
}

/* What rq_proc_run() uses: tried once, bubblewrap only where it is wanted. */
static struct rq_confine_offer used;

static void find_means(void)
{
	used.seccomp = filter_holds();
	used.landlock = used.seccomp && landlock_holds();
	used.bubblewrap = !used.landlock && bubblewrap_runs();
}

int rq_confine_possible(struct rq_err *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, find_means);
	if (used.landlock || used.bubblewrap)
		return 0;
	return rq_err_set(err, RQ_ETOOL,
			  "%s does not work here, and neither does bubblewrap",
			  used.seccomp ? "Landlock" : "seccomp");
}

/* --- a confinement --- */

/* The filter in a memory file, which bubblewrap reads. */
static int write_filter(struct rq_cage *cage, const char *program, struct rq_err *err)
{
	struct rq_filter *filter = &cage->filter;
	size_t size;

	if (!rq_filter_make(filter, true))
		return 0;
	size = filter->code.n * sizeof(*filter->code.v);
	cage->filter_file = memfd_create("requilt-filter", MFD_CLOEXEC);
	if (cage->filter_file < 0 ||
	    write(cage->filter_file, filter->code.v, size) != (ssize_t)size ||
	    lseek(cage->filter_file, 0, SEEK_SET) < 0)
		return rq_err_errno(err, "%s: its filter", program);
	return 0;
}

static int prepare_bubblewrap(struct rq_cage *cage, const struct rq_proc *proc,
			      const char *program, struct rq_err *err)
{
	int rc = used.seccomp ? write_filter(cage, program, err) : 0;

	if (rc)
		return rc;
	cage->program = rq_proc_find("bwrap");
	rq_bubblewrap_words(&cage->words, proc, program, cage->filter_file);
	rq_vec_push(&cage->words.v);
	cage->words.v.n--;
	return 0;
}

/* A script would need its interpreter and whatever it starts. */
static bool is_script(const char *program)
{
	int fd = open(program, O_RDONLY | O_CLOEXEC);
	char start[2] = "";
	bool script = fd >= 0 && read(fd, start, 2) == 2 && !memcmp(start, "#!", 2);

	if (fd >= 0)
		close(fd);
	return script;
}

int rq_cage_prepare(struct rq_cage *cage, const struct rq_proc *proc, const char *program,
		    struct rq_err *err)
{
	if (rq_confine_possible(err))
		return rq_err_prefix(err, "%s cannot be confined: ", proc->argv[0]);
	if (is_script(program))
		return rq_err_set(err, RQ_ETOOL,
				  "%s cannot be confined: it is a script; put the "
				  "program that it starts into PATH",
				  program);
	if (used.bubblewrap)
		return prepare_bubblewrap(cage, proc, program, err);
	cage->ruleset = rq_landlock_new(proc->confine, program);
	if (cage->ruleset < 0)
		return rq_err_errno(err, "%s: Landlock", proc->argv[0]);
	rq_filter_make(&cage->filter, false);
	return 0;
}

int rq_cage_enter(struct rq_cage *cage)
{
	const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	if (close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) < 0)
		return -1;
	if (cage->program)
		return cage->filter_file < 0 ? 0 : fcntl(cage->filter_file, F_SETFD, 0);
	return rq_landlock_enter(cage->ruleset) < 0 ? -1 : rq_filter_enter(&cage->filter);
}

void rq_cage_release(struct rq_cage *cage)
{
	if (cage->ruleset >= 0)
		close(cage->ruleset);
	if (cage->filter_file >= 0)
		close(cage->filter_file);
	rq_filter_release(&cage->filter);
	rq_names_release(&cage->words);
	free(cage->program);
	*cage = (struct rq_cage)RQ_CAGE_NONE;
}
