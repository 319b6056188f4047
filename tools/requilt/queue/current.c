// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a port need not do again: this very program made this very output from the same input, and
 * the output and the ref are as it left them.
 *
 * port.json alone does not prove that, since it may come from a clone or from another program.
 * So each port leaves a note in the cache, one for each branch of a queue, with the ids of all of
 * these.
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

static char *note_path(const struct rq_task *task)
{
	_cleanup_free_ char *queue =
		rq_path_join(task->port->options->notes, task->port->series->name);

	return rq_path_join(queue, task->branch->name);
}

/* All that must be as it was. */
static void write_note(struct rq_str *note, const char *digest, const char *output,
		       const struct rq_oid *head, const struct rq_str *port_json)
{
	char hex[RQ_OID_HEX + 1];
	struct rq_oid oid;

	rq_oid_of(&oid, RQ_OBJ_BLOB, port_json->s, port_json->len);
	rq_str_addf(note, "requilt port 1\nbuild %sdigest %s\noutput %s\n", build, digest,
		    output);
	rq_str_addf(note, "port.json %s\n", rq_oid_hex(hex, &oid));
	rq_str_addf(note, "head %s\n", rq_oid_hex(hex, head));
}

static bool is_noted(const struct rq_task *task, struct rq_repo *repo, const char *digest,
		     const char *output, const struct rq_str *port_json)
{
	_cleanup_free_ char *path = note_path(task);
	_cleanup_free_ char *ref = rq_xasprintf(
		"refs/heads/requilt/%s/%s", task->port->series->name, task->branch->name);
	struct rq_str want = { 0 }, have = { 0 };
	struct rq_oid head = { 0 };
	struct rq_err ignored;
	bool same = rq_ref_read(repo, ref, &head, &ignored) == 0 &&
		    rq_file_read(&have, path, &ignored) == 0;

	write_note(&want, digest, output, &head, port_json);
	same = same && rq_slice_eq(rq_str_slice(&have), rq_str_slice(&want));
	rq_str_release(&want);
	rq_str_release(&have);
	return same;
}

/* The record that port.json tells of, if it tells all: then it can be written anew from it. */
static bool recall(struct rq_task *task, const char *digest, const char *output,
		   const struct rq_str *port_json)
{
	struct rq_branch_record told = *task->record;
	struct rq_str again = { 0 };
	bool good = rq_report_port_recall(&told, rq_str_slice(port_json));

	if (good)
		rq_report_port_json(&again, task->port->series->name, &told, digest,
				    output);
	good = good && rq_slice_eq(rq_str_slice(&again), rq_str_slice(port_json));
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
	char output[RQ_OID_HEX + 1];
	struct rq_str json = { 0 };
	struct rq_err ignored;
	bool current = rq_file_read_below(&json, folder, "port.json", &ignored) == 0 &&
		       rq_outputs_read(outputs, folder, &ignored) == 0;

	rq_outputs_digest(output, outputs);
	current = current && is_noted(task, repo, digest, output, &json) &&
		  recall(task, digest, output, &json);
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

void rq_port_note(const struct rq_task *task, const char *digest, const char *output,
		  const struct rq_str *port_json)
{
	struct rq_str note = { 0 };
	struct rq_err ignored;

	if (!task->port->options->notes)
		return;
	_cleanup_free_ char *path = note_path(task);
	_cleanup_free_ char *folder = rq_path_parent(path);

	write_note(&note, digest, output, &task->record->head, port_json);
	if (rq_dir_make(folder, &ignored) == 0)
		rq_file_write(path, rq_str_slice(&note), &ignored);
	rq_str_release(&note);
}
