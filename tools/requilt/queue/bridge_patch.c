// SPDX-License-Identifier: GPL-2.0-only
/*
 * The patch that the bridges make: the entry's own text, and for the files that they concern the
 * difference of the converted states.  What of it is another than in the entry's patch must be the API's.
 */
#include "queue/bridge.h"

#include <stdlib.h>

#include "util/path.h"
#include "util/set.h"

/* --- lines that are another --- */

/* Where a line of one patch is looked for in the other: by its sign and its text without blanks. */
static uint64_t key_of(const struct rq_line *line)
{
	_cleanup_(rq_str_release) struct rq_str key = { 0 };
	struct rq_slice rest = line->text, word;

	rq_str_add(&key, &line->sign, 1);
	for (word = rq_slice_next_word(&rest); word.n; word = rq_slice_next_word(&rest))
		rq_str_addf(&key, " %.*s", RQ_SLICE_ARG(word));
	return rq_name_hash(rq_str_slice(&key));
}

/* The changed lines of a diff. */
static void add_changed(struct rq_set *out, const struct rq_filediff *diff)
{
	for (size_t i = 0; i < diff->n_hunks; i++)
		for (size_t k = 0; k < diff->hunks[i].n_lines; k++)
			if (diff->hunks[i].lines[k].sign != ' ')
				rq_set_add(out, key_of(&diff->hunks[i].lines[k]), 1);
}

static const struct rq_filediff *diff_of(const struct rq_patch *patch, const char *path)
{
	for (size_t i = 0; i < patch->n_files; i++)
		if (patch->files[i].new_path &&
		    strcmp(patch->files[i].new_path, path) == 0)
			return &patch->files[i];
	return NULL;
}

/* A line of @lines that the other patch does not have; counts them. */
struct others {
	const struct rq_line *first, *first_added;
	long n;
};

static void find_others(struct others *out, const struct rq_hunk *hunk,
			const struct rq_set *known)
{
	for (size_t i = 0; i < hunk->n_lines; i++) {
		const struct rq_line *line = &hunk->lines[i];

		if (line->sign == ' ' || rq_set_has(known, key_of(line)))
			continue;
		out->n++;
		if (!out->first)
			out->first = line;
		if (!out->first_added && line->sign == '+')
			out->first_added = line;
	}
}

/* --- what must hold --- */

static void say(struct rq_bridging *b, char *why)
{
	free(b->why);
	b->why = why;
}

/* A run of changed lines of which some are another names the old API, and none the new one. */
static bool check_run(struct rq_bridging *b, const struct rq_hunk *hunk, size_t from,
		      size_t to, const struct rq_set *known)
{
	const struct rq_line *other = NULL;
	bool old = false;

	for (size_t i = from; i < to; i++) {
		const struct rq_line *line = &hunk->lines[i];

		if (line->sign == '+' && rq_bridging_is_new(b, line->text)) {
			_cleanup_free_ char *text = rq_reason_line(line->text);

			say(b, rq_xasprintf("it leaves '%s' as it is", text));
			return false;
		}
		if (!rq_set_has(known, key_of(line)))
			other = line;
		old |= rq_bridging_is_old(b, line->text);
	}
	if (other && !old) {
		_cleanup_free_ char *text = rq_reason_line(other->text);

		say(b, rq_xasprintf("it changes '%s', which is not the API's", text));
		return false;
	}
	return true;
}

static bool check_diff(struct rq_bridging *b, const struct rq_filediff *diff)
{
	const struct rq_filediff *own = diff_of(b->item->patch, diff->new_path);
	struct rq_set known = { 0 };
	bool good = true;

	add_changed(&known, own);
	for (size_t i = 0; i < diff->n_hunks && good; i++) {
		const struct rq_hunk *hunk = &diff->hunks[i];

		for (size_t from = 0, to; from < hunk->n_lines && good; from = to + 1) {
			for (to = from;
			     to < hunk->n_lines && hunk->lines[to].sign != ' ';)
				to++;
			good = check_run(b, hunk, from, to, &known);
		}
	}
	rq_set_release(&known);
	return good;
}

