// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which entries have files of a branch's own.  A queue has thousands of entries and a machine thousands
 * of branches: what lies there is listed, and no path is tried for each of both.
 */
#include "series/series_internal.h"

#include <dirent.h>
#include <stdlib.h>

#include "util/map.h"
#include "util/names.h"
#include "util/path.h"

/* A directory beside the files of entries. */
struct own_dir {
	char *name;
	const char
		*folder; /* that it is in, below the queue repository: "patches/demo/" */
};

struct rq_variants {
	char *root;
	struct rq_names folders;     /* of entries */
	struct rq_names keys;	     /* per entry: its file below the queue repository */
	struct rq_map entries;	     /* the same to the place of the key */
	rq_vec(struct own_dir) dirs; /* by name */
};

static void add_dirs(struct rq_variants *v, const char *folder)
{
	_cleanup_free_ char *path = rq_path_join(v->root, folder);
	DIR *dir = opendir(path);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (entry->d_type != DT_REG)
			*rq_vec_push(&v->dirs) =
				(struct own_dir){ .name = rq_xstrdup(entry->d_name),
						  .folder = folder };
	if (dir)
		closedir(dir);
}

static void find_entries(struct rq_variants *v, const struct rq_series *series)
{
	const char *last = "";
	size_t last_n = 0;

	rq_vec_reserve(&v->keys.v, series->entries.n);
	for (size_t i = 0; i < series->entries.n; i++) {
		const struct rq_entry *entry = &series->entries.v[i];
		char *key = rq_path_join(rq_series_folder(entry), entry->path);
		size_t n = (size_t)(rq_path_base(key) - key);

		*rq_vec_push(&v->keys.v) = key;
		rq_map_put(&v->entries, key, &v->keys.v.v[i]);
		/* Most are where the entry before them is. */
		if (n != last_n || memcmp(key, last, n) != 0)
			rq_names_add(&v->folders, (struct rq_slice){ key, n });
		last = key;
		last_n = n;
	}
	rq_names_settle(&v->folders);
}

static int by_name(const void *a, const void *b)
{
	const struct own_dir *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order ? order : strcmp(x->folder, y->folder);
}

struct rq_variants *rq_variants_new(const struct rq_series *series, const char *root)
{
	struct rq_variants *v = rq_xcalloc(1, sizeof(*v));

	v->root = rq_xstrdup(root);
	find_entries(v, series);
	for (size_t i = 0; i < v->folders.v.n; i++)
		add_dirs(v, v->folders.v.v[i]);
	if (v->dirs.n)
		qsort(v->dirs.v, v->dirs.n, sizeof(*v->dirs.v), by_name);
	return v;
}

/* The entries that have a file of their own in @dir. */
static void add_entries(struct rq_places *out, const struct rq_variants *v,
			const struct own_dir *own)
{
	_cleanup_free_ char *path =
		rq_xasprintf("%s/%s%s", v->root, own->folder, own->name);
	DIR *dir = opendir(path);
	struct dirent *file;

	while (dir && (file = readdir(dir))) {
		_cleanup_free_ char *key =
			rq_xasprintf("%s%s", own->folder, file->d_name);
		char **at = rq_map_get(&v->entries, key);

		if (at)
			*rq_vec_push(&out->v) = (size_t)(at - v->keys.v.v);
	}
	if (dir)
		closedir(dir);
}

static void add_named(struct rq_places *out, const struct rq_variants *v,
		      const char *name)
{
	size_t low = 0, high = v->dirs.n;

	while (name && low < high) {
		size_t mid = low + (high - low) / 2;

		if (strcmp(v->dirs.v[mid].name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (; name && low < v->dirs.n && strcmp(v->dirs.v[low].name, name) == 0; low++)
		add_entries(out, v, &v->dirs.v[low]);
}

static int by_place(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return (x > y) - (x < y);
}

void rq_variants_of(struct rq_places *out, const struct rq_variants *v,
		    const struct rq_branch *branch)
{
	size_t n = 0;

	add_named(out, v, branch->name);
	add_named(out, v, branch->like);
	if (out->v.n)
		qsort(out->v.v, out->v.n, sizeof(*out->v.v), by_place);
	for (size_t i = 0; i < out->v.n; i++)
		if (!n || out->v.v[n - 1] != out->v.v[i])
			out->v.v[n++] = out->v.v[i];
	out->v.n = n;
}

void rq_variants_free(struct rq_variants *v)
{
	if (!v)
		return;
	for (size_t i = 0; i < v->dirs.n; i++)
		free(v->dirs.v[i].name);
	rq_vec_release(&v->dirs);
	rq_map_release(&v->entries);
	rq_names_release(&v->keys);
	rq_names_release(&v->folders);
	free(v->root);
	free(v);
}
