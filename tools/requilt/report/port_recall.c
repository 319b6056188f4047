// SPDX-License-Identifier: GPL-2.0-only
/*
 * The record of a branch read back from port.json.  What is missing or mistyped makes it no record.
 */
#include "report/report.h"

#include "report/json_internal.h"

static const char *note_word(int kind)
{
	return rq_note_word((enum rq_note_kind)kind);
}

static bool take_oid(struct rq_oid *out, const json_t *from, const char *key)
{
	const char *hex = rq_json_word(from, key);
	struct rq_err ignored;

	*out = (struct rq_oid){ 0 };
	return !*hex || rq_oid_parse(out, hex, &ignored) == 0;
}

static bool take_note(struct rq_note *note, const json_t *from)
{
	int kind;
	bool good = rq_json_take_word(&kind, from, "kind", RQ_NOTES, note_word);

	note->kind = (enum rq_note_kind)kind;
	note->file = rq_xstrdup(rq_json_word(from, "file"));
	note->line = rq_json_take_number(from, "line");
	note->text = rq_xstrdup(rq_json_word(from, "text"));
	return good;
}

static bool take_entry(struct rq_entry_record *entry, const json_t *from)
{
	const json_t *hunks = json_object_get(from, "hunks"),
		     *notes = json_object_get(from, "notes");
	const char *colour = rq_json_word(from, "colour");
	int outcome;
	bool good = rq_json_take_outcome(&outcome, from, "outcome") &&
		    take_oid(&entry->commit, from, "commit") &&
		    take_oid(&entry->change, from, "change");

	entry->outcome = (enum rq_outcome)outcome;
	entry->allowed = entry->outcome == RQ_EMPTY &&
			 strcmp(colour, rq_colour_word(RQ_GREY)) == 0;
	entry->reviewed = json_is_true(json_object_get(from, "reviewed"));
	entry->present_hunks = rq_json_take_number(from, "present_hunks");
	for (size_t i = 0; i < json_array_size(hunks); i++) {
		struct rq_hunk_record *hunk = rq_vec_push(&entry->hunks);

		good = rq_json_take_hunk(hunk, json_array_get(hunks, i)) && good;
		entry->doubtful |= hunk->doubtful;
	}
	for (size_t i = 0; i < json_array_size(notes); i++)
		good = take_note(rq_vec_push(&entry->notes), json_array_get(notes, i)) &&
		       good;
	entry->message = rq_json_take_text(from, "message");
	return good;
}

bool rq_report_port_recall(struct rq_branch_record *branch, struct rq_slice text)
{
	json_t *root = json_loadb(text.p, text.n, 0, NULL);
	const json_t *entries = json_object_get(root, "entries");
	bool good = json_is_array(entries) && take_oid(&branch->head, root, "head") &&
		    take_oid(&branch->tree, root, "tree");

	branch->kept = true;
	branch->unchecked = rq_json_take_text(root, "unchecked");
	branch->has_head = good && !rq_oid_is_zero(&branch->head);
	for (size_t i = 0; i < json_array_size(entries) && good; i++) {
		const json_t *one = json_array_get(entries, i);

		good = take_entry(rq_record_entry(branch, rq_json_word(one, "patch")),
				  one);
	}
	json_decref(root);
	return good && branch->has_head;
}
