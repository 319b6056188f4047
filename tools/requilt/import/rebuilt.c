// SPDX-License-Identifier: GPL-2.0-only
/*
 * A patch out of what was read of a quote; "Incomplete:" lines say what is missing or was guessed.
 */
#include "import/quoted_internal.h"

#include <stdlib.h>
#include <strings.h>

#include "import/mail_internal.h"
#include "patch/patch.h"

/* The sign-off of the author, of anybody where nothing says who that is; empty: there is none. */
static struct rq_slice find_sign_off(const struct rq_quoted *q)
{
	struct rq_slice rest = rq_str_slice(&q->message), line;
	bool known = q->author.name || q->author.address;

	while (rq_slice_next_line(&rest, &line)) {
		line = rq_slice_trim(line);
		if (rq_slice_starts(line, "Signed-off-by: ") &&
		    (!known || rq_person_is_in(&q->author, line)))
			return (struct rq_slice){ line.p + 15, line.n - 15 };
	}
	return (struct rq_slice){ 0 };
}

/*
 * The author's own field; else the sign-off of who is named in front of the quote.  Returns what is wrong with it;
 * NULL: nothing.
 */
static const char *add_author(struct rq_str *out, const struct rq_quoted *q)
{
	static const char no_address[] =
		"the quote does not have the address; write a From: line";
	struct rq_slice from = q->from ? rq_slice_of(q->from) : find_sign_off(q);
	bool known = q->from || q->author.name || q->author.address;
	bool comma = q->author.name && strchr(q->author.name, ',');

	if (!from.n && q->author.name && q->author.address) {
		rq_str_addf(out, comma ? "From: \"%s\" <%s>\n" : "From: %s <%s>\n",
			    q->author.name, q->author.address);
		return rq_is_masked(rq_slice_of(q->author.address))
			       ? no_address
			       : "no sign-off is of who is named in front of the quote; "
				 "check the From: line";
	}
	if (from.n)
		rq_str_addf(out, "From: %.*s\n", RQ_SLICE_ARG(from));
	if (!from.n || rq_is_masked(from))
		return no_address;
	return known ? NULL
		     : "nothing names who wrote what is quoted, so it is who signed "
		       "first; check the From: line";
}

static void say_incomplete(struct rq_str *out, struct rq_imported *p, const char *where,
			   const char *what)
{
	rq_str_addf(out, "Incomplete: %s: %s\n", where, what);
	p->incomplete = true;
}

static void add_hunk(struct rq_str *out, const struct rq_quoted_hunk *hunk)
{
	long old_lines, new_lines;

	rq_quoted_count(hunk, &old_lines, &new_lines);
	rq_str_addf(out, "@@ -%ld,%ld +%ld,%ld @@%s%s\n", hunk->old_start, old_lines,
		    hunk->new_start, new_lines, *hunk->function ? " " : "",
		    hunk->function);
	for (size_t i = 0; i < hunk->lines.n; i++)
		rq_str_addf(out, "%c%s\n", hunk->lines.v[i].sign, hunk->lines.v[i].text);
}

static int rebuild_hunk(struct rq_quoted *q, struct rq_imported *p, size_t i,
			const struct rq_quoted_tree *trees, size_t n, struct rq_str *head,
			struct rq_err *err)
{
	struct rq_quoted_hunk *hunk = &q->hunks.v[i];
	_cleanup_free_ char *where = rq_xasprintf(
		"%s hunk %ld", hunk->path ? hunk->path : "a new file", hunk->number);
	long old_lines, new_lines;
	size_t guessed;
	bool mended;
	int rc;

	rq_quoted_uncontext(hunk);
	rq_quoted_unwrap(hunk);
	if (hunk->joined)
		say_incomplete(
			head, p, where,
			"added lines that a mailer broke were joined with one blank");
	if (hunk->unclear) {
		_cleanup_free_ char *what = rq_xasprintf(
			"'%s' has no quote mark and may be the rest of a line",
			hunk->unclear);

		say_incomplete(head, p, where, what);
	}
	rc = rq_quoted_mend(hunk, trees, n, &mended, err);
	if (rc)
		return rc;
	guessed = rq_quoted_indent(hunk);
	rq_quoted_count(hunk, &old_lines, &new_lines);
	if (old_lines != hunk->old_count || new_lines != hunk->new_count) {
		_cleanup_free_ char *what = rq_xasprintf(
			"%ld of %ld old and %ld of %ld new lines are here", old_lines,
			hunk->old_count, new_lines, hunk->new_count);

		say_incomplete(head, p, where, what);
	}
	if (!mended && hunk->path)
		say_incomplete(head, p, where,
			       "no tree has its old lines at exactly one place, so their "
			       "white space is that of the mail");
	if (guessed) {
		_cleanup_free_ char *what = rq_xasprintf(
			"the indentation of %zu added lines is guessed", guessed);

		say_incomplete(head, p, where, what);
	}
	return 0;
}

