// SPDX-License-Identifier: GPL-2.0-only
/*
 * What need not be done again: this very program made this very output from the same input.
 *
 * port.json alone does not prove that, and neither does a ref: both may come from a pull request or
 * another program.  So a port leaves a note in the user's own cache, and so does who ported in memory
 * and compared: a file named by the ids of all of these.
 */
#include "queue/queue_internal.h"

#include <stdlib.h>

#include "report/report.h"
#include "util/file.h"
#include "util/path.h"

/* The id of the sources that the program was made from; the Makefile makes it. */
static const char build[] =
#include "queue/build.inc"
	;

const char *rq_port_build(void)
{
	return build;
}

/* All that must be as it was: its id is the note's name. */
static void write_note(struct rq_str *note, const char *digest, const char *output,
		       const struct rq_oid *port_json)
{
	char hex[RQ_OID_HEX + 1];

	rq_str_addf(note, "requilt port 2\nbuild %sdigest %s\noutput %s\nport.json %s\n",
		    build, digest, output, rq_oid_hex(hex, port_json));
}

/* NULL where nothing is noted. */
static char *note_path(const char *notes, const struct rq_str *note)
{
	char hex[RQ_OID_HEX + 1];
	struct rq_oid oid;

	rq_oid_of(&oid, RQ_OBJ_BLOB, note->s, note->len);
	return notes ? rq_path_join(notes, rq_oid_hex(hex, &oid)) : NULL;
}

bool rq_port_is_noted(const char *notes, const char *digest, const char *output,
		      const struct rq_oid *port_json)
{
	struct rq_str want = { 0 }, have = { 0 };
	struct rq_err ignored;
	bool same;

	write_note(&want, digest, output, port_json);
	_cleanup_free_ char *path = note_path(notes, &want);

	same = path && rq_file_read(&have, path, &ignored) == 0 &&
	       rq_slice_eq(rq_str_slice(&have), rq_str_slice(&want));
	rq_str_release(&want);
	rq_str_release(&have);
	return same;
}

/* Whether the branch's ref is at @head; where none is moved, whether that is there. */
static bool has_ref(const struct rq_task *task, struct rq_repo *repo,
		    const struct rq_oid *head)
{
	_cleanup_free_ char *ref = rq_xasprintf(
		"refs/heads/requilt/%s/%s", task->port->series->name, task->branch->name);
	struct rq_oid now = { 0 };
	struct rq_err ignored;

	if (task->port->options->unreferred)
		return rq_obj_exists(repo, head);
	return rq_ref_read(repo, ref, &now, &ignored) == 0 && rq_oid_eq(&now, head);
}

/*
 * The record that port.json tells of, if it tells all: then it can be written again from it; and the
 * ref is where that port left it.
 */
static bool recall(struct rq_task *task, struct rq_repo *repo, const char *digest,
		   const char *output, const struct rq_str *port_json)
{
	struct rq_branch_record told = *task->record;
	struct rq_str again = { 0 };
	bool good = rq_report_port_recall(&told, rq_str_slice(port_json));

	if (good)
		rq_report_port_json(&again, task->port->series->name, &told, digest,
				    output);
	good = good && rq_slice_eq(rq_str_slice(&again), rq_str_slice(port_json)) &&
	       has_ref(task, repo, &told.head);
	if (good) {
		*task->record = told;
	} else {
		rq_record_drop_entries(&told);
		free(told.unchecked);
	}
	rq_str_release(&again);
	return good;
}

static bool is_current(struct rq_outputs *outputs, struct rq_task *task,
		       struct rq_repo *repo, const char *digest, const char *folder)
{
	const char *notes = task->port->options->notes;
	struct rq_str json = { 0 };
	struct rq_seen seen = { 0 };
	struct rq_err ignored;
	bool current = rq_file_read_below(&json, folder, "port.json", &ignored) == 0 &&
		       rq_outputs_read(outputs, folder, &ignored) == 0 &&
		       rq_seen_read(&seen, notes, "", outputs, rq_str_slice(&json),
				    &ignored) == 0 &&
		       rq_port_is_noted(notes, digest, seen.output, &seen.port_json) &&
		       recall(task, repo, digest, seen.output, &json);

	rq_seen_release(&seen);
	*rq_outputs_add(outputs, "port.json") = json;
	return current;
}

bool rq_port_is_current(struct rq_outputs *outputs, struct rq_task *task,
			struct rq_repo *repo, const char *digest, const char *folder)
{
	const struct rq_port_options *options = task->port->options;

	if (options->notes && !options->fresh &&
	    is_current(outputs, task, repo, digest, folder))
		return true;
	rq_outputs_release(outputs);
	return false;
}

void rq_port_note(const char *notes, const char *digest, const char *output,
		  struct rq_slice port_json)
{
	struct rq_str note = { 0 };
	struct rq_oid oid;
	struct rq_err ignored;

	rq_oid_of(&oid, RQ_OBJ_BLOB, port_json.p, port_json.n);
	write_note(&note, digest, output, &oid);
	_cleanup_free_ char *path = note_path(notes, &note);

	if (path && rq_dir_make(notes, &ignored) == 0)
		rq_file_write(path, rq_str_slice(&note), &ignored);
	rq_str_release(&note);
}
