// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text that quotes a patch, out of a mail or as an archive shows it, and its marks of quoting.
 */
#include "import/quoted_internal.h"

#include "import/mail_internal.h"
#include "patch/patch.h"
#include "util/file.h"

/* Takes one level of quoting off; false when there is none. */
static bool peel(struct rq_slice *line)
{
	if (!line->n || line->p[0] != '>')
		return false;
	line->p++;
	line->n--;
	if (line->n && line->p[0] == ' ') {
		line->p++;
		line->n--;
	}
	return true;
}

int rq_quote_peel(struct rq_slice *line, int most)
{
	int n = most && rq_slice_starts(*line, "| ");

	if (n)
		*line = (struct rq_slice){ line->p + 2, line->n - 2 };
	while (n < most && peel(line))
		n++;
	return n;
}

bool rq_quote_is_hunk(struct rq_slice line)
{
	return rq_slice_starts(line, "@@ -");
}

int rq_quote_level(struct rq_slice text)
{
	struct rq_slice line;

	while (rq_slice_next_line(&text, &line)) {
		int level = rq_quote_peel(&line, RQ_QUOTE_DEEPEST);

		if (level && rq_quote_is_hunk(line))
			return level;
	}
	return 0;
}

static bool has_own_hunk(struct rq_slice text)
{
	struct rq_slice line;

	while (rq_slice_next_line(&text, &line))
		if (rq_quote_is_hunk(line))
			return true;
	return false;
}

static void add_field(struct rq_str *out, const char *name, const char *value)
{
	if (value)
		rq_str_addf(out, "%s: %s\n", name, value);
}

/* What says whose remarks it has and what of; then the message. */
static void add_mail(struct rq_str *out, const struct rq_mail *m)
{
	/* A text without a head has none of these. */
	add_field(out, "Subject", m->title);
	add_field(out, "From", m->from);
	add_field(out, "Date", m->date);
	rq_str_adds(out, out->len ? "\n" : "");
	rq_str_add_slice(out, rq_str_slice(&m->body));
}

/* Blanks that a mailer made wide; returns by how many bytes the text is shorter. */
static size_t narrow(struct rq_str *text)
{
	struct rq_str out = { 0 };
	size_t before = text->len;

	rq_add_narrow(&out, rq_str_slice(text));
	rq_str_release(text);
	*text = out;
	return before - out.len;
}

/* The first of the mails that quotes a patch, and how many do. */
static void read_mails(struct rq_quotation *out, struct rq_mails *mails)
{
	for (size_t i = 0; i < mails->v.n; i++) {
		struct rq_mail *m = &mails->v.v[i];
		bool own = has_own_hunk(rq_str_slice(&m->body));
		size_t narrowed = narrow(&m->body);

		out->own |= own;
		if (!rq_quote_level(rq_str_slice(&m->body)) || out->n++)
			continue;
		out->narrowed = narrowed;
		add_mail(&out->text, m);
	}
}

int rq_quotation_read(struct rq_quotation *out, const char *path, struct rq_err *err)
{
	struct rq_mails mails = { 0 };
	int rc = rq_source_read(&out->text, path, err);

	if (rc)
		return rc;
	if (out->text.s && strncmp(out->text.s, "Re: [", 5) == 0) {
		out->narrowed = narrow(&out->text);
		out->own = has_own_hunk(rq_str_slice(&out->text));
		out->n = rq_quote_level(rq_str_slice(&out->text)) != 0;
	} else {
		rq_str_release(&out->text);
		rc = rq_mails_read(&mails, path, err);
		if (!rc)
			read_mails(out, &mails);
		rq_mails_release(&mails);
	}
	return rc;
}

void rq_quotation_release(struct rq_quotation *quotation)
{
	rq_str_release(&quotation->text);
}

bool rq_is_quoted(const char *path)
{
	struct rq_quotation quotation = { 0 };
	struct rq_err ignored;
	bool is = !rq_file_is_dir(path) &&
		  rq_quotation_read(&quotation, path, &ignored) == 0 && quotation.n &&
		  !quotation.own;

	rq_quotation_release(&quotation);
	return is;
}
