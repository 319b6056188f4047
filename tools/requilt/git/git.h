/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The object store: the only room that includes <git2.h>.
 *
 * Everything is by bytes and object ids; what a patch is, nobody here knows.  A
 * struct rq_repo belongs to one thread; open one for each.
 */
#ifndef REQUILT_GIT_GIT_H
#define REQUILT_GIT_GIT_H

#include <stdbool.h>
#include <stdint.h>

#include "util/err.h"
#include "util/str.h"

#define RQ_OID_SIZE 20
#define RQ_OID_HEX 40

struct rq_oid {
	unsigned char id[RQ_OID_SIZE];
};

enum rq_obj_type { RQ_OBJ_COMMIT = 1, RQ_OBJ_TREE = 2, RQ_OBJ_BLOB = 3 };

/* Modes as git stores them; 0 stands for "no file". */
enum rq_mode {
	RQ_MODE_NONE = 0,
	RQ_MODE_TREE = 0040000,
	RQ_MODE_FILE = 0100644,
	RQ_MODE_EXEC = 0100755,
	RQ_MODE_LINK = 0120000,
	RQ_MODE_GITLINK = 0160000,
};

struct rq_repo;

/* Start and end of the library for the whole process; main.c calls them once. */
void rq_git_init(void);
void rq_git_shutdown(void);
/*
 * From here on packs are mapped in pieces of at most @bytes / 4, @bytes together: for reading
 * a whole repository once.  The default maps packs whole, which is faster for a port.
 */
void rq_git_map_at_most(size_t bytes);
/*
 * From here on an object that takes more than @bytes at once, or is made from one that does, is
 * RQ_EFORMAT to whoever reads it.  The default is 1 GiB (bound.c).
 */
void rq_git_take_at_most(size_t bytes);

bool rq_oid_eq(const struct rq_oid *a, const struct rq_oid *b);
bool rq_oid_is_zero(const struct rq_oid *oid);
/* @hex must have room for RQ_OID_HEX + 1; returns @hex. */
char *rq_oid_hex(char *hex, const struct rq_oid *oid);
int rq_oid_parse(struct rq_oid *out, const char *hex, struct rq_err *err);
/*
 * The id of these bytes as an object of that type; nothing is stored.  Bytes that were made to have
 * the SHA-1 of others get an id that is nobody else's, and no object's.
 */
void rq_oid_of(struct rq_oid *out, enum rq_obj_type type, const void *data, size_t len);
/* The same for bytes that are to be stored: those that were made to collide fail (RQ_EGIT). */
int rq_oid_of_object(struct rq_oid *out, enum rq_obj_type type, struct rq_slice bytes,
		     struct rq_err *err);
/*
 * Whether @oid, which one of the others found, is the id of these bytes.  Does not look for
 * collisions, and is faster for that.
 */
bool rq_oid_is_of(const struct rq_oid *oid, enum rq_obj_type type, struct rq_slice bytes);

/*
 * From here on bytes that are hashed again are not looked at for collisions again: for several branches,
 * which make the same files of the same ones.  What is hashed once takes a fifth longer.
 */
void rq_oid_share(void);

#define RQ_SUM_HEX 64
/* The SHA-256 of these stretches and their lengths; @hex has room for RQ_SUM_HEX + 1. */
void rq_sum_of(char *hex, const struct rq_slice *parts, size_t n);

/* --- repository (repo.c) --- */

/* Opens the bare (or any) repository at @path; RQ_ENOTFOUND when there is none. */
int rq_repo_open(struct rq_repo **out, const char *path, struct rq_err *err);
/* Makes a bare one in a folder that is there and empty. */
int rq_repo_init(struct rq_repo **out, const char *path, struct rq_err *err);
/* Opens, but a missing one is made: bare, with the folders above it. */
int rq_repo_open_or_init(struct rq_repo **out, const char *path, struct rq_err *err);
/*
 * "Name <address>" of the user, as git has it in @dir; the caller frees.  RQ_ENOTFOUND where git knows
 * no name or no address (identity.c).
 */
