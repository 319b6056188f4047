#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# requilt report: what stands in the page and in the summary.  What a reader sees and does in a
# browser is tested in tools/test/browser.

load helper

setup() {
	need jq openssl
	make_world "$BATS_TEST_TMPDIR/w"
	cd "$BATS_TEST_TMPDIR" || return
	page=$BATS_TEST_TMPDIR/page results=$BATS_TEST_TMPDIR/results
	mkdir "$results"
}

report() { # STATUS [OPTIONS...]
	expects "$1" "$requilt" -C "$queue" report -o "$page" "${@:2}"
	[ "$1" != 0 ] || data
}

# The data of the page, as JSON, in the file "data".
data() {
	sed -n 's,^<script type="application/json" id="data">\(.*\)</script>$,\1,p' \
		"$page/index.html" >"$BATS_TEST_TMPDIR/data"
	jq empty "$BATS_TEST_TMPDIR/data"
}

# What a jq expression finds there.
is() { # EXPRESSION WANTED
	local found

	found=$(jq -r "$1" "$BATS_TEST_TMPDIR/data")
	[ "$found" = "$2" ] || fail "$1" "is $found" "not $2"
}

# A file as verify --json prints it, for the port of a branch as it is now.
result() { # NAME BRANCH STAGE [JQ CHANGES OF THE BRANCH]
	jq --arg branch "$2" --arg stage "$3" '{ queue: .queue, stages: [$stage], branches: [{
		branch: $branch, base: .base, head: .head, config: "tinyconfig",
		compiler: "gcc 12", sparse: null, unchecked: [], message: null, boot: null,
		entries: [{ patch: "base", verdict: "ok", objects: 2, new: [], failure: null, vanished: 0 },
			{ patch: "demo/0001-ten.patch", verdict: "ok", objects: 1, new: [], failure: null,
			  vanished: 0 }] }] } | .branches[0] |= ('"${4:-.}"')' \
		"$queue/series/demo/$2/port.json" >"$results/$1.json"
}

message='{ tool: "sparse", object: "mm/a.o", file: "mm/a.c", line: 3, column: 4, kind: "warning",
	text: "symbol was not declared", details: ["   expected int"] }'

@test "the page has every entry on every branch" {
	port
	report 0
	[ "$(ls "$page")" = index.html ]
	[ ! -s "$out" ]
	is .queue demo
	is '.rows | join(" ")' 'demo/0001-ten.patch demo/0002-file.patch'
	is '[.branches[] | .branch + " " + .version + " " + .word] | join(", ")' \
		'one 6.1.5 green, two 6.12.1 green'
	is '[.branches[].entries[].outcome] | join(" ")' 'exact exact offset offset'
	is '.branches[1].entries[0].hunks[0] | "\(.file) \(.line) \(.offset)"' 'mm/a.c 9 2'
	is '[.branches[].stages[].word] | unique | join(" ")' -
}

@test "the change of an entry: the same, an interdiff, the patch that a rule became" {
	need spatch
	mkdir -p "$queue/cocci/demo"
	printf 'int f(void)\n{\n\treturn old_name(1);\n}\n' >"$world/tree/mm/f.c"
	lines 1 40 >"$world/tree/mm/a.c"
	commit_base one "$world/tree"
	cat >"$queue/cocci/demo/rename.cocci" <<-'END'
		// SPDX-License-Identifier: GPL-2.0-only
		/*
		 * Subject: mm: rename
		 * From: Ann Author <ann@example.org>
		 * Date: Wed, 20 Dec 2023 23:44:24 +0100
		 *
		 * It is better so.
		 */
		@@ expression e; @@
		- old_name(e)
		+ new_name(e)
	END
	printf 'demo/rename.cocci  #+old\n' >>"$queue/series/demo.series"
	port
	report 0
	is '.branches[0].entries[2].change.kind' rule
	jq -j '.branches[0].entries[2].change.text' "$BATS_TEST_TMPDIR/data" |
		cmp - "$queue/series/demo/one/rename.patch"
	is '.branches[1].entries[0].change.kind' interdiff
	jq -r '.branches[1].entries[0].change.text' "$BATS_TEST_TMPDIR/data" |
		grep -q '^+@@ -9,7 +9,7 @@' || fail "no interdiff of the new place"
	is '.branches[1].entries[2] | .outcome + " \(.change)"' 'skipped null'
	cp "$queue/series/demo/one/0001-ten.patch" "$queue/patches/demo/0001-ten.patch"
	port
	report 0
	is '.branches[0].entries[0].change.kind' same
}

