// SPDX-License-Identifier: GPL-2.0-only
/*
 * One branch: the base is made first, then either every entry after the one before it, or the
 * end alone; and when the end is not as good as the base, the entries one by one on the
 * objects that are to blame, so that the entry can be named.
 */
#include "verify/verify_internal.h"

#include <stdlib.h>
#include <sys/utsname.h>

/* --- what there is to do --- */

static int add_step(struct rq_walk *w, const struct rq_oid *commit, size_t entry,
		    struct rq_err *err)
{
	const struct rq_step *last = w->steps.n ? &w->steps.v[w->steps.n - 1] : NULL;
	struct rq_step step = { .entry = entry };
	int64_t when;
	int rc = rq_commit_info(w->site.repo, commit, &when, &step.tree, err);

	if (!rc && last)
		rc = rq_changed_files(&step.changed, &w->site, &last->tree, &step.tree,
				      err);
	for (size_t i = 0; i < step.changed.v.n; i++)
		w->has_headers |= rq_slice_ends(rq_slice_of(step.changed.v.v[i]), ".h");
	*rq_vec_push(&w->steps) = step;
	return rc;
}

static int plan(struct rq_walk *w, struct rq_err *err)
{
	struct rq_verified_entry *entry = rq_vec_push(&w->out->entries);
	int rc = add_step(w, &w->job->base, 0, err);

	entry->patch = rq_xstrdup("base");
	entry->commit = w->job->base;
	entry->verdict = RQ_VERDICT_UNSEEN;
	for (size_t i = 0; i < w->job->n_entries && !rc; i++) {
		const struct rq_verify_entry *from = &w->job->entries[i];
		bool applied = !rq_oid_is_zero(&from->commit);

		entry = rq_vec_push(&w->out->entries);
		entry->patch = rq_xstrdup(from->patch);
		entry->commit = from->commit;
		entry->verdict = applied ? RQ_VERDICT_UNSEEN : RQ_VERDICT_IDLE;
		if (applied) {
			w->out->head = from->commit;
			rc = add_step(w, &from->commit, i + 1, err);
		}
	}
	return rc;
}

/* Without a cross compiler: what this machine's makes by itself. */
static bool is_native(const char *arch)
{
	struct utsname host;

	return uname(&host) != 0 || strcmp(host.machine, arch) == 0 ||
	       (strcmp(host.machine, "x86_64") == 0 && strcmp(arch, "i386") == 0);
}

static int check_programs(struct rq_walk *w, struct rq_err *err)
{
	const struct rq_branch *branch = w->job->branch;
	_cleanup_free_ char *gcc =
		rq_xasprintf("%sgcc", branch->cross ? branch->cross : "");
	int rc = rq_program_version(&w->make, "make", err);

	if (!rc)
		rc = rq_program_version(&w->out->compiler, gcc, err);
	if (!rc && w->job->sparse)
		rc = rq_program_version(&w->out->checker, "sparse", err);
	if (!rc && !branch->cross && !is_native(branch->arch))
		rc = rq_err_set(
			err, RQ_ETOOL,
			"branch.%s.arch: is %s, which needs a cross compiler: name "
			"it in branch.%s.cross",
			branch->name, branch->arch, branch->name);
	return rc;
}

/* --- the ways through --- */

static int visit_each(struct rq_walk *w, const struct rq_names *only, struct rq_err *err)
{
	for (size_t i = 1; i < w->steps.n; i++) {
		const struct rq_step *step = &w->steps.v[i];
		struct rq_verified_entry *entry = &w->out->entries.v[step->entry];
		int rc = rq_visit(w, entry, &step->tree, &step->changed, only, true, err);

		if (rc)
			return rc;
		if (entry->verdict == RQ_VERDICT_FAILED)
			break;
	}
	return 0;
}