int rq_git_identity(char **out, const char *dir, struct rq_err *err);
/* The line that says why the program git failed: that with "fatal: ", else the last one; a slice of @said. */
struct rq_slice rq_git_reason(struct rq_slice said);
/* RQ_EUNSAFE where another user owns the repository, or directory, and git does not call it safe (owner.c). */
int rq_repo_check_owner(const char *path, struct rq_err *err);
void rq_repo_close(struct rq_repo *repo);
void rq_repo_closep(struct rq_repo **repo);
/* The .git folder; borrowed from @repo. */
const char *rq_repo_path(const struct rq_repo *repo);
/* Looks at packs that other processes or threads added since the repository was opened. */
int rq_repo_refresh(struct rq_repo *repo, struct rq_err *err);

/* A commit, tag, ref or tree by name.  @commit is zeroed where @name is a bare tree. */
int rq_repo_resolve(struct rq_repo *repo, const char *name, struct rq_oid *commit,
		    struct rq_oid *tree, struct rq_err *err);
/* Whether git takes it as a full ref name. */
bool rq_ref_valid(const char *ref);
/* The commit that a full ref name points to; RQ_ENOTFOUND when there is no such ref. */
int rq_ref_read(struct rq_repo *repo, const char *ref, struct rq_oid *out,
		struct rq_err *err);
/*
 * Moves @ref to @to if it still is at @from (zero: does not exist yet); RQ_EBUSY when
 * somebody else moved it meanwhile.  @why goes into the reflog.  With the two equal it only
 * clears what a killed run left of its move.
 */
int rq_ref_move(struct rq_repo *repo, const char *ref, const struct rq_oid *from,
		const struct rq_oid *to, const char *why, struct rq_err *err);
/*
 * Whether rq_ref_move() would refuse to move the ref, which is at @from: RQ_EBUSY names a work tree,
 * the main or a linked one, that stands on it, as git does; or a ref that is in the way of its name.
 */
int rq_ref_check(struct rq_repo *repo, const char *ref, const struct rq_oid *from,
		 struct rq_err *err);
/* Removes @ref if it is at @at; else it stays, and that is no error. */
int rq_ref_remove(struct rq_repo *repo, const char *ref, const struct rq_oid *at,
		  struct rq_err *err);
/* Calls @each for every branch under refs/heads/, sorted; stops when it returns not 0. */
int rq_ref_each(struct rq_repo *repo,
		int (*each)(const char *ref, const struct rq_oid *oid, void *ctx),
		void *ctx, struct rq_err *err);
/* Seconds since 1970 of the committer's date, and the tree. */
int rq_commit_info(struct rq_repo *repo, const struct rq_oid *commit, int64_t *when,
		   struct rq_oid *tree, struct rq_err *err);

/* --- small.c --- */

struct rq_small_file {
	const char *path;
	enum rq_mode mode; /* RQ_MODE_NONE: not there yet; git diff shows it when it is */
	struct rq_slice bytes;
};

/* Makes directory @dir, which is there, a repository with one commit and an index of @files. */
int rq_git_small(const char *dir, const char *message, const struct rq_small_file *files,
		 size_t n, struct rq_err *err);

/* --- history (log.c) --- */

struct rq_log_commit {
	struct rq_oid oid;
	const char *author_name, *author_email, *message;
	int64_t author_time;  /* seconds since 1970 */
	int author_offset;    /* minutes east of UTC */
	struct rq_slice diff; /* as git diff prints it */
};

typedef int rq_log_fn(const struct rq_log_commit *commit, void *ctx);

/* Calls @each for every commit of @to that @from has not, merges left out; stops at not 0. */
int rq_log_each(struct rq_repo *repo, const struct rq_oid *from, const struct rq_oid *to,
		rq_log_fn *each, void *ctx, struct rq_err *err);
/* The same for one commit; a merge is RQ_EFORMAT. */
int rq_log_one(struct rq_repo *repo, const struct rq_oid *commit, rq_log_fn *each,
	       void *ctx, struct rq_err *err);

/* --- what a history holds (reach.c) --- */

struct rq_oid_list {
	struct rq_oid *v; /* the caller frees */
	size_t n;
};

/*
 * The commits of @to that neither @from (NULL: nothing) nor @without has, newest first, @most at the most.  None:
 * @to is reachable.
 */
int rq_reach_outside(struct rq_oid_list *out, struct rq_repo *repo,
		     const struct rq_oid *from, const struct rq_oid *to,
		     const struct rq_oid *without, size_t most, struct rq_err *err);

/* Appends the first line of the commit's message. */
int rq_commit_title(struct rq_repo *repo, const struct rq_oid *oid, struct rq_str *out,
		    struct rq_err *err);
