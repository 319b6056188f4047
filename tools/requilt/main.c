// SPDX-License-Identifier: GPL-2.0-only
/*
 * argv, the command table, the last error line and the exit status.  Knows no patch.
 */
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>

#include "cmd/change.h"
#include "cmd/cmd.h"
#include "cmd/json.h"
#include "util/near.h"

static const struct rq_command *find(const char *name)
{
	for (const struct rq_command *c = rq_commands; c->name; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

static void help_all(FILE *out)
{
	fputs("usage: requilt COMMAND [OPTION...] [WORD...]\n\n"
	      "Ports one patch queue to many kernel branches.\n\ncommands:\n",
	      out);
	for (const struct rq_command *c = rq_commands; c->name; c++)
		fprintf(out, "  %-24s %s\n", c->name, c->help);
	fputs("\noptions of every command:\n", out);
	rq_opt_help(rq_global_options, out);
	fputs("\n'requilt COMMAND --help' says more; so does requilt(1).\n", out);
}

static void help_one(FILE *out, const struct rq_command *command)
{
	fprintf(out, "usage: requilt %s %s\n\n%s\n", command->name, command->args,
		command->help);
	if (command->options && command->options->name) {
		fputs("\noptions:\n", out);
		rq_opt_help(command->options, out);
	}
	fputs("\noptions of every command:\n", out);
	rq_opt_help(rq_global_options, out);
}

/* The command that runs. */
static const struct rq_command *running;

static int run(const struct rq_command *command, int argc, char **argv,
	       struct rq_err *err)
{
	static const struct rq_opt none[] = { { 0 } };
	/* A command's own option of a name comes first: import has a --version. */
	const struct rq_opt *tables[] = { command->options ? command->options : none,
					  rq_global_options, NULL };
	int rc = rq_opt_parse(tables, &argc, argv, err);

	running = command;
	if (rc)
		return rc;
	rq_globals.quiet |= rq_globals.json && command->has_json_did;
	if (rq_globals.help)
		help_one(stdout, command);
	else if (rq_globals.version)
		puts("requilt " RQ_VERSION);
	if (rq_globals.help || rq_globals.version)
		return 0;
	if (strcmp(rq_globals.color, "auto") != 0 &&
	    strcmp(rq_globals.color, "always") != 0 &&
	    strcmp(rq_globals.color, "never") != 0)
		return rq_err_set(err, RQ_EUSAGE,
				  "--color takes auto, always or never, not '%s'",
				  rq_globals.color);
	rq_git_init();
	/* It makes one here, whatever is above. */
	rq_cmd_find_root(command->run == rq_cmd_init);
	rc = rq_cmd_finish_change(err);
	rq_cmd_records_begin(command, argc, argv);
	if (!rc)
		rc = command->run(argc, argv, err);
	rq_cmd_records_end();
	rq_pager_end();
	rq_git_shutdown();
	return rc;
}

static int refuse_command(const char *name, struct rq_err *err)
{
	_cleanup_free_ char *meant = NULL;
	struct rq_near near = { .word = name };

	for (const struct rq_command *c = rq_commands; c->name; c++)
		rq_near_offer(&near, c->name);
	meant = rq_near_text(&near, "");
	return rq_err_set(err, RQ_EUSAGE, "unknown command '%s'%s", name,
			  near.best ? meant : "; see 'requilt --help'");
}

/* "help" and "help COMMAND", as git takes them: what --help prints. */
static int help(const char *name, struct rq_err *err)
{
	const struct rq_command *command = name ? find(name) : NULL;

	if (name && !command)
		return refuse_command(name, err);
	if (command)
		help_one(stdout, command);
	else
		help_all(stdout);
	return 0;
}

/* Options may stand before the command: the first word that is no option names it. */
static int dispatch(int argc, char **argv, struct rq_err *err)
{
	const struct rq_opt *tables[] = { rq_global_options, NULL };
	const struct rq_command *command;
	int at = 0;

	while (at < argc && argv[at][0] == '-')
		at += rq_opt_words(rq_global_options, argv[at]);
	if (at < argc && strcmp(argv[at], "help") == 0)
		return help(argv[at + 1], err);
	if (at < argc) {
		command = find(argv[at]);
		if (!command)
			return refuse_command(argv[at], err);
		memmove(argv + at, argv + at + 1, (argc - at) * sizeof(*argv));
		return run(command, argc - 1, argv, err);
	}
	if (rq_opt_parse(tables, &argc, argv, err))
		return err->code;
	if (rq_globals.version)
		puts("requilt " RQ_VERSION);
	else if (rq_globals.help)
		help_all(stdout);
	else
		return rq_err_set(err, RQ_EUSAGE,
				  "no command given; see 'requilt --help'");
	return 0;
}

/* It runs other programs and writes where it is told to: with the caller's rights, and no more. */
static int refuse_lent_rights(struct rq_err *err)
{
	if (!getauxval(AT_SECURE))
		return 0;
	return rq_err_set(
		err, RQ_EUNSAFE,
		"installed with more rights than its caller has (setuid, setgid or "
		"capabilities): take them from the program");
}

/* Of --help and --version nothing was done. */
static bool says_itself(void)
{
	return rq_globals.help || rq_globals.version;
}

int main(int argc, char **argv)
{
	struct rq_err err = { 0 };
	int rc;

	rq_mem_prepare();
	rc = refuse_lent_rights(&err);
	if (!rc)
		rc = dispatch(argc - 1, argv + 1, &err);
	if (running && rq_globals.json && running->has_json_did && !says_itself())
		rq_cmd_put_json_did(rc ? &err : NULL);
	else if (rc && running && running->has_json && rq_globals.json)
		rq_cmd_put_json_error(&err);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fputs("requilt: stdout: could not write everything\n", stderr);
		return 128;
	}
	if (rc && err.msg[0])
		rq_print_clean(stderr, "requilt: %s\n", err.msg);
	return rq_exit_status(rc);
}
