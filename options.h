/* options.h -- what the command line says. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "chunker.h"
#include "query.h"
#include "report.h"
#include "workers.h"

struct options {
	struct words files;
	struct query_spec query;
	struct chunker_spec chunker;
	struct workers_spec workers;
	struct report_spec report;
};

/* Read the command line.  Dies with a message on what is wrong; --help and --version
 * print and exit 0. */
struct options options_parse(int argc, char **argv);

void options_free(struct options *);

#endif
