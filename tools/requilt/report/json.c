// SPDX-License-Identifier: GPL-2.0-only
/*
 * The record as JSON.  Keys are only ever added; port.json leaves times out.
 */
#include "report/report.h"

#include <stdlib.h>

#include "report/json_internal.h"

static json_t *notes(const struct rq_entry_record *e)
{
	json_t *list = json_array();

	for (size_t i = 0; i < e->notes.n; i++) {
		const struct rq_note *note = &e->notes.v[i];
		json_t *o = json_object();

		json_object_set_new(o, "kind", json_string(rq_note_word(note->kind)));
		json_object_set_new(o, "file", rq_json_text(note->file));
		json_object_set_new(o, "line", json_integer(note->line));
		json_object_set_new(o, "text", rq_json_text(note->text));
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *entry(const struct rq_entry_record *e, const char *branch, bool times)
{
	json_t *o = json_object(), *hunks = json_array();

	json_object_set_new(o, "patch", rq_json_text(e->patch));
	json_object_set_new(o, "outcome", json_string(rq_outcome_word(e->outcome)));
	json_object_set_new(o, "colour", json_string(rq_colour_word(rq_entry_colour(e))));
	json_object_set_new(o, "reviewed", json_boolean(e->reviewed));
	json_object_set_new(o, "commit", rq_json_oid(&e->commit));
	if (!rq_oid_is_zero(&e->change))
		json_object_set_new(o, "change", rq_json_oid(&e->change));
	if (times)
		json_object_set_new(o, "seconds", json_real(e->seconds));
	json_object_set_new(o, "present_hunks", json_integer(e->present_hunks));
	for (size_t i = 0; i < e->hunks.n; i++)
		json_array_append_new(hunks, rq_json_hunk(&e->hunks.v[i], branch));
	json_object_set_new(o, "hunks", hunks);
	if (e->notes.n)
		json_object_set_new(o, "notes", notes(e));
	json_object_set_new(o, "message", rq_json_text(e->message));
	return o;
}

static json_t *counts(const struct rq_branch_record *branch)
{
	json_int_t n[RQ_OUTCOMES] = { 0 };
	json_t *o = json_object();

	for (size_t i = 0; i < branch->entries.n; i++)
		n[branch->entries.v[i].outcome]++;
	for (int i = 0; i < RQ_OUTCOMES; i++)
		json_object_set_new(o, rq_outcome_word(i), json_integer(n[i]));
	return o;
}

static void fill_branch(json_t *o, const struct rq_branch_record *branch, bool times)
{
	json_t *entries = json_array();

	json_object_set_new(o, "branch", rq_json_text(branch->branch));
	json_object_set_new(o, "version", rq_json_text(branch->version));
	json_object_set_new(o, "base", rq_json_oid(&branch->base));
	json_object_set_new(o, "base_tree", rq_json_oid(&branch->base_tree));
	json_object_set_new(o, "head",
			    branch->has_head ? rq_json_oid(&branch->head) : json_null());
	json_object_set_new(o, "tree", rq_json_oid(&branch->tree));
	if (times) {
		json_object_set_new(o, "seconds", json_real(branch->seconds));
		json_object_set_new(o, "reading_seconds", json_real(branch->reading));
		json_object_set_new(o, "kept", json_boolean(branch->kept));
	}
	json_object_set_new(o, "colour",
			    json_string(rq_branch_word(rq_branch_colour(branch))));
	json_object_set_new(o, "counts", counts(branch));
	for (size_t i = 0; i < branch->entries.n; i++)
		json_array_append_new(
			entries, entry(&branch->entries.v[i], branch->branch, times));
	json_object_set_new(o, "entries", entries);
	if (branch->unchecked)
		json_object_set_new(o, "unchecked", rq_json_text(branch->unchecked));
	json_object_set_new(o, "message", rq_json_text(branch->failure));
}

static void dump(struct rq_str *out, json_t *root)
{
	char *s = json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(6));

	rq_str_adds(out, s);
	rq_str_adds(out, "\n");
	free(s);
	json_decref(root);
}

void rq_report_json(struct rq_str *out, const struct rq_record *record)
{
	json_t *root = json_object(), *branches = json_array();

	json_object_set_new(root, "tool", json_string("requilt " RQ_VERSION));
	json_object_set_new(root, "queue", rq_json_text(record->queue));
	for (size_t i = 0; i < record->branches.n; i++) {
		json_t *o = json_object();

		fill_branch(o, &record->branches.v[i], true);
		json_array_append_new(branches, o);
	}
	json_object_set_new(root, "branches", branches);
	dump(out, root);
}

void rq_report_port_json(struct rq_str *out, const char *queue,
			 const struct rq_branch_record *branch, const char *digest,
			 const char *output)
{
	json_t *root = json_object();

	json_object_set_new(root, "tool", json_string("requilt " RQ_VERSION));
	json_object_set_new(root, "queue", rq_json_text(queue));
	json_object_set_new(root, "digest", json_string(digest));
	json_object_set_new(root, "output", json_string(output));
	fill_branch(root, branch, false);
	dump(out, root);
}
