// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whose repository it is.  One that another user owns is refused by name before anything of it is
 * read: its configuration and its objects are theirs.  git's own safe.directory, in the user's or
 * the system's configuration, says which ones are trusted all the same.
 *
 * libgit2's check is not used: it knows no "*" and is switched on for all threads at once.
 */
#include "git/git_internal.h"

#include <pwd.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/mem.h"
#include "util/path.h"

struct trust {
	const char *path;
	bool trusted;
};

/* An empty value takes back all before it; "DIR" and "DIR" with "*" behind it, as in git. */
static int see_value(const git_config_entry *entry, void *ctx)
{
	struct trust *trust = ctx;
	const char *value = entry->value;
	size_t n = value ? strlen(value) : 0;

	if (!n)
		trust->trusted = false;
	else if (strcmp(value, "*") == 0 || strcmp(value, trust->path) == 0)
		trust->trusted = true;
	else if (n > 2 && strcmp(value + n - 2, "/*") == 0 &&
		 strncmp(value, trust->path, n - 1) == 0)
		trust->trusted = true;
	return 0;
}

static bool is_trusted(const char *path)
{
	_cleanup_free_ char *real = realpath(path, NULL);
	struct trust trust = { .path = real ? real : path };
	git_config *config;

	if (git_config_open_default(&config) < 0)
		return false;
	if (git_config_get_multivar_foreach(config, "safe.directory", NULL, see_value,
					    &trust) < 0)
		trust.trusted = false;
	git_config_free(config);
	return trust.trusted;
}

/* sudo's user is root's own choice; so git holds it. */
static bool is_ours(uid_t owner)
{
	const char *sudo = geteuid() ? NULL : getenv("SUDO_UID");

	return owner == geteuid() || (sudo && *sudo && owner == (uid_t)atol(sudo));
}

int rq_repo_check_owner(const char *path, struct rq_err *err)
{
	_cleanup_free_ char *inner = rq_path_join(path, ".git");
	_cleanup_free_ char *parent = rq_path_parent(path);
	const char *place = path;
	struct stat st;
	struct passwd *user;

	if (stat(path, &st) < 0)
		return 0;
	if (is_ours(st.st_uid) && (stat(inner, &st) < 0 || is_ours(st.st_uid)))
		return 0;
	/* git is told of the work tree, where there is one. */
	if (strcmp(rq_path_base(path), ".git") == 0)
		place = parent;
	if (is_trusted(place) || is_trusted(path))
		return 0;
	user = getpwuid(st.st_uid);
	return rq_err_set(err, RQ_EUNSAFE,
			  "%s: belongs to another user (%s); if you trust it: git config "
			  "--global --add safe.directory '%s'",
			  path, user ? user->pw_name : "without a name", place);
}
