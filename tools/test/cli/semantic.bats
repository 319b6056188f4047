# SPDX-License-Identifier: GPL-2.0-only
#
# Semantic patches as queue entries, and `requilt convert`, with the real spatch.

load helper

setup() {
	unconfined=
	need git jq spatch patch
	name_world "$BATS_TEST_TMPDIR/world"
	once make_rule "$world"
}

make_rule() {
	fill_world
	mkdir -p "$queue/cocci/demo" "$world/bin"
	code >"$world/tree/mm/use.c"
	printf '/* old_call() is told of here */\nint unrelated(void);\n' >"$world/tree/mm/tell.c"
	printf 'int other(void)\n{\n\treturn 1;\n}\n' >"$world/tree/mm/other.c"
	printf 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 5\nEXTRAVERSION =\n' >"$world/tree/Makefile"
	commit_base one "$world/tree"
	rule >"$queue/cocci/demo/convert.cocci"
	echo 'demo/convert.cocci' >"$queue/series/demo.series"
}

code() {
	printf 'int use(struct page *page)\n{\n\told_call(page, false);\n\treturn 0;\n}\n'
	printf '\nint use_all(struct page *page)\n{\n\told_call(page, true);\n\treturn 0;\n}\n'
}

rule() { # [HEADER LINE]
	cat <<-END
		// SPDX-License-Identifier: GPL-2.0-only
		/*
		 * Subject: mm: convert old_call()
		 * From: Ann Author <ann@example.org>
		 * Date: Wed, 20 Dec 2023 23:44:24 +0100
		 *
		 * It is better so.
		 *
		 * Signed-off-by: Ann Author <ann@example.org>
		 * ---${1:+
		 * $1}
		 */
		@@
		expression page;
		@@
		- old_call(page, false)
		+ new_call(page)
	END
}

# A spatch that tells what it was called with and which files it got, then is the real one;
# $1 are arguments to put behind the others.
watch_spatch() { # [ARGUMENT...]
	local real

	real=$(command -v spatch)
	cat >"$world/bin/spatch" <<-END
		#!/bin/sh
		echo "\$@" >>"$world/calls"
		[ ! -e ../files ] || find . -name '*.[ch]' | sort >>"$world/calls"
		exec "$real" "\$@" $*
	END
	chmod +x "$world/bin/spatch"
	PATH=$world/bin:$PATH
	unconfined=--unconfined-rules # it writes to $world, and is a script
}

entry() { # FILTER: of the entry number 0 of branch one
	jq -r ".entries[0] | $1" "$queue/series/demo/one/port.json"
}

one() { # STATUS [OPTIONS...]: the demo queue on branch one
	local status=$1

	shift
	# shellcheck disable=SC2086 # no word is none
	expects "$status" "$requilt" -C "$queue" port $unconfined demo one "$@"
}

@test "a rule becomes a patch of the branch, with the message of its comment" {
	one 0
	[ "$(entry .outcome) $(entry .colour)" = 'semantic yellow' ]
	[ "$(sed '/^#/d' "$queue/series/demo/one/series")" = convert.patch ]
	[ "$(jq -r '.entries[0].message' "$queue/series/demo/one/port.json")" = '1 hunk in 1 file; 1 use left, 1 in comments' ]
	says $'-\told_call(page, false);\n+\tnew_call(page);' "$queue/series/demo/one/convert.patch"
	git --git-dir="$repo" log -1 --format='%an %ae %ad%n%B' "$(head_of one)" >"$out"
	says 'Ann Author ann@example.org Wed Dec 20 23:44:24 2023 +0100' "$out"
	says 'mm: convert old_call()' "$out"
	lacks -F -e '---' "$out"
}

@test "the series of a rule applies with patch -p1 -F0 to the tree of the ref" {
	one 0
	checkout one "$world/w"
	expects 0 patch -d "$world/w" -p1 -F0 -i "$queue/series/demo/one/convert.patch"
	lacks -i -e offset -e fuzz "$out"
	[ "$(tree_of "$world/w")" = "$(git --git-dir="$repo" rev-parse "$(head_of one)^{tree}")" ]
}

@test "a rule sees what the entries before it did, and entries behind it what it did" {
	head_lines 'mm: one more call' >"$queue/patches/demo/0001-ten.patch"
	cat >>"$queue/patches/demo/0001-ten.patch" <<-'END'

		diff --git a/mm/other.c b/mm/other.c
		--- a/mm/other.c
		+++ b/mm/other.c
		@@ -1,4 +1,5 @@
		 int other(void)
		 {
		+	old_call(3, false);
		 	return 1;
		 }
	END
	sed -e 's/^-.*return 1/-/' -e 's/+	old_call(3, false);/ 	new_call(3);/' \
		-e 's/^@@.*/@@ -1,5 +1,5 @@/' -e 's/^ 	return 1;/-	return 1;\n+	return 2;/' \
		"$queue/patches/demo/0001-ten.patch" >"$queue/patches/demo/0002-file.patch"
	printf 'demo/0001-ten.patch\ndemo/convert.cocci\ndemo/0002-file.patch\n' >"$queue/series/demo.series"
	one 0
	[ "$(jq -r '[.entries[].outcome] | join(" ")' "$queue/series/demo/one/port.json")" = 'exact semantic exact' ]
	[ "$(jq -r '.entries[1].message' "$queue/series/demo/one/port.json")" = '2 hunks in 2 files; 1 use left, 1 in comments' ]
	git --git-dir="$repo" show "$(head_of one):mm/other.c" >"$out"
	says 'new_call(3);' "$out"
	says 'return 2;' "$out"
}

