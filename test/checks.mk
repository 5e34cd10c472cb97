# checks.mk -- the targets that test wf.  Each prints TAP, or "N passed, N failed".
#
# make test           ./test.sh, the short test; make check is the same
# make check-all      every test, in about half an hour
# make layers         which room may include which
# make torture        kill workers, truncate logs, make calls and allocations fail
# make damage         damaged archives, TRIES of each kind and way
# make bombs          the memory that files which demand much of it take
# make check-page     the HTML report in Chromium; make pictures makes the README's pictures of it
# make check-mpi      compare wf-mpi with wf on this machine, with Open MPI and MPICH
# make check-cluster  wf-mpi on three hosts, which are network namespaces
# make check-slurm    the jobs of examples/ in a Slurm of one host
# make check-arm64, check-armhf, check-i386     the tests on other types of CPU
# make fuzz           search for new inputs that break wf, SECONDS for each fuzzer

test check:
	@./test.sh

check-all:
	@test/check-all

layers:
	@test/layers

torture: wf data/mklog
	python3 test/torture.py ./wf

# Ten of each take a quarter of an hour.
TRIES    = 10
damage: wf data/mklog
	python3 test/damage.py ./wf --tries $(TRIES)

bombs: wf
	python3 test/bombs.py ./wf

check-page: wf
	@test/page/check ./wf

# The pictures show 200,000 lines from data/mklog.
pictures: wf data/mklog
	@test/page/check ./wf pictures

CROSS    = arm64 armhf i386
$(CROSS:%=check-%):
	@test/cross $(@:check-%=%) | test/count

# The kinds of MPI on this machine.
HAS_MPIS = $(foreach mpi,openmpi mpich,$(if $(shell command -v mpicc.$(mpi)),$(mpi)))

build/%/peers: test/mpi/peers.c $(PEERS) $(filter $(OBJ)/lib/%,$(OBJECTS))
	@mkdir -p $(@D)
	mpicc.$* $(filter-out -MMD -MP,$(ALL_CFLAGS)) -o $@ $^

check-mpi: wf data/mklog $(foreach mpi,$(HAS_MPIS),build/$(mpi)/wf-mpi build/$(mpi)/peers)
	@test/mpi/run openmpi
	@test/mpi/run mpich

check-cluster: wf data/mklog $(HAS_MPIS:%=build/%/wf-mpi)
	@test/cluster/run

check-slurm: wf data/mklog $(HAS_MPIS:%=build/%/wf-mpi)
	@test/slurm/run

# A fuzzer is a file of test/fuzz/; it needs clang's libFuzzer.  make fuzzers builds all of them, make check-all runs
# each for some seconds, make fuzz for SECONDS.
FUZZ_SAN = fuzzer-no-link,address,undefined
FUZZERS  = $(patsubst test/fuzz/%.c,build/$(FUZZ_SAN)/fuzz/%,$(wildcard test/fuzz/*.c))
SECONDS  = 600

$(OBJ)/fuzz/plan: $(OBJ)/mpi/plan.o

$(OBJ)/fuzz/%: test/fuzz/%.c $(filter-out $(OBJ)/wf.o,$(OBJECTS))
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer $(LDFLAGS) -o $@ $(filter %.c %.o,$^) $(LIBS) $(CODEC_LIBS)

fuzzers:
	$(MAKE) CC=clang SAN=$(FUZZ_SAN) $(FUZZERS)

fuzz: fuzzers
	for f in $(FUZZERS); do test/fuzz/run $$f $(SECONDS) || exit; done

.PHONY: test check check-all layers torture damage bombs check-page pictures $(CROSS:%=check-%) check-mpi \
	check-cluster check-slurm fuzzers fuzz
