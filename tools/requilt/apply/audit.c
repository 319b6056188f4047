// SPDX-License-Identifier: GPL-2.0-only
/*
 * Evidence for and against a change that is not in a tree word for word.
 *
 * The lines of a patch are counted in the function that the patch names, never in the whole file:
 * single lines ("return -EINVAL;") are met by chance, so what counts are pairs of neighbouring lines.
 * Blanks and comments do not count.  Function names come from the lines of the hunk and its heading.
 */
#include "apply/audit.h"

#include <ctype.h>
#include <stdlib.h>
#include <xxhash.h>

#include "apply/apply_internal.h"
#include "apply/naming_internal.h"
#include "util/path.h"

/* In percent of the pairs: this much of the new text, and no more than that of the old one. */
#define LEAST_NEW 60
#define MOST_OLD 50
/* And this much of the new text in each place by itself. */
#define LEAST_NEW_EACH 50
/* So many pairs that are all there are no chance, whatever else is there. */
#define MANY_PAIRS 4
/* In percent: single lines are met by chance. */
#define STRAY_LINES 20
/* More files of one name than these are everywhere, such as main.c. */
#define MOST_NAMESAKES 16

/* A line or a pair of lines, without blanks and comments. */
typedef rq_vec(uint64_t) hashes;

/* Counts in the function or head of a file that @heading names. */
struct place {
	struct rq_slice heading; /* empty: the head of the file */
	size_t line;		 /* from 1; 0: not there */
	bool made;		 /* by the patch itself */
	hashes lines, pairs;	 /* of the tree, sorted */
	struct rq_audit_text before, after;
};

struct reading {
	const struct rq_filediff *diff;
	struct rq_file *file;
	enum rq_language language;
	rq_vec(struct place) places;
	hashes *added, *removed; /* lines of the whole patch */
};

/* --- lines --- */

/* Appends the code of @line; *comment is whether a comment goes on behind it. */
static void add_code(struct rq_str *out, struct rq_slice line, bool *comment)
{
	for (size_t i = 0; i < line.n; i++) {
		const char *p = line.p + i;
		bool two = i + 1 < line.n;

		if (*comment) {
			*comment = !(two && p[0] == '*' && p[1] == '/');
			i += !*comment;
		} else if (two && p[0] == '/' && p[1] == '*') {
			*comment = true;
			i++;
		} else if (two && p[0] == '/' && p[1] == '/') {
			return;
		} else if (!isspace((unsigned char)*p)) {
			rq_str_add(out, p, 1);
		}
	}
}

/* 0 for a line that holds no code.  A line that starts with "*" goes on with a comment. */
static uint64_t hash_line(struct rq_slice line, enum rq_language language, bool *comment)
{
	_cleanup_(rq_str_release) struct rq_str code = { 0 };
	struct rq_slice text = rq_slice_trim(line);
	bool none = false;

	if (rq_slice_starts(text, "* ") || rq_slice_eq(text, RQ_SLICE("*")))
		return 0;
	add_code(&code, text,
		 language == RQ_TEXT || language == RQ_KCONFIG ? &none : comment);
	if (!code.len || (code.len == 1 && strchr("{}", code.s[0])))
		return 0;
	return XXH3_64bits(code.s, code.len) | 1;
}

static uint64_t hash_pair(uint64_t first, uint64_t second)
{
	const uint64_t both[] = { first, second };

	return XXH3_64bits(both, sizeof(both));
}

static int compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static bool have(const hashes *sorted, uint64_t hash)
{
	return sorted->n &&
	       bsearch(&hash, sorted->v, sorted->n, sizeof(*sorted->v), compare);
}

/* --- places --- */

static void read_region(struct reading *r, struct place *place, size_t from, size_t to)
{
	uint64_t last = 0;
	bool comment = false;

	for (size_t i = from; i < to; i++) {
		uint64_t hash = hash_line(r->file->lines[i], r->language, &comment);

		if (!hash)
			continue;
		*rq_vec_push(&place->lines) = hash;
		if (last)
			*rq_vec_push(&place->pairs) = hash_pair(last, hash);
		last = hash;
	}
	if (place->lines.n)
		qsort(place->lines.v, place->lines.n, sizeof(*place->lines.v), compare);
	if (place->pairs.n)
		qsort(place->pairs.v, place->pairs.n, sizeof(*place->pairs.v), compare);
}

