// SPDX-License-Identifier: GPL-2.0-only
/*
 * One row a dialect: what it adds to a header, and the rules that lint holds a header against.
 * A row writes only what the facts have; what it finds written already stays as it is.
 *
 * The rules are those of the kernel's stable-kernel-rules, DEP-3, SUSE's header checker and
 * Yocto's guide to Upstream-Status.
 */
#include "emit/dialect.h"

#include <ctype.h>
#include <stdlib.h>

struct lint {
	const struct rq_facts *facts;
	const char *rule; /* the one that is being checked */
	rq_breach_fn *each;
	void *ctx;
};

struct rule {
	const char *name;
	void (*check)(const struct lint *lint);
};

struct rq_dialect {
	const char *name;
	void (*fields)(struct rq_str *out, const struct rq_facts *facts);
	void (*front)(struct rq_str *out, const struct rq_facts *facts);
	void (*trailers)(struct rq_str *out, const struct rq_facts *facts);
	const struct rule *rules; /* ended by a row without a name */
	bool unsigned_is_fine;	  /* its readers ask for no sign-off */
	bool several_upstream;	  /* it may name several commits upstream */
};

static bool has(const struct rq_facts *facts, const char *name)
{
	struct rq_head_value value;

	return rq_facts_value(&value, facts, name);
}

/* @line is one of the head; 0 stands for its start. */
static void tell(const struct lint *lint, long line, const char *what)
{
	lint->each(lint->rule, lint->facts->patch->head_line + (line ? line : 1), what,
		   lint->ctx);
}

/* A word at the start, with nothing of a word behind it. */
static bool begins(struct rq_slice text, const char *word)
{
	size_t n = strlen(word);

	return rq_slice_starts(text, word) &&
	       (text.n == n || !isalnum((unsigned char)text.p[n]));
}

static bool is_id(struct rq_slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (!isxdigit((unsigned char)text.p[i]))
			return false;
	}
	return text.n == RQ_OID_HEX;
}

static bool is_url(struct rq_slice text)
{
	return (rq_slice_starts(text, "http://") || rq_slice_starts(text, "https://")) &&
	       !memchr(text.p, ' ', text.n);
}

/* --- everywhere --- */

static void check_subject(const struct lint *lint)
{
	if (!lint->facts->header.subject)
		tell(lint, 0, "no subject; a title of one line comes first");
}

static void check_author(const struct lint *lint)
{
	if (!lint->facts->header.author_email)
		tell(lint, 0, "no author; say who wrote it: From: A Name <address>");
}

static int check_signer(struct rq_slice value, long line, void *ctx, struct rq_err *err)
{
	const struct lint *lint = ctx;
	const char *open = memchr(value.p, '<', value.n);

	(void)err;
	if (!open || open == value.p || !memchr(open, '@', value.p + value.n - open) ||
	    !memchr(open, '>', value.p + value.n - open))
		tell(lint, line, "is no name with an address: A Name <address>");
	return 0;
}

static void check_signed(const struct lint *lint)
{
	struct rq_err ignored;

	if (!has(lint->facts, "Signed-off-by"))
		tell(lint, 0, "nobody signed it off; its author and who passes it on do");
	else
		rq_head_each(lint->facts->patch->head, "Signed-off-by", check_signer,
			     (void *)lint, &ignored);
}

static void check_one_upstream(const struct lint *lint)
{
	if (lint->facts->upstream.differs_at)
		tell(lint, lint->facts->upstream.differs_at,
		     "names another upstream commit than a line before it");
}

static const struct rule everywhere[] = {
	{ "subject", check_subject },
	{ "author", check_author },
	{ "signed-off-by", check_signed },
	{ "one-upstream-commit", check_one_upstream },
	{ 0 },
};

/* --- stable --- */

static void stable_front(struct rq_str *out, const struct rq_facts *facts)
{
	if (*facts->upstream.hex && !facts->upstream.line)
		rq_str_addf(out, "commit %s upstream.\n\n", facts->upstream.hex);
}

