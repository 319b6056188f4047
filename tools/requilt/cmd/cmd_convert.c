// SPDX-License-Identifier: GPL-2.0-only
/*
 * requilt convert: a rule over a folder that is in no kernel tree, such as a vendor's driver; the
 * patch goes to stdout.  Changes no file.  A file of which a place is refused is left out of the patch.
 */
#include "cmd/cmd.h"

#include <errno.h>
#include <fts.h>
#include <stdlib.h>

#include "semantic/semantic.h"
#include "util/file.h"
#include "util/path.h"

static const char *rule_path;
static bool unconfined;

const struct rq_opt rq_cmd_convert_options[] = {
	{ "rule", 0, RQ_OPT_STRING, "FILE", "the semantic patch to run", &rule_path },
	{ "unconfined-rules", 0, RQ_OPT_FLAG, NULL,
	  "let semantic patches do what you may, where they cannot be confined",
	  &unconfined },
	{ 0 },
};

static int add_file(struct rq_semantic *run, const FTSENT *entry, const char *dir,
		    struct rq_err *err)
{
	const char *path = entry->fts_path + strlen(dir);
	struct rq_str bytes = { 0 };
	int rc;

	if (!rq_path_is_c(entry->fts_name))
		return 0;
	while (*path == '/')
		path++;
	if (rq_path_unsafe(rq_slice_of(path)))
		return rq_err_set(err, RQ_EUNSAFE, "%s: the path %s", entry->fts_path,
				  rq_path_unsafe(rq_slice_of(path)));
	rc = rq_file_read(&bytes, entry->fts_path, err);
	if (!rc)
		rq_semantic_add(run, path, &bytes);
	rq_str_release(&bytes);
	return rc;
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* Every .c and .h file below @dir, which may be a link; links below are told and left. */
static int read_folder(struct rq_semantic *run, const char *dir, struct rq_err *err)
{
	_cleanup_free_ char *real = realpath(dir, NULL);
	char *const paths[] = { real, NULL };
	FTS *fts = real && rq_file_is_dir(real)
			   ? fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, by_name)
			   : NULL;
	FTSENT *entry;
	int rc = 0;

	if (!fts)
		return rq_err_set(err, RQ_EFORMAT, "%s: no folder; name one to convert",
				  dir);
	errno = 0;
	while (!rc && (entry = fts_read(fts))) {
		if (entry->fts_info == FTS_F)
			rc = add_file(run, entry, real, err);
		else if ((entry->fts_info == FTS_SL || entry->fts_info == FTS_SLNONE) &&
			 rq_path_is_c(entry->fts_name) && !rq_globals.quiet)
			rq_print_clean(stderr, "%s: a link: not looked at\n",
				       entry->fts_path);
		else if (entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR)
			rc = rq_err_set(err, RQ_EIO, "%s: %s", entry->fts_path,
					strerror(entry->fts_errno));
	}
	fts_close(fts);
	if (!rc && !run->files.n)
		rc = rq_err_set(err, RQ_EFORMAT, "%s: holds no .c or .h file", dir);
	return rc;
}

static int read_headers(struct rq_semantic *run, const char *dir,
			const struct rq_rule *rule, struct rq_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < rule->includes.v.n && !rc; i++) {
		struct rq_semantic_file *header = rq_vec_push(&run->headers);
		_cleanup_free_ char *path = rq_path_join(dir, rule->includes.v.v[i]);

		header->path = rq_xstrdup(rule->includes.v.v[i]);
		rc = rq_file_read(&header->before, path, err);
		if (rc == RQ_ENOTFOUND)
			rc = rq_err_set(err, RQ_EFORMAT,
					"%s: Spatch-include: %s is not there; copy it",
					rule->name, path);
	}
	return rc;
}

static void print_notes(const struct rq_semantic *run)
{
	for (size_t i = 0; i < run->notes.n; i++)
		rq_print_clean(stderr, "%s:%ld: %s: %s\n", run->notes.v[i].file,
			       run->notes.v[i].line, rq_note_word(run->notes.v[i].kind),
			       run->notes.v[i].text);
}

