// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who, when and what: the text before the first diff, read as git am reads a mail.  Mail
 * fields, quilt's short heads, DEP-3's fields and plain text are understood; what they
 * are decoded with (RFC 2047 words, dates) is GMime's.
 *
 * Nothing is refused here, but control characters, NULs and angle brackets never reach
 * a name: they could write lines of their own into a commit.
 */
#include "patch/patch_internal.h"

#include <ctype.h>
#include <gmime/gmime.h>
#include <time.h>

#include "util/path.h"

/* What the fields say, still encoded; .s is NULL when a field is not there. */
struct fields {
	struct rq_str from, date, updated, subject, description;
};

/* A field we know: first-line names make a text a header, targets are kept. */
struct field {
	const char *name;
	size_t target; /* offset in struct fields, or NOT_KEPT */
};

#define NOT_KEPT ((size_t)-1)
#define KEPT(member) offsetof(struct fields, member)

static const struct field fields[] = {
	{ "From", KEPT(from) },
	{ "Author", KEPT(from) },
	{ "Date", KEPT(date) },
	{ "Last-Update", KEPT(updated) },
	{ "Subject", KEPT(subject) },
	{ "Description", KEPT(description) },
	{ "Origin", NOT_KEPT },
	{ "Forwarded", NOT_KEPT },
	{ "Bug", NOT_KEPT },
	{ "Bug-Debian", NOT_KEPT },
	{ "Bug-Ubuntu", NOT_KEPT },
	{ "Applied-Upstream", NOT_KEPT },
	{ "Message-Id", NOT_KEPT },
	{ "Return-Path", NOT_KEPT },
	{ "Received", NOT_KEPT },
	{ "Delivered-To", NOT_KEPT },
	{ "To", NOT_KEPT },
	{ "Cc", NOT_KEPT },
	{ "MIME-Version", NOT_KEPT },
	{ "Content-Type", NOT_KEPT },
	{ "Patch-mainline", NOT_KEPT },
	{ "Git-commit", NOT_KEPT },
	{ "Git-repo", NOT_KEPT },
	{ "References", NOT_KEPT },
	{ "Upstream-Status", NOT_KEPT },
	{ "Present-if", NOT_KEPT },
	{ "Expect-apart", NOT_KEPT },
	{ "Expect-beside", NOT_KEPT },
	{ "Expect-statement", NOT_KEPT },
	{ "Expect-none", NOT_KEPT },
};

size_t rq_field_length(struct rq_slice line)
{
	size_t n = 0;

	while (n < line.n && (g_ascii_isalnum(line.p[n]) || line.p[n] == '-'))
		n++;
	return n < line.n && line.p[n] == ':' ? n : 0;
}

static bool same_name(struct rq_slice a, const char *b)
{
	return a.n == strlen(b) && strncasecmp(a.p, b, a.n) == 0;
}

/* "Name: value"; false when the line is no field. */
static bool split_field(struct rq_slice line, struct rq_slice *name,
			struct rq_slice *value)
{
	size_t n = rq_field_length(line);

	if (!n)
		return false;
	*name = (struct rq_slice){ line.p, n };
	*value = rq_slice_trim((struct rq_slice){ line.p + n + 1, line.n - n - 1 });
	return true;
}

static const struct field *find_field(struct rq_slice name)
{
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		if (same_name(name, fields[i].name))
			return &fields[i];
	}
	return NULL;
}

static bool is_blank_line(struct rq_slice line)
{
	return !rq_slice_trim(line).n;
}

static void skip_blank_lines(struct rq_slice *rest)
{
	struct rq_slice line, next = *rest;

	while (rq_slice_next_line(&next, &line) && is_blank_line(line))
		*rest = next;
}

/* The field's lines joined by "\n" into @out (NULL: dropped); *rest is behind them. */
static void take_field(struct rq_slice *rest, struct rq_slice value, struct rq_str *out)
{
	struct rq_slice line, next = *rest;

	if (out) {
		rq_str_release(out);
		rq_str_add_slice(out, value);
	}
	while (rq_slice_next_line(&next, &line) &&
	       (line.p[0] == ' ' || line.p[0] == '\t') && !is_blank_line(line)) {
		*rest = next;
		line = rq_slice_trim(line);
		if (!out)
			continue;
		rq_str_adds(out, "\n");
		rq_str_add_slice(out, line);
	}
}

static struct rq_str *target_of(struct fields *found, const struct field *field)
{
	if (!field || field->target == NOT_KEPT)
		return NULL;
	return (struct rq_str *)(void *)((char *)found + field->target);
}

