#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Entries and queues that get other names, other places, or go: what belongs to them stays with them, and
# a run that is killed leaves the old state, the new one, or one that the next run finishes.

load helper

setup() {
	need git jq "$requilt"
	make_world "$BATS_TEST_TMPDIR/world"
	series=$queue/series/demo.series
}

rq() { # STATUS WORD...
	local want=$1

	shift
	expects "$want" "$requilt" -C "$queue" "$@"
}

# Branch two has line 10 in other words; the conflict is resolved and accepted, and one has a variant of 0002.
recorded() {
	checkout two "$BATS_TEST_TMPDIR/two"
	sed -i 's/^line 10$/LINE 10 of two/' "$BATS_TEST_TMPDIR/two/mm/a.c"
	commit_base two "$BATS_TEST_TMPDIR/two"
	mkdir "$queue/patches/demo/one"
	sed 's/^+line thirty$/+line thirty of one/' "$queue/patches/demo/0002-file.patch" >"$queue/patches/demo/one/0002-file.patch"
	rq 1 resolve demo two
	lines 1 40 | sed -e 's/^line 10$/line ten/' -e '1i int more;\nint above;' >"$queue/.requilt/resolve/demo/two/mm/a.c"
	rq 0 resolve demo two --continue --who 'A Hand <hand@example.org>' --note 'capitals'
	rq 0 port demo
	rq 0 accept demo two 0001-ten --who 'A Reader <reader@example.org>'
	rq 0 port --strict demo
}

# Every file of the queue repository with its bytes, and the refs; not what is hidden.
state() {
	(cd "$queue" && find . -path ./.requilt -prune -o -type f -exec sha256sum {} + | sort -k 2)
	git --git-dir="$repo" for-each-ref
}

@test "mv takes variants, resolutions, accepted lines, output and refs along" {
	recorded
	before=$(head_of two)
	state >"$BATS_TEST_TMPDIR/before"
	rq 0 mv -n demo 0001-ten 0001-spell-ten.patch
	cp "$out" "$BATS_TEST_TMPDIR/dry"
	state | cmp "$BATS_TEST_TMPDIR/before"
	[ ! -e "$queue/.requilt/change" ]
	rq 0 mv demo 0001-ten 0001-spell-ten.patch
	grep -v 'ported again' "$out" | cmp - "$BATS_TEST_TMPDIR/dry"
	says 'series/demo.series:2: demo/0001-ten.patch -> demo/0001-spell-ten.patch' "$out"
	says 'series/demo.reviewed: 1 line' "$out"
	lacks -rl 0001-ten.patch "$queue/series" "$queue/patches"
	says 'Resolves: demo/0001-spell-ten.patch' "$(echo "$queue"/series/demo.resolved/0001-spell-ten.*.patch)"
	[ -e "$queue/series/demo/two/0001-spell-ten.patch" ]
	[ "$(head_of two)" = "$before" ]
	rq 0 status demo
	rq 0 port --strict demo
	rq 0 mv demo 0002 demo/0009-file.patch
	[ -e "$queue/patches/demo/one/0009-file.patch" ]
	[ ! -e "$queue/patches/demo/one/0002-file.patch" ]
	grep -q '^+line thirty of one' "$queue/series/demo/one/0009-file.patch"
	rq 0 status demo
	[ ! -e "$queue/.requilt/change" ]
	# there and back again is nothing
	rq 0 mv demo 0009 0002-file.patch
	rq 0 mv demo 0001 0001-ten.patch
	state | cmp "$BATS_TEST_TMPDIR/before"
}

@test "mv keeps every other byte of series and records" {
	printf '# a\r\n\ndemo/0001-ten.patch  -p1\t#-new # words\r\n#demo/0001-ten.patch\n  # b\ndemo/0002-file.patch' >"$series"
	sed -i '/^  /d' "$series"
	printf '# who\nVersion: 2\n<<<<<<< HEAD\ntwo   demo/0001-ten.patch Change: %040d A B <a@b>\ntwo demo/x.patch Change: %040d C <c@d>\n' 1 2 >"$queue/series/demo.reviewed"
	sed 's,^demo/0001-ten.patch,demo/0003-x.patch,' "$series" >"$BATS_TEST_TMPDIR/series"
	sed 's,two   demo/0001-ten.patch,two   demo/0003-x.patch,' "$queue/series/demo.reviewed" >"$BATS_TEST_TMPDIR/reviewed"
	rq 0 mv demo 0001-ten.patch 0003-x.patch
	cmp "$series" "$BATS_TEST_TMPDIR/series"
	cmp "$queue/series/demo.reviewed" "$BATS_TEST_TMPDIR/reviewed"
}

