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

static void header_anew(struct rq_str *out, const struct rq_file_change *c)
{
	char old_hex[RQ_OID_HEX + 1], new_hex[RQ_OID_HEX + 1];
	bool made = c->old_mode == RQ_MODE_NONE, gone = c->new_mode == RQ_MODE_NONE;

	rq_print_diff_line(out, c->path, c->old_mode, c->new_mode);
	if (ids_known(c)) {
		rq_str_addf(out, "index %.12s..%.12s", rq_oid_hex(old_hex, &c->old_oid),
			    rq_oid_hex(new_hex, &c->new_oid));
		if (!made && !gone && c->old_mode == c->new_mode)
			rq_str_addf(out, " %06o", (unsigned)c->old_mode);
		rq_str_adds(out, "\n");
	}
	if (!c->body.len && c->redrawn)
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

static void hunks_moved(struct rq_str *out, const struct rq_file_change *c)
{
	long shift = 0;

	for (size_t i = 0; i < c->diff->n_hunks; i++) {
		const struct rq_hunk *hunk = &c->diff->hunks[i];

		if (!c->at.v[i])
			continue;
		hunk_header(out, hunk, c->at.v[i], shift);
		for (size_t k = 0; k < hunk->n_lines; k++)
			rq_str_add_slice(out, hunk->lines[k].raw);
		shift += hunk->new_count - hunk->old_count;
	}
}

/* patch(1) strips every CR behind a header line with one, and ends names at blanks. */
static bool misread_by_patch(const struct rq_file_change *c)
{
	struct rq_slice header = c->diff->header;

	return memchr(header.p, '\r', header.n) ||
	       (strchr(c->path, ' ') && !memchr(header.p, '\t', header.n));
}

/* Whether the source's own header bytes are right for a -p1 series on this branch. */
static bool header_holds(const struct rq_patch *patch, const struct rq_file_change *c)
{
	const struct rq_filediff *diff = c->diff;
	bool mode_changes =
		diff->old_mode && diff->new_mode && diff->old_mode != diff->new_mode;

	return patch->strip == 1 && !patch->reversed && !misread_by_patch(c) &&
	       (diff->change == RQ_CHANGE_EDIT || diff->change == RQ_CHANGE_CREATE ||
		diff->change == RQ_CHANGE_DELETE) &&
	       mode_changes == (c->old_mode && c->new_mode && c->old_mode != c->new_mode);
}

/* Hunks that will stand in the emitted patch. */
static size_t emitted_hunks(const struct rq_file_change *c)
{
	size_t n = c->redrawn ? c->body.len : 0;

	for (size_t i = 0; i < c->at.n; i++)
		n += c->at.v[i] != 0;
	return n;
}

/*
 * patch(1) looks for diffs in the text too, behind any indentation: such a line would be taken
 * for one.  Returns the line's number, or 0.
 */
static long reads_like_a_diff(struct rq_slice text)
{
	struct rq_slice line;
	bool stars = false;

	for (long number = 1; rq_slice_next_line(&text, &line); number++) {
		line = rq_slice_trim(line);
		if (rq_slice_starts(line, "@@ -") ||
		    rq_slice_starts(line, "diff --git ") ||
		    (stars && rq_slice_starts(line, "*** ")))
			return number;
		stars = rq_slice_starts(line, "********");
	}
	return 0;
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
	if (c->old_mode && c->new_mode && c->old_mode != c->new_mode && !emitted_hunks(c))
		return "a change of the mode alone has no place in a quilt series";
	if (becomes_a_folder(entry, c))
		return "a file that becomes a folder in one patch has no place in a "
		       "quilt series; make "
		       "it two";
	return NULL;
}

static int refuse(const struct rq_patch *patch, const struct rq_entry_record *entry,
		  struct rq_err *err)
{
	long line = reads_like_a_diff(patch->head);

	if (line)
		return rq_err_set(err, RQ_EQUEUE,
				  "line %ld of its header reads like a diff, and "
				  "patch(1) would take it "
				  "for one; put something in front of it, such as '>'",
				  line);
	for (size_t i = 0; i < entry->changes.n; i++) {
		const char *why = why_not(entry, &entry->changes.v[i]);

		if (why)
			return rq_err_set(err, RQ_EQUEUE, "%s: %s",
					  entry->changes.v[i].path, why);
	}
	return 0;
}

static const struct rq_filediff *diff_of(const struct rq_patch *patch,
					 const struct rq_file_change *c)
{
	return c->diff ? c->diff : &patch->files[patch->n_files - 1];
}

int rq_emit_patch(struct rq_str *out, const struct rq_patch *patch,
		  const struct rq_entry_record *entry, struct rq_err *err)
{
	if (refuse(patch, entry, err))
		return err->code;
	rq_str_add_slice(out, patch->head);
	for (size_t i = 0; i < entry->changes.n; i++) {
		const struct rq_file_change *c = &entry->changes.v[i];

		if (c->diff && header_holds(patch, c))
			header_as_it_is(out, c);
		else
			header_anew(out, c);
		if (c->redrawn)
			rq_str_add_slice(out, rq_str_slice(&c->body));
		else
			hunks_moved(out, c);
		if (c->diff)
			rq_str_add_slice(out, c->diff->trailer);
	}
	if (patch->n_files && entry->changes.n &&
	    !entry->changes.v[entry->changes.n - 1].diff)
		rq_str_add_slice(
			out,
			diff_of(patch, &entry->changes.v[entry->changes.n - 1])->trailer);
	return 0;
}
