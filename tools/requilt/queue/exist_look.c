// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads files of the image for a name that is in doubt.  A hunk may begin in a comment or in "#if 0",
 * its file does not.
 */
#include "queue/exist_internal.h"

/* The first such word of the line; NULL: none.  memmem() costs more to begin with than a line has. */
static const char *find_word(struct rq_slice line, struct rq_slice name)
{
	const char *end = line.p + line.n, *at = line.p;

	while ((size_t)(end - at) >= name.n &&
	       (at = memchr(at, name.p[0], (size_t)(end - at) - name.n + 1))) {
		if ((at == line.p || !rq_is_word(at[-1])) &&
		    memcmp(at, name.p, name.n) == 0 &&
		    (at + name.n == end || !rq_is_word(at[name.n])))
			return at;
		at++;
	}
	return NULL;
}

/* From line @from, behind the next that closes a function or a table. */
static size_t end_of_block(const struct rq_slice *lines, size_t n, size_t from)
{
	while (from < n && !(lines[from].n && lines[from].p[0] == '}'))
		from++;
	return from < n ? from + 1 : n;
}

static bool any_has_word(const struct rq_slice *lines, size_t n, struct rq_slice name)
{
	for (size_t i = 0; i < n; i++)
		if (find_word(lines[i], name))
			return true;
	return false;
}

static bool is_short_directive(struct rq_slice line)
{
	line = rq_slice_chomp(line);
	return line.n && line.p[0] == '#' && line.p[line.n - 1] != '\\';
}

/* Of blocks without the name only the directives are read, for "#if 0". */
static void scan_for(struct rq_cscan *scan, const struct rq_slice *lines, size_t n,
		     struct rq_slice name)
{
	for (size_t i = 0, end; i < n; i = end) {
		bool whole;

		end = end_of_block(lines, n, i);
		whole = any_has_word(lines + i, end - i, name);
		for (size_t k = i; k < end; k++)
			if (whole || is_short_directive(lines[k]))
				rq_cscan_line(scan, lines[k], (long)k);
	}
	rq_cscan_end(scan);
}

/* "int (*NAME)(void)": a parameter, which is called without being declared. */
static bool has_pointer(const struct rq_file *file, struct rq_slice name)
{
	for (size_t i = 0; i < file->n_lines; i++) {
		struct rq_slice line = file->lines[i];
		const char *at = find_word(line, name);

		if (at && at - line.p > 1 && at[-1] == '*' && at[-2] == '(' &&
		    at + name.n < line.p + line.n && at[name.n] == ')')
			return true;
	}
	return false;
}

struct looking {
	struct rq_exist_look *out;
	const struct rq_file *file;
	const struct rq_adds_use *use;
};

static bool is_this(const struct looking *l, const struct rq_cuse *use)
{
	return use->kind == (l->use->member ? RQ_CUSE_MEMBER : RQ_CUSE_CALL) &&
	       (l->use->member || l->use->args < 0 || use->args == l->use->args) &&
	       rq_slice_eq(l->file->lines[use->line], l->use->text);
}

static void look(const struct rq_cuse *use, void *ctx)
{
	struct looking *l = ctx;

	if (use->kind == RQ_CUSE_COMMENT || !rq_slice_eq(use->name, l->use->name))
		return;
	if (is_this(l, use))
		l->out->used = true;
	if (use->kind != RQ_CUSE_CALL && use->kind != RQ_CUSE_MEMBER)
		l->out->mentioned = true;
	if (use->kind == RQ_CUSE_OTHER)
		l->out->shadowed = true;
	if (use->kind != RQ_CUSE_MACRO && !(use->kind == RQ_CUSE_DECLARES && use->top))
		return;
	if (!l->out->counts)
		l->out->line = use->line + 1;
	l->out->counts |= rq_counts_of(use->args);
}

void rq_exist_look(struct rq_exist_look *out, const struct rq_file *file,
		   const struct rq_adds_use *use)
{
	struct looking looking = { out, file, use };
	struct rq_cscan scan = { .each = look, .ctx = &looking };

	*out = (struct rq_exist_look){ 0 };
	scan_for(&scan, file->lines, file->n_lines, use->name);
	if (has_pointer(file, use->name))
		out->mentioned = out->shadowed = true;
}

struct counting {
	const struct rq_adds_use *use;
	bool found;
};

static void count(const struct rq_cuse *use, void *ctx)
{
	struct counting *c = ctx;

	c->found |= use->kind == RQ_CUSE_CALL && use->args == c->use->args &&
		    rq_slice_eq(use->name, c->use->name);
}

bool rq_exist_called_before(const struct rq_file *file, const struct rq_adds_use *use)
{
	struct counting counting = { .use = use };
	struct rq_cscan scan = { .each = count, .ctx = &counting };
	struct rq_slice rest = file->read, line;
	rq_vec(struct rq_slice) lines = { 0 };

	while (rq_slice_next_line(&rest, &line))
		*rq_vec_push(&lines) = line;
	scan_for(&scan, lines.v, lines.n, use->name);
	rq_vec_release(&lines);
	return counting.found;
}

bool rq_exist_mentions(const struct rq_file *file, const struct rq_adds_use *use)
{
	struct rq_exist_look look;

	if (!any_has_word(file->lines, file->n_lines, use->name))
		return false;
	rq_exist_look(&look, file, use);
	return look.mentioned;
}
