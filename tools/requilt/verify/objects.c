// SPDX-License-Identifier: GPL-2.0-only
/*
 * From changed files to the objects that they go into.  Which sources a configuration builds
 * is make's to say: its database (make -np) has real-obj-y and real-obj-m of every folder on
 * the way.  Which objects a header goes into is in the dependency files that Kbuild leaves
 * beside the objects; so only objects that were built once are found.
 */
#include "verify/verify_internal.h"

#include <dirent.h>
#include <stdlib.h>

#include "util/file.h"
#include "util/path.h"

#define DRY_SECONDS 600

static bool is_source(const char *path)
{
	return rq_slice_ends(rq_slice_of(path), ".c") ||
	       rq_slice_ends(rq_slice_of(path), ".S");
}

bool rq_is_object(const char *path)
{
	return rq_slice_ends(rq_slice_of(path), ".o");
}

static int add_path(const struct rq_tree_change *change, void *ctx, struct rq_err *err)
{
	(void)err;
	rq_names_add(ctx, rq_slice_of(change->path));
	return 0;
}

int rq_changed_files(struct rq_names *out, struct rq_site *site,
		     const struct rq_oid *from, const struct rq_oid *to,
		     struct rq_err *err)
{
	return rq_tree_diff(site->repo, from, to, add_path, out, err);
}

static bool any_starts(const struct rq_names *paths, const char *prefix)
{
	for (size_t i = 0; i < paths->v.n; i++)
		if (strncmp(rq_path_base(paths->v.v[i]), prefix, strlen(prefix)) == 0)
			return true;
	return false;
}

bool rq_changes_kconfig(const struct rq_names *changed)
{
	return any_starts(changed, "Kconfig");
}

bool rq_changes_makefile(const struct rq_names *changed)
{
	return any_starts(changed, "Makefile") || any_starts(changed, "Kbuild");
}

/* --- headers, and sources that others include: who does --- */

struct headers {
	struct rq_names needles; /* "<tree>/include/linux/rmap.h" */
	bool *found;		 /* a flag a needle */
	struct rq_names *out;	 /* the objects */
	size_t root;		 /* length of "<build>/" */
};

static bool names(struct rq_slice text, const char *needle)
{
	const char *at = text.p;
	size_t n = strlen(needle);

	while ((at = memmem(at, text.n - (size_t)(at - text.p), needle, n))) {
		if (at + n == text.p + text.n || strchr(" \\\n)", at[n]))
			return true;
		at += n;
	}
	return false;
}

static bool names_one(struct headers *h, struct rq_slice text)
{
	bool any = false;

	for (size_t i = 0; i < h->needles.v.n; i++) {
		bool here = names(text, h->needles.v.v[i]);

		h->found[i] |= here;
		any |= here;
	}
	return any;
}

/* Takes "/name" off the end of the first *n bytes. */
static bool drop_name(const char *text, size_t *n)
{
	size_t start = *n;

	while (start > 0 && !strchr("/ \t\n", text[start - 1]))
		start--;
	if (start == 0 || start == *n || text[start - 1] != '/' || text[start] == '.')
		return false;
	*n = start - 1;
	return true;
}

/* "mm/sub/../internal.h" becomes "mm/internal.h": gcc writes paths as they are included. */
static void fold_parents(struct rq_str *text)
{
	size_t n = 0;

	for (size_t i = 0; i < text->len; i++)
		if (text->len - i > 3 && memcmp(text->s + i, "/../", 4) == 0 &&
		    drop_name(text->s, &n))
			i += 2;
		else
			text->s[n++] = text->s[i];
	text->len = n;
}

/* ".rmap.o.cmd" in mm/ is about mm/rmap.o. */
static int look_into(struct headers *h, const char *folder, const char *name,
		     struct rq_err *err)
{
	_cleanup_free_ char *path = rq_path_join(folder, name);
	_cleanup_free_ char *object =
		rq_xasprintf("%s/%.*s", folder, (int)strlen(name) - 5, name + 1);
	struct rq_str text = { 0 };
	int rc = rq_file_read(&text, path, err);

	if (!rc && rq_slice_has(rq_str_slice(&text), "/../"))
		fold_parents(&text);
	if (!rc && names_one(h, rq_str_slice(&text)))
		rq_names_add(h->out, rq_slice_of(object + h->root));
	rq_str_release(&text);
	return rc;
}

