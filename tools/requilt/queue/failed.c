// SPDX-License-Identifier: GPL-2.0-only
/*
 * What entries that failed would have changed, so that a later entry which needs one of them is told
 * apart: it is blocked, be it in conflict without them, or seemingly there only since they are missing.
 *
 * A failed hunk is kept as two pieces of text, before and after it.  A later hunk needs it where its
 * old text and the piece after it lie on each other, line by line, with a line that was changed
 * among them.  Line numbers are not asked: entries left out move them.
 */
#include "queue/failed.h"

#include <ctype.h>
#include <stdlib.h>

#include "util/ctext.h"

/* Lines and words that are compared for one walk: hostile patches have many hunks that read alike. */
#define WORK_MOST ((size_t)1 << 26)
/* Lines that lie on each other and say something though the changed ones among them do not. */
#define ENOUGH_LINES 3

/* One side of a hunk. */
struct piece {
	struct rq_slice *lines;
	bool *changed; /* the other side lacks the line */
	bool *gap;     /* the other side has lines in front of this one; n + 1 of them */
	size_t n;
};

static void piece_release(struct piece *piece)
{
	free(piece->lines);
	free(piece->changed);
	free(piece->gap);
}

/* The side of @hunk that has the lines of @sign. */
static void piece_of(struct piece *piece, const struct rq_hunk *hunk, char sign)
{
	piece->n = 0;
	piece->lines = rq_xcalloc(hunk->n_lines, sizeof(*piece->lines));
	piece->changed = rq_xcalloc(hunk->n_lines, sizeof(*piece->changed));
	piece->gap = rq_xcalloc(hunk->n_lines + 1, sizeof(*piece->gap));
	for (size_t i = 0; i < hunk->n_lines; i++) {
		const struct rq_line *line = &hunk->lines[i];

		if (line->sign != ' ' && line->sign != sign) {
			piece->gap[piece->n] = true;
			continue;
		}
		piece->changed[piece->n] = line->sign == sign;
		piece->lines[piece->n++] = line->text;
	}
}

/* Where two pieces lie on each other: @n lines, from @a of the one and @b of the other. */
struct overlap {
	size_t a, b, n;
};

static bool spend(struct rq_failures *failures, size_t n)
{
	failures->work += n;
	return failures->work < WORK_MOST;
}

static bool all_equal(const struct piece *a, const struct piece *b,
		      const struct overlap *o)
{
	for (size_t i = 0; i < o->n; i++)
		if (!rq_slice_eq(a->lines[o->a + i], b->lines[o->b + i]))
			return false;
	return true;
}

/* Whether a change of @piece lies within the overlap, at @from, and is no accident. */
static bool holds_change(const struct piece *piece, size_t from, size_t n)
{
	bool any = false, says = false;

	for (size_t i = from; i < from + n; i++) {
		any |= piece->changed[i];
		says |= piece->changed[i] && rq_slice_has_word(piece->lines[i]);
		any |= i > from && piece->gap[i];
	}
	any |= piece->gap[from] && !from;
	any |= piece->gap[from + n] && from + n == piece->n;
	return says || (any && n >= ENOUGH_LINES);
}

typedef bool overlap_fn(const struct overlap *o, const void *ctx);

/* Whether @a (with the changes) and @b lie on each other in a way that @ask (NULL: none) agrees to. */
static bool any_overlap(struct rq_failures *failures, const struct piece *a,
			const struct piece *b, overlap_fn *ask, const void *ctx)
{
	for (size_t shift = 1; shift < a->n + b->n; shift++) {
		struct overlap o = { .a = shift < a->n ? a->n - shift : 0,
				     .b = shift < a->n ? 0 : shift - a->n };

		o.n = a->n - o.a < b->n - o.b ? a->n - o.a : b->n - o.b;
		if (!spend(failures, 1 + o.n / 4))
			return false;
		if (all_equal(a, b, &o) && holds_change(a, o.a, o.n) &&
		    (!ask || ask(&o, ctx)))
			return true;
	}
	return false;
}

