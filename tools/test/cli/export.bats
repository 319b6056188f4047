#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# `requilt export` and `requilt lint`: what port wrote as mails that git am takes and as a series that
# quilt pushes, with the headers that their readers expect; and what of it is missing.

load helper

id=0123456789abcdef0123456789abcdef01234567
other=76543210fedcba9876543210fedcba9876543210

setup() {
	need git jq quilt "$requilt"
	make_world "$BATS_TEST_TMPDIR/world"
	x=$BATS_TEST_TMPDIR/x
	mkdir "$x"
}

ported() {
	port -q "$@" >/dev/null 2>&1 || fail "the queue does not port"
}

export_it() { # STATUS WORD...
	local want=$1

	shift
	expects "$want" "$requilt" -C "$queue" export demo one "$@"
}

lint() { # STATUS WORD...
	local want=$1

	shift
	expects "$want" "$requilt" -C "$queue" lint demo "$@"
}

# The first patch of the queue, with header lines behind its Subject:, or in its message.
with_field() {
	patch_ten | sed "/^Subject:/a $1" >"$queue/patches/demo/0001-ten.patch"
}

with_line() {
	patch_ten 'line ten' "$1" >"$queue/patches/demo/0001-ten.patch"
}

# git am onto the base of branch one, in the tree $work.
takes() { # MBOX
	work=$BATS_TEST_TMPDIR/work
	rm -rf "$work"
	git clone -q -b one "$repo" "$work"
	expects 0 git -C "$work" am "$1"
	[ "$(git -C "$work" rev-parse 'HEAD^{tree}')" = \
		"$(git --git-dir="$repo" rev-parse 'refs/heads/requilt/demo/one^{tree}')" ] ||
		fail "git am reaches another tree"
}

told() { # GIT FOLDER, RANGE: who, when and what
	git --git-dir="$1" log --format='%an <%ae> %ad%n%B' "$2"
}

@test "an mbox: git am on the base gives the port's tree, authors, dates and messages" {
	ported one
	export_it 0 --format mbox --who 'Ann Author <ann@example.org>' -o "$x/demo.mbox"
	[ ! -s "$err" ]
	takes "$x/demo.mbox"
	told "$repo" one..requilt/demo/one >"$x/ported"
	told "$work/.git" origin/one.. | cmp - "$x/ported"
	grep -x 'Subject: \[PATCH one 1/2\] mm: spell ten' "$x/demo.mbox"
	[ "$(grep -c '^base-commit: ' "$x/demo.mbox")" = 1 ]
	says "base-commit: $(git --git-dir="$repo" rev-parse one)" "$x/demo.mbox"
	lacks '^2.39.5' "$x/demo.mbox"
	[ "$(grep -A1 -e '^-- $' "$x/demo.mbox" | grep -c '^requilt [0-9.]*$')" = 2 ]
}

@test "a message that begins as a field of a mail comes through git am, scissors are refused" {
	for field in 'From: Bob Other <bob@example.org>' 'Subject: another' 'date: Thu, 1 Jan 1970 00:00:01 +0000' '>From: x' '[PATCH] y'; do
		patch_ten | sed "s/^It is better so\.\$/$field/" >"$queue/patches/demo/0001-ten.patch"
		ported one
		export_it 0 --format mbox --who 'Ann Author <ann@example.org>' -o "$x/demo.mbox"
		takes "$x/demo.mbox"
		told "$repo" one..requilt/demo/one >"$x/ported"
		told "$work/.git" origin/one.. | cmp - "$x/ported"
	done
	rm "$x/demo.mbox"*
	for line in '-- >8 --' '- - - %< - - - cut here - - -' '---8<-------'; do
		patch_ten | sed "s/^It is better so\.\$/It is.\n\n$line\n\nMore./" >"$queue/patches/demo/0001-ten.patch"
		ported one
		export_it 1 --format mbox --who 'Ann Author <ann@example.org>' -o "$x/demo.mbox"
		says 'in the message is a scissors line'
		[ ! -e "$x/demo.mbox" ]
	done
}

