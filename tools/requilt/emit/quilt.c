// SPDX-License-Identifier: GPL-2.0-only
/*
 * One patch of a quilt series.  Redraws as little as it can: header bytes are never touched,
 * and a file whose hunks all kept their lines is taken over as it stands.
 */
#include "emit/emit.h"

#include <stdlib.h>

char *rq_emit_name(const char *queue, const char *entry)
{
	size_t n = strlen(queue);
	const char *name =
		strncmp(entry, queue, n) == 0 && entry[n] == '/' ? entry + n + 1 : entry;

	if (rq_slice_ends(rq_slice_of(name), ".cocci"))
		return rq_xasprintf("%.*s.patch", (int)strlen(name) - 6, name);
	return rq_xstrdup(name);
}

void rq_emit_series_head(struct rq_str *out, const char *queue,
			 const struct rq_branch_record *branch)
{
	char commit[RQ_OID_HEX + 1], tree[RQ_OID_HEX + 1];

	rq_str_addf(out,
		    "# %s for %s, made by requilt: change the queue, not this file\n",
		    queue, branch->branch);
	rq_str_addf(out, "# base: %s, commit %s, tree %s\n",
		    branch->version ? branch->version : "unknown version",
		    rq_oid_hex(commit, &branch->base),
		    rq_oid_hex(tree, &branch->base_tree));
}

/* As many digits as the source wrote, of the ids that hold here. */
static void index_line(struct rq_str *out, const struct rq_file_change *c,
		       struct rq_slice line)
{
	char old_hex[RQ_OID_HEX + 1], new_hex[RQ_OID_HEX + 1];
	struct rq_slice rest = rq_slice_chomp(line);
	size_t digits = 0;

	while (6 + digits < rest.n && rest.p[6 + digits] != '.')
		digits++;
	if (digits > RQ_OID_HEX)
		digits = RQ_OID_HEX;
	rq_oid_hex(old_hex, &c->old_oid);
	rq_oid_hex(new_hex, &c->new_oid);
	rq_str_addf(out, "index %.*s..%.*s", (int)digits, old_hex, (int)digits, new_hex);
	if (memchr(rest.p + 6, ' ', rest.n - 6))
		rq_str_addf(out, " %06o", (unsigned)c->old_mode);
	rq_str_add(out, rest.p + rest.n, line.n - rest.n);
}

/* An id is missing when a patch edits a file twice: no id is better than a wrong one. */
static bool ids_known(const struct rq_file_change *c)
{
	return (c->old_mode == RQ_MODE_NONE || !rq_oid_is_zero(&c->old_oid)) &&
	       (c->new_mode == RQ_MODE_NONE || !rq_oid_is_zero(&c->new_oid));
}

static void header_as_it_is(struct rq_str *out, const struct rq_file_change *c)
{
	struct rq_slice rest = c->diff->header, line;

	while (rq_slice_next_line(&rest, &line)) {
		if (!rq_slice_starts(line, "index ") || !memmem(line.p, line.n, "..", 2))
			rq_str_add_slice(out, line);
		else if (ids_known(c))
			index_line(out, c, line);
	}
}

/* Hunks that will stand in the emitted patch. */
static size_t emitted_hunks(const struct rq_file_change *c)
{
	size_t n = c->redrawn ? c->body.len : 0;

	for (size_t i = 0; i < c->at.n; i++)
		n += c->at.v[i] != 0;
	return n;
}

static void header_anew(struct rq_str *out, const struct rq_file_change *c)
{
	char old_hex[RQ_OID_HEX + 1], new_hex[RQ_OID_HEX + 1];
	bool made = c->old_mode == RQ_MODE_NONE, gone = c->new_mode == RQ_MODE_NONE;

	rq_print_diff_line(out, c->path, c->old_mode, c->new_mode, !emitted_hunks(c));
	if (ids_known(c)) {
		rq_str_addf(out, "index %.12s..%.12s", rq_oid_hex(old_hex, &c->old_oid),
			    rq_oid_hex(new_hex, &c->new_oid));
		if (!made && !gone && c->old_mode == c->new_mode)
			rq_str_addf(out, " %06o", (unsigned)c->old_mode);
		rq_str_adds(out, "\n");
	}
	if (!emitted_hunks(c))
		return;
	rq_print_diff_names(out, c->path, c->old_mode, c->new_mode);
}

static void range(struct rq_str *out, char sign, long start, long count)
{
	/* "-7" means one line; an empty side names the line before it. */
	if (count == 1)
		rq_str_addf(out, "%c%ld", sign, start);
	else
		rq_str_addf(out, "%c%ld,%ld", sign, count ? start : start - 1, count);
}

