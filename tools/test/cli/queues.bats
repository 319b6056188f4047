#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Queues as people keep them: patches that only patch(1) reads, directories without a series, one
# patch among others that nobody can read.

load helper

setup() {
	need git jq patch quilt "$requilt"
	make_world "$BATS_TEST_TMPDIR/world"
}

series() { printf '%s\n' "$@" >"$queue/series/demo.series"; }

# The tree that quilt makes of the branch's series is the port's.
pushes() { # BRANCH
	checkout "$1" "$world/pushed"
	(cd "$world/pushed" && QUILT_PATCHES=$queue/series/demo/$1 quilt push -aq >/dev/null) || fail "quilt push of $1"
	[ "$(tree_of "$world/pushed")" = "$(jq -r .tree "$queue/series/demo/$1/port.json")" ]
}

port() { expects "$1" "$requilt" -C "$queue" port demo "${@:2}"; }

patch_of() { # NAME: its diff is on standard input
	{
		head_lines "mm: $1"
		cat
	} >"$queue/patches/demo/$1.patch"
}

@test "what patch(1) reads is ported, and written so that git reads it too" {
	patch_of 1-more <<-'END'
		--- a/mm/a.c.org
		+++ b/mm/a.c
		@@ -1,3 +1,3 @@
		 line 1
		-line 2
		+line two
		 line 3
		 line 4
		 mm/b.c | 2 +-
		 1 file changed

		--- a/./mm/b.c
		+++ b/./mm/b.c
		@@ -8,5 +8,5 @@
		 line 8
		 line 9
		-line 10
		+line ten
		 line 11
		 line 12
		 line 13
	END
	series demo/1-more.patch
	port 0 one
	pushes one
	lacks -E '^(---|\+\+\+) .*(org|/\./)' "$queue/series/demo/one/1-more.patch"
	checkout one "$world/git"
	(cd "$world/git" && git init -q && git apply "$queue/series/demo/one/1-more.patch")
	cmp "$world/git/mm/a.c" "$world/pushed/mm/a.c"
}

@test "a change of a mode alone is pushed and popped by quilt" {
	printf 'diff --git a/mm/a.c b/mm/a.c\nold mode 100644\nnew mode 100755\n' | patch_of 1-mode
	series demo/1-mode.patch
	port 0 one
	pushes one
	[ -x "$world/pushed/mm/a.c" ]
	(cd "$world/pushed" && QUILT_PATCHES=$queue/series/demo/one quilt pop -aq >/dev/null)
	[ ! -x "$world/pushed/mm/a.c" ]
}

@test "an empty file that is there is filled; empty files come and go at every strip level" {
	make_base 6 1 5
	: >"$world/tree/mm/empty.h"
	commit_base one "$world/tree"
	printf -- '--- a/mm/empty.h\n+++ b/mm/empty.h\n@@ -0,0 +1 @@\n+full\n' | patch_of 1-fill
	printf 'diff --git mm/new.h mm/new.h\nnew file mode 100644\nindex 0000000..e69de29\n' | patch_of 2-p0
	printf 'diff --git a/k/mm/other.h b/k/mm/other.h\nnew file mode 100644\n' | patch_of 3-p2
	printf 'diff --git a/mm/new.h b/mm/new.h\ndeleted file mode 100644\nindex e69de29..0000000\n' | patch_of 4-gone
	series demo/1-fill.patch 'demo/2-p0.patch -p0' 'demo/3-p2.patch -p2' demo/4-gone.patch
	port 0 one
	pushes one
	[ "$(cat "$world/pushed/mm/empty.h")" = full ]
	[ -e "$world/pushed/mm/other.h" ]
	[ ! -e "$world/pushed/mm/new.h" ]
}

@test "one patch that nobody can read is one red entry; the others go on" {
	printf -- '--- a/mm/a.c\n+++ b/mm/a.c\n@@ -1,9 +1,9 @@\n line 1\n' | patch_of 1-bad
	printf -- '--- mm/b.c\n+++ b.c\n@@ -1 +1 @@\n-line 1\n+line one\n' | patch_of 2-bad
	series demo/1-bad.patch demo/0001-ten.patch demo/2-bad.patch demo/0002-file.patch
	port 1 one
	says 'demo/1-bad.patch:11: hunk says 9 old lines, 1 follow' "$out"
	[ "$(jq -r '[.entries[].outcome] | join(" ")' "$queue/series/demo/one/port.json")" = 'error exact error exact' ]
	lacks "$world" "$queue/series/demo/one/port.json"
	expects 1 "$requilt" -C "$queue" apply -k --onto one "$queue"/patches/demo/{1-bad,0001-ten}.patch
	says 'hunk says 9 old lines, 1 follow' "$out"
	expects 1 "$requilt" -C "$queue" lint demo
	says '1-bad.patch:11: readable: hunk says 9 old lines, 1 follow' "$out"
}

