/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the rungs share: a job is one file of one patch, being placed.
 */
#ifndef REQUILT_APPLY_APPLY_INTERNAL_H
#define REQUILT_APPLY_APPLY_INTERNAL_H

#include "apply/apply.h"
#include "util/vec.h"

typedef rq_vec(size_t) rq_places;

/* A run of lines to look for: a hunk's preimage or postimage. */
struct rq_image_text {
	struct rq_slice *lines;
	size_t n;
	size_t lead, trail; /* context lines at its ends */
};

/* Changed lines of a hunk that have a place of their own: its context differs. */
struct rq_run {
	size_t line, n; /* of the hunk's lines */
	size_t at,
		old; /* of the file's, from 0: these go, or the new ones come before @at */
	struct rq_slice
		*made; /* what comes instead of the hunk's new lines; owned, or NULL */
	size_t n_made;
};

struct rq_site {
	const struct rq_hunk *hunk;
	struct rq_image_text pre, post;
	rq_places pre_at, post_at; /* every place in the file, ascending, from 0 */
	bool assigned; /* @at is the one place that the order of the sites leaves */
	bool settled;  /* a rung took it */
	enum rq_outcome rung;
	size_t at; /* first line of the preimage (or postimage), from 0 */
	size_t cut_lead, cut_trail; /* context lines that fuzz took off @pre */
	bool doubtful;		    /* something speaks against it */
	bool by_line;		    /* and that is: only the stated line spoke for it */
	rq_vec(struct rq_run)
		runs; /* where an anchored site changes the file, ascending */
	long grown;   /* lines that hunks before it, which are there already, added */
	struct rq_reason *why; /* owned */
};

struct rq_job {
	struct rq_image *image;
	const struct rq_filediff *diff;
	struct rq_file *file; /* as the entry found it */
	const struct rq_apply_options *options;
	const struct rq_file *source_before, *source_after; /* NULL without a source */
	struct rq_site *sites;
	size_t n_sites;
	bool patch_present; /* every hunk of the patch has its postimage somewhere */
	bool only_file;	    /* the patch changes no other */
	/* A rung may give the whole text instead of places (merged). */
	bool whole;
	struct rq_str whole_text;
	enum rq_outcome whole_rung;
	struct rq_reason *whole_why; /* owned */
};

/* RQ_DONE when every site is settled, else RQ_NOT_MINE. */
#define rq_job_answer(job) (rq_job_open(job) ? RQ_NOT_MINE : RQ_DONE)

enum rq_answer { RQ_NOT_MINE, RQ_DONE, RQ_FAILED };

/*
 * A rung settles what it can of the job's sites: RQ_DONE when none is left open, RQ_NOT_MINE
 * to let the next one try, RQ_FAILED with @err set when the environment failed.
 */
struct rq_rung {
	enum rq_answer (*try)(struct rq_job *job, struct rq_err *err);
};

extern const struct rq_rung rq_rung_present, rq_rung_exact, rq_rung_offset,
	rq_rung_merged, rq_rung_fuzz, rq_rung_anchored, rq_rung_words;

/* --- lines.c --- */

/*
 * Counts @lines more compared with @file; false when that is more than a patch may, whose files hand
 * their count on.  What was found then is not all there is, and must not be used.
 */
bool rq_file_spend(struct rq_file *file, size_t lines);
bool rq_file_is_spent(const struct rq_file *file);
/* @line without its LF or CRLF. */
struct rq_slice rq_line_without_end(struct rq_slice line);
/* NULL for a file that was not searched often enough.  Lines of an index count from 1. */
const struct rq_line_index *rq_line_index_of(struct rq_file *file);
void rq_line_index_free(struct rq_line_index *index);
/* The line of @text, from 0, that the fewest lines of the file may equal. */
size_t rq_line_index_rarest(const struct rq_line_index *index,
			    const struct rq_image_text *text);
/* The lines that may equal @line but for its end, ascending; 0 behind the last. */
size_t rq_line_index_first(const struct rq_line_index *index, struct rq_slice line);
size_t rq_line_index_next(const struct rq_line_index *index, size_t line);
/*
 * The first line of the file, from 1, that is @line, and the next that is what line @at is; 0: none.
 * Asks the index where there is one.  What is compared counts; 0 as well once that is too much.
 */
