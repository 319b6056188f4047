// SPDX-License-Identifier: GPL-2.0-only
/*
 * The name that a line opens.  It reads words and parentheses, not C: what it cannot tell for
 * sure has no name, so that nothing speaks for or against a place by it.
 */
#include "apply/naming_internal.h"

#include <ctype.h>

#include "util/mem.h"
#include "util/path.h"

/* What was read of a declaration so far. */
struct declared {
	struct rq_slice name; /* the last word that may be one */
	struct rq_slice tag;  /* the tag of a struct, union or enum, and its keyword */
	struct rq_slice keyword;
	size_t words; /* its type and its name; no qualifiers, no attributes */
};

enum rq_language rq_language_of(const char *path)
{
	static const struct {
		const char *end;
		enum rq_language language;
	} ends[] = {
		{ ".c", RQ_C },	    { ".h", RQ_HEADER }, { ".S", RQ_ASM },
		{ ".s", RQ_ASM },   { ".dts", RQ_DT },	 { ".dtsi", RQ_DT },
		{ ".dtso", RQ_DT }, { ".cc", RQ_C },	 { ".cpp", RQ_C },
	};
	const char *base = rq_path_base(path), *dot = strrchr(base, '.');

	for (size_t i = 0; dot && i < ARRAY_SIZE(ends); i++)
		if (strcmp(dot, ends[i].end) == 0)
			return ends[i].language;
	return strncmp(base, "Kconfig", 7) == 0 ? RQ_KCONFIG : RQ_TEXT;
}

static bool is_one_of(struct rq_slice word, const char *const *list)
{
	for (; word.n && *list; list++)
		if (**list == *word.p && strncmp(*list, word.p, word.n) == 0 &&
		    !(*list)[word.n])
			return true;
	return false;
}

/* A line that starts with one of these is a statement, however it is indented. */
static bool is_statement(struct rq_slice word)
{
	static const char *const words[] = { "if",	"else",	 "for",	   "while",
					     "do",	"goto",	 "return", "switch",
					     "case",	"break", "asm",	   "sizeof",
					     "default", NULL };

	return is_one_of(word, words);
}

static bool is_tag_keyword(struct rq_slice word)
{
	static const char *const words[] = { "struct", "union", "enum", NULL };

	return is_one_of(word, words);
}

static bool is_basic_type(struct rq_slice word)
{
	static const char *const words[] = { "void",   "int",	   "char",   "long",
					     "short",  "unsigned", "signed", "bool",
					     "float",  "double",   "u8",     "u16",
					     "u32",    "u64",	   "s32",    "s64",
					     "size_t", NULL };

	return is_one_of(word, words);
}

static bool starts_with(struct rq_slice rest, char c)
{
	return rest.n && *rest.p == c;
}

/* Words around a declaration that are neither its type nor its name. */
static bool is_qualifier(struct rq_slice word)
{
	/* clang-format off */
	static const char *const plain[] = {
		"static", "extern", "inline", "const", "volatile", "register", "typedef",
		"noinline", "noinline_for_stack", "noinstr", "notrace", "asmlinkage", NULL
	};
	static const char *const marked[] = {
		"__attribute__", "__init", "__exit", "__initdata", "__initconst", "__exitdata",
		"__meminit", "__ref", "__refdata", "__sched", "__kprobes", "__cold", "__weak",
		"__used", "__pure", "__malloc", "__visible", "__noreturn", "__must_check",
		"__maybe_unused", "__always_unused", "__always_inline", "__inline", "__inline__",
		"__printf", "__scanf", "__alloc_size", "__section", "__aligned", "__packed",
		"__read_mostly", "__ro_after_init", "__percpu", "__user", "__iomem", "__rcu",
		"__force", "__private", "__deprecated", "__latent_entropy", "__randomize_layout",
		"__designated_init", "__releases", "__acquires", "__must_hold", "__cond_acquires",
		"__cacheline_aligned", "__cacheline_aligned_in_smp", "____cacheline_aligned",
		"____cacheline_aligned_in_smp", "__no_sanitize_address", "__no_kasan_or_inline",
		NULL
	};
	/* clang-format on */

	return is_one_of(word, starts_with(word, '_') ? marked : plain);
}

