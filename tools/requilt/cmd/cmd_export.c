// SPDX-License-Identifier: GPL-2.0-only
/*
 * requilt export: what port wrote for a branch, as mails or as a quilt series, with the headers
 * that its readers expect.  Takes current output only, which it ports again in memory and compares,
 * and tells what a dialect wants and the patches do not say.
 */
#include "cmd/cmd.h"

#include <ctype.h>
#include <dirent.h>
#include <jansson.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd/export.h"
#include "cmd/json.h"
#include "emit/dialect.h"
#include "emit/emit.h"
#include "queue/lastgood.h"
#include "queue/queue.h"
#include "report/report.h"
#include "util/file.h"
#include "util/path.h"

static const char *format, *dialect_name, *to, *who, *out_dir, *prefix;
static bool sign_off, stale, numbered, cc;
static struct rq_names receivers; /* of each --to */

const struct rq_opt rq_cmd_export_options[] = {
	{ "format", 0, RQ_OPT_STRING, "FORM",
	  "quilt, mbox, mails, openwrt, yocto, rpm or debian", &format },
	{ "dialect", 0, RQ_OPT_STRING, "NAME",
	  "headers as stable, dep3, suse or yocto want them", &dialect_name },
	{ "output", 'o', RQ_OPT_STRING, "PATH",
	  "the folder of the series, or the file of the mails", &to },
	{ "number", 0, RQ_OPT_FLAG, NULL,
	  "files of a series are named 0001-... in its order", &numbered },
	{ "prefix", 0, RQ_OPT_STRING, "TEXT",
	  "what follows PATCH in titles of mails (default: the branch, as 6.1.y)",
	  &prefix },
	{ "to", 0, RQ_OPT_NAMES, "ADDRESS", "To: of the mails; may be given again",
	  &receivers },
	{ "cc", 0, RQ_OPT_FLAG, NULL, "mails go to those whom trailers name, too", &cc },
	{ "who", 0, RQ_OPT_STRING, "NAME", "who sends it: \"A Name <address>\"", &who },
	{ "signoff", 's', RQ_OPT_FLAG, NULL, "with a Signed-off-by of --who", &sign_off },
	{ "stale", 0, RQ_OPT_FLAG, NULL,
	  "what is stale, or of a red port the last good series", &stale },
	{ "out", 0, RQ_OPT_STRING, "DIR", "where port wrote (default: series)",
	  &out_dir },
	{ 0 },
};

struct exporting {
	const char *queue, *branch;
	char *folder; /* what port wrote */
	bool stale;   /* it is not what a port would write now */
	struct rq_outputs from;
	struct rq_port_summary summary;
	struct rq_ported ported;
	struct rq_export_options mail;
	const char *name; /* the patch at hand */
	char *ids;	  /* what Message-IDs begin with */
	enum rq_form form;
	size_t asked;
};

/* --- what is there to export --- */

static int judge_red(const struct rq_state *state, struct rq_err *err)
{
	if (!state->last_good)
		return rq_err_set(err, RQ_EQUEUE,
				  "%s: the port is red, and no earlier one was good; "
				  "'requilt show' says why",
				  state->branch);
	return rq_err_set(err, RQ_EQUEUE,
			  "%s: the port is red; 'requilt show' says why, --stale exports "
			  "the last good series, %s",
			  state->branch, state->last_good);
}

static int judge(const struct rq_state *state, struct rq_err *err)
{
	if (strcmp(state->word, "rebased") == 0)
		return rq_err_set(
			err, RQ_EQUEUE,
			"%s: holds a rebased series, not a port; 'requilt import' "
			"takes it into a queue",
			state->branch);
	/* With a reason it is no older state of the queue, but was edited. */
	if (stale && !state->why &&
	    (state->last_good || strcmp(state->word, "stale") == 0))
		return 0;
	if (strcmp(state->word, "red") == 0)
		return judge_red(state, err);
	if (state->stale || state->unchecked)
		return rq_err_set(err, RQ_EQUEUE,
				  "%s: the output is %s%s%s; port the queue again",
				  state->branch, state->word, state->why ? ": " : "",
				  state->why ? state->why : "");
	return 0;
}

/*
 * Whatever the queue is now, the files must be those that their record is about; and where the queue
 * cannot say any more what they should be, those that a port here wrote.
 */
