#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What histories say: commits keep their identity on the way into a queue, what a fix is for, what came after.

load helper

setup() {
	need git jq
	make_world "$BATS_TEST_TMPDIR/world"
	cd "$BATS_TEST_TMPDIR" || return
	src=$BATS_TEST_TMPDIR/src
	git init -q -b master "$src"
	git --git-dir="$repo" archive one | tar -x -C "$src"
	git -C "$src" add -A && git -C "$src" commit -qm base && git -C "$src" tag v6.1
	printf '[core]\n\trepository = ../linux.git\n\tupstream = %s\n[branch "one"]\n\ttag = lts\n[branch "two"]\n\ttag = lts\n' "$src" >"$queue/series/branches.conf"
}

# A commit whose message is on stdin and that changes line N of FILE.
commits() { # N [FILE]
	sed -i "s/^line $1\$/line number $1/" "$src/${2:-mm/b.c}"
	git -C "$src" commit -qa --cleanup=verbatim --author='A U Thor <author@example.org>' -F -
}

import() { # STATUS WORD...
	local want=$1

	shift
	expects "$want" "$requilt" -C "$queue" import new "$@"
}

log_of() { # DIRECTORY RANGE
	git -C "$1" log --format='%an %ae %ad%n%B--' "$2"
}

@test "commits by their names alone are looked up upstream; mainline's say so, git am reads them as they were" {
	printf 'a title of\ntwo lines\n\nBody.\n\nSigned-off-by: A U Thor <author@example.org>\n' | commits 2
	printf '\nmm: from\n\n\nFrom: Other <other@example.org>\n\ntext\nFrom: here\n' | commits 5
	printf 'mm: a diff\n\ntext\ndiff --git a/x b/x\n---\nmore\n' | commits 8
	git -C "$src" commit -q --allow-empty -m 'an empty one'
	: >"$src/empty.c" && git -C "$src" add -A && git -C "$src" commit -qm 'a file without content'
	git -C "$src" checkout -q -b side HEAD~2
	printf 'mm: side\n\nSubject: words\n\ntext\n' | commits 11
	git -C "$src" checkout -q master && git -C "$src" merge -q --no-edit side
	import 0 v6.1..master
	says '("an empty one") changes nothing; left out'
	[ "$(grep -c '^new/' "$queue/series/new.series")" = 5 ]
	git -C "$src" worktree add -q "$BATS_TEST_TMPDIR/am" v6.1
	git -C "$BATS_TEST_TMPDIR/am" am -q "$queue"/patches/new/*
	log_of "$BATS_TEST_TMPDIR/am" v6.1.. >am.log
	[ "$(grep -c '^commit [0-9a-f]* upstream\.$' am.log)" = 5 ]
	# Without that line they are git's own, but for the blank in front of what git am would take for a diff.
	sed '/^commit [0-9a-f]* upstream\.$/d; s/^ \(diff\|---\)/\1/' am.log >mine
	git -C "$src" log --no-merges --format=%H v6.1.. >ids
	sed 's/^a title of two lines$/a title of\ntwo lines/' mine | grep -v '^$' | sort | diff - <(
		git -C "$src" log --no-merges --format='%an %ae %ad%n%B--' v6.1.. --grep='an empty one' --invert-grep | grep -v '^$' | sort)
	for file in "$queue"/patches/new/*; do
		id=$(sed -n '1s/^From \([0-9a-f]*\) .*/\1/p' "$file")
		grep -qx "$id" ids
		grep -qx "commit $id upstream." "$file"
	done
	# The port's commits are those of git am.
	expects 0 "$requilt" -C "$queue" port new one --ref
	git --git-dir="$repo" log -5 --format='%an %ae %ad%n%B--' requilt/new/one | diff - am.log
}