static void check_upstream_line(const struct lint *lint)
{
	struct rq_slice rest = lint->facts->body, first = { 0 };

	rq_slice_next_line(&rest, &first);
	if (!lint->facts->upstream.line)
		tell(lint, 0,
		     "no 'commit <id> upstream.' below the title; which commit is it "
		     "upstream?");
	else if (!rq_upstream_line(first))
		tell(lint, lint->facts->upstream.line,
		     "the upstream commit is not the first line below the title");
	else if (!*lint->facts->upstream.hex && !lint->facts->upstream.differs_at)
		tell(lint, lint->facts->upstream.line,
		     "the upstream commit has no full id of 40 digits");
}

static void check_last_signed(const struct lint *lint)
{
	struct rq_slice rest = lint->facts->body, line, last = { 0 };

	while (rq_slice_next_line(&rest, &line))
		last = line;
	if (has(lint->facts, "Signed-off-by") && !rq_slice_starts(last, "Signed-off-by:"))
		tell(lint, 0, "the last line of the message is not a Signed-off-by");
}

static void check_size(const struct lint *lint)
{
	size_t n = 0;

	for (size_t i = 0; i < lint->facts->patch->n_files; i++)
		for (size_t k = 0; k < lint->facts->patch->files[i].n_hunks; k++)
			n += lint->facts->patch->files[i].hunks[k].n_lines;
	if (n > 100) {
		_cleanup_free_ char *what = rq_xasprintf(
			"%zu lines with context; stable trees take 100 at most", n);

		tell(lint, 0, what);
	}
}

static const struct rule stable_rules[] = {
	{ "stable-upstream-commit", check_upstream_line },
	{ "stable-last-signed-off", check_last_signed },
	{ "stable-size", check_size },
	{ 0 },
};

/* --- DEP-3 --- */

/* A remark of whoever took it over says that it was changed: a backport. */
static bool has_remark(const struct rq_facts *facts)
{
	struct rq_slice rest = facts->body, line;

	while (rq_slice_next_line(&rest, &line)) {
		if (line.n && line.p[0] == '[' && !rq_upstream_line(line) &&
		    rq_slice_ends(rq_slice_trim(line), "]"))
			return true;
	}
	return false;
}

static void dep3_fields(struct rq_str *out, const struct rq_facts *facts)
{
	if (*facts->upstream.hex && !has(facts, "Origin"))
		rq_str_addf(out, "Origin: %s, commit:%s\n",
			    has_remark(facts) ? "backport" : "upstream",
			    facts->upstream.hex);
}

static void check_origin(const struct lint *lint)
{
	static const char *const words[] = { "upstream", "backport", "vendor", "other" };
	struct rq_head_value value;

	if (!rq_facts_value(&value, lint->facts, "Origin")) {
		if (!lint->facts->header.author_name)
			tell(lint, 0, "neither Origin: nor Author:; where is it from?");
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (begins(value.text, words[i]))
			return;
	}
	/* DEP-3 asks for a word in front; Debian's own queue has URLs alone, and may. */
	if (!is_url(value.text) && !rq_slice_starts(value.text, "commit:"))
		tell(lint, value.line,
		     "Origin: is upstream, backport, vendor or other, or a URL or "
		     "commit");
}

static void check_forwarded(const struct lint *lint)
{
	struct rq_head_value value;

	if (rq_facts_value(&value, lint->facts, "Forwarded") &&
	    !begins(value.text, "no") && !begins(value.text, "yes") &&
	    !begins(value.text, "not-needed") && !is_url(value.text))
		tell(lint, value.line, "Forwarded: is no, not-needed, yes or a URL");
}

static int check_bug_line(struct rq_slice value, long line, void *ctx, struct rq_err *err)
{
	(void)err;
	if (!is_url(value))
		tell(ctx, line, "a bug is named by its URL");
	return 0;
}

static void check_bug(const struct lint *lint)
{
	static const char *const names[] = { "Bug", "Bug-Debian", "Bug-Ubuntu" };
	struct rq_err ignored;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		rq_head_each(lint->facts->patch->head, names[i], check_bug_line,
			     (void *)lint, &ignored);
}

