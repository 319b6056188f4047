# SPDX-License-Identifier: GPL-2.0-only
#
# Bridges: a patch for a newer API on a branch that has the older one, with the real spatch.

load helper

setup() {
	need git jq spatch
	name_world "$BATS_TEST_TMPDIR/world"
	once make_branches "$world"
}

# Branch one has the old name, branch two, where the patch is from, the new one.
make_branches() {
	fill_world
	mkdir -p "$world/tree/include/linux" "$queue/cocci/api/bridge" "$queue/patches/demo"
	printf 'VERSION = 5\nPATCHLEVEL = 10\nSUBLEVEL = 5\n' >"$world/tree/Makefile"
	code_with del_timer
	commit_base one "$world/tree"
	code_with timer_delete
	commit_base two "$world/tree"
	cp "$root/cocci/api/bridge/timer_delete.cocci" "$queue/cocci/api/bridge"
	fix >"$queue/patches/demo/0001-fix.patch"
	echo demo/0001-fix.patch >"$queue/series/demo.series"
}

code_with() { # NAME
	cat >"$world/tree/include/linux/timer.h" <<-END
		struct timer_list { int a; };
		int $1(struct timer_list *timer);
		void foo_stop(int x);
	END
	cat >"$world/tree/mm/foo.c" <<END
static int foo_close(struct foo *foo)
{
	foo->closing = true;
	foo_stop(foo->x);
	$1(&foo->timer);
	foo->open = false;
	return 0;
}

static int foo_open(struct foo *foo)
{
	foo->open = true;
	foo_stop(foo->y);
	return 0;
}
END
}

fix() {
	head_lines 'mm: stop the timer first'
	cat <<-'END'

		diff --git a/mm/foo.c b/mm/foo.c
		--- a/mm/foo.c
		+++ b/mm/foo.c
		@@ -3,7 +3,7 @@ static int foo_close(struct foo *foo)
		 	foo->closing = true;
		 	foo_stop(foo->x);
		 	timer_delete(&foo->timer);
		-	foo->open = false;
		+	foo->open = 0;
		 	return 0;
		 }
		 
		@@ -11,4 +11,5 @@ static int foo_open(struct foo *foo)
		 {
		+	timer_delete(&foo->timer);
		 	foo->open = true;
		 	foo_stop(foo->y);
		 	return 0;
	END
}

applied() { # STATUS [OPTION...]: the fix on branch one; the record is in $out
	local status=$1

	shift
	expects "$status" "$requilt" -C "$queue" --repo "$repo" apply --json --onto one "$@" "$queue/patches/demo/0001-fix.patch"
}

record() { # FILTER: of the entry
	jq -r ".branches[0].entries[0] | $1" "$out"
}

@test "the added call and the context get the old name, with a source tree and without one" {
	applied 0
	[ "$(record .outcome)" = bridged ]
	[ "$(record .message)" = "bridged by api/timer_delete.cocci (timer_delete -> del_timer): 1 line differs from the patch's own" ]
	[ "$(record '.hunks[-1].reason | .code, .text, .want')" = $'bridged\ndel_timer(&foo->timer);\ntimer_delete(&foo->timer);' ]
	git --git-dir="$repo" diff one "$(jq -r '.branches[0].tree' "$out")" >"$world/diff"
	[ "$(grep -c '^[-+]	' "$world/diff")" = 3 ]
	says $'+\tdel_timer(&foo->timer);\n \tfoo->open = true;' "$world/diff"
	cp "$out" "$world/without"
	applied 0 --source two
	[ "$(jq -c '.branches[0] | .tree, .entries[0].hunks' "$out")" = "$(jq -c '.branches[0] | .tree, .entries[0].hunks' "$world/without")" ]
	applied 1 --no-bridge
	[ "$(record .outcome)" = conflict ]
}

@test "a port is yellow until a reader has accepted it, and names the bridge in the patch and in show" {
	expects 0 "$requilt" -C "$queue" port demo one
	says '[ requilt: bridged by api/timer_delete.cocci ]' "$queue/series/demo/one/0001-fix.patch"
	[ "$(jq -r '.entries[0] | .outcome + " " + .colour' "$queue/series/demo/one/port.json")" = 'bridged yellow' ]
	expects 0 "$requilt" -C "$queue" show demo one
	says "translated by api/timer_delete.cocci: 'del_timer(&foo->timer);' where the patch has 'timer_delete(&foo->timer);'" "$out"
	expects 0 "$requilt" -C "$queue" accept --who 'A Reader <reader@example.org>' demo one demo/0001-fix.patch
	expects 0 "$requilt" -C "$queue" port --strict demo one
	[ "$(jq -r '.entries[0].colour' "$queue/series/demo/one/port.json")" = green ]
	# Another bridge is another change of the output.
	sed -i 's/^ \* Linux 5.10 has/& now/' "$queue/cocci/api/bridge/timer_delete.cocci"
	expects 1 "$requilt" -C "$queue" status demo
	says stale "$out"
}

@test "a branch says which sets it takes, and a header that says nothing is named" {
	git config -f "$queue/series/branches.conf" branch.one.bridge none
	expects 1 "$requilt" -C "$queue" port demo one
	[ "$(jq -r '.entries[0].outcome' "$queue/series/demo/one/port.json")" = conflict ]
	git config -f "$queue/series/branches.conf" branch.one.bridge api
	expects 0 "$requilt" -C "$queue" port demo one
	[ "$(jq -r '.entries[0].outcome' "$queue/series/demo/one/port.json")" = bridged ]
	sed -i '/Bridge: /d' "$queue/cocci/api/bridge/timer_delete.cocci"
	expects 1 "$requilt" -C "$queue" port demo one
	says "api/timer_delete.cocci: says not what it bridges; add a line 'Bridge: NEW -> OLD'"
	sed -i 's/^ \* Bridge-back.*/ * Bridge: timer_delete/' "$queue/cocci/api/bridge/timer_delete.cocci"
	expects 1 "$requilt" -C "$queue" port demo one
	says "api/timer_delete.cocci:8: Bridge: takes a new name, '->', and the old one"
}

