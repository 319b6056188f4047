// SPDX-License-Identifier: GPL-2.0-only
/*
 * One tree: goes there, makes what the queue touches in it, and holds what the compiler and
 * sparse said against what they said before.
 */
#include "verify/verify_internal.h"

#include <stdlib.h>

#include "util/clock.h"
#include "util/file.h"

static void tell(const struct rq_walk *w, const char *step)
{
	if (w->job->progress)
		w->job->progress(w->job->branch->name, step, w->job->ctx);
}

/* The folders of branches.conf as goals; its objects as if their sources were changed. */
static void add_folders(struct rq_names *goals, const struct rq_branch *branch)
{
	for (size_t i = 0; i < branch->compile.v.n; i++)
		if (!rq_is_object(branch->compile.v.v[i]))
			*rq_vec_push(&goals->v) =
				rq_xasprintf("%s/", branch->compile.v.v[i]);
}

static void add_sources(struct rq_names *changed, const struct rq_branch *branch)
{
	for (size_t i = 0; i < branch->compile.v.n; i++) {
		const char *path = branch->compile.v.v[i];

		if (rq_is_object(path))
			*rq_vec_push(&changed->v) =
				rq_xasprintf("%.*s.c", (int)strlen(path) - 2, path);
	}
}

/* The first error of the compiler; else make's own words. */
static void set_failure(struct rq_verified_entry *entry, const struct rq_output *output)
{
	struct rq_diag *failure = rq_xcalloc(1, sizeof(*failure));

	entry->verdict = RQ_VERDICT_FAILED;
	entry->failure = failure;
	for (size_t i = 0; i < output->diags.v.n; i++) {
		const struct rq_diag *diag = &output->diags.v.v[i];

		if (diag->error && diag->tool == RQ_DIAG_COMPILER) {
			rq_diag_copy(failure, diag);
			return;
		}
	}
	failure->error = true;
	failure->object = rq_xstrdup(output->failed.v.n ? output->failed.v.v[0] : "");
	failure->file = rq_xstrdup("");
	failure->text = rq_xstrdup(output->complaint ? output->complaint
						     : "make failed without a word");
}

static bool is_wanted(const struct rq_walk *w, const struct rq_diag *diag, bool sparse)
{
	if (!sparse)
		return w->job->build && diag->tool == RQ_DIAG_COMPILER && !diag->error;
	return diag->tool == RQ_DIAG_SPARSE &&
	       !rq_names_have(&w->given_up, rq_slice_of(diag->object));
}

/* Moves those that count from @output to @found. */
static void collect(struct rq_diags *found, const struct rq_walk *w,
		    struct rq_output *output, bool sparse)
{
	for (size_t i = 0; i < output->diags.v.n; i++) {
		struct rq_diag *diag = &output->diags.v.v[i];

		if (!is_wanted(w, diag, sparse))
			continue;
		*rq_vec_push(&found->v) = *diag;
		*diag = (struct rq_diag){ 0 };
	}
}

/* On the base: where sparse fails or stops, and what it calls an error. */
static void note_base(struct rq_walk *w, const struct rq_output *output)
{
	for (size_t i = 0; i < output->failed.v.n; i++)
		rq_names_add(&w->given_up, rq_slice_of(output->failed.v.v[i]));
	for (size_t i = 0; i < output->diags.v.n; i++) {
		const struct rq_diag *diag = &output->diags.v.v[i];

		if (diag->tool != RQ_DIAG_SPARSE)
			continue;
		if (strncmp(diag->text, "too many ", 9) == 0)
			rq_names_add(&w->given_up, rq_slice_of(diag->object));
		if (diag->error)
			rq_diag_copy(rq_vec_push(&w->base_errors.v), diag);
	}
	rq_names_settle(&w->given_up);
}

/* "mm/memory.c: zap_pte_range()" around an error; the line alone outside of functions. */
static int name_unchecked(struct rq_walk *w, const struct rq_diag *diag,
			  struct rq_err *err)
{
	const struct rq_oid *tree = &w->steps.v[0].tree;
	struct rq_lines *lines;
	struct rq_slice name;
	int rc = rq_lines_new(&lines, w->site.repo, diag->file, tree, tree, err);

	if (rc)
		return rc;
	name = rq_lines_function(lines, false, diag->line);
	*rq_vec_push(&w->out->unchecked.v) =
		name.n ? rq_xasprintf("%s: %.*s()", diag->file, RQ_SLICE_ARG(name))
		       : rq_xasprintf("%s:%ld", diag->file, diag->line);
	rq_lines_free(lines);
	return 0;
}

