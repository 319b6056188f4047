#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Input of somebody who means no good: paths that leave the tree, options for names, links,
# characters that steer a terminal, and sizes.  Refused with file and line, nothing written.

load helper

setup() {
	need git jq tar xz
	make_world "$BATS_TEST_TMPDIR/world"
	cd "$queue" || return 1
	scratch=$BATS_TEST_TMPDIR/scratch
	mkdir "$scratch"
}

# A patch that makes a file of the name, which is put between "+++ b/" and the end of its line.
new_file() { # NAME [MODE [TEXT]]
	head_lines 'a file' | sed 's, 1/2,,'
	printf '\n--- /dev/null\n+++ %s\n@@ -0,0 +1 @@\n+int x;\n' "$1"
}

# The same with git's header.
new_git_file() { # NAME MODE TEXT
	printf 'diff --git a/%s b/%s\nnew file mode %s\n--- /dev/null\n+++ b/%s\n@@ -0,0 +1 @@\n+%s\n' \
		"$1" "$1" "$2" "$1" "$3"
	[ "$2" != 120000 ] || printf '\\ No newline at end of file\n'
}

series() { printf '%s\n' "$@" >series/demo.series; }

# What commands may write, and where: all of the test's folder but what it keeps itself.
everything() {
	(cd "$world" && find . -name .requilt -prune -o -printf '%p %y %l\n' -type f -exec sha256sum {} + | sort)
	git --git-dir="$repo" for-each-ref
}

# Every command that reads a patch refuses it, names file and line, and writes nothing.
refused_everywhere() { # PATCH TEXT...
	local text command name=${1##*/}
	local -a commands=(
		"port demo"
		"resolve demo one"
		"lint demo"
		"status demo"
		"report --queue demo -o $scratch/page"
		"apply --onto one $1"
		"import other $1"
		"import other $scratch/quilt"
		"rebase demo one --from $scratch/quilt --out $scratch/out"
		"apply --onto one --series $scratch/quilt/series"
	)

	mkdir -p "$scratch/quilt" && cp "$1" "$scratch/quilt/$name"
	echo "$name" >"$scratch/quilt/series"
	cp "$1" patches/demo/0009-hostile.patch
	series demo/0001-ten.patch demo/0009-hostile.patch
	everything >"$scratch/before"
	for command in "${commands[@]}"; do
		# shellcheck disable=SC2086 # words
		expects 1 "$requilt" $command || fail "by: $command" || return
		for text in "${@:2}"; do
			says "$text" || fail "by: $command" || return
		done
		grep -qE '\.patch:[0-9]+: ' "$err" || fail "no file and line by: $command" "$(cat "$err")" || return
		lacks -P '[\x00-\x08\x0b-\x1f\x7f]' "$err" || return
	done
	everything | diff "$scratch/before" - || fail 'something was written'
}

@test "paths that leave the tree or reach a .git are refused by every command" {
	long=$(printf '%0256d' 0)
	deep=$(printf 'd/%.0s' $(seq 2100))
	while IFS=$'\t' read -r path why; do
		# shellcheck disable=SC2059 # with escapes
		new_file "$(printf "$path")" >"$scratch/0001-hostile.patch"
		refused_everywhere "$scratch/0001-hostile.patch" "path '" "$why"
	done <<-END
		b/../x	has a '..' part
		b/mm/../../x	has a '..' part
		b/mm/./x	has a '.' part
		b/mm//x	has an empty part
		b/.git/config	has a '.git' part
		b/mm/.GiT/hooks/x	has a '.git' part
		b/.git./x	has a '.git' part
		b/.git . ./x	has a '.git' part
		b/GIT~1/x	has a '.git' part
		b/.git::\$INDEX_ALLOCATION/x	has a '.git' part
		b/.g\\342\\200\\214it/x	has a '.git' part
		b/\\357\\273\\277.git/x	has a '.git' part
		b/mm\\\\\\\\..\\\\\\\\x	has a backslash
		"b/mm\\\\000x"	has a NUL byte
		"b/mm\\\\033[31mx"	has a control character
		b/mm/\\033]0;x\\007	has a control character
		b/mm/\\302\\233x	has a control character
		b/mm/\\342\\200\\256c.x	has a control character
		b/$long	has a part that is too long
		b/${deep}x	is too long
		b/${deep:0:130}x	is more than 64 directories deep
	END
}

# bats test_tags=memcheck
@test "an absolute path is refused where nothing is stripped" {
	new_file /tmp/x >patches/demo/0009-hostile.patch
	expects 1 "$requilt" apply --onto one -p 0 patches/demo/0009-hostile.patch
	says "0009-hostile.patch:10: path '/tmp/x' is absolute"
	series 'demo/0009-hostile.patch -p0'
	expects 1 "$requilt" port demo
	says "0009-hostile.patch:10: path '/tmp/x' is absolute"
	expects 129 "$requilt" apply --onto one -p 4294967297 patches/demo/0001-ten.patch
	says '--strip takes a number from 0 to 99'
}

@test "paths in renames and copies, and modes of devices, are refused" {
	for pair in 'a/../x mm/x' 'mm/x a/../x' 'mm/x .git/x' '.git/x mm/x'; do
		# shellcheck disable=SC2086 # two words
		printf 'diff --git a/x b/x\ncopy from %s\ncopy to %s\n' $pair >"$scratch/0001-hostile.patch"
		refused_everywhere "$scratch/0001-hostile.patch" "path '"
	done
	new_git_file mm/x 020644 x >"$scratch/0001-hostile.patch"
	refused_everywhere "$scratch/0001-hostile.patch" "mode '020644' is not a file's"
}

# Every command that reads a series refuses the line, names file and line, and writes nothing.
refused_line() { # LINE TEXT
	local command

	mkdir -p "$scratch/quilt"
	cp patches/demo/0001-ten.patch "$scratch/quilt/"
	printf '# one\n%s\n' "${1//demo\//}" >"$scratch/quilt/series"
	series '# one' "$1"
	everything >"$scratch/before"
	for command in 'port demo' 'resolve demo one' 'lint demo' 'status demo' \
		"report --queue demo -o $scratch/page" "apply --onto one --series $scratch/quilt/series" \
		"import other $scratch/quilt" "rebase demo one --from $scratch/quilt --out $scratch/out"; do
		# shellcheck disable=SC2086 # words
		expects 1 "$requilt" $command || fail "by: $command" || return
		says series:2: || fail "by: $command" || return
		says "$2" || fail "by: $command" || return
		lacks -P '[\x00-\x08\x0b-\x1f\x7f]' "$err" || return
	done
	everything | diff "$scratch/before" - || fail 'something was written'
}

@test "options in a series are refused, but -pN and -R" {
	for option in --dry-run -o/etc/x -p -p10 -p-1 -Rp1 --fuzz=9 $'-\033[31mR' -p1x; do
		refused_line "demo/0001-ten.patch $option" 'is not allowed; only -pN and -R are'
		refused_line "demo/0001-ten.patch -p1 $option" 'is not allowed; only -pN and -R are'
	done
	refused_line -rf "'-rf' stands where a name belongs"
	refused_line --help "'--help' stands where a name belongs"
}

@test "names that a program would take for an option, a guard or a comment are refused" {
	for name in -rf.patch '#x.patch' +x.patch -x/y.patch 'x/#y.patch'; do
		mkdir -p "patches/demo/$(dirname -- "$name")"
		patch_ten >"patches/demo/$name"
		series '# one' "demo/$name"
		for command in 'port demo' 'lint demo' 'status demo' 'resolve demo one'; do
			# shellcheck disable=SC2086 # words
			expects 1 "$requilt" $command
			says "demo.series:2: path 'demo/$name' has a part that begins with '-', '+' or '#'"
		done
		[ ! -e series/demo ]
		series demo/0001-ten.patch
		[ "$name" != -x/y.patch ] || continue
		patch_ten | sed '1,/^---$/d' >"$scratch/$(basename -- "$name")"
		expects 1 "$requilt" import other "$scratch/$(basename -- "$name")"
		says "has a part that begins with '-', '+' or '#'"
		[ ! -e patches/other ]
		[ ! -e series/other.series ]
	done
}

