// SPDX-License-Identifier: GPL-2.0-only
/*
 * Macros that stand for several arguments: "#define PAIR a, b" makes f(PAIR) a call with two.  Reads the
 * arguments of a call and the definitions of words in files; expands nothing.
 */
#include "queue/exist_internal.h"

/* Behind a string or character constant that begins at @i. */
static size_t pass_constant(struct rq_slice text, size_t i)
{
	char quote = text.p[i++];

	for (; i < text.n && text.p[i] != quote; i++)
		i += text.p[i] == '\\';
	return i < text.n ? i + 1 : text.n;
}

/*
 * From @i on to the first of @signs outside of brackets, or to where a bracket closes that the text did
 * not open; the end of the text where there is neither.
 */
static size_t find_sign(struct rq_slice text, size_t i, const char *signs)
{
	for (long depth = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c == '"' || c == '\'') {
			i = pass_constant(text, i) - 1;
			continue;
		}
		if (!depth && c && strchr(signs, c))
			break;
		if (c == '(' || c == '[' || c == '{')
			depth++;
		else if ((c == ')' || c == ']' || c == '}') && !depth--)
			break;
	}
	return i < text.n ? i : text.n;
}

/* The word, if the argument is no more than that, or than a call of it; else empty. */
static struct rq_slice lone_word(struct rq_slice arg)
{
	struct rq_slice word = { arg.p, 0 }, rest;

	while (word.n < arg.n && rq_is_word(arg.p[word.n]))
		word.n++;
	rest = rq_slice_trim((struct rq_slice){ arg.p + word.n, arg.n - word.n });
	if (rest.n && (*rest.p != '(' || find_sign(rest, 1, "") + 1 != rest.n))
		word.n = 0;
	return word;
}

/* The text from @line on that lies in one piece: that of the files, or of one hunk. */
static struct rq_str joined(const struct rq_file *file, long line, long last)
{
	struct rq_str text = { 0 };

	for (; line <= last && (size_t)line < file->n_lines; line++)
		rq_str_add_slice(&text, file->lines[line]);
	return text;
}

void rq_exist_lone_words(struct rq_names *out, const struct rq_file *file,
			 const struct rq_exist_look *look, struct rq_slice name)
{
	_cleanup_(rq_str_release) struct rq_str text =
		joined(file, look->used_line, look->used_last);
	struct rq_slice rest = rq_str_slice(&text);
	const char *at = rq_exist_find_word(rest, name);
	size_t i;

	if (!at)
		return;
	i = find_sign(rest, (size_t)(at - rest.p), "(") + 1;
	for (size_t end; i < rest.n && rest.p[i - 1] != ')'; i = end + 1) {
		struct rq_slice arg = { rest.p + i, 0 };

		end = find_sign(rest, i, ",");
		arg.n = end - i;
		arg = lone_word(rq_slice_trim(arg));
		if (arg.n > 1)
			rq_names_add_once(out, arg);
	}
}

/* Behind "#define NAME" at the start of @line; 0: it does not define that. */
static size_t behind_define(struct rq_slice line, struct rq_slice name)
{
	struct rq_slice rest = line, word;

	if (!rq_slice_starts(line, "#"))
		return 0;
	rest.p++;
	rest.n--;
	word = rq_slice_next_word(&rest);
	if (!rq_slice_eq(word, RQ_SLICE("define")) || rest.n < name.n ||
	    memcmp(rest.p, name.p, name.n) != 0 ||
	    (rest.n > name.n && rq_is_word(rest.p[name.n])))
		return 0;
	return (size_t)(rest.p + name.n - line.p);
}

bool rq_exist_is_several(const struct rq_file *file, struct rq_slice name)
{
	for (size_t i = 0; i < file->n_lines; i++) {
		size_t at = behind_define(file->lines[i], name), last = i;
		struct rq_str text;
		struct rq_slice rest;
		bool several;

		if (!at)
			continue;
		while (last + 1 < file->n_lines &&
		       rq_slice_ends(rq_slice_chomp(file->lines[last]), "\\"))
			last++;
		text = joined(file, (long)i, (long)last);
		rest = rq_str_slice(&text);
		/* Parameters are in brackets. */
		several = find_sign(rest, at, ",") < rest.n;
		rq_str_release(&text);
		if (several)
			return true;
	}
	return false;
}
