// SPDX-License-Identifier: GPL-2.0-only
/*
 * What histories and CVE records add to an audit: the text of fixes, what brought the fault, what versions claim.
 */
#include <stdlib.h>

#include "cmd/audit.h"
#include "cmd/cmd.h"
#include "history/history.h"
#include "import/import.h"
#include "util/file.h"

/* Fixes of more than these faults are asked for these alone. */
#define CAUSES_MOST 16

struct looking {
	struct rq_names histories;
	struct rq_audited_patch *one;
};

static void release_looking(struct looking *looking)
{
	rq_names_release(&looking->histories);
}

/* A first commit brought everything: whether that is there says nothing. */
static bool is_plain(const char *path, const char *id)
{
	_cleanup_(rq_repo_closep) struct rq_repo *repo = NULL;
	struct rq_oid commit, tree;
	struct rq_err ignored;
	unsigned int parents;

	return rq_repo_open(&repo, path, &ignored) == 0 &&
	       rq_repo_resolve(repo, id, &commit, &tree, &ignored) == 0 &&
	       !rq_oid_is_zero(&commit) &&
	       rq_commit_parents(repo, &commit, &parents, &ignored) == 0 && parents == 1;
}

/* Appends the commit as a patch; false: no repository has it. */
static bool take_commit(struct rq_str *out, const struct looking *looking, const char *id)
{
	bool found = false;

	for (size_t i = 0; i < looking->histories.v.n && !found; i++) {
		const char *path = looking->histories.v.v[i];
		struct rq_import import = { 0 };
		char *word = (char *)id;
		struct rq_err ignored;

		found = is_plain(path, id) &&
			rq_import_commits(&import, path, NULL, &word, 1, &ignored) == 0;
		if (found)
			rq_str_add_slice(out, rq_str_slice(&import.patches.v[0].bytes));
		rq_import_release(&import);
	}
	return found;
}

int rq_audit_take_commit(struct rq_import *what, const struct rq_audited_patch *one,
			 const struct rq_branches *branches, struct rq_err *err)
{
	_cleanup_(rq_names_release) struct rq_names histories = { 0 };
	struct rq_slice id = rq_find_id(rq_str_slice(&one->texts.v[one->best]));
	_cleanup_free_ char *word = rq_xstrndup(id.p, id.n);
	int rc = RQ_ENOTFOUND;

	rq_cmd_histories(&histories, branches);
	for (size_t i = 0; i < histories.v.n && rc == RQ_ENOTFOUND; i++)
		if (rq_import_names_commits(histories.v.v[i], word))
			rc = rq_import_commits(what, histories.v.v[i],
					       rq_cmd_mainline(branches), &word, 1, err);
	return rc;
}

/* One that no repository has, or that is a first commit, or one too many, may be in the tree. */
static void add_cause(struct rq_audited_patch *one, const struct looking *looking,
		      const char *id)
{
	struct rq_str text = { 0 };

	if (one->causes.n < CAUSES_MOST && take_commit(&text, looking, id))
		*rq_vec_push(&one->causes) = text;
	else
		one->unknown++;
}

static void add_text(struct rq_audited_patch *one, const struct looking *looking,
		     const char *id)
{
	struct rq_str text = { 0 };

	if (take_commit(&text, looking, id))
		*rq_vec_push(&one->texts) = text;
}

/* --- CVE records --- */

static void need_text(struct rq_audited_patch *one, const char *id)
{
	if (!one->texts.n)
		one->rc = rq_err_set(&one->err, RQ_EFORMAT,
				     "no repository has commit %s; set core.upstream in "
				     "branches.conf",
				     id ? id : "of a fix");
}

/* Of the faults that the record knows, those which this release can have. */
static void add_record_causes(struct rq_audited_patch *one, const struct looking *looking,
			      const struct rq_cve *cve, const struct rq_version *own)
{
	_cleanup_(rq_names_release) struct rq_names ids = { 0 };

	for (size_t i = 0; i < cve->pairs.n; i++) {
		const struct rq_cve_pair *pair = &cve->pairs.v[i];

		if (own && !rq_cve_is_own(pair, own))
			continue;
		if (pair->cause)
			rq_names_add_once(&ids, rq_slice_of(pair->cause));
		else if (pair->fix)
			one->unknown++;
	}
	for (size_t i = 0; i < ids.v.n; i++)
		add_cause(one, looking, ids.v.v[i]);
}

