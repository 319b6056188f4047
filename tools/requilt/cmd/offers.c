// SPDX-License-Identifier: GPL-2.0-only
/*
 * Offers by number: which are meant, what to write in the note, and the key that takes one.  Changes no
 * file.
 */
#include "cmd/offers.h"

#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "cmd/cmd.h"

/* A note lists so many. */
#define MOST_NOTED 3

static const struct rq_offer *taken_of(const struct rq_names *ids,
				       const struct rq_hunk_record *hunk)
{
	for (size_t i = 0; i < hunk->offers.v.n; i++)
		if (hunk->offers.v.v[i].number &&
		    rq_offer_is_among(&hunk->offers.v.v[i], ids, hunk->file, hunk->hunk))
			return &hunk->offers.v.v[i];
	return NULL;
}

/* To leave a file out that the branch does not have; NULL: not offered. */
static const struct rq_offer *without_file(const struct rq_hunk_record *hunk)
{
	for (size_t i = 0; !hunk->hunk && i < hunk->offers.v.n; i++)
		if (hunk->offers.v.v[i].kind == RQ_OFFER_WITHOUT)
			return &hunk->offers.v.v[i];
	return NULL;
}

static size_t count_without(const struct rq_conflict *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->tried.hunks.n; i++)
		n += without_file(&c->tried.hunks.v[i]) != NULL;
	return n;
}

/* The last number of an offer of one hunk. */
static long last_of_hunks(const struct rq_conflict *c)
{
	long last = 0;

	for (size_t i = 0; i < c->tried.hunks.n; i++)
		for (size_t k = 0; k < c->tried.hunks.v[i].offers.v.n; k++)
			if (c->tried.hunks.v[i].offers.v.v[k].number > last)
				last = c->tried.hunks.v[i].offers.v.v[k].number;
	return last;
}

long rq_cmd_offers_last(const struct rq_conflict *c)
{
	return last_of_hunks(c) + (count_without(c) > 1);
}

void rq_cmd_offers_print_all(const struct rq_conflict *c)
{
	if (count_without(c) > 1)
		printf("    all of them:\n      %ld: the %zu files that the branch does "
		       "not have are left out\n",
		       rq_cmd_offers_last(c), count_without(c));
}

static void add_id(struct rq_names *ids, const struct rq_hunk_record *hunk,
		   const struct rq_offer *offer)
{
	char hex[RQ_OID_HEX + 1];
	struct rq_oid id;

	rq_offer_id(&id, offer, hunk->file, hunk->hunk);
	rq_names_add_once(ids, rq_slice_of(rq_oid_hex(hex, &id)));
}

static int choose_of_hunk(struct rq_names *ids, const struct rq_hunk_record *hunk,
			  const struct rq_offer *offer, struct rq_err *err)
{
	const struct rq_offer *before = taken_of(ids, hunk);

	if (before && before != offer)
		return rq_err_set(err, RQ_EUSAGE,
				  "--take %ld: offer %ld of the same hunk is taken; "
				  "--abort begins again",
				  offer->number, before->number);
	add_id(ids, hunk, offer);
	return 0;
}

static int choose(struct rq_names *ids, const struct rq_conflict *c, const char *word,
		  struct rq_err *err)
{
	long last = rq_cmd_offers_last(c);
	char *end;
	long number = strtol(word, &end, 10);

	if (*end || end == word || number < 1 || number > last) {
		if (!last)
			return rq_err_set(err, RQ_EUSAGE,
					  "--take %s: %s has no offers; finish it by "
					  "hand, then --continue",
					  word, c->entry);
		return rq_err_set(err, RQ_EUSAGE,
				  "--take %s: no such offer; %s has 1 to %ld", word,
				  c->entry, last);
	}
	for (size_t i = 0; i < c->tried.hunks.n; i++) {
		const struct rq_hunk_record *hunk = &c->tried.hunks.v[i];
		const struct rq_offer *without = without_file(hunk);

		for (size_t k = 0; k < hunk->offers.v.n; k++)
			if (hunk->offers.v.v[k].number == number)
				return choose_of_hunk(ids, hunk, &hunk->offers.v.v[k],
						      err);
		if (number > last_of_hunks(c) && without && !taken_of(ids, hunk))
			add_id(ids, hunk, without);
	}
	return 0;
}

int rq_cmd_offers_choose(struct rq_names *ids, const struct rq_conflict *c,
			 const struct rq_names *numbers, struct rq_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < numbers->v.n && !rc; i++)
		rc = choose(ids, c, numbers->v.v[i], err);
	return rc;
}

char *rq_cmd_offers_note(const struct rq_conflict *c, const struct rq_names *ids)
{
	struct rq_str text = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < c->tried.hunks.n; i++) {
		const struct rq_hunk_record *hunk = &c->tried.hunks.v[i];
		const struct rq_offer *offer = taken_of(ids, hunk);

		if (!offer || n++ >= MOST_NOTED)
			continue;
		rq_str_addf(&text, "%s%s", n > 1 ? "; " : "", hunk->file);
		if (hunk->hunk)
			rq_str_addf(&text, " hunk %ld", hunk->hunk);
		rq_str_adds(&text, ": ");
		rq_offer_print(&text, offer);
	}
	if (n > MOST_NOTED)
		rq_str_addf(&text, "; and %zu more", n - MOST_NOTED);
	return text.s ? text.s : rq_xstrdup("");
}

/* One key, without Enter; 0 at the end of the input. */
static int read_key(void)
{
	struct termios before, raw;
	unsigned char key = 0;

	if (tcgetattr(STDIN_FILENO, &before))
		return 0;
	raw = before;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
	if (read(STDIN_FILENO, &key, 1) != 1)
		key = 0;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
	return key;
}

/* More than nine numbers need Enter.  NULL at the end of the input. */
static char *read_word(bool one_key)
{
	char word[2] = "";

	if (!one_key)
		return rq_cmd_read_answer();
	word[0] = (char)read_key();
	printf("%s\n", word[0] > ' ' ? word : "");
	return rq_xstrdup(word);
}

enum rq_offer_answer rq_cmd_offers_ask(char **number, const struct rq_conflict *c,
				       bool may_skip)
{
	long last = rq_cmd_offers_last(c);
	_cleanup_free_ char *word = NULL;

	*number = NULL;
	if (!last || rq_globals.quiet || !rq_cmd_can_ask())
		return RQ_ANSWER_BY_HAND;
	printf("\ntake offer 1 to %ld%s, or another key to finish it by hand: ", last,
	       may_skip ? ", s to leave the patch out" : "");
	fflush(stdout);
	word = read_word(last < 10);
	if (may_skip && word && strcmp(word, "s") == 0)
		return RQ_ANSWER_SKIP;
	if (!word || !*word || word[strspn(word, "0123456789")] ||
	    strtol(word, NULL, 10) < 1 || strtol(word, NULL, 10) > last)
		return RQ_ANSWER_BY_HAND;
	*number = TAKE_PTR(word);
	return RQ_ANSWER_TAKE;
}
