// SPDX-License-Identifier: GPL-2.0-only
/*
 * A scanner that counts the arguments of calls and tells a declaration from a call by what stands
 * in front of the name: a type.  It follows comments, strings, directives and brackets.  A closing
 * brace in column 0 ends everything, so that the two sides of an #if do not confuse it for long.
 * What is inside of "#if 0" or __attribute__ is not told.
 */
#include "util/cuse.h"

#include <ctype.h>
#include <stdlib.h>
#include <xxhash.h>

#include "util/mem.h"

enum { OTHER, BLANK, WORD, DIGIT };

static const unsigned char classes[256] = {
	[' '] = BLANK,	       ['\t'] = BLANK,	       ['\n'] = BLANK,
	['\r'] = BLANK,	       ['\f'] = BLANK,	       ['\v'] = BLANK,
	['0' ... '9'] = DIGIT, ['A' ... 'Z'] = WORD,   ['a' ... 'z'] = WORD,
	['_'] = WORD,	       [0x80 ... 0xff] = WORD, ['$'] = WORD,
};

static int class_of(char c)
{
	return classes[(unsigned char)c];
}

/* Whether @list, words with a blank around each, has @word. */
static bool is_one_of(struct rq_slice word, const char *list)
{
	char quoted[20];

	if (word.n > sizeof(quoted) - 2)
		return false;
	quoted[0] = quoted[word.n + 1] = ' ';
	memcpy(quoted + 1, word.p, word.n);
	return memmem(list, strlen(list), quoted, word.n + 2);
}

static bool is_listed(struct rq_slice word, const char *const lists[256])
{
	const char *list = lists[(unsigned char)word.p[0]];

	return list && is_one_of(word, list);
}

const bool rq_word_signs[256] = {
	['0' ... '9'] = true, ['A' ... 'Z'] = true, ['a' ... 'z'] = true, ['_'] = true
};

uint64_t rq_name_hash(struct rq_slice name)
{
	return XXH3_64bits(name.p, name.n);
}

uint64_t rq_pasted_hash(struct rq_slice front, struct rq_slice back)
{
	return XXH3_64bits_withSeed(front.p, front.n, rq_name_hash(back));
}

/* Words with a parenthesis behind them that call nothing, by their first letter. */
static bool is_keyword(struct rq_slice word)
{
	static const char *const lists[256] = {
		['_'] = " _Bool _Alignof _Generic _Static_assert _Thread_local "
			"__typeof__ __typeof __alignof__ __asm__ __asm __volatile__ "
			"__volatile __const __signed__ __inline__ __inline __restrict "
			"__restrict__ __extension__ __auto_type __label__ __thread ",
		['a'] = " asm auto alignof ",
		['b'] = " bool ",
		['c'] = " case char const ",
		['d'] = " do default double defined ",
		['e'] = " else enum extern ",
		['f'] = " for float ",
		['g'] = " goto ",
		['i'] = " if int inline ",
		['l'] = " long ",
		['r'] = " return register restrict ",
		['s'] = " switch sizeof short signed struct static ",
		['t'] = " typeof typedef typeof_unqual ",
		['u'] = " unsigned union ",
		['v'] = " void volatile ",
		['w'] = " while ",
	};

	return is_listed(word, lists) ||
	       (word.p[0] == '_' &&
		(rq_slice_starts(word, "__builtin_") ||
		 rq_slice_starts(word, "__sync_") || rq_slice_starts(word, "__atomic_")));
}

/* Nothing in its parentheses is code. */
static bool is_attribute(struct rq_slice word)
{
	return word.p[0] == '_' &&
	       is_one_of(word, " __attribute__ __attribute _Pragma __declspec _Alignas ");
}

/* A word that is no type: what follows is no name being declared. */
static bool is_no_type(struct rq_slice word)
{
	static const char *const lists[256] = {
		['c'] = " case const ",	   ['d'] = " do defined ",
		['e'] = " else extern ",   ['g'] = " goto ",
		['i'] = " inline ",	   ['r'] = " return register ",
		['s'] = " sizeof static ", ['t'] = " typeof typedef ",
		['v'] = " volatile ",
	};

	return is_listed(word, lists);
}

static void tell(struct rq_cscan *s, const struct rq_cuse *use)
{
	if (!s->quiet && !s->dead)
		s->each(use, s->ctx);
}

static bool is_mute(const struct rq_cscan *s)
{
	return s->n && s->stack[s->n - 1].mute;
}

