// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ends every process that descends from this one, those too that left its group and session.  It
 * must be a subreaper (prctl(2)): then a process whose parent dies becomes its child, so killing
 * its children again and again comes to all of them.
 *
 * Runs in a child of a threaded program: no allocation, no stdio, no readdir().
 */
#include "proc/proc_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A process that cannot die (waiting for a disk) is given up after so many times 2 ms. */
#define TRIES 5000

struct entry { /* linux_dirent64 of getdents64(2) */
	uint64_t ino;
	int64_t off;
	uint16_t size;
	uint8_t type;
	char name[];
};

/* 0: not a number. */
static long number_of(const char *s)
{
	long n = 0;

	for (; *s >= '0' && *s <= '9' && n < 1L << 40; s++)
		n = 10 * n + *s - '0';
	return *s && *s != ' ' ? 0 : n;
}

/* The parent of process @name: "PID (comm) S PPID ...", where comm may hold anything. */
static long parent_of(int proc, const char *name)
{
	char path[32], text[512], *end = NULL;
	ssize_t n;
	int fd;

	strcpy(path, name);
	strcat(path, "/stat");
	fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n > 0) {
		text[n] = '\0';
		end = strrchr(text, ')');
	}
	return end && strlen(end) > 4 ? number_of(end + 4) : 0;
}

static void kill_children(void)
{
	int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char buf[8192] __attribute__((aligned(8)));
	long own = getpid(), n;

	while (proc >= 0 && (n = syscall(SYS_getdents64, proc, buf, sizeof(buf))) > 0)
		for (long at = 0; at < n;) {
			const struct entry *e = (const struct entry *)(buf + at);
			long pid = strlen(e->name) < 16 ? number_of(e->name) : 0;

			at += e->size;
			if (pid > 1 && parent_of(proc, e->name) == own)
				kill((pid_t)pid, SIGKILL);
		}
	if (proc >= 0)
		close(proc);
}

void rq_reap_all(void)
{
	const struct timespec moment = { .tv_nsec = 2000000 };
	pid_t pid;

	for (int tries = 0; tries < TRIES; tries++) {
		do
			pid = waitpid(-1, NULL, WNOHANG);
		while (pid > 0 || (pid < 0 && errno == EINTR));
		if (pid < 0)
			return;
		kill_children();
		nanosleep(&moment, NULL);
	}
}
