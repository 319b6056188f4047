// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads a guest's console: KTAP of the tests, two levels, and between it what the kernel says.
 *
 *	KTAP version 1
 *	1..2
 *	# Subtest: fork_write
 *	  KTAP version 1
 *	  ok 1 hugetlb: is there
 *	  1..1
 *	ok 1 fork_write
 *	[    3.141592] BUG: Bad page map in process fork_write
 *
 * A number that is not the next, a plan that is not kept, a SKIP, and no test at all are failures:
 * each could hide a test that did not run.  The kernel may speak behind what a program has not
 * ended yet with a newline.
 */
#include "verify/boot_internal.h"

#include <ctype.h>
#include <stdlib.h>

#define DONE "guest: done"
#define TAIL 200 /* lines that a report shows */

struct reader {
	struct rq_boot_run *out;
	struct rq_slice subtest; /* around the line */
	long count[2], plan[2];	 /* outer, inner; plan -1: not yet */
	bool up, bad, panicked;
};

static const char *const complaints[] = {
	"BUG: ",
	"WARNING: ",
	"Oops: ",
	"Oops[",
	"kernel BUG at ",
	"Bad page ",
	"Bad rss-counter",
	"Bad swap file entry",
	"Bad swap offset entry",
	"Unused swap file entry",
	"Unused swap offset entry",
	"page dumped because",
	"blocked for more than",
	"general protection fault",
	"INFO: task ",
	"possible recursive locking",
	"possible circular locking",
	"inconsistent lock state",
	"suspicious RCU usage",
	"bad pte",
	"bad pmd ",
	"bad pud ",
	"trying to register non-static key",
	"rcu_tasks",
	"unable to handle",
	"rcu: INFO: ",
	"soft lockup",
	"list_add corruption",
	"list_del corruption",
	"refcount_t: ",
	"UBSAN: ",
	"kmemleak: ",
	"Out of memory: ",
	"oom-kill:",
};

static void add_test(struct reader *r, struct rq_slice name, bool ok, bool skipped)
{
	struct rq_boot_test *test = rq_vec_push(&r->out->tests);

	test->ok = ok;
	test->skipped = skipped;
	test->name = r->subtest.n ? rq_xasprintf("%.*s: %.*s", RQ_SLICE_ARG(r->subtest),
						 RQ_SLICE_ARG(name))
				  : rq_xasprintf("%.*s", RQ_SLICE_ARG(name));
	r->bad |= !ok;
}

/* "[    3.141592]" at the start of @text: how long it is, or 0. */
static size_t stamp(struct rq_slice text)
{
	size_t i = 1, dot;

	if (!text.n || text.p[0] != '[')
		return 0;
	while (i < text.n && text.p[i] == ' ')
		i++;
	while (i < text.n && isdigit((unsigned char)text.p[i]))
		i++;
	dot = i++;
	while (i < text.n && isdigit((unsigned char)text.p[i]))
		i++;
	return i < text.n && text.p[i] == ']' && text.p[dot] == '.' ? i + 1 : 0;
}

/* Cuts what the kernel says off the end of @line; empty when it says nothing. */
static struct rq_slice cut_kernel(struct rq_slice *line)
{
	struct rq_slice rest = { line->p, 0 };

	for (size_t i = 0; i < line->n; i++) {
		rest = (struct rq_slice){ line->p + i, line->n - i };
		if (!stamp(rest))
			continue;
		line->n = i;
		rest.p += stamp(rest);
		rest.n = (size_t)(line->p + i + rest.n - rest.p);
		return rq_slice_trim(rest);
	}
	return (struct rq_slice){ line->p + line->n, 0 };
}

/* "[   T75] " may stand in front. */
static void read_kernel(struct reader *r, struct rq_slice line)
{
	const char *end = line.n && line.p[0] == '[' ? memchr(line.p, ']', line.n) : NULL;

	if (end)
		line = rq_slice_trim((struct rq_slice){
			end + 1, (size_t)(line.p + line.n - end - 1) });
	if (rq_slice_starts(line, "Kernel panic - not syncing"))
		r->panicked = true;
	else {
		bool found = false;

		for (size_t i = 0; i < ARRAY_SIZE(complaints); i++)
			found = found || rq_slice_has(line, complaints[i]);
		if (!found)
			return;
	}
	rq_names_add(&r->out->complaints, line);
	r->bad = true;
}