@test "files of the tree may be named like options: they are nobody's arguments" {
	new_file 'b/-rf' >patches/demo/0001-ten.patch
	new_file 'b/mm/--help.c' >patches/demo/0002-file.patch
	expects 0 "$requilt" port demo
	[ "$(git --git-dir="$repo" ls-tree -r --name-only "$(head_of one)" | grep -c -e -rf -e --help.c)" = 2 ]
}

@test "queue and branch on the command line are names, not paths" {
	for name in ../demo demo/../demo .git '' $'de\033mo' .; do
		for command in port status lint show resolve rebase export accept; do
			case $command in
			port | status | lint) set -- "$name" ;;
			show | resolve | rebase) set -- "$name" one ;;
			export) set -- "$name" one --format mbox --who 'Ann Author <ann@example.org>' -o "$scratch/mbox" ;;
			accept) set -- "$name" one demo/0001-ten.patch --who 'A Name <a@example.org>' ;;
			esac
			expects 1 "$requilt" $command "$@" || fail "by: $command"
			says "queue name '" || fail "by: $command"
		done
		expects 129 "$requilt" import "$name" patches/demo/0001-ten.patch
	done
	for command in show rebase; do
		expects 1 "$requilt" $command demo ../one
		says "branch name '../one' has a '..' part"
	done
	[ ! -e "$scratch/mbox" ]
}

# --- links ---

# bats test_tags=memcheck
@test "a patch does not write through a link that it, or one before it, made" {
	{ head_lines link && new_git_file d 120000 "$scratch" && new_git_file d/x 100644 x; } >patches/demo/0003-one.patch
	{ head_lines link && new_git_file d 120000 "$scratch"; } >patches/demo/0004-link.patch
	{ head_lines link && new_git_file d/x 100644 x; } >patches/demo/0005-through.patch
	for entries in demo/0003-one.patch 'demo/0004-link.patch demo/0005-through.patch'; do
		# shellcheck disable=SC2086 # words
		series $entries
		expects 1 "$requilt" port demo one
		says 'd/x: conflict: a symbolic link stands in its path' "$out"
		[ "$(head_of one)" = none ]
		# shellcheck disable=SC2086 # words
		(cd patches && expects 1 "$requilt" -C .. --repo "$repo" apply --onto one $entries)
		says 'd/x: conflict: a symbolic link stands in its path' "$out"
	done
	expects 1 "$requilt" resolve demo one
	[ -f .requilt/resolve/demo/one/d/x ]
	[ ! -L .requilt/resolve/demo/one/d ]
	echo 'void x;' >.requilt/resolve/demo/one/d/x
	expects 1 "$requilt" resolve demo one --continue --who 'A Name <a@example.org>' --note 'made it'
	[ ! -e "$scratch/x" ]
	prints_nothing ls series/demo.resolved
}

@test "no rename makes a link of the tree .gitmodules" {
	local name patch=patches/demo/0003-r.patch

	ln -s a.c "$world/tree/mm/l" && commit_base one "$world/tree"
	series demo/0003-r.patch
	renames() { # NAME [LINE...]
		head_lines r
		printf 'diff --git a/mm/l b/%s\nsimilarity index 90%%\nrename from mm/l\nrename to %s\n' "$1" "$1"
		printf '%s\n' "${@:2}"
	}
	for name in .gitmodules mm/.GITMODULES; do
		renames $name >$patch
		expects 1 "$requilt" port demo one
		says "$name: conflict: a symbolic link here, a file in the patch" "$out"
		renames $name 'index 0123456..1234567 120000' '--- a/mm/l' "+++ b/$name" '@@ -1 +1 @@' '-a.c' \
			'\ No newline at end of file' '+b.c' '\ No newline at end of file' >$patch
		expects 1 "$requilt" port demo one
		says "$patch:"
		says "path '$name' is .gitmodules, which git refuses as a link"
		[ "$(head_of one)" = none ]
		[ ! -e series/demo/one/series ]
	done
}

@test "a link of the tree that leads outside is neither followed nor edited as a file" {
	printf '[branch "three"]\n\ttag = new\n' >>series/branches.conf
	make_base 6 1 5
	lines 1 40 >"$scratch/f"
	ln -s "$scratch" "$world/tree/out" && ln -s "$scratch/f" "$world/tree/mm/f.c"
	commit_base three "$world/tree"
	{ head_lines e && printf -- '--- a/out/f\n+++ b/out/f\n' && hunk 10 x; } >patches/demo/0003-through.patch
	{ head_lines e && printf -- '--- a/mm/f.c\n+++ b/mm/f.c\n' && hunk 10 x; } >patches/demo/0004-edit.patch
	{ head_lines e && new_git_file out/new 100644 x; } >patches/demo/0005-new.patch
	for entry in demo/0003-through.patch demo/0004-edit.patch demo/0005-new.patch; do
		series $entry
		expects 1 "$requilt" port demo three
		grep -q 'conflict' "$out"
		expects 1 "$requilt" resolve demo three
		rm -rf .requilt
	done
	lines 1 40 | cmp - "$scratch/f"
	[ "$(ls "$scratch")" = f ]
}

@test "a link in the queue repository that leads outside: nothing is read or written there" {
	mkdir "$scratch/outside"
	patch_ten | sed 's, 1/2,,' >"$scratch/outside/0001-ten.patch"
	ln -s "$scratch/outside" patches/other
	expects 1 "$requilt" import other "$scratch/outside/0001-ten.patch"
	says 'patches/other: is a symbolic link'
	mkdir "$scratch/quilt" && echo 0001-ten.patch >"$scratch/quilt/series"
	ln -s ../outside/0001-ten.patch "$scratch/quilt/0001-ten.patch"
	expects 1 "$requilt" import third "$scratch/quilt"
	says 'series:1: '
	says 'a link that leads out of'
	ln -s "$scratch/outside" series/demo
	expects 1 "$requilt" port demo one
	says 'series/demo: is a symbolic link' "$out"
	expects 1 "$requilt" rebase demo one
	says 'series/demo: is a symbolic link'
	rm series/demo
	# the folder of a conflict is made again: what is there goes
	patch_ten | sed 's/^-line 10$/-line other/' >patches/demo/0001-ten.patch
	for place in .requilt .requilt/resolve .requilt/resolve/demo .requilt/resolve/demo/one; do
		rm -rf .requilt && mkdir -p "$(dirname $place)" "$scratch/outside/resolve/demo/one" \
			"$scratch/outside/demo/one" "$scratch/outside/one"
		ln -s "$scratch/outside" $place
		expects 1 "$requilt" resolve demo one
		says "$place: is a symbolic link"
	done
	rm -r .requilt
	mkdir "$scratch/outside/empty"
	expects 1 "$requilt" resolve demo one
	ln -s "$scratch/outside/empty" series/demo.resolved
	lines 1 40 | sed '10s/.*/line ten/' >.requilt/resolve/demo/one/mm/a.c
	expects 1 "$requilt" resolve demo one --continue --who 'A Name <a@example.org>' --note 'nine'
	says 'series/demo.resolved: a link that leads out of'
	[ "$(find "$scratch/outside" | wc -l)" = 9 ]
}

# The file, then the folder, is moved out and a link stands in its place.
leads_out() { # PATH WORDS OF A COMMAND...
	local path=$1

	mkdir -p "$scratch/outside" "$(dirname "$path")"
	[ -e "$path" ] || echo '# a text' >"$path"
	mv "$path" "$scratch/outside/it" && ln -s "$scratch/outside/it" "$path"
	expects 1 timeout 60 "$requilt" "${@:2}" || fail "$path" || return
	cat "$out" >>"$err"
	says "$path: a link that leads out of" || return
	# within the repository it is read, as any file
	rm "$path" && mv "$scratch/outside/it" within && ln -s "$PWD/within" "$path"
	"$requilt" "${@:2}" >"$out" 2>&1 || :
	lacks -F 'leads out of' "$out" || return
	rm "$path" && mv within "$path"
}