@test "an entry that two queues have gets its name in both" {
	sed 's/^# .*/# the other one/' "$series" >"$queue/series/other.series"
	rq 0 mv other 0001 0001-x.patch
	grep -qx demo/0001-x.patch "$series"
	grep -qx demo/0001-x.patch "$queue/series/other.series"
	rq 0 port demo
	rq 0 port other
}

@test "what was renamed by hand, and stops every command, is put in order by mv or gc" {
	recorded
	sed -i 's/0001-ten/0001-hand/' "$series"
	mv "$queue/patches/demo/0001-ten.patch" "$queue/patches/demo/0001-hand.patch"
	rq 1 port demo
	says 'resolves demo/0001-ten.patch, which is not in '
	says "'requilt mv demo demo/0001-ten.patch NEWNAME' takes it along"
	rq 1 mv demo demo/0001-ten.patch demo/0001-other.patch
	rq 0 mv demo demo/0001-ten.patch demo/0001-hand.patch
	rq 0 port --strict demo
	# the file alone
	mv "$queue/patches/demo/0001-hand.patch" "$queue/patches/demo/0001-ten.patch"
	rq 0 mv demo demo/0001-hand.patch 0001-ten.patch
	rq 0 port --strict demo
}

@test "mv refuses before it writes anything" {
	recorded
	touch "$queue/patches/demo/0007-there.patch"
	touch "$queue/patches/demo/one/0008-own.patch"
	state >"$BATS_TEST_TMPDIR/before"
	rq 1 mv demo 0001 0002-file.patch
	says 'has demo/0002-file.patch; take another name'
	rq 1 mv demo 0001 0007-there.patch
	says 'patches/demo/0007-there.patch: is there; move it away'
	rq 1 mv demo 0001 0008-own.patch
	says 'patches/demo/one/0008-own.patch: is there; move it away'
	rq 1 mv demo 0001 0003-x.cocci
	says "has to end in .patch"
	rq 1 mv demo 0001 ../0003-x.patch
	says "has a '..' part"
	rq 1 mv demo 0001 '0003 x.patch'
	rq 1 mv demo 0001 -- -x.patch
	rq 1 mv demo 0005 0006-x.patch
	says "has no entry '0005'"
	rq 1 mv demo 0001 0001-ten.patch
	says 'has that name already'
	rq 129 mv demo 0001
	state | cmp "$BATS_TEST_TMPDIR/before"
}

@test "mv and drop wait until resolve is done with the entry" {
	recorded
	rm -r "$queue/series/demo.resolved" "$queue/series/demo.reviewed"
	rq 1 resolve demo two
	rq 1 mv demo 0001 0003-x.patch
	says "'requilt resolve demo two --continue' or --abort first"
	rq 1 drop demo 0001
	rq 1 queue-rename demo other
	rq 0 mv demo 0002 0003-x.patch
	rq 0 resolve demo two --abort
	rq 0 drop demo 0001
}

@test "drop takes files and records, and leaves what another queue has" {
	recorded
	sed -i '2i # of ten' "$series"
	rq 0 drop -n demo 0001-ten 0002
	says 'patches/demo/one/0002-file.patch: removed' "$out"
	[ -e "$queue/patches/demo/one/0002-file.patch" ]
	printf 'demo/0002-file.patch\n' >"$queue/series/other.series"
	rq 0 drop demo 0001-ten demo/0002-file.patch
	printf '# the demo queue\n# of ten\n' | cmp - "$series"
	[ ! -e "$queue/patches/demo/0001-ten.patch" ]
	[ -e "$queue/patches/demo/one/0002-file.patch" ]
	[ ! -e "$queue/series/demo.resolved" ]
	lacks 0001-ten "$queue/series/demo.reviewed"
	rq 0 port other
}

