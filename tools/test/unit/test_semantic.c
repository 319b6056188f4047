// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a rule made of files, with a shell script in the place of spatch: what its messages mean, what
 * is kept of them in the cache, and which errors reach the caller.
 */
#include "scratch.h"

#include <limits.h>

#include "semantic/semantic_internal.h"

#define RULE "@@ expression e; @@\n- old(e)\n+ new(e)\n"
#define TEXT "one\ntwo\nold(1)\nfour\nfive\nsix\n"

/* A run over mm/a.c and mm/b.c; the second has no name that the rule needs. */
struct fixture {
	struct rq_rule rule;
	struct rq_semantic run;
};

static void fixture_init(struct fixture *f, const char *rule, const char *text)
{
	struct rq_str bytes = { 0 };
	struct rq_err err;

	*f = (struct fixture){ 0 };
	rq_str_adds(&bytes, rule);
	assert_int_equal(rq_rule_parse(&f->rule, "x.cocci", &bytes, &err), 0);
	rq_str_adds(&bytes, text);
	rq_semantic_add(&f->run, "mm/a.c", &bytes);
	rq_str_adds(&bytes, "nothing\n");
	rq_semantic_add(&f->run, "mm/b.c", &bytes);
	f->run.files.v[0].wanted = true;
}

static void fixture_release(struct fixture *f)
{
	rq_semantic_release(&f->run);
	rq_rule_release(&f->rule);
}

static void add_header(struct fixture *f, const char *path, const char *text)
{
	struct rq_semantic_file *header = rq_vec_push(&f->run.headers);

	*header = (struct rq_semantic_file){ .path = rq_xstrdup(path) };
	rq_str_adds(&header->before, text);
}

/* Makes the folder bin of the scratch folder the first of PATH, with a spatch that runs @script. */
static void fake_spatch(struct scratch *s, const char *script)
{
	char *text = rq_xasprintf("#!/bin/sh\n%s\n", script);
	char *path = rq_xasprintf("%s/bin:/usr/bin:/bin", s->dir);

	free(shell(s, "mkdir -p bin"));
	write_file(s, "bin/spatch", text, strlen(text));
	free(shell(s, "chmod +x bin/spatch"));
	setenv("PATH", path, 1);
	free(path);
	free(text);
}

/* --- the cache --- */

static char *path_of(const struct fixture *f, const char *version)
{
	return rq_semantic_cache_path(&f->run, &f->rule, &f->run.files.v[0], version,
				      "cache");
}

/* Another version, rule, header or file is another entry; a file that spatch does not get is not. */
static void everything_that_spatch_gets_is_in_the_name(void **state)
{
	char *names[8];
	struct fixture f;
	size_t n = 0;

	(void)state;
	fixture_init(&f, RULE, TEXT);
	names[n++] = path_of(&f, "1");
	names[n++] = path_of(&f, "2");
	add_header(&f, "include/h.h", "int h;\n");
	names[n++] = path_of(&f, "1");
	rq_str_adds(&f.run.headers.v[0].before, "more\n");
	names[n++] = path_of(&f, "1");
	add_header(&f, "include/i.h", "int i;\n");
	names[n++] = path_of(&f, "1");
	rq_str_adds(&f.run.files.v[0].before, "more\n");
	names[n++] = path_of(&f, "1");
	f.run.files.v[0].path[3] = 'c';
	names[n++] = path_of(&f, "1");
	fixture_release(&f);
	fixture_init(&f, RULE "+ newer(e)\n", TEXT);
	names[n++] = path_of(&f, "1");
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(names[i], names[k]);
	fixture_release(&f);

	fixture_init(&f, RULE, TEXT);
	rq_str_adds(&f.run.files.v[1].before, "more\n");
	free(names[1]);
	names[1] = path_of(&f, "1");
	assert_string_equal(names[0], names[1]);
	fixture_release(&f);
	for (size_t i = 0; i < n; i++)
		free(names[i]);
}

static const struct rq_unread unread[] = {
	{ .file = 1, .from = 2, .to = 4, .line = 3 },
	{ .file = 1, .from = 9, .to = LONG_MAX, .line = 9 },
};

