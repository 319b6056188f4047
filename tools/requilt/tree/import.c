// SPDX-License-Identifier: GPL-2.0-only
/*
 * SOURCE to base: tells what kind of source it is, has it read into one pack, and moves the
 * ref when the pack is safe on disk.  The same source again writes nothing.
 */
#include "tree/tree.h"

#include <sys/stat.h>

#include "series/series.h"
#include "tree/tree_internal.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/path.h"

/* A repository that is nothing else: a work tree is imported as the folder it is. */
static bool is_bare(const char *path)
{
	_cleanup_free_ char *head = rq_path_join(path, "HEAD");
	_cleanup_free_ char *objects = rq_path_join(path, "objects");
	_cleanup_free_ char *refs = rq_path_join(path, "refs");

	return rq_file_exists(head) && rq_file_is_dir(objects) && rq_file_is_dir(refs);
}

/* "https://...", "file://...", "host:path" */
static bool is_url(const char *source)
{
	size_t n = strcspn(source, ":/");

	return strstr(source, "://") || (n && source[n] == ':');
}

static int read_repository(struct intake *in, const char *path, const char *ref,
			   struct rq_oid *tree, struct rq_err *err)
{
	free(in->origin);
	in->origin = rq_path_name(path);
	if (is_url(path))
		return remote_read(in, path, ref, tree, err);
	return local_read(in, path, ref, tree, err);
}

/* *tree is what must come out where the source says so, else it stays zero. */
static int read_source(struct intake *in, struct rq_oid *tree, struct rq_err *err)
{
	const char *source = in->import->source, *hash;
	_cleanup_free_ char *path = NULL;
	struct stat st;

	if (stat(source, &st) == 0) {
		if (S_ISDIR(st.st_mode) && is_bare(source))
			return read_repository(in, source, NULL, tree, err);
		if (in->without.paths)
			return rq_err_set(err, RQ_EUSAGE,
					  "--without is for a git repository, named as "
					  "DIR#REF or by its URL");
		if (S_ISREG(st.st_mode))
			return tarball_read(in, source, err);
		if (!S_ISDIR(st.st_mode))
			return rq_err_set(err, RQ_EUNSAFE, "neither file nor folder");
		return directory_read(in, source, err);
	}
	hash = strrchr(source, '#');
	path = hash ? rq_xstrndup(source, (size_t)(hash - source)) : rq_xstrdup(source);
	if (is_url(path) || (hash && rq_file_is_dir(path)))
		return read_repository(in, path, hash ? hash + 1 : NULL, tree, err);
	return rq_err_set(err, RQ_ENOTFOUND, "no such tarball, folder or repository");
}

static int move_ref(struct rq_tree_base *out, const struct rq_tree_import *import,
		    const char *why, struct rq_err *err)
{
	struct rq_oid old = { 0 };
	int rc = rq_ref_read(import->repo, import->ref, &old, err);

	if (rc && rc != RQ_ENOTFOUND)
		return rc;
	out->moved = !rq_oid_eq(&old, &out->commit);
	return rq_ref_move(import->repo, import->ref, &old, &out->commit, why, err);
}

static int import_into(struct intake *in, struct rq_tree_base *out, struct rq_err *err)
{
	_cleanup_free_ char *why = NULL;
	struct rq_oid expected = { 0 };
	int rc = rq_pack_new(&in->pack, in->import->repo, 1, err);

	if (!rc)
		rc = rq_pack_threads(in->pack, in->import->threads, err);
	if (!rc)
		rc = read_source(in, &expected, err);
	if (!rc)
		rc = intake_finish(in, out, err);
	if (!rc && !rq_oid_is_zero(&expected) && !rq_oid_eq(&expected, &out->tree))
		rc = rq_err_set(err, RQ_EFORMAT,
				"its tree has modes or names that git does not write; "
				"'git fsck' there names them");
	if (rc)
		return rq_err_prefix(err, "%s: ", in->import->source);
	rc = rq_pack_commit(in->pack, err);
	if (rc)
		return rc;
	out->objects = rq_pack_count(in->pack);
	out->version = TAKE_PTR(in->version);
	why = rq_xasprintf("requilt tree add: %s", in->origin);
	return move_ref(out, in->import, why, err);
}

int rq_tree_import(struct rq_tree_base *out, const struct rq_tree_import *import,
		   struct rq_err *err)
{
	struct intake in = { .import = import,
			     .origin = rq_path_name(import->source),
			     .without.paths = import->without };
	int rc;

	*out = (struct rq_tree_base){ 0 };
	rc = import_into(&in, out, err);
	intake_release(&in);
	if (rc)
		rq_tree_base_release(out);
	return rc;
}

void rq_tree_base_release(struct rq_tree_base *base)
{
	free(base->version);
	base->version = NULL;
}

int rq_tree_version(char **out, struct rq_repo *repo, const struct rq_oid *tree,
		    struct rq_err *err)
{
	struct rq_str text = { 0 };
	struct rq_oid oid;
	enum rq_mode mode;
	int rc = rq_tree_lookup(repo, tree, "Makefile", &oid, &mode, err);

	*out = NULL;
	if (rc || (mode != RQ_MODE_FILE && mode != RQ_MODE_EXEC))
		return rc;
	rc = rq_blob_read(repo, &oid, &text, err);
	if (!rc)
		*out = rq_version_of_makefile(rq_str_slice(&text));
	rq_str_release(&text);
	return rc;
}
