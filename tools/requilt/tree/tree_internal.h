/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The intake: what the readers of tarballs, folders and repositories hand their members to.
 */
#ifndef REQUILT_TREE_TREE_INTERNAL_H
#define REQUILT_TREE_TREE_INTERNAL_H

#include "tree/tree.h"
#include "util/names.h"
#include "util/str.h"
#include "util/vec.h"

/*
 * A kernel's largest file has 20 MB; three of this size are in memory at once: one that is read, one
 * that is deflated, and what becomes of it.
 */
#define INTAKE_LARGEST ((uint64_t)256 << 20)

/* Of a source, unpacked, and how many members: five kernels have less. */
#define INTAKE_BYTES ((uint64_t)8 << 30)
#define INTAKE_MEMBERS 1000000

struct member {
	char *path;
	enum rq_mode mode; /* RQ_MODE_TREE: a folder, kept only to notice clashes */
	struct rq_oid oid;
	char *hard_link; /* path of the member whose contents these are, or NULL */
	size_t number;	 /* in the source's order */
};

/* What is left out of a git source, and what it lacks. */
struct without {
	const struct rq_names *paths; /* borrowed; NULL: nothing is left out */
	struct rq_names used;	      /* those of @paths that the tree has */
	struct rq_str named;	 /* files without contents, as many as a message takes */
	size_t missing, unnamed; /* all of them, and those that are not in @named */
};

/* Whether @path is left out. */
bool without_path(struct without *w, const char *path);
/* Notes that the source has no contents of @path. */
void without_missing(struct without *w, const char *path);
/* RQ_ENOTFOUND: a file lacks its contents, or a path to leave out is not there. */
int without_check(const struct without *w, struct rq_err *err);
/* Adds "Without: PATH" lines, sorted. */
void without_describe(struct without *w, struct rq_str *out);
void without_release(struct without *w);

struct intake {
	const struct rq_tree_import *import;
	struct rq_pack *pack;
	rq_vec(struct member *) members;
	uint64_t announced; /* bytes that the source says its files have */
	int64_t newest;	    /* seconds since 1970, UTC; git takes none before */
	bool strip;	    /* a leading folder that all members share goes */
	char *version;
	char *origin; /* what the commit's message calls the source */
	struct without without;
	struct rq_tree_progress progress;
};

/* Whether a file of the size that the source states may come: asked before its bytes are read. */
int intake_announce(struct intake *in, const char *path, uint64_t size,
		    struct rq_err *err);
/* Takes over @data.  Errors here and in the readers name the member; import.c the source. */
int intake_file(struct intake *in, const char *path, enum rq_mode mode, void *data,
		size_t len, int64_t when, struct rq_err *err);
/* A file whose blob the repository has already. */
int intake_known(struct intake *in, const char *path, enum rq_mode mode,
		 const struct rq_oid *oid, struct rq_err *err);
int intake_folder(struct intake *in, const char *path, struct rq_err *err);
int intake_hard_link(struct intake *in, const char *path, const char *target,
		     struct rq_err *err);
/* Checks all members against each other and writes trees and commit into the pack. */
int intake_finish(struct intake *in, struct rq_tree_base *out, struct rq_err *err);
void intake_release(struct intake *in);

/* The readers; each hands its members to the intake in a fixed order. */
int tarball_read(struct intake *in, const char *path, struct rq_err *err);
int directory_read(struct intake *in, const char *path, struct rq_err *err);
/* @ref may be NULL: HEAD.  *tree is the tree that must come out. */
int local_read(struct intake *in, const char *path, const char *ref, struct rq_oid *tree,
	       struct rq_err *err);
int remote_read(struct intake *in, const char *url, const char *ref, struct rq_oid *tree,
		struct rq_err *err);

#endif
