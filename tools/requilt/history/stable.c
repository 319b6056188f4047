// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which stable trees a patch is meant for, as its "Cc: stable@..." lines say.
 */
#include <ctype.h>
#include <stdlib.h>

#include "history/history.h"

/* A person writes a few. */
#define RANGES_MOST 64

/* What is read; @plain counts the versions that were written alone. */
struct reading {
	struct rq_stable *out;
	size_t plain;
	long first_line; /* of out->first */
};

static bool take_char(struct rq_slice *text, char c)
{
	if (!text->n || text->p[0] != c)
		return false;
	*text = (struct rq_slice){ text->p + 1, text->n - 1 };
	return true;
}

static void skip_blanks(struct rq_slice *text)
{
	while (take_char(text, ' ') || take_char(text, '\t'))
		continue;
}

static bool take_word(struct rq_slice *text, const char *word)
{
	size_t n = strlen(word);

	if (text->n < n || strncasecmp(text->p, word, n) != 0)
		return false;
	*text = (struct rq_slice){ text->p + n, text->n - n };
	return true;
}

/* "v5.10", "5.10.x", "5.10.y", "5.10.3"; false: *text stays as it is. */
static bool take_version(struct rq_version *out, struct rq_slice *text)
{
	struct rq_slice rest = *text;
	struct rq_err ignored;
	size_t n = 0, dots = 0;

	if (!take_char(&rest, 'v'))
		take_char(&rest, 'V');
	while (n < rest.n && n < 32 &&
	       (isdigit((unsigned char)rest.p[n]) ||
		(rest.p[n] == '.' && n + 1 < rest.n &&
		 isdigit((unsigned char)rest.p[n + 1])))) {
		dots += rest.p[n] == '.';
		n++;
	}
	if (!dots || rq_version_parse(out, (struct rq_slice){ rest.p, n }, &ignored))
		return false;
	rest = (struct rq_slice){ rest.p + n, rest.n - n };
	if (!take_word(&rest, ".x"))
		take_word(&rest, ".y");
	*text = rest;
	return true;
}

static bool same_end(const struct rq_version *a, const struct rq_version *b)
{
	return a ? a->n == b->n && memcmp(a->part, b->part, sizeof(a->part)) == 0 : !b->n;
}

static void add_range(struct reading *r, const struct rq_version *from,
		      const struct rq_version *to)
{
	struct rq_stable_range *range;

	if (r->out->ranges.n == RANGES_MOST)
		return;
	for (size_t i = 0; i < r->out->ranges.n; i++)
		if (same_end(from, &r->out->ranges.v[i].from) &&
		    same_end(to, &r->out->ranges.v[i].to))
			return;
	range = rq_vec_push(&r->out->ranges);
	if (from)
		range->from = *from;
	if (to)
		range->to = *to;
}

/* "- 5.15", "..5.15", "to 5.15", and "-" alone, as in "4.4.x-": from there on. */
static bool take_end(struct rq_version *to, bool *open, struct rq_slice *text)
{
	struct rq_slice rest = *text;

	*open = false;
	skip_blanks(&rest);
	if (take_word(&rest, "and later") || take_word(&rest, "and newer") ||
	    take_word(&rest, "and up") || take_word(&rest, "onwards") ||
	    take_word(&rest, "or later")) {
		*open = true;
	} else if (take_char(&rest, '-') || take_word(&rest, "..") ||
		   take_word(&rest, "to ") || take_word(&rest, "through ")) {
		skip_blanks(&rest);
		*open = !take_version(to, &rest);
	} else {
		return false;
	}
	*text = rest;
	return true;
}

static bool take_range(struct reading *r, struct rq_slice *text)
{
	struct rq_version from, to;
	bool open;

	if (!take_version(&from, text))
		return false;
	if (take_char(text, '+')) {
		add_range(r, &from, NULL);
	} else if (take_end(&to, &open, text)) {
		add_range(r, &from, open ? NULL : &to);
	} else {
		add_range(r, &from, &from);
		r->plain++;
	}
	return true;
}

/* ">= 5.10", "since v5.10", "<= 5.15", "up to 5.15" */
static bool take_bound(struct reading *r, struct rq_slice *text)
{
	static const struct {
		const char *word;
		bool up;
	} words[] = { { ">=", true },	     { "since ", true }, { "from ", true },
		      { "starting ", true }, { "<=", false },	 { "up to ", false },
		      { "until ", false } };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		struct rq_slice rest = *text;
		struct rq_version version, to;
		bool open;

		if (!take_word(&rest, words[i].word))
			continue;
		skip_blanks(&rest);
		take_word(&rest, "with ");
		if (!take_version(&version, &rest))
			return false;
		take_char(&rest, '+');
		if (!words[i].up)
			add_range(r, NULL, &version);
		else
			add_range(r, &version,
				  take_end(&to, &open, &rest) && !open ? &to : NULL);
		*text = rest;
		return true;
	}
	return false;
}