static int look_below(struct headers *h, const char *folder, struct rq_err *err)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	int rc = 0;

	if (!dir)
		return rq_err_errno(err, "%s", folder);
	while (!rc && (entry = readdir(dir))) {
		const char *name = entry->d_name;

		if (entry->d_type == DT_DIR && name[0] != '.') {
			_cleanup_free_ char *below = rq_path_join(folder, name);

			rc = look_below(h, below, err);
		} else if (name[0] == '.' && rq_slice_ends(rq_slice_of(name), ".o.cmd")) {
			rc = look_into(h, folder, name, err);
		}
	}
	closedir(dir);
	return rc;
}

/* The objects go to @out, and what goes into none to @idle, where that is wanted. */
static int find_includers(struct rq_names *out, struct rq_names *idle,
			  struct rq_site *site, const struct rq_names *changed,
			  struct rq_err *err)
{
	struct headers h = { .out = out, .root = strlen(site->build) + 1 };
	int rc = 0;

	for (size_t i = 0; i < changed->v.n; i++)
		if (rq_slice_ends(rq_slice_of(changed->v.v[i]), ".h") ||
		    rq_slice_ends(rq_slice_of(changed->v.v[i]), ".c"))
			*rq_vec_push(&h.needles.v) =
				rq_path_join(site->tree, changed->v.v[i]);
	h.found = rq_xcalloc(h.needles.v.n + 1, sizeof(*h.found));
	if (h.needles.v.n)
		rc = look_below(&h, site->build, err);
	for (size_t i = 0; i < h.needles.v.n && !rc && idle; i++) {
		const char *path = h.needles.v.v[i];

		if (!h.found[i] && rq_file_exists(path))
			rq_names_add(idle, rq_slice_of(path + strlen(site->tree) + 1));
	}
	rq_names_release(&h.needles);
	free(h.found);
	return rc;
}

int rq_headers_off(struct rq_names *off, struct rq_site *site,
		   const struct rq_names *changed, struct rq_err *err)
{
	struct rq_names headers = { 0 }, ignored = { 0 };
	int rc;

	for (size_t i = 0; i < changed->v.n; i++)
		if (rq_slice_ends(rq_slice_of(changed->v.v[i]), ".h"))
			rq_names_add(&headers, rq_slice_of(changed->v.v[i]));
	rc = find_includers(&ignored, off, site, &headers, err);
	rq_names_release(&headers);
	rq_names_release(&ignored);
	rq_names_settle(off);
	return rc;
}

/* --- what the configuration builds --- */

/* The architecture's folder below arch/. */
static const char *arch_folder(const char *arch)
{
	static const struct {
		const char *arch, *folder;
	} others[] = { { "x86_64", "x86" },
		       { "i386", "x86" },
		       { "sparc64", "sparc" },
		       { "parisc64", "parisc" } };

	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (strcmp(others[i].arch, arch) == 0)
			return others[i].folder;
	return arch;
}

/* Kbuild makes any object it is asked for, another architecture's too. */
static bool is_foreign(const struct rq_site *site, const char *path)
{
	const char *mine = arch_folder(site->job->branch->arch);
	size_t n = strlen(mine);

	return strncmp(path, "arch/", 5) == 0 &&
	       (strncmp(path + 5, mine, n) != 0 || path[5 + n] != '/');
}

/* "real-obj-y := mm/rmap.o mm/memory.o": one line of make's database. */
static void read_built(struct rq_names *built, struct rq_slice line)
{
	static const char *const names[] = { "real-obj-y", "real-obj-m", "lib-y" };
	struct rq_slice word = rq_slice_next_word(&line);
	bool mine = false;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		mine = mine || rq_slice_eq(word, rq_slice_of(names[i]));
	word = rq_slice_next_word(&line);
	if (!mine ||
	    (!rq_slice_eq(word, RQ_SLICE(":=")) && !rq_slice_eq(word, RQ_SLICE("="))))
		return;
	while ((word = rq_slice_next_word(&line)).n)
		*rq_vec_push(&built->v) = rq_xstrndup(word.p, word.n);
}