size_t rq_file_find(struct rq_file *file, struct rq_slice line);
size_t rq_file_find_next(struct rq_file *file, size_t at);
/*
 * The first line, from 1, that is @line, of those from index @from up to @to; @after: the last one that was found,
 * 0: none yet.  0: none, or too much was compared.
 */
size_t rq_file_find_within(struct rq_file *file, size_t from, size_t to, size_t after,
			   struct rq_slice line);

/* --- explain.c --- */

/*
 * Gives an open site its reason, where it has none, and *@beside the near match beside the patch, where
 * there is one.  @beside may be NULL.
 */
void rq_site_explain(const struct rq_job *job, struct rq_site *site,
		     struct rq_beside *beside);

/* --- beside.c --- */

/*
 * The hunk, without the lines of the other sign, beside the lines of the file around line @at (from 0)
 * that are most like it: what differs, and three lines around it.  Fills @why (zeroed, owns its strings)
 * with what RQ_REASON_NEAR speaks of, and *@out, which may be NULL.  False where nothing differs, or
 * nothing was compared.
 */
bool rq_show_beside(struct rq_beside *out, struct rq_reason *why, struct rq_file *file,
		    const struct rq_hunk *hunk, char sign, size_t at);

/* --- locate.c --- */

/* First line (from 0) where the hunk says its preimage starts. */
size_t rq_hunk_stated(const struct rq_hunk *hunk);
/*
 * Every place where @text stands in @file, ascending.  With @anchored the rule of patch and
 * git holds: less context behind than in front means the end of the file, less in front
 * (and a stated line of 1) its start.  Stops early once the file is spent.
 */
void rq_locate(struct rq_file *file, const struct rq_image_text *text,
	       const struct rq_hunk *hunk, bool anchored, rq_places *out);
/*
 * The best near match of @text, a text of @hunk: how many lines are @equal at line @at (from 0).  What
 * is met by chance, such as a brace, does not count, and the function that the hunk names is preferred.
 * False when so much of the file was compared before that it was not looked for.
 */
bool rq_near_match(struct rq_file *file, const struct rq_image_text *text,
		   const struct rq_filediff *diff, const struct rq_hunk *hunk, size_t *at,
		   size_t *equal);

/* --- evidence.c --- */

/*
 * The function that a hunk names is the one that its own lines open before its first change, else
 * the one behind its second "@@"; struct, table, Kconfig symbol and node alike.  Names are compared,
 * not lines.  @sign says which text of the hunk stands at line @at (from 0): '-' old, '+' new.
 */
enum rq_speech { RQ_SAYS_NOTHING, RQ_SPEAKS_FOR, RQ_SPEAKS_AGAINST };

struct rq_evidence {
	enum rq_speech speaks;
	bool names;   /* the hunk names something */
	bool several; /* which may be one of several in the file */
	size_t meant; /* the line that opens what it names, from 1; 0: not in the file */
	size_t around; /* the line that opens what is around the place, from 1; 0: nothing */
};

/* @diff is the one of the hunk. */
void rq_evidence_of(struct rq_evidence *out, struct rq_file *file,
		    const struct rq_filediff *diff, const struct rq_hunk *hunk, char sign,
		    size_t at);
/*
 * The same for a change of @n lines at line @line (from 0) of the hunk's old text: what these open is
 * named, else what the last line before them opens, unless that ended; else what the heading does.
 */
void rq_evidence_at(struct rq_evidence *out, struct rq_file *file,
		    const struct rq_filediff *diff, const struct rq_hunk *hunk,
		    size_t line, size_t n, size_t at);
/* Whether what the hunk names may be what is around line @at: cheaper. */
bool rq_function_fits(struct rq_file *file, const struct rq_hunk *hunk, char sign,
		      size_t at);
/* Appends what a line of @file opens, "foo()"; for a hunk, what its heading names. */
void rq_say_opening(struct rq_str *out, const struct rq_file *file, struct rq_slice line);
/* Whether @file opens, other than by a prototype, what a line of another file names. */
bool rq_file_opens(const struct rq_file *file, struct rq_slice heading);
void rq_openings_free(struct rq_openings *openings);

/* --- doubt.c --- */

/*
 * Puts placements in doubt that something speaks against, or too little for: the last word on all
 * sites of the file, once every one is settled.
 */
void rq_job_doubt(struct rq_job *job);
/*
 * The same for a rename or copy that is there: @file has its new name.  Puts @record in doubt, which
 * then owns the reason, where the new text of a hunk stands in another function than it names.
 */
