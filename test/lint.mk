# lint.mk -- let clang-tidy, cppcheck and gcc's analyzer look for mistakes: make lint

# Static analysis: whatever is found is an error.  What a tool has passed it sees again when
# that, a header or the rules have changed.
LINT     = build/lint
OF_MPI   = $(PEERS) $(wildcard test/mpi/*.c test/cluster/*.c)
MPI_CFLAGS := $(shell mpicc.openmpi -showme:compile 2>/dev/null)
LINTERS  = clang clang-tidy gcc cppcheck
TESTS    = $(filter-out $(OF_MPI),$(wildcard test/*/*.c))
LINTED   = $(SOURCES) $(RANKS) $(TESTS) data/mklog.c data/mkrows.c bench/limit.c bench/other/stations.c bench/other/words.c $(if $(MPI_CFLAGS),$(OF_MPI))
RULES    = Makefile test/lint.mk .clang-tidy test/.clang-tidy $(wildcard *.h $(ROOMS:%=%/*.h) mpi/*.h report/page/*.h test/*/*.h)
LINT_CFLAGS = $(filter-out -MMD -MP,$(ALL_CFLAGS)) $(MPI_CFLAGS) -Werror

lint:
	@p=0 f=0; for linter in $(LINTERS); do \
		if $(MAKE) -ks -O -j$$(nproc) --no-print-directory lint-$$linter; then p=$$((p + 1)); \
		else f=$$((f + 1)); echo "lint: $$linter is not content"; fi; \
	done; echo "$$p passed, $$f failed"; [ $$f -eq 0 ]

lint-clang: $(LINTED:%=$(LINT)/clang/%)
lint-clang-tidy: $(patsubst %,$(LINT)/clang-tidy/%,$(SOURCES) $(RANKS) $(TESTS))
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
# know that fail() ends a test, nor that exit() closes the file that main writes to, nor, in
# query/measured.c, that an array is still in its struct after it has grown.
ANALYZER = $(if $(filter test/%,$<),,-fanalyzer) \
	$(if $(filter wf.c query/measured.c,$<),-Wno-analyzer-malloc-leak)
$(LINT)/gcc/%: % $(RULES)
	@mkdir -p $(@D)
	gcc $(LINT_CFLAGS) $(VARIANT_$(*:.c=)) -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 $(ANALYZER) \
		-c -o /dev/null $<
	@touch $@

lint-cppcheck:
	cppcheck -j$$(nproc) --quiet --enable=warning,performance,portability --error-exitcode=1 \
		--inline-suppr --std=c11 -I. $(SOURCES) $(RANKS)

.PHONY: lint $(LINTERS:%=lint-%)
