/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of `requilt audit` share. */
#ifndef REQUILT_CMD_AUDIT_H
#define REQUILT_CMD_AUDIT_H

#include "history/cve.h"
#include "import/import.h"
#include "queue/audit_run.h"

/* What versions say of a patch that a CVE record names. */
struct rq_audit_claim {
	enum rq_cve_state state;
	struct rq_str words; /* empty: nothing is said */
	bool alone;	     /* the verdict stands on it alone */
};

struct rq_audits {
	rq_vec(struct rq_audited_patch) v;
	rq_vec(struct rq_audit_claim) claims; /* one a patch, or none */
};

/*
 * Adds the fixes of the records below @dir: the own backport of the series of @version (NULL: not known) and
 * mainline's commit, as the repositories of rq_cmd_histories() have them (audit_history.c).
 */
int rq_audits_add_cves(struct rq_audits *audits, const char *dir,
		       const struct rq_branches *branches,
		       const struct rq_version *version, struct rq_err *err);
/* Adds a commit as those repositories have it; false: none does. */
bool rq_audits_add_commit(struct rq_audits *audits, const char *name,
			  const struct rq_branches *branches);
/* Adds what brought the fault, as Fixes: lines say, for patches without known causes. */
void rq_audits_add_causes(struct rq_audits *audits, const struct rq_branches *branches);
/* Adds the commit whose text counted, with what is known of it upstream. */
int rq_audit_take_commit(struct rq_import *what, const struct rq_audited_patch *one,
			 const struct rq_branches *branches, struct rq_err *err);
/* Where nothing in the tree says anything, what versions say stands in. */
void rq_audits_weigh_claims(struct rq_audits *audits);

void rq_audits_release(struct rq_audits *audits);

/* "MISSING" for people, "lacks" for JSON, and its colour (audit_print.c). */
const char *rq_audit_word(const struct rq_audited_patch *one);
const char *rq_audit_verdict(const struct rq_audited_patch *one);
enum rq_colour rq_audit_colour(const struct rq_audited_patch *one);
/* Of the text, not of the version (audit_print.c). */
bool rq_audit_is_missing(const struct rq_audited_patch *one);
void rq_audits_print_table(const struct rq_audits *audits, bool csv);
void rq_audits_print_json(const struct rq_audits *audits);
/* The files of what is missing, one a line. */
void rq_audits_print_lacking(const struct rq_audits *audits);

#endif
