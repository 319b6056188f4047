/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of a mail as text, from decode.c to mail.c. */
#ifndef REQUILT_IMPORT_MIME_INTERNAL_H
#define REQUILT_IMPORT_MIME_INTERNAL_H

#include <gmime/gmime.h>

#include "util/str.h"

struct rq_parts {
	struct rq_str *out;
	struct rq_str *mails; /* attached patch files with a head of their own: an mbox */
	size_t texts, bare;   /* attached ones without */
	bool keep_cr;	      /* carriage returns stay where the whole text has them */
	bool crlf;	      /* some text had them */
};

/* Appends the first text and every attached patch, in UTF-8 where that can be known. */
void rq_parts_read(struct rq_parts *parts, GMimeMessage *message);

#endif