@test "the page asks for nothing outside itself, and runs its own script only" {
	port
	report 0
	lacks -inE 'https?:|//[a-z]|src=|href=|url\(|@import|innerHTML|outerHTML|insertAdjacent|document\.write|eval\(' \
		<(sed '/id="data"/d' "$page/index.html")
	says "default-src 'none'" "$page/index.html"
	hash=$(sed -n '/^<script>$/,/^<\/script>$/p' "$page/index.html" | sed '1d;$d' |
		{ printf '\n'; cat; } | openssl dgst -sha256 -binary | base64)
	says "script-src 'sha256-$hash'" "$page/index.html"
}

@test "no text of a patch can become markup" {
	evil='</script><script>alert(1)</script><img src=x onerror=alert(2)> & " '\''  ]]> <!--'
	esc=$(printf '\033[31m\001\302\205\342\200\256')
	patch_ten "$evil $esc" | sed "s|spell ten|spell $(printf %s "$evil" | sed 's/&/\\&/g')|" \
		>"$queue/patches/demo/0001-ten.patch"
	name="demo/0003-\"<b>'&<script>alert(3)</script>.patch"
	mkdir -p "$(dirname "$queue/patches/$name")"
	patch_ten x | sed "s/line ten/line $(printf '\377')/; s|mm/a.c|mm/'<i>\&\"c|g" >"$queue/patches/$name"
	printf '%s\n' "$name" >>"$queue/series/demo.series"
	expects 1 "$requilt" -C "$queue" port demo
	report 0 --markdown
	[ "$(grep -o '<script' "$page/index.html" | wc -l)" = 2 ]
	[ "$(grep -o '</script' "$page/index.html" | wc -l)" = 2 ]
	lacks -n '<b>\|<img\|<i>\|]]>' <(grep 'id="data"' "$page/index.html")
	lacks -nP '[^\x20-\x7e]' <(grep 'id="data"' "$page/index.html")
	is '.rows[2]' "$name"
	is '.branches[0].entries[2].outcome' conflict
	lacks -nE '[<`[@#_~]|www[.]|[A-Za-z]-[0-9]|[0-9a-f]{7}' <(sed -e 's/`[^`]*`//g' -e 's/^## //' "$out")
	lacks -n '<' "$out"
	says 'conflict' "$out"
}

