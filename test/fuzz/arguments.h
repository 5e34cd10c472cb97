/* arguments.h -- give wf a command line, as the fuzz targets of options and reports files do.
 */
#ifndef TEST_FUZZ_ARGUMENTS_H
#define TEST_FUZZ_ARGUMENTS_H

#include "cli/arguments.h"
#include "query/query.h"
#include "test/fuzz/fuzz.h"

/* A mistake has a message of one line. */
static inline void fuzz_complaint(const struct complaint *c)
{
	assert(*c->text);
	assert(memchr(c->text, '\0', sizeof c->text));
	assert(memchr(c->source, '\0', sizeof c->source));
}

/* Read the arguments and compile the query that they ask for, or get a complaint. */
static inline void fuzz_arguments(int argc, char **argv)
{
	struct options o;
	struct complaint why = {{0}, {0}, 0};

	if (!arguments_parse(argc, argv, 0, &o, &why)) {
		fuzz_complaint(&why);
	} else {
		struct query *q = query_compile(&o.query, *scan_all(), &why);
		if (!q)
			fuzz_complaint(&why);
		query_free(q);
	}
	options_free(&o);
}

#endif