/* How many parents the commit has. */
int rq_commit_parents(struct rq_repo *repo, const struct rq_oid *oid, unsigned int *n,
		      struct rq_err *err);
/*
 * Calls @each with every commit of @to that @from (NULL: nothing) has not, after its parents, merges too: its
 * message as it is stored; stops at not 0.
 */
int rq_message_each(struct rq_repo *repo, const struct rq_oid *from,
		    const struct rq_oid *to,
		    int (*each)(const struct rq_oid *oid, struct rq_slice message,
				void *ctx),
		    void *ctx, struct rq_err *err);
/* Calls @each with the name of every tag, without refs/tags/, and its commit; stops at not 0. */
int rq_tag_each(struct rq_repo *repo,
		int (*each)(const char *name, const struct rq_oid *commit, void *ctx),
		void *ctx, struct rq_err *err);

/* --- objects (repo.c) --- */

bool rq_obj_exists(struct rq_repo *repo, const struct rq_oid *oid);
/* What its header says; the object is not read.  RQ_ENOTFOUND: it is not there. */
int rq_obj_size(struct rq_repo *repo, const struct rq_oid *oid, uint64_t *size,
		struct rq_err *err);
/*
 * Appends the blob's bytes to @out; one that has no bytes yet gets them without a copy.  The SHA-1 of
 * an object in a pack is not checked, as in git (packed.c says what is); that of a loose one is.
 */
int rq_blob_read(struct rq_repo *repo, const struct rq_oid *oid, struct rq_str *out,
		 struct rq_err *err);
/* What @path is in @tree; *mode is RQ_MODE_NONE and the code 0 when there is nothing. */
int rq_tree_lookup(struct rq_repo *repo, const struct rq_oid *tree, const char *path,
		   struct rq_oid *oid, enum rq_mode *mode, struct rq_err *err);
/*
 * Walks all blobs of a tree, sorted by path as git does; stops when @each returns not 0.
 * RQ_EFORMAT: more than a million files and folders, one with over 64 MiB of entries, a path of
 * 4096 bytes or more.
 */
int rq_tree_each(struct rq_repo *repo, const struct rq_oid *tree,
		 int (*each)(const char *path, enum rq_mode mode,
			     const struct rq_oid *oid, void *ctx),
		 void *ctx, struct rq_err *err);

struct rq_tree_change {
	const char *path;
	enum rq_mode old_mode, new_mode; /* RQ_MODE_NONE: not there */
	struct rq_oid old_oid, new_oid;
};

typedef int rq_tree_diff_fn(const struct rq_tree_change *change, void *ctx,
			    struct rq_err *err);

/*
 * Calls @each for every file that differs between two trees (zero: the empty tree); stops when
 * it returns not 0.  Where a file becomes a folder or the other way round, what goes comes
 * first (treediff.c).
 */
int rq_tree_diff(struct rq_repo *repo, const struct rq_oid *from, const struct rq_oid *to,
		 rq_tree_diff_fn *each, void *ctx, struct rq_err *err);

/* --- writing objects in one pack (pack.c, pack_threads.c, pack_index.c) --- */

struct rq_pack;

/*
 * A new pack below @repo/objects/pack, written as objects arrive under a temporary name
 * that git gc knows how to remove (tmp_*).  @level is zlib's (1 is right for
 * imports); 0 objects leave no file.
 */
int rq_pack_new(struct rq_pack **out, struct rq_repo *repo, int level,
		struct rq_err *err);
/*
 * Stores an object once: one that the repository or this pack has already is not written
 * again.  Gives its id.
 */
int rq_pack_add(struct rq_pack *pack, enum rq_obj_type type, const void *data, size_t len,
		struct rq_oid *oid, struct rq_err *err);
/* A version of a thing that a pack was given; it lives as long as anybody holds it. */
struct rq_stored;

/* Nothing happens to NULL. */
void rq_stored_drop(struct rq_stored *stored);

/*
 * As rq_pack_add(); stored as its difference to *@last where this pack has that one.  Takes over
 * @data; *@last (NULL: none yet), which the caller drops in the end, becomes this version.
 */
int rq_pack_add_version(struct rq_pack *pack, enum rq_obj_type type, struct rq_str *data,
			struct rq_stored **last, struct rq_oid *oid, struct rq_err *err);
