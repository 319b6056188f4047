// SPDX-License-Identifier: GPL-2.0-only
/*
 * Plans: written whole, then carried out, then removed.  Touches nothing but files below patches/, cocci/
 * and series/, and refs of ports.
 */
#include "queue/plan.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "resolve/place.h"
#include "util/file.h"
#include "util/path.h"

#define FOLDER RQ_PLACE "/change"
#define OUR_REFS "refs/heads/requilt/"

static const char *const words[] = { [RQ_STEP_PUT] = "put",
				     [RQ_STEP_MOVE] = "move",
				     [RQ_STEP_REMOVE] = "remove",
				     [RQ_STEP_REF] = "ref" };

const char *rq_step_word(enum rq_step_kind kind)
{
	return words[kind];
}

static struct rq_step *add_step(struct rq_plan *plan, enum rq_step_kind kind,
				const char *path)
{
	struct rq_step *step = rq_vec_push(&plan->steps);

	step->kind = kind;
	step->path = rq_xstrdup(path);
	return step;
}

void rq_plan_put(struct rq_plan *plan, const char *path, struct rq_str *bytes)
{
	struct rq_step *step = add_step(plan, RQ_STEP_PUT, path);

	rq_oid_of(&step->at, RQ_OBJ_BLOB, rq_str_slice(bytes).p, bytes->len);
	step->bytes = *bytes;
	*bytes = (struct rq_str){ 0 };
}

void rq_plan_move(struct rq_plan *plan, const char *from, const char *to)
{
	add_step(plan, RQ_STEP_MOVE, from)->to = rq_xstrdup(to);
}

void rq_plan_remove(struct rq_plan *plan, const char *path)
{
	add_step(plan, RQ_STEP_REMOVE, path);
}

void rq_plan_ref(struct rq_plan *plan, const char *ref, const struct rq_oid *at,
		 const char *to)
{
	struct rq_step *step = add_step(plan, RQ_STEP_REF, ref);

	step->at = *at;
	step->to = to ? rq_xstrdup(to) : NULL;
}

void rq_plan_say(struct rq_plan *plan, const char *fmt, ...)
{
	char *line;
	va_list ap;

	va_start(ap, fmt);
	line = rq_xvasprintf(fmt, ap);
	va_end(ap);
	*rq_vec_push(&plan->said.v) = line;
}

static void release_steps(struct rq_plan *plan)
{
	for (size_t i = 0; i < plan->steps.n; i++) {
		free(plan->steps.v[i].path);
		free(plan->steps.v[i].to);
		rq_str_release(&plan->steps.v[i].bytes);
	}
	rq_vec_release(&plan->steps);
}

void rq_plan_release(struct rq_plan *plan)
{
	release_steps(plan);
	rq_names_release(&plan->said);
}

/* --- what a step may touch --- */

/* No directory on the way may be a link. */
static int check_path(const char *root, const char *path, struct rq_err *err)
{
	static const char *const tops[] = { "patches/", "cocci/", "series/" };
	const char *unsafe = rq_path_unsafe(rq_slice_of(path));
	_cleanup_free_ char *parent = rq_path_parent(path);
	bool is_queues = false;

	for (size_t i = 0; i < ARRAY_SIZE(tops); i++)
		is_queues |= rq_slice_starts(rq_slice_of(path), tops[i]);
	if (unsafe || !is_queues)
		return rq_err_set(err, RQ_EUNSAFE, "path '%s' %s", path,
				  unsafe ? unsafe : "is no file of a queue");
	return rq_dir_check_below(root, parent, err);
}

static bool is_port_ref(const char *ref)
{
	return rq_slice_starts(rq_slice_of(ref), OUR_REFS) && rq_ref_valid(ref);
}

static int check_step(const struct rq_step *step, const char *root, struct rq_err *err)
{
	int rc;

	if (step->kind == RQ_STEP_REF) {
		if (is_port_ref(step->path) && (!step->to || is_port_ref(step->to)))
			return 0;
		return rq_err_set(err, RQ_EUNSAFE, "'%s' is no ref of a port",
				  step->path);
	}
	rc = check_path(root, step->path, err);
	if (!rc && step->kind == RQ_STEP_MOVE)
		rc = check_path(root, step->to, err);
	return rc;
}

static int check_refs(const struct rq_plan *plan, const char *repo_path,
		      struct rq_err *err)
{
	_cleanup_(rq_repo_closep) struct rq_repo *repo = NULL;
	static const struct rq_oid nowhere;
	int rc = 0;