/* The word that waits turned out to be no call. */
static void flush_word(struct rq_cscan *s)
{
	if (s->pend.n && !s->pend_pasted && !is_mute(s))
		tell(s, &(struct rq_cuse){
				.kind = s->pend_member ? RQ_CUSE_MEMBER : RQ_CUSE_OTHER,
				.name = s->pend,
				.line = s->pend_line,
				.last = s->pend_line,
				.args = RQ_ARGS_UNKNOWN,
				.argument = s->n && s->stack[s->n - 1].generates });
	s->pend.n = 0;
}

/*
 * What follows the ")" of what looks like a declaration: "= x" makes it an attribute of a variable
 * (__free(kfree)), another "(" the type of a pointer.
 */
static void flush_declaration(struct rq_cscan *s, char next)
{
	if (!s->closed.name.n)
		return;
	if (next == '=')
		s->closed.kind = RQ_CUSE_CALL;
	else if (next == '(' || s->saw_typedef)
		s->closed.kind = RQ_CUSE_OTHER;
	tell(s, &s->closed);
	s->closed.name.n = 0;
}

static bool is_param(const struct rq_cscan *s, struct rq_slice word)
{
	for (int i = 0; i < s->n_params; i++)
		if (rq_slice_eq(s->params[i], word))
			return true;
	return false;
}

/* What "##" joined is over: between a front and a back stands what the macro is given. */
static void flush_chain(struct rq_cscan *s)
{
	bool front = s->n_chain > 1 && !is_param(s, s->first);
	bool back = s->n_chain > 1 && !is_param(s, s->last);

	if (front != back || (front && s->n_chain > 2))
		tell(s,
		     &(struct rq_cuse){ .kind = RQ_CUSE_PASTED,
					.name = front ? s->first : (struct rq_slice){ 0 },
					.back = back ? s->last : (struct rq_slice){ 0 },
					.line = s->line,
					.last = s->line });
	s->n_chain = 0;
}

static int count_args(const struct rq_cframe *f)
{
	if (f->unknown)
		return RQ_ARGS_UNKNOWN;
	if (f->any)
		return RQ_ARGS_ANY;
	if (!f->words)
		return f->declares ? RQ_ARGS_UNKNOWN : 0;
	return f->declares && f->only_void && !f->commas ? 0 : f->commas + 1;
}

static void close_frame(struct rq_cscan *s, bool whole)
{
	struct rq_cframe *f = &s->stack[--s->n];
	struct rq_cuse use = { .kind = f->declares ? RQ_CUSE_DECLARES : RQ_CUSE_CALL,
			       .name = f->name,
			       .line = f->line,
			       .last = s->line,
			       .args = whole ? count_args(f) : RQ_ARGS_UNKNOWN,
			       .top = f->top,
			       .is_static = f->is_static };

	if (!f->name.n)
		return;
	/* A macro may hand over more than it shows. */
	if (s->in_directive)
		use.args = RQ_ARGS_UNKNOWN;
	if (f->declares && whole)
		s->closed = use;
	else
		tell(s, &use);
}

static void close_all(struct rq_cscan *s, int base)
{
	while (s->n > base)
		close_frame(s, false);
	s->lost = 0;
}

static void open_frame(struct rq_cscan *s, char open)
{
	bool mute = is_mute(s) || (s->n && s->stack[s->n - 1].declares);
	bool top = !s->n && !s->depth;
	struct rq_cframe *f;

	if (s->n == RQ_CSCAN_DEPTH) {
		s->lost++;
		return;
	}
	f = &s->stack[s->n++];
	*f = (struct rq_cframe){ .open = open, .line = s->pend_line, .mute = mute };
	if (open != '(' || !s->pend.n)
		return;
	if (is_attribute(s->pend)) {
		f->mute = true;
	} else if (s->pend_member || s->pend_pasted || is_keyword(s->pend)) {
		if (!mute) {
			s->n--;
			flush_word(s);
			s->n++;
		}
	} else if (!mute) {
		f->name = s->pend;
		f->declares = s->pend_type.n && !is_no_type(s->pend_type);
		f->generates =
			s->in_directive ? is_param(s, s->pend) : top && !f->declares;
		f->top = top;
		f->is_static = s->saw_static;
	}
	s->pend.n = 0;
}

