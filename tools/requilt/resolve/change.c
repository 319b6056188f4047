// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ids of changes.  Knows patches only: where a change went is for the caller to add.
 */
#include "resolve/change.h"

#include <stdlib.h>

void rq_change_part(struct rq_str *out, struct rq_slice part)
{
	rq_str_addf(out, "%zu:", part.n);
	rq_str_add_slice(out, part);
}

void rq_change_word(struct rq_str *out, const char *word)
{
	if (word)
		rq_change_part(out, rq_slice_of(word));
	else
		rq_str_adds(out, "-:");
}

void rq_change_number(struct rq_str *out, long number)
{
	rq_str_addf(out, "%ld,", number);
}

void rq_change_file(struct rq_str *out, const struct rq_filediff *diff)
{
	rq_change_word(out, diff->old_path);
	rq_change_word(out, diff->new_path);
	rq_change_number(out, diff->change);
	rq_change_number(out, diff->old_mode);
	rq_change_number(out, diff->new_mode);
	rq_change_part(out, rq_str_slice(&diff->forward.data));
	rq_change_number(out, (long)diff->n_hunks);
}

void rq_change_hunk(struct rq_str *out, const struct rq_hunk *hunk)
{
	rq_change_number(out, (long)hunk->n_lines);
	for (size_t i = 0; i < hunk->n_lines; i++) {
		rq_str_add(out, &hunk->lines[i].sign, 1);
		rq_change_part(out, hunk->lines[i].text);
	}
}

void rq_change_id(struct rq_oid *out, const struct rq_str *parts)
{
	rq_oid_of(out, RQ_OBJ_BLOB, rq_str_slice(parts).p, parts->len);
}

void rq_change_of(struct rq_oid *out, const struct rq_patch *patch)
{
	struct rq_str text = { 0 };

	rq_change_word(&text, "requilt change 2");
	for (size_t i = 0; patch && i < patch->n_files; i++) {
		const struct rq_filediff *diff = &patch->files[i];

		rq_change_file(&text, diff);
		for (size_t k = 0; k < diff->n_hunks; k++)
			rq_change_hunk(&text, &diff->hunks[k]);
	}
	rq_change_id(out, &text);
	rq_str_release(&text);
}

void rq_change_of_1(struct rq_oid *out, const struct rq_patch *patch)
{
	struct rq_str text = { 0 };

	for (size_t i = 0; patch && i < patch->n_files; i++) {
		const struct rq_filediff *diff = &patch->files[i];

		rq_str_addf(&text, "%s %s %o %o\n", diff->old_path ? diff->old_path : "-",
			    diff->new_path ? diff->new_path : "-", diff->old_mode,
			    diff->new_mode);
		for (size_t k = 0; k < diff->n_hunks; k++)
			for (size_t l = 0; l < diff->hunks[k].n_lines; l++) {
				rq_str_add(&text, &diff->hunks[k].lines[l].sign, 1);
				rq_str_add_slice(&text, diff->hunks[k].lines[l].text);
			}
	}
	rq_change_id(out, &text);
	rq_str_release(&text);
}

static void add_hunk(struct rq_hunk_changes *out, const struct rq_filediff *diff,
		     size_t number)
{
	struct rq_hunk_change *one = rq_vec_push(&out->v);
	struct rq_str text = { 0 };

	one->file = rq_xstrdup(rq_filediff_path(diff));
	one->hunk = number;
	rq_change_word(&text, "requilt hunk 2");
	rq_change_file(&text, diff);
	if (number)
		rq_change_hunk(&text, &diff->hunks[number - 1]);
	rq_change_id(&one->id, &text);
	rq_str_release(&text);
}

void rq_hunk_changes_of(struct rq_hunk_changes *out, const struct rq_patch *patch)
{
	for (size_t i = 0; i < patch->n_files; i++) {
		if (!patch->files[i].n_hunks)
			add_hunk(out, &patch->files[i], 0);
		for (size_t k = 0; k < patch->files[i].n_hunks; k++)
			add_hunk(out, &patch->files[i], k + 1);
	}
}

const struct rq_hunk_change *rq_hunk_changes_new(const struct rq_hunk_changes *changes,
						 const struct rq_hunk_changes *others)
{
	for (size_t i = 0; i < changes->v.n; i++) {
		size_t k = 0;

		while (k < others->v.n &&
		       !rq_oid_eq(&changes->v.v[i].id, &others->v.v[k].id))
			k++;
		if (k == others->v.n)
			return &changes->v.v[i];
	}
	return NULL;
}

void rq_hunk_changes_release(struct rq_hunk_changes *changes)
{
	for (size_t i = 0; i < changes->v.n; i++)
		free(changes->v.v[i].file);
	rq_vec_release(&changes->v);
}
