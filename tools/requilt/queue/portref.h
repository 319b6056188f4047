/* SPDX-License-Identifier: GPL-2.0-only */
/* Refs of ports in a kernel repository that several queue repositories may share. */
#ifndef REQUILT_QUEUE_PORTREF_H
#define REQUILT_QUEUE_PORTREF_H

#include <stdbool.h>

#include "git/git.h"

/* Whether the output of @name, "queue/branch", in the queue repository @root says that its head is @oid. */
bool rq_port_ref_is_ours(const char *root, const char *name, const struct rq_oid *oid);

#endif