static void close_bracket(struct rq_cscan *s, char close)
{
	char open = close == ')' ? '(' : close == ']' ? '[' : '{';
	int at = s->n;
	bool after;

	if (s->lost) {
		s->lost--;
		return;
	}
	while (at > s->base && s->stack[at - 1].open != open)
		at--;
	if (at == s->base) {
		s->cut_start |= !s->in_directive && close != '}';
		if (close == '}' && s->depth && !s->n)
			s->depth--;
		return;
	}
	close_all(s, at);
	close_frame(s, true);
	/* "void __printf(2, 3) foo(": the type reaches over an attribute. */
	after = s->closed.name.n && rq_slice_starts(s->closed.name, "__");
	s->type = after ? s->closed.name : (struct rq_slice){ 0 };
}

static void add_to_chain(struct rq_cscan *s, struct rq_slice word, bool pasted)
{
	if (!pasted) {
		flush_chain(s);
		s->first = word;
	}
	s->last = word;
	s->n_chain += !pasted || s->n_chain;
}

static void see_word(struct rq_cscan *s, const char *p, size_t n, bool at_start)
{
	struct rq_slice word = { p, n };
	bool member = rq_slice_eq(s->prev, RQ_SLICE(".")) ||
		      rq_slice_eq(s->prev, RQ_SLICE("->"));
	bool pasted = rq_slice_eq(s->prev, RQ_SLICE("##"));
	/* "a * f(x)" multiplies, "a *f(x)" declares. */
	bool star = s->prev.n && s->prev.p[0] == '*' && s->prev.p + s->prev.n != p &&
		    !at_start;

	flush_word(s);
	flush_declaration(s, 'w');
	if (s->in_directive)
		add_to_chain(s, word, pasted);
	if (s->n) {
		struct rq_cframe *f = &s->stack[s->n - 1];

		f->only_void = !f->words && n == 4 && memcmp(p, "void", 4) == 0;
		f->words = true;
	} else if (n == 6 && memcmp(p, "static", 6) == 0) {
		s->saw_static = true;
	} else if (n == 7 && memcmp(p, "typedef", 7) == 0) {
		s->saw_typedef = true;
	}
	s->pend = word;
	s->pend_line = s->line;
	s->pend_member = member;
	s->pend_pasted = pasted;
	s->pend_type = star || member ? (struct rq_slice){ 0 } : s->type;
	s->type = member ? (struct rq_slice){ 0 } : word;
	s->prev = word;
}

static void see_brace(struct rq_cscan *s, char c, bool column0)
{
	if (column0 && !s->in_directive) {
		close_all(s, 0);
		s->depth = c == '{';
	} else if (c == '}') {
		close_bracket(s, c);
	} else if (s->n > s->base || s->lost) {
		open_frame(s, c);
	} else if (!s->in_directive) {
		s->depth++;
	}
	if (!s->n)
		s->saw_static = s->saw_typedef = false;
}

static void see_sign(struct rq_cscan *s, const char *p, size_t n, bool column0)
{
	char c = *p;

	if (s->pend.n && n == 2 && c == '#')
		s->pend_pasted = true;
	else if (s->in_directive)
		flush_chain(s);
	if (c != '(')
		flush_word(s);
	flush_declaration(s, n == 1 ? c : 'o');
	if (s->n && c != ')' && c != ',') {
		s->stack[s->n - 1].words = true;
		s->stack[s->n - 1].only_void = false;
		s->stack[s->n - 1].any |= n == 3;
	}
	if (c != '*' || n > 1)
		s->type.n = 0;
	switch (c) {
	case '(':
	case '[':
		open_frame(s, c);
		break;
	case ')':
	case ']':
		close_bracket(s, c);
		break;
	case '{':
	case '}':
		see_brace(s, c, column0);
		break;
	case ',':
		if (s->n)
			s->stack[s->n - 1].commas++;
		break;
	case ';':
		if (!s->n)
			s->saw_static = s->saw_typedef = false;
		else if (s->stack[s->n - 1].name.n)
			s->stack[s->n - 1].unknown = true;
		break;
	default:
		break;
	}
	s->prev = (struct rq_slice){ p, n };
}

/* Behind the string, or at the end of the line. */
static size_t pass_string(struct rq_cscan *s, struct rq_slice line, size_t i)
{
	for (; i < line.n && line.p[i] != s->quote; i++) {
		if (line.p[i] == '\\')
			i++;
		else if (line.p[i] == '\n')
			break;
	}
	/* One that does not end is an apostrophe in what is no code, unless the line goes on. */
	if (i < line.n || !(line.n > 1 && line.p[line.n - 2] == '\\'))
		s->quote = '\0';
	return i < line.n ? i + 1 : line.n;
}

