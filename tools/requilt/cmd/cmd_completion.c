// SPDX-License-Identifier: GPL-2.0-only
/*
 * requilt completion: what a shell needs to complete commands, options and names.  Everything in the
 * scripts comes from the tables that parse the command line; queues, branches and entries are
 * asked for when the key is pressed (--words).  Names go through no evaluation in any shell.
 */
#include "cmd/cmd.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

static const char *words_of;

const struct rq_opt rq_cmd_completion_options[] = {
	{ "words", 0, RQ_OPT_STRING, "KIND",
	  "print the queues, branches or entries, for the scripts", &words_of },
	{ 0 },
};

/* What an argument's name in a help text stands for. */
static const struct {
	const char *name,
		*kind; /* kind: a word of the scripts, or the values themselves */
} kinds[] = {
	{ "BRANCH", "branches" },
	{ "DIR", "dirs" },
	{ "ENTRY", "entries" },
	{ "FILE", "files" },
	{ "KIND", "queues,branches,entries" },
	{ "NEWBASE", "branches" },
	{ "BASE", "branches" },
	{ "PATCH", "files" },
	{ "PATH", "files" },
	{ "QUEUE", "queues" },
	{ "SOURCE", "files" },
	{ "TREEISH", "branches" },
	{ "WHEN", "auto,always,never" },
};

/* Options whose argument's name says too little. */
static const struct {
	const char *command, *option, *kind;
} special[] = {
	{ "export", "dialect", "stable,dep3,suse,yocto" },
	{ "export", "format", "quilt,mbox,mails,openwrt,yocto,rpm,debian" },
	{ "lint", "dialect", "stable,dep3,suse,yocto" },
	{ "matrix", "format", "github,gitlab,json" },
	{ "verify", "accel", "auto,kvm,tcg" },
};

static const char *kind_of(struct rq_slice name)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (rq_slice_eq(name, rq_slice_of(kinds[i].name)))
			return kinds[i].kind;
	return "none";
}

static const char *kind_of_option(const char *command, const struct rq_opt *option)
{
	for (size_t i = 0; i < ARRAY_SIZE(special); i++)
		if (strcmp(special[i].command, command) == 0 &&
		    strcmp(special[i].option, option->name) == 0)
			return special[i].kind;
	return kind_of(rq_slice_of(option->arg));
}

/* --- what a usage line says of the words behind a command --- */

/* A literal ("add", "bash"), or a name in capitals. */
static bool is_literal(struct rq_slice word)
{
	for (size_t i = 0; i < word.n; i++)
		if (isupper((unsigned char)word.p[i]))
			return false;
	return word.n > 0;
}

/* Takes "[", "]" and "..." off; *many says whether there were dots. */
static struct rq_slice bare(struct rq_slice word, bool *many)
{
	while (word.n && word.p[0] == '[')
		word = (struct rq_slice){ word.p + 1, word.n - 1 };
	while (word.n && word.p[word.n - 1] == ']')
		word.n--;
	*many = rq_slice_ends(word, "...");
	if (*many)
		word.n -= 3;
	return word;
}

/* "bash|zsh" gives "bash,zsh". */
static void add_literal(struct rq_str *out, struct rq_slice word)
{
	for (size_t i = 0; i < word.n; i++)
		rq_str_add(out, word.p[i] == '|' ? "," : word.p + i, 1);
}

/*
 * "QUEUE BRANCH [ENTRY]" gives "queues branches entries", "[QUEUE...]" gives "queues+", and
 * "add BRANCH SOURCE | list" gives "add,list branches files".  An option and its argument stand
 * among the options.
 */
static void add_plan(struct rq_str *out, const char *usage)
{
	struct rq_slice rest = rq_slice_of(usage), other = { 0 };
	const char *bar = strstr(usage, " | ");
	const char *gap = "";
	bool many;

	if (bar) {
		rest.n = (size_t)(bar - usage);
		other = rq_slice_of(bar + 3);
	}
	while (rest.n) {
		struct rq_slice word = rq_slice_next_word(&rest);
		bool closed = word.p[word.n - 1] == ']';

		if (word.p[0] == '-' || rq_slice_starts(word, "[-")) {
			/* "-o DIR|--markdown|--junit", "--onto TREEISH": but "--build|--boot" is whole. */
			if (!closed && !memchr(word.p, '|', word.n))
				rq_slice_next_word(&rest);
			continue;
		}
		word = bare(word, &many);
		rq_str_adds(out, gap);
		gap = " ";
		if (is_literal(word)) {
			add_literal(out, word);
			if (other.n)
				rq_str_addf(out, ",%.*s", RQ_SLICE_ARG(other));
		} else {
			rq_str_adds(out, kind_of(word));
		}
		rq_str_adds(out, many ? "+" : "");
	}
}

