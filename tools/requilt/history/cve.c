// SPDX-License-Identifier: GPL-2.0-only
/*
 * CVE records of the vulns repository: "FROM:CAUSE:FIXED:FIX" lines of .dyad files, ids of .sha1 files, and the
 * affected ranges of .json files.
 */
#include "history/cve.h"

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>

#include "git/git.h"
#include "util/file.h"
#include "util/path.h"

/* A record is a few KiB; a year has some thousands. */
#define RECORD_MOST (1 << 20)
#define CVES_MOST 200000
#define DEPTH_MOST 6

static bool is_id(struct rq_slice text)
{
	size_t n = 0;

	while (n < text.n && memchr("0123456789abcdef", text.p[n], 16))
		n++;
	return n == text.n && n >= 7 && n <= RQ_OID_HEX;
}

/* --- .dyad --- */

static struct rq_slice take_part(struct rq_slice *rest)
{
	const char *colon = memchr(rest->p, ':', rest->n);
	size_t n = colon ? (size_t)(colon - rest->p) : rest->n;
	struct rq_slice part = { rest->p, n };

	*rest = (struct rq_slice){ rest->p + n + (colon != NULL),
				   rest->n - n - (colon != NULL) };
	return part;
}

/* "0" is a release that is not there. */
static int read_release(struct rq_version *out, struct rq_slice text, struct rq_err *err)
{
	*out = (struct rq_version){ 0 };
	return rq_slice_eq(text, RQ_SLICE("0")) ? 0 : rq_version_parse(out, text, err);
}

static int read_id(char **out, struct rq_slice text, struct rq_err *err)
{
	if (rq_slice_eq(text, RQ_SLICE("0")))
		return 0;
	if (!is_id(text))
		return rq_err_set(err, RQ_EFORMAT, "'%.*s' is no commit",
				  (int)(text.n < 60 ? text.n : 60), text.p);
	*out = rq_xstrndup(text.p, text.n);
	return 0;
}

static int read_pair(struct rq_cve *cve, struct rq_slice line, struct rq_err *err)
{
	struct rq_slice rest = line, part[4];
	struct rq_cve_pair *pair;
	int rc;

	for (size_t i = 0; i < ARRAY_SIZE(part); i++)
		part[i] = take_part(&rest);
	if (!part[3].n || rest.n)
		return rq_err_set(err, RQ_EFORMAT,
				  "is no 'VERSION:COMMIT:VERSION:COMMIT' line");
	pair = rq_vec_push(&cve->pairs);
	rc = read_release(&pair->from, part[0], err);
	if (!rc)
		rc = read_id(&pair->cause, part[1], err);
	if (!rc)
		rc = read_release(&pair->fixed, part[2], err);
	return rc ? rc : read_id(&pair->fix, part[3], err);
}

static int read_dyad(struct rq_cve *cve, const char *path, struct rq_slice text,
		     struct rq_err *err)
{
	struct rq_slice line;
	int rc = 0;

	for (long n = 1; !rc && rq_slice_next_line(&text, &line); n++) {
		line = rq_slice_trim(line);
		if (!line.n || line.p[0] == '#')
			continue;
		rc = read_pair(cve, line, err);
		if (rc)
			rq_err_prefix(err, "%s:%ld: ", path, n);
	}
	return rc;
}

static int read_sha1(struct rq_cve *cve, const char *path, struct rq_slice text,
		     struct rq_err *err)
{
	struct rq_slice line;

	for (long n = 1; rq_slice_next_line(&text, &line); n++) {
		line = rq_slice_trim(line);
		if (!line.n || line.p[0] == '#')
			continue;
		if (!is_id(line))
			return rq_err_set(err, RQ_EFORMAT, "%s:%ld: is no commit", path,
					  n);
		rq_names_add_once(&cve->fixes, line);
	}
	return 0;
}