@test "reorder moves lines, keeps options and comments, and all other bytes" {
	printf '# top\na\n' >"$BATS_TEST_TMPDIR/none"
	printf '# top\ndemo/0001-ten.patch #-new\n# of two\ndemo/0002-file.patch' >"$series"
	rq 0 reorder -n demo 0001 --after 0002
	rq 0 reorder demo 0001 --after 0002
	printf '# top\n# of two\ndemo/0002-file.patch\ndemo/0001-ten.patch #-new\n' | cmp - "$series"
	rq 0 reorder demo 0001 --after 0002
	says 'they are there already' "$out"
	rq 0 reorder demo 0001 --before 0002
	printf '# top\n# of two\ndemo/0001-ten.patch #-new\ndemo/0002-file.patch\n' | cmp - "$series"
	cp "$queue/patches/demo/0001-ten.patch" "$queue/patches/demo/0003-c.patch"
	echo demo/0003-c.patch >>"$series"
	rq 0 reorder demo 0003 0002 --before 0001
	printf '# top\n# of two\ndemo/0003-c.patch\ndemo/0002-file.patch\ndemo/0001-ten.patch #-new\n' | cmp - "$series"
	rq 129 reorder demo 0001
	rq 129 reorder demo 0001 0001 --after 0002
	rq 129 reorder demo 0001 --after 0001
	rq 1 reorder demo 0001 --after 0009
}

@test "a queue gets another name, with its directories, records, outputs and refs" {
	recorded
	printf '[queue "demo"]\n\tfuzz = 0\n' >>"$queue/series/branches.conf"
	echo about >"$queue/series/demo.description"
	echo read >"$queue/series/demo/README"
	printf 'demo/0002-file.patch\nother/1.patch\n' >"$queue/series/other.series"
	mkdir "$queue/patches/other"
	patch_ten >"$queue/patches/other/1.patch"
	before=$(head_of two)
	state >"$BATS_TEST_TMPDIR/before"
	rq 0 queue-rename -n demo fresh
	state | cmp "$BATS_TEST_TMPDIR/before"
	rq 1 queue-rename demo other
	rq 1 queue-rename demo a/b
	rq 1 queue-rename demo .git
	rq 1 queue-rename gone fresh
	state | cmp "$BATS_TEST_TMPDIR/before"
	rq 0 queue-rename demo fresh
	lacks -rl demo/ "$queue/series" "$queue/patches"
	[ "$(ls "$queue/series")" = "$(printf '%s\n' branches.conf fresh fresh.description fresh.resolved fresh.reviewed fresh.series other.series)" ]
	grep -qx '\[queue "fresh"\]' "$queue/series/branches.conf"
	[ -e "$queue/series/fresh/README" ]
	[ "$(git --git-dir="$repo" rev-parse refs/heads/requilt/fresh/two)" = "$before" ]
	[ "$(head_of two)" = none ]
	grep -qx fresh/0002-file.patch "$queue/series/other.series"
	rq 0 status fresh
	rq 0 port --strict fresh
	rq 0 port other one
	rq 0 queue-rename fresh demo
	sed -i 's,fresh/,demo/,' "$queue/series/other.series"
	rm -rf "$queue/series/other"
	git --git-dir="$repo" for-each-ref --format='delete %(refname)' refs/heads/requilt/other | git --git-dir="$repo" update-ref --stdin
	state | cmp "$BATS_TEST_TMPDIR/before"
}

# Notes in the user's data that the plan in the queue repository is theirs, as a killed run leaves it.
witness_plan() {
	mkdir -p "$XDG_DATA_HOME/requilt/changes"
	git hash-object "$queue/.requilt/change/plan" \
		>"$XDG_DATA_HOME/requilt/changes/$(printf %s "$(realpath "$queue")" | git hash-object --stdin)"
}

