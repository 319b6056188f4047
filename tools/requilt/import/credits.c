// SPDX-License-Identifier: GPL-2.0-only
/*
 * What reviewers gave in replies, added to the patches that they answered.  Each chain of answers is
 * followed once: mails come from anybody.
 */
#include "import/mail_internal.h"

#include <stdlib.h>
#include <strings.h>

#include "patch/patch.h"
#include "util/map.h"

#define MOST_CREDITS 4096 /* that one patch gets from replies */

struct replies {
	const struct rq_mails *mails;
	const struct rq_map *ids; /* the first mail of each Message-ID */
	/* Per mail: the patch or cover letter that it answers, once @known. */
	const struct rq_mail **answered;
	bool *known;
	const struct rq_mail *cover; /* of the version that is taken; may be NULL */
	const size_t *taken;   /* per mail: the patch that it became, from 1; 0: none */
	struct rq_names texts; /* keys of @changes */
	struct rq_map changes; /* what each patch that was taken changes: its mail */
	bool listed;	       /* @changes is filled */
	const struct rq_mail **mails_of; /* of each patch that was taken */
	struct rq_map
		versions; /* the id of a mail that was not taken: that which changes the same */
};

/* The nearest mail that is here of those that it says it answers. */
static const struct rq_mail *parent_of(const struct replies *r, const struct rq_mail *m)
{
	const struct rq_mail *found = NULL;

	for (size_t i = 0; i < m->parents.v.n && !found; i++)
		found = rq_map_get(r->ids, m->parents.v.v[i]);
	return found;
}

/*
 * The patch or cover letter that @reply answers, however deep in the thread.  A chain of answers
 * is marked as it is followed, so that each mail is passed once, and a circle ends.
 */
static const struct rq_mail *answered(struct replies *t, const struct rq_mail *reply)
{
	const struct rq_mail *first = t->mails->v.v, *found = NULL, *m = reply;

	while (m && !t->known[m - first]) {
		t->known[m - first] = true;
		m = parent_of(t, m);
		if (m && (rq_is_patch(m) || rq_is_cover(m))) {
			found = m;
			break;
		}
	}
	if (!found && m)
		found = t->answered[m - first];
	for (m = reply; found && m != found && !t->answered[m - first];
	     m = parent_of(t, m))
		t->answered[m - first] = found;
	return found;
}

/* After prose a block of its own begins. */
static bool ends_with_trailer(struct rq_slice text, size_t end)
{
	size_t start = end > 0 ? end - 1 : 0;
	struct rq_slice line;

	while (start > 0 && text.p[start - 1] != '\n')
		start--;
	line = rq_slice_trim((struct rq_slice){ text.p + start, end - start });
	return !line.n || rq_is_trailer(line);
}

/* What replies give to one patch. */
struct credits {
	bool read;	       /* @have is filled */
	struct rq_names lines; /* of the patch, then what is added: keys of @have */
	struct rq_map have;
	struct rq_str added;
	size_t n;
	bool cut; /* there were more than MOST_CREDITS */
};

static bool add_line(struct credits *c, struct rq_slice line)
{
	char *copy = rq_xstrndup(line.p, line.n);

	if (rq_map_get(&c->have, copy)) {
		free(copy);
		return false;
	}
	*rq_vec_push(&c->lines.v) = copy;
	rq_map_put(&c->have, copy, copy);
	return true;
}

static void read_lines(struct credits *c, const struct rq_imported *patch)
{
	struct rq_slice rest = rq_str_slice(&patch->bytes), have;

	while (!c->read && rq_slice_next_line(&rest, &have))
		add_line(c, rq_slice_trim(have));
	c->read = true;
}

static void add_trailer(struct credits *c, const struct rq_imported *patch,
			struct rq_slice line)
{
	read_lines(c, patch);
	if (c->n == MOST_CREDITS) {
		c->cut = true;
	} else if (add_line(c, line)) {
		rq_str_addf(&c->added, "%.*s\n", RQ_SLICE_ARG(line));
		c->n++;
	}
}

static bool is_ascii(struct rq_slice text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] & 0x80)
			return false;
	return true;
}

static void add_replaced(struct rq_str *out, struct rq_slice line, const char *old,
			 const char *with)
{
	for (size_t i = 0; i + strlen(old) <= line.n; i++)
		if (strncasecmp(line.p + i, old, strlen(old)) == 0) {
			rq_str_addf(out, "%.*s%s", (int)i, line.p, with);
			line = (struct rq_slice){ line.p + i + strlen(old),
						  line.n - i - strlen(old) };
			break;
		}
	rq_str_add_slice(out, line);
}

