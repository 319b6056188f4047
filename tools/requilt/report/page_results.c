// SPDX-License-Identifier: GPL-2.0-only
/*
 * Joins what `verify --json` printed, here or on other machines, with the ports.  A result counts
 * only for the very commits that it is about; any other is kept as stale, and a run that its
 * environment stopped says nothing about the port.
 */
#include "report/page_internal.h"

#include <stdlib.h>

static json_t *make_message(const json_t *from)
{
	static const char *const keys[] = { "tool",   "object", "file", "line",
					    "column", "kind",	"text", NULL };
	json_t *o = json_object();

	rq_json_pick(o, from, keys);
	json_object_set_new(o, "details", rq_json_strings(from, "details"));
	return o;
}

static json_t *make_entry(const json_t *from)
{
	static const char *const keys[] = { "patch", "verdict", "objects", "vanished",
					    NULL };
	const json_t *failure = json_object_get(from, "failure");
	json_t *o = json_object();

	rq_json_pick(o, from, keys);
	json_object_set_new(o, "new", rq_json_objects(from, "new", make_message));
	json_object_set_new(o, "failure",
			    json_is_object(failure) ? make_message(failure)
						    : json_null());
	return o;
}

static json_t *make_boot(const json_t *from)
{
	json_t *o;

	if (!json_is_object(from))
		return json_null();
	o = json_pack("{ss ss ss}", "base",
		      rq_json_word(json_object_get(from, "base"), "state"), "ported",
		      rq_json_word(json_object_get(from, "ported"), "state"), "tail",
		      rq_json_word(json_object_get(from, "ported"), "tail"));
	json_object_set_new(o, "ok",
			    json_boolean(json_is_true(json_object_get(from, "ok"))));
	json_object_set_new(o, "worse", rq_json_strings(from, "worse"));
	json_object_set_new(o, "failing", rq_json_strings(from, "failing"));
	return o;
}

static json_t *make_result(const char *file, const json_t *root, const json_t *from)
{
	static const char *const keys[] = { "config", "compiler", "sparse", "message",
					    NULL };
	json_t *o = json_object();

	json_object_set_new(o, "file", rq_json_text(file));
	json_object_set_new(o, "stages", rq_json_strings(root, "stages"));
	rq_json_pick(o, from, keys);
	json_object_set_new(o, "unchecked", rq_json_strings(from, "unchecked"));
	json_object_set_new(o, "entries", rq_json_objects(from, "entries", make_entry));
	json_object_set_new(o, "boot", make_boot(json_object_get(from, "boot")));
	return o;
}

static void set_stage(json_t *branch, const char *stage, enum rq_rank rank,
		      const char *word)
{
	json_t *stages = json_object_get(branch, "stages");
	json_t *now = json_object_get(stages, stage);

	if (json_integer_value(json_object_get(now, "rank")) >= rank)
		return;
	json_object_set_new(stages, stage,
			    json_pack("{ss ss si}", "word", word, "colour",
				      rank == RQ_RANK_GOOD  ? "green"
				      : rank == RQ_RANK_BAD ? "red"
							    : "grey",
				      "rank", rank));
}

/* New messages of @tool; *failed: something did not compile. */
static size_t count_new(const json_t *result, const char *tool, bool *failed)
{
	const json_t *entries = json_object_get(result, "entries");
	size_t n = 0;

	for (size_t i = 0; i < json_array_size(entries); i++) {
		const json_t *entry = json_array_get(entries, i);
		const json_t *fresh = json_object_get(entry, "new");

		*failed |= strcmp(rq_json_word(entry, "verdict"), "failed") == 0;
		for (size_t k = 0; k < json_array_size(fresh); k++)
			n += strcmp(rq_json_word(json_array_get(fresh, k), "tool"),
				    tool) == 0;
	}
	return n;
}

/* A base that did not come to the end of its tests, or was not tried, says nothing of the port. */
static bool is_judged(const char *base)
{
	return strcmp(base, rq_boot_word(RQ_BOOT_PASSED)) == 0 ||
	       strcmp(base, rq_boot_word(RQ_BOOT_FAILED)) == 0;
}

