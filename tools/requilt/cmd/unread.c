// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is yellow and unread on the branches, and the line that turns it green for as long as the
 * emitted change stays what it is.
 */
#include "cmd/unread.h"

#include <stdlib.h>

#include "cmd/cmd.h"
#include "cmd/json.h"
#include "queue/queue.h"
#include "report/report.h"
#include "resolve/reviewed.h"
#include "util/file.h"
#include "util/path.h"

/* RQ_ENOTFOUND where the branch has no output. */
static int read_ported(struct rq_ported *ported, const char *folder, struct rq_err *err)
{
	_cleanup_free_ char *path = rq_path_join(folder, "port.json");
	_cleanup_(rq_str_release) struct rq_str json = { 0 };
	int rc = rq_file_read_below(&json, folder, "port.json", err);

	return rc ? rc : rq_report_ported(ported, path, rq_str_slice(&json), err);
}

static const struct rq_ported_entry *entry_of(const struct rq_ported *ported,
					      const char *name)
{
	for (size_t i = 0; i < ported->entries.n; i++)
		if (strcmp(ported->entries.v[i].patch, name) == 0)
			return &ported->entries.v[i];
	return NULL;
}

static int check_entry(const struct rq_ported *ported, const char *branch,
		       const char *name, const struct rq_oid *change, struct rq_err *err)
{
	const struct rq_ported_entry *entry = entry_of(ported, name);

	if (!entry)
		return rq_err_set(err, RQ_EFORMAT,
				  "%s: the port does not know %s; port the queue again",
				  branch, name);
	if (strcmp(entry->colour, "red") == 0)
		return rq_err_set(err, RQ_EQUEUE,
				  "%s on %s: %s; that is red, and cannot be accepted",
				  name, branch, entry->outcome);
	if (change && !rq_oid_eq(change, &entry->change))
		return rq_err_set(err, RQ_EQUEUE,
				  "%s on %s is another change by now; read it again",
				  name, branch);
	return 0;
}

static void say(const char *branch, const struct rq_ported_entry *entry, const char *what)
{
	char hex[RQ_OID_HEX + 1];

	rq_cmd_did("accept", "branch", branch, "entry", entry->patch, "change",
		   rq_oid_is_zero(&entry->change) ? NULL
						  : rq_oid_hex(hex, &entry->change),
		   "text", what, NULL);
	if (!rq_globals.quiet)
		rq_print_clean(stdout, "%s on %s: %s: %s\n", entry->patch, branch,
			       entry->outcome, what);
}

static int record(const struct rq_reading *reading, const struct rq_reviews *have,
		  const char *branch, const struct rq_ported_entry *entry,
		  struct rq_err *err)
{
	_cleanup_free_ char *told = NULL;
	const struct rq_review review = { .branch = (char *)branch,
					  .entry = entry->patch,
					  .who = (char *)reading->who,
					  .id = entry->change };
	bool known = rq_reviews_accept(have, branch, entry->patch, &review.id);
	int rc = 0;

	if (rq_oid_is_zero(&entry->change)) {
		say(branch, entry, "there is nothing to accept");
		return 0;
	}
	if (!known && !reading->dry)
		rc = rq_reviews_add(rq_globals.dir, reading->queue, &review, err);
	told = rq_xasprintf("%s by %s; green from the next port on",
			    reading->dry ? "would be accepted" : "accepted",
			    reading->who);
	if (!rc)
		say(branch, entry, known ? "was accepted before" : told);
	return rc;
}

/* Nobody accepts what is in files that no port is known to have written. */
static int vouch(const struct rq_reading *reading, const char *branch, struct rq_err *err)
{
	_cleanup_(rq_cmd_port_end) struct rq_cmd_port port = { 0 };
	int rc = rq_cmd_port_begin(&port, reading->out, reading->branches, err);

	return rc ? rc : rq_queue_vouch(reading->series, branch, &port.options, err);
}

