/* outcome.h -- what is done with what was counted: it is ranked and printed, or saved.
 */
#ifndef CLI_OUTCOME_H
#define CLI_OUTCOME_H

#include "cli/options.h"
#include "save/snapshot.h"

/* All that there is to tell. */
struct outcome {
	const struct options *options; /* its query is the one that was asked */
	const struct query *query;
	struct counts *counts;
	const struct account *account;
	const struct inputs *inputs;       /* from which it was counted */
	const struct snapshots *snapshots; /* from which it was counted instead, or NULL */
	struct ranking *rankings; /* of all that was counted, outcome_deliver frees them; NULL: of
				   * the counts */
	unsigned workers;         /* that counted */
	double start;             /* of the run, as clock_seconds tells */
};

/* As many rankings as the query has questions, without rows, yours to free.  NULL where memory is
 * out. */
struct ranking *outcome_rankings(const struct query *);

/* Rank the counts: as above.  NULL on an error, which has been said on stderr. */
struct ranking *outcome_rank(const struct outcome *);

/* Say on stderr what an errno means that a merge has left. */
void outcome_report_error(const struct outcome *, const char *what, int why);

/* Print it, or save it, and say on stderr what else there is to say.  The exit status: 0, or 1
 * if nothing was counted, 2 on an error. */
int outcome_deliver(const struct outcome *);

#endif
