// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs spatch and reads what it says.  Each batch has a folder of its own, with the rule, a list
 * that makes every file a case of its own (spatch would take files named side by side for one
 * program) and, below "tree", the files at their paths.
 *
 * Its exit status is 0 whatever became of a file.  What counts is on stderr:
 *
 *	HANDLING: mm/memory.c                          it got as far as this file
 *	EXN: ...Timeout in mm/memory.c                 and no further
 *	parse error
 *	 = File "mm/memory.c", line 128, column 5      lines that it leaves alone: the ones
 *	badcount: 4                                    marked bad, BAD being line 128
 *	bad: #else
 *	BAD:!!!!!                      2;
 *	bad: #endif
 *	FLOW: can't find enclosing loop: ...           a function that it leaves alone (flow.c)
 *
 * among much that --debug tells of the rule.
 */
#include "semantic/semantic_internal.h"

#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "util/clock.h"
#include "util/file.h"
#include "util/path.h"
#include "util/temp.h"

#define DEFAULT_SECONDS 120
/* What batches' folders are called, in front of letters. */
#define FOLDER "requilt-spatch-"
/* How an OCaml program ends that did not catch an exception; 128 and more are signals. */
#define UNCAUGHT 255
/*
 * Of a rule, and of all that one branch's port runs: many times what a tree takes.  Each file that
 * spatch gets adds to both, so that a rule may be about thousands of them.
 */
#define RULE_SECONDS 900
#define PORT_SECONDS 3600
#define FILE_SECONDS 2
/* Of one spatch: five times what the largest files of a kernel take. */
#define MEMORY_MOST ((size_t)2 << 30)
#define FILE_MOST ((size_t)256 << 20)
#define PROCESSES_MOST 64

/* A share of the files, by their index in the run. */
struct batch {
	struct rq_semantic *run;
	const struct rq_rule *rule;
	long seconds; /* for a file */
	long most;    /* for all of them */
	size_t last;  /* the file that spatch came to last; run->files.n: none */
	bool unconfined;
	size_t first, step;
	char *folder, *tree;
	int lock; /* of @folder */
	struct rq_spatch_said said;
	struct rq_err err;
	int rc;
	bool *handled; /* per file of the run */
};

/* The next of the batch's files from @i on; run->files.n at the end. */
static size_t next_file(const struct batch *b, size_t i)
{
	while (i < b->run->files.n &&
	       (i % b->step != b->first || !b->run->files.v[i].wanted))
		i++;
	return i;
}

#define for_each_file(b, i) \
	for (size_t i = next_file(b, 0); i < (b)->run->files.n; i = next_file(b, i + 1))

void rq_spatch_said_release(struct rq_spatch_said *said)
{
	rq_vec_release(&said->unread);
	free(said->error);
	*said = (struct rq_spatch_said){ 0 };
}

void rq_spatch_said_add(struct rq_spatch_said *said, const struct rq_unread *unread)
{
	for (size_t i = 0; i < said->unread.n; i++)
		if (memcmp(&said->unread.v[i], unread, sizeof(*unread)) == 0)
			return;
	*rq_vec_push(&said->unread) = *unread;
}

static void fail(struct batch *b, enum rq_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The first failure is the one to tell. */
static void fail(struct batch *b, enum rq_code code, const char *fmt, ...)
{
	va_list ap;

	if (b->said.error)
		return;
	b->said.code = code;
	va_start(ap, fmt);
	b->said.error = rq_xvasprintf(fmt, ap);
	va_end(ap);
}

/* --- the folder --- */

static int write_under(const char *folder, const char *path, struct rq_slice bytes,
		       struct rq_err *err)
{
	_cleanup_free_ char *full = rq_path_join(folder, path);
	_cleanup_free_ char *parent = rq_path_parent(full);
	FILE *f;
	int rc = rq_dir_make(parent, err);

	if (rc)
		return rc;
	f = fopen(full, "we");
	if (!f || fwrite(bytes.p, 1, bytes.n, f) != bytes.n)
		rc = rq_err_errno(err, "%s", full);
	if (f && fclose(f) != 0 && !rc)
		rc = rq_err_errno(err, "%s", full);
	return rc;
}

/*
 * A name that spatch may be given.  Its list of files knows no quoting, and it hands names to
 * "sh -c" as they are.
 */
static bool is_plain(const char *path)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789/._+-,=@%:";

	return path[0] != '-' && !path[strspn(path, plain)];
}

