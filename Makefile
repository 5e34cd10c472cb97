# make            build wf
# make check      run the tests (./test.sh)
# make check-page try the HTML report in Chromium; make pictures photographs it for the README
# make check-arm64, check-armhf, check-i386     the same for other kinds of CPU
# make dist       a tarball; make deb: a Debian package; make static: without shared libraries
# make check-reproducible, check-deb, check-debian     are they right? (the latter two as root)
# make lint       let clang-tidy, cppcheck and gcc's analyzer look for mistakes
# make torture    kill workers, cut logs short, make system calls fail
# make check-cluster   try wf-mpi on three hosts, made of namespaces, with Open MPI and MPICH
# make check-mpi       hold wf-mpi against wf, on this machine
# make check-slurm     try the jobs of examples/ under a Slurm of one host
# make bench      race against the machine's limit and against others (make bench-full: longer)
# make screen     take the README's picture of a terminal
# make SAN=address,undefined     a sanitized build, in a tree of its own

VERSION  = 0.1
PREFIX   = /usr/local
CC       = gcc
CFLAGS   = -O3 -g
SAN      =

# What compressed logs need: those libraries that are there.
has      = $(shell pkg-config --exists $(1) && echo $(1))
CODECS  := $(or $(call has,libisal),$(call has,zlib)) $(call has,libzstd) $(call has,liblzma) \
	$(call has,liblz4)
BZLIB   := $(shell echo '\#include <bzlib.h>' | $(CC) -E - >/dev/null 2>&1 && echo -lbz2)
HAVE     = $(patsubst lib%,%,$(CODECS)) $(BZLIB:-lbz2=bzlib)

PKGS     = libpcre2-8 json-c $(CODECS)
ALL_CFLAGS = -std=c17 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64 -I. -Wall -Wextra \
	-Wshadow -Wconversion -Wstrict-prototypes -MMD -MP -DWF_VERSION='"$(VERSION)"' \
	-ffile-prefix-map=$(CURDIR)=. $(shell pkg-config --cflags $(PKGS)) $(HAVE:%=-DHAVE_%) $(CFLAGS)
LIBS     = $(shell pkg-config $(STATIC) --libs $(PKGS)) $(BZLIB)

# A sanitized build has objects and a binary of its own, so that both can be there.
ifdef SAN
ALL_CFLAGS += -fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer
OBJ      = build/$(SAN)
WF       = $(OBJ)/wf
else
OBJ      = build/plain
WF       = wf
endif