@test "no text or name of a patch is a link in the Markdown" {
	local n=3 name

	for text in 'www.example.org' 'GH-1' '#1' 'a/b#1' '@name' 'https://example.org' 'a@example.org' \
		'0123456789abcdef0123456789abcdef01234567' 'defaced' '[x](y)' '<https://a.b>' '&#64;name' '`@name`' '``@x' \
		'x`|`@name' '![x](y)' 'JIRA-12' '*x*' 'a\`@name'; do
		name=demo/000$((n++))-${text//[^a-zA-Z0-9@.]/-}.patch
		patch_ten x | awk -v text="${text//\\/\\\\}" '/^ line 9$/ { print " " text; next } { print }' >"$queue/patches/$name"
		echo "$name" >>"$queue/series/demo.series"
	done
	expects 1 "$requilt" -C "$queue" port demo one
	report 0 --markdown
	[ "$(grep -c 'where the patch has' "$out")" = 19 ]
	[ "$(sed -n 4p "$out")" = '| --- | --- | --- |' ]
	lacks -nE '[<`[@#_~]|www[.]|[A-Za-z]-[0-9]|[0-9a-f]{7}' <(sed -e 's/`[^`]*`//g' -e 's/^## //' "$out")
}

@test "a result may say what it wants, and stays text" {
	port
	result x one sparse '.entries[1].new = ['"$message"'] | .entries[1].new[0].text = "</script><b>\u0007"
		| .config = ["no", "text"] | .entries[0].verdict = { a: 1 } | .extra = "<script>"'
	report 0 --results "$results"
	[ "$(grep -o '<script' "$page/index.html" | wc -l)" = 2 ]
	[ "$(grep -o '</script' "$page/index.html" | wc -l)" = 2 ]
	is '.branches[0].results[0].config' null
	is '.branches[0].results[0].entries[0].verdict' null
	is '.branches[0].results[0] | has("extra")' false
	is '.branches[0].results[0].entries[1].new[0].text' "$(printf '</script><b>\007')"
}

@test "the same input gives the same bytes, from anywhere" {
	port
	result b one build
	result a two sparse
	report 0 --results "$results"
	cp "$page/index.html" first
	cd "$queue"
	TZ=Asia/Tokyo expects 0 "$requilt" report --html "$BATS_TEST_TMPDIR/other" --results "$results"
	cmp "$BATS_TEST_TMPDIR/other/index.html" "$OLDPWD/first"
	lacks -F "$BATS_TEST_TMPDIR" "$page/index.html"
}

@test "the page says from which commit of the queue and from which bases" {
	port
	report 0
	is .commit null
	is '[.branches[].base_date] | unique | tostring' '["2023-11-14"]'
	git -C "$queue" init -q -b main
	git -C "$queue" add -A
	git -C "$queue" commit -q -m queue
	report 0
	is .commit.id "$(git -C "$queue" rev-parse HEAD)"
	is '.commit.date + " \(.commit.changed)"' '2023-11-14 false'
	# What a port reads counts, in a variant too; what it wrote does not.
	echo x >>"$queue/series/demo/one/0001-ten.patch"
	report 0
	is .commit.changed false
	mkdir "$queue/patches/demo/two"
	cp "$queue/patches/demo/0001-ten.patch" "$queue/patches/demo/two"
	report 0
	is .commit.changed true
	git -C "$queue" add -A
	git -C "$queue" commit -q -m more
	echo '# more' >>"$queue/series/demo.series"
	report 0
	is .commit.changed true
}

@test "exact hunks in a row are folded, and a branch with many conflicts has the first in full" {
	lines 1 400 >"$world/tree/mm/long.c"
	commit_base one "$world/tree"
	commit_base two "$world/tree"
	patch=$queue/patches/demo/0001-ten.patch
	{ head_lines 'mm: long'; printf -- '--- a/mm/long.c\n+++ b/mm/long.c\n'; hunk 10 a; hunk 50 b; hunk 90 c; } >"$patch"
	port
	report 0
	is '.branches[0].entries[0].hunks | tostring' '[{"file":"mm/long.c","hunk":1,"rung":"exact","line":7,"lines":[47,87]}]'
	seq 400 | sed 's/^/something else entirely /' >"$world/tree/mm/long.c"
	for i in 1 2 3; do sed "$((i * 100))s/.*/line 10/" "$world/tree/mm/long.c" >x && mv x "$world/tree/mm/long.c"; done
	lines 1 9 >>"$world/tree/mm/long.c"
	commit_base one "$world/tree"
	text=$(printf "%400s" "" | tr " " x)
	for i in $(seq 1012 1111); do
		{ head_lines "mm: $i"; printf -- '--- a/mm/long.c\n+++ b/mm/long.c\n'; hunk 10 "$text $i"; } >"$queue/patches/demo/$i-long.patch"
		echo "demo/$i-long.patch" >>"$queue/series/demo.series"
	done
	expects 1 "$requilt" -C "$queue" port demo
	report 0
	is '[.branches[0].entries[] | select(.outcome == "conflict") | .hunks[] | select(.rows or .offers or .cut)] | (.[0] | has("rows")), (.[-1] | .cut and (has("rows") | not))' 'true
true'
	[ "$(wc -c <"$page/index.html")" -lt 400000 ]
}

@test "what is stale or missing is never shown as current" {
	port
	result a one build
	result b two build
	rm -r "$queue/series/demo/two"
	patch_ten 'line TEN' >"$queue/patches/demo/0001-ten.patch"
	report 0 --results "$results" --markdown
	is '[.branches[] | .word + " " + .colour + " \(.stale) " + .stages.build.word] | join(", ")' \
		'stale grey true stale, missing grey true stale'
	is '[.branches[].entries[].change] | unique | tostring' '[null]'
	says '| port | stale | missing |' "$out"
	says '| build | stale | stale |' "$out"
	says '| `demo/0001-ten.patch` | stale | missing |' "$out"
	lacks -w 'exact\|ok\|green' "$out"
}

@test "an entry that the queue dropped keeps its row while a stale port has it" {
	port
	sed -i '$d' "$queue/series/demo.series"
	report 0
	is '.rows | join(" ")' 'demo/0001-ten.patch demo/0002-file.patch'
	is '[.branches[].word] | unique | tostring' '["stale"]'
}

@test "results count for the commits that they are about" {
	port
	result a one build
	result b one sparse '.entries[1].new = ['"$message, $message"']'
	result c one boot '.boot = { ok: true, base: { state: "passed" }, ported: { state: "passed",
		console: "/x/log" }, worse: [], failing: ["fork: swap"] }'
	result d two build '.entries[1] |= (.verdict = "failed" | .failure = '"$message"')'
	result e two sparse '.head = .base'
	report 0 --results "$results" --markdown
	is '[.branches[].stages[] | .word + ":" + .colour] | join(" ")' \
		'ok:green 2 new:red passed:green failed:red stale:grey -:grey'
	is '[.branches[].results[] | .file + " \(.current)"] | join(", ")' \
		'a.json true, b.json true, c.json true, d.json true, e.json false'
	says '| sparse | 2 new | stale |' "$out"
}

