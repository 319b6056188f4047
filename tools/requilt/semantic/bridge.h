/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bridges: rules that put an older name in the place of a newer one, so that a patch which was written for
 * the newer API serves a branch that has the older one.
 *
 *	Bridge: timer_delete -> del_timer
 *	Bridge-until: v6.1
 *	Bridge-check: !timer_shutdown
 *	Bridge-check: del_timer/1
 *	Bridge-back: swap
 */
#ifndef REQUILT_SEMANTIC_BRIDGE_H
#define REQUILT_SEMANTIC_BRIDGE_H

#include "semantic/semantic.h"
#include "util/set.h"

/* Asked of a branch: whether it has @name, as a function that takes @args arguments. */
struct rq_bridge_ask {
	char *name;
	int args;   /* RQ_ARGS_UNKNOWN: any number */
	bool lacks; /* it must not have it */
};

/* One API, in the names of both sides; a bridge may have several. */
struct rq_bridge_pair {
	char *name; /* the new one */
	int args; /* of its calls, where the old one has its name; else RQ_ARGS_UNKNOWN */
	struct rq_bridge_ask to; /* the old one */
};

struct rq_bridge {
	char *set, *name; /* "api", "api/timer_delete.cocci" */
	struct rq_rule rule;
	struct rq_rule back; /* the rule with its signs exchanged; empty: there is none */
	struct rq_rule probe; /* changes nothing: spatch reads what has the old names */
	rq_vec(struct rq_bridge_pair) pairs;
	rq_vec(struct rq_bridge_ask) checks;
	struct rq_names
		brings; /* words that the rule puts in: by them a line is the API's */
	char *until;	/* the last version that lacks the new name; NULL: not said */
};

struct rq_bridges {
	rq_vec(struct rq_bridge) v; /* by set, then by the file's name */
	struct rq_set names;	    /* the new ones, by rq_name_hash() */
};

/* Reads one; the text is taken over.  RQ_EFORMAT where it says not what it bridges. */
int rq_bridge_parse(struct rq_bridge *out, const char *set, const char *name,
		    struct rq_str *text, struct rq_err *err);
/*
 * Adds the bridges of @top/cocci/<set>/bridge/, or of @top/<set>/bridge/ with @plain; a set that is there
 * already stays as it is.  A directory that is not there is none.
 */
int rq_bridges_load(struct rq_bridges *out, const char *top, bool plain,
		    struct rq_err *err);
void rq_bridge_release(struct rq_bridge *bridge);
void rq_bridges_release(struct rq_bridges *bridges);

/* Whether a new name of any bridge is a word of the text. */
bool rq_bridges_mention(const struct rq_bridges *bridges, struct rq_slice text);
/* Whether one of the new names is a word of the line, with as many arguments where that makes it new. */
bool rq_bridge_mentions(const struct rq_bridge *bridge, struct rq_slice line);
/* Whether the line has a word that the rule puts in. */
bool rq_bridge_brings(const struct rq_bridge *bridge, struct rq_slice line);

#endif
