// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether what a placed hunk adds exists: the functions that it calls, with as many arguments, and
 * the members that it uses.  A patch may fit to the letter and not compile.
 *
 * The order is from cheap to dear: the entry itself and those before it, what the cache knows of the
 * base, and only for a name in doubt the files.  No doubt is raised on a guess: not by macros, nor
 * where declarations disagree, nor in userland programs, whose C library the tree does not have.
 */
#include "queue/exist_internal.h"

#include <stdlib.h>

#include "util/path.h"

/* How far around a hunk that is cut within a call the rest of it is looked for. */
#define AROUND 24
/* Lines that are read for the names in doubt of one walk: a hostile patch has a name on each line. */
#define WORK_MOST ((size_t)1 << 24)
/* What is named of one hunk, which is yellow with the first. */
/* Longer names are not taken apart: no macro is meant to make them. */
#define MADE_MOST 128

/* --- what entries bring --- */

/* Later declarations of the name, in other files, are behind it; NULL: there is none. */
static struct rq_exist_declared *first_declared(struct rq_exist *x, uint64_t hash)
{
	size_t at = rq_set_time(&x->declared_first, hash);

	return at ? &x->declared.v[at - 1] : NULL;
}

static struct rq_exist_declared *next_declared(struct rq_exist *x,
					       const struct rq_exist_declared *d)
{
	return d->next ? &x->declared.v[d->next - 1] : NULL;
}

static uint64_t key_in(uint64_t hash, const char *path)
{
	return hash ^ rq_name_hash(rq_slice_of(path));
}

static struct rq_exist_declared *find_declared(struct rq_exist *x, uint64_t hash,
					       const char *path)
{
	size_t at;

	if (!rq_set_has(&x->declared_names, hash))
		return NULL;
	at = rq_set_time(&x->declared_in, key_in(hash, path));
	return at ? &x->declared.v[at - 1] : NULL;
}

/* At the end of the name's own row. */
static struct rq_exist_declared *push_declared(struct rq_exist *x, uint64_t hash,
					       const char *path)
{
	struct rq_exist_declared *d = rq_vec_push(&x->declared), *first;
	size_t at = x->declared.n;

	*d = (struct rq_exist_declared){ .hash = hash, .path = path, .last = at };
	rq_set_add(&x->declared_in, key_in(hash, path), at);
	first = first_declared(x, hash);
	if (!first) {
		rq_set_add(&x->declared_first, hash, at);
		return d;
	}
	x->declared.v[first->last - 1].next = at;
	first->last = at;
	return d;
}

static void add_declared(struct rq_exist *x, const struct rq_adds_declaration *declared,
			 const char *path)
{
	struct rq_exist_declared *d = find_declared(x, declared->hash, path);

	if (!d)
		d = push_declared(x, declared->hash, path);
	rq_set_add(&x->declared_names, d->hash, x->entry);
	/* A later entry declares it again; one entry may do so twice, for two configurations. */
	if (d->entry != x->entry)
		d->counts = 0;
	d->entry = x->entry;
	d->counts |= rq_counts_of(declared->args);
}

/* Most words of a queue are never asked for: only those that patches use, or all. */
static void add_words(struct rq_exist *x, struct rq_set *to, const uint64_t *words,
		      size_t n, size_t entry)
{
	for (size_t i = 0; i < n; i++)
		if (x->keeps_all || rq_set_has(&x->used, words[i]))
			rq_set_add(to, words[i], entry);
}

static void add_names(struct rq_exist *x, const struct rq_adds *adds, size_t entry)
{
	add_words(x, &x->brought, adds->brought.v, adds->brought.n, entry);
	add_words(x, &x->removed, adds->removed.v, adds->removed.n, entry);
}

static void add_pasted(struct rq_exist *x, const struct rq_adds *adds)
{
	for (size_t i = 0; i < adds->pasted.n; i++)
		rq_set_add(&x->pasted, adds->pasted.v[i], x->entry);
}

/* A name is asked for that no patch of the queue uses: it may be any. */
static void keep_all(struct rq_exist *x)
{
	if (x->keeps_all)
		return;
	x->keeps_all = true;
	rq_set_release(&x->brought);
	rq_set_release(&x->removed);
	for (size_t i = 0; i < x->past.n; i++)
		add_names(x, x->past.v[i].adds, x->past.v[i].entry);
}

static void add_entry(struct rq_exist *x, const struct rq_exist_lines *lines)
{
	const struct rq_adds *adds = lines->adds;

	x->entry++;
	if (!x->keeps_all)
		*rq_vec_push(&x->past) = (struct rq_exist_past){ adds, x->entry };
	add_names(x, adds, x->entry);
	add_pasted(x, adds);
	for (size_t i = 0; i < adds->declared.n; i++) {
		const char *path = lines->paths[adds->declared.v[i].file];

		if (path)
			add_declared(x, &adds->declared.v[i], path);
	}
}

