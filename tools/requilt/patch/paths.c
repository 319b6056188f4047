// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which path does a diff mean?  rename/copy lines first, then --- and +++, then the
 * "diff --git" line; the strip level taken off, /dev/null and epoch stamps understood.
 *
 * Two different names without a rename are refused (patch(1) would look which of them is
 * there), save for a backup's: "x.c.orig", "x.c.0" or "x.c~" against "x.c".  So is every path
 * that leaves the tree or names a .git.
 */
#include "patch/patch_internal.h"

#include "util/path.h"

/* Longest "diff --git" line that is searched for two equal halves: both names quoted. */
#define MAX_GIT_LINE 40000
/* In all of a patch; a kernel has about 6,000. */
#define MOST_DIRECTORIES 262144

/* Takes @parts parts off; several slashes in a row are one, as in patch(1). */
static bool strip_parts(struct rq_slice *path, int parts)
{
	while (parts-- > 0) {
		const char *slash = memchr(path->p, '/', path->n);
		size_t n = slash ? (size_t)(slash - path->p) : path->n;

		while (n < path->n && path->p[n] == '/')
			n++;
		if (n == path->n)
			return false;
		path->p += n;
		path->n -= n;
	}
	return path->n > 0;
}

/* Takes "./" off the front, which find and diff put there. */
static struct rq_slice without_dot(struct rq_slice path)
{
	while (path.n > 2 && rq_slice_starts(path, "./"))
		path = (struct rq_slice){ path.p + 2, path.n - 2 };
	return path;
}

static int strip(struct rq_parser *parser, struct rq_slice name, int parts, long line,
		 struct rq_slice *out)
{
	*out = name;
	if (strip_parts(out, parts)) {
		*out = without_dot(*out);
		return 0;
	}
	return rq_parser_fail(parser, RQ_EFORMAT, line, "cannot take %d part%s off '%s'",
			      parts, parts == 1 ? "" : "s", rq_shown(name).s);
}

static bool equal_when_stripped(struct rq_slice a, struct rq_slice b, int parts,
				struct rq_slice *path)
{
	*path = b;
	return strip_parts(&a, parts) && strip_parts(path, parts) &&
	       rq_slice_eq(a, *path);
}

/* Two names of which one at least is quoted: there is only one way to part them. */
static int split_quoted(struct rq_parser *parser, struct rq_slice git, long line,
			struct rq_slice *a, struct rq_slice *b)
{
	const char *quote = memchr(git.p, '"', git.n);
	struct rq_name name;
	size_t used;

	if (git.p[0] == '"') {
		if (rq_parse_quoted(parser, git, line, a, &used))
			return parser->err->code;
		used += used < git.n && git.p[used] == ' ';
	} else {
		used = quote - git.p;
		*a = (struct rq_slice){ git.p, used ? used - 1 : 0 };
	}
	*b = (struct rq_slice){ git.p + used, git.n - used };
	if (rq_parse_plain_name(parser, *b, line, &name))
		return parser->err->code;
	*b = name.text;
	return 0;
}

/* The path that both halves of the "diff --git" line name. */
static int path_of_git_line(struct rq_parser *parser, struct rq_slice git, long line,
			    struct rq_slice *path)
{
	struct rq_slice a, b, half;
	int found = 0, parts = parser->options.strip;

	if (git.n <= MAX_GIT_LINE && memchr(git.p, '"', git.n)) {
		if (split_quoted(parser, git, line, &a, &b))
			return parser->err->code;
		found = equal_when_stripped(a, b, parts, path);
	} else if (git.n <= MAX_GIT_LINE) {
		for (size_t i = 0; i < git.n; i++) {
			a = (struct rq_slice){ git.p, i };
			b = (struct rq_slice){ git.p + i + 1, git.n - i - 1 };
			if (git.p[i] == ' ' && equal_when_stripped(a, b, parts, &half)) {
				*path = half;
				found++;
			}
		}
	}
	if (found == 1) {
		*path = without_dot(*path);
		return 0;
	}
	return rq_parser_fail(parser, RQ_EFORMAT, line,
			      found ? "'diff --git %s' can be read in two ways"
				    : "'diff --git %s' does not name one file twice",
			      rq_shown(git).s);
}

