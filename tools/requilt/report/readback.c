// SPDX-License-Identifier: GPL-2.0-only
/*
 * port.json read back.  Trusts nothing: a missing or mistyped key is a plain error.
 */
#include "report/report_internal.h"

#include <stdlib.h>

#include "report/json_internal.h"
#include "series/series.h"
#include "util/markers.h"
#include "util/path.h"

/* What is written to mails or looked for on the disk is a name, as a port writes it. */
static int check_names(const json_t *root, const char *path, struct rq_err *err)
{
	static const char *const keys[] = { "version", "colour", "head", "digest",
					    "output" };
	const json_t *entries = json_object_get(root, "entries");
	const char *unsafe = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(keys) && !unsafe; i++)
		if (*rq_json_word(root, keys[i]))
			unsafe = rq_path_unsafe(rq_slice_of(rq_json_word(root, keys[i])));
	for (size_t i = 0; i < json_array_size(entries) && !unsafe; i++) {
		const json_t *one = json_array_get(entries, i);

		unsafe = rq_series_name_unsafe(rq_slice_of(rq_json_word(one, "patch")));
		if (!unsafe)
			unsafe =
				rq_path_unsafe(rq_slice_of(rq_json_word(one, "outcome")));
	}
	return unsafe ? rq_err_set(err, RQ_EUNSAFE,
				   "%s: a name in it %s; port the queue again", path,
				   unsafe)
		      : 0;
}

int rq_port_json_load(json_t **out, const char *path, struct rq_slice text,
		      struct rq_err *err)
{
	json_error_t why;
	int rc = RQ_EFORMAT;

	*out = json_loadb(text.p, text.n, 0, &why);
	if (!*out && rq_markers_find(text))
		return rq_err_set(
			err, RQ_EFORMAT,
			"%s:%ld: a merge left its markers; port the queue again", path,
			rq_markers_find(text));
	if (!*out)
		return rq_err_set(err, RQ_EFORMAT, "%s:%d: %s; port the queue again",
				  path, why.line > 0 ? why.line : 1, why.text);
	if (json_is_string(json_object_get(*out, "digest")) &&
	    json_is_string(json_object_get(*out, "colour")) &&
	    json_is_array(json_object_get(*out, "entries")))
		rc = check_names(*out, path, err);
	if (!rc)
		return 0;
	json_decref(*out);
	*out = NULL;
	if (rc != RQ_EFORMAT)
		return rc;
	return rq_err_set(err, RQ_EFORMAT,
			  "%s: no port.json of this program; port the queue again", path);
}

int rq_report_summary(struct rq_port_summary *out, const char *path, struct rq_slice text,
		      struct rq_err *err)
{
	json_t *root;
	int rc = rq_port_json_load(&root, path, text, err);

	if (rc)
		return rc;
	out->digest = rq_xstrdup(rq_json_word(root, "digest"));
	out->output = rq_xstrdup(rq_json_word(root, "output"));
	out->colour = rq_xstrdup(rq_json_word(root, "colour"));
	out->head = rq_xstrdup(rq_json_word(root, "head"));
	out->base = rq_xstrdup(rq_json_word(root, "base"));
	out->version = rq_xstrdup(rq_json_word(root, "version"));
	json_decref(root);
	return 0;
}

void rq_port_summary_release(struct rq_port_summary *summary)
{
	free(summary->digest);
	free(summary->output);
	free(summary->colour);
	free(summary->head);
	free(summary->base);
	free(summary->version);
	*summary = (struct rq_port_summary){ 0 };
}

/* What a conflict of @hunks is, below each; then what may help. */
static void show_hunks(FILE *out, const json_t *from, bool color)
{
	struct rq_entry_record entry = { 0 };

	for (size_t i = 0; i < json_array_size(from); i++)
		rq_json_take_hunk(rq_vec_push(&entry.hunks), json_array_get(from, i));
	for (size_t i = 0; i < entry.hunks.n; i++) {
		const json_t *hunk = json_array_get(from, i);

		rq_put_hunk(out, &entry.hunks.v[i], rq_json_word(hunk, "rung"),
			    rq_json_word(hunk, "message"), true);
		rq_put_beside(out, &entry.hunks.v[i].beside, color);
		rq_put_offers(out, &entry.hunks.v[i], color);
	}
	rq_put_source(out, entry.hunks.v, entry.hunks.n);
	rq_entry_release(&entry);
}

static void show_note(FILE *out, const json_t *note)
{
	fputs("    ", out);
	rq_put_clean(out, rq_json_word(note, "file"));
	fprintf(out, ":%" JSON_INTEGER_FORMAT ": ",
		json_integer_value(json_object_get(note, "line")));
	rq_put_clean(out, rq_json_word(note, "kind"));
	fputs(": ", out);
	rq_put_clean(out, rq_json_word(note, "text"));
	fputc('\n', out);
}

