/* block_result.h -- what a query has found in a block of lines: keys, verdicts, totals.
 *
 * A block result is used again for each block, so that no block costs an allocation.
 */
#ifndef QUERY_BLOCK_RESULT_H
#define QUERY_BLOCK_RESULT_H

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

struct block_result {
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
struct block_result *block_result_new(const struct query *);
void block_result_free(struct block_result *);

/* Empty the result for a new block, whose lines are in this log format; NULL if the query needs no
 * format. */
void block_result_begin(struct block_result *, struct logformat *);

#endif
