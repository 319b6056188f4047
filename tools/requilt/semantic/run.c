// SPDX-License-Identifier: GPL-2.0-only
/*
 * A rule over files, and the judgement: what was changed, what was not and should have been,
 * what a maintainer still has to mend by hand.
 */
#include "semantic/semantic_internal.h"

#include <stdlib.h>

#include "util/clean.h"
#include "util/file.h"
#include "util/path.h"

void rq_semantic_add(struct rq_semantic *run, const char *path, struct rq_str *bytes)
{
	struct rq_semantic_file *f = rq_vec_push(&run->files);

	f->path = rq_xstrdup(path);
	f->before = *bytes;
	*bytes = (struct rq_str){ 0 };
}

static void release_files(struct rq_semantic_file *files, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(files[i].path);
		free(files[i].refused);
		rq_str_release(&files[i].before);
		rq_str_release(&files[i].after);
	}
}

void rq_semantic_release(struct rq_semantic *run)
{
	release_files(run->files.v, run->files.n);
	release_files(run->headers.v, run->headers.n);
	for (size_t i = 0; i < run->notes.n; i++) {
		free(run->notes.v[i].file);
		free(run->notes.v[i].text);
	}
	rq_vec_release(&run->files);
	rq_vec_release(&run->headers);
	rq_vec_release(&run->notes);
	free(run->why);
	*run = (struct rq_semantic){ 0 };
}

static void note(struct rq_semantic *run, enum rq_note_kind kind, const char *file,
		 long line, char *text)
{
	*rq_vec_push(&run->notes) =
		(struct rq_note){ kind, rq_xstrdup(file), line, text };
}

/* The first reason stands; what it must outdo is a weaker outcome. */
static void judge(struct rq_semantic *run, enum rq_outcome outcome, char *why)
{
	if (run->outcome >= outcome && run->why) {
		free(why);
		return;
	}
	free(run->why);
	run->outcome = outcome;
	run->why = why;
}

/* The same for one file, whose conversion is not to be used. */
static void refuse(struct rq_semantic *run, struct rq_semantic_file *f, char *why)
{
	if (!f->refused)
		f->refused = rq_xstrdup(why);
	judge(run, RQ_CONFLICT, why);
}

/* --- lines that spatch could not read --- */

struct reading {
	const struct rq_rule *rule;
	const struct rq_unread *unread;
	struct rq_word found;
};

static int is_unread(const struct rq_word *word, void *ctx)
{
	struct reading *r = ctx;

	if (word->kind != RQ_WORD_CODE || word->line < r->unread->from ||
	    word->line > r->unread->to || !rq_names_have(&r->rule->needs, word->text))
		return 0;
	r->found = *word;
	return 1;
}

/* Lines that hold the rule's identifiers are work not done; others are worth a note. */
static void judge_unread(struct rq_semantic *run, const struct rq_rule *rule,
			 const struct rq_unread *unread)
{
	struct rq_semantic_file *f = &run->files.v[unread->file];
	struct reading r = { .rule = rule, .unread = unread };

	if (!rq_ctext_each(rq_str_slice(&f->before), is_unread, &r)) {
		note(run, RQ_NOTE_UNREAD, f->path, unread->line,
		     rq_xstrdup("spatch cannot read this and goes on behind it"));
		return;
	}
	refuse(run, f,
	       rq_xasprintf(
		       "%s:%ld: spatch cannot read this (it gave up in line %ld), and "
		       "%.*s is in it; convert it by hand",
		       f->path, r.found.line, unread->line, RQ_SLICE_ARG(r.found.text)));
}

/* --- names that are left --- */

struct looking {
	struct rq_semantic *run;
	const struct rq_rule *rule;
	const char *path;
};

static int look_at(const struct rq_word *word, void *ctx)
{
	struct looking *l = ctx;
	bool none = rq_names_have(&l->rule->expect_none, word->text);
	char *name;

	if (!none && !rq_names_have(&l->rule->needs, word->text))
		return 0;
	name = rq_xstrndup(word->text.p, word->text.n);
	if (word->kind == RQ_WORD_COMMENT)
		note(l->run, RQ_NOTE_COMMENT, l->path, word->line, TAKE_PTR(name));
	if (word->kind == RQ_WORD_CODE && none)
		judge(l->run, RQ_CONFLICT,
		      rq_xasprintf(
			      "%s:%ld: %s is left, and the rule expects none; convert "
			      "it by hand",
			      l->path, word->line, name));
	if (word->kind == RQ_WORD_CODE)
		note(l->run, RQ_NOTE_LEFT, l->path, word->line, TAKE_PTR(name));
	free(name);
	return 0;
}

/* What a rule cannot see, its result is asked for. */
static void judge_change(struct rq_semantic *run, const struct rq_rule *rule,
			 struct rq_semantic_file *f)
{
	char *why = rq_hidden_check(f);

	if (!why)
		why = rq_apart_check(rule, f);
	if (why)
		refuse(run, f, why);
}

static void look_at_results(struct rq_semantic *run, const struct rq_rule *rule)
{
	for (size_t i = 0; i < run->files.n; i++) {
		struct rq_semantic_file *f = &run->files.v[i];
		struct looking l = { run, rule, f->path };

		if (f->changed)
			judge_change(run, rule, f);
		rq_ctext_each(
			rq_str_slice(f->changed && !f->refused ? &f->after : &f->before),
			look_at, &l);
	}
}

/* --- the run --- */

/* Files that only mention a name, or define it, are none of spatch's business. */
static void pick(struct rq_semantic *run, const struct rq_rule *rule)
{
	for (size_t i = 0; i < run->files.n; i++) {
		struct rq_semantic_file *f = &run->files.v[i];

		f->wanted = rq_ctext_uses(rq_str_slice(&f->before), &rule->needs);
	}
}

