// SPDX-License-Identifier: GPL-2.0-only
/*
 * Gathers what page and summary show: the ports as port.json has them, each with what it is worth
 * now.  Takes over known keys of known types only, so that the writers need not look again.
 */
#include "report/page_internal.h"
#include "report/report_internal.h"

#include <stdlib.h>

#include "util/clean.h"

void rq_page_escape(struct rq_str *out, const char *text, bool (*plain)(unsigned char c))
{
	struct rq_slice rest = rq_slice_of(text);

	while (rest.n) {
		unsigned char c = *rest.p;
		bool steers;
		size_t n = rq_char_length(rest, &steers);

		if (!n || steers)
			rq_str_adds(out, "?");
		else if (n > 1 || plain(c))
			rq_str_add(out, rest.p, n);
		else
			rq_str_addf(out, "&#%d;", c);
		n += !n;
		rest.p += n;
		rest.n -= n;
	}
}

const char *const rq_page_stages[] = { "build", "sparse", "boot", NULL };

void rq_json_pick(json_t *to, const json_t *from, const char *const *keys)
{
	for (; *keys; keys++) {
		json_t *value = json_object_get(from, *keys);

		if (!value || json_is_array(value) || json_is_object(value))
			json_object_set_new(to, *keys, json_null());
		else
			json_object_set(to, *keys, value);
	}
}

json_t *rq_json_strings(const json_t *from, const char *key)
{
	const json_t *in = json_object_get(from, key);
	json_t *list = json_array();

	for (size_t i = 0; i < json_array_size(in); i++)
		if (json_is_string(json_array_get(in, i)))
			json_array_append(list, json_array_get(in, i));
	return list;
}

json_t *rq_json_objects(const json_t *from, const char *key,
			json_t *(*make)(const json_t *))
{
	const json_t *in = json_object_get(from, key);
	json_t *list = json_array();

	for (size_t i = 0; i < json_array_size(in); i++)
		if (json_is_object(json_array_get(in, i)))
			json_array_append_new(list, make(json_array_get(in, i)));
	return list;
}

static bool has_row(const json_t *rows, const char *name)
{
	for (size_t i = 0; i < json_array_size(rows); i++)
		if (strcmp(json_string_value(json_array_get(rows, i)), name) == 0)
			return true;
	return false;
}

struct rq_page *rq_page_new(const struct rq_series *series)
{
	struct rq_page *page = rq_xcalloc(1, sizeof(*page));
	json_t *rows = json_array(), *words = json_array();

	page->root = json_object();
	for (size_t i = 0; i < series->entries.n; i++)
		json_array_append_new(rows, rq_json_text(series->entries.v[i].path));
	for (int i = 0; i < RQ_OUTCOMES; i++)
		json_array_append_new(words,
				      json_pack("{ss ss}", "word", rq_outcome_word(i),
						"help", rq_outcome_help(i)));
	json_object_set_new(page->root, "tool", json_string("requilt " RQ_VERSION));
	json_object_set_new(page->root, "queue", rq_json_text(series->name));
	json_object_set_new(page->root, "words", words);
	json_object_set_new(page->root, "rows", rows);
	json_object_set_new(page->root, "branches", json_array());
	return page;
}

void rq_page_commit(struct rq_page *page, const char *id, const char *date, bool changed)
{
	json_object_set_new(
		page->root, "commit",
		json_pack("{ss ss sb}", "id", id, "date", date, "changed", changed));
}

void rq_page_free(struct rq_page *page)
{
	if (page)
		json_decref(page->root);
	free(page);
}

json_t *rq_page_find(const struct rq_page *page, const char *branch)
{
	const json_t *branches = json_object_get(page->root, "branches");

	for (size_t i = 0; i < json_array_size(branches); i++) {
		json_t *one = json_array_get(branches, i);

		if (strcmp(rq_json_word(one, "branch"), branch) == 0)
			return one;
	}
	return NULL;
}

/* What an old port had and the queue has no more gets rows of its own, at the end. */
static void add_rows(struct rq_page *page, const json_t *entries)
{
	json_t *rows = json_object_get(page->root, "rows");

	for (size_t i = 0; i < json_array_size(entries); i++) {
		const char *name = rq_json_word(json_array_get(entries, i), "patch");

		if (!has_row(rows, name))
			json_array_append_new(rows, json_string(name));
	}
}

static json_t *no_stages(void)
{
	json_t *stages = json_object();

	for (size_t i = 0; rq_page_stages[i]; i++)
		json_object_set_new(stages, rq_page_stages[i],
				    json_pack("{ss ss si}", "word", "-", "colour", "grey",
					      "rank", 0));
	return stages;
}

int rq_page_branch(struct rq_page *page, const struct rq_page_branch *branch,
		   struct rq_err *err)
{
	static const char *const keys[] = { "version", "base", "head", "message", NULL };
	json_t *o, *port = NULL, *entries;
	int rc = branch->json.n
			 ? rq_port_json_load(&port, branch->path, branch->json, err)
			 : 0;

	/* A stale one that cannot be read has its row. */
	if (rc == RQ_EFORMAT && branch->stale)
		rc = 0;
	if (rc)
		return rc;
	o = json_object();
	json_object_set_new(o, "branch", rq_json_text(branch->name));
	json_object_set_new(o, "word", rq_json_text(branch->word));
	json_object_set_new(o, "stale", json_boolean(branch->stale));
	json_object_set_new(o, "last_good", rq_json_text(branch->last_good));
	/* The state's words are the colours, but for those that say it is not current. */
	json_object_set_new(
		o, "colour",
		rq_json_text(branch->stale || strcmp(branch->word, "nothing") == 0
				     ? "grey"
				     : branch->word));
	rq_json_pick(o, port, keys);
	json_object_set_new(o, "stages", no_stages());
	json_object_set_new(o, "results", json_array());
	entries = rq_json_objects(port, "entries", rq_page_entry);
	rq_page_cut_conflicts(entries);
	json_object_set_new(o, "entries", entries);
	json_array_append_new(json_object_get(page->root, "branches"), o);
	add_rows(page, entries);
	json_decref(port);
	return 0;
}

const char *rq_page_base(const struct rq_page *page, const char *branch)
{
	const char *base = rq_json_word(rq_page_find(page, branch), "base");

	return *base ? base : NULL;
}

void rq_page_base_date(struct rq_page *page, const char *branch, const char *date)
{
	json_object_set_new(rq_page_find(page, branch), "base_date", json_string(date));
}

void rq_page_change(struct rq_page *page, const char *branch, const char *entry,
		    const char *kind, struct rq_slice text)
{
	const json_t *entries = json_object_get(rq_page_find(page, branch), "entries");

	for (size_t i = 0; i < json_array_size(entries); i++) {
		json_t *one = json_array_get(entries, i);

		if (strcmp(rq_json_word(one, "patch"), entry) == 0)
			json_object_set_new(one, "change",
					    json_pack("{ss so}", "kind", kind, "text",
						      rq_json_bytes(text)));
	}
}
