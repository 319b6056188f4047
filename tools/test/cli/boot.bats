#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# requilt verify --boot with a kernel of one file and a qemu of a few lines, which prints what a
# guest's console would have shown: every state that a guest can end in, and the comparison of
# base and port.

load helper

setup() {
	need make gcc busybox
	name_world "$BATS_TEST_TMPDIR/w"
	site=$XDG_CACHE_HOME/requilt/verify/one
	once small_kernel "$world"
	cd "$world" || return
	qemu
}

small_kernel() {
	mkdir -p "$world/tree/mm" "$world/bin" "$queue/series" "$queue/patches/demo" \
		"$queue/ci/kconfig" "$queue/ci/guest"
	git init -q --bare -b none "$repo"
	cd "$world" || return
	kernel
	echo 'CONFIG_A=y' >"$queue/ci/kconfig/boot.config"
	printf '#!/bin/busybox sh\n' >"$queue/ci/guest/init"
	echo 'int main(void) { return 0; }' >"$queue/ci/guest/fork.c"
	printf '[core]\n\trepository = ../linux.git\n[branch "one"]\n\tarch = x86_64\n' >"$queue/series/branches.conf"
	{
		printf 'From: Ann Author <ann@example.org>\nDate: Wed, 20 Dec 2023 23:44:24 +0100\n'
		printf 'Subject: mm: one\n\nIt is so.\n\nSigned-off-by: Ann Author <ann@example.org>\n---\n'
		printf -- '--- a/mm/a.c\n+++ b/mm/a.c\n@@ -1 +1 @@\n-base\n+ported\n'
	} >"$queue/patches/demo/one.patch"
	echo demo/one.patch >"$queue/series/demo.series"
	guest >console.base
	guest >console.ported
}

kernel() {
	sed 's/^> /\t/' >tree/Makefile <<-'END'
		VERSION = 6
		PATCHLEVEL = 1
		SUBLEVEL = 5
		EXTRAVERSION =
		.PHONY: tinyconfig olddefconfig bzImage
		tinyconfig olddefconfig:
		> @mkdir -p $(O); touch $(O)/.config
		bzImage:
		> @grep -q '^CONFIG_A=y' $(O)/.config
		> @! grep -n broken mm/a.c | sed 's,:.*,:1: error: it is broken,; s,^,mm/a.c:,' | grep .
		> @mkdir -p $(O)/arch/x86/boot; cp mm/a.c $(O)/arch/x86/boot/bzImage
	END
	echo base >tree/mm/a.c
	commit_base one tree
}

# Knows base and port by the kernel it is given; HANG in the console makes it never end.
qemu() {
	cat >bin/qemu-system-x86_64 <<-END
		#!/bin/bash
		[ "\$1" != --version ] || { echo 'QEMU emulator version 7.2.0'; exit; }
		echo "\$*" >>"$world/calls"
		case \$* in
		*'-accel kvm'*-S*) exit 134 ;;
		esac
		while [ "\$1" != -kernel ]; do shift; done
		cat "$world/console.\$(cat "\$2")"
		! grep -q HANG "$world/console.\$(cat "\$2")" || exec tail -f /dev/null
	END
	chmod +x bin/qemu-system-x86_64
	PATH=$world/bin:$PATH
}

# A guest in which all is well.
guest() {
	cat <<-'END'
		[    0.000000] Linux version 6.1.5
		KTAP version 1
		1..1
		# Subtest: fork
		  KTAP version 1
		  ok 1 hugetlb: is there
		  ok 2 hugetlb: is mapped once
		  1..2
		ok 1 fork
		guest: done
		[    3.000000] reboot: Restarting system
	END
}

boot() { # STATUS OPTIONS...
	local want=$1

	shift
	expects 0 "$requilt" -C "$queue" port demo
	expects "$want" "$requilt" -C "$queue" verify --boot "$@"
}

ported() { # SED: changes what the port's console shows
	sed -i "$1" console.ported
}

