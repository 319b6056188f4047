// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a tree knows of names: a file that has the word, and with how many arguments functions of
 * that name are declared.  Of a name that no file has, it says of which words the tree's macros
 * could make it: PAGEFLAG(Foo, foo) makes SetPageFoo().
 *
 * A word counts wherever it stands, in a comment too.  Declarations in userland programs and static
 * functions of other files do not count.
 */
#include "semantic/index_internal.h"

#include <ctype.h>
#include <stdlib.h>

uint64_t rq_counts_of(int args)
{
	return args < 0 || args >= RQ_DECLARED_GIVEN ? RQ_COUNTS_ANY
						     : UINT64_C(1) << args;
}

int rq_counts_only(uint64_t counts)
{
	int n = 0;

	if (!counts || counts & (counts - 1) || counts == RQ_COUNTS_ANY)
		return -1;
	while (!(counts >> n & 1))
		n++;
	return n;
}

bool rq_is_userland(const char *path)
{
	static const char *const folders[] = { "tools/", "scripts/", "samples/",
					       "Documentation/", "usr/" };

	for (size_t i = 0; i < ARRAY_SIZE(folders); i++)
		if (strncmp(path, folders[i], strlen(folders[i])) == 0)
			return true;
	return false;
}

void rq_named_release(struct rq_named *named)
{
	free(named->name);
	free(named->in_file);
	rq_names_release(&named->files);
	rq_names_release(&named->middles);
	rq_names_release(&named->declared);
	*named = (struct rq_named){ 0 };
}

