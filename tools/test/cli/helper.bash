# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Tiny repositories made on the spot, and a check of exit statuses that no test forgets.
# Nothing of the machine or its user reaches a test; what is missing fails it.

for name in ${!GIT_*} ${!QUILT*}; do unset "$name"; done
export LC_ALL=C TZ=UTC HOME=$BATS_TEST_TMPDIR/home
# Tests look for what is left of temporaries, and others run beside them.
export TMPDIR=$BATS_TEST_TMPDIR
export XDG_CACHE_HOME=$BATS_TEST_TMPDIR/cache XDG_DATA_HOME=$BATS_TEST_TMPDIR/data XDG_CONFIG_HOME=$BATS_TEST_TMPDIR/config
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
export GIT_AUTHOR_NAME=base GIT_AUTHOR_EMAIL=base@example.org
export GIT_COMMITTER_NAME=base GIT_COMMITTER_EMAIL=base@example.org
export GIT_AUTHOR_DATE='1700000000 +0000' GIT_COMMITTER_DATE='1700000000 +0000'
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
export LSAN_OPTIONS=suppressions=$root/tools/test/leaks:print_suppressions=0
requilt=$(realpath -m "${REQUILT:-$root/build/requilt}")

# shellcheck source=tools/test/hang.bash
. "$(dirname "${BASH_SOURCE[0]}")/../hang.bash"

fail() {
	printf '%s\n' "$@" >&2
	return 1
}

need() { # PROGRAM...
	local program

	for program; do
		command -v "$program" >/dev/null || fail "$program is missing: run ci/deps"
	done
}

# A PATH of everything that there is but what is named: the folder $world/bin, made again.
path_without() { # PROGRAM...
	local program

	rm -rf "${world:?}/bin" && mkdir "$world/bin"
	# ln fails for a name that an earlier folder has, which stands, as in a PATH of these.
	find -H /usr/local/bin /usr/bin /bin -maxdepth 1 ! -type d -exec ln -s -t "$world/bin" {} + \
		2>/dev/null || true
	[ -e "$world/bin/git" ] || fail 'the PATH could not be made' || return
	for program; do rm -f "$world/bin/$program"; done
	PATH=$world/bin
}

# Runs a command, keeps stdout and stderr in the files $out and $err, and fails when its
# exit status is another one.
expects() { # STATUS COMMAND...
	local want=$1 status=0

	shift
	"$@" >"$out" 2>"$err" || status=$?
	if [ "$status" != "$want" ]; then
		fail "exit status $status, expected $want: ${*:1:8}" \
			"--- stdout" "$(head -n 40 "$out")" "--- stderr" "$(head -n 40 "$err")"
	fi
}

