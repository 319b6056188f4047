#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# `requilt edit`: an entry changed where it stands on a branch, in the middle of a queue.

load helper

setup() {
	need git jq "$requilt"
	make_world "$BATS_TEST_TMPDIR/world"
	cd "$BATS_TEST_TMPDIR" || return
	hand=$queue/.requilt/edit/demo/two
	ten=$queue/patches/demo/0001-ten.patch
}

rq() { # STATUS WORD...
	local want=$1

	shift
	expects "$want" "$requilt" -C "$queue" "$@"
}

# Text in front of the first diff, and after the last hunk.
around() { # FILE
	sed '/^diff --git/,$d' "$1"
	sed -n '/^-- $/,$p' "$1"
}

@test "a small work tree has the entry applied, and git diff there is the patch" {
	rq 0 edit demo two 0001-ten
	says 'demo/0001-ten.patch on two' "$out"
	says '    mm/a.c' "$out"
	[ "$(cd "$hand" && find . -path ./.git -prune -o -type f -print)" = ./mm/a.c ]
	[ "$(grep -cxe 'line ten' -e 'int above;' "$hand/mm/a.c")" = 2 ]
	git -C "$hand" diff >"$BATS_TEST_TMPDIR/diff"
	[ "$(grep -c '^[-+]' "$BATS_TEST_TMPDIR/diff")" = 4 ]
	says '+line ten' "$BATS_TEST_TMPDIR/diff"
	git init -q "$queue"
	prints_nothing git -C "$queue" status --porcelain .requilt
	rq 1 edit demo two 0002
	says 'demo/0001-ten.patch is open in '
	rq 0 edit demo two --abort
	[ ! -e "$hand" ]
	[ ! -e "$hand.state" ]
	rq 129 edit demo two --abort
	# what comes and goes is in the diff too
	rq 0 edit demo two 0002
	says 'Documentation/gone.rst (gone)' "$out"
	git -C "$hand" diff --summary >"$BATS_TEST_TMPDIR/diff"
	says 'create mode 100644 mm/new.c' "$BATS_TEST_TMPDIR/diff"
	says 'delete mode 100644 Documentation/gone.rst' "$BATS_TEST_TMPDIR/diff"
}

@test "--continue --source renews the patch for all branches and keeps its header" {
	cp "$ten" "$BATS_TEST_TMPDIR/ten"
	rq 0 edit demo two 0001-ten
	sed -i 's/^line ten$/line ten\nand more/; s/^line 38$/line thirty-eight/' "$hand/mm/a.c"
	rq 129 edit demo two --continue
	says 'say --source, to change '
	rq 0 edit demo two --continue --source
	says 'patches/demo/0001-ten.patch: written' "$out"
	[ ! -e "$hand" ]
	[ ! -e "$hand.state" ]
	diff <(around "$BATS_TEST_TMPDIR/ten") <(around "$ten")
	grep -qx '+and more' "$ten"
	grep -qx '@@ -9,7 +9,8 @@ line 6' "$ten"
	rq 0 port demo
	for branch in one two; do
		git --git-dir="$repo" show "refs/heads/requilt/demo/$branch:mm/a.c" >"$BATS_TEST_TMPDIR/a.c"
		[ "$(grep -cxe 'and more' -e 'line thirty-eight' -e 'line thirty' "$BATS_TEST_TMPDIR/a.c")" = 3 ]
	done
	# nothing changed: every byte stays
	cp "$ten" "$BATS_TEST_TMPDIR/ten"
	rq 0 edit demo one 0001
	rq 0 edit demo one --continue --source
	cmp "$ten" "$BATS_TEST_TMPDIR/ten"
}

