// SPDX-License-Identifier: GPL-2.0-only
/*
 * SUSE's dialect, by the rules of the header checker in its kernel-source.
 */
#include "emit/dialect_internal.h"

#include <ctype.h>

static void suse_fields(struct rq_str *out, const struct rq_facts *facts)
{
	if (*facts->upstream.hex && !rq_facts_has(facts, "Git-commit"))
		rq_str_addf(out, "Git-commit: %s\n", facts->upstream.hex);
}

/* A word at the start in any case, then a blank or the end. */
static bool begins_word(struct rq_slice text, const char *word)
{
	size_t n = strlen(word);

	return text.n >= n && strncasecmp(text.p, word, n) == 0 &&
	       (text.n == n || memchr(" \t,", text.p[n], 3));
}

/* Takes "v6.8", "6.8-rc1" or "v5.10.3" off @text. */
static bool take_release(struct rq_slice *text)
{
	struct rq_slice rest = *text;
	size_t i = rest.n && (rest.p[0] == 'v' || rest.p[0] == 'V'), dots = 0, digits = 0;

	for (; i < rest.n && (isdigit((unsigned char)rest.p[i]) || rest.p[i] == '.');
	     i++) {
		if (rest.p[i] == '.' && !digits)
			return false;
		dots += rest.p[i] == '.';
		digits = rest.p[i] == '.' ? 0 : digits + 1;
	}
	if (!dots || !digits)
		return false;
	rest = (struct rq_slice){ rest.p + i, rest.n - i };
	if (rest.n > 3 && strncasecmp(rest.p, "-rc", 3) == 0 &&
	    isdigit((unsigned char)rest.p[3])) {
		for (i = 3; i < rest.n && isdigit((unsigned char)rest.p[i]); i++)
			continue;
		rest = (struct rq_slice){ rest.p + i, rest.n - i };
	}
	*text = rq_slice_trim(rest);
	return rest.n == 0 || isspace((unsigned char)rest.p[0]);
}

/* "v6.8", or "v6.8-rc1 or v6.8 (next release)" */
static bool is_release(struct rq_slice text)
{
	if (!take_release(&text))
		return false;
	if (!text.n)
		return true;
	if (!rq_slice_eq(rq_slice_next_word(&text), RQ_SLICE("or")) ||
	    !take_release(&text))
		return false;
	return rq_slice_eq(text, RQ_SLICE("(next release)"));
}

/* What Patch-mainline says of whether the commit and its repository are to be named. */
enum suse_state { SUSE_BAD, SUSE_RELEASED, SUSE_QUEUED, SUSE_NOT };

static enum suse_state suse_state(struct rq_head_value *value,
				  const struct rq_facts *facts)
{
	static const char *const not_yet[] = { "Submitted", "Not yet", "Never", "No",
					       "Depends on" };

	if (!rq_facts_value(value, facts, "Patch-mainline"))
		return SUSE_BAD;
	if (is_release(value->text))
		return SUSE_RELEASED;
	if (value->text.n >= 6 && strncasecmp(value->text.p, "Queued", 6) == 0)
		return SUSE_QUEUED;
	for (size_t i = 0; i < ARRAY_SIZE(not_yet); i++) {
		size_t n = strlen(not_yet[i]);
		struct rq_slice rest = value->text;
		bool comma;

		if (!begins_word(rest, not_yet[i]))
			continue;
		rest = (struct rq_slice){ rest.p + n, rest.n - n };
		comma = rest.n && rest.p[0] == ',';
		if (comma)
			rest = (struct rq_slice){ rest.p + 1, rest.n - 1 };
		if (!rq_slice_trim(rest).n || !isspace((unsigned char)rest.p[0]))
			continue;
		/* "Not yet, submitted ..." is to be "Submitted". */
		return begins_word(rq_slice_trim(rest), "submitted") && comma ? SUSE_BAD
									      : SUSE_NOT;
	}
	return SUSE_BAD;
}

struct counting {
	const struct rq_lint *lint;
	const char *twice; /* what to say of a second one; NULL: there may be several */
	bool (*is_right)(struct rq_slice value);
	const char *wrong;
	long n;
};

static int count_value(struct rq_slice value, long line, void *ctx, struct rq_err *err)
{
	struct counting *c = ctx;

	(void)err;
	if (c->n++ && c->twice)
		rq_lint_report(c->lint, line, c->twice);
	if (c->is_right && !c->is_right(value))
		rq_lint_report(c->lint, line, c->wrong);
	return 0;
}

static void check_mainline(const struct rq_lint *lint)
{
	struct counting twice = { .lint = lint,
				  .twice = "a second Patch-mainline:; one alone counts" };
	struct rq_head_value value;
	struct rq_err ignored;

	rq_head_each(lint->facts->patch->head, "Patch-mainline", count_value, &twice,
		     &ignored);
	if (suse_state(&value, lint->facts) != SUSE_BAD)
		return;
	rq_lint_report(
		lint, value.line,
		value.line
			? "Patch-mainline: is vX.Y, Queued..., or Depends on, Submitted, "
			  "Not yet, Never or No with the reason"
			: "no Patch-mainline:; which release has it, or why does none?");
}