@test "only files with code that the rule could change go to spatch" {
	watch_spatch
	one 0
	says './mm/use.c' "$world/calls"
	lacks -e tell.c -e other.c "$world/calls"
	says --no-includes "$world/calls"
}

@test "a second port asks no spatch, with --fresh it does, and neither writes anything" {
	one 0
	snapshot >"$world/before"
	watch_spatch
	one 0
	lacks -e --sp-file "$world/calls"
	snapshot | diff "$world/before" -
	one 0 --fresh
	grep -q -e --sp-file "$world/calls"
	snapshot | diff "$world/before" -
}

# How often the last command of traced() started spatch.
started() {
	grep -c 'execve("[^"]*/spatch"' "$world/started"
}

traced() {
	expects 0 env ASAN_OPTIONS=detect_leaks=0 strace -f -e trace=execve -o "$world/started" "$requilt" -C "$queue" port demo one
}

@test "what spatch is started for is said, with the branch and how many files; -q says nothing" {
	expects 0 "$requilt" -C "$queue" port demo one
	says 'requilt: one: convert.cocci runs on 2 files'
	expects 0 "$requilt" -C "$queue" port demo one --out "$world/other"
	lacks -F 'runs on' "$err"
	expects 0 "$requilt" -C "$queue" port -q --fresh demo one
	diff "$err" - </dev/null
}

@test "which spatch there is, is asked once for a program file, and every time for a script" {
	need strace
	traced
	[ "$(started)" -ge 2 ]
	traced
	[ "$(started || true)" = 0 ]
	note=$XDG_CACHE_HOME/requilt/semantic/spatch-version
	cp "$note" "$world/note"
	sed -i 's/^program [0-9]*/&1/' "$note"
	traced
	[ "$(started)" = 2 ]
	cmp "$note" "$world/note"
	truncate -s -1 "$note"
	traced
	[ "$(started)" = 2 ]
	cmp "$note" "$world/note"
	watch_spatch
	one 0
	one 0
	[ "$(grep -cx -e --version "$world/calls")" = 2 ]
	cmp "$note" "$world/note"
}

@test "what a spatch says that fails, or that is a link to another program, is not noted" {
	need gcc strace
	note=$XDG_CACHE_HOME/requilt/semantic/spatch-version
	real=$(command -v spatch)
	printf '#include <stdio.h>\nint main(void) { puts("spatch version 0"); return 127; }\n' |
		gcc -x c -o "$world/bin/spatch" -
	PATH=$world/bin:$PATH
	one 1
	[ ! -e "$note" ]
	cp "$real" "$world/bin/shim" && ln -sf shim "$world/bin/spatch"
	traced
	traced
	[ "$(started)" = 2 ]
	[ ! -e "$note" ]
}

@test "another rule, or another file, asks spatch again" {
	one 0
	watch_spatch
	sed -i 's/new_call/newer_call/' "$queue/cocci/demo/convert.cocci"
	one 0
	[ "$(grep -c -e --sp-file "$world/calls")" = 1 ]
	echo '/* longer */' >>"$world/tree/mm/use.c"
	commit_base one "$world/tree"
	one 0
	[ "$(grep -c -e --sp-file "$world/calls")" = 2 ]
	says newer_call "$queue/series/demo/one/convert.patch"
}

@test "what a damaged cache says is not believed" {
	one 0
	cp "$queue/series/demo/one/convert.patch" "$world/good"
	for file in "$XDG_CACHE_HOME"/requilt/semantic/{spatch-*,words}; do
		truncate -s -9 "$file"
	done
	rm "$XDG_CACHE_HOME"/requilt/semantic/find-*
	one 0
	cmp "$queue/series/demo/one/convert.patch" "$world/good"
}

@test "an entry of the cache that somebody changed is not believed, and --fresh reads none" {
	one 0
	cp "$queue/series/demo/one/convert.patch" "$world/good"
	sed -i 's/new_call/bad_call/' "$XDG_CACHE_HOME"/requilt/semantic/spatch-[0-9a-f]*
	grep -q bad_call "$XDG_CACHE_HOME"/requilt/semantic/spatch-[0-9a-f]*
	rm -r "$queue/series/demo"
	one 0
	cmp "$queue/series/demo/one/convert.patch" "$world/good"
	watch_spatch
	one 0 --fresh
	[ "$(grep -c -e --sp-file "$world/calls")" = 1 ]
	one 0 --fresh
	[ "$(grep -c -e --sp-file "$world/calls")" = 2 ]
	one 0
	[ "$(grep -c -e --sp-file "$world/calls")" = 2 ]
}

@test "yellow until a reader accepts the change, and again when it changes" {
	one 1 --strict
	expects 0 "$requilt" -C "$queue" accept demo one demo/convert.cocci --who 'Rea Der <reader@example.org>'
	one 0 --strict
	[ "$(entry .colour)" = green ]
	sed -i 's/new_call/newer_call/' "$queue/cocci/demo/convert.cocci"
	one 1 --strict
}

