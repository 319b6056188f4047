/* SPDX-License-Identifier: GPL-2.0-only */
/* Private to emit/: whom a patch's trailers name. */
#ifndef REQUILT_EMIT_RECEIVERS_H
#define REQUILT_EMIT_RECEIVERS_H

#include "util/names.h"
#include "util/str.h"

/*
 * Adds whom the trailers of the message @body name (*-by, Cc) to @to, each once, as a header of a mail has them:
 * encoded, without remarks.  What has no address that a header takes is left out.
 */
void rq_receivers_of(struct rq_names *to, struct rq_slice body);

#endif
