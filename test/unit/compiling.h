/* compiling.h -- compile a query, or a format, that is right. */
#ifndef TEST_UNIT_COMPILING_H
#define TEST_UNIT_COMPILING_H

#include "unit.h"

#include "formats/logformat.h"
#include "query/query.h"

static inline struct query *compile_query(const struct query_spec *spec, const struct scan *scan)
{
	struct complaint why;
	struct query *q = query_compile(spec, scan, &why);

	if (!q)
		fail_msg("%s", why.text);
	return q;
}

static inline struct logformat *compile_format(const char *text, const struct wanted *wanted)
{
	struct complaint why;
	struct logformat *f = logformat_compile(text, wanted, &why);

	if (!f)
		fail_msg("%s: %s", text, why.text);
	return f;
}

#endif
