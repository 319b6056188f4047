// SPDX-License-Identifier: GPL-2.0-only
/*
 * The matrix as JUnit XML, which CI services draw.  A failure is of a patch or the kernel; what the
 * environment stopped is an error, and what was not done or is not current is skipped, never passed.
 */
#include "report/page_internal.h"

struct counts {
	int tests, failures, errors, skipped;
};

/* The whole document. */
struct junit {
	struct rq_str *out;
	bool strict; /* yellow is a failure */
	int judged;  /* cases that are not skipped */
};

static bool is_plain(unsigned char c)
{
	return !strchr("<>&\"'", c);
}

static void put(struct rq_str *out, const char *s)
{
	rq_page_escape(out, s, is_plain);
}

/* @how: "failure", "error", "skipped", "system-out" of what is yellow, or NULL where all is well. */
static void put_case(struct rq_str *out, struct counts *counts, const char *branch,
		     const char *stage, const char *name, const char *how,
		     const char *message)
{
	rq_str_adds(out, "    <testcase classname=\"");
	put(out, branch);
	rq_str_addf(out, ".%s\" name=\"", stage);
	put(out, name);
	rq_str_adds(out, "\"");
	counts->tests++;
	if (!how) {
		rq_str_adds(out, "/>\n");
		return;
	}
	counts->failures += strcmp(how, "failure") == 0;
	counts->errors += strcmp(how, "error") == 0;
	counts->skipped += strcmp(how, "skipped") == 0;
	if (strcmp(how, "system-out") == 0) {
		rq_str_adds(out, "><system-out>");
		put(out, message);
		rq_str_adds(out, "</system-out></testcase>\n");
		return;
	}
	rq_str_addf(out, "><%s message=\"", how);
	put(out, message);
	rq_str_adds(out, "\"/></testcase>\n");
}

/* How a case of an entry of that colour ends; grey was not done. */
static const char *how_of_entry(const char *colour, bool strict)
{
	if (strcmp(colour, "green") == 0)
		return NULL;
	if (strcmp(colour, "grey") == 0)
		return "skipped";
	return strcmp(colour, "yellow") == 0 && !strict ? "system-out" : "failure";
}

static void put_port(const struct junit *junit, struct rq_str *out, struct counts *counts,
		     const json_t *branch)
{
	const json_t *entries = json_object_get(branch, "entries");
	const char *name = rq_json_word(branch, "branch");
	bool stale = json_is_true(json_object_get(branch, "stale"));

	if (stale || !json_array_size(entries))
		put_case(out, counts, name, "port", "port", "skipped",
			 rq_json_word(branch, "word"));
	for (size_t i = 0; i < json_array_size(entries) && !stale; i++) {
		const json_t *entry = json_array_get(entries, i);
		const char *colour = rq_json_word(entry, "colour");
		bool yellow = strcmp(colour, "yellow") == 0;
		_cleanup_free_ char *why = rq_xasprintf(
			"%s%s: %s", yellow ? "yellow: " : "",
			rq_json_word(entry, "outcome"), rq_json_word(entry, "message"));

		put_case(out, counts, name, "port", rq_json_word(entry, "patch"),
			 how_of_entry(colour, junit->strict), why);
	}
}

static const char *how_of(const json_t *stage)
{
	const char *colour = rq_json_word(stage, "colour");

	if (strcmp(colour, "green") == 0)
		return NULL;
	if (strcmp(colour, "red") == 0)
		return "failure";
	return json_integer_value(json_object_get(stage, "rank")) == RQ_RANK_BROKEN
		       ? "error"
		       : "skipped";
}

/* What boots made worse, the first of it. */
static const char *first_worse(const json_t *branch)
{
	const json_t *results = json_object_get(branch, "results");

	for (size_t i = 0; i < json_array_size(results); i++) {
		const json_t *result = json_array_get(results, i);
		const json_t *worse =
			json_object_get(json_object_get(result, "boot"), "worse");

		if (json_is_true(json_object_get(result, "current")) &&
		    json_array_size(worse))
			return json_string_value(json_array_get(worse, 0));
	}
	return NULL;
}

static void put_branch(struct junit *junit, const json_t *branch)
{
	struct rq_str *out = junit->out;
	const json_t *stages = json_object_get(branch, "stages");
	const char *name = rq_json_word(branch, "branch");
	struct counts counts = { 0 };
	struct rq_str cases = { 0 };

	put_port(junit, &cases, &counts, branch);
	for (size_t i = 0; rq_page_stages[i]; i++) {
		const char *stage = rq_page_stages[i];
		const json_t *done = json_object_get(stages, stage);
		const char *worse = strcmp(stage, "boot") ? NULL : first_worse(branch);

		put_case(&cases, &counts, name, stage, stage, how_of(done),
			 worse ? worse : rq_json_word(done, "word"));
	}
	junit->judged += counts.tests - counts.skipped;
	rq_str_adds(out, "  <testsuite name=\"");
	put(out, name);
	rq_str_addf(out,
		    "\" tests=\"%d\" failures=\"%d\" errors=\"%d\" skipped=\"%d\">\n",
		    counts.tests, counts.failures, counts.errors, counts.skipped);
	rq_str_add_slice(out, rq_str_slice(&cases));
	rq_str_adds(out, "  </testsuite>\n");
	rq_str_release(&cases);
}

bool rq_page_junit(struct rq_str *out, const struct rq_page *page, bool strict)
{
	struct junit junit = { .out = out, .strict = strict };
	const json_t *branches = json_object_get(page->root, "branches");

	rq_str_adds(out,
		    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"");
	put(out, rq_json_word(page->root, "queue"));
	rq_str_adds(out, "\">\n");
	for (size_t i = 0; i < json_array_size(branches); i++)
		put_branch(&junit, json_array_get(branches, i));
	rq_str_adds(out, "</testsuites>\n");
	return junit.judged;
}
