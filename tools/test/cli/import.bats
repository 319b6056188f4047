#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# `requilt import`: mails of every form, commits, quilt folders and queues.  What git format-patch
# wrote must come out byte for byte; what a mailer did to it must be undone.

# bats file_tags=memcheck

load helper

setup() {
	need git jq "$requilt"
	make_world "$BATS_TEST_TMPDIR/world"
	src=$BATS_TEST_TMPDIR/src mails=$BATS_TEST_TMPDIR/mails
	once make_source "$src"
	git -C "$src" format-patch -q -o "$mails" HEAD~3
}

make_source() {
	git init -q -b main "$src"
	git --git-dir="$repo" archive one | tar -x -C "$src"
	git -C "$src" add -A && git -C "$src" commit -qm base
	for line in 3 7 11; do
		sed -i "s/^line $line\$/line number $line/" "$src/mm/b.c"
		git -C "$src" commit -qam "mm/b: spell line $line, in a subject that is longer than a file name may be

It was $line before.

Signed-off-by: base <base@example.org>" --author "Jörg Äuthor <author@example.org>"
	done
}

import() { # STATUS WORD...
	local want=$1

	shift
	expects "$want" "$requilt" -C "$queue" import demo "$@"
}

entries() { grep -v '^#' "$queue/series/demo.series"; }

mbox() { # OPTION...: of the three commits
	git -C "$src" format-patch --stdout --thread --add-header='To: list@example.org' "$@" HEAD~3
}

id_of() { # NUMBER FILE: of a patch of an mbox
	sed -n '/^Message-I[dD]: /{s///;h}; /^Subject: \[.*'"$1"'\/[0-9]*\]/{x;p;q}' "$2"
}

reply() { # ID FROM LINE...: to a mail
	printf 'From mboxrd Mon Sep 17 00:00:00 2001\nFrom: %s\nSubject: Re: [PATCH 2/3] words\nIn-Reply-To: %s\n' "$2" "$1"
	printf 'Message-Id: <r%s@example.org>\nDate: Wed, 20 Dec 2023 23:44:24 +0100\n\n> quoted\n' "$RANDOM$RANDOM"
	shift 2
	printf '%s\n' "$@" ''
}

@test "patch files of git format-patch: names go on where the queue ends, bytes stay" {
	import 0 "$mails"/*.patch
	[ "$(entries | tail -n 3 | cut -c1-16)" = "$(printf 'demo/0003-mm-b-s\ndemo/0004-mm-b-s\ndemo/0005-mm-b-s')" ]
	for i in 1 2 3; do
		cmp "$mails"/000$i-*.patch "$queue"/patches/demo/000$((i + 2))-*.patch
		[ "$(basename "$mails"/000$i-*.patch | cut -c6-)" = "$(basename "$queue"/patches/demo/000$((i + 2))-*.patch | cut -c6-)" ]
	done
	expects 0 port one
}

@test "a folder of patches, an mbox and a maildir give the same" {
	import 0 "$mails"
	cp -R "$queue/patches" "$BATS_TEST_TMPDIR/first"
	git -C "$src" format-patch -q --stdout HEAD~3 >"$BATS_TEST_TMPDIR/mbox"
	rm "$queue"/patches/demo/000[3-5]*
	sed -i '/000[3-5]/d' "$queue/series/demo.series"
	import 0 "$BATS_TEST_TMPDIR/mbox"
	diff -r "$queue/patches" "$BATS_TEST_TMPDIR/first"
	rm "$queue"/patches/demo/000[3-5]*
	sed -i '/000[3-5]/d' "$queue/series/demo.series"
	mkdir -p "$BATS_TEST_TMPDIR/md/"{cur,new,tmp}
	i=0
	for file in "$mails"/*.patch; do
		i=$((i + 1))
		cp "$file" "$BATS_TEST_TMPDIR/md/$([ $i = 1 ] && echo new || echo cur)/$i:2,S"
	done
	import 0 "$BATS_TEST_TMPDIR/md"
	diff -r "$queue/patches" "$BATS_TEST_TMPDIR/first"
}

again() { # SOURCE: the same patches as in the directory first
	rm "$queue"/patches/demo/000[3-5]*
	sed -i '/000[3-5]/d' "$queue/series/demo.series"
	import 0 "$1"
	diff -r "$queue/patches" "$BATS_TEST_TMPDIR/first"
}

@test "standard input, a pipe, gzip and a directory of saved mails give the same" {
	import 0 "$mails"
	cp -R "$queue/patches" "$BATS_TEST_TMPDIR/first"
	mbox --no-thread --no-to >"$BATS_TEST_TMPDIR/mbox"
	again - <"$BATS_TEST_TMPDIR/mbox"
	again - < <(sleep 1.5; cat "$BATS_TEST_TMPDIR/mbox")
	head -n 30 "$BATS_TEST_TMPDIR/mbox" | gzip >"$BATS_TEST_TMPDIR/mbox.gz"
	tail -n +31 "$BATS_TEST_TMPDIR/mbox" | gzip >>"$BATS_TEST_TMPDIR/mbox.gz"
	again "$BATS_TEST_TMPDIR/mbox.gz"
	again - <"$BATS_TEST_TMPDIR/mbox.gz"
	mkdir "$BATS_TEST_TMPDIR/saved"
	for i in 1 2 3; do cp "$mails"/000$i-* "$BATS_TEST_TMPDIR/saved/$i.eml"; done
	again "$BATS_TEST_TMPDIR/saved"
}

@test "a source that is cut, empty or has no name is refused; a fault is named where it is" {
	git -C "$src" format-patch --stdout HEAD~3 >"$BATS_TEST_TMPDIR/mbox"
	gzip <"$BATS_TEST_TMPDIR/mbox" | head -c 500 >"$BATS_TEST_TMPDIR/cut.gz"
	import 1 "$BATS_TEST_TMPDIR/cut.gz"
	says 'cut.gz: not all of it can be unpacked'
	import 1 - </dev/null
	says 'standard input: holds no patch'
	import 1 - < <(:)
	says 'standard input: holds no patch'
	import 1 - < <(body | sed -n '/^diff/,$p')
	says 'a diff without a head has no name; save it in a file'
	mkdir "$BATS_TEST_TMPDIR/none"
	import 1 "$BATS_TEST_TMPDIR/none"
	says 'has no file that ends with .patch, .eml or .mbox'
	line=$(grep -n '^@@' "$BATS_TEST_TMPDIR/mbox" | sed -n '2s/:.*//p')
	sed -i "${line}s/,[0-9]* +/,99 +/" "$BATS_TEST_TMPDIR/mbox"
	import 1 "$BATS_TEST_TMPDIR/mbox"
	says "/mbox:$line: hunk says 99 old lines"
	sed -i 's/^Subject:/Received: by way\n&/' "$BATS_TEST_TMPDIR/mbox"
	import 1 "$BATS_TEST_TMPDIR/mbox"
	says "/mbox:$((line + 2)): hunk says 99 old lines"
}