@test "links in the queue repository that lead outside are refused by name where something is read" {
	expects 0 "$requilt" port demo
	leads_out series/branches.conf status demo
	leads_out series/demo.series status demo
	leads_out series/demo.series port demo
	leads_out series/demo.reviewed port demo one --fresh
	leads_out series/demo.resolved/x.patch port demo one --fresh
	rm -r series/demo.resolved
	leads_out series/demo.description export demo one --format mbox --who 'Ann Author <ann@example.org>' -o "$scratch/mbox"
	leads_out patches/demo/0001-ten.patch.notes show demo one demo/0001-ten.patch
	mkdir -p ci/kconfig && echo CONFIG_A=y >ci/kconfig/a.config
	printf '[branch "one"]\n\tfragment = a.config\n' >>series/branches.conf
	leads_out ci/kconfig/a.config verify --build one
	for folder in patches ci/kconfig; do
		leads_out $folder verify --build one
	done
	mkdir -p series/demo.resolved
	leads_out series/demo.resolved port demo one --fresh
	mv series "$scratch/outside/it" && ln -s "$scratch/outside/it" series
	expects 1 "$requilt" status demo
	says 'series/branches.conf: a link that leads out of'
}

@test "tree add: tarballs and folders that leave the tree are refused, nothing is written" {
	repo=$scratch/bases.git
	mkdir -p "$scratch/t/linux/sub" && cd "$scratch/t" || return 1
	echo x >linux/a
	packed() { tar -cPf "$1.tar" --transform "$2" linux/a; } # NAME SED
	packed up 's,^linux,linux/..,'
	packed absolute 's,^linux,/tmp,'
	packed dotgit 's,linux/,linux/sub/.Git/,'
	packed ntfs 's,linux/,linux/git~1/,'
	packed steer $'s,linux/a,linux/a\033[31m,'
	packed turned $'s,linux/a,linux/\342\200\256c.x,'
	packed long "s,linux/a,linux/$(printf '%0256d' 0),"
	packed deep "s,linux/a,linux/$(printf 'd/%.0s' $(seq 2100))a,"
	packed deeper "s,linux/a,linux/$(printf 'd/%.0s' $(seq 65))a,"
	packed backslash 's,linux/a,linux/sub\\..\\a,'
	# a link, and a file below its name
	ln -s /tmp linux/d && tar -cf through.tar linux/d && rm linux/d && mkdir linux/d && echo x >linux/d/x
	tar -rf through.tar linux/d/x && rm -r linux/d
	# a device: the member's type becomes 3, and its owner's name takes that off the checksum
	: >linux/null && tar --format=ustar --owner=d -cf device.tar linux/null && rm linux/null
	printf 3 | dd of=device.tar bs=1 seek=156 conv=notrunc status=none
	printf a | dd of=device.tar bs=1 seek=265 conv=notrunc status=none
	tar -tvf device.tar | grep '^c'
	ln -s a linux/.gitmodules && tar -cf modules.tar linux/.gitmodules && rm linux/.gitmodules
	for name in *.tar; do
		expects 1 "$requilt" --repo "$repo" tree add base "$name"
		says "$name: "
		lacks -P '[\x00-\x08\x0b-\x1f\x7f]' "$err"
		prints_nothing git --git-dir="$repo" for-each-ref
	done
	for name in sub/.GIT $'x\033[31m' 'git~1'; do
		mkdir -p "linux/$name" && echo x >"linux/$name/x"
		expects 1 "$requilt" --repo "$repo" tree add base linux
		lacks -P '\x1b' "$err"
		rm -r "linux/$name"
		prints_nothing git --git-dir="$repo" for-each-ref
	done
	ln -s a linux/.gitmodules
	expects 1 "$requilt" --repo "$repo" tree add base linux
	says "'.gitmodules' is .gitmodules, which git refuses as a link"
	rm linux/.gitmodules
	# links are kept as they are, and not followed
	echo secret >"$scratch/secret"
	ln -s "$scratch/secret" linux/out && ln -s "$scratch" linux/outdir
	mkdir -p "linux/$(printf 'd/%.0s' $(seq 64))"
	echo x >"linux/$(printf 'd/%.0s' $(seq 64))x"
	expects 0 "$requilt" --repo "$repo" tree add base linux
	[ "$(git --git-dir="$repo" show base:out)" = "$scratch/secret" ]
	[ "$(git --git-dir="$repo" ls-tree -r base | grep -c ^120000)" = 2 ]
	for branch in -x ../x 'a b' $'a\033b' requilt/q/one HEAD @ 'x..y' x.lock .x; do
		expects 129 "$requilt" --repo "$repo" tree add -- "$branch" linux
		lacks -P '\x1b' "$err"
	done
}

# --- terminal and page ---

steer=$'\033]0;title\007\033[31m'