static size_t pass_comment(struct rq_cscan *s, struct rq_slice line, size_t i)
{
	const char *from = line.p + i, *end = line.p + line.n, *at = from;

	while ((at = memchr(at, '/', (size_t)(end - at))) &&
	       (at == from || at[-1] != '*'))
		at++;
	s->in_comment = !at;
	return at ? (size_t)(at - line.p) + 1 : line.n;
}

/* How many bytes of a sign belong together. */
static size_t sign_length(const char *p, size_t left)
{
	if (left > 1 && ((p[0] == '-' && p[1] == '>') || (p[0] == '#' && p[1] == '#') ||
			 (p[1] == '=' && strchr("=!<>+-*/%&|^", p[0]))))
		return 2;
	if (left > 2 && memcmp(p, "...", 3) == 0)
		return 3;
	return 1;
}

static size_t pass_number(struct rq_slice line, size_t i)
{
	while (i < line.n && (class_of(line.p[i]) >= WORD || line.p[i] == '.'))
		i++;
	return i;
}

static void see_string(struct rq_cscan *s, const char *p)
{
	flush_word(s);
	flush_declaration(s, '"');
	if (s->n) {
		s->stack[s->n - 1].words = true;
		s->stack[s->n - 1].only_void = false;
	}
	s->type.n = 0;
	s->prev = (struct rq_slice){ p, 1 };
}

/* "*" and "/" come together outside of a comment: the text began in one. */
static bool ends_comment(const struct rq_cscan *s, struct rq_slice line, size_t i)
{
	return !s->in_directive && i + 1 < line.n && line.p[i] == '*' &&
	       line.p[i + 1] == '/' && !(i + 2 < line.n && line.p[i + 2] == '*');
}

static void forget(struct rq_cscan *s)
{
	s->n = s->depth = s->lost = 0;
	s->pend.n = s->closed.name.n = 0;
	s->prev.n = 0;
	s->type.n = 0;
	s->cut_start = s->saw_static = s->saw_typedef = false;
	s->each(&(struct rq_cuse){ .kind = RQ_CUSE_COMMENT, .line = s->line }, s->ctx);
}

static void scan_from(struct rq_cscan *s, struct rq_slice line, size_t i)
{
	while (i < line.n) {
		char c = line.p[i];
		int class = class_of(c);
		size_t start = i;

		if (s->in_comment) {
			i = pass_comment(s, line, i);
		} else if (s->quote) {
			i = pass_string(s, line, i);
		} else if (class == BLANK) {
			while (++i < line.n && class_of(line.p[i]) == BLANK)
				;
		} else if (class == WORD) {
			while (i < line.n && class_of(line.p[i]) >= WORD)
				i++;
			see_word(s, line.p + start, i - start, start == 0);
		} else if (class == DIGIT) {
			i = pass_number(line, i);
			see_string(s, line.p + start);
		} else if (c == '"' || c == '\'') {
			see_string(s, line.p + i);
			s->quote = c;
			i++;
		} else if (c == '/' && i + 1 < line.n && line.p[i + 1] == '*') {
			s->in_comment = true;
			i += 2;
		} else if (c == '/' && i + 1 < line.n && line.p[i + 1] == '/') {
			break;
		} else if (c == '\\') {
			i++;
		} else if (ends_comment(s, line, i)) {
			forget(s);
			i += 2;
		} else {
			i += sign_length(line.p + i, line.n - i);
			see_sign(s, line.p + start, i - start, start == 0);
		}
	}
}

/* --- directives --- */

static struct rq_slice word_at(struct rq_slice line, size_t *i)
{
	struct rq_slice word;

	while (*i < line.n && (line.p[*i] == ' ' || line.p[*i] == '\t'))
		++*i;
	word.p = line.p + *i;
	while (*i < line.n && class_of(line.p[*i]) >= WORD)
		++*i;
	word.n = (size_t)(line.p + *i - word.p);
	return word;
}

/* A constant or nothing stands for no function: register headers have millions of such. */
static bool may_be_function(struct rq_slice line, size_t i)
{
	while (i < line.n && (class_of(line.p[i]) == BLANK || line.p[i] == '('))
		i++;
	return i < line.n && class_of(line.p[i]) == WORD;
}

