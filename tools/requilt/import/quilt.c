// SPDX-License-Identifier: GPL-2.0-only
/*
 * Folders with a series file, and queues: every patch as it is, with what stands behind its name.
 */
#include <ctype.h>
#include <stdlib.h>

#include "import/import.h"
#include "patch/patch.h"
#include "series/series.h"
#include "util/file.h"
#include "util/path.h"

/* Where the entries of a series file lie. */
struct place {
	const char *series;    /* for messages */
	char *patches, *rules; /* folders; @rules is NULL where there can be none */
	char *prefix;	   /* cut off the entries' names: "folio-rmap/"; NULL: nothing */
	const char *queue; /* that guards are declared for */
	const struct rq_branches *branches; /* that guards may name; NULL: not asked */
};

/* What stands behind the name: options, guards in the form that quilt ignores, words. */
static char *rest_of_line(struct rq_slice guards, struct rq_slice rest)
{
	const char *words = memchr(rest.p, '#', rest.n);
	size_t options = words ? (size_t)(words - rest.p) : rest.n;

	if (!guards.n)
		return rest.n ? rq_xasprintf(" %.*s", RQ_SLICE_ARG(rest)) : NULL;
	return rq_xasprintf(" %.*s%s#%.*s%s%.*s", (int)options, rest.p,
			    options && !words ? " " : "", RQ_SLICE_ARG(guards),
			    words ? " " : "", (int)(rest.n - options),
			    words ? words : "");
}

/* quilt hands what stands behind a name to patch(1). */
static int check_options(struct rq_slice rest, struct rq_err *err)
{
	while (rest.n && rest.p[0] != '#') {
		struct rq_slice word = rq_slice_next_word(&rest);

		if (!rq_slice_eq(word, RQ_SLICE("-R")) &&
		    !(word.n == 3 && rq_slice_starts(word, "-p") &&
		      isdigit((unsigned char)word.p[2])))
			return rq_err_set(err, RQ_EFORMAT,
					  "option '%.*s' is not allowed; only -pN and -R "
					  "are",
					  RQ_SLICE_ARG(word));
	}
	return 0;
}

static int read_entry(struct rq_import *out, const struct place *place,
		      struct rq_slice name, struct rq_slice guards, struct rq_slice rest,
		      struct rq_err *err)
{
	_cleanup_free_ char *own = rq_xstrndup(name.p, name.n), *path = NULL;
	const char *unsafe = rq_path_unsafe(name);
	struct rq_imported *p;
	int rc;

	if (unsafe)
		return rq_err_set(err, RQ_EUNSAFE, "path '%s' %s", own, unsafe);
	if (check_options(rest, err))
		return err->code;
	p = rq_vec_push(&out->patches);
	p->rule = rq_slice_ends(name, ".cocci");
	if (p->rule && !place->rules)
		return rq_err_set(err, RQ_EFORMAT, "%s: a rule is no patch to push", own);
	path = rq_path_join(p->rule ? place->rules : place->patches, own);
	p->source = rq_xstrdup(path);
	rc = rq_file_check_within(p->rule ? place->rules : place->patches, path, err);
	if (!rc)
		rc = rq_file_read_most(&p->bytes, path, RQ_PATCH_MOST, err);
	if (rc == RQ_ENOTFOUND)
		return rq_err_set(err, RQ_EFORMAT, "%s: not there", path);
	if (place->prefix && strncmp(own, place->prefix, strlen(place->prefix)) == 0)
		p->path = rq_xstrdup(own + strlen(place->prefix));
	else
		p->path = rq_xstrdup(own);
	p->rest = rest_of_line(guards, rest);
	return rc;
}

/* SUSE's series.conf has "+x -x" in front of the name. */
static struct rq_slice cut_guards(struct rq_slice *line)
{
	struct rq_slice guards = { line->p, 0 }, rest = *line;

	while (rest.n && (rest.p[0] == '+' || rest.p[0] == '-')) {
		rq_slice_next_word(&rest);
		guards.n = (size_t)(rest.p - guards.p);
	}
	if (guards.n) {
		guards = rq_slice_trim(guards);
		*line = rest;
	}
	return guards;
}

/* Why @guards leave the entry out, as a phrase; NULL: they do not. */
static char *why_left_out(const struct place *place, struct rq_slice guards)
{
	while (place->branches && guards.n) {
		struct rq_slice word = rq_slice_next_word(&guards), name;

		name = (struct rq_slice){ word.p + 1, word.n - 1 };
		if (!name.n)
			return rq_xstrdup("is switched off there by a '-'");
		if (word.p[0] == '+' &&
		    !rq_guard_known(place->branches, place->queue, name))
			return rq_xasprintf(
				"has the guard '%.*s', which names no branch; "
				"declare it with [queue] guard = %.*s",
				RQ_SLICE_ARG(word), RQ_SLICE_ARG(name));
	}
	return NULL;
}

/* What port wrote above a series says of which base it is; that is no comment of a person. */
static bool is_ours(struct rq_slice line)
{
	return rq_slice_starts(line, "# base: ") ||
	       rq_slice_has(line, ", made by requilt: change the queue, not this file");
}

