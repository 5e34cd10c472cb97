/* outcome.h -- what becomes of the counts: they are ranked and printed, or saved.
 */
#ifndef CLI_OUTCOME_H
#define CLI_OUTCOME_H

#include "lib/strlist.h"
#include "query/query.h"
#include "report/report.h"
#include "save/snapshot.h"

/* The user's wishes. */
struct outcome_spec {
	const struct query_spec *query;
	const struct report_spec *report;
	const struct strlist *files, *folders; /* as they were named, for the report */
	const char *save;                      /* --save FILE; NULL: print */
	bool merge;                            /* the files are snapshots */
	unsigned jobs;                         /* processes that may rank */
};

struct outcome {
	struct outcome_spec spec;
	const struct query *query; /* compiled from the spec's */
	struct counts *counts;
	const struct account *account;
	const struct inputs *inputs;       /* where the counts are from, */
	const struct snapshots *snapshots; /* if not from here; or NULL */
	struct ranking *rankings; /* made already; outcome_deliver frees them.  NULL: rank the
				   * counts */
	unsigned workers;         /* how many counted */
	double start;             /* of the run, in seconds of clock_seconds() */
};

/* One ranking for each of the query's groupings, without rows; yours to free.  NULL where memory is
 * out. */
struct ranking *outcome_rankings(const struct query *);

/* Rank the counts into such rankings.  NULL on an error, which has been printed. */
struct ranking *outcome_rank(const struct outcome *);

/* Print what an errno means that ranking or saving the counts has left. */
void outcome_report_error(const struct outcome *, const char *what, int error);

/* Print or save the counts, and print hints and --stats on stderr.  Returns the exit status: 0; 1
 * if no line was counted; 2 on an error, which has been printed. */
int outcome_deliver(const struct outcome *);

#endif
