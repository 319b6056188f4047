// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files and folders, read whole and replaced whole.  Never follows a link when it removes.
 */
#include "util/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/below.h"
#include "util/mem.h"
#include "util/path.h"

#define LARGEST ((size_t)1 << 30)

static int fail_large(const char *path, size_t most, struct rq_err *err)
{
	return rq_err_set(err, RQ_EFORMAT, "%s: more than %zu MiB", path, most >> 20);
}

/* The temporary of a folder in which a file is written. */
#define FRESH ".requilt-new"
#define BATCH 128 /* files that are open at once */

/*
 * read() that goes on.  A pipe that nobody writes to has no end, nor anything before it: to a @fresh
 * one a writer may come a moment after us (else EPIPE); one that is there is waited for.
 */
static ssize_t read_some(int fd, void *buf, size_t room, bool fresh)
{
	struct pollfd pipe = { .fd = fd, .events = POLLIN };

	for (int tries = 0;;) {
		ssize_t n = read(fd, buf, room);

		if (n > 0 || (n == 0 && !fresh))
			return n;
		if (n == 0 && ++tries > 10) {
			errno = EPIPE;
			return -1;
		}
		if (n == 0)
			usleep(100000);
		else if (errno == EAGAIN)
			poll(&pipe, 1, -1);
		else if (errno != EINTR)
			return -1;
	}
}

static int fail_read(const char *path, struct rq_err *err)
{
	if (errno == EPIPE)
		return rq_err_set(err, RQ_EIO, "%s: a pipe that nobody writes to", path);
	return rq_err_errno(err, "%s", path);
}

static int read_all(struct rq_str *out, int fd, const char *path, size_t most,
		    struct rq_err *err)
{
	size_t before = out->len;
	struct stat st;

	if (fstat(fd, &st) < 0)
		return rq_err_errno(err, "%s", path);
	if (S_ISDIR(st.st_mode))
		return rq_err_set(err, RQ_EIO, "%s: is a folder, not a file", path);
	if (st.st_size > (off_t)most)
		return fail_large(path, most, err);
	/* Room for one byte more shows the end; a pipe or a device has no size to go by. */
	rq_str_reserve(out, st.st_size > 0 ? (size_t)st.st_size + 1 : 65536);
	for (;;) {
		ssize_t n;

		if (out->cap - out->len == 1)
			rq_str_reserve(out, 65536);
		n = read_some(fd, out->s + out->len, out->cap - out->len - 1,
			      S_ISFIFO(st.st_mode) && out->len == before);
		if (n < 0)
			return fail_read(path, err);
		out->len += n;
		out->s[out->len] = '\0';
		if (out->len - before > most)
			return fail_large(path, most, err);
		if (!n)
			return 0;
	}
}

int rq_file_read(struct rq_str *out, const char *path, struct rq_err *err)
{
	return rq_file_read_most(out, path, LARGEST, err);
}

int rq_file_read_most(struct rq_str *out, const char *path, size_t most,
		      struct rq_err *err)
{
	bool fresh = !out->s;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC), rc;

	if (fd < 0) {
		rc = errno == ENOENT || errno == ENOTDIR ? RQ_ENOTFOUND : RQ_EIO;
		rq_err_errno(err, "%s", path);
		err->code = rc;
		return rc;
	}
	rc = read_all(out, fd, path, most, err);
	close(fd);
	if (rc && fresh)
		rq_str_release(out);
	return rc;
}

static int fail_open_below(const char *top, const char *path, struct rq_err *err)
{
	const char *unsafe = rq_path_unsafe(rq_slice_of(path));
	int rc = errno == ENOENT || errno == ENOTDIR ? RQ_ENOTFOUND : RQ_EIO;

	if (unsafe)
		return rq_err_set(err, RQ_EUNSAFE, "%s: the path '%s' %s", top, path,
				  unsafe);
	if (errno == ELOOP || errno == EXDEV)
		return rq_err_set(err, RQ_EUNSAFE,
				  "%s/%s: leads through a symbolic link, which is not "
				  "followed here; copy the file",
				  top, path);
	rq_err_errno(err, "%s/%s", top, path);
	err->code = rc;
	return rc;
}

static int open_top(const char *top, struct rq_err *err)
{
	int fd = open(top, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0) {
		rq_err_errno(err, "%s", top);
		err->code = errno == ENOENT || errno == ENOTDIR ? RQ_ENOTFOUND : RQ_EIO;
	}
	return fd;
}

int rq_file_read_below(struct rq_str *out, const char *top, const char *path,
		       struct rq_err *err)
{
	_cleanup_free_ char *name = rq_path_join(top, path);
	int folder = open_top(top, err), fd, rc = 0;
	bool fresh = !out->s;
	struct stat st;