static void find_region(struct reading *r, struct place *place)
{
	const struct rq_hunk named = { .function = place->heading };
	struct rq_evidence evidence;
	size_t from = 0, to = r->file->n_lines, ignored;

	if (r->file->mode == RQ_MODE_NONE)
		return;
	if (place->heading.n) {
		rq_evidence_of(&evidence, r->file, r->diff, &named, '-', 0);
		place->line = evidence.meant;
		if (!evidence.meant)
			return;
		from = evidence.meant - 1;
		rq_region_around(r->file, evidence.meant, &ignored, &to);
	} else if (r->language != RQ_TEXT) {
		while (from < to && !(rq_line_opens(r->file->lines[from])))
			from++;
		to = from;
		from = 0;
	}
	place->line = from + 1;
	read_region(r, place, from, to);
}

static struct place *place_of(struct reading *r, struct rq_slice heading)
{
	struct place *place;

	if (r->language == RQ_TEXT)
		heading = (struct rq_slice){ "", 0 };
	for (size_t i = 0; i < r->places.n; i++)
		if (rq_slice_eq(r->places.v[i].heading, heading))
			return &r->places.v[i];
	place = rq_vec_push(&r->places);
	*place = (struct place){ .heading = heading };
	find_region(r, place);
	return place;
}

/* --- the patch --- */

static bool opens(const struct reading *r, struct rq_slice line)
{
	struct rq_name name;

	return r->language != RQ_TEXT && rq_line_opens(line) &&
	       rq_name_of(&name, r->language, line) && !name.declares;
}

/* Counts one text of a hunk, @sign: what is new or old in it, and which of that is there. */
static void count_text(struct reading *r, const struct rq_hunk *hunk, char sign)
{
	struct rq_slice heading = hunk->function;
	uint64_t last = 0;
	bool comment = false, last_own = false, gap = false, made = false;

	for (size_t i = 0; i < hunk->n_lines; i++) {
		const struct rq_line *line = &hunk->lines[i];
		bool own = line->sign == sign;
		struct rq_audit_text *text;
		struct place *place;
		uint64_t hash;

		if (line->sign != ' ' && !own) {
			gap = true;
			continue;
		}
		if (opens(r, line->text)) {
			heading = rq_slice_trim(line->text);
			made = line->sign == '+';
		}
		hash = hash_line(line->text, r->language, &comment);
		if (!hash)
			continue;
		place = place_of(r, heading);
		place->made |= made;
		text = sign == '+' ? &place->after : &place->before;
		if (own) {
			*rq_vec_push(sign == '+' ? r->added : r->removed) = hash;
			text->lines++;
			text->lines_there += have(&place->lines, hash);
		}
		if (last && (own || last_own || gap)) {
			text->pairs++;
			text->pairs_there += have(&place->pairs, hash_pair(last, hash));
		}
		last = hash;
		last_own = own;
		gap = false;
	}
}

static void add_place(struct rq_audit *out, const struct reading *r,
		      const struct place *place)
{
	struct rq_audit_place *one = rq_vec_push(&out->places);
	struct rq_str function = { 0 };

	*one = (struct rq_audit_place){ .file = rq_xstrdup(r->file->path),
					.line = place->line,
					.made = place->made,
					.head = !place->heading.n &&
						(r->language == RQ_C ||
						 r->language == RQ_HEADER),
					.before = place->before,
					.after = place->after };
	if (!place->heading.n)
		return;
	rq_say_opening(&function, r->file, place->heading);
	one->function = function.s;
}

/* What all files of a patch add up to. */
struct whole {
	size_t there; /* files */
	hashes added, removed;
};

/* Files of the same name elsewhere. */
struct namesakes {
	const char *path;
	struct rq_names found;
};

static int keep_namesake(const char *path, void *arg)
{
	struct namesakes *same = arg;

	if (strcmp(rq_path_base(path), rq_path_base(same->path)) == 0 &&
	    strcmp(path, same->path) != 0)
		rq_names_add(&same->found, rq_slice_of(path));
	return same->found.v.n > MOST_NAMESAKES;
}

/* Whether @file has each function that hunks of @diff name, and there is one. */
static bool has_all_named(struct rq_file *file, const struct rq_filediff *diff)
{
	bool any = false;

	for (size_t i = 0; i < diff->n_hunks; i++) {
		struct rq_evidence evidence;

		if (!diff->hunks[i].function.n)
			continue;
		rq_evidence_of(&evidence, file, diff, &diff->hunks[i], '-', 0);
		if (!evidence.meant)
			return false;
		any = true;
	}
	return any;
}

