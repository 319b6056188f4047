/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What page and summary are drawn from: one JSON value, made of checked parts only.
 *
 *	{ "tool", "queue", "commit": { "id", "date", "changed" }, "words": [ { "word", "help" } ], "rows": [entries],
 *	  "branches": [ { "branch", "version", "word", "stale", "last_good", "colour", "base", "base_date", "head", "message",
 *	      "stages": { "build": { "word", "colour", "rank" }, "sparse", "boot" },
 *	      "results": [ as verify --json has them, and "file", "current" ],
 *	      "entries": [ as in port.json, and "mark", "change": { "kind", "text" } ] } ] }
 *
 * Of an entry, what is null, false, 0 or empty is left out.  "beside" of its hunks is drawn as the terminal has it, "rows"
 * has the lines; exact hunks of a file in a row are one, "lines" has the places after the first.
 */
#ifndef REQUILT_REPORT_PAGE_INTERNAL_H
#define REQUILT_REPORT_PAGE_INTERNAL_H

#include "report/json_internal.h"
#include "report/report.h"

struct rq_page {
	json_t *root;
};

/* The "rank" of a stage: it shows the last of these that was seen. */
enum rq_rank {
	RQ_RANK_NOT_RUN,
	RQ_RANK_STALE,
	RQ_RANK_BROKEN, /* its environment stopped it */
	RQ_RANK_NOTHING,
	RQ_RANK_GOOD,
	RQ_RANK_BAD,
};

/* The entry @from of port.json. */
json_t *rq_page_entry(const json_t *from);
/* Leaves out the texts of the conflicts after the first ones of a branch, and marks those hunks as "cut". */
void rq_page_cut_conflicts(json_t *entries);
/* Borrowed; NULL when the page has no such branch. */
json_t *rq_page_find(const struct rq_page *page, const char *branch);
/* Copies the values of @keys (ended by NULL) that are plain; null for any other. */
void rq_json_pick(json_t *to, const json_t *from, const char *const *keys);
/* The strings of the list @from has under @key; an empty list when it is none. */
json_t *rq_json_strings(const json_t *from, const char *key);
/* Every object of the list @from has under @key, made again by @make. */
json_t *rq_json_objects(const json_t *from, const char *key,
			json_t *(*make)(const json_t *));

/*
 * Appends @text with a character reference for each ASCII character that is not @plain, and "?" for
 * what is no UTF-8 or would not be seen.
 */
void rq_page_escape(struct rq_str *out, const char *text, bool (*plain)(unsigned char c));

/* The stages of a branch, in the order drawn; ended by NULL. */
extern const char *const rq_page_stages[];

#endif
