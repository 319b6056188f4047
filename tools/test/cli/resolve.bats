#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# `requilt resolve`: a conflict taken up by hand once, recorded in the queue, and replayed by every
# port that meets the same lines.  Branch two has line 10 in other words.

# bats file_tags=memcheck

load helper

setup() {
	need git jq patch quilt "$requilt"
	make_world "$BATS_TEST_TMPDIR/world"
	checkout two "$BATS_TEST_TMPDIR/two"
	sed -i 's/^line 10$/LINE 10 of two/' "$BATS_TEST_TMPDIR/two/mm/a.c"
	commit_base two "$BATS_TEST_TMPDIR/two"
	hand=$queue/.requilt/resolve/demo/two
	me='A Hand <hand@example.org>'
}

resolve() { # STATUS OPTION...
	local want=$1

	shift
	expects "$want" "$requilt" -C "$queue" resolve demo two "$@"
}

settle() { # the file as a hand leaves it
	sed -i -e '/^<<<<<<< /d' -e '/^||||||| /,/^=======$/d' -e '/^>>>>>>> /d' -e '/^LINE 10 of two$/d' "$hand/mm/a.c"
}

record() {
	resolve 1
	settle
	resolve 0 --continue --who "$me" --note 'two says it in capitals'
}

outcome() { # BRANCH ENTRY
	jq -r --arg entry "$2" '.entries[] | select(.patch == $entry) | .outcome' "$queue/series/demo/$1/port.json"
}

@test "a conflict opens a folder with its files, and markers where the hunk has no place" {
	expects 1 port
	resolve 1
	says 'demo/0001-ten.patch on two: conflict' "$out"
		grep -q '^  ! - line 10  *12  LINE 10 of two$' "$out"
	says "$hand/" "$out"
	says '1 conflict' "$out"
	says 'demo/0001-ten.patch is open on two'
	says '<<<<<<< two' "$hand/mm/a.c"
	says '||||||| what the patch changes' "$hand/mm/a.c"
	says '>>>>>>> demo/0001-ten.patch' "$hand/mm/a.c"
	# git does not see the folder
	git init -q "$queue"
	git -C "$queue" status --porcelain >"$BATS_TEST_TMPDIR/status"
	says 'series/' "$BATS_TEST_TMPDIR/status"
	lacks requilt "$BATS_TEST_TMPDIR/status"
	rm -rf "$queue/.git"
	expects 1 "$requilt" -C "$queue" status demo
	says ', open in resolve: demo/0001-ten.patch' "$out"
	resolve 1
	says 'is open in'
}

@test "what is resolved is recorded, replayed as yellow, and accepted like any other" {
	record
	says 'recorded: ' "$out"
	says 'demo on two: no conflict' "$out"
	[ ! -e "$hand" ]
	[ ! -e "$hand.state" ]
	expects 0 port
	[ "$(outcome two demo/0001-ten.patch)" = resolved ]
	[ "$(outcome one demo/0001-ten.patch)" = exact ]
	says 'as resolved on two by A Hand' "$queue/series/demo/two/port.json"
	says '[ A Hand: two says it in capitals ]' "$queue/series/demo/two/0001-ten.patch"
	lacks -F '[ A Hand' "$queue/series/demo/one/0001-ten.patch"
	git --git-dir="$repo" log --format=%b refs/heads/requilt/demo/two >"$out"
	says '[ A Hand: two says it in capitals ]' "$out"
	expects 1 port --strict
	expects 0 "$requilt" -C "$queue" accept demo two demo/0001-ten.patch --who 'A Reader <r@example.org>'
	expects 0 port --strict
	checkout two "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work"
	QUILT_PATCHES=$queue/series/demo/two expects 0 quilt --quiltrc=- push -a --fuzz=0
	[ "$(tree_of .)" = "$(git --git-dir="$repo" rev-parse refs/heads/requilt/demo/two^{tree})" ]
}

