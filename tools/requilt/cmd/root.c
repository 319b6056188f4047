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

/* Why the one above was not taken; empty: there is none. */
static struct rq_err refused;

/* Whoever may write one of these decides what is read. */
static bool is_ours(const char *dir)
{
	static const char *const parts[] = { "", "/series", "/" RQ_CMD_CONF };

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		_cleanup_free_ char *path = rq_xasprintf("%s%s", dir, parts[i]);

		if (rq_repo_check_owner(path, &refused))
			return false;
	}
	return true;
}

void rq_cmd_find_root(bool only_here)
{
	static struct rq_str up;
	_cleanup_free_ char *here = NULL;

	if (rq_globals.dir)
		return;
	rq_globals.dir = ".";
	if (only_here || is_queue("."))
		return;
	here = realpath(".", NULL);
	if (!here)
		return;
	for (char *end = strrchr(here, '/'); here[1]; end = strrchr(here, '/')) {
		end[end == here] = '\0';
		rq_str_adds(&up, up.len ? "/.." : "..");
		if (!is_queue(up.s))
			continue;
		if (is_ours(here))
			rq_globals.dir = up.s;
		return;
	}
}

int rq_cmd_no_queue(struct rq_err *err)
{
	_cleanup_free_ char *conf = rq_path_join(rq_globals.dir, RQ_CMD_CONF);

	if (refused.msg[0])
		return rq_err_set(err, refused.code, "%s", refused.msg);
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
