// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sentences, by code.  "{line}" stands for a field, "[more?...]" for words that are said where the
 * field is set, "[more!...]" where it is not.
 */
#include "record/reason.h"

#include <stdlib.h>

#include "util/mem.h"

/* How much of a line a sentence shows. */
#define MOST_SHOWN 60

#define AROUND "[around?in {around}][around!above the first definition in the file]"
#define MEANT                                                                         \
	"; {name}[other?, which it names, is at line {other}][other! is not in this " \
	"file]"
#define LOOK_THERE "; look there, then leave the entry out or give it a Present-if"
#define DIFFERENCE                                                                      \
	"[text?; line {other} has '{text}'[want? where the patch has '{want}'][want!, " \
	"which the patch does not have]][text![want?; '{want}' is missing]]"
#define UNDECIDED "and nothing says which is meant"

#define SAYS(code, word, sentence) [RQ_REASON_##code] = { word, sentence, false }
/* A merge with the tree that the patch was made for might place it. */
#define WANTS(code, word, sentence) [RQ_REASON_##code] = { word, sentence, true }

static const struct {
	const char *word, *sentence;
	bool wants_source;
} reasons[RQ_REASONS] = {
	SAYS(NONE, "none", ""),
	WANTS(NEAR, "near",
	      "best match at line {line}, {count} of {of} lines equal" DIFFERENCE
	      "[more?; lines that differ besides: {more}]"),
	WANTS(NO_LINE, "no-line", "no line of it that says something is in the file"),
	WANTS(NOT_SOUGHT, "not-sought",
	      "no place for it, nor for so many before it that a near one was not looked "
	      "for"),
	WANTS(CONTEXT, "context",
	      "its new lines are there; [text?line {other} of its context differs: it "
	      "has '{text}'[want? where the patch has '{want}'][want!, which the patch "
	      "does not have]][text!its context differs: '{want}' is missing]"),
	SAYS(PATCH_CRLF, "patch-crlf",
	     "only line ends differ, at line {line}: the patch has CRLF, the file LF; "
	     "convert the patch"),
	SAYS(FILE_CRLF, "file-crlf",
	     "only line ends differ, at line {line}: the patch has LF, the file CRLF; "
	     "convert the patch"),
	SAYS(PATCH_NEWLINE, "patch-newline",
	     "only line ends differ, at line {line}: the file has no newline at its end, "
	     "the patch has one"),
	SAYS(FILE_NEWLINE, "file-newline",
	     "only line ends differ, at line {line}: the patch has no newline at the end "
	     "of the file, the file has one"),
	WANTS(BELONGS_TO_END, "belongs-to-end",
	      "fits at line {line}, but its context is shorter at one end, so it belongs "
	      "to the end of the file"),
	WANTS(BELONGS_TO_START, "belongs-to-start",
	      "fits at line {line}, but its context is shorter at one end, so it belongs "
	      "to the start of the file"),
	SAYS(FUZZ_DONE, "fuzz-done",
	     "with less context its new text stands at line {line} already"),
	WANTS(NOT_IN_FUNCTION, "not-in-function",
	      "its new text stands at line {line}, but not in the function that it "
	      "names"),
	SAYS(REMOVED, "removed",
	     "line {line} reads as if it was done, but a hunk that only removes proves "
	     "nothing" LOOK_THERE),
	WANTS(INSERTS_ELSEWHERE, "inserts-elsewhere",
	      "only its stated line says where it inserts, and that is not in the "
	      "function that it names, which is at line {line}"),
	WANTS(NEIGHBOURS_APART, "neighbours-apart",
	      "its neighbours are apart: the line above it is at line {line}, the one "
	      "below at line {other}"),
	WANTS(RESULT_THERE, "result-there",
	      "could be at line {line}, but what it makes stands at line {other}"),
	WANTS(IN_COMMENT, "in-comment", "could be at line {line}, which is in a comment"),
	WANTS(NOT_CERTAIN, "not-certain", "no place without doubt ({name})"),
	WANTS(SEVERAL, "several",
	      "fits at lines {lines}[more? and {more} more] " UNDECIDED),
	WANTS(MANY, "many", "fits at {count} lines, from {line} on, " UNDECIDED),
	WANTS(SEVERAL_PARTS, "several-parts",
	      "the part of its old text that is in the file stands at several lines: "
	      "{lines}"),
	WANTS(CLAIMED, "claimed",
	      "fits at line {line} only, and so does hunk {hunk}: two hunks claim one "
	      "place"),
	WANTS(OUT_OF_ORDER, "out-of-order",
	      "fits at line {line} only, out of order with the other hunks"),
	WANTS(NEW_OUT_OF_ORDER, "new-out-of-order",
	      "its new text stands at line {line} only, out of order with the other "
	      "hunks or on the place of one"),
	WANTS(OLD_AND_NEW, "old-and-new",
	      "its old text stands at line {line} and its new text at line {other}"),
	SAYS(BY_LINE, "by-line",
	     "fits in several places; only the stated line speaks for this one"),
	SAYS(ELSEWHERE, "elsewhere",
	     "fits at line {line}[more! only], " AROUND MEANT
	     "[renamed?, and {renamed} is not in the source: it may be renamed]"),
	SAYS(WITHOUT_CONTEXT, "without-context",
	     "fits at line {line} without context, " AROUND
	     "; it names one of several that begin like that"),
	SAYS(TWIN, "twin",
	     "fits at line {line} only, but line {other}, nearer to the stated one, "
	     "reads nearly alike"),
	SAYS(COMMON, "common",
	     "fits at line {line} only, " AROUND
	     ", but each of its lines stands elsewhere in the file as well"),
	SAYS(REPEATED, "repeated",
	     "fits at line {line}, but what it adds stands at line {other} already"),
	SAYS(READS_DONE, "reads-done",
	     "fits at line {line}, but line {other} reads as if it was done"),
	SAYS(OLD_READS_DONE, "old-reads-done",
	     "its old text stands at [stated?its ]line {line}, but line {other} reads as "
	     "if it was done"),
	SAYS(NOT_AT_END, "not-at-end",
	     "its old text stands at line {line} only; in the patch it is the end of the "
	     "file, here {count} lines follow"),
	SAYS(NOT_AT_START, "not-at-start",
	     "its old text stands at line {line} only; in the patch it is the start of "
	     "the file, here {count} lines are before it"),
	SAYS(ANCHORED, "anchored",
	     "{count} of its {of} old lines stand around line {line}[missing?; {missing} "
	     "does not]"),
	SAYS(ANCHORED_OVER, "anchored-over",
	     "{count} of its {of} old lines stand around line {line}, but not {missing}: "
	     "its neighbours are those beyond what is missing"),
	SAYS(WORDS, "words", "merged word by word at line {line}: '{text}'"),
	SAYS(REWORDED, "reworded",
	     "merged with what the branch has in the place of its old lines, at line "
	     "{line}: '{text}'"),
	SAYS(BRIDGED, "bridged",
	     "translated by {name}: '{text}'[want? where the patch has '{want}']; lines "
	     "that differ: {count}"),
	SAYS(MOVED, "moved",
	     "{name} is {around} here, [of?with {count} of its {of} old "
	     "lines][of!{count}% alike]"),
	SAYS(PRESENT_ELSEWHERE, "present-elsewhere",
	     "its new text stands at line {line}, " AROUND
	     "[stated?, not at line {stated} as stated][name?" MEANT
	     "[renamed?, and {renamed} is not in the source: it may be "
	     "renamed]]" LOOK_THERE),
	SAYS(HUNK_PRESENT_ELSEWHERE, "hunk-present-elsewhere",
	     "the new text of its hunk {hunk} stands at line {line}, " AROUND MEANT
		     LOOK_THERE),
	SAYS(ABSENT, "absent", "no line that it removes is in the file"),
	WANTS(NOT_HERE, "not-here", "not in this tree[files?; like it: {files}]"),
	SAYS(NOT_HERE_TO_MOVE, "not-here-to-move",
	     "not in this tree, so it cannot get another name"),
	SAYS(NAME_TAKEN, "name-taken", "the new name is taken by another file"),
	SAYS(FOLDER_THERE, "folder-there", "a folder stands there"),
	SAYS(LINK_IN_PATH, "link-in-path", "a symbolic link stands in its path"),
	SAYS(FILE_IN_PATH, "file-in-path", "a file stands in its path"),
	SAYS(LINK_HERE, "link-here", "a symbolic link here, a file in the patch"),
	SAYS(FILE_HERE, "file-here", "a file here, a symbolic link in the patch"),
	SAYS(SUBMODULE_IN_PATCH, "submodule-in-patch",
	     "a submodule in the patch, whose commit is in no file"),
	SAYS(FOLDER_HERE, "folder-here", "a folder here, a file in the patch"),
	SAYS(SUBMODULE_HERE, "submodule-here", "a submodule here, a file in the patch"),
	SAYS(BINARY_UNKNOWN, "binary-unknown",
	     "the patch says only that binary files differ"),
	SAYS(BINARY_OTHER, "binary-other",
	     "a binary change, made for another version of the file"),
	SAYS(CREATED_DIFFERS, "created-differs",
	     "the patch creates it, but it is there already and differs"),
	SAYS(REMOVED_DIFFERS, "removed-differs",
	     "the patch removes it, but it differs from what the patch would take away"),
	SAYS(NO_NEWLINE, "no-newline",
	     "text would land behind a last line without a newline"),
	SAYS(TOO_ALIKE, "too-alike",
	     "its hunks, with those of the files before it, read alike in too many "
	     "places to compare them all, or change one file too often; split the patch"),
};

