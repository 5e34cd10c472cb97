/* peers_private.h -- what the files that implement peers.h share. */
#ifndef MPI_PEERS_PRIVATE_H
#define MPI_PEERS_PRIVATE_H

#include <mpi.h>

#include "mpi/peers.h"

enum peers_tag {
	PEERS_TAG_REQUEST = 1, /* asks for a number; empty */
	PEERS_TAG_NUMBER,
	PEERS_TAG_SIZE,
	PEERS_TAG_BYTES,
	PEERS_TAG_HEARTBEAT, /* empty */
};

/* Wait until a request is complete, and keep the heartbeat going. */
void peers_wait(const struct peers *, MPI_Request *);

/* Sleep for a moment. */
void peers_nap(void);

/* The largest of the numbers with which all peers call this. */
uint64_t peers_max(const struct peers *, uint64_t);

/* Print that this process is out of memory, and end all processes. */
_Noreturn void peers_out_of_memory(void);

/* The heartbeat of one of `n` peers, to be freed with free().  NULL if out of memory. */
struct heartbeat *peers_heartbeat_new(unsigned n);

#endif
