# SPDX-License-Identifier: GPL-2.0-only
#
# make run      ports the folio-rmap queue to real kernels and prints the matrix
# make check    installs what the tests need, then runs them
# make verify   compiles, checks and boots the bases and the ports
#
# All three install packages where they are missing (ci/deps); `make build` and `make test`
# never install or fetch anything.

VERSION   = 0.1.0
PREFIX    = /usr/local
CC        = gcc
CFLAGS    = -O2 -g
JOBS      = $(shell nproc)
B         = build

LIBS      = libgit2 liblzma jansson libxxhash zlib libdeflate nettle gmime-3.0
# Loaded by what needs it (tree/archive.c); its headers are needed here.
LOADED    = libarchive
SRC       = tools/requilt
UNIT      = tools/test/unit
FUZZ      = tools/test/fuzz

ROOMS     = util git proc series patch resolve record tree import apply semantic verify \
            emit report history queue cmd
SOURCES   = $(wildcard $(SRC)/*.c $(foreach r,$(ROOMS),$(SRC)/$(r)/*.c))
# The program is main.c and the commands; everything below them is a library, which unit tests and fuzzers link too.
PROGRAM   = $(wildcard $(SRC)/*.c $(SRC)/cmd/*.c)
LIBRARY   = $(filter-out $(PROGRAM),$(SOURCES))
OBJECTS   = $(SOURCES:$(SRC)/%.c=$B/obj/%.o)
DEBUG     = $(SOURCES:$(SRC)/%.c=$B/debug/%.o)
FUZZED    = $(LIBRARY:$(SRC)/%.c=$B/fuzz/obj/%.o)
UNITS     = $(patsubst $(UNIT)/%.c,$B/test/%,$(wildcard $(UNIT)/test_*.c))
FUZZERS   = $(patsubst $(FUZZ)/fuzz_%.c,%,$(wildcard $(FUZZ)/fuzz_*.c))
CLI       = $(patsubst tools/test/cli/%.bats,%,$(wildcard tools/test/cli/*.bats))
# What `make check` runs in one build only; `make nightly` has the other.  The release: where the time is
# that of other programs, or of hundreds of starts.  The sanitizers: what reads records, patches and trees.
RELEASE_ONLY = bench children ci completion confine faults help init kernels matrix queues rules
DEBUG_ONLY   = accept audit boot carry change committed conflict day edit exist export offers rebase resolve \
               semantic signed state tree verify
REPLAYS   = $(FUZZERS:%=$B/test/replay_%)
# Prints what ran, and fails where fewer tests ran than ci/counts lists.
SUITE     = tools/test/suite
# What .ci/run has time for behind `make check`, and what only `make nightly` has: a row each.
SLOW      = real memcheck fuzz differential
NIGHTLY   = portability-fast cases-push-all cli-other cli-limits memcheck-import memcheck-resolve faults real-nightly twins nightly-differential \
            differential-texts nightly-fuzz nightly-verify mutants mutation gate sweep package
SCRIPTS   = .ci/run ci/deps ci/kernels ci/mirrors ci/portability ci/compile-mm ci/include-table ci/rules-test ci/job tools/test/bats-run \
            tools/test/memcheck tools/test/same-bytes tools/test/suite tools/test/hang.bash tools/test/texts/run \
            tools/test/quality/debian tools/test/cases/run tools/test/cases/push tools/test/faults/run tools/test/gate/run tools/test/mutants/run \
            ci/guest/init ci/sweep ci/symvers docs/toy-kernel tools/test/package tools/test/cases/bases tools/test/cli/helper.bash tools/test/real/helper.bash \
            tools/test/browser/helper.bash
# Where ci/kernels keeps its trees: they can be fetched again, so they lie in the cache.
KERNELS   = $${XDG_CACHE_HOME:-$$HOME/.cache}/requilt/linux.git
MANUALS   = $(patsubst tools/man/%.scd,$B/man/%,$(wildcard tools/man/*.scd))

ALL_CFLAGS   = -std=gnu11 -Wall -Wextra -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 \
               -DRQ_VERSION='"$(VERSION)"' -I$(SRC) -I$B/gen -pthread -MMD -MP \
               $(shell pkg-config --cflags $(LIBS) $(LOADED))
HARD_CFLAGS  = -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection -fPIE
HARD_LDFLAGS = -pie -Wl,-z,relro,-z,now,-z,noexecstack
DEBUG_CFLAGS = -O1 -g -Werror -fsanitize=address,undefined -fno-sanitize-recover=all \
               -fno-omit-frame-pointer
ALL_LIBS     = $(shell pkg-config --libs $(LIBS)) -pthread -ldl

.PHONY: run verify check refresh build debug test unit units docs texts cases cases-release cases-debug cases-push cases-push-all cli cli-other \
        cli-limits faults memcheck real real-light real-heavy real-nightly slow nightly nightly-differential \
        nightly-fuzz nightly-verify mutants mutation gate sweep portability portability-fast nightly-portability package version browser bench quality fuzz differential differential-quick differential-texts same-bytes twins \
        man install uninstall ci-files lint include-table clean
.DELETE_ON_ERROR:
.SECONDARY: $(FUZZED) $(FUZZERS:%=$B/fuzz/%)

# --- the three that set everything up ---

run:
	ci/deps build
	$(MAKE) --no-print-directory -j$(JOBS) build
	ci/kernels
	$B/requilt --repo "$(KERNELS)" port folio-rmap --ref --out $B/series

# Compiles, checks and boots bases and ports; what was done is kept, so a second run is short.
VERIFY = linux-5.10.y linux-6.1.y debian-6.1 linux-6.12.y
BOOT   = $(VERIFY)
verify:
	ci/deps kernel
	$(MAKE) --no-print-directory -j$(JOBS) build
	ci/kernels
	$B/requilt --repo "$(KERNELS)" port -q folio-rmap --ref --out $B/series
	$B/requilt --repo "$(KERNELS)" verify --queue folio-rmap --out $B/series --build --sparse $(VERIFY)
	$(if $(BOOT),$B/requilt --repo "$(KERNELS)" verify --queue folio-rmap --out $B/series --boot $(BOOT))

check:
	ci/deps build
	$(MAKE) --no-print-directory -j$(JOBS) build debug units
	rm -rf $B/suites
	$(MAKE) --no-print-directory -k -j$(JOBS) -Otarget test; \
		status=$$?; $(SUITE) --complete check && exit $$status

# --- the rest installs nothing and fetches nothing ---

build: $B/requilt
debug: $B/requilt-debug

# The committed series/<queue>/<branch>/; `make run` writes below build/ instead.
refresh: build
	$B/requilt --repo "$(KERNELS)" port folio-rmap

test: include-table rules unit docs texts cases cli
# Semantic patches on the examples beside them.
rules:
	@$(SUITE) $@ ci/rules-test
# Each is a target, so that -j shares them out: some mostly wait.
unit: $(UNITS:$B/test/test_%=unit-%) $(FUZZERS:%=replay-%) differential-quick
unit-%: $B/test/test_%
	@$(SUITE) $@ $<
replay-%: $B/test/replay_%
	@$(SUITE) $@ $< $(FUZZ)/corpus/$*
differential-quick: $B/test/differential
	@$(SUITE) $@ $< 500
# The commands of README.md and docs/tutorial.md, as a reader runs them.
docs: build
	@REQUILT=$(CURDIR)/$B/requilt $(SUITE) $@ tools/test/words
# Texts that patch(1) may take for diffs; `make differential-texts` has twenty times as many.
texts: build
	@REQUILT=$(CURDIR)/$B/requilt $(SUITE) $@ tools/test/texts/run 100
units: $(UNITS) $(REPLAYS) $B/test/differential
cases: cases-release cases-debug cases-push
cases-release: build
	@REQUILT=$B/requilt $(SUITE) $@ tools/test/cases/run
cases-debug: debug
	@REQUILT=$B/requilt-debug $(SUITE) $@ tools/test/cases/run
# quilt takes half a second a case: here every fourth, and all of them in `make nightly`.
cases-push: build
	@REQUILT=$B/requilt $(SUITE) $@ tools/test/cases/push --every 4
cases-push-all: build
	@REQUILT=$B/requilt $(SUITE) $@ tools/test/cases/push
# A file of them in one build is a target, so that -j has something to share out.
cli: $(patsubst %,cli-release-%,$(filter-out $(DEBUG_ONLY),$(CLI))) \
	$(patsubst %,cli-debug-%,$(filter-out $(RELEASE_ONLY),$(CLI)))
cli-other: $(DEBUG_ONLY:%=cli-release-%) $(RELEASE_ONLY:%=cli-debug-%)
cli-release-%: build
	@REQUILT=$(CURDIR)/$B/requilt $(SUITE) $@ tools/test/bats-run tools/test/cli/$*.bats
# What is tagged `limit` works at sizes for which the sanitizers take minutes.
cli-debug-%: build debug
	@REQUILT=$(CURDIR)/$B/requilt-debug $(SUITE) $@ tools/test/bats-run --filter-tags '!limit' tools/test/cli/$*.bats
cli-limits: build debug
	@REQUILT=$(CURDIR)/$B/requilt-debug $(SUITE) $@ tools/test/bats-run --filter-tags limit tools/test/cli

# Kills, and fails, every system call that writes; `make cli` takes a slice of it.
faults: build
	@REQUILT=$(CURDIR)/$B/requilt $(SUITE) $@ tools/test/faults/run

# The release under valgrind, in the tests that are tagged so; needs `ci/deps fuzz`.  Import and resolve
# take five minutes of processor time and are nightly's.
memcheck: memcheck-port memcheck-hostile
memcheck-%: build
	@REQUILT=$(CURDIR)/tools/test/memcheck REQUILT_CHECKED=$(CURDIR)/$B/requilt \
		$(SUITE) $@ tools/test/bats-run --filter-tags memcheck tools/test/cli/$*.bats

# Needs the trees and queues that ci/kernels brings.  The heavy ones compile, and take turns at the
# work trees.
REAL_HEAVY = tools/test/real/folio_rmap.bats tools/test/real/verify.bats
real: real-heavy real-light
real-light real-heavy real-nightly: export BATS_TEST_TIMEOUT = 3600
real-light: build units
	tools/test/twins --most 60 --least 60
	@REQUILT=$(CURDIR)/$B/requilt $(SUITE) $@ tools/test/bats-run --filter-tags '!nightly' \
		$(filter-out $(REAL_HEAVY),$(wildcard tools/test/real/*.bats))
real-heavy: build units
	@REQUILT=$(CURDIR)/$B/requilt $(SUITE) $@ tools/test/bats-run --filter-tags '!nightly' $(REAL_HEAVY)
real-nightly: build units
	@REQUILT=$(CURDIR)/$B/requilt $(SUITE) $@ tools/test/bats-run --filter-tags nightly tools/test/real/*.bats

# What .ci/run has time for behind `make check`.
slow: $(SLOW)

# What takes hours, before an issue is closed; what fails stops nothing else.  ci/nightly.tsv is committed
# with the change that it was run for.
nightly:
	ci/deps sweep
	ci/deps fuzz
	ci/deps portability
	ci/deps package
	@mkdir -p $B && printf 'commit\tdate\tsuite\tcount\tseconds\tresult\n' >$B/nightly.tsv
	RECORD=$(CURDIR)/$B/nightly.tsv $(MAKE) --no-print-directory -k -j1 $(NIGHTLY); \
		status=$$?; cp $B/nightly.tsv ci/nightly.tsv && exit $$status
nightly-differential: $B/test/differential
	@$(SUITE) $@ $< 200000
nightly-fuzz:
	@$(SUITE) $@ $(MAKE) --no-print-directory -k fuzz FUZZ_SECONDS=300
nightly-verify:
	@$(SUITE) $@ $(MAKE) --no-print-directory verify

# Fixes for functions that an older kernel lacks, while a sibling has their lines: none may be green.
twins: build
	tools/test/twins --least 100

# Mutated semantic patches through the gate and a confined spatch, which strace watches.
RULES = 10000
gate: build
	@REQUILT=$(CURDIR)/$B/requilt $(SUITE) $@ tools/test/gate/run $(RULES)

# Breaks the ported queue in one way after the other, compiles and boots each.  Needs the
# branch's work tree for itself.
mutants: build
	@REQUILT=$(CURDIR)/$B/requilt $(SUITE) $@ tools/test/mutants/run

# Breaks one line of the program after the other and asks the fast tests that execute it.  Works in a
# copy below build/mutation; nightly takes the date as seed.
MUTATION_SEED  = $(shell date -u +%F)
MUTATION_COUNT = 200
mutation:
	@$(SUITE) $@ tools/test/mutation/run --seed $(MUTATION_SEED) --count $(MUTATION_COUNT) --jobs $(JOBS)

# Build, tests and the queue on the other Debian, in a chroot: 13 where this machine has 12, else 12.
portability:
	ci/deps portability
	$(MAKE) --no-print-directory -j$(JOBS) build
	ci/kernels
	ci/portability
portability-fast: build
	@$(SUITE) $@ ci/portability fast
nightly-portability: build
	@$(SUITE) $@ ci/portability whole

# Other configurations and other machines.
sweep: build
	@REQUILT=$(CURDIR)/$B/requilt $(SUITE) $@ ci/sweep

# build/package/requilt_*.deb, from what is committed.  Needs `ci/deps package`.
package:
	@$(SUITE) $@ tools/test/package
version:
	@echo $(VERSION)

# Needs `ci/deps browser`, which is too large for `make check`.
browser: build
	REQUILT=$(CURDIR)/$B/requilt tools/test/bats-run tools/test/browser

# Compares every byte that an older program writes with what this one writes.  Needs the trees and queues.
same-bytes: build
	REQUILT=$(CURDIR)/$B/requilt tools/test/same-bytes $(if $(OLD),'$(OLD)',$(error name the older program: make same-bytes OLD=BINARY))

# Speed against other tools; BENCH=--quick tries it.  Needs `ci/deps bench`, the trees and the queues.
# REQUILT_RAPIDQUILT names SUSE's rapidquilt, where it is at hand.
BENCH =
bench: build
	REQUILT=$(CURDIR)/$B/requilt tools/test/bench/run $(BENCH)

# Patches that people ported, ported again and compared with theirs, beside other tools.  QUALITY names
# directories (tools/test/quality/run says of what); without it they are made of Debian's queues, which
# `ci/kernels quality` brings.  Needs `ci/deps bench`.
QUALITY =
quality: build
	dirs="$(QUALITY)"; [ "$$dirs" ] || dirs=$$(tools/test/quality/debian $B/quality) && \
		REQUILT=$(CURDIR)/$B/requilt tools/test/quality/run --json $B/quality.json $$dirs

$B/requilt: $(PROGRAM:$(SRC)/%.c=$B/obj/%.o) $B/librequilt.a
	@echo "  LD    $@"
	@$(CC) $(CFLAGS) $(HARD_LDFLAGS) $(LDFLAGS) -o $@ $^ $(ALL_LIBS)
$B/requilt-debug: $(PROGRAM:$(SRC)/%.c=$B/debug/%.o) $B/librequilt-debug.a
	@echo "  LD    $@"
	@$(CC) $(DEBUG_CFLAGS) -o $@ $^ $(ALL_LIBS)
$B/librequilt.a: $(LIBRARY:$(SRC)/%.c=$B/obj/%.o)
	$(archive)
$B/librequilt-debug.a: $(LIBRARY:$(SRC)/%.c=$B/debug/%.o)
	$(archive)
$B/fuzz/librequilt.a: $(FUZZED)
	$(archive)
# Made anew: `ar r` keeps the object of a source that is gone.
archive = @echo "  AR    $@"; rm -f $@; ar crs $@ $^
$B/obj/%.o: $(SRC)/%.c
	@echo "  CC    $@"
	@mkdir -p $(@D)
	@$(CC) $(ALL_CFLAGS) $(HARD_CFLAGS) $(CFLAGS) -c -o $@ $<
$B/debug/%.o: $(SRC)/%.c
	@echo "  CC    $@"
	@mkdir -p $(@D)
	@$(CC) $(ALL_CFLAGS) $(DEBUG_CFLAGS) -c -o $@ $<

# Templates as C strings: backslashes and quotes escaped, every line a literal.
as_string = @mkdir -p $(@D) && sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/.*/"&\\n"/' $< > $@
PAGE      = $(SRC)/report/page.html $(SRC)/report/page.css $(patsubst %,$(SRC)/report/page_%.js,matrix panel entry start)
$B/gen/report/page.inc: $B/gen/report/page.html
	$(as_string)
# One file: style and script in the places of their marks.
$B/gen/report/page.html: $(PAGE)
	@mkdir -p $(@D)
	@cat $(filter %.js,$^) > $B/gen/report/page.js
	@sed -e '/^@STYLE@$$/{r $(SRC)/report/page.css' -e 'd}' -e '/^@SCRIPT@$$/{r $B/gen/report/page.js' -e 'd}' $< > $@
$B/gen/report/ci_%.inc: $(SRC)/report/ci_%.yml
	$(as_string)
$B/gen/report/ci_slurm.inc: $(SRC)/report/ci_slurm.sh
	$(as_string)
$B/gen/cmd/completion_%.inc: $(SRC)/cmd/completion.%
	$(as_string)
# The id of the program's sources: what it notes of a port is true for no other.
$B/gen/queue/build.inc: $(sort $(SOURCES) $(wildcard $(SRC)/*/*.h) $(PAGE))
	@mkdir -p $(@D) && cat $^ | sha256sum | sed -e 's/ .*//' -e 's/.*/"&\\n"/' > $@
$B/obj/queue/current.o $B/debug/queue/current.o $B/fuzz/obj/queue/current.o: $B/gen/queue/build.inc
$B/obj/report/page_html.o $B/debug/report/page_html.o $B/fuzz/obj/report/page_html.o: $B/gen/report/page.inc
$B/obj/report/workflow.o $B/debug/report/workflow.o $B/fuzz/obj/report/workflow.o: \
	$(patsubst %,$B/gen/report/ci_%.inc,github gitlab slurm)
$B/obj/cmd/cmd_completion.o $B/debug/cmd/cmd_completion.o $B/fuzz/obj/cmd/cmd_completion.o: \
	$(patsubst %,$B/gen/cmd/completion_%.inc,bash zsh fish)

# Unit tests link the library, sanitizers on.
$B/test/test_collision: UNIT_LDFLAGS = -Wl,--wrap=git_odb_hash
$B/test/%: $(UNIT)/%.c $B/librequilt-debug.a
	@echo "  CC    $@"
	@mkdir -p $(@D)
	@$(CC) $(ALL_CFLAGS) $(DEBUG_CFLAGS) $(UNIT_LDFLAGS) -o $@ $(filter %.c %.a,$^) $(ALL_LIBS) -lcmocka

# --- fuzzing ---

# A fuzz target with the inputs that are kept: gcc's sanitizers, no libFuzzer.
$B/test/replay_%: $(FUZZ)/fuzz_%.c $(FUZZ)/replay.c $(FUZZ)/reference.c $B/librequilt-debug.a
	@echo "  CC    $@"
	@mkdir -p $(@D)
	@$(CC) $(ALL_CFLAGS) $(DEBUG_CFLAGS) -o $@ $(filter %.c %.a,$^) $(ALL_LIBS)

# Generated files and patches through patch, git apply, requilt and the slow placer; generated texts
# through port, quilt and git am.
PAIRS = 20000
TEXTS = 2000
differential: $B/test/differential
	@$(SUITE) $@ $< $(PAIRS)
differential-texts: build
	@REQUILT=$(CURDIR)/$B/requilt $(SUITE) $@ tools/test/texts/run $(TEXTS) 2
$B/test/differential: $(FUZZ)/differential.c $(FUZZ)/generate.c $(FUZZ)/reference.c $B/librequilt-debug.a
	@echo "  CC    $@"
	@mkdir -p $(@D)
	@$(CC) $(ALL_CFLAGS) $(DEBUG_CFLAGS) -o $@ $(filter %.c %.a,$^) $(ALL_LIBS)

# New inputs go to build/fuzz/corpus; one that breaks a target is build/fuzz/NAME-*: mend what it
# found, then keep it in tools/test/fuzz/corpus/NAME.  Needs `ci/deps fuzz`.
FUZZ_SECONDS = 60
FUZZ_CFLAGS  = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all \
               -fno-omit-frame-pointer
fuzz: $(FUZZERS:%=fuzz-%)
fuzz-%: $B/fuzz/%
	@mkdir -p $B/fuzz/corpus/$*
	@$(SUITE) $@ $< -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=1024 \
		-artifact_prefix=$B/fuzz/$*- -print_final_stats=1 -verbosity=0 \
		$B/fuzz/corpus/$* $(FUZZ)/corpus/$*
$B/fuzz/obj/%.o: $(SRC)/%.c
	@echo "  CLANG $@"
	@mkdir -p $(@D)
	@clang $(ALL_CFLAGS) $(FUZZ_CFLAGS) -fsanitize=fuzzer-no-link -c -o $@ $<
$B/fuzz/%: $(FUZZ)/fuzz_%.c $(FUZZ)/reference.c $B/fuzz/librequilt.a
	@echo "  CLANG $@"
	@mkdir -p $(@D)
	@clang $(ALL_CFLAGS) $(FUZZ_CFLAGS) -fsanitize=fuzzer -o $@ $(filter %.c %.a,$^) $(ALL_LIBS)

man: $(MANUALS)
$B/man/%: tools/man/%.scd
	@mkdir -p $(@D)
	scdoc < $< > $@

# What `requilt verify` takes where a queue has none of its own, and what `requilt ci` calls to bring bases.
SHARED    = share/requilt/ci
install: build man
	install -D -m 755 $B/requilt $(DESTDIR)$(PREFIX)/bin/requilt
	ln -sf requilt $(DESTDIR)$(PREFIX)/bin/git-requilt
	for m in $(MANUALS); do \
		install -D -m 644 $$m $(DESTDIR)$(PREFIX)/share/man/man$${m##*.}/$${m##*/} || exit; \
	done
	ln -sf requilt.1 $(DESTDIR)$(PREFIX)/share/man/man1/git-requilt.1
	$B/requilt completion bash > $B/completion.bash
	$B/requilt completion zsh > $B/completion.zsh
	$B/requilt completion fish > $B/completion.fish
	for m in cocci/*/bridge/*.cocci; do \
		install -D -m 644 $$m $(DESTDIR)$(PREFIX)/share/requilt/$$m || exit; \
	done
	install -D -m 644 $B/completion.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/requilt
	install -D -m 644 $B/completion.zsh $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_requilt
	install -D -m 644 $B/completion.fish $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/requilt.fish
	install -d $(DESTDIR)$(PREFIX)/$(SHARED)/kconfig $(DESTDIR)$(PREFIX)/$(SHARED)/guest
	install -m 644 ci/kconfig/*.config $(DESTDIR)$(PREFIX)/$(SHARED)/kconfig
	install -m 644 ci/guest/* $(DESTDIR)$(PREFIX)/$(SHARED)/guest
	install -D -m 755 ci/kernels $(DESTDIR)$(PREFIX)/libexec/requilt/kernels
	install -m 755 ci/mirrors $(DESTDIR)$(PREFIX)/libexec/requilt/mirrors
	ln -sf ../libexec/requilt/kernels $(DESTDIR)$(PREFIX)/bin/requilt-kernels
	install -D -m 644 COPYING $(DESTDIR)$(PREFIX)/share/doc/requilt/COPYING

# What install wrote, and nothing else: directories of other programs stay, also where they are empty.
uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/requilt $(DESTDIR)$(PREFIX)/bin/git-requilt $(DESTDIR)$(PREFIX)/bin/requilt-kernels
	rm -f $(foreach m,$(notdir $(MANUALS)) git-requilt.1,$(DESTDIR)$(PREFIX)/share/man/man$(subst .,,$(suffix $m))/$m)
	rm -f $(DESTDIR)$(PREFIX)/share/bash-completion/completions/requilt \
		$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_requilt \
		$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/requilt.fish
	rm -rf $(DESTDIR)$(PREFIX)/share/requilt $(DESTDIR)$(PREFIX)/libexec/requilt $(DESTDIR)$(PREFIX)/share/doc/requilt

# The workflows of this repository; a test holds them equal to what the program makes.
CI_SETUP  = ci/deps kernel && make install
ci-files: build
	$B/requilt ci github --queue folio-rmap --setup '$(CI_SETUP)' > ci/github.yml
	$B/requilt ci gitlab --queue folio-rmap --setup '$(CI_SETUP)' > ci/gitlab.yml

lint: include-table
	clang-format --dry-run -Werror $$(find $(SRC) $(UNIT) $(FUZZ) -name '*.[ch]')
	shellcheck -x $(SCRIPTS)
	tools/test/lint --self
	$(SUITE) --whole-tool
	tools/test/lint --named SECURITY.md
	tools/test/lint $(wildcard tools/test/*/*.bats tools/test/*/*.bash)

include-table:
	ci/include-table

clean:
	rm -rf $B

-include $(OBJECTS:.o=.d) $(DEBUG:.o=.d) $(FUZZED:.o=.d)