/* Comments in column 0 of a quilt series; those of another queue of ours speak of that one. */
static void keep_comment(struct rq_str *above, const struct place *place,
			 struct rq_slice line)
{
	struct rq_slice comment = rq_slice_trim(line);

	if (place->rules)
		return;
	if (!comment.n)
		rq_str_adds(above, above->len ? "\n" : "");
	else if (!is_ours(comment))
		rq_str_addf(above, "%.*s\n", RQ_SLICE_ARG(comment));
}

/* Armbian's "-folder/x.patch": the name is glued to the sign. */
static bool take_switched_off(struct rq_slice *line)
{
	struct rq_slice rest = *line, word = rq_slice_next_word(&rest);

	if (word.n < 2 || word.p[0] != '-' ||
	    !(rq_slice_ends(word, ".patch") || rq_slice_ends(word, ".diff")))
		return false;
	*line = (struct rq_slice){ word.p + 1, word.n - 1 };
	return true;
}

/* What is above an entry that is left out speaks of that entry: all since the last empty line. */
static void drop_comment(struct rq_str *above)
{
	while (above->len && !(above->len > 1 && above->s[above->len - 1] == '\n' &&
			       above->s[above->len - 2] == '\n'))
		above->len--;
	if (above->s)
		above->s[above->len] = '\0';
}

/* Guards without a name of their own: a lone '+'; a lone '-' switches an entry off. */
static int check_guards(struct rq_slice name, struct rq_slice guards, struct rq_err *err)
{
	struct rq_slice rest = guards, word;

	if (!name.n)
		return rq_err_set(err, RQ_EFORMAT, "'%.*s' stands where a name belongs",
				  RQ_SLICE_ARG(guards));
	while ((word = rq_slice_next_word(&rest)).n)
		if (rq_slice_eq(word, RQ_SLICE("+")))
			return rq_err_set(err, RQ_EFORMAT,
					  "a '+' without a guard in front of %.*s",
					  RQ_SLICE_ARG(name));
	return 0;
}

static int read_line(struct rq_import *out, const struct place *place,
		     struct rq_slice line, long number, struct rq_str *above,
		     struct rq_err *err)
{
	bool off = place->branches && take_switched_off(&line);
	struct rq_slice guards = cut_guards(&line);
	struct rq_slice name = rq_slice_next_word(&line);
	_cleanup_free_ char *why = off ? rq_xstrdup("is switched off there by a '-'")
				       : why_left_out(place, guards);
	int rc = check_guards(name, guards, err);

	if (!rc && why) {
		rq_import_say(out, "%s:%ld: %.*s %s: left out", place->series, number,
			      RQ_SLICE_ARG(name), why);
		drop_comment(above);
		return 0;
	}
	if (!rc)
		rc = read_entry(out, place, name, guards, line, err);
	if (rc)
		return rq_err_prefix(err, "%s:%ld: ", place->series, number);
	out->patches.v[out->patches.n - 1].above = *above;
	*above = (struct rq_str){ 0 };
	return 0;
}

static int read_series(struct rq_import *out, const struct place *place,
		       struct rq_err *err)
{
	_cleanup_(rq_str_release) struct rq_str above = { 0 };
	struct rq_slice rest, line;
	struct rq_str text = { 0 };
	long number = 0;
	int rc = rq_file_read(&text, place->series, err);

	if (rc == RQ_ENOTFOUND)
		rc = rq_err_set(err, RQ_EFORMAT, "%s: not there", place->series);
	rest = rq_str_slice(&text);
	while (!rc && rq_slice_next_line(&rest, &line)) {
		number++;
		line = rq_slice_trim(line);
		if (!line.n || line.p[0] == '#')
			keep_comment(&above, place, line);
		else
			rc = read_line(out, place, line, number, &above, err);
	}
	out->below = above;
	above = (struct rq_str){ 0 };
	rq_str_release(&text);
	if (!rc && !out->patches.n)
		rc = rq_err_set(err, RQ_EFORMAT, "%s: names no patch", place->series);
	return rc;
}

int rq_import_quilt(struct rq_import *out, const char *path, const char *queue,
		    const struct rq_branches *branches, struct rq_err *err)
{
	_cleanup_free_ char *series = rq_path_join(path, "series");
	_cleanup_free_ char *conf = rq_path_join(path, "series.conf");
	struct place place = { .series = series,
			       .patches = (char *)path,
			       .queue = queue,
			       .branches = branches };

	if (!rq_file_exists(series) && rq_file_exists(conf))
		place.series = conf;
	return read_series(out, &place, err);
}

int rq_import_queue(struct rq_import *out, const char *path, struct rq_err *err)
{
	const char *base = rq_path_base(path);
	size_t stem = strlen(base) - strlen(".series");
	_cleanup_free_ char *root = rq_xasprintf("%.*s..", (int)(base - path), path);
	_cleanup_free_ char *patches = rq_path_join(root, "patches");
	_cleanup_free_ char *rules = rq_path_join(root, "cocci");
	_cleanup_free_ char *prefix = rq_xasprintf("%.*s/", (int)stem, base);
	const struct place place = {
		.series = path, .patches = patches, .rules = rules, .prefix = prefix
	};

	return read_series(out, &place, err);
}
