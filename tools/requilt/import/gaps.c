// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a reviewer cut out of a quoted patch, as far as what is left shows it: the starts of hunks count the
 * lines that came before, and a diffstat counts those of each file.
 */
#include "import/quoted_internal.h"

#include <stdio.h>
#include <stdlib.h>

/* A range without lines names the line in front of it. */
static long first_line(long start, long count)
{
	return start + (count == 0);
}

void rq_quoted_gaps(struct rq_names *out, const struct rq_quoted_hunk *hunks, size_t n)
{
	long shift = 0;

	for (size_t i = 0; i < n; i++) {
		const struct rq_quoted_hunk *h = &hunks[i];
		long apart = first_line(h->new_start, h->new_count) -
			     first_line(h->old_start, h->old_count);

		if (h->number == 1)
			shift = 0;
		if (h->path && h->old_count && h->new_count && apart != shift) {
			_cleanup_free_ char *text = rq_xasprintf(
				"%s hunk %ld: hunks in front of it are missing: it is "
				"%ld lines further down than those that are here make",
				h->path, h->number, apart - shift);

			rq_names_add(out, rq_slice_of(text));
		}
		shift = apart + h->new_count - h->old_count;
	}
}

/* The lines that the quoted hunks of @path change; -1: it is not quoted. */
static long changed_lines(const struct rq_quoted_hunk *hunks, size_t n, const char *path)
{
	long changed = -1;

	for (size_t i = 0; i < n; i++) {
		const char *name = hunks[i].new_path ? hunks[i].new_path : hunks[i].path;

		if (!name || strcmp(name, path) != 0)
			continue;
		changed += changed < 0;
		for (size_t k = 0; k < hunks[i].lines.n; k++)
			changed += hunks[i].lines.v[k].sign != ' ';
	}
	return changed;
}

/* " mm/rmap.c | 12 ++--"; false for abbreviated names and renames, too. */
static bool read_stat(struct rq_slice line, char **path, long *changed)
{
	_cleanup_free_ char *text = rq_xstrndup(line.p, line.n);
	char bar, name[512];
	int end = 0;

	if (sscanf(text, " %511s %c %ld %n", name, &bar, changed, &end) != 3 ||
	    bar != '|' || !end || text[end + (long)strspn(text + end, "+-\r\n ")] ||
	    strncmp(name, "...", 3) == 0 || strchr(name, '{'))
		return false;
	*path = rq_xstrdup(name);
	return true;
}

/* " 2 files changed, 3 insertions(+)"; 0: it is none. */
static long read_summary(struct rq_slice line)
{
	_cleanup_free_ char *text = rq_xstrndup(line.p, line.n);
	long files;

	return sscanf(text, " %ld file", &files) == 1 && strstr(text, " changed") ? files
										  : 0;
}

bool rq_quoted_stat(struct rq_names *out, struct rq_slice message,
		    const struct rq_quoted_hunk *hunks, size_t n)
{
	long files = 0, agree = 0;
	struct rq_slice line;

	while (rq_slice_next_line(&message, &line)) {
		_cleanup_free_ char *path = NULL, *text = NULL;
		long said, here;

		if (!read_stat(line, &path, &said)) {
			files = files ? files : read_summary(line);
			continue;
		}
		here = changed_lines(hunks, n, path);
		agree += here == said;
		if (here == said)
			continue;
		if (here < 0)
			text = rq_xasprintf(
				"%s: the diffstat names it, and it is not quoted", path);
		else
			text = rq_xasprintf(
				"%s: the diffstat counts %ld changed lines, %ld "
				"are here",
				path, said, here);
		rq_names_add(out, rq_slice_of(text));
	}
	return files && agree == files;
}
