#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# An older release of Debian's 6.1 queue on the newest point release: some of its patches
# have gone upstream since, some no longer fit, most do.  No hunk may land where the newer
# queue does not put the same change.  How that is seen without trusting requilt's lines:
#
# - "The same change" is a patch of the same file name whose added and removed lines in a
#   file are the same, in order, whatever its context says.
# - Both queues are applied to one base.  Where the changes that were really placed in a
#   file are the same changes in the same order in both runs, nothing else can tell the two
#   results apart than where a hunk landed: the final blobs must be equal.
# - Where one queue changes a file in other ways too, the blobs differ anyhow.  There, what
#   a shared change adds must not be among the lines that differ, unless one of the changes
#   that are not shared has such a line: a misplaced line would be missing in one place and
#   extra in another.  Lines with less than four letters or digits say nothing and are left out.
#
# The newer queue's own result is known to be right: queues.bats holds it against quilt's.

load helper

setup_file() {
	local old new
	need jq git
	need_requilt
	need_branch linux-6.1.y
	old=$(queue_dir debian-6.1-older)
	new=$(queue_dir debian-6.1)
	# Run from the queue's folder, so that entries are called as the series calls them.
	(cd "$new" && mapfile -t names < <(series_names "$new") &&
		expect_status 0 "$requilt" --repo "$repo" apply --json --onto linux-6.1.y \
			"${names[@]}") >"$BATS_FILE_TMPDIR/new.json"
	(cd "$old" && mapfile -t names < <(series_names "$old") &&
		expect_status 1 "$requilt" --repo "$repo" apply --json --keep-going \
			--onto linux-6.1.y "${names[@]}") >"$BATS_FILE_TMPDIR/old.json"
	(cd "$new" && changes) >"$BATS_FILE_TMPDIR/new.changes"
	(cd "$old" && changes) >"$BATS_FILE_TMPDIR/old.changes"
}

