/* report.h -- prints a ranking: one small function for each format, chosen from a
 * table.
 *
 * A key is an attacker's text.  On a terminal, in whatever format, no byte of it is
 * written that could move the cursor or turn the text around; into a pipe it is
 * written as it is, but for what the format itself escapes.
 */
#ifndef REPORT_H
#define REPORT_H

#include "lib/die.h"
#include "tally.h"
#include "top.h"

enum when { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER };

struct report_spec {
	const char *format; /* a name that report_has knows; NULL: table or plain */
	size_t top;         /* -n: rows, 0 for all */
	enum when color;
	bool quiet; /* -q: print nothing */
	bool stats; /* --stats */
};

/* What there is to tell. */
struct report {
	const struct query_spec *query;
	const struct account *account;
	uint64_t keys; /* distinct ones */
	struct ranking ranking;
};

bool report_has(const char *format);

/* Print to stdout and flush.  False on a write error, errno set. */
bool report_print(const struct report_spec *, const struct report *);

/* The account and the rate, to stderr. */
void report_stats(const struct report *, unsigned workers, double seconds);

#endif