static int fill_folder(struct batch *b)
{
	const char *tmp = getenv("TMPDIR");
	struct rq_str list = { 0 };
	int rc;

	tmp = tmp && *tmp ? tmp : "/tmp";
	rq_temp_sweep(tmp, FOLDER);
	rc = rq_temp_folder(&b->lock, &b->folder, tmp, FOLDER, &b->err);
	if (rc)
		return rc;
	rc = write_under(b->folder, "rule.cocci", rq_str_slice(&b->rule->text), &b->err);
	b->tree = rq_path_join(b->folder, "tree");
	if (!rc)
		rc = rq_dir_make(b->tree, &b->err);
	for (size_t i = 0; i < b->run->headers.n && !rc; i++) {
		if (!is_plain(b->run->headers.v[i].path))
			fail(b, RQ_EUNSAFE,
			     "%s: spatch cannot be given a header of this name",
			     b->run->headers.v[i].path);
		rc = write_under(b->tree, b->run->headers.v[i].path,
				 rq_str_slice(&b->run->headers.v[i].before), &b->err);
	}
	for_each_file (b, i) {
		struct rq_semantic_file *f = &b->run->files.v[i];

		if (rc)
			break;
		if (!is_plain(f->path)) {
			fail(b, RQ_EUNSAFE,
			     "%s: spatch cannot be given a file of this name", f->path);
			continue;
		}
		rc = write_under(b->tree, f->path, rq_str_slice(&f->before), &b->err);
		rq_str_addf(&list, "%s\n\n", f->path);
	}
	if (!rc)
		rc = write_under(b->folder, "files", rq_str_slice(&list), &b->err);
	rq_str_release(&list);
	return rc;
}

static int take_results(struct batch *b)
{
	int rc = 0;

	for_each_file (b, i) {
		struct rq_semantic_file *f = &b->run->files.v[i];

		if (rc)
			break;
		f->after.len = 0;
		/* Whatever a rule got spatch to do there. */
		rc = rq_file_read_below(&f->after, b->tree, f->path, &b->err);
		f->changed = !rc && !rq_slice_eq(rq_str_slice(&f->before),
						 rq_str_slice(&f->after));
		if (f->changed)
			rc = rq_semantic_fold(f, &b->err);
	}
	return rc;
}

/* --- what it says --- */

static bool find_file(const struct batch *b, struct rq_slice path, size_t *index)
{
	/* Mostly the one that spatch is at, or the next. */
	for (size_t i = b->last, tries = 0; i < b->run->files.n && tries < 2;
	     i = next_file(b, i + 1), tries++)
		if (rq_slice_eq(rq_slice_of(b->run->files.v[i].path), path)) {
			*index = i;
			return true;
		}
	for_each_file (b, i)
		if (rq_slice_eq(rq_slice_of(b->run->files.v[i].path), path)) {
			*index = i;
			return true;
		}
	return false;
}

/* The name between the first two quotes, and the number behind "line ". */
static bool read_place(const struct batch *b, struct rq_slice line, size_t *index,
		       long *number)
{
	const char *open = memchr(line.p, '"', line.n), *end = line.p + line.n, *close,
		   *at;

	if (!open)
		return false;
	close = memchr(open + 1, '"', (size_t)(end - open - 1));
	at = close ? memmem(close, (size_t)(end - close), "line ", 5) : NULL;
	if (!at)
		return false;
	*number = strtol(at + 5, NULL, 10);
	return find_file(b, (struct rq_slice){ open + 1, (size_t)(close - open - 1) },
			 index);
}

