#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Offers: what a person may take where a hunk found no place.  On branch two both sides add a line after
# line 10 of mm/a.c.

load helper

setup() {
	need git jq patch "$requilt"
	make_world "$BATS_TEST_TMPDIR/world"
	checkout two "$BATS_TEST_TMPDIR/two"
	sed -i 's/^line 10$/&\nline of two/' "$BATS_TEST_TMPDIR/two/mm/a.c"
	commit_base two "$BATS_TEST_TMPDIR/two"
	hand=$queue/.requilt/resolve/demo/two
	me='A Hand <hand@example.org>'
	{
		head_lines 'mm: one more'
		diff_of mm/a.c
		insertion 10 'line of the patch'
	} >"$queue/patches/demo/0001-ten.patch"
	echo 'demo/0001-ten.patch' >"$queue/series/demo.series"
}

diff_of() { # FILE
	printf 'diff --git a/%s b/%s\n--- a/%s\n+++ b/%s\n' "$1" "$1" "$1" "$1"
}

# A hunk that adds a line after line $1 of the numbered files.
insertion() { # LINE TEXT
	local i

	printf '@@ -%s,6 +%s,7 @@\n' $(($1 - 2)) $(($1 - 2))
	for i in $(($1 - 2)) $(($1 - 1)) "$1"; do
		echo " line $i"
	done
	echo "+$2"
	for i in $(($1 + 1)) $(($1 + 2)) $(($1 + 3)); do
		echo " line $i"
	done
}

resolve() { # STATUS OPTION...
	local want=$1

	shift
	expects "$want" "$requilt" -C "$queue" resolve demo two "$@"
}

ported() { # FILE
	git --git-dir="$repo" show "refs/heads/requilt/demo/two:$1"
}

# Two files that branch two does not have, beside the one that it has.
miss_two_files() {
	{
		diff_of drivers/old/x.c
		hunk 10 'line X'
		diff_of drivers/old/y.c
		hunk 10 'line Y'
		diff_of mm/b.c
		printf '@@ -1,4 +1,4 @@\n-line 1\n+line one\n line 2\n line 3\n line 4\n'
	} >"$BATS_TEST_TMPDIR/diffs"
	{
		head_lines 'drivers: two of them'
		cat "$BATS_TEST_TMPDIR/diffs"
	} >"$queue/patches/demo/0001-ten.patch"
}

@test "where both sides add a line the conflict offers both orders, as diffs with numbers" {
	expects 1 port
	jq -r '.entries[0].hunks[0].offers[] | "\(.number) \(.kind) \(.line)"' "$queue/series/demo/two/port.json" >"$out"
	diff - "$out" <<-'END'
		1 before 13
		2 after 14
	END
	expects 0 "$requilt" -C "$queue" show demo two
	says '1: at line 13, before 1 line of the branch' "$out"
	says '+line of the patch' "$out"
	resolve 1
	says '2: at line 14, after 1 line of the branch' "$out"
	says 'requilt resolve demo two --take N' "$out"
	expects 0 "$requilt" -C "$queue" report --queue demo --html "$BATS_TEST_TMPDIR/page"
	grep -rq 'after 1 line of the branch' "$BATS_TEST_TMPDIR/page"
	# a branch on which it fits offers nothing
	jq -e '[.entries[].hunks[] | has("offers")] | any | not' "$queue/series/demo/one/port.json"
}

