#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# `requilt port` as a whole, on two tiny branches.

load helper

setup() {
	need git jq patch quilt strace "$requilt"
	make_world "$BATS_TEST_TMPDIR/world"
}

outcomes() { # BRANCH [FOLDER]: "patch outcome colour" a line, from port.json
	jq -r '.entries[] | "\(.patch) \(.outcome) \(.colour)"' \
		"${2:-$queue/series}/demo/$1/port.json"
}

# bats test_tags=memcheck
@test "port writes a series and a ref for every branch" {
	expects 0 port
	[ "$(outcomes one)" = "$(printf 'demo/0001-ten.patch exact green\ndemo/0002-file.patch exact green')" ]
	[ "$(outcomes two)" = "$(printf 'demo/0001-ten.patch offset green\ndemo/0002-file.patch offset green')" ]
	for branch in one two; do
		[ "$(head_of $branch)" != none ]
		[ "$(grep -v '^#' "$queue/series/demo/$branch/series")" = "$(printf '0001-ten.patch\n0002-file.patch')" ]
		grep -q '^# base: ' "$queue/series/demo/$branch/series"
	done
}

@test "the series applies with patch -p1 -F0, without offset, to the tree of the ref" {
	expects 0 port
	for branch in one two; do
		checkout $branch "$BATS_TEST_TMPDIR/work"
		for name in $(grep -v '^#' "$queue/series/demo/$branch/series"); do
			expects 0 patch -d "$BATS_TEST_TMPDIR/work" -p1 -F0 -i "$queue/series/demo/$branch/$name"
			lacks -i -e offset -e fuzz -e saving "$out"
		done
		[ "$(tree_of "$BATS_TEST_TMPDIR/work")" = "$(git --git-dir="$repo" rev-parse "$(head_of $branch)^{tree}")" ]
	done
}

@test "the series is pushed and popped by the real quilt" {
	expects 0 port
	for branch in one two; do
		checkout $branch "$BATS_TEST_TMPDIR/work.$branch"
		cd "$BATS_TEST_TMPDIR/work.$branch"
		QUILT_PATCHES=$queue/series/demo/$branch expects 0 quilt --quiltrc=- push -a --fuzz=0
		lacks -i -e offset -e fuzz "$out"
		[ "$(tree_of .)" = "$(git --git-dir="$repo" rev-parse "$(head_of $branch)^{tree}")" ]
		QUILT_PATCHES=$queue/series/demo/$branch expects 0 quilt --quiltrc=- pop -a
		[ "$(tree_of .)" = "$(git --git-dir="$repo" rev-parse "$branch^{tree}")" ]
	done
}

@test "emitted patches name the lines of the branch, and keep the header" {
	expects 0 port
	says '@@ -9,7 +9,7 @@' "$queue/series/demo/two/0001-ten.patch"
	says 'Subject: [PATCH 1/2] mm: spell ten' "$queue/series/demo/two/0001-ten.patch"
	says 'Signed-off-by: Ann Author' "$queue/series/demo/two/0001-ten.patch"
}

@test "an index line is right or it is not there" {
	sed -i 's/^--- a\/mm.a.c/index 1111111..2222222 100644\n&/' "$queue/patches/demo/0001-ten.patch"
	expects 0 port
	lacks -e 1111111 -e 2222222 -r "$queue/series/demo/one" "$queue/series/demo/two"
}

@test "commits carry author, date and message of the patch; the committer is branches.conf's" {
	expects 0 port
	for branch in one two; do
		[ "$(git --git-dir="$repo" log -1 --format='%an <%ae> %ad%n%cn <%ce> %cd%n%s' "$(head_of $branch)~1")" = \
			"$(printf '%s\n' 'Ann Author <ann@example.org> Wed Dec 20 23:44:24 2023 +0100' \
				'Port Er <porter@example.org> Wed Dec 20 23:44:24 2023 +0100' 'mm: spell ten')" ]
		git --git-dir="$repo" log -1 --format=%b "$(head_of $branch)~1" >"$out"
		says 'It is better so.' "$out"
		says 'Signed-off-by: Ann Author <ann@example.org>' "$out"
		lacks -F 'mm/a.c | 2' "$out"
		[ "$(git --git-dir="$repo" rev-parse "$(head_of $branch)~2")" = \
			"$(git --git-dir="$repo" rev-parse $branch)" ]
	done
}

@test "git fsck --strict finds nothing" {
	expects 0 port
	expects 0 git --git-dir="$repo" fsck --strict --full --no-dangling
	[ ! -s "$out" ]
	lacks -v '^notice:' "$err"
}

@test "port.json holds a digest and no times" {
	expects 0 port
	for branch in one two; do
		expects 0 jq -e '.digest | length > 0' "$queue/series/demo/$branch/port.json"
		expects 1 jq -e '[.. | objects | has("seconds")] | any' "$queue/series/demo/$branch/port.json"
		lacks -F "$BATS_TEST_TMPDIR" "$queue/series/demo/$branch/port.json"
	done
}

@test "version = of a branch stands for its Makefile's, in the record and for guards" {
	sed -i 's/^\[branch "one"\]/&\n\tversion = 6.5.3/' "$queue/series/branches.conf"
	sed -i 's,^demo/0002-file.patch,& #-v6.5,' "$queue/series/demo.series"
	expects 0 port
	[ "$(jq -r .version "$queue/series/demo/one/port.json")" = 6.5.3 ]
	[ ! -e "$queue/series/demo/one/0002-file.patch" ]
	says '# base: 6.5.3, ' "$queue/series/demo/one/series"
	[ "$(jq -r .version "$queue/series/demo/two/port.json")" = 6.12.1 ]
	[ -e "$queue/series/demo/two/0002-file.patch" ]
}

@test "a second run writes nothing at all" {
	expects 0 port
	snapshot >"$BATS_TEST_TMPDIR/before"
	sleep 0.05
	for again in '' --fresh; do
		# shellcheck disable=SC2086 # no word is none
		expects 0 port $again
		snapshot | diff "$BATS_TEST_TMPDIR/before" -
	done
}

# Ports, and tells whether what branch one had was kept.
kept_one() { # OPTION...
	expects 0 port --json "$@" || return
	jq -r '.branches[] | select(.branch == "one").kept' "$out"
}

@test "what is current is kept, and told as it was when it was ported" {
	local plain='walk(if type == "object" then del(.seconds, .reading_seconds, .kept) else . end)'

	[ "$(kept_one)" = false ]
	jq -e '[.. | .offset? | numbers | select(. != 0)] != []' "$out" # so there is something to tell
	jq "$plain" "$out" >"$BATS_TEST_TMPDIR/told"
	expects 0 port --json
	jq -e '[.branches[].kept] == [true, true]' "$out"
	jq "$plain" "$out" | diff "$BATS_TEST_TMPDIR/told" -
	expects 0 port
	says 'nothing to do' "$out"
	[ "$(kept_one --fresh)" = false ]
}

@test "nothing is kept that this program did not make, or that is not as it was" {
	local folder=$queue/series/demo/one ref=refs/heads/requilt/demo/one edit head

	[ "$(kept_one)" = false ]
	head=$(head_of one)
	cp -R "$folder" "$BATS_TEST_TMPDIR/good"
	for edit in \
		'sed -i s/exact/offset/ port.json' 'sed -i s/^+line.*/+edited/ 0001-ten.patch' 'echo >>series' 'rm 0001-ten.patch' \
		"git --git-dir=$repo update-ref $ref refs/heads/one" "git --git-dir=$repo update-ref -d $ref" \
		"rm -r $XDG_CACHE_HOME/requilt/ported" "sed -i /^build/s/./x/7 $XDG_CACHE_HOME/requilt/ported/*"; do
		[ "$(kept_one)" = true ] || fail "before: $edit"
		(cd "$folder" && eval "$edit")
		[ "$(kept_one)" = false ] || fail "kept after: $edit"
		diff -r "$BATS_TEST_TMPDIR/good" "$folder"
		[ "$(head_of one)" = "$head" ]
	done
	make_base 6 1 6
	commit_base one "$world/tree"
	[ "$(kept_one)" = false ]
	[ "$(kept_one --fuzz 1)" = false ]
	echo x >"$folder/mine"
	expects 1 port
	says 'no earlier port wrote it' "$out"
}

