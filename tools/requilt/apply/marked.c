// SPDX-License-Identifier: GPL-2.0-only
/*
 * A patch without a place, for a hand to finish: its files as the branch has them, with the hunks
 * that found their place, and merge markers where one found none.
 */
#include "apply/apply_internal.h"

#include <stdlib.h>

struct marking {
	struct rq_marked_files *out;
	struct rq_image *image;
	const struct rq_mark_options *options;
	struct rq_entry_record tried; /* what rq_apply() said of each hunk */
	size_t next;		      /* of these: they are asked for in their order */
};

/* Lines of the file, from 0, and what is to stand there. */
struct block {
	size_t at, n;
	struct rq_str text;
	bool marked;
	size_t order; /* among those at one line */
};

typedef rq_vec(struct block) blocks;

static const struct rq_hunk_record *record_of(struct marking *m, const char *path,
					      long hunk)
{
	size_t n = m->tried.hunks.n;

	for (size_t i = 0; i < n; i++) {
		size_t at = (m->next + i) % n;

		if (m->tried.hunks.v[at].hunk == hunk &&
		    strcmp(m->tried.hunks.v[at].file, path) == 0) {
			m->next = at + 1;
			return &m->tried.hunks.v[at];
		}
	}
	return NULL;
}

/* What was taken for the hunk, or for the file as a whole (0); NULL: nothing. */
static const struct rq_offer *taken_for(const struct marking *m,
					const struct rq_filediff *diff, long hunk)
{
	for (size_t i = 0; i < m->options->n_taken; i++) {
		const struct rq_taken *taken = &m->options->taken[i];

		if (taken->hunk == hunk &&
		    ((diff->old_path && strcmp(taken->path, diff->old_path) == 0) ||
		     (diff->new_path && strcmp(taken->path, diff->new_path) == 0)))
			return taken->offer;
	}
	return NULL;
}

static bool any_taken(const struct marking *m, const struct rq_filediff *diff)
{
	for (size_t i = 0; i <= diff->n_hunks; i++)
		if (taken_for(m, diff, (long)i))
			return true;
	return false;
}

static void add_lines(struct rq_str *out, const struct rq_slice *lines, size_t n)
{
	for (size_t i = 0; i < n; i++)
		rq_str_add_slice(out, lines[i]);
}

/* A marker stands at the start of a line. */
static void end_line(struct rq_str *out)
{
	if (out->len && out->s[out->len - 1] != '\n')
		rq_str_adds(out, "\n");
}

static void mark_all(struct rq_str *out, const struct rq_merge *merge)
{
	rq_str_addf(out, "<<<<<<< %s\n", merge->our_name);
	rq_str_add_slice(out, merge->ours);
	end_line(out);
	rq_str_addf(out, "||||||| %s\n", merge->base_name);
	rq_str_add_slice(out, merge->base);
	end_line(out);
	rq_str_adds(out, "=======\n");
	rq_str_add_slice(out, merge->theirs);
	end_line(out);
	rq_str_addf(out, ">>>>>>> %s\n", merge->their_name);
}

/*
 * With markers, unless @merges: that it could be merged proves nothing about the place.  *marked says
 * whether there are any.
 */
static int merge_marked(struct rq_str *out, const struct marking *m, bool merges,
			bool *marked, struct rq_slice base, struct rq_slice ours,
			struct rq_slice theirs, struct rq_err *err)
{
	const struct rq_merge merge = { .base = base,
					.ours = ours,
					.theirs = theirs,
					.base_name = m->options->base_name
							     ? m->options->base_name
							     : "what the patch changes",
					.our_name = m->options->our_name,
					.their_name = m->options->their_name };
	struct rq_str merged = { 0 };
	bool clean = true;
	int rc = rq_merge_file(&merge, &merged, &clean, err);

	*marked = !clean || !merges;
	if (!rc && clean && *marked)
		mark_all(out, &merge);
	else if (!rc)
		rq_str_add_slice(out, rq_str_slice(&merged));
	rq_str_release(&merged);
	return rc;
}

static int mark_hunk(struct block *block, const struct marking *m, struct rq_file *file,
		     const struct rq_filediff *diff, const struct rq_hunk *hunk,
		     struct rq_err *err)
{
	struct rq_image_text pre = { 0 }, post = { 0 };
	struct rq_str base = { 0 }, ours = { 0 }, theirs = { 0 };
	bool merges;
	size_t equal = 0;
	int rc;

