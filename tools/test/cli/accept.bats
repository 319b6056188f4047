#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What a reader accepts is one change, with its message, in one place; and records of the earlier
# version become those of this one once, where they are still about the same.

load helper

reader='Rea Der <reader@example.org>'

setup() {
	need git jq
	make_world "$BATS_TEST_TMPDIR/world"
	echo 'demo/0001-ten.patch' >"$queue/series/demo.series"
}

# A function @NAME with the lines that the patch changes; others are about as long.
function_of() { # NAME [OTHER]
	printf 'int %s(void)\n{\n' "$1"
	printf '\tint %s;\n' a b c d e f g h
	printf '\tset(%s);\n' "${2:-1}" two 3 4 5 6
	printf '\treturn 0;\n}\n\n'
}

# The patch names other(), its lines are in first() alone: exact, in doubt.
patch_in_doubt() { # [TRAILER]
	head_lines 'mm: set two' "${1:-}"
	printf '\ndiff --git a/mm/f.c b/mm/f.c\n--- a/mm/f.c\n+++ b/mm/f.c\n'
	printf '@@ -10,6 +10,6 @@ int other(void)\n \tint h;\n \tset(1);\n-\tset(two);\n+\tset(2);\n \tset(3);\n \tset(4);\n \tset(5);\n'
}

both() {
	function_of first
	function_of other one
}

base_in_doubt() { # FILE: its bytes become mm/f.c
	cp "$1" "$world/tree/mm/f.c"
	commit_base one "$world/tree"
}

colour() {
	jq -r '.entries[0] | .outcome + " " + .colour' "$queue/series/demo/one/port.json"
}

accept_it() {
	expects 0 "$requilt" -C "$queue" -q port demo one
	[ "$(colour)" = 'exact yellow' ]
	expects 0 "$requilt" -C "$queue" accept demo one 0001 --who "$reader"
	expects 0 "$requilt" -C "$queue" -q port demo one
	[ "$(colour)" = 'exact green' ]
}

becomes() { # "OUTCOME COLOUR"
	expects 0 "$requilt" -C "$queue" -q port demo one
	[ "$(colour)" = "$1" ] || fail "$(colour), not $1"
}

@test "what was accepted in doubt holds for its place: function, lines around, line" {
	local x=$BATS_TEST_TMPDIR

	patch_in_doubt >"$queue/patches/demo/0001-ten.patch"
	both >"$x/base"
	base_in_doubt "$x/base"
	accept_it
	# Elsewhere in the file, and in other files, all may change.
	sed '$a int late;' "$x/base" >"$x/late" && base_in_doubt "$x/late"
	becomes 'exact green'
	# The same lines in another function.
	sed 's/^int first/int second/' "$x/base" >"$x/moved" && base_in_doubt "$x/moved"
	becomes 'exact yellow'
	# Beside other lines than those read.
	sed '0,/int f;/s//int F;/' "$x/base" >"$x/around" && base_in_doubt "$x/around"
	becomes 'exact yellow'
	sed '0,/set(6)/s//set(six)/' "$x/base" >"$x/around" && base_in_doubt "$x/around"
	becomes 'exact yellow'
	# At another line.
	sed '1i int early;' "$x/base" >"$x/line" && base_in_doubt "$x/line"
	becomes 'offset yellow'
	base_in_doubt "$x/base"
	becomes 'exact green'
}

@test "a trailer, another author or another word of the message is not what was accepted" {
	local x=$BATS_TEST_TMPDIR patch=$queue/patches/demo/0001-ten.patch

	patch_in_doubt >"$patch"
	cp "$patch" "$x/first"
	both >"$x/base"
	base_in_doubt "$x/base"
	accept_it
	patch_in_doubt 'Reviewed-by: Some Body <body@example.org>' >"$patch"
	becomes 'exact yellow'
	sed 's/It is better so/It is worse so/' "$x/first" >"$patch"
	becomes 'exact yellow'
	sed 's/^From: Ann Author/From: Bob Author/' "$x/first" >"$patch"
	becomes 'exact yellow'
	# What git am leaves out is not the message.
	sed '/^---$/a A remark.' "$x/first" >"$patch"
	becomes 'exact green'
}

