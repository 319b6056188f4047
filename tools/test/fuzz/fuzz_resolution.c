// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes as a recorded resolution; and any patch as the diff of one: what is written reads
 * back, and nothing else is taken.
 */
#include "fuzz.h"

#include "resolve/resolution.h"
#include "util/file.h"
#include "util/path.h"

static char root[] = "/dev/shm/requilt-fuzz-XXXXXX";

static void clean(void)
{
	struct rq_err err;

	rq_dir_remove(root, &err);
}

static void set_up(void)
{
	_cleanup_free_ char *folder = NULL, *written = NULL;
	struct rq_err err;

	must(mkdtemp(root));
	folder = rq_path_join(root, "series/q.resolved");
	written = rq_path_join(root, "series/w.resolved");
	must(rq_dir_make(folder, &err) == 0 && rq_dir_make(written, &err) == 0);
	atexit(clean);
}

static void check_loaded(const struct rq_resolution *r)
{
	struct rq_patch *patch = NULL, *source = NULL;
	struct rq_err err;

	must(r->entry && r->branch && r->who && r->note && r->diff.len);
	must(rq_patch_parse_copy(&source, "s", RQ_SLICE("Subject: one\n\nText.\n---\n"),
				 &RQ_PATCH_DEFAULTS, &err) == 0);
	must(rq_resolution_patch(&patch, r, source, &err) == 0);
	must(patch->n_files);
	tell(" %s on %s by %s: %s%s\n", r->entry, r->branch, r->who, r->note,
	     r->signed_off ? ", signed" : "");
	tell_text("head", patch->head);
	tell("  diff of %zu in %zu files\n", r->diff.len, patch->n_files);
	rq_patch_free(source);
	rq_patch_free(patch);
}

static void check_as_it_is(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *path = rq_path_join(root, "series/q.resolved/x.patch");
	struct rq_resolutions all = { 0 };
	struct rq_err err = { 0 };
	int rc;

	write_input(path, data, size);
	rc = rq_resolutions_load(&all, root, "q", &err);
	must(rc == 0 || rc == RQ_EFORMAT || rc == RQ_EUNSAFE);
	must(rc == 0 || strstr(err.msg, "x.patch"));
	tell(" %s\n", rc ? err.msg : "taken");
	for (size_t i = 0; !rc && i < all.v.n; i++)
		check_loaded(&all.v.v[i]);
	rq_resolutions_release(&all);
}

static void check_as_diff(struct rq_slice input)
{
	struct rq_patch *patch = NULL;
	struct rq_resolutions all = { 0 };
	struct rq_err err = { 0 };
	struct rq_resolution r = { 0 };

	if (rq_patch_parse_copy(&patch, "input", input, &RQ_PATCH_DEFAULTS, &err) ||
	    !patch->n_files) {
		rq_patch_free(patch);
		return;
	}
	r = (struct rq_resolution){ .entry = rq_xstrdup("q/x.patch"),
				    .branch = rq_xstrdup("b"),
				    .who = rq_xstrdup("A <a@example.org>"),
				    .note = rq_xstrdup("why"),
				    .signed_off = true,
				    .change = { { 1 } } };
	rq_str_add(&r.diff, input.p + patch->head.n, input.n - patch->head.n);
	must(rq_resolution_write(&r, root, "w", &err) == 0);
	must(rq_resolutions_load(&all, root, "w", &err) == 0 && all.v.n == 1);
	must(rq_slice_eq(rq_str_slice(&all.v.v[0].diff), rq_str_slice(&r.diff)));
	check_loaded(&all.v.v[0]);
	tell(" written: %s\n", r.path);
	must(unlink(r.path) == 0);
	rq_resolution_release(&r);
	rq_resolutions_release(&all);
	rq_patch_free(patch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool ready;

	if (!ready)
		set_up();
	ready = true;
	check_as_it_is(data, size);
	check_as_diff(input_of(data, size));
	return 0;
}