@test "a plan that a killed run left is finished by the next command" {
	mkdir -p "$queue/.requilt/change"
	sed 's/ten/x/' "$series" >"$queue/.requilt/change/0"
	printf 'put\tseries/demo.series\t%s\nmove\tpatches/demo/0001-ten.patch\tpatches/demo/0001-x.patch\n' \
		"$(git hash-object "$queue/.requilt/change/0")" >"$queue/.requilt/change/plan"
	witness_plan
	# other bytes than were planned are not put there
	cp "$queue/.requilt/change/0" "$BATS_TEST_TMPDIR/0" && echo >>"$queue/.requilt/change/0"
	rq 1 port demo
	says 'its files were changed since'
	[ -e "$queue/patches/demo/0001-ten.patch" ]
	cp "$BATS_TEST_TMPDIR/0" "$queue/.requilt/change/0"
	rq 0 port demo
	says 'a change of the queue that was interrupted is done now'
	[ -e "$queue/series/demo/one/0001-x.patch" ]
	[ ! -e "$queue/.requilt/change" ]
	prints_nothing find "$XDG_DATA_HOME/requilt/changes" -type f
}

@test "a plan that a clone or a pull request brings is refused, and one of ours stays within bounds" {
	mkdir -p "$queue/.requilt/change" "$BATS_TEST_TMPDIR/outside"
	for line in 'remove\tpatches/demo/0001-ten.patch' 'ref\trefs/heads/requilt/demo/one\t%040d'; do
		# shellcheck disable=SC2059
		printf "$line\n" 1 >"$queue/.requilt/change/plan"
		for command in 'status demo' 'port demo' 'gc' 'undo'; do
			# shellcheck disable=SC2086
			rq 1 $command
			says '/.requilt/change/plan: a change that you did not begin here; look at it, and remove'
		done
	done
	[ -e "$queue/patches/demo/0001-ten.patch" ]
	mv "$queue/cocci" "$BATS_TEST_TMPDIR/cocci" 2>/dev/null || true
	ln -s "$BATS_TEST_TMPDIR/outside" "$queue/cocci"
	for line in 'remove\t../linux.git' 'remove\t.git' 'move\tpatches/demo/0001-ten.patch\t../x' 'remove\tMakefile' \
		'ref\trefs/heads/one\t%040d' 'remove\tpatches' 'remove\tseries/branches.conf/../..' 'remove\tcocci/x' 'x\ty'; do
		# shellcheck disable=SC2059
		printf "$line\n" 1 >"$queue/.requilt/change/plan"
		witness_plan
		rq 1 status demo
		says '/.requilt/change/plan:1: not what requilt wrote'
	done
	[ -e "$repo/HEAD" ]
	[ -e "$queue/patches/demo" ]
	rm -r "$queue/.requilt/change"
	printf 'requilt undo 1\nwhat x\nfile cocci/new - 4\nbad\n\n' >"$queue/.requilt/undo"
	rq 1 undo
	[ ! -e "$BATS_TEST_TMPDIR/outside/new" ]
}

@test "gc lists and removes what nothing refers to, and nothing else" {
	recorded
	cp -R "$queue/series/demo" "$queue/series/gone"
	cp "$queue/series/demo.reviewed" "$queue/series/gone.reviewed"
	rq 0 gc --yes
	says 'series/gone.reviewed: records of a queue that is gone' "$out"
	says 'series/gone/one: the output of a queue that is gone' "$out"
	rq 0 gc --yes
	says 'nothing to remove' "$out"
	state >"$BATS_TEST_TMPDIR/before"
	rq 0 gc -n demo
	state | cmp "$BATS_TEST_TMPDIR/before"
	# a branch goes
	sed -i '/"two"/,$d' "$queue/series/branches.conf"
	mkdir "$queue/patches/demo/two" && cp "$queue/patches/demo/0001-ten.patch" "$queue/patches/demo/two"
	echo kept >"$queue/patches/demo/two/notes"
	git --git-dir="$repo" update-ref refs/heads/requilt/strange/two refs/heads/two
	rq 0 gc -n
	cp "$out" "$BATS_TEST_TMPDIR/dry"
	diff - "$out" <<-'END'
		series/demo.reviewed: 1 line
		patches/demo/two/0001-ten.patch: a variant of a branch that branches.conf does not have
		series/demo/two: the output for a branch that branches.conf does not have
		refs/heads/requilt/demo/two: a ref of a port that is gone
	END
	[ "$(head_of two)" != none ]
	rq 0 gc --yes
	cmp "$out" "$BATS_TEST_TMPDIR/dry"
	[ "$(head_of two)" = none ]
	[ ! -e "$queue/series/demo/two" ]
	[ -e "$queue/patches/demo/two/notes" ]
	git --git-dir="$repo" rev-parse -q --verify refs/heads/requilt/strange/two
	# an entry goes, with a resolution that stopped every command
	sed -i '/0001-ten/d' "$queue/series/demo.series"
	rq 1 port demo
	rq 0 gc --yes
	grep -q 'series/demo.resolved/0001-ten.*: removed' "$out"
	[ -e "$queue/patches/demo/0001-ten.patch" ]
	rq 0 port demo
	rq 1 gc none
}

