// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every command, one row each: the help, the manual's test and main.c all read this table.
 */
#include "cmd/cmd.h"

const struct rq_command rq_commands[] = {
	{ "tree", "add BRANCH SOURCE | list",
	  "kernel trees: import one as a base, list them", rq_cmd_tree_options,
	  rq_cmd_tree },
	{ "import", "QUEUE SOURCE...",
	  "mails, commits, quilt folders or queues become entries of a queue",
	  rq_cmd_import_options, rq_cmd_import },
	{ "port", "[QUEUE] [BRANCH...]",
	  "port a queue to its branches and print the matrix", rq_cmd_port_options,
	  rq_cmd_port },
	{ "apply", "--onto TREEISH PATCH...",
	  "apply patches one after another, no queue, no ref moved", rq_cmd_apply_options,
	  rq_cmd_apply },
	{ "show", "QUEUE BRANCH [ENTRY]", "what became of a queue's entries on a branch",
	  rq_cmd_show_options, rq_cmd_show },
	{ "status", "[QUEUE...]", "what is ported, stale, in conflict",
	  rq_cmd_status_options, rq_cmd_status },
	{ "resolve", "QUEUE BRANCH", "take up a conflict by hand, record the resolution",
	  rq_cmd_resolve_options, rq_cmd_resolve },
	{ "rebase", "QUEUE BRANCH [NEWBASE]",
	  "a branch's emitted series, or any quilt series, onto a newer base",
	  rq_cmd_rebase_options, rq_cmd_rebase },
	{ "verify", "--build|--sparse|--boot [BRANCH...]",
	  "compile and check what port made, against the base", rq_cmd_verify_options,
	  rq_cmd_verify },
	{ "report", "-o DIR|--markdown", "the matrix as a page, or for a CI summary",
	  rq_cmd_report_options, rq_cmd_report },
	{ "matrix", "[QUEUE...]", "the jobs of a CI run: each branch in each stage",
	  rq_cmd_matrix_options, rq_cmd_matrix },
	{ "accept", "QUEUE BRANCH ENTRY", "record that a reader has seen a yellow entry",
	  rq_cmd_accept_options, rq_cmd_accept },
	{ "convert", "--rule FILE DIR",
	  "a semantic patch over an out-of-tree folder; prints a patch",
	  rq_cmd_convert_options, rq_cmd_convert },
	{ "doctor", "", "what is missing on this machine, and how to get it", NULL,
	  rq_cmd_doctor },
	{ 0 },
};
