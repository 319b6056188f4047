// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads files of the image for a name that is in doubt.  A hunk may begin in a comment or in "#if 0",
 * its file does not.
 */
#include "queue/exist_internal.h"

/* How many lines from @from on lie one behind the other in memory. */
static size_t run_of(const struct rq_slice *lines, size_t n, size_t from)
{
	size_t i = from + 1;

	while (i < n && lines[i].p == lines[i - 1].p + lines[i - 1].n)
		i++;
	return i - from;
}

const char *rq_exist_find_word(struct rq_slice text, struct rq_slice name)
{
	const char *end = text.p + text.n, *at = text.p;

	while ((at = memmem(at, (size_t)(end - at), name.p, name.n))) {
		if ((at == text.p || !rq_is_word(at[-1])) &&
		    (at + name.n == end || !rq_is_word(at[name.n])))
			return at;
		at++;
	}
	return NULL;
}

/* A walk over the lines that have a word. */
struct finding {
	const struct rq_slice *lines;
	size_t n;
	struct rq_slice name;
	size_t line, run_end; /* the next one to look at, and the end of its run */
	const char *at;	      /* the word in the line that was found last */
};

/* The next line with the word; .n: there is none.  Runs of lines are searched at once. */
static size_t next_line(struct finding *f)
{
	while (f->line < f->n) {
		const struct rq_slice *first = &f->lines[f->line], *last;

		if (f->line >= f->run_end)
			f->run_end = f->line + run_of(f->lines, f->n, f->line);
		last = &f->lines[f->run_end - 1];
		f->at = rq_exist_find_word(
			(struct rq_slice){ first->p,
					   (size_t)(last->p + last->n - first->p) },
			f->name);
		if (!f->at) {
			f->line = f->run_end;
			continue;
		}
		while (f->at >= f->lines[f->line].p + f->lines[f->line].n)
			f->line++;
		return f->line++;
	}
	return f->n;
}

/* From line @from, behind the next that closes a function or a table. */
static size_t end_of_block(const struct rq_slice *lines, size_t n, size_t from)
{
	while (from < n && !(lines[from].n && lines[from].p[0] == '}'))
		from++;
	return from < n ? from + 1 : n;
}

static bool is_short_directive(struct rq_slice line)
{
	if (!line.n || line.p[0] != '#')
		return false;
	line = rq_slice_chomp(line);
	return line.p[line.n - 1] != '\\';
}

/* Of blocks without the name only the directives are read, for "#if 0".  Ends early once *@enough. */
static void scan_for(struct rq_cscan *scan, const struct rq_slice *lines, size_t n,
		     struct rq_slice name, const bool *enough)
{
	struct finding f = { .lines = lines, .n = n, .name = name };
	size_t next = next_line(&f);

	for (size_t i = 0, end; i < n && !*enough; i = end) {
		bool whole;

		end = end_of_block(lines, n, i);
		whole = next < end;
		while (next < end)
			next = next_line(&f);
		for (size_t k = i; k < end; k++)
			if (whole || is_short_directive(lines[k]))
				rq_cscan_line(scan, lines[k], (long)k);
	}
	rq_cscan_end(scan);
}

/* "int (*NAME)(void)": a parameter, which is called without being declared. */
static bool has_pointer(const struct rq_file *file, struct rq_slice name)
{
	struct finding f = { .lines = file->lines, .n = file->n_lines, .name = name };

	for (size_t i = next_line(&f); i < f.n; i = next_line(&f)) {
		struct rq_slice line = file->lines[i];

		if (f.at - line.p > 1 && f.at[-1] == '*' && f.at[-2] == '(' &&
		    f.at + name.n < line.p + line.n && f.at[name.n] == ')')
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
	if (is_this(l, use)) {
		l->out->used = true;
		l->out->used_line = use->line;
		l->out->used_last = use->last;
	}
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

static void look_until(struct rq_exist_look *out, const struct rq_file *file,
		       const struct rq_adds_use *use, const bool *enough)
{
	struct looking looking = { out, file, use };
	struct rq_cscan scan = { .each = look, .ctx = &looking };

	*out = (struct rq_exist_look){ 0 };
	scan_for(&scan, file->lines, file->n_lines, use->name, enough);
	/* Of what is not used there, nobody asks whether it is shadowed. */
	if (!(out->used ? out->shadowed : out->mentioned) && has_pointer(file, use->name))
		out->mentioned = out->shadowed = true;
}

void rq_exist_look(struct rq_exist_look *out, const struct rq_file *file,
		   const struct rq_adds_use *use)
{
	const bool never = false;

	look_until(out, file, use, &never);
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
	scan_for(&scan, lines.v, lines.n, use->name, &counting.found);
	rq_vec_release(&lines);
	return counting.found;
}

bool rq_exist_mentions(const struct rq_file *file, const struct rq_adds_use *use)
{
	struct finding f = { .lines = file->lines,
			     .n = file->n_lines,
			     .name = use->name };
	struct rq_exist_look look = { 0 };

	if (next_line(&f) == f.n)
		return false;
	look_until(&look, file, use, &look.mentioned);
	return look.mentioned;
}