static int check_output(const struct exporting *e, struct rq_err *err)
{
	_cleanup_free_ char *notes = rq_cmd_cache_path("ported");
	char output[RQ_OID_HEX + 1];

	rq_outputs_digest(output, &e->from);
	if (strcmp(output, e->summary.output) != 0)
		return rq_err_set(err, RQ_EQUEUE,
				  "%s: its files are not as port wrote them; port the "
				  "queue again",
				  e->folder);
	if (e->stale && !rq_output_is_noted(e->folder, notes))
		return rq_err_set(err, RQ_EQUEUE,
				  "%s: stale, and no note here says that a port of this "
				  "program wrote it; port the queue again",
				  e->folder);
	if (e->stale && !rq_globals.quiet)
		rq_print_clean(stderr,
			       "requilt: %s: stale, made for %s from an older queue or "
			       "base\n",
			       e->folder,
			       e->summary.version ? e->summary.version
						  : "an unknown version");
	return 0;
}

/* A red port has no series; then "not there" would be all that is said. */
static int read_series(struct exporting *e, struct rq_err *err)
{
	int rc = rq_outputs_read(&e->from, e->folder, err);

	return rc == RQ_ENOTFOUND
		       ? rq_err_set(err, RQ_EQUEUE,
				    "%s: there is no whole series; port the queue again",
				    e->folder)
		       : rc;
}

static int check_current(struct exporting *e, const char *out, struct rq_err *err)
{
	_cleanup_(rq_cmd_port_end) struct rq_cmd_port port = { 0 };
	struct rq_branches branches = { 0 };
	struct rq_series series = { 0 };
	struct rq_states states = { 0 };
	char *names[] = { (char *)e->branch };
	int rc = rq_cmd_port_begin(&port, out, &branches, err);

	port.options.notes = NULL;
	port.options.check = RQ_CHECK_ALWAYS;
	if (!rc)
		rc = rq_cmd_branches(&branches, err);
	if (!rc)
		rc = rq_cmd_series(&series, e->queue, &branches, err);
	if (!rc)
		rc = rq_queue_states(&states, &series, names, 1, &port.options, err);
	if (!rc)
		rc = judge(&states.v.v[0], err);
	if (!rc)
		e->stale = states.v.v[0].stale || states.v.v[0].last_good;
	rq_states_release(&states);
	rq_series_release(&series);
	rq_branches_release(&branches);
	return rc;
}

static int load(struct exporting *e, struct rq_err *err)
{
	_cleanup_free_ char *series = rq_path_join(rq_globals.dir, "series");
	_cleanup_free_ char *path = NULL, *good = NULL;
	const char *out = out_dir ? out_dir : series;
	struct rq_str json = { 0 };
	int rc = check_current(e, out, err);

	e->folder = rq_xasprintf("%s/%s/%s", out, e->queue, e->branch);
	good = rq_last_good_path(e->folder);
	if (!rc && e->stale && good) {
		free(e->folder);
		e->folder = TAKE_PTR(good);
	}
	path = rq_path_join(e->folder, "port.json");
	if (!rc)
		rc = read_series(e, err);
	if (!rc)
		rc = rq_file_read_below(&json, e->folder, "port.json", err);
	if (!rc)
		rc = rq_report_ported(&e->ported, path, rq_str_slice(&json), err);
	if (!rc)
		rc = rq_report_summary(&e->summary, path, rq_str_slice(&json), err);
	if (!rc)
		rc = check_output(e, err);
	rq_str_release(&json);
	return rc;
}

static int parse(struct rq_patch **out, const struct rq_output *from, struct rq_err *err)
{
	return rq_patch_parse_copy(out, from->name, rq_str_slice(&from->bytes),
				   &RQ_PATCH_DEFAULTS, err);
}

/* --- what is asked for --- */

static void ask(const char *rule, long line, const char *what, void *ctx)
{
	struct exporting *e = ctx;

	(void)line;
	if (!rq_globals.quiet)
		rq_print_clean(stderr, "%s: %s: %s\n", e->name, rule, what);
	e->asked++;
}