/* The first declaration of the blob that is not before @hash. */
static size_t find_declared(const struct rq_index_blob *b, uint64_t hash)
{
	size_t from = 0, to = b->n_declared;

	hash &= RQ_DECLARED_NAME;
	while (from < to) {
		size_t mid = (from + to) / 2;

		if (b->declared[mid] < hash)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

static bool is_of(uint64_t declared, uint64_t hash)
{
	return !((declared ^ hash) & RQ_DECLARED_NAME);
}

static bool is_declaration(uint64_t declared)
{
	uint64_t n = declared & RQ_DECLARED_COUNT;

	return n < RQ_DECLARED_GIVEN || n == RQ_DECLARED_ANY;
}

static uint64_t counts_in(uint64_t declared)
{
	uint64_t n = declared & RQ_DECLARED_COUNT;

	return n >= RQ_DECLARED_GIVEN ? RQ_COUNTS_ANY : UINT64_C(1) << n;
}

/* Whether others than the file itself can see it. */
static bool is_seen(const struct rq_index_blob *b, uint64_t declared)
{
	if (rq_slice_ends(rq_slice_of(b->path), ".h"))
		return true;
	return !(declared & RQ_DECLARED_STATIC) &&
	       (declared & RQ_DECLARED_COUNT) < RQ_DECLARED_GIVEN;
}

/* Takes over what the blob declares of the name; whether the word stands in its tables at all. */
static bool take_declared(struct rq_named *named, const struct rq_index_blob *b)
{
	bool userland = rq_is_userland(b->path), counts = false, has = false;

	for (size_t i = find_declared(b, named->hash);
	     i < b->n_declared && is_of(b->declared[i], named->hash); i++) {
		has |= (b->declared[i] & RQ_DECLARED_COUNT) != RQ_DECLARED_PASTED;
		if (!is_declaration(b->declared[i]) ||
		    (!named->in_file && (userland || !is_seen(b, b->declared[i]))))
			continue;
		named->counts |= counts_in(b->declared[i]);
		counts = true;
	}
	if (counts && named->declared.v.n < RQ_NAMED_DECLARED)
		rq_names_add(&named->declared, rq_slice_of(b->path));
	else
		named->declared_more |= counts;
	return has;
}

struct knowing {
	struct rq_named *names;
	size_t n;
	const struct rq_named_options *options;
	struct rq_index index;
};

struct wanted {
	rq_vec(struct rq_named *) v;
};

/* A filter said that the blob may have the names: looks. */
static int read_blob(struct knowing *k, const struct rq_index_blob *b,
		     struct wanted *wanted, struct rq_err *err)
{
	struct rq_str bytes = { 0 };
	int rc = rq_blob_read(k->options->repo, &b->oid, &bytes, err);
	size_t left = rc ? 0 : wanted->v.n;

	for (size_t i = 0, n; i < bytes.len && left; i += n + 1) {
		uint64_t hash;

		for (n = 0; i + n < bytes.len && rq_is_word(bytes.s[i + n]);)
			n++;
		if (n < 2)
			continue;
		hash = rq_name_hash((struct rq_slice){ bytes.s + i, n });
		for (size_t w = 0; w < left; w++) {
			if (wanted->v.v[w]->hash != hash)
				continue;
			rq_names_add(&wanted->v.v[w]->files, rq_slice_of(b->path));
			wanted->v.v[w--] = wanted->v.v[--left];
		}
	}
	rq_str_release(&bytes);
	return rc;
}

static bool wants_files(const struct rq_named *named)
{
	return named->files.v.n < (named->every ? RQ_NAMED_FILES : 1);
}

/* A file that declares a name has it, and need not be read. */
static int look_into(struct knowing *k, const struct rq_index_blob *b,
		     struct wanted *wanted, struct rq_err *err)
{
	wanted->v.n = 0;
	for (size_t i = 0; i < k->n; i++) {
		struct rq_named *named = &k->names[i];

		if (named->in_file || !rq_index_may_have(b, named->hash))
			continue;
		if (take_declared(named, b)) {
			if (wants_files(named))
				rq_names_add(&named->files, rq_slice_of(b->path));
		} else if (wants_files(named)) {
			*rq_vec_push(&wanted->v) = named;
		}
	}
	return wanted->v.n ? read_blob(k, b, wanted, err) : 0;
}

static int look_everywhere(struct knowing *k, struct rq_err *err)
{
	struct wanted wanted = { 0 };
	int rc = 0;

	for (size_t i = 0; i < k->index.blobs.n && !rc; i++)
		rc = look_into(k, &k->index.blobs.v[i], &wanted, err);
	rq_vec_release(&wanted.v);
	return rc;
}

static int by_path(const void *path, const void *blob)
{
	return strcmp(path, ((const struct rq_index_blob *)blob)->path);
}

static void look_in_files(struct knowing *k)
{
	const struct rq_index *index = &k->index;

	for (size_t i = 0; i < k->n && index->blobs.n; i++) {
		const struct rq_index_blob *b = NULL;

		if (k->names[i].in_file)
			b = bsearch(k->names[i].in_file, index->blobs.v, index->blobs.n,
				    sizeof(*index->blobs.v), by_path);
		if (b)
			take_declared(&k->names[i], b);
	}
}

/* --- names that macros make --- */

/* How many places of a name are tried; longer names are taken as if they ended there. */
#define MOST_PARTS 24

/* A name that no file has, and where it may have been put together. */
struct missing {
	struct rq_named *of;
	size_t at[MOST_PARTS + 2], n_at; /* its start and its end too */
	uint64_t front[MOST_PARTS + 2], back[MOST_PARTS + 2];
};

/* At "_", at a capital, beside a digit. */
static bool may_part(const char *name, size_t i)
{
	unsigned char a = (unsigned char)name[i - 1], b = (unsigned char)name[i];

	return a == '_' || b == '_' || (!isupper(a) && isupper(b)) ||
	       !isdigit(a) != !isdigit(b);
}

static void cut_name(struct missing *m, struct rq_named *named)
{
	const char *name = named->name;
	size_t n = strlen(name);

	m->of = named;
	m->at[m->n_at++] = 0;
	for (size_t i = 2; i + 1 < n && m->n_at < MOST_PARTS; i++)
		if (may_part(name, i))
			m->at[m->n_at++] = i;
	m->at[m->n_at++] = n;
	for (size_t i = 0; i < m->n_at; i++) {
		m->front[i] = rq_name_hash((struct rq_slice){ name, m->at[i] });
		m->back[i] = rq_name_hash(rq_slice_of(name + m->at[i]));
	}
}

/* What is left of a name between two places. */
static void add_middle(struct rq_named *named, size_t from, size_t to)
{
	const char *name = named->name;

	while (from < to && name[from] == '_')
		from++;
	while (from < to && name[to - 1] == '_')
		to--;
	if (to - from > 1)
		rq_names_add_once(&named->middles,
				  (struct rq_slice){ name + from, to - from });
}

static bool has_pasted(const struct rq_index_blob *b, const struct missing *m,
		       size_t from, size_t to)
{
	const char *name = m->of->name;
	uint64_t hash = rq_pasted_hash((struct rq_slice){ name, m->at[from] },
				       rq_slice_of(name + m->at[to]));

	for (size_t i = find_declared(b, hash);
	     i < b->n_declared && is_of(b->declared[i], hash); i++)
		if ((b->declared[i] & RQ_DECLARED_COUNT) == RQ_DECLARED_PASTED)
			return true;
	return false;
}

/* The ways in which macros of the blob may make the name. */
static void find_pasted(const struct rq_index_blob *b, struct missing *m)
{
	bool front[MOST_PARTS + 2], back[MOST_PARTS + 2];
	size_t last = m->n_at - 1;

	for (size_t i = 0; i <= last; i++) {
		front[i] = !i || (i < last && rq_index_may_have(b, m->front[i]));
		back[i] = i == last || (i && rq_index_may_have(b, m->back[i]));
	}
	for (size_t i = 0; i < last; i++)
		for (size_t k = i + 1; front[i] && k <= last; k++)
			if (back[k] && (i || k < last) && has_pasted(b, m, i, k))
				add_middle(m->of, m->at[i], m->at[k]);
}

static bool is_given(const struct rq_index_blob *b, uint64_t hash)
{
	if (!rq_index_may_have(b, hash))
		return false;
	for (size_t i = find_declared(b, hash);
	     i < b->n_declared && is_of(b->declared[i], hash); i++)
		if ((b->declared[i] & RQ_DECLARED_COUNT) == RQ_DECLARED_GIVEN)
			return true;
	return false;
}

static void look_for_middles(struct knowing *k, struct rq_named *named)
{
	for (size_t m = 0; m < named->middles.v.n && !named->made; m++) {
		uint64_t hash = rq_name_hash(rq_slice_of(named->middles.v.v[m]));

		for (size_t i = 0; i < k->index.blobs.n && !named->made; i++)
			named->made = is_given(&k->index.blobs.v[i], hash);
	}
}

/* With .every, files may only call the name. */
static bool may_be_made(const struct rq_named *named)
{
	return named->every || !named->files.v.n;
}

static void look_at_missing(struct knowing *k)
{
	rq_vec(struct missing) missing = { 0 };

	for (size_t i = 0; i < k->n; i++)
		if (!k->names[i].in_file && may_be_made(&k->names[i]))
			cut_name(rq_vec_push(&missing), &k->names[i]);
	for (size_t i = 0; i < k->index.blobs.n; i++)
		for (size_t m = 0; m < missing.n; m++)
			find_pasted(&k->index.blobs.v[i], &missing.v[m]);
	for (size_t m = 0; m < missing.n; m++)
		look_for_middles(k, missing.v[m].of);
	rq_vec_release(&missing);
}

int rq_index_know(struct rq_named *names, size_t n,
		  const struct rq_named_options *options, struct rq_err *err)
{
	struct knowing k = {
		.names = names, .n = n, .options = options, .index = { .fd = -1 }
	};
	int rc = rq_index_open(&k.index, options->cache, options->repo, options->tree,
			       options->jobs, options->progress, err);

	if (!rc)
		look_in_files(&k);
	if (!rc)
		rc = look_everywhere(&k, err);
	if (!rc)
		look_at_missing(&k);
	rq_index_close(&k.index);
	return rc;
}
