#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# status --signed: the records of people are as good as git's signature on the commit that last
# changed each.  Signatures are real ones, of ssh keys made here.

load helper

setup() {
	need git jq ssh-keygen
	make_world "$BATS_TEST_TMPDIR/world"
	printf 'demo/0001-ten.patch\n' >"$queue/series/demo.series"
	once make_keys "$BATS_TEST_TMPDIR/keys"
	git init -q -b trunk "$queue"
	cd "$queue" || return 1
	git config gpg.format ssh
	git config gpg.ssh.allowedSignersFile "$BATS_TEST_TMPDIR/keys/allowed"
	sign_as ann
	accepted ann@example.org >series/demo.reviewed
}

make_keys() {
	local keys=$BATS_TEST_TMPDIR/keys name

	for name in ann bob eve; do
		ssh-keygen -q -t ed25519 -N '' -C $name -f "$keys/$name" || return
	done
	printf 'ann@example.org %s\n' "$(<"$keys/ann.pub")" >"$keys/allowed"
	printf 'bob@example.org valid-before="20200101" %s\n' "$(<"$keys/bob.pub")" >>"$keys/allowed"
}

sign_as() { git config user.signingKey "$BATS_TEST_TMPDIR/keys/$1.pub"; }

accepted() { # ADDRESS: a record of the reviewed file
	printf 'Version: 2\none demo/0001-ten.patch Change: %040d A Reader <%s>\n' 7 "$1"
}

commit() { # OPTION...
	git add -A && git commit -q -m records "$@"
}

status() { # STATUS [OPTION...]: of outputs that are current
	expects 0 "$requilt" -C "$queue" -q port demo
	expects "$1" "$requilt" -C "$queue" "${@:2}" status --signed demo
}

row() { # RECORD: what the row of the record says
	sed -n "s|^demo  *series/$1  *||p" "$out"
}

@test "a signed record names its signer, an unsigned one its commit" {
	commit -S
	status 0
	[ "$(row demo.reviewed)" = 'signed: ann@example.org' ]
	expects 0 "$requilt" status demo
	lacks signed "$out"
	commit --allow-empty --no-gpg-sign
	status 0
	accepted eve@example.org >>series/demo.reviewed
	commit --no-gpg-sign
	status 1
	[ "$(row demo.reviewed)" = "unsigned: commit $(git rev-parse --short=12 HEAD) has no signature that git can check" ]
	says '1 records are not signed; read them and commit them'
	# the outputs' rows are as ever
	[ "$(grep -c ' green$' "$out")" = 2 ]
	# whoever signs the next change answers for the file
	echo '# read' >>series/demo.reviewed
	commit -S
	status 0
}

@test "a queue without records has nothing to sign" {
	rm series/demo.reviewed
	status 0
	lacks signed "$out"
}

@test "what is not committed as it stands is unsigned" {
	status 1
	[[ $(row demo.reviewed) == 'unsigned: git log: '* ]]
	rm series/demo.reviewed
	commit -S
	accepted ann@example.org >series/demo.reviewed
	status 1
	[ "$(row demo.reviewed)" = 'unsigned: not committed' ]
	commit -S
	accepted eve@example.org >>series/demo.reviewed
	for staged in '' 1; do
		[ -z "$staged" ] || git add -A
		status 1
		[ "$(row demo.reviewed)" = "unsigned: changed since commit $(git rev-parse --short=12 HEAD)" ]
	done
	# git would see no change in these
	git update-index --assume-unchanged series/demo.reviewed
	prints_nothing git diff
	status 1
	git checkout -q -f HEAD && git update-index --no-assume-unchanged series/demo.reviewed
	printf '*.reviewed text eol=crlf\n' >.gitattributes
	sed -i 's/$/\r/' series/demo.reviewed
	prints_nothing git diff --stat -- series
	status 1
	says changed "$out"
}

@test "signatures that do not count: of no known key, of an expired one, of another text" {
	local x

	sign_as eve
	commit -S
	status 1
	x="unsigned: commit $(git rev-parse --short=12 HEAD)"
	[ "$(row demo.reviewed)" = "$x is signed by a key that is not known to be of anybody" ]
	sign_as bob
	git commit -q --amend -S -m bob
	status 1
	[[ $(row demo.reviewed) == "unsigned: commit $(git rev-parse --short=12 HEAD) "* ]]
	sign_as ann
	git commit -q --amend -S -m ann
	status 0
	x=$(git cat-file commit HEAD | sed 's/^ann$/ann too/' | git hash-object -w -t commit --stdin)
	git reset -q --soft "$x"
	status 1
	[ "$(row demo.reviewed)" = "unsigned: commit ${x:0:12} has a signature that is not of it" ]
	git config --unset gpg.ssh.allowedSignersFile
	git commit -q --amend -S -m again
	status 1
	[[ $(row demo.reviewed) == 'unsigned: commit '*' has no signature that git can check' ]]
}

