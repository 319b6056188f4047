// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernel versions: parsed, compared by the parts given, read from a Makefile.
 */
#include "series/series.h"

#include <ctype.h>

#include "util/mem.h"

static bool take_number(struct rq_slice *rest, long *out)
{
	size_t n = 0;

	*out = 0;
	while (n < rest->n && n < 9 && isdigit((unsigned char)rest->p[n]))
		*out = *out * 10 + (rest->p[n++] - '0');
	rest->p += n;
	rest->n -= n;
	return n > 0;
}

int rq_version_parse(struct rq_version *out, struct rq_slice text, struct rq_err *err)
{
	struct rq_slice rest = text;
	bool fine = true;

	*out = (struct rq_version){ 0 };
	if (rest.n && rest.p[0] == 'v') {
		rest.p++;
		rest.n--;
	}
	do {
		if (out->n)
			rest = (struct rq_slice){ rest.p + 1, rest.n - 1 };
		fine = out->n < 4 && take_number(&rest, &out->part[out->n]);
		out->n++;
	} while (fine && rest.n && rest.p[0] == '.');
	if (fine && rq_slice_starts(rest, "-rc")) {
		rest = (struct rq_slice){ rest.p + 3, rest.n - 3 };
		fine = take_number(&rest, &out->rc) && out->rc;
	}
	if (!fine || rest.n)
		return rq_err_set(err, RQ_EFORMAT,
				  "'%.*s' is no kernel version; write it like v6.1 or "
				  "6.1.187 or 6.7-rc2",
				  text.n < 60 ? (int)text.n : 60, text.p);
	return 0;
}

/* -1, 0 or 1, by the first @n parts; a release comes after its candidates. */
static int compare(const struct rq_version *a, const struct rq_version *b, int n)
{
	for (int i = 0; i < n; i++)
		if (a->part[i] != b->part[i])
			return a->part[i] < b->part[i] ? -1 : 1;
	return 0;
}

static int compare_rc(const struct rq_version *a, const struct rq_version *b)
{
	long x = a->rc ? a->rc : 1L << 30, y = b->rc ? b->rc : 1L << 30;

	return x < y ? -1 : x > y;
}

bool rq_version_in(const struct rq_version *v, const struct rq_version *from,
		   const struct rq_version *to)
{
	int low = compare(v, from, from->n), high = compare(v, to, to->n);

	if (low < 0 || (low == 0 && from->rc && compare_rc(v, from) < 0))
		return false;
	return high < 0 || (high == 0 && (!to->rc || compare_rc(v, to) <= 0));
}

/* The variables that make a version, in its order. */
static const char *const parts[] = { "VERSION", "PATCHLEVEL", "SUBLEVEL",
				     "EXTRAVERSION" };

/* What a Makefile says of one of them. */
struct assigned {
	struct rq_slice value;
	size_t times;
	bool plain; /* one "=" or ":=" at the start of a line that make always reads */
};

static bool is_word_char(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '-' || c == '.';
}

/* A line's end behind a backslash is a blank to make. */
static void skip_blanks(struct rq_slice *rest)
{
	size_t n = 0;

	for (;; n++) {
		if (rest->n > n + 1 && rest->p[n] == '\\' && rest->p[n + 1] == '\n')
			n++;
		else if (n == rest->n || (rest->p[n] != ' ' && rest->p[n] != '\t'))
			break;
	}
	rest->p += n;
	rest->n -= n;
}

/* Takes the operator of an assignment off; *plain where it gives the value as it stands. */
static bool take_operator(struct rq_slice *rest, bool *plain)
{
	static const struct {
		const char *word;
		bool plain;
	} operators[] = {
		{ "=", true },	 { ":=", true },  { "::=", true }, { ":::=", true },
		{ "?=", false }, { "+=", false }, { "!=", false },
	};

	skip_blanks(rest);
	for (size_t i = 0; i < ARRAY_SIZE(operators); i++) {
		size_t n = strlen(operators[i].word);

		if (!rq_slice_starts(*rest, operators[i].word))
			continue;
		*plain = operators[i].plain;
		rest->p += n;
		rest->n -= n;
		return true;
	}
	return false;
}

static bool is_one_of(struct rq_slice word, const char *const *list)
{
	for (; *list; list++)
		if (rq_slice_eq(word, rq_slice_of(*list)))
			return true;
	return false;
}

/* Words that may stand in front of an assignment. */
static struct rq_slice after_modifiers(struct rq_slice line)
{
	static const char *const modifiers[] = { "override", "export", "private", NULL };
	struct rq_slice rest = line, word = rq_slice_next_word(&rest);

	while (is_one_of(word, modifiers)) {
		line = rest;
		skip_blanks(&line);
		rest = line;
		word = rq_slice_next_word(&rest);
	}
	return line;
}

