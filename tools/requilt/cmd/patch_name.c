// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of patch files, as git format-patch gives them.
 */
#include <ctype.h>

#include "cmd/export.h"

#define LONGEST_NAME 57 /* git format-patch's, without ".patch" */

char *rq_cmd_patch_name(const char *subject, long number)
{
	struct rq_str out = { 0 };
	bool gap = false;

	rq_str_addf(&out, "%04ld-", number);
	for (const char *p = subject; *p; p++) {
		if (!isalnum((unsigned char)*p) && *p != '.' && *p != '_') {
			gap = true;
			continue;
		}
		if (*p == '.' && p[1] == '.')
			continue;
		if (gap && out.s[out.len - 1] != '-')
			rq_str_adds(&out, "-");
		gap = false;
		rq_str_add(&out, p, 1);
	}
	while (out.len > 5 && (out.s[out.len - 1] == '.' || out.s[out.len - 1] == '-'))
		out.s[--out.len] = 0;
	if (out.len > LONGEST_NAME)
		out.s[out.len = LONGEST_NAME] = 0;
	rq_str_adds(&out, ".patch");
	return out.s;
}
