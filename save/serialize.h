/* serialize.h -- turns counts into bytes, for a file or another process, and back.
 *
 *	tables --> walk --> sort --> run of blocks, by ranges of hashes --> file, pipe, network
 *	many runs --> merge --> source --> rankings
 *
 * The bytes of a table depend on a random seed; those of a run (store/sorted_run.h) are the same on
 * all machines, and any range of a run can be sent without the others.  An account is a few
 * numbers; accounts can be added up.
 */
#ifndef SAVE_SERIALIZE_H
#define SAVE_SERIALIZE_H

#include "store/pack.h"
#include "rank/counts.h"
#include "store/sorted_run.h"
#include "query/account.h"

/* Hand over all counted keys to the sink, as the blocks of a run.  Uses the memory that the tables
 * leave free, and if that is not enough, temporary files in $TMPDIR.  False (errno) if the sink's
 * put() has returned false, or for the reasons of ranker_rank().  *in_temp becomes true if a
 * temporary file has failed. */
bool serialize_run(const struct counts *, struct block_sink, bool *in_temp);

/* Pack a sum, and unpack it again. */
void serialize_sum(struct pack *, struct sum);
struct sum serialize_read_sum(struct unpack *);

/* Pack an account.  All accounts have the same number of bytes. */
void serialize_account(struct pack *, const struct account *);

/* Unpack an account.  False if the bytes are not an account: also if the verdicts have more lines
 * than there are. */
bool serialize_read_account(struct unpack *, struct account *);

/* Add the second account to the first one.  serialize_read_account() must have accepted both.
 * False (EOVERFLOW) if a sum is too large. */
bool serialize_add_account(struct account *, const struct account *);

#endif
