// SPDX-License-Identifier: GPL-2.0-only
/*
 * Boots the base and what port made of it, with the same tests, and compares.  The kernel has
 * a build folder of its own beside the one of the other checks, since it is configured
 * otherwise.  The console's log of a boot that was as it should be is kept under the name of all
 * that it depends on, and read instead of booting the same again; any other is kept to be read by
 * people only, since it may have failed for a reason of the moment.
 */
#include "verify/boot_internal.h"

#include <stdlib.h>
#include <unistd.h>
#include <xxhash.h>

#include "proc/proc.h"
#include "util/clock.h"
#include "util/file.h"
#include "util/path.h"

#define FRAGMENT "boot.config"
/* A guest that works on kvm prints something well before. */
#define SILENCE_SECONDS 60

struct boot {
	struct rq_booted *out;
	struct rq_site site; /* the branch's, with the build folder for booting */
	struct rq_verify_job job;
	struct rq_branch branch; /* with the fragments for booting */
	char *version;		 /* "6.1", for the names of files */
	char *initramfs;	 /* path */
	char *qemu;		 /* its version */
	struct rq_accel accel;
	char *failed;	   /* why a guest on kvm is to be started again on tcg */
	XXH128_hash_t key; /* of all but the tree */
};

static void tell(const struct boot *b, const char *step)
{
	if (b->job.progress)
		b->job.progress(b->branch.name, step, b->job.ctx);
}

/* "6.1" of "6.1.187-rc1"; empty when there is no version. */
static char *short_version(const char *version)
{
	size_t n = version ? strcspn(version, ".") : 0;

	if (version && version[n] == '.')
		n += 1 + strcspn(version + n + 1, ".-");
	return rq_xstrndup(version, n);
}

/* boot.config, and boot-6.1.config where there is one for the version. */
static void choose_fragments(struct boot *b)
{
	_cleanup_free_ char *name = rq_xasprintf("boot-%s.config", b->version);
	_cleanup_free_ char *path = rq_path_join(b->job.fragments, name);

	memset(&b->branch.fragments, 0, sizeof(b->branch.fragments));
	rq_names_add(&b->branch.fragments, RQ_SLICE(FRAGMENT));
	if (rq_file_exists(path))
		rq_names_add(&b->branch.fragments, rq_slice_of(name));
}

/* What is known to fail on the bases of the version: a line a test, "#" in front of comments. */
static int read_known(struct boot *b, struct rq_err *err)
{
	_cleanup_free_ char *name = rq_xasprintf("fails-%s", b->version);
	_cleanup_free_ char *path = rq_path_join(b->job.guest, name);
	struct rq_str text = { 0 };
	struct rq_slice rest, line;
	int rc = rq_file_exists(path) ? rq_file_read(&text, path, err) : 0;

	rest = rq_str_slice(&text);
	while (!rc && rq_slice_next_line(&rest, &line)) {
		line = rq_slice_trim(line);
		if (line.n && line.p[0] != '#')
			rq_names_add(&b->out->known, line);
	}
	rq_str_release(&text);
	return rc;
}

static int hash_fragments(struct boot *b, XXH3_state_t *state, struct rq_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < b->branch.fragments.v.n && !rc; i++) {
		_cleanup_free_ char *path =
			rq_path_join(b->job.fragments, b->branch.fragments.v.v[i]);
		struct rq_str text = { 0 };

		rc = rq_file_read(&text, path, err);
		XXH3_128bits_update(state, rq_str_slice(&text).p, text.len);
		rq_str_release(&text);
	}
	return rc;
}

