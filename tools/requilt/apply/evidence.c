// SPDX-License-Identifier: GPL-2.0-only
/*
 * What speaks for a place and what against it: the one rule that exact, offset and present share.
 * It compares the name that a hunk gives to what it stands in with the names of the file.  It
 * moves no hunk, and lines that name nothing (labels, directives, prose) say nothing.
 */
#include "apply/apply_internal.h"

#include <ctype.h>
#include <stdlib.h>

#include "apply/naming_internal.h"

/* Where diff tools cut a heading: GNU diff and quilt, git. */
#define GNU_COLUMNS 40
#define GIT_COLUMNS 80
/* So many lines after its name a prototype ends, or it is none. */
#define LONGEST_PROTOTYPE 24

/* A line of a file that opens something. */
struct opening {
	size_t line; /* from 0 */
	struct rq_name name;
};

struct rq_openings {
	rq_vec(struct opening) v;
};

/* What a hunk says of where it stands. */
struct heading {
	enum rq_language language;
	struct rq_slice text;
	struct rq_name name;
	bool names; /* @name is one */
	bool cut;   /* its last word may lack an end */
};

enum match { NO_MATCH, BY_NAME, BY_LINE };

void rq_openings_free(struct rq_openings *openings)
{
	if (!openings)
		return;
	rq_vec_release(&openings->v);
	free(openings);
}

/* Cheap, since nearly every line is none. */
static bool may_open(enum rq_language language, struct rq_slice line)
{
	if (language == RQ_DT)
		return line.n && *line.p != '\n';
	return line.n &&
	       (isalpha((unsigned char)*line.p) || *line.p == '_' || *line.p == '$');
}

static bool opens(struct rq_name *name, enum rq_language language, struct rq_slice line)
{
	if (!may_open(language, line))
		return false;
	if (language == RQ_TEXT) {
		*name = (struct rq_name){ .kind = RQ_NAME_OBJECT };
		return true;
	}
	return rq_name_of(name, language, line) &&
	       (!name->open || name->kind != RQ_NAME_OBJECT);
}

/* Whether a line of the hunk's side @sign opens what the hunk changes, or a changed line does. */
static bool opens_itself(const struct rq_hunk *hunk, enum rq_language language, char sign)
{
	struct rq_name name;
	bool before = true;

	for (size_t i = 0; i < hunk->n_lines; i++) {
		const struct rq_line *line = &hunk->lines[i];

		before &= line->sign == ' ';
		if ((line->sign == sign || before) &&
		    opens(&name, language, line->text) && (before || !name.declares))
			return true;
	}
	return false;
}

static bool is_cut_at(size_t n)
{
	return n == GNU_COLUMNS || n >= GIT_COLUMNS - 1;
}

static void read_heading(struct heading *h, const struct rq_file *file,
			 const struct rq_hunk *hunk)
{
	size_t n = hunk->function.n;

	*h = (struct heading){ .language = rq_language_of(file->path),
			       .text = hunk->function };
	if (!n)
		return;
	if (h->language == RQ_TEXT) {
		h->names = true;
		return;
	}
	h->names = rq_name_of(&h->name, h->language, h->text);
	if (!h->names || !h->name.open)
		return;
	h->cut = is_cut_at(n);
	/* Words without an end: cut at a blank, or a line that opens nothing. */
	if (h->name.kind == RQ_NAME_OBJECT && !h->cut)
		h->names = n > GNU_COLUMNS / 2 && n < GNU_COLUMNS;
}

static bool starts(struct rq_slice line, struct rq_slice text)
{
	return line.n >= text.n && memcmp(line.p, text.p, text.n) == 0;
}

static enum match match_open(const struct heading *h, struct rq_slice line,
			     const struct rq_name *name)
{
	struct rq_slice word = name->word;

	if (starts(line, h->text) &&
	    (h->cut || line.n == h->text.n || isspace((unsigned char)line.p[h->text.n])))
		return BY_NAME;
	if (h->name.kind != RQ_NAME_OBJECT && rq_name_eq(&h->name, name))
		return BY_NAME;
	return h->cut && starts(word, h->name.word) ? BY_NAME : NO_MATCH;
}

static enum match match(const struct heading *h, struct rq_slice line,
			const struct rq_name *name)
{
	line = rq_slice_trim(line);
	if (h->language == RQ_TEXT)
		return starts(line, h->text) ? BY_NAME : NO_MATCH;
	if (h->name.open && h->name.kind != RQ_NAME_SYMBOL)
		return match_open(h, line, name);
	if (rq_slice_eq(line, h->text) || (is_cut_at(h->text.n) && starts(line, h->text)))
		return BY_LINE;
	return rq_name_eq(&h->name, name) ? BY_NAME : NO_MATCH;
}

