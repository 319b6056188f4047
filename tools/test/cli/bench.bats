#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What `make bench` rests on, on a tiny queue: all tools end in one tree, and one that does not is told.

load helper

setup() {
	need python3 git jq quilt patch strace xz time
	out=$BATS_TEST_TMPDIR/out err=$BATS_TEST_TMPDIR/err repo=$BATS_TEST_TMPDIR/linux.git
	queue=$BATS_TEST_TMPDIR/queue
	mkdir -p "$BATS_TEST_TMPDIR/base" "$queue" "$BATS_TEST_TMPDIR/bin"
	lines 1 20 >"$BATS_TEST_TMPDIR/base/file"
	git init -q --bare "$repo"
	commit_base base "$BATS_TEST_TMPDIR/base"
	change 1 5
	change 2 15
}

change() { # NUMBER LINE
	{
		printf 'From: A <a@example.org>\nDate: Mon, 23 Nov 2026 03:00:00 +0000\nSubject: [PATCH] %s\n\n---\n' "$1"
		printf 'diff --git a/file b/file\n--- a/file\n+++ b/file\n@@ -%s,3 +%s,3 @@\n' $(($2 - 1)) $(($2 - 1))
		printf ' line %s\n-line %s\n+changed %s\n line %s\n' $(($2 - 1)) "$2" "$2" $(($2 + 1))
	} >"$queue/$1.patch"
	echo "$1.patch" >>"$queue/series"
}

bench() { # STATUS
	expects "$1" "$root/tools/test/bench/run" --requilt "$requilt" --repo "$repo" --onto base --rounds 2 \
		--series "$queue/series" --peers quilt,loop,patch,git-am,git-apply --json "$BATS_TEST_TMPDIR/json"
}

@test "bench: all tools end in one tree" {
	bench 0
	jq -e '[.results[] | select(.seconds | length == 2)] | length == 7' "$BATS_TEST_TMPDIR/json"
	jq -e '[.results[].trees[]] | unique | length == 1' "$BATS_TEST_TMPDIR/json"
}

@test "bench: a tool that ends in another tree fails it, named" {
	printf '#!/bin/sh\n%s "$@" && { [ ! -f file ] || echo more >>file; }\n' "$(command -v patch)" >"$BATS_TEST_TMPDIR/bin/patch"
	chmod +x "$BATS_TEST_TMPDIR/bin/patch"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH bench 1
	says "patch, one by one ends in tree"
	says "they differ"
}

@test "bench: a peer that cannot take the queue is told with its reason" {
	sed -i -e '/^From: /d' -e '/^Date: /d' -e '/^Subject: /d' "$queue"/*.patch
	bench 0
	jq -e '.results[] | select(.tool == "git am") | .seconds == [] and (.why_not | startswith("status "))' \
		"$BATS_TEST_TMPDIR/json"
	says "status 128" "$out"
}
