// SPDX-License-Identifier: GPL-2.0-only
/*
 * The generator.  A file is C functions with few words in them, so that texts repeat; drift
 * comes in front of, behind and between the texts of the hunks and takes their functions'
 * names from nobody.
 */
#include "generate.h"

#include <ctype.h>

#include "util/mem.h"
#include "util/vec.h"

#define MOST_EDITS 4
#define MOST_LINES 256

struct edit {
	size_t at, removed; /* lines of the source */
	struct rq_str added;
	bool done; /* the file has it already */
};

struct making {
	uint64_t random;
	unsigned names; /* given to unique lines and functions so far */
	rq_vec(char *) lines;
	bool no_newline;
	struct edit edits[MOST_EDITS];
	size_t n_edits, context;
	bool needed[MOST_LINES + 1]; /* a hunk has the line */
	bool within[MOST_LINES + 1]; /* and the one before: nothing may come between */
	/* drift */
	bool gone[MOST_LINES];
	struct rq_str before[MOST_LINES + 1];
	char *changed[MOST_LINES];
};

static unsigned pick(struct making *m, unsigned n)
{
	m->random ^= m->random << 13;
	m->random ^= m->random >> 7;
	m->random ^= m->random << 17;
	return (unsigned)(m->random >> 11) % n;
}

/* --- the source --- */

static char *body_line(struct making *m)
{
	static const char *const common[] = { "\tret = setup();\n",
					      "\tif (ret)\n",
					      "\t\treturn ret;\n",
					      "\tcount++;\n",
					      "\n",
					      "\tput(x);\n",
					      "\t}\n" };

	return pick(m, 3) ? rq_xstrdup(common[pick(m, ARRAY_SIZE(common))])
			  : rq_xasprintf("\tx = %u;\n", m->names++);
}

static void add_function(struct making *m)
{
	size_t old = m->lines.n, from = 0, n = 3 + pick(m, 12);
	bool repeat = old > n && pick(m, 2);

	*rq_vec_push(&m->lines) = rq_xasprintf("int f%u(void)\n", m->names++);
	*rq_vec_push(&m->lines) = rq_xstrdup("{\n");
	if (repeat)
		from = pick(m, (unsigned)(old - n));
	for (size_t i = 0; i < n; i++) {
		const char *line = repeat ? m->lines.v[from + i] : "";

		*rq_vec_push(&m->lines) = line[0] == '\t' || line[0] == '\n'
						  ? rq_xstrdup(line)
						  : body_line(m);
	}
	*rq_vec_push(&m->lines) = rq_xstrdup("}\n");
	*rq_vec_push(&m->lines) = rq_xstrdup("\n");
}

static void make_source(struct making *m)
{
	for (unsigned n = 2 + pick(m, 7); n; n--)
		add_function(m);
	/* A last line that may lack its newline: a brace, or one that may be edited. */
	free(m->lines.v[--m->lines.n]);
	for (unsigned n = pick(m, 3); n; n--)
		*rq_vec_push(&m->lines) = rq_xstrdup("\ttail();\n");
	m->no_newline = pick(m, 3) == 0;
}

static bool is_body(const struct making *m, size_t i)
{
	return i < m->lines.n && (m->lines.v[i][0] == '\t' || m->lines.v[i][0] == '\n');
}

/* --- the patch --- */

/*
 * What takes the place of @removed lines must differ from them at both ends.  Lines that go while
 * the same ones follow are left out: the patch would fit again, and no text can tell.
 */
static void make_edit(struct making *m, size_t at)
{
	struct edit *e = &m->edits[m->n_edits];
	size_t most = pick(m, 4);

	*e = (struct edit){ .at = at };
	while (e->removed < most && is_body(m, at + e->removed))
		e->removed++;
	if (e->removed && pick(m, 4) == 0 &&
	    (at + e->removed == m->lines.n ||
	     strcmp(m->lines.v[at], m->lines.v[at + e->removed]) != 0)) {
		m->n_edits++;
		return;
	}
	for (unsigned n = 1 + pick(m, 3); n; n--) {
		_cleanup_free_ char *line =
			e->removed || pick(m, 2)
				? rq_xasprintf("\tnew = %u;\n", m->names++)
				: body_line(m);

		rq_str_adds(&e->added, line);
	}
	m->n_edits++;
}

static void make_edits(struct making *m)
{
	size_t wanted = 1 + pick(m, MOST_EDITS), at = 0;

	m->context = pick(m, 4) ? 3 : 1 + pick(m, 2);
	while (m->n_edits < wanted) {
		at += 2 + pick(m, (unsigned)(2 * m->lines.n / wanted));
		while (at < m->lines.n && !is_body(m, at))
			at++;
		if (at >= m->lines.n)
			break;
		make_edit(m, at);
		at += m->edits[m->n_edits - 1].removed;
	}
	if (!m->n_edits)
		make_edit(m, 2);
}

