#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# requilt matrix and ci/job; what `requilt ci` makes is tested in ci.bats.

load helper

setup() {
	need jq python3
	make_world "$BATS_TEST_TMPDIR/w"
	cd "$BATS_TEST_TMPDIR" || return
}

matrix() { # STATUS [ARGUMENTS...]
	expects "$1" "$requilt" -C "$queue" matrix "${@:2}"
}

yaml() { # < YAML > JSON
	/usr/bin/python3 -c 'import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin)))'
}

# A requilt that writes down how it is called, one word a line, and can fail.
make_mock() {
	mkdir -p "$BATS_TEST_TMPDIR/c/ci"
	cp "$root/ci/job" "$BATS_TEST_TMPDIR/c/ci/job"
	mock=$BATS_TEST_TMPDIR/mock
	cat >"$mock" <<-END
		#!/bin/sh
		printf '%s\n' "\$@" CALLED >>"$BATS_TEST_TMPDIR/calls"
		case " \$FAILS " in *" \$1 "*) exit 1 ;; esac
		echo "{ \"it is\": \"\$1\" }"
	END
	chmod +x "$mock"
}

job() { # STATUS ARGUMENT...
	: >"$BATS_TEST_TMPDIR/calls"
	expects "$1" env REQUILT="$mock" FAILS="${fails:-}" "$BATS_TEST_TMPDIR/c/ci/job" "${@:2}"
}

calls() { # WORD...: what was called, words joined by blanks, calls by "; "
	tr '\n' ' ' <"$BATS_TEST_TMPDIR/calls" | sed 's/ CALLED /; /g; s/; $//'
}

