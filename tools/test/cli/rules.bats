#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What the semantic patches of cocci/ must refuse: every piece of a .../test/RULE/refused.c, which
# starts with a comment in column 0, is code that the rule may not change by itself.

load helper

setup() {
	make_world "$BATS_TEST_TMPDIR/world"
	need git spatch
}

# split FILE FOLDER: each piece into a folder of its own
split() {
	awk -v to="$2" '/^\/\*/ { n++; system("mkdir -p " to "/" n) }
		n { print > (to "/" n "/code.c") }' "$1"
}

@test "each rule refuses the examples that are beside it" {
	local examples rule piece n=0

	for examples in "$BATS_TEST_DIRNAME"/../../../cocci/*/test/*/refused.c \
		"$BATS_TEST_DIRNAME"/../../../cocci/*/*/test/*/refused.c; do
		rule=$(sed -E 's|/test/([^/]*)/refused.c$|/\1.cocci|' <<<"$examples")
		rm -rf "$world/pieces"
		split "$examples" "$world/pieces"
		for piece in "$world/pieces"/*; do
			echo "$examples: $(head -1 "$piece/code.c")"
			expects 1 "$requilt" convert --rule "$rule" "$piece"
			says 'by hand'
			n=$((n + 1))
		done
	done
	echo "$n pieces"
	[ "$n" -gt 100 ]
}
