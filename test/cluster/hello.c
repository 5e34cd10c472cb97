/* hello.c -- a minimal MPI program, to test the hosts with.
 *
 *	hello FILE [SECONDS]
 *
 * Each rank reads the first bytes of FILE, which may differ from host to host, waits for a child
 * that sleeps for SECONDS, and sends the bytes to every rank with MPI_Alltoallv.  Rank 0 prints a
 * line "RANK BYTES" for each rank.  If a rank can't read FILE, it prints a message with the name of
 * its host, and all ranks end with status 2.
 */
#include <errno.h>
#include <mpi.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_RANKS = 16, MAX_BYTES = 64, EXIT_TROUBLE = 2 };

static int read_file(const char *name, char *bytes)
{
	char host[MPI_MAX_PROCESSOR_NAME] = "";
	int len;
	FILE *file = fopen(name, "r");
	size_t n = file ? fread(bytes, 1, MAX_BYTES, file) : 0;

	if (!file || ferror(file)) {
		MPI_Get_processor_name(host, &len);
		fprintf(stderr, "hello: %s: %s: %s\n", host, name, strerror(errno));
		MPI_Abort(MPI_COMM_WORLD, EXIT_TROUBLE);
		exit(EXIT_TROUBLE);
	}
	fclose(file);
	return (int)n;
}

/* Run a child, which ends with this rank. */
static void work(unsigned seconds)
{
	pid_t child = fork();

	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		sleep(seconds);
		_exit(0);
	}
	waitpid(child, NULL, 0);
}

static void exchange(char *mine, int n, int rank, int ranks)
{
	static char all[MAX_RANKS][MAX_BYTES];
	int send[MAX_RANKS], from[MAX_RANKS] = {0}, got[MAX_RANKS], at[MAX_RANKS];

	for (int i = 0; i < ranks; i++) {
		send[i] = n;
		at[i] = i * MAX_BYTES;
	}
	MPI_Alltoall(send, 1, MPI_INT, got, 1, MPI_INT, MPI_COMM_WORLD);
	MPI_Alltoallv(mine, send, from, MPI_CHAR, all, got, at, MPI_CHAR, MPI_COMM_WORLD);
	for (int i = 0; rank == 0 && i < ranks; i++)
		printf("%d %.*s\n", i, got[i], all[i]);
}

/* MPICH 4.0 over UCX may hang in MPI_Finalize if the ranks call it at different moments. */
static void finish(void)
{
	MPI_Barrier(MPI_COMM_WORLD);
	usleep(50000);
	MPI_Finalize();
}

int main(int argc, char **argv)
{
	char mine[MAX_BYTES];
	int rank, ranks;

	MPI_Init(&argc, &argv);
	MPI_Comm_rank(MPI_COMM_WORLD, &rank);
	MPI_Comm_size(MPI_COMM_WORLD, &ranks);
	if (argc < 2 || ranks > MAX_RANKS)
		MPI_Abort(MPI_COMM_WORLD, EXIT_TROUBLE);
	int n = read_file(argv[1], mine);
	work(argc > 2 ? (unsigned)atoi(argv[2]) : 0);
	exchange(mine, n, rank, ranks);
	finish();
}