static bool brings(const struct rq_patch *patch, struct rq_slice name)
{
	for (size_t i = 0; i < patch->n_files; i++)
		for (size_t k = 0; k < patch->files[i].n_hunks; k++) {
			const struct rq_hunk *hunk = &patch->files[i].hunks[k];

			for (size_t l = 0; l < hunk->n_lines; l++)
				if (memmem(hunk->lines[l].text.p, hunk->lines[l].text.n,
					   name.p, name.n))
					return true;
		}
	return false;
}

/* What the rule brings in must be on the branch. */
static int check_brought(struct rq_bridging *b, const struct rq_patch *patch, bool *good,
			 struct rq_err *err)
{
	_cleanup_(rq_names_release) struct rq_names names = { 0 };
	struct rq_adds adds = { 0 };
	int rc;

	rq_adds_read(&adds, patch);
	for (size_t i = 0; i < adds.uses.n; i++)
		if (!adds.uses.v[i].member && adds.uses.v[i].added &&
		    !brings(b->item->patch, adds.uses.v[i].name))
			rq_names_add_once(&names, adds.uses.v[i].name);
	rq_adds_release(&adds);
	rc = names.v.n ? rq_exist_ask(b->exist, &names, err) : 0;
	for (size_t i = 0; i < names.v.n && *good && !rc; i++) {
		const struct rq_named *named = rq_exist_named(b->exist, names.v.v[i]);

		*good = !named || named->counts || named->made || named->files.v.n;
		if (!*good)
			say(b, rq_xasprintf("it needs %s, which the branch lacks",
					    names.v.v[i]));
	}
	return rc;
}

/* --- the text --- */

static void add_own(struct rq_str *out, const struct rq_filediff *diff)
{
	rq_str_add_slice(out, diff->header);
	for (size_t i = 0; i < diff->n_hunks; i++) {
		rq_str_add_slice(out, diff->hunks[i].header);
		for (size_t k = 0; k < diff->hunks[i].n_lines; k++)
			rq_str_add_slice(out, diff->hunks[i].lines[k].raw);
	}
}

static int add_made(struct rq_str *out, const struct rq_bridged_file *f,
		    struct rq_err *err)
{
	const struct rq_filediff *diff = f->diff;
	bool comes = diff->change == RQ_CHANGE_CREATE;
	unsigned mode = diff->new_mode ? diff->new_mode : RQ_MODE_FILE;
	unsigned old = comes ? RQ_MODE_NONE : diff->old_mode ? diff->old_mode : mode;
	struct rq_str hunks = { 0 };
	int rc = rq_diff_hunks(rq_str_slice(&f->before), rq_str_slice(&f->after), &hunks,
			       err);

	if (!rc && (hunks.len || old != mode)) {
		rq_print_diff_line(out, f->path, old, mode, !hunks.len);
		if (hunks.len)
			rq_print_diff_names(out, f->path, old, mode);
		rq_str_add_slice(out, rq_str_slice(&hunks));
	}
	rq_str_release(&hunks);
	return rc;
}

/* The message, with a line that says what was done to the patch. */
static void add_head(struct rq_str *out, const struct rq_bridging *b)
{
	struct rq_slice head = b->item->patch->head;
	size_t end = rq_message_end(head);

	rq_str_add(out, head.p, end);
	if (end && head.p[end - 1] != '\n')
		rq_str_adds(out, "\n");
	rq_str_adds(out, "[ requilt: bridged by");
	for (size_t i = 0; i < b->fits.n; i++)
		rq_str_addf(out, "%s %s", i ? "," : "", b->fits.v[i]->name);
	rq_str_adds(out, " ]\n");
	rq_str_add(out, head.p + end, head.n - end);
}

static int make_text(struct rq_str *out, const struct rq_bridged_files *files,
		     const struct rq_bridging *b, struct rq_err *err)
{
	const struct rq_patch *patch = b->item->patch;
	size_t at = 0;
	int rc = 0;

	add_head(out, b);
	for (size_t i = 0; i < patch->n_files && !rc; i++) {
		if (at < files->v.n && files->v.v[at].diff == &patch->files[i])
			rc = add_made(out, &files->v.v[at++], err);
		else
			add_own(out, &patch->files[i]);
	}
	return rc;
}

