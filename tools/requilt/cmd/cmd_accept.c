// SPDX-License-Identifier: GPL-2.0-only
/*
 * requilt accept: a reader has looked at a yellow entry.  Writes the one line that turns it
 * green for as long as the emitted change stays what it is.
 */
#include "cmd/cmd.h"

#include <stdlib.h>

#include "queue/queue.h"
#include "report/report.h"
#include "resolve/reviewed.h"
#include "util/file.h"
#include "util/path.h"

static const char *who, *out_dir;
static bool renew, dry;

const struct rq_opt rq_cmd_accept_options[] = {
	{ "who", 0, RQ_OPT_STRING, "NAME", "who has read it (default: git's user)",
	  &who },
	{ "renew", 0, RQ_OPT_FLAG, NULL,
	  "write records of the earlier version again: accept --renew QUEUE", &renew },
	{ "out", 0, RQ_OPT_STRING, "DIR", "where port wrote (default: series)",
	  &out_dir },
	{ "dry-run", 'n', RQ_OPT_FLAG, NULL, "record nothing; say what would be accepted",
	  &dry },
	{ 0 },
};

/* What the branch's port.json says of @entry. */
static int read_entry(struct rq_ported *ported, const struct rq_ported_entry **out,
		      const char *folder, const char *entry, struct rq_err *err)
{
	_cleanup_free_ char *path = rq_path_join(folder, "port.json");
	struct rq_str json = { 0 };
	int rc = rq_file_read_below(&json, folder, "port.json", err);

	if (rc == RQ_ENOTFOUND)
		rc = rq_err_set(err, RQ_EFORMAT, "%s: not there; port the queue first",
				path);
	if (!rc)
		rc = rq_report_ported(ported, path, rq_str_slice(&json), err);
	rq_str_release(&json);
	*out = NULL;
	for (size_t i = 0; i < ported->entries.n && !rc && !*out; i++)
		if (strcmp(ported->entries.v[i].patch, entry) == 0)
			*out = &ported->entries.v[i];
	if (!rc && !*out)
		rc = rq_err_set(err, RQ_EFORMAT,
				"%s: does not know %s; port the queue again", path,
				entry);
	return rc;
}

static void say(const char *branch, const struct rq_ported_entry *entry, const char *what)
{
	if (!rq_globals.quiet)
		rq_print_clean(stdout, "%s on %s: %s: %s\n", entry->patch, branch,
			       entry->outcome, what);
}

static int record(char **argv, const struct rq_ported_entry *entry, struct rq_err *err)
{
	_cleanup_free_ char *told = NULL;
	const struct rq_review review = { .branch = argv[1],
					  .entry = entry->patch,
					  .who = (char *)who,
					  .id = entry->change };
	struct rq_reviews have = { 0 };
	int rc = rq_reviews_load(&have, rq_globals.dir, argv[0], err);
	bool known = !rc && rq_reviews_accept(&have, argv[1], entry->patch, &review.id);

	if (!rc && !known && !dry)
		rc = rq_reviews_add(rq_globals.dir, argv[0], &review, err);
	told = rq_xasprintf("%s by %s; green from the next port on",
			    dry ? "would be accepted" : "accepted", who);
	if (!rc)
		say(argv[1], entry, known ? "was accepted before" : told);
	rq_reviews_release(&have);
	return rc;
}

/* Nobody accepts what stands in files that no port is known to have written. */
static int vouch(const struct rq_series *series, const struct rq_branches *branches,
		 const char *branch, const char *out, struct rq_err *err)
{
	_cleanup_(rq_cmd_port_end) struct rq_cmd_port port = { 0 };
	int rc = rq_cmd_port_begin(&port, out, branches, err);

	return rc ? rc : rq_queue_vouch(series, branch, &port.options, err);
}

