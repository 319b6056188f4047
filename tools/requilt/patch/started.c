// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where does patch(1) start a diff, and what does it take from the text in front of one?
 *
 * The rules are those of GNU patch 2.7.6, from its manual and from some thousand texts that it was
 * given (tools/test/texts makes them).  patch(1) goes through a file line by line:
 *
 *   - A line that begins with '#' is a comment.  Of every other line blanks, tabs and 'X' in front
 *     do not count; the hunks of a diff are then read with that indentation taken off.
 *   - No diff starts before a line has given a header: "--- " (also behind "- ", once or more, as
 *     RFC 934 quotes it), "+++ ", "*** ", "Index:" or "diff --git ".
 *   - A unified diff starts at "@@ -", a context diff at "*** " below a line of eight stars with the
 *     same indentation, a normal one at "> " or "< " somewhere below a command ("4a5"), an ed script
 *     at "." below a command, or at the end of the file where the first command is one of ed's and
 *     stands below a header.
 *   - Behind "diff --git ", lines about modes, names and ids are a diff without hunks: it starts at
 *     the next "diff --git " or at the end of the file.  "GIT binary patch" starts one at once.
 *   - Names, stamps, modes and the revision of "Prereq:" stay until a later line replaces them, so
 *     a text can also change how the diff below it is read.
 *
 * One reading with the texts and one without them are compared: texts that make no difference stay
 * as they are.
 */
#include "patch/patch_internal.h"

#include <ctype.h>
#include <stdlib.h>

/* What is kept from one line to the next. */
struct memory {
	bool header;	  /* one was given */
	bool command;	  /* there was one, of a normal diff or of ed */
	bool normal;	  /* the first was one of a normal diff */
	bool ed;	  /* the first was one of ed, and below a header */
	bool stars;	  /* the line before has stars, */
	size_t indent;	  /* with this indentation */
	bool after_hunks; /* nothing but comments since the hunks of a diff */
};

bool rq_scan_next(struct rq_scan *scan, struct rq_slice *line)
{
	while (scan->piece < scan->n) {
		bool read = scan->texts || scan->pieces[scan->piece].ours;

		if (read && rq_slice_next_line(&scan->rest, line))
			return true;
		scan->rest = ++scan->piece < scan->n ? scan->pieces[scan->piece].bytes
						     : RQ_SLICE("");
	}
	return false;
}

void rq_scan_start(struct rq_scan *scan, const struct rq_piece *pieces, size_t n,
		   bool texts)
{
	*scan = (struct rq_scan){ .pieces = pieces, .n = n, .texts = texts };
	if (n)
		scan->rest = pieces[0].bytes;
}

/* Goes behind the hunks of the diff that was found. */
void rq_scan_skip_hunks(struct rq_scan *scan)
{
	scan->rest = RQ_SLICE("");
}

/* Takes the indentation off @line; returns how much patch(1) takes it for. */
size_t rq_take_indent(struct rq_slice *line)
{
	size_t indent = 0;

	for (; line->n && memchr(" \tX", line->p[0], 3); line->p++, line->n--)
		indent = line->p[0] == '\t' ? (indent + 8) & ~(size_t)7 : indent + 1;
	return indent;
}

bool rq_begins_indented(struct rq_slice line, struct rq_slice rest)
{
	size_t indent = rq_take_indent(&line);

	return indent + rq_take_indent(&rest) && rq_slice_starts(line, "--- ") &&
	       rq_slice_starts(rest, "+++ ");
}

static struct rq_slice behind(struct rq_slice line, size_t n)
{
	return (struct rq_slice){ line.p + n, line.n - n };
}

static size_t digits_and_commas(struct rq_slice s)
{
	size_t n = 0;

	while (n < s.n && (isdigit((unsigned char)s.p[n]) || s.p[n] == ','))
		n++;
	return n;
}

static bool is_blank(struct rq_slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != ' ' && s.p[i] != '\t')
			return false;
	return true;
}

/* A command of a normal diff: "4a5", "4,5c6", "4d3". */
static bool is_command(struct rq_slice line)
{
	size_t n = digits_and_commas(line);

	if (!n || line.p[0] == ',' || n == line.n || !memchr("acd", line.p[n], 3))
		return false;
	line = behind(line, n + 1);
	return is_blank(rq_slice_chomp(behind(line, digits_and_commas(line))));
}

