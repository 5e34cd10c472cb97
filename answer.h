/* answer.h -- what is done with what was counted: it is ranked and printed, or saved.
 */
#ifndef ANSWER_H
#define ANSWER_H

#include "options.h"
#include "snapshot.h"

/* All that there is to tell. */
struct answer {
	const struct options *options; /* its query is the one that was asked */
	const struct query *query;
	struct counts *counts;
	const struct account *account;
	const struct inputs *inputs;       /* from which it was counted, or */
	const struct snapshots *snapshots; /* these; the other is NULL */
	struct ranking *rankings;          /* of all that was counted; NULL: of the counts */
	unsigned workers;                  /* that counted */
	double start;                      /* of the run, as clock_seconds tells */
};

/* Rank the counts: as many rankings as the query has questions, yours to free.  Dies on an
 * error. */
struct ranking *answer_rank(const struct answer *);

/* Die of an errno that what comes from a merge has. */
_Noreturn void answer_die(const struct answer *, const char *what, int why);

/* Print it, or save it, and say on stderr what else there is to say.  The exit status: 0, or 1
 * if nothing was counted.  Dies on an error. */
int answer_give(const struct answer *);

#endif
