/* tally.h -- the inner loop: every line of some bytes -> keys -> table.
 *
 * Bytes are taken in blocks of whole lines that stay in the first levels of cache:
 * the query answers a block with batches of keys, the table adds them.  Knows nothing
 * of processes, never prints, never exits.
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
	struct batch *batch;
	struct account account;
	struct spill *spill; /* takes the table when it is full; NULL: it has no budget */

	/* What to do with the lines of a block that were not counted; lines is how many
	 * account.verdicts had before it.  NULL: nothing.  False (errno) ends the tally. */
	bool (*reject)(void *, uint64_t lines, const struct reject *, size_t n);
	void *reject_to;
};

/* False where memory is out.  Owns neither the query nor the table. */
bool tally_open(struct tally *, struct query *, struct table *);

/* Count whole lines of that format, which is NULL if the query needs none; only the last
 * may lack its '\n'.  *gave_up_at becomes the start of the first line over which a pattern
 * gave up, unless it was set before; it points into lines.  False on error (errno, see
 * blocks_find_keys and table_add): the table holds part of the lines. */
bool tally_lines(struct tally *, struct logformat *, struct span lines, const char **gave_up_at);

void tally_close(struct tally *);

#endif
