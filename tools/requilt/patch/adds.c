// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads the hunks of a patch as C, each as its result will stand: context and added lines.  What is
 * cut off by the hunk's ends is said to be so, and no count is made up for it.
 */
#include "patch/adds.h"

#include "util/path.h"

struct scanning {
	struct rq_adds *out;
	const struct rq_adds_line *lines;
	size_t file, hunk;
	/* How much of @out was there before: what began in a comment is taken back. */
	size_t uses, declared, brought, pasted;
};

static bool is_changed(const struct scanning *s, long line, long last)
{
	if (s->lines[line].added)
		return true;
	for (long i = line + 1; i <= last; i++)
		if (s->lines[i].changed)
			return true;
	return false;
}

static void add_use(struct scanning *s, const struct rq_cuse *use)
{
	struct rq_adds_use *to = rq_vec_push(&s->out->uses);

	*to = (struct rq_adds_use){
		.name = use->name,
		.text = s->lines[use->line].text,
		.hash = rq_name_hash(use->name),
		.file = s->file,
		.hunk = s->hunk,
		.line = use->line,
		.last = use->last,
		.args = use->args,
		.member = use->kind == RQ_CUSE_MEMBER,
		.added = s->lines[use->line].added,
	};
}

static void add_declaration(struct scanning *s, const struct rq_cuse *use)
{
	*rq_vec_push(&s->out->declared) =
		(struct rq_adds_declaration){ rq_name_hash(use->name), s->file,
					      use->args };
}

static void forget(struct scanning *s)
{
	s->out->uses.n = s->uses;
	s->out->declared.n = s->declared;
	s->out->brought.n = s->brought;
	s->out->pasted.n = s->pasted;
}

static void note(const struct rq_cuse *use, void *ctx)
{
	struct scanning *s = ctx;

	/* No index has single letters, so nothing is ever said of them. */
	if (use->name.n == 1 && use->kind != RQ_CUSE_PASTED)
		return;
	switch (use->kind) {
	case RQ_CUSE_CALL:
		if (is_changed(s, use->line, use->last))
			add_use(s, use);
		break;
	case RQ_CUSE_MEMBER:
		if (s->lines[use->line].added)
			add_use(s, use);
		break;
	case RQ_CUSE_DECLARES:
	case RQ_CUSE_MACRO:
		if (is_changed(s, use->line, use->last))
			add_declaration(s, use);
		break;
	case RQ_CUSE_PASTED:
		if (s->lines[use->line].added)
			*rq_vec_push(&s->out->pasted) =
				rq_pasted_hash(use->name, use->back);
		break;
	case RQ_CUSE_OTHER:
		if (s->lines[use->line].added)
			*rq_vec_push(&s->out->brought) = rq_name_hash(use->name);
		break;
	case RQ_CUSE_COMMENT:
		forget(s);
		break;
	}
}

/* Comments and directives, which tell how to read the lines behind them. */
static bool sets_state(struct rq_slice line)
{
	const char *at = line.p, *end = line.p + line.n;

	if (line.n && line.p[0] == '#')
		return true;
	for (; (at = memchr(at, '/', (size_t)(end - at))); at++)
		if ((at > line.p && at[-1] == '*') || (at + 1 < end && at[1] == '*'))
			return true;
	return false;
}

static bool ends_statement(struct rq_slice line)
{
	line = rq_slice_trim(line);
	return line.n && memchr(";{}", line.p[line.n - 1], 3);
}

/* Where to begin: behind the statement in front of the first change, if all before it is plain code. */
static size_t first_line(const struct rq_adds_line *lines, size_t n)
{
	size_t changed = 0, start = 0;

	while (changed < n && !lines[changed].changed)
		changed++;
	for (size_t i = 0; i < changed; i++) {
		if (sets_state(lines[i].text))
			return 0;
		if (ends_statement(lines[i].text))
			start = i + 1;
	}
	return start;
}

