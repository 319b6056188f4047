/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kernel trees: a tarball, a folder or a git repository becomes the base that a queue is
 * ported to.
 *
 * A base is one parentless commit with a fixed author and the newest time in the source as
 * its date, so the same source gives the same id on every machine.  Bytes are stored as
 * they are: no line ends are changed, whatever .gitattributes says.
 */
#ifndef REQUILT_TREE_TREE_H
#define REQUILT_TREE_TREE_H

#include "git/git.h"
#include "util/names.h"

/* How far an import is.  @total is 0 while it is not known; @done counts in its unit. */
struct rq_tree_progress {
	size_t files;
	uint64_t bytes;
	uint64_t done, total;
};

struct rq_tree_import {
	struct rq_repo *repo;
	const char *ref;    /* full name of the ref that is to move */
	const char *source; /* tarball, folder, repository[#ref] or URL[#ref] */
	/* Files and directories of a git source that are left out, named in the commit; NULL: none. */
	const struct rq_names *without;
	int threads; /* that hash and deflate; 1 or more */
	void (*progress)(const struct rq_tree_progress *progress,
			 void *ctx); /* or NULL */
	void *ctx;
};

struct rq_tree_base {
	struct rq_oid commit, tree;
	char *version; /* of the top Makefile, "6.1.187"; NULL when it names none */
	size_t files;
	size_t objects; /* that were new */
	bool moved;	/* false: the ref was there already */
};

/*
 * Imports: one pack with what is new, then the ref.  On any error neither is written.
 *
 * Refused by name: unsafe paths (RQ_EUNSAFE, see rq_path_unsafe()), devices and other special
 * files (RQ_EUNSAFE), two entries for one path, a file where a folder is, a hard link to
 * what did not come before it, a truncated or damaged archive, no file at all
 * (RQ_EFORMAT).  Empty folders vanish, as in git.
 */
int rq_tree_import(struct rq_tree_base *out, const struct rq_tree_import *import,
		   struct rq_err *err);
void rq_tree_base_release(struct rq_tree_base *base);

/* VERSION, PATCHLEVEL, SUBLEVEL of a tree; NULL with code 0 when there are none. */
int rq_tree_version(char **out, struct rq_repo *repo, const struct rq_oid *tree,
		    struct rq_err *err);

#endif
