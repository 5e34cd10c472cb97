/* block_keys.h -- finds the keys in a block of lines.
 *
 *	block -> lines -> judge.h -> grouping.h -> block_result.h
 *
 * Handling a whole block is faster than handling one line at a time.  Vector instructions find all
 * line ends of the block, and lines whose verdict is known without looking at them are skipped.
 */
#ifndef QUERY_BLOCK_KEYS_H
#define QUERY_BLOCK_KEYS_H

#include "query/block_result.h"
#include "query/query.h"

/* Find the keys in a block of whole lines, and store them in the result, which is emptied first.
 * Only the last line may lack its '\n'.  A block of more than BLOCK_BYTES must be one line.
 * `format` is the log format of the lines, or NULL if the query needs none.  The keys point into
 * the block or into the result, so use them before either changes.  False if out of memory (errno).
 * Never prints, never exits. */
bool block_keys_find(
	struct query *, struct logformat *format, struct span block, struct block_result *);

#endif
