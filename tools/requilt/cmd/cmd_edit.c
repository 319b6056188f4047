// SPDX-License-Identifier: GPL-2.0-only
/*
 * requilt edit: an entry's files as they are on a branch, for an editor; what becomes of them is the patch
 * of the queue, or the branch's own.
 */
#include "cmd/change.h"
#include "cmd/json.h"

#include <stdlib.h>
#include <unistd.h>

#include "queue/edit.h"
#include "resolve/byhand.h"
#include "util/file.h"
#include "util/path.h"

static bool go_on, abort_it, to_source, to_variant, unconfined;
static const char *add_path;

const struct rq_opt rq_cmd_edit_options[] = {
	{ "continue", 0, RQ_OPT_FLAG, NULL, "make the patch of what the files are now",
	  &go_on },
	{ "abort", 0, RQ_OPT_FLAG, NULL, "leave all as it was", &abort_it },
	{ "add", 0, RQ_OPT_STRING, "FILE", "bring another file of the branch in",
	  &add_path },
	{ "source", 0, RQ_OPT_FLAG, NULL,
	  "with --continue: change the patch that the branch reads, for all",
	  &to_source },
	{ "variant", 0, RQ_OPT_FLAG, NULL,
	  "with --continue: write a patch of the branch's own", &to_variant },
	{ "unconfined-rules", 0, RQ_OPT_FLAG, NULL,
	  "let semantic patches do what you may, where they cannot be confined",
	  &unconfined },
	{ 0 },
};

struct editing {
	const char *queue, *branch;
	struct rq_cmd_change change; /* locked, for the branches and the plan */
	struct rq_series series;
	struct rq_byhand work;
	struct rq_edit edit;
	struct rq_cmd_port port;
};

static void release(struct editing *e)
{
	rq_edit_release(&e->edit);
	rq_byhand_release(&e->work);
	rq_series_release(&e->series);
	rq_cmd_port_end(&e->port);
	rq_cmd_change_release(&e->change);
}

static int load(struct editing *e, struct rq_err *err)
{
	const struct rq_branch *branch;
	int rc = rq_cmd_check_name("queue", e->queue, err);

	if (!rc)
		rc = rq_cmd_change_begin(&e->change, err);
	if (!rc)
		rc = rq_branches_need(&branch, &e->change.branches, e->branch, err);
	if (!rc)
		rc = rq_byhand_load_edit(&e->work, rq_globals.dir, e->queue, e->branch,
					 err);
	/* What cannot be read can still be dropped. */
	if (rc == RQ_EFORMAT && abort_it && e->work.state)
		return 0;
	if (!rc && !abort_it)
		rc = rq_cmd_series(&e->series, e->queue, &e->change.branches, err);
	if (!rc)
		rc = rq_cmd_port_begin(&e->port, rq_globals.dir, &e->change.branches,
				       err);
	e->port.options.notes = NULL;
	e->port.options.unconfined = unconfined;
	return rc;
}

static int look(struct editing *e, const char *entry, struct rq_err *err)
{
	return rq_queue_edit(&e->edit, &e->series, e->branch, entry, &e->work.files,
			     &e->port.options, err);
}

/* --- opening --- */

static int start_git(const struct editing *e, struct rq_err *err)
{
	size_t n = e->edit.files.n;
	_cleanup_free_ struct rq_small_file *files = rq_xcalloc(n, sizeof(*files));
	_cleanup_free_ char *message =
		rq_xasprintf("%s before %s\n", e->branch, e->edit.entry->path);
	_cleanup_free_ char *git = rq_path_join(e->work.folder, ".git");
	int rc;

	for (size_t i = 0; i < n; i++) {
		const struct rq_edit_file *file = &e->edit.files.v[i];

		files[i] = (struct rq_small_file){ file->path, file->before_mode,
						   rq_str_slice(&file->before) };
	}
	rc = rq_dir_remove(git, err);
	return rc ? rc : rq_git_small(e->work.folder, message, files, n, err);
}

/* What the state holds so that a change of the queue is noticed. */
static int save(struct editing *e, struct rq_err *err)
{
	struct rq_slice bytes = rq_str_slice(&e->edit.bytes);

	e->work.base_tree = e->edit.before;
	rq_oid_of(&e->work.change, RQ_OBJ_BLOB, bytes.p, bytes.n);
	return rq_byhand_save(&e->work, err);
}