# What is accepted may tell of changes beside its diffs; they are a part of it, body and all.
tells() { # TEXT: behind the diff
	patch_in_doubt >"$queue/patches/demo/0001-ten.patch"
	printf '%b' "$1" >>"$queue/patches/demo/0001-ten.patch"
}

@test "what the patch tells of beside its diffs is a part of what was accepted" {
	local binary='Binary files a/x.bin and b/x.bin differ\n' normal='12c12\n< old\n---\n> new\n'

	both >"$BATS_TEST_TMPDIR/base"
	base_in_doubt "$BATS_TEST_TMPDIR/base"
	tells "$binary"
	accept_it
	for more in 'Binary files a/y.bin and b/y.bin differ\n' 'Only in b: x\n' "$normal"; do
		tells "$binary$more"
		becomes 'exact yellow'
	done
	tells ''
	becomes 'exact yellow'
	tells "$normal"
	accept_it
	tells "${normal/new/NEW}"
	becomes 'exact yellow'
	tells "$normal"
	becomes 'exact green'
}

@test "what is there already, in doubt, can be accepted as well" {
	local x=$BATS_TEST_TMPDIR

	patch_in_doubt >"$queue/patches/demo/0001-ten.patch"
	both | sed '0,/set(two)/s//set(2)/' >"$x/base"
	base_in_doubt "$x/base"
	expects 0 "$requilt" -C "$queue" -q port demo one
	if [ "$(colour)" = 'present yellow' ]; then
		expects 0 "$requilt" -C "$queue" accept demo one 0001 --who "$reader"
		becomes 'present green'
		sed 's/^int first/int second/' "$x/base" >"$x/moved" && base_in_doubt "$x/moved"
		becomes 'present yellow'
	else
		fail "$(colour)"
	fi
}

@test "an output that no port is known to have written is not accepted from" {
	patch_in_doubt >"$queue/patches/demo/0001-ten.patch"
	both >"$BATS_TEST_TMPDIR/base"
	base_in_doubt "$BATS_TEST_TMPDIR/base"
	expects 0 "$requilt" -C "$queue" -q port demo one
	sed -i 's/"change": "...../"change": "12345/' "$queue/series/demo/one/port.json"
	expects 1 "$requilt" -C "$queue" accept demo one 0001 --who "$reader"
	says 'one: the output is stale: port.json is not what the queue gives'
	[ ! -e "$queue/series/demo.reviewed" ]
	# Of a queue that has changed since, though a port here wrote it.
	expects 0 "$requilt" -C "$queue" -q port demo one
	cp "$queue/patches/demo/0001-ten.patch" "$BATS_TEST_TMPDIR/kept"
	sed -i 's/better/worse/' "$queue/patches/demo/0001-ten.patch"
	expects 1 "$requilt" -C "$queue" accept demo one 0001 --who "$reader"
	says 'one: the output is stale; port the queue again'
	cp "$BATS_TEST_TMPDIR/kept" "$queue/patches/demo/0001-ten.patch"
	[ ! -e "$queue/series/demo.reviewed" ]
	# Of another machine's, but what the queue gives: that is found out.
	expects 0 "$requilt" -C "$queue" -q port demo one
	rm -r "$XDG_CACHE_HOME/requilt/ported"
	expects 0 "$requilt" -C "$queue" accept demo one 0001 --who "$reader"
	becomes 'exact green'
}

