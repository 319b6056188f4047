// SPDX-License-Identifier: GPL-2.0-only
/*
 * git's mergetool on files with merge markers.  The markers say what the three sides are; a repository
 * made for the run has them as an index with stages.  Knows no tool itself.
 */
#include "cmd/mergetool.h"

#include <stdlib.h>

#include "cmd/cmd.h"
#include "proc/proc.h"
#include "util/file.h"

/* The stages of git's index. */
enum side { BASE, OURS, THEIRS, SIDES };

struct run {
	const struct rq_byhand *work;
	char *dir;	     /* of the repository */
	rq_vec(char *) env;  /* ended by NULL */
	struct rq_str index; /* what update-index reads */
	size_t files;
};

static void release(struct run *run)
{
	for (size_t i = 0; i < run->env.n; i++)
		free(run->env.v[i]);
	rq_vec_release(&run->env);
	rq_str_release(&run->index);
	free(run->dir);
}

/* @out NULL: what it prints is for the user, and it may ask him. */
static int git(const struct run *run, const char *const *words, struct rq_slice input,
	       struct rq_str *out, struct rq_err *err)
{
	const char *argv[16] = { "git", "-c", "safe.bareRepository=explicit", "-c",
				 "mergetool.keepBackup=false" };
	struct rq_str errors = { 0 };
	size_t n = 5;
	int status, rc;

	for (size_t i = 0; words[i] && n + 1 < ARRAY_SIZE(argv); i++)
		argv[n++] = words[i];
	rc = rq_proc_run(&(struct rq_proc){ .argv = argv,
					    .env = (const char *const *)run->env.v,
					    .dir = run->work->folder,
					    .input = input,
					    .out = out,
					    .errors = out ? &errors : NULL,
					    .asks = !out,
					    .terminal = true },
			 &status, err);
	if (!rc && status && out)
		rc = rq_err_set(err, RQ_ETOOL, "git %s: exit status %d%s%s", words[0],
				status, errors.len ? ": " : "", rq_str_slice(&errors).p);
	rq_str_release(&errors);
	return rc;
}

/* --- the three sides --- */

/* How many conflicts there are. */
static size_t split_sides(struct rq_str sides[SIDES], const struct rq_byhand *work,
			  struct rq_slice text)
{
	static const struct {
		const char *mark;
		int side; /* of the lines after it; SIDES: of all */
	} marks[] = {
		{ "<<<<<<< ", OURS },
		{ "||||||| ", BASE },
		{ "=======\n", THEIRS },
		{ ">>>>>>> ", SIDES },
	};
	int now = SIDES;
	struct rq_slice line;
	size_t found = 0;

	while (rq_slice_next_line(&text, &line)) {
		size_t m = now == SIDES ? 0 : 1;
		size_t end = now == SIDES ? 1 : ARRAY_SIZE(marks);

		while (m < end && !rq_slice_starts(line, marks[m].mark))
			m++;
		if (m < end && !rq_names_have(&work->markers, rq_slice_trim(line))) {
			now = marks[m].side;
			found += now == OURS;
			continue;
		}
		for (int i = 0; i < SIDES; i++)
			if (now == SIDES || now == i)
				rq_str_add_slice(&sides[i], line);
	}
	return found;
}

static int add_stage(struct run *run, const char *path, enum rq_mode mode, int stage,
		     struct rq_slice text, struct rq_err *err)
{
	const char *const words[] = { "hash-object", "-w", "--stdin", "--no-filters",
				      NULL };
	_cleanup_(rq_str_release) struct rq_str id = { 0 };
	int rc = git(run, words, text, &id, err);

	if (rc)
		return rc;
	rq_str_addf(&run->index, "%06o %.*s %d\t%s", mode,
		    RQ_SLICE_ARG(rq_slice_trim(rq_str_slice(&id))), stage, path);
	rq_str_add(&run->index, "", 1);
	return 0;
}