static bool is_brought(const struct rq_exist *x, uint64_t hash)
{
	return rq_set_has(&x->brought, hash) || rq_set_has(&x->declared_names, hash);
}

/* Whether lines with the name were taken away after the last that brought it. */
static bool is_older(const struct rq_exist *x, uint64_t hash)
{
	size_t removed = rq_set_time(&x->removed, hash);

	return removed && removed > rq_set_time(&x->brought, hash) &&
	       removed > rq_set_time(&x->declared_names, hash) &&
	       removed > rq_set_time(&x->seen, hash);
}

/* Whether entries brought the name more often than they took it away. */
static bool is_left(const struct rq_exist *x, uint64_t hash)
{
	size_t often =
		rq_set_often(&x->brought, hash) + rq_set_often(&x->declared_names, hash);

	return often && often > rq_set_often(&x->removed, hash);
}

/* --- what the base is asked --- */

struct questions {
	rq_vec(struct rq_named) v;
	struct rq_set asked;
};

/* Whether the answer is good enough: with @every, all files that have the word are listed. */
static bool is_answered(struct rq_exist *x, uint64_t hash, const char *in_file,
			bool every)
{
	const struct rq_named *answer = rq_answers_get(&x->answers, hash, in_file);

	return answer && (!every || answer->every || !answer->files.v.n);
}

static void ask(struct rq_exist *x, struct questions *q, struct rq_slice name,
		uint64_t hash, const char *in_file, bool every)
{
	uint64_t key = in_file ? hash ^ rq_name_hash(rq_slice_of(in_file)) : hash + every;
	struct rq_named *named;

	if (is_answered(x, hash, in_file, every) || rq_set_has(&q->asked, key))
		return;
	rq_set_add(&q->asked, key, 1);
	named = rq_vec_push(&q->v);
	named->name = rq_xstrndup(name.p, name.n);
	named->hash = hash;
	named->in_file = in_file ? rq_xstrdup(in_file) : NULL;
	named->every = every;
}

static int get_answers(struct rq_exist *x, struct questions *q, struct rq_err *err)
{
	const struct rq_walk *walk = x->walk;
	const struct rq_named_options options = { .cache = walk->rules.cache,
						  .repo = walk->repo,
						  .tree = &walk->record->base_tree,
						  .jobs = walk->jobs,
						  .progress = walk->progress };
	int rc = q->v.n ? rq_index_know(q->v.v, q->v.n, &options, err) : 0;

	for (size_t i = 0; i < q->v.n; i++) {
		if (rc)
			rq_named_release(&q->v.v[i]);
		else
			rq_answers_add(&x->answers, &q->v.v[i]);
	}
	rq_vec_release(&q->v);
	rq_set_release(&q->asked);
	return rc;
}

int rq_exist_ask(struct rq_exist *x, const struct rq_names *names, struct rq_err *err)
{
	struct questions q = { 0 };

	for (size_t i = 0; i < names->v.n; i++) {
		struct rq_slice name = rq_slice_of(names->v.v[i]);

		ask(x, &q, name, rq_name_hash(name), NULL, true);
	}
	return get_answers(x, &q, err);
}

const struct rq_named *rq_exist_named(const struct rq_exist *x, const char *name)
{
	return rq_answers_get(&x->answers, rq_name_hash(rq_slice_of(name)), NULL);
}

static bool has_count(const struct rq_adds_use *use)
{
	return !use->member && use->args >= 0;
}

/* What judging the uses needs to know of the base, as far as entries do not say it. */
static void ask_about(struct rq_exist *x, struct questions *q, const struct rq_adds *adds,
		      const char *const *paths)
{
	for (size_t i = 0; i < adds->uses.n; i++) {
		const struct rq_adds_use *use = &adds->uses.v[i];
		const char *path = paths[use->file];
		bool declared = rq_set_has(&x->declared_names, use->hash), older;

		if (!path)
			continue;
		if (has_count(use) && !declared)
			ask(x, q, use->name, use->hash, path, false);
		if (rq_is_userland(path))
			continue;
		older = is_older(x, use->hash) && !is_left(x, use->hash);
		if (older || !is_brought(x, use->hash) || (has_count(use) && !declared))
			ask(x, q, use->name, use->hash, NULL, older);
	}
}

/* --- one name in doubt --- */

static bool is_touched(struct rq_exist *x, const char *path)
{
	const struct rq_file *file = rq_image_peek(x->walk->image, path);

	return file && file->touched;
}

/* False once too much was read. */
static bool spend(struct rq_exist *x, size_t n)
{
	x->work += n;
	return x->work < WORK_MOST;
}

