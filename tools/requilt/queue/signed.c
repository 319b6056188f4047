// SPDX-License-Identifier: GPL-2.0-only
/*
 * Asks git who signed the records of a queue.  The user's own configuration decides whose keys count;
 * a file of signers that a contribution could change does not.
 */
#include "queue/signed.h"

#include <stdlib.h>

#include "proc/proc.h"
#include "queue/queue.h"
#include "resolve/resolution.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/path.h"

#define GIT_SECONDS 60
#define SHOWN_DIGITS 12	  /* of a commit */
#define RECORDS_MOST 1000 /* git starts twice for each */

struct asking {
	struct rq_signatures *out;
	const char *root;
	char *refused; /* why nothing counts as signed; or NULL */
	bool shallow;
};

/* What git and gpg need to find the user's keys and configuration. */
static void add_environment(const char **env, char **owned)
{
	static const char *const names[] = { "XDG_CONFIG_HOME", "GNUPGHOME" };
	size_t n = 0;

	env[n++] = "GIT_TERMINAL_PROMPT=0";
	env[n++] = "GIT_OPTIONAL_LOCKS=0";
	env[n++] = "GIT_LITERAL_PATHSPECS=1";
	env[n++] = "GIT_NO_REPLACE_OBJECTS=1";
	/* What a partial clone lacks is not fetched: the second is for a git that does not know the first. */
	env[n++] = "GIT_NO_LAZY_FETCH=1";
	env[n++] = "GIT_ALLOW_PROTOCOL=none";
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *value = getenv(names[i]);

		if (value)
			env[n++] = *owned++ = rq_xasprintf("%s=%s", names[i], value);
	}
}

/*
 * Runs git in the queue repository; RQ_EQUEUE with its last line where it fails.  Files of the queue that
 * look like a bare repository are none: their configuration would name programs.
 */
static int ask_git(struct rq_str *out, struct rq_str *errors, const char *root,
		   const char *const *words, struct rq_err *err)
{
	const char *argv[16] = { "git", "-c", "safe.bareRepository=explicit", "-c",
				 "log.showSignature=false" };
	const char *env[10] = { 0 };
	char *owned[4] = { 0 };
	size_t n = 5;
	int status = 0, rc;

	while (*words)
		argv[n++] = *words++;
	add_environment(env, owned);
	rc = rq_proc_run(&(struct rq_proc){ .argv = argv,
					    .env = env,
					    .dir = root,
					    .seconds = GIT_SECONDS,
					    .out = out,
					    .errors = errors },
			 &status, err);
	for (size_t i = 0; i < ARRAY_SIZE(owned); i++)
		free(owned[i]);
	if (rc || !status)
		return rc;
	return rq_err_set(err, RQ_EQUEUE, "git %s: %.*s", argv[5],
			  RQ_SLICE_ARG(rq_git_reason(rq_str_slice(errors))));
}

/* One line of an answer; NULL and a code of 0 where git answers with status 1 or fails to. */
static int ask_line(char **line, const char *root, const char *const *words,
		    struct rq_err *err)
{
	struct rq_str out = { 0 }, errors = { 0 };
	int rc = ask_git(&out, &errors, root, words, err);
	struct rq_slice text = rq_slice_trim(rq_str_slice(&out));

	*line = rc ? NULL : rq_xstrndup(text.p, text.n);
	rq_str_release(&out);
	rq_str_release(&errors);
	return rc == RQ_EQUEUE ? 0 : rc;
}

/* The work tree's files come with a contribution; what is in .git does not. */
static int check_signers(struct asking *a, const char *top, const char *git_dir,
			 struct rq_err *err)
{
	static const char *const words[] = { "config", "--type=path", "--get",
					     "gpg.ssh.allowedSignersFile", NULL };
	_cleanup_free_ char *file = NULL, *path = NULL;
	struct rq_err ignored;
	int rc = ask_line(&file, a->root, words, err);

