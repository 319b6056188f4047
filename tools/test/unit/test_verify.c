// SPDX-License-Identifier: GPL-2.0-only
/*
 * What verify reads and compares: make's output, lines followed through a diff, messages as
 * multisets, and which files differ between two trees.
 */
#include "scratch.h"

#include "verify/verify_internal.h"

#define TREE "/cache/one/tree"

static struct rq_output read_output(const char *text)
{
	struct rq_output out = { 0 };

	rq_output_read(&out, rq_slice_of(text), TREE);
	return out;
}

static void assert_diag(const struct rq_diag *d, enum rq_diag_tool tool,
			const char *object, const char *file, long line, long column,
			bool error, const char *text)
{
	assert_int_equal(d->tool, tool);
	assert_string_equal(d->object, object);
	assert_string_equal(d->file, file);
	assert_int_equal(d->line, line);
	assert_int_equal(d->column, column);
	assert_int_equal(d->error, error);
	assert_string_equal(d->text, text);
}

static void compilers_words(void **state)
{
	struct rq_output out = read_output(
		"  HOSTCC  scripts/mod/x.o\n" TREE "/scripts/x.c:1:2: warning: a host's\n"
		"  CC      scripts/mod/empty.o\n" TREE "/x.c:1:2: warning: a script's\n"
		"  CC       /cache/one/build/tools/objtool/elf.o\nelf.c:1:2: warning: a "
		"tool's\n"
		"  CC [M]  lib/test_hmm.o\n"
		"In file included from " TREE "/lib/test_hmm.c:3:\n" TREE
		"/lib/test_hmm.c: In function 'f':\n" TREE
		"/lib/test_hmm.c:12:3: warning: unused variable 'x' [-Wunused]\n"
		"   12 |  int x;\n      |      ^\n" TREE
		"/lib/test_hmm.c:12:3: note: here\n"
		"  CC      mm/rmap.o\n./include/generated/g.h:9: error: no column\n"
		"mm/rmap.o: warning: objtool: f()+0x1aF: unreachable instruction\n"
		"make[3]: *** [" TREE "/scripts/Makefile.build:250: mm/rmap.o] Error 1\n"
		"make[2]: *** [" TREE "/scripts/Makefile.build:500: mm] Error 2\n");

	(void)state;
	assert_int_equal(out.diags.v.n, 3);
	assert_diag(&out.diags.v.v[0], RQ_DIAG_COMPILER, "lib/test_hmm.o",
		    "lib/test_hmm.c", 12, 3, false, "unused variable 'x' [-Wunused]");
	assert_diag(&out.diags.v.v[1], RQ_DIAG_COMPILER, "mm/rmap.o",
		    "include/generated/g.h", 9, 0, true, "no column");
	assert_diag(&out.diags.v.v[2], RQ_DIAG_COMPILER, "mm/rmap.o", "mm/rmap.o", 0, 0,
		    false, "objtool: f(): unreachable instruction");
	assert_int_equal(out.failed.v.n, 1);
	assert_string_equal(out.failed.v.v[0], "mm/rmap.o");
	rq_output_release(&out);
}

static void sparses_words(void **state)
{
	struct rq_output out = read_output(
		"  CHECK   " TREE "/mm/rmap.c\n" TREE
		"/mm/rmap.c: note: in included file (through " TREE
		"/include/linux/ksm.h):\n" TREE "/include/linux/rmap.h:410:28: sparse: "
		"warning: context imbalance in 'f'\n" TREE
		"/mm/rmap.c:3:9: sparse: error: incompatible types in conditional "
		"expression:\n" TREE "/mm/rmap.c:3:9: sparse:    void\n" TREE
		"/mm/rmap.c:3:9: sparse:    int\n");

	(void)state;
	assert_int_equal(out.checked.v.n, 1);
	assert_string_equal(out.checked.v.v[0], "mm/rmap.o");
	assert_int_equal(out.diags.v.n, 2);
	assert_diag(&out.diags.v.v[0], RQ_DIAG_SPARSE, "mm/rmap.o",
		    "include/linux/rmap.h", 410, 28, false, "context imbalance in 'f'");
	assert_diag(&out.diags.v.v[1], RQ_DIAG_SPARSE, "mm/rmap.o", "mm/rmap.c", 3, 9,
		    true, "incompatible types in conditional expression:");
	assert_int_equal(out.diags.v.v[1].details.n, 2);
	assert_string_equal(out.diags.v.v[1].details.v[1], "   int");
	rq_output_release(&out);
}

