/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of verify/ share: the site where a branch is built, and the steps there.
 */
#ifndef REQUILT_VERIFY_VERIFY_INTERNAL_H
#define REQUILT_VERIFY_VERIFY_INTERNAL_H

#include "verify/verify.h"

/* --- the site: <cache>/verify/<branch> (site.c) --- */

struct rq_site {
	const struct rq_verify_job *job;
	struct rq_repo *repo;
	char *folder; /* absolute, as are the next two */
	char *tree;   /* the sources */
	char *build;  /* what make writes */
	char *state;  /* file that says which tree the sources are */
	char *marker; /* file that is there while make's words are not yet read */
	int lock; /* held by our programs too: a compiler that outlives a killed run */
	bool ccache;
};

/* Takes the lock: RQ_EBUSY when another run has it. */
int rq_site_open(struct rq_site *site, const struct rq_verify_job *job,
		 struct rq_err *err);
void rq_site_close(struct rq_site *site);

/* --- the work tree (worktree.c) --- */

/*
 * Makes the sources be @tree.  Survives a kill: the state file names both trees while files
 * are being written, and the next move does that one again first.
 */
int rq_worktree_move(struct rq_site *site, const struct rq_oid *tree, struct rq_err *err);

/* --- programs (make.c) --- */

struct rq_make {
	const char *const *goals; /* ended by NULL */
	bool sparse;		  /* C=2 */
	bool dry;		  /* print make's database, run nothing */
	long seconds;		  /* time limit */
};

/* Runs make in the site; both of its streams go to @out, target by target. */
int rq_make_run(struct rq_site *site, const struct rq_make *make, struct rq_str *out,
		int *status, struct rq_err *err);
/* The first line of "@program --version"; RQ_ETOOL when it is not installed. */
int rq_program_version(char **out, const char *program, struct rq_err *err);

/* --- configuration (kconfig.c) --- */

/* "tinyconfig + mm.config"; the caller frees. */
char *rq_kconfig_name(const struct rq_branch *branch);
/* Writes .config, and checks that all that the fragments ask for took: RQ_EFORMAT else. */
int rq_kconfig_make(struct rq_site *site, struct rq_err *err);

/* --- what make said (output.c) --- */

struct rq_output {
	struct rq_diags diags;	 /* of objects only, in the order printed */
	struct rq_names failed;	 /* objects that make could not make */
	struct rq_names checked; /* sources that sparse was run on, as objects */
	char *complaint; /* for a failure without a message: the first telling line */
};

void rq_output_read(struct rq_output *out, struct rq_slice text, const char *tree);
void rq_output_release(struct rq_output *out);

/* --- which objects (objects.c) --- */

/* Adds changed headers to @off that no object includes, once the objects are made. */
int rq_headers_off(struct rq_names *off, struct rq_site *site,
		   const struct rq_names *changed, struct rq_err *err);
/* The files that differ between two trees. */
int rq_changed_files(struct rq_names *out, struct rq_site *site,
		     const struct rq_oid *from, const struct rq_oid *to,
		     struct rq_err *err);
/*
 * The objects to make for changed files: of each source, and all whose dependency files in
 * the build folder name a header.  Sources that the configuration leaves out go to @off.
 */
int rq_objects_of(struct rq_names *out, struct rq_names *off, struct rq_site *site,
		  const struct rq_names *changed, struct rq_err *err);
bool rq_is_object(const char *path);
/* Whether one of them decides what is built: a Kconfig or Makefile. */
bool rq_changes_kconfig(const struct rq_names *changed);
bool rq_changes_makefile(const struct rq_names *changed);

/* --- running and keeping (build.c) --- */

/*
 * Makes folders ("mm/") and objects.  *@clean is whether make made them all.  An object with
 * warnings is removed afterwards, so that one that is there compiled without any: it need
 * not be compiled again to know.
 */
int rq_build(struct rq_output *out, bool *clean, struct rq_site *site,
	     const struct rq_names *goals, bool sparse, struct rq_err *err);

