// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which spatch there is, with its isomorphisms and macros.  Two runs of it tell, which is most of
 * what a port with nothing to do would wait for; so what they said is noted in the cache, and
 * believed while the very same program file is there.  A script, or a program of another name that
 * "spatch" is a link to, is asked every time: what it starts may be another tomorrow.
 *
 *	requilt spatch-version 1
 *	program 65024 131 19393744 1674430000.0 1674430001.0 /usr/bin/spatch
 *	spatch version 1.1.1 compiled with OCaml version 4.13.1
 *	--iso-file /usr/lib/coccinelle/standard.iso
 *	--macro-file-builtins /usr/lib/coccinelle/standard.h
 *	end
 *
 * What does not end with "end" is no note.
 */
#include "semantic/semantic_internal.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <xxhash.h>

#include "util/file.h"
#include "util/path.h"

#define MAGIC "requilt spatch-version 1\n"
#define VERSION "spatch version "
#define END "end\n"

/* The options whose default is a file that decides what spatch does. */
static const char *const files[] = { "--iso-file", "--macro-file-builtins" };

struct question {
	const char *option;
	struct rq_str answer;
	struct rq_err err;
	bool unconfined;
	int rc, status;
};

static void *ask(void *arg)
{
	struct question *q = arg;
	const char *const argv[] = { "spatch", q->option, NULL };
	struct rq_str errors = { 0 };
	/* Not here: a .cocciconfig of the queue's repository would be obeyed. */
	struct rq_proc proc = { .argv = argv,
				.dir = "/",
				.seconds = 60,
				.out = &q->answer,
				.errors = &errors };

	q->rc = rq_spatch_start(&proc, NULL, q->unconfined, &q->status, &q->err);
	rq_str_add_slice(&q->answer, rq_str_slice(&errors));
	rq_str_release(&errors);
	return NULL;
}

/* At once, since a port with nothing to do waits for little else. */
static int ask_both(struct question *a, struct question *b, struct rq_err *err)
{
	pthread_t thread;
	bool beside = pthread_create(&thread, NULL, ask, b) == 0;

	ask(a);
	if (beside)
		pthread_join(thread, NULL);
	else
		ask(b);
	if (a->rc || b->rc)
		*err = a->rc ? a->err : b->err;
	return a->rc ? a->rc : b->rc;
}

/* "OPTION FILE", where --help names a file as the default of @option; whether it does. */
static bool add_default(struct rq_str *said, struct rq_slice help, const char *option)
{
	size_t before = said->len;
	struct rq_slice line;

	while (rq_slice_next_line(&help, &line)) {
		const char *at = memmem(line.p, line.n, "(default=", 9);

		if (!at || !rq_slice_starts(rq_slice_trim(line), option))
			continue;
		at += 9;
		rq_str_addf(said, "%s %.*s\n", option, (int)strcspn(at, ")\n"), at);
	}
	return said->len > before;
}

/* *@sound: it ended well and told all; what it said otherwise may be another tomorrow. */
static int ask_spatch(struct rq_str *said, bool *sound, bool unconfined,
		      struct rq_err *err)
{
	struct question version = { .option = "--version", .unconfined = unconfined },
			help = { .option = "--help", .unconfined = unconfined };
	struct rq_slice rest, line = { "", 0 };
	int rc = ask_both(&version, &help, err);

	rest = rq_str_slice(&version.answer);
	rq_slice_next_line(&rest, &line);
	line = rq_slice_chomp(line);
	rq_str_addf(said, "%.*s\n", RQ_SLICE_ARG(line));
	*sound = !rc && !version.status && !help.status && rq_slice_starts(line, VERSION);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		*sound &= add_default(said, rq_str_slice(&help.answer), files[i]);
	rq_str_release(&version.answer);
	rq_str_release(&help.answer);
	return rc;
}

