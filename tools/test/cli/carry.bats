#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# A resolution survives what changes in its patch and around it: what no hand touched replays, what one
# touched is carried by a merge and offered.  Branch two has line 10 in other words.

# bats file_tags=memcheck

load helper

setup() {
	need git jq "$requilt"
	make_world "$BATS_TEST_TMPDIR/world"
	checkout two "$BATS_TEST_TMPDIR/two"
	sed -i 's/^line 10$/LINE 10 of two/' "$BATS_TEST_TMPDIR/two/mm/a.c"
	commit_base two "$BATS_TEST_TMPDIR/two"
	hand=$queue/.requilt/resolve/demo/two patch=$queue/patches/demo/0001-ten.patch
	me='A Hand <hand@example.org>'
	echo demo/0001-ten.patch >"$queue/series/demo.series"
	make_patch >"$patch"
}

# Hunks at line 10, where two differs, at lines 20 and 30, and one of mm/b.c.
make_patch() { # [TEN [TWENTY]]
	local ten=${1:-first
+second
+third
+fourth}

	head_lines 'mm: spell some'
	printf '\ndiff --git a/mm/a.c b/mm/a.c\n--- a/mm/a.c\n+++ b/mm/a.c\n'
	hunk 10 "$ten" | sed "1s/,7 @@/,$((6 + $(wc -l <<<"$ten"))) @@/"
	hunk 20 "${2:-twenty /* old */}" | sed '1s/+17/+20/'
	hunk 30 thirty | sed '1s/+27/+30/'
	printf 'diff --git a/mm/b.c b/mm/b.c\n--- a/mm/b.c\n+++ b/mm/b.c\n'
	hunk 6 six
}

resolve() { # STATUS OPTION...
	local want=$1

	shift
	expects "$want" "$requilt" -C "$queue" resolve demo two "$@"
}

# By a hand that has another first line than the patch.
record() {
	resolve 1
	sed -i -e '/^<<<<<<< /d' -e '/^||||||| /,/^=======$/d' -e '/^>>>>>>> /d' -e '/^LINE 10 of two$/d' \
		-e 's/^first$/FIRST of two/' "$hand/mm/a.c"
	resolve 0 --continue --who "$me" --note 'two says it in capitals'
	file=$(echo "$queue"/series/demo.resolved/0001-ten.*.patch)
}

outcome() {
	jq -r '.entries[0].outcome' "$queue/series/demo/two/port.json"
}

message() { # TEXT: of the entry on two
	jq -r '.entries[0].message' "$queue/series/demo/two/port.json" >"$BATS_TEST_TMPDIR/message"
	says "$1" "$BATS_TEST_TMPDIR/message"
}

# Port replays it, and these are the lines of the file.
replays() { # FILE LINE...
	expects 0 port
	[ "$(outcome)" = resolved ] || fail "$(cat "$out")"
	git --git-dir="$repo" show "refs/heads/requilt/demo/two:$1" >"$BATS_TEST_TMPDIR/file"
	for line in "${@:2}"; do
		grep -qxF -e "$line" "$BATS_TEST_TMPDIR/file" || fail "'$line' is not in:" "$(cat "$BATS_TEST_TMPDIR/file")"
	done
}

@test "a hunk that no hand touched changes: the resolution of the others replays, and the patch goes on" {
	record
	make_patch '' 'twenty /* new */' | sed 's/^+six$/+six!/' >"$patch"
	replays mm/a.c 'FIRST of two' fourth 'twenty /* new */' thirty
	[ "$(grep -c 'twenty\|line 20' "$BATS_TEST_TMPDIR/file")" = 1 ]
	replays mm/b.c 'six!'
	message "as resolved on two by $me for an earlier version, whose other hunks are the same"
	message "mm/a.c hunk 2 is another: '+twenty /* new */' was '+twenty /* old */'"
	says '[ A Hand: two says it in capitals ]' "$queue/series/demo/two/0001-ten.patch"
	# The same bytes with any number of threads, and in another clone.
	cp -R "$queue/series/demo" "$BATS_TEST_TMPDIR/first"
	cp -R "$queue" "$BATS_TEST_TMPDIR/clone"
	for jobs in 1 8; do
		expects 0 "$requilt" -C "$BATS_TEST_TMPDIR/clone" --repo "$repo" port demo --fresh -j $jobs
		diff -r "$BATS_TEST_TMPDIR/first" "$BATS_TEST_TMPDIR/clone/series/demo"
	done
}

