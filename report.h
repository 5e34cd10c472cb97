/* report.h -- prints rankings: one small function for each format, chosen from a table.
 */
#ifndef REPORT_H
#define REPORT_H

#include "lib/die.h"
#include "paper.h"
#include "tally.h"
#include "top.h"

struct report_spec {
	const char *format; /* a name that report_has knows; NULL: table or plain */
	const char *set;    /* -r or --reports; NULL: one ranking */
	bool builtin;       /* it is one of wf's own */
	enum when color;
	bool quiet; /* -q: print nothing */
	bool stats; /* --stats */
	bool piped; /* stdout is no terminal: mpirun makes one of its own */
};

/* What there is to tell. */
struct report {
	const struct report_spec *spec;
	const struct query_spec *query;
	const struct question *questions;
	struct ranking *rankings; /* one a question; NULL: they are not printed */
	size_t n;
	const struct account *account;
	uint64_t keys;                       /* distinct ones, of all rankings */
	uint64_t spilled;                    /* bytes, to $TMPDIR */
	const struct words *files, *folders; /* as they were named; none: standard input */
};

bool report_has(const char *format);

/* The names that it knows, by number; NULL behind the last. */
const char *report_format(size_t i);

/* True if it tells what became of every line, so that none may be left out. */
bool report_accounts(const struct report_spec *);

/* The contest has rules of its own. */
bool report_is_widefinder(const struct report_spec *);

/* Print to stdout and flush.  False on a write error, errno set. */
bool report_print(const struct report *);

/* The account and the rate, to stderr. */
void report_stats(const struct report *, unsigned workers, double seconds);

/* The account of what is in snapshots. */
void report_merged(const struct report *, size_t snapshots, double seconds);

#endif