@test "no byte of a stranger steers a terminal" {
	# in what a conflict tells, in subjects, notes, mails, series and options
	lines 1 40 | sed "10s/.*/line $steer/" >"$world/tree/mm/a.c"
	commit_base two "$world/tree"
	expects 1 "$requilt" --color always -v port demo
	lacks -P '\x1b(?!\[[0-9]*m)|\x07' "$out"
	says '\x1b]0;title\x07' "$out"
	expects 0 "$requilt" show demo two
	lacks -P '\x1b|\x07' "$out"
	expects 1 "$requilt" resolve demo two
	lacks -P '\x1b|\x07' "$out"
	{ printf 'Incomplete: %s\n' "$steer" && patch_ten "$steer"; } >patches/demo/0001-ten.patch
	printf 'somebody: %s\n' "$steer" >patches/demo/0001-ten.patch.notes
	expects 1 "$requilt" port demo one
	lacks -P '\x1b|\x07' "$out"
	patch_ten "$steer" >patches/demo/0001-ten.patch
	expects 0 "$requilt" port demo one
	expects 0 "$requilt" --color always show demo one demo/0001-ten.patch
	lacks -P '\x1b(?!\[[0-9]*m)|\x07' "$out"
	says '\x1b]0;title\x07' "$out"
	{ patch_ten && printf '\n%s\n' "$steer"; } | sed "s/^Subject.*/Subject: [PATCH 1\/1] $steer/; s/^From:.*/From: $steer <a@example.org>/" >"$scratch/mail"
	expects 0 "$requilt" import third "$scratch/mail"
	lacks -P '\x1b|\x07' "$out" "$err"
	lacks -P '\x1b|\x07' series/third.series
	expects 1 "$requilt" lint third --dialect stable
	lacks -P '\x1b|\x07' "$out" "$err"
	for words in "129 $steer" "1 port $steer" "1 port demo $steer" "128 apply --onto $steer patches/demo/0001-ten.patch" \
		"1 apply --onto one $steer" "128 --repo $steer port demo" "129 --color $steer port demo" "1 import third $steer"; do
		# shellcheck disable=SC2086 # words
		expects ${words%% *} "$requilt" ${words#* }
		lacks -P '\x1b|\x07' "$out" "$err"
	done
}

# bats test_tags=memcheck
@test "what a record says is shown as text, on a terminal and on the page" {
	expects 0 "$requilt" port demo one
	jq '.entries[].message = "\u001b]0;x\u0007\u009b31m\u202e</script><script>"' series/demo/one/port.json >"$scratch/json"
	mv "$scratch/json" series/demo/one/port.json
	expects 0 "$requilt" show demo one
	lacks -P '\x1b|\x07|\xc2\x9b|\xe2\x80\xae' "$out"
	says '\x1b]0;x\x07\xc2\x9b31m\xe2\x80\xae</script>' "$out"
	expects 0 "$requilt" report --queue demo -o "$scratch/page" --markdown
	lacks -P '\x1b|\x07|\xc2\x9b|\xe2\x80\xae|<script' "$out"
	[ "$(grep -o '<script' "$scratch/page/index.html" | wc -l)" = 2 ]
}

# --- sizes ---
#
# What is tagged `limit` needs the very size, which takes the sanitizers minutes: the release runs
# it, the debug build in `make nightly`.  Other sizes are a tenth there.

# N in the release, a tenth of it under sanitizers, which see the same code.
sized() { # N
	if [[ $requilt == *-debug ]]; then echo $(($1 / 10)); else echo "$1"; fi
}

# Refused with the limit in the message, within 1.5 GB of addresses (sanitizers take terabytes).
small() { # TEXT COMMAND...
	local text=$1

	shift
	(
		[[ $requilt == *-debug ]] || ulimit -v 1500000
		expects 1 timeout 120 "$@"
	) || return
	says "$text"
}

# bats test_tags=limit
@test "a patch of 1 GB, a device and a pipe without end are refused at once" {
	patch_ten >"$scratch/large.patch" && truncate -s 1G "$scratch/large.patch"
	for file in "$scratch/large.patch" /dev/zero; do
		small 'more than 256 MiB' "$requilt" apply --onto one "$file"
		small 'more than 256 MiB' "$requilt" import other "$file"
	done
	small 'more than 256 MiB' "$requilt" apply --onto one <(yes)
	cp --sparse=always "$scratch/large.patch" patches/demo/0001-ten.patch
	small 'demo.series:2: ' "$requilt" port demo
	small '1 breaches' "$requilt" lint demo
	says 'more than 256 MiB' "$out"
}

# bats test_tags=limit
@test "ten million lines, a million hunks, too many files: refused with file and line" {
	{ printf -- '--- /dev/null\n+++ b/x\n@@ -0,0 +1,10000001 @@\n' && yes + | head -n 10000001; } >"$scratch/lines.patch"
	small 'lines.patch:10000004: more than 10000000 lines in hunks' "$requilt" apply --onto one "$scratch/lines.patch"
	{ printf -- '--- a/mm/a.c\n+++ b/mm/a.c\n' && seq 1000000 | awk '{ printf "@@ -%d +%d @@\n-l\n+m\n", $1, $1 }'; } >"$scratch/hunks.patch"
	small 'hunks.patch:196611: more than 65536 hunks in one file' "$requilt" apply --onto one "$scratch/hunks.patch"
	seq 70000 | awk '{ printf "--- /dev/null\n+++ b/x%d\n@@ -0,0 +1 @@\n+x\n", $1 }' >"$scratch/files.patch"
	small 'files.patch:262145: more than 65536 files' "$requilt" apply --onto one "$scratch/files.patch"
}

# A patch that changes every third of N lines.
every_third() { # FILE N AWK EXPRESSIONS FOR THE LINES
	printf -- '--- a/%s\n+++ b/%s\n' "$1" "$1"
	seq 1 3 "$2" | awk '{ printf "@@ -%d,3 +%d,3 @@\n %s\n-%s\n+%s\n %s\n", $1, $1, '"$3"' }'
}

@test "65,536 hunks in a file of 196,608 lines are placed" {
	local n

	n=$(($(sized 65536) * 3))
	mkdir "$scratch/base" && seq $n >"$scratch/base/apart"
	commit_base many "$scratch/base"
	every_third apart $n '$1, $1 + 1, "x", $1 + 2' >"$scratch/apart.patch"
	expects 0 timeout 120 "$requilt" apply --onto many "$scratch/apart.patch"
}

# A third of the size is the least for which 2^30 lines would be compared.
@test "65,536 hunks in a file whose lines all read alike are refused" {
	local n=196608

	[[ $requilt != *-debug ]] || n=65535
	mkdir "$scratch/base" && yes x | head -n $n >"$scratch/base/alike"
	commit_base one "$scratch/base"
	every_third alike $n '"x", "x", $1, "x"' >"$scratch/alike.patch"
	small 'not every patch found its place' "$requilt" apply --onto one "$scratch/alike.patch"
	says 'alike: conflict: its hunks, with those of the files before it, read alike in too many places' "$out"
	# a resolution of all of them; under sanitizers of a thirtieth, which is undecided, not refused
	if [[ $requilt == *-debug ]]; then
		n=6552
		yes x | head -n $n >"$scratch/base/alike"
		commit_base one "$scratch/base"
		every_third alike $n '"x", "x", $1, "x"' >"$scratch/alike.patch"
	fi
	{ head_lines 'a file' | sed 's, 1/2,,' && echo && cat "$scratch/alike.patch"; } >patches/demo/0001-ten.patch
	series demo/0001-ten.patch
	expects 1 timeout 120 "$requilt" resolve demo one
	says "$((n / 3)) conflicts" "$out"
}

# What one file may cost is what ten may: the work is counted for the patch.
@test "ten files whose lines all read alike cost what one does" {
	local n i

	n=$(sized 60000)
	mkdir "$scratch/base" && for i in 0 1 2 3 4 5 6 7 8 9; do yes x | head -n "$n" >"$scratch/base/alike$i"; done
	commit_base one "$scratch/base"
	for i in 0 1 2 3 4 5 6 7 8 9; do every_third "alike$i" "$n" '"x", "x", $1, "x"'; done >"$scratch/alike.patch"
	expects 1 timeout 60 "$requilt" apply --onto one "$scratch/alike.patch"
	says 'alike9: conflict: its hunks, with those of the files before it, read alike in too many places' "$out"
	grep -c 'read alike in too many places' "$out" >"$scratch/many"
	[ "$(cat "$scratch/many")" -ge 9 ]
	# the same patch in a queue takes nothing from the next one
	{ head_lines alike | sed 's, 1/2,,' && echo && cat "$scratch/alike.patch"; } >patches/demo/0001-alike.patch
	{ head_lines new | sed 's, 1/2,,' && echo && new_file b/new; } >patches/demo/0002-new.patch
	series demo/0001-alike.patch demo/0002-new.patch
	expects 1 timeout 60 "$requilt" port demo one
	grep -q '0002-new.patch.*exact' "$out"
}

# A tree of N files with the same four lines, dD/coreI.c or, with a name, dI/NAME: ref "wide".
wide_tree() { # N [NAME]
	local blob

	blob=$(printf 'int one;\nint two;\nint three;\nint four;\n' | git --git-dir="$repo" hash-object -w --stdin)
	seq "$1" | awk -v blob="$blob" -v name="$2" '{
		printf "100644 %s 0\t%s\n", blob, name ? "d" $1 "/" name : "d" $1 % 500 "/core" $1 ".c"
	}' | GIT_INDEX_FILE=$scratch/index git --git-dir="$repo" update-index --index-info
	git --git-dir="$repo" update-ref refs/heads/wide "$(git --git-dir="$repo" commit-tree -m wide \
		"$(GIT_INDEX_FILE=$scratch/index git --git-dir="$repo" write-tree)")"
}