@test "hunks and files come and go, and the resolution stays" {
	record
	cp "$patch" "$BATS_TEST_TMPDIR/patch"
	# A hunk more in the same file, and a file more.
	{ cat "$patch" && printf 'diff --git a/mm/more.c b/mm/more.c\nnew file mode 100644\n--- /dev/null\n+++ b/mm/more.c\n@@ -0,0 +1 @@\n+more\n'; } \
		>"$BATS_TEST_TMPDIR/more"
	sed '/^diff.*b\.c$/,$d' "$BATS_TEST_TMPDIR/more" >"$patch"
	hunk 37 'line end' | sed '1s/+34/+37/' >>"$patch"
	sed -n '/^diff.*b\.c$/,$p' "$BATS_TEST_TMPDIR/more" >>"$patch"
	replays mm/a.c 'FIRST of two' thirty 'line end'
	replays mm/more.c more
	message 'mm/a.c hunk 4 is new'
	# One hunk less, and a file less.
	sed -e '/^diff.*b\.c$/,$d' -e '/^@@ -27/,$d' "$BATS_TEST_TMPDIR/patch" >"$patch"
	replays mm/a.c 'FIRST of two' 'line 30' 'twenty /* old */'
	message 'mm/a.c hunk 3 is gone'
	replays mm/b.c 'line 6'
}

@test "a hunk that a hand settled changes: never replayed, carried by a merge, and offered" {
	record
	make_patch 'first
+second
+third
+fourth, again' >"$patch"
	expects 1 port
	[ "$(outcome)" = conflict ]
	message "${file#"$queue/"} is stale: it resolves another version of the patch, whose mm/a.c hunk 1 is another: '+fourth, again' was '+fourth'; 'requilt resolve' starts from it"
	lacks -F "$queue" "$queue/series/demo/two/port.json"
	resolve 1
	says "the files start from the resolution of two by $me, $file" "$out"
	says 'No conflict is left in them' "$out"
	[ "$(sed -n '/FIRST of two/,/^line 11$/p' "$hand/mm/a.c" | paste -sd,)" = 'FIRST of two,second,third,fourth, again,line 11' ]
	lacks -F '<<<<<<<' "$hand/mm/a.c"
	grep -qx six "$hand/mm/b.c"
	resolve 129 --continue --note ' ' --who "$me"
	resolve 0 --continue --who "$me"
	replays mm/a.c 'FIRST of two' 'fourth, again'
	says '[ A Hand: two says it in capitals ]' "$queue/series/demo/two/0001-ten.patch"
	message "as resolved on two by $me"
}

@test "where hand and patch changed the same line there are markers" {
	record
	make_patch 'First
+second
+third
+fourth' >"$patch"
	expects 1 port
	resolve 1
	says '1 conflict' "$out"
	[ "$(sed -n '/^<<<<<<</,/^>>>>>>>/p' "$hand/mm/a.c" | paste -sd,)" = \
		'<<<<<<< its resolution,FIRST of two,||||||| the patch before,first,=======,First,>>>>>>> the patch now' ]
	resolve 1 --continue --who "$me"
	says 'a conflict marker is left'
}

@test "a resolution that gave just what the patch says is no less a hand's" {
	make_patch ten >"$patch"
	record
	make_patch 'ten, again' >"$patch"
	expects 1 port
	[ "$(outcome)" = conflict ]
	resolve 1
	grep -qx 'ten, again' "$hand/mm/a.c"
	lacks -F '<<<<<<<' "$hand/mm/a.c"
}

@test "the base moves near it: the resolution is merged there, and offered" {
	record
	sed -i 's/^line 8$/LINE 8 of two/' "$BATS_TEST_TMPDIR/two/mm/a.c"
	commit_base two "$BATS_TEST_TMPDIR/two"
	expects 1 port
	message "the resolution of two is for other lines than there are here: mm/a.c hunk 1 of it has no place, line 10 is 'LINE 8 of two' and was 'line 8'"
	resolve 1
	says 'the files start from the resolution of two' "$out"
	[ "$(sed -n '/^LINE 8/,/^line 11$/p' "$hand/mm/a.c" | paste -sd,)" = 'LINE 8 of two,line 9,FIRST of two,second,third,fourth,line 11' ]
	resolve 0 --continue --who "$me"
	replays mm/a.c 'LINE 8 of two' 'FIRST of two'
}

