#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# `requilt tree add` of a real tarball: the tree id must be the one that git gives to the
# unpacked folder, in one pack, with bounded memory, the same commit every time.

load helper

# bats test_tags=nightly
@test "a real tarball becomes the tree that git makes of it" {
	local tarball top tree mine peak seconds git_seconds start
	need jq git xz
	[ -x /usr/bin/time ] || fail "/usr/bin/time is missing: run ci/deps"
	need_requilt
	tarball=$(tarball_of linux-6.1.y)
	cd "$BATS_TEST_TMPDIR"

	start=$(date +%s%N)
	expect_status 0 /usr/bin/time -o time.txt -f '%M' "$requilt" --repo mine.git tree add base "$tarball"
	seconds=$((($(date +%s%N) - start) / 1000000))
	peak=$(tail -1 time.txt)
	mine=$(git -C mine.git rev-parse --verify 'refs/heads/base^{tree}')

	start=$(date +%s%N)
	mkdir unpacked
	tar -xf "$tarball" -C unpacked
	top=$(echo unpacked/*)
	[ -d "$top" ] || fail "$tarball: more than one folder at its top"
	git init -q --bare theirs.git
	export GIT_DIR=$PWD/theirs.git GIT_WORK_TREE=$PWD/$top GIT_INDEX_FILE=$PWD/theirs.index
	git -c core.autocrlf=false -c core.fileMode=true add -A -f
	tree=$(git write-tree)
	git_seconds=$((($(date +%s%N) - start) / 1000000))
	unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
	rm -rf unpacked

	echo "# tree add $seconds ms, peak $peak kB; tar and git add $git_seconds ms" \
		"($(awk "BEGIN { printf \"%.1f\", $git_seconds / $seconds }") times)" >&3
	[ "$mine" = "$tree" ] || fail "tree $mine, git says $tree"
	[ "$peak" -lt 400000 ] || fail "peak memory $peak kB"
	git -C mine.git count-objects -v >objects.txt
	grep -qx 'count: 0' objects.txt || fail "loose objects:" "$(cat objects.txt)"
	grep -qx 'packs: 1' objects.txt || fail "not one pack:" "$(cat objects.txt)"
	git -C mine.git fsck --no-dangling --connectivity-only >&2
	[ "$(git -C mine.git rev-list --count base)" = 1 ] || fail "not one parentless commit"

	# The same tarball again: nothing new, the same commit.
	local before
	before=$(git -C mine.git rev-parse base)
	expect_status 0 "$requilt" --repo mine.git tree add base "$tarball"
	[ "$(git -C mine.git rev-parse base)" = "$before" ] || fail "a second import made another commit"
}

@test "the imported trees are listed with their versions and commits" {
	local branch version commit
	need_requilt
	need_branch linux-5.10.y linux-6.1.y debian-6.1 linux-6.12.y
	"$requilt" --repo "$repo" tree list >"$BATS_TEST_TMPDIR/list"
	while IFS=$'\t' read -r branch version _; do
		commit=$(awk -F'\t' -v b="$branch" -v v="$version" '$1 == b && $2 == v { print $3 }' \
			"$BATS_TEST_TMPDIR/list")
		[ "$commit" ] || fail "$branch $version is not in:" "$(cat "$BATS_TEST_TMPDIR/list")"
		[[ $(git -C "$repo" rev-parse "refs/heads/$branch") == "$commit"* ]] ||
			fail "$branch: $commit is not its commit"
	done <"$cache/kernels.tsv"
}