#define FIELD(field, is)                                                 \
	{                                                                \
#field, RQ_FIELD_##is, offsetof(struct rq_reason, field) \
	}

const struct rq_reason_field rq_reason_fields[RQ_REASON_FIELDS] = {
	FIELD(line, NUMBER),   FIELD(other, NUMBER),  FIELD(count, NUMBER),
	FIELD(of, NUMBER),     FIELD(more, NUMBER),   FIELD(hunk, NUMBER),
	FIELD(stated, NUMBER), FIELD(lines, NUMBERS), FIELD(name, TEXT),
	FIELD(around, TEXT),   FIELD(renamed, TEXT),  FIELD(text, TEXT),
	FIELD(want, TEXT),     FIELD(missing, TEXTS), FIELD(files, TEXTS),
};

const char *rq_reason_word(enum rq_reason_code code)
{
	return reasons[code].word;
}

bool rq_reason_wants_source(enum rq_reason_code code)
{
	return reasons[code].wants_source;
}

struct rq_reason *rq_reason_new(const struct rq_reason *reason)
{
	struct rq_reason *copy = rq_xmalloc(sizeof(*copy));

	*copy = *reason;
	return copy;
}

void rq_reason_free(struct rq_reason *reason)
{
	if (!reason)
		return;
	rq_vec_release(&reason->lines);
	rq_names_release(&reason->missing);
	rq_names_release(&reason->files);
	free(reason->name);
	free(reason->around);
	free(reason->renamed);
	free(reason->text);
	free(reason->want);
	free(reason);
}

