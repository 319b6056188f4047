#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What a rule is confined with, and what happens where that is missing.  What the confinement
# refuses is tried in unit/test_confine.c.

load helper

setup() {
	need git jq spatch gcc strace
	make_world "$BATS_TEST_TMPDIR/world"
	cd "$world" || return 1
	gcc -o without "$root/tools/test/cli/without.c"
	mkdir driver queue/cocci queue/cocci/demo
	printf 'int f(void)\n{\n\told(1);\n\treturn 0;\n}\n' >driver/a.c
	printf '/*\n * Subject: x\n * From: A <a@example.org>\n * Date: Wed, 20 Dec 2023 23:44:24 +0100\n */\n@@\nexpression e;\n@@\n- old(e)\n+ fresh(e)\n' >rule.cocci
	cp rule.cocci queue/cocci/demo/
	cp driver/a.c tree/mm/old.c
	commit_base one tree
	echo 'demo/rule.cocci' >queue/series/demo.series
}

# The numbers of landlock_create_ruleset() and so on; seccomp()'s for this machine.
landlock='444 445 446'
seccomp() {
	printf '#include <sys/syscall.h>\n__NR_seccomp\n' | gcc -E -P - | tail -1
}

@test "doctor says what was tried" {
	"$requilt" --json doctor >"$out" 2>"$err" || true
	[ "$(jq -c '[.[] | select(.name == "landlock" or .name == "seccomp") | .found]' "$out")" = '[true,true]' ]
	jq -r '.[].what' "$out" | grep -q 'confining rules to files, ABI [1-9]'
	./without $landlock -- "$requilt" --json doctor >"$out" 2>"$err" || true
	[ "$(jq -c '[.[] | select(.name == "landlock" or .name == "seccomp") | .found]' "$out")" = '[false,true]' ]
	./without $(seccomp) -- "$requilt" --json doctor >"$out" 2>"$err" || true
	[ "$(jq -c '[.[] | select(.name == "landlock" or .name == "seccomp") | .found]' "$out")" = '[true,false]' ]
}

@test "where a rule cannot be confined it does not run, unless the command line says so" {
	path_without bwrap
	for missing in "$landlock" "$(seccomp)"; do
		for command in 'convert --rule rule.cocci driver' '-C queue port demo one'; do
			rm -rf "$XDG_CACHE_HOME/requilt/semantic"
			# shellcheck disable=SC2086 # words
			expects 128 ./without $missing -- env ASAN_OPTIONS=detect_leaks=0 strace -f -e trace=execve -o calls "$requilt" $command
			cat "$out" >>"$err"
			says 'a rule cannot be confined, since'
			says "--unconfined-rules"
			lacks -e --sp-file calls
			# shellcheck disable=SC2086 # words
			expects 0 ./without $missing -- "$requilt" $command --unconfined-rules
		done
	done
	for name in UNCONFINED_RULES REQUILT_UNCONFINED_RULES; do
		rm -rf "$XDG_CACHE_HOME/requilt/semantic"
		# shellcheck disable=SC2086 # words
		expects 128 env $name=1 ./without $landlock -- "$requilt" convert --rule rule.cocci driver
	done
}

@test "a conflict of a queue with a rule is not looked for without confinement" {
	path_without bwrap
	# shellcheck disable=SC2086 # words
	expects 0 ./without $landlock -- "$requilt" -C queue resolve demo one --unconfined-rules
	says 'no conflict' "$out"
	rm -rf "$XDG_CACHE_HOME/requilt/semantic"
	# shellcheck disable=SC2086 # words
	expects 1 ./without $landlock -- "$requilt" -C queue resolve demo one
	says 'a rule cannot be confined, since Landlock'
}

@test "bubblewrap confines where Landlock does not work" {
	command -v bwrap >/dev/null || skip 'bubblewrap is not installed'
	bwrap --unshare-all --ro-bind / / true || skip 'bubblewrap does not work here'
	# shellcheck disable=SC2086 # words
	expects 0 ./without $landlock -- env ASAN_OPTIONS=detect_leaks=0 strace -f -v -s 1000 -e trace=execve -o calls "$requilt" convert --rule rule.cocci driver
	says '+	fresh(1);' "$out"
	grep -q 'bwrap.*--unshare-all.*--seccomp' calls
}

@test "a rule's spatch executes itself, sh, diff and cp, and opens no socket" {
	expects 0 env ASAN_OPTIONS=detect_leaks=0 strace -f -s 200 -o calls "$requilt" convert --rule rule.cocci driver
	says '+	fresh(1);' "$out"
	[ "$(grep -o 'execve("[^"]*"' calls | sed 's|.*/||' | sort -u | tr -d '\n')" = 'cp"diff"requilt"sh"spatch"' ] ||
		[ "$(grep -o 'execve("[^"]*"' calls | sed 's|.*/||' | sort -u | tr -d '\n')" = 'cp"diff"requilt-debug"sh"spatch"' ]
	lacks -E 'socket\(AF_(UNIX|INET6)|connect\(' calls
}

@test "mutated rules: what the gate lets through executes and opens nothing outside, says strace" {
	need perl
	env -u BATS_TEST_TMPDIR TMPDIR="$BATS_TEST_TMPDIR" REQUILT="$requilt" "$root/tools/test/gate/run" 20
}

@test "doctor looks at what verify and boot need, and at the compilers that branches name" {
	path_without bc qemu-system-x86_64
	git config -f queue/series/branches.conf branch.one.cross mips64el-none-gnu-
	git config -f queue/series/branches.conf branch.two.cross x86_64-none-gnu-
	expects 128 "$requilt" -C queue doctor
	grep -qx 'bc  *missing  building a ported kernel; install bc' "$out"
	grep -qx 'qemu-system-x86_64  *missing  booting a ported kernel; install qemu-system-x86' "$out"
	grep -qx 'mips64el-none-gnu-gcc  *missing  building branch one; install gcc-mips64el-none-gnu' "$out"
	grep -qx 'x86_64-none-gnu-gcc  *missing  building branch two; install gcc-x86-64-none-gnu' "$out"
	printf '#!/bin/sh\nexit 1\n' >"$world/bin/gcc.new" && chmod +x "$world/bin/gcc.new" && mv "$world/bin/gcc.new" "$world/bin/gcc"
	expects 128 "$requilt" -C queue doctor
	grep -qx 'libelf  *missing  building a ported kernel; install libelf-dev' "$out"
}
