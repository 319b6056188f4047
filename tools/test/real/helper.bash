# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the real-kernel tests share: where the program, the trees and the queues are, a work
# tree of touched files for the real quilt, and the tree that a work tree amounts to.  What
# is missing fails a test; nothing here skips.  The cache's repository is only read: objects
# that the expectations need go to a store of the test's own.

export LC_ALL=C TZ=UTC
unset QUILT_PATCHES QUILT_SERIES QUILT_PC QUILTRC
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/requilt
repo=$cache/linux.git
requilt=$(realpath -m "${REQUILT:-$root/build/requilt}")

# shellcheck source=tools/test/hang.bash
. "$(dirname "${BASH_SOURCE[0]}")/../hang.bash"

fail() {
	printf '%s\n' "$@" >&2
	return 1
}

need() { # PROGRAM...
	local program
	for program; do
		command -v "$program" >/dev/null || fail "$program is missing: run ci/deps kernel"
	done
}

need_requilt() {
	[ -x "$requilt" ] || fail "$requilt is missing: run make build"
}

need_branch() { # BRANCH...
	local branch
	for branch; do
		git -C "$repo" rev-parse -q --verify "refs/heads/$branch^{commit}" >/dev/null ||
			fail "$repo has no branch $branch: run ci/kernels"
	done
}

# Says COMMAND's exit status aloud when it is not the one expected.
expect_status() { # STATUS COMMAND...
	local want=$1 status=0
	shift
	"$@" || status=$?
	[ "$status" = "$want" ] || fail "exit status $status, expected $want: ${*:1:8}"
}

tarball_of() { # BRANCH
	local tarball
	tarball=$(awk -F'\t' -v b="$1" '$1 == b { print $4 }' "$cache/kernels.tsv") || true
	[ -f "$cache/${tarball:-none}" ] || fail "no tarball of $1: run ci/kernels"
	echo "$cache/$tarball"
}

queue_dir() { # QUEUE -> the folder with its series file
	local dir
	dir=$(awk -F'\t' -v q="$1" '$1 == q { print $3 }' "$cache/queues.tsv") || true
	[ -f "$cache/${dir:-none}/series" ] || fail "no queue $1: run ci/kernels queues"
	echo "$cache/$dir"
}

series_names() { # FOLDER: the patches of its series, in order
	sed -e 's/[[:space:]]#.*//' -e '/^#/d' -e 's/[[:space:]]*$//' -e '/^$/d' "$1/series"
}

series_paths() { # FOLDER
	series_names "$1" | sed "s|^|$1/|"
}

# The paths that patches name, one a line.  A removed line that looks like a header only
# adds a path that no tree has.
touched() { # PATCH...
	sed -n -e 's|^--- [^/]*/\([^[:space:]]*\).*|\1|p' -e 's|^+++ [^/]*/\([^[:space:]]*\).*|\1|p' \
		-e 's|^rename [a-z]* \(.*\)|\1|p' "$@" | sort -u
}

# --- a store of the test's own, borrowing the cache's objects ---------------------------

own_git() {
	GIT_DIR=$repo GIT_OBJECT_DIRECTORY=$BATS_TEST_TMPDIR/objects \
		GIT_ALTERNATE_OBJECT_DIRECTORIES=$repo/objects \
		GIT_INDEX_FILE=$BATS_TEST_TMPDIR/index \
		GIT_WORK_TREE=$BATS_TEST_TMPDIR/work git -c core.fileMode=true -c core.symlinks=true -c core.autocrlf=false "$@"
}

# Fills $BATS_TEST_TMPDIR/work with only those files of BASE that PATCH... touch.
worktree() { # BASE PATCH...
	local base=$1
	shift
	mkdir -p "$BATS_TEST_TMPDIR/work" "$BATS_TEST_TMPDIR/objects/pack"
	touched "$@" >"$BATS_TEST_TMPDIR/touched"
	own_git read-tree "$base"
	own_git ls-files >"$BATS_TEST_TMPDIR/tracked"
	sort "$BATS_TEST_TMPDIR/tracked" | comm -12 - "$BATS_TEST_TMPDIR/touched" |
		own_git checkout-index -q -f --stdin
}

# The id of BASE with the touched files as they now are in the work tree: equal ids mean that
# every touched path has the same bytes and mode, and that no other path differs from BASE.
tree_of_worktree() { # BASE
	own_git read-tree "$1"
	own_git update-index --add --remove --stdin <"$BATS_TEST_TMPDIR/touched"
	own_git write-tree
}

# Fails with the differing paths where two trees are not one.
same_tree() { # WHAT EXPECTED ACTUAL
	[ "$2" = "$3" ] || fail "$1: tree $3, expected $2, which differ in:" \
		"$(own_git diff --no-renames --raw "$2" "$3" 2>&1 | head -20)"
}

# quilt allows no fuzz here, so nothing it accepts is a guess about context.
quilt_push() { # QUEUE_FOLDER
	(cd "$BATS_TEST_TMPDIR/work" && QUILT_PATCHES=$1 quilt --quiltrc=- push -a --fuzz=0) \
		>"$BATS_TEST_TMPDIR/quilt.log" 2>&1 ||
		fail "quilt could not push $1:" "$(tail -20 "$BATS_TEST_TMPDIR/quilt.log")"
}

# --- requilt's answers ------------------------------------------------------------------

apply() { # STATUS JSON ONTO PATCH...: patches in memory, the answer in the file JSON
	local status=$1 json=$2 onto=$3
	shift 3
	expect_status "$status" "$requilt" --repo "$repo" apply --json --onto "$onto" "$@" >"$json"
	jq -e '.branches | length == 1' "$json" >/dev/null || fail "$json: not one branch"
}

tree_of() { # JSON
	jq -er '.branches[0].tree' "$1"
}

# Prints "N exact, M offset" and fails when an entry is none of the outcomes allowed.  Take
# it with summary=$(...): inside another command's words its status would be lost.
outcomes() { # JSON BRANCH "OUTCOME..."
	jq -r --arg b "$2" --arg ok "$3" '[.branches[] | select(.branch == $b) | .entries[]] |
		(group_by(.outcome) | map("\(length) \(.[0].outcome)") | join(", ")),
		(.[] | select(.outcome as $o | $ok | split(" ") | index($o) | not) |
			"unexpected: \(.patch): \(.outcome): \(.message)")' "$1" >"$BATS_TEST_TMPDIR/outcomes"
	! grep '^unexpected: ' "$BATS_TEST_TMPDIR/outcomes" >&2 ||
		fail "$2: only these outcomes are expected: $3" || return
	cat "$BATS_TEST_TMPDIR/outcomes"
}

entries() { # JSON
	jq '.branches[0].entries | length' "$1"
}
