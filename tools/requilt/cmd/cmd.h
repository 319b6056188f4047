/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Commands: one row of the table in table.c and one file cmd_<name>.c each.
 *
 * A command reads its options, calls the rooms below, and prints results on stdout and
 * progress on stderr.  It returns 0 or an RQ_E* code; main.c prints the last line and turns
 * the code into the exit status (see rq_exit_status()).
 */
#ifndef REQUILT_CMD_CMD_H
#define REQUILT_CMD_CMD_H

#include <stdio.h>

#include "git/git.h"
#include "queue/queue.h"
#include "semantic/bridge.h"
#include "series/series.h"
#include "util/clean.h"
#include "util/err.h"
#include "util/names.h"
#include "util/opt.h"

/* What every command understands. */
struct rq_globals {
	const char *dir;   /* -C: the queue repository; never NULL in a command */
	const char *repo;  /* --repo, or NULL */
	const char *color; /* auto, always, never */
	long jobs;	   /* -j: 0 is one a processor */
	bool json, quiet, verbose;
	bool help, version;
};
extern struct rq_globals rq_globals;
extern const struct rq_opt rq_global_options[];

struct rq_command {
	const char *name;
	const char *args;	      /* usage behind the name: "QUEUE BRANCH [ENTRY]" */
	const char *help;	      /* one line, lower case, no full stop */
	const struct rq_opt *options; /* the command's own; NULL when none */
	int (*run)(int argc, char **argv,
		   struct rq_err *err); /* words without the options */
	bool has_json; /* prints a value of JSON with --json, of an error, too */
	bool has_json_did; /* prints with --json what rq_cmd_did() kept, and is quiet otherwise */
};

/* Ended by a row without a name. */
extern const struct rq_command rq_commands[];

/* 0 clean, 1 the queue or its input has a problem, 128 the environment failed, 129 usage. */
int rq_exit_status(enum rq_code code);

/* What makes a directory a queue repository. */
#define RQ_CMD_CONF "series/branches.conf"

/*
 * Without -C: finds the queue repository as git finds a work tree, here or in a directory above, and
 * names it in rq_globals.dir, which is "." where there is none or @only_here.  One above that another
 * user may change is not taken; rq_cmd_no_queue() then says so.
 */
void rq_cmd_find_root(bool only_here);
/* RQ_EFORMAT, with the one message for it. */
int rq_cmd_no_queue(struct rq_err *err);
/* That, where rq_globals.dir is no queue repository. */
int rq_cmd_need_queue(struct rq_err *err);

/*
 * Opens the kernel repository: --repo, else core.repository of branches.conf (relative to
 * the queue repository), else $XDG_DATA_HOME/requilt/linux.git, or $XDG_CACHE_HOME/requilt/linux.git
 * where only that one is there.
 */
int rq_cmd_open_repo(struct rq_repo **out, bool make, struct rq_err *err);
/* The same path without opening; the caller frees. */
char *rq_cmd_repo_path(struct rq_err *err);

/* A path as branches.conf has it: relative to the queue repository, "~/" the home.  The caller frees. */
char *rq_cmd_named_path(const char *named);
/*
 * Where commits are looked up, in this order: the repositories that "upstream =" names, core's first, and the
 * kernel repository.
 */
void rq_cmd_histories(struct rq_names *out, const struct rq_branches *branches);
/* The ref of mainline in them. */
const char *rq_cmd_mainline(const struct rq_branches *branches);
/* That of the repository at @path: NULL where nothing says that it has mainline's history, as in a developer's own. */
const char *rq_cmd_mainline_of(const struct rq_branches *branches, const char *path);

/* The branch's own version, else what its base's Makefile says; false where neither is known. */
bool rq_cmd_branch_version(struct rq_version *out, const struct rq_branch *branch);

/* Whether somebody sits there who can be asked. */
bool rq_cmd_can_ask(void);
/* The line that is typed after what was printed, trimmed; NULL at the end of the input.  The caller frees. */
char *rq_cmd_read_answer(void);

/* $XDG_CACHE_HOME/requilt/@name; NULL without a home.  The caller frees. */
char *rq_cmd_cache_path(const char *name);
/*
 * Directory ci/@name of the queue repository; where it has none, the one that was installed beside the
 * program, if there is such a one.  The caller frees.
 */
char *rq_cmd_ci_path(const char *name);
/* $XDG_DATA_HOME/requilt/@name, for what cannot be made again; else the same. */
char *rq_cmd_data_path(const char *name);

/* A queue's or branch's name from the command line, for a path: RQ_EFORMAT where it is none. */
int rq_cmd_check_name(const char *what, const char *name, struct rq_err *err);

/* An entry's name from the command line or from a record: RQ_EUNSAFE where no series may have it. */
int rq_cmd_check_entry(const char *name, struct rq_err *err);