static int make_key(struct boot *b, struct rq_err *err)
{
	_cleanup_(rq_str_release) struct rq_str initramfs = { 0 };
	_cleanup_free_ char *compiler = NULL;
	struct rq_str machine = { 0 };
	XXH3_state_t *state = XXH3_createState();
	_cleanup_free_ char *gcc =
		rq_xasprintf("%sgcc", b->branch.cross ? b->branch.cross : "");
	int rc = rq_program_version(&compiler, gcc, err);

	if (!rc)
		rc = rq_file_read(&initramfs, b->initramfs, err);
	rq_qemu_describe(&machine);
	XXH3_128bits_reset(state);
	XXH3_128bits_update(state, rq_str_slice(&initramfs).p, initramfs.len);
	XXH3_128bits_update(state, machine.s, machine.len);
	XXH3_128bits_update(state, b->out->config, strlen(b->out->config));
	if (!rc) {
		XXH3_128bits_update(state, compiler, strlen(compiler));
		XXH3_128bits_update(state, b->out->machine, strlen(b->out->machine));
		rc = hash_fragments(b, state, err);
	}
	b->key = XXH3_128bits_digest(state);
	rq_str_release(&machine);
	XXH3_freeState(state);
	return rc;
}

static int make_initramfs(struct boot *b, struct rq_str *bytes, const char *work,
			  const struct rq_oid *base, struct rq_err *err)
{
	_cleanup_free_ char *name = rq_xasprintf("selftests-%s", b->version);
	_cleanup_free_ char *list = rq_path_join(b->job.guest, name);
	_cleanup_free_ char *folder = rq_path_join(b->site.folder, "selftests");
	struct rq_names lines = { 0 };
	struct rq_oid tree;
	int64_t when;
	int rc = 0;

	if (rq_file_exists(list)) {
		rc = rq_commit_info(b->site.repo, base, &when, &tree, err);
		if (!rc)
			rc = rq_selftests_make(&lines, list, folder, &b->site, &tree,
					       err);
	}
	if (!rc)
		rc = rq_initramfs_make(bytes,
				       &(struct rq_initramfs){ .guest = b->job.guest,
							       .work = work,
							       .selftests = folder,
							       .selftest_lines = &lines },
				       err);
	rq_names_release(&lines);
	return rc;
}

static int prepare(struct boot *b, const struct rq_oid *base, struct rq_err *err)
{
	_cleanup_free_ char *work = rq_path_join(b->site.folder, "guest");
	struct rq_str bytes = { 0 };
	int rc;

	tell(b, "guest");
	rc = rq_file_exists(b->site.marker) ? rq_dir_remove(b->site.build, err) : 0;
	if (!rc)
		rc = rq_program_version(&b->qemu, "qemu-system-x86_64", err);
	if (!rc)
		rc = make_initramfs(b, &bytes, work, base, err);
	if (!rc) {
		b->initramfs = rq_path_join(work, "initramfs.cpio");
		rc = rq_file_write(b->initramfs, rq_str_slice(&bytes), err);
	}
	if (!rc) {
		b->accel.folder = b->site.folder;
		b->accel.qemu = b->qemu;
		rc = rq_accel_choose(&b->accel, b->job.accel, b->job.fresh, err);
	}
	rq_str_release(&bytes);
	return rc;
}

/* A kernel that does not compile is a result; one that cannot be configured is not. */
static int build_kernel(struct boot *b, struct rq_boot_run *run,
			const struct rq_oid *tree, struct rq_err *err)
{
	struct rq_output output = { 0 };
	struct rq_names goals = { 0 };
	bool clean = false;
	int rc = rq_worktree_move(&b->site, tree, err);

	if (!rc)
		rc = rq_kconfig_make(&b->site, err);
	rq_names_add(&goals, RQ_SLICE("bzImage"));
	if (!rc)
		rc = rq_build(&output, &clean, &b->site, &goals, false, err);
	if (!rc && !clean) {
		run->state = RQ_BOOT_NOT_BUILT;
		run->why = rq_xstrdup(output.complaint ? output.complaint
						       : "make failed without a word");
		for (size_t i = output.diags.v.n; i > 0; i--) {
			const struct rq_diag *diag = &output.diags.v.v[i - 1];

			if (!diag->error)
				continue;
			free(run->why);
			run->why = rq_xasprintf("%s:%ld: %s", diag->file, diag->line,
						diag->text);
		}
	}
	rq_names_release(&goals);
	rq_output_release(&output);
	return rc;
}

