// SPDX-License-Identifier: GPL-2.0-only
/*
 * Series files in quilt's syntax.  quilt hands every word behind a name to patch(1); here only
 * -pN and -R are let through, and names that could reach outside are refused.
 */
#include "series/series_internal.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "util/file.h"
#include "util/map.h"
#include "util/names.h"
#include "util/path.h"

/* Where a line is being read. */
struct reader {
	struct rq_series *out;
	const char *root; /* no link of it leads out of this; NULL: not asked */
	const struct rq_branches *branches; /* NULL: comments are comments */
	const char *patches, *rules;	    /* folders; rules NULL: none allowed */
	const struct rq_str *bytes;	    /* of the series; NULL: its file has them */
	const struct rq_names *fresh; /* entries whose files are not asked for, or NULL */
	struct rq_map seen;	      /* paths of entries */
	struct rq_map names;	      /* that guards may have */
	long line;
	struct rq_err *err;
};

#define refuse(r, code, ...)                      \
	(rq_err_set((r)->err, code, __VA_ARGS__), \
	 rq_err_prefix((r)->err, "%s:%ld: ", (r)->out->path, (r)->line))

/* Takes the trailing comment off: '#' behind a blank. */
static struct rq_slice take_comment(struct rq_slice *line)
{
	for (size_t i = 1; i < line->n; i++) {
		if (line->p[i] == '#' &&
		    (line->p[i - 1] == ' ' || line->p[i - 1] == '\t')) {
			struct rq_slice comment = { line->p + i + 1, line->n - i - 1 };

			line->n = i;
			return comment;
		}
	}
	return (struct rq_slice){ "", 0 };
}

static int read_option(struct reader *r, struct rq_entry *entry, struct rq_slice word)
{
	if (rq_slice_eq(word, RQ_SLICE("-R"))) {
		entry->reverse = true;
		return 0;
	}
	if (word.n == 3 && rq_slice_starts(word, "-p") && word.p[2] >= '0' &&
	    word.p[2] <= '9') {
		entry->strip = word.p[2] - '0';
		return 0;
	}
	return refuse(r, RQ_EFORMAT,
		      "%s: option '%.*s' is not allowed; only -pN and -R are",
		      entry->path, RQ_SLICE_ARG(word));
}

/*
 * A part of the name that a program would take for an option, or quilt for a comment or a guard:
 * what is emitted begins with one of the parts.
 */
static bool begins_badly(struct rq_slice name)
{
	for (size_t i = 0; i < name.n; i++)
		if ((!i || name.p[i - 1] == '/') && memchr("-+#", name.p[i], 3))
			return true;
	return false;
}

const char *rq_series_name_unsafe(struct rq_slice name)
{
	const char *unsafe = rq_path_unsafe(name);

	if (!unsafe && begins_badly(name))
		return "has a part that begins with '-', '+' or '#'";
	return unsafe;
}

static int check_kind(struct reader *r, struct rq_entry *entry)
{
	struct rq_slice path = rq_slice_of(entry->path);

	entry->kind = rq_slice_ends(path, ".cocci") ? RQ_ENTRY_COCCI : RQ_ENTRY_PATCH;
	if (!r->branches)
		return 0;
	if (entry->kind == RQ_ENTRY_PATCH && !rq_slice_ends(path, ".patch"))
		return refuse(r, RQ_EFORMAT, "%s: an entry ends in .patch or .cocci",
			      entry->path);
	return 0;
}

/* A branch's own file lies in a folder of the branch's name, next to the common one. */
static char *variant_path(const char *folder, const struct rq_entry *entry,
			  const char *branch)
{
	const char *base = rq_path_base(entry->path);

	return rq_xasprintf("%s/%.*s%s/%s", folder, (int)(base - entry->path),
			    entry->path, branch, base);
}

/* The file is there, is a file, and no link leads it out of its folder. */
static int check_file(struct reader *r, const char *folder, const char *path)
{
	int rc = rq_file_check_within(folder, path, r->err);
	struct stat st;

	if (rc == RQ_ENOTFOUND)
		return refuse(r, RQ_EFORMAT,
			      "%s: not there; add the file or take the "
			      "line out",
			      path);
	if (rc)
		return rq_err_prefix(r->err, "%s:%ld: ", r->out->path, r->line);
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return refuse(r, RQ_EFORMAT, "%s: is a folder, not a patch", path);
	return 0;
}

