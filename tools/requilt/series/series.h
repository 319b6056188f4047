/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Series files and branches: what is to be ported, in which order, to where.
 *
 * quilt's syntax, so that a textual queue stays pushable by quilt; guards live in the
 * trailing comment, where quilt ignores them (guilt does the same):
 *
 *	# a comment
 *	folio-rmap/0001-mm-rmap-levels.patch       #-v5.10
 *	folio-rmap/try_dup.cocci                   #-v4.4..v5.18 -some-vendor
 *	foo/0002-old-style.patch -p0               # words of a human are no guard
 */
#ifndef REQUILT_SERIES_SERIES_H
#define REQUILT_SERIES_SERIES_H

#include <stdbool.h>

#include "util/err.h"
#include "util/names.h"
#include "util/str.h"
#include "util/vec.h"

/* --- branches.conf --- */

struct rq_branch {
	char *name;
	char *ref;     /* full ref; refs/heads/<name> by default */
	char *base;    /* any revision of the kernel repository, or NULL: @ref */
	char *version; /* "6.1.187", or NULL: read from the tree's Makefile later */
	rq_vec(char *) tags;
	char *like; /* another branch, whose guards and variants hold here too, or NULL */
	char *kconfig; /* make's target for a configuration; "tinyconfig" by default */
	struct rq_names fragments; /* below ci/kconfig, in order */
	struct rq_names compile;   /* for who includes a header: "mm", "kernel/fork.o" */
	char *arch;		   /* "x86_64" by default */
	char *cross;  /* "aarch64-linux-gnu-", in front of gcc; NULL: this machine's */
	char *source; /* treeish for three-way merges, or NULL */
	struct rq_names bridges; /* sets of bridges; empty: all that fit */
	char *upstream; /* a repository with the releases' history; NULL: core's */
	long fuzz; /* highest number of context lines that may be dropped; -1: not set */
	bool boot; /* the job matrix has a job that boots it */
	char *accel; /* what guests run on: "kvm", "tcg", "auto"; NULL: not set */
};

struct rq_queue_fuzz {
	char *queue;
	long fuzz;
};

/* A guard that is no branch's, or a branch that a queue is for. */
struct rq_queue_word {
	char *queue; /* NULL: of all queues */
	char *word;
};

struct rq_branches {
	char *path;
	rq_vec(struct rq_branch) all; /* in file order */
	rq_vec(struct rq_queue_fuzz) queues;
	rq_vec(struct rq_queue_word) guards; /* declared; they match no branch */
	rq_vec(struct rq_queue_word) bound;  /* the branches that queues are for */
	char *repository;		     /* core.repository, or NULL */
	char *upstream; /* core.upstream: a repository with mainline's history, or NULL */
	char *mainline; /* upstream.mainline: a ref of it; NULL: "master" */
	char *committer; /* core.committer "Name <address>"; never NULL after a load */
};

/* Whether @value is one of the accelerators that a branch or an option may name. */
bool rq_accel_known(const char *value);

/*
 * Reads branches.conf:
 *
 *	[core]
 *		repository = ../linux.git
 *	[branch "linux-6.1.y"]
 *		ref = refs/heads/linux-6.1.y
 *		tag = lts
 *		kconfig = tinyconfig
 *		fragment = mm.config
 *		compile = mm
 *	[queue "folio-rmap"]
 *		fuzz = 0
 *		branch = linux-6.1.y
 *	[queue]
 *		guard = needs_update
 *
 * An unknown key, a branch name that is no safe ref name, a number that is none, or a "like" that names
 * no branch of the file, or one that is like another: RQ_EFORMAT that names the file and the key.
 */
int rq_branches_load(struct rq_branches *out, const char *path, struct rq_err *err);
void rq_branches_release(struct rq_branches *branches);
/* Borrowed from @branches; NULL when there is none of that name. */
const struct rq_branch *rq_branches_find(const struct rq_branches *branches,
					 const char *name);
/* The same, but RQ_EFORMAT says what to add when there is none. */
int rq_branches_need(const struct rq_branch **out, const struct rq_branches *branches,
		     const char *name, struct rq_err *err);
/* @out is @branches with @one for its only branch; borrows all, and is not to be released. */
void rq_branches_only(struct rq_branches *out, const struct rq_branches *branches,
		      struct rq_branch *one);
/* What the branch is ported onto: its base, else its ref.  Borrowed. */
const char *rq_branch_base(const struct rq_branch *branch);
/* Fuzz for this queue on this branch: the branch's own key, else the queue's, else 0. */
long rq_branches_fuzz(const struct rq_branches *branches, const char *queue,
		      const struct rq_branch *branch);

/* Whether @queue is for @branch: for every branch, unless branches.conf names some. */
bool rq_branches_bound(const struct rq_branches *branches, const char *queue,
		       const char *branch);
/* Whether a guard of @queue may have this name: of a branch, a tag, a version, or declared. */
bool rq_guard_known(const struct rq_branches *branches, const char *queue,
		    struct rq_slice name);

/* --- versions --- */

struct rq_version {
	long part[4];
	int n;	 /* how many parts were given */
	long rc; /* -rcN; 0 when none */
};

/* "6.1", "v6.1.187", "6.7-rc2"; RQ_EFORMAT else. */
int rq_version_parse(struct rq_version *out, struct rq_slice text, struct rq_err *err);
/* Whether @v lies in from..to, both included by the parts given: 6.7 covers 6.7.12. */
bool rq_version_in(const struct rq_version *v, const struct rq_version *from,
		   const struct rq_version *to);
/*
 * VERSION, PATCHLEVEL, SUBLEVEL of a kernel's top Makefile as "6.1.187".  NULL when they are not there,
 * or where it takes a run of make to tell: one of them is assigned twice, in a conditional, or not by
 * a plain "=" or ":=".  EXTRAVERSION counts only when it is "-rcN".  The caller frees.
 */