@test "of a record with lines without end, those of the last changes of the branch are tried" {
	local reviewed=$queue/series/demo.reviewed

	patch_in_doubt >"$queue/patches/demo/0001-ten.patch"
	both >"$BATS_TEST_TMPDIR/base"
	base_in_doubt "$BATS_TEST_TMPDIR/base"
	expects 0 "$requilt" -C "$queue" -q port demo one
	accepted() { # BRANCH FROM TO: lines that somebody else added
		seq -f "$1 demo/0001-ten.patch Change: %040g Rea Der <reader@example.org>" "$2" "$3"
	}
	{ echo 'Version: 2' && accepted one 1 100; } >"$reviewed"
	accepted two 101 3000 >>"$reviewed"
	expects 0 "$requilt" -C "$queue" accept demo one 0001 --who "$reader"
	{ echo 'Version: 2' && accepted one 1 20000; } >"$reviewed"
	expects 1 timeout 60 "$requilt" -C "$queue" accept demo one 0001 --who "$reader"
	says 'one: the output is stale; port the queue again'
}

@test "accept --renew renews what is still the same, once, and names the rest" {
	patch_in_doubt >"$queue/patches/demo/0001-ten.patch"
	both >"$BATS_TEST_TMPDIR/base"
	base_in_doubt "$BATS_TEST_TMPDIR/base"
	cat >"$queue/series/demo.reviewed" <<-END
		# branch entry patch-id who; written by 'requilt accept'
		one demo/0001-ten.patch 7064e98b4dbfce89b44e2cfbea04c426b75d05fa $reader
		one demo/0001-ten.patch 1111111111111111111111111111111111111111 $reader
		one demo/gone.patch 7064e98b4dbfce89b44e2cfbea04c426b75d05fa $reader
		gone demo/0001-ten.patch 7064e98b4dbfce89b44e2cfbea04c426b75d05fa $reader
	END
	cp "$queue/series/demo.reviewed" "$BATS_TEST_TMPDIR/old"
	expects 1 "$requilt" -C "$queue" port demo
	says "demo.reviewed:2: is of another version"
	says "'requilt accept --renew demo' renews"
	cmp "$queue/series/demo.reviewed" "$BATS_TEST_TMPDIR/old"
	expects 1 "$requilt" -C "$queue" accept --renew demo
	says "one demo/0001-ten.patch, accepted by $reader: renewed" "$out"
	says "one demo/0001-ten.patch, accepted by $reader: the change is another one now" "$out"
	says "one demo/gone.patch, accepted by $reader: its entry is gone" "$out"
	says "gone demo/0001-ten.patch, accepted by $reader: its branch is gone" "$out"
	says 'demo: 3 records hold no longer; read what they were of'
	[ "$(grep -c 'Change: ' "$queue/series/demo.reviewed")" = 2 ] # with the head
	becomes 'exact green'
	cp "$queue/series/demo.reviewed" "$BATS_TEST_TMPDIR/new"
	expects 0 "$requilt" -C "$queue" accept --renew demo
	cmp "$queue/series/demo.reviewed" "$BATS_TEST_TMPDIR/new"
	expects 129 "$requilt" -C "$queue" accept --renew
	expects 129 "$requilt" -C "$queue" accept --renew demo one
}

