// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who the user is, as git has it: GIT_AUTHOR_NAME and GIT_AUTHOR_EMAIL, else user.name and user.email
 * of the repository, the user's or the system's configuration.
 */
#include "git/git_internal.h"

#include <stdlib.h>

#include "util/mem.h"
#include "util/str.h"

/* What git leaves out of a name or an address. */
static bool is_crud(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7f || c == '<' || c == '>';
}

static char *without_crud(const char *text)
{
	struct rq_str clean = { 0 };
	struct rq_slice trimmed = rq_slice_trim(rq_slice_of(text));

	for (size_t i = 0; i < trimmed.n; i++)
		if (!is_crud(trimmed.p[i]))
			rq_str_add(&clean, &trimmed.p[i], 1);
	return clean.s;
}

static char *value_of(git_config *config, const char *variable, const char *key)
{
	const char *from = getenv(variable);
	git_buf found = { 0 };
	char *value;

	if (from && *from)
		return without_crud(from);
	if (!config || git_config_get_string_buf(&found, config, key) < 0)
		return NULL;
	value = without_crud(found.ptr);
	git_buf_dispose(&found);
	return value;
}

/* The configuration of the repository that @dir is in, else the user's. */
static git_config *open_config(const char *dir)
{
	git_buf place = { 0 };
	git_repository *git = NULL;
	git_config *config = NULL;
	struct rq_err ignored;

	if (git_repository_discover(&place, dir, 0, NULL) == 0 &&
	    rq_repo_check_owner(place.ptr, &ignored) == 0 &&
	    git_repository_open(&git, place.ptr) == 0)
		git_repository_config(&config, git);
	else
		git_config_open_default(&config);
	git_buf_dispose(&place);
	git_repository_free(git);
	return config;
}

int rq_git_identity(char **out, const char *dir, struct rq_err *err)
{
	git_config *config = open_config(dir);
	_cleanup_free_ char *name = value_of(config, "GIT_AUTHOR_NAME", "user.name");
	_cleanup_free_ char *email = value_of(config, "GIT_AUTHOR_EMAIL", "user.email");

	git_config_free(config);
	if (!name || !*name || !email || !*email)
		return rq_err_set(err, RQ_ENOTFOUND,
				  "git knows no user.name and user.email here");
	*out = rq_xasprintf("%s <%s>", name, email);
	return 0;
}
