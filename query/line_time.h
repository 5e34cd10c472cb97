/* line_time.h -- finds the time of a single line. */
#ifndef QUERY_LINE_TIME_H
#define QUERY_LINE_TIME_H

#include "query/block_result.h"
#include "query/query.h"

enum line_time {
	LINE_TIME_FOUND,
	LINE_TIME_NONE,   /* the line does not fit the format, or has no time that can be read */
	LINE_TIME_COMMENT /* the line is blank, or a comment or a heading in the format */
};

/* Find the time of a line of a query with a period, in seconds since 1970.  The line may have a
 * '\r' at its end, but no '\n'.  The block result, which is used for the cut, must be of this
 * query. */
enum line_time line_time(
	struct logformat *, struct span line, struct block_result *, int64_t *seconds);

#endif