/* Appends the lines that the @sign side had where the other side has @from to @from + @n. */
static void other_side(struct rq_str *out, const struct rq_hunk *hunk, char sign,
		       size_t total, size_t from, size_t n)
{
	size_t at = 0;

	for (size_t i = 0; i < hunk->n_lines; i++) {
		const struct rq_line *line = &hunk->lines[i];
		bool within = (at > from && at < from + n) || (at == from && !from) ||
			      (at == from + n && at == total);

		if (line->sign == ' ' && at >= from && at < from + n)
			rq_str_add_slice(out, line->text);
		if (line->sign == sign && within)
			rq_str_add_slice(out, line->text);
		at += line->sign == ' ' || line->sign != sign;
	}
}

struct undoing {
	const struct rq_hunk *failed, *later;
	size_t n_failed, n_later; /* lines after the one, and before the other */
};

/* Whether the later hunk leaves there what was there before the failed one. */
static bool undoes(const struct overlap *o, const void *ctx)
{
	const struct undoing *u = ctx;
	struct rq_str before = { 0 }, after = { 0 };
	bool same;

	other_side(&before, u->failed, '-', u->n_failed, o->a, o->n);
	other_side(&after, u->later, '+', u->n_later, o->b, o->n);
	same = rq_slice_eq(rq_str_slice(&before), rq_str_slice(&after));
	rq_str_release(&before);
	rq_str_release(&after);
	return same;
}

enum need {
	NEEDS_RESULT,	/* its old text has what the failed hunk adds */
	UNDOES_RESULT,	/* that, and it leaves what the failed hunk found */
	MEETS_OLD_TEXT, /* its old text has what the failed hunk takes away */
};

static bool hunk_needs(struct rq_failures *failures, const struct rq_hunk *failed,
		       const struct rq_hunk *later, enum need need)
{
	struct piece a = { 0 }, b = { 0 };
	struct undoing u = { failed, later, 0, 0 };
	bool found;

	if (!spend(failures, failed->n_lines + later->n_lines))
		return false;
	piece_of(&a, failed, need == MEETS_OLD_TEXT ? '-' : '+');
	piece_of(&b, later, '-');
	u.n_failed = a.n;
	u.n_later = b.n;
	found = any_overlap(failures, &a, &b, need == UNDOES_RESULT ? undoes : NULL, &u);
	piece_release(&a);
	piece_release(&b);
	return found;
}

/* --- files as a whole --- */

