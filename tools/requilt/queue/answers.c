// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file: ANSWERS_MAGIC, a line for each answer, and the hash of all of these in the last line.
 * Fields are separated by tabs, numbers are hexadecimal; what has a tab in a path is not kept.
 *
 *	NAME  EVERY  MADE  MORE  COUNTS  N  FILE...  N  MIDDLE...  N  DECLARED...
 *	@NAME  FILE  COUNTS
 */
#include "queue/answers.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

#include "util/cuse.h"
#include "util/file.h"

#define ANSWERS_MAGIC "requilt answers 2\n"

static size_t *slot_of(const struct rq_answers *answers, uint64_t hash,
		       const char *in_file)
{
	size_t i = (size_t)hash & (answers->n_slots - 1);

	for (; answers->slots[i]; i = (i + 1) & (answers->n_slots - 1)) {
		const struct rq_named *named = &answers->v.v[answers->slots[i] - 1];

		if (named->hash == hash && !named->in_file == !in_file &&
		    (!in_file || strcmp(named->in_file, in_file) == 0))
			break;
	}
	return &answers->slots[i];
}

/* Names that stand in many files must not queue up behind one slot. */
static uint64_t key_of(uint64_t hash, const char *in_file)
{
	return in_file ? hash ^ XXH3_64bits(in_file, strlen(in_file)) : hash;
}

const struct rq_named *rq_answers_get(const struct rq_answers *answers, uint64_t hash,
				      const char *in_file)
{
	size_t at;

	if (!answers->n_slots)
		return NULL;
	at = *slot_of(answers, key_of(hash, in_file), in_file);
	return at ? &answers->v.v[at - 1] : NULL;
}

static void grow(struct rq_answers *answers)
{
	free(answers->slots);
	answers->n_slots = answers->n_slots ? 4 * answers->n_slots : 1024;
	answers->slots = rq_xcalloc(answers->n_slots, sizeof(*answers->slots));
	for (size_t i = 0; i < answers->v.n; i++)
		*slot_of(answers, answers->v.v[i].hash, answers->v.v[i].in_file) = i + 1;
}

/* .hash becomes the key. */
static void insert(struct rq_answers *answers, struct rq_named *named)
{
	size_t *slot;

	named->hash = key_of(named->hash, named->in_file);
	if (2 * (answers->v.n + 1) > answers->n_slots)
		grow(answers);
	slot = slot_of(answers, named->hash, named->in_file);
	if (*slot) {
		rq_named_release(&answers->v.v[*slot - 1]);
		answers->v.v[*slot - 1] = *named;
	} else {
		*rq_vec_push(&answers->v) = *named;
		*slot = answers->v.n;
	}
	*named = (struct rq_named){ 0 };
}

void rq_answers_add(struct rq_answers *answers, struct rq_named *named)
{
	insert(answers, named);
	answers->changed = true;
}

/* --- reading --- */

/* Up to the next tab. */
static bool take_field(struct rq_slice *rest, struct rq_slice *field)
{
	const char *tab = memchr(rest->p, '\t', rest->n);

	if (!rest->p)
		return false;
	*field = (struct rq_slice){ rest->p, tab ? (size_t)(tab - rest->p) : rest->n };
	*rest = tab ? (struct rq_slice){ tab + 1, rest->n - field->n - 1 }
		    : (struct rq_slice){ 0 };
	return true;
}

/* The newline behind the last one ends every number. */
static bool take_number(struct rq_slice *rest, uint64_t *n)
{
	struct rq_slice field;

	if (!take_field(rest, &field) || !field.n || field.n > 16)
		return false;
	*n = 0;
	for (size_t i = 0; i < field.n; i++) {
		const char *digits = "0123456789abcdef";
		const char *digit = memchr(digits, field.p[i], 16);

		if (!digit)
			return false;
		*n = *n << 4 | (uint64_t)(digit - digits);
	}
	return true;
}

static bool take_names(struct rq_slice *rest, struct rq_names *names)
{
	struct rq_slice field;
	uint64_t n;
	bool good = take_number(rest, &n);

	for (; good && n; n--) {
		good = take_field(rest, &field);
		if (good)
			rq_names_add(names, field);
	}
	return good;
}

