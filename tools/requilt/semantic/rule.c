// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a semantic patch says of itself: the commit message in its leading comment, and the
 * identifiers without which it cannot change a file.
 *
 * Inside the comment stands a mail:
 *
 *	Subject: mm: convert page_remove_rmap()
 *
 *	Why.
 *	---
 *	Expect-none: page_remove_rmap
 *
 * and behind it the rules:
 *
 *	@@ expression page, vma; @@
 *	- page_remove_rmap(page, vma, false)
 *	+ folio_remove_rmap_pte(page_folio(page), page, vma)
 *
 * What a rule must not contain is gate.c's to say.
 */
#include "semantic/semantic_internal.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>

#include "patch/patch.h"
#include "util/cuse.h"
#include "util/path.h"

/* Behind its leading comment: several times what the longest rules at hand have. */
#define MOST_TEXT ((size_t)64 << 10)

/* The lines of a rule, or of one branch of its disjunction. */
struct part {
	struct rq_names minus, plus, context, called, members;
	bool inner; /* a disjunction within a line: each of its names may be the one */
	bool changes;
};

struct section {
	struct rq_names declared;    /* metavariables: they stand for anything */
	struct rq_names constraints; /* what a metavariable is one of */
	struct part outer, branch;
	bool in_branch;
	struct rq_names changed,
		kept;		 /* names to find branches by, which change or not */
	bool branches, nameless; /* there are some; one that changes has no name */
};

struct reader {
	struct rq_rule *rule;
	struct rq_slice text; /* without comments */
	size_t at;
	size_t behind_head; /* where the leading comment ends */
	bool told;	    /* the header names what the rule needs */
	struct rq_err *err;
};

static void part_release(struct part *p)
{
	rq_names_release(&p->minus);
	rq_names_release(&p->plus);
	rq_names_release(&p->context);
	rq_names_release(&p->called);
	rq_names_release(&p->members);
	*p = (struct part){ 0 };
}

static void section_release(struct section *s)
{
	rq_names_release(&s->declared);
	rq_names_release(&s->constraints);
	rq_names_release(&s->changed);
	rq_names_release(&s->kept);
	part_release(&s->outer);
	part_release(&s->branch);
}

/* Words that C or SmPL brings along: they are in every file, or drop out of a match. */
static bool is_common(struct rq_slice word)
{
	static const char *const common[] = {
		"NULL",	    "true",    "false",	   "if",     "else",	 "for",
		"while",    "do",      "switch",   "case",   "default",	 "break",
		"continue", "return",  "goto",	   "sizeof", "struct",	 "union",
		"enum",	    "const",   "static",   "inline", "void",	 "int",
		"long",	    "short",   "char",	   "bool",   "unsigned", "signed",
		"volatile", "extern",  "when",	   "any",    "strict",	 "exists",
		"forall",   "typedef", "register", "u8",     "u32",	 "likely",
		"unlikely",
	};

	if (!word.n || isdigit((unsigned char)word.p[0]))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(common); i++)
		if (rq_slice_eq(word, rq_slice_of(common[i])))
			return true;
	return false;
}

static void without_comments(struct rq_str *out, struct rq_slice text)
{
	char state = '\0';

	rq_str_add_slice(out, text);
	for (size_t i = 0; i < out->len; i++) {
		char *p = out->s + i;
		bool ends = state == '*' && p[0] == '*' && p[1] == '/';
		bool starts = !state && p[0] == '/' && (p[1] == '/' || p[1] == '*');

		if (starts || ends) {
			state = starts ? p[1] : '\0';
			p[0] = p[1] = ' ';
			i++;
		} else if (state == '"' && *p == '\\') {
			i++;
		} else if (*p == '"' && (!state || state == '"')) {
			state = state ? '\0' : '"';
		} else if (*p == '\n') {
			state = state == '*' ? state : '\0';
		} else if (state == '/' || state == '*') {
			*p = ' ';
		}
	}
}

static long line_of(const struct reader *r, size_t at)
{
	long line = 1;

	for (size_t i = 0; i < at; i++)
		line += r->text.p[i] == '\n';
	return line;
}

/* The line of the rule's text where its first byte behind @head is. */
static long rule_line(const struct rq_rule *rule, size_t head)
{
	const struct reader r = { .text = rq_str_slice(&rule->text) };

	return line_of(&r, head);
}

static struct rq_slice word_at(struct rq_slice text, size_t at)
{
	struct rq_slice word = { text.p + at, 0 };

	while (at + word.n < text.n && rq_is_word(word.p[word.n]))
		word.n++;
	return word;
}

