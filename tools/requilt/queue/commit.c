// SPDX-License-Identifier: GPL-2.0-only
/*
 * The commits of a walk, one for each entry that changed something: everything in them comes from
 * the patches and the base, so that the same queue gives the same ids on any machine.
 */
#include "queue/queue_internal.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>

/* git allows no '<', '>' or newline inside a name. */
static void add_name(struct rq_str *out, const char *name)
{
	for (; *name; name++)
		if (!strchr("<>\n", *name))
			rq_str_add(out, name, 1);
}

static void add_author(struct rq_str *out, const struct rq_header *header,
		       const char *committer)
{
	if (!header->author_email) {
		rq_str_adds(out, committer);
		return;
	}
	add_name(out, header->author_name ? header->author_name : header->author_email);
	rq_str_adds(out, " <");
	add_name(out, header->author_email);
	rq_str_adds(out, ">");
}

void rq_commit_text(struct rq_str *out, const struct rq_oid *tree,
		    const struct rq_oid *parent, const struct rq_header *header,
		    const char *committer, int64_t base_time)
{
	char hex[RQ_OID_HEX + 1];
	_cleanup_free_ char *date =
		header->date ? rq_xstrdup(header->date)
			     : rq_xasprintf("%" PRId64 " +0000", base_time);

	rq_str_addf(out, "tree %s\n", rq_oid_hex(hex, tree));
	if (!rq_oid_is_zero(parent))
		rq_str_addf(out, "parent %s\n", rq_oid_hex(hex, parent));
	rq_str_adds(out, "author ");
	add_author(out, header, committer);
	rq_str_addf(out, " %s\ncommitter %s %s\n\n", date, committer, date);
	rq_str_adds(out, header->message);
}

static int change_tree(struct rq_treeedit *edit, const struct rq_file_change *c,
		       struct rq_err *err)
{
	int rc;

	if (c->new_mode != RQ_MODE_NONE)
		return rq_treeedit_set(edit, c->path, c->new_mode, &c->new_oid, err);
	rc = rq_treeedit_remove(edit, c->path, err);
	/* Made and taken away again by the same patch. */
	return rc == RQ_ENOTFOUND ? 0 : rc;
}

static int commit(struct rq_walk *walk, const struct rq_item *item,
		  struct rq_entry_record *entry, struct rq_err *err)
{
	struct rq_header resolved = { 0 };
	struct rq_str text = { 0 };
	int rc = 0;

	/* What goes away goes first, so that a file can become a folder. */
	for (int removing = 1; removing >= 0; removing--)
		for (size_t i = 0; i < entry->changes.n && !rc; i++)
			if ((entry->changes.v[i].new_mode == RQ_MODE_NONE) == removing &&
			    !entry->changes.v[i].superseded)
				rc = change_tree(walk->edit, &entry->changes.v[i], err);
	if (!rc)
		rc = rq_treeedit_write(walk->edit, walk->pack, &walk->record->tree, err);
	if (!rc) {
		if (entry->resolved)
			rq_header_read(&resolved, entry->resolved);
		rq_commit_text(&text, &walk->record->tree, &walk->record->head,
			       entry->resolved ? &resolved : &item->header,
			       walk->committer, walk->base_time);
		rc = rq_pack_add(walk->pack, RQ_OBJ_COMMIT, text.s, text.len,
				 &entry->commit, err);
		walk->record->head = entry->commit;
	}
	rq_header_release(&resolved);
	rq_str_release(&text);
	return rc;
}

int rq_walk_commit(struct rq_walk *walk, const struct rq_item *const *items,
		   struct rq_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < walk->record->entries.n && !rc; i++) {
		struct rq_entry_record *entry = &walk->record->entries.v[i];

		if (entry->changes.n)
			rc = commit(walk, items[i], entry, err);
		if (rc)
			rq_err_prefix(err, "%s: ", items[i]->name);
	}
	return rc;
}