/* The only file of that name elsewhere that has the functions stands in for one that is not there. */
static int find_moved(struct rq_file **file, struct rq_image *image,
		      const struct rq_filediff *diff, struct rq_err *err)
{
	const struct rq_reader *reader = rq_image_reader(image);
	struct namesakes same = { .path = rq_filediff_path(diff) };
	struct rq_file *moved = NULL;
	size_t n = 0;
	int rc = 0;

	if (!reader->each || !diff->old_path || rq_language_of(same.path) == RQ_TEXT)
		return 0;
	if (reader->each(reader->ctx, keep_namesake, &same, err) < 0)
		rc = err->code;
	for (size_t i = 0; i < same.found.v.n && same.found.v.n <= MOST_NAMESAKES && !rc;
	     i++) {
		struct rq_file *one;

		rc = rq_image_file(image, same.found.v.v[i], &one, err);
		if (!rc && has_all_named(one, diff)) {
			moved = one;
			n++;
		}
	}
	rq_names_release(&same.found);
	if (n == 1)
		*file = moved;
	return rc;
}

static int open_file(struct rq_file **file, struct rq_image *image,
		     const struct rq_filediff *diff, struct rq_err *err)
{
	const char *path = rq_filediff_path(diff);
	int rc = rq_image_file(image, path, file, err);

	if (!rc && (*file)->mode == RQ_MODE_NONE && diff->old_path &&
	    strcmp(path, diff->old_path))
		rc = rq_image_file(image, diff->old_path, file, err);
	if (!rc && (*file)->mode == RQ_MODE_NONE)
		rc = find_moved(file, image, diff, err);
	return rc;
}

static int read_file(struct rq_audit *out, struct rq_image *image,
		     const struct rq_filediff *diff, struct whole *whole,
		     struct rq_err *err)
{
	struct reading r = { .diff = diff,
			     .added = &whole->added,
			     .removed = &whole->removed };
	const char *path = rq_filediff_path(diff);
	int rc = open_file(&r.file, image, diff, err);

	if (rc)
		return rc;
	whole->there += r.file->mode != RQ_MODE_NONE;
	r.language = rq_language_of(path);
	for (size_t i = 0; i < diff->n_hunks; i++) {
		count_text(&r, &diff->hunks[i], '-');
		count_text(&r, &diff->hunks[i], '+');
	}
	for (size_t i = 0; i < r.places.n; i++) {
		add_place(out, &r, &r.places.v[i]);
		rq_vec_release(&r.places.v[i].lines);
		rq_vec_release(&r.places.v[i].pairs);
	}
	rq_vec_release(&r.places);
	return 0;
}

/* --- the verdict --- */

static bool keep_as_it_is(const struct rq_patch *patch,
			  const struct rq_entry_record *entry, void *ctx)
{
	(void)patch;
	(void)entry;
	(void)ctx;
	return true;
}

static size_t percent(size_t part, size_t of)
{
	return of ? part * 100 / of : 0;
}

/* Whether the patch removes the very lines that it adds. */
static bool is_move(struct whole *whole)
{
	if (!whole->added.n || whole->added.n != whole->removed.n)
		return false;
	qsort(whole->added.v, whole->added.n, sizeof(*whole->added.v), compare);
	qsort(whole->removed.v, whole->removed.n, sizeof(*whole->removed.v), compare);
	return memcmp(whole->added.v, whole->removed.v,
		      whole->added.n * sizeof(*whole->added.v)) == 0;
}

static void add_text(struct rq_audit_text *sum, const struct rq_audit_text *one)
{
	sum->lines += one->lines;
	sum->lines_there += one->lines_there;
	sum->pairs += one->pairs;
	sum->pairs_there += one->pairs_there;
}

void rq_audit_add_place(struct rq_audit_text *before, struct rq_audit_text *after,
			const struct rq_audit_place *place)
{
	add_text(before, &place->before);
	add_text(after, &place->after);
}

/* All of its new text is there, in its order and between its neighbours: what is left of the old one is another's. */
static bool is_complete(const struct rq_audit_place *place)
{
	const struct rq_audit_text *after = &place->after;

	return after->lines && after->lines_there == after->lines &&
	       after->pairs_there == after->pairs &&
	       after->pairs >= (place->before.lines_there ? MANY_PAIRS : 2);
}

