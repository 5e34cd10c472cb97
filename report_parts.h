/* report_parts.h -- what the formats of a report share.
 */
#ifndef REPORT_PARTS_H
#define REPORT_PARTS_H

#include "lib/arena.h"
#include "report.h"

/* How many columns a question's key has. */
size_t report_columns(const struct question *);

/* The name of one of them: a field's, or "key". */
const char *report_column_name(const struct question *, size_t column);

/* How a ranking is called. */
const char *report_name(const struct question *);

/* An entry's key as values, one a column; bytes that are not in it go to the arena.  What
 * memory is out for is empty. */
void report_values(
	const struct question *, const struct row *, struct arena *, struct span *values);

/* What an overview begins with. */
struct total {
	const char *name;
	char value[48]; /* "" if there is none */
	bool number;
};

enum { TOTALS = 5 };

void report_totals(const struct report *, struct total totals[TOTALS]);

/* The formats that have files of their own. */
void report_table(const struct paper *, const struct report *);
void report_widefinder(const struct paper *, const struct report *);
void report_json(const struct paper *, const struct report *);

#endif
