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
	need_branch linux-5.10.y linux-6.1.y debian-6.1 debian-6.1-rt linux-6.12.y
	expect_status 0 port_to "$BATS_FILE_TMPDIR/out" >"$BATS_FILE_TMPDIR/port.json"
}

port_to() { # FOLDER
	"$requilt" -C "$root" --repo "$repo" port --json --ref --out "$1" folio-rmap
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

@test "folio-rmap: the whole queue is placed on linux-6.1.y" {
	all_entries linux-6.1.y "exact offset semantic present skipped"
	only_skips linux-6.1.y 3
}

@test "folio-rmap: the whole queue is placed on debian-6.1" {
	all_entries debian-6.1 "exact offset semantic present skipped"
	only_skips debian-6.1 3
}

@test "folio-rmap: the whole queue is placed on debian-6.1-rt" {
	all_entries debian-6.1-rt "exact offset semantic present skipped"
	only_skips debian-6.1-rt 3
}

@test "folio-rmap: what linux-5.10.y can have is placed there" {
	all_entries linux-5.10.y "exact offset semantic present skipped"
	only_skips linux-5.10.y 9
}

@test "folio-rmap: present in linux-6.12.y, but for one comment" {
	all_entries linux-6.12.y "present exact offset skipped"
	only_skips linux-6.12.y 5
	[ "$(branch_of linux-6.12.y 'entries | map(select(.commit)) | length')" = 1 ]
	git -C "$repo" diff -U0 "$(branch_of linux-6.12.y base)" "$(branch_of linux-6.12.y head)" |
		grep '^[-+]' >"$BATS_TEST_TMPDIR/lines"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/lines")" = 4 ] || fail "more than one line is changed"
	grep -q '^-.*\* PageAnon()), which is set by __page_set_anon_rmap()\.$' "$BATS_TEST_TMPDIR/lines"
}

# How many entries the guards leave out; the rest is there.
only_skips() { # BRANCH NUMBER
	local n
	n=$(branch_of "$1" 'counts.skipped')
	[ "$n" = "$2" ] || fail "$1: $n entries skipped, expected $2"
}

# The functions that the queue replaces, and what came with them. The sample of ftrace's output
# in the documentation keeps one, as upstream's does.
old_names() { # BRANCH NAME...
	local head status=0
	head=$(branch_of "$1" head)
	shift
	git -C "$repo" grep -nwE "$(IFS='|' && echo "$*")" "$head" -- . ':!Documentation/trace/ftrace.rst' >&2 || status=$?
	[ $status = 1 ] || fail "old names are left, or git grep failed"
}

names_61=(page_add_anon_rmap page_add_new_anon_rmap page_add_file_rmap page_remove_rmap
	page_dup_file_rmap page_try_dup_anon_rmap page_try_share_anon_rmap page_move_anon_rmap
	hugepage_add_anon_rmap hugepage_add_new_anon_rmap RMAP_COMPOUND page_dup_rmap
	__page_dup_rmap do_page_add_anon_rmap __page_set_anon_rmap page_remove_file_rmap
	page_remove_anon_compound_rmap mlock_vma_page page_needs_cow_for_dma)
names_510=(page_add_anon_rmap page_add_new_anon_rmap page_add_file_rmap page_remove_rmap
	page_dup_rmap hugepage_add_anon_rmap hugepage_add_new_anon_rmap RMAP_COMPOUND
	__page_dup_rmap do_page_add_anon_rmap __page_set_anon_rmap page_remove_file_rmap
	page_remove_anon_compound_rmap)

@test "folio-rmap: no old name is left, in code or comments" {
	old_names linux-6.1.y "${names_61[@]}"
	old_names debian-6.1 "${names_61[@]}"
	old_names debian-6.1-rt "${names_61[@]}"
	old_names linux-6.12.y "${names_61[@]}"
	old_names linux-5.10.y "${names_510[@]}"
}

