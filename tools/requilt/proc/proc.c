// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs one program to its end.  stdin is a memory file, so nothing can block on writing
 * it; stdout and stderr are read as they come; a pidfd says when the program is done, and
 * then its group is killed, so that nothing it left behind holds the pipes open.
 *
 * Between us and the program stands a keeper, a fork of ours that leads its session: the kernel
 * tells it when we die, however that was, and it kills all that descends from it, in whatever
 * session (reap.c).  It counts processes where they have a limit, since the kernel's does not bind
 * root.  Where a program kills its keeper, what is left becomes ours, and we kill it.
 *
 * Refuses shells, and inherited environments but for a reader's own program.
 */
#include "proc/proc_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "util/mem.h"
#include "util/path.h"
#include "util/vec.h"

/* How long a program may take to end by itself after SIGTERM. */
#define GRACE_MS 2000
#define DEFAULT_PATH "/usr/local/bin:/usr/bin:/bin"
/* Of what it prints, where that is kept. */
#define PRINTED_MOST ((size_t)256 << 20)
/* How the keeper is told to end all: by the kernel when we are dead, by us when time is up. */
#define ORPHANED SIGUSR1
/* How often the keeper looks whether there may be too many processes, and of how many looks it counts. */
#define LOOK_NS 50000000L
#define LOOKS 10

struct run {
	const struct rq_proc *proc;
	rq_vec(char *) env;
	char *program; /* NULL: nowhere in PATH */
	struct rq_cage cage;
	size_t processes;		      /* the limit of the user's, with its own */
	int in, out[2], errors[2], failed[2]; /* pipes: [0] is ours */
	pid_t pid;
	int pidfd;
	long heard;    /* when it last printed, in ms */
	bool flood;    /* more than PRINTED_MOST came */
	bool silent;   /* it printed nothing for proc->silence */
	bool *crowded; /* shared with the keeper: there were more than proc->processes */
};

/* Our children that somebody waits for: all others are strays. */
static struct {
	pthread_mutex_t lock;
	rq_vec(pid_t) pids;
} children = { .lock = PTHREAD_MUTEX_INITIALIZER };

pid_t rq_fork(void)
{
	pid_t pid;

	pthread_mutex_lock(&children.lock);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	rq_vec_reserve(&children.pids, children.pids.n + 1);
	pid = fork();
	if (pid > 0)
		*rq_vec_push(&children.pids) = pid;
	if (pid)
		pthread_mutex_unlock(&children.lock);
	return pid;
}

static void forget_child(pid_t pid)
{
	size_t kept = 0;

	for (size_t i = 0; i < children.pids.n; i++)
		if (children.pids.v[i] != pid)
			children.pids.v[kept++] = children.pids.v[i];
	children.pids.n = kept;
	if (!kept)
		rq_vec_release(&children.pids);
}

int rq_wait(pid_t pid, int *status)
{
	int rc;

	do
		rc = waitpid(pid, status, 0);
	while (rc < 0 && errno == EINTR);
	pthread_mutex_lock(&children.lock);
	forget_child(pid);
	pthread_mutex_unlock(&children.lock);
	return rc < 0 ? -1 : 0;
}

static void kill_strays(void)
{
	pthread_mutex_lock(&children.lock);
	rq_reap_strays(children.pids.v, children.pids.n);
	pthread_mutex_unlock(&children.lock);
}

static const struct {
	const char *program, *package;
} packages[] = {
	{ "busybox", "busybox-static" },
	{ "cc", "gcc" },
	{ "qemu-system-x86_64", "qemu-system-x86" },
	{ "scdoc", "scdoc" },
	{ "spatch", "coccinelle" },
	{ "xz", "xz-utils" },
};

static const char *package_of(const char *program)
{
	for (size_t i = 0; i < ARRAY_SIZE(packages); i++)
		if (!strcmp(packages[i].program, program))
			return packages[i].package;
	return program;
}

