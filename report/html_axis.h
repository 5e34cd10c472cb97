/* html_axis.h -- draws what charts of an HTML page have in common: a scale of numbers and an axis of
 * time.
 *
 *	 8k |                           html_put_scale
 *	    |
 *	  0 |_________________
 *	     12:00   18:00              html_put_axis
 */
#ifndef REPORT_HTML_AXIS_H
#define REPORT_HTML_AXIS_H

#include <stdint.h>

#include "report/safe_output.h"

/* The lines of a scale: from 0 to .n * .distance. */
struct html_scale {
	double distance;
	int n;
};

/* Choose the lines of a scale that ends at or above `largest`, which is greater than 0.  If `fractions`
 * is false, as for counts, the distance is at least 1. */
struct html_scale html_scale(double largest, bool fractions);

/* Print the numbers of the scale. */
void html_put_scale(const struct output *, const struct html_scale *);

/* Print the lines of the scale, within the SVG of a chart. */
void html_put_lines(const struct output *, const struct html_scale *);

/* Return the smallest step, in seconds, that is a multiple of `unit` and divides the time between `from`
 * and `to` into at most `most` parts. */
int64_t html_fitting_step(int64_t unit, int64_t from, int64_t to, int64_t most);

/* Print an axis of the time from `from` to `to`, in seconds since 1970.  Its labels are at multiples of
 * `unit` seconds, and of more if necessary. */
void html_put_axis(const struct output *, int64_t from, int64_t to, int64_t unit);

/* Return a / b, rounded down even if `a` is negative. */
int64_t html_divide(int64_t a, int64_t b);

#endif
