// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a semantic patch says of itself: message, header lines, the identifiers it needs, and what
 * is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "semantic/semantic.h"

static int parse(struct rq_rule *rule, const char *text, struct rq_err *err)
{
	struct rq_str bytes = { 0 };
	int rc;

	rq_str_adds(&bytes, text);
	rc = rq_rule_parse(rule, "x.cocci", &bytes, err);
	rq_str_release(&bytes);
	return rc;
}

static const struct {
	const char *text, *needs;
} samples[] = {
	/* The function whose call goes; metavariables and what is added do not count. */
	{ "@@\nexpression p, v;\n@@\n- old(p, v)\n+ new(p, v)\n", "old" },
	{ "@@ expression p; @@\n- old(wrap(p))\n+ new(wrap(p))\n", "old" },
	/* One that is put back in front of it. */
	{ "@@ expression e; @@\n- kept(old(e))\n+ kept(e)\n", "old" },
	/* Nothing called goes away: what is removed, then what is there. */
	{ "@@\n@@\n- OLD_FLAG\n+ NEW_FLAG\n", "OLD_FLAG" },
	{ "@@ expression e; @@\n- same(e, 1)\n+ same(e, 2)\n", "same" },
	{ "@@ expression e; @@\n  locked(e);\n+ unlock(e);\n", "locked" },
	/* One branch is enough for a match, whichever it is. */
	{ "@@ expression e; @@\n(\n- one(e)\n|\n- TWO\n)\n+ three\n", "TWO one" },
	/* Several rules; one that changes nothing needs nothing. */
	{ "@a@ identifier f; @@\n f(...) { ... }\n\n@@ identifier a.f; @@\n- g(f)\n\n@@ "
	  "@@\n- "
	  "h()\n",
	  "g h" },
	/* A metavariable that is one of some names, or none of them. */
	{ "@@ identifier f = {foo, bar}; expression e; @@\n- f(e)\n", "bar foo" },
	{ "@@ identifier f != {foo}; expression e; @@\n- f(e)\n+ f(g(e))\n  z();\n",
	  "z" },
	/* A pattern is no name. */
	{ "@@ identifier f =~ \"^old_\", g !~ \"two\"; @@\n- f(three())\n+ g()\n",
	  "three" },
	/* What drops out of a match. */
	{ "@@ statement S; @@\n- if (unlikely(old(1))) S\n+ if (new(1)) S\n", "old" },
	/* Branch by branch: a member, a name that another branch puts there. */
	{ "@@ expression p; @@\n(\n- old(p)\n+ new(p)\n|\n- p->old_field\n+ "
	  "p->new_field\n)\n",
	  "old old_field" },
	{ "@@ expression p; @@\n(\n- one(p)\n+ two(p)\n|\n- two(p, 1)\n+ two(p)\n)\n",
	  "one two" },
	{ "@@ expression p; @@\n(\n  kept(p)\n|\n- gone(p)\n)\n", "gone" },
	{ "@@ expression p; @@\n  outer(p);\n(\n- p++;\n|\n- gone(p);\n)\n",
	  "gone outer" },
	{ "@@ expression p; @@\n(\n  one(p);\n|\n  two(p);\n)\n+ three(p);\n",
	  "one two" },
	{ "@@ expression p; @@\n- p->old_field\n+ p->new_field\n", "old_field" },
	/* Members, comments, strings of C and conditions are no names to find files by. */
	{ "@@ expression e; @@\n// other()\n- old(e->member, e.field) /* more() */\n... "
	  "when != "
	  "x(e)\n",
	  "old" },
	{ "/*\n * Subject: x\n * ---\n * Needs: told\n */\n@@ @@\n- old()\n", "told" },
	{ "/*\n * Subject: x\n * ---\n * Needs: told\n */\n@@ identifier f = {foo}; "
	  "@@\n- f()\n",
	  "told" },
};

static void finds_what_a_rule_needs(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		struct rq_rule rule = { 0 };
		struct rq_str needs = { 0 };
		struct rq_err err;

		if (parse(&rule, samples[i].text, &err))
			fail_msg("sample %zu: %s", i, err.msg);
		for (size_t k = 0; k < rule.needs.v.n; k++)
			rq_str_addf(&needs, "%s%s", k ? " " : "", rule.needs.v.v[k]);
		if (strcmp(needs.s ? needs.s : "", samples[i].needs) != 0)
			fail_msg("sample %zu: needs '%s'", i, needs.s ? needs.s : "");
		rq_str_release(&needs);
		rq_rule_release(&rule);
	}
}

