// SPDX-License-Identifier: GPL-2.0-only
/*
 * The configuration: the branch's make target, then its fragments, the last line about an
 * option wins.  After olddefconfig every option asked for must be as asked: kconfig drops
 * what depends on something else without a word, and then nothing of it is tested.
 */
#include "verify/verify_internal.h"

#include <stdlib.h>

#include "util/file.h"
#include "util/path.h"

#define CONFIG_SECONDS 600
#define NOT_SET " is not set"

/* One option as a fragment asks for it; slices point into the fragments' bytes. */
struct wanted {
	struct rq_slice name;  /* "CONFIG_KSM" */
	struct rq_slice value; /* "y"; empty: not set */
	struct rq_slice text;  /* the line */
	const char *file;
	long line;
};

struct fragments {
	rq_vec(struct rq_str) bytes;
	rq_vec(char *) paths;
	rq_vec(struct wanted) wanted;
};

static void release(struct fragments *f)
{
	for (size_t i = 0; i < f->bytes.n; i++)
		rq_str_release(&f->bytes.v[i]);
	for (size_t i = 0; i < f->paths.n; i++)
		free(f->paths.v[i]);
	rq_vec_release(&f->bytes);
	rq_vec_release(&f->paths);
	rq_vec_release(&f->wanted);
}

/* "CONFIG_X=value" or "# CONFIG_X is not set"; false for any other line. */
static bool read_option(struct wanted *out, struct rq_slice line)
{
	size_t n = strlen(NOT_SET);
	const char *equals;

	line = rq_slice_trim(line);
	out->text = line;
	if (rq_slice_starts(line, "# CONFIG_") && line.n > n &&
	    memcmp(line.p + line.n - n, NOT_SET, n) == 0) {
		out->name = (struct rq_slice){ line.p + 2, line.n - n - 2 };
		out->value = RQ_SLICE("");
		return memchr(out->name.p, ' ', out->name.n) == NULL;
	}
	equals = line.n ? memchr(line.p, '=', line.n) : NULL;
	if (!equals || !rq_slice_starts(line, "CONFIG_"))
		return false;
	out->name = (struct rq_slice){ line.p, (size_t)(equals - line.p) };
	out->value = (struct rq_slice){ equals + 1, line.n - out->name.n - 1 };
	if (rq_slice_eq(out->value, RQ_SLICE("n")))
		out->value.n = 0;
	return true;
}

static void want(struct fragments *f, const struct wanted *one)
{
	for (size_t i = 0; i < f->wanted.n; i++) {
		if (rq_slice_eq(f->wanted.v[i].name, one->name)) {
			f->wanted.v[i] = *one;
			return;
		}
	}
	*rq_vec_push(&f->wanted) = *one;
}

static int read_fragment(struct fragments *f, const char *path, struct rq_slice rest,
			 struct rq_err *err)
{
	struct wanted one = { .file = path };
	struct rq_slice line;

	while (rq_slice_next_line(&rest, &line)) {
		one.line++;
		line = rq_slice_trim(line);
		if (read_option(&one, line))
			want(f, &one);
		else if (line.n && line.p[0] != '#')
			return rq_err_set(err, RQ_EFORMAT,
					  "%s:%ld: neither CONFIG_X=value nor "
					  "'# CONFIG_X is not set'",
					  path, one.line);
	}
	return 0;
}

static int load(struct fragments *f, const struct rq_site *site, struct rq_err *err)
{
	const struct rq_branch *branch = site->job->branch;
	/* They lie in ci/kconfig. */
	_cleanup_free_ char *ci = rq_path_parent(site->job->fragments),
			    *root = rq_path_parent(ci);
	int rc = 0;

	for (size_t i = 0; i < branch->fragments.v.n && !rc; i++) {
		char *path = rq_path_join(site->job->fragments, branch->fragments.v.v[i]);
		struct rq_str *bytes = rq_vec_push(&f->bytes);

		*rq_vec_push(&f->paths) = path;
		rc = rq_file_read_within(bytes, root, path, err);
		if (rc == RQ_ENOTFOUND)
			rc = rq_err_set(err, RQ_EFORMAT,
					"%s: not there; branch.%s.fragment names it",
					path, branch->name);
		if (!rc)
			rc = read_fragment(f, path, rq_str_slice(bytes), err);
	}
	return rc;
}

