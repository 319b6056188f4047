// SPDX-License-Identifier: GPL-2.0-only
/*
 * requilt status: which outputs are what a port gives, and which were made from something else; and, if
 * asked, who signed the records.
 */
#include "cmd/cmd.h"

#include <stdlib.h>

#include "cmd/json.h"
#include "queue/queue.h"
#include "queue/signed.h"
#include "report/json.h"
#include "report/report.h"
#include "resolve/byhand.h"
#include "util/file.h"
#include "util/path.h"

static const char *out_dir;
static bool asks_signatures;

const struct rq_opt rq_cmd_status_options[] = {
	{ "out", 0, RQ_OPT_STRING, "DIR", "where port wrote (default: series)",
	  &out_dir },
	{ "signed", 0, RQ_OPT_FLAG, NULL, "ask git who signed the records of each queue",
	  &asks_signatures },
	{ 0 },
};

/* The entry that 'requilt resolve' has open on the branch; the caller frees, NULL: none. */
static char *open_entry(const char *queue, const char *branch)
{
	struct rq_byhand work = { 0 };
	struct rq_err ignored;
	char *entry = NULL;

	if (rq_byhand_load(&work, rq_globals.dir, queue, branch, &ignored) == 0 &&
	    work.entry)
		entry = rq_xstrdup(work.entry);
	rq_byhand_release(&work);
	return entry;
}

static enum rq_colour colour_of(const struct rq_state *state)
{
	if (strcmp(state->word, "rebased") == 0)
		return RQ_GREEN;
	return state->stale || state->unchecked ? RQ_YELLOW : rq_word_colour(state->word);
}

/* What to do next about a row that is not as it should be; NULL: nothing. */
static const char *next_command(const struct rq_state *state, const char *resolving)
{
	if (resolving)
		return "resolve";
	if (state->unread)
		return NULL;
	if (state->stale)
		return "port";
	return strcmp(state->word, "red") == 0 || strcmp(state->word, "yellow") == 0
		       ? "show"
		       : NULL;
}

static void print_text(const char *queue, const struct rq_state *state,
		       const char *resolving)
{
	const char *why = state->why ? state->why : state->moved;
	const char *next = next_command(state, resolving);
	bool color = rq_cmd_color();

	rq_print_clean(stdout, "%-20s %-20s %-10s ", queue, state->branch,
		       state->version ? state->version : "-");
	/* Escape sequences of ours, which the rest may not have. */
	printf("%s%s%s", rq_paint(color, colour_of(state)), state->word,
	       rq_unpaint(color));
	rq_print_clean(stdout, "%s%s%s%s%s%s", why ? ": " : "", why ? why : "",
		       state->last_good ? ", last good " : "",
		       state->last_good ? state->last_good : "",
		       resolving ? ", open in resolve: " : "",
		       resolving ? resolving : "");
	putchar('\n');
	if (next)
		rq_print_clean(stdout, "    next: requilt %s %s %s\n", next, queue,
			       state->branch);
}

/* NULL leaves the key out. */
static json_t *text_or_nothing(const char *text)
{
	return text ? rq_json_text(text) : NULL;
}

static void print(const char *queue, const struct rq_state *state, json_t *list)
{
	_cleanup_free_ char *resolving = open_entry(queue, state->branch);

	if (list)
		json_array_append_new(
			list,
			json_pack("{ss ss ss* ss sb sb so* ss* ss*}", "queue", queue,
				  "branch", state->branch, "version", state->version,
				  "state", state->word, "stale", state->stale,
				  "unchecked", state->unchecked, "message",
				  text_or_nothing(state->why ? state->why : state->moved),
				  "resolving", resolving, "last_good", state->last_good));
	else
		print_text(queue, state, resolving);
}

/* A file of a queue that is there is at fault: other queues have rows all the same. */
static bool is_of_queue(const char *queue, const struct rq_err *err)
{
	_cleanup_free_ char *path =
		rq_xasprintf("%s/series/%s.series", rq_globals.dir, queue);

	return (err->code == RQ_EFORMAT || err->code == RQ_EUNSAFE ||
		err->code == RQ_EQUEUE) &&
	       rq_file_exists(path);
}