/* The folders of PATH, but none that depends on where a program runs: "." and the like. */
static char *search_path(void)
{
	const char *value = getenv("PATH");
	_cleanup_free_ char *path = rq_xstrdup(value ? value : DEFAULT_PATH);
	struct rq_str out = { 0 };
	char *rest = path, *dir;

	while ((dir = strsep(&rest, ":")))
		if (*dir == '/')
			rq_str_addf(&out, "%s%s", out.len ? ":" : "", dir);
	return out.s ? out.s : rq_xstrdup(DEFAULT_PATH);
}

char *rq_proc_find(const char *name)
{
	_cleanup_free_ char *path = search_path();
	char *rest = path, *dir;
	struct stat st;

	if (strchr(name, '/'))
		return rq_xstrdup(name);
	while ((dir = strsep(&rest, ":"))) {
		char *full = rq_path_join(dir, name);

		if (access(full, X_OK) == 0 && stat(full, &st) == 0 &&
		    S_ISREG(st.st_mode))
			return full;
		free(full);
	}
	return NULL;
}

/* In the place of ours of that name, which a name alone takes away. */
static void set_variable(struct run *run, const char *variable)
{
	size_t n = strcspn(variable, "="), i = 0;

	while (i < run->env.n &&
	       (strncmp(run->env.v[i], variable, n) != 0 || run->env.v[i][n] != '='))
		i++;
	if (!variable[n] && i == run->env.n)
		return;
	if (i == run->env.n)
		rq_vec_push(&run->env);
	free(run->env.v[i]);
	run->env.v[i] = variable[n] ? rq_xstrdup(variable) : run->env.v[--run->env.n];
}

static void build_env(struct run *run)
{
	const char *const *extra = run->proc->env;

	if (run->proc->terminal) {
		for (char **ours = environ; *ours; ours++)
			*rq_vec_push(&run->env) = rq_xstrdup(*ours);
	} else {
		_cleanup_free_ char *path = search_path();
		const char *home = getenv("HOME");

		*rq_vec_push(&run->env) = rq_xasprintf("PATH=%s", path);
		*rq_vec_push(&run->env) = rq_xasprintf("HOME=%s", home ? home : "/");
		*rq_vec_push(&run->env) = rq_xstrdup("LANG=C.UTF-8");
	}
	for (; extra && *extra; extra++)
		set_variable(run, *extra);
	rq_vec_push(&run->env);
}