/* A line that belongs to no block. */
static bool is_news(struct rq_slice line)
{
	return rq_slice_starts(line, "HANDLING: ") ||
	       rq_slice_starts(line, "Skipping: ") || rq_slice_starts(line, "EXN: ") ||
	       rq_slice_starts(line, " = File \"");
}

/* The line of the file's text where @marked begins, "bad: " before each of its lines; 0 where it
 * does not, or in several places. */
static long find_marked(struct rq_slice text, struct rq_slice marked)
{
	struct rq_str plain = { 0 };
	struct rq_slice line;
	const char *at, *again = NULL;
	long number = 0;

	while (rq_slice_next_line(&marked, &line)) {
		line = rq_slice_chomp(line);
		if (line.n < 5)
			goto out;
		rq_str_addf(&plain, "%.*s\n", (int)line.n - 5, line.p + 5);
	}
	at = plain.len ? memmem(text.p, text.n, plain.s, plain.len) : NULL;
	if (at)
		again = memmem(at + 1, text.n - (size_t)(at + 1 - text.p), plain.s,
			       plain.len);
	if (at && !again && (at == text.p || at[-1] == '\n'))
		for (number = 1; at > text.p; at--)
			number += at[-1] == '\n';
out:
	rq_str_release(&plain);
	return number;
}

/*
 * Reads the block behind " = File": the lines marked bad around the one marked BAD.  None is
 * marked BAD where the token stands in a macro, whose line is told then, or where the file ends:
 * the block is looked up in the file's text, and where it is not found, all that follows counts
 * as unread.
 */
static void read_unread(struct batch *b, struct rq_slice *rest, struct rq_slice place)
{
	struct rq_unread u = { 0 };
	struct rq_slice before = *rest, line, marked = { rest->p, 0 };
	long above = 0, below = 0, at = 0;
	bool known = read_place(b, place, &u.file, &u.line), seen = false;

	while (rq_slice_next_line(rest, &line)) {
		if (rq_slice_starts(line, "BAD:!!!!!"))
			seen = true;
		else if (rq_slice_starts(line, "bad:"))
			seen ? below++ : above++;
		else if (seen || above || is_news(line))
			break;
		else
			marked.p = rest->p;
		before = *rest;
	}
	marked.n = (size_t)(before.p - marked.p);
	*rest = before;
	if (!known)
		return;
	if (!seen)
		at = find_marked(rq_str_slice(&b->run->files.v[u.file].before), marked);
	u.from = at ? at : u.line - above;
	u.to = seen ? u.line + below : at ? at + above - 1 : LONG_MAX;
	rq_spatch_said_add(&b->said, &u);
}

static void read_exception(struct batch *b, struct rq_slice line)
{
	struct rq_slice what = rq_slice_trim(line);
	bool timeout = memmem(what.p, what.n, "Timeout in ", 11);

	for (size_t i = 0; i < b->run->files.n; i++) {
		const char *path = b->run->files.v[i].path;
		size_t n = strlen(path);

		if (what.n <= n || memcmp(what.p + what.n - n, path, n) != 0 ||
		    what.p[what.n - n - 1] != ' ')
			continue;
		if (timeout)
			fail(b, RQ_EQUEUE, "%s: spatch ran out of its %ld seconds here",
			     path, b->seconds);
		else
			fail(b, RQ_EQUEUE,
			     "%s: spatch gave up, convert by hand what it names: "
			     "%.*s",
			     path, RQ_SLICE_ARG(what));
		return;
	}
	fail(b, RQ_EQUEUE, "spatch gave up: %.*s", RQ_SLICE_ARG(what));
}

