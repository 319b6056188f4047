# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# For the helpers: bats ends only the children of a test that took too long, and then waits for
# their children, which hold its output open.  So a hang would cost the whole file.

teardown() { end_what_hangs; }

# Kills what a test that timed out has started, known by the test's folder in its environment.
end_what_hangs() {
	local process

	[ "${BATS_TIMED_OUT:-}" ] || return 0
	for process in /proc/[0-9]*; do
		if [ "${process#/proc/}" != $$ ] && [ "${process#/proc/}" != "$BASHPID" ] &&
			grep -qzF "$BATS_TEST_TMPDIR" "$process/environ" 2>/dev/null; then
			kill -KILL "${process#/proc/}" 2>/dev/null || true
		fi
	done
}