static const struct {
	const char *text;
	enum rq_code code;
	const char *message;
} refused[] = {
	{ "@script:python@\n@@\nimport os\n", RQ_EUNSAFE, "x.cocci:1: a script rule" },
	{ "@@ @@\n- f()\n\n@ script /* x */ : ocaml @\n@@\n", RQ_EUNSAFE,
	  "x.cocci:4: a script" },
	{ "@initialize:python@\n@@\nimport os\n", RQ_EUNSAFE,
	  "x.cocci:1: a script rule" },
	{ "@@ @@\n- f()\n  @finalize:ocaml@\n@@\n", RQ_EUNSAFE,
	  "x.cocci:3: a script rule" },
	{ "@@ identifier f : script:python() { f == \"x\" }; @@\n- f()\n", RQ_EUNSAFE,
	  "x.cocci:1: a script rule" },
	{ "#spatch --python /tmp/evil\n@@ @@\n- f()\n", RQ_EUNSAFE,
	  "x.cocci:1: an option" },
	{ "# spatch --max-width 80 -o out.c\n@@ @@\n- f()\n", RQ_EUNSAFE,
	  "x.cocci:1: an option" },
	{ " \t# spatch --python x\n@@ @@\n- f()\n", RQ_EUNSAFE, "x.cocci:1: an option" },
	{ "@@ @@\n- f()\n#spatch --python x\n", RQ_EUNSAFE, "x.cocci:3: an option" },
	{ "/*\n * Subject: x\n * #spatch --python x\n */\n@@ @@\n- f()\n", RQ_EUNSAFE,
	  "x.cocci:3: an option" },
	{ "@@ @@\n- f(\"a\n#spatch -o x\n\")\n", RQ_EUNSAFE, "x.cocci:3: an option" },
	{ "@@ @@\n- f('/*')\n\n@script:python@\n@@\nx\n// '*/'\n", RQ_EUNSAFE,
	  "x.cocci:4: a script rule" },
	{ "@r using \"x.iso\"@\n@@\n- f()\n", RQ_EUNSAFE,
	  "x.cocci:1: 'using' pulls in another file" },
	{ "@ using @\n@@\n- f()\n", RQ_EUNSAFE,
	  "x.cocci:1: 'using' pulls in another file" },
	{ " #include \"other.cocci\"\n@@ @@\n- f()\n", RQ_EUNSAFE,
	  "x.cocci:1: pulls in" },
	{ "\n#include \"other.cocci\"\n@@ @@\n- f()\n", RQ_EUNSAFE,
	  "x.cocci:2: pulls in" },
	{ "using \"x.iso\"\n@@ @@\n- f()\n", RQ_EUNSAFE, "x.cocci:1: 'using'" },
	{ "@r using \"x.iso\"@ @@\n- f()\n", RQ_EUNSAFE, "x.cocci:1: 'using'" },
	{ "@@ @@\n- f()\n@r using\n<x.iso>@ @@\n- g()\n", RQ_EUNSAFE,
	  "x.cocci:3: 'using'" },
	/* In front of the first rule. */
	{ "virtual foo #include \"evil.h\"\n@@ @@\n- f()\n", RQ_EUNSAFE,
	  "x.cocci:1: pulls in" },
	{ "virtual foo, #include <evil.h>\n@@ @@\n- f()\n", RQ_EUNSAFE,
	  "x.cocci:1: in front" },
	{ "virtual foo /* x */ , bar\n@@ @@\n- f()\n", RQ_EUNSAFE,
	  "x.cocci:1: in front" },
	{ "/* c */ #include \"evil.h\"\n@@ @@\n- f()\n", RQ_EUNSAFE,
	  "x.cocci:1: pulls in" },
	{ "/*\n * Subject: x\n */ #include \"evil.h\"\n@@ @@\n- f()\n", RQ_EUNSAFE,
	  "x.cocci:3: pulls in" },
	{ "// \\\n#include \"evil.h\"\n@@ @@\n- f()\n", RQ_EUNSAFE,
	  "x.cocci:2: pulls in" },
	{ "#define x\n@@ @@\n- f()\n", RQ_EUNSAFE, "x.cocci:1: pulls in" },
	{ "#! /*\n@@ @@\n- f()\n// */\n", RQ_EUNSAFE, "x.cocci:1: pulls in" },
	{ "merge a\n@@ @@\n- f()\n", RQ_EUNSAFE, "x.cocci:1: in front" },
	{ "virtual 1a\n@@ @@\n- f()\n", RQ_EUNSAFE, "x.cocci:1: in front" },
	{ "/* no end\n@@ @@\n- f()\n", RQ_EUNSAFE, "x.cocci:1: in front" },
	{ "virtual a; @@ @@\n- f()\n", RQ_EUNSAFE, "x.cocci:1: the '@'" },
	{ " @@ @@\n- f()\n", RQ_EUNSAFE, "x.cocci:1: the '@'" },
	/* Words that may be tokens, wherever they are. */
	{ "/*\n * Subject: x\n */ @script:python@\n@@\n", RQ_EUNSAFE,
	  "x.cocci:3: a script rule" },
	{ "@script\n:\npython@\n@@\n", RQ_EUNSAFE, "x.cocci:1: a script rule" },
	{ "@script@\n@@\n- f()\n", RQ_EUNSAFE, "x.cocci:1: a script rule" },
	{ "@1script:python@\n@@\n", RQ_EUNSAFE, "x.cocci:1: a script rule" },
	{ "@0xfscript:python@\n@@\n", RQ_EUNSAFE, "x.cocci:1: a script rule" },
	{ "@a$script:python@\n@@\n", RQ_EUNSAFE, "x.cocci:1: a script rule" },
	{ "@@ @@\n- f()\n// finalize\n", RQ_EUNSAFE, "x.cocci:3: a script rule" },
	{ "@@ @@\n- f(\"initialize\")\n", RQ_EUNSAFE, "x.cocci:2: a script rule" },
	/* An '@' that only spatch takes for the start of a rule. */
	{ "@@ @@\n- f()\n\t@r@\n@@\n- g()\n", RQ_EUNSAFE, "x.cocci:3: an '@'" },
	{ "@@ @@\n- f()\n+ @r@\n@@\n- g()\n", RQ_EUNSAFE, "x.cocci:3: an '@'" },
	{ "@r depends on file in \"/etc\"@\n@@\n- f()\n", RQ_EUNSAFE,
	  "x.cocci:1: the head" },
	{ "@r /* x */@\n@@\n- f()\n", RQ_EUNSAFE, "x.cocci:1: the head" },
	/* Characters. */
	{ "@@ @@\r\n- f()\n", RQ_EUNSAFE, "x.cocci:1: a control" },
	{ "// x\f#include \"evil.h\"\n@@ @@\n- f()\n", RQ_EUNSAFE,
	  "x.cocci:1: a control" },
	{ "@@ @@\n- f()\v@r@\n", RQ_EUNSAFE, "x.cocci:2: a control" },
	{ "\xef\xbb\xbf@@ @@\n- f()\n", RQ_EUNSAFE, "x.cocci:1: a control" },
	{ "@@ @@\n- f()\n// a\xe2\x80\x8bz\n", RQ_EUNSAFE, "x.cocci:3: a control" },
	{ "@@ @@\n- f()\n// \xe9\n", RQ_EUNSAFE, "x.cocci:3: no UTF-8 (byte 0xe9)" },
	/* Options. */
	{ "#spatch --max-width\n@@ @@\n- f()\n", RQ_EUNSAFE, "x.cocci:1: an option" },
	{ "#spatch --max-width --python\n@@ @@\n- f()\n", RQ_EUNSAFE,
	  "x.cocci:1: an option" },
	{ "#spatch /etc/passwd\n@@ @@\n- f()\n", RQ_EUNSAFE, "x.cocci:1: an option" },
	{ "@@ expression e; @@\n- e\n", RQ_EFORMAT,
	  "x.cocci:1: this rule names no identifier" },
	{ "@@ identifier f =~ \"old\"; @@\n- f(1)\n+ g(1)\n", RQ_EFORMAT,
	  "x.cocci:1: this rule names no identifier" },
	{ "@@ expression p; @@\n(\n- gone(p);\n|\n- p++;\n)\n", RQ_EFORMAT,
	  "x.cocci:1: this rule names no identifier" },
	{ "// nothing\n", RQ_EFORMAT, "x.cocci: holds no rule" },
	{ "@@ expression e;\n- f(e)\n", RQ_EFORMAT,
	  "x.cocci:1: a rule without a second" },
	{ "/*\n * Subject: x\n * ---\n * Expect-none: a b\n */\n@@ @@\n- f()\n",
	  RQ_EFORMAT, "x.cocci:4: Expect-none" },
	{ "/*\n * Expect-apart: one\n */\n@@ @@\n- f()\n", RQ_EFORMAT,
	  "x.cocci:2: Expect-apart: takes an identifier" },
	{ "/*\n * Expect-apart: a b\n * Expect-apart: a->b c\n */\n@@ @@\n- f()\n",
	  RQ_EFORMAT, "x.cocci:3: Expect-apart: a->b is no identifier" },
	{ "/*\n * Expect-apart: a ^b\n */\n@@ @@\n- f()\n", RQ_EFORMAT,
	  "x.cocci:2: Expect-apart: ^b is no identifier" },
	{ "/*\n * Expect-statement: one two\n */\n@@ @@\n- f()\n", RQ_EFORMAT,
	  "x.cocci:2: Expect-statement: takes one identifier" },
	{ "/*\n * Expect-beside: one\n */\n@@ @@\n- f()\n", RQ_EFORMAT,
	  "x.cocci:2: Expect-beside: takes an identifier" },
	{ "/*\n * Spatch-include: rule.cocci\n */\n@@ @@\n- f()\n", RQ_EFORMAT,
	  "x.cocci:2: Spatch-include" },
	{ "/*\n * Spatch-version: newest\n */\n@@ @@\n- f()\n", RQ_EFORMAT,
	  "x.cocci:2: Spatch-version: takes numbers" },
	{ "/*\n * Spatch-version:\n */\n@@ @@\n- f()\n", RQ_EFORMAT,
	  "x.cocci:2: Spatch-version: takes numbers" },
	{ "/*\n * Spatch-version: 1.3.\n */\n@@ @@\n- f()\n", RQ_EFORMAT,
	  "x.cocci:2: Spatch-version: takes numbers" },
	{ "/*\n * Spatch-include: ../evil.h\n */\n@@ @@\n- f()\n", RQ_EFORMAT,
	  "x.cocci:2: Spatch-include" },
};

