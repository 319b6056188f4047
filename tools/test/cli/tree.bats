#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# tree add and tree list as a whole: sources of each kind, what is refused, and that a second
# import of the same release writes nothing.

load helper

setup() {
	need git jq tar xz
	make_world "$BATS_TEST_TMPDIR/world"
	cd "$world" || return 1
	repo=$world/bases.git
	make_base 6 1 9 >/dev/null
	mkdir -p tree/sub/deep
	echo hidden >tree/ignored.o
	echo '*.o' >tree/.gitignore
	echo run >tree/sub/run.sh && chmod 755 tree/sub/run.sh
	ln -s ../Makefile tree/sub/link
	: >tree/sub/deep/empty
	mv tree linux-6.1.9
	find linux-6.1.9 -exec touch -h -d '2024-05-06 07:08:09 UTC' {} +
	want=$(GIT_DIR=$world/linux.git GIT_INDEX_FILE=$world/index \
		git --work-tree=linux-6.1.9 add -A -f . &&
		GIT_DIR=$world/linux.git GIT_INDEX_FILE=$world/index git write-tree)
}

tree_add() { "$requilt" --repo "$repo" tree add "$@"; }

packs() { find "$repo/objects/pack" -name '*.pack' | wc -l; }

is_wanted() { # BRANCH
	[ "$(git --git-dir="$repo" rev-parse "$1^{tree}")" = "$want" ]
	git --git-dir="$repo" fsck --strict --no-dangling
}

@test "a tarball, in each compression, gives git's tree; once more writes nothing" {
	tar -cf l.tar linux-6.1.9
	gzip -k l.tar && xz -k l.tar
	for source in l.tar l.tar.gz l.tar.xz; do
		expects 0 tree_add base $source
		is_wanted base
		find "$repo" -type f -printf '%p %T@\n' | sort >before
		expects 0 tree_add base $source
		find "$repo" -type f -printf '%p %T@\n' | sort >after
		cmp before after
	done
	[ "$(git --git-dir="$repo" log -1 --format='%ct %an <%ae>' base)" = \
		'1714979289 requilt <requilt@example.org>' ]
	# the first brought the tree, the others a commit each: their names are in it
	[ "$(packs)" = 3 ]
	[ "$(git --git-dir="$repo" count-objects | cut -d' ' -f1)" = 0 ]
}

@test "a folder gives the same tree" {
	expects 0 tree_add base linux-6.1.9
	is_wanted base
}

@test "a ref of a git repository gives the same tree, without its history" {
	git init -q -b trunk work
	cp -a linux-6.1.9/. work
	git -C work add -A -f . && git -C work commit -q -m one
	git -C work commit -q --allow-empty -m two && git -C work tag v6.1.9
	expects 0 tree_add base work#v6.1.9
	is_wanted base
	expects 0 tree_add other "file://$world/work#v6.1.9"
	is_wanted other
	[ "$(git --git-dir="$repo" rev-list --count base other)" -le 2 ]
	expects 128 tree_add base work#nowhere
	says nowhere
}

