// SPDX-License-Identifier: GPL-2.0-only
/*
 * A patch as a mail, and as a file with the header that a dialect wants.  The header is made
 * again from what the patch says; the lines below "---" and the diff keep every byte.
 *
 * Nothing here depends on the machine or the day: a mail without a date gets none, and the
 * mbox line has no id of a commit.
 */
#include "emit/emit.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "emit/dialect.h"
#include "emit/receivers.h"

/* Behind the '@' of our Message-IDs: a name that nobody has. */
#define ID_HOST "requilt.invalid"

/* Fields that are written again, or that tell of another mail's journey. */
static const char *const not_kept[] = {
	"From",	       "Author",       "Date",	       "Subject",
	"Description", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
	"Received",    "Return-Path",  "Delivered-To", "In-Reply-To",
};

static bool is_kept(const struct rq_head_field *field)
{
	for (size_t i = 0; i < ARRAY_SIZE(not_kept); i++) {
		if (field->name.n == strlen(not_kept[i]) &&
		    strncasecmp(field->name.p, not_kept[i], field->name.n) == 0)
			return false;
	}
	if (rq_slice_has(field->raw, "@" ID_HOST ">"))
		return false;
	/* A mail's References: are other mails, those of a patch are bugs. */
	return !rq_slice_starts(field->raw, "References: <");
}

static bool is_ascii(struct rq_slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		if ((unsigned char)text.p[i] >= 0x80)
			return false;
	}
	return true;
}

/* "Name <address>"; for a mail in its encoding, for a file as it is read. */
static char *address(const char *name, const char *email, bool mail)
{
	bool plain = !mail && !is_ascii(rq_slice_of(name));
	_cleanup_free_ char *shown =
		plain ? rq_xstrdup(name) : rq_header_encode(name, true);

	return rq_xasprintf("%s <%s>", shown, email);
}

static char *author(const struct rq_facts *facts, bool mail)
{
	const struct rq_header *header = &facts->header;

	if (!header->author_email)
		return NULL;
	return address(header->author_name, header->author_email, mail);
}

/* The porter, where mails are sent by somebody else than the author; else NULL. */
static char *sender(const struct rq_facts *facts, const struct rq_export_options *options)
{
	const char *open = options->porter ? strrchr(options->porter, '<') : NULL;
	_cleanup_free_ char *name = NULL, *email = NULL;

	if (!open)
		return NULL;
	name = rq_xstrndup(options->porter, open - options->porter);
	email = rq_xstrndup(open + 1, strcspn(open + 1, ">"));
	while (*name && name[strlen(name) - 1] == ' ')
		name[strlen(name) - 1] = '\0';
	if (strcmp(name, facts->header.author_name) == 0 &&
	    strcmp(email, facts->header.author_email) == 0)
		return NULL;
	return address(name, email, true);
}

/* git's "<seconds> <+zzzz>" as a mail writes it; @date is what patch/header.c made. */
static void add_date(struct rq_str *out, const char *date)
{
	char *rest;
	int64_t when = strtoll(date, &rest, 10);
	long zone = strtol(rest, NULL, 10);

	rq_str_adds(out, "Date: ");
	rq_header_date(out, when, (int)(zone / 100 * 60 + zone % 100));
	rq_str_adds(out, "\n");
}

/* The day of DEP-3's Last-Update is not the one on which it was written. */
static bool is_dated(const struct rq_facts *facts)
{
	for (size_t i = 0; i < facts->parts.fields.n; i++) {
		if (rq_slice_eq(facts->parts.fields.v[i].name, RQ_SLICE("Last-Update")))
			return false;
	}
	return facts->header.date != NULL;
}

static void add_subject(struct rq_str *out, struct rq_slice title,
			const struct rq_export_options *options)
{
	_cleanup_free_ char *plain = rq_xstrndup(title.p, title.n);
	_cleanup_free_ char *encoded = rq_header_encode(plain, false);
	int width = snprintf(NULL, 0, "%zu", options->total);

	rq_str_addf(out, "Subject: [PATCH %s %0*zu/%zu] %s\n", options->prefix, width,
		    options->number, options->total, encoded);
}

