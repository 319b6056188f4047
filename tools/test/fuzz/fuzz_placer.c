// SPDX-License-Identifier: GPL-2.0-only
/*
 * A file and a patch for it, against the reference: the same place for every hunk, the same doubt,
 * the same text, or the same refusal.  An input is lines, so that a kept one can be read:
 *
 *	i                       the patch names this very file; t: it is no C file
 *	int f(void)             the file, up to the first hunk; "\" takes the last newline away
 *	{
 *	@@ 2 2 int f(void)      stated lines of the old and the new side, and the function
 *	 {
 *	+	return 1;
 *
 * The mutator works on lines, as bytes of such a text are rarely worth changing.
 */
#include "fuzz.h"
#include "emit/emit.h"
#include "one_file.h"

/* The slow placer tries all ways. */
#define MOST_LINES 60
#define MOST_HUNKS 4

struct input {
	struct rq_str file, patch; /* @patch: the hunks alone */
	bool same, text;
	size_t lines, hunks;
};

static void chop(struct rq_str *text)
{
	if (text->len && text->s[text->len - 1] == '\n')
		text->s[--text->len] = '\0';
}

/* Adds the hunk whose lines are @body. */
static void add_hunk(struct input *in, const char *head, struct rq_slice body)
{
	long at[2] = { 0 }, count[2] = { 0 };
	struct rq_slice rest = body, line;
	int function = 0;

	sscanf(head, "@@ %6ld %6ld%n", &at[0], &at[1], &function);
	while (rq_slice_next_line(&rest, &line)) {
		count[0] += line.p[0] != '+' && line.p[0] != '\\';
		count[1] += line.p[0] != '-' && line.p[0] != '\\';
	}
	rq_str_addf(&in->patch, "@@ -%ld,%ld +%ld,%ld @@%s\n", at[0], count[0], at[1],
		    count[1], function ? head + function : "");
	rq_str_add_slice(&in->patch, body);
	in->hunks++;
}

static void read_hunks(struct input *in, struct rq_slice rest)
{
	_cleanup_(rq_str_release) struct rq_str body = { 0 };
	_cleanup_free_ char *head = NULL;
	struct rq_slice line;

	while (rq_slice_next_line(&rest, &line)) {
		struct rq_slice text = rq_slice_chomp(line);

		if (!rq_slice_starts(text, "@@")) {
			rq_str_addf(&body, "%s%.*s\n",
				    text.n && strchr(" +-\\", text.p[0]) ? "" : " ",
				    RQ_SLICE_ARG(text));
			continue;
		}
		if (head)
			add_hunk(in, head, rq_str_slice(&body));
		free(head);
		head = rq_xstrndup(text.p, text.n);
		body.len = 0;
	}
	if (head)
		add_hunk(in, head, rq_str_slice(&body));
}

static void read_input(struct input *in, struct rq_slice rest)
{
	struct rq_slice line;

	if (rq_slice_next_line(&rest, &line)) {
		in->same = memchr(line.p, 'i', line.n);
		in->text = memchr(line.p, 't', line.n);
	}
	while (rest.n && !rq_slice_starts(rest, "@@") &&
	       rq_slice_next_line(&rest, &line)) {
		in->lines++;
		chop(&in->file);
		rq_str_adds(&in->file, in->lines > 1 ? "\n" : "");
		if (rq_slice_eq(rq_slice_chomp(line), RQ_SLICE("\\"))) {
			chop(&in->file);
			while (rest.n && !rq_slice_starts(rest, "@@"))
				rq_slice_next_line(&rest, &line);
			break;
		}
		rq_str_add_slice(&in->file, rq_slice_chomp(line));
		rq_str_adds(&in->file, "\n");
	}
	read_hunks(in, rest);
}

static void tell_answer(const struct rq_entry_record *entry)
{
	tell(" %s%s, %ld present: %s\n", rq_outcome_word(entry->outcome),
	     entry->doubtful ? " in doubt" : "", entry->present_hunks,
	     or_none(entry->message));
	for (size_t i = 0; i < entry->hunks.n; i++) {
		const struct rq_hunk_record *hunk = &entry->hunks.v[i];
		struct rq_str why = { 0 };

		rq_hunk_print(&why, hunk, "the branch");
		tell("  %ld: %s%s at %ld, offset %ld, fuzz %ld: %s", hunk->hunk,
		     rq_outcome_word(hunk->rung), hunk->doubtful ? " in doubt" : "",
		     hunk->line, hunk->offset, hunk->fuzz, or_none(why.s));
		rq_str_release(&why);
		for (size_t k = 0; k < hunk->places.n; k++)
			tell(" %ld", hunk->places.v[k]);
		tell("\n");
	}
}

/* The lines of the emitted patch that say where. */
static void tell_emitted(const struct rq_patch *patch,
			 const struct rq_entry_record *entry)
{
	struct rq_str out = { 0 };
	struct rq_started started = { 0 };
	struct rq_slice rest, line;
	struct rq_err err = { 0 };

	if (rq_emit_patch(&out, patch, entry, &started, &err))
		tell("  not emitted: %s\n", err.msg);
	rest = rq_str_slice(&out);
	while (rq_slice_next_line(&rest, &line))
		if (rq_slice_starts(line, "@@") || rq_slice_starts(line, "index "))
			tell("  emitted: %.*s\n", RQ_SLICE_ARG(rq_slice_chomp(line)));
	rq_str_release(&out);
}