static bool is_path(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

static bool makes(const struct rq_filediff *diff, const char *path)
{
	return diff->change != RQ_CHANGE_EDIT && is_path(diff->new_path, path);
}

static bool takes_away(const struct rq_filediff *diff, const char *path)
{
	return (diff->change == RQ_CHANGE_DELETE || diff->change == RQ_CHANGE_RENAME) &&
	       is_path(diff->old_path, path);
}

/* What @failed takes away stands in the way of @path: a file among its directories, or below it. */
static bool clears_way(const struct rq_filediff *failed, const char *path)
{
	size_t n = failed->old_path ? strlen(failed->old_path) : 0, m = strlen(path);

	if (!n || !takes_away(failed, failed->old_path))
		return false;
	return (m > n && strncmp(path, failed->old_path, n) == 0 && path[n] == '/') ||
	       (n > m && strncmp(path, failed->old_path, m) == 0 &&
		failed->old_path[m] == '/');
}

static bool changes_mode(const struct rq_filediff *diff)
{
	return diff->old_mode && diff->new_mode && diff->old_mode != diff->new_mode;
}

static bool undoes_mode(const struct rq_filediff *failed, const struct rq_filediff *later)
{
	return changes_mode(failed) && changes_mode(later) &&
	       failed->old_mode == later->new_mode && failed->new_mode == later->old_mode;
}

static bool undoes_binary(const struct rq_filediff *failed,
			  const struct rq_filediff *later)
{
	return failed->has_binary && later->has_binary &&
	       rq_slice_eq(failed->old_index, later->new_index) &&
	       rq_slice_eq(failed->new_index, later->old_index);
}

/* A file as a whole that has no place: not there, in the way, another kind or another version. */
static bool file_needs(const struct rq_filediff *failed, const struct rq_filediff *later)
{
	const char *old = later->change == RQ_CHANGE_CREATE ? NULL : later->old_path;
	const char *made = later->change == RQ_CHANGE_EDIT ? NULL : later->new_path;

	return (old && makes(failed, old)) || (made && takes_away(failed, made)) ||
	       (made && clears_way(failed, made)) ||
	       (old && rq_filediff_names(failed, old) &&
		(changes_mode(failed) || failed->has_binary || later->has_binary));
}

/* A file as a whole that is as the later diff would leave it. */
static bool file_undoes(const struct rq_filediff *failed, const struct rq_filediff *later)
{
	bool goes =
		later->change == RQ_CHANGE_DELETE || later->change == RQ_CHANGE_RENAME;
	bool comes = later->change != RQ_CHANGE_EDIT && later->new_path;

	return (goes && makes(failed, later->old_path)) ||
	       (comes && takes_away(failed, later->new_path)) ||
	       (rq_filediff_names(failed, rq_filediff_path(later)) &&
		(undoes_mode(failed, later) || undoes_binary(failed, later)));
}

/* --- words --- */

struct counting {
	struct rq_slice name;
	bool defined; /* only where it is defined */
	size_t n;
};

static int count_word(const struct rq_word *word, void *ctx)
{
	struct counting *c = ctx;

	c->n += rq_slice_eq(word->text, c->name) &&
		(word->kind == RQ_WORD_DEFINES ||
		 (word->kind == RQ_WORD_CODE && !c->defined));
	return 0;
}

/* Code of the lines of @sign that has @name, or that defines it. */
static size_t words_in(struct rq_failures *failures, const struct rq_filediff *diff,
		       char sign, const char *name, bool defined)
{
	struct counting c = { rq_slice_of(name), defined, 0 };
	struct rq_str text = { 0 };

	for (size_t i = 0; i < diff->n_hunks; i++) {
		if (!spend(failures, diff->hunks[i].n_lines))
			break;
		for (size_t k = 0; k < diff->hunks[i].n_lines; k++)
			if (diff->hunks[i].lines[k].sign == sign)
				rq_str_add_slice(&text, diff->hunks[i].lines[k].text);
	}
	if (rq_slice_has(rq_str_slice(&text), name))
		rq_ctext_each(rq_str_slice(&text), count_word, &c);
	rq_str_release(&text);
	return c.n;
}

/* Whether @diff brings @name in (@sign '+') or takes it out ('-'). */
static bool has_only(struct rq_failures *failures, const struct rq_filediff *diff,
		     char sign, const char *name)
{
	return words_in(failures, diff, sign, name, false) &&
	       !words_in(failures, diff, sign == '+' ? '-' : '+', name, false);
}

/* Words of the lines of a rule that begin with @sign. */
static int add_word(const struct rq_word *word, void *ctx)
{
	if (!isdigit((unsigned char)*word->text.p))
		rq_names_add_once(ctx, word->text);
	return 0;
}

static void rule_words(struct rq_names *out, const struct rq_rule *rule, char sign)
{
	struct rq_slice rest = rq_str_slice(&rule->text), line;

	while (rq_slice_next_line(&rest, &line))
		if (line.n > 1 && line.p[0] == sign)
			rq_ctext_each((struct rq_slice){ line.p + 1, line.n - 1 },
				      add_word, out);
}

/* What a rule brings into code and does not find there. */
static void rule_brings(struct rq_names *out, const struct rq_rule *rule)
{
	struct rq_names minus = { 0 }, plus = { 0 };

	rule_words(&minus, rule, '-');
	rule_words(&plus, rule, '+');
	for (size_t i = 0; i < plus.v.n; i++)
		if (!rq_names_have(&minus, rq_slice_of(plus.v.v[i])))
			rq_names_add(out, rq_slice_of(plus.v.v[i]));
	rq_names_release(&minus);
	rq_names_release(&plus);
}

/* Whether lines of @sign of the hunk have a word that the failed rule would have brought. */
static bool hunk_has_brought(const struct rq_failure *failure, const struct rq_hunk *hunk,
			     bool removed_only)
{
	for (size_t i = 0; i < hunk->n_lines; i++) {
		const struct rq_line *line = &hunk->lines[i];

		if (line->sign == '+' || (removed_only && line->sign != '-'))
			continue;
		if (rq_ctext_uses(line->text, &failure->brings))
			return true;
	}
	return false;
}

/* --- the list --- */

static void file_text(struct rq_str *out, struct rq_failures *failures, const char *path)
{
	const struct rq_file *file = rq_image_peek(failures->image, path);

	if (file)
		rq_file_bytes(file, out);
}

static int drop_word(const struct rq_word *word, void *ctx)
{
	struct rq_names *names = ctx;
	size_t kept = 0;

	for (size_t i = 0; i < names->v.n; i++) {
		if (rq_slice_eq(word->text, rq_slice_of(names->v.v[i])))
			free(names->v.v[i]);
		else
			names->v.v[kept++] = names->v.v[i];
	}
	names->v.n = kept;
	return !kept;
}

/* Names that the file has without the rule tell nothing. */
static void drop_known(struct rq_failures *failures, struct rq_names *names,
		       const char *path)
{
	struct rq_str text = { 0 };

	file_text(&text, failures, path);
	rq_ctext_each(rq_str_slice(&text), drop_word, names);
	rq_str_release(&text);
}

void rq_failures_add(struct rq_failures *failures, const struct rq_item *item,
		     bool blocked, const struct rq_names *wanted)
{
	struct rq_failure *failure = rq_vec_push(&failures->v);

	failure->item = item;
	failure->blocked = blocked;
	if (!item->rule)
		return;
	for (size_t i = 0; i < wanted->v.n; i++)
		rq_names_add(&failure->wanted, rq_slice_of(wanted->v.v[i]));
	rule_brings(&failure->brings, item->rule);
	for (size_t i = 0; i < wanted->v.n; i++)
		drop_known(failures, &failure->brings, wanted->v.v[i]);
}

void rq_failures_release(struct rq_failures *failures)
{
	for (size_t i = 0; i < failures->v.n; i++) {
		rq_names_release(&failures->v.v[i].wanted);
		rq_names_release(&failures->v.v[i].brings);
	}
	rq_vec_release(&failures->v);
}

/* A part of a later patch: a hunk, or a file as a whole (NULL). */
struct part {
	const struct rq_filediff *diff;
	const struct rq_hunk *hunk;
	bool several; /* places */
	bool any;     /* a need of the result is enough, where it seems to be there */
};

static bool diff_needs(struct rq_failures *failures, const struct rq_filediff *failed,
		       const struct part *part, bool there)
{
	const char *path = rq_filediff_old_path(part->diff);
	const struct rq_filediff *later = part->diff;
	bool found = false;

	if (there ? file_undoes(failed, later) : !part->hunk && file_needs(failed, later))
		return true;
	if (!rq_filediff_names(failed, path))
		return false;
	for (size_t f = 0; f < failed->n_hunks && !found; f++) {
		for (size_t l = 0; l < later->n_hunks && !found; l++) {
			const struct rq_hunk *hunk = &later->hunks[l];

			if (part->hunk && part->hunk != hunk)
				continue;
			found = hunk_needs(failures, &failed->hunks[f], hunk,
					   there && !part->any ? UNDOES_RESULT
							       : NEEDS_RESULT);
			if (!found && part->several)
				found = hunk_needs(failures, &failed->hunks[f], hunk,
						   MEETS_OLD_TEXT);
		}
	}
	return found;
}

static bool failure_needed(struct rq_failures *failures, const struct rq_failure *failure,
			   const struct part *part, bool there)
{
	const struct rq_patch *patch = failure->item->patch;
	bool wanted = part->diff->old_path &&
		      rq_names_have(&failure->wanted, rq_slice_of(part->diff->old_path));

	if (part->hunk && wanted && hunk_has_brought(failure, part->hunk, there))
		return true;
	for (size_t i = 0; i < patch->n_files; i++)
		if (diff_needs(failures, &patch->files[i], part, there))
			return true;
	return false;
}

/*
 * The last of the failed entries that the part needs, or NULL.  What it removes and nobody has, and what
 * it takes back of several that failed, one on top of the other, is not what one of them found.
 */
static const char *needed_by(struct rq_failures *failures, const struct rq_patch *patch,
			     const struct rq_hunk_record *record, bool there)
{
	for (size_t f = failures->v.n; f-- > 0;) {
		for (size_t i = 0; i < patch->n_files; i++) {
			const struct rq_filediff *diff = &patch->files[i];
			struct part part = { .diff = diff,
					     .several = record->places.n > 1,
					     .any = record->rung == RQ_ABSENT ||
						    failures->v.v[f].blocked };

			if (!rq_filediff_names(diff, record->file) ||
			    record->hunk > (long)diff->n_hunks)
				continue;
			if (record->hunk)
				part.hunk = &diff->hunks[record->hunk - 1];
			if (failure_needed(failures, &failures->v.v[f], &part, there))
				return failures->v.v[f].item->name;
		}
	}
	return NULL;
}

const char *rq_failures_behind_conflict(struct rq_failures *failures,
					const struct rq_patch *patch,
					const struct rq_entry_record *entry)
{
	const char *by = NULL;

	for (size_t i = 0; i < entry->hunks.n && failures->v.n; i++) {
		if (entry->hunks.v[i].rung != RQ_CONFLICT)
			continue;
		by = needed_by(failures, patch, &entry->hunks.v[i], false);
		if (!by)
			return NULL;
	}
	return by;
}

const char *rq_failures_behind_presence(struct rq_failures *failures,
					const struct rq_patch *patch,
					const struct rq_entry_record *entry)
{
	const char *by = NULL;

	for (size_t i = 0; i < entry->hunks.n && failures->v.n && !by; i++)
		if (entry->hunks.v[i].rung == RQ_PRESENT ||
		    entry->hunks.v[i].rung == RQ_ABSENT)
			by = needed_by(failures, patch, &entry->hunks.v[i], true);
	return by;
}

const char *rq_failures_behind_context(struct rq_failures *failures,
				       const struct rq_patch *patch,
				       const struct rq_entry_record *entry)
{
	const char *by = NULL;

	for (size_t i = 0; i < entry->hunks.n && failures->v.n && !by; i++)
		if (entry->hunks.v[i].rung == RQ_ANCHORED ||
		    entry->hunks.v[i].rung == RQ_MERGED)
			by = needed_by(failures, patch, &entry->hunks.v[i], false);
	return by;
}

const char *rq_failures_behind_patch(struct rq_failures *failures,
				     const struct rq_patch *patch)
{
	const char *by = NULL;

	for (size_t i = 0; i < patch->n_files && failures->v.n && !by; i++) {
		const struct rq_filediff *diff = &patch->files[i];
		struct rq_hunk_record part = { .file = (char *)(rq_filediff_path(diff)) };

		by = needed_by(failures, patch, &part, true);
	}
	return by;
}

/* Whether a failed patch would turn a condition that holds (@hold) or does not round. */
static bool turns(struct rq_failures *failures, const struct rq_patch *patch,
		  const struct rq_condition *c, bool hold)
{
	for (size_t i = 0; i < patch->n_files; i++) {
		const struct rq_filediff *diff = &patch->files[i];

		if (rq_filediff_names(diff, c->file) &&
		    has_only(failures, diff, c->defines == hold ? '-' : '+', c->name))
			return true;
	}
	return false;
}

const char *rq_failures_behind_conditions(struct rq_failures *failures,
					  const struct rq_conditions *conditions,
					  bool hold)
{
	for (size_t f = failures->v.n; f-- > 0;)
		for (size_t i = 0; i < conditions->v.n; i++)
			if (turns(failures, failures->v.v[f].item->patch,
				  &conditions->v.v[i], hold))
				return failures->v.v[f].item->name;
	return NULL;
}

/* Whether the patch defines @name, takes no definition of it away, and the branch has none there. */
static bool defines(struct rq_failures *failures, const struct rq_patch *patch,
		    const char *name)
{
	size_t more = 0, less = 0;

	for (size_t i = 0; i < patch->n_files; i++) {
		const struct rq_filediff *diff = &patch->files[i];
		size_t here = words_in(failures, diff, '+', name, true);
		struct rq_str text = { 0 };

		if (here && diff->new_path)
			file_text(&text, failures, diff->new_path);
		more += here;
		less += words_in(failures, diff, '-', name, true) +
			rq_ctext_defines(rq_str_slice(&text), name);
		rq_str_release(&text);
	}
	return more && !less;
}

static bool makes_header(const struct rq_patch *patch, const struct rq_rule *rule)
{
	for (size_t i = 0; i < patch->n_files; i++)
		for (size_t k = 0; k < rule->includes.v.n; k++)
			if (makes(&patch->files[i], rule->includes.v.v[k]))
				return true;
	return false;
}

static bool any_defined(struct rq_failures *failures, const struct rq_patch *patch,
			const struct rq_names *names)
{
	for (size_t i = 0; i < names->v.n; i++)
		if (defines(failures, patch, names->v.v[i]))
			return true;
	return false;
}

const char *rq_failures_behind_rule(struct rq_failures *failures,
				    const struct rq_rule *rule)
{
	struct rq_names brings = { 0 };
	const char *by = NULL;

	if (failures->v.n)
		rule_brings(&brings, rule);
	for (size_t f = failures->v.n; f-- > 0 && !by;) {
		const struct rq_item *item = failures->v.v[f].item;

		if (makes_header(item->patch, rule) ||
		    any_defined(failures, item->patch, &brings))
			by = item->name;
	}
	rq_names_release(&brings);
	return by;
}

/* Whether the patch has code of one of @names on its @sign side only, in the file @path (NULL: any). */
static bool any_only(struct rq_failures *failures, const struct rq_patch *patch,
		     const char *path, char sign, const struct rq_names *names)
{
	for (size_t i = 0; i < patch->n_files; i++)
		for (size_t k = 0; k < names->v.n; k++)
			if ((!path || rq_filediff_names(&patch->files[i], path)) &&
			    has_only(failures, &patch->files[i], sign, names->v.v[k]))
				return true;
	return false;
}

const char *rq_failures_behind_nothing(struct rq_failures *failures,
				       const struct rq_rule *rule)
{
	for (size_t f = failures->v.n; f-- > 0;) {
		const struct rq_item *item = failures->v.v[f].item;

		if (any_only(failures, item->patch, NULL, '+', &rule->needs) ||
		    any_only(failures, item->patch, NULL, '+', &rule->expect_none))
			return item->name;
	}
	return NULL;
}

static const char *takes_out(struct rq_failures *failures, const struct rq_note *note)
{
	for (size_t f = failures->v.n; f-- > 0;) {
		const struct rq_patch *patch = failures->v.v[f].item->patch;

		for (size_t i = 0; i < patch->n_files; i++)
			if (rq_filediff_names(&patch->files[i], note->file) &&
			    has_only(failures, &patch->files[i], '-', note->text))
				return failures->v.v[f].item->name;
	}
	return NULL;
}

const char *rq_failures_behind_left(struct rq_failures *failures,
				    const struct rq_rule *rule,
				    const struct rq_entry_record *entry)
{
	const char *by = NULL;

	for (size_t i = 0; i < entry->notes.n && failures->v.n; i++) {
		const struct rq_note *note = &entry->notes.v[i];

		if (note->kind != RQ_NOTE_LEFT ||
		    !rq_names_have(&rule->expect_none, rq_slice_of(note->text)))
			continue;
		by = takes_out(failures, note);
		if (!by)
			return NULL;
	}
	return by;
}
