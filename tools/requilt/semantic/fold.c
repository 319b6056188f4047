// SPDX-License-Identifier: GPL-2.0-only
/*
 * Folds lines that a rule made too long.  spatch breaks the arguments of a call, but neither
 * conditions nor calls within them.  Only lines that the rule wrote are touched; a break goes
 * behind a comma or an operator, and what follows is aligned with the innermost open
 * parenthesis, as checkpatch wants it.
 */
#include "semantic/semantic_internal.h"

#include <stdlib.h>

#define COLUMNS 80
#define TAB 8

/* A place where a line may end. */
struct fold {
	size_t end;   /* behind the last sign of the first line */
	size_t next;  /* where the second begins */
	size_t align; /* its column */
	int depth;    /* of parentheses */
};

static size_t column_after(size_t column, char c)
{
	return c == '\t' ? column / TAB * TAB + TAB : column + 1;
}

/* Whether @line, which starts in @column, goes on behind the last column. */
static bool is_long(struct rq_slice line, size_t column)
{
	for (size_t i = 0; i < line.n && line.p[i] != '\n' && column <= COLUMNS; i++)
		column = column_after(column, line.p[i]);
	return column > COLUMNS;
}

/* How many signs at @at may end a line: "," "&&" "||" "?" ":" behind a blank, or none. */
static size_t breaker(struct rq_slice line, size_t at)
{
	const char *p = line.p + at;
	size_t left = line.n - at;

	if (left > 1 && *p == ',' && p[1] == ' ')
		return 1;
	if (!at || p[-1] != ' ' || left < 3)
		return 0;
	if ((*p == '?' || *p == ':') && p[1] == ' ')
		return 1;
	return ((p[0] == '&' && p[1] == '&') || (p[0] == '|' && p[1] == '|')) &&
			       p[2] == ' '
		       ? 2
		       : 0;
}

/*
 * The outermost place that keeps within the columns, the last of those; where there is none, the
 * first of all.  @align is where the line starts: behind an open parenthesis, or 0.
 */
static bool find_fold(struct fold *best, struct rq_slice line, size_t align)
{
	size_t open[64] = { align }, column = align;
	bool found = false;
	int depth = align ? 1 : 0;
	char quote = '\0';

	for (size_t i = 0; i < line.n && !(found && column >= COLUMNS); i++) {
		char c = line.p[i];
		size_t n = quote || !depth ? 0 : breaker(line, i);
		char next = i + 1 < line.n ? line.p[i + 1] : '\0';

		if (!quote && c == '/' && (next == '/' || next == '*'))
			break;
		if (n && (!found || (column + n <= COLUMNS && depth <= best->depth))) {
			*best = (struct fold){ i + n, i + n + 1, open[depth - 1], depth };
			found = true;
		}
		column = column_after(column, c);
		if (quote && c == '\\' && next)
			column = column_after(column, line.p[++i]);
		else if (quote)
			quote = c == quote ? '\0' : quote;
		else if (c == '"' || c == '\'')
			quote = c;
		else if (c == '(' && depth < (int)ARRAY_SIZE(open))
			open[depth++] = column;
		else if (c == ')' && depth)
			depth--;
	}
	return found;
}

static void indent(struct rq_str *out, size_t columns)
{
	for (size_t i = 0; i < columns / TAB; i++)
		rq_str_adds(out, "\t");
	for (size_t i = 0; i < columns % TAB; i++)
		rq_str_adds(out, " ");
}

static void add_folded(struct rq_str *out, struct rq_slice line)
{
	struct fold fold = { 0 };

	while (is_long(line, fold.align) && find_fold(&fold, line, fold.align)) {
		rq_str_add(out, line.p, fold.end);
		rq_str_adds(out, "\n");
		indent(out, fold.align);
		line = (struct rq_slice){ line.p + fold.next, line.n - fold.next };
	}
	rq_str_add_slice(out, line);
}

/* "@@ -12,7 +14,9 @@": the number behind the plus. */
static long new_start(struct rq_slice header)
{
	const char *plus = memchr(header.p, '+', header.n);

	return plus ? strtol(plus + 1, NULL, 10) : 0;
}

/* Marks the lines of the new text that the diff added. */
static int mark_added(bool *added, const struct rq_semantic_file *f, struct rq_err *err)
{
	struct rq_str hunks = { 0 };
	struct rq_slice rest, line;
	long at = 0;
	int rc = rq_diff_hunks(rq_str_slice(&f->before), rq_str_slice(&f->after), &hunks,
			       err);

	rest = rq_str_slice(&hunks);
	while (!rc && rq_slice_next_line(&rest, &line)) {
		if (rq_slice_starts(line, "@@ "))
			at = new_start(line);
		else if (line.p[0] == '+')
			added[at++] = true;
		else if (line.p[0] == ' ')
			at++;
	}
	rq_str_release(&hunks);
	return rc;
}

/* Part of a directive or a macro: a new line there would end it. */
static bool is_directive(struct rq_slice line, bool *continued)
{
	struct rq_slice s = rq_slice_trim(line);
	bool inside = *continued || rq_slice_starts(s, "#");

	*continued = s.n && s.p[s.n - 1] == '\\';
	return inside || *continued;
}

int rq_semantic_fold(struct rq_semantic_file *f, struct rq_err *err)
{
	struct rq_slice rest = rq_str_slice(&f->after), line;
	bool *added = rq_xcalloc(f->after.len + 2, sizeof(*added)); /* from line 1 */
	struct rq_str folded = { 0 };
	bool continued = false;
	size_t number = 0;
	int rc = mark_added(added, f, err);

	while (!rc && rq_slice_next_line(&rest, &line)) {
		bool directive = is_directive(line, &continued);

		if (added[++number] && !directive)
			add_folded(&folded, line);
		else
			rq_str_add_slice(&folded, line);
	}
	if (!rc) {
		rq_str_release(&f->after);
		f->after = folded;
	} else {
		rq_str_release(&folded);
	}
	free(added);
	return rc;
}
