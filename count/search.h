/* search.h -- finds the parts of inputs that may have lines of the period (--since, --until), so
 * that the rest need not be read.
 *
 *	input	|----------------|sample|===============|sample|-----------|
 *	times	 < since - slack         in doubt         >= until + slack
 *	window				[from		to)
 *
 * The times of lines are in order, but not exactly: a web server writes a line when a request ends.
 * An input is called in order if no line is older than any line before it by more than the slack.
 * Then, if the time of a line is before since - slack, all lines before it are before since.  A
 * bisection finds the last such line, by probes: each probe reads the first line with a time after
 * a given offset.  The window begins there if all times in the sample before that place are before
 * since - slack, too.  Otherwise the place moves back, in larger and larger steps.  The end is
 * found in the same way.
 *
 * Whether an input is in order is not known.  So some more probes are spread over the input.  If
 * they, or the lines of a sample, show that it is not in order, it is read as a whole.
 *
 * A sample is 1/1024 of the file, but at least 16 KB and at most a megabyte.
 *
 * In a compressed file with parts, offsets and sizes are those of compressed bytes, samples are an
 * eighth as large, and whole parts are read.  An input that can only be read from its start to its
 * end is not searched.
 */
#ifndef COUNT_SEARCH_H
#define COUNT_SEARCH_H

#include "count/detect.h"
#include "query/account.h"

struct search {
	const struct query *query; /* it has a period */
	struct formats *formats;   /* detect_look() has found the formats of the inputs */
	int64_t slack;             /* in seconds; INT64_MAX if the inputs must be read as a whole */
};

/* Set the windows of the inputs.  Also add the first and the last times of the searched inputs to
 * *covered.  An input that can't be read is not searched.  False if out of memory. */
bool search_inputs(const struct search *, struct inputs *, struct covered *covered);

/* Find the newest time in the inputs.  Each is read from its end backwards, until its lines are older
 * than the newest time by the slack: then no line before them is newer.  With a slack of INT64_MAX,
 * inputs are read as a whole; so is an input that can only be read from its start.  False, with a
 * complaint, if an input can be read only once, if an input has lines but none has a time, if no
 * input has a time, or if out of memory. */
bool search_newest(
	const struct search *, const struct inputs *, int64_t *newest, struct complaint *);

#endif
