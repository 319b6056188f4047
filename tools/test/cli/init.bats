#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# requilt init, and the way from there to the first matrix: bases by any revision, the queue repository
# found from below, names that are nearly right, and what two clones do with generated files.

load helper

setup() {
	need git jq quilt
	name_world "$BATS_TEST_TMPDIR/world"
	mkdir -p "$world/tree/mm" "$world/new/below/deep" && cd "$world" || return
	git init -q --bare -b none "$repo"
	printf 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 5\nEXTRAVERSION =\n' >tree/Makefile
	printf '%s\n' one two three four five >tree/mm/a.c
	commit_base one tree
	git clone -q "$repo" clone && git -C clone branch -q linux-6.1.y origin/one &&
		git -C clone tag v6.1.5 origin/one
	export HOME=$world
}

a_patch() { # a mail
	cat <<-'END'
		From: Ann Author <ann@example.org>
		Date: Wed, 20 Dec 2023 23:44:24 +0100
		Subject: [PATCH] mm: make three a third

		Because.

		Signed-off-by: Ann Author <ann@example.org>
		---
		diff --git a/mm/a.c b/mm/a.c
		--- a/mm/a.c
		+++ b/mm/a.c
		@@ -2,3 +2,3 @@
		 two
		-three
		+third
		 four
	END
}

init() { # STATUS OPTIONS...
	local want=$1

	shift
	expects "$want" "$requilt" "$@"
}

@test "init and import come before the first matrix, from any directory below" {
	cd new/below/deep
	init 0 -C ../.. --repo "$world/clone" init a=v6.1.5 b=origin/one 'c=linux-6.1.y~0'
	says '  requilt import queue PATCH...' "$out"
	a_patch >../one.mail
	expects 0 "$requilt" import queue ../one.mail
	expects 0 "$requilt" port
	[ "$(grep -c '  green  1 exact' "$out")" = 3 ]
	says 'the series are in ../../series/queue/<branch>/'
	[ "$(git -C "$world/clone" show -s --format=%ce requilt/queue/a)" = base@example.org ]
	git -C "$world/clone" show requilt/queue/b:mm/a.c | grep -qx third
	expects 0 "$requilt" tree list
	grep -P '^a\t6.1.5\t' "$out"
	cd "$world/new"
	diff - <(grep -v '^#' series/branches.conf | tr -d '\t' | sed '/^$/d') <<-'END'
		[core]
		repository = ~/clone
		committer = "base <base@example.org>"
		[branch "a"]
		base = v6.1.5
		[branch "b"]
		base = origin/one
		[branch "c"]
		base = linux-6.1.y~0
	END
	cp -r "$world/tree" pushed && cd pushed && ln -s ../series/queue/a patches
	quilt push -a --fuzz=0 >/dev/null
	grep -qx third mm/a.c
}

@test "what is there stays: a queue repository is refused, git's files get lines" {
	cd new
	printf '*.c diff=cpp' >.gitattributes
	printf '/.requilt/\n' >.gitignore
	mkdir series && echo 'a.patch' >series/queue.series
	init 0 init
	diff - .gitignore <<<'/.requilt/'
	[ "$(head -n 1 .gitattributes)" = '*.c diff=cpp' ]
	grep -qx '\*.reviewed merge=union' .gitattributes
	diff - series/queue.series <<<a.patch
	says 'name a branch in series/branches.conf' "$out"
	find . -type f ! -name before -exec sha256sum {} + >before
	init 1 init x=y
	says 'series/branches.conf: is there; this is a queue repository already'
	find . -type f ! -name before -exec sha256sum {} + | diff before -
	cd below
	init 0 init
	[ -e series/branches.conf ]
}

@test "a wrong word is named, and nothing is written" {
	local word

	cd new
	for word in x =v6.1.5 x= -x=v6.1.5 x/y=v6.1.5 x=v6.1..v6.2 x=-v x=^v6.1.5 $'x=v6\t1'; do
		init 129 --repo ../clone init -- "$word"
	done
	init 129 --repo ../clone init x=v6.1.5 x=v6.1.5
	says 'x is named twice'
	init 128 --repo ../clone init x=v6.1.6
	says 'init: v6.1.6: no such commit in ../clone'
	init 128 --repo ../clone init "x=v6.1.5^{tree}"
	init 128 --repo ../nowhere init
	says '../nowhere: no kernel repository; name your clone with --repo DIR'
	init 1 --repo ../clone init --queue a/b
	says "queue name 'a/b' has a slash"
	diff <(find . -type f) - </dev/null
}