static void check(struct input *in)
{
	struct one_file file = { in->text ? "f.txt" : "f.c", rq_str_slice(&in->file) };
	_cleanup_(rq_patch_freep) struct rq_patch *patch = NULL;
	struct one_answer answer = { 0 };
	struct rq_str text = { 0 };
	char hex[RQ_OID_HEX + 1];
	struct rq_err err;
	struct rq_oid oid;

	rq_oid_of(&oid, RQ_OBJ_BLOB, file.text.p, file.text.n);
	rq_str_addf(&text, "diff --git a/%s b/%s\n", file.path, file.path);
	if (in->same)
		rq_str_addf(&text, "index %s..1234567 100644\n", rq_oid_hex(hex, &oid));
	rq_str_addf(&text, "--- a/%s\n+++ b/%s\n", file.path, file.path);
	rq_str_add_slice(&text, rq_str_slice(&in->patch));
	if (rq_patch_parse(&patch, "p", &text, &RQ_PATCH_DEFAULTS, &err) == 0 &&
	    patch->n_files == 1 && patch->files[0].change == RQ_CHANGE_EDIT) {
		one_file_place(&answer, &file, patch);
		fputs(answer.differs.s ? answer.differs.s : "", stderr);
		must(!answer.differs.len);
		tell_answer(&answer.entry);
		if (fuzz_told && answer.entry.outcome != RQ_CONFLICT)
			tell_emitted(patch, &answer.entry);
	}
	one_answer_release(&answer);
	rq_str_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool ready;
	struct input in = { 0 };

	if (!ready)
		rq_git_init();
	ready = true;
	read_input(&in, input_of(data, size));
	if (in.lines <= MOST_LINES && in.hunks && in.hunks <= MOST_HUNKS)
		check(&in);
	rq_str_release(&in.file);
	rq_str_release(&in.patch);
	return 0;
}

/* --- the mutator --- */

typedef rq_vec(struct rq_slice) lines;

static void insert(lines *v, size_t at, struct rq_slice line)
{
	rq_vec_push(v);
	memmove(&v->v[at + 1], &v->v[at], (v->n - 1 - at) * sizeof(line));
	v->v[at] = line;
}

/* Copies up to seven lines to another place. */
static void repeat(lines *v, size_t from, size_t to, size_t n)
{
	lines copy = { 0 };

	for (size_t i = 0; i < n && from + i < v->n; i++)
		*rq_vec_push(&copy) = v->v[from + i];
	for (size_t i = 0; i < copy.n; i++)
		insert(v, to + i, copy.v[i]);
	rq_vec_release(&copy);
}

static struct rq_slice other_sign(struct rq_slice line, char sign, struct rq_str *room)
{
	size_t start = room->len;

	rq_str_add(room, &sign, 1);
	if (line.n && strchr(" +-", line.p[0]))
		line = (struct rq_slice){ line.p + 1, line.n - 1 };
	rq_str_add_slice(room, line);
	return (struct rq_slice){ room->s + start, room->len - start };
}

static struct rq_slice new_head(unsigned r, struct rq_str *room)
{
	static const char *const functions[] = { "", " int f(void)", " int g(void)",
						 " out:" };
	size_t start = room->len;

	rq_str_addf(room, "@@ %u %u%s\n", r % 23, r / 23 % 23, functions[r / 529 % 4]);
	return (struct rq_slice){ room->s + start, room->len - start };
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
	static const struct rq_slice words[] = {
		RQ_SLICE("int f(void)\n"),
		RQ_SLICE("int g(void)\n"),
		RQ_SLICE("{\n"),
		RQ_SLICE("}\n"),
		RQ_SLICE("\tx();\n"),
		RQ_SLICE("\ty();\n"),
		RQ_SLICE("\n"),
		RQ_SLICE("out:\n"),
		RQ_SLICE("\\\n"),
		RQ_SLICE("+\tnew();\n"),
		RQ_SLICE("+}\n"),
	};
	struct rq_slice rest = input_of(data, size), line;
	struct rq_str room = { 0 }, out = { 0 };
	lines v = { 0 };
	unsigned r = seed;

	while (rq_slice_next_line(&rest, &line))
		*rq_vec_push(&v) = line;
	rq_str_reserve(&room, size + 4096);
	for (unsigned times = 1 + r % 3; times; times--) {
		size_t at, from;

		at = v.n ? (r = r * 1103515245 + 12345) / 7 % v.n : 0;
		from = v.n ? (r = r * 1103515245 + 12345) / 7 % v.n : 0;
		r = r * 1103515245 + 12345;
		if (!v.n || r / 65536 % 7 == 0)
			insert(&v, at, words[r / 7 % ARRAY_SIZE(words)]);
		else if (r / 65536 % 7 == 1)
			memmove(&v.v[at], &v.v[at + 1], (--v.n - at) * sizeof(line));
		else if (r / 65536 % 7 == 2)
			repeat(&v, from, at, 1 + r / 7 % 7);
		else if (r / 65536 % 7 == 3)
			v.v[at] = v.v[from];
		else if (r / 65536 % 7 == 4)
			v.v[at] = other_sign(v.v[at], " +-"[r / 7 % 3], &room);
		else if (r / 65536 % 7 == 5)
			insert(&v, at, other_sign(v.v[from], " +-"[r / 7 % 3], &room));
		else if (rq_slice_starts(v.v[at], "@@"))
			v.v[at] = new_head(r / 7, &room);
		else
			insert(&v, at, new_head(r / 7, &room));
	}
	for (size_t i = 0; i < v.n; i++) {
		rq_str_add_slice(&out, v.v[i]);
		if (out.s[out.len - 1] != '\n')
			rq_str_adds(&out, "\n");
	}
	if (out.len > max)
		out.len = max;
	memcpy(data, rq_str_slice(&out).p, out.len);
	max = out.len;
	rq_vec_release(&v);
	rq_str_release(&room);
	rq_str_release(&out);
	return max;
}
