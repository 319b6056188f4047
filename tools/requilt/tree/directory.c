// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads a folder: first what is there, sorted, then file by file.  Follows no symbolic link
 * below it and skips nothing but a .git at its top; refuses special files, and files that
 * cannot be read.
 */
#include "tree/tree_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/mem.h"
#include "util/names.h"

struct found {
	char *path; /* relative to the folder */
	struct stat st;
};

struct walk {
	struct intake *in;
	int fd; /* of the top */
	rq_vec(struct found) files;
};

static int note(struct walk *w, int dir, const char *name, const char *path,
		struct rq_err *err);

/* Takes over @fd.  @path is "" for the top. */
static int walk_folder(struct walk *w, int fd, const char *path, struct rq_err *err)
{
	rq_vec(char *) names = { 0 };
	DIR *dir = fdopendir(fd);
	struct dirent *d;
	int rc = 0;

	if (!dir) {
		close(fd);
		return rq_err_errno(err, "%s", *path ? path : "folder");
	}
	for (errno = 0; (d = readdir(dir)); errno = 0) {
		if (!strcmp(d->d_name, ".") || !strcmp(d->d_name, "..") ||
		    (!*path && !strcmp(d->d_name, ".git")))
			continue;
		*rq_vec_push(&names) = rq_xstrdup(d->d_name);
	}
	if (errno)
		rc = rq_err_errno(err, "%s", *path ? path : "folder");
	if (names.n)
		qsort(names.v, names.n, sizeof(*names.v), rq_names_order);
	for (size_t i = 0; i < names.n; i++) {
		_cleanup_free_ char *full =
			rq_xasprintf("%s%s%s", path, *path ? "/" : "", names.v[i]);

		if (!rc)
			rc = note(w, dirfd(dir), names.v[i], full, err);
		free(names.v[i]);
	}
	rq_vec_release(&names);
	closedir(dir);
	return rc;
}

static int note(struct walk *w, int dir, const char *name, const char *path,
		struct rq_err *err)
{
	struct found *found;
	struct stat st;
	int fd, rc;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return rq_err_errno(err, "%s", path);
	if (S_ISDIR(st.st_mode)) {
		rc = intake_folder(w->in, path, err);
		if (rc)
			return rc;
		fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd < 0)
			return rq_err_errno(err, "%s", path);
		return walk_folder(w, fd, path, err);
	}
	if (!S_ISREG(st.st_mode) && !S_ISLNK(st.st_mode))
		return rq_err_set(err, RQ_EUNSAFE, "%s: neither file, folder nor link",
				  path);
	if (intake_announce(w->in, path, (uint64_t)st.st_size, err))
		return err->code;
	found = rq_vec_push(&w->files);
	found->path = rq_xstrdup(path);
	found->st = st;
	w->in->progress.total += (uint64_t)st.st_size;
	return 0;
}

static int read_bytes(struct walk *w, const struct found *f, struct rq_str *out,
		      struct rq_err *err)
{
	int fd = openat(w->fd, f->path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	size_t size = (size_t)f->st.st_size;
	ssize_t n = fd < 0 ? -1 : 1;

	/* One byte more than expected shows the end, or that there is none. */
	rq_str_reserve(out, size + 1);
	while (n > 0 && out->len <= size) {
		n = read(fd, out->s + out->len, size + 1 - out->len);
		if (n < 0 && errno == EINTR)
			n = 1;
		else if (n > 0)
			out->len += (size_t)n;
	}
	if (n < 0)
		rq_err_errno(err, "%s", f->path);
	else if (out->len > size)
		n = rq_err_set(err, RQ_EFORMAT,
			       "%s: has more than the %zu bytes of its size", f->path,
			       size);
	if (fd >= 0)
		close(fd);
	return n < 0 ? err->code : 0;
}

static int read_target(struct walk *w, const struct found *f, struct rq_str *out,
		       struct rq_err *err)
{
	ssize_t n;

	rq_str_reserve(out, PATH_MAX);
	n = readlinkat(w->fd, f->path, out->s, PATH_MAX);
	if (n < 0)
		return rq_err_errno(err, "%s", f->path);
	out->len = (size_t)n;
	return 0;
}

static int read_one(struct walk *w, const struct found *f, struct rq_err *err)
{
	bool link = S_ISLNK(f->st.st_mode);
	struct rq_str bytes = { 0 };
	enum rq_mode mode;
	int rc = link ? read_target(w, f, &bytes, err) : read_bytes(w, f, &bytes, err);

	if (rc) {
		rq_str_release(&bytes);
		return rc;
	}
	mode = link			 ? RQ_MODE_LINK
	       : f->st.st_mode & S_IXUSR ? RQ_MODE_EXEC
					 : RQ_MODE_FILE;
	w->in->progress.done += (uint64_t)f->st.st_size;
	return intake_file(w->in, f->path, mode, bytes.s, bytes.len, f->st.st_mtime, err);
}

int directory_read(struct intake *in, const char *path, struct rq_err *err)
{
	struct walk w = { .in = in };
	int rc, fd;

	w.fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (w.fd < 0)
		return rq_err_errno(err, "open");
	fd = fcntl(w.fd, F_DUPFD_CLOEXEC, 0);
	rc = fd < 0 ? rq_err_errno(err, "open") : walk_folder(&w, fd, "", err);
	for (size_t i = 0; i < w.files.n; i++) {
		if (!rc)
			rc = read_one(&w, &w.files.v[i], err);
		free(w.files.v[i].path);
	}
	rq_vec_release(&w.files);
	close(w.fd);
	return rc;
}