@test "the same input gives the same commits and bytes, whatever the machine and -j" {
	expects 0 port -j 1
	one=$(head_of one) two=$(head_of two)
	first=$queue
	make_world "$BATS_TEST_TMPDIR/elsewhere"
	HOME=/nonexistent TZ=Asia/Kolkata GIT_AUTHOR_NAME=other expects 0 port -j 4
	[ "$(head_of one) $(head_of two)" = "$one $two" ]
	diff -r "$first/series/demo" "$queue/series/demo"
}

@test "one branch can be named; the other is left alone" {
	expects 0 port two
	[ "$(head_of one)" = none ]
	[ "$(head_of two)" != none ]
	[ ! -e "$queue/series/demo/one" ]
}

@test "--out writes elsewhere and leaves series/ alone" {
	expects 0 port --out "$BATS_TEST_TMPDIR/o"
	[ -e "$BATS_TEST_TMPDIR/o/demo/one/series" ]
	[ ! -e "$queue/series/demo" ]
}

@test "--json is one object of both branches, and nothing else on stdout" {
	expects 0 port --json
	cp "$out" "$out.1"
	expects 0 jq -e -s 'length == 1 and (.[0].branches | map(.branch)) == ["one", "two"]' "$out.1"
	expects 0 jq -e '.queue == "demo" and .branches[1].version == "6.12.1"' "$out.1"
	[ "$(jq -r '.branches[0].head' "$out.1")" = "$(head_of one)" ]
	[ "$(jq -r '.branches[0].base' "$out.1")" = "$(git --git-dir="$repo" rev-parse one)" ]
	[ "$(jq -r '.branches[1].entries[0].hunks[0] | "\(.line) \(.offset)"' "$out.1")" = "9 2" ]
	[ "$(jq -r '.branches[1].entries[1].commit' "$out.1")" = "$(head_of two)" ]
}

# --- guards, variants, conditions ---

# bats test_tags=memcheck
@test "guards by name, tag and version leave entries out" {
	for guard in '-two' '-new' '-v6.7..v6.12' '+one' '+old'; do
		printf 'demo/0001-ten.patch #%s\ndemo/0002-file.patch\n' "$guard" >"$queue/series/demo.series"
		expects 0 port
		[ "$(outcomes one | head -n 1)" = 'demo/0001-ten.patch exact green' ]
		[ "$(outcomes two | head -n 1)" = 'demo/0001-ten.patch skipped grey' ]
		lacks 0001 "$queue/series/demo/two/series"
		[ ! -e "$queue/series/demo/two/0001-ten.patch" ]
	done
}

@test "an entry that a guard leaves out is present where the branch has it" {
	printf 'demo/0001-ten.patch #-two\n' >"$queue/series/demo.series"
	sed -i 's/^line 10$/line ten/' "$world/tree/mm/a.c"
	commit_base two "$world/tree"
	expects 0 port
	[ "$(outcomes two)" = 'demo/0001-ten.patch present green' ]
}

# bats test_tags=memcheck
@test "a variant takes the place of the common patch on its branch" {
	mkdir "$queue/patches/demo/two"
	patch_ten 'line TEN' >"$queue/patches/demo/two/0001-ten.patch"
	expects 0 port
	git --git-dir="$repo" show "$(head_of one):mm/a.c" | grep -x 'line ten'
	git --git-dir="$repo" show "$(head_of two):mm/a.c" | grep -x 'line TEN'
}

# bats test_tags=memcheck
@test "Present-if that holds: present, and the message names what was found" {
	patch_ten 'int late(void);' 'Present-if: mm/late.h defines late' >"$queue/patches/demo/0001-ten.patch"
	sed -i 's,mm/late.h,mm/a.c,' "$queue/patches/demo/0001-ten.patch"
	sed -i '/^line 10$/s/.*/int late(void);/' "$world/tree/mm/a.c"
	sed -i '1,2d' "$world/tree/mm/a.c"
	sed -i 's/^line 12$/line twelve/' "$world/tree/mm/a.c"
	commit_base two "$world/tree"
	expects 0 port
	[ "$(outcomes one | head -n 1)" = 'demo/0001-ten.patch exact green' ]
	[ "$(outcomes two | head -n 1)" = 'demo/0001-ten.patch present green' ]
	jq -r '.entries[0].message' "$queue/series/demo/two/port.json" >"$out"
	says late "$out"
}

@test "Present-if that is false after the entry was applied is an error" {
	patch_ten 'line ten' 'Present-if: mm/a.c defines never' >"$queue/patches/demo/0001-ten.patch"
	expects 1 port
	[ "$(outcomes one | head -n 1)" = 'demo/0001-ten.patch error red' ]
	[ "$(head_of one)" = none ]
}

@test "Present-if needs a 'defines'" {
	patch_ten 'line ten' 'Present-if: mm/a.c lacks something' >"$queue/patches/demo/0001-ten.patch"
	expects 1 port
	says 0001-ten.patch
}

# --- conflicts and yellow ---

# bats test_tags=memcheck
@test "a conflict on one branch does not stop the other" {
	sed -i 's/^line 10$/line other/' "$world/tree/mm/a.c"
	commit_base two "$world/tree"
	expects 1 port
	[ "$(head_of one)" != none ]
	[ -e "$queue/series/demo/one/series" ]
	[ "$(head_of two)" = none ]
	[ ! -e "$queue/series/demo/two/series" ]
	[ "$(outcomes two)" = "$(printf 'demo/0001-ten.patch conflict red\ndemo/0002-file.patch offset green')" ]
	[ "$(jq -r .head "$queue/series/demo/two/port.json")" = null ]
	says 'the series are in'
	# of a series that was not written nothing is said
	expects 1 port two
	lacks 'the series are in' "$err"
}

@test "a path through a symbolic link on one branch does not stop the other" {
	rm -r "$world/tree/Documentation"
	ln -s mm "$world/tree/Documentation"
	commit_base two "$world/tree"
	head_lines 'docs: a page' >"$queue/patches/demo/0003-page.patch"
	printf '\n--- /dev/null\n+++ b/Documentation/page.rst\n@@ -0,0 +1 @@\n+page\n' >>"$queue/patches/demo/0003-page.patch"
	printf 'demo/0001-ten.patch\ndemo/0003-page.patch\n' >"$queue/series/demo.series"
	expects 1 port
	[ "$(head_of one)" != none ]
	[ "$(head_of two)" = none ]
	[ "$(outcomes two | tail -n 1)" = 'demo/0003-page.patch conflict red' ]
}

@test "a port that turns red leaves no series behind and does not move the ref" {
	expects 0 port
	old=$(head_of two)
	sed -i 's/^line 10$/line other/' "$world/tree/mm/a.c"
	commit_base two "$world/tree"
	expects 1 port
	[ "$(head_of two)" = "$old" ]
	[ "$(echo "$queue"/series/demo/two/*)" = "$queue/series/demo/two/last-good $queue/series/demo/two/port.json" ]
	[ -e "$queue/series/demo/one/series" ]
}

