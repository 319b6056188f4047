// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which bridges fit an entry: the patch has a new name, the branch lacks it and has the old one.  Of a
 * whole tree the index of names says so; of a part of one the files of the patch.
 */
#include "queue/bridge.h"

#include <stdlib.h>

#include "util/cuse.h"
#include "util/ctext.h"
#include "util/path.h"

static bool hunk_mentions(const struct rq_bridge *bridge, const struct rq_hunk *hunk,
			  char sign)
{
	for (size_t i = 0; i < hunk->n_lines; i++)
		if ((!sign || hunk->lines[i].sign == sign) &&
		    rq_bridge_mentions(bridge, hunk->lines[i].text))
			return true;
	return false;
}

/* Of a file that goes, or comes from another one, there are no two states to translate. */
static bool has_states(const struct rq_filediff *diff)
{
	return (diff->change == RQ_CHANGE_EDIT || diff->change == RQ_CHANGE_CREATE) &&
	       rq_path_is_c(diff->new_path);
}

static bool diff_mentions(const struct rq_bridge *bridge, const struct rq_filediff *diff,
			  char sign)
{
	for (size_t i = 0; has_states(diff) && i < diff->n_hunks; i++)
		if (hunk_mentions(bridge, &diff->hunks[i], sign))
			return true;
	return false;
}

static bool patch_mentions(const struct rq_bridge *bridge, const struct rq_patch *patch,
			   char sign)
{
	for (size_t i = 0; i < patch->n_files; i++)
		if (diff_mentions(bridge, &patch->files[i], sign))
			return true;
	return false;
}

bool rq_bridging_wants(const struct rq_bridging *b, const struct rq_filediff *diff)
{
	for (size_t i = 0; i < b->fits.n; i++)
		if (diff_mentions(b->fits.v[i], diff, 0))
			return true;
	return false;
}

bool rq_bridging_is_new(const struct rq_bridging *b, struct rq_slice line)
{
	for (size_t i = 0; i < b->fits.n; i++)
		if (rq_bridge_mentions(b->fits.v[i], line))
			return true;
	return false;
}

bool rq_bridging_is_old(const struct rq_bridging *b, struct rq_slice line)
{
	for (size_t i = 0; i < b->fits.n; i++)
		if (rq_bridge_brings(b->fits.v[i], line))
			return true;
	return false;
}

/* --- a part of a tree --- */

struct seeing {
	struct rq_slice name;
	int args;
	bool seen, other; /* used at all; called with another number of arguments */
};

static void see(const struct rq_cuse *use, void *ctx)
{
	struct seeing *s = ctx;

	if (use->kind == RQ_CUSE_COMMENT || !rq_slice_eq(use->name, s->name))
		return;
	s->seen = true;
	if (use->kind == RQ_CUSE_CALL && s->args >= 0 && use->args >= 0 &&
	    use->args != s->args)
		s->other = true;
}

/* What the branch's own files of the patch say of a name. */
static int look(struct seeing *s, struct rq_bridging *b, struct rq_err *err)
{
	const struct rq_patch *patch = b->item->patch;

	for (size_t i = 0; i < patch->n_files; i++) {
		_cleanup_(rq_str_release) struct rq_str bytes = { 0 };
		struct rq_cscan scan = { .each = see, .ctx = s };
		const char *path = rq_filediff_old_path(&patch->files[i]);
		struct rq_file *file;
		int rc = rq_path_is_c(path)
				 ? rq_image_file(b->walk->image, path, &file, err)
				 : 0;

		if (rc)
			return rc;
		if (!rq_path_is_c(path) || file->mode == RQ_MODE_NONE)
			continue;
		rq_file_bytes(file, &bytes);
		rq_cscan_text(&scan, rq_str_slice(&bytes));
	}
	return 0;
}

static int has_in_part(struct rq_bridging *b, const struct rq_bridge_ask *ask, bool *has,
		       struct rq_err *err)
{
	struct seeing s = { rq_slice_of(ask->name), ask->args, false, false };
	int rc = look(&s, b, err);

	*has = s.seen && !s.other;
	return rc;
}

/* --- a whole tree --- */

struct bringing {
	struct rq_names name;
	bool brought;
};

static int see_brought(struct rq_file *file, void *ctx)
{
	struct bringing *s = ctx;
	struct rq_str bytes = { 0 };

	if (!rq_path_is_c(file->path) || file->mode == RQ_MODE_NONE)
		return 0;
	rq_file_bytes(file, &bytes);
	s->brought |= rq_ctext_mentions(rq_str_slice(&bytes), &s->name) &&
		      !rq_ctext_mentions(file->read, &s->name);
	rq_str_release(&bytes);
	return 0;
}

