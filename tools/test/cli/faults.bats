#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Runs that are killed, that find no room, that meet each other, or a repository that is not whole.
# `make faults` takes every call that writes; here it is a slice of them.

load helper

setup() {
	need git jq strace "$requilt"
	make_world "$BATS_TEST_TMPDIR/world"
}

whole() { # git finds nothing, and no temporary is left
	expects 0 git --git-dir="$repo" fsck --strict --full --no-dangling
	prints_nothing find "$world" -name 'tmp_*' -o -name '.requilt-*' -o -name '.*.new' -o -name '*.lock' -o -name requilt.moving
}

@test "killed, or without room, at calls that write: old or new, and the next run is as the first" {
	env -u BATS_TEST_TMPDIR TMPDIR="$BATS_TEST_TMPDIR" REQUILT="$requilt" "$root/tools/test/faults/run" --every 101
}

@test "two ports at once, of one queue and of two, on one repository" {
	cp "$queue/series/demo.series" "$queue/series/other.series"
	for round in 1 2 3 4 5; do
		patch_ten "line ten $round" >"$queue/patches/demo/0001-ten.patch"
		pids=()
		for name in demo demo other demo; do
			"$requilt" -C "$queue" -q port $name >"$BATS_TEST_TMPDIR/port.${#pids[@]}" 2>&1 &
			pids+=($!)
		done
		for i in 0 1 2 3; do
			wait "${pids[$i]}" || fail "round $round: $(cat "$BATS_TEST_TMPDIR/port.$i")"
		done
		for name in demo other; do
			git --git-dir="$repo" show "refs/heads/requilt/$name/two:mm/a.c" | grep -qx "line ten $round"
			grep -qx "+line ten $round" "$queue/series/$name/one/"*0001-ten.patch ||
				grep -rqx "+line ten $round" "$queue/series/$name/one"
		done
		expects 0 "$requilt" -C "$queue" status
	done
	whole
}

@test "export and rebase wait for whoever writes beside them" {
	local pids=() pid

	expects 0 port
	mkdir "$world/beside"
	exec 9<"$world/beside"
	flock 9
	"$requilt" -C "$queue" -q export demo one --format quilt -o "$world/beside/exported" 9<&- 3>&- &
	pids+=($!)
	"$requilt" -C "$queue" -q rebase demo one --from "$queue/series/demo/one" --out "$world/beside/rebased" 9<&- 3>&- &
	pids+=($!)
	sleep 1
	prints_nothing ls -A "$world/beside"
	exec 9<&-
	for pid in "${pids[@]}"; do
		wait "$pid"
	done
	[ -s "$world/beside/exported/series" ]
	[ -s "$world/beside/rebased/series" ]
}

@test "two tree adds and an import meet no temporary of each other" {
	make_base 6 1 6
	for i in 1 2 3 4; do
		"$requilt" --repo "$world/new.git" tree add "b$i" "$world/tree" >"$BATS_TEST_TMPDIR/add.$i" 2>&1 &
		pids[i]=$!
	done
	for i in 1 2 3 4; do
		wait "${pids[$i]}" || fail "$(cat "$BATS_TEST_TMPDIR/add.$i")"
	done
	repo=$world/new.git
	[ "$(git --git-dir="$repo" for-each-ref | wc -l)" = 4 ]
	whole
}

@test "a lock that a dead process left behind" {
	expects 0 port
	# of a ref: a run was killed between the lock and its removal, and has said so
	make_base 6 1 6 && rm "$world/tree/Documentation/gone.rst" # so 0002 is yellow
	: >"$repo/refs/heads/one.lock" && printf refs/heads/one >"$repo/requilt.moving"
	expects 0 "$requilt" -C "$queue" tree add one "$world/tree"
	# of a port's ref, which nobody else moves
	patch_ten 'line TEN' >"$queue/patches/demo/0001-ten.patch"
	: >"$repo/refs/heads/requilt/demo/one.lock"
	expects 0 port
	git --git-dir="$repo" show "$(head_of one):mm/a.c" | grep -qx 'line TEN'
	# the folders' and the temporaries' are the kernel's, which lets go with the process
	: >"$repo/objects/pack/tmp_requilt_dead" && mkdir "$repo/objects/tmp_requilt_fetch_dead"
	: >"$queue/series/.requilt-new" && mkdir "$queue/series/demo/.one.new"
	patch_ten 'line ten!' >"$queue/patches/demo/0001-ten.patch"
	expects 0 port
	expects 0 "$requilt" -C "$queue" accept demo one demo/0002-file.patch --who 'A Name <a@example.org>'
	git init -q -b trunk "$world/source" && cp -a "$world/tree/." "$world/source"
	git -C "$world/source" add -A && git -C "$world/source" commit -qm one
	expects 0 "$requilt" -C "$queue" tree add one "file://$world/source#trunk"
	whole
}