static void refuses_what_runs_code_or_makes_no_sense(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct rq_rule rule = { 0 };
		struct rq_err err = { 0 };
		int rc = parse(&rule, refused[i].text, &err);

		if (rc != (int)refused[i].code)
			fail_msg("sample %zu: code %d, %s", i, rc, err.msg);
		if (strncmp(err.msg, refused[i].message, strlen(refused[i].message)) != 0)
			fail_msg("sample %zu: %s", i, err.msg);
		rq_rule_release(&rule);
	}
}

/* What looks like one of those, and is none. */
static void takes_what_is_only_like_it(void **state)
{
	static const char *const taken[] = {
		"virtual patch\n@@ @@\n- f()\n",
		"virtual a , b;\nvirtual c\n// x\n/* y */\n@depends on a && !(b || c)@\n"
		"@@\n- f()\n",
		"/*\n * Subject: initialize the script\n */\n@@ @@\n- f()\n",
		"@r extends a disable b, c exists@\n@@\n- descriptor(x, "
		"initialized)\n",
		"#spatch --smpl-spacing --indent 8 --disable-iso a,b\n@@ @@\n- f()\n",
		"@@ @@\n- f() // using the folio, \xc3\xa9\n",
		"@r@ position p; @@\n- f@p(1)\n- #include <linux/x.h>\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
		struct rq_rule rule = { 0 };
		struct rq_err err = { 0 };

		if (parse(&rule, taken[i], &err))
			fail_msg("sample %zu: %s", i, err.msg);
		rq_rule_release(&rule);
	}
}