static void a_result_is_read_back(void **state)
{
	struct scratch *s = *state;
	char *path = rq_xasprintf("%s/entry", s->dir);
	struct rq_spatch_said said = { 0 }, again = { 0 };
	struct rq_str bytes = { 0 };
	struct fixture f;

	fixture_init(&f, RULE, TEXT);
	f.run.files.v[1].changed = true;
	rq_str_adds(&f.run.files.v[1].after, "after\n");
	for (size_t i = 0; i < ARRAY_SIZE(unread); i++)
		rq_spatch_said_add(&said, &unread[i]);
	rq_spatch_said_add(&said, &unread[0]);
	assert_int_equal(said.unread.n, ARRAY_SIZE(unread));
	/* Of another file, which has an entry of its own. */
	rq_spatch_said_add(&said, &(struct rq_unread){ .file = 0, .from = 1, .to = 1 });
	assert_ok(s, rq_semantic_cache_store(&f.run, &said, &f.run.files.v[1], path,
					     &s->err));
	fixture_release(&f);

	fixture_init(&f, RULE, TEXT);
	rq_str_adds(&f.run.files.v[1].after, "what was there before");
	assert_true(rq_semantic_cache_load(&f.run, &again, &f.run.files.v[1], path));
	assert_false(f.run.files.v[0].changed);
	assert_true(f.run.files.v[1].changed);
	assert_string_equal(f.run.files.v[1].after.s, "after\n");
	assert_int_equal(again.unread.n, ARRAY_SIZE(unread));
	for (size_t i = 0; i < again.unread.n; i++) {
		assert_int_equal(again.unread.v[i].file, unread[i].file);
		assert_int_equal(again.unread.v[i].from, unread[i].from);
		assert_int_equal(again.unread.v[i].to, unread[i].to);
		assert_int_equal(again.unread.v[i].line, unread[i].line);
	}
	rq_spatch_said_release(&again);

	/* One bit anywhere, or a cut, and it is none. */
	assert_ok(s, rq_file_read(&bytes, path, &s->err));
	for (size_t i = 0; i < bytes.len; i += 7) {
		bytes.s[i] ^= 1;
		write_file(s, "entry", bytes.s, bytes.len);
		bytes.s[i] ^= 1;
		assert_false(
			rq_semantic_cache_load(&f.run, &again, &f.run.files.v[1], path));
		assert_false(f.run.files.v[1].changed);
		assert_int_equal(again.unread.n, 0);
		write_file(s, "entry", bytes.s, i);
		assert_false(
			rq_semantic_cache_load(&f.run, &again, &f.run.files.v[1], path));
	}
	fixture_release(&f);
	rq_spatch_said_release(&said);
	rq_str_release(&bytes);
	free(path);
}

/* What ends with its sum and is still no answer to this run. */
static void an_entry_of_other_files_is_none(void **state)
{
	static const char *const bodies[] = {
		"requilt spatch 5\n",
		"requilt spatch 6\nafter 3 mm/c.c\nabc",
		"requilt spatch 6\nafter 3 mm/b.c\nabc",
		"requilt spatch 6\nafter 300 mm/a.c\nabc",
		"requilt spatch 6\nafter -3 mm/a.c\nabc",
		"requilt spatch 6\nafter x3 mm/a.c\nabc",
		/* 9 and 10, if these were digits */
		"requilt spatch 6\nafter 1/ mm/a.c\n123456789",
		"requilt spatch 6\nafter : mm/a.c\n1234567890",
		"requilt spatch 6\nafter 99999999999999999999 mm/a.c\nabc",
		"requilt spatch 6\nafter 3 mm/a.c\nabc\n",
		"requilt spatch 6\nunread 1 2 3 mm/c.c\n",
		"requilt spatch 6\nunread 1 2 mm/a.c\n",
		"requilt spatch 6\nbefore 3 mm/a.c\nabc",
	};
	struct scratch *s = *state;
	char *path = rq_xasprintf("%s/entry", s->dir);
	struct fixture f;

	fixture_init(&f, RULE, TEXT);
	for (size_t i = 0; i < ARRAY_SIZE(bodies); i++) {
		char *sum = NULL, *all;
		struct rq_spatch_said said = { 0 };

		write_file(s, "body", bodies[i], strlen(bodies[i]));
		sum = shell(s, "git hash-object --no-filters body");
		all = rq_xasprintf("%ssum %s\n", bodies[i], sum);
		write_file(s, "entry", all, strlen(all));
		if (rq_semantic_cache_load(&f.run, &said, &f.run.files.v[0], path))
			fail_msg("entry %zu was taken", i);
		assert_false(f.run.files.v[0].changed);
		free(all);
		free(sum);
	}
	fixture_release(&f);
	free(path);
}

