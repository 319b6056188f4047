// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two boots side by side.  The base is what the port is held against: a test that is known to
 * fail there may fail here, and one that was good there must be there and good here.  A base that
 * fails otherwise was not tested as it should be, whatever the port does.
 */
#include "record/booted.h"

#include <ctype.h>
#include <stdlib.h>

static const char *const words[RQ_BOOT_STATES] = {
	[RQ_BOOT_NONE] = "not booted",	   [RQ_BOOT_PASSED] = "passed",
	[RQ_BOOT_FAILED] = "failed",	   [RQ_BOOT_PANICKED] = "panicked",
	[RQ_BOOT_HUNG] = "hung",	   [RQ_BOOT_NEVER_UP] = "never came up",
	[RQ_BOOT_NOT_BUILT] = "not built", [RQ_BOOT_NO_QEMU] = "qemu missing",
};

const char *rq_boot_word(enum rq_boot_state state)
{
	return words[state];
}

static const struct rq_boot_test *find(const struct rq_boot_run *run, const char *name)
{
	for (size_t i = 0; i < run->tests.n; i++)
		if (strcmp(run->tests.v[i].name, name) == 0)
			return &run->tests.v[i];
	return NULL;
}

/* Addresses, numbers of processes and lines differ from run to run. */
static bool same_complaint(const char *a, const char *b)
{
	while (*a && *b) {
		if (isxdigit((unsigned char)*a) && isxdigit((unsigned char)*b)) {
			while (isxdigit((unsigned char)*a))
				a++;
			while (isxdigit((unsigned char)*b))
				b++;
		} else if (*a++ != *b++) {
			return false;
		}
	}
	return *a == *b;
}

static bool complained(const struct rq_boot_run *run, const char *text)
{
	for (size_t i = 0; i < run->complaints.v.n; i++)
		if (same_complaint(run->complaints.v.v[i], text))
			return true;
	return false;
}

static void add(struct rq_names *to, char *owned)
{
	*rq_vec_push(&to->v) = owned;
}

static void look_at_base(struct rq_booted *b)
{
	for (size_t i = 0; i < b->base.tests.n; i++) {
		const char *name = b->base.tests.v[i].name;

		if (b->base.tests.v[i].ok)
			continue;
		rq_names_add_once(&b->failing, rq_slice_of(name));
		if (!rq_names_have(&b->known, rq_slice_of(name)))
			add(&b->worse, rq_xasprintf("fails on the base, and is not known "
						    "to: %s",
						    name));
	}
}

static void compare_tests(struct rq_booted *b)
{
	for (size_t i = 0; i < b->base.tests.n; i++) {
		const struct rq_boot_test *base = &b->base.tests.v[i];
		const struct rq_boot_test *ported = find(&b->ported, base->name);

		if (base->skipped && ported && !ported->ok && !ported->skipped)
			add(&b->worse,
			    rq_xasprintf("fails, skipped on the base: %s", base->name));
		else if (!base->ok)
			continue;
		else if (!ported)
			add(&b->worse, rq_xasprintf("not run: %s", base->name));
		else if (!ported->ok)
			add(&b->worse, rq_xasprintf("fails: %s", base->name));
	}
	for (size_t i = 0; i < b->ported.tests.n; i++) {
		const struct rq_boot_test *ported = &b->ported.tests.v[i];

		if (!ported->ok && !find(&b->base, ported->name))
			add(&b->worse, rq_xasprintf("fails: %s", ported->name));
	}
}

void rq_booted_compare(struct rq_booted *b)
{
	look_at_base(b);
	if (b->ported.state == RQ_BOOT_NONE || b->ported.state == RQ_BOOT_NO_QEMU)
		return;
	if (b->ported.state > RQ_BOOT_FAILED)
		add(&b->worse,
		    rq_xasprintf("the ported kernel: %s%s%s",
				 rq_boot_word(b->ported.state), b->ported.why ? ": " : "",
				 b->ported.why ? b->ported.why : ""));
	for (size_t i = 0; i < b->ported.complaints.v.n; i++)
		if (!complained(&b->base, b->ported.complaints.v.v[i]))
			add(&b->worse, rq_xasprintf("the kernel says: %s",
						    b->ported.complaints.v.v[i]));
	compare_tests(b);
}

/* A base that does not come to the end of its tests proves nothing about its port. */
bool rq_booted_well(const struct rq_booted *b)
{
	bool base = b->base.state == RQ_BOOT_PASSED || b->base.state == RQ_BOOT_FAILED;
	bool ported = b->ported.state == RQ_BOOT_PASSED ||
		      b->ported.state == RQ_BOOT_FAILED ||
		      b->ported.state == RQ_BOOT_NONE;

	return base && ported && !b->worse.v.n;
}

void rq_boot_run_release(struct rq_boot_run *run)
{
	for (size_t i = 0; i < run->tests.n; i++)
		free(run->tests.v[i].name);
	rq_vec_release(&run->tests);
	rq_names_release(&run->complaints);
	free(run->why);
	free(run->log);
	*run = (struct rq_boot_run){ 0 };
}

void rq_booted_free(struct rq_booted *booted)
{
	if (!booted)
		return;
	rq_boot_run_release(&booted->base);
	rq_boot_run_release(&booted->ported);
	rq_names_release(&booted->known);
	rq_names_release(&booted->failing);
	rq_names_release(&booted->worse);
	free(booted->config);
	free(booted->machine);
	free(booted);
}
