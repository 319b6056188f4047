// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an entry has in a queue repository, wherever it is named.  Reads series files as text: a queue that
 * does not load today can still be put in order.
 */
#include "queue/entries.h"

#include "resolve/byhand.h"
#include "util/file.h"
#include "util/path.h"

int rq_entries_read(struct rq_str *out, const struct rq_entries *all, const char *queue,
		    const char *ending, struct rq_err *err)
{
	_cleanup_free_ char *path =
		rq_xasprintf("%s/series/%s.%s", all->root, queue, ending);
	int rc = rq_file_read_within(out, all->root, path, err);

	return rc == RQ_ENOTFOUND ? 0 : rc;
}

/* "patches/demo/x.patch" is the file of demo/x.patch; NULL: no entry could have it.  Borrowed. */
static const char *entry_of(const char *path)
{
	const char *slash = strchr(path, '/');

	return slash ? slash + 1 : NULL;
}

bool rq_entries_have_file(const struct rq_entries *all, const char *path)
{
	const char *entry = entry_of(path);
	struct rq_err ignored;

	for (size_t i = 0; entry && i < all->queues->v.n; i++) {
		_cleanup_(rq_str_release) struct rq_str bytes = { 0 };

		if (rq_entries_read(&bytes, all, all->queues->v.v[i], "series",
				    &ignored) == 0 &&
		    rq_series_line(rq_str_slice(&bytes), entry))
			return true;
	}
	return false;
}

typedef int load_fn(struct rq_byhand *out, const char *root, const char *queue,
		    const char *branch, struct rq_err *err);

static int check_closed(const struct rq_entries *all, const char *queue,
			const char *branch, const char *entry, const char *command,
			load_fn *load, struct rq_err *err)
{
	struct rq_byhand work = { 0 };
	int rc = load(&work, all->root, queue, branch, err);

	if (!rc && work.entry && (!entry || strcmp(work.entry, entry) == 0))
		rc = rq_err_set(err, RQ_EQUEUE,
				"%s is open in %s; 'requilt %s %s %s --continue' or "
				"--abort first",
				work.entry, work.folder, command, queue, branch);
	rq_byhand_release(&work);
	return rc;
}

int rq_entries_check_closed(const struct rq_entries *all, const char *queue,
			    const char *entry, struct rq_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < all->branches->all.n && !rc; i++) {
		const char *branch = all->branches->all.v[i].name;

		rc = check_closed(all, queue, branch, entry, "resolve", rq_byhand_load,
				  err);
		if (!rc)
			rc = check_closed(all, queue, branch, entry, "edit",
					  rq_byhand_load_edit, err);
	}
	return rc;
}
