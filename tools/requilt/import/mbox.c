// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mails out of files: mboxes, maildirs, single mails and patches.
 */
#include "import/mail_internal.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "patch/patch.h"
#include "util/file.h"
#include "util/path.h"

/* Mails attached to each other: each keeps a copy of what is in it. */
#define MOST_NESTED 8

/* "From WORD Mon Sep 17 00:00", whatever follows. */
static bool has_day_and_time(struct rq_slice line)
{
	_cleanup_free_ char *text = rq_xstrndup(line.p, line.n);
	int hour, minute, day;
	char week[4], month[4];

	return sscanf(text, "From %*s %3[A-Za-z] %3[A-Za-z] %d %d:%d", week, month, &day,
		      &hour, &minute) == 5;
}

/* git mailsplit asks no more than that the last words are "00:00:00 2001". */
static bool ends_with_time_and_year(struct rq_slice line)
{
	const char *colon = memrchr(line.p, ':', line.n);
	_cleanup_free_ char *text = NULL;
	int minute, second, year;

	if (!colon || colon - line.p < 8)
		return false;
	text = rq_xstrndup(colon - 4, line.n - (size_t)(colon - 4 - line.p));
	return sscanf(text, "%*1d:%2d:%2d %d", &minute, &second, &year) == 3 && year > 90;
}

/*
 * Whether the line begins a mail; @blank: an empty line is before it.  Where it has no date, or may be words
 * of a message, the head that follows decides.
 */
static bool begins_mail(struct rq_slice line, struct rq_slice behind, bool blank)
{
	if (!rq_slice_starts(line, "From "))
		return false;
	if (blank && (has_day_and_time(line) || ends_with_time_and_year(line)))
		return true;
	return !rq_slice_starts(behind, "From ") && rq_looks_like_mail(behind);
}

bool rq_looks_like_mail(struct rq_slice text)
{
	static const char *const post[] = { "Date:", "Message-Id:", "Received:",
					    "MIME-Version:" };
	struct rq_slice line, rest = text;
	bool from = false, sent = false;

	if (rq_slice_next_line(&rest, &line) && begins_mail(line, rest, true))
		return true;
	while (rq_slice_next_line(&text, &line)) {
		size_t n;

		line = rq_slice_chomp(line);
		if (line.n && (line.p[0] == ' ' || line.p[0] == '\t'))
			continue;
		n = rq_field_length(line);
		if (!n)
			break;
		from |= n == 4 && strncasecmp(line.p, "From", 4) == 0;
		for (size_t i = 0; i < ARRAY_SIZE(post); i++)
			sent |= n + 1 == strlen(post[i]) &&
				strncasecmp(line.p, post[i], n + 1) == 0;
	}
	return from && sent;
}

static bool is_of_the_wire(struct rq_slice line)
{
	return line.n > 1 && line.p[line.n - 2] == '\r' && line.p[line.n - 1] == '\n';
}

/* A mail whose lines end as on the wire; one that has a CR in its diff alone stays. */
static void unwire(struct rq_str *text)
{
	struct rq_slice rest = rq_str_slice(text), line;
	struct rq_str out = { 0 };

	if (!rq_slice_next_line(&rest, &line) || !is_of_the_wire(line))
		return;
	rest = rq_str_slice(text);
	while (rq_slice_next_line(&rest, &line)) {
		bool wire = is_of_the_wire(line);

		rq_str_add(&out, line.p, line.n - (wire ? 2 : 0));
		rq_str_adds(&out, wire ? "\n" : "");
	}
	rq_str_release(text);
	*text = out;
}

/* mboxrd: one '>' less in front of "From " in the body. */
static void add_unquoted(struct rq_str *out, struct rq_slice line, bool mbox)
{
	size_t n = 0;

	while (n < line.n && line.p[n] == '>')
		n++;
	if (mbox && n &&
	    rq_slice_starts((struct rq_slice){ line.p + n, line.n - n }, "From "))
		line = (struct rq_slice){ line.p + 1, line.n - 1 };
	rq_str_add_slice(out, line);
}