static void judge_boot(json_t *branch, const json_t *boot)
{
	const char *base = rq_json_word(boot, "base"),
		   *ported = rq_json_word(boot, "ported");
	enum rq_rank rank =
		json_is_true(json_object_get(boot, "ok")) ? RQ_RANK_GOOD : RQ_RANK_BAD;

	/* Without one: there was nothing to boot, or it did not compile. */
	if (!json_is_object(boot))
		return;
	if (is_judged(base))
		set_stage(branch, "boot", rank, ported);
	else
		set_stage(branch, "boot", RQ_RANK_BROKEN, base);
}

static void judge(json_t *branch, const json_t *result, const char *stage)
{
	bool failed = false;
	size_t fresh;
	char word[32];

	if (strcmp(stage, "boot") == 0) {
		judge_boot(branch, json_object_get(result, "boot"));
		return;
	}
	fresh = count_new(result, strcmp(stage, "build") == 0 ? "compiler" : stage,
			  &failed);
	snprintf(word, sizeof(word), "%zu new", fresh);
	if (failed)
		set_stage(branch, stage, RQ_RANK_BAD, "failed");
	else if (fresh)
		set_stage(branch, stage, RQ_RANK_BAD, word);
	else if (!json_is_string(json_object_get(result, "compiler")))
		set_stage(branch, stage, RQ_RANK_NOTHING, "nothing");
	else
		set_stage(branch, stage, RQ_RANK_GOOD, "ok");
}

static bool same(const json_t *a, const json_t *b, const char *key)
{
	const char *word = rq_json_word(a, key);

	return *word && strcmp(word, rq_json_word(b, key)) == 0;
}

static void join(json_t *branch, const char *file, const json_t *root, const json_t *from)
{
	json_t *result = make_result(file, root, from);
	const json_t *stages = json_object_get(result, "stages");
	bool broken = json_is_string(json_object_get(from, "message"));
	bool current = !broken && !json_is_true(json_object_get(branch, "stale")) &&
		       same(branch, from, "base") && same(branch, from, "head");

	for (size_t i = 0; i < json_array_size(stages); i++) {
		const char *stage = json_string_value(json_array_get(stages, i));

		if (!json_object_get(json_object_get(branch, "stages"), stage))
			continue;
		if (current)
			judge(branch, result, stage);
		else
			set_stage(branch, stage, broken ? RQ_RANK_BROKEN : RQ_RANK_STALE,
				  broken ? "error" : "stale");
	}
	json_object_set_new(result, "current", json_boolean(current));
	json_array_append_new(json_object_get(branch, "results"), result);
}

int rq_page_results(struct rq_page *page, const char *path, const char *file,
		    struct rq_slice text, size_t *taken, struct rq_err *err)
{
	json_error_t why;
	json_t *root = json_loadb(text.p, text.n, 0, &why);
	const json_t *branches = json_object_get(root, "branches");

	if (!root)
		return rq_err_set(err, RQ_EFORMAT, "%s:%d: %s", path,
				  why.line > 0 ? why.line : 1, why.text);
	if (!json_is_array(branches) || !json_is_array(json_object_get(root, "stages"))) {
		json_decref(root);
		return rq_err_set(err, RQ_EFORMAT,
				  "%s: not what 'requilt verify --json' prints", path);
	}
	for (size_t i = 0;
	     same(page->root, root, "queue") && i < json_array_size(branches); i++) {
		const json_t *from = json_array_get(branches, i);
		json_t *branch = rq_page_find(page, rq_json_word(from, "branch"));

		if (branch)
			join(branch, file, root, from);
		*taken += branch != NULL;
	}
	json_decref(root);
	return 0;
}

static bool is_bad(const json_t *branch)
{
	const json_t *stages = json_object_get(branch, "stages");
	bool bad = strcmp(rq_json_word(branch, "word"), "green") != 0;

	for (size_t i = 0; rq_page_stages[i]; i++) {
		const json_t *stage = json_object_get(stages, rq_page_stages[i]);
		json_int_t rank = json_integer_value(json_object_get(stage, "rank"));

		bad |= rank == RQ_RANK_STALE || rank == RQ_RANK_BROKEN ||
		       rank == RQ_RANK_BAD;
	}
	return bad;
}

size_t rq_page_count_bad(const struct rq_page *page)
{
	const json_t *branches = json_object_get(page->root, "branches");
	size_t n = 0;

	for (size_t i = 0; i < json_array_size(branches); i++)
		n += is_bad(json_array_get(branches, i));
	return n;
}