/*
 * From here on @n threads deflate (1 or more; bounded memory: about 40 MiB in flight).
 * Objects still land in the pack in the order given, so the same input gives the same pack.
 */
int rq_pack_threads(struct rq_pack *pack, int n, struct rq_err *err);
/*
 * As rq_pack_add(), but the threads hash too.  Takes over @data;
 * *oid is set by rq_pack_drain() or rq_pack_commit() at the latest and must live till then.
 */
int rq_pack_queue(struct rq_pack *pack, enum rq_obj_type type, struct rq_str *data,
		  struct rq_oid *oid, struct rq_err *err);
/* Both: a version of *@last, which the threads hash. */
int rq_pack_queue_version(struct rq_pack *pack, enum rq_obj_type type,
			  struct rq_str *data, struct rq_stored **last,
			  struct rq_oid *oid, struct rq_err *err);
/* Waits until everything given so far is in the file. */
int rq_pack_drain(struct rq_pack *pack, struct rq_err *err);
/* Objects written so far; with threads, after a drain. */
size_t rq_pack_count(const struct rq_pack *pack);
/*
 * Completes the pack: count, trailer, index version 2, fsync of both and of the folder,
 * rename.  After it the objects are there for everyone.  The pack is freed by
 * rq_pack_free() in any case; without a commit nothing stays behind.
 */
int rq_pack_commit(struct rq_pack *pack, struct rq_err *err);
void rq_pack_free(struct rq_pack *pack);

/* --- trees, edited in memory (treeedit.c) --- */

struct rq_treeedit;

/* An editor that starts as @base (zero: the empty tree); reads touched folders only. */
int rq_treeedit_new(struct rq_treeedit **out, struct rq_repo *repo,
		    const struct rq_oid *base, struct rq_err *err);
/* Sets a file; folders above come by themselves.  A file in the way of a folder is RQ_EFORMAT. */
int rq_treeedit_set(struct rq_treeedit *edit, const char *path, enum rq_mode mode,
		    const struct rq_oid *oid, struct rq_err *err);
/* Takes a file away, and folders that become empty; RQ_ENOTFOUND when it is not there. */
int rq_treeedit_remove(struct rq_treeedit *edit, const char *path, struct rq_err *err);
/*
 * The id of the tree as it stands.  With a pack, changed folders are stored in it;
 * without (NULL) only ids are computed.  The editor goes on from here.
 */
int rq_treeedit_write(struct rq_treeedit *edit, struct rq_pack *pack, struct rq_oid *out,
		      struct rq_err *err);
void rq_treeedit_free(struct rq_treeedit *edit);

/* --- text work that libgit2 does well (text.c) --- */

struct rq_merge {
	struct rq_slice base, ours, theirs;
	const char *base_name, *our_name, *their_name; /* for the markers; may be NULL */
	unsigned short marks; /* how long a marker is; 0: as git has them */
};

/*
 * Three-way merge of text.  Returns 0 and sets *clean; with conflicts @out holds markers (zdiff3
 * style: the base's lines too, equal lines at the ends of a conflict outside of it).
 */
int rq_merge_file(const struct rq_merge *merge, struct rq_str *out, bool *clean,
		  struct rq_err *err);
/* Appends the hunks of a unified diff, "@@" lines on, three lines of context; nothing when equal. */
int rq_diff_hunks(struct rq_slice before, struct rq_slice after, struct rq_str *out,
		  struct rq_err *err);
/* Calls @each for every changed stretch: lines from 1; a count of 0 stands behind its line. */
int rq_diff_each(struct rq_slice before, struct rq_slice after,
		 void (*each)(long old_start, long old_lines, long new_start,
			      long new_lines, void *ctx),
		 void *ctx, struct rq_err *err);
/* How alike two texts are, 0 to 100, as git's rename detection counts. */
int rq_similarity(struct rq_slice a, struct rq_slice b, int *percent, struct rq_err *err);

/* --- configuration in git-config syntax (config.c) --- */

/*
 * Calls @each for every "section.sub.key" = value of a file, in file order; section and
 * key are lower case.  @line is not known to libgit2's parser for good lines; for a bad
 * one the error names it.
 */
int rq_config_each(const char *path,
		   int (*each)(const char *name, const char *value, void *ctx,
			       struct rq_err *err),
		   void *ctx, struct rq_err *err);

#endif
