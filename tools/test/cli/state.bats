#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# `requilt status` between clones: what makes an output stale, and what does not; and what a merge of
# two maintainers' work leaves behind.

load helper

setup() {
	need git jq "$requilt"
	make_world "$BATS_TEST_TMPDIR/world"
	git -C "$queue" init -q
	printf 'series/*/*/** -diff merge=ours\n*.reviewed merge=union\n' >"$queue/.gitattributes"
	git -C "$queue" config merge.ours.driver true
	sed -i "s,repository = .*,repository = $repo," "$queue/series/branches.conf"
}

commit() { # CLONE SUBJECT
	git -C "$1" add -A && git -C "$1" commit -q -m "$2"
}

# Every row of the clone has this word.
all_rows() { # WORD [CLONE]
	"$requilt" -C "${2:-$queue}" status >"$out" 2>"$err" || true
	[ "$(awk '/^demo / { sub(":", "", $4); print $4 }' "$out" | sort -u | paste -sd' ')" = "$1" ] || fail "$(cat "$out" "$err")"
}

stale_row() { # BRANCH TEXT
	expects 1 "$requilt" -C "$queue" status
	sed -n "s/^demo  *$1  *[^ ]*  *//p" "$out" >"$BATS_TEST_TMPDIR/row"
	says "$2" "$BATS_TEST_TMPDIR/row"
}

@test "port --out moves no ref, makes nothing stale, and is current when it is done again" {
	expects 0 port
	one=$(head_of one)
	patch_ten 'line TEN' >"$queue/patches/demo/0001-ten.patch"
	expects 0 port --out "$world/elsewhere"
	[ "$(head_of one)" = "$one" ]
	[ "$(jq -r .head "$world/elsewhere/demo/one/port.json")" != "$one" ]
	git --git-dir="$repo" cat-file -e "$(jq -r .head "$world/elsewhere/demo/one/port.json")"
	expects 0 port --out "$world/elsewhere"
	says 'nothing to do' "$out"
	[ "$(head_of one)" = "$one" ]
	git --git-dir="$repo" update-ref -d refs/heads/requilt/demo/one
	patch_ten 'line ten' >"$queue/patches/demo/0001-ten.patch"
	all_rows green
	# The queue's own directory by another name is no other one.
	(cd "$queue" && expects 0 "$requilt" port demo --out ./series)
	[ "$(head_of one)" = "$one" ]
}

@test "what was read off an output is known again by its bytes alone" {
	local patch=$queue/series/demo/one/0001-ten.patch seen

	expects 0 port
	all_rows green
	# another file in its place, of the same size and time
	cp -p "$patch" "$world/patch"
	sed -i 's/line ten/line TEN/' "$patch" && touch -r "$world/patch" "$patch"
	stale_row one stale
	cp -p "$world/patch" "$patch"
	all_rows green
	# another port.json that says it is red, read once and put back
	cp "$queue/series/demo/one/port.json" "$world/port.json"
	sed -i 's/"digest": "./"digest": "x/' "$queue/series/demo/one/port.json"
	stale_row one stale
	stale_row one stale
	cp "$world/port.json" "$queue/series/demo/one/port.json"
	all_rows green
	# what the cache says is used only whole, and under its own name
	seen=$(grep -l '^requilt seen' "$XDG_CACHE_HOME"/requilt/ported/*)
	[ "$(wc -w <<<"$seen")" -ge 4 ]
	for file in $seen; do head -n 3 "$file" >"$file.x" && mv "$file.x" "$file"; done
	all_rows green
	for file in $seen; do sed -i 's/green/red/;1s/.$/x/' "$file"; done
	all_rows green
}

@test "a ref that another port moved, or that is gone, makes nothing stale" {
	expects 0 port
	git --git-dir="$repo" update-ref refs/heads/requilt/demo/one refs/heads/two
	git --git-dir="$repo" update-ref -d refs/heads/requilt/demo/two
	all_rows green
	expects 0 "$requilt" -C "$queue" export demo one --format quilt -o "$world/exported"
	# The next port puts them back.
	head=$(jq -r .head "$queue/series/demo/one/port.json")
	expects 0 port
	[ "$(head_of one)" = "$head" ]
	[ "$(head_of two)" != none ]
}

@test "a fresh clone, a checkout of an older state and another clone's port make nothing stale" {
	expects 0 port
	commit "$queue" first
	patch_ten 'line TEN' >"$queue/patches/demo/0001-ten.patch"
	expects 0 port
	commit "$queue" second
	git clone -q "$queue" "$world/clone"
	all_rows green "$world/clone"
	git -C "$world/clone" checkout -q HEAD~
	all_rows green "$world/clone"
	expects 0 "$requilt" -C "$world/clone" port demo
	all_rows green
	# Nothing is known on a machine that never ported: status ports once in memory.
	rm -rf "$XDG_CACHE_HOME"
	expects 0 "$requilt" -C "$world/clone" show demo one
	says 'unchecked' "$out"
	all_rows green "$world/clone"
	expects 0 "$requilt" -C "$world/clone" show demo one
	lacks unchecked "$out"
}

@test "two maintainers merge: outputs and reviews do not conflict, and one port settles it" {
	for branch in one two; do
		checkout $branch "$world/tree"
		rm "$world/tree/Documentation/gone.rst"
		commit_base $branch "$world/tree"
	done
	expects 0 port
	commit "$queue" first
	git clone -q "$queue" "$world/clone"
	git -C "$world/clone" config merge.ours.driver true
	expects 0 "$requilt" -C "$queue" accept demo one demo/0002-file.patch --who 'A Reader <a@example.org>'
	expects 0 port
	commit "$queue" 'one is read'
	expects 0 "$requilt" -C "$world/clone" accept demo two demo/0002-file.patch --who 'Other Reader <o@example.org>'
	sed -i 's/better so/best so/' "$world/clone/patches/demo/0001-ten.patch"
	expects 0 "$requilt" -C "$world/clone" port demo
	commit "$world/clone" 'two is read'
	expects 0 git -C "$queue" pull -q --no-rebase --no-edit "$world/clone" HEAD
	[ "$(grep -c ' demo/0002-file.patch Change: ' "$queue/series/demo.reviewed")" = 2 ]
	all_rows 'green stale' # of two the other side has all
	expects 0 port
	all_rows green
	[ "$(jq -r '.entries[1].reviewed' "$queue"/series/demo/*/port.json | sort -u)" = true ]
}

