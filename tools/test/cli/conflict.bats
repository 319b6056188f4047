#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What a conflict looks like: the hunk beside the branch's text, reasons by code, how many are printed, and
# what may help.

load helper

setup() {
	need git jq
	make_world "$BATS_TEST_TMPDIR/w"
	cd "$BATS_TEST_TMPDIR" || return
	printf 'demo/0001-start.patch\n' >"$queue/series/demo.series"
	{
		head_lines 'net: no second argument'
		printf '\ndiff --git a/net/a.c b/net/a.c\nindex 0123456789abcdef..89abcdef 100644\n--- a/net/a.c\n+++ b/net/a.c\n'
		printf '@@ -3,9 +3,9 @@ static int start(struct device *dev)\n {\n \tint ret;\n \n'
		printf ' \tret = device_prepare(dev);\n-\tdevice_start_everything(dev, ret, dev->flags);\n'
		printf '+\tdevice_start_everything(dev, ret);\n \tif (ret)\n \t\tgoto out;\n out:\n \treturn ret;\n'
	} >"$queue/patches/demo/0001-start.patch"
	mkdir -p "$world/tree/net"
}

# Two functions, of which the second is the one that is named and has other arguments.
make_file() { # LINES OF THE SECOND
	{
		printf 'static int begin(struct device *dev)\n{\n\tint ret;\n\n\tret = device_prepare(dev);\n'
		printf '\tdevice_begin(dev);\n\tif (ret)\n\t\tgoto out;\nout:\n\treturn ret;\n}\n\n'
		printf 'static int start(struct device *dev)\n{\n\tint ret;\n\n%b\tif (ret)\n\t\tgoto out;\nout:\n\treturn ret;\n}\n' "$1"
	} >"$world/tree/net/a.c"
	commit_base one "$world/tree"
}

port() { # STATUS [ARGUMENTS...]
	expects "$1" "$requilt" -C "$queue" port "${@:2}" demo one
}

fits_in_100_columns() { # FILE
	awk 'length($0) > 100 { print; bad = 1 } END { exit bad }' "$1" || fail "over 100 columns: $1"
}

@test "show prints the hunk beside the branch's text, and marks the words that differ" {
	make_file '\tret = device_prepare(dev);\n\tdevice_start_everything(dev, ret, GFP_KERNEL, dev->flags);\n'
	port 1
	expects 0 "$requilt" -C "$queue" show demo one demo/0001-start.patch
	sed -n '/^      the patch/,/goto/p' "$out" >got
	cat >want <<-'END'
		      the patch                                    line  the branch
		      int ret;                                       15  int ret;
		                                                     16
		      ret = device_prepare(dev);                     17  ret = device_prepare(dev);
		  ! - ..e_start_everything(dev, ret, dev->flags);    18  ..ything(dev, ret, GFP_KERNEL, dev->flags);
		                                     ^                                      ^^^^^^^^^^^^
		    + device_start_everything(dev, ret);
		      if (ret)                                       19  if (ret)
		              goto out;                              20          goto out;
	END
	diff want got
	fits_in_100_columns "$out"
}

@test "what differs at the end of a long line is in sight, with a mark below it" {
	printf '#define LONG %s end_of_it\n' "$(printf 'word%02d ' {1..16})" >"$world/tree/net/b.h"
	printf 'above the line\nbelow the line\n' >>"$world/tree/net/b.h"
	sed 's/end_of_it/another_end/' "$world/tree/net/b.h" >other
	head_lines 'net: long' >"$queue/patches/demo/0001-start.patch"
	printf -- '--- a/net/b.h\n+++ b/net/b.h\n@@ -1,3 +1,3 @@\n' >>"$queue/patches/demo/0001-start.patch"
	sed '1{s/^/-/;p;s/^-.*/+#define SHORT/};2s/^/ /;3s/^/ /' other >>"$queue/patches/demo/0001-start.patch"
	commit_base one "$world/tree"
	port 1
		grep -q '^  ! .*\.\..*another_end .*\.\..*end_of_it' "$out"
	fits_in_100_columns "$out"
}

