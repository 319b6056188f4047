// SPDX-License-Identifier: GPL-2.0-only
/*
 * What `requilt audit` prints: for people, for spreadsheets, for machines.
 */
#include "cmd/audit.h"

#include <jansson.h>
#include <stdlib.h>

#include "cmd/cmd.h"
#include "cmd/json.h"
#include "report/json.h"
#include "report/report.h"

static const struct {
	const char *verdict, *word; /* for JSON and CSV, and for people */
	enum rq_colour colour;
} words[] = {
	[RQ_AUDIT_HAS] = { "has", "present", RQ_GREEN },
	[RQ_AUDIT_WORDS] = { "has", "present in other words", RQ_YELLOW },
	[RQ_AUDIT_LIKELY] = { "unlike", "likely there", RQ_YELLOW },
	[RQ_AUDIT_LACKS] = { "lacks", "MISSING", RQ_RED },
	[RQ_AUDIT_UNLIKE] = { "unlike", "reworked", RQ_YELLOW },
	[RQ_AUDIT_NO_FILE] = { "unlike", "no file", RQ_YELLOW },
	[RQ_AUDIT_NOT_AFFECTED] = { "not affected", "not affected", RQ_GREY },
};

const char *rq_audit_word(const struct rq_audited_patch *one)
{
	return one->rc ? "error" : words[one->audit.verdict].word;
}

const char *rq_audit_verdict(const struct rq_audited_patch *one)
{
	return one->rc ? "error" : words[one->audit.verdict].verdict;
}

enum rq_colour rq_audit_colour(const struct rq_audited_patch *one)
{
	return one->rc ? RQ_RED : words[one->audit.verdict].colour;
}

/* "new 5/7, old 0/2; mm/a.c f() line 12": what a reader would look up. */
static void add_evidence(struct rq_str *out, const struct rq_audited_patch *one)
{
	struct rq_audit_text before = { 0 }, after = { 0 };

	if (one->rc) {
		rq_str_adds(out, one->err.msg);
		return;
	}
	if (one->audit.verdict == RQ_AUDIT_HAS)
		return;
	if (one->audit.verdict == RQ_AUDIT_NOT_AFFECTED) {
		rq_str_adds(out, one->causes.n ? "what it fixes is not there"
					       : "by its version alone");
		return;
	}
	if (one->audit.verdict == RQ_AUDIT_LACKS)
		rq_str_addf(out, "%s%s; ", rq_outcome_word(one->audit.placed),
			    one->audit.doubtful ? "?" : "");
	for (size_t i = 0; i < one->audit.places.n; i++)
		rq_audit_add_place(&before, &after, &one->audit.places.v[i]);
	rq_str_addf(out, "new %zu/%zu, old %zu/%zu", after.pairs_there, after.pairs,
		    before.pairs_there, before.pairs);
	for (size_t i = 0; i < one->audit.places.n; i++) {
		const struct rq_audit_place *place = &one->audit.places.v[i];

		if (!place->line || !place->function)
			continue;
		rq_str_addf(out, "; %s:%zu %s", place->file, place->line,
			    place->function);
		return;
	}
}

/* Text and versions disagree: what a vendor wants to see. */
static bool differs(const struct rq_audited_patch *one,
		    const struct rq_audit_claim *claim)
{
	if (one->rc || claim->state == RQ_CVE_UNKNOWN)
		return false;
	switch (one->audit.verdict) {
	case RQ_AUDIT_HAS:
	case RQ_AUDIT_WORDS:
		return claim->state != RQ_CVE_FIXED;
	case RQ_AUDIT_LACKS:
		return claim->state != RQ_CVE_AFFECTED;
	case RQ_AUDIT_NOT_AFFECTED:
		return claim->state == RQ_CVE_AFFECTED;
	default:
		return false;
	}
}

/* Of patch @i; NULL: no record names it. */
static const struct rq_audit_claim *claim_of(const struct rq_audits *audits, size_t i)
{
	return i < audits->claims.n && audits->claims.v[i].words.len
		       ? &audits->claims.v[i]
		       : NULL;
}

static void add_all(struct rq_str *out, const struct rq_audits *audits, size_t i)
{
	const struct rq_audited_patch *one = &audits->v.v[i];
	const struct rq_audit_claim *claim = claim_of(audits, i);

	add_evidence(out, one);
	if (!claim)
		return;
	rq_str_addf(out, "%sversion: %s%s", out->len ? "; " : "", claim->words.s,
		    differs(one, claim) ? " !! differ" : "");
}

