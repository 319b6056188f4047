// SPDX-License-Identifier: GPL-2.0-only
/*
 * differential PAIRS: generated files and patches through `patch -F0`, `git apply`, requilt and the
 * slow placer, each pair alone.  It fails where
 *
 *   - requilt takes a place without a doubt, and the generator means another;
 *   - the two others agree on a text, the one that is meant, and requilt neither makes it nor
 *     names an ambiguity;
 *   - requilt and the slow placer differ.
 *
 * A place in doubt is yellow: said, and to be read by somebody.  Where a line that a hunk needs is
 * gone no place is right; an equal text elsewhere may be the only one then, and no program can
 * tell.
 */
#include <stdio.h>

#include "fuzz.h"
#include "generate.h"
#include "one_file.h"
#include "proc/proc.h"
#include "util/file.h"
#include "util/path.h"

#define BATCH 1000
#define MOST_SHOWN 3

enum peer { PATCH, GIT, PEERS };
static const char *const peers[] = { "patch", "git" };

/* What became of a pair. */
enum verdict {
	MEANT,	     /* as the generator means it */
	MEANT_DOUBT, /* the same, in doubt */
	AMBIGUOUS,   /* refused: it names places and takes none */
	REFUSED,     /* refused: no place */
	OTHER_DOUBT, /* another place, in doubt */
	OTHER,	     /* another place */
	VERDICTS,
};

static const char *const columns[] = { "as meant", "in doubt", "ambiguous",
				       "refused",  "other?",   "other" };

struct counts {
	size_t pairs, verdicts[VERDICTS];
	size_t agree_meant, agree_other, agree_none, differ; /* the peers */
	size_t alone; /* requilt does what is meant, and not both peers do */
};

static struct counts all[DRIFTS];
static size_t failures;
static char folder[] = "/dev/shm/requilt-differential-XXXXXX";

static void must_run(const char *dir, const char *const *argv, struct rq_slice input)
{
	static const char *const env[] = { "GIT_CEILING_DIRECTORIES=/", "TZ=UTC", NULL };
	struct rq_str said = { 0 };
	struct rq_err err = { 0 };
	int status;

	if (rq_proc_run(&(struct rq_proc){ .argv = argv,
					   .env = env,
					   .dir = dir,
					   .seconds = 600,
					   .input = input,
					   .out = &said,
					   .errors = &said },
			&status, &err) ||
	    status > 1) {
		fprintf(stderr, "%s: %s%s\n", argv[0], err.msg,
			said.s ? said.s + (said.len > 500 ? said.len - 500 : 0) : "");
		exit(1);
	}
	rq_str_release(&said);
}

static char *path_of(enum peer peer, size_t i, const char *end)
{
	return rq_xasprintf("%s/%s/%zu.c%s", folder, peers[peer], i, end);
}

static void write_plain(const char *path, struct rq_slice bytes)
{
	FILE *out = fopen(path, "w");

	must(out && fwrite(bytes.p, 1, bytes.n, out) == bytes.n && fclose(out) == 0);
}

/* One patch in five has an index line, as git's have. */
static void add_patch(struct rq_str *out, const struct pair *pair, size_t i)
{
	char hex[RQ_OID_HEX + 1];
	struct rq_oid oid;

	rq_oid_of(&oid, RQ_OBJ_BLOB, rq_str_slice(&pair->source).p, pair->source.len);
	rq_str_addf(out, "diff --git a/%zu.c b/%zu.c\n", i, i);
	if (i % 5 == 0)
		rq_str_addf(out, "index %.12s..123456789abc 100644\n",
			    rq_oid_hex(hex, &oid));
	rq_str_addf(out, "--- a/%zu.c\n+++ b/%zu.c\n", i, i);
	rq_str_add_slice(out, rq_str_slice(&pair->patch));
}

