// SPDX-License-Identifier: GPL-2.0-only
/*
 * The matrix for the summary of a CI run, in Markdown.  Text that is more than plain words stands in
 * a code span, where whoever shows it makes no link of an address, a mention, a number of an issue or
 * a commit: these are looked for in text after character references are gone.
 */
#include "report/page_internal.h"

#include <ctype.h>

#include "util/clean.h"

/* From so many hexadecimal digits on a word may be the name of a commit. */
#define SHORTEST_COMMIT 7

static bool is_plain_word(struct rq_slice word)
{
	size_t letters = 0, digits = 0, hex = 0;

	if (rq_slice_eq(word, RQ_SLICE("-")))
		return true;
	for (size_t i = 0; i < word.n; i++) {
		unsigned char c = (unsigned char)word.p[i];

		letters += islower(c) != 0;
		digits += isdigit(c) != 0;
		hex += isxdigit(c) != 0;
	}
	return (letters == word.n || digits == word.n) &&
	       (hex < word.n || word.n < SHORTEST_COMMIT);
}

static bool is_plain(const char *text)
{
	struct rq_slice rest = rq_slice_of(text), word;

	while ((word = rq_slice_next_word(&rest)).n)
		if (!is_plain_word(word))
			return false;
	return !strpbrk(text, "\t\n\r\v\f");
}

/* A code span has no escapes: what would end it, or the cell of a table, is left out. */
static void put(struct rq_str *out, const char *text)
{
	struct rq_slice rest = rq_slice_of(text);

	if (is_plain(text)) {
		rq_str_adds(out, text);
		return;
	}
	rq_str_adds(out, "`");
	while (rest.n) {
		bool steers;
		size_t n = rq_char_length(rest, &steers);

		if (!n || steers || strchr("`|<", *rest.p))
			rq_str_adds(out, "?");
		else
			rq_str_add(out, rest.p, n);
		n += !n;
		rest.p += n;
		rest.n -= n;
	}
	rq_str_adds(out, "`");
}

static const char *state(const json_t *branch, const char *head)
{
	(void)head;
	return rq_json_word(branch, "word");
}

/* What is behind the word of a branch. */
static void put_last_good(struct rq_str *out, const json_t *branch)
{
	if (!*rq_json_word(branch, "last_good"))
		return;
	rq_str_adds(out, ", last good ");
	put(out, rq_json_word(branch, "last_good"));
}

static void put_row(struct rq_str *out, const json_t *branches, const char *head,
		    const char *(*word)(const json_t *branch, const char *head))
{
	rq_str_adds(out, "| ");
	put(out, head);
	for (size_t i = 0; i < json_array_size(branches); i++) {
		rq_str_adds(out, " | ");
		put(out, word(json_array_get(branches, i), head));
		if (word == state)
			put_last_good(out, json_array_get(branches, i));
	}
	rq_str_adds(out, " |\n");
}

/* The row below the head, as Markdown wants it: in a code span it makes no table. */
static void put_rule(struct rq_str *out, size_t n_branches)
{
	for (size_t i = 0; i <= n_branches; i++)
		rq_str_adds(out, "| --- ");
	rq_str_adds(out, "|\n");
}

static const char *name(const json_t *branch, const char *head)
{
	(void)head;
	return rq_json_word(branch, "branch");
}

static const char *stage(const json_t *branch, const char *head)
{
	return rq_json_word(json_object_get(json_object_get(branch, "stages"), head),
			    "word");
}

static const json_t *entry_of(const json_t *branch, const char *patch)
{
	const json_t *entries = json_object_get(branch, "entries");

	for (size_t i = 0; i < json_array_size(entries); i++)
		if (strcmp(rq_json_word(json_array_get(entries, i), "patch"), patch) == 0)
			return json_array_get(entries, i);
	return NULL;
}

/* A port that is not current has no outcomes. */
static const char *outcome(const json_t *branch, const char *head)
{
	const json_t *entry = entry_of(branch, head);

	if (json_is_true(json_object_get(branch, "stale")))
		return rq_json_word(branch, "word");
	return entry ? rq_json_word(entry, "outcome") : "-";
}

/* What needs a reader's eye: not green, not grey, and why. */
static void put_reasons(struct rq_str *out, const json_t *branch)
{
	const json_t *entries = json_object_get(branch, "entries");

	if (json_is_true(json_object_get(branch, "stale")))
		return;
	for (size_t i = 0; i < json_array_size(entries); i++) {
		const json_t *entry = json_array_get(entries, i);
		const char *colour = rq_json_word(entry, "colour");

		if (strcmp(colour, "red") != 0 && strcmp(colour, "yellow") != 0)
			continue;
		rq_str_adds(out, "- ");
		put(out, rq_json_word(branch, "branch"));
		rq_str_adds(out, ", ");
		put(out, rq_json_word(entry, "patch"));
		rq_str_addf(out, ": **%s** ", strcmp(colour, "red") ? "yellow" : "red");
		put(out, rq_json_word(entry, "outcome"));
		if (*rq_json_word(entry, "message"))
			rq_str_adds(out, ": ");
		put(out, rq_json_word(entry, "message"));
		rq_str_adds(out, "\n");
	}
}

void rq_page_markdown(struct rq_str *out, const struct rq_page *page)
{
	const json_t *branches = json_object_get(page->root, "branches");
	const json_t *rows = json_object_get(page->root, "rows");

	rq_str_adds(out, "## ");
	put(out, rq_json_word(page->root, "queue"));
	rq_str_adds(out, "\n\n");
	put_row(out, branches, "entry", name);
	put_rule(out, json_array_size(branches));
	put_row(out, branches, "port", state);
	for (size_t i = 0; rq_page_stages[i]; i++)
		put_row(out, branches, rq_page_stages[i], stage);
	for (size_t i = 0; i < json_array_size(rows); i++)
		put_row(out, branches, json_string_value(json_array_get(rows, i)),
			outcome);
	rq_str_adds(out, "\n");
	for (size_t i = 0; i < json_array_size(branches); i++)
		put_reasons(out, json_array_get(branches, i));
}