# Prints "patch TAB file TAB added and removed lines, joined by \001" for every patch of the
# series in the current folder, in order.
changes() {
	local name
	while read -r name; do
		awk -v name="$name" '
			function flush() { if (file != "") print name "\t" file "\t" body; file = body = "" }
			old > 0 || new > 0 {
				sign = substr($0, 1, 1)
				if (sign == "\\") next
				if (sign != "+") old--
				if (sign != "-") new--
				if (sign == "+" || sign == "-") { gsub(/\t/, " "); body = body $0 "\001" }
				next
			}
			/^diff --git / { flush() }
			/^--- / { flush(); from = $2; next }
			/^\+\+\+ / { file = $2 == "/dev/null" ? from : $2; sub(/^[^\/]*\//, "", file); next }
			/^@@ -[0-9]/ {
				split($2, a, ","); split($3, b, ",")
				old = $2 ~ /,/ ? a[2] : 1; new = $3 ~ /,/ ? b[2] : 1
			}
			END { flush() }' "$name"
	done < <(series_names .)
}

# The rows of changes whose patch was placed, with its yellow outcomes left out.
placed() { # old|new
	jq -r '.branches[0].entries[] | select(.outcome == "exact" or .outcome == "offset") | .patch' \
		"$BATS_FILE_TMPDIR/$1.json" >"$BATS_TEST_TMPDIR/$1.names"
	awk -F'\t' 'NR == FNR { ok[$0]; next } $1 in ok' "$BATS_TEST_TMPDIR/$1.names" \
		"$BATS_FILE_TMPDIR/$1.changes" >"$BATS_TEST_TMPDIR/$1.placed"
}

@test "an older Debian queue: what does not fit is a conflict with a message" {
	local json=$BATS_FILE_TMPDIR/old.json summary
	summary=$(outcomes "$json" linux-6.1.y "exact offset present absent anchored conflict blocked")
	echo "# $(basename "$(queue_dir debian-6.1-older)") on" \
		"$(jq -r '.branches[0].version // "linux-6.1.y"' "$json"): $summary" >&3
	[ "$(entries "$json")" = "$(series_names "$(queue_dir debian-6.1-older)" | wc -l)" ]
	jq -e '[.branches[0].entries[] | select(.outcome == "conflict")] | length > 0' "$json" >/dev/null
	jq -e '[.branches[0].entries[] | 
		select((.outcome | IN("conflict", "blocked", "absent")) and (.message // "") == "") |
		.patch] | if length > 0 then error("no message: \(.)") else true end' "$json" >/dev/null
}

@test "an older Debian queue: upstreamed patches are present, needed ones are not" {
	local count=0 name
	# What the newer queue still carries with the same lines cannot be in the tree already.
	rows() { awk -F'\t' -v name="$2" '$1 == name' "$BATS_FILE_TMPDIR/$1.changes"; }
	while read -r name; do
		count=$((count + 1))
		[ "$(rows old "$name")" ] || fail "$name: no changes found in it"
		[ "$(rows old "$name")" != "$(rows new "$name")" ] ||
			fail "$name: present, yet the newer queue still has it"
	done < <(jq -r '.branches[0].entries[] | select(.outcome == "present") | .patch' \
		"$BATS_FILE_TMPDIR/old.json")
	echo "# $count present" >&3
	[ "$count" -gt 0 ]
}

@test "an older Debian queue: no hunk lands elsewhere than in the newer queue" {
	local file same=0 other=0 shared=0 oldtree newtree bad=0
	placed old
	placed new
	oldtree=$(tree_of "$BATS_FILE_TMPDIR/old.json")
	newtree=$(tree_of "$BATS_FILE_TMPDIR/new.json")
	while read -r file; do
		sequence() {
			awk -F'\t' -v f="$file" '$2 == f { print $3 }' "$BATS_TEST_TMPDIR/$1.placed"
		}
		if cmp -s <(sequence old) <(sequence new); then
			same=$((same + 1))
			[ "$(git -C "$repo" rev-parse -q --verify "$oldtree:$file")" = \
				"$(git -C "$repo" rev-parse -q --verify "$newtree:$file")" ] || {
				echo "$file: the same changes, another result" >&2
				git -C "$repo" diff "$oldtree" "$newtree" -- "$file" >&2
				bad=1
			}
			continue
		fi
		other=$((other + 1))
		elsewhere "$file" "$oldtree" "$newtree" || bad=1
	done < <(cut -f2 "$BATS_TEST_TMPDIR"/{old,new}.placed | sort -u)
	shared=$(sort "$BATS_TEST_TMPDIR/old.placed" | comm -12 - <(sort "$BATS_TEST_TMPDIR/new.placed") | wc -l)
	echo "# $shared shared changes; $same files changed alike, $other also in other ways" >&3
	[ "$shared" -gt 100 ] || fail "only $shared shared changes: the two queues have little in common"
	[ $bad = 0 ]
}

# Fails when a line that only shared changes add differs between the two results.
elsewhere() { # FILE OLDTREE NEWTREE
	local rows=$BATS_TEST_TMPDIR/rows
	awk -F'\t' -v f="$1" '$2 == f { print $1 "\t" $3 }' "$BATS_TEST_TMPDIR/old.placed" | sort >"$rows.old"
	awk -F'\t' -v f="$1" '$2 == f { print $1 "\t" $3 }' "$BATS_TEST_TMPDIR/new.placed" | sort >"$rows.new"
	lines() { tr '\001' '\n' | sed 's/^[^\t]*\t//' | grep "^[$1]" | cut -c2- | sort -u; }
	comm -12 "$rows.old" "$rows.new" | lines + >"$rows.shared" || true
	comm -3 "$rows.old" "$rows.new" | sed 's/^\t//' | lines +- >"$rows.own" || true
	git -C "$repo" diff -U0 "$2" "$3" -- "$1" | sed -n '/^@@/,$p' | grep '^[-+]' | cut -c2- |
		tr '\t' ' ' | sort -u >"$rows.differ" || true
	comm -23 "$rows.shared" "$rows.own" | comm -12 - "$rows.differ" |
		grep -E '([[:alnum:]].*){4}' >"$rows.bad" || return 0
	echo "$1: a shared change's lines are elsewhere:" >&2
	cat "$rows.bad" >&2
	return 1
}