@test "-P takes a part of a series, and is for mails" {
	mbox >"$BATS_TEST_TMPDIR/mbox"
	import 0 -P 1,3 "$BATS_TEST_TMPDIR/mbox"
	says 'of v1 2/3 is left out'
	[ "$(entries | wc -l)" = 4 ]
	import 0 -n -P 1 -P 2 "$BATS_TEST_TMPDIR/mbox"
	says 'of v1 3/3 is left out'
	import 129 -P 1 "$src" HEAD~1..
	says '-P is for a series of mails'
	import 129 --quoted-cr=no "$BATS_TEST_TMPDIR/mbox"
	says "--quoted-cr is 'strip', 'warn' or 'nowarn', not 'no'"
}

@test "a series comes in its order, whatever the order of its mails; the cover letter is kept" {
	mbox --cover-letter >"$BATS_TEST_TMPDIR/mbox"
	sed -i 's/\*\*\* SUBJECT HERE \*\*\*/mm: spell/; s/\*\*\* BLURB HERE \*\*\*/Why it is done./' "$BATS_TEST_TMPDIR/mbox"
	git mailsplit -o"$BATS_TEST_TMPDIR" "$BATS_TEST_TMPDIR/mbox" >/dev/null
	cat "$BATS_TEST_TMPDIR"/000{4,2,1,3} | sed '/^From [0-9a-f]* Mon/!b' >"$BATS_TEST_TMPDIR/shuffled"
	import 0 "$BATS_TEST_TMPDIR/shuffled"
	grep -h '^Subject' "$queue"/patches/demo/000[345]* | grep -o 'line [0-9]*' | paste -sd' ' | grep -qx 'line 3 line 7 line 11'
	head -n 3 "$queue/series/demo.description" | grep -qx 'Why it is done.'
}

@test "what replies give goes to the right patch; to all when given to the cover letter" {
	mbox --cover-letter >"$BATS_TEST_TMPDIR/mbox"
	two=$(id_of 2 "$BATS_TEST_TMPDIR/mbox") cover=$(id_of 0 "$BATS_TEST_TMPDIR/mbox")
	{
		reply "$two" 'R <r@example.org>' 'Fine.' 'Reviewed-by: R <r@example.org>' 'Reviewed-by: R <r@example.org>'
		reply "$cover" 'T <t@example.org>' 'Tested-by: T <t@example.org>'
		reply "$two" 'X <x@example.org>' 'Acked-by: Y <y@example.org>'
		reply '<nobody@example.org>' 'Z <z@example.org>' 'Acked-by: Z <z@example.org>'
	} >>"$BATS_TEST_TMPDIR/mbox"
	import 0 "$BATS_TEST_TMPDIR/mbox"
	[ "$(grep -lc 'Reviewed-by: R' "$queue"/patches/demo/*)" = "$(echo "$queue"/patches/demo/0004-*)" ]
	[ "$(grep -c 'Reviewed-by: R' "$queue"/patches/demo/0004-*)" = 1 ]
	[ "$(grep -l 'Tested-by: T' "$queue"/patches/demo/* | wc -l)" = 3 ]
	lacks -r -e 'Acked-by' "$queue/patches/demo"
	says "'Acked-by: Y <y@example.org>' is not of the sender, x@example.org; left out"
	grep -B1 -A1 '^Reviewed-by' "$queue"/patches/demo/0004-* >"$out"
	says 'Signed-off-by: base <base@example.org>' "$out"
}