/*
 * Whether kvm may be to blame for how the guest ended.  A port that came up where its base ran
 * well on kvm hung by itself.
 */
static bool blame_kvm(const struct boot *b, const struct rq_boot_run *run,
		      enum rq_guest_end end)
{
	if (!b->accel.kvm || !b->accel.may_change)
		return false;
	if (run->state == RQ_BOOT_NEVER_UP)
		return true;
	return end == RQ_GUEST_SILENT && run == &b->out->base;
}

static int run_guest(struct boot *b, struct rq_boot_run *run, const char *step,
		     struct rq_err *err)
{
	_cleanup_(rq_follow_closep) struct rq_follow *follow = NULL;
	bool watched = b->accel.kvm && b->accel.may_change;
	long limit = b->job.boot_seconds;
	_cleanup_free_ char *kernel =
		rq_path_join(b->site.build, "arch/x86/boot/bzImage");
	struct rq_guest guest = { .kernel = kernel,
				  .initramfs = b->initramfs,
				  .accelerator = b->accel.kvm ? "kvm" : "tcg",
				  .seconds = limit,
				  .printed = rq_follow_printed };
	struct rq_str console = { 0 };
	double start = rq_now();
	enum rq_guest_end end = RQ_GUEST_ENDED;
	int rc = rq_follow_open(&follow, &b->job, step, run->log, err);

	if (watched)
		guest.silence =
			limit && limit < SILENCE_SECONDS ? limit : SILENCE_SECONDS;
	guest.ctx = follow;
	if (!rc)
		rc = rq_qemu_run(&console, &end, &guest, err);
	run->seconds = rq_now() - start;
	if (!rc)
		rc = rq_file_write(run->log, rq_str_slice(&console), err);
	if (!rc)
		rq_console_read(run, rq_str_slice(&console), end == RQ_GUEST_ENDED);
	if (rc == RQ_ETOOL && watched) {
		b->failed = rq_xasprintf("kvm: %s: %s", step, err->msg);
		rc = 0;
	} else if (!rc && blame_kvm(b, run, end)) {
		b->failed =
			end == RQ_GUEST_SILENT
				? rq_xasprintf(
					  "kvm: %s: the guest printed nothing for %ld s",
					  step, guest.silence)
				: rq_xasprintf("kvm: %s: the guest did not come to its "
					       "first test",
					       step);
	}
	rq_str_release(&console);
	return rc;
}

static int keep(const struct rq_boot_run *run, const char *path, struct rq_err *err)
{
	struct rq_str console = { 0 };
	int rc = rq_file_read(&console, run->log, err);

	if (!rc)
		rc = rq_file_write(path, rq_str_slice(&console), err);
	rq_str_release(&console);
	return rc;
}

/* *kept is where the log belongs if the boot was as it should be; the caller frees. */
static int boot_tree(struct boot *b, struct rq_boot_run *run, char **kept,
		     const char *name, const struct rq_oid *commit, struct rq_err *err)
{
	_cleanup_free_ char *step = rq_xasprintf("boot %s", name);
	char hex[RQ_OID_HEX + 1];
	struct rq_str console = { 0 };
	struct rq_oid tree;
	struct rq_err missing;
	int64_t when;
	int rc = rq_commit_info(b->site.repo, commit, &when, &tree, err);

	if (rc)
		return rc;
	*kept = rq_xasprintf("%s/boot-%.12s-%016llx%016llx.log", b->site.folder,
			     rq_oid_hex(hex, &tree), (unsigned long long)b->key.high64,
			     (unsigned long long)b->key.low64);
	run->log = rq_xasprintf("%s/console-%s.log", b->site.folder, name);
	if (b->job.fresh)
		unlink(*kept);
	if (rq_file_read(&console, *kept, &missing) == 0) {
		rq_console_read(run, rq_str_slice(&console), true);
		rc = rq_file_write(run->log, rq_str_slice(&console), err);
	} else {
		tell(b, step);
		rc = build_kernel(b, run, &tree, err);
		if (!rc && run->state == RQ_BOOT_NONE)
			rc = run_guest(b, run, step, err);
	}
	if (!rc && run->state == RQ_BOOT_NOT_BUILT)
		free(TAKE_PTR(run->log));
	rq_str_release(&console);
	return rc;
}