@test "base and port pass; the same is not booted again; both consoles are kept" {
	boot 0
	says '  boot: tinyconfig + boot.config, QEMU emulator version 7.2.0, tcg' "$out"
	says '  boot base: passed, 3 of 3 tests ok' "$out"
	says '  boot ported: passed, 3 of 3 tests ok' "$out"
	says 'one: ok' "$out"
	diff console.base "$site/console-base.log"
	grep -c -- -kernel calls | grep -qx 2
	cp "$out" first
	boot 0
	diff first "$out"
	grep -c -- -kernel calls | grep -qx 2
	echo '/* changed */' >>"$queue/ci/guest/fork.c"
	echo 'int more;' >>"$queue/ci/guest/fork.c"
	boot 0
	grep -c -- -kernel calls | grep -qx 4
}

@test "the initramfs is the same bytes every time, and what it should hold" {
	boot 0
	cp "$site/guest/initramfs.cpio" first
	rm -r "$XDG_CACHE_HOME/requilt/verify"
	boot 0
	cmp first "$site/guest/initramfs.cpio"
	if command -v cpio >/dev/null; then
		cpio -t --quiet <first | diff - <(printf '%s\n' bin dev dev/console tests bin/busybox init tests/fork)
	fi
}

@test "a test that fails on the port alone" {
	ported 's/  ok 2/  not ok 2/; s/^ok 1 fork/not ok 1 fork # exit status 1/'
	boot 1
	says '  boot ported: failed, 1 of 3 tests ok' "$out"
	says '>>  fails: fork: hugetlb: is mapped once' "$out"
	says 'one: boot: fails: fork: hugetlb: is mapped once' "$out"
	says "console: $site/console-ported.log" "$out"
}

@test "a test that is known to fail on the base is listed, and is no fault of the port" {
	ported 's/  ok 2/  not ok 2/; s/^ok 1 fork/not ok 1 fork/'
	cp console.ported console.base
	boot 1
	says '  boot base: failed, 1 of 3 tests ok, 2 failed, 0 skipped' "$out"
	says '    fails on the base: fork: hugetlb: is mapped once' "$out"
	says '>>  fails on the base, and is not known to: fork: hugetlb: is mapped once' "$out"
	printf '# comment\nfork: hugetlb: is mapped once\n' >"$queue/ci/guest/fails-6.1"
	boot 1
	says '>>  fails on the base, and is not known to: fork' "$out"
	echo fork >>"$queue/ci/guest/fails-6.1"
	echo 'fork: mended since' >>"$queue/ci/guest/fails-6.1"
	boot 0
	says '    fails on the base: fork: hugetlb: is mapped once' "$out"
	says '    known to fail on the base, and does not: fork: mended since' "$out"
	says 'one: ok' "$out"
	guest >console.ported
	rm -r "$site"
	boot 0
	says 'one: ok' "$out"
}

@test "a test that the base skips fails unless that is known, and must not fail on the port" {
	echo 'fork: hugetlb: is mapped once' >"$queue/ci/guest/fails-6.1"
	ported 's/  ok 2.*/& # SKIP no memory/'
	cp console.ported console.base
	boot 0
	says '  boot base: failed, 2 of 3 tests ok, 0 failed, 1 skipped' "$out"
	ported 's/  ok 2/  not ok 2/; s/ # SKIP.*//'
	rm -r "$site"
	boot 1
	says '>>  fails, skipped on the base: fork: hugetlb: is mapped once' "$out"
}

@test "the kernel's selftests are made of the base's sources, once" {
	local list=$queue/ci/guest/selftests-6.1
	mkdir -p tree/tools/testing/selftests/vm
	printf '#include <uapi.h>\nint util(void);\nint main(void) { return util() + UAPI; }\n' >tree/tools/testing/selftests/vm/one.c
	echo 'int util(void) { return 0; }' >tree/tools/testing/selftests/vm/vm_util.c
	printf '.PHONY: headers\nheaders:\n\t@mkdir -p $(O)/usr/include; echo "#define UAPI 0" >$(O)/usr/include/uapi.h\n' >>tree/Makefile
	commit_base one tree
	printf '# those that run\nvm/one\nvm/one with words\n' >"$list"
	boot 0
	says 'one: ok' "$out"
	if command -v cpio >/dev/null; then
		cpio -t --quiet <"$site/guest/initramfs.cpio" | grep -x 'selftests/one'
		cpio -i --quiet --to-stdout selftests/list <"$site/guest/initramfs.cpio" | diff - <(printf 'vm/one\nvm/one with words\n')
	fi
	"$site/selftests/one"
	touch -d 2020-01-01 "$site/selftests/one"
	boot 0
	[ "$site/selftests/one" -ot "$list" ]
	echo vm/two >>"$list"
	boot 1
	says 'selftest vm/two: does not compile' "$out"
	echo '../two' >"$list"
	boot 1
	says "$list:1: ../two: not a selftest" "$out"
	printf 'vm/one\nvm/one again\nmemfd/one\n' >"$list"
	expects 1 "$requilt" -C "$queue" verify --boot
	says "$list:3: memfd/one: another folder's test has this name" "$out"
}

