// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mails out of files: mboxes, maildirs, single mails and patches.  GMime reads the mail; here it is
 * only decided what of it a queue keeps.
 */
#include "import/mail_internal.h"

#include <ctype.h>
#include <dirent.h>
#include <gmime/gmime.h>
#include <stdlib.h>

#include "patch/patch.h"
#include "util/file.h"
#include "util/path.h"

void rq_mails_release(struct rq_mails *mails)
{
	for (size_t i = 0; i < mails->v.n; i++) {
		struct rq_mail *m = &mails->v.v[i];

		free(m->where);
		free(m->id);
		free(m->parent);
		free(m->subject);
		free(m->address);
		rq_str_release(&m->bytes);
		rq_str_release(&m->body);
	}
	rq_vec_release(&mails->v);
}

/* --- the subject --- */

/* Cuts "Re: " and the like off; true when there was one. */
static bool cut_reply(struct rq_slice *s)
{
	static const char *const forms[] = { "Re:", "RE:", "re:", "Aw:",
					     "AW:", "SV:", "Sv:", "Antw:" };
	bool found = false;

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++)
		while (rq_slice_starts(*s, forms[i])) {
			*s = rq_slice_trim((struct rq_slice){ s->p + strlen(forms[i]),
							      s->n - strlen(forms[i]) });
			found = true;
			i = 0;
		}
	return found;
}

/* "v3", "03/12", "PATCHv3" */
static void read_word(struct rq_mail *m, struct rq_slice word)
{
	size_t skip = rq_slice_starts(word, "PATCH") ? strlen("PATCH") : 0;
	_cleanup_free_ char *text = rq_xstrndup(word.p + skip, word.n - skip);
	long number, total, version;
	char end;

	if (sscanf(text, "%ld/%ld%c", &number, &total, &end) == 2 && number >= 0 &&
	    total > 0) {
		m->numbered = true;
		m->number = number;
		m->total = total;
	} else if (sscanf(text, "%*1[vV]%ld%c", &version, &end) == 1 && version > 0) {
		m->version = version;
	}
}

/* "[PATCH RFC v2 3/12]"; other brackets in front, as of mailing lists, go as well. */
static void read_subject(struct rq_mail *m, const char *subject)
{
	struct rq_slice rest = rq_slice_trim(rq_slice_of(subject));
	const char *close;

	m->version = m->number = m->total = 1;
	m->reply = cut_reply(&rest);
	while (rest.n && rest.p[0] == '[' && (close = memchr(rest.p, ']', rest.n))) {
		struct rq_slice inside = { rest.p + 1, (size_t)(close - rest.p - 1) };

		while (inside.n) {
			struct rq_slice word = rq_slice_next_word(&inside);
			const char *comma = memchr(word.p, ',', word.n);
			size_t n = comma ? (size_t)(comma - word.p) : word.n;

			read_word(m, (struct rq_slice){ word.p, n });
			if (comma)
				read_word(m,
					  (struct rq_slice){ comma + 1, word.n - n - 1 });
		}
		rest = rq_slice_trim((struct rq_slice){
			close + 1, rest.n - (size_t)(close + 1 - rest.p) });
		m->reply |= cut_reply(&rest);
	}
	m->subject = rq_xstrndup(rest.p, rest.n);
}

/* --- the body --- */

/* Where the diff begins, or the end. */
static size_t diff_at(struct rq_slice text)
{
	struct rq_slice rest = text, line;
	bool minus = false;

	while (rq_slice_next_line(&rest, &line)) {
		if (rq_slice_starts(line, "diff --git ") ||
		    rq_slice_starts(line, "Index: "))
			return (size_t)(line.p - text.p);
		if (minus && rq_slice_starts(line, "+++ "))
			return (size_t)(line.p - text.p);
		minus = rq_slice_starts(line, "--- ");
	}
	return text.n;
}