@test "the record is a text that names patch, branch, lines, who and why; the same each time" {
	record
	file=$(echo "$queue"/series/demo.resolved/0001-ten.*.patch)
	for line in 'Resolves: demo/0001-ten.patch' 'Branch: two' "Who: $me" 'Note: two says it in capitals' \
		'-LINE 10 of two'; do
		says "$line" "$file"
	done
	cp "$file" "$BATS_TEST_TMPDIR/first"
	rm -r "$queue/series/demo.resolved"
	record
	cmp "$file" "$BATS_TEST_TMPDIR/first"
}

@test "the note stands behind the trailers, right before the sign-off that --signoff adds" {
	resolve 1
	settle
	resolve 0 --continue --signoff --who "$me" --note 'why'
	expects 0 port
	grep -A2 -F 'Signed-off-by: Ann' "$queue/series/demo/two/0001-ten.patch" >"$out"
	[ "$(tail -n 2 "$out")" = "$(printf '[ A Hand: why ]\nSigned-off-by: A Hand <hand@example.org>')" ]
}

@test "another clone and another branch with the same lines replay it" {
	record
	cp -R "$queue" "$BATS_TEST_TMPDIR/clone"
	git --git-dir="$repo" update-ref refs/heads/three refs/heads/two
	printf '[branch "three"]\n\ttag = new\n' >>"$BATS_TEST_TMPDIR/clone/series/branches.conf"
	expects 0 "$requilt" -C "$BATS_TEST_TMPDIR/clone" --repo "$repo" port demo
	jq -e '.entries[0].outcome == "resolved"' "$BATS_TEST_TMPDIR/clone/series/demo/three/port.json"
}

@test "where the lines are others it is not used, and the conflict says so" {
	record
	sed -i 's/^LINE 10 of two$/LINE TEN of two/' "$BATS_TEST_TMPDIR/two/mm/a.c"
	commit_base two "$BATS_TEST_TMPDIR/two"
	expects 1 port
	[ "$(outcome two demo/0001-ten.patch)" = conflict ]
	says 'the resolution of two is for other lines than there are here' "$queue/series/demo/two/port.json"
}

@test "a record is of one entry, and the conflict of another does not name it" {
	record
	sed -i 's/^line 30$/LINE 30 of two/' "$BATS_TEST_TMPDIR/two/mm/a.c"
	commit_base two "$BATS_TEST_TMPDIR/two"
	expects 1 port
	[ "$(outcome two demo/0001-ten.patch)" = resolved ]
	[ "$(outcome two demo/0002-file.patch)" = conflict ]
	jq -r '.entries[1].message' "$queue/series/demo/two/port.json" >"$out"
	says 'mm/a.c: hunk 1' "$out"
	lacks -F resolved "$out"
}

@test "for another version of the patch it is stale, and the conflict names the file" {
	record
	sed -i 's/^+line ten.*/+line ten, again/' "$queue/patches/demo/0001-ten.patch"
	expects 1 port
	says 'is stale: it resolves another version of the patch' "$queue/series/demo/two/port.json"
}

