// SPDX-License-Identifier: GPL-2.0-only
/*
 * What verify found, for people.  New messages read as 0-day's mails do: ">>" in front.  Says
 * the same thing once, however many objects a header goes into; without -v two runs that found
 * the same print the same.
 */
#include "report/report_internal.h"

#include <stdlib.h>

static const char *paint(const struct rq_verified_options *options,
			 enum rq_verdict verdict)
{
	bool bad = verdict == RQ_VERDICT_WARNINGS || verdict == RQ_VERDICT_FAILED;

	return rq_paint(options->color, verdict == RQ_VERDICT_OK ? RQ_GREEN
					: bad			 ? RQ_RED
								 : RQ_GREY);
}

static void put_place(FILE *out, const struct rq_diag *diag)
{
	if (diag->file[0])
		rq_put_clean(out, diag->file);
	else
		rq_put_clean(out, diag->object[0] ? diag->object : "make");
	if (diag->line)
		fprintf(out, ":%ld", diag->line);
	if (diag->column)
		fprintf(out, ":%ld", diag->column);
	fputs(": ", out);
}

static bool same(const struct rq_diag *a, const struct rq_diag *b)
{
	return a->tool == b->tool && a->line == b->line && a->column == b->column &&
	       strcmp(a->file, b->file) == 0 && strcmp(a->text, b->text) == 0;
}

static bool was_told(const struct rq_diags *diags, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (same(&diags->v.v[k], &diags->v.v[i]))
			return true;
	return false;
}

static size_t count_like(const struct rq_diags *diags, size_t i)
{
	size_t n = 0;

	for (size_t k = i; k < diags->v.n; k++)
		n += same(&diags->v.v[k], &diags->v.v[i]);
	return n;
}

/* sparse's own words are "sparse: warning: ..."; 0-day writes "sparse: sparse: ...". */
static void put_new(FILE *out, const struct rq_diags *diags, size_t i)
{
	const struct rq_diag *diag = &diags->v.v[i];
	bool sparse = diag->tool == RQ_DIAG_SPARSE;
	size_t n = count_like(diags, i);

	fputs(">> ", out);
	put_place(out, diag);
	fputs(sparse ? "sparse: sparse: " : "warning: ", out);
	rq_put_clean(out, diag->text);
	if (n > 1)
		fprintf(out, " (in %zu objects)", n);
	fputc('\n', out);
	for (size_t k = 0; k < diag->details.n; k++) {
		fputs("   ", out);
		put_place(out, diag);
		fputs("sparse: ", out);
		rq_put_clean(out, diag->details.v[k]);
		fputc('\n', out);
	}
}

static void put_fresh(FILE *out, const struct rq_verified_entry *entry,
		      enum rq_diag_tool tool, const char *title)
{
	bool first = true;

	for (size_t i = 0; i < entry->fresh.v.n; i++) {
		if (entry->fresh.v.v[i].tool != tool || was_told(&entry->fresh, i))
			continue;
		if (first)
			fprintf(out, "%s warnings: (new ones prefixed by >>)\n", title);
		first = false;
		put_new(out, &entry->fresh, i);
	}
}

/* 0-day tells how to see for oneself, and so do we. */
static void put_recipe(FILE *out, const struct rq_verified_entry *entry)
{
	char hex[RQ_OID_HEX + 1];

	for (size_t i = 0; i < entry->fresh.v.n; i++) {
		const struct rq_diag *diag = &entry->fresh.v.v[i];

		if (diag->tool != RQ_DIAG_SPARSE)
			continue;
		fprintf(out, "   (commit %.12s, make C=2 CHECK=sparse CF='%s' ",
			rq_oid_hex(hex, &entry->commit), RQ_SPARSE_FLAGS);
		rq_put_clean(out, diag->object);
		fputs(")\n", out);
		return;
	}
}

static void put_off(FILE *out, const struct rq_verified_entry *entry)
{
	if (!entry->off.v.n)
		return;
	fputs("    not built with this configuration:", out);
	for (size_t i = 0; i < entry->off.v.n; i++) {
		fputs(i ? ", " : " ", out);
		rq_put_clean(out, entry->off.v.v[i]);
	}
	fputc('\n', out);
}

static void put_entry(FILE *out, const struct rq_verified_entry *entry, int width,
		      const struct rq_verified_options *options)
{
	fprintf(out, "  %-*s ", width, entry->patch);
	if (entry->objects)
		fprintf(out, "%4zu", entry->objects);
	else
		fputs("   -", out);
	fprintf(out, "  %s%s%s", paint(options, entry->verdict),
		rq_oid_is_zero(&entry->commit) ? "not applied"
					       : rq_verdict_word(entry->verdict),
		rq_unpaint(options->color));
	if (entry->vanished)
		fprintf(out, ", %zu gone", entry->vanished);
	if (options->verbose && entry->seconds > 0)
		fprintf(out, ", %.1f s", entry->seconds);
	fputc('\n', out);
	put_off(out, entry);
	if (entry->failure) {
		fputs("    ", out);
		put_place(out, entry->failure);
		if (entry->failure->line)
			fputs("error: ", out);
		rq_put_clean(out, entry->failure->text);
		fputc('\n', out);
	}
	put_fresh(out, entry, RQ_DIAG_COMPILER, "compiler");
	put_fresh(out, entry, RQ_DIAG_SPARSE, "sparse");
	put_recipe(out, entry);
}