struct searching {
	struct rq_exist *x;
	const struct rq_adds_use *use;
	bool found;
};

static int search_file(struct rq_file *file, void *ctx)
{
	struct searching *s = ctx;

	if (!s->found && file->mode != RQ_MODE_NONE && rq_path_is_c(file->path) &&
	    spend(s->x, file->n_lines))
		s->found = rq_exist_mentions(file, s->use);
	return 0;
}

/* Whether a file that entries changed has the word as it stands now, and not only in such uses. */
static bool in_touched(struct rq_exist *x, const struct rq_adds_use *use)
{
	struct searching s = { .x = x, .use = use };

	rq_image_each_touched(x->walk->image, search_file, &s);
	return s.found;
}

static bool in_file(struct rq_exist *x, const struct rq_adds_use *use, const char *path)
{
	struct searching s = { .x = x, .use = use };
	const struct rq_file *file = rq_image_peek(x->walk->image, path);

	if (file)
		search_file((struct rq_file *)file, &s);
	return s.found;
}

/* The files that had it are the first to look into. */
static bool in_listed(struct rq_exist *x, const struct rq_adds_use *use,
		      const struct rq_named *answer)
{
	for (size_t i = 0; i < answer->files.v.n; i++)
		if (in_file(x, use, answer->files.v.v[i]))
			return true;
	return false;
}

/* Whether the base has the word in a file that no entry changed, or in more than were listed. */
static bool in_untouched(struct rq_exist *x, const struct rq_named *answer)
{
	for (size_t i = 0; i < answer->files.v.n; i++)
		if (!is_touched(x, answer->files.v.v[i]))
			return true;
	return answer->files.v.n == RQ_NAMED_FILES;
}

/* Whether macros, of the tree or of entries, may make the name. */
static bool may_be_made(struct rq_exist *x, const struct rq_named *answer)
{
	size_t n = strlen(answer->name);

	if (answer->made)
		return true;
	keep_all(x);
	for (size_t i = 0; i < answer->middles.v.n; i++)
		if (is_brought(x, rq_name_hash(rq_slice_of(answer->middles.v.v[i]))))
			return true;
	if (!x->pasted.n || n > MADE_MOST || !spend(x, n * n / 8))
		return false;
	for (size_t i = 0; i < n; i++)
		for (size_t k = i + 1; k <= n; k++)
			if (rq_set_has(
				    &x->pasted,
				    rq_pasted_hash((struct rq_slice){ answer->name, i },
						   rq_slice_of(answer->name + k))))
				return true;
	return false;
}

/* An entry took lines with the name away: whether there are others.  From cheap to dear. */
static void find_left(struct rq_exist *x, const struct rq_adds_use *use, const char *path,
		      const struct rq_named *answer, bool *found)
{
	*found = in_untouched(x, answer) || in_file(x, use, path) ||
		 in_listed(x, use, answer) || in_touched(x, use);
	if (*found)
		rq_set_add(&x->seen, use->hash, x->entry);
}

static int find_name(struct rq_exist *x, const struct rq_adds_use *use, const char *path,
		     bool *found, struct rq_err *err)
{
	struct questions q = { 0 };
	const struct rq_named *answer;
	bool removed = is_older(x, use->hash);
	int rc;

	*found = is_brought(x, use->hash) && (!removed || is_left(x, use->hash));
	if (*found)
		return 0;
	ask(x, &q, use->name, use->hash, NULL, removed);
	rc = get_answers(x, &q, err);
	if (rc)
		return rc;
	answer = rq_answers_get(&x->answers, use->hash, NULL);
	if (removed)
		find_left(x, use, path, answer, found);
	else
		*found = answer->files.v.n > 0;
	if (!*found)
		*found = may_be_made(x, answer);
	return 0;
}

/* --- what is lacking --- */

struct checking {
	struct rq_exist *x;
	const struct rq_exist_lines *lines;
	const struct rq_item *item;
	struct rq_entry_record *entry;
};

/* The record of the hunk that the use is in. */
static struct rq_hunk_record *hunk_of(const struct checking *c,
				      const struct rq_adds_use *use)
{
	const char *path = c->lines->paths[use->file];
	struct rq_hunk_record *whole = NULL;

	for (size_t i = 0; i < c->entry->hunks.n; i++) {
		struct rq_hunk_record *hunk = &c->entry->hunks.v[i];

		if (strcmp(hunk->file, path) != 0)
			continue;
		if (hunk->hunk == (long)use->hunk + 1)
			return hunk;
		if (!hunk->hunk)
			whole = hunk;
	}
	return whole;
}

/* Takes the strings of @lack over. */
static void doubt(const struct checking *c, const struct rq_adds_use *use,
		  struct rq_hunk_record *hunk, const struct rq_lack *lack)
{
	struct rq_str sentence = { 0 };

