# bench.mk -- how fast wf is, and pictures of it.
#
# make bench          race against the machine's limit and against others (bench-full: longer)
# make bench-check    count instructions instead of seconds
# make bench-scale    how wf-mpi scales
# make screen         the README's picture of a terminal

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

.PHONY: bench bench-check bench-full bench-scale screen