int rq_cmd_accept_entries(const struct rq_reading *reading, const char *branch,
			  const struct rq_names *entries, const struct rq_oid *change,
			  bool check, struct rq_err *err)
{
	_cleanup_free_ char *folder =
		rq_xasprintf("%s/%s/%s", reading->out, reading->queue, branch);
	struct rq_ported ported = { 0 };
	struct rq_reviews have = { 0 };
	int rc = read_ported(&ported, folder, err);

	if (rc == RQ_ENOTFOUND)
		rc = rq_err_set(err, RQ_EFORMAT,
				"%s/port.json: not there; port the queue first", folder);
	for (size_t i = 0; i < entries->v.n && !rc; i++)
		rc = check_entry(&ported, branch, entries->v.v[i], change, err);
	if (!rc)
		rc = vouch(reading, branch, err);
	if (!rc)
		rc = rq_reviews_load(&have, rq_globals.dir, reading->queue, err);
	for (size_t i = 0; i < entries->v.n && !rc && !check; i++)
		rc = record(reading, &have, branch, entry_of(&ported, entries->v.v[i]),
			    err);
	rq_reviews_release(&have);
	rq_ported_release(&ported);
	return rc;
}

static void add_unread(struct rq_unreads *out, const char *branch,
		       const struct rq_ported_entry *entry)
{
	struct rq_unread *one;

	for (size_t i = 0; i < out->v.n; i++) {
		one = &out->v.v[i];
		if (rq_oid_eq(&one->change, &entry->change) &&
		    strcmp(one->entry, entry->patch) == 0) {
			rq_names_add_once(&one->branches, rq_slice_of(branch));
			return;
		}
	}
	one = rq_vec_push(&out->v);
	one->entry = rq_xstrdup(entry->patch);
	one->outcome = rq_xasprintf("%s%s", entry->outcome, entry->doubtful ? "?" : "");
	one->change = entry->change;
	rq_names_add(&one->branches, rq_slice_of(branch));
}

static bool is_red(const struct rq_ported *ported)
{
	for (size_t i = 0; i < ported->entries.n; i++)
		if (strcmp(ported->entries.v[i].colour, "red") == 0)
			return true;
	return false;
}

static int read_branch(struct rq_unreads *out, const struct rq_reading *reading,
		       const struct rq_reviews *have, const char *branch,
		       struct rq_err *err)
{
	_cleanup_free_ char *folder =
		rq_xasprintf("%s/%s/%s", reading->out, reading->queue, branch);
	struct rq_ported ported = { 0 };
	int rc = read_ported(&ported, folder, err);
	bool red = !rc && is_red(&ported);

	if (red)
		rq_names_add(&out->red, rq_slice_of(branch));
	for (size_t i = 0; i < ported.entries.n && !rc && !red; i++) {
		const struct rq_ported_entry *entry = &ported.entries.v[i];

		if (strcmp(entry->colour, "yellow") == 0 &&
		    !rq_oid_is_zero(&entry->change) &&
		    !rq_reviews_accept(have, branch, entry->patch, &entry->change))
			add_unread(out, branch, entry);
	}
	rq_ported_release(&ported);
	return rc == RQ_ENOTFOUND ? 0 : rc;
}

int rq_cmd_unread(struct rq_unreads *out, const struct rq_reading *reading,
		  char *const *names, int n_names, struct rq_err *err)
{
	struct rq_reviews have = { 0 };
	const struct rq_branch *branch;
	int rc = rq_reviews_load(&have, rq_globals.dir, reading->queue, err);

	for (int i = 0; i < n_names && !rc; i++) {
		rc = rq_branches_need(&branch, reading->branches, names[i], err);
		if (!rc)
			rc = read_branch(out, reading, &have, branch->name, err);
	}
	for (size_t i = 0; i < reading->branches->all.n && !n_names && !rc; i++) {
		branch = &reading->branches->all.v[i];
		if (rq_branches_bound(reading->branches, reading->queue, branch->name))
			rc = read_branch(out, reading, &have, branch->name, err);
	}
	rq_reviews_release(&have);
	return rc;
}

int rq_cmd_accept_unread(const struct rq_reading *reading, const struct rq_unread *one,
			 struct rq_err *err)
{
	struct rq_names entry = { 0 };
	int rc = 0;

	rq_names_add(&entry, rq_slice_of(one->entry));
	for (int check = 1; check >= 0; check--)
		for (size_t i = 0; i < one->branches.v.n && !rc; i++)
			rc = rq_cmd_accept_entries(reading, one->branches.v.v[i], &entry,
						   &one->change, check, err);
	rq_names_release(&entry);
	return rc;
}

void rq_unreads_release(struct rq_unreads *unreads)
{
	for (size_t i = 0; i < unreads->v.n; i++) {
		free(unreads->v.v[i].entry);
		free(unreads->v.v[i].outcome);
		rq_names_release(&unreads->v.v[i].branches);
	}
	rq_vec_release(&unreads->v);
	rq_names_release(&unreads->red);
}