/* --- what spatch says --- */

static int run_spatch(struct scratch *s, struct fixture *f, struct rq_spatch_said *said)
{
	struct rq_semantic_options options = { .jobs = 1, .unconfined = true };

	s->err = (struct rq_err){ 0 };
	return rq_spatch_run(said, &f->run, &f->rule, &options, &s->err);
}

static void lines_that_spatch_could_not_read(void **state)
{
	static const struct {
		const char *said;
		long from, to, line;
	} samples[] = {
		{ " = File \"mm/a.c\", line 3, column 5\nbadcount: 4\nbad: two\n"
		  "BAD:!!!!! old(1)\nbad: four\nbad: five\n",
		  2, 5, 3 },
		{ " = File \"mm/a.c\", line 3, column 5\nBAD:!!!!! old(1)\n", 3, 3, 3 },
		/* A macro's line: the block is found by its text. */
		{ " = File \"mm/a.c\", line 90, column 5\nbadcount: 2\nbad: four\n"
		  "bad: five\n",
		  4, 5, 90 },
		{ " = File \"mm/a.c\", line 90, column 5\nbadcount: 2\nbad: one\n"
		  "bad: two\n",
		  1, 2, 90 },
		{ " = File \"mm/a.c\", line 90, column 5\nbadcount: 1\nbad: six\n", 6, 6,
		  90 },
		/* Not there, in the middle of a line, or twice: to the end. */
		{ " = File \"mm/a.c\", line 4, column 5\nbadcount: 2\nbad: four\n"
		  "bad: six\n",
		  2, LONG_MAX, 4 },
		{ " = File \"mm/a.c\", line 4, column 5\nbadcount: 1\nbad: ix\n", 3,
		  LONG_MAX, 4 },
		{ " = File \"mm/a.c\", line 4, column 5\nbadcount: 1\nbad: e\n", 3,
		  LONG_MAX, 4 },
		{ " = File \"mm/a.c\", line 4, column 5\nbadcount: 1\nbad:\n", 3,
		  LONG_MAX, 4 },
		{ " = File \"mm/a.c\", line 4, column 5\nHANDLING: mm/a.c\n", 4, LONG_MAX,
		  4 },
		/* The same twice is one place. */
		{ " = File \"mm/a.c\", line 3, column 5\nBAD:!!!!! old(1)\n = File "
		  "\"mm/a.c\", line 3, column 5\nBAD:!!!!! old(1)\n",
		  3, 3, 3 },
		/* What follows belongs to no block. */
		{ " = File \"mm/a.c\", line 3, column 5\nBAD:!!!!! old(1)\nmore\nbad: "
		  "four\n",
		  3, 3, 3 },
	};
	struct scratch *s = *state;

	fake_spatch(s, "echo HANDLING: mm/a.c >&2; cat ../../said >&2");
	setenv("TMPDIR", s->dir, 1);
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		struct rq_spatch_said said = { 0 };
		const struct rq_unread *u;
		struct fixture f;

		fixture_init(&f, RULE, TEXT);
		write_file(s, "said", samples[i].said, strlen(samples[i].said));
		assert_int_equal(run_spatch(s, &f, &said), 0);
		if (said.error)
			fail_msg("sample %zu: %s", i, said.error);
		assert_int_equal(said.unread.n, 1);
		u = &said.unread.v[0];
		if (u->file != 0 || u->from != samples[i].from ||
		    u->to != samples[i].to || u->line != samples[i].line)
			fail_msg("sample %zu: %ld to %ld at %ld", i, u->from, u->to,
				 u->line);
		rq_spatch_said_release(&said);
		fixture_release(&f);
	}
}

