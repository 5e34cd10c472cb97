# bench.mk -- measure how fast wf is, and draw the charts.
#
# make bench            race wf against the machine's limit and against others (bench-full: longer)
# make bench-check      count instructions instead of measuring seconds
# make bench-scale      measure how wf-mpi scales
# make bench-challenges the one billion rows, the 100 million rows, and counting words
# make screen           the README's picture of a terminal

# wf-mpi takes part in the race if MPI is installed.
HAS_MPI  = $(if $(shell command -v $(MPICC)),wf-mpi)

bench: wf $(HAS_MPI) bench/limit data/mklog
	@./deps.sh bench
	@bench/run

# bench/check --update records new numbers.
bench-check: wf data/mklog
	@bench/check

# Measures wf-mpi on this machine, and predicts times for larger ones.
bench-scale: wf-mpi data/mklog
	@bench/scale

# 20 million rows take a few minutes; bench/challenges --rows N asks for more.
bench-challenges: wf
	@./deps.sh bench
	@bench/challenges

# Draws the README's picture of a terminal, from a real one.
screen: wf
	@./deps.sh bench
	@bench/screen

bench-full: wf $(HAS_MPI) bench/limit data/mklog
	@./deps.sh bench
	@bench/run --full

.PHONY: bench bench-challenges bench-check bench-full bench-scale screen