	for (size_t i = 0; i < plan->steps.n && !rc; i++) {
		const struct rq_step *step = &plan->steps.v[i];

		if (step->kind != RQ_STEP_REF)
			continue;
		if (!repo)
			rc = rq_repo_open(&repo, repo_path, err);
		if (!rc)
			rc = rq_ref_check(repo, step->path, &step->at, err);
		if (!rc && step->to)
			rc = rq_ref_check(repo, step->to, &nowhere, err);
	}
	return rc;
}

/* --- carrying out --- */

static int sync_parent(const char *path, struct rq_err *err)
{
	_cleanup_free_ char *parent = rq_path_parent(path);

	return rq_file_is_dir(parent) ? rq_dir_sync(parent, err) : 0;
}

/* Renames what is there; @to's directory is made. */
static int rename_there(const char *from, const char *to, struct rq_err *err)
{
	_cleanup_free_ char *parent = rq_path_parent(to);
	int rc;

	if (!rq_file_exists(from))
		return 0;
	rc = rq_dir_make(parent, err);
	if (rc)
		return rc;
	if (rename(from, to) < 0)
		return rq_err_errno(err, "%s", to);
	rc = sync_parent(to, err);
	return rc ? rc : sync_parent(from, err);
}

/* Removes directories above it that are empty by now; those on top stay. */
static void tidy(const char *root, const char *path)
{
	_cleanup_free_ char *at = rq_path_parent(path);

	while (strchr(at, '/')) {
		_cleanup_free_ char *full = rq_path_join(root, at);

		if (rmdir(full) < 0)
			return;
		*strrchr(at, '/') = '\0';
	}
}

static int carry_out_ref(const struct rq_step *step, struct rq_repo *repo,
			 struct rq_err *err)
{
	static const struct rq_oid nowhere;
	struct rq_oid now;
	int rc = 0;

	if (step->to && rq_ref_read(repo, step->to, &now, err) == RQ_ENOTFOUND)
		rc = rq_ref_move(repo, step->to, &nowhere, &step->at, "requilt", err);
	return rc ? rc : rq_ref_remove(repo, step->path, &step->at, err);
}

static int carry_out(const struct rq_step *step, size_t number, const char *root,
		     struct rq_repo *repo, struct rq_err *err)
{
	_cleanup_free_ char *full = rq_path_join(root, step->path);
	_cleanup_free_ char *staged = rq_xasprintf("%s/" FOLDER "/%zu", root, number);
	_cleanup_free_ char *to = step->to ? rq_path_join(root, step->to) : NULL;
	int rc = 0;

	switch (step->kind) {
	case RQ_STEP_PUT:
		return rename_there(staged, full, err);
	case RQ_STEP_MOVE:
		rc = rename_there(full, to, err);
		break;
	case RQ_STEP_REMOVE:
		rc = rq_dir_remove(full, err);
		if (!rc)
			rc = sync_parent(full, err);
		break;
	case RQ_STEP_REF:
		return carry_out_ref(step, repo, err);
	}
	if (!rc)
		tidy(root, step->path);
	return rc;
}

static bool has_refs(const struct rq_plan *plan)
{
	for (size_t i = 0; i < plan->steps.n; i++)
		if (plan->steps.v[i].kind == RQ_STEP_REF)
			return true;
	return false;
}

static int carry_out_all(const struct rq_plan *plan, const char *root,
			 const char *repo_path, const char *witness, struct rq_err *err)
{
	_cleanup_free_ char *folder = rq_path_join(root, FOLDER);
	_cleanup_free_ char *list = rq_path_join(folder, "plan");
	_cleanup_(rq_repo_closep) struct rq_repo *repo = NULL;
	int rc = has_refs(plan) ? rq_repo_open(&repo, repo_path, err) : 0;

	for (size_t i = 0; i < plan->steps.n && !rc; i++)
		rc = carry_out(&plan->steps.v[i], i, root, repo, err);
	if (rc)
		return rq_err_prefix(err,
				     "%s is begun; mend this, and the next command "
				     "goes on with it: ",
				     list);
	if (unlink(list) < 0)
		return rq_err_errno(err, "%s", list);
	rc = rq_dir_remove(folder, err);
	if (!rc && unlink(witness) < 0 && errno != ENOENT)
		return rq_err_errno(err, "%s", witness);
	return rc;
}

