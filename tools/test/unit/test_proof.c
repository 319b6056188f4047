// SPDX-License-Identifier: GPL-2.0-only
/*
 * The proof of hand-made outputs: one good series, then the same series with one fault each.
 * Every fault must be refused with its own message.
 */
#include "scratch.h"

#include "emit/emit.h"

#define NUMBERS \
	"one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\neleven\ntwelve\n"

struct file {
	const char *path;
	enum rq_mode mode; /* RQ_MODE_NONE: not there */
	const char *text;
};

/* A port: the base, what the port says it made, and the patches that were emitted. */
struct port {
	struct file before[8], after[8];
	const char *names[4], *patches[4];
	size_t touched; /* 0: as many files as @after has */
};

static const struct file *find_file(const struct file *files, const char *path)
{
	for (; files->path; files++)
		if (!strcmp(files->path, path))
			return files;
	return NULL;
}

static bool file_before(void *ctx, const char *path, struct rq_slice *bytes,
			enum rq_mode *mode)
{
	const struct port *port = ctx;
	const struct file *file = find_file(port->before, path);

	if (!file)
		return false;
	*mode = file->mode;
	*bytes = (struct rq_slice){ file->text, strlen(file->text) };
	return true;
}

static bool file_after(void *ctx, const char *path, enum rq_mode *mode,
		       struct rq_oid *oid)
{
	const struct port *port = ctx;
	const struct file *file = find_file(port->after, path);

	if (!file)
		return false;
	*mode = file->mode;
	if (file->mode != RQ_MODE_NONE)
		rq_oid_of(oid, RQ_OBJ_BLOB, file->text, strlen(file->text));
	return true;
}

static int prove(struct port *port, struct rq_err *err)
{
	const struct rq_proof_tree tree = { .before = file_before,
					    .after = file_after,
					    .ctx = port };
	struct rq_outputs outputs = { 0 };
	char *names[4];
	size_t n = 0, touched = 0;
	int rc;

	for (size_t i = 0; i < 4 && port->patches[i]; i++) {
		struct rq_str *bytes = rq_outputs_add(&outputs, port->names[i]);

		rq_str_add(bytes, port->patches[i], strlen(port->patches[i]));
	}
	for (; n < 4 && port->names[n]; n++)
		names[n] = rq_xstrdup(port->names[n]);
	while (port->after[touched].path)
		touched++;
	*err = (struct rq_err){ 0 };
	rc = rq_proof(&outputs, names, n, port->touched ? port->touched : touched, &tree,
		      err);
	for (size_t i = 0; i < n; i++)
		free(names[i]);
	rq_outputs_release(&outputs);
	return rc;
}

static void assert_proven(struct port *port)
{
	struct rq_err err;

	if (prove(port, &err))
		fail_msg("%s", err.msg);
}

static void assert_refused(struct port *port, const char *message)
{
	struct rq_err err;

	assert_int_equal(prove(port, &err), RQ_EQUEUE);
	if (strncmp(err.msg, message, strlen(message)))
		fail_msg("'%s' does not begin with '%s'", err.msg, message);
}

/* clang-format off */
#define EDIT_HEAD "edit two lines\n\n--- a/mm/a.c\n+++ b/mm/a.c\n"
#define HUNK_1(old, new) "@@ -" old ",3 +" new ",4 @@\n one\n-two\n+TWO\n+and more\n three\n"
#define HUNK_2(old, new) "@@ -" old ",3 +" new ",3 @@\n nine\n-ten\n+TEN\n eleven\n"
#define REMOVE "--- a/old.txt\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-a\n-b\n"
#define CREATE "--- /dev/null\n+++ b/new.txt\n@@ -0,0 +1,2 @@\n+c\n+d\n"
#define SCRIPT "diff --git a/run.sh b/run.sh\nold mode 100644\nnew mode 100755\n--- a/run.sh\n+++ b/run.sh\n@@ -1 +1 @@\n-exit\n+exit 0\n"
/* clang-format on */

/* An edit of two hunks, a file that goes, one that comes, one that becomes a program. */
static struct port good_port(void)
{
	return (struct port){
		.before = { { "mm/a.c", RQ_MODE_FILE, NUMBERS },
			    { "old.txt", RQ_MODE_FILE, "a\nb\n" },
			    { "new.txt", RQ_MODE_NONE, "" },
			    { "run.sh", RQ_MODE_FILE, "exit\n" } },
		.after = { { "mm/a.c", RQ_MODE_FILE,
			     "one\nTWO\nand more\nthree\nfour\nfive\nsix\nseven\neight\n"
			     "nine\nTEN\neleven\ntwelve\n" },
			   { "old.txt", RQ_MODE_NONE, "" },
			   { "new.txt", RQ_MODE_FILE, "c\nd\n" },
			   { "run.sh", RQ_MODE_EXEC, "exit 0\n" } },
		.names = { "0001-edit.patch", "0002-files.patch" },
		.patches = { EDIT_HEAD HUNK_1("1", "1") HUNK_2("9", "10"),
			     REMOVE CREATE SCRIPT },
	};
}

