#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Debian's own queue for 6.1, with the headers that people wrote over many years, as mails: git am
# takes all of them on the real tree, and what was exported comes back the same.

load helper

setup() {
	local upstream

	need git
	need_requilt
	need_branch linux-6.1.y
	queue=$BATS_TEST_TMPDIR/queue kernel=$BATS_TEST_TMPDIR/linux.git
	upstream=$(queue_dir debian-6.1)
	mkdir -p "$queue/series"
	printf '[branch "linux-6.1.y"]\n\ttag = pristine\n' >"$queue/series/branches.conf"
	git clone -q --bare --shared "$repo" "$kernel"
	do_it import debian "$upstream"
	do_it port debian linux-6.1.y
}

do_it() {
	expect_status 0 "$requilt" -C "$queue" --repo "$kernel" "$@" >/dev/null
}

@test "Debian's queue for 6.1 as mails: git am gives the port's tree" {
	local work=$BATS_TEST_TMPDIR/am ported

	do_it export debian linux-6.1.y --format mbox --who 'Ann Author <ann@example.org>' -o "$BATS_TEST_TMPDIR/mbox"
	ported=$(git --git-dir="$kernel" rev-parse 'refs/heads/requilt/debian/linux-6.1.y^{tree}')
	git clone -q --shared --no-checkout -b linux-6.1.y "$kernel" "$work"
	git -C "$work" config core.sparseCheckout true
	git -C "$work" diff --no-renames --name-only HEAD "$ported" | sed 's|^|/|' >"$work/.git/info/sparse-checkout"
	git -C "$work" checkout -q linux-6.1.y
	GIT_COMMITTER_NAME=base GIT_COMMITTER_EMAIL=base@example.org \
		expect_status 0 git -C "$work" am -q "$BATS_TEST_TMPDIR/mbox"
	[ "$(git -C "$work" rev-parse 'HEAD^{tree}')" = "$ported" ]
}

@test "Debian's queue for 6.1 exported, imported, exported is the same bytes" {
	local form dialect who='Ann Author <ann@example.org>'

	for form in mbox quilt; do
		for dialect in stable dep3 suse yocto; do
			rm -rf "$BATS_TEST_TMPDIR"/{first,second}* "$queue"/{patches,series}/again*
			do_it export debian linux-6.1.y -q --format $form --who "$who" --dialect $dialect -o "$BATS_TEST_TMPDIR/first"
			do_it import again "$BATS_TEST_TMPDIR/first"
			do_it port again linux-6.1.y
			do_it export again linux-6.1.y -q --format $form --who "$who" --dialect $dialect -o "$BATS_TEST_TMPDIR/second"
			diff -r -x series -x export.json "$BATS_TEST_TMPDIR/first" "$BATS_TEST_TMPDIR/second"
		done
	done
}
