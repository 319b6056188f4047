// SPDX-License-Identifier: GPL-2.0-only
/*
 * bubblewrap: a confinement by namespaces, where the kernel has no Landlock.  The program gets a
 * file system of the libraries, itself, what it may start and its work directory, no network and
 * no process but its own.  seccomp's filter goes with it where there is one.
 */
#include "proc/proc_internal.h"

#include <stdlib.h>

static void add(struct rq_names *words, const char *word)
{
	rq_names_add(words, rq_slice_of(word));
}

/* "OPTION PATH PATH" */
static void bind_at(struct rq_names *words, const char *option, const char *path)
{
	add(words, option);
	add(words, path);
	add(words, path);
}

/* A program may be a link, and be called by the link's name as well. */
static void bind_program(struct rq_names *words, const char *path)
{
	_cleanup_free_ char *real = realpath(path, NULL);

	if (!real)
		return;
	add(words, "--ro-bind");
	add(words, real);
	add(words, path);
	if (strcmp(real, path) != 0)
		bind_at(words, "--ro-bind", real);
}

void rq_bubblewrap_words(struct rq_names *words, const struct rq_proc *proc,
			 const char *program, int seccomp)
{
	static const char *const system[] = {
		"/lib",		 "/lib32",     "/lib64",
		"/usr/lib",	 "/usr/lib32", "/usr/lib64",
		"/usr/share",	 "/usr/local", "/etc/ld.so.cache",
		"/etc/localtime"
	};
	const struct rq_confine *confine = proc->confine;

	add(words, "bwrap");
	add(words, "--unshare-all");
	add(words, "--die-with-parent");
	for (size_t i = 0; i < ARRAY_SIZE(system); i++)
		bind_at(words, "--ro-bind-try", system[i]);
	add(words, "--dev");
	add(words, "/dev");
	bind_program(words, program);
	for (size_t i = 0; confine->programs && confine->programs[i]; i++) {
		_cleanup_free_ char *path = rq_proc_find(confine->programs[i]);

		if (path)
			bind_program(words, path);
	}
	if (confine->work)
		bind_at(words, "--bind", confine->work);
	add(words, "--chdir");
	add(words, proc->dir ? proc->dir : "/");
	if (seccomp >= 0) {
		_cleanup_free_ char *fd = rq_xasprintf("%d", seccomp);

		add(words, "--seccomp");
		add(words, fd);
	}
	add(words, "--");
	add(words, program);
	for (const char *const *word = proc->argv + 1; *word; word++)
		add(words, *word);
}