/* Soft line ends of format=flowed (RFC 3676) joined, and its stuffing taken off. */
static void unflow(struct rq_str *text, bool delsp)
{
	struct rq_slice rest = rq_str_slice(text), line;
	struct rq_str out = { 0 };

	while (rq_slice_next_line(&rest, &line)) {
		struct rq_slice s = rq_slice_chomp(line);

		if (s.n && s.p[0] == ' ')
			s = (struct rq_slice){ s.p + 1, s.n - 1 };
		if (s.n && s.p[s.n - 1] == ' ' && !rq_slice_eq(s, RQ_SLICE("-- "))) {
			rq_str_add(&out, s.p, s.n - delsp);
			continue;
		}
		rq_str_add_slice(&out, s);
		rq_str_adds(&out, "\n");
	}
	rq_str_release(text);
	*text = out;
}

/* The message becomes UTF-8; the diff stays what it is, since files have their own bytes. */
static void to_utf8(struct rq_str *text, const char *charset)
{
	size_t at = diff_at(rq_str_slice(text));
	struct rq_str out = { 0 };
	gsize n = 0;
	gchar *converted;

	if (!charset || g_utf8_validate(rq_str_slice(text).p, (gssize)at, NULL))
		return;
	converted = g_convert(text->s, (gssize)at, "UTF-8",
			      g_mime_charset_iconv_name(charset), NULL, &n, NULL);
	if (!converted)
		return;
	rq_str_add(&out, converted, n);
	rq_str_add(&out, text->s + at, text->len - at);
	g_free(converted);
	rq_str_release(text);
	*text = out;
}

static void add_part(struct rq_str *out, GMimePart *part)
{
	GMimeDataWrapper *content = g_mime_part_get_content(part);
	GMimeStream *stream = g_mime_stream_mem_new();
	GMimeContentType *type = g_mime_object_get_content_type(GMIME_OBJECT(part));
	const char *flow = g_mime_content_type_get_parameter(type, "format");
	const char *delsp = g_mime_content_type_get_parameter(type, "delsp");
	struct rq_str text = { 0 };
	GByteArray *bytes;

	if (content)
		g_mime_data_wrapper_write_to_stream(content, stream);
	bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
	rq_str_add(&text, bytes->data, bytes->len);
	if (flow && g_ascii_strcasecmp(flow, "flowed") == 0)
		unflow(&text, delsp && g_ascii_strcasecmp(delsp, "yes") == 0);
	to_utf8(&text, g_mime_content_type_get_parameter(type, "charset"));
	if (out->len && out->s[out->len - 1] != '\n')
		rq_str_adds(out, "\n");
	rq_str_add_slice(out, rq_str_slice(&text));
	rq_str_release(&text);
	g_object_unref(stream);
}

/* "From WORD Mon Sep 17 00:00:00 2001": a mail begins. */
static bool begins_mail(struct rq_slice line)
{
	_cleanup_free_ char *text = rq_xstrndup(line.p, line.n);
	int hour, minute, day;
	char week[4], month[4];

	return sscanf(text, "From %*s %3[A-Za-z] %3[A-Za-z] %d %d:%d", week, month, &day,
		      &hour, &minute) == 5;
}

/* Of a head's fields: who wrote it, and one that only the way by mail gives. */
static bool looks_like_mail(struct rq_slice text)
{
	static const char *const post[] = { "Date:", "Message-Id:", "Received:",
					    "MIME-Version:" };
	struct rq_slice line, rest = text;
	bool from = false, sent = false;

	if (rq_slice_next_line(&rest, &line) && begins_mail(line))
		return true;
	while (rq_slice_next_line(&text, &line)) {
		size_t n = 0;

		line = rq_slice_chomp(line);
		if (line.n && (line.p[0] == ' ' || line.p[0] == '\t'))
			continue;
		while (n < line.n &&
		       (isalnum((unsigned char)line.p[n]) || line.p[n] == '-'))
			n++;
		if (!n || n == line.n || line.p[n] != ':')
			break;
		from |= n == 4 && g_ascii_strncasecmp(line.p, "From", 4) == 0;
		for (size_t i = 0; i < ARRAY_SIZE(post); i++)
			sent |= n + 1 == strlen(post[i]) &&
				g_ascii_strncasecmp(line.p, post[i], n + 1) == 0;
	}
	return from && sent;
}

