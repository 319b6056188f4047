// SPDX-License-Identifier: GPL-2.0-only
/*
 * A hunk's line for people, and what may help where it is a conflict.
 */
#include "report/report_internal.h"

#include <stdlib.h>

#include "util/clean.h"

#define INDENT 4
#define FURTHER 8

void rq_put_hunk(FILE *out, const struct rq_hunk_record *hunk, const char *rung,
		 const char *sentence, bool place)
{
	char *line = NULL;
	size_t n;
	FILE *text = open_memstream(&line, &n);

	fprintf(text, "%*s", INDENT, "");
	rq_put_clean(text, hunk->file);
	if (hunk->hunk)
		fprintf(text, " hunk %ld", hunk->hunk);
	fputs(": ", text);
	rq_put_clean(text, rung);
	if (place && hunk->line)
		fprintf(text, ", line %ld", hunk->line);
	if (place && hunk->offset)
		fprintf(text, " (%+ld)", hunk->offset);
	if (sentence && *sentence) {
		fputs(": ", text);
		rq_put_clean(text, sentence);
	}
	fclose(text);
	rq_put_folded(out, line, FURTHER);
	free(line);
}

void rq_put_source(FILE *out, const struct rq_hunk_record *hunks, size_t n)
{
	const struct rq_hunk_record *of = NULL;
	char *line = NULL;
	size_t size;
	FILE *text;

	for (size_t i = 0; i < n && (!of || !of->blob); i++)
		if (hunks[i].wants_source && (!of || hunks[i].blob))
			of = &hunks[i];
	if (!of)
		return;
	text = open_memstream(&line, &size);
	fprintf(text,
		"%*sa source tree may help: set source = in branches.conf (of apply: "
		"--source) to the tree that the patch was made for",
		INDENT, "");
	if (of->blob) {
		fputs("; in it ", text);
		rq_put_clean(text, of->file);
		fputs(" is blob ", text);
		rq_put_clean(text, of->blob);
	}
	fclose(text);
	rq_put_folded(out, line, FURTHER);
	free(line);
}

void rq_report_conflicts(FILE *out, const struct rq_entry_record *entry,
			 const char *branch, bool color)
{
	for (size_t i = 0; i < entry->hunks.n; i++) {
		const struct rq_hunk_record *hunk = &entry->hunks.v[i];
		struct rq_str sentence = { 0 };

		if (hunk->rung != RQ_CONFLICT)
			continue;
		rq_hunk_print(&sentence, hunk, branch);
		rq_put_hunk(out, hunk, rq_outcome_word(hunk->rung), sentence.s, false);
		rq_put_beside(out, &hunk->beside, color);
		rq_put_offers(out, hunk, color);
		rq_str_release(&sentence);
	}
	rq_put_source(out, entry->hunks.v, entry->hunks.n);
}