/* Whether @rest ends with a "# SKIP why", which is cut off; any case. */
static bool cut_skip(struct rq_slice *rest)
{
	for (size_t i = 0; i + 1 < rest->n; i++) {
		struct rq_slice directive = { rest->p + i + 1, rest->n - i - 1 };

		if (rest->p[i] != '#' || (i > 0 && rest->p[i - 1] != ' '))
			continue;
		directive = rq_slice_trim(directive);
		if (directive.n < 4 || strncasecmp(directive.p, "SKIP", 4) != 0)
			continue;
		rest->n = i;
		return true;
	}
	return false;
}

/* "1 hugetlb: is there # SKIP no memory", behind the verdict; other words behind a "#" tell no
 * name either. */
static void read_result(struct reader *r, struct rq_slice rest, bool ok, int level)
{
	struct rq_slice number = rq_slice_next_word(&rest);
	bool skipped = cut_skip(&rest);
	const char *mark = memmem(rest.p, rest.n, " # ", 3);
	struct rq_slice name = rq_slice_trim(
		(struct rq_slice){ rest.p, mark ? (size_t)(mark - rest.p) : rest.n });

	r->count[level]++;
	if (level == 0) {
		if (r->subtest.n && (r->plan[1] != r->count[1] || !r->count[1]))
			add_test(r, RQ_SLICE("keeps its plan"), false, false);
		r->subtest.n = 0;
	}
	add_test(r, name, ok && !skipped && strtol(number.p, NULL, 10) == r->count[level],
		 skipped);
}

static void read_line(struct reader *r, struct rq_slice line)
{
	struct rq_slice kernel = cut_kernel(&line);
	int level = rq_slice_starts(line, "  ");

	if (kernel.n)
		read_kernel(r, kernel);
	line = rq_slice_trim(line);
	if (rq_slice_starts(line, "KTAP version ")) {
		r->up = true;
		r->plan[level] = -1;
		r->count[level] = 0;
	} else if (!r->up) {
		return;
	} else if (rq_slice_starts(line, "# Subtest: ")) {
		r->subtest = (struct rq_slice){ line.p + 11, line.n - 11 };
		r->plan[1] = -1;
		r->count[1] = 0;
	} else if (rq_slice_starts(line, "1..")) {
		r->plan[level] = strtol(line.p + 3, NULL, 10);
	} else if (rq_slice_starts(line, "ok ")) {
		read_result(r, (struct rq_slice){ line.p + 3, line.n - 3 }, true, level);
	} else if (rq_slice_starts(line, "not ok ")) {
		read_result(r, (struct rq_slice){ line.p + 7, line.n - 7 }, false, level);
	}
}

bool rq_console_done(struct rq_slice console)
{
	return rq_slice_has(console, "\n" DONE);
}

/* The last lines, which tell most. */
static char *tail_of(struct rq_slice console)
{
	size_t at = console.n, lines = 0;

	while (at && (console.p[at - 1] != '\n' || ++lines <= TAIL))
		at--;
	return rq_xstrndup(console.p + at, console.n - at);
}

void rq_console_read(struct rq_boot_run *out, struct rq_slice console, bool in_time)
{
	struct reader r = { .out = out, .plan = { -1, -1 } };
	struct rq_slice rest = console, line;
	bool done = rq_console_done(console);

	out->tail = tail_of(console);
	while (rq_slice_next_line(&rest, &line))
		read_line(&r, line);
	r.subtest.n = 0;
	if (done && (r.plan[0] != r.count[0] || !r.count[0]))
		add_test(&r, RQ_SLICE("all tests run"), false, false);
	if (r.panicked)
		out->state = RQ_BOOT_PANICKED;
	else if (!r.up)
		out->state = RQ_BOOT_NEVER_UP;
	else if (!done || !in_time)
		out->state = RQ_BOOT_HUNG;
	else
		out->state = r.bad ? RQ_BOOT_FAILED : RQ_BOOT_PASSED;
}
