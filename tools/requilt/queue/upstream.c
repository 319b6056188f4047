// SPDX-License-Identifier: GPL-2.0-only
/*
 * A patch among the commits of a release.
 */
#include "queue/upstream.h"

#include <stdlib.h>

#include "util/mem.h"

/* The commit that a message says it is a backport of, or was picked from; NULL: none.  The caller frees. */
static char *original_of(struct rq_slice text)
{
	struct rq_upstream upstream;

	rq_upstream_read(&upstream, text);
	return *upstream.hex ? rq_xstrdup(upstream.hex) : NULL;
}

/* The changed lines of each file, whatever stands around them: context differs from base to base. */
static void change_id(struct rq_oid *out, const struct rq_patch *patch)
{
	struct rq_str text = { 0 };

	for (size_t i = 0; i < patch->n_files; i++) {
		const struct rq_filediff *diff = &patch->files[i];

		rq_str_addf(&text, "%s\n", rq_filediff_path(diff));
		for (size_t k = 0; k < diff->n_hunks; k++)
			for (size_t l = 0; l < diff->hunks[k].n_lines; l++)
				if (diff->hunks[k].lines[l].sign != ' ') {
					rq_str_add(&text, &diff->hunks[k].lines[l].sign,
						   1);
					rq_str_add_slice(&text,
							 diff->hunks[k].lines[l].text);
				}
	}
	rq_oid_of(out, RQ_OBJ_BLOB, rq_str_slice(&text).p, text.len);
	rq_str_release(&text);
}

static int add(const struct rq_log_commit *commit, void *ctx)
{
	struct rq_release *out = ctx;
	struct rq_release_commit *to = rq_vec_push(&out->v);
	struct rq_patch *patch = NULL;
	struct rq_err ignored;

	to->oid = commit->oid;
	if (rq_patch_parse_copy(&patch, "a commit", commit->diff, &RQ_PATCH_DEFAULTS,
				&ignored) == 0)
		change_id(&to->change, patch);
	rq_patch_free(patch);
	to->subject = rq_xstrndup(commit->message, strcspn(commit->message, "\n"));
	to->author_email = rq_xstrdup(commit->author_email ? commit->author_email : "");
	to->original = original_of(rq_slice_of(commit->message));
	return 0;
}

static int resolve_tag(struct rq_oid *out, struct rq_repo *repo, const char *path,
		       const char *version, struct rq_err *err)
{
	_cleanup_free_ char *tag = rq_xasprintf("refs/tags/v%s", version);
	struct rq_oid tree;

	if (rq_repo_resolve(repo, tag, out, &tree, err))
		return rq_err_set(
			err, RQ_EFORMAT,
			"%s: has no tag v%s, which the release's history is read "
			"by; fetch it",
			path, version);
	return 0;
}

int rq_release_load(struct rq_release *out, const char *path, const char *from,
		    const char *to, struct rq_err *err)
{
	_cleanup_(rq_repo_closep) struct rq_repo *repo = NULL;
	struct rq_oid first, last;
	int rc = rq_repo_open(&repo, path, err);

	if (!rc)
		rc = resolve_tag(&first, repo, path, from, err);
	if (!rc)
		rc = resolve_tag(&last, repo, path, to, err);
	return rc ? rc : rq_log_each(repo, &first, &last, add, out, err);
}

char *rq_release_find(const struct rq_release *release, const struct rq_patch *patch,
		      const struct rq_header *header)
{
	_cleanup_free_ char *original = original_of(patch->head);
	char hex[RQ_OID_HEX + 1];
	const char *how = NULL;
	struct rq_oid change;

	change_id(&change, patch);

	for (size_t i = 0; i < release->v.n; i++) {
		const struct rq_release_commit *c = &release->v.v[i];

		rq_oid_hex(hex, &c->oid);
		if (original &&
		    ((c->original && strcasecmp(c->original, original) == 0) ||
		     strcasecmp(hex, original) == 0))
			how = "the same upstream commit";
		else if (rq_oid_eq(&c->change, &change))
			how = "the same changed lines";
		else if (header->subject && header->author_email &&
			 strcmp(c->subject, header->subject) == 0 &&
			 strcasecmp(c->author_email, header->author_email) == 0)
			how = "the same subject and author";
		if (how)
			return rq_xasprintf("%s, %s", hex, how);
	}
	return NULL;
}

void rq_release_release(struct rq_release *release)
{
	for (size_t i = 0; i < release->v.n; i++) {
		free(release->v.v[i].subject);
		free(release->v.v[i].author_email);
		free(release->v.v[i].original);
	}
	rq_vec_release(&release->v);
}
