// SPDX-License-Identifier: GPL-2.0-only
/*
 * What every reader fills, and what mails are.
 */
#include "import/import.h"

#include <stdarg.h>
#include <stdlib.h>

#include "import/mail_internal.h"

void rq_import_release(struct rq_import *import)
{
	for (size_t i = 0; i < import->patches.n; i++) {
		struct rq_imported *p = &import->patches.v[i];

		free(p->subject);
		free(p->path);
		free(p->rest);
		free(p->source);
		rq_str_release(&p->above);
		rq_str_release(&p->bytes);
		rq_str_release(&p->notes);
	}
	rq_vec_release(&import->patches);
	rq_str_release(&import->below);
	rq_str_release(&import->description);
	rq_names_release(&import->said);
}

void rq_import_say(struct rq_import *out, const char *fmt, ...)
{
	_cleanup_free_ char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = rq_xvasprintf(fmt, ap);
	va_end(ap);
	rq_names_add(&out->said, rq_slice_of(text));
}

bool rq_is_patch(const struct rq_mail *m)
{
	return m->has_diff && !m->reply;
}

bool rq_is_cover(const struct rq_mail *m)
{
	return m->numbered && m->number == 0 && !m->reply;
}

bool rq_same_mail(const struct rq_mail *a, const struct rq_mail *b)
{
	return a->id && b->id && strcmp(a->id, b->id) == 0;
}

char *rq_mail_change(const struct rq_mail *m)
{
	size_t at = rq_diff_at(rq_str_slice(&m->body));
	struct rq_slice rest = { m->body.s + at, m->body.len - at }, line;
	struct rq_str out = { 0 };

	while (rq_slice_next_line(&rest, &line)) {
		if (rq_slice_starts(line, "-- \n"))
			break;
		if (rq_slice_starts(line, "index "))
			continue;
		if (rq_slice_starts(line, "@@ -"))
			line = RQ_SLICE("@@\n");
		rq_str_add_slice(&out, rq_slice_chomp(line));
		rq_str_adds(&out, "\n");
	}
	return out.s ? out.s : rq_xstrdup("");
}