struct parts {
	struct rq_str *out;
	struct rq_str *mails; /* attached patch files with a head of their own: an mbox */
	size_t texts, bare;   /* attached ones without */
};

/* Who sends a patch file as an attachment need not be who wrote it. */
static void add_attached(struct parts *parts, GMimePart *part)
{
	struct rq_str text = { 0 };
	bool mail;

	add_part(&text, part);
	mail = looks_like_mail(rq_str_slice(&text));
	parts->bare += !mail;
	if (mail && parts->mails->len)
		rq_str_adds(parts->mails, "\n");
	if (mail && !rq_slice_starts(rq_str_slice(&text), "From "))
		rq_str_adds(parts->mails, "From attached Mon Sep 17 00:00:00 2001\n");
	if (!mail && parts->out->len && parts->out->s[parts->out->len - 1] != '\n')
		rq_str_adds(parts->out, "\n");
	rq_str_add_slice(mail ? parts->mails : parts->out, rq_str_slice(&text));
	rq_str_release(&text);
}

static bool is_patch_name(const char *name)
{
	return name &&
	       (g_str_has_suffix(name, ".patch") || g_str_has_suffix(name, ".diff"));
}

/* The first text, and every attached patch. */
static void look_at_part(GMimeObject *parent, GMimeObject *part, gpointer data)
{
	GMimeContentType *type = g_mime_object_get_content_type(part);
	struct parts *parts = data;

	(void)parent;
	if (!GMIME_IS_PART(part))
		return;
	if (is_patch_name(g_mime_part_get_filename(GMIME_PART(part))) ||
	    g_mime_content_type_is_type(type, "text", "x-patch") ||
	    g_mime_content_type_is_type(type, "text", "x-diff")) {
		add_attached(parts, GMIME_PART(part));
	} else if (g_mime_content_type_is_type(type, "text", "plain") &&
		   !parts->texts++) {
		add_part(parts->out, GMIME_PART(part));
	}
}

/* --- what of a mail is kept --- */

/* Fields that the way of a mail put there, and no author. */
static bool is_of_the_post(const char *name)
{
	static const char *const starts[] = {
		"Received",
		"Return-Path",
		"Delivered-To",
		"X-",
		"DKIM-",
		"ARC-",
		"List-",
		"Authentication-",
		"Precedence",
		"Sender",
		"Reply-To",
		"User-Agent",
		"Errors-To",
		"Archived-At",
		"Thread-",
		"Autocrypt",
		"Importance",
		"Status",
		"Lines",
		"Mail-",
		"Feedback-ID",
		"Resent-",
		"Content-Language",
		"Path",
		"Newsgroups",
		"Xref",
		"Envelope-To",
		"Priority",
	};

	if (g_ascii_strcasecmp(name, "X-Mailer") == 0)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(starts); i++)
		if (g_ascii_strncasecmp(name, starts[i], strlen(starts[i])) == 0)
			return true;
	return false;
}

/* Whether the mail is, as it stands, a patch file that anybody would keep. */
static bool is_plain(GMimeMessage *message)
{
	GMimeHeaderList *headers = g_mime_object_get_header_list(GMIME_OBJECT(message));
	GMimeObject *part = g_mime_message_get_mime_part(message);
	GMimeContentType *type = part ? g_mime_object_get_content_type(part) : NULL;
	GMimeContentEncoding encoding;
	const char *charset;

	for (int i = 0; i < g_mime_header_list_get_count(headers); i++)
		if (is_of_the_post(g_mime_header_get_name(
			    g_mime_header_list_get_header_at(headers, i))))
			return false;
	if (!part || !GMIME_IS_PART(part) ||
	    !g_mime_content_type_is_type(type, "text", "plain") ||
	    g_mime_content_type_get_parameter(type, "format"))
		return false;
	encoding = g_mime_part_get_content_encoding(GMIME_PART(part));
	charset = g_mime_content_type_get_parameter(type, "charset");
	return encoding != GMIME_CONTENT_ENCODING_BASE64 &&
	       encoding != GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE &&
	       (!charset || g_ascii_strcasecmp(charset, "utf-8") == 0 ||
		g_ascii_strcasecmp(charset, "us-ascii") == 0);
}

