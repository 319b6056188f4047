// SPDX-License-Identifier: GPL-2.0-only
/*
 * The difference between two versions of a patch, as patches.  Places nothing.
 */
#include "resolve/revision.h"

#include <stdlib.h>

#include "resolve/alike.h"
#include "util/map.h"
#include "util/names.h"

/* So far ahead an equal hunk is looked for: what moved further is another. */
#define AHEAD 64

/* --- finding --- */

static bool same_file(const struct rq_filediff *a, const struct rq_filediff *b)
{
	return a->change == b->change && a->old_mode == b->old_mode &&
	       a->new_mode == b->new_mode && a->has_binary == b->has_binary &&
	       a->binary_differs == b->binary_differs &&
	       rq_slice_eq(rq_str_slice(&a->forward.data),
			   rq_str_slice(&b->forward.data));
}

static bool is_edit(const struct rq_filediff *file)
{
	return file->change == RQ_CHANGE_EDIT || file->change == RQ_CHANGE_RENAME;
}

static void add_whole(struct rq_revision *out, const struct rq_filediff *was,
		      const struct rq_filediff *now)
{
	const struct rq_filediff *both[] = { was, now };

	for (size_t i = 0; i < ARRAY_SIZE(both); i++)
		out->beyond |=
			both[i] && (both[i]->change == RQ_CHANGE_RENAME ||
				    both[i]->change == RQ_CHANGE_COPY ||
				    both[i]->has_binary || both[i]->binary_differs);
	*rq_vec_push(&out->v) = (struct rq_revised){ .was_file = was, .now_file = now };
}

/* The hunks before @i of the earlier and @k of the later version that have no equal, in pairs. */
static void add_pairs(struct rq_revision *out, const struct rq_filediff *was, size_t from,
		      size_t i, const struct rq_filediff *now, size_t at, size_t k)
{
	for (; from < i || at < k; from++, at++)
		*rq_vec_push(&out->v) = (struct rq_revised){
			.was_file = was,
			.now_file = now,
			.was = from < i ? &was->hunks[from] : NULL,
			.now = at < k ? &now->hunks[at] : NULL,
			.number = at < k ? at + 1 : from + 1,
			.moved = from < i && at < k &&
				 rq_hunk_same_text(&was->hunks[from], &now->hunks[at]),
		};
}

static bool same_hunk(const struct rq_hunk *was, const struct rq_hunk *now, bool twice)
{
	return rq_hunk_same_text(was, now) && (!twice || rq_hunk_same_place(was, now));
}

static void compare_hunks(struct rq_revision *out, const struct rq_filediff *was,
			  const struct rq_filediff *now)
{
	_cleanup_(rq_alike_release) struct rq_alike alike = { 0 };
	size_t i = 0, k = 0, before = out->v.n;

	rq_alike_find(&alike, was, now);
	for (size_t at = 0; at < now->n_hunks; at++) {
		size_t found = i;

		while (found < was->n_hunks && found < i + AHEAD &&
		       !same_hunk(&was->hunks[found], &now->hunks[at], alike.twice[at]))
			found++;
		if (found == was->n_hunks || found == i + AHEAD)
			continue;
		add_pairs(out, was, i, found, now, k, at);
		i = found + 1;
		k = at + 1;
	}
	add_pairs(out, was, i, was->n_hunks, now, k, now->n_hunks);
	out->doubtful |= alike.any && out->v.n > before;
}

static void compare_files(struct rq_revision *out, const struct rq_filediff *was,
			  const struct rq_filediff *now)
{
	if (!same_file(was, now))
		add_whole(out, was, now);
	else if (is_edit(now))
		compare_hunks(out, was, now);
	else if (was->n_hunks != now->n_hunks ||
		 (now->n_hunks && !rq_hunk_same_text(was->hunks, now->hunks)))
		add_whole(out, was, now);
}

static char *key_of(const struct rq_filediff *file)
{
	return rq_xasprintf("%s\n%s", file->old_path ? file->old_path : "",
			    file->new_path ? file->new_path : "");
}

/* A patch that names a file twice is beyond this: which is which nobody knows. */
static void index_files(struct rq_map *map, struct rq_names *keys,
			const struct rq_patch *patch, bool *twice)
{
	for (size_t i = 0; i < patch->n_files; i++) {
		char **key = rq_vec_push(&keys->v);

		*key = key_of(&patch->files[i]);
		*twice |= rq_map_put(map, *key, &patch->files[i]) != NULL;
	}
}

