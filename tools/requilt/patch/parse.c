// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parser's frame: finds where diffs start in a text, hands header and hunks to their
 * own files, and lays the pieces out so that every byte is in exactly one of them.
 *
 * Text that is no diff is kept, not judged, with two exceptions that would lose a change
 * in silence: a hunk that belongs to no diff, and a context diff ("*** a", "--- b").  A message
 * may quote the "@@" line of a hunk.
 */
#include "patch/patch_internal.h"

#include <stdarg.h>
#include <stdio.h>

#include "util/file.h"

/* Files that touch each other are compared in pairs. */
#define MOST_FILES 65536

enum start { START_NONE, START_GIT, START_PLAIN };

/* Where a diff's header begins: at the "Index:" or "diff -u" line before it, if any. */
struct place {
	enum start kind;
	const char *p;
	long line;
};

bool rq_parser_peek(const struct rq_parser *parser, int ahead, struct rq_slice *line)
{
	struct rq_slice rest = { parser->p, (size_t)(parser->end - parser->p) };

	do {
		if (!rq_slice_next_line(&rest, line))
			return false;
	} while (ahead--);
	return true;
}

bool rq_parser_sees(const struct rq_parser *parser, int ahead, const char *prefix)
{
	struct rq_slice line;

	if (!ahead) /* without looking for the line's end */
		return rq_slice_starts(
			(struct rq_slice){ parser->p, (size_t)(parser->end - parser->p) },
			prefix);
	return rq_parser_peek(parser, ahead, &line) && rq_slice_starts(line, prefix);
}

bool rq_parser_next(struct rq_parser *parser, struct rq_slice *line)
{
	if (!rq_parser_peek(parser, 0, line))
		return false;
	parser->p += line->n;
	parser->line++;
	return true;
}

int rq_parser_fail(struct rq_parser *parser, enum rq_code code, long line,
		   const char *fmt, ...)
{
	char msg[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	return rq_err_set(parser->err, code, "%s:%ld: %s", parser->patch->name,
			  parser->options.before + line, msg);
}

char *rq_parser_own(struct rq_parser *parser, char *string)
{
	return *rq_vec_push(&parser->patch->strings) = string;
}

struct rq_shown rq_shown(struct rq_slice text)
{
	struct rq_shown shown;
	size_t room = sizeof(shown.s) - sizeof("...");
	size_t n = text.n < room ? text.n : room;

	for (size_t i = 0; i < n; i++) {
		unsigned char c = text.p[i];

		shown.s[i] = c < ' ' || c == 0x7f ? '?' : c;
	}
	strcpy(shown.s + n, n < text.n ? "..." : "");
	return shown;
}

/* Lines that diff, cvs and svn put before "--- ". */
static bool is_preamble(struct rq_slice line, bool inside)
{
	if (rq_slice_starts(line, "diff -") || rq_slice_starts(line, "Index: "))
		return true;
	return inside &&
	       (rq_slice_starts(line, "=====") || rq_slice_starts(line, "RCS file: ") ||
		rq_slice_starts(line, "retrieving revision "));
}

static bool at_plain_diff(const struct rq_parser *parser)
{
	return rq_parser_sees(parser, 0, "--- ") && rq_parser_sees(parser, 1, "+++ ") &&
	       rq_parser_sees(parser, 2, "@@");
}

/* @message: the lines up to here are a message's, which git am does not search for diffs. */
static int refuse_lost_change(struct rq_parser *parser, struct rq_slice line,
			      bool message)
{
	const char *end = line.p + line.n;
	struct rq_hunk hunk;

	if (rq_hunk_read_header(&hunk, line) &&
	    (!message ||
	     rq_hunk_is_whole(line,
			      (struct rq_slice){ end, (size_t)(parser->end - end) })))
		return rq_parser_fail(parser, RQ_EFORMAT, parser->line,
				      "hunk without a '---' and '+++' line before it");
	if (rq_slice_starts(line, "*** ") && rq_parser_sees(parser, 1, "--- ") &&
	    rq_parser_sees(parser, 2, "***************"))
		return rq_parser_fail(parser, RQ_EFORMAT, parser->line,
				      "context diff; make it a unified one (diff -u)");
	return 0;
}

/* Goes on to the next diff, or to the end. */
static int find_diff(struct rq_parser *parser, struct place *found)
{
	struct rq_slice line;
	const char *block = NULL;
	long block_line = 0;
	bool message = !parser->files.n;

	for (; rq_parser_peek(parser, 0, &line); parser->p += line.n, parser->line++) {
		bool preamble;

		if (!block && !strchr("dI-@*", line.p[0])) /* most lines of a text */
			continue;
		preamble = is_preamble(line, block != NULL);
		if (!block && preamble) {
			block = parser->p;
			block_line = parser->line;
		}
		*found = (struct place){ START_NONE, block ? block : parser->p,
					 block ? block_line : parser->line };
		if (rq_slice_starts(line, "diff --git "))
			found->kind = START_GIT;
		else if (at_plain_diff(parser))
			found->kind = START_PLAIN;
		if (found->kind != START_NONE)
			return 0;
		if (!preamble)
			block = NULL;
		message = message && !rq_ends_message(line);
		if (refuse_lost_change(parser, line, message))
			return parser->err->code;
	}
	*found = (struct place){ START_NONE, parser->p, parser->line };
	return 0;
}

/* The "--- " and "+++ " lines. */
static int parse_plain_header(struct rq_parser *parser, struct rq_header_names *names)
{
	struct rq_slice line;

	names->old_line = parser->line;
	rq_parser_next(parser, &line);
	if (rq_parse_name(parser, (struct rq_slice){ line.p + 4, line.n - 4 },
			  names->old_line, false, &names->old_name))
		return parser->err->code;
	names->new_line = parser->line;
	rq_parser_next(parser, &line);
	return rq_parse_name(parser, (struct rq_slice){ line.p + 4, line.n - 4 },
			     names->new_line, false, &names->new_name);
}

static bool is_usable(const struct rq_filediff *file)
{
	return file->n_hunks || file->has_binary || file->binary_differs ||
	       file->change != RQ_CHANGE_EDIT || file->old_mode != file->new_mode;
}

/* Whether @index, as much of it as is there, is the id of an empty file, in SHA-1 or SHA-256. */
static bool is_id_of_empty(struct rq_slice index)
{
	static const char *const empty[] = {
		"e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
		"473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
	};

	if (!index.n)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(empty); i++)
		if (index.n <= strlen(empty[i]) &&
		    strncasecmp(index.p, empty[i], index.n) == 0)
			return true;
	return false;
}