@test "the newest complete version is taken, or the one asked for; gaps are listed" {
	mbox >"$BATS_TEST_TMPDIR/mbox"
	sed 's/^It was/Once it was/' <(mbox -v2) >>"$BATS_TEST_TMPDIR/mbox"
	cp -R "$queue" "$BATS_TEST_TMPDIR/clean"
	import 0 "$BATS_TEST_TMPDIR/mbox"
	grep -q 'Once it was' "$queue"/patches/demo/0003*
	rm -r "$queue" && cp -R "$BATS_TEST_TMPDIR/clean" "$queue"
	import 0 "$BATS_TEST_TMPDIR/mbox" --version 1
	lacks -r 'Once it was' "$queue/patches"
	rm -r "$queue" && cp -R "$BATS_TEST_TMPDIR/clean" "$queue"
	sed -i '/v2 2\/3/,$d' "$BATS_TEST_TMPDIR/mbox"
	import 0 "$BATS_TEST_TMPDIR/mbox"
	says 'v1 is taken: of v2 2/3, 3/3 is missing'
	lacks -r 'Once it was' "$queue/patches"
	import 1 "$BATS_TEST_TMPDIR/mbox" --version 2
	says 'no version of the series is complete: of v2 2/3, 3/3 is missing'
	import 1 "$BATS_TEST_TMPDIR/mbox" --version 7
	says 'of v7 everything is missing'
}

@test "two series in one heap are refused, with both names" {
	mbox >"$BATS_TEST_TMPDIR/mbox"
	git -C "$src" format-patch --stdout --numbered HEAD~2 >>"$BATS_TEST_TMPDIR/mbox"
	import 1 "$BATS_TEST_TMPDIR/mbox"
	says 'two series are mixed: '
	says "$BATS_TEST_TMPDIR/mbox:"
	[ "$(entries | wc -l)" = 2 ]
}

# The mail of a patch in another form: its diff must be what it was.
same_diff() {
	diff <(sed -n '/^diff/,/^-- /p' "$queue"/patches/demo/0003-*) <(sed -n '/^diff/,/^-- /p' "$mails"/0001-*)
}

head_of_mail() {
	printf 'Received: from somewhere\nFrom: =?UTF-8?q?J=C3=B6rg_=C3=84uthor?= <author@example.org>\nDate: Wed, 20 Dec 2023 23:44:24 +0100\n'
	printf 'Subject: [PATCH] =?UTF-8?q?mm/b=3A_spell_line_3=2C_=C3=A4?=\nMIME-Version: 1.0\n'
}

body() { sed '1,/^$/d' "$mails"/0001-*; }

@test "quoted-printable" {
	{
		head_of_mail
		printf 'Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: quoted-printable\n\n'
		body | sed 's/=/=3D/g; s/was 3/=\n&/; s/\t/=09/g'
	} >"$BATS_TEST_TMPDIR/mail"
	import 0 "$BATS_TEST_TMPDIR/mail"
	same_diff
	for field in From Date Subject; do
		[ "$(grep "^$field: " "$queue"/patches/demo/0003-*)" = "$(grep "^$field: " "$BATS_TEST_TMPDIR/mail")" ]
	done
	port one >/dev/null
	git --git-dir="$repo" log -1 --format='%an %s' requilt/demo/one >"$out"
	grep -qx 'Jörg Äuthor mm/b: spell line 3, ä' "$out"
	lacks -F Received "$queue"/patches/demo/0003-*
}

@test "base64, carriage returns, and a message in another charset" {
	{
		head_of_mail
		printf 'Content-Type: text/plain; charset=ISO-8859-1\nContent-Transfer-Encoding: base64\n\n'
		body | sed 's/It was/Es wär/' | iconv -f UTF-8 -t ISO-8859-1 | base64
	} | sed 's/$/\r/' >"$BATS_TEST_TMPDIR/mail"
	import 0 "$BATS_TEST_TMPDIR/mail"
	same_diff
	says 'Es wär 3' "$queue"/patches/demo/0003-*
}

@test "format=flowed" {
	{
		head_of_mail
		printf 'Content-Type: text/plain; charset=UTF-8; format=flowed\n\n'
		body | sed 's/^ /  /; s/^It was/It \nwas/'
	} >"$BATS_TEST_TMPDIR/mail"
	import 0 "$BATS_TEST_TMPDIR/mail"
	same_diff
	says 'It was 3 before.' "$queue"/patches/demo/0003-*
}

@test "an attachment" {
	{
		head_of_mail
		printf 'Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nIt was 3.\n\nSigned-off-by: base <base@example.org>\n---\n'
		printf -- '--b\nContent-Type: application/octet-stream\nContent-Disposition: attachment; filename=x.patch\nContent-Transfer-Encoding: base64\n\n'
		body | sed -n '/^diff/,$p' | base64
		printf -- '--b--\n'
	} >"$BATS_TEST_TMPDIR/mail"
	import 0 "$BATS_TEST_TMPDIR/mail"
	same_diff
	expects 0 port one
}

