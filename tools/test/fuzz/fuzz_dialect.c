// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any patch in the words of each dialect, as a file and as a mail: it stays the same patch.
 */
#include "fuzz.h"

#include "emit/dialect.h"
#include "emit/emit.h"
#include "resolve/change.h"

#define PORTER "P Orter <porter@example.org>"

static void tell_breach(const char *rule, long line, const char *what, void *ctx)
{
	(void)ctx;
	must(rule && what && line >= 0);
	tell("  %s, line %ld: %s\n", rule, line, what);
}

static struct rq_patch *same_patch(const struct rq_patch *patch,
				   const struct rq_str *bytes)
{
	struct rq_patch *again = NULL;
	struct rq_oid one, other;
	struct rq_err err;

	if (rq_patch_parse_copy(&again, "again", rq_str_slice(bytes), &RQ_PATCH_DEFAULTS,
				&err))
		return NULL;
	rq_change_of(&one, patch);
	rq_change_of(&other, again);
	must(rq_oid_eq(&one, &other));
	return again;
}

static void check_file(const struct rq_patch *patch,
		       const struct rq_export_options *options)
{
	struct rq_str bytes = { 0 };
	struct rq_started started;
	struct rq_patch *again;

	rq_emit_dialect(&bytes, patch, options, &started);
	again = same_patch(patch, &bytes);
	tell_text("head", again ? again->head : rq_str_slice(&bytes));
	rq_patch_free(again);
	rq_str_release(&bytes);
}

/* The version of the program stands at the end, in base64 too. */
static struct rq_slice without_version(struct rq_slice mail)
{
	const char *end = memmem(mail.p, mail.n, "requilt " RQ_VERSION,
				 strlen("requilt " RQ_VERSION));

	if (!end)
		end = mail.p + (mail.n < 400 ? mail.n : 400);
	return (struct rq_slice){ mail.p, (size_t)(end - mail.p) };
}

static void check_mail(const struct rq_patch *patch,
		       const struct rq_export_options *options)
{
	struct rq_str bytes = { 0 };
	struct rq_err err = { 0 };
	int rc = rq_emit_mail(&bytes, patch, options, &err);

	must(rc == 0 || rc == RQ_EQUEUE || rc == RQ_EFORMAT);
	must((rc == RQ_EFORMAT) == !!memchr(patch->head.p, '\0', patch->head.n));
	if (rc)
		tell("  %s\n", err.msg);
	else
		tell_text("mail", without_version(rq_str_slice(&bytes)));
	rq_str_release(&bytes);
}

static void check(const struct rq_patch *patch, const char *name)
{
	static const struct rq_oid base = { { 1 } };
	const struct rq_dialect *dialect = name ? rq_dialect_find(name) : NULL;
	const struct rq_export_options plain = { .dialect = dialect };
	const struct rq_export_options first = { .dialect = dialect,
						 .porter = PORTER,
						 .sign_off = true,
						 .prefix = "6.1.y",
						 .number = 1,
						 .total = 12,
						 .base = &base };
	const struct rq_export_options alone = { .dialect = dialect,
						 .prefix = "suse",
						 .number = 2,
						 .total = 2,
						 .base = &base };
	struct rq_facts facts;

	must(!name || dialect);
	tell(" %s\n", or_none(name));
	rq_facts_read(&facts, patch);
	rq_dialect_lint(dialect, &facts, tell_breach, NULL);
	rq_facts_release(&facts);
	check_file(patch, name ? &first : &plain);
	if (!name)
		check_mail(patch, &first);
	else if (strcmp(name, "suse") == 0)
		check_mail(patch, &alone);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { NULL, "stable", "dep3", "suse", "yocto" };
	struct rq_patch *patch = NULL;
	struct rq_err err;

	if (rq_patch_parse_copy(&patch, "input", input_of(data, size), &RQ_PATCH_DEFAULTS,
				&err))
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		check(patch, names[i]);
	rq_patch_free(patch);
	return 0;
}
