# checks.mk -- what proves that wf is right.  Each prints TAP, or "N passed, N failed".
#
# make check          ./test.sh
# make check-page     the HTML report in Chromium; make pictures photographs it for the README
# make check-arm64, check-armhf, check-i386     the same for other kinds of CPU
# make torture        kill workers, cut logs short, make system calls fail
# make check-mpi      hold wf-mpi against wf, on this machine, with Open MPI and MPICH
# make check-cluster  try it on three hosts, made of namespaces
# make check-slurm    try the jobs of examples/ under a Slurm of one host
# make fuzz           search for what is new, SECONDS for each fuzzer
# make layers         the includes make no loop

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

build/%/peers: test/mpi/peers.c $(PEERS) $(filter $(OBJ)/lib/%,$(OBJECTS))
	@mkdir -p $(@D)
	mpicc.$* $(filter-out -MMD -MP,$(ALL_CFLAGS)) -o $@ $^

check-mpi: wf data/mklog build/openmpi/wf-mpi build/mpich/wf-mpi build/openmpi/peers build/mpich/peers
	@test/mpi/run openmpi
	@test/mpi/run mpich

check-slurm: wf build/openmpi/wf-mpi data/mklog
	@./deps.sh slurm
	@test/slurm/run

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

# Which room may include which: see test/layers.
layers:
	@test/layers

.PHONY: check check-page pictures $(CROSS:%=check-%) torture check-cluster check-mpi check-slurm \
	fuzzers fuzz layers
