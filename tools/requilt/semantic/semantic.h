/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Semantic patches: a .cocci run by spatch on the files of a tree that it could change, and what
 * came of it, file by file.  No diff is never taken for success: a file or a function that
 * spatch could not read is told apart from one where there was nothing to do.
 */
#ifndef REQUILT_SEMANTIC_SEMANTIC_H
#define REQUILT_SEMANTIC_SEMANTIC_H

#include <stdint.h>
#include <stdio.h>

#include "git/git.h"
#include "record/record.h"
#include "util/err.h"
#include "util/names.h"
#include "util/str.h"

/* --- rule.c: what a .cocci says of itself --- */

/*
 * A function that the rule brings @name into names nothing with @parts (Expect-apart:), and something
 * with one of @beside, if there are any (Expect-beside:); @statement: @name begins a statement
 * that is surely no arm or loop by itself (Expect-statement:).
 */
struct rq_apart {
	char *name;
	struct rq_names parts, beside; /* pieces of identifiers */
	bool statement;
};

struct rq_rule {
	char *name; /* what messages call it: the file's name */
	struct rq_str text;
	/* The leading comment as a mail: Subject, body, "---", header lines; may be empty. */
	struct rq_str head;
	long head_line;	       /* of its first line in the file */
	struct rq_names needs; /* a file that the rule can change has one of these */
	struct rq_names
		expect_none; /* Expect-none: no code may be left that has the name */
	rq_vec(struct rq_apart) apart;
	struct rq_names includes; /* Spatch-include: headers that the rule wants to see */
	struct rq_names
		versions;   /* Spatch-version: those that the rule was proven with */
	long versions_line; /* of the first such line in the file */
	bool allow_empty;   /* Allow-empty: */
};

/*
 * Reads a rule (@text is taken over).  RQ_EFORMAT: not to be understood; RQ_EUNSAFE: it wants to
 * run code (script rules), pull in other files, or give spatch options that do more than lay out
 * code.  Free with rq_rule_release() in any case.
 */
int rq_rule_parse(struct rq_rule *out, const char *name, struct rq_str *text,
		  struct rq_err *err);
/*
 * RQ_ETOOL where Spatch-version: names neither the version of @spatch, the text of
 * rq_spatch_version(), nor one that it is a point release of.
 */
int rq_rule_check_version(const struct rq_rule *rule, const char *spatch,
			  struct rq_err *err);
void rq_rule_release(struct rq_rule *rule);

/* --- index.c: which files of a tree have an identifier --- */

/*
 * The .c and .h files of @tree that have one of @names anywhere, comments too, sorted.  Reads
 * each blob once in its life: what words it has is kept in @cache (a folder) for every tree to
 * come.  @jobs threads read.
 */
int rq_index_find(struct rq_names *paths, const char *cache, struct rq_repo *repo,
		  const struct rq_oid *tree, const struct rq_names *names, long jobs,
		  struct rq_err *err);

/* Whether the tree is more than a few files of one: it has a Makefile and include/. */
int rq_index_is_whole(bool *whole, struct rq_repo *repo, const struct rq_oid *tree,
		      struct rq_err *err);
/*
 * Reads what of @tree, if that is whole, no tree before it had, so that nobody waits for it later.  A
 * line on @progress (NULL: none) says so where it takes a while.
 */
int rq_index_prepare(const char *cache, struct rq_repo *repo, const struct rq_oid *tree,
		     long jobs, FILE *progress, struct rq_err *err);

/* --- named.c: what a tree knows of a name --- */

/* Numbers of arguments, as a set: bit N for N; RQ_COUNTS_ANY where a declaration takes any. */
#define RQ_COUNTS_ANY (UINT64_C(1) << 63)
uint64_t rq_counts_of(int args);
/* The only number in the set, or -1. */
int rq_counts_only(uint64_t counts);

struct rq_named {
	/* Asked by the caller, whose strings are taken over. */
	char *name;
	uint64_t hash; /* rq_name_hash() of it */
	char *in_file; /* only what this file declares; NULL: what every file can see */
	bool every; /* as many files as there are, up to RQ_NAMED_FILES; else one will do */

	struct rq_names files; /* that have the word anywhere */
	struct rq_names
		middles; /* the tree has macros that make the name of such a word */
	bool made;	 /* and it gives one of these to some macro */
	uint64_t counts; /* of its declarations */
	struct rq_names declared; /* where these are; no more than RQ_NAMED_DECLARED */
	bool declared_more;
};

#define RQ_NAMED_FILES 32
#define RQ_NAMED_DECLARED 8

struct rq_named_options {
	const char *cache;
	struct rq_repo *repo;
	const struct rq_oid *tree;
	long jobs;
	FILE *progress;
};

/* Whether files of this path are programs of their own, which know the kernel's names no more than
 * it knows theirs. */
bool rq_is_userland(const char *path);
/* Finds out what is asked of each of @n names, all in one go. */
int rq_index_know(struct rq_named *names, size_t n,
		  const struct rq_named_options *options, struct rq_err *err);
void rq_named_release(struct rq_named *known);

/* --- run.c --- */

/* A file before and after the rule; the bytes are owned. */
struct rq_semantic_file {
	char *path;
	struct rq_str before, after;
	bool wanted; /* has code with a name that the rule needs: spatch gets it */
	bool changed;
	char *refused; /* out: why what was made of it is not to be used; NULL: it is */
};

struct rq_semantic_options {
	const char *cache;   /* folder for results, or NULL: ask spatch every time */
	const char *version; /* rq_spatch_version(), or NULL: asked for here */
	long jobs;	     /* spatch processes at once */
	long seconds;	     /* time limit for a file; 0 is the default of 120 */
	long rule_seconds;   /* for a rule without files; 0 is the default of 900 */
	double *spent; /* seconds that the rules of a port took so far; NULL: it has no limit */
	FILE *progress;	   /* a line for each rule that spatch is started for, with */
	const char *where; /* whose files these are; NULL: no line */
	bool fresh;	   /* ask spatch, whatever the cache says */
	bool unconfined;   /* let spatch do what we may: --unconfined-rules */
};

struct rq_semantic {
	rq_vec(struct rq_semantic_file) files;	 /* in: path and before; sorted by path */
	rq_vec(struct rq_semantic_file) headers; /* what Spatch-include: names */
	rq_vec(struct rq_note) notes;		 /* out: sorted by file and line */
	/* RQ_SEMANTIC, RQ_EMPTY, RQ_CONFLICT (something that the rule had to change was not)
	 * or RQ_ERROR (a tool is missing, failed or ran out of time, or the rule is invalid). */
	enum rq_outcome outcome;
	char *why;	   /* for conflict and error: file, line and what is wrong */
	enum rq_code code; /* for an error: whose fault, the tool's or the rule's */
};

/* Gives the run a file; @bytes are taken over. */
void rq_semantic_add(struct rq_semantic *run, const char *path, struct rq_str *bytes);
/*
 * Runs @rule over the files.  That spatch fails is an outcome; the code is about this program's
 * own troubles: its temporary folder, its cache.
 */
int rq_semantic_run(struct rq_semantic *run, const struct rq_rule *rule,
		    const struct rq_semantic_options *options, struct rq_err *err);
void rq_semantic_release(struct rq_semantic *run);

/*
 * Which spatch this is, with its isomorphisms and macros: equal texts give equal results.  The folder
 * @cache (NULL: none) keeps what a program file said of itself.  RQ_ETOOL when there is none.  The
 * caller frees.
 */
int rq_spatch_version(char **out, const char *cache, bool unconfined, struct rq_err *err);

#endif