void rq_revision_find(struct rq_revision *out, const struct rq_patch *was,
		      const struct rq_patch *now)
{
	struct rq_map olds = { 0 }, news = { 0 };
	struct rq_names old_keys = { 0 }, new_keys = { 0 };

	index_files(&olds, &old_keys, was, &out->beyond);
	index_files(&news, &new_keys, now, &out->beyond);
	for (size_t i = 0; i < now->n_files; i++) {
		const struct rq_filediff *old = rq_map_get(&olds, new_keys.v.v[i]);

		if (old)
			compare_files(out, old, &now->files[i]);
		else
			add_whole(out, NULL, &now->files[i]);
	}
	for (size_t i = 0; i < was->n_files; i++)
		if (!rq_map_get(&news, old_keys.v.v[i]))
			add_whole(out, &was->files[i], NULL);
	rq_map_release(&olds);
	rq_map_release(&news);
	rq_names_release(&old_keys);
	rq_names_release(&new_keys);
}

void rq_revision_release(struct rq_revision *revision)
{
	rq_vec_release(&revision->v);
	*revision = (struct rq_revision){ 0 };
}

static bool names_path(const struct rq_filediff *file, const char *path)
{
	return file && rq_filediff_names(file, path);
}

bool rq_revision_keeps(const struct rq_revision *revision, const char *path)
{
	for (size_t i = 0; i < revision->v.n; i++)
		if (names_path(revision->v.v[i].was_file, path) ||
		    names_path(revision->v.v[i].now_file, path))
			return false;
	return true;
}

/* --- printing --- */

static void print_line(struct rq_str *out, char sign, struct rq_slice text)
{
	rq_str_add(out, &sign, 1);
	rq_str_add_slice(out, text);
	if (!text.n || text.p[text.n - 1] != '\n')
		rq_str_adds(out, "\n\\ No newline at end of file\n");
}

static char turned(char sign, bool reverse)
{
	if (!reverse || sign == ' ')
		return sign;
	return sign == '-' ? '+' : '-';
}

/* Removed lines before added ones, as every reader expects them. */
static void print_run(struct rq_str *out, const struct rq_hunk *hunk, size_t from,
		      size_t to, bool reverse)
{
	static const char order[] = "-+";

	for (const char *sign = order; *sign; sign++)
		for (size_t i = from; i < to; i++)
			if (turned(hunk->lines[i].sign, reverse) == *sign)
				print_line(out, *sign, hunk->lines[i].text);
}

static void print_function(struct rq_str *out, const struct rq_hunk *hunk)
{
	struct rq_slice function = rq_slice_chomp(hunk->function);

	rq_str_addf(out, " @@%s%.*s\n", function.n ? " " : "", RQ_SLICE_ARG(function));
}

static void print_hunk(struct rq_str *out, const struct rq_hunk *hunk, bool reverse)
{
	size_t from = 0;

	rq_str_addf(out, "@@ -%ld,%ld +%ld,%ld",
		    reverse ? hunk->new_start : hunk->old_start,
		    reverse ? hunk->new_count : hunk->old_count,
		    reverse ? hunk->old_start : hunk->new_start,
		    reverse ? hunk->old_count : hunk->new_count);
	print_function(out, hunk);
	for (size_t i = 0; i < hunk->n_lines; i++) {
		if (hunk->lines[i].sign != ' ')
			continue;
		print_run(out, hunk, from, i, reverse);
		print_line(out, ' ', hunk->lines[i].text);
		from = i + 1;
	}
	print_run(out, hunk, from, hunk->n_lines, reverse);
}

static unsigned mode_or_plain(unsigned mode)
{
	return mode ? mode : RQ_MODE_FILE;
}

static void print_head(struct rq_str *out, const struct rq_filediff *file, bool reverse)
{
	const char *path = rq_filediff_path(file);
	unsigned from = file->old_path ? mode_or_plain(file->old_mode) : 0;
	unsigned to = file->new_path ? mode_or_plain(file->new_mode) : 0;

	/* A mode that one side states only stays as it is. */
	if (from && to && (!file->old_mode || !file->new_mode))
		from = to;
	rq_print_diff_line(out, path, reverse ? to : from, reverse ? from : to,
			   !file->n_hunks);
	if (file->n_hunks)
		rq_print_diff_names(out, path, reverse ? to : from, reverse ? from : to);
}

