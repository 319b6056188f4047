#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# requilt verify --boot on linux-6.1.y: base and port of the folio-rmap queue come up and pass
# every guest test.  The kernels stay in the cache; without it this takes ten minutes.

load helper

@test "boot: linux-6.1.y and its port pass every guest test" {
	need make gcc flex bison bc jq qemu-system-x86_64 busybox
	need_requilt
	need_branch linux-6.1.y
	git clone -q --bare --shared "$repo" "$BATS_TEST_TMPDIR/linux.git"
	expect_status 0 "$requilt" -C "$root" --repo "$BATS_TEST_TMPDIR/linux.git" \
		port folio-rmap --out "$BATS_TEST_TMPDIR/out" linux-6.1.y >&2
	expect_status 0 "$requilt" -C "$root" --repo "$BATS_TEST_TMPDIR/linux.git" verify --json \
		--queue folio-rmap --out "$BATS_TEST_TMPDIR/out" --boot linux-6.1.y >"$BATS_TEST_TMPDIR/verify.json"
	jq -e '.branches[0].boot | .base.state == "passed" and .ported.state == "passed" and
		(.ported.tests | length) > 300 and .failing == [] and .worse == []' "$BATS_TEST_TMPDIR/verify.json" >&2
}
