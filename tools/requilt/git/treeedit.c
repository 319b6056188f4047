// SPDX-License-Identifier: GPL-2.0-only
/*
 * Trees, edited in memory.  A folder is read when a path first leads into it and is kept
 * from then on, its entries sorted as git sorts them (a folder's name as if it ended in
 * '/').  Writing stores the folders that changed and no other.  Refuses unsafe paths, a
 * file in the way of a folder and a folder in the way of a file.
 */
#include "git/git_internal.h"

#include <stdlib.h>

#include "util/mem.h"
#include "util/path.h"
#include "util/vec.h"

struct folder;

struct entry {
	const char *name; /* of the folder's raw bytes or of the editor's names */
	uint32_t len;
	uint32_t mode;
	struct rq_oid oid;     /* of a folder that is read: what was last written */
	struct folder *folder; /* NULL until a path leads into it */
};

struct folder {
	struct folder *parent;
	struct rq_str raw; /* as read; names point into it */
	rq_vec(struct entry) entries;
	struct rq_stored *last;
	bool stale;    /* the id is not that of the entries */
	bool unstored; /* changed since it last went into a pack */
};

struct rq_treeedit {
	struct rq_repo *repo;
	struct folder *root;
	struct rq_oid root_oid;
	rq_vec(char *) names; /* of entries that were set */
};

/* One part of a path. */
struct part {
	const char *p;
	size_t n;
};

/* As git's base_name_compare(): the byte behind the shorter name is '/' for a folder. */
static int compare(const struct entry *e, struct part name, bool as_folder)
{
	size_t n = e->len < name.n ? e->len : name.n;
	int d = memcmp(e->name, name.p, n);
	unsigned char a, b;

	if (d)
		return d;
	a = e->len > n ? (unsigned char)e->name[n] : (e->mode == RQ_MODE_TREE ? '/' : 0);
	b = name.n > n ? (unsigned char)name.p[n] : (as_folder ? '/' : 0);
	return (int)a - (int)b;
}

/* Where the entry of that kind is, or belongs; whether one is there. */
static bool search(const struct folder *f, struct part name, bool as_folder, size_t *at)
{
	size_t low = 0, high = f->entries.n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (compare(&f->entries.v[mid], name, as_folder) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	*at = low;
	return low < f->entries.n && compare(&f->entries.v[low], name, as_folder) == 0;
}

static struct entry *insert(struct folder *f, size_t at)
{
	rq_vec_push(&f->entries);
	memmove(&f->entries.v[at + 1], &f->entries.v[at],
		(f->entries.n - 1 - at) * sizeof(*f->entries.v));
	memset(&f->entries.v[at], 0, sizeof(*f->entries.v));
	return &f->entries.v[at];
}

static void delete (struct folder *f, size_t at)
{
	f->entries.n--;
	memmove(&f->entries.v[at], &f->entries.v[at + 1],
		(f->entries.n - at) * sizeof(*f->entries.v));
}

static void mark(struct folder *f)
{
	for (; f; f = f->parent)
		f->stale = f->unstored = true;
}

static void folder_free(struct folder *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->entries.n; i++)
		folder_free(f->entries.v[i].folder);
	rq_vec_release(&f->entries);
	rq_str_release(&f->raw);
	rq_stored_drop(f->last);
	free(f);
}

/* "mode name\0" and 20 bytes of id; returns what is behind it, NULL when it is broken. */
static const char *parse_entry(struct entry *out, const char *p, const char *end)
{
	const char *nul = memchr(p, '\0', (size_t)(end - p));

	if (!nul || (size_t)(end - nul) < 1 + RQ_OID_SIZE)
		return NULL;
	for (; *p >= '0' && *p <= '7'; p++)
		out->mode = out->mode << 3 | (uint32_t)(*p - '0');
	if (*p != ' ' || p + 1 == nul)
		return NULL;
	out->name = p + 1;
	out->len = (uint32_t)(nul - out->name);
	memcpy(out->oid.id, nul + 1, RQ_OID_SIZE);
	return nul + 1 + RQ_OID_SIZE;
}

