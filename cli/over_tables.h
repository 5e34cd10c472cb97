/* over_tables.h -- makes the tables over time (-t) from what was counted.
 *
 *	over_tables_new
 *	for each grouping with -t:
 *		over_table_begin	ranks the columns; the caller may still change their ranking
 *		over_table_fill		makes the rows
 *	over_tables_free
 */
#ifndef CLI_OVER_TABLES_H
#define CLI_OVER_TABLES_H

#include "report/report_common.h"

/* The most rows and columns of a table.  The rest is one more column. */
enum { OVER_ROWS_MAX = 1000000, OVER_COLUMNS_MAX = 1000 };

/* Make n empty tables.  NULL if out of memory. */
struct report_over *over_tables_new(size_t n);
void over_tables_free(struct report_over *, size_t n);

/* Rank the columns of a grouping's table.  `columns` is an empty ranking that must outlive the
 * table.  False on an error (errno). */
bool over_table_begin(struct report_over *, const struct counts *, const struct grouping *,
	unsigned group, struct ranking *columns);

/* Finish the columns, choose the width of -t auto, and fill the table.  The complaint must be {0}.
 * False on an error: if the complaint has no text, errno says which. */
bool over_table_fill(
	struct report_over *, const struct counts *, const struct grouping *, struct complaint *);

#endif