/* The file in "mm/memory.c: zap_pte_range()"; all of what names no function. */
static size_t file_part(const char *unchecked)
{
	const char *colon = strstr(unchecked, ": ");

	return colon ? (size_t)(colon - unchecked) : strlen(unchecked);
}

/* A line a file; they come sorted. */
static void put_unchecked(FILE *out, const struct rq_verified_branch *branch)
{
	for (size_t i = 0; i < branch->unchecked.v.n; i++) {
		const char *one = branch->unchecked.v.v[i];
		size_t n = file_part(one);
		bool more = i && file_part(branch->unchecked.v.v[i - 1]) == n &&
			    memcmp(branch->unchecked.v.v[i - 1], one, n) == 0;

		if (!more)
			fprintf(out, "%s  sparse fails on the base, unchecked: ",
				i ? "\n" : "");
		rq_put_clean(out, more ? ", " : "");
		rq_put_clean(out, more ? one + n + 2 : one);
	}
	if (branch->unchecked.v.n)
		fputc('\n', out);
}

static void put_title(FILE *out, const struct rq_verified_branch *branch)
{
	fprintf(out, "%s %s: %s", branch->branch, branch->version ? branch->version : "-",
		branch->config ? branch->config : "-");
	if (branch->compiler)
		rq_print_clean(out, ", %s", branch->compiler);
	if (branch->checker)
		rq_print_clean(out, ", sparse %s", branch->checker);
	fputc('\n', out);
}

/* The first entry with the worst verdict; NULL when all is well. */
static const struct rq_verified_entry *culprit(const struct rq_verified_branch *branch,
					       enum rq_verdict verdict)
{
	for (size_t i = 0; i < branch->entries.n; i++)
		if (branch->entries.v[i].verdict == verdict)
			return &branch->entries.v[i];
	return NULL;
}

static void put_summary(FILE *out, const struct rq_verified_branch *branch,
			const struct rq_verified_options *options)
{
	enum rq_verdict verdict = rq_verified_verdict(branch);
	const struct rq_verified_entry *entry = culprit(branch, verdict);

	fprintf(out, "%s: %s", branch->branch, paint(options, verdict));
	if (branch->failure)
		rq_put_clean(out, branch->failure);
	else if (branch->boot && !rq_booted_well(branch->boot))
		rq_print_clean(out, "boot: %s",
			       branch->boot->worse.v.n
				       ? branch->boot->worse.v.v[0]
				       : rq_boot_word(branch->boot->base.state));
	else if (!branch->compiler && branch->boot)
		fputs("ok", out);
	else if (!branch->compiler)
		fputs("nothing of the queue is applied here, nothing to compile", out);
	else if (verdict == RQ_VERDICT_FAILED)
		fprintf(out, "does not compile: %s", entry->patch);
	else if (verdict == RQ_VERDICT_WARNINGS)
		fprintf(out, "new warnings, first with %s", entry->patch);
	else
		fputs(branch->kept && options->verbose ? "ok, kept from an earlier run"
						       : "ok",
		      out);
	fprintf(out, "%s\n", rq_unpaint(options->color));
}

static int widest(const struct rq_verified_branch *branch)
{
	size_t widest = 0;

	for (size_t i = 0; i < branch->entries.n; i++) {
		size_t n = strlen(branch->entries.v[i].patch);

		widest = n > widest ? n : widest;
	}
	return (int)widest;
}

void rq_report_verified(FILE *out, const struct rq_verified_branch *branch,
			const struct rq_verified_options *options)
{
	int width = widest(branch);
	bool has_end = false;

	if (branch->compiler && !branch->failure && !options->quiet) {
		const struct rq_verified_entry *end =
			&branch->entries.v[branch->entries.n - 1];

		/* With "ported" at the end only those to blame were looked at. */
		has_end = strcmp(end->patch, "ported") == 0;
		put_title(out, branch);
		for (size_t i = 0; i < branch->entries.n; i++) {
			const struct rq_verified_entry *entry = &branch->entries.v[i];

			if (!has_end || (entry->verdict != RQ_VERDICT_UNSEEN &&
					 entry->verdict != RQ_VERDICT_IDLE))
				put_entry(out, entry, width, options);
		}
		put_unchecked(out, branch);
	}
	if (branch->boot && !branch->failure && !options->quiet) {
		if (!branch->compiler)
			put_title(out, branch);
		rq_report_booted(out, branch->boot, options->verbose);
	}
	put_summary(out, branch, options);
}