/* --- new and gone (delta.c) --- */

/*
 * What of @after was not in @before, as multisets of (tool, file, line, text); lines are mapped
 * through the diff of the two trees.  A line that moved whole within its function is the
 * same one.
 */
struct rq_side {
	const struct rq_diag *diags; /* borrowed */
	size_t n;
	struct rq_oid tree;
};

struct rq_delta {
	rq_vec(const struct rq_diag *) fresh; /* borrowed from @after */
	size_t vanished;
};

int rq_delta_find(struct rq_delta *out, struct rq_repo *repo,
		  const struct rq_side *before, const struct rq_side *after,
		  struct rq_err *err);
void rq_delta_release(struct rq_delta *delta);

/* --- object by object (known.c) --- */

/* What is known of each object: its messages, and the tree that they are about */
struct rq_known {
	char *object;
	struct rq_oid tree;
	struct rq_diags diags;
};

struct rq_known_all {
	rq_vec(struct rq_known) v;
};

/*
 * Holds what was found on @tree against what is known: adds copies of new messages to
 * @entry and counts those that are gone.  All of @objects and every object with a message are
 * compared; with @learn, what was found is known from here on.
 */
int rq_known_compare(struct rq_known_all *known, struct rq_verified_entry *entry,
		     struct rq_repo *repo, const struct rq_names *objects,
		     const struct rq_diags *found, const struct rq_oid *tree, bool learn,
		     struct rq_err *err);
void rq_known_release(struct rq_known_all *known);

/* --- one file of two trees (lines.c) --- */

struct rq_lines;

/* @path in both trees; a file that is in neither (a generated one) maps to itself. */
int rq_lines_new(struct rq_lines **out, struct rq_repo *repo, const char *path,
		 const struct rq_oid *before, const struct rq_oid *after,
		 struct rq_err *err);
void rq_lines_free(struct rq_lines *lines);
/* Where a line of the file before is in the file after; 0 when it is gone or changed. */
long rq_lines_map(const struct rq_lines *lines, long line);
/* The text of a line, trimmed; borrowed; empty when there is none. */
struct rq_slice rq_lines_text(const struct rq_lines *lines, bool after, long line);
/* The name of the function around a line; borrowed; empty at file level. */
struct rq_slice rq_lines_function(const struct rq_lines *lines, bool after, long line);

/* --- in a guest (boot.c) --- */

/* Boots the base and @head; *@out, for the caller to free, has what was found even on failure. */
int rq_boot_branch(struct rq_booted **out, const struct rq_site *site,
		   const struct rq_oid *head, struct rq_err *err);

/* --- one tree after the other (visit.c) --- */

/* One tree on the way: the base, or what an entry left. */
struct rq_step {
	struct rq_oid tree;
	struct rq_names changed; /* against the step before */
	size_t entry;		 /* in the record */
};

struct rq_walk {
	const struct rq_verify_job *job;
	struct rq_verified_branch *out;
	struct rq_site site;
	rq_vec(struct rq_step) steps; /* the base first */
	struct rq_known_all known;
	struct rq_names given_up;    /* objects that sparse cannot judge on the base */
	struct rq_diags base_errors; /* what sparse calls an error on the base */
	bool has_headers;	     /* some entry changes one */
	char *make;		     /* the first line of --version */
};

/* The key of the result of compiling and checking (key.c); the caller frees. */
char *rq_verify_key(const struct rq_walk *w);

/* Makes and remembers the base; its verdict is in the record's first entry. */
int rq_visit_base(struct rq_walk *w, struct rq_err *err);
/*
 * Makes on @tree what @changed touches, or of that only the objects in @only (NULL: all), and
 * compares with what is known; with @learn that is what is known from here on.  Fills @entry.
 */
int rq_visit(struct rq_walk *w, struct rq_verified_entry *entry,
	     const struct rq_oid *tree, const struct rq_names *changed,
	     const struct rq_names *only, bool learn, struct rq_err *err);

#endif
