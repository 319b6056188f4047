/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the three files of the pack writer share: pack.c (objects and the file),
 * pack_index.c (its .idx) and pack_threads.c (hashing and deflating in parallel).
 */
#ifndef REQUILT_GIT_PACK_INTERNAL_H
#define REQUILT_GIT_PACK_INTERNAL_H

#include <libdeflate.h>
#include <stdatomic.h>

#include "git/git_internal.h"
#include "util/vec.h"

/* One object of the pack, as the index needs it. */
struct pack_object {
	struct rq_oid oid;
	uint32_t crc; /* of its bytes in the pack: header and deflated data */
	uint64_t offset;
	unsigned depth; /* how many deltas lead to it; 0: it is stored whole */
};

/* Bytes that were given to a pack, and their id once somebody hashed them. */
struct rq_stored {
	atomic_uint holders;
	struct rq_oid oid;
	struct rq_str bytes;
};

/* An object ready for the file: header, then the deflated bytes. */
struct pack_item {
	unsigned char *bytes;
	size_t len;
	size_t base_at; /* where a delta names its base; 0: stored whole */
};

/* An object on its way into the pack; holds both versions. */
struct pack_given {
	enum rq_obj_type type;
	struct rq_stored *what, *base; /* base NULL: whole */
	struct rq_oid *oid;	       /* where the id goes; NULL: @what has it already */
};

struct pack_threads;

struct rq_pack {
	struct rq_repo *repo;
	git_odb *odb; /* asked for what exists; the threads' own, or the repository's */
	char *folder; /* .../objects/pack */
	char *temp;   /* NULL until the first object */
	int fd;
	int level;
	struct libdeflate_compressor *zip;
	rq_vec(struct pack_object) objects; /* in file order */
	uint32_t *slots; /* hash set over objects: index + 1, 0 is free */
	size_t n_slots;	 /* a power of two */
	struct rq_str buffer;
	uint64_t offset; /* where the next object goes */
	struct pack_threads *threads;
};

/* Whether this pack or the repository holds it. */
bool pack_has(const struct rq_pack *pack, const struct rq_oid *oid);
/* Sets the id of what is given. */
int pack_hash(const struct pack_given *given, struct rq_err *err);
void pack_given_drop(struct pack_given *given);
int pack_deflater_new(struct libdeflate_compressor **out, int level, struct rq_err *err);
/* As the difference to its base, where that is shorter, else whole.  The caller frees item->bytes. */
int pack_item_make(struct pack_item *out, struct libdeflate_compressor *zip,
		   const struct pack_given *given, struct rq_err *err);
/* Appends what makes @to out of @from, in the form that packs store (pack_delta.c). */
void pack_delta(struct rq_str *out, struct rq_slice from, struct rq_slice to);
/* Appends the item, unless the pack holds that object by now; a delta whose base is not in the pack
 * is made again, whole. */
int pack_item_write(struct rq_pack *pack, const struct pack_given *given,
		    struct pack_item *item, struct rq_err *err);

/* Writes all of it or fails; @path is for the message. */
int pack_write_all(int fd, const void *data, size_t len, const char *path,
		   struct rq_err *err);
/* What files are called before they are whole; git prune removes "tmp_*". */
#define PACK_TEMP "tmp_requilt_"

/*
 * Sorts @objects by id and writes the index, fsynced, as a temporary file in @folder;
 * *temp is its path, which the caller frees (and unlinks when it is not renamed), and *fd is to
 * be closed then.
 */
int pack_index_write(int *fd, char **temp, const char *folder,
		     struct pack_object *objects, size_t n,
		     const unsigned char checksum[RQ_OID_SIZE], struct rq_err *err);

int pack_threads_start(struct rq_pack *pack, int n, struct rq_err *err);
/* Takes over @given. */
int pack_threads_give(struct rq_pack *pack, const struct pack_given *given,
		      struct rq_err *err);
int pack_threads_drain(struct rq_pack *pack, struct rq_err *err);
/* Ends the threads; what is not written by now is dropped. */
void pack_threads_stop(struct rq_pack *pack);

#endif
