#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# The page of requilt report in a headless Chromium: what a reader sees, clicks and types.
# REQUILT_SHOTS=DIR keeps the pictures.

load helper

evil='</script><script>alert(1)</script><img src=x onerror=alert(2)>'

setup() {
	make_world "$BATS_TEST_TMPDIR/w"
	cd "$BATS_TEST_TMPDIR"
	page=$BATS_TEST_TMPDIR/page results=$BATS_TEST_TMPDIR/results
	mkdir "$results"
	start_browser
}

teardown() {
	stop_browser
}

draw() {
	local from=()

	! compgen -G "$results/*.json" >/dev/null || from=(--results "$results")
	expects 0 "$requilt" -C "$queue" report -o "$page" "${from[@]}"
	visit "$page/index.html"
}

# A port with an interdiff, a conflict and a name that nobody should have to read; results of each kind.
many() {
	name="demo/0003-<svg/onload=alert(3)>\"'&.patch"
	mkdir -p "$(dirname "$queue/patches/$name")"
	patch_ten "$evil" >"$queue/patches/demo/0001-ten.patch"
	patch_ten nowhere >"$queue/patches/$name"
	printf '%s\n' "$name" >>"$queue/series/demo.series"
	expects 1 "$requilt" -C "$queue" port demo
	jq --arg evil "$evil" '{ queue: .queue, stages: ["sparse"], branches: [{ branch: "two", base: .base,
		head: "0000", entries: [], message: "no compiler: \($evil)" }] }' \
		"$queue/series/demo/two/port.json" >"$results/a.json"
}

results() { # BRANCH
	jq --arg evil "$evil" '{ queue: .queue, stages: ["build", "sparse"], branches: [{ branch: .branch,
		base: .base, head: .head, config: "tinyconfig", compiler: "gcc 12", sparse: "0.6.4",
		unchecked: ["mm/b.c: f()"], entries: [{ patch: "demo/0001-ten.patch", verdict: "warnings",
		objects: 3, vanished: 1, failure: null, new: [{ tool: "sparse", object: "mm/a.o", file: "mm/a.c",
		line: 7, column: 3, kind: "warning", text: $evil, details: ["   expected \($evil)"] }] }],
		boot: null, message: null }] }' "$queue/series/demo/$1/port.json" >"$results/$1.json"
}

words='[...document.querySelectorAll("#matrix tbody:last-of-type tr")].filter(r => !r.hidden).map(r => [...r.querySelectorAll("td:not(.dim)")].map(d => d.innerText.trim()).join(" ")).join(", ")'
focus='document.activeElement.getAttribute("aria-label") || document.activeElement.id'
panel='document.getElementById("detail").hidden ? "closed" : document.getElementById("detail").innerText'
cell() { echo "//table[@id='matrix']//tbody[2]/tr[$1]/td[$2]/button"; }

@test "from a file: the matrix is there, nothing was asked for, nothing went wrong" {
	port
	results one
	draw
	sees 'location.protocol' 'file:'
	sees 'document.title' 'requilt: demo'
	sees "$words" 'exact · 1 new offset, exact offset'
	sees '[...document.querySelectorAll("#matrix tbody:first-of-type tr")].map(r => r.innerText.replace(/\s+/g, " ")).join("; ")' \
		'port green green; build ok -; sparse 1 new -'
	sees 'document.getElementById("unverified").innerText' 'No results of requilt verify: boot.'
	sees 'performance.getEntriesByType("resource").length' 0
	[ "$(wd POST /se/log '{ "type": "browser" }' | jq 'length')" = 0 ]
	shot light
}

@test "a click opens an entry: hunks, messages, the interdiff; Esc closes it" {
	port
	results two
	draw
	click "$(cell 1 2)"
	for text in 'demo/0001-ten.patch' 'two 6.12.1' offset mm/a.c +2 'Interdiff' '+@@ -9,7 +9,7 @@' \
		'mm/a.c:7:3' "sparse warning: $evil" "expected $evil"; do
		[[ $(js "$panel") == *"$text"* ]] || fail "'$text' is not in:" "$(js "$panel")"
	done
	sees '[...document.querySelectorAll("pre.range b")].map(b => b.innerText.trim()).join("")' '-+'
	sees "$focus" detail
	sees 'document.querySelectorAll("td.open").length' 1
	shot detail-light
	press "$esc"
	sees "$panel" closed
	sees "$focus" 'two, demo/0001-ten.patch: offset · 1 new'
	sees 'document.querySelectorAll("td.open").length' 0
	click "$(cell 2 1)"
	click "//button[@class='close']"
	sees "$panel" closed
	sees "$focus" 'one, demo/0002-file.patch: exact'
}

