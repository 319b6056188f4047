// SPDX-License-Identifier: GPL-2.0-only
/*
 * A kept result read back.  Only good ones are kept, so there are no messages to read; what does
 * not match the work at hand in any way is no result.
 */
#include "report/report.h"

#include "report/json_internal.h"

/* The words that a good result can have; RQ_VERDICTS for any other. */
static enum rq_verdict verdict_of(const json_t *entry)
{
	static const enum rq_verdict good[] = { RQ_VERDICT_OK, RQ_VERDICT_IDLE,
						RQ_VERDICT_UNSEEN };

	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		if (strcmp(rq_json_word(entry, "verdict"), rq_json_verdict(good[i])) == 0)
			return good[i];
	return RQ_VERDICTS;
}

static bool matches(const json_t *entries, const struct rq_verified_branch *branch,
		    size_t extra)
{
	if (json_array_size(entries) != branch->entries.n + extra)
		return false;
	for (size_t i = 0; i < json_array_size(entries); i++) {
		const json_t *one = json_array_get(entries, i);
		const char *patch =
			i < branch->entries.n ? branch->entries.v[i].patch : "ported";

		if (strcmp(rq_json_word(one, "patch"), patch) != 0 ||
		    json_array_size(json_object_get(one, "new")) > 0 ||
		    !json_is_integer(json_object_get(one, "objects")) ||
		    verdict_of(one) == RQ_VERDICTS)
			return false;
	}
	return true;
}

static void take_names(struct rq_names *out, const json_t *from, const char *key)
{
	const json_t *list = json_object_get(from, key);

	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *word = json_string_value(json_array_get(list, i));

		if (word)
			rq_names_add(out, rq_slice_of(word));
	}
}

static void take(struct rq_verified_entry *entry, const json_t *from)
{
	entry->verdict = verdict_of(from);
	entry->objects = (size_t)json_integer_value(json_object_get(from, "objects"));
	entry->vanished = (size_t)json_integer_value(json_object_get(from, "vanished"));
	entry->seconds = json_real_value(json_object_get(from, "seconds"));
	take_names(&entry->off, from, "not_built");
}

bool rq_report_verified_recall(struct rq_verified_branch *branch, bool ported,
			       struct rq_slice text)
{
	json_t *root = json_loadb(text.p, text.n, 0, NULL);
	const json_t *from = json_array_get(json_object_get(root, "branches"), 0);
	const json_t *entries = json_object_get(from, "entries");
	bool good = strcmp(rq_json_word(from, "verdict"),
			   rq_verdict_word(RQ_VERDICT_OK)) == 0 &&
		    matches(entries, branch, ported);

	if (good && ported) {
		struct rq_verified_entry *end = rq_vec_push(&branch->entries);

		end->patch = rq_xstrdup("ported");
		end->commit = branch->head;
	}
	for (size_t i = 0; good && i < branch->entries.n; i++)
		take(&branch->entries.v[i], json_array_get(entries, i));
	if (good)
		take_names(&branch->unchecked, from, "unchecked");
	branch->kept = good;
	json_decref(root);
	return good;
}
