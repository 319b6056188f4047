#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What is added must exist: calls, members and counts of arguments, on a small tree that is whole.

load helper

setup() {
	need git jq diff "$requilt"
	world=$BATS_TEST_TMPDIR repo=$world/linux.git tree=$world/tree
	out=$world/out err=$world/err
	mkdir -p "$HOME"
	git init -q --bare -b none "$repo"
	mkdir -p "$tree/include/linux" "$tree/fs" "$tree/tools"
	printf 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 9\n' >"$tree/Makefile"
	cat >"$tree/include/linux/fs.h" <<'END'
struct inode { int count; };
int has_two(int a, int b);
int has_any(const char *fmt, ...);
int has_three(int a, int b, int c);
int one_or_two(int a);
#define as_macro(a) (a)
#define PAGEFLAG(name) int SetPage##name(int a); int TestPage##name##Now(int a)
PAGEFLAG(Locked);
/* said_only() */
END
	# A tab in front would not survive <<-.
	cat >"$tree/fs/one.c" <<'END'
#include <linux/fs.h>

static int local_two(int a, int b)
{
	return a + b;
}

static int other(int value)
{
	/*
	 * one
	 * two
	 */
	value = has_three(value,
			  1,
			  2);
	value++;
	return value;
}
END
	cat >"$tree/fs/two.c" <<'END'
static int local_two(int a)
{
	return a;
}

int one_or_two(int a, int b)
{
	return a + b;
}
END
	printf 'int main(void)\n{\n\treturn 0;\n}\n' >"$tree/tools/user.c"
	commit_base base "$tree"
	mkdir "$world/patches"
}

# A patch that makes of FILE what the sed SCRIPT makes of it, on top of the patches before it.
change() { # NAME FILE SCRIPT
	rm -rf "$world/a" "$world/b"
	cp -a "$tree" "$world/a"
	sed -i -e "$3" "$tree/$2"
	cp -a "$tree" "$world/b"
	(cd "$world" && diff -Nru a b) >"$world/patches/$1" || true
	[ -s "$world/patches/$1" ] || fail "$1 changes nothing"
	echo "$1" >>"$world/patches/series"
}

# A line in front of "value++".
adds() { # NAME LINE
	change "$1" fs/one.c "s|^\tvalue++;|\t$2\n&|"
}

applies() { # ARGUMENTS
	expects 0 "$requilt" apply --repo "$repo" --onto base --json \
		--series "$world/patches/series" "$@"
}

# "patch colour" and what is missing, a line for each entry.
found() {
	jq -r '.branches[0].entries[] | "\(.patch) \(.colour)" + ([.hunks[] | .missing // [] | .[] |
		" \(.kind):\(.name)" + (if .given != null then ":\(.given)/\(.takes)@\(.declared)" else "" end)] | join(""))' "$out"
}

