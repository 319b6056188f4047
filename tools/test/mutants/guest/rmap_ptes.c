// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hands on what the kernel's own test of the `_ptes` and `_pmd` functions says (../rmap-ptes-test.patch):
 * one line a claim, "ok NAME" or "not ok NAME".  No caller has more than one page at a time yet.
 */
#include "ktap.h"

int main(void)
{
	FILE *f = fopen("/sys/kernel/debug/rmap_ptes", "re");
	char line[256];

	ktap_begin();
	if (!ok(f != NULL, "the kernel has the test"))
		return ktap_end();
	while (fgets(line, sizeof(line), f)) {
		bool good = strncmp(line, "ok ", 3) == 0;

		line[strcspn(line, "\n")] = '\0';
		ok(good, "%s", line + (good ? 3 : strlen("not ok ")));
	}
	ok(ktap_count == 59, "every claim was tested");
	fclose(f);
	return ktap_end();
}
