/* query.h -- what the user asked, compiled into something that lines can be asked.
 *
 *	line -> filters -> format -> conditions -> each question's key
 *
 * Each line has one verdict: see account.h.
 *
 * Lines are asked in blocks: the query may skip over lines whose verdict is known
 * without looking at them, because they lack a literal.
 */
#ifndef QUERY_QUERY_H
#define QUERY_QUERY_H

#include <stdint.h>

#include "scan/scan.h"
#include "lib/arg.h"
#include "lib/span.h"
#include "query/account.h"
#include "query/grouping.h"
#include "query/spec.h"

struct query;

/* Blocks of up to this many bytes keep the working set within the first-level cache
 * and its neighbour; a longer one must be a single line. */
enum { QUERY_BLOCK = 16 * 1024 };

/* A line that no question counted. */
struct reject {
	struct span line;
	uint32_t number; /* in the block, from 0 */
};

/* The answers to one block. */
struct batch {
	struct found_keys *answers; /* one a question */
	struct verdicts verdicts;
	struct totals totals;
	const char *gave_up_at; /* the first line given up, or NULL */
	struct reject *rejects; /* NULL unless asked for */
	size_t n_rejects;
	bool was_cut; /* the last line has come past the filters, and fits its format */

	struct arena arena;   /* values that are in no line as they are */
	struct record record; /* of the last line that was cut */

	/* The query's own. */
	size_t n_found;
	struct logformat *format;
	const char *last_time; /* that went into the totals */
	char heading_byte;     /* what its headings begin with; 0 if it has none */
	uint32_t newlines[QUERY_BLOCK + 2 + SCAN_AHEAD];
	uint32_t quotes[QUERY_BLOCK + 2 + SCAN_AHEAD];
	uint32_t first_quotes[QUERY_BLOCK + 2]; /* of the lines, in quotes */
};

/* Compile a query.  The spec must outlive it.  NULL and a complaint on error. */
struct query *query_compile(const struct query_spec *, const struct scan *, struct complaint *);

struct batch *batch_new(const struct query *); /* NULL where memory is out */
void batch_free(struct batch *);

/* All fields that it asks for. */
const struct fields *query_fields(const struct query *);

/* True if lines must be cut by their format. */
bool query_needs_format(const struct query *);

/* False if verdicts.lines are only those that were looked at: see query_spec.hits. */
bool query_counts_lines(const struct query *);

/* True if anything is to be summed up. */
bool query_sums(const struct query *);

/* What is summed up first, for messages; .text NULL for nothing. */
struct arg query_sum(const struct query *);

const struct grouping *query_groupings(const struct query *, size_t *n);

/* Ask a block of whole lines (the last may lack its '\n') and fill the batch anew.  format
 * is theirs, NULL if none is needed.  Keys point into the block or into the batch: use them
 * before either changes.  False with errno where memory is out, or for a number to be
 * summed up that is too large (EOVERFLOW).  Never prints, never exits. */
bool query_ask(struct query *, struct logformat *format, struct span block, struct batch *);

void query_free(struct query *);

#endif
