// SPDX-License-Identifier: GPL-2.0-only
/*
 * What booting found, for people.
 */
#include "report/report_internal.h"

static void put_counts(FILE *out, const struct rq_boot_run *run)
{
	size_t good = 0, skipped = 0;

	for (size_t i = 0; i < run->tests.n; i++) {
		good += run->tests.v[i].ok;
		skipped += run->tests.v[i].skipped;
	}
	fprintf(out, ", %zu of %zu tests ok", good, run->tests.n);
	if (good < run->tests.n)
		fprintf(out, ", %zu failed, %zu skipped", run->tests.n - good - skipped,
			skipped);
}

/* Consoles may hold anything. */
static void put(FILE *out, const char *before, const char *s)
{
	fputs(before, out);
	rq_put_clean(out, s);
	fputc('\n', out);
}

static void put_run(FILE *out, const char *name, const struct rq_boot_run *run,
		    bool verbose)
{
	if (run->state == RQ_BOOT_NONE)
		return;
	fprintf(out, "  boot %s: %s", name, rq_boot_word(run->state));
	if (run->tests.n)
		put_counts(out, run);
	if (verbose && run->seconds > 0)
		fprintf(out, ", %.1f s", run->seconds);
	fputc('\n', out);
	if (run->why)
		put(out, "    ", run->why);
	if (run->log && (verbose || run->state != RQ_BOOT_PASSED))
		put(out, "    console: ", run->log);
}

void rq_report_booted(FILE *out, const struct rq_booted *booted, bool verbose)
{
	fprintf(out, "  boot: %s, %s\n", booted->config,
		booted->machine ? booted->machine : "no qemu");
	if (booted->note)
		put(out, "    note: ", booted->note);
	put_run(out, "base", &booted->base, verbose);
	for (size_t i = 0; i < booted->failing.v.n; i++)
		put(out, "    fails on the base: ", booted->failing.v.v[i]);
	for (size_t i = 0; i < booted->stale.v.n; i++)
		put(out, "    known to fail on the base, and does not: ",
		    booted->stale.v.v[i]);
	for (size_t i = 0; i < booted->base.complaints.v.n; i++)
		put(out, "    the base says: ", booted->base.complaints.v.v[i]);
	put_run(out, "ported", &booted->ported, verbose);
	for (size_t i = 0; i < booted->worse.v.n; i++)
		put(out, ">>  ", booted->worse.v.v[i]);
}