static int add_file(struct run *run, const char *path, struct rq_err *err)
{
	struct rq_str text = { 0 }, sides[SIDES] = { 0 };
	enum rq_mode mode;
	int rc = rq_byhand_get(run->work, path, &mode, &text, err);
	bool marked = !rc && split_sides(sides, run->work, rq_str_slice(&text));

	run->files += marked;
	for (int i = 0; i < SIDES && marked && !rc; i++)
		rc = add_stage(run, path, mode, i + 1, rq_str_slice(&sides[i]), err);
	for (int i = 0; i < SIDES; i++)
		rq_str_release(&sides[i]);
	rq_str_release(&text);
	return rc;
}

/* --- the repository --- */

/*
 * What git calls local to a repository, less the configuration of the command line: a hook of another
 * repository sets some of them.
 */
static void leave_others(struct run *run)
{
	static const char *const names[] = {
		"GIT_ALTERNATE_OBJECT_DIRECTORIES",
		"GIT_COMMON_DIR",
		"GIT_CONFIG",
		"GIT_GRAFT_FILE",
		"GIT_IMPLICIT_WORK_TREE",
		"GIT_INTERNAL_SUPER_PREFIX",
		"GIT_NAMESPACE",
		"GIT_NO_REPLACE_OBJECTS",
		"GIT_PREFIX",
		"GIT_QUARANTINE_PATH",
		"GIT_REPLACE_REF_BASE",
		"GIT_SHALLOW_FILE",
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		*rq_vec_push(&run->env) = rq_xstrdup(names[i]);
}

/*
 * The tools are those of the user's own configuration: that of the queue's repository is a file that
 * somebody else may have packed, and it names programs.
 */
static int make_repository(struct run *run, struct rq_err *err)
{
	const char *const words[] = { "init", "-q", NULL };
	struct rq_str out = { 0 };
	int rc = rq_dir_remove(run->dir, err);

	leave_others(run);
	*rq_vec_push(&run->env) = rq_xasprintf("GIT_DIR=%s", run->dir);
	*rq_vec_push(&run->env) = rq_xasprintf("GIT_INDEX_FILE=%s/index", run->dir);
	*rq_vec_push(&run->env) =
		rq_xasprintf("GIT_OBJECT_DIRECTORY=%s/objects", run->dir);
	*rq_vec_push(&run->env) = rq_xasprintf("GIT_WORK_TREE=%s", run->work->folder);
	*rq_vec_push(&run->env) = NULL;
	if (!rc)
		rc = git(run, words, RQ_SLICE(""), &out, err);
	rq_str_release(&out);
	return rc;
}

static int call_tool(struct run *run, const char *tool, struct rq_err *err)
{
	const char *const update[] = { "update-index", "-z", "--index-info", NULL };
	_cleanup_free_ char *option = rq_xasprintf("--tool=%s", tool);
	const char *const words[] = { "mergetool", "--no-prompt", *tool ? option : NULL,
				      NULL };
	struct rq_str out = { 0 };
	int rc = git(run, update, rq_str_slice(&run->index), &out, err);

	rq_str_release(&out);
	return rc ? rc : git(run, words, RQ_SLICE(""), NULL, err);
}

int rq_cmd_mergetool(const struct rq_byhand *work, const char *tool, struct rq_err *err)
{
	_cleanup_(release) struct run run = { .work = work };
	_cleanup_free_ char *folder = realpath(work->folder, NULL);
	struct rq_byhand there = *work;
	struct rq_err ignored;
	int rc;

	if (!folder)
		return rq_err_errno(err, "%s", work->folder);
	there.folder = folder;
	run.work = &there;
	run.dir = rq_xasprintf("%s.tool", folder);
	rc = make_repository(&run, err);
	for (size_t i = 0; i < work->files.v.n && !rc; i++)
		rc = add_file(&run, work->files.v.v[i], err);
	if (!rc && run.files)
		rc = call_tool(&run, tool, err);
	rq_dir_remove(run.dir, &ignored);
	return rc;
}
