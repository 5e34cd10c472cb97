/* block_result.h -- everything that a query has found in a block of lines: keys, verdicts, totals.
 *
 * The same block result is used for one block after another, so no memory is allocated for each
 * block.
 */
#ifndef QUERY_BLOCK_RESULT_H
#define QUERY_BLOCK_RESULT_H

#include <stdint.h>

#include "query/account.h"
#include "query/grouping.h"
#include "query/period.h"
#include "query/record.h"
#include "scan/scan.h"

/* The largest size of a block in bytes.  It is small enough for a block, and everything that is
 * computed from it, to stay in the first- and second-level caches.  A longer line is a block by
 * itself.  Fuzzers use small blocks, so that short inputs have several blocks, and need little
 * memory. */
#if defined(FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION)
enum { BLOCK_BYTES = 256 };
#else
enum { BLOCK_BYTES = 32 * 1024 };
#endif

/* A line that no filter dropped, but that is in no ranking. */
struct reject {
	struct span line;
	uint32_t number; /* number of the line in its block, counting from 0 */
};

/* For each reason to leave out a line, the first line in the block that was left out for this
 * reason; NULL if there is none. */
struct left_out {
	const char *gave_up;   /* a line on which a pattern gave up */
	const char *too_large; /* a line in which a number to sum up needs more than 64 bits */
	const char *unparsed;  /* a line that does not fit its format */
	/* The first line with a time that the query needs and that cannot be read, though the line
	 * may count; and that time.  block_keys.c sets these members of a block at its end. */
	const char *bad_time;
	char time[BAD_TIME_TEXT];
};

struct field_columns;

struct block_result {
	struct found_keys *found; /* the keys of each grouping, then the pairs of all groupings */
	size_t n_found;           /* the number of groups: see query_measures() */
	struct verdicts verdicts;
	struct totals totals;
	struct left_out left_out;
	uint64_t outside_bytes; /* how many bytes of the block belong to lines outside the period */
	struct reject *rejects; /* NULL unless query_spec.rejects is set */
	size_t n_rejects;

	struct record record; /* the last line that was judged */
	bool was_cut;         /* true if the last line passed the filters, and fits its format (if
			       * the query needs formats) */
	struct arena arena;   /* holds values and keys that differ from the bytes in the line */

	/* For query/ only. */
	struct logformat *format;
	char heading_byte;     /* the first byte of each heading in this format; 0 if it has no
			        * headings */
	const char *end;       /* the end of the block */
	struct period_memo period_memo;
	const char *last_time; /* the time that was last added to .totals; NULL if there is none */
	struct field_columns *columns; /* NULL unless the query is by columns */
	/* For struct marked.  block_result_new() does not clear these two arrays. */
	uint32_t marks[BLOCK_BYTES + 2 + SCAN_AHEAD];
	uint32_t first[BLOCK_BYTES + 2];
};

struct query;

/* Create a block result for a query.  The caller frees it with block_result_free().  NULL if out of
 * memory. */
struct block_result *block_result_new(const struct query *);
void block_result_free(struct block_result *);

/* Empty the result for a new block.  The format is the log format of its lines, or NULL if the
 * query does not need one. */
void block_result_begin(struct block_result *, struct logformat *);

/* Say when the log with the next blocks was last written, in seconds since 1970.  Times without a
 * year depend on it. */
void block_result_set_written(struct block_result *, int64_t written);

#endif
