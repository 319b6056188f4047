/* SPDX-License-Identifier: GPL-2.0-only */
/* A mail, decoded, on its way from mbox.c to thread.c. */
#ifndef REQUILT_IMPORT_MAIL_INTERNAL_H
#define REQUILT_IMPORT_MAIL_INTERNAL_H

#include "import/import.h"

/* All strings are owned; NULL where the mail has no such field. */
struct rq_mail {
	char *where; /* "file" or "file:line", for messages */
	char *id, *parent;
	char *subject;	     /* without "[PATCH ...]" and "Re:" */
	char *address;	     /* of the sender, without the name */
	struct rq_str bytes; /* as it will stand in the queue */
	struct rq_str body;  /* decoded */
	bool reply;	     /* "Re:" */
	bool has_diff;
	bool numbered;		     /* [PATCH n/total] */
	long version, number, total; /* 1, 1, 1 where the subject tells nothing */
};

struct rq_mails {
	rq_vec(struct rq_mail) v;
};

/* Every mail of a file or a maildir, in order. */
int rq_mails_read(struct rq_mails *out, const char *path, struct rq_err *err);
void rq_mails_release(struct rq_mails *mails);

#endif
