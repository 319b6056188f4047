// SPDX-License-Identifier: GPL-2.0-only
/*
 * What was read off the files of an output, so that the same bytes need not be read for it again: their ids,
 * which git's SHA-1 makes slowly since it looks for collisions, and what port.json says.  It stands in the
 * user's own cache, in a file that the SHA-256 of all these bytes names; nothing else is taken from it.
 */
#include "queue/queue_internal.h"

#include <stdlib.h>

#include "util/file.h"
#include "util/path.h"

#define MAGIC "requilt seen 1 "

/* Of the program, all names and all bytes. */
static void name_of(char *sum, const struct rq_outputs *outputs,
		    struct rq_slice port_json)
{
	rq_vec(struct rq_slice) parts = { 0 };

	rq_vec_reserve(&parts, 2 * outputs->v.n + 2);
	*rq_vec_push(&parts) = rq_slice_of(rq_port_build());
	for (size_t i = 0; i < outputs->v.n; i++) {
		*rq_vec_push(&parts) = rq_slice_of(outputs->v.v[i].name);
		*rq_vec_push(&parts) = rq_str_slice(&outputs->v.v[i].bytes);
	}
	*rq_vec_push(&parts) = port_json;
	rq_sum_of(sum, parts.v, parts.n);
	rq_vec_release(&parts);
}

/* The texts that a note holds, a line each. */
struct fields {
	char **v[7];
};

static struct fields fields_of(struct rq_seen *seen, char **port_json)
{
	struct rq_port_summary *s = &seen->summary;

	return (struct fields){ { port_json, &s->digest, &s->output, &s->colour, &s->head,
				  &s->base, &s->version } };
}

static bool take_line(struct rq_slice *rest, struct rq_slice *line)
{
	bool any = rq_slice_next_line(rest, line);

	*line = rq_slice_chomp(*line);
	return any;
}

static bool take(struct rq_seen *seen, struct rq_slice text, const char *sum)
{
	_cleanup_free_ char *first = rq_xasprintf(MAGIC "%s", sum), *id = NULL;
	struct fields fields = fields_of(seen, &id);
	struct rq_slice line;
	struct rq_err ignored;

	if (!take_line(&text, &line) || !rq_slice_eq(line, rq_slice_of(first)) ||
	    !take_line(&text, &line) || line.n != RQ_OID_HEX)
		return false;
	memcpy(seen->output, line.p, RQ_OID_HEX);
	seen->output[RQ_OID_HEX] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(fields.v); i++) {
		if (!take_line(&text, &line))
			return false;
		*fields.v[i] = rq_xstrndup(line.p, line.n);
	}
	return rq_oid_parse(&seen->port_json, id, &ignored) == 0;
}

static bool recall(struct rq_seen *seen, const char *path, const char *sum)
{
	struct rq_str text = { 0 };
	struct rq_err ignored;
	bool good = rq_file_read(&text, path, &ignored) == 0 &&
		    take(seen, rq_str_slice(&text), sum);

	rq_str_release(&text);
	if (!good)
		rq_port_summary_release(&seen->summary);
	return good;
}

/* Nothing where a text is no line: port.json may say anything. */
static void note(struct rq_seen *seen, const char *notes, const char *path,
		 const char *sum)
{
	char hex[RQ_OID_HEX + 1], *id = rq_oid_hex(hex, &seen->port_json);
	struct fields fields = fields_of(seen, &id);
	struct rq_str text = { 0 };
	struct rq_err ignored;
	bool good = true;

	rq_str_addf(&text, MAGIC "%s\n%s\n", sum, seen->output);
	for (size_t i = 0; i < ARRAY_SIZE(fields.v); i++) {
		good = good && !strpbrk(*fields.v[i], "\r\n");
		rq_str_addf(&text, "%s\n", *fields.v[i]);
	}
	if (good && rq_dir_make(notes, &ignored) == 0)
		rq_file_write(path, rq_str_slice(&text), &ignored);
	rq_str_release(&text);
}

int rq_seen_read(struct rq_seen *seen, const char *notes, const char *port_json_path,
		 const struct rq_outputs *outputs, struct rq_slice port_json,
		 struct rq_err *err)
{
	_cleanup_free_ char *path = NULL;
	char sum[RQ_SUM_HEX + 1];
	int rc;

	if (notes) {
		name_of(sum, outputs, port_json);
		path = rq_path_join(notes, sum);
		if (recall(seen, path, sum))
			return 0;
	}
	rc = rq_report_summary(&seen->summary, port_json_path, port_json, err);
	if (rc)
		return rc;
	rq_outputs_digest(seen->output, outputs);
	rq_oid_of(&seen->port_json, RQ_OBJ_BLOB, port_json.p, port_json.n);
	if (notes)
		note(seen, notes, path, sum);
	return 0;
}

void rq_seen_release(struct rq_seen *seen)
{
	rq_port_summary_release(&seen->summary);
}