static bool is_any_of(struct rq_slice text, const char *const *words)
{
	for (; *words; words++)
		if (rq_slice_eq(text, rq_slice_of(*words)))
			return true;
	return false;
}

/* What @longer has after @path; empty where it does not begin so. */
static struct rq_slice suffix_of(struct rq_slice longer, struct rq_slice path)
{
	if (!path.n || longer.n <= path.n || memcmp(longer.p, path.p, path.n) != 0)
		return (struct rq_slice){ longer.p, 0 };
	return (struct rq_slice){ longer.p + path.n, longer.n - path.n };
}

/* Is @backup what editors and patch(1) call a saved @path? */
static bool is_backup_of(struct rq_slice backup, struct rq_slice path)
{
	static const char *const saved[] = { ".orig", "~", NULL };

	return is_any_of(suffix_of(backup, path), saved);
}

/*
 * What people call it: "x.c.org", "x.c.0", "x.c-orig", "x.c~a-title"; "x.c.h" is another file.  patch(1)
 * takes whichever is there, and the shorter one where both are.
 */
static bool is_copy_of(struct rq_slice copy, struct rq_slice path)
{
	static const char *const titles[] = { ".org", ".orig", ".old",	    ".bak",
					      ".0",   ".new",  ".original", "-orig",
					      "-old", "-bak",  NULL };
	struct rq_slice suffix = suffix_of(copy, path);

	if (suffix.n < 2 || memchr(suffix.p, '/', suffix.n))
		return false;
	return suffix.p[0] == '~' || is_any_of(suffix, titles);
}

bool rq_name_means(struct rq_slice name, struct rq_slice path)
{
	return strip_parts(&name, 1) &&
	       (rq_slice_eq(name, path) || is_backup_of(name, path));
}

/* "-5,0" has no line of its own, but it says that five stand before it. */
static bool has_lines(const struct rq_filediff *file, const struct rq_hunk *hunks,
		      bool old)
{
	for (size_t i = 0; i < file->n_hunks; i++) {
		if (old ? hunks[i].old_count || hunks[i].old_start
			: hunks[i].new_count || hunks[i].new_start)
			return true;
	}
	return false;
}

/*
 * Do the --- and +++ lines (and the hunks) say that a side is not there?  An epoch stamp
 * on a file that has lines only says that somebody reset the clocks.
 */
static int find_absent(struct rq_parser *parser, struct rq_filediff *file,
		       const struct rq_header_names *names, const struct rq_hunk *hunks)
{
	bool no_old = names->old_name.null || file->change == RQ_CHANGE_CREATE;
	bool no_new = names->new_name.null || file->change == RQ_CHANGE_DELETE;

	if (!has_lines(file, hunks, true))
		no_old |= names->old_name.epoch ||
			  (!file->is_git && !names->old_name.dated);
	if (!has_lines(file, hunks, false))
		no_new |= names->new_name.epoch;
	if (no_old && no_new)
		return rq_parser_fail(parser, RQ_EFORMAT, names->old_line,
				      "file is there neither before nor after");
	if (no_old)
		file->change = RQ_CHANGE_CREATE;
	else if (no_new)
		file->change = RQ_CHANGE_DELETE;
	return 0;
}

/* The path of a diff that has --- and +++ lines and is neither rename nor copy. */
static int path_of_lines(struct rq_parser *parser, struct rq_filediff *file,
			 const struct rq_header_names *names, struct rq_slice *path)
{
	int parts = parser->options.strip;
	struct rq_slice old = { 0 }, new = { 0 };

	if (!names->old_name.null &&
	    strip(parser, names->old_name.text, parts, names->old_line, &old))
		return parser->err->code;
	if (!names->new_name.null &&
	    strip(parser, names->new_name.text, parts, names->new_line, &new))
		return parser->err->code;
	*path = names->new_name.null ? old : new;
	if (!old.n || !new.n || rq_slice_eq(old, new) || is_backup_of(old, new))
		return 0;
	file->guessed = is_copy_of(old, new) || is_copy_of(new, old);
	if (is_backup_of(new, old) || is_copy_of(new, old))
		*path = old;
	if (file->guessed || is_backup_of(new, old))
		return 0;
	return rq_parser_fail(parser, RQ_EFORMAT, file->line,
			      "old name '%s' and new name '%s' differ", rq_shown(old).s,
			      rq_shown(new).s);
}