	rq_hunk_text(&pre, hunk, '-');
	rq_hunk_text(&post, hunk, '+');
	block->n = pre.n;
	if (!rq_near_match(file, &pre, diff, hunk, &block->at, &equal) || !equal) {
		block->at = rq_hunk_stated(hunk);
		block->n = 0;
	}
	if (block->at > file->n_lines)
		block->at = file->n_lines;
	if (block->n > file->n_lines - block->at)
		block->n = file->n_lines - block->at;
	merges = m->options->merges && block->n && 2 * equal >= pre.n;
	add_lines(&base, pre.lines, pre.n);
	add_lines(&ours, file->lines + block->at, block->n);
	add_lines(&theirs, post.lines, post.n);
	rc = merge_marked(&block->text, m, merges, &block->marked, rq_str_slice(&base),
			  rq_str_slice(&ours), rq_str_slice(&theirs), err);
	free(pre.lines);
	free(post.lines);
	rq_str_release(&base);
	rq_str_release(&ours);
	rq_str_release(&theirs);
	return rc;
}

/* A hunk that found its place; one that is there already changes nothing. */
static void place_hunk(struct block *block, const struct rq_hunk *hunk,
		       const struct rq_hunk_record *record)
{
	size_t line = record->line ? (size_t)record->line - 1 : 0;

	block->at = line + hunk->leading;
	for (size_t i = hunk->leading; i < hunk->n_lines - hunk->trailing; i++) {
		block->n += hunk->lines[i].sign != '+';
		if (hunk->lines[i].sign != '-')
			rq_str_add_slice(&block->text, hunk->lines[i].text);
	}
}

static void take_edits(blocks *out, const struct rq_offer *offer)
{
	for (size_t i = 0; i < offer->edits.n; i++) {
		const struct rq_offer_edit *edit = &offer->edits.v[i];
		struct block *block = rq_vec_push(out);

		block->at = edit->at;
		block->n = edit->old;
		rq_str_add_slice(&block->text, rq_str_slice(&edit->text));
	}
}

static int by_place(const void *a, const void *b)
{
	const struct block *one = a, *other = b;

	if (one->at != other->at)
		return one->at < other->at ? -1 : 1;
	return one->order < other->order ? -1 : one->order > other->order;
}

static int make_blocks(blocks *out, struct marking *m, struct rq_file *file,
		       const struct rq_filediff *diff, struct rq_err *err)
{
	int rc = 0;

	file->work = 0;
	for (size_t i = 0; i < diff->n_hunks && !rc; i++) {
		const struct rq_hunk_record *record =
			record_of(m, diff->old_path, (long)i + 1);
		bool placed =
			record && (record->rung == RQ_EXACT || record->rung == RQ_OFFSET);
		const struct rq_offer *offer = taken_for(m, diff, (long)i + 1);

		if (!offer && record && record->rung == RQ_PRESENT)
			continue;
		if (offer)
			take_edits(out, offer);
		else if (placed)
			place_hunk(rq_vec_push(out), &diff->hunks[i], record);
		else
			rc = mark_hunk(rq_vec_push(out), m, file, diff, &diff->hunks[i],
				       err);
	}
	for (size_t i = 0; i < out->n; i++)
		out->v[i].order = i;
	if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), by_place);
	return rc;
}

/* Blocks that would cover lines twice follow one another instead, where a hand is to see to one. */
static int join_blocks(struct rq_marked *to, const struct rq_file *file,
		       const blocks *blocks, struct rq_err *err)
{
	size_t at = 0;

	for (size_t i = 0; i < blocks->n; i++) {
		const struct block *block = &blocks->v[i];

		if (block->at + block->n > file->n_lines ||
		    (block->at < at && !block->marked && !blocks->v[i - 1].marked))
			return rq_err_set(err, RQ_EQUEUE,
					  "%s:%zu: two hunks change these lines; finish "
					  "one of them by hand",
					  to->path, block->at + 1);
		if (block->at > at)
			add_lines(&to->text, file->lines + at, block->at - at);
		if (block->at > at)
			at = block->at;
		end_line(&to->text);
		rq_str_add_slice(&to->text, rq_str_slice(&block->text));
		if (block->at + block->n > at)
			at = block->at + block->n;
		to->marks += block->marked;
	}
	add_lines(&to->text, file->lines + at, file->n_lines - at);
	return 0;
}

static int mark_by_hunks(struct rq_marked *to, struct marking *m, struct rq_file *file,
			 const struct rq_filediff *diff, struct rq_err *err)
{
	blocks blocks = { 0 };
	int rc = make_blocks(&blocks, m, file, diff, err);

	if (!rc)
		rc = join_blocks(to, file, &blocks, err);
	for (size_t i = 0; i < blocks.n; i++)
		rq_str_release(&blocks.v[i].text);
	rq_vec_release(&blocks);
	return rc;
}

