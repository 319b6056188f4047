// SPDX-License-Identifier: GPL-2.0-only
/*
 * Temporaries and the dead ones among them.  Knows no name but the prefix it is given.
 */
#include "util/temp.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/file.h"
#include "util/mem.h"
#include "util/path.h"

/* One that is swept while it is made, time and again, is nobody's luck. */
#define TRIES 10

/* -1 with errno.  A folder may be gone again before it is opened. */
static int make(char *path, bool folder)
{
	int fd, error;

	if (!folder)
		fd = mkostemp(path, O_CLOEXEC);
	else
		fd = mkdtemp(path) ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	while (fd >= 0 && flock(fd, LOCK_EX) < 0) {
		if (errno == EINTR)
			continue;
		error = errno;
		close(fd);
		errno = error;
		return -1;
	}
	return fd;
}

/* Another run may have swept it between its making and its lock. */
static bool is_swept(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_nlink == 0;
}

/* Says nothing in @err of a try that another one made good. */
static int make_locked(int *fd, char **path, const char *folder, const char *prefix,
		       bool is_folder, struct rq_err *err)
{
	int error = 0;

	/* ENOENT: a folder that was swept before it was opened, or none to make one in. */
	for (int tries = TRIES; tries-- && (!error || error == ENOENT);) {
		*path = rq_xasprintf("%s/%sXXXXXX", folder, prefix);
		*fd = make(*path, is_folder);
		if (*fd >= 0 && !is_swept(*fd))
			return 0;
		error = *fd < 0 ? errno : 0;
		free(TAKE_PTR(*path));
		if (*fd >= 0)
			close(*fd);
	}
	if (!error)
		return rq_err_set(err, RQ_EBUSY, "%s/%s: other runs remove it", folder,
				  prefix);
	errno = error;
	return rq_err_errno(err, "%s/%sXXXXXX", folder, prefix);
}

int rq_temp_file(int *fd, char **path, const char *folder, const char *prefix,
		 struct rq_err *err)
{
	return make_locked(fd, path, folder, prefix, false, err);
}

int rq_temp_folder(int *fd, char **path, const char *folder, const char *prefix,
		   struct rq_err *err)
{
	return make_locked(fd, path, folder, prefix, true, err);
}

void rq_temp_sweep(const char *folder, const char *prefix)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	struct rq_err ignored;

	while (dir && (entry = readdir(dir))) {
		_cleanup_free_ char *path = rq_path_join(folder, entry->d_name);
		int fd;

		if (strncmp(entry->d_name, prefix, strlen(prefix)) != 0)
			continue;
		fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
		if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
			rq_dir_remove(path, &ignored);
		if (fd >= 0)
			close(fd);
	}
	if (dir)
		closedir(dir);
}
