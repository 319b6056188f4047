/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of queue/ share. */
#ifndef REQUILT_QUEUE_QUEUE_INTERNAL_H
#define REQUILT_QUEUE_QUEUE_INTERNAL_H

#include "apply/apply.h"
#include "emit/emit.h"
#include "git/git.h"
#include "patch/adds.h"
#include "queue/condition.h"
#include "queue/queue.h"
#include "report/report.h"
#include "resolve/change.h"
#include "resolve/resolution.h"
#include "resolve/reviewed.h"
#include "resolve/revision.h"
#include "semantic/bridge.h"
#include "semantic/semantic.h"

/* A recorded resolution as a patch. */
struct rq_replay {
	const struct rq_resolution *of;
	struct rq_patch *patch;
	bool earlier;		     /* of another version of the patch: */
	struct rq_patch *was;	     /* that, NULL where nobody kept it, */
	struct rq_revision revision; /* what differs, */
	struct rq_patch *back,
		*forth; /* and what leads from its resolution to the later one's. */
	bool carries;	/* these may by themselves; */
	bool offers;	/* else a hand may start from it */
};

/* Patches that a walk made itself, which outlive its image and record. */
struct rq_made {
	rq_vec(struct rq_patch *) v;
};

/* An entry ready to be walked; shared by all branches, never changed after loading. */
struct rq_item {
	char *name;
	char *path;
	const struct rq_entry *entry; /* NULL for plain patches */
	struct rq_patch *patch;	      /* a rule's: its message, and no diff */
	struct rq_adds adds;	      /* what the patch asks of a tree */
	struct rq_rule *rule;	      /* NULL for a textual entry */
	struct rq_header header;
	struct rq_conditions conditions;
	rq_vec(struct rq_replay) replays; /* of this very patch */
	rq_vec(struct rq_replay) earlier; /* of other versions of it */
	char *broken; /* why the file cannot be read as a patch, with its line; @patch is empty then */
	char *incomplete; /* what its first "Incomplete:" line says; NULL: it is whole */
	struct rq_oid bytes; /* id of the file's bytes, for the digest */
};

/* A file that breaks the format is no error: @item->broken says why.  One that is unsafe is. */
int rq_item_load(struct rq_item *item, const char *name, const char *path,
		 const struct rq_patch_options *options, struct rq_err *err);
/* The same for a .cocci. */
int rq_item_load_rule(struct rq_item *item, const char *name, const char *path,
		      struct rq_err *err);
typedef int rq_item_load_fn(size_t i, void *ctx, struct rq_err *err);

/*
 * Calls @load for each of @n items, several at a time.  All are tried, and the error is the first
 * failed one's: which it is does not depend on who was faster.
 */
int rq_items_load(size_t n, long jobs, rq_item_load_fn *load, void *ctx,
		  struct rq_err *err);
/* Takes up those of @resolutions, which must outlive the item, that are the entry's. */
int rq_item_add_replays(struct rq_item *item, const struct rq_resolutions *resolutions,
			struct rq_err *err);
void rq_item_release(struct rq_item *item);

/* --- replay.c --- */

/*
 * Places the item's patch; where neither its own lines nor lines moved do, a recorded resolution
 * whose region is there; then one of an earlier version, where only what no hand touched is another now;
 * and only then by merging and fuzz.  What it makes itself goes to @made; NULL: it makes nothing.
 */
int rq_place_patch(struct rq_image *image, const struct rq_item *item,
		   const struct rq_apply_options *options, struct rq_made *made,
		   struct rq_entry_record *entry, struct rq_err *err);

/* --- carry.c --- */

/*
 * The resolution of an earlier version as it is for the item's patch on @image: its own change, less the
 * hunks that only the earlier version has, and with those that only the later has at places of their
 * own.  *@out, which the caller frees, is NULL where one of these has no certain place.
 */
int rq_carry(struct rq_patch **out, struct rq_image *image, const struct rq_item *item,
	     const struct rq_replay *replay, struct rq_err *err);
/*
 * The same for a hand to finish, of a resolution of any version: where there is no certain place, the
 * lines are merged, with markers where that gives a conflict.
 */
int rq_carry_marked(struct rq_marked_files *out, struct rq_image *image,
		    const struct rq_replay *replay, const char *branch,
		    struct rq_err *err);

/* --- blobs.c --- */

struct rq_blobs;

struct rq_blobs *rq_blobs_new(void);
void rq_blobs_free(struct rq_blobs *blobs);
/*
 * The blob's bytes, which live as long as @blobs.  Any thread may ask, each with a repository of its
 * own; all of them of one object store.
 */
int rq_blobs_read(struct rq_blobs *blobs, struct rq_repo *repo, const struct rq_oid *oid,
		  struct rq_slice *out, struct rq_err *err);