char *rq_reason_line(struct rq_slice line)
{
	size_t n;

	line = rq_slice_trim(line);
	n = line.n < MOST_SHOWN ? line.n : MOST_SHOWN;
	/* Not within a character of several bytes. */
	while (n > 0 && n < line.n && (line.p[n] & 0xc0) == 0x80)
		n--;
	return rq_xstrndup(line.p, n);
}

static const struct rq_reason_field *field_of(struct rq_slice name)
{
	size_t i = 0;

	while (!rq_slice_eq(rq_slice_of(rq_reason_fields[i].name), name))
		i++;
	return &rq_reason_fields[i];
}

/* Appends the field; false where it is not set. */
static bool print_field(struct rq_str *out, const struct rq_reason *reason,
			const struct rq_reason_field *field)
{
	const char *at = (const char *)reason + field->offset;
	const struct rq_names *names = (const struct rq_names *)at;
	const struct rq_numbers *lines = (const struct rq_numbers *)at;
	const char *text = NULL;
	long number = 0;

	switch (field->kind) {
	case RQ_FIELD_NUMBER:
		memcpy(&number, at, sizeof(number));
		if (number)
			rq_str_addf(out, "%ld", number);
		return number;
	case RQ_FIELD_NUMBERS:
		for (size_t i = 0; i < lines->n; i++)
			rq_str_addf(out, "%s%ld", i ? ", " : "", lines->v[i]);
		return lines->n;
	case RQ_FIELD_TEXT:
		memcpy(&text, at, sizeof(text));
		rq_str_adds(out, text ? text : "");
		return text;
	case RQ_FIELD_TEXTS:
		for (size_t i = 0; i < names->v.n; i++)
			rq_str_addf(out, "%s'%s'", i ? ", " : "", names->v.v[i]);
		return names->v.n;
	}
	return false;
}

static bool is_set(const struct rq_reason *reason, const struct rq_reason_field *field)
{
	struct rq_str text = { 0 };
	bool set = print_field(&text, reason, field);

	rq_str_release(&text);
	return set;
}

/* Appends what the sentence at @s says up to its end or that of the bracket; returns where that is. */
static const char *print_part(struct rq_str *out, const struct rq_reason *reason,
			      const char *s, bool said)
{
	for (; *s && *s != ']'; s++) {
		size_t n = strcspn(s + 1, "?!}");
		struct rq_slice name = { s + 1, n };

		if (*s == '{') {
			if (said)
				print_field(out, reason, field_of(name));
			s += n + 1;
		} else if (*s == '[') {
			bool set = is_set(reason, field_of(name));

			s = print_part(out, reason, s + n + 2,
				       said && set == (s[n + 1] == '?'));
		} else if (said) {
			rq_str_add(out, s, 1);
		}
	}
	return s;
}

void rq_reason_print(struct rq_str *out, const struct rq_reason *reason)
{
	print_part(out, reason, reasons[reason->code].sentence, true);
}