attached() { # FILE...: a mail of somebody else that carries them
	printf 'From: Sender <sender@example.org>\nDate: Wed, 20 Dec 2023 23:44:24 +0100\nSubject: see attached\nMIME-Version: 1.0\n'
	printf 'Content-Type: multipart/mixed; boundary=BB\n\n--BB\nContent-Type: text/plain\n\nHere.\n'
	for file; do
		printf -- '--BB\nContent-Type: text/x-patch; name="%s"\nContent-Disposition: attachment; filename="%s"\nContent-Transfer-Encoding: base64\n\n' "${file##*/}" "${file##*/}"
		base64 "$file"
	done
	printf -- '--BB--\n'
}

@test "attached patch files keep their authors and are one patch each; without heads they are refused" {
	sed -i 's,PATCH ./3,PATCH,' "$mails"/*
	attached "$mails"/0001-* "$mails"/0002-* >"$BATS_TEST_TMPDIR/mail"
	import 0 "$BATS_TEST_TMPDIR/mail"
	cmp "$mails"/0001-* "$queue"/patches/demo/0003-*
	cmp "$mails"/0002-* "$queue"/patches/demo/0004-*
	for i in 1 2; do sed -n '/^diff/,/^-- /{/^-- /!p}' "$mails"/000$i-* >"$BATS_TEST_TMPDIR/$i.diff"; done
	attached "$BATS_TEST_TMPDIR"/[12].diff >"$BATS_TEST_TMPDIR/mail"
	import 1 "$BATS_TEST_TMPDIR/mail"
	says '2 attached patches have no head of their own'
}

@test "mboxrd's quoting of From is undone" {
	sed '0,/^It was 3/s//>From here it was 3/' <(mbox) >"$BATS_TEST_TMPDIR/mbox"
	import 0 "$BATS_TEST_TMPDIR/mbox"
	grep -q '^From here it was 3' "$queue"/patches/demo/0003-*
}

@test "commits: a range and single ones, oldest first, with id, author and date" {
	import 0 "$src" HEAD~3..HEAD~1 HEAD
	[ "$(entries | wc -l)" = 5 ]
	for i in 3 4 5; do
		head -n 1 "$queue"/patches/demo/000$i-* | grep -qx "From $(git -C "$src" rev-parse HEAD~$((5 - i))) Mon Sep 17 00:00:00 2001"
	done
	expects 0 port one
	diff <(git --git-dir="$repo" log -3 --format='%an %ae %ad %s%n%b' "$(head_of one)") <(git -C "$src" log -3 --format='%an %ae %ad %s%n%b')
	import 1 "$src" nowhere
	says 'nowhere: '
	import 129 "$src"
	git -C "$src" commit -q --allow-empty -m empty
	import 1 "$src" HEAD
	says 'has no diff'
}

@test "a commit with a binary file, one with modes alone, and names beyond ASCII: nothing is lost" {
	printf '\0\1\2\3' >"$src/mm/blob" && git -C "$src" add -A && git -C "$src" commit -qm 'mm: a blob'
	printf '\0\3\4' >"$src/mm/blob" && git -C "$src" commit -qam 'mm: another blob'
	chmod +x "$src/mm/b.c" && git -C "$src" commit -qam 'mm: executable'
	mkdir "$src/dé" && printf 'no newline' >"$src/dé/ü b.c" && git -C "$src" add -A && git -C "$src" commit -qm 'mm: names'
	import 0 "$src" HEAD~7..HEAD
	expects 0 "$requilt" --repo "$repo" apply --json --onto one "$queue"/patches/demo/000[3-9]-*
	[ "$(jq -r '.branches[0].tree' "$out")" = "$(git -C "$src" rev-parse 'HEAD^{tree}')" ]
}

@test "what a commit says of upstream stays" {
	git -C "$src" commit -q --amend -m 'mm/b: spell

commit 0123456789012345678901234567890123456789 upstream.

Words.'
	import 0 "$src" HEAD
	says 'commit 0123456789012345678901234567890123456789 upstream.' "$queue"/patches/demo/0003-*
}

@test "a quilt folder with options and comments, and SUSE's guards" {
	mkdir -p "$BATS_TEST_TMPDIR/q/sub"
	sed 's,^\(---\|+++\) [ab]/,\1 ,; /^diff --git/d' "$queue/patches/demo/0001-ten.patch" >"$BATS_TEST_TMPDIR/q/sub/ten.diff"
	cp "$mails"/0001-* "$BATS_TEST_TMPDIR/q/three.patch"
	printf '# words\nsub/ten.diff -p0 # old\n-old three.patch # more\n' >"$BATS_TEST_TMPDIR/q/series"
	cp -R "$queue" "$BATS_TEST_TMPDIR/untouched"
	import 0 "$BATS_TEST_TMPDIR/q" --before demo/0002-file.patch
	says "three.patch: '-old # more' would be guards: taken as words; --take-fields"
	says 'demo/three.patch # guards there: -old # more' "$queue/series/demo.series"
	rm -r "$queue" && mv "$BATS_TEST_TMPDIR/untouched" "$queue"
	import 0 "$BATS_TEST_TMPDIR/q" --before demo/0002-file.patch --take-fields
	printf 'demo/0001-ten.patch\ndemo/sub/ten.diff.patch -p0 # old\ndemo/three.patch #-old # more\ndemo/0002-file.patch\n' |
		diff - <(entries)
	cmp "$BATS_TEST_TMPDIR/q/three.patch" "$queue/patches/demo/three.patch"
	sed -i 's/-old/-nobody/' "$BATS_TEST_TMPDIR/q/series"
	cp -R "$queue" "$BATS_TEST_TMPDIR/before"
	expects 1 "$requilt" -C "$queue" import --take-fields fresh "$BATS_TEST_TMPDIR/q"
	says "guard 'nobody' names no branch"
	lacks -r fresh "$queue"
	diff -r "$queue/series" "$BATS_TEST_TMPDIR/before/series"
}

@test "a Present-if: line of a mail decides nothing unless it is said so" {
	mbox >"$BATS_TEST_TMPDIR/mbox"
	sed -i '0,/^It was 3/s//present-IF: defines nothing_at_all in mm\/b.c\n\n&/' "$BATS_TEST_TMPDIR/mbox"
	cp -R "$queue" "$BATS_TEST_TMPDIR/untouched"
	import 0 "$BATS_TEST_TMPDIR/mbox"
	says 'Present-if:, would decide where the patch is present'
	says '> present-IF: defines' "$(echo "$queue"/patches/demo/0003-*.patch)"
	rm -r "$queue" && mv "$BATS_TEST_TMPDIR/untouched" "$queue"
	import 0 "$BATS_TEST_TMPDIR/mbox" --take-fields
	lacks '> present-IF' "$(echo "$queue"/patches/demo/0003-*.patch)"
}

@test "a next version from another sender is taken when a person says so, and never by itself" {
	mbox -v2 >"$BATS_TEST_TMPDIR/mbox"
	mbox -v3 | sed 's/author@example.org/stranger@example.org/; s/^It was/Now it is/' >>"$BATS_TEST_TMPDIR/mbox"
	import 1 "$BATS_TEST_TMPDIR/mbox"
	says 'v2 is from author@example.org ('
	says 'v3 from stranger@example.org ('
	says 'say with --version which is meant'
	import 0 "$BATS_TEST_TMPDIR/mbox" --version 2
	lacks -r 'Now it is' "$queue/patches"
}

single() { # VERSION SENDER WORD: one patch, whose subject has no number
	sed -e "s/^Subject: \[PATCH 1\/3\]/Subject: [PATCH$1]/" -e "s/^From: .*/From: Some Body <$2>/" \
		-e "s/^It was/$3 was/" "$mails"/0001-*
}

