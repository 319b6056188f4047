// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text of a mail out of its parts: transfer encodings, charsets and soft line ends are undone, and
 * attached patches are found.
 */
#include "import/mime_internal.h"

#include <stdio.h>

#include "import/mail_internal.h"

size_t rq_diff_at(struct rq_slice text)
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

/* A line of format=flowed without its marks of quoting, their number, and without its stuffing. */
static size_t split_flowed(struct rq_slice *s)
{
	size_t depth = 0;

	while (depth < s->n && s->p[depth] == '>')
		depth++;
	*s = (struct rq_slice){ s->p + depth, s->n - depth };
	if (s->n && s->p[0] == ' ')
		*s = (struct rq_slice){ s->p + 1, s->n - 1 };
	return depth;
}

static void add_marks(struct rq_str *out, size_t depth)
{
	for (size_t i = 0; i < depth; i++)
		rq_str_adds(out, ">");
	rq_str_adds(out, depth ? " " : "");
}

/*
 * Soft line ends of format=flowed joined (RFC 3676), where the next line is quoted as deep, and its stuffing
 * taken off.
 */
static void unflow(struct rq_str *text, bool delsp)
{
	struct rq_slice rest = rq_str_slice(text), line;
	struct rq_str out = { 0 };
	size_t depth = 0;
	bool soft = false;

	while (rq_slice_next_line(&rest, &line)) {
		struct rq_slice s = rq_slice_chomp(line);
		size_t deep = split_flowed(&s);
		bool signature = rq_slice_eq(s, RQ_SLICE("-- "));

		if (soft && (deep != depth || signature))
			rq_str_adds(&out, "\n");
		if (soft && deep == depth && !signature)
			out.len -= delsp;
		else
			add_marks(&out, deep);
		rq_str_add_slice(&out, s);
		soft = s.n && s.p[s.n - 1] == ' ' && !signature;
		depth = deep;
		if (!soft || !rest.n)
			rq_str_adds(&out, "\n");
	}
	rq_str_release(text);
	*text = out;
}

/* Appends the text in UTF-8; false, and nothing, where its bytes are none of the charset. */
static bool add_converted(struct rq_str *out, struct rq_slice text, const char *charset)
{
	gsize n = 0;
	g_autofree gchar *converted =
		g_convert(text.p, (gssize)text.n, "UTF-8",
			  g_mime_charset_iconv_name(charset), NULL, &n, NULL);

	if (converted)
		rq_str_add(out, converted, n);
	return converted != NULL;
}

static bool has_prefix(const char *charset, const char *prefix)
{
	return g_ascii_strncasecmp(charset, prefix, strlen(prefix)) == 0;
}

/* Charsets that say with ASCII alone what ASCII has not. */
static bool is_seven_bits(const char *charset)
{
	return has_prefix(charset, "iso-2022") || has_prefix(charset, "utf-7") ||
	       has_prefix(charset, "hz-gb");
}

/* A byte is a character, so UTF-8 beyond ASCII is no accident. */
static bool is_single_byte(const char *charset)
{
	return has_prefix(charset, "iso-8859") || has_prefix(charset, "windows-125") ||
	       has_prefix(charset, "koi8");
}

/* Line by line: what is UTF-8 already stays. */
static void add_lines(struct rq_str *out, struct rq_slice text, const char *charset)
{
	struct rq_slice line;

	while (rq_slice_next_line(&text, &line))
		if (g_utf8_validate(line.p, (gssize)line.n, NULL) ||
		    !add_converted(out, line, charset))
			rq_str_add_slice(out, line);
}

/*
 * The message becomes UTF-8; the diff stays what it is, since files have their own bytes, but for UTF-7,
 * which writes the marks of a diff in other words.
 */
