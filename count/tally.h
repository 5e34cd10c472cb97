/* tally.h -- counts lines.  This is the inner loop of a worker: lines -> blocks -> keys -> table.
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
#include "query/block_keys.h"

struct tally {
	struct query *query;
	struct table *table;
	struct block_result *result;
	struct account account; /* the account of all lines so far */
	struct spill *spill;    /* where the table's keys go when the table is full; NULL if the
				 * table has no limit */

	/* Called with the rejects of each block: see struct reject.  `lines` is the number of lines
	 * that were counted before the block.  If reject() returns false (errno), tally_lines()
	 * fails.  NULL if rejects are not wanted. */
	bool (*reject)(void *ctx, uint64_t lines, const struct reject *, size_t n);
	void *reject_ctx;

	/* Called after each block with a line that was given up, with the verdicts on all lines so
	 * far.  If gave_up() returns false (errno), tally_lines() fails.  NULL if this call is not
	 * wanted. */
	bool (*gave_up)(void *ctx, const struct verdicts *);
	void *gave_up_ctx;
};

/* Initialise a tally.  The query and the table still belong to the caller.  False if out of
 * memory. */
bool tally_open(struct tally *, struct query *, struct table *);
void tally_close(struct tally *);

/* Count whole lines; only the last line may lack its '\n'.  `format` is the log format of the
 * lines, NULL if the query needs none.  If a member of *left_out is NULL, it becomes the first line
 * that is left out for its reason, if there is one.  False on error (errno; see block_keys_find()
 * and table_add()): then only some of the lines were counted. */
bool tally_lines(struct tally *, struct logformat *, struct span lines, struct left_out *);

#endif
