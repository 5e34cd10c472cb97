/* tally.h -- the inner loop: every line of some bytes -> keys -> table.
 *
 * Bytes are taken in blocks of whole lines that stay in the first levels of cache:
 * the query answers a block with a batch of keys, the table adds the batch.  Knows
 * nothing of processes, never prints, never exits.
 */
#ifndef TALLY_H
#define TALLY_H

#include <stdint.h>

#include "lib/table.h"
#include "query.h"

/* What was counted, besides the table. */
struct account {
	uint64_t bytes;
	struct verdicts verdicts;
};

void account_add(struct account *, const struct account *);

struct tally {
	struct query *query;
	struct table *table;
	struct batch *batch;
	struct account account;
};

/* False where memory is out.  Owns neither the query nor the table. */
bool tally_open(struct tally *, struct query *, struct table *);

/* Count whole lines; only the last may lack its '\n'.  *gave_up_at becomes the start
 * of the first line over which a pattern gave up, unless it was set before; it points
 * into lines.  False where memory is out: the table holds part of the lines. */
bool tally_lines(struct tally *, struct span lines, const char **gave_up_at);

void tally_close(struct tally *);

#endif