/* Of what the queue touches: what sparse says nothing reliable about. */
static int list_unchecked(struct rq_walk *w, const struct rq_names *objects,
			  struct rq_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < objects->v.n; i++)
		if (rq_names_have(&w->given_up, rq_slice_of(objects->v.v[i])))
			rq_names_add(&w->out->unchecked, rq_slice_of(objects->v.v[i]));
	for (size_t i = 0; i < w->base_errors.v.n && !rc; i++) {
		const struct rq_diag *diag = &w->base_errors.v.v[i];

		if (rq_names_have(objects, rq_slice_of(diag->object)))
			rc = name_unchecked(w, diag, err);
	}
	rq_names_settle(&w->out->unchecked);
	return rc;
}

/* A folder may hold what sparse cannot do on the base either. */
static bool is_new_failure(const struct rq_walk *w, const struct rq_output *output)
{
	for (size_t i = 0; i < output->failed.v.n; i++)
		if (!rq_names_have(&w->given_up, rq_slice_of(output->failed.v.v[i])))
			return true;
	return !output->failed.v.n;
}

/*
 * What make did not run sparse on though it is C.  On the base: unchecked; where the base was
 * checked there is no reason not to check the port.
 */
static int note_unrun(struct rq_walk *w, const struct rq_output *output,
		      const struct rq_names *goals, bool base, struct rq_err *err)
{
	for (size_t i = 0; i < goals->v.n; i++) {
		const char *goal = goals->v.v[i];
		_cleanup_free_ char *source = rq_xasprintf("%s/%.*sc", w->site.tree,
							   (int)strlen(goal) - 1, goal);

		if (!rq_is_object(goal) || !rq_file_exists(source) ||
		    rq_names_have(&output->checked, rq_slice_of(goal)))
			continue;
		if (!base)
			return rq_err_set(err, RQ_ETOOL,
					  "make C=2 ran sparse on %s of the "
					  "base, and not of the port",
					  goal);
		rq_names_add(&w->given_up, rq_slice_of(goal));
	}
	return 0;
}

/* Sparse on the same goals, which compile; where it fails on the base it has given up. */
static int run_sparse(struct rq_walk *w, struct rq_verified_entry *entry,
		      const struct rq_names *goals, struct rq_diags *found, bool base,
		      struct rq_err *err)
{
	struct rq_output output = { 0 };
	struct rq_names mine = { 0 };
	bool clean;
	int rc;

	for (size_t i = 0; i < goals->v.n; i++)
		if (!rq_names_have(&w->given_up, rq_slice_of(goals->v.v[i])))
			rq_names_add(&mine, rq_slice_of(goals->v.v[i]));
	rc = mine.v.n ? rq_build(&output, &clean, &w->site, &mine, true, err) : 0;
	if (!rc && mine.v.n && !output.checked.v.n)
		rc = rq_err_set(err, RQ_ETOOL, "make C=2 ran sparse on no file of %s%s%s",
				mine.v.v[0], output.complaint ? ": " : "",
				output.complaint ? output.complaint : "");
	if (!rc)
		rc = note_unrun(w, &output, &mine, base, err);
	if (!rc && base)
		note_base(w, &output);
	else if (!rc && mine.v.n && !clean && is_new_failure(w, &output))
		set_failure(entry, &output);
	if (!rc)
		collect(found, w, &output, true);
	rq_output_release(&output);
	rq_names_release(&mine);
	return rc;
}

/* Makes @goals on the tree that is there; fills verdict and messages of @entry. */
static int make_goals(struct rq_walk *w, struct rq_verified_entry *entry,
		      const struct rq_names *goals, struct rq_diags *found, bool base,
		      struct rq_err *err)
{
	struct rq_output output = { 0 };
	bool clean;
	int rc = rq_build(&output, &clean, &w->site, goals, false, err);

	if (!rc && !clean)
		set_failure(entry, &output);
	if (!rc)
		collect(found, w, &output, false);
	rq_output_release(&output);
	if (!rc && clean && w->job->sparse)
		rc = run_sparse(w, entry, goals, found, base, err);
	return rc;
}

/* Only those that are in @only, where that is given. */
static void narrow(struct rq_names *objects, const struct rq_names *only)
{
	size_t kept = 0;

	for (size_t i = 0; i < objects->v.n && only; i++) {
		if (rq_names_have(only, rq_slice_of(objects->v.v[i])))
			objects->v.v[kept++] = objects->v.v[i];
		else
			free(objects->v.v[i]);
	}
	if (only)
		objects->v.n = kept;
}