@test "a file that the hand left out, and one that it brought in, stay so" {
	resolve 1
	cp "$hand/mm/a.c" "$BATS_TEST_TMPDIR/a.c"
	resolve 0 --add mm/late.h
	echo 'int later(void);' >>"$hand/mm/late.h"
	cp "$BATS_TEST_TMPDIR/two/mm/b.c" "$hand/mm/b.c"
	sed -i -e '/^<<<<<<< /d' -e '/^||||||| /,/^=======$/d' -e '/^>>>>>>> /d' "$hand/mm/a.c"
	resolve 0 --continue --who "$me" --note 'b.c is not for two'
	make_patch 'first
+second
+third
+fourth, again' >"$patch"
	resolve 1
	grep -qx 'fourth, again' "$hand/mm/a.c"
	grep -qx 'line 6' "$hand/mm/b.c"
	grep -qx 'int later(void);' "$hand/mm/late.h"
	resolve 0 --continue --who "$me"
	replays mm/late.h 'int later(void);'
	replays mm/b.c 'line 6'
	# Of what is another in the patch that it left out, nobody can say what the hand would do.
	sed -i 's/^+six$/+six!/' "$patch"
	expects 1 port
	[ "$(outcome)" = conflict ]
}

@test "a record of an earlier program serves as before, and when the patch brings a file" {
	record
	sed -i '/^Patch: /d; /^| /d; /^Digest: /d' "$file"
	sed -i "/^Note: /aDigest: $(git hash-object --stdin <"$file")" "$file"
	cp "$file" "$BATS_TEST_TMPDIR/old"
	replays mm/a.c 'FIRST of two'
	cp "$patch" "$BATS_TEST_TMPDIR/patch"
	printf 'diff --git a/mm/more.c b/mm/more.c\nnew file mode 100644\n--- /dev/null\n+++ b/mm/more.c\n@@ -0,0 +1 @@\n+more\n' >>"$patch"
	replays mm/more.c more
	message 'mm/more.c is new in it'
	# Without the patch that it resolved nobody knows what is the hand's.
	make_patch '' 'twenty /* new */' >"$patch"
	expects 1 port
	message "is stale: it resolves another version of the patch, whose mm/a.c hunk 2 is another"
	lacks -F 'starts from it' "$BATS_TEST_TMPDIR/message"
	resolve 1
	lacks -F 'start from' "$out"
	cmp "$file" "$BATS_TEST_TMPDIR/old"
}

@test "the patch in a record must be the one that it names" {
	record
	says '| --- mm/a.c' "$file"
	cp "$file" "$BATS_TEST_TMPDIR/good"
	forge() { # SED: and a digest that is right again
		sed -e '/^Digest: /d' -e "$1" "$BATS_TEST_TMPDIR/good" >"$file"
		digest=$(git hash-object --stdin <"$file")
		sed -i "0,/^---\$/s//Digest: $digest\n---/" "$file"
	}
	forge ''
	cmp "$file" "$BATS_TEST_TMPDIR/good"
	sed -i 's/^| +second/| +zweite/' "$file"
	expects 1 port
	says "$file: was changed by hand (Digest: says so)"
	forge 's/^| +second/| +zweite/'
	expects 1 port
	says "$file: has another patch in it than Change: says; resolve again"
	forge 's/^Patch: -p0/Patch: -px/'
	expects 1 port
	says "$file: has no 'Patch: -pN' as resolve writes it"
}

@test "a patch that is renamed or applied backwards keeps its resolutions, too" {
	sed -i 's/^demo.*/& -R/' "$queue/series/demo.series"
	head_lines 'mm: backwards' >"$patch"
	printf '\n--- b/mm/a.c\n+++ a/mm/a.c\n' >>"$patch"
	hunk 10 'first' | sed 's/^-/#/; s/^+/-/; s/^#/+/' >>"$patch"
	hunk 20 'twenty' | sed 's/^-/#/; s/^+/-/; s/^#/+/' >>"$patch"
	record
	sed -i 's/^-twenty$/-twenty!/' "$patch"
	replays mm/a.c 'FIRST of two' 'twenty!'
}