@test "a SKIP, a test that is gone and a plan that is not kept are failures" {
	ported 's/  ok 2.*/& # SKIP no memory/'
	boot 1
	says '>>  fails: fork: hugetlb: is mapped once' "$out"
	guest >console.ported
	ported '/  ok 2/d'
	rm -r "$site"
	boot 1
	says '>>  not run: fork: hugetlb: is mapped once' "$out"
	says '>>  fails: fork: keeps its plan' "$out"
}

@test "a SKIP without a name, or in small letters, is one" {
	ported 's/  ok 2.*/  ok 2 # SKIP no memory/'
	boot 1
	says '3 tests ok, 0 failed, 1 skipped' "$out"
	guest >console.ported
	ported 's/  ok 2.*/& # skip/'
	rm -r "$site"
	boot 1
	says '3 tests ok, 0 failed, 1 skipped' "$out"
}

@test "what the kernel complains of fails the port, and the base unless that is listed" {
	local line complaints=() all

	mapfile -t complaints <<-'END'
		BUG: Bad page map in process fork  pte:0012
		WARNING: CPU: 0 PID: 75 at mm/rmap.c:1234 f+0x1/0x2
		UBSAN: shift-out-of-bounds in mm/rmap.c:12:3
		list_add corruption. prev->next should be next
		get_swap_device: Bad swap file entry 18000000000
		Out of memory: Killed process 75 (fork)
		Bad page state in process fork
		BUG: Bad rss-counter state mm:00f type:MM_ANONPAGES val:1
		mm/pgtable-generic.c:41: bad pmd 00000000e8a5ec2c(8000000123456067)
		INFO: trying to register non-static key.
		INFO: task fork:75 blocked for more than 120 seconds.
		WARNING: possible circular locking dependency detected
	END
	all=$(printf '[    2.5] %s\\n' "${complaints[@]}")
	ported "s|^guest: done|$all&|"
	boot 1
	for line in "${complaints[@]}"; do says ">>  the kernel says: $line" "$out"; done
	sed "s/PID: 75/PID: 80/; s/pte:0012/pte:fff9/" console.ported >console.base
	boot 1 --fresh
	for line in "${complaints[@]}"; do
		line=$(sed "s/PID: 75/PID: 80/; s/pte:0012/pte:fff9/" <<<"$line")
		says ">>  the base's kernel says, and is not known to: $line" "$out"
	done
	printf 'kernel: %s\n' "${complaints[@]}" >"$queue/ci/guest/fails-6.1"
	boot 0 --fresh
	[ "$(grep -c '^    the base says: ' "$out")" = ${#complaints[@]} ]
	guest >console.base
	boot 1 --fresh
	for line in "${complaints[@]}"; do
		says "    known to fail on the base, and does not: kernel: $line" "$out"
	done
}

@test "what the kernel says counts behind a line that is not at its end, once more, and elsewhere" {
	ported 's/^  ok 2.*/& pages: [    2.512345] BUG: Bad page map in process fork/'
	boot 1
	says '>>  the kernel says: BUG: Bad page map in process fork' "$out"
	guest >console.ported
	ported 's|^guest: done|[    2.5] WARNING: CPU: 0 PID: 75 at mm/rmap.c:1234 f+0x1/0x2\n&|'
	cp console.ported console.base
	echo 'kernel: WARNING: CPU: 0 PID: 75 at mm/rmap.c:1234 f+0x1/0x2' >"$queue/ci/guest/fails-6.1"
	boot 0 --fresh
	ported 's|^guest: done|[    2.6] WARNING: CPU: 1 PID: 76 at mm/rmap.c:1240 f+0x1/0x2\n&|'
	rm -r "$site"
	boot 1
	says '>>  the kernel says: WARNING: CPU: 1 PID: 76 at mm/rmap.c:1240 f' "$out"
	cp console.base console.ported
	ported 's|f+0x1|add+0x1|'
	rm -r "$site"
	boot 1
	says '>>  the kernel says: WARNING: CPU: 0 PID: 75 at mm/rmap.c:1234 add' "$out"
}

@test "what failed is not kept: the next run boots it again; --fresh boots what passed" {
	ported 's/  ok 2/  not ok 2/'
	boot 1
	guest >console.ported
	boot 0
	grep -c -- -kernel calls | grep -qx 3
	boot 0
	grep -c -- -kernel calls | grep -qx 3
	ported 's/  ok 2/  not ok 2/'
	boot 1 --fresh
	grep -c -- -kernel calls | grep -qx 5
	sed -i 's/  ok 2/  not ok 2/' console.base
	boot 1 --fresh
	grep -c -- -kernel calls | grep -qx 7
	guest >console.base
	boot 1
	grep -c -- -kernel calls | grep -qx 9
	boot 1
	grep -c -- -kernel calls | grep -qx 10
}

@test "a qemu that fails is no result of the kernel" {
	sed -i 's/^\t*! grep -q HANG/echo "cannot set up guest memory"; exit 1\n&/' bin/qemu-system-x86_64
	boot 128
	says 'qemu-system-x86_64 ended with status 1: cannot set up guest memory' "$out"
}

@test "two tests of one name are two" {
	sed -i 's/  1..2/  ok 3 hugetlb: is there\n  1..3/' console.base console.ported
	boot 0
	ported 's/  ok 3/  not ok 3/; s/^ok 1/not ok 1/'
	rm -r "$site"
	boot 1
	says '>>  fails: fork: hugetlb: is there' "$out"
}

@test "no test at all is no proof" {
	printf 'KTAP version 1\n1..0\nguest: done\n' | tee console.base >console.ported
	boot 1
	says 'fails on the base, and is not known to: all tests run' "$out"
}

@test "a panic" {
	ported '/^guest/,$d; /^  ok 1/d; s/^  ok 2.*/[    2.5] Kernel panic - not syncing: Fatal exception/'
	boot 1
	says '  boot ported: panicked' "$out"
	says '>>  not run: 2 tests, from fork: hugetlb: is there on' "$out"
	says '>>  the ported kernel: panicked' "$out"
	says '>>  the kernel says: Kernel panic - not syncing: Fatal exception' "$out"
}

@test "a guest that hangs is stopped; one that ends early hung, too" {
	ported 's/^guest: done/HANG/'
	boot 1 --limit 2
	says '  boot ported: hung, 3 of 3 tests ok' "$out"
	ported '/HANG/d'
	boot 1
	says '  boot ported: hung' "$out"
}

@test "a guest that never comes up; the base too" {
	echo 'Decompressing Linux...' >console.ported
	boot 1
	lacks -F 'not run' "$out"
	says '  boot ported: never came up' "$out"
	cp console.ported console.base
	rm -r "$site"
	boot 1
	says 'one: boot: ' "$out"
	says '  boot base: never came up' "$out"
}

@test "a kernel that does not compile is a result, with the error" {
	sed -i 's/+ported/+broken/' "$queue/patches/demo/one.patch"
	boot 1
	says '  boot ported: not built' "$out"
	says '>>  the ported kernel: not built: mm/a.c:1:1: error: it is broken' "$out" ||
		says '>>  the ported kernel: not built: ' "$out"
}

@test "an option that does not take, and the fragment of a version" {
	echo 'CONFIG_B=y' >"$queue/ci/kconfig/boot-6.1.config"
	boot 0
	says 'boot: tinyconfig + boot.config + boot-6.1.config' "$out"
}

# A qemu that starts on kvm, and there does as COMMAND says.
half_kvm() { # COMMAND
	sed -i "s|\*'-accel kvm'\*-S\*) exit 134 ;;|*'-accel kvm'*-S*) exit ;; *'-accel kvm'*) $1 ;;|" bin/qemu-system-x86_64
	grep -q "accel kvm'\*) " bin/qemu-system-x86_64
}

started() { # ACCELERATOR TIMES
	[ "$(grep -c -- "-accel $1 -kernel" calls)" = "$2" ]
}

@test "a guest on kvm that says nothing is started again on tcg, and so is its pair" {
	half_kvm 'exec tail -f /dev/null'
	boot 0 --limit 2
	says '7.2.0, tcg' "$out"
	says 'note: kvm: boot base: the guest printed nothing for 2 s; started again on tcg' "$out"
	says 'requilt: one: kvm: boot base: the guest printed nothing for 2 s; started again on tcg' "$err"
	says '  boot ported: passed, 3 of 3 tests ok' "$out"
	started kvm 1
	started tcg 2
	# the next run does not wait for it, until it is asked to
	boot 0 --limit 2
	says 'note: kvm: boot base: the guest printed nothing for 2 s; started again on tcg; seen by an earlier run' "$out"
	started kvm 1
	boot 0 --limit 2 --fresh
	started kvm 2
	boot 1 --limit 2 --accel kvm
	says '  boot base: never came up' "$out"
	lacks -F 'note: ' "$out"
	started kvm 4
}

@test "a guest on kvm that dies, or stops before its first test, is started again on tcg" {
	half_kvm 'echo "KVM internal error"; exit 1'
	boot 0
	says 'note: kvm: boot base: qemu-system-x86_64 ended with status 1: KVM internal error; started again on tcg' "$out"
	rm -r "$site"
	sed -i 's|echo "KVM internal error"; exit 1|echo "Linux version 6.1.5"; exit|' bin/qemu-system-x86_64
	boot 0
	says 'note: kvm: boot base: the guest did not come to its first test; started again on tcg' "$out"
}

@test "a port that hangs on kvm where its base does not, hung" {
	half_kvm true
	ported 's/^guest: done/HANG/'
	boot 1 --limit 2
	says '7.2.0, kvm' "$out"
	says '  boot ported: hung, 3 of 3 tests ok' "$out"
	started tcg 0
}

@test "the accelerator is named by the branch, and by the option before it" {
	half_kvm true
	printf '\taccel = tcg\n' >>"$queue/series/branches.conf"
	boot 0
	says '7.2.0, tcg' "$out"
	started kvm 0
	boot 0 --accel kvm
	says '7.2.0, kvm' "$out"
	started kvm 2
	boot 129 --accel xen
	says "--accel takes kvm, tcg or auto, not 'xen'" "$err"
	sed -i 's/accel = tcg/accel = xen/' "$queue/series/branches.conf"
	expects 1 "$requilt" -C "$queue" verify --boot
	says "branch.one.accel: 'xen' is none of kvm, tcg and auto" "$err"
}

@test "kvm alone, where it does not start" {
	boot 128 --accel kvm
	says 'kvm: no guest starts on it here; use --accel tcg' "$out"
}

@test "the console can be read while the guest runs" {
	ported 's/^guest: done/HANG/'
	expects 0 "$requilt" -C "$queue" port demo
	"$requilt" -C "$queue" verify --boot --limit 60 >/dev/null 2>said 3>&- &
	verify=$!
	for _ in $(seq 300); do
		! grep -qs 'ok 1 fork' "$site/console-ported.log" || break
		sleep 0.1
	done
	grep -q 'ok 1 fork' "$site/console-ported.log"
	says "requilt: one: boot ported: its console is $site/console-ported.log" said
	kill "$verify"
	wait "$verify" || true
}

@test "a base that never ran is not said to pass what it is known to fail" {
	echo 'fork: hugetlb: is mapped once' >"$queue/ci/guest/fails-6.1"
	echo 'Decompressing Linux...' >console.base
	boot 1
	says '  boot base: never came up' "$out"
	lacks -F 'known to fail on the base, and does not' "$out"
}

@test "qemu missing" {
	path_without qemu-system-x86_64
	boot 128
	says '  boot base: qemu missing' "$out"
	says 'one: boot: qemu missing' "$out"
}

@test "JSON says the same" {
	need jq
	ported 's/  ok 2/  not ok 2/'
	boot 1 --json
	jq -e '.branches[0] | .verdict == "failed" and (.boot |
		.base.state == "passed" and .ported.state == "failed" and .ok == false and
		(.ported.tests | length) == 3 and .worse == ["fails: fork: hugetlb: is mapped once"])' "$out"
}