static void show_entry(FILE *to, const json_t *entry, bool color)
{
	const json_t *notes = json_object_get(entry, "notes");
	const char *commit = rq_json_word(entry, "commit"),
		   *message = rq_json_word(entry, "message"),
		   *colour = rq_json_word(entry, "colour");

	char *line = NULL;
	size_t n;
	FILE *out = open_memstream(&line, &n);

	rq_put_clean(out, rq_json_word(entry, "patch"));
	fprintf(out, ": %s", rq_paint(color, rq_word_colour(colour)));
	rq_put_clean(out, rq_json_word(entry, "outcome"));
	fprintf(out, "%s%s", strcmp(colour, "yellow") == 0 ? " (yellow)" : "",
		rq_unpaint(color));
	if (json_is_true(json_object_get(entry, "reviewed")))
		fputs(" (reviewed)", out);
	if (*commit) {
		_cleanup_free_ char *start = rq_xstrndup(commit, strnlen(commit, 12));

		fputs(", commit ", out);
		rq_put_clean(out, start);
	}
	if (*message) {
		fputs(": ", out);
		rq_put_clean(out, message);
	}
	fclose(out);
	rq_put_folded(to, line, 8);
	free(line);
	show_hunks(to, json_object_get(entry, "hunks"), color);
	for (size_t i = 0; i < json_array_size(notes); i++)
		show_note(to, json_array_get(notes, i));
}

int rq_report_show(FILE *out, const char *path, struct rq_slice text, const char *entry,
		   bool color, struct rq_err *err)
{
	json_t *root, *entries;
	size_t shown = 0;
	int rc = rq_port_json_load(&root, path, text, err);

	if (rc)
		return rc;
	entries = json_object_get(root, "entries");
	for (size_t i = 0; i < json_array_size(entries); i++) {
		const json_t *one = json_array_get(entries, i);

		if (entry && strcmp(rq_json_word(one, "patch"), entry) != 0)
			continue;
		show_entry(out, one, color);
		shown++;
	}
	json_decref(root);
	if (entry && !shown)
		return rq_err_set(err, RQ_EFORMAT,
				  "%s: has no entry '%s'; name it as the series does",
				  path, entry);
	return 0;
}

static int read_oid(struct rq_oid *out, const json_t *object, const char *key,
		    const char *path, struct rq_err *err)
{
	const char *hex = rq_json_word(object, key);

	*out = (struct rq_oid){ 0 };
	if (!*hex)
		return 0;
	return rq_oid_parse(out, hex, err) ? rq_err_prefix(err, "%s: ", path) : 0;
}

/* Green by its outcome, and yellow all the same: the table has a "?" then. */
static bool is_doubtful(const struct rq_ported_entry *entry)
{
	return strcmp(entry->colour, "yellow") == 0 &&
	       (strcmp(entry->outcome, "exact") == 0 ||
		strcmp(entry->outcome, "offset") == 0 ||
		strcmp(entry->outcome, "present") == 0);
}

int rq_report_ported(struct rq_ported *out, const char *path, struct rq_slice text,
		     struct rq_err *err)
{
	json_t *root, *entries;
	int rc = rq_port_json_load(&root, path, text, err);

	if (rc)
		return rc;
	entries = json_object_get(root, "entries");
	rc = read_oid(&out->base, root, "base", path, err);
	if (!rc)
		rc = read_oid(&out->tree, root, "tree", path, err);
	for (size_t i = 0; i < json_array_size(entries) && !rc; i++) {
		const json_t *one = json_array_get(entries, i);
		struct rq_ported_entry *entry = rq_vec_push(&out->entries);

		entry->patch = rq_xstrdup(rq_json_word(one, "patch"));
		entry->outcome = rq_xstrdup(rq_json_word(one, "outcome"));
		entry->colour = rq_xstrdup(rq_json_word(one, "colour"));
		entry->reviewed = json_is_true(json_object_get(one, "reviewed"));
		entry->doubtful = is_doubtful(entry);
		rc = read_oid(&entry->commit, one, "commit", path, err);
		if (!rc)
			rc = read_oid(&entry->change, one, "change", path, err);
	}
	json_decref(root);
	return rc;
}

void rq_ported_release(struct rq_ported *ported)
{
	for (size_t i = 0; i < ported->entries.n; i++) {
		free(ported->entries.v[i].patch);
		free(ported->entries.v[i].outcome);
		free(ported->entries.v[i].colour);
	}
	rq_vec_release(&ported->entries);
}