	if (folder < 0)
		return err->code;
	fd = rq_open_below(folder, path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
	if (fd < 0)
		rc = fail_open_below(top, path, err);
	else if (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		rc = rq_err_set(err, RQ_EIO, "%s: is no regular file", name);
	if (!rc)
		rc = read_all(out, fd, name, LARGEST, err);
	if (fd >= 0)
		close(fd);
	close(folder);
	if (rc && fresh)
		rq_str_release(out);
	return rc;
}

static int write_bytes(int fd, const char *path, struct rq_slice bytes, mode_t mode,
		       struct rq_err *err)
{
	while (bytes.n) {
		ssize_t n = write(fd, bytes.p, bytes.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return rq_err_errno(err, "%s", path);
		bytes.p += n;
		bytes.n -= n;
	}
	return fchmod(fd, mode) < 0 ? rq_err_errno(err, "%s", path) : 0;
}

static int sync_fd(int fd, const char *path, struct rq_err *err)
{
	return fsync(fd) < 0 ? rq_err_errno(err, "%s: fsync", path) : 0;
}

static int write_new(int *fd, int folder, const char *top, const struct rq_new_file *file,
		     struct rq_err *err)
{
	int rc;

	*fd = rq_open_below(folder, file->path, O_WRONLY | O_CREAT | O_EXCL, 0644);
	if (*fd < 0)
		return fail_open_below(top, file->path, err);
	rc = write_bytes(*fd, file->path, file->bytes, 0644, err);
	/* Only a hint: the fsync then finds little left to wait for. */
	sync_file_range(*fd, 0, 0, SYNC_FILE_RANGE_WRITE);
	return rc;
}

/* A write that failed late is told to those who hold the file open: so all are, till the end. */
static int write_batch(int folder, const char *top, const struct rq_new_file *files,
		       size_t n, struct rq_err *err)
{
	int fds[BATCH], rc = 0;
	size_t opened = 0;

	while (opened < n && !rc) {
		rc = write_new(&fds[opened], folder, top, &files[opened], err);
		opened += fds[opened] >= 0;
	}
	for (size_t i = 0; i < opened; i++) {
		if (!rc)
			rc = sync_fd(fds[i], files[i].path, err);
		if (close(fds[i]) < 0 && !rc)
			rc = rq_err_errno(err, "%s: close", files[i].path);
	}
	return rc;
}

int rq_files_write_new(const char *top, const struct rq_new_file *files, size_t n,
		       struct rq_err *err)
{
	int folder = open_top(top, err), rc = 0;

	if (folder < 0)
		return err->code;
	for (size_t i = 0; i < n && !rc; i += BATCH)
		rc = write_batch(folder, top, files + i, n - i < BATCH ? n - i : BATCH,
				 err);
	close(folder);
	return rc;
}

/* Whether @fd, which is locked, is still what @path names. */
static bool is_still(int fd, const char *path)
{
	struct stat ours, there;

	return fstat(fd, &ours) == 0 && lstat(path, &there) == 0 &&
	       ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
}

/*
 * The one temporary of a folder, locked and empty: whoever writes next waits for a writer that
 * lives, and takes over what a dead one left.  -1 with errno.
 */
static int open_fresh(const char *path)
{
	int rc;

	for (;;) {
		int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);

		if (fd < 0 && errno == ELOOP && unlink(path) == 0)
			continue;
		if (fd < 0)
			return -1;
		while ((rc = flock(fd, LOCK_EX)) < 0 && errno == EINTR)
			continue;
		if (rc == 0 && !is_still(fd, path)) {
			close(fd);
			continue;
		}
		if (rc == 0 && ftruncate(fd, 0) == 0)
			return fd;
		rc = errno;
		close(fd);
		errno = rc;
		return -1;
	}
}

static int write_as(const char *path, struct rq_slice bytes, mode_t mode,
		    struct rq_err *err)
{
	_cleanup_free_ char *fresh =
		rq_xasprintf("%.*s" FRESH, (int)(rq_path_base(path) - path), path);
	int fd = open_fresh(fresh), rc;

	if (fd < 0)
		return rq_err_errno(err, "%s", path);
	rc = write_bytes(fd, path, bytes, mode, err);
	if (!rc)
		rc = sync_fd(fd, path, err);
	if (!rc && rename(fresh, path) < 0)
		rc = rq_err_errno(err, "%s", path);
	if (rc)
		unlink(fresh);
	close(fd);
	return rc;
}

int rq_file_write(const char *path, struct rq_slice bytes, struct rq_err *err)
{
	return write_as(path, bytes, 0644, err);
}

int rq_file_rewrite(const char *path, struct rq_slice bytes, struct rq_err *err)
{
	_cleanup_free_ char *real = realpath(path, NULL);
	struct stat st;

	if (!real || stat(real, &st) < 0)
		return rq_err_errno(err, "%s", path);
	return write_as(real, bytes, st.st_mode & 07777, err);
}

bool rq_file_exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

bool rq_file_is_dir(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

int rq_dir_make(const char *path, struct rq_err *err)
{
	_cleanup_free_ char *part = rq_xstrdup(path);
	struct stat st;

	for (char *p = part + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		if (mkdir(part, 0777) < 0 && errno != EEXIST)
			return rq_err_errno(err, "%s", part);
		*p = '/';
	}
	if (mkdir(part, 0777) < 0 && errno != EEXIST)
		return rq_err_errno(err, "%s", part);
	if (stat(path, &st) < 0 || !S_ISDIR(st.st_mode))
		return rq_err_set(err, RQ_EIO, "%s: is no folder", path);
	return 0;
}

int rq_dir_check_below(const char *top, const char *below, struct rq_err *err)
{
	_cleanup_free_ char *path = rq_path_join(top, below);
	size_t start = strlen(path) - strlen(below);
	struct stat st;

	for (char *p = path + start;; p++) {
		char was = *p;

		if (was && was != '/')
			continue;
		*p = '\0';
		if (lstat(path, &st) == 0 && S_ISLNK(st.st_mode))
			return rq_err_set(err, RQ_EUNSAFE,
					  "%s: is a symbolic link; nothing is written "
					  "through one",
					  path);
		*p = was;
		if (!was)
			return 0;
	}
}

/* Whether @path, which is below @top, is there without any link on the way from it. */
static bool is_plainly_below(const char *top, const char *path)
{
	size_t n = strlen(top);
	struct rq_err ignored;

	return n && strncmp(path, top, n) == 0 && path[n] == '/' &&
	       !strstr(path + n, "/..") &&
	       rq_dir_check_below(top, path + n + 1, &ignored) == 0 &&
	       access(path, F_OK) == 0;
}

int rq_file_check_within(const char *top, const char *path, struct rq_err *err)
{
	_cleanup_free_ char *folder = NULL, *real = NULL;
	size_t n;

	if (is_plainly_below(top, path))
		return 0;
	folder = realpath(top, NULL);
	real = realpath(path, NULL);
	if (!folder || !real)
		return rq_err_set(err, RQ_ENOTFOUND, "%s: %s", path, strerror(errno));
	n = strlen(folder);
	if (strncmp(real, folder, n) != 0 || real[n] != '/')
		return rq_err_set(err, RQ_EUNSAFE,
				  "%s: a link that leads out of %s; copy the file", path,
				  top);
	return 0;
}

int rq_file_read_within(struct rq_str *out, const char *top, const char *path,
			struct rq_err *err)
{
	int rc = rq_file_check_within(top, path, err);

	return rc ? rc : rq_file_read(out, path, err);
}

int rq_dir_make_below(const char *top, const char *below, struct rq_err *err)
{
	_cleanup_free_ char *path = rq_path_join(top, below);
	int rc = rq_dir_check_below(top, below, err);

	return rc ? rc : rq_dir_make(path, err);
}

static int remove_at(int parent, const char *name, struct rq_err *err)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
	    rc = 0;
	struct dirent *entry;
	DIR *dir;

	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0)
		return unlinkat(parent, name, 0) < 0 ? rq_err_errno(err, "%s", name) : 0;
	dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return rq_err_errno(err, "%s", name);
	}
	while (!rc && (entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			rc = remove_at(dirfd(dir), entry->d_name, err);
	closedir(dir);
	if (!rc && unlinkat(parent, name, AT_REMOVEDIR) < 0)
		rc = rq_err_errno(err, "%s", name);
	return rc;
}

int rq_dir_remove(const char *path, struct rq_err *err)
{
	return remove_at(AT_FDCWD, path, err);
}

int rq_dir_sync(const char *path, struct rq_err *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc;

	if (fd < 0)
		return rq_err_errno(err, "%s", path);
	rc = sync_fd(fd, path, err);
	close(fd);
	return rc;
}

int rq_dir_lock(int *fd, const char *path, struct rq_err *err)
{
	*fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return *fd < 0 || flock(*fd, LOCK_EX) < 0 ? rq_err_errno(err, "%s: lock", path)
						  : 0;
}

int rq_dir_exchange(const char *fresh, const char *path, struct rq_err *err)
{
	_cleanup_free_ char *parent = rq_path_parent(path);
	bool there = rq_file_exists(path);
	int rc;

	if (renameat2(AT_FDCWD, fresh, AT_FDCWD, path, there ? RENAME_EXCHANGE : 0) < 0)
		return rq_err_errno(err, "%s", path);
	rc = rq_dir_sync(parent, err);
	if (!rc && there)
		rc = rq_dir_remove(fresh, err);
	return rc;
}