@test "nothing to change is empty: yellow, and grey where the header allows it" {
	expects 1 "$requilt" -C "$queue" port demo two --strict
	[ "$(jq -r '.entries[0] | .outcome + " " + .colour' "$queue/series/demo/two/port.json")" = 'empty yellow' ]
	rule 'Allow-empty:' >"$queue/cocci/demo/convert.cocci"
	expects 0 "$requilt" -C "$queue" port demo two --strict
	[ "$(jq -r '.entries[0] | .outcome + " " + .colour' "$queue/series/demo/two/port.json")" = 'empty grey' ]
	# The rule looked at the branch: that is not the same as being skipped.
	[ "$(jq -r .colour "$queue/series/demo/two/port.json")" = green ]
}

@test "Expect-none: what is left is a conflict with file and line; without it a note" {
	one 0
	[ "$(entry '.notes[] | select(.kind == "left") | "\(.file):\(.line) \(.text)"')" = 'mm/use.c:9 old_call' ]
	rule 'Expect-none: old_call' >"$queue/cocci/demo/convert.cocci"
	one 1
	[ "$(entry .outcome)" = conflict ]
	says 'mm/use.c:9: old_call is left, and the rule expects none' "$out"
}

@test "Expect-none looks at files that the rule does not touch, but not at definitions" {
	rule 'Expect-none: far_call' >"$queue/cocci/demo/convert.cocci"
	printf 'void far_call(int);\n#define far_call near_call\n' >"$world/tree/mm/far.h"
	commit_base one "$world/tree"
	one 0
	printf 'int x(void)\n{\n\treturn far_call(1);\n}\n' >>"$world/tree/mm/other.c"
	commit_base one "$world/tree"
	one 1
	says 'mm/other.c:7: far_call is left' "$out"
}

@test "Expect-apart: a function that names the other is a conflict, however it does" {
	rule 'Expect-apart: new_call huge' >"$queue/cocci/demo/convert.cocci"
	one 0
	sed -i 's/int use(/int use_huge(/' "$world/tree/mm/use.c"
	commit_base one "$world/tree"
	one 1
	[ "$(entry .outcome)" = conflict ]
	says 'mm/use.c:3: the rule brings new_call where use_huge is named (line 1), and expects them apart' "$out"
	{ echo '#ifdef CONFIG_huge' && code && echo '#endif'; } >"$world/tree/mm/use.c"
	commit_base one "$world/tree"
	one 1
	says 'mm/use.c:4: the rule brings new_call behind the condition of line 1' "$out"
}

@test "Expect-apart: comments, other functions and what a hand has converted do not count" {
	rule 'Expect-apart: new_call huge' >"$queue/cocci/demo/convert.cocci"
	{
		printf '/* huge */\n#include <huge.h>\n#ifdef huge\nint huge;\n#endif\n'
		code && printf '\nvoid other(void)\n{\n\tif (huge)\n\t\tnew_call(page);\n}\n'
	} >"$world/tree/mm/use.c"
	commit_base one "$world/tree"
	one 0
	[ "$(entry .outcome)" = semantic ]
	# What comes and goes at file level does not make it news, nor an apostrophe a condition open.
	sed -i $'1i #if 0\\n#error You can\'t have huge\\n#endif\\n#include <old.h>' "$world/tree/mm/use.c"
	commit_base one "$world/tree"
	printf '\n@@ @@\n- #include <old.h>\n' >>"$queue/cocci/demo/convert.cocci"
	one 0
	[ "$(entry .outcome)" = semantic ]
}

@test "what a rule would write over unseen is a conflict; what stays as it is, is not" {
	lost() { # ARGUMENTS
		{ code && printf '\nvoid more(struct page *page)\n{\n\told_call(%b);\n}\n' "$1"; } >"$world/tree/mm/use.c"
		commit_base one "$world/tree"
	}
	lost 'page,\n#ifdef A\n\t\tfalse\n#else\n\t\ttrue\n#endif\n'
	one 1
	says 'mm/use.c:16: spatch changes what stands in parentheses around this directive' "$out"
	lost 'page, /* no */ false'
	one 1
	says 'mm/use.c:15: the comment among the arguments here would be lost' "$out"
	lost 'page, /* yes */ true'
	one 0
	lost 'page, /* no */ false'
	sed -i 's/^- old_call(page, false)/- old_call/; s/^+ new_call(page)/+ new_call\n  (...)/' "$queue/cocci/demo/convert.cocci"
	one 0
	rule >"$queue/cocci/demo/convert.cocci"
	printf '#define CALL(page) do { \\\n\told_call(page, false); \\\n} while (0)\n' >"$world/tree/mm/use.c"
	commit_base one "$world/tree"
	one 0
	sed -i 's/^+ new_call(page)/+ if (page)\n+ \tnew_call(page);/; s/^- old_call(page, false)/&;/' "$queue/cocci/demo/convert.cocci"
	one 1
	says 'mm/use.c:1: the macro here would be cut in two' "$out"
	sed -i '1i #include <old.h>' "$world/tree/mm/use.c"
	commit_base one "$world/tree"
	printf '\n@@ @@\n- #include <old.h>\n' >>"$queue/cocci/demo/convert.cocci"
	one 1
	says 'mm/use.c:2: the macro here would be cut in two' "$out"
}

@test "comments that mention the name are listed" {
	one 0
	[ "$(entry '[.notes[] | select(.kind == "comment") | "\(.file):\(.line)"] | join(" ")')" = mm/tell.c:1 ]
	expects 0 "$requilt" -C "$queue" show demo one
	says 'mm/tell.c:1: comment: old_call' "$out"
}

