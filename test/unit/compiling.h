/* compiling.h -- compile a query that is right. */
#ifndef TEST_UNIT_COMPILING_H
#define TEST_UNIT_COMPILING_H

#include "unit.h"

#include "query/query.h"

static inline struct query *compile_query(const struct query_spec *spec, const struct scan *scan)
{
	struct complaint why;
	struct query *q = query_compile(spec, scan, &why);

	if (!q)
		fail_msg("%s", why.text);
	return q;
}

#endif