/* Holds what @patch becomes against the rules of the dialect. */
static int ask_for(struct exporting *e, const struct rq_patch *patch, struct rq_err *err)
{
	_cleanup_(rq_patch_freep) struct rq_patch *made = NULL;
	struct rq_output becomes = { .name = patch->name };
	struct rq_started started;
	struct rq_facts facts;
	int rc;

	rq_emit_dialect(&becomes.bytes, patch, &e->mail, &started);
	rc = parse(&made, &becomes, err);
	rq_str_release(&becomes.bytes);
	if (rc)
		return rc;
	e->name = patch->name;
	rq_facts_read(&facts, made);
	rq_dialect_lint(e->mail.dialect, &facts, ask, e);
	rq_facts_release(&facts);
	return 0;
}

/* --- quilt --- */

static void add_record(struct rq_str *out, const struct exporting *e)
{
	char base[RQ_OID_HEX + 1], tree[RQ_OID_HEX + 1];
	json_t *root = json_pack(
		"{ss ss ss ss* ss* ss ss}", "tool", "requilt " RQ_VERSION, "queue",
		e->queue, "branch", e->branch, "dialect", dialect_name, "version",
		e->summary.version, "base", rq_oid_hex(base, &e->ported.base), "tree",
		rq_oid_hex(tree, &e->ported.tree));
	char *text;

	if (e->stale)
		json_object_set_new(root, "stale", json_true());
	text = json_dumps(root, JSON_INDENT(2));
	rq_str_addf(out, "%s\n", text);
	free(text);
	json_decref(root);
}

static void dress(struct rq_str *out, const struct rq_patch *patch,
		  const struct exporting *e)
{
	_cleanup_free_ char *text = NULL;
	struct rq_started started;

	rq_emit_dialect(out, patch, &e->mail, &started);
	if (!started.line || rq_globals.quiet)
		return;
	text = rq_quoted_text(&started);
	rq_print_clean(stderr, "%s: %s\n", patch->name, text);
}

static int export_quilt(struct exporting *e, struct rq_err *err)
{
	bool as_it_is = !e->mail.dialect && !sign_off, changed;
	_cleanup_free_ char *port = rq_path_join(to, "port.json");
	struct rq_outputs outputs = { 0 };
	int fd = -1, rc = 0;

	if (rq_file_exists(port))
		return rq_err_set(err, RQ_EUNSAFE,
				  "%s: holds what a port wrote; name another folder", to);
	for (size_t i = 0; i < e->from.v.n && !rc; i++) {
		const struct rq_output *from = &e->from.v.v[i];
		struct rq_str *out = rq_outputs_add(&outputs, from->name);
		_cleanup_(rq_patch_freep) struct rq_patch *patch = NULL;

		if (as_it_is || i + 1 == e->from.v.n) {
			rq_str_add_slice(out, rq_str_slice(&from->bytes));
			continue;
		}
		rc = parse(&patch, from, err);
		if (!rc)
			dress(out, patch, e);
		if (!rc)
			rc = ask_for(e, patch, err);
	}
	if (!rc)
		rq_export_arrange(&outputs, e->form, e->queue);
	if (!rc) {
		add_record(rq_outputs_add(&outputs, "export.json"), e);
		rc = rq_emit_lock(&fd, to, err);
	}
	if (!rc)
		rc = rq_emit_folder(to, &outputs, &changed, err);
	if (fd >= 0)
		close(fd);
	rq_outputs_release(&outputs);
	return rc;
}

/* --- mbox --- */

/* "6.1.y" for linux-6.1.y: what stable trees are called in mails; other branches by name. */
static const char *prefix_of(const char *branch)
{
	struct rq_slice name = rq_slice_of(branch);

	return rq_slice_starts(name, "linux-") && rq_slice_ends(name, ".y")
		       ? branch + strlen("linux-")
		       : branch;
}

/* The branch's column of the matrix, stood on its side. */
static void add_row(struct rq_str *out, const struct exporting *e)
{
	char hex[RQ_OID_HEX + 1];

	rq_str_addf(out, "%s on %s %s: %s\n\n", e->queue, e->branch,
		    e->summary.version ? e->summary.version : "(unknown version)",
		    e->summary.colour);
	for (size_t i = 0; i < e->ported.entries.n; i++)
		rq_str_addf(out, "  %-9s %s\n", e->ported.entries.v[i].outcome,
			    e->ported.entries.v[i].patch);
	rq_str_addf(out, "\nresulting tree: %s\n", rq_oid_hex(hex, &e->ported.tree));
}

