// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mails that were sent again without a new version in their brackets, and side patches of a thread.  Of two
 * that say the same in their brackets the later one counts; where dates do not tell, nobody guesses.
 */
#include "import/mail_internal.h"

#include <stdlib.h>
#include <string.h>

bool rq_sent_later(const struct rq_mail *newer, const struct rq_mail *older)
{
	return newer->id && older->id && older->sent && newer->sent > older->sent &&
	       strcmp(newer->spelled, older->spelled) == 0 &&
	       rq_same_sender(newer, older);
}

/* Of each hunk the path and the old lines, one text each. */
static void list_old_sides(struct rq_names *out, const struct rq_mail *m)
{
	_cleanup_free_ char *change = rq_mail_change(m);
	struct rq_slice rest = rq_slice_of(change), line, path = { 0 };
	struct rq_str side = { 0 };
	bool in_hunk = false;

	while (rq_slice_next_line(&rest, &line)) {
		if (in_hunk && strchr(" +-\\\n", line.p[0])) {
			if (line.p[0] == ' ' || line.p[0] == '-')
				rq_str_add_slice(&side, line);
			continue;
		}
		if (in_hunk)
			rq_names_add(out, rq_str_slice(&side));
		in_hunk = rq_slice_starts(line, "@@");
		side.len = 0;
		if (in_hunk)
			rq_str_add_slice(&side, path);
		else if (rq_slice_starts(line, "+++ "))
			path = line;
	}
	if (in_hunk)
		rq_names_add(out, rq_str_slice(&side));
	rq_str_release(&side);
}

void rq_old_sides_of(struct rq_old_sides *out, const struct rq_mail *m)
{
	*out = (struct rq_old_sides){ 0 };
	list_old_sides(&out->texts, m);
	for (size_t i = 0; i < out->texts.v.n; i++)
		rq_map_put(&out->known, out->texts.v.v[i], out->texts.v.v[i]);
}

bool rq_old_sides_clash(const struct rq_old_sides *sides, const struct rq_mail *m)
{
	struct rq_names texts = { 0 };
	bool clash = false;

	list_old_sides(&texts, m);
	for (size_t i = 0; i < texts.v.n && !clash; i++)
		clash = rq_map_get(&sides->known, texts.v.v[i]) != NULL;
	rq_names_release(&texts);
	return clash;
}

void rq_old_sides_release(struct rq_old_sides *sides)
{
	rq_map_release(&sides->known);
	rq_names_release(&sides->texts);
}

const struct rq_mail *rq_cover_of(const struct rq_mails *mails, long version)
{
	const struct rq_mail *cover = NULL;

	for (size_t i = 0; i < mails->v.n; i++) {
		const struct rq_mail *m = &mails->v.v[i];

		if (rq_is_cover(m) && m->version == version &&
		    (!cover || rq_sent_later(m, cover)))
			cover = m;
	}
	return cover;
}

bool rq_answers_series(const struct rq_mail *m, const struct rq_map *ids)
{
	for (size_t i = 0; i < m->parents.v.n; i++) {
		const struct rq_mail *to = rq_map_get(ids, m->parents.v.v[i]);

		if (to && to->numbered)
			return true;
	}
	return false;
}
