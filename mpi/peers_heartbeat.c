#include "mpi/peers_private.h"

#include <stdlib.h>
#include <string.h>

#include "lib/clock.h"
#include "cli/message.h"

enum { HOST = 64 };

/* In seconds: a peer sends a message every INTERVAL.  After REPORTED without a message, the silent
 * peer is reported; after GIVEN_UP, all processes end.  GIVEN_UP is more than the eight seconds in
 * which Open MPI's mpirun itself notices that a host is lost (with oob_tcp_keepalive_time 2, _intvl
 * 1 and _probes 3).  If the peers ended earlier, mpirun would wait for the lost host forever. */
static const double INTERVAL = 1, REPORTED = 4, GIVEN_UP = 8.5;

/* What this peer knows about another peer. */
struct other {
	char host[HOST];
	uint64_t sent, received; /* messages sent to that peer, and received from it */
	double heard;            /* when the last message came from it */
	bool reported;
};

/* Times are those of clock_seconds(). */
struct heartbeat {
	bool on;
	double called; /* when peers_heartbeat() was called last */
	double sent;   /* when this peer sent its last messages */
	struct other other[];
};

struct heartbeat *peers_heartbeat_new(unsigned n)
{
	return calloc(1, sizeof(struct heartbeat) + (size_t)n * sizeof(struct other));
}

static void receive_all(struct heartbeat *h, double now)
{
	int came;
	MPI_Status status;

	for (;;) {
		MPI_Iprobe(MPI_ANY_SOURCE, PEERS_TAG_HEARTBEAT, MPI_COMM_WORLD, &came, &status);
		if (!came)
			return;
		int from = status.MPI_SOURCE;
		MPI_Recv(NULL, 0, MPI_BYTE, from, PEERS_TAG_HEARTBEAT, MPI_COMM_WORLD,
			MPI_STATUS_IGNORE);
		h->other[from].received++;
		h->other[from].heard = now;
		h->other[from].reported = false;
	}
}

static void send_one(struct heartbeat *h, unsigned to)
{
	MPI_Request request;

	MPI_Isend(NULL, 0, MPI_BYTE, (int)to, PEERS_TAG_HEARTBEAT, MPI_COMM_WORLD, &request);
	MPI_Request_free(&request);
	h->other[to].sent++;
}

static void check(struct other *o, double now)
{
	double silent = now - o->heard;

	if (silent > REPORTED && !o->reported) {
		warn("%s: no heartbeat for %.0f seconds", o->host, silent);
		o->reported = true;
	}
	if (silent > GIVEN_UP) {
		warn("%s: given up", o->host);
		peers_abort(STATUS_ERROR);
	}
}

void peers_heartbeat(const struct peers *p)
{
	struct heartbeat *h = p->heartbeat;
	double now = clock_seconds();
	/* Peer 0 checks all others, and all others check peer 0. */
	unsigned first = !p->me, end = p->me ? 1 : p->n;

	if (!h->on)
		return;
	/* If this peer itself has paused, it can't know how long the others were silent. */
	for (unsigned i = first; i < end && now - h->called > INTERVAL; i++)
		h->other[i].heard = now;
	h->called = now;
	receive_all(h, now);
	for (unsigned i = first; i < end; i++)
		check(&h->other[i], now);
	if (now - h->sent < INTERVAL)
		return;
	h->sent = now;
	for (unsigned i = first; i < end; i++)
		send_one(h, i);
}

void peers_heartbeat_begin(const struct peers *p)
{
	struct heartbeat *h = p->heartbeat;
	char *hosts = malloc((size_t)p->n * HOST), own[MPI_MAX_PROCESSOR_NAME + 1] = "";
	int len;
	MPI_Request request;

	if (!hosts)
		peers_out_of_memory();
	MPI_Get_processor_name(own, &len);
	own[HOST - 1] = '\0';
	MPI_Iallgather(own, HOST, MPI_CHAR, hosts, HOST, MPI_CHAR, MPI_COMM_WORLD, &request);
	peers_wait(p, &request);
	for (unsigned i = 0; i < p->n; i++)
		memcpy(h->other[i].host, hosts + (size_t)i * HOST, HOST);
	free(hosts);
	h->on = true;
}

/* Receive all messages that are still on their way, as MPI requires before MPI_Finalize(). */
void peers_heartbeat_end(const struct peers *p)
{
	struct heartbeat *h = p->heartbeat;
	uint64_t *sent = calloc(2 * (size_t)p->n, sizeof *sent);
	MPI_Request request;

	if (!sent)
		peers_out_of_memory();
	uint64_t *expected = sent + p->n;
	MPI_Ibarrier(MPI_COMM_WORLD, &request);
	peers_wait(p, &request);
	h->on = false;
	for (unsigned i = 0; i < p->n; i++)
		sent[i] = h->other[i].sent;
	MPI_Ialltoall(sent, 1, MPI_UINT64_T, expected, 1, MPI_UINT64_T, MPI_COMM_WORLD, &request);
	peers_wait(p, &request);
	for (unsigned i = 0; i < p->n; i++)
		for (; h->other[i].received < expected[i]; h->other[i].received++)
			MPI_Recv(NULL, 0, MPI_BYTE, (int)i, PEERS_TAG_HEARTBEAT, MPI_COMM_WORLD,
				MPI_STATUS_IGNORE);
	free(sent);
}
