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

#define MOST_LINES (LONG_MAX / 16) /* sums of a few cannot overflow */
#define LONGEST_LEAD 512	   /* that may say who wrote what is quoted */

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
		free(h->unclear);
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
	free(q->from);
	free(q->sent);
	rq_person_release(&q->author);
	rq_str_release(&q->lead);
	rq_names_release(&q->lost);
	free(q->old_path);
	free(q->new_path);
}

/* --- lines --- */

static bool begins_diff(struct rq_slice line)
{
	return rq_slice_starts(line, "diff --git ") || rq_slice_starts(line, "--- a/");
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
	} else if (text.n && (q->message.len || q->follows)) {
		rq_str_addf(&q->notes, "%s\n%.*s\n\n",
			    q->message.len ? "on the message" : "in front of the patch",
			    RQ_SLICE_ARG(text));
	}
	q->note.len = 0;
}

/* In front of a quote: who wrote it, perhaps on several lines; @sure: by more than its last word. */
static bool read_attribution(struct rq_quoted *q, struct rq_slice line, bool *sure)
{
	struct rq_person person = { 0 };

	line = rq_slice_trim(line);
	if (!line.n || q->lead.len > LONGEST_LEAD)
		q->lead.len = 0;
	if (!line.n)
		return false;
	rq_str_addf(&q->lead, "%s%.*s", q->lead.len ? " " : "", RQ_SLICE_ARG(line));
	if (!rq_attribution_read(&person, rq_str_slice(&q->lead)))
		return false;
	*sure = rq_attribution_is_sure(rq_str_slice(&q->lead));
	q->lead.len = 0;
	if (q->in_diff || q->author.name || q->author.address) {
		rq_person_release(&person);
		return true;
	}
	q->author = person;
	return true;
}

