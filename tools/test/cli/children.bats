#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What spatch, make, qemu and git are started with, and that nothing of them is left when requilt
# ends, however that is.  Programs of a few lines stand in for them.

load helper

setup() {
	need git jq make gcc busybox "$requilt"
	make_world "$BATS_TEST_TMPDIR/world"
	cd "$world" || return 1
	mkdir -p bin queue/ci/kconfig queue/ci/guest driver
	make_base 6 1 5
	sed 's/^> /\t/' >>tree/Makefile <<-'END'
		.PHONY: tinyconfig olddefconfig bzImage
		tinyconfig olddefconfig:
		> @mkdir -p $(O); touch $(O)/.config
		bzImage:
		> @mkdir -p $(O)/arch/x86/boot; cp mm/a.c $(O)/arch/x86/boot/bzImage
	END
	commit_base one tree
	echo 'CONFIG_A=y' >queue/ci/kconfig/boot.config
	printf '#!/bin/busybox sh\n' >queue/ci/guest/init
	echo 'int main(void) { return 0; }' >queue/ci/guest/fork.c
	printf '[core]\n\trepository = ../linux.git\n[branch "one"]\n\tarch = x86_64\n' >queue/series/branches.conf
	expects 0 port
	printf 'int f(void)\n{\n\told(1);\n\treturn 0;\n}\n' >driver/a.c
	printf '@@\nexpression e;\n@@\n- old(e)\n+ fresh(e)\n' >rule.cocci
	git init -q -b trunk source && cp -a tree/. source
	git -C source add -A && git -C source commit -qm one
}

teardown() {
	[ ! -s pids ] || xargs kill -KILL <pids 2>/dev/null || true
	end_what_hangs
}

# A program that notes its environment, its group and session and its children, and never ends.
stand_in() { # PROGRAM
	local real

	# Of a program that is not here all that is asked for is a version.
	real=$(command -v "$1") || real=$(command -v echo)
	cat >"bin/$1" <<-END
		#!/bin/bash
		case \$* in
		*version*) exec "$real" "\$@" ;;
		*-accel*kvm*-S*) exit 134 ;;
		esac
		env >"$world/env"
		tr '\0' '\n' <"/proc/\$\$/cmdline" >"$world/argv"
		ps -o pid=,pgid=,sid=,tty= -p \$\$ >"$world/ids"
		ls -l /proc/\$\$/fd >"$world/fds"
		sleep 300 &
		sleep 300 </dev/null >/dev/null 2>&1 &
		(trap '' TERM HUP INT; sleep 300) &
		# Out of the session, and out of every family but the keeper's.
		(setsid sh -c 'echo \$\$ >"$world/strays"; (setsid sh -c "echo \\\$\\\$ >>$world/strays; exec sleep 300" </dev/null >/dev/null 2>&1 &); exec sleep 300' </dev/null >/dev/null 2>&1 &)
		until [ "\$(wc -l 2>/dev/null <"$world/strays")" = 2 ]; do sleep 0.05; done
		echo \$\$ \$! \$(jobs -p) \$(cat "$world/strays") >"$world/pids"
		rm "$world/strays"
		touch "$world/started"
		wait
	END
	chmod +x "bin/$1"
}

declare -gA commands=(
	[spatch]='convert --unconfined-rules --rule rule.cocci driver'
	[make]='-C queue verify --build one'
	[qemu-system-x86_64]='-C queue verify --boot one'
	[git]="-C queue tree add one file://source#trunk"
)

