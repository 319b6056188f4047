// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernel versions: parsed, compared by the parts given, read from a Makefile.
 */
#include "series/series.h"

#include <ctype.h>

#include "util/mem.h"

static bool take_number(struct rq_slice *rest, long *out)
{
	size_t n = 0;

	*out = 0;
	while (n < rest->n && n < 9 && isdigit((unsigned char)rest->p[n]))
		*out = *out * 10 + (rest->p[n++] - '0');
	rest->p += n;
	rest->n -= n;
	return n > 0;
}

int rq_version_parse(struct rq_version *out, struct rq_slice text, struct rq_err *err)
{
	struct rq_slice rest = text;
	bool fine = true;

	*out = (struct rq_version){ 0 };
	if (rest.n && rest.p[0] == 'v') {
		rest.p++;
		rest.n--;
	}
	do {
		if (out->n)
			rest = (struct rq_slice){ rest.p + 1, rest.n - 1 };
		fine = out->n < 4 && take_number(&rest, &out->part[out->n]);
		out->n++;
	} while (fine && rest.n && rest.p[0] == '.');
	if (fine && rq_slice_starts(rest, "-rc")) {
		rest = (struct rq_slice){ rest.p + 3, rest.n - 3 };
		fine = take_number(&rest, &out->rc) && out->rc;
	}
	if (!fine || rest.n)
		return rq_err_set(err, RQ_EFORMAT,
				  "'%.*s' is no kernel version; write it like v6.1 or "
				  "6.1.187 or 6.7-rc2",
				  text.n < 60 ? (int)text.n : 60, text.p);
	return 0;
}

/* -1, 0 or 1, by the first @n parts; a release comes after its candidates. */
static int compare(const struct rq_version *a, const struct rq_version *b, int n)
{
	for (int i = 0; i < n; i++)
		if (a->part[i] != b->part[i])
			return a->part[i] < b->part[i] ? -1 : 1;
	return 0;
}

static int compare_rc(const struct rq_version *a, const struct rq_version *b)
{
	long x = a->rc ? a->rc : 1L << 30, y = b->rc ? b->rc : 1L << 30;

	return x < y ? -1 : x > y;
}

bool rq_version_in(const struct rq_version *v, const struct rq_version *from,
		   const struct rq_version *to)
{
	int low = compare(v, from, from->n), high = compare(v, to, to->n);

	if (low < 0 || (low == 0 && from->rc && compare_rc(v, from) < 0))
		return false;
	return high < 0 || (high == 0 && (!to->rc || compare_rc(v, to) <= 0));
}

static bool assigned(struct rq_slice line, const char *name, struct rq_slice *value)
{
	size_t n = strlen(name);

	if (!rq_slice_starts(line, name))
		return false;
	line = rq_slice_trim((struct rq_slice){ line.p + n, line.n - n });
	if (!line.n || line.p[0] != '=')
		return false;
	*value = rq_slice_trim((struct rq_slice){ line.p + 1, line.n - 1 });
	return true;
}

/* What a make variable of a kernel's version holds, and no more: it is printed and compared. */
static bool is_number(struct rq_slice value)
{
	long number;

	return value.n <= 9 && take_number(&value, &number) && !value.n;
}

/* "-rc2" of "-rc2-next"; any other word says nothing of the version. */
static struct rq_slice candidate(struct rq_slice extra)
{
	struct rq_slice rest = { extra.p + 3, extra.n - 3 };
	long number;

	if (!rq_slice_starts(extra, "-rc") || !take_number(&rest, &number))
		return RQ_SLICE("");
	extra.n = (size_t)(rest.p - extra.p);
	return extra;
}

char *rq_version_of_makefile(struct rq_slice makefile)
{
	struct rq_slice line, major = { 0 }, minor = { 0 }, sub = RQ_SLICE("0"),
			      extra = { 0 };

	while (rq_slice_next_line(&makefile, &line)) {
		if (assigned(line, "VERSION", &major) ||
		    assigned(line, "PATCHLEVEL", &minor) ||
		    assigned(line, "SUBLEVEL", &sub))
			continue;
		if (assigned(line, "EXTRAVERSION", &extra))
			break;
	}
	if (!is_number(major) || !is_number(minor) || !is_number(sub))
		return NULL;
	extra = candidate(extra);
	return rq_xasprintf("%.*s.%.*s.%.*s%.*s", RQ_SLICE_ARG(major),
			    RQ_SLICE_ARG(minor), RQ_SLICE_ARG(sub), RQ_SLICE_ARG(extra));
}