# A tool that notes what it was given, and takes one side: a file named "do" in the environment says more.
set_tool() { # git config OPTION...
	printf '#!/bin/sh\ncp "$1" "%s/base"; cp "$2" "%s/local"; cp "$3" "%s/remote"\ncp "$3" "$4"\n' \
		"$BATS_TEST_TMPDIR" "$BATS_TEST_TMPDIR" "$BATS_TEST_TMPDIR" >"$BATS_TEST_TMPDIR/tool"
	chmod +x "$BATS_TEST_TMPDIR/tool"
	git config "$@" mergetool.mine.cmd "$BATS_TEST_TMPDIR/tool \"\$BASE\" \"\$LOCAL\" \"\$REMOTE\" \"\$MERGED\""
	git config "$@" mergetool.mine.trustExitCode true
}

@test "--tool calls git's mergetool on what is marked, with the three sides" {
	export GIT_CONFIG_GLOBAL=$BATS_TEST_TMPDIR/gitconfig
	set_tool --global
	git config --global merge.tool mine
	resolve 1 --tool
	says 'demo/0001-ten.patch is settled on two; read the files, then --continue records them'
	diff "$BATS_TEST_TMPDIR/two/mm/a.c" <(sed 's/^twenty.*/line 20/; s/^thirty$/line 30/' "$BATS_TEST_TMPDIR/local")
	[ "$(sed -n '/^line 9/,/^line 11/p' "$BATS_TEST_TMPDIR/base" | paste -sd,)" = 'line 9,line 10,line 11' ]
	[ "$(sed -n '/^line 9/,/^line 11/p' "$BATS_TEST_TMPDIR/remote" | paste -sd,)" = 'line 9,first,second,third,fourth,line 11' ]
	# Nothing is left beside the files.
	[ "$(cd "$hand" && find . -type f | sort | paste -sd,)" = './mm/a.c,./mm/b.c' ]
	[ "$(cd "$hand/.." && find . -maxdepth 1 | sort | paste -sd,)" = '.,./two,./two.state' ]
	resolve 0 --continue --who "$me" --note why
	replays mm/a.c first fourth thirty
}

@test "--tool=NAME, of the user's configuration; what it does not settle is named" {
	export GIT_CONFIG_GLOBAL=$BATS_TEST_TMPDIR/gitconfig
	set_tool --global
	resolve 1
	resolve 1 --tool=nosuch
	says 'a conflict marker is left'
	git config --global mergetool.bad.cmd false
	git config --global mergetool.bad.trustExitCode true
	resolve 1 --tool=bad
	says 'mm/a.c:12: a conflict marker is left'
	[ "$(cd "$hand" && find . -type f | sort | paste -sd,)" = './mm/a.c,./mm/b.c' ]
	resolve 1 --tool=mine
	says 'is settled on two'
	grep -qx fourth "$hand/mm/a.c"
	# Again: there is nothing to call it for.
	rm "$BATS_TEST_TMPDIR/local"
	resolve 1 --tool=mine
	[ ! -e "$BATS_TEST_TMPDIR/local" ]
	resolve 129 --tool --continue
	says 'one of --continue, --abort, --skip, --add, --take, --tool'
}

@test "--tool runs no command of the queue repository's configuration" {
	git init -q "$queue"
	for key in merge.tool mergetool.mine.cmd mergetool.mine.trustExitCode; do
		git config -f "$queue/.git/config" $key 'touch "'"$BATS_TEST_TMPDIR"'/run"'
	done
	git config -f "$queue/.git/config" merge.tool mine
	git config -f "$queue/.git/config" mergetool.ecmerge.path "$BATS_TEST_TMPDIR/touch"
	printf '#!/bin/sh\ntouch "%s/run"\n' "$BATS_TEST_TMPDIR" >"$BATS_TEST_TMPDIR/touch"
	chmod +x "$BATS_TEST_TMPDIR/touch"
	resolve 1
	for tool in mine ecmerge; do
		resolve 1 --tool=$tool
		says 'a conflict marker is left'
		[ ! -e "$BATS_TEST_TMPDIR/run" ]
	done
	# git leaves its own files there when it does not find a tool.
	rm -f "$hand"/mm/a_*
	# That of the command line is the user's.
	set_tool -f "$BATS_TEST_TMPDIR/gitconfig"
	GIT_CONFIG_COUNT=2 GIT_CONFIG_KEY_0=mergetool.mine.cmd GIT_CONFIG_VALUE_0="$(git config -f "$BATS_TEST_TMPDIR/gitconfig" mergetool.mine.cmd)" \
		GIT_CONFIG_KEY_1=mergetool.mine.trustExitCode GIT_CONFIG_VALUE_1=true resolve 1 --tool=mine
	says 'is settled on two'
}

