/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading objects out of packs, by our own means: packed.c reads one pack, packs.c finds the packs
 * of a repository.  Both answer "not here" for whatever is odd: libgit2 is asked then, which reads
 * it or says what is wrong with it.
 */
#ifndef REQUILT_GIT_PACKED_INTERNAL_H
#define REQUILT_GIT_PACKED_INTERNAL_H

#include <libdeflate.h>

#include "git/git.h"

/* A pack that is open, and its index, mapped.  Several threads may read it. */
struct packed {
	const unsigned char *index;
	size_t index_len;
	int fd;
	uint64_t len;
	uint32_t n; /* objects */
};

/* What one reader needs for any pack. */
struct unpacker {
	struct libdeflate_decompressor *zip; /* NULL: there is no memory for it */
	struct rq_str raw; /* bytes of the pack, as they were read last */
	size_t most;	   /* bytes that an object may have */
};

/*
 * Opens the pack and its index of version 2; false: they are not that, as far as their heads, sizes and
 * checksums of each other show.  No object is looked at.
 */
bool packed_open(struct packed *packed, const char *index, const char *pack);
void packed_close(struct packed *packed);
/* Where the object with that id starts in the pack; false: it is not in there. */
bool packed_find(const struct packed *packed, const struct rq_oid *oid, uint64_t *at);
/*
 * The object that starts @at, into the empty @out, and its type.  False, and nothing in @out: its
 * bytes are not what they say, it is too large, or made of too many deltas.
 */
bool packed_read(const struct packed *packed, struct unpacker *unpacker, uint64_t at,
		 int *type, struct rq_str *out);
/* What a delta makes of @base, into the empty @out.  False, and nothing in @out: it is not sound. */
bool packed_apply(struct rq_slice delta, struct rq_slice base, size_t most,
		  struct rq_str *out);

struct packs;

/* Of the repository whose objects are in directory @objects, and of those that it borrows from. */
struct packs *packs_new(const char *objects);
/* NULL is nothing. */
void packs_free(struct packs *packs);
/* Has the packs looked for again, by the next read. */
void packs_forget(struct packs *packs);
/* The object, into the empty @out.  False, and nothing in @out: ask libgit2. */
bool packs_read(struct packs *packs, const struct rq_oid *oid, int *type,
		struct rq_str *out);
/* From here on no pack is read so, in the whole process. */
void packs_leave_out(void);

#endif