/* The next word of @text from *at on, *at behind it; empty at the end. */
static struct rq_slice next_word(struct rq_slice text, size_t *at)
{
	struct rq_slice word;

	while (*at < text.n && !rq_is_word(text.p[*at]))
		++*at;
	word = word_at(text, *at);
	*at += word.n;
	return word;
}

static bool has_word(struct rq_slice text, const char *name)
{
	size_t at = 0;

	for (struct rq_slice w = next_word(text, &at); w.n; w = next_word(text, &at))
		if (rq_slice_eq(w, rq_slice_of(name)))
			return true;
	return false;
}

static int refuse(struct reader *r, size_t at, const char *what)
{
	return rq_err_set(r->err, RQ_EUNSAFE, "%s:%ld: %s", r->rule->name, line_of(r, at),
			  what);
}

/* --- metavariables and bodies --- */

/* What ends the string that starts at @at. */
static size_t behind_string(struct rq_slice text, size_t at)
{
	for (at++; at < text.n && text.p[at] != '"'; at++)
		if (text.p[at] == '\\')
			at++;
	return at;
}

/* "expression page, vma;  identifier f = {foo, bar}, g != baz, h =~ "^no_name";" */
static void read_declarations(struct section *s, struct rq_slice text)
{
	struct rq_names *to = &s->declared;
	bool braces = false;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c == ';' || (c == ',' && !braces))
			to = &s->declared;
		else if (c == '{' || c == '}')
			braces = c == '{';
		else if (c == '=' && to)
			to = i && text.p[i - 1] == '!' ? NULL : &s->constraints;
		else if (c == '"')
			i = behind_string(text, i);
		if (!rq_is_word(c))
			continue;
		if (to && !is_common(word_at(text, i)))
			rq_names_add_once(to, word_at(text, i));
		i += word_at(text, i).n - 1;
	}
}

static bool is_member(struct rq_slice line, size_t at)
{
	return (at && line.p[at - 1] == '.') ||
	       (at > 1 && line.p[at - 1] == '>' && line.p[at - 2] == '-');
}

static bool is_called(struct rq_slice line, size_t behind)
{
	while (behind < line.n && line.p[behind] == ' ')
		behind++;
	return behind < line.n && line.p[behind] == '(';
}

static void read_words(struct section *s, struct part *p, struct rq_slice line)
{
	struct rq_names *to = line.p[0] == '-'	 ? &p->minus
			      : line.p[0] == '+' ? &p->plus
						 : &p->context;
	size_t at = 0;

	p->changes |= to != &p->context;
	p->inner |= memmem(line.p, line.n, "\\(", 2) != NULL;
	for (struct rq_slice w = next_word(line, &at); w.n; w = next_word(line, &at)) {
		if (rq_slice_eq(w, RQ_SLICE("when")))
			return;
		if (is_common(w) || rq_names_have(&s->declared, w))
			continue;
		if (is_member(line, at - w.n)) {
			if (to != &p->plus)
				rq_names_add_once(&p->members, w);
			continue;
		}
		rq_names_add_once(to, w);
		if (to == &p->minus && is_called(line, at))
			rq_names_add_once(&p->called, w);
	}
}

/* Adds those of @from that @but lacks (NULL: all), at most @most; how many it had. */
static size_t need(struct rq_names *needs, const struct rq_names *from,
		   const struct rq_names *but, size_t most)
{
	size_t n = 0;

	for (size_t i = 0; i < from->v.n && n < most; i++) {
		struct rq_slice name = rq_slice_of(from->v.v[i]);

		if (but && rq_names_have(but, name))
			continue;
		rq_names_add_once(needs, name);
		n++;
	}
	return n;
}

/*
 * What a file must have for these lines to match: a function whose call goes away, else a name
 * that does, else what is taken away and put back, else what stands there at all, else a member.
 * One name is enough, for a match has all of them; but where one of several branches makes a
 * match, each may bring its own.
 */
static size_t pick(struct rq_names *needs, const struct part *p)
{
	size_t most = p->inner ? SIZE_MAX : 1, n = 0;

	if (!p->inner)
		n = need(needs, &p->called, &p->plus, most);
	if (!n)
		n = need(needs, &p->minus, &p->plus, most);
	if (!n && !p->inner)
		n = need(needs, &p->called, NULL, most);
	if (!n)
		n = need(needs, &p->minus, NULL, most);
	if (!n)
		n = need(needs, &p->context, NULL, most);
	if (!n)
		n = need(needs, &p->members, NULL, most);
	return n;
}