/* Looked at from the last line that was asked for, since the hunks of a file ascend. */
static size_t line_above(struct rq_file *file, enum rq_language language, size_t at,
			 struct rq_name *name)
{
	size_t stop = file->opening_asked <= at ? file->opening_asked : 0;

	for (size_t i = at; i > stop; i--) {
		if (!opens(name, language, file->lines[i - 1]))
			continue;
		file->opening_asked = at;
		return file->opening = i;
	}
	rq_file_spend(file, at - stop);
	file->opening_asked = at;
	if (!stop)
		file->opening = 0;
	if (file->opening)
		opens(name, language, file->lines[file->opening - 1]);
	return file->opening;
}

static const struct rq_openings *openings_of(struct rq_file *file,
					     enum rq_language language)
{
	struct rq_name name;

	if (file->openings)
		return file->openings;
	file->openings = rq_xcalloc(1, sizeof(*file->openings));
	for (size_t i = 0; i < file->n_lines; i++)
		if (opens(&name, language, file->lines[i]))
			*rq_vec_push(&file->openings->v) =
				(struct opening){ .line = i, .name = name };
	return file->openings;
}

/* A prototype is no function: what ends in a semicolon before a brace opens. */
static bool is_prototype(const struct rq_file *file, const struct opening *o)
{
	int depth = 0;

	if (o->name.kind != RQ_NAME_FUNCTION)
		return false;
	for (size_t i = 0; i < LONGEST_PROTOTYPE && o->line + i < file->n_lines; i++) {
		struct rq_slice line = file->lines[o->line + i];

		for (size_t k = 0; k < line.n; k++) {
			depth += (line.p[k] == '(') - (line.p[k] == ')');
			if (!depth && (line.p[k] == ';' || line.p[k] == '{'))
				return line.p[k] == ';';
		}
	}
	return false;
}

/* The openings that the heading may mean. */
struct meant {
	rq_vec(size_t) lines; /* from 1 */
};

static void find_meant(struct meant *out, struct rq_file *file, const struct heading *h)
{
	const struct rq_openings *openings = openings_of(file, h->language);
	bool prototypes = h->language == RQ_HEADER || h->name.declares;
	enum match best = BY_NAME;

	if (!rq_file_spend(file, openings->v.n))
		return;
	for (size_t i = 0; i < openings->v.n; i++) {
		const struct opening *o = &openings->v.v[i];
		enum match m = match(h, file->lines[o->line], &o->name);

		if (m < best || (!prototypes && is_prototype(file, o)))
			continue;
		if (m > best)
			out->lines.n = 0;
		best = m;
		*rq_vec_push(&out->lines) = o->line + 1;
	}
}

/* Whether the opening at @line (from 1) is what the heading names; a prototype is no function. */
static bool is_meant(const struct rq_file *file, const struct heading *h, size_t line,
		     const struct rq_name *name)
{
	const struct opening o = { .line = line - 1, .name = *name };

	return line && match(h, file->lines[line - 1], name) &&
	       (h->language == RQ_HEADER || h->name.declares || !is_prototype(file, &o));
}

bool rq_function_fits(struct rq_file *file, const struct rq_hunk *hunk, char sign,
		      size_t at)
{
	struct rq_name around;
	struct heading h;
	size_t line;

	read_heading(&h, file, hunk);
	if (h.language != RQ_TEXT && opens_itself(hunk, h.language, sign))
		return true;
	if (!h.names)
		return false;
	line = line_above(file, h.language, at, &around);
	return is_meant(file, &h, line, &around);
}

/* Whether a heading in a file without other names says what is defined, and the file defines no such. */
static bool is_undefined(struct rq_file *file, const struct heading *h)
{
	struct rq_slice wanted, word;
	bool cut;

	if (h->language != RQ_TEXT ||
	    rq_definition_of(&wanted, file->path, h->text) != RQ_DEFINES_LINES ||
	    !rq_file_spend(file, file->n_lines))
		return false;
	cut = is_cut_at(h->text.n) && wanted.p + wanted.n == h->text.p + h->text.n;
	for (size_t i = 0; i < file->n_lines; i++)
		if (rq_definition_of(&word, file->path, file->lines[i]) &&
		    (rq_slice_eq(word, wanted) || (cut && starts(word, wanted))))
			return false;
	return true;
}

/* Whether a hunk of @diff adds a line that opens what @name names. */
static bool is_made_by(const struct rq_filediff *diff, enum rq_language language,
		       const struct rq_name *name)
{
	struct rq_name made;

	for (size_t i = 0; i < diff->n_hunks; i++)
		for (size_t k = 0; k < diff->hunks[i].n_lines; k++) {
			const struct rq_line *line = &diff->hunks[i].lines[k];

			if (line->sign == '+' && opens(&made, language, line->text) &&
			    rq_name_eq(&made, name))
				return true;
		}
	return false;
}