/* As the mail has it, folding and encoded words included; decoded where it has bare bytes. */
static void add_field(struct rq_str *out, GMimeHeader *header)
{
	const char *value = g_mime_header_get_raw_value(header);
	bool decoded = value && !g_str_is_ascii(value);
	struct rq_slice rest, line;

	if (decoded)
		value = g_mime_header_get_value(header);
	if (!value)
		return;
	rq_str_addf(out, "%s:%s", g_mime_header_get_name(header), decoded ? " " : "");
	rest = rq_slice_of(value);
	while (rq_slice_next_line(&rest, &line))
		rq_str_addf(out, "%.*s%s", RQ_SLICE_ARG(rq_slice_chomp(line)),
			    decoded ? "" : "\n");
	rq_str_adds(out, out->s[out->len - 1] == '\n' ? "" : "\n");
}

/* What only says how the mail was sent; "References: bsc#1" of a patch is another thing. */
static bool is_of_the_mail(GMimeHeader *header)
{
	static const char *const names[] = { "To",
					     "Cc",
					     "In-Reply-To",
					     "MIME-Version",
					     "Content-Type",
					     "Content-Transfer-Encoding",
					     "Content-Disposition",
					     "X-Mailer" };
	const char *name = g_mime_header_get_name(header);
	const char *value = g_mime_header_get_value(header);

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (g_ascii_strcasecmp(name, names[i]) == 0)
			return true;
	return g_ascii_strcasecmp(name, "References") == 0 && value && strchr(value, '<');
}

static void rebuild(struct rq_mail *m, GMimeMessage *message)
{
	GMimeHeaderList *headers = g_mime_object_get_header_list(GMIME_OBJECT(message));

	for (int i = 0; i < g_mime_header_list_get_count(headers); i++) {
		GMimeHeader *header = g_mime_header_list_get_header_at(headers, i);

		if (!is_of_the_post(g_mime_header_get_name(header)) &&
		    !is_of_the_mail(header))
			add_field(&m->bytes, header);
	}
	rq_str_adds(&m->bytes, "\n");
	rq_str_add_slice(&m->bytes, rq_str_slice(&m->body));
}

/* The last id of References, or what In-Reply-To names. */
static char *parent_of(GMimeObject *message)
{
	static const char *const names[] = { "In-Reply-To", "References" };
	char *parent = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(names) && !parent; i++) {
		const char *value = g_mime_object_get_header(message, names[i]);
		GMimeReferences *all =
			value ? g_mime_references_parse(NULL, value) : NULL;

		if (all && g_mime_references_length(all))
			parent = rq_xstrdup(g_mime_references_get_message_id(
				all, g_mime_references_length(all) - 1));
		if (all)
			g_mime_references_free(all);
	}
	return parent;
}

static char *address_of(GMimeMessage *message)
{
	InternetAddressList *from = g_mime_message_get_from(message);

	for (int i = 0; from && i < internet_address_list_length(from); i++) {
		InternetAddress *one = internet_address_list_get_address(from, i);

		if (INTERNET_ADDRESS_IS_MAILBOX(one))
			return rq_xstrdup(internet_address_mailbox_get_addr(
				INTERNET_ADDRESS_MAILBOX(one)));
	}
	return NULL;
}

/* @raw is the mail with the "From " line in front that mboxes and format-patch have, if any. */
static int read_mail(struct rq_mail *m, struct rq_slice raw, struct rq_str *attached,
		     struct rq_err *err)
{
	struct rq_slice text = raw, line;
	struct parts parts = { .out = &m->body, .mails = attached };
	GMimeStream *stream;
	GMimeParser *parser;
	GMimeMessage *message;
	bool plain;