/*
 * Whether fields are at the start of the text: the first is one that we know, or, where a server wrote one of
 * its own in front, a sender and a subject are among them and an empty line ends them.
 */
static bool begins_with_fields(struct rq_slice rest)
{
	struct rq_slice line, name, value, next = rest;
	bool from = false, subject = false;

	if (!rq_slice_next_line(&next, &line) || !split_field(line, &name, &value))
		return false;
	if (find_field(name))
		return true;
	while (rq_slice_next_line(&rest, &line) && split_field(line, &name, &value)) {
		from |= same_name(name, "From") && memchr(value.p, '@', value.n);
		subject |= same_name(name, "Subject");
		take_field(&rest, value, NULL);
		line = RQ_SLICE("");
	}
	return from && subject && is_blank_line(line);
}

/* Takes the fields at the start of the text. */
static void take_fields(struct rq_slice *rest, struct fields *found)
{
	struct rq_slice line, name, value, next = *rest;

	if (!begins_with_fields(*rest))
		return;
	while (rq_slice_next_line(&next, &line) && split_field(line, &name, &value)) {
		*rest = next;
		take_field(rest, value, target_of(found, find_field(name)));
		next = *rest;
	}
}

/* "From 1234abcd Mon Sep 17 00:00:00 2001" that somebody took into a body, escaped or not. */
static bool is_separator(struct rq_slice line)
{
	line = rq_slice_trim(line);
	if (line.n && line.p[0] == '>')
		line = (struct rq_slice){ line.p + 1, line.n - 1 };
	return rq_slice_starts(line, "From ") &&
	       rq_slice_ends(line, " Mon Sep 17 00:00:00 2001");
}

/* "[PATCH] do it": some write the subject so. */
static bool split_title(struct rq_slice line, struct rq_slice *name,
			struct rq_slice *value)
{
	*name = RQ_SLICE("Subject");
	*value = rq_slice_trim(line);
	return rq_slice_starts(line, "[PATCH] ");
}

/*
 * From:, Subject: and Date: at the top of the body are the author's own and win.  "From: the docs" is a
 * sentence.
 */
static bool is_own_field(struct rq_slice name, struct rq_slice value,
			 struct rq_slice behind)
{
	_cleanup_(rq_str_release) struct rq_str whole = { 0 };

	if (!same_name(name, "From"))
		return same_name(name, "Subject") || same_name(name, "Date");
	take_field(&behind, value, &whole);
	return memchr(whole.s, '@', whole.len) != NULL;
}

static void take_in_body(struct rq_slice *rest, struct fields *found)
{
	struct rq_slice line, name, value, next = *rest;

	if (rq_slice_next_line(&next, &line) && is_separator(line))
		*rest = next;
	next = *rest;
	while (rq_slice_next_line(&next, &line) &&
	       (split_field(line, &name, &value) || split_title(line, &name, &value)) &&
	       is_own_field(name, value, next)) {
		*rest = next;
		take_field(rest, value, target_of(found, find_field(name)));
		next = *rest;
	}
}

/* "From 1234abcd Mon Sep 17 00:00:00 2001", mbox's own line. */
static void skip_mbox_line(struct rq_slice *rest)
{
	struct rq_slice line, next = *rest;

	if (rq_slice_next_line(&next, &line) && rq_slice_starts(line, "From ") &&
	    memchr(line.p, ':', line.n))
		*rest = next;
}

/* Takes angle brackets and the quotes of a quoted string out of a name, in place. */
static char *clean_name(char *name)
{
	char *w = name;

	for (const char *p = name; *p; p++) {
		if (*p == '\\' && p[1])
			*w++ = *++p;
		else if (!strchr("<>\"", *p))
			*w++ = *p;
	}
	*w = '\0';
	return name;
}

/* "Name <address> (Comment)": the comment belongs to the name, as git has it. */
static char *with_comment(char *name, const char *behind, const char *end)
{
	_cleanup_free_ char *front = name;
	struct rq_slice comment = { behind, (size_t)(end - behind) };
	_cleanup_free_ char *decoded = NULL;

	comment = rq_slice_trim(comment);
	if (!comment.n || comment.p[0] != '(')
		return TAKE_PTR(front);
	decoded = rq_header_decode(comment);
	return rq_xasprintf("%s %s", front, decoded);
}