void rq_evidence_of(struct rq_evidence *out, struct rq_file *file,
		    const struct rq_filediff *diff, const struct rq_hunk *hunk, char sign,
		    size_t at)
{
	struct rq_name around;
	struct meant meant = { 0 };
	struct heading h;
	bool fits;

	*out = (struct rq_evidence){ 0 };
	read_heading(&h, file, hunk);
	/* Old text of a hunk that names nothing: nothing to look for. */
	if (sign == '-' && !h.names) {
		if (h.language != RQ_TEXT && opens_itself(hunk, h.language, sign))
			out->speaks = RQ_SPEAKS_FOR;
		return;
	}
	out->around = line_above(file, h.language, at, &around);
	if (opens_itself(hunk, h.language, sign)) {
		out->speaks = h.language == RQ_TEXT ? RQ_SAYS_NOTHING : RQ_SPEAKS_FOR;
		return;
	}
	/* Headings are of the old file: a patch that is there may have put a function in between. */
	if (sign == '+' && out->around && h.language != RQ_TEXT &&
	    is_made_by(diff, h.language, &around)) {
		out->speaks = RQ_SPEAKS_FOR;
		return;
	}
	if (!h.names)
		return;
	fits = is_meant(file, &h, out->around, &around);
	find_meant(&meant, file, &h);
	out->names = true;
	out->several = meant.lines.n > 1;
	if (meant.lines.n)
		out->meant = meant.lines.v[0];
	if (fits && meant.lines.n == 1 && out->meant == out->around)
		out->speaks = RQ_SPEAKS_FOR;
	else if (!fits && !h.name.declares &&
		 (meant.lines.n || h.language != RQ_TEXT || is_undefined(file, &h)))
		out->speaks = RQ_SPEAKS_AGAINST;
	rq_vec_release(&meant.lines);
}

/* Whether the line ends what is around it, or stands outside of everything. */
static bool closes(struct rq_slice line)
{
	return line.n && (*line.p == '}' || *line.p == '/');
}

void rq_evidence_at(struct rq_evidence *out, struct rq_file *file,
		    const struct rq_filediff *diff, const struct rq_hunk *hunk,
		    size_t line, size_t n, size_t at)
{
	enum rq_language language = rq_language_of(file->path);
	struct rq_hunk part = *hunk;
	struct rq_name name;
	bool closed = false;
	size_t old = 0;

	for (size_t i = 0; i < hunk->n_lines && old < line + n; i++) {
		struct rq_slice text = hunk->lines[i].text;

		if (hunk->lines[i].sign == '+')
			continue;
		if (language != RQ_TEXT && opens(&name, language, text) && old >= line) {
			*out = (struct rq_evidence){ .speaks = RQ_SPEAKS_FOR,
						     .names = true };
			return;
		}
		if (language != RQ_TEXT && opens(&name, language, text)) {
			part.function = rq_slice_trim(text);
			closed = false;
		} else if (old < line) {
			closed |= closes(text);
		}
		old++;
	}
	part.n_lines = 0;
	rq_evidence_of(out, file, diff, &part, '-', at);
	/*
	 * Behind what ended, only that it is there speaks.  The lines of a text all open something: what is
	 * above the change is not what is above the hunk.
	 */
	if (out->speaks == RQ_SPEAKS_AGAINST &&
	    (closed || (language == RQ_TEXT && out->meant)))
		out->speaks = RQ_SAYS_NOTHING;
}

void rq_say_opening(struct rq_str *out, const struct rq_file *file, struct rq_slice line)
{
	enum rq_language language = rq_language_of(file->path);
	struct rq_name name;

	line = rq_slice_trim(line);
	if (rq_name_of(&name, language, line))
		rq_name_print(out, &name);
	else
		rq_str_addf(out, "'%.*s'", RQ_SLICE_ARG(line));
}

bool rq_file_opens(const struct rq_file *file, struct rq_slice heading)
{
	enum rq_language language = rq_language_of(file->path);
	struct opening o;
	struct rq_name name;

	if (!rq_name_of(&name, language, heading))
		return false;
	for (o.line = 0; o.line < file->n_lines; o.line++)
		if (opens(&o.name, language, file->lines[o.line]) &&
		    rq_name_eq(&o.name, &name) && !is_prototype(file, &o))
			return true;
	return false;
}

struct rq_slice rq_file_around(const struct rq_file *file, size_t at)
{
	enum rq_language language = rq_language_of(file->path);
	struct rq_name name;

	for (size_t i = at < file->n_lines ? at : file->n_lines; i > 0; i--)
		if (opens(&name, language, file->lines[i - 1]))
			return file->lines[i - 1];
	return RQ_SLICE("");
}