@test "a click on another entry, with one open, opens that one" {
	port
	draw
	click "$(cell 1 1)"
	click "$(cell 2 1)"
	[[ $(js "$panel") == *'demo/0002-file.patch'* ]]
	[[ $(js "$panel") != *'0001-ten'* ]]
	sees 'document.querySelectorAll("td.open").length' 1
}

@test "keys alone: Tab to the matrix, arrows, Enter, Esc" {
	port
	draw
	press "$tab"
	sees "$focus" search
	press "$tab" "$tab" "$tab" "$tab" "$tab"
	sees 'document.activeElement.value' offset
	press "$tab"
	sees "$focus" 'one, port: green'
	press "$down" "$right"
	sees "$focus" 'two, demo/0001-ten.patch: offset'
	press "$right"
	sees "$focus" 'two, demo/0001-ten.patch: offset'
	press "$home"
	sees "$focus" 'one, demo/0001-ten.patch: exact'
	press "$down" "$down"
	sees "$focus" 'one, demo/0002-file.patch: exact'
	press "$end" "$enter"
	[[ $(js "$panel") == *'demo/0002-file.patch'* ]]
	sees "$focus" detail
	press "$tab"
	sees 'document.activeElement.className' close
	press "$enter"
	sees "$panel" closed
	sees "$focus" 'two, demo/0002-file.patch: offset'
	press "$space"
	[[ $(js "$panel") == *'demo/0002-file.patch'* ]]
	press "$esc" "$up" "$left"
	sees "$focus" 'one, demo/0001-ten.patch: exact'
	press "$left" "$enter"
	[[ $(js "$panel") == *'2 branches'*'one'*exact*'two'*offset* ]] || fail "$(js "$panel")"
	press "$esc" "$right"
	sees "$focus" 'one, demo/0001-ten.patch: exact'
	# One stop for Tab in the whole matrix.
	sees 'document.querySelectorAll("#matrix [tabindex=\"0\"]").length' 1
}

@test "the filter shows the outcomes asked for, by click and by key" {
	many
	draw
	sees "$words" 'exact offset, exact offset, conflict conflict'
	click "//input[@value='conflict']"
	sees "$words" 'conflict conflict'
	sees 'document.getElementById("none").innerText' '1 of 3 entries'
	click "//input[@value='exact']"
	sees "$words" 'exact, exact, conflict conflict'
	press "$space"
	sees "$words" 'conflict conflict'
	click "//input[@value='conflict']"
	sees "$words" 'exact offset, exact offset, conflict conflict'
	# What had the Tab stop is hidden: another one gets it, and arrows pass hidden rows by.
	click "$(cell 1 1)"
	press "$esc"
	click "//input[@value='conflict']"
	sees 'document.querySelectorAll("#matrix button[tabindex=\"0\"]").length' 1
	press "$tab"
	sees "$focus" 'one, port: red'
	press "$down" "$down"
	[[ $(js "$focus") == 'one, demo/0003-'*': conflict' ]] || fail "$(js "$focus")"
}

@test "no text of a stranger becomes an element" {
	many
	draw
	for row in 1 2 3; do
		for column in 1 2; do
			click "$(cell $row $column)"
			sees 'document.querySelectorAll("script").length' 2
			sees 'document.querySelectorAll("img, iframe, object, link, a:not([href^=\"#\"])").length' 0
			press "$esc"
		done
	done
	click "//tbody[1]/tr[2]/td[2]/button"
	[[ $(js "$panel") == *"no compiler: $evil"* ]] || fail "$(js "$panel")"
	sees 'document.querySelectorAll("#matrix th[scope=row]")[4].innerText' "${name#demo/}"
	click "$(cell 3 1)"
	shot hostile-light
	press "$esc"
	sees '(document.body.append(document.createElement("img")), document.querySelector("body > img").setAttribute("onerror", "window.ran = 1"), document.querySelector("body > img").src = "data:,", typeof window.ran)' undefined
}

@test "signs that hide or turn text are spelled out" {
	port
	evil=$(printf 'name\342\200\256c.ton\033[31m\302\205')
	results two
	draw
	click "$(cell 1 2)"
	[[ $(js "$panel") == *'name\u202ec.ton\u001b[31m\u0085'* ]] || fail "$(js "$panel")"
}