@test "a call and a member that the branch has nowhere are yellow and named" {
	adds 1 'value = lacks_it(value);'
	adds 2 'value = p->lacks_member;'
	adds 3 'struct x y = { .lacks_init = 1 };'
	# more parts than are tried
	long=$(printf 'a_%.0s' {1..40})x
	adds 4 "value = $long(value);"
	applies
	[ "$(found)" = "1 yellow call:lacks_it
2 yellow member:lacks_member
3 yellow member:lacks_init
4 yellow call:$long" ]
	grep -qF 'adds a call of lacks_it(), which base does not have' "$out"
	grep -qF 'adds a use of the member lacks_member, which base does not have' "$out"
	expects 0 "$requilt" apply --repo "$repo" --onto base --series "$world/patches/series"
	says '1 exact?' "$out"
	says 'fs/one.c hunk 1: exact: adds a call of lacks_it(), which base does not have' "$out"
}

@test "what the tree, the patch or an earlier entry has is green" {
	adds 1 'value = has_two(value, p->count) + has_any("x", 1, 2, 3) + as_macro(1) + said_only(3);'
	adds 2 'value = SetPageLocked(value) + TestPageLockedNow(1);'
	change 3 include/linux/fs.h '1i #define new_macro(a, b) (a)\nint new_function(int a);\nstruct new { int new_member; };\nPAGEFLAG(Dirty);'
	adds 4 'value = new_macro(1) + new_function(2) + q->new_member + SetPageDirty(4);'
	change 5 fs/one.c 's|^static int other|static int own(int (*cb)(int, int))\n{\n\tint v = cb(1, 2);\n\n\treturn v + own(cb);\n}\n\n&|'
	applies
	[ "$(found | grep -v green)" = '' ]
	[ "$(found | wc -l)" = 5 ]
}

@test "what only looks like a call is green" {
	adds 1 'value = "lacks(1)"[0]; /* lacks_too(2) */ // lacks_three(3)'
	change 2 fs/one.c 's|^\t \* one|\t * lacks(1) ->lacks\n&|'
	change 3 fs/two.c '1i #if 0\nlacks(1);\n#endif\n#define MAKE(x) lacks_##x(1) + x##_lacks(2)'
	change 4 tools/user.c 's|^\treturn|\tprintf("x");\n&|'
	applies
	[ "$(found | grep -v green)" = '' ]
	[ "$(found | wc -l)" = 4 ]
}

@test "arguments are counted by the file's own definition, else by all that agree" {
	adds 1 'value = local_two(1);'
	adds 2 'value = has_two(has_two(1, 2), (3, 4), "a,b");'
	adds 3 'value = one_or_two(1, 2, 3) + local_two(1, 2);'
	change 4 fs/two.c 's|^\treturn a;|\treturn local_two(a);|'
	applies
	[ "$(found)" = "1 yellow arguments:local_two:1/2@fs/one.c:3
2 yellow arguments:has_two:3/2@include/linux/fs.h:2
3 green
4 green" ]
	grep -qF 'calls local_two() with 1 argument, it takes 2 at fs/one.c:3' "$out"
}

@test "a macro that stands for several arguments is counted as what it may be" {
	sed -i 's|^#define as_macro.*|&\n#define PAIR 1, 2\n#define PAIR_OF(x) x, \\\\\n\t(x)\n#define ONE (1, 2)|' "$tree/include/linux/fs.h"
	printf '#define HERE 1, 2\n' >>"$tree/fs/two.c"
	rm -rf "$world/linux.git" && git init -q --bare -b none "$repo"
	commit_base base "$tree"
	adds 1 'value = has_three(PAIR, value) + local_two(PAIR) + local_two(PAIR_OF(f(1, 2)));'
	adds 2 'value = local_two(ONE);'
	adds 3 'value = local_two(value) + local_two("PAIR");'
	change 4 fs/two.c '$a static int use(int a) { return one_or_two(HERE); }'
	change 5 fs/one.c 's|^#include.*|&\n#define NEW 1, 2|; s|^\tvalue++;|\tvalue = local_two(NEW);\n&|'
	applies
	[ "$(found)" = "1 green
2 yellow arguments:local_two:1/2@fs/one.c:3
3 yellow arguments:local_two:1/2@fs/one.c:3
4 green
5 green" ] || fail "$(found)"
}

@test "a call of which a hunk shows a part is counted whole" {
	change 1 fs/one.c 's|^\t\t\t  2);|\t\t\t  3,\n&|'
	# Of the call, the hunk holds the last argument only.
	sed -i -e '/^@@/s/.*/@@ -16,2 +16,3 @@/' -e '/^ \t\(value = has\|return\)/d; /^ \t\t\t  1,/d; /^ }/d; /^ \t *\*/d' \
		"$world/patches/1"
	applies
	[ "$(found)" = "1 yellow arguments:has_three:4/3@include/linux/fs.h:4" ] || fail "$(cat "$world/patches/1")"
}

@test "a call that a hunk behind another one cuts is counted where it went" {
	{
		printf -- '--- a/fs/one.c\n+++ b/fs/one.c\n@@ -3,3 +3,4 @@\n static int local_two(int a, int b)\n+/* two lines here, as there */\n {\n'
		printf -- ' \treturn a + b;\n@@ -16,2 +17,3 @@\n-\t\t\t  2);\n+\t\t\t  3,\n+\t\t\t  4);\n \tvalue++;\n'
	} >"$world/patches/1"
	echo 1 >"$world/patches/series"
	applies
	[ "$(found)" = "1 yellow arguments:has_three:4/3@include/linux/fs.h:4" ]
	# the first hunk is there already, and moves nothing
	sed -i 's|^static int local_two.*|&\n/* two lines here, as there */|' "$tree/fs/one.c"
	commit_base base "$tree"
	applies
	[ "$(found)" = "1 yellow arguments:has_three:4/3@include/linux/fs.h:4" ]
}

@test "a call that a hunk cuts is counted where the hunks were drawn again" {
	# Less context behind than in front: patch(1) would look for the first hunk at the file's end.
	{
		printf -- '--- a/fs/one.c\n+++ b/fs/one.c\n@@ -2,2 +2,3 @@\n \n static int local_two(int a, int b)\n+/* two lines here, as there */\n'
		printf -- '@@ -16,2 +17,3 @@\n-\t\t\t  2);\n+\t\t\t  3,\n+\t\t\t  4);\n \tvalue++;\n'
	} >"$world/patches/1"
	echo 1 >"$world/patches/series"
	applies
	[ "$(found)" = "1 yellow arguments:has_three:4/3@include/linux/fs.h:4" ]
}

@test "a function of one name in two files is counted by the file's own" {
	change 1 fs/one.c 's|local_two(int a, int b)|local_two(int a, int b, int c)|'
	change 2 fs/two.c 's|local_two(int a)|local_two(int a, int b)|'
	adds 3 'value = local_two(1, 2);'
	change 4 fs/two.c 's|^\treturn a + b;|\ta = local_two(1, 2);\n&|'
	change 5 fs/two.c 's|^\treturn a + b;|\ta = local_two(1);\n&|'
	adds 6 'value = local_two(1, 2, 3);'
	applies
	[ "$(found)" = "1 green
2 green
3 yellow arguments:local_two:2/3@fs/one.c:3
4 green
5 yellow arguments:local_two:1/2@fs/two.c:1
6 green" ]
}

@test "a name that a macro of an earlier entry makes is there" {
	change 1 include/linux/fs.h '1i #define MAKES(x) int pre_##x##_post(int a)\nMAKES(mid);'
	adds 2 'value = pre_mid_post(1);'
	adds 3 'value = pre_mid_other(1);'
	applies
	[ "$(found)" = "1 green
2 green
3 yellow call:pre_mid_other" ]
}

@test "what an earlier entry took away or changed is not there" {
	change 1 fs/two.c 's|local_two|renamed_two|; s|one_or_two|gone_from_here|'
	change 2 include/linux/fs.h 's|one_or_two|renamed_one|; s|has_two(int a, int b)|has_two(int a)|'
	adds 3 'value = one_or_two(1);'
	adds 4 'value = has_two(1, 2);'
	adds 5 'value = has_two(1);'
	adds 6 'value = renamed_one(1) + local_two(1, 2);'
	applies
	[ "$(found)" = "1 green
2 green
3 yellow call:one_or_two
4 yellow arguments:has_two:2/1@include/linux/fs.h:2
5 green
6 green" ]
}

@test "a parameter that is called is there as long as one function has it" {
	change 1 fs/one.c '1a static int first(int (*run_it)(int))\n{\n\treturn run_it(1);\n}\n\nstatic int second(int (*run_it)(int))\n{\n\treturn run_it(2);\n}\n'
	change 2 fs/one.c 's|^\treturn run_it(2);|\tint a = run_it(3);\n&|; /^static int first/,/^}/d'
	change 3 fs/one.c 's|^\treturn run_it(2);|\trun_it(4);\n&|'
	change 4 fs/one.c 's|second(int (\*run_it)(int))|second(int a)|; s|run_it|other|'
	adds 5 'value = run_it(5);'
	applies
	[ "$(found)" = "1 green
2 green
3 green
4 green
5 yellow call:run_it" ]
}

@test "a name that macros make is there when a comment about it goes" {
	sed -i 's|^\tvalue++;|\t/* SetPageLocked below */\n\tvalue = SetPageLocked(1);\n&|' "$tree/fs/one.c"
	commit_base base "$tree"
	change 1 fs/one.c '/SetPageLocked below/d'
	adds 2 'value = SetPageLocked(2);'
	applies
	[ "$(found)" = "1 green
2 green" ]
}

@test "a changed signature counts from then on" {
	change 1 include/linux/fs.h 's|has_any(const char \*fmt, ...)|has_any(int a)|'
	change 2 fs/one.c 's|local_two(int a, int b)|local_two(int a)|'
	adds 3 'value = has_any(1, 2);'
	adds 4 'value = local_two(1, 2);'
	adds 5 'value = local_two(1) + has_any(2);'
	applies
	[ "$(found)" = "1 green
2 green
3 yellow arguments:has_any:2/1@include/linux/fs.h:3
4 yellow arguments:local_two:2/1@fs/one.c:3
5 green" ]
}

@test "a failed entry brings nothing" {
	change 1 include/linux/fs.h '1i int new_function(int a);'
	sed -i 's/^ struct inode/ struct other/' "$world/patches/1"
	adds 2 'value = new_function(1);'
	expects 1 "$requilt" apply --repo "$repo" --onto base --json -k --series "$world/patches/series"
	[ "$(found)" = "1 red
2 yellow call:new_function" ]
}

# A new file fs/new.c of what comes in, as the only patch.
creates() {
	sed 's/^/+/' >"$world/new"
	{ printf -- '--- /dev/null\n+++ b/fs/new.c\n@@ -0,0 +1,%s @@\n' "$(wc -l <"$world/new")" && cat "$world/new"; } >"$world/patches/1"
	echo 1 >"$world/patches/series"
}

@test "a name in doubt on each of many lines costs no more than it may" {
	# Without bounds, the square of the lines: 25 to 45 seconds of processor time each.
	{ echo 'int f(void) {' && seq 12000 | sed 's/.*/lack_&(1);/' && echo '}'; } | creates
	expects 0 "$requilt" apply --repo "$repo" --onto base --json "$world/patches/1"
	[ "$(jq '[.branches[0].entries[0].hunks[0].missing[]] | length' "$out")" = 16 ]
	jq -e '.branches[0].entries[0].hunks[0].message | endswith("; what else it may lack is not named")' "$out"
	{ seq 8000 | sed 's/.*/int d_&(int a);/' && echo 'int f(void) {' && seq 8000 | sed 's/.*/d_&(1, 2);/' && echo '}'; } | creates
	expects 0 "$requilt" apply --repo "$repo" --onto base --json "$world/patches/1"
	# What "#if 0" hides from a hunk is no lack; the file is read for each of them, but not for ever.
	{ echo '#if 0' && seq 60000 | sed 's/.*/l&;/' && echo '#endif'; } >"$tree/fs/big.c"
	commit_base base "$tree"
	change 2 fs/big.c '0~100s/$/\nhidden_&(1);/; s/_l\([0-9]*\);/_\1/'
	expects 0 "$requilt" apply --repo "$repo" --onto base --json "$world/patches/2"
	jq -e '.branches[0].entries[0] | .colour == "yellow" and (.hunks[0].doubtful | not) and
		(.hunks[-1].message | startswith("too many names are in doubt"))' "$out"
}

@test "a tree without include/ is not looked at, and the record says so" {
	rm -rf "$world/part" && mkdir -p "$world/part/fs"
	cp "$tree/fs/one.c" "$world/part/fs" && commit_base part "$world/part"
	adds 1 'value = lacks_it(value);'
	expects 0 "$requilt" apply --repo "$repo" --onto part --json "$world/patches/1"
	[ "$(jq -r '.branches[0] | .colour, .entries[0].colour' "$out")" = "$(printf 'green\ngreen')" ]
	jq -e '.branches[0].unchecked | test("no Makefile or no include/")' "$out"
}

@test "each file is read once in its life, and what is known of them must be readable" {
	local words

	adds 1 'value = lacks_it(value);'
	applies
	words=$(find "$XDG_CACHE_HOME/requilt/semantic" -name words)
	[ -s "$words" ]
	cp "$words" "$world/words"
	# another tree with the same files in other places, and one file more
	git --git-dir="$repo" archive base | tar -x -C "$world" --one-top-level=moved
	mkdir "$world/moved/mm"
	mv "$world/moved/fs/two.c" "$world/moved/mm/two.c"
	commit_base base "$world/moved"
	applies
	cmp "$words" "$world/words"
	echo 'int one_more(void);' >"$world/moved/mm/more.c"
	commit_base base "$world/moved"
	applies
	[ "$(stat -c %s "$words")" -gt "$(stat -c %s "$world/words")" ]
	cmp -n "$(stat -c %s "$world/words")" "$words" "$world/words"
	rm -r "$XDG_CACHE_HOME/requilt/semantic"
	mkdir -p "$words"
	expects 128 "$requilt" apply --repo "$repo" --onto base --series "$world/patches/series"
	says "$words: "
}

@test "a broken file of answers is made again" {
	adds 1 'value = lacks_it(value) + has_two(1);'
	applies
	cp "$out" "$world/first"
	answers=$(find "$XDG_CACHE_HOME/requilt/semantic" -name 'answers-*')
	cp "$answers" "$world/answers"
	for damage in 's/lacks_it/lacks_et/' '2d' '$d' 's/\t/ /g' '1s/1/9/'; do
		sed -i -e "$damage" "$answers"
		applies
		cmp "$answers" "$world/answers"
		diff <(jq -S 'del(.. | .seconds?, .reading_seconds?)' "$world/first") \
			<(jq -S 'del(.. | .seconds?, .reading_seconds?)' "$out")
	done
	: >"$answers"
	applies
	cmp "$answers" "$world/answers"
	# A file that says all is well is believed: it is read.
	sed -i -e '/^lacks_it/d' "$answers"
	applies
	[ "$(found)" = "1 yellow call:lacks_it arguments:has_two:1/2@include/linux/fs.h:2" ]
}

# A queue of the patches that were made; more goes into its folders.
make_queue() {
	local name

	queue=$world/queue
	mkdir -p "$queue/series" "$queue/patches/demo" "$queue/cocci/demo"
	for name; do
		{ printf 'Subject: [PATCH] x\nFrom: A <a@example.org>\n\nx\n---\n' && cat "$world/patches/$name"; } \
			>"$queue/patches/demo/$name.patch"
		echo "demo/$name.patch" >>"$queue/series/demo.series"
	done
	printf '[core]\n\trepository = %s\n\tcommitter = A <a@example.org>\n[branch "base"]\n\tref = refs/heads/base\n' "$repo" >"$queue/series/branches.conf"
}

# What the first entry lacks, by the record.
missing() {
	jq -c '[.entries[0].hunks[].missing // [] | .[] | "\(.kind):\(.name)"]' "$queue/series/demo/base/port.json"
}

@test "what a rule brings must exist" {
	need spatch
	make_queue
	echo demo/r.cocci >"$queue/series/demo.series"
	while IFS='|' read -r new lacks; do
		printf '/*\n * Subject: x\n * From: A <a@example.org>\n *\n * x\n */\n@@ expression a, b, c; @@\n- has_three(a, b, c)\n+ %s\n' \
			"$new" >"$queue/cocci/demo/r.cocci"
		expects 0 "$requilt" -C "$queue" port demo
		[ "$(missing)" = "$lacks" ]
	done <<-'END'
		has_two(a, b)|[]
		lacks_it(a, b)|["call:lacks_it"]
		has_two(a)|["arguments:has_two"]
		has_two(a, b->lacks_member)|["member:lacks_member"]
	END
	# the very hunk of the very file
	{ cat "$tree/fs/one.c" && seq -f '/* %g */' 30 && sed 's/other/another/' "$tree/fs/one.c"; } >"$tree/fs/three.c"
	commit_base base "$tree"
	sed -i 's/^+ .*/+ lacks_it(a)/' "$queue/cocci/demo/r.cocci"
	expects 0 "$requilt" -C "$queue" port demo
	jq -c '[.entries[0].hunks[] | [.file, .hunk, (.missing // [] | length)]]' "$queue/series/demo/base/port.json" >"$out"
	[ "$(cat "$out")" = '[["fs/one.c",1,1],["fs/three.c",1,1],["fs/three.c",2,1]]' ]
}

@test "what a resolution brings must exist" {
	local hand

	adds 1 'value = has_two(value, 1);'
	sed -i -e 's/^ \tvalue++;/ \tvalue--;/' "$world/patches/1"
	make_queue 1
	hand=$queue/.requilt/resolve/demo/base
	while IFS='|' read -r new lacks; do
		rm -rf "$queue/series/demo.resolved"
		expects 1 "$requilt" -C "$queue" port demo
		expects 1 "$requilt" -C "$queue" resolve demo base
		git --git-dir="$repo" show base:fs/one.c | sed "s/^\tvalue++;/\tvalue = $new;\n&/" >"$hand/fs/one.c"
		expects 0 "$requilt" -C "$queue" resolve demo base --continue --who 'A <a@example.org>' --note 'as here'
		expects 0 "$requilt" -C "$queue" port demo
		[ "$(jq -r '.entries[0].outcome' "$queue/series/demo/base/port.json")" = resolved ]
		[ "$(missing)" = "$lacks" ]
	done <<-'END'
		has_two(value, 1)|[]
		lacks_it(value)|["call:lacks_it"]
	END
}

@test "port keeps what is missing, and accept turns it green" {
	adds 1 'value = lacks_it(value) + has_two(1);'
	make_queue 1
	expects 1 "$requilt" -C "$queue" port demo --strict
	cp "$queue/series/demo/base/port.json" "$world/first"
	jq -e '.entries[0].hunks[0].missing == [{"name": "lacks_it", "kind": "call"},
		{"name": "has_two", "kind": "arguments", "given": 1, "takes": 2, "declared": "include/linux/fs.h:2"}]' "$world/first"
	# Nothing to do, and the same said again from the record.
	expects 0 "$requilt" -C "$queue" port demo
	says 'nothing to do' "$out"
	says 'adds a call of lacks_it(), which base does not have; calls has_two() with 1 argument' "$out"
	expects 0 "$requilt" -C "$queue" port demo --fresh
	cmp "$world/first" "$queue/series/demo/base/port.json"
	expects 0 "$requilt" -C "$queue" show demo base demo/1.patch
	says 'adds a call of lacks_it()' "$out"
	expects 0 "$requilt" -C "$queue" report --queue demo --markdown
	says 'lacks' "$out"
	expects 0 "$requilt" -C "$queue" accept --who "R <r@example.org>" demo base demo/1.patch
	expects 0 "$requilt" -C "$queue" port demo --strict
}