@test "a record changed by hand, or of a patch that is gone, is refused with its name" {
	record
	file=$(echo "$queue"/series/demo.resolved/*.patch)
	cp "$file" "$BATS_TEST_TMPDIR/good"
	sed -i 's/^-LINE 10 of two/-LINE 11 of two/' "$file"
	expects 1 port
	says "$file: its diff was changed by hand"
	sed '/^Who:/d' "$BATS_TEST_TMPDIR/good" >"$file"
	expects 1 port
	says "$file: has no 'Who:' line"
	# Not one byte of it is changed unseen.
	for edit in 's/^+line ten/+line zehn/' "s/^Who: .*/Who: Some Body <b@example.org>/" '/^Note:/aSigned-off-by: Some Body <b@example.org>' \
		's/^Note: .*/Note: all is well/' 's/^Resolves: .*/Resolves: demo\/0002-file.patch/'; do
		sed "$edit" "$BATS_TEST_TMPDIR/good" >"$file"
		expects 1 port
		says "$file: was changed by hand (Digest: says so)"
	done
	cp "$BATS_TEST_TMPDIR/good" "$file"
	mv "$queue/patches/demo/0001-ten.patch" "$queue/patches/demo/0001-zehn.patch"
	sed -i 's/0001-ten/0001-zehn/' "$queue/series/demo.series"
	expects 1 port
	says "$file: resolves demo/0001-ten.patch, which is not in"
}

@test "a record of the earlier version is renewed once, and replayed; of another patch it stays stale" {
	record
	file=$(echo "$queue"/series/demo.resolved/*.patch)
	cp "$file" "$BATS_TEST_TMPDIR/good"
	old=$queue/series/demo.resolved/0001-ten.123456789abc.patch
	sed -e '/^Resolution:/d; /^Hunk:/d; /^Digest:/d' -e 's/^Change: .*/Patch-id: cb62bcb861315766a71ed8a184509586038f0a48/' "$file" >"$old"
	cp "$old" "$BATS_TEST_TMPDIR/old"
	rm "$file"
	expects 1 port
	says "$old: is of another version"
	says "'requilt accept --renew demo'"
	expects 0 "$requilt" -C "$queue" accept --renew demo
	says "$file: renewed; read it" "$out"
	[ ! -e "$old" ]
	cmp "$file" "$BATS_TEST_TMPDIR/good"
	expects 0 port
	[ "$(outcome two demo/0001-ten.patch)" = resolved ]
	rm "$file"
	sed 's/^Patch-id: .*/Patch-id: 1111111111111111111111111111111111111111/' "$BATS_TEST_TMPDIR/old" >"$old"
	expects 1 "$requilt" -C "$queue" accept --renew demo
	says ': stale: the patch is another one now' "$out"
	expects 1 port
	says 'is stale: it resolves another version of the patch, whose mm/a.c hunk 1 is another' \
		"$queue/series/demo/two/port.json"
}

@test "--continue refuses markers, strange files, no change, and silence on who and why" {
	resolve 1
	resolve 1 --continue --who "$me" --note why
	says 'mm/a.c:'
	says 'a conflict marker is left'
	settle
	touch "$hand/mm/a.c.orig"
	resolve 1 --continue --who "$me" --note why
	says 'mm/a.c.orig: not one of the files'
	rm "$hand/mm/a.c.orig"
	GIT_AUTHOR_EMAIL= resolve 129 --continue --note why
	resolve 129 --continue --who "$me"
	cp "$BATS_TEST_TMPDIR/two/mm/a.c" "$hand/mm/a.c"
	resolve 1 --continue --who "$me" --note why
	says '--skip leaves the patch out'
	[ ! -e "$queue/series/demo.resolved" ]
	[ -e "$hand.state" ]
}

@test "a base or a patch that moves meanwhile stops --continue" {
	resolve 1
	settle
	echo 'line new' >>"$BATS_TEST_TMPDIR/two/mm/a.c"
	commit_base two "$BATS_TEST_TMPDIR/two"
	resolve 1 --continue --who "$me" --note why
	says 'the queue or its base changed since'
	[ ! -e "$queue/series/demo.resolved" ]
}

@test "--abort leaves all as it was" {
	cp -R "$queue" "$BATS_TEST_TMPDIR/before"
	resolve 1
	resolve 0 --abort
	rm -r "$queue/.requilt"
	diff -r "$queue" "$BATS_TEST_TMPDIR/before"
	resolve 129 --abort
	says 'nothing is open on two'
}

@test "--skip guards the entry on this branch and keeps every other byte of the series" {
	sed -i 's/^demo\/0001-ten.patch.*/demo\/0001-ten.patch  # a word on it/' "$queue/series/demo.series"
	cp "$queue/series/demo.series" "$BATS_TEST_TMPDIR/before"
	resolve 1
	resolve 0 --skip
	says 'guard -two added' "$out"
	sed 's/^\(demo\/0001-ten.patch  \)#/\1#-two #/' "$BATS_TEST_TMPDIR/before" | diff - "$queue/series/demo.series"
	expects 0 port
	[ "$(outcome two demo/0001-ten.patch)" = skipped ]
}

@test "--add brings another file in, and its change is part of the resolution" {
	resolve 1
	settle
	resolve 129 --add mm/a.c
	resolve 1 --add ../out
	resolve 0 --add Makefile
	echo '# two' >>"$hand/Makefile"
	resolve 0 --add mm/extra.c
	echo 'new' >"$hand/mm/extra.c"
	resolve 0 --continue --who "$me" --note why
	expects 0 port
	[ "$(git --git-dir="$repo" show refs/heads/requilt/demo/two:mm/extra.c)" = new ]
	git --git-dir="$repo" show refs/heads/requilt/demo/two:Makefile | tail -n 1 | grep -qx '# two'
}

@test "with a source tree the whole file is merged" {
	git -C "$queue" config -f "$queue/series/branches.conf" branch.two.source one
	resolve 1
	says "||||||| the patch's source" "$hand/mm/a.c"
	settle
	resolve 0 --continue --who "$me" --note why
	expects 0 port
	[ "$(outcome two demo/0001-ten.patch)" = resolved ]
}

@test "a rule's conflict is not for this command, which says what is" {
	resolve 129 --continue --abort
	expects 129 "$requilt" -C "$queue" resolve demo
	expects 1 "$requilt" -C "$queue" resolve demo nowhere
	says "names no branch 'nowhere'"
}

@test "a folder that is gone is no resolution; a separator that is left is none either" {
	resolve 1
	settle
	cp -R "$hand" "$BATS_TEST_TMPDIR/kept"
	rm -r "$hand"
	resolve 1 --continue --who "$me" --note why
	says 'is gone; begin again with --abort'
	[ ! -e "$queue/series/demo.resolved" ]
	mv "$BATS_TEST_TMPDIR/kept" "$hand"
	sed -i '5i =======' "$hand/mm/a.c"
	resolve 1 --continue --who "$me" --note why
	says 'mm/a.c:5: a conflict marker is left'
}

@test "--abort drops what nobody can read; an empty record of what a folder is for is not taken" {
	resolve 1
	echo junk >"$hand.state"
	resolve 1
	says 'begin again with --abort'
	resolve 0 --abort
	[ ! -e "$hand" ]
	[ ! -e "$hand.state" ]
	resolve 1
	: >"$hand.state"
	resolve 1
	says 'save what you need of it, then --abort'
	[ -e "$hand/mm/a.c" ]
	resolve 0 --abort
	resolve 129 --abort
}

@test "branches that have patches of their own under one name keep a resolution each" {
	record
	git --git-dir="$repo" update-ref refs/heads/three refs/heads/two
	printf '[branch "three"]\n\ttag = new\n' >>"$queue/series/branches.conf"
	mkdir -p "$queue/patches/demo/three"
	patch_ten 'line ten, three' >"$queue/patches/demo/three/0001-ten.patch"
	hand=$queue/.requilt/resolve/demo/three
	expects 1 "$requilt" -C "$queue" resolve demo three
	settle
	expects 0 "$requilt" -C "$queue" resolve demo three --continue --who "$me" --note why
	[ "$(ls "$queue/series/demo.resolved" | wc -l)" = 2 ]
	expects 0 "$requilt" -C "$queue" port demo
	[ "$(outcome two demo/0001-ten.patch)" = resolved ]
	[ "$(outcome three demo/0001-ten.patch)" = resolved ]
}

@test "--add takes a file, not a folder" {
	expects 1 port
	resolve 1
	resolve 1 --add mm
	says 'mm: a folder here; name a file'
	[ ! -e "$hand/mm/b.c" ]
	resolve 0 --add mm/b.c
	[ -e "$hand/mm/b.c" ]
}

@test "a file that is gone is no deletion, unless it is said to be one" {
	local go=(--continue --who "$me" --note 'it goes')

	resolve 1
	settle
	cp "$hand/mm/a.c" "$BATS_TEST_TMPDIR/a.c"
	rm "$hand/mm/a.c"
	resolve 1 "${go[@]}"
	says "$hand/mm/a.c: is gone, and the patch does not remove it"
	prints_nothing find "$queue/series" -name '*.patch'
	cp "$BATS_TEST_TMPDIR/a.c" "$hand/mm/a.c"
	resolve 1 "${go[@]}" --rm mm/a.c
	says '--rm mm/a.c: it is in '
	resolve 129 "${go[@]}" --rm mm/b.c
	says '--rm mm/b.c: not one of the files'
	resolve 129 --rm mm/a.c
	says '--rm goes with --continue'
	resolve 0 --add mm/b.c
	rm "$hand/mm/a.c" "$hand/mm/b.c"
	resolve 1 "${go[@]}" --rm mm/a.c
	says "$hand/mm/b.c: is gone"
	# The next patch has no file to change then.
	resolve 1 "${go[@]}" --rm mm/a.c --rm mm/b.c
	says ' mm/a.c (gone) | 42 ' "$out"
	says 'deleted file mode' "$(echo "$queue"/series/demo.resolved/*.patch)"
	says 'demo/0002-file.patch is open on two'
}

@test "what the patch itself removes may be gone" {
	patch_file | sed 's/^-line 30$/-line other/' >"$queue/patches/demo/0002-file.patch"
	echo demo/0002-file.patch >"$queue/series/demo.series"
	resolve 1
	[ ! -e "$hand/Documentation/gone.rst" ]
	settle
	rm "$hand/mm/new.c" # but what it makes may not
	resolve 1 --continue --who "$me" --note n
	says 'mm/new.c: is gone, and the patch does not remove it'
	resolve 0 --continue --who "$me" --note n --rm mm/new.c
	lacks -F b/mm/new.c "$(echo "$queue"/series/demo.resolved/*.patch)"
}

@test "continue prints how much is recorded, and how it differs from the patch" {
	record
	says 'recorded: ' "$out"
	grep -qx ' mm/a.c | 2 +-' "$out"
	grep -qx -- '--- .*/patches/demo/0001-ten.patch' "$out"
	grep -qx -- '--line 10' "$out"
	grep -qx -- '+-LINE 10 of two' "$out"
}

@test "nothing of the directory is written or read through a link, and its state names no path outside" {
	resolve 1
	mkdir "$BATS_TEST_TMPDIR/outside"
	cp "$hand/mm/a.c" "$BATS_TEST_TMPDIR/outside"
	mv "$hand/mm" "$BATS_TEST_TMPDIR/mm"
	ln -s "$BATS_TEST_TMPDIR/outside" "$hand/mm"
	for option in --add=mm/late.h --take=1 --tool=none; do
		resolve 1 "$option"
		says "$hand/mm: is a symbolic link; nothing is written through one"
	done
	[ "$(ls "$BATS_TEST_TMPDIR/outside")" = a.c ]
	rm "$hand/mm"
	mv "$BATS_TEST_TMPDIR/mm" "$hand/mm"
	ln -s "$BATS_TEST_TMPDIR/outside/late.h" "$hand/mm/late.h"
	resolve 1 --add mm/late.h
	says "$hand/mm/late.h: is a symbolic link"
	[ ! -e "$BATS_TEST_TMPDIR/outside/late.h" ]
	rm "$hand/mm/late.h"
	cp "$hand.state" "$BATS_TEST_TMPDIR/state"
	for path in ../two/mm/a.c /etc/hostname .git/config; do
		{ cat "$BATS_TEST_TMPDIR/state" && echo "file $path"; } >"$hand.state"
		resolve 1 --continue --who "$me" --note no
		says "two.state:$(wc -l <"$hand.state"): not what resolve wrote; begin again with --abort"
	done
	resolve 0 --abort
	[ ! -e "$hand" ]
}
