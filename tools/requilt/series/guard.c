// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guards: which branches an entry is meant for.  They live in a trailing comment, where quilt
 * does not see them.  Refuses names that no branch has, ranges that hold no version, and
 * other words among guards: each of them could drop a fix without anybody noticing.
 */
#include "series/series_internal.h"

#include "util/mem.h"

static bool is_declared_for(const struct rq_queue_word *guard, const char *queue)
{
	return !guard->queue || strcmp(guard->queue, queue) == 0;
}

void rq_guard_names(struct rq_map *out, const struct rq_branches *branches,
		    const char *queue)
{
	for (size_t i = 0; i < branches->guards.n; i++)
		if (is_declared_for(&branches->guards.v[i], queue))
			rq_map_put(out, branches->guards.v[i].word, branches);
	for (size_t i = 0; i < branches->all.n; i++) {
		const struct rq_branch *branch = &branches->all.v[i];

		rq_map_put(out, branch->name, branch);
		for (size_t k = 0; k < branch->tags.n; k++)
			rq_map_put(out, branch->tags.v[k], branch);
	}
}

static bool is_version(struct rq_slice word)
{
	return rq_slice_starts(word, "..") ||
	       (word.n > 1 && word.p[0] == 'v' && word.p[1] >= '0' && word.p[1] <= '9');
}

/* "v4.4..v5.18", "v4.4..", "..v5.18", "v5.10" */
static int read_range(struct rq_guard *guard, struct rq_slice word, struct rq_err *err)
{
	const char *dots = memmem(word.p, word.n, "..", 2);
	struct rq_slice from = { word.p, dots ? (size_t)(dots - word.p) : word.n },
			to = from;
	int rc = 0;

	if (dots)
		to = (struct rq_slice){ dots + 2, word.n - from.n - 2 };
	if (from.n)
		rc = rq_version_parse(&guard->from, from, err);
	if (!rc && to.n)
		rc = rq_version_parse(&guard->to, to, err);
	if (!rc && !from.n && !to.n)
		rc = rq_err_set(err, RQ_EFORMAT, "'..' names no version");
	/* A range that holds no version would silently be no guard at all. */
	if (!rc && from.n && to.n &&
	    !rq_version_in(&guard->from, &guard->from, &guard->to))
		rc = rq_err_set(err, RQ_EFORMAT,
				"'%.*s' ends before it begins; swap the two",
				RQ_SLICE_ARG(word));
	return rc;
}

int rq_guards_read(struct rq_entry *entry, struct rq_slice comment,
		   const struct rq_branches *branches, const struct rq_map *names,
		   struct rq_err *err)
{
	int rc = 0;

	comment = rq_slice_trim(comment);
	if (!comment.n || (comment.p[0] != '+' && comment.p[0] != '-'))
		return 0;
	while (comment.n && !rc) {
		struct rq_slice word = rq_slice_next_word(&comment);
		struct rq_guard *guard;

		if (word.p[0] == '#')
			break;
		if (word.n < 2 || (word.p[0] != '+' && word.p[0] != '-'))
			return rq_err_set(
				err, RQ_EFORMAT,
				"'%.*s' among the guards is none; write +NAME or "
				"-NAME, or a second '#' before a comment",
				RQ_SLICE_ARG(word));
		guard = rq_vec_push(&entry->guards);
		guard->include = word.p[0] == '+';
		word = (struct rq_slice){ word.p + 1, word.n - 1 };
		if (is_version(word)) {
			rc = read_range(guard, word, err);
			continue;
		}
		guard->name = rq_xstrndup(word.p, word.n);
		if (!rq_map_get(names, guard->name))
			rc = rq_err_set(err, RQ_EFORMAT,
					"guard '%s' names no branch and no tag of %s; "
					"correct it or add the "
					"branch",
					guard->name, branches->path);
	}
	return rc;
}

bool rq_guard_known(const struct rq_branches *branches, const char *queue,
		    struct rq_slice name)
{
	_cleanup_free_ char *word = rq_xstrndup(name.p, name.n);
	struct rq_map names = { 0 };
	bool known;

	rq_guard_names(&names, branches, queue);
	known = is_version(name) || rq_map_get(&names, word);
	rq_map_release(&names);
	return known;
}

static bool matches(const struct rq_guard *guard, const struct rq_branch *branch,
		    const struct rq_version *version)
{
	if (!guard->name)
		return version && rq_version_in(version, &guard->from,
						guard->to.n ? &guard->to : version);
	if (strcmp(guard->name, branch->name) == 0 ||
	    (branch->like && strcmp(guard->name, branch->like) == 0))
		return true;
	for (size_t i = 0; i < branch->tags.n; i++)
		if (strcmp(guard->name, branch->tags.v[i]) == 0)
			return true;
	return false;
}

bool rq_entry_meant_for(const struct rq_entry *entry, const struct rq_branch *branch,
			const struct rq_version *version, const struct rq_guard **by)
{
	bool meant = !entry->guards.n || !entry->guards.v[0].include;

	*by = NULL;
	for (size_t i = 0; i < entry->guards.n; i++) {
		if (!matches(&entry->guards.v[i], branch, version))
			continue;
		meant = entry->guards.v[i].include;
		*by = &entry->guards.v[i];
	}
	return meant;
}

static void add_version(struct rq_str *out, const struct rq_version *v)
{
	for (int i = 0; i < v->n; i++)
		rq_str_addf(out, "%s%ld", i ? "." : "v", v->part[i]);
	if (v->rc)
		rq_str_addf(out, "-rc%ld", v->rc);
}

static bool same_version(const struct rq_version *a, const struct rq_version *b)
{
	return a->n == b->n && a->rc == b->rc &&
	       memcmp(a->part, b->part, sizeof(a->part)) == 0;
}

char *rq_guard_text(const struct rq_guard *guard)
{
	struct rq_str out = { 0 };

	rq_str_adds(&out, guard->include ? "+" : "-");
	if (guard->name) {
		rq_str_adds(&out, guard->name);
		return out.s;
	}
	add_version(&out, &guard->from);
	if (!same_version(&guard->from, &guard->to)) {
		rq_str_adds(&out, "..");
		add_version(&out, &guard->to);
	}
	return out.s;
}
