// SPDX-License-Identifier: GPL-2.0-only
/*
 * without CALL... -- PROGRAM ARGUMENT...
 *
 * Runs a program in a world where the system calls of these numbers are not there, as a container
 * or an old kernel has it.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sock_filter code[64];
	unsigned short n = 0;
	int at = 1;

	code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						 offsetof(struct seccomp_data, nr));
	for (; at < argc && strcmp(argv[at], "--") != 0 && n < 60; at++) {
		code[n++] = (struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JEQ | BPF_K, (unsigned)atoi(argv[at]), 0, 1);
		code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
							 SECCOMP_RET_ERRNO | ENOSYS);
	}
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0,
		    &(struct sock_fprog){ .len = n, .filter = code }) < 0)
		return perror("without"), 125;
	if (at + 1 < argc)
		execvp(argv[at + 1], argv + at + 1);
	return perror("without"), 126;
}
