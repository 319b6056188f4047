// SPDX-License-Identifier: GPL-2.0-only
/*
 * What several commands need: where things are.  Does no work of its own.
 */
#include "cmd/cmd.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tree/tree.h"
#include "util/file.h"
#include "util/near.h"
#include "util/path.h"

struct rq_globals rq_globals = { .color = "auto" };

const struct rq_opt rq_global_options[] = {
	{ "dir", 'C', RQ_OPT_STRING, "DIR",
	  "the queue repository (default: found from here upwards)", &rq_globals.dir },
	{ "repo", 0, RQ_OPT_STRING, "DIR", "the kernel repository", &rq_globals.repo },
	{ "jobs", 'j', RQ_OPT_NUMBER, "N", "how many at once (default: one a processor)",
	  &rq_globals.jobs },
	{ "json", 0, RQ_OPT_FLAG, NULL, "the machine's form on stdout",
	  &rq_globals.json },
	{ "color", 0, RQ_OPT_STRING, "WHEN", "auto, always or never", &rq_globals.color },
	{ "quiet", 'q', RQ_OPT_FLAG, NULL, "say less", &rq_globals.quiet },
	{ "verbose", 'v', RQ_OPT_FLAG, NULL, "say more", &rq_globals.verbose },
	{ "help", 'h', RQ_OPT_FLAG, NULL, "this text", &rq_globals.help },
	{ "version", 'V', RQ_OPT_FLAG, NULL, "the program's version",
	  &rq_globals.version },
	{ 0 },
};

int rq_exit_status(enum rq_code code)
{
	switch (code) {
	case RQ_OK:
		return 0;
	case RQ_EFORMAT:
	case RQ_EUNSAFE:
	case RQ_EQUEUE:
		return 1;
	case RQ_EUSAGE:
		return 129;
	default:
		return 128;
	}
}

bool rq_cmd_terminal(void)
{
	return isatty(STDOUT_FILENO) || rq_pager_waits();
}

bool rq_cmd_color(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (strcmp(rq_globals.color, "auto") != 0)
		return strcmp(rq_globals.color, "always") == 0;
	return rq_cmd_terminal() && (!no || !*no) && (!term || strcmp(term, "dumb") != 0);
}

long rq_cmd_jobs(void)
{
	long n = rq_globals.jobs ? rq_globals.jobs : sysconf(_SC_NPROCESSORS_ONLN);

	return n > 0 ? n : 1;
}