	if (rc || !file)
		return rc;
	path = file[0] == '/' ? rq_xstrdup(file) : rq_path_join(top, file);
	if (rq_file_check_within(top, path, &ignored) == 0 &&
	    rq_file_check_within(git_dir, path, &ignored) != 0)
		a->refused = rq_xasprintf(
			"gpg.ssh.allowedSignersFile, %s, is in this work tree, "
			"where a contribution may change it; move it out",
			file);
	return 0;
}

/* Whether git knows the repository, and what of its configuration matters. */
static int look_around(struct asking *a, struct rq_err *err)
{
	static const char *const words[] = { "rev-parse", "--is-shallow-repository",
					     "--absolute-git-dir", "--show-toplevel",
					     NULL };
	struct rq_str out = { 0 }, errors = { 0 };
	struct rq_slice rest, line[3] = { { "", 0 }, { "", 0 }, { "", 0 } };
	_cleanup_free_ char *git_dir = NULL, *top = NULL;
	int rc = ask_git(&out, &errors, a->root, words, err);

	rest = rq_str_slice(&out);
	for (size_t i = 0; i < ARRAY_SIZE(line) && rq_slice_next_line(&rest, &line[i]);
	     i++)
		line[i] = rq_slice_chomp(line[i]);
	a->shallow = rq_slice_eq(line[0], RQ_SLICE("true"));
	git_dir = rq_xstrndup(line[1].p, line[1].n);
	top = rq_xstrndup(line[2].p, line[2].n);
	rq_str_release(&out);
	rq_str_release(&errors);
	if (rc == RQ_EQUEUE) {
		a->refused = rq_xstrdup(err->msg);
		return 0;
	}
	return rc ? rc : check_signers(a, top, git_dir, err);
}

