#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# ci/kernels takes a tarball that lies there when its sum is the one that the archive's lists or its own
# record have, and fetches it again when it is not.  Scripts stand in for apt: they serve a directory.

load helper

setup() {
	need git jq tar xz "$requilt"
	name_world "$BATS_TEST_TMPDIR/world"
	mkdir -p "$world/bin" "$world/served" "$XDG_CACHE_HOME/requilt/archive"
	cd "$world" || return 1
	archive=$XDG_CACHE_HOME/requilt/archive
	for version in 5.10.1 5.10.2; do
		mkdir -p "linux-$version"
		printf 'VERSION = 5\nPATCHLEVEL = 10\nSUBLEVEL = %s\nEXTRAVERSION =\n' "${version##*.}" >"linux-$version/Makefile"
		tar -cJf "served/linux_$version.orig.tar.xz" "linux-$version"
		echo "$version" | xz >"served/linux_$version-1.debian.tar.xz"
	done
	list >listed
	stand_in apt-get <<-END
		. /etc/os-release
		case \$* in
		*--print-uris*) echo "'http://example.org/debian/dists/\$VERSION_CODENAME/InRelease' x 0" ;;
		*\ source\ *)
		    version=\${*: -1} kind=orig
		    version=\${version#linux=}
		    [[ \$* != *--diff-only* ]] || kind=debian
		    echo "\$kind \$version" >>"$world/asked"
		    [ \$kind = debian ] || version=\${version%-*}
		    cp "$world/served/linux_\$version.\$kind.tar.xz" . ;;
		esac
	END
	stand_in apt-cache <<-END
		cat "$world/listed"
	END
	PATH=$world/bin:$PATH
}

stand_in() { # PROGRAM: the script is stdin
	{ echo '#!/bin/bash' && cat; } >"bin/$1"
	chmod +x "bin/$1"
}

# As apt-cache shows source packages.
list() {
	local version file

	for version in 5.10.2 5.10.1; do
		printf 'Package: linux\nVersion: %s-1\nChecksums-Sha256:\n' "$version"
		for file in linux_$version.orig.tar.xz linux_$version-1.debian.tar.xz; do
			printf ' %s 1 %s\n' "$(sha256sum <"served/$file" | cut -d' ' -f1)" "$file"
		done
		printf 'Files:\n 0 1 linux_%s.orig.tar.xz\n\n' "$version"
	done
}

kernels() { # STATUS WORD...
	rm -f asked && touch asked
	REQUILT=$requilt expects "$1" "$root/ci/kernels" "${@:2}"
}

asked() { paste -sd, asked; }

@test "a tarball whose sum is listed is taken, and another is fetched again" {
	cp served/linux_5.10.2.orig.tar.xz served/linux_5.10.2-1.debian.tar.xz "$archive"
	kernels 0 --fetch-only linux-5.10.y
	[ ! -s asked ]
	rm "$XDG_CACHE_HOME/requilt/kernels.tsv"
	for file in linux_5.10.2.orig.tar.xz linux_5.10.2-1.debian.tar.xz; do
		echo more >>"$archive/$file"
		kernels 0 --fetch-only linux-5.10.y
		says "archive/$file is not what the archive lists: fetching it again"
		[[ $(asked) =~ ^(orig|debian)\ 5.10.2-1$ ]]
		cmp "served/$file" "$archive/$file"
		rm "$XDG_CACHE_HOME/requilt/kernels.tsv"
	done
}

@test "a recorded tarball is taken without a question, and one that was changed since is fetched again" {
	kernels 0 --fetch-only linux-5.10.y
	[ "$(asked)" = 'debian 5.10.2-1,orig 5.10.2-1' ]
	kernels 0 --fetch-only linux-5.10.y
	[ ! -s asked ]
	[ ! -s "$err" ]
	cp served/linux_5.10.1.orig.tar.xz "$archive/linux_5.10.2.orig.tar.xz"
	kernels 0 --fetch-only linux-5.10.y
	says 'archive/linux_5.10.2.orig.tar.xz is not what was recorded: fetching it again'
	[ "$(asked)" = 'orig 5.10.2-1' ]
	cmp served/linux_5.10.2.orig.tar.xz "$archive/linux_5.10.2.orig.tar.xz"
}

@test "what lies there with a wrong sum and is served no more is not taken" {
	rm served/linux_5.10.2.orig.tar.xz
	echo x >"$archive/linux_5.10.2.orig.tar.xz"
	kernels 0 linux-5.10.y
	says 'linux 5.10.2-1 is listed but not served, trying the next older one'
	[ "$(cut -f2 "$XDG_CACHE_HOME/requilt/kernels.tsv")" = 5.10.1 ]
	[ "$(git --git-dir="$XDG_CACHE_HOME/requilt/linux.git" show linux-5.10.y:Makefile | grep -c 'SUBLEVEL = 1')" = 1 ]
	rm served/linux_5.10.1.orig.tar.xz
	echo x >>"$archive/linux_5.10.1.orig.tar.xz"
	kernels 1 linux-5.10.y
	says 'linux-5.10.y: the archive serves no version of linux 5.10'
}
