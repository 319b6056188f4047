// SPDX-License-Identifier: GPL-2.0-only
/*
 * requilt accept: a reader has looked at yellow entries.
 */
#include "cmd/cmd.h"
#include "cmd/json.h"

#include <stdlib.h>
#include <strings.h>

#include "cmd/unread.h"
#include "queue/queue.h"
#include "util/path.h"

static const char *who, *out_dir, *change;
static bool renew, dry, all;

const struct rq_opt rq_cmd_accept_options[] = {
	{ "who", 0, RQ_OPT_STRING, "NAME", "who has read it (default: git's user)",
	  &who },
	{ "change", 0, RQ_OPT_STRING, "ID",
	  "every entry with that change: accept --change ID QUEUE BRANCH...", &change },
	{ "all", 0, RQ_OPT_FLAG, NULL, "with --change: on every branch that has it",
	  &all },
	{ "renew", 0, RQ_OPT_FLAG, NULL,
	  "write records of the earlier version again: accept --renew QUEUE", &renew },
	{ "out", 0, RQ_OPT_STRING, "DIR", "where port wrote (default: series)",
	  &out_dir },
	{ "dry-run", 'n', RQ_OPT_FLAG, NULL, "record nothing; say what would be accepted",
	  &dry },
	{ 0 },
};

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
		rq_cmd_did("renew", "record", one->what, "became", one->became, NULL);
		if ((one->how != RQ_RENEWED && !rq_globals.json) || !rq_globals.quiet)
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

static int accept_entries(const struct rq_reading *reading, const char *branch,
			  char **words, int n, struct rq_err *err)
{
	struct rq_names entries = { 0 };
	const struct rq_branch *known;
	const char *name;
	int rc = rq_branches_need(&known, reading->branches, branch, err);

	for (int i = 0; i < n && !rc; i++) {
		rc = rq_cmd_check_entry(words[i], err);
		if (!rc)
			rc = rq_cmd_entry(&name, reading->series, words[i], err);
		if (!rc)
			rq_names_add_once(&entries, rq_slice_of(name));
	}
	if (!rc)
		rc = rq_cmd_accept_entries(reading, branch, &entries, NULL, false, err);
	rq_names_release(&entries);
	return rc;
}

/* The start of an id counts where it is the start of one only. */
static int find_change(const struct rq_unread **out, const struct rq_unreads *unreads,
		       struct rq_err *err)
{
	char hex[RQ_OID_HEX + 1];

	*out = NULL;
	for (size_t i = 0; i < unreads->v.n; i++) {
		const struct rq_unread *one = &unreads->v.v[i];

		if (strncasecmp(rq_oid_hex(hex, &one->change), change, strlen(change)) !=
		    0)
			continue;
		if (*out && !rq_oid_eq(&(*out)->change, &one->change))
			return rq_err_set(
				err, RQ_EFORMAT,
				"accept: '%s' is the start of two changes; write "
				"more of it",
				change);
		*out = one;
	}
	return *out ? 0
		    : rq_err_set(err, RQ_EFORMAT,
				 "accept: no yellow entry that is to be read has the "
				 "change %s; 'requilt review' lists them",
				 change);
}

static int accept_change(const struct rq_reading *reading, char **names, int n,
			 struct rq_err *err)
{
	struct rq_unreads unreads = { 0 };
	const struct rq_unread *found;
	int rc = rq_cmd_unread(&unreads, reading, names, n, err);

	if (!rc)
		rc = find_change(&found, &unreads, err);
	for (size_t i = 0; i < unreads.v.n && !rc; i++)
		if (rq_oid_eq(&unreads.v.v[i].change, &found->change))
			rc = rq_cmd_accept_unread(reading, &unreads.v.v[i], err);
	rq_unreads_release(&unreads);
	return rc;
}

static int check_words(int argc, struct rq_err *err)
{
	if (renew && (argc != 1 || who || dry || change || all))
		return rq_err_set(err, RQ_EUSAGE,
				  "accept: --renew takes the queue and nothing else");
	if (all && !change)
		return rq_err_set(
			err, RQ_EUSAGE,
			"accept: --all goes with --change ID: what nobody has read "
			"is not accepted");
	if (change && strlen(change) < 7)
		return rq_err_set(err, RQ_EUSAGE,
				  "accept: --change takes 7 or more digits of an id");
	if (change && (all ? argc != 1 : argc < 2))
		return rq_err_set(err, RQ_EUSAGE,
				  "accept: name the queue and branches, or --all");
	if (!renew && !change && argc < 3)
		return rq_err_set(err, RQ_EUSAGE, "accept: name queue, branch and entry");
	return 0;
}

int rq_cmd_accept(int argc, char **argv, struct rq_err *err)
{
	_cleanup_free_ char *reader = NULL,
			    *below = rq_path_join(rq_globals.dir, "series");
	struct rq_branches branches = { 0 };
	struct rq_series series = { 0 };
	struct rq_reading reading = { .out = out_dir ? out_dir : below,
				      .series = &series,
				      .branches = &branches,
				      .dry = dry };
	int rc = check_words(argc, err);

	if (!rc && !renew)
		rc = rq_cmd_who(&reader, who, "accept: say who has read it", err);
	if (!rc)
		rc = rq_cmd_check_name("queue", argv[0], err);
	for (int i = 1; i < argc && (change || i == 1) && !rc; i++)
		rc = rq_cmd_check_name("branch", argv[i], err);
	if (!rc && !change && argc > 2)
		rc = rq_cmd_check_entry(argv[2], err);
	if (rc)
		return rc;
	if (renew)
		return renew_queue(argv[0], err);
	reading.queue = argv[0];
	reading.who = reader;
	rc = rq_cmd_branches(&branches, err);
	if (!rc)
		rc = rq_cmd_series(&series, argv[0], &branches, err);
	if (!rc)
		rc = change ? accept_change(&reading, argv + 1, argc - 1, err)
			    : accept_entries(&reading, argv[1], argv + 2, argc - 2, err);
	rq_series_release(&series);
	rq_branches_release(&branches);
	return rc;
}
