#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# A maintainer's day, from an empty directory to the next point release: init, import, a conflict, its
# resolution, review, an edit in the middle, another name, two maintainers who merge.

load helper

setup() {
	need git jq quilt "$requilt"
	name_world "$BATS_TEST_TMPDIR/world"
	mkdir -p "$queue"
	git init -q --bare -b none "$repo"
	make_base 6 1 5 && commit_base one "$world/tree"
	make_base 6 12 1 && sed -i -e '1i int more;\nint above;' -e 's/^line 10$/LINE 10 of two/' "$world/tree/mm/a.c"
	commit_base two "$world/tree"
	cd "$queue" || return
}

run_as() { # STATUS WORD...: as Ann, in $queue
	local want=$1

	shift
	expects "$want" env GIT_AUTHOR_NAME="${who:-Ann}" GIT_AUTHOR_EMAIL=maintainer@example.org "$requilt" "$@"
}

commit() { # MESSAGE
	git add -A
	git commit -qm "$1"
}

series_is_good() { # BRANCH: the real quilt pushes it onto the base
	checkout "$1" "$BATS_TEST_TMPDIR/push"
	(cd "$BATS_TEST_TMPDIR/push" &&
		QUILT_PATCHES=$PWD/../world/queue/series/demo/$1 quilt --quiltrc=- push -a --fuzz=0 >/dev/null)
	[ "$(tree_of "$BATS_TEST_TMPDIR/push")" = "$(git --git-dir="$repo" rev-parse "refs/heads/requilt/demo/$1^{tree}")" ]
}

@test "from nothing to the next point release" {
	# start
	run_as 0 --repo "$repo" init --queue demo one=one two=two
	git init -q -b main .
	patch_ten 'line ten' >"$world/1.mail"
	patch_file | sed 's@PATCH 1/2@PATCH 2/2@' >"$world/2.mail"
	run_as 0 import demo "$world/1.mail" "$world/2.mail"
	commit 'a queue'

	# the first matrix has a conflict, which is resolved once
	run_as 1 port
	grep -q '^two .* red ' "$out"
	run_as 1 resolve demo two
	lines 1 40 | sed -e 's/^line 10$/line ten/' -e '1i int more;\nint above;' >.requilt/resolve/demo/two/mm/a.c
	run_as 0 resolve demo two --continue --note 'two has capitals'
	run_as 0 port
	series_is_good two

	# read: a slip is taken back
	printf 'a\n' | run_as 0 review two
	says '1 accepted, 0 left' "$out"
	run_as 0 undo
	run_as 1 port --strict
	printf 'a\n' | run_as 0 review two
	run_as 0 port --strict
	run_as 0 status
	commit 'two is resolved and read'

	# an edit in the middle: what follows still fits, records of the other entry stay
	run_as 0 edit demo one 0002
	echo 'int third_thing(void);' >>.requilt/edit/demo/one/mm/new.c
	run_as 0 edit demo one --continue --source
	run_as 0 port --strict
	git --git-dir="$repo" show refs/heads/requilt/demo/two:mm/new.c | grep -qx 'int third_thing(void);'
	series_is_good one
	commit 'a third thing'

	# a colleague renames, while Ann accepts nothing and drops nothing: both merge
	git clone -q . "$world/other"
	(
		cd "$world/other" || exit
		who=Ben run_as 0 mv demo 0001 0001-line-ten.patch
		who=Ben run_as 0 port --strict
		commit 'a better name'
	)
	printf '\n# a note of Ann\n' >>series/demo.series
	commit 'a note'
	git pull -q --no-rebase --no-edit "$world/other" main
	grep -qx 'demo/0001-line-ten.patch' series/demo.series
	grep -q '^# a note of Ann' series/demo.series
	run_as 0 port --strict
	run_as 0 status
	run_as 0 gc -n
	says 'nothing to remove' "$out"

	# the next point release moves the lines; the resolution is replayed
	make_base 6 12 2 && sed -i -e '1i int more;\nint above;\nint release;' -e 's/^line 10$/LINE 10 of two/' "$world/tree/mm/a.c"
	commit_base two "$world/tree"
	run_as 1 status
	says stale "$out"
	run_as 0 port
	jq -e '.version == "6.12.2" and .entries[0].outcome == "resolved" and .entries[0].patch == "demo/0001-line-ten.patch"' series/demo/two/port.json
	series_is_good two
	series_is_good one
}