/* The head said that the mail has ASCII alone; what was added is UTF-8. */
static void correct_charset(struct rq_str *text)
{
	struct rq_slice rest = rq_str_slice(text), line;
	const char *old = NULL, *with = NULL;
	struct rq_str out = { 0 };

	while (rest.n && rest.p[0] != '\n' && rq_slice_next_line(&rest, &line)) {
		bool goes_on = line.p[0] == ' ' || line.p[0] == '\t';

		if (strncasecmp(line.p, "Content-Type:", 13) == 0) {
			old = "us-ascii";
			with = "UTF-8";
		} else if (strncasecmp(line.p, "Content-Transfer-Encoding:", 26) == 0) {
			old = "7bit";
			with = "8bit";
		} else if (!goes_on) {
			old = NULL;
		}
		if (old)
			add_replaced(&out, line, old, with);
		else
			rq_str_add_slice(&out, line);
	}
	rq_str_add_slice(&out, rest);
	rq_str_release(text);
	*text = out;
}

static void put_credits(struct rq_import *out, struct rq_imported *patch,
			struct credits *c)
{
	struct rq_slice text = rq_str_slice(&patch->bytes);
	size_t end = rq_message_end(text);
	struct rq_str with = { 0 };

	if (c->cut)
		rq_import_say(out,
			      "%s: replies give it more than %d credits; the others are "
			      "left out",
			      patch->subject ? patch->subject : patch->path,
			      MOST_CREDITS);
	if (c->n) {
		rq_str_add(&with, text.p, end);
		rq_str_adds(&with, ends_with_trailer(text, end) ? "" : "\n");
		rq_str_add_slice(&with, rq_str_slice(&c->added));
		rq_str_add(&with, text.p + end, text.n - end);
		rq_str_release(&patch->bytes);
		patch->bytes = with;
		if (!is_ascii(rq_str_slice(&c->added)))
			correct_charset(&patch->bytes);
	}
	rq_names_release(&c->lines);
	rq_map_release(&c->have);
	rq_str_release(&c->added);
}

/* Somebody else's credit is not the sender's to give. */
static bool is_senders(const struct rq_mail *reply, struct rq_slice line)
{
	const char *open = memchr(line.p, '<', line.n), *end = line.p + line.n;
	const char *close = open ? memchr(open, '>', (size_t)(end - open)) : NULL;
	struct rq_slice address = { 0 };

	if (close)
		address = (struct rq_slice){ open + 1, (size_t)(close - open - 1) };
	while (!close && line.n) /* the last word */
		address = rq_slice_next_word(&line);
	return reply->address && address.n == strlen(reply->address) &&
	       strncasecmp(address.p, reply->address, address.n) == 0;
}

static bool has_credit(struct credits *c, const struct rq_imported *patch,
		       struct rq_slice line)
{
	_cleanup_free_ char *text = rq_xstrndup(line.p, line.n);

	read_lines(c, patch);
	return rq_map_get(&c->have, text) != NULL;
}

/* A reply, and the patches that it is about. */
struct answer {
	const struct rq_mail *reply;
	const struct rq_mail *to;
	size_t first, n; /* of the patches taken */
	long only;	 /* the patches of that version alone; 0: all of them */
	const struct rq_mail *const *mails_of; /* of each patch */
	bool same;    /* @to is another version, whose diff is the same */
	bool earlier; /* @to is the cover letter of the series as it was sent before */
	bool sloppy;
};

static bool is_for(const struct answer *a, size_t k)
{
	return !a->only || a->mails_of[k]->version == a->only;
}

/* A part of an earlier version is in the series: what its cover letter got is not for the changed ones. */
static void say_changed(struct rq_import *out, const struct answer *a,
			struct rq_slice line)
{
	if (a->only)
		rq_import_say(out,
			      "%s: '%.*s' was given to all of v%ld; patches that changed "
			      "later do not get it",
			      a->reply->where, RQ_SLICE_ARG(line), a->only);
}

static void take_trailer(struct rq_import *out, const struct answer *a,
			 struct credits *credits, enum rq_given given,
			 struct rq_slice line, bool misspelt)
{
	const struct rq_mail *reply = a->reply;
	bool fresh = false;

	for (size_t k = a->first; k < a->first + a->n; k++)
		fresh |= is_for(a, k) &&
			 !has_credit(&credits[k], &out->patches.v[k], line);
	if (!fresh)
		return;
	if (a->earlier) {
		rq_import_say(out,
			      "%s: '%.*s' was given to all of the series as it was sent "
			      "before; left out",
			      reply->where, RQ_SLICE_ARG(line));
		return;
	}
	if (given == RQ_GIVEN_CREDIT && !a->sloppy && !is_senders(reply, line)) {
		rq_import_say(
			out, "%s: '%.*s' is not of the sender, %s; left out; -S takes it",
			reply->where, RQ_SLICE_ARG(line),
			reply->address ? reply->address : "unknown");
		return;
	}
	if (misspelt)
		rq_import_say(out, "%s: '%.*s' was spelled otherwise", reply->where,
			      RQ_SLICE_ARG(line));
	if (a->same)
		rq_import_say(out, "%s: '%.*s' was given to v%ld, whose diff is the same",
			      reply->where, RQ_SLICE_ARG(line), a->to->version);
	say_changed(out, a, line);
	for (size_t k = a->first; k < a->first + a->n; k++)
		if (is_for(a, k))
			add_trailer(&credits[k], &out->patches.v[k], line);
}