static void print_file(struct rq_str *out, const struct rq_filediff *file, bool reverse)
{
	print_head(out, file, reverse);
	for (size_t i = 0; i < file->n_hunks; i++)
		print_hunk(out, &file->hunks[i], reverse);
}

/* In front of hunks alone: the file is as it is called afterwards. */
static void print_names(struct rq_str *out, const struct rq_filediff *file,
			const struct rq_filediff **last)
{
	if (*last != file)
		rq_print_diff_names(out, file->new_path, RQ_MODE_FILE, RQ_MODE_FILE);
	*last = file;
}

static int parse_printed(struct rq_patch **out, const char *name, struct rq_str *text,
			 struct rq_err *err)
{
	int rc = 0;

	*out = NULL;
	if (text->len)
		rc = rq_patch_parse(out, name, text, &RQ_PATCH_DEFAULTS, err);
	rq_str_release(text);
	return rc;
}

int rq_revision_back(struct rq_patch **out, const struct rq_revision *revision,
		     struct rq_err *err)
{
	const struct rq_filediff *last = NULL;
	struct rq_str text = { 0 };

	for (size_t i = 0; i < revision->v.n && !revision->beyond; i++) {
		const struct rq_revised *one = &revision->v.v[i];

		if (!one->was && !one->now && one->was_file)
			print_file(&text, one->was_file, true);
		if (!one->was)
			continue;
		print_names(&text, one->was_file, &last);
		print_hunk(&text, one->was, true);
	}
	return parse_printed(out, "the earlier version", &text, err);
}

int rq_revision_forth(struct rq_patch **out, const struct rq_revision *revision,
		      struct rq_err *err)
{
	const struct rq_filediff *last = NULL;
	struct rq_str text = { 0 };

	for (size_t i = 0; i < revision->v.n && !revision->beyond; i++) {
		const struct rq_revised *one = &revision->v.v[i];

		if (!one->was && !one->now && one->now_file)
			print_file(&text, one->now_file, false);
		if (!one->now)
			continue;
		print_names(&text, one->now_file, &last);
		print_hunk(&text, one->now, false);
	}
	return parse_printed(out, "the later version", &text, err);
}

/* --- from what one version makes to what the other makes --- */

static void add_side(struct rq_str *out, const struct rq_hunk *hunk, char sign)
{
	for (size_t i = 0; i < hunk->n_lines; i++)
		if (hunk->lines[i].sign == ' ' || hunk->lines[i].sign == sign)
			rq_str_add_slice(out, hunk->lines[i].text);
}

struct stretch {
	long old_start, old_lines, new_start, new_lines;
};

typedef rq_vec(struct stretch) stretches;

static void add_stretch(long old_start, long old_lines, long new_start, long new_lines,
			void *ctx)
{
	*rq_vec_push((stretches *)ctx) =
		(struct stretch){ old_start, old_lines, new_start, new_lines };
}

/* Lines of two texts, the earlier hunk's old side and the later one's: which stands for which. */
struct mapping {
	struct rq_slice *to; /* the earlier one's */
	size_t n_to;
	size_t *at; /* per line of the later one: in @to; SIZE_MAX: none is like it */
	size_t n;
};

static void mapping_release(struct mapping *map)
{
	free(map->to);
	free(map->at);
}

static size_t count_lines(struct rq_slice text)
{
	struct rq_slice line;
	size_t n = 0;

	while (rq_slice_next_line(&text, &line))
		n++;
	return n;
}

/* Equal lines are each other's, and so are changed ones where there are as many. */
static int map_lines(struct mapping *map, struct rq_slice later, struct rq_slice earlier,
		     struct rq_err *err)
{
	stretches found = { 0 };
	struct rq_slice rest = earlier;
	size_t i = 0, k = 0;
	int rc = rq_diff_each(later, earlier, add_stretch, &found, err);