/* "a.c:12: left: why", for each file that the patch leaves out. */
static void print_refused(const struct rq_semantic *run)
{
	for (size_t i = 0; i < run->files.n; i++) {
		const struct rq_semantic_file *f = &run->files.v[i];
		size_t n = strlen(f->path) + 1;

		if (!f->refused)
			continue;
		n += strcspn(f->refused + n, ":");
		rq_print_clean(stderr, "%.*s: left%s\n", (int)n, f->refused,
			       f->refused + n);
	}
}

static bool is_usable(const struct rq_semantic_file *f)
{
	return f->changed && !f->refused;
}

static bool any_usable(const struct rq_semantic *run)
{
	for (size_t i = 0; i < run->files.n; i++)
		if (is_usable(&run->files.v[i]))
			return true;
	return false;
}

static int print_patch(const struct rq_rule *rule, const struct rq_semantic *run,
		       struct rq_err *err)
{
	struct rq_str patch = { 0 };
	int rc = 0;

	if (rule->head.len)
		rq_str_addf(&patch, "%s\n", rule->head.s);
	for (size_t i = 0; i < run->files.n && !rc; i++) {
		const struct rq_semantic_file *f = &run->files.v[i];

		if (!is_usable(f))
			continue;
		rq_str_addf(&patch, "diff --git a/%s b/%s\n--- a/%s\n+++ b/%s\n", f->path,
			    f->path, f->path, f->path);
		rc = rq_diff_hunks(rq_str_slice(&f->before), rq_str_slice(&f->after),
				   &patch, err);
	}
	if (!rc)
		fwrite(patch.s, 1, patch.len, stdout);
	rq_str_release(&patch);
	return rc;
}

static int convert(const char *dir, struct rq_rule *rule, struct rq_err *err)
{
	_cleanup_free_ char *cache = rq_cmd_cache_path("semantic");
	const struct rq_semantic_options options = { .cache = cache,
						     .jobs = rq_cmd_jobs(),
						     .unconfined = unconfined };
	struct rq_semantic run = { 0 };
	int rc = read_folder(&run, dir, err);

	if (!rc)
		rc = read_headers(&run, dir, rule, err);
	if (!rc)
		rc = rq_semantic_run(&run, rule, &options, err);
	if (!rc && !rq_globals.quiet)
		print_notes(&run);
	if (!rc && run.outcome != RQ_ERROR) {
		print_refused(&run);
		if (any_usable(&run))
			rc = print_patch(rule, &run, err);
	}
	if (!rc && run.outcome == RQ_ERROR)
		rc = rq_err_set(err, run.code, "%s", run.why);
	else if (!rc && run.outcome == RQ_CONFLICT)
		rc = rq_err_set(err, RQ_EQUEUE, "%s", run.why);
	else if (!rc && run.outcome == RQ_EMPTY && !rule->allow_empty)
		rc = rq_err_set(err, RQ_EQUEUE, "%s: changes nothing in %s", rule->name,
				dir);
	rq_semantic_release(&run);
	return rc;
}

int rq_cmd_convert(int argc, char **argv, struct rq_err *err)
{
	struct rq_rule rule = { 0 };
	struct rq_str text = { 0 };
	int rc;

	if (argc != 1 || !rule_path)
		return rq_err_set(
			err, RQ_EUSAGE,
			"convert: name a rule and a folder: --rule X.cocci DIR");
	rc = rq_file_read(&text, rule_path, err);
	if (rc == RQ_ENOTFOUND)
		rc = rq_err_set(err, RQ_EFORMAT, "%s: not there; name a semantic patch",
				rule_path);
	if (!rc)
		rc = rq_rule_parse(&rule, rule_path, &text, err);
	if (!rc)
		rc = convert(argv[0], &rule, err);
	rq_rule_release(&rule);
	rq_str_release(&text);
	return rc;
}