int rq_bridging_patch(struct rq_patch **out, const struct rq_bridged_files *files,
		      struct rq_bridging *b, struct rq_err *err)
{
	_cleanup_(rq_str_release) struct rq_str text = { 0 };
	_cleanup_(rq_patch_freep) struct rq_patch *patch = NULL;
	struct rq_err unread;
	bool good = true;
	int rc = make_text(&text, files, b, err);

	if (rc)
		return rc;
	if (rq_patch_parse(&patch, b->item->name, &text, &RQ_PATCH_DEFAULTS, &unread)) {
		say(b, rq_xasprintf("what it makes is no patch: %s", unread.msg));
		return 0;
	}
	if (!patch->n_files) {
		say(b, rq_xstrdup("nothing is left of the patch: it is about the new "
				  "names only"));
		return 0;
	}
	for (size_t i = 0; i < patch->n_files && good; i++)
		if (patch->files[i].new_path && rq_path_is_c(patch->files[i].new_path))
			good = check_diff(b, &patch->files[i]);
	if (good && b->exist)
		rc = check_brought(b, patch, &good, err);
	if (!rc && good)
		*out = TAKE_PTR(patch);
	return rc;
}

/* --- what to say --- */

/* The reason of one hunk: the first line that is another, and the patch's own for it. */
static struct rq_reason *reason_of(const struct rq_bridging *b,
				   const struct rq_filediff *diff,
				   const struct rq_hunk *hunk)
{
	const struct rq_filediff *own = diff_of(b->item->patch, diff->new_path);
	struct rq_reason reason = { .code = RQ_REASON_BRIDGED };
	struct rq_set known = { 0 }, made = { 0 };
	struct others here = { 0 }, there = { 0 };

	add_changed(&known, own);
	add_changed(&made, diff);
	find_others(&here, hunk, &known);
	for (size_t i = 0; i < own->n_hunks && !there.first_added; i++)
		find_others(&there, &own->hunks[i], &made);
	rq_set_release(&known);
	rq_set_release(&made);
	if (!here.n)
		return NULL;
	if (!here.first_added)
		here.first_added = here.first;
	if (!there.first_added)
		there.first_added = there.first;
	reason.count = here.n;
	reason.name = rq_xstrdup(b->fits.v[0]->name);
	reason.text = rq_reason_line(here.first_added->text);
	if (there.first_added)
		reason.want = rq_reason_line(there.first_added->text);
	return rq_reason_new(&reason);
}

void rq_bridging_tell(const struct rq_bridging *b, const struct rq_patch *patch,
		      struct rq_entry_record *entry)
{
	_cleanup_(rq_str_release) struct rq_str text = { 0 };
	_cleanup_free_ char *placed = TAKE_PTR(entry->message);
	long lines = 0;

	for (size_t i = 0; i < entry->hunks.n; i++) {
		struct rq_hunk_record *h = &entry->hunks.v[i];
		const struct rq_filediff *diff = diff_of(patch, h->file);
		struct rq_reason *why = NULL;

		if (diff && h->hunk > 0 && (size_t)h->hunk <= diff->n_hunks &&
		    diff_of(b->item->patch, h->file))
			why = reason_of(b, diff, &diff->hunks[h->hunk - 1]);
		lines += why ? why->count : 0;
		if (h->why)
			rq_reason_free(why);
		else
			h->why = why;
	}
	rq_str_adds(&text, "bridged by");
	for (size_t i = 0; i < b->fits.n; i++) {
		const struct rq_bridge *bridge = b->fits.v[i];

		rq_str_addf(&text, "%s %s (%s -> %s)", i ? "," : "", bridge->name,
			    bridge->pairs.v[0].name, bridge->pairs.v[0].to.name);
	}
	if (lines)
		rq_str_addf(&text, ": %ld line%s differ%s from the patch's own", lines,
			    lines == 1 ? "" : "s", lines == 1 ? "s" : "");
	else
		rq_str_adds(&text, ": only context differs from the patch's own");
	if (placed)
		rq_str_addf(&text, "; %s", placed);
	rq_entry_say(entry, "%s", text.s);
}