@test "what is not in mainline keeps its author, whatever its body begins with" {
	git -C "$src" checkout -q -b other
	printf 'mm: from\n\nFrom: Other <other@example.org>\n\ntext\n' | commits 5
	import 0 "$src" HEAD
	lacks -q upstream "$queue"/patches/new/*
	git -C "$src" worktree add -q "$BATS_TEST_TMPDIR/am" v6.1
	git -C "$BATS_TEST_TMPDIR/am" am -q "$queue"/patches/new/*
	[ "$(log_of "$BATS_TEST_TMPDIR/am" v6.1..)" = "$(log_of "$src" v6.1..)" ]
	expects 0 "$requilt" -C "$queue" port new one --ref
	[ "$(git --git-dir="$repo" log -1 --format='%an %ae %ad%n%B--' requilt/new/one)" = "$(log_of "$src" v6.1..)" ]
	# Another ref may be mainline.
	printf '[upstream]\n\tmainline = other\n' >>"$queue/series/branches.conf"
	import 0 HEAD --force
	says "commit $(git -C "$src" rev-parse HEAD) upstream." "$queue"/patches/new/*
	import 1 nowhere..HEAD
	says "'nowhere..HEAD' is no file, and no repository"
	import 1 missing.mbox
	lacks -q 'no repository' "$err"
}

@test "each dialect writes its form of the one fact, in whatever form it was said" {
	local id=0123456789012345678901234567890123456789 line=2 dialect form

	git -C "$src" checkout -q -b other
	for form in "(cherry picked from commit $id)" "[ Upstream commit $id ]" "Commit $id upstream" "commit $id upstream."; do
		printf 'mm: words\n\n%s\n\nSigned-off-by: A U Thor <author@example.org>\n' "$form" | commits $line
		line=$((line + 2))
	done
	import 0 "$src" v6.1..HEAD
	expects 0 "$requilt" -C "$queue" port new one
	for dialect in 'stable=^[Cc]ommit %s upstream\|^\[ Upstream commit %s \]$' 'dep3=^Origin: [a-z]*, commit:%s$' 'suse=^Git-commit: %s$' 'yocto=^Upstream-Status: Backport \[%s\]$'; do
		rm -rf mails && expects 0 "$requilt" -C "$queue" export new one --format mbox --dialect "${dialect%%=*}" --who 'A U Thor <author@example.org>' -o mails
		[ "$(grep -c "$(sed "s/%s/$id/g" <<<"${dialect#*=}")" mails)" = 4 ] || fail "$dialect" "$(cat mails)"
	done
}

@test "Cc: stable and Fixes: become guards, and lint says where they disagree" {
	git -C "$src" checkout -q -b work
	printf 'mm: a\n\nCc: <stable@vger.kernel.org> # 6.5+\n' | commits 2
	printf 'mm: b\n\nCc: stable@vger.kernel.org # 6.1.x, 6.12\n' | commits 5
	printf 'mm: c\n\nCc: <stable@vger.kernel.org> # 5.15.x: a1f84a3: mm: title\n' | commits 8
	printf 'mm: d\n\nCc: stable@vger.kernel.org # needs work\n' | commits 11
	git -C "$src" tag v6.12
	printf 'mm: e\n\nFixes: %s ("mm: d")\n' "$(git -C "$src" rev-parse --short=12 HEAD)" | commits 1
	printf 'mm: f\n\nFixes: %s ("mm: d")\nFixes: deadbeef1234 ("x")\n' "$(git -C "$src" rev-parse --short=12 HEAD~1)" | commits 4
	import 0 --stable-guards v6.1..HEAD
	says 'mm: c: asks for a1f84a3 ("mm: title") first, on 5.15.x'
	says 'mm: f: no guard: no release is known that has deadbeef1234, which it fixes'
	diff - <(sed 's/.*patch//' "$queue/series/new.series") <<-'END'
		 #+v6.5..
		 #+v6.1 +v6.12
		 #+v5.15..

		 #+v6.12..

	END
	"$requilt" -C "$queue" lint new >lint || [ $? = 1 ]
	lacks -q stable-guards lint
	sed -i '1s/#.*//; 2s/#/#-two /; 5s/#.*/#+one/' "$queue/series/new.series"
	expects 1 "$requilt" -C "$queue" lint new
	grep -o 'patch:[0-9]*: stable-guards.*' "$out" | diff - <(cat <<-'END'
		patch:6: stable-guards: Cc: stable asks for +v6.5..; the guards let it onto one
		patch:6: stable-guards: what it fixes is in releases +v6.12..; the guards leave out two; the guards let it onto one
	END
	)
}