/* --- the scripts --- */

/* Below its tables, each shell's way to use them; made from completion.bash and .zsh. */
static const char bash_engine[] =
#include "cmd/completion_bash.inc"
	;
static const char zsh_engine[] =
#include "cmd/completion_zsh.inc"
	;
static const char fish_engine[] =
#include "cmd/completion_fish.inc"
	;

/* How a shell writes functions that answer by their words. */
struct syntax {
	const char *function,
		*end;	       /* around a function; %s is its name, after "_requilt_" */
	const char *one, *two; /* begins a choice by the first word; by both */
	const char *other, *done; /* the row for all others, which fails; ends a choice */
	const char *row, *row_end; /* around what one word chooses */
	const char *pair,
		*or_pair; /* begins a row for COMMAND and "--option", and for one more */
	const char *kind; /* ends it: the kind of words that follow */
};

static const struct syntax posix = {
	.function = "_requilt_%s() {",
	.end = "}",
	.one = "\tcase $1 in\n",
	.two = "\tcase $1' '$2 in\n",
	.other = "\t*) return 1 ;;\n",
	.done = "\tesac\n",
	.row = "\t%s)\n",
	.row_end = "\t\t;;\n",
	.pair = "\t%s' %s'",
	.or_pair = " | %s' %s'",
	.kind = ") kind=%s ;;\n",
};

static const struct syntax fish = {
	.function = "function __requilt_%s",
	.end = "end",
	.one = "\tswitch $argv[1]\n",
	.two = "\tswitch \"$argv[1] $argv[2]\"\n",
	.other = "\tcase '*'\n\t\treturn 1\n",
	.done = "\tend\n",
	.row = "\tcase %s\n",
	.row_end = "",
	.pair = "\tcase '%s %s'",
	.or_pair = " '%s %s'",
	.kind = "\n\t\techo %s\n",
};

static const struct shell {
	const char *name, *first; /* the line in front */
	const char *engine;
	const struct syntax *syntax;
	const char *described; /* between a word and its help text; NULL: takes none */
} shells[] = {
	{ "bash", "# bash completion for requilt", bash_engine, &posix, NULL },
	{ "zsh", "#compdef requilt", zsh_engine, &posix, ":" },
	{ "fish", "# fish completion for requilt", fish_engine, &fish, "\t" },
};

/* One word in single quotes, on a line of its own. */
static void print_word(const struct shell *shell, const char *dashes, const char *name,
		       const char *help)
{
	printf(" \\\n\t\t'%s%s%s", dashes, name,
	       shell->described ? shell->described : "");
	for (const char *p = help; shell->described && *p; p++)
		if (*p == '\'')
			fputs("'\\''", stdout);
		else
			putchar(*p);
	putchar('\'');
}

static void print_options(const struct shell *shell, const struct rq_opt *table)
{
	for (const struct rq_opt *o = table; o && o->name; o++) {
		const char letter[] = { o->letter, '\0' };

		print_word(shell, "--", o->name, o->help);
		if (o->letter)
			print_word(shell, "-", letter, o->help);
	}
}

/* The formats are this file's own. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

static void begin_function(const struct shell *shell, const char *name, const char *words)
{
	printf(shell->syntax->function, name);
	printf("%s%s\n", *words ? " # " : "", words);
}

static void end_function(const struct shell *shell)
{
	printf("%s\n\n", shell->syntax->end);
}

static void print_commands(const struct shell *shell)
{
	begin_function(shell, "commands", "");
	printf("\tprintf '%%s\\n'");
	for (const struct rq_command *c = rq_commands; c->name; c++)
		print_word(shell, "", c->name, c->help);
	putchar('\n');
	end_function(shell);
}

static void print_all_options(const struct shell *shell)
{
	begin_function(shell, "options", "COMMAND");
	printf("\tprintf '%%s\\n'");
	print_options(shell, rq_global_options);
	printf("\n%s", shell->syntax->one);
	for (const struct rq_command *c = rq_commands; c->name; c++) {
		if (!c->options || !c->options->name)
			continue;
		printf(shell->syntax->row, c->name);
		printf("\t\tprintf '%%s\\n'");
		print_options(shell, c->options);
		printf("\n%s", shell->syntax->row_end);
	}
	printf("%s", shell->syntax->done);
	end_function(shell);
}

static void print_plans(const struct shell *shell)
{
	struct rq_str plan = { 0 };

	printf("# The words behind a command: files, or values; the last with '+' may "
	       "come again.\n");
	begin_function(shell, "plan", "COMMAND");
	printf("%s", shell->syntax->one);
	for (const struct rq_command *c = rq_commands; c->name; c++) {
		plan.len = 0;
		add_plan(&plan, c->args);
		if (!plan.len)
			continue;
		printf(shell->syntax->row, c->name);
		printf("\t\techo '%.*s'\n%s", (int)plan.len, plan.s,
		       shell->syntax->row_end);
	}
	printf("%s", shell->syntax->done);
	end_function(shell);
	rq_str_release(&plan);
}

/* A row for every option with an argument: the kind of words that follow it. */
static void print_kinds(const struct shell *shell, const char *command,
			const struct rq_opt *table)
{
	for (const struct rq_opt *o = table; o && o->name; o++) {
		_cleanup_free_ char *name = rq_xasprintf("--%s", o->name);
		const char letter[] = { '-', o->letter, '\0' };

		if (rq_opt_takes_no_word(o))
			continue;
		printf(shell->syntax->pair, command, name);
		if (o->letter)
			printf(shell->syntax->or_pair, command, letter);
		printf(shell->syntax->kind, kind_of_option(command, o));
	}
}

