// SPDX-License-Identifier: GPL-2.0-only
/*
 * A repository of its own for a few files, so that git diff shows what is done to them: they are its one
 * commit and its index.
 */
#include "git/git_internal.h"

#include "util/mem.h"

static int add_file(git_index *index, git_repository *git,
		    const struct rq_small_file *file)
{
	git_index_entry entry = { .mode = file->mode ? file->mode : RQ_MODE_FILE,
				  .path = file->path };
	int rc;

	if (file->mode != RQ_MODE_NONE)
		return git_index_add_from_buffer(index, &entry, file->bytes.p,
						 file->bytes.n);
	/* What comes is in git diff as well. */
	rc = git_blob_create_from_buffer(&entry.id, git, "", 0);
	entry.flags = GIT_INDEX_ENTRY_EXTENDED;
	entry.flags_extended = GIT_INDEX_ENTRY_INTENT_TO_ADD;
	return rc < 0 ? rc : git_index_add(index, &entry);
}

static int commit(git_repository *git, git_index *index, const char *message)
{
	git_signature *nobody = NULL;
	git_tree *tree = NULL;
	git_oid oid;
	int rc = git_index_write_tree(&oid, index);

	if (rc >= 0)
		rc = git_tree_lookup(&tree, git, &oid);
	if (rc >= 0)
		rc = git_signature_new(&nobody, "requilt", "requilt@localhost", 0, 0);
	if (rc >= 0)
		rc = git_commit_create(&oid, git, "HEAD", nobody, nobody, NULL, message,
				       tree, 0, NULL);
	git_signature_free(nobody);
	git_tree_free(tree);
	return rc;
}

int rq_git_small(const char *dir, const char *message, const struct rq_small_file *files,
		 size_t n, struct rq_err *err)
{
	git_repository *git = NULL;
	git_index *index = NULL;
	int rc = git_repository_init(&git, dir, 0);

	if (rc >= 0)
		rc = git_repository_index(&index, git);
	/* First what there is: the commit has no files that are to come. */
	for (size_t i = 0; i < n && rc >= 0; i++)
		if (files[i].mode != RQ_MODE_NONE)
			rc = add_file(index, git, &files[i]);
	if (rc >= 0)
		rc = commit(git, index, message);
	for (size_t i = 0; i < n && rc >= 0; i++)
		if (files[i].mode == RQ_MODE_NONE)
			rc = add_file(index, git, &files[i]);
	if (rc >= 0)
		rc = git_index_write(index);
	if (rc < 0)
		rq_git_fail(err, "%s", dir);
	git_index_free(index);
	git_repository_free(git);
	return rc < 0 ? (int)err->code : 0;
}
