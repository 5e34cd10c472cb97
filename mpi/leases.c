#include "mpi/leases.h"

#include <stdlib.h>

#include "cli/message.h"

void leases_begin(struct leases *l, const struct peers *peers, const struct plan *plan, size_t n,
	const bool *done, size_t low)
{
	*l = (struct leases){.peers = peers, .plan = *plan, .low = low};
	l->open = calloc(n + 1, sizeof *l->open);
	l->mine = calloc(n + 1, sizeof *l->mine);
	if (!l->open || !l->mine)
		die("leases: out of memory");
	for (size_t i = 0; i < n; i++)
		if (!done || !done[i])
			l->open[l->n_open++] = i;
	task_counter_begin(&l->counter, peers, l->n_open);
}

static void grant(struct leases *l, struct chunker *chunker, uint64_t lease)
{
	size_t chunks = chunker_chunks(chunker), size = l->plan.lease_size;
	size_t from = (size_t)lease * size, rest = chunks - from;

	l->mine[l->n_mine++] = lease;
	chunker_grant(chunker, from, from + (size < rest ? size : rest));
}

void leases_feed(void *leases, struct chunker *chunker)
{
	struct leases *l = leases;
	uint64_t number;

	leases_serve(l);
	if (!l->open || l->all_gone || chunker_waiting(chunker) > l->low ||
		!task_counter_next(&l->counter, &number))
		return;
	if (number < l->n_open) {
		grant(l, chunker, l->open[number]);
		return;
	}
	l->all_gone = true;
	chunker_close(chunker);
}

void leases_serve(struct leases *l)
{
	peers_heartbeat(l->peers);
	if (l->open)
		task_counter_serve(&l->counter);
}

void leases_end(struct leases *l)
{
	if (l->open)
		task_counter_end(&l->counter);
}

void leases_free(struct leases *l)
{
	free(l->open);
	free(l->mine);
}
