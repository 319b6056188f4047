// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads bridges and what their headers say.  Whether one serves a branch is for others to decide.
 */
#include "semantic/bridge.h"

#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>

#include "patch/patch.h"
#include "util/cuse.h"
#include "util/file.h"
#include "util/path.h"

#define FOLDER "bridge"
#define ENDING ".cocci"
/* Many times what a set needs; each is read by every port. */
#define MOST_BRIDGES 1024

struct reading {
	struct rq_bridge *bridge;
	const char *header;
};

static int refuse(const struct reading *r, long line, const char *what,
		  struct rq_err *err)
{
	return rq_err_set(err, RQ_EFORMAT, "%s:%ld: %s: takes %s", r->bridge->name,
			  r->bridge->rule.head_line + line - 1, r->header, what);
}

static bool is_name(struct rq_slice word)
{
	for (size_t i = 0; i < word.n; i++)
		if (!rq_is_word(word.p[i]))
			return false;
	return word.n > 1 && !isdigit((unsigned char)word.p[0]);
}

/* "NAME", "!NAME", "NAME/2" */
static bool read_ask(struct rq_bridge_ask *out, struct rq_slice word)
{
	const char *slash = memchr(word.p, '/', word.n);
	size_t behind = slash ? word.n - (size_t)(slash - word.p) : 0;

	*out = (struct rq_bridge_ask){ .args = RQ_ARGS_UNKNOWN };
	if (word.n && word.p[0] == '!') {
		out->lacks = true;
		word = (struct rq_slice){ word.p + 1, word.n - 1 };
	}
	if (slash && (behind != 2 || !isdigit((unsigned char)slash[1])))
		return false;
	if (slash)
		out->args = slash[1] - '0';
	word.n -= behind;
	if (!is_name(word))
		return false;
	out->name = rq_xstrndup(word.p, word.n);
	return true;
}

/* "NEW -> OLD" */
static int read_pair(struct rq_slice value, long line, void *ctx, struct rq_err *err)
{
	static const char form[] = "a new name, '->', and the old one";
	struct reading *r = ctx;
	struct rq_slice from = rq_slice_next_word(&value);
	struct rq_slice arrow = rq_slice_next_word(&value);
	struct rq_slice to = rq_slice_next_word(&value);
	struct rq_bridge_pair *pair;
	struct rq_bridge_ask ask;

	if (!read_ask(&ask, from))
		return refuse(r, line, form, err);
	pair = rq_vec_push(&r->bridge->pairs);
	*pair = (struct rq_bridge_pair){ .name = ask.name, .args = ask.args };
	if (ask.lacks || !rq_slice_eq(arrow, RQ_SLICE("->")) || rq_slice_trim(value).n ||
	    !read_ask(&pair->to, to) || pair->to.lacks)
		return refuse(r, line, form, err);
	return 0;
}

static int read_check(struct rq_slice value, long line, void *ctx, struct rq_err *err)
{
	struct reading *r = ctx;

	for (struct rq_slice w = rq_slice_next_word(&value); w.n;
	     w = rq_slice_next_word(&value)) {
		struct rq_bridge_ask ask;

		if (!read_ask(&ask, w))
			return refuse(r, line, "names, with '!' or '/ARGUMENTS'", err);
		*rq_vec_push(&r->bridge->checks) = ask;
	}
	return 0;
}

static int read_until(struct rq_slice value, long line, void *ctx, struct rq_err *err)
{
	struct reading *r = ctx;

	if (!value.n || memchr(value.p, ' ', value.n))
		return refuse(r, line, "a version, as v6.2", err);
	free(r->bridge->until);
	r->bridge->until = rq_xstrndup(value.p, value.n);
	return 0;
}

static int read_back(struct rq_slice value, long line, void *ctx, struct rq_err *err)
{
	struct reading *r = ctx;
	struct rq_str text = { 0 };
	struct rq_slice rest = rq_str_slice(&r->bridge->rule.text), each;
	int rc;

	if (!rq_slice_eq(value, RQ_SLICE("swap")))
		return refuse(r, line, "the word swap", err);
	if (r->bridge->back.name)
		return 0;
	while (rq_slice_next_line(&rest, &each)) {
		char sign = each.p[0] == '-' ? '+' : each.p[0] == '+' ? '-' : each.p[0];

		rq_str_add(&text, &sign, 1);
		rq_str_add(&text, each.p + 1, each.n - 1);
	}
	rc = rq_rule_parse(&r->bridge->back, r->bridge->name, &text, err);
	rq_str_release(&text);
	return rc;
}