static void ways_to_fail(void **state)
{
	static const struct {
		const char *script, *message;
		enum rq_code code;
	} samples[] = {
		{ "echo EXN: Timeout in mm/a.c >&2",
		  "mm/a.c: spatch ran out of its 120 seconds here", RQ_EQUEUE },
		{ "echo EXN: Failure x in mm/a.c >&2",
		  "mm/a.c: spatch gave up, convert by hand what it names: EXN: Failure",
		  RQ_EQUEUE },
		{ "echo EXN: Failure x in other/mm/a.c >&2",
		  "spatch gave up: EXN: Failure x in other/mm/a.c", RQ_EQUEUE },
		{ ":", "mm/a.c: spatch did not come to this file", RQ_ETOOL },
		{ "echo HANDLING: mm/b.c >&2", "mm/a.c: spatch did not come", RQ_ETOOL },
		{ "echo HANDLING: mm/a.c >&2; exit 3",
		  "mm/a.c: spatch ended here or behind (exit status 3)", RQ_ETOOL },
		{ "exit 137", "mm/a.c: spatch ended here or behind (exit status 137)",
		  RQ_ETOOL },
		{ "exit 255", "x.cocci:1: spatch refuses the rule (exit status 255)",
		  RQ_EFORMAT },
		{ "printf '%s\\n' 'warning: w' 'init_defs_builtins: x' '' ' bad ' both "
		  "'File \"../rule.cocci\", line 3, column 1' more >&2; exit 2",
		  "x.cocci:3: spatch refuses the rule (exit status 2): bad both",
		  RQ_EFORMAT },
		{ "echo 'Fatal error: out of memory' >&2; exit 2",
		  "x.cocci: spatch wants more than 2 GiB of memory;", RQ_EQUEUE },
		{ "echo 'HANDLING: mm/a.c' >&2; echo 'Fatal error: exception "
		  "Out_of_memory' >&2; exit 2",
		  "x.cocci: spatch wants more than 2 GiB of memory in mm/a.c;",
		  RQ_EQUEUE },
	};
	struct scratch *s = *state;

	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		struct rq_spatch_said said = { 0 };
		struct fixture f;

		fixture_init(&f, RULE, TEXT);
		fake_spatch(s, samples[i].script);
		assert_ok(s, run_spatch(s, &f, &said));
		if (!said.error ||
		    !rq_slice_starts(rq_slice_of(said.error), samples[i].message))
			fail_msg("sample %zu: '%s'", i, said.error ? said.error : "");
		assert_int_equal(said.code, samples[i].code);
		rq_spatch_said_release(&said);
		fixture_release(&f);
	}
}

static void lines_come_in_order(void **state)
{
	static const char text[] = " = File \"mm/b.c\", line 1, column 1\nBAD:!!!!! x\n"
				   " = File \"mm/a.c\", line 5, column 1\nBAD:!!!!! x\n"
				   " = File \"mm/a.c\", line 2, column 1\nBAD:!!!!! x\n";
	static const struct rq_unread want[] = { { 0, 2, 2, 2 },
						 { 0, 5, 5, 5 },
						 { 1, 1, 1, 1 } };
	struct scratch *s = *state;
	struct rq_spatch_said said = { 0 };
	struct fixture f;

	setenv("TMPDIR", s->dir, 1);
	fake_spatch(s, "echo HANDLING: mm/a.c >&2; echo Skipping: mm/b.c >&2; cat "
		       "../../said >&2");
	write_file(s, "said", text, strlen(text));
	fixture_init(&f, RULE, TEXT);
	f.run.files.v[1].wanted = true;
	assert_ok(s, run_spatch(s, &f, &said));
	assert_null(said.error);
	assert_int_equal(said.unread.n, ARRAY_SIZE(want));
	for (size_t i = 0; i < ARRAY_SIZE(want); i++)
		assert_memory_equal(&said.unread.v[i], &want[i], sizeof(want[i]));
	rq_spatch_said_release(&said);
	fixture_release(&f);
}