static void print_row(const struct rq_audits *audits, size_t i, int width)
{
	const struct rq_audited_patch *one = &audits->v.v[i];
	_cleanup_(rq_str_release) struct rq_str evidence = { 0 };
	bool color = rq_cmd_color();

	add_all(&evidence, audits, i);
	rq_print_clean(stdout, "%-*s  ", width, one->name);
	printf("%s%s%s", rq_paint(color, rq_audit_colour(one)), rq_audit_word(one),
	       rq_unpaint(color));
	rq_print_clean(stdout, "%s%s\n", evidence.len ? ": " : "",
		       evidence.len ? evidence.s : "");
}

static void print_csv_field(const char *text, bool last)
{
	putchar('"');
	for (; *text; text++) {
		if (*text == '"')
			putchar('"');
		putchar((unsigned char)*text < 0x20 ? ' ' : *text);
	}
	printf("\"%s", last ? "\n" : ",");
}

static void print_csv(const struct rq_audits *audits, size_t i)
{
	const struct rq_audited_patch *one = &audits->v.v[i];
	_cleanup_(rq_str_release) struct rq_str evidence = { 0 };

	add_all(&evidence, audits, i);
	print_csv_field(one->name, false);
	print_csv_field(one->rc ? "error" : words[one->audit.verdict].verdict, false);
	print_csv_field(rq_audit_word(one), false);
	print_csv_field(evidence.len ? evidence.s : "", true);
}

static json_t *text_json(const struct rq_audit_text *text)
{
	return json_pack("{sI sI sI sI}", "lines", (json_int_t)text->lines, "lines_there",
			 (json_int_t)text->lines_there, "pairs", (json_int_t)text->pairs,
			 "pairs_there", (json_int_t)text->pairs_there);
}

static json_t *claim_json(const struct rq_audited_patch *one,
			  const struct rq_audit_claim *claim)
{
	static const char *const states[] = { [RQ_CVE_UNKNOWN] = "unknown",
					      [RQ_CVE_NOT_AFFECTED] = "not affected",
					      [RQ_CVE_AFFECTED] = "affected",
					      [RQ_CVE_FIXED] = "fixed" };

	return json_pack("{ss so sb sb}", "state", states[claim->state], "words",
			 rq_json_text(claim->words.s), "differs", differs(one, claim),
			 "alone", claim->alone);
}

static json_t *row_json(const struct rq_audits *audits, size_t n)
{
	const struct rq_audited_patch *one = &audits->v.v[n];
	const struct rq_audit_claim *claim = claim_of(audits, n);

	json_t *row = json_pack("{so ss ss}", "patch", rq_json_text(one->name), "verdict",
				one->rc ? "error" : words[one->audit.verdict].verdict,
				"word", rq_audit_word(one));
	json_t *places = json_array();

	if (one->rc)
		json_object_set_new(row, "message", rq_json_text(one->err.msg));
	else
		json_object_set_new(row, "placed",
				    json_string(rq_outcome_word(one->audit.placed)));
	for (size_t i = 0; i < one->audit.places.n; i++) {
		const struct rq_audit_place *place = &one->audit.places.v[i];

		json_array_append_new(
			places,
			json_pack("{so so* sI so so}", "file", rq_json_text(place->file),
				  "function",
				  place->function ? rq_json_text(place->function) : NULL,
				  "line", (json_int_t)place->line, "new",
				  text_json(&place->after), "old",
				  text_json(&place->before)));
	}
	json_object_set_new(row, "places", places);
	if (claim)
		json_object_set_new(row, "version", claim_json(one, claim));
	return row;
}

bool rq_audit_is_missing(const struct rq_audited_patch *one)
{
	return !one->rc && one->audit.verdict == RQ_AUDIT_LACKS;
}

void rq_audits_print_lacking(const struct rq_audits *audits)
{
	for (size_t i = 0; i < audits->v.n; i++)
		if (rq_audit_is_missing(&audits->v.v[i]))
			rq_print_clean(stdout, "%s\n",
				       audits->v.v[i].path ? audits->v.v[i].path
							   : audits->v.v[i].name);
}

void rq_audits_print_json(const struct rq_audits *audits)
{
	json_t *list = json_array();

	for (size_t i = 0; i < audits->v.n; i++)
		json_array_append_new(list, row_json(audits, i));
	rq_cmd_put_json_value(list);
}

void rq_audits_print_table(const struct rq_audits *audits, bool csv)
{
	size_t width = 0;

	for (size_t i = 0; i < audits->v.n; i++) {
		size_t n = strlen(audits->v.v[i].name);

		width = n > width ? n : width;
	}
	if (csv)
		puts("patch,verdict,word,evidence");
	for (size_t i = 0; i < audits->v.n; i++)
		if (csv)
			print_csv(audits, i);
		else
			print_row(audits, i, (int)width);
}