static bool is_word_char(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '$';
}

static struct rq_slice take_word(struct rq_slice *rest)
{
	struct rq_slice word = { rest->p, 0 };

	while (word.n < rest->n && is_word_char(rest->p[word.n]))
		word.n++;
	rest->p += word.n;
	rest->n -= word.n;
	return word;
}

static void skip(struct rq_slice *rest, const char *what)
{
	while (rest->n && *rest->p && strchr(what, *rest->p)) {
		rest->p++;
		rest->n--;
	}
}

/* Behind the parenthesis that closes the one at the start, and blanks; to the end without one. */
static void skip_group(struct rq_slice *rest)
{
	int depth = 0;

	while (rest->n) {
		char c = *rest->p++;

		rest->n--;
		depth += (c == '(') - (c == ')');
		if (!depth)
			break;
	}
	skip(rest, " \t*");
}

/* Takes an argument and the comma behind it. */
static struct rq_slice take_argument(struct rq_slice *rest)
{
	struct rq_slice arg = { rest->p, 0 };

	while (arg.n < rest->n && !strchr(",()", rest->p[arg.n]))
		arg.n++;
	rest->p += arg.n;
	rest->n -= arg.n;
	if (starts_with(*rest, ','))
		skip(rest, ", \t");
	return rq_slice_trim(arg);
}

static bool is_identifier(struct rq_slice s)
{
	struct rq_slice rest = s;

	return s.n && !isdigit((unsigned char)*s.p) && take_word(&rest).n == s.n;
}

/* MACRO(name), MACRO(type, name): what it defines.  MACRO("text") has only its own name. */
static bool name_macro(struct rq_name *out, struct rq_slice macro, struct rq_slice rest)
{
	struct rq_slice first, second;

	skip(&rest, "( \t");
	first = take_argument(&rest);
	out->open = !rest.n && first.n && first.p + first.n == rest.p;
	second = take_argument(&rest);
	out->kind = RQ_NAME_MACRO;
	out->macro = macro;
	out->word = macro;
	if (is_identifier(first) && !is_basic_type(first)) {
		out->word = first;
		if (is_identifier(second))
			out->second = second;
	} else if (is_identifier(second)) {
		out->word = second;
		out->open = !rest.n && second.p + second.n == rest.p;
	}
	return true;
}

/* "(*name": a pointer to a function, or a function that returns one. */
static bool name_pointer(struct rq_name *out, struct rq_slice rest)
{
	skip(&rest, "( \t*");
	out->kind = RQ_NAME_FUNCTION;
	out->word = take_word(&rest);
	out->open = !rest.n;
	return out->word.n > 0;
}

static bool is_shouted(struct rq_slice word)
{
	for (size_t i = 0; i < word.n; i++)
		if (islower((unsigned char)word.p[i]))
			return false;
	return true;
}

static void add_word(struct declared *d, struct rq_slice word)
{
	bool tag = d->keyword.n && !d->tag.n;

	if (is_tag_keyword(word)) {
		d->keyword = word;
		return;
	}
	if (is_qualifier(word))
		return;
	d->words++;
	if (tag)
		d->tag = word;
	d->name = !tag && is_basic_type(word) ? (struct rq_slice){ 0 } : word;
}

