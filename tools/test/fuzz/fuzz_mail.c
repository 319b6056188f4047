// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes as a file of mails: what is imported is read on as a patch.
 */
#include "fuzz.h"

#include "import/import.h"
#include "patch/patch.h"

static void check(const struct rq_imported *p)
{
	struct rq_patch *patch = NULL;
	struct rq_err err;

	/* The name of a memory file is its descriptor's number. */
	tell(" '%s' %s%s%s%s\n", or_none(p->subject), p->path ? "INPUT" : "(none)",
	     p->rest ? p->rest : "", p->incomplete ? ", incomplete" : "",
	     p->rule ? ", a rule" : "");
	tell_text("bytes", rq_str_slice(&p->bytes));
	if (p->notes.len)
		tell_text("notes", rq_str_slice(&p->notes));
	must(p->subject || p->path);
	must(!p->subject || !strchr(p->subject, '\n'));
	if (rq_patch_parse_copy(&patch, "mail", rq_str_slice(&p->bytes),
				&RQ_PATCH_DEFAULTS, &err) == 0) {
		struct rq_header header;

		rq_header_read(&header, patch);
		rq_header_release(&header);
	}
	rq_patch_free(patch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *path = (char *)memory_file(data, size);

	for (long version = 0; version < 2; version++) {
		const struct rq_mail_options options = { .version = version };
		struct rq_import import = { 0 };
		struct rq_err err = { 0 };
		int rc = rq_import_mails(&import, &path, 1, &options, &err);

		must(rc == 0 || rc == RQ_EFORMAT);
		must(rc || import.patches.n);
		tell(" version %ld: %s\n", version, rc ? err.msg : "taken");
		if (import.description.len)
			tell_text("description", rq_str_slice(&import.description));
		for (size_t i = 0; i < import.said.v.n; i++)
			tell("  said: %s\n", import.said.v.v[i]);
		for (size_t i = 0; !rc && i < import.patches.n; i++)
			check(&import.patches.v[i]);
		rq_import_release(&import);
	}
	return 0;
}