/* "A Name (3):" and "  a title" below it; or the signature. */
static bool ends_letter(struct rq_slice line, struct rq_slice rest)
{
	return rq_slice_eq(line, RQ_SLICE("-- ")) ||
	       rq_slice_starts(line, "base-commit: ") ||
	       (rq_slice_ends(line, "):") && rq_slice_starts(rest, "  "));
}

/*
 * The queue's description: a title, an empty line, words.  Of an imported cover letter the end is
 * left out: it counts the patches and files of the source.
 */
static void add_description(struct rq_str *text, char **title, struct rq_slice bytes)
{
	struct rq_slice line;

	if (rq_slice_next_line(&bytes, &line) && rq_slice_trim(line).n)
		*title = rq_xstrndup(line.p, rq_slice_chomp(line).n);
	while (rq_slice_next_line(&bytes, &line)) {
		struct rq_slice one = rq_slice_chomp(line);

		if (ends_letter(one, bytes))
			break;
		if (text->len || one.n)
			rq_str_addf(text, "%.*s\n", RQ_SLICE_ARG(one));
	}
	if (text->len && !rq_slice_ends(rq_str_slice(text), "\n\n"))
		rq_str_adds(text, "\n");
}

static char *cover_path(void)
{
	return rq_xasprintf("%s.cover", to);
}

/* Appends the words of the description to @text; the caller frees *title, NULL: there is none. */
static int read_description(struct rq_str *text, char **title, const struct exporting *e,
			    struct rq_err *err)
{
	_cleanup_free_ char *description =
		rq_xasprintf("%s/series/%s.description", rq_globals.dir, e->queue);
	_cleanup_(rq_str_release) struct rq_str bytes = { 0 };
	int rc = rq_file_read_within(&bytes, rq_globals.dir, description, err);

	add_description(text, title, rq_str_slice(&bytes));
	return rc == RQ_ENOTFOUND ? 0 : rc;
}

static int print_cover(struct rq_str *out, const struct exporting *e, struct rq_err *err)
{
	_cleanup_(rq_str_release) struct rq_str text = { 0 };
	_cleanup_free_ char *title = NULL;
	struct rq_export_options mail = e->mail;
	int rc = read_description(&text, &title, e, err);

	mail.number = 0;
	if (!title)
		title = rq_xasprintf("%s for %s", e->queue, e->branch);
	add_row(&text, e);
	rq_emit_cover(out, title, rq_str_slice(&text), &mail);
	return rc;
}

/* Somebody else's file is not written over. */
static int check_ours(const char *path, struct rq_err *err)
{
	static const char ours[] = "From 0000000000000000000000000000000000000000 ";
	struct rq_str bytes = { 0 };
	int rc = rq_file_read(&bytes, path, err);

	if (rc == RQ_ENOTFOUND)
		rc = 0;
	else if (!rc && !rq_slice_starts(rq_str_slice(&bytes), ours))
		rc = rq_err_set(err, RQ_EUNSAFE,
				"%s: is no mbox of an export; move it away or name "
				"another file",
				path);
	rq_str_release(&bytes);
	return rc;
}

/* The mails without ids, one after another. */
static int print_all(struct rq_str *out, struct exporting *e, struct rq_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < e->mail.total && !rc; i++) {
		_cleanup_(rq_patch_freep) struct rq_patch *patch = NULL;

		e->mail.number = i + 1;
		rc = parse(&patch, &e->from.v.v[i], err);
		if (!rc)
			rc = rq_emit_mail(out, patch, &e->mail, err);
	}
	return rc;
}

/*
 * The same from run to run, and another where any of the mails is another, or the cover letter's words: b4 and
 * lists know a mail by it.
 * The queue's name is no part of it: what is imported again under another name makes the same mails.
 */
static int name_mails(struct exporting *e, struct rq_err *err)
{
	_cleanup_(rq_str_release) struct rq_str all = { 0 };
	_cleanup_free_ char *title = NULL;
	char hex[RQ_OID_HEX + 1];
	struct rq_oid oid;
	int rc = print_all(&all, e, err);

	if (!rc)
		rc = read_description(&all, &title, e, err);
	if (rc)
		return rc;
	if (title)
		rq_str_adds(&all, title);
	rq_oid_of(&oid, RQ_OBJ_BLOB, all.s, all.len);
	e->ids = rq_xasprintf("%.20s.%s", rq_oid_hex(hex, &oid), e->branch);
	for (char *p = e->ids; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr("._+-", *p))
			*p = '-';
	e->mail.ids = e->ids;
	return 0;
}