@test "folio-rmap: what the rules list as left and commented is what git grep finds" {
	local port=$BATS_FILE_TMPDIR/out/folio-rmap/linux-6.1.y/port.json
	# The last rule of a name saw no call of it any more, and all comments but the tree's other files'.
	jq -r '.entries[] | select(.patch | endswith("remove_rmap.cocci")) | .notes[] |
		select(.kind == "comment" and .text == "page_remove_rmap") | "\(.file):\(.line)"' "$port" |
		sort >"$BATS_TEST_TMPDIR/notes"
	commit=$(jq -r '.entries[] | select(.patch | endswith("remove_rmap.cocci")) | .commit' "$port")
	git -C "$repo" grep -nw page_remove_rmap "$commit" -- '*.c' '*.h' | sed 's/^[^:]*://' |
		grep -vE '^(mm/rmap.c|include/linux/rmap.h):[0-9]+:(void|static)' | cut -d: -f1,2 |
		sort >"$BATS_TEST_TMPDIR/grep"
	[ -s "$BATS_TEST_TMPDIR/notes" ]
	diff "$BATS_TEST_TMPDIR/grep" "$BATS_TEST_TMPDIR/notes" >&2
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

@test "folio-rmap: quilt pushes the emitted debian-6.1-rt series without fuzz or offset" {
	push_emitted debian-6.1-rt
}

@test "folio-rmap: quilt pushes the emitted linux-5.10.y series without fuzz or offset" {
	push_emitted linux-5.10.y
}

@test "folio-rmap: a second port gives the same bytes and the same commits" {
	port_to "$BATS_TEST_TMPDIR/again" >"$BATS_TEST_TMPDIR/again.json"
	diff -r "$BATS_FILE_TMPDIR/out" "$BATS_TEST_TMPDIR/again" >&2
	diff <(jq '[.branches[] | .head, .tree]' "$BATS_FILE_TMPDIR/port.json") \
		<(jq '[.branches[] | .head, .tree]' "$BATS_TEST_TMPDIR/again.json") >&2
}

# The real kernel repository's refs stay what `make run` left; work trees stay in the cache.
verify() { # OPTIONS... BRANCH
	local start=$SECONDS
	expect_status 0 "$requilt" -C "$root" --repo "$repo" verify --queue folio-rmap \
		--out "$BATS_FILE_TMPDIR/out" --json "$@" >"$BATS_TEST_TMPDIR/verify.json"
	jq -e '.branches | length > 0 and
		all(.verdict == "ok" and .entries[0].objects > 40 and .entries[-1].verdict == "ok")' \
		"$BATS_TEST_TMPDIR/verify.json" >&2
	echo "# verify $*: $((SECONDS - start)) s" >&3
}

# What a guard left out has no commit, and nothing to be compiled.
every_entry_compiles() {
	jq -e 'all(.branches[].entries[]; .verdict == if .commit then "ok" else "nothing" end)' \
		"$BATS_TEST_TMPDIR/verify.json" >&2
}

# bats test_tags=nightly
@test "folio-rmap: linux-6.1.y compiles after every entry, without a new warning" {
	verify --build --each linux-6.1.y
	every_entry_compiles
}

# bats test_tags=nightly
@test "folio-rmap: linux-5.10.y compiles, without a new warning" {
	verify --build linux-5.10.y
}

# bats test_tags=nightly
@test "folio-rmap: linux-5.10.y compiles after every entry, without a new warning" {
	verify --build --each linux-5.10.y
	every_entry_compiles
}

# bats test_tags=nightly
@test "folio-rmap: debian-6.1 and debian-6.1-rt compile, without a new warning" {
	verify --build debian-6.1 debian-6.1-rt
}

# bats test_tags=nightly
@test "folio-rmap: mm/ of linux-6.1.y compiles without THP as well" {
	need make gcc flex bison bc
	REQUILT_REPO=$repo "$root/ci/compile-mm" linux-6.1.y refs/heads/requilt/folio-rmap/linux-6.1.y \
		>"$BATS_TEST_TMPDIR/compile.log" 2>&1 || fail "$(tail -40 "$BATS_TEST_TMPDIR/compile.log")"
	sed 's/^/# /' "$BATS_TEST_TMPDIR/compile.log" >&3
}