/* --- .json --- */

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/* A range of commits, or of releases: "6.1.78" is unaffected up to "6.1.*". */
static void read_range(struct rq_cve *cve, const json_t *range, struct rq_version *since)
{
	struct rq_slice version = rq_slice_of(text_of(range, "version"));
	struct rq_slice below = rq_slice_of(text_of(range, "lessThan"));
	bool affected = strcmp(text_of(range, "status"), "affected") == 0;
	struct rq_version read;
	struct rq_err ignored;

	if (strcmp(text_of(range, "versionType"), "git") == 0) {
		struct rq_cve_pair *pair;

		if (!affected || !is_id(version))
			return;
		pair = rq_vec_push(&cve->pairs);
		pair->cause = rq_xstrndup(version.p, version.n);
		if (is_id(below))
			pair->fix = rq_xstrndup(below.p, below.n);
		return;
	}
	if (rq_version_parse(&read, version, &ignored))
		return;
	if (affected)
		*since = read;
	else if (*text_of(range, "lessThanOrEqual"))
		rq_vec_push(&cve->pairs)->fixed = read;
}

static void read_affected(struct rq_cve *cve, const json_t *affected)
{
	struct rq_version since = { 0 };
	size_t i, k, first = cve->pairs.n;
	json_t *product, *range;

	json_array_foreach(affected, i, product)
		json_array_foreach(json_object_get(product, "versions"), k, range)
			read_range(cve, range, &since);
	for (i = first; i < cve->pairs.n; i++) {
		struct rq_cve_pair *pair = &cve->pairs.v[i];

		if (pair->fixed.n)
			pair->from = since;
		/* The last range is mainline's. */
		if (pair->fix && (i + 1 == cve->pairs.n || !cve->pairs.v[i + 1].fix) &&
		    !cve->fixes.v.n)
			rq_names_add(&cve->fixes, rq_slice_of(pair->fix));
	}
}

static int read_json(struct rq_cve *cve, const char *path, struct rq_slice text,
		     struct rq_err *err)
{
	json_error_t at;
	json_t *root = json_loadb(text.p, text.n, 0, &at);
	const json_t *cna;

	if (!root)
		return rq_err_set(err, RQ_EFORMAT, "%s:%d: %s", path, at.line, at.text);
	cna = json_object_get(json_object_get(root, "containers"), "cna");
	read_affected(cve, json_object_get(cna, "affected"));
	json_decref(root);
	return 0;
}

/* --- the directory --- */

typedef int read_fn(struct rq_cve *cve, const char *path, struct rq_slice text,
		    struct rq_err *err);

/* RQ_ENOTFOUND: there is no such file. */
static int read_record(struct rq_cve *cve, const char *stem, const char *ending,
		       read_fn *read, struct rq_err *err)
{
	_cleanup_free_ char *path = rq_xasprintf("%s%s", stem, ending);
	_cleanup_(rq_str_release) struct rq_str bytes = { 0 };
	int rc = rq_file_read_most(&bytes, path, RECORD_MOST, err);

	return rc ? rc : read(cve, path, rq_str_slice(&bytes), err);
}

static int read_cve(struct rq_cve *cve, const char *stem, struct rq_err *err)
{
	int rc;

	cve->id = rq_xstrdup(rq_path_base(stem));
	rc = read_record(cve, stem, ".sha1", read_sha1, err);
	if (!rc || rc == RQ_ENOTFOUND)
		rc = read_record(cve, stem, ".dyad", read_dyad, err);
	if (rc == RQ_ENOTFOUND)
		rc = read_record(cve, stem, ".json", read_json, err);
	return rc == RQ_ENOTFOUND ? 0 : rc;
}

/* Directories of the vulns repository whose records are no faults. */
static bool is_void(const char *name)
{
	return strcmp(name, "rejected") == 0 || strcmp(name, "reserved") == 0;
}

static int add_stems(struct rq_names *out, const char *dir, int depth, struct rq_err *err)
{
	DIR *stream = opendir(dir);
	struct dirent *entry;
	int rc = 0;

	if (!stream)
		return rq_err_errno(err, "%s", dir);
	while (!rc && (entry = readdir(stream))) {
		_cleanup_free_ char *path = rq_path_join(dir, entry->d_name);
		char *dot = strrchr(path, '.');

		if (entry->d_name[0] == '.')
			continue;
		if (rq_file_is_dir(path)) {
			if (is_void(entry->d_name))
				continue;
			rc = depth < DEPTH_MOST ? add_stems(out, path, depth + 1, err)
						: 0;
			continue;
		}
		if (strncmp(entry->d_name, "CVE-", 4) != 0 || !dot ||
		    (strcmp(dot, ".dyad") != 0 && strcmp(dot, ".sha1") != 0 &&
		     strcmp(dot, ".json") != 0))
			continue;
		*dot = '\0';
		if (out->v.n < 3 * CVES_MOST)
			rq_names_add(out, rq_slice_of(path));
	}
	closedir(stream);
	return rc;
}