@test "accept --renew keeps comments, and the records of a branch that is red for another reason" {
	patch_in_doubt >"$queue/patches/demo/0001-ten.patch"
	echo 'demo/0002-file.patch #+one' >>"$queue/series/demo.series"
	sed 's/^ line/ no line/' "$queue/patches/demo/0002-file.patch" >"$BATS_TEST_TMPDIR/second"
	both >"$BATS_TEST_TMPDIR/base"
	base_in_doubt "$BATS_TEST_TMPDIR/base"
	cat >"$queue/series/demo.reviewed" <<-END
		# branch entry patch-id who; written by 'requilt accept'
		# read twice
		one demo/0001-ten.patch 7064e98b4dbfce89b44e2cfbea04c426b75d05fa $reader
	END
	cp "$queue/patches/demo/0002-file.patch" "$BATS_TEST_TMPDIR/good"
	cp "$BATS_TEST_TMPDIR/second" "$queue/patches/demo/0002-file.patch"
	expects 1 "$requilt" -C "$queue" accept --renew demo
	says 'not judged, as its branch is red; its line stays' "$out"
	says "demo: 1 record is on a red branch; see 'requilt port', then 'requilt accept --renew demo' again"
	says '# read twice' "$queue/series/demo.reviewed"
	says "one demo/0001-ten.patch Earlier: 7064e98b4dbfce89b44e2cfbea04c426b75d05fa $reader" "$queue/series/demo.reviewed"
	expects 1 "$requilt" -C "$queue" -q port demo one
	cp "$BATS_TEST_TMPDIR/good" "$queue/patches/demo/0002-file.patch"
	becomes 'exact yellow'
	expects 0 "$requilt" -C "$queue" accept --renew demo
	says 'accepted by Rea Der <reader@example.org>: renewed' "$out"
	says '# read twice' "$queue/series/demo.reviewed"
	becomes 'exact green'
}

@test "--dry-run says who would accept, and records nothing" {
	patch_in_doubt >"$queue/patches/demo/0001-ten.patch"
	both >"$BATS_TEST_TMPDIR/base"
	base_in_doubt "$BATS_TEST_TMPDIR/base"
	expects 0 "$requilt" -C "$queue" -q port demo one
	expects 0 "$requilt" -C "$queue" accept -n demo one 0001
	says 'demo/0001-ten.patch on one: exact: would be accepted by base <base@example.org>' "$out"
	[ ! -e "$queue/series/demo.reviewed" ]
	expects 0 "$requilt" -C "$queue" accept demo one 0001
	grep -q 'base <base@example.org>$' "$queue/series/demo.reviewed"
}

# Two entries in doubt, the same on both branches.
two_in_doubt() {
	patch_in_doubt >"$queue/patches/demo/0001-ten.patch"
	patch_in_doubt | sed 's/set two/set the other/; s,mm/f.c,mm/g.c,g' >"$queue/patches/demo/0003-g.patch"
	printf 'demo/0001-ten.patch\ndemo/0003-g.patch\n' >"$queue/series/demo.series"
	both >"$world/tree/mm/f.c"
	both >"$world/tree/mm/g.c"
	commit_base one "$world/tree"
	checkout two "$world/other"
	cp "$world/tree/mm/"[fg].c "$world/other/mm/"
	commit_base two "$world/other"
	expects 0 "$requilt" -C "$queue" -q port demo
	[ "$(colours)" = 'yellow yellow yellow yellow' ]
}

colours() {
	jq -r '.entries[].colour' "$queue"/series/demo/{one,two}/port.json | paste -sd' '
}

id_of() { # ENTRY NUMBER BRANCH
	jq -r ".entries[$1].change" "$queue/series/demo/$2/port.json"
}

@test "several entries, or one change wherever it is" {
	local id

	two_in_doubt
	expects 1 "$requilt" -C "$queue" accept demo one 0001 nothing
	[ ! -e "$queue/series/demo.reviewed" ]
	expects 0 "$requilt" -C "$queue" accept demo one 0001 0003
	[ "$(grep -c '^one ' "$queue/series/demo.reviewed")" = 2 ]
	rm "$queue/series/demo.reviewed"
	id=$(id_of 1 one)
	[ "$id" = "$(id_of 1 two)" ]
	expects 129 "$requilt" -C "$queue" accept --all demo
	says '--all goes with --change ID'
	expects 129 "$requilt" -C "$queue" accept --change "${id:0:6}" --all demo
	expects 129 "$requilt" -C "$queue" accept --change "$id" demo
	expects 129 "$requilt" -C "$queue" accept --change "$id" --all demo one
	expects 1 "$requilt" -C "$queue" accept --change "${id:0:12}g" --all demo
	expects 1 "$requilt" -C "$queue" accept --change 0123456789 --all demo
	says 'no yellow entry that is to be read has the change 0123456789'
	[ ! -e "$queue/series/demo.reviewed" ]
	id=${id:0:12}
	expects 0 "$requilt" -C "$queue" accept --change "${id^^}" demo two
	expects 0 "$requilt" -C "$queue" -q port demo
	[ "$(colours)" = 'yellow yellow yellow green' ]
	expects 0 "$requilt" -C "$queue" accept --change "$(id_of 0 one)" --all demo
	expects 0 "$requilt" -C "$queue" -q port demo
	[ "$(colours)" = 'green yellow green green' ]
}

