// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the queue repository is: the directory with series/branches.conf, here or above.
 */
#include "cmd/cmd.h"

#include <stdlib.h>

#include "util/file.h"
#include "util/path.h"

static bool is_queue(const char *dir)
{
	_cleanup_free_ char *conf = rq_path_join(dir, RQ_CMD_CONF);

	return rq_file_exists(conf);
}

int rq_cmd_find_root(bool only_here, struct rq_err *err)
{
	static struct rq_str up;
	_cleanup_free_ char *here = NULL;

	if (rq_globals.dir)
		return 0;
	rq_globals.dir = ".";
	if (only_here || is_queue("."))
		return 0;
	here = realpath(".", NULL);
	if (!here)
		return 0;
	for (char *end = strrchr(here, '/'); here[1]; end = strrchr(here, '/')) {
		end[end == here] = '\0';
		rq_str_adds(&up, up.len ? "/.." : "..");
		if (!is_queue(up.s))
			continue;
		rq_globals.dir = up.s;
		return rq_repo_check_owner(here, err);
	}
	return 0;
}

int rq_cmd_no_queue(struct rq_err *err)
{
	_cleanup_free_ char *conf = rq_path_join(rq_globals.dir, RQ_CMD_CONF);

	return rq_err_set(
		err, RQ_EFORMAT,
		"%s: not there; make a queue repository with 'requilt init', or "
		"name one with -C",
		conf);
}

int rq_cmd_need_queue(struct rq_err *err)
{
	return is_queue(rq_globals.dir) ? 0 : rq_cmd_no_queue(err);
}
