/* report_common.h -- the data of a report, and what the output formats share.  Each format has its
 * own file, print_NAME.c.
 */
#ifndef REPORT_REPORT_COMMON_H
#define REPORT_REPORT_COMMON_H

#include "lib/arena.h"
#include "report/output.h"
#include "query/account.h"
#include "query/grouping.h"
#include "rank/top.h"

struct report_spec {
	const char *format; /* one of report_formats; NULL: table or plain */
	enum choice color;
	bool quiet; /* -q: print nothing */
	bool stats; /* --stats */
	bool piped; /* do not take stdout for a terminal: mpirun gives its programs one */
};

/* The rankings and everything about them. */
struct report {
	const struct report_spec *spec;
	const struct query_spec *query;
	const struct grouping *groupings;
	struct ranking *rankings; /* one for each grouping; NULL: not printed */
	size_t n;
	const struct account *account;
	uint64_t keys;                         /* distinct keys of all rankings */
	uint64_t spilled;                      /* bytes written to $TMPDIR */
	const struct strlist *files, *folders; /* as they were named; none: standard input */
};

/* The number of columns of a grouping's key. */
size_t report_columns(const struct grouping *);

/* A column's name: that of its field, or "key". */
const char *report_column_name(const struct grouping *, size_t column);

/* The name of a ranking: its section's, else what it counts. */
const char *report_name(const struct grouping *);

/* True if any of the rankings has sums. */
bool report_sums(const struct report *);

/* An entry's key as values, one a column; bytes that are not in it go to the arena.  What
 * memory is out for is empty. */
void report_values(
	const struct grouping *, const struct row *, struct arena *, struct span *values);

/* The number that a row is ranked by: its sum, or its count. */
double report_weight(const struct ranking *, const struct row *);

/* The same for all keys together; and the largest of a row, at least 0. */
double report_whole(const struct ranking *);
double report_largest(const struct ranking *);

/* part / whole; 0 if whole is 0. */
double report_share(double part, double whole);

/* One of the totals that are printed before the rankings. */
struct total {
	const char *name;
	char value[48]; /* "": none */
	bool number;
};

enum { TOTALS = 5 };

void report_totals(const struct report *, struct total totals[TOTALS]);

/* The formats. */
void print_plain(const struct output *, const struct report *);
void print_tsv(const struct output *, const struct report *);
void print_csv(const struct output *, const struct report *);
void print_table(const struct output *, const struct report *);
void print_widefinder(const struct output *, const struct report *);
enum { WIDEFINDER_RANKINGS = 5 }; /* as many as -r wf2 has, in its order */
void print_json(const struct output *, const struct report *);
void print_html(const struct output *, const struct report *);

/* A bar chart over time, as a part of an HTML page.  Only for a ranking of times that has all rows
 * between its first and its last time. */
bool html_has_chart(const struct grouping *, const struct ranking *);
void html_chart(const struct output *, const struct grouping *, const struct ranking *);

#endif
