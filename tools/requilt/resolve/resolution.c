// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files of recorded resolutions.  Places nothing: whether one fits is for the ladder to say.
 */
#include "resolve/resolution.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

#include "util/file.h"
#include "util/names.h"
#include "util/path.h"

#define NAME_DIGITS 12 /* in the file's name */
#define DIGEST "Digest:"

void rq_resolution_release(struct rq_resolution *resolution)
{
	free(resolution->path);
	free(resolution->entry);
	free(resolution->branch);
	free(resolution->who);
	free(resolution->note);
	rq_hunk_changes_release(&resolution->hunks);
	rq_str_release(&resolution->was);
	rq_str_release(&resolution->diff);
	*resolution = (struct rq_resolution){ 0 };
}

void rq_resolutions_release(struct rq_resolutions *resolutions)
{
	for (size_t i = 0; i < resolutions->v.n; i++)
		rq_resolution_release(&resolutions->v.v[i]);
	rq_vec_release(&resolutions->v);
}

/* The old side of every hunk with its file's name: what must be there for the patch to fit. */
static void region_of(struct rq_oid *out, const struct rq_patch *patch)
{
	struct rq_str text = { 0 };

	for (size_t i = 0; i < patch->n_files; i++) {
		const struct rq_filediff *diff = &patch->files[i];

		rq_str_addf(&text, "%s\n", diff->old_path ? diff->old_path : "-");
		for (size_t k = 0; k < diff->n_hunks; k++)
			for (size_t l = 0; l < diff->hunks[k].n_lines; l++)
				if (diff->hunks[k].lines[l].sign != '+')
					rq_str_add_slice(&text,
							 diff->hunks[k].lines[l].text);
	}
	rq_oid_of(out, RQ_OBJ_BLOB, rq_str_slice(&text).p, text.len);
	rq_str_release(&text);
}

/* --- reading --- */

static int take_text(struct rq_slice value, long line, void *ctx, struct rq_err *err)
{
	char **field = ctx;

	(void)line;
	(void)err;
	if (!*field && value.n)
		*field = rq_xstrndup(value.p, value.n);
	return 0;
}

static int take_id(struct rq_slice value, long line, void *ctx, struct rq_err *err)
{
	_cleanup_free_ char *hex = rq_xstrndup(value.p, value.n);

	if (rq_oid_parse(ctx, hex, err))
		return rq_err_set(err, RQ_EFORMAT, "line %ld: '%s' is no id", line, hex);
	return 0;
}

/* "<id> <number> <file>". */
static int take_hunk(struct rq_slice value, long line, void *ctx, struct rq_err *err)
{
	struct rq_hunk_changes *hunks = ctx;
	struct rq_hunk_change one = { 0 };
	int rc = take_id(rq_slice_next_word(&value), line, &one.id, err);
	_cleanup_free_ char *number = NULL;
	struct rq_slice word;

	if (rc)
		return rc;
	word = rq_slice_next_word(&value);
	number = rq_xstrndup(word.p, word.n);
	one.hunk = strtoul(number, NULL, 10);
	one.file = rq_xstrndup(value.p, value.n);
	*rq_vec_push(&hunks->v) = one;
	return 0;
}

static int read_fields(struct rq_resolution *out, const struct rq_patch *patch,
		       struct rq_err *err)
{
	_cleanup_free_ char *sign_off = NULL;
	const struct {
		const char *name;
		char **text;
		struct rq_oid *id;
	} fields[] = {
		{ "Resolves", &out->entry, NULL },
		{ out->version_1 ? "Patch-id" : "Change", NULL, &out->change },
		{ "Branch", &out->branch, NULL },
		{ "Region", NULL, &out->region },
		{ "Who", &out->who, NULL },
		{ "Note", &out->note, NULL },
	};
	int rc = rq_head_each(patch->head, "Signed-off-by", take_text, &sign_off, err);

	for (size_t i = 0; i < ARRAY_SIZE(fields) && !rc; i++) {
		rc = fields[i].text ? rq_head_each(patch->head, fields[i].name, take_text,
						   fields[i].text, err)
				    : rq_head_each(patch->head, fields[i].name, take_id,
						   fields[i].id, err);
		if (!rc &&
		    (fields[i].text ? !*fields[i].text : rq_oid_is_zero(fields[i].id)))
			rc = rq_err_set(err, RQ_EFORMAT,
					"has no '%s:' line; resolve again",
					fields[i].name);
	}
	if (!rc && !out->version_1)
		rc = rq_head_each(patch->head, "Hunk", take_hunk, &out->hunks, err);
	out->signed_off = sign_off != NULL;
	return rc;
}