@test "somebody else's lock is not taken away, and told" {
	make_base 6 1 6
	: >"$repo/refs/heads/one.lock"
	expects 128 "$requilt" -C "$queue" tree add one "$world/tree"
	says one.lock
	[ -e "$repo/refs/heads/one.lock" ]
	rm "$repo/refs/heads/one.lock"
	expects 0 "$requilt" -C "$queue" tree add one "$world/tree"
	whole
}

@test "a temporary of a run that lives is left alone" {
	mkdir -p "$repo/objects/pack"
	exec 9>"$repo/objects/pack/tmp_requilt_alive"
	flock 9
	expects 0 port
	[ -e "$repo/objects/pack/tmp_requilt_alive" ]
	exec 9>&-
	patch_ten 'line TEN' >"$queue/patches/demo/0001-ten.patch"
	expects 0 port
	whole
}

@test "a corrupt object stops what needs it, by name, and nothing else" {
	expects 0 port
	before=$(git --git-dir="$repo" for-each-ref)
	blob=$(git --git-dir="$repo" rev-parse two:mm/a.c)
	git --git-dir="$repo" cat-file blob "$blob" >"$world/blob"
	object=$repo/objects/${blob:0:2}/${blob:2}
	[ -f "$object" ]
	for damage in 'head -c 20' 'tr a-z b-za' 'head -c 0'; do
		cp "$object" "$world/object" && chmod u+w "$object"
		$damage <"$world/object" >"$object"
		patch_ten "line $damage" >"$queue/patches/demo/0001-ten.patch"
		expects 128 timeout 60 "$requilt" -C "$queue" port demo
		says two "$out"
		grep -q '^two .* red ' "$out" || fail "$(cat "$out")"
		grep -q '^one .* green ' "$out" || fail "$(cat "$out")"
		[ "$(git --git-dir="$repo" for-each-ref | grep /two)" = "$(grep /two <<<"$before")" ]
		expects 128 timeout 60 "$requilt" -C "$queue" apply --onto two "$queue/patches/demo/0001-ten.patch"
		expects 128 timeout 60 "$requilt" -C "$queue" rebase demo two --from "$queue/series/demo/one" --out "$world/rebased"
		cp "$world/object" "$object"
	done
	expects 0 port
	whole
}

# What the port wrote, and nothing of it.
ported() {
	(cd "$queue/series/demo" && find . -type f -exec sha256sum {} + | sort)
	git --git-dir="$repo" for-each-ref refs/heads/requilt
}

@test "an object of a base that cannot be read is an error, or nothing asks for it" {
	local id object status errors=0

	# libgit2 1.5 loses a reference whose commit it cannot read
	export ASAN_OPTIONS=detect_leaks=0
	for branch in one two; do
		checkout $branch "$world/tree"
		mkdir "$world/tree/include"
		echo 'int helper(int);' >"$world/tree/include/helper.h"
		commit_base $branch "$world/tree"
	done
	patch_ten 'int ten(void);' 'Present-if: mm/a.c defines ten' >"$queue/patches/demo/0001-ten.patch"
	{ head_lines 'mm: call it' && printf -- '--- a/mm/b.c\n+++ b/mm/b.c\n' && hunk 6 'helper(1);'; } \
		>"$queue/patches/demo/0003-call.patch"
	echo demo/0003-call.patch >>"$queue/series/demo.series"
	expects 0 port
	ported >"$BATS_TEST_TMPDIR/want"
	for id in $(git --git-dir="$repo" rev-list --objects --no-object-names --max-count=1 one) \
		$(git --git-dir="$repo" rev-list --objects --no-object-names --max-count=1 two); do
		object=$repo/objects/${id:0:2}/${id:2}
		[ -f "$object" ]
		mv "$object" "$world/object"
		rm -rf "$queue/series/demo" "$repo/refs/heads/requilt" "$XDG_CACHE_HOME"
		: >"$object"
		status=0
		port >"$out" 2>"$err" || status=$?
		rm -f "$object"
		mv "$world/object" "$object"
		if [ $status = 0 ]; then
			ported | diff "$BATS_TEST_TMPDIR/want" -
		else
			[ $status = 128 ] || fail "status $status" "$(cat "$err")"
			errors=$((errors + 1))
		fi
	done
	[ $errors -ge 12 ]
}

