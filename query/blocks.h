/* blocks.h -- finds the keys in a block of lines.
 *
 *	block -> lines -> judge.h -> grouping.h -> batch
 *
 * Blocks, not lines, because that is where the time is saved: line ends are found for the whole
 * block by vector instructions, and lines whose verdict is known without a look are skipped.
 */
#ifndef QUERY_BLOCKS_H
#define QUERY_BLOCKS_H

#include "query/batch.h"
#include "query/query.h"

/* Fill the batch anew with what the query finds in a block of whole lines; only the last may lack
 * its '\n'.  A block of more than BLOCK_BYTES must be one line.  format is that of the lines, NULL
 * if the query needs none.  Keys point into the block or into the batch: use them before either
 * changes.  False with errno ENOMEM, or EOVERFLOW for a number to sum up of more than 64 bits.
 * Never prints, never exits. */
bool blocks_find_keys(struct query *, struct logformat *format, struct span block, struct batch *);

#endif
