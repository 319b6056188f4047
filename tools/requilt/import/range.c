// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commits of a repository as patches, in the form of git format-patch: the id of the commit is in
 * the first line, and what its message says of an upstream commit stays where it is.
 */
#include <stdlib.h>

#include "git/git.h"
#include "import/import.h"
#include "patch/patch.h"

struct ranging {
	struct rq_import *out;
	struct rq_oid_list outside; /* of the range: what mainline does not have */
	bool mainline;		    /* there is one */
	bool single;		    /* a commit that was named by itself */
	size_t empty;		    /* commits that change nothing */
};

/* The title as git has it: the lines up to the first empty one, joined; *body is behind them. */
static char *take_title(const char *message, struct rq_slice *body)
{
	struct rq_str title = { 0 };
	struct rq_slice rest = rq_slice_of(message), line;

	*body = rest;
	while (rq_slice_next_line(&rest, &line)) {
		struct rq_slice text = rq_slice_trim(line);

		*body = rest;
		if (!text.n && title.len)
			break;
		if (text.n && title.len)
			rq_str_adds(&title, " ");
		rq_str_add_slice(&title, text);
	}
	while (rq_slice_next_line(&rest, &line) && !rq_slice_trim(line).n)
		*body = rest;
	if (!rq_slice_trim(*body).n)
		*body = RQ_SLICE("");
	return title.s ? title.s : rq_xstrdup("");
}