/* Whether an earlier entry brought the name. */
static int is_brought(struct rq_bridging *b, const char *name, bool *brought)
{
	struct bringing s = { 0 };
	int rc;

	rq_names_add(&s.name, rq_slice_of(name));
	rc = rq_image_each_touched(b->walk->image, see_brought, &s);
	*brought = s.brought;
	rq_names_release(&s.name);
	return rc;
}

static bool takes(uint64_t counts, int args)
{
	return args < 0 || counts & RQ_COUNTS_ANY || counts & rq_counts_of(args);
}

/* One that files of other directories see. */
static bool is_shared_header(const char *path)
{
	return rq_slice_ends(rq_slice_of(path), ".h") && !rq_is_userland(path) &&
	       (strncmp(path, "include/", 8) == 0 || strstr(path, "/include/"));
}

/* Whether such a header defines the word, or has it in its code: a type, a member, a constant. */
static int has_in_headers(struct rq_bridging *b, const struct rq_named *named, bool *has,
			  struct rq_err *err)
{
	_cleanup_(rq_names_release) struct rq_names name = { 0 };

	rq_names_add(&name, rq_slice_of(named->name));
	for (size_t i = 0; i < named->files.v.n && !*has; i++) {
		const char *path = named->files.v.v[i];
		_cleanup_(rq_str_release) struct rq_str bytes = { 0 };
		struct rq_oid oid;
		enum rq_mode mode;
		int rc;

		if (!is_shared_header(path))
			continue;
		rc = rq_tree_lookup(b->walk->repo, &b->walk->record->base_tree, path,
				    &oid, &mode, err);
		if (!rc)
			rc = rq_blob_read(b->walk->repo, &oid, &bytes, err);
		if (rc)
			return rc;
		*has = rq_ctext_defines(rq_str_slice(&bytes), named->name) ||
		       rq_ctext_uses(rq_str_slice(&bytes), &name);
	}
	return 0;
}

static int has_whole(struct rq_bridging *b, const struct rq_bridge_ask *ask,
		     bool strictly, bool *has, struct rq_err *err)
{
	const struct rq_named *named = rq_exist_named(b->exist, ask->name);
	int rc = is_brought(b, ask->name, has);

	if (rc || *has || !named)
		return rc;
	*has = named->made || (named->counts && takes(named->counts, ask->args));
	/* A macro takes any number: the checks of the bridge decide. */
	if (strictly && named->counts & RQ_COUNTS_ANY)
		*has = false;
	if (*has || named->counts)
		return 0;
	return has_in_headers(b, named, has, err);
}

/* @strictly: of a name that both sides have, with another number of arguments. */
static int has(struct rq_bridging *b, const struct rq_bridge_ask *ask, bool strictly,
	       bool *has, struct rq_err *err)
{
	return b->exist ? has_whole(b, ask, strictly, has, err)
			: has_in_part(b, ask, has, err);
}

/* --- the bridges --- */

static bool is_allowed(const struct rq_bridging *b, const struct rq_bridge *bridge)
{
	const struct rq_branch *branch = b->walk->branch;
	const struct rq_version from = { .n = 1 };
	struct rq_version until;
	struct rq_err ignored;

	if (branch && branch->bridges.v.n &&
	    !rq_names_have(&branch->bridges, rq_slice_of(bridge->set)))
		return false;
	if (!bridge->until || !b->walk->version ||
	    rq_version_parse(&until, rq_slice_of(bridge->until), &ignored))
		return true;
	return rq_version_in(b->walk->version, &from, &until);
}

static void ask_pairs(struct rq_names *out, const struct rq_bridge *bridge)
{
	for (size_t i = 0; i < bridge->pairs.n; i++) {
		rq_names_add_once(out, rq_slice_of(bridge->pairs.v[i].name));
		rq_names_add_once(out, rq_slice_of(bridge->pairs.v[i].to.name));
	}
	for (size_t i = 0; i < bridge->checks.n; i++)
		rq_names_add_once(out, rq_slice_of(bridge->checks.v[i].name));
}

static bool declares(const struct rq_bridging *b, const char *name)
{
	uint64_t hash = rq_name_hash(rq_slice_of(name));

	for (size_t i = 0; i < b->item->adds.declared.n; i++)
		if (b->item->adds.declared.v[i].hash == hash)
			return true;
	return false;
}

