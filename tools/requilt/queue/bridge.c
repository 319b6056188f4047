// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tries bridges on one entry: from the source tree where there is one, else from what the patch makes of
 * the branch's own file, else from its lines.  Guesses nothing: what is doubted is left alone.
 */
#include "queue/bridge.h"

#include <stdlib.h>

int rq_bridging_begin(struct rq_bridging *out, struct rq_walk *walk,
		      struct rq_exist *exist, const struct rq_item *item,
		      struct rq_err *err)
{
	struct rq_file *file;
	int rc;

	*out = (struct rq_bridging){ .walk = walk, .exist = exist, .item = item };
	if (!walk->bridges || !walk->made || !item->patch->n_files ||
	    item->patch->reversed || item->patch->strip != 1)
		return 0;
	rc = rq_bridging_find(out, err);
	if (rc || !out->fits.n || !walk->source)
		return rc;
	out->source_image = rq_kept_files_new(&out->source, walk->source, NULL);
	/* Now, since the source tree goes on. */
	for (size_t i = 0; i < item->patch->n_files && !rc; i++)
		if (item->patch->files[i].old_path)
			rc = rq_image_file(out->source_image,
					   item->patch->files[i].old_path, &file, err);
	return rc;
}

void rq_bridging_end(struct rq_bridging *b)
{
	if (b->source_image)
		rq_kept_files_free(&b->source, b->source_image);
	rq_vec_release(&b->fits);
	free(b->why);
}

/* Places what the bridges made; the files of @from are a base to merge from. */
static int place(struct rq_bridging *b, struct rq_patch *patch,
		 const struct rq_bridged_files *from,
		 const struct rq_apply_options *options, struct rq_entry_record *entry,
		 bool *done, struct rq_err *err)
{
	struct rq_kept_files kept = { 0 };
	struct rq_image *base = rq_kept_files_new(
		&kept, b->source_image ? b->source_image : b->walk->image, from);
	struct rq_apply_options own = *options;
	struct rq_entry_record tried = { .patch = rq_xstrdup(entry->patch) };
	int rc;

	own.source = base;
	own.offers = false;
	rc = rq_apply(b->walk->image, patch, &own, &tried, err);
	b->there = !rc && tried.outcome == RQ_PRESENT;
	*done = !rc && !b->there && rq_outcome_colour(tried.outcome) != RQ_RED;
	if (*done) {
		struct rq_entry_record old = *entry;

		*entry = tried;
		tried = old;
		entry->resolved = patch;
		entry->outcome = RQ_BRIDGED;
		rq_bridging_tell(b, patch, entry);
	} else if (!rc) {
		free(b->why);
		b->why = b->there ? rq_xstrdup("what it makes seems to be there")
				  : rq_xasprintf("what it makes has no place: %s",
						 tried.message ? tried.message
							       : "no reason known");
	}
	rq_entry_release(&tried);
	rq_kept_files_free(&kept, base);
	return rc;
}

/*
 * What the bridges make of the old state must be the branch's file, blanks apart, where that state was made
 * from it.
 */
static int check_old_states(const struct rq_bridged_files *files, struct rq_bridging *b,
			    bool *good, struct rq_err *err)
{
	for (size_t i = 0; i < files->v.n && *good; i++) {
		const struct rq_bridged_file *f = &files->v.v[i];
		_cleanup_(rq_str_release) struct rq_str bytes = { 0 };
		struct rq_slice made = rq_str_slice(&f->before), has, word;
		struct rq_file *file;
		int rc = rq_image_file(b->walk->image, f->path, &file, err);

		if (rc)
			return rc;
		rq_file_bytes(file, &bytes);
		has = rq_str_slice(&bytes);
		do {
			word = rq_slice_next_word(&made);
			*good = rq_slice_eq(word, rq_slice_next_word(&has));
		} while (*good && word.n);
		if (*good)
			continue;
		free(b->why);
		b->why = rq_xasprintf(
			"it makes other lines of the patch's old ones than %s has; name "
			"the tree that the patch was made for (source)",
			f->path);
	}
	return 0;
}

static int try_files(struct rq_bridging *b, struct rq_bridged_files *files, bool ours,
		     const struct rq_apply_options *options,
		     struct rq_entry_record *entry, bool *done, struct rq_err *err)
{
	struct rq_patch *patch = NULL;
	bool good = files->v.n;
	int rc = good ? rq_bridging_convert(files, b, &good, err) : 0;

	if (!rc && good && ours)
		rc = check_old_states(files, b, &good, err);
	if (!rc && good)
		rc = rq_bridging_patch(&patch, files, b, err);
	if (rc || !patch)
		return rc;
	*rq_vec_push(&b->walk->made->v) = patch;
	return place(b, patch, files, options, entry, done, err);
}

int rq_bridging_try(struct rq_bridging *b, const struct rq_apply_options *options,
		    bool failed, struct rq_entry_record *entry, bool *done,
		    struct rq_err *err)
{
	enum { FROM_SOURCE, FROM_BRANCH, FROM_LINES, WAYS };
	int rc = 0;

	*done = false;
	for (int way = FROM_SOURCE; way < WAYS && !rc && !*done && !b->there; way++) {
		_cleanup_(rq_bridged_files_release) struct rq_bridged_files files = { 0 };

		if (way == FROM_SOURCE && b->source_image)
			rc = rq_bridging_from_source(&files, b, err);
		else if (way == FROM_BRANCH && !failed)
			rc = rq_bridging_from_branch(&files, b, options, err);
		else if (way == FROM_LINES)
			rc = rq_bridging_from_lines(&files, b, err);
		if (!rc)
			rc = try_files(b, &files, way != FROM_SOURCE, options, entry,
				       done, err);
	}
	return rc;
}