char *rq_version_of_makefile(struct rq_slice makefile);

/* --- the series --- */

enum rq_entry_kind { RQ_ENTRY_PATCH, RQ_ENTRY_COCCI };

struct rq_guard {
	bool include; /* '+', else '-' */
	char *name;   /* branch name or tag; NULL for a version range */
	struct rq_version from, to;
};

struct rq_entry {
	enum rq_entry_kind kind;
	char *path; /* as in the series: "folio-rmap/0001-x.patch" */
	int strip;  /* 1 by default */
	bool reverse;
	rq_vec(struct rq_guard) guards;
	long line;
};

struct rq_series {
	char *name; /* "folio-rmap" */
	char *path; /* of the series file */
	long crlf; /* the first of its lines that ends in "\r\n", which quilt cannot read; 0: none */
	rq_vec(struct rq_entry) entries;
};

/*
 * Loads @root/series/<name>.series.  Refused with file and line: a missing patch or rule
 * (looked for below @root/patches or @root/cocci by the ending), an entry named twice, an option
 * other than -pN or -R, an unsafe path, a link of a patch or of a branch's variant that leads
 * outside its folder, an indented '#', a guard that names no branch or tag of @branches or a
 * range that holds no version (a typo must not drop a fix), an unknown file ending, text in
 * front of the name.
 */
int rq_series_load(struct rq_series *out, const char *root, const char *name,
		   const struct rq_branches *branches, struct rq_err *err);

/*
 * Whether a series of @bytes would load; the files of the entries @fresh are not asked for.  The same
 * refusals.
 */
int rq_series_check(const struct rq_str *bytes, const struct rq_names *fresh,
		    const char *root, const char *name,
		    const struct rq_branches *branches, struct rq_err *err);
/*
 * Why no entry and no emitted patch may have this name, as a phrase ("has a '..' part"); NULL: it
 * may.  A path inside a folder, none of whose parts a program would take for an option, or quilt for
 * a comment or a guard.
 */
const char *rq_series_name_unsafe(struct rq_slice name);
/*
 * The file to read for @entry on @branch: the variant below patches/<queue>/<branch>/ when there
 * is one, else that of the branch which it is like, else the common patch (always so when @branch is
 * NULL).  The caller frees.
 */
char *rq_series_patch_path(const char *root, const struct rq_entry *entry,
			   const struct rq_branch *branch);
/* --- files.c --- */

/*
 * The files, below the queue repository, that an entry of that name may have: its own the first, notes and
 * a rule's tests, what branches have in its place.  For two names of one kind the lists go in step.
 */
void rq_series_files(struct rq_names *out, const char *entry,
		     const struct rq_branches *branches);
/* The line of a series file's bytes that has the entry, from 1; 0: none.  Refuses nothing. */
long rq_series_line(struct rq_slice bytes, const char *entry);

/* --- variants.c: the entries for which that is not the common file --- */

struct rq_variants;

/* Places of entries in their series, in that order, once each. */
struct rq_places {
	rq_vec(size_t) v;
};

/* Lists what lies beside the files of @series.  The caller frees. */
struct rq_variants *rq_variants_new(const struct rq_series *series, const char *root);
/* Those that may have a file of @branch's own, or of the branch that it is like; any thread may ask. */
void rq_variants_of(struct rq_places *out, const struct rq_variants *variants,
		    const struct rq_branch *branch);
/* NULL is nothing. */
void rq_variants_free(struct rq_variants *variants);

/*
 * A plain quilt series in any folder: entries are relative to the folder of the file, -pN and -R
 * may follow.  The same refusals as rq_series_load().
 */
int rq_series_load_file(struct rq_series *out, const char *path, struct rq_err *err);
void rq_series_release(struct rq_series *series);

/*
 * Whether the guards let @entry onto @branch; @version may be NULL when the branch's is not
 * known (a version range then never matches).  The guard that decided goes to *by (borrowed,
 * NULL when none did).
 */
bool rq_entry_meant_for(const struct rq_entry *entry, const struct rq_branch *branch,
			const struct rq_version *version, const struct rq_guard **by);

/*
 * Appends a series file's bytes with @lines behind line @number; 0: in front of all, -1: at the
 * end.
 */
void rq_series_insert(struct rq_str *out, struct rq_slice bytes, long number,
		      struct rq_slice lines);
/*
 * Appends a series file's bytes with the options of @rest, " -p0 # words", in line @number; its
 * comment, too, when there is one.  Else the line keeps its own, since guards stand there.
 */
void rq_series_renew(struct rq_str *out, struct rq_slice bytes, long number,
		     const char *rest);
/* Appends a series file's bytes with another name in line @number; its options and comment stay. */
void rq_series_rename(struct rq_str *out, struct rq_slice bytes, long number,
		      const char *name);
/* Appends a series file's bytes without the @n lines @numbers. */
void rq_series_take_out(struct rq_str *out, struct rq_slice bytes, const long *numbers,
			size_t n);
/*
 * Appends a series file's bytes with the @n lines @numbers, in that order, in front of line @at, or with
 * @after behind it; @at is none of them.  Comments stay where they are.
 */
void rq_series_reorder(struct rq_str *out, struct rq_slice bytes, const long *numbers,
		       size_t n, long at, bool after);
/* Puts "@guard" behind the guards of line @number of the series file @path. */
int rq_series_add_guard(const char *path, long number, const char *guard,
			struct rq_err *err);
/* The guard as written, "-v4.4..v5.18"; the caller frees. */
char *rq_guard_text(const struct rq_guard *guard);

#endif
