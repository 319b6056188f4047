// SPDX-License-Identifier: GPL-2.0-only
/*
 * requilt accept: a reader has looked at a yellow entry.  Writes the one line that turns it
 * green for as long as the emitted change stays what it is.
 */
#include "cmd/cmd.h"

#include <stdlib.h>

#include "emit/emit.h"
#include "resolve/reviewed.h"
#include "util/file.h"
#include "util/path.h"

static const char *who, *out_dir;

const struct rq_opt rq_cmd_accept_options[] = {
	{ "who", 0, RQ_OPT_STRING, "NAME", "who has read it: \"A Name <address>\"",
	  &who },
	{ "out", 0, RQ_OPT_STRING, "DIR", "where port wrote (default: series)",
	  &out_dir },
	{ 0 },
};

static int accept_entry(char **argv, struct rq_err *err)
{
	_cleanup_free_ char *series = rq_path_join(rq_globals.dir, "series");
	_cleanup_free_ char *name = rq_emit_name(argv[0], argv[2]);
	_cleanup_free_ char *folder =
		rq_xasprintf("%s/%s/%s", out_dir ? out_dir : series, argv[0], argv[1]);
	_cleanup_free_ char *path = rq_path_join(folder, name);
	struct rq_review review = { .branch = argv[1],
				    .entry = argv[2],
				    .who = (char *)who };
	struct rq_reviews have = { 0 };
	struct rq_str bytes = { 0 };
	int rc = rq_cmd_check_entry(argv[2], err);

	if (!rc)
		rc = rq_file_read_below(&bytes, folder, name, err);

	if (rc == RQ_ENOTFOUND)
		return rq_err_set(
			err, RQ_EFORMAT,
			"%s: not there; a port that is not red writes it: see "
			"'requilt status', and name the entry as the series does",
			path);
	if (!rc)
		rc = rq_reviews_load(&have, rq_globals.dir, argv[0], err);
	if (!rc && !rq_reviews_accept(&have, argv[1], argv[2], rq_str_slice(&bytes))) {
		rq_review_id(&review.id, rq_str_slice(&bytes));
		rc = rq_reviews_add(rq_globals.dir, argv[0], &review, err);
	}
	rq_reviews_release(&have);
	rq_str_release(&bytes);
	return rc;
}

int rq_cmd_accept(int argc, char **argv, struct rq_err *err)
{
	if (argc != 3)
		return rq_err_set(err, RQ_EUSAGE, "accept: name queue, branch and entry");
	if (!who || !strchr(who, '<') || strpbrk(who, "\n\r"))
		return rq_err_set(
			err, RQ_EUSAGE,
			"accept: say who has read it: --who \"A Name <address>\"");
	if (rq_cmd_check_name("queue", argv[0], err) ||
	    rq_cmd_check_name("branch", argv[1], err))
		return err->code;
	return accept_entry(argv, err);
}
