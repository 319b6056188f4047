#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# requilt audit: which fixes a tree has, by what its functions hold.

load helper

setup() {
	need git jq
	name_world "$BATS_TEST_TMPDIR/world"
	mkdir -p "$world/tree/mm" && cd "$world" || return
	git init -q --bare -b none "$repo"
}

# A driver function @NAME around the lines on stdin.
function_with() { # NAME
	printf 'static int %s(struct dev *d)\n{\n\tint rc = setup(d);\n\n' "$1"
	cat
	printf '\n\tfinish(d);\n\treturn rc;\n}\n\n'
}

old_body() { printf '\tif (rc)\n\t\treturn rc;\n\tlock(d);\n\tstart(d);\n\tunlock(d);\n'; }
new_body() { printf '\tif (rc)\n\t\treturn rc;\n\tlock(d);\n\tif (d->dead) {\n\t\tunlock(d);\n\t\treturn -ENODEV;\n\t}\n\tstart(d);\n\tunlock(d);\n'; }

other() { printf '\tspin_lock(d);\n\tcount(d);\n\tspin_unlock(d);\n'; }

# From BEFORE to AFTER, as git diffs them.
fix() { # NAME BEFORE AFTER [FILE]
	{
		head_lines 'mm: a fix' | sed 's, 1/2,,'
		echo
		diff -u -F '^[a-z].*(' --label "a/${4:-mm/a.c}" --label "b/${4:-mm/a.c}" "$2" "$3" || [ $? = 1 ]
	} >"$1.patch"
}

base() { # FILE: becomes mm/a.c of the branch one
	cp "$1" tree/mm/a.c
	commit_base one tree
}

audit() { # STATUS WORD...
	local want=$1

	shift
	expects "$want" "$requilt" --repo "$repo" audit one "$@"
}

# The fix's word in the tree.
becomes() { # STATUS WORD
	audit "$1" fix.patch
	[[ $(<"$out") == "fix.patch  $2"* ]] || fail "$(cat "$out"), not $2"
}

the_fix() {
	{ other | function_with first; old_body | function_with probe; other | function_with last; } >before
	{ other | function_with first; new_body | function_with probe; other | function_with last; } >after
	fix fix before after
}

@test "as it is, not yet, in other words, and neither" {
	the_fix
	base before
	becomes 1 'MISSING: exact; new 0/'
	says 'one lacks 1 of 1'
	base after
	becomes 0 present
	# Its context is another one: patch(1) would not find it.
	sed 's/int rc = setup(d);/int rc = prepare(d, 0);/; s/\tif (rc)/\tif (rc < 0)/; s/start(d)/start_all(d)/' after >words
	base words
	becomes 0 'present in other words: new 3/4, old 0/1; mm/a.c:13 probe()'
	sed 's/\tlock(d);/\tmutex_lock(\&d->m);/; s/start(d)/start_all(d)/; s/\tif (rc)/\tif (rc < 0)/' before >unlike
	base unlike
	becomes 0 'reworked: new 0/4, old 0/1'
	# Where only comments and blanks differ it is there.
	sed 's,if (d->dead) {,if ( d->dead ) { /* gone */,; s,^\tstart(d),\t/* go */\n&,' after >blanks
	base blanks
	becomes 0 'present in other words: new 4/4'
}

@test "in another function the same lines prove nothing" {
	the_fix
	{ new_body | function_with first; old_body | sed 's/start(d)/start_all(d)/; s/lock(d)/lock(d, 1)/' | function_with probe; } >elsewhere
	base elsewhere
	audit 0 fix.patch
	lacks -e present "$out"
	# Where the function is gone there is nothing to be said.
	{ new_body | function_with first; other | function_with last; } >gone
	base gone
	audit 0 fix.patch
	lacks -e present "$out"
	git --git-dir="$repo" rm -q --cached mm/a.c 2>/dev/null || true
	rm tree/mm/a.c && echo x >tree/mm/b && commit_base one tree
	becomes 0 'no file'
}

@test "lines that only move, and lines that only go, are no proof by half" {
	{ printf '\tmark(d);\n\tlock(d);\n\tstart(d);\n\tunlock(d);\n\tstop(d);\n\twait(d);\n' | function_with probe; } >before
	{ printf '\tlock(d);\n\tstart(d);\n\tunlock(d);\n\tmark(d);\n\tstop(d);\n\twait(d);\n' | function_with probe; } >after
	fix fix before after
	# Both places have the line: it was not moved.
	{ printf '\tmark(d);\n\tlock(d);\n\tstart_all(d);\n\tunlock(d);\n\tmark(d);\n\tstop(d);\n\tawait(d);\n' | function_with probe; } >both
	base both
	audit 0 fix.patch
	lacks -e present "$out"
	sed 's/start(d)/start_all(d)/; s/wait(d)/await(d)/' after >moved
	base moved
	becomes 0 'present in other words'
	# A line that is not there may never have been.
	grep -v 'mark(d)' before >less
	fix fix before less
	sed 's/lock(d)/take(d)/; s/stop/halt/' less >never
	base never
	audit 0 fix.patch
	lacks -e present "$out"
}