static void to_utf8(struct rq_str *text, const char *charset)
{
	bool whole = has_prefix(charset, "utf-7");
	size_t at = whole ? text->len : rq_diff_at(rq_str_slice(text));
	struct rq_slice message = { rq_str_slice(text).p, at };
	struct rq_str out = { 0 };

	if (!is_seven_bits(charset) && g_utf8_validate(message.p, (gssize)at, NULL))
		return;
	if (is_single_byte(charset))
		add_lines(&out, message, charset);
	else if (!add_converted(&out, message, charset))
		return;
	rq_str_add(&out, message.p + at, text->len - at);
	rq_str_release(text);
	*text = out;
}

/* Carriage returns that the way by mail added: git writes the head of a diff without. */
static bool is_of_crlf(struct rq_slice text)
{
	size_t at = rq_diff_at(text);
	struct rq_slice rest = { text.p + at, text.n - at }, line;

	if (at == text.n)
		rest = text;
	return rq_slice_next_line(&rest, &line) && line.n > 1 &&
	       line.p[line.n - 2] == '\r';
}

static void strip_cr(struct rq_str *text)
{
	struct rq_slice rest = rq_str_slice(text), line;
	struct rq_str out = { 0 };

	while (rq_slice_next_line(&rest, &line)) {
		bool whole = line.p[line.n - 1] == '\n';

		rq_str_add_slice(&out, rq_slice_chomp(line));
		rq_str_adds(&out, whole ? "\n" : "");
	}
	rq_str_release(text);
	*text = out;
}

static void add_part(struct rq_parts *parts, struct rq_str *out, GMimePart *part)
{
	GMimeDataWrapper *content = g_mime_part_get_content(part);
	GMimeStream *stream = g_mime_stream_mem_new();
	GMimeContentType *type = g_mime_object_get_content_type(GMIME_OBJECT(part));
	const char *flow = g_mime_content_type_get_parameter(type, "format");
	const char *charset = g_mime_content_type_get_parameter(type, "charset");
	const char *delsp = g_mime_content_type_get_parameter(type, "delsp");
	struct rq_str text = { 0 };
	GByteArray *bytes;

	if (content)
		g_mime_data_wrapper_write_to_stream(content, stream);
	bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
	rq_str_add(&text, bytes->data, bytes->len);
	if (is_of_crlf(rq_str_slice(&text))) {
		parts->crlf = true;
		if (!parts->keep_cr)
			strip_cr(&text);
	}
	if (flow && g_ascii_strcasecmp(flow, "flowed") == 0)
		unflow(&text, delsp && g_ascii_strcasecmp(delsp, "yes") == 0);
	if (charset)
		to_utf8(&text, charset);
	if (out->len && out->s[out->len - 1] != '\n')
		rq_str_adds(out, "\n");
	rq_str_add_slice(out, rq_str_slice(&text));
	rq_str_release(&text);
	g_object_unref(stream);
}

/*
 * The line end in front of a boundary belongs to the boundary (RFC 2046).  Where the text ends with an empty line of
 * context, whose blank a mailer took off, that is the end of the last hunk.
 */
static bool ends_short(struct rq_slice text)
{
	long old_count = 1, new_count = 1, old_lines = 0, new_lines = 0;
	struct rq_slice line;
	bool hunk = false;

	while (rq_slice_next_line(&text, &line)) {
		_cleanup_free_ char *range = rq_slice_starts(line, "@@ -")
						     ? rq_xstrndup(line.p, line.n)
						     : NULL;

		if (range) {
			old_count = new_count = 1;
			old_lines = new_lines = 0;
			hunk = sscanf(range, "@@ -%*d,%ld +%*d,%ld", &old_count,
				      &new_count) == 2;
			continue;
		}
		old_lines += line.p[0] != '+';
		new_lines += line.p[0] != '-';
	}
	return hunk && old_lines + 1 == old_count && new_lines + 1 == new_count;
}

static void add_mail(struct rq_parts *parts, struct rq_slice text)
{
	if (parts->mails->len)
		rq_str_adds(parts->mails, "\n");
	if (!rq_slice_starts(text, "From "))
		rq_str_adds(parts->mails, "From attached Mon Sep 17 00:00:00 2001\n");
	rq_str_add_slice(parts->mails, text);
}

