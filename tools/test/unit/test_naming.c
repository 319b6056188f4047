// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a line opens, by name; and which names are the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "apply/naming_internal.h"

/* NULL: the line opens nothing that has a name. */
static const struct {
	enum rq_language language;
	const char *line, *name;
} names[] = {
	{ RQ_C, "static int __init foo_probe(struct device *dev,\n", "foo_probe()" },
	{ RQ_C, "int foo(void) {", "foo()" },
	{ RQ_C, "foo (int a)", "foo()" },
	{ RQ_C, "static __printf(1, 2) void foo(const char *fmt, ...)", "foo()" },
	{ RQ_C, "static void __foo(struct x *x) __releases(x->lock)", "__foo()" },
	{ RQ_C, "__attribute__((weak)) int foo(void)", "foo()" },
	{ RQ_C, "struct foo *__must_check bar(void)", "bar()" },
	{ RQ_C, "static int (*foo_get(int a))(int)", "foo_get()" },
	{ RQ_C, "static unsigned long __always_inline foo(void)", "foo()" },
	{ RQ_C, "static ACPI_STATUS FOO(void)", "FOO()" },
	{ RQ_C, "struct foo {", "struct foo" },
	{ RQ_C, "struct foo", "struct foo..." },
	{ RQ_C, "struct __packed foo {", "struct foo" },
	{ RQ_C, "union foo {", "union foo" },
	{ RQ_C, "enum foo {", "enum foo" },
	{ RQ_C, "static const struct foo bar[] = {", "bar" },
	{ RQ_C, "static struct foo bar __initdata = {", "bar" },
	{ RQ_C, "static const char *const bar[N] = {", "bar" },
	{ RQ_C, "static u32 bar;", "bar" },
	{ RQ_C, "static const struct foo_desc foo_ta", "foo_ta..." },
	{ RQ_C, "typedef struct foo bar;", "bar" },
	{ RQ_C, "SYSCALL_DEFINE3(read, unsigned int, fd, char __user *, buf,",
	  "SYSCALL_DEFINE3(read)" },
	{ RQ_C, "static DEFINE_MUTEX(foo_lock);", "DEFINE_MUTEX(foo_lock)" },
	{ RQ_C, "DEFINE_PER_CPU(struct foo, bar);", "DEFINE_PER_CPU(bar)" },
	{ RQ_C, "DEFINE_PER_CPU(int, bar);", "DEFINE_PER_CPU(bar)" },
	{ RQ_C, "EXPORT_SYMBOL_GPL(foo);", "EXPORT_SYMBOL_GPL(foo)" },
	{ RQ_C, "module_init(foo_init);", "module_init(foo_init)" },
	{ RQ_C, "__setup(\"foo=\", foo_setup);", "__setup(foo_setup)" },
	{ RQ_C, "MODULE_LICENSE(\"GPL\");", "MODULE_LICENSE()" },
	{ RQ_C, "out:", NULL },
	{ RQ_C, "#ifdef CONFIG_FOO", NULL },
	{ RQ_C, "public:", NULL },
	{ RQ_C, "}", NULL },
	{ RQ_C, "return foo(1);", NULL },
	{ RQ_C, "if (foo)", NULL },
	{ RQ_C, "x = foo;", NULL },
	{ RQ_C, "/* foo(bar) */", NULL },
	{ RQ_C, " * foo(bar)", NULL },
	{ RQ_C, "static int", NULL },
	{ RQ_C, "struct foo *", NULL },
	{ RQ_C, "enum {", NULL },
	{ RQ_C, "It's prose, of a comment.", NULL },
	{ RQ_C, "", NULL },
	{ RQ_C, "foo(", "foo()" },
	{ RQ_C, "((((", NULL },
	{ RQ_HEADER, "extern int foo(int a);", "foo()" },
	{ RQ_ASM, "SYM_FUNC_START(foo)", "SYM_FUNC_START(foo)" },
	{ RQ_ASM, "foo_loop:", "foo_loop()" },
	{ RQ_ASM, ".Lfoo:", NULL },
	{ RQ_DT, "\ti2c0: i2c@7e205000 {", "i2c0" },
	{ RQ_DT, "&uart0 {", "&uart0" },
	{ RQ_DT, "\tport@1 {", "port@1" },
	{ RQ_DT, "\tstatus = \"okay\";", NULL },
	{ RQ_DT, "/ {", NULL },
	{ RQ_KCONFIG, "config FOO", "config FOO" },
	{ RQ_KCONFIG, "menuconfig FOO", "config FOO" },
	{ RQ_KCONFIG, "choice", NULL },
	{ RQ_KCONFIG, "\tdepends on FOO", NULL },
	{ RQ_TEXT, "obj-y += foo.o", NULL },
};