@test "a queue, a list, and what is missing, for people, scripts and tables" {
	the_fix
	cp fix.patch 'it, "the" fix.patch'
	base before
	old_body | function_with probe >b
	new_body | function_with probe >c
	fix gone b c mm/none.c
	mkdir -p lists queue/series queue/patches/q
	printf '# fixes\nfix.patch\n\n  gone.patch\nit, "the" fix.patch\n' >lists/all
	mv ./*.patch lists
	expects 1 "$requilt" --repo "$repo" audit one --list lists/all
	[ "$(sed 's/   */ /; s/:.*//' "$out")" = "$(printf 'fix.patch MISSING\ngone.patch no file\nit, "the" fix.patch MISSING')" ] ||
		fail "$(cat "$out")"
	says 'one lacks 2 of 3'
	expects 1 "$requilt" --repo "$repo" audit one --list lists/all --csv
	[ "$(sed -n 4p "$out" | cut -c1-39)" = '"it, ""the"" fix.patch","lacks","MISSIN' ]
	expects 1 "$requilt" --repo "$repo" audit one --list lists/all --lacking
	diff "$out" - <<<$'lists/fix.patch\nlists/it, "the" fix.patch'
	expects 1 "$requilt" --repo "$repo" audit one --list lists/all --json
	[ "$(jq -r 'map(.verdict + " " + .word + " " + .placed) | join(", ")' "$out")" = \
		'lacks MISSING exact, unlike no file conflict, lacks MISSING exact' ]
	jq -e '.[0].places[0] | .file == "mm/a.c" and .function == "probe()" and .line == 13 and
		.new == { lines: 3, lines_there: 1, pairs: 4, pairs_there: 0 } and .old.pairs == 1' "$out"
	cp lists/fix.patch queue/patches/q/ && echo q/fix.patch >queue/series/q.series
	printf '[core]\n\trepository = ../linux.git\n[branch "mine"]\n\tref = one\n' >queue/series/branches.conf
	expects 1 "$requilt" -C queue audit mine q
	says 'q/fix.patch  MISSING' "$out"
	expects 1 "$requilt" -C queue audit one lists/fix.patch
	# What the queue does not have for the branch is not asked for.
	echo 'q/fix.patch #-mine' >queue/series/q.series
	expects 1 "$requilt" -C queue audit mine q
	says 'q.series: has no patch for mine'
	echo 'q/fix.patch' >queue/series/q.series
	base after
	expects 0 "$requilt" -C queue audit mine q
}

@test "nothing is written, and what cannot be read is named while the rest goes on" {
	the_fix
	base before
	git --git-dir="$repo" count-objects -v >objects
	git --git-dir="$repo" for-each-ref >refs
	sed 's/^@@ -.*@@/@@ -1,99 +1,99 @@/' fix.patch >bad.patch
	expects 1 "$requilt" --repo "$repo" audit one bad.patch fix.patch
	says 'fix.patch  MISSING' "$out"
	says 'bad.patch  error: bad.patch:' "$out"
	git --git-dir="$repo" count-objects -v | diff objects -
	git --git-dir="$repo" for-each-ref | diff refs -
	expects 1 "$requilt" --repo "$repo" audit one none.patch fix.patch
	says '1 of 2 patches could not be read; the first: none.patch'
	expects 129 "$requilt" --repo "$repo" audit one fix.patch --lacking --json
	expects 129 "$requilt" --repo "$repo" audit one fix.patch --csv --json
	expects 128 "$requilt" --repo "$repo" audit nobody fix.patch
	expects 129 "$requilt" --repo "$repo" audit one
	expects 129 "$requilt" --repo "$repo" audit
}

@test "one place without its part of the fix is enough" {
	{ old_body | function_with probe; old_body | function_with resume; } >before
	{ new_body | function_with probe; new_body | function_with resume; } >after
	fix fix before after
	# The second function has another name, and not the fix.
	{ new_body | function_with probe; old_body | function_with dev_resume; } >renamed
	base renamed
	audit 0 fix.patch
	lacks -e present "$out"
	# A helper is there, its call is not.
	{ seq -f '\tcase%g(d);' 20 | function_with helper; old_body | function_with probe; } >helped
	{ seq -f '\tcase%g(d);' 20 | function_with helper; new_body | function_with probe; } >called
	{ old_body | function_with probe; } >before
	fix fix before called
	sed 's/int rc = setup(d);/int rc = prepare(d);/' helped >half
	base half
	audit 1 fix.patch
	lacks -e present "$out"
	# The added lines are in another branch of the function.
	{ printf '\tif (a) {\n\t\tlock(d);\n\t\tstart(d);\n\t}\n\tif (b) {\n\t\tcheck(d);\n\t\tcount(d);\n\t\tstop(d);\n\t}\n' | function_with probe; } >elsewhere
	{ printf '\tif (a) {\n\t\tlock(d);\n\t\tstart(d);\n\t}\n' | function_with probe; } >before
	{ printf '\tif (a) {\n\t\tlock(d);\n\t\tcheck(d);\n\t\tcount(d);\n\t\tstart(d);\n\t}\n' | function_with probe; } >after
	fix fix before after
	base elsewhere
	audit 1 fix.patch
	lacks -e 'present' "$out"
}