static void end_branch(struct section *s)
{
	if (!s->in_branch)
		return;
	s->nameless |= !pick(s->branch.changes ? &s->changed : &s->kept, &s->branch) &&
		       s->branch.changes;
	part_release(&s->branch);
	s->in_branch = false;
}

/* "(", "|" and ")" in the first column are the disjunction's. */
static void read_body_line(struct section *s, struct rq_slice line)
{
	if (line.p[0] == '(' || line.p[0] == '|' || line.p[0] == ')') {
		end_branch(s);
		s->in_branch = line.p[0] != ')';
		s->branches = true;
	}
	read_words(s, s->in_branch ? &s->branch : &s->outer, line);
}

static int find_needs(struct reader *r, struct section *s, size_t at)
{
	size_t before, n;
	struct rq_names *needs = &r->rule->needs;

	end_branch(s);
	if (r->told)
		return 0;
	n = need(needs, &s->constraints, NULL, SIZE_MAX);
	if (!s->outer.changes && !s->changed.v.n && !s->nameless)
		return 0;
	n += need(needs, &s->changed, NULL, SIZE_MAX);
	before = n;
	if (s->outer.changes || s->nameless)
		n += pick(needs, &s->outer);
	/* Without a name outside of them, any branch may make the match. */
	if (s->outer.changes && n == before && s->branches)
		n += need(needs, &s->kept, NULL, SIZE_MAX);
	if (n > (s->nameless ? before : 0))
		return 0;
	return rq_err_set(r->err, RQ_EFORMAT,
			  "%s:%ld: this rule names no identifier to find files by; add a "
			  "line 'Needs: NAME' to the leading comment",
			  r->rule->name, line_of(r, at));
}

static size_t find(const struct reader *r, const char *what)
{
	const char *p = memmem(r->text.p + r->at, r->text.n - r->at, what, strlen(what));

	return p ? (size_t)(p - r->text.p) : r->text.n;
}

/* "@ name depends on x @", the metavariables, "@@", and the lines up to the next rule. */
static int read_section(struct reader *r, struct section *s)
{
	size_t start = r->at++, end = find(r, "@");
	struct rq_slice head = { r->text.p + r->at, end - r->at }, rest, line;
	int rc;

	if (has_word(head, "using"))
		return refuse(r, start, "'using' pulls in another file; leave it out");
	rc = rq_rule_gate_head(r->rule->name, rq_str_slice(&r->rule->text), start + 1,
			       head.n, r->err);
	if (rc)
		return rc;
	r->at = end < r->text.n ? end + 1 : end;
	end = find(r, "@@");
	if (end == r->text.n)
		return rq_err_set(r->err, RQ_EFORMAT,
				  "%s:%ld: a rule without a second '@@'", r->rule->name,
				  line_of(r, start));
	read_declarations(s, (struct rq_slice){ r->text.p + r->at, end - r->at });
	r->at = end + 2;
	rest = (struct rq_slice){ r->text.p + r->at, r->text.n - r->at };
	while (rest.n && rest.p[0] != '@' && rq_slice_next_line(&rest, &line))
		read_body_line(s, line);
	r->at = r->text.n - rest.n;
	return find_needs(r, s, start);
}

static int read_rules(struct reader *r)
{
	int rc = rq_rule_gate(&r->at, r->rule->name, rq_str_slice(&r->rule->text),
			      r->behind_head, r->err);

	if (!rc && r->at == r->text.n)
		return rq_err_set(
			r->err, RQ_EFORMAT,
			"%s: holds no rule; a rule starts with '@@' in the first column",
			r->rule->name);
	while (!rc && r->at < r->text.n) {
		struct section section = { 0 };

		rc = read_section(r, &section);
		section_release(&section);
	}
	return rc;
}

/* --- the leading comment --- */

/* "	 * text" without what makes it a comment. */
static struct rq_slice undecorated(struct rq_slice line)
{
	struct rq_slice s = line;

