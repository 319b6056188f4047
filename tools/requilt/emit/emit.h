/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writers: what was placed on a branch becomes files that quilt, patch(1) and git take.
 */
#ifndef REQUILT_EMIT_EMIT_H
#define REQUILT_EMIT_EMIT_H

#include "record/record.h"
#include "util/names.h"
#include "util/vec.h"

/* A file of the output folder; @name may have subfolders. */
struct rq_output {
	char *name;
	struct rq_str bytes;
};

/* Where the files of an earlier output are kept, below the folder. */
#define RQ_LAST_GOOD "last-good"

struct rq_outputs {
	rq_vec(struct rq_output) v;
};

/* A new empty file at the end; @name is copied. */
struct rq_str *rq_outputs_add(struct rq_outputs *outputs, const char *name);
void rq_outputs_release(struct rq_outputs *outputs);
/* One id for all names and bytes, in order; @hex has room for RQ_OID_HEX + 1. */
void rq_outputs_digest(char *hex, const struct rq_outputs *outputs);
/*
 * Reads back what a port wrote at @path: the patches in the order of the series, then the series.
 * RQ_ENOTFOUND when one of them is not there.
 */
int rq_outputs_read(struct rq_outputs *out, const char *path, struct rq_err *err);

/*
 * Appends the patch as it must read for this branch: every byte of the header, hunks with
 * the branch's own line numbers, index lines renewed, -p1.  What needed no change is taken over
 * byte for byte, save for texts that patch(1) would read as diffs: *started says what got "> "
 * (rq_harmless()).  The last line ends in a newline.  RQ_EQUEUE names what a quilt series cannot
 * say: binary changes.
 */
int rq_emit_patch(struct rq_str *out, const struct rq_patch *patch,
		  const struct rq_entry_record *entry, struct rq_started *started,
		  struct rq_err *err);

/* "line 7 of its text would start ...": what rq_harmless() did, for people; the caller frees. */
char *rq_quoted_text(const struct rq_started *started);

/*
 * The name of an entry's patch inside its branch's folder: the queue's own folder goes, and a
 * rule's .cocci becomes .patch.  The caller frees.
 */
char *rq_emit_name(const char *queue, const char *entry);

/* The head of a series file: what it is, its base. */
void rq_emit_series_head(struct rq_str *out, const char *queue,
			 const struct rq_branch_record *branch);

/* --- mbox.c: a ported patch in the words of a dialect --- */

struct rq_dialect;

struct rq_export_options {
	const struct rq_dialect *dialect; /* NULL: nothing is added */
	const char *porter; /* "Name <address>" who sends the mails, or NULL */
	bool sign_off; /* with a Signed-off-by of @porter, unless it is the last one */
	const char *prefix; /* what follows PATCH in the brackets: "6.1.y" */
	size_t number, total;
	const struct rq_oid *base; /* named at the end of the first mail */
	int64_t when; /* the base's date, for patches without; 0: not known */
	const char *
		ids; /* what the Message-IDs of these mails begin with; NULL: they have none */
	const struct rq_names *to; /* addresses of To:, or NULL */
	bool cc;		   /* with those of the trailers as Cc: */
};

/*
 * Appends the patch with its header made again, as a file of a quilt series; *started as
 * rq_harmless() says it.
 */
void rq_emit_dialect(struct rq_str *out, const struct rq_patch *patch,
		     const struct rq_export_options *options, struct rq_started *started);
/*
 * Appends the patch as a mail of an mbox that git am takes; RQ_EQUEUE when it names no author.
 * The same patch gives the same bytes, and so does the patch that is in the mail.
 */
int rq_emit_mail(struct rq_str *out, const struct rq_patch *patch,
		 const struct rq_export_options *options, struct rq_err *err);
/* Appends the mail that introduces them; @text is what it says below the title. */
void rq_emit_cover(struct rq_str *out, const char *title, struct rq_slice text,
		   const struct rq_export_options *options);

/* --- fresh.c: a patch that git am -3 can merge --- */

/* What a file of a diff was and became; a mode of 0: it was not there. */
struct rq_fresh_ids {
	struct rq_oid old_oid, new_oid;
	enum rq_mode old_mode, new_mode;
};

/* False: they are not known. */
typedef bool rq_fresh_fn(void *ctx, const struct rq_filediff *file,
			 struct rq_fresh_ids *ids);
/* Appends the patch with index lines of whole ids, and a diffstat that is right. */
void rq_emit_fresh(struct rq_str *out, const struct rq_patch *patch, rq_fresh_fn *find,
		   void *ctx);

/* --- proof.c --- */

/* Files before and after, for the proof. */
struct rq_proof_tree {
	/* The base's bytes, borrowed; *mode is RQ_MODE_NONE when it is not there.  False for a file
	 * that the port never looked at. */
	bool (*before)(void *ctx, const char *path, struct rq_slice *bytes,
		       enum rq_mode *mode);
	/* What the port says that the file became; false as before. */
	bool (*after)(void *ctx, const char *path, enum rq_mode *mode,
		      struct rq_oid *oid);
	void *ctx;
	/*
	 * patch(1) would read the patch of @names[number] in another way than we do, as @why says; then
	 * nothing else is compared.  NULL: that is an error of rq_proof().
	 */
	void (*misread)(void *ctx, size_t number, const char *why);
};

/*
 * Parses the emitted patches of @outputs (in the order of @names) again, asks whether patch(1) reads
 * them alike, applies every hunk at its stated line and nowhere else, and compares each file with
 * what the port says; it
 * must have met @touched files, all that the port changed.  RQ_EQUEUE names patch, file and hunk
 * that break the promise.  Shares no code with the engine that placed the hunks.
 */
int rq_proof(const struct rq_outputs *outputs, char *const *names, size_t n_names,
	     size_t touched, const struct rq_proof_tree *tree, struct rq_err *err);

/* --- folder.c --- */

/*
 * Waits until nobody else writes @path or what is beside it.  The lock is *fd's, which the caller
 * closes (-1: none).
 */
int rq_emit_lock(int *fd, const char *path, struct rq_err *err);
/* Removes what a killed run left beside @path; with the lock. */
int rq_emit_sweep(const char *path, struct rq_err *err);

/*
 * Makes @path hold exactly @outputs, in one step; touches nothing when it does already.
 * *changed says which.  With the lock.
 */
int rq_emit_folder(const char *path, const struct rq_outputs *outputs, bool *changed,
		   struct rq_err *err);

/* RQ_EUNSAFE names a file below @path that no port, rebase or export wrote. */
int rq_emit_check(const char *path, struct rq_err *err);

#endif
