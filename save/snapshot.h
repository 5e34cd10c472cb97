/* snapshot.h -- save all that a run has counted to a file, and read several such files as one.
 *
 *	write	counts --> serialize_run --> blocks, by hash --> file
 *	read	files --> run_merge --> source --> counts of all files together
 *
 * The same functions carry the counts from one MPI rank to another.  snapshot_format.h describes
 *the format.
 *
 * Several files are read side by side, with one block of each in memory.  Several processes can
 * read regular files at a time, each its ranges of hashes; a pipe can be read only once.
 */
#ifndef SAVE_SNAPSHOT_H
#define SAVE_SNAPSHOT_H

#include "lib/complaint.h"
#include "query/query.h"
#include "save/provenance.h"
#include "save/serialize.h"

/* --- Writing ---------------------------------------------------------------------- */

/* What is saved with the keys. */
struct saved {
	const struct query_spec *query;
	const struct account *account;
	const struct pack *origins; /* as provenance_pack() writes them */
	struct arg sum;             /* named if a sum overflows; .value NULL: there are no sums */
	uint64_t keys;              /* set by all functions below: how many were written */
};

/* Write a snapshot to a descriptor; name stands for it in complaints. */
bool snapshot_write(
	int fd, const char *name, struct saved *, const struct counts *, struct complaint *);

/* Write n snapshots, of which the i-th has the i-th part of the ranges, and all else. */
bool snapshot_write_parts(const int *fds, unsigned n, const char *name, struct saved *,
	const struct counts *, struct complaint *);

/* Write a snapshot to a file, "-" being standard output.  The file is replaced atomically once the
 * snapshot is complete; on error nothing is left. */
bool snapshot_save(const char *name, struct saved *, const struct counts *, struct complaint *);

/* --- Reading ---------------------------------------------------------------------- */

struct snapshot;

/* Snapshots of one query, and what they count together.
 *
 * Order of calls: snapshots_open, or snapshots_new and snapshots_add...; then .source is walked;
 * snapshots_free. */
struct snapshots {
	struct snapshot *at;
	size_t n;
	struct query_spec query;   /* the first one's, to be printed as that one would be; without
				    * what options_settle() adds */
	struct account account;    /* the total of all */
	struct provenance origins; /* of all; .owner is the number of a snapshot */
	struct source source;      /* of the keys */

	struct snapshot *failed; /* the snapshot that could not be read by source.walk */
};

/* Room for this many snapshots.  NULL if memory is out. */
struct snapshots *snapshots_new(size_t most);

/* Add a snapshot that is read from a descriptor, which becomes theirs unless it is standard input;
 * name must outlive them.  False if it is not a snapshot, or one of another query; then they can
 * only be freed. */
bool snapshots_add(struct snapshots *, int fd, const char *name, struct complaint *);

/* Open these files; "-", and no files at all, mean standard input.  Warns of inputs that are in
 * several snapshots. */
struct snapshots *snapshots_open(
	const struct strlist *files, const struct warner *, struct complaint *);

void snapshots_free(struct snapshots *);

#endif
