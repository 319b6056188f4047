// SPDX-License-Identifier: GPL-2.0-only
/*
 * Opens files below a directory that somebody else may have filled: no link is followed on the
 * way, and nothing leads out.  The kernel sees to it where it has openat2(); else each part is
 * opened by itself.
 */
#include "util/below.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "util/mem.h"
#include "util/path.h"

/* One part of the path after the other, none of them a link. */
static int open_step_by_step(int top, const char *path, int flags, mode_t mode)
{
	int at = top;

	for (;;) {
		size_t n = strcspn(path, "/");
		_cleanup_free_ char *part = rq_xstrndup(path, n);
		int next = path[n] ? openat(at, part,
					    O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
				   : openat(at, part, flags | O_NOFOLLOW, mode);
		int error = errno;
		struct stat st;

		/* To O_DIRECTORY with O_NOFOLLOW a link is just no directory. */
		if (next < 0 && error == ENOTDIR &&
		    fstatat(at, part, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISLNK(st.st_mode))
			error = ELOOP;
		if (at != top)
			close(at);
		errno = error;
		if (next < 0 || !path[n])
			return next;
		at = next;
		path += n + 1;
	}
}

int rq_open_below(int top, const char *path, int flags, mode_t mode)
{
	const struct open_how how = { .flags = (unsigned int)flags | O_CLOEXEC,
				      .mode = flags & O_CREAT ? mode : 0,
				      .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS |
						 RESOLVE_NO_MAGICLINKS };
	long fd;

	if (rq_path_unsafe(rq_slice_of(path))) {
		errno = EXDEV;
		return -1;
	}
	do
		fd = syscall(SYS_openat2, top, path, &how, sizeof(how));
	while (fd < 0 && (errno == EINTR || errno == EAGAIN));
	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		return open_step_by_step(top, path, flags | O_CLOEXEC, mode);
	return (int)fd;
}
