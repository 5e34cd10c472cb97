/* options.h -- what the command line says. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "chunker.h"
#include "progress/meter.h"
#include "query/query.h"
#include "report/report.h"
#include "workers.h"

struct options {
	struct strlist files;   /* FILEs */
	struct strlist folders; /* of -R */
	struct query_spec query;
	struct chunker_spec chunker;
	struct workers_spec workers;
	struct report_spec report;
	struct meter_spec meter;
	const char *unmatched; /* --unmatched FILE, NULL: not wanted */
	const char *save;      /* --save FILE, NULL: print */
	bool merge;            /* FILEs are snapshots */
	const char *watch;     /* --watch FILE, NULL: count */
	bool local;            /* --local: each rank of wf-mpi has inputs of its own */
	const char *resume;    /* --resume DIR, where ranks keep what they have counted; NULL */
	bool explain;
	bool never_map; /* --mmap=never */

	/* The parser's own. */
	struct grouping_spec *section; /* of the reports file that is being read */
	const char *reports_file;
	uint64_t given;       /* options of the command line, a bit each */
	size_t top;           /* -n, of the command line or before the sections of a reports file */
	struct strlist owned; /* strings to be freed */
};

/* Read the command line.  Dies with a message on what is wrong; --help and --version
 * print and exit 0. */
struct options options_parse(int argc, char **argv);

/* Let the command line's -n and --order go before those that a snapshot's query has.  Dies where
 * there are several rankings to be ordered. */
void options_settle(const struct options *, struct query_spec *);

void options_free(struct options *);

#endif
