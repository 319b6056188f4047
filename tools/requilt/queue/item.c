// SPDX-License-Identifier: GPL-2.0-only
/*
 * An entry, loaded once for all branches.
 */
#include "queue/queue_internal.h"

#include <stdlib.h>

#include "util/file.h"

int rq_item_load(struct rq_item *item, const char *name, const char *path,
		 const struct rq_patch_options *options, struct rq_err *err)
{
	struct rq_str bytes = { 0 };
	int rc = rq_file_read(&bytes, path, err);

	if (rc == RQ_ENOTFOUND)
		return rq_err_set(err, RQ_EFORMAT, "%s: not there; name a patch that is",
				  path);
	if (rc)
		return rc;
	item->name = rq_xstrdup(name);
	item->path = rq_xstrdup(path);
	rq_oid_of(&item->bytes, RQ_OBJ_BLOB, bytes.s ? bytes.s : "", bytes.len);
	rc = rq_patch_parse(&item->patch, path, &bytes, options, err);
	rq_str_release(&bytes);
	if (!rc && !item->patch->n_files)
		rc = rq_err_set(err, RQ_EFORMAT,
				"%s: has no diff; complete it or leave it out", path);
	if (rc)
		return rc;
	rq_header_read(&item->header, item->patch);
	return rq_conditions_read(&item->conditions, item->patch, err);
}

void rq_item_release(struct rq_item *item)
{
	rq_patch_free(item->patch);
	rq_header_release(&item->header);
	rq_conditions_release(&item->conditions);
	free(item->name);
	free(item->path);
	*item = (struct rq_item){ 0 };
}