static void take_credits(struct rq_import *out, const struct answer *a,
			 struct credits *credits)
{
	struct rq_slice rest = rq_str_slice(&a->reply->body), line;
	struct rq_str text = { 0 };
	bool misspelt, no = false;

	if (a->reply->has_diff)
		rq_import_say(out,
			      "%s: a reply with a patch of its own, which is not taken",
			      a->reply->where);
	while (rq_slice_next_line(&rest, &line)) {
		enum rq_given given;

		if (rq_slice_eq(rq_slice_chomp(line), RQ_SLICE("-- ")) ||
		    rq_slice_starts(line, "diff --git "))
			break;
		given = rq_trailer_read(&text, line, &rest, &misspelt);
		if (given == RQ_GIVEN_NO && !no)
			rq_import_say(out, "%s: says no to '%s': %s", a->reply->where,
				      a->to->subject, text.s);
		else if (given == RQ_GIVEN_CREDIT || given == RQ_GIVEN_LINK)
			take_trailer(out, a, credits, given, rq_str_slice(&text),
				     misspelt);
		no |= given == RQ_GIVEN_NO;
	}
	rq_str_release(&text);
}

static void list_changes(struct replies *r)
{
	for (size_t i = 0; !r->listed && i < r->mails->v.n; i++) {
		char *text;

		if (!r->taken[i])
			continue;
		text = rq_mail_change(&r->mails->v.v[i]);
		*rq_vec_push(&r->texts.v) = text;
		rq_map_put(&r->changes, text, &r->mails->v.v[i]);
	}
	r->listed = true;
}

/* The patch that @to became, from 1; or that of another version which changes the same; or 0. */
static size_t taken_for(struct replies *r, const struct rq_mail *to)
{
	const struct rq_mail *first = r->mails->v.v, *same;
	size_t k = r->taken[to - first];

	if (k || !rq_is_patch(to))
		return k;
	same = rq_map_get(&r->versions, to->id);
	if (!same) {
		_cleanup_free_ char *text = rq_mail_change(to);

		list_changes(r);
		same = rq_map_get(&r->changes, text);
		rq_map_put(&r->versions, to->id, same ? same : to);
	}
	return same ? r->taken[same - first] : 0;
}

static void replies_init(struct replies *r, const struct rq_mails *mails,
			 const struct rq_map *ids, const size_t *taken)
{
	size_t n = mails->v.n + 1;

	*r = (struct replies){ .mails = mails, .ids = ids, .taken = taken };
	r->answered = rq_xcalloc(n, sizeof(*r->answered));
	r->known = rq_xcalloc(n, sizeof(*r->known));
	r->mails_of = rq_xcalloc(n, sizeof(*r->mails_of));
	for (size_t i = 0; i < mails->v.n; i++)
		if (taken[i])
			r->mails_of[taken[i] - 1] = &mails->v.v[i];
}

static void replies_release(struct replies *r)
{
	rq_map_release(&r->changes);
	rq_map_release(&r->versions);
	rq_names_release(&r->texts);
	free(r->mails_of);
	free(r->answered);
	free(r->known);
}

static bool has_version(const struct replies *r, size_t n, long version)
{
	for (size_t k = 0; k < n; k++)
		if (r->mails_of[k]->version == version)
			return true;
	return false;
}

/* Which patches @reply is about; false when none of those taken. */
static bool read_answer(struct answer *out, struct replies *r,
			const struct rq_mail *reply, size_t n, long version)
{
	const struct rq_mail *to = answered(r, reply);
	size_t k = to ? taken_for(r, to) : 0;

	*out = (struct answer){
		.reply = reply,
		.to = to,
		.first = k ? k - 1 : 0,
		.n = 1,
		.mails_of = r->mails_of,
	};
	if (k)
		out->same = !r->taken[to - r->mails->v.v];
	else if (to && rq_is_cover(to) &&
		 (to->version == version || has_version(r, n, to->version)))
		out->n = n;
	else
		return false;
	if (!k && to->version != version)
		out->only = to->version;
	out->earlier = !k && r->cover && rq_sent_later(r->cover, to);
	return true;
}

void rq_credits_collect(struct rq_import *out, const struct rq_mails *mails,
			const struct rq_map *ids, const size_t *taken, long version,
			bool sloppy)
{
	size_t n = out->patches.n;
	struct credits *credits = rq_xcalloc(n + 1, sizeof(*credits));
	struct replies replies;

	replies_init(&replies, mails, ids, taken);
	replies.cover = rq_cover_of(mails, version);
	for (size_t i = 0; i < mails->v.n; i++) {
		struct answer answer;

		if (!mails->v.v[i].reply ||
		    !read_answer(&answer, &replies, &mails->v.v[i], n, version))
			continue;
		answer.sloppy = sloppy;
		take_credits(out, &answer, credits);
	}
	for (size_t k = 0; k < n; k++)
		put_credits(out, &out->patches.v[k], &credits[k]);
	free(credits);
	replies_release(&replies);
}