# The tree is listed once, and so many files are read for a patch.
@test "1,600 files that a tree of 20,000 does not have cost little more than one" {
	local n

	n=$(sized 1600)
	wide_tree 20000
	seq "$n" | awk '{ printf "--- a/d%d/gone%d.c\n+++ b/d%d/gone%d.c\n@@ -1,2 +1,3 @@\n int one;\n+int new;\n int two;\n",
		$1 % 500, $1, $1 % 500, $1 }' >"$scratch/gone.patch"
	expects 1 timeout 15 "$requilt" apply --json --onto wide "$scratch/gone.patch"
	[ "$(jq ".branches[0].entries[0].hunks | map(select(.message | startswith(\"not in this tree\"))) | length" "$out")" = "$n" ]
}

@test "of more files with the name of a missing one than are read none is taken" {
	printf -- '--- a/d/port.c\n+++ b/d/port.c\n@@ -1,4 +1,5 @@\n int one;\n int two;\n+int new;\n int three;\n int four;\n' \
		>"$scratch/port.patch"
	wide_tree 1 port.c
	expects 0 "$requilt" apply --onto wide "$scratch/port.patch"
	says 'd/port.c is d1/port.c here, with 4 of its 4 old lines' "$out"
	# the first is the only one with the lines, among so many
	rm "$scratch/index" && wide_tree 80 port.c
	printf 'int another;\n' >"$scratch/other.c"
	seq 2 80 | awk -v blob="$(git --git-dir="$repo" hash-object -w "$scratch/other.c")" '{
		printf "100644 %s 0\td%d/port.c\n", blob, $1 }' |
		GIT_INDEX_FILE=$scratch/index git --git-dir="$repo" update-index --index-info
	git --git-dir="$repo" update-ref refs/heads/wide "$(git --git-dir="$repo" commit-tree -m wide \
		"$(GIT_INDEX_FILE=$scratch/index git --git-dir="$repo" write-tree)")"
	expects 1 "$requilt" apply --onto wide "$scratch/port.patch"
	says "d/port.c: conflict: not in this tree; like it: 'd1/port.c'" "$out"
}

@test "2,000 hunks that all fail, and 2,000 that add what nobody has, are linear" {
	local n

	n=$(sized 100000)
	mkdir "$scratch/base" && seq "$n" | sed 's/.*/\tint v&;/' >"$scratch/base/vars.c"
	commit_base one "$scratch/base"
	{ printf -- '--- a/vars.c\n+++ b/vars.c\n' && seq 1 50 "$n" | awk '{
		printf "@@ -%d,5 +%d,5 @@\n \tint v%d;\n \tint v%d;\n-\tint z;\n+\tint y;\n \tint q;\n \tint v%d;\n", $1, $1, $1, $1 + 1, $1 + 4 }'
	} >"$scratch/fail.patch"
	expects 1 timeout 20 "$requilt" apply -v --onto one "$scratch/fail.patch"
	says "best match at line $((n - 49)), 3 of 5 lines equal; line $((n - 47)) has 'int v$((n - 47));' where the patch has 'int z;'" "$out"
	{ printf -- '--- a/vars.c\n+++ b/vars.c\n' && seq 1 50 "$n" | awk '{
		printf "@@ -%d,2 +%d,4 @@\n \tint v%d;\n+\tint new;\n+\tint one;\n \tint v%d;\n", $1, $1 + 2 * i++, $1, $1 + 1 }'
	} >"$scratch/adds.patch"
	expects 0 timeout 20 "$requilt" apply --onto one "$scratch/adds.patch"
	# line ends alone differ, in the last hunk of many
	sed -i 's/$/\r/' "$scratch/base/vars.c" && commit_base one "$scratch/base"
	expects 1 timeout 20 "$requilt" apply -v --onto one "$scratch/adds.patch"
	says "only line ends differ, at line $((n - 49)): the patch has LF, the file CRLF; convert the patch" "$out"
}

@test "a patch that names one file 1,000 times holds one version of it" {
	local n

	n=$(sized 100000)
	mkdir "$scratch/base" && seq "$n" >"$scratch/base/often"
	commit_base one "$scratch/base"
	seq 1 3 3000 | awk '{ printf "--- a/often\n+++ b/often\n@@ -%d,3 +%d,3 @@\n %d\n-%d\n+x\n %d\n", $1, $1, $1, $1 + 1, $1 + 2 }' \
		>"$scratch/often.patch"
	(
		[[ $requilt == *-debug ]] || ulimit -v 1000000
		expects 0 timeout 60 "$requilt" apply --onto one --json "$scratch/often.patch"
	)
	tree=$(jq -er '.branches[0].tree' "$out")
	[ "$(git --git-dir="$repo" cat-file -p "$tree:often" | grep -c x)" = 1000 ]
}

# The names are made by awk and the tree by one process of git.
# Conflicts of 50 long lines each, in which each side changes a word of every line.
long_conflicts() { # N
	local side

	for side in base ours theirs; do
		mkdir -p "$scratch/$side"
		awk -v n="$1" -v side=$side 'BEGIN {
			for (r = 0; r < n; r++) {
				for (i = 0; i < 8; i++)
					print "keep" r "_" i
				for (l = 0; l < 50; l++) {
					line = side == "ours" ? "ours" l : "w"
					for (i = 0; i < 48; i++)
						line = line ", w" i % 7
					print line ", " (side == "theirs" ? "theirs" l : "w") ";"
				}
			} }' >"$scratch/$side/a"
		commit_base $side "$scratch/$side"
	done
	diff -u --label a/a --label b/a "$scratch/base/a" "$scratch/theirs/a" >"$scratch/long.patch" ||
		[ $? = 1 ]
}

@test "conflicts that take too long to merge word by word are refused" {
	long_conflicts 1
	expects 0 timeout 60 "$requilt" apply --onto ours --source base "$scratch/long.patch"
	says "merged word by word at line 9: 'ours0, w0, " "$out"
	if [[ $requilt == *-debug ]]; then return; fi
	long_conflicts 30
	expects 1 timeout 60 "$requilt" apply --onto ours --source base "$scratch/long.patch"
	says 'a: conflict: its hunks, with those of the files before it, read alike in too many places' "$out"
}

@test "20,000 files in one patch, and 20,000 that swap their names, are done in seconds" {
	local n

	n=$(sized 20000)
	seq "$n" | awk '{ print "blob\nmark :" $1 "\ndata " length($1) + 1 "\n" $1; names[$1] = "f" $1 }
		END { print "commit refs/heads/files\ncommitter a <a> 0 +0000\ndata 0"
			for (i in names) print "M 100644 :" i " " names[i] }' |
		git --git-dir="$repo" fast-import --quiet
	[ "$(git --git-dir="$repo" ls-tree files | wc -l)" = "$n" ]
	seq "$n" | awk '{ printf "--- a/f%d\n+++ b/f%d\n@@ -1 +1,2 @@\n %d\n+x\n", $1, $1, $1 }' >"$scratch/edits.patch"
	expects 0 timeout 120 "$requilt" apply --onto files "$scratch/edits.patch"
	seq "$n" | awk 'function swap(a, b) {
			printf "diff --git a/f%d b/f%d\nsimilarity index 100%%\nrename from f%d\nrename to f%d\n", a, b, a, b }
		NR % 2 { last = $1; next } { swap(last, $1); swap($1, last) }' >"$scratch/swaps.patch"
	grep -c '^rename to' "$scratch/swaps.patch" | grep -x "$n"
	expects 0 timeout 120 "$requilt" apply --onto files --json "$scratch/swaps.patch"
	tree=$(jq -er '.branches[0].tree' "$out")
	[ "$(git --git-dir="$repo" cat-file -p "$tree:f1")" = 2 ]
	[ "$(git --git-dir="$repo" cat-file -p "$tree:f$n")" = $((n - 1)) ]
}

@test "a line of 100 MB is a line; it is not shown whole" {
	local n

	n=$(sized 100000000)
	{ printf -- '--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+' && head -c "$n" /dev/zero | tr '\0' x && echo; } >"$scratch/line.patch"
	expects 0 timeout 120 "$requilt" apply --onto one "$scratch/line.patch"
	{ printf -- '--- a/' && head -c "$n" /dev/zero | tr '\0' x && printf '\n+++ b/x\n@@ -0,0 +1 @@\n+x\n'; } >"$scratch/line.patch"
	expects 1 timeout 120 "$requilt" apply --onto one "$scratch/line.patch"
	[ "$(wc -c <"$err")" -lt 1000 ]
}

