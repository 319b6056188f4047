# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the program says of itself: help, version, manual and usage errors tell one story.
# The commands are taken from `requilt --help`, and checked against the table in table.c.

load helper
page=$root/tools/man/requilt.1.scd

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	out=out err=err
}

expect() { # STATUS ARGUMENT...
	local want=$1

	shift
	expects "$want" "$requilt" "$@" </dev/null
}

# One line on stderr that begins with "requilt: " and has TEXT; nothing on stdout.
expect_usage() { # TEXT ARGUMENT...
	local text=$1
	shift
	expect 129 "$@"
	[ ! -s out ] || fail "requilt $*: a usage error prints on stdout" "$(cat out)"
	mapfile lines <err
	[ ${#lines[@]} = 1 ] || fail "requilt $*: not one line" "$(cat err)"
	[[ ${lines[0]} == 'requilt: '*$'\n' ]] || fail "requilt $*: is no line that begins with 'requilt: '" "$(cat err)"
	says "$text"
}

commands() {
	"$requilt" --help | sed -n '/^commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p'
}

# The first words of the table's rows, read from the source.
table() {
	sed -n 's/^\t{ \.name = "\([a-z-]*\)",.*/\1/p' "$root/tools/requilt/cmd/table.c"
}

# Long and short options of a help text, one a line.
options() {
	sed -n 's/^  \(-[A-Za-z]\)*,* *--\([a-z-]*\).*/--\2 \1/p' | tr ' ' '\n' | sed '/^$/d'
}

# The options of one command alone, or of every command.
own_options() { # COMMAND
	"$requilt" "$1" --help | sed '/^options of every command:/,$d' | options
}
global_options() {
	"$requilt" --help | options
}

# The manual's page about one command.
manual_of() { # COMMAND
	cat "$root/tools/man/requilt-$1.1.scd"
}

@test "--version prints name and number" {
	expect 0 --version
	[ "$(cat out)" = "requilt 0.1.0" ] || fail "$(cat out)"
	[ ! -s err ]
}

@test "--help lists every command of the table" {
	expect 0 --help
	[ ! -s err ]
	[ -n "$(table)" ]
	diff <(table) <(commands)
	for command in tree port apply show status verify accept doctor; do
		commands | grep -qx "$command" || fail "no command $command"
	done
	expect 0 -h
}

@test "every command's help has usage, one line about it, and all options" {
	global_options | sort >global
	[ -s global ]
	for command in $(commands); do
		expect 0 "$command" --help
		[ ! -s err ] || fail "$(cat err)"
		head -n 1 out | grep -q "^usage: requilt $command" || fail "$command: no usage line"
		sed -n 3p out | grep -q '^[a-z]' || fail "$command: no line about it"
		options <out | sort >has
		lack=$(comm -13 has global)
		[ -z "$lack" ] || fail "$command --help lacks $lack"
		expect 0 "$command" -h
	done
}

@test "every option in a source table is in its command's help" {
	for source in "$root"/tools/requilt/cmd/cmd_*.c; do
		command=$(basename "$source" .c)
		command=${command#cmd_}
		commands | grep -qx "$command" || fail "$source: no command $command"
		sed -n 's/^\t{ "\([a-z-]*\)", .*RQ_OPT_.*/--\1/p' "$source" >names
		own_options "$command" | sort >has
		lack=$(sort names | comm -13 has -)
		[ -z "$lack" ] || fail "$command --help lacks $lack"
	done
}

@test "help lines fit on a terminal" {
	"$requilt" --help >all
	for command in $(commands); do
		"$requilt" "$command" --help >>all
	done
	! grep -n '.\{101\}' all || fail "a line is longer than 100 columns"
}

@test "the manual names every command and every option" {
	for command in $(commands); do
		manual_of "$command" >about
		[ -s about ] || fail "$command has no page"
		grep -q "^\*requilt\* \*$command" about || fail "the synopsis lacks $command"
		grep -qx "\*requilt-$command\*(1)" "$page" || fail "requilt(1) does not list $command"
		for option in $(own_options "$command"); do
			says "*$option*" about || fail "of $command"
		done
	done
	sed -n '/^# OPTIONS/,/^# OUTCOMES/p' "$page" >about
	for option in $(global_options); do says "*$option*" about; done
}

@test "the manual names no option that does not exist" {
	for command in $(commands); do
		own_options "$command"
	done >known
	global_options >>known
	sed -n 's/^\t*\(\*-.*\)/\1/p' "$root"/tools/man/requilt*.1.scd | grep -o '\*--*[A-Za-z-]*\*' | tr -d '*' | sort -u >named
	[ -s named ]
	while read -r option; do
		grep -qxe "$option" known || fail "requilt(1) names $option, which no command has"
	done <named
}

@test "the manual's outcomes are those of the program" {
	words=$(sed -n 's/^\t\[RQ_[A-Z]*\] = { "\([a-z]*\)",.*/\1/p' \
		"$root/tools/requilt/record/record.c")
	[ -n "$words" ]
	sed -n '/^# OUTCOMES/,/^# EXIT STATUS/p' "$page" >about
	for word in $words; do
		grep -qw "$word" about || fail "requilt(1) does not explain $word"
	done
}

@test "the manuals are well formed" {
	for source in "$root"/tools/man/*.scd; do
		scdoc <"$source" >rendered || fail "$source"
		[ -s rendered ]
	done
}

@test "a wrong command line exits with 129 and says what is wrong" {
	expect_usage "no command given"
	expect_usage "unknown command 'frobnicate'; see 'requilt --help'" frobnicate
	expect_usage "unknown option '--foo'; see 'requilt --help'" --foo
	expect_usage "unknown option '-x'; see 'requilt --help'" -x
	for command in $(commands); do
		expect_usage "unknown option '--foo'; see 'requilt --help'" "$command" --foo
		expect_usage "'--jobs' needs a whole number, not 'many'" "$command" --jobs many
		expect_usage "'--jobs' needs N" "$command" --jobs
		expect_usage "'--quiet' takes no value" "$command" --quiet=yes
		expect_usage "--color takes auto, always or never" "$command" --color=red
	done
}

@test "a command without the words it needs exits with 129" {
	expect_usage "tree: wants" tree
	expect_usage "tree: wants" tree frobnicate
	expect_usage "tree add: wants BRANCH and SOURCE" tree add
	expect_usage "tree add: wants BRANCH and SOURCE" tree add branch
	expect_usage "tree add: wants BRANCH and SOURCE" tree add branch source more
	expect_usage "tree add: '..' is no name for a branch" tree add .. source
	expect_usage "tree list: takes no words" tree list more
	expect_usage "--onto" apply x.patch
	expect_usage "name at least one patch" apply --onto HEAD
	expect_usage "show: " show
	expect_usage "show: " show queue
	expect_usage "show: " show queue branch entry more
	expect_usage "accept: " accept queue branch
	unset GIT_AUTHOR_NAME
	expect_usage "--who" accept queue branch entry
	expect_usage "--who" accept queue branch entry --who 'no address'
	expect_usage "verify: say what to do" verify branch
	expect_usage "doctor: takes no words" doctor more
	expect_usage "--fuzz takes a number" port queue --fuzz few
}

@test "options are understood in front of the command and behind it" {
	mkdir -p q/series
	expect 1 -C q port queue
	cp err before
	expect 1 port queue --dir=q
	diff before err
	expect 1 --dir q -qv port queue
	diff before err
	expect 1 port -- queue -C
	grep -q '^requilt: ' err
}

@test "outside a queue repository the next step is named" {
	for command in "port queue" status matrix "report -o x" "show q b" "resolve q b" "rebase q b" "lint q" \
		"export q b --format quilt -o z" "verify --build" "accept q b e" "accept --renew q" "import q x"; do
		# shellcheck disable=SC2086
		expect 1 $command
		says "requilt: ./series/branches.conf: not there; make a queue repository with 'requilt init', or name one with -C" err
	done
}

@test "a full disk is no success" {
	[ -w /dev/full ] || fail "/dev/full is missing"
	out=/dev/full expect 128 --help
	says 'requilt: stdout: '
}

@test "the assertions of these tests fail where they could not look" {
	cd "$BATS_TEST_TMPDIR" && echo x >file && mkdir folder
	lacks y file
	! lacks x file 2>/dev/null || fail 'lacks: found it'
	! lacks y missing 2>/dev/null || fail 'lacks: there is no such file'
	prints_nothing ls folder
	! prints_nothing ls . 2>/dev/null || fail 'prints_nothing: it printed'
	! prints_nothing ls missing 2>/dev/null || fail 'prints_nothing: it failed'
	"$root/tools/test/lint" --self
}

@test "an error of a command that prints JSON is JSON, too, and only one value is printed" {
	expect 1 status --json
	jq -e '.schema == 1 and .error.status == 1 and (.error.message | contains("requilt init"))' out
	says 'requilt init'
	expect 129 port --json --no-such
	jq -e '.error == { status: 129, message: "unknown option '"'--no-such'"'; see '"'requilt --help'"'" }' out
	expect 1 --json apply --repo none --onto x x.patch
	[ "$(jq -s 'length' out)" = 1 ]
	# where the value says it, the error is not a second one
	make_world "$PWD/world"
	sed -i 's/^line 10$/line other/' "$world/tree/mm/a.c"
	commit_base two "$world/tree"
	expects 1 port --json
	[ "$(jq -s 'length' "$out")" = 1 ]
	jq -e '.branches | length == 2' "$out"
	# others print what they always do
	expects 129 "$requilt" completion --json
	[ ! -s "$out" ]
}

@test "a command that changes something says with --json what it did, as one object" {
	did() { # STATUS FILTER ARGUMENT...
		expects "$1" "$requilt" --json "${@:3}"
		[ "$(jq -s length "$out")" = 1 ]
		jq -e '.schema == 1 and (.did | type) == "array"' "$out"
		jq -e "$2" "$out" || fail "$(cat "$out")"
	}
	make_world "$PWD/world"
	mkdir fresh && cd fresh
	did 0 '[.did[] | select(.do == "write").path] | index("series/branches.conf")' init --repo "$repo" one=one
	did 0 '.did[-1] == { do: "entry", queue: "q", entry: "q/0001-mm-spell-ten.patch" }' import q "$queue/patches/demo/0001-ten.patch"
	did 129 '.did == [] and .error.status == 129' import q
	did 1 '.error.message | contains("nothing")' mv q nothing there
	did 0 '.did[] | select(.do == "move") | .to == "patches/q/ten.patch"' mv q 0001 ten.patch
	did 0 '.did | length > 0' drop -n q ten
	[ -e patches/q/ten.patch ]
	did 0 '.did == []' gc
	expects 0 "$requilt" -q port q
	did 0 '.did == [{ do: "write", queue: "q", branch: "one", format: "quilt", path: "../x" }]' export q one --format quilt -o ../x
	did 0 '.did[0].do == "open" and .did[1].path == "mm/a.c"' edit q one ten
	did 0 '.did[-1].colour == "green"' edit q one --continue --source
	did 0 '.error == null and .did == [{ do: "accept", branch: "one", entry: "q/ten.patch", text: "there is nothing to accept" }]' accept -n q one ten --who 'A Name <a@example.org>'
	sed -i 's/^-line 10/-line X/' patches/q/ten.patch
	did 1 '.did[0].do == "open" and .error.status == 1' resolve q one
}
