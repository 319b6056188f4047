#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Debian's queue of an older 6.1 point release onto a newer one, and what that release's own queue
# holds: for each patch, whether we and its maintainers agree.

load helper

setup() {
	need jq git patch
	need_requilt
	need_branch linux-6.1.y
	older=$(queue_dir debian-6.1-older) newer=$(queue_dir debian-6.1)
	queue=$BATS_TEST_TMPDIR/queue
	mkdir -p "$queue/series"
	printf '[branch "linux-6.1.y"]\n\ttag = x\n' >"$queue/series/branches.conf"
}

rebase() { # STATUS WORD...
	local want=$1
	shift
	expect_status "$want" "$requilt" -C "$queue" --repo "$repo" rebase debian linux-6.1.y "$@"
}

# "ours theirs patch message" a line: theirs is what became of the patch's text in the newer queue.
verdicts() { # JSON
	local ours theirs patch message

	jq -r '.entries[] | [.outcome, .patch, .message // ""] | @tsv' "$1" |
		while IFS=$'\t' read -r ours patch message; do
			theirs=dropped
			if grep -qxE "$(sed 's/[][\.*^$+?(){}|]/\\&/g' <<<"$patch")( .*)?" "$newer/series"; then
				cmp -s "$older/$patch" "$newer/$patch" && theirs=unchanged || theirs=refreshed
			fi
			printf '%s %s %s %s\n' "$ours" "$theirs" "$patch" "$message"
		done
}

@test "what we drop they dropped, what we keep they kept, what conflicts they changed by hand" {
	rebase 1 --from "$older" --out "$BATS_TEST_TMPDIR/new" --json >"$BATS_TEST_TMPDIR/json" 2>"$BATS_TEST_TMPDIR/err"
	verdicts "$BATS_TEST_TMPDIR/json" >"$BATS_TEST_TMPDIR/verdicts"
	cut -d' ' -f1,2 "$BATS_TEST_TMPDIR/verdicts" | sort | uniq -c | sed 's/^/# ours, theirs:/' >&3
	[ "$(wc -l <"$BATS_TEST_TMPDIR/verdicts")" -gt 100 ] || fail "hardly a queue"
	if grep -E '^dropped (un|re)|^(unchanged|refreshed) dropped' "$BATS_TEST_TMPDIR/verdicts"; then
		fail "above: one of us kept what the other dropped"
	fi
	# What only follows from a conflict is not ours to judge.
	if grep -E '^conflict unchanged' "$BATS_TEST_TMPDIR/verdicts" | grep -vE ' needs .* failed before it|no line that it removes|a hunk that only removes proves nothing'; then
		fail "above: a conflict, and they had none"
	fi
	# The floor, of the 162 patches for 6.1.164: it only rises.
	if [[ $older == *6.1.164-1* ]]; then
		[ "$(grep -c '^conflict' "$BATS_TEST_TMPDIR/verdicts")" -le 22 ] || fail "more than 22 conflicts"
	fi
	[ ! -e "$BATS_TEST_TMPDIR/new" ] || fail "written in spite of conflicts"
}

@test "without the patches that conflict the result pushes, and is stable" {
	cp -R "$older" "$BATS_TEST_TMPDIR/from"
	for _ in 1 2 3 4 5 6; do
		"$requilt" -C "$queue" --repo "$repo" rebase debian linux-6.1.y --from "$BATS_TEST_TMPDIR/from" \
			--out "$BATS_TEST_TMPDIR/new" --json >"$BATS_TEST_TMPDIR/json" 2>/dev/null && break
		jq -r '.entries[] | select(.outcome == "conflict") | .patch' "$BATS_TEST_TMPDIR/json" |
			grep -vxFf - "$BATS_TEST_TMPDIR/from/series" >"$BATS_TEST_TMPDIR/rest"
		cp "$BATS_TEST_TMPDIR/rest" "$BATS_TEST_TMPDIR/from/series"
	done
	mapfile -t patches < <(series_paths "$BATS_TEST_TMPDIR/new")
	[ ${#patches[@]} -gt 100 ] || fail "hardly a queue"
	worktree refs/heads/linux-6.1.y "${patches[@]}"
	quilt_push "$BATS_TEST_TMPDIR/new"
	rebase 0 --from "$BATS_TEST_TMPDIR/new" --out "$BATS_TEST_TMPDIR/again" >"$BATS_TEST_TMPDIR/out"
	grep -q ' 0 dropped, 0 refreshed, ' "$BATS_TEST_TMPDIR/out" || fail "refreshed twice" "$(tail -3 "$BATS_TEST_TMPDIR/out")"
	for patch in "${patches[@]}"; do
		patch=${patch#"$BATS_TEST_TMPDIR/new/"}
		cmp "$BATS_TEST_TMPDIR/new/$patch" "$BATS_TEST_TMPDIR/again/$patch"
	done
}

@test "a real conflict is taken up by hand once and replayed" {
	resolve() { # STATUS WORD...
		local want=$1
		shift
		expect_status "$want" "$requilt" -C "$queue" --repo "$repo" resolve debian linux-6.1.y --from "$older" "$@" \
			>"$BATS_TEST_TMPDIR/out" 2>&1
	}
	# One line that goes reads otherwise, so that no part of the context places it.
	cp -R "$older" "$BATS_TEST_TMPDIR/older" && older=$BATS_TEST_TMPDIR/older
	file=$older/bugfix/all/firmware-remove-redundant-log-messages-from-drivers.patch
	grep -q '^-.*uea_err(usb, "firmware %s is not available' "$file"
	sed -i 's/^\(-.*\)uea_err(usb, "firmware %s is not available/\1uea_err(dev, "firmware %s is not available/' "$file"
	resolve 1
	file=$queue/.requilt/resolve/debian.rebase/linux-6.1.y/drivers/usb/atm/ueagle-atm.c
	grep -q '^<<<<<<< linux-6.1.y' "$file" || fail "no marker in $file"
	# The patch takes the messages out; the release has another argument in the call.
	sed -i -e '/^<<<<<<< /,/^=======$/d' -e '/^>>>>>>> /d' -e 's/GFP_KERNEL, usb,$/GFP_KERNEL, intf,/' "$file"
	resolve 1 --continue --who 'requilt developers <requilt@example.org>' --note 'the call has intf here'
	grep -q '^recorded: ' "$BATS_TEST_TMPDIR/out" || fail "$(cat "$BATS_TEST_TMPDIR/out")"
	resolve 0 --abort
	rebase 1 --from "$older" --out "$BATS_TEST_TMPDIR/new" --json >"$BATS_TEST_TMPDIR/json" 2>/dev/null
	jq -e '.entries[] | select(.patch | endswith("firmware-remove-redundant-log-messages-from-drivers.patch"))
		| .outcome == "refreshed" and (.message | startswith("as resolved on linux-6.1.y"))' "$BATS_TEST_TMPDIR/json"
}