@test "a file of the queue that cannot be read is named, and nothing is written" {
	local file command status

	mkdir -p "$queue/cocci/demo"
	printf '/*\n * From: A <a@example.org>\n * Subject: a rule\n */\n@@ expression e; @@\n- old(e)\n+ new(e)\n' \
		>"$queue/cocci/demo/rule.cocci"
	echo 'demo/rule.cocci #-one -two' >>"$queue/series/demo.series"
	checkout one "$world/tree" && rm "$world/tree/Documentation/gone.rst" && commit_base one "$world/tree"
	expects 0 port
	expects 0 "$requilt" -C "$queue" accept demo one demo/0002-file.patch --who 'A Name <a@example.org>'
	for file in series/branches.conf series/demo.series series/demo.reviewed patches/demo/0001-ten.patch \
		patches/demo/0002-file.patch cocci/demo/rule.cocci series/demo/one/port.json; do
		[ -f "$queue/$file" ]
		mv "$queue/$file" "$world/file"
		mkdir "$queue/$file"
		snapshot >"$BATS_TEST_TMPDIR/before"
		for command in status 'export demo one --format quilt -o exported' 'show demo one' 'port demo'; do
			case $file:$command in
			*port.json:port*) continue ;; # it is written again
			*port.json:*) status=128 ;;
			*:show*) status=0 ;; # of the record alone
			series/*) status=128 ;;
			*) status=1 ;;
			esac
			# shellcheck disable=SC2086 # several words
			expects $status "$requilt" -C "$queue" $command
			[ $status = 0 ] || says "/$file: is a folder"
		done
		snapshot | diff "$BATS_TEST_TMPDIR/before" -
		[ ! -e exported ]
		rmdir "$queue/$file"
		mv "$world/file" "$queue/$file"
	done
}

@test "a repository and an output folder that cannot be written" {
	expects 0 port
	patch_ten 'line TEN' >"$queue/patches/demo/0001-ten.patch"
	snapshot >"$BATS_TEST_TMPDIR/before"
	export ASAN_OPTIONS=detect_leaks=0
	# whoever runs this, maybe root: every call that makes or renames fails
	for error in EROFS EACCES ENOSPC EDQUOT; do
		calls=mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink,unlink,unlinkat,rmdir
		expects 128 strace -qq -f -o /dev/null -e "trace=$calls" -e "inject=$calls:error=$error" \
			"$requilt" -C "$queue" port demo
		says '2 of 2 branches red'
		find "$world" \( -name 'tmp_*' -o -name '.requilt-*' -o -name requilt.moving \) -delete
		snapshot | diff "$BATS_TEST_TMPDIR/before" -
	done
	expects 0 port
	whole
}

@test "a fetch that is killed leaves nothing behind, whoever was killed" {
	make_base 6 1 6
	git init -q -b trunk "$world/source" && cp -a "$world/tree/." "$world/source"
	git -C "$world/source" add -A && git -C "$world/source" commit -qm one
	old=$(git --git-dir="$repo" rev-parse one)
	mkdir "$world/bin"
	for end in '128 kill -KILL $PPID; sleep 1' '128 kill -KILL $$' '128 exit 1' '128 mkdir -p "${1#--git-dir=}/objects/pack"; echo half >"${1#--git-dir=}/objects/pack/tmp_pack_x"; exit 0'; do
		printf '#!/bin/sh\n%s\n' "${end#* }" >"$world/bin/git" && chmod +x "$world/bin/git"
		PATH=$world/bin:$PATH expects "${end%% *}" "$requilt" -C "$queue" tree add one "file://$world/source#trunk"
		[ "$(git --git-dir="$repo" rev-parse one)" = "$old" ]
	done
	expects 0 "$requilt" -C "$queue" tree add one "file://$world/source#trunk"
	[ "$(git --git-dir="$repo" rev-parse 'one^{tree}')" = "$(git -C "$world/source" rev-parse 'trunk^{tree}')" ]
	whole
}