static void test_good_series(void **state)
{
	struct port port = good_port();

	(void)state;
	assert_proven(&port);
}

/* A second patch stands on what the first one made, and its last hunk may end the file. */
static void test_good_second_patch(void **state)
{
	struct port port = {
		.before = { { "a", RQ_MODE_FILE, "1\n2\n3\n4\n" } },
		.after = { { "a", RQ_MODE_FILE, "1\ntwo\n3\nfour\n5\n" } },
		.names = { "1.patch", "2.patch" },
		.patches = { "--- a/a\n+++ b/a\n@@ -2 +2 @@\n-2\n+two\n",
			     "--- a/a\n+++ b/a\n@@ -2,3 +2,4 @@\n two\n "
			     "3\n-4\n+four\n+5\n" },
	};

	(void)state;
	assert_proven(&port);
	port.after[0].text = "1\n2\n3\nfour\n5\n";
	assert_refused(&port, "proof failed: a: the emitted series makes another file");
}

/* Without context a hunk names the line before it: 0 for the start of a file. */
static void test_good_no_context(void **state)
{
	struct port port = {
		.before = { { "a", RQ_MODE_FILE, "1\n2\n3\n" } },
		.after = { { "a", RQ_MODE_FILE, "0\n1\n1.5\n3\n" } },
		.names = { "u0.patch" },
		.patches = { "--- a/a\n+++ b/a\n@@ -0,0 +1 @@\n+0\n@@ -1,0 +3 @@\n+1.5\n"
			     "@@ -2 +3,0 @@\n-2\n" },
	};

	(void)state;
	assert_proven(&port);
	port.patches[0] = "--- a/a\n+++ b/a\n@@ -0,0 +1 @@\n+0\n@@ -1,0 +2 @@\n+1.5\n"
			  "@@ -2 +3,0 @@\n-2\n";
	assert_refused(
		&port,
		"proof failed: u0.patch: a: hunk 2 states a wrong line for the new file");
	port.patches[0] = "--- a/a\n+++ b/a\n@@ -0,0 +1 @@\n+0\n@@ -1,0 +3 @@\n+1.5\n"
			  "@@ -2 +4,0 @@\n-2\n";
	assert_refused(
		&port,
		"proof failed: u0.patch: a: hunk 3 states a wrong line for the new file");
	port.patches[0] = "--- a/a\n+++ b/a\n@@ -0,0 +1 @@\n+0\n@@ -2,0 +4 @@\n+1.5\n"
			  "@@ -2 +3,0 @@\n-2\n";
	assert_refused(
		&port,
		"proof failed: u0.patch: a: hunk 3 starts before the one before it ends");
}

static void test_wrong_byte(void **state)
{
	struct port port = good_port();

	(void)state;
	port.patches[0] = EDIT_HEAD
		"@@ -1,3 +1,4 @@\n one\n-two\n+TWo\n+and more\n three\n" HUNK_2("9",
										"10");
	assert_refused(&port, "proof failed: mm/a.c: the emitted series makes another "
			      "file than the port;");
	port.patches[0] = EDIT_HEAD
		"@@ -1,3 +1,4 @@\n one\n-tvo\n+TWO\n+and more\n three\n" HUNK_2("9",
										"10");
	assert_refused(&port, "proof failed: 0001-edit.patch: mm/a.c: hunk 1 does not "
			      "fit at its line;");
	port.patches[0] = EDIT_HEAD HUNK_1(
		"1", "1") "@@ -9,3 +10,3 @@\n nine\n-ten\n+TEN\n elevem\n";
	assert_refused(&port, "proof failed: 0001-edit.patch: mm/a.c: hunk 2 does not "
			      "fit at its line;");
}