@test "a title that begins in brackets comes through git am and import" {
	for title in '[media] the line' '[a] [b: the line'; do
		for body in 'It is better so.' 'From: Bob Other <bob@example.org>'; do
			patch_ten | sed "s/^It is better so\.\$/$body/; s/^Subject: .*/Subject: [PATCH] $title/" >"$queue/patches/demo/0001-ten.patch"
			ported one
			export_it 0 --format mbox --who 'Ann Author <ann@example.org>' -o "$x/demo.mbox"
			takes "$x/demo.mbox"
			told "$repo" one..requilt/demo/one >"$x/ported"
			told "$work/.git" origin/one.. | cmp - "$x/ported"
			grep -Fx "$title" <(git -C "$work" log --format=%s origin/one..)
		done
	done
	says "Subject: [PATCH one 1/2] $title" "$x/demo.mbox"
	rm "$queue"/patches/demo/* "$queue/series/demo.series"
	expects 0 "$requilt" -C "$queue" import demo "$x/demo.mbox"
	ported one
	told "$repo" one..requilt/demo/one | cmp - "$x/ported"
}

@test "the cover letter has the branch's row of the matrix; it is beside the mails, git am takes none" {
	ported one
	export_it 0 --format mbox -o "$x/demo.mbox" --who 'Port Er <porter@example.org>'
	says 'Subject: [PATCH one 0/2] demo for one' "$x/demo.mbox.cover"
	says 'From: Port Er <porter@example.org>' "$x/demo.mbox.cover"
	says 'demo on one 6.1.5: green' "$x/demo.mbox.cover"
	says '  exact     demo/0001-ten.patch' "$x/demo.mbox.cover"
	says "base-commit: $(git --git-dir="$repo" rev-parse one)" "$x/demo.mbox.cover"
	says "resulting tree: $(git --git-dir="$repo" rev-parse 'requilt/demo/one^{tree}')" "$x/demo.mbox.cover"
}

@test "the cover letter says what the queue's description says, without the source's counts" {
	printf 'mm: spell\n\nWhy it is done.\n\nAnn Author (2):\n  one\n  two\n\n f | 2 +-\n\n-- \n2.39.5\n' >"$queue/series/demo.description"
	ported one
	export_it 0 --format mbox -o "$x/demo.mbox" --who 'Port Er <porter@example.org>'
	says 'Subject: [PATCH one 0/2] mm: spell' "$x/demo.mbox.cover"
	[ "$(sed '1,/^$/d' "$x/demo.mbox.cover" | head -n 3)" = $'Why it is done.\n\ndemo on one 6.1.5: green' ]
	lacks -F 'Ann Author' "$x/demo.mbox.cover"
	[ "$(grep -c '^-- $' "$x/demo.mbox.cover")" = 1 ]
}

@test "a stable branch is called in brackets what its lists call it, numbers are of one width" {
	local i

	sed -i 's/"one"/"linux-6.1.y"/' "$queue/series/branches.conf"
	git --git-dir="$repo" branch -m one linux-6.1.y
	for i in 03 04 05 06 07 08 09 10 11; do
		head_lines "mm: make $i" >"$queue/patches/demo/$i.patch"
		printf '\ndiff --git a/mm/%s.c b/mm/%s.c\nnew file mode 100644\n--- /dev/null\n+++ b/mm/%s.c\n@@ -0,0 +1 @@\n+int x;\n' \
			$i $i $i >>"$queue/patches/demo/$i.patch"
		echo "demo/$i.patch" >>"$queue/series/demo.series"
	done
	ported linux-6.1.y
	expects 0 "$requilt" -C "$queue" export demo linux-6.1.y --format mbox --who 'Ann Author <ann@example.org>' -o "$x/demo.mbox"
	says 'Subject: [PATCH 6.1.y 03/11] mm: make 03' "$x/demo.mbox"
	says 'Subject: [PATCH 6.1.y 00/11] demo for linux-6.1.y' "$x/demo.mbox.cover"
}

@test "a series of every dialect: quilt pushes it and reaches the port's tree" {
	local dialect

	with_field "Git-commit: $id"
	ported one
	for dialect in '' stable dep3 suse yocto; do
		export_it 0 --format quilt ${dialect:+--dialect $dialect} -o "$x/q$dialect"
		work=$BATS_TEST_TMPDIR/work
		checkout one "$work"
		(cd "$work" && QUILT_PATCHES=$x/q$dialect expects 0 quilt --quiltrc=- push -a --fuzz=0)
		lacks -i -e offset -e fuzz "$out"
		[ "$(tree_of "$work")" = "$(git --git-dir="$repo" rev-parse 'requilt/demo/one^{tree}')" ]
	done
	cmp "$x/q/0001-ten.patch" "$queue/series/demo/one/0001-ten.patch"
	[ "$(jq -r .dialect "$x/qsuse/export.json")" = suse ]
}

@test "one fact, four spellings: the commit upstream, wherever the patch names it" {
	local source

	for source in "Git-commit: $id" "Origin: upstream, https://example.org/c/$id" "Upstream-Status: Backport [$id]" \
		"Origin: https://git.kernel.org/linus/$id"; do
		with_field "$source"
		ported one
		export_it 0 -q --format quilt --dialect stable -o "$x/stable"
		sed -n '/^$/,$p' "$x/stable/0001-ten.patch" | sed -n 2p | grep -x "commit $id upstream."
	done
	patch_ten | sed "s/^It is better so.*/[ Upstream commit $id ]/" >"$queue/patches/demo/0001-ten.patch"
	ported one
	export_it 0 -q --format quilt --dialect dep3 -o "$x/dep3"
	grep -x "Origin: upstream, commit:$id" "$x/dep3/0001-ten.patch"
	export_it 0 -q --format quilt --dialect suse -o "$x/suse"
	grep -x "Git-commit: $id" "$x/suse/0001-ten.patch"
	export_it 0 -q --format quilt --dialect yocto -o "$x/yocto"
	grep -x -A1 "Upstream-Status: Backport \[$id\]" "$x/yocto/0001-ten.patch" | tail -n 1 | grep '^Signed-off-by: Ann'
	patch_ten | sed "/^Subject:/a Git-commit: $id" | sed /^Signed-off-by:/d >"$queue/patches/demo/0001-ten.patch"
	ported one
	export_it 0 -q --format quilt --dialect yocto -o "$x/yocto"
	grep -x -B1 "Upstream-Status: Backport \[$id\]" "$x/yocto/0001-ten.patch" | head -n 1 | grep -x ''
	with_line "commit $id upstream.
[ Ann: line nine is another one here ]"
	ported one
	export_it 0 -q --format quilt --dialect dep3 -o "$x/dep3"
	grep -x "Origin: backport, commit:$id" "$x/dep3/0001-ten.patch"
}