/* As far as a Makefile was read. */
struct reading {
	struct assigned a[ARRAY_SIZE(parts)];
	size_t depth;	/* of what make may leave out, and of define */
	size_t defines; /* of them */
	bool in_rule;	/* a line that begins with a tab is a command */
	bool hidden;	/* something is assigned that cannot be read here */
};

/* A line, without its comment and the words in front of an assignment. */
struct line {
	struct rq_slice text;
	struct rq_slice name; /* in front of the operator; NULL without one */
	bool rule;	      /* behind a rule's colon, or that alone */
	bool command;
};

/* A "#" behind a backslash is none, nor one in a reference: newer makes take it for text. */
static struct rq_slice without_comment(struct rq_slice line)
{
	size_t depth = 0;

	for (size_t i = 0; i < line.n; i++) {
		char c = line.p[i];

		if (c == '\\')
			i++;
		else if ((c == '(' || c == '{') && (depth || (i && line.p[i - 1] == '$')))
			depth++;
		else if ((c == ')' || c == '}') && depth)
			depth--;
		else if (c == '#' && !depth)
			return (struct rq_slice){ line.p, i };
	}
	return line;
}

/* Finds the name that is assigned: outside of references, and behind the colons of a rule. */
static void find_name(struct line *l)
{
	const char *p = l->text.p;
	size_t depth = 0, start = 0;

	for (size_t i = 0; i < l->text.n; i++) {
		size_t end = i;

		if ((p[i] == '(' || p[i] == '{') && (depth || (i && p[i - 1] == '$')))
			depth++;
		else if ((p[i] == ')' || p[i] == '}') && depth)
			depth--;
		if (depth || (p[i] != '=' && p[i] != ':'))
			continue;
		if (p[i] == '=') {
			while (end > start && strchr(":?+!", p[end - 1]))
				end--;
			l->name = after_modifiers(rq_slice_trim(
				(struct rq_slice){ p + start, end - start }));
			return;
		}
		while (i + 1 < l->text.n && p[i + 1] == ':')
			i++;
		if (i + 1 < l->text.n && p[i + 1] == '=')
			continue;
		l->rule = true;
		start = i + 1;
	}
}

/* Whether a name with references in it, "SUB$(n)LEVEL", may become @part. */
static bool may_become(struct rq_slice name, struct rq_slice part)
{
	const char *first = memchr(name.p, '$', name.n), *last = first;
	struct rq_slice head, tail;

	if (!first)
		return false;
	for (const char *p = first; p < name.p + name.n; p++)
		if (*p == '$' || *p == ')' || *p == '}')
			last = p;
	last += *last == '$' ? 2 : 1;
	if (last > name.p + name.n)
		last = name.p + name.n;
	head = (struct rq_slice){ name.p, (size_t)(first - name.p) };
	tail = (struct rq_slice){ last, (size_t)(name.p + name.n - last) };
	return head.n <= part.n && memcmp(head.p, part.p, head.n) == 0 &&
	       tail.n <= part.n && memcmp(tail.p, part.p + part.n - tail.n, tail.n) == 0;
}

/* "$(or $(SUBLEVEL), 0)" for one target, as the kernel has it: the part stays what it is. */
static bool is_itself(struct rq_slice value, const char *name)
{
	_cleanup_free_ char *with_or = rq_xasprintf("$(or$(%s),0)", name);
	_cleanup_free_ char *with_if = rq_xasprintf("$(if$(%s),$(%s),0)", name, name);
	_cleanup_free_ char *text = rq_xstrndup(value.p, value.n);
	size_t n = 0;

	for (const char *p = text; *p; p++)
		if (*p != ' ' && *p != '\t')
			text[n++] = *p;
	text[n] = '\0';
	return strcmp(text, with_or) == 0 || strcmp(text, with_if) == 0;
}

/*
 * Counts what assigns @name in the line: at its start, or anywhere else but in a command, where it may
 * be the text of another variable that make reads later.
 */
static void see_name(struct assigned *a, const char *name, const struct line *l,
		     bool always)
{
	struct rq_slice line = l->text;
	size_t n = strlen(name);

	for (size_t i = 0; i + n <= line.n; i++) {
		struct rq_slice rest = { line.p + i + n, line.n - i - n };
		bool plain;

		if (memcmp(line.p + i, name, n) != 0 || (i && l->command) ||
		    (i && is_word_char(line.p[i - 1])) || !take_operator(&rest, &plain))
			continue;
		if (i && l->rule && is_itself(rq_slice_trim(rest), name))
			continue;
		a->plain = plain && always && i == 0;
		a->value = rq_slice_trim(rest);
		a->times++;
	}
}

