// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes as a semantic patch.  What the gate lets through has no word that makes spatch run code
 * but in its leading comment, brings nothing in before its first rule, and is plain text.
 */
#include "fuzz.h"

#include <ctype.h>

#include "semantic/semantic.h"

static bool is_letter(char c)
{
	return isalpha((unsigned char)c) || c == '_';
}

/* Whether @word stands there with no letter before it and no letter or digit behind it. */
static bool has_word(struct rq_slice text, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i + n <= text.n; i++)
		if (memcmp(text.p + i, word, n) == 0 &&
		    (!i || (!is_letter(text.p[i - 1]) &&
			    !isdigit((unsigned char)text.p[i - 1]))) &&
		    (i + n == text.n || (!is_letter(text.p[i + n]) &&
					 !isdigit((unsigned char)text.p[i + n]))))
			return true;
	return false;
}

static void check_taken(const struct rq_rule *rule)
{
	struct rq_slice text = rq_str_slice(&rule->text), line, rest = text;
	const char *end = rule->head_line ? memmem(text.p, text.n, "*/", 2) : NULL;
	struct rq_slice behind = { end ? end : text.p,
				   end ? (size_t)(text.p + text.n - end) : text.n };

	must(!has_word(behind, "script") && !has_word(behind, "initialize") &&
	     !has_word(behind, "finalize"));
	for (size_t i = 0; i < text.n; i++)
		must((unsigned char)text.p[i] >= 0x20 || strchr("\n\t", text.p[i]));
	/* Comments in front may hold anything: they end before the first '#' that counts. */
	while (rq_slice_next_line(&rest, &line) && line.p[0] != '@')
		must(line.p[0] != '#' || rq_slice_has(line, "spatch") ||
		     rq_slice_has((struct rq_slice){ text.p, (size_t)(line.p - text.p) },
				  "/*"));
	for (size_t i = 0; i < rule->includes.v.n; i++)
		must(rq_slice_ends(rq_slice_of(rule->includes.v.v[i]), ".h"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rq_rule rule = { 0 };
	struct rq_str text = { 0 };
	struct rq_err err = { 0 };
	int rc;

	rq_str_add(&text, data, size);
	rc = rq_rule_parse(&rule, "x.cocci", &text, &err);
	must(!rc || rc == RQ_EFORMAT || rc == RQ_EUNSAFE);
	tell(" %s\n", rc ? err.msg : "taken");
	if (!rc)
		check_taken(&rule);
	rq_rule_release(&rule);
	rq_str_release(&text);
	return 0;
}