static void complaints(void **state)
{
	static const struct {
		const char *text, *complaint;
	} cases[] = {
		{ "", NULL },
		{ "a\n\nb\n\n", "b" },
		{ "make: *** [Makefile:1: x] Error 2\nmake: x\n",
		  "make: *** [Makefile:1: x] Error 2" },
		{ "make: *** [Makefile:1: x] Error 127\n/bin/sh: 1: flex: not found\n",
		  "/bin/sh: 1: flex: not found" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct rq_output out = read_output(cases[i].text);

		if (cases[i].complaint)
			assert_string_equal(out.complaint, cases[i].complaint);
		else
			assert_null(out.complaint);
		rq_output_release(&out);
	}
}

/* A tree with one file, by way of git. */
static struct rq_oid tree_with(struct scratch *s, const char *name, const char *text)
{
	char *hex;
	struct rq_oid oid;

	write_file(s, "text", text, strlen(text));
	hex = shell(s,
		    "b=$(git --git-dir=repo.git hash-object -w text); "
		    "export GIT_INDEX_FILE=$PWD/index; rm -f index; "
		    "git --git-dir=repo.git update-index --add --cacheinfo 100644,$b,%s; "
		    "git --git-dir=repo.git write-tree",
		    name);
	assert_ok(s, rq_oid_parse(&oid, hex, &s->err));
	free(hex);
	assert_ok(s, rq_repo_refresh(s->repo, &s->err));
	return oid;
}

#define BEFORE                                               \
	"#include <x.h>\n\nstatic int f(int a)\n{\n\tone;\n" \
	"\ttwo;\nout:\n\treturn a;\n}\n\nint global;\nvoid g(void)\n{\n\tthree;\n}\n"
#define AFTER                                                                \
	"#include <x.h>\n#include <y.h>\n\nstatic int f(int a)\n{\n\tone;\n" \
	"\tnew two;\nout:\n\treturn a;\n}\n\nvoid g(void)\n{\n\tthree;\n}\n"

static void lines_are_followed(void **state)
{
	struct scratch *s = *state;
	struct rq_oid before = tree_with(s, "mm/a.c", BEFORE);
	struct rq_oid after = tree_with(s, "mm/a.c", AFTER);
	static const long to[] = { 0, 1, 3, 4, 5, 6, 0, 8, 9, 10, 11, 0, 12, 13, 14, 15 };
	struct rq_lines *lines;

	assert_ok(s, rq_lines_new(&lines, s->repo, "mm/a.c", &before, &after, &s->err));
	for (size_t i = 1; i < ARRAY_SIZE(to); i++)
		assert_int_equal(rq_lines_map(lines, (long)i), to[i]);
	assert_true(rq_slice_eq(rq_lines_text(lines, true, 7), RQ_SLICE("new two;")));
	assert_true(rq_slice_eq(rq_lines_function(lines, false, 8), RQ_SLICE("f")));
	assert_true(rq_slice_eq(rq_lines_function(lines, false, 9), RQ_SLICE("f")));
	assert_true(rq_slice_eq(rq_lines_function(lines, false, 11), RQ_SLICE("")));
	assert_true(rq_slice_eq(rq_lines_function(lines, true, 14), RQ_SLICE("g")));
	assert_int_equal(rq_lines_text(lines, true, 99).n, 0);
	assert_int_equal(rq_lines_function(lines, true, 99).n, 0);
	rq_lines_free(lines);
	assert_ok(s, rq_lines_new(&lines, s->repo, "include/generated/g.h", &before,
				  &after, &s->err));
	assert_int_equal(rq_lines_map(lines, 77), 77);
	rq_lines_free(lines);
}

static struct rq_diag diag(long line, const char *text)
{
	return (struct rq_diag){ .object = (char *)"mm/a.o",
				 .file = (char *)"mm/a.c",
				 .line = line,
				 .text = (char *)text };
}

/* The same message twice before, and where it is after. */
static void multisets(void **state)
{
	struct scratch *s = *state;
	struct rq_diag before[] = { diag(5, "w"), diag(5, "w"), diag(6, "w") };
	struct rq_diag after[] = { diag(6, "w"), diag(6, "w"), diag(6, "w"),
				   diag(7, "w") };
	struct rq_side a = { before, 3, tree_with(s, "mm/a.c", BEFORE) };
	struct rq_side b = { after, 4, tree_with(s, "mm/a.c", AFTER) };
	struct rq_delta delta = { 0 };

	assert_ok(s, rq_delta_find(&delta, s->repo, &a, &b, &s->err));
	assert_int_equal(delta.fresh.n, 2);
	assert_ptr_equal(delta.fresh.v[0], &after[2]);
	assert_ptr_equal(delta.fresh.v[1], &after[3]);
	assert_int_equal(delta.vanished, 1);
	rq_delta_release(&delta);
}

static int note_change(const struct rq_tree_change *change, void *ctx, struct rq_err *err)
{
	(void)err;
	rq_str_addf(ctx, "%o %o %s\n", change->old_mode, change->new_mode, change->path);
	return 0;
}

static void trees_are_compared(void **state)
{
	struct scratch *s = *state;
	static const struct rq_oid nothing;
	struct rq_oid a, b;
	struct rq_str out = { 0 };
	char *hex;

	hex = shell(
		s,
		"git init -q w; cd w; mkdir -p d/e same; echo 1 >d/e/x; echo 1 >file; "
		"echo 1 >same/y; echo 1 >mode; ln -s file link; git add -A; "
		"git write-tree; rm -r d file; mkdir file; echo 2 >d; echo 2 >file/z; "
		"chmod 755 mode; rm link; echo file >link; git add -A; git write-tree; "
		"cp -r .git/objects ../repo.git/");
	assert_ok(s, rq_oid_parse(&b, strchr(hex, '\n') + 1, &s->err));
	*strchr(hex, '\n') = '\0';
	assert_ok(s, rq_oid_parse(&a, hex, &s->err));
	assert_ok(s, rq_repo_refresh(s->repo, &s->err));
	assert_ok(s, rq_tree_diff(s->repo, &a, &b, note_change, &out, &s->err));
	assert_string_equal(out.s,
			    "100644 0 d/e/x\n0 100644 d\n100644 0 file\n"
			    "0 100644 file/z\n120000 100644 link\n100644 100755 mode\n");
	out.len = 0;
	assert_ok(s, rq_tree_diff(s->repo, &nothing, &a, note_change, &out, &s->err));
	assert_string_equal(out.s, "0 100644 d/e/x\n0 100644 file\n0 120000 link\n"
				   "0 100644 mode\n0 100644 same/y\n");
	out.len = 0;
	assert_ok(s, rq_tree_diff(s->repo, &a, &a, note_change, &out, &s->err));
	assert_int_equal(out.len, 0);
	rq_str_release(&out);
	free(hex);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compilers_words),
		cmocka_unit_test(sparses_words),
		cmocka_unit_test(complaints),
		cmocka_unit_test_setup_teardown(lines_are_followed, scratch_setup,
						scratch_teardown),
		cmocka_unit_test_setup_teardown(multisets, scratch_setup,
						scratch_teardown),
		cmocka_unit_test_setup_teardown(trees_are_compared, scratch_setup,
						scratch_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