# Branch two is red, after a port that was not.
two_turns_red() {
	expects 0 port
	cp -R "$queue/series/demo/two" "$BATS_TEST_TMPDIR/good"
	sed -i 's/^line 10$/line other/' "$world/tree/mm/a.c"
	sed -i 's/^SUBLEVEL.*/SUBLEVEL = 2/' "$world/tree/Makefile"
	commit_base two "$world/tree"
	expects 1 port
}

@test "the last good series of a red port is kept where quilt does not look, and goes when a port is good again" {
	local two=$queue/series/demo/two

	two_turns_red
	diff -r "$BATS_TEST_TMPDIR/good" "$two/last-good"
	[ "$(jq -r .colour "$two/port.json")" = red ]
	checkout two "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work"
	# quilt 0.66 exits with 2, 0.68 with 1.
	! QUILT_PATCHES=$two quilt --quiltrc=- push -a 2>"$err" || fail 'quilt pushed something'
	says 'No series file found'
	# Red again, and once more for another reason: the first one stays, and nothing is written twice.
	snapshot >"$BATS_TEST_TMPDIR/before"
	expects 1 port
	snapshot | diff "$BATS_TEST_TMPDIR/before" -
	patch_ten 'line TEN' >"$queue/patches/demo/0001-ten.patch"
	expects 1 port
	diff -r "$BATS_TEST_TMPDIR/good" "$two/last-good"
	expects 1 "$requilt" -C "$queue" status
	grep -q '^demo  *two  *6.12.2  *red, last good 6.12.1$' "$out"
	expects 1 "$requilt" -C "$queue" status --json
	[ "$(jq -r '.[] | "\(.state) \(.last_good)"' "$out")" = "$(printf 'green null\nred 6.12.1')" ]
	expects 0 "$requilt" -C "$queue" show demo two
	says "last good: 6.12.1, " "$out"
	expects 0 "$requilt" -C "$queue" report --markdown
	grep -qF '| port | green | red, last good `6.12.1` |' "$out"
	# Its files are as port wrote them, and no others.
	echo mine >"$two/last-good/notes"
	expects 1 port
	says 'demo/two/last-good/notes: no earlier port wrote it' "$out"
	rm "$two/last-good/notes"
	sed -i 's/^line other$/line 10/' "$world/tree/mm/a.c"
	commit_base two "$world/tree"
	expects 0 port
	[ ! -e "$two/last-good" ]
	# What no record can be read of is not lost either.
	echo '{' >"$two/port.json"
	sed -i 's/^-line 10$/-line tenx/' "$queue/patches/demo/0001-ten.patch"
	expects 1 port two
	says 'demo/two/port.json: cannot be read, and a red port would remove the series' "$out"
	[ -e "$two/0001-ten.patch" ]
	[ -e "$two/0001-ten.patch" ]
}

@test "export takes the last good series of a red port when it is told to, and nothing that was edited" {
	local two=$queue/series/demo/two export

	export=("$requilt" -C "$queue" export demo two --format quilt -o "$BATS_TEST_TMPDIR/exported")
	two_turns_red
	expects 1 "${export[@]}"
	says '--stale exports the last good series, 6.12.1'
	[ ! -e "$BATS_TEST_TMPDIR/exported" ]
	expects 0 "${export[@]}" --stale
	says 'last-good: stale, made for 6.12.1 from an older queue or base'
	cmp "$BATS_TEST_TMPDIR/good/0001-ten.patch" "$BATS_TEST_TMPDIR/exported/0001-ten.patch"
	[ "$(jq -r '"\(.version) \(.stale)"' "$BATS_TEST_TMPDIR/exported/export.json")" = '6.12.1 true' ]
	# Files and record may have come together, from anybody.
	mv "$XDG_CACHE_HOME/requilt/ported" "$BATS_TEST_TMPDIR/ported"
	expects 1 "$requilt" -C "$queue" status
	grep -q 'red, last good 6.12.1, unchecked$' "$out"
	mkdir "$BATS_TEST_TMPDIR/none"
	expects 1 "${export[@]/exported/none/x}" --stale
	says 'last-good: stale, and no note here says that a port of this program wrote it'
	prints_nothing ls "$BATS_TEST_TMPDIR/none"
	rm -rf "$XDG_CACHE_HOME/requilt/ported" && mv "$BATS_TEST_TMPDIR/ported" "$XDG_CACHE_HOME/requilt/ported"
	echo edited >>"$two/last-good/0001-ten.patch"
	expects 1 "$requilt" -C "$queue" status
	grep -q '^demo  *two  *6.12.2  *red, last good 6.12.1, edited since$' "$out"
	expects 1 "${export[@]}" --stale
	says 'last-good: its files are not as port wrote them'
	rm -r "$two/last-good"
	expects 1 "${export[@]}" --stale
	says 'the port is red, and no earlier one was good'
	# What is only stale is there itself.
	patch_ten 'line TEN' >"$queue/patches/demo/0001-ten.patch"
	expects 1 "$requilt" -C "$queue" export demo one --format quilt -o "$BATS_TEST_TMPDIR/one"
	says 'the output is stale'
	expects 0 "$requilt" -C "$queue" export demo one --format quilt -o "$BATS_TEST_TMPDIR/one" --stale
	[ "$(jq -r .stale "$BATS_TEST_TMPDIR/one/export.json")" = true ]
}

@test "an entry cannot take the name of what port keeps there" {
	mkdir "$queue/patches/demo/last-good"
	mv "$queue/patches/demo/0001-ten.patch" "$queue/patches/demo/last-good"
	sed -i 's,demo/0001,demo/last-good/0001,' "$queue/series/demo.series"
	expects 1 port
	says 'its name in the series, last-good/0001-ten.patch, is taken' "$out"
}

@test "a last good series whose names lead out of it is not copied" {
	two_turns_red
	echo ../../../../outside >>"$queue/series/demo/two/last-good/series"
	echo x >"$queue/outside"
	expects 1 port
	says "path '../../../../outside' has a '..' part" "$out"
	[ -e "$queue/series/demo/two/last-good/0001-ten.patch" ]
}

@test "a branch without a base fails alone, and says how to make one" {
	printf '[branch "three"]\n\ttag = new\n' >>"$queue/series/branches.conf"
	expects 128 port --json
	[ "$(head_of one)" != none ]
	[ "$(jq -r '.branches[2].colour' "$out")" = red ]
	jq -r '.branches[2].message' "$out" >"$err"
	says 'tree add three'
}

# bats test_tags=memcheck
@test "yellow exits 0, with --strict 1, and is green once a reader has accepted it" {
	sed -i 's/^line 7$/line seven/' "$world/tree/mm/a.c"
	commit_base two "$world/tree"
	expects 0 port
	[ "$(outcomes two | head -n 1)" = 'demo/0001-ten.patch anchored yellow' ]
	expects 1 port --strict
	expects 1 port --fuzz 1 --strict
	expects 0 port --fuzz 1
	[ "$(outcomes two | head -n 1)" = 'demo/0001-ten.patch fuzz yellow' ]
	GIT_AUTHOR_NAME= expects 129 "$requilt" -C "$queue" accept demo two demo/0001-ten.patch
	expects 0 "$requilt" -C "$queue" accept demo two demo/0001-ten.patch --who 'Rea Der <reader@example.org>'
	expects 0 port --fuzz 1 --strict
	[ "$(outcomes two | head -n 1)" = 'demo/0001-ten.patch fuzz green' ]
	[ "$(outcomes one | head -n 1)" = 'demo/0001-ten.patch exact green' ]
}