@test "a next version of a patch without a number, from another sender, has to be named" {
	local box=$BATS_TEST_TMPDIR/mbox

	{ single '' a@example.org One; single ' v2' b@example.org Two; } >"$box"
	cp -R "$queue" "$BATS_TEST_TMPDIR/before"
	import 1 "$box"
	says 'v1 is from a@example.org ('
	says 'v2 from b@example.org ('
	says 'say with --version which is meant'
	import 1 "$box" --version 3
	says 'is v2, and there is no v3 of it'
	diff -r "$queue" "$BATS_TEST_TMPDIR/before"
	import 0 "$box" --version 1
	grep -rq '^One was' "$queue/patches"
	lacks -r '^Two was' "$queue/patches"
	[ "$(entries | wc -l)" = 3 ]
	# in any order, and from nobody
	rm -rf "$queue" && cp -R "$BATS_TEST_TMPDIR/before" "$queue"
	{ single ' v2' b@example.org Two | sed '/^From: Some/d'; single '' a@example.org One; } >"$box"
	import 1 "$box"
	says 'v2 from nobody ('
	import 0 "$box" --version 2
	[ "$(entries | wc -l)" = 3 ]
	grep -rq '^Two was' "$queue/patches"
}

@test "of versions of a patch without a number, from one sender, the newest is taken" {
	local box=$BATS_TEST_TMPDIR/mbox

	{ single ' v10' a@example.org Ten; single '' a@example.org One; single ' v2' a@example.org Two; } >"$box"
	import 0 "$box"
	says ': v10 is taken, and no earlier one'
	[ "$(entries | wc -l)" = 3 ]
	grep -rq '^Ten was' "$queue/patches"
	single ' v10' a@example.org Eleven >>"$box"
	import 1 "$box" --force
	says 'are both v10 of one patch; give one of them'
	# another title is another patch, of whomever
	{ single '' a@example.org One; single ' v2' b@example.org Two | sed 's/spell/spell out/'; } >"$box"
	import 0 "$box" --force
}

@test "another queue, into one that is not there yet" {
	expects 0 "$requilt" -C "$queue" import fresh "$queue/series/demo.series"
	printf 'fresh/0001-ten.patch\nfresh/0002-file.patch\n' | diff - "$queue/series/fresh.series"
	cmp "$queue/patches/fresh/0001-ten.patch" "$queue/patches/demo/0001-ten.patch"
	expects 0 "$requilt" -C "$queue" port fresh
}

