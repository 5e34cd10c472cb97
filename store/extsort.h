/* extsort.h -- brings keys into a run's order, in whatever memory there is.
 *
 * Keys are collected, with the hash of each beside, and sorted by hash.  What does not fit is
 * written to a file in $TMPDIR as a run; in the end all runs are merged (an external merge sort;
 * Knuth, TAOCP vol. 3, 5.4).  Where there are more runs than the memory has blocks, they are
 * merged into one of the next level first, which has a file of its own, so each key is written
 * once a level.
 */
#ifndef STORE_EXTSORT_H
#define STORE_EXTSORT_H

#include "store/run.h"

struct extsort;

/* memory: bytes, though a key that is larger is taken.  NULL where memory is out. */
struct extsort *extsort_new(bool sums, uint64_t memory);

/* The key's bytes are copied.  False on error (errno), as extsort_end. */
bool extsort_add(struct extsort *, const struct counted *);

/* Hand over all keys in a run's order, each once, though it was added several times, with its
 * run_hash(). */
bool extsort_end(struct extsort *, struct sink);

/* True if an error was about a file in $TMPDIR. */
bool extsort_has_failed(const struct extsort *);

void extsort_free(struct extsort *);

#endif