/* One place without its part of the change is enough for the tree to lack it. */
static bool speaks_against(const struct rq_audit_place *place)
{
	const struct rq_audit_text *after = &place->after, *before = &place->before;

	if ((!after->lines && !before->lines) || is_complete(place))
		return false;
	if (!place->line && !place->made)
		return true;
	return after->lines &&
	       (percent(after->pairs_there, after->pairs) < LEAST_NEW_EACH ||
		percent(before->pairs_there, before->pairs) > MOST_OLD);
}

/* Which headers a file includes differs from tree to tree, and says little of a change that has functions too. */
static bool has_functions(const struct rq_audit *audit)
{
	for (size_t i = 0; i < audit->places.n; i++)
		if (audit->places.v[i].function && audit->places.v[i].after.lines)
			return true;
	return false;
}

static enum rq_audited weigh(const struct rq_audit *audit, struct whole *whole)
{
	struct rq_audit_text before = { 0 }, after = { 0 };
	size_t new_share, old_share;
	bool against = false, functions = has_functions(audit);

	for (size_t i = 0; i < audit->places.n; i++) {
		const struct rq_audit_place *place = &audit->places.v[i];

		if (place->head && functions)
			continue;
		against |= speaks_against(place);
		/* Of a function that the tree does not have nothing can be there. */
		if (!place->line && !place->made)
			continue;
		add_text(&after, &place->after);
		if (!is_complete(place) || is_move(whole))
			add_text(&before, &place->before);
	}
	new_share = percent(after.pairs_there, after.pairs);
	old_share = percent(before.pairs_there, before.pairs);
	/* What only removes leaves no trace: maybe it was never there. */
	if (!against && percent(after.lines_there, after.lines) >= LEAST_NEW &&
	    new_share >= LEAST_NEW && old_share <= (is_move(whole) ? 0 : MOST_OLD))
		return RQ_AUDIT_WORDS;
	if (audit->placed == RQ_ABSENT)
		return RQ_AUDIT_LIKELY;
	if (!new_share && !old_share)
		return RQ_AUDIT_UNLIKE;
	return new_share >= old_share ? RQ_AUDIT_LIKELY : RQ_AUDIT_LACKS;
}

static enum rq_audited judge(const struct rq_audit *audit, struct whole *whole)
{
	if (!audit->doubtful && audit->placed == RQ_PRESENT)
		return RQ_AUDIT_HAS;
	if (!audit->doubtful && (audit->placed == RQ_EXACT || audit->placed == RQ_OFFSET))
		return RQ_AUDIT_LACKS;
	return whole->there ? weigh(audit, whole) : RQ_AUDIT_NO_FILE;
}

int rq_audit_patch(struct rq_audit *out, struct rq_image *image,
		   const struct rq_patch *patch, struct rq_err *err)
{
	const struct rq_apply_options options = { .object = keep_as_it_is };
	struct rq_entry_record entry = { 0 };
	struct whole whole = { 0 };
	int rc = rq_apply(image, patch, &options, &entry, err);

	out->placed = entry.outcome;
	out->doubtful = rq_entry_colour(&entry) != RQ_GREEN;
	for (size_t i = 0; i < patch->n_files && !rc; i++)
		rc = read_file(out, image, &patch->files[i], &whole, err);
	if (!rc)
		out->verdict = judge(out, &whole);
	rq_vec_release(&whole.added);
	rq_vec_release(&whole.removed);
	rq_entry_release(&entry);
	return rc;
}

void rq_audit_release(struct rq_audit *audit)
{
	for (size_t i = 0; i < audit->places.n; i++) {
		free(audit->places.v[i].file);
		free(audit->places.v[i].function);
	}
	rq_vec_release(&audit->places);
}

bool rq_audit_shows_absence(const struct rq_audit *audit)
{
	struct rq_audit_text before = { 0 }, after = { 0 };

	if (audit->verdict == RQ_AUDIT_NO_FILE)
		return true;
	for (size_t i = 0; i < audit->places.n; i++)
		if (!audit->places.v[i].head)
			rq_audit_add_place(&before, &after, &audit->places.v[i]);
	/* What only removes leaves no trace. */
	if (!after.lines)
		return false;
	if (audit->verdict == RQ_AUDIT_LACKS && !audit->doubtful &&
	    audit->placed != RQ_CONFLICT)
		return true;
	return audit->verdict != RQ_AUDIT_HAS && !after.pairs_there &&
	       percent(after.lines_there, after.lines) <= STRAY_LINES;
}
