// SPDX-License-Identifier: GPL-2.0-only
/*
 * The last series of a branch that was not red, kept in last-good/ below the branch's directory while
 * its port is red: quilt does not look there, so nobody pushes it unknowingly.
 */
#include "queue/lastgood.h"

#include "queue/queue_internal.h"
#include "report/report.h"
#include "util/file.h"
#include "util/path.h"

static bool has_series(const char *folder)
{
	_cleanup_free_ char *series = rq_path_join(folder, "series");

	return rq_file_exists(series);
}

char *rq_last_good_path(const char *folder)
{
	_cleanup_free_ char *below = rq_path_join(folder, RQ_LAST_GOOD);

	return has_series(folder) || !rq_file_is_dir(below) || !has_series(below)
		       ? NULL
		       : TAKE_PTR(below);
}

/* port.json of @folder, and what it says; RQ_ENOTFOUND without one. */
static int read_record(struct rq_str *json, struct rq_port_summary *summary,
		       const char *folder, struct rq_err *err)
{
	_cleanup_free_ char *path = rq_path_join(folder, "port.json");
	int rc = rq_file_read_below(json, folder, "port.json", err);

	return rc ? rc : rq_report_summary(summary, path, rq_str_slice(json), err);
}

/* What speaks against the files: they are not what their record says, or only that speaks for them. */
static const char *doubt_of(const char *good, const struct rq_port_summary *summary,
			    const struct rq_str *json, const char *notes)
{
	char digest[RQ_OID_HEX + 1];
	struct rq_outputs outputs = { 0 };
	struct rq_oid oid;
	struct rq_err ignored;
	bool whole = rq_outputs_read(&outputs, good, &ignored) == 0;

	rq_outputs_digest(digest, &outputs);
	rq_outputs_release(&outputs);
	if (!whole || strcmp(digest, summary->output) != 0)
		return ", edited since";
	rq_oid_of(&oid, RQ_OBJ_BLOB, rq_str_slice(json).p, json->len);
	return rq_port_is_noted(notes, summary->digest, digest, &oid) ? ""
								      : ", unchecked";
}

int rq_last_good_version(char **version, const char *folder, const char *notes,
			 struct rq_err *err)
{
	_cleanup_free_ char *good = rq_last_good_path(folder);
	struct rq_port_summary summary = { 0 };
	struct rq_str json = { 0 };
	int rc = good ? read_record(&json, &summary, good, err) : 0;

	*version = NULL;
	if (!rc && good)
		*version = rq_xasprintf("%s%s",
					summary.version && *summary.version
						? summary.version
						: "of unknown version",
					doubt_of(good, &summary, &json, notes));
	rq_port_summary_release(&summary);
	rq_str_release(&json);
	return rc == RQ_ENOTFOUND ? 0 : rc;
}

/* Each name becomes one of a file below @outputs' folder. */
static void add_below(struct rq_outputs *outputs, struct rq_outputs *good)
{
	for (size_t i = 0; i < good->v.n; i++) {
		struct rq_output *from = &good->v.v[i];
		_cleanup_free_ char *name = rq_xasprintf(RQ_LAST_GOOD "/%s", from->name);

		*rq_outputs_add(outputs, name) = from->bytes;
		from->bytes = (struct rq_str){ 0 };
	}
}

int rq_last_good_keep(struct rq_outputs *outputs, const char *folder, struct rq_err *err)
{
	_cleanup_free_ char *below = rq_last_good_path(folder);
	const char *from = below ? below : folder;
	struct rq_port_summary summary = { 0 };
	struct rq_outputs good = { 0 };
	struct rq_str json = { 0 };
	int rc = read_record(&json, &summary, from, err);
	bool red = !rc && strcmp(summary.colour, "red") == 0;

	if (!rc && !red)
		rc = rq_outputs_read(&good, from, err);
	if (!rc && !red) {
		*rq_outputs_add(&good, "port.json") = json;
		json = (struct rq_str){ 0 };
		add_below(outputs, &good);
	}
	rq_outputs_release(&good);
	rq_port_summary_release(&summary);
	rq_str_release(&json);
	if (rc == RQ_EFORMAT && has_series(from))
		return rq_err_set(err, RQ_EQUEUE,
				  "%s/port.json: cannot be read, and a red port would "
				  "remove the series beside it; restore it, or move the "
				  "directory away",
				  from);
	return rc == RQ_ENOTFOUND || rc == RQ_EFORMAT ? 0 : rc;
}