@test "gc asks on a terminal, and leaves what port did not write or somebody works on" {
	recorded
	sed -i '/"two"/,$d' "$queue/series/branches.conf"
	for answer in n '' yes; do
		[ -e "$queue/series/demo/two" ]
		printf '%s\n' "$answer" | expects 0 script -qec "'$requilt' -C '$queue' gc" /dev/null
		says 'remove these? [y/N]' "$out"
	done
	[ ! -e "$queue/series/demo/two" ]
	mkdir -p "$queue/series/demo/three" && cp "$queue/series/demo/one/"* "$queue/series/demo/three"
	echo mine >"$queue/series/demo/three/mine"
	rq 0 gc --yes
	says 'series/demo/three: kept, ' "$out"
	[ -e "$queue/series/demo/three/mine" ]
	git --git-dir="$repo" update-ref refs/heads/requilt/demo/three refs/heads/requilt/demo/one
	git --git-dir="$repo" worktree add -q "$world/checkout" requilt/demo/three
	rq 0 gc --yes
	says 'refs/heads/requilt/demo/three: kept, ' "$out"
}

@test "undo takes back the last accept or resolve, and no more" {
	rq 1 undo
	says 'nothing to undo'
	checkout two "$BATS_TEST_TMPDIR/two"
	sed -i 's/^line 10$/LINE 10 of two/' "$BATS_TEST_TMPDIR/two/mm/a.c"
	commit_base two "$BATS_TEST_TMPDIR/two"
	rq 1 undo
	rq 1 resolve demo two
	lines 1 40 | sed -e 's/^line 10$/line ten/' -e '1i int more;\nint above;' >"$queue/.requilt/resolve/demo/two/mm/a.c"
	rq 1 undo
	rq 0 resolve demo two --continue --who 'A Hand <hand@example.org>' --note 'capitals'
	rq 0 port demo
	rq 0 undo -n
	says 'would be taken back: resolve demo two' "$out"
	[ -e "$queue/series/demo.resolved" ]
	rq 0 accept demo two 0001-ten --who 'A Reader <reader@example.org>'
	rq 0 undo
	says 'taken back: accept demo two 0001-ten' "$out"
	[ ! -e "$queue/series/demo.reviewed" ]
	[ -e "$queue/series/demo.resolved" ]
	rq 1 undo
	says 'nothing to undo'
	rq 0 accept demo two 0001-ten --who 'A Reader <reader@example.org>'
	cp "$queue/series/demo.reviewed" "$BATS_TEST_TMPDIR/reviewed"
	rq 0 accept demo two 0001-ten --who 'A Reader <reader@example.org>'
	echo '# mine' >>"$queue/series/demo.reviewed"
	rq 1 undo
	says "series/demo.reviewed: changed since 'accept demo two 0001-ten', which is not taken back"
	cp "$BATS_TEST_TMPDIR/reviewed" "$queue/series/demo.reviewed"
	rq 0 undo
	rm -r "$queue/series/demo.resolved"
	# a skipped patch gets its place again
	cp "$series" "$BATS_TEST_TMPDIR/series"
	rq 1 resolve demo two
	rq 0 resolve demo two --skip
	lacks -qx demo/0001-ten.patch "$series"
	rq 0 undo
	cmp "$series" "$BATS_TEST_TMPDIR/series"
	rq 129 undo demo
}

@test "undo takes back one step of a review" {
	make_base 6 1 6 && rm "$world/tree/Documentation/gone.rst" && sed -i '5a line extra' "$world/tree/mm/a.c"
	commit_base one "$world/tree"
	rq 0 port demo
	printf 'a\n' | rq 0 review --who 'A Reader <reader@example.org>' one
	says '1 accepted' "$out"
	rq 0 undo
	says 'taken back: review one' "$out"
	rq 1 port --strict demo
}