static int parse(struct folder *f, const struct rq_oid *oid, struct rq_err *err)
{
	const char *p = f->raw.s, *end = p + f->raw.len;
	char hex[RQ_OID_HEX + 1];

	while (p && p < end) {
		struct entry *e = rq_vec_push(&f->entries);
		struct part name;

		p = parse_entry(e, p, end);
		name = (struct part){ e->name, e->len };
		if (p && f->entries.n > 1 &&
		    compare(e - 1, name, e->mode == RQ_MODE_TREE) >= 0)
			p = NULL;
	}
	if (f->raw.len && !p)
		return rq_err_set(err, RQ_EFORMAT, "tree %s is damaged",
				  rq_oid_hex(hex, oid));
	return 0;
}

static int folder_read(struct folder **out, struct rq_repo *repo,
		       const struct rq_oid *oid, struct folder *parent,
		       struct rq_err *err)
{
	struct rq_str raw = { 0 };
	struct folder *f;
	char hex[RQ_OID_HEX + 1];
	int type, rc;

	if (rq_git_read(repo, oid, &type, &raw) < 0)
		return rq_git_fail(err, "tree %s", rq_oid_hex(hex, oid));
	if (type != RQ_OBJ_TREE) {
		rq_str_release(&raw);
		return rq_err_set(err, RQ_EFORMAT, "%s is no tree", rq_oid_hex(hex, oid));
	}
	f = rq_xcalloc(1, sizeof(*f));
	f->parent = parent;
	f->raw = raw;
	rc = parse(f, oid, err);
	if (rc)
		folder_free(f);
	else
		*out = f;
	return rc;
}

static struct folder *folder_new(struct folder *parent)
{
	struct folder *f = rq_xcalloc(1, sizeof(*f));

	f->parent = parent;
	return f;
}

static const char *keep_name(struct rq_treeedit *edit, struct part name)
{
	return *rq_vec_push(&edit->names) = rq_xstrndup(name.p, name.n);
}

/* Takes the part up to the next '/' off *path; false when it is the last one. */
static bool next_part(const char **path, struct part *part)
{
	const char *slash = strchr(*path, '/');

	*part = (struct part){ *path, slash ? (size_t)(slash - *path) : strlen(*path) };
	*path += part->n + (slash ? 1 : 0);
	return slash != NULL;
}

/* The folder of that name inside @f; NULL with code 0 when it is not there. */
static int enter(struct rq_treeedit *edit, struct folder *f, struct part name,
		 struct folder **out, struct rq_err *err)
{
	struct entry *e;
	size_t at;

	*out = NULL;
	if (!search(f, name, true, &at))
		return 0;
	e = &f->entries.v[at];
	if (!e->folder) {
		int rc = folder_read(&e->folder, edit->repo, &e->oid, f, err);

		if (rc)
			return rc;
	}
	*out = e->folder;
	return 0;
}

static int enter_or_make(struct rq_treeedit *edit, struct folder *f, struct part name,
			 struct folder **out, struct rq_err *err)
{
	struct entry *e;
	size_t at;
	int rc = enter(edit, f, name, out, err);

	if (rc || *out)
		return rc;
	if (search(f, name, false, &at))
		return rq_err_set(err, RQ_EFORMAT, "the file '%.*s' is in the way",
				  (int)name.n, name.p);
	search(f, name, true, &at);
	e = insert(f, at);
	*e = (struct entry){
		.name = keep_name(edit, name),
		.len = (uint32_t)name.n,
		.mode = RQ_MODE_TREE,
		.folder = folder_new(f),
	};
	*out = e->folder;
	return 0;
}

static int check(const char *path, enum rq_mode mode, struct rq_err *err)
{
	const char *why = rq_path_unsafe(rq_slice_of(path));

	if (!why && mode == RQ_MODE_LINK)
		why = rq_path_unsafe_link(rq_slice_of(path));
	return why ? rq_err_set(err, RQ_EUNSAFE, "%s: the path %s", path, why) : 0;
}

int rq_treeedit_new(struct rq_treeedit **out, struct rq_repo *repo,
		    const struct rq_oid *base, struct rq_err *err)
{
	struct rq_treeedit *edit = rq_xcalloc(1, sizeof(*edit));
	int rc = 0;

	edit->repo = repo;
	edit->root_oid = *base;
	if (rq_oid_is_zero(base)) {
		edit->root = folder_new(NULL);
		mark(edit->root);
	} else {
		rc = folder_read(&edit->root, repo, base, NULL, err);
	}
	if (rc)
		rq_treeedit_free(edit);
	else
		*out = edit;
	return rc;
}

