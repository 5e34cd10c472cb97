/* spill.h -- writes tables that do not fit in memory to a file, ordered by ranges of hashes, and
 * reads them back one range at a time.
 *
 * Each table that is written becomes a run, as in external sorting (Knuth, TAOCP vol. 3, 5.4).
 * This is another kind of run than in sorted_run.h.  The entries of a run are in the order of
 * SPILL_RANGES equal ranges of hashes.  A key may be in many runs, but is always in the same range.
 * So if one range is loaded from all runs, the counts of its keys are complete, and memory is
 * needed only for that range.
 *
 *	file	[ run | run | ... ]
 *	run	[ SPILL_RANGES + 1 offsets from the start of the run: where each range
 *		  begins, and where the last one ends | entries ]
 *	entry	[ an entry as in table.h, without the words for its sets | for each of its
 *		  coded numbers: how many codes it has, and the words of these codes
 *		  (code_set.h) ]
 *
 * The file has no name and is in $TMPDIR.  One process writes it.  When that process is done, other
 * processes can read the file if they have inherited its descriptor by a fork.
 */
#ifndef STORE_SPILL_H
#define STORE_SPILL_H

#include "store/table.h"

enum { SPILL_RANGES = 1024 };

struct spill;

/* Make an empty spill.  If `between_processes` is true, the file is opened now, so that processes
 * that are forked later share it.  If the file cannot be opened, this function does not fail, since
 * the file may never be needed; spill_write() will fail instead.  NULL if out of memory. */
struct spill *spill_new(bool between_processes);

/* Discard everything that was written, even by a process that was killed while writing.  False on
 * error (errno). */
bool spill_reset(struct spill *);

/* Append a run with all entries of the table.  False on error (errno). */
bool spill_write(struct spill *, const struct table *);

/* True if the last spill_write() has failed because of the file in $TMPDIR. */
bool spill_has_failed(const struct spill *);

/* Find the runs that another process has written.  Call this when that process is done.  False on
 * error (errno); EIO if the file is damaged. */
bool spill_follow(struct spill *);

/* The number of bytes in the file; 0 if nothing was spilled. */
uint64_t spill_bytes(const struct spill *);

/* The number of bytes that the entries of one range have in all runs, 0 <= range < SPILL_RANGES. */
uint64_t spill_range_bytes(const struct spill *, unsigned range);

/* Read one range of all runs.  Add to the table the entries whose hashes are in `wanted`.  False on
 * error (errno). */
bool spill_load(const struct spill *, unsigned range, struct range wanted, struct table *);

void spill_free(struct spill *);

#endif
