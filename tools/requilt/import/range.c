// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commits of a repository as patches, in the form of git format-patch: the id of the commit is in
 * the first line, and what its message says of an upstream commit stays where it is.
 */
#include <stdlib.h>

#include "git/git.h"
#include "import/import.h"
#include "patch/patch.h"

/* A line of the message that a reader of patches would take for the start of the diff. */
static void add_body(struct rq_str *out, struct rq_slice body)
{
	struct rq_slice line;

	while (rq_slice_next_line(&body, &line)) {
		if (rq_slice_eq(rq_slice_chomp(line), RQ_SLICE("---")) ||
		    rq_slice_starts(line, "diff -") || rq_slice_starts(line, "--- ") ||
		    rq_slice_starts(line, "Index: "))
			rq_str_adds(out, " ");
		rq_str_add_slice(out, line);
	}
	if (out->s[out->len - 1] != '\n')
		rq_str_adds(out, "\n");
}

static int take(const struct rq_log_commit *commit, void *ctx)
{
	struct rq_import *out = ctx;
	struct rq_imported *p = rq_vec_push(&out->patches);
	size_t title = strcspn(commit->message, "\n");
	_cleanup_free_ char *name = rq_header_encode(commit->author_name, true);
	char hex[RQ_OID_HEX + 1];
	struct rq_str *text = &p->bytes;

	p->subject = rq_xstrndup(commit->message, title);
	rq_str_addf(text, "From %s Mon Sep 17 00:00:00 2001\nFrom: %s <%s>\n",
		    rq_oid_hex(hex, &commit->oid), name, commit->author_email);
	rq_str_adds(text, "Date: ");
	rq_header_date(text, commit->author_time, commit->author_offset);
	rq_str_addf(text, "\nSubject: [PATCH] %s\n", p->subject);
	rq_str_adds(text, "\n");
	add_body(text, rq_slice_of(commit->message + title +
				   strspn(commit->message + title, "\n")));
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

static int take_range(struct rq_import *out, struct rq_repo *repo, const char *word,
		      const char *dots, struct rq_err *err)
{
	_cleanup_free_ char *from = rq_xstrndup(word, (size_t)(dots - word));
	struct rq_oid first, last, tree;
	size_t n = out->patches.n;
	int rc = rq_repo_resolve(repo, from, &first, &tree, err);

	if (!rc)
		rc = rq_repo_resolve(repo, dots[2] ? dots + 2 : "HEAD", &last, &tree,
				     err);
	if (!rc)
		rc = rq_log_each(repo, &first, &last, take, out, err);
	reverse(out, n);
	if (!rc && out->patches.n == n)
		rc = rq_err_set(err, RQ_EFORMAT, "no commits in it");
	return rc == RQ_ENOTFOUND ? rq_err_set(err, RQ_EFORMAT, "no such commit") : rc;
}

int rq_import_commits(struct rq_import *out, const char *path, char *const *words,
		      size_t n, struct rq_err *err)
{
	_cleanup_(rq_repo_closep) struct rq_repo *repo = NULL;
	int rc = rq_repo_open(&repo, path, err);

	for (size_t i = 0; i < n && !rc; i++) {
		const char *dots = strstr(words[i], "..");
		struct rq_oid commit, tree;

		if (dots) {
			rc = take_range(out, repo, words[i], dots, err);
		} else {
			rc = rq_repo_resolve(repo, words[i], &commit, &tree, err);
			if (!rc && !rq_oid_is_zero(&commit))
				rc = rq_log_one(repo, &commit, take, out, err);
			else
				rc = rq_err_set(err, RQ_EFORMAT, "no such commit");
		}
		if (rc)
			rq_err_prefix(err, "%s: %s: ", path, words[i]);
	}
	return rc;
}