static int check_common(struct reader *r, const struct rq_entry *entry)
{
	const char *folder =
		entry->kind == RQ_ENTRY_COCCI && r->rules ? r->rules : r->patches;
	_cleanup_free_ char *path = rq_path_join(folder, entry->path);

	if (r->fresh && rq_names_have(r->fresh, rq_slice_of(entry->path)))
		return 0;
	return check_file(r, folder, path);
}

/* The file that the branch has in place of the entry's. */
static int check_own(struct reader *r, const struct rq_entry *entry, const char *branch)
{
	const char *folder = entry->kind == RQ_ENTRY_COCCI ? r->rules : r->patches;
	_cleanup_free_ char *own = variant_path(folder, entry, branch);

	r->line = entry->line;
	return rq_file_exists(own) ? check_file(r, folder, own) : 0;
}

static int check_variants(struct reader *r)
{
	struct rq_variants *variants = rq_variants_new(r->out, r->root);
	int rc = 0;

	for (size_t i = 0; i < r->branches->all.n && !rc; i++) {
		const struct rq_branch *branch = &r->branches->all.v[i];
		struct rq_places places = { 0 };

		rq_variants_of(&places, variants, branch);
		for (size_t k = 0; k < places.v.n && !rc; k++)
			rc = check_own(r, &r->out->entries.v[places.v.v[k]],
				       branch->name);
		rq_vec_release(&places.v);
	}
	rq_variants_free(variants);
	return rc;
}

static int check_once(struct reader *r, const struct rq_entry *entry)
{
	const struct rq_entry *first = r->out->entries.v;

	if (!rq_map_put(&r->seen, entry->path, entry->path))
		return 0;
	while (strcmp(first->path, entry->path) != 0)
		first++;
	return refuse(r, RQ_EFORMAT, "%s: named twice, first on line %ld", entry->path,
		      first->line);
}

static int read_entry(struct reader *r, struct rq_slice line)
{
	struct rq_slice comment = take_comment(&line), rest = rq_slice_trim(line), name;
	struct rq_entry *entry;
	const char *unsafe;
	int rc = 0;

	if (line.p[0] == ' ' || line.p[0] == '\t')
		return refuse(
			r, RQ_EFORMAT,
			"a line must not begin with a blank: quilt would take it for "
			"something else");
	name = rq_slice_next_word(&rest);
	if (name.p[0] == '+' || name.p[0] == '-')
		return refuse(r, RQ_EFORMAT,
			      "'%.*s' stands where a name belongs; options and guards go "
			      "behind it",
			      RQ_SLICE_ARG(name));
	unsafe = rq_series_name_unsafe(name);
	if (unsafe)
		return refuse(r, RQ_EUNSAFE, "path '%.*s' %s", RQ_SLICE_ARG(name),
			      unsafe);
	entry = rq_vec_push(&r->out->entries);
	entry->path = rq_xstrndup(name.p, name.n);
	entry->strip = 1;
	entry->line = r->line;
	while (rest.n && !rc)
		rc = read_option(r, entry, rq_slice_next_word(&rest));
	if (!rc)
		rc = check_kind(r, entry);
	if (!rc)
		rc = check_once(r, entry);
	if (!rc)
		rc = check_common(r, entry);
	if (!rc && r->branches &&
	    rq_guards_read(entry, comment, r->branches, &r->names, r->err))
		rc = rq_err_prefix(r->err, "%s:%ld: %s: ", r->out->path, r->line,
				   entry->path);
	return rc;
}

static int read_all(struct reader *r)
{
	struct rq_slice rest, line;
	struct rq_str bytes = { 0 };
	int rc = r->bytes  ? 0
		 : r->root ? rq_file_read_within(&bytes, r->root, r->out->path, r->err)
			   : rq_file_read(&bytes, r->out->path, r->err);

	if (rc == RQ_ENOTFOUND)
		rc = rq_err_set(r->err, RQ_EFORMAT,
				"%s: not there; name a queue that has a series file",
				r->out->path);
	rest = rq_str_slice(r->bytes ? r->bytes : &bytes);
	while (!rc && rq_slice_next_line(&rest, &line)) {
		r->line++;
		if (!r->out->crlf && line.n > 1 && line.p[line.n - 2] == '\r')
			r->out->crlf = r->line;
		line = rq_slice_chomp(line);
		if (memchr(line.p, 0, line.n))
			rc = refuse(r, RQ_EFORMAT, "a NUL byte; this is no series file");
		else if (rq_slice_trim(line).n && line.p[0] != '#')
			rc = read_entry(r, line);
	}
	rq_str_release(&bytes);
	return rc;
}

