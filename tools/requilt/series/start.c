// SPDX-License-Identifier: GPL-2.0-only
/*
 * The first files of a queue repository: what they say, and in which order they are written.
 */
#include "series/start.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "series/series_internal.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/path.h"

#define CONF "series/branches.conf"

static const char conf_head[] = "# The branches that queues are ported to; "
				"requilt-series(5) says what each key means.\n"
				"\n";

static const char conf_example[] =
	"# [branch \"linux-6.1.y\"]\n"
	"#\tbase = v6.1.100        # any revision of the kernel repository\n"
	"#\ttag = lts              # a name for guards\n"
	"#\tsource = v6.8          # the tree that the patches were made for\n";

static const char series_text[] =
	"# One patch or semantic patch a line, in the order in which they apply; see "
	"requilt-series(5).\n"
	"# 'requilt import' adds lines.  A comment after an entry can hold guards:\n"
	"#\n"
	"#   fixes/0001-mm-a-fix.patch       #-v5.10           not where the kernel is a "
	"5.10\n"
	"#   fixes/0002-mm-another.patch     #+linux-6.1.y     on this branch only\n"
	"#   fixes/rename.cocci              #-v4.4..v5.18     not from 4.4 to 5.18\n";

static const char attributes[] =
	"# What 'requilt port' writes: shown as generated, and a merge keeps this "
	"side's; port it again\n"
	"# after a merge.  Each clone needs once: git config merge.ours.driver true\n"
	"series/*/*/** linguist-generated -diff merge=ours\n"
	"# Reviews of both sides count.\n"
	"*.reviewed merge=union\n";

static const char ignored[] = "/.requilt/\n";

int rq_start_add(struct rq_start *start, const char *word, struct rq_err *err)
{
	const char *is = strchr(word, '=');
	struct rq_slice name = { word, is ? (size_t)(is - word) : 0 };
	struct rq_start_branch *branch;

	if (!name.n || !is[1])
		return rq_err_set(err, RQ_EUSAGE,
				  "init: '%s': write a branch as NAME=REVISION, such as "
				  "linux-6.1.y=v6.1.100",
				  word);
	if (!rq_branch_name_valid(name))
		return rq_err_set(
			err, RQ_EUSAGE,
			"init: '%.*s': a branch's name has letters, digits, '.', "
			"'_', '+' and '-' only",
			RQ_SLICE_ARG(name));
	if (!rq_revision_valid(is + 1))
		return rq_err_set(err, RQ_EUSAGE, "init: '%s' is no revision", is + 1);
	for (size_t i = 0; i < start->branches.n; i++)
		if (rq_slice_eq(name, rq_slice_of(start->branches.v[i].name)))
			return rq_err_set(err, RQ_EUSAGE, "init: %.*s is named twice",
					  RQ_SLICE_ARG(name));
	branch = rq_vec_push(&start->branches);
	branch->name = rq_xstrndup(name.p, name.n);
	branch->base = rq_xstrdup(is + 1);
	return 0;
}

/* In quotes where git's configuration would read it otherwise. */
static void add_value(struct rq_str *out, const char *key, const char *value)
{
	bool quoted = strpbrk(value, "\"\\#; ") != NULL;

	rq_str_addf(out, "\t%s = %s", key, quoted ? "\"" : "");
	for (const char *c = value; *c; c++)
		rq_str_addf(out, "%s%c", *c == '"' || *c == '\\' ? "\\" : "", *c);
	rq_str_adds(out, quoted ? "\"\n" : "\n");
}

static void add_conf(struct rq_str *out, const struct rq_start *start)
{
	rq_str_adds(out, conf_head);
	if (start->repository || start->committer)
		rq_str_adds(out, "[core]\n");
	if (start->repository)
		add_value(out, "repository", start->repository);
	if (start->committer)
		add_value(out, "committer", start->committer);
	if (start->repository || start->committer)
		rq_str_adds(out, "\n");
	for (size_t i = 0; i < start->branches.n; i++) {
		rq_str_addf(out, "[branch \"%s\"]\n", start->branches.v[i].name);
		add_value(out, "base", start->branches.v[i].base);
		rq_str_adds(out, "\n");
	}
	rq_str_adds(out, conf_example);
}

