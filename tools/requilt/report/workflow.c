// SPDX-License-Identifier: GPL-2.0-only
/*
 * Workflows: templates with marks, @LIKE@ this.  What people wrote gets in as a string that is quoted for
 * YAML and, where a shell reads it, for the shell before that; nothing of it is text of the template.
 */
#include "report/workflow.h"

#include <ctype.h>
#include <stdlib.h>

#include "report/jobs.h"
#include "report/json_internal.h"
#include "util/clean.h"

/* The files beside this one as C strings; the Makefile makes them. */
static const char github_yml[] =
#include "report/ci_github.inc"
	;
static const char gitlab_yml[] =
#include "report/ci_gitlab.inc"
	;
static const char slurm_sh[] =
#include "report/ci_slurm.inc"
	;

/* Relative to the queue's repository: a CI system keeps only what is below it. */
static const char places_in_ci[] =
	"export XDG_CACHE_HOME=\"$PWD/.cache\" CCACHE_DIR=\"$PWD/.cache/ccache\"\n"
	"kernels=$XDG_CACHE_HOME/requilt/linux.git out=build/series "
	"results=build/results";
static const char places_in_slurm[] = "kernels=${XDG_CACHE_HOME:-$HOME/.cache}/requilt/"
				      "linux.git out=build/series results=build/results";

/* %s is " --strict" or nothing.  What verify prints where it did not come to a result is none for the report. */
static const char job_sh[] =
	"if [ \"$STAGE\" = port ]; then\n"
	"\trequilt --repo \"$kernels\" port%s --out \"$out\" -- \"$QUEUE\" \"$BRANCH\"\n"
	"else\n"
	"\trequilt --repo \"$kernels\" port --out \"$out\" -- \"$QUEUE\" \"$BRANCH\"\n"
	"\tmkdir -p \"$results\"\n"
	"\tresult=$results/$BRANCH.$STAGE.json status=0\n"
	"\trequilt --repo \"$kernels\" verify --queue \"$QUEUE\" \"--$STAGE\" --json "
	"--out \"$out\" -- \"$BRANCH\" \\\n"
	"\t\t>\"$result\" || status=$?\n"
	"\tgrep -q '\"branches\"' \"$result\" || rm \"$result\"\n"
	"\t[ $status = 0 ]\n"
	"fi";

/* The report shows what failed, so a port may fail before it; its last call is the run's verdict. */
static const char report_sh[] =
	"mkdir -p build/report\n"
	"requilt --repo \"$kernels\" port -q --out \"$out\" -- \"$QUEUE\" || echo 'the "
	"report says what failed' >&2\n"
	"set -- --queue \"$QUEUE\" --out \"$out\"\n"
	"[ ! \"$(ls -A \"$results\" 2>/dev/null)\" ] || set -- \"$@\" --results "
	"\"$results\"\n"
	"requilt --repo \"$kernels\" report \"$@\" -o build/report --markdown "
	">build/report/report.md\n"
	"cat build/report/report.md >>\"${GITHUB_STEP_SUMMARY:-/dev/null}\"\n"
	"requilt --repo \"$kernels\" report \"$@\" --junit%s >build/report/junit.xml";

struct mark {
	const char *name;
	struct rq_str text;
};

struct marks {
	rq_vec(struct mark) v;
};

void rq_shell_add(struct rq_str *out, const char *word)
{
	rq_str_adds(out, "'");
	for (; *word; word++) {
		if (*word == '\'')
			rq_str_adds(out, "'\\''");
		else
			rq_str_add(out, word, 1);
	}
	rq_str_adds(out, "'");
}

static unsigned code_of(struct rq_slice c)
{
	unsigned code = (unsigned char)*c.p;

	if (c.n == 1)
		return code;
	code &= 0xffu >> (c.n + 1);
	for (size_t i = 1; i < c.n; i++)
		code = code << 6 | ((unsigned char)c.p[i] & 0x3f);
	return code;
}

/* A string in double quotes, in ASCII; bytes that are no UTF-8 are U+FFFD, as in JSON. */
static void yaml_add(struct rq_str *out, const char *text)
{
	struct rq_slice rest = rq_slice_of(text);

	rq_str_adds(out, "\"");
	while (rest.n) {
		bool steers;
		size_t n = rq_char_length(rest, &steers);
		unsigned code = n ? code_of((struct rq_slice){ rest.p, n }) : 0xfffd;

		if (code == '"' || code == '\\')
			rq_str_addf(out, "\\%c", (int)code);
		else if (code == '\n')
			rq_str_adds(out, "\\n");
		else if (code >= ' ' && code < 0x7f)
			rq_str_addf(out, "%c", (int)code);
		else
			rq_str_addf(out, code > 0xffff ? "\\U%08x" : "\\u%04x", code);
		n += !n;
		rest.p += n;
		rest.n -= n;
	}
	rq_str_adds(out, "\"");
}