/* @fresh: diffstats and index lines are renewed.  An mbox that is imported and exported again is the same. */
static int begin_mails(struct exporting *e, bool fresh, struct rq_err *err)
{
	_cleanup_(rq_repo_closep) struct rq_repo *repo = NULL;
	struct rq_oid tree;
	int rc;

	e->mail.total = e->from.v.n - 1;
	if (!e->mail.total)
		return rq_err_set(
			err, RQ_EQUEUE,
			strcmp(e->summary.colour, "nothing") == 0
				? "%s: no entry of %s is for it; there is nothing "
				  "to send"
				: "%s: has all of %s; there is nothing to send",
			e->branch, e->queue);
	rc = rq_cmd_open_repo(&repo, false, err);
	if (!rc)
		rc = rq_commit_info(repo, &e->ported.base, &e->mail.when, &tree, err);
	if (!rc && fresh)
		rc = rq_export_freshen(&e->from, &e->ported, e->queue, err);
	return rc ? rc : name_mails(e, err);
}

/* The mail of patch @i; its title goes to *title, which the caller frees. */
static int print_mail(struct rq_str *out, struct exporting *e, size_t i, char **title,
		      struct rq_err *err)
{
	_cleanup_(rq_patch_freep) struct rq_patch *patch = NULL;
	struct rq_header header;
	int rc;

	e->mail.number = i + 1;
	rc = parse(&patch, &e->from.v.v[i], err);
	if (!rc)
		rc = rq_emit_mail(out, patch, &e->mail, err);
	if (!rc)
		rc = ask_for(e, patch, err);
	if (!rc && title) {
		rq_header_read(&header, patch);
		*title = rq_xstrdup(header.subject ? header.subject : patch->name);
		rq_header_release(&header);
	}
	return rc;
}

static int export_mbox(struct exporting *e, struct rq_err *err)
{
	_cleanup_(rq_str_release) struct rq_str out = { 0 }, cover = { 0 };
	_cleanup_free_ char *path = cover_path();
	int rc = check_ours(to, err);

	if (!rc)
		rc = check_ours(path, err);
	if (!rc)
		rc = begin_mails(e, false, err);
	for (size_t i = 0; i < e->mail.total && !rc; i++)
		rc = print_mail(&out, e, i, NULL, err);
	if (!rc)
		rc = print_cover(&cover, e, err);
	if (!rc)
		rc = rq_file_write(to, rq_str_slice(&out), err);
	return rc ? rc : rq_file_write(path, rq_str_slice(&cover), err);
}

/* A directory that is there must be such an export: all of it is replaced. */
static int check_mails_there(const char *path, struct rq_err *err)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	int rc = 0;

	while (dir && !rc && (entry = readdir(dir))) {
		_cleanup_free_ char *file = rq_path_join(path, entry->d_name);

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (rq_file_is_dir(file) ||
		    !rq_slice_ends(rq_slice_of(entry->d_name), ".patch"))
			rc = rq_err_set(err, RQ_EUNSAFE,
					"%s: is no export of mails, %s is in it; name "
					"another folder",
					path, entry->d_name);
		else
			rc = check_ours(file, err);
	}
	if (dir)
		closedir(dir);
	return rc;
}

static int print_mails(struct rq_outputs *outputs, struct exporting *e,
		       struct rq_err *err)
{
	int rc = print_cover(rq_outputs_add(outputs, "0000-cover-letter.patch"), e, err);

	for (size_t i = 0; i < e->mail.total && !rc; i++) {
		_cleanup_free_ char *title = NULL, *name = NULL;
		struct rq_str out = { 0 };

		rc = print_mail(&out, e, i, &title, err);
		name = rq_cmd_patch_name(title ? title : "", (long)i + 1);
		*rq_outputs_add(outputs, name) = out;
	}
	return rc;
}

static int export_mails(struct exporting *e, struct rq_err *err)
{
	struct rq_outputs outputs = { 0 };
	bool changed;
	int fd = -1, rc = check_mails_there(to, err);

	if (!rc)
		rc = begin_mails(e, true, err);
	if (!rc)
		rc = print_mails(&outputs, e, err);
	if (!rc)
		rc = rq_emit_lock(&fd, to, err);
	if (!rc)
		rc = rq_emit_folder(to, &outputs, &changed, err);
	if (fd >= 0)
		close(fd);
	rq_outputs_release(&outputs);
	return rc;
}

