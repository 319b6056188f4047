/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Does a C file define a name?  Enough C for kernel sources, no preprocessor.
 */
#ifndef REQUILT_QUEUE_DEFINES_H
#define REQUILT_QUEUE_DEFINES_H

#include <stdbool.h>

#include "util/str.h"

/*
 * Whether @text has a macro, a prototype, or a definition (function, variable, type,
 * enumerator) of @name at file level; a use inside a function body or a comment is none.
 */
bool rq_text_defines(struct rq_slice text, const char *name);

#endif
