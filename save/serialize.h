/* serialize.h -- what was counted, as bytes for a file or for another process, and back.
 *
 *	tables --> walk --> sort --> run of blocks, by ranges of hashes --> file, pipe, network
 *	many runs --> merge --> source --> rankings
 *
 * Tables have random seeds and stand in memory of their own; a run (lib/keyrun.h) is the same
 * everywhere, and any range of it can go its own way.  Accounts are a few numbers, and add up.
 */
#ifndef SAVE_SERIALIZE_H
#define SAVE_SERIALIZE_H

#include "store/pack.h"
#include "rank/counts.h"
#include "store/run.h"
#include "query/account.h"

/* Hand over all that was counted as the blocks of a run: put returns false (errno) to end it.
 * It takes as much memory as the tables leave, and more files in $TMPDIR where that is not
 * enough.  False (errno) as reduce_rank, too; *in_temp tells that it was about such a file. */
bool serialize_run(const struct counts *, struct block_sink, bool *in_temp);

/* A sum as bytes. */
void serialize_sum(struct pack *, struct sum);
struct sum serialize_read_sum(struct unpack *);

/* An account as bytes: always as many. */
void serialize_account(struct pack *, const struct account *);

/* False if that is none. */
bool serialize_read_account(struct unpack *, struct account *);

/* Add one to another.  False (EOVERFLOW) if the sum of bytes gets out of all bounds. */
bool serialize_add_account(struct account *, const struct account *);

#endif
