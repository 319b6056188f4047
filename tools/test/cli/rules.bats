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

# All pieces are in one folder, a file each, for one call, which names those with a call that is
# left; what it does not name is asked about alone.  Adds to $n.
refuses() { # RULE FILE
	local piece named

	rm -rf "$world/pieces" && mkdir "$world/pieces"
	awk -v to="$world/pieces" '/^\/\*/ { n++ } n { print > (to "/" n ".c") }' "$2"
	expects 1 "$requilt" convert --rule "$1" "$world/pieces"
	says 'by hand'
	named=$(sed -n 's/^\([0-9]*\.c\):[0-9]*: left: .*/\1/p' "$err")
	for piece in "$world/pieces"/*; do
		n=$((n + 1))
		[[ $'\n'$named$'\n' != *$'\n'"${piece##*/}"$'\n'* ]] || continue
		echo "$1: $(head -1 "$piece")"
		mkdir "$world/alone" && mv "$piece" "$world/alone/code.c"
		expects 1 "$requilt" convert --rule "$1" "$world/alone"
		says 'by hand'
		rm -r "$world/alone"
	done
}

rules_with() { # FILE: FOLDER RULE of each example that has it
	find "$cocci" -path "*/test/*/$1" ! -path '*/bridge/*' | sort | sed -E 's|/[^/]*$||; s|(.*)/test/([^/]*)$|& \1/\2.cocci|'
}

@test "each rule refuses the examples that are beside it" {
	local folder rule n=0

	while read -r folder rule; do
		refuses "$rule" "$folder/refused.c"
	done < <(rules_with refused.c)
	echo "$n pieces"
	[ "$n" = 16 ]
}

@test "each rule refuses what is refused by all that have such calls" {
	local folder rule common n=0

	while read -r folder rule; do
		for common in "$cocci/$(cut -d/ -f1 <<<"${folder#"$cocci/"}")"/test/refused/*.c; do
			sed -f "$folder/refused.sed" "$common" | sed '1,/^$/d' >"$world/common.c"
			! grep -qE '(PMD|PTE|LEVEL|LONE)\[' "$world/common.c" || continue
			refuses "$rule" "$world/common.c"
		done
	done < <(rules_with refused.sed)
	echo "$n pieces"
	[ "$n" = 285 ]
}