static size_t end_of(const struct edit *e)
{
	return e->at + e->removed;
}

static size_t hunk_start(const struct making *m, size_t first)
{
	size_t at = m->edits[first].at;

	return at > m->context ? at - m->context : 0;
}

static size_t hunk_end(const struct making *m, size_t last)
{
	size_t end = end_of(&m->edits[last]) + m->context;

	return end < m->lines.n ? end : m->lines.n;
}

/* The last edit whose context meets that of the one before, from @first on. */
static size_t last_of_hunk(const struct making *m, size_t first)
{
	while (first + 1 < m->n_edits &&
	       m->edits[first + 1].at <= end_of(&m->edits[first]) + 2 * m->context)
		first++;
	return first;
}

/* A line of the source; the last one may lack its newline. */
static void add_source_line(const struct making *m, struct rq_str *out, char sign,
			    size_t i)
{
	rq_str_addf(out, "%c%s", sign, m->lines.v[i]);
	if (m->no_newline && i + 1 == m->lines.n)
		rq_str_adds(out, "\\ No newline at end of file\n");
}

/* At the end of the file the last line takes the newline's state over. */
static void add_added(const struct making *m, struct rq_str *out, const struct edit *e)
{
	struct rq_slice rest = rq_str_slice(&e->added), line;

	while (rq_slice_next_line(&rest, &line)) {
		rq_str_adds(out, "+");
		rq_str_add_slice(out, line);
		if (m->no_newline && !rest.n && end_of(e) == m->lines.n)
			rq_str_adds(out, "\\ No newline at end of file\n");
	}
}

static size_t count_lines(const struct rq_str *text)
{
	size_t n = 0;

	for (size_t i = 0; i < text->len; i++)
		n += text->s[i] == '\n';
	return n;
}

static void add_hunk(struct making *m, struct rq_str *out, size_t first, size_t last,
		     long *shift)
{
	size_t start = hunk_start(m, first), end = hunk_end(m, last), pos = start,
	       function = start, grown = 0, shrunk = 0;

	for (size_t i = first; i <= last; i++) {
		grown += count_lines(&m->edits[i].added);
		shrunk += m->edits[i].removed;
	}
	while (function > 0 && !isalpha((unsigned char)m->lines.v[function - 1][0]))
		function--;
	rq_str_addf(out, "@@ -%zu,%zu +%zu,%zu @@", start + 1, end - start,
		    start + 1 + (size_t)*shift, end - start + grown - shrunk);
	if (function && pick(m, 4))
		rq_str_addf(out, " %.*s", (int)strcspn(m->lines.v[function - 1], "\n"),
			    m->lines.v[function - 1]);
	rq_str_adds(out, "\n");
	for (size_t i = first; i <= last; i++) {
		for (; pos < m->edits[i].at; pos++)
			add_source_line(m, out, ' ', pos);
		for (; pos < end_of(&m->edits[i]); pos++)
			add_source_line(m, out, '-', pos);
		add_added(m, out, &m->edits[i]);
	}
	for (; pos < end; pos++)
		add_source_line(m, out, ' ', pos);
	*shift += (long)grown - (long)shrunk;
	for (size_t i = start; i < end; i++) {
		m->needed[i] = true;
		m->within[i] = i > start;
	}
}

static void make_patch(struct making *m, struct rq_str *out)
{
	long shift = 0;

	for (size_t first = 0, last; first < m->n_edits; first = last + 1) {
		last = last_of_hunk(m, first);
		add_hunk(m, out, first, last, &shift);
	}
}

/* --- drift --- */

/* A place in a function's body that no hunk has within it. */
static size_t gap(struct making *m)
{
	for (unsigned tries = 0; tries < 50; tries++) {
		size_t i = pick(m, (unsigned)m->lines.n);

		if (!m->within[i] && i && is_body(m, i))
			return i;
	}
	return 0;
}

static void come(struct making *m)
{
	size_t at = gap(m);

	for (unsigned n = 1 + pick(m, 12); n && at; n--)
		rq_str_addf(&m->before[at], "\told = %u;\n", m->names++);
}

static void go(struct making *m)
{
	size_t at = gap(m);

	for (unsigned n = 1 + pick(m, 6); n && at && is_body(m, at + 1) && !m->needed[at];
	     n--)
		m->gone[at++] = true;
}

