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
	unsigned workers;                  /* that counted */
	double start;                      /* of the run, as clock_seconds tells */
};

/* Print it, or save it, and say on stderr what else there is to say.  The exit status: 0, or 1
 * if nothing was counted.  Dies on an error. */
int answer_give(const struct answer *);

#endif