static size_t digits(struct rq_slice s)
{
	size_t n = 0;

	while (n < s.n && isdigit((unsigned char)s.p[n]))
		n++;
	return n;
}

/* A command of ed: "4a", "4,5c", "d", "4i", "s/.//". */
static bool is_ed_command(struct rq_slice line)
{
	line = behind(line, digits(line));
	if (line.n > 1 && line.p[0] == ',' && isdigit((unsigned char)line.p[1]))
		line = behind(line, 1 + digits(behind(line, 1)));
	if (rq_slice_starts(line, "s/.//"))
		line = behind(line, 5);
	else if (line.n && memchr("acdi", line.p[0], 4))
		line = behind(line, 1);
	else
		return false;
	if (line.n && line.p[line.n - 1] == '\n')
		line.n--;
	return is_blank(line);
}

bool rq_is_command(struct rq_slice line)
{
	/* Most lines of a text are none: told by their first byte. */
	return line.n && memchr("0123456789acdis", line.p[0], 15) &&
	       (is_command(line) || is_ed_command(line));
}

/* Takes RFC 934's "- " off @line; returns how often it was there. */
long rq_take_nesting(struct rq_slice *line)
{
	long nesting = 0;

	for (; rq_slice_starts(*line, "- "); nesting++)
		*line = behind(*line, 2);
	return nesting;
}

/* How long a name is: up to a blank, save where a tab comes later. */
static size_t name_length(struct rq_slice s)
{
	const char *tab = memchr(s.p, '\t', s.n);
	size_t n = 0;

	if (tab)
		return (size_t)(tab - s.p);
	while (n < s.n && !isspace((unsigned char)s.p[n]))
		n++;
	return n;
}

/* The length of a quoted name with its quotes; 0 where they are not closed. */
static size_t quoted_length(struct rq_slice s)
{
	for (size_t n = 1; n < s.n; n++) {
		if (s.p[n] == '\\')
			n++;
		else if (s.p[n] == '"')
			return n + 1;
	}
	return 0;
}

/* Has @name a part to strip and one that is left? */
static bool has_two_parts(struct rq_slice name)
{
	const char *slash = memchr(name.p, '/', name.n);
	size_t n = slash ? (size_t)(slash - name.p) : name.n;

	while (n < name.n && name.p[n] == '/')
		n++;
	return n < name.n;
}

/*
 * The name in a header line, and the stamp behind it.  /dev/null, and a name with nothing to strip
 * for -p1, leave *name as it was.
 */
static void take_name(struct rq_slice value, struct rq_slice *name, bool *epoch,
		      struct rq_slice *stamp)
{
	size_t n;

	value = rq_slice_chomp(value);
	while (value.n && isspace((unsigned char)value.p[0]))
		value = behind(value, 1);
	n = value.n && value.p[0] == '"' ? quoted_length(value) : name_length(value);
	*stamp = rq_slice_trim(behind(value, n));
	*epoch = stamp->n && rq_stamp_is_epoch(*stamp);
	value.n = n;
	if (rq_slice_eq(value, RQ_SLICE("/dev/null")))
		*epoch = true;
	else if (has_two_parts(value))
		*name = value;
}

/* "--- ": a stamp that there was stays, unless this line has one. */
static void take_minus(struct rq_reading *r, struct rq_slice value, long nesting)
{
	struct rq_slice stamp;
	bool epoch;

	take_name(value, &r->new_name, &epoch, &stamp);
	if (!epoch && !stamp.n)
		return;
	r->new_epoch = epoch;
	/* Who writes "- --- a list" writes no date, but only patch(1) knows what is one. */
	if (!nesting && !epoch && !rq_stamp_is_date(stamp))
		return;
	r->nesting = nesting;
}

/* "+++ " and "*** " */
static void take_plus(struct rq_reading *r, struct rq_slice value)
{
	struct rq_slice stamp;

	take_name(value, &r->old_name, &r->old_epoch, &stamp);
}

