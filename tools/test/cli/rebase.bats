#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# `requilt rebase`: the series of a branch onto a newer base, where one patch is upstream by now, one
# has moved, one is as it was, and one conflicts.

load helper

setup() {
	need git jq patch quilt "$requilt"
	make_world "$BATS_TEST_TMPDIR/world"
	plain_patch 3 'line three' >"$queue/patches/demo/0003-three.patch"
	echo demo/0003-three.patch >>"$queue/series/demo.series"
	expects 0 port one
	series=$queue/series/demo/one
	checkout one "$BATS_TEST_TMPDIR/new"
}

plain_patch() { # LINE TEXT: in mm/b.c
	head_lines "mm: spell $1"
	printf '\ndiff --git a/mm/b.c b/mm/b.c\n--- a/mm/b.c\n+++ b/mm/b.c\n@@ -1,6 +1,6 @@\n line 1\n line 2\n'
	printf -- '-line 3\n+%s\n line 4\n line 5\n line 6\n' "$2"
}

release() { # SED FILE: the next point release
	sed -i "$1" "$BATS_TEST_TMPDIR/new/$2"
	sed -i 's/^SUBLEVEL = .*/SUBLEVEL = 6/' "$BATS_TEST_TMPDIR/new/Makefile"
	commit_base one "$BATS_TEST_TMPDIR/new"
}

rebase() { # STATUS WORD...
	local want=$1

	shift
	expects "$want" "$requilt" -C "$queue" rebase demo one "$@"
}

pushes() { # FOLDER: with quilt onto branch one, in the tree $work
	work=$BATS_TEST_TMPDIR/work
	checkout one "$work"
	cd "$work"
	QUILT_PATCHES=$1 expects 0 quilt --quiltrc=- push -a --fuzz=0
	lacks -i -e offset -e fuzz "$out"
}

@test "what the base has is dropped, what moved is refreshed, what fits keeps every byte" {
	cp "$series/0003-three.patch" "$BATS_TEST_TMPDIR/three"
	release '20i int more;' mm/a.c
	sed -i 's/^line 10$/line ten/' "$BATS_TEST_TMPDIR/new/mm/a.c"
	commit_base one "$BATS_TEST_TMPDIR/new"
	rebase 0
	says 'dropped    0001-ten.patch: the branch has it already' "$out"
	says 'refreshed  0002-file.patch' "$out"
	lacks -F 0003 "$out"
	says '6.1.6: 1 dropped, 1 refreshed, 1 unchanged, 0 conflict' "$out"
	cmp "$series/0003-three.patch" "$BATS_TEST_TMPDIR/three"
	[ ! -e "$series/0001-ten.patch" ]
	says "# base: 6.1.6, commit $(git --git-dir="$repo" rev-parse one)" "$series/series"
	pushes "$series"
	[ "$(sed -n 31p mm/a.c)" = 'line thirty' ]
}

@test "text that is there away from its line, with no name to say whose it is, is not dropped" {
	release '1i int more;' mm/a.c
	sed -i 's/^line 10$/line ten/' "$BATS_TEST_TMPDIR/new/mm/a.c"
	commit_base one "$BATS_TEST_TMPDIR/new"
	rebase 1
	says 'conflict   0001-ten.patch: mm/a.c: hunk 1: its new text stands at line 8, in more, not at line 7' "$out"
	[ -e "$series/0001-ten.patch" ]
}

@test "a second time all is unchanged and no file is touched" {
	release '1i int more;' mm/a.c
	rebase 0
	find "$series" -type f -printf '%p %T@ %i\n' | sort >"$BATS_TEST_TMPDIR/first"
	rebase 0
	says '0 dropped, 0 refreshed, 3 unchanged, 0 conflict' "$out"
	lacks -F $'\033' "$out"
	rebase 0 -v --color always
	says $'\033[32munchanged \033[0m 0003' "$out"
	find "$series" -type f -printf '%p %T@ %i\n' | sort | diff "$BATS_TEST_TMPDIR/first" -
}

@test "a conflict writes nothing, and the rest is told all the same" {
	release 's/^line 10$/LINE 10/' mm/a.c
	cp -R "$series" "$BATS_TEST_TMPDIR/before"
	rebase 1
	says 'conflict   0001-ten.patch: ' "$out"
	says '0 dropped, 0 refreshed, 2 unchanged, 1 conflict' "$out"
	says 'nothing was written'
	diff -r "$series" "$BATS_TEST_TMPDIR/before"
	rebase 1 --json
	jq -e '.counts.conflict == 1 and .entries[0].outcome == "conflict" and (.entries[0].message | length > 0)' "$out"
}

