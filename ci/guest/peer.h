/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two processes that take turns: each says a number and hears the other's.  A peer that died
 * is heard as -1.
 */
#ifndef GUEST_PEER_H
#define GUEST_PEER_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct peer {
	pid_t pid; /* 0 in the child */
	int fd;
};

static inline struct peer peer_fork(void)
{
	struct peer p = { .pid = -1 };
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) < 0)
		return p;
	fflush(stdout);
	p.pid = fork();
	p.fd = fds[p.pid == 0];
	close(fds[p.pid != 0]);
	return p;
}

static inline void say(struct peer *p, int what)
{
	if (send(p->fd, &what, sizeof(what), MSG_NOSIGNAL) < 0 && p->pid == 0)
		_exit(1);
}

static inline int hear(struct peer *p)
{
	int what;

	return read(p->fd, &what, sizeof(what)) == sizeof(what) ? what : -1;
}

/* Waits for a child that ends by itself; whether it ended well. */
static inline bool peer_end(struct peer *p)
{
	int status = -1;

	close(p->fd);
	return waitpid(p->pid, &status, 0) == p->pid && status == 0;
}

#endif