static int open_input(struct run *run, struct rq_err *err)
{
	struct rq_slice rest = run->proc->input;

	if (run->proc->asks) {
		run->in = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
		if (run->in >= 0)
			return 0;
	}
	if (!rest.n) {
		run->in = open("/dev/null", O_RDONLY | O_CLOEXEC);
		return run->in < 0 ? rq_err_errno(err, "/dev/null") : 0;
	}
	run->in = memfd_create("requilt-input", MFD_CLOEXEC);
	while (run->in >= 0 && rest.n) {
		ssize_t n = write(run->in, rest.p, rest.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return rq_err_errno(err, "%s: its input", run->proc->argv[0]);
		rest.p += n;
		rest.n -= (size_t)n;
	}
	if (run->in < 0 || lseek(run->in, 0, SEEK_SET) < 0)
		return rq_err_errno(err, "%s: its input", run->proc->argv[0]);
	return 0;
}

static int open_pipes(struct run *run, struct rq_err *err)
{
	int rc = open_input(run, err);

	if (rc)
		return rc;
	if ((run->proc->out && pipe2(run->out, O_CLOEXEC) < 0) ||
	    (run->proc->errors && run->proc->errors != run->proc->out &&
	     pipe2(run->errors, O_CLOEXEC) < 0) ||
	    pipe2(run->failed, O_CLOEXEC) < 0)
		return rq_err_errno(err, "%s: pipe", run->proc->argv[0]);
	return 0;
}

/* In a child that could not become the program. */
static void tell(struct run *run, int error)
{
	_exit(write(run->failed[1], &error, sizeof(error)) < 0 ? 126 : 127);
}

/* In a child. */
static bool limit(int what, size_t bytes)
{
	const struct rlimit most = { bytes, bytes };

	return !bytes || setrlimit(what, &most) == 0;
}

/* In a child: only calls that are safe after a fork of a threaded program. */
static void become(struct run *run, pid_t parent)
{
	static const int defaults[] = { SIGINT, SIGPIPE, SIGTERM, ORPHANED };
	const struct rq_proc *proc = run->proc;
	int errors =
		proc->errors && proc->errors == proc->out ? run->out[1] : run->errors[1];
	bool wrapped = run->cage.program != NULL;
	sigset_t none;

	for (size_t i = 0; i < ARRAY_SIZE(defaults); i++)
		signal(defaults[i], SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (dup2(run->in, 0) >= 0 && (!proc->out || dup2(run->out[1], 1) >= 0) &&
	    (!proc->errors || dup2(errors, 2) >= 0) &&
	    (!proc->dir || chdir(proc->dir) == 0) && limit(RLIMIT_DATA, proc->memory) &&
	    limit(RLIMIT_FSIZE, proc->file) && limit(RLIMIT_NPROC, run->processes) &&
	    (!proc->confine || rq_cage_enter(&run->cage) == 0))
		execve(wrapped ? run->cage.program : run->program,
		       wrapped ? run->cage.words.v.v : (char *const *)proc->argv,
		       run->env.v);
	tell(run, errno);
}

/*
 * Ends the whole group, its keeper too, in one step, which no fork gets away from.  Counts where the
 * kernel's total, which costs nothing, is over the limit of the user's, and now and then.
 */
static void end_a_crowd(const struct run *run, size_t look)
{
	struct sysinfo info;

	if ((look % LOOKS && sysinfo(&info) == 0 && info.procs <= run->processes) ||
	    rq_reap_count(getpid()) <= run->proc->processes + 1)
		return;
	*run->crowded = true;
	kill(0, SIGKILL);
}

/* Waits for the program: true and its status, or false when the keeper is told to end it. */
static bool wait_for(const struct run *run, pid_t pid, int *status,
		     const sigset_t *signals)
{
	const struct timespec often = { .tv_nsec = LOOK_NS };
	size_t look = 0;

	for (;;) {
		int sig = run->crowded ? sigtimedwait(signals, NULL, &often)
				       : sigwaitinfo(signals, NULL);
		pid_t dead;

		if (sig == ORPHANED)
			return false;
		if (run->crowded)
			end_a_crowd(run, ++look);
		/* What the program left behind is the keeper's child, and dies before it, too. */
		while ((dead = waitpid(-1, status, WNOHANG)) > 0)
			if (dead == pid)
				return true;
	}
}

/*
 * The keeper, in a child as well.  It ends as the program does, holds nothing of ours open, and
 * leaves no process of it behind.
 */
static void keep(struct run *run, pid_t parent)
{
	sigset_t signals;
	int status = 0;
	pid_t pid;

	setsid();
	signal(SIGTERM, SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, ORPHANED);
	sigprocmask(SIG_SETMASK, &signals, NULL);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	prctl(PR_SET_PDEATHSIG, ORPHANED);
	if (getppid() != parent)
		_exit(127);
	parent = getpid();
	pid = _Fork();
	if (pid == 0)
		become(run, parent);
	if (pid < 0)
		tell(run, errno);
	close_range(3, ~0U, 0);
	if (!wait_for(run, pid, &status, &signals))
		status = SIGKILL;
	rq_reap_all();
	_exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
}

static void close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static int fail_missing(const char *program, struct rq_err *err)
{
	return rq_err_set(err, RQ_ETOOL,
			  "%s: not installed; on Debian: apt-get install %s", program,
			  package_of(rq_path_base(program)));
}

/* Reports why the program did not even start. */
static int check_start(struct run *run, struct rq_err *err)
{
	const char *program = run->proc->argv[0];
	int error = 0;
	ssize_t n;

	do
		n = read(run->failed[0], &error, sizeof(error));
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return 0;
	errno = error;
	if (error == ENOENT && run->proc->dir && access(run->proc->dir, X_OK) < 0)
		return rq_err_errno(err, "%s: cannot run in %s", program, run->proc->dir);
	if (error != ENOENT)
		return rq_err_set(err, RQ_ETOOL, "%s: %s", program, strerror(error));
	return fail_missing(program, err);
}

/* What the limits and the confinement need to know, which a child could not find out. */
static int prepare(struct run *run, struct rq_err *err)
{
	struct sysinfo info;

	if (!run->program)
		return fail_missing(run->proc->argv[0], err);
	/* The limit is the user's, of whom at most these run now. */
	if (run->proc->processes && sysinfo(&info) == 0)
		run->processes = info.procs + run->proc->processes;
	if (run->processes) {
		void *page = mmap(NULL, sizeof(*run->crowded), PROT_READ | PROT_WRITE,
				  MAP_SHARED | MAP_ANONYMOUS, -1, 0);

		if (page == MAP_FAILED)
			return rq_err_errno(err, "%s: mmap", run->proc->argv[0]);
		run->crowded = page;
	}
	return run->proc->confine
		       ? rq_cage_prepare(&run->cage, run->proc, run->program, err)
		       : 0;
}

static int start(struct run *run, struct rq_err *err)
{
	pid_t parent = getpid();

	run->pid = rq_fork();
	if (run->pid < 0)
		return rq_err_errno(err, "%s: fork", run->proc->argv[0]);
	if (run->pid == 0)
		run->proc->terminal ? become(run, parent) : keep(run, parent);
	close_one(&run->in);
	close_one(&run->out[1]);
	close_one(&run->errors[1]);
	close_one(&run->failed[1]);
	run->pidfd = pidfd_open(run->pid, 0);
	if (run->pidfd < 0)
		return rq_err_errno(err, "%s: pidfd", run->proc->argv[0]);
	return check_start(run, err);
}

static long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* One read; at the end of the stream the descriptor is closed. */
static void take(struct run *run, int *fd, struct rq_str *to)
{
	char chunk[65536];
	ssize_t n = read(*fd, chunk, sizeof(chunk));

	if (n > 0) {
		run->heard = now_ms();
		rq_str_add(to, chunk, (size_t)n);
		if (run->proc->printed && to == run->proc->out)
			run->proc->printed((struct rq_slice){ chunk, (size_t)n },
					   run->proc->ctx);
	} else if (n == 0 || (errno != EINTR && errno != EAGAIN)) {
		close_one(fd);
	}
	run->flood |= to && to->len > PRINTED_MOST;
}

/*
 * Serves the pipes until the program ends (true), or @until passes (-1: never), it prints nothing
 * for @silence ms (0: it may), or too much came (false).
 */
static bool serve(struct run *run, long until, long silence)
{
	for (;;) {
		struct pollfd fds[] = {
			{ .fd = run->out[0], .events = POLLIN },
			{ .fd = run->errors[0], .events = POLLIN },
			{ .fd = run->pidfd, .events = POLLIN },
		};
		long patience = run->heard + silence;
		bool quiet = silence && (until < 0 || patience <= until);
		long stop = quiet ? patience : until;
		long left = stop < 0 ? -1 : stop - now_ms();

		if (stop >= 0 && left <= 0) {
			run->silent |= quiet;
			return false;
		}
		if (poll(fds, ARRAY_SIZE(fds), (int)left) < 0)
			continue;
		if (fds[0].revents)
			take(run, &run->out[0], run->proc->out);
		if (fds[1].revents)
			take(run, &run->errors[0], run->proc->errors);
		if (fds[2].revents)
			return true;
		if (run->flood)
			return false;
	}
}

/*
 * The program is gone and so is its group: what is left in a pipe.  Never waits, for
 * something that left the group may hold the other end for good, or print for ever.
 */
static void drain(struct run *run, int *fd, struct rq_str *to)
{
	struct pollfd ready = { .fd = *fd, .events = POLLIN };

	while (*fd >= 0 && !run->flood && poll(&ready, 1, 0) > 0)
		take(run, fd, to);
}

static int wait_status(struct run *run)
{
	int status = 0;

	rq_wait(run->pid, &status);
	run->pid = 0;
	/* A keeper does not end by a signal unless somebody else killed it. */
	if (WIFSIGNALED(status) && !run->proc->terminal)
		kill_strays();
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/*
 * A program that shares our group has none to be killed with.  A keeper may not have come to lead
 * its own yet.
 */
static void kill_group(const struct run *run, int sig)
{
	if (run->proc->terminal || kill(-run->pid, sig) < 0)
		kill(run->pid, sig);
}

static int watch(struct run *run, int *status, struct rq_err *err)
{
	long seconds = run->proc->seconds;
	bool ended;

	run->heard = now_ms();
	ended = serve(run, seconds ? run->heard + seconds * 1000 : -1,
		      run->proc->silence * 1000);
	if (run->proc->silenced)
		*run->proc->silenced = run->silent;
	if (!ended) {
		kill_group(run, SIGTERM);
		if (!serve(run, now_ms() + GRACE_MS, 0) && !run->proc->terminal) {
			kill(run->pid, ORPHANED);
			serve(run, now_ms() + GRACE_MS, 0);
		}
	}
	kill_group(run, SIGKILL);
	drain(run, &run->out[0], run->proc->out);
	drain(run, &run->errors[0], run->proc->errors);
	*status = wait_status(run);
	if (run->crowded && *run->crowded)
		return rq_err_set(err, RQ_ETOOL,
				  "%s: stopped, it started more than %zu processes",
				  run->proc->argv[0], run->proc->processes);
	if (run->flood)
		return rq_err_set(err, RQ_ETOOL,
				  "%s: stopped, it prints more than %zu MiB",
				  run->proc->argv[0], PRINTED_MOST >> 20);
	if (run->silent)
		return rq_err_set(err, RQ_ETOOL,
				  "%s: stopped, it printed nothing for %ld s",
				  run->proc->argv[0], run->proc->silence);
	if (!ended)
		return rq_err_set(err, RQ_ETOOL,
				  "%s: stopped after %ld s, its time limit",
				  run->proc->argv[0], seconds);
	return 0;
}

static void release(struct run *run)
{
	if (run->pid > 0) {
		kill_group(run, SIGKILL);
		wait_status(run);
	}
	close_one(&run->in);
	for (int i = 0; i < 2; i++) {
		close_one(&run->out[i]);
		close_one(&run->errors[i]);
		close_one(&run->failed[i]);
	}
	close_one(&run->pidfd);
	if (run->crowded)
		munmap(run->crowded, sizeof(*run->crowded));
	rq_cage_release(&run->cage);
	free(run->program);
	for (size_t i = 0; i < run->env.n; i++)
		free(run->env.v[i]);
	rq_vec_release(&run->env);
}

int rq_proc_run(const struct rq_proc *proc, int *status, struct rq_err *err)
{
	struct run run = {
		.proc = proc,
		.in = -1,
		.out = { -1, -1 },
		.errors = { -1, -1 },
		.failed = { -1, -1 },
		.pidfd = -1,
		.cage = RQ_CAGE_NONE,
	};
	struct sigaction ignore = { .sa_handler = SIG_IGN }, was;
	int rc;

	build_env(&run);
	run.program = rq_proc_find(proc->argv[0]);
	if (proc->terminal)
		sigaction(SIGINT, &ignore, &was);
	rc = prepare(&run, err);
	if (!rc)
		rc = open_pipes(&run, err);
	if (!rc)
		rc = start(&run, err);
	if (!rc)
		rc = watch(&run, status, err);
	release(&run);
	if (proc->terminal)
		sigaction(SIGINT, &was, NULL);
	return rc;
}

bool rq_proc_installed(const char *program)
{
	_cleanup_free_ char *path = rq_proc_find(program);

	return path != NULL;
}
