# make            build wf; make V=1 shows the commands
# make test       run the short test, ./test.sh; make check-all runs every test
# make install    install into PREFIX; make uninstall removes everything again
# make mpi        build wf-mpi, for many hosts
# make units      build the unit tests
# make SAN=address,undefined   build with sanitizers, in a separate tree
#
# More targets:
# test/checks.mk      layers, fuzz, torture, check-page, check-mpi, check-cluster, check-arm64 ...
# test/lint.mk        lint
# bench/bench.mk      bench, bench-check, bench-scale, bench-challenges, screen
# debian/package.mk   dist, deb, static, check-reproducible, check-deb, check-debian

VERSION  = 0.1
PREFIX   = /usr/local
CC       = gcc
CFLAGS   = -O3 -g
SAN      =

# GNU make 4.2 and 4.3 disagree on how to write this character in $(shell ...).
HASH    := \#

# The libraries that decompress logs.  Missing ones are left out.
has      = $(shell pkg-config --exists $(1) && echo $(1))
CODECS  := $(or $(call has,libisal),$(call has,zlib)) $(call has,libzstd) $(call has,liblzma) \
	$(call has,liblz4)
BZLIB   := $(shell echo '$(HASH)include <bzlib.h>' | $(CC) -E - >/dev/null 2>&1 && echo -lbz2)
# The library that looks up addresses for --mmdb.  If missing, it is left out, too.
MMDB    := $(call has,libmaxminddb)
HAVE     = $(patsubst lib%,%,$(CODECS) $(MMDB)) $(BZLIB:-lbz2=bzlib)

PKGS     = libpcre2-8 $(CODECS) $(MMDB)
PKGS_CFLAGS := $(shell pkg-config --cflags $(PKGS))

# wf loads these libraries when it needs them (lib/library.h), by the names that the
# linker would note in it.  If one of the names is not found, or with make SONAMES=, and in a static
# build, wf is linked with all of them.
soname   = $(shell readelf -d "$$($(CC) -print-file-name=lib$(1).so)" 2>/dev/null | \
	sed -n 's/.*SONAME.*\[\(.*\)\].*/\1/p')
FILE_bzlib = bz2
FILE_zlib = z
SONAMES := $(foreach lib,$(HAVE),$(lib)=$(call soname,$(or $(FILE_$(lib)),$(lib))))
LOADED  := $(if $(or $(STATIC),$(filter %=,$(SONAMES))),,$(SONAMES))
LOADING := $(if $(LOADED),-DLOAD_LIBRARIES) $(foreach lib,$(LOADED),-DSONAME_$(subst =,='",$(lib))"')
CODEC_LIBS := $(if $(CODECS)$(MMDB),$(shell pkg-config $(STATIC) --libs $(CODECS) $(MMDB))) $(BZLIB)
LIBS    := $(shell pkg-config $(STATIC) --libs libpcre2-8) $(if $(LOADED),-ldl,$(CODEC_LIBS))
ALL_CFLAGS = -std=c17 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64 -I. -Wall -Wextra \
	-Wshadow -Wconversion -Wstrict-prototypes -Wvla -Walloca -MMD -MP -DWF_VERSION='"$(VERSION)"' \
	-ffile-prefix-map='$(CURDIR)=.' $(PKGS_CFLAGS) $(HAVE:%=-DHAVE_%) $(LOADING) $(CFLAGS) $(HARDEN)

# Flags that make a bug harder to exploit, each of them only if the compiler accepts it.  They are
# tried once, when something is compiled.  Sanitizers need a build without them.
# make HARDEN= HARDEN_LINK= leaves them out.
FORTIFY  = -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=
accepted = $(shell printf '$(HASH)include <stdio.h>\nint main(void) { return puts("") < 0; }\n' | \
	$(CC) $(CFLAGS) -Werror $(1) -x c - -o /dev/null >/dev/null 2>&1 && echo '$(1)')
ifndef SAN
HARDEN   = $(eval HARDEN := $(or $(call accepted,$(FORTIFY)3),$(call accepted,$(FORTIFY)2)) \
	$(call accepted,-fstack-protector-strong) $(call accepted,-fstack-clash-protection) \
	$(call accepted,-fPIE) $(or $(call accepted,-fcf-protection),$(call accepted,-mbranch-protection=standard)))$(HARDEN)
HARDEN_LINK = $(eval HARDEN_LINK := $(call accepted,-z relro -z now) \
	$(if $(findstring -static,$(LDFLAGS)),,$(call accepted,-fPIE -pie)))$(HARDEN_LINK)
endif

# A sanitized build has its own objects and its own binary, so that both builds can coexist.
ifdef SAN
ALL_CFLAGS += -DSANITIZED -fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer \
	$(if $(findstring fuzzer,$(SAN)),-DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION)
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

# Prints one short line instead of each command.
SAY      = $(if $(V),,@echo "  $(1)" && )

all: $(WF)

$(WF): $(OBJECTS)
	$(call SAY,LD $@)$(CC) $(ALL_CFLAGS) $(HARDEN_LINK) $(LDFLAGS) -o $@ $^ $(LIBS)

$(OBJ)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call SAY,CC $<)$(CC) $(ALL_CFLAGS) $(VARIANT_$*) $(HOT_$*) -c -o $@ $<

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
VARIANT_scan/scan_avx512 = -mavx512bw -mavx512vbmi -mavx512vbmi2 -mbmi -mbmi2 -mpopcnt
endif

