// SPDX-License-Identifier: GPL-2.0-only
/*
 * git's extended header: the lines between "diff --git" and the first hunk (see git's
 * Documentation/diff-generate-patch.txt).  Refuses modes that are neither a file's, a
 * link's nor a submodule's, and a header line that is there twice: which one is meant?
 */
#include "patch/patch_internal.h"

struct header {
	struct rq_parser *parser;
	struct rq_filediff *file;
	struct rq_header_names *names;
	long line;
};

/* A line of the header: how it starts, and what takes the rest of it. */
struct field {
	const char *word;
	int (*take)(struct header *header, struct rq_slice value);
};

static int fail(struct header *header, const char *what)
{
	return rq_parser_fail(header->parser, RQ_EFORMAT, header->line, "%s", what);
}

static int read_mode(struct header *header, struct rq_slice value, unsigned *mode)
{
	unsigned bits = 0, type;

	if (*mode)
		return fail(header, "mode is stated twice");
	value = rq_slice_trim(value);
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] < '0' || value.p[i] > '7' || value.n > 7)
			return rq_parser_fail(header->parser, RQ_EFORMAT, header->line,
					      "'%s' is not a file mode",
					      rq_shown(value).s);
		bits = bits * 8 + (value.p[i] - '0');
	}
	type = bits & 0170000;
	if (type != 0100000 && type != 0120000 && type != 0160000)
		return rq_parser_fail(header->parser, RQ_EUNSAFE, header->line,
				      "mode '%s' is not a file's, link's or submodule's",
				      rq_shown(value).s);
	/* patch(1) would set these, git does not know them. */
	if (bits & (type == 0100000 ? 07000u : 07777u))
		return rq_parser_fail(header->parser, RQ_EUNSAFE, header->line,
				      "mode '%s' has bits that git does not keep; write "
				      "100644 or 100755",
				      rq_shown(value).s);
	*mode = bits;
	return 0;
}

static int take_old_mode(struct header *header, struct rq_slice value)
{
	return read_mode(header, value, &header->file->old_mode);
}

static int take_new_mode(struct header *header, struct rq_slice value)
{
	return read_mode(header, value, &header->file->new_mode);
}

static int set_change(struct header *header, enum rq_change change)
{
	if (header->file->change != RQ_CHANGE_EDIT && header->file->change != change)
		return fail(header,
			    "file cannot be created, deleted, renamed and copied at "
			    "once");
	header->file->change = change;
	return 0;
}

static int take_created(struct header *header, struct rq_slice value)
{
	int rc = set_change(header, RQ_CHANGE_CREATE);

	return rc ? rc : take_new_mode(header, value);
}

static int take_deleted(struct header *header, struct rq_slice value)
{
	int rc = set_change(header, RQ_CHANGE_DELETE);

	return rc ? rc : take_old_mode(header, value);
}

static int take_name(struct header *header, struct rq_slice value, enum rq_change change,
		     bool from)
{
	struct rq_name *name = from ? &header->names->from : &header->names->to;

	if (name->given)
		return fail(header, "name is stated twice");
	if (set_change(header, change))
		return header->parser->err->code;
	*(from ? &header->names->from_line : &header->names->to_line) = header->line;
	return rq_parse_plain_name(header->parser, value, header->line, name);
}

static int take_rename_from(struct header *header, struct rq_slice value)
{
	return take_name(header, value, RQ_CHANGE_RENAME, true);
}

static int take_rename_to(struct header *header, struct rq_slice value)
{
	return take_name(header, value, RQ_CHANGE_RENAME, false);
}

static int take_copy_from(struct header *header, struct rq_slice value)
{
	return take_name(header, value, RQ_CHANGE_COPY, true);
}

static int take_copy_to(struct header *header, struct rq_slice value)
{
	return take_name(header, value, RQ_CHANGE_COPY, false);
}

static int take_similarity(struct header *header, struct rq_slice value)
{
	(void)header;
	(void)value;
	return 0;
}

static size_t hex_length(struct rq_slice s)
{
	size_t n = 0;

	while (n < s.n && s.p[n] && strchr("0123456789abcdefABCDEF", s.p[n]))
		n++;
	return n;
}