static bool blames(const struct rq_verified_branch *out)
{
	for (size_t i = 1; i + 1 < out->entries.n; i++)
		if (out->entries.v[i].verdict == RQ_VERDICT_FAILED ||
		    out->entries.v[i].verdict == RQ_VERDICT_WARNINGS)
			return true;
	return false;
}

/* The others were looked at in part only, which says nothing of them. */
static void forget_innocent(struct rq_verified_branch *out)
{
	for (size_t i = 1; i + 1 < out->entries.n; i++) {
		struct rq_verified_entry *entry = &out->entries.v[i];

		if (entry->verdict == RQ_VERDICT_FAILED ||
		    entry->verdict == RQ_VERDICT_WARNINGS ||
		    rq_oid_is_zero(&entry->commit))
			continue;
		entry->verdict = RQ_VERDICT_UNSEEN;
		entry->objects = entry->vanished = 0;
		entry->seconds = 0;
		rq_names_release(&entry->off);
	}
}

/* Which objects the end is worse in; nothing when that cannot be told. */
static void find_trouble(struct rq_names *out, const struct rq_verified_entry *end)
{
	for (size_t i = 0; i < end->fresh.v.n; i++)
		rq_names_add(out, rq_slice_of(end->fresh.v.v[i].object));
	if (end->failure && end->failure->object[0])
		rq_names_add(out, rq_slice_of(end->failure->object));
	rq_names_settle(out);
}

/* Where an entry changes what can be configured, the end's configuration is not the base's. */
static int configure_base(struct rq_walk *w, struct rq_err *err)
{
	bool changed = false;
	int rc;

	for (size_t i = 1; i < w->steps.n; i++)
		changed = changed || rq_changes_kconfig(&w->steps.v[i].changed);
	if (!changed)
		return 0;
	rc = rq_worktree_move(&w->site, &w->steps.v[0].tree, err);
	return rc ? rc : rq_kconfig_make(&w->site, err);
}

static bool says(const struct rq_verified_entry *entry, const struct rq_diag *what)
{
	if (entry->failure && strcmp(entry->failure->text, what->text) == 0)
		return true;
	for (size_t i = 0; i < entry->fresh.v.n; i++)
		if (strcmp(entry->fresh.v.v[i].text, what->text) == 0)
			return true;
	return false;
}

static bool is_told(const struct rq_verified_branch *out, const struct rq_diag *what)
{
	for (size_t i = 1; i + 1 < out->entries.n; i++)
		if (says(&out->entries.v[i], what))
			return true;
	return false;
}

/* What an entry is blamed for need not stand at the end again; what none is blamed for must. */
static void forget_told(const struct rq_verified_branch *out,
			struct rq_verified_entry *end)
{
	size_t kept = 0;

	for (size_t i = 0; i < end->fresh.v.n; i++)
		if (is_told(out, &end->fresh.v.v[i]))
			rq_diag_release(&end->fresh.v.v[i]);
		else
			end->fresh.v.v[kept++] = end->fresh.v.v[i];
	end->fresh.v.n = kept;
	if (end->failure && is_told(out, end->failure)) {
		rq_diag_release(end->failure);
		free(TAKE_PTR(end->failure));
	}
}

static int find_culprits(struct rq_walk *w, struct rq_err *err)
{
	struct rq_verified_entry *end = &w->out->entries.v[w->out->entries.n - 1];
	struct rq_names trouble = { 0 };
	bool told = true;
	int rc;

	find_trouble(&trouble, end);
	for (size_t i = 0; i < trouble.v.n; i++)
		told = told && rq_is_object(trouble.v.v[i]);
	rc = configure_base(w, err);
	if (!rc)
		rc = visit_each(w, told && trouble.v.n ? &trouble : NULL, err);
	rq_names_release(&trouble);
	forget_innocent(w->out);
	if (!rc && blames(w->out))
		forget_told(w->out, end);
	return rc;
}