bool rq_cmd_can_ask(void)
{
	return !rq_globals.json && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

char *rq_cmd_read_answer(void)
{
	_cleanup_free_ char *line = NULL;
	struct rq_slice answer;
	size_t size = 0;

	fflush(stdout);
	if (getline(&line, &size, stdin) < 0)
		return NULL;
	answer = rq_slice_trim(rq_slice_of(line));
	return rq_xstrndup(answer.p, answer.n);
}

FILE *rq_cmd_progress(void)
{
	return rq_globals.quiet ? NULL : stderr;
}

bool rq_cmd_is_person(const char *who)
{
	return strcspn(who, "<") >= 1 && strchr(who, '<') && !strpbrk(who, "\n\r");
}

int rq_cmd_who(char **out, const char *given, const char *ask, struct rq_err *err)
{
	struct rq_err ignored;

	if (given && rq_cmd_is_person(given)) {
		*out = rq_xstrdup(given);
		return 0;
	}
	if (!given && rq_git_identity(out, rq_globals.dir, &ignored) == 0)
		return 0;
	return rq_err_set(err, RQ_EUSAGE, "%s: --who \"A Name <address>\"%s", ask,
			  given ? "" : ", or git's user.name and user.email");
}

int rq_cmd_check_name(const char *what, const char *name, struct rq_err *err)
{
	const char *unsafe = rq_path_unsafe(rq_slice_of(name));

	if (!unsafe && !strchr(name, '/'))
		return 0;
	return rq_err_set(err, RQ_EFORMAT, "%s name '%s' %s", what, name,
			  unsafe ? unsafe : "has a slash");
}

int rq_cmd_check_entry(const char *name, struct rq_err *err)
{
	const char *unsafe = rq_series_name_unsafe(rq_slice_of(name));

	return unsafe ? rq_err_set(err, RQ_EUNSAFE, "entry name '%s' %s", name, unsafe)
		      : 0;
}

int rq_cmd_branches(struct rq_branches *out, struct rq_err *err)
{
	_cleanup_free_ char *path = rq_path_join(rq_globals.dir, RQ_CMD_CONF);
	int rc = rq_branches_load(out, path, err);

	return rc == RQ_ENOTFOUND ? rq_cmd_no_queue(err) : rc;
}

int rq_cmd_branches_if_any(struct rq_branches *out, struct rq_err *err)
{
	_cleanup_free_ char *path = rq_path_join(rq_globals.dir, RQ_CMD_CONF);

	return rq_file_exists(path) ? rq_branches_load(out, path, err) : 0;
}

/* $@variable/requilt/@name, else $HOME/@below/requilt/@name, else NULL.  The caller frees. */
static char *user_path(const char *variable, const char *below, const char *name)
{
	const char *base = getenv(variable), *home = getenv("HOME");

	if (base && *base)
		return rq_xasprintf("%s/requilt/%s", base, name);
	if (home && *home)
		return rq_xasprintf("%s/%s/requilt/%s", home, below, name);
	return NULL;
}

char *rq_cmd_cache_path(const char *name)
{
	return user_path("XDG_CACHE_HOME", ".cache", name);
}

char *rq_cmd_data_path(const char *name)
{
	return user_path("XDG_DATA_HOME", ".local/share", name);
}

/* The program is PREFIX/bin/requilt where it was installed, and anywhere else has no such directory. */
char *rq_cmd_ci_path(const char *name)
{
	_cleanup_free_ char *own = rq_xasprintf("%s/ci/%s", rq_globals.dir, name);
	_cleanup_free_ char *shared = NULL, *bin = NULL, *prefix = NULL;
	char program[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", program, sizeof(program) - 1);

	if (rq_file_exists(own) || n < 0)
		return TAKE_PTR(own);
	program[n] = 0;
	bin = rq_path_parent(program);
	prefix = rq_path_parent(bin);
	shared = rq_xasprintf("%s/share/requilt/ci/%s", prefix, name);
	return rq_file_is_dir(shared) ? TAKE_PTR(shared) : TAKE_PTR(own);
}

/* Imported bases cannot be made again, so they are data.  Earlier versions kept them in the cache. */
static char *default_repo(struct rq_err *err)
{
	_cleanup_free_ char *data = rq_cmd_data_path("linux.git");
	_cleanup_free_ char *cached = rq_cmd_cache_path("linux.git");

	if (cached && rq_file_is_dir(cached) && !(data && rq_file_is_dir(data)))
		return TAKE_PTR(cached);
	if (!data)
		rq_err_set(err, RQ_EUSAGE,
			   "neither XDG_DATA_HOME nor HOME is set; name the kernel "
			   "repository with --repo");
	return TAKE_PTR(data);
}

char *rq_cmd_named_path(const char *named)
{
	const char *home = getenv("HOME");

	if (named[0] == '/')
		return rq_xstrdup(named);
	if (home && strncmp(named, "~/", 2) == 0)
		return rq_path_join(home, named + 2);
	return rq_path_join(rq_globals.dir, named);
}

char *rq_cmd_repo_path(struct rq_err *err)
{
	_cleanup_(rq_branches_release) struct rq_branches branches = { 0 };

	if (rq_globals.repo)
		return rq_xstrdup(rq_globals.repo);
	if (rq_cmd_branches_if_any(&branches, err))
		return NULL;
	return branches.repository ? rq_cmd_named_path(branches.repository)
				   : default_repo(err);
}

bool rq_cmd_branch_version(struct rq_version *out, const struct rq_branch *branch)
{
	_cleanup_free_ char *path = NULL, *text = NULL;
	_cleanup_(rq_repo_closep) struct rq_repo *repo = NULL;
	struct rq_oid commit, tree;
	struct rq_err ignored;

	if (branch->version)
		return rq_version_parse(out, rq_slice_of(branch->version), &ignored) == 0;
	path = rq_cmd_repo_path(&ignored);
	return path && rq_repo_open(&repo, path, &ignored) == 0 &&
	       rq_repo_resolve(repo, rq_branch_base(branch), &commit, &tree, &ignored) ==
		       0 &&
	       rq_tree_version(&text, repo, &tree, &ignored) == 0 && text &&
	       rq_version_parse(out, rq_slice_of(text), &ignored) == 0;
}

void rq_cmd_histories(struct rq_names *out, const struct rq_branches *branches)
{
	_cleanup_free_ char *repo = NULL;
	struct rq_err ignored;

	for (size_t i = 0; i <= branches->all.n; i++) {
		const char *named =
			i ? branches->all.v[i - 1].upstream : branches->upstream;
		_cleanup_free_ char *path = named ? rq_cmd_named_path(named) : NULL;

		if (path)
			rq_names_add_once(out, rq_slice_of(path));
	}
	repo = rq_cmd_repo_path(&ignored);
	if (repo)
		rq_names_add_once(out, rq_slice_of(repo));
}

const char *rq_cmd_mainline(const struct rq_branches *branches)
{
	return branches->mainline ? branches->mainline : "master";
}

static bool is_same_file(const char *path, const char *other)
{
	struct stat a, b;

	return stat(path, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

const char *rq_cmd_mainline_of(const struct rq_branches *branches, const char *path)
{
	if (branches->mainline)
		return branches->mainline;
	for (size_t i = 0; i <= branches->all.n; i++) {
		const char *named =
			i ? branches->all.v[i - 1].upstream : branches->upstream;
		_cleanup_free_ char *upstream = named ? rq_cmd_named_path(named) : NULL;

		if (upstream && is_same_file(upstream, path))
			return rq_cmd_mainline(branches);
	}
	return NULL;
}

int rq_cmd_bridges(struct rq_bridges *out, struct rq_err *err)
{
	_cleanup_free_ char *conf = rq_path_join(rq_globals.dir, RQ_CMD_CONF);
	_cleanup_free_ char *exe = realpath("/proc/self/exe", NULL);
	_cleanup_free_ char *bin = rq_path_parent(exe ? exe : "/usr/bin/requilt");
	_cleanup_free_ char *shared = rq_xasprintf("%s/../share/requilt/cocci", bin);
	int rc = rq_file_exists(conf) ? rq_bridges_load(out, rq_globals.dir, false, err)
				      : 0;

	return rc ? rc : rq_bridges_load(out, shared, true, err);
}

int rq_cmd_port_begin(struct rq_cmd_port *port, const char *out,
		      const struct rq_branches *branches, struct rq_err *err)
{
	port->repo = rq_cmd_repo_path(err);
	if (!port->repo)
		return err->code;
	port->cache = rq_cmd_cache_path("semantic");
	port->notes = rq_cmd_cache_path("ported");
	port->options = (struct rq_port_options){ .root = rq_globals.dir,
						  .out = out,
						  .repo_path = port->repo,
						  .branches = branches,
						  .cache = port->cache,
						  .notes = port->notes,
						  .progress = rq_cmd_progress(),
						  .fuzz = -1,
						  .bridges = &port->bridges,
						  .jobs = rq_cmd_jobs() };
	return rq_cmd_bridges(&port->bridges, err);
}

void rq_cmd_port_end(struct rq_cmd_port *port)
{
	free(port->repo);
	free(port->cache);
	free(port->notes);
	rq_bridges_release(&port->bridges);
}

int rq_cmd_open_repo(struct rq_repo **out, bool make, struct rq_err *err)
{
	_cleanup_free_ char *path = rq_cmd_repo_path(err);

	if (!path)
		return err->code;
	return make ? rq_repo_open_or_init(out, path, err) : rq_repo_open(out, path, err);
}

int rq_cmd_queues(struct rq_names *out, struct rq_err *err)
{
	_cleanup_free_ char *path = rq_path_join(rq_globals.dir, "series");
	DIR *dir = opendir(path);
	struct dirent *entry;

	if (!dir && errno == ENOENT)
		return rq_cmd_no_queue(err);
	if (!dir)
		return rq_err_errno(err, "%s", path);
	while ((entry = readdir(dir))) {
		size_t n = strlen(entry->d_name);

		if (n > 7 && strcmp(entry->d_name + n - 7, ".series") == 0)
			rq_names_add(out, (struct rq_slice){ entry->d_name, n - 7 });
	}
	closedir(dir);
	if (!out->v.n)
		return rq_err_set(err, RQ_EFORMAT, "%s: holds no <queue>.series", path);
	rq_names_sort(out);
	return 0;
}

int rq_cmd_series(struct rq_series *out, const char *queue,
		  const struct rq_branches *branches, struct rq_err *err)
{
	_cleanup_free_ char *meant = NULL;
	struct rq_near near = { .word = queue };
	struct rq_names queues = { 0 };
	struct rq_err ignored;
	int rc = rq_series_load(out, rq_globals.dir, queue, branches, err);

	if (!rc || !out->path || rq_file_exists(out->path))
		return rc;
	if (rq_cmd_queues(&queues, &ignored) == 0)
		for (size_t i = 0; i < queues.v.n; i++)
			rq_near_offer(&near, queues.v.v[i]);
	meant = rq_near_text(&near, "");
	rq_names_release(&queues);
	if (near.best)
		rq_err_set(err, rc, "%s: not there%s", out->path, meant);
	return rc;
}

int rq_cmd_only_queue(char **out, struct rq_err *err)
{
	struct rq_names queues = { 0 };
	int rc = rq_cmd_queues(&queues, err);

	if (!rc && queues.v.n > 1)
		rc = rq_err_set(err, RQ_EUSAGE,
				"there are %zu queues; name the one meant", queues.v.n);
	if (!rc)
		*out = rq_xstrdup(queues.v.v[0]);
	rq_names_release(&queues);
	return rc;
}
