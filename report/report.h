/* report.h -- prints rankings: one small function for each format, chosen from a table.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "report/report_common.h"

/* The names of the formats; NULL ends the list. */
extern const char *const report_formats[];

/* True if the report accounts for every line, so that no line may be skipped. */
bool report_accounts(const struct report_spec *);

/* The names of the layouts that a set of rankings can ask for; NULL ends the list. */
extern const char *const report_layouts[];

/* True if the query asks for the layout of the Wide Finder 2 contest. */
bool report_is_widefinder(const struct query_spec *);

/* Print the report to stdout, and flush it.  False (errno) on a write error. */
bool report_print(const struct report *);

/* For --stats: print the account of lines, and the speed, on stderr. */
void report_stats(const struct report *, unsigned workers, double seconds);

/* For --stats with --merge: print the account of lines of all snapshots on stderr. */
void report_merged(const struct report *, size_t snapshots, double seconds);

#endif
