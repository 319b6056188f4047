#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What lies committed below series/<queue>/<branch>/ comes with a pull request: its names and links
# lead nowhere else, whatever its hashes say.

load helper

setup() {
	need git jq gcc
	make_world "$BATS_TEST_TMPDIR/world"
	cd "$world" || return 1
	gcc -o without "$root/tools/test/cli/without.c"
	expects 0 "$requilt" -C queue -q port demo one
	folder=$queue/series/demo/one
	first=$(grep -v '^#' "$folder/series" | head -1)
	cp -a "$folder" kept
	echo 'a secret' >secret
	without=()
}

# port.json says what the files are now.
rehash() {
	local name sum

	sum=$({ grep -v '^#' "$folder/series" && echo series; } | while read -r name; do
		echo "$(git hash-object --no-filters "$folder/$name" 2>/dev/null) $name"
	done | git hash-object --no-filters --stdin)
	jq --arg sum "$sum" '.output = $sum' "$folder/port.json" >json
	cp json "$folder/port.json"
}

# All that reads the output; none may take it, or write outside of what it was given.
refused() { # TEXT
	local command

	while read -r command; do
		rm -rf exported && mkdir exported
		find . -not -path './exported*' -not -path ./json -not -path ./before | sort >before
		# shellcheck disable=SC2086 # words
		expects 1 "${without[@]}" "$requilt" -C queue $command
		cat "$out" >>"$err"
		says "$1"
		find . -not -path './exported*' -not -path ./json -not -path ./before | sort | diff before -
		prints_nothing find exported -type f
	done <<-END
		export demo one --format quilt -o $world/exported/to
		export demo one --format mbox --who Nobody<nobody@example.org> -o $world/exported/to.mbox
		status demo
		report -o $world/exported/report
		verify --build --queue demo one
	END
}

@test "export, status, report and verify take no name from a committed series that a queue may not have" {
	for name in '../../../.config/autostart/x.desktop' '/tmp/x' '../one/x.patch' 'a/../../x' './x.patch' '-p0' \
		'a/+x' 'a//b' '.git/x' 'port.json' 'series' $'x\x01y' 'export.json' "$first"; do
		rm -rf "$folder" && cp -a kept "$folder"
		mkdir -p "$queue/.config/autostart" && cp "$folder/$first" "$queue/.config/autostart/x.desktop"
		echo "$name" >>"$folder/series"
		rehash
		case $name in
		../..*) refused "series/demo/one/series:$(wc -l <"$folder/series"): " ;;
		*)
			expects 1 "$requilt" -C queue export demo one --format quilt -o "$world/exported/to"
			says "series/demo/one/series:$(wc -l <"$folder/series"): "
			[ ! -e exported/to ]
			;;
		esac
	done
}

# What reads the output without failing for it says so.
not_shown() { # WORD WHY
	expects 1 "$requilt" -C queue status demo
	says " $1: $2" "$out"
	expects 1 "$requilt" -C queue export demo one --format quilt -o "$world/exported/to"
	says "one: the output is $1: $2"
	expects 1 "$requilt" -C queue export demo one --stale --format quilt -o "$world/exported/to"
	[ ! -e exported/to ]
	expects 1 "$requilt" -C queue report --markdown --strict
	says "| port | $1 |" "$out"
}

@test "an output that was edited is not what the queue gives, whatever its hashes and the cache of another say" {
	sed -i 's/^+line ten/+line 010/' "$folder/$first"
	rehash
	not_shown stale "$first is not what the queue gives"
	rm -rf "$folder" && cp -a kept "$folder"
	jq '.entries[0].outcome = "present"' kept/port.json >"$folder/port.json"
	not_shown stale 'port.json is not what the queue gives'
	rm -rf "$folder" && cp -a kept "$folder"
	jq '.colour = "red"' kept/port.json >"$folder/port.json"
	not_shown stale 'port.json is not what the queue gives'
	# The cache's notes are looked up by what is there: as it was, it is known.
	rm -rf "$folder" && cp -a kept "$folder"
	expects 0 "$requilt" -C queue show demo one
	lacks unchecked "$out"
}

@test "a stale output that was edited is neither exported nor rebased, whatever its hashes say" {
	# The digest is of no queue, so that nothing can be compared.
	sed -i 's/^+line ten/+line 010/' "$folder/$first"
	jq '.digest = "1111111111111111111111111111111111111111"' "$folder/port.json" >json
	cp json "$folder/port.json"
	rehash
	expects 1 "$requilt" -C queue export demo one --stale --format quilt -o "$world/exported/to"
	says 'demo/one: stale, and no note here says that a port of this program wrote it; port the queue again'
	expects 1 "$requilt" -C queue rebase demo one
	says 'demo/one: neither a note here nor the queue says that this program wrote it'
	[ ! -e exported/to ]
	[ ! -e "$folder/rebase.json" ]
	expects 0 "$requilt" -C queue -q rebase demo one --from "$folder" --out "$world/rebased"
	# What a port here wrote, from a queue that has changed since, is.
	rm -rf "$folder" && cp -a kept "$folder"
	sed -i '1i # changed' "$queue/series/demo.series" && sed -i 's/better/worse/' "$queue/patches/demo"/0001*
	expects 0 "$requilt" -C queue export demo one --stale --format quilt -o "$world/exported/to"
	says 'demo/one: stale, made for '
	cp "$folder/$first" exported/old
	sed -i 's/^SUBLEVEL = .*/SUBLEVEL = 77/' tree/Makefile && sed -i '1i int late;' tree/mm/a.c && commit_base one "$world/tree"
	expects 0 "$requilt" -C queue -q rebase demo one
	[ -e "$folder/rebase.json" ]
	# And what that wrote, until it is edited.
	expects 0 "$requilt" -C queue -q rebase demo one
	sed -i 's/^+line ten/+line 010/' "$folder/$first"
	expects 1 "$requilt" -C queue rebase demo one
	says 'demo/one: neither a note here nor the queue says'
}

