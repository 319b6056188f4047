// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a line of a reply gives to a patch: the trailer of a person, a link, or a no.  Mailers fold such
 * lines and people misspell them.
 */
#include "import/mail_internal.h"

#include <ctype.h>
#include <strings.h>

#include "patch/patch.h"
#include "util/near.h"

void rq_add_narrow(struct rq_str *out, struct rq_slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		bool wide = i + 1 < text.n && (unsigned char)text.p[i] == 0xc2 &&
			    (unsigned char)text.p[i + 1] == 0xa0;

		rq_str_add(out, wide ? " " : text.p + i, 1);
		i += wide;
	}
}

static bool is_named(struct rq_slice line, const char *name)
{
	size_t n = strlen(name);

	return rq_field_length(line) == n && strncasecmp(line.p, name, n) == 0;
}

static bool is_by(struct rq_slice line)
{
	size_t n = rq_field_length(line);

	return n > 3 && strncasecmp(line.p + n - 3, "-by", 3) == 0;
}

/* "Reveiwed-by" means Reviewed-by; "Nacked-by" begins with another letter than Acked-by. */
static const char *spelled(struct rq_slice name)
{
	static const struct {
		const char *name, *lower;
	} credits[] = {
		{ "Reviewed-by", "reviewed-by" },
		{ "Acked-by", "acked-by" },
		{ "Tested-by", "tested-by" },
	};
	char lower[16];

	if (name.n >= sizeof(lower))
		return NULL;
	for (size_t i = 0; i < name.n; i++)
		lower[i] = (char)tolower((unsigned char)name.p[i]);
	for (size_t i = 0; i < ARRAY_SIZE(credits); i++)
		if (lower[0] == credits[i].lower[0] &&
		    rq_near_distance((struct rq_slice){ lower, name.n },
				     rq_slice_of(credits[i].lower)) == 1)
			return credits[i].name;
	return NULL;
}

/* What a mailer put on a line of its own. */
static void unfold(struct rq_str *text, struct rq_slice *rest)
{
	struct rq_slice next = *rest, line, have = rq_slice_trim(rq_str_slice(text));
	bool wants = is_by(have) ? !memchr(have.p, '@', have.n)
		     : is_named(have, "Fixes")
			     ? rq_slice_has(have, "(\"") && !rq_slice_has(have, "\")")
			     : false;

	if (!wants || !rq_slice_next_line(&next, &line) || !rq_slice_trim(line).n)
		return;
	line = rq_slice_trim(line);
	if (is_by(have) && (!memchr(line.p, '@', line.n) || rq_field_length(line)))
		return;
	text->len = have.n;
	rq_str_adds(text, " ");
	rq_add_narrow(text, line);
	*rest = next;
}

static bool is_hex(struct rq_slice word)
{
	for (size_t i = 0; i < word.n; i++)
		if (!isxdigit((unsigned char)word.p[i]))
			return false;
	return word.n >= 8;
}

/* Closes:, Link: and the like name a place, Fixes: a commit. */
static bool is_link(struct rq_slice line)
{
	static const char *const names[] = { "Closes", "Link", "BugLink" };
	size_t n = rq_field_length(line);
	struct rq_slice value = { line.p + n + 1, line.n - n - 1 };

	if (is_named(line, "Fixes"))
		return is_hex(rq_slice_next_word(&value));
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (is_named(line, names[i]))
			return rq_slice_starts(rq_slice_trim(value), "http");
	return false;
}

static bool is_no(struct rq_slice line)
{
	struct rq_slice word;

	if (is_named(line, "Nacked-by") || is_named(line, "NAKed-by"))
		return true;
	word = rq_slice_next_word(&line);
	while (word.n && !isalpha((unsigned char)word.p[word.n - 1]))
		word.n--;
	return rq_slice_eq(word, RQ_SLICE("NAK")) || rq_slice_eq(word, RQ_SLICE("NACK"));
}

/* "Name: value" with the name that was meant, and one blank behind the colon. */
static void put_right(struct rq_str *out, struct rq_slice line, bool *misspelt)
{
	size_t n = rq_field_length(line);
	struct rq_slice value =
		rq_slice_trim((struct rq_slice){ line.p + n + 1, line.n - n - 1 });
	const char *name = spelled((struct rq_slice){ line.p, n });

	*misspelt = name != NULL;
	rq_str_addf(out, "%.*s: %.*s", name ? (int)strlen(name) : (int)n,
		    name ? name : line.p, RQ_SLICE_ARG(value));
}

/* "<a@example.org<mailto:a@example.org>>" is "<a@example.org>". */
static void drop_mailto(struct rq_str *text)
{
	static const char mark[] = "<mailto:";
	const char *at = strstr(text->s, mark), *open, *end;
	size_t start, n;

	end = at ? strchr(at, '>') : NULL;
	if (!end)
		return;
	open = memchr(text->s, '<', (size_t)(at - text->s));
	start = (size_t)(at - text->s) + !open;
	n = open ? (size_t)(end + 1 - at) : sizeof(mark) - 2;
	memmove(text->s + start, text->s + start + n, text->len - start - n + 1);
	text->len -= n;
}

enum rq_given rq_trailer_read(struct rq_str *out, struct rq_slice line,
			      struct rq_slice *rest, bool *misspelt)
{
	enum rq_given given = RQ_GIVEN_NOTHING;
	struct rq_str text = { 0 };
	struct rq_slice plain;

	*misspelt = false;
	rq_add_narrow(&text, rq_slice_trim(line));
	unfold(&text, rest);
	if (text.s)
		drop_mailto(&text);
	plain = rq_slice_trim(rq_str_slice(&text));
	if (plain.n && is_no(plain))
		given = RQ_GIVEN_NO;
	else if (is_by(plain) && memchr(plain.p, '@', plain.n))
		given = RQ_GIVEN_CREDIT;
	else if (rq_field_length(plain) && is_link(plain))
		given = RQ_GIVEN_LINK;
	out->len = 0;
	if (given == RQ_GIVEN_NO)
		rq_str_add_slice(out, plain);
	else if (given != RQ_GIVEN_NOTHING)
		put_right(out, plain, misspelt);
	rq_str_release(&text);
	return given;
}