/*
 * "--- x.c" below "diff --git a/x.c b/x.c": names without the prefix that the strip level takes off.  git and
 * patch(1) read the path of the "diff --git" line.
 */
static bool path_without_prefix(struct rq_parser *parser, const struct rq_filediff *file,
				const struct rq_header_names *names,
				struct rq_slice *path)
{
	const struct rq_name *old = &names->old_name, *new = &names->new_name;
	struct rq_slice name = new->null ? old->text : new->text, rest = name;
	struct rq_err said;

	if (!names->git.n || parser->options.strip != 1 || strip_parts(&rest, 1) ||
	    (!old->null && !rq_slice_eq(old->text, name)))
		return false;
	said = *parser->err;
	if (path_of_git_line(parser, names->git, file->line, path) == 0 &&
	    rq_slice_eq(*path, name))
		return true;
	*parser->err = said;
	return false;
}

/*
 * The halves of a "diff --git" line that end in the names of a rename: what stands in front of those is no
 * a/ and b/ alone, but a longer prefix.
 */
static bool halves_of_rename(const struct rq_header_names *names, struct rq_slice *a,
			     struct rq_slice *b)
{
	struct rq_slice git = names->git, from = names->from.text, to = names->to.text;
	int found = 0;

	if (git.n > MAX_GIT_LINE || memchr(git.p, '"', git.n))
		return false;
	for (size_t i = 0; i < git.n; i++) {
		struct rq_slice left = { git.p, i };
		struct rq_slice right = { git.p + i + 1, git.n - i - 1 };

		if (git.p[i] != ' ' || left.n <= from.n || right.n <= to.n ||
		    left.p[left.n - from.n - 1] != '/' ||
		    right.p[right.n - to.n - 1] != '/' ||
		    memcmp(left.p + left.n - from.n, from.p, from.n) != 0 ||
		    memcmp(right.p + right.n - to.n, to.p, to.n) != 0)
			continue;
		*a = left;
		*b = right;
		found++;
	}
	return found == 1;
}

/*
 * The names of rename and copy lines have no prefix.  Where a strip level takes more off than they have,
 * they are those of the "diff --git" line, as patch(1) reads them.
 */
static int names_of_rename(struct rq_parser *parser, const struct rq_header_names *names,
			   struct rq_slice *old, struct rq_slice *new)
{
	int parts = parser->options.strip;
	int less = parts > 0 ? parts - 1 : 0;
	struct rq_slice a = names->from.text, b = names->to.text;

	if (less && (!strip_parts(&a, less) || !strip_parts(&b, less)) &&
	    halves_of_rename(names, &a, &b))
		return strip(parser, a, parts, names->from_line, old) ||
				       strip(parser, b, parts, names->to_line, new)
			       ? parser->err->code
			       : 0;
	return strip(parser, names->from.text, less, names->from_line, old) ||
			       strip(parser, names->to.text, less, names->to_line, new)
		       ? parser->err->code
		       : 0;
}

/* --- and +++ must agree with the names of the rename or copy lines. */
static int paths_of_rename(struct rq_parser *parser, const struct rq_header_names *names,
			   struct rq_slice *old, struct rq_slice *new)
{
	int parts = parser->options.strip;
	struct rq_slice a, b;

	if (names_of_rename(parser, names, old, new))
		return parser->err->code;
	if (rq_slice_eq(*old, *new))
		return rq_parser_fail(parser, RQ_EFORMAT, names->to_line,
				      "'%s' is renamed or copied onto itself",
				      rq_shown(*new).s);
	if (!names->new_name.given)
		return 0;
	if (strip(parser, names->old_name.text, parts, names->old_line, &a) ||
	    strip(parser, names->new_name.text, parts, names->new_line, &b))
		return parser->err->code;
	if (rq_slice_eq(a, *old) && rq_slice_eq(b, *new))
		return 0;
	return rq_parser_fail(parser, RQ_EFORMAT, names->old_line,
			      "names '%s' and '%s' are not those of the rename or copy",
			      rq_shown(a).s, rq_shown(b).s);
}