	if (rq_slice_starts(text, "From "))
		rq_slice_next_line(&text, &line);
	stream = g_mime_stream_mem_new_with_buffer(text.p, text.n);
	parser = g_mime_parser_new_with_stream(stream);
	message = g_mime_parser_construct_message(parser, NULL);
	g_object_unref(parser);
	g_object_unref(stream);
	if (!message)
		return rq_err_set(err, RQ_EFORMAT, "%s: not a mail", m->where);
	plain = is_plain(message);
	g_mime_message_foreach(message, look_at_part, &parts);
	m->has_diff = diff_at(rq_str_slice(&m->body)) < m->body.len;
	m->parent = parent_of(GMIME_OBJECT(message));
	m->address = address_of(message);
	if (g_mime_message_get_message_id(message))
		m->id = rq_xstrdup(g_mime_message_get_message_id(message));
	read_subject(m, g_mime_message_get_subject(message)
				? g_mime_message_get_subject(message)
				: "");
	/* Whoever answers a mail without "Re:" answers it all the same. */
	m->reply |= m->parent && !m->has_diff && !(m->numbered && m->number == 0);
	if (plain && !memchr(raw.p, '\r', raw.n))
		rq_str_add_slice(&m->bytes, raw);
	else
		rebuild(m, message);
	g_object_unref(message);
	if (parts.bare > 1)
		return rq_err_set(
			err, RQ_EFORMAT,
			"%s: %zu attached patches have no head of their own; save "
			"them and import the files",
			m->where, parts.bare);
	return 0;
}

/* --- files --- */

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

static int take_mail(struct rq_mails *out, const char *path, long line,
		     struct rq_str *text, struct rq_err *err)
{
	struct rq_str attached = { 0 };
	struct rq_mail *m;
	int rc;

	if (!text->len)
		return 0;
	m = rq_vec_push(&out->v);
	m->where = line > 1 ? rq_xasprintf("%s:%ld", path, line) : rq_xstrdup(path);
	rc = read_mail(m, rq_str_slice(text), &attached, err);
	text->len = 0;
	if (!rc && attached.len)
		rc = split_mbox(out, path, rq_str_slice(&attached), err);
	rq_str_release(&attached);
	return rc;
}

static int split_mbox(struct rq_mails *out, const char *path, struct rq_slice text,
		      struct rq_err *err)
{
	struct rq_str one = { 0 };
	struct rq_slice line;
	long number = 0, start = 1;
	bool mbox = rq_slice_starts(text, "From "), blank = true;
	int rc = 0;

	while (!rc && rq_slice_next_line(&text, &line)) {
		number++;
		if (blank && begins_mail(line)) {
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
	m->version = m->number = m->total = 1;
	m->subject = rq_xstrdup("");
	m->bytes = *text;
	*text = (struct rq_str){ 0 };
	rq_str_add_slice(&m->body, rq_str_slice(&m->bytes));
	m->has_diff = diff_at(rq_str_slice(&m->body)) < m->body.len;
}

static int read_file(struct rq_mails *out, const char *path, struct rq_err *err)
{
	struct rq_str text = { 0 };
	int rc = rq_file_read_most(&text, path, RQ_PATCH_MOST, err);

	if (rc == RQ_ENOTFOUND)
		return rq_err_set(err, RQ_EFORMAT, "%s: not there", path);
	unwire(&text);
	if (!rc && looks_like_mail(rq_str_slice(&text)))
		rc = split_mbox(out, path, rq_str_slice(&text), err);
	else if (!rc)
		take_bare(out, path, &text);
	rq_str_release(&text);
	return rc;
}

/* Plain files of a folder whose names end with @suffix, by name. */
static int read_folder(struct rq_mails *out, const char *path, const char *suffix,
		       struct rq_err *err)
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

		if (!rq_file_is_dir(file))
			rc = read_file(out, file, err);
	}
	rq_names_release(&names);
	return rc;
}

int rq_mails_read(struct rq_mails *out, const char *path, struct rq_err *err)
{
	_cleanup_free_ char *cur = rq_path_join(path, "cur");
	_cleanup_free_ char *fresh = rq_path_join(path, "new");
	int rc;

	g_mime_init();
	if (!rq_file_is_dir(path))
		return read_file(out, path, err);
	if (!rq_file_is_dir(cur))
		return read_folder(out, path, ".patch", err);
	rc = read_folder(out, cur, "", err);
	return rc || !rq_file_is_dir(fresh) ? rc : read_folder(out, fresh, "", err);
}