static bool is_day(struct rq_slice text)
{
	static const char form[] = "dddd-dd-dd";

	if (text.n != sizeof(form) - 1)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		if (form[i] == 'd' ? !isdigit((unsigned char)text.p[i])
				   : text.p[i] != form[i])
			return false;
	}
	return strncmp(text.p + 5, "01", 2) >= 0 && strncmp(text.p + 5, "12", 2) <= 0 &&
	       strncmp(text.p + 8, "01", 2) >= 0 && strncmp(text.p + 8, "31", 2) <= 0;
}

static void check_last_update(const struct lint *lint)
{
	struct rq_head_value value;

	if (rq_facts_value(&value, lint->facts, "Last-Update") && !is_day(value.text))
		tell(lint, value.line, "Last-Update: is a day: YYYY-MM-DD");
}

static const struct rule dep3_rules[] = {
	{ "dep3-origin", check_origin },
	{ "dep3-forwarded", check_forwarded },
	{ "dep3-bug", check_bug },
	{ "dep3-last-update", check_last_update },
	{ 0 },
};

/* --- SUSE --- */

static void suse_fields(struct rq_str *out, const struct rq_facts *facts)
{
	if (*facts->upstream.hex && !has(facts, "Git-commit"))
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

		if (!begins_word(rest, not_yet[i]))
			continue;
		rest = (struct rq_slice){ rest.p + n, rest.n - n };
		if (rest.n && rest.p[0] == ',')
			rest = (struct rq_slice){ rest.p + 1, rest.n - 1 };
		if (rq_slice_trim(rest).n && isspace((unsigned char)rest.p[0]))
			return SUSE_NOT;
	}
	return SUSE_BAD;
}

struct counting {
	const struct lint *lint;
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
		tell(c->lint, line, c->twice);
	if (c->is_right && !c->is_right(value))
		tell(c->lint, line, c->wrong);
	return 0;
}

static void check_mainline(const struct lint *lint)
{
	struct counting twice = { .lint = lint,
				  .twice = "a second Patch-mainline:; one alone counts" };
	struct rq_head_value value;
	struct rq_err ignored;

	rq_head_each(lint->facts->patch->head, "Patch-mainline", count_value, &twice,
		     &ignored);
	if (suse_state(&value, lint->facts) != SUSE_BAD)
		return;
	tell(lint, value.line,
	     value.line ? "Patch-mainline: is vX.Y, Queued..., or Depends on, Submitted, "
			  "Not yet, Never or No with the reason"
			: "no Patch-mainline:; which release has it, or why does none?");
}

/* An id, maybe with "(partial)" after it. */
static bool is_git_commit(struct rq_slice value)
{
	return is_id(rq_slice_next_word(&value));
}

static void check_git_commit(const struct lint *lint)
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
		tell(lint, mainline.line, "no Git-commit: for what is upstream");
	if (named && state == SUSE_NOT)
		tell(lint, value.line, "a Git-commit: for what is not upstream");
}

static bool has_slash(struct rq_slice value)
{
	return memchr(value.p, '/', value.n) != NULL;
}

static void check_git_repo(const struct lint *lint)
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
		tell(lint, mainline.line, "no Git-repo: for what is queued");
	if (named && (state == SUSE_RELEASED || state == SUSE_NOT))
		tell(lint, value.line, "a Git-repo: is for what is queued only");
}