static void tell_open(const struct editing *e)
{
	rq_cmd_did("open", "queue", e->queue, "branch", e->branch, "entry",
		   e->edit.entry->path, "directory", e->work.folder, NULL);
	for (size_t i = 0; i < e->edit.files.n; i++)
		rq_cmd_did("file", "path", e->edit.files.v[i].path, NULL);
	if (rq_globals.quiet)
		return;
	rq_print_clean(stdout, "%s on %s\n\n  %s/\n", e->edit.entry->path, e->branch,
		       e->work.folder);
	for (size_t i = 0; i < e->edit.files.n; i++)
		rq_print_clean(stdout, "    %s%s\n", e->edit.files.v[i].path,
			       e->edit.files.v[i].after_mode == RQ_MODE_NONE ? " (gone)"
									     : "");
	rq_print_clean(stdout,
		       "\nEdit them ('git diff' there shows the patch), then one of\n"
		       "  requilt edit %s %s --continue\n"
		       "  requilt edit %s %s --abort       leaves all as it was\n",
		       e->queue, e->branch, e->queue, e->branch);
}

static int open_entry(struct editing *e, const char *name, struct rq_err *err)
{
	const char *entry;
	int rc;

	if (e->work.entry)
		return rq_err_set(err, RQ_EQUEUE,
				  "%s is open in %s; --continue or --abort",
				  e->work.entry, e->work.folder);
	rc = rq_cmd_entry(&entry, &e->series, name, err);
	/* What a run left that was killed. */
	if (!rc)
		rc = rq_dir_remove(e->work.folder, err);
	if (!rc)
		rc = look(e, entry, err);
	if (!rc)
		rc = rq_dir_make(e->work.folder, err);
	for (size_t i = 0; i < e->edit.files.n && !rc; i++) {
		const struct rq_edit_file *file = &e->edit.files.v[i];

		rq_byhand_allow(&e->work, rq_str_slice(&file->before));
		rq_byhand_allow(&e->work, rq_str_slice(&file->after));
		rc = rq_byhand_put(&e->work, file->path, file->after_mode,
				   rq_str_slice(&file->after), err);
	}
	if (!rc)
		rc = start_git(e, err);
	e->work.entry = rq_xstrdup(entry ? entry : "");
	if (!rc)
		rc = save(e, err);
	if (!rc)
		tell_open(e);
	return rc;
}

static int need_work(const struct editing *e, struct rq_err *err)
{
	if (e->work.entry)
		return 0;
	return rq_err_set(err, RQ_EUSAGE,
			  "edit: nothing is open on %s; 'requilt edit %s %s ENTRY' opens "
			  "an entry",
			  e->branch, e->queue, e->branch);
}

static int add_file(struct editing *e, struct rq_err *err)
{
	const char *unsafe = rq_path_unsafe(rq_slice_of(add_path));
	int rc;

	if (unsafe)
		return rq_err_set(err, RQ_EUNSAFE, "--add: the path '%s' %s", add_path,
				  unsafe);
	if (rq_names_have(&e->work.files, rq_slice_of(add_path)))
		return rq_err_set(err, RQ_EUSAGE, "--add: %s is there", add_path);
	rq_names_add(&e->work.files, rq_slice_of(add_path));
	rc = look(e, e->work.entry, err);
	for (size_t i = 0; i < e->edit.files.n && !rc; i++) {
		const struct rq_edit_file *file = &e->edit.files.v[i];

		if (strcmp(file->path, add_path) != 0)
			continue;
		rq_byhand_allow(&e->work, rq_str_slice(&file->before));
		if (file->before_mode != RQ_MODE_NONE)
			rc = rq_byhand_put(&e->work, add_path, file->before_mode,
					   rq_str_slice(&file->before), err);
	}
	if (!rc)
		rc = start_git(e, err);
	return rc ? rc : save(e, err);
}

/* --- what was made of it --- */

static int read_files(struct rq_edited *now, struct rq_str *bytes,
		      const struct editing *e, struct rq_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < e->edit.files.n && !rc; i++) {
		now[i].path = e->edit.files.v[i].path;
		rc = rq_byhand_get(&e->work, now[i].path, &now[i].mode, &bytes[i], err);
		now[i].bytes = rq_str_slice(&bytes[i]);
	}
	return rc;
}

