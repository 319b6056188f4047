// SPDX-License-Identifier: GPL-2.0-only
/*
 * For which branches a patch is, by what its message says: guards where somebody asks for them.
 */
#include <stdlib.h>

#include "cmd/cmd.h"
#include "cmd/intake.h"

/* What a patch fixes, and the newest release that has one of them first. */
struct fixing {
	const struct rq_names *histories;
	char *version;
	struct rq_slice unknown; /* the first that no release is known to have */
	long line;
	int rc;
	struct rq_err *err;
};

static int find_release(char **out, const struct rq_names *histories, const char *id,
			struct rq_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < histories->v.n && !*out && !rc; i++) {
		_cleanup_(rq_repo_closep) struct rq_repo *repo = NULL;
		struct rq_oid commit, tree;
		struct rq_err ignored;

		if (rq_repo_open(&repo, histories->v.v[i], &ignored) == 0 &&
		    rq_repo_resolve(repo, id, &commit, &tree, &ignored) == 0 &&
		    !rq_oid_is_zero(&commit))
			rc = rq_history_release_of(out, repo, &commit, err);
	}
	return rc;
}

static bool is_older(const char *a, const char *b)
{
	struct rq_version x, y;
	struct rq_err ignored;

	return rq_version_parse(&x, rq_slice_of(a), &ignored) == 0 &&
	       rq_version_parse(&y, rq_slice_of(b), &ignored) == 0 &&
	       !rq_version_in(&x, &y, &x);
}

/* Of several the oldest counts: a tree that has any of them is in need.  One that is not known may be the oldest. */
static void take_fixed(enum rq_named_how how, struct rq_slice id, long line, void *ctx)
{
	struct fixing *f = ctx;
	_cleanup_free_ char *hex = rq_xstrndup(id.p, id.n), *version = NULL;

	if (how != RQ_NAMED_FIXES || f->rc)
		return;
	f->rc = find_release(&version, f->histories, hex, f->err);
	if (!version && !f->unknown.n)
		f->unknown = id;
	if (!version || (f->version && !is_older(version, f->version)))
		return;
	free(f->version);
	f->version = TAKE_PTR(version);
	f->line = line;
}

int rq_cmd_stable_read(struct rq_stable *out, struct rq_slice head,
		       const struct rq_branches *branches, struct rq_err *err)
{
	_cleanup_(rq_names_release) struct rq_names histories = { 0 };
	struct fixing f = { .histories = &histories, .err = err };

	rq_stable_read(out, head);
	if (out->ranges.n)
		return 0;
	rq_cmd_histories(&histories, branches);
	rq_history_named(head, take_fixed, &f);
	out->unknown = f.unknown;
	if (f.version && !f.unknown.n) {
		struct rq_stable_range *range = rq_vec_push(&out->ranges);

		f.rc = rq_version_parse(&range->from, rq_slice_of(f.version), err);
		out->line = f.line;
	}
	free(f.version);
	return f.rc;
}

static struct rq_slice head_of(const struct rq_imported *patch)
{
	return (struct rq_slice){ patch->bytes.s,
				  rq_message_end(rq_str_slice(&patch->bytes)) };
}

static bool has_guard(const struct rq_imported *patch)
{
	return patch->rest && strchr(patch->rest, '#');
}

static void add_guards(struct rq_imported *patch, const struct rq_stable *stable)
{
	_cleanup_(rq_str_release) struct rq_str guards = { 0 };

	rq_stable_guards(&guards, stable);
	if (!guards.len || has_guard(patch))
		return;
	free(patch->rest);
	patch->rest = rq_xasprintf(" #%s", guards.s);
}

int rq_cmd_stable_guards(struct rq_import *what, const struct rq_branches *branches,
			 struct rq_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < what->patches.n && !rc; i++) {
		struct rq_imported *patch = &what->patches.v[i];
		struct rq_stable stable = { 0 };

		if (patch->rule)
			continue;
		rc = rq_cmd_stable_read(&stable, head_of(patch), branches, err);
		if (!rc)
			add_guards(patch, &stable);
		if (!rc && stable.unknown.n && !has_guard(patch))
			rq_import_say(what,
				      "%s: no guard: no release is known that has %.*s, "
				      "which it fixes",
				      patch->subject ? patch->subject : patch->path,
				      RQ_SLICE_ARG(stable.unknown));
		for (size_t k = 0; k < stable.first.n && !rc; k++) {
			const struct rq_stable_first *first = &stable.first.v[k];

			rq_import_say(what, "%s: asks for %.*s (\"%.*s\") first%s%.*s",
				      patch->subject ? patch->subject : patch->path,
				      RQ_SLICE_ARG(first->id), RQ_SLICE_ARG(first->title),
				      first->version.n ? ", on " : "",
				      RQ_SLICE_ARG(first->version));
		}
		rq_stable_release(&stable);
	}
	return rc;
}