@test "what is taken is recorded, replayed as yellow, and accepted like any resolution" {
	resolve 0 --take 2 --who "$me"
	says 'taken: mm/a.c hunk 1: at line 14, after 1 line of the branch' "$out"
	says 'recorded: ' "$out"
	[ ! -e "$hand" ]
	grep -q 'Note: mm/a.c hunk 1: at line 14, after' "$queue"/series/demo.resolved/*.patch
	expects 0 port
	jq -e '.entries[0].outcome == "resolved" and .entries[0].colour == "yellow"' "$queue/series/demo/two/port.json"
	ported mm/a.c | grep -A1 -x 'line of two' | tail -n 1 | grep -qx 'line of the patch'
	expects 0 "$requilt" -C "$queue" accept demo two demo/0001-ten.patch --who 'A Reader <r@example.org>'
	expects 0 port --strict
}

@test "the other order is the other one, and another branch with the same lines replays it" {
	git --git-dir="$repo" update-ref refs/heads/three refs/heads/two
	resolve 0 --take 1 --who "$me" --note 'the patch comes first'
	grep -qx 'Note: the patch comes first' "$queue"/series/demo.resolved/*.patch
	printf '[branch "three"]\n\ttag = new\n' >>"$queue/series/branches.conf"
	expects 0 port
	ported mm/a.c | grep -B1 -x 'line of two' | head -n 1 | grep -qx 'line of the patch'
	jq -e '.entries[0].outcome == "resolved"' "$queue/series/demo/three/port.json"
}

@test "a number that is none, and a second one of a hunk, change nothing" {
	resolve 129 --take 3 --who "$me"
	says "requilt: --take 3: no such offer; demo/0001-ten.patch has 1 to 2"
	resolve 129 --take x --who "$me"
	resolve 129 --take 1 --take 2 --who "$me"
	says 'requilt: --take 2: offer 1 of the same hunk is taken; --abort begins again'
	resolve 129 --take 1 --skip --who "$me"
	says 'one of --continue, --abort, --skip, --add, --take'
	[ ! -e "$queue/series/demo.resolved" ]
	grep -q '^<<<<<<< ' "$hand/mm/a.c"
	resolve 0 --take 1 --who "$me"
	resolve 129 --take 1 --who "$me"
	says 'has no conflict on two'
}

@test "of two conflicts one may be taken and the other finished by hand; an edit is not overwritten" {
	insertion 30 'second of the patch' >>"$queue/patches/demo/0001-ten.patch"
	sed -i 's/^@@ -28,6 +28,7/@@ -28,6 +29,7/' "$queue/patches/demo/0001-ten.patch"
	sed -i 's/^line 30$/&\nsecond of two/' "$BATS_TEST_TMPDIR/two/mm/a.c"
	commit_base two "$BATS_TEST_TMPDIR/two"
	resolve 1 --take 1 --who "$me"
	says 'demo/0001-ten.patch is open on two'
	grep -A1 -x 'line of the patch' "$hand/mm/a.c" | tail -n 1 | grep -qx 'line of two'
	[ "$(grep -c '^<<<<<<< ' "$hand/mm/a.c")" = 1 ]
	cp "$hand/mm/a.c" "$BATS_TEST_TMPDIR/before"
	echo 'by hand' >>"$hand/mm/a.c"
	resolve 1 --take 4 --who "$me"
	says 'mm/a.c: was edited; finish it by hand and --continue, or --abort before you take offers'
	cp "$BATS_TEST_TMPDIR/before" "$hand/mm/a.c"
	sed -i -e '/^<<<<<<< /d' -e '/^||||||| /,/^=======$/d' -e '/^>>>>>>> /d' "$hand/mm/a.c"
	resolve 0 --continue --who "$me" --note 'half of it'
	expects 0 port
	ported mm/a.c | grep -qx 'second of the patch'
	ported mm/a.c | grep -A1 -x 'line of the patch' | tail -n 1 | grep -qx 'line of two'
}

@test "files that the branch does not have are left out by one number, and the rest is ported" {
	miss_two_files
	resolve 1
	says '3: the 2 files that the branch does not have are left out' "$out"
	resolve 0 --take 3 --who "$me"
	expects 0 port
	ported mm/b.c | head -n 1 | grep -qx 'line one'
	[ "$(git --git-dir="$repo" ls-tree -r --name-only refs/heads/requilt/demo/two | grep -c '^drivers')" = 0 ]
	jq -e '.entries[0].outcome == "resolved"' "$queue/series/demo/two/port.json"
}

@test "a patch of which nothing would be left is not recorded" {
	{
		head_lines 'drivers: gone'
		diff_of drivers/old/x.c
		hunk 10 'line X'
	} >"$queue/patches/demo/0001-ten.patch"
	resolve 1 --take 1 --who "$me"
	says 'the files are as the branch has them; --skip leaves the patch out'
	[ ! -e "$queue/series/demo.resolved" ]
}

@test "like files are offered with what the patch makes of them, where two are as like" {
	local d

	miss_two_files
	for d in new newer; do
		mkdir -p "$BATS_TEST_TMPDIR/two/drivers/$d"
		lines 1 40 >"$BATS_TEST_TMPDIR/two/drivers/$d/x.c"
		echo "of $d" >>"$BATS_TEST_TMPDIR/two/drivers/$d/x.c"
	done
	commit_base two "$BATS_TEST_TMPDIR/two"
	resolve 1
	says '1: in drivers/new/x.c, which has 7 of its 7 old lines' "$out"
	says '2: in drivers/newer/x.c, which has 7 of its 7 old lines' "$out"
	resolve 0 --take 2 --take 4 --who "$me"
	expects 0 port two
	ported drivers/newer/x.c | grep -qx 'line X'
	ported drivers/new/x.c | grep -qx 'line 10'
	ported mm/b.c | head -n 1 | grep -qx 'line one'
}

@test "a file that is followed to another name goes with what is taken of the others" {
	miss_two_files
	mkdir -p "$BATS_TEST_TMPDIR/two/drivers/new"
	lines 1 40 >"$BATS_TEST_TMPDIR/two/drivers/new/x.c"
	commit_base two "$BATS_TEST_TMPDIR/two"
	resolve 0 --take 1 --who "$me"
	expects 0 port two
	ported drivers/new/x.c | grep -qx 'line X'
	ported mm/b.c | head -n 1 | grep -qx 'line one'
}

@test "on a terminal one key takes an offer, another one leaves it to the hand" {
	cat >"$BATS_TEST_TMPDIR/press" <<-END
		printf "\$1" | script -qec "'$requilt' -C '$queue' resolve demo two --who '$me'" /dev/null
	END
	expects 1 bash "$BATS_TEST_TMPDIR/press" h
	says 'take offer 1 to 2, s to leave the patch out, or another key' "$out"
	grep -q '^<<<<<<< ' "$hand/mm/a.c"
	resolve 0 --abort
	expects 0 bash "$BATS_TEST_TMPDIR/press" 2
	says 'recorded: ' "$out"
	expects 0 port
	ported mm/a.c | grep -A1 -x 'line of two' | tail -n 1 | grep -qx 'line of the patch'
	rm -r "$queue/series/demo.resolved"
	expects 0 bash "$BATS_TEST_TMPDIR/press" s
	says 'guard -two added' "$out"
}

@test "offers are the same to the byte with 1, 2 and 8 threads" {
	miss_two_files
	printf 'demo/0001-ten.patch\ndemo/0002-file.patch\n' >"$queue/series/demo.series"
	for jobs in 1 2 8; do
		expects 1 "$requilt" -C "$queue" port demo --out "$BATS_TEST_TMPDIR/$jobs" -j "$jobs"
		cmp "$BATS_TEST_TMPDIR/1/demo/two/port.json" "$BATS_TEST_TMPDIR/$jobs/demo/two/port.json"
	done
}