/* Base and port, on one accelerator; @b->failed is set where that is to blame. */
static int boot_both(struct boot *b, const struct rq_oid *base, const struct rq_oid *head,
		     struct rq_err *err)
{
	_cleanup_free_ char *kept_base = NULL, *kept = NULL;
	char one[RQ_OID_HEX + 1], other[RQ_OID_HEX + 1];
	int rc;

	free(b->out->machine);
	b->out->machine = rq_xasprintf("%s, %s", b->qemu, b->accel.kvm ? "kvm" : "tcg");
	rc = make_key(b, err);
	if (!rc)
		rc = boot_tree(b, &b->out->base, &kept_base, "base", base, err);
	if (rc || b->failed)
		return rc;
	rq_booted_compare(b->out);
	if (rq_booted_well(b->out))
		rc = keep(&b->out->base, kept_base, err);
	if (rc || strcmp(rq_oid_hex(one, base), rq_oid_hex(other, head)) == 0)
		return rc;
	rc = boot_tree(b, &b->out->ported, &kept, "ported", head, err);
	if (rc || b->failed)
		return rc;
	rq_booted_compare(b->out);
	return rq_booted_well(b->out) ? keep(&b->out->ported, kept, err) : 0;
}

/* Both guests again on tcg: results of two accelerators are not compared. */
static int boot_again(struct boot *b, const struct rq_oid *base,
		      const struct rq_oid *head, struct rq_err *err)
{
	_cleanup_free_ char *why = rq_xasprintf("%s; started again on tcg", b->failed);
	int rc;

	free(TAKE_PTR(b->failed));
	if (b->job.notice)
		b->job.notice(b->branch.name, why, b->job.ctx);
	rq_boot_run_release(&b->out->base);
	rq_boot_run_release(&b->out->ported);
	rc = rq_accel_give_up(&b->accel, why, err);
	return rc ? rc : boot_both(b, base, head, err);
}

static int go(struct boot *b, const struct rq_oid *base, const struct rq_oid *head,
	      struct rq_err *err)
{
	int rc;

	if (strcmp(b->branch.arch, "x86_64") != 0)
		return rq_err_set(err, RQ_EQUEUE,
				  "branch.%s.arch: is %s, and only x86_64 is booted; "
				  "leave out --boot",
				  b->branch.name, b->branch.arch);
	if (!rq_proc_installed("qemu-system-x86_64")) {
		b->out->base.state = RQ_BOOT_NO_QEMU;
		return 0;
	}
	rc = read_known(b, err);
	if (!rc)
		rc = prepare(b, base, err);
	if (!rc)
		rc = boot_both(b, base, head, err);
	if (!rc && b->failed)
		rc = boot_again(b, base, head, err);
	b->out->note = TAKE_PTR(b->accel.note);
	return rc;
}

int rq_boot_branch(struct rq_booted **out, const struct rq_site *site,
		   const struct rq_oid *head, struct rq_err *err)
{
	struct boot b = { .site = *site,
			  .job = *site->job,
			  .branch = *site->job->branch };
	int rc;

	*out = b.out = rq_xcalloc(1, sizeof(**out));
	b.version = short_version(site->job->version);
	choose_fragments(&b);
	b.job.branch = &b.branch;
	b.site.job = &b.job;
	b.site.build = rq_path_join(site->folder, "boot");
	b.site.marker = rq_path_join(site->folder, "booting");
	b.out->config = rq_kconfig_name(&b.branch);
	rc = go(&b, &site->job->base, head, err);
	free(b.site.build);
	free(b.site.marker);
	free(b.version);
	free(b.initramfs);
	free(b.qemu);
	free(b.failed);
	rq_names_release(&b.branch.fragments);
	return rc;
}
