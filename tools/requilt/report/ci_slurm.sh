#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Each branch in each stage as a job array of Slurm.  In the queue repository, which all nodes see:
#     bash FILE      submits three: what fetches the bases, the jobs, the report
#     sbatch FILE    the jobs alone, where the bases are there
# Made by requilt @VERSION@, and to be made again when the queue has other branches:
#     @COMMAND@
#SBATCH --job-name=requilt
#SBATCH --array=0-@LAST@
#SBATCH --time=02:00:00
#SBATCH --output=requilt-%A_%a.log
set -euo pipefail

@ASSIGN@
jobs=(
	@JOBS@
)
@PLACES@

set_up() {
	@SETUP@
}

fetch() {
	@FETCH@
}

job() { # NUMBER
	BRANCH=${jobs[2 * $1]} STAGE=${jobs[2 * $1 + 1]}
	@JOB@
}

# Where a job was ended before it had a result, nothing else would say so.
report() {
	local i missing=0

	@REPORT@
	for ((i = 0; i < ${#jobs[@]}; i += 2)); do
		if [ "${jobs[i + 1]}" != port ] && [ ! -s "$results/${jobs[i]}.${jobs[i + 1]}.json" ]; then
			echo "${jobs[i]}: ${jobs[i + 1]} came to no result" >&2
			missing=1
		fi
	done
	[ $missing = 0 ]
}

submit() {
	local bases all

	bases=$(sbatch --parsable --array=0-0 --job-name=requilt-fetch --time=01:00:00 "$0" fetch)
	all=$(sbatch --parsable --kill-on-invalid-dep=yes --dependency="afterok:${bases%%;*}" "$0")
	sbatch --kill-on-invalid-dep=yes --dependency="afterany:${all%%;*}" --array=0-0 --job-name=requilt-report --time=01:00:00 "$0" report
}

case "${1:-}:${SLURM_ARRAY_TASK_ID:-}" in
:) submit ;;
:*)
	set_up
	job "$SLURM_ARRAY_TASK_ID"
	;;
fetch:*)
	set_up
	fetch
	;;
report:*)
	set_up
	report
	;;
*)
	echo "usage: bash $0 [fetch|report]" >&2
	exit 129
	;;
esac