/*
 * Of all bytes but those of the line itself, which is in the first @head bytes; false where these have
 * not one such line.
 */
static bool digest_of(struct rq_oid *out, struct rq_slice *line, struct rq_slice bytes,
		      size_t head)
{
	struct rq_slice rest = bytes, one;
	struct rq_str text = { 0 };
	size_t found = 0;

	while (rq_slice_next_line(&rest, &one)) {
		if (one.p >= bytes.p + head || !rq_slice_starts(one, DIGEST)) {
			rq_str_add_slice(&text, one);
			continue;
		}
		found++;
		*line = rq_slice_chomp(one);
	}
	rq_oid_of(out, RQ_OBJ_BLOB, rq_str_slice(&text).p, text.len);
	rq_str_release(&text);
	return found == 1;
}

static int check_digest(struct rq_slice bytes, size_t head, struct rq_err *err)
{
	char hex[RQ_OID_HEX + 1];
	struct rq_slice line;
	struct rq_oid oid;

	if (!digest_of(&oid, &line, bytes, head))
		return rq_err_set(err, RQ_EFORMAT,
				  "has no '" DIGEST "' line; resolve again");
	line.p += strlen(DIGEST);
	line.n -= strlen(DIGEST);
	rq_oid_hex(hex, &oid);
	if (!rq_slice_eq(rq_slice_trim(line), rq_slice_of(hex)))
		return rq_err_set(err, RQ_EFORMAT,
				  "was changed by hand (" DIGEST " says so); resolve "
				  "again");
	return 0;
}

static bool is_version_1(const struct rq_patch *patch)
{
	_cleanup_free_ char *version = NULL;
	struct rq_err ignored;

	return rq_head_each(patch->head, "Resolution", take_text, &version, &ignored) ==
		       0 &&
	       !version;
}

/* The patch in the head is the one that the record says it resolves. */
static int read_was(struct rq_resolution *out, struct rq_slice head, struct rq_err *err)
{
	_cleanup_(rq_patch_freep) struct rq_patch *was = NULL;
	struct rq_oid change;
	int rc;

	rq_was_find(&out->was, head);
	rc = rq_was_parse(&was, rq_str_slice(&out->was), err);
	if (rc || !was)
		return rc;
	rq_change_of(&change, was);
	if (rq_oid_eq(&change, &out->change))
		return 0;
	return rq_err_set(err, RQ_EFORMAT,
			  "has another patch in it than Change: says; resolve again");
}

static int check(struct rq_resolution *out, const struct rq_patch *patch,
		 struct rq_slice bytes, struct rq_err *err)
{
	struct rq_oid region;
	int rc = read_fields(out, patch, err);

	region_of(&region, patch);
	if (!rc && !patch->n_files)
		rc = rq_err_set(err, RQ_EFORMAT, "has no diff; resolve again");
	if (!rc && !rq_oid_eq(&region, &out->region))
		rc = rq_err_set(err, RQ_EFORMAT,
				"its diff was changed by hand (Region: says so); resolve "
				"again");
	if (!rc && !out->version_1)
		rc = check_digest(bytes, patch->head.n, err);
	if (!rc && !out->version_1)
		rc = read_was(out, patch->head, err);
	return rc;
}

static int load_one(struct rq_resolution *out, const char *path, const char *queue,
		    bool any_version, struct rq_err *err)
{
	struct rq_str bytes = { 0 };
	struct rq_patch *patch = NULL;
	int rc = rq_file_read_most(&bytes, path, RQ_PATCH_MOST, err);

	if (rc)
		return rc;
	out->path = rq_xstrdup(path);
	rq_oid_of(&out->bytes, RQ_OBJ_BLOB, rq_str_slice(&bytes).p, bytes.len);
	rc = rq_patch_parse_copy(&patch, path, rq_str_slice(&bytes), &RQ_PATCH_DEFAULTS,
				 err);
	if (rc) {
		rq_str_release(&bytes);
		return rc;
	}
	out->version_1 = is_version_1(patch);
	if (out->version_1 && !any_version)
		rc = rq_err_set(err, RQ_EFORMAT,
				"is of another version, in which nobody sees an edit; "
				"'requilt accept --renew %s' renews it",
				queue);
	else
		rc = check(out, patch, rq_str_slice(&bytes), err);
	if (rc)
		rq_err_prefix(err, "%s: ", path);
	else
		rq_str_add(&out->diff, patch->buf.s + patch->head.n,
			   patch->buf.len - patch->head.n);
	rq_str_release(&bytes);
	rq_patch_free(patch);
	return rc;
}