	*rq_vec_push(&hunk->lacks) = *lack;
	hunk->doubtful = c->entry->doubtful = true;
	if (c->entry->message)
		return;
	rq_lack_print(&sentence, lack, c->x->walk->record->branch);
	rq_entry_say(c->entry, "%s: hunk %zu: %s", hunk->file, use->hunk + 1, sentence.s);
	rq_str_release(&sentence);
}

/* The names that are left are not looked for: said once, as the hunk is yellow then. */
static void doubt_rest(const struct checking *c, const struct rq_adds_use *use)
{
	struct rq_hunk_record *hunk = hunk_of(c, use);

	if (hunk && hunk->rung != RQ_PRESENT && !hunk->doubtful)
		doubt(c, use, hunk,
		      &(struct rq_lack){ .kind = RQ_LACK_UNASKED,
					 .name = rq_xstrdup("") });
}

static bool says_enough(const struct checking *c, const struct rq_adds_use *use)
{
	const struct rq_hunk_record *hunk = hunk_of(c, use);

	return hunk && hunk->lacks.n >= RQ_LACKS_NAMED;
}

static bool says_so(const struct rq_hunk_record *hunk, const struct rq_lack *lack)
{
	for (size_t i = 0; i < hunk->lacks.n; i++)
		if (hunk->lacks.v[i].kind == lack->kind &&
		    hunk->lacks.v[i].given == lack->given &&
		    strcmp(hunk->lacks.v[i].name, lack->name) == 0)
			return true;
	return false;
}

/* Takes the strings of @lack over. */
static void add_lack(const struct checking *c, const struct rq_adds_use *use,
		     struct rq_lack *lack)
{
	struct rq_hunk_record *hunk = hunk_of(c, use);
	_cleanup_free_ char *name = rq_xstrndup(use->name.p, use->name.n);
	_cleanup_free_ char *place = lack->place;

	lack->name = name;
	if (!hunk || hunk->rung == RQ_PRESENT || says_so(hunk, lack))
		return;
	doubt(c, use, hunk, lack);
	name = place = NULL;
}

/* The file that the use is in, as the entry left it; NULL: not there. */
static int file_of(const struct checking *c, const char *path, struct rq_file **out,
		   struct rq_err *err)
{
	int rc = rq_image_file(c->x->walk->image, path, out, err);

	if (!rc && (*out)->mode != RQ_MODE_FILE && (*out)->mode != RQ_MODE_EXEC)
		*out = NULL;
	return rc;
}

static int check_name(const struct checking *c, const struct rq_adds_use *use,
		      struct rq_err *err)
{
	struct rq_lack lack = { .kind = use->member ? RQ_LACK_MEMBER : RQ_LACK_CALL };
	const struct rq_named *answer = rq_answers_get(&c->x->answers, use->hash, NULL);
	const char *path = c->lines->paths[use->file];
	struct rq_exist_look look;
	struct rq_file *file;
	bool found;
	int rc;

	if (answer && answer->files.v.n && !is_older(c->x, use->hash))
		return 0;
	if (says_enough(c, use))
		return 0;
	rc = find_name(c->x, use, path, &found, err);
	if (!rc && !found)
		rc = file_of(c, path, &file, err);
	if (rc || found || !file)
		return rc;
	if (!spend(c->x, file->n_lines)) {
		doubt_rest(c, use);
		return 0;
	}
	rq_exist_look(&look, file, use);
	if (look.used && !look.mentioned)
		add_lack(c, use, &lack);
	return 0;
}

static bool takes(uint64_t counts, const struct rq_adds_use *use)
{
	return counts & (RQ_COUNTS_ANY | rq_counts_of(use->args));
}

static long first_of(uint64_t counts)
{
	long n = 0;

	while (!(counts >> n & 1))
		n++;
	return n;
}

/* The declarations in one file, as it stands; the first that has one gives the place. */
static int add_counts(const struct checking *c, const struct rq_adds_use *use,
		      const char *path, uint64_t *counts, char **place,
		      struct rq_err *err)
{
	struct rq_exist_look look;
	struct rq_file *file;
	int rc = file_of(c, path, &file, err);

	if (rc || !file)
		return rc;
	spend(c->x, file->n_lines);
	rq_exist_look(&look, file, use);
	*counts |= look.counts;
	if (look.counts && !*place)
		*place = rq_xasprintf("%s:%ld", path, look.line);
	return 0;
}