/* What stands before the first hunk, between hunks and after the last one counts too. */
static void test_wrong_byte_elsewhere(void **state)
{
	static const char *const bases[] = {
		"One\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\neleven\ntwelv"
		"e\n",
		"one\ntwo\nthree\nfour\nFive\nsix\nseven\neight\nnine\nten\neleven\ntwelv"
		"e\n",
		"one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\neleven\ntwelv"
		"E\n",
		"one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\neleven\ntwelv"
		"e",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bases) / sizeof(*bases); i++) {
		struct port port = good_port();

		port.before[0].text = bases[i];
		port.patches[0] = EDIT_HEAD
			"@@ -2,2 +2,3 @@\n-two\n+TWO\n+and more\n three\n" HUNK_2("9",
										  "10");
		assert_refused(
			&port,
			"proof failed: mm/a.c: the emitted series makes another file");
	}
}

static void test_wrong_lines(void **state)
{
	struct port port = good_port();

	(void)state;
	port.patches[0] = EDIT_HEAD HUNK_1("2", "1") HUNK_2("9", "10");
	assert_refused(&port, "proof failed: 0001-edit.patch: mm/a.c: hunk 1 states a "
			      "wrong line for the new file;");
	port.patches[0] = EDIT_HEAD HUNK_1("1", "2") HUNK_2("9", "10");
	assert_refused(&port, "proof failed: 0001-edit.patch: mm/a.c: hunk 1 states a "
			      "wrong line for the new file;");
	port.patches[0] = EDIT_HEAD HUNK_1("1", "1") HUNK_2("9", "9");
	assert_refused(&port, "proof failed: 0001-edit.patch: mm/a.c: hunk 2 states a "
			      "wrong line for the new file;");
	port.patches[0] = EDIT_HEAD HUNK_1("1", "1") HUNK_2("9", "11");
	assert_refused(&port, "proof failed: 0001-edit.patch: mm/a.c: hunk 2 states a "
			      "wrong line for the new file;");
}

/* Both line numbers agree with each other, and the text is one line away. */
static void test_offset(void **state)
{
	struct port port = good_port();

	(void)state;
	port.patches[0] = EDIT_HEAD HUNK_1("2", "2") HUNK_2("9", "10");
	assert_refused(&port, "proof failed: 0001-edit.patch: mm/a.c: hunk 1 does not "
			      "fit at its line;");
	port.patches[0] = EDIT_HEAD HUNK_1("1", "1") HUNK_2("8", "9");
	assert_refused(&port, "proof failed: 0001-edit.patch: mm/a.c: hunk 2 does not "
			      "fit at its line;");
	port.patches[0] = EDIT_HEAD HUNK_1("1", "1") HUNK_2("10", "11");
	assert_refused(&port, "proof failed: 0001-edit.patch: mm/a.c: hunk 2 does not "
			      "fit at its line;");
	port.patches[0] = EDIT_HEAD HUNK_1("1", "1") HUNK_2("11", "12");
	assert_refused(&port, "proof failed: 0001-edit.patch: mm/a.c: hunk 2 does not "
			      "fit at its line;");
}

static void test_out_of_order(void **state)
{
	static const char story[] = "proof failed: 0001-edit.patch: mm/a.c: hunk 2 "
				    "starts before the one before it "
				    "ends, or behind the end of the file;";
	struct port port = good_port();

	(void)state;
	port.patches[0] = EDIT_HEAD HUNK_2("9", "9") HUNK_1("1", "1");
	assert_refused(&port, story);
	/* The third line is the first hunk's last. */
	port.patches[0] =
		EDIT_HEAD HUNK_1("1", "1") "@@ -3,2 +4,2 @@\n three\n-four\n+FOUR\n";
	assert_refused(&port, story);
	port.patches[0] = EDIT_HEAD HUNK_1("1", "1") "@@ -14 +15 @@\n-x\n+y\n";
	assert_refused(&port, story);
}

/* patch(1) reads on where the parser sees text. */
static void test_text_is_a_diff(void **state)
{
	struct port port = good_port();

	(void)state;
	port.patches[0] = EDIT_HEAD HUNK_1("1", "1")
		HUNK_2("9", "10") "-- \n2.39.5\n  --- a/run.sh\n  @@ -1 +1 @@\n";
	assert_refused(&port, "proof failed: 0001-edit.patch:19: patch(1) would start "
			      "another diff here");
	port.patches[0] = EDIT_HEAD HUNK_1("1", "1")
		HUNK_2("9", "10") "-- \n2.39.5\n> --- a/run.sh\n> @@ -1 +1 @@\n";
	assert_proven(&port);
}

static void test_missing_patch(void **state)
{
	struct port port = good_port();

	(void)state;
	port.patches[1] = NULL;
	assert_refused(&port, "proof failed: 0002-files.patch was not emitted");
}

