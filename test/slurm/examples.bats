#!/usr/bin/env bats
# The jobs of examples/ under Slurm.  Run these tests by test/slurm/run.  They need a wf-mpi that was
# built with Open MPI: build/openmpi/wf-mpi, or the one that WF_MPI names.

bats_require_minimum_version 1.5.0

TREE=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
HELLO=$TREE/build/cluster/hello.openmpi
export LC_ALL=C WF=${WF:-$TREE/wf} WF_MPI=${WF_MPI:-$TREE/build/openmpi/wf-mpi}

setup() {
	cd "$BATS_TEST_TMPDIR"
	for i in 1 2 3 4 5; do
		"$TREE/data/mklog" -n 5000 -s $i >"log $i"
	done
	"$WF" -n 20 -f client log* >expected
}

# Submit a job, and wait for its end.  Returns its exit status.
job() {
	timeout 300 sbatch --wait "$@"
}

@test "srun --mpi=pmix starts ranks of Open MPI, and exits with their status" {
	echo -n bytes >file
	timeout 300 srun --mpi=pmix -n 3 "$HELLO" file >out
	diff out - <<<$'0 bytes\n1 bytes\n2 bytes'
	run -2 timeout 300 srun --mpi=pmix -n 3 "$HELLO" gone
}

mpi_job() { # [OPTION]... JOB ARGUMENT...
	if ! ldd "$WF_MPI" | grep libmpi.so; then
		echo "make build/openmpi/wf-mpi first: $WF_MPI is not built with Open MPI"
		return 1
	fi
	job "$@" || {
		cat wf-*.err
		return 1
	}
}

@test "wf-mpi.sbatch prints what one wf prints" {
	mpi_job "$TREE/examples/wf-mpi.sbatch" -n 20 -f client log*
	cmp expected wf-*.out
}

@test "wf-mpi.sbatch with three ranks" {
	mpi_job --ntasks-per-node=3 --cpus-per-task=1 "$TREE/examples/wf-mpi.sbatch" -n 20 -f client log*
	cmp expected wf-*.out
}

# As the comment in wf-array.sbatch says, but with more tasks than files.
@test "wf-array.sbatch: an array of jobs, and one that merges" {
	job=$(job --parsable --array=0-6 "$TREE/examples/wf-array.sbatch" -f client -- log*)
	[ "$(ls wf-"$job"-*.part | wc -l)" -eq 5 ]
	job --dependency=afterok:"$job" --output=top.out --wrap "$WF -n 20 --merge wf-$job-*.part"
	cmp expected top.out
}

@test "wf-array.sbatch: a task that can't read a file fails the array" {
	run -1 job --array=1-3 "$TREE/examples/wf-array.sbatch" -f client -- log* gone
}
