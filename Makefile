# make            build wf; make V=1 shows the commands
# make install    into PREFIX; make uninstall
# make mpi        wf-mpi, for many hosts
# make SAN=address,undefined     a sanitized build, in a tree of its own
# make units      the tests of single modules; ./test.sh builds and runs all tests
#
# test/checks.mk  make check, fuzz, torture, layers; check-page, -mpi, -cluster, -slurm, -arm64 ...
# test/lint.mk    make lint
# bench/bench.mk  make bench, bench-check, bench-scale, screen
# debian/package.mk   make dist, deb, static; check-reproducible, check-deb, check-debian

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

# The directories that hold the source files; "make layers" says which may include which.
# mpi/ is wf-mpi's alone: see below.
ROOMS    = cli save report count query rank regex input formats progress codec scan store lib
SOURCES  = $(sort $(wildcard *.c $(ROOMS:%=%/*.c)))
OBJECTS  = $(SOURCES:%.c=$(OBJ)/%.o) $(OBJ)/page.o
UNITS    = $(patsubst test/unit/%.c,$(OBJ)/unit/%,$(wildcard test/unit/*.c))

# What is done, in short.
SAY      = $(if $(V),,@echo "  $(1)" && )

all: $(WF)

$(WF): $(OBJECTS)
	$(call SAY,LD $@)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(OBJ)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call SAY,CC $<)$(CC) $(ALL_CFLAGS) $(VARIANT_$*) -c -o $@ $<

# The style sheet and the script of an HTML report, as C strings.
PAGE     = report/page/page.css report/page/page.js
$(OBJ)/page.o: $(OBJ)/page.c
	$(call SAY,CC $<)$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(OBJ)/page.c: report/page/embed $(PAGE)
	@mkdir -p $(@D)
	$(call SAY,EMBED $(PAGE))report/page/embed $(PAGE) >$@.new && mv $@.new $@

# Each CPU variant may use its CPU's instructions; nothing else may.
ifneq (,$(filter x86_64%,$(shell $(CC) -dumpmachine)))
VARIANT_scan/scan_avx2 = -mavx2 -mbmi -mbmi2 -mpopcnt
VARIANT_scan/scan_avx512 = -mavx512bw -mavx512vbmi2 -mbmi -mbmi2 -mpopcnt
endif

# wf-mpi is the same program with a main of its own; make mpi MPICC=mpicc.mpich builds it with MPICH.
# Only PEERS, mpi/peers*.c, call MPI, so all other objects can be linked with any kind of it.
MPICC    = mpicc
PEERS    = $(wildcard mpi/peers*.c)
RANKS    = $(filter-out $(PEERS),$(wildcard mpi/*.c))
WITH_MPI = $(filter-out $(OBJ)/wf.o,$(OBJECTS)) $(RANKS:%.c=$(OBJ)/%.o) $(PEERS)
LINK_MPI = $(filter-out -MMD -MP,$(ALL_CFLAGS)) $(LDFLAGS) -o $@ $(WITH_MPI) $(LIBS)

mpi: wf-mpi

wf-mpi: $(WITH_MPI) $(wildcard mpi/peers*.h)
	$(MPICC) $(LINK_MPI)

build/openmpi/wf-mpi build/mpich/wf-mpi: build/%/wf-mpi: $(WITH_MPI) $(wildcard mpi/peers*.h)
	@mkdir -p $(@D)
	mpicc.$* $(LINK_MPI)

data/mklog: data/mklog.c
	$(CC) -O2 -std=c17 -D_GNU_SOURCE -Wall -Wextra -o $@ $<

bench/limit: bench/limit.c
	$(CC) -O3 -march=native -std=c17 -D_GNU_SOURCE -Wall -Wextra -o $@ $<

# A unit that belongs to wf-mpi.
$(OBJ)/unit/test_plan: $(OBJ)/mpi/plan.o

$(OBJ)/unit/%: test/unit/%.c $(filter-out $(OBJ)/wf.o,$(OBJECTS))
	@mkdir -p $(@D)
	$(call SAY,LD $@)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $(filter %.c %.o,$^) $(LIBS) -lcmocka

units: $(UNITS)

include test/checks.mk test/lint.mk bench/bench.mk debian/package.mk

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
	clang-format -i *.[ch] $(ROOMS:%=%/*.[ch]) mpi/*.[ch] report/page/*.h data/*.c bench/*.c test/*/*.[ch]

clean:
	rm -rf build wf wf-mpi data/mklog bench/limit

.PHONY: all units mpi install uninstall format clean
-include $(OBJECTS:.o=.d) $(RANKS:%.c=$(OBJ)/%.d) $(UNITS:%=%.d)