@test "what was accepted is the change, not the entry's name" {
	sed -i 's/^line 7$/line seven/' "$world/tree/mm/a.c"
	commit_base two "$world/tree"
	expects 0 port --fuzz 1
	expects 0 "$requilt" -C "$queue" accept demo two demo/0001-ten.patch --who 'Rea Der <reader@example.org>'
	patch_ten 'line TEN' >"$queue/patches/demo/0001-ten.patch"
	expects 1 port --fuzz 1 --strict
	[ "$(outcomes two | head -n 1)" = 'demo/0001-ten.patch fuzz yellow' ]
}

# bats test_tags=memcheck
@test "fuzz in the output is gone: the emitted patch has the branch's context" {
	sed -i 's/^line 7$/line seven/' "$world/tree/mm/a.c"
	commit_base two "$world/tree"
	expects 0 port --fuzz 1
	says ' line seven' "$queue/series/demo/two/0001-ten.patch"
	checkout two "$BATS_TEST_TMPDIR/work"
	expects 0 patch -d "$BATS_TEST_TMPDIR/work" -p1 -F0 -i "$queue/series/demo/two/0001-ten.patch"
	lacks -i -e offset -e fuzz "$out"
}

# --- refused before anything is done ---

refused() { # TEXT...: exit 1, the texts on stderr, nothing written
	local text

	expects 1 port
	for text; do
		says "$text"
	done
	[ "$(head_of one) $(head_of two)" = 'none none' ]
	[ ! -e "$queue/series/demo" ]
}

@test "a missing patch is refused with file and line" {
	echo demo/0009-none.patch >>"$queue/series/demo.series"
	refused demo.series:4 0009-none.patch
}

@test "a typo in a guard is refused with file and line" {
	echo 'demo/0001-ten.patch #-tow' >"$queue/series/demo.series"
	refused demo.series:1 tow
}

@test "an entry named twice is refused with file and line" {
	echo demo/0001-ten.patch >>"$queue/series/demo.series"
	refused demo.series:4
}

@test "a path with '..' is refused with file and line" {
	patch_ten >"$queue/outside.patch"
	echo ../outside.patch >>"$queue/series/demo.series"
	refused demo.series:4 ..
}

@test "a link that leads outside is refused with file and line" {
	patch_ten >"$BATS_TEST_TMPDIR/outside.patch"
	ln -s "$BATS_TEST_TMPDIR/outside.patch" "$queue/patches/demo/0003-link.patch"
	echo demo/0003-link.patch >>"$queue/series/demo.series"
	refused demo.series:4 0003-link.patch
}

@test "an unknown option behind a name is refused with file and line" {
	echo 'demo/0003-x.patch --fuzz=2' >>"$queue/series/demo.series"
	patch_ten >"$queue/patches/demo/0003-x.patch"
	refused demo.series:4
}

# bats test_tags=memcheck
@test "a malformed patch is one red entry, with its file and line" {
	head -n 17 "$queue/patches/demo/0001-ten.patch" >"$BATS_TEST_TMPDIR/cut"
	mv "$BATS_TEST_TMPDIR/cut" "$queue/patches/demo/0001-ten.patch"
	expects 1 port
	says 0001-ten.patch:14 "$out"
	[ "$(head_of one) $(head_of two)" = 'none none' ]
	[ ! -e "$queue/series/demo/one/series" ]
	[ "$(outcomes one | tail -n 1)" = 'demo/0002-file.patch exact green' ]
}

@test "an unsafe path in a patch is refused with its file and line" {
	sed -i 's,mm/a.c,mm/../../a.c,' "$queue/patches/demo/0001-ten.patch"
	refused 0001-ten.patch: ..
}

@test "an empty selection is refused" {
	echo '# nothing' >"$queue/series/demo.series"
	refused demo.series
}

# bats test_tags=memcheck
@test "a binary change is refused by name: quilt cannot hold it" {
	printf 'RIFF\0\1' >"$world/bin"
	mkdir "$world/a" && cp "$world/bin" "$world/a/logo.bin"
	head_lines 'a logo' >"$queue/patches/demo/0003-logo.patch"
	(cd "$world" && git diff --no-index --binary /dev/null a/logo.bin | sed 's,a/a/,a/,g; s,b/a/,b/,g') \
		>>"$queue/patches/demo/0003-logo.patch" || true
	echo demo/0003-logo.patch >>"$queue/series/demo.series"
	expects 1 port
	jq -r '.entries[2].message' "$queue/series/demo/one/port.json" >"$out"
	says logo.bin "$out"
	[ "$(head_of one)" = none ]
}

# --- killed at any moment ---

# The state of branch $1 as one word: the bytes of its folder, and its ref.
folder_state() {
	[ -d "$queue/series/demo/$1" ] || { echo none; return; }
	(cd "$queue/series/demo/$1" && find . -type f -exec sha256sum {} + | sort -k 2 | sha256sum)
}

# After a kill: each branch is old or new, and the next run makes all of it new.
check_killed() {
	local branch old_folder new_folder old_ref new_ref folder ref

	for branch in one two; do
		eval "old_folder=\$old_folder_$branch new_folder=\$new_folder_$branch" \
			"old_ref=\$old_ref_$branch new_ref=\$new_ref_$branch"
		folder=$(folder_state $branch) ref=$(head_of $branch)
		[ "$folder" = "$old_folder" ] || [ "$folder" = "$new_folder" ] ||
			fail "the folder of $branch is neither old nor new" || return
		[ "$ref" = "$old_ref" ] || [ "$ref" = "$new_ref" ] ||
			fail "the ref of $branch is neither old nor new: $ref" || return
		[ "$ref" = "$old_ref" ] || [ "$folder" = "$new_folder" ] ||
			fail "the ref of $branch went before its folder" || return
	done
	expects 0 git --git-dir="$repo" fsck --strict --connectivity-only --no-dangling || return
	expects 0 port || return
	for branch in one two; do
		eval "new_folder=\$new_folder_$branch new_ref=\$new_ref_$branch"
		[ "$(folder_state $branch)" = "$new_folder" ] ||
			fail "the next run left the folder of $branch old" || return
		[ "$(head_of $branch)" = "$new_ref" ] ||
			fail "the next run left the ref of $branch old" || return
	done
	[ "$(ls -A "$queue/series/demo" | xargs)" = 'one two' ] ||
		fail "left behind: $(ls -A "$queue/series/demo" | xargs)"
}

write_calls=write,pwrite64,openat,rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat,fsync,fdatasync,rmdir