void rq_adds_scan(struct rq_adds *out, const struct rq_adds_line *lines, size_t n,
		  size_t file, size_t hunk)
{
	struct scanning scanning = { .out = out,
				     .lines = lines,
				     .file = file,
				     .hunk = hunk,
				     .uses = out->uses.n,
				     .declared = out->declared.n,
				     .brought = out->brought.n,
				     .pasted = out->pasted.n };
	struct rq_cscan scan = { .each = note, .ctx = &scanning };
	size_t changed = n; /* the lines up to the last that changed */

	while (changed && !lines[changed - 1].changed)
		changed--;
	for (size_t i = first_line(lines, n);
	     i < n && !(i >= changed && rq_cscan_is_between(&scan)); i++)
		rq_cscan_line(&scan, lines[i].text, (long)i);
	rq_cscan_end(&scan);
	if (scan.cut_start || scan.cut_end)
		*rq_vec_push(&out->cut) = (struct rq_adds_hunk){ file, hunk };
}

/* Adds each word of more than one letter, in comments and strings too. */
static void add_words(struct rq_slice line, struct rq_adds *out)
{
	for (size_t i = 0, n; i < line.n; i += n + 1) {
		for (n = 0; i + n < line.n && rq_is_word(line.p[i + n]);)
			n++;
		if (n > 1)
			*rq_vec_push(&out->brought) =
				rq_name_hash((struct rq_slice){ line.p + i, n });
	}
}

static bool is_member(struct rq_slice line, size_t at)
{
	return at && (line.p[at - 1] == '.' ||
		      (at > 1 && line.p[at - 1] == '>' && line.p[at - 2] == '-'));
}

/*
 * What is called stays where it is defined: only other words may be gone with a line.  A definition
 * begins in the first column, a call does not.  A word too many only makes the check look closer.
 */
void rq_adds_remove(struct rq_adds *out, struct rq_slice line)
{
	bool indented = line.n && (line.p[0] == '\t' || line.p[0] == ' ');

	for (size_t i = 0, n; i < line.n; i += n + 1) {
		for (n = 0; i + n < line.n && rq_is_word(line.p[i + n]);)
			n++;
		if (n < 2 || is_member(line, i) ||
		    (indented && i + n < line.n && line.p[i + n] == '('))
			continue;
		*rq_vec_push(&out->removed) =
			rq_name_hash((struct rq_slice){ line.p + i, n });
	}
}

struct run {
	rq_vec(struct rq_adds_line) v;
};

static void read_hunk(struct rq_adds *out, struct run *run, const struct rq_hunk *hunk,
		      size_t file, size_t at)
{
	bool behind_removed = false;

	run->v.n = 0;
	for (size_t i = 0; i < hunk->n_lines; i++) {
		const struct rq_line *line = &hunk->lines[i];
		bool added = line->sign == '+';

		if (line->sign == '-') {
			rq_adds_remove(out, line->text);
			behind_removed = true;
			continue;
		}
		*rq_vec_push(&run->v) = (struct rq_adds_line){ line->text, added,
							       added || behind_removed };
		behind_removed = false;
	}
	rq_adds_scan(out, run->v.v, run->v.n, file, at);
}

/*
 * Assembly, tables and templates may bring what C calls; a text that tells of it does not.
 */
static bool may_bring(const char *path)
{
	struct rq_slice s = rq_slice_of(path);

	return !rq_slice_starts(s, "Documentation/") && !rq_slice_ends(s, ".rst") &&
	       !rq_slice_ends(s, ".txt");
}

static void read_words(struct rq_adds *out, const struct rq_filediff *diff)
{
	for (size_t h = 0; h < diff->n_hunks; h++)
		for (size_t i = 0; i < diff->hunks[h].n_lines; i++)
			if (diff->hunks[h].lines[i].sign == '+')
				add_words(diff->hunks[h].lines[i].text, out);
}

void rq_adds_read(struct rq_adds *out, const struct rq_patch *patch)
{
	struct run run = { 0 };

	for (size_t f = 0; f < patch->n_files; f++) {
		const struct rq_filediff *diff = &patch->files[f];
		const char *path = rq_filediff_path(diff);

		if (!rq_path_is_c(path)) {
			if (may_bring(path))
				read_words(out, diff);
			continue;
		}
		for (size_t h = 0; h < diff->n_hunks; h++)
			read_hunk(out, &run, &diff->hunks[h], f, h);
	}
	rq_vec_release(&run.v);
}

void rq_adds_release(struct rq_adds *adds)
{
	rq_vec_release(&adds->uses);
	rq_vec_release(&adds->declared);
	rq_vec_release(&adds->brought);
	rq_vec_release(&adds->pasted);
	rq_vec_release(&adds->removed);
	rq_vec_release(&adds->cut);
}