@test "--variant writes a patch of the branch's own, and the next edit changes that" {
	cp "$ten" "$BATS_TEST_TMPDIR/ten"
	rq 0 edit demo two 0001-ten
	sed -i 's/^line ten$/line ten of two/' "$hand/mm/a.c"
	rq 0 edit demo two --continue --variant
	cmp "$ten" "$BATS_TEST_TMPDIR/ten"
	grep -qx '+line ten of two' "$queue/patches/demo/two/0001-ten.patch"
	diff <(around "$ten") <(around "$queue/patches/demo/two/0001-ten.patch")
	rq 0 edit demo two 0001-ten
	sed -i 's/^line ten of two$/line ten again/' "$hand/mm/a.c"
	rq 1 edit demo two --continue --source
	says 'two has a patch of its own'
	rq 0 edit demo two --continue
	grep -qx '+line ten again' "$queue/patches/demo/two/0001-ten.patch"
	rq 0 port demo
	git --git-dir="$repo" show refs/heads/requilt/demo/one:mm/a.c | grep -qx 'line ten'
	git --git-dir="$repo" show refs/heads/requilt/demo/two:mm/a.c | grep -qx 'line ten again'
}

@test "files come, go and are brought in" {
	rq 0 edit demo two 0002
	echo 'int third(void);' >>"$hand/mm/new.c"
	echo 'int other;' >"$hand/mm/more.c"
	rq 1 edit demo two --continue --source
	says 'mm/more.c: not one of the files'
	rq 0 edit demo two --add mm/more.c
	rq 0 edit demo two --add mm/b.c
	sed -i 's/^line 5$/line five/' "$hand/mm/b.c"
	git -C "$hand" diff --stat >"$BATS_TEST_TMPDIR/stat"
	says '5 files changed' "$BATS_TEST_TMPDIR/stat"
	git --git-dir="$repo" show two:Documentation/gone.rst >"$BATS_TEST_TMPDIR/gone"
	mkdir -p "$hand/Documentation" && cp "$BATS_TEST_TMPDIR/gone" "$hand/Documentation/gone.rst"
	rq 0 edit demo two --continue --source
	lacks gone.rst "$queue/patches/demo/0002-file.patch"
	rq 0 port demo
	git --git-dir="$repo" show refs/heads/requilt/demo/one:mm/more.c | grep -qx 'int other;'
	git --git-dir="$repo" show refs/heads/requilt/demo/one:mm/new.c | grep -qx 'int third(void);'
	git --git-dir="$repo" show refs/heads/requilt/demo/one:mm/b.c | grep -qx 'line five'
	git --git-dir="$repo" show refs/heads/requilt/demo/one:Documentation/gone.rst | cmp - "$BATS_TEST_TMPDIR/gone"
}

@test "what follows is tried, and a conflict is told" {
	rq 0 edit demo two 0001-ten
	sed -i 's/^line 30$/line XXX/' "$hand/mm/a.c"
	rq 1 edit demo two --continue --source
	says 'demo/0002-file.patch on one: conflict' "$out"
	says 'demo/0002-file.patch on two: conflict' "$out"
	says 'the patch is written; 2 entries are red from it on'
	[ ! -e "$hand" ]
}

@test "what cannot be edited is refused before anything is made" {
	printf 'demo/0001-ten.patch #-new\ndemo/0002-file.patch\n' >"$queue/series/demo.series"
	rq 1 edit demo two 0001
	says 'is not for two'
	rq 1 edit demo two nothing
	rq 1 edit demo three 0001
	printf 'demo/0001-ten.patch -p1 -R\ndemo/0002-file.patch\n' >"$queue/series/demo.series"
	rq 1 edit demo two 0001
	printf 'demo/0001-ten.patch\ndemo/0002-file.patch\n' >"$queue/series/demo.series"
	patch_ten | sed 's/^-line 10/-line X/' >"$ten"
	rq 1 edit demo two 0002
	says "demo/0001-ten.patch on two: conflict; 'requilt resolve demo two' takes it up first"
	[ ! -e "$queue/.requilt" ]
	rq 129 edit demo
	rq 129 edit demo two
	rq 129 edit demo two 0001 --source
	rq 129 edit demo two --continue
}