@test "an output of another machine is unchecked until it was ported once, and then known" {
	rm -r "$XDG_CACHE_HOME/requilt/ported"
	expects 0 "$requilt" -C queue show demo one
	says 'unchecked: ' "$out"
	expects 0 "$requilt" -C queue -q port demo two
	rm -r "$XDG_CACHE_HOME/requilt/ported"
	expects 0 "$requilt" -C queue status demo
	says ' green' "$out"
	lacks unchecked "$out"
	expects 0 "$requilt" -C queue show demo one
	lacks unchecked "$out"
	# A port need not do it again, nor does the cache say more of it.
	expects 0 "$requilt" -C queue --json port demo
	says '"kept": true' "$out"
}

@test "a name twice, and a patch that is a link, a pipe or below a link, are refused by name" {
	rm -f "${folder:?}/$first" && ln -s "$world/secret" "$folder/$first"
	rehash
	refused "$first: leads through a symbolic link"
	rm "$folder/$first" && mkdir -p elsewhere/sub && cp "kept/$first" elsewhere/x.patch
	ln -s "$world/elsewhere" "$folder/sub" && echo sub/x.patch >>"$folder/series" && cp "kept/$first" "$folder/$first"
	rehash
	refused 'sub/x.patch: leads through a symbolic link'
	rm -rf "$folder" && cp -a kept "$folder"
	rm "$folder/port.json" && ln -s "$world/kept/port.json" "$folder/port.json"
	refused 'port.json: leads through a symbolic link'
}

@test "the same where the kernel has no openat2()" {
	without=("$world/without" 437 --)
	expects 0 "${without[@]}" "$requilt" -C queue export demo one --format quilt -o "$world/exported/to"
	cmp "kept/$first" "exported/to/$first"
	rm -f "${folder:?}/$first" && ln -s "$world/secret" "$folder/$first"
	rehash
	refused "$first: leads through a symbolic link"
	rm "$folder/$first" && mkdir -p elsewhere && cp "kept/$first" elsewhere/x.patch
	ln -s "$world/elsewhere" "$folder/sub" && echo sub/x.patch >>"$folder/series" && cp "kept/$first" "$folder/$first"
	rehash
	refused 'sub/x.patch: leads through a symbolic link'
}

@test "port.json names nothing that a series may not, nor what a mail would take for a line of its own" {
	for change in '.entries[0].patch = "../../../secret"' '.entries[0].patch = "-x"' '.entries[0].patch = "a\nSubject: x"' \
		'.entries[0].outcome = "exact\nSigned-off-by: x"' '.version = "6.1\nFrom: x"' '.colour = "green\u001b[0m"'; do
		jq "$change" kept/port.json >"$folder/port.json"
		refused 'port.json: a name in it'
		expects 1 "$requilt" -C queue show demo one
		says 'port.json: a name in it'
	done
}

@test "show and accept take no entry that a series may not name" {
	jq '.entries[0].patch = "../../../../secret"' kept/port.json >"$folder/port.json"
	for command in show 'accept --who A<a@example.org>'; do
		for name in ../../../../secret -x a/../b; do
			# shellcheck disable=SC2086 # words
			expects 1 "$requilt" -C queue $command demo one -- "$name"
			cat "$out" >>"$err"
			says "entry name '$name' has"
			lacks 'a secret' "$err"
		done
	done
}

@test "a repository of another user is named and refused, unless git's safe.directory names it" {
	[ "$(id -u)" = 0 ] || skip 'only root can give files away'
	git init -q -b trunk source && cp -a tree/. source && git -C source add -A && git -C source commit -qm one
	chown -R 65534 source "$repo"
	expects 1 "$requilt" -C queue port demo
	cat "$out" >>"$err"
	says "linux.git: belongs to another user"
	says "git config --global --add safe.directory '"
	chown -R 0 "$repo"
	expects 1 "$requilt" -C queue tree add one "$world/source#trunk"
	says "source: belongs to another user"
	GIT_CONFIG_GLOBAL='' git config --file "$HOME/.gitconfig" safe.directory "$world/source"
	expects 0 "$requilt" -C queue tree add one "$world/source#trunk"
	git config --file "$HOME/.gitconfig" --add safe.directory ''
	expects 1 "$requilt" -C queue tree add one "$world/source#trunk"
}
