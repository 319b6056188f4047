// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ends every process that descends from this one, those too that left its group and session.  It
 * must be a subreaper (prctl(2)): then a process whose parent dies becomes its child, so killing
 * its children again and again comes to all of them.  Counts processes, too.
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

/* What /proc/PID/stat says: "PID (comm) S PPID PGRP SESSION ...", where comm may hold anything. */
struct stat_line {
	long parent, session;
};

static struct stat_line read_stat(int proc, const char *name)
{
	struct stat_line line = { 0 };
	char path[32], text[512], *end = NULL;
	ssize_t n;
	int fd;

	strcpy(path, name);
	strcat(path, "/stat");
	fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return line;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n > 0) {
		text[n] = '\0';
		end = strrchr(text, ')');
	}
	if (!end || strlen(end) <= 4)
		return line;
	line.parent = number_of(end + 4);
	end = strchr(end + 4, ' ');
	end = end ? strchr(end + 1, ' ') : NULL;
	line.session = end ? number_of(end + 1) : 0;
	return line;
}

/* Calls @each with every process there is. */
static void each_process(void (*each)(pid_t pid, const struct stat_line *line, void *ctx),
			 void *ctx)
{
	int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char buf[8192] __attribute__((aligned(8)));
	long n;

	while (proc >= 0 && (n = syscall(SYS_getdents64, proc, buf, sizeof(buf))) > 0)
		for (long at = 0; at < n;) {
			const struct entry *e = (const struct entry *)(buf + at);
			long pid = strlen(e->name) < 16 ? number_of(e->name) : 0;
			struct stat_line line;

			at += e->size;
			if (pid <= 1)
				continue;
			line = read_stat(proc, e->name);
			each((pid_t)pid, &line, ctx);
		}
	if (proc >= 0)
		close(proc);
}

static void kill_child(pid_t pid, const struct stat_line *line, void *ctx)
{
	if (line->parent == *(const pid_t *)ctx)
		kill(pid, SIGKILL);
}

static void kill_children(void)
{
	pid_t own = getpid();

	each_process(kill_child, &own);
}

struct crowd {
	pid_t session;
	size_t n;
};

static void count_one(pid_t pid, const struct stat_line *line, void *ctx)
{
	struct crowd *crowd = ctx;

	(void)pid;
	crowd->n += line->session == crowd->session;
}

size_t rq_reap_count(pid_t session)
{
	struct crowd crowd = { .session = session };

	each_process(count_one, &crowd);
	return crowd.n;
}

struct strays {
	const pid_t *but;
	size_t n_but, n;
	pid_t own;
};

static void kill_stray(pid_t pid, const struct stat_line *line, void *ctx)
{
	struct strays *strays = ctx;

	for (size_t i = 0; i < strays->n_but; i++)
		if (strays->but[i] == pid)
			return;
	if (line->parent != strays->own)
		return;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, WNOHANG);
	strays->n++;
}

void rq_reap_strays(const pid_t *but, size_t n)
{
	const struct timespec moment = { .tv_nsec = 2000000 };

	for (int tries = 0; tries < TRIES; tries++) {
		struct strays strays = { .but = but, .n_but = n, .own = getpid() };

		each_process(kill_stray, &strays);
		if (!strays.n)
			return;
		nanosleep(&moment, NULL);
	}
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