static const char *why_not(char result)
{
	static const struct {
		char result;
		const char *why;
	} all[] = {
		{ 'N', "has no signature that git can check" },
		{ 'B', "has a signature that is not of it" },
		{ 'U', "is signed by a key that is not known to be of anybody" },
		{ 'X', "has a signature that has expired" },
		{ 'Y', "is signed by a key that has expired" },
		{ 'R', "is signed by a key that was revoked" },
		{ 'E', "has a signature that git cannot check" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		if (all[i].result == result)
			return all[i].why;
	return result == 'G' ? NULL : all[0].why;
}

/* Takes the bytes up to the next NUL off *rest. */
static struct rq_slice next_field(struct rq_slice *rest)
{
	const char *nul = memchr(rest->p, '\0', rest->n);
	struct rq_slice field = { rest->p, nul ? (size_t)(nul - rest->p) : rest->n };
	size_t taken = field.n + (nul ? 1 : 0);

	*rest = (struct rq_slice){ rest->p + taken, rest->n - taken };
	return field;
}

/* What git log printed: commit, parents, result, signer; nothing where no commit has the file. */
static void judge(struct rq_signature *s, const struct asking *a, struct rq_slice text)
{
	struct rq_slice commit = next_field(&text), parents = next_field(&text),
			result = next_field(&text), signer = next_field(&text);
	const char *why = why_not(result.n == 1 ? result.p[0] : 'N');

	if (!commit.n) {
		s->why = rq_xstrdup("not committed");
		return;
	}
	s->commit = rq_xstrndup(commit.p, commit.n);
	if (why)
		s->why = rq_xasprintf("commit %.*s %s", SHOWN_DIGITS, s->commit, why);
	else if (a->shallow && !parents.n)
		s->why =
			rq_xstrdup("the clone is shallow and ends before the commit that "
				   "changed it; 'git fetch --unshallow' brings it");
	else
		s->signer = rq_xstrndup(signer.p, signer.n);
}

static int ask_who(struct rq_signature *s, const struct asking *a, struct rq_err *err)
{
	const char *words[] = { "log",
				"-1",
				"--no-color",
				"--no-follow",
				"--format=format:%H%x00%P%x00%G?%x00%GS",
				"HEAD",
				"--",
				s->record,
				NULL };
	struct rq_str out = { 0 }, errors = { 0 };
	int rc = ask_git(&out, &errors, a->root, words, err);

	if (!rc)
		judge(s, a, rq_str_slice(&out));
	rq_str_release(&out);
	rq_str_release(&errors);
	return rc;
}

/* Byte by byte, whatever .gitattributes would make of it. */
static int compare(struct rq_signature *s, const struct asking *a, struct rq_err *err)
{
	_cleanup_free_ char *object = rq_xasprintf("HEAD:./%s", s->record);
	_cleanup_free_ char *path = rq_path_join(a->root, s->record);
	const char *words[] = { "cat-file", "blob", object, NULL };
	struct rq_str committed = { 0 }, errors = { 0 }, now = { 0 };
	int rc = ask_git(&committed, &errors, a->root, words, err);

	if (!rc)
		rc = rq_file_read_within(&now, a->root, path, err);
	if (!rc && !rq_slice_eq(rq_str_slice(&committed), rq_str_slice(&now)))
		s->why = rq_xasprintf("changed since commit %.*s", SHOWN_DIGITS,
				      s->commit);
	rq_str_release(&committed);
	rq_str_release(&errors);
	rq_str_release(&now);
	return rc;
}

static int add_record(struct asking *a, const char *record, struct rq_err *err)
{
	struct rq_signature *s = rq_vec_push(&a->out->v);
	int rc = 0;

	s->record = rq_xstrdup(record);
	if (a->out->v.n > RECORDS_MOST)
		s->why = rq_xasprintf("git is asked about %d records of a queue at most",
				      RECORDS_MOST);
	else if (a->refused)
		s->why = rq_xstrdup(a->refused);
	else
		rc = ask_who(s, a, err);
	if (!rc && !s->why)
		rc = compare(s, a, err);
	if (rc == RQ_EQUEUE)
		s->why = rq_xstrdup(err->msg);
	if (s->why) {
		free(s->signer);
		s->signer = NULL;
	}
	return rc == RQ_EQUEUE ? 0 : rc;
}

static int add_resolutions(struct asking *a, const char *name, struct rq_err *err)
{
	struct rq_resolutions all = { .any_version = true };
	int rc = rq_resolutions_load(&all, a->root, name, err);

	for (size_t i = 0; i < all.v.n && !rc; i++) {
		_cleanup_free_ char *record = rq_xasprintf("series/%s.resolved/%s", name,
							   rq_path_base(all.v.v[i].path));

		rc = add_record(a, record, err);
	}
	rq_resolutions_release(&all);
	return rc;
}

static int add_all(struct asking *a, const char *queue, struct rq_err *err)
{
	_cleanup_free_ char *reviewed = rq_xasprintf("series/%s.reviewed", queue);
	_cleanup_free_ char *path = rq_path_join(a->root, reviewed);
	_cleanup_free_ char *rebase = rq_rebase_name(queue);
	int rc = look_around(a, err);

	if (!rc && rq_file_exists(path))
		rc = add_record(a, reviewed, err);
	if (!rc)
		rc = add_resolutions(a, queue, err);
	return rc ? rc : add_resolutions(a, rebase, err);
}

int rq_queue_signatures(struct rq_signatures *out, const char *root, const char *queue,
			struct rq_err *err)
{
	struct asking a = { .out = out, .root = root };
	int rc = add_all(&a, queue, err);

	free(a.refused);
	return rc;
}

void rq_signatures_release(struct rq_signatures *signatures)
{
	for (size_t i = 0; i < signatures->v.n; i++) {
		free(signatures->v.v[i].record);
		free(signatures->v.v[i].commit);
		free(signatures->v.v[i].signer);
		free(signatures->v.v[i].why);
	}
	rq_vec_release(&signatures->v);
}