# A function NAME around the lines on stdin.
function_with() { # NAME
	printf 'static int %s(struct dev *d)\n{\n\tint rc = setup(d);\n\n' "$1"
	cat
	printf '\n\tfinish(d);\n\treturn rc;\n}\n\n'
}

# v6.1; then a feature, its fix, and a fix of what v6.1 has.
make_fixes() {
	printf '\tlock(d);\n\tstart(d);\n\tunlock(d);\n' | function_with probe >"$src/mm/f.c"
	git -C "$src" add -A && git -C "$src" commit -qm 'mm: first' && first=$(git -C "$src" rev-parse HEAD)
	git -C "$src" tag -f v6.1 >"$out"
	printf '\tlock(d);\n\tfeature(d);\n\tother(d);\n\tstart(d);\n\tunlock(d);\n' | function_with probe >"$src/mm/f.c"
	git -C "$src" commit -qam 'mm: a feature' && feature=$(git -C "$src" rev-parse HEAD)
	sed -i 's/\tfeature(d);/\tif (d->on)\n\t\tfeature(d);/' "$src/mm/f.c"
	git -C "$src" commit -qam "mm: fix the feature

Fixes: ${feature:0:12} (\"mm: a feature\")"
	fix=$(git -C "$src" rev-parse HEAD)
	sed -i 's/\tstart(d);/\tif (d)\n\t\tstart(d);/' "$src/mm/f.c"
	git -C "$src" commit -qam "mm: fix the first

Fixes: ${first:0:12} (\"mm: first\")"
	old_fix=$(git -C "$src" rev-parse HEAD)
	printf '[core]\n\trepository = %s\n\tupstream = %s\n[branch "vendor"]\n\tref = refs/tags/v6.1\n' "$src" "$src" >"$queue/series/branches.conf"
}

@test "audit: a fix of what never came is not missing; CVE records beside the text; what lacks is a queue" {
	make_fixes
	expects 1 "$requilt" -C "$queue" audit vendor "$fix" "$old_fix"
	says "$fix  not affected: what it fixes is not there" "$out"
	says "$old_fix  MISSING" "$out"
	git -C "$src" format-patch -q -2 -o "$BATS_TEST_TMPDIR/files"
	expects 1 "$requilt" -C "$queue" audit vendor "$BATS_TEST_TMPDIR"/files/* --json
	[ "$(jq -r 'map(.verdict) | join(", ")' "$out")" = 'not affected, lacks' ]
	# What no repository has may be there.
	printf 'Subject: x\n\nFixes: %s ("a")\nFixes: deadbeef1234 ("b")\n\n' "${feature:0:12}" | cat - <(git -C "$src" show --format= "$fix") >unknown.patch
	"$requilt" -C "$queue" audit vendor "$PWD/unknown.patch" >unknown || [ $? = 1 ]
	lacks -q 'not affected' unknown
	sed -i '/deadbeef/d' unknown.patch
	expects 0 "$requilt" -C "$queue" audit vendor "$PWD/unknown.patch"
	says 'not affected' "$out"
	mkdir -p vulns/cve/published/2024 vulns/cve/rejected
	printf 'no commit\n' >vulns/cve/rejected/CVE-2024-3.sha1
	echo "$fix" >vulns/cve/published/2024/CVE-2024-1.sha1
	printf '# dyad version: 1\n6.2:%s:6.6.5:%s\n6.2:%s:6.8:%s\n' "$feature" "$fix" "$feature" "$fix" >vulns/cve/published/2024/CVE-2024-1.dyad
	jq -n --arg c "$first" --arg f "$old_fix" '{ containers: { cna: { affected: [
		{ versions: [ { version: $c, lessThan: $f, status: "affected", versionType: "git" } ] },
		{ versions: [ { version: "5.4", status: "affected" }, { version: "6.1.3", lessThanOrEqual: "6.1.*", status: "unaffected" },
			{ version: "6.8", lessThanOrEqual: "*", status: "unaffected" } ] } ] } } }' >vulns/cve/published/2024/CVE-2024-2.json
	expects 1 "$requilt" -C "$queue" audit vendor --cve vulns --queue lacking
	sed 's/new [^;]*; [^;]*; //' "$out" | diff - <(cat <<-'END'
		CVE-2024-1  not affected: what it fixes is not there; version: not affected, since 6.2
		CVE-2024-2  MISSING: conflict?; version: fixed in 6.1.3 !! differ
	END
	)
	# Every pair of the tree's own series counts.
	mkdir two
	git -C "$src" checkout -q -b stable v6.1 && echo c2 >"$src/mm/c2.c" && git -C "$src" add -A && git -C "$src" commit -qm 'mm: c2' && git -C "$src" tag v6.1.70
	for order in '' -r; do
		printf '6.1.2:%s:6.1.78:%s\n6.1.3:%s:6.1.78:%s\n' "$feature" "$old_fix" "$(git -C "$src" rev-parse stable)" "$old_fix" | sort $order >two/CVE-2024-5.dyad
		expects 1 "$requilt" -C "$queue" audit v6.1.70 --cve two
		says 'CVE-2024-5  MISSING' "$out"
	done
	# So does one whose cause is not known.
	printf '6.1.2:%s:6.1.78:%s\n0:0:6.1.78:%s\n' "$feature" "$fix" "$fix" >two/CVE-2024-5.dyad
	"$requilt" -C "$queue" audit v6.1.70 --cve two >unknown || [ $? = 1 ]
	lacks -q 'not affected' unknown
	printf '0123456789\0\n' >two/CVE-2024-6.sha1
	expects 1 "$requilt" -C "$queue" audit v6.1.70 --cve two
	says 'CVE-2024-6.sha1:1: is no commit'
	git -C "$src" checkout -q master
	grep -qx 'lacking/0001-mm-fix-the-first.patch' "$queue/series/lacking.series"
	grep -qx "commit $old_fix upstream." "$queue"/patches/lacking/*
	# Mainline itself has both, whatever its version says.
	expects 0 "$requilt" -C "$queue" audit master --cve vulns --csv
	[ "$(grep -c '","has","present.*!! differ"$' "$out")" = 1 ] || fail "$(cat "$out")"
	echo '6.2:x' >>vulns/cve/published/2024/CVE-2024-1.dyad
	expects 1 "$requilt" -C "$queue" audit vendor --cve vulns
	says "CVE-2024-1.dyad:4: is no 'VERSION:COMMIT:VERSION:COMMIT' line"
	expects 1 "$requilt" -C "$queue" audit vendor --cve "$BATS_TEST_TMPDIR/files"
	says 'has no CVE-'
}

@test "fixes: what came after upstream, fixes of fixes and reverts; by content, once read, into the queue" {
	make_fixes
	import 0 "$feature"
	printf 'more\n' >>"$src/mm/f.c" && git -C "$src" commit -qam "mm: fix the fix

Fixes: ${fix:0:12} (\"mm: fix the feature\")"
	second=$(git -C "$src" rev-parse --short=12 HEAD)
	git -C "$src" revert --no-edit "$second" >/dev/null && third=$(git -C "$src" rev-parse --short=12 HEAD)
	expects 1 "$requilt" -C "$queue" -v fixes new
	diff "$out" - <<-END
		${fix:0:12} ("mm: fix the feature") fixes new/0001-mm-a-feature.patch
		$second ("mm: fix the fix") fixes ${fix:0:12}
		$third ("Revert "mm: fix the fix"") reverts $second
	END
	says 'new lacks 3 of 3'
	says 'read 7 messages, 4 name a commit'
	git -C "$src" commit -q --allow-empty -m 'one more'
	expects 1 "$requilt" -C "$queue" -v fixes new --json
	says 'read 1 messages, 4 name'
	[ "$(jq -r 'map(.how + " " + (.entry // "-")) | join(", ")' "$out")" = 'fixes new/0001-mm-a-feature.patch, fixes -, reverts -' ]
	# On the port of the queue the first is missing; a broken index is made anew.
	expects 0 "$requilt" -C "$queue" port new vendor --ref
	echo broken >"$(echo "$XDG_CACHE_HOME"/requilt/fixes/*)"
	expects 1 "$requilt" -C "$queue" -v fixes new vendor
	says 'read 8 messages'
	says "${fix:0:12} (\"mm: fix the feature\") fixes new/0001-mm-a-feature.patch: MISSING, exact" "$out"
	expects 0 "$requilt" -C "$queue" fixes new vendor --import
	grep -q '^new/000.-mm-fix-the-feature.patch$' "$queue/series/new.series"
	expects 0 "$requilt" -C "$queue" port new vendor --ref
	"$requilt" -C "$queue" fixes new vendor >again || [ $? = 1 ]
	lacks -q 'fix the feature") ' again
	# A merge cannot be compared; what changes nothing is not wanted.
	fixes_feature=$(printf '\n\nFixes: %s ("mm: a feature")' "${feature:0:12}")
	git -C "$src" checkout -q -b side HEAD~1 && echo s >"$src/mm/s.c" && git -C "$src" add -A && git -C "$src" commit -qm side
	git -C "$src" checkout -q master && git -C "$src" merge -q --no-ff -m "merged$fixes_feature" side
	git -C "$src" commit -q --allow-empty -m "nothing$fixes_feature"
	expects 1 "$requilt" -C "$queue" fixes new vendor
	says '("merged") fixes new/0001-mm-a-feature.patch: cannot be compared' "$out"
	says '1 of 2 fixes cannot be compared'
	lacks -q nothing "$out"
	# A port that is not current is not compared with.
	sed -i '2,$d' "$queue/series/new.series"
	expects 1 "$requilt" -C "$queue" fixes new vendor
	says 'the port of new to vendor is not current'
	says '("mm: fix the feature") fixes new/0001-mm-a-feature.patch: reworked' "$out"
	# What guards keep off the branch is not carried; a patch may name no commit.
	sed -i '1s/$/ #-vendor/' "$queue/series/new.series"
	expects 0 "$requilt" -C "$queue" fixes new vendor
	[ ! -s "$out" ] || fail "$(cat "$out")"
	sed -i '1s/ #.*//' "$queue/series/new.series"
	cp "$queue/patches/demo/0001-ten.patch" "$queue/patches/new/plain.patch"
	echo new/plain.patch >>"$queue/series/new.series"
	expects 1 "$requilt" -C "$queue" fixes new
	says "$(printf '1 of %s patches name no commit' "$(grep -c patch "$queue/series/new.series")")"
	echo new/plain.patch >"$queue/series/plain.series"
	expects 1 "$requilt" -C "$queue" fixes plain
	says 'none of 1 patches names a commit'
	# What the branch reverted is not there.
	git -C "$src" checkout -q -b own v6.1 && git -C "$src" cherry-pick -x "$feature" "$fix" >picked
	printf '[branch "own"]\n\tref = refs/heads/own\n' >>"$queue/series/branches.conf"
	expects 1 "$requilt" -C "$queue" fixes plain own
	lacks -q 'fix the feature")' "$out"
	git -C "$src" revert --no-edit HEAD >picked
	expects 1 "$requilt" -C "$queue" fixes plain own
	says '("mm: fix the feature") fixes '"${feature:0:12}: MISSING" "$out"
	git -C "$src" revert --no-edit HEAD >picked
	expects 1 "$requilt" -C "$queue" fixes plain own
	lacks -q 'fix the feature")' "$out"
	expects 129 "$requilt" -C "$queue" fixes
	sed -i 's/^\[branch/[upstream]\n\tmainline = none\n&/' "$queue/series/branches.conf"
	expects 1 "$requilt" -C "$queue" fixes new
	says "no repository that it names has the ref 'none'"
}