# peers_mpi.c is wf-mpi's: see there.
SOURCES  = $(filter-out lib/peers_mpi.c,$(sort $(wildcard *.c formats/*.c lib/*.c)))
OBJECTS  = $(SOURCES:%.c=$(OBJ)/%.o) $(OBJ)/page.o
UNITS    = $(patsubst test/unit/%.c,$(OBJ)/unit/%,$(wildcard test/unit/*.c))

# What is done, in short; make V=1 shows the commands.
SAY      = $(if $(V),,@echo "  $(1)" && )

all: $(WF)

$(WF): $(OBJECTS)
	$(call SAY,LD $@)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(OBJ)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call SAY,CC $<)$(CC) $(ALL_CFLAGS) $(VARIANT_$*) -c -o $@ $<

# The style sheet and the script of an HTML report, as C strings.
PAGE     = page/page.css page/page.js
$(OBJ)/page.o: $(OBJ)/page.c
	$(call SAY,CC $<)$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(OBJ)/page.c: page/embed $(PAGE)
	@mkdir -p $(@D)
	$(call SAY,EMBED $(PAGE))page/embed $(PAGE) >$@.new && mv $@.new $@

# Each CPU variant may use its CPU's instructions; nothing else may.
ifneq (,$(filter x86_64%,$(shell $(CC) -dumpmachine)))
VARIANT_lib/scan_avx2 = -mavx2 -mbmi -mbmi2 -mpopcnt
VARIANT_lib/scan_avx512 = -mavx512bw -mavx512vbmi2 -mbmi -mbmi2 -mpopcnt
endif

# wf as a program of MPI: make mpi, or make mpi MPICC=mpicc.mpich.  All is the same but what knows
# MPI.
MPICC    = mpicc
WITH_MPI = $(filter-out $(OBJ)/lib/peers_none.o,$(OBJECTS)) lib/peers_mpi.c
LINK_MPI = $(filter-out -MMD -MP,$(ALL_CFLAGS)) $(LDFLAGS) -o $@ $(WITH_MPI) $(LIBS)

mpi: wf-mpi

wf-mpi: $(WITH_MPI)
	$(MPICC) $(LINK_MPI)

build/openmpi/wf-mpi build/mpich/wf-mpi: build/%/wf-mpi: $(WITH_MPI)
	@mkdir -p $(@D)
	mpicc.$* $(LINK_MPI)

data/mklog: data/mklog.c
	$(CC) -O2 -std=c17 -D_GNU_SOURCE -Wall -Wextra -o $@ $<

bench/limit: bench/limit.c
	$(CC) -O3 -march=native -std=c17 -D_GNU_SOURCE -Wall -Wextra -o $@ $<

$(OBJ)/unit/%: test/unit/%.c $(filter-out $(OBJ)/wf.o,$(OBJECTS))
	@mkdir -p $(@D)
	$(call SAY,LD $@)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $(filter %.c %.o,$^) $(LIBS) -lcmocka

units: $(UNITS)

# Fuzzers need clang's libFuzzer: make fuzzers builds them, ./test.sh runs them shortly,
# make fuzz for SECONDS each.
FUZZ_SAN = fuzzer-no-link,address,undefined
FUZZERS  = $(patsubst test/fuzz/%.c,build/$(FUZZ_SAN)/fuzz/%,$(wildcard test/fuzz/*.c))
SECONDS  = 600

$(OBJ)/fuzz/%: test/fuzz/%.c $(filter-out $(OBJ)/wf.o,$(OBJECTS))
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer $(LDFLAGS) -o $@ $(filter %.c %.o,$^) $(LIBS)

fuzzers:
	$(MAKE) CC=clang SAN=$(FUZZ_SAN) $(FUZZERS)

fuzz: fuzzers
	for f in $(FUZZERS); do test/fuzz/run $$f $(SECONDS) || exit; done

check:
	./test.sh

check-page: wf
	@test/page/check ./wf

# What the README shows, from 200,000 lines of data/mklog.
pictures: wf data/mklog
	@test/page/check ./wf pictures

CROSS    = arm64 armhf i386
$(CROSS:%=check-%):
	@./deps.sh cross
	@test/cross $(@:check-%=%) | test/count

torture: wf data/mklog
	@./deps.sh test
	python3 test/torture.py ./wf

check-cluster: wf data/mklog
	@./deps.sh cluster
	@$(MAKE) -s build/openmpi/wf-mpi build/mpich/wf-mpi
	@test/cluster/run

build/%/peers: test/mpi/peers.c lib/peers_mpi.c lib/readat.c lib/tempfile.c lib/die.c lib/utf8.c
	@mkdir -p $(@D)
	mpicc.$* $(filter-out -MMD -MP,$(ALL_CFLAGS)) -o $@ $^

check-mpi: wf data/mklog build/openmpi/wf-mpi build/mpich/wf-mpi build/openmpi/peers build/mpich/peers
	@test/mpi/run openmpi
	@test/mpi/run mpich

check-slurm: wf build/openmpi/wf-mpi data/mklog
	@./deps.sh slurm
	@test/slurm/run

# wf-mpi races, too, where MPI is.
HAS_MPI  = $(if $(shell command -v $(MPICC)),wf-mpi)

bench: wf $(HAS_MPI) bench/limit data/mklog
	@./deps.sh bench
	@bench/run

# Instructions instead of seconds: bench/check --update keeps new figures.
bench-check: wf data/mklog
	@bench/check

# How wf-mpi scales: measured here, and what follows from that for more.
bench-scale: wf-mpi data/mklog
	@bench/scale

# The README's picture of a terminal, from a real one.
screen: wf
	@./deps.sh bench
	@bench/screen

bench-full: wf $(HAS_MPI) bench/limit data/mklog
	@./deps.sh bench
	@bench/run --full

# The same program without shared libraries.  ISA-L is left out where, as on Debian, it comes
# without libisal.a: zlib reads gzip then.
ISAL_A   = $(filter /%,$(shell $(CC) -print-file-name=libisal.a))
static:
	$(MAKE) OBJ=build/static WF=build/static/wf LDFLAGS=-static STATIC=--static \
		CODECS='$(if $(ISAL_A),$(CODECS),$(CODECS:libisal=zlib))' build/static/wf
	build/static/wf --version

# What git has of the last commit.
DIST     = wf-$(VERSION)
dist:
	@mkdir -p build
	git archive --prefix=$(DIST)/ -o build/$(DIST).tar.gz HEAD

# Two builds in two folders have to be the same bytes.
check-reproducible: dist
	for folder in build/again/one build/again/the-other; do \
		rm -rf $$folder && mkdir -p $$folder && \
		tar -xzf build/$(DIST).tar.gz -C $$folder && \
		$(MAKE) -s -C $$folder/$(DIST) && sha256sum $$folder/$(DIST)/wf || exit; \
	done
	cmp build/again/*/$(DIST)/wf

deb: dist
	@./deps.sh package
	rm -rf build/deb && mkdir -p build/deb && tar -xzf build/$(DIST).tar.gz -C build/deb
	cd build/deb/$(DIST) && dpkg-buildpackage -us -uc -b
	lintian --fail-on error,warning build/deb/*.changes

check-deb: deb
	test/debian deb

check-debian:
	@./deps.sh package
	test/debian source

# The includes as pairs "includer included", without a module's own header: tsort fails
# on a loop.  scan and its variants are one module.  lib/ knows nothing of the rest.
layers:
	@grep -H '^#include "' *.[ch] formats/*.[ch] lib/*.[ch] | \
		sed -E 's/\.[ch]:#include "/ /; s/\.h"//; s/scan_[a-z0-9]+/scan/g' | awk '$$1 != $$2' | sort -u | tsort >/dev/null
	@! grep '^#include "' lib/*.[ch] | grep -v '"lib/'
	@! grep '^#include "' formats/*.[ch] | grep -v '"lib/\|"formats/'

# Static analysis: whatever is found is an error.  What a tool has passed it sees again when
# that, a header or the rules have changed.
LINT     = build/lint
LINTERS  = clang clang-tidy gcc cppcheck
TESTS    = $(filter-out test/cluster/% test/mpi/%,$(wildcard test/*/*.c)) # they need mpicc
LINTED   = $(SOURCES) $(TESTS) data/mklog.c bench/limit.c
RULES    = Makefile .clang-tidy test/.clang-tidy $(wildcard *.h formats/*.h lib/*.h page/*.h test/*/*.h)
LINT_CFLAGS := $(filter-out -MMD -MP,$(ALL_CFLAGS)) -Werror

lint:
	@p=0 f=0; for linter in $(LINTERS); do \
		if $(MAKE) -ks -O -j$$(nproc) --no-print-directory lint-$$linter; then p=$$((p + 1)); \
		else f=$$((f + 1)); echo "lint: $$linter is not content"; fi; \
	done; echo "$$p passed, $$f failed"; [ $$f -eq 0 ]

lint-clang: $(LINTED:%=$(LINT)/clang/%)
lint-clang-tidy: $(patsubst %,$(LINT)/clang-tidy/%,$(SOURCES) $(TESTS))
lint-gcc: $(LINTED:%=$(LINT)/gcc/%)

$(LINT)/clang/%: % $(RULES)
	@mkdir -p $(@D)
	clang $(LINT_CFLAGS) $(VARIANT_$(*:.c=)) -fsyntax-only $<
	@touch $@

# Apart from what it finds, clang-tidy counts what it does not tell.
$(LINT)/clang-tidy/%: % $(RULES)
	@mkdir -p $(@D)
	clang-tidy --quiet $< -- $(LINT_CFLAGS) $(VARIANT_$(*:.c=)) 2>$@.err || { cat $@.err; exit 1; }
	@touch $@

# glibc minds results that are thrown away only where it is fortified.  The analyzer does not
# know that fail() ends a test, nor that exit() closes the file that main writes to.
ANALYZER = $(if $(filter test/%,$<),,-fanalyzer) $(if $(filter wf.c,$<),-Wno-analyzer-malloc-leak)
$(LINT)/gcc/%: % $(RULES)
	@mkdir -p $(@D)
	gcc $(LINT_CFLAGS) $(VARIANT_$(*:.c=)) -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 $(ANALYZER) \
		-c -o /dev/null $<
	@touch $@

lint-cppcheck:
	cppcheck -j$$(nproc) --quiet --enable=warning,performance,portability --error-exitcode=1 \
		--inline-suppr --std=c11 -I. $(SOURCES)

SHARE    = $(DESTDIR)$(PREFIX)/share
ZSH      = zsh/site-functions
SCRIPTS  = bash-completion/completions/wf $(ZSH)/_wf fish/vendor_completions.d/wf.fish
DOCS     = README.md NEWS LICENSE

install: wf
	install -D wf $(DESTDIR)$(PREFIX)/bin/wf
	install -D -m 644 wf.1 $(SHARE)/man/man1/wf.1
	install -d $(dir $(SCRIPTS:%=$(SHARE)/%))
	for script in $(SCRIPTS); do \
		./wf --completion $${script%%[/-]*} >$(SHARE)/$$script && \
			chmod 644 $(SHARE)/$$script || exit; \
	done
	install -D -m 644 -t $(SHARE)/doc/wf $(DOCS)

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/wf $(SHARE)/man/man1/wf.1 $(SCRIPTS:%=$(SHARE)/%) \
		$(DOCS:%=$(SHARE)/doc/wf/%)
	-rmdir $(SHARE)/doc/wf

format:
	clang-format -i *.[ch] formats/*.[ch] lib/*.[ch] page/*.h data/*.c bench/*.c test/unit/*.[ch] test/fuzz/*.c \
		test/cluster/*.c test/mpi/*.c

clean:
	rm -rf build wf wf-mpi data/mklog bench/limit

.PHONY: all check check-page pictures screen $(CROSS:%=check-%) check-cluster check-mpi check-slurm \
	check-reproducible check-deb check-debian static dist deb torture bench bench-check \
	bench-full bench-scale units fuzzers fuzz mpi layers lint $(LINTERS:%=lint-%) install uninstall format clean
-include $(OBJECTS:.o=.d) $(UNITS:%=%.d)
