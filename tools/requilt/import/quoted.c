// SPDX-License-Identifier: GPL-2.0-only
/*
 * A patch inside a reply, or in the text that an archive shows of one: what is quoted is the patch,
 * what is not is the review.
 */
#include "import/quoted_internal.h"

#include <limits.h>
#include <stdlib.h>

#include "import/mail_internal.h"
#include "patch/patch.h"
#include "util/file.h"

#define MOST_LINES (LONG_MAX / 16) /* sums of a few cannot overflow */

static void release(struct rq_quoted *q)
{
	for (size_t i = 0; i < q->hunks.n; i++) {
		struct rq_quoted_hunk *h = &q->hunks.v[i];

		for (size_t k = 0; k < h->lines.n; k++)
			free(h->lines.v[k].text);
		rq_vec_release(&h->lines);
		free(h->path);
		free(h->new_path);
		free(h->function);
		free(q->headers.v[i]);
	}
	rq_vec_release(&q->hunks);
	rq_vec_release(&q->headers);
	rq_str_release(&q->message);
	rq_str_release(&q->notes);
	rq_str_release(&q->note);
	rq_str_release(&q->header);
	free(q->subject);
	free(q->reviewer);
	free(q->date);
	free(q->author);
	free(q->old_path);
	free(q->new_path);
}

/* --- lines --- */

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

/* How many levels there were. */
static int peel_all(struct rq_slice *line)
{
	int n = rq_slice_starts(*line, "| ");

	if (n)
		*line = (struct rq_slice){ line->p + 2, line->n - 2 };
	while (peel(line))
		n++;
	return n;
}

static bool is_hunk_line(struct rq_slice line)
{
	return rq_slice_starts(line, "@@ -");
}

static bool begins_diff(struct rq_slice line)
{
	return rq_slice_starts(line, "diff --git ") || rq_slice_starts(line, "--- a/");
}

/* The level at which the patch is quoted. */
static int level_of(struct rq_slice text)
{
	struct rq_slice line;

	while (rq_slice_next_line(&text, &line)) {
		int level = peel_all(&line);

		if (level && is_hunk_line(line))
			return level;
	}
	return 1;
}

bool rq_is_quoted(const char *path)
{
	struct rq_slice rest, line;
	struct rq_str text = { 0 };
	struct rq_err ignored;
	bool quotes = false, own = false;

	if (rq_file_is_dir(path) || rq_source_read(&text, path, &ignored))
		return false;
	rest = rq_str_slice(&text);
	while (rq_slice_next_line(&rest, &line)) {
		own |= is_hunk_line(line);
		quotes |= peel_all(&line) > 0 && is_hunk_line(line);
	}
	rq_str_release(&text);
	return quotes && !own;
}

/* --- notes --- */

/* Under the line that a remark follows. */
static void end_note(struct rq_quoted *q)
{
	const struct rq_quoted_hunk *hunk =
		q->hunks.n ? &q->hunks.v[q->hunks.n - 1] : NULL;
	struct rq_slice text = rq_slice_trim(rq_str_slice(&q->note));

	if (text.n && hunk && q->in_hunk && hunk->lines.n) {
		const struct rq_quoted_line *last = &hunk->lines.v[hunk->lines.n - 1];

		rq_str_addf(&q->notes, "%s hunk %ld, behind line %zu\n> %c%s\n%.*s\n\n",
			    hunk->path ? hunk->path : "a new file", hunk->number,
			    hunk->lines.n, last->sign, last->text, RQ_SLICE_ARG(text));
	} else if (text.n && q->message.len) {
		rq_str_addf(&q->notes, "on the message\n%.*s\n\n", RQ_SLICE_ARG(text));
	}
	q->note.len = 0;
}

/* "On 04/12/2023 14:21, A Developer wrote:" */
static void read_attribution(struct rq_quoted *q, struct rq_slice line)
{
	const char *name = NULL, *end;

	line = rq_slice_trim(line);
	if (q->author || !rq_slice_starts(line, "On ") || !rq_slice_ends(line, " wrote:"))
		return;
	end = line.p + line.n - strlen(" wrote:");
	for (const char *p = line.p; p + 2 < end; p++)
		if (p[0] == ',' && p[1] == ' ')
			name = p + 2;
	if (name)
		q->author = rq_xstrndup(name, (size_t)(end - name));
}

static char *field(struct rq_slice line, const char *name)
{
	size_t n = strlen(name);
	struct rq_slice value;

	if (!rq_slice_starts(line, name))
		return NULL;
	value = rq_slice_trim((struct rq_slice){ line.p + n, line.n - n });
	return rq_xstrndup(value.p, value.n);
}

