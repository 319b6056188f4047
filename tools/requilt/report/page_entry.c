// SPDX-License-Identifier: GPL-2.0-only
/*
 * An entry of the page: what port.json has of it, without what a reader takes for granted, and a
 * conflict's texts and offers.  Takes over known keys of known types only.
 */
#include "report/page_internal.h"
#include "report/report_internal.h"

#include <stdlib.h>

#include "util/clean.h"

/* Of a branch's conflicts so many bytes of JSON are shown in full, and the first in any case: it is settled first. */
#define CONFLICTS_MOST 65536

/* Drops what a reader takes for granted: null, false, 0, "" and empty lists.  A page has ten thousand hunks. */
static json_t *without_defaults(json_t *o)
{
	const char *key;
	void *next;
	json_t *value;

	json_object_foreach_safe(o, next, key, value)
	{
		bool dull = json_is_null(value) || json_is_false(value);

		dull |= json_is_integer(value) && !json_integer_value(value);
		dull |= json_is_string(value) && !*json_string_value(value);
		dull |= json_is_array(value) && !json_array_size(value);
		if (dull)
			json_object_del(o, key);
	}
	return o;
}

/* A conflict's text beside the branch's and its offers, drawn as the terminal has them; null where there are none. */
static json_t *draw_beside(const struct rq_hunk_record *hunk)
{
	char *text = NULL;
	size_t n;
	FILE *out = open_memstream(&text, &n);
	json_t *drawn;

	rq_put_beside(out, &hunk->beside, false);
	rq_put_offers(out, hunk, false);
	fclose(out);
	drawn = n ? rq_json_text(text) : json_null();
	free(text);
	return drawn;
}

static json_t *make_row(const json_t *from)
{
	static const char *const keys[] = { "kind", "patch", "branch", "line", NULL };
	json_t *o = json_object();

	rq_json_pick(o, from, keys);
	return o;
}

static json_t *make_offer(const json_t *from)
{
	static const char *const keys[] = { "number", "message", "diff", NULL };
	json_t *o = json_object();

	rq_json_pick(o, from, keys);
	return o;
}

/* What a reader of a conflict needs: both texts, what may be taken, and whether a source tree may help. */
static void add_conflict(json_t *o, const json_t *from)
{
	struct rq_entry_record entry = { 0 };
	struct rq_hunk_record *hunk = rq_vec_push(&entry.hunks);

	rq_json_take_hunk(hunk, from);
	json_object_set_new(o, "beside", draw_beside(hunk));
	json_object_set_new(o, "rows", rq_json_objects(from, "beside", make_row));
	json_object_set_new(o, "offers", rq_json_objects(from, "offers", make_offer));
	json_object_set_new(o, "wants_source", json_boolean(hunk->wants_source));
	rq_entry_release(&entry);
}

static json_t *make_hunk(const json_t *from)
{
	static const char *const keys[] = { "file",	"hunk",	   "rung",
					    "line",	"offset",  "fuzz",
					    "doubtful", "message", NULL };
	const json_t *in = json_object_get(from, "places");
	json_t *o = json_object(), *places = json_array();

	rq_json_pick(o, from, keys);
	for (size_t i = 0; i < json_array_size(in); i++)
		if (json_is_integer(json_array_get(in, i)))
			json_array_append(places, json_array_get(in, i));
	json_object_set_new(o, "places", places);
	if (json_object_get(from, "beside") || json_object_get(from, "offers"))
		add_conflict(o, from);
	return without_defaults(o);
}

/* Whether @next only says that the hunk after the @n-th of @run is exact, too. */
static bool goes_on(const json_t *run, size_t n, const json_t *next)
{
	return json_object_size(next) == 4 && json_object_get(next, "line") &&
	       strcmp(rq_json_word(next, "rung"), rq_outcome_word(RQ_EXACT)) == 0 &&
	       strcmp(rq_json_word(run, "rung"), rq_outcome_word(RQ_EXACT)) == 0 &&
	       strcmp(rq_json_word(run, "file"), rq_json_word(next, "file")) == 0 &&
	       json_integer_value(json_object_get(run, "hunk")) + (json_int_t)n ==
		       json_integer_value(json_object_get(next, "hunk"));
}