static void add_fields(struct rq_str *out, const struct rq_facts *facts,
		       const struct rq_dialect *dialect)
{
	for (size_t i = 0; i < facts->parts.fields.n; i++) {
		if (is_kept(&facts->parts.fields.v[i]))
			rq_str_add_slice(out, facts->parts.fields.v[i].raw);
	}
	rq_dialect_fields(out, dialect, facts);
}

static void add_sign_off(struct rq_str *out, const char *porter)
{
	_cleanup_free_ char *line = rq_xasprintf("Signed-off-by: %s\n", porter);
	struct rq_slice rest = rq_str_slice(out), one, last = { 0 };

	while (rq_slice_next_line(&rest, &one))
		last = one;
	if (rq_slice_eq(last, rq_slice_of(line)))
		return;
	if (last.n && !memmem(last.p, last.n, ": ", 2) && last.p[0] != '[' &&
	    last.p[0] != '(')
		rq_str_adds(out, "\n");
	rq_str_adds(out, line);
}

/*
 * @fields goes first below "---": there it comes through the post, and git am leaves it out of
 * the message.
 */
static void add_message(struct rq_str *out, const struct rq_facts *facts,
			struct rq_slice fields, const struct rq_export_options *options)
{
	struct rq_slice below = facts->parts.below, line = RQ_SLICE("---\n");
	struct rq_str body = { 0 };

	rq_dialect_body(&body, options->dialect, facts);
	if (options->sign_off)
		add_sign_off(&body, options->porter);
	rq_str_add_slice(out, rq_str_slice(&body));
	rq_str_release(&body);
	if (rq_slice_starts(below, "---"))
		rq_slice_next_line(&below, &line);
	rq_str_add_slice(out, line);
	rq_str_add_slice(out, fields);
	if (below.n)
		rq_str_add_slice(out, below);
	else
		rq_str_adds(out, "\n");
}

/*
 * The diffs, without what ends a mail: a signature, and the base that git or we named.  Other
 * text behind them stays.
 */
static struct rq_slice diffs(const struct rq_patch *patch)
{
	struct rq_slice all = { patch->head.p + patch->head.n, 0 }, rest, line;
	bool signature = false;

	all.n = patch->buf.s + patch->buf.len - all.p;
	if (!patch->n_files)
		return all;
	rest = patch->files[patch->n_files - 1].trailer;
	for (struct rq_slice left = rest; rq_slice_next_line(&left, &line);) {
		bool dashes = rq_slice_eq(rq_slice_chomp(line), RQ_SLICE("-- "));

		if (!signature && !dashes && rq_slice_trim(line).n &&
		    !rq_slice_starts(line, "base-commit: "))
			return all;
		signature = signature || dashes;
	}
	all.n -= rest.n;
	return all;
}

/* The header made again, up to the first diff. */
static void add_head(struct rq_str *out, const struct rq_patch *patch,
		     const struct rq_export_options *options)
{
	_cleanup_free_ char *from = NULL;
	struct rq_facts facts;

	rq_facts_read(&facts, patch);
	from = author(&facts, false);
	if (from)
		rq_str_addf(out, "From: %s\n", from);
	if (is_dated(&facts))
		add_date(out, facts.header.date);
	rq_str_addf(out, "Subject: %.*s\n", RQ_SLICE_ARG(facts.title));
	add_fields(out, &facts, options->dialect);
	rq_str_adds(out, "\n");
	add_message(out, &facts, RQ_SLICE(""), options);
	rq_facts_release(&facts);
}

void rq_emit_dialect(struct rq_str *out, const struct rq_patch *patch,
		     const struct rq_export_options *options, struct rq_started *started)
{
	struct rq_str head = { 0 };

	add_head(&head, patch, options);
	rq_harmless_patch(out, rq_str_slice(&head), patch, started);
	rq_str_release(&head);
}