/* Both take what fits and leave the rest of a file in *.rej. */
static void run_peers(const struct pair *pairs, size_t n)
{
	static const char *const patch[] = {
		"patch", "-p1", "-F0", "-f", "-N", "-s", "--no-backup-if-mismatch", NULL
	};
	static const char *const git[] = { "git",      "apply",
					   "--reject", "--whitespace=nowarn",
					   "-",	       NULL };
	static const char *const *const commands[] = { patch, git };
	struct rq_str text = { 0 };
	struct rq_err err;

	for (size_t i = 0; i < n; i++)
		add_patch(&text, &pairs[i], i);
	for (enum peer p = 0; p < PEERS; p++) {
		_cleanup_free_ char *dir = rq_path_join(folder, peers[p]);

		must(rq_dir_remove(dir, &err) == 0 && rq_dir_make(dir, &err) == 0);
		for (size_t i = 0; i < n; i++) {
			_cleanup_free_ char *path = path_of(p, i, "");

			write_plain(path, rq_str_slice(&pairs[i].file));
		}
		must_run(dir, commands[p], rq_str_slice(&text));
	}
	rq_str_release(&text);
}

/* False when it refused; an earlier state of the file is of no interest then. */
static bool peer_text(struct rq_str *out, enum peer peer, size_t i)
{
	_cleanup_free_ char *path = path_of(peer, i, ""),
			    *reject = path_of(peer, i, ".rej");
	struct rq_err err;

	must(rq_file_read(out, path, &err) == 0);
	return !rq_file_exists(reject);
}

/* Whether the reason is that there are places, none of which may be taken. */
static bool is_of_places(enum rq_reason_code code)
{
	return code >= RQ_REASON_SEVERAL && code <= RQ_REASON_OLD_AND_NEW;
}

/* A refusal that names places, rather than none or the nearest text. */
static bool names_places(const struct rq_entry_record *entry)
{
	for (size_t i = 0; i < entry->hunks.n; i++) {
		const struct rq_hunk_record *h = &entry->hunks.v[i];

		if (h->rung == RQ_CONFLICT && h->why &&
		    (h->places.n || is_of_places(h->why->code)))
			return true;
	}
	return false;
}

static enum verdict judge(const struct pair *pair, const struct one_answer *answer)
{
	bool meant =
		pair->drift != DRIFT_GONE &&
		rq_slice_eq(rq_str_slice(&answer->text), rq_str_slice(&pair->intent));
	enum rq_colour colour = rq_entry_colour(&answer->entry);

	if (colour == RQ_RED)
		return names_places(&answer->entry) ? AMBIGUOUS : REFUSED;
	if (meant)
		return colour == RQ_GREEN ? MEANT : MEANT_DOUBT;
	return colour == RQ_GREEN ? OTHER : OTHER_DOUBT;
}

static void show(const char *what, const struct rq_str *text)
{
	fprintf(stderr, "--- %s\n%s%s", what, text->s ? text->s : "",
		text->len && text->s[text->len - 1] == '\n' ? "" : "\n");
}

static void fail(const struct pair *pair, size_t number, const char *why,
		 const struct one_answer *answer)
{
	if (failures++ >= MOST_SHOWN)
		return;
	fprintf(stderr, "pair %zu (%s): %s\n%s", number, drift_word(pair->drift), why,
		answer->differs.s ? answer->differs.s : "");
	fprintf(stderr, "requilt: %s%s%s\n", rq_outcome_word(answer->entry.outcome),
		answer->entry.message ? ": " : "",
		answer->entry.message ? answer->entry.message : "");
	show("file", &pair->file);
	show("patch", &pair->patch);
	show("meant", &pair->intent);
	show("requilt made", &answer->text);
}

static void count_peers(struct counts *c, const struct pair *pair, size_t i,
			enum verdict verdict, bool *agree_meant)
{
	struct rq_str text[PEERS] = { 0 };
	bool took[PEERS], same, meant;