@test "counts and lines near 2^63 are refused or do not fit" {
	for n in 576460752303423488 4611686018427387904 9223372036854775806 9223372036854775807 9223372036854775808 \
		18446744073709551615 99999999999999999999999; do
		for range in "-$n,7 +7,7" "-7,7 +$n,7" "-7,$n +7,7" "-7,7 +7,$n"; do
			printf -- '--- a/mm/a.c\n+++ b/mm/a.c\n@@ %s @@\n line 7\n line 8\n line 9\n-line 10\n+x\n line 11\n line 12\n line 13\n' \
				"$range" >"$scratch/count.patch"
			expects 1 "$requilt" apply --onto one "$scratch/count.patch"
			says 'count.patch:3: '
		done
	done
	printf -- '--- a/mm/a.c\n+++ b/mm/a.c\n@@ -7,2147483648 +7,7 @@\n line 7\n' >"$scratch/count.patch"
	small 'hunk says 2147483648 old lines, 1 follow' "$requilt" apply --onto one "$scratch/count.patch"
}

# The block's header asks for a dictionary of @SIZE (40 steps from 4 KiB to 4 GiB) and has a right checksum.
ask_for() { # FILE STEP
	python3 - "$@" <<-'END'
		import binascii, struct, sys
		path, step = sys.argv[1], int(sys.argv[2])
		xz = bytearray(open(path, "rb").read())
		end = 12 + (xz[12] + 1) * 4
		assert xz[13] == 0 and xz[14] == 0x21, "one block with LZMA2 alone"
		xz[16] = step
		xz[end - 4:end] = struct.pack("<I", binascii.crc32(xz[12:end - 4]))
		open(path, "wb").write(xz)
	END
}

@test "tree add: an xz that wants more than 256 MiB of memory is refused, in its second block too" {
	repo=$scratch/bases.git
	mkdir -p "$scratch/t/linux" && cd "$scratch/t" || return 1
	echo x >linux/a
	tar -cf base.tar linux
	xz -k -T1 base.tar
	ask_for base.tar.xz 28 # 64 MiB, as xz -9
	expects 0 "$requilt" --repo "$repo" tree add base base.tar.xz
	cp base.tar.xz large.tar.xz
	ask_for large.tar.xz 37 # 1.5 GiB
	expects 1 "$requilt" --repo "$repo" tree add large large.tar.xz
	says 'large.tar.xz: wants more than 256 MiB of memory to unpack; unpack it and give the directory'
	# two streams, one after the other
	half=$(($(wc -c <base.tar) / 2))
	head -c $half base.tar | xz -T1 >two.tar.xz
	tail -c +$((half + 1)) base.tar | xz -T1 >second.xz
	cp two.tar.xz sound.tar.xz
	cat second.xz >>sound.tar.xz
	expects 0 "$requilt" --repo "$repo" tree add sound sound.tar.xz
	ask_for second.xz 37
	cat second.xz >>two.tar.xz
	expects 1 "$requilt" --repo "$repo" tree add large two.tar.xz
	says 'two.tar.xz: wants more than 256 MiB'
	head -c -4 sound.tar.xz >cut.tar.xz
	expects 1 "$requilt" --repo "$repo" tree add large cut.tar.xz
	says 'cut.tar.xz: damaged or truncated'
	prints_nothing git --git-dir="$repo" for-each-ref refs/heads/large
}

answers() { # FIRST LAST LINE: mails that each answer the one before
	awk -v first="$1" -v last="$2" -v line="$3" 'BEGIN {
		for (i = first; i <= last; i++)
			printf "From a Mon Sep 17 00:00:00 2001\nFrom: R <r@example.org>\nSubject: Re: ten\n" \
				"Message-Id: <%d@x>\nDate: Wed, 20 Dec 2023 23:44:24 +0100\n" \
				"In-Reply-To: <%d@x>\n\n%s\n\n", i, i - 1, line
	}'
}

words_mail() { # N: its subject has as many words that look encoded and do not end
	printf 'From: A <a@example.org>\nDate: Wed, 20 Dec 2023 23:44:24 +0100\nSubject: [PATCH] '
	printf '=?x?b?A%.0s' $(seq "$1")
	printf '\n\n'
	sed -n '/^diff/,$p' patches/demo/0001-ten.patch
}

@test "a subject of encoded words that do not end: 9,000 are read at once, 50,000 are refused" {
	words_mail 9000 >"$scratch/mail"
	expects 0 timeout 5 "$requilt" import words "$scratch/mail"
	[ "$(grep -c . series/words.series)" = 1 ]
	words_mail 50000 >"$scratch/mail"
	expects 1 timeout 5 "$requilt" import more "$scratch/mail"
	says "$scratch/mail: a field of its head has more than 64 KiB" "$err"
	# a patch of the queue
	sed -i '/^Date:/d' "$scratch/mail"
	cp "$scratch/mail" patches/demo/0001-ten.patch
	expects 1 timeout 10 "$requilt" lint demo
	says 'nobody signed it off' "$out"
}

attach() { # FILE N: in N mails, each attached to the next
	python3 - "$@" <<-'END'
		import sys
		mail = open(sys.argv[1]).read()
		for i in range(int(sys.argv[2])):
		    mail = (f"From: A <a@example.org>\nDate: Wed, 20 Dec 2023 23:44:24 +0100\nSubject: here\nMIME-Version: 1.0\n"
		            f"Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\nContent-Type: text/plain\n\nHere.\n\n"
		            f"--b{i}\nContent-Type: text/x-patch; name=a.patch\n\n{mail}\n--b{i}--\n")
		print(mail, end="")
	END
}

@test "mails attached to each other are read 8 deep; more is refused, in little memory" {
	attach patches/demo/0001-ten.patch 8 >"$scratch/eight"
	expects 0 "$requilt" import eight "$scratch/eight"
	[ "$(grep -c . series/eight.series)" = 1 ]
	attach patches/demo/0001-ten.patch 9 >"$scratch/nine"
	expects 1 "$requilt" import nine "$scratch/nine"
	says "$scratch/nine" "$err"
	says 'has mails attached to each other more than 8 deep' "$err"
	[ ! -e series/nine.series ]
}

@test "5,000 replies in one chain are followed; of 40,000 credits a patch gets 4,096" {
	sed -e '1s/^/From a Mon Sep 17 00:00:00 2001\nMessage-Id: <0@x>\n/' -e 's,PATCH 1/2,PATCH,' \
		patches/demo/0001-ten.patch >"$scratch/patch"
	echo >>"$scratch/patch"
	cp "$scratch/patch" "$scratch/mbox"
	answers 1 5000 'So it is.' >>"$scratch/mbox"
	answers 5001 5001 'Acked-by: R <r@example.org>' >>"$scratch/mbox"
	expects 0 "$requilt" import long "$scratch/mbox"
	[ "$(grep -c '^Acked-by: R <r@example.org>$' patches/long/*.patch)" = 1 ]
	seq -f 'Acked-by: R%.0f <r@example.org>' 40000 >"$scratch/credits"
	cp "$scratch/patch" "$scratch/two"
	{ answers 1 1 'Fine.'; cat "$scratch/credits"; } >>"$scratch/two"
	expects 0 "$requilt" import many "$scratch/two"
	says 'replies give it more than 4096 credits; the others are left out' "$err"
	[ "$(grep -c '^Acked-by: R' patches/many/*.patch)" = 4096 ]
}

@test "a patch that is about too many directories is refused with file and line" {
	awk -v deep="$(printf 'd/%.0s' $(seq 62))" 'BEGIN {
		for (i = 0; i < 5000; i++)
			printf "--- /dev/null\n+++ b/%d/%sf\n@@ -0,0 +1 @@\n+x\n", i, deep
	}' >"$scratch/deep.patch"
	expects 1 "$requilt" apply --onto one "$scratch/deep.patch"
	says "$scratch/deep.patch:16645: the patch is about more than 262144 directories; split it"
}

