/* report_common.h -- the data that a report prints, and functions that the output formats share.
 * Each format is in a file of its own, print_NAME.c.
 */
#ifndef REPORT_REPORT_COMMON_H
#define REPORT_REPORT_COMMON_H

#include "lib/human.h"
#include "report/safe_output.h"
#include "query/account.h"
#include "query/grouping.h"
#include "rank/over_time.h"

struct report_spec {
	const char *format; /* one of report_formats[]; NULL means table on a terminal, else
			     * plain */
	enum choice color;
	bool quiet; /* -q: print nothing */
	bool stats; /* --stats: print the account of lines, and the speed, to stderr */
	bool piped; /* true under mpirun: stdout may look like a terminal, but is not one */
};

/* Memory for the values of any one key of a report.  It is allocated before anything is printed, so
 * that printing cannot run out of memory halfway.  For report_common.c and print_*.c only. */
struct report_room {
	struct span *values; /* the columns of a key */
	size_t *widths;      /* the widths of the columns, for print_table.c and print_over.c; */
	size_t *numbers;     /* and of the numbers in the columns of a table over time */
	char *split, *other; /* each has room for the longest key, and for the longest name of a
			      * column */
	char *over;          /* has room for such a key and a time */
};

/* A table over time. */
struct report_over {
	struct over_time table;
	unsigned group;     /* the number of its grouping */
	struct width width; /* of its rows; in the end it is not "auto" */
};

/* A side of a comparison (--diff). */
struct report_side {
	const char *name;
	const struct account *account;
	const struct ranking *totals; /* for each grouping, a ranking without rows: the side's .keys
				       * and .matched */
};

/* The data of a report: the rankings, and the numbers that belong to all rankings together. */
struct report {
	const struct report_spec *spec;
	const struct query_spec *query;
	const struct grouping *groupings;
	struct ranking *rankings; /* one for each of the .n groupings; NULL if only the account is
				   * printed */
	size_t n;
	const struct report_over *over; /* for each grouping with -t, its table over time; its
					 * ranking has the columns of the table.  NULL if no
					 * grouping has -t */
	const struct account *account;
	const struct report_side *sides; /* of a comparison: the old and the new one; .account has
					  * both.  NULL if this is no comparison */
	uint64_t keys;                   /* number of distinct keys in all rankings
					        * together */
	uint64_t spilled;                /* number of bytes written to $TMPDIR */
	uint64_t skipped;                /* number of bytes of the inputs outside their
					        * windows */
	const struct strlist *files, *folders; /* the inputs that the user named; both lists are
					        * empty for standard input */
	struct report_room room;
};

/* Return the number of columns of a grouping's key, without the time of -t. */
size_t report_columns(const struct grouping *);

/* Return the name of a column of the key: the name of its field, or "key" if the key does not
 * consist of fields.  It is "time" if the key is only the time of -t. */
const char *report_column_name(const struct grouping *, size_t column);

/* Return the name of a ranking: the name of its section in a reports file.  If there is no section,
 * the name is "match" if a pattern finds the key, else the list of fields. */
const char *report_name(const struct grouping *);

/* True if at least one of the rankings has statistics. */
bool report_has_statistics(const struct report *);

/* Return the value of the i-th statistic in a row; it may be NUMBER_NONE. */
struct sum report_value(const struct ranking *, const struct row *, size_t i);

/* Return how many statistics TSV, CSV and JSON have; `all` may be NULL. */
size_t report_statistics(const struct statistics *all);

/* Write this value, with all its digits: "" if it is none.  Returns `out`. */
const char *report_value_text(
	const struct ranking *, const struct row *, size_t i, char out[SUM_TEXT]);

/* Write this value for people: with separators, and a fraction only in numbers of less than three
 * digits.  "-" if it is none.  Returns `out`. */
const char *report_value_for_people(
	const struct ranking *, const struct row *, size_t i, char out[HUMAN_TEXT]);

/* Write the change of a comparison, if that is the i-th statistic: "×7.8" if the new value is 7.8 times the
 * old one, "+3,600s" if the new value is a time an hour after the old one, "new" or "gone" if only
 * one side has the key, "-" if there is no quotient.  If not `utf8`, "x" replaces the "×".  Returns
 * `out`. */
const char *report_change_text(
	const struct ranking *, const struct row *, size_t i, bool utf8, char out[HUMAN_TEXT]);

/* Write the heading of the i-th statistic: its function, and what it is of unless that is clear.
 * Returns `out`. */
enum { REPORT_HEADING = 80 };
const char *report_heading(const struct statistics *, size_t i, char out[REPORT_HEADING]);

/* Allocate .room for the report's rankings.  False if out of memory.  Call report_release() in any
 * case. */
bool report_reserve(struct report *);
void report_release(struct report *);

/* Split the key of a row into values, one for each column.  The values are valid until the next
 * call for the same report.  Call report_reserve() first. */
const struct span *report_values(
	const struct report *, const struct grouping *, const struct row *);

/* Join these values with this byte.  The text is valid until the next call for the same report. */
struct span report_joined(
	const struct report *, const struct grouping *, const struct row *, char between);

/* Return the weight of a row, by which it is ranked: its count, or the value of a statistic. */
double report_weight(const struct ranking *, const struct row *);

/* Return the sum of the weights of all keys, also of those that are in no row. */
double report_whole(const struct ranking *);

/* Return the largest weight of a row; 0 if no row has a weight above 0. */
double report_largest(const struct ranking *);

/* Return `part` / `whole`, or 0 if `whole` is not positive. */
double report_share(double part, double whole);

/* One of the totals that "totals = yes" prints before the rankings. */
struct total {
	const char *name;
	char value[48]; /* "" if it is unknown */
	bool number;
};

enum { TOTALS = 5 };

void report_totals(const struct report *, struct total totals[TOTALS]);

/* Print the report.  Each function prints one format. */
void print_plain(const struct output *, const struct report *);
void print_tsv(const struct output *, const struct report *);
void print_csv(const struct output *, const struct report *);
void print_table(const struct output *, const struct report *);
void print_widefinder(const struct output *, const struct report *);
enum { WIDEFINDER_RANKINGS = 5 }; /* print_widefinder() needs the rankings of -r wf2, in order */
void print_json(const struct output *, const struct report *);
void print_html(const struct output *, const struct report *);

/* Print a table over time for a terminal. */
void print_over_table(const struct output *, const struct report *, size_t which);

/* Print a ranking as a bar chart over time, which is a part of an HTML page.  html_has_chart() is
 * true if the ranking can be drawn: its key is a time, it has all rows between the first and the
 * last time, no row has a negative sum, and at least one count or sum is greater than 0. */
bool html_has_chart(const struct grouping *, const struct ranking *);
void html_chart(const struct output *, const struct grouping *, const struct ranking *);

/* Print the charts of a table over time.  html_over_has_chart() is true if there is at least one. */
bool html_over_has_chart(const struct report *, size_t which);
void html_over_charts(const struct output *, const struct report *, size_t which);

#endif