/* "1234567..89abcde 100644"; ids of another form are not kept. */
static int take_index(struct header *header, struct rq_slice value)
{
	struct rq_filediff *file = header->file;
	size_t old = hex_length(value), fresh;
	struct rq_slice rest;

	if (old < 4 || value.n < old + 2 || memcmp(value.p + old, "..", 2) != 0)
		return 0;
	rest = (struct rq_slice){ value.p + old + 2, value.n - old - 2 };
	fresh = hex_length(rest);
	if (fresh < 4 || (fresh < rest.n && rest.p[fresh] != ' '))
		return 0;
	file->old_index = (struct rq_slice){ value.p, old };
	file->new_index = (struct rq_slice){ rest.p, fresh };
	if (fresh == rest.n || file->old_mode || file->new_mode)
		return 0;
	if (take_old_mode(header, (struct rq_slice){ rest.p + fresh, rest.n - fresh }))
		return header->parser->err->code;
	file->new_mode = file->old_mode;
	return 0;
}

static int take_binary(struct header *header, struct rq_slice value)
{
	(void)value;
	return rq_parse_binary(header->parser, header->file);
}

static int take_binary_differs(struct header *header, struct rq_slice value)
{
	(void)value;
	header->file->binary_differs = true;
	return 0;
}

static const struct field fields[] = {
	{ "old mode ", take_old_mode },
	{ "new mode ", take_new_mode },
	{ "new file mode ", take_created },
	{ "deleted file mode ", take_deleted },
	{ "rename from ", take_rename_from },
	{ "rename to ", take_rename_to },
	{ "rename old ", take_rename_from },
	{ "rename new ", take_rename_to },
	{ "copy from ", take_copy_from },
	{ "copy to ", take_copy_to },
	{ "similarity index ", take_similarity },
	{ "dissimilarity index ", take_similarity },
	{ "index ", take_index },
	{ "GIT binary patch", take_binary },
	{ "Binary files ", take_binary_differs },
};

static const struct field *find_field(struct rq_slice line)
{
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		if (rq_slice_starts(line, fields[i].word))
			return &fields[i];
	}
	return NULL;
}

/* The "--- " and "+++ " lines, where both are there. */
static int take_old_and_new(struct header *header)
{
	struct rq_parser *parser = header->parser;
	struct rq_header_names *names = header->names;
	struct rq_slice line;

	if (!rq_parser_sees(parser, 0, "--- ") || !rq_parser_sees(parser, 1, "+++ "))
		return 0;
	names->old_line = parser->line;
	rq_parser_next(parser, &line);
	if (rq_parse_name(parser, (struct rq_slice){ line.p + 4, line.n - 4 },
			  names->old_line, true, &names->old_name))
		return parser->err->code;
	names->new_line = parser->line;
	rq_parser_next(parser, &line);
	return rq_parse_name(parser, (struct rq_slice){ line.p + 4, line.n - 4 },
			     names->new_line, true, &names->new_name);
}

static int check_pairs(struct header *header)
{
	const struct rq_filediff *file = header->file;
	const struct rq_header_names *names = header->names;

	header->line = file->line;
	if (names->from.given != names->to.given)
		return fail(header, names->from.given
					    ? "'from' name without a 'to' name"
					    : "'to' name without a 'from' name");
	if (file->change == RQ_CHANGE_EDIT && !file->old_mode != !file->new_mode)
		return fail(header, file->old_mode ? "old mode without a new one"
						   : "new mode without an old one");
	return 0;
}

int rq_parse_git_header(struct rq_parser *parser, struct rq_filediff *file,
			struct rq_header_names *names)
{
	struct header header = { .parser = parser, .file = file, .names = names };
	const struct field *field;
	struct rq_slice line;

	do /* an "Index:" line may come first */
		rq_parser_next(parser, &line);
	while (!rq_slice_starts(line, "diff --git "));
	file->line = parser->line - 1;
	names->git = rq_slice_chomp((struct rq_slice){ line.p + 11, line.n - 11 });
	while (rq_parser_peek(parser, 0, &line) && (field = find_field(line))) {
		size_t n = strlen(field->word);

		header.line = parser->line;
		rq_parser_next(parser, &line);
		line = rq_slice_chomp((struct rq_slice){ line.p + n, line.n - n });
		if (field->take(&header, line))
			return parser->err->code;
		if (field->take == take_binary)
			break;
	}
	if (check_pairs(&header))
		return parser->err->code;
	return take_old_and_new(&header);
}