/* Adds the words of the rule's lines with that sign. */
static void add_words(struct rq_names *out, const struct rq_rule *rule, char sign)
{
	struct rq_slice rest = rq_str_slice(&rule->text), line;

	while (rq_slice_next_line(&rest, &line)) {
		if (line.p[0] != sign)
			continue;
		for (size_t i = 1, n; i < line.n; i += n + 1) {
			for (n = 0; i + n < line.n && rq_is_word(line.p[i + n]);)
				n++;
			if (is_name((struct rq_slice){ line.p + i, n }))
				rq_names_add_once(out,
						  (struct rq_slice){ line.p + i, n });
		}
	}
}

/* What it puts in and does not take away, but for words that any code has. */
static void find_brought(struct rq_bridge *bridge)
{
	static const char *const common[] = {
		"true", "false",  "return", "if",   "else",
		"int",	"struct", "void",   "NULL", "while"
	};
	_cleanup_(rq_names_release) struct rq_names gone = { 0 }, come = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(common); i++)
		rq_names_add(&gone, rq_slice_of(common[i]));
	add_words(&gone, &bridge->rule, '-');
	add_words(&come, &bridge->rule, '+');
	for (size_t i = 0; i < come.v.n; i++)
		if (!rq_names_have(&gone, rq_slice_of(come.v.v[i])))
			rq_names_add(&bridge->brings, rq_slice_of(come.v.v[i]));
	for (size_t i = 0; i < bridge->pairs.n; i++)
		rq_names_add_once(&bridge->brings,
				  rq_slice_of(bridge->pairs.v[i].to.name));
}

static int make_probe(struct rq_bridge *bridge, struct rq_err *err)
{
	struct rq_str text = { 0 };
	int rc;

	rq_str_adds(&text, "/*\n * ---\n");
	for (size_t i = 0; i < bridge->pairs.n; i++)
		rq_str_addf(&text, " * Needs: %s\n", bridge->pairs.v[i].to.name);
	/* spatch takes no rule that changes nothing at all. */
	rq_str_addf(&text, " */\n@@ @@\n- %s\n+ %s\n", bridge->pairs.v[0].to.name,
		    bridge->pairs.v[0].to.name);
	rc = rq_rule_parse(&bridge->probe, bridge->name, &text, err);
	rq_str_release(&text);
	return rc;
}

int rq_bridge_parse(struct rq_bridge *out, const char *set, const char *name,
		    struct rq_str *text, struct rq_err *err)
{
	const struct {
		const char *header;
		int (*each)(struct rq_slice value, long line, void *ctx,
			    struct rq_err *err);
	} headers[] = {
		{ "Bridge", read_pair },
		{ "Bridge-check", read_check },
		{ "Bridge-until", read_until },
		{ "Bridge-back", read_back },
	};
	int rc;

	out->set = rq_xstrdup(set);
	out->name = rq_xasprintf("%s/%s", set, name);
	rc = rq_rule_parse(&out->rule, out->name, text, err);
	for (size_t i = 0; i < ARRAY_SIZE(headers) && !rc; i++) {
		struct reading r = { out, headers[i].header };

		rc = rq_head_each(rq_str_slice(&out->rule.head), headers[i].header,
				  headers[i].each, &r, err);
	}
	if (!rc && !out->pairs.n)
		rc = rq_err_set(err, RQ_EFORMAT,
				"%s: says not what it bridges; add a line 'Bridge: NEW "
				"-> OLD' to the leading comment",
				out->name);
	if (!rc)
		find_brought(out);
	return rc ? rc : make_probe(out, err);
}

static void release_ask(struct rq_bridge_ask *ask)
{
	free(ask->name);
}

void rq_bridge_release(struct rq_bridge *bridge)
{
	for (size_t i = 0; i < bridge->pairs.n; i++) {
		free(bridge->pairs.v[i].name);
		release_ask(&bridge->pairs.v[i].to);
	}
	for (size_t i = 0; i < bridge->checks.n; i++)
		release_ask(&bridge->checks.v[i]);
	rq_vec_release(&bridge->pairs);
	rq_vec_release(&bridge->checks);
	rq_names_release(&bridge->brings);
	rq_rule_release(&bridge->rule);
	rq_rule_release(&bridge->back);
	rq_rule_release(&bridge->probe);
	free(bridge->set);
	free(bridge->name);
	free(bridge->until);
	*bridge = (struct rq_bridge){ 0 };
}

void rq_bridges_release(struct rq_bridges *bridges)
{
	for (size_t i = 0; i < bridges->v.n; i++)
		rq_bridge_release(&bridges->v.v[i]);
	rq_vec_release(&bridges->v);
	rq_set_release(&bridges->names);
}