/* The declaration ended before @rest: an object, a type, or nothing to go by. */
static bool name_declared(struct rq_name *out, const struct declared *d,
			  struct rq_slice rest)
{
	out->word = d->name;
	if (!d->name.n)
		return false;
	out->open = !rest.n && d->name.p + d->name.n == rest.p;
	if (d->words == 1) {
		out->kind = RQ_NAME_TYPE;
		out->type = d->keyword;
		return d->tag.n &&
		       (out->open || starts_with(rest, '{') || starts_with(rest, ';'));
	}
	out->kind = RQ_NAME_OBJECT;
	return out->open || starts_with(rest, '[') || starts_with(rest, '=') ||
	       starts_with(rest, ';');
}

/* The group in front of @rest belongs to an attribute: "__foo(1) int bar(void)". */
static bool is_before_type(struct rq_slice rest)
{
	skip_group(&rest);
	return rest.n && is_word_char(*rest.p);
}

static bool name_c(struct rq_name *out, struct rq_slice line)
{
	struct declared d = { 0 };
	struct rq_slice rest = line, word = take_word(&rest);

	if (is_statement(word))
		return false;
	for (; word.n; word = take_word(&rest)) {
		struct rq_slice in;

		skip(&rest, " \t*");
		if (!starts_with(rest, '(')) {
			add_word(&d, word);
			continue;
		}
		in = rest;
		skip(&in, "( \t");
		if (starts_with(in, '*'))
			return name_pointer(out, rest);
		if (is_qualifier(word) || (!d.words && is_before_type(rest))) {
			skip_group(&rest);
			continue;
		}
		if (!d.words && !d.keyword.n && (is_shouted(word) || out->declares))
			return name_macro(out, word, rest);
		out->kind = RQ_NAME_FUNCTION;
		out->word = word;
		return true;
	}
	return name_declared(out, &d, rest);
}

static bool name_asm(struct rq_name *out, struct rq_slice line)
{
	struct rq_slice rest = line, word = take_word(&rest);

	if (!starts_with(rest, ':'))
		return name_c(out, line);
	out->kind = RQ_NAME_FUNCTION;
	out->word = word;
	return true;
}

/* "label: name@unit {", "&label {" */
static bool name_node(struct rq_name *out, struct rq_slice line)
{
	const char *brace = line.n ? memchr(line.p, '{', line.n) : NULL, *colon;

	if (!brace || memchr(line.p, '=', line.n) || memchr(line.p, ';', line.n))
		return false;
	line = rq_slice_trim((struct rq_slice){ line.p, (size_t)(brace - line.p) });
	colon = line.n ? memchr(line.p, ':', line.n) : NULL;
	out->kind = RQ_NAME_NODE;
	out->word = line;
	if (colon)
		out->word.n = (size_t)(colon - line.p);
	return line.n && *line.p != '/';
}

static bool name_symbol(struct rq_name *out, struct rq_slice line)
{
	struct rq_slice first = rq_slice_next_word(&line);

	out->kind = RQ_NAME_SYMBOL;
	out->word = rq_slice_next_word(&line);
	out->open = true;
	return out->word.n && (rq_slice_eq(first, RQ_SLICE("config")) ||
			       rq_slice_eq(first, RQ_SLICE("menuconfig")));
}

bool rq_name_of(struct rq_name *out, enum rq_language language, struct rq_slice line)
{
	*out = (struct rq_name){ 0 };
	line = rq_slice_trim(line);
	out->declares = line.n && line.p[line.n - 1] == ';';
	switch (language) {
	case RQ_C:
	case RQ_HEADER:
		return name_c(out, line);
	case RQ_ASM:
		return name_asm(out, line);
	case RQ_DT:
		return name_node(out, line);
	case RQ_KCONFIG:
		return name_symbol(out, line);
	case RQ_TEXT:
		break;
	}
	return false;
}

