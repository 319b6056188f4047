// SPDX-License-Identifier: GPL-2.0-only
/*
 * Both states of a file without the tree that the patch was made for: the branch's own file with the old
 * lines of each hunk, and with the new ones, in the place of what the branch has for them.  The lines
 * without a new name must be there as they are, at one place; how many lines stand for the others is for
 * the bridge to prove: what it makes of the old lines must be the branch's text.
 */
#include "queue/bridge.h"

#include <stdlib.h>

/* A call that is one line for one API may be some more for the other. */
#define MORE_LINES 3
/* Lines that are compared for one patch. */
#define WORK_MOST ((size_t)1 << 24)

struct splicing {
	const struct rq_bridging *b;
	const struct rq_file *file;
	size_t work;
};

/* The old text of a hunk. */
struct old_lines {
	rq_vec(struct rq_slice) v;
};

static struct rq_slice trimmed(struct rq_slice line)
{
	return rq_slice_chomp(line);
}

static bool is_new(const struct splicing *s, const struct old_lines *old, size_t i)
{
	return rq_bridging_is_new(s->b, old->v.v[i]);
}

/*
 * Where lines @i on of @old may end in the file, if they begin at @at: the end of the shortest way, or 0.
 */
static size_t match_from(struct splicing *s, const struct old_lines *old, size_t i,
			 size_t at)
{
	size_t skip = 0;

	for (; i < old->v.n && !is_new(s, old, i); i++, at++, s->work++)
		if (at >= s->file->n_lines ||
		    !rq_slice_eq(trimmed(s->file->lines[at]), trimmed(old->v.v[i])))
			return 0;
	for (; i < old->v.n && is_new(s, old, i); i++)
		skip++;
	if (!skip)
		return at;
	if (i == old->v.n)
		return at + skip <= s->file->n_lines ? at + skip : 0;
	for (size_t gap = 1; gap <= skip + MORE_LINES; gap++) {
		size_t end = match_from(s, old, i, at + gap);

		if (end || s->work > WORK_MOST)
			return end;
	}
	return 0;
}

/* The only place from @from on; false: there is none, or several. */
static bool find_place(struct splicing *s, const struct old_lines *old, size_t from,
		       size_t *start, size_t *end)
{
	size_t found = 0, says = 0;

	for (size_t i = 0; i < old->v.n; i++)
		says += !is_new(s, old, i) && rq_slice_has_word(old->v.v[i]);
	if (says < 2)
		return false;
	for (size_t at = from; at < s->file->n_lines; at++) {
		size_t behind = match_from(s, old, 0, at);

		if (s->work > WORK_MOST || (behind && found))
			return false;
		if (!behind)
			continue;
		found = 1;
		*start = at;
		*end = behind;
	}
	return found;
}

static void add_lines(struct rq_str *out, const struct rq_file *file, size_t from,
		      size_t to)
{
	for (size_t i = from; i < to; i++)
		rq_str_add_slice(out, file->lines[i]);
}

static void add_hunk(struct rq_bridged_file *out, const struct rq_hunk *hunk)
{
	for (size_t i = 0; i < hunk->n_lines; i++) {
		const struct rq_line *line = &hunk->lines[i];

		if (line->sign != '+')
			rq_str_add_slice(&out->before, line->text);
		if (line->sign != '-')
			rq_str_add_slice(&out->after, line->text);
	}
}

static bool splice(struct splicing *s, struct rq_bridged_file *out)
{
	const struct rq_filediff *diff = out->diff;
	size_t from = 0;

	for (size_t i = 0; i < diff->n_hunks; i++) {
		const struct rq_hunk *hunk = &diff->hunks[i];
		struct old_lines old = { 0 };
		size_t start = 0, end = 0;
		bool found;

		for (size_t k = 0; k < hunk->n_lines; k++)
			if (hunk->lines[k].sign != '+')
				*rq_vec_push(&old.v) = hunk->lines[k].text;
		found = diff->change == RQ_CHANGE_CREATE ||
			find_place(s, &old, from, &start, &end);
		rq_vec_release(&old.v);
		if (!found)
			return false;
		add_lines(&out->before, s->file, from, start);
		add_lines(&out->after, s->file, from, start);
		add_hunk(out, hunk);
		from = end;
	}
	add_lines(&out->before, s->file, from, s->file->n_lines);
	add_lines(&out->after, s->file, from, s->file->n_lines);
	return true;
}

static void give_up(struct rq_bridging *b, struct rq_bridged_files *out, const char *path)
{
	rq_bridged_files_release(out);
	/* With a source tree, why that did not help says more. */
	if (b->source_image && b->why)
		return;
	free(b->why);
	b->why = rq_xasprintf("it needs the tree that the patch was made for, since its "
			      "lines around the "
			      "new names are not in %s; name that tree (source)",
			      path);
}

int rq_bridging_from_lines(struct rq_bridged_files *out, struct rq_bridging *b,
			   struct rq_err *err)
{
	const struct rq_patch *patch = b->item->patch;
	struct splicing s = { .b = b };

	for (size_t i = 0; i < patch->n_files; i++) {
		const struct rq_filediff *diff = &patch->files[i];
		struct rq_bridged_file *f;
		struct rq_file *file;
		int rc;

		if (!rq_bridging_wants(b, diff))
			continue;
		rc = rq_image_file(b->walk->image, diff->new_path, &file, err);
		if (rc)
			return rc;
		f = rq_vec_push(&out->v);
		f->diff = diff;
		f->path = diff->new_path;
		s.file = file;
		if (diff->change == RQ_CHANGE_CREATE && file->mode != RQ_MODE_NONE) {
			rq_bridged_files_release(out);
			free(b->why);
			b->why = rq_xasprintf("the branch has a file %s", diff->new_path);
			return 0;
		}
		if (!splice(&s, f)) {
			give_up(b, out, diff->new_path);
			return 0;
		}
	}
	return 0;
}