@test "a file that branches.conf includes is not read" {
	mkfifo "$scratch/pipe"
	cp series/branches.conf "$scratch/conf"
	for line in "[include]\n\tpath = $scratch/pipe" "[ INCLUDE ] path = $scratch/pipe" \
		"[includeIf \"gitdir:/\"]\n\tpath = $scratch/pipe" "[core] [include]path = $scratch/pipe"; do
		# shellcheck disable=SC2059 # with escapes
		{ cat "$scratch/conf"; printf "$line\n"; } >series/branches.conf
		expects 1 timeout 60 "$requilt" status demo
		says "series/branches.conf:$(($(wc -l <"$scratch/conf") + 1)): includes are not read; write the keys here"
	done
}

@test "branches.conf with more than 4,096 branches is refused" {
	for i in {1..4094}; do printf '[branch "b%d"]\n\ttag = t%d\n' "$i" "$i"; done >>series/branches.conf
	expects 1 "$requilt" status demo
	lacks 'more than' "$err"
	printf '[branch "c"]\n\ttag = last\n' >>series/branches.conf
	expects 1 "$requilt" status demo
	says 'series/branches.conf:8197: branch "c": there are more than 4096; take out those that nobody ports to'
}

@test "a pipe that nobody writes to is not waited for" {
	expects 0 "$requilt" port demo
	for file in patches/demo/0001-ten.patch series/demo.series series/branches.conf series/demo/one/port.json; do
		mv $file "$scratch/file" && mkfifo $file
		expects 128 timeout 60 "$requilt" status demo
		rm $file && mv "$scratch/file" $file
	done
	mkfifo "$scratch/pipe"
	expects 128 timeout 60 "$requilt" apply --onto one "$scratch/pipe"
	says "$scratch/pipe: a pipe that nobody writes to"
	# one that is slow is
	(sleep 0.3; exec >"$scratch/pipe"; sleep 1.5; cat patches/demo/0001-ten.patch) 3>&- &
	expects 0 timeout 60 "$requilt" apply --onto one "$scratch/pipe"
	expects 0 timeout 60 "$requilt" apply --onto one <(sleep 1.5; cat patches/demo/0001-ten.patch)
}

@test "a binary diff that unpacks to more than 64 MiB is refused with file and line" {
	local size

	for size in 67108865 999999999999999; do
		printf 'diff --git a/x b/x\nnew file mode 100644\nindex 0000000..1111111\nGIT binary patch\nliteral %s\nKcmYdfNCE%%>hycU@\n\n' \
			$size >"$scratch/binary.patch"
		small 'binary.patch:5: binary diff: more than 64 MiB in all, unpacked' "$requilt" apply --onto one "$scratch/binary.patch"
	done
}

# bats test_tags=limit
@test "a binary diff as git makes it that unpacks to more than 64 MiB is refused, one of 40 MiB is not" {
	# a gigabyte would be 1 MB of text
	git init -q "$scratch/w" && cd "$scratch/w" || return 1
	head -c 40M /dev/zero >a && git add a
	git diff --cached --binary >"$scratch/binary.patch"
	expects 0 timeout 60 "$requilt" -C "$queue" apply --onto one "$scratch/binary.patch"
	head -c 40000000 /dev/zero >b && git add b
	git diff --cached --binary >"$scratch/binary.patch"
	small 'binary diff: more than 64 MiB in all, unpacked' "$requilt" -C "$queue" apply --onto one "$scratch/binary.patch"
}

# bats test_tags=limit
@test "tree add: a tarball that unpacks to a million members is refused" {
	mkdir "$scratch/l" && echo x >"$scratch/l/a" && tar -C "$scratch" -cf "$scratch/one.tar" l/a
	head -c 1024 "$scratch/one.tar" >"$scratch/many"
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		cat "$scratch/many" "$scratch/many" >"$scratch/more" && mv "$scratch/more" "$scratch/many"
	done
	gzip -1 "$scratch/many"
	for _ in $(seq 1000); do cat "$scratch/many.gz"; done >"$scratch/bomb.tar.gz"
	small 'bomb.tar.gz: more than 1000000 members' "$requilt" --repo "$scratch/bases.git" tree add base "$scratch/bomb.tar.gz"
	prints_nothing git --git-dir="$scratch/bases.git" for-each-ref
	prints_nothing find "$scratch/bases.git/objects" -type f
}

# bats test_tags=limit
@test "tree add: more than 8 GiB are refused, in a tarball while it is unpacked, in a folder by what it states" {
	need zstd
	mkdir "$scratch/l" && echo x >"$scratch/l/a" && tar -C "$scratch" -cf - l | zstd -q >"$scratch/bomb.tar.zst"
	head -c 256M /dev/zero | zstd -q >"$scratch/zeros"
	for _ in $(seq 33); do cat "$scratch/zeros"; done >>"$scratch/bomb.tar.zst"
	small 'bomb.tar.zst: unpacks to more than 8 GiB' "$requilt" --repo "$scratch/bases.git" tree add base "$scratch/bomb.tar.zst"
	for i in $(seq 10 41); do truncate -s 256M "$scratch/l/$i"; done
	small 'l: a: with it the files have more than 8 GiB' "$requilt" --repo "$scratch/bases.git" tree add base "$scratch/l"
	truncate -s 268435457 "$scratch/l/10"
	small 'l: 10: more than 256 MiB' "$requilt" --repo "$scratch/bases.git" tree add base "$scratch/l"
	tar -C "$scratch" -cf "$scratch/large.tar" l/10
	small 'large.tar: l/10: more than 256 MiB' "$requilt" --repo "$scratch/bases.git" tree add base "$scratch/large.tar"
	prints_nothing find "$scratch/bases.git/objects" -type f
}

