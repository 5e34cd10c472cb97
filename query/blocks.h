/* blocks.h -- finds the keys in a block of lines.
 *
 *	block -> lines -> judge.h -> grouping.h -> block_result.h
 *
 * Working on a block instead of on single lines saves time: vector instructions find the line ends
 * of the whole block, and lines whose verdict is known without looking at them are skipped.
 */
#ifndef QUERY_BLOCKS_H
#define QUERY_BLOCKS_H

#include "query/block_result.h"
#include "query/query.h"

/* Empty the result, and fill it with what the query finds in a block of whole lines.  Only the last
 * line may lack its '\n'.  A block of more than BLOCK_BYTES must be one line.  `format` is the log
 * format of the lines, NULL if the query needs none.  Keys point into the block or into the result:
 * use them before either changes.  False on failure, with errno ENOMEM, or EOVERFLOW if a number to
 * sum up needs more than 64 bits.  Never prints, never exits. */
bool blocks_find_keys(
	struct query *, struct logformat *format, struct span block, struct block_result *);

#endif