@test "the worst current result wins; an environment that failed loses to any" {
	port
	result a one build '.message = "no space" | .base = null | .head = null'
	result b two build '.message = "no space"'
	result c one build
	result d one boot '.boot = { ok: false, base: { state: "qemu missing" },
		ported: { state: "not booted" } }'
	report 0 --results "$results"
	is '[.branches[].stages.build.word] | join(" ")' 'ok error'
	is '.branches[0].stages.boot | .word + ":" + .colour' 'qemu missing:grey'
	rm "$results/d.json"
	result f one boot '.boot = { ok: false, base: { state: "hung" }, ported: { state: "failed" } }'
	report 0 --results "$results"
	is '.branches[0].stages.boot | .word + ":" + .colour' 'hung:grey'
	result g one boot '.boot = { ok: true, base: { state: "failed" }, ported: { state: "failed", tail: "<b>end" } }'
	report 0 --results "$results"
	is '.branches[0].stages.boot | .word + ":" + .colour' 'failed:green'
	is '[.branches[0].results[] | .boot | objects | .tail] | join("")' '<b>end'
	result e one build '.entries[1] |= (.verdict = "failed" | .failure = '"$message"')'
	report 0 --results "$results"
	is '.branches[0].stages.build.word' failed
}

@test "junit: a failure is of the kernel, an error of the environment, and what was not done is skipped" {
	port
	result a one build
	result b one sparse '.message = "no sparse"'
	result c two boot '.boot = { ok: false, base: { state: "passed" }, ported: { state: "failed" },
		worse: ["fails: a \"test\""] }'
	cases
	grep -qx 'one 5 0 1 1' cases
	grep -qx '  one.port demo/0002-file.patch' cases
	grep -qx '  one.build build' cases
	grep -qx '  one.sparse sparse error: error' cases
	grep -qx '  one.boot boot skipped: -' cases
	grep -qx '  two.boot boot failure: fails: a "test"' cases
	patch_ten nowhere >"$queue/patches/demo/0003-<&>.patch"
	echo 'demo/0003-<&>.patch' >>"$queue/series/demo.series"
	expects 1 "$requilt" -C "$queue" port demo
	cases
	says '  one.port demo/0003-<&>.patch failure: conflict: ' cases
	grep -qx '  one.build build skipped: stale' cases
	expects 129 "$requilt" -C "$queue" report --junit --markdown
}

cases() { # [STATUS OPTIONS...]: what the XML says, a line a suite and a case
	expects "${1:-0}" "$requilt" -C "$queue" report --junit --results "$results" "${@:2}"
	python3 - "$out" >cases <<-'END'
		import sys, xml.etree.ElementTree as x
		for s in x.parse(sys.argv[1]).getroot():
		    print(s.get("name"), *(s.get(k) for k in ("tests", "failures", "errors", "skipped")))
		    for c in s:
		        print(" ", c.get("classname"), c.get("name"), *(e.tag + ": " + (e.get("message") or e.text) for e in c))
	END
}

@test "results of another queue or an unknown branch are passed over" {
	port
	result a one build '.branch = "three"'
	result b one build
	result c one build
	jq '.queue = "other"' "$results/b.json" >x
	mv x "$results/b.json"
	echo text >"$results/notes.txt"
	report 0 --results "$results"
	is '[.branches[].results[].file] | join(" ")' c.json
	rm "$results/c.json"
	report 1 --results "$results"
	says "$results: no .json file in it has a result of demo"
}