@test "a queue that changed meanwhile, a marker that is left, and files as they were are refused" {
	rq 0 edit demo two 0001-ten
	echo '<<<<<<< mine' >>"$hand/mm/a.c"
	rq 1 edit demo two --continue --source
	says 'a conflict marker is left'
	sed -i '$d' "$hand/mm/a.c"
	git -C "$hand" checkout -q .
	rq 1 edit demo two --continue --source
	says "'requilt drop' takes it out"
	sed -i 's/^line 10$/line TEN/' "$hand/mm/a.c"
	patch_ten 'line ten!' >"$ten"
	rq 1 edit demo two --continue --source
	says 'the queue or its base changed since demo/0001-ten.patch was opened'
	grep -qx 'line TEN' "$hand/mm/a.c"
}

@test "a run that was killed after it wrote the patch is finished by the next" {
	rq 0 edit demo two 0001-ten
	sed -i 's/^line ten$/line TEN/' "$hand/mm/a.c"
	cp -a "$queue/.requilt/edit" "$BATS_TEST_TMPDIR/kept"
	rq 0 edit demo two --continue --source
	cp -a "$BATS_TEST_TMPDIR/kept" "$queue/.requilt/edit.new" && rm -r "$queue/.requilt/edit" && mv "$queue/.requilt/edit.new" "$queue/.requilt/edit"
	cp "$ten" "$BATS_TEST_TMPDIR/ten"
	rq 0 edit demo two --continue --source
	cmp "$ten" "$BATS_TEST_TMPDIR/ten"
	[ ! -e "$hand" ]
}

@test "of what was resolved on a branch only a variant can be made" {
	checkout two "$BATS_TEST_TMPDIR/two"
	sed -i 's/^line 10$/LINE 10 of two/' "$BATS_TEST_TMPDIR/two/mm/a.c"
	commit_base two "$BATS_TEST_TMPDIR/two"
	rq 1 resolve demo two
	lines 1 40 | sed -e 's/^line 10$/line ten/' -e '1i int more;\nint above;' >"$queue/.requilt/resolve/demo/two/mm/a.c"
	rq 0 resolve demo two --continue --who 'A Hand <hand@example.org>' --note 'capitals'
	rq 0 edit demo two 0001-ten
	sed -i 's/^line ten$/line ten, by hand/' "$hand/mm/a.c"
	rq 1 edit demo two --continue --source
	says 'does not fit on two as it is'
	rq 0 edit demo two --continue
	grep -qx '+line ten, by hand' "$queue/patches/demo/two/0001-ten.patch"
	grep -qx '\[ A Hand: capitals \]' "$queue/patches/demo/two/0001-ten.patch"
	rq 0 port demo
}

# Of FILE, with the counts of its hunks changed by as much on both sides.
miscounted() { # FILE
	awk 'match($0, /^@@ -[0-9]+(,[0-9]+)? \+[0-9]+(,[0-9]+)? @@/) {
		split($2, a, ","); split($3, b, ","); rest = substr($0, RLENGTH + 1)
		print "@@ " a[1] "," (a[2] == "" ? 1 : a[2]) + 5 " " b[1] "," (b[2] == "" ? 1 : b[2]) + 5 " @@" rest; next } 1' "$1"
}

@test "of a file that has another name on a branch only a variant can be made, under that name" {
	git --git-dir="$repo" archive two | tar -x -C "$world/tree"
	mkdir -p "$world/tree/kernel"
	mv "$world/tree/mm/a.c" "$world/tree/kernel/a.c"
	commit_base two "$world/tree"
	echo demo/0001-ten.patch >"$queue/series/demo.series"
	cp "$ten" "$BATS_TEST_TMPDIR/ten"
	rq 0 edit demo two 0001-ten
	sed -i 's/^line ten$/line ten\nand more/' "$hand/kernel/a.c"
	rq 1 edit demo two --continue --source
	says '--source: mm/a.c is kernel/a.c on two, so the patch there is not for all branches; --variant'
	cmp "$ten" "$BATS_TEST_TMPDIR/ten"
	rq 0 edit demo two --continue --variant
	cmp "$ten" "$BATS_TEST_TMPDIR/ten"
	[ "$(grep -c '^diff --git' "$queue/patches/demo/two/0001-ten.patch")" = 1 ]
	grep -q '^+++ b/kernel/a.c' "$queue/patches/demo/two/0001-ten.patch"
	rq 0 port demo
	[ "$(jq -r '.entries[0].outcome' "$queue/series/demo/two/port.json")" = exact ]
}