/* The id of the file that is made or removed; empty where there is none. */
static struct rq_slice only_index(const struct rq_filediff *file)
{
	return file->change == RQ_CHANGE_CREATE	  ? file->new_index
	       : file->change == RQ_CHANGE_DELETE ? file->old_index
						  : (struct rq_slice){ 0 };
}

/* libgit2 writes "---" and "+++" lines for an empty file that is made or removed. */
static bool is_of_empty_file(const struct rq_filediff *file)
{
	return file->is_git && is_id_of_empty(only_index(file)) &&
	       ((file->change == RQ_CHANGE_CREATE && file->new_mode) ||
		(file->change == RQ_CHANGE_DELETE && file->old_mode));
}

/*
 * A mail that was cut off is of a file with contents, and has none of them.  A removal without text, as
 * "git diff -D" writes it, names the blob that must be there.
 */
static int check_contents(struct rq_parser *parser, const struct rq_filediff *file,
			  const struct rq_header_names *names)
{
	if (file->n_hunks)
		return 0;
	if (names->new_name.given && !is_of_empty_file(file))
		return rq_parser_fail(parser, RQ_EFORMAT, names->new_line,
				      "no hunk follows the '+++' line");
	if (file->change == RQ_CHANGE_CREATE && !file->has_binary &&
	    !file->binary_differs && !is_id_of_empty(only_index(file)))
		return rq_parser_fail(parser, RQ_EFORMAT, file->line,
				      "the index line says that the file has contents, "
				      "but no hunk follows");
	return 0;
}

static int parse_diff(struct rq_parser *parser, const struct place *start)
{
	struct rq_filediff file = { .is_git = start->kind == START_GIT,
				    .line = start->line };
	struct rq_header_names names = { 0 };
	size_t first = parser->hunks.n;
	int rc;

	if (file.is_git)
		rc = rq_parse_git_header(parser, &file, &names);
	else
		rc = parse_plain_header(parser, &names);
	file.header = (struct rq_slice){ start->p, (size_t)(parser->p - start->p) };
	if (!rc && names.new_name.given)
		rc = rq_parse_hunks(parser, &file.n_hunks);
	if (!rc)
		rc = check_contents(parser, &file, &names);
	if (!rc && !is_usable(&file))
		rc = rq_parser_fail(parser, RQ_EFORMAT, file.line,
				    "diff has neither hunks nor a new name or mode");
	if (!rc)
		rc = rq_parse_paths(parser, &file, &names, parser->hunks.v + first);
	*rq_vec_push(&parser->files) = file; /* on failure too: the patch frees it */
	return rc;
}