@test "review asks once for a change of all branches, and keeps what was not accepted" {
	two_in_doubt
	printf 's\nabort\nA\nn\n' | expects 0 "$requilt" -C "$queue" review
	[ "$(grep -c '^+.*set(2);$' "$out")" = 3 ]
	says '1 of 2: demo/0001-ten.patch: exact? on one two' "$out"
	says "change $(id_of 0 one | cut -c1-12)" "$out"
	says '2 of 2: demo/0003-g.patch: exact? on one two' "$out"
	says 'demo: 0 accepted, 2 left' "$out"
	[ ! -e "$queue/series/demo.reviewed" ]
	printf 'n\na\n' | expects 0 "$requilt" -C "$queue" review --who "$reader"
	says 'demo: 1 accepted, 1 left' "$out"
	[ "$(grep -c "demo/0003-g.patch Change: .* $reader\$" "$queue/series/demo.reviewed")" = 2 ]
	echo q | expects 0 "$requilt" -C "$queue" review two
	says '1 of 1: demo/0001-ten.patch: exact? on two' "$out"
	printf 'a\n' | expects 0 "$requilt" -C "$queue" review
	expects 0 "$requilt" -C "$queue" review </dev/null
	says 'demo: nothing is left to read' "$out"
	expects 0 "$requilt" -C "$queue" -q port demo
	[ "$(colours)" = 'green green green green' ]
	expects 1 "$requilt" -C "$queue" review three
	says "names no branch 'three'"
}

@test "review records what it showed, or nothing" {
	local answers=$BATS_TEST_TMPDIR/answers shown

	two_in_doubt
	mkfifo "$answers"
	"$requilt" -C "$queue" review >"$out" 2>"$err" <"$answers" &
	exec 9>"$answers"
	until grep -q 'uit? $' "$out"; do sleep 0.05; done
	sed -i 's/set(2)/set(9)/' "$queue/patches/demo/0001-ten.patch"
	"$requilt" -C "$queue" -q port demo >/dev/null
	echo a >&9
	exec 9>&-
	status=0
	wait $! || status=$?
	[ $status = 1 ] || fail "status $status" "$(cat "$out" "$err")"
	says 'demo/0001-ten.patch on one is another change by now; read it again'
	[ ! -e "$queue/series/demo.reviewed" ]
}

@test "review shows what is there already, and passes a red branch by" {
	two_in_doubt
	both | sed 's/set(two)/set(2)/' >"$world/tree/mm/f.c"
	commit_base one "$world/tree"
	sed 's/set(1)/take(1)/; s/set(two)/take(two)/; s/set(3)/take(3)/' "$world/other/mm/f.c" >"$BATS_TEST_TMPDIR/f.c"
	cp "$BATS_TEST_TMPDIR/f.c" "$world/other/mm/f.c"
	commit_base two "$world/other"
	expects 1 "$requilt" -C "$queue" -q port demo
	echo a | expects 0 "$requilt" -C "$queue" review
	says 'requilt: two is red: nothing of it can be accepted'
	says '1 of 2: demo/0001-ten.patch: present? on one' "$out"
	grep -q '^+.*set(2);$' "$out"
	grep -q '^one demo/0001-ten.patch ' "$queue/series/demo.reviewed"
}
