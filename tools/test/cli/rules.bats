#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What the semantic patches of cocci/ must refuse: every piece of a .../test/RULE/refused.c, which
# starts with a comment in column 0, is code that the rule may not change by itself.  The pieces
# of cocci/QUEUE/test/refused/ are for all rules: .../test/RULE/refused.sed writes the rule's
# calls into them, and leaves alone a file with calls that the rule does not know.

load helper

setup() {
	need git spatch
	make_world "$BATS_TEST_TMPDIR/world"
	cocci=$root/cocci
}

# refuses RULE FILE: each piece in a folder of its own; adds to $n
refuses() {
	local piece

	rm -rf "$world/pieces"
	awk -v to="$world/pieces" '/^\/\*/ { n++; system("mkdir -p " to "/" n) }
		n { print > (to "/" n "/code.c") }' "$2"
	for piece in "$world/pieces"/*; do
		echo "$1: $(head -1 "$piece/code.c")"
		expects 1 "$requilt" convert --rule "$1" "$piece"
		says 'by hand'
		n=$((n + 1))
	done
}

rules_with() { # FILE: FOLDER RULE of each example that has it
	find "$cocci" -path "*/test/*/$1" | sort | sed -E 's|/[^/]*$||; s|(.*)/test/([^/]*)$|& \1/\2.cocci|'
}

@test "each rule refuses the examples that are beside it" {
	local folder rule n=0

	while read -r folder rule; do
		refuses "$rule" "$folder/refused.c"
	done < <(rules_with refused.c)
	echo "$n pieces"
	[ "$n" = 13 ]
}

@test "each rule refuses what is refused by all that have such calls" {
	local folder rule common n=0

	while read -r folder rule; do
		for common in "$cocci/$(cut -d/ -f1 <<<"${folder#"$cocci/"}")"/test/refused/*.c; do
			sed -f "$folder/refused.sed" "$common" | sed '1,/^$/d' >"$world/common.c"
			! grep -qE '(PMD|PTE|LEVEL)\[' "$world/common.c" || continue
			refuses "$rule" "$world/common.c"
		done
	done < <(rules_with refused.sed)
	echo "$n pieces"
	[ "$n" = 277 ]
}
