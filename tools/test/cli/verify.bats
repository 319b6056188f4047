#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# requilt verify on a kernel of a few lines, whose Makefile knows what Kbuild knows of that
# matters here: O=, configuration targets, folders, C=2, dependency files, real-obj-y.

load helper

setup() {
	need make gcc sparse
	name_world "$BATS_TEST_TMPDIR/w"
	site=$XDG_CACHE_HOME/requilt/verify/one
	once small_kernel "$world"
	cd "$world" || return
}

small_kernel() {
	mkdir -p "$world/tree/mm" "$world/tree/include" "$world/tree/lib" \
		"$queue/series" "$queue/patches/demo" "$queue/ci/kconfig"
	git init -q --bare -b none "$repo"
	cd "$world" || return
	kernel
	printf 'CONFIG_A=y\n' >"$queue/ci/kconfig/tiny.config"
	cat >"$queue/series/branches.conf" <<-'END'
		[core]
			repository = ../linux.git
		[branch "one"]
			fragment = tiny.config
			compile = mm
			compile = lib/other.o
			compile = mm/c.o
	END
	: >"$queue/series/demo.series"
}

kernel() {
	sed 's/^> /\t/' >tree/Makefile <<-'END'
		VERSION = 6
		PATCHLEVEL = 1
		SUBLEVEL = 5
		EXTRAVERSION =
		ifndef SRC
		.PHONY: again $(MAKECMDGOALS)
		$(MAKECMDGOALS): again ; @:
		again:
		> @mkdir -p $(O)
		> @$(MAKE) -C $(O) -f $(CURDIR)/Makefile SRC=$(CURDIR) $(MAKECMDGOALS)
		else
		-include .config
		real-obj-y := mm/a.o mm/b.o lib/other.o
		ifeq ($(CONFIG_C),y)
		real-obj-y += mm/c.o
		endif
		.SECONDEXPANSION:
		.PHONY: FORCE tinyconfig olddefconfig
		tinyconfig:
		> @printf 'CONFIG_A=y\n# CONFIG_C is not set\n' >.config
		olddefconfig:
		> @awk -F= '/^CONFIG_/ { v[$$1] = $$2 } \
		>   /^# CONFIG_/ { split($$0, w, " "); delete v[w[2]] } \
		>   END { if (!v["CONFIG_C"]) delete v["CONFIG_DEP"]; \
		>   for (o in v) if (o ~ /_(A|C|DEP|S)$$/) print o "=" v[o] }' \
		>   .config | sort >.config.new && mv .config.new .config
		mm/: $(filter mm/%,$(real-obj-y)) ; @:
		lib/: $(filter lib/%,$(real-obj-y)) ; @:
		ifeq ($(C),2)
		checks = @echo "  CHECK   $<"; $(CHECK) $(CF) -I$(SRC)/include $<
		force = FORCE
		endif
		FORCE: ;
		$(real-obj-y): %.o: $(SRC)/%.c $(force)
		> @mkdir -p $(@D)
		> $(checks)
		> @echo "  CC      $@"
		> @$(CC) -Wall -I$(SRC)/include -MMD -MF $(@D)/.$(@F).cmd -c -o $@ $<
		-include $(wildcard */.*.o.cmd */*/.*.o.cmd)
		endif
	END
	cat >tree/include/k.h <<-'END'
		#ifdef __CHECKER__
		# define __user __attribute__((noderef, address_space(1)))
		# define __acquires(x) __attribute__((context(x, 0, 1)))
		#else
		# define __user
		# define __acquires(x)
		#endif
		void take(void) __acquires(lock);
	END
	for name in a b; do
		printf '#include "k.h"\n' >tree/mm/$name.c
		seq -f "extern int ${name}_%g;" 1 30 >>tree/mm/$name.c
	done
	echo '#error not in this configuration' >tree/mm/c.c
	echo 'int other;' >tree/lib/other.c
	printf '#!/bin/sh\n' >tree/run.sh && chmod 755 tree/run.sh
	ln -sf mm/a.c tree/link.c
	commit_base one tree
}

# The next patch of the queue is what COMMAND does in the tree.
entry() { # NAME COMMAND
	local before

	before=$(tree_of tree)
	(cd tree && eval "$2")
	{
		printf 'From: Ann Author <ann@example.org>\nDate: Wed, 20 Dec 2023 23:44:24 +0100\n'
		printf 'Subject: mm: %s\n\nIt is so.\n\nSigned-off-by: Ann Author <ann@example.org>\n---\n' "$1"
		git --git-dir="$repo" diff --no-renames "$before" "$(tree_of tree)"
	} >"$queue/patches/demo/$1.patch"
	echo "demo/$1.patch" >>"$queue/series/demo.series"
}

# Text behind the line N of a file: sed's own "a", with \n in it.
after() { # FILE N TEXT
	sed -i "$2a\\$3" "$1"
}

ported() {
	expects 0 "$requilt" -C "$queue" port demo
}

verify() { # STATUS OPTIONS...: what is known from an earlier run is done again
	local want=$1

	shift
	expects "$want" "$requilt" -C "$queue" verify --fresh "$@"
}

row() { # ENTRY COUNT WORD: a line of the table
	grep -qE "^  $1 +$2  $3\$" "$out" || fail "no line '$1 $2 $3' in:" "$(cat "$out")"
}

three() { # three entries; the command of the second is given
	entry one 'sed -i s/a_10/a_ten/ mm/a.c'
	entry two "$1"
	entry three 'sed -i s/b_10/b_ten/ mm/b.c'
	ported
}

@test "every entry compiles: objects are counted, and a second run prints the same" {
	three 'sed -i "s/a_20;/a_twenty;/" mm/a.c; sed -i "s/take/take_it/" include/k.h'
	verify 0 --build --each
	says 'one 6.1.5: tinyconfig + tiny.config, gcc ' "$out"
	row base 2 ok
	row demo/one.patch 1 ok
	row demo/two.patch 2 ok
	row demo/three.patch 1 ok
	says 'one: ok' "$out"
	[ ! -s "$err" ] || fail "$(cat "$err")"
	cp "$out" first
	verify 0 --build --each one
	diff first "$out"
}

@test "only the end: the base and the ported state" {
	three 'sed -i "s/a_20;/a_twenty;/" mm/a.c'
	verify 0 --build
	row base 2 ok
	row ported 2 ok
	lacks -q 'demo/' "$out"
}

@test "what no entry touches keeps its object and its time" {
	three 'sed -i "s/a_20;/a_twenty;/" mm/a.c'
	entry four 'sed -i s/other/another/ lib/other.c'
	ported
	verify 0 --build --each
	stat -c %y "$site/tree/Makefile" "$site/tree/include/k.h" >before-times
	sed -i '$d' "$queue/series/demo.series"
	ported
	stat -c %y "$site/build/lib/other.o" >>before-times
	verify 0 --build --each
	{
		stat -c %y "$site/tree/Makefile" "$site/tree/include/k.h"
		stat -c %y "$site/build/lib/other.o"
	} | diff before-times -
}

@test "the entry that breaks the build is named, with the first error" {
	three 'after mm/a.c 5 "int broken(void) { return undeclared; }"'
	verify 1 --build --each
	row demo/one.patch 1 ok
	row demo/two.patch 1 failed
	says "    mm/a.c:6:27: error: 'undeclared' undeclared" "$out"
	row demo/three.patch - unseen
	says 'one: does not compile: demo/two.patch' "$out"
	says 'requilt: demo: 1 of 1 branches failed'
	verify 1 --build
	row demo/two.patch 1 failed
	says "    mm/a.c:6:27: error: 'undeclared' undeclared" "$out"
}

@test "a break that a later entry mends is seen with --each" {
	three 'after mm/a.c 5 "int broken(void) { return undeclared; }"'
	entry four 'sed -i 6d mm/a.c'
	ported
	verify 0 --build
	verify 1 --build --each
	row demo/two.patch 1 failed
}

@test "a header that breaks another file than the one it is made for" {
	three 'sed -i "\$a int b_10;" include/k.h; sed -i "\$a struct b_11 { int x; }; extern struct b_11 b_11;" include/k.h'
	verify 1 --build --each
	row demo/two.patch 2 failed
	says '    mm/b.c:12:12: error: conflicting types for' "$out"
}

@test "a header that is included by way of its folder's parent" {
	mkdir -p tree/mm/sub
	echo 'int internal_x;' >tree/mm/internal.h
	printf '#include "../internal.h"\nint sub_y(void) { return internal_x; }\n' >tree/mm/sub/s.c
	sed -i 's,mm/b.o lib,mm/b.o mm/sub/s.o lib,' tree/Makefile
	commit_base one tree
	entry hdr 'echo "int internal_z;" >mm/internal.h'
	ported
	verify 1 --build --each
	says 'mm/sub/s.c:2' "$out"
}

@test "a header that no object includes is said to be; alone it proves nothing" {
	entry hdr 'echo "int broken = ;" >include/nobody.h'
	ported
	verify 1 --build --each
	says 'nothing that the queue touches is built with this configuration, as include/nobody.h' "$out"
	entry src 'sed -i s/a_10/a_ten/ mm/a.c'
	ported
	verify 0 --build --each
	says 'not built with this configuration: include/nobody.h' "$out"
	verify 0 --build
	says 'not built with this configuration: include/nobody.h' "$out"
}

@test "a base that does not compile is said to be the base" {
	sed -i '3a int broken(void) { return undeclared; }' tree/mm/a.c
	commit_base one tree
	three 'sed -i s/a_20/a_twenty/ mm/a.c'
	verify 1 --build --each
	says 'one: does not compile: base' "$out"
	row demo/one.patch - unseen
}

@test "a new warning is found, and the entry that brought it" {
	three 'after mm/b.c 5 "static int unused_thing;"'
	for times in 1 2; do
		verify 1 --build --each
		row demo/one.patch 1 ok
		row demo/two.patch 1 warnings
		says ">> mm/b.c:6:12: warning: 'unused_thing' defined but not used [-Wunused-variable]" "$out"
		row demo/three.patch 1 ok
		says 'one: new warnings, first with demo/two.patch' "$out"
	done
	verify 1 --build
	row demo/two.patch 1 warnings
	row ported 2 warnings
	[ "$(grep -c '^>>' "$out")" = 1 ] || fail "$(cat "$out")"
}

@test "a warning in a header is told once" {
	three 'after include/k.h 8 "static int unused_thing;"'
	verify 1 --build --each
	says ">> include/k.h:9:12: warning: 'unused_thing' defined but not used [-Wunused-variable] (in 2 objects)" "$out"
	[ "$(grep -c '^>>' "$out")" = 1 ] || fail "$(cat "$out")"
}

# The base has one warning, in a function.
with_base_warning() {
	printf 'int first(void)\n{\n\tint spare;\n\treturn 1;\n}\nint second(void)\n{\n\treturn 2;\n}\n' >>tree/mm/a.c
	commit_base one tree
}

@test "a warning that the base has is not new, however often it is compiled" {
	with_base_warning
	three 'sed -i s/a_20/a_twenty/ mm/a.c'
	verify 0 --build --each
	verify 0 --build --each
	verify 0 --build
}

@test "a warning of the base is remembered where its object was not made again" {
	with_base_warning
	three 'sed -i s/a_20/a_twenty/ mm/a.c'
	entry four 'sed -i s/b_20/undeclared_type/ mm/b.c'
	printf 'demo/four.patch\ndemo/two.patch\n' >"$queue/series/demo.series"
	sed -i 's/^+extern int undeclared_type/+undeclared_type x/' "$queue/patches/demo/four.patch"
	ported
	verify 1 --build --each
	row demo/four.patch 1 failed
	sed -i 's/^+undeclared_type x/+extern int x/' "$queue/patches/demo/four.patch"
	ported
	verify 0 --build --each
}

@test "a warning that moves by 40 lines is not new" {
	with_base_warning
	three 'seq -f "int more_%g;" 40 >more; sed -i "2r more" mm/a.c; rm more'
	verify 0 --build --each
	verify 0 --build
}

@test "a function that moves takes its warning along" {
	with_base_warning
	three 'sed -n "/^int first/,/^}/p" mm/a.c >f; sed -i "/^int first/,/^}/d" mm/a.c; sed -i "2r f" mm/a.c; rm f'
	verify 0 --build --each
}

@test "a warning that goes here and comes there is news" {
	with_base_warning
	three 'sed -i "/int spare;/d; s/\treturn 2;/\tint spare;\n&/" mm/a.c'
	verify 1 --build --each
	says ">> mm/a.c:38:13: warning: unused variable 'spare'" "$out"
	says 'demo/two.patch' "$out"
	grep -qE '^  demo/two.patch +1  warnings, 1 gone$' "$out" || fail "$(cat "$out")"
}

@test "a source that the configuration leaves out is said to be, and not compiled" {
	three 'sed -i s/not/really_not/ mm/c.c; echo "config C" >Kconfig'
	verify 0 --build --each
	row demo/two.patch - -
	says '    not built with this configuration: mm/c.c' "$out"
	printf 'CONFIG_C=y\n' >>"$queue/ci/kconfig/tiny.config"
	verify 1 --build --each
	says 'one: does not compile: base' "$out"
	says 'error: #error not in this configuration' "$out"
}

@test "entries that touch no source compile nothing" {
	three 'echo words >README'
	verify 0 --build --each
	row demo/two.patch - -
}

@test "new and removed sources" {
	three 'sed -i "s,mm/b.o,mm/b.o mm/new.o," Makefile; echo "int fresh;" >mm/new.c'
	entry four 'sed -i "s,mm/a.o mm/b.o,mm/b.o," Makefile; rm mm/a.c link.c'
	ported
	verify 0 --build --each
	row demo/two.patch 1 ok
	verify 0 --build
}

@test "an option that does not take is an error that names it and its line" {
	three 'sed -i s/a_20/a_twenty/ mm/a.c'
	printf '# words\n\nCONFIG_A=y\nCONFIG_DEP=y\nCONFIG_NONE=m\n# CONFIG_OTHER is not set\n' >"$queue/ci/kconfig/tiny.config"
	verify 1 --build
	says "ci/kconfig/tiny.config:4: 'CONFIG_DEP=y' did not take on one: it is not set; nor did CONFIG_NONE" "$out"
	printf '# CONFIG_A is not set\nCONFIG_S=3\n' >"$queue/ci/kconfig/tiny.config"
	verify 0 --build
	sed -i 's/= tiny.config/&\n\tfragment = more.config/' "$queue/series/branches.conf"
	printf 'CONFIG_C=y\n# CONFIG_S is not set\n' >"$queue/ci/kconfig/more.config"
	sed -i '1iCONFIG_C=y\nCONFIG_DEP=y' "$queue/ci/kconfig/tiny.config"
	verify 0 --build
	grep -qx CONFIG_DEP=y "$site/build/.config"
	lacks CONFIG_S "$site/build/.config"
	printf '# CONFIG_C is not set\n# CONFIG_DEP is not set\n# CONFIG_S is not set\n' >"$queue/ci/kconfig/more.config"
	verify 0 --build
	says 'tinyconfig + tiny.config + more.config' "$out"
}

@test "a fragment that is missing or no fragment is refused" {
	three 'sed -i s/a_20/a_twenty/ mm/a.c'
	echo 'A=y' >"$queue/ci/kconfig/tiny.config"
	verify 1 --build
	says 'ci/kconfig/tiny.config:1: neither CONFIG_X=value nor' "$out"
	rm "$queue/ci/kconfig/tiny.config"
	verify 1 --build
	says 'ci/kconfig/tiny.config: not there; branch.one.fragment names it' "$out"
}

@test "unsafe keys of branches.conf are refused" {
	for line in 'kconfig = -f/x/config' 'kconfig = CC=x;config' 'kconfig = all' 'fragment = ../x' \
		'compile = /etc' 'compile = -n' 'compile = A=b' 'arch = a b'; do
		printf '[branch "one"]\n\t%s\n' "$line" >"$queue/series/branches.conf"
		verify 1 --build
		says 'branches.conf:2: branch.one.'
	done
}

@test "make, gcc or sparse missing is an error with the package, never a pass" {
	local program

	three 'sed -i s/a_20/a_twenty/ mm/a.c'
	for program in make gcc sparse; do
		(path_without $program && verify 128 --build --sparse)
		says "$program: not installed; on Debian: apt-get install $program" "$out"
		(path_without $program && verify 128 --build --sparse --json)
		says "$program: not installed" "$out"
	done
	(path_without sparse ccache && verify 0 --build)
}

@test "a port that is missing, stale or red is not built" {
	entry one 'sed -i s/a_10/a_ten/ mm/a.c'
	verify 1 --build
	says "one: the port is missing; run 'requilt port demo'" "$out"
	ported
	entry two 'sed -i s/a_20/a_twenty/ mm/a.c'
	verify 1 --build
	says "one: the port is stale; run 'requilt port demo'" "$out"
	sed -i 's/^-extern int a_20/-extern int a_21/' "$queue/patches/demo/two.patch"
	expects 1 "$requilt" -C "$queue" port demo
	verify 1 --build
	says "one: the port is red; run 'requilt port demo'" "$out"
	[ ! -e "$site" ] || fail "$site was made"
}

@test "one branch that fails stops no other" {
	printf '[branch "two"]\n\tfragment = tiny.config\n' >>"$queue/series/branches.conf"
	commit_base two tree
	three 'after mm/a.c 5 "int broken(void) { return undeclared; }"'
	verify 1 --build --each
	says 'one: does not compile' "$out"
	says 'two: does not compile' "$out"
	says '2 of 2 branches failed'
	verify 1 --build two
	lacks -q '^one' "$out"
}

@test "a branch where nothing is applied has nothing to compile" {
	three 'sed -i s/a_20/a_twenty/ mm/a.c'
	sed -i 's/$/ #-v6.1/' "$queue/series/demo.series"
	ported
	verify 0 --build --each
	[ "$(cat "$out")" = "one: nothing of the queue is applied here, nothing to compile" ] || fail "$(cat "$out")"
}

@test "an entry that is not applied is said to be" {
	three 'sed -i s/a_20/a_twenty/ mm/a.c'
	sed -i '2s/$/ #-v6.1/' "$queue/series/demo.series"
	ported
	verify 0 --build --each
	row demo/one.patch 1 ok
	row demo/two.patch - 'not applied'
	row demo/three.patch 1 ok
}

@test "the work tree is the tree, to modes and links, on every way to it" {
	three 'sed -i s/a_20/a_twenty/ mm/a.c; sed -i s/b_20/b_twenty/ mm/b.c; chmod 755 mm/b.c'
	entry four 'rm -r link.c lib; sed -i "s, lib/other.o,," Makefile'
	entry five 'mkdir link.c; echo x >link.c/x'
	ported
	verify 0 --build
	head=$(git -C "$repo" rev-parse "$(head_of one)^{tree}")
	[ "$(tree_of "$site/tree")" = "$head" ] || fail "not the tree"
	[ "$(cat "$site/state")" = "$head" ]
	# Half way, or astray: the state file names both trees, or one that is not there.
	base=$(git -C "$repo" rev-parse 'one^{tree}')
	echo "$base $head" >"$site/state"
	echo junk >"$site/tree/mm/a.c" && rm "$site/tree/mm/b.c"
	verify 0 --build
	[ "$(tree_of "$site/tree")" = "$head" ] || fail "not the tree after a kill"
	echo "$head $base" >"$site/state"
	mkdir -p "$site/tree/lib" && echo junk >"$site/tree/lib/other.c"
	verify 0 --build
	[ "$(tree_of "$site/tree")" = "$head" ] || fail "not the tree after a kill on the way back"
	echo 0123456789012345678901234567890123456789 >"$site/state"
	echo junk >"$site/tree/junk"
	verify 0 --build
	[ "$(tree_of "$site/tree")" = "$head" ] || fail "not the tree after its object was lost"
}

@test "a move that is done again does not reach through a link that it made" {
	three 'sed -i s/a_20/a_twenty/ mm/a.c'
	ported
	verify 0 --build
	mkdir outside && echo 'int mine;' >outside/other.c
	rm -r "$site/tree/lib" tree/lib
	ln -s "$PWD/outside" "$site/tree/lib" && ln -s "$PWD/outside" tree/lib
	commit_base linked tree
	echo "$(git -C "$repo" rev-parse 'one^{tree}') $(git -C "$repo" rev-parse 'linked^{tree}')" >"$site/state"
	verify 0 --build
	[ "$(tree_of "$site/tree")" = "$(git -C "$repo" rev-parse "$(head_of one)^{tree}")" ]
	[ "$(cat outside/other.c)" = 'int mine;' ]
}

@test "killed at any moment, the next run says what a first run says" {
	three 'after mm/b.c 5 "static int unused_thing;"'
	local start took killed=0

	start=$(date +%s%N)
	verify 1 --build --each
	took=$(($(date +%s%N) - start))
	cp "$out" first
	rm -rf "$site"
	for i in 1 2 4 6 8 10; do
		status=0
		timeout -s KILL "$(awk -v n="$took" -v i="$i" 'BEGIN { printf "%.6f", n * i / 20 / 1e9 }')" \
			"$requilt" -C "$queue" verify --build --each >/dev/null 2>&1 || status=$?
		[ $status != 137 ] || killed=$((killed + 1))
	done
	[ $killed -gt 0 ] || fail 'no run was killed'
	verify 1 --build --each
	diff first "$out"
}

@test "killed between make and the look at its warnings, they are not forgotten" {
	with_base_warning
	three 'sed -i s/a_20/a_twenty/ mm/a.c'
	verify 0 --build --each
	checkout one "$site/tree"
	git -C "$repo" rev-parse 'one^{tree}' >"$site/state"
	make -s -C "$site/tree" O="$site/build" CC=gcc mm/a.o 2>/dev/null
	touch "$site/building"
	verify 0 --build --each
	[ ! -e "$site/building" ]
}

@test "a good result is kept for all that it depends on, and for no other" {
	local results=$XDG_CACHE_HOME/requilt/verify/results
	three 'sed -i s/a_20/a_twenty/ mm/a.c'
	again() { expects 0 "$requilt" -C "$queue" verify "$@"; }
	again --build --each
	cp "$out" first
	[ "$(find "$results" -type f | wc -l)" = 1 ]
	rm -rf "$site"
	again --build --each
	diff first "$out"
	[ ! -e "$site/tree" ] || fail "it was compiled again"
	again --build --each --json
	jq -e '.branches[0].kept and .branches[0].verdict == "ok"' "$out" >/dev/null
	again --build --each --fresh --json
	jq -e '.branches[0].kept | not' "$out" >/dev/null
	# Other options, another configuration, another tree: each is work of its own.
	again --build
	echo '# CONFIG_B is not set' >>"$queue/ci/kconfig/tiny.config"
	again --build --each
	entry four 'sed -i s/b_20/b_score/ mm/b.c'
	ported
	again --build --each
	[ "$(find "$results" -type f | wc -l)" = 4 ]
	# What was kept and is no result any more is done again.
	for file in "$results"/*; do echo '{ "branches": [' >"$file"; done
	again --build --each --json
	jq -e '.branches[0].kept | not' "$out" >/dev/null
}

@test "what failed is never kept, new warnings neither" {
	three 'after mm/b.c 5 "static int unused_thing;"'
	expects 1 "$requilt" -C "$queue" verify --build --each
	entry four 'echo nonsense >>mm/b.c'
	ported
	expects 1 "$requilt" -C "$queue" verify --build
	[ ! -e "$XDG_CACHE_HOME/requilt/verify/results" ]
}

@test "two at once on one branch: the second is told so" {
	three 'sed -i s/a_20/a_twenty/ mm/a.c'
	mkdir -p "$site"
	exec 8>"$site/lock"
	flock 8
	verify 128 --build
	says "$site: another run is at work there" "$out"
	exec 8>&-
	verify 0 --build
}

@test "--json has it all" {
	three 'after mm/b.c 5 "static int unused_thing;"'
	verify 1 --build --each --json
	jq -e '.queue == "demo" and (.branches | length == 1)' "$out"
	jq -e '.branches[0] | .branch == "one" and .version == "6.1.5" and .verdict == "warnings" and
		.config == "tinyconfig + tiny.config" and (.compiler | startswith("gcc")) and
		.sparse == null and .message == null' "$out"
	[ "$(jq -r '.branches[0].head' "$out")" = "$(head_of one)" ]
	jq -e '.branches[0].entries | map(.patch) ==
		["base", "demo/one.patch", "demo/two.patch", "demo/three.patch"]' "$out"
	jq -e '.branches[0].entries[2] | .verdict == "warnings" and .objects == 1 and (.new | length == 1) and
		.new[0].file == "mm/b.c" and .new[0].line == 6 and .new[0].tool == "compiler" and
		.new[0].kind == "warning" and .failure == null' "$out"
	jq -e '.branches[0].entries[3].seconds > 0' "$out"
}

@test "usage" {
	verify 129
	says 'requilt: verify: say what to do: --build, --sparse, --boot, or several'
	verify 1 --build three
	says "branches.conf: names no branch 'three'"
	printf '# empty\n' >"$queue/series/more.series"
	verify 129 --build
	says 'there are 2 queues; name the one meant'
	entry one 'sed -i s/a_10/a_ten/ mm/a.c'
	ported
	verify 0 --build --queue demo
}

# --- sparse ---

# The base says three things already: an error in a function, and two warnings.
with_base_findings() {
	printf 'int deref(int __user *p);\nvoid lost(void);\nint deref(int __user *p)\n{\n\treturn *p;\n}\nvoid lost(void)\n{\n\ttake();\n}\n' >>tree/mm/a.c
	commit_base one tree
}

@test "sparse: an address space mistake and a lock imbalance, each with its entry" {
	with_base_findings
	entry one 'printf "int wrong(int __user *q);\nint wrong(int __user *q)\n{\n\treturn *q;\n}\n" >>mm/b.c'
	entry two 'sed -i s/a_20/a_twenty/ mm/a.c'
	entry three 'printf "void unbalanced(int x);\nvoid unbalanced(int x)\n{\n\tif (x)\n\t\ttake();\n}\n" >>mm/a.c'
	ported
	for way in --each ''; do
		# shellcheck disable=SC2086
		verify 1 --sparse $way
		says "sparse warnings: (new ones prefixed by >>)" "$out"
		awk '/^  [a-z]/ { entry = $1 } /^>>/ { print entry, $0 }' "$out" >found
		grep -q '^demo/one.patch >> mm/b.c:35:17: sparse: sparse: dereference of noderef expression' found || fail "$(cat "$out")"
		grep -q "^demo/three.patch >> mm/a.c:.*sparse: sparse: context imbalance in 'unbalanced'" found || fail "$(cat "$out")"
		lacks -q "deref'\|lost\|demo/two" found
	done
	says ', sparse 0' "$out"
}

@test "sparse: what moves by 40 lines is not new, what is gone is counted" {
	with_base_findings
	three 'seq -f "extern int more_%g;" 40 >more; sed -i "2r more" mm/a.c; rm more'
	verify 0 --sparse --each
	verify 0 --sparse
	entry four 'sed -i "/^void lost(void)$/,/^}/d" mm/a.c'
	ported
	verify 0 --sparse --each
	grep -qE '^  demo/four.patch +1  ok, 1 gone$' "$out" || fail "$(cat "$out")"
}

@test "sparse: a function with an error on the base is listed unchecked" {
	printf 'int odd(int x);\nint odd(int x)\n{\n#ifdef __CHECKER__\n\tx = unknown;\n#endif\n\treturn x;\n}\n' >>tree/mm/a.c
	commit_base one tree
	three 'sed -i s/a_20/a_twenty/ mm/a.c'
	verify 0 --sparse
	says 'sparse fails on the base, unchecked: mm/a.c: odd()' "$out"
	verify 0 --sparse --json
	jq -e '.branches[0].unchecked == ["mm/a.c: odd()"]' "$out"
}

@test "sparse: a file that make does not run it on is listed unchecked, and never looks checked" {
	sed -i '/checks = @echo/s|.*|checks = @case $< in *mm/b.c) ;; *) echo "  CHECK   $<"; $(CHECK) $(CF) -I$(SRC)/include $<;; esac|' tree/Makefile
	commit_base one tree
	three 'sed -i s/a_20/a_twenty/ mm/a.c'
	verify 0 --sparse
	says 'sparse fails on the base, unchecked: mm/b.o' "$out"
}

# A sparse that dies where a file has the word CRASH.
crashing_sparse() {
	path_without sparse
	cat >bin/sparse <<-'END'
		#!/bin/sh
		for last; do :; done
		case $last in *.c) ! grep -q CRASH "$last" || kill -SEGV $$ ;; esac
		exec /usr/bin/sparse "$@"
	END
	chmod 755 bin/sparse
}

@test "sparse: a file where it gives up on the base is unchecked, on the port alone it fails" {
	echo '/* CRASH */' >>tree/mm/b.c
	commit_base one tree
	three 'sed -i s/a_20/a_twenty/ mm/a.c'
	(crashing_sparse && verify 0 --sparse --each)
	says 'sparse fails on the base, unchecked: mm/b.o' "$out"
	entry four 'echo "/* CRASH */" >>mm/a.c'
	ported
	(crashing_sparse && verify 1 --sparse --each)
	row demo/four.patch 1 failed
}

@test "sparse: a tree that does not call it is an error" {
	sed -i 's/^checks = .*/checks =/' tree/Makefile
	commit_base one tree
	three 'sed -i s/a_20/a_twenty/ mm/a.c'
	verify 128 --sparse
	says 'make C=2 ran sparse on no file' "$out"
}

@test "report takes what verify --json printed" {
	three 'after mm/a.c 5 "int g(void) { int unused_here; return 1; }"'
	mkdir results
	verify 1 --build --sparse --each --json
	cp "$out" results/one.json
	expects 0 "$requilt" -C "$queue" report -o page --results results --markdown
	says '| build | 1 new |' "$out"
	says '| sparse | 1 new |' "$out"
	verify 1 --build --json
	jq -e '.stages == ["build"]' "$out"
}

@test "another architecture needs a compiler, and make is told which" {
	entry src 'sed -i s/a_10/a_ten/ mm/a.c'
	ported
	printf '\tarch = riscv\n' >>"$queue/series/branches.conf"
	verify 128 --build
	says 'branch.one.arch: is riscv, which needs a cross compiler: name it in branch.one.cross' "$out"
	printf '\tcross = odd-\n' >>"$queue/series/branches.conf"
	mkdir "$world/cross"
	printf '#!/bin/sh\necho "$0 $*" >>%s/cross-calls\nexec gcc "$@"\n' "$world" >"$world/cross/odd-gcc"
	chmod +x "$world/cross/odd-gcc"
	PATH=$world/cross:$PATH verify 0 --build
	grep -q 'odd-gcc .*mm/a.o' "$world/cross-calls"
	expects 1 "$requilt" -C "$queue" verify --boot
	says 'branch.one.arch: is riscv, and only x86_64 is booted' "$out"
	printf '\tcross = odd\n' >>"$queue/series/branches.conf"
	expects 1 "$requilt" -C "$queue" verify --build
	says "'odd' is not what a compiler's name starts with"
}

@test "colours: --color, else a terminal and no NO_COLOR" {
	need script
	unset NO_COLOR
	export TERM=xterm # bats-run has a dumb one
	three 'sed -i "s/a_20;/a_twenty;/" mm/a.c'
	verify 0 --build
	lacks -qF $'\033[' "$out"
	verify 0 --build --color always
	says $'\033[32m' "$out"
	line="'$requilt' -C '$queue' verify --build"
	script -qec "$line" /dev/null </dev/null >"$out"
	says $'\033[32m' "$out"
	NO_COLOR=1 script -qec "$line" /dev/null </dev/null >"$out"
	lacks -qE $'\033\[[0-9]' "$out"
	script -qec "$line --color never" /dev/null </dev/null >"$out"
	says 'one: ok' "$out"
	lacks -qE $'\033\[[0-9]' "$out"
}
