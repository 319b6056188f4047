#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# requilt ci, and that a repository which is not this one can run what it makes with an installed program.
# Shape is held against a list of the keys that the public JSON schemas take: that of GitHub's workflows in
# SchemaStore and GitLab's own ci.json, both as check-jsonschema 0.37.4 has them.  They validated the two files of
# ci/ when the lists were written; their words are others', so they are not here.

load helper

setup() {
	need jq python3 make scdoc shellcheck
	make_world "$BATS_TEST_TMPDIR/w"
	cd "$BATS_TEST_TMPDIR" || return
}

ci() { # STATUS ARGUMENT...
	expects "$1" "$requilt" -C "$queue" ci "${@:2}"
}

yaml() { # < YAML > JSON
	/usr/bin/python3 -c 'import json, sys, yaml; print(json.dumps(yaml.load(sys.stdin, yaml.BaseLoader)))'
}

# What each object of a workflow may have, and must have (in front of the bar).
check_github() { # JSON
	jq -e '
	def only(need; may): (keys - (need + may)) == [] and (need - keys) == [];
	only(["on", "jobs"]; ["name", "permissions", "env", "defaults"])
	and (.on | all(IN("push", "pull_request")))
	and (.permissions | only([]; ["contents"]) and all(.[]; IN("read", "write", "none")))
	and (.defaults | only(["run"]; []) and (.run | only([]; ["shell", "working-directory"])))
	and all(.jobs | keys[]; test("^[_a-zA-Z][a-zA-Z0-9_-]*$"))
	and all(.jobs[]; only(["runs-on", "steps"]; ["name", "needs", "if", "container", "timeout-minutes", "strategy", "env"])
		and (.["timeout-minutes"] | tonumber > 0)
		and (.strategy // { matrix: 1 } | only(["matrix"]; ["fail-fast", "max-parallel"]))
		and all(.steps[]; only([]; ["id", "if", "name", "uses", "run", "with", "env", "shell"])
			and (has("uses") != has("run")) and (has("with") | not or .)))
	and ([.jobs | keys[] as $name | .[$name].needs // [] | if type == "string" then . else .[] end] - (.jobs | keys) == [])
	' "$1" >/dev/null || fail "not the shape of a workflow:" "$(jq -c . "$1")"
}

check_gitlab() { # JSON
	jq -e '
	def only(need; may): (keys - (need + may)) == [] and (need - keys) == [];
	def list: if type == "array" then .[] else . end;
	. as $all
	| (.default | only([]; ["image", "before_script", "after_script", "cache", "timeout"]))
	and (del(.stages, .default) | all(.[];
		only([]; ["extends", "stage", "needs", "variables", "timeout", "cache", "script", "artifacts", "when"])
		and (has("script") or has("extends"))
		and (.stage // "port" | IN($all.stages[]))
		and ((.needs // []) - ($all | keys) == [])
		and (.when // "always" | IN("always", "on_success", "on_failure", "manual", "delayed", "never"))
		and all(.cache // [] | list; only([]; ["key", "paths", "policy"]) and (.policy // "pull" | IN("pull", "push", "pull-push")))
		and (.artifacts // {} | only([]; ["paths", "when", "reports"]) and (.reports // {} | only([]; ["junit"])))))
	' "$1" >/dev/null || fail "not the shape of a pipeline:" "$(jq -c . "$1")"
}

@test "the files are whole: fetched once, cached, every branch in every stage, strict, both reports, time limits" {
	printf '[branch "one"]\n\tboot = yes\n' >>"$queue/series/branches.conf"
	ci 0 github
	says 'debian:12 has no requilt; name an image that has with --image'
	yaml <"$out" >github
	check_github github
	[ "$(jq -r '.jobs.job.strategy.matrix.include[] | "\(.branch) \(.stage)"' github | tr '\n' ,)" = \
		'one port,one build,one sparse,one boot,two port,two build,two sparse,' ]
	[ "$(jq -c '[.jobs[] | select(.["timeout-minutes"] == null)]' github)" = '[]' ]
	[ "$(jq '[.jobs.fetch.steps[].uses // "" | select(startswith("actions/cache@"))] | length' github)" = 1 ]
	ci 0 gitlab --image example.org/kernels:1
	[ ! -s "$err" ]
	yaml <"$out" >gitlab
	check_gitlab gitlab
	[ "$(jq -r '.default.image' gitlab)" = example.org/kernels:1 ]
	[ "$(jq -r 'del(.stages) | to_entries[] | select(.value.extends) | .key' gitlab | tr '\n' ,)" = \
		'port one,build one,sparse one,boot one,port two,build two,sparse two,' ]
	[ "$(jq -r '.report.artifacts.reports.junit' gitlab)" = build/report/junit.xml ]
	for file in github gitlab; do
		jq -r '.. | strings' $file >words
		for word in 'port --strict' '--junit --strict' '--markdown' "requilt-kernels 'one' 'two'"; do
			says "$word" words
		done
	done
	ci 0 gitlab -q --allow-yellow
	lacks -- --strict "$out"
	says 'if [ "$STAGE" = port ]' "$out"
}

@test "the same input gives the same bytes, and the workflows of this repository are made by it" {
	for system in github gitlab slurm; do
		ci 0 $system
		cp "$out" first
		(cd / && TZ=Asia/Tokyo ci 0 $system)
		cmp first "$out"
	done
	shellcheck first
	for system in github gitlab; do
		yaml <"$root/ci/$system.yml" >$system
		check_$system $system
		# As the file itself says.
		command=$(sed -n 's/^#     requilt //p' "$root/ci/$system.yml")
		eval "expects 0 \"\$requilt\" -C \"\$root\" $command"
		cmp "$out" "$root/ci/$system.yml"
	done
	[ "$(sed -n 's/^#     requilt //p' "$root/ci/github.yml" "$root/ci/gitlab.yml" | sed 's/ci git[a-z]*//' | sort -u)" = \
		" --queue 'folio-rmap' --setup 'ci/deps kernel && make install'" ]
}

@test "what cannot be made is refused" {
	ci 129
	says 'ci: say for what: github, gitlab or slurm'
	ci 129 travis
	says "ci: makes a file for github, gitlab or slurm, not 'travis'"
	[ ! -s "$out" ]
	ci 1 github --queue other
	says 'series/other.series: not there; name a queue that has a series file'
	cp "$queue/series/demo.series" "$queue/series/other.series"
	expects 129 "$requilt" -C "$queue" matrix --format slurm demo other
	expects 129 "$requilt" -C "$queue" matrix --format slurm
	says 'matrix: --format slurm takes one queue; name it'
	expects 0 "$requilt" -C "$queue" matrix --format slurm demo
	cp "$out" slurm
	ci 0 slurm --queue demo
	cmp "$out" slurm
	for i in $(seq 86); do printf '[branch "b%s"]\n\ttag = x\n' "$i"; done >>"$queue/series/branches.conf"
	ci 1 github --queue demo
	says 'ci: 264 jobs, and GitHub takes 256; bind the queue to fewer branches with queue.demo.branch'
	printf '[queue "demo"]\n\tbranch = b1\n' >>"$queue/series/branches.conf"
	ci 0 github --queue demo
	rm "$queue/series/branches.conf"
	ci 1 github --queue demo
}

# A prefix with the program and all that it needs besides the system's programs.
install_program() {
	prefix=$BATS_TEST_TMPDIR/prefix
	# The program is there; `make` would look whether it is current.
	make -s -C "$root" -o build install PREFIX="$prefix" B="$BATS_TEST_TMPDIR/b" >"$BATS_TEST_TMPDIR/log" 2>&1 ||
		fail "$(cat "$BATS_TEST_TMPDIR/log")"
}

# A step or a script as a runner has it: only the prefix and the system's programs, nothing of this environment.
clean() { # SHELL COMMAND [VARIABLE=VALUE...]
	local shell=$1 text=$2

	shift 2
	(cd "$queue" && env -i PATH="$prefix/bin:/usr/bin:/bin" HOME="$BATS_TEST_TMPDIR/ci-home" LC_ALL=C "$@" \
		"$shell" -e -c "$text")
}

ready() {
	mkdir -p "$BATS_TEST_TMPDIR/b" "$BATS_TEST_TMPDIR/ci-home"
	cp "$requilt" "$BATS_TEST_TMPDIR/b/requilt"
	install_program
	# Kernels are not there before fetch was run.
	mv "$repo" "$BATS_TEST_TMPDIR/away.git"
	sed -i '/repository/d' "$queue/series/branches.conf"
	fetch='git clone -q --mirror "$AWAY" "$kernels"'
}

# What all of it must have left in the queue's repository.
check_run() {
	[ "$(jq -r .branches[0].message "$queue/build/results/one.build.json")" != '' ]
	says '| port | green | green |' "$queue/build/report/report.md"
	says '<testsuite name="one"' "$queue/build/report/junit.xml"
	[ -s "$queue/build/report/index.html" ]
	rm -r "$queue/build" "$queue/.cache"
}

@test "a repository of others runs its jobs with the installed program" {
	ready
	ci 0 github --image x --fetch "$fetch"
	yaml <"$out" >github
	step() { # JOB NAME [VARIABLE=VALUE...]
		local text

		text=$(jq -r --arg name "$2" ".jobs.$1.steps[] | select(.name == \$name) | .run" github)
		clean bash "$text" QUEUE=demo AWAY="$BATS_TEST_TMPDIR/away.git" GITHUB_STEP_SUMMARY="$BATS_TEST_TMPDIR/summary" "${@:3}"
	}
	step fetch 'set up'
	step fetch 'fetch the bases'
	for branch in one two; do step job 'port and verify' BRANCH=$branch STAGE=port; done
	expects 1 step job 'port and verify' BRANCH=one STAGE=build
	# The tree of this test cannot be compiled: the verdict of the run is not good, the report is there.
	expects 1 step report report
	cmp "$BATS_TEST_TMPDIR/summary" "$queue/build/report/report.md"
	check_run

	ci 0 gitlab --image x --fetch "$fetch"
	yaml <"$out" >gitlab
	script() { # JOB
		local text

		text=$(jq -r --arg name "$1" '. as $all | .[$name] | [$all.default.before_script[], ($all[.extends // ""] // . | .script[])] | join("\n")' gitlab)
		mapfile -t variables < <(jq -r --arg name "$1" '.[$name].variables // {} | to_entries[] | "\(.key)=\(.value)"' gitlab)
		clean bash "$text" AWAY="$BATS_TEST_TMPDIR/away.git" "${variables[@]}"
	}
	script fetch
	script 'port one'
	rm -r "$queue/.cache"
	script 'port two'
	expects 1 script 'build one'
	expects 1 script report
	check_run
}

@test "slurm: the bases, then the array, then the report, with a stand-in for sbatch" {
	ready
	cat >"$prefix/bin/sbatch" <<-'END'
		#!/bin/bash
		# Runs what is submitted at once, as an array where it is one, and prints an id.
		words=() array= dependency=
		for word; do
			case $word in
			--array=*) array=${word#*=} ;;
			--dependency=*) dependency=${word#*=} ;;
			-*) ;;
			*) words+=("$word") ;;
			esac
		done
		[ "$array" ] || array=$(sed -n 's/^#SBATCH --array=//p' "${words[0]}")
		id=$(($(cat "$HOME/ids" 2>/dev/null || echo 0) + 1))
		echo $id >"$HOME/ids"
		for task in $(seq "${array%-*}" "${array#*-}"); do
			SLURM_ARRAY_TASK_ID=$task bash "${words[@]}" >>"$HOME/log" 2>&1
			echo "$id $task $dependency ${words[*]:1}: $?" >>"$HOME/done"
		done
		echo $id
	END
	chmod +x "$prefix/bin/sbatch"
	printf '[queue "demo"]\n\tbranch = one\n' >>"$queue/series/branches.conf"
	ci 0 slurm --fetch "$fetch"
	cp "$out" "$queue/job.slurm"
	clean bash 'bash job.slurm' AWAY="$BATS_TEST_TMPDIR/away.git" XDG_CACHE_HOME="$queue/.cache" kernels=x
	[ "$(cat "$BATS_TEST_TMPDIR/ci-home/done")" = '1 0  fetch: 0
2 0 afterok:1 : 0
2 1 afterok:1 : 1
2 2 afterok:1 : 1
3 0 afterany:2 report: 1' ] || fail "$(cat "$BATS_TEST_TMPDIR/ci-home/done" "$BATS_TEST_TMPDIR/ci-home/log")"
	says '| port | green |' "$queue/build/report/report.md"
	expects 129 clean bash 'bash job.slurm nonsense' SLURM_ARRAY_TASK_ID=0
	# the port is green, and the other jobs were ended
	rm -r "$queue/build/results"
	expects 1 clean bash 'bash job.slurm report' SLURM_ARRAY_TASK_ID=0 XDG_CACHE_HOME="$queue/.cache" kernels=x
	says 'one: build came to no result'
}

@test "a queue's name stays one word, for YAML, for GitHub's expressions and for the shell" {
	evil="a'b\"c \$(touch pwned) \${{ github.token }} #: \`touch pwned\` @JOBS@ %s é😀"
	mv "$queue/series/demo.series" "$queue/series/$evil.series"
	for system in github gitlab slurm; do
		ci 0 $system -q
		[ $system = slurm ] || lacks -nP '[^\x09\x20-\x7e]' "$out"
		cp "$out" $system
	done
	yaml <github >github.json
	yaml <gitlab >gitlab.json
	check_github github.json
	check_gitlab gitlab.json
	# GitHub evaluates an expression that is a string of these three signs.
	[ "$(jq -r .env.QUEUE github.json | sed "s/\${{ '\${{' }}/\${{/g")" = "$evil" ]
	[ "$(jq -r .env.QUEUE github.json | grep -o '\${{[^}]*}}')" = "\${{ '\${{' }}" ]
	[ "$(bash -c "$(jq -r '.default.before_script[1]' gitlab.json)"'; printf %s "$QUEUE"')" = "$evil" ]
	[ "$(bash -c "$(grep '^QUEUE=' slurm)"'; printf %s "$QUEUE"')" = "$evil" ]
	bash -n slurm
	jq -r '.jobs[].steps[].run // empty' github.json >scripts
	lacks -F '${{' scripts
	lacks -F pwned scripts
	# A name, or a command, with a line of its own ends no comment.
	ci 0 gitlab -q --setup $'true\nmalicious: yes'
	yaml <"$out" >gitlab.json
	check_gitlab gitlab.json
	[ "$(jq -r '.default.before_script[0]' gitlab.json)" = $'true\nmalicious: yes' ]
	[ ! -e pwned ]
}

@test "make uninstall takes back what make install wrote" {
	ready
	"$prefix/bin/requilt-kernels" --help | grep -q 'usage: ci/kernels'
	for file in share/requilt/ci/kconfig/boot.config share/requilt/ci/guest/init libexec/requilt/mirrors share/doc/requilt/COPYING \
		share/man/man1/requilt-ci.1 share/zsh/site-functions/_requilt; do
		[ -s "$prefix/$file" ] || fail "$file is missing"
	done
	# A fragment of the installed ones, since this queue has none of its own.
	printf '[branch "one"]\n\tfragment = mm.config\n\tfragment = none.config\n' >>"$queue/series/branches.conf"
	expects 0 "$prefix/bin/requilt" -C "$queue" --repo "$BATS_TEST_TMPDIR/away.git" port -q demo one
	expects 1 "$prefix/bin/requilt" -C "$queue" --repo "$BATS_TEST_TMPDIR/away.git" verify --build one
	says "$prefix/share/requilt/ci/kconfig/none.config: not there" "$out"
	touch "$prefix/bin/other"
	make -s -C "$root" uninstall PREFIX="$prefix" B="$BATS_TEST_TMPDIR/b"
	[ "$(cd "$prefix" && find . ! -type d)" = ./bin/other ]
}