int rq_treeedit_set(struct rq_treeedit *edit, const char *path, enum rq_mode mode,
		    const struct rq_oid *oid, struct rq_err *err)
{
	struct folder *f = edit->root;
	const char *rest = path;
	struct part name;
	struct entry *e;
	size_t at;
	int rc = check(path, mode, err);

	while (!rc && next_part(&rest, &name))
		rc = enter_or_make(edit, f, name, &f, err);
	if (rc)
		return rc == RQ_EUNSAFE ? rc : rq_err_prefix(err, "%s: ", path);
	if (search(f, name, true, &at))
		return rq_err_set(err, RQ_EFORMAT, "%s: a folder is in the way", path);
	if (search(f, name, false, &at)) {
		e = &f->entries.v[at];
	} else {
		e = insert(f, at);
		e->name = keep_name(edit, name);
		e->len = (uint32_t)name.n;
	}
	e->mode = mode;
	e->oid = *oid;
	mark(f);
	return 0;
}

/* Takes @f out of its parent, and that one too if nothing else was in it. */
static void drop_empty(struct folder *f)
{
	while (f->parent && f->entries.n == 0) {
		struct folder *parent = f->parent;
		size_t at = 0;

		while (parent->entries.v[at].folder != f)
			at++;
		delete (parent, at);
		folder_free(f);
		f = parent;
	}
}

int rq_treeedit_remove(struct rq_treeedit *edit, const char *path, struct rq_err *err)
{
	struct folder *f = edit->root;
	const char *rest = path;
	struct part name;
	size_t at;
	int rc = check(path, RQ_MODE_NONE, err);

	while (!rc && f && next_part(&rest, &name))
		rc = enter(edit, f, name, &f, err);
	if (rc)
		return rc == RQ_EUNSAFE ? rc : rq_err_prefix(err, "%s: ", path);
	if (!f || !search(f, name, false, &at))
		return rq_err_set(err, RQ_ENOTFOUND, "%s: no such file in the tree",
				  path);
	delete (f, at);
	mark(f);
	drop_empty(f);
	return 0;
}

/* As git writes it: octal, no leading zero.  printf would cost more than all the rest. */
static void add_mode(struct rq_str *out, uint32_t mode)
{
	char digits[12];
	size_t at = sizeof(digits);

	digits[--at] = ' ';
	for (; mode; mode >>= 3)
		digits[--at] = (char)('0' + (mode & 7));
	rq_str_add(out, digits + at, sizeof(digits) - at);
}

static void serialise(const struct folder *f, struct rq_str *out)
{
	rq_str_reserve(out, f->raw.len);
	for (size_t i = 0; i < f->entries.n; i++) {
		const struct entry *e = &f->entries.v[i];

		add_mode(out, e->mode);
		rq_str_add(out, e->name, e->len);
		rq_str_add(out, "", 1);
		rq_str_add(out, e->oid.id, RQ_OID_SIZE);
	}
}

static int write_folder(struct rq_treeedit *edit, struct folder *f, struct rq_pack *pack,
			struct rq_oid *oid, struct rq_err *err)
{
	struct rq_str raw = { 0 };
	int rc = 0;

	if (!f->stale && !(pack && f->unstored))
		return 0;
	for (size_t i = 0; i < f->entries.n && !rc; i++)
		if (f->entries.v[i].folder)
			rc = write_folder(edit, f->entries.v[i].folder, pack,
					  &f->entries.v[i].oid, err);
	if (rc)
		return rc;
	serialise(f, &raw);
	if (pack) {
		rc = rq_pack_add_version(pack, RQ_OBJ_TREE, &raw, &f->last, oid, err);
	} else {
		rq_oid_of(oid, RQ_OBJ_TREE, rq_str_slice(&raw).p, raw.len);
		rq_str_release(&raw);
	}
	f->stale = false;
	if (pack)
		f->unstored = false;
	return rc;
}

int rq_treeedit_write(struct rq_treeedit *edit, struct rq_pack *pack, struct rq_oid *out,
		      struct rq_err *err)
{
	int rc = write_folder(edit, edit->root, pack, &edit->root_oid, err);

	*out = edit->root_oid;
	return rc;
}

void rq_treeedit_free(struct rq_treeedit *edit)
{
	if (!edit)
		return;
	folder_free(edit->root);
	for (size_t i = 0; i < edit->names.n; i++)
		free(edit->names.v[i]);
	rq_vec_release(&edit->names);
	free(edit);
}
