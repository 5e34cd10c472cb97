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

/* The largest size of a block in bytes.  It is so small that a block and what is computed from it
 * stay in the first- and second-level caches.  A longer line is a block by itself. */
enum { BLOCK_BYTES = 16 * 1024 };

/* A line that is in no ranking, though no filter dropped it. */
struct reject {
	struct span line;
	uint32_t number; /* the line's number in its block, from 0 */
};

struct batch {
	struct found_keys *found; /* the keys of each grouping */
	size_t n_found;           /* how many groupings there are */
	struct verdicts verdicts;
	struct totals totals;
	const char *gave_up_at; /* the first line on which a pattern gave up, or NULL */
	struct reject *rejects; /* NULL unless query_spec.rejects */
	size_t n_rejects;

	struct record record; /* the last line that was judged */
	bool was_cut;         /* the last line passed the filters, and fits its format */
	struct arena arena;   /* holds values and keys that differ from the bytes in the line */

	/* For query/ only. */
	struct logformat *format;
	char heading_byte;     /* the first byte of the format's headings; 0: it has none */
	const char *last_time; /* the timestamp that was last added to the totals */
	uint32_t newlines[BLOCK_BYTES + 2 + SCAN_AHEAD];
	uint32_t quotes[BLOCK_BYTES + 2 + SCAN_AHEAD];
	uint32_t first_quotes[BLOCK_BYTES + 2]; /* for each line, the index of its first quote */
};

struct query;

/* NULL if out of memory. */
struct batch *batch_new(const struct query *);
void batch_free(struct batch *);

/* Empty the batch for a new block, whose lines are in this log format; NULL if the query needs no
 * format. */
void batch_begin(struct batch *, struct logformat *);

#endif
