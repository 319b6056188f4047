#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Other people's queues on real trees: what `requilt apply` makes of them must be, byte for
# byte and mode for mode, what quilt makes of them with no fuzz allowed.  Tree ids are
# compared, so a path that neither should have touched fails a test too.

load helper

# Pushes the queues on BRANCH with quilt in a work tree of the touched files, applies the
# same patches with requilt, and compares the trees.
compare_with_quilt() { # BRANCH QUEUE...
	local branch=$1 queue dir patches=() expected start summary
	shift
	need quilt patch jq
	need_requilt
	need_branch "$branch"
	for queue; do
		dir=$(queue_dir "$queue")
		mapfile -t -O ${#patches[@]} patches < <(series_paths "$dir")
	done
	[ ${#patches[@]} -gt 0 ] || fail "empty queue"

	start=$(date +%s%N)
	apply 0 "$BATS_TEST_TMPDIR/apply.json" "$branch" "${patches[@]}"
	start=$((($(date +%s%N) - start) / 1000000))
	summary=$(outcomes "$BATS_TEST_TMPDIR/apply.json" "$branch" "exact offset")
	echo "# $branch + $*: ${#patches[@]} patches in $start ms, $summary" >&3
	[ "$(entries "$BATS_TEST_TMPDIR/apply.json")" = ${#patches[@]} ] || fail "not one entry a patch"
	jq -e '.branches[0] | .head == null and ([.entries[].commit] | all(. == null))' \
		"$BATS_TEST_TMPDIR/apply.json" >/dev/null || fail "apply wrote a commit"

	worktree "refs/heads/$branch" "${patches[@]}"
	for queue; do
		quilt_push "$(queue_dir "$queue")"
		find "$BATS_TEST_TMPDIR/work" -maxdepth 1 -name .pc -exec rm -rf {} +
	done
	expected=$(tree_of_worktree "refs/heads/$branch")
	same_tree "$branch + $*" "$expected" "$(tree_of "$BATS_TEST_TMPDIR/apply.json")"
}

@test "Debian's 6.1 queue on its tree gives quilt's tree" {
	compare_with_quilt linux-6.1.y debian-6.1
}

@test "PREEMPT_RT 6.1 after Debian's queue gives quilt's tree" {
	compare_with_quilt linux-6.1.y debian-6.1 rt-6.1
}

@test "PREEMPT_RT 5.10 after Debian's queue gives quilt's tree" {
	compare_with_quilt linux-5.10.y debian-5.10 rt-5.10
}

@test "PREEMPT_RT 6.12 after Debian's queue gives quilt's tree" {
	compare_with_quilt linux-6.12.y debian-6.12 rt-6.12
}

@test "every patch of the 5.10 and 6.1 queues parses and prints as it was" {
	local queue dir patches=()
	for queue in debian-5.10 rt-5.10 debian-6.1 rt-6.1; do
		dir=$(queue_dir "$queue")
		mapfile -t -O ${#patches[@]} patches < <(series_paths "$dir")
	done
	[ ${#patches[@]} -ge 660 ] || fail "only ${#patches[@]} patches"
	make -s -C "$root" build/test/roundtrip >&2
	run "$root/build/test/roundtrip" "${patches[@]}"
	[ "$status" = 0 ] || fail "roundtrip: status $status" "${lines[@]: -20}"
	# roundtrip counts the files that the patches change, at least one each.
	echo "# ${#patches[@]} patches: ${lines[-1]}" >&3
	[[ ${lines[-1]} =~ ^([0-9]+)\ files,\ ([0-9]+)\ hunks$ ]] || fail "no closing line: ${lines[-1]}"
	[ "${BASH_REMATCH[1]}" -ge ${#patches[@]} ] || fail "fewer files than patches"
}

# How many patches of a queue the audit of BRANCH calls by WORD.
audited() { # BRANCH QUEUE WORD
	local status=0

	"$requilt" --repo "$repo" audit "$1" --csv --list "$(queue_dir "$2")/series" >"$BATS_TEST_TMPDIR/audit" 2>&2 || status=$?
	[ $status -le 1 ] || fail "audit: exit status $status"
	awk -F'","' -v word="$3" '$2 == word { n++ } END { print n + 0 }' "$BATS_TEST_TMPDIR/audit"
}

# Patches that change what another one of their queue made are "likely there", or not there, in the end.
@test "audit finds Debian's and RT's queues where they were applied, and not where they were not" {
	local n
	need_requilt
	need_branch linux-5.10.y linux-6.1.y linux-6.12.y debian-6.1-rt
	[ "$(audited linux-6.1.y debian-6.1 has)" = 0 ]
	[ "$(audited linux-6.1.y rt-6.1 has)" = 0 ]
	[ "$(audited linux-6.12.y debian-6.12 has)" = 0 ]
	[ "$(audited linux-5.10.y debian-5.10 has)" = 0 ]
	n=$(audited debian-6.1-rt debian-6.1 has)
	echo "# debian-6.1 on debian-6.1-rt: $n of $(grep -c patch "$BATS_TEST_TMPDIR/audit") there" >&3
	[ "$n" -ge 110 ] || fail "$(cat "$BATS_TEST_TMPDIR/audit")"
	[ "$(audited debian-6.1-rt debian-6.1 lacks)" -le 8 ]
	[ "$(audited debian-6.1-rt rt-6.1 lacks)" -le 4 ]
}