static void add_cve(struct rq_audits *audits, const struct looking *looking,
		    const struct rq_cve *cve, const struct rq_version *version)
{
	const struct rq_cve_pair *own = version ? rq_cve_own(cve, version) : NULL;
	size_t n = cve->fixes.v.n ? cve->fixes.v.n : 1;

	for (size_t i = 0; i < n; i++) {
		const char *mainline = i < cve->fixes.v.n ? cve->fixes.v.v[i] : NULL;
		struct rq_audited_patch *one = rq_vec_push(&audits->v);
		struct rq_audit_claim *claim = rq_vec_push(&audits->claims);

		one->name = rq_xstrdup(cve->id);
		one->options = RQ_PATCH_DEFAULTS;
		/* A backport is one commit, whatever mainline's fixes were. */
		if (own && own->fix && n == 1)
			add_text(one, looking, own->fix);
		if (mainline)
			add_text(one, looking, mainline);
		need_text(one, mainline ? mainline : own ? own->fix : NULL);
		if (!one->rc)
			add_record_causes(one, looking, cve, own ? version : NULL);
		if (version)
			claim->state = rq_cve_says(&claim->words, cve, version);
	}
}

int rq_audits_add_cves(struct rq_audits *audits, const char *dir,
		       const struct rq_branches *branches,
		       const struct rq_version *version, struct rq_err *err)
{
	_cleanup_(release_looking) struct looking looking = { 0 };
	struct rq_cves cves = { 0 };
	int rc = rq_cves_load(&cves, dir, err);

	rq_cmd_histories(&looking.histories, branches);
	for (size_t i = 0; i < cves.v.n && !rc; i++)
		add_cve(audits, &looking, &cves.v.v[i], version);
	rq_cves_release(&cves);
	return rc;
}

/* --- patches --- */

bool rq_audits_add_commit(struct rq_audits *audits, const char *name,
			  const struct rq_branches *branches)
{
	_cleanup_(release_looking) struct looking looking = { 0 };
	struct rq_str text = { 0 };
	struct rq_audited_patch *one;

	rq_cmd_histories(&looking.histories, branches);
	if (!take_commit(&text, &looking, name))
		return false;
	one = rq_vec_push(&audits->v);
	one->name = rq_xstrdup(name);
	one->options = RQ_PATCH_DEFAULTS;
	*rq_vec_push(&one->texts) = text;
	return true;
}

static void take_fixed(enum rq_named_how how, struct rq_slice id, long line, void *ctx)
{
	struct looking *looking = ctx;
	_cleanup_free_ char *hex = rq_xstrndup(id.p, id.n);

	(void)line;
	if (how == RQ_NAMED_FIXES)
		add_cause(looking->one, looking, hex);
}

void rq_audits_add_causes(struct rq_audits *audits, const struct rq_branches *branches)
{
	_cleanup_(release_looking) struct looking looking = { 0 };

	rq_cmd_histories(&looking.histories, branches);
	for (size_t i = 0; i < audits->v.n; i++) {
		struct rq_audited_patch *one = &audits->v.v[i];
		_cleanup_(rq_str_release) struct rq_str bytes = { 0 };
		struct rq_slice text;
		struct rq_err ignored;

		if (one->causes.n || one->rc || one->options.reverse)
			continue;
		if (!one->path)
			rq_str_add_slice(&bytes, rq_str_slice(&one->texts.v[0]));
		else if (rq_file_read_most(&bytes, one->path, RQ_PATCH_MOST, &ignored))
			continue;
		text = rq_str_slice(&bytes);
		text.n = rq_message_end(text);
		looking.one = one;
		rq_history_named(text, take_fixed, &looking);
	}
}

void rq_audits_weigh_claims(struct rq_audits *audits)
{
	for (size_t i = 0; i < audits->claims.n; i++) {
		struct rq_audited_patch *one = &audits->v.v[i];

		if (!one->rc && !one->caused && !one->unknown &&
		    audits->claims.v[i].state == RQ_CVE_NOT_AFFECTED &&
		    (one->audit.verdict == RQ_AUDIT_NO_FILE ||
		     one->audit.verdict == RQ_AUDIT_UNLIKE)) {
			one->audit.verdict = RQ_AUDIT_NOT_AFFECTED;
			audits->claims.v[i].alone = true;
		}
	}
}

void rq_audits_release(struct rq_audits *audits)
{
	for (size_t i = 0; i < audits->v.n; i++) {
		free(audits->v.v[i].path);
		free(audits->v.v[i].name);
		rq_audit_release(&audits->v.v[i].audit);
		for (size_t k = 0; k < audits->v.v[i].texts.n; k++)
			rq_str_release(&audits->v.v[i].texts.v[k]);
		for (size_t k = 0; k < audits->v.v[i].causes.n; k++)
			rq_str_release(&audits->v.v[i].causes.v[k]);
		rq_vec_release(&audits->v.v[i].texts);
		rq_vec_release(&audits->v.v[i].causes);
	}
	for (size_t i = 0; i < audits->claims.n; i++)
		rq_str_release(&audits->claims.v[i].words);
	rq_vec_release(&audits->v);
	rq_vec_release(&audits->claims);
}