@test "a file with merge markers is stale with its name, and stops no other row" {
	conflicted() { # FILE: as a merge without the driver leaves it
		{ printf '<<<<<<< HEAD\n' && cat "$1" && printf '=======\n' && cat "$1" && printf '>>>>>>> theirs\n'; } >"$1.new"
		mv "$1.new" "$1"
	}

	expects 0 port
	cp -R "$queue/series/demo" "$BATS_TEST_TMPDIR/good"
	conflicted "$queue/series/demo/one/port.json"
	stale_row one "series/demo/one/port.json:1: a merge left its markers; port the queue again"
	grep -q '^demo  *two .*green$' "$out"
	expects 1 "$requilt" -C "$queue" status --json
	[ "$(jq -r '[.[].state] | join(" ")' "$out")" = 'stale green' ]
	expects 1 "$requilt" -C "$queue" report --markdown --strict
	says '| port | stale | green |' "$out"
	conflicted "$queue/series/demo/two/0001-ten.patch"
	stale_row two '0001-ten.patch:1: a merge left its markers'
	conflicted "$queue/series/demo/two/series"
	stale_row two 'series/demo/two/series:1: a merge left its markers'
	expects 0 port
	diff -r "$BATS_TEST_TMPDIR/good" "$queue/series/demo"
	# A record of people: it is not guessed what they meant.
	echo demo/0001-ten.patch >"$queue/series/other.series"
	expects 0 "$requilt" -C "$queue" port other
	printf 'one x Change: 1111111111111111111111111111111111111111 A <a@example.org>\n' >"$queue/series/demo.reviewed"
	conflicted "$queue/series/demo.reviewed"
	stale_row one 'series/demo.reviewed:1: a merge left its markers; remove them and keep the lines of both sides'
	lacks 'next: requilt port demo' "$out"
	says 'series/demo.reviewed:1: a merge left its markers'
	grep -q '^other  *two .*green$' "$out"
	expects 1 "$requilt" -C "$queue" status --json
	[ "$(jq -r '[.[].state] | join(" ")' "$out")" = 'stale stale green green' ]
	expects 1 port
	says 'series/demo.reviewed:1: a merge left its markers'
}

@test "a line that looks like a marker is none, and a queue that is not there has no rows" {
	expects 0 port
	sed -i '1i <<<<<<< no merge' "$queue/series/demo/one/0001-ten.patch"
	stale_row one 'its files were changed since the port'
	expects 1 "$requilt" -C "$queue" status nosuch
	lacks stale "$out"
}