/* --- treereader.c: a tree of a repository as an image's reader --- */

struct rq_tree_reader {
	struct rq_repo *repo;
	struct rq_oid tree;
	struct rq_blobs *blobs;
};

struct rq_reader rq_tree_reader(struct rq_tree_reader *ctx);

/* --- walk.c --- */

struct rq_walk {
	struct rq_repo *repo;
	struct rq_image *image, *source; /* source may be NULL */
	struct rq_oid source_tree;	 /* that @source began with */
	struct rq_branch_record *record;
	const struct rq_branch *branch; /* NULL: no guards */
	const struct rq_version *version;
	struct rq_semantic_options rules;
	bool checks;	/* that what is added exists */
	bool accepts;	/* what is yellow gets the id that accepting it would record */
	FILE *progress; /* NULL: says nothing */
	long fuzz;
	bool stop_at_conflict;
	struct rq_blobs *blobs;
	long jobs; /* threads that may read ahead */
	bool from_behind; /* reads ahead from the last path on: another walk begins with the first */
	/* What files become goes in here; NULL when none of it is wanted. */
	struct rq_pack *pack;
	struct rq_made *
		made; /* what it makes of resolutions and by bridges; NULL: it makes nothing */
	const struct rq_bridges *bridges; /* NULL: there are none */
	/* For the commits; NULL when none are wanted: then only the last state of a file is stored. */
	struct rq_treeedit *edit;
	const char *committer; /* "Name <address>" */
	int64_t base_time;
};

/*
 * Takes the items over the image in order and fills the record.  With a pack, the files that they
 * change go into it; for commits as long as no entry has failed.
 */
int rq_walk(struct rq_walk *walk, const struct rq_item *const *items, size_t n,
	    struct rq_err *err);

/* --- change.c --- */

/* Sets the entry's change, just after it changed the image. */
int rq_walk_change(struct rq_walk *walk, const struct rq_item *item,
		   struct rq_entry_record *entry, struct rq_err *err);

/* --- exist.c: what is added must exist --- */

struct rq_exist;

/*
 * Asks the walk's base about the names that the items add, in one go; the rest is asked as it comes.
 * *@out is NULL, and the record says why, where that cannot be done.
 */
int rq_exist_new(struct rq_exist **out, struct rq_walk *walk,
		 const struct rq_item *const *items, size_t n, struct rq_err *err);
/*
 * After an entry changed the image: its hunks that call or use what the branch does not have are
 * in doubt, and name it.
 */
int rq_exist_check(struct rq_exist *exist, const struct rq_item *item,
		   struct rq_entry_record *entry, struct rq_err *err);
/* Asks the base about names, for rq_exist_named(): every file that has one, up to a number. */
int rq_exist_ask(struct rq_exist *exist, const struct rq_names *names,
		 struct rq_err *err);
/* What the base was asked about; NULL: it was not.  Borrowed until the next question. */
const struct rq_named *rq_exist_named(const struct rq_exist *exist, const char *name);
void rq_exist_free(struct rq_exist *exist);

/* --- rebase.c --- */

/* Whether the output folder holds what a rebase wrote, and no port. */
bool rq_is_rebased(const char *folder);
/* Whether the cache says that a rebase of this very program wrote it. */
bool rq_rebase_is_noted(const char *folder, const char *notes);

/* --- having.c --- */

/*
 * Adds the .c and .h files of the walk's base that have one of @names, some of them where there are many;
 * nothing without a folder for the cache.
 */
int rq_walk_having(struct rq_names *paths, const struct rq_walk *walk,
		   const struct rq_names *names, struct rq_err *err);

/* --- ahead.c --- */

/* Reads what the items will ask for into the walk's image, which nothing was read into. */
void rq_walk_read_ahead(struct rq_walk *walk, const struct rq_item *const *items,
			size_t n);

/* --- rule.c --- */

/* Whether code of the image still has a name of which the rule expects none. */
int rq_walk_rule_left(struct rq_walk *walk, const struct rq_rule *rule, bool *left,
		      struct rq_err *err);
/*
 * Runs a rule over the image and, when nothing went wrong, changes it.  The files that it was
 * meant to change are added to @wanted.
 */
int rq_walk_rule(struct rq_walk *walk, const struct rq_rule *rule,
		 struct rq_names *wanted, struct rq_entry_record *entry,
		 struct rq_err *err);

/* Does to the source tree what the rule would have done to it; that it fails there is no outcome. */
int rq_walk_rule_on_source(struct rq_walk *walk, const struct rq_item *item,
			   struct rq_err *err);

/* --- load.c and branch.c --- */