/* Leaves in the heads of files what can be applied. */
static void sort_headers(struct rq_quoted *q)
{
	struct rq_str end = { 0 };

	for (size_t i = 0; i < q->hunks.n; i++) {
		struct rq_str out = { 0 };

		if (!q->headers.v[i])
			continue;
		rq_quoted_headers(&out, &q->lost, rq_slice_of(q->headers.v[i]), true);
		free(q->headers.v[i]);
		q->headers.v[i] = out.s;
	}
	if (q->in_diff)
		rq_quoted_headers(&end, &q->lost, rq_str_slice(&q->header), false);
	rq_str_release(&q->header);
	q->header = end;
}

static void say_gaps(struct rq_quoted *q, struct rq_imported *p, struct rq_str *head)
{
	struct rq_names gaps = { 0 };
	bool agrees;

	sort_headers(q);
	for (size_t i = 0; i < q->lost.v.n; i++)
		say_incomplete(head, p, q->lost.v.v[i], "its diff has no hunk here");
	rq_quoted_gaps(&gaps, q->hunks.v, q->hunks.n);
	agrees = rq_quoted_stat(&gaps, rq_str_slice(&q->message), q->hunks.v, q->hunks.n);
	if (q->cut && !agrees)
		say_incomplete(head, p, "end",
			       "another quote begins there, and no diffstat says that "
			       "all of the patch is here");
	for (size_t i = 0; i < gaps.v.n; i++) {
		rq_str_addf(head, "Incomplete: %s\n", gaps.v.v[i]);
		p->incomplete = true;
	}
	rq_names_release(&gaps);
}

/* Sign-offs and other credits with an address that nobody can write to. */
static void say_masked(const struct rq_quoted *q, const char *title)
{
	struct rq_slice rest = rq_str_slice(&q->message), line;

	while (rq_slice_next_line(&rest, &line)) {
		size_t n = rq_field_length(line);

		line = rq_slice_trim(line);
		if (n > 3 && strncasecmp(line.p + n - 3, "-by", 3) == 0 &&
		    rq_is_masked(line))
			rq_import_say(q->out, "%s: '%.*s' has no readable address", title,
				      RQ_SLICE_ARG(line));
	}
}

int rq_quoted_put_together(struct rq_quoted *q, const struct rq_quoted_tree *trees,
			   size_t n, struct rq_err *err)
{
	struct rq_imported *p = rq_vec_push(&q->out->patches);
	struct rq_str head = { 0 };
	const char *wrong;
	int rc = 0;

	p->subject = rq_xstrdup(q->subject ? q->subject : "quoted");
	wrong = add_author(&p->bytes, q);
	if (wrong)
		say_incomplete(&head, p, "author", wrong);
	if (!q->subject && q->follows)
		say_incomplete(&head, p, "title",
			       "the quote does not have it; write the Subject: line");
	if (q->sent)
		rq_str_addf(&p->bytes, "Date: %s\n", q->sent);
	else
		rq_import_say(q->out,
			      "%s: the quote does not have the date; write a Date: line",
			      p->subject);
	say_masked(q, p->subject);
	rq_str_addf(&p->bytes, "Subject: [PATCH] %s\n", p->subject);
	say_gaps(q, p, &head);
	for (size_t i = 0; i < q->hunks.n && !rc; i++)
		rc = rebuild_hunk(q, p, i, trees, n, &head, err);
	rq_str_add_slice(&p->bytes, rq_str_slice(&head));
	rq_str_adds(&p->bytes, "\n");
	rq_str_add_slice(&p->bytes, rq_str_slice(&q->message));
	for (size_t i = 0; i < q->hunks.n; i++) {
		if (q->headers.v[i])
			rq_str_adds(&p->bytes, q->headers.v[i]);
		add_hunk(&p->bytes, &q->hunks.v[i]);
	}
	rq_str_add_slice(&p->bytes, rq_str_slice(&q->header));
	if (q->notes.len) {
		rq_str_addf(&p->notes, "Review of: %s\nBy: %s\nDate: %s\n\n", p->subject,
			    q->reviewer ? q->reviewer : "unknown",
			    q->date ? q->date : "unknown");
		rq_str_add_slice(&p->notes, rq_str_slice(&q->notes));
	}
	rq_str_release(&head);
	return rc;
}