@test "--tool called from a hook of git's leaves its repository alone" {
	export GIT_CONFIG_GLOBAL=$BATS_TEST_TMPDIR/gitconfig
	set_tool --global
	resolve 1
	git init -q "$queue"
	(cd "$queue" && find .git | sort) >"$BATS_TEST_TMPDIR/before"
	export GIT_DIR=$queue/.git GIT_WORK_TREE=$queue GIT_INDEX_FILE=$queue/.git/index \
		GIT_OBJECT_DIRECTORY=$queue/.git/objects GIT_COMMON_DIR=$queue/.git GIT_NAMESPACE=other \
		GIT_PREFIX=series/ GIT_ALTERNATE_OBJECT_DIRECTORIES=$BATS_TEST_TMPDIR/none
	resolve 1 --tool=mine
	says 'is settled on two'
	unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_COMMON_DIR GIT_NAMESPACE GIT_PREFIX \
		GIT_ALTERNATE_OBJECT_DIRECTORIES
	diff "$BATS_TEST_TMPDIR/before" <(cd "$queue" && find .git | sort)
	grep -qx fourth "$hand/mm/a.c"
}

# Three functions that read alike, each in 9 lines; the hunk that changes one of them.
functions() {
	local n

	for n in 1 2 3; do printf 'int f%s(void)\n{\n\tint rc;\n\n\tstart();\n\tcheck();\n\tend();\n\treturn rc;\n}\n' $n; done
}

in_function() { # N
	printf '@@ -%s,5 +%s,5 @@ int f%s(void)\n \n \tstart();\n-\tcheck();\n+\tcheck_all();\n \tend();\n \treturn rc;\n' \
		$((9 * $1 - 5)) $((9 * $1 - 5)) "$1"
}

change_functions() { # N...: and line 10, which a hand settles
	make_patch
	printf 'diff --git a/mm/f.c b/mm/f.c\n--- a/mm/f.c\n+++ b/mm/f.c\n'
	for n; do in_function "$n"; done
}

record_functions() {
	functions >"$BATS_TEST_TMPDIR/two/mm/f.c"
	commit_base two "$BATS_TEST_TMPDIR/two"
	checkout one "$BATS_TEST_TMPDIR/one"
	functions >"$BATS_TEST_TMPDIR/one/mm/f.c"
	commit_base one "$BATS_TEST_TMPDIR/one"
	change_functions 1 2 >"$patch"
	record
	replays mm/f.c
	[ "$(grep -n check_all "$BATS_TEST_TMPDIR/file" | paste -sd,)" = $'6:\tcheck_all();,15:\tcheck_all();' ]
}

@test "of hunks that read alike one goes: the resolution is not carried by itself, only offered" {
	record_functions
	change_functions 2 >"$patch"
	expects 1 port
	[ "$(outcome)" = conflict ]
	message "is stale: it resolves another version of the patch, whose mm/f.c hunk 1 is gone; 'requilt resolve' starts from it"
	resolve 1
	says 'the files start from the resolution of two' "$out"
	grep -n check_all "$hand/mm/f.c" >"$BATS_TEST_TMPDIR/lines"
	[ "$(cat "$BATS_TEST_TMPDIR/lines")" = $'15:\tcheck_all();' ]
}

@test "of hunks that read alike one is in another function: the resolution does not replay" {
	record_functions
	change_functions 1 3 >"$patch"
	expects 1 port
	[ "$(outcome)" = conflict ]
	message "whose mm/f.c hunk 2 reads like others and is elsewhere: line 22 in 'int f3(void)' was line 13 in 'int f2(void)'"
	resolve 1
	[ "$(grep -n check_all "$hand/mm/f.c" | paste -sd,)" = $'6:\tcheck_all();,24:\tcheck_all();' ]
	# Back as it was, it serves again.
	resolve 0 --abort
	change_functions 1 2 >"$patch"
	replays mm/f.c
}
