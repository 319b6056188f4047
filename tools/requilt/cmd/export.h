/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of `requilt export` share. */
#ifndef REQUILT_CMD_EXPORT_H
#define REQUILT_CMD_EXPORT_H

#include "emit/emit.h"
#include "report/report.h"

/* How a tree keeps its patches. */
enum rq_form {
	RQ_FORM_QUILT,	  /* the names and the series that port wrote */
	RQ_FORM_NUMBERED, /* the same, with 0001-... for names */
	RQ_FORM_OPENWRT,  /* numbered names alone */
	RQ_FORM_YOCTO,	  /* numbered names, an .scc and SRC_URI lines */
	RQ_FORM_RPM,	  /* numbered names, "Patch0001:" lines */
	RQ_FORM_DEBIAN,	  /* names and a series without our comments */
};

/* Makes @files, patches and last the series, what the tree of @form has in their place. */
void rq_export_arrange(struct rq_outputs *files, enum rq_form form, const char *queue);

/*
 * Makes the diffs of @files, patches and last the series, such that git am -3 finds its blobs: index lines with
 * the ids that the commits of @ported have, and diffstats that are right.  Patches of entries without a
 * commit stay as they are.
 */
int rq_export_freshen(struct rq_outputs *files, const struct rq_ported *ported,
		      const char *queue, struct rq_err *err);

/* "0007-title-with-dashes.patch", as git format-patch names its files; the caller frees. */
char *rq_cmd_patch_name(const char *subject, long number);

#endif
