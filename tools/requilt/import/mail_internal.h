/* SPDX-License-Identifier: GPL-2.0-only */
/* A mail, decoded, on its way from mbox.c to thread.c and singles.c. */
#ifndef REQUILT_IMPORT_MAIL_INTERNAL_H
#define REQUILT_IMPORT_MAIL_INTERNAL_H

#include <stdint.h>

#include "import/import.h"
#include "util/map.h"

/* All strings are owned; NULL where the mail has no such field. */
struct rq_mail {
	char *where; /* "file" or "file:line", for messages */
	char *file;  /* the same without the line */
	long before; /* lines of the file in front of @bytes; -1: they are not as they stand there */
	char *id;
	struct rq_names parents; /* what it answers, the nearest first */
	char *subject;		 /* without "[PATCH ...]" and "Re:" */
	char *spelled;		 /* the same with its brackets */
	char *address;		 /* of the sender, without the name */
	char *from, *date,
		*title; /* the fields, decoded; only "Re:" and the like are off the title */
	int64_t sent;	/* the date in seconds since 1970; 0: not known */
	struct rq_str bytes; /* as it will stand in the queue */
	struct rq_str body;  /* decoded */
	bool posted; /* it came by mail, and is no file of git format-patch or b4 am */
	bool reply;  /* "Re:" */
	bool has_diff;
	bool numbered;		     /* [PATCH n/total] */
	long version, number, total; /* 1, 1, 1 where the subject tells nothing */
	long again; /* 0; higher for what stands in for one of the same version: RESEND, v2.1 */
};

struct rq_mails {
	rq_vec(struct rq_mail) v;
	enum rq_quoted_cr quoted_cr;
	struct rq_names said; /* for struct rq_import */
	int nested;	      /* how deep the mail that is read is attached to others */
	bool heaps;	      /* some source is a directory, or a file of several mails */
};

/*
 * The bytes of a source of mails, unpacked: a file, or standard input where @path is "-".  Errors as of
 * rq_file_read_most().
 */
int rq_source_read(struct rq_str *out, const char *path, struct rq_err *err);
bool rq_source_is_input(const char *path);
/* For messages; @path or a constant. */
const char *rq_source_name(const char *path);

/* Every mail of a file or a maildir, in order. */
int rq_mails_read(struct rq_mails *out, const char *path, struct rq_err *err);
void rq_mails_release(struct rq_mails *mails);

/* Appends @text with blanks in the place of those that are none in ASCII. */
void rq_add_narrow(struct rq_str *out, struct rq_slice text);
/* The title of a commit out of the subject of a reply; NULL where nothing is left.  The caller frees. */
char *rq_reply_title(const char *subject);
/* "[PATCH RFC v2 3/12] title"; other brackets in front, as of mailing lists, go as well. */
void rq_mail_subject(struct rq_mail *m, const char *subject);
/*
 * @raw is the mail with the "From " line in front that mboxes and format-patch have, if any.  @attached gets
 * what it carries with a head of its own, an mbox.
 */
int rq_mail_read(struct rq_mails *mails, struct rq_mail *m, struct rq_slice raw,
		 struct rq_str *attached, struct rq_err *err);
/* Of a head's fields: who wrote it, and one that only the way by mail gives. */
bool rq_looks_like_mail(struct rq_slice text);

/* Where the diff begins, or the end. */
size_t rq_diff_at(struct rq_slice text);

/*
 * What is in front of scissors is no part of a patch: it goes, unless @keep, and is reported.  Where the mails
 * have no patch but in one reply, that is it.  RQ_EFORMAT where several replies have one.
 */
int rq_own_patches(struct rq_mails *mails, bool keep, struct rq_err *err);

bool rq_is_patch(const struct rq_mail *m); /* a mail with a patch, and no reply */
bool rq_is_cover(const struct rq_mail *m);

/* What a line of a reply gives. */
enum rq_given {
	RQ_GIVEN_NOTHING,
	RQ_GIVEN_CREDIT, /* "Reviewed-by: Name <address>": of a person */
	RQ_GIVEN_LINK,	 /* "Fixes: 0123abcd", "Closes: https://..." */
	RQ_GIVEN_NO,	 /* "NAK" */
};

/*
 * The trailer at @line in @out, in one line and as it is spelled; what it takes of *@rest, where it was folded, is
 * behind it.
 */