/* Of a queue that cannot be read every row is stale. */
static void print_unread(const char *queue, const struct rq_branches *branches,
			 const char *why, json_t *list)
{
	for (size_t i = 0; i < branches->all.n; i++) {
		const struct rq_state state = { .branch = branches->all.v[i].name,
						.word = (char *)"stale",
						.stale = true,
						.unread = true,
						.why = (char *)why };

		if (rq_branches_bound(branches, queue, state.branch))
			print(queue, &state, list);
	}
}

static void print_signature(const char *queue, const struct rq_signature *s, json_t *list)
{
	bool color = rq_cmd_color();

	if (list) {
		json_array_append_new(list,
				      json_pack("{ss so sb ss* so* so*}", "queue", queue,
						"record", rq_json_text(s->record),
						"signed", !s->why, "commit", s->commit,
						"signer", text_or_nothing(s->signer),
						"message", text_or_nothing(s->why)));
		return;
	}
	rq_print_clean(stdout, "%-20s %-31s ", queue, s->record);
	printf("%s%s%s", rq_paint(color, s->why ? RQ_YELLOW : RQ_GREEN),
	       s->why ? "unsigned" : "signed", rq_unpaint(color));
	rq_print_clean(stdout, ": %s\n", s->why ? s->why : s->signer);
}

static int print_signatures(const char *queue, json_t *list, size_t *missing,
			    struct rq_err *err)
{
	struct rq_signatures all = { 0 };
	int rc = rq_queue_signatures(&all, rq_globals.dir, queue, err);

	for (size_t i = 0; i < all.v.n && !rc; i++) {
		print_signature(queue, &all.v.v[i], list);
		*missing += all.v.v[i].why != NULL;
	}
	rq_signatures_release(&all);
	return rc;
}

static int print_queue(const char *queue, const struct rq_port_options *options,
		       json_t *list, size_t *bad, struct rq_err *err)
{
	struct rq_series series = { 0 };
	struct rq_states states = { 0 };
	int rc = rq_series_load(&series, options->root, queue, options->branches, err);

	if (!rc)
		rc = rq_queue_states(&states, &series, NULL, 0, options, err);
	for (size_t i = 0; i < states.v.n && !rc; i++) {
		const struct rq_state *state = &states.v.v[i];

		print(queue, state, list);
		*bad += state->stale || state->unchecked ||
			strcmp(state->word, "red") == 0;
	}
	rq_states_release(&states);
	rq_series_release(&series);
	return rc;
}

int rq_cmd_status(int argc, char **argv, struct rq_err *err)
{
	_cleanup_free_ char *series_dir = rq_path_join(rq_globals.dir, "series");
	_cleanup_(rq_cmd_port_end) struct rq_cmd_port port = { 0 };
	struct rq_branches branches = { 0 };
	struct rq_names queues = { 0 };
	struct rq_err first = { 0 };
	json_t *list = rq_globals.json ? json_array() : NULL;
	size_t bad = 0, missing = 0;
	int rc = rq_cmd_port_begin(&port, out_dir ? out_dir : series_dir, &branches, err);

	if (!rc)
		rc = rq_cmd_branches(&branches, err);
	for (int i = 0; i < argc; i++)
		*rq_vec_push(&queues.v) = rq_xstrdup(argv[i]);
	if (!rc && !argc)
		rc = rq_cmd_queues(&queues, err);
	for (size_t i = 0; i < queues.v.n && !rc; i++) {
		rc = print_queue(queues.v.v[i], &port.options, list, &bad, err);
		if (rc && is_of_queue(queues.v.v[i], err)) {
			print_unread(queues.v.v[i], &branches, err->msg, list);
			if (!first.code)
				first = *err;
			rc = 0;
		}
		if (!rc && asks_signatures)
			rc = print_signatures(queues.v.v[i], list, &missing, err);
	}
	if (!rc && list)
		rq_cmd_put_json_value(list);
	else
		json_decref(list);
	if (!rc && first.code) {
		*err = first;
		rc = first.code;
	} else if (!rc && bad)
		rc = rq_err_set(
			err, RQ_EQUEUE,
			"%zu outputs are red, stale, unchecked or missing; port again",
			bad);
	else if (!rc && missing)
		rc = rq_err_set(err, RQ_EQUEUE,
				"%zu records are not signed; read them and commit them "
				"with 'git commit -S'",
				missing);
	rq_names_release(&queues);
	rq_branches_release(&branches);
	return rc;
}
