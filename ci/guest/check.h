/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Checks that each get memory of their own: what one did to it (a write after fork takes a huge
 * page apart) must not make the next one a check of something else.
 */
#ifndef GUEST_CHECK_H
#define GUEST_CHECK_H

#include "area.h"
#include "ktap.h"
#include "peer.h"

typedef void check_fn(const struct area *a, const char *name);

static inline void check_each(enum kind kind, check_fn *const *checks, size_t n)
{
	const char *name = kind_names[kind];

	for (size_t i = 0; i < n; i++) {
		struct area a;

		if (ok(area_new(&a, kind), "%s: is there for check %zu", name, i + 1))
			checks[i](&a, name);
		area_free(&a);
	}
}

#endif