@test "of two near matches the one in the named function is taken, whatever braces agree elsewhere" {
	make_file '\tret = device_prepare_all(dev, 1);\n\tdevice_start_all(dev);\n\tdevice_start_everything(dev, 1);\n'
	port 1
	jq -e '.entries[0].hunks[0] | .reason.line > 12' "$queue/series/demo/one/port.json"
	jq -e '[.entries[0].hunks[0].beside[].line // 99] | min > 12' "$queue/series/demo/one/port.json"
}

@test "a reason is a code with data, of which the message is made" {
	make_file '\tret = device_prepare(dev);\n\tdevice_start_everything(dev, ret, 0);\n'
	port 1
	jq -c '.entries[0].hunks[0] | .reason, .source_may_help, .blob' "$queue/series/demo/one/port.json" >got
	diff - got <<-'END'
		{"code":"near","line":14,"other":18,"count":8,"of":9,"text":"device_start_everything(dev, ret, 0);","want":"device_start_everything(dev, ret, dev->flags);"}
		true
		"0123456789ab"
	END
	jq -r '.entries[0].hunks[0].message' "$queue/series/demo/one/port.json" >message
	says 'best match at line 14, 8 of 9 lines equal; line 18 has' message
	jq -r '.entries[0].hunks[0].beside[] | select(.kind == "differs") | .branch' "$queue/series/demo/one/port.json" >got
	[ "$(cat got)" = $'\tdevice_start_everything(dev, ret, 0);' ]
}

@test "a conflict says where a source tree may help, and not where there is one" {
	make_file '\tret = device_prepare(dev);\n\tdevice_start_everything(dev, ret, 0);\n'
	port 1
	says 'a source tree may help: set source = in branches.conf' "$out"
	says 'in it net/a.c is blob 0123456789ab' "$out"
	sed -i '/tag = old/a\\tsource = base/one' "$queue/series/branches.conf"
	git -C "$repo" branch -f base/one "$(git -C "$repo" for-each-ref --format='%(refname)' | head -n 1)"
	port 1
	lacks -q 'source tree may help' "$out"
	expects 0 "$requilt" -C "$queue" show demo one
	lacks -q 'source tree may help' "$out"
}

@test "port prints 20 conflicts in full and names the command for the others" {
	rm -f "$queue/series/demo.series"
	for i in {10..34}; do
		{
			head_lines "net: $i"
			printf -- '--- a/net/c.c\n+++ b/net/c.c\n@@ -%s,3 +%s,3 @@\n' "$i" "$i"
			printf ' line %s\n-old line %s\n+new line %s\n line %s\n' "$i" "$i" "$i" "$i"
		} >"$queue/patches/demo/00$i.patch"
		printf 'line %s\nbranch line %s\nline %s\n' "$i" "$i" "$i" >>"$world/tree/net/c.c"
		echo "demo/00$i.patch" >>"$queue/series/demo.series"
	done
	commit_base one "$world/tree"
	port 1
	[ "$(grep -c 'the patch  ' "$out")" = 20 ]
	says "one: 5 more conflicts; 'requilt show demo one' prints all" "$out"
	[ "$(grep -c ': conflict$' "$out")" = 25 ]
	port 1 --out "$world/else"
	says "'requilt show --out $world/else demo one' prints all" "$out"
	port 1 -v
	[ "$(grep -c 'the patch  ' "$out")" = 25 ]
	expects 0 "$requilt" -C "$queue" show demo one
	[ "$(grep -c 'the patch  ' "$out")" = 25 ]
}

@test "an entry that is yellow has one line, with the first reason and how many hunks have others" {
	lines 1 60 >"$world/tree/net/d.c"
	{
		head_lines 'net: two'
		printf -- '--- a/net/d.c\n+++ b/net/d.c\n'
		hunk 10 'line ten' | sed 's/^ line 8$/ line eight/'
		hunk 50 'line fifty' | sed 's/^ line 48$/ line forty-eight/'
	} >"$queue/patches/demo/0001-start.patch"
	commit_base one "$world/tree"
	port 0
	grep -A2 '^one: demo/0001-start.patch: anchored' "$out" >got
	says 'one: demo/0001-start.patch: anchored: net/d.c hunk 1: anchored: 5 of its 7 old lines stand around line 10' got
	says '; 1 more hunk' got
	lacks -q '^    net/d.c' "$out"
	port 0 --fresh -v
	[ "$(grep -c '^    net/d.c hunk' "$out")" = 2 ]
	fits_in_100_columns "$out"
}

