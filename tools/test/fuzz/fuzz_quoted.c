// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes as a reply that quotes a patch, with a tree to mend it from; what is rebuilt is read
 * on as a patch.
 */
#include "fuzz.h"

#include "import/import.h"
#include "patch/patch.h"

static const char file[] = "int one(void)\n{\n\tint ret;\n\n\tret = two(1);\n\tif (ret)\n"
			   "\t\treturn ret;\n\treturn 0;\n}\n\nint three(void)\n{\n"
			   "\tif (one())\n\t\treturn four();\n\treturn 0;\n}\n";

static int read_tree(void *ctx, const char *path, struct rq_str *bytes, bool *found,
		     struct rq_err *err)
{
	(void)ctx;
	(void)err;
	*found = strstr(path, ".c") != NULL;
	rq_str_adds(bytes, *found ? file : "");
	return 0;
}

static void check(const struct rq_imported *p)
{
	struct rq_patch *patch = NULL;
	struct rq_err err;

	tell(" '%s' %s%s%s%s\n", or_none(p->subject), or_none(p->path),
	     p->rest ? p->rest : "", p->incomplete ? ", incomplete" : "",
	     p->rule ? ", a rule" : "");
	tell_text("bytes", rq_str_slice(&p->bytes));
	if (p->notes.len)
		tell_text("notes", rq_str_slice(&p->notes));
	rq_patch_parse_copy(&patch, "quoted", rq_str_slice(&p->bytes), &RQ_PATCH_DEFAULTS,
			    &err);
	must(p->subject);
	rq_patch_free(patch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct rq_quoted_tree tree = { .read = read_tree };
	const char *path = memory_file(data, size);
	struct rq_import import = { 0 };
	struct rq_err err = { 0 };
	int rc;

	tell(" %s\n", rq_is_quoted(path) ? "quoted" : "not quoted");
	rc = rq_import_quoted(&import, path, &tree, 1, &err);
	must(rc == 0 || rc == RQ_EFORMAT);
	tell(" %s\n", rc ? err.msg : "taken");
	for (size_t i = 0; i < import.said.v.n; i++)
		tell("  said: %s\n", import.said.v.v[i]);
	for (size_t i = 0; !rc && i < import.patches.n; i++)
		check(&import.patches.v[i]);
	rq_import_release(&import);
	return 0;
}
