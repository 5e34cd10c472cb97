/* broadcast_pack.h -- sends a pack (store/pack.h) of rank 0 to all ranks. */
#ifndef MPI_BROADCAST_PACK_H
#define MPI_BROADCAST_PACK_H

#include "mpi/peers.h"
#include "store/pack.h"

/* Every rank calls this.  It copies the bytes in rank 0's pack to the packs of all ranks.  Dies if
 * out of memory. */
void broadcast_pack(const struct peers *, struct pack *);

#endif