static bool has_line(struct rq_slice text, struct rq_slice wanted)
{
	struct rq_slice line;

	while (rq_slice_next_line(&text, &line))
		if (rq_slice_eq(rq_slice_trim(line), rq_slice_trim(wanted)))
			return true;
	return false;
}

/* Where the file lacks one of the lines of @text, all that it lacks come after what it has. */
static int add_lines(const struct rq_start *start, const char *name, const char *text,
		     struct rq_names *written, struct rq_err *err)
{
	_cleanup_free_ char *path = rq_path_join(start->root, name);
	_cleanup_(rq_str_release) struct rq_str bytes = { 0 };
	struct rq_slice rest = rq_slice_of(text), line;
	size_t before;
	int rc = 0;

	if (rq_file_exists(path))
		rc = rq_file_read_within(&bytes, start->root, path, err);
	if (rc)
		return rc;
	before = bytes.len;
	while (rq_slice_next_line(&rest, &line)) {
		if (has_line((struct rq_slice){ bytes.s, before }, line))
			continue;
		if (bytes.len && bytes.s[bytes.len - 1] != '\n')
			rq_str_adds(&bytes, "\n");
		rq_str_add_slice(&bytes, line);
	}
	if (bytes.len == before)
		return 0;
	rq_names_add(written, rq_slice_of(name));
	return rq_file_write(path, rq_str_slice(&bytes), err);
}

static int write_new(const struct rq_start *start, const char *name, struct rq_slice text,
		     struct rq_names *written, struct rq_err *err)
{
	_cleanup_free_ char *path = rq_path_join(start->root, name);

	if (rq_file_exists(path))
		return 0;
	rq_names_add(written, rq_slice_of(name));
	return rq_file_write(path, text, err);
}

/* A link is written through by nobody: who made it knows where it should lead. */
static int check_file(const char *root, const char *name, struct rq_err *err)
{
	_cleanup_free_ char *path = rq_path_join(root, name);
	struct stat st;

	if (lstat(path, &st) < 0 || S_ISREG(st.st_mode))
		return 0;
	return rq_err_set(err, RQ_EFORMAT, "%s: is no regular file; move it away", path);
}

int rq_start_check(const struct rq_start *start, struct rq_err *err)
{
	_cleanup_free_ char *conf = rq_path_join(start->root, CONF);
	_cleanup_free_ char *series = rq_xasprintf("series/%s.series", start->queue);
	const char *const files[] = { CONF, series, ".gitattributes", ".gitignore" };
	int rc = 0;

	if (rq_file_exists(conf))
		return rq_err_set(err, RQ_EFORMAT,
				  "%s: is there; this is a queue repository already",
				  conf);
	for (size_t i = 0; i < ARRAY_SIZE(files) && !rc; i++)
		rc = check_file(start->root, files[i], err);
	return rc;
}

int rq_start_write(struct rq_names *written, const struct rq_start *start,
		   struct rq_err *err)
{
	_cleanup_free_ char *series = rq_xasprintf("series/%s.series", start->queue);
	_cleanup_(rq_str_release) struct rq_str text = { 0 };
	int rc;

	rc = rq_dir_make(start->root, err);
	if (!rc)
		rc = rq_dir_make_below(start->root, "series", err);
	if (!rc)
		rc = add_lines(start, ".gitattributes", attributes, written, err);
	if (!rc)
		rc = add_lines(start, ".gitignore", ignored, written, err);
	if (!rc)
		rc = write_new(start, series, RQ_SLICE(series_text), written, err);
	if (rc)
		return rc;
	add_conf(&text, start);
	return write_new(start, CONF, rq_str_slice(&text), written, err);
}

void rq_start_release(struct rq_start *start)
{
	for (size_t i = 0; i < start->branches.n; i++) {
		free(start->branches.v[i].name);
		free(start->branches.v[i].base);
	}
	rq_vec_release(&start->branches);
}