/* Patches are read in the order of the names, and each one once. */
static void test_order_of_patches(void **state)
{
	struct port port = {
		.before = { { "a", RQ_MODE_FILE, "1\n" } },
		.after = { { "a", RQ_MODE_FILE, "3\n" } },
		.names = { "1.patch", "2.patch" },
		.patches = { "--- a/a\n+++ b/a\n@@ -1 +1 @@\n-2\n+3\n",
			     "--- a/a\n+++ b/a\n@@ -1 +1 @@\n-1\n+2\n" },
	};

	(void)state;
	assert_refused(&port,
		       "proof failed: 1.patch: a: hunk 1 does not fit at its line;");
	port.names[0] = "2.patch";
	port.names[1] = "1.patch";
	port.patches[0] = "--- a/a\n+++ b/a\n@@ -1 +1 @@\n-1\n+2\n";
	port.patches[1] = "--- a/a\n+++ b/a\n@@ -1 +1 @@\n-2\n+3\n";
	assert_proven(&port);
}

/* The series edits a file that the port never read, or one that it left as it was. */
static void test_extra_file(void **state)
{
	struct port port = good_port();

	(void)state;
	port.names[2] = "0003-more.patch";
	port.patches[2] = "--- a/other.c\n+++ b/other.c\n@@ -1 +1 @@\n-a\n+b\n";
	assert_refused(&port, "proof failed: 0003-more.patch: other.c: hunk 0 is of a "
			      "file that the port never read;");
	port.before[4] = (struct file){ "other.c", RQ_MODE_FILE, "a\n" };
	assert_refused(&port,
		       "proof failed: the emitted series touches 5 files, the port 4;");
	port.touched = 5;
	assert_refused(&port, "proof failed: other.c: the emitted series makes another "
			      "file than the port;");
}

static void test_file_left_out(void **state)
{
	struct port port = good_port();

	(void)state;
	port.patches[1] = REMOVE CREATE;
	assert_refused(&port,
		       "proof failed: the emitted series touches 3 files, the port 4;");
	port = good_port();
	port.names[0] = port.names[1];
	port.patches[0] = port.patches[1];
	port.names[1] = port.patches[1] = NULL;
	assert_refused(&port,
		       "proof failed: the emitted series touches 3 files, the port 4;");
}

static void test_wrong_mode(void **state)
{
	struct port port = good_port();

	(void)state;
	port.patches[1] =
		REMOVE CREATE "--- a/run.sh\n+++ b/run.sh\n@@ -1 +1 @@\n-exit\n+exit 0\n";
	assert_refused(&port, "proof failed: run.sh: the emitted series makes another "
			      "file than the port;");
	port = good_port();
	port.after[3].mode = RQ_MODE_FILE;
	assert_refused(&port, "proof failed: run.sh: the emitted series makes another "
			      "file than the port;");
	port = good_port();
	port.after[2].mode = RQ_MODE_EXEC; /* of the new file */
	assert_refused(&port, "proof failed: new.txt: the emitted series makes another "
			      "file than the port;");
	port = good_port();
	port.patches[1] = REMOVE
		"diff --git a/new.txt b/new.txt\nnew file mode 100755\n" CREATE SCRIPT;
	assert_refused(&port, "proof failed: new.txt: the emitted series makes another "
			      "file than the port;");
	port.after[2].mode = RQ_MODE_EXEC;
	assert_proven(&port);
}

/* A patch that states no mode keeps the branch's. */
static void test_mode_kept(void **state)
{
	struct port port = {
		.before = { { "run.sh", RQ_MODE_EXEC, "a\n" } },
		.after = { { "run.sh", RQ_MODE_EXEC, "b\n" } },
		.names = { "1.patch" },
		.patches = { "--- a/run.sh\n+++ b/run.sh\n@@ -1 +1 @@\n-a\n+b\n" },
	};

	(void)state;
	assert_proven(&port);
	port.patches[0] = "diff --git a/run.sh b/run.sh\nindex 1111111..2222222 100644\n"
			  "--- a/run.sh\n+++ b/run.sh\n@@ -1 +1 @@\n-a\n+b\n";
	assert_proven(&port);
	port.after[0].mode = RQ_MODE_FILE;
	assert_refused(&port, "proof failed: run.sh: the emitted series makes another "
			      "file than the port;");
}

static void test_removed_file_keeps_a_line(void **state)
{
	struct port port = good_port();

	(void)state;
	port.before[1].text = "a\nb\nc\n";
	assert_refused(&port, "proof failed: 0002-files.patch: old.txt: hunk 0 leaves "
			      "something of a removed file;");
	port = good_port();
	port.after[1] = (struct file){ "old.txt", RQ_MODE_FILE, "" };
	assert_refused(&port, "proof failed: old.txt: the emitted series makes another "
			      "file than the port;");
}