@test "no bridge is used where the branch has the new name, or where it does more than its API or less" {
	local rule=$queue/cocci/api/bridge/timer_delete.cocci

	expects 0 "$requilt" -C "$queue" --repo "$repo" apply --json --onto two "$queue/patches/demo/0001-fix.patch"
	[ "$(record .outcome)" = exact ]
	sed -i '/Bridge-back/d' "$rule"
	printf '\n@@ @@\n- foo->open = 0;\n+ foo->open = 2;\n' >>"$rule"
	applied 1
	[[ "$(record .message)" == *"the bridge api/timer_delete.cocci fits, but it changes 'foo->open = 2;', which is not the API's" ]]
	sed -i 's/+ del_timer(A)/+ del_timer_soon(A)/; s/open = 2/open = 0/' "$rule"
	applied 1
	[[ "$(record .message)" == *"the bridge api/timer_delete.cocci fits, but it makes other lines of the patch's old ones than mm/foo.c has; name the tree that the patch was made for (source)" ]]
	cp "$root/cocci/api/bridge/timer_delete.cocci" "$rule"
	sed -i 's/^+\ttimer_delete(&foo->timer);/+\tfoo->stop = timer_delete;/' "$queue/patches/demo/0001-fix.patch"
	applied 1
	[[ "$(record .message)" == *"the bridge api/timer_delete.cocci fits, but it leaves 'foo->stop = timer_delete;' as it is" ]]
}

@test "a bridge does not make again what is there already" {
	{
		head_lines 'mm: close it'
		printf '\ndiff --git a/mm/foo.c b/mm/foo.c\n--- a/mm/foo.c\n+++ b/mm/foo.c\n@@ -4,3 +4,4 @@\n'
		printf ' \tfoo_stop(foo->x);\n \ttimer_delete(&foo->timer);\n+\tfoo->open = false;\n \tfoo->gone = true;\n'
	} >"$queue/patches/demo/0001-fix.patch"
	applied 1
	[ "$(record .outcome)" = conflict ]
	[ "$(record '.hunks[0].reason.code')" = context ]
	lacks -F 'the bridge' "$out"
}

deletion() { # FILE: a patch that deletes it
	head_lines 'mm: it goes'
	printf '\ndiff --git a/mm/foo.c b/mm/foo.c\ndeleted file mode 100644\n--- a/mm/foo.c\n+++ /dev/null\n'
	printf '@@ -1,%s +0,0 @@\n' "$(wc -l <"$1")"
	sed 's/^/-/' "$1"
}

@test "a file that goes is not translated" {
	local new=$queue/patches/demo/0001-fix.patch

	code_with timer_delete
	deletion "$world/tree/mm/foo.c" >"$new"
	applied 1 --no-bridge
	record 'del(.seconds)' >"$world/plain"
	applied 1
	diff "$world/plain" <(record 'del(.seconds)')
	code_with del_timer
	deletion "$world/tree/mm/foo.c" >"$new"
	printf 'diff --git a/mm/late.c b/mm/late.c\nnew file mode 100644\n--- /dev/null\n+++ b/mm/late.c\n' >>"$new"
	printf '@@ -0,0 +1,4 @@\n+void late(struct foo *foo)\n+{\n+\ttimer_delete(&foo->timer);\n+}\n' >>"$new"
	applied 0
	[ "$(record .outcome)" = bridged ]
	git --git-dir="$repo" diff --name-status one "$(jq -r '.branches[0].tree' "$out")" >"$world/diff"
	[ "$(cat "$world/diff")" = $'D\tmm/foo.c\nA\tmm/late.c' ]
}

@test "a patch whose translation is there already is not bridged" {
	code_with del_timer
	sed -i 's/^\tfoo->open = true;/\tdel_timer(\&foo->timer);\n&/' "$world/tree/mm/foo.c"
	commit_base one "$world/tree"
	{
		head_lines 'mm: stop the timer'
		printf '\ndiff --git a/mm/foo.c b/mm/foo.c\n--- a/mm/foo.c\n+++ b/mm/foo.c\n@@ -11,4 +11,5 @@\n {\n'
		printf '+\ttimer_delete(&foo->timer);\n \tfoo->open = true;\n \tfoo_stop(foo->y);\n \treturn 0;\n'
	} >"$queue/patches/demo/0001-fix.patch"
	applied 1 --source two
	[ "$(record .outcome)" = conflict ]
	[[ "$(record .message)" == *"the bridge api/timer_delete.cocci fits, but what it makes seems to be there" ]]
}

@test "a file that the branch has already is a conflict, not an error" {
	{
		head_lines 'mm: a file comes'
		printf '\ndiff --git a/mm/foo.c b/mm/foo.c\nnew file mode 100644\n--- /dev/null\n+++ b/mm/foo.c\n'
		printf '@@ -0,0 +1,4 @@\n+void late(struct foo *foo)\n+{\n+\ttimer_delete(&foo->timer);\n+}\n'
	} >"$queue/patches/demo/0001-fix.patch"
	applied 1
	[ "$(record .outcome)" = conflict ]
	[[ "$(record .message)" == *"the bridge api/timer_delete.cocci fits, but the branch has a file mm/foo.c" ]]
}