/* "From someone Mon Sep 17 00:00:00 2001": programs that split an mbox look for the time at its end. */
static bool begins_mail(struct rq_slice line)
{
	if (!rq_slice_starts(line, "From "))
		return false;
	for (size_t i = 5; i + 2 < line.n; i++)
		if (line.p[i] == ':' && isdigit((unsigned char)line.p[i - 1]) &&
		    isdigit((unsigned char)line.p[i + 1]) &&
		    isdigit((unsigned char)line.p[i + 2]))
			return true;
	return false;
}

/*
 * A carriage return, which git am drops, and a line that begins like the next mail do not come
 * through as they are.
 */
static bool comes_through(struct rq_slice text)
{
	struct rq_slice line;

	if (memchr(text.p, '\r', text.n))
		return false;
	while (rq_slice_next_line(&text, &line)) {
		if (begins_mail(line))
			return false;
	}
	return true;
}

static void add_id(struct rq_str *out, const struct rq_export_options *options,
		   size_t number)
{
	rq_str_addf(out, "<%s.%04zu@" ID_HOST ">", options->ids, number);
}

/* The cover letter is the first of the thread. */
static void add_ids(struct rq_str *out, const struct rq_export_options *options)
{
	static const char *const answers[] = { "In-Reply-To", "References" };

	if (!options->ids)
		return;
	rq_str_adds(out, "Message-ID: ");
	add_id(out, options, options->number);
	rq_str_adds(out, "\n");
	for (size_t i = 0; i < ARRAY_SIZE(answers) && options->number; i++) {
		rq_str_addf(out, "%s: ", answers[i]);
		add_id(out, options, 0);
		rq_str_adds(out, "\n");
	}
}

static void add_list(struct rq_str *out, const char *field, const struct rq_names *names)
{
	for (size_t i = 0; i < names->v.n; i++)
		rq_str_addf(out, "%s%s", i ? ",\n\t" : field, names->v.v[i]);
	if (names->v.n)
		rq_str_adds(out, "\n");
}

static void add_receivers(struct rq_str *out, struct rq_slice body,
			  const struct rq_export_options *options)
{
	struct rq_names cc = { 0 };

	if (options->to)
		add_list(out, "To: ", options->to);
	if (options->cc)
		rq_receivers_of(&cc, body);
	add_list(out, "Cc: ", &cc);
	rq_names_release(&cc);
}

/* Of a patch without a date, its day at least, or the base's. */
static void add_mail_date(struct rq_str *out, const struct rq_facts *facts,
			  const struct rq_export_options *options)
{
	if (facts && facts->header.date) {
		add_date(out, facts->header.date);
	} else if (options->when) {
		rq_str_adds(out, "Date: ");
		rq_header_date(out, options->when, 0);
		rq_str_adds(out, "\n");
	}
}

static void add_content(struct rq_str *out, struct rq_slice content)
{
	bool whole = comes_through(content);

	if (!whole || !is_ascii(content))
		rq_str_addf(out,
			    "MIME-Version: 1.0\n"
			    "Content-Type: text/plain; charset=UTF-8\n"
			    "Content-Transfer-Encoding: %s\n",
			    whole ? "8bit" : "base64");
	rq_str_adds(out, "\n");
	if (whole)
		rq_str_add_slice(out, content);
	else
		rq_header_base64(out, content);
	rq_str_adds(out, "\n");
}

/* What git, too, writes where a commit has no id to name. */
static void add_mbox_line(struct rq_str *out)
{
	rq_str_addf(out, "From %040d Mon Sep 17 00:00:00 2001\n", 0);
}

static void add_base(struct rq_str *out, const struct rq_oid *base)
{
	char hex[RQ_OID_HEX + 1];

	rq_str_addf(out, "\nbase-commit: %s\n", rq_oid_hex(hex, base));
}

/*
 * Whether git am would take the first words of the message for a field of the mail.  The author's own
 * line in front of them, with an empty line behind it, ends such fields.
 */