/* Who sends a patch file as an attachment need not be who wrote it. */
static void add_attached(struct rq_parts *parts, struct rq_slice text)
{
	if (rq_looks_like_mail(text)) {
		add_mail(parts, text);
		return;
	}
	parts->bare++;
	if (parts->out->len && parts->out->s[parts->out->len - 1] != '\n')
		rq_str_adds(parts->out, "\n");
	rq_str_add_slice(parts->out, text);
}

/* A further text may be a patch that a mailer named .txt or not at all, or the footer of a list. */
static void add_further(struct rq_parts *parts, struct rq_slice text)
{
	bool diff = rq_diff_at(text) < text.n;
	bool have = rq_diff_at(rq_str_slice(parts->out)) < parts->out->len;

	if (diff && (rq_looks_like_mail(text) || !have))
		add_attached(parts, text);
}

/* A mail that was forwarded as one. */
static void add_forwarded(struct rq_parts *parts, GMimeMessagePart *part)
{
	GMimeMessage *message = g_mime_message_part_get_message(part);
	g_autofree char *text =
		message ? g_mime_object_to_string(GMIME_OBJECT(message), NULL) : NULL;

	if (text && rq_looks_like_mail(rq_slice_of(text)))
		add_mail(parts, rq_slice_of(text));
}

static bool ends_like(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	return n > m && g_ascii_strcasecmp(name + n - m, end) == 0;
}

/* Whatever type a mailer gave it. */
static bool is_patch_name(const char *name)
{
	static const char *const ends[] = { ".patch", ".diff", ".mbox", ".eml" };

	for (size_t i = 0; name && i < ARRAY_SIZE(ends); i++)
		if (ends_like(name, ends[i]))
			return true;
	return false;
}

static bool is_patch(GMimePart *part, GMimeContentType *type)
{
	return is_patch_name(g_mime_part_get_filename(part)) ||
	       g_mime_content_type_is_type(type, "text", "x-patch") ||
	       g_mime_content_type_is_type(type, "text", "x-diff");
}

/* A mail that is one part is a text, whatever type it says, but for what a browser reads. */
static bool is_text(bool alone, GMimeContentType *type)
{
	return (alone && !g_mime_content_type_is_type(type, "text", "html")) ||
	       g_mime_content_type_is_type(type, "text", "plain") ||
	       g_mime_content_type_is_type(type, "application", "mbox");
}

/* The first text, every attached patch and mail, and further texts that are patches. */
static void look_at_part(GMimeObject *parent, GMimeObject *part, gpointer data)
{
	GMimeContentType *type = g_mime_object_get_content_type(part);
	struct rq_parts *parts = data;
	struct rq_str text = { 0 };
	bool patch, alone = GMIME_IS_MESSAGE(parent);

	if (GMIME_IS_MESSAGE_PART(part))
		add_forwarded(parts, GMIME_MESSAGE_PART(part));
	if (!GMIME_IS_PART(part))
		return;
	patch = !alone && is_patch(GMIME_PART(part), type);
	if (!patch && is_text(alone, type) && !parts->texts++) {
		add_part(parts, parts->out, GMIME_PART(part));
		if (!alone && ends_short(rq_str_slice(parts->out)))
			rq_str_adds(parts->out, "\n");
	} else if (patch || is_text(alone, type)) {
		add_part(parts, &text, GMIME_PART(part));
		if (ends_short(rq_str_slice(&text)))
			rq_str_adds(&text, "\n");
		if (patch)
			add_attached(parts, rq_str_slice(&text));
		else
			add_further(parts, rq_str_slice(&text));
	}
	rq_str_release(&text);
}

void rq_parts_read(struct rq_parts *parts, GMimeMessage *message)
{
	g_mime_message_foreach(message, look_at_part, parts);
}