int rq_resolutions_load(struct rq_resolutions *out, const char *root, const char *queue,
			struct rq_err *err)
{
	_cleanup_free_ char *folder = rq_xasprintf("%s/series/%s.resolved", root, queue);
	struct rq_names names = { 0 };
	struct dirent *entry;
	int rc = 0;
	DIR *dir;

	if (rq_file_check_within(root, folder, err) == RQ_EUNSAFE)
		return err->code;
	dir = opendir(folder);
	if (!dir)
		return errno == ENOENT ? 0 : rq_err_errno(err, "%s", folder);
	while ((entry = readdir(dir)))
		if (rq_slice_ends(rq_slice_of(entry->d_name), ".patch"))
			rq_names_add(&names, rq_slice_of(entry->d_name));
	closedir(dir);
	rq_names_sort(&names);
	for (size_t i = 0; i < names.v.n && !rc; i++) {
		_cleanup_free_ char *path = rq_path_join(folder, names.v.v[i]);

		rc = rq_file_check_within(root, path, err);
		if (!rc)
			rc = load_one(rq_vec_push(&out->v), path, queue, out->any_version,
				      err);
	}
	rq_names_release(&names);
	return rc;
}

/* --- writing --- */

int rq_resolution_add(struct rq_resolution *resolution, const char *path,
		      enum rq_mode old_mode, struct rq_slice before,
		      enum rq_mode new_mode, struct rq_slice after, struct rq_err *err)
{
	struct rq_str *out = &resolution->diff;

	if (old_mode == new_mode && rq_slice_eq(before, after))
		return 0;
	if (memchr(before.p, 0, before.n) || memchr(after.p, 0, after.n))
		return rq_err_set(err, RQ_EQUEUE,
				  "%s: binary: a resolution is a text to read", path);
	rq_print_diff_line(out, path, old_mode, new_mode, false);
	if (rq_slice_eq(before, after))
		return 0;
	rq_print_diff_names(out, path, old_mode, new_mode);
	return rq_diff_hunks(before, after, out, err);
}

/* One for each change and region: branches may have patches of their own under one name. */
char *rq_resolution_name(const struct rq_resolution *resolution)
{
	const char *base = rq_path_base(resolution->entry);
	size_t n = strlen(base);
	char change[RQ_OID_HEX + 1], region[RQ_OID_HEX + 1], hex[RQ_OID_HEX + 1];
	_cleanup_free_ char *what = rq_xasprintf("%s %s %s", resolution->entry,
						 rq_oid_hex(change, &resolution->change),
						 rq_oid_hex(region, &resolution->region));
	struct rq_oid id;

	rq_oid_of(&id, RQ_OBJ_BLOB, what, strlen(what));
	if (rq_slice_ends(rq_slice_of(base), ".patch"))
		n -= strlen(".patch");
	return rq_xasprintf("%.*s.%.*s.patch", (int)n, base, NAME_DIGITS,
			    rq_oid_hex(hex, &id));
}

/* The file's text up to the digest. */
static void print_fields(struct rq_str *out, const struct rq_resolution *resolution)
{
	char change[RQ_OID_HEX + 1], region[RQ_OID_HEX + 1], id[RQ_OID_HEX + 1];

	rq_str_addf(out, "Resolution: 2\nResolves: %s\nChange: %s\n", resolution->entry,
		    rq_oid_hex(change, &resolution->change));
	for (size_t i = 0; i < resolution->hunks.v.n; i++) {
		const struct rq_hunk_change *one = &resolution->hunks.v.v[i];

		rq_str_addf(out, "Hunk: %s %zu %s\n", rq_oid_hex(id, &one->id), one->hunk,
			    one->file);
	}
	rq_str_addf(out, "Branch: %s\nRegion: %s\nWho: %s\nNote: %s\n",
		    resolution->branch, rq_oid_hex(region, &resolution->region),
		    resolution->who, resolution->note);
	if (resolution->signed_off)
		rq_str_addf(out, "Signed-off-by: %s\n", resolution->who);
	rq_str_add_slice(out, rq_str_slice(&resolution->was));
}

