// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether a path from a stranger may be used inside a tree.  Looks at text only, never at
 * the disk.
 */
#include "util/path.h"

#include <ctype.h>
#include <strings.h>

#include "util/mem.h"

#define LONGEST 4095

/* ".git" as some file system could spell it: any case, dots and blanks behind, git~1. */
static bool is_dot_git(struct rq_slice part)
{
	while (part.n && (part.p[part.n - 1] == '.' || part.p[part.n - 1] == ' '))
		part.n--;
	return (part.n == 4 && strncasecmp(part.p, ".git", 4) == 0) ||
	       (part.n == 5 && strncasecmp(part.p, "git~1", 5) == 0);
}

static const char *part_unsafe(struct rq_slice part)
{
	if (!part.n)
		return "has an empty part";
	if (rq_slice_eq(part, RQ_SLICE(".")))
		return "has a '.' part";
	if (rq_slice_eq(part, RQ_SLICE("..")))
		return "has a '..' part";
	if (is_dot_git(part))
		return "has a '.git' part";
	return NULL;
}

const char *rq_path_unsafe(struct rq_slice path)
{
	struct rq_slice part = { path.p, 0 };

	if (!path.n)
		return "is empty";
	if (path.p[0] == '/')
		return "is absolute";
	if (path.n > LONGEST)
		return "is too long";
	for (size_t i = 0; i < path.n; i++) {
		if (path.p[i] == '\\')
			return "has a backslash";
		if ((unsigned char)path.p[i] < 0x20 || path.p[i] == 0x7f)
			return "has a control character";
	}
	for (size_t i = 0; i <= path.n; i++) {
		const char *why;

		if (i < path.n && path.p[i] != '/')
			continue;
		part.n = path.p + i - part.p;
		why = part_unsafe(part);
		if (why)
			return why;
		part.p = path.p + i + 1;
	}
	return NULL;
}

char *rq_path_join(const char *a, const char *b)
{
	size_t n = strlen(a);

	return rq_xasprintf("%s%s%s", a, n && a[n - 1] == '/' ? "" : "/", b);
}

const char *rq_path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}