static void refuses_a_nul_byte(void **state)
{
	static const char text[] = "@@ @@\n- f()\0\n@script:python@\n";
	struct rq_rule rule = { 0 };
	struct rq_str bytes = { 0 };
	struct rq_err err = { 0 };

	(void)state;
	rq_str_add(&bytes, text, sizeof(text) - 1);
	assert_int_equal(rq_rule_parse(&rule, "x.cocci", &bytes, &err), RQ_EUNSAFE);
	assert_non_null(strstr(err.msg, "x.cocci:2: a control"));
	rq_rule_release(&rule);
}

static void reads_the_leading_comment(void **state)
{
	struct rq_rule rule = { 0 };
	struct rq_err err;

	(void)state;
	assert_int_equal(0,
			 parse(&rule,
			       "// SPDX-License-Identifier: GPL-2.0-only\n"
			       "/*\n * Subject: mm: x\n *\n *   indented\n * ---\n"
			       " * Expect-none: old\n * Allow-empty:\n"
			       " * Expect-apart: new huge\n"
			       " * Expect-apart: new HUGE big\n"
			       " * Spatch-include: include/linux/mm.h\n */\n"
			       "#spatch --smpl-spacing --max-width 80\n@@ @@\n- old()\n",
			       &err));
	assert_string_equal(
		rule.head.s,
		"Subject: mm: x\n\n  indented\n---\nExpect-none: old\n"
		"Allow-empty:\nExpect-apart: new huge\n"
		"Expect-apart: new HUGE big\nSpatch-include: include/linux/mm.h\n");
	assert_int_equal(3, rule.head_line);
	assert_true(rule.allow_empty);
	assert_int_equal(1, rule.expect_none.v.n);
	assert_int_equal(1, rule.apart.n);
	assert_string_equal("new", rule.apart.v[0].name);
	assert_int_equal(3, rule.apart.v[0].parts.v.n);
	assert_string_equal("big", rule.apart.v[0].parts.v.v[2]);
	assert_string_equal("include/linux/mm.h", rule.includes.v.v[0]);
	rq_rule_release(&rule);
}

