// SPDX-License-Identifier: GPL-2.0-only
/*
 * branches.conf: what queues are ported to.  Refuses every key it does not know, so that a
 * typo changes nothing silently.
 */
#include "series/series_internal.h"

#include <ctype.h>
#include <stdlib.h>

#include "git/git.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/near.h"
#include "util/path.h"

#define COMMITTER "requilt developers <requilt@example.org>"
#define MOST_FUZZ 100

/* A thousand times what a maintainer ports to; names are compared one by one. */
#define BRANCHES_MOST 4096

struct reading {
	struct rq_branches *out;
};

static void set(char **field, const char *value)
{
	free(*field);
	*field = rq_xstrdup(value);
}

bool rq_branch_name_valid(struct rq_slice name)
{
	if (!name.n || rq_path_unsafe(name) || name.p[0] == '-' || name.p[0] == '.' ||
	    memchr(name.p, '/', name.n) || memmem(name.p, name.n, "..", 2))
		return false;
	for (size_t i = 0; i < name.n; i++)
		if (!isalnum((unsigned char)name.p[i]) && !strchr("._+-", name.p[i]))
			return false;
	return name.p[name.n - 1] != '.' &&
	       (name.n < 5 || memcmp(name.p + name.n - 5, ".lock", 5) != 0);
}

