#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# A sample of `make quality`: the same patches as Debian keeps them for two kernels, from the newer to the older
# one.  As many as the floor says come out as the person made them, and no green one is wrong.

load helper

setup_file() {
	local new old

	need git python3
	need_requilt
	need_branch linux-6.12.y linux-6.1.y
	new=$(queue_dir debian-6.12)
	old=$(queue_dir debian-6.1)
	# Other point releases have other patches: then the floor says nothing.
	echo "$(basename "$new") $(basename "$old")" >"$BATS_FILE_TMPDIR/versions"
	"$root/tools/test/quality/pairs" --hard --repo "$repo" "$BATS_FILE_TMPDIR/pair" linux-6.12.y "$new" linux-6.1.y "$old"
}

quality() { # FLOOR
	REQUILT=$requilt "$root/tools/test/quality/run" --no-peers --floor "$1" "$BATS_FILE_TMPDIR/pair" >"$BATS_TEST_TMPDIR/table"
}

@test "Debian's patches from 6.12 to 6.1: no fewer as people made them than the floor, none wrong and green" {
	local floor=$root/tools/test/quality/floor.tsv

	if [ "$(cat "$BATS_FILE_TMPDIR/versions")" != '6.12.107-1 6.1.187-1' ]; then
		echo "# $(cat "$BATS_FILE_TMPDIR/versions"): the floor is of other releases" >&3
		floor=/dev/null
	fi
	quality "$floor" || fail "$(cat "$BATS_TEST_TMPDIR/table")"
	grep '^requilt\|above the floor' "$BATS_TEST_TMPDIR/table" | sed 's/^/# /' >&3
}

@test "a result below the floor fails and is named" {
	printf 'pair-context\trequilt\t1000\t0\n' >"$BATS_TEST_TMPDIR/floor"
	expect_status 1 quality "$BATS_TEST_TMPDIR/floor"
	grep -q '^pair-context: requilt: [0-9]* the same, at least 1000 expected$' "$BATS_TEST_TMPDIR/table"
}
