// SPDX-License-Identifier: GPL-2.0-only
/*
 * requilt bridge: which bridges there are, and whether they do what their examples say.
 */
#include "cmd/cmd.h"

#include <stdlib.h>

#include "util/file.h"
#include "util/path.h"

const struct rq_opt rq_cmd_bridge_options[] = { { 0 } };

static void print_bridge(const struct rq_bridge *bridge)
{
	for (size_t i = 0; i < bridge->pairs.n; i++)
		rq_print_clean(stdout, "%-40s %s -> %s%s%s\n", i ? "" : bridge->name,
			       bridge->pairs.v[i].name, bridge->pairs.v[i].to.name,
			       bridge->until ? ", until " : "",
			       bridge->until ? bridge->until : "");
}

/* The examples of a bridge, in the order that they are looked at. */
static const struct {
	const char *file, *want, *what;
} examples[] = {
	{ "before.c", "after.c", "does not give after.c" },
	{ "after.c", "after.c", "changes what it made" },
	{ "refused.c", "refused.c", "changes refused.c" },
};

static int read_example(struct rq_str *out, const struct rq_bridge *bridge,
			const char *file, struct rq_err *err)
{
	const char *base = rq_path_base(bridge->name);
	_cleanup_free_ char *path =
		rq_xasprintf("cocci/%s/bridge/test/%.*s/%s", bridge->set,
			     (int)(strlen(base) - strlen(".cocci")), base, file);

	return rq_file_read_below(out, rq_globals.dir, path, err);
}

/* The file of the run that was made of the example. */
static const struct rq_semantic_file *example_of(const struct rq_semantic *run,
						 const char *file)
{
	for (size_t i = 0; i < run->files.n; i++)
		if (strcmp(run->files.v[i].path, file) == 0)
			return &run->files.v[i];
	return NULL;
}

static int check(const struct rq_semantic *run, const struct rq_bridge *bridge,
		 struct rq_err *err)
{
	if (run->outcome == RQ_ERROR)
		return rq_err_set(err, run->code, "%s", run->why);
	for (size_t i = 0; i < ARRAY_SIZE(examples); i++) {
		const struct rq_semantic_file *f = example_of(run, examples[i].file);
		_cleanup_(rq_str_release) struct rq_str want = { 0 };
		int rc = read_example(&want, bridge, examples[i].want, err);

		if (rc)
			return rc;
		if (!rq_slice_eq(rq_str_slice(f->changed ? &f->after : &f->before),
				 rq_str_slice(&want)))
			return rq_err_set(err, RQ_EQUEUE, "%s: %s", bridge->name,
					  examples[i].what);
	}
	return 0;
}

static int test_bridge(const struct rq_bridge *bridge, struct rq_err *err)
{
	_cleanup_free_ char *cache = rq_cmd_cache_path("semantic");
	const struct rq_semantic_options options = { .cache = cache,
						     .jobs = rq_cmd_jobs() };
	struct rq_semantic run = { 0 };
	int rc = 0;

	for (size_t i = 0; i < ARRAY_SIZE(examples) && !rc; i++) {
		_cleanup_(rq_str_release) struct rq_str bytes = { 0 };

		rc = read_example(&bytes, bridge, examples[i].file, err);
		if (!rc)
			rq_semantic_add(&run, examples[i].file, &bytes);
	}
	if (!rc)
		rc = rq_semantic_run(&run, &bridge->rule, &options, err);
	if (!rc)
		rc = check(&run, bridge, err);
	rq_semantic_release(&run);
	return rc;
}

static bool is_named(const struct rq_bridge *bridge, int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], bridge->set) == 0 ||
		    strcmp(argv[i], bridge->name) == 0)
			return true;
	return argc == 1;
}

static int run(const struct rq_bridges *bridges, int argc, char **argv,
	       struct rq_err *err)
{
	bool tests = strcmp(argv[0], "test") == 0;
	size_t n = 0;
	int rc = 0;

	for (size_t i = 0; i < bridges->v.n && !rc; i++) {
		const struct rq_bridge *bridge = &bridges->v.v[i];

		if (!is_named(bridge, argc, argv))
			continue;
		n++;
		if (tests)
			rc = test_bridge(bridge, err);
		if (!rc)
			print_bridge(bridge);
	}
	if (!rc && !n)
		rc = rq_err_set(err, RQ_EFORMAT,
				"bridge: there is none of that name; they are "
				"cocci/SET/bridge/*.cocci in the queue repository");
	return rc;
}

int rq_cmd_bridge(int argc, char **argv, struct rq_err *err)
{
	_cleanup_(rq_bridges_release) struct rq_bridges bridges = { 0 };
	int rc;

	if (!argc || (strcmp(argv[0], "list") != 0 && strcmp(argv[0], "test") != 0))
		return rq_err_set(
			err, RQ_EUSAGE,
			"bridge: say what to do: list or test [SET|SET/FILE...]");
	/* Those that are installed have no examples beside them. */
	rc = strcmp(argv[0], "test") == 0
		     ? rq_bridges_load(&bridges, rq_globals.dir, false, err)
		     : rq_cmd_bridges(&bridges, err);
	return rc ? rc : run(&bridges, argc, argv, err);
}