@test "a function that spatch cannot read is a conflict when the name is in it, else a note" {
	printf '\nint broken(void)\n{\n\tif (x) FOO BAR {\n\t\tfine(page);\n\treturn 0;\n\t))\n}\n' >>"$world/tree/mm/use.c"
	commit_base one "$world/tree"
	one 0
	[ "$(entry '[.notes[] | select(.kind == "unread") | "\(.file):\(.line)"] | join(" ")')" = mm/use.c:15 ]
	sed -i 's/fine(page)/old_call(page, false)/' "$world/tree/mm/use.c"
	commit_base one "$world/tree"
	one 1
	[ "$(entry .outcome)" = conflict ]
	says 'mm/use.c:16: spatch cannot read this (it gave up in line 15), and old_call is in it' "$out"
	[ "$(head_of one)" != none ]
}

@test "what a macro hides from spatch counts as unread by itself, not all that follows" {
	{
		printf '\n#define pf(flag) F_##flag,\n\n#define PKT_FLAGS \\\n\tpf(IPV6) \\\n\tpf(SEQ) \\\n\tpf(NODE)\n\n'
		printf 'enum pkt_flags {\n\tPKT_FLAGS\n};\n#undef pf\n\n#define pf(flag) static const __u32 F_##flag = (1<<flag##_SHIFT);\nPKT_FLAGS\n#undef pf\n'
		printf '\n#define pf(flag) __stringify(flag),\nstatic char *names[] = {\n\tPKT_FLAGS\n};\n#undef pf\n\nint more(void)\n{\n\told_call(page, false);\n}\n'
	} >>"$world/tree/mm/use.c"
	commit_base one "$world/tree"
	one 0
	[ "$(entry '[.notes[] | select(.kind == "unread")] | length > 0')" = true ]
}

@test "a function whose flow spatch cannot follow is a conflict when the name is in it, else a note" {
	printf '\nint lost(void)\n{\n\tif (x)\n\t\tgoto nowhere;\n\tfine(page);\n\treturn 0;\n}\n' >>"$world/tree/mm/use.c"
	commit_base one "$world/tree"
	one 0
	[ "$(entry '[.notes[] | select(.kind == "unread") | "\(.file):\(.line)"] | join(" ")')" = mm/use.c:16 ]
	sed -i 's/fine(page)/old_call(page, false)/' "$world/tree/mm/use.c"
	commit_base one "$world/tree"
	one 1
	says 'mm/use.c:17: spatch cannot read this (it gave up in line 16), and old_call is in it' "$out"
}

@test "the functions that spatch means are found by line, by label, or not at all" {
	bad() { # FUNCTION
		{ code && printf '\n%b\n' "$1"; } >"$world/tree/mm/use.c"
		commit_base one "$world/tree"
		one 1
		[ "$(entry .outcome)" = conflict ]
	}
	bad 'void f(int p)\n{\n\tbreak;\n\told_call(p, false);\n}'
	says 'mm/use.c:16: spatch cannot read this (it gave up in line 15)' "$out"
	bad 'void f(int p)\n{\nl:\n\tg(p);\nl:\n\told_call(p, false);\n}'
	says 'mm/use.c:18: spatch cannot read this (it gave up in line 15)' "$out"
	bad 'void f(int p)\n{\n\tgoto *table[p];\nl:\n\told_call(p, false);\n}'
	says 'mm/use.c:3: spatch cannot read this (it gave up in line 1)' "$out"
	sed -i '1i FOO BAR BAZ( { x y;' "$world/tree/mm/use.c"
	commit_base one "$world/tree"
	one 1
	says 'and old_call is in it' "$out"
	bad 'void ok(int p)\n{\n\tgoto l;\nl:\n\tg(p);\n}\n\nvoid f(int p)\n{\n\tgoto l;\n\told_call(p, false);\n}'
	says 'mm/use.c:23: spatch cannot read this (it gave up in line 22)' "$out"
}

@test "a file that spatch cannot read to its end is no success" {
	printf '\nint broken(void)\n{\n\told_call(page, false);\n\t/* without an end\n' >>"$world/tree/mm/use.c"
	commit_base one "$world/tree"
	one 1
	says 'mm/use.c:15: spatch cannot read this' "$out"
}

@test "a rule that does not compile is an error that names its line" {
	sed -i 's/^- old_call(page, false)/- old_call(page, false/' "$queue/cocci/demo/convert.cocci"
	one 1
	[ "$(entry .outcome)" = error ]
	says 'convert.cocci:17: spatch refuses the rule' "$out"
	[ ! -e "$queue/series/demo/one/series" ]
}

@test "a rule that runs code is refused with file and line, before anything runs" {
	printf '\n@script:python@\n@@\nopen("%s/ran", "w")\n' "$world" >>"$queue/cocci/demo/convert.cocci"
	one 1
	says 'convert.cocci:18: a script rule runs code of its own'
	[ ! -e "$world/ran" ]
}

