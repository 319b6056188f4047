/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's public CVE data, read offline from a clone of its vulns repository: which commit fixes what, and
 * which releases the data say have it.  Versions are a claim; what a tree has is for its text to say.
 */
#ifndef REQUILT_HISTORY_CVE_H
#define REQUILT_HISTORY_CVE_H

#include "series/series.h"
#include "util/names.h"
#include "util/vec.h"

/* From the release that has the fault to the one that has the fix; ids of commits, NULL: none known. */
struct rq_cve_pair {
	struct rq_version from, fixed; /* .n is 0: not known; of fixed: nowhere yet */
	char *cause, *fix;
};

struct rq_cve {
	char *id;	       /* "CVE-2024-26581" */
	struct rq_names fixes; /* commits of mainline; may be empty */
	rq_vec(struct rq_cve_pair) pairs;
};

struct rq_cves {
	rq_vec(struct rq_cve) v; /* by name */
};

/*
 * Reads CVE-*.dyad and CVE-*.sha1 in @dir and below, and CVE-*.json where there is no .dyad.  RQ_EFORMAT names the
 * file and the line of what cannot be read, or says that there is none.
 */
int rq_cves_load(struct rq_cves *out, const char *dir, struct rq_err *err);
void rq_cves_release(struct rq_cves *cves);

enum rq_cve_state {
	RQ_CVE_UNKNOWN, /* the data name no version */
	RQ_CVE_NOT_AFFECTED,
	RQ_CVE_AFFECTED,
	RQ_CVE_FIXED,
};

/* What the data say of @version; appends it as words, "unfixed, 6.1.107 has it". */
enum rq_cve_state rq_cve_says(struct rq_str *out, const struct rq_cve *cve,
			      const struct rq_version *version);
/* Whether its fix is for the stable series of @version. */
bool rq_cve_is_own(const struct rq_cve_pair *pair, const struct rq_version *version);
/* The first such pair; NULL: none.  Borrowed. */
const struct rq_cve_pair *rq_cve_own(const struct rq_cve *cve,
				     const struct rq_version *version);

#endif
