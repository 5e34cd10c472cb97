/* peers_private.h -- declarations for the files that implement peers.h. */
#ifndef MPI_PEERS_PRIVATE_H
#define MPI_PEERS_PRIVATE_H

#include <mpi.h>

#include "mpi/peers.h"

enum peers_tag {
	PEERS_TAG_REQUEST = 1, /* asks for a number; the message is empty */
	PEERS_TAG_NUMBER,
	PEERS_TAG_SIZE,
	PEERS_TAG_BYTES,
	PEERS_TAG_HEARTBEAT, /* the message is empty */
};

/* Wait until a request is complete, and keep the heartbeat going. */
void peers_wait(const struct peers *, MPI_Request *);

/* Sleep for a moment. */
void peers_nap(void);

/* Every peer calls this with a number.  Returns the largest of these numbers. */
uint64_t peers_max(const struct peers *, uint64_t);

/* Print that this process is out of memory, and end all processes. */
_Noreturn void peers_out_of_memory(void);

/* Make the heartbeat of one of `n` peers.  The caller frees it with free().  NULL if out of
 * memory. */
struct heartbeat *peers_heartbeat_new(unsigned n);

#endif