static int make_patch(struct rq_str *out, const struct editing *e, struct rq_err *err)
{
	size_t n = e->edit.files.n;
	_cleanup_free_ struct rq_edited *now = rq_xcalloc(n, sizeof(*now));
	_cleanup_free_ struct rq_str *bytes = rq_xcalloc(n, sizeof(*bytes));
	int rc = read_files(now, bytes, e, err);

	if (!rc)
		rc = rq_edit_patch(out, &e->edit, now, err);
	for (size_t i = 0; i < n; i++)
		rq_str_release(&bytes[i]);
	return rc;
}

/* 's', 'v', or 0. */
static char ask(const struct editing *e)
{
	_cleanup_free_ char *answer = NULL;

	rq_print_clean(stdout,
		       "%s: change the [s]ource patch, for all branches, or write a "
		       "[v]ariant for %s alone? ",
		       e->edit.entry->path, e->branch);
	answer = rq_cmd_read_answer();
	return answer && *answer && strchr("sv", *answer) ? *answer : 0;
}

/* Whether the source patch is meant; where only one of the two can be, that. */
static int choose(bool *source, const struct editing *e, struct rq_err *err)
{
	char key;

	if (to_source && e->edit.own)
		return rq_err_set(err, RQ_EQUEUE,
				  "--source: %s has a patch of its own, %s; --variant "
				  "changes that",
				  e->branch, e->edit.path);
	if (to_source && e->edit.followed)
		return rq_err_set(err, RQ_EQUEUE,
				  "--source: %s is %s on %s, so the patch there is not "
				  "for all branches; --variant",
				  e->edit.followed, e->edit.followed_to, e->branch);
	if (to_source && !e->edit.plain)
		return rq_err_set(err, RQ_EQUEUE,
				  "--source: %s does not fit on %s as it is, so its text "
				  "there is not for all branches; --variant",
				  e->edit.path, e->branch);
	*source = to_source;
	if (to_source || to_variant || e->edit.own || !e->edit.plain)
		return 0;
	key = rq_cmd_can_ask() ? ask(e) : 0;
	*source = key == 's';
	return key ? 0
		   : rq_err_set(err, RQ_EUSAGE,
				"edit: say --source, to change %s for all branches, or "
				"--variant, for %s alone",
				e->edit.path, e->branch);
}

/* Below the queue repository; the caller frees. */
static char *target_of(const struct editing *e, bool source)
{
	const char *entry = e->edit.entry->path, *base = rq_path_base(entry);

	if (source || e->edit.own)
		return rq_xstrdup(e->edit.path + strlen(rq_globals.dir) + 1);
	return rq_xasprintf("patches/%.*s%s/%s", (int)(base - entry), entry, e->branch,
			    base);
}

static int refuse_changed(const struct editing *e, struct rq_err *err)
{
	return rq_err_set(err, RQ_EQUEUE,
			  "the queue or its base changed since %s was opened; keep what "
			  "you need of %s, then --abort",
			  e->work.entry, e->work.folder);
}

/* Prints what became of the entry and those after it; how many are red. */
static size_t tell_entries(const struct rq_branch_record *branch, size_t from)
{
	size_t red = 0;

	if (branch->failure) {
		rq_cmd_did("try", "branch", branch->branch, "colour", "red", "message",
			   branch->failure, NULL);
		if (!rq_globals.json)
			rq_print_clean(stdout, "%s: %s\n", branch->branch,
				       branch->failure);
		return 1;
	}
	for (size_t i = from; i < branch->entries.n; i++) {
		const struct rq_entry_record *entry = &branch->entries.v[i];
		enum rq_colour colour = rq_entry_colour(entry);

		red += colour == RQ_RED;
		rq_cmd_did("try", "branch", branch->branch, "entry", entry->patch,
			   "outcome", rq_outcome_word(entry->outcome), "colour",
			   rq_colour_word(colour), "message", entry->message, NULL);
		if (rq_globals.json)
			continue;
		if (colour == RQ_RED || (colour == RQ_YELLOW && !entry->reviewed))
			rq_print_clean(stdout, "%s on %s: %s%s%s\n", entry->patch,
				       branch->branch, rq_outcome_word(entry->outcome),
				       entry->message ? ": " : "",
				       entry->message ? entry->message : "");
	}
	return red;
}