static int visit_end(struct rq_walk *w, struct rq_err *err)
{
	const struct rq_step *last = &w->steps.v[w->steps.n - 1];
	struct rq_verified_entry *entry = rq_vec_push(&w->out->entries);
	struct rq_names changed = { 0 };
	int rc = rq_changed_files(&changed, &w->site, &w->steps.v[0].tree, &last->tree,
				  err);

	entry->patch = rq_xstrdup("ported");
	entry->commit = w->out->head;
	if (!rc)
		rc = rq_visit(w, entry, &last->tree, &changed, NULL, false, err);
	rq_names_release(&changed);
	if (!rc && (entry->verdict == RQ_VERDICT_FAILED ||
		    entry->verdict == RQ_VERDICT_WARNINGS))
		rc = find_culprits(w, err);
	return rc;
}

/* Where nothing of what was changed could be compiled, nothing was proven. */
static int refuse_nothing(const struct rq_walk *w, struct rq_err *err)
{
	const char *name = w->job->branch->name, *left = NULL;

	for (size_t i = 1; i < w->out->entries.n; i++) {
		const struct rq_verified_entry *entry = &w->out->entries.v[i];

		if (entry->objects || entry->verdict == RQ_VERDICT_FAILED)
			return 0;
		if (entry->off.v.n && !left)
			left = entry->off.v.v[0];
	}
	return left ? rq_err_set(err, RQ_EQUEUE,
				 "nothing that the queue touches is built with this "
				 "configuration, as %s; add its option to a fragment of "
				 "branch.%s, or what includes it to branch.%s.compile",
				 left, name, name)
		    : 0;
}

static int compile(struct rq_walk *w, struct rq_err *err)
{
	int rc = rq_visit_base(w, err);

	if (rc || w->out->entries.v[0].verdict == RQ_VERDICT_FAILED)
		return rc;
	rc = w->job->each ? visit_each(w, NULL, err) : visit_end(w, err);
	return rc ? rc : refuse_nothing(w, err);
}

/* What failed may have done so for this machine's sake, so only good results are kept. */
static int compile_or_recall(struct rq_walk *w, struct rq_err *err)
{
	const struct rq_verify_job *job = w->job;
	_cleanup_free_ char *key = NULL;
	int rc;

	if (w->steps.n == 1)
		return 0;
	rc = check_programs(w, err);
	if (rc)
		return rc;
	key = rq_verify_key(w);
	if (job->recall && job->recall(w->out, key, job->ctx))
		return 0;
	rc = compile(w, err);
	if (!rc && job->keep && rq_verified_verdict(w->out) == RQ_VERDICT_OK)
		rc = job->keep(w->out, key, job->ctx, err);
	return rc;
}

static int go(struct rq_walk *w, struct rq_err *err)
{
	int rc = plan(w, err);

	if (!rc && (w->job->build || w->job->sparse))
		rc = compile_or_recall(w, err);
	/* What does not compile is not booted. */
	if (!rc && w->job->boot && rq_verified_verdict(w->out) != RQ_VERDICT_FAILED)
		rc = rq_boot_branch(&w->out->boot, &w->site, &w->out->head, err);
	return rc;
}

int rq_verify_branch(struct rq_verified_branch *out, const struct rq_verify_job *job,
		     struct rq_err *err)
{
	struct rq_walk w = { .job = job, .out = out, .site = { .lock = -1 } };
	int rc;

	out->branch = rq_xstrdup(job->branch->name);
	out->version = job->version ? rq_xstrdup(job->version) : NULL;
	out->config = rq_kconfig_name(job->branch);
	out->base = out->head = job->base;
	rc = rq_site_open(&w.site, job, err);
	if (!rc)
		rc = go(&w, err);
	for (size_t i = 0; i < w.steps.n; i++)
		rq_names_release(&w.steps.v[i].changed);
	rq_vec_release(&w.steps);
	rq_known_release(&w.known);
	rq_names_release(&w.given_up);
	rq_diags_release(&w.base_errors);
	free(w.make);
	rq_site_close(&w.site);
	return rc;
}
