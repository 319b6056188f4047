/* SPDX-License-Identifier: GPL-2.0-only */
/* What the check of added names shares between its files. */
#ifndef REQUILT_QUEUE_EXIST_INTERNAL_H
#define REQUILT_QUEUE_EXIST_INTERNAL_H

#include "queue/answers.h"
#include "queue/queue_internal.h"
#include "util/cuse.h"
#include "util/set.h"

/* A function that entries declare or declare again in one file. */
struct rq_exist_declared {
	uint64_t hash;
	const char *path;
	uint64_t counts;
	size_t entry; /* the last that did */
	size_t next;  /* the next file that has one of this name, plus 1 */
	size_t last;  /* of the first of them: the last one, plus 1 */
};

/* An entry that changed something. */
struct rq_exist_past {
	const struct rq_adds *adds;
	size_t entry;
};

struct rq_exist {
	struct rq_walk *walk;
	const struct rq_item *const *items;
	size_t n_items;
	struct rq_answers answers;
	bool asked_all; /* what the whole queue asks of the base */
	/* Names that the patches use: others are kept only once a name is asked for that they may make. */
	struct rq_set used;
	bool keeps_all;
	rq_vec(struct rq_exist_past) past;
	/* Of the entries that changed something so far. */
	struct rq_set brought, pasted, removed, declared_names;
	struct rq_set seen; /* names that were looked for and found */
	rq_vec(struct rq_exist_declared) declared;
	struct rq_set declared_first,
		declared_in; /* of a name, and of a name and a path: into .declared */
	size_t entry;
	size_t work; /* lines that were read for names in doubt */
};

/* The lines of an entry and where they went: adds->uses[].file is an index into @paths. */
struct rq_exist_lines {
	const struct rq_adds *adds;
	const char **paths; /* in the image; NULL: not C, or not there */
	size_t n_paths;
};

/* --- exist_look.c: what the files say, once a name is in doubt --- */

/* What a file says of a name and of one use of it. */
struct rq_exist_look {
	bool used;	/* the use is code there, as it was taken for */
	bool mentioned; /* the name stands there otherwise than called or used as a member */
	bool shadowed;	 /* the name stands there otherwise than called or declared */
	uint64_t counts; /* of its declarations */
	long line;	 /* of the first of these */
	long used_line, used_last; /* of the use, from 0 */
};

void rq_exist_look(struct rq_exist_look *out, const struct rq_file *file,
		   const struct rq_adds_use *use);
/* Whether the base's version of the file calls the function with as many arguments. */
bool rq_exist_called_before(const struct rq_file *file, const struct rq_adds_use *use);
/* Whether the name stands there otherwise than called or used as a member. */
bool rq_exist_mentions(const struct rq_file *file, const struct rq_adds_use *use);

/* The first such word of the text; NULL: none. */
const char *rq_exist_find_word(struct rq_slice text, struct rq_slice name);

/* --- exist_several.c --- */

/* Arguments of the call that was found which are a word, or a call of one: macros may be among them. */
void rq_exist_lone_words(struct rq_names *out, const struct rq_file *file,
			 const struct rq_exist_look *look, struct rq_slice name);
/* Whether the file defines a macro of that name which stands for more than one argument. */
bool rq_exist_is_several(const struct rq_file *file, struct rq_slice name);

#endif
