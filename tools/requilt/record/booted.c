// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two boots side by side.  The base is what the port is held against: a test that is known to
 * fail there may fail here, and one that was good there must be there and good here.  A base that
 * fails otherwise was not tested as it should be, whatever the port does.
 */
#include "record/booted.h"

#include <ctype.h>
#include <stdint.h>
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

/*
 * The test of @other that is the one at @index of @run: with several of a name, the first
 * belongs to the first.
 */
static const struct rq_boot_test *peer(const struct rq_boot_run *other,
				       const struct rq_boot_run *run, size_t index)
{
	const char *name = run->tests.v[index].name;
	size_t before = 0;

	for (size_t i = 0; i < index; i++)
		before += strcmp(run->tests.v[i].name, name) == 0;
	for (size_t i = 0; i < other->tests.n; i++)
		if (strcmp(other->tests.v[i].name, name) == 0 && !before--)
			return &other->tests.v[i];
	return NULL;
}

/* "0xfe", "75", "00f": a word that tells an address, a process or a line. */
static bool is_number(struct rq_slice word)
{
	bool hex = false, digit = false;

	if (rq_slice_starts(word, "0x"))
		word = (struct rq_slice){ word.p + 2, word.n - 2 };
	for (size_t i = 0; i < word.n; i++) {
		digit |= isdigit((unsigned char)word.p[i]) != 0;
		hex |= isxdigit((unsigned char)word.p[i]) == 0;
	}
	return digit && !hex;
}

static struct rq_slice word_at(const char *p)
{
	struct rq_slice word = { p, 0 };

	while (isalnum((unsigned char)p[word.n]) || p[word.n] == '_')
		word.n++;
	return word;
}

/* Equal but for numbers, which differ from run to run. */
static bool same_complaint(const char *a, const char *b)
{
	while (*a && *b) {
		struct rq_slice one = word_at(a), other = word_at(b);

		if (!rq_slice_eq(one, other) && !(is_number(one) && is_number(other)))
			return false;
		a += one.n;
		b += other.n;
		if (!one.n && *a++ != *b++)
			return false;
	}
	return *a == *b;
}

/* How many complaints of @run, up to and with the one at @last, are like @text. */
static size_t count_like(const struct rq_boot_run *run, size_t last, const char *text)
{
	size_t n = 0;

	for (size_t i = 0; i < run->complaints.v.n && i <= last; i++)
		n += same_complaint(run->complaints.v.v[i], text);
	return n;
}

/* The base may say something once, and the port say it again. */
static bool is_news(const struct rq_booted *b, size_t i)
{
	const char *text = b->ported.complaints.v.v[i];

	return count_like(&b->ported, i, text) > count_like(&b->base, SIZE_MAX, text);
}

static void add(struct rq_names *to, char *owned)
{
	*rq_vec_push(&to->v) = owned;
}

/* What the kernel of a base is known to say stands among the tests as "kernel: ...". */
static const char *known_words(const char *known)
{
	static const char kernel[] = "kernel: ";

	return strncmp(known, kernel, strlen(kernel)) == 0 ? known + strlen(kernel)
							   : NULL;
}

static bool is_known_complaint(const struct rq_booted *b, const char *text)
{
	for (size_t i = 0; i < b->known.v.n; i++) {
		const char *words = known_words(b->known.v.v[i]);

		if (words && same_complaint(words, text))
			return true;
	}
	return false;
}

static bool is_stale(const struct rq_booted *b, const char *known)
{
	const char *words = known_words(known);

	return words ? !count_like(&b->base, SIZE_MAX, words)
		     : !rq_names_have(&b->failing, rq_slice_of(known));
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
	for (size_t i = 0; i < b->base.complaints.v.n; i++) {
		const char *text = b->base.complaints.v.v[i];

		if (!is_known_complaint(b, text))
			add(&b->worse, rq_xasprintf("the base's kernel says, and is not "
						    "known to: %s",
						    text));
	}
	/* A guest that did not come to its end does not show what it would pass. */
	if (b->base.state > RQ_BOOT_FAILED)
		return;
	for (size_t i = 0; i < b->known.v.n; i++)
		if (is_stale(b, b->known.v.v[i]))
			rq_names_add(&b->stale, rq_slice_of(b->known.v.v[i]));
}

/* Where the guest did not come to its end, what it did not run has one reason. */
static void add_not_run(struct rq_booted *b, const struct rq_names *names)
{
	if (b->ported.state > RQ_BOOT_FAILED && names->v.n > 1) {
		add(&b->worse, rq_xasprintf("not run: %zu tests, from %s on", names->v.n,
					    names->v.v[0]));
		return;
	}
	for (size_t i = 0; i < names->v.n; i++)
		add(&b->worse, rq_xasprintf("not run: %s", names->v.v[i]));
}

static void compare_tests(struct rq_booted *b)
{
	struct rq_names not_run = { 0 };

	for (size_t i = 0; i < b->base.tests.n; i++) {
		const struct rq_boot_test *base = &b->base.tests.v[i];
		const struct rq_boot_test *ported = peer(&b->ported, &b->base, i);

		if (base->skipped && ported && !ported->ok && !ported->skipped)
			add(&b->worse,
			    rq_xasprintf("fails, skipped on the base: %s", base->name));
		else if (!base->ok)
			continue;
		else if (!ported)
			rq_names_add(&not_run, rq_slice_of(base->name));
		else if (!ported->ok)
			add(&b->worse, rq_xasprintf("fails: %s", base->name));
	}
	for (size_t i = 0; i < b->ported.tests.n; i++) {
		const struct rq_boot_test *ported = &b->ported.tests.v[i];

		if (!ported->ok && !peer(&b->base, &b->ported, i))
			add(&b->worse, rq_xasprintf("fails: %s", ported->name));
	}
	add_not_run(b, &not_run);
	rq_names_release(&not_run);
}

void rq_booted_compare(struct rq_booted *b)
{
	rq_names_release(&b->failing);
	rq_names_release(&b->stale);
	rq_names_release(&b->worse);
	look_at_base(b);
	if (b->ported.state == RQ_BOOT_NONE || b->ported.state == RQ_BOOT_NO_QEMU)
		return;
	if (b->ported.state > RQ_BOOT_FAILED)
		add(&b->worse,
		    rq_xasprintf("the ported kernel: %s%s%s",
				 rq_boot_word(b->ported.state), b->ported.why ? ": " : "",
				 b->ported.why ? b->ported.why : ""));
	for (size_t i = 0; i < b->ported.complaints.v.n; i++)
		if (is_news(b, i))
			add(&b->worse, rq_xasprintf("the kernel says: %s",
						    b->ported.complaints.v.v[i]));
	if (b->ported.state == RQ_BOOT_NOT_BUILT || b->ported.state == RQ_BOOT_NEVER_UP)
		return;
	compare_tests(b);
	if (b->base.state == RQ_BOOT_PASSED && b->ported.state == RQ_BOOT_FAILED &&
	    !b->worse.v.n)
		add(&b->worse,
		    rq_xstrdup("the ported kernel: failed, and nothing tells why"));
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
	free(run->tail);
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
	rq_names_release(&booted->stale);
	rq_names_release(&booted->worse);
	free(booted->config);
	free(booted->machine);
	free(booted->note);
	free(booted);
}
