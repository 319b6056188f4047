// SPDX-License-Identifier: GPL-2.0-only
/*
 * What became of a series on a newer base: for people, and as JSON.
 */
#include <stdlib.h>

#include "report/json_internal.h"
#include "report/report.h"

static enum rq_colour colour_of(const struct rq_rebase_entry *entry)
{
	if (entry->doubtful)
		return RQ_YELLOW;
	switch (entry->word) {
	case RQ_REBASE_CONFLICT:
		return RQ_RED;
	case RQ_REBASE_DROPPED:
		return RQ_GREY;
	default:
		return RQ_GREEN;
	}
}

void rq_report_rebased(FILE *out, const struct rq_rebase *rebase,
		       const struct rq_matrix_options *options)
{
	for (size_t i = 0; i < rebase->entries.n && !options->quiet; i++) {
		const struct rq_rebase_entry *e = &rebase->entries.v[i];

		if (e->word == RQ_REBASE_UNCHANGED && !options->verbose)
			continue;
		fprintf(out, "%s%-9s%s%s ", rq_paint(options->color, colour_of(e)),
			rq_rebased_word(e->word), e->doubtful ? "?" : " ",
			rq_unpaint(options->color));
		rq_put_clean(out, e->patch);
		fputs(e->why ? ": " : "", out);
		rq_put_clean(out, e->why);
		fputc('\n', out);
		if (e->upstream)
			rq_print_clean(out, "%11sthe release has %s%s\n", "", e->upstream,
				       e->word == RQ_REBASE_DROPPED
					       ? ""
					       : "; its text differs here");
	}
	if (rebase->crlf && !options->quiet)
		fprintf(out,
			"series:%ld: lines end in CRLF, which quilt cannot read; the new "
			"series has none\n",
			rebase->crlf);
	rq_print_clean(out, "%s:", rebase->version ? rebase->version : "unknown version");
	for (int i = 0; i < RQ_REBASE_WORDS; i++)
		fprintf(out, "%s %zu %s", i ? "," : "", rebase->counts[i],
			rq_rebased_word(i));
	fputc('\n', out);
}

static json_t *entry(const struct rq_rebase_entry *e)
{
	json_t *o = json_object();

	json_object_set_new(o, "patch", rq_json_text(e->patch));
	json_object_set_new(o, "outcome", json_string(rq_rebased_word(e->word)));
	json_object_set_new(o, "doubtful", json_boolean(e->doubtful));
	json_object_set_new(o, "message", rq_json_text(e->why));
	json_object_set_new(o, "upstream", rq_json_text(e->upstream));
	return o;
}

void rq_report_rebased_json(struct rq_str *out, const struct rq_rebase *rebase,
			    const char *queue, const char *branch)
{
	json_t *o = json_object(), *entries = json_array(), *counts = json_object();
	char *text;

	for (int i = 0; i < RQ_REBASE_WORDS; i++)
		json_object_set_new(counts, rq_rebased_word(i),
				    json_integer((json_int_t)rebase->counts[i]));
	for (size_t i = 0; i < rebase->entries.n; i++)
		json_array_append_new(entries, entry(&rebase->entries.v[i]));
	json_object_set_new(o, "queue", rq_json_text(queue));
	json_object_set_new(o, "branch", rq_json_text(branch));
	json_object_set_new(o, "version", rq_json_text(rebase->version));
	json_object_set_new(o, "base", rq_json_oid(&rebase->base));
	json_object_set_new(o, "counts", counts);
	if (rebase->crlf)
		json_object_set_new(o, "crlf_line", json_integer(rebase->crlf));
	json_object_set_new(o, "entries", entries);
	text = json_dumps(o, JSON_INDENT(2));
	rq_str_addf(out, "%s\n", text);
	free(text);
	json_decref(o);
}
