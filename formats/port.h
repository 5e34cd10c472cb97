/* port.h -- splits "HOST:PORT". */
#ifndef FORMATS_PORT_H
#define FORMATS_PORT_H

#include "lib/decimal.h"

/* Return the part before the last ':', if only digits follow it; an empty span if not, or if nothing
 * is before it. */
static inline struct span port_host(struct span s)
{
	const char *colon = span_last(s, ':');

	if (!colon || !decimal_is_digits(span_between(colon + 1, span_end(s))))
		return span_of(NULL, 0);
	return span_between(s.at, colon);
}

#endif