static const struct form {
	const char *name;
	int (*run)(struct exporting *e, struct rq_err *err);
	bool mails;
	enum rq_form form;
	const char *dialect; /* where none is asked for */
} formats[] = {
	{ .name = "quilt", .run = export_quilt },
	{ .name = "mbox", .run = export_mbox, .mails = true },
	{ .name = "mails", .run = export_mails, .mails = true },
	{ .name = "openwrt", .run = export_quilt, .form = RQ_FORM_OPENWRT },
	{ .name = "yocto",
	  .run = export_quilt,
	  .form = RQ_FORM_YOCTO,
	  .dialect = "yocto" },
	{ .name = "rpm", .run = export_quilt, .form = RQ_FORM_RPM },
	{ .name = "debian",
	  .run = export_quilt,
	  .form = RQ_FORM_DEBIAN,
	  .dialect = "dep3" },
};

static const struct form *find_form(const char *name)
{
	for (size_t i = 0; name && i < ARRAY_SIZE(formats); i++)
		if (strcmp(name, formats[i].name) == 0)
			return &formats[i];
	return NULL;
}

static int run(struct exporting *e, const struct form *form, struct rq_err *err)
{
	int rc = load(e, err);

	e->mail.prefix = prefix ? prefix : prefix_of(e->branch);
	e->mail.base = &e->ported.base;
	e->form = form->form == RQ_FORM_QUILT && numbered ? RQ_FORM_NUMBERED : form->form;
	if (!rc)
		rc = form->run(e, err);
	if (!rc)
		rq_cmd_did("write", "queue", e->queue, "branch", e->branch, "format",
			   form->name, "path", to, NULL);
	if (!rc && e->asked && !rq_globals.quiet)
		fprintf(stderr, "%zu answers are missing; nothing was made up for them\n",
			e->asked);
	rq_outputs_release(&e->from);
	rq_port_summary_release(&e->summary);
	rq_ported_release(&e->ported);
	free(e->folder);
	free(e->ids);
	return rc;
}

/* What would be read as more of the header, or as its end. */
static int check_texts(struct rq_err *err)
{
	if (prefix && (strpbrk(prefix, "[]\r\n") || !*prefix))
		return rq_err_set(err, RQ_EUSAGE,
				  "export: --prefix is text without brackets, as 6.1.y");
	for (size_t i = 0; i < receivers.v.n; i++)
		if (strpbrk(receivers.v.v[i], "\r\n") || !strchr(receivers.v.v[i], '@'))
			return rq_err_set(err, RQ_EUSAGE,
					  "export: --to takes an address, as "
					  "list@example.org");
	return 0;
}

int rq_cmd_export(int argc, char **argv, struct rq_err *err)
{
	struct exporting e = { .mail = { .porter = who,
					 .sign_off = sign_off,
					 .to = &receivers,
					 .cc = cc } };
	const struct form *form = find_form(format);
	int rc;

	if (argc != 2)
		return rq_err_set(err, RQ_EUSAGE, "export: name queue and branch");
	if (!form)
		return rq_err_set(
			err, RQ_EUSAGE,
			"export: say in which form: --format quilt, mbox, mails, "
			"openwrt, yocto, rpm or debian");
	if (!to)
		return rq_err_set(err, RQ_EUSAGE, "export: say where it goes: -o PATH");
	if (who && !rq_cmd_is_person(who))
		return rq_err_set(err, RQ_EUSAGE,
				  "export: who sends it: --who \"A Name <address>\"");
	if (!who && form->mails)
		return rq_err_set(
			err, RQ_EUSAGE,
			"export: say who sends the mails: --who \"A Name <address>\"");
	if (sign_off && !who)
		return rq_err_set(err, RQ_EUSAGE,
				  "export: --signoff needs --who \"A Name <address>\"");
	if (!dialect_name)
		dialect_name = form->dialect;
	if (check_texts(err) || rq_cmd_dialect(&e.mail.dialect, dialect_name, err))
		return err->code;
	e.queue = argv[0];
	e.branch = argv[1];
	rc = run(&e, form, err);
	rq_names_release(&receivers);
	return rc;
}
