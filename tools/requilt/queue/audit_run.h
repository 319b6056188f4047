/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which of several patches a tree has.
 */
#ifndef REQUILT_QUEUE_AUDIT_RUN_H
#define REQUILT_QUEUE_AUDIT_RUN_H

#include "apply/audit.h"

/* In: what to read; out: what was found, or why it could not be read. */
struct rq_audited_patch {
	char *path,
		*name; /* of the file (NULL: @texts), and as reported; owned by the caller */
	/* Patches of one change, as different trees have it; the one that is there most counts. */
	rq_vec(struct rq_str) texts;
	/* Changes that brought the fault: with none of them there the tree is not affected. */
	rq_vec(struct rq_str) causes;
	size_t unknown; /* causes that are not in @causes: nobody can say that they are not there */
	size_t best; /* out: which of @texts counted */
	bool caused; /* out: a cause was found, or may be there */
	struct rq_patch_options options;
	struct rq_audit audit; /* rq_audit_release() */
	int rc;
	struct rq_err err;
};

struct rq_audit_options {
	const char *repo_path, *tree; /* a treeish of the repository */
	long jobs;		      /* threads; at least 1 */
};

/*
 * Judges each of the @n patches against the tree alone, as if the others were not there.  A patch that
 * cannot be read has a code of its own; the code is about the repository and the tree.
 */
int rq_audit_run(struct rq_audited_patch *patches, size_t n,
		 const struct rq_audit_options *options, struct rq_err *err);

#endif