/* For GitHub, which evaluates "${{" in every string of a workflow, in names too. */
static void literal_add(struct rq_str *out, const char *text)
{
	struct rq_str plain = { 0 };
	const char *at;

	for (; (at = strstr(text, "${{")); text = at + 3) {
		rq_str_add(&plain, text, (size_t)(at - text));
		rq_str_adds(&plain, "${{ '${{' }}");
	}
	rq_str_adds(&plain, text);
	yaml_add(out, plain.s);
	rq_str_release(&plain);
}

/* A comment ends with its line. */
static void comment_add(struct rq_str *out, const char *text)
{
	for (; *text; text++)
		rq_str_add(out, isprint((unsigned char)*text) ? text : "?", 1);
}

static struct rq_str *mark_new(struct marks *marks, const char *name)
{
	struct mark *mark = rq_vec_push(&marks->v);

	mark->name = name;
	return &mark->text;
}

static const struct mark *mark_at(const struct marks *marks, const char *text)
{
	for (size_t i = 0; i < marks->v.n; i++) {
		size_t n = strlen(marks->v.v[i].name);

		if (strncmp(text + 1, marks->v.v[i].name, n) == 0 && text[n + 1] == '@')
			return &marks->v.v[i];
	}
	return NULL;
}

/* Further lines of a mark's text are indented as the line of the mark is. */
static void mark_add(struct rq_str *out, const struct mark *mark, struct rq_slice indent)
{
	const char *s = mark->text.s ? mark->text.s : "";

	for (; *s; s++) {
		rq_str_add(out, s, 1);
		if (*s == '\n' && s[1] != '\n')
			rq_str_add_slice(out, indent);
	}
}

static void fill(struct rq_str *out, const char *template, const struct marks *marks)
{
	struct rq_slice rest = rq_slice_of(template), line;

	while (rq_slice_next_line(&rest, &line)) {
		struct rq_slice indent = { line.p, 0 };

		while (indent.n < line.n && isblank((unsigned char)line.p[indent.n]))
			indent.n++;
		for (size_t i = 0; i < line.n; i++) {
			const struct mark *mark =
				line.p[i] == '@' ? mark_at(marks, line.p + i) : NULL;

			if (mark) {
				mark_add(out, mark, indent);
				i += strlen(mark->name) + 1;
			} else {
				rq_str_add(out, line.p + i, 1);
			}
		}
	}
}

static void github_job(struct rq_str *out, const struct rq_job *job)
{
	rq_str_addf(out, "%s- { stage: %s, branch: ", out->len ? "\n" : "", job->stage);
	yaml_add(out, job->branch);
	rq_str_adds(out, " }");
}

static void job_name(struct rq_str *out, const struct rq_job *job, const char *stage)
{
	struct rq_str name = { 0 };

	rq_str_addf(&name, "%s %s", stage, job->branch);
	yaml_add(out, name.s);
	rq_str_release(&name);
}

/* One branch that fails stops no other. */
static void gitlab_job(struct rq_str *out, const struct rq_job *job)
{
	bool port = strcmp(job->stage, "port") == 0;

	rq_str_adds(out, out->len ? "\n" : "");
	job_name(out, job, job->stage);
	rq_str_addf(out, ":\n  extends: .job\n  stage: %s\n  needs: [fetch", job->stage);
	if (!port) {
		rq_str_adds(out, ", ");
		job_name(out, job, "port");
	}
	rq_str_addf(out, "]\n  variables:\n    STAGE: %s\n    BRANCH: ", job->stage);
	yaml_add(out, job->branch);
}

static void slurm_job(struct rq_str *out, const struct rq_job *job)
{
	rq_str_adds(out, out->len ? "\n" : "");
	rq_shell_add(out, job->branch);
	rq_str_addf(out, " %s", job->stage);
}

/* A command as it is, for a file that is a script itself. */
static void plain_add(struct rq_str *out, const char *text)
{
	rq_str_adds(out, text);
}

static const struct system {
	const char *name, *template, *places;
	void (*command)(struct rq_str *out, const char *text); /* of the user's */
	void (*queue)(struct rq_str *out, const char *text);
	void (*job)(struct rq_str *out, const struct rq_job *job);
	size_t most; /* jobs; 0: no bound */
} systems[] = {
	{ "github", github_yml, places_in_ci, yaml_add, literal_add, github_job,
	  RQ_GITHUB_JOBS },
	{ "gitlab", gitlab_yml, places_in_ci, yaml_add, yaml_add, gitlab_job, 0 },
	{ "slurm", slurm_sh, places_in_slurm, plain_add, rq_shell_add, slurm_job, 0 },
};

