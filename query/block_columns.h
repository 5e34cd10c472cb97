/* block_columns.h -- finds the keys in a block of lines field by field instead of line by line.
 *
 *	block -> a column for each field -> conditions -> numbers -> keys of each grouping
 *
 * A column has the values that one field has in all lines of the block.  A loop over one column
 * does the same few things again and again, so it is several times as fast as judging the lines one
 * after the other (judge.h).  Both ways find the same keys and give the same verdicts.
 *
 * Some lines are left over, and must be judged one by one.  These are lines on which a pattern
 * gives up, and lines whose numbers are too large.  If the format cuts all usual lines at once, the
 * unusual lines are left over, too.
 */
#ifndef QUERY_BLOCK_COLUMNS_H
#define QUERY_BLOCK_COLUMNS_H

#include "query/block_result.h"
#include "query/compiled.h"

/* Find the keys in at most COLUMN_LINES lines of a block, and count the verdicts.  Lines that must
 * be judged one by one are left out; their numbers are in .left of b->columns.  False if out of
 * memory (errno). */
bool block_columns_find(struct query *, struct block_result *b, const struct marked *);

#endif