@test "a header that an earlier entry brings is no rule: it cannot be included" {
	printf '@initialize:python@\n@@\nopen("%s/ran", "w")\n' "$world" >"$world/evil.h"
	for line in 'virtual foo #include "evil.h"' '#include "evil.h"' '/* x */ #include "mm/evil.h"' 'using "evil.h"'; do
		{ rule 'Spatch-include: mm/evil.h' | sed "s|^@@\$|@@|; 0,/^@@/s|^@@|$line\n@@|"; } >"$world/evil.cocci"
		mkdir -p "$world/driver/mm" && cp "$world/evil.h" "$world/driver/" && cp "$world/evil.h" "$world/driver/mm/"
		code >"$world/driver/a.c"
		expects 1 "$requilt" convert --rule "$world/evil.cocci" "$world/driver"
		says 'pulls in'
		[ ! -e "$world/ran" ]
	done
}

@test "a file of a name that a shell would obey is not given to spatch" {
	mkdir "$world/driver"
	for name in 'a;touch owned.c' 'a$(touch$IFS.owned).c' 'a`id>owned`.c' 'a|id>owned&.c' 'a>owned.c' '{a,b}.c' '~a.c' 'a*.c'; do
		rm -rf "$world/driver" && mkdir "$world/driver"
		code >"$world/driver/$name"
		expects 1 "$requilt" convert --rule "$queue/cocci/demo/convert.cocci" "$world/driver"
		says 'spatch cannot be given a file of this name'
		prints_nothing find "$world" -name "*owned*" -not -name "$name"
	done
}

@test "a rule without a commit message is refused" {
	sed -i '/Subject:/d' "$queue/cocci/demo/convert.cocci"
	one 1
	says "give it a 'Subject:' and a 'From:' line"
}

@test "running out of time is an error that names the file" {
	watch_spatch --timeout 1
	cat >>"$queue/cocci/demo/convert.cocci" <<-'END'

		@@
		expression a, b;
		identifier f;
		statement S1, S2, S3;
		@@
		f(...) {
		... when any
		S1
		... when any
		S2
		... when any
		S3
		... when any
		- old_call(a, b);
		... when any
		}
	END
	{
		printf 'int slow(struct page *page)\n{\n'
		for i in {1..150}; do printf '\tif (a(%s))\n\t\tb(%s);\n\tc(%s);\n' "$i" "$i" "$i"; done
		printf '\told_call(page, true);\n}\n'
	} >"$world/tree/mm/slow.c"
	commit_base one "$world/tree"
	one 1
	[ "$(entry .outcome)" = error ]
	says 'mm/slow.c: spatch ran out of its 120 seconds here' "$out"
	prints_nothing find "$XDG_CACHE_HOME/requilt/semantic" -name 'spatch-*'
}

@test "a spatch that wants more memory than it may have is named with its file" {
	printf '#!/bin/sh\n[ $1 != --version ] && [ $1 != --help ] || exec %s "$@"\necho "HANDLING: mm/use.c" >&2\necho "Fatal error: $WORDS" >&2\nexit 2\n' \
		"$(command -v spatch)" >"$world/bin/spatch"
	chmod +x "$world/bin/spatch"
	unconfined=--unconfined-rules
	for words in 'out of memory' 'exception Out of memory'; do
		sed -i "s/^echo \"Fatal.*/echo \"Fatal error: $words\" >\&2/" "$world/bin/spatch"
		PATH=$world/bin:$PATH one 1
		[ "$(entry .outcome)" = error ]
		says 'spatch wants more than 2 GiB of memory in mm/use.c; leave that file out' "$out"
	done
}

# What spatch itself takes of 60,000 metavariables is minutes.
@test "a rule of more than 64 KiB is refused with its line" {
	mkdir "$world/driver" && code >"$world/driver/a.c"
	{
		rule | sed '/^@@$/,$d'
		echo '@@'
		seq 60000 | sed 's/.*/expression e&;/'
		printf '@@\n- old_call(e1, e2);\n'
	} >"$world/large.cocci"
	expects 1 timeout 20 "$requilt" convert --rule "$world/large.cocci" "$world/driver"
	says ': a rule of more than 64 KiB behind its leading comment; split it'
	{
		rule
		printf '// %0200d\n' $(seq 200)
	} >"$world/long.cocci"
	expects 0 "$requilt" convert --rule "$world/long.cocci" "$world/driver"
}

@test "the leading comment of a rule is a message, and no more" {
	sed -i '/^ \* From:/d' "$queue/cocci/demo/convert.cocci"
	one 1
	says "cocci/demo/convert.cocci: the leading comment is the commit message; give it a 'Subject:' and a 'From:' line"
	rule >"$queue/cocci/demo/convert.cocci"
	sed -i '/^ \* Subject:/d' "$queue/cocci/demo/convert.cocci"
	one 1
	says "give it a 'Subject:' and a 'From:' line"
	rule ' diff' >"$queue/cocci/demo/convert.cocci"
	sed -i 's/^ \*  diff$/ * --- a\/x\n * +++ b\/x\n * @@ -1 +1 @@\n * -a\n * +b/' "$queue/cocci/demo/convert.cocci"
	one 1
	says 'cocci/demo/convert.cocci:3: a diff in the leading comment'
	rule 'Present-if: mm/use.c has new_call' >"$queue/cocci/demo/convert.cocci"
	one 1
	says "cocci/demo/convert.cocci:11: Present-if: write '<file> defines <name>'"
}

@test "without spatch a rule is an error that says how to get it" {
	mkdir "$world/none"
	for program in git sh; do ln -s "$(command -v $program)" "$world/none"; done
	PATH=$world/none one 128
	[ "$(entry .outcome)" = error ]
	says 'apt-get install coccinelle' "$out"
}