# bats test_tags=limit
@test "tree add: git repositories that are too large, endless or bottomless are refused before they are read" {
	local source=$scratch/source.git bases=$scratch/bases.git blob tree i

	git init -q --bare "$source" && cd "$source" || return 1
	git config core.looseCompression 1
	is_refused() { # TREE TEXT [URL]
		git update-ref refs/heads/hostile "$(git commit-tree -m x "$1")"
		small "$2" "$requilt" --repo "$bases" tree add base "${3:-$source}#hostile" || return
		prints_nothing find "$bases/objects" -type f
	}
	blob=$(head -c 268435457 /dev/zero | git hash-object -w --stdin)
	is_refused "$(printf '100644 blob %s\tbig\n' "$blob" | git mktree)" 'hostile: big: more than 256 MiB'
	blob=$(head -c 256M /dev/zero | git hash-object -w --stdin)
	is_refused "$(for i in $(seq 10 42); do printf '100644 blob %s\t%s\n' "$blob" "$i"; done | git mktree)" \
		'hostile: 42: with it the files have more than 8 GiB'
	# a small file that is made from a large one
	blob=$({ head -c 10M /dev/zero && echo x; } | git hash-object -w --stdin)
	{ head -c 257M /dev/zero | git hash-object -w --stdin && echo "$blob"; } |
		git pack-objects -q --threads=1 objects/pack/pack >"$scratch/packed"
	git prune-packed
	git verify-pack -v objects/pack/*.idx | grep -q "^$blob blob .* 1 "
	is_refused "$(printf '100644 blob %s\tsmall\n' "$blob" | git mktree)" 'an object takes more than 256 MiB of memory'
	# ten million folders, no file
	tree=$(git mktree </dev/null)
	for _ in 1 2 3 4 5 6 7; do
		tree=$(for i in 0 1 2 3 4 5 6 7 8 9; do printf '040000 tree %s\t%s\n' "$tree" $i; done | git mktree)
	done
	is_refused "$tree" 'hostile: more than 1000000 files and folders'
	is_refused "$tree" 'hostile: more than 1000000 files and folders' "file://$source"
	printf 'commit refs/heads/deep\ncommitter a <a> 0 +0000\ndata 0\nM 100644 inline %sx\ndata 0\n\n' \
		"$(printf 'd/%.0s' $(seq 2100))" | git fast-import --quiet
	is_refused 'deep^{tree}' '/...'"' is too long"
}

@test "tree add: links that no system can make, dates of no calendar, a version that is no number" {
	local source=$scratch/source.git bases=$scratch/bases.git x

	git init -q --bare "$source" && cd "$source" || return 1
	commit() { # DATE ENTRY...
		GIT_COMMITTER_DATE=$1 git commit-tree -m x "$(printf '%s\n' "${@:2}" | git mktree)"
	}
	link() { printf '120000 blob %s\tlink' "$(git hash-object -w --stdin)"; }
	add() { # COMMIT
		git update-ref refs/heads/x "$1" && "$requilt" --repo "$bases" tree add base "$source#x"
	}
	expects 1 add "$(commit '@1 +0000' "$(printf '/etc\0x' | link)")"
	says 'link: a link with a NUL byte'
	expects 1 add "$(commit '@1 +0000' "$(link </dev/null)")"
	says 'link: a link to nowhere'
	expects 1 add "$(commit '@1 +0000' "$(printf '%04096d' 0 | link)")"
	says 'link: a link of 4096 bytes or more'
	# the same where the kernel repository has these bytes as a file
	x=$(printf '%04096d' 0 | git hash-object -w --stdin)
	expects 0 add "$(commit '@1 +0000' "100644 blob $x"$'\tfile')"
	expects 1 add "$(commit '@1 +0000' "120000 blob $x"$'\tlink')"
	says 'link: a link of 4096 bytes or more'
	mkdir "$scratch/t" && ln -s "$(printf '%04095d' 0)" "$scratch/t/link"
	expects 0 "$requilt" --repo "$bases" tree add long "$scratch/t"
	x=$(echo x | git hash-object -w --stdin)
	expects 1 add "$(commit '@300000000000 +0000' "100644 blob $x"$'\tx')"
	says 'its newest date, 300000000000, is after the year 9999'
	# of before 1970, the same with and without its files known
	x=$(git cat-file commit "$(commit '@1 +0000' "100644 blob $x"$'\tx')" | sed '/^committer/s/ 1 +/ -5 +/' |
		git hash-object -w --literally -t commit --stdin)
	expects 0 add "$x"
	x=$(git --git-dir="$bases" rev-parse base)
	expects 0 add "$(git rev-parse x)"
	[ "$(git --git-dir="$bases" rev-parse base)" = "$x" ]
	for x in $'\033[31m6' 6.1 6x 9999999999 ''; do
		printf 'VERSION = %s\nPATCHLEVEL = 1\nSUBLEVEL = 9\nEXTRAVERSION =\n' "$x" >"$scratch/t/Makefile"
		expects 0 "$requilt" --repo "$bases" tree add base "$scratch/t"
		[ "$(cut -f2 "$out")" = - ]
		lacks -P '\x1b' <(git --git-dir="$bases" log base)
	done
	expects 0 git --git-dir="$bases" fsck --strict --no-dangling
}

@test "tree add: a git source with a tree that git refuses to check out is refused by name" {
	local source=$scratch/source.git bases=$scratch/bases.git x name mode

	git init -q --bare "$source" && cd "$source" || return 1
	x=$(echo x | git hash-object -w --stdin)
	tree_with() { # MODE NAME: the tree object, as no git writes it
		{
			printf '%s %s\0' "$1" "$2"
			# shellcheck disable=SC2059 # the bytes of the id
			printf "$(sed 's/../\\x&/g' <<<"$x")"
		} | git hash-object --literally -w -t tree --stdin
	}
	is_refused() { # MODE NAME TEXT
		git update-ref refs/heads/x "$(git commit-tree -m x "$(tree_with "$1" "$2")")"
		for url in "$source#x" "file://$source#x"; do
			expects 1 "$requilt" --repo "$bases" tree add base "$url" || return
			says "#x: $3" || return
			[ "$(wc -l <"$err")" = 1 ] || return
			prints_nothing git --git-dir="$bases" for-each-ref || return
			prints_nothing find "$bases/objects" -type f || return
		done
	}
	for name in .gitmodules .GitModules. gitmod~1; do
		is_refused 120000 "$name" "'$name' is .gitmodules, which git refuses as a link"
	done
	for name in .git .GIT git~1; do
		is_refused 100644 "$name" "'$name' has a '.git' part"
	done
	is_refused 100644 .. "'..' has a '..' part"
	for mode in 104755 100664 120777; do
		is_refused $mode x "its tree has modes or names that git does not write"
	done
	is_refused 100644 a/b "its tree has modes or names that git does not write"
	# links of these names are git's own business
	for name in .gitattributes .gitignore .mailmap; do
		git update-ref refs/heads/x "$(git commit-tree -m x "$(tree_with 120000 "$name")")"
		expects 0 "$requilt" --repo "$bases" tree add base "$source#x"
		[ "$(git --git-dir="$bases" ls-tree base)" = "120000 blob $x"$'\t'"$name" ]
	done
}

@test "a queue of many entries on many branches costs the sum of both, and not their product" {
	local text i

	export ASAN_OPTIONS=detect_leaks=0
	need strace
	text=$(patch_file | sed -n '1,/^---$/p; /new\.c b/,$p')
	mkdir patches/demo/b{1..200}
	for i in {1..400}; do
		printf '%s\n' "${text//new.c/new$i.c}" >"patches/demo/$i.patch"
		echo "demo/$i.patch"
	done >series/demo.series
	for i in {1..200}; do
		printf '[branch "b%d"]\n\tref = refs/heads/one\n' "$i"
		printf '%s\n' "${text//new.c/own$i.c}" >"patches/demo/b$i/$i.patch"
	done >>series/branches.conf
	expects 1 strace -f -qq -e trace=%file -o "$scratch/calls" "$requilt" status demo
	[ "$(grep -c -E ' missing$' "$out")" = 202 ]
	grep -q 'patches/demo/b200/200.patch' "$scratch/calls"
	[ "$(wc -l <"$scratch/calls")" -lt 30000 ] || fail "$(wc -l <"$scratch/calls") calls"
}

hardened() { # PROGRAM: what readelf sees of it
	readelf -hW "$1" | grep -q 'Type: *DYN' || fail "not position independent"
	readelf -dW "$1" | grep -q 'Flags:.* NOW\|BIND_NOW' || fail "binds its symbols late"
	readelf -lW "$1" | grep -q GNU_RELRO || fail "its tables stay writable"
	readelf -lW "$1" | grep GNU_STACK | grep -vq RWE || fail "its stack runs"
	readelf -sW "$1" | grep -q __stack_chk_fail || fail "its stack is not guarded"
	readelf -sW "$1" | grep -q __vsnprintf_chk || fail "its buffers are not checked"
}

@test "no certificate is read for connections that are never made" {
	export ASAN_OPTIONS=detect_leaks=0
	need strace
	expects 0 strace -f -qq -e trace=open,openat -o "$scratch/calls" "$requilt" tree list
	grep -qF linux.git/config "$scratch/calls"
	lacks -F /ssl/certs "$scratch/calls"
}

@test "the release is hardened" {
	need readelf gcc
	hardened "$root/build/requilt"
	echo 'int main(void) { return 0; }' >"$scratch/plain.c"
	expects 0 gcc -no-pie -o "$scratch/plain" "$scratch/plain.c"
	run hardened "$scratch/plain"
	[ "$status" != 0 ]
}

@test "where little memory may be had it works with that" {
	for limit in '-d 40000' '-v 100000'; do
		# shellcheck disable=SC2086 # an option and its value
		(ulimit $limit && expects 0 "$root/build/requilt" apply --onto one "$queue/patches/demo/0001-ten.patch")
	done
}

@test "with more rights than its caller it does nothing" {
	if [ "$(id -u)" != 0 ]; then skip "only root can lend them"; fi
	mkdir "$scratch/lent" && cp "$root/build/requilt" "$scratch/lent/requilt"
	chown 65534:65534 "$scratch/lent/requilt" && chmod 6755 "$scratch/lent/requilt"
	expects 1 "$scratch/lent/requilt" --version
	says 'installed with more rights than its caller has'
	chmod 755 "$scratch/lent/requilt"
	expects 0 "$scratch/lent/requilt" --version
}
