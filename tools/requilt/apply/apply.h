/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The engine: an image of the files that a queue touches, and the ladder that places the
 * hunks of a patch in it.
 *
 * A rung answers with placements, never with an edit.  All hunks of a patch are placed
 * before any file of the image changes: a patch is all or nothing.
 */
#ifndef REQUILT_APPLY_APPLY_H
#define REQUILT_APPLY_APPLY_H

#include <stdbool.h>

#include "git/git.h"
#include "patch/patch.h"
#include "record/record.h"
#include "util/err.h"
#include "util/names.h"
#include "util/str.h"

/* How the image reads files it has not seen; a test can serve them from a folder. */
struct rq_reader {
	/* The bytes of @path, which must outlive the image; *mode is RQ_MODE_NONE and the code 0
	 * when it is not there, RQ_MODE_TREE or RQ_MODE_GITLINK without bytes when it is no file. */
	int (*path)(void *ctx, const char *path, struct rq_slice *bytes,
		    enum rq_mode *mode, struct rq_oid *oid, struct rq_err *err);
	/* Calls @each with every path of the tree; NULL: renamed files are not looked for. */
	int (*each)(void *ctx, int (*each)(const char *path, void *arg), void *arg,
		    struct rq_err *err);
	void *ctx;
};

/*
 * A file of the image: its lines, each with its newline; a last line may lack one.  Lines
 * point into bytes that live as long as the image or the patches applied to it.
 */
struct rq_file {
	char *path;
	enum rq_mode mode; /* RQ_MODE_NONE: not there */
	struct rq_slice *lines;
	size_t n_lines;
	struct rq_oid oid; /* of the bytes as they stand, once has_oid */
	bool has_oid;
	struct rq_stored *last; /* of whoever stores it; goes on to its next version */
	bool touched;		/* differs, or once differed, from what the reader gave */
	struct rq_slice read;	/* what the reader gave, and its mode */
	enum rq_mode read_mode;
	struct rq_line_index *index;  /* once it was searched often; owned */
	size_t searches, work;	      /* of its lines; what one patch compared of them */
	struct rq_openings *openings; /* what its lines open, once it was asked; owned */
	size_t opening,
		opening_asked; /* the last answer and its question, see evidence.c */
};

struct rq_image;

struct rq_image *rq_image_new(const struct rq_reader *reader);
void rq_image_free(struct rq_image *image);
/* The file as it stands; borrowed until the next patch.  Never NULL on success. */
int rq_image_file(struct rq_image *image, const char *path, struct rq_file **out,
		  struct rq_err *err);
/*
 * Reads what the image has not seen of the @paths before anybody asks for it, in threads (the
 * caller's is one) of which each has one of the @n readers.  For an image that nothing was read into.
 */
void rq_image_read_ahead(struct rq_image *image, const struct rq_names *paths,
			 const struct rq_reader *readers, size_t n);
/*
 * The file as it stands, NULL where the image has not read it.  Reads nothing itself, so several
 * threads may ask while nobody changes the image.
 */
const struct rq_file *rq_image_peek(struct rq_image *image, const char *path);
/* Appends the bytes of the file. */
void rq_file_bytes(const struct rq_file *file, struct rq_str *out);
/* The blob id; computed when it is not known yet. */
const struct rq_oid *rq_file_oid(struct rq_file *file);
/* Calls @each with every file that a patch changed, sorted by path. */
int rq_image_each_touched(struct rq_image *image,
			  int (*each)(struct rq_file *file, void *ctx), void *ctx);

/* The line that opens what is around line @at (from 0): a function's, a struct's; empty: nothing does. */
struct rq_slice rq_file_around(const struct rq_file *file, size_t at);

/*
 * Gives the file @path, which is there, the contents @bytes (taken over) and tells @entry what
 * changed, hunk by hunk; their rung is the entry's outcome.
 */
int rq_image_rewrite(struct rq_image *image, const char *path, struct rq_str *bytes,
		     struct rq_entry_record *entry, struct rq_err *err);

struct rq_apply_options {
	long fuzz;		 /* highest number of context lines to drop; 0: none */
	struct rq_image *source; /* the tree the patch was made for, in step; or NULL */
	bool anchors; /* changed lines may go where a part of their context stands: yellow */
	bool offers; /* of a patch without a place: what a person may take (record/offer.h) */
	bool certain; /* all of the patch, each hunk at a place without doubt, or a conflict */
	/* Asked once every part found its place, before the image changes: true keeps it as it is.
	 * NULL: nobody objects. */
	bool (*object)(const struct rq_patch *patch, const struct rq_entry_record *entry,
		       void *ctx);
	/*
	 * Adds the .c and .h files of the branch in which one of @names stands; asked for a file that is not
	 * there.  NULL: nobody knows.
	 */
	int (*having)(struct rq_names *paths, const struct rq_names *names, void *ctx,
		      struct rq_err *err);
	void *ctx; /* of both */
};

/*
 * Places @patch in @image and, when every hunk found its place, applies it.  The outcome,
 * the hunks and the changed files go to @entry (which keeps pointers into @patch).  A
 * conflict is an outcome: the code is 0 and the image as before.  The patch must outlive
 * the image.
 */
int rq_apply(struct rq_image *image, const struct rq_patch *patch,
	     const struct rq_apply_options *options, struct rq_entry_record *entry,
	     struct rq_err *err);

/*
 * Takes the source tree one patch further for an entry that needs no placing.  @source may be
 * NULL.
 */
int rq_apply_to_source(struct rq_image *source, const struct rq_patch *patch,
		       struct rq_err *err);

/* A file that is to be finished by hand; owns its strings. */
struct rq_marked {
	char *path;
	enum rq_mode mode; /* RQ_MODE_NONE: the patch takes it away */
	struct rq_str text;
	size_t marks; /* how many conflicts are marked in it */
};

struct rq_marked_files {
	rq_vec(struct rq_marked) v;
};

/* What was decided of a hunk (0: the file as a whole) of the patch's file @path. */
struct rq_taken {
	const char *path;
	long hunk;
	const struct rq_offer *offer;
};

struct rq_mark_options {
	struct rq_image *source; /* as the patch finds it; NULL: there is none */
	const char *our_name, *their_name; /* for the markers, */
	const char *base_name;		   /* NULL: "what the patch changes" */
	bool merges; /* where most lines are there, a clean merge of them needs no markers */
	const struct rq_taken *taken;
	size_t n_taken;
};

/*
 * The files of @patch, which has a conflict in @image: hunks that have a place are placed, merge
 * markers stand for the others; what was taken is done.  The image stays as it is.  RQ_EQUEUE where a
 * hand cannot help: binary parts, a file that the patch changes twice; and where what was taken does not
 * go together.
 */
int rq_image_mark(struct rq_marked_files *out, struct rq_image *image,
		  const struct rq_patch *patch, const struct rq_mark_options *options,
		  struct rq_err *err);
/* The file at @path; NULL: there is none.  Borrowed. */
struct rq_marked *rq_marked_files_find(const struct rq_marked_files *files,
				       const char *path);
void rq_marked_files_release(struct rq_marked_files *files);

/*
 * Whether every part of @patch is in the image already, the hunks of each file in order.
 * Removals alone prove nothing: at least one part must add something.
 */
int rq_patch_present(struct rq_image *image, const struct rq_patch *patch, bool *present,
		     struct rq_err *err);

#endif
