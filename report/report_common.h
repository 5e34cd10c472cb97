/* report_common.h -- what there is to report, and what the formats share that print it.  Each has a
 * file of its own.
 */
#ifndef REPORT_REPORT_COMMON_H
#define REPORT_REPORT_COMMON_H

#include "lib/arena.h"
#include "report/output.h"
#include "query/account.h"
#include "query/grouping.h"
#include "rank/top.h"

struct report_spec {
	const char *format; /* a name that report_has knows; NULL: table or plain */
	enum choice color;
	bool quiet; /* -q: print nothing */
	bool stats; /* --stats */
	bool piped; /* stdout is no terminal: mpirun makes one of its own */
};

/* What there is to tell. */
struct report {
	const struct report_spec *spec;
	const struct query_spec *query;
	const struct grouping *groupings;
	struct ranking *rankings; /* one a question; NULL: they are not printed */
	size_t n;
	const struct account *account;
	uint64_t keys;                         /* distinct ones, of all rankings */
	uint64_t spilled;                      /* bytes, to $TMPDIR */
	const struct strlist *files, *folders; /* as they were named; none: standard input */
};

/* How many columns a question's key has. */
size_t report_columns(const struct grouping *);

/* The name of one of them: a field's, or "key". */
const char *report_column_name(const struct grouping *, size_t column);

/* How a ranking is called. */
const char *report_name(const struct grouping *);

/* True if any of the rankings is one of sums. */
bool report_sums(const struct report *);

/* An entry's key as values, one a column; bytes that are not in it go to the arena.  What
 * memory is out for is empty. */
void report_values(
	const struct grouping *, const struct row *, struct arena *, struct span *values);

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

/* The formats. */
void print_plain(const struct output *, const struct report *);
void print_tsv(const struct output *, const struct report *);
void print_csv(const struct output *, const struct report *);
void print_table(const struct output *, const struct report *);
void print_widefinder(const struct output *, const struct report *);
enum { WIDEFINDER_RANKINGS = 5 }; /* it needs those of the set wf2 */
void print_json(const struct output *, const struct report *);
void print_html(const struct output *, const struct report *);

/* A chart over time, as a part of an HTML page: for a ranking of times that shows each of them
 * between its first and its last. */
bool html_has_chart(const struct grouping *, const struct ranking *);
void html_chart(const struct output *, const struct grouping *, const struct ranking *);

#endif
