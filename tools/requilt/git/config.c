// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files in git-config syntax, read by libgit2.  Knows no key: series/ does.  Refuses includes: they
 * name files anywhere, pipes too, and libgit2 reads them before anybody can look at the names.
 */
#include "git/git_internal.h"

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/file.h"
#include "util/mem.h"

/* Takes "[section "sub"]" off *line, and writes "section.sub." to @out; what is behind it stays. */
static void take_section(struct rq_str *out, struct rq_slice *line)
{
	const char *end = memchr(line->p, ']', line->n),
		   *quote = memchr(line->p, '"', line->n);
	size_t n = quote ? (size_t)(quote - line->p) : 0;

	if (quote && (!end || quote < end)) {
		const char *last = memchr(quote + 1, '"', line->n - n - 1);

		end = last ? memchr(last, ']', line->n - (size_t)(last - line->p)) : NULL;
	}
	if (!end)
		return;
	out->len = 0;
	for (const char *p = line->p + 1; p < end; p++) {
		bool named = quote && p > quote;

		if (*p == '"' || (!named && isspace((unsigned char)*p)))
			continue;
		if (quote && p == quote + 1)
			rq_str_adds(out, ".");
		rq_str_addf(out, "%c", named ? *p : tolower((unsigned char)*p));
	}
	rq_str_adds(out, ".");
	*line = rq_slice_trim(
		(struct rq_slice){ end + 1, (size_t)(line->p + line->n - end) - 1 });
}

/* Whether @line sets what git calls @name in the section written before it. */
static bool sets(struct rq_slice line, const struct rq_str *section, const char *name)
{
	size_t n = 0;
	_cleanup_free_ char *full = NULL;

	while (n < line.n && (isalnum((unsigned char)line.p[n]) || line.p[n] == '-'))
		n++;
	full = rq_xasprintf("%.*s%.*s", (int)section->len, section->s ? section->s : "",
			    (int)n, line.p);
	return n && strcasecmp(full, name) == 0;
}

/* Where @name gets @value; where several lines set it and none has that very text, the first; 0: nowhere. */
static long line_of(struct rq_slice text, const char *name, const char *value)
{
	struct rq_str section = { 0 };
	struct rq_slice line;
	long first = 0, found = 0;

	for (long number = 1; !found && rq_slice_next_line(&text, &line); number++) {
		line = rq_slice_trim(line);
		if (line.n && line.p[0] == '[')
			take_section(&section, &line);
		if (!sets(line, &section, name))
			continue;
		first = first ? first : number;
		found = rq_slice_ends(line, value) ? number : 0;
	}
	rq_str_release(&section);
	return found ? found : first;
}

static int tell_line(const char *path, const char *name, const char *value,
		     struct rq_err *err)
{
	struct rq_str text = { 0 };
	struct rq_err ignored;
	long line = 0;

	if (rq_file_read(&text, path, &ignored) == 0)
		line = line_of(rq_str_slice(&text), name, value);
	rq_str_release(&text);
	if (line)
		rq_err_prefix(err, "%s:%ld: ", path, line);
	return err->code;
}

/* What libgit2 could not parse, by the line that its message ends with: "(in PATH:3)". */
static int tell_malformed(const char *path, struct rq_err *err)
{
	const char *colon = strrchr(err->msg, ':');
	long at = colon ? strtol(colon + 1, NULL, 10) : 0;
	struct rq_str text = { 0 };
	struct rq_slice rest, line = { "", 0 };
	struct rq_err ignored;

	if (at <= 0 || rq_file_read(&text, path, &ignored))
		return err->code;
	rest = rq_str_slice(&text);
	for (long i = 0; i < at && rq_slice_next_line(&rest, &line); i++)
		;
	line = rq_slice_trim(line);
	rq_err_set(
		err, RQ_EFORMAT,
		"%s:%ld: '%.*s' is no line of it; write 'key = value' below a [section], "
		"see requilt-series(5)",
		path, at, line.n < 60 ? (int)line.n : 60, line.p);
	rq_str_release(&text);
	return err->code;
}

/*
 * Whether "[" and "include" follow each other: a section header may stand anywhere on a line, and
 * what is none (in a value, in a comment) is refused as well.
 */
static bool has_include(struct rq_slice line)
{
	static const char word[] = "include";

	for (size_t i = 0; i < line.n; i++) {
		size_t at = i + 1;

		if (line.p[i] != '[')
			continue;
		while (at < line.n && isspace((unsigned char)line.p[at]))
			at++;
		if (line.n - at >= strlen(word) &&
		    strncasecmp(line.p + at, word, strlen(word)) == 0)
			return true;
	}
	return false;
}

static int refuse_includes(const char *path, struct rq_err *err)
{
	_cleanup_(rq_str_release) struct rq_str text = { 0 };
	struct rq_slice rest, line;
	long number = 0;
	int rc = rq_file_read(&text, path, err);

	if (rc)
		return rc;
	rest = rq_str_slice(&text);
	while (rq_slice_next_line(&rest, &line)) {
		number++;
		if (has_include(line))
			return rq_err_set(
				err, RQ_EFORMAT,
				"%s:%ld: includes are not read; write the keys here",
				path, number);
	}
	return 0;
}

int rq_config_each(const char *path,
		   int (*each)(const char *name, const char *value, void *ctx,
			       struct rq_err *err),
		   void *ctx, struct rq_err *err)
{
	git_config_iterator *iter = NULL;
	git_config *config = NULL;
	git_config_entry *entry;
	struct stat st;
	int rc = 0;

	/* libgit2 takes a missing file for an empty one. */
	if (access(path, R_OK) < 0) {
		rq_err_errno(err, "%s", path);
		err->code = RQ_ENOTFOUND;
		return RQ_ENOTFOUND;
	}
	/* And waits for somebody to write to a pipe. */
	if (stat(path, &st) == 0 && S_ISFIFO(st.st_mode))
		return rq_err_set(err, RQ_EIO, "%s: is a pipe, not a file", path);
	rc = refuse_includes(path, err);
	if (rc)
		return rc;
	if (git_config_open_ondisk(&config, path) < 0 ||
	    git_config_iterator_new(&iter, config) < 0) {
		rc = git_error_last()->klass == GIT_ERROR_OS ? RQ_EIO : RQ_EFORMAT;
		rq_git_fail(err, "%s", path);
		err->code = rc;
		if (rc == RQ_EFORMAT)
			rc = tell_malformed(path, err);
	}
	while (!rc && git_config_next(&entry, iter) == 0) {
		const char *value = entry->value ? entry->value : "true";

		rc = each(entry->name, value, ctx, err);
		if (rc)
			tell_line(path, entry->name, value, err);
	}
	git_config_iterator_free(iter);
	git_config_free(config);
	return rc;
}
