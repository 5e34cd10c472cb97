#include "mpi/broadcast_pack.h"

#include <stdlib.h>

#include "cli/message.h"

void broadcast_pack(const struct peers *p, struct pack *pack)
{
	uint64_t n = pack->n;

	peers_broadcast(p, &n, sizeof n);
	if (p->me) {
		pack_free(pack);
		*pack = (struct pack){.at = malloc((size_t)n + 1), .n = (size_t)n};
	}
	if (!pack->at || pack->failed)
		die("ranks: out of memory");
	peers_broadcast(p, pack->at, pack->n);
}