@test "a spatch that is killed, or ends behind a file, is no fault of the rule" {
	printf '#!/bin/sh\necho "HANDLING: mm/use.c" >&2\n[ $1 != --version ] && [ $1 != --help ] || exec %s "$@"\nkill -9 $$\n' \
		"$(command -v spatch)" >"$world/bin/spatch"
	chmod +x "$world/bin/spatch"
	unconfined=--unconfined-rules
	PATH=$world/bin:$PATH one 128
	[ "$(entry .outcome)" = error ]
	says 'mm/use.c: spatch ended here or behind (exit status 137)' "$out"
	sed -i -e '/HANDLING/d' "$world/bin/spatch"
	PATH=$world/bin:$PATH one 128
	says '(exit status 137)' "$out"
}

@test "a .cocciconfig at home, in the queue or in the tree is not obeyed" {
	printf '[spatch]\n\toptions = --no-such-option\n' | tee "$HOME/.cocciconfig" "$queue/.cocciconfig" >"$world/tree/.cocciconfig"
	commit_base one "$world/tree"
	cd "$queue" || return 1
	one 0
	[ "$(entry .outcome)" = semantic ]
}

@test "no spatch leaves anything in the folder for temporary files" {
	mkdir "$world/tmp"
	TMPDIR=$world/tmp one 0
	lacks -q . <(ls "$world/tmp")
}

@test "a branch's own rule takes the place of the common one" {
	mkdir "$queue/cocci/demo/one"
	rule | sed 's/new_call/own_call/' >"$queue/cocci/demo/one/convert.cocci"
	one 0
	says own_call "$queue/series/demo/one/convert.patch"
}

@test "a rule's Present-if is asked before spatch" {
	rule 'Present-if: mm/other.c defines other' >"$queue/cocci/demo/convert.cocci"
	watch_spatch
	one 0
	[ "$(entry .outcome)" = present ]
	lacks -e --sp-file "$world/calls"
}

@test "a branch that is converted in part is not present: the rule does the rest" {
	rule $'Present-if: mm/other.c defines other\n * Expect-none: old_call' >"$queue/cocci/demo/convert.cocci"
	one 1
	[ "$(entry .outcome)" = conflict ]
	says 'mm/use.c:9: old_call is left' "$out"
	sed -i '/true/d' "$world/tree/mm/use.c"
	commit_base one "$world/tree"
	one 0
	[ "$(entry .outcome)" = semantic ]
	sed -i 's/old_call/new_call/' "$world/tree/mm/use.c"
	commit_base one "$world/tree"
	one 0
	[ "$(entry .outcome)" = present ]
}

@test "a rule's Present-if must hold behind it; lacks looks at code, not at comments" {
	sed -i '7,$d' "$world/tree/mm/use.c"
	printf '/* old_call() is gone */\nint fresh;\n' >>"$world/tree/mm/use.c"
	commit_base one "$world/tree"
	rule $'Present-if: mm/use.c defines fresh\n * Present-if: mm/use.c lacks old_call' >"$queue/cocci/demo/convert.cocci"
	one 0
	[ "$(entry .outcome)" = semantic ]
	rule $'Present-if: mm/use.c defines fresh\n * Present-if: mm/use.c lacks new_call\n * Present-if: mm/use.c lacks old_call' >"$queue/cocci/demo/convert.cocci"
	one 1
	says 'its Present-if is still false after it was applied' "$out"
}

@test "what follows from a failed rule is told apart from what fails by itself" {
	head_lines 'mm: on top of the rule' >"$queue/patches/demo/0001-ten.patch"
	cat >>"$queue/patches/demo/0001-ten.patch" <<-'END'

		diff --git a/mm/use.c b/mm/use.c
		--- a/mm/use.c
		+++ b/mm/use.c
		@@ -1,5 +1,5 @@
		 int use(struct page *page)
		 {
		-	new_call(page);
		+	newer_call(page);
		 	return 0;
		 }
	END
	printf 'demo/convert.cocci\ndemo/0001-ten.patch\n' >"$queue/series/demo.series"
	one 0
	rule 'Expect-none: old_call' >"$queue/cocci/demo/convert.cocci"
	one 1
	[ "$(jq -r '[.entries[].outcome] | join(" ")' "$queue/series/demo/one/port.json")" = 'conflict blocked' ]
	says 'needs demo/convert.cocci, which failed before it' "$out"
}

# A rule that must know what a member's type is.
typed_rule() {
	rule 'Spatch-include: mm/thing.h' | sed -e 's/^expression page;/struct page *page;/'
}

@test "Spatch-include shows spatch a header of the branch, as the branch has it" {
	printf 'int typed(struct thing *t)\n{\n\told_call(t->page, false);\n\treturn 0;\n}\n' >"$world/tree/mm/use.c"
	commit_base one "$world/tree"
	typed_rule >"$queue/cocci/demo/convert.cocci"
	one 1
	[ "$(entry .outcome)" = error ]
	says 'Spatch-include: the branch has no mm/thing.h' "$out"
	printf 'struct thing {\n\tint page;\n};\n' >"$world/tree/mm/thing.h"
	commit_base one "$world/tree"
	one 0
	[ "$(entry .outcome)" = empty ]
	printf 'struct page;\nstruct thing {\n\tstruct page *page;\n};\n' >"$world/tree/mm/thing.h"
	commit_base one "$world/tree"
	one 0
	[ "$(entry .outcome)" = semantic ]
}

