/* print_or_save.h -- prints a report of what was counted, or saves the counts. */
#ifndef CLI_PRINT_OR_SAVE_H
#define CLI_PRINT_OR_SAVE_H

#include "lib/strlist.h"
#include "query/query.h"
#include "report/print_report.h"
#include "save/snapshot.h"

/* What the user asked for. */
struct output_spec {
	const struct query_spec *query;
	const struct report_spec *report;
	const struct strlist *files, *folders; /* as the user named them; shown in the report */
	const char *save;                      /* --save FILE; NULL if the counts are printed */
	bool merge;                            /* true if .files are snapshots */
	unsigned jobs;                         /* the greatest number of processes that rank */
};

struct outcome {
	struct output_spec spec;
	const struct query *query; /* compiled from .spec.query */
	struct counts *counts;
	const struct account *account;
	struct covered covered; /* the times that searched inputs begin and end with */
	const struct inputs *inputs;       /* the inputs that were counted; unused if .snapshots is
					    * set */
	const struct snapshots *snapshots; /* the snapshots from which the counts come; NULL if the
					    * counts come from inputs */
	const struct complaint
		*first_unparsed;  /* see warnings_first_unparsed(); NULL if not known */
	const char *present;      /* fields that lines have: see detect_present(); may be
					    * NULL */
	struct ranking *rankings; /* NULL if print_or_save() must rank the counts, as it must if the
				   * query has tables over time.  Otherwise the
				   * counts are already ranked: these are the rankings, which
				   * print_or_save() frees */
	unsigned workers;         /* how many processes have counted */
	double start;             /* when the run began, by clock_seconds() */
};

/* Make a ranking without rows for each of the query's groupings.  The caller frees them.  NULL if
 * out of memory. */
struct ranking *output_rankings(const struct query *);

/* Rank the counts.  Returns a ranking for each of the query's groupings; the caller frees them.
 * Those of tables over time are empty.  NULL on an error, which has been printed. */
struct ranking *rank_output(const struct outcome *);

/* Print why ranking or saving has failed.  `error` is the errno; the message begins with `what`. */
void report_output_error(const struct outcome *, const char *what, int error);

/* Print hints on stderr about results that are correct, but perhaps not what the user wanted.  The
 * report's .rankings may be NULL. */
void print_hints_of(const struct outcome *, const struct report *);

/* Print or save the counts, and print hints and --stats on stderr.  Returns the exit status: 0 if
 * any line was counted, 1 if none was, 2 on an error, which has been printed. */
int print_or_save(const struct outcome *);

#endif