@test "a base that is gone, or that is what the queue's port writes, is named" {
	cd new
	init 0 --repo ../clone init a=v6.1.5
	a_patch >one.mail
	expects 0 "$requilt" import queue one.mail
	git -C ../clone tag -d v6.1.5 >/dev/null
	expects 128 "$requilt" port
	cat "$out" >>"$err"
	says "a: its base v6.1.5 is no commit of $world/clone; correct it in ./series/branches.conf"
	for name in requilt/queue/a heads/requilt/queue/a refs/heads/requilt/queue/a~1; do
		sed -i "s,base = .*,base = $name," series/branches.conf
		expects 1 "$requilt" port
		cat "$out" >>"$err"
		says "its ref $name is what this queue's ports write; name its base"
	done
	printf '[branch "b"]\n\tbase = a..b\n' >>series/branches.conf
	expects 1 "$requilt" status
	says "branch.b.base: 'a..b' is no revision"
	sed -i '/"b"/,$d; s,base = .*,base = linux-6.1.y,' series/branches.conf
	expects 1 "$requilt" tree add a ../tree
	says 'branch.a.base in ./series/branches.conf names a revision'
}

@test "another user's queue repository above is not taken" {
	[ "$(id -u)" = 0 ] || skip 'only root can give files away'
	cd new
	init 0 init
	chown 65534 .
	cd below
	expects 1 "$requilt" status
	says "/new: belongs to another user"
	says "git config --global --add safe.directory '"
	expects 1 "$requilt" -C .. status
	says 'names no branch'
}

@test "a queue repository above that others may change is not taken, and only who needs one is told" {
	[ "$(id -u)" = 0 ] || skip 'only root can give files away'
	mkdir -p shared/mine && chmod 1777 shared
	init 0 -C shared init
	chown -R 65534 shared/series
	cd shared/mine
	expects 1 "$requilt" status
	says '/shared/series: belongs to another user'
	expects 0 "$requilt" completion bash
	expects 0 "$requilt" --repo "$world/clone" tree list
	chown 0 ../series
	expects 1 "$requilt" status
	says '/shared/series/branches.conf: belongs to another user'
	chown 0 ../series/branches.conf
	expects 1 "$requilt" status
	says 'names no branch'
}

@test "lines are whole, and nothing is written before all can be" {
	cd new
	printf '# see foo/.requilt/\n' >.gitignore
	printf '#*.reviewed merge=union\n' >.gitattributes
	init 0 init
	grep -qx '/.requilt/' .gitignore
	grep -qx '\*.reviewed merge=union' .gitattributes
	mkdir ../other && cd ../other
	ln -s nowhere .gitignore
	init 1 init
	says '.gitignore: is no regular file; move it away'
	[ "$(ls -A)" = .gitignore ]
	init 129 --repo $'a\nb' init
}

@test "a name that is nearly right is said, one that is not is left alone" {
	cd new
	init 0 --repo ../clone init linux-6.1.y=v6.1.5
	a_patch >one.mail
	expects 0 "$requilt" import queue one.mail
	init 129 improt queue one.mail
	says "unknown command 'improt'; did you mean 'import'?"
	init 129 frobnicate
	says "unknown command 'frobnicate'; see 'requilt --help'"
	init 129 port --frehs
	says "unknown option '--frehs'; did you mean '--fresh'?"
	init 129 help improt
	says "did you mean 'import'?"
	init 1 port quuee
	says "./series/quuee.series: not there; did you mean 'queue'?"
	init 1 port queue linux-6.l.y
	says "names no branch 'linux-6.l.y'; did you mean 'linux-6.1.y'?"
	init 1 port queue other
	says 'add a [branch "other"] section'
	expects 0 "$requilt" port
	init 1 show queue linux-6.1.y 0001-mm-make-theer-a-third.patch
	says "did you mean '"
	init 0 show queue linux-6.1.y queue/0001
	says 'mm/a.c hunk 1: exact' "$out"
	init 0 help port
	"$requilt" port --help | diff - "$out"
	init 0 -V
	diff - "$out" <<<'requilt 0.1.0'
}

@test "generated files of two clones merge without a conflict, reviews of both count" {
	local name

	cd new
	init 0 --repo "$world/clone" init a=v6.1.5
	a_patch >one.mail
	expects 0 "$requilt" import queue one.mail
	expects 0 "$requilt" port
	git init -q -b main . && git add -A && git commit -qm one
	for name in left right; do
		git clone -q . ../$name
		git -C ../$name config merge.ours.driver true
		sed -i "s/Because/Because of $name/" ../$name/patches/queue/*.patch
		echo "# $name" >>../$name/series/queue.reviewed
		expects 0 "$requilt" -C ../$name port
		git -C ../$name add -A && git -C ../$name commit -qm "$name"
	done
	cd ../left
	git checkout -q HEAD~0 && git fetch -q ../right
	git checkout -q FETCH_HEAD -- patches && git commit -qm 'the same patch'
	git merge -q -m both FETCH_HEAD
	grep -qx '# left' series/queue.reviewed
	grep -qx '# right' series/queue.reviewed
	prints_nothing git diff --check HEAD~1
	expects 0 "$requilt" port
	expects 0 "$requilt" status
	[ "$(git check-attr linguist-generated diff -- series/queue/a/port.json | grep -c ': set$\|: unset$')" = 2 ]
	[ "$(git check-attr diff -- series/queue/README.md)" = 'series/queue/README.md: diff: unspecified' ]
}