/* All that the threads of a port share, and never change. */
struct rq_port {
	const struct rq_series *series;
	const struct rq_port_options *options;
	const struct rq_reviews *reviews;
	const struct rq_resolutions *resolutions;
	struct rq_item *common;	      /* per entry */
	const struct rq_item **items; /* the same, for branches without variants */
	struct rq_variants *variants; /* NULL: no branch has any */
	char *spatch; /* its version; NULL: no rule in the series, or no spatch */
	long jobs;    /* that one branch may start at a time */
	struct rq_blobs *blobs;
};

/* One branch's work. */
struct rq_task {
	const struct rq_port *port;
	const struct rq_branch *branch;
	struct rq_branch_record *record;
	struct rq_item *variants; /* some may be empty: the common patch serves */
	size_t n_variants;
	/* Per entry: the variant or the common one.  The port's own where there are no variants. */
	const struct rq_item **items;
	struct rq_oid source_tree; /* zero: none */
	struct rq_made *made;	   /* owned */
	bool from_behind; /* every second branch: two at work share the reading */
	struct rq_err err;
	int rc;
};

struct rq_tasks {
	struct rq_port port;
	struct rq_reviews reviews;
	struct rq_resolutions resolutions;
	struct rq_task *v;
	size_t n;
};

/* One task and one branch record for each branch named (all for none). */
int rq_tasks_load(struct rq_tasks *tasks, struct rq_record *record,
		  const struct rq_series *series, char *const *names, int n_names,
		  const struct rq_port_options *options, struct rq_err *err);
void rq_tasks_release(struct rq_tasks *tasks);

/* Walk, emit, prove, write. */
int rq_port_branch(struct rq_task *task, struct rq_err *err);
typedef int rq_look_fn(struct rq_image *image, struct rq_image *source, void *ctx,
		       struct rq_err *err);

/*
 * Walks the first @n entries, up to the first that fails, writes nothing, and shows what the
 * branch has become then; @source may be NULL, and so may @look.
 */
int rq_branch_look(struct rq_task *task, size_t n, rq_look_fn *look, void *ctx,
		   struct rq_err *err);
/* What an entry's patch is called in the branch's folder; the caller frees. */
char *rq_task_patch_name(const struct rq_task *task, const char *entry);
/*
 * Walks all entries and, when none is red, writes and proves what a series would hold; stores
 * nothing.  Names are as rq_task_patch_name() has them.
 */
int rq_branch_outputs(struct rq_outputs *outputs, struct rq_task *task,
		      struct rq_err *err);
/*
 * Ports in memory and stores nothing: the files of the branch's directory as a port would write them
 * now, port.json the last.  A red branch has that file alone.  Fills the task's record.
 */
int rq_branch_again(struct rq_outputs *outputs, struct rq_task *task, struct rq_err *err);
/* The digest of everything that the branch's output depends on, as it is now. */
int rq_port_digest(char *hex, struct rq_task *task, struct rq_err *err);

/* --- current.c --- */

/*
 * Whether this program wrote what @folder and the branch's ref hold, from what @digest stands for.
 * Then the record and @outputs are as they were after that port.
 */
bool rq_port_is_current(struct rq_outputs *outputs, struct rq_task *task,
			struct rq_repo *repo, const char *digest, const char *folder);
/*
 * Whether the user's own cache (@notes; NULL: there is none) notes that what @digest stands for becomes
 * the files of @output and @port_json, with this very program.  Nothing else proves it.
 */
bool rq_port_is_noted(const char *notes, const char *digest, const char *output,
		      const struct rq_oid *port_json);
/* Notes it.  Where that cannot be written, the next one does all again. */
void rq_port_note(const char *notes, const char *digest, const char *output,
		  struct rq_slice port_json);

/* The id of the sources that the program was made from, and a newline. */
const char *rq_port_build(void);

/* --- seen.c --- */

/* What the files of an output and its port.json are. */
struct rq_seen {
	char output[RQ_OID_HEX + 1]; /* rq_outputs_digest() */
	struct rq_oid port_json;
	struct rq_port_summary summary;
};

/*
 * Of these very bytes; without a look at them where the user's own cache (@notes; NULL: there is none)
 * has it.  RQ_EFORMAT with @port_json_path: it is no port.json.
 */
int rq_seen_read(struct rq_seen *seen, const char *notes, const char *port_json_path,
		 const struct rq_outputs *outputs, struct rq_slice port_json,
		 struct rq_err *err);
void rq_seen_release(struct rq_seen *seen);

/* --- commit.c --- */

/*
 * Makes a commit of each entry that changed something, after a walk in which none failed: folders
 * and commits go into the pack, their ids into the record.  Does not touch the image.
 */
int rq_walk_commit(struct rq_walk *walk, const struct rq_item *const *items,
		   struct rq_err *err);
/* The object of a commit; @parent may be zero. */
void rq_commit_text(struct rq_str *out, const struct rq_oid *tree,
		    const struct rq_oid *parent, const struct rq_header *header,
		    const char *committer, int64_t base_time);

#endif
