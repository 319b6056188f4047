// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads files of the image for a name that is in doubt.  A hunk may begin in a comment or in "#if 0",
 * its file does not.
 */
#include "queue/exist_internal.h"

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
	for (size_t i = 0; i < file->n_lines; i++)
		rq_cscan_line(&scan, file->lines[i], (long)i);
	rq_cscan_end(&scan);
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

	rq_cscan_text(&scan, file->read);
	return counting.found;
}

static bool line_has_word(struct rq_slice line, const char *name, size_t n)
{
	const char *end = line.p + line.n, *at = line.p;

	while ((at = memmem(at, (size_t)(end - at), name, n))) {
		if ((at == line.p || !rq_is_word(at[-1])) &&
		    (at + n == end || !rq_is_word(at[n])))
			return true;
		at++;
	}
	return false;
}

bool rq_exist_has_word(const struct rq_file *file, const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < file->n_lines; i++)
		if (line_has_word(file->lines[i], name, n))
			return true;
	return false;
}