@test "what the patches do not say is left out and asked for, two ids that differ are none" {
	ported one
	export_it 0 --format quilt --dialect stable -o "$x/stable"
	lacks -r -e upstream -e "$id" "$x/stable"
	with_field "Origin: https://example.org/c/$id"
	ported one
	export_it 0 --format quilt --dialect stable -o "$x/stable"
	lacks -r "^commit $id" "$x/stable"
	says '0001-ten.patch: stable-upstream-commit: no '
	says '2 answers are missing'
	export_it 0 --format mbox --who 'Ann Author <ann@example.org>' --dialect yocto -o "$x/yocto.mbox"
	lacks Upstream-Status "$x/yocto.mbox"
	says '0002-file.patch: yocto-upstream-status: no '
	patch_ten 'line ten' "commit $id upstream." | sed "/^Subject:/a Git-commit: $other" >"$queue/patches/demo/0001-ten.patch"
	ported one
	export_it 0 --format quilt --dialect dep3 -o "$x/dep3"
	lacks -r Origin: "$x/dep3"
	says '0001-ten.patch: one-upstream-commit: '
}

@test "--signoff: the porter signs last and once, and sends it; the author stays" {
	ported one
	export_it 0 --format mbox -o "$x/demo.mbox" --signoff --who 'Port Er <porter@example.org>'
	takes "$x/demo.mbox"
	[ "$(git -C "$work" log --format='%an <%ae>' origin/one.. | uniq -c | sed 's/^ *//')" = '2 Ann Author <ann@example.org>' ]
	[ "$(git -C "$work" log -1 --format=%B | grep . | tail -n 2)" = 'Signed-off-by: Ann Author <ann@example.org>
Signed-off-by: Port Er <porter@example.org>' ]
	[ "$(grep -c '^From: Port Er <porter@example.org>' "$x/demo.mbox")" = 2 ]
	export_it 0 --format mbox -o "$x/ann.mbox" --signoff --who 'Ann Author <ann@example.org>'
	[ "$(grep -c '^Signed-off-by' "$x/ann.mbox")" = 2 ]
	[ "$(grep -c '^From: ' "$x/ann.mbox")" = 2 ]
	export_it 129 --format quilt -o "$x/no" --signoff
	export_it 129 --format mbox -o "$x/no.mbox"
	says 'say who sends the mails: --who'
	[ ! -e "$x/no.mbox" ]
}

@test "names and titles beyond ASCII, a dot in a name, carriage returns, a line that begins a mail" {
	patch_ten | sed 's/^From: Ann Author/From: Jürgen B. Groß/; s/spell ten/spell zehn: größer/; s/^It is better so\.$/From naïve Mon Sep 17 00:00:00 2001/' \
		>"$queue/patches/demo/0001-ten.patch"
	{
		head_lines 'mm: from another system' | sed 's/^From: Ann Author/From: "Ann T. Author"/'
		printf '\ndiff --git a/mm/dos.c b/mm/dos.c\nnew file mode 100644\n--- /dev/null\n+++ b/mm/dos.c\n@@ -0,0 +1,2 @@\n+int x;\r\n+int y;\r\n'
	} >"$queue/patches/demo/0003-dos.patch"
	echo demo/0003-dos.patch >>"$queue/series/demo.series"
	ported one
	export_it 0 --format mbox --who 'Ann Author <ann@example.org>' -o "$x/demo.mbox"
	takes "$x/demo.mbox"
	told "$repo" one..requilt/demo/one >"$x/ported"
	told "$work/.git" origin/one.. | cmp - "$x/ported"
	git -C "$work" log --format=%an | grep -x 'Jürgen B. Groß'
	git -C "$work" log --format=%an | grep -x 'Ann T. Author'
	export_it 0 --format quilt --dialect dep3 -o "$x/q"
	grep -x 'From: Jürgen B. Groß <ann@example.org>' "$x/q/0001-ten.patch"
}

@test "nothing is exported that is not current: missing, stale, red; nor a mail without an author" {
	export_it 1 --format mbox --who 'Ann Author <ann@example.org>' -o "$x/demo.mbox"
	says 'the output is missing'
	ported one
	sed -i 's/better/worse/' "$queue/patches/demo/0001-ten.patch"
	export_it 1 --format quilt -o "$x/q"
	says 'the output is stale'
	sed -i 's/^-line 10$/-line 11/' "$queue/patches/demo/0001-ten.patch"
	expects 1 port one
	export_it 1 --format quilt -o "$x/q"
	says 'the port is red'
	patch_ten | sed /^From:/d >"$queue/patches/demo/0001-ten.patch"
	ported one
	export_it 1 --format mbox --who 'Ann Author <ann@example.org>' -o "$x/demo.mbox"
	says '0001-ten.patch: no author'
	# A text that no mail can carry is refused earlier: by port here, by import in import.bats.
	patch_ten | sed 's/better/bet\x00ter/' >"$queue/patches/demo/0001-ten.patch"
	expects 1 port one
	says "0001-ten.patch:$(grep -an 'bet.ter' "$queue/patches/demo/0001-ten.patch" | cut -d: -f1): a NUL byte here, at which patch(1) stops" "$out"
	export_it 1 --format mbox --who 'Ann Author <ann@example.org>' -o "$x/demo.mbox"
	prints_nothing ls "$x"
}

@test "a file or folder that no export wrote stays as it is, an older export is replaced" {
	ported one
	echo mine >"$x/mine"
	export_it 1 --format mbox --who 'Ann Author <ann@example.org>' -o "$x/mine"
	says 'is no mbox of an export'
	grep -x mine "$x/mine"
	mkdir "$x/folder" && echo mine >"$x/folder/mine"
	export_it 1 --format quilt -o "$x/folder"
	grep -x mine "$x/folder/mine"
	export_it 1 --format quilt -o "$queue/series/demo/one"
	says 'holds what a port wrote'
	[ -e "$queue/series/demo/one/port.json" ]
	export_it 0 --format quilt -o "$x/q"
	export_it 0 -q --format quilt --dialect yocto -o "$x/q"
	[ "$(jq -r .dialect "$x/q/export.json")" = yocto ]
}

@test "somebody else's cover letter stays, and so does what was to be written beside it" {
	ported one
	echo mine >"$x/demo.mbox.cover"
	export_it 1 --format mbox --who 'Ann Author <ann@example.org>' -o "$x/demo.mbox"
	says 'is no mbox of an export'
	[ "$(cat "$x/demo.mbox.cover")" = mine ]
	[ ! -e "$x/demo.mbox" ]
}

@test "a branch that has everything: no mail, and a series without patches" {
	sed -i 's/^line 10$/line ten/' "$world/tree/mm/a.c"
	make_base 6 1 5
	sed -i 's/^line 10$/line ten/' "$world/tree/mm/a.c"
	commit_base one "$world/tree"
	echo demo/0001-ten.patch >"$queue/series/demo.series"
	ported one
	export_it 1 --format mbox --who 'Ann Author <ann@example.org>' -o "$x/demo.mbox"
	says 'there is nothing to send'
	export_it 0 --format quilt --dialect stable -o "$x/q"
	lacks -v '^#' "$x/q/series"
}

# The demo queue as the queue "again", by way of an export: PATH of what was exported.
again() { # FORM DIALECT PATH
	local options=(--format "$1" ${2:+--dialect "$2"} --signoff --who 'Port Er <porter@example.org>')

	rm -rf "$queue/patches/again" "$queue/series/again"* "$x"
	mkdir "$x"
	export_it 0 -q "${options[@]}" -o "$x/first"
	expects 0 "$requilt" -C "$queue" import again "$x/first"
	expects 0 "$requilt" -C "$queue" port again one
	expects 0 "$requilt" -C "$queue" export again one -q "${options[@]}" -o "$x/second"
}

@test "an export that is imported and exported is the same bytes, in every dialect and form" {
	local dialect

	{
		head_lines 'mm: from another system' | sed 's/^From: Ann Author/From: Jürgen B. Groß/'
		printf '\ndiff --git a/mm/dos.c b/mm/dos.c\nnew file mode 100644\n--- /dev/null\n+++ b/mm/dos.c\n@@ -0,0 +1 @@\n+int x;\r\n'
	} >"$queue/patches/demo/0003-dos.patch"
	echo demo/0003-dos.patch >>"$queue/series/demo.series"
	patch_file | sed 's/^It is better so\.$/naïve: größer/; /^Subject:/a Bug-Debian: https://example.org/1' \
		>"$queue/patches/demo/0002-file.patch"
	with_field "Patch-mainline: v6.8\nGit-commit: $id\nReferences: bsc#1"
	ported one
	for dialect in '' stable dep3 suse yocto; do
		again mbox "$dialect"
		cmp "$x/first" "$x/second"
		again quilt "$dialect"
		diff -r -x series -x export.json "$x/first" "$x/second"
		diff <(sed 1d "$x/first/series") <(sed 1d "$x/second/series")
	done
}

@test "fields of a patch come through the post below the message, git am drops them" {
	with_field "Git-commit: $id\nReferences: <another@example.org>"
	ported one
	export_it 0 -q --format mbox --who 'Ann Author <ann@example.org>' --dialect dep3 -o "$x/demo.mbox"
	takes "$x/demo.mbox"
	git -C "$work" log --format=%B >"$x/messages"
	lacks -e Git-commit -e Origin "$x/messages"
	lacks another@example.org "$x/demo.mbox"
	sed -n '/^---$/,/^diff/p' "$x/demo.mbox" | grep -x "Git-commit: $id"
	sed -n '/^---$/,/^diff/p' "$x/demo.mbox" | grep -x "Origin: upstream, commit:$id"
}

# --- lint ---

# Breaks rules with a header, and looks for file, line and rule; then mends it.
breaks() { # DIALECT RULE LINE
	lint 1 ${1:+--dialect $1}
	says "$queue/patches/demo/0001-ten.patch:$3: $2: " "$out"
}

keeps() { # DIALECT RULE
	expects_any "$requilt" -C "$queue" lint demo ${1:+--dialect $1}
	lacks -F "0001-ten.patch:" "$out"
}

expects_any() {
	"$@" >"$out" 2>"$err" || [ $? = 1 ] || fail "$(cat "$err")"
}

@test "lint: what holds everywhere: a title, an author, a sign-off, one upstream commit" {
	lint 0
	[ ! -s "$out" ]
	patch_ten | sed /^From:/d >"$queue/patches/demo/0001-ten.patch"
	breaks '' author 1
	patch_ten | sed /^Signed-off-by:/d >"$queue/patches/demo/0001-ten.patch"
	breaks '' signed-off-by 1
	patch_ten | sed 's/^Signed-off-by:.*/Signed-off-by: ann/' >"$queue/patches/demo/0001-ten.patch"
	breaks '' signed-off-by 7
	patch_ten | sed -n '/^diff/,$p' >"$queue/patches/demo/0001-ten.patch"
	breaks '' subject 1
	patch_ten 'line ten' "commit $id upstream." | sed "/^Subject:/a Git-commit: $other" >"$queue/patches/demo/0001-ten.patch"
	breaks '' one-upstream-commit 4
	says 'demo: 1 breaches'
}

@test "lint --dialect stable: the commit upstream comes first, the sign-off last, and it is small" {
	with_line 'Cc: list@example.org'
	breaks stable stable-upstream-commit 1
	with_line "commit $id upstream."
	breaks stable stable-upstream-commit 7
	patch_ten | sed "s/^It is better.*/commit 0123abcd upstream./" >"$queue/patches/demo/0001-ten.patch"
	breaks stable stable-upstream-commit 5
	patch_ten | sed "s/^It is better so.*/commit $id upstream./" >"$queue/patches/demo/0001-ten.patch"
	keeps stable
	sed -i '/^Signed-off-by/a Cc: list@example.org' "$queue/patches/demo/0001-ten.patch"
	breaks stable stable-last-signed-off 1
	{
		head_lines 'mm: much'
		printf '\ndiff --git a/mm/n.c b/mm/n.c\nnew file mode 100644\n--- /dev/null\n+++ b/mm/n.c\n@@ -0,0 +1,101 @@\n'
		lines 1 101 | sed 's/^/+/'
	} >"$queue/patches/demo/0001-ten.patch"
	breaks stable stable-size 1
	says '101 lines' "$out"
}

@test "lint --dialect dep3: origin, forwarded, bugs and days" {
	with_field "Origin: somewhere\nForwarded: maybe\nBug: 1234\nLast-Update: 2023-13-01"
	breaks dep3 dep3-origin 4
	breaks dep3 dep3-forwarded 5
	breaks dep3 dep3-bug 6
	breaks dep3 dep3-last-update 7
	with_field "Origin: vendor\nForwarded: not-needed\nBug: https://example.org/1\nLast-Update: 2023-12-01"
	keeps dep3
	with_field "Origin: https://example.org/c/$id"
	keeps dep3
	patch_ten | sed /^From:/d >"$queue/patches/demo/0001-ten.patch"
	breaks dep3 dep3-origin 1
}

@test "lint --dialect suse: the state upstream and what goes with it, references, an address" {
	with_field 'Subject-x: y'
	breaks suse suse-patch-mainline 1
	breaks suse suse-references 1
	breaks suse suse-address 1
	with_field 'Patch-mainline: v6\nReferences: bsc#1'
	breaks suse suse-patch-mainline 4
	with_field 'Patch-mainline: v6.8-rc1'
	breaks suse suse-git-commit 4
	with_field "Patch-mainline: v6.8\nGit-commit: 1234abcd\nGit-repo: x"
	breaks suse suse-git-commit 5
	breaks suse suse-git-repo 6
	with_field "Patch-mainline: Queued in subsystem\nGit-commit: $id"
	breaks suse suse-git-repo 4
	with_field "Patch-mainline: Never, ours alone\nGit-commit: $id"
	breaks suse suse-git-commit 5
	with_field 'Patch-mainline: Not yet, submitted to linux-mm'
	breaks suse suse-patch-mainline 4
	with_field "Patch-mainline: v6.8\nGit-commit: $id\nAlt-commit: $id "
	breaks suse suse-alt-commit 6
	with_field 'Patch-mainline: v6.8\nAlt-commit: abc'
	breaks suse suse-alt-commit 5
	sed -i '/^Subject:/d' "$queue/patches/demo/0001-ten.patch"
	breaks suse suse-subject 1
	patch_ten 'line ten' 'Acked-by: Sue Se <sue@suse.com>' |
		sed "/^Subject:/a Patch-mainline: v6.8\nGit-commit: $id\nAlt-commit: $id\nReferences: bsc#1" >"$queue/patches/demo/0001-ten.patch"
	keeps suse
}

@test "lint --dialect yocto: the state upstream, with its reason where one belongs" {
	local state

	breaks yocto yocto-upstream-status 1
	for state in Done 'Inappropriate because' 'Submitted []' Backported; do
		with_line "Upstream-Status: $state"
		breaks yocto yocto-upstream-status 7
	done
	for state in Pending Backport "Backport [$id]" 'Inappropriate [ours alone]' Denied; do
		with_line "Upstream-Status: $state"
		keeps yocto
	done
	with_line $'Upstream-Status: Backport\nThis is CVE-2024-12345.'
	breaks yocto yocto-cve 1
	with_line $'CVE: CVE-2024-12345\nUpstream-Status: Backport\nThis is CVE-2024-12345.'
	keeps yocto
}

@test "lint holds what the peers' own checkers hold: SUSE's words and counts, DEP-3 without a sign-off" {
	local state

	for state in 'Depends on another.patch' 'Never upstream' 'never, ours' 'SUBMITTED 2024-01-01 list' 'no bug there'; do
		patch_ten 'line ten' 'Acked-by: Sue Se <sue@suse.com>' |
			sed "/^Subject:/a Patch-mainline: $state\nReferences: bsc#1" >"$queue/patches/demo/0001-ten.patch"
		keeps suse
	done
	for state in v6.8 6.8.1-rc2 'v6.8-rc1 or v6.8 (next release)'; do
		patch_ten 'line ten' 'Acked-by: Sue Se <sue@suse.com>' | sed /^Signed-off-by:/d |
			sed "/^Subject:/a Patch-mainline: $state\nGit-commit: $id (partial)\nGit-commit: $other\nReferences: bsc#1" \
				>"$queue/patches/demo/0001-ten.patch"
		keeps suse
	done
	with_field "Patch-mainline: Queued\nGit-repo: linux\nGit-commit: $id"
	breaks suse suse-git-repo 5
	with_field "Patch-mainline: v6.8\nPatch-mainline: v6.8\nGit-commit: $id"
	breaks suse suse-patch-mainline 5
	with_field 'Patch-mainline: Never'
	breaks suse suse-patch-mainline 4
	patch_ten | sed '/^Signed-off-by:/d; /^Subject:/a Forwarded: yes' >"$queue/patches/demo/0001-ten.patch"
	keeps dep3
}

@test "lint: rules and variants of branches too, as JSON, and an unknown dialect is refused" {
	mkdir -p "$queue/cocci/demo" "$queue/patches/demo/two"
	printf '// SPDX-License-Identifier: GPL-2.0-only\n/*\n * Subject: mm: a rule\n * From: Ann <ann@example.org>\n *\n * Why.\n *\n * Signed-off-by: ann\n */\n@@ @@\n- old_thing();\n+ new_thing();\n' \
		>"$queue/cocci/demo/x.cocci"
	echo demo/x.cocci >>"$queue/series/demo.series"
	patch_ten | sed /^Signed-off-by:/d >"$queue/patches/demo/two/0001-ten.patch"
	lint 1
	says "$queue/cocci/demo/x.cocci:8: signed-off-by: " "$out"
	says "$queue/patches/demo/two/0001-ten.patch:1: signed-off-by: " "$out"
	lint 1 --json
	[ "$(jq -r '.[] | select(.line == 8) | .rule' "$out")" = signed-off-by ]
	lint 129 --dialect redhat
	says 'stable, dep3, suse and yocto'
}

@test "mails: a directory that git am, git am -3 and git send-email take, as one thread" {
	local first

	sed -i 's/^ mm\/a.c | 2 +-$/ mm\/a.c | 9 +++++++--\n 1 file changed, 7 insertions(+), 2 deletions(-)/' \
		"$queue/patches/demo/0001-ten.patch"
	sed -i '/^Date:/d' "$queue/patches/demo/0002-file.patch"
	ported one
	export_it 0 --format mails --who 'Ann Author <ann@example.org>' -o "$x/mails" --prefix 6.1.y \
		--to list@example.org --cc
	(cd "$x/mails" && printf '%s\n' *) | diff - <(printf '%s\n' 0000-cover-letter.patch 0001-mm-spell-ten.patch \
		0002-mm-a-file-comes-a-page-goes.patch)
	says 'Subject: [PATCH 6.1.y 1/2] mm: spell ten' "$x/mails/0001-mm-spell-ten.patch"
	says ' mm/a.c | 2 +-' "$x/mails/0001-mm-spell-ten.patch"
	says '1 file changed, 1 insertion(+), 1 deletion(-)' "$x/mails/0001-mm-spell-ten.patch"
	grep -Ex "index $(git --git-dir="$repo" rev-parse one:mm/a.c)\.\.[0-9a-f]{40} 100644" "$x/mails/0001-mm-spell-ten.patch"
	grep -x 'Date: Tue, 14 Nov 2023 22:13:20 +0000' "$x"/mails/0002-*
	grep -x 'To: list@example.org' "$x"/mails/0001-*
	grep -x 'Cc: Ann Author <ann@example.org>' "$x"/mails/0001-*
	first=$(sed -n 's/^Message-ID: //p' "$x/mails/0000-cover-letter.patch")
	[ -n "$first" ]
	[ "$(cat "$x"/mails/000[12]* | grep -cxF -e "In-Reply-To: $first" -e "References: $first")" = 4 ]
	[ "$(cat "$x"/mails/* | grep '^Message-ID: ' | sort -u | wc -l)" = 3 ]
	cp -R "$x/mails" "$x/again"
	export_it 0 --format mails --who 'Ann Author <ann@example.org>' -o "$x/again" --prefix 6.1.y \
		--to list@example.org --cc
	diff -r "$x/mails" "$x/again"
	rm "$x/again/0000-cover-letter.patch"
	cat "$x"/again/* >"$x/mbox"
	takes "$x/mbox"
	# on another base only the blobs that the index lines name can be merged
	git clone -q -b two "$repo" "$BATS_TEST_TMPDIR/three"
	expects 0 git -C "$BATS_TEST_TMPDIR/three" am -3 "$x"/again/*
	expects 0 "$requilt" -C "$queue" import fresh "$x/mails"
	[ "$(wc -l <"$queue/series/fresh.series")" = 2 ]
	mkdir "$x/mine"
	echo >"$x/mine/file"
	export_it 1 --format mails --who 'Ann Author <ann@example.org>' -o "$x/mine"
	says 'is no export of mails'
	export_it 129 --format mails --who 'Ann Author <ann@example.org>' -o "$x/m" --prefix '6.1] x'
}

@test "mails: a reroll has other ids, a quoted diffstat stays, receivers are addresses" {
	local ids form

	with_line 'x\n\n mm/q.c | 9 +++---\n 1 file changed, 9 insertions(+)\n\nCc: stable@vger.kernel.org # 6.1+\nCc: Doe, John <john@example.org>, "Roe, R" <roe@example.org>, c@example.org # now, x@example.org\nCc: nobody'
	sed -i 's/\\n/\n/g' "$queue/patches/demo/0001-ten.patch"
	ported one
	for form in mbox mails; do
		export_it 0 --format $form --who 'Ann Author <ann@example.org>' --cc -o "$x/$form"
	done
	cat "$x"/mails/0001* >"$x/first"
	says ' mm/q.c | 9 +++---' "$x/first"
	says ' mm/a.c | 2 +-' "$x/first"
	says ' mm/q.c | 9 +++---' "$x/mbox"
	says '"Doe, John" <john@example.org>' "$x/mbox"
	says '"Roe, R" <roe@example.org>' "$x/mbox"
	grep -E '^(Cc: |	)c@example.org,?$' "$x/mbox"
	lacks '^.x@example.org' "$x/mbox"
	grep -E '^(Cc: |	)stable@vger.kernel.org,?$' "$x/mbox"
	ids=$(grep '^Message-ID: ' "$x/mbox")
	sed -i 's/^ mm.q.c | 9/ mm\/q.c | 8/' "$queue/patches/demo/0001-ten.patch"
	ported one
	export_it 0 --format mbox --who 'Ann Author <ann@example.org>' --cc -o "$x/mbox"
	[ "$(grep -c '^Message-ID: ' "$x/mbox")" = 2 ]
	lacks "$(head -n 1 <<<"$ids")" "$x/mbox"
	ids=$(grep '^Message-ID: ' "$x/mbox")
	printf 'Ten, spelt\n\nFor those who read.\n' >"$queue/series/demo.description"
	export_it 0 --format mbox --who 'Ann Author <ann@example.org>' --cc -o "$x/mbox"
	lacks "$(head -n 1 <<<"$ids")" "$x/mbox"
}

@test "a sentence that begins with From makes no mail base64" {
	with_line 'From the datasheet: ten'
	ported one
	export_it 0 --format mbox --who 'Ann Author <ann@example.org>' -o "$x/demo.mbox"
	lacks base64 "$x/demo.mbox"
	takes "$x/demo.mbox"
	[ "$(grep -c '^Message-ID: ' "$x/demo.mbox")" = 2 ]
}

@test "a series with numbers, and as OpenWrt, Yocto, rpm and Debian keep it" {
	mv "$queue/patches/demo/0002-file.patch" "$queue/patches/demo/file.patch"
	printf 'demo/file.patch\ndemo/0001-ten.patch\n' >"$queue/series/demo.series"
	ported one
	for form in openwrt yocto rpm debian; do
		export_it 0 -q --format $form -o "$x/$form"
	done
	export_it 0 --format quilt --number -o "$x/number"
	[ "$(grep -v '^#' "$x/number/series")" = $'0001-file.patch\n0002-ten.patch' ]
	cmp "$x/number/0002-ten.patch" "$queue/series/demo/one/0001-ten.patch"
	(cd "$x/openwrt" && printf '%s\n' *) | diff - <(printf '%s\n' 0001-file.patch 0002-ten.patch export.json)
	printf 'Patch0001: 0001-file.patch\nPatch0002: 0002-ten.patch\n' | diff - "$x/rpm/demo.spec.inc"
	printf 'patch 0001-file.patch\npatch 0002-ten.patch\n' | diff - "$x/yocto/demo.scc"
	grep -qF $'\tfile://0002-ten.patch \\' "$x/yocto/demo.inc"
	printf 'file.patch\n0001-ten.patch\n' | diff - "$x/debian/series"
	[ "$(jq -r .dialect "$x/debian/export.json")" = dep3 ]
	work=$BATS_TEST_TMPDIR/work
	checkout one "$work"
	(cd "$work" && QUILT_PATCHES=$x/number expects 0 quilt --quiltrc=- push -a --fuzz=0)
}
