/* checkpoint.h -- manages the directory of --resume DIR, in which ranks save what they have
 * counted, so that a later run of the command need not count it again.
 *
 *	plan		the plan of the first run: see plan.h
 *	NAME.done	the leases that a rank has counted, each as a u64.  With --local, one u64
 *			that identifies the files
 *	NAME.wfs	the counts of these leases: a snapshot, which is written after NAME.done
 *
 * Each file appears atomically, when it is complete.  The last eight bytes of the plan and of
 * NAME.done are the XXH3-64 of all bytes before them, as a u64.  A NAME.done without NAME.wfs is
 * ignored: its rank died before the snapshot was complete.
 *
 * A function that fails prints why and exits, unless its comment says otherwise.
 */
#ifndef MPI_CHECKPOINT_H
#define MPI_CHECKPOINT_H

#include "save/snapshot.h"

/* The contents of the directory. */
struct checkpoint {
	struct strlist names; /* the names of all snapshots, without ".wfs"; owned */
	uint64_t *leases;     /* all leases that these snapshots contain */
	size_t n;             /* the number of leases */
};

/* Make the directory, if it does not exist. */
void checkpoint_make_directory(const char *dir);

/* If the directory has a plan, read it into `plan`.  Otherwise write `plan` to the directory.
 * Makes the directory if it does not exist. */
void checkpoint_plan(const char *dir, struct pack *plan);

/* List the snapshots in the directory, and the leases that they contain. */
struct checkpoint checkpoint_list(const char *dir);

/* Pack a checkpoint, to send it to another rank; and unpack it there. */
void checkpoint_pack(struct pack *, const struct checkpoint *);
struct checkpoint checkpoint_unpack(struct unpack *);

void checkpoint_free(struct checkpoint *);

/* Save the counts of these `n` leases under this name.  False and a complaint on an error. */
bool checkpoint_save(const char *dir, const char *name, struct saved *, const struct counts *,
	const uint64_t *leases, size_t n, struct complaint *);

/* Remove NAME.wfs and NAME.done, if they exist. */
void checkpoint_remove(const char *dir, const char *name);

/* Remove the plan, and every NAME.done that has no snapshot.  The directory itself stays. */
void checkpoint_remove_plan(const char *dir);

/* Return the path of a snapshot.  The caller frees the path. */
char *checkpoint_path(const char *dir, const char *name);

#endif
