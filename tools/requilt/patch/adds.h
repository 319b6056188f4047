/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the C files of a patch ask of the tree: the names that its added lines call or use as
 * members, and what the patch itself brings or takes away.
 */
#ifndef REQUILT_PATCH_ADDS_H
#define REQUILT_PATCH_ADDS_H

#include "patch/patch.h"
#include "util/cuse.h"

/* A call or a member; borrows from the patch. */
struct rq_adds_use {
	struct rq_slice name, text; /* @text: the line that it is on */
	uint64_t hash;		    /* rq_name_hash() of the name */
	size_t file, hunk;
	long line, last; /* of the lines that were scanned, from 0 */
	int args;	 /* of a call; RQ_ARGS_UNKNOWN of a member */
	bool member;
	bool added; /* its name is on an added line; else only its arguments changed */
};

/* A function that a patch declares or defines. */
struct rq_adds_declaration {
	uint64_t hash;
	size_t file;
	int args;
};

struct rq_adds_hunk {
	size_t file, hunk;
};

struct rq_adds {
	rq_vec(struct rq_adds_use) uses;
	rq_vec(struct rq_adds_declaration) declared;
	rq_vec(uint64_t) brought; /* any other word of code on an added line */
	rq_vec(uint64_t) pasted;  /* rq_pasted_hash() of the names that its macros make */
	rq_vec(uint64_t) removed; /* words on removed lines, but for calls and members */
	rq_vec(struct rq_adds_hunk) cut; /* hunks that begin or end within a call */
};

/* A line of a result; @added: it was not there before; @changed: it, or what stood before it. */
struct rq_adds_line {
	struct rq_slice text;
	bool added, changed;
};

/* Reads the whole patch, which must outlive @out. */
void rq_adds_read(struct rq_adds *out, const struct rq_patch *patch);
/* Adds what a run of lines says, as hunk @hunk of file @file. */
void rq_adds_scan(struct rq_adds *out, const struct rq_adds_line *lines, size_t n,
		  size_t file, size_t hunk);
/* Adds what may be gone with a removed line. */
void rq_adds_remove(struct rq_adds *out, struct rq_slice line);
void rq_adds_release(struct rq_adds *adds);

#endif
