// SPDX-License-Identifier: GPL-2.0-only
/*
 * One mail.  GMime reads it; here it is only decided what of it a queue keeps.
 */
#include "import/mail_internal.h"
#include "import/mime_internal.h"

#include <stdlib.h>

#include "patch/patch.h"

#define MOST_PARENTS 64 /* that a mail names */
#define LONGEST_FIELD \
	(64 << 10) /* GMime's time for encoded words grows with the square of a field */

void rq_mails_release(struct rq_mails *mails)
{
	for (size_t i = 0; i < mails->v.n; i++) {
		struct rq_mail *m = &mails->v.v[i];

		free(m->where);
		free(m->file);
		free(m->id);
		rq_names_release(&m->parents);
		free(m->subject);
		free(m->spelled);
		free(m->address);
		free(m->from);
		free(m->date);
		free(m->title);
		rq_str_release(&m->bytes);
		rq_str_release(&m->body);
	}
	rq_vec_release(&mails->v);
	rq_names_release(&mails->said);
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

/* What In-Reply-To names, then the ids of References from the last to the first. */
static void read_parents(struct rq_names *out, GMimeObject *message)
{
	static const char *const names[] = { "In-Reply-To", "References" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *value = g_mime_object_get_header(message, names[i]);
		GMimeReferences *all =
			value ? g_mime_references_parse(NULL, value) : NULL;
		int n = all ? g_mime_references_length(all) : 0;

		for (int k = n; k-- > 0 && out->v.n < MOST_PARENTS;)
			rq_names_add(out, rq_slice_of(g_mime_references_get_message_id(
						  all, k)));
		if (all)
			g_mime_references_free(all);
	}
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

/* NULL where there is none; decoded, in one line. */
static char *field_of(GMimeMessage *message, const char *name)
{
	const char *value = g_mime_object_get_header(GMIME_OBJECT(message), name);

	return value ? rq_header_decode(rq_slice_of(value)) : NULL;
}

static int64_t sent_at(GMimeMessage *message)
{
	GDateTime *date = g_mime_message_get_date(message);
	int64_t seconds = date ? g_date_time_to_unix(date) : 0;

	return MAX(seconds, 0);
}

static long count_lines(struct rq_slice text)
{
	struct rq_slice line;
	long n = 0;

	while (rq_slice_next_line(&text, &line))
		n++;
	return n;
}

static bool ends_with(struct rq_slice text, struct rq_slice end)
{
	return text.n >= end.n && memcmp(text.p + text.n - end.n, end.p, end.n) == 0;
}

/* The subject as it is spelled. */
static char *subject_of(GMimeMessage *message)
{
	GMimeHeaderList *headers = g_mime_object_get_header_list(GMIME_OBJECT(message));
	GMimeHeader *header = g_mime_header_list_get_header(headers, "Subject");
	const char *raw = header ? g_mime_header_get_raw_value(header) : NULL;

	return rq_header_decode(rq_slice_of(raw ? raw : ""));
}

/*
 * Of a line that begins a mail, which no sender writes: git format-patch has the id of a commit and a date
 * that never changes, b4 am has "git@z".  Both have authors as senders.
 */
static bool is_prepared(struct rq_slice line)
{
	static const char date[] = " Mon Sep 17 00:00:00 2001";
	struct rq_slice rest = rq_slice_chomp(line), from, id;

	from = rq_slice_next_word(&rest);
	id = rq_slice_next_word(&rest);
	if (rq_slice_eq(id, RQ_SLICE("git@z")))
		return rq_slice_eq(from, RQ_SLICE("From"));
	for (size_t i = 0; i < id.n; i++)
		if (!g_ascii_isxdigit(id.p[i]))
			return false;
	return rq_slice_eq(from, RQ_SLICE("From")) && (id.n == 40 || id.n == 64) &&
	       rq_slice_ends(rq_slice_chomp(line), date);
}

/* With the lines that it is folded into. */
static bool has_long_field(struct rq_slice head)
{
	struct rq_slice line;
	size_t n = 0;

	while (rq_slice_next_line(&head, &line) && rq_slice_chomp(line).n) {
		n = line.n + (line.p[0] == ' ' || line.p[0] == '\t' ? n : 0);
		if (n > LONGEST_FIELD)
			return true;
	}
	return false;
}

int rq_mail_read(struct rq_mails *mails, struct rq_mail *m, struct rq_slice raw,
		 struct rq_str *attached, struct rq_err *err)
{
	struct rq_slice text = raw, line = { 0 };
	struct rq_parts parts = { .out = &m->body,
				  .mails = attached,
				  .keep_cr = mails->quoted_cr != RQ_CR_STRIP };
	_cleanup_free_ char *subject = NULL;
	GMimeStream *stream;
	GMimeParser *parser;
	GMimeMessage *message;
	bool plain;

	if (rq_slice_starts(text, "From "))
		rq_slice_next_line(&text, &line);
	if (has_long_field(text))
		return rq_err_set(
			err, RQ_EFORMAT,
			"%s: a field of its head has more than 64 KiB; shorten it",
			m->where);
	g_mime_init();
	stream = g_mime_stream_mem_new_with_buffer(text.p, text.n);
	parser = g_mime_parser_new_with_stream(stream);
	message = g_mime_parser_construct_message(parser, NULL);
	g_object_unref(parser);
	g_object_unref(stream);
	if (!message)
		return rq_err_set(err, RQ_EFORMAT, "%s: not a mail", m->where);
	plain = is_plain(message);
	rq_parts_read(&parts, message);
	m->has_diff = rq_diff_at(rq_str_slice(&m->body)) < m->body.len;
	read_parents(&m->parents, GMIME_OBJECT(message));
	m->address = address_of(message);
	m->from = field_of(message, "From");
	m->date = field_of(message, "Date");
	m->sent = sent_at(message);
	if (g_mime_message_get_message_id(message))
		m->id = rq_xstrdup(g_mime_message_get_message_id(message));
	subject = subject_of(message);
	rq_mail_subject(m, subject);
	m->title = rq_reply_title(subject);
	if (parts.crlf && m->has_diff && mails->quoted_cr != RQ_CR_NOWARN) {
		_cleanup_free_ char *said =
			rq_xasprintf("%s: all lines end with a carriage return: %s",
				     m->where, parts.keep_cr ? "kept" : "stripped");

		rq_names_add(&mails->said, rq_slice_of(said));
	}
	m->posted = m->id && !is_prepared(line);
	/* Whoever answers a mail without "Re:" answers it all the same. */
	m->reply |= m->parents.v.n && !m->has_diff && !(m->numbered && m->number == 0);
	if (plain && !memchr(raw.p, '\r', raw.n)) {
		rq_str_add_slice(&m->bytes, raw);
	} else {
		rebuild(m, message);
		m->before = ends_with(raw, rq_str_slice(&m->body))
				    ? m->before + count_lines(raw) -
					      count_lines(rq_str_slice(&m->bytes))
				    : -1;
	}
	g_object_unref(message);
	if (parts.bare > 1)
		return rq_err_set(
			err, RQ_EFORMAT,
			"%s: %zu attached patches have no head of their own; save "
			"them and import the files",
			m->where, parts.bare);
	return 0;
}