/* "Re: [PATCH RFC 34/39] mm/rmap: do it": what stands behind the brackets. */
static char *title_of(struct rq_slice line)
{
	line = rq_slice_trim(line);
	if (rq_slice_starts(line, "Subject: "))
		line = (struct rq_slice){ line.p + 9, line.n - 9 };
	if (rq_slice_starts(line, "Re: "))
		line = (struct rq_slice){ line.p + 4, line.n - 4 };
	while (line.n && line.p[0] == '[') {
		const char *close = memchr(line.p, ']', line.n);

		if (!close)
			break;
		line = rq_slice_trim((struct rq_slice){
			close + 1, line.n - (size_t)(close + 1 - line.p) });
	}
	return rq_xstrndup(line.p, line.n);
}

static void read_own_line(struct rq_quoted *q, struct rq_slice line)
{
	if (!q->subject &&
	    (rq_slice_starts(line, "Re: [") || rq_slice_starts(line, "Subject: ")))
		q->subject = title_of(line);
	else if (!q->message.len && !q->reviewer && rq_slice_starts(line, "From: "))
		q->reviewer = field(line, "From: ");
	else if (!q->message.len && !q->date && rq_slice_starts(line, "Date: "))
		q->date = field(line, "Date: ");
	read_attribution(q, line);
	if (q->message.len || q->in_diff)
		rq_str_add_slice(&q->note, line);
}

/* --- the patch --- */

static bool is_range(long start, long count)
{
	return start >= 0 && start <= MOST_LINES && count >= 0 && count <= MOST_LINES;
}

static int begin_hunk(struct rq_quoted *q, struct rq_slice line, struct rq_err *err)
{
	_cleanup_free_ char *text = rq_xstrndup(line.p, line.n);
	struct rq_quoted_hunk h = { .old_count = 1, .new_count = 1 };
	const char *behind = strstr(text + 2, "@@");
	char *at = text + 4;

	h.old_start = strtol(at, &at, 10);
	if (*at == ',')
		h.old_count = strtol(at + 1, &at, 10);
	at = strchr(at, '+');
	if (at)
		h.new_start = strtol(at + 1, &at, 10);
	if (at && *at == ',')
		h.new_count = strtol(at + 1, &at, 10);
	if (!at || !behind || !is_range(h.old_start, h.old_count) ||
	    !is_range(h.new_start, h.new_count))
		return rq_err_set(err, RQ_EFORMAT, "'%.*s': no hunk line",
				  RQ_SLICE_ARG(rq_slice_trim(line)));
	h.number = ++q->in_file;
	h.path = q->old_path ? rq_xstrdup(q->old_path) : NULL;
	h.new_path = q->new_path ? rq_xstrdup(q->new_path) : NULL;
	h.function = rq_xstrndup(rq_slice_trim(rq_slice_of(behind + 2)).p,
				 rq_slice_trim(rq_slice_of(behind + 2)).n);
	*rq_vec_push(&q->hunks) = h;
	*rq_vec_push(&q->headers) =
		q->header.len ? rq_xstrndup(q->header.s, q->header.len) : NULL;
	q->header.len = 0;
	q->in_hunk = true;
	return 0;
}

static void begin_file(struct rq_quoted *q, struct rq_slice line)
{
	if (rq_slice_starts(line, "diff --git ")) {
		q->in_file = 0;
		free(TAKE_PTR(q->old_path));
		free(TAKE_PTR(q->new_path));
	}
	if (rq_slice_starts(line, "--- a/")) {
		free(q->old_path);
		q->old_path = field(line, "--- a/");
	}
	if (rq_slice_starts(line, "+++ b/")) {
		free(q->new_path);
		q->new_path = field(line, "+++ b/");
	}
	q->in_diff = true;
	q->in_hunk = false;
	rq_str_addf(&q->header, "%.*s\n", RQ_SLICE_ARG(rq_slice_trim(line)));
}

static void add_line(struct rq_quoted *q, struct rq_slice line)
{
	struct rq_quoted_hunk *hunk = &q->hunks.v[q->hunks.n - 1];
	struct rq_quoted_line *to;
	struct rq_slice text = rq_slice_chomp(line);
	char sign = ' ';

	if (text.n && (text.p[0] == '+' || text.p[0] == '-')) {
		sign = text.p[0];
		text = (struct rq_slice){ text.p + 1, text.n - 1 };
	}
	to = rq_vec_push(&hunk->lines);
	to->sign = sign;
	to->text = rq_xstrndup(text.p, text.n);
}