@test "json: each branch with its arch in each stage, each with one call of requilt" {
	printf '[branch "one"]\n\tboot = yes\n[branch "two"]\n\tarch = arm64\n\tboot = no\n' >>"$queue/series/branches.conf"
	matrix 0
	[ "$(jq -r '.[] | "\(.queue) \(.branch) \(.arch) \(.stage)"' "$out")" = "demo one x86_64 port
demo one x86_64 build
demo one x86_64 sparse
demo one x86_64 boot
demo two arm64 port
demo two arm64 build
demo two arm64 sparse" ]
	[ "$(jq -r '.[0].command | join(" ")' "$out")" = 'requilt port -- demo one' ]
	[ "$(jq -r '.[1].command | join(" ")' "$out")" = 'requilt verify --build --json --queue demo -- one' ]
	[ "$(jq -r '.[2].command | join(" ")' "$out")" = 'requilt verify --sparse --json --queue demo -- one' ]
	[ "$(jq -r '.[3].command | join(" ")' "$out")" = 'requilt verify --boot --json --queue demo -- one' ]
	printf '[branch "two"]\n\tboot = maybe\n' >>"$queue/series/branches.conf"
	matrix 1
	says "'maybe' is neither yes nor no"
}

@test "the calls are ones that requilt takes" {
	matrix 0
	cp "$out" jobs
	jq -c '.[].command' jobs | while read -r command; do
		mapfile -t words < <(jq -r '.[1:][]' <<<"$command")
		status=0
		"$requilt" -C "$queue" "${words[@]}" >/dev/null 2>"$err" || status=$?
		[ "$status" != 129 ] || fail "${words[*]}" "$(cat "$err")"
	done
}

@test "github: one line, for fromJSON" {
	matrix 0 --format github
	[ "$(wc -l <"$out")" = 1 ]
	[ "$(jq -c 'keys' "$out")" = '["include"]' ]
	[ "$(jq '.include | length' "$out")" = 6 ]
	[ "$(jq -c '[.include[] | keys] | unique' "$out")" = '[["arch","branch","queue","stage"]]' ]
	jq -e '[.include[][] | type] | unique == ["string"]' "$out"
}

@test "gitlab: a pipeline whose stages and needs exist" {
	matrix 0 --format gitlab
	yaml <"$out" >pipeline
	jq -S . pipeline >a
	jq -S . "$out" | diff - a
	[ "$(jq -c .stages pipeline)" = '["port","build","sparse","boot","report"]' ]
	jq 'del(.stages, .default)' pipeline >jobs
	[ "$(jq 'length' jobs)" = 7 ]
	jq -e '. as $jobs | all(.[]; (.stage | IN("port", "build", "sparse", "report")) and
		(.script | length == 1) and all(.needs[]?; $jobs[.].stage == "port"))' jobs
	[ "$(jq -r '.["build two x86_64 demo"] | .script[0], .needs[0], .artifacts.when' jobs)" = \
		"ci/job 'demo' 'two' 'build'
port two x86_64 demo
always" ]
	[ "$(jq -c '.["report demo"] | [.when, .needs]' jobs)" = '["always",null]' ]
}

@test "the same input gives the same bytes, in every form" {
	for form in json github gitlab; do
		matrix 0 --format $form
		cp "$out" first
		(cd / && TZ=Asia/Tokyo matrix 0 --format $form)
		cmp first "$out"
	done
	matrix 0 --format json
	cp "$out" first
	matrix 0 --json
	cmp first "$out"
}

@test "a queue's name stays one word, for the shell and for YAML" {
	evil="a'b\"c \$(touch pwned) \${{ x }} #\\: é"
	mv "$queue/series/demo.series" "$queue/series/${evil//\\/}.series"
	evil=${evil//\\/}
	for form in json github gitlab; do
		matrix 0 --format $form
		lacks -nP '[^\x20-\x7e]' "$out"
	done
	yaml <"$out" >pipeline
	make_mock
	script=$(jq -r 'to_entries[] | select(.key | startswith("build two")) | .value.script[0]' pipeline)
	cd "$BATS_TEST_TMPDIR/c"
	: >"$BATS_TEST_TMPDIR/calls"
	REQUILT=$mock sh -c "$script"
	grep -qxF -e "$evil" "$BATS_TEST_TMPDIR/calls" || fail "$(cat "$BATS_TEST_TMPDIR/calls")"
	[ ! -e pwned ]
	ls build/results >names
	[ "$(wc -l <names)" = 1 ]
	grep -qx '[A-Za-z0-9._-]*\.two\.build\.json' names || fail "$(cat names)"
}

@test "queues are taken by name, all of them for none" {
	cp "$queue/series/demo.series" "$queue/series/abc.series"
	matrix 0
	[ "$(jq -r '[.[].queue] | unique | join(" ")' "$out")" = 'abc demo' ]
	matrix 0 demo
	[ "$(jq -r '[.[].queue] | unique | join(" ")' "$out")" = 'demo' ]
	matrix 1 other
	says 'series/other.series: not there'
	[ ! -s "$out" ]
}

@test "what cannot be run is refused" {
	matrix 129 --format travis
	says "matrix: --format takes github, gitlab or json, not 'travis'"
	for i in $(seq 86); do
		printf '[branch "b%s"]\n\ttag = x\n' "$i" >>"$queue/series/branches.conf"
	done
	matrix 1 --format github
	says 'matrix: 264 jobs, and GitHub takes 256; name fewer queues'
	matrix 0 --format gitlab
	: >"$queue/series/branches.conf"
	matrix 1
	says 'names no branch'
}

@test "no kernel repository is needed" {
	rm -rf "$repo"
	matrix 0 --format github
}

@test "ci/job: one port, one verify, its JSON kept" {
	make_mock
	job 0 demo one port
	[ "$(calls)" = 'port --out build/series -- demo one' ]
	[ ! -e "$BATS_TEST_TMPDIR/c/build/results" ]
	for stage in build sparse boot; do
		job 0 demo one $stage
		[ "$(calls)" = "port --out build/series -- demo one; verify --queue demo --$stage --json --out build/series -- one" ] ||
			fail "$(calls)"
		[ "$(cat "$BATS_TEST_TMPDIR/c/build/results/demo.one.$stage.json")" = '{ "it is": "verify" }' ]
	done
}

@test "ci/job: a failed port is not verified, a failed verification fails and keeps its JSON" {
	make_mock
	fails=port job 1 demo one build
	[ "$(calls)" = 'port --out build/series -- demo one' ]
	[ ! -e "$BATS_TEST_TMPDIR/c/build/results" ]
	fails=verify job 1 demo one build
	[ -e "$BATS_TEST_TMPDIR/c/build/results/demo.one.build.json" ]
	job 129 demo one
	job 129 demo one each
	job 129
}

@test "ci/job: the report is drawn even when a port is red, and stdout is its Markdown" {
	make_mock
	fails=port job 0 demo
	[ "$(calls)" = 'port -q --out build/series -- demo; report --queue demo --out build/series --results build/results -o build/report --markdown' ] ||
		fail "$(calls)"
	[ "$(cat "$out")" = '{ "it is": "report" }' ]
}
