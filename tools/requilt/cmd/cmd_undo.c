// SPDX-License-Identifier: GPL-2.0-only
/*
 * requilt undo: takes back the last accept or resolve.  And what main.c and review call so that there is
 * something to take back.
 */
#include "cmd/change.h"
#include "cmd/json.h"
#include "queue/undo.h"

static bool dry;

const struct rq_opt rq_cmd_undo_options[] = {
	{ "dry-run", 'n', RQ_OPT_FLAG, NULL,
	  "change nothing; say what would be taken back", &dry },
	{ 0 },
};

/* The records before the command that runs. */
static struct rq_records before;
static struct rq_str words; /* of the command; none: it writes no records */

static bool writes_records(const struct rq_command *command)
{
	return command->run == rq_cmd_accept || command->run == rq_cmd_review ||
	       command->run == rq_cmd_resolve;
}

void rq_cmd_records_begin(const struct rq_command *command, int argc, char **argv)
{
	if (!writes_records(command))
		return;
	rq_records_read(&before, rq_globals.dir);
	rq_str_adds(&words, command->name);
	for (int i = 0; i < argc; i++)
		rq_str_addf(&words, " %s", argv[i]);
	for (size_t i = 0; i < words.len; i++)
		if (words.s[i] == '\n' || words.s[i] == '\r')
			words.s[i] = ' ';
}

int rq_cmd_records_step(struct rq_err *err)
{
	int rc;

	if (!words.len)
		return 0;
	rc = rq_undo_keep(&before, rq_globals.dir, words.s, err);
	rq_records_release(&before);
	rq_records_read(&before, rq_globals.dir);
	return rc;
}

void rq_cmd_records_end(void)
{
	struct rq_err err = { 0 };

	/* What was recorded is, whether or not it can be taken back. */
	if (rq_cmd_records_step(&err))
		rq_print_clean(stderr,
			       "requilt: 'requilt undo' will not know of it: %s\n",
			       err.msg);
	rq_records_release(&before);
	rq_str_release(&words);
}

int rq_cmd_undo(int argc, char **argv, struct rq_err *err)
{
	_cleanup_(rq_cmd_change_release) struct rq_cmd_change change = { 0 };
	_cleanup_free_ char *what = NULL;
	int rc;

	(void)argv;
	if (argc)
		return rq_err_set(err, RQ_EUSAGE,
				  "undo: takes no words: it is the last step that goes");
	rc = rq_cmd_change_begin(&change, err);
	if (!rc)
		rc = rq_plan_undo(&change.plan, &what, rq_globals.dir, err);
	if (rc)
		return rc;
	rq_cmd_did("undo", "command", what, NULL);
	if ((dry && !rq_globals.json) || !rq_globals.quiet)
		rq_print_clean(stdout, "%s: %s\n",
			       dry ? "would be taken back" : "taken back", what);
	rc = rq_cmd_change_run(&change, dry, err);
	return rc || dry ? rc : rq_undo_forget(rq_globals.dir, err);
}