/* One tree against what is known: moves there, makes what @changed touches, compares. */
int rq_visit(struct rq_walk *w, struct rq_verified_entry *entry,
	     const struct rq_oid *tree, const struct rq_names *changed,
	     const struct rq_names *only, bool learn, struct rq_err *err)
{
	struct rq_names objects = { 0 };
	struct rq_diags found = { 0 };
	double start = rq_now();
	int rc;

	tell(w, entry->patch);
	rc = rq_worktree_move(&w->site, tree, err);
	if (!rc && rq_changes_kconfig(changed))
		rc = rq_kconfig_make(&w->site, err);
	if (!rc)
		rc = rq_objects_of(&objects, &entry->off, &w->site, changed, err);
	narrow(&objects, only);
	entry->objects = objects.v.n;
	if (rq_changes_makefile(changed))
		add_folders(&objects, w->job->branch);
	entry->verdict = objects.v.n ? RQ_VERDICT_OK : RQ_VERDICT_IDLE;
	if (!rc && objects.v.n)
		rc = make_goals(w, entry, &objects, &found, false, err);
	if (!rc && entry->verdict != RQ_VERDICT_FAILED)
		rc = rq_headers_off(&entry->off, &w->site, changed, err);
	if (!rc && entry->verdict != RQ_VERDICT_FAILED)
		rc = rq_known_compare(&w->known, entry, w->site.repo, &objects, &found,
				      tree, learn, err);
	if (entry->verdict == RQ_VERDICT_OK && entry->fresh.v.n)
		entry->verdict = RQ_VERDICT_WARNINGS;
	entry->seconds = rq_now() - start;
	rq_names_release(&objects);
	rq_diags_release(&found);
	return rc;
}

/* Everything that some entry changes. */
static void all_changed(struct rq_names *out, const struct rq_walk *w)
{
	for (size_t i = 1; i < w->steps.n; i++)
		for (size_t k = 0; k < w->steps.v[i].changed.v.n; k++)
			rq_names_add(out, rq_slice_of(w->steps.v[i].changed.v.v[k]));
	rq_names_settle(out);
}

/* What to make of the base: every source that is changed, and where a header may be included. */
static int base_goals(struct rq_names *goals, struct rq_walk *w, struct rq_err *err)
{
	struct rq_names changed = { 0 }, off = { 0 };
	int rc;

	all_changed(&changed, w);
	if (w->has_headers)
		add_sources(&changed, w->job->branch);
	rc = rq_objects_of(goals, &off, &w->site, &changed, err);
	if (w->has_headers || rq_changes_makefile(&changed))
		add_folders(goals, w->job->branch);
	rq_names_release(&changed);
	rq_names_release(&off);
	return rc;
}

/* Now that it is known who includes what: the objects that the queue is about. */
static int base_objects(struct rq_names *objects, struct rq_walk *w, struct rq_err *err)
{
	struct rq_names changed = { 0 }, off = { 0 };
	int rc;

	all_changed(&changed, w);
	rc = rq_objects_of(objects, &off, &w->site, &changed, err);
	rq_names_release(&changed);
	rq_names_release(&off);
	return rc;
}

static int make_base(struct rq_walk *w, struct rq_verified_entry *entry,
		     struct rq_err *err)
{
	const struct rq_oid *tree = &w->steps.v[0].tree;
	struct rq_names goals = { 0 }, objects = { 0 };
	struct rq_diags found = { 0 };
	int rc = base_goals(&goals, w, err);

	entry->verdict = goals.v.n ? RQ_VERDICT_OK : RQ_VERDICT_IDLE;
	if (!rc && goals.v.n)
		rc = make_goals(w, entry, &goals, &found, true, err);
	if (!rc)
		rc = base_objects(&objects, w, err);
	entry->objects = objects.v.n;
	if (!rc)
		rc = list_unchecked(w, &objects, err);
	if (!rc)
		rc = rq_known_compare(&w->known, entry, w->site.repo, &objects, &found,
				      tree, true, err);
	rq_diags_release(&entry->fresh); /* the base's own are no news */
	rq_names_release(&goals);
	rq_names_release(&objects);
	rq_diags_release(&found);
	return rc;
}

int rq_visit_base(struct rq_walk *w, struct rq_err *err)
{
	struct rq_verified_entry *entry = &w->out->entries.v[0];
	double start = rq_now();
	int rc;

	tell(w, "work tree");
	rc = rq_worktree_move(&w->site, &w->steps.v[0].tree, err);
	tell(w, "configuration");
	if (!rc)
		rc = rq_kconfig_make(&w->site, err);
	tell(w, "base");
	if (!rc)
		rc = make_base(w, entry, err);
	entry->seconds = rq_now() - start;
	return rc;
}
