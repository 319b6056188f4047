// SPDX-License-Identifier: GPL-2.0-only
/*
 * Outcomes, their colours, and the life of a record.  Decides nothing about patches.
 */
#include "record/record.h"

#include <stdlib.h>

static const struct {
	const char *word, *help;
	enum rq_colour colour;
} outcomes[RQ_OUTCOMES] = {
	[RQ_EXACT] = { "exact", "every hunk at its line", RQ_GREEN },
	[RQ_OFFSET] = { "offset", "a unique place elsewhere in the file", RQ_GREEN },
	[RQ_PRESENT] = { "present", "the branch has it already", RQ_GREEN },
	[RQ_SKIPPED] = { "skipped", "a guard left it out", RQ_GREY },
	[RQ_SEMANTIC] = { "semantic", "made by a semantic patch", RQ_YELLOW },
	[RQ_MERGED] = { "merged", "a clean merge, by lines or by words", RQ_YELLOW },
	[RQ_RESOLVED] = { "resolved", "a recorded resolution was replayed", RQ_YELLOW },
	[RQ_BRIDGED] = { "bridged", "translated to an older API", RQ_YELLOW },
	[RQ_FUZZ] = { "fuzz", "context lines dropped", RQ_YELLOW },
	[RQ_ANCHORED] = { "anchored", "changed lines where part of their context is",
			  RQ_YELLOW },
	[RQ_ABSENT] = { "absent", "what it removes is not there", RQ_YELLOW },
	[RQ_EMPTY] = { "empty", "a rule that changed nothing", RQ_YELLOW },
	[RQ_CONFLICT] = { "conflict", "nothing placed it, nothing was guessed", RQ_RED },
	[RQ_BLOCKED] = { "blocked", "needs what the branch lacks", RQ_RED },
	[RQ_ERROR] = { "error", "a tool failed or the entry contradicts itself", RQ_RED },
};

const char *rq_outcome_word(enum rq_outcome outcome)
{
	return outcomes[outcome].word;
}

const char *rq_outcome_help(enum rq_outcome outcome)
{
	return outcomes[outcome].help;
}

enum rq_colour rq_outcome_colour(enum rq_outcome outcome)
{
	return outcomes[outcome].colour;
}

const char *rq_colour_word(enum rq_colour colour)
{
	static const char *const words[] = { "green", "grey", "yellow", "red" };

	return words[colour];
}

enum rq_outcome rq_outcome_worse(enum rq_outcome a, enum rq_outcome b)
{
	return a > b ? a : b;
}

const char *rq_note_word(enum rq_note_kind kind)
{
	static const char *const words[] = {
		[RQ_NOTE_COMMENT] = "comment", [RQ_NOTE_LEFT] = "left",
		[RQ_NOTE_UNREAD] = "unread",   [RQ_NOTE_QUOTED] = "quoted",
		[RQ_NOTE_IGNORED] = "ignored",
	};

	return words[kind];
}

bool rq_entry_ignores(const struct rq_entry_record *entry)
{
	for (size_t i = 0; i < entry->notes.n; i++)
		if (entry->notes.v[i].kind == RQ_NOTE_IGNORED)
			return true;
	return false;
}

const char *rq_lack_word(enum rq_lack_kind kind)
{
	static const char *const words[] = {
		[RQ_LACK_CALL] = "call",
		[RQ_LACK_MEMBER] = "member",
		[RQ_LACK_ARGUMENTS] = "arguments",
		[RQ_LACK_UNASKED] = "unasked",
	};

	return words[kind];
}

const char *rq_row_word(enum rq_row_kind kind)
{
	static const char *const words[] = {
		[RQ_ROW_SAME] = "same",
		[RQ_ROW_DIFFERS] = "differs",
		[RQ_ROW_ADDED] = "added",
		[RQ_ROW_SKIPPED] = "skipped",
	};

	return words[kind];
}

enum rq_colour rq_entry_colour(const struct rq_entry_record *entry)
{
	enum rq_colour colour = rq_outcome_colour(entry->outcome);

	if (entry->outcome == RQ_EMPTY && entry->allowed)
		colour = RQ_GREY;
	if (colour == RQ_GREEN &&
	    (entry->doubtful || entry->present_hunks || rq_entry_ignores(entry)))
		colour = RQ_YELLOW;
	if (colour == RQ_YELLOW && entry->reviewed)
		colour = RQ_GREEN;
	return colour;
}

enum rq_colour rq_branch_colour(const struct rq_branch_record *branch)
{
	enum rq_colour worst = RQ_GREEN;
	size_t skipped = 0;

	if (branch->failure)
		return RQ_RED;
	for (size_t i = 0; i < branch->entries.n; i++) {
		enum rq_colour colour = rq_entry_colour(&branch->entries.v[i]);

		skipped += branch->entries.v[i].outcome == RQ_SKIPPED;
		if (colour != RQ_GREY && colour > worst)
			worst = colour;
	}
	return skipped && skipped == branch->entries.n ? RQ_GREY : worst;
}

