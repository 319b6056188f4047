// SPDX-License-Identifier: GPL-2.0-only
/*
 * An entry, loaded once for all branches.
 */
#include "queue/queue_internal.h"

#include <pthread.h>
#include <stdlib.h>

#include "util/crew.h"
#include "util/file.h"

static int read_file(struct rq_item *item, struct rq_str *bytes, const char *name,
		     const char *path, struct rq_err *err)
{
	int rc = rq_file_read_most(bytes, path, RQ_PATCH_MOST, err);

	if (rc == RQ_ENOTFOUND)
		return rq_err_set(err, RQ_EFORMAT, "%s: not there; name a patch that is",
				  path);
	if (rc)
		return rc;
	item->name = rq_xstrdup(name);
	item->path = rq_xstrdup(path);
	rq_oid_of(&item->bytes, RQ_OBJ_BLOB, rq_str_slice(bytes).p, bytes->len);
	return 0;
}

static int take_first(struct rq_slice value, long line, void *ctx, struct rq_err *err)
{
	char **first = ctx;

	(void)line;
	(void)err;
	if (!*first)
		*first = rq_xstrndup(value.p, value.n);
	return 0;
}

/*
 * One patch that nobody can read is an entry that fails; the others go on.  The record names the entry, not
 * where the queue is on this machine.
 */
static int take_as_broken(struct rq_item *item, const struct rq_patch_options *options,
			  struct rq_err *err)
{
	struct rq_str none = { 0 };
	const char *why = err->msg;
	size_t n = strlen(item->path);

	if (strncmp(why, item->path, n) == 0)
		why += n;
	item->broken = rq_xasprintf("%s%s", item->name, why);
	rq_patch_freep(&item->patch);
	return rq_patch_parse(&item->patch, item->path, &none, options, err);
}

int rq_item_load(struct rq_item *item, const char *name, const char *path,
		 const struct rq_patch_options *options, struct rq_err *err)
{
	struct rq_str bytes = { 0 };
	int rc = read_file(item, &bytes, name, path, err);

	if (rc)
		return rc;
	rc = rq_patch_parse(&item->patch, path, &bytes, options, err);
	rq_str_release(&bytes);
	if (!rc && !item->patch->n_files)
		rc = rq_err_set(err, RQ_EFORMAT,
				"%s: has no diff; complete it or leave it out", path);
	if (rc == RQ_EFORMAT) {
		rq_patch_add_hint(path, options, err);
		rc = take_as_broken(item, options, err);
	}
	if (rc)
		return rc;
	rq_adds_read(&item->adds, item->patch);
	rq_header_read(&item->header, item->patch);
	rc = rq_head_each(item->patch->head, "Incomplete", take_first, &item->incomplete,
			  err);
	return rc ? rc : rq_conditions_read(&item->conditions, item->patch, err);
}

static int is_there(struct rq_slice value, long line, void *ctx, struct rq_err *err)
{
	(void)line;
	(void)err;
	*(bool *)ctx |= value.n > 0;
	return 0;
}

int rq_item_load_rule(struct rq_item *item, const char *name, const char *path,
		      struct rq_err *err)
{
	const struct rq_patch_options options = RQ_PATCH_DEFAULTS;
	struct rq_str bytes = { 0 }, head = { 0 };
	bool subject = false;
	int rc = read_file(item, &bytes, name, path, err);

	if (rc)
		return rc;
	item->rule = rq_xcalloc(1, sizeof(*item->rule));
	rc = rq_rule_parse(item->rule, path, &bytes, err);
	rq_str_release(&bytes);
	if (rc)
		return rc;
	rq_str_add_slice(&head, rq_str_slice(&item->rule->head));
	rq_str_adds(&head, "\n");
	rc = rq_patch_parse(&item->patch, path, &head, &options, err);
	if (!rc && item->patch->n_files)
		rc = rq_err_set(err, RQ_EFORMAT, "%s:%ld: a diff in the leading comment",
				path, item->rule->head_line);
	if (rc)
		return rc;
	item->patch->head_line = item->rule->head_line - 1;
	rq_header_read(&item->header, item->patch);
	rc = rq_head_each(item->patch->head, "Subject", is_there, &subject, err);
	if (rc)
		return rc;
	if (!subject || !item->header.author_email)
		return rq_err_set(
			err, RQ_EFORMAT,
			"%s: the leading comment is the commit message; give it a "
			"'Subject:' and a 'From:' line",
			path);
	return rq_conditions_read(&item->conditions, item->patch, err);
}

static bool has_id(const struct rq_hunk_changes *changes, const struct rq_oid *id)
{
	for (size_t i = 0; i < changes->v.n; i++)
		if (rq_oid_eq(&changes->v.v[i].id, id))
			return true;
	return false;
}

/*
 * A record of an earlier program has the ids of its patch alone: where the later one only brings files,
 * the others are that patch, as its id proves.
 */