/* What a note must begin with; empty where the program is no binary that is spatch's own. */
static void note_head(struct rq_str *out)
{
	_cleanup_free_ char *found = rq_proc_find("spatch");
	_cleanup_free_ char *path = found ? realpath(found, NULL) : NULL;
	char magic[4] = "";
	FILE *file = path ? fopen(path, "re") : NULL;
	struct stat st;

	if (file && rq_slice_starts(rq_slice_of(rq_path_base(path)), "spatch") &&
	    fread(magic, 1, sizeof(magic), file) == sizeof(magic) &&
	    memcmp(magic, "\177ELF", sizeof(magic)) == 0 && fstat(fileno(file), &st) == 0)
		rq_str_addf(out, MAGIC "program %ju %ju %ju %ju.%ld %ju.%ld %s\n",
			    (uintmax_t)st.st_dev, (uintmax_t)st.st_ino,
			    (uintmax_t)st.st_size, (uintmax_t)st.st_mtim.tv_sec,
			    st.st_mtim.tv_nsec, (uintmax_t)st.st_ctim.tv_sec,
			    st.st_ctim.tv_nsec, path);
	if (file)
		fclose(file);
}

/* Takes what stands between @head and the end of the note, if it is one with that head. */
static bool recall(struct rq_str *said, const char *path, struct rq_slice head)
{
	struct rq_str note = { 0 };
	struct rq_err ignored;
	struct rq_slice all;
	bool good;

	if (!head.n || rq_file_read(&note, path, &ignored))
		return false;
	all = rq_str_slice(&note);
	good = rq_slice_starts(all, head.p) && rq_slice_ends(all, "\n" END);
	if (good)
		rq_str_add(said, all.p + head.n, all.n - head.n - strlen(END));
	rq_str_release(&note);
	return good;
}

/* What spatch says of itself, from the note or from spatch; what it says again is noted. */
static int learn(struct rq_str *said, const char *cache, bool unconfined,
		 struct rq_err *err)
{
	_cleanup_free_ char *path = cache ? rq_path_join(cache, "spatch-version") : NULL;
	struct rq_str note = { 0 };
	struct rq_err ignored;
	bool sound;
	int rc = 0;

	if (path)
		note_head(&note);
	if (!recall(said, path, rq_str_slice(&note))) {
		rc = ask_spatch(said, &sound, unconfined, err);
		if (sound && note.len && rq_dir_make(cache, &ignored) == 0) {
			rq_str_addf(&note, "%s" END, said->s);
			rq_file_write(path, rq_str_slice(&note), &ignored);
		}
	}
	rq_str_release(&note);
	return rc;
}

/* "OPTION FILE" becomes the option and the hash of what is in the file. */
static int add_hash(struct rq_str *out, struct rq_slice line, struct rq_err *err)
{
	const char *blank = memchr(line.p, ' ', line.n);
	struct rq_slice option = { line.p, blank ? (size_t)(blank - line.p) : line.n };
	_cleanup_free_ char *path =
		rq_xstrndup(blank ? blank + 1 : "", blank ? line.n - option.n - 1 : 0);
	struct rq_str bytes = { 0 };

	if (rq_file_read(&bytes, path, err))
		return rq_err_set(err, RQ_ETOOL, "spatch: its %.*s is not to be read: %s",
				  RQ_SLICE_ARG(option), path);
	rq_str_addf(out, "%.*s %016llx\n", RQ_SLICE_ARG(option),
		    (unsigned long long)XXH3_64bits(rq_str_slice(&bytes).p, bytes.len));
	rq_str_release(&bytes);
	return 0;
}

int rq_spatch_version(char **out, const char *cache, bool unconfined, struct rq_err *err)
{
	struct rq_str said = { 0 }, all = { 0 };
	struct rq_slice rest, line = { "", 0 };
	int rc = learn(&said, cache, unconfined, err);

	rest = rq_str_slice(&said);
	rq_slice_next_line(&rest, &line);
	rq_str_add_slice(&all, line);
	while (!rc && rq_slice_next_line(&rest, &line))
		rc = add_hash(&all, rq_slice_chomp(line), err);
	rq_str_release(&said);
	if (rc)
		rq_str_release(&all);
	else
		*out = all.s;
	return rc;
}