@test "stale and missing ports are marked, in the cells and in the panel" {
	port
	rm -r "$queue/series/demo/two"
	echo '# more' >>"$queue/patches/demo/0001-ten.patch"
	draw
	sees "$words" 'was exact missing, was exact missing'
	sees 'document.querySelectorAll("#matrix td.green").length' 0
	click "$(cell 1 1)"
	[[ $(js "$panel") == *'Stale: '* ]]
	[[ $(js "$panel") != *Interdiff* ]]
	press "$esc"
	click "$(cell 1 2)"
	[[ $(js "$panel") == *'Missing: '* ]]
	press "$esc"
	shot stale-light
	click "//input[@value='missing']"
	sees "$words" 'missing, missing'
}

# The lowest contrast of text in the page, by WCAG's formula; gradients count as the page.
contrast='(() => {
	const rgb = c => c.match(/[\d.]+/g).map(Number);
	const light = c => rgb(c).slice(0, 3).map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
		.reduce((s, v, i) => s + v * [.2126, .7152, .0722][i], 0);
	const back = n => { for (; n; n = n.parentElement) { const c = getComputedStyle(n).backgroundColor; if (rgb(c)[3] !== 0) return c; } return "rgb(255, 255, 255)"; };
	return Math.min(...[...document.querySelectorAll("main *, #detail *")].filter(n => n.innerText && n.offsetParent).map(n => {
		const a = light(getComputedStyle(n).color), b = light(back(n));
		return (Math.max(a, b) + .05) / (Math.min(a, b) + .05); })) >= 4.5; })()'

@test "light and dark follow the reader's setting, and all text stands out in both" {
	many
	results one
	draw
	click "$(cell 3 1)"
	sees 'getComputedStyle(document.body).backgroundColor' 'rgb(255, 255, 255)'
	sees "$contrast" true
	media '{ "features": [{ "name": "prefers-color-scheme", "value": "dark" }] }'
	sees 'getComputedStyle(document.body).backgroundColor' 'rgb(20, 23, 27)'
	sees "$contrast" true
	shot hostile-dark
	press "$esc"
	shot dark
	click "$(cell 1 2)"
	sees "$contrast" true
	shot detail-dark
}

@test "a cell and an entry have a link; back and forward work" {
	port
	draw
	click "$(cell 1 2)"
	sees 'location.hash' '#two/demo/0001-ten.patch'
	click "//th/a[text()='0002-file.patch']"
	sees 'location.hash' '#/demo/0002-file.patch'
	[[ $(js "$panel") == *'demo/0002-file.patch'*'2 branches'* ]]
	wd POST /back >/dev/null
	[[ $(js "$panel") == *'demo/0001-ten.patch'*'two 6.12.1'* ]]
	wd POST /back >/dev/null
	sees "$panel" closed
	wd POST /forward >/dev/null
	[[ $(js "$panel") == *'demo/0001-ten.patch'* ]]
	press "$esc"
	sees "$panel" closed
	for hash in '#two/demo/0002-file.patch' '#one:port' '#one' '#/demo/0001-ten.patch'; do
		visit "$page/index.html$hash"
		[ "$(js "$panel")" != closed ]
		wd POST /refresh >/dev/null
		sees 'document.querySelectorAll(".open").length' 1
	done
	for hash in '#nobody' '#one/nothing' '#%' '#//' '#__proto__/toString'; do
		visit "$page/index.html$hash"
		wd POST /refresh >/dev/null
		sees "$panel" closed
	done
	[ "$(wd POST /se/log '{ "type": "browser" }' | jq 'length')" = 0 ]
}

# Whether the middle of the open cell is to be seen.
bare='(() => { const c = document.querySelector(".open"), r = c.getBoundingClientRect();
	return c.contains(document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2)); })()'

@test "next and previous stay in the column, the panel hides no cell, and Tab stays in the panel" {
	for i in $(seq 10 40); do
		patch_file >"$queue/patches/demo/00$i-new.patch"
		echo "demo/00$i-new.patch" >>"$queue/series/demo.series"
	done
	port
	draw
	for size in '"width": 1400, "height": 900' '"width": 500, "height": 844'; do
		wd POST /window/rect "{ $size }" >/dev/null
		visit "$page/index.html"
		click "$(cell 1 2)"
		sees "$bare" true
		for _ in $(seq 12); do click "//button[@class='next']"; done
		sees 'location.hash' '#two/demo/0020-new.patch'
		sees "$bare" true
		press p
		sees 'location.hash' '#two/demo/0019-new.patch'
		sees "$bare" true
		press "$tab"
		sees 'document.activeElement.className' close
		for _ in $(seq 8); do
			press "$tab"
			sees 'document.getElementById("detail").contains(document.activeElement)' true
		done
		press "$esc"
		[[ $(js "$focus") == 'two, demo/0019-new.patch: present'* ]] || fail "$(js "$focus")"
	done
	# The heads stay in sight.
	js 'document.getElementById("sheet").scrollTo(500, 500)' >/dev/null
	sees '(() => { const s = document.getElementById("sheet").getBoundingClientRect(), h = document.querySelector("thead th:last-child").getBoundingClientRect(), r = document.querySelector("tbody:last-of-type th").getBoundingClientRect(); return Math.abs(s.y - h.y) < 3 && Math.abs(s.x - r.x) < 3; })()' true
}

