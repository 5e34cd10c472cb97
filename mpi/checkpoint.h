/* checkpoint.h -- a folder in which ranks keep what they have counted until all is put together, so
 * that a second start need not count it again: --resume DIR.
 *
 *	plan		what is counted, as the first start saw it: see ranks.c
 *	NAME.done	the leases that a rank has counted: a u64 each
 *	NAME.wfs	what it has counted there, a snapshot; written last
 *
 * Each file is whole or not there; behind the plan, and behind leases, stands its XXH3-64, a u64.
 * A rank that has not come to its end has kept nothing.
 */
#ifndef MPI_CHECKPOINT_H
#define MPI_CHECKPOINT_H

#include "save/snapshot.h"

/* Make the folder, if there is none.  Dies where that fails. */
void checkpoint_begin(const char *dir);

/* Read the plan, or else write this one.  Dies where neither can be done. */
void checkpoint_plan(const char *dir, struct pack *plan);

struct checkpoint {
	struct strlist names; /* of snapshots: its own copies */
	uint64_t *leases;     /* that are in them */
	size_t n;
};

/* What is there already.  Dies on an error. */
struct checkpoint checkpoint_list(const char *dir);

/* One more, which is copied.  Dies where memory is out. */
void checkpoint_add_name(struct checkpoint *, const char *name, size_t len);
void checkpoint_free(struct checkpoint *);

/* Keep what was counted of these leases.  False on error (errno). */
bool checkpoint_save(const char *dir, const char *name, struct saved *, const struct counts *,
	const uint64_t *leases, size_t n);

/* All is done: remove a snapshot, and what belongs to it. */
void checkpoint_remove(const char *dir, const char *name);

/* And the plan, with what is of no use. */
void checkpoint_clear(const char *dir);

/* The snapshot's place; yours to free. */
char *checkpoint_path(const char *dir, const char *name);

#endif