static void test_create_or_edit(void **state)
{
	static const char story[] = "proof failed: 0002-files.patch: %s: hunk 0 creates "
				    "a file that is there, or edits one that is not;";
	static const struct {
		const char *path;
		size_t at;
		enum rq_mode mode;
	} rows[] = { { "new.txt", 2, RQ_MODE_FILE },
		     { "new.txt", 2, RQ_MODE_LINK },
		     { "old.txt", 1, RQ_MODE_NONE },
		     { "run.sh", 3, RQ_MODE_NONE } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct port port = good_port();
		char *message = rq_xasprintf(story, rows[i].path);

		port.before[rows[i].at].mode = rows[i].mode;
		assert_refused(&port, message);
		free(message);
	}
}

/* What was created may be edited, what was removed may be created again, once. */
static void test_life_of_a_file(void **state)
{
	static const char edit[] = "--- a/new.txt\n+++ b/new.txt\n@@ -2 +2 @@\n-d\n+D\n";
	struct port port = good_port();

	(void)state;
	port.names[2] = "0003.patch";
	port.patches[2] = edit;
	port.after[2].text = "c\nD\n";
	assert_proven(&port);
	port.patches[2] = CREATE;
	assert_refused(
		&port,
		"proof failed: 0003.patch: new.txt: hunk 0 creates a file that is there");
	port = good_port();
	port.names[2] = "0003.patch";
	port.patches[2] = "--- /dev/null\n+++ b/old.txt\n@@ -0,0 +1 @@\n+again\n";
	port.after[1] = (struct file){ "old.txt", RQ_MODE_FILE, "again\n" };
	assert_proven(&port);
	port.patches[2] = REMOVE;
	assert_refused(&port, "proof failed: 0003.patch: old.txt: hunk 0 creates a file "
			      "that is there, or edits one that is not");
}

/* The file has no newline at its end, and the patch says so or does not. */
static void test_no_newline(void **state)
{
	struct port port = {
		.before = { { "a", RQ_MODE_FILE, "1\n2" } },
		.after = { { "a", RQ_MODE_FILE, "1\n3" } },
		.names = { "1.patch" },
		.patches = { "--- a/a\n+++ b/a\n@@ -1,2 +1,2 @@\n 1\n-2\n\\ No newline "
			     "at end of file\n"
			     "+3\n\\ No newline at end of file\n" },
	};

	(void)state;
	assert_proven(&port);
	port.patches[0] = "--- a/a\n+++ b/a\n@@ -1,2 +1,2 @@\n 1\n-2\n\\ No newline at "
			  "end of file\n+3\n";
	assert_refused(&port, "proof failed: a: the emitted series makes another file");
	port.patches[0] = "--- a/a\n+++ b/a\n@@ -1,2 +1,2 @@\n 1\n-2\n+3\n\\ No newline "
			  "at end of file\n";
	assert_refused(&port,
		       "proof failed: 1.patch: a: hunk 1 does not fit at its line;");
}

static void test_unreadable_patch(void **state)
{
	struct port port = good_port();
	struct rq_err err;

	(void)state;
	port.patches[0] = "--- a/mm/a.c\n+++ b/mm/a.c\n@@ -1,3 +1,4 @@\n one\n";
	assert_int_equal(prove(&port, &err), RQ_EFORMAT);
	assert_non_null(strstr(err.msg, "proof failed: 0001-edit.patch:3:"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_series),
		cmocka_unit_test(test_good_second_patch),
		cmocka_unit_test(test_good_no_context),
		cmocka_unit_test(test_wrong_byte),
		cmocka_unit_test(test_wrong_byte_elsewhere),
		cmocka_unit_test(test_wrong_lines),
		cmocka_unit_test(test_offset),
		cmocka_unit_test(test_out_of_order),
		cmocka_unit_test(test_text_is_a_diff),
		cmocka_unit_test(test_missing_patch),
		cmocka_unit_test(test_order_of_patches),
		cmocka_unit_test(test_extra_file),
		cmocka_unit_test(test_file_left_out),
		cmocka_unit_test(test_wrong_mode),
		cmocka_unit_test(test_mode_kept),
		cmocka_unit_test(test_removed_file_keeps_a_line),
		cmocka_unit_test(test_create_or_edit),
		cmocka_unit_test(test_life_of_a_file),
		cmocka_unit_test(test_no_newline),
		cmocka_unit_test(test_unreadable_patch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