static bool is_full(const struct rq_quoted_hunk *hunk)
{
	long old_lines, new_lines;

	rq_quoted_count(hunk, &old_lines, &new_lines);
	return old_lines >= hunk->old_count && new_lines >= hunk->new_count;
}

static int read_quoted_line(struct rq_quoted *q, struct rq_slice line, struct rq_err *err)
{
	end_note(q);
	if (q->past_end)
		return 0;
	if (is_hunk_line(line) && q->in_diff)
		return begin_hunk(q, line, err);
	if (begins_diff(line) || (q->in_diff && !q->in_hunk)) {
		begin_file(q, line);
	} else if (!q->in_diff) {
		rq_str_addf(&q->message, "%.*s\n", RQ_SLICE_ARG(rq_slice_chomp(line)));
	} else if (is_full(&q->hunks.v[q->hunks.n - 1]) &&
		   rq_slice_eq(rq_slice_trim(line), RQ_SLICE("--"))) {
		q->past_end = true;
	} else if (is_full(&q->hunks.v[q->hunks.n - 1]) && !rq_slice_trim(line).n) {
		q->hunks.v[q->hunks.n - 1].blanks++;
	} else {
		for (size_t *n = &q->hunks.v[q->hunks.n - 1].blanks; *n; (*n)--)
			add_line(q, RQ_SLICE("\n"));
		add_line(q, line);
	}
	return 0;
}

/*
 * A mailer that breaks a long line may put no quote mark in front of the rest; what a person writes has an
 * empty line around it.
 */
static bool is_rest(const struct rq_quoted *q, struct rq_slice line,
		    struct rq_slice behind, int level)
{
	const struct rq_quoted_hunk *hunk =
		q->hunks.n ? &q->hunks.v[q->hunks.n - 1] : NULL;
	struct rq_slice next;

	return q->in_hunk && !q->past_end && !q->note.len && hunk->lines.n &&
	       !hunk->blanks && rq_slice_trim(line).n &&
	       rq_slice_next_line(&behind, &next) && peel_all(&next) == level &&
	       strlen(hunk->lines.v[hunk->lines.n - 1].text) >= RQ_QUOTED_LONG;
}

static void take_rest(struct rq_quoted *q, struct rq_slice line)
{
	struct rq_quoted_hunk *hunk = &q->hunks.v[q->hunks.n - 1];
	struct rq_quoted_line *last = &hunk->lines.v[hunk->lines.n - 1];
	char *text =
		rq_xasprintf("%s %.*s", last->text, RQ_SLICE_ARG(rq_slice_trim(line)));

	free(last->text);
	last->text = text;
	hunk->joined += last->sign == '+';
}

/* An archive's text is read as it stands; a mail is decoded first. */
static int read_text(struct rq_str *text, const char *path, struct rq_err *err)
{
	struct rq_mails mails = { 0 };
	int rc = rq_source_read(text, path, err);

	if (rc || rq_slice_starts(rq_str_slice(text), "Re: ["))
		return rc;
	rc = rq_mails_read(&mails, path, err);
	if (!rc && mails.v.n == 1) {
		text->len = 0;
		rq_str_add_slice(text, rq_str_slice(&mails.v.v[0].bytes));
	} else if (!rc) {
		rc = rq_err_set(err, RQ_EFORMAT,
				"%s: holds several mails; give the one that quotes the "
				"patch",
				path);
	}
	rq_mails_release(&mails);
	return rc;
}

int rq_import_quoted(struct rq_import *out, const char *path,
		     const struct rq_quoted_tree *trees, size_t n, struct rq_err *err)
{
	struct rq_quoted q = { .out = out };
	struct rq_slice rest, line;
	struct rq_str bytes = { 0 };
	int rc = read_text(&bytes, path, err), level;

	rest = rq_str_slice(&bytes);
	level = level_of(rest);
	while (!rc && rq_slice_next_line(&rest, &line)) {
		struct rq_slice text = line;

		if (peel_all(&text) == level)
			rc = read_quoted_line(&q, text, err);
		else if (is_rest(&q, line, rest, level))
			take_rest(&q, line);
		else
			read_own_line(&q, line);
	}
	end_note(&q);
	if (!rc)
		rc = rq_quoted_put_together(&q, trees, n, err);
	if (rc)
		rq_err_prefix(err, "%s: ", path);
	release(&q);
	rq_str_release(&bytes);
	return rc;
}