/* All that declares the function now: what the base had, and what entries changed of it. */
static int count_everywhere(const struct checking *c, const struct rq_adds_use *use,
			    uint64_t *counts, char **place, struct rq_err *err)
{
	const struct rq_named *answer = rq_answers_get(&c->x->answers, use->hash, NULL);
	const struct rq_exist_declared *d;
	int rc = 0;

	for (size_t i = 0; answer && i < answer->declared.v.n && !rc; i++)
		rc = add_counts(c, use, answer->declared.v.v[i], counts, place, err);
	if (answer && answer->declared_more)
		*counts |= answer->counts;
	for (d = first_declared(c->x, use->hash); d && !rc; d = next_declared(c->x, d))
		rc = add_counts(c, use, d->path, counts, place, err);
	return rc;
}

struct several {
	struct rq_exist *x;
	struct rq_slice name;
	bool found;
};

static int look_for_several(struct rq_file *file, void *ctx)
{
	struct several *s = ctx;

	if (!s->found && file->mode != RQ_MODE_NONE && spend(s->x, file->n_lines))
		s->found = rq_exist_is_several(file, s->name);
	return 0;
}

/* Whether one of the files defines the name so. */
static int are_several(const struct checking *c, struct several *s,
		       const struct rq_names *files, struct rq_err *err)
{
	struct rq_file *file;
	int rc = 0;

	for (size_t i = 0; i < files->v.n && !s->found && !rc; i++) {
		rc = file_of(c, files->v.v[i], &file, err);
		if (!rc && file)
			look_for_several(file, s);
	}
	return rc;
}

/* Whether a macro among the arguments of the call may stand for several of them. */
static int may_be_several(const struct checking *c, const struct rq_adds_use *use,
			  const struct rq_file *file, const struct rq_exist_look *look,
			  bool *may, struct rq_err *err)
{
	_cleanup_(rq_names_release) struct rq_names words = { 0 };
	struct questions q = { 0 };
	int rc;

	rq_exist_lone_words(&words, file, look, use->name);
	for (size_t i = 0; i < words.v.n; i++) {
		struct rq_slice word = rq_slice_of(words.v.v[i]);

		ask(c->x, &q, word, rq_name_hash(word), NULL, true);
	}
	rc = get_answers(c->x, &q, err);
	for (size_t i = 0; i < words.v.n && !*may && !rc; i++) {
		struct several s = { .x = c->x, .name = rq_slice_of(words.v.v[i]) };
		const struct rq_named *answer =
			rq_answers_get(&c->x->answers, rq_name_hash(s.name), NULL);

		rq_image_each_touched(c->x->walk->image, look_for_several, &s);
		rc = are_several(c, &s, &answer->declared, err);
		if (!rc)
			rc = are_several(c, &s, &answer->files, err);
		*may = s.found;
	}
	return rc;
}

/* The counts that tables tell do not fit: the files decide. */
static int confirm_count(const struct checking *c, const struct rq_adds_use *use,
			 struct rq_err *err)
{
	struct rq_lack lack = { .kind = RQ_LACK_ARGUMENTS, .given = use->args };
	const char *path = c->lines->paths[use->file];
	struct rq_exist_look look;
	struct rq_file *file;
	uint64_t counts;
	bool lacks, several = false;
	int rc = file_of(c, path, &file, err);

	if (rc || !file || says_enough(c, use))
		return rc;
	if (!spend(c->x, 2 * file->n_lines)) {
		doubt_rest(c, use);
		return 0;
	}
	rq_exist_look(&look, file, use);
	if (!look.used)
		return 0;
	counts = look.counts;
	if (counts)
		lack.place = rq_xasprintf("%s:%ld", path, look.line);
	else if (!look.shadowed)
		rc = count_everywhere(c, use, &counts, &lack.place, err);
	lacks = lack.place && counts && !takes(counts, use) &&
		(look.counts || rq_counts_only(counts) >= 0);
	if (!rc && lacks)
		lacks = !rq_exist_called_before(file, use);
	if (!rc && lacks)
		rc = may_be_several(c, use, file, &look, &several, err);
	if (rc || !lacks || several) {
		free(lack.place);
		return rc;
	}
	lack.takes = first_of(counts);
	add_lack(c, use, &lack);
	return 0;
}

/* What tables tell of the function's arguments; 0: nothing that one can go by. */
static uint64_t known_counts(struct rq_exist *x, const struct rq_adds_use *use,
			     const char *path)
{
	const struct rq_exist_declared *declared = find_declared(x, use->hash, path);
	const struct rq_named *answer;

	if (declared)
		return declared->counts;
	answer = rq_answers_get(&x->answers, use->hash, path);
	if (answer && answer->counts)
		return answer->counts;
	if (rq_is_userland(path))
		return 0;
	declared = first_declared(x, use->hash);
	if (declared)
		return declared->counts;
	answer = rq_answers_get(&x->answers, use->hash, NULL);
	return answer && rq_counts_only(answer->counts) >= 0 ? answer->counts : 0;
}

