/* spill.h -- what does not fit in memory: tables that are written to a file by ranges of hashes,
 * and read back one range at a time.
 *
 * Each spilled table is a run, as in external sorting (Knuth, TAOCP vol. 3, 5.4).  Its entries are
 * in the order of SPILL_RANGES equal ranges of hashes.  A key may be in many runs, but is always in
 * the same range.  So loading one range of all runs yields the whole counts of its keys, and needs
 * memory only for that range.
 *
 *	file	[ run | run | ... ]
 *	run	[ where each range begins and the last ends: SPILL_RANGES + 1 offsets from
 *		  the run's start | entries as in table.h ]
 *
 * The file has no name and is in $TMPDIR.  One process writes it.  When that process is done,
 * others can read the file if they share its descriptor since a fork.
 */
#ifndef STORE_SPILL_H
#define STORE_SPILL_H

#include "store/table.h"

enum { SPILL_RANGES = 1024 };

struct spill;

/* If `between_processes` is true, the file is opened now, so that processes forked later share it.
 * NULL if out of memory.  If the file cannot be opened, spill_write() will fail, not this function,
 * since the file may never be needed. */
struct spill *spill_new(bool between_processes);

/* Forget all that was written, even by a process that was killed while writing.  False on error
 * (errno). */
bool spill_reset(struct spill *);

/* Append a run with all entries of the table.  False on error (errno). */
bool spill_write(struct spill *, const struct table *);

/* True if spill_write() has failed with an error of the file in $TMPDIR. */
bool spill_has_failed(const struct spill *);

/* Make visible here what another process has written, after it is done.  False on error (errno). */
bool spill_follow(struct spill *);

/* Bytes in the file; 0 if nothing was spilled. */
uint64_t spill_bytes(const struct spill *);

/* Bytes of one range's entries in all runs, 0 <= range < SPILL_RANGES. */
uint64_t spill_range_bytes(const struct spill *, unsigned range);

/* Add to a table the entries of one range whose hashes are also in `wanted`.  False on error
 * (errno). */
bool spill_load(const struct spill *, unsigned range, struct range wanted, struct table *);

void spill_free(struct spill *);

#endif