static struct rq_slice take_git_name(struct rq_slice *rest)
{
	struct rq_slice name = rq_slice_trim(*rest);

	if (name.n && name.p[0] == '"')
		name.n = quoted_length(name);
	else
		for (size_t n = 0; n < name.n; n++)
			if (isspace((unsigned char)name.p[n]))
				name.n = n;
	*rest = (struct rq_slice){ name.p + name.n,
				   (size_t)(rest->p + rest->n - name.p - name.n) };
	return name;
}

/* "diff --git a/x b/x"; with other words it gives no names. */
static void take_git(struct rq_reading *r, struct rq_slice value)
{
	struct rq_slice old = take_git_name(&value), new = take_git_name(&value);
	bool good = has_two_parts(old) && has_two_parts(new) && !rq_slice_trim(value).n;

	r->old_name = good ? old : (struct rq_slice){ 0 };
	r->new_name = good ? new : (struct rq_slice){ 0 };
	r->git = true;
}

static bool all_zeros(struct rq_slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '0')
			return false;
	return s.n > 0;
}

/* "1234567..89abcde 100644"; false where it is none. */
static bool take_ids(struct rq_reading *r, struct rq_slice value)
{
	size_t old = 0, new = 0;

	while (old < value.n && isxdigit((unsigned char)value.p[old]))
		old++;
	if (!old || value.n < old + 2 || memcmp(value.p + old, "..", 2) != 0)
		return false;
	if (all_zeros((struct rq_slice){ value.p, old }))
		r->old_absent = RQ_SURELY;
	value = behind(value, old + 2);
	while (new < value.n && isxdigit((unsigned char)value.p[new]))
		new ++;
	if (all_zeros((struct rq_slice){ value.p, new }))
		r->new_absent = RQ_SURELY;
	value = rq_slice_trim(behind(value, new));
	if (value.n)
		r->old_mode = r->new_mode = value;
	return new > 0;
}

/* A line of git's extended header: what it is about. */
enum field { OLD_MODE, NEW_MODE, DELETED, CREATED, MOVED, IDS };

static const struct {
	const char *word;
	enum field field;
} fields[] = {
	{ "old mode ", OLD_MODE },
	{ "new mode ", NEW_MODE },
	{ "deleted file mode ", DELETED },
	{ "new file mode ", CREATED },
	{ "rename from ", MOVED },
	{ "rename to ", MOVED },
	{ "copy from ", MOVED },
	{ "copy to ", MOVED },
	{ "index ", IDS },
};

static bool take_field(struct rq_reading *r, struct rq_slice line)
{
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		struct rq_slice value;

		if (!rq_slice_starts(line, fields[i].word))
			continue;
		value = rq_slice_trim(behind(line, strlen(fields[i].word)));
		if (fields[i].field == IDS && !take_ids(r, value))
			return false;
		if (fields[i].field == OLD_MODE || fields[i].field == DELETED)
			r->old_mode = value;
		if (fields[i].field == NEW_MODE || fields[i].field == CREATED)
			r->new_mode = value;
		if (fields[i].field == DELETED)
			r->new_absent = RQ_SURELY;
		if (fields[i].field == CREATED)
			r->old_absent = RQ_SURELY;
		r->moved |= fields[i].field == MOVED;
		return r->extended = true;
	}
	return false;
}

bool rq_is_git_field(struct rq_slice line)
{
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		if (rq_slice_starts(line, fields[i].word))
			return true;
	return rq_slice_starts(line, "GIT binary patch");
}

/* What a line gives to the diff below it; true where it is a header. */
static bool take_header(struct rq_reading *r, struct rq_slice line, bool stars)
{
	struct rq_slice plain = line;
	long nesting = rq_take_nesting(&plain);

	if (rq_slice_starts(plain, "--- ")) {
		take_minus(r, behind(plain, 4), nesting);
	} else if (rq_slice_starts(line, "+++ ") ||
		   (!stars && rq_slice_starts(line, "*** "))) {
		take_plus(r, behind(line, 4));
	} else if (rq_slice_starts(line, "Index:")) {
		struct rq_slice stamp;
		bool epoch;

		take_name(behind(line, 6), &r->index_name, &epoch, &stamp);
	} else if (rq_slice_starts(line, "diff --git ")) {
		take_git(r, behind(line, 11));
	} else {
		if (rq_slice_starts(line, "Prereq:"))
			r->revision = rq_slice_trim(behind(line, 7));
		else if (r->git)
			take_field(r, line);
		return false;
	}
	return true;
}

