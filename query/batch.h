/* batch.h -- what a query has found in a block of lines: keys, verdicts, totals.
 *
 * A batch is used again for each block, so that no block costs an allocation.
 */
#ifndef QUERY_BATCH_H
#define QUERY_BATCH_H

#include <stdint.h>

#include "query/account.h"
#include "query/grouping.h"
#include "query/record.h"
#include "scan/scan.h"

/* The most bytes of a block, so that what works on it stays in the first-level cache and its
 * neighbour.  A line that is longer is a block by itself. */
enum { BLOCK_BYTES = 16 * 1024 };

/* A line that is in no ranking, though no filter dropped it. */
struct reject {
	struct span line;
	uint32_t number; /* in the block, from 0 */
};

struct batch {
	struct found_keys *found; /* of each grouping */
	size_t n_found;           /* groupings */
	struct verdicts verdicts;
	struct totals totals;
	const char *gave_up_at; /* the first line on which a pattern gave up, or NULL */
	struct reject *rejects; /* NULL unless query_spec.rejects */
	size_t n_rejects;

	struct record record; /* of the last line */
	bool was_cut;         /* the last line passed the filters and fits its format */
	struct arena arena;   /* for values and keys that no line holds as they are */

	/* For query/ only. */
	struct logformat *format;
	char heading_byte;     /* the first byte of the format's headings; 0: it has none */
	const char *last_time; /* the timestamp that went into the totals last */
	uint32_t newlines[BLOCK_BYTES + 2 + SCAN_AHEAD];
	uint32_t quotes[BLOCK_BYTES + 2 + SCAN_AHEAD];
	uint32_t first_quotes[BLOCK_BYTES + 2]; /* of each line: the index of its first quote */
};

struct query;

/* NULL where memory is out. */
struct batch *batch_new(const struct query *);
void batch_free(struct batch *);

/* Empty the batch, for a block whose lines have that format; NULL: the query needs none. */
void batch_begin(struct batch *, struct logformat *);

#endif