static void read_params(struct rq_cscan *s, struct rq_slice line, size_t i)
{
	while (i < line.n && line.p[i] != ')') {
		struct rq_slice param = word_at(line, &i);

		if (param.n && s->n_params < RQ_CSCAN_PARAMS)
			s->params[s->n_params++] = param;
		else if (!param.n && i < line.n && line.p[i] != ')')
			i++;
	}
	s->in_params = i == line.n;
}

static size_t define(struct rq_cscan *s, struct rq_slice line, size_t i)
{
	struct rq_slice name = word_at(line, &i);
	bool takes = i < line.n && line.p[i] == '(';

	if (takes)
		read_params(s, line, i + 1);

	if (name.n)
		tell(s, &(struct rq_cuse){ .kind = RQ_CUSE_MACRO,
					   .name = name,
					   .line = s->line,
					   .last = s->line,
					   .args = RQ_ARGS_ANY,
					   .alias = takes || may_be_function(line, i) });
	return i;
}

/* "#if 0" and what it leaves out. */
static void conditional(struct rq_cscan *s, struct rq_slice word, struct rq_slice line,
			size_t i)
{
	bool opens = rq_slice_starts(word, "if");
	bool turns = rq_slice_starts(word, "el");

	if (!opens && !turns && !rq_slice_eq(word, RQ_SLICE("endif")))
		return;
	/* Only one side of it is compiled, so nobody knows what is counted here. */
	for (int k = 0; k < s->n; k++)
		s->stack[k].unknown = true;
	if (s->dead && opens)
		s->dead++;
	else if (s->dead && !(turns && s->dead > 1))
		s->dead--;
	else if (opens && rq_slice_eq(word, RQ_SLICE("if")) &&
		 rq_slice_eq(word_at(line, &i), RQ_SLICE("0")))
		s->dead = 1;
}

static void begin_directive(struct rq_cscan *s, struct rq_slice line, size_t i)
{
	struct rq_slice word = word_at(line, &i);
	bool defines = rq_slice_eq(word, RQ_SLICE("define"));

	/* What stands in front of it goes on behind it. */
	s->in_directive = true;
	s->n_params = s->n_chain = 0;
	s->base = s->n;
	conditional(s, word, line, i);
	if (defines)
		i = define(s, line, i);
	s->quiet = !defines;
	/* Nothing is told of the others, but a comment may begin in them. */
	if (defines || memchr(line.p + i, '*', line.n - i))
		scan_from(s, line, i);
}

static void end_directive(struct rq_cscan *s)
{
	flush_word(s);
	flush_chain(s);
	flush_declaration(s, 'o');
	close_all(s, s->base);
	s->base = 0;
	s->in_directive = s->quiet = s->in_params = false;
	s->quote = '\0';
	s->type.n = 0;
	s->prev.n = 0;
}

static bool goes_on(struct rq_slice line)
{
	line = rq_slice_chomp(line);
	return line.n && line.p[line.n - 1] == '\\';
}

void rq_cscan_line(struct rq_cscan *s, struct rq_slice line, long number)
{
	size_t i = 0;

	s->line = number;
	if (!s->in_directive && !s->in_comment && !s->quote) {
		while (i < line.n && class_of(line.p[i]) == BLANK)
			i++;
		if (i < line.n && line.p[i] == '#') {
			flush_word(s);
			flush_declaration(s, 'o');
			begin_directive(s, line, i + 1);
			i = line.n;
		}
	} else if (s->in_params)
		read_params(s, line, 0);
	scan_from(s, line, i);
	if (s->in_directive && !s->in_comment && !goes_on(line))
		end_directive(s);
}

bool rq_cscan_is_between(const struct rq_cscan *s)
{
	return !s->n && !s->in_directive && !s->in_comment && !s->quote && s->prev.n &&
	       strchr(";{}", s->prev.p[0]);
}

void rq_cscan_end(struct rq_cscan *s)
{
	if (s->in_directive)
		end_directive(s);
	s->cut_end = s->n > 0;
	flush_word(s);
	flush_declaration(s, ';');
	close_all(s, 0);
}

void rq_cscan_text(struct rq_cscan *s, struct rq_slice text)
{
	struct rq_slice line;

	for (long n = 1; rq_slice_next_line(&text, &line); n++)
		rq_cscan_line(s, line, n);
	rq_cscan_end(s);
}