/* "@@ -0,0 +1,2 @@": a side that begins at 0 may not be there. */
static void take_range(struct rq_reading *r, struct rq_slice line)
{
	const char *plus;

	line = behind(line, 4);
	if (line.n > 1 && line.p[0] == '0' && !isdigit((unsigned char)line.p[1]))
		r->old_absent = r->new_epoch ? RQ_SURELY : RQ_PERHAPS;
	plus = memchr(line.p, ' ', line.n);
	line = plus ? behind(line, (size_t)(plus - line.p)) : (struct rq_slice){ 0 };
	while (line.n && line.p[0] == ' ')
		line = behind(line, 1);
	if (line.n > 2 && line.p[0] == '+' && line.p[1] == '0' &&
	    !isdigit((unsigned char)line.p[2]))
		r->new_absent = r->old_epoch ? RQ_SURELY : RQ_PERHAPS;
}

/* Does a diff start at this line (a normal one or an ed script: at a command before it)? */
static enum rq_started_kind starts_here(const struct memory *m, struct rq_slice line,
					size_t indent)
{
	if (!m->header)
		return RQ_STARTED_NONE;
	if (rq_slice_starts(line, "@@ -"))
		return RQ_STARTED_UNIFIED;
	if (m->stars && m->indent == indent && rq_slice_starts(line, "*** "))
		return RQ_STARTED_CONTEXT;
	if (m->command && (rq_slice_starts(line, "> ") || rq_slice_starts(line, "< ")))
		return RQ_STARTED_NORMAL;
	if (m->command && rq_slice_eq(line, RQ_SLICE(".\n")))
		return RQ_STARTED_ED;
	return RQ_STARTED_NONE;
}

/* What patch(1) makes of one line; true where a diff starts at it. */
static bool read_line(struct memory *m, struct rq_reading *r, struct rq_slice line)
{
	bool again = m->after_hunks && rq_slice_starts(line, "@@ -");
	size_t indent = rq_take_indent(&line);

	m->after_hunks = false;
	if (again || (r->git && rq_slice_starts(line, "GIT binary patch"))) {
		r->kind = again ? RQ_STARTED_UNIFIED : RQ_STARTED_BINARY;
		return true;
	}
	if (r->extended && rq_slice_starts(line, "diff --git ")) {
		r->kind = RQ_STARTED_GIT;
		return true;
	}
	if (rq_is_command(line)) {
		m->ed |= m->header && !m->normal && is_ed_command(line);
		m->normal |= !m->ed && is_command(line) && !is_ed_command(line);
		m->command = true;
	}
	m->header |= take_header(r, line, m->stars);
	r->kind = starts_here(m, line, indent);
	r->indent = indent;
	if (r->kind == RQ_STARTED_UNIFIED)
		take_range(r, line);
	m->stars = m->header && rq_slice_starts(line, "********");
	m->indent = indent;
	return r->kind != RQ_STARTED_NONE;
}

/* The next diff; its kind is NONE where there is no more. */
void rq_scan_read(struct rq_scan *scan, struct rq_reading *r, bool after_hunks)
{
	struct memory m = { .after_hunks = after_hunks };
	struct rq_slice line;

	*r = (struct rq_reading){ 0 };
	while (rq_scan_next(scan, &line)) {
		if (line.p[0] == '#' || !read_line(&m, r, line))
			continue;
		r->piece = scan->piece;
		r->p = line.p;
		if (r->kind == RQ_STARTED_GIT) { /* the next one begins with this line */
			scan->rest.n += (size_t)(scan->rest.p - line.p);
			scan->rest.p = line.p;
		}
		return;
	}
	if (m.ed)
		r->kind = RQ_STARTED_ED;
	else if (r->extended)
		r->kind = RQ_STARTED_GIT;
	r->piece = scan->n;
}