/* Ports in memory: how the entry and those after it fit now. */
static int try_rest(struct editing *e, size_t from, bool all, struct rq_err *err)
{
	char *names[] = { (char *)e->branch };
	_cleanup_(rq_series_release) struct rq_series series = { 0 };
	struct rq_record record = { 0 };
	size_t red = 0;
	int rc = rq_cmd_series(&series, e->queue, &e->change.branches, err);

	e->port.options.dry = true;
	if (!rc)
		rc = rq_port(&record, &series, names, all ? 0 : 1, &e->port.options, err);
	for (size_t i = 0; i < record.branches.n && !rc; i++)
		red += tell_entries(&record.branches.v[i], from);
	rq_record_release(&record);
	if (!rc && red)
		rc = rq_err_set(err, RQ_EQUEUE,
				"%s: the patch is written; %zu entr%s red from it on",
				e->queue, red, red == 1 ? "y is" : "ies are");
	else if (!rc && !rq_globals.quiet)
		printf("'requilt port %s' brings the branches up to date\n", e->queue);
	return rc;
}

/* Writes @text to @path, unless a killed run did. */
static int write_patch(struct editing *e, const char *path, struct rq_str *text,
		       struct rq_err *err)
{
	struct rq_slice bytes = rq_str_slice(&e->edit.bytes);
	struct rq_oid now;

	rq_oid_of(&now, RQ_OBJ_BLOB, bytes.p, bytes.n);
	if (rq_slice_eq(bytes, rq_str_slice(text)) && !rq_oid_eq(&now, &e->work.change))
		return 0;
	if (!rq_oid_eq(&now, &e->work.change))
		return refuse_changed(e, err);
	rq_plan_say(&e->change.plan, "%s: written", path);
	rq_plan_put(&e->change.plan, path, text);
	return rq_cmd_change_run(&e->change, false, err);
}

static int finish(struct editing *e, struct rq_err *err)
{
	_cleanup_(rq_str_release) struct rq_str text = { 0 };
	_cleanup_free_ char *path = NULL;
	bool source;
	int rc = rq_byhand_check(&e->work, err);

	if (!rc)
		rc = look(e, e->work.entry, err);
	if (!rc && !rq_oid_eq(&e->edit.before, &e->work.base_tree))
		rc = refuse_changed(e, err);
	if (!rc)
		rc = make_patch(&text, e, err);
	if (!rc)
		rc = choose(&source, e, err);
	if (rc)
		return rc;
	path = target_of(e, source);
	rc = write_patch(e, path, &text, err);
	if (!rc)
		rc = rq_byhand_drop(&e->work, err);
	return rc ? rc
		  : try_rest(e, (size_t)(e->edit.entry - e->series.entries.v), source,
			     err);
}

static int run(struct editing *e, int argc, char **argv, struct rq_err *err)
{
	int rc = 0;

	if (abort_it && (rq_file_exists(e->work.state) || rq_file_is_dir(e->work.folder)))
		return rq_byhand_drop(&e->work, err);
	if (go_on || abort_it || add_path)
		rc = need_work(e, err);
	if (rc)
		return rc;
	if (add_path)
		return add_file(e, err);
	if (go_on)
		return finish(e, err);
	return argc == 3
		       ? open_entry(e, argv[2], err)
		       : rq_err_set(err, RQ_EUSAGE, "edit: name an entry, or --continue");
}

int rq_cmd_edit(int argc, char **argv, struct rq_err *err)
{
	_cleanup_(release) struct editing e = { 0 };
	int rc;

	if (argc < 2 || argc > 3)
		return rq_err_set(err, RQ_EUSAGE, "edit: name queue, branch and entry");
	if (go_on + abort_it + (add_path != NULL) > 1)
		return rq_err_set(err, RQ_EUSAGE,
				  "edit: one of --continue, --abort, --add");
	if ((to_source || to_variant) && (!go_on || (to_source && to_variant)))
		return rq_err_set(err, RQ_EUSAGE,
				  "edit: --continue takes one of --source and --variant");
	e.queue = argv[0];
	e.branch = argv[1];
	rc = load(&e, err);
	return rc ? rc : run(&e, argc, argv, err);
}