/* A three-way merge of the whole file, where the source tree has it before and after. */
static int mark_by_source(struct rq_marked *to, const struct marking *m,
			  const struct rq_file *file, const struct rq_filediff *diff,
			  bool *done, struct rq_err *err)
{
	struct rq_merge merge = { .base_name = "the patch's source",
				  .our_name = m->options->our_name,
				  .their_name = m->options->their_name };
	struct rq_str before = { 0 }, ours = { 0 }, after = { 0 };
	struct rq_file *source;
	struct rq_job job = { 0 };
	bool clean = true;
	int rc;

	*done = false;
	if (!m->options->source)
		return 0;
	rc = rq_image_file(m->options->source, diff->old_path, &source, err);
	if (rc || source->mode == RQ_MODE_NONE)
		return rc;
	job = (struct rq_job){ .image = m->options->source,
			       .diff = diff,
			       .file = source };
	source->work = 0;
	rq_job_survey(&job);
	if (rq_rung_exact.try(&job, err) == RQ_DONE && !rq_file_is_spent(source)) {
		struct rq_file *edited = rq_job_edit(&job, source->path, source->mode);

		if (edited) {
			rq_file_bytes(source, &before);
			rq_file_bytes(edited, &after);
			rq_file_bytes(file, &ours);
			merge.base = rq_str_slice(&before);
			merge.ours = rq_str_slice(&ours);
			merge.theirs = rq_str_slice(&after);
			rc = rq_merge_file(&merge, &to->text, &clean, err);
			*done = !rc && !clean;
			to->marks = *done;
			rq_file_free(edited);
		}
	}
	if (!*done)
		to->text.len = 0;
	rq_job_release(&job);
	rq_str_release(&before);
	rq_str_release(&after);
	rq_str_release(&ours);
	return rc;
}

static struct rq_marked *add(struct marking *m, const char *path, enum rq_mode mode)
{
	struct rq_marked *to = rq_vec_push(&m->out->v);

	to->path = rq_xstrdup(path);
	to->mode = mode;
	return to;
}

static bool has_conflict(const struct marking *m, const struct rq_filediff *diff)
{
	const char *path = rq_filediff_old_path(diff);

	for (size_t i = 0; i < m->tried.hunks.n; i++)
		if (m->tried.hunks.v[i].rung == RQ_CONFLICT &&
		    strcmp(m->tried.hunks.v[i].file, path) == 0)
			return true;
	return false;
}

/* What an offer makes of a file. */
static int take_whole(struct rq_marked *to, const struct rq_file *file,
		      const struct rq_offer *offer, struct rq_err *err)
{
	blocks blocks = { 0 };
	int rc;

	take_edits(&blocks, offer);
	rc = join_blocks(to, file, &blocks, err);
	for (size_t i = 0; i < blocks.n; i++)
		rq_str_release(&blocks.v[i].text);
	rq_vec_release(&blocks);
	return rc;
}

static bool is_marked(const struct marking *m, const char *path)
{
	for (size_t i = 0; i < m->out->v.n; i++)
		if (strcmp(m->out->v.v[i].path, path) == 0)
			return true;
	return false;
}

/* Another file takes the place of one that the branch does not have. */
static int take_elsewhere(struct marking *m, const struct rq_offer *offer,
			  struct rq_err *err)
{
	struct rq_file *file;
	int rc = rq_image_file(m->image, offer->file, &file, err);

	if (!rc && is_marked(m, offer->file))
		rc = rq_err_set(err, RQ_EQUEUE,
				"%s: the patch changes it as well; finish it by hand",
				offer->file);
	return rc ? rc : take_whole(add(m, offer->file, file->mode), file, offer, err);
}

/* The file that a diff was followed to, by what was taken of it; NULL: it is the one that it names. */
static const char *followed_to(const struct marking *m, const struct rq_filediff *diff)
{
	for (size_t i = 0; i <= diff->n_hunks && diff->change == RQ_CHANGE_EDIT; i++) {
		const struct rq_offer *offer = taken_for(m, diff, (long)i);

		if (offer && strcmp(offer->file, diff->old_path) != 0)
			return offer->file;
	}
	return NULL;
}

static int mark_followed(struct marking *m, const char *path,
			 const struct rq_filediff *diff, struct rq_err *err)
{
	struct rq_file *file;
	int rc = rq_image_file(m->image, path, &file, err);

	if (!rc && is_marked(m, path))
		rc = rq_err_set(err, RQ_EQUEUE,
				"%s: the patch changes it twice; split the patch", path);
	return rc ? rc : mark_by_hunks(add(m, path, file->mode), m, file, diff, err);
}