const char *rq_branch_word(enum rq_colour colour)
{
	return colour == RQ_GREY ? "nothing" : rq_colour_word(colour);
}

struct rq_entry_record *rq_record_entry(struct rq_branch_record *branch,
					const char *patch)
{
	struct rq_entry_record *entry = rq_vec_push(&branch->entries);

	entry->patch = rq_xstrdup(patch);
	return entry;
}

void rq_entry_say_hunk(struct rq_entry_record *entry, const struct rq_hunk_record *hunk)
{
	struct rq_str text = { 0 };

	rq_hunk_print(&text, hunk, "the branch");
	if (hunk->hunk)
		rq_entry_say(entry, "%s: hunk %ld: %s", hunk->file, hunk->hunk, text.s);
	else
		rq_entry_say(entry, "%s: %s", hunk->file, text.s);
	rq_str_release(&text);
}

void rq_entry_say(struct rq_entry_record *entry, const char *fmt, ...)
{
	va_list ap;

	free(entry->message);
	va_start(ap, fmt);
	entry->message = rq_xvasprintf(fmt, ap);
	va_end(ap);
}

void rq_entry_number_offers(struct rq_entry_record *entry)
{
	long number = 0;

	for (size_t i = 0; i < entry->hunks.n; i++)
		for (size_t k = 0; k < entry->hunks.v[i].offers.v.n; k++) {
			struct rq_offer *offer = &entry->hunks.v[i].offers.v.v[k];

			offer->number = rq_offer_is_choice(offer) ? ++number : 0;
		}
}

void rq_entry_drop_offers(struct rq_entry_record *entry)
{
	for (size_t i = 0; i < entry->hunks.n; i++)
		rq_offers_release(&entry->hunks.v[i].offers);
}

void rq_record_forget_patches(struct rq_record *record)
{
	for (size_t b = 0; b < record->branches.n; b++) {
		struct rq_branch_record *branch = &record->branches.v[b];

		for (size_t i = 0; i < branch->entries.n; i++) {
			branch->entries.v[i].resolved = NULL;
			for (size_t k = 0; k < branch->entries.v[i].changes.n; k++) {
				struct rq_file_change *c =
					&branch->entries.v[i].changes.v[k];

				c->diff = c->followed = NULL;
			}
		}
	}
}

void rq_file_change_release(struct rq_file_change *change)
{
	free(change->path);
	rq_vec_release(&change->at);
	rq_str_release(&change->body);
	*change = (struct rq_file_change){ 0 };
}

static void release_hunk(struct rq_hunk_record *hunk)
{
	for (size_t i = 0; i < hunk->lacks.n; i++) {
		free(hunk->lacks.v[i].name);
		free(hunk->lacks.v[i].place);
	}
	rq_vec_release(&hunk->lacks);
	rq_vec_release(&hunk->places);
	for (size_t i = 0; i < hunk->beside.v.n; i++) {
		free(hunk->beside.v.v[i].patch);
		free(hunk->beside.v.v[i].branch);
	}
	rq_vec_release(&hunk->beside.v);
	rq_offers_release(&hunk->offers);
	free(hunk->blob);
	free(hunk->file);
	rq_reason_free(hunk->why);
}

void rq_entry_release(struct rq_entry_record *entry)
{
	for (size_t i = 0; i < entry->hunks.n; i++)
		release_hunk(&entry->hunks.v[i]);
	for (size_t i = 0; i < entry->changes.n; i++)
		rq_file_change_release(&entry->changes.v[i]);
	for (size_t i = 0; i < entry->notes.n; i++) {
		free(entry->notes.v[i].file);
		free(entry->notes.v[i].text);
	}
	rq_vec_release(&entry->hunks);
	rq_vec_release(&entry->changes);
	rq_vec_release(&entry->notes);
	free(entry->patch);
	free(entry->message);
	*entry = (struct rq_entry_record){ 0 };
}

void rq_record_drop_entries(struct rq_branch_record *branch)
{
	for (size_t i = 0; i < branch->entries.n; i++)
		rq_entry_release(&branch->entries.v[i]);
	rq_vec_release(&branch->entries);
}

void rq_branch_record_release(struct rq_branch_record *branch)
{
	rq_record_drop_entries(branch);
	free(branch->branch);
	free(branch->version);
	free(branch->unchecked);
	free(branch->failure);
	*branch = (struct rq_branch_record){ 0 };
}

void rq_record_release(struct rq_record *record)
{
	for (size_t i = 0; i < record->branches.n; i++)
		rq_branch_record_release(&record->branches.v[i]);
	rq_vec_release(&record->branches);
	free(record->queue);
	*record = (struct rq_record){ 0 };
}