/* Nothing is started for names that a shell would read, or once the time is used up. */
static void what_spatch_does_not_get(void **state)
{
	struct scratch *s = *state;
	double spent = 3600 + 2;
	struct rq_semantic_options options = { .jobs = 1,
					       .unconfined = true,
					       .spent = &spent };
	struct rq_spatch_said said = { 0 };
	struct fixture f;

	fake_spatch(s, "echo HANDLING: mm/a.c >&2; touch ../../started");
	setenv("TMPDIR", s->dir, 1);
	fixture_init(&f, RULE, TEXT);
	assert_ok(s, rq_spatch_run(&said, &f.run, &f.rule, &options, &s->err));
	assert_string_equal(
		said.error,
		"x.cocci: the rules before it took 3602 seconds, the limit for "
		"a branch; make them simpler, or split the queue");
	assert_int_equal(said.code, RQ_EQUEUE);
	rq_spatch_said_release(&said);
	add_header(&f, "include/a b.h", "x\n");
	assert_ok(s, run_spatch(s, &f, &said));
	assert_string_equal(
		said.error,
		"include/a b.h: spatch cannot be given a header of this name");
	assert_int_equal(said.code, RQ_EUNSAFE);
	rq_spatch_said_release(&said);
	f.run.headers.v[0].path[9] = '-';
	f.run.files.v[0].path[3] = ';';
	assert_ok(s, run_spatch(s, &f, &said));
	assert_string_equal(said.error,
			    "mm/;.c: spatch cannot be given a file of this name");
	rq_spatch_said_release(&said);
	f.run.files.v[0].path[3] = 'a';
	assert_shell(s, "", "ls started 2>&- || true");
	/* A second less, and it is. */
	spent = 3600 + 1;
	assert_ok(s, rq_spatch_run(&said, &f.run, &f.rule, &options, &s->err));
	assert_null(said.error);
	assert_shell(s, "started", "ls started");
	assert_true(spent > 3601);
	rq_spatch_said_release(&said);
	fixture_release(&f);
}

/* --- time --- */

static void is_stopped(struct scratch *s, struct fixture *f,
		       const struct rq_semantic_options *options, const char *want)
{
	struct rq_spatch_said said = { 0 };

	assert_ok(s, rq_spatch_run(&said, &f->run, &f->rule, options, &s->err));
	assert_string_equal(said.error, want);
	assert_int_equal(said.code, RQ_EQUEUE);
	rq_spatch_said_release(&said);
}

/* Both limits of a rule: its own, and what the rules before it left of the branch's. */
static void a_rule_that_takes_too_long_is_stopped(void **state)
{
	double spent = 0;
	struct rq_semantic_options options = {
		.jobs = 1, .unconfined = true, .rule_seconds = 1, .spent = &spent
	};
	struct fixture f;

	fixture_init(&f, RULE, TEXT);
	fake_spatch(*state, "echo HANDLING: mm/a.c >&2; exec sleep 60");
	/* A file gives two seconds more. */
	is_stopped(
		*state, &f, &options,
		"x.cocci: spatch was stopped in mm/a.c after 3 seconds, the limit of a "
		"rule; make the rule simpler, or split it");
	assert_true(spent >= 3 && spent < 60);
	options.rule_seconds = 0;
	spent = 3600 + 2 - 1;
	is_stopped(
		*state, &f, &options,
		"x.cocci: spatch was stopped in mm/a.c after 1 seconds, the limit of a "
		"rule; make the rule simpler, or split it");
	assert_true(spent >= 3602);
	fixture_release(&f);
}

/* --- errors --- */

