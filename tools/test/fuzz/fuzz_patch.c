// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes as a patch: what is taken prints back byte for byte, names safe paths only, and has
 * hunks with the lines that their counts say.
 */
#include "fuzz.h"

#include "patch/patch.h"
#include "resolve/change.h"
#include "util/path.h"

static void tell_file(const struct rq_filediff *diff)
{
	tell("  %ld: %d %s -> %s, %o -> %o, %.*s..%.*s%s\n", diff->line, diff->change,
	     or_none(diff->old_path), or_none(diff->new_path), diff->old_mode,
	     diff->new_mode, RQ_SLICE_ARG(diff->old_index), RQ_SLICE_ARG(diff->new_index),
	     diff->is_git ? ", git" : "");
	if (diff->has_binary || diff->binary_differs)
		tell("    binary: %d, %d %zu, %d %zu %d\n", diff->binary_differs,
		     diff->forward.kind, diff->forward.size, diff->reverse.kind,
		     diff->reverse.size, diff->has_reverse);
	for (size_t i = 0; i < diff->n_hunks; i++) {
		const struct rq_hunk *hunk = &diff->hunks[i];

		tell("    %ld: -%ld,%ld +%ld,%ld '%.*s' %zu lines, %zu and %zu around ",
		     hunk->line, hunk->old_start, hunk->old_count, hunk->new_start,
		     hunk->new_count, RQ_SLICE_ARG(hunk->function), hunk->n_lines,
		     hunk->leading, hunk->trailing);
		for (size_t k = 0; k < hunk->n_lines; k++)
			tell("%c%s", hunk->lines[k].sign,
			     rq_slice_ends(hunk->lines[k].text, "\n") ? "" : "!");
		tell("\n");
	}
	if (diff->trailer.n)
		tell("    trailer of %zu\n", diff->trailer.n);
}

static void tell_head(const struct rq_header *header, const struct rq_head_parts *parts,
		      const struct rq_upstream *upstream, const struct rq_patch *patch)
{
	tell("  %s <%s>, %s, '%s'\n", or_none(header->author_name),
	     or_none(header->author_email), or_none(header->date),
	     or_none(header->subject));
	tell_text("message", rq_slice_of(header->message));
	for (size_t i = 0; i < parts->fields.n; i++)
		tell("  field %.*s of %zu\n", RQ_SLICE_ARG(parts->fields.v[i].name),
		     parts->fields.v[i].raw.n);
	tell("  below %zu, end %zu, upstream '%s' %ld %ld\n", parts->below.n,
	     rq_message_end(patch->head), upstream->hex, upstream->line,
	     upstream->differs_at);
}

static void check_hunk(const struct rq_hunk *hunk)
{
	long old_lines = 0, new_lines = 0;

	for (size_t i = 0; i < hunk->n_lines; i++) {
		must(hunk->lines[i].text.n > 0);
		old_lines += hunk->lines[i].sign != '+';
		new_lines += hunk->lines[i].sign != '-';
	}
	must(old_lines == hunk->old_count && new_lines == hunk->new_count);
	must(hunk->leading + hunk->trailing <= hunk->n_lines);
}

static void check_file(const struct rq_filediff *diff)
{
	must(diff->old_path || diff->new_path);
	must(!diff->old_path || !rq_path_unsafe(rq_slice_of(diff->old_path)));
	must(!diff->new_path || !rq_path_unsafe(rq_slice_of(diff->new_path)));
	for (size_t i = 0; i < diff->n_hunks; i++)
		check_hunk(&diff->hunks[i]);
}

static void check_delta(const struct rq_filediff *diff)
{
	struct rq_slice base = RQ_SLICE("sixteen bytes...");
	struct rq_str out = { 0 };
	struct rq_err err;

	if (diff->has_binary && diff->forward.kind == RQ_BINARY_DELTA)
		tell("    delta: %s\n",
		     rq_binary_apply_delta(base, rq_str_slice(&diff->forward.data), &out,
					   &err)
			     ? err.msg
			     : rq_str_slice(&out).p);
	rq_str_release(&out);
}

static int count(struct rq_slice value, long line, void *ctx, struct rq_err *err)
{
	(void)err;
	must(line > 0 && rq_slice_eq(value, rq_slice_trim(value)));
	(*(size_t *)ctx)++;
	return 0;
}

static void check_head(const struct rq_patch *patch)
{
	struct rq_header header;
	struct rq_head_parts parts = { 0 };
	struct rq_upstream upstream;
	struct rq_err err;
	size_t n = 0;

	rq_header_read(&header, patch);
	must(header.message);
	rq_head_split(&parts, patch->head);
	must(rq_message_end(patch->head) <= patch->head.n);
	rq_upstream_read(&upstream, patch->head);
	if (patch->head.n)
		tell_head(&header, &parts, &upstream, patch);
	rq_head_parts_release(&parts);
	rq_header_release(&header);
	must(rq_head_each(patch->head, "Subject", count, &n, &err) == 0);
}

static void check(struct rq_slice input, const struct rq_patch_options *options)
{
	struct rq_str printed = { 0 };
	struct rq_patch *patch = NULL;
	struct rq_err err = { 0 };
	struct rq_oid id;
	int rc = rq_patch_parse_copy(&patch, "input", input, options, &err);

	tell(" -p%d%s: %s\n", options->strip, options->reverse ? " -R" : "",
	     rc ? err.msg : "taken");
	if (rc) {
		must((rc == RQ_EFORMAT || rc == RQ_EUNSAFE) &&
		     strncmp(err.msg, "input:", 6) == 0);
		return;
	}
	rq_patch_print(patch, &printed);
	must(rq_slice_eq(input, rq_str_slice(&printed)));
	for (size_t i = 0; i < patch->n_files; i++) {
		check_file(&patch->files[i]);
		tell_file(&patch->files[i]);
		check_delta(&patch->files[i]);
	}
	if (options->strip == 1 && !options->reverse)
		check_head(patch);
	rq_change_of(&id, patch);
	rq_str_release(&printed);
	rq_patch_free(patch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rq_slice input = input_of(data, size);

	check(input, &RQ_PATCH_DEFAULTS);
	check(input, &(struct rq_patch_options){ .strip = 0 });
	check(input, &(struct rq_patch_options){ .strip = 1, .reverse = true });
	return 0;
}