static int check_count(const struct checking *c, const struct rq_adds_use *use,
		       struct rq_err *err)
{
	uint64_t counts = known_counts(c->x, use, c->lines->paths[use->file]);

	return !counts || takes(counts, use) ? 0 : confirm_count(c, use, err);
}

static int check_use(const struct checking *c, const struct rq_adds_use *use,
		     struct rq_err *err)
{
	const char *path = c->lines->paths[use->file];
	int rc = 0;

	if (!path)
		return 0;
	if (use->added && !rq_is_userland(path))
		rc = check_name(c, use, err);
	if (!rc && has_count(use))
		rc = check_count(c, use, err);
	return rc;
}

/* --- hunks that begin or end within a call --- */

struct window {
	rq_vec(struct rq_adds_line) v;
	size_t start, n; /* of the hunk's own lines */
};

/* The line, from 0, where hunk @h of @change stands in the result. */
static long result_line(const struct rq_file_change *change, size_t h)
{
	long shift = 0;

	for (size_t i = 0; i < h; i++) {
		const struct rq_hunk *hunk = &change->diff->hunks[i];

		for (size_t k = 0; k < hunk->n_lines && change->at.v[i]; k++)
			shift += (hunk->lines[k].sign == '+') -
				 (hunk->lines[k].sign == '-');
	}
	return change->at.v[h] - 1 + shift;
}

/* The lines of the result around the hunk; false where they are not there. */
static bool fill_window(struct window *w, const struct rq_file *file,
			const struct rq_hunk *hunk, long at)
{
	bool behind_removed = false;
	long line = at > AROUND ? at - AROUND : 0;

	for (; line < at && (size_t)line < file->n_lines; line++)
		*rq_vec_push(&w->v) = (struct rq_adds_line){ .text = file->lines[line] };
	w->start = w->v.n;
	for (size_t i = 0; i < hunk->n_lines; i++) {
		const struct rq_line *l = &hunk->lines[i];
		bool added = l->sign == '+';

		if (l->sign == '-') {
			behind_removed = true;
			continue;
		}
		if ((size_t)line >= file->n_lines ||
		    !rq_slice_eq(l->text, file->lines[line++]))
			return false;
		*rq_vec_push(&w->v) =
			(struct rq_adds_line){ l->text, added, added || behind_removed };
		behind_removed = false;
	}
	w->n = w->v.n - w->start;
	for (size_t i = 0; i < AROUND && (size_t)line < file->n_lines; i++, line++) {
		*rq_vec_push(&w->v) = (struct rq_adds_line){ .text = file->lines[line],
							     .changed = behind_removed };
		behind_removed = false;
	}
	return true;
}

static bool crosses(const struct window *w, const struct rq_adds_use *use)
{
	return (size_t)use->line < w->start || (size_t)use->last >= w->start + w->n;
}

/* Counts the calls that the hunk cuts; with @all, those that it holds whole as well. */
static int check_window(const struct checking *c, const struct window *w,
			const struct rq_adds_hunk *cut, bool all, struct rq_err *err)
{
	struct rq_adds adds = { 0 };
	struct rq_exist_lines lines = *c->lines;
	struct checking inner = *c;
	struct questions q = { 0 };
	size_t kept = 0;
	int rc;

	rq_adds_scan(&adds, w->v.v, w->v.n, cut->file, cut->hunk);
	for (size_t i = 0; i < adds.uses.n; i++)
		if (has_count(&adds.uses.v[i]) && (all || crosses(w, &adds.uses.v[i])))
			adds.uses.v[kept++] = adds.uses.v[i];
	adds.uses.n = kept;
	lines.adds = &adds;
	inner.lines = &lines;
	ask_about(c->x, &q, &adds, lines.paths);
	rc = get_answers(c->x, &q, err);
	for (size_t i = 0; i < adds.uses.n && !rc; i++)
		rc = check_count(&inner, &adds.uses.v[i], err);
	rq_adds_release(&adds);
	return rc;
}

static const struct rq_file_change *change_of(const struct checking *c,
					      const struct rq_filediff *diff)
{
	for (size_t i = 0; i < c->entry->changes.n; i++)
		if (c->entry->changes.v[i].diff == diff ||
		    c->entry->changes.v[i].followed == diff)
			return &c->entry->changes.v[i];
	return NULL;
}

static int check_hunk(const struct checking *c, struct rq_file *file,
		      const struct rq_hunk *hunk, long at, const struct rq_adds_hunk *cut,
		      bool all, struct rq_err *err)
{
	struct window window = { 0 };
	int rc = 0;

	if (fill_window(&window, file, hunk, at))
		rc = check_window(c, &window, cut, all, err);
	rq_vec_release(&window.v);
	return rc;
}

