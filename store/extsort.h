/* extsort.h -- sort keys into the order of a run, with as little or as much memory as there is.
 *
 * Keys are collected in memory, each with its hash, and sorted by hash.  When the memory is full,
 * they are written as a run to a file in $TMPDIR; in the end all runs are merged (an external merge
 * sort; Knuth, TAOCP vol. 3, 5.4).  When there are so many runs that the memory cannot hold a block
 * of each, they are first merged into one run of the next level.  Each level has its own file, so
 * each key is written once per level.
 */
#ifndef STORE_EXTSORT_H
#define STORE_EXTSORT_H

#include "store/sorted_run.h"

struct extsort;

/* `memory` is how many bytes may be used; a single key may need more.  NULL if out of memory. */
struct extsort *extsort_new(bool sums, uint64_t memory);

/* Add a key; its bytes are copied.  False on error (errno). */
bool extsort_add(struct extsort *, const struct counted *);

/* Hand over all keys in a run's order, with their run_hash().  A key that was added several times
 * is handed over once.  False on error (errno). */
bool extsort_end(struct extsort *, struct sink);

/* True if an error was about a file in $TMPDIR. */
bool extsort_has_failed(const struct extsort *);

void extsort_free(struct extsort *);

#endif
