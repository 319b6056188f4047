// SPDX-License-Identifier: GPL-2.0-only
/*
 * A patch in the head of a record.  Kept byte for byte, with how it is to be read: what is read again is
 * the same change.
 */
#include "resolve/was.h"

#include "resolve/change.h"

#define FIELD "Patch: "
#define MARK "| "
#define STRIP_MOST 99

static void quote_lines(struct rq_str *out, struct rq_slice text)
{
	struct rq_slice line;

	while (rq_slice_next_line(&text, &line)) {
		rq_str_adds(out, MARK);
		rq_str_add_slice(out, line);
		if (line.p[line.n - 1] != '\n')
			rq_str_adds(out, "\n");
	}
}

/* As it stands in the file; what cannot be told in fewer words is. */
static void print_raw(struct rq_str *out, const struct rq_patch *patch)
{
	rq_str_addf(out, FIELD "-p%d%s\n", patch->strip, patch->reversed ? " -R" : "");
	for (size_t i = 0; i < patch->n_files; i++) {
		const struct rq_filediff *file = &patch->files[i];

		quote_lines(out, file->header);
		for (size_t k = 0; k < file->n_hunks; k++) {
			quote_lines(out, file->hunks[k].header);
			for (size_t l = 0; l < file->hunks[k].n_lines; l++)
				quote_lines(out, file->hunks[k].lines[l].raw);
		}
	}
}

static void print_modes(struct rq_str *out, const struct rq_filediff *file)
{
	const char *path = rq_filediff_path(file);

	rq_str_addf(out, MARK "diff --git %s %s\n", path, path);
	if (!file->old_path)
		rq_str_addf(out, MARK "new file mode %06o\n", file->new_mode);
	else if (!file->new_path)
		rq_str_addf(out, MARK "deleted file mode %06o\n", file->old_mode);
	else
		rq_str_addf(out, MARK "old mode %06o\n" MARK "new mode %06o\n",
			    file->old_mode, file->new_mode);
}

static void print_hunk(struct rq_str *out, const struct rq_hunk *hunk)
{
	struct rq_slice function = rq_slice_chomp(hunk->function);

	rq_str_addf(out, MARK "@@ -%ld,%ld +%ld,%ld @@%s%.*s\n", hunk->old_start,
		    hunk->old_count, hunk->new_start, hunk->new_count,
		    function.n ? " " : "", RQ_SLICE_ARG(function));
	for (size_t i = 0; i < hunk->n_lines; i++) {
		const struct rq_line *line = &hunk->lines[i];

		rq_str_addf(out, MARK "%c%.*s", line->sign, RQ_SLICE_ARG(line->text));
		if (!line->text.n || line->text.p[line->text.n - 1] != '\n')
			rq_str_adds(out, "\n" MARK "\\ No newline at end of file\n");
	}
}

/* Without what is not its change. */
static void print_bare(struct rq_str *out, const struct rq_patch *patch)
{
	rq_str_adds(out, FIELD "-p0\n");
	for (size_t i = 0; i < patch->n_files; i++) {
		const struct rq_filediff *file = &patch->files[i];

		if (file->old_mode || file->new_mode)
			print_modes(out, file);
		rq_str_addf(out, MARK "--- %s\n" MARK "+++ %s\n",
			    file->old_path ? file->old_path : "/dev/null",
			    file->new_path ? file->new_path : "/dev/null");
		for (size_t k = 0; k < file->n_hunks; k++)
			print_hunk(out, &file->hunks[k]);
	}
}

void rq_was_find(struct rq_str *out, struct rq_slice head)
{
	struct rq_slice line;
	bool within = false;

	while (rq_slice_next_line(&head, &line)) {
		if (rq_slice_starts(line, FIELD) && !out->len)
			within = true;
		else
			within = within && rq_slice_starts(line, MARK);
		if (within)
			rq_str_add_slice(out, line);
	}
}

static bool read_options(struct rq_patch_options *out, struct rq_slice line)
{
	struct rq_slice strip;

	line.p += strlen(FIELD);
	line.n -= strlen(FIELD);
	line = rq_slice_chomp(line);
	strip = rq_slice_next_word(&line);
	if (!rq_slice_starts(strip, "-p") || strip.n < 3 || strip.n > 4)
		return false;
	for (size_t i = 2; i < strip.n; i++) {
		if (strip.p[i] < '0' || strip.p[i] > '9')
			return false;
		out->strip = 10 * out->strip + strip.p[i] - '0';
	}
	out->reverse = rq_slice_eq(line, RQ_SLICE("-R"));
	return out->strip <= STRIP_MOST && (out->reverse || !line.n);
}

int rq_was_parse(struct rq_patch **out, struct rq_slice lines, struct rq_err *err)
{
	struct rq_patch_options options = { 0 };
	struct rq_str text = { 0 };
	struct rq_slice line;
	int rc;

	*out = NULL;
	if (!lines.n)
		return 0;
	if (!rq_slice_next_line(&lines, &line) || !read_options(&options, line))
		return rq_err_set(err, RQ_EFORMAT,
				  "has no '" FIELD "-pN' as resolve writes it; resolve "
				  "again");
	while (rq_slice_next_line(&lines, &line))
		rq_str_add(&text, line.p + strlen(MARK), line.n - strlen(MARK));
	rc = rq_patch_parse(out, "its patch", &text, &options, err);
	rq_str_release(&text);
	return rc;
}

static bool reads_alike(const struct rq_str *lines, const struct rq_patch *patch)
{
	_cleanup_(rq_patch_freep) struct rq_patch *again = NULL;
	struct rq_oid change, read;
	struct rq_err ignored;

	if (rq_was_parse(&again, rq_str_slice(lines), &ignored))
		return false;
	rq_change_of(&change, patch);
	rq_change_of(&read, again);
	return rq_oid_eq(&change, &read);
}

void rq_was_print(struct rq_str *out, const struct rq_patch *patch)
{
	void (*const forms[])(struct rq_str *, const struct rq_patch *) = { print_bare,
									    print_raw };

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		_cleanup_(rq_str_release) struct rq_str lines = { 0 };

		forms[i](&lines, patch);
		if (!reads_alike(&lines, patch))
			continue;
		rq_str_add_slice(out, rq_str_slice(&lines));
		return;
	}
}