# What runs for each line: here only functions with an array of bytes get a stack protector.  With
# -fstack-protector-strong, -r overview would need 3 % more instructions.
HOT      = query/block_keys query/condition query/line_filter query/grouping query/judge query/record store/table formats/layout
$(foreach f,$(HOT),$(eval HOT_$(f) = $$(patsubst %-strong,%,$$(filter -fstack-protector-strong,$$(HARDEN)))))

# wf-mpi is the same program with a main of its own; make mpi MPICC=mpicc.mpich builds it with MPICH.
# Only PEERS, mpi/peers*.c, call MPI, so all other objects can be linked with any kind of it.
MPICC    = mpicc
PEERS    = $(wildcard mpi/peers*.c)
RANKS    = $(filter-out $(PEERS),$(wildcard mpi/*.c))
WITH_MPI = $(filter-out $(OBJ)/wf.o,$(OBJECTS)) $(RANKS:%.c=$(OBJ)/%.o) $(PEERS)
LINK_MPI = $(filter-out -MMD -MP,$(ALL_CFLAGS)) $(HARDEN_LINK) $(LDFLAGS) -o $@ $(WITH_MPI) $(LIBS)

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

# Where bash, zsh and fish look for completions.  fish reads /usr/local/share only if XDG_DATA_DIRS
# names it, which a login shell on a server does not set; it always reads /etc/fish/completions.
BASH_DIR = $(PREFIX)/share/bash-completion/completions
ZSH_DIR  = $(PREFIX)/share/zsh/site-functions
FISH_DIR = $(if $(filter /usr/local,$(PREFIX)),/etc/fish/completions,$(PREFIX)/share/fish/vendor_completions.d)
MAN_DIR  = $(PREFIX)/share/man/man1
DOC_DIR  = $(PREFIX)/share/doc/wf
DOCS     = README.md NEWS LICENSE SECURITY.md
# README.md links to these.
PAGES    = doc/formats.md doc/snapshots.md doc/cluster.md doc/page.png doc/page-dark.png

install: wf
	install -D wf "$(DESTDIR)$(PREFIX)/bin/wf"
	install -D -m 644 -t "$(DESTDIR)$(MAN_DIR)" wf.1
	install -D -m 644 -t "$(DESTDIR)$(DOC_DIR)" $(DOCS)
	install -D -m 644 -t "$(DESTDIR)$(DOC_DIR)/doc" $(PAGES)
	install -d "$(DESTDIR)$(BASH_DIR)" "$(DESTDIR)$(ZSH_DIR)" "$(DESTDIR)$(FISH_DIR)"
	./wf --completion bash >"$(DESTDIR)$(BASH_DIR)/wf"
	./wf --completion zsh >"$(DESTDIR)$(ZSH_DIR)/_wf"
	./wf --completion fish >"$(DESTDIR)$(FISH_DIR)/wf.fish"
	chmod 644 "$(DESTDIR)$(BASH_DIR)/wf" "$(DESTDIR)$(ZSH_DIR)/_wf" "$(DESTDIR)$(FISH_DIR)/wf.fish"

uninstall:
	rm -f "$(DESTDIR)$(PREFIX)/bin/wf" "$(DESTDIR)$(MAN_DIR)/wf.1" $(foreach f,$(DOCS) $(PAGES),"$(DESTDIR)$(DOC_DIR)/$f") \
		"$(DESTDIR)$(BASH_DIR)/wf" "$(DESTDIR)$(ZSH_DIR)/_wf" "$(DESTDIR)$(FISH_DIR)/wf.fish"
	-rmdir "$(DESTDIR)$(DOC_DIR)/doc" "$(DESTDIR)$(DOC_DIR)"

format:
	clang-format -i *.[ch] $(ROOMS:%=%/*.[ch]) mpi/*.[ch] report/page/*.h data/*.c bench/*.c test/*/*.[ch]

clean:
	rm -rf build wf wf-mpi data/mklog bench/limit

.PHONY: all units mpi install uninstall format clean
-include $(OBJECTS:.o=.d) $(RANKS:%.c=$(OBJ)/%.d) $(UNITS:%=%.d)