@test "input in which there is nothing to show is an error, in every form" {
	local form

	for form in --junit --markdown "-o $page"; do
		# shellcheck disable=SC2086 # two words
		expects 1 "$requilt" -C "$queue" report $form
		says 'no port of a branch is there'
	done
	port
	: >"$BATS_TEST_TMPDIR/file"
	mkdir "$BATS_TEST_TMPDIR/empty" && cp -R "$queue/series/demo" "$BATS_TEST_TMPDIR/empty/other"
	for form in none file empty; do
		expects 1 "$requilt" -C "$queue" report --junit --out "$BATS_TEST_TMPDIR/$form"
		says "$form/demo: no port of a branch is there; 'requilt port demo' writes them"
		[ ! -s "$out" ]
	done
	expects 1 "$requilt" -C "$queue" report --junit --results "$results"
	says "$results: no .json file in it has a result of demo"
	[ ! -s "$out" ]
	: >"$queue/series/demo.series"
	expects 1 "$requilt" -C "$queue" report --junit
	says 'demo.series: names no patch'
}

@test "junit never shows a queue of which nothing is current" {
	port
	patch_ten other >"$queue/patches/demo/0001-ten.patch"
	expects 1 "$requilt" -C "$queue" report --junit
	says 'no port is current'
	[ ! -s "$out" ]
	report 0
}

@test "junit names yellow, and takes it for a failure when it is strict" {
	make_base 6 1 5 && rm "$world/tree/Documentation/gone.rst" # one part of three is there already
	commit_base one "$world/tree"
	port
	result a one build
	cases
	grep -qx 'one 5 0 0 2' cases
	grep -qx '  one.port demo/0002-file.patch system-out: yellow: exact: 1 of 3 hunks .*' cases
	cases 1 --strict
	grep -qx 'one 5 1 0 2' cases
	grep -qx '  one.port demo/0002-file.patch failure: yellow: exact: .*' cases
	says 'demo: 1 of 2 branches are not green'
}

@test "strict fails for what is red, stale, missing, skipped as a whole, or of other commits" {
	local bad

	port
	result a one build
	report 0 --strict
	report 0 --strict --results "$results"
	for bad in '.head = .base' '.message = "no compiler"' '.entries[0].verdict = "failed"'; do
		result a one build "$bad"
		report 1 --strict --results "$results"
		says 'demo: 1 of 2 branches are not green, or have a result that is not good or not current'
		report 0 --results "$results"
	done
	rm -r "$queue/series/demo/one"
	report 1 --strict
	says 'demo: 1 of 2 branches'
	sed -i 's/patch$/patch #-two/' "$queue/series/demo.series"
	port --fresh
	report 1 --strict
	says 'demo: 1 of 2 branches'
}

@test "what is no result is refused by name, and no page is written; what is no port.json is a stale row" {
	port
	echo '{ "branches": [' >"$results/a.json"
	report 1 --results "$results"
	says 'results/a.json:2: '
	echo '{ "branches": [] }' >"$results/a.json"
	report 1 --results "$results"
	says "results/a.json: not what 'requilt verify --json' prints"
	report 128 --results "$BATS_TEST_TMPDIR/none"
	says "$BATS_TEST_TMPDIR/none: "
	[ ! -e "$page" ]
	echo '[]' >"$queue/series/demo/one/port.json"
	report 1 --strict
	says 'demo: 1 of 2 branches'
	expects 1 "$requilt" -C "$queue" status demo
	says 'one/port.json: no port.json of this program' "$out"
}

@test "what verify prints is what report reads" {
	port
	expects 1 "$requilt" -C "$queue" verify --build --json
	cp "$out" "$results/a.json"
	jq -e '.stages == ["build"]' "$results/a.json"
	report 0 --results "$results"
	is '[.branches[].results[]] | length' 2
	is '[.branches[].stages.build.word] | join(" ")' 'error error'
}

@test "report says what it needs" {
	expects 129 "$requilt" -C "$queue" report
	says 'report: say what to make: -o DIR, --markdown or --junit'
	expects 129 "$requilt" -C "$queue" report -o x demo
	says "report: takes no words ('demo'); name the queue with --queue"
	expects 1 "$requilt" -C "$queue" report -o "$page" --queue nothing
	says 'nothing.series: not there'
}