/* "Name <address>", "address (Name)" or "address"; other words are a name alone. */
static void read_author(struct rq_header *out, struct rq_slice from)
{
	const char *open = memrchr(from.p, '<', from.n);
	const char *end = from.p + from.n, *close;
	struct rq_slice name = { 0 }, email = from;

	if (open) {
		close = memchr(open, '>', end - open);
		email = (struct rq_slice){ open + 1, (close ? close : end) - open - 1 };
		name = rq_slice_trim((struct rq_slice){ from.p, open - from.p });
	} else if ((open = memchr(from.p, '(', from.n))) {
		close = memrchr(open, ')', end - open);
		name = (struct rq_slice){ open + 1, (close ? close : end) - open - 1 };
		email = rq_slice_trim((struct rq_slice){ from.p, open - from.p });
	}
	out->author_name = rq_header_decode(name.n ? name : email);
	if (open && *open == '<' && close && name.n)
		out->author_name = with_comment(out->author_name, close + 1, end);
	out->author_name = clean_name(out->author_name);
	if (open ? email.n : memchr(email.p, '@', email.n) != NULL)
		out->author_email = clean_name(rq_header_decode(email));
}

/* git's form; NULL for what GMime cannot read and for times before 1970. */
static char *read_date(const char *text)
{
	GDateTime *date = g_mime_utils_header_decode_date(text);
	char *out = NULL;

	if (!date)
		return NULL;
	if (g_date_time_to_unix(date) >= 0) {
		int minutes = g_date_time_get_utc_offset(date) / G_TIME_SPAN_MINUTE;
		int east = abs(minutes);

		out = rq_xasprintf("%lld %c%02d%02d",
				   (long long)g_date_time_to_unix(date),
				   minutes < 0 ? '-' : '+', east / 60, east % 60);
	}
	g_date_time_unref(date);
	return out;
}

/* DEP-3's description: the first line is the subject, a lone "." an empty line. */
static void split_description(struct fields *found, struct rq_str *text)
{
	struct rq_slice rest = rq_str_slice(&found->description), line;

	if (!found->subject.s && rq_slice_next_line(&rest, &line))
		rq_str_add_slice(&found->subject, rq_slice_trim(line));
	while (rq_slice_next_line(&rest, &line)) {
		if (rq_slice_eq(rq_slice_trim(line), RQ_SLICE(".")))
			line = RQ_SLICE("\n");
		rq_str_add_slice(text, line);
	}
	rq_str_adds(text, text->len ? "\n\n" : "");
}

bool rq_ends_message(struct rq_slice line)
{
	if (rq_slice_starts(line, "diff -") || rq_slice_starts(line, "Index: "))
		return true;
	if (!rq_slice_starts(line, "---"))
		return false;
	return line.n == 3 ||
	       is_blank_line((struct rq_slice){ line.p + 3, line.n - 3 }) ||
	       (line.n > 4 && line.p[3] == ' ' && !g_ascii_isspace(line.p[4]));
}

size_t rq_message_end(struct rq_slice text)
{
	struct rq_slice rest = text, line;
	size_t end = text.n;

	while (rq_slice_next_line(&rest, &line))
		if (rq_ends_message(line)) {
			end = (size_t)(line.p - text.p);
			break;
		}
	while (end > 1 && text.p[end - 1] == '\n' && text.p[end - 2] == '\n')
		end--;
	return end;
}

void rq_header_date(struct rq_str *out, int64_t seconds, int east)
{
	time_t local = (time_t)(seconds + (int64_t)east * 60);
	char text[64];
	struct tm tm;

	gmtime_r(&local, &tm);
	/* The program runs in the C locale: names of days and months are English. */
	strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S", &tm);
	rq_str_addf(out, "%s %c%02d%02d", text, east < 0 ? '-' : '+', abs(east) / 60,
		    abs(east) % 60);
}

/* As git strips a message: no blanks at line ends, one empty line at most, none at the
 * ends. */
static char *strip_space(struct rq_slice text)
{
	_cleanup_(rq_str_release) struct rq_str out = { 0 };
	struct rq_slice line;
	bool gap = false;

	while (rq_slice_next_line(&text, &line)) {
		while (line.n &&
		       (g_ascii_isspace(line.p[line.n - 1]) || !line.p[line.n - 1]))
			line.n--;
		if (!line.n) {
			gap = out.len > 0;
			continue;
		}
		rq_str_adds(&out, gap ? "\n" : "");
		gap = false;
		for (size_t i = 0; i < line.n; i++)
			rq_str_add(&out, line.p + i, line.p[i] != '\0');
		rq_str_adds(&out, "\n");
	}
	return rq_xstrndup(rq_str_slice(&out).p, out.len);
}