static void read_said(struct batch *b, const struct rq_str *said)
{
	struct rq_slice rest = rq_str_slice(said), line;
	size_t index = 0;
	bool known = false; /* which file it is at: @index */

	while (rq_slice_next_line(&rest, &line)) {
		if (rq_slice_starts(line, "HANDLING: ") ||
		    rq_slice_starts(line, "Skipping: ")) {
			line = rq_slice_trim(
				(struct rq_slice){ line.p + 10, line.n - 10 });
			known = find_file(b, line, &index);
			if (known) {
				b->handled[index] = true;
				b->last = index;
			}
		} else if (rq_slice_starts(line, "FLOW: ") && known) {
			rq_flow_add(&b->said, index,
				    rq_str_slice(&b->run->files.v[index].before),
				    rq_slice_trim(line));
		} else if (rq_slice_starts(line, "EXN: ")) {
			read_exception(b, line);
		} else if (rq_slice_starts(line, " = File \"")) {
			read_unread(b, &rest, line);
		}
	}
}

/* The line of the rule that spatch complains about; 0 where it names none. */
static long line_of_rule(struct rq_slice said)
{
	static const char place[] = "rule.cocci\", line ";
	const char *at = memmem(said.p, said.n, place, strlen(place));

	return at ? strtol(at + strlen(place), NULL, 10) : 0;
}

/* " in FILE", where it came to one. */
static char *at_last_file(const struct batch *b)
{
	return b->last < b->run->files.n
		       ? rq_xasprintf(" in %s", b->run->files.v[b->last].path)
		       : rq_xstrdup("");
}

/* OCaml says it as an exception or by itself, and ends with a status or a signal. */
static bool wanted_memory(const struct rq_str *said)
{
	struct rq_slice rest = rq_str_slice(said), line;

	while (rq_slice_next_line(&rest, &line)) {
		line = rq_slice_trim(line);
		if (rq_slice_starts(line, "Fatal error: ") &&
		    (rq_slice_has(line, "out of memory") ||
		     rq_slice_has(line, "Out of memory") ||
		     rq_slice_has(line, "Out_of_memory")))
			return true;
	}
	return false;
}

static void tell_memory(struct batch *b)
{
	_cleanup_free_ char *where = at_last_file(b);

	fail(b, RQ_EQUEUE,
	     "%s: spatch wants more than %zu GiB of memory%s; leave that file out of the "
	     "rule's reach, or convert it by hand",
	     b->rule->name, MEMORY_MOST >> 30, where);
}

static void tell_time(struct batch *b)
{
	_cleanup_free_ char *where = at_last_file(b);

	fail(b, RQ_EQUEUE,
	     "%s: spatch was stopped%s after %ld seconds, the limit of a rule; make the "
	     "rule simpler, or split it",
	     b->rule->name, where, b->most);
}

/* Why spatch ended before its first file; behind it, or by a signal, it is not the rule's fault. */
static void read_refusal(struct batch *b, const struct rq_str *said, int status)
{
	struct rq_slice rest = rq_str_slice(said), line;
	long number = line_of_rule(rest);
	struct rq_str why = { 0 };

	for_each_file (b, i)
		if (b->handled[i] || (status > 128 && status != UNCAUGHT)) {
			fail(b, RQ_ETOOL,
			     "%s: spatch ended here or behind (exit status %d)",
			     b->run->files.v[i].path, status);
			return;
		}
	while (rq_slice_next_line(&rest, &line)) {
		line = rq_slice_trim(line);
		if (rq_slice_starts(line, "File \"../rule.cocci\""))
			break;
		if (!line.n || rq_slice_starts(line, "init_defs_builtins") ||
		    rq_slice_starts(line, "Warning: PARSING") ||
		    rq_slice_starts(line, "warning:") || why.len > 400)
			continue;
		rq_str_addf(&why, "%s%.*s", why.len ? " " : "", RQ_SLICE_ARG(line));
	}
	fail(b, RQ_EFORMAT, "%s:%ld: spatch refuses the rule (exit status %d)%s%s",
	     b->rule->name, number ? number : 1, status, why.len ? ": " : "",
	     why.len ? why.s : "");
	rq_str_release(&why);
}

