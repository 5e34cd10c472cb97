#include "mpi/peers_private.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/message.h"

enum {
	SPINS = 200,        /* how often peers_wait() tests a request before it begins to sleep */
	NAP = 100,          /* microseconds of one sleep */
	MESSAGE = 64 << 20, /* the most bytes of one message */
	FAREWELL = 50000,   /* microseconds for mpirun to pass on the last messages of this
			     * process */
};

static pid_t process;       /* the ID of this process, between peers_begin() and peers_end() */
static bool others_waiting; /* true on peer 0 while the others wait in peers_start() */

void peers_nap(void)
{
	nanosleep(&(struct timespec){.tv_nsec = NAP * 1000L}, NULL);
}

/* --- The start and the end --------------------------------------------------------- */

/* The sleep is needed because MPICH's mpirun may drop what was written to stderr just before
 * MPI_Abort().  The alarm ends this process even if MPI_Abort() waits for a host that has
 * disappeared. */
void peers_abort(int status)
{
	alarm(1);
	usleep(FAREWELL);
	MPI_Abort(MPI_COMM_WORLD, status);
	_exit(status);
}

void peers_out_of_memory(void)
{
	warn("peers: out of memory");
	peers_abort(STATUS_ERROR);
}

/* Every peer calls this.  Returns, on all peers, the value of `go_on` on peer 0: whether to go on
 * or to exit. */
static bool decide_start(bool go_on)
{
	int decision = go_on, done = 0;
	MPI_Request request;

	MPI_Ibcast(&decision, 1, MPI_INT, 0, MPI_COMM_WORLD, &request);
	while (!done) {
		MPI_Test(&request, &done, MPI_STATUS_IGNORE);
		usleep(done ? 0 : NAP);
	}
	others_waiting = false;
	return decision;
}

void peers_start(const struct peers *p)
{
	if (!decide_start(true) && p->me)
		exit(0);
}

/* Called when the process exits.  If the other peers still wait in peers_start(), let them exit,
 * too, because they would only repeat the --help or the error message of peer 0.  If they wait
 * there no more, and `status` is an error, end all processes: otherwise they would wait for this
 * peer forever. */
static void leave(int status, void *unused)
{
	(void)unused;
	if (process != getpid())
		return;
	if (others_waiting)
		decide_start(false);
	else if (status)
		peers_abort(status);
	MPI_Finalize();
}

/* Start MPI while all signals are blocked, so that they stay blocked in the threads that MPI
 * starts.  Then a signal such as SIGCHLD is delivered to the thread that waits for it, and not to a
 * thread of MPI (POSIX, 2.4.1). */
static void init(int *argc, char ***argv)
{
	sigset_t all, before;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	MPI_Init(argc, argv);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

/* True if this peer has the smallest number on its host. */
static bool is_first_here(int me)
{
	MPI_Comm here;
	int number;

	MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, me, MPI_INFO_NULL, &here);
	MPI_Comm_rank(here, &number);
	MPI_Comm_free(&here);
	return number == 0;
}

struct peers peers_begin(int *argc, char ***argv)
{
	int n, me;

	init(argc, argv);
	MPI_Comm_size(MPI_COMM_WORLD, &n);
	MPI_Comm_rank(MPI_COMM_WORLD, &me);
	process = getpid();
	others_waiting = !me;
	on_exit(leave, NULL);
	struct peers p = {
		(unsigned)n, (unsigned)me, is_first_here(me), peers_heartbeat_new((unsigned)n)};
	if (!p.heartbeat)
		peers_out_of_memory();
	return p;
}

/* Before MPI_Finalize(), all peers wait for each other, because MPICH 4.0 over UCX hangs in that
 * function if one process calls it much sooner than the others. */
void peers_end(const struct peers *p)
{
	MPI_Request request;

	if (others_waiting) {
		decide_start(false);
	} else {
		MPI_Ibarrier(MPI_COMM_WORLD, &request);
		peers_wait(p, &request);
	}
	usleep(FAREWELL);
	free(p->heartbeat);
	process = 0;
	MPI_Finalize();
}

/* --- Messages ---------------------------------------------------------------------- */

void peers_wait(const struct peers *p, MPI_Request *request)
{
	int done = 0;

	for (int i = 0; !done; i++) {
		MPI_Test(request, &done, MPI_STATUS_IGNORE);
		if (done || i < SPINS)
			continue;
		peers_heartbeat(p);
		peers_nap();
	}
}

uint64_t peers_max(const struct peers *p, uint64_t mine)
{
	MPI_Request request;
	uint64_t all;

	MPI_Iallreduce(&mine, &all, 1, MPI_UINT64_T, MPI_MAX, MPI_COMM_WORLD, &request);
	peers_wait(p, &request);
	return all;
}

bool peers_any(const struct peers *p, bool mine)
{
	return peers_max(p, mine) != 0;
}

static int message_size(uint64_t left)
{
	return left < MESSAGE ? (int)left : MESSAGE;
}

void peers_broadcast(const struct peers *p, void *bytes, size_t n)
{
	char *at = bytes;

	while (n) {
		int size = message_size(n);
		MPI_Request request;
		MPI_Ibcast(at, size, MPI_BYTE, 0, MPI_COMM_WORLD, &request);
		peers_wait(p, &request);
		at += size;
		n -= (size_t)size;
	}
}

static void send_bytes(const struct peers *p, const char *bytes, size_t n)
{
	uint64_t total = n;
	MPI_Request request;

	MPI_Isend(&total, 1, MPI_UINT64_T, 0, PEERS_TAG_SIZE, MPI_COMM_WORLD, &request);
	peers_wait(p, &request);
	while (n) {
		int size = message_size(n);
		MPI_Isend(bytes, size, MPI_BYTE, 0, PEERS_TAG_BYTES, MPI_COMM_WORLD, &request);
		peers_wait(p, &request);
		bytes += size;
		n -= (size_t)size;
	}
}

/* Receive what send_bytes() sends; the caller frees the result.  NULL if out of memory: the sender
 * does not know this, and goes on sending. */
static char *receive_bytes(const struct peers *p, int peer, size_t *n)
{
	uint64_t left;
	MPI_Request request;

	MPI_Irecv(&left, 1, MPI_UINT64_T, peer, PEERS_TAG_SIZE, MPI_COMM_WORLD, &request);
	peers_wait(p, &request);
	char *bytes = malloc((size_t)left + 1), *at = bytes;
	for (*n = (size_t)left; bytes && left;) {
		int size = message_size(left);
		MPI_Irecv(at, size, MPI_BYTE, peer, PEERS_TAG_BYTES, MPI_COMM_WORLD, &request);
		peers_wait(p, &request);
		at += size;
		left -= (uint64_t)size;
	}
	return bytes;
}

bool peers_gather(const struct peers *p, const char *bytes, size_t n,
	bool (*sink)(void *ctx, char *bytes, size_t n), void *ctx)
{
	if (p->me) {
		send_bytes(p, bytes, n);
		return true;
	}
	char *copy = malloc(n + 1);
	if (copy && n)
		memcpy(copy, bytes, n);
	bool ok = copy && sink(ctx, copy, n);
	for (unsigned i = 1; ok && i < p->n; i++) {
		size_t size;
		char *got = receive_bytes(p, (int)i, &size);
		ok = got && sink(ctx, got, size);
	}
	return ok;
}
