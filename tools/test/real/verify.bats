#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# requilt verify on a real kernel: the first entries of the folio-rmap queue compile one by
# one, and mistakes planted in mm/ are found with their entries, moved code is not.  The work
# tree and the objects stay in the cache, so a second run is quick.

load helper

setup_file() {
	need make gcc sparse flex bison bc jq git
	need_requilt
	need_branch linux-6.1.y
}

# A queue repository of its own for linux-6.1.y, with a series to be filled.
setup() {
	queue=$BATS_TEST_TMPDIR/queue
	mkdir -p "$queue/series" "$queue/patches/plant" "$queue/ci"
	cp -r "$root/ci/kconfig" "$queue/ci/"
	sed -n '/^\[branch "linux-6.1.y"\]/,/^$/p' "$root/series/branches.conf" >"$queue/series/branches.conf"
}

verify() { # STATUS QUEUE OPTIONS...
	local status=$1 name=$2 start
	shift 2
	# Refs of its own: ports of the real queue stay what they are.
	git clone -q --bare --shared "$repo" "$BATS_TEST_TMPDIR/linux.git"
	expect_status 0 "$requilt" -C "$queue" --repo "$BATS_TEST_TMPDIR/linux.git" port "$name" >&2
	start=$SECONDS
	expect_status "$status" "$requilt" -C "$queue" --repo "$BATS_TEST_TMPDIR/linux.git" \
		verify --queue "$name" --json "$@" >"$BATS_TEST_TMPDIR/verify.json"
	echo "# verify $*: $((SECONDS - start)) s," \
		"$(jq -r '[.branches[0].entries[] | "\(.objects) objects \(.verdict)"] | join(", ")' \
			"$BATS_TEST_TMPDIR/verify.json")" >&3
}

# A patch to FILE of linux-6.1.y: what the sed SCRIPT makes of it.
plant() { # NAME FILE SCRIPT
	local old=$BATS_TEST_TMPDIR/old new=$BATS_TEST_TMPDIR/new
	[ -f "$BATS_TEST_TMPDIR/now-${2//\//_}" ] ||
		git -C "$repo" show "linux-6.1.y:$2" >"$BATS_TEST_TMPDIR/now-${2//\//_}"
	cp "$BATS_TEST_TMPDIR/now-${2//\//_}" "$old"
	sed "$3" "$old" >"$new"
	cp "$new" "$BATS_TEST_TMPDIR/now-${2//\//_}"
	{
		printf 'From: A <a@example.org>\nDate: Mon, 23 Nov 2026 03:00:00 +0000\nSubject: mm: %s\n\n---\n' "$1"
		diff -u --label "a/$2" --label "b/$2" "$old" "$new" || [ $? = 1 ]
	} >"$queue/patches/plant/$1.patch"
	echo "plant/$1.patch" >>"$queue/series/plant.series"
}

# bats test_tags=nightly
@test "verify: the first entries of folio-rmap compile one by one on linux-6.1.y" {
	cp -r "$root/patches/folio-rmap" "$queue/patches/"
	grep '^folio-rmap/.*\.patch' "$root/series/folio-rmap.series" | grep -v '/linux-5' | sed 's/ *#.*//' |
		head -n 2 >"$queue/series/folio-rmap.series"
	verify 0 folio-rmap --build --each
	jq -e '.branches[0].entries | length == 3 and all(.verdict == "ok" and .objects > 40)' \
		"$BATS_TEST_TMPDIR/verify.json" >&2
}

@test "verify: planted mistakes are found with their entries on linux-6.1.y, moved code is not" {
	plant move mm/rmap.c "$(printf '/^#include <linux\\/mm.h>/a\\'; seq -s '\n' -f '/* %g */' 40)"
	plant address-space mm/mincore.c '$a int plant(int __user *p);\nint plant(int __user *p)\n{\n\treturn *p;\n}'
	plant lock mm/rmap.c '$a void plant_lock(spinlock_t *l);\nvoid plant_lock(spinlock_t *l)\n{\n\tspin_lock(l);\n}'
	plant unused mm/mlock.c '$a static int plant_unused;'
	verify 1 plant --build --sparse --each
	jq -r '.branches[0].entries[] | .patch as $p | .new[] | "\($p) \(.tool) \(.file) \(.text)"' \
		"$BATS_TEST_TMPDIR/verify.json" | tee "$BATS_TEST_TMPDIR/new" >&2
	diff - "$BATS_TEST_TMPDIR/new" >&2 <<-'END'
		plant/address-space.patch sparse mm/mincore.c dereference of noderef expression
		plant/lock.patch sparse mm/rmap.c context imbalance in 'plant_lock' - wrong count at exit
		plant/unused.patch compiler mm/mlock.c 'plant_unused' defined but not used [-Wunused-variable]
	END
}

# bats test_tags=nightly
@test "verify: an object that does not compile is named with its error on linux-6.1.y" {
	plant good mm/mincore.c '$a int plant_a;'
	plant bad mm/mlock.c '$a int plant_b = undeclared;'
	plant later mm/mincore.c '$a int plant_c;'
	verify 1 plant --build
	jq -e '.branches[0].entries[2] | .patch == "plant/bad.patch" and .verdict == "failed" and
		.failure.file == "mm/mlock.c" and (.failure.text | test("undeclared"))' \
		"$BATS_TEST_TMPDIR/verify.json" >&2
}