static bool is_short_id(struct rq_slice word)
{
	for (size_t i = 0; i < word.n; i++)
		if (!isxdigit((unsigned char)word.p[i]))
			return false;
	return word.n >= 7 && word.n <= RQ_OID_HEX;
}

/* "5.15.x: a1f84a3: title", ":" or a blank between; what goes first says nothing of the patch itself. */
static bool read_first(struct rq_stable *out, struct rq_slice text)
{
	struct rq_slice version = text, id;
	struct rq_version ignored;

	if (take_version(&ignored, &text)) {
		version.n = (size_t)(text.p - version.p);
		take_char(&text, '+');
		if (!take_char(&text, ':'))
			return false;
	} else {
		version.n = 0;
	}
	text = rq_slice_trim(text);
	id = text;
	for (id.n = 0; id.n < text.n && isxdigit((unsigned char)text.p[id.n]); id.n++)
		continue;
	if (!is_short_id(id) || out->first.n == RANGES_MOST)
		return false;
	text = (struct rq_slice){ text.p + id.n, text.n - id.n };
	take_char(&text, ':');
	*rq_vec_push(&out->first) =
		(struct rq_stable_first){ version, id, rq_slice_trim(text) };
	return true;
}

static int read_line(struct rq_slice value, long line, void *ctx, struct rq_err *err)
{
	struct reading *r = ctx;
	const char *hash = memchr(value.p, '#', value.n);
	size_t n = r->out->ranges.n;
	struct rq_slice text;

	(void)err;
	if (!hash || !(rq_slice_has(value, "stable@vger.kernel.org") ||
		       rq_slice_has(value, "stable@kernel.org")))
		return 0;
	text = rq_slice_trim(
		(struct rq_slice){ hash + 1, (size_t)(value.p + value.n - hash - 1) });
	if (read_first(r->out, text)) {
		r->first_line = r->first_line ? r->first_line : line;
		return 0;
	}
	while (text.n) {
		if (take_range(r, &text) || take_bound(r, &text))
			continue;
		/* What follows a word is the next word: "v5.10" in "kernel-v5.10" is no version. */
		while (text.n && !strchr(" \t,;/&", text.p[0]))
			text = (struct rq_slice){ text.p + 1, text.n - 1 };
		while (text.n && strchr(" \t,;/&", text.p[0]))
			text = (struct rq_slice){ text.p + 1, text.n - 1 };
	}
	if (r->out->ranges.n > n && !r->out->line)
		r->out->line = line;
	return 0;
}

void rq_stable_read(struct rq_stable *out, struct rq_slice head)
{
	struct reading r = { .out = out };
	struct rq_err ignored;

	*out = (struct rq_stable){ 0 };
	rq_head_each(head, "Cc", read_line, &r, &ignored);
	/* Where nothing else is said, it is for the trees in which something has to go first. */
	for (size_t i = 0, n = out->ranges.n; !n && i < out->first.n; i++) {
		struct rq_slice version = out->first.v[i].version;

		take_range(&r, &version);
	}
	if (out->ranges.n && !out->line)
		out->line = r.first_line;
	if (out->ranges.n == 1 && r.plain)
		out->ranges.v[0].to = (struct rq_version){ 0 };
}

bool rq_stable_covers(const struct rq_stable *stable, const struct rq_version *version)
{
	for (size_t i = 0; i < stable->ranges.n; i++) {
		const struct rq_stable_range *range = &stable->ranges.v[i];

		if (rq_version_in(version, &range->from,
				  range->to.n ? &range->to : version))
			return true;
	}
	return false;
}

void rq_stable_guards(struct rq_str *out, const struct rq_stable *stable)
{
	for (size_t i = 0; i < stable->ranges.n; i++) {
		const struct rq_guard guard = { .include = true,
						.from = stable->ranges.v[i].from,
						.to = stable->ranges.v[i].to };
		_cleanup_free_ char *text = rq_guard_text(&guard);

		rq_str_addf(out, "%s%s", i ? " " : "", text);
	}
}

void rq_stable_release(struct rq_stable *stable)
{
	rq_vec_release(&stable->ranges);
	rq_vec_release(&stable->first);
}