static void print_file(struct rq_str *out, const struct rq_resolution *resolution)
{
	char hex[RQ_OID_HEX + 1];
	struct rq_str all = { 0 };
	struct rq_slice ignored;
	struct rq_oid oid;

	print_fields(out, resolution);
	rq_str_add_slice(&all, rq_str_slice(out));
	rq_str_adds(&all, "---\n");
	rq_str_add_slice(&all, rq_str_slice(&resolution->diff));
	digest_of(&oid, &ignored, rq_str_slice(&all), 0);
	rq_str_addf(out, DIGEST " %s\n---\n", rq_oid_hex(hex, &oid));
	rq_str_add_slice(out, rq_str_slice(&resolution->diff));
	rq_str_release(&all);
}

int rq_resolution_write(struct rq_resolution *resolution, const char *root,
			const char *queue, struct rq_err *err)
{
	_cleanup_free_ char *series = rq_path_join(root, "series"), *name = NULL;
	_cleanup_free_ char *below = rq_xasprintf("%s.resolved", queue);
	_cleanup_free_ char *folder = rq_path_join(series, below);
	struct rq_patch *patch = NULL;
	struct rq_str text = { 0 };
	int rc = rq_patch_parse_copy(&patch, resolution->entry,
				     rq_str_slice(&resolution->diff), &RQ_PATCH_DEFAULTS,
				     err);

	if (rc)
		return rc;
	region_of(&resolution->region, patch);
	rq_patch_free(patch);
	name = rq_resolution_name(resolution);
	free(resolution->path);
	resolution->path = rq_path_join(folder, name);
	print_file(&text, resolution);
	rc = rq_dir_make_below(series, below, err);
	if (!rc)
		rc = rq_file_write(resolution->path, rq_str_slice(&text), err);
	rq_str_release(&text);
	return rc;
}

/* Appends @head's lines; the first that begins with @field has @value behind it. */
static void print_with(struct rq_str *out, struct rq_slice head, const char *field,
		       const char *value)
{
	struct rq_slice line;
	bool done = false;

	while (rq_slice_next_line(&head, &line)) {
		if (!done && rq_slice_starts(line, field))
			rq_str_addf(out, "%s %s\n", field, value);
		else
			rq_str_add_slice(out, line);
		done = done || rq_slice_starts(line, field);
	}
}

void rq_resolution_rename(struct rq_str *out, struct rq_slice bytes, const char *entry)
{
	_cleanup_(rq_str_release) struct rq_str renamed = { 0 };
	char hex[RQ_OID_HEX + 1];
	struct rq_slice ignored;
	struct rq_oid oid;

	print_with(&renamed, bytes, "Resolves:", entry);
	digest_of(&oid, &ignored, rq_str_slice(&renamed), renamed.len);
	print_with(out, rq_str_slice(&renamed), DIGEST, rq_oid_hex(hex, &oid));
}

/* --- the patch of a branch --- */

int rq_resolution_patch(struct rq_patch **out, const struct rq_resolution *resolution,
			const struct rq_patch *source, struct rq_err *err)
{
	struct rq_slice head = source->head;
	struct rq_slice name = rq_slice_trim(
		(struct rq_slice){ resolution->who, strcspn(resolution->who, "<") });
	size_t end = rq_message_end(head);
	struct rq_str text = { 0 };
	int rc;

	rq_str_add(&text, head.p, end);
	if (end && head.p[end - 1] != '\n')
		rq_str_adds(&text, "\n");
	rq_str_addf(&text, "[ %.*s: %s ]\n", RQ_SLICE_ARG(name), resolution->note);
	if (resolution->signed_off)
		rq_str_addf(&text, "Signed-off-by: %s\n", resolution->who);
	rq_str_add(&text, head.p + end, head.n - end);
	rq_str_add_slice(&text, rq_str_slice(&resolution->diff));
	rc = rq_patch_parse(out, resolution->path, &text, &RQ_PATCH_DEFAULTS, err);
	rq_str_release(&text);
	return rc;
}
