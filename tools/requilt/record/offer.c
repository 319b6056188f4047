// SPDX-License-Identifier: GPL-2.0-only
/*
 * Offers as records: words, sentences, ids.  Makes none and takes none.
 */
#include "record/offer.h"

#include <stdlib.h>

static const char *const words[RQ_OFFERS] = {
	[RQ_OFFER_PLACED] = "placed",	    [RQ_OFFER_AFTER] = "after",
	[RQ_OFFER_BEFORE] = "before",	    [RQ_OFFER_WORDS] = "words",
	[RQ_OFFER_INSTEAD] = "instead",	    [RQ_OFFER_PLACE] = "place",
	[RQ_OFFER_LIKE_FILE] = "like-file", [RQ_OFFER_WITHOUT] = "without",
	[RQ_OFFER_PROPOSED] = "proposed",
};

const char *rq_offer_word(enum rq_offer_kind kind)
{
	return words[kind];
}

bool rq_offer_is_choice(const struct rq_offer *offer)
{
	return offer->kind != RQ_OFFER_PLACED;
}

static const char *lines_word(long n)
{
	return n == 1 ? "line" : "lines";
}

void rq_offer_print(struct rq_str *out, const struct rq_offer *o)
{
	switch (o->kind) {
	case RQ_OFFER_PLACED:
		rq_str_addf(out, "placed at line %ld", o->line);
		break;
	case RQ_OFFER_AFTER:
		rq_str_addf(out, "at line %ld, after %ld %s of the branch", o->line,
			    o->count, lines_word(o->count));
		break;
	case RQ_OFFER_BEFORE:
		rq_str_addf(out, "at line %ld, before %ld %s of the branch", o->line,
			    o->count, lines_word(o->count));
		break;
	case RQ_OFFER_WORDS:
		rq_str_addf(out, "at line %ld, word by word in the branch's lines",
			    o->line);
		break;
	case RQ_OFFER_INSTEAD:
		rq_str_addf(out, "at line %ld, instead of %ld %s of the branch", o->line,
			    o->count, lines_word(o->count));
		break;
	case RQ_OFFER_PLACE:
		rq_str_addf(out, "at line %ld, where the context differs", o->line);
		break;
	case RQ_OFFER_LIKE_FILE:
		rq_str_addf(out, "in %s, which has %ld of its %ld old %s", o->file,
			    o->count, o->of, lines_word(o->of));
		break;
	case RQ_OFFER_WITHOUT:
		rq_str_adds(out, "left out");
		break;
	case RQ_OFFER_PROPOSED:
		rq_str_addf(out, "as %s proposes, at line %ld", o->by, o->line);
		break;
	case RQ_OFFERS:
		break;
	}
}

void rq_offer_id(struct rq_oid *out, const struct rq_offer *offer, const char *path,
		 long hunk)
{
	struct rq_str text = { 0 };

	rq_str_addf(&text, "%s\n%ld\n%s\n%s\n%s\n", path, hunk, words[offer->kind],
		    offer->file ? offer->file : "", offer->by ? offer->by : "");
	for (size_t i = 0; i < offer->edits.n; i++) {
		const struct rq_offer_edit *edit = &offer->edits.v[i];

		rq_str_addf(&text, "%zu %zu %zu\n", edit->at, edit->old, edit->text.len);
		rq_str_add_slice(&text, rq_str_slice(&edit->text));
	}
	rq_oid_of(out, RQ_OBJ_BLOB, rq_str_slice(&text).p, text.len);
	rq_str_release(&text);
}

bool rq_offer_is_among(const struct rq_offer *offer, const struct rq_names *ids,
		       const char *path, long hunk)
{
	char hex[RQ_OID_HEX + 1];
	struct rq_oid id;

	rq_offer_id(&id, offer, path, hunk);
	return rq_names_have(ids, rq_slice_of(rq_oid_hex(hex, &id)));
}

void rq_offer_edit(struct rq_offer *offer, size_t at, size_t old, struct rq_slice text)
{
	struct rq_offer_edit *edit = rq_vec_push(&offer->edits);

	edit->at = at;
	edit->old = old;
	rq_str_add_slice(&edit->text, text);
}

void rq_offer_release(struct rq_offer *offer)
{
	for (size_t i = 0; i < offer->edits.n; i++)
		rq_str_release(&offer->edits.v[i].text);
	rq_vec_release(&offer->edits);
	rq_str_release(&offer->diff);
	free(offer->file);
	free(offer->by);
	*offer = (struct rq_offer){ 0 };
}

void rq_offers_release(struct rq_offers *offers)
{
	for (size_t i = 0; i < offers->v.n; i++)
		rq_offer_release(&offers->v.v[i]);
	rq_vec_release(&offers->v);
}
