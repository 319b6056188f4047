// SPDX-License-Identifier: GPL-2.0-only
/*
 * The packs of a repository, opened by the first read, once for all handles of it.  What they do not
 * have, or what packed.c does not read, is libgit2's: loose objects, packs that came later, packs of
 * other forms.
 */
#include "git/packed_internal.h"

#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "git/git_internal.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/vec.h"

/* As git follows repositories that borrow from each other. */
#define BORROW_DEPTH 5
/* More are no repository that anybody reads fast. */
#define PACKS_MAX 256
/* Each holds a descriptor; this part of those that a process may have. */
#define DESCRIPTORS_PART 4
#define ALTERNATES_LARGEST (1 << 20)

/* The packs as they were when a handle first read. */
struct shared {
	struct shared *next;
	char *objects;
	size_t holders;
	rq_vec(struct packed) packs;
	rq_vec(struct stat) seen; /* directories of objects, while they are opened */
};

struct packs {
	char *objects;
	struct unpacker unpacker;
	struct shared *shared; /* NULL: not opened yet */
	size_t last; /* that had what was asked for: the next is there too, mostly */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* over all that is shared */
static struct shared *all;
static atomic_bool left_out;

void packs_leave_out(void)
{
	left_out = true;
}

/* @index ends with ".idx". */
static void open_pack(struct shared *shared, const char *folder, const char *index)
{
	size_t stem = strlen(index) - strlen(".idx");
	_cleanup_free_ char *of_index = rq_xasprintf("%s/%s", folder, index);
	_cleanup_free_ char *of_pack =
		rq_xasprintf("%s/%.*s.pack", folder, (int)stem, index);
	struct packed packed;

	if (packed_open(&packed, of_index, of_pack))
		*rq_vec_push(&shared->packs) = packed;
}

static size_t packs_most(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 ||
	    limit.rlim_cur / DESCRIPTORS_PART > PACKS_MAX)
		return PACKS_MAX;
	return limit.rlim_cur / DESCRIPTORS_PART;
}

static void open_folder(struct shared *shared, const char *objects)
{
	_cleanup_free_ char *folder = rq_xasprintf("%s/pack", objects);
	DIR *dir = opendir(folder);
	struct dirent *d;

	if (!dir)
		return;
	while (shared->packs.n < packs_most() && (d = readdir(dir)))
		if (rq_slice_starts(rq_slice_of(d->d_name), "pack-") &&
		    rq_slice_ends(rq_slice_of(d->d_name), ".idx"))
			open_pack(shared, folder, d->d_name);
	closedir(dir);
}

static void open_all(struct shared *shared, const char *objects, int depth);

/* @line of info/alternates. */
static void open_borrowed(struct shared *shared, const char *objects,
			  struct rq_slice line, int depth)
{
	_cleanup_free_ char *other = NULL;

	if (!line.n || *line.p == '#')
		return;
	other = *line.p == '/' ? rq_xstrndup(line.p, line.n)
			       : rq_xasprintf("%s/%.*s", objects, RQ_SLICE_ARG(line));
	open_all(shared, other, depth);
}

/* Repositories may borrow from each other, and name one twice. */
static bool is_new(struct shared *shared, const char *objects)
{
	struct stat st;

	if (stat(objects, &st) < 0)
		return false;
	for (size_t i = 0; i < shared->seen.n; i++)
		if (shared->seen.v[i].st_dev == st.st_dev &&
		    shared->seen.v[i].st_ino == st.st_ino)
			return false;
	*rq_vec_push(&shared->seen) = st;
	return true;
}

static void open_all(struct shared *shared, const char *objects, int depth)
{
	_cleanup_free_ char *path = rq_xasprintf("%s/info/alternates", objects);
	struct rq_str text = { 0 };
	struct rq_slice rest, line;
	struct rq_err ignored;

	if (!is_new(shared, objects))
		return;
	open_folder(shared, objects);
	if (depth < BORROW_DEPTH)
		rq_file_read_most(&text, path, ALTERNATES_LARGEST, &ignored);
	rest = rq_str_slice(&text);
	while (shared->packs.n < packs_most() && rq_slice_next_line(&rest, &line))
		open_borrowed(shared, objects, rq_slice_chomp(line), depth + 1);
	rq_str_release(&text);
}

/* Of whoever has them open already. */
static struct shared *hold(const char *objects)
{
	struct shared *shared;

	pthread_mutex_lock(&lock);
	for (shared = all; shared && strcmp(shared->objects, objects) != 0;)
		shared = shared->next;
	if (!shared) {
		shared = rq_xcalloc(1, sizeof(*shared));
		shared->objects = rq_xstrdup(objects);
		shared->next = all;
		all = shared;
		open_all(shared, objects, 0);
		rq_vec_release(&shared->seen);
	}
	shared->holders++;
	pthread_mutex_unlock(&lock);
	return shared;
}

static void shared_free(struct shared *shared)
{
	for (size_t i = 0; i < shared->packs.n; i++)
		packed_close(&shared->packs.v[i]);
	rq_vec_release(&shared->packs);
	free(shared->objects);
	free(shared);
}

static void let_go(struct shared *shared)
{
	struct shared **at = &all;

	pthread_mutex_lock(&lock);
	if (--shared->holders == 0) {
		while (*at != shared)
			at = &(*at)->next;
		*at = shared->next;
		shared_free(shared);
	}
	pthread_mutex_unlock(&lock);
}

struct packs *packs_new(const char *objects)
{
	struct packs *packs = rq_xcalloc(1, sizeof(*packs));

	packs->objects = rq_xstrdup(objects);
	return packs;
}

void packs_forget(struct packs *packs)
{
	if (packs->shared)
		let_go(TAKE_PTR(packs->shared));
	packs->last = 0;
}

void packs_free(struct packs *packs)
{
	if (!packs)
		return;
	packs_forget(packs);
	libdeflate_free_decompressor(packs->unpacker.zip);
	rq_str_release(&packs->unpacker.raw);
	free(packs->objects);
	free(packs);
}

bool packs_read(struct packs *packs, const struct rq_oid *oid, int *type,
		struct rq_str *out)
{
	uint64_t at;
	size_t n;

	if (left_out)
		return false;
	if (!packs->unpacker.zip)
		packs->unpacker.zip = libdeflate_alloc_decompressor();
	if (!packs->shared)
		packs->shared = hold(packs->objects);
	n = packs->shared->packs.n;
	packs->unpacker.most = rq_git_largest();
	for (size_t i = 0; i < n; i++) {
		size_t k = (packs->last + i) % n;
		const struct packed *packed = &packs->shared->packs.v[k];

		if (!packed_find(packed, oid, &at))
			continue;
		packs->last = k;
		return packed_read(packed, &packs->unpacker, at, type, out);
	}
	return false;
}