static bool begins_as_field(struct rq_slice body)
{
	static const char *const fields[] = { "From:", "Subject:", "Date:", "[PATCH]",
					      ">From" };
	struct rq_slice line = { "", 0 };

	while (!rq_slice_trim(line).n && rq_slice_next_line(&body, &line))
		;
	line = rq_slice_trim(line);
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		if (line.n >= strlen(fields[i]) &&
		    strncasecmp(line.p, fields[i], strlen(fields[i])) == 0)
			return true;
	return false;
}

/* Where mailinfo.scissors is set, git am drops all in front of them. */
static int check_scissors(const struct rq_facts *facts, struct rq_err *err)
{
	struct rq_slice body = facts->body, line;

	while (rq_slice_next_line(&body, &line))
		if (rq_is_scissors(line))
			return rq_err_set(err, RQ_EQUEUE,
					  "%s: '%.*s' in the message is a scissors line, "
					  "where git am "
					  "may cut it; write it in another way",
					  facts->patch->name,
					  RQ_SLICE_ARG(rq_slice_trim(line)));
	return 0;
}

/* git am takes what is in brackets, and colons, off the front of a title. */
static bool loses_title(struct rq_slice title)
{
	return title.n && (title.p[0] == '[' || title.p[0] == ':');
}

static void add_mail(struct rq_str *out, const struct rq_facts *facts,
		     const struct rq_export_options *options)
{
	_cleanup_free_ char *from = author(facts, true), *by = sender(facts, options);
	struct rq_str content = { 0 }, fields = { 0 };

	add_mbox_line(out);
	rq_str_addf(out, "From: %s\n", by ? by : from);
	add_mail_date(out, facts, options);
	add_subject(out, facts->title, options);
	add_ids(out, options);
	add_receivers(out, facts->body, options);
	add_fields(&fields, facts, options->dialect);
	if (by || begins_as_field(facts->body) || loses_title(facts->title))
		rq_str_addf(&content, "From: %s\n", from);
	/* An empty subject on top of the body: then the title is the first line of the message, as it is. */
	if (loses_title(facts->title))
		rq_str_addf(&content, "Subject: [PATCH]\n\n%.*s\n\n",
			    RQ_SLICE_ARG(facts->title));
	else if (content.len)
		rq_str_adds(&content, "\n");
	add_message(&content, facts, rq_str_slice(&fields), options);
	rq_str_release(&fields);
	rq_str_add_slice(&content, diffs(facts->patch));
	if (options->number == 1)
		add_base(&content, options->base);
	rq_str_adds(&content, "-- \nrequilt " RQ_VERSION "\n");
	add_content(out, rq_str_slice(&content));
	rq_str_release(&content);
}

int rq_emit_mail(struct rq_str *out, const struct rq_patch *patch,
		 const struct rq_export_options *options, struct rq_err *err)
{
	struct rq_facts facts;
	int rc = rq_patch_check_text(patch, err);

	if (rc)
		return rc;
	rq_facts_read(&facts, patch);
	if (!facts.header.author_email)
		rc = rq_err_set(err, RQ_EQUEUE,
				"%s: no author; a mail needs one: put 'From: A Name "
				"<address>' in the patch of the queue",
				patch->name);
	else
		rc = check_scissors(&facts, err);
	if (!rc)
		add_mail(out, &facts, options);
	rq_facts_release(&facts);
	return rc;
}

void rq_emit_cover(struct rq_str *out, const char *title, struct rq_slice text,
		   const struct rq_export_options *options)
{
	struct rq_str content = { 0 };

	add_mbox_line(out);
	if (options->porter)
		rq_str_addf(out, "From: %s\n", options->porter);
	add_mail_date(out, NULL, options);
	add_subject(out, rq_slice_of(title), options);
	add_ids(out, options);
	add_receivers(out, RQ_SLICE(""), options);
	rq_str_add_slice(&content, text);
	add_base(&content, options->base);
	rq_str_adds(&content, "-- \nrequilt " RQ_VERSION "\n");
	add_content(out, rq_str_slice(&content));
	rq_str_release(&content);
}