@test "names without a/ and b/ get a hint of -p0" {
	printf -- '--- Makefile\n+++ Makefile\n@@ -1 +1 @@\n-VERSION = 6\n+VERSION = 7\n' | patch_of 1-root
	series demo/1-root.patch
	port 1 one
	says "cannot take 1 part off 'Makefile'; its names have no a/ and b/: say -p0" "$out"
	series 'demo/1-root.patch -p0'
	port 0 one
}

import() { expects "$1" "$requilt" -C "$queue" import "${@:2}"; }

entries() { grep -v '^#' "$queue/series/$1.series"; }

@test "a directory without a series: its file names are the order, and stay" {
	mkdir "$world/d" "$world/e"
	patch_ten >"$world/d/200-v6.1-ten.patch"
	patch_ten | sed 's/ten/more/; s/10/11/' >"$world/d/010-first.patch"
	patch_file >"$world/d/300-file.patch"
	patch_ten >"$world/e/010-first.patch"
	patch_ten >"$world/e/500 last.diff"
	echo text >"$world/d/README"
	import 0 vendor "$world/d" "$world/e"
	says '500 last.diff: has blanks in its name'
	printf 'vendor/%s.patch\n' 010-first 200-v6.1-ten 300-file e/010-first 500-last.diff | diff - <(entries vendor)
	cmp "$world/d/200-v6.1-ten.patch" "$queue/patches/vendor/200-v6.1-ten.patch"
	import 0 vendor "$world/d" "$world/e"
	[ "$(entries vendor | wc -l)" = 5 ]
}

@test "a directory in which one patch cannot be read is imported; its entry is red" {
	mkdir "$world/d"
	patch_ten >"$world/d/1-ten.patch"
	patch_ten | sed 's/^-line 10$//' >"$world/d/2-bad.patch"
	patch_file >"$world/d/3-file.patch"
	import 1 vendor -n "$world/d"
	says '1 of 3 patches cannot be read; without -n they come into the queue'
	lacks -F 'are in the queue' "$err"
	[ ! -e "$queue/series/vendor.series" ]
	import 1 vendor "$world/d"
	says "$world/d/2-bad.patch:14: hunk says 7"
	says '1 of 3 patches cannot be read; they are in the queue'
	[ "$(entries vendor | wc -l)" = 3 ]
	expects 1 "$requilt" -C "$queue" port vendor one
	[ "$(jq -r '[.entries[].outcome] | join(" ")' "$queue/series/vendor/one/port.json")" = 'exact error exact' ]
	rm "$world/d"/[13]*
	import 1 other "$world/d"
	[ ! -e "$queue/series/other.series" ]
	# The file that is there is named, with a series as well.
	echo 2-bad.patch >"$world/d/series"
	import 1 other "$world/d"
	says "$world/d/2-bad.patch:14: hunk says 7"
}

@test "comment lines of a series stay; what is switched off there is left out, and said" {
	mkdir "$world/d"
	patch_ten >"$world/d/ten.patch"
	patch_file >"$world/d/file.patch"
	cat >"$world/d/series.conf" <<-'END'
		# demo for one, made by requilt: change the queue, not this file
		# base: 6.1.5, commit 1, tree 2
		# === fixes ===

		###-> start
		ten.patch
		-	off.patch
		-folder/glued.patch
		+needs_update	later.patch
		# === features
		file.patch
		###-> end
	END
	import 0 vendor "$world/d"
	says "series.conf:7: off.patch is switched off there by a '-': left out"
	says "series.conf:8: folder/glued.patch is switched off there by a '-': left out"
	says "later.patch has the guard '+needs_update', which names no branch"
	printf '%s\n' '# === fixes ===' '' '###-> start' vendor/ten.patch '# === features' vendor/file.patch '###-> end' |
		diff - "$queue/series/vendor.series"
	import 0 vendor "$world/d"
	[ "$(grep -c 'fixes' "$queue/series/vendor.series")" = 1 ]
}

@test "a declared guard matches no branch; an undeclared one is an error" {
	series 'demo/0001-ten.patch #+needs_update' demo/0002-file.patch
	port 1 one
	says "guard 'needs_update' names no branch"
	printf '[queue]\n\tguard = needs_update\n' >>"$queue/series/branches.conf"
	port 0 one
	[ "$(jq -r '[.entries[].outcome] | join(" ")' "$queue/series/demo/one/port.json")" = 'skipped exact' ]
	sed -i 's/#+needs/#-needs/' "$queue/series/demo.series"
	port 0 one
	[ "$(jq -r '[.entries[].outcome] | join(" ")' "$queue/series/demo/one/port.json")" = 'exact exact' ]
}

@test "a queue that is for some branches has no rows for others" {
	printf '[queue "demo"]\n\tbranch = one\n' >>"$queue/series/branches.conf"
	port 0
	[ -d "$queue/series/demo/one" ]
	[ ! -e "$queue/series/demo/two" ]
	expects 0 "$requilt" -C "$queue" status
	lacks two "$out"
	sed -i 's/branch = one/branch = three/' "$queue/series/branches.conf"
	port 1
	says "queue.demo.branch: 'three' is no branch of this file"
}
