#include "mpi/peers_private.h"

#include <stdlib.h>

void task_counter_begin(struct task_counter *c, const struct peers *p, uint64_t limit)
{
	*c = (struct task_counter){.peers = p, .limit = limit};
}

static uint64_t take_number(struct task_counter *c)
{
	return c->next < c->limit ? c->next++ : c->limit;
}

/* MPI_Send() does not block here, because MPI sends a message of a few bytes immediately, even if
 * the other peer is not yet receiving. */
void task_counter_serve(struct task_counter *c)
{
	int requested = !c->peers->me;

	while (requested) {
		MPI_Status status;
		MPI_Iprobe(MPI_ANY_SOURCE, PEERS_TAG_REQUEST, MPI_COMM_WORLD, &requested, &status);
		if (!requested)
			return;
		MPI_Recv(NULL, 0, MPI_BYTE, status.MPI_SOURCE, PEERS_TAG_REQUEST, MPI_COMM_WORLD,
			MPI_STATUS_IGNORE);
		uint64_t number = take_number(c);
		MPI_Send(&number, 1, MPI_UINT64_T, status.MPI_SOURCE, PEERS_TAG_NUMBER,
			MPI_COMM_WORLD);
		c->finished += number == c->limit;
	}
}

static void request_number(struct task_counter *c)
{
	MPI_Request *request = malloc(sizeof *request);

	if (!request)
		peers_out_of_memory();
	MPI_Irecv(&c->answer, 1, MPI_UINT64_T, 0, PEERS_TAG_NUMBER, MPI_COMM_WORLD, request);
	MPI_Send(NULL, 0, MPI_BYTE, 0, PEERS_TAG_REQUEST, MPI_COMM_WORLD);
	c->request = request;
}

bool task_counter_next(struct task_counter *c, uint64_t *number)
{
	int came = 0;

	task_counter_serve(c);
	if (!c->peers->me) {
		*number = take_number(c);
		return true;
	}
	if (!c->request)
		request_number(c);
	MPI_Test(c->request, &came, MPI_STATUS_IGNORE);
	if (!came)
		return false;
	free(c->request);
	c->request = NULL;
	*number = c->answer;
	return true;
}

/* Because of the barrier, a request to the next counter can't be mistaken for a request to this
 * one. */
void task_counter_end(struct task_counter *c)
{
	MPI_Request request;

	while (!c->peers->me && c->finished + 1 < c->peers->n) {
		task_counter_serve(c);
		peers_heartbeat(c->peers);
		peers_nap();
	}
	MPI_Ibarrier(MPI_COMM_WORLD, &request);
	peers_wait(c->peers, &request);
}