/* Each is an error of reading or writing that holds for root too. */
static void errors_reach_the_caller(void **state)
{
	struct scratch *s = *state;
	char *file = rq_xasprintf("%s/file", s->dir);
	char *below = rq_xasprintf("%s/file/below", s->dir);
	struct rq_semantic_options options = {
		.jobs = 1, .unconfined = true, .version = "1", .cache = file
	};
	struct rq_spatch_said said = { 0 };
	struct fixture f;

	write_file(s, "file", "x", 1);
	fixture_init(&f, RULE, TEXT);
	assert_fails(s, RQ_EIO, "file/below",
		     rq_semantic_cache_store(&f.run, &said, NULL, below, &s->err));
	fake_spatch(s, "echo HANDLING: mm/a.c >&2");
	assert_fails(s, RQ_EIO, "file",
		     rq_semantic_run(&f.run, &f.rule, &options, &s->err));
	/* A file where the folder for temporaries is. */
	setenv("TMPDIR", file, 1);
	assert_fails(s, RQ_EIO, "file", run_spatch(s, &f, &said));
	setenv("TMPDIR", s->dir, 1);
	/* A file that spatch took away. */
	fake_spatch(s, "echo HANDLING: mm/a.c >&2; rm mm/a.c");
	f.run.files.v[0].wanted = true;
	s->err = (struct rq_err){ 0 };
	assert_int_not_equal(run_spatch(s, &f, &said), 0);
	assert_non_null(strstr(s->err.msg, "mm/a.c"));
	rq_spatch_said_release(&said);
	/* A pipe in its place, which nobody waits for, and a link. */
	fake_spatch(s, "echo HANDLING: mm/a.c >&2; rm mm/a.c; mkfifo mm/a.c");
	s->err = (struct rq_err){ 0 };
	assert_int_not_equal(run_spatch(s, &f, &said), 0);
	assert_non_null(strstr(s->err.msg, "mm/a.c"));
	rq_spatch_said_release(&said);
	fake_spatch(s, "echo HANDLING: mm/a.c >&2; ln -sf /etc/passwd mm/a.c");
	s->err = (struct rq_err){ 0 };
	assert_int_not_equal(run_spatch(s, &f, &said), 0);
	assert_non_null(strstr(s->err.msg, "mm/a.c"));
	rq_spatch_said_release(&said);
	fixture_release(&f);
	free(file);
	free(below);
}

/* --- which spatch it is --- */

static const char help[] =
	"d=${0%/bin/spatch}\ncase $1 in\n--help) printf '%s\\n' 'usage: spatch' "
	"'  --other X (default=y)' \"  --iso-file FILE (default=$d/iso)\" '  --last' "
	"\"  --macro-file-builtins FILE (default=$d/macros)\";;\n"
	"*) echo spatch version 7;;\nesac";

static void the_version_has_the_files_of_the_defaults(void **state)
{
	struct scratch *s = *state;
	char *text = NULL, *again = NULL;

	write_file(s, "iso", "1\n", 2);
	write_file(s, "macros", "2\n", 2);
	fake_spatch(s, help);
	assert_ok(s, rq_spatch_version(&text, NULL, true, &s->err));
	assert_true(rq_slice_starts(rq_slice_of(text), "spatch version 7\n--iso-file "));
	assert_non_null(strstr(text, "\n--macro-file-builtins "));
	assert_null(strstr(text, "other"));
	write_file(s, "macros", "3\n", 2);
	assert_ok(s, rq_spatch_version(&again, NULL, true, &s->err));
	assert_string_not_equal(text, again);
	free(again);
	free(shell(s, "rm iso"));
	assert_fails(s, RQ_ETOOL, "spatch: its --iso-file is not to be read: ",
		     rq_spatch_version(&again, NULL, true, &s->err));
	free(text);
}

static char *folder_path;

static int remember_path(void **state)
{
	const char *tmp = getenv("TMPDIR");

	folder_path = rq_xasprintf("%s\n%s", getenv("PATH"), tmp ? tmp : "/tmp");
	return scratch_setup(state);
}

static int restore_path(void **state)
{
	char *end = strchr(folder_path, '\n');

	setenv("TMPDIR", end + 1, 1);
	*end = '\0';
	setenv("PATH", folder_path, 1);
	free(folder_path);
	return scratch_teardown(state);
}

int main(void)
{
#define SCRATCH(test) cmocka_unit_test_setup_teardown(test, remember_path, restore_path)
	const struct CMUnitTest tests[] = {
		SCRATCH(everything_that_spatch_gets_is_in_the_name),
		SCRATCH(a_result_is_read_back),
		SCRATCH(an_entry_of_other_files_is_none),
		SCRATCH(lines_that_spatch_could_not_read),
		SCRATCH(ways_to_fail),
		SCRATCH(lines_come_in_order),
		SCRATCH(what_spatch_does_not_get),
		SCRATCH(a_rule_that_takes_too_long_is_stopped),
		SCRATCH(errors_reach_the_caller),
		SCRATCH(the_version_has_the_files_of_the_defaults),
	};

	return cmocka_run_group_tests_name("semantic", tests, NULL, NULL);
}