static void read_own_line(struct rq_quoted *q, struct rq_slice line)
{
	if (!q->subject &&
	    (rq_slice_starts(line, "Re: [") || rq_slice_starts(line, "Subject: ")))
		q->subject = rq_quoted_title(line);
	else if (!q->message.len && !q->reviewer && rq_slice_starts(line, "From: "))
		q->reviewer = rq_quoted_field(line, "From: ");
	else if (!q->message.len && !q->date && rq_slice_starts(line, "Date: "))
		q->date = rq_quoted_field(line, "Date: ");
	if (q->message.len || q->in_diff || q->follows)
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
	rq_quoted_end_head(q);
	if (rq_slice_starts(line, "diff --git ")) {
		q->in_file = 0;
		free(TAKE_PTR(q->old_path));
		free(TAKE_PTR(q->new_path));
	}
	if (rq_slice_starts(line, "--- a/")) {
		free(q->old_path);
		q->old_path = rq_quoted_field(line, "--- a/");
	}
	if (rq_slice_starts(line, "+++ b/")) {
		free(q->new_path);
		q->new_path = rq_quoted_field(line, "+++ b/");
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
	hunk->old_read += sign != '+';
	hunk->new_read += sign != '-';
}

static bool is_full(const struct rq_quoted_hunk *hunk)
{
	return hunk->old_read >= hunk->old_count && hunk->new_read >= hunk->new_count;
}

/* What is behind belongs to this patch no more. */
static void end_patch(struct rq_quoted *q, const char *behind, const char *end)
{
	q->past_end = true;
	q->behind = (struct rq_slice){ behind, (size_t)(end - behind) };
}

/* After a hunk that is full, or a file that may need none. */
static bool may_end(const struct rq_quoted *q)
{
	return q->in_hunk ? is_full(&q->hunks.v[q->hunks.n - 1])
			  : q->in_diff && q->header.len;
}

static bool begins_other(const struct rq_quoted *q, struct rq_slice line)
{
	return may_end(q) && (rq_quoted_begins(rq_slice_trim(line)) ||
			      rq_quoted_is_field(rq_slice_trim(line)));
}

static int read_quoted_line(struct rq_quoted *q, struct rq_slice line, struct rq_err *err)
{
	end_note(q);
	if (q->past_end) {
		if (rq_slice_starts(line, "diff --git "))
			rq_names_add(&q->lost, rq_quoted_diff_path(line));
		return 0;
	}
	if (rq_quote_is_hunk(line) && q->in_diff)
		return begin_hunk(q, line, err);
	if (begins_diff(line) || (q->in_diff && !q->in_hunk)) {
		begin_file(q, line);
	} else if (q->in_version) {
		q->in_version = rq_slice_trim(line).n != 0;
	} else if (rq_quoted_read_head(q, line)) {
		return 0;
	} else if (!q->in_diff) {
		rq_str_addf(&q->message, "%.*s\n", RQ_SLICE_ARG(rq_slice_chomp(line)));
	} else if (is_full(&q->hunks.v[q->hunks.n - 1]) && !rq_slice_trim(line).n) {
		q->hunks.v[q->hunks.n - 1].blanks++;
	} else {
		for (size_t *n = &q->hunks.v[q->hunks.n - 1].blanks; *n; (*n)--)
			add_line(q, RQ_SLICE("\n"));
		add_line(q, line);
	}
	return 0;
}

/* Whether a mailer may have broken the hunk's last line in front of @rest. */
static bool may_go_on(const struct rq_quoted *q, struct rq_slice rest)
{
	const struct rq_quoted_hunk *hunk =
		q->hunks.n ? &q->hunks.v[q->hunks.n - 1] : NULL;
	const char *last;

	if (!q->in_hunk || q->past_end || q->note.len || !hunk->lines.n || hunk->blanks)
		return false;
	last = hunk->lines.v[hunk->lines.n - 1].text;
	return rq_quoted_width(rq_slice_of(last)) + 1 +
		       rq_quoted_width(rq_slice_next_word(&rest)) >
	       RQ_QUOTED_LONG;
}

/*
 * Words without a quote mark, directly behind a line of a hunk: a mailer that breaks a long line may put none in
 * front of the rest, and a person puts an empty line around a remark.
 */
enum behind {
	BEHIND_REMARK,
	BEHIND_REST,
	BEHIND_UNCLEAR,
};

static enum behind read_behind(const struct rq_quoted *q, struct rq_slice line,
			       struct rq_slice rest, int level)
{
	bool follows = q->in_hunk && !q->past_end && !q->note.len &&
		       rq_slice_trim(line).n && !q->hunks.v[q->hunks.n - 1].blanks;
	struct rq_slice next = { 0 };
	bool between = rq_slice_next_line(&rest, &next) &&
		       rq_quote_peel(&next, RQ_QUOTE_DEEPEST) == level;
	bool long_enough = follows && may_go_on(q, line);

	if (!follows || (!between && !long_enough))
		return BEHIND_REMARK;
	return between && long_enough ? BEHIND_REST : BEHIND_UNCLEAR;
}

static void take_unclear(struct rq_quoted *q, struct rq_slice line)
{
	struct rq_quoted_hunk *hunk = &q->hunks.v[q->hunks.n - 1];

	line = rq_slice_trim(line);
	if (!hunk->unclear)
		hunk->unclear = rq_xstrndup(line.p, line.n);
}

static void take_rest(struct rq_quoted *q, struct rq_slice line)
{
	struct rq_quoted_hunk *hunk = &q->hunks.v[q->hunks.n - 1];
	struct rq_quoted_line *last = &hunk->lines.v[hunk->lines.n - 1];
	size_t n = strlen(last->text);
	char *text;

	while (n && last->text[n - 1] == ' ')
		n--;
	text = rq_xasprintf("%.*s %.*s", (int)n, last->text,
			    RQ_SLICE_ARG(rq_slice_trim(line)));
	free(last->text);
	last->text = text;
	hunk->joined += last->sign == '+';
}

/* Whether the lines that follow quote a patch, at a level that is not @level. */
static bool quotes_at_another(struct rq_slice rest, int level)
{
	struct rq_slice line;
	int here = 0;

	while (rq_slice_next_line(&rest, &line)) {
		int n = rq_quote_peel(&line, RQ_QUOTE_DEEPEST);

		if (!here && !n && !rq_slice_trim(line).n)
			continue;
		if (!n || n == level || (here && n != here))
			return false;
		if (rq_quote_is_hunk(line))
			return true;
		here = n;
	}
	return false;
}

/* @start is where the paragraph of the line begins. */
static int read_line(struct rq_quoted *q, struct rq_slice line, struct rq_slice rest,
		     int level, const char *start, struct rq_err *err)
{
	struct rq_slice text = line;
	int n = rq_quote_peel(&text, RQ_QUOTE_DEEPEST);
	bool is_end = n == level && rq_slice_eq(rq_slice_trim(text), RQ_SLICE("--"));
	bool sure = false;

	if (n > level && !q->in_diff) {
		text = line;
		n = rq_quote_peel(&text, level);
	}
	if (n == level && !q->past_end && is_end && may_end(q)) {
		end_note(q);
		end_patch(q, rest.p, rest.p + rest.n);
		q->in_version = true;
		return 0;
	}
	if (n == level && !q->past_end && begins_other(q, text))
		end_patch(q, line.p, rest.p + rest.n);
	if (n == level) {
		q->lead.len = 0;
		return read_quoted_line(q, text, err);
	}
	q->in_version = false;
	switch (read_behind(q, text, rest, level)) {
	case BEHIND_REST:
		take_rest(q, text);
		return 0;
	case BEHIND_UNCLEAR:
		take_unclear(q, text);
		break;
	case BEHIND_REMARK:
		break;
	}
	if (n == level - 1 && read_attribution(q, text, &sure) && q->in_diff &&
	    !q->past_end && (sure || quotes_at_another(rest, level))) {
		end_patch(q, start, rest.p + rest.n);
		q->cut = true;
	}
	read_own_line(q, line);
	return 0;
}

/* Reads up to where another patch begins; *rest is what follows. */
static int read_patch(struct rq_quoted *q, struct rq_slice *rest, struct rq_err *err)
{
	int level = rq_quote_level(*rest), rc = 0;
	const char *start = rest->p;
	struct rq_slice line;

	while (!rc && rq_slice_next_line(rest, &line)) {
		struct rq_slice text = line;

		rc = read_line(q, line, *rest, level, start, err);
		/* A paragraph begins after the patch: the next one lies behind all that was read. */
		if (rq_quote_peel(&text, RQ_QUOTE_DEEPEST) >= level ||
		    !rq_slice_trim(text).n)
			start = rest->p;
		if (q->past_end && q->behind.n && rq_quote_level(q->behind)) {
			*rest = q->behind;
			break;
		}
		q->behind.n = 0;
	}
	end_note(q);
	return rc;
}

/* Of the second patch of a quote on. */
static void go_on(struct rq_quoted *q, struct rq_quoted *before)
{
	*q = (struct rq_quoted){ .out = before->out,
				 .reviewer = TAKE_PTR(before->reviewer),
				 .date = TAKE_PTR(before->date),
				 .in_version = before->in_version,
				 .follows = true };
	release(before);
}

static int read_quotation(struct rq_import *out, const struct rq_quotation *quotation,
			  const struct rq_quoted_tree *trees, size_t n,
			  struct rq_err *err)
{
	struct rq_quoted q = { .out = out };
	struct rq_slice rest = rq_str_slice(&quotation->text);
	size_t left;
	int rc = 0;

	do {
		struct rq_quoted before = q;

		left = rest.n;
		if (q.hunks.n || q.past_end)
			go_on(&q, &before);
		rc = read_patch(&q, &rest, err);
		if (!rc)
			rc = rq_quoted_put_together(&q, trees, n, err);
	} while (!rc && q.past_end && q.behind.n && rest.n && rest.n < left &&
		 rq_quote_level(rest));
	release(&q);
	return rc;
}

int rq_import_quoted(struct rq_import *out, const char *path,
		     const struct rq_quoted_tree *trees, size_t n, struct rq_err *err)
{
	struct rq_quotation quotation = { 0 };
	const char *name = rq_source_name(path);
	size_t before = out->patches.n;
	int rc = rq_quotation_read(&quotation, path, err);

	if (!rc && quotation.n != 1)
		rc = rq_err_set(err, RQ_EFORMAT,
				"holds several mails that quote patches; give the one "
				"that quotes the patch");
	if (!rc)
		rc = read_quotation(out, &quotation, trees, n, err);
	for (size_t i = before; i < out->patches.n; i++)
		out->patches.v[i].source = rq_xasprintf("%s, rebuilt", name);
	if (!rc && quotation.narrowed)
		rq_import_say(out, "%s: no-break spaces became blanks", name);
	if (rc)
		rq_err_prefix(err, "%s: ", name);
	rq_quotation_release(&quotation);
	return rc;
}