/* Whether a reader sits in front of stdout, maybe behind a pager. */
bool rq_cmd_terminal(void);
/* Whether to colour what goes to stdout: --color, else whether it is a terminal. */
bool rq_cmd_color(void);

/*
 * From here on stdout is kept for a pager, if it is a terminal and a pager is wanted; main.c shows it
 * when the command is done (pager.c).
 */
void rq_pager_begin(void);
bool rq_pager_waits(void);
/* Shows what was kept; does nothing when nothing was. */
void rq_pager_end(void);

/* -j, or one a processor. */
long rq_cmd_jobs(void);
/* Where to say that something takes a while; NULL with -q. */
FILE *rq_cmd_progress(void);
/* What a command hands to a port: where all is, and how much at once.  Owns its strings. */
struct rq_cmd_port {
	struct rq_port_options options; /* the caller may change them */
	char *repo, *cache, *notes;
	struct rq_bridges bridges;
};
/*
 * Loads the bridges of the queue repository, if there is one, and those that were installed with the
 * program; a set of the queue repository stands for an installed one of its name.
 */
int rq_cmd_bridges(struct rq_bridges *out, struct rq_err *err);
/* For the outputs below @out; fails where no kernel repository can be named. */
int rq_cmd_port_begin(struct rq_cmd_port *port, const char *out,
		      const struct rq_branches *branches, struct rq_err *err);
void rq_cmd_port_end(struct rq_cmd_port *port);
/* Whether @who is "A Name <address>" in one line. */
bool rq_cmd_is_person(const char *who);
/*
 * Who acts: @given (--who), else the user as git knows them; the caller frees.  RQ_EUSAGE, with
 * @ask ("accept: say who has read it") in front, where neither says it.
 */
int rq_cmd_who(char **out, const char *given, const char *ask, struct rq_err *err);
/* Loads @dir/series/branches.conf. */
int rq_cmd_branches(struct rq_branches *out, struct rq_err *err);
/* The same where there is one; without it @out has no path and no branch. */
int rq_cmd_branches_if_any(struct rq_branches *out, struct rq_err *err);
/* Loads a queue's series; where there is none of that name, says which one may be meant. */
int rq_cmd_series(struct rq_series *out, const char *queue,
		  const struct rq_branches *branches, struct rq_err *err);
/* The only queue; RQ_EUSAGE when there are several.  The caller frees. */
int rq_cmd_only_queue(char **out, struct rq_err *err);
/* The names of all queues in @dir/series, sorted. */
int rq_cmd_queues(struct rq_names *out, struct rq_err *err);

/*
 * The entry of @series that a person calls @name: by its path, its file name, or the start of one.
 * *out is borrowed from @series.  RQ_EFORMAT when it is none, or names those that it may be.
 */
int rq_cmd_entry(const char **out, const struct rq_series *series, const char *name,
		 struct rq_err *err);

/* A commit of the queue's repository (provenance.c). */
struct rq_queue_commit {
	char id[RQ_OID_HEX + 1];
	char date[16]; /* the committer's, in UTC: 2026-01-31 */
	bool changed; /* series, branches.conf, what was accepted or a patch is not as it has them */
};

/* The one that is checked out where @series is; false where git does not tell. */
bool rq_cmd_queue_commit(struct rq_queue_commit *out, const struct rq_series *series,
			 const struct rq_branches *branches);
/* The date of the commit @hex in that form; "" where @repo, which may be NULL, does not have it. */
void rq_cmd_commit_date(char *out, size_t size, struct rq_repo *repo, const char *hex);

/* How what port wrote for an entry differs from its source (interdiff.c); owns its text. */
enum rq_interdiff_kind {
	RQ_INTERDIFF_NONE,  /* nothing was written */
	RQ_INTERDIFF_RULE,  /* text: the patch that a rule became */
	RQ_INTERDIFF_SAME,  /* byte for byte */
	RQ_INTERDIFF_HUNKS, /* text: the hunks of a diff of the two patches */
};

struct rq_interdiff {
	enum rq_interdiff_kind kind;
	char *source, *emitted; /* paths; source is NULL for a rule */
	struct rq_str text;
};

/* @folder is the output of @branch, NULL for one that is gone; @entry must be one that the series has. */
int rq_cmd_interdiff(struct rq_interdiff *out, const char *folder, const char *queue,
		     const struct rq_branch *branch, const char *entry,
		     struct rq_err *err);
void rq_interdiff_release(struct rq_interdiff *change);
/* A text of the queue on stdout, as a diff for a terminal; a pipe gets every byte. */
void rq_cmd_put_text(const struct rq_str *text);

