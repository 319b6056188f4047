// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of dialects, and the rules that hold in all of them.
 */
#include "emit/dialect.h"

#include <ctype.h>

#include "emit/dialect_internal.h"

bool rq_facts_has(const struct rq_facts *facts, const char *name)
{
	struct rq_head_value value;

	return rq_facts_value(&value, facts, name);
}

void rq_lint_report(const struct rq_lint *lint, long line, const char *what)
{
	lint->each(lint->rule, lint->facts->patch->head_line + (line ? line : 1), what,
		   lint->ctx);
}

bool rq_is_commit_id(struct rq_slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (!isxdigit((unsigned char)text.p[i]))
			return false;
	}
	return text.n == RQ_OID_HEX;
}

static void check_subject(const struct rq_lint *lint)
{
	if (!lint->facts->header.subject)
		rq_lint_report(lint, 0, "no subject; a title of one line comes first");
}

static void check_author(const struct rq_lint *lint)
{
	if (!lint->facts->header.author_email)
		rq_lint_report(lint, 0,
			       "no author; say who wrote it: From: A Name <address>");
}

static int check_signer(struct rq_slice value, long line, void *ctx, struct rq_err *err)
{
	const struct rq_lint *lint = ctx;
	const char *open = memchr(value.p, '<', value.n);

	(void)err;
	if (!open || open == value.p || !memchr(open, '@', value.p + value.n - open) ||
	    !memchr(open, '>', value.p + value.n - open))
		rq_lint_report(lint, line,
			       "is no name with an address: A Name <address>");
	return 0;
}

static void check_signed(const struct rq_lint *lint)
{
	struct rq_err ignored;

	if (!rq_facts_has(lint->facts, "Signed-off-by"))
		rq_lint_report(
			lint, 0,
			"nobody signed it off; its author and who passes it on do");
	else
		rq_head_each(lint->facts->patch->head, "Signed-off-by", check_signer,
			     (void *)lint, &ignored);
}

static void check_one_upstream(const struct rq_lint *lint)
{
	if (lint->facts->upstream.differs_at)
		rq_lint_report(lint, lint->facts->upstream.differs_at,
			       "names another upstream commit than a line before it");
}

static const struct rq_lint_rule everywhere[] = {
	{ "subject", check_subject },
	{ "author", check_author },
	{ "signed-off-by", check_signed },
	{ "one-upstream-commit", check_one_upstream },
	{ 0 },
};

static const struct rq_dialect *const dialects[] = {
	&rq_dialect_stable,
	&rq_dialect_dep3,
	&rq_dialect_suse,
	&rq_dialect_yocto,
};

const struct rq_dialect *rq_dialect_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(dialects); i++) {
		if (strcmp(dialects[i]->name, name) == 0)
			return dialects[i];
	}
	return NULL;
}

static void check_all(const struct rq_lint_rule *rules, struct rq_lint *lint)
{
	for (; rules->name; rules++) {
		lint->rule = rules->name;
		rules->check(lint);
	}
}

/* What holds everywhere but there. */
static bool is_left_out(const struct rq_dialect *dialect, const struct rq_lint_rule *rule)
{
	if (!dialect)
		return false;
	return (dialect->unsigned_is_fine && rule->check == check_signed) ||
	       (dialect->several_upstream && rule->check == check_one_upstream);
}

void rq_dialect_lint(const struct rq_dialect *dialect, const struct rq_facts *facts,
		     rq_breach_fn *each, void *ctx)
{
	struct rq_lint lint = { .facts = facts, .each = each, .ctx = ctx };

	for (size_t i = 0; everywhere[i].name; i++)
		if (!is_left_out(dialect, &everywhere[i])) {
			lint.rule = everywhere[i].name;
			everywhere[i].check(&lint);
		}
	if (dialect)
		check_all(dialect->rules, &lint);
}

void rq_dialect_fields(struct rq_str *out, const struct rq_dialect *dialect,
		       const struct rq_facts *facts)
{
	if (dialect && dialect->fields)
		dialect->fields(out, facts);
}

/* The last paragraph, where all of its lines are trailers; else the empty end of @body. */
static struct rq_slice last_trailers(struct rq_slice body)
{
	struct rq_slice rest = body, line, block = { body.p + body.n, 0 };
	bool fresh = true;

	while (rq_slice_next_line(&rest, &line)) {
		if (line.n == 1 || !rq_is_trailer(line)) {
			block = (struct rq_slice){ body.p + body.n, 0 };
			fresh = line.n == 1;
		} else if (fresh) {
			block = (struct rq_slice){ line.p, body.p + body.n - line.p };
			fresh = false;
		}
	}
	return block;
}

void rq_dialect_body(struct rq_str *out, const struct rq_dialect *dialect,
		     const struct rq_facts *facts)
{
	struct rq_slice block = last_trailers(facts->body);
	struct rq_str more = { 0 };

	if (dialect && dialect->front)
		dialect->front(out, facts);
	rq_str_add(out, facts->body.p, facts->body.n - block.n);
	if (dialect && dialect->trailers)
		dialect->trailers(&more, facts);
	if (more.len && !block.n && facts->body.n)
		rq_str_adds(out, "\n");
	rq_str_add_slice(out, rq_str_slice(&more));
	rq_str_add_slice(out, block);
	rq_str_release(&more);
}