int rq_spatch_start(struct rq_proc *proc, const char *work, bool unconfined, int *status,
		    struct rq_err *err)
{
	/* It compares and copies results with these, by way of a shell. */
	static const char *const programs[] = { "/bin/sh", "sh", "diff", "cp", NULL };
	const struct rq_confine confine = { .work = work, .programs = programs };
	struct rq_err why;

	proc->memory = MEMORY_MOST;
	proc->file = FILE_MOST;
	proc->processes = PROCESSES_MOST;
	proc->confine = unconfined ? NULL : &confine;
	if (!unconfined && rq_proc_installed(proc->argv[0]) && rq_confine_possible(&why))
		return rq_err_set(
			err, RQ_ETOOL,
			"a rule cannot be confined, since %s; install bubblewrap, or let "
			"it do what you may with --unconfined-rules",
			why.msg);
	return rq_proc_run(proc, status, err);
}

static int call(struct batch *b)
{
	_cleanup_free_ char *timeout = rq_xasprintf("%ld", b->seconds);
	_cleanup_free_ char *tmp = rq_xasprintf("TMPDIR=%s", b->folder);
	/* A .cocciconfig at home could set any option. */
	_cleanup_free_ char *home = rq_xasprintf("HOME=%s", b->folder);
	const char *const env[] = { tmp, home, NULL };
	rq_vec(const char *) argv = { 0 };
	struct rq_str said = { 0 }, diff = { 0 };
	struct rq_proc proc = {
		.env = env, .dir = b->tree, .out = &diff, .errors = &said
	};
	const char *const fixed[] = { "spatch", "--sp-file", "../rule.cocci",
				      "--no-includes", "--in-place", "--no-show-diff",
				      "--debug",	   /* else FLOW is kept quiet */
				      "--verbose-parsing", /* which --debug turns off */
				      "--timeout", timeout,
				      /* not all heeds TMPDIR, and a shell reads it */
				      "--temp-files", "..", "--file-groups", "../files" };
	int status = 0, rc;
	double started;

	for (size_t i = 0; i < ARRAY_SIZE(fixed); i++)
		*rq_vec_push(&argv) = fixed[i];
	for (size_t i = 0; i < b->run->headers.n; i++) {
		*rq_vec_push(&argv) = "--include";
		*rq_vec_push(&argv) = b->run->headers.v[i].path;
	}
	rq_vec_push(&argv);
	proc.argv = argv.v;
	/* Its own limit ends a file; this one ends a spatch that does not keep it. */
	proc.seconds = 60 + b->seconds * (long)(b->run->files.n / b->step + 1);
	if (proc.seconds > b->most)
		proc.seconds = b->most;
	started = rq_now();
	rc = rq_spatch_start(&proc, b->folder, b->unconfined, &status, &b->err);
	rq_vec_release(&argv);
	if (rc == RQ_ETOOL && rq_now() - started >= (double)b->most) {
		read_said(b, &said);
		tell_time(b);
		rc = 0;
	} else if (rc == RQ_ETOOL) {
		fail(b, RQ_ETOOL, "%s", b->err.msg);
		rc = 0;
	} else if (!rc) {
		read_said(b, &said);
		if (status && wanted_memory(&said))
			tell_memory(b);
		if (status)
			read_refusal(b, &said, status);
		for_each_file (b, i)
			if (!b->handled[i])
				fail(b, RQ_ETOOL, "%s: spatch did not come to this file",
				     b->run->files.v[i].path);
	}
	rq_str_release(&said);
	rq_str_release(&diff);
	return rc;
}

