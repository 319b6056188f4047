// SPDX-License-Identifier: GPL-2.0-only
/*
 * Patches arranged as other trees keep them: the order in the names, or in a file beside them.
 */
#include "cmd/export.h"

#include <ctype.h>
#include <stdlib.h>

#include "util/path.h"

static bool is_numbered(enum rq_form form)
{
	return form != RQ_FORM_QUILT && form != RQ_FORM_DEBIAN;
}

/* "0007-x.patch" becomes "0003-x.patch", whatever the folder: only the number orders them. */
static char *numbered_name(const char *name, size_t number)
{
	const char *base = rq_path_base(name);
	size_t digits = strspn(base, "0123456789");

	if (digits && base[digits] == '-')
		base += digits + 1;
	return rq_xasprintf("%04zu-%s", number, base);
}

static void add_list(struct rq_str *out, const struct rq_outputs *files, size_t n,
		     const char *before, const char *after)
{
	for (size_t i = 0; i < n; i++)
		rq_str_addf(out, "%s%s%s\n", before, files->v.v[i].name, after);
}

static void add_spec(struct rq_str *out, const struct rq_outputs *files, size_t n)
{
	for (size_t i = 0; i < n; i++)
		rq_str_addf(out, "Patch%04zu: %s\n", i + 1, files->v.v[i].name);
}

/* The comments of a series go on above the entries, which get the new names. */
static void renew_series(struct rq_str *series, const struct rq_outputs *files, size_t n)
{
	struct rq_slice rest = rq_str_slice(series), line;
	struct rq_str out = { 0 };

	while (rq_slice_next_line(&rest, &line) && line.p[0] == '#')
		rq_str_add_slice(&out, line);
	add_list(&out, files, n, "", "");
	rq_str_release(series);
	*series = out;
}

static void replace(struct rq_output *file, const char *queue, const char *ending,
		    struct rq_str *bytes)
{
	free(file->name);
	file->name = rq_xasprintf("%s%s", queue, ending);
	rq_str_release(&file->bytes);
	file->bytes = *bytes;
	*bytes = (struct rq_str){ 0 };
}

static void arrange_yocto(struct rq_outputs *files, size_t n, const char *queue)
{
	struct rq_str lines = { 0 }, sources = { 0 };

	add_list(&lines, files, n, "patch ", "");
	rq_str_adds(&sources, "SRC_URI += \" \\\n");
	add_list(&sources, files, n, "\tfile://", " \\");
	rq_str_adds(&sources, "\"\n");
	replace(&files->v.v[n], queue, ".scc", &lines);
	replace(rq_vec_push(&files->v), queue, ".inc", &sources);
}

void rq_export_arrange(struct rq_outputs *files, enum rq_form form, const char *queue)
{
	size_t n = files->v.n - 1;
	struct rq_str lines = { 0 };

	for (size_t i = 0; i < n && is_numbered(form); i++) {
		char *name = numbered_name(files->v.v[i].name, i + 1);

		free(files->v.v[i].name);
		files->v.v[i].name = name;
	}
	switch (form) {
	case RQ_FORM_QUILT:
		break;
	case RQ_FORM_NUMBERED:
		renew_series(&files->v.v[n].bytes, files, n);
		break;
	case RQ_FORM_OPENWRT:
		free(files->v.v[n].name);
		rq_str_release(&files->v.v[n].bytes);
		files->v.n--;
		break;
	case RQ_FORM_YOCTO:
		arrange_yocto(files, n, queue);
		break;
	case RQ_FORM_RPM:
		add_spec(&lines, files, n);
		replace(&files->v.v[n], queue, ".spec.inc", &lines);
		break;
	case RQ_FORM_DEBIAN:
		add_list(&lines, files, n, "", "");
		rq_str_release(&files->v.v[n].bytes);
		files->v.v[n].bytes = lines;
		break;
	}
}