static int split_mbox(struct rq_mails *out, const char *path, struct rq_slice text,
		      struct rq_err *err);

/* How many there were. */
static long skip_blank_lines(struct rq_slice *text)
{
	struct rq_slice rest = *text, line;
	long n = 0;

	for (; rq_slice_next_line(&rest, &line) && !rq_slice_trim(line).n; n++)
		*text = rest;
	return n;
}

/* The line, from 1, of a head after the diff of a mail; 0: there is none. */
static long second_head(struct rq_slice text)
{
	size_t diff = rq_diff_at(text);
	struct rq_slice line, rest = { text.p + diff, text.n - diff };
	bool blank = false;
	long number = 1;

	for (size_t i = 0; i < diff; i++)
		number += text.p[i] == '\n';
	for (const char *at = rest.p; rq_slice_next_line(&rest, &line); at = rest.p) {
		struct rq_slice here = { at, (size_t)(text.p + text.n - at) };

		if (blank && isupper((unsigned char)line.p[0]) &&
		    rq_looks_like_mail(here))
			return number;
		blank = line.n == 1;
		number++;
	}
	return 0;
}

/* Parts of a mail have heads of their own. */
static bool has_parts(struct rq_slice text)
{
	struct rq_slice line;

	while (rq_slice_next_line(&text, &line) && line.n > 1)
		if (strncasecmp(line.p, "Content-Type:", 13) == 0)
			return rq_slice_has(line, "multipart/");
	return false;
}

static int check_one(const char *path, long first, struct rq_slice text,
		     struct rq_err *err)
{
	long number = has_parts(text) ? 0 : second_head(text);

	if (!number)
		return 0;
	return rq_err_set(err, RQ_EFORMAT,
			  "%s:%ld: another mail begins here, without a line \"From \" in "
			  "front; split the file",
			  path, first + number - 1);
}

static int take_mail(struct rq_mails *out, const char *path, long line,
		     struct rq_str *text, struct rq_err *err)
{
	struct rq_str attached = { 0 };
	size_t before = out->v.n;
	struct rq_mail *m;
	int rc;

	if (!text->len)
		return 0;
	m = rq_vec_push(&out->v);
	m->where = line > 1 ? rq_xasprintf("%s:%ld", path, line) : rq_xstrdup(path);
	m->file = rq_xstrdup(path);
	m->before = line - 1;
	rc = check_one(path, line, rq_str_slice(text), err);
	if (!rc)
		rc = rq_mail_read(out, m, rq_str_slice(text), &attached, err);
	text->len = 0;
	if (!rc && attached.len && out->nested == MOST_NESTED)
		rc = rq_err_set(err, RQ_EFORMAT,
				"%s: has mails attached to each other more than %d deep; "
				"save the patches and import the files",
				m->where, MOST_NESTED);
	out->nested++;
	if (!rc && attached.len)
		rc = split_mbox(out, path, rq_str_slice(&attached), err);
	out->nested--;
	/* Lines of an attachment are none of the file. */
	for (size_t i = before + 1; i < out->v.n; i++)
		out->v.v[i].before = -1;
	rq_str_release(&attached);
	return rc;
}

static int split_mbox(struct rq_mails *out, const char *path, struct rq_slice text,
		      struct rq_err *err)
{
	long number = skip_blank_lines(&text), start = number + 1;
	bool mbox = rq_slice_starts(text, "From "), blank = true;
	struct rq_str one = { 0 };
	struct rq_slice line;
	int rc = 0;

	while (!rc && rq_slice_next_line(&text, &line)) {
		number++;
		if (begins_mail(line, text, blank)) {
			/* The blank line between two mails is of neither. */
			if (one.len > 1 && one.s[one.len - 2] == '\n')
				one.len--;
			rc = take_mail(out, path, start, &one, err);
			start = number;
		}
		add_unquoted(&one, line, mbox);
		blank = line.n == 1;
	}
	if (!rc)
		rc = take_mail(out, path, start, &one, err);
	rq_str_release(&one);
	return rc;
}