	for (enum peer p = 0; p < PEERS; p++)
		took[p] = peer_text(&text[p], p, i);
	same = rq_slice_eq(rq_str_slice(&text[PATCH]), rq_str_slice(&text[GIT]));
	meant = pair->drift != DRIFT_GONE &&
		rq_slice_eq(rq_str_slice(&text[PATCH]), rq_str_slice(&pair->intent));
	*agree_meant = took[PATCH] && took[GIT] && same && meant;
	c->agree_meant += *agree_meant;
	c->agree_other += took[PATCH] && took[GIT] && same && !meant;
	c->agree_none += !took[PATCH] && !took[GIT];
	c->differ += took[PATCH] != took[GIT] || (took[PATCH] && !same);
	c->alone += verdict <= MEANT_DOUBT && !*agree_meant;
	rq_str_release(&text[PATCH]);
	rq_str_release(&text[GIT]);
}

static void look(const struct pair *pair, size_t number, size_t i)
{
	struct one_file file = { "0.c", rq_str_slice(&pair->file) };
	_cleanup_(rq_patch_freep) struct rq_patch *patch = NULL;
	struct counts *c = &all[pair->drift];
	struct one_answer answer = { 0 };
	struct rq_str text = { 0 };
	enum verdict verdict;
	bool agree_meant;
	struct rq_err err;

	add_patch(&text, pair, i);
	file.path = rq_xasprintf("%zu.c", i);
	if (rq_patch_parse(&patch, "p", &text, &RQ_PATCH_DEFAULTS, &err)) {
		fprintf(stderr, "pair %zu: %s\n", number, err.msg);
		exit(1);
	}
	one_file_place(&answer, &file, patch);
	verdict = judge(pair, &answer);
	c->pairs++;
	c->verdicts[verdict]++;
	count_peers(c, pair, i, verdict, &agree_meant);
	if (answer.differs.len)
		fail(pair, number, "requilt and the slow placer differ", &answer);
	else if (verdict == OTHER && pair->drift != DRIFT_GONE)
		fail(pair, number, "green, and not what is meant", &answer);
	else if (agree_meant && verdict == REFUSED)
		fail(pair, number, "refused without an ambiguity", &answer);
	free((char *)file.path);
	one_answer_release(&answer);
}

static void print_row(const char *name, const struct counts *c)
{
	printf("%-10s%8zu", name, c->pairs);
	for (size_t v = 0; v < VERDICTS; v++)
		printf("%10zu", c->verdicts[v]);
	printf(" |%9zu%9zu%9zu%9zu |%9zu\n", c->agree_meant, c->agree_other,
	       c->agree_none, c->differ, c->alone);
}

static void print(void)
{
	struct counts sum = { 0 };

	printf("%-10s%8s", "drift", "pairs");
	for (size_t v = 0; v < VERDICTS; v++)
		printf("%10s", columns[v]);
	printf(" |%9s%9s%9s%9s |%9s\n", "meant", "other", "refuse", "differ", "alone");
	for (enum drift d = 0; d < DRIFTS; d++) {
		print_row(drift_word(d), &all[d]);
		for (size_t *to = (size_t *)&sum, *from = (size_t *)&all[d];
		     to < (size_t *)(&sum + 1); to++, from++)
			*to += *from;
	}
	print_row("all", &sum);
	printf("requilt left, patch -F0 and git apply right of the bar; alone: requilt "
	       "does "
	       "what is meant, they do not both\n%zu failures\n",
	       failures);
}

int main(int argc, char **argv)
{
	size_t total = argc == 2 ? strtoul(argv[1], NULL, 10) : 0;
	struct pair *pairs = rq_xcalloc(BATCH, sizeof(*pairs));
	struct rq_err err;

	if (!total) {
		fprintf(stderr, "usage: %s PAIRS\n", argv[0]);
		return 129;
	}
	rq_git_init();
	must(mkdtemp(folder));
	for (size_t first = 0; first < total; first += BATCH) {
		size_t n = total - first < BATCH ? total - first : BATCH;

		for (size_t i = 0; i < n; i++)
			generate(&pairs[i], first + i);
		run_peers(pairs, n);
		for (size_t i = 0; i < n; i++) {
			look(&pairs[i], first + i, i);
			pair_release(&pairs[i]);
			pairs[i] = (struct pair){ 0 };
		}
	}
	print();
	free(pairs);
	rq_dir_remove(folder, &err);
	rq_git_shutdown();
	return failures ? 1 : 0;
}