@test "a text that patch(1) reads is refreshed, a series with CRLF is written without" {
	foreign=$BATS_TEST_TMPDIR/foreign
	mkdir "$foreign"
	plain_patch 3 'line three' >"$foreign/three.patch"
	sed 's/^/  /; s/mm\/b.c/Makefile/' "$foreign/three.patch" >"$BATS_TEST_TMPDIR/text"
	{ plain_patch 4 'line 3'; printf -- '-- \n2.39.5\n'; cat "$BATS_TEST_TMPDIR/text"; } >"$foreign/four.patch"
	printf '# words\r\nthree.patch\r\nfour.patch\r\n' >"$foreign/series"
	sed -i 's/-line 3/-line three/' "$foreign/four.patch"
	rebase 0 --from "$foreign" --out "$BATS_TEST_TMPDIR/fresh"
	says 'series:1: lines end in CRLF, which quilt cannot read; the new series has none' "$out"
	first=$(grep -n '^> ' "$BATS_TEST_TMPDIR/fresh/four.patch" | sed 's/:.*//;q')
	says "refreshed? four.patch: line $((first + 1)) of the patch, '  --- a/Makefile', tells of a change" "$out"
	says "; line $first of its text would start a unified diff for patch(1);" "$out"
	says '0 dropped, 1 refreshed, 1 unchanged' "$out"
	printf '# words\nthree.patch\nfour.patch\n' | diff - "$BATS_TEST_TMPDIR/fresh/series"
	cmp "$foreign/three.patch" "$BATS_TEST_TMPDIR/fresh/three.patch"
	sed 's/^> //' "$BATS_TEST_TMPDIR/fresh/four.patch" | cmp - "$foreign/four.patch"
	# What is harmless stays so, and quilt pushes it.
	cp -R "$BATS_TEST_TMPDIR/fresh" "$BATS_TEST_TMPDIR/again"
	rebase 0 --from "$BATS_TEST_TMPDIR/fresh" --out "$BATS_TEST_TMPDIR/fresh"
	says '0 dropped, 0 refreshed, 2 unchanged' "$out"
	diff -r "$BATS_TEST_TMPDIR/fresh" "$BATS_TEST_TMPDIR/again"
	pushes "$BATS_TEST_TMPDIR/fresh"
	[ "$(sed -n 3p mm/b.c)" = 'line 3' ]
	git --git-dir="$repo" show one:Makefile | cmp - Makefile
}

@test "any quilt series: comments, options and files that need nothing stay" {
	foreign=$BATS_TEST_TMPDIR/foreign
	mkdir -p "$foreign/sub"
	sed 's,^\(---\|+++\) [ab]/,\1 ,; /^diff --git/d' "$queue/patches/demo/0001-ten.patch" >"$foreign/sub/ten.patch"
	plain_patch 3 'line three' >"$foreign/three.patch"
	printf '# words\n\nsub/ten.patch -p0 # old style\nthree.patch\n' >"$foreign/series"
	cp -R "$foreign" "$BATS_TEST_TMPDIR/before"
	release '1i int more;' mm/a.c
	rebase 129 --from "$foreign"
	rebase 0 --from "$foreign" --out "$BATS_TEST_TMPDIR/fresh"
	says '0 dropped, 1 refreshed, 1 unchanged' "$out"
	printf '# words\n\nsub/ten.patch # old style\nthree.patch\n' | diff - "$BATS_TEST_TMPDIR/fresh/series"
	cmp "$foreign/three.patch" "$BATS_TEST_TMPDIR/fresh/three.patch"
	diff -r "$foreign" "$BATS_TEST_TMPDIR/before"
	pushes "$BATS_TEST_TMPDIR/fresh"
	echo mine >"$BATS_TEST_TMPDIR/fresh/notes"
	rebase 1 --from "$foreign" --out "$BATS_TEST_TMPDIR/fresh"
	says 'fresh/notes: no earlier port wrote it'
	rebase 1 --from "$BATS_TEST_TMPDIR/nowhere" --out "$BATS_TEST_TMPDIR/x"
	says 'nowhere/series: not there'
}

# A repository with the releases' history: v6.1.5, two commits, v6.1.6.
history() {
	upstream=$BATS_TEST_TMPDIR/stable
	git init -q -b main "$upstream"
	checkout one "$upstream.tree" && cp -R "$upstream.tree/." "$upstream"
	git -C "$upstream" add -A && git -C "$upstream" commit -qm 'Linux 6.1.5' && git -C "$upstream" tag v6.1.5
}