@test "refresh --recount: counts that are wrong become those that were right, in every patch of a real queue" {
	local n=0 file

	for file in "$root"/patches/folio-rmap/*.patch; do
		cp "$file" x.patch
		expects 0 "$requilt" refresh --recount x.patch
		cmp "$file" x.patch
		miscounted "$file" >x.patch
		expects 0 "$requilt" refresh --recount x.patch
		cmp "$file" x.patch || fail "$file"
		n=$((n + 1))
	done
	[ "$n" -gt 10 ]
}

@test "refresh --recount says what it changed, moves what follows, and keeps the rest" {
	{
		head_lines 'mm: two'
		printf '  @@ -1,2 +1,2 @@ in the message\n\n--- a/mm/a.c\n+++ b/mm/a.c\n'
		hunk 10 'line ten'
		hunk 30 'line thirty'
		printf -- '--- a/mm/n.c\t2020\n+++ b/mm/n.c\t2021\n@@ -0,0 +1 @@\n+one\n-- \n2.39.5\n\n-a mail\n'
	} >x.patch
	cp x.patch right.patch
	sed 's/^+line ten$/+line ten\n+and\n+more/; s/^+one$/+one\n+two/' right.patch >x.patch
	sed 's/^+line ten$/+line ten\n+and\n+more/; s/^+one$/+one\n+two/; s/^@@ -7,7 +7,7 @@/@@ -7,7 +7,9 @@/
		s/^@@ -27,7 +27,7 @@/@@ -27,7 +29,7 @@/; s/^@@ -0,0 +1 @@/@@ -0,0 +1,2 @@/' right.patch >want.patch
	cp x.patch wrong.patch
	expects 0 "$requilt" refresh --recount -n x.patch
	cmp wrong.patch x.patch
	expects 0 "$requilt" refresh --recount x.patch
	cmp want.patch x.patch
	says 'x.patch:13: @@ -7,7 +7,7 @@ -> @@ -7,7 +7,9 @@' "$out"
	[ "$(wc -l <"$out")" = 3 ]
	expects 0 "$requilt" refresh --recount x.patch
	says 'the counts are right' "$out"
}

recounts() { # STATUS WANTED-HEADER-OR-REASON HUNK: of one file
	printf -- '--- a/x\n+++ b/x\n%b' "$3" >x.patch
	cp x.patch before
	expects "$1" "$requilt" refresh --recount x.patch
	if [ "$1" = 0 ]; then
		[ "$(grep -m 1 '^@@' x.patch)" = "$2" ] || fail "$(cat x.patch)"
		cmp <(sed 3d before) <(sed 3d x.patch)
	else
		says "$2"
		cmp before x.patch
	fi
}

@test "refresh --recount: '-- ' that goes and a tab that lost its blank are lines of a hunk" {
	local next

	for next in '' '@@ -9 +8 @@\n-a\n+b\n' '--- a/y\n+++ b/y\n@@ -9 +9 @@\n-a\n+b\n' \
		'diff --git a/y b/y\n--- a/y\n+++ b/y\n@@ -9 +9 @@\n-a\n+b\n' '-- \n2.39.5\n' '\n-- \nA U Thor\n'; do
		recounts 0 '@@ -1,2 +1 @@' "@@ -1,2 +1 @@\n a\n-- \n$next"
		cmp before x.patch
		says 'the counts are right' "$out"
	done
	recounts 0 '@@ -1,2 +1 @@' '@@ -1,2 +1 @@\n a\n-b\n-- \n--- a/y\n+++ b/y\n@@ -9 +9 @@\n-a\n+b\n'
	recounts 0 '@@ -1,2 +1 @@' '@@ -1,7 +1,7 @@\n a\n-- \n-- \n2.39.5\n'
	recounts 0 '@@ -1,2 +1 @@' '@@ -1,3 +1 @@\n a\n-b\n-- \n2.39.5\n'
	recounts 0 '@@ -1,3 +1,3 @@' '@@ -1,9 +1,9 @@\n-a\n+b\n\tc\n d\n'
	recounts 0 '@@ -1,3 +1,4 @@' '@@ -1,3 +1,3 @@\n-a\n+b\n\tc\n d\n+e\n'
}

@test "refresh --recount: a link stays a link, and a file keeps its mode" {
	printf -- '--- a/x\n+++ b/x\n@@ -1 +1 @@\n a\n+b\n' >real.patch
	chmod 600 real.patch
	ln -s real.patch link.patch
	expects 0 "$requilt" refresh --recount link.patch
	[ -L link.patch ]
	[ "$(stat -c %a real.patch)" = 600 ]
	[ "$(sed -n 3p real.patch)" = '@@ -1 +1,2 @@' ]
}

@test "refresh --recount refuses what may be one thing or the other" {
	recounts 0 '@@ -1,2 +1,3 @@' '@@ -1 +1 @@\n a\n+b\n c\n'
	recounts 0 '@@ -1 +1,2 @@' '@@ -1,9 +1,9 @@\n a\n+b\n\\ No newline at end of file\n'
	recounts 0 '@@ -1,3 +1,3 @@' '@@ -1,9 +1,9 @@\n a\n\n-b\n+c\n'
	recounts 0 '@@ -0,0 +1,2 @@ f' '@@ -1,4 +1,2 @@ f\n+a\n+b\n'
	recounts 0 '@@ -1,2 +0,0 @@' '@@ -1 +0,0 @@\n-a\n-b\n'
	recounts 0 '@@ -1,3 +1 @@' '@@ -1,2 +1,2 @@\n-a\n-- b\n c\n'
	recounts 0 '@@ -1,2 +1,2 @@' '@@ -1,2 +1,2 @@\n a\n-b\n+c\n\n'
	recounts 0 '@@ -1,3 +1,3 @@' '@@ -1,3 +1,3 @@\n a\n-b\n+c\n\n'
	recounts 0 '@@ -1 +1,2 @@' '@@ -1,9 +1,9 @@\n a\n+b\n-- \n2.39.5\n'
	recounts 1 'x.patch:7: an empty line at the end of a hunk' '@@ -1,7 +1,7 @@\n a\n-b\n+c\n\n'
	recounts 1 "x.patch:5: begins with neither ' ', '+', '-' nor" '@@ -1,2 +1,2 @@\n a\nb\n+c\n'
	recounts 1 'x.patch:5: a header of a file, or a line that goes and one that comes' '@@ -1 +1 @@\n a\n--- that\n+++ this\n@@ -9 +9 @@\n-a\n+b\n'
	recounts 1 'x.patch:3: a hunk without lines' '@@ -1 +1 @@\n'
	recounts 1 "x.patch:6: '-- ' is a line that goes, or a mail's signature" '@@ -1,7 +1,7 @@\n a\n+b\n-- \n'
	recounts 1 "x.patch:6: '-- ' is a line that goes, or a mail's signature" '@@ -1,2 +1,2 @@\n a\n b\n-- \n@@ -9 +9 @@\n-a\n+b\n'
	recounts 1 "x.patch:6: '-- ' is a line that goes, or a mail's signature" '@@ -1,2 +1,2 @@\n a\n b\n-- \ndiff --git a/y b/y\n--- a/y\n+++ b/y\n@@ -9 +9 @@\n-a\n+b\n'
	recounts 1 "x.patch:5: '-- ' is a line that goes, or a mail's signature" '@@ -1,9 +1,9 @@\n-a\n-- \n--- a/y\n+++ b/y\n@@ -9 +9 @@\n-a\n+b\n'
	printf 'no diff\n' >x.patch
	expects 1 "$requilt" refresh --recount x.patch
	expects 129 "$requilt" refresh x.patch
	expects 129 "$requilt" refresh --recount
	expects 128 "$requilt" refresh --recount none.patch
}
