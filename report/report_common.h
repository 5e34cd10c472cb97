/* report_common.h -- the data of a report, and what the output formats share.  Each format has its
 * own file, print_NAME.c.
 */
#ifndef REPORT_REPORT_COMMON_H
#define REPORT_REPORT_COMMON_H

#include "lib/arena.h"
#include "report/safe_output.h"
#include "query/account.h"
#include "query/grouping.h"
#include "rank/top.h"

struct report_spec {
	const char *format; /* one of report_formats[]; NULL: table on a terminal, else plain */
	enum choice color;
	bool quiet; /* -q: print nothing */
	bool stats; /* --stats */
	bool piped; /* stdout may look like a terminal, but is not: set under mpirun */
};

/* What a report prints: the rankings, and what was counted for them. */
struct report {
	const struct report_spec *spec;
	const struct query_spec *query;
	const struct grouping *groupings;
	struct ranking *rankings; /* .n, one for each grouping; NULL: only the account is printed */
	size_t n;
	const struct account *account;
	uint64_t keys;                         /* distinct keys, in all rankings together */
	uint64_t spilled;                      /* bytes written to $TMPDIR */
	const struct strlist *files, *folders; /* as named; both empty: standard input */
};

/* The number of columns of a grouping's key. */
size_t report_columns(const struct grouping *);

/* The name of a column of the key: its field's name; "key" if the key is not made of fields. */
const char *report_column_name(const struct grouping *, size_t column);

/* The name of a ranking: that of its section in a reports file, else what it counts. */
const char *report_name(const struct grouping *);

/* True if at least one of the rankings has sums. */
bool report_sums(const struct report *);

/* Split the key of a row into values, one for each column.  A value that does not stand in the key
 * as it is goes to the arena; if out of memory, it is empty. */
void report_values(
	const struct grouping *, const struct row *, struct arena *, struct span *values);

/* The weight of a row, by which it is ranked: its sum, or without sums its count. */
double report_weight(const struct ranking *, const struct row *);

/* The weight of all keys together, and the largest weight of a row (at least 0). */
double report_whole(const struct ranking *);
double report_largest(const struct ranking *);

/* `part` / `whole`, or 0 if `whole` is not positive. */
double report_share(double part, double whole);

/* One of the totals that "totals = yes" prints before the rankings. */
struct total {
	const char *name;
	char value[48]; /* "": unknown */
	bool number;
};

enum { TOTALS = 5 };

void report_totals(const struct report *, struct total totals[TOTALS]);

/* Print the report in one of the formats. */
void print_plain(const struct output *, const struct report *);
void print_tsv(const struct output *, const struct report *);
void print_csv(const struct output *, const struct report *);
void print_table(const struct output *, const struct report *);
void print_widefinder(const struct output *, const struct report *);
enum { WIDEFINDER_RANKINGS = 5 }; /* print_widefinder() needs the rankings of -r wf2, in order */
void print_json(const struct output *, const struct report *);
void print_html(const struct output *, const struct report *);

/* Print a bar chart over time, as a part of an HTML page.  html_has_chart() is true if the ranking
 * can be drawn: its keys are times, and none is missing between the first and the last one. */
bool html_has_chart(const struct grouping *, const struct ranking *);
void html_chart(const struct output *, const struct grouping *, const struct ranking *);

#endif