/* What the cache has: spatch gets the other files only. */
struct kept {
	char **paths; /* in the cache, per file of the run; NULL: spatch does not get it */
	char *none;   /* the same of a run without files; NULL: there are some */
	bool *had;    /* per file: it was there, and is no more wanted for now */
	bool all;
};

static void find_kept(struct kept *out, struct rq_semantic *run,
		      struct rq_spatch_said *said, const struct rq_rule *rule,
		      const char *version, const struct rq_semantic_options *options)
{
	size_t wanted = 0, had = 0;

	out->paths = rq_xcalloc(run->files.n + 1, sizeof(*out->paths));
	out->had = rq_xcalloc(run->files.n + 1, sizeof(*out->had));
	for (size_t i = 0; i < run->files.n; i++) {
		struct rq_semantic_file *f = &run->files.v[i];

		if (!f->wanted)
			continue;
		out->paths[i] =
			rq_semantic_cache_path(run, rule, f, version, options->cache);
		out->had[i] = !options->fresh &&
			      rq_semantic_cache_load(run, said, f, out->paths[i]);
		f->wanted = !out->had[i];
		wanted++;
		had += out->had[i];
	}
	out->all = wanted && wanted == had;
	if (wanted)
		return;
	out->none = rq_semantic_cache_path(run, rule, NULL, version, options->cache);
	out->all = !options->fresh && rq_semantic_cache_load(run, said, NULL, out->none);
}

static int keep(const struct kept *kept, const struct rq_semantic *run,
		const struct rq_spatch_said *said, const char *cache, struct rq_err *err)
{
	int rc = rq_dir_make(cache, err);

	for (size_t i = 0; i < run->files.n && !rc; i++)
		if (kept->paths[i] && !kept->had[i])
			rc = rq_semantic_cache_store(run, said, &run->files.v[i],
						     kept->paths[i], err);
	if (!rc && kept->none)
		rc = rq_semantic_cache_store(run, said, NULL, kept->none, err);
	return rc;
}

static void kept_release(struct kept *kept, struct rq_semantic *run)
{
	for (size_t i = 0; kept->paths && i < run->files.n; i++) {
		run->files.v[i].wanted |= kept->had[i];
		free(kept->paths[i]);
	}
	free(kept->paths);
	free(kept->had);
	free(kept->none);
}

static void tell_start(const struct kept *kept, const struct rq_semantic *run,
		       const struct rq_rule *rule,
		       const struct rq_semantic_options *options)
{
	size_t n = run->files.n;

	for (size_t i = 0; kept->had && i < run->files.n; i++)
		n -= kept->had[i];
	if (options->progress && options->where)
		rq_print_clean(options->progress, "requilt: %s: %s runs on %zu file%s\n",
			       options->where, rq_path_base(rule->name), n,
			       n == 1 ? "" : "s");
}

static int by_file(const void *a, const void *b)
{
	const struct rq_unread *x = a, *y = b;

	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}

static int run_spatch(struct rq_semantic *run, struct rq_spatch_said *said,
		      const struct rq_rule *rule,
		      const struct rq_semantic_options *options, struct rq_err *err)
{
	_cleanup_free_ char *asked = NULL;
	const char *version = options->version;
	struct kept kept = { 0 };
	int rc = 0;

	if (!version &&
	    rq_spatch_version(&asked, options->cache, options->unconfined, err)) {
		said->error = rq_xstrdup(err->msg);
		said->code = RQ_ETOOL;
		return 0;
	}
	if (rq_rule_check_version(rule, version ? version : asked, err)) {
		said->error = rq_xstrdup(err->msg);
		said->code = RQ_ETOOL;
		return 0;
	}
	if (options->cache)
		find_kept(&kept, run, said, rule, version ? version : asked, options);
	if (kept.all) {
		kept_release(&kept, run);
		return 0;
	}
	tell_start(&kept, run, rule, options);
	rc = rq_spatch_run(said, run, rule, options, err);
	if (!rc && !said->error && options->cache)
		rc = keep(&kept, run, said, options->cache, err);
	if (said->unread.n)
		qsort(said->unread.v, said->unread.n, sizeof(*said->unread.v), by_file);
	kept_release(&kept, run);
	return rc;
}

static int by_place(const void *a, const void *b)
{
	const struct rq_note *x = a, *y = b;
	int order = strcmp(x->file, y->file);

	if (!order)
		order = x->line < y->line ? -1 : x->line > y->line;
	return order ? order : strcmp(x->text, y->text);
}

int rq_semantic_run(struct rq_semantic *run, const struct rq_rule *rule,
		    const struct rq_semantic_options *options, struct rq_err *err)
{
	struct rq_spatch_said said = { 0 };
	int rc;

	pick(run, rule);
	rc = run_spatch(run, &said, rule, options, err);
	run->outcome = RQ_EMPTY;
	for (size_t i = 0; i < run->files.n; i++)
		if (run->files.v[i].changed)
			run->outcome = RQ_SEMANTIC;
	run->code = said.code;
	if (said.error)
		judge(run, RQ_ERROR, rq_xstrdup(said.error));
	for (size_t i = 0; i < said.unread.n; i++)
		judge_unread(run, rule, &said.unread.v[i]);
	if (!rc && !said.error)
		look_at_results(run, rule);
	if (run->notes.n)
		qsort(run->notes.v, run->notes.n, sizeof(*run->notes.v), by_place);
	rq_spatch_said_release(&said);
	return rc;
}
