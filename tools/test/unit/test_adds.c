// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the lines that a patch adds ask of a tree, bring and take away.
 */
#include "image.h"

#include "patch/adds.h"

static bool has_hash(const uint64_t *v, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (v[i] == rq_name_hash(rq_slice_of(name)))
			return true;
	return false;
}

/* "uses; declared and brought of @words; removed of @words; cut hunks" */
static void describe(struct rq_str *out, const struct rq_adds *adds, const char *words)
{
	struct rq_slice rest = rq_slice_of(words), word;

	for (size_t i = 0; i < adds->uses.n; i++) {
		const struct rq_adds_use *use = &adds->uses.v[i];

		rq_str_addf(out, "%s%.*s", use->member ? "." : "",
			    RQ_SLICE_ARG(use->name));
		if (use->args >= 0)
			rq_str_addf(out, "/%d", use->args);
		if (!use->added)
			rq_str_adds(out, "~");
		rq_str_addf(out, "@%zu ", use->hunk);
	}
	while ((word = rq_slice_next_word(&rest)).n) {
		char *name = rq_xstrndup(word.p, word.n);

		for (size_t i = 0; i < adds->declared.n; i++)
			if (adds->declared.v[i].hash == rq_name_hash(word))
				rq_str_addf(out, "declares:%s/%d ", name,
					    adds->declared.v[i].args);
		if (has_hash(adds->brought.v, adds->brought.n, name))
			rq_str_addf(out, "brings:%s ", name);
		if (has_hash(adds->removed.v, adds->removed.n, name))
			rq_str_addf(out, "removes:%s ", name);
		free(name);
	}
	for (size_t i = 0; i < adds->cut.n; i++)
		rq_str_addf(out, "cut@%zu ", adds->cut.v[i].hunk);
	for (size_t i = 0; i < adds->pasted.n; i++)
		rq_str_adds(out, "pasted ");
}

#define C "--- a/a.c\n+++ b/a.c\n"

static const struct {
	const char *patch, *words, *want;
} samples[] = {
	/* Calls, members, and what is neither. */
	{ C "@@ -1 +1,2 @@\n x;\n+call(one, 2);\n", "one", "call/2@0 brings:one " },
	{ C "@@ -1 +1,2 @@\n x;\n+p->member = q.other;\n", "", ".member@0 .other@0 " },
	{ C "@@ -1 +1,2 @@\n call(1);\n+x;\n", "", "" },
	{ C "@@ -1 +1,2 @@\n x;\n+f(1) + g(2);\n", "", "" },
	{ C "@@ -1 +1,2 @@\n x;\n+a = word; bb = cc;\n", "word bb cc a",
	  "brings:word brings:bb brings:cc " },
	{ C "@@ -1 +1,2 @@\n x;\n+/* call(1) ->member */ \"call(2)\";\n", "", "" },
	/* Of a call whose arguments changed the name is not new. */
	{ C "@@ -1,2 +1,3 @@\n call(one,\n+     two,\n      three);\n", "",
	  "call/3~@0 " },
	{ C "@@ -1,3 +1,2 @@\n call(one,\n-     two,\n      three);\n", "two",
	  "call/2~@0 removes:two " },
	{ C "@@ -1,2 +1,2 @@\n call(one,\n-two);\n+two, three);\n", "", "call/3~@0 " },
	/* It begins or ends in a call. */
	{ C "@@ -1 +1,2 @@\n+two,\n three);\n", "", "cut@0 " },
	{ C "@@ -1 +1,2 @@\n x;\n+call(one,\n", "", "call@0 cut@0 " },
	/* It began in a comment, which is seen at the end of that. */
	{ C "@@ -1,3 +1,4 @@\n+ words call(1) of p->member\n more\n  */\n x;\n", "words",
	  "" },
	{ C
	  "@@ -1,3 +1,5 @@\n+ words call(1) of p->member\n more\n  */\n+call(2);\n x;\n",
	  "words", "call/1@0 " },
	{ C "@@ -1,3 +1,4 @@\n /* one;\n words;\n+ call(1) here;\n more\n", "", "" },
	{ C "@@ -1,3 +1,4 @@\n words; // */\n x /* y\n+ call(1) here;\n more\n", "", "" },
	{ C "@@ -1,2 +1,3 @@\n x = y / z;\n a = b * c;\n+call(1);\n", "", "call/1@0 " },
	/* A hunk before that keeps what it said. */
	{ C "@@ -1 +1,2 @@\n x;\n+early(2, word);\n@@ -9,2 +10,3 @@\n+ call(1)\n  */\n "
	    "y;\n",
	  "word", "early/2@0 brings:word " },
	/* Declarations, macros, what macros make. */
	{ C "@@ -1 +1,4 @@\n x;\n+int made(int aa, int bb)\n+{\n+}\n", "made aa",
	  "declares:made/2 brings:aa " },
	{ C "@@ -1 +1,2 @@\n x;\n+#define MACRO(aa) (aa)\n", "MACRO",
	  "declares:MACRO/-2 " },
	{ C "@@ -1 +1,2 @@\n x;\n+#define MACRO(aa) pre_##aa##_post\n", "", "pasted " },
	{ C "@@ -1,2 +1,2 @@\n-int made(int aa)\n+int made(int aa, int bb)\n {\n", "made",
	  "declares:made/2 removes:made " },
	{ C "@@ -1,3 +1,3 @@\n int made(int aa,\n-\t int bb)\n+\t int bb, int cc)\n {\n",
	  "made", "declares:made/3 " },
	/* What is called and indented stays where it is defined, a member where its struct is. */
	{ C "@@ -1,2 +1 @@\n x;\n-\tcall(1) + p->member + q.other + word;\n",
	  "call member other word", "removes:word " },
	{ C "@@ -1,2 +1 @@\n x;\n-call(1);\n", "call", "removes:call " },
	{ C "@@ -1,2 +1 @@\n x;\n-  call (1) + a;\n", "call a", "removes:call " },
	{ C "@@ -1,2 +1 @@\n x;\n-.member = more->\n", "member more", "removes:more " },
	/* Files that are not C: all words may bring something, but for texts. */
	{ "--- a/a.S\n+++ b/a.S\n@@ -1 +1,2 @@\n x\n+call(word) b\n", "call word b",
	  "brings:call brings:word " },
	{ "--- a/a.rst\n+++ b/a.rst\n@@ -1 +1,2 @@\n x\n+call(word)\n", "call word", "" },
	{ "--- a/a.txt\n+++ b/a.txt\n@@ -1 +1,2 @@\n x\n+call(word)\n", "call word", "" },
	{ "--- a/Documentation/a\n+++ b/Documentation/a\n@@ -1 +1,2 @@\n "
	  "x\n+call(word)\n",
	  "call word", "" },
	{ "--- a/a.S\n+++ b/a.S\n@@ -1,2 +1 @@\n x\n-call(word)\n", "call word", "" },
};

static void lines_say_what_they_ask(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		struct rq_patch *patch = read_patch("x.patch", samples[i].patch);
		struct rq_adds adds = { 0 };
		struct rq_str text = { 0 };

		rq_adds_read(&adds, patch);
		describe(&text, &adds, samples[i].words);
		if (strcmp(text.s ? text.s : "", samples[i].want) != 0)
			fail_msg("sample %zu: '%s'", i, text.s ? text.s : "");
		rq_str_release(&text);
		rq_adds_release(&adds);
		rq_patch_free(patch);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_say_what_they_ask),
	};

	return cmocka_run_group_tests_name("adds", tests, NULL, NULL);
}