/* Whether the pair is one that the patch has, and the branch has the old name only. */
static int pair_fits(struct rq_bridging *b, const struct rq_bridge_pair *pair,
		     bool *mentioned, bool *fits, struct rq_err *err)
{
	const struct rq_bridge only = { .pairs = { (struct rq_bridge_pair *)pair, 1,
						   1 } };
	const struct rq_bridge_ask ask = { .name = pair->name, .args = pair->args };
	bool there;
	int rc;

	if (!patch_mentions(&only, b->item->patch, 0))
		return 0;
	*mentioned = true;
	*fits = !declares(b, pair->name);
	rc = *fits ? has(b, &ask, pair->args >= 0, &there, err) : 0;
	if (rc || !*fits || there) {
		*fits = false;
		return rc;
	}
	rc = has(b, &pair->to, false, &there, err);
	*fits = there;
	return rc;
}

static int bridge_fits(struct rq_bridging *b, const struct rq_bridge *bridge, bool *fits,
		       struct rq_err *err)
{
	bool mentioned = false, there;
	int rc = 0;

	*fits = true;
	for (size_t i = 0; i < bridge->pairs.n && *fits && !rc; i++)
		rc = pair_fits(b, &bridge->pairs.v[i], &mentioned, fits, err);
	*fits = *fits && mentioned;
	for (size_t i = 0; i < bridge->checks.n && *fits && !rc; i++) {
		const struct rq_bridge_ask *ask = &bridge->checks.v[i];

		/* A part of a tree need not have what the whole has. */
		if (!b->exist && !ask->lacks && ask->args < 0)
			continue;
		rc = has(b, ask, false, &there, err);
		*fits = there != ask->lacks;
	}
	return rc;
}

/* Most patches have none of the names. */
static bool any_mentioned(const struct rq_bridges *bridges, const struct rq_patch *patch)
{
	for (size_t i = 0; i < patch->n_files; i++)
		for (size_t k = 0; k < patch->files[i].n_hunks; k++) {
			const struct rq_hunk *hunk = &patch->files[i].hunks[k];

			for (size_t l = 0; l < hunk->n_lines; l++)
				if (rq_bridges_mention(bridges, hunk->lines[l].text))
					return true;
		}
	return false;
}

void rq_bridges_digest(struct rq_str *out, const struct rq_bridges *bridges,
		       const struct rq_branch *branch, const struct rq_patch *patch)
{
	const struct rq_walk walk = { .branch = branch };
	const struct rq_bridging b = { .walk = (struct rq_walk *)&walk };
	char hex[RQ_OID_HEX + 1];
	struct rq_oid oid;

	if (!bridges || !any_mentioned(bridges, patch))
		return;
	for (size_t i = 0; i < bridges->v.n; i++) {
		const struct rq_bridge *bridge = &bridges->v.v[i];

		if (!is_allowed(&b, bridge) || !patch_mentions(bridge, patch, 0))
			continue;
		rq_oid_of(&oid, RQ_OBJ_BLOB, bridge->rule.text.s, bridge->rule.text.len);
		rq_str_addf(out, "bridge %s %s\n", bridge->name, rq_oid_hex(hex, &oid));
	}
}

int rq_bridging_find(struct rq_bridging *b, struct rq_err *err)
{
	const struct rq_bridges *all = b->walk->bridges;
	_cleanup_(rq_names_release) struct rq_names names = { 0 };
	rq_vec(const struct rq_bridge *) some = { 0 };
	int rc = 0;

	if (!any_mentioned(all, b->item->patch))
		return 0;
	for (size_t i = 0; i < all->v.n; i++)
		if (is_allowed(b, &all->v.v[i]) &&
		    patch_mentions(&all->v.v[i], b->item->patch, 0)) {
			*rq_vec_push(&some) = &all->v.v[i];
			ask_pairs(&names, &all->v.v[i]);
		}
	if (some.n && b->exist)
		rc = rq_exist_ask(b->exist, &names, err);
	for (size_t i = 0; i < some.n && !rc; i++) {
		bool fits;

		rc = bridge_fits(b, some.v[i], &fits, err);
		if (rc || !fits)
			continue;
		*rq_vec_push(&b->fits) = some.v[i];
		b->first |= b->exist && patch_mentions(some.v[i], b->item->patch, '+');
	}
	rq_vec_release(&some);
	return rc;
}
