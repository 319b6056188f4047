// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes as a series file of a queue with three patches and a rule.  What is taken names those
 * only, its guards read back as they were, and a line put in changes no other.
 */
#include "fuzz.h"

#include <sys/stat.h>

#include "git/git.h"
#include "series/series.h"
#include "util/file.h"
#include "util/path.h"

static const char conf[] = "[branch \"linux-6.1.y\"]\n\ttag = lts\n\tversion = 6.1.187\n"
			   "[branch \"b\"]\n\ttag = vendor\n";
static const char *const files[] = { "patches/q/a.patch", "patches/q/b.patch",
				     "patches/q/b/a.patch", "patches/c.patch",
				     "cocci/q/x.cocci" };

static char root[] = "/dev/shm/requilt-fuzz-XXXXXX";
static struct rq_branches branches;

static void clean(void)
{
	struct rq_err err;

	rq_branches_release(&branches);
	rq_dir_remove(root, &err);
	rq_git_shutdown();
}

static void put(const char *name, const char *text)
{
	_cleanup_free_ char *path = rq_path_join(root, name);
	struct rq_err err;

	must(rq_file_write(path, rq_slice_of(text), &err) == 0);
}

static void set_up(void)
{
	static const char *const folders[] = { "patches/q/b", "cocci/q", "series" };
	_cleanup_free_ char *path = NULL;
	struct rq_err err;

	rq_git_init();
	must(mkdtemp(root));
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		_cleanup_free_ char *folder = rq_path_join(root, folders[i]);

		must(rq_dir_make(folder, &err) == 0);
	}
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		put(files[i], "");
	put("series/branches.conf", conf);
	path = rq_path_join(root, "series/branches.conf");
	must(rq_branches_load(&branches, path, &err) == 0);
	atexit(clean);
}

/* A guard as it is written must read as the guard that it is. */
static void check_guard(const struct rq_guard *guard)
{
	_cleanup_free_ char *text = rq_guard_text(guard);
	const char *dots = strstr(text, "..");
	struct rq_version from;
	struct rq_err err;

	must(text[0] == (guard->include ? '+' : '-'));
	if (guard->name)
		must(strcmp(text + 1, guard->name) == 0);
	else if (guard->from.n)
		must(rq_version_parse(
			     &from,
			     (struct rq_slice){ text + 1, dots ? (size_t)(dots - text - 1)
							       : strlen(text + 1) },
			     &err) == 0 &&
		     rq_version_in(&from, &guard->from, &guard->from));
}

static void check_entry(const struct rq_entry *entry, struct rq_slice input)
{
	const struct rq_version version = { .part = { 6, 1, 187 }, .n = 3 };
	const struct rq_guard *by;
	struct rq_str renewed = { 0 }, again = { 0 };

	must(!rq_path_unsafe(rq_slice_of(entry->path)));
	must(entry->strip >= 0 && entry->strip <= 9 && entry->line > 0);
	for (size_t i = 0; i < entry->guards.n; i++)
		check_guard(&entry->guards.v[i]);
	tell("  %ld: %d %s -p%d%s\n", entry->line, entry->kind, entry->path, entry->strip,
	     entry->reverse ? " -R" : "");
	for (size_t i = 0; i < branches.all.n; i++) {
		bool meant = rq_entry_meant_for(entry, &branches.all.v[i], &version, &by);
		_cleanup_free_ char *guard = by ? rq_guard_text(by) : NULL;

		tell("    %s: %d by %s\n", branches.all.v[i].name, meant, or_none(guard));
	}
	rq_series_renew(&renewed, input, entry->line, " -p0");
	/* Behind any blanks: a line that has these options already keeps its own. */
	must(rq_slice_has(rq_str_slice(&renewed), "-p0"));
	tell_text("renewed", rq_str_slice(&renewed));
	rq_series_renew(&again, rq_str_slice(&renewed), entry->line, " -p0");
	must(rq_slice_eq(rq_str_slice(&again), rq_str_slice(&renewed)));
	rq_str_release(&renewed);
	rq_str_release(&again);
}

static int load(struct rq_series *series, const uint8_t *data, size_t size)
{
	_cleanup_free_ char *path = rq_path_join(root, "series/q.series");
	struct rq_err err = { 0 };
	int rc;

	write_input(path, data, size);
	rc = rq_series_load(series, root, "q", &branches, &err);
	must(!rc || rc == RQ_EFORMAT || rc == RQ_EUNSAFE);
	must(!rc || strstr(err.msg, "q.series:"));
	tell(" %s\n", rc ? err.msg : "taken");
	return rc;
}

/* One line more, in front and at the end. */
static void check_insert(const struct rq_series *series, struct rq_slice input)
{
	static const long at[] = { 0, -1 };

	for (size_t i = 0; i < ARRAY_SIZE(at); i++) {
		struct rq_series more = { 0 };
		struct rq_str text = { 0 };

		rq_series_insert(&text, input, at[i], RQ_SLICE("# one line\n"));
		tell_text("inserted", rq_str_slice(&text));
		must(load(&more, (const uint8_t *)text.s, text.len) == 0);
		must(more.entries.n == series->entries.n);
		rq_series_release(&more);
		rq_str_release(&text);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rq_series series = { 0 };

	if (!branches.path)
		set_up();
	if (load(&series, data, size) == 0) {
		for (size_t i = 0; i < series.entries.n; i++)
			check_entry(&series.entries.v[i], input_of(data, size));
		check_insert(&series, input_of(data, size));
	}
	rq_series_release(&series);
	return 0;
}