static void finds_the_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct rq_str said = { 0 };
		struct rq_name name;
		bool any =
			rq_name_of(&name, names[i].language, rq_slice_of(names[i].line));

		if (any)
			rq_name_print(&said, &name);
		if (any != !!names[i].name || (any && strcmp(said.s, names[i].name) != 0))
			fail_msg("'%s' opens %s, not %s", names[i].line,
				 any ? said.s : "nothing",
				 names[i].name ? names[i].name : "nothing");
		rq_str_release(&said);
	}
}

static const struct {
	const char *one, *other;
	bool same;
} pairs[] = {
	{ "static int foo(struct a *a)", "int foo(struct b *b, int c)", true },
	{ "static int foo(void)", "static int foo_bar(void)", false },
	{ "static int foo(void)", "EXPORT_SYMBOL(foo);", false },
	{ "EXPORT_SYMBOL(foo);", "EXPORT_SYMBOL_GPL(foo);", true },
	{ "struct foo {", "static struct foo foo = {", false },
	{ "static struct a foo[] = {", "static const struct b foo[4] = {", true },
	{ "SYSCALL_DEFINE2(foo, int, a,", "SYSCALL_DEFINE3(foo, int, a,", true },
	{ "SYSCALL_DEFINE2(foo, int, a,", "COMPAT_SYSCALL_DEFINE2(foo, int, a,", false },
	{ "DEFINE_EVENT(class, foo,", "DEFINE_EVENT(class, bar,", false },
	{ "TEST_F(hmm, foo)", "TEST_F(hmm, foo)", true },
	{ "DEFINE_SPINLOCK(foo);", "static DEFINE_RAW_SPINLOCK(foo);", true },
};

static void knows_the_same_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		struct rq_name one, other;

		assert_true(rq_name_of(&one, RQ_C, rq_slice_of(pairs[i].one)));
		assert_true(rq_name_of(&other, RQ_C, rq_slice_of(pairs[i].other)));
		if (rq_name_eq(&one, &other) != pairs[i].same)
			fail_msg("'%s' and '%s'", pairs[i].one, pairs[i].other);
	}
}

static void knows_the_language(void **state)
{
	(void)state;
	assert_int_equal(rq_language_of("mm/rmap.c"), RQ_C);
	assert_int_equal(rq_language_of("include/linux/mm.h"), RQ_HEADER);
	assert_int_equal(rq_language_of("arch/x86/entry/entry_64.S"), RQ_ASM);
	assert_int_equal(rq_language_of("a.d/b.dtsi"), RQ_DT);
	assert_int_equal(rq_language_of("mm/Kconfig.debug"), RQ_KCONFIG);
	assert_int_equal(rq_language_of("mm.c/Makefile"), RQ_TEXT);
}

/* NULL: the line defines nothing. */
static const struct {
	const char *path, *line, *word;
	enum rq_definition definition;
} definitions[] = {
	{ "mm/Makefile", "foo-y := \\\n", "foo-y", RQ_DEFINES_LINES },
	{ "mm/Makefile", "obj-$(CONFIG_FOO) += \\", "obj-$(CONFIG_FOO)",
	  RQ_DEFINES_LINES },
	{ "mm/Makefile", "obj-y += foo.o", "obj-y", RQ_DEFINES_LINE },
	{ "mm/Kbuild", "foo ?= bar", "foo", RQ_DEFINES_LINE },
	{ "mm/Makefile", "all: foo \\", NULL, RQ_DEFINES_NOTHING },
	{ "mm/Makefile", "def foo(a):", NULL, RQ_DEFINES_NOTHING },
	{ "a/b.py", "def foo(self):", "foo", RQ_DEFINES_LINES },
	{ "a/b.py", "class Foo:", "Foo", RQ_DEFINES_LINES },
	{ "a/b.py", "print(foo)", NULL, RQ_DEFINES_NOTHING },
	{ "a/b.sh", "foo() {", "foo", RQ_DEFINES_LINES },
	{ "a/b.sh", "function foo", "foo", RQ_DEFINES_LINES },
	{ "a/b.sh", "foo=$(bar)", NULL, RQ_DEFINES_NOTHING },
	{ "a/b.rs", "pub(crate) unsafe fn foo(a: i32) {", "foo", RQ_DEFINES_LINES },
	{ "a/b.rs", "impl Foo for Bar {", NULL, RQ_DEFINES_NOTHING },
	{ "a/b.rst", "def foo(self):", NULL, RQ_DEFINES_NOTHING },
	{ "a.py/b", "def foo(self):", NULL, RQ_DEFINES_NOTHING },
};

static void finds_the_definition(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(definitions) / sizeof(*definitions); i++) {
		struct rq_slice word;
		enum rq_definition is = rq_definition_of(
			&word, definitions[i].path, rq_slice_of(definitions[i].line));

		if (is != definitions[i].definition ||
		    (is && !rq_slice_eq(word, rq_slice_of(definitions[i].word))))
			fail_msg("%s: '%s'", definitions[i].path, definitions[i].line);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_definition),
		cmocka_unit_test(finds_the_name),
		cmocka_unit_test(knows_the_same_name),
		cmocka_unit_test(knows_the_language),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