/* Exact hunks of a file in a row are one object: "lines" has theirs after the first one's "line". */
static json_t *fold_exact(json_t *hunks)
{
	json_t *list = json_array(), *run = NULL, *lines = NULL;

	for (size_t i = 0; i < json_array_size(hunks); i++) {
		json_t *hunk = json_array_get(hunks, i);

		if (run && goes_on(run, json_array_size(lines) + 1, hunk)) {
			if (!lines) {
				lines = json_array();
				json_object_set_new(run, "lines", lines);
			}
			json_array_append(lines, json_object_get(hunk, "line"));
			continue;
		}
		json_array_append(list, hunk);
		run = json_object_size(hunk) == 4 && json_object_get(hunk, "line") ? hunk
										   : NULL;
		lines = NULL;
	}
	json_decref(hunks);
	return list;
}

static json_t *make_note(const json_t *from)
{
	static const char *const keys[] = { "kind", "file", "line", "text", NULL };
	json_t *o = json_object();

	rq_json_pick(o, from, keys);
	return o;
}

/* The sign that the terminal's matrix puts behind an outcome. */
static const char *mark(const json_t *entry)
{
	const json_t *hunks = json_object_get(entry, "hunks");
	const json_t *notes = json_object_get(entry, "notes");

	if (json_is_true(json_object_get(entry, "reviewed")))
		return "!";
	if (json_integer_value(json_object_get(entry, "present_hunks")) > 0)
		return "+";
	for (size_t i = 0; i < json_array_size(hunks); i++)
		if (json_is_true(json_object_get(json_array_get(hunks, i), "doubtful")))
			return "?";
	for (size_t i = 0; i < json_array_size(notes); i++)
		if (strcmp(rq_json_word(json_array_get(notes, i), "kind"),
			   rq_note_word(RQ_NOTE_IGNORED)) == 0)
			return "?";
	return "";
}

json_t *rq_page_entry(const json_t *from)
{
	static const char *const keys[] = { "patch",	"outcome", "colour",
					    "reviewed", "commit",  "present_hunks",
					    "message",	NULL };
	json_t *o = json_object();

	rq_json_pick(o, from, keys);
	json_object_set_new(o, "patch", json_string(rq_json_word(from, "patch")));
	json_object_set_new(o, "outcome", json_string(rq_json_word(from, "outcome")));
	if (!json_is_string(json_object_get(o, "commit")))
		json_object_del(o, "commit");
	json_object_set_new(o, "mark", json_string(mark(from)));
	json_object_set_new(o, "notes", rq_json_objects(from, "notes", make_note));
	without_defaults(o);
	json_object_set_new(o, "hunks",
			    fold_exact(rq_json_objects(from, "hunks", make_hunk)));
	return o;
}

static size_t size_of_texts(const json_t *hunk)
{
	static const char *const keys[] = { "beside", "rows", "offers" };
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		n += json_dumpb(json_object_get(hunk, keys[i]), NULL, 0,
				JSON_COMPACT | JSON_ENSURE_ASCII | JSON_ENCODE_ANY);
	return n;
}

void rq_page_cut_conflicts(json_t *entries)
{
	size_t sum = 0, kept = 0;

	for (size_t i = 0; i < json_array_size(entries); i++) {
		json_t *hunks = json_object_get(json_array_get(entries, i), "hunks");
		bool conflict = false;

		for (size_t k = 0; k < json_array_size(hunks); k++) {
			json_t *hunk = json_array_get(hunks, k);
			size_t n = size_of_texts(hunk);

			conflict |= n > 0;
			sum += n;
			if (!n || !kept || sum <= CONFLICTS_MOST)
				continue;
			json_object_del(hunk, "beside");
			json_object_del(hunk, "rows");
			json_object_del(hunk, "offers");
			json_object_set_new(hunk, "cut", json_true());
		}
		kept += conflict;
	}
}