static int find_was(struct rq_patch **out, const struct rq_resolution *of,
		    const struct rq_patch *now, struct rq_err *err)
{
	struct rq_filediff *files = rq_xcalloc(now->n_files, sizeof(*files));
	struct rq_patch part = *now;
	struct rq_hunk_changes ids = { 0 };
	struct rq_str lines = { 0 };
	struct rq_oid change;
	size_t at = 0;
	int rc = 0;

	part.files = files;
	part.n_files = 0;
	rq_hunk_changes_of(&ids, now);
	for (size_t i = 0; i < now->n_files; i++) {
		if (has_id(&of->hunks, &ids.v.v[at].id))
			files[part.n_files++] = now->files[i];
		at += now->files[i].n_hunks ? now->files[i].n_hunks : 1;
	}
	rq_change_of(&change, &part);
	if (rq_oid_eq(&change, &of->change)) {
		rq_was_print(&lines, &part);
		rc = rq_was_parse(out, rq_str_slice(&lines), err);
	}
	rq_hunk_changes_release(&ids);
	rq_str_release(&lines);
	free(files);
	return rc;
}

/* What leads from the resolution of another version to that of this one. */
static int prepare_earlier(struct rq_replay *replay, const struct rq_item *item,
			   struct rq_err *err)
{
	int rc = rq_was_parse(&replay->was, rq_str_slice(&replay->of->was), err);

	if (!rc && !replay->was)
		rc = find_was(&replay->was, replay->of, item->patch, err);
	if (rc || !replay->was)
		return rc;
	rq_revision_find(&replay->revision, replay->was, item->patch);
	replay->offers = !replay->revision.beyond;
	replay->carries = replay->offers && !replay->revision.doubtful;
	rc = rq_revision_back(&replay->back, &replay->revision, err);
	return rc ? rc : rq_revision_forth(&replay->forth, &replay->revision, err);
}

/*
 * The id of a change counts no places: of hunks that read alike the record's patch says whether they are
 * those of @item.  An earlier program's record has no patch.
 */
static int has_moved(bool *moved, const struct rq_resolution *of,
		     const struct rq_item *item, struct rq_err *err)
{
	_cleanup_(rq_patch_freep) struct rq_patch *was = NULL;
	struct rq_revision revision = { 0 };
	int rc = rq_was_parse(&was, rq_str_slice(&of->was), err);

	if (!rc && was)
		rq_revision_find(&revision, was, item->patch);
	*moved = revision.doubtful;
	rq_revision_release(&revision);
	return rc;
}

int rq_item_add_replays(struct rq_item *item, const struct rq_resolutions *resolutions,
			struct rq_err *err)
{
	struct rq_oid id, id_1;
	int rc = 0;

	if (item->rule || !resolutions->v.n)
		return 0;
	rq_change_of(&id, item->patch);
	rq_change_of_1(&id_1, item->patch);
	for (size_t i = 0; i < resolutions->v.n && !rc; i++) {
		const struct rq_resolution *one = &resolutions->v.v[i];
		bool same = rq_oid_eq(&one->change, one->version_1 ? &id_1 : &id);
		struct rq_replay *replay;
		bool moved = false;

		if (strcmp(one->entry, item->name) != 0)
			continue;
		rc = same ? has_moved(&moved, one, item, err) : 0;
		if (rc)
			return rc;
		same = same && !moved;
		replay = same ? rq_vec_push(&item->replays) : rq_vec_push(&item->earlier);
		replay->of = one;
		replay->earlier = !same;
		rc = rq_resolution_patch(&replay->patch, one, item->patch, err);
		if (!rc && !same)
			rc = prepare_earlier(replay, item, err);
	}
	return rc;
}

static void release_replay(struct rq_replay *replay)
{
	rq_patch_free(replay->patch);
	rq_patch_free(replay->was);
	rq_patch_free(replay->back);
	rq_patch_free(replay->forth);
	rq_revision_release(&replay->revision);
}

struct loading {
	rq_item_load_fn *load;
	void *ctx;
	pthread_mutex_t lock; /* over what follows */
	size_t failed;	      /* the first that did */
	struct rq_err *err;
};

static void load_one(size_t i, size_t hand, void *ctx)
{
	struct loading *l = ctx;
	struct rq_err err = { 0 };

	(void)hand;
	if (l->load(i, l->ctx, &err) == 0)
		return;
	pthread_mutex_lock(&l->lock);
	if (i < l->failed) {
		l->failed = i;
		*l->err = err;
	}
	pthread_mutex_unlock(&l->lock);
}

int rq_items_load(size_t n, long jobs, rq_item_load_fn *load, void *ctx,
		  struct rq_err *err)
{
	struct loading l = { .load = load, .ctx = ctx, .failed = n, .err = err };

	pthread_mutex_init(&l.lock, NULL);
	rq_crew(n, jobs, load_one, &l);
	pthread_mutex_destroy(&l.lock);
	return l.failed < n ? (int)err->code : 0;
}

void rq_item_release(struct rq_item *item)
{
	for (size_t i = 0; i < item->replays.n; i++)
		release_replay(&item->replays.v[i]);
	for (size_t i = 0; i < item->earlier.n; i++)
		release_replay(&item->earlier.v[i]);
	rq_vec_release(&item->replays);
	rq_vec_release(&item->earlier);
	rq_adds_release(&item->adds);
	rq_patch_free(item->patch);
	if (item->rule)
		rq_rule_release(item->rule);
	free(item->rule);
	rq_header_release(&item->header);
	rq_conditions_release(&item->conditions);
	free(item->broken);
	free(item->incomplete);
	free(item->name);
	free(item->path);
	*item = (struct rq_item){ 0 };
}
