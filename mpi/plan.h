/* plan.h -- makes the plan: which files the ranks count together, up to which sizes, and in which
 * pieces.
 *
 *	chunks	|0 1 2 3|4 5 6 7|8 9|	of all files, see chunker.h
 *	leases	|   0   |   1   | 2 |	.lease_size chunks each; a rank counts whole leases
 *
 * The first rank makes the plan and sends it to all others.  With --resume, the first run of the
 * command writes the plan to a file, and later runs use that plan.  So a lease has the same lines
 * in all runs, even if the files have grown.
 *
 * A packed plan is: the query's signature | .chunk_size | .lease_size | the number of inputs | for
 * each input its name, its size, its mark, 1 if it is compressed or else 0, the number of its
 * parts, and a hash of the places where its parts begin.  Numbers are u64; see store/pack.h.
 */
#ifndef MPI_PLAN_H
#define MPI_PLAN_H

#include "input/input.h"
#include "lib/complaint.h"
#include "query/spec.h"
#include "store/pack.h"

struct plan {
	size_t chunk_size; /* bytes */
	size_t lease_size; /* chunks */
};

/* Make a plan with about PLAN_LEASES leases for each of `ranks` ranks. */
enum { PLAN_LEASES = 16 };
struct plan plan_make(const struct inputs *, size_t chunk_size, unsigned ranks);

/* Append the plan for these inputs and this query to a pack.  If out of memory, sets .failed of the
 * pack. */
void plan_pack(
	struct pack *, const struct plan *, const struct inputs *, const struct query_spec *);

/* Read a plan, which may come from a damaged or forged file, and reduce the inputs to the sizes in
 * the plan.  False and a complaint if the plan is for another query or for other inputs, or is not
 * a plan.  The complaint names `owner` as the owner of the plan. */
bool plan_adopt(struct plan *, struct unpack *, struct inputs *, const struct query_spec *,
	const char *owner, struct complaint *);

/* Return the number of leases into which `chunks` chunks are divided. */
size_t plan_leases(const struct plan *, size_t chunks);

#endif