static int read_lines(struct reader *r)
{
	int rc;

	if (r->branches)
		rq_guard_names(&r->names, r->branches, r->out->name);
	rc = read_all(r);
	if (!rc && r->branches)
		rc = check_variants(r);
	rq_map_release(&r->names);
	rq_map_release(&r->seen);
	return rc;
}

static int load(struct reader *r, const char *name)
{
	const char *unsafe = rq_path_unsafe(rq_slice_of(name));

	if (unsafe || strchr(name, '/'))
		return rq_err_set(r->err, RQ_EFORMAT, "queue name '%s' %s", name,
				  unsafe ? unsafe : "has a slash");
	r->out->name = rq_xstrdup(name);
	r->out->path = rq_xasprintf("%s/series/%s.series", r->root, name);
	if (rq_file_check_within(r->root, r->patches, r->err) == RQ_EUNSAFE ||
	    rq_file_check_within(r->root, r->rules, r->err) == RQ_EUNSAFE)
		return r->err->code;
	return read_lines(r);
}

int rq_series_load(struct rq_series *out, const char *root, const char *name,
		   const struct rq_branches *branches, struct rq_err *err)
{
	_cleanup_free_ char *patches = rq_path_join(root, "patches");
	_cleanup_free_ char *rules = rq_path_join(root, "cocci");
	struct reader r = { .out = out,
			    .root = root,
			    .branches = branches,
			    .patches = patches,
			    .rules = rules,
			    .err = err };

	return load(&r, name);
}

int rq_series_check(const struct rq_str *bytes, const struct rq_names *fresh,
		    const char *root, const char *name,
		    const struct rq_branches *branches, struct rq_err *err)
{
	_cleanup_free_ char *patches = rq_path_join(root, "patches");
	_cleanup_free_ char *rules = rq_path_join(root, "cocci");
	struct rq_series series = { 0 };
	struct reader r = { .out = &series,
			    .root = root,
			    .branches = branches,
			    .patches = patches,
			    .rules = rules,
			    .bytes = bytes,
			    .fresh = fresh,
			    .err = err };
	int rc = load(&r, name);

	rq_series_release(&series);
	return rc;
}

int rq_series_load_file(struct rq_series *out, const char *path, struct rq_err *err)
{
	_cleanup_free_ char *folder =
		rq_xasprintf("%.*s.", (int)(rq_path_base(path) - path), path);
	struct reader r = { .out = out, .patches = folder, .err = err };

	out->name = rq_xstrdup(rq_path_base(path));
	out->path = rq_xstrdup(path);
	return read_lines(&r);
}

void rq_series_release(struct rq_series *series)
{
	for (size_t i = 0; i < series->entries.n; i++) {
		struct rq_entry *entry = &series->entries.v[i];

		for (size_t k = 0; k < entry->guards.n; k++)
			free(entry->guards.v[k].name);
		rq_vec_release(&entry->guards);
		free(entry->path);
	}
	rq_vec_release(&series->entries);
	free(series->name);
	free(series->path);
	*series = (struct rq_series){ 0 };
}

const char *rq_series_folder(const struct rq_entry *entry)
{
	return entry->kind == RQ_ENTRY_COCCI ? "cocci" : "patches";
}

char *rq_series_patch_path(const char *root, const struct rq_entry *entry,
			   const struct rq_branch *branch)
{
	_cleanup_free_ char *folder = rq_path_join(root, rq_series_folder(entry));
	const char *names[] = { branch ? branch->name : NULL,
				branch ? branch->like : NULL };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		_cleanup_free_ char *own =
			names[i] ? variant_path(folder, entry, names[i]) : NULL;

		if (own && rq_file_exists(own))
			return TAKE_PTR(own);
	}
	return rq_path_join(folder, entry->path);
}