void rq_doubt_moved(struct rq_hunk_record *record, struct rq_file *file,
		    const struct rq_filediff *diff);

/* --- repeat.c --- */

/* Puts placements in doubt whose added lines are in the same function or table already. */
void rq_job_doubt_repeats(struct rq_job *job);

/* Whether the line opens a function or a table, by its look. */
bool rq_line_opens(struct rq_slice line);
/*
 * The lines of the function or table around line @at: behind the one that opens it, up to the one that
 * opens the next.
 */
void rq_region_around(const struct rq_file *file, size_t at, size_t *from, size_t *to);

/* --- stretch.c --- */

/* Changed lines without context between them. */
struct rq_stretch {
	size_t line, n;	 /* of the hunk's lines */
	size_t from, to; /* of the old text */
};

/*
 * The next one, from line *@line of the hunk on, which is line *@old of the old text; both begin at 0.
 * False: there is none.
 */
bool rq_stretch_next(struct rq_stretch *out, const struct rq_hunk *hunk, size_t *line,
		     size_t *old);

/* --- rung_anchored.c --- */

/* The line behind what the sites before @site change, and the first that those after it change. */
void rq_site_bounds(const struct rq_job *job, const struct rq_site *site, size_t *first,
		    size_t *last);

/* --- ladder.c --- */

/* Lets each rung try in its turn. */
int rq_job_climb(struct rq_job *job, struct rq_err *err);

/* --- against.c --- */

/* Whether the line is met by chance less often than a brace, "break;" or "goto out;". */
bool rq_line_weighs(struct rq_slice line);
/* Whether the line opens or ends a block, a condition, a case, a directive or a comment. */
bool rq_line_shapes(struct rq_slice line);
/*
 * Whether something speaks against @run, which begins with line @from of the hunk's old text, at its
 * place: what it makes stands in the function already, or the place is in a comment.  Says so then.
 */
bool rq_run_refuse(const struct rq_job *job, struct rq_site *site,
		   const struct rq_run *run, size_t from);

/* --- assign.c --- */

/*
 * Gives open sites that have candidates one of them (assigned, at), such that all sites of
 * the file keep their order and no two share changed lines: the only such assignment; else
 * the only one left when places that give the same file count once; else by the function names;
 * else by the stated lines (doubtful).  A site that stays open for want of a reason has `why` set.
 */
void rq_assign(struct rq_job *job);
/*
 * The same over the places of old and new text alike.  Where the order of all sites leaves one
 * way to read the file, the other places are dropped (pre_at or post_at of each site becomes
 * empty): a patch that moves code from one function to the next needs this.  Where it leaves
 * none, sites that have only their new text lose it: two hunks may not claim one place.
 */
void rq_assign_old_or_new(struct rq_job *job);

/* --- words.c --- */

/*
 * Appends @ours and @theirs merged word by word over @base, a few lines each; *merged is where in @out
 * the first line begins that both changed, SIZE_MAX without one.  What is compared counts as @file's.
 * False where that cannot be; @out is to be thrown away then.
 */
bool rq_merge_words(struct rq_str *out, struct rq_file *file, struct rq_slice base,
		    struct rq_slice ours, struct rq_slice theirs, size_t *merged);

/* --- rewords.c --- */

/*
 * Merges what @run, lines of @site's hunk, does to lines of the patch with what the branch has in their
 * place, the patch's own text being the base.  Fills run->made and *@why, whose text the caller owns.
 */
bool rq_run_reword(const struct rq_job *job, const struct rq_site *site,
		   struct rq_run *run, struct rq_reason *why);

/* --- presence.c --- */

/*
 * Whether one file of a patch is there: @old and @now are the files of its two names.  What is
 * compared counts from *@work on.
 */
bool rq_diff_present(struct rq_file *old, struct rq_file *now,
		     const struct rq_filediff *diff, size_t *work);
/* rq_patch_present() as a part of rq_apply(): what is compared counts from *@work on. */
int rq_patch_present_within(struct rq_image *image, const struct rq_patch *patch,
			    size_t *work, bool *present, struct rq_err *err);
/*
 * Whether the new text of @hunk stands at line *@from (from 0) or behind it, and not in another
 * function than it names; then *@at is where, and *@from the line behind its changes.
 */
bool rq_hunk_there(struct rq_file *file, const struct rq_filediff *diff,
		   const struct rq_hunk *hunk, size_t *from, size_t *at);