/* Fresh hunks, which say themselves where they are in the result; they may hold whole what the patch cuts. */
static int check_redrawn(const struct checking *c, const struct rq_file_change *change,
			 const struct rq_adds_hunk *cut, struct rq_err *err)
{
	_cleanup_(rq_str_release) struct rq_str text = { 0 };
	_cleanup_(rq_patch_freep) struct rq_patch *fresh = NULL;
	struct rq_file *file;
	int rc = file_of(c, change->path, &file, err);

	if (rc || !file || !change->body.len)
		return rc;
	rq_str_addf(&text, "--- a/x\n+++ b/x\n%.*s", (int)change->body.len,
		    change->body.s);
	rc = rq_patch_parse(&fresh, change->path, &text, &RQ_PATCH_DEFAULTS, err);
	for (size_t i = 0; !rc && fresh->n_files && i < fresh->files->n_hunks; i++)
		rc = check_hunk(c, file, &fresh->files->hunks[i],
				fresh->files->hunks[i].new_start - 1, cut, true, err);
	return rc;
}

static const struct rq_file_change *redrawn_of(const struct checking *c,
					       const struct rq_filediff *diff)
{
	for (size_t i = 0; i < c->entry->changes.n && diff->new_path; i++)
		if (c->entry->changes.v[i].redrawn &&
		    strcmp(c->entry->changes.v[i].path, diff->new_path) == 0)
			return &c->entry->changes.v[i];
	return NULL;
}

/* @first: no hunk before it of the same file is cut. */
static int check_cut(const struct checking *c, const struct rq_patch *patch,
		     const struct rq_adds_hunk *cut, bool first, struct rq_err *err)
{
	const struct rq_filediff *diff = &patch->files[cut->file];
	const struct rq_file_change *change = change_of(c, diff);
	struct rq_file *file;
	int rc;

	if (!change)
		change = redrawn_of(c, diff);
	if (change && change->redrawn)
		return first ? check_redrawn(c, change, cut, err) : 0;
	if (!change || cut->hunk >= change->at.n || !change->at.v[cut->hunk])
		return 0;
	rc = file_of(c, change->path, &file, err);
	if (rc || !file)
		return rc;
	return check_hunk(c, file, &diff->hunks[cut->hunk],
			  result_line(change, cut->hunk), cut, false, err);
}

/* --- an entry --- */

/* Where the files of a patch went; a file may stand elsewhere in this branch. */
static const char **paths_of(const struct checking *c, const struct rq_patch *patch)
{
	const char **paths = rq_xcalloc(patch->n_files + 1, sizeof(*paths));

	for (size_t i = 0; i < patch->n_files; i++) {
		const struct rq_filediff *diff = &patch->files[i];
		const struct rq_file_change *change = c ? change_of(c, diff) : NULL;
		const char *path = rq_filediff_path(diff);

		if (change)
			path = change->path;
		if (rq_path_is_c(path))
			paths[i] = path;
	}
	return paths;
}

/* All that the patches will ask of the base, taken that each of them fits. */
static void ask_all(struct rq_exist *x, struct questions *q)
{
	struct rq_exist all = { .walk = x->walk, .answers = x->answers, .used = x->used };

	x->asked_all = true;
	for (size_t i = 0; i < x->n_items; i++) {
		const struct rq_adds *adds = &x->items[i]->adds;
		const char **paths;

		if (!x->items[i]->patch)
			continue;
		all.entry++;
		add_names(&all, adds, all.entry);
		for (size_t k = 0; k < adds->declared.n; k++)
			rq_set_add(&all.declared_names, adds->declared.v[k].hash,
				   all.entry);
		paths = paths_of(NULL, x->items[i]->patch);
		ask_about(&all, q, adds, paths);
		free(paths);
	}
	rq_set_release(&all.brought);
	rq_set_release(&all.removed);
	rq_set_release(&all.declared_names);
}

static int check_lines(const struct checking *c, const struct rq_patch *patch,
		       struct rq_err *err)
{
	const struct rq_adds *adds = c->lines->adds;
	struct questions q = { 0 };
	int rc;

	add_entry(c->x, c->lines);
	ask_about(c->x, &q, adds, c->lines->paths);
	/* The base is opened once for all that is foreseen. */
	if (q.v.n && !c->x->asked_all)
		ask_all(c->x, &q);
	rc = get_answers(c->x, &q, err);
	for (size_t i = 0; i < adds->uses.n && !rc; i++)
		rc = check_use(c, &adds->uses.v[i], err);
	for (size_t i = 0; patch && i < adds->cut.n && !rc; i++)
		rc = check_cut(c, patch, &adds->cut.v[i],
			       !i || adds->cut.v[i - 1].file != adds->cut.v[i].file, err);
	return rc;
}