/* What spatch says of itself, and whether a rule that was proven with 1.1.1 and 1.3 takes it. */
static const struct {
	const char *said;
	bool taken;
} versions[] = {
	{ "spatch version 1.1.1 compiled with OCaml version 4.13.1\n", true },
	{ "spatch version 1.3 compiled with OCaml version 5.3.0\n", true },
	{ "spatch version 1.3.1\n", true },
	{ "spatch version 1.31\n", false },
	{ "spatch version 1.1 compiled with OCaml version 1.3\n", false },
	{ "spatch version 1.1.10\n", false },
	{ "", false },
};

static void knows_versions(void **state)
{
	struct rq_rule rule = { 0 }, any = { 0 };
	struct rq_err err;

	(void)state;
	assert_int_equal(0, parse(&rule,
				  "/*\n * Subject: x\n * ---\n * Spatch-version: 1.1.1\n"
				  " * Spatch-version: 1.3\n */\n@@ @@\n- old()\n",
				  &err));
	assert_int_equal(0, parse(&any, "@@ @@\n- old()\n", &err));
	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
		const char *said = versions[i].said;

		assert_int_equal(0, rq_rule_check_version(&any, said, &err));
		assert_int_equal(versions[i].taken ? 0 : RQ_ETOOL,
				 rq_rule_check_version(&rule, said, &err));
	}
	assert_int_equal(RQ_ETOOL,
			 rq_rule_check_version(&rule, "spatch version 1.2\n", &err));
	assert_string_equal(
		"x.cocci:4: the rule is proven with spatch 1.1.1, 1.3, and this is 1.2: "
		"install one of those, or look at what this one makes and add it to "
		"Spatch-version",
		err.msg);
	rq_rule_release(&any);
	rq_rule_release(&rule);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_a_rule_needs),
		cmocka_unit_test(refuses_what_runs_code_or_makes_no_sense),
		cmocka_unit_test(takes_what_is_only_like_it),
		cmocka_unit_test(refuses_a_nul_byte),
		cmocka_unit_test(reads_the_leading_comment),
		cmocka_unit_test(knows_versions),
	};

	return cmocka_run_group_tests_name("rule", tests, NULL, NULL);
}