/*
 * Prints what the recorded @diff does, and how it differs from the patch file @source, which has names
 * of that @strip level (recorded.c).
 */
int rq_cmd_put_recorded(const char *source, int strip, const char *name,
			struct rq_slice diff, struct rq_err *err);

/* Prints the file of a CI run (cmd_ci.c); @system and errors as in rq_workflow_print(). */
int rq_cmd_workflow(const char *system, const char *queue, struct rq_err *err);

struct rq_dialect;
/* The dialect of that name, NULL for none; RQ_EUSAGE when there is no such one (cmd_lint.c). */
int rq_cmd_dialect(const struct rq_dialect **out, const char *name, struct rq_err *err);

int rq_cmd_accept(int argc, char **argv, struct rq_err *err);
int rq_cmd_apply(int argc, char **argv, struct rq_err *err);
int rq_cmd_audit(int argc, char **argv, struct rq_err *err);
int rq_cmd_ci(int argc, char **argv, struct rq_err *err);
int rq_cmd_completion(int argc, char **argv, struct rq_err *err);
int rq_cmd_bridge(int argc, char **argv, struct rq_err *err);
int rq_cmd_convert(int argc, char **argv, struct rq_err *err);
int rq_cmd_doctor(int argc, char **argv, struct rq_err *err);
int rq_cmd_drop(int argc, char **argv, struct rq_err *err);
int rq_cmd_edit(int argc, char **argv, struct rq_err *err);
int rq_cmd_export(int argc, char **argv, struct rq_err *err);
int rq_cmd_fixes(int argc, char **argv, struct rq_err *err);
int rq_cmd_gc(int argc, char **argv, struct rq_err *err);
int rq_cmd_import(int argc, char **argv, struct rq_err *err);
int rq_cmd_init(int argc, char **argv, struct rq_err *err);
int rq_cmd_lint(int argc, char **argv, struct rq_err *err);
int rq_cmd_matrix(int argc, char **argv, struct rq_err *err);
int rq_cmd_mv(int argc, char **argv, struct rq_err *err);
int rq_cmd_port(int argc, char **argv, struct rq_err *err);
int rq_cmd_queue_rename(int argc, char **argv, struct rq_err *err);
int rq_cmd_rebase(int argc, char **argv, struct rq_err *err);
int rq_cmd_refresh(int argc, char **argv, struct rq_err *err);
int rq_cmd_reorder(int argc, char **argv, struct rq_err *err);
int rq_cmd_report(int argc, char **argv, struct rq_err *err);
int rq_cmd_resolve(int argc, char **argv, struct rq_err *err);
int rq_cmd_review(int argc, char **argv, struct rq_err *err);
int rq_cmd_show(int argc, char **argv, struct rq_err *err);
int rq_cmd_status(int argc, char **argv, struct rq_err *err);
int rq_cmd_tree(int argc, char **argv, struct rq_err *err);
int rq_cmd_undo(int argc, char **argv, struct rq_err *err);
int rq_cmd_verify(int argc, char **argv, struct rq_err *err);

extern const struct rq_opt rq_cmd_accept_options[];
extern const struct rq_opt rq_cmd_apply_options[];
extern const struct rq_opt rq_cmd_ci_options[];
extern const struct rq_opt rq_cmd_audit_options[];
extern const struct rq_opt rq_cmd_completion_options[];
extern const struct rq_opt rq_cmd_bridge_options[];
extern const struct rq_opt rq_cmd_convert_options[];
extern const struct rq_opt rq_cmd_drop_options[];
extern const struct rq_opt rq_cmd_edit_options[];
extern const struct rq_opt rq_cmd_export_options[];
extern const struct rq_opt rq_cmd_fixes_options[];
extern const struct rq_opt rq_cmd_gc_options[];
extern const struct rq_opt rq_cmd_import_options[];
extern const struct rq_opt rq_cmd_init_options[];
extern const struct rq_opt rq_cmd_lint_options[];
extern const struct rq_opt rq_cmd_matrix_options[];
extern const struct rq_opt rq_cmd_mv_options[];
extern const struct rq_opt rq_cmd_port_options[];
extern const struct rq_opt rq_cmd_rebase_options[];
extern const struct rq_opt rq_cmd_refresh_options[];
extern const struct rq_opt rq_cmd_reorder_options[];
extern const struct rq_opt rq_cmd_report_options[];
extern const struct rq_opt rq_cmd_resolve_options[];
extern const struct rq_opt rq_cmd_review_options[];
extern const struct rq_opt rq_cmd_show_options[];
extern const struct rq_opt rq_cmd_status_options[];
extern const struct rq_opt rq_cmd_tree_options[];
extern const struct rq_opt rq_cmd_undo_options[];
extern const struct rq_opt rq_cmd_verify_options[];

#endif
