/* checkpoint.h -- the directory of --resume DIR, in which ranks save what they have counted, so
 *that a later start need not count it again.
 *
 *	plan		what the first start wanted to count: see plan.h
 *	NAME.done	the leases that a rank has counted: a u64 each.  With --local it is one u64,
 *			which identifies the files
 *	NAME.wfs	the counts of these leases: a snapshot, which is written after NAME.done
 *
 * Each file appears atomically, when it is complete.  The last eight bytes of the plan and of
 * NAME.done are the XXH3-64 of all bytes before, as a u64.  A rank that dies before its snapshot is
 * complete leaves nothing that counts.
 *
 * Where a function can't do its work, it dies with a message, unless it says otherwise.
 */
#ifndef MPI_CHECKPOINT_H
#define MPI_CHECKPOINT_H

#include "save/snapshot.h"

/* What is in the directory. */
struct checkpoint {
	struct strlist names; /* of all snapshots, without ".wfs"; owned */
	uint64_t *leases;     /* that are in any of them */
	size_t n;             /* leases */
};

/* Make the directory, if it does not exist. */
void checkpoint_make_directory(const char *dir);

/* If there is a plan, read it in place of this one.  Else write this one, and make the directory.
 */
void checkpoint_plan(const char *dir, struct pack *plan);

struct checkpoint checkpoint_list(const char *dir);

/* Write it to bytes, to be sent to another rank; and read it again. */
void checkpoint_pack(struct pack *, const struct checkpoint *);
struct checkpoint checkpoint_unpack(struct unpack *);

void checkpoint_free(struct checkpoint *);

/* Save the counts of n leases under this name. */
bool checkpoint_save(const char *dir, const char *name, struct saved *, const struct counts *,
	const uint64_t *leases, size_t n, struct complaint *);

/* Remove a snapshot and its leases; a missing one is ignored. */
void checkpoint_remove(const char *dir, const char *name);

/* Remove the plan, and leases without a snapshot, whose rank did not get that far.  The directory
 * stays. */
void checkpoint_remove_plan(const char *dir);

/* The path of a snapshot; yours to free. */
char *checkpoint_path(const char *dir, const char *name);

#endif