# Whether $err (or the file $2) holds the text.
says() { # TEXT [FILE]
	local text

	text=$(<"${2:-$err}")
	# A line of more than 100 columns goes on eight further in.
	[[ $text == *"$1"* || ${text//$'\n        '/ } == *"$1"* ]] || fail "'$1' is not in:" "$(head -n 40 "${2:-$err}")"
}

# Fails where grep finds something, and where it could not look (its status 2: no such file).
lacks() { # GREP ARGUMENTS
	local status=0

	grep "$@" || status=$?
	[ $status = 1 ] || fail "found, or could not look (grep's status $status): grep $*"
}

# Fails where the command prints something, and where it fails.
prints_nothing() { # COMMAND...
	local text status=0

	text=$("$@") || status=$?
	[ $status = 0 ] || fail "exit status $status: ${*:1:8}" || return
	[ -z "$text" ] || fail "printed, and should print nothing: ${*:1:8}" "$(head -n 40 <<<"$text")"
}

lines() { seq "$1" "$2" | sed 's/^/line /'; }

# A folder becomes the next commit of a branch of the bare repository $repo.
commit_base() { # BRANCH FOLDER
	local tree parent

	rm -f "$BATS_TEST_TMPDIR/index"
	tree=$(GIT_INDEX_FILE=$BATS_TEST_TMPDIR/index git --git-dir="$repo" --work-tree="$2" add -A -f . &&
		GIT_INDEX_FILE=$BATS_TEST_TMPDIR/index git --git-dir="$repo" write-tree) || return 1
	parent=$(git --git-dir="$repo" rev-parse -q --verify "refs/heads/$1") || parent=
	git --git-dir="$repo" update-ref "refs/heads/$1" \
		"$(git --git-dir="$repo" commit-tree -m "base of $1" ${parent:+-p $parent} "$tree")"
}

checkout() { # TREEISH FOLDER
	rm -rf "$2" && mkdir -p "$2" && git --git-dir="$repo" archive "$1" | tar -x -C "$2"
}

tree_of() { # FOLDER: the id of its tree, quilt's own files left out
	rm -f "$BATS_TEST_TMPDIR/index"
	GIT_INDEX_FILE=$BATS_TEST_TMPDIR/index git --git-dir="$repo" --work-tree="$1" \
		add -A -f . ':!.pc' ':!patches'
	GIT_INDEX_FILE=$BATS_TEST_TMPDIR/index git --git-dir="$repo" write-tree
}

head_of() { # BRANCH: the commit that the port left, or "none"
	git --git-dir="$repo" rev-parse -q --verify "refs/heads/requilt/demo/$1" || echo none
}

# What FUNCTION makes of the new FOLDER: made by the first test of a file and copied for the
# others, since most of a test's time is git's that starts.  Must name nothing outside of it.
once() { # FUNCTION FOLDER
	local kept=${BATS_FILE_TMPDIR:-$BATS_TEST_TMPDIR}/once-$1

	mkdir -p "$2"
	if [ -d "$kept" ]; then
		cp -a "$kept/." "$2"
	else
		"$1" || return
		cp -a "$2" "$kept.new" && mv "$kept.new" "$kept"
	fi
}

# The kernel repository with the branches one (6.1.5) and two (6.12.1), whose files are
# longer above, and a queue repository with two patches.
make_world() { # FOLDER
	name_world "$1"
	once fill_world "$world"
}

# Where the parts of a world are, before it is made.
name_world() { # FOLDER
	world=$1 repo=$1/linux.git queue=$1/queue
	out=$BATS_TEST_TMPDIR/out err=$BATS_TEST_TMPDIR/err
	mkdir -p "$HOME"
}

fill_world() {
	mkdir -p "$queue/series" "$queue/patches/demo"
	git init -q --bare -b none "$repo"
	make_base 6 1 5 >/dev/null && commit_base one "$world/tree"
	make_base 6 12 1 && sed -i '1i int more;\nint above;' "$world/tree/mm/a.c" &&
		echo 'int late(void);' >>"$world/tree/mm/late.h" && commit_base two "$world/tree"
	cat >"$queue/series/branches.conf" <<-'END'
		[core]
			repository = ../linux.git
			committer = Port Er <porter@example.org>
		[branch "one"]
			tag = old
		[branch "two"]
			tag = new
	END
	printf '# the demo queue\ndemo/0001-ten.patch\ndemo/0002-file.patch\n' >"$queue/series/demo.series"
	patch_ten 'line ten' >"$queue/patches/demo/0001-ten.patch"
	patch_file >"$queue/patches/demo/0002-file.patch"
}

make_base() { # VERSION PATCHLEVEL SUBLEVEL
	rm -rf "$world/tree" && mkdir -p "$world/tree/mm" "$world/tree/Documentation"
	printf 'VERSION = %s\nPATCHLEVEL = %s\nSUBLEVEL = %s\nEXTRAVERSION =\n' "$@" >"$world/tree/Makefile"
	lines 1 40 >"$world/tree/mm/a.c"
	lines 1 12 >"$world/tree/mm/b.c"
	lines 1 5 >"$world/tree/Documentation/gone.rst"
}

# The hunk that changes line $1 of the numbered files to $2.
hunk() { # LINE TEXT
	local a=$(($1 - 3))

	printf '@@ -%s,7 +%s,7 @@\n line %s\n line %s\n line %s\n' $a $a $a $(($1 - 2)) $(($1 - 1))
	printf -- '-line %s\n+%s\n' "$1" "$2"
	printf ' line %s\n' $(($1 + 1)) $(($1 + 2)) $(($1 + 3))
}

head_lines() { # SUBJECT [HEADER LINES]
	printf 'From: Ann Author <ann@example.org>\nDate: Wed, 20 Dec 2023 23:44:24 +0100\n'
	printf 'Subject: [PATCH 1/2] %s\n\nIt is better so.\n\n%sSigned-off-by: Ann Author <ann@example.org>\n---\n' \
		"$1" "${2:+$2
}"
}

patch_ten() { # [TEXT [HEADER LINES]]
	head_lines 'mm: spell ten' "${2:-}"
	printf ' mm/a.c | 2 +-\n\ndiff --git a/mm/a.c b/mm/a.c\n--- a/mm/a.c\n+++ b/mm/a.c\n'
	hunk 10 "${1:-line ten}"
	printf -- '-- \n2.39.5\n'
}

patch_file() {
	head_lines 'mm: a file comes, a page goes'
	printf '\ndiff --git a/Documentation/gone.rst b/Documentation/gone.rst\ndeleted file mode 100644\n'
	printf -- '--- a/Documentation/gone.rst\n+++ /dev/null\n@@ -1,5 +0,0 @@\n'
	lines 1 5 | sed 's/^/-/'
	printf 'diff --git a/mm/a.c b/mm/a.c\n--- a/mm/a.c\n+++ b/mm/a.c\n'
	hunk 30 'line thirty'
	printf 'diff --git a/mm/new.c b/mm/new.c\nnew file mode 100644\n--- /dev/null\n+++ b/mm/new.c\n'
	printf '@@ -0,0 +1,2 @@\n+int new_thing(void);\n+int other_thing(void);\n'
}

port() { # [OPTIONS...]: the demo queue
	"$requilt" -C "$queue" port demo "$@"
}

# Every file's name, bytes and times below the output folder and the repository, and the refs.
snapshot() {
	(cd "$queue/series" && find . -type f -printf '%p %T@ %i\n' -exec sha256sum {} + | sort)
	(cd "$repo" && find . -type f -printf '%p %T@ %s\n' | sort)
	git --git-dir="$repo" for-each-ref
}