/* --- writing and reading --- */

static void print_plan(struct rq_str *out, const struct rq_plan *plan)
{
	char hex[RQ_OID_HEX + 1];

	for (size_t i = 0; i < plan->steps.n; i++) {
		const struct rq_step *step = &plan->steps.v[i];

		rq_str_addf(out, "%s\t%s", words[step->kind], step->path);
		if (step->kind == RQ_STEP_REF || step->kind == RQ_STEP_PUT)
			rq_str_addf(out, "\t%s", rq_oid_hex(hex, &step->at));
		rq_str_addf(out, "%s%s\n", step->to ? "\t" : "",
			    step->to ? step->to : "");
	}
}

/* Takes the text up to the next tab or the end of the line. */
static char *take_field(struct rq_slice *line)
{
	const char *tab = memchr(line->p, '\t', line->n);
	size_t n = tab ? (size_t)(tab - line->p) : line->n;
	char *field = line->n ? rq_xstrndup(line->p, n) : NULL;

	n += tab != NULL;
	*line = (struct rq_slice){ line->p + n, line->n - n };
	return field;
}

static int read_step(struct rq_plan *plan, struct rq_slice line, struct rq_err *err)
{
	_cleanup_free_ char *word = take_field(&line), *path = take_field(&line);
	_cleanup_free_ char *hex = NULL;
	struct rq_step *step;
	size_t kind = 0;

	while (word && kind < ARRAY_SIZE(words) && strcmp(word, words[kind]) != 0)
		kind++;
	if (!word || !path || kind == ARRAY_SIZE(words))
		return RQ_EFORMAT;
	step = add_step(plan, (enum rq_step_kind)kind, path);
	if (kind == RQ_STEP_REF || kind == RQ_STEP_PUT) {
		hex = take_field(&line);
		if (!hex || rq_oid_parse(&step->at, hex, err))
			return RQ_EFORMAT;
	}
	step->to = take_field(&line);
	return kind == RQ_STEP_MOVE && !step->to ? RQ_EFORMAT : 0;
}

/* The id of a plan, as its witness has it. */
static void print_id(struct rq_str *out, struct rq_slice plan)
{
	char hex[RQ_OID_HEX + 1];
	struct rq_oid oid;

	rq_oid_of(&oid, RQ_OBJ_BLOB, plan.p, plan.n);
	rq_str_addf(out, "%s\n", rq_oid_hex(hex, &oid));
}

static bool is_witnessed(struct rq_slice plan, const char *witness)
{
	_cleanup_(rq_str_release) struct rq_str is = { 0 }, was = { 0 };
	struct rq_err ignored;

	print_id(&is, plan);
	return rq_file_read(&was, witness, &ignored) == 0 &&
	       rq_slice_eq(rq_str_slice(&is), rq_str_slice(&was));
}

/* New bytes that are still to be put in their place are those that were planned. */
static bool are_staged(const struct rq_plan *plan, const char *root)
{
	for (size_t i = 0; i < plan->steps.n; i++) {
		const struct rq_step *step = &plan->steps.v[i];
		_cleanup_free_ char *below = rq_xasprintf(FOLDER "/%zu", i);
		_cleanup_(rq_str_release) struct rq_str bytes = { 0 };
		struct rq_err ignored;
		struct rq_oid oid;
		int rc;

		if (step->kind != RQ_STEP_PUT)
			continue;
		rc = rq_file_read_below(&bytes, root, below, &ignored);
		if (rc == RQ_ENOTFOUND)
			continue;
		rq_oid_of(&oid, RQ_OBJ_BLOB, rq_str_slice(&bytes).p, bytes.len);
		if (rc || !rq_oid_eq(&oid, &step->at))
			return false;
	}
	return true;
}

/* What somebody else may have put there is checked as what we plan. */
static int read_plan(struct rq_plan *plan, const char *root, const char *witness,
		     struct rq_err *err)
{
	_cleanup_free_ char *list = rq_path_join(root, FOLDER "/plan");
	_cleanup_(rq_str_release) struct rq_str text = { 0 };
	struct rq_slice rest, line;
	int rc = rq_file_read_below(&text, root, FOLDER "/plan", err);