/* The entries of a directory that are no dot files, with @ending if there is one, sorted. */
static void list_folder(struct rq_names *out, const char *path, const char *ending)
{
	DIR *dir = opendir(path);
	struct dirent *d;

	if (!dir)
		return;
	while ((d = readdir(dir)))
		if (d->d_name[0] != '.' &&
		    (!ending || rq_slice_ends(rq_slice_of(d->d_name), ending)))
			rq_names_add(out, rq_slice_of(d->d_name));
	closedir(dir);
	rq_names_sort(out);
}

static int load_set(struct rq_bridges *out, const char *top, const char *below,
		    const char *set, struct rq_err *err)
{
	_cleanup_free_ char *folder = rq_xasprintf("%s%s/" FOLDER, below, set);
	_cleanup_free_ char *full = rq_path_join(top, folder);
	_cleanup_(rq_names_release) struct rq_names files = { 0 };
	int rc = 0;

	list_folder(&files, full, ENDING);
	for (size_t i = 0; i < files.v.n && !rc; i++) {
		_cleanup_free_ char *path = rq_path_join(folder, files.v.v[i]);
		_cleanup_(rq_str_release) struct rq_str text = { 0 };

		if (out->v.n == MOST_BRIDGES)
			return rq_err_set(err, RQ_EFORMAT,
					  "%s: there are more than %d bridges; take out "
					  "those that nobody needs",
					  full, MOST_BRIDGES);
		rc = rq_file_read_below(&text, top, path, err);
		if (!rc)
			rc = rq_bridge_parse(rq_vec_push(&out->v), set, files.v.v[i],
					     &text, err);
	}
	return rc;
}

static bool has_set(const struct rq_bridges *bridges, size_t n, const char *set)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(bridges->v.v[i].set, set) == 0)
			return true;
	return false;
}

int rq_bridges_load(struct rq_bridges *out, const char *top, bool plain,
		    struct rq_err *err)
{
	_cleanup_free_ char *folder =
		plain ? rq_xstrdup(top) : rq_path_join(top, "cocci");
	_cleanup_(rq_names_release) struct rq_names sets = { 0 };
	size_t before = out->v.n;
	int rc = 0;

	list_folder(&sets, folder, NULL);
	for (size_t i = 0; i < sets.v.n && !rc; i++)
		if (!has_set(out, before, sets.v.v[i]))
			rc = load_set(out, top, plain ? "" : "cocci/", sets.v.v[i], err);
	for (size_t i = before; i < out->v.n && !rc; i++)
		for (size_t k = 0; k < out->v.v[i].pairs.n; k++)
			rq_set_add(&out->names,
				   rq_name_hash(rq_slice_of(out->v.v[i].pairs.v[k].name)),
				   1);
	return rc;
}

bool rq_bridges_mention(const struct rq_bridges *bridges, struct rq_slice text)
{
	for (size_t i = 0, n; i < text.n; i += n + 1) {
		for (n = 0; i + n < text.n && rq_is_word(text.p[i + n]);)
			n++;
		if (n > 1 && rq_set_has(&bridges->names,
					rq_name_hash((struct rq_slice){ text.p + i, n })))
			return true;
	}
	return false;
}

struct calling {
	const struct rq_bridge_pair *pair;
	bool found;
};

static void see_call(const struct rq_cuse *use, void *ctx)
{
	struct calling *c = ctx;

	c->found |= use->kind == RQ_CUSE_CALL && use->args == c->pair->args &&
		    rq_slice_eq(use->name, rq_slice_of(c->pair->name));
}

static bool calls(struct rq_slice line, const struct rq_bridge_pair *pair)
{
	struct calling calling = { .pair = pair };
	struct rq_cscan scan = { .each = see_call, .ctx = &calling };

	rq_cscan_text(&scan, line);
	return calling.found;
}

bool rq_bridge_mentions(const struct rq_bridge *bridge, struct rq_slice line)
{
	for (size_t i = 0, n; i < line.n; i += n + 1) {
		for (n = 0; i + n < line.n && rq_is_word(line.p[i + n]);)
			n++;
		for (size_t k = 0; n && k < bridge->pairs.n; k++) {
			const struct rq_bridge_pair *pair = &bridge->pairs.v[k];

			if (rq_slice_eq((struct rq_slice){ line.p + i, n },
					rq_slice_of(pair->name)) &&
			    (pair->args < 0 || calls(line, pair)))
				return true;
		}
	}
	return false;
}

bool rq_bridge_brings(const struct rq_bridge *bridge, struct rq_slice line)
{
	for (size_t i = 0, n; i < line.n; i += n + 1) {
		for (n = 0; i + n < line.n && rq_is_word(line.p[i + n]);)
			n++;
		if (n &&
		    rq_names_have(&bridge->brings, (struct rq_slice){ line.p + i, n }))
			return true;
	}
	return false;
}
