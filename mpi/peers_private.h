/* peers_private.h -- what the files that implement peers.h share. */
#ifndef MPI_PEERS_PRIVATE_H
#define MPI_PEERS_PRIVATE_H

#include <mpi.h>

#include "mpi/peers.h"

enum peers_tag {
	PEERS_TAG_REQUEST = 1, /* of a number; empty */
	PEERS_TAG_NUMBER,
	PEERS_TAG_SIZE,
	PEERS_TAG_BYTES,
	PEERS_TAG_HEARTBEAT, /* empty */
};

/* Wait until the request is complete; the heartbeat goes on. */
void peers_wait(const struct peers *, MPI_Request *);

/* Sleep for a moment. */
void peers_nap(void);

/* The largest number of all peers. */
uint64_t peers_max(const struct peers *, uint64_t);

/* Say that memory is out, and end all processes. */
_Noreturn void peers_out_of_memory(void);

/* NULL if memory is out. */
struct heartbeat *peers_heartbeat_new(unsigned n);

#endif
