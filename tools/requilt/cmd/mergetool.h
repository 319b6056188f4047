/* SPDX-License-Identifier: GPL-2.0-only */
/* git's mergetool on the files of a conflict that a hand has open. */
#ifndef REQUILT_CMD_MERGETOOL_H
#define REQUILT_CMD_MERGETOOL_H

#include "resolve/byhand.h"

/*
 * Runs 'git mergetool' in the directory of @work on each file that has merge markers, as the user's
 * configuration says; @tool ("": that of the configuration) is its --tool.  Whether a tool settled a file
 * is for rq_byhand_check() to say.  RQ_ETOOL: git cannot be run.
 */
int rq_cmd_mergetool(const struct rq_byhand *work, const char *tool, struct rq_err *err);

#endif
