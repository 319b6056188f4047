// SPDX-License-Identifier: GPL-2.0-only
/*
 * "1-3,5": which patches of a series are wanted.
 */
#include "import/mail_internal.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/param.h>

#define LONGEST_SERIES 65536 /* patches: each number that is wanted is looked up */

void rq_parts_release(struct rq_parts_wanted *wanted)
{
	rq_vec_release(&wanted->v);
}

/* A number from 1 at *text, which is put behind it; 0: there is none. */
static long read_number(const char **text)
{
	char *end;
	long n;

	if (!isdigit((unsigned char)**text))
		return 0;
	n = strtol(*text, &end, 10);
	*text = end;
	return n < LONG_MAX ? n : 0;
}

int rq_parts_parse(struct rq_parts_wanted *out, const char *text, struct rq_err *err)
{
	const char *at = text;

	do {
		struct rq_part part = { 0 };

		at += at != text;
		part.first = part.last = read_number(&at);
		if (part.first && *at == '-') {
			at++;
			part.last = read_number(&at);
		}
		if (!part.first || part.last < part.first)
			return rq_err_set(err, RQ_EUSAGE,
					  "-P: '%s' is no list of numbers, as 1-3,5 is",
					  text);
		if (part.last > LONGEST_SERIES)
			return rq_err_set(
				err, RQ_EUSAGE,
				"-P: '%s' names patch %ld; a series has at most %d", text,
				part.last, LONGEST_SERIES);
		*rq_vec_push(&out->v) = part;
	} while (*at == ',');
	return *at ? rq_err_set(err, RQ_EUSAGE,
				"-P: '%s' is no list of numbers, as 1-3,5 is", text)
		   : 0;
}

bool rq_parts_want(const struct rq_parts_wanted *wanted, long number)
{
	for (size_t i = 0; wanted && i < wanted->v.n; i++)
		if (wanted->v.v[i].first <= number && number <= wanted->v.v[i].last)
			return true;
	return !wanted;
}

long rq_parts_last(const struct rq_parts_wanted *wanted, long total)
{
	long last = 0;

	for (size_t i = 0; wanted && i < wanted->v.n; i++)
		last = MAX(last, wanted->v.v[i].last);
	return wanted ? MIN(last, total) : total;
}

int rq_parts_check(const struct rq_parts_wanted *wanted, long most, struct rq_err *err)
{
	long last = rq_parts_last(wanted, LONG_MAX);

	if (!wanted || last <= most)
		return 0;
	return rq_err_set(err, RQ_EFORMAT,
			  "-P: there is no patch %ld; the series has %ld", last, most);
}
