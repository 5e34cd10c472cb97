/* spill.h -- what does not fit in memory: tables written to a file, by ranges of hashes,
 * and read back one range at a time.
 *
 * Each spilled table is a run, as in external sorting (Knuth, TAOCP vol. 3, 5.4): its
 * entries stand in the order of SPILL_RANGES equal ranges of their hashes.  A key may be in
 * many runs, but always in the same range; whoever adds up a range has all counts of its
 * keys, and needs memory for that range only.
 *
 *	file	[ run | run | ... ]
 *	run	[ where each range begins and the last ends: SPILL_RANGES + 1 offsets from
 *		  the run's start | entries as in table.h ]
 *
 * The file has no name and lies in $TMPDIR.  It is one process's to write; when that is
 * done, others that had it before a fork can read it.
 */
#ifndef STORE_SPILL_H
#define STORE_SPILL_H

#include "store/table.h"

enum { SPILL_RANGES = 1024 };

struct spill;

/* between_processes: others are to read it.  NULL where memory is out; a file that can't be
 * had is an error of spill_write, as it may never be needed. */
struct spill *spill_new(bool between_processes);

/* Forget what was written, if any, also by a process that was killed over it.  False on
 * error (errno), as all of these. */
bool spill_reset(struct spill *);

/* Append a run of all the table's entries. */
bool spill_write(struct spill *, const struct table *);

/* True if spill_write failed, and its error was about the file in $TMPDIR. */
bool spill_has_failed(const struct spill *);

/* See what another process has written, after it is done. */
bool spill_follow(struct spill *);

/* Bytes in the file; 0 if nothing was ever spilled. */
uint64_t spill_bytes(const struct spill *);

/* Bytes of one range's entries, 0 <= range < SPILL_RANGES. */
uint64_t spill_range_bytes(const struct spill *, unsigned range);

/* Add one range's entries to a table: those whose hashes are in wanted, too. */
bool spill_load(const struct spill *, unsigned range, struct range wanted, struct table *);

void spill_free(struct spill *);

#endif