start() { # PROGRAM: sets $pid
	local words=${commands[$1]}

	rm -f started pids
	stand_in "$1"
	# shellcheck disable=SC2086 # words
	PATH=$world/bin:$PATH env --default-signal=INT,TERM,HUP "$requilt" ${words/file:\/\//file://$world/} >out 2>err &
	pid=$!
	for _ in $(seq 400); do
		[ ! -e started ] || return 0
		sleep 0.05
	done
	fail "$1 was not started" "$(cat out err)"
}

gone() { # all of $world/pids
	local one left=

	for _ in $(seq 100); do
		left=
		for one in $(cat pids); do
			! grep -qs '^State:.[^ZX]' "/proc/$one/status" || left+=" $one"
		done
		[ -n "$left" ] || return 0
		sleep 0.05
	done
	fail "still there:$left"
}

@test "spatch, make, qemu and git and their children are gone when requilt is, by any signal" {
	for program in "${!commands[@]}"; do
		for signal in INT TERM HUP KILL; do
			start "$program"
			kill -$signal $pid
			status=0
			wait $pid 2>/dev/null || status=$?
			[ $status = $((128 + $(kill -l $signal))) ] || fail "$program, $signal: exit status $status"
			gone || fail "$program, $signal"
		done
		rm "bin/$program"
	done
	# and the next run is as the first
	expects 0 "$requilt" -C queue tree add one "file://$world/source#trunk"
	expects 0 "$requilt" convert --rule rule.cocci driver
	prints_nothing find "$repo" "$TMPDIR" -maxdepth 2 \( -name 'tmp_requilt_*' -o -name 'requilt-spatch-*' \)
}

@test "they run in a session of their own, without a shell, with nothing open that is ours" {
	for program in "${!commands[@]}"; do
		start "$program"
		read -r own group session tty <ids
		[ "$group" = "$session" ]
		[ "$group" != "$(ps -o pgid= -p $pid | tr -d ' ')" ]
		[ "$tty" = '?' ]
		[ "$(ps -o comm= -p "$session")" != sh ]
		[ "$own" != "$session" ]
		# make's is inherited on purpose: the lock of the build folder
		[ "$(grep -c -e socket -e memfd -e objects -e linux.git fds || :)" = 0 ] || fail "$(cat fds)"
		kill -KILL $pid && wait $pid 2>/dev/null || :
		gone
		rm "bin/$program"
	done
}

@test "their environment is PATH, HOME, LANG and what they need, whatever ours is" {
	local -A more=([spatch]=TMPDIR [make]= [qemu-system-x86_64]=
		[git]='GIT_NO_LAZY_FETCH GIT_TERMINAL_PROMPT GIT_ALLOW_PROTOCOL GIT_HTTP_LOW_SPEED_LIMIT GIT_HTTP_LOW_SPEED_TIME')

	touch nothing.so
	export GIT_DIR=/nowhere GIT_WORK_TREE=/nowhere GIT_INDEX_FILE=/nowhere GIT_OBJECT_DIRECTORY=/nowhere \
		GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=core.sshCommand GIT_CONFIG_VALUE_0=false GIT_EXEC_PATH=/nowhere \
		MAKEFLAGS=-n MFLAGS=-n GNUMAKEFLAGS=-n MAKEFILES=/nowhere KCFLAGS=-Dx CPATH=/nowhere GCC_EXEC_PREFIX=/nowhere \
		ENV=/nowhere LD_LIBRARY_PATH=/nowhere PYTHONPATH=/nowhere COCCINELLE_HOME=/nowhere CDPATH=/nowhere \
		LD_BIND_NOW=1 QEMU_AUDIO_DRV=none TERM=evil LC_ALL=tr_TR.UTF-8
	for program in "${!commands[@]}"; do
		start "$program"
		kill -KILL $pid && wait $pid 2>/dev/null || :
		for name in $(cut -d= -f1 env); do
			case " PATH HOME LANG PWD SHLVL _ OLDPWD ${more[$program]} " in
			*" $name "*) ;;
			*) fail "$program: $name" ;;
			esac
		done
		gone
		rm "bin/$program"
	done
}

@test "a program is not looked for where it runs: what is not absolute in PATH counts for nothing" {
	for program in spatch git; do
		printf '#!/bin/sh\ntouch "%s/ran"\n' "$world" >"$program" && chmod +x $program
		cp $program driver/
	done
	PATH=.:driver::$PATH expects 0 "$requilt" convert --rule rule.cocci driver
	PATH=.:$PATH expects 0 "$requilt" -C queue tree add one "file://$world/source#trunk"
	[ ! -e ran ]
	PATH=.:bin "$requilt" doctor >"$out" 2>"$err" || [ $? = 128 ]
	[ ! -e ran ]
}

@test "a text without '#!' is no program: no shell is tried on it" {
	echo "touch '$world/ran'" >bin/git && chmod +x bin/git
	PATH=$world/bin:$PATH expects 128 "$requilt" -C queue tree add one "file://$world/source#trunk"
	says 'git: Exec format error'
	[ ! -e ran ]
}

@test "a URL is only ever fetched by a protocol of git's own" {
	for url in '128 ext::sh -c "touch ran"' '128 other::x' '128 fd::3' '129 --upload-pack=touch ran://x'; do
		expects "${url%% *}" "$requilt" -C queue tree add -- one "${url#* }"
		[ ! -e ran ]
	done
}

@test "a server sends nobody to another one" {
	need python3
	unset http_proxy HTTP_PROXY all_proxy ALL_PROXY
	cat >server.py <<-'END'
		import http.server, os

		class Handler(http.server.BaseHTTPRequestHandler):
		    def do_GET(self):
		        with open('asked', 'a') as file:
		            file.write(self.path + '\n')
		        self.send_response(302)
		        self.send_header('Location', f'http://localhost:{self.server.server_port}/moved{self.path}')
		        self.end_headers()

		server = http.server.HTTPServer(('127.0.0.1', 0), Handler)
		with open('port.new', 'w') as file:
		    file.write(str(server.server_port))
		os.rename('port.new', 'port')
		server.serve_forever()
	END
	python3 server.py >served 2>&1 &
	echo $! >pids
	for _ in $(seq 200); do
		[ ! -e port ] || break
		sleep 0.05
	done
	expects 128 "$requilt" -C queue tree add one "http://127.0.0.1:$(<port)/linux.git#main"
	[ "$(grep -c '^/linux.git/' asked)" = 1 ]
	lacks '^/moved' asked
}
