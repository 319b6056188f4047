// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bridges over both states of each file, and what they must not do: leave a place that they could not read,
 * make text that spatch cannot read, or make what their counter-rule does not lead back.
 */
#include "queue/bridge.h"

#include <stdlib.h>

/* In front of the paths, so that one spatch gets both states. */
static const char *const sides[] = { "before/", "after/" };

static struct rq_str *side_of(struct rq_bridged_file *f, size_t side)
{
	return side ? &f->after : &f->before;
}

static void add_side(struct rq_semantic *run, struct rq_bridged_file *f, size_t side)
{
	_cleanup_free_ char *path = rq_xasprintf("%s%s", sides[side], f->path);
	struct rq_str copy = { 0 };

	rq_str_add_slice(&copy, rq_str_slice(side_of(f, side)));
	rq_semantic_add(run, path, &copy);
}

static int by_path(const void *a, const void *b)
{
	const struct rq_semantic_file *x = a, *y = b;

	return strcmp(x->path, y->path);
}

static void say(struct rq_bridging *b, const struct rq_bridge *bridge, const char *what)
{
	char *why = rq_xasprintf("%s: %s", bridge->name, what);

	free(b->why);
	b->why = why;
}

static const char *why_not(const struct rq_semantic *run)
{
	if (run->outcome == RQ_ERROR)
		return run->why;
	for (size_t i = 0; i < run->files.n; i++)
		if (run->files.v[i].refused)
			return run->files.v[i].refused;
	return NULL;
}

static struct rq_semantic_options options_of(const struct rq_bridging *b)
{
	struct rq_semantic_options options = b->walk->rules;

	options.where = NULL;
	if (!options.jobs)
		options.jobs = 1;
	return options;
}

/* The file of the run that is @side of the path; NULL: it was not among them. */
static struct rq_semantic_file *file_of(struct rq_semantic *run, size_t side,
					const char *path)
{
	size_t n = strlen(sides[side]);

	for (size_t i = 0; i < run->files.n; i++)
		if (strncmp(run->files.v[i].path, sides[side], n) == 0 &&
		    strcmp(run->files.v[i].path + n, path) == 0)
			return &run->files.v[i];
	return NULL;
}

static int run_rule(struct rq_semantic *run, const struct rq_rule *rule,
		    const struct rq_bridged_files *files, struct rq_bridging *b,
		    const struct rq_bridge *bridge, bool *good, struct rq_err *err)
{
	const struct rq_semantic_options options = options_of(b);
	int rc;

	for (size_t i = 0; i < files->v.n; i++)
		for (size_t side = 0; side < ARRAY_SIZE(sides); side++)
			add_side(run, &files->v.v[i], side);
	qsort(run->files.v, run->files.n, sizeof(*run->files.v), by_path);
	rc = rq_semantic_run(run, rule, &options, err);
	*good = !rc && !why_not(run);
	if (!rc && !*good)
		say(b, bridge, why_not(run));
	return rc;
}

/* Only the state after the patch: the one before is made alike. */
static int lead_back(struct rq_semantic *out, struct rq_semantic *of,
		     struct rq_bridging *b, const struct rq_bridge *bridge, bool made,
		     struct rq_err *err)
{
	const struct rq_semantic_options options = options_of(b);
	const struct rq_rule *rule = bridge->back.name ? &bridge->back : &bridge->probe;

	for (size_t i = 0; i < of->files.n; i++) {
		struct rq_semantic_file *f = &of->files.v[i];
		struct rq_str copy = { 0 };

		if (strncmp(f->path, sides[1], strlen(sides[1])) != 0 || !f->changed)
			continue;
		rq_str_add_slice(&copy, rq_str_slice(made ? &f->after : &f->before));
		rq_semantic_add(out, f->path, &copy);
	}
	return out->files.n ? rq_semantic_run(out, rule, &options, err) : 0;
}

static bool same_words(const struct rq_semantic_file *f, const struct rq_semantic_file *g)
{
	struct rq_slice a = rq_str_slice(f->changed ? &f->after : &f->before);
	struct rq_slice b = rq_str_slice(g->changed ? &g->after : &g->before), word;

	do {
		word = rq_slice_next_word(&a);
		if (!rq_slice_eq(word, rq_slice_next_word(&b)))
			return false;
	} while (word.n);
	return true;
}

/*
 * There and back: the counter-rule makes the same of what the bridge made and of what it was made from.
 * With or without one, spatch has read the result.
 */
static int check_result(struct rq_semantic *of, struct rq_bridging *b,
			const struct rq_bridge *bridge, bool *good, struct rq_err *err)
{
	struct rq_semantic made = { 0 }, from = { 0 };
	bool back = bridge->back.name;
	const char *why;
	int rc = lead_back(&made, of, b, bridge, true, err);

	if (!rc && back)
		rc = lead_back(&from, of, b, bridge, false, err);
	why = why_not(&made) ? why_not(&made) : why_not(&from);
	for (size_t i = 0; back && i < made.files.n && !why; i++)
		if (!same_words(&made.files.v[i], &from.files.v[i]))
			why = "there and back gives other lines";
	*good = !rc && !why;
	if (!rc && why)
		say(b, bridge, why);
	rq_semantic_release(&made);
	rq_semantic_release(&from);
	return rc;
}

static void take(struct rq_bridged_files *files, struct rq_semantic *run)
{
	for (size_t i = 0; i < files->v.n; i++)
		for (size_t side = 0; side < ARRAY_SIZE(sides); side++) {
			struct rq_semantic_file *f =
				file_of(run, side, files->v.v[i].path);
			struct rq_str *to = side_of(&files->v.v[i], side), old = *to;

			if (!f || !f->changed)
				continue;
			*to = f->after;
			f->after = old;
		}
}

int rq_bridging_convert(struct rq_bridged_files *files, struct rq_bridging *b, bool *good,
			struct rq_err *err)
{
	bool changed = false;
	int rc = 0;

	*good = true;
	for (size_t i = 0; i < b->fits.n && *good && !rc; i++) {
		struct rq_semantic run = { 0 };

		rc = run_rule(&run, &b->fits.v[i]->rule, files, b, b->fits.v[i], good,
			      err);
		if (!rc && *good)
			rc = check_result(&run, b, b->fits.v[i], good, err);
		if (!rc && *good)
			take(files, &run);
		for (size_t k = 0; k < run.files.n; k++)
			changed |= run.files.v[k].changed;
		rq_semantic_release(&run);
	}
	if (!rc && *good && !changed) {
		say(b, b->fits.v[0], "it changes nothing of the patch's files");
		*good = false;
	}
	return rc;
}