	while (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
		s = (struct rq_slice){ s.p + 1, s.n - 1 };
	if (!s.n || s.p[0] != '*')
		return line;
	s = (struct rq_slice){ s.p + 1, s.n - 1 };
	return s.n && s.p[0] == ' ' ? (struct rq_slice){ s.p + 1, s.n - 1 } : s;
}

/* Returns where the leading comment ends. */
static size_t read_head(struct rq_rule *rule)
{
	struct rq_slice rest = rq_str_slice(&rule->text), line;
	const char *end;
	bool inside = false;
	long n = 0;

	while (rq_slice_next_line(&rest, &line)) {
		struct rq_slice trimmed = rq_slice_trim(line);

		n++;
		end = inside ? memmem(line.p, line.n, "*/", 2) : NULL;
		if (end)
			return (size_t)(end + 2 - rule->text.s);
		if (inside) {
			rq_str_add_slice(&rule->head, undecorated(line));
		} else if (rq_slice_eq(trimmed, RQ_SLICE("/*"))) {
			inside = true;
			rule->head_line = n + 1;
		} else if (trimmed.n && !rq_slice_starts(trimmed, "//")) {
			return 0;
		}
	}
	return 0;
}

struct header_word {
	struct rq_rule *rule;
	struct rq_names *to;
	const char *name;
};

static bool is_header(struct rq_slice path)
{
	return rq_slice_ends(path, ".h") && !rq_path_unsafe(path);
}

static int read_name(struct rq_slice value, long line, void *ctx, struct rq_err *err)
{
	struct header_word *header = ctx;
	struct rq_slice word = rq_slice_next_word(&value);
	bool path = header->to == &header->rule->includes;

	if (!word.n || rq_slice_trim(value).n ||
	    (path ? !is_header(word) : word_at(word, 0).n != word.n))
		return rq_err_set(err, RQ_EFORMAT, "%s:%ld: %s: takes one %s",
				  header->rule->name, header->rule->head_line + line - 1,
				  header->name,
				  path ? "header (*.h) in the tree" : "identifier");
	rq_names_add_once(header->to, word);
	return 0;
}

static struct rq_apart *apart_of(struct rq_rule *rule, struct rq_slice name)
{
	struct rq_apart *apart;

	for (size_t i = 0; i < rule->apart.n; i++)
		if (rq_slice_eq(name, rq_slice_of(rule->apart.v[i].name)))
			return &rule->apart.v[i];
	apart = rq_vec_push(&rule->apart);
	apart->name = rq_xstrndup(name.p, name.n);
	return apart;
}

struct meeting {
	struct rq_rule *rule;
	bool beside;
	const char *header;
};

/* "Expect-apart: NAME PART...": lines with the same NAME add to each other. */
static int read_meeting(struct rq_slice value, long line, void *ctx, struct rq_err *err)
{
	const struct meeting *meeting = ctx;
	struct rq_rule *rule = meeting->rule;
	struct rq_slice name = rq_slice_next_word(&value);
	struct rq_slice part = rq_slice_next_word(&value);
	struct rq_apart *apart = apart_of(rule, name);

	if (!part.n)
		return rq_err_set(err, RQ_EFORMAT,
				  "%s:%ld: %s: takes an identifier and parts of others",
				  rule->name, rule->head_line + line - 1,
				  meeting->header);
	for (; part.n; part = rq_slice_next_word(&value)) {
		if (word_at(part, 0).n != part.n || word_at(name, 0).n != name.n)
			return rq_err_set(
				err, RQ_EFORMAT, "%s:%ld: %s: %.*s is no identifier",
				rule->name, rule->head_line + line - 1, meeting->header,
				RQ_SLICE_ARG(word_at(name, 0).n != name.n ? name : part));
		rq_names_add_once(meeting->beside ? &apart->beside : &apart->parts, part);
	}
	return 0;
}

/* "Spatch-version: 1.1.1 1.3": more lines add to each other. */
static int read_versions(struct rq_slice value, long line, void *ctx, struct rq_err *err)
{
	struct rq_rule *rule = ctx;
	struct rq_slice word = rq_slice_next_word(&value);

	line += rule->head_line - 1;
	if (!rule->versions_line)
		rule->versions_line = line;
	do {
		size_t n = 0;

		while (n < word.n && (isdigit((unsigned char)word.p[n]) ||
				      (n && n + 1 < word.n && word.p[n] == '.')))
			n++;
		if (!word.n || n < word.n)
			return rq_err_set(err, RQ_EFORMAT,
					  "%s:%ld: Spatch-version: takes numbers as "
					  "'spatch --version' prints them, such as 1.1.1",
					  rule->name, line);
		rq_names_add_once(&rule->versions, word);
		word = rq_slice_next_word(&value);
	} while (word.n);
	return 0;
}

/* "Expect-statement: NAME" */
static int read_statement(struct rq_slice value, long line, void *ctx, struct rq_err *err)
{
	struct rq_rule *rule = ctx;
	struct rq_slice name = rq_slice_next_word(&value);

	if (!name.n || word_at(name, 0).n != name.n || rq_slice_trim(value).n)
		return rq_err_set(err, RQ_EFORMAT,
				  "%s:%ld: Expect-statement: takes one identifier",
				  rule->name, rule->head_line + line - 1);
	apart_of(rule, name)->statement = true;
	return 0;
}

static int allow_empty(struct rq_slice value, long line, void *ctx, struct rq_err *err)
{
	(void)value;
	(void)line;
	(void)err;
	*(bool *)ctx = true;
	return 0;
}

static int read_header_lines(struct rq_rule *rule, struct rq_err *err)
{
	const struct header_word words[] = {
		{ rule, &rule->needs, "Needs" },
		{ rule, &rule->expect_none, "Expect-none" },
		{ rule, &rule->includes, "Spatch-include" },
	};
	const struct meeting meetings[] = {
		{ rule, false, "Expect-apart" },
		{ rule, true, "Expect-beside" },
	};
	struct rq_slice head = rq_str_slice(&rule->head);
	int rc = 0;

	for (size_t i = 0; i < ARRAY_SIZE(words) && !rc; i++)
		rc = rq_head_each(head, words[i].name, read_name, (void *)&words[i], err);
	for (size_t i = 0; i < ARRAY_SIZE(meetings) && !rc; i++)
		rc = rq_head_each(head, meetings[i].header, read_meeting,
				  (void *)&meetings[i], err);
	if (!rc)
		rc = rq_head_each(head, "Spatch-version", read_versions, rule, err);
	if (!rc)
		rc = rq_head_each(head, "Expect-statement", read_statement, rule, err);
	if (!rc)
		rc = rq_head_each(head, "Allow-empty", allow_empty, &rule->allow_empty,
				  err);
	return rc;
}

int rq_rule_parse(struct rq_rule *out, const char *name, struct rq_str *text,
		  struct rq_err *err)
{
	struct rq_str clean = { 0 };
	struct reader r = { .rule = out, .err = err };
	int rc;

