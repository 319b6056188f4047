// SPDX-License-Identifier: GPL-2.0-only
/*
 * Offers for people, numbered as `requilt resolve --take` has them, and as objects of port.json.
 */
#include "report/report_internal.h"

#include "report/json_internal.h"
#include "util/clean.h"

#define INDENT "      "

json_t *rq_json_offer(const struct rq_offer *offer)
{
	struct rq_str sentence = { 0 };
	json_t *o = json_object();

	rq_offer_print(&sentence, offer);
	json_object_set_new(o, "number", json_integer(offer->number));
	json_object_set_new(o, "kind", json_string(rq_offer_word(offer->kind)));
	json_object_set_new(o, "file", rq_json_text(offer->file));
	if (offer->line)
		json_object_set_new(o, "line", json_integer(offer->line));
	if (offer->count)
		json_object_set_new(o, "count", json_integer(offer->count));
	if (offer->of)
		json_object_set_new(o, "of", json_integer(offer->of));
	if (offer->by)
		json_object_set_new(o, "by", rq_json_text(offer->by));
	json_object_set_new(o, "message", rq_json_text(sentence.s));
	if (offer->diff.len)
		json_object_set_new(o, "diff", rq_json_bytes(rq_str_slice(&offer->diff)));
	rq_str_release(&sentence);
	return o;
}

static const char *offer_word(int kind)
{
	return rq_offer_word((enum rq_offer_kind)kind);
}

bool rq_json_take_offer(struct rq_offer *offer, const json_t *from)
{
	int kind;
	bool good = rq_json_take_word(&kind, from, "kind", RQ_OFFERS, offer_word);

	offer->kind = (enum rq_offer_kind)kind;
	offer->number = rq_json_take_number(from, "number");
	offer->file = rq_xstrdup(rq_json_word(from, "file"));
	offer->line = rq_json_take_number(from, "line");
	offer->count = rq_json_take_number(from, "count");
	offer->of = rq_json_take_number(from, "of");
	offer->by = rq_json_take_text(from, "by");
	rq_str_adds(&offer->diff, rq_json_word(from, "diff"));
	return good;
}

static void put_diff(FILE *out, struct rq_slice diff, bool color)
{
	struct rq_slice line;

	while (rq_slice_next_line(&diff, &line)) {
		fputs(INDENT "  ", out);
		rq_put_diff(out, line, color);
		if (line.p[line.n - 1] != '\n')
			fputc('\n', out);
	}
}

static void put_offer(FILE *out, const struct rq_offer *offer, bool color)
{
	struct rq_str sentence = { 0 };

	rq_offer_print(&sentence, offer);
	fprintf(out, INDENT "%ld: ", offer->number);
	rq_put_clean(out, sentence.s);
	fputc('\n', out);
	put_diff(out, rq_str_slice(&offer->diff), color);
	rq_str_release(&sentence);
}

void rq_put_offers(FILE *out, const struct rq_hunk_record *hunk, bool color)
{
	for (size_t i = 0; i < hunk->offers.v.n; i++)
		if (hunk->offers.v.v[i].number)
			put_offer(out, &hunk->offers.v.v[i], color);
}
