/* SPDX-License-Identifier: GPL-2.0-only */
/* What the commands share that change a queue, or take a change back. */
#ifndef REQUILT_CMD_CHANGE_H
#define REQUILT_CMD_CHANGE_H

#include "cmd/cmd.h"
#include "queue/entries.h"

/* Finishes a change of the queue repository that a killed run had begun. */
int rq_cmd_finish_change(struct rq_err *err);

/*
 * Around accept, review and resolve, so that undo can take their last step back; another command is left
 * alone.  One step of several is done; the last one is.
 */
void rq_cmd_records_begin(const struct rq_command *command, int argc, char **argv);
int rq_cmd_records_step(struct rq_err *err);
void rq_cmd_records_end(void);

/* A change that is being planned; nobody else changes a series meanwhile. */
struct rq_cmd_change {
	struct rq_branches branches;
	struct rq_names queues;
	struct rq_entries all;
	struct rq_plan plan;
	char *repo; /* path of the kernel repository */
	int lock;
};

/* @change is zeroed; to be released in any case. */
int rq_cmd_change_begin(struct rq_cmd_change *change, struct rq_err *err);
/* Says what is planned, and with @dry no more; else carries it out. */
int rq_cmd_change_run(struct rq_cmd_change *change, bool dry, struct rq_err *err);
void rq_cmd_change_release(struct rq_cmd_change *change);

/*
 * The entry that a person calls @name, as rq_cmd_entry(); by its path also where the queue does not load.
 * The caller frees.
 */
int rq_cmd_change_entry(char **out, const struct rq_cmd_change *change, const char *queue,
			const char *name, struct rq_err *err);

/* The branches whose output is what the queue gives now; none where that cannot be told. */
void rq_cmd_current(struct rq_names *out, const struct rq_branches *branches,
		    const char *queue);
/* Ports @queue to these again, since names are in what port writes. */
int rq_cmd_port_again(const struct rq_names *names, const struct rq_branches *branches,
		      const char *queue, struct rq_err *err);

#endif