/* "q/0001-mm-do-it.patch" says "mm-do-it" when nothing else says anything. */
static char *message_of_name(const char *path)
{
	const char *base = rq_path_base(path);
	const char *start = base + strspn(base, "0123456789");
	const char *end = strrchr(base, '.');

	start = *start == '-' && start[1] ? start + 1 : base;
	return rq_xasprintf("%.*s\n",
			    (int)(end > start ? (size_t)(end - start) : strlen(start)),
			    start);
}

/* "[PATCH]" alone says nothing: the first line of the message is the title. */
static void drop_empty_subject(struct fields *found)
{
	_cleanup_free_ char *title =
		found->subject.s ? rq_header_title(rq_str_slice(&found->subject)) : NULL;

	if (!title)
		rq_str_release(&found->subject);
}

static char *make_message(struct rq_header *out, struct rq_slice rest,
			  struct fields *found, const char *name)
{
	_cleanup_(rq_str_release) struct rq_str text = { 0 }, described = { 0 };
	struct rq_slice line;
	char *message;

	drop_empty_subject(found);
	split_description(found, &described);
	skip_blank_lines(&rest);
	if (!found->subject.s && rq_slice_next_line(&rest, &line) &&
	    !rq_ends_message(line)) {
		rq_str_add_slice(&found->subject, rq_slice_trim(line));
		skip_blank_lines(&rest);
		take_in_body(&rest, found);
	}
	out->subject = rq_header_title(rq_str_slice(&found->subject));
	rq_str_addf(&text, "%s\n\n", out->subject ? out->subject : "");
	rq_str_add_slice(&text, rq_str_slice(&described));
	while (rq_slice_next_line(&rest, &line) && !rq_ends_message(line))
		rq_str_add_slice(&text, line);
	message = rq_header_utf8(strip_space(rq_str_slice(&text)));
	if (*message)
		return message;
	free(message);
	return message_of_name(name);
}

void rq_header_read(struct rq_header *out, const struct rq_patch *patch)
{
	struct rq_slice rest = patch->head;
	struct fields found = { 0 };

	*out = (struct rq_header){ 0 };
	skip_blank_lines(&rest);
	skip_mbox_line(&rest);
	take_fields(&rest, &found);
	skip_blank_lines(&rest);
	take_in_body(&rest, &found);
	out->message = make_message(out, rest, &found, patch->name);
	if (found.from.len)
		read_author(out, rq_str_slice(&found.from));
	if (found.date.len || found.updated.len)
		out->date = read_date((found.date.len ? &found.date : &found.updated)->s);
	rq_str_release(&found.from);
	rq_str_release(&found.date);
	rq_str_release(&found.updated);
	rq_str_release(&found.subject);
	rq_str_release(&found.description);
}

void rq_head_split(struct rq_head_parts *out, struct rq_slice head)
{
	struct rq_slice rest = head, line, next, name, value;

	skip_blank_lines(&rest);
	skip_mbox_line(&rest);
	next = rest;
	while (rq_slice_next_line(&next, &line) && split_field(line, &name, &value)) {
		struct rq_head_field *field;

		if (!out->fields.n && !begins_with_fields(rest))
			break;
		field = rq_vec_push(&out->fields);
		take_field(&next, value, NULL);
		*field = (struct rq_head_field){ name, { line.p, next.p - line.p } };
		rest = next;
	}
	while (rq_slice_next_line(&next, &line)) {
		if (rq_ends_message(line)) {
			out->below =
				(struct rq_slice){ line.p, head.p + head.n - line.p };
			return;
		}
	}
}

void rq_head_parts_release(struct rq_head_parts *parts)
{
	rq_vec_release(&parts->fields);
	*parts = (struct rq_head_parts){ 0 };
}

void rq_header_release(struct rq_header *header)
{
	free(header->author_name);
	free(header->author_email);
	free(header->date);
	free(header->subject);
	free(header->message);
	*header = (struct rq_header){ 0 };
}

bool rq_is_trailer(struct rq_slice line)
{
	size_t n = rq_field_length(line);

	if (line.n && (line.p[0] == '[' || rq_slice_starts(line, "(cherry picked ")))
		return true;
	return n && n + 1 < line.n && line.p[n + 1] == ' ';
}

int rq_head_each(struct rq_slice head, const char *name,
		 int (*each)(struct rq_slice value, long line, void *ctx,
			     struct rq_err *err),
		 void *ctx, struct rq_err *err)
{
	struct rq_slice line, found, value;
	int rc = 0;

	for (long n = 1; !rc && rq_slice_next_line(&head, &line); n++) {
		if (split_field(line, &found, &value) && same_name(found, name))
			rc = each(value, n, ctx, err);
	}
	return rc;
}
