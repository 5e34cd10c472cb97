/* convention.h -- checks the meaning of values in lines of the Common Log Format and its relatives.
 *
 * The Combined Log Format fits lines with any words before the time, and any texts in quotes at the
 * end.  But other log_formats have such lines, too: with the host in the place of ident, with two
 * numbers after the status, or with the referrer after the agent.  The forms of the values tell.
 */
#ifndef FORMATS_CONVENTION_H
#define FORMATS_CONVENTION_H

#include "lib/span.h"

enum convention {
	CONVENTION_KEPT,   /* or nothing is known to the contrary */
	CONVENTION_SHORT,  /* only the third text in quotes is not what nginx_main has there */
	CONVENTION_BROKEN, /* some values belong to other fields than the format says */
};

/* Check the first lines of a log, at most 100 of them.  `format` is the name of the format that they
 * fit.  Formats other than nginx_main, vhost_combined, combined and common are not checked. */
enum convention convention_check(const char *format, struct span lines);

#endif