rows='[...document.querySelectorAll("#matrix tbody:last-of-type tr")].filter(r => !r.hidden).map(r => r.cells[0].innerText.slice(0, 4)).join(" ")'

@test "search, colour and branches narrow the matrix" {
	many
	draw
	sees "$rows" '0001 0002 0003'
	click "//input[@id='search']"
	press f i l e
	sees "$rows" '0002'
	js 'document.getElementById("search").value = "BEST MATCH", document.getElementById("search").dispatchEvent(new Event("input"))' >/dev/null
	sees "$rows" '0003'
	js 'document.getElementById("search").value = "", document.getElementById("search").dispatchEvent(new Event("input"))' >/dev/null
	click "//option[@value='bad']"
	sees "$rows" '0003'
	sees 'document.getElementById("none").innerText' '1 of 3 entries'
	click "//option[@value='']"
	click "//input[@value='one']"
	sees "$rows" '0001 0002 0003'
	sees 'document.querySelectorAll("#matrix tbody:last-of-type td:not([hidden])").length' 3
	click "//input[@value='exact']"
	sees "$rows" ''
	sees 'document.querySelectorAll("#matrix [tabindex=\"0\"]").length' 1
}

@test "a conflict shows both texts, and how to go on" {
	many
	draw
	click "$(cell 3 1)"
	for text in 'Conflict: mm/a.c hunk 1' 'the patch' 'the branch' 'requilt resolve --take 1 demo one' 'To go on' 'requilt resolve demo one'; do
		[[ $(js "$panel") == *"$text"* ]] || fail "'$text' is not in:" "$(js "$panel")"
	done
	sees '[...document.querySelectorAll("table.side mark")].map(m => m.innerText).includes("line 10")' true
}

@test "in print: no controls, dark text on white, nothing cut off" {
	port
	draw
	click "$(cell 1 2)"
	media '{ "media": "print", "features": [{ "name": "prefers-color-scheme", "value": "dark" }] }'
	sees 'getComputedStyle(document.body).backgroundColor' 'rgb(255, 255, 255)'
	sees 'getComputedStyle(document.getElementById("filter")).display' none
	sees 'getComputedStyle(document.getElementById("detail")).position' static
	sees 'getComputedStyle(document.getElementById("detail")).overflow' visible
	shot print
	many
	draw
	[[ $(js 'document.getElementById("paper").innerText') == *'Conflict: mm/a.c hunk 1'*'requilt resolve demo two'* ]]
	sees 'document.querySelectorAll("#detail-title").length' 0
	wd POST /print '{ "background": false }' | jq -r . | base64 -d >"${REQUILT_SHOTS:-.}/report.pdf"
	[ "$(head -c 5 "${REQUILT_SHOTS:-.}/report.pdf")" = %PDF- ]
}

@test "on a narrow screen the page itself does not scroll sideways" {
	many
	draw
	wd POST /window/rect '{ "width": 500, "height": 800 }' >/dev/null
	sees 'document.documentElement.scrollWidth <= window.innerWidth' true
	click "$(cell 1 1)"
	sees 'document.documentElement.scrollWidth <= window.innerWidth' true
	shot narrow-light
	press "$esc"
	wd POST /goog/cdp/execute '{ "cmd": "Emulation.setDeviceMetricsOverride", "params": { "width": 390, "height": 844,
		"deviceScaleFactor": 2, "mobile": true } }' >/dev/null
	sees 'document.documentElement.scrollWidth' 390
	# At least 12 characters of a head, and four lines at most.
	sees '[...document.querySelectorAll("tbody th a")].every(a => a.getBoundingClientRect().width >= 12 * parseFloat(getComputedStyle(a).fontSize) * .6 - 1)' true
	sees '[...document.querySelectorAll("tbody tr")].every(r => r.offsetHeight <= 4 * 1.3 * 15 + 8)' true
	shot phone-light
	click "$(cell 3 1)"
	shot phone-conflict-light
}