static void hunk_header(struct rq_str *out, const struct rq_hunk *hunk, long at,
			long shift)
{
	const char *close = hunk->header.p;
	size_t n = hunk->header.n;
	const char *behind = memmem(close + 2, n - 2, "@@", 2);

	if (at - (hunk->old_count ? 0 : 1) == hunk->old_start &&
	    at + shift - (hunk->new_count ? 0 : 1) == hunk->new_start) {
		rq_str_add_slice(out, hunk->header);
		return;
	}
	rq_str_adds(out, "@@ ");
	range(out, '-', at, hunk->old_count);
	rq_str_adds(out, " ");
	range(out, '+', at + shift, hunk->new_count);
	rq_str_adds(out, " ");
	rq_str_add(out, behind, close + n - behind);
}

/*
 * An empty line that ends in CR lost its blank, which only git takes for a context line; only patch(1) takes
 * a tab without one, and what was chopped off.  The last line of a file may have lost its newline.
 */
static void hunk_line(struct rq_str *out, struct rq_slice raw)
{
	if (!raw.n) {
		rq_str_adds(out, " \n");
		return;
	}
	if (raw.p[0] == '\r' || raw.p[0] == '\t')
		rq_str_adds(out, " ");
	rq_str_add_slice(out, raw);
	if (raw.p[raw.n - 1] != '\n')
		rq_str_adds(out, "\n");
}

static void hunks_moved(struct rq_str *out, const struct rq_file_change *c)
{
	long shift = 0;

	for (size_t i = 0; i < c->diff->n_hunks; i++) {
		const struct rq_hunk *hunk = &c->diff->hunks[i];

		if (!c->at.v[i])
			continue;
		hunk_header(out, hunk, c->at.v[i], shift);
		for (size_t k = 0; k < hunk->n_lines; k++)
			hunk_line(out, hunk->lines[k].raw);
		shift += hunk->new_count - hunk->old_count;
	}
}

/* patch(1) strips every CR behind a header line with one, and ends names at blanks; git takes no "./". */
static bool misread_by_patch(const struct rq_file_change *c)
{
	struct rq_slice header = c->diff->header;

	return memchr(header.p, '\r', header.n) || memmem(header.p, header.n, "/./", 3) ||
	       (strchr(c->path, ' ') && !memchr(header.p, '\t', header.n));
}

/* Whether the source's own header bytes are right for a -p1 series on this branch. */
static bool header_holds(const struct rq_patch *patch, const struct rq_file_change *c)
{
	const struct rq_filediff *diff = c->diff;
	bool mode_changes =
		diff->old_mode && diff->new_mode && diff->old_mode != diff->new_mode;

	/* Names without a hunk are no diff. */
	if (diff->n_hunks && !emitted_hunks(c))
		return false;
	return patch->strip == 1 && !patch->reversed && !diff->guessed &&
	       !misread_by_patch(c) &&
	       (diff->change == RQ_CHANGE_EDIT || diff->change == RQ_CHANGE_CREATE ||
		diff->change == RQ_CHANGE_DELETE) &&
	       mode_changes == (c->old_mode && c->new_mode && c->old_mode != c->new_mode);
}

/* A file whose name becomes a folder's in the same patch. */
static bool becomes_a_folder(const struct rq_entry_record *entry,
			     const struct rq_file_change *c)
{
	for (size_t i = 0; i < entry->changes.n && c->new_mode == RQ_MODE_NONE; i++) {
		const char *other = entry->changes.v[i].path;
		size_t n = strlen(c->path);

		if (entry->changes.v[i].new_mode != RQ_MODE_NONE &&
		    strncmp(other, c->path, n) == 0 && other[n] == '/')
			return true;
	}
	return false;
}

/* What quilt and patch(1) cannot hold, as a phrase, or NULL. */
static const char *why_not(const struct rq_entry_record *entry,
			   const struct rq_file_change *c)
{
	if (c->binary)
		return "a binary change has no place in a quilt series";
	if (becomes_a_folder(entry, c))
		return "a file that becomes a folder in one patch has no place in a "
		       "quilt series; make "
		       "it two";
	return NULL;
}

static int refuse(const struct rq_entry_record *entry, struct rq_err *err)
{
	for (size_t i = 0; i < entry->changes.n; i++) {
		const char *why = why_not(entry, &entry->changes.v[i]);

		if (why)
			return rq_err_set(err, RQ_EQUEUE, "%s: %s",
					  entry->changes.v[i].path, why);
	}
	return 0;
}