/* "def foo(", "pub fn foo(", "class Foo:", "foo() {" */
static bool defines_word(struct rq_slice *word, struct rq_slice line)
{
	static const char *const around[] = { "pub",	"async",  "unsafe", "const",
					      "extern", "export", "static", NULL };
	static const char *const keywords[] = { "def",	"class", "function", "sub",
						"fn",	"trait", "mod",	     "struct",
						"enum", "union", NULL };
	struct rq_slice keyword;

	do {
		*word = take_word(&line);
		if (starts_with(line, '(') && is_one_of(*word, around))
			skip_group(&line);
		skip(&line, " \t");
	} while (is_one_of(*word, around));
	keyword = *word;
	if (!is_one_of(keyword, keywords))
		return word->n && rq_slice_starts(line, "()");
	*word = take_word(&line);
	return word->n > 0;
}

/* "foo-y := \\", "foo-y += a.o" */
static bool assigns_word(struct rq_slice *word, struct rq_slice line)
{
	*word = (struct rq_slice){ line.p, 0 };
	while (word->n < line.n && !strchr(" \t:+?=", line.p[word->n]))
		word->n++;
	line.p += word->n;
	line.n -= word->n;
	skip(&line, " \t:+?");
	return word->n && starts_with(line, '=');
}

enum rq_definition rq_definition_of(struct rq_slice *word, const char *path,
				    struct rq_slice line)
{
	static const char *const scripts[] = { ".py", ".sh", ".pl", ".rs", NULL };
	const char *base = rq_path_base(path), *dot = strrchr(base, '.');
	bool make = strncmp(base, "Makefile", 8) == 0 || strncmp(base, "Kbuild", 6) == 0;

	line = rq_slice_trim(line);
	if (make && assigns_word(word, line))
		return rq_slice_ends(line, "\\") ? RQ_DEFINES_LINES : RQ_DEFINES_LINE;
	if (!make && dot && is_one_of((struct rq_slice){ dot, strlen(dot) }, scripts) &&
	    defines_word(word, line))
		return RQ_DEFINES_LINES;
	return RQ_DEFINES_NOTHING;
}

/* Names of different kinds are different names: EXPORT_SYMBOL(foo) is not foo(). */
static int class_of(const struct rq_name *name)
{
	if (name->kind == RQ_NAME_TYPE)
		return 1;
	if (name->kind != RQ_NAME_MACRO ||
	    rq_slice_starts(name->macro, "SYM_FUNC_START") ||
	    rq_slice_starts(name->macro, "ENTRY"))
		return 0;
	if (rq_slice_has(name->macro, "EXPORT"))
		return 2;
	if (rq_slice_has(name->macro, "END"))
		return 3;
	return rq_slice_starts(name->macro, "COMPAT_") ? 4 : 5;
}

bool rq_name_eq(const struct rq_name *a, const struct rq_name *b)
{
	return rq_slice_eq(a->word, b->word) && class_of(a) == class_of(b) &&
	       (!a->second.n || !b->second.n || rq_slice_eq(a->second, b->second));
}

void rq_name_print(struct rq_str *out, const struct rq_name *name)
{
	const char *dots = name->open && name->kind != RQ_NAME_SYMBOL ? "..." : "";

	switch (name->kind) {
	case RQ_NAME_FUNCTION:
		rq_str_addf(out, "%.*s()", RQ_SLICE_ARG(name->word));
		break;
	case RQ_NAME_TYPE:
		rq_str_addf(out, "%.*s %.*s%s", RQ_SLICE_ARG(name->type),
			    RQ_SLICE_ARG(name->word), dots);
		break;
	case RQ_NAME_MACRO:
		rq_str_addf(out, "%.*s(%.*s%s)", RQ_SLICE_ARG(name->macro),
			    rq_slice_eq(name->macro, name->word) ? 0 : (int)name->word.n,
			    name->word.p, dots);
		break;
	case RQ_NAME_SYMBOL:
		rq_str_addf(out, "config %.*s", RQ_SLICE_ARG(name->word));
		break;
	case RQ_NAME_OBJECT:
	case RQ_NAME_NODE:
		rq_str_addf(out, "%.*s%s", RQ_SLICE_ARG(name->word), dots);
		break;
	}
}