/* Whether git am would take the line, the first of a body, for a field of the mail. */
static bool is_like_a_field(struct rq_slice line)
{
	static const char *const names[] = { "From:", "Date:",	"Subject:",
					     "From ", ">From ", "[PATCH]" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (line.n >= strlen(names[i]) &&
		    strncasecmp(line.p, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

/* With a blank in front of a line that a reader of patches would take for the start of the diff. */
static void add_body(struct rq_str *out, struct rq_slice body)
{
	struct rq_slice line;

	while (rq_slice_next_line(&body, &line)) {
		if (rq_ends_message(line))
			rq_str_adds(out, " ");
		rq_str_add_slice(out, line);
	}
	if (out->s[out->len - 1] != '\n')
		rq_str_adds(out, "\n");
}

static bool is_in_mainline(const struct ranging *r, const struct rq_oid *oid)
{
	for (size_t i = 0; i < r->outside.n; i++)
		if (rq_oid_eq(&r->outside.v[i], oid))
			return false;
	return r->mainline;
}

/* Fields of a body are its author's words: one of ours in front of them says so to git am and to us. */
static void add_message(struct rq_str *text, const struct rq_log_commit *commit,
			const struct ranging *r, const char *name, struct rq_slice body)
{
	struct rq_upstream upstream;
	char hex[RQ_OID_HEX + 1];

	rq_upstream_read(&upstream, rq_slice_of(commit->message));
	if (is_in_mainline(r, &commit->oid) && !upstream.line)
		rq_str_addf(text, "commit %s upstream.\n\n",
			    rq_oid_hex(hex, &commit->oid));
	else if (is_like_a_field(body))
		rq_str_addf(text, "From: %s <%s>\n\n", name, commit->author_email);
	add_body(text, body);
}

static int take(const struct rq_log_commit *commit, void *ctx)
{
	struct ranging *r = ctx;
	struct rq_slice body;
	_cleanup_free_ char *title = take_title(commit->message, &body);
	_cleanup_free_ char *name = rq_header_encode(commit->author_name, true);
	char hex[RQ_OID_HEX + 1];
	struct rq_imported *p;
	struct rq_str *text;

	if (!commit->diff.n && !r->single) {
		r->empty++;
		rq_import_say(r->out, "%.12s (\"%s\") changes nothing; left out",
			      rq_oid_hex(hex, &commit->oid), title);
		return 0;
	}
	p = rq_vec_push(&r->out->patches);
	text = &p->bytes;
	p->subject = TAKE_PTR(title);
	rq_str_addf(text, "From %s Mon Sep 17 00:00:00 2001\nFrom: %s <%s>\n",
		    rq_oid_hex(hex, &commit->oid), name, commit->author_email);
	rq_str_adds(text, "Date: ");
	rq_header_date(text, commit->author_time, commit->author_offset);
	rq_str_addf(text, "\nSubject: [PATCH] %s\n\n", p->subject);
	add_message(text, commit, r, name, body);
	rq_str_adds(text, "---\n\n");
	rq_str_add_slice(text, commit->diff);
	return 0;
}

static void reverse(struct rq_import *out, size_t from)
{
	for (size_t i = from, k = out->patches.n; i + 1 < k; i++) {
		struct rq_imported one = out->patches.v[i];

		out->patches.v[i] = out->patches.v[--k];
		out->patches.v[k] = one;
	}
}

/* Asks the history once for the whole range.  No mainline is no error: then nothing is known of it. */
static int read_mainline(struct ranging *r, struct rq_repo *repo, const char *mainline,
			 const struct rq_oid *from, const struct rq_oid *to,
			 struct rq_err *err)
{
	struct rq_oid tip, tree;
	struct rq_err ignored;

	r->mainline = mainline &&
		      rq_repo_resolve(repo, mainline, &tip, &tree, &ignored) == 0 &&
		      !rq_oid_is_zero(&tip);
	return r->mainline ? rq_reach_outside(&r->outside, repo, from, to, &tip,
					      from ? SIZE_MAX : 1, err)
			   : 0;
}

static int resolve_commit(struct rq_oid *out, struct rq_repo *repo, const char *name,
			  struct rq_err *err)
{
	struct rq_oid tree;
	int rc = rq_repo_resolve(repo, name, out, &tree, err);

	if (rc == RQ_ENOTFOUND || (!rc && rq_oid_is_zero(out)))
		return rq_err_set(err, RQ_EFORMAT, "no such commit");
	return rc;
}

static int resolve_range(struct rq_oid *first, struct rq_oid *last, struct rq_repo *repo,
			 const char *word, const char *dots, struct rq_err *err)
{
	_cleanup_free_ char *from = rq_xstrndup(word, (size_t)(dots - word));
	int rc = resolve_commit(first, repo, *from ? from : "HEAD", err);

	return rc ? rc : resolve_commit(last, repo, dots[2] ? dots + 2 : "HEAD", err);
}

static int take_range(struct ranging *r, struct rq_repo *repo, const char *mainline,
		      const char *word, const char *dots, struct rq_err *err)
{
	struct rq_oid first, last;
	size_t n = r->out->patches.n;
	int rc = resolve_range(&first, &last, repo, word, dots, err);

	if (!rc)
		rc = read_mainline(r, repo, mainline, &first, &last, err);
	if (!rc)
		rc = rq_log_each(repo, &first, &last, take, r, err);
	reverse(r->out, n);
	if (!rc && r->out->patches.n == n)
		rc = rq_err_set(err, RQ_EFORMAT, "no commits in it%s",
				r->empty ? " that change a file" : "");
	return rc;
}

static int take_single(struct ranging *r, struct rq_repo *repo, const char *mainline,
		       const char *word, struct rq_err *err)
{
	struct rq_oid commit;
	int rc = resolve_commit(&commit, repo, word, err);

	if (!rc)
		rc = read_mainline(r, repo, mainline, NULL, &commit, err);
	return rc ? rc : rq_log_one(repo, &commit, take, r, err);
}

bool rq_import_names_commits(const char *path, const char *word)
{
	_cleanup_(rq_repo_closep) struct rq_repo *repo = NULL;
	const char *dots = strstr(word, "..");
	struct rq_oid first, last;
	struct rq_err ignored;

	if (rq_repo_open(&repo, path, &ignored))
		return false;
	return dots ? resolve_range(&first, &last, repo, word, dots, &ignored) == 0
		    : resolve_commit(&first, repo, word, &ignored) == 0;
}

int rq_import_commits(struct rq_import *out, const char *path, const char *mainline,
		      char *const *words, size_t n, struct rq_err *err)
{
	_cleanup_(rq_repo_closep) struct rq_repo *repo = NULL;
	int rc = rq_repo_open(&repo, path, err);

	for (size_t i = 0; i < n && !rc; i++) {
		const char *dots = strstr(words[i], "..");
		struct ranging r = { .out = out, .single = !dots };

		rc = dots ? take_range(&r, repo, mainline, words[i], dots, err)
			  : take_single(&r, repo, mainline, words[i], err);
		free(r.outside.v);
		if (rc)
			rq_err_prefix(err, "%s: %s: ", path, words[i]);
	}
	return rc;
}