/* A diff without a head: the file's name must do for a subject. */
static void take_bare(struct rq_mails *out, const char *path, struct rq_str *text)
{
	struct rq_mail *m = rq_vec_push(&out->v);

	m->where = rq_xstrdup(path);
	m->file = rq_xstrdup(path);
	m->version = m->number = m->total = 1;
	m->subject = rq_xstrdup("");
	m->bytes = *text;
	*text = (struct rq_str){ 0 };
	rq_str_add_slice(&m->body, rq_str_slice(&m->bytes));
	m->has_diff = rq_diff_at(rq_str_slice(&m->body)) < m->body.len;
}

static int read_file(struct rq_mails *out, const char *path, struct rq_err *err)
{
	struct rq_str text = { 0 };
	int rc = rq_source_read(&text, path, err);
	const char *name = rq_source_name(path);
	struct rq_slice rest;

	if (rc == RQ_ENOTFOUND)
		return rq_err_set(err, RQ_EFORMAT, "%s: not there", path);
	unwire(&text);
	rest = rq_str_slice(&text);
	skip_blank_lines(&rest);
	if (!rc && rq_looks_like_mail(rest))
		rc = split_mbox(out, name, rq_str_slice(&text), err);
	else if (!rc && rq_source_is_input(path) && rest.n)
		rc = rq_err_set(
			err, RQ_EFORMAT,
			"%s: a diff without a head has no name; save it in a file", name);
	else if (!rc)
		take_bare(out, path, &text);
	rq_str_release(&text);
	return rc;
}

/* Plain files of a directory whose names end with @suffix, by name; sets *found where there is one. */
static int read_folder(struct rq_mails *out, const char *path, const char *suffix,
		       bool *found, struct rq_err *err)
{
	struct rq_names names = { 0 };
	DIR *dir = opendir(path);
	struct dirent *entry;
	int rc = 0;

	if (!dir)
		return rq_err_errno(err, "%s", path);
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.' &&
		    rq_slice_ends(rq_slice_of(entry->d_name), suffix))
			rq_names_add(&names, rq_slice_of(entry->d_name));
	closedir(dir);
	rq_names_sort(&names);
	for (size_t i = 0; i < names.v.n && !rc; i++) {
		_cleanup_free_ char *file = rq_path_join(path, names.v.v[i]);

		if (rq_file_is_dir(file))
			continue;
		rc = read_file(out, file, err);
		*found = true;
	}
	rq_names_release(&names);
	return rc;
}

/* Patches where there are any; else saved mails; else mboxes. */
static int read_first_kind(struct rq_mails *out, const char *path, struct rq_err *err)
{
	static const char *const kinds[] = { ".patch", ".eml", ".mbox" };
	bool found = false;
	int rc = 0;

	for (size_t i = 0; i < ARRAY_SIZE(kinds) && !rc && !found; i++)
		rc = read_folder(out, path, kinds[i], &found, err);
	if (!rc && !found)
		rc = rq_err_set(err, RQ_EFORMAT,
				"%s: has no file that ends with .patch, .eml or .mbox",
				path);
	return rc;
}

int rq_mails_read(struct rq_mails *out, const char *path, struct rq_err *err)
{
	_cleanup_free_ char *cur = rq_path_join(path, "cur");
	_cleanup_free_ char *fresh = rq_path_join(path, "new");
	size_t before = out->v.n, patches = 0;
	bool found = false;
	int rc;

	if (!rq_file_is_dir(path)) {
		rc = read_file(out, path, err);
		for (size_t i = before; i < out->v.n && !rc; i++)
			patches += rq_is_patch(&out->v.v[i]);
		out->heaps |= patches > 1;
		return rc;
	}
	out->heaps = true;
	if (!rq_file_is_dir(cur))
		return read_first_kind(out, path, err);
	rc = read_folder(out, cur, "", &found, err);
	return rc || !rq_file_is_dir(fresh) ? rc
					    : read_folder(out, fresh, "", &found, err);
}