static void check_references(const struct lint *lint)
{
	struct rq_head_value value;

	if (!rq_facts_value(&value, lint->facts, "References") || !value.text.n)
		tell(lint, value.line,
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

static void check_address(const struct lint *lint)
{
	static const char *const names[] = { "From", "Signed-off-by", "Acked-by",
					     "Reviewed-by" };
	struct rq_err ignored;
	bool theirs = false;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		rq_head_each(lint->facts->patch->head, names[i], is_theirs, &theirs,
			     &ignored);
	if (!theirs)
		tell(lint, 0,
		     "no address of SUSE's in From, Signed-off-by, Acked-by or "
		     "Reviewed-by");
}

static const struct rule suse_rules[] = {
	{ "suse-patch-mainline", check_mainline },
	{ "suse-git-commit", check_git_commit },
	{ "suse-git-repo", check_git_repo },
	{ "suse-references", check_references },
	{ "suse-address", check_address },
	{ 0 },
};

/* --- Yocto --- */

static void yocto_trailers(struct rq_str *out, const struct rq_facts *facts)
{
	if (*facts->upstream.hex && !has(facts, "Upstream-Status"))
		rq_str_addf(out, "Upstream-Status: Backport [%s]\n", facts->upstream.hex);
}

static void check_status(const struct lint *lint)
{
	static const struct {
		const char *word;
		bool reason; /* "[...]" has to follow */
	} words[] = {
		{ "Pending", false },		{ "Submitted", true },
		{ "Backport", false },		{ "Denied", false },
		{ "Inactive-Upstream", false }, { "Inappropriate", true },
	};
	struct rq_head_value value;

	if (!rq_facts_value(&value, lint->facts, "Upstream-Status")) {
		tell(lint, 0, "no Upstream-Status:; what became of it upstream?");
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		struct rq_slice rest = value.text;

		if (!rq_slice_eq(rq_slice_next_word(&rest), rq_slice_of(words[i].word)))
			continue;
		if (words[i].reason && !(rq_slice_starts(rest, "[") && rest.n > 2 &&
					 rq_slice_ends(rest, "]")))
			tell(lint, value.line,
			     "Upstream-Status: says where or why in brackets");
		return;
	}
	tell(lint, value.line,
	     "Upstream-Status: is Pending, Submitted, Backport, Denied, "
	     "Inactive-Upstream "
	     "or Inappropriate");
}

/* "CVE-2024-12345", without what would make it another word. */
static bool names_cve(struct rq_slice text)
{
	for (size_t i = 0; i + 10 < text.n; i++) {
		struct rq_slice at = { text.p + i, text.n - i };

		if (rq_slice_starts(at, "CVE-") && isdigit((unsigned char)at.p[4]) &&
		    isdigit((unsigned char)at.p[7]) && at.p[8] == '-' &&
		    isdigit((unsigned char)at.p[9]))
			return true;
	}
	return false;
}

static void check_cve(const struct lint *lint)
{
	struct rq_slice message = rq_slice_of(lint->facts->header.message);

	if (names_cve(message) && !has(lint->facts, "CVE"))
		tell(lint, 0, "the text names a CVE; say 'CVE: CVE-...' on a line");
}

static const struct rule yocto_rules[] = {
	{ "yocto-upstream-status", check_status },
	{ "yocto-cve", check_cve },
	{ 0 },
};

/* --- all of them --- */

static const struct rq_dialect dialects[] = {
	{ .name = "stable", .front = stable_front, .rules = stable_rules },
	{ .name = "dep3",
	  .fields = dep3_fields,
	  .rules = dep3_rules,
	  .unsigned_is_fine = true },
	{ .name = "suse",
	  .fields = suse_fields,
	  .rules = suse_rules,
	  .unsigned_is_fine = true,
	  .several_upstream = true },
	{ .name = "yocto", .trailers = yocto_trailers, .rules = yocto_rules },
};

const struct rq_dialect *rq_dialect_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(dialects); i++) {
		if (strcmp(dialects[i].name, name) == 0)
			return &dialects[i];
	}
	return NULL;
}

static void check_all(const struct rule *rules, struct lint *lint)
{
	for (; rules->name; rules++) {
		lint->rule = rules->name;
		rules->check(lint);
	}
}

/* What holds everywhere but there. */
static bool is_left_out(const struct rq_dialect *dialect, const struct rule *rule)
{
	if (!dialect)
		return false;
	return (dialect->unsigned_is_fine && rule->check == check_signed) ||
	       (dialect->several_upstream && rule->check == check_one_upstream);
}

void rq_dialect_lint(const struct rq_dialect *dialect, const struct rq_facts *facts,
		     rq_breach_fn *each, void *ctx)
{
	struct lint lint = { .facts = facts, .each = each, .ctx = ctx };

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