static int parse_all(struct rq_parser *parser)
{
	const char *text = parser->p;
	struct place start;

	if (find_diff(parser, &start))
		return parser->err->code;
	parser->patch->head = (struct rq_slice){ text, (size_t)(start.p - text) };
	while (start.kind != START_NONE) {
		if (parser->files.n == MOST_FILES)
			return rq_parser_fail(parser, RQ_EFORMAT, start.line,
					      "more than %d files; split the patch",
					      MOST_FILES);
		if (parse_diff(parser, &start))
			return parser->err->code;
		text = parser->p;
		if (find_diff(parser, &start))
			return parser->err->code;
		parser->files.v[parser->files.n - 1].trailer =
			(struct rq_slice){ text, (size_t)(start.p - text) };
	}
	return 0;
}

/* The arrays stay where they are now: files get their hunks, hunks their lines. */
static void hand_over(struct rq_parser *parser)
{
	struct rq_patch *patch = parser->patch;
	struct rq_hunk *hunk = patch->hunks = parser->hunks.v;
	struct rq_line *line = patch->lines = parser->lines.v;

	patch->files = parser->files.v;
	patch->n_files = parser->files.n;
	for (size_t i = 0; i < patch->n_files; i++) {
		patch->files[i].hunks = hunk;
		hunk += patch->files[i].n_hunks;
	}
	for (size_t i = 0; i < parser->hunks.n; i++) {
		patch->hunks[i].lines = line;
		line += patch->hunks[i].n_lines;
	}
}

int rq_patch_parse(struct rq_patch **out, const char *name, struct rq_str *bytes,
		   const struct rq_patch_options *options, struct rq_err *err)
{
	_cleanup_(rq_patch_freep) struct rq_patch *patch = rq_xcalloc(1, sizeof(*patch));
	struct rq_parser parser = { .patch = patch, .err = err, .line = 1 };
	int rc;

	patch->name = rq_xstrdup(name);
	patch->buf = *bytes;
	*bytes = (struct rq_str){ 0 };
	parser.options = options ? *options : RQ_PATCH_DEFAULTS;
	patch->strip = parser.options.strip;
	parser.p = rq_str_slice(&patch->buf).p;
	parser.end = parser.p + patch->buf.len;
	/* A patch without hunks has places for them all the same: NULL + 0 is undefined. */
	rq_vec_reserve(&parser.hunks, 1);
	rq_vec_reserve(&parser.lines, 1);
	rc = parse_all(&parser);
	hand_over(&parser);
	if (!rc && parser.options.reverse)
		rc = rq_parse_reverse(&parser, patch);
	if (!rc)
		*out = TAKE_PTR(patch);
	return rc;
}

int rq_patch_parse_copy(struct rq_patch **out, const char *name, struct rq_slice bytes,
			const struct rq_patch_options *options, struct rq_err *err)
{
	struct rq_str copy = { 0 };
	int rc;

	rq_str_add_slice(&copy, bytes);
	rc = rq_patch_parse(out, name, &copy, options, err);
	rq_str_release(&copy);
	return rc;
}

void rq_patch_add_hint(const char *path, const struct rq_patch_options *options,
		       struct rq_err *err)
{
	_cleanup_(rq_str_release) struct rq_str bytes = { 0 };
	_cleanup_(rq_patch_freep) struct rq_patch *patch = NULL;
	struct rq_patch_options other = *options;
	struct rq_err said = *err, ignored = { 0 };

	other.strip = 0;
	if (!options->strip || !strstr(said.msg, "cannot take 1 part off") ||
	    rq_file_read_most(&bytes, path, RQ_PATCH_MOST, &ignored) ||
	    rq_patch_parse(&patch, path, &bytes, &other, &ignored) || !patch->n_files)
		return;
	rq_err_set(err, said.code, "%s; its names have no a/ and b/: say -p0", said.msg);
}

int rq_patch_check_text(const struct rq_patch *patch, struct rq_err *err)
{
	const char *p = rq_str_slice(&patch->buf).p, *nul;
	long line = patch->head_line + 1;

	nul = memchr(patch->head.p, '\0', patch->head.n);
	if (!nul)
		return 0;
	for (; p < nul; p++)
		line += *p == '\n';
	return rq_err_set(err, RQ_EFORMAT,
			  "%s:%ld: a NUL byte in the text of the patch, which no mail "
			  "can carry; remove it",
			  patch->name, line);
}