@test "a rule that names versions of spatch runs with no other" {
	local version

	version=$(spatch --version | sed -n 's/^spatch version \([^ ]*\).*/\1/p')
	rule "Spatch-version: 0.9 $version" >"$queue/cocci/demo/convert.cocci"
	one 0
	[ "$(entry .outcome)" = semantic ]
	rule 'Spatch-version: 0.9 0.9.1' >"$queue/cocci/demo/convert.cocci"
	one 128
	[ "$(entry .outcome)" = error ]
	says "demo/convert.cocci:11: the rule is proven with spatch 0.9, 0.9.1, and this is $version" "$out"
	mkdir "$world/driver" && code >"$world/driver/a.c"
	expects 128 "$requilt" convert --rule "$queue/cocci/demo/convert.cocci" "$world/driver"
	says "convert.cocci:11: the rule is proven with spatch 0.9, 0.9.1, and this is $version"
}

@test "any -j gives the same bytes" {
	for i in 1 2 3 4 5 6 7; do code >"$world/tree/mm/use$i.c"; done
	commit_base one "$world/tree"
	one 0 -j 1
	cp -r "$queue/series/demo/one" "$world/first"
	rm -r "$XDG_CACHE_HOME/requilt"
	one 0 -j 8
	diff -r "$queue/series/demo/one" "$world/first"
}

@test "convert prints a patch of a folder, changes no file, follows no link" {
	mkdir -p "$world/driver/sub"
	code >"$world/driver/a.c"
	code >"$world/driver/sub/b.h"
	code >"$world/outside.c"
	ln -s ../outside.c "$world/driver/link.c"
	expects 0 "$requilt" convert --rule "$queue/cocci/demo/convert.cocci" "$world/driver"
	cp "$out" "$world/patch"
	lacks -e link.c "$world/patch"
	says 'link.c: a link: not looked at'
	mkdir "$world/driver/files" "$world/driver/rule.cocci"
	code >"$world/driver/files/rule.cocci.c"
	expects 0 "$requilt" convert --rule "$queue/cocci/demo/convert.cocci" "$world/driver"
	says '+++ b/files/rule.cocci.c' "$out"
	rm -r "$world/driver/files"
	ln -s driver "$world/other"
	expects 0 "$requilt" convert --rule "$queue/cocci/demo/convert.cocci" "$world/other"
	cmp "$out" "$world/patch"
	code | cmp - "$world/driver/a.c"
	says 'a.c:9: left: old_call'
	expects 0 patch -d "$world/driver" -p1 -F0 -i "$world/patch"
	says new_call "$world/driver/a.c"
	says new_call "$world/driver/sub/b.h"
}

@test "convert leaves out a file with a place that is refused, and names its line" {
	rule 'Expect-apart: new_call huge' | sed 's/^+ new_call(page)/+ prepare();\n&/; s/^[-+] .*)$/&;/' >"$queue/cocci/demo/convert.cocci"
	mkdir "$world/driver"
	code >"$world/driver/a.c"
	{ code && printf 'int huge(struct page *page)\n{\n\tprepare();\n\told_call(page, false);\n\treturn 0;\n}\n'; } >"$world/driver/b.c"
	expects 1 "$requilt" convert --rule "$queue/cocci/demo/convert.cocci" "$world/driver"
	says '+++ b/a.c' "$out"
	lacks 'b\.c' "$out"
	says "b.c:$(grep -n old_call "$world/driver/b.c" | tail -1 | cut -d: -f1): left: the rule brings new_call where huge is named"
	expects 0 patch -d "$world/driver" -p1 -F0 -i "$out"
	rm "$world/driver/a.c"
	expects 1 "$requilt" convert --rule "$queue/cocci/demo/convert.cocci" "$world/driver"
	[ ! -s "$out" ]
}

@test "convert takes the headers that a rule wants to see from the folder" {
	mkdir -p "$world/driver/mm"
	printf 'int typed(struct thing *t)\n{\n\told_call(t->page, false);\n\treturn 0;\n}\n' >"$world/driver/a.c"
	typed_rule >"$queue/cocci/demo/convert.cocci"
	expects 1 "$requilt" convert --rule "$queue/cocci/demo/convert.cocci" "$world/driver"
	says 'mm/thing.h is not there; copy it'
	printf 'struct page;\nstruct thing {\n\tstruct page *page;\n};\n' >"$world/driver/mm/thing.h"
	expects 0 "$requilt" convert --rule "$queue/cocci/demo/convert.cocci" "$world/driver"
	says $'+\tnew_call(t->page);' "$out"
}

@test "convert says one line when it cannot" {
	mkdir "$world/driver"
	expects 129 "$requilt" convert "$world/driver"
	expects 1 "$requilt" convert --rule "$queue/cocci/demo/convert.cocci" "$world/nowhere"
	says 'no folder; name one to convert'
	expects 1 "$requilt" convert --rule "$queue/cocci/demo/none.cocci" "$world/driver"
	says 'not there; name a semantic patch'
	expects 1 "$requilt" convert --rule "$queue/cocci/demo/convert.cocci" "$world/driver"
	says 'holds no .c or .h file'
	echo 'int x;' >"$world/driver/a.c"
	expects 1 "$requilt" convert --rule "$queue/cocci/demo/convert.cocci" "$world/driver"
	says 'changes nothing in'
	[ ! -s "$out" ]
}