taken() { # MESSAGE: the history gets patch ten
	sed -i 's/^line 10$/line ten/' "$upstream/mm/a.c"
	git -C "$upstream" commit -qam "$1"
	sed -i 's/^SUBLEVEL = .*/SUBLEVEL = 6/' "$upstream/Makefile"
	git -C "$upstream" commit -qam 'Linux 6.1.6' && git -C "$upstream" tag v6.1.6
	cp -R "$upstream/mm" "$upstream/Makefile" "$BATS_TEST_TMPDIR/new/"
	commit_base one "$BATS_TEST_TMPDIR/new"
	git config -f "$queue/series/branches.conf" branch.one.upstream "$upstream"
	commit=$(git -C "$upstream" rev-parse HEAD~1)
}

@test "the release's own commit is named, by what it changes" {
	history
	taken 'mm: in other words'
	rebase 0
	says "the release has $commit, the same changed lines" "$out"
	jq -e --arg id "$commit" '.entries[0].upstream | startswith($id)' "$series/rebase.json"
}

@test "or by the upstream commit that both name" {
	id=0123456789012345678901234567890123456789
	sed -i "s/^It is better so/commit $id upstream.\n\n&/" "$queue/patches/demo/0001-ten.patch"
	port >/dev/null 2>&1
	history
	sed -i '1i int more;' "$upstream/mm/a.c"
	taken "mm: in other words

[ Upstream commit $id ]"
	rebase 0
	says "the release has $commit, the same upstream commit" "$out"
}

@test "or by the commit that both were picked from" {
	id=0123456789012345678901234567890123456789
	sed -i "s/^It is better so.*/&\n\n(cherry picked from commit $id)/" "$queue/patches/demo/0001-ten.patch"
	port >/dev/null 2>&1
	history
	sed -i '1i int more;' "$upstream/mm/a.c"
	taken "mm: in other words

  (cherry picked from commit $id)"
	rebase 0
	says "the release has $commit, the same upstream commit" "$out"
}

@test "or by subject and author; where the text differs nothing is dropped" {
	history
	sed -i 's/^line 10$/line 10 and more/' "$upstream/mm/a.c"
	GIT_AUTHOR_EMAIL=ann@example.org taken 'mm: spell ten'
	rebase 1
	says "the release has $commit, the same subject and author; its text differs here" "$out"
	says 'conflict   0001-ten.patch' "$out"
}

@test "a history without the release's tag is refused" {
	history
	taken 'mm: spell ten'
	git -C "$upstream" tag -d v6.1.6 >/dev/null
	rebase 1
	says 'has no tag v6.1.6'
}

@test "another base than the branch's, and names that are none" {
	checkout one "$BATS_TEST_TMPDIR/other"
	sed -i '1i int more;' "$BATS_TEST_TMPDIR/other/mm/a.c"
	commit_base next "$BATS_TEST_TMPDIR/other"
	rebase 0 next --out "$BATS_TEST_TMPDIR/next"
	says '2 refreshed' "$out"
	rebase 128 nowhere --out "$BATS_TEST_TMPDIR/next"
	expects 1 "$requilt" -C "$queue" rebase demo three
	says 'series/demo/three/series: not there'
	expects 129 "$requilt" -C "$queue" rebase demo
}

@test "a series that cannot be rebased is refused, and none is written" {
	local from=$BATS_TEST_TMPDIR/from

	mkdir "$from"
	rebase 1 --from "$from" --out "$BATS_TEST_TMPDIR/rebased"
	says "$from/series: not there"
	echo '# nothing' >"$from/series"
	rebase 1 --from "$from" --out "$BATS_TEST_TMPDIR/rebased"
	says "$from/series: names no patch"
	cp "$series/0001-ten.patch" "$from"
	printf '@@ expression e; @@\n- old(e)\n+ new(e)\n' >"$from/r.cocci"
	printf '0001-ten.patch\nr.cocci\n' >"$from/series"
	rebase 1 --from "$from" --out "$BATS_TEST_TMPDIR/rebased"
	says "$from/series:2: a rule; a series to be pushed holds patches only"
	echo 0001-ten.patch >"$from/series"
	rebase 1 --from "$from" --out "$BATS_TEST_TMPDIR/rebased" --upstream "$BATS_TEST_TMPDIR"
	says "$from/series: has no '# base: VERSION, commit ID' line, so the history of $BATS_TEST_TMPDIR has no start; add one"
	[ ! -e "$BATS_TEST_TMPDIR/rebased" ]
	rebase 0 --from "$from" --out "$BATS_TEST_TMPDIR/rebased"
	[ -e "$BATS_TEST_TMPDIR/rebased/series" ]
}