char *rq_quoted_text(const struct rq_started *started)
{
	_cleanup_free_ char *what =
		started->kind == RQ_STARTED_NONE
			? rq_xstrdup("change what patch(1) reads below it")
			: rq_xasprintf("start %s for patch(1)",
				       rq_started_word(started->kind));

	return rq_xasprintf("line %ld of its text would %s; in the emitted file %zu "
			    "line%s '> ' in front",
			    started->line, what, started->lines,
			    started->lines == 1 ? " has" : "s have");
}

/* What is written, and which parts of it are diffs; the rest is text. */
struct writing {
	struct rq_str bytes;
	rq_vec(size_t) ends; /* of the text, of a diff, of the text behind it, ... */
	bool bare; /* the last diff has no hunks: patch(1) would go on with a header below it */
};

static void write_text(struct writing *w, struct rq_slice text)
{
	rq_str_add_slice(&w->bytes, text);
	*rq_vec_push(&w->ends) = w->bytes.len;
}

static void write_diff(struct writing *w, const struct rq_patch *patch,
		       const struct rq_file_change *c)
{
	bool git = c->diff && rq_slice_has(c->diff->header, "diff --git ");

	if (c->diff && header_holds(patch, c) && (git || !w->bare))
		header_as_it_is(&w->bytes, c);
	else
		header_anew(&w->bytes, c);
	if (c->redrawn)
		rq_str_add_slice(&w->bytes, rq_str_slice(&c->body));
	else
		hunks_moved(&w->bytes, c);
	w->bare = !emitted_hunks(c);
	*rq_vec_push(&w->ends) = w->bytes.len;
}

static void write_all(struct writing *w, const struct rq_patch *patch,
		      const struct rq_entry_record *entry, struct rq_slice head)
{
	const struct rq_slice none = { "", 0 };

	write_text(w, head);
	for (size_t i = 0; i < entry->changes.n; i++) {
		const struct rq_file_change *c = &entry->changes.v[i];
		bool last = i + 1 == entry->changes.n && patch->n_files;

		write_diff(w, patch, c);
		if (c->diff)
			write_text(w, c->diff->trailer);
		else
			write_text(w, last ? patch->files[patch->n_files - 1].trailer
					   : none);
	}
	if (w->bytes.len && w->bytes.s[w->bytes.len - 1] != '\n') {
		rq_str_adds(&w->bytes, "\n");
		w->ends.v[w->ends.n - 1]++;
	}
}

/* Whether the emitted hunks may have other lines than the patch's own. */
static bool may_have_other_lines(const struct rq_patch *patch,
				 const struct rq_entry_record *entry)
{
	if (entry->resolved || entry->changes.n != patch->n_files)
		return true;
	for (size_t i = 0; i < entry->changes.n; i++) {
		const struct rq_file_change *c = &entry->changes.v[i];

		if (c->redrawn || emitted_hunks(c) != c->at.n)
			return true;
	}
	return false;
}

static void release_writing(struct writing *w)
{
	rq_str_release(&w->bytes);
	rq_vec_release(&w->ends);
	*w = (struct writing){ 0 };
}

/* People read the diffstat above a diff: where the diff is another one, so is that. */
static void renew_diffstat(struct writing *w, const struct rq_patch *patch,
			   const struct rq_entry_record *entry)
{
	_cleanup_(rq_patch_freep) struct rq_patch *emitted = NULL;
	_cleanup_(rq_str_release) struct rq_str head = { 0 };
	struct rq_err ignored;

	if (!may_have_other_lines(patch, entry) || !rq_diffstat_there(patch->head) ||
	    rq_patch_parse_copy(&emitted, patch->name, rq_str_slice(&w->bytes),
				&RQ_PATCH_DEFAULTS, &ignored) ||
	    !rq_diffstat_renew(&head, emitted))
		return;
	release_writing(w);
	write_all(w, patch, entry, rq_str_slice(&head));
}

int rq_emit_patch(struct rq_str *out, const struct rq_patch *patch,
		  const struct rq_entry_record *entry, struct rq_started *started,
		  struct rq_err *err)
{
	struct writing w = { 0 };
	_cleanup_free_ struct rq_piece *pieces = NULL;

	if (refuse(entry, err))
		return err->code;
	write_all(&w, patch, entry, patch->head);
	renew_diffstat(&w, patch, entry);
	pieces = rq_xcalloc(w.ends.n, sizeof(*pieces));
	for (size_t i = 0, start = 0; i < w.ends.n; start = w.ends.v[i++])
		pieces[i] = (struct rq_piece){
			.bytes = { rq_str_slice(&w.bytes).p + start,
				   w.ends.v[i] - start },
			.ours = i % 2,
		};
	rq_str_reserve(out, w.bytes.len);
	rq_harmless(out, pieces, w.ends.n, started);
	release_writing(&w);
	return 0;
}