@test "killed at 30 points and more: folder and ref are old or new, and the next run finishes" {
	expects 0 port
	for branch in one two; do
		declare "old_folder_$branch=$(folder_state $branch)" "old_ref_$branch=$(head_of $branch)"
	done
	patch_ten 'line TEN' >"$queue/patches/demo/0001-ten.patch"
	cp -a "$world" "$BATS_TEST_TMPDIR/start"
	cp -a "$XDG_CACHE_HOME" "$BATS_TEST_TMPDIR/start-cache"
	export ASAN_OPTIONS=detect_leaks=0
	expects 0 strace -qq -f -e trace=$write_calls -o "$BATS_TEST_TMPDIR/calls" \
		"$requilt" -C "$queue" port demo -j 1
	for branch in one two; do
		declare "new_folder_$branch=$(folder_state $branch)" "new_ref_$branch=$(head_of $branch)"
	done
	[ "$old_ref_one" != "$new_ref_one" ]
	first=$(grep -n demo "$BATS_TEST_TMPDIR/calls" | head -n 1 | cut -d: -f1)
	total=$(wc -l <"$BATS_TEST_TMPDIR/calls")
	points=$(for i in $(seq 1 30); do echo $((first + (total - first) * i / 31)); done
		# and before and after every rename and every lock
		grep -n -e rename -e '\.lock' "$BATS_TEST_TMPDIR/calls" | cut -d: -f1 |
			awk '{ print; print $1 + 1 }')
	killed=0 n=0 bad=
	for at in $(sort -nu <<<"$points"); do
		# with what a run keeps in the cache, it would make fewer calls
		rm -rf "$world" "$XDG_CACHE_HOME"
		cp -a "$BATS_TEST_TMPDIR/start" "$world" && cp -a "$BATS_TEST_TMPDIR/start-cache" "$XDG_CACHE_HOME"
		status=0 n=$((n + 1))
		# strace counts each system call of each thread by itself
		name=$(sed -n "${at}p" "$BATS_TEST_TMPDIR/calls" | sed 's/^[0-9]* *//; s/(.*//')
		thread=$(sed -n "${at}s/ .*//p" "$BATS_TEST_TMPDIR/calls")
		nth=$(head -n "$at" "$BATS_TEST_TMPDIR/calls" | grep -c "^$thread *$name(")
		strace -qq -f -o /dev/null -e "trace=$name" -e "inject=$name:signal=KILL:when=$nth" \
			"$requilt" -C "$queue" port demo -j 1 >"$out" 2>"$err" || status=$?
		[ $status = 0 ] || killed=$((killed + 1))
		story=$(check_killed 2>&1) || bad="$bad${bad:+
}call $at ($(sed -n "${at}p" "$BATS_TEST_TMPDIR/calls" | cut -c1-160)): $story"
	done
	[ -z "$bad" ] || fail "$bad"
	[ $killed -ge $((n - 2)) ] || fail "only $killed of $n runs were killed"
}

@test "killed by the clock, 30 times over: the next run finishes" {
	local start took status killed=0

	export ASAN_OPTIONS=detect_leaks=0
	start=$(date +%s%N)
	expects 0 port
	took=$(($(date +%s%N) - start))
	for i in $(seq 1 30); do
		patch_ten "line ten $i" >"$queue/patches/demo/0001-ten.patch"
		status=0
		timeout -s KILL "$(awk -v n="$took" -v i="$i" 'BEGIN { printf "%.6f", n * i / 30 / 1e9 }')" \
			"$requilt" -C "$queue" port demo >"$out" 2>"$err" || status=$?
		case $status in
		0) ;;
		137) killed=$((killed + 1)) ;;
		*) fail "round $i: exit status $status" "$(<"$err")" ;;
		esac
		for branch in one two; do
			[ ! -e "$queue/series/demo/$branch" ] || [ -s "$queue/series/demo/$branch/series" ] ||
				fail "round $i: half a folder"
		done
	done
	[ $killed -ge 5 ] || fail "only $killed of 30 runs were killed"
	expects 0 port
	expects 0 git --git-dir="$repo" fsck --strict --no-dangling
	git --git-dir="$repo" show "$(head_of two):mm/a.c" | grep -x "line ten 30"
	[ "$(ls -A "$queue/series/demo" | xargs)" = 'one two' ]
}

@test "a folder that holds a file of somebody else's is not replaced" {
	expects 0 port
	echo mine >"$queue/series/demo/one/notes.txt"
	patch_ten 'line TEN' >"$queue/patches/demo/0001-ten.patch"
	expects 1 port
	says 'red'
	grep -q notes.txt "$out" || fail 'the file is not named'
	[ "$(cat "$queue/series/demo/one/notes.txt")" = mine ]
	mkdir -p "$queue/patches/demo/two" && cp "$queue/patches/demo/0001-ten.patch" "$queue/patches/demo/two/"
	expects 1 port two --out "$queue/patches"
	[ -s "$queue/patches/demo/two/0001-ten.patch" ]
}

@test "status: output that somebody changed is stale" {
	expects 0 port
	expects 0 "$requilt" -C "$queue" status
	echo junk >>"$queue/series/demo/one/0001-ten.patch"
	expects 1 "$requilt" -C "$queue" status
	grep -qE 'one .*stale' "$out"
	expects 0 port
	expects 0 "$requilt" -C "$queue" status
	rm "$queue/series/demo/two/0001-ten.patch"
	expects 1 "$requilt" -C "$queue" status
}

