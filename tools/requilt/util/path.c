// SPDX-License-Identifier: GPL-2.0-only
/*
 * Says whether a path from outside may be used inside a tree.  Refuses whatever could
 * leave the tree or reach a .git folder on any file system: NTFS drops trailing dots,
 * blanks and ":stream" and knows the short name git~1, HFS+ ignores some invisible characters.
 * Looks at the text only, never at the disk.
 */
#include "util/path.h"

#include <strings.h>

#include "util/clean.h"
#include "util/mem.h"

#define PATH_LONGEST 4095
#define DEPTH_MOST 64	 /* a kernel has a dozen; each directory takes memory */
#define PART_LONGEST 255 /* of a name in every file system that Linux knows */

/* UTF-8 of the three-byte characters that HFS+ ignores in names; the ends are included.
 */
static const struct {
	unsigned int first, last;
} hfs_ignored[] = {
	{ 0xe2808c, 0xe2808f }, /* U+200C..U+200F: joiners, direction marks */
	{ 0xe280aa, 0xe280ae }, /* U+202A..U+202E: embeddings */
	{ 0xe281aa, 0xe281af }, /* U+206A..U+206F: shaping, swapping */
	{ 0xefbbbf, 0xefbbbf }, /* U+FEFF: byte order mark */
};

static bool is_hfs_ignored(const unsigned char *p, size_t n)
{
	unsigned int bytes;

	if (n < 3)
		return false;
	bytes = (unsigned int)p[0] << 16 | (unsigned int)p[1] << 8 | p[2];
	for (size_t i = 0; i < ARRAY_SIZE(hfs_ignored); i++) {
		if (bytes >= hfs_ignored[i].first && bytes <= hfs_ignored[i].last)
			return true;
	}
	return false;
}

/* The start of @part as HFS+ would compare it; longer names are cut, which is enough. */
static size_t without_ignored(char *out, size_t size, struct rq_slice part)
{
	size_t n = 0;

	for (size_t i = 0; i < part.n && n < size;) {
		if (is_hfs_ignored((const unsigned char *)part.p + i, part.n - i))
			i += 3;
		else
			out[n++] = part.p[i++];
	}
	return n;
}

static bool is_dot_git(struct rq_slice part)
{
	char name[64];
	size_t n = without_ignored(name, sizeof(name), part);
	size_t i;

	if (n >= 4 && !strncasecmp(name, ".git", 4))
		i = 4;
	else if (n >= 5 && !strncasecmp(name, "git~1", 5))
		i = 5;
	else
		return false;
	while (i < n && (name[i] == ' ' || name[i] == '.'))
		i++;
	return i == n || name[i] == ':';
}

/* The names that git refuses: NTFS has short ones as well, with a number or a hash. */
static bool is_dot_gitmodules(struct rq_slice part)
{
	static const char *const names[] = { ".gitmodules", "gitmod~1", "gitmod~2",
					     "gitmod~3",    "gitmod~4", "gi7eba~" };
	char name[64];
	size_t n = without_ignored(name, sizeof(name), part);

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		size_t at = strlen(names[i]);

		if (n < at || strncasecmp(name, names[i], at) != 0)
			continue;
		if (names[i][at - 1] == '~')
			return true;
		while (at < n && (name[at] == ' ' || name[at] == '.'))
			at++;
		if (at == n || name[at] == ':')
			return true;
	}
	return false;
}

const char *rq_path_unsafe_link(struct rq_slice path)
{
	const char *slash = memrchr(path.p, '/', path.n);
	struct rq_slice part = path;

	if (slash) {
		part.p = slash + 1;
		part.n = (size_t)(path.p + path.n - part.p);
	}
	return is_dot_gitmodules(part) ? "is .gitmodules, which git refuses as a link"
				       : NULL;
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
	if (part.n > PART_LONGEST)
		return "has a part that is too long";
	return NULL;
}

/* Of the character at the start of @rest. */
static const char *char_unsafe(struct rq_slice rest)
{
	bool steers;

	if (*rest.p == '\\')
		return "has a backslash";
	if (*rest.p == '\0')
		return "has a NUL byte";
	rq_char_length(rest, &steers);
	return steers ? "has a control character" : NULL;
}

const char *rq_path_unsafe(struct rq_slice path)
{
	const char *why = NULL;
	size_t start = 0;
	int parts = 0;

	if (!path.n)
		return "is empty";
	if (path.n > PATH_LONGEST)
		return "is too long";
	if (path.p[0] == '/')
		return "is absolute";
	for (size_t i = 0; i <= path.n && !why; i++) {
		if (i < path.n && path.p[i] != '/')
			continue;
		why = parts++ > DEPTH_MOST ? "is more than 64 directories deep"
					   : part_unsafe((struct rq_slice){
						     path.p + start, i - start });
		start = i + 1;
	}
	for (size_t i = 0; i < path.n && !why; i++)
		why = char_unsafe((struct rq_slice){ path.p + i, path.n - i });
	return why;
}

char *rq_path_join(const char *a, const char *b)
{
	size_t n = strlen(a);

	return rq_xasprintf(n && a[n - 1] == '/' ? "%s%s" : "%s/%s", a, b);
}

const char *rq_path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

char *rq_path_name(const char *path)
{
	size_t n = strlen(path);
	_cleanup_free_ char *plain = NULL;

	while (n > 1 && path[n - 1] == '/')
		n--;
	plain = rq_xstrndup(path, n);
	return rq_xstrdup(rq_path_base(plain));
}

bool rq_path_is_beside(const char *path, const char *other)
{
	size_t n = (size_t)(rq_path_base(other) - other);

	return strncmp(path, other, n) == 0 && !strchr(path + n, '/');
}

char *rq_path_parent(const char *path)
{
	const char *base = rq_path_base(path);

	if (base == path)
		return rq_xstrdup(".");
	/* The slash stays where it is all there is. */
	return rq_xstrndup(path, base - path > 1 ? base - path - 1 : 1);
}

bool rq_path_is_c(const char *path)
{
	struct rq_slice s = rq_slice_of(path);

	return rq_slice_ends(s, ".c") || rq_slice_ends(s, ".h");
}