	map->n = count_lines(later);
	map->at = rq_xcalloc(map->n + 1, sizeof(*map->at));
	map->to = rq_xcalloc(count_lines(earlier) + 1, sizeof(*map->to));
	while (rq_slice_next_line(&rest, &map->to[map->n_to]))
		map->n_to++;
	for (size_t f = 0; f <= found.n && !rc; f++) {
		const struct stretch *one = f < found.n ? &found.v[f] : NULL;
		size_t start =
			one ? (size_t)one->old_start - (one->old_lines > 0) : map->n;

		while (i < start)
			map->at[i++] = k++;
		for (long n = 0; one && n < one->old_lines; n++)
			map->at[i++] = one->old_lines == one->new_lines ? k + (size_t)n
									: SIZE_MAX;
		k += one ? (size_t)one->new_lines : 0;
	}
	rq_vec_release(&found);
	return rc;
}

/* False where a line that is removed has none that it stands for. */
static bool print_mapped(struct rq_str *out, const struct mapping *map,
			 const struct rq_hunk *now)
{
	size_t i = 0, k = 0;

	for (size_t l = 0; l < now->n_lines; l++) {
		size_t at;

		if (now->lines[l].sign == '+') {
			rq_str_add_slice(out, now->lines[l].text);
			continue;
		}
		at = map->at[i++];
		if (at == SIZE_MAX && now->lines[l].sign == '-')
			return false;
		if (at == SIZE_MAX)
			continue;
		while (k < at)
			rq_str_add_slice(out, map->to[k++]);
		if (now->lines[l].sign == ' ')
			rq_str_add_slice(out, map->to[at]);
		k = at + 1;
	}
	while (k < map->n_to)
		rq_str_add_slice(out, map->to[k++]);
	return true;
}

/*
 * What @now makes of the lines that @was begins with: another context is no change.  Where the two have
 * too little in common it is what @now makes.
 */
static int make_theirs(struct rq_str *out, const struct rq_hunk *was,
		       const struct rq_hunk *now, struct rq_err *err)
{
	_cleanup_(rq_str_release) struct rq_str earlier = { 0 }, later = { 0 };
	_cleanup_(mapping_release) struct mapping map = { 0 };
	int rc;

	add_side(&earlier, was, '-');
	add_side(&later, now, '-');
	rc = map_lines(&map, rq_str_slice(&later), rq_str_slice(&earlier), err);
	if (!rc && !print_mapped(out, &map, now)) {
		out->len = 0;
		add_side(out, now, '+');
	}
	return rc;
}

static void print_lines(struct rq_str *out, char sign, struct rq_slice *rest, long n)
{
	struct rq_slice line;

	while (n-- > 0 && rq_slice_next_line(rest, &line))
		print_line(out, sign, line);
}

/* One hunk with all lines of both; nothing where they are the same. */
static int print_step(struct rq_str *out, const struct rq_hunk *was, struct rq_slice from,
		      struct rq_slice to, struct rq_err *err)
{
	stretches found = { 0 };
	long at = 1;
	int rc = rq_diff_each(from, to, add_stretch, &found, err);

	if (!rc && found.n)
		rq_str_addf(out, "@@ -%ld,%zu +%ld,%zu", was->new_start,
			    count_lines(from), was->new_start, count_lines(to));
	if (!rc && found.n)
		print_function(out, was);
	for (size_t i = 0; i < found.n && !rc; i++) {
		const struct stretch *one = &found.v[i];
		long start = one->old_start + (one->old_lines == 0);
		struct rq_slice same = from;

		print_lines(out, ' ', &from, start - at);
		same.n -= from.n;
		for (size_t n = count_lines(same); n > 0; n--) {
			struct rq_slice ignored;

			rq_slice_next_line(&to, &ignored);
		}
		print_lines(out, '-', &from, one->old_lines);
		print_lines(out, '+', &to, one->new_lines);
		at = start + one->old_lines;
	}
	if (!rc && found.n)
		print_lines(out, ' ', &from, (long)count_lines(from));
	rq_vec_release(&found);
	return rc;
}

static int print_pair(struct rq_str *out, const struct rq_revised *one,
		      const struct rq_filediff **last, struct rq_err *err)
{
	const struct rq_hunk *was = one->was ? one->was : one->was_file->hunks;
	const struct rq_hunk *now = one->now ? one->now : one->now_file->hunks;
	_cleanup_(rq_str_release) struct rq_str from = { 0 }, to = { 0 }, step = { 0 };
	int rc = make_theirs(&to, was, now, err);

	add_side(&from, was, '+');
	if (!rc)
		rc = print_step(&step, was, rq_str_slice(&from), rq_str_slice(&to), err);
	if (rc || !step.len)
		return rc;
	print_names(out, one->now_file, last);
	rq_str_add_slice(out, rq_str_slice(&step));
	return 0;
}

