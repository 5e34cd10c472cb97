/* extsort.h -- sorts keys into the order of a run (sorted_run.h), with files in $TMPDIR if the
 * memory is too small for all keys.
 *
 * Keys are collected in memory, each with its hash.  When the memory is full, they are sorted and
 * written as a run to a file in $TMPDIR.  In the end all runs are merged (an external merge sort;
 * Knuth, TAOCP vol. 3, 5.4).  When there are so many runs that the memory cannot hold a block of
 * each, these runs are first merged into one run of the next level.  Each level has a file of its
 * own, so each key is written at most once per level.
 */
#ifndef STORE_EXTSORT_H
#define STORE_EXTSORT_H

#include "store/sorted_run.h"

struct extsort;

/* Begin a sort.  `memory` is the largest number of bytes to use;
 * if it is less than 1 MB, it counts as 1 MB.  A single large key may need more.  NULL if out of
 * memory. */
struct extsort *extsort_new(const struct measures *, uint64_t memory);

/* Add a key with its count and its measures, which are copied.  False on error (errno). */
bool extsort_add(struct extsort *, const struct counted *);

/* Hand over all keys in the order of a run, with their run_hash().  A key that was added several
 * times is handed over once, with its totals.  False on error (errno). */
bool extsort_end(struct extsort *, struct sink);

/* True if the error of another function was caused by a file in $TMPDIR. */
bool extsort_has_failed(const struct extsort *);

void extsort_free(struct extsort *);

#endif