static int read_database(struct rq_names *built, int *status, struct rq_site *site,
			 const struct rq_names *objects, struct rq_err *err)
{
	struct rq_names goals = { 0 };
	struct rq_str text = { 0 };
	struct rq_slice rest, line;
	int rc;

	for (size_t i = 0; i < objects->v.n; i++)
		*rq_vec_push(&goals.v) = objects->v.v[i];
	rq_vec_push(&goals.v);
	rc = rq_make_run(site,
			 &(struct rq_make){ .goals = (const char *const *)goals.v.v,
					    .dry = true,
					    .seconds = DRY_SECONDS },
			 &text, status, err);
	rest = rq_str_slice(&text);
	while (!rc && rq_slice_next_line(&rest, &line))
		if (rq_slice_starts(line, "real-obj-") || rq_slice_starts(line, "lib-y"))
			read_built(built, line);
	rq_names_settle(built);
	rq_vec_release(&goals.v);
	rq_str_release(&text);
	return rc;
}

/* In a fresh build folder make comes no further than objtool, dry as the run is. */
static int prepare(struct rq_site *site, struct rq_err *err)
{
	static const char *const goals[] = { "prepare", NULL };
	struct rq_str said = { 0 };
	int ignored;
	int rc = rq_make_run(site,
			     &(struct rq_make){ .goals = goals, .seconds = DRY_SECONDS },
			     &said, &ignored, err);

	rq_str_release(&said);
	return rc;
}

static int ask_make(struct rq_names *built, struct rq_site *site,
		    const struct rq_names *objects, struct rq_err *err)
{
	int status, rc = read_database(built, &status, site, objects, err);

	if (!rc && status == 2 && !built->v.n) {
		rc = prepare(site, err);
		if (!rc)
			rc = read_database(built, &status, site, objects, err);
	}
	/* No word of an object is no answer: make was killed, or could not read a Makefile. */
	if (!rc && status && (status > 2 || !built->v.n))
		rc = rq_err_set(err, RQ_ETOOL,
				"%s: make -np, asked what the configuration builds, "
				"ended with status %d; run it there to see why",
				site->build, status);
	return rc;
}

/* "mm/rmap.o" of "mm/rmap.c". */
static char *object_of(const char *source)
{
	return rq_xasprintf("%.*s.o", (int)strlen(source) - 2, source);
}

static const char *source_of(const struct rq_names *changed, const char *object)
{
	size_t n = strlen(object) - 2;

	for (size_t i = 0; i < changed->v.n; i++) {
		const char *path = changed->v.v[i];

		if (is_source(path) && strlen(path) == n + 2 &&
		    memcmp(path, object, n) == 0)
			return path;
	}
	return NULL;
}

/* Keeps what is built; of the rest, the sources that were changed go to @off. */
static void sort_out(struct rq_names *objects, const struct rq_names *built,
		     struct rq_names *off, const struct rq_names *changed)
{
	size_t kept = 0;

	for (size_t i = 0; i < objects->v.n; i++) {
		char *object = objects->v.v[i];
		const char *source = source_of(changed, object);

		if (rq_names_have(built, rq_slice_of(object))) {
			objects->v.v[kept++] = object;
			continue;
		}
		if (source)
			rq_names_add(off, rq_slice_of(source));
		free(object);
	}
	objects->v.n = kept;
}

int rq_objects_of(struct rq_names *out, struct rq_names *off, struct rq_site *site,
		  const struct rq_names *changed, struct rq_err *err)
{
	struct rq_names built = { 0 };
	int rc = 0;

	for (size_t i = 0; i < changed->v.n; i++) {
		const char *path = changed->v.v[i];
		_cleanup_free_ char *full = rq_path_join(site->tree, path);

		if (!is_source(path) || !rq_file_exists(full))
			continue;
		if (is_foreign(site, path))
			rq_names_add(off, rq_slice_of(path));
		else
			*rq_vec_push(&out->v) = object_of(path);
	}
	rc = find_includers(out, NULL, site, changed, err);
	rq_names_settle(out);
	if (!rc && out->v.n)
		rc = ask_make(&built, site, out, err);
	if (!rc)
		sort_out(out, &built, off, changed);
	rq_names_settle(off);
	rq_names_release(&built);
	return rc;
}