# A patch that makes new_call() in a header, on the old text $1.
introduces() { # OLD LINE
	head_lines 'mm: introduce new_call()' "${2:-}"
	printf '\ndiff --git a/mm/call.h b/mm/call.h\n--- a/mm/call.h\n+++ b/mm/call.h\n@@ -1 +1,2 @@\n %s\n' "$1"
	printf '+static inline void new_call(struct page *page) { }\n'
}

outcomes_of_one() { jq -r '[.entries[].outcome] | join(" ")' "$queue/series/demo/one/port.json"; }

@test "a rule that needs a function of a failed patch is blocked, whatever its header says" {
	echo 'struct page;' >"$world/tree/mm/call.h"
	commit_base one "$world/tree"
	introduces 'struct pages;' >"$queue/patches/demo/0001-ten.patch"
	printf 'demo/0001-ten.patch\ndemo/convert.cocci\n' >"$queue/series/demo.series"
	for header in '' 'Present-if: mm/call.h defines new_call' 'Expect-none: old_call'; do
		rule "$header" >"$queue/cocci/demo/convert.cocci"
		one 1
		[ "$(outcomes_of_one)" = 'conflict blocked' ]
		says 'needs demo/0001-ten.patch, which failed before it' "$out"
		lacks -F 'correct the line' "$out"
	done
	introduces 'struct page;' >"$queue/patches/demo/0001-ten.patch"
	rule >"$queue/cocci/demo/convert.cocci"
	one 0
	[ "$(outcomes_of_one)" = 'exact semantic' ]
}

@test "a rule is not blocked by a failed patch that it does not need" {
	patch_ten 'line ten' | sed 's/^-line 10/-line other/' >"$queue/patches/demo/0001-ten.patch"
	printf 'demo/0001-ten.patch\ndemo/convert.cocci\n' >"$queue/series/demo.series"
	one 1
	[ "$(outcomes_of_one)" = 'conflict semantic' ]
	# It finds nothing to do, but would on what the failed patch adds.
	code | sed 's/old_call/own_call/' >"$world/tree/mm/use.c"
	commit_base one "$world/tree"
	one 1
	[ "$(outcomes_of_one)" = 'conflict empty' ]
	patch_ten 'line ten; old_call(page, false);' | sed 's/^-line 10/-line other/' >"$queue/patches/demo/0001-ten.patch"
	one 1
	[ "$(outcomes_of_one)" = 'conflict blocked' ]
}

@test "a conflict in one file keeps its way out, though Present-if is false and another file fits" {
	echo 'int odd;' >"$world/tree/mm/odd.c"
	commit_base one "$world/tree"
	{
		head_lines 'mm: two files' 'Present-if: mm/use.c defines use_none'
		printf '\n--- a/mm/odd.c\n+++ b/mm/odd.c\n@@ -1 +1 @@\n-int even;\n+int use_none;\n'
		printf -- '--- a/mm/other.c\n+++ b/mm/other.c\n@@ -1,4 +1,4 @@\n int other(void)\n {\n-\treturn 1;\n+\treturn 2;\n }\n'
	} >"$queue/patches/demo/0001-ten.patch"
	echo demo/0001-ten.patch >"$queue/series/demo.series"
	one 1
	[ "$(outcomes_of_one)" = conflict ]
	expects 1 "$requilt" -C "$queue" resolve demo one
	says 'demo/0001-ten.patch is open on one'
}

# The source tree has the code, the branch has it with a line changed around the call.
on_top_of_the_rule() {
	commit_base origin "$world/tree"
	printf '[branch "one"]\n\tsource = origin\n' >>"$queue/series/branches.conf"
	sed -i '1s/^int/long/' "$world/tree/mm/use.c"
	commit_base one "$world/tree"
	{
		head_lines 'mm: on top of the rule'
		printf '\n--- a/mm/use.c\n+++ b/mm/use.c\n@@ -1,5 +1,5 @@\n int use(struct page *page)\n {\n'
		printf -- '-\tnew_call(page);\n+\tnewer_call(page);\n \treturn 0;\n }\n'
	} >"$queue/patches/demo/0001-ten.patch"
	printf 'demo/convert.cocci\ndemo/0001-ten.patch\n' >"$queue/series/demo.series"
}

@test "a rule takes the source tree along, whatever became of it on the branch" {
	on_top_of_the_rule
	one 0
	[ "$(outcomes_of_one)" = 'semantic merged' ]
	# Left out here, in other words already, and in a conflict of its own.
	sed -i 's/convert.cocci/& #-one/' "$queue/series/demo.series"
	sed -i 's/old_call(page, false)/new_call(page)/' "$world/tree/mm/use.c"
	echo 'int theirs;' >>"$world/tree/mm/other.c"
	commit_base one "$world/tree"
	one 0
	[ "$(outcomes_of_one)" = 'skipped merged' ]
	sed -i 's/ #-one//' "$queue/series/demo.series"
	rule 'Present-if: mm/other.c defines theirs' >"$queue/cocci/demo/convert.cocci"
	one 0
	[ "$(outcomes_of_one)" = 'present merged' ]
	rule 'Expect-none: old_call' >"$queue/cocci/demo/convert.cocci"
	one 1
	[ "$(outcomes_of_one)" = 'conflict merged' ]
}