enum rq_given rq_trailer_read(struct rq_str *out, struct rq_slice line,
			      struct rq_slice *rest, bool *misspelt);
/*
 * Adds to the patches of @out what replies to them gave; @ids has the first mail of each Message-ID, @taken
 * for each mail the patch that it became, from 1, or 0.  What is answered to the cover letter of @version is
 * for all.  @sloppy takes credits from another address than the sender's.
 */
void rq_credits_collect(struct rq_import *out, const struct rq_mails *mails,
			const struct rq_map *ids, const size_t *taken, long version,
			bool sloppy);
/* Of -P: ranges of numbers, from 1. */
struct rq_part {
	long first, last;
};

struct rq_parts_wanted {
	rq_vec(struct rq_part) v;
};

/* "1-3,5"; RQ_EUSAGE where it is no such list, or has a number above 65,536. */
int rq_parts_parse(struct rq_parts_wanted *out, const char *text, struct rq_err *err);
void rq_parts_release(struct rq_parts_wanted *wanted);
/* NULL wants all. */
bool rq_parts_want(const struct rq_parts_wanted *wanted, long number);
/* The highest number up to @total that may be wanted. */
long rq_parts_last(const struct rq_parts_wanted *wanted, long total);
/* RQ_EFORMAT where a number above @most is wanted. */
int rq_parts_check(const struct rq_parts_wanted *wanted, long most, struct rq_err *err);

/* The diff of a mail but for ids and numbers of lines: what two versions of it may share.  The caller frees. */
char *rq_mail_change(const struct rq_mail *m);
/* Whether they are one mail that came twice. */
bool rq_same_mail(const struct rq_mail *a, const struct rq_mail *b);

/* Two mails without an address are of one sender: patch files may have none. */
bool rq_same_sender(const struct rq_mail *a, const struct rq_mail *b);
/* RQ_EFORMAT: the two are versions of one thing, and a person has to say which is meant. */
int rq_other_sender(const struct rq_mail *a, const struct rq_mail *b, struct rq_err *err);

/*
 * Whether @newer is @older, sent again without a version: both have ids, and brackets, title and sender are
 * the same, and it has a later date.
 */
bool rq_sent_later(const struct rq_mail *newer, const struct rq_mail *older);

/* Of each hunk of a mail the path and the old lines. */
struct rq_old_sides {
	struct rq_names texts;
	struct rq_map known;
};

void rq_old_sides_of(struct rq_old_sides *out, const struct rq_mail *m);
/* Whether a hunk of @m has one of them: not both mails can be applied. */
bool rq_old_sides_clash(const struct rq_old_sides *sides, const struct rq_mail *m);
void rq_old_sides_release(struct rq_old_sides *sides);

/* The cover letter of @version, of those sent again the newest; NULL: there is none. */
const struct rq_mail *rq_cover_of(const struct rq_mails *mails, long version);
/* Whether it answers a mail of a series, which @ids has by their Message-IDs. */
bool rq_answers_series(const struct rq_mail *m, const struct rq_map *ids);

/* In the order of the queue; the mails are borrowed. */
struct rq_mail_list {
	rq_vec(const struct rq_mail *) v;
};

/*
 * The patches of a series that are to be taken: all are of the sender of @cover, of the first where that is
 * NULL.  An addition of another sender is taken out of the list and reported.  RQ_EFORMAT where another patch is of
 * another; where a person @named the version that is reported.  Files of git format-patch, unless some mail was
 * posted, have the authors of their patches as senders, and these differ.
 */
int rq_senders_check(struct rq_mail_list *list, struct rq_import *out,
		     const struct rq_mail *cover, bool named, struct rq_err *err);
/*
 * Reports the versions below @version that share no title and no thread with it or with one that does: another
 * series.  @heads, @n of them, are sorted by version.
 */
void rq_senders_say_unrelated(struct rq_import *out, const struct rq_mail *const *heads,
			      size_t n, long version);
/*
 * Of the patches without a number: @left_out, a flag for each mail, is set where another version is
 * taken, the one @wanted (0: the newest).  RQ_EFORMAT where senders differ and none is wanted, where two
 * are one version, and where a patch has not the one wanted.
 */
int rq_singles_choose(bool *left_out, struct rq_import *out, const struct rq_mails *mails,
		      long wanted, struct rq_err *err);

#endif