static int check_safe(struct rq_parser *parser, const struct rq_filediff *file,
		      struct rq_slice path)
{
	const char *reason = path.n ? rq_path_unsafe(path) : NULL;

	if (!reason && (file->new_mode & 0170000) == 0120000)
		reason = rq_path_unsafe_link(path);
	if (!reason)
		return 0;
	return rq_parser_fail(parser, RQ_EUNSAFE, file->line, "path '%s' %s",
			      rq_shown(path).s, reason);
}

/* A file that is not there before (or after) has no lines there. */
static int check_absent(struct rq_parser *parser, const struct rq_filediff *file,
			const struct rq_hunk *hunks)
{
	for (size_t i = 0; i < file->n_hunks; i++) {
		if (file->change == RQ_CHANGE_CREATE && hunks[i].old_count)
			return rq_parser_fail(parser, RQ_EFORMAT, hunks[i].line,
					      "file is new, but the hunk has old lines");
		if (file->change == RQ_CHANGE_DELETE && hunks[i].new_count)
			return rq_parser_fail(
				parser, RQ_EFORMAT, hunks[i].line,
				"file is deleted, but the hunk has new lines");
	}
	return 0;
}

/*
 * Each directory of a tree takes memory.  Counted against the path before, which finds each at least
 * once, and few more where a patch is sorted as diff and git sort it.
 */
static int count_directories(struct rq_parser *parser, const struct rq_filediff *file,
			     struct rq_slice path)
{
	const struct rq_filediff *last =
		parser->files.n ? &parser->files.v[parser->files.n - 1] : NULL;
	const char *before = !last ? "" : rq_filediff_path(last);
	size_t same = 0;

	while (same < path.n && before[same] == path.p[same])
		same++;
	for (size_t i = same; i < path.n; i++)
		parser->directories += path.p[i] == '/';
	if (parser->directories <= MOST_DIRECTORIES)
		return 0;
	return rq_parser_fail(parser, RQ_EFORMAT, file->line,
			      "the patch is about more than %d directories; split it",
			      MOST_DIRECTORIES);
}

static char *own_path(struct rq_parser *parser, struct rq_slice path)
{
	return rq_parser_own(parser, rq_xstrndup(path.p, path.n));
}

int rq_parse_paths(struct rq_parser *parser, struct rq_filediff *file,
		   const struct rq_header_names *names, const struct rq_hunk *hunks)
{
	struct rq_slice old = { 0 }, new = { 0 };
	int rc;

	if (names->from.given) {
		rc = paths_of_rename(parser, names, &old, &new);
	} else if (names->new_name.given) {
		rc = find_absent(parser, file, names, hunks);
		if (!rc && !path_without_prefix(parser, file, names, &new))
			rc = path_of_lines(parser, file, names, &new);
		old = new;
	} else {
		rc = path_of_git_line(parser, names->git, file->line, &new);
		old = new;
	}
	if (rc || check_safe(parser, file, new) ||
	    (names->from.given && check_safe(parser, file, old)) ||
	    count_directories(parser, file, new) ||
	    (names->from.given && count_directories(parser, file, old)) ||
	    check_absent(parser, file, hunks))
		return parser->err->code;
	if (file->change == RQ_CHANGE_CREATE)
		file->old_mode = 0;
	else
		file->old_path = own_path(parser, old);
	if (file->change == RQ_CHANGE_DELETE)
		file->new_mode = 0;
	else
		file->new_path = own_path(parser, new);
	return 0;
}

const char *rq_filediff_path(const struct rq_filediff *file)
{
	return file->new_path ? file->new_path : file->old_path;
}

const char *rq_filediff_old_path(const struct rq_filediff *file)
{
	return file->old_path ? file->old_path : file->new_path;
}

bool rq_filediff_names(const struct rq_filediff *file, const char *path)
{
	return (file->old_path && strcmp(file->old_path, path) == 0) ||
	       (file->new_path && strcmp(file->new_path, path) == 0);
}

bool rq_patch_names(const struct rq_patch *patch, const char *path)
{
	for (size_t i = 0; i < patch->n_files; i++)
		if (rq_filediff_names(&patch->files[i], path))
			return true;
	return false;
}