@test "the page has a conflict as the terminal has it" {
	make_file '\tret = device_prepare(dev);\n\tdevice_start_everything(dev, ret, 0);\n'
	port 1
	expects 0 "$requilt" -C "$queue" show demo one
	sed -n '/^      the patch/,/^    a source/p' "$out" | sed '$d' >shown
	expects 0 "$requilt" -C "$queue" report --queue demo -o page
	sed -n 's,^<script type="application/json" id="data">\(.*\)</script>$,\1,p' page/index.html |
		jq -r '.branches[] | select(.branch == "one") | .entries[0].hunks[0].beside' >drawn
	grep -v '^$' drawn | diff shown -
}

# Cases of the ladder in one tree and one source, each below its own directory: what is anchored, merged, in doubt
# or a conflict, in one order.
gather_cases() {
	local name case patch

	mkdir -p gathered/tree gathered/source gathered/patches
	cp "$world/tree/Makefile" gathered/tree
	for case in "$root"/tools/test/cases/{anchored,merged,places,evidence,new-lines}*/; do
		name=$(basename "$case")
		[ -d "$case/orig" ] || continue
		[ -e "$case/patch" ] || continue
		[ ! -e "$case/cmd" ] || continue
		cp -R "$case/orig" "gathered/tree/$name"
		cp -R "$case/$([ -d "$case/source" ] && echo source || echo orig)" "gathered/source/$name"
		patch=gathered/patches/$name.patch
		head_lines "net: $name" >"$patch"
		sed "s,^\(---\|+++\) \([ab]\)/,&$name/,; s,^diff --git a/\(.*\) b/,diff --git a/$name/\1 b/$name/,
			s,^\(rename\|copy\) \(from\|to\) ,&$name/," "$case/patch" >>"$patch"
	done
	commit_base one gathered/tree
	commit_base origin gathered/source
}

@test "hard patches and conflicts are the same to the byte, with 1, 2 and 8 threads" {
	gather_cases
	for jobs in 1 2 8; do
		expects 1 "$requilt" --repo "$repo" apply -k --json -j $jobs --onto one --source origin gathered/patches/*.patch
		jq 'del(.branches[].seconds, .branches[].reading_seconds, .branches[].entries[].seconds)' "$out" >"json.$jobs"
		expects 1 "$requilt" --repo "$repo" apply -k -v -j $jobs --onto one --source origin gathered/patches/*.patch
		sed 's/, [0-9.]* s$//' "$out" >"text.$jobs"
		cmp json.1 "json.$jobs"
		cmp text.1 "text.$jobs"
	done
	jq -r '.branches[0].entries[] | select(.outcome == "anchored" or .outcome == "merged") | .patch' json.1 >hard
	cp json.1 /tmp/n25-j; cp "$err" /tmp/n25-e; 	[ "$(wc -l <hard)" -ge 7 ]
	[ "$(jq '[.branches[0].entries[] | select(.outcome == "conflict")] | length' json.1)" -ge 10 ]
	sed 's,.*/,demo/,' hard >"$queue/series/demo.series"
	xargs cp -t "$queue/patches/demo" <hard
	sed -i '/tag = old/a\\tsource = base/origin' "$queue/series/branches.conf"
	git -C "$repo" branch -f base/origin origin
	for jobs in 1 2 8; do
		port 0 --fresh -j $jobs
		mv "$queue/series/demo/one" "ported.$jobs"
		git -C "$repo" rev-parse requilt/demo/one >"ported.$jobs/head"
		diff -r ported.1 "ported.$jobs"
	done
}