/* What the kernel's Makefiles have of eval: a function of an included file, which is not read here. */
static bool is_known_eval(struct rq_slice line)
{
	static const char start[] = "$(eval $(call config_filename,";

	return rq_slice_starts(line, start) &&
	       memchr(line.p + strlen(start), '$', line.n - strlen(start)) == NULL;
}

/* Text that make reads as a Makefile, or another sign for commands. */
static bool hides(struct rq_slice line)
{
	static const char *const words[] = { "eval", "(call $", "{call $",
					     "RECIPEPREFIX" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		size_t n = strlen(words[i]);
		const char *at = memmem(line.p, line.n, words[i], n);

		for (; at;
		     at = memmem(at + 1, (size_t)(line.p + line.n - at - 1), words[i], n))
			if (i || ((at == line.p || !is_word_char(at[-1])) &&
				  (at + n == line.p + line.n || !is_word_char(at[n]))))
				return !is_known_eval(line);
	}
	return false;
}

static void see_definition(struct reading *r, struct rq_slice name)
{
	if (memchr(name.p, '$', name.n))
		r->hidden = true;
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (rq_slice_starts(name, parts[i]))
			r->hidden = true;
}

/* Counts what make may leave out; true for a line that is no more than that. */
static bool see_directive(struct reading *r, struct rq_slice line)
{
	static const char *const openers[] = { "ifeq", "ifneq", "ifdef", "ifndef", NULL };
	static const char *const takers[] = { "define", "undefine", NULL };
	struct rq_slice word = rq_slice_next_word(&line);
	bool define = rq_slice_eq(word, RQ_SLICE("define"));
	bool endef = rq_slice_eq(word, RQ_SLICE("endef"));

	if (is_one_of(word, takers))
		see_definition(r, rq_slice_trim(line));
	/* "ifeq(a,b)" is none: make wants a blank. */
	if (define || is_one_of(word, openers))
		r->depth++;
	else if ((endef || rq_slice_eq(word, RQ_SLICE("endif"))) && r->depth)
		r->depth--;
	else if (!rq_slice_eq(word, RQ_SLICE("else")))
		return false;
	r->defines += define;
	r->defines -= endef && r->defines;
	return !define && !endef;
}

static void see_line(struct reading *r, struct rq_slice line)
{
	struct line l = { .command = r->in_rule && rq_slice_starts(line, "\t") };

	l.text = r->defines ? line : without_comment(line);
	skip_blanks(&l.text);
	l.text = after_modifiers(l.text);
	if (!rq_slice_trim(l.text).n)
		return;
	r->hidden |= hides(l.text);
	if (!l.command)
		find_name(&l);
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		see_name(&r->a[i], parts[i], &l, r->depth == 0);
		if (l.name.p && may_become(l.name, rq_slice_of(parts[i])))
			r->hidden = true;
	}
	if (!see_directive(r, l.text) && !l.command)
		r->in_rule = l.rule && !l.name.p;
}

/* Lines that a backslash joins are one line to make. */
static void read_assigned(struct reading *r, struct rq_slice makefile)
{
	struct rq_slice line, one;

	while (rq_slice_next_line(&makefile, &line)) {
		while (rq_slice_ends(rq_slice_chomp(line), "\\") &&
		       rq_slice_next_line(&makefile, &one))
			line.n = (size_t)(one.p + one.n - line.p);
		see_line(r, line);
	}
}

/* What a make variable of a kernel's version holds, and no more: it is printed and compared. */
static bool is_number(struct rq_slice value)
{
	long number;

	return value.n <= 9 && take_number(&value, &number) && !value.n;
}

/* "-rc2" of "-rc2-next"; any other word says nothing of the version. */
static struct rq_slice candidate(struct rq_slice extra)
{
	struct rq_slice rest = { extra.p + 3, extra.n - 3 };
	long number;

	if (!rq_slice_starts(extra, "-rc") || !take_number(&rest, &number))
		return RQ_SLICE("");
	extra.n = (size_t)(rest.p - extra.p);
	return extra;
}

char *rq_version_of_makefile(struct rq_slice makefile)
{
	struct reading r = { 0 };
	struct assigned *a = r.a;
	struct rq_slice extra;

	read_assigned(&r, makefile);
	if (r.hidden)
		return NULL;
	if (!a[2].times)
		a[2] = (struct assigned){ RQ_SLICE("0"), 1, true };
	if (!a[3].times)
		a[3] = (struct assigned){ RQ_SLICE(""), 1, true };
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (a[i].times != 1 || !a[i].plain || (i < 3 && !is_number(a[i].value)))
			return NULL;
	extra = candidate(a[3].value);
	return rq_xasprintf("%.*s.%.*s.%.*s%.*s", RQ_SLICE_ARG(a[0].value),
			    RQ_SLICE_ARG(a[1].value), RQ_SLICE_ARG(a[2].value),
			    RQ_SLICE_ARG(extra));
}