static int accept_entry(char **argv, const char *name, const struct rq_series *series,
			const struct rq_branches *branches, struct rq_err *err)
{
	_cleanup_free_ char *below = rq_path_join(rq_globals.dir, "series");
	const char *out = out_dir ? out_dir : below;
	_cleanup_free_ char *folder = rq_xasprintf("%s/%s/%s", out, argv[0], argv[1]);
	struct rq_ported ported = { 0 };
	const struct rq_ported_entry *entry;
	int rc = read_entry(&ported, &entry, folder, name, err);

	if (!rc && strcmp(entry->colour, "red") == 0)
		rc = rq_err_set(err, RQ_EQUEUE,
				"%s on %s: %s; that is red, and cannot be accepted",
				entry->patch, argv[1], entry->outcome);
	if (!rc)
		rc = vouch(series, branches, argv[1], out, err);
	if (!rc && rq_oid_is_zero(&entry->change))
		say(argv[1], entry, "there is nothing to accept");
	else if (!rc)
		rc = record(argv, entry, err);
	rq_ported_release(&ported);
	return rc;
}

/* Where there is nothing to renew, it says nothing. */
static int renew_queue(const char *queue, struct rq_err *err)
{
	_cleanup_(rq_cmd_port_end) struct rq_cmd_port port = { 0 };
	struct rq_branches branches = { 0 };
	struct rq_series series = { 0 };
	struct rq_renewals renewals = { 0 };
	size_t rest = 0, waits = 0;
	int rc = rq_cmd_port_begin(&port, rq_globals.dir, &branches, err);

	port.options.notes = NULL;
	port.options.renews = true;
	if (!rc)
		rc = rq_cmd_branches(&branches, err);
	if (!rc)
		rc = rq_cmd_series(&series, queue, &branches, err);
	if (!rc)
		rc = rq_queue_renew(&renewals, &series, &port.options, err);
	for (size_t i = 0; i < renewals.v.n; i++) {
		const struct rq_renewal *one = &renewals.v.v[i];

		rest += one->how == RQ_RENEWAL_DROPPED;
		waits += one->how == RQ_RENEWAL_WAITS;
		if (one->how != RQ_RENEWED || !rq_globals.quiet)
			rq_print_clean(stdout, "%s: %s\n", one->what, one->became);
	}
	if (!rc && rest)
		rc = rq_err_set(err, RQ_EQUEUE,
				"%s: %zu record%s no longer; read what %s of, then "
				"'requilt accept' or 'requilt resolve'",
				queue, rest, rest == 1 ? " holds" : "s hold",
				rest == 1 ? "it was" : "they were");
	else if (!rc && waits)
		rc = rq_err_set(
			err, RQ_EQUEUE,
			"%s: %zu record%s on a red branch; see 'requilt port', then "
			"'requilt accept --renew %s' again",
			queue, waits, waits == 1 ? " is" : "s are", queue);
	rq_renewals_release(&renewals);
	rq_series_release(&series);
	rq_branches_release(&branches);
	return rc;
}

int rq_cmd_accept(int argc, char **argv, struct rq_err *err)
{
	_cleanup_free_ char *reader = NULL;
	struct rq_branches branches = { 0 };
	struct rq_series series = { 0 };
	const struct rq_branch *branch;
	const char *name;
	int rc;

	if (renew && (argc != 1 || who || dry))
		return rq_err_set(err, RQ_EUSAGE,
				  "accept: --renew takes the queue and nothing else");
	if (renew)
		return rq_cmd_check_name("queue", argv[0], err)
			       ? (int)err->code
			       : renew_queue(argv[0], err);
	if (argc != 3)
		return rq_err_set(err, RQ_EUSAGE, "accept: name queue, branch and entry");
	if (rq_cmd_who(&reader, who, "accept: say who has read it", err))
		return err->code;
	who = reader;
	if (rq_cmd_check_name("queue", argv[0], err) ||
	    rq_cmd_check_name("branch", argv[1], err))
		return err->code;
	rc = rq_cmd_check_entry(argv[2], err);
	if (!rc)
		rc = rq_cmd_branches(&branches, err);
	if (!rc)
		rc = rq_branches_need(&branch, &branches, argv[1], err);
	if (!rc)
		rc = rq_cmd_series(&series, argv[0], &branches, err);
	if (!rc)
		rc = rq_cmd_entry(&name, &series, argv[2], err);
	if (!rc)
		rc = accept_entry(argv, name, &series, &branches, err);
	rq_series_release(&series);
	rq_branches_release(&branches);
	return rc;
}