@test "nothing is overwritten without --force, nothing is left behind by a failure" {
	mkdir "$BATS_TEST_TMPDIR/q"
	cp "$mails"/0001-* "$BATS_TEST_TMPDIR/q/0001-ten.patch"
	echo 0001-ten.patch >"$BATS_TEST_TMPDIR/q/series"
	cp -R "$queue" "$BATS_TEST_TMPDIR/before"
	import 1 "$BATS_TEST_TMPDIR/q"
	says '0001-ten.patch is there and differs; --force overwrites it'
	diff -r "$queue" "$BATS_TEST_TMPDIR/before"
	import 0 "$BATS_TEST_TMPDIR/q" --force
	cmp "$mails"/0001-* "$queue/patches/demo/0001-ten.patch"
	diff "$queue/series/demo.series" "$BATS_TEST_TMPDIR/before/series/demo.series"
	cp -R "$queue" "$BATS_TEST_TMPDIR/again"
	import 1 "$mails" --after demo/nowhere.patch
	says "has no entry 'demo/nowhere.patch'"
	sed -i '/^+line number/d' "$mails"/0002-*
	import 1 "$mails"
	says 'hunk says'
	printf 'Subject: words\n\nonly\n' >"$BATS_TEST_TMPDIR/mail"
	import 1 "$BATS_TEST_TMPDIR/mail"
	says 'holds no patch'
	sed -i '0,/^---$/s/^---$/a\x00b\n---/' "$BATS_TEST_TMPDIR/q/0001-ten.patch"
	import 1 "$BATS_TEST_TMPDIR/q" --force
	says ': a NUL byte in the text of the patch, which no mail can carry; remove it'
	import 1 "$BATS_TEST_TMPDIR/nowhere"
	says 'nowhere: not there'
	diff -r "$queue" "$BATS_TEST_TMPDIR/again"
	expects 129 "$requilt" -C "$queue" import demo
	expects 129 "$requilt" -C "$queue" import a/b "$mails"
	import 129 "$mails" --after demo/0001-ten.patch --before demo/0001-ten.patch
}

@test "what comes a second time changes nothing; another text of the same title needs --force" {
	import 0 "$mails" --after demo/0001-ten.patch
	cp -Rp "$queue" "$BATS_TEST_TMPDIR/once"
	import 0 "$mails"
	[ "$(grep -c ': in the series already$' "$out")" = 3 ]
	diff -r "$queue" "$BATS_TEST_TMPDIR/once"
	sed -i 's/^It was 7 before/It had been 7/' "$mails"/0002-*
	import 1 "$mails"
	says "0004-mm-b-spell-line-7-in-a-subject-that-is-longer-than-a.patch is there and differs"
	diff -r "$queue" "$BATS_TEST_TMPDIR/once"
	import 0 "$mails" --force
	says 'It had been 7' "$queue"/patches/demo/0004-*
	diff "$queue/series/demo.series" "$BATS_TEST_TMPDIR/once/series/demo.series"
}

@test "a patch file that is no mail keeps every byte of its head: quilt, DEP-3, SUSE, svn" {
	diff=$BATS_TEST_TMPDIR/diff
	sed -n '/^diff/,/^-- /{/^-- /!p}' "$mails"/0001-* >"$diff"
	{ echo 'mm: spell three' && sed 1d "$diff"; } >"$BATS_TEST_TMPDIR/quilt.patch"
	{ printf 'Description: spell three\n And so on.\nOrigin: vendor\nAuthor: A B <a@b.org>\n\n' && cat "$diff"; } >"$BATS_TEST_TMPDIR/dep3.patch"
	{ printf 'From: A B <a@b.org>\nDate: Wed, 20 Dec 2023 23:44:24 +0100\nSubject: mm: spell\nPatch-mainline: never\nReferences: bsc#1\n\nWords.\n\n---\n' &&
		cat "$diff"; } >"$BATS_TEST_TMPDIR/suse.patch"
	{ printf 'Index: linux/mm/b.c\n%067d\n' 0 | tr 0 = && sed -n '/^--- /,$p' "$diff"; } >"$BATS_TEST_TMPDIR/svn.patch"
	for form in quilt dep3 suse svn; do
		import 0 "$BATS_TEST_TMPDIR/$form.patch"
		cmp "$BATS_TEST_TMPDIR/$form.patch" "$(ls "$queue"/patches/demo/*.patch -t | head -1)"
		rm "$(ls "$queue"/patches/demo/*.patch -t | head -1)"
		sed -i '$d' "$queue/series/demo.series"
	done
}

@test "a mail with the line ends of the wire" {
	sed -i 's,PATCH 1/3,PATCH,' "$mails"/0001-*
	sed 's/$/\r/' "$mails"/0001-* >"$BATS_TEST_TMPDIR/wire.patch"
	import 0 "$BATS_TEST_TMPDIR/wire.patch"
	cmp "$mails"/0001-* "$queue"/patches/demo/0003-*
}

@test "a credit is of its sender by the whole address, by thread, above the signature; a block of its own" {
	mbox >"$BATS_TEST_TMPDIR/mbox"
	second=$(id_of 2 "$BATS_TEST_TMPDIR/mbox")
	{
		cat "$BATS_TEST_TMPDIR/mbox"
		reply "$second" 'N <n@example.org>' 'Reviewed-by: Ann <ann@example.org>'
		reply "$second" 'Bob <bob@example.org>' 'Acked-by: Bob <bob@example.org>' '-- ' 'Tested-by: Bob <bob@example.org>' |
			sed 's/^Subject: .*/Subject: looks good/'
	} >"$BATS_TEST_TMPDIR/thread"
	sed -i '/^Signed-off-by/d' "$BATS_TEST_TMPDIR/thread"
	import 0 "$BATS_TEST_TMPDIR/thread"
	lacks -F 'Ann <ann' "$queue"/patches/demo/0004-*
	lacks -F Tested-by "$queue"/patches/demo/0004-*
	[ "$(grep -B1 '^Acked-by: Bob' "$queue"/patches/demo/0004-* | head -1)" = '' ]
	says "'Reviewed-by: Ann <ann@example.org>' is not of the sender" "$err"
}

