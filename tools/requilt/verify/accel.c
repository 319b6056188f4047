// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether guests run on kvm or on tcg.  /dev/kvm may be there and not work, or start a machine
 * and then stop it without a word.  What was seen of the second kind is noted in the branch's
 * directory, so that the next run does not wait for it again; the note holds for one version of
 * qemu, and --fresh or --accel kvm tries again.
 */
#include "verify/boot_internal.h"

#include <unistd.h>

#include "util/file.h"
#include "util/path.h"

static char *note_path(const struct rq_accel *accel)
{
	return rq_path_join(accel->folder, "kvm-failed");
}

/* The note: qemu's version on one line, the reason on the next. */
static char *read_note(const struct rq_accel *accel)
{
	_cleanup_free_ char *path = note_path(accel);
	_cleanup_(rq_str_release) struct rq_str text = { 0 };
	struct rq_slice rest, version, why = { 0 };
	struct rq_err missing;

	if (rq_file_read(&text, path, &missing))
		return NULL;
	rest = rq_str_slice(&text);
	if (!rq_slice_next_line(&rest, &version) ||
	    !rq_slice_eq(rq_slice_chomp(version), rq_slice_of(accel->qemu)) ||
	    !rq_slice_next_line(&rest, &why))
		return NULL;
	why = rq_slice_chomp(why);
	return rq_xasprintf("%.*s; seen by an earlier run, --accel kvm tries again",
			    RQ_SLICE_ARG(why));
}

int rq_accel_choose(struct rq_accel *accel, const char *wanted, bool fresh,
		    struct rq_err *err)
{
	_cleanup_free_ char *path = note_path(accel);

	accel->kvm = false;
	if (strcmp(wanted, "tcg") == 0)
		return 0;
	accel->may_change = strcmp(wanted, "auto") == 0;
	if (fresh || !accel->may_change)
		unlink(path);
	accel->note = read_note(accel);
	if (accel->note)
		return 0;
	accel->kvm = rq_qemu_has_kvm();
	if (!accel->kvm && !accel->may_change)
		return rq_err_set(err, RQ_ETOOL,
				  "kvm: no guest starts on it here; use --accel tcg");
	return 0;
}

int rq_accel_give_up(struct rq_accel *accel, const char *why, struct rq_err *err)
{
	_cleanup_free_ char *path = note_path(accel);
	_cleanup_free_ char *text = rq_xasprintf("%s\n%s\n", accel->qemu, why);

	free(accel->note);
	accel->note = rq_xstrdup(why);
	accel->kvm = false;
	return rq_file_write(path, rq_slice_of(text), err);
}