@test "a file of signers that a contribution can change does not count" {
	cp "$BATS_TEST_TMPDIR/keys/allowed" signers
	commit -S
	for file in signers ./signers "$queue/signers"; do
		git config gpg.ssh.allowedSignersFile "$file"
		status 1
		says "gpg.ssh.allowedSignersFile, $file, is in this work tree" "$out"
	done
	mv signers .git/signers
	git config gpg.ssh.allowedSignersFile .git/signers
	status 0
}

# A resolution of the entry on branch two.
resolve_two() {
	local hand=.requilt/resolve/demo/two

	checkout two "$BATS_TEST_TMPDIR/two"
	sed -i 's/^line 10$/LINE 10 of two/' "$BATS_TEST_TMPDIR/two/mm/a.c"
	commit_base two "$BATS_TEST_TMPDIR/two"
	expects 1 "$requilt" -q resolve demo two
	sed -i -e '/^<<<<<<< /d' -e '/^||||||| /,/^=======$/d' -e '/^>>>>>>> /d' -e '/^LINE 10 of two$/d' "$hand/mm/a.c"
	expects 0 "$requilt" resolve demo two --continue --who 'Ann Author <ann@example.org>' --note 'two says it in capitals'
}

@test "resolutions, and those of a rebase, are records too" {
	local one

	resolve_two
	cp -a series/demo.resolved series/demo.rebase.resolved
	one=$(basename series/demo.resolved/*)
	commit --no-gpg-sign
	status 1
	says '3 records are not signed'
	git rm -q -r --cached series/demo.resolved && git commit -q -m gone
	commit -S
	status 1
	[ "$(row "demo.resolved/$one")" = 'signed: ann@example.org' ]
	says '2 records are not signed'
	git rm -q -r --cached series && git commit -q -m gone
	commit -S
	status 0 --json
	[ "$(jq -c '[.[] | select(.record)] | map([.record, .signed, .signer])' "$out")" = \
		"[[\"series/demo.reviewed\",true,\"ann@example.org\"],[\"series/demo.resolved/$one\",true,\"ann@example.org\"],[\"series/demo.rebase.resolved/$one\",true,\"ann@example.org\"]]" ]
	echo '# not this' >>series/demo.reviewed
	status 1 --json
	[ "$(jq -c '.[] | select(.signed == false) | [.record, .signer, .message[0:21]]' "$out")" = \
		'["series/demo.reviewed",null,"changed since commit "]' ]
}

@test "git is asked about 1,000 records of a queue, and no more" {
	local text i

	resolve_two
	text=$(<"$(echo series/demo.resolved/*)")
	rm -rf .git series/demo.resolved/*
	for i in {1001..2000}; do printf '%s\n' "$text" >series/demo.resolved/$i.patch; done
	status 1
	[[ $(row demo.resolved/1999.patch) == 'unsigned: git rev-parse: fatal: not a git repository'* ]]
	[ "$(row demo.resolved/2000.patch)" = 'unsigned: git is asked about 1000 records of a queue at most' ]
	says '1001 records are not signed'
}

@test "no git repository, and a bare one made of files of the queue" {
	rm -rf .git
	status 1
	[[ $(row demo.reviewed) == 'unsigned: git rev-parse: fatal: not a git repository'* ]]
	# files of a contribution to a repository above, which git would take for one
	git init -q -b trunk "$world" && git init -q --bare "$world/evil"
	printf '[gpg "ssh"]\n\tprogram = %s\n' "$world/run" >>"$world/evil/config"
	printf '#!/bin/sh\ntouch "%s"\n' "$world/ran" >"$world/run" && chmod +x "$world/run"
	cp -a "$world"/evil/{HEAD,config,objects,refs} .
	export GIT_DIR=$queue GIT_WORK_TREE=$queue
	git config core.bare false && git config gpg.format ssh && git config gpg.ssh.program ssh-keygen
	git config user.signingKey "$BATS_TEST_TMPDIR/keys/eve.pub"
	git add -f series && git commit -q -S -m x
	git config core.bare true && git config gpg.ssh.program "$world/run"
	unset GIT_DIR GIT_WORK_TREE
	status 1
	[ ! -e "$world/ran" ]
	[[ $(row demo.reviewed) == *"cannot use bare repository"* ]]
}

@test "in a shallow clone the last commit there is says nothing of who changed a record" {
	commit --no-gpg-sign
	git commit -q --allow-empty -S -m later
	git clone -q --depth 1 "file://$queue" "$BATS_TEST_TMPDIR/clone"
	expects 0 "$requilt" -C "$BATS_TEST_TMPDIR/clone" --repo "$repo" -q port demo
	git -C "$BATS_TEST_TMPDIR/clone" config gpg.ssh.allowedSignersFile "$BATS_TEST_TMPDIR/keys/allowed"
	expects 1 "$requilt" -C "$BATS_TEST_TMPDIR/clone" --repo "$repo" status --signed demo
	[[ $(row demo.reviewed) == "unsigned: the clone is shallow"* ]]
	git -C "$BATS_TEST_TMPDIR/clone" fetch -q --unshallow
	expects 1 "$requilt" -C "$BATS_TEST_TMPDIR/clone" --repo "$repo" status --signed demo
	[[ $(row demo.reviewed) == *'has no signature that git can check' ]]
}