@test "[PATCHv3 1/2] and [PATCH,v3 1/2] are version 3" {
	mbox >"$BATS_TEST_TMPDIR/old"
	for form in PATCHv3 PATCH,v3; do
		sed "s/\[PATCH \([0-9]\)/[$form \1/; s/^It was \([0-9]*\) before/In $form \1/; s/^Message-I[dD]: </&x/" "$BATS_TEST_TMPDIR/old" |
			cat - "$BATS_TEST_TMPDIR/old" >"$BATS_TEST_TMPDIR/both"
		import 0 "$BATS_TEST_TMPDIR/both" --force
		says "In $form 7" "$queue"/patches/demo/0004-*
	done
}

@test "imports at the same time take turns, and every entry arrives" {
	local -a imports=()

	sed -i 's,PATCH ./3,PATCH,' "$mails"/*
	for i in 1 2 3 4 5 6; do
		sed "s/^Subject: .*/Subject: [PATCH] mm: number $i/" "$mails"/0001-* >"$BATS_TEST_TMPDIR/$i.patch"
		"$requilt" -C "$queue" import -q demo "$BATS_TEST_TMPDIR/$i.patch" &
		imports+=($!)
	done
	# A bare wait would wait for the clock of bats as well.
	wait "${imports[@]}"
	[ "$(entries | grep -c 'demo/000[3-8]-mm-number-[1-6]')" = 6 ]
	prints_nothing uniq -d <(entries | cut -c6-9 | sort)
}

@test "two patches of one title are two entries, and stay two when they come again" {
	mkdir "$BATS_TEST_TMPDIR/two"
	sed 's/PATCH 1.3/PATCH/' "$mails"/0001-* >"$BATS_TEST_TMPDIR/two/1.patch"
	sed 's/PATCH 2.3/PATCH/; s/spell line 7/spell line 3/' "$mails"/0002-* >"$BATS_TEST_TMPDIR/two/2.patch"
	for i in 1 2; do
		import 0 "$BATS_TEST_TMPDIR"/two/[12].patch
		[ "$(ls "$queue/patches/demo" | grep -c '^000[34]-mm-b-spell-line-3')" = 2 ]
		[ "$(entries | wc -l)" = 4 ]
	done
}