static const struct system *find_system(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(systems); i++)
		if (strcmp(systems[i].name, name) == 0)
			return &systems[i];
	return NULL;
}

/* "QUEUE='x'" as one string of the file. */
static void add_assignment(struct rq_str *out, const struct system *system,
			   const char *queue)
{
	struct rq_str text = { 0 };

	rq_str_adds(&text, "QUEUE=");
	rq_shell_add(&text, queue);
	system->command(out, text.s);
	rq_str_release(&text);
}

/* The places first: the command says $kernels. */
static void add_fetch(struct rq_str *out, const struct system *system, const char *fetch)
{
	struct rq_str text = { 0 };

	if (strcmp(system->name, "github") == 0)
		rq_str_addf(&text, "%s\n", system->places);
	rq_str_adds(&text, fetch);
	system->command(out, text.s);
	rq_str_release(&text);
}

/* The same where no cache brought them. */
static void add_missing(struct rq_str *out, const struct system *system,
			const char *fetch)
{
	struct rq_str text = { 0 };

	rq_str_addf(&text, "if [ ! -d \"$kernels\" ]; then\n%s\nfi", fetch);
	system->command(out, text.s);
	rq_str_release(&text);
}

static void add_marks(struct marks *marks, const struct system *system,
		      const struct rq_workflow *workflow, const struct rq_jobs *jobs)
{
	const char *strict = workflow->allow_yellow ? "" : " --strict";
	struct rq_str name = { 0 }, *list = mark_new(marks, "JOBS");

	for (size_t i = 0; i < jobs->v.n; i++)
		system->job(list, &jobs->v.v[i]);
	rq_str_addf(&name, "requilt %s", workflow->queue);
	system->queue(mark_new(marks, "NAME"), name.s);
	rq_str_release(&name);
	system->queue(mark_new(marks, "QUEUE"), workflow->queue);
	add_assignment(mark_new(marks, "ASSIGN"), system, workflow->queue);
	yaml_add(mark_new(marks, "IMAGE"), workflow->image);
	rq_str_adds(mark_new(marks, "VERSION"), RQ_VERSION);
	comment_add(mark_new(marks, "COMMAND"), workflow->command);
	rq_str_addf(mark_new(marks, "LAST"), "%zu", jobs->v.n - 1);
	rq_str_adds(mark_new(marks, "PLACES"), system->places);
	rq_str_addf(mark_new(marks, "JOB"), job_sh, strict);
	rq_str_addf(mark_new(marks, "REPORT"), report_sh, strict);
	system->command(mark_new(marks, "SETUP"), workflow->setup);
	add_fetch(mark_new(marks, "FETCH"), system, workflow->fetch);
	add_missing(mark_new(marks, "MISSING"), system, workflow->fetch);
}

static int check_jobs(const struct system *system, const struct rq_workflow *workflow,
		      const struct rq_jobs *jobs, const char *conf, struct rq_err *err)
{
	if (!jobs->v.n)
		return rq_err_set(err, RQ_EQUEUE, "ci: %s names no branch for %s", conf,
				  workflow->queue);
	if (system->most && jobs->v.n > system->most)
		return rq_err_set(err, RQ_EQUEUE,
				  "ci: %zu jobs, and GitHub takes %zu; bind the queue to "
				  "fewer branches with queue.%s.branch",
				  jobs->v.n, system->most, workflow->queue);
	return 0;
}

int rq_workflow_print(struct rq_str *out, const char *name,
		      const struct rq_workflow *workflow,
		      const struct rq_branches *branches, struct rq_err *err)
{
	const struct system *system = find_system(name);
	struct marks marks = { 0 };
	struct rq_jobs jobs = { 0 };
	int rc;

	if (!system)
		return rq_err_set(
			err, RQ_EUSAGE,
			"ci: makes a file for github, gitlab or slurm, not '%s'", name);
	rq_jobs_list(&jobs, workflow->queue, branches);
	rc = check_jobs(system, workflow, &jobs, branches->path, err);
	if (!rc) {
		add_marks(&marks, system, workflow, &jobs);
		fill(out, system->template, &marks);
	}
	for (size_t i = 0; i < marks.v.n; i++)
		rq_str_release(&marks.v.v[i].text);
	rq_vec_release(&marks.v);
	rq_vec_release(&jobs.v);
	return rc;
}

char *rq_workflow_fetch(const char *queue, const struct rq_branches *branches)
{
	struct rq_str text = { 0 };

	rq_str_adds(&text, "requilt-kernels");
	for (size_t i = 0; i < branches->all.n; i++) {
		const char *name = branches->all.v[i].name;

		if (!rq_branches_bound(branches, queue, name))
			continue;
		rq_str_adds(&text, " ");
		rq_shell_add(&text, name);
	}
	return text.s;
}
