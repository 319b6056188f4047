#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What a reader at a terminal meets: words completed in bash, zsh and fish, the pager of `requilt show`,
# colours.

load helper

setup() {
	need git script zsh fish "$requilt"
	make_world "$BATS_TEST_TMPDIR/world"
	cp "$queue/series/demo.series" "$queue/series/other.series"
	mkdir -p "$BATS_TEST_TMPDIR/bin" "$BATS_TEST_TMPDIR/functions"
	ln -s "$requilt" "$BATS_TEST_TMPDIR/bin/requilt"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	unset PAGER LESS NO_COLOR REQUILT_PAGER
	export TERM=xterm
	"$requilt" completion bash >"$BATS_TEST_TMPDIR/requilt.bash"
	"$requilt" completion zsh >"$BATS_TEST_TMPDIR/functions/_requilt"
	"$requilt" completion fish >"$BATS_TEST_TMPDIR/requilt.fish"
	cd "$queue"
}

# What bash offers for the last word; compopt works below a pressed key only.
offers() { # WORD...
	bash --norc -c 'source "$0" && compopt() { :; } && COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) &&
		_requilt "$1" && { [ ${#COMPREPLY[@]} = 0 ] || printf "%s\n" "${COMPREPLY[@]}"; }' \
		"$BATS_TEST_TMPDIR/requilt.bash" requilt "$@" 2>&1 | sort -u
}

offered() { # EXPECTED WORD...: its words in one line
	local want=$1 got

	shift
	got=$(offers "$@" | paste -sd' ')
	[ "$got" = "$want" ] || fail "requilt $*" "offers:   $got" "expected: $want"
}

@test "every option with an argument has words to offer, but for those that take the user's own" {
	own=$(sed -nE "s/^[^']*' (--[a-z]+)'.* kind=none ;;/\1/p" "$BATS_TEST_TMPDIR/requilt.bash" | sort -u | paste -sd' ')
	[ "$own" = '--change --fetch --fuzz --image --jobs --limit --note --patches --prefix --queue --setup --strip --take --to --version --who' ] ||
		fail "nothing is offered behind: $own" 'name the argument in cmd_completion.c'
}

# What fish offers for the last word of a line, without the help texts.
fish_offered() { # EXPECTED LINE
	local got

	got=$(fish --no-config -c 'source $argv[1]; complete -C $argv[2]' "$BATS_TEST_TMPDIR/requilt.fish" "requilt $2" |
		cut -f1 | sort -u | paste -sd' ')
	[ "$got" = "$1" ] || fail "requilt $2" "offers:   $got" "expected: $1"
}

# Runs a command with a terminal as its stdout; what the terminal showed goes to $out.
on_terminal() { # STATUS COMMAND
	local status=0

	script -qec "$2" /dev/null </dev/null >"$out" 2>&1 || status=$?
	[ "$status" = "$1" ] || fail "exit status $status, expected $1: $2" "$(cat -v "$out")"
}

# Types lines into an interactive shell on a terminal.
type_into() { # SHELL LINE...
	local shell=$1

	shift
	printf '%b' "$@" | script -qec "$shell" /dev/null >"$out" 2>&1 || fail "$shell" "$(cat -v "$out")"
}

a_pager() { # NAME
	cat >"$BATS_TEST_TMPDIR/bin/$1" <<-'END'
		#!/bin/bash
		read -ra stat </proc/self/stat
		printf '%s [%s] LESS=%s %s\n' "$(basename "$0")" "$*" "$LESS" \
			"$([ "${stat[4]}" = "${stat[7]}" ] && echo foreground)" >>"$PAGED"
		cat >>"$PAGED"
	END
	chmod +x "$BATS_TEST_TMPDIR/bin/$1"
	export PAGED=$BATS_TEST_TMPDIR/paged
	rm -f "$PAGED"
}

@test "every command and every option of the tables is offered" {
	[ "$(offers '')" = "$("$requilt" --help | sed -n '/^commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p' | sort)" ]
	for command in $(offers ''); do
		diff <(offers "$command" -) \
			<("$requilt" "$command" --help | grep -o -e '^  -[A-Za-z], --[a-z-]*' -e '^      --[a-z-]*' |
				grep -o -e '--*[A-Za-z-]*' | sort -u)
	done
	offered 'tree' t
	offered '--strict' port --str
}

@test "the words behind a command are what its usage says" {
	offered 'add list' tree ''
	offered 'one two' tree add ''
	offered 'demo other' port ''
	offered 'other' port o
	offered 'one two' port demo ''
	offered 'one two' port demo one ''
	offered 'demo other' status demo ''
	mkdir -p sub/deep
	cd sub/deep
	offered 'demo other' status demo ''
	cd ../..
	offered 'demo/0001-ten.patch demo/0002-file.patch' show demo one ''
	offered 'one two' export demo ''
	offered '' export demo one ''
	offered '' show demo one demo/0001-ten.patch ''
	offered 'one two' verify --build ''
	offered 'bash fish zsh' completion ''
	offered '' doctor ''
	offered '' nothing ''
	mkdir folder && : >file
	offered 'file folder' apply f
	offered 'file folder' apply a.patch f
	offered 'folder' convert f
}

@test "an option's argument is of its kind, with a blank or '=' in front" {
	mkdir folder && : >file
	offered 'folder' port --out f
	offered 'folder' port --out = f
	offered 'file folder' apply --series f
	offered 'always auto never' port --color ''
	offered 'always auto never' --color = ''
	offered 'always auto never' --color =
	offered 'github gitlab json' matrix --format ''
	offered 'debian mails mbox openwrt quilt rpm yocto' export demo one --format ''
	offered 'dep3 stable suse yocto' export --dialect ''
	offered 'dep3 stable suse yocto' lint --dialect ''
	offered 'file folder' export -o f
	offered 'demo other' report --queue ''
	offered 'demo/0001-ten.patch demo/0002-file.patch' import demo x.mbox --after ''
	offered 'one two' apply --onto ''
	offered '' port --fuzz ''
	offered '' port -j ''
	offered 'demo other' port --out folder ''
	offered 'demo other' port --out = folder ''
	offered 'demo other' -q port --strict -j 2 ''
	offered 'one two' port -- demo ''
	offered '' port -- demo -
}

@test "names come from the queue repository that -C names, and none without one" {
	cd /
	offered '' port ''
	offered 'demo other' -C "$queue" port ''
	offered 'demo other' --dir "$queue" port ''
	offered 'demo other' --dir = "$queue" port ''
	HOME=$world offered 'demo other' -C '~/queue' port ''
	offered 'demo/0001-ten.patch demo/0002-file.patch' show -C "$queue" demo one ''
}

@test "a name that a shell would run is offered and not run" {
	cp series/demo.series 'series/$(touch ran).series'
	offered '\$\(touch\ ran\) demo other' port ''
	[ ! -e ran ]
}

@test "the scripts are asked for by name, and the names with --words" {
	expects 129 "$requilt" completion
	expects 129 "$requilt" completion csh
	says 'bash, zsh or fish'
	expects 129 "$requilt" completion --words colours
	says 'queues, branches or entries'
	expects 129 "$requilt" completion --words entries
	expects 1 "$requilt" completion --words entries none
	expects 0 "$requilt" completion --words branches
	[ "$(cat "$out")" = $'one\ntwo' ]
}

@test "the scripts are clean" {
	shellcheck -s bash "$BATS_TEST_TMPDIR/requilt.bash"
	zsh -n "$BATS_TEST_TMPDIR/functions/_requilt"
	fish --no-execute "$BATS_TEST_TMPDIR/requilt.fish"
}

@test "fish offers commands, options, names and the arguments of options" {
	mkdir -p folder/deep
	fish_offered "$(offers '' | paste -sd' ')" ''
	for command in $(offers ''); do
		fish_offered "$(offers "$command" - | paste -sd' ')" "$command -"
	done
	fish_offered 'demo other' 'port '
	fish_offered 'one two' 'port demo '
	fish_offered 'one two' 'port demo one '
	fish_offered 'demo/0001-ten.patch demo/0002-file.patch' 'show demo one '
	fish_offered '' 'show demo one demo/0001-ten.patch '
	fish_offered 'add list' 'tree '
	fish_offered 'always auto never' 'port --color '
	fish_offered '--color=always --color=auto --color=never' 'port --color='
	fish_offered 'folder/' 'port --out f'
	fish_offered '--out=folder/' 'port --out=f'
	fish_offered 'demo other' 'port --out folder '
	fish_offered 'demo other' '-q port --strict -j 2 '
	fish_offered 'one two' 'port -- demo '
	fish_offered '' 'port -- demo -'
	cd /
	fish_offered '' 'port '
	fish_offered 'demo other' "-C $queue port "
	fish_offered 'demo other' "--dir=$queue port "
	HOME=$world fish_offered 'demo other' '-C ~/queue port '
	cd "$queue"
	cp series/demo.series 'series/$(touch ran).series'
	fish_offered '$(touch ran) demo other' 'port '
	[ ! -e ran ]
}

@test "a key pressed in bash completes" {
	type_into 'bash --norc --noprofile -i' "source $BATS_TEST_TMPDIR/requilt.bash\n" \
		'requilt compl\t--wo\tque\t >got\n' 'echo requilt port --out ser\tdem\ton\t >words\n' 'exit 0\n'
	[ "$(cat got)" = $'demo\nother' ] || fail "$(cat -v "$out")"
}

@test "a key pressed in zsh completes, and says what is what" {
	port >/dev/null
	type_into 'zsh -f -i' "fpath=($BATS_TEST_TMPDIR/functions \$fpath); autoload -Uz compinit; compinit -u -D\n" \
		'requilt compl\t--wo\tque\t >got\n' 'requilt show dem\ton\tdemo/0002\t >shown\n' \
		'requilt re\t\t\n' 'requilt --dir=ser\t\n' 'exit 0\n'
	[ "$(cat got)" = $'demo\nother' ] || fail "$(cat -v "$out")"
	says 'demo/0002-file.patch' shown
	says 'the matrix as a page' "$out"
	sed 's/\x1b\[[0-9;]*m//g' "$out" | grep -qF -e '--dir=series/'
}

@test "zsh takes the script by source, too" {
	type_into 'zsh -f -i' "autoload -Uz compinit; compinit -u -D; source $BATS_TEST_TMPDIR/functions/_requilt\n" \
		'requilt compl\t--wo\tbran\t >got\n' 'exit 0\n'
	[ "$(cat got)" = $'one\ntwo' ] || fail "$(cat -v "$out")"
}

@test "show asks the pager on a terminal, and only there" {
	port >/dev/null
	a_pager mine
	export REQUILT_PAGER='mine  -a -b' PAGER=other
	expects 0 "$requilt" show demo one --color always
	cp "$out" "$BATS_TEST_TMPDIR/plain"
	[ ! -e "$PAGED" ]
	on_terminal 0 'requilt show demo one'
	[ ! -s "$out" ]
	head -n 1 "$PAGED" | grep -qx 'mine \[-a -b\] LESS=FRLX foreground' || fail "$(cat "$PAGED")"
	tail -n +2 "$PAGED" | diff - "$BATS_TEST_TMPDIR/plain"
	rm "$PAGED"
	on_terminal 0 'requilt show demo one --json'
	on_terminal 0 'requilt status demo'
	[ ! -e "$PAGED" ]
}

@test "REQUILT_PAGER, else PAGER, else less; an empty one is none" {
	port >/dev/null
	a_pager mine
	a_pager less
	PAGER=mine on_terminal 0 'requilt show demo one'
	says 'mine []' "$PAGED"
	on_terminal 0 'requilt show demo one'
	says 'less [] LESS=FRLX' "$PAGED"
	LESS=Q on_terminal 0 'requilt show demo one'
	says 'less [] LESS=Q' "$PAGED"
	rm "$PAGED"
	for none in '' ' '; do
		REQUILT_PAGER=$none PAGER=mine on_terminal 0 'requilt show demo one'
		says '0001-ten.patch' "$out"
		lacks -F 'pager' "$out"
	done
	[ ! -e "$PAGED" ]
}

@test "Ctrl-C is the pager's" {
	port >/dev/null
	cat >"$BATS_TEST_TMPDIR/bin/mine" <<-'END'
		#!/bin/bash
		trap 'echo caught && exit' INT
		: >ready
		for ((i = 0; i < 100; i++)); do sleep 0.1; done
	END
	chmod +x "$BATS_TEST_TMPDIR/bin/mine"
	{
		for ((i = 0; i < 200; i++)); do
			[ ! -e ready ] || break
			sleep 0.05
		done
		printf '\003'
	} | REQUILT_PAGER=mine script -qec 'exec requilt show demo one' /dev/null >"$out"
	says caught "$out"
}

@test "a pager that is not there, stops early or fails changes no result" {
	port >/dev/null
	REQUILT_PAGER=no-such-pager on_terminal 0 'requilt show demo one'
	says 'the pager: no-such-pager: not installed' "$out"
	says '0001-ten.patch' "$out"
	REQUILT_PAGER=false on_terminal 0 'requilt show demo one'
	REQUILT_PAGER='head -c 1' on_terminal 0 'requilt show demo one'
	a_pager mine
	REQUILT_PAGER=mine on_terminal 1 'requilt show demo one none.patch'
	says "has no entry 'none.patch'" "$out"
	[ ! -e "$PAGED" ]
}

@test "words for a shell in PAGER, LESSOPEN and a stranger's text do nothing" {
	local ran=$BATS_TEST_TMPDIR/ran steer=$'\033]0;title\007\033[31m\302\233m'

	port >/dev/null
	for pager in "cat;touch $ran" "cat ; touch $ran" "cat | touch $ran" "\$(touch $ran)" "\`touch $ran\`" "cat >$ran" \
		"cat && touch $ran" "x=1 touch $ran" "'touch' $ran" $'cat\ntouch '"$ran" "cat $(seq -s ' ' 16) ;touch $ran"; do
		REQUILT_PAGER=$pager on_terminal 0 'requilt show demo one'
		[ ! -e "$ran" ] || fail "$pager"
	done
	# what is no pager is named, and the text is there all the same
	says 'the pager: cat: more than 16 words' "$out"
	says '0001-ten.patch' "$out"
	LESSOPEN="|-touch $ran; cat %s" LESSCLOSE="touch $ran %s %s" on_terminal 0 'requilt show demo one'
	says '0001-ten.patch' "$out"
	[ ! -e "$ran" ]
	patch_ten "$steer" >patches/demo/0001-ten.patch
	patch_ten 'line ten' | sed "s/^Subject: .*/Subject: $steer/" >patches/demo/0002-file.patch
	printf 'somebody: %s\n' "$steer" >patches/demo/0001-ten.patch.notes
	echo demo/0001-ten.patch >series/demo.series
	expects 0 port
	for pager in cat less 'less -r'; do
		LESS=FX REQUILT_PAGER=$pager on_terminal 0 'requilt show demo one demo/0001-ten.patch'
		says '\x1b]0;title\x07' "$out"
		lacks -P '\x1b\]|\x07|\xc2\x9b' "$out"
	done
}

@test "of a pager that dies, and of one that we leave behind, nothing is left and nothing is said" {
	port >/dev/null
	for end in 'exit 3' 'kill -SEGV $$' 'exec <&-; exit 1' 'read -r x; kill -KILL $$'; do
		printf '#!/bin/bash\n%s\n' "$end" >"$BATS_TEST_TMPDIR/bin/mine" && chmod +x "$BATS_TEST_TMPDIR/bin/mine"
		REQUILT_PAGER=mine on_terminal 0 'requilt show demo one'
		[ ! -s "$out" ] || fail "$end" "$(cat -v "$out")"
	done
	printf '#!/bin/bash\necho $$ $PPID >pids\nexec sleep 300\n' >"$BATS_TEST_TMPDIR/bin/mine"
	for signal in TERM HUP KILL; do
		rm -f pids
		# HUP may be ignored where the tests run (nohup), and would stay so
		REQUILT_PAGER=mine env --default-signal=TERM,HUP,INT script -qec 'exec requilt show demo one' /dev/null >"$out" 2>&1 </dev/null &
		for _ in $(seq 200); do
			[ ! -s pids ] || break
			sleep 0.05
		done
		[ -s pids ] || fail 'the pager was not started'
		kill -$signal "$(cut -d' ' -f2 pids)"
		status=0
		wait $! || status=$?
		[ $status = $((128 + $(kill -l $signal))) ] || fail "$signal: exit status $status"
		for _ in $(seq 100); do
			grep -qs '^State:.[^ZX]' "/proc/$(cut -d' ' -f1 pids)/status" || break
			sleep 0.05
		done
		! grep -qs '^State:.[^ZX]' "/proc/$(cut -d' ' -f1 pids)/status" || fail "$signal: the pager is still there"
	done
}

@test "colours: --color, else a terminal and no NO_COLOR" {
	rm series/other.series
	port >/dev/null
	export REQUILT_PAGER=cat
	for command in 'port demo' 'apply --onto one patches/demo/0001-ten.patch' status 'show demo one'; do
		escape=$'\033['
		on_terminal 0 "requilt $command"
		says "${escape}32m" "$out"
		NO_COLOR= on_terminal 0 "requilt $command"
		says "${escape}32m" "$out"
		NO_COLOR=1 on_terminal 0 "requilt $command"
		lacks -qF "$escape" "$out"
		TERM=dumb on_terminal 0 "requilt $command"
		lacks -qF "$escape" "$out"
		on_terminal 0 "requilt $command --color never"
		lacks -qF "$escape" "$out"
		NO_COLOR=1 on_terminal 0 "requilt $command --color always"
		says "${escape}32m" "$out"
		# shellcheck disable=SC2086
		expects 0 "$requilt" $command
		lacks -qF "$escape" "$out"
		# shellcheck disable=SC2086
		expects 0 "$requilt" $command --color=always
		says "${escape}32m" "$out"
	done
}
