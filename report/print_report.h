/* print_report.h -- prints a report in the format that the user has chosen.
 */
#ifndef REPORT_PRINT_REPORT_H
#define REPORT_PRINT_REPORT_H

#include "report/report_common.h"

/* The names of the formats, such as "json"; NULL ends the list. */
extern const char *const report_formats[];

/* True if the report contains the account of lines.  Then no line may be skipped. */
bool report_accounts(const struct report_spec *);

/* The names of the layouts that a set of rankings can have instead of the usual one; NULL ends the
 * list. */
extern const char *const report_layouts[];

/* True if the query asks for the layout of the Wide Finder 2 contest. */
bool report_is_widefinder(const struct query_spec *);

/* Print the report to stdout, and flush stdout.  False (errno) on a write error, or if out of
 * memory; if out of memory, nothing has been printed. */
bool report_print(const struct report *);

/* For --stats, print the account of lines, and the speed, to stderr.  False (errno) on an error. */
bool report_stats(const struct report *, unsigned workers, double seconds);

/* For --stats with --merge, print the account of the lines of all snapshots together to stderr.
 * False (errno) on an error. */
bool report_merged(const struct report *, size_t snapshots, double seconds);

#endif
