/* tally.h -- the inner loop: lines -> blocks -> keys -> table.
 *
 * The lines are processed in blocks, which stay in the first levels of the cache: the query finds
 * the keys of a block, and the table adds them as a batch.  The tally knows nothing of processes,
 * never prints and never exits.
 */
#ifndef COUNT_TALLY_H
#define COUNT_TALLY_H

#include <stdint.h>

#include "store/spill.h"
#include "store/table.h"
#include "query/account.h"
#include "query/blocks.h"

struct tally {
	struct query *query;
	struct table *table;
	struct block_result *result;
	struct account account; /* of all lines so far */
	struct spill *spill;    /* takes the table's keys when it is full; NULL: the table has no
				 * limit */

	/* Receives a block's lines that are in no ranking: lines is the number of lines before the
	 * block.  False with errno ends the tally.  NULL: nobody wants them. */
	bool (*reject)(void *ctx, uint64_t lines, const struct reject *, size_t n);
	void *reject_ctx;
};

/* False if out of memory.  The query and the table stay the caller's. */
bool tally_open(struct tally *, struct query *, struct table *);
void tally_close(struct tally *);

/* Count whole lines; only the last may lack its '\n'.  The format is that of the lines, NULL if the
 * query needs none.  If a pattern gives up on a line and *gave_up_at is NULL, it becomes the start
 * of that line.  False with errno (see blocks_find_keys and table_add): the table holds some of the
 * lines. */
bool tally_lines(struct tally *, struct logformat *, struct span lines, const char **gave_up_at);

#endif