/* An id, maybe with "(partial)" after it. */
static bool is_git_commit(struct rq_slice value)
{
	return rq_is_commit_id(rq_slice_next_word(&value));
}

static void check_git_commit(const struct rq_lint *lint)
{
	struct counting all = { .lint = lint,
				.is_right = is_git_commit,
				.wrong = "Git-commit: is an id of 40 digits" };
	struct rq_head_value mainline, value;
	enum suse_state state = suse_state(&mainline, lint->facts);
	bool named = rq_facts_value(&value, lint->facts, "Git-commit");
	struct rq_err ignored;

	rq_head_each(lint->facts->patch->head, "Git-commit", count_value, &all, &ignored);
	if (!named && (state == SUSE_RELEASED || state == SUSE_QUEUED))
		rq_lint_report(lint, mainline.line,
			       "no Git-commit: for what is upstream");
	if (named && state == SUSE_NOT)
		rq_lint_report(lint, value.line,
			       "a Git-commit: for what is not upstream");
}

static bool has_slash(struct rq_slice value)
{
	return memchr(value.p, '/', value.n) != NULL;
}

static void check_git_repo(const struct rq_lint *lint)
{
	struct counting all = { .lint = lint,
				.twice = "a second Git-repo:; one alone counts",
				.is_right = has_slash,
				.wrong = "Git-repo: is the URL of the repository" };
	struct rq_head_value mainline, value;
	enum suse_state state = suse_state(&mainline, lint->facts);
	bool named = rq_facts_value(&value, lint->facts, "Git-repo");
	struct rq_err ignored;

	rq_head_each(lint->facts->patch->head, "Git-repo", count_value, &all, &ignored);
	if (!named && state == SUSE_QUEUED)
		rq_lint_report(lint, mainline.line, "no Git-repo: for what is queued");
	if (named && (state == SUSE_RELEASED || state == SUSE_NOT))
		rq_lint_report(lint, value.line,
			       "a Git-repo: is for what is queued only");
}

static void check_references(const struct rq_lint *lint)
{
	struct rq_head_value value;

	if (!rq_facts_value(&value, lint->facts, "References") || !value.text.n)
		rq_lint_report(
			lint, value.line,
			"no References:; which bug, feature or CVE (bsc#, jsc#, CVE-) is "
			"it?");
}

static int is_theirs(struct rq_slice value, long line, void *ctx, struct rq_err *err)
{
	static const char *const ends[] = { "@suse.com", "@suse.de", "@suse.cz",
					    "@novell.com" };

	(void)line;
	(void)err;
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		*(bool *)ctx |= rq_slice_has(value, ends[i]);
	return 0;
}

static void check_address(const struct rq_lint *lint)
{
	static const char *const names[] = { "From", "Signed-off-by", "Acked-by",
					     "Reviewed-by" };
	struct rq_err ignored;
	bool theirs = false;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		rq_head_each(lint->facts->patch->head, names[i], is_theirs, &theirs,
			     &ignored);
	if (!theirs)
		rq_lint_report(lint, 0,
			       "no address of SUSE's in From, Signed-off-by, Acked-by or "
			       "Reviewed-by");
}

/* An id and nothing after it, not even a blank. */
static int check_alt_commit_line(struct rq_slice value, long line, void *ctx,
				 struct rq_err *err)
{
	const struct rq_lint *lint = ctx;
	struct rq_slice rest = lint->facts->patch->head, text = { "", 0 };

	(void)err;
	for (long i = 0; i < line; i++)
		rq_slice_next_line(&rest, &text);
	if (!rq_is_commit_id(value) ||
	    isspace((unsigned char)rq_slice_chomp(text).p[rq_slice_chomp(text).n - 1]))
		rq_lint_report(
			lint, line,
			"Alt-commit: is an id of 40 digits, without a blank after it");
	return 0;
}

static void check_alt_commit(const struct rq_lint *lint)
{
	struct rq_err ignored;

	rq_head_each(lint->facts->patch->head, "Alt-commit", check_alt_commit_line,
		     (void *)lint, &ignored);
}

/* A title without a field of that name is enough for quilt, and not for SUSE's programs. */
static void check_subject_field(const struct rq_lint *lint)
{
	if (lint->facts->header.subject && !rq_facts_has(lint->facts, "Subject"))
		rq_lint_report(lint, 0, "no Subject:; the title needs that field");
}

static const struct rq_lint_rule suse_rules[] = {
	{ "suse-patch-mainline", check_mainline },
	{ "suse-git-commit", check_git_commit },
	{ "suse-alt-commit", check_alt_commit },
	{ "suse-git-repo", check_git_repo },
	{ "suse-references", check_references },
	{ "suse-address", check_address },
	{ "suse-subject", check_subject_field },
	{ 0 },
};

const struct rq_dialect rq_dialect_suse = {
	.name = "suse",
	.fields = suse_fields,
	.rules = suse_rules,
	.unsigned_is_fine = true,
	.several_upstream = true,
};
