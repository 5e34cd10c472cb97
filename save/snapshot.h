/* snapshot.h -- saves everything that was counted to a file, and reads several such files as one.
 *
 *	write	counts --> sorted_counts_write --> blocks, by hash --> file
 *	read	files --> run_merge --> source --> counts of all files together
 *
 * The same functions carry the counts from one MPI rank to another.  snapshot_format.h describes
 * the format.
 *
 * Several files are read side by side, with one block of each in memory.  Several processes can
 * read regular files at the same time, each process its own ranges of hashes.  A pipe can be read
 * only once, by one process.
 */
#ifndef SAVE_SNAPSHOT_H
#define SAVE_SNAPSHOT_H

#include "lib/complaint.h"
#include "query/query.h"
#include "save/provenance.h"
#include "save/account_pack.h"
#include "save/sorted_counts.h"

/* --- Writing ---------------------------------------------------------------------- */

/* What is saved besides the keys. */
struct saved {
	const struct query_spec *query;
	const struct account *account;
	const struct pack *origins; /* written by provenance_pack() or provenance_pack_inputs() */
	struct arg sum;             /* the option that asks for sums; the complaint names it if a
				     * sum overflows; .value is NULL if there are no sums */
	uint64_t keys;              /* set by the functions below: the number of keys written */
};

/* Write a snapshot to `fd`, which complaints call `name`.  False and a complaint on an error. */
bool snapshot_write(
	int fd, const char *name, struct saved *, const struct counts *, struct complaint *);

/* Write a snapshot to each of the n descriptors.  The ranges of hashes are divided into n parts.
 * Snapshot I has only the keys of part I, but the whole query, account and list of inputs.  False
 * and a complaint on an error. */
bool snapshot_write_parts(const int *fds, unsigned n, const char *name, struct saved *,
	const struct counts *, struct complaint *);

/* Write a snapshot to a file; "-" is standard output.  When the snapshot is complete, it
 * replaces the file atomically.  On an error, returns false with a complaint, and leaves the
 * file unchanged. */
bool snapshot_save(const char *name, struct saved *, const struct counts *, struct complaint *);

/* --- Reading ---------------------------------------------------------------------- */

struct snapshot;
struct tally;

/* Several snapshots of one query, and their total.
 *
 * Call snapshots_open(), or snapshots_new() and then snapshots_add() for each one; then walk
 * .source; then call snapshots_free(). */
struct snapshots {
	struct snapshot *at;
	size_t n;
	struct query_spec query;   /* the first snapshot's query, with its number of rows and its
				    * order, which the caller may change before printing */
	struct account account;    /* the sum of the accounts of all snapshots */
	struct provenance origins; /* the origins in all snapshots; .owner is an index into .at */
	struct source source;      /* hands over the keys of all snapshots together */

	/* The measures of the keys, that is query_measures() of .query.  The caller sets this before
	 * the first walk. */
	const struct measures *measures;

	/* True if the accounts are empty: then they do not limit the counts.  The caller may set
	 * this before the first walk. */
	bool without_accounts;

	struct snapshot *failed; /* the snapshot that .source could not read; or NULL */
	struct tally *tallies;   /* what the walks have read, in memory that processes share: .room
				  * tallies for each range at which a walk can begin */
	size_t tallies_size;     /* bytes */
	size_t room;             /* the greatest number of snapshots */
};

/* Make an empty list with room for `most` snapshots.  NULL if out of memory. */
struct snapshots *snapshots_new(size_t most);

/* Add the snapshot that is read from `fd`.  snapshots_free() closes `fd`, unless it is standard
 * input; `name` must outlive the snapshots.  False and a complaint if it is not a snapshot, or if
 * its query differs from that of the first one: then the snapshots can only be freed. */
bool snapshots_add(struct snapshots *, int fd, const char *name, struct complaint *);

/* Open the files as snapshots.  Both "-" and an empty list mean standard input.  Warns about inputs
 * that are in several snapshots.  NULL and a complaint on an error. */
struct snapshots *snapshots_open(
	const struct strlist *files, const struct warner *, struct complaint *);

/* True if two lists have snapshots of the same query; else false and a complaint. */
bool snapshots_agree(const struct snapshots *, const struct snapshots *, struct complaint *);

void snapshots_free(struct snapshots *);

/* True if this is the name of a regular file that begins as snapshots do; and true if it is that of a
 * regular file that does not. */
bool snapshot_is_at(const char *name);
bool snapshot_is_not_at(const char *name);

#endif