static bool take_answer(struct rq_named *named, struct rq_slice line)
{
	struct rq_slice name, file;
	uint64_t every = 0, made = 0, more = 0;
	bool good = take_field(&line, &name) && name.n;
	bool here = good && name.p[0] == '@';

	if (!good)
		return false;
	named->name = rq_xstrndup(name.p + here, name.n - here);
	named->hash = rq_name_hash(rq_slice_of(named->name));
	if (here) {
		good = take_field(&line, &file) && take_number(&line, &named->counts);
		if (good)
			named->in_file = rq_xstrndup(file.p, file.n);
		return good;
	}
	good = take_number(&line, &every) && take_number(&line, &made) &&
	       take_number(&line, &more) && take_number(&line, &named->counts) &&
	       take_names(&line, &named->files) && take_names(&line, &named->middles) &&
	       take_names(&line, &named->declared);
	named->every = every;
	named->made = made;
	named->declared_more = more;
	return good;
}

static void add_sum(struct rq_str *text)
{
	rq_str_addf(text, "%016" PRIx64 "\n", (uint64_t)XXH3_64bits(text->s, text->len));
}

/* Whether the text ends with the hash of what stands in front of it; then that is cut off. */
static bool is_whole(struct rq_slice *text)
{
	struct rq_str want = { 0 };
	bool whole = text->n >= strlen(ANSWERS_MAGIC) + 17 &&
		     rq_slice_starts(*text, ANSWERS_MAGIC);

	if (!whole)
		return false;
	text->n -= 17;
	rq_str_add_slice(&want, *text);
	add_sum(&want);
	whole = memcmp(want.s + text->n, text->p + text->n, 17) == 0;
	rq_str_release(&want);
	return whole;
}

void rq_answers_load(struct rq_answers *out, const char *cache, const struct rq_oid *tree)
{
	char hex[RQ_OID_HEX + 1];
	struct rq_str bytes = { 0 };
	struct rq_err ignored;
	struct rq_slice rest, line;
	bool good;

	out->path = rq_xasprintf("%s/answers-%s", cache, rq_oid_hex(hex, tree));
	good = rq_file_read(&bytes, out->path, &ignored) == 0;
	rest = rq_str_slice(&bytes);
	good = good && is_whole(&rest) && rq_slice_next_line(&rest, &line);
	while (good && rq_slice_next_line(&rest, &line)) {
		struct rq_named named = { 0 };

		good = take_answer(&named, rq_slice_chomp(line));
		if (good)
			insert(out, &named);
		else
			rq_named_release(&named);
	}
	rq_str_release(&bytes);
}

/* --- writing --- */

static bool is_field(const char *s)
{
	return *s && !strpbrk(s, "\t\n\r");
}

static bool are_fields(const struct rq_names *names)
{
	for (size_t i = 0; i < names->v.n; i++)
		if (!is_field(names->v.v[i]))
			return false;
	return true;
}

static void add_names(struct rq_str *text, const struct rq_names *names)
{
	rq_str_addf(text, "\t%zx", names->v.n);
	for (size_t i = 0; i < names->v.n; i++)
		rq_str_addf(text, "\t%s", names->v.v[i]);
}

static void add_answer(struct rq_str *text, const struct rq_named *named)
{
	if (!is_field(named->name) || (named->in_file && !is_field(named->in_file)) ||
	    !are_fields(&named->files) || !are_fields(&named->declared))
		return;
	if (named->in_file) {
		rq_str_addf(text, "@%s\t%s\t%" PRIx64 "\n", named->name, named->in_file,
			    named->counts);
		return;
	}
	rq_str_addf(text, "%s\t%x\t%x\t%x\t%" PRIx64, named->name, named->every,
		    named->made, named->declared_more, named->counts);
	add_names(text, &named->files);
	add_names(text, &named->middles);
	add_names(text, &named->declared);
	rq_str_adds(text, "\n");
}

void rq_answers_save(struct rq_answers *answers)
{
	struct rq_str text = { 0 };
	struct rq_err ignored;

	if (!answers->changed)
		return;
	rq_str_adds(&text, ANSWERS_MAGIC);
	for (size_t i = 0; i < answers->v.n; i++)
		add_answer(&text, &answers->v.v[i]);
	add_sum(&text);
	rq_file_write(answers->path, rq_str_slice(&text), &ignored);
	rq_str_release(&text);
	answers->changed = false;
}

void rq_answers_release(struct rq_answers *answers)
{
	for (size_t i = 0; i < answers->v.n; i++)
		rq_named_release(&answers->v.v[i]);
	rq_vec_release(&answers->v);
	free(answers->slots);
	free(answers->path);
	*answers = (struct rq_answers){ 0 };
}
