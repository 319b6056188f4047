// SPDX-License-Identifier: GPL-2.0-only
/*
 * What make, compiler and checker printed, read line by line:
 *
 *	  CC      mm/rmap.o                                 whose lines follow
 *	<tree>/mm/rmap.c:12:3: warning: unused variable 'x'
 *	<tree>/mm/rmap.c:12:3: sparse: error: incompatible types:
 *	<tree>/mm/rmap.c:12:3: sparse:    void              a detail of the one above
 *	mm/rmap.o: warning: objtool: f()+0x1a: unreachable instruction
 *	make[3]: *** [scripts/Makefile.build:250: mm/rmap.o] Error 1
 *
 * Notes, excerpts of source and warnings about anything but an object are left out.
 */
#include "verify/verify_internal.h"

#include <ctype.h>
#include <stdlib.h>

#include "util/mem.h"

struct reader {
	struct rq_output *out;
	const char *tree;
	char *target;	/* that make named last; NULL: none that counts */
	bool is_object; /* it is an object of the kernel, not of a host program */
	bool checking;	/* sparse speaks */
	struct rq_slice telling, starred, last;
};

static bool skip(struct rq_slice *s, const char *prefix)
{
	size_t n = strlen(prefix);

	if (!rq_slice_starts(*s, prefix))
		return false;
	s->p += n;
	s->n -= n;
	return true;
}

/* A source as the tree calls it. */
static struct rq_slice in_tree(const struct reader *r, struct rq_slice path)
{
	if (skip(&path, r->tree))
		skip(&path, "/");
	skip(&path, "./");
	return path;
}

static bool is_kernel_object(struct rq_slice path)
{
	return rq_slice_ends(path, ".o") && path.p[0] != '/' &&
	       !rq_slice_starts(path, "scripts/") && !rq_slice_starts(path, "tools/");
}

/* "  CC [M]  path": what follows is about another target. */
static bool read_target(struct reader *r, struct rq_slice line)
{
	struct rq_slice word, path;
	bool checking;

	if (line.n < 4 || !rq_slice_starts(line, "  ") ||
	    !isupper((unsigned char)line.p[2]))
		return false;
	word = rq_slice_next_word(&line);
	for (size_t i = 0; i < word.n; i++)
		if (!isupper((unsigned char)word.p[i]) && word.p[i] != '_')
			return false;
	skip(&line, "[M]");
	path = in_tree(r, rq_slice_trim(line));
	checking = rq_slice_eq(word, RQ_SLICE("CHECK"));
	free(r->target);
	if (checking && rq_slice_ends(path, ".c"))
		r->target = rq_xasprintf("%.*s.o", (int)path.n - 2, path.p);
	else
		r->target = rq_xstrndup(path.p, path.n);
	r->checking = checking;
	r->is_object = is_kernel_object(rq_slice_of(r->target)) &&
		       (checking || rq_slice_eq(word, RQ_SLICE("CC")) ||
			rq_slice_eq(word, RQ_SLICE("AS")));
	if (checking && r->is_object)
		rq_names_add(&r->out->checked, rq_slice_of(r->target));
	return true;
}

static bool read_number(long *out, struct rq_slice *rest)
{
	struct rq_slice s = *rest;
	long n = 0;

	while (s.n && isdigit((unsigned char)s.p[0]) && n < 100000000) {
		n = n * 10 + (s.p[0] - '0');
		s.p++;
		s.n--;
	}
	if (s.p == rest->p || !skip(&s, ":"))
		return false;
	*out = n;
	*rest = s;
	return true;
}

/* "file:12:3: " or "file: "; the rest is what was said. */
static bool read_place(struct rq_diag *diag, const struct reader *r,
		       struct rq_slice *rest)
{
	const char *colon = memchr(rest->p, ':', rest->n);
	struct rq_slice file, behind;

	if (!colon || colon == rest->p || memchr(rest->p, ' ', (size_t)(colon - rest->p)))
		return false;
	file = in_tree(r, (struct rq_slice){ rest->p, (size_t)(colon - rest->p) });
	behind = (struct rq_slice){ colon + 1, rest->n - (size_t)(colon + 1 - rest->p) };
	if (read_number(&diag->line, &behind))
		read_number(&diag->column, &behind);
	if (!skip(&behind, " "))
		return false;
	diag->file = rq_xstrndup(file.p, file.n);
	*rest = behind;
	return true;
}

