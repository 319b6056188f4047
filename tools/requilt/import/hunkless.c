// SPDX-License-Identifier: GPL-2.0-only
/*
 * Diffs in a quote that no hunk follows: a rename, a mode and an empty file are whole without one; of others a
 * reviewer cut the hunks off, and that is said.
 */
#include "import/quoted_internal.h"

#define EMPTY_BLOB "e69de29"
#define BINARY "GIT binary patch"

/* What the lines of one file say. */
struct said {
	bool renamed, exact, mode, made, empty, index, marks, binary;
};

struct rq_slice rq_quoted_diff_path(struct rq_slice line)
{
	struct rq_slice text = rq_slice_trim(line);

	for (size_t i = text.n; i-- > 0;)
		if (rq_slice_starts((struct rq_slice){ text.p + i, text.n - i }, " b/"))
			return (struct rq_slice){ text.p + i + 3, text.n - i - 3 };
	if (rq_slice_starts(text, "--- a/"))
		text = (struct rq_slice){ text.p + 6, text.n - 6 };
	return text;
}

/* Up to the next "diff --git", or "---" where the files have none. */
static struct rq_slice next_file(struct rq_slice *rest)
{
	struct rq_slice file = { rest->p, 0 }, after = *rest, line;
	bool marks = false;

	while (rq_slice_next_line(&after, &line)) {
		bool mark = rq_slice_starts(line, "--- ");

		if (file.n && (rq_slice_starts(line, "diff --git ") || (mark && marks)))
			break;
		marks |= mark;
		file.n += line.n;
	}
	*rest = (struct rq_slice){ file.p + file.n, rest->n - file.n };
	return file;
}

static struct said read_file_head(struct rq_slice file)
{
	struct said said = { 0 };
	struct rq_slice line;

	while (rq_slice_next_line(&file, &line)) {
		said.renamed |= rq_slice_starts(line, "rename to ") ||
				rq_slice_starts(line, "copy to ");
		said.exact |= rq_slice_starts(line, "similarity index 100%");
		said.mode |= rq_slice_starts(line, "new mode ");
		said.made |= rq_slice_starts(line, "new file mode ") ||
			     rq_slice_starts(line, "deleted file mode ");
		if (rq_slice_starts(line, "index ")) {
			said.index = true;
			said.empty = rq_slice_has(line, EMPTY_BLOB);
		}
		said.marks |= rq_slice_starts(line, "--- ");
		said.binary |= rq_slice_starts(line, BINARY) ||
			       rq_slice_starts(line, "Binary files ");
	}
	return said;
}

static bool is_whole(const struct said *said)
{
	if (said->marks || said->binary)
		return false;
	if (said->index)
		return said->made && said->empty;
	return said->renamed ? said->exact : said->mode;
}

/* Lines of a signature, or words, may follow. */
static void add_head(struct rq_str *out, struct rq_slice file)
{
	static const char *const starts[] = {
		"diff --git ", "old mode ", "new mode ",  "deleted ",	   "new file ",
		"copy ",       "rename ",   "similarity", "dissimilarity", "index "
	};
	struct rq_slice line;

	while (rq_slice_next_line(&file, &line))
		for (size_t i = 0; i < ARRAY_SIZE(starts); i++)
			if (rq_slice_starts(line, starts[i])) {
				rq_str_add_slice(out, line);
				break;
			}
}

void rq_quoted_headers(struct rq_str *out, struct rq_names *lost, struct rq_slice header,
		       bool hunk)
{
	while (header.n) {
		struct rq_slice file = next_file(&header), first = file, line;
		struct said said = read_file_head(file);
		bool whole = rq_slice_starts(file, "diff --git ") && is_whole(&said);

		/* The parser reads what is binary between two files. */
		if (hunk && (!header.n || said.binary)) {
			rq_str_add_slice(out, file);
		} else if (whole) {
			add_head(out, file);
		} else if (rq_slice_next_line(&first, &line)) {
			rq_names_add(lost, rq_quoted_diff_path(line));
		}
	}
}
