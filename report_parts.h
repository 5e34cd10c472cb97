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

/* True if any of the rankings is one of sums. */
bool report_sums(const struct report *);

/* An entry's key as values, one a column; bytes that are not in it go to the arena.  What
 * memory is out for is empty. */
void report_values(
	const struct question *, const struct row *, struct arena *, struct span *values);

/* What a row is ranked by, as a length to be drawn: its count, or its sum. */
double report_weight(const struct ranking *, const struct row *);

/* That of all keys together, and the largest of a row, at least 0. */
double report_whole(const struct ranking *);
double report_largest(const struct ranking *);

/* From 0 on; 0 of nothing. */
double report_share(double part, double whole);

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
void report_html(const struct paper *, const struct report *);

/* A chart over time, as a part of an HTML page: for a ranking of times that shows each of them
 * between its first and its last. */
bool report_has_chart(const struct question *, const struct ranking *);
void report_chart(const struct paper *, const struct question *, const struct ranking *);

#endif