static int run_goal(struct rq_site *site, const char *goal, struct rq_err *err)
{
	const char *const goals[] = { goal, NULL };
	struct rq_output output = { 0 };
	struct rq_str text = { 0 };
	int status, rc = rq_make_run(site,
				     &(struct rq_make){ .goals = goals,
							.seconds = CONFIG_SECONDS },
				     &text, &status, err);

	if (!rc && status) {
		rq_output_read(&output, rq_str_slice(&text), site->tree);
		rc = rq_err_set(err, RQ_EFORMAT, "make %s failed: %s", goal,
				output.complaint ? output.complaint : "no reason given");
		rq_output_release(&output);
	}
	rq_str_release(&text);
	return rc;
}

static int append(const struct fragments *f, const char *config, struct rq_err *err)
{
	struct rq_str text = { 0 };
	int rc = rq_file_read(&text, config, err);

	for (size_t i = 0; i < f->wanted.n; i++) {
		rq_str_add_slice(&text, f->wanted.v[i].text);
		rq_str_adds(&text, "\n");
	}
	if (!rc)
		rc = rq_file_write(config, rq_str_slice(&text), err);
	rq_str_release(&text);
	return rc;
}

/* The value in .config; empty when it is not set there. */
static struct rq_slice value_in(struct rq_slice config, struct rq_slice name)
{
	struct rq_slice line;
	struct wanted one;

	while (rq_slice_next_line(&config, &line))
		if (read_option(&one, line) && rq_slice_eq(one.name, name))
			return one.value;
	return RQ_SLICE("");
}

/* All that did not take, the first with its place, since the others often follow from it. */
static int check(const struct fragments *f, struct rq_slice config, const char *branch,
		 struct rq_err *err)
{
	struct rq_str others = { 0 };
	size_t bad = 0;

	for (size_t i = 0; i < f->wanted.n; i++) {
		const struct wanted *one = &f->wanted.v[i];
		struct rq_slice is = value_in(config, one->name);

		if (rq_slice_eq(is, one->value))
			continue;
		if (!bad++)
			rq_err_set(err, RQ_EFORMAT,
				   "%s:%ld: '%.*s' did not take on %s: %s%.*s", one->file,
				   one->line, RQ_SLICE_ARG(one->text), branch,
				   is.n ? "it is " : "it is not set", RQ_SLICE_ARG(is));
		else
			rq_str_addf(&others, ", %.*s", RQ_SLICE_ARG(one->name));
	}
	if (bad > 1) {
		_cleanup_free_ char *first = rq_xstrdup(err->msg);

		rq_err_set(err, RQ_EFORMAT, "%s; nor did %s", first, others.s + 2);
	}
	rq_str_release(&others);
	return bad ? (int)err->code : 0;
}

int rq_kconfig_make(struct rq_site *site, struct rq_err *err)
{
	_cleanup_free_ char *config = rq_path_join(site->build, ".config");
	struct fragments f = { 0 };
	struct rq_str text = { 0 };
	int rc = load(&f, site, err);

	if (!rc)
		rc = rq_dir_make(site->build, err);
	if (!rc)
		rc = run_goal(site, site->job->branch->kconfig, err);
	if (!rc)
		rc = append(&f, config, err);
	if (!rc)
		rc = run_goal(site, "olddefconfig", err);
	if (!rc)
		rc = rq_file_read(&text, config, err);
	if (!rc)
		rc = check(&f, rq_str_slice(&text), site->job->branch->name, err);
	rq_str_release(&text);
	release(&f);
	return rc;
}

char *rq_kconfig_name(const struct rq_branch *branch)
{
	struct rq_str name = { 0 };

	rq_str_adds(&name, branch->kconfig);
	for (size_t i = 0; i < branch->fragments.v.n; i++)
		rq_str_addf(&name, " + %s", branch->fragments.v.v[i]);
	return name.s;
}
