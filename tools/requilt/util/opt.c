// SPDX-License-Identifier: GPL-2.0-only
/*
 * Options from tables.  Rearranges argv so that words without a dash come together; never
 * prints an error itself.  Refuses what no table lists, a value for a flag, and a number
 * with a sign, a blank or a unit; a name is never abbreviated, so that a new option cannot
 * change what an old script means.
 */
#include "util/opt.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/mem.h"
#include "util/names.h"
#include "util/near.h"

static const struct rq_opt *find(const struct rq_opt *const *tables, const char *name,
				 size_t n, char letter)
{
	for (; *tables; tables++)
		for (const struct rq_opt *o = *tables; o->name; o++)
			if (letter ? o->letter == letter
				   : strlen(o->name) == n &&
					     strncmp(o->name, name, n) == 0)
				return o;
	return NULL;
}

bool rq_opt_takes_no_word(const struct rq_opt *option)
{
	return option->kind == RQ_OPT_FLAG || option->kind == RQ_OPT_MAYBE;
}

static int set(const struct rq_opt *o, const char *value, struct rq_err *err)
{
	char *end;

	if (o->kind == RQ_OPT_FLAG) {
		*(bool *)o->value = true;
		return 0;
	}
	if (o->kind == RQ_OPT_MAYBE) {
		*(const char **)o->value = value ? value : "";
		return 0;
	}
	if (!value)
		return rq_err_set(err, RQ_EUSAGE, "option '--%s' needs %s", o->name,
				  o->arg);
	if (o->kind == RQ_OPT_STRING) {
		*(const char **)o->value = value;
		return 0;
	}
	if (o->kind == RQ_OPT_NAMES) {
		rq_names_add(o->value, rq_slice_of(value));
		return 0;
	}
	errno = 0;
	*(long *)o->value = strtol(value, &end, 10);
	if (errno || value[0] < '0' || value[0] > '9' || *end)
		return rq_err_set(err, RQ_EUSAGE,
				  "option '--%s' needs a whole number, not '%s'", o->name,
				  value);
	return 0;
}

static int refuse_option(const struct rq_opt *const *tables, const char *name, size_t n,
			 struct rq_err *err)
{
	_cleanup_free_ char *word = rq_xstrndup(name, n), *meant = NULL;
	struct rq_near near = { .word = word };

	for (; *tables; tables++)
		for (const struct rq_opt *o = *tables; o->name; o++)
			rq_near_offer(&near, o->name);
	meant = rq_near_text(&near, "--");
	return rq_err_set(err, RQ_EUSAGE, "unknown option '--%s'%s", word,
			  near.best ? meant : "; see 'requilt --help'");
}

/* "--name", "--name=value", "--name value"; returns how many words it took, or an error. */
static int parse_long(const struct rq_opt *const *tables, char **argv, struct rq_err *err)
{
	const char *name = argv[0] + 2, *equals = strchr(name, '=');
	size_t n = equals ? (size_t)(equals - name) : strlen(name);
	const struct rq_opt *o = find(tables, name, n, 0);
	int rc;

	if (!o)
		return refuse_option(tables, name, n, err);
	if (o->kind == RQ_OPT_FLAG && equals)
		return rq_err_set(err, RQ_EUSAGE, "option '--%s' takes no value",
				  o->name);
	if (rq_opt_takes_no_word(o) || equals) {
		rc = set(o, equals ? equals + 1 : NULL, err);
		return rc ? rc : 1;
	}
	rc = set(o, argv[1], err);
	return rc ? rc : 2;
}

/* "-qv", "-j4", "-j 4" */
static int parse_short(const struct rq_opt *const *tables, char **argv,
		       struct rq_err *err)
{
	for (const char *c = argv[0] + 1; *c; c++) {
		const struct rq_opt *o = find(tables, NULL, 0, *c);
		int rc;

		if (!o)
			return rq_err_set(err, RQ_EUSAGE,
					  "unknown option '-%c'; see 'requilt --help'",
					  *c);
		if (rq_opt_takes_no_word(o)) {
			rc = set(o, NULL, err);
			if (rc)
				return rc;
			continue;
		}
		rc = set(o, c[1] ? c + 1 : argv[1], err);
		return rc ? rc : c[1] ? 1 : 2;
	}
	return 1;
}

int rq_opt_parse(const struct rq_opt *const *tables, int *argc, char **argv,
		 struct rq_err *err)
{
	int words = 0, i = 0;

	while (i < *argc) {
		int took = 1;

		if (strcmp(argv[i], "--") == 0) {
			for (i++; i < *argc; i++)
				argv[words++] = argv[i];
			break;
		}
		if (argv[i][0] != '-' || !argv[i][1])
			argv[words++] = argv[i];
		else if (argv[i][1] == '-')
			took = parse_long(tables, argv + i, err);
		else
			took = parse_short(tables, argv + i, err);
		if (took < 0)
			return took;
		i += took;
	}
	*argc = words;
	argv[words] = NULL;
	return 0;
}

int rq_opt_words(const struct rq_opt *table, const char *word)
{
	const struct rq_opt *const tables[] = { table, NULL };
	const struct rq_opt *o;

	if (word[1] == '-') {
		o = find(tables, word + 2, strlen(word + 2), 0);
		return o && !rq_opt_takes_no_word(o) ? 2 : 1;
	}
	for (const char *c = word + 1; *c; c++) {
		o = find(tables, NULL, 0, *c);
		if (o && !rq_opt_takes_no_word(o))
			return c[1] ? 1 : 2;
	}
	return 1;
}

void rq_opt_help(const struct rq_opt *table, FILE *out)
{
	for (const struct rq_opt *o = table; o && o->name; o++) {
		char left[64];

		snprintf(left, sizeof(left), "%c%c%s--%s%s%s", o->letter ? '-' : ' ',
			 o->letter ? o->letter : ' ', o->letter ? ", " : "  ", o->name,
			 o->arg ? " " : "", o->arg ? o->arg : "");
		fprintf(out, "  %-24s %s\n", left, o->help);
	}
}
