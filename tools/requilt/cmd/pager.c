// SPDX-License-Identifier: GPL-2.0-only
/*
 * A pager for what is long, when a reader sits in front of a terminal.  What the command prints is
 * kept in memory till it ends, so its result and exit status never depend on how far somebody read.
 * No shell: the words of REQUILT_PAGER or PAGER are split at blanks.
 */
#include "cmd/cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "proc/proc.h"

#define MAX_WORDS 16

static int terminal = -1, kept = -1; /* stdout as it was, and what stands in for it */

/* Borrowed from the environment, maybe without any word; NULL: there is no pager at all. */
static const char *wanted(void)
{
	static const char *const names[] = { "REQUILT_PAGER", "PAGER" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *value = getenv(names[i]);

		if (value)
			return value;
	}
	return rq_proc_installed("less") ? "less" : NULL;
}

void rq_pager_begin(void)
{
	if (rq_globals.json || !isatty(STDOUT_FILENO) || !wanted())
		return;
	fflush(stdout);
	kept = memfd_create("requilt-output", MFD_CLOEXEC);
	terminal = kept < 0 ? -1 : dup(STDOUT_FILENO);
	if (terminal < 0 || dup2(kept, STDOUT_FILENO) < 0)
		terminal = -1;
}

bool rq_pager_waits(void)
{
	return terminal >= 0;
}

/* The words of the pager, which point into @line; one that has too many is not cut into another. */
static int split(const char **argv, char *line, struct rq_err *err)
{
	char *save = NULL;
	int n = 0;

	for (char *word = strtok_r(line, " \t", &save); word;
	     word = strtok_r(NULL, " \t", &save)) {
		if (n == MAX_WORDS)
			return rq_err_set(err, RQ_EUSAGE, "%s: more than %d words",
					  argv[0], MAX_WORDS);
		argv[n++] = word;
	}
	return 0;
}

static void page(struct rq_slice text)
{
	/*
	 * What git gives less, too: quit on one screen, keep colours, leave the text there; and L,
	 * for LESSOPEN may hand the text, which is a stranger's, to programs that guess what it is.
	 */
	const char *env[] = { "LESS=FRLX", NULL }, *argv[MAX_WORDS + 1] = { 0 };
	_cleanup_free_ char *line = rq_xstrdup(wanted());
	struct rq_proc proc = { .argv = argv,
				.env = getenv("LESS") ? NULL : env,
				.input = text,
				.terminal = true };
	struct rq_err err = { 0 };
	int status, rc = split(argv, line, &err);

	if (!rc && argv[0])
		rc = rq_proc_run(&proc, &status, &err);
	if (rc)
		rq_print_clean(stderr, "requilt: the pager: %s\n", err.msg);
	if (rc || !argv[0])
		fwrite(text.p, 1, text.n, stdout);
}

void rq_pager_end(void)
{
	struct rq_str text = { 0 };
	char chunk[65536];
	ssize_t n;

	if (!rq_pager_waits())
		return;
	fflush(stdout);
	dup2(terminal, STDOUT_FILENO);
	close(terminal);
	terminal = -1;
	lseek(kept, 0, SEEK_SET);
	while ((n = read(kept, chunk, sizeof(chunk))) > 0)
		rq_str_add(&text, chunk, (size_t)n);
	close(kept);
	if (text.len)
		page(rq_str_slice(&text));
	rq_str_release(&text);
}
