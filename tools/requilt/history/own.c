// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a branch has of its own beside mainline, without what it reverted.
 */
#include <ctype.h>
#include <stdlib.h>

#include "history/fixes.h"

/* A stable series has some ten thousand. */
#define OWN_MOST 100000
/* Reverts among these that count. */
#define REVERTS_MOST 4096

struct own {
	char hex[RQ_OID_HEX + 1], upstream[RQ_OID_HEX + 1];
	bool gone; /* a later one reverts it */
};

/* Commit @by reverts the one that @named begins. */
struct revert {
	size_t by;
	char named[RQ_OID_HEX + 1];
};

struct owning {
	rq_vec(struct own) v; /* a commit after its parents */
	rq_vec(struct revert) reverts;
};

static void add_revert(enum rq_named_how how, struct rq_slice id, long line, void *ctx)
{
	struct owning *o = ctx;
	struct revert *revert;

	(void)line;
	if (how != RQ_NAMED_REVERTS || o->reverts.n >= REVERTS_MOST)
		return;
	revert = rq_vec_push(&o->reverts);
	*revert = (struct revert){ .by = o->v.n - 1 };
	for (size_t i = 0; i < id.n; i++)
		revert->named[i] = (char)tolower((unsigned char)id.p[i]);
}

static int add_own(const struct rq_oid *oid, struct rq_slice message, void *ctx)
{
	struct owning *o = ctx;
	struct own *own = rq_vec_push(&o->v);
	struct rq_upstream upstream;

	*own = (struct own){ 0 };
	rq_oid_hex(own->hex, oid);
	rq_upstream_read(&upstream, message);
	memcpy(own->upstream, upstream.hex, strlen(upstream.hex));
	rq_history_named(message, add_revert, o);
	return o->v.n >= OWN_MOST;
}

/* Marks the last commit before the revert that is, or was picked from, what it names. */
static void drop_reverted(struct owning *o, const struct revert *revert)
{
	size_t n = strlen(revert->named);

	for (size_t i = revert->by; i-- > 0;) {
		struct own *own = &o->v.v[i];

		if (own->gone || (strncmp(own->hex, revert->named, n) != 0 &&
				  strncmp(own->upstream, revert->named, n) != 0))
			continue;
		own->gone = true;
		return;
	}
}

static void add_id(struct rq_oid_list *out, const char *hex)
{
	struct rq_oid oid;
	struct rq_err ignored;

	if (*hex && rq_oid_parse(&oid, hex, &ignored) == 0)
		out->v[out->n++] = oid;
}

int rq_own_commits(struct rq_oid_list *out, struct rq_repo *repo,
		   const struct rq_oid *from, const struct rq_oid *to, struct rq_err *err)
{
	struct owning o = { 0 };
	int rc = rq_message_each(repo, from, to, add_own, &o, err);

	/* The newest first: a revert that was itself reverted takes nothing away. */
	for (size_t i = o.reverts.n; i-- > 0;)
		if (!o.v.v[o.reverts.v[i].by].gone)
			drop_reverted(&o, &o.reverts.v[i]);
	*out = (struct rq_oid_list){ .v = rq_xcalloc(2 * o.v.n + 1, sizeof(*out->v)) };
	for (size_t i = 0; i < o.v.n; i++) {
		if (o.v.v[i].gone)
			continue;
		add_id(out, o.v.v[i].hex);
		add_id(out, o.v.v[i].upstream);
	}
	rq_vec_release(&o.v);
	rq_vec_release(&o.reverts);
	return rc > 0 ? 0 : rc;
}