/* A file that both versions make, with other lines. */
static bool both_make(const struct rq_revised *one)
{
	return one->was_file && one->now_file && !one->was && !one->now &&
	       one->was_file->change == RQ_CHANGE_CREATE &&
	       one->now_file->change == RQ_CHANGE_CREATE && one->was_file->n_hunks &&
	       one->now_file->n_hunks;
}

int rq_revision_merge(struct rq_patch **out, const struct rq_revision *revision,
		      struct rq_err *err)
{
	const struct rq_filediff *last = NULL;
	struct rq_str text = { 0 };
	int rc = 0;

	for (size_t i = 0; i < revision->v.n && !revision->beyond && !rc; i++) {
		const struct rq_revised *one = &revision->v.v[i];

		if (one->moved) {
			print_names(&text, one->was_file, &last);
			print_hunk(&text, one->was, true);
			print_names(&text, one->now_file, &last);
			print_hunk(&text, one->now, false);
		} else if ((one->was && one->now) || both_make(one)) {
			rc = print_pair(&text, one, &last, err);
		} else if (one->was || one->now) {
			print_names(&text, one->was ? one->was_file : one->now_file,
				    &last);
			print_hunk(&text, one->was ? one->was : one->now, one->was);
		} else if (!one->was_file || !one->now_file) {
			print_file(&text, one->was_file ? one->was_file : one->now_file,
				   one->was_file);
		}
	}
	if (rc)
		rq_str_release(&text);
	return rc ? rc : parse_printed(out, "what changed in the patch", &text, err);
}

/* --- telling --- */

static void tell_line(struct rq_str *out, const struct rq_line *line)
{
	struct rq_slice text = rq_slice_chomp(line->text);

	rq_str_addf(out, "'%c%.*s'", line->sign, text.n < 80 ? (int)text.n : 80, text.p);
}

static void tell_lines(struct rq_str *out, const struct rq_hunk *was,
		       const struct rq_hunk *now)
{
	size_t i = 0;

	while (i < was->n_lines && i < now->n_lines &&
	       was->lines[i].sign == now->lines[i].sign &&
	       rq_slice_eq(was->lines[i].text, now->lines[i].text))
		i++;
	if (i == now->n_lines || i == was->n_lines) {
		rq_str_addf(out, "%s, it %s", i == now->n_lines ? "shorter" : "longer",
			    i == now->n_lines ? "had " : "has ");
		tell_line(out, i == now->n_lines ? &was->lines[i] : &now->lines[i]);
		return;
	}
	tell_line(out, &now->lines[i]);
	rq_str_adds(out, " was ");
	tell_line(out, &was->lines[i]);
}

static void tell_moved(struct rq_str *out, const struct rq_hunk *was,
		       const struct rq_hunk *now)
{
	const struct rq_hunk *const both[] = { now, was };

	rq_str_adds(out, " reads like others and is elsewhere: ");
	for (size_t i = 0; i < ARRAY_SIZE(both); i++) {
		struct rq_slice function = rq_slice_chomp(both[i]->function);

		rq_str_addf(out, "%sline %ld%s%.*s%s", i ? " was " : "",
			    both[i]->old_start, function.n ? " in '" : "",
			    function.n < 80 ? (int)function.n : 80, function.p,
			    function.n ? "'" : "");
	}
}

void rq_revision_tell(struct rq_str *out, const struct rq_revision *revision)
{
	const struct rq_revised *one = revision->v.v;
	const struct rq_filediff *file;

	if (!revision->v.n)
		return;
	file = one->now_file ? one->now_file : one->was_file;
	rq_str_addf(out, "%s", rq_filediff_path(file));
	if (!one->was_file || !one->now_file) {
		rq_str_addf(out, " is %s", one->now_file ? "new in it" : "gone from it");
		return;
	}
	if (one->number)
		rq_str_addf(out, " hunk %zu", one->number);
	if (!one->was != !one->now) {
		rq_str_addf(out, " is %s", one->now ? "new" : "gone");
		return;
	}
	if (one->moved) {
		tell_moved(out, one->was, one->now);
		return;
	}
	rq_str_adds(out, " is another");
	if (one->was) {
		rq_str_adds(out, ": ");
		tell_lines(out, one->was, one->now);
	}
}