int rq_cves_load(struct rq_cves *out, const char *dir, struct rq_err *err)
{
	_cleanup_(rq_names_release) struct rq_names stems = { 0 };
	int rc = add_stems(&stems, dir, 0, err);

	rq_names_settle(&stems);
	for (size_t i = 0; i < stems.v.n && !rc; i++)
		rc = read_cve(rq_vec_push(&out->v), stems.v.v[i], err);
	if (!rc && !out->v.n)
		rc = rq_err_set(err, RQ_EFORMAT,
				"%s: has no CVE-*.dyad, .sha1 or .json; name a clone of "
				"the kernel's vulns repository",
				dir);
	return rc;
}

void rq_cves_release(struct rq_cves *cves)
{
	for (size_t i = 0; i < cves->v.n; i++) {
		struct rq_cve *cve = &cves->v.v[i];

		for (size_t k = 0; k < cve->pairs.n; k++) {
			free(cve->pairs.v[k].cause);
			free(cve->pairs.v[k].fix);
		}
		rq_vec_release(&cve->pairs);
		rq_names_release(&cve->fixes);
		free(cve->id);
	}
	rq_vec_release(&cves->v);
}

/* --- what it says of a release --- */

/* 2.6.x and x.y are mainline's; what has a part more is a stable release of that series. */
static int series_parts(const struct rq_version *version)
{
	return version->part[0] == 2 ? 3 : 2;
}

static bool is_stable(const struct rq_version *version)
{
	return version->n > series_parts(version);
}

static bool same_series(const struct rq_version *a, const struct rq_version *b)
{
	int n = series_parts(a);

	return memcmp(a->part, b->part, (size_t)n * sizeof(a->part[0])) == 0;
}

static bool is_at_least(const struct rq_version *a, const struct rq_version *b)
{
	for (int i = 0; i < 4; i++)
		if (a->part[i] != b->part[i])
			return a->part[i] > b->part[i];
	return true;
}

/* Whether @version has what came with @since: stable releases give to their own series alone. */
static bool has_since(const struct rq_version *version, const struct rq_version *since)
{
	return (!is_stable(since) || same_series(version, since)) &&
	       is_at_least(version, since);
}

static void add_version(struct rq_str *out, const struct rq_version *version)
{
	for (int i = 0; i < version->n; i++)
		rq_str_addf(out, "%s%ld", i ? "." : "", version->part[i]);
}

bool rq_cve_is_own(const struct rq_cve_pair *pair, const struct rq_version *version)
{
	return pair->fixed.n && is_stable(&pair->fixed) &&
	       same_series(version, &pair->fixed);
}

const struct rq_cve_pair *rq_cve_own(const struct rq_cve *cve,
				     const struct rq_version *version)
{
	for (size_t i = 0; i < cve->pairs.n; i++)
		if (rq_cve_is_own(&cve->pairs.v[i], version))
			return &cve->pairs.v[i];
	return NULL;
}

enum rq_cve_state rq_cve_says(struct rq_str *out, const struct rq_cve *cve,
			      const struct rq_version *version)
{
	const struct rq_cve_pair *own = rq_cve_own(cve, version);
	const struct rq_version *since = NULL;
	bool known = false, affected = false;

	for (size_t i = 0; i < cve->pairs.n; i++) {
		const struct rq_cve_pair *pair = &cve->pairs.v[i];

		if (!pair->from.n && !pair->fixed.n)
			continue;
		known = true;
		if (pair->from.n && !has_since(version, &pair->from)) {
			since = since ? since : &pair->from;
			continue;
		}
		affected = true;
		if (pair->fixed.n && has_since(version, &pair->fixed)) {
			rq_str_adds(out, "fixed in ");
			add_version(out, &pair->fixed);
			return RQ_CVE_FIXED;
		}
	}
	if (!known)
		return RQ_CVE_UNKNOWN;
	if (!affected) {
		rq_str_adds(out, "not affected, since ");
		add_version(out, since);
		return RQ_CVE_NOT_AFFECTED;
	}
	rq_str_adds(out, "unfixed");
	if (own) {
		rq_str_adds(out, ", ");
		add_version(out, &own->fixed);
		rq_str_adds(out, " has it");
	}
	return RQ_CVE_AFFECTED;
}