static int check_patch(struct checking *c, const struct rq_patch *patch,
		       const struct rq_adds *adds, struct rq_err *err)
{
	struct rq_exist_lines lines = { adds, paths_of(c, patch), patch->n_files };
	int rc;

	c->lines = &lines;
	rc = check_lines(c, patch, err);
	free(lines.paths);
	return rc;
}

static int check_resolution(struct checking *c, const struct rq_patch *patch,
			    struct rq_err *err)
{
	struct rq_adds adds = { 0 };
	int rc;

	keep_all(c->x);
	rq_adds_read(&adds, patch);
	rc = check_patch(c, patch, &adds, err);
	rq_adds_release(&adds);
	return rc;
}

/* The hunks of a change that has no patch: a rule's. */
static void read_body(struct rq_adds *adds, const struct rq_file_change *change,
		      size_t file)
{
	struct rq_slice rest = rq_str_slice(&change->body), line;
	struct window w = { 0 };
	bool behind_removed = false;
	size_t hunk = 0;

	while (rq_slice_next_line(&rest, &line)) {
		struct rq_slice text = { line.p + 1, line.n - 1 };
		bool added = line.p[0] == '+';

		if (line.p[0] == '@') {
			if (hunk++)
				rq_adds_scan(adds, w.v.v, w.v.n, file, hunk - 2);
			w.v.n = 0;
			behind_removed = false;
		} else if (line.p[0] == '-') {
			rq_adds_remove(adds, text);
			behind_removed = true;
		} else if (line.p[0] == ' ' || added) {
			*rq_vec_push(&w.v) =
				(struct rq_adds_line){ text, added,
						       added || behind_removed };
			behind_removed = false;
		}
	}
	if (hunk)
		rq_adds_scan(adds, w.v.v, w.v.n, file, hunk - 1);
	rq_vec_release(&w.v);
}

static int check_bodies(struct checking *c, struct rq_err *err)
{
	const size_t n = c->entry->changes.n;
	struct rq_adds adds = { 0 };
	struct rq_exist_lines lines = { &adds, rq_xcalloc(n, sizeof(char *)), n };
	int rc;

	keep_all(c->x);
	for (size_t i = 0; i < n; i++) {
		lines.paths[i] = c->entry->changes.v[i].path;
		if (rq_path_is_c(lines.paths[i]))
			read_body(&adds, &c->entry->changes.v[i], i);
	}
	c->lines = &lines;
	rc = check_lines(c, NULL, err);
	free(lines.paths);
	rq_adds_release(&adds);
	return rc;
}

int rq_exist_check(struct rq_exist *x, const struct rq_item *item,
		   struct rq_entry_record *entry, struct rq_err *err)
{
	struct checking c = { .x = x, .item = item, .entry = entry };

	if (!entry->changes.n)
		return 0;
	if (item->rule)
		return check_bodies(&c, err);
	if (entry->resolved)
		return check_resolution(&c, entry->resolved, err);
	return check_patch(&c, item->patch, &item->adds, err);
}

/* --- the whole queue --- */

int rq_exist_new(struct rq_exist **out, struct rq_walk *walk,
		 const struct rq_item *const *items, size_t n, struct rq_err *err)
{
	struct rq_exist *x;
	bool whole;
	int rc = rq_index_is_whole(&whole, walk->repo, &walk->record->base_tree, err);

	*out = NULL;
	if (rc)
		return rc;
	if (!whole || !walk->rules.cache) {
		walk->record->unchecked = rq_xstrdup(
			whole ? "no folder for the names of the tree: set HOME or "
				"XDG_CACHE_HOME"
			      : "the tree has no Makefile or no include/: whether "
				"what patches call exists was not looked at");
		return 0;
	}
	x = rq_xcalloc(1, sizeof(*x));
	x->walk = walk;
	x->items = items;
	x->n_items = n;
	rq_answers_load(&x->answers, walk->rules.cache, &walk->record->base_tree);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < items[i]->adds.uses.n; k++)
			rq_set_add(&x->used, items[i]->adds.uses.v[k].hash, 1);
	*out = x;
	return 0;
}

void rq_exist_free(struct rq_exist *x)
{
	if (!x)
		return;
	rq_answers_save(&x->answers);
	rq_answers_release(&x->answers);
	rq_set_release(&x->used);
	rq_vec_release(&x->past);
	rq_set_release(&x->brought);
	rq_set_release(&x->pasted);
	rq_set_release(&x->removed);
	rq_set_release(&x->seen);
	rq_set_release(&x->declared_names);
	rq_set_release(&x->declared_first);
	rq_set_release(&x->declared_in);
	rq_vec_release(&x->declared);
	free(x);
}
