// SPDX-License-Identifier: GPL-2.0-only
/*
 * A hunk as an object of port.json, and back: its reason by the table of record/reason.h, the sentence
 * that is made of it, and a conflict's text beside the branch's.
 */
#include "report/json_internal.h"

#include <stdlib.h>

static json_t *lacks(const struct rq_hunk_record *h)
{
	json_t *list = json_array();

	for (size_t i = 0; i < h->lacks.n; i++) {
		const struct rq_lack *lack = &h->lacks.v[i];
		json_t *o = json_object();

		json_object_set_new(o, "name", rq_json_text(lack->name));
		json_object_set_new(o, "kind", json_string(rq_lack_word(lack->kind)));
		if (lack->kind == RQ_LACK_ARGUMENTS) {
			json_object_set_new(o, "given", json_integer(lack->given));
			json_object_set_new(o, "takes", json_integer(lack->takes));
			json_object_set_new(o, "declared", rq_json_text(lack->place));
		}
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *numbers(const long *v, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_integer(v[i]));
	return list;
}

static json_t *texts(const struct rq_names *names)
{
	json_t *list = json_array();

	for (size_t i = 0; i < names->v.n; i++)
		json_array_append_new(list, rq_json_text(names->v.v[i]));
	return list;
}

/* The field that is @at, or NULL where it is not set. */
static json_t *field(const struct rq_reason_field *f, const void *at)
{
	const struct rq_numbers *lines = at;
	const struct rq_names *names = at;
	char *const *text = at;
	const long *number = at;

	switch (f->kind) {
	case RQ_FIELD_NUMBER:
		return *number ? json_integer(*number) : NULL;
	case RQ_FIELD_NUMBERS:
		return lines->n ? numbers(lines->v, lines->n) : NULL;
	case RQ_FIELD_TEXT:
		return *text ? rq_json_text(*text) : NULL;
	case RQ_FIELD_TEXTS:
		return names->v.n ? texts(names) : NULL;
	}
	return NULL;
}

static json_t *reason(const struct rq_reason *why)
{
	json_t *o = json_object();

	json_object_set_new(o, "code", json_string(rq_reason_word(why->code)));
	for (size_t i = 0; i < RQ_REASON_FIELDS; i++) {
		const struct rq_reason_field *f = &rq_reason_fields[i];
		json_t *value = field(f, (const char *)why + f->offset);

		if (value)
			json_object_set_new(o, f->name, value);
	}
	return o;
}

static json_t *beside(const struct rq_beside *rows)
{
	json_t *list = json_array();

	for (size_t i = 0; i < rows->v.n; i++) {
		const struct rq_row *row = &rows->v.v[i];
		json_t *o = json_object();

		json_object_set_new(o, "kind", json_string(rq_row_word(row->kind)));
		if (row->patch)
			json_object_set_new(o, "patch", rq_json_text(row->patch));
		if (row->branch) {
			json_object_set_new(o, "line", json_integer(row->line));
			json_object_set_new(o, "branch", rq_json_text(row->branch));
		}
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *offers(const struct rq_offers *from)
{
	json_t *list = json_array();

	for (size_t i = 0; i < from->v.n; i++) {
		const struct rq_offer *offer = &from->v.v[i];

		if (rq_offer_is_choice(offer))
			json_array_append_new(list, rq_json_offer(offer));
	}
	return list;
}

json_t *rq_json_hunk(const struct rq_hunk_record *h, const char *branch)
{
	struct rq_str sentence = { 0 };
	json_t *o = json_object();

	json_object_set_new(o, "file", rq_json_text(h->file));
	json_object_set_new(o, "hunk", json_integer(h->hunk));
	json_object_set_new(o, "rung", json_string(rq_outcome_word(h->rung)));
	json_object_set_new(o, "line", h->line ? json_integer(h->line) : json_null());
	json_object_set_new(o, "offset", json_integer(h->offset));
	json_object_set_new(o, "fuzz", json_integer(h->fuzz));
	if (h->doubtful)
		json_object_set_new(o, "doubtful", json_true());
	if (h->places.n)
		json_object_set_new(o, "places", numbers(h->places.v, h->places.n));
	if (h->why)
		json_object_set_new(o, "reason", reason(h->why));
	if (h->lacks.n)
		json_object_set_new(o, "missing", lacks(h));
	if (h->wants_source)
		json_object_set_new(o, "source_may_help", json_true());
	if (h->blob)
		json_object_set_new(o, "blob", rq_json_text(h->blob));
	if (h->beside.v.n)
		json_object_set_new(o, "beside", beside(&h->beside));
	if (h->rung == RQ_CONFLICT && h->offers.v.n)
		json_object_set_new(o, "offers", offers(&h->offers));
	rq_hunk_print(&sentence, h, branch);
	if (sentence.len)
		json_object_set_new(o, "message", rq_json_text(sentence.s));
	rq_str_release(&sentence);
	return o;
}

static const char *lack_word(int kind)
{
	return rq_lack_word((enum rq_lack_kind)kind);
}

static const char *reason_word(int code)
{
	return rq_reason_word((enum rq_reason_code)code);
}

static const char *row_word(int kind)
{
	return rq_row_word((enum rq_row_kind)kind);
}

static bool take_lack(struct rq_lack *lack, const json_t *from)
{
	int kind;
	bool good = rq_json_take_word(&kind, from, "kind", RQ_LACKS, lack_word);

	lack->kind = (enum rq_lack_kind)kind;
	lack->name = rq_xstrdup(rq_json_word(from, "name"));
	lack->given = rq_json_take_number(from, "given");
	lack->takes = rq_json_take_number(from, "takes");
	lack->place = rq_json_take_text(from, "declared");
	return good && (lack->kind != RQ_LACK_ARGUMENTS || lack->place);
}

static void take_field(const struct rq_reason_field *f, void *at, const json_t *from)
{
	const json_t *value = json_object_get(from, f->name);
	struct rq_numbers *lines = at;
	long *number = at;
	char **text = at;

	switch (f->kind) {
	case RQ_FIELD_NUMBER:
		*number = rq_json_take_number(from, f->name);
		break;
	case RQ_FIELD_NUMBERS:
		for (size_t i = 0; i < json_array_size(value); i++)
			*rq_vec_push(lines) =
				(long)json_integer_value(json_array_get(value, i));
		break;
	case RQ_FIELD_TEXT:
		*text = rq_json_take_text(from, f->name);
		break;
	case RQ_FIELD_TEXTS:
		for (size_t i = 0; i < json_array_size(value); i++) {
			const char *s = json_string_value(json_array_get(value, i));

			rq_names_add(at, rq_slice_of(s ? s : ""));
		}
	}
}

static bool take_reason(struct rq_reason **out, const json_t *from)
{
	struct rq_reason why = { 0 };
	int code;
	bool good = rq_json_take_word(&code, from, "code", RQ_REASONS, reason_word);

	why.code = (enum rq_reason_code)code;
	for (size_t i = 0; i < RQ_REASON_FIELDS; i++)
		take_field(&rq_reason_fields[i],
			   (char *)&why + rq_reason_fields[i].offset, from);
	*out = rq_reason_new(&why);
	return good;
}

static bool take_row(struct rq_row *row, const json_t *from)
{
	int kind;
	bool good = rq_json_take_word(&kind, from, "kind", RQ_ROW_SKIPPED + 1, row_word);

	row->kind = (enum rq_row_kind)kind;
	row->patch = rq_json_take_text(from, "patch");
	row->branch = rq_json_take_text(from, "branch");
	row->line = rq_json_take_number(from, "line");
	return good;
}

bool rq_json_take_hunk(struct rq_hunk_record *hunk, const json_t *from)
{
	const json_t *places = json_object_get(from, "places"),
		     *missing = json_object_get(from, "missing"),
		     *why = json_object_get(from, "reason"),
		     *rows = json_object_get(from, "beside"),
		     *offered = json_object_get(from, "offers");
	int rung;
	bool good = rq_json_take_outcome(&rung, from, "rung");

	hunk->rung = (enum rq_outcome)rung;
	hunk->file = rq_xstrdup(rq_json_word(from, "file"));
	hunk->hunk = rq_json_take_number(from, "hunk");
	hunk->line = rq_json_take_number(from, "line");
	hunk->offset = rq_json_take_number(from, "offset");
	hunk->fuzz = rq_json_take_number(from, "fuzz");
	hunk->doubtful = json_is_true(json_object_get(from, "doubtful"));
	hunk->wants_source = json_is_true(json_object_get(from, "source_may_help"));
	hunk->blob = rq_json_take_text(from, "blob");
	for (size_t i = 0; i < json_array_size(places); i++)
		*rq_vec_push(&hunk->places) =
			(long)json_integer_value(json_array_get(places, i));
	for (size_t i = 0; i < json_array_size(missing); i++)
		good = take_lack(rq_vec_push(&hunk->lacks), json_array_get(missing, i)) &&
		       good;
	for (size_t i = 0; i < json_array_size(rows); i++)
		good = take_row(rq_vec_push(&hunk->beside.v), json_array_get(rows, i)) &&
		       good;
	for (size_t i = 0; i < json_array_size(offered); i++)
		good = rq_json_take_offer(rq_vec_push(&hunk->offers.v),
					  json_array_get(offered, i)) &&
		       good;
	return (!why || take_reason(&hunk->why, why)) && good;
}