/* "Name <address>" and nothing else: it goes into commits as it stands. */
static bool is_person(const char *value)
{
	const char *open = strchr(value, '<'), *close = strchr(value, '>');

	for (const char *c = value; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			return false;
	return open && close && open > value + 1 && open[-1] == ' ' && close > open + 1 &&
	       !close[1] && strchr(open + 1, '<') == NULL && value[0] != ' ';
}

static int set_fuzz(long *fuzz, const char *name, const char *value, struct rq_err *err)
{
	char *end;

	*fuzz = strtol(value, &end, 10);
	if (end == value || *end || *fuzz < 0 || *fuzz > MOST_FUZZ)
		return rq_err_set(err, RQ_EFORMAT,
				  "%s: takes a number from 0 to %d, not '%s'", name,
				  MOST_FUZZ, value);
	return 0;
}

/* Goes to make as a word: "tinyconfig", "x86_64_defconfig", "mini.config". */
static bool is_goal(const char *value)
{
	size_t n = strlen(value);

	for (const char *c = value; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("._-", *c))
			return false;
	return n >= 6 && isalnum((unsigned char)value[0]) &&
	       strcmp(value + n - 6, "config") == 0;
}

/* A path below a folder, without what make or a shell could read as something else. */
static bool is_plain_path(const char *value)
{
	for (const char *c = value; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("._+-/", *c))
			return false;
	return value[0] != '-' && !rq_path_unsafe(rq_slice_of(value));
}

bool rq_revision_valid(const char *value)
{
	for (const char *c = value; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			return false;
	return *value && *value != '-' && *value != '^' && !strstr(value, "..");
}

/* The keys that say how a branch is compiled; RQ_ENOTFOUND for another key. */
static int verify_key(struct rq_branch *branch, const char *name, const char *key,
		      const char *value, struct rq_err *err)
{
	bool fragment = strcmp(key, "fragment") == 0;

	if (strcmp(key, "kconfig") == 0) {
		set(&branch->kconfig, value);
		if (!is_goal(value))
			return rq_err_set(err, RQ_EFORMAT,
					  "%s: '%s' is no make target that ends in "
					  "'config'",
					  name, value);
		return 0;
	}
	if (!fragment && strcmp(key, "compile") != 0)
		return RQ_ENOTFOUND;
	if (!is_plain_path(value))
		return rq_err_set(err, RQ_EFORMAT, "%s: '%s' is no plain path", name,
				  value);
	rq_names_add(fragment ? &branch->fragments : &branch->compile,
		     rq_slice_of(value));
	return 0;
}

const char *rq_branch_base(const struct rq_branch *branch)
{
	return branch->base ? branch->base : branch->ref;
}

bool rq_accel_known(const char *value)
{
	return strcmp(value, "auto") == 0 || strcmp(value, "kvm") == 0 ||
	       strcmp(value, "tcg") == 0;
}

/* Made where there is none; NULL: there are too many. */
static struct rq_branch *branch_named(struct rq_branches *out, struct rq_slice name)
{
	struct rq_branch *branch;

	for (size_t i = 0; i < out->all.n; i++)
		if (rq_slice_eq(rq_slice_of(out->all.v[i].name), name))
			return &out->all.v[i];
	if (out->all.n == BRANCHES_MOST)
		return NULL;
	branch = rq_vec_push(&out->all);
	branch->name = rq_xstrndup(name.p, name.n);
	branch->ref = rq_xasprintf("refs/heads/%s", branch->name);
	branch->arch = rq_xstrdup("x86_64");
	branch->kconfig = rq_xstrdup("tinyconfig");
	branch->fuzz = -1;
	return branch;
}

static int branch_key(struct rq_branches *out, const char *name, struct rq_slice sub,
		      const char *key, const char *value, struct rq_err *err)
{
	struct rq_branch *branch;
	struct rq_version version;

	if (!rq_branch_name_valid(sub))
		return rq_err_set(err, RQ_EFORMAT,
				  "branch \"%.*s\": use letters, digits, '.', '_', '+' "
				  "and '-' only",
				  RQ_SLICE_ARG(sub));
	branch = branch_named(out, sub);
	if (!branch)
		return rq_err_set(
			err, RQ_EFORMAT,
			"branch \"%.*s\": there are more than %d; take out those "
			"that nobody ports to",
			RQ_SLICE_ARG(sub), BRANCHES_MOST);
	if (strcmp(key, "tag") == 0) {
		if (!rq_branch_name_valid(rq_slice_of(value)))
			return rq_err_set(err, RQ_EFORMAT, "%s: '%s' is no tag", name,
					  value);
		*rq_vec_push(&branch->tags) = rq_xstrdup(value);
	} else if (strcmp(key, "like") == 0) {
		set(&branch->like, value);
	} else if (strcmp(key, "ref") == 0) {
		free(branch->ref);
		branch->ref = strncmp(value, "refs/", 5) == 0
				      ? rq_xstrdup(value)
				      : rq_xasprintf("refs/heads/%s", value);
		if (!rq_ref_valid(branch->ref))
			return rq_err_set(err, RQ_EFORMAT, "%s: '%s' is no ref name",
					  name, value);
	} else if (strcmp(key, "base") == 0) {
		set(&branch->base, value);
		if (!rq_revision_valid(value))
			return rq_err_set(err, RQ_EFORMAT, "%s: '%s' is no revision",
					  name, value);
	} else if (strcmp(key, "version") == 0) {
		set(&branch->version, value);
		if (rq_version_parse(&version, rq_slice_of(value), err))
			return rq_err_prefix(err, "%s: ", name);
	} else if (strcmp(key, "arch") == 0) {
		set(&branch->arch, value);
		if (!rq_branch_name_valid(rq_slice_of(value)))
			return rq_err_set(err, RQ_EFORMAT, "%s: '%s' is no architecture",
					  name, value);
	} else if (strcmp(key, "cross") == 0) {
		set(&branch->cross, value);
		if (!rq_branch_name_valid(rq_slice_of(value)) ||
		    !rq_slice_ends(rq_slice_of(value), "-"))
			return rq_err_set(err, RQ_EFORMAT,
					  "%s: '%s' is not what a compiler's name starts "
					  "with, as aarch64-linux-gnu-",
					  name, value);
	} else if (strcmp(key, "source") == 0) {
		set(&branch->source, value);
	} else if (strcmp(key, "bridge") == 0) {
		rq_names_add_once(&branch->bridges, rq_slice_of(value));
		if (!rq_branch_name_valid(rq_slice_of(value)))
			return rq_err_set(err, RQ_EFORMAT,
					  "%s: '%s' is no set of bridges; name a "
					  "directory below cocci/, or none",
					  name, value);
	} else if (strcmp(key, "upstream") == 0) {
		set(&branch->upstream, value);
	} else if (strcmp(key, "fuzz") == 0) {
		return set_fuzz(&branch->fuzz, name, value, err);
	} else if (strcmp(key, "accel") == 0) {
		set(&branch->accel, value);
		if (!rq_accel_known(value))
			return rq_err_set(err, RQ_EFORMAT,
					  "%s: '%s' is none of kvm, tcg and auto", name,
					  value);
	} else if (strcmp(key, "boot") == 0) {
		branch->boot = strcmp(value, "yes") == 0;
		if (!branch->boot && strcmp(value, "no") != 0)
			return rq_err_set(err, RQ_EFORMAT,
					  "%s: '%s' is neither yes nor no", name, value);
	} else {
		int rc = verify_key(branch, name, key, value, err);

		if (rc == RQ_ENOTFOUND)
			rc = rq_err_set(err, RQ_EFORMAT,
					"%s: unknown key; see requilt-series(5)", name);
		return rc;
	}
	return 0;
}

static int core_key(struct rq_branches *out, const char *name, const char *key,
		    const char *value, struct rq_err *err)
{
	if (strcmp(key, "repository") == 0) {
		set(&out->repository, value);
	} else if (strcmp(key, "upstream") == 0) {
		set(&out->upstream, value);
	} else if (strcmp(key, "committer") == 0) {
		if (!is_person(value))
			return rq_err_set(err, RQ_EFORMAT,
					  "%s: write it like \"Name <address>\"", name);
		set(&out->committer, value);
	} else {
		return rq_err_set(err, RQ_EFORMAT,
				  "%s: unknown key; see requilt-series(5)", name);
	}
	return 0;
}

static int upstream_key(struct rq_branches *out, const char *name, const char *key,
			const char *value, struct rq_err *err)
{
	if (strcmp(key, "mainline") != 0)
		return rq_err_set(err, RQ_EFORMAT,
				  "%s: unknown key; see requilt-series(5)", name);
	set(&out->mainline, value);
	if (!rq_revision_valid(value))
		return rq_err_set(err, RQ_EFORMAT, "%s: '%s' is no revision", name,
				  value);
	return 0;
}

static int word_key(struct rq_branches *out, const char *name, struct rq_slice sub,
		    bool guard, const char *value, struct rq_err *err)
{
	struct rq_queue_word *word;

	if (!rq_branch_name_valid(rq_slice_of(value)))
		return rq_err_set(err, RQ_EFORMAT, "%s: '%s' is no %s", name, value,
				  guard ? "guard's name" : "branch");
	if (out->guards.n + out->bound.n == BRANCHES_MOST)
		return rq_err_set(err, RQ_EFORMAT, "%s: there are more than %d of these",
				  name, BRANCHES_MOST);
	word = guard ? rq_vec_push(&out->guards) : rq_vec_push(&out->bound);
	word->queue = sub.n ? rq_xstrndup(sub.p, sub.n) : NULL;
	word->word = rq_xstrdup(value);
	return 0;
}

static int queue_key(struct rq_branches *out, const char *name, struct rq_slice sub,
		     const char *key, const char *value, struct rq_err *err)
{
	struct rq_queue_fuzz *queue;
	long fuzz;

	if (strcmp(key, "guard") == 0 || (sub.n && strcmp(key, "branch") == 0))
		return word_key(out, name, sub, strcmp(key, "guard") == 0, value, err);
	if (!sub.n || strcmp(key, "fuzz") != 0)
		return rq_err_set(err, RQ_EFORMAT,
				  "%s: unknown key; see requilt-series(5)", name);
	if (set_fuzz(&fuzz, name, value, err))
		return err->code;
	queue = rq_vec_push(&out->queues);
	queue->queue = rq_xstrndup(sub.p, sub.n);
	queue->fuzz = fuzz;
	return 0;
}

/* "section.key" or "section.sub.key"; the sub may have dots of its own. */
static int read_key(const char *name, const char *value, void *ctx, struct rq_err *err)
{
	struct rq_branches *out = ((struct reading *)ctx)->out;
	const char *first = strchr(name, '.'), *last = strrchr(name, '.');
	struct rq_slice section = { name, first ? (size_t)(first - name) : 0 },
			sub = { "", 0 };

	if (first && last > first)
		sub = (struct rq_slice){ first + 1, (size_t)(last - first) - 1 };
	if (rq_slice_eq(section, RQ_SLICE("core")) && !sub.n)
		return core_key(out, name, last + 1, value, err);
	if (rq_slice_eq(section, RQ_SLICE("upstream")) && !sub.n)
		return upstream_key(out, name, last + 1, value, err);
	if (rq_slice_eq(section, RQ_SLICE("branch")) && sub.n)
		return branch_key(out, name, sub, last + 1, value, err);
	if (rq_slice_eq(section, RQ_SLICE("queue")))
		return queue_key(out, name, sub, last + 1, value, err);
	return rq_err_set(
		err, RQ_EFORMAT,
		"%s: unknown section; there are core, branch, queue and upstream", name);
}

/* Of one step: what the other is like does not count, so it must be like none. */
static int check_like(const struct rq_branches *branches, struct rq_err *err)
{
	for (size_t i = 0; i < branches->all.n; i++) {
		const struct rq_branch *branch = &branches->all.v[i];
		const struct rq_branch *other =
			branch->like ? rq_branches_find(branches, branch->like) : NULL;

		if (branch->like && !other)
			return rq_err_set(
				err, RQ_EFORMAT,
				"branch.%s.like: '%s' is no branch of this file; "
				"correct it or add the branch",
				branch->name, branch->like);
		if (other && (other == branch || other->like))
			return rq_err_set(
				err, RQ_EFORMAT,
				"branch.%s.like: '%s' is %s; name a branch that is "
				"like no other",
				branch->name, branch->like,
				other == branch ? "the branch itself"
						: "like another itself");
	}
	return 0;
}

static int check_bound(const struct rq_branches *branches, struct rq_err *err)
{
	for (size_t i = 0; i < branches->bound.n; i++) {
		const struct rq_queue_word *one = &branches->bound.v[i];

		if (!rq_branches_find(branches, one->word))
			return rq_err_set(
				err, RQ_EFORMAT,
				"queue.%s.branch: '%s' is no branch of this file; "
				"correct it or add the branch",
				one->queue, one->word);
	}
	return 0;
}

bool rq_branches_bound(const struct rq_branches *branches, const char *queue,
		       const char *branch)
{
	bool any = false;

	for (size_t i = 0; i < branches->bound.n; i++) {
		if (strcmp(branches->bound.v[i].queue, queue) != 0)
			continue;
		if (strcmp(branches->bound.v[i].word, branch) == 0)
			return true;
		any = true;
	}
	return !any;
}

int rq_branches_load(struct rq_branches *out, const char *path, struct rq_err *err)
{
	_cleanup_free_ char *folder = rq_path_parent(path);
	_cleanup_free_ char *root = rq_path_parent(folder);
	struct reading reading = { out };
	int rc;

	out->path = rq_xstrdup(path);
	out->committer = rq_xstrdup(COMMITTER);
	if (rq_file_check_within(root, path, err) == RQ_EUNSAFE)
		return err->code;
	rc = rq_config_each(path, read_key, &reading, err);
	if (!rc)
		rc = check_like(out, err);
	if (!rc)
		rc = check_bound(out, err);
	if (rc && rc != RQ_ENOTFOUND && !strstr(err->msg, path))
		rq_err_prefix(err, "%s: ", path);
	return rc;
}

static void release_branch(struct rq_branch *branch)
{
	for (size_t i = 0; i < branch->tags.n; i++)
		free(branch->tags.v[i]);
	rq_vec_release(&branch->tags);
	rq_names_release(&branch->fragments);
	rq_names_release(&branch->compile);
	rq_names_release(&branch->bridges);
	free(branch->name);
	free(branch->ref);
	free(branch->base);
	free(branch->version);
	free(branch->like);
	free(branch->kconfig);
	free(branch->arch);
	free(branch->cross);
	free(branch->source);
	free(branch->upstream);
	free(branch->accel);
}

static void release_words(struct rq_queue_word *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(v[i].queue);
		free(v[i].word);
	}
}

void rq_branches_release(struct rq_branches *branches)
{
	for (size_t i = 0; i < branches->all.n; i++)
		release_branch(&branches->all.v[i]);
	for (size_t i = 0; i < branches->queues.n; i++)
		free(branches->queues.v[i].queue);
	release_words(branches->guards.v, branches->guards.n);
	release_words(branches->bound.v, branches->bound.n);
	rq_vec_release(&branches->all);
	rq_vec_release(&branches->queues);
	rq_vec_release(&branches->guards);
	rq_vec_release(&branches->bound);
	free(branches->path);
	free(branches->repository);
	free(branches->upstream);
	free(branches->mainline);
	free(branches->committer);
	*branches = (struct rq_branches){ 0 };
}

const struct rq_branch *rq_branches_find(const struct rq_branches *branches,
					 const char *name)
{
	for (size_t i = 0; i < branches->all.n; i++)
		if (strcmp(branches->all.v[i].name, name) == 0)
			return &branches->all.v[i];
	return NULL;
}

int rq_branches_need(const struct rq_branch **out, const struct rq_branches *branches,
		     const char *name, struct rq_err *err)
{
	_cleanup_free_ char *meant = NULL;
	struct rq_near near = { .word = name };

	*out = rq_branches_find(branches, name);
	if (*out)
		return 0;
	for (size_t i = 0; i < branches->all.n; i++)
		rq_near_offer(&near, branches->all.v[i].name);
	meant = rq_near_text(&near, "");
	if (near.best)
		return rq_err_set(err, RQ_EFORMAT, "%s: names no branch '%s'%s",
				  branches->path, name, meant);
	return rq_err_set(
		err, RQ_EFORMAT,
		"%s: names no branch '%s'; add a [branch \"%s\"] section with a key",
		branches->path, name, name);
}

void rq_branches_only(struct rq_branches *out, const struct rq_branches *branches,
		      struct rq_branch *one)
{
	*out = *branches;
	rq_vec_forget(&out->all);
	out->all.v = one;
	out->all.n = 1;
}

long rq_branches_fuzz(const struct rq_branches *branches, const char *queue,
		      const struct rq_branch *branch)
{
	if (branch->fuzz >= 0)
		return branch->fuzz;
	for (size_t i = 0; i < branches->queues.n; i++)
		if (strcmp(branches->queues.v[i].queue, queue) == 0)
			return branches->queues.v[i].fuzz;
	return 0;
}