@test "what conflicts goes through resolve, once" {
	release 's/^line 10$/LINE 10/' mm/a.c
	rebase 1
	expects 1 "$requilt" -C "$queue" resolve demo one --from "$series"
	hand=$queue/.requilt/resolve/demo.rebase/one
	sed -i -e '/^<<<<<<< /d' -e '/^||||||| /,/^=======$/d' -e '/^>>>>>>> /d' -e '/^LINE 10$/d' "$hand/mm/a.c"
	expects 129 "$requilt" -C "$queue" resolve demo one --from "$series" --skip
	expects 0 "$requilt" -C "$queue" resolve demo one --from "$series" --continue \
		--who 'A Hand <hand@example.org>' --note 'in capitals here'
	rebase 0
	says 'refreshed? 0001-ten.patch: as resolved on one by A Hand' "$out"
	says '[ A Hand: in capitals here ]' "$series/0001-ten.patch"
	pushes "$series"
	expects 129 "$requilt" -C "$queue" resolve demo one --onto one
}

@test "a rebased folder is known for what it is: status says so, port does not write over it" {
	release '1i int more;' mm/a.c
	rebase 0
	expects 1 "$requilt" -C "$queue" status demo
	grep -qE '^demo +one .* rebased$' "$out"
	cp -R "$series" "$BATS_TEST_TMPDIR/before"
	expects 1 "$requilt" -C "$queue" port demo one
	grep -qF 'holds a rebased series, which a port would lose' "$out" "$err"
	diff -r "$series" "$BATS_TEST_TMPDIR/before"
	expects 1 "$requilt" -C "$queue" export demo one --format quilt -o "$BATS_TEST_TMPDIR/x"
	says 'holds a rebased series, not a port' "$err"
}

@test "a series of which nothing is left stays that" {
	pushes "$series"
	rm -rf "$work/.pc" "$work/patches"
	commit_base one "$work"
	rebase 0
	says '3 dropped, 0 refreshed, 0 unchanged, 0 conflict' "$out"
	rebase 0
	says '0 dropped, 0 refreshed, 0 unchanged, 0 conflict' "$out"
}

@test "the last good series of a port that is red is rebased" {
	patch_ten 'line ten' | sed 's/^-line 10/-line other/' >"$queue/patches/demo/0001-ten.patch"
	expects 1 port one
	[ ! -e "$series/series" ]
	release '1i int more;' mm/a.c
	rebase 0 --from "$series" --out "$BATS_TEST_TMPDIR/other"
	says "takes its last good series, $series/last-good"
	pushes "$BATS_TEST_TMPDIR/other"
	[ -e "$series/last-good/series" ]
	cd "$BATS_TEST_TMPDIR"
	rebase 0
	says "takes its last good series, $series/last-good"
	says '0 dropped, 2 refreshed, 1 unchanged, 0 conflict' "$out"
	pushes "$series"
	[ ! -e "$series/last-good" ]
}

@test "--dry-run says what becomes of each patch and writes nothing" {
	release '20i int more;' mm/a.c
	cp -a "$queue" "$BATS_TEST_TMPDIR/before"
	rebase 0 --dry-run
	says 'refreshed  0002-file.patch' "$out"
	diff -r "$BATS_TEST_TMPDIR/before" "$queue"
	rebase 0
	says 'refreshed  0002-file.patch' "$out"
	! diff -rq "$BATS_TEST_TMPDIR/before" "$queue" >/dev/null || fail 'nothing was written'
}

@test "a patch that fits where it says is not written again for its index line" {
	patch_ten | sed 's,^--- a/mm/a.c,index 1234567..89abcde 100644\n&,' >"$queue/patches/demo/0001-ten.patch"
	mkdir "$world/from"
	cp "$queue"/patches/demo/0001-ten.patch "$world/from/ten.patch"
	echo ten.patch >"$world/from/series"
	expects 0 "$requilt" -C "$queue" rebase demo one --from "$world/from" --out "$world/out"
	says unchanged "$out"
	cmp "$world/from/ten.patch" "$world/out/ten.patch"
}