/* Whether the hunk adds a line that could not be met by chance ("}" could). */
bool rq_hunk_says_something(const struct rq_hunk *hunk);
/* Whether new text found at line @at (from 0) counts: without context only at its stated line. */
bool rq_post_may_stand(const struct rq_hunk *hunk, size_t at);
/* Whether @file holds exactly what the creation @diff would put there. */
bool rq_is_created(const struct rq_file *file, const struct rq_filediff *diff);
/* Whether the index line's @hex names the bytes of @file. */
bool rq_index_names(struct rq_slice hex, struct rq_file *file);

/* --- source.c --- */

/* The source tree's files before and after one patch. */
struct rq_source {
	struct rq_file **before, **after; /* per file of the patch; owned copies */
	size_t n;
	bool usable; /* the patch applied to its source */
};

/* Takes the source image one patch further; nothing happens without one. */
int rq_source_step(struct rq_source *out, struct rq_image *source,
		   const struct rq_patch *patch, struct rq_err *err);
void rq_source_release(struct rq_source *source);

/* --- image.c --- */

/* A file of the reader. */
int rq_file_load(struct rq_file **out, const struct rq_reader *reader, const char *path,
		 struct rq_err *err);
/* A file made of @bytes (taken over into the image). */
void rq_image_split(struct rq_image *image, struct rq_file *file, struct rq_str *bytes);
const struct rq_reader *rq_image_reader(const struct rq_image *image);
/* Puts @next in the place of the file of that path and frees what was there. */
void rq_image_replace(struct rq_image *image, struct rq_file *next);
/* Leaves it without lines: a version that nobody reads again. */
void rq_file_drop_lines(struct rq_file *file);
void rq_file_free(struct rq_file *file);

/* --- job.c --- */

/* The hunk's preimage ('-') or postimage ('+'); the caller frees @text->lines. */
void rq_hunk_text(struct rq_image_text *text, const struct rq_hunk *hunk, char sign);
/*
 * Whether the patch's index line names this very file.  Hashes the file when nobody did before, so
 * it is asked only where it decides something.
 */
bool rq_job_same_blob(const struct rq_job *job);
bool rq_hunk_adds(const struct rq_hunk *hunk);
/* Whether what the hunk adds is, line for line, what it removes. */
bool rq_site_changes_nothing(const struct rq_site *site);
/*
 * Whether patch(1) would look for the hunk at the end of the file only: its context is shorter
 * behind than in front (locate_hunk() in patch.c).  git asks for no context behind at all.
 */
bool rq_hunk_ends_file(const struct rq_hunk *hunk);
/* Fills sites with their pre- and postimages and all places of both. */
void rq_job_survey(struct rq_job *job);
size_t rq_job_open(const struct rq_job *job);
/* Drops the runs of a site, which found no place. */
void rq_site_drop_runs(struct rq_site *site);
/* Settles every open site that rq_assign() gave a place. */
void rq_job_settle(struct rq_job *job, enum rq_outcome rung);
void rq_job_release(struct rq_job *job);

/* What a three-way merge of a job's file is made of; owns the bytes. */
struct rq_versions {
	struct rq_str base, ours,
		theirs; /* the source before the patch, the branch, the source after */
};
/* False where the source tree does not have the file, or there is none. */
bool rq_versions_of(struct rq_versions *out, const struct rq_job *job);
/* With marks of @marks signs where both sides changed the same lines; 0: git's own length. */
int rq_versions_merge(struct rq_str *out, bool *clean, const struct rq_versions *versions,
		      unsigned short marks, struct rq_err *err);
void rq_versions_release(struct rq_versions *versions);

/* A copy of @file that the caller frees: the lines still belong to the image. */
struct rq_file *rq_file_clone(const struct rq_file *file, const char *path);
/* @job's file with its settled sites applied, at @path; NULL when the result would
 * glue two lines together (text behind a last line without newline). */
struct rq_file *rq_job_edit(struct rq_job *job, const char *path, enum rq_mode mode);
/* Sets the reason, whose strings it takes over, and frees an earlier one. */
void rq_site_reason(struct rq_site *site, const struct rq_reason *reason);
/* rq_site_say(site, RQ_REASON_TWIN, .line = 3, .other = 7) */
#define rq_site_say(site, ...) \
	rq_site_reason((site), &(struct rq_reason){ .code = __VA_ARGS__ })

#endif