@test "status says why a row is stale, and what to do next" {
	local moved

	expects 0 port
	says_of() { # BRANCH TEXT
		expects 1 "$requilt" -C "$queue" status
		[ "$(sed -n "s/^demo  *$1  *[^ ]*  *//p" "$out")" = "$2" ] || fail "$(cat "$out")"
		grep -qx "    next: requilt port demo $1" "$out" || fail "$(cat "$out")"
	}
	echo junk >>"$queue/series/demo/one/0001-ten.patch"
	says_of one 'stale: its files were changed since the port'
	expects 0 port
	moved=$(git --git-dir="$repo" rev-parse one | cut -c1-12)
	commit_base one "$world/tree"
	says_of one "stale: the base was $moved and is $(git --git-dir="$repo" rev-parse one | cut -c1-12) now"
	expects 0 port
	patch_ten 'line TEN' >"$queue/patches/demo/0001-ten.patch"
	says_of two 'stale: the queue, its records or branches.conf changed'
	expects 0 port
	rm -r "$queue/series/demo/two"
	says_of two 'missing'
	sed -i 's/^ line 9$/ line nine/; s/^ line 11$/ line eleven/; s/^-line 10/-line then/' "$queue/patches/demo/0001-ten.patch"
	expects 1 port
	expects 1 "$requilt" -C "$queue" status
	grep -qx '    next: requilt show demo one' "$out"
	expects 1 "$requilt" -C "$queue" status --json
	[ "$(jq -r '.[0].state' "$out")" = red ]
}

@test "branches whose names differ by an ending do not meet" {
	printf '[branch "one.new"]\n\tref = refs/heads/one\n' >>"$queue/series/branches.conf"
	expects 0 port
	[ -s "$queue/series/demo/one/series" ]
	[ -s "$queue/series/demo/one.new/series" ]
	expects 0 port
	expects 0 "$requilt" -C "$queue" status
}

@test "many files are read ahead by threads: the same commits, whatever their number" {
	checkout one "$BATS_TEST_TMPDIR/base"
	cp -R "$BATS_TEST_TMPDIR/base" "$BATS_TEST_TMPDIR/new"
	for i in {1..90}; do
		mkdir -p "$BATS_TEST_TMPDIR"/{base,new}/many/$((i % 7))
		printf 'a%d\nb\nc\n' $i >"$BATS_TEST_TMPDIR/base/many/$((i % 7))/$i.c"
		printf 'a%d\nb\nC\n' $i >"$BATS_TEST_TMPDIR/new/many/$((i % 7))/$i.c"
	done
	commit_base one "$BATS_TEST_TMPDIR/base"
	(cd "$BATS_TEST_TMPDIR" && diff -ruN base new) >"$queue/patches/demo/0003-many.patch" || true
	echo demo/0003-many.patch >>"$queue/series/demo.series"
	for jobs in 1 2 7; do
		expects 0 port one -j $jobs
		git --git-dir="$repo" rev-parse requilt/demo/one >"$BATS_TEST_TMPDIR/head.$jobs"
		git --git-dir="$repo" update-ref -d refs/heads/requilt/demo/one
		rm -r "$queue/series/demo"
		cmp "$BATS_TEST_TMPDIR/head.1" "$BATS_TEST_TMPDIR/head.$jobs"
		expects 0 "$requilt" --repo "$repo" apply --onto one -j $jobs "$queue"/patches/demo/*.patch --json
		jq -r '.branches[0].tree' "$out" >"$BATS_TEST_TMPDIR/tree.$jobs"
		cmp "$BATS_TEST_TMPDIR/tree.1" "$BATS_TEST_TMPDIR/tree.$jobs"
	done
	[ "$(git --git-dir="$repo" ls-tree -r "$(cat "$BATS_TEST_TMPDIR/tree.1")" many | wc -l)" = 90 ]
}

@test "apply stores what a file became though a later patch on it failed, and no state in between" {
	sed 's/^-line 30$/-line other/' "$queue/patches/demo/0002-file.patch" >"$queue/bad.patch"
	{ head_lines 'once more' && printf 'diff --git a/mm/a.c b/mm/a.c\n--- a/mm/a.c\n+++ b/mm/a.c\n' && hunk 20 twenty; } >"$queue/more.patch"
	for jobs in 1 2; do
		expects 1 "$requilt" --repo "$repo" apply --onto one -j $jobs --json --keep-going \
			"$queue/patches/demo/0001-ten.patch" "$queue/more.patch" "$queue/bad.patch"
		tree=$(jq -er '.branches[0].tree' "$out")
		git --git-dir="$repo" show "$tree:mm/a.c" >"$world/a.c"
		[ "$(sed -n '10p;20p;30p' "$world/a.c" | paste -sd,)" = 'line ten,twenty,line 30' ]
		[ "$(jq -r '.branches[0].entries[2].outcome, .branches[0].head' "$out" | paste -sd,)" = 'conflict,null' ]
	done
	between=$(checkout one "$world/w" && cd "$world/w" && sed -i 's/^line 10$/line ten/' mm/a.c && git hash-object mm/a.c)
	expects 1 git --git-dir="$repo" cat-file -e "$between"
	git --git-dir="$repo" fsck --strict --no-dangling
}

@test "a branch on which every entry is skipped gets nothing, and is not green" {
	sed -i 's/patch$/& #-two/' "$queue/series/demo.series"
	expects 0 port --json
	[ "$(jq -r '[.branches[].colour] | join(" ")' "$out")" = 'green nothing' ]
	[ "$(jq -r .colour "$queue/series/demo/two/port.json")" = nothing ]
	expects 0 port
	grep -q '^two  *6.12.1  *nothing 2 skipped' "$out"
	expects 1 port --strict
	says 'demo: 1 of 2 branches get nothing, every entry is skipped'
	expects 0 "$requilt" -C "$queue" status
	grep -q '^demo  *two  *6.12.1  *nothing' "$out"
	expects 0 "$requilt" -C "$queue" report --markdown
	grep -q '^| port | green | nothing |' "$out"
	expects 0 "$requilt" -C "$queue" report --junit
	grep -c 'two.port.*<skipped message="skipped' "$out" | grep -qx 2
	expects 0 "$requilt" -C "$queue" report -o "$BATS_TEST_TMPDIR/page"
	grep -q '"word": *"nothing", *"stale": *false, *"last_good": *null, *"colour": *"grey"' "$BATS_TEST_TMPDIR/page/index.html"
	expects 1 "$requilt" -C "$queue" export demo two --format mbox --who 'Ann Author <ann@example.org>' -o "$BATS_TEST_TMPDIR/mbox"
	says 'no entry of demo is for it'
	# What is there counts, and so does one entry of two.
	sed -i '2s/ #-two//' "$queue/series/demo.series"
	expects 0 port --strict
	[ "$(jq -r .colour "$queue/series/demo/two/port.json")" = green ]
}

# A ported branch two, and a queue that has changed since.
two_will_move() {
	expects 0 port
	patch_ten 'line TEN' >"$queue/patches/demo/0001-ten.patch"
	old=$(head_of two)
	cp -R "$queue/series/demo/two" "$BATS_TEST_TMPDIR/before"
}

# Port refuses to move the branch's ref, says where it is checked out, and writes nothing of it.
stays_for() { # WORK TREE [OPTIONS]
	expects 128 port "${@:2}"
	says "refs/heads/requilt/demo/two: is checked out in $1" "$out"
	[ "$(head_of two)" = "$old" ]
	diff -r "$BATS_TEST_TMPDIR/before" "$queue/series/demo/two"
	prints_nothing git -C "$1" status --porcelain
}

@test "a ref that a work tree stands on is not moved, as git does not" {
	local tree=$BATS_TEST_TMPDIR/tree

	two_will_move
	git --git-dir="$repo" worktree add -q "$tree" requilt/demo/two
	stays_for "$tree"
	[ "$(head_of one)" != none ]
	# git can write the place of the work tree as one relative to its own directory.
	local own=$repo/worktrees/tree

	cp "$own/gitdir" "$BATS_TEST_TMPDIR/gitdir"
	realpath --relative-to="$own" "$tree/.git" >"$own/gitdir"
	[ "$(head -c 3 "$own/gitdir")" = ../ ]
	stays_for "$tree"
	lacks 'which is gone' "$out"
	cp "$BATS_TEST_TMPDIR/gitdir" "$own/gitdir"
	# A rebase with --update-refs moves refs at its end: ref, old and new commit in turn.
	git -C "$tree" checkout -q --detach
	mkdir "$own/rebase-merge"
	printf '%s\n' refs/heads/other "$old" "$old" refs/heads/requilt/demo/two "$old" "$old" >"$own/rebase-merge/update-refs"
	stays_for "$tree"
	says "'git -C $tree rebase --quit'" "$out"
	rm -r "$own/rebase-merge"
	git -C "$tree" checkout -q requilt/demo/two
	git --git-dir="$repo" symbolic-ref refs/heads/mine refs/heads/requilt/demo/two
	git -C "$tree" symbolic-ref HEAD refs/heads/mine
	stays_for "$tree"
	git -C "$tree" checkout -q --detach
	expects 0 port
	[ "$(head_of two)" != "$old" ]
	# One that is gone cannot be switched.
	git -C "$tree" checkout -q requilt/demo/two
	rm -rf "$tree"
	patch_ten 'line ten' >"$queue/patches/demo/0001-ten.patch"
	expects 128 port
	says "is checked out in $tree, which is gone; 'git worktree prune'" "$out"
	git --git-dir="$repo" worktree prune
	expects 0 port
}

@test "the ref is not moved under the main work tree, nor under a rebase of it" {
	local tree=$BATS_TEST_TMPDIR/tree

	git clone -q --mirror "$repo" "$tree/.git"
	git -C "$tree" config core.bare false
	git -C "$tree" checkout -q one
	sed -i "s,repository = .*,repository = $tree," "$queue/series/branches.conf"
	repo=$tree/.git
	two_will_move
	git -C "$tree" checkout -q requilt/demo/two
	stays_for "$tree"
	# It is named by its own name, whichever of its work trees the repository is.
	git -C "$tree" worktree add -q --detach "$BATS_TEST_TMPDIR/linked"
	sed -i "s,repository = .*,repository = $BATS_TEST_TMPDIR/linked," "$queue/series/branches.conf"
	stays_for "$tree"
	says "'git -C $tree switch --detach'" "$out"
	sed -i "s,repository = .*,repository = $tree," "$queue/series/branches.conf"
	# Where nothing moves there is nothing to refuse.
	patch_ten >"$queue/patches/demo/0001-ten.patch"
	expects 0 port --fresh
	patch_ten 'line TEN' >"$queue/patches/demo/0001-ten.patch"
	GIT_SEQUENCE_EDITOR='sed -i s/^pick/edit/' expects 0 git -C "$tree" rebase -q -i HEAD~1
	stays_for "$tree"
	says "'git -C $tree rebase --quit'" "$out"
	git -C "$tree" rebase --quit
	expects 0 port
	old=$(head_of two)
	git -C "$tree" checkout -qf requilt/demo/two
	git -C "$tree" bisect start >"$BATS_TEST_TMPDIR/bisect"
	git -C "$tree" switch -q --detach 2>>"$BATS_TEST_TMPDIR/bisect"
	patch_ten >"$queue/patches/demo/0001-ten.patch"
	cp -R "$queue/series/demo/two/." "$BATS_TEST_TMPDIR/before"
	stays_for "$tree"
	says "'git -C $tree bisect reset HEAD'" "$out"
	git -C "$tree" bisect reset HEAD 2>>"$BATS_TEST_TMPDIR/bisect"
	expects 0 port
	# git refuses to switch in the middle of a merge.
	git -C "$tree" checkout -qf requilt/demo/two
	git -C "$tree" rev-parse one >"$tree/.git/MERGE_HEAD"
	patch_ten 'line TEN' >"$queue/patches/demo/0001-ten.patch"
	expects 128 port
	says "in the middle of a merge; finish it or 'git -C $tree merge --abort'" "$out"
	git -C "$tree" merge --abort
	# Nor does tree add move a base that is checked out.
	git -C "$tree" checkout -q one
	make_base 6 1 6
	expects 128 "$requilt" -C "$queue" tree add one "$world/tree"
	says "refs/heads/one: is checked out in $tree"
}

@test "a branch whose name is a directory of the ref is named" {
	git --git-dir="$repo" branch requilt one
	expects 128 port
	says "cannot be made while there is a branch requilt: one is a directory of the other; 'git branch -m requilt NAME'" "$out"
	[ ! -e "$queue/series/demo/one" ]
	git --git-dir="$repo" pack-refs --all
	expects 128 port
	says 'there is a branch requilt:' "$out"
	git --git-dir="$repo" branch -q -m requilt mine
	git --git-dir="$repo" branch requilt/demo/one/mine one
	expects 128 port
	says 'there is a branch requilt/demo/one/mine:' "$out"
}

@test "what branches.conf cannot say is told with its line" {
	local conf=$queue/series/branches.conf lines line want

	cp "$conf" "$BATS_TEST_TMPDIR/conf"
	lines=$(($(wc -l <"$conf") + 2))
	while IFS='|' read -r line want; do
		{ cat "$BATS_TEST_TMPDIR/conf" && printf '\ttag = late\n\t%s\n' "$line"; } >"$conf"
		expects 1 port
		says "series/branches.conf:$lines: $want"
	done <<-'END'
		reff: base|'reff: base' is no line of it; write 'key = value' below a [section]
		reff = base|branch.two.reff: unknown key; see requilt-series(5)
		reff|branch.two.reff: unknown key
		REFF = base|branch.two.reff: unknown key
		tag = a b|branch.two.tag: 'a b' is no tag
		[branch "three"] fuzzy = 1|branch.three.fuzzy: unknown key
		[Core] repo = x|core.repo: unknown key
		[other "x"] y = z|other.x.y: unknown section
		[branch "a b"] tag = x|branch "a b": use letters
	END
}

@test "accept takes an entry by what it is called, and nothing else" {
	local name accept=("$requilt" -C "$queue" accept demo one --who 'Rea Der <reader@example.org>')

	printf 'demo/0001-ten.patch\ndemo/0002-file.patch\ndemo/sub/0002-file.patch #-one\n' >"$queue/series/demo.series"
	mkdir -p "$queue/patches/demo/sub" "$queue/patches/other"
	patch_ten other >"$queue/patches/demo/sub/0002-file.patch"
	patch_ten other >"$queue/patches/other/0009-other.patch"
	make_base 6 1 5 && rm "$world/tree/Documentation/gone.rst" # so 0002 is yellow
	commit_base one "$world/tree"
	expects 0 port one
	for name in '' series port.json demo demo/ demo/0002-file.patch/ 0009 other/0009-other.patch ../demo/0002-file.patch \
		patches/demo/0002-file.patch 0002-file.patc0; do
		expects 1 "${accept[@]}" "$name"
		says "'$name'"
		[ ! -e "$queue/series/demo.reviewed" ]
	done
	for name in 0002-file.patch 0002 file; do
		expects 1 "${accept[@]}" "$name"
		[ ! -e "$queue/series/demo.reviewed" ]
	done
	expects 1 "${accept[@]}" 0002
	says "'0002' may be demo/0002-file.patch, demo/sub/0002-file.patch; write more of it"
	expects 0 "${accept[@]}" 0001
	[ "$(<"$out")" = 'demo/0001-ten.patch on one: exact: there is nothing to accept' ]
	expects 0 "${accept[@]}" demo/sub
	[ "$(<"$out")" = 'demo/sub/0002-file.patch on one: skipped: there is nothing to accept' ]
	[ ! -e "$queue/series/demo.reviewed" ]
	expects 0 "${accept[@]}" demo/0002
	[ "$(<"$out")" = 'demo/0002-file.patch on one: exact: accepted by Rea Der <reader@example.org>; green from the next port on' ]
	cp "$queue/series/demo.reviewed" "$BATS_TEST_TMPDIR/reviewed"
	expects 0 "${accept[@]}" demo/0002-file.patch
	says 'was accepted before' "$out"
	expects 0 port one --strict
	expects 0 "${accept[@]}" demo/0002-file.patch
	cmp "$queue/series/demo.reviewed" "$BATS_TEST_TMPDIR/reviewed"
}

@test "accept finds a rule by its file name, and by the patch that it became" {
	need spatch
	mkdir -p "$queue/cocci/demo"
	printf '/*\n * Subject: convert\n * From: A <a@example.org>\n * ---\n */\n@@\n@@\n- old_call()\n+ new_call()\n' >"$queue/cocci/demo/calls.cocci"
	echo demo/calls.cocci >"$queue/series/demo.series"
	printf 'void f(void)\n{\n\told_call();\n}\n' >"$world/tree/mm/f.c"
	commit_base one "$world/tree"
	expects 0 port one
	for name in calls.cocci calls.patch calls; do
		rm -f "$queue/series/demo.reviewed"
		expects 0 "$requilt" -C "$queue" accept demo one "$name" --who 'Rea Der <reader@example.org>'
		grep -q '^one demo/calls.cocci ' "$queue/series/demo.reviewed"
	done
	expects 0 port one --strict
}

@test "a text that patch(1) would read is quoted in the series, and nowhere else" {
	patch=$queue/patches/demo/0001-ten.patch
	sed 's/^/\t/' "$patch" >"$BATS_TEST_TMPDIR/text"
	{ printf '\n'; cat "$BATS_TEST_TMPDIR/text"; } >>"$patch"
	sed -i '0,/^$/s//\n@@ -508,8 +508,8 @@ it\n  diff --git a\/mm\/a.c b\/mm\/a.c\nwas so.\n/' "$patch"
	printf '%s' "$(<"$patch")" >"$BATS_TEST_TMPDIR/cut" && cp "$BATS_TEST_TMPDIR/cut" "$patch"
	expects 0 port
	says "0001-ten.patch: exact: line " "$out"
	says 'of its text would start a unified diff for patch(1); in the emitted file' "$out"
	emitted=$queue/series/demo/one/0001-ten.patch
	grep -q "^> $(printf '\t')@@ -" "$emitted"
	sed 's/^> //' "$emitted" | diff - <(cat "$patch" && echo)
	jq -e '.entries[0].notes[] | select(.kind == "quoted") | .file == "0001-ten.patch" and .line > 1' \
		"$queue/series/demo/one/port.json"
	git --git-dir="$repo" log --format=%B requilt/demo/one >"$BATS_TEST_TMPDIR/log"
	says '@@ -508,8 +508,8 @@ it' "$BATS_TEST_TMPDIR/log"
	lacks '^> ' "$BATS_TEST_TMPDIR/log"
	checkout one "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work"
	QUILT_PATCHES=$queue/series/demo/one expects 0 quilt --quiltrc=- push -a --fuzz=0
	git --git-dir="$repo" show requilt/demo/one:mm/a.c | cmp - mm/a.c
}

@test "an empty file with a blank in its name is pushed; CRLF in a series is told" {
	printf '%s\n' 'm: it' '' 'diff --git a/mm/a b.c b/mm/a b.c' 'new file mode 100644' \
		'index 0000000..e69de29' >"$queue/patches/demo/0003-blank.patch"
	echo demo/0003-blank.patch >>"$queue/series/demo.series"
	sed -i 's/$/\r/' "$queue/series/demo.series"
	expects 0 port one
	says 'demo.series:1: lines end in CRLF, which quilt cannot read; what port writes has none'
	checkout one "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work"
	QUILT_PATCHES=$queue/series/demo/one expects 0 quilt --quiltrc=- push -a --fuzz=0
	[ -f 'mm/a b.c' ]
}

@test "what a patch tells of and no diff of it makes is yellow, with its line" {
	local text line

	mkdir "$BATS_TEST_TMPDIR/tree" && checkout one "$BATS_TEST_TMPDIR/tree"
	while IFS='|' read -r text; do
		{ patch_ten 'line ten' | sed '/^-- $/,$d' && printf '%b\n' "$text"; } >"$queue/patches/demo/0001-ten.patch"
		line=$(grep -n -m 1 -e '^Only in' -e ' differ$' -e '^File ' -e '^[0-9][0-9]*[cd]$' -e '^[0-9][0-9]*c[0-9]' -e '^d[0-9]' -e '^[X ][X ]*--- ' "$queue/patches/demo/0001-ten.patch" | cut -d: -f1)
		expects 1 port one --strict
		[ "$(outcomes one | head -n 1)" = 'demo/0001-ten.patch exact yellow' ] || fail "$text"
		says "line $line of the patch, '" "$out"
		[ "$(jq -r '.entries[0].notes[] | select(.kind == "ignored").line' "$queue/series/demo/one/port.json")" = "$line" ]
	done <<-'END'
		Only in b: new.c
		Only in b/mm: new.c
		Binary files a/x.bin and b/x.bin differ
		Binary files /dev/null and b/x.bin differ
		Binary files x.bin.orig and x.bin differ
		File a/x is a directory while file b/x is a regular file
		diff -ru a/x b/x\nSymbolic links a/x and b/x differ
		diff a/mm/b.c b/mm/b.c\n12c12\n< line 12\n---\n> line twelve
		\n  --- a/mm/b.c\n  +++ b/mm/b.c\n  @@ -12 +12 @@\n  -line 12\n  +line twelve
		\nX--- a/mm/b.c\nX+++ b/mm/b.c\nX@@ -12 +12 @@\nX-line 12\nX+line twelve
		diff a/mm/b.c b/mm/b.c\n12c12\n<\n---\n> line twelve
		diff -e a/mm/b.c b/mm/b.c\n12c\nline twelve\n.
		diff -e a/mm/b.c b/mm/b.c\n12d
		\n12c\nline twelve\n.
		diff -n a/mm/b.c b/mm/b.c\nd12 1\na12 1\nline twelve
	END
	expects 0 "$requilt" -C "$queue" accept demo one 0001 --who 'Rea Der <reader@example.org>'
	expects 0 port one --strict
	# In front of the diffs it counts too, and in the words of a message it does not.
	rm "$queue/series/demo.reviewed"
	for text in 'Only in a: old.c' 'Binary files /dev/null and b/x.bin differ'; do
		patch_ten 'line ten' | sed "s|^---$|&\n$text|" >"$queue/patches/demo/0001-ten.patch"
		expects 1 port one --strict
		says "$text" "$out"
	done
	# As many of them as a patch can hold are counted in one pass.
	{ patch_ten 'line ten' | sed '/^-- $/,$d' && yes 'Only in b: x' | head -n 30000; } >"$queue/patches/demo/0001-ten.patch"
	expects 1 timeout 20 "$requilt" -C "$queue" port demo one --strict
	[ "$(jq '.entries[0].notes[-1].line' "$queue/series/demo/one/port.json")" = "$(wc -l <"$queue/patches/demo/0001-ten.patch")" ]
	patch_ten 'line ten' 'Only in theory: it fits.
Binary files on disk and in memory differ
12c12
> is a quote.' >"$queue/patches/demo/0001-ten.patch"
	expects 0 port one --strict
}

@test "a version that the Makefile does not say plainly drops no fix: a guard with a version is an error then" {
	sed -i 's/^demo\/0001.*/& #-v5.10/' "$queue/series/demo.series"
	expects 0 port one
	for line in 'VERSION = 5' 'VERSION := 5' 'override PATCHLEVEL=10' "$(printf 'ifeq (a,a)\nVERSION = 5\nendif')"; do
		make_base 6 1 5
		echo "$line" >>"$world/tree/Makefile"
		commit_base one "$world/tree"
		expects 1 port one
		says "demo.series:2: the guard -v5.10 asks for a version, and that of one is not known" "$out"
	done
	sed -i 's/^\[branch "one"\]/&\n\tversion = 6.1.5/' "$queue/series/branches.conf"
	expects 0 port one
	sed -i '/version = 6.1.5/d' "$queue/series/branches.conf"
	sed -i 's/ #-v5.10//' "$queue/series/demo.series"
	expects 0 port one
}

@test "--dry-run prints the matrix and writes nothing" {
	expects 0 port --dry-run
	says 'requilt: nothing was written (--dry-run)'
	says 'one          6.1.5      green  2 exact' "$out"
	[ "$(head_of one)" = none ]
	[ ! -e "$queue/series/demo" ]
	git --git-dir="$repo" count-objects -v >"$BATS_TEST_TMPDIR/before"
	expects 0 port
	cp -a "$queue/series/demo" "$BATS_TEST_TMPDIR/kept"
	sed -i 's/line ten/line 10a/' "$queue/patches/demo/0001-ten.patch"
	git --git-dir="$repo" count-objects -v >"$BATS_TEST_TMPDIR/before"
	expects 0 port -n
	git --git-dir="$repo" count-objects -v | diff "$BATS_TEST_TMPDIR/before" -
	diff -r "$BATS_TEST_TMPDIR/kept" "$queue/series/demo"
	sed -i 's/^ line 9$/ line nine/; s/^ line 11/ line eleven/' "$queue/patches/demo/0001-ten.patch"
	expects 1 port -n
	diff -r "$BATS_TEST_TMPDIR/kept" "$queue/series/demo"
}

@test "a diffstat in the series is that of the diff below it; one that was right stays" {
	{
		head_lines 'mm: spell ten and five'
		printf ' mm/a.c | 2 +-\n mm/b.c | 2 +-\n 2 files changed, 2 insertions(+), 2 deletions(-)\n\n'
		printf -- '--- a/mm/a.c\n+++ b/mm/a.c\n' && hunk 10 'line ten'
		printf -- '--- a/mm/b.c\n+++ b/mm/b.c\n' && hunk 5 'line five'
	} >"$queue/patches/demo/0001-ten.patch"
	sed -i 's/^line 5$/line five/' "$world/tree/mm/b.c" # tree is that of two
	commit_base two "$world/tree"
	port || [ $? = 1 ]
	cat "$queue/series/demo/two/"*ten.patch >"$out"
	says ' mm/a.c | 2 +-' "$out"
	says ' 1 file changed, 1 insertion(+), 1 deletion(-)' "$out"
	lacks 'mm/b.c' "$out"
	says ' 2 files changed, 2 insertions(+), 2 deletions(-)' "$(echo "$queue/series/demo/one/"*ten.patch)"
}