/* A copy of what a hunk needs, or of any lines, within a function. */
static void repeat(struct making *m)
{
	size_t at = gap(m), from = pick(m, (unsigned)m->lines.n), n = 3 + pick(m, 10);

	if (pick(m, 3))
		from = hunk_start(m, pick(m, (unsigned)m->n_edits));
	for (; at && n && is_body(m, from) && from + 1 < m->lines.n; n--, from++)
		rq_str_adds(&m->before[at], m->lines.v[from]);
}

/* The same in a function of its own, in front of another. */
static void repeat_function(struct making *m)
{
	size_t from = pick(m, (unsigned)m->lines.n), at = pick(m, (unsigned)m->lines.n);
	struct rq_str *to;

	if (pick(m, 3))
		from = hunk_start(m, pick(m, (unsigned)m->n_edits));
	while (at < m->lines.n && m->lines.v[at][0] != 'i')
		at++;
	if (at == m->lines.n || m->within[at])
		return;
	to = &m->before[at];
	rq_str_addf(to, "int g%u(void)\n{\n", m->names++);
	for (; is_body(m, from) && from + 1 < m->lines.n; from++)
		rq_str_adds(to, m->lines.v[from]);
	rq_str_adds(to, "}\n\n");
}

static void change_needed(struct making *m)
{
	size_t i = m->edits[pick(m, (unsigned)m->n_edits)].at;

	m->changed[i] = rq_xasprintf("\tother = %u;\n", m->names++);
}

static void make_drift(struct making *m, enum drift drift)
{
	static void (*const ways[])(struct making *) = { come, go, repeat,
							 repeat_function };

	for (unsigned n = 1 + pick(m, 4); n; n--)
		ways[pick(m, ARRAY_SIZE(ways))](m);
	if (drift == DRIFT_GONE)
		change_needed(m);
	for (size_t i = 0; i < m->n_edits; i++)
		m->edits[i].done =
			drift == DRIFT_DONE || (drift == DRIFT_HALF && pick(m, 2));
}

/* The file as drift left it, with the edits that are done; with all of them for @all. */
static void add_file(const struct making *m, struct rq_str *out, bool drifted, bool all)
{
	bool newline = !m->no_newline;
	size_t e = 0;

	for (size_t i = 0; i <= m->lines.n; i++) {
		const struct edit *edit =
			e < m->n_edits && m->edits[e].at == i ? &m->edits[e++] : NULL;

		if (drifted)
			rq_str_add_slice(out, rq_str_slice(&m->before[i]));
		if (edit && (all || edit->done)) {
			rq_str_add_slice(out, rq_str_slice(&edit->added));
			i += edit->removed;
			newline |= i == m->lines.n && !edit->added.len;
		}
		if (i < m->lines.n && !(drifted && m->gone[i]))
			rq_str_adds(out, drifted && m->changed[i] ? m->changed[i]
								  : m->lines.v[i]);
	}
	if (!newline)
		out->s[--out->len] = '\0';
}

const char *drift_word(enum drift drift)
{
	static const char *const words[] = { "none", "moved", "done", "half done",
					     "gone" };

	return words[drift];
}

void generate(struct pair *out, uint64_t number)
{
	static const enum drift drifts[] = { DRIFT_NONE,  DRIFT_MOVED, DRIFT_MOVED,
					     DRIFT_MOVED, DRIFT_MOVED, DRIFT_MOVED,
					     DRIFT_DONE,  DRIFT_HALF,  DRIFT_GONE };
	struct making m = { .random = (number + 1) * 0x9e3779b97f4a7c15u };

	for (int i = 0; i < 8; i++)
		pick(&m, 2);
	out->drift = drifts[pick(&m, ARRAY_SIZE(drifts))];
	make_source(&m);
	make_edits(&m);
	make_patch(&m, &out->patch);
	add_file(&m, &out->source, false, false);
	if (out->drift != DRIFT_NONE)
		make_drift(&m, out->drift);
	add_file(&m, &out->file, true, false);
	if (out->drift != DRIFT_GONE)
		add_file(&m, &out->intent, true, true);
	for (size_t i = 0; i < m.lines.n; i++) {
		free(m.lines.v[i]);
		free(m.changed[i]);
		rq_str_release(&m.before[i]);
	}
	for (size_t i = 0; i < m.n_edits; i++)
		rq_str_release(&m.edits[i].added);
	rq_vec_release(&m.lines);
}

void pair_release(struct pair *pair)
{
	rq_str_release(&pair->patch);
	rq_str_release(&pair->source);
	rq_str_release(&pair->file);
	rq_str_release(&pair->intent);
}