static void print_all_kinds(const struct shell *shell)
{
	printf("# The kind of an option's argument; fails when it takes none.\n");
	begin_function(shell, "kind", "COMMAND OPTION");
	printf("%s", shell->syntax->two);
	for (const struct rq_command *c = rq_commands; c->name; c++)
		print_kinds(shell, c->name, c->options);
	print_kinds(shell, "*", rq_global_options);
	printf("%s%s", shell->syntax->other, shell->syntax->done);
	end_function(shell);
}

#pragma GCC diagnostic pop

static void print_script(const struct shell *shell)
{
	printf("%s\n# Made by `requilt completion %s`.\n# SPDX-License-Identifier: "
	       "GPL-2.0-only\n\n",
	       shell->first, shell->name);
	print_commands(shell);
	print_all_options(shell);
	print_plans(shell);
	print_all_kinds(shell);
	fputs(shell->engine, stdout);
}

/* --- the names --- */

static int list_queues(struct rq_names *out, const char *queue, struct rq_err *err)
{
	(void)queue;
	return rq_cmd_queues(out, err);
}

static int list_branches(struct rq_names *out, const char *queue, struct rq_err *err)
{
	struct rq_branches branches = { 0 };
	int rc = rq_cmd_branches(&branches, err);

	(void)queue;
	for (size_t i = 0; i < branches.all.n && !rc; i++)
		rq_names_add(out, rq_slice_of(branches.all.v[i].name));
	rq_branches_release(&branches);
	return rc;
}

static int list_entries(struct rq_names *out, const char *queue, struct rq_err *err)
{
	struct rq_branches branches = { 0 };
	struct rq_series series = { 0 };
	int rc;

	if (!queue)
		return rq_err_set(err, RQ_EUSAGE, "completion: entries of which queue?");
	rc = rq_cmd_branches(&branches, err);
	if (!rc)
		rc = rq_cmd_series(&series, queue, &branches, err);
	for (size_t i = 0; i < series.entries.n && !rc; i++)
		rq_names_add(out, rq_slice_of(series.entries.v[i].path));
	rq_series_release(&series);
	rq_branches_release(&branches);
	return rc;
}

static const struct {
	const char *kind;
	int (*list)(struct rq_names *out, const char *queue, struct rq_err *err);
} lists[] = {
	{ "queues", list_queues },
	{ "branches", list_branches },
	{ "entries", list_entries },
};

static int print_words(const char *queue, struct rq_err *err)
{
	struct rq_names names = { 0 };
	int rc = rq_err_set(err, RQ_EUSAGE,
			    "completion: --words takes queues, branches or entries");

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		if (strcmp(lists[i].kind, words_of) == 0)
			rc = lists[i].list(&names, queue, err);
	for (size_t i = 0; i < names.v.n && !rc; i++)
		puts(names.v.v[i]);
	rq_names_release(&names);
	return rc;
}

int rq_cmd_completion(int argc, char **argv, struct rq_err *err)
{
	if (words_of)
		return print_words(argc ? argv[0] : NULL, err);
	for (size_t i = 0; argc == 1 && i < ARRAY_SIZE(shells); i++)
		if (strcmp(shells[i].name, argv[0]) == 0) {
			print_script(&shells[i]);
			return 0;
		}
	return rq_err_set(err, RQ_EUSAGE,
			  "completion: name the shell, bash, zsh or fish");
}
