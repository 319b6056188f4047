#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# The folio-rmap queue on every real branch: what it becomes there, that what is emitted
# pushes with the real quilt onto the real tree without fuzz or offset and gives the ported
# tree, and that mm/ of that tree compiles without a warning.

load helper

setup_file() {
	need jq git
	need_requilt
	need_branch linux-5.10.y linux-6.1.y debian-6.1 linux-6.12.y
	expect_status 0 port_to "$BATS_FILE_TMPDIR/out" >"$BATS_FILE_TMPDIR/port.json"
}

port_to() { # FOLDER
	"$requilt" -C "$root" --repo "$repo" port --json --out "$1" folio-rmap
}

branch_of() { # BRANCH KEY
	jq -er --arg b "$1" ".branches[] | select(.branch == \$b) | .$2" "$BATS_FILE_TMPDIR/port.json"
}

# Every entry on BRANCH has one of the outcomes, and there is at least one.
all_entries() { # BRANCH OUTCOMES
	local summary
	summary=$(outcomes "$BATS_FILE_TMPDIR/port.json" "$1" "$2")
	echo "# $1 $(branch_of "$1" version): $summary" >&3
	[ "$(branch_of "$1" 'entries | length')" -gt 0 ] || fail "$1: no entries"
}

@test "folio-rmap: exact or offset on linux-6.1.y" {
	all_entries linux-6.1.y "exact offset"
}

@test "folio-rmap: exact or offset on debian-6.1" {
	all_entries debian-6.1 "exact offset"
}

@test "folio-rmap: present in linux-6.12.y, which is left as it is" {
	all_entries linux-6.12.y "present"
	[ "$(branch_of linux-6.12.y tree)" = "$(git -C "$repo" rev-parse 'refs/heads/linux-6.12.y^{tree}')" ]
}

@test "folio-rmap: skipped on linux-5.10.y, which is left as it is" {
	all_entries linux-5.10.y "skipped"
	[ "$(branch_of linux-5.10.y tree)" = "$(git -C "$repo" rev-parse 'refs/heads/linux-5.10.y^{tree}')" ]
}

# What a vendor does with the emitted folder must give what the maintainer's ref holds.
push_emitted() { # BRANCH
	local folder=$BATS_FILE_TMPDIR/out/folio-rmap/$1 patches
	need quilt patch
	[ -f "$folder/series" ] || fail "$folder has no series"
	mapfile -t patches < <(series_paths "$folder")
	worktree "refs/heads/$1" "${patches[@]}"
	quilt_push "$folder"
	! grep -iE 'fuzz|offset' "$BATS_TEST_TMPDIR/quilt.log" >&2 || fail "$1: quilt had to look for a hunk"
	same_tree "$1" "$(tree_of_worktree "refs/heads/$1")" "$(branch_of "$1" tree)"
	[ "$(git -C "$repo" rev-parse "refs/heads/requilt/folio-rmap/$1")" = "$(branch_of "$1" head)" ]
	[ "$(git -C "$repo" rev-parse "refs/heads/requilt/folio-rmap/$1^{tree}")" = "$(branch_of "$1" tree)" ]
	[ "$(git -C "$repo" rev-list --count "$(branch_of "$1" base)..$(branch_of "$1" head)")" = ${#patches[@]} ]
}

@test "folio-rmap: quilt pushes the emitted linux-6.1.y series without fuzz or offset" {
	push_emitted linux-6.1.y
}

@test "folio-rmap: quilt pushes the emitted debian-6.1 series without fuzz or offset" {
	push_emitted debian-6.1
}

@test "folio-rmap: a second port gives the same bytes and the same commits" {
	port_to "$BATS_TEST_TMPDIR/again" >"$BATS_TEST_TMPDIR/again.json"
	diff -r "$BATS_FILE_TMPDIR/out" "$BATS_TEST_TMPDIR/again" >&2
	diff <(jq '[.branches[] | .head, .tree]' "$BATS_FILE_TMPDIR/port.json") \
		<(jq '[.branches[] | .head, .tree]' "$BATS_TEST_TMPDIR/again.json") >&2
}

compiles() { # BRANCH
	need make gcc flex bison bc
	REQUILT_REPO=$repo "$root/ci/compile-mm" "$1" "refs/heads/requilt/folio-rmap/$1" \
		>"$BATS_TEST_TMPDIR/compile.log" 2>&1 || fail "$(tail -40 "$BATS_TEST_TMPDIR/compile.log")"
	sed 's/^/# /' "$BATS_TEST_TMPDIR/compile.log" >&3
}

@test "folio-rmap: mm/ of linux-6.1.y compiles, with and without THP" {
	compiles linux-6.1.y
}

@test "folio-rmap: mm/ of debian-6.1 compiles, with and without THP" {
	compiles debian-6.1
}