static void *run_batch(void *arg)
{
	struct batch *b = arg;
	struct rq_err ignored;

	b->rc = fill_folder(b);
	if (!b->rc && !b->said.error)
		b->rc = call(b);
	if (!b->rc && !b->said.error)
		b->rc = take_results(b);
	if (b->folder) {
		rq_dir_remove(b->folder, &ignored);
		close(b->lock);
	}
	free(b->folder);
	free(b->tree);
	return NULL;
}

static int by_place(const void *a, const void *b)
{
	const struct rq_unread *x = a, *y = b;

	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}

/* Puts the batches' answers together, in an order that does not depend on their number. */
static int collect(struct rq_spatch_said *said, struct batch *batches, size_t n,
		   struct rq_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < n; i++) {
		struct batch *b = &batches[i];

		if (b->rc && !rc) {
			rc = b->rc;
			*err = b->err;
		}
		if (b->said.error &&
		    (!said->error || strcmp(b->said.error, said->error) < 0)) {
			free(said->error);
			said->error = TAKE_PTR(b->said.error);
			said->code = b->said.code;
		}
		for (size_t k = 0; k < b->said.unread.n; k++)
			*rq_vec_push(&said->unread) = b->said.unread.v[k];
		rq_spatch_said_release(&b->said);
	}
	if (said->unread.n)
		qsort(said->unread.v, said->unread.n, sizeof(*said->unread.v), by_place);
	return rc;
}

/* What a rule with @files may take now; 0 or less: nothing. */
static long seconds_left(const struct rq_semantic_options *options, size_t files)
{
	long more = FILE_SECONDS * (long)files;
	long rule = (options->rule_seconds ? options->rule_seconds : RULE_SECONDS) + more;
	long left = options->spent ? PORT_SECONDS + more - (long)*options->spent : rule;

	return left < rule ? left : rule;
}

int rq_spatch_run(struct rq_spatch_said *said, struct rq_semantic *run,
		  const struct rq_rule *rule, const struct rq_semantic_options *options,
		  struct rq_err *err)
{
	struct batch batches[16] = { 0 };
	pthread_t threads[ARRAY_SIZE(batches)];
	bool *handled = rq_xcalloc(run->files.n + 1, sizeof(*handled));
	size_t n = options->jobs < 1 ? 1 : (size_t)options->jobs, started = 0, wanted = 0;
	double start = rq_now();
	long most;
	int rc;

	for (size_t i = 0; i < run->files.n; i++)
		wanted += run->files.v[i].wanted;
	most = seconds_left(options, wanted);
	if (most <= 0) {
		said->error = rq_xasprintf(
			"%s: the rules before it took %.0f seconds, the limit for a "
			"branch; make them simpler, or split the queue",
			rule->name, *options->spent);
		said->code = RQ_EQUEUE;
		free(handled);
		return 0;
	}
	n = n > ARRAY_SIZE(batches) ? ARRAY_SIZE(batches) : n;
	n = n > wanted ? wanted : n;
	n = n ? n : 1; /* without files spatch still says whether it takes the rule */
	for (size_t i = 0; i < n; i++)
		batches[i] = (struct batch){
			.run = run,
			.rule = rule,
			.seconds = options->seconds ? options->seconds : DEFAULT_SECONDS,
			.most = most,
			.last = run->files.n,
			.unconfined = options->unconfined,
			.first = i,
			.step = n,
			.handled = handled,
		};
	while (started + 1 < n && pthread_create(&threads[started], NULL, run_batch,
						 &batches[started + 1]) == 0)
		started++;
	/* What found no thread is done here, one after another. */
	for (size_t i = 0; i < n; i++)
		if (i == 0 || i > started)
			run_batch(&batches[i]);
	for (size_t i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	rc = collect(said, batches, n, err);
	if (options->spent)
		*options->spent += rq_now() - start;
	free(handled);
	return rc;
}