	out->name = rq_xstrdup(name);
	out->text = *text;
	*text = (struct rq_str){ 0 };
	r.behind_head = read_head(out);
	if (out->text.len - r.behind_head > MOST_TEXT)
		return rq_err_set(
			err, RQ_EFORMAT,
			"%s:%ld: a rule of more than %zu KiB behind its leading "
			"comment; split it",
			name, rule_line(out, r.behind_head), MOST_TEXT >> 10);
	rc = read_header_lines(out, err);
	without_comments(&clean, rq_str_slice(&out->text));
	r.text = rq_str_slice(&clean);
	r.told = out->needs.v.n > 0;
	if (!rc)
		rc = read_rules(&r);
	rq_names_sort(&out->needs);
	rq_str_release(&clean);
	return rc;
}

/* Whether it is @proven, or a point release of it. */
static bool is_version(struct rq_slice version, const char *proven)
{
	size_t n = strlen(proven);

	return rq_slice_starts(version, proven) &&
	       (version.n == n || version.p[n] == '.');
}

int rq_rule_check_version(const struct rq_rule *rule, const char *spatch,
			  struct rq_err *err)
{
	struct rq_slice rest = rq_slice_of(spatch), version = { "", 0 };
	struct rq_str proven = { 0 };
	bool good = !rule->versions.v.n;
	int rc = 0;

	/* "spatch version 1.1.1 compiled with ..." */
	for (int word = 0; word < 3; word++)
		version = rq_slice_next_word(&rest);
	for (size_t i = 0; i < rule->versions.v.n; i++) {
		good |= is_version(version, rule->versions.v.v[i]);
		rq_str_addf(&proven, "%s%s", i ? ", " : "", rule->versions.v.v[i]);
	}
	if (!good)
		rc = rq_err_set(err, RQ_ETOOL,
				"%s:%ld: the rule is proven with spatch %s, and this is "
				"%.*s: install one of those, or look at what this one "
				"makes and add it to Spatch-version",
				rule->name, rule->versions_line, proven.s,
				RQ_SLICE_ARG(version));
	rq_str_release(&proven);
	return rc;
}

void rq_rule_release(struct rq_rule *rule)
{
	rq_names_release(&rule->versions);
	rq_names_release(&rule->needs);
	rq_names_release(&rule->expect_none);
	rq_names_release(&rule->includes);
	for (size_t i = 0; i < rule->apart.n; i++) {
		free(rule->apart.v[i].name);
		rq_names_release(&rule->apart.v[i].parts);
		rq_names_release(&rule->apart.v[i].beside);
	}
	rq_vec_release(&rule->apart);
	rq_str_release(&rule->head);
	rq_str_release(&rule->text);
	free(rule->name);
	*rule = (struct rq_rule){ 0 };
}