@test "--force takes the options of a line over and keeps its guards; other bytes of the series stay" {
	git -C "$src" format-patch -q --no-prefix -o "$BATS_TEST_TMPDIR/q" HEAD~3..HEAD~2
	mv "$BATS_TEST_TMPDIR"/q/0001-* "$BATS_TEST_TMPDIR/q/0001-ten.patch"
	echo '0001-ten.patch -p0' >"$BATS_TEST_TMPDIR/q/series"
	printf '# head\ndemo/0001-ten.patch # +one  # words\ndemo/0002-file.patch' >"$queue/series/demo.series"
	import 0 "$BATS_TEST_TMPDIR/q" --force
	printf '# head\ndemo/0001-ten.patch -p0 # +one  # words\ndemo/0002-file.patch' | cmp - "$queue/series/demo.series"
	sed -i 's/PATCH [23].3/PATCH/' "$mails"/*
	import 0 "$mails"/0003-* --after demo/0001-ten.patch
	[ "$(tail -n 1 "$queue/series/demo.series" | tail -c 5)" = patch ]
	[ -n "$(tail -c 1 "$queue/series/demo.series")" ]
	import 0 "$mails"/0002-*
	[ "$(entries | wc -l)" = 4 ]
}

# A function with tabs in the base of both branches, and a patch to it as an archive shows it.
quoted_world() {
	printf 'int f(int a, int b)\n{\n\tif (a) {\n\t\tg(a);\n\t\treturn 1;\n\t}\n\n\treturn h(b);\n}\n' >"$BATS_TEST_TMPDIR/f.c"
	cp "$BATS_TEST_TMPDIR/f.c" "$src/mm/f.c" && git -C "$src" add -A && git -C "$src" commit -qm base
	for branch in one two; do
		checkout $branch "$BATS_TEST_TMPDIR/b" && cp "$BATS_TEST_TMPDIR/f.c" "$BATS_TEST_TMPDIR/b/mm/f.c"
		commit_base $branch "$BATS_TEST_TMPDIR/b"
	done
	awk '{ print } /g\(a\);/ { print "\t\tif (g(a))"; print "\t\t\treturn 2;" }' "$BATS_TEST_TMPDIR/f.c" >"$src/mm/f.c"
	git -C "$src" commit -qam 'mm/f: ask g twice

It may have changed its mind.

Signed-off-by: Ann Author <ann@example.org>'
	git -C "$src" format-patch --stdout HEAD~1 >"$BATS_TEST_TMPDIR/true.patch"
}

# Quoted, signs of context lines and all white space in front gone, with two remarks.
archive() {
	printf 'Re: [PATCH v2 1/3] mm/f: ask g twice\n\nFrom: Rev Iewer\nDate: Tue Dec 05 2023\n\n\nOn 04/12/2023 14:21, Ann Author wrote:\n'
	sed -n '/^It may/,$p' "$BATS_TEST_TMPDIR/true.patch" | sed -E '/^---$|^--- a|^\+\+\+ b|^@@|^diff|^index/!s/^([+-]?)[ \t]+/\1 /; s/^ //; s/^/> /; s/ +$//' |
		sed '/return 2;/a\
\
Why 2?\
' | sed '/^> It may/a\
\
May it?\
'
}

@test "a patch quoted by a reviewer is rebuilt: white space from the tree, remarks as notes" {
	quoted_world
	archive >"$BATS_TEST_TMPDIR/mail.txt"
	import 0 "$BATS_TEST_TMPDIR/mail.txt"
	says 'demo/0003-mm-f-ask-g-twice.patch: incomplete' "$out"
	patch=$queue/patches/demo/0003-mm-f-ask-g-twice.patch
	diff <(sed -n '/^@@/,/^-- /p' "$BATS_TEST_TMPDIR/true.patch" | sed '/^-- /d') <(sed -n '/^@@/,$p' "$patch")
	says 'From: Ann Author <ann@example.org>' "$patch"
	says 'Subject: [PATCH] mm/f: ask g twice' "$patch"
	says 'Incomplete: mm/f.c hunk 1: the indentation of 2 added lines is guessed' "$patch"
	lacks -F 'no tree' "$patch"
	says 'Why 2?' "$patch.notes"
	says 'return 2;' "$patch.notes"
	says 'May it?' "$patch.notes"
	says 'By: Rev Iewer' "$patch.notes"
}

@test "an incomplete patch blocks its branch until a hand has finished it; show prints the notes" {
	quoted_world
	archive >"$BATS_TEST_TMPDIR/mail.txt"
	import 0 "$BATS_TEST_TMPDIR/mail.txt"
	expects 1 port one
	jq -e '.entries[2] | .outcome == "blocked" and (.message | startswith("incomplete: mm/f.c hunk 1: "))' "$queue/series/demo/one/port.json"
	sed -i '/^Incomplete: /d' "$queue/patches/demo/0003-mm-f-ask-g-twice.patch"
	expects 0 port one
	git --git-dir="$repo" show "$(head_of one):mm/f.c" | diff "$src/mm/f.c" -
	expects 0 "$requilt" -C "$queue" show demo one demo/0003-mm-f-ask-g-twice.patch
	says 'Why 2?' "$out"
}

@test "a quote that stops in the middle is said to, and nothing is invented" {
	quoted_world
	archive | sed '/return 1;/,$d' >"$BATS_TEST_TMPDIR/mail.txt"
	import 0 "$BATS_TEST_TMPDIR/mail.txt"
	grep -E 'Incomplete: mm/f.c hunk 1: [0-9] of [0-9] old and [0-9] of [0-9] new lines are here' "$queue"/patches/demo/0003-*
	lacks -F 'return 1' "$queue"/patches/demo/0003-*.patch
}

@test "a line that a mailer broke is joined where the counts say so" {
	quoted_world
	long='\t\tif (g(a, a_rather_long_name_of_a_function(of_many, words, that, go, beyond, the_margin)))'
	sed -i "s/^\t\tif (g(a))/$long/" "$src/mm/f.c"
	git -C "$src" commit -qa --amend --no-edit
	git -C "$src" format-patch --stdout HEAD~1 >"$BATS_TEST_TMPDIR/true.patch"
	archive | sed 's/ beyond, the_margin/\n> beyond, the_margin/' >"$BATS_TEST_TMPDIR/mail.txt"
	import 0 "$BATS_TEST_TMPDIR/mail.txt"
	says 'go, beyond, the_margin)))' "$(echo "$queue"/patches/demo/0003-*.patch)"
	lacks -F 'lines are here' "$queue"/patches/demo/0003-*.patch
}

@test "--dry-run names the entries and writes nothing" {
	cp -a "$queue" "$BATS_TEST_TMPDIR/before"
	import 0 -n "$mails"/*.patch
	[ "$(cut -c1-16 "$out")" = "$(printf 'demo/0003-mm-b-s\ndemo/0004-mm-b-s\ndemo/0005-mm-b-s')" ]
	diff -r "$BATS_TEST_TMPDIR/before" "$queue"
	import 1 -n "$BATS_TEST_TMPDIR/nothing"
	import 1 -n --after nosuch "$mails"/*.patch
	says "has no entry 'nosuch'"
	mkdir "$BATS_TEST_TMPDIR/quilt"
	cp "$mails"/0001-*.patch "$BATS_TEST_TMPDIR/quilt/one.patch"
	echo 'one.patch # +nosuch' >"$BATS_TEST_TMPDIR/quilt/series"
	for dry in -n --quiet; do
		import 1 $dry --take-fields "$BATS_TEST_TMPDIR/quilt"
		says 'nosuch'
	done
	diff -r "$BATS_TEST_TMPDIR/before" "$queue"
}