static bool read_severity(struct rq_diag *diag, struct rq_slice *rest)
{
	diag->error = skip(rest, "error: ") || skip(rest, "fatal error: ");
	return diag->error || skip(rest, "warning: ");
}

/* Where in a function objtool's finding is differs with every change of it. */
static void drop_offset(char *text)
{
	char *plus = strstr(text, "()+0x"), *end = plus ? plus + 5 : NULL;

	if (!plus || strncmp(text, "objtool: ", 9) != 0)
		return;
	while (isxdigit((unsigned char)*end))
		end++;
	memmove(plus + 2, end, strlen(end) + 1);
}

static void keep(struct reader *r, struct rq_diag *diag, struct rq_slice text)
{
	diag->object = rq_xstrdup(r->target ? r->target : "");
	diag->text = rq_xstrndup(text.p, text.n);
	drop_offset(diag->text);
	if (diag->error || r->is_object)
		*rq_vec_push(&r->out->diags.v) = *diag;
	else
		rq_diag_release(diag);
}

static bool read_diag(struct reader *r, struct rq_slice line)
{
	struct rq_diags *diags = &r->out->diags;
	struct rq_diag diag = { .tool = r->checking ? RQ_DIAG_SPARSE : RQ_DIAG_COMPILER };

	if (!read_place(&diag, r, &line))
		return false;
	if (skip(&line, "sparse: "))
		diag.tool = RQ_DIAG_SPARSE;
	if (read_severity(&diag, &line)) {
		keep(r, &diag, line);
		return true;
	}
	if (diag.tool == RQ_DIAG_SPARSE && rq_slice_starts(line, "  ") && diags->v.n)
		*rq_vec_push(&diags->v.v[diags->v.n - 1].details) =
			rq_xstrndup(line.p, line.n);
	rq_diag_release(&diag);
	return false;
}

/* "make[3]: *** [file:250: mm/rmap.o] Error 1" */
static void read_failure(struct reader *r, struct rq_slice line)
{
	const char *close = memrchr(line.p, ']', line.n), *start;

	if (!close)
		return;
	for (start = close; start > line.p && start[-1] != ' ' && start[-1] != '[';)
		start--;
	line = (struct rq_slice){ start, (size_t)(close - start) };
	if (is_kernel_object(line)) {
		_cleanup_free_ char *object = rq_xstrndup(line.p, line.n);

		rq_names_add(&r->out->failed, rq_slice_of(object));
	}
}

static void read_line(struct reader *r, struct rq_slice line)
{
	if (read_target(r, line) || read_diag(r, line))
		return;
	if (rq_slice_starts(line, "make") && memmem(line.p, line.n, ": *** ", 6)) {
		read_failure(r, line);
		if (!r->starred.n)
			r->starred = line;
	}
	if (!r->telling.n && (memmem(line.p, line.n, "rror: ", 6) ||
			      memmem(line.p, line.n, "not found", 9) ||
			      memmem(line.p, line.n, "No rule to make", 15)))
		r->telling = line;
	if (rq_slice_trim(line).n)
		r->last = line;
}

void rq_output_read(struct rq_output *out, struct rq_slice text, const char *tree)
{
	struct reader r = { .out = out, .tree = tree };
	struct rq_slice line;

	while (rq_slice_next_line(&text, &line))
		read_line(&r, rq_slice_chomp(line));
	line = r.telling.n ? r.telling : r.starred.n ? r.starred : r.last;
	if (line.n)
		out->complaint = rq_xstrndup(line.p, line.n);
	rq_names_settle(&out->failed);
	rq_names_settle(&out->checked);
	free(r.target);
}

void rq_output_release(struct rq_output *out)
{
	rq_diags_release(&out->diags);
	rq_names_release(&out->failed);
	rq_names_release(&out->checked);
	free(out->complaint);
	*out = (struct rq_output){ 0 };
}