static int mark_edit(struct marking *m, struct rq_file *file,
		     const struct rq_filediff *diff, struct rq_err *err)
{
	enum rq_mode mode = file->mode == RQ_MODE_NONE ? RQ_MODE_FILE : file->mode;
	struct rq_marked *to;
	bool done = false;
	int rc = 0;

	if (diff->change == RQ_CHANGE_RENAME)
		add(m, diff->old_path, RQ_MODE_NONE);
	to = add(m, diff->new_path, diff->new_mode ? (enum rq_mode)diff->new_mode : mode);
	if (taken_for(m, diff, 0))
		return take_whole(to, file, taken_for(m, diff, 0), err);
	if (has_conflict(m, diff) && !any_taken(m, diff))
		rc = mark_by_source(to, m, file, diff, &done, err);
	return rc || done ? rc : mark_by_hunks(to, m, file, diff, err);
}

/* A file that is made or goes away: all of it is one side of the conflict. */
static int mark_whole(struct marking *m, const struct rq_file *file,
		      const struct rq_filediff *diff, struct rq_err *err)
{
	bool makes = diff->change == RQ_CHANGE_CREATE;
	struct rq_image_text text = { 0 };
	struct rq_str side = { 0 }, ours = { 0 };
	struct rq_marked *to;
	bool marked;
	int rc = 0;

	if (diff->n_hunks)
		rq_hunk_text(&text, &diff->hunks[0], makes ? '+' : '-');
	add_lines(&side, text.lines, text.n);
	rq_file_bytes(file, &ours);
	if (!has_conflict(m, diff)) {
		to = add(m, file->path,
			 !makes		  ? RQ_MODE_NONE
			 : diff->new_mode ? (enum rq_mode)diff->new_mode
					  : RQ_MODE_FILE);
		if (makes)
			rq_str_add_slice(&to->text, rq_str_slice(&side));
	} else {
		to = add(m, file->path,
			 file->mode == RQ_MODE_NONE ? RQ_MODE_FILE : file->mode);
		to->marks = 1;
		rc = merge_marked(&to->text, m, false, &marked,
				  makes ? RQ_SLICE("") : rq_str_slice(&side),
				  rq_str_slice(&ours),
				  makes ? rq_str_slice(&side) : RQ_SLICE(""), err);
	}
	free(text.lines);
	rq_str_release(&side);
	rq_str_release(&ours);
	return rc;
}

static int mark_diff(struct marking *m, const struct rq_filediff *diff,
		     struct rq_err *err)
{
	const char *path = rq_filediff_old_path(diff);
	const struct rq_offer *offer = taken_for(m, diff, 0);
	struct rq_file *file;
	int rc;

	if (offer && offer->kind == RQ_OFFER_WITHOUT)
		return 0;
	if (offer && strcmp(offer->file, path) != 0)
		return take_elsewhere(m, offer, err);
	if (!offer && followed_to(m, diff))
		return mark_followed(m, followed_to(m, diff), diff, err);
	if (diff->has_binary || diff->binary_differs)
		return rq_err_set(err, RQ_EQUEUE,
				  "%s: a binary change cannot be taken up by hand here; "
				  "write the branch a patch of its own",
				  path);
	if (is_marked(m, path))
		return rq_err_set(err, RQ_EQUEUE,
				  "%s: the patch changes it twice; split the patch",
				  path);
	rc = rq_image_file(m->image, path, &file, err);
	if (rc)
		return rc;
	if (diff->change == RQ_CHANGE_CREATE || diff->change == RQ_CHANGE_DELETE)
		return mark_whole(m, file, diff, err);
	return mark_edit(m, file, diff, err);
}

int rq_image_mark(struct rq_marked_files *out, struct rq_image *image,
		  const struct rq_patch *patch, const struct rq_mark_options *options,
		  struct rq_err *err)
{
	const struct rq_apply_options plain = { 0 };
	struct marking m = { .out = out, .image = image, .options = options };
	int rc = rq_apply(image, patch, &plain, &m.tried, err);

	for (size_t i = 0; i < patch->n_files && !rc; i++)
		rc = mark_diff(&m, &patch->files[i], err);
	rq_entry_release(&m.tried);
	return rc;
}

struct rq_marked *rq_marked_files_find(const struct rq_marked_files *files,
				       const char *path)
{
	for (size_t i = 0; i < files->v.n; i++)
		if (strcmp(files->v.v[i].path, path) == 0)
			return &files->v.v[i];
	return NULL;
}

void rq_marked_files_release(struct rq_marked_files *files)
{
	for (size_t i = 0; i < files->v.n; i++) {
		free(files->v.v[i].path);
		rq_str_release(&files->v.v[i].text);
	}
	rq_vec_release(&files->v);
}