	rest = rq_str_slice(&text);
	if (!rc && !is_witnessed(rest, witness))
		return rq_err_set(err, RQ_EUNSAFE,
				  "%s: a change that you did not begin here; look at it, "
				  "and remove %s/" FOLDER,
				  list, root);
	for (long n = 1; !rc && rq_slice_next_line(&rest, &line); n++) {
		rc = read_step(plan, rq_slice_chomp(line), err);
		if (!rc)
			rc = check_step(&plan->steps.v[plan->steps.n - 1], root, err);
		if (rc)
			return rq_err_set(
				err, RQ_EFORMAT,
				"%s:%ld: not what requilt wrote; remove %s/" FOLDER, list,
				n, root);
	}
	if (!rc && !are_staged(plan, root))
		return rq_err_set(err, RQ_EUNSAFE,
				  "%s: its files were changed since; remove %s/" FOLDER,
				  list, root);
	return rc;
}

static int write_witness(const char *witness, struct rq_slice plan, struct rq_err *err)
{
	_cleanup_(rq_str_release) struct rq_str text = { 0 };
	_cleanup_free_ char *parent = rq_path_parent(witness);
	int rc = rq_dir_make(parent, err);

	print_id(&text, plan);
	return rc ? rc : rq_file_write(witness, rq_str_slice(&text), err);
}

static int write_plan(const struct rq_plan *plan, const char *fresh, const char *witness,
		      struct rq_err *err)
{
	_cleanup_(rq_str_release) struct rq_str text = { 0 };
	_cleanup_free_ char *list = rq_path_join(fresh, "plan");
	int rc = 0;

	for (size_t i = 0; i < plan->steps.n && !rc; i++) {
		_cleanup_free_ char *path = rq_xasprintf("%s/%zu", fresh, i);

		if (plan->steps.v[i].kind == RQ_STEP_PUT)
			rc = rq_file_write(path, rq_str_slice(&plan->steps.v[i].bytes),
					   err);
	}
	print_plan(&text, plan);
	if (!rc)
		rc = write_witness(witness, rq_str_slice(&text), err);
	return rc ? rc : rq_file_write(list, rq_str_slice(&text), err);
}

static int stage(const struct rq_plan *plan, const char *root, const char *witness,
		 struct rq_err *err)
{
	_cleanup_free_ char *folder = rq_path_join(root, FOLDER);
	_cleanup_free_ char *fresh = rq_path_join(root, FOLDER ".new");
	struct rq_err ignored;
	int rc = rq_dir_remove(fresh, err);

	if (!rc)
		rc = rq_dir_remove(folder, err);
	if (!rc)
		rc = rq_dir_make_below(root, FOLDER ".new", err);
	if (!rc)
		rc = rq_place_hide(root, err);
	if (!rc)
		rc = write_plan(plan, fresh, witness, err);
	if (!rc)
		rc = rq_dir_sync(fresh, err);
	if (!rc)
		rc = rq_dir_exchange(fresh, folder, err);
	if (rc)
		rq_dir_remove(fresh, &ignored);
	return rc;
}

int rq_plan_run(struct rq_plan *plan, const char *root, const char *repo_path,
		const char *witness, struct rq_err *err)
{
	int rc = rq_dir_check_below(root, FOLDER, err);

	for (size_t i = 0; i < plan->steps.n && !rc; i++)
		rc = check_step(&plan->steps.v[i], root, err);
	if (!rc)
		rc = check_refs(plan, repo_path, err);
	if (!rc && plan->steps.n)
		rc = stage(plan, root, witness, err);
	return rc || !plan->steps.n ? rc
				    : carry_out_all(plan, root, repo_path, witness, err);
}

bool rq_plan_waits(const char *root)
{
	_cleanup_free_ char *folder = rq_path_join(root, FOLDER);

	return rq_file_exists(folder);
}

int rq_plan_finish(bool *done, const char *root, const char *repo_path,
		   const char *witness, struct rq_err *err)
{
	_cleanup_free_ char *list = rq_path_join(root, FOLDER "/plan");
	_cleanup_free_ char *folder = rq_path_join(root, FOLDER);
	struct rq_plan plan = { 0 };
	int rc = rq_dir_check_below(root, FOLDER, err);

	*done = rq_file_exists(list);
	if (!rc && !*done)
		return rq_dir_remove(folder, err);
	if (!rc)
		rc = read_plan(&plan, root, witness, err);
	if (!rc)
		rc = carry_out_all(&plan, root, repo_path, witness, err);
	rq_plan_release(&plan);
	return rc;
}