@test "a later release moves the ref and adds only what is new" {
	tar -cf a.tar linux-6.1.9
	expects 0 tree_add base a.tar
	first=$(git --git-dir="$repo" rev-parse base)
	echo more >>linux-6.1.9/mm/a.c
	tar -cf b.tar linux-6.1.9
	expects 0 tree_add base b.tar
	[ "$(git --git-dir="$repo" rev-parse base)" != "$first" ]
	[ "$(git --git-dir="$repo" rev-list --count base)" = 1 ]
	newest=$(ls -t "$repo"/objects/pack/*.idx | head -n 1)
	# one blob, the trees / and mm/, the commit
	[ "$(git --git-dir="$repo" show-index <"$newest" | wc -l)" = 4 ]
}

@test "list: name, version, commit, date; ports are no bases" {
	expects 0 tree_add zeta linux-6.1.9
	expects 0 tree_add alpha linux-6.1.9
	git --git-dir="$repo" update-ref refs/heads/requilt/q/alpha alpha
	expects 0 "$requilt" --repo "$repo" tree list
	[ "$(cut -f1 "$out" | xargs)" = 'alpha zeta' ]
	[ "$(cut -f2,4 "$out" | head -n 1)" = $'6.1.9\t2024-05-06' ]
	expects 0 "$requilt" --repo "$repo" --json tree list
	jq -e . "$out" >/dev/null
}

@test "refused by name, nothing written" {
	mkdir bad && cd bad
	mkdir -p linux/.git && echo x >linux/.git/config && tar -cf dotgit.tar linux
	rm -rf linux/.git && mkfifo linux/pipe && tar -cf fifo.tar linux
	rm linux/pipe && echo a >linux/a && tar -cf twice.tar linux/a linux/a --hard-dereference
	tar -cPf up.tar --transform 's,^linux,linux/..,' linux/a
	tar -cPf absolute.tar "$PWD/linux/a"
	tar -cf whole.tar linux/a && head -c 700 whole.tar >cut.tar
	for name in dotgit fifo twice up absolute cut; do
		expects 1 tree_add base $name.tar
		says $name.tar
		[ ! -d "$repo" ] || prints_nothing git --git-dir="$repo" for-each-ref
		[ ! -d "$repo" ] || prints_nothing find "$repo/objects" -type f
	done
}

@test "usage and missing sources" {
	expects 129 "$requilt" tree
	expects 129 tree_add base
	expects 129 "$requilt" --repo "$repo" tree grow base linux-6.1.9
	expects 129 tree_add 'a..b' linux-6.1.9
	expects 129 tree_add requilt/q/x linux-6.1.9
	expects 128 tree_add base nowhere.tar
	says nowhere.tar
}

@test "trees lie in the user's data; a repository of an earlier version is found in the cache" {
	local data=$XDG_DATA_HOME/requilt/linux.git cache=$XDG_CACHE_HOME/requilt/linux.git

	cd "$BATS_TEST_TMPDIR"
	expects 0 "$requilt" tree add one world/linux-6.1.9
	[ -d "$data" ]
	[ ! -e "$cache" ]
	mkdir -p "$XDG_CACHE_HOME/requilt" && mv "$data" "$cache"
	expects 0 "$requilt" tree list
	says one "$out"
	expects 0 "$requilt" tree add two world/linux-6.1.9
	[ ! -e "$data" ]
	# with both, data counts
	git init -q --bare "$data"
	expects 0 "$requilt" tree list
	[ ! -s "$out" ]
	rm -r "$data" "$cache"
	unset XDG_DATA_HOME
	expects 0 "$requilt" tree add one world/linux-6.1.9
	[ -d "$HOME/.local/share/requilt/linux.git" ]
	unset HOME
	expects 129 "$requilt" tree list
	says 'neither XDG_DATA_HOME nor HOME is set'
}

# A partial clone of a repository with Makefile, a/one, a/b/two and c/three, without their contents.
partial_clone() { # FOLDER GIT-CLONE-OPTION...
	local folder=$1

	shift
	mkdir -p origin/a/b origin/c
	printf 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 9\n' >origin/Makefile
	for file in a/one a/b/two c/three; do echo $file >origin/$file; done
	git init -q origin
	git -C origin config uploadpack.allowFilter true
	git -C origin add .
	git -C origin commit -qm one
	git -c protocol.file.allow=always clone -q --filter=blob:none "$@" "file://$PWD/origin" "$folder"
}

@test "a clone that lacks contents: all are named at once, and --without leaves them out" {
	partial_clone bare.git --bare
	expects 128 tree_add base bare.git
	says 'bare.git: lacks the contents of 4 files: Makefile, a/b/two, a/one, c/three; fetch them into it, or leave them out with --without PATH'
	[ ! -e "$repo/refs/heads/base" ]
	expects 128 tree_add base bare.git --without a/ --without c/three
	says 'lacks the contents of 1 file: Makefile;'
	# a sparse one has what its work tree needs
	rm -r origin
	partial_clone sparse --sparse
	expects 128 tree_add base sparse#HEAD
	says 'lacks the contents of 3 files: a/b/two, a/one, c/three;'
	expects 0 tree_add base sparse#HEAD --without c --without a
	[ "$(git --git-dir="$repo" ls-tree -r --name-only base)" = Makefile ]
	git --git-dir="$repo" log -1 --format=%b base | grep ^Without | diff - <(printf 'Without: a\nWithout: c\n')
	# the order of the options changes nothing
	git --git-dir="$repo" rev-parse base >one
	expects 0 tree_add base sparse#HEAD --without a --without c/
	git --git-dir="$repo" rev-parse base | diff one -
}

@test "--without refuses what it cannot leave out" {
	partial_clone bare.git --bare
	expects 128 tree_add base bare.git --without b
	says 'bare.git: --without b: the tree has no such path'
	expects 129 tree_add base linux-6.1.9 --without sub
	says '--without is for a git repository'
	tar -cf l.tar linux-6.1.9
	expects 129 tree_add base l.tar --without sub
	expects 1 tree_add base bare.git --without a --without c --without Makefile
	says 'no file in it'
}
