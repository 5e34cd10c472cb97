/* account.h -- counts the lines that were read, by what became of them.
 *
 * Each line gets one verdict, so the verdicts add up to the number of lines:
 *
 *	filtered	-g, -v or -w dropped the line, or it is a comment of its log format
 *	unparsed	the query needs the log format, and the line does not fit it
 *	matched		at least one grouping found its key in the line
 *	unmatched	no grouping found its key in the line
 *	gave up		a pattern exceeded PCRE2's limits on the line, or a number to sum up needs
 *			more than 64 bits
 *
 * Lines outside the period of --since and --until are none of these lines: see period.h.
 */
#ifndef QUERY_ACCOUNT_H
#define QUERY_ACCOUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/decimal.h"

/* The time that lines cover, in seconds since 1970, up to a minute. */
struct covered {
	bool any; /* false if no line has a time */
	int64_t earliest, latest;
};

void covered_add(struct covered *, const struct covered *);

/* The number of lines with each verdict.  .lines is the sum of .matched, .filtered, .unparsed,
 * .gave_up and the unmatched lines.  But if query_spec.may_skip_lines is set, unmatched lines may
 * be skipped, and then no member counts them. */
struct verdicts {
	uint64_t lines, matched, filtered, unparsed, gave_up;
	uint64_t not_numbers; /* number of matched lines in which the field to sum up is not a
			       * number */

	/* These two are not saved: the number of lines that begin with NULs, which are skipped, and
	 * of lines with a time that the query needs and that cannot be read. */
	uint64_t holes, bad_times;

	/* The lines that were read although they are outside the period; .undated of them have no
	 * time that can be read.  Not saved. */
	uint64_t outside, undated;
	struct covered covered; /* by these lines */

	/* The next two members are about the .gave_up lines.  They are not saved, because an
	 * account with such lines is never saved. */
	uint64_t too_large; /* number of lines in which a number to sum up is too large */
	uint64_t steps;     /* sum of pattern_limit() over the lines on which a pattern gave up */
};

/* True if so many lines are unparsed that the user must be told.  With a period, lines that are not
 * parsed are .undated, as other lines without a time. */
static inline bool verdicts_many_unparsed(const struct verdicts *v)
{
	return v->unparsed > v->lines / 100 || v->undated > (v->lines + v->outside) / 100;
}

/* The number of lines that were read, also of those outside the period. */
static inline uint64_t verdicts_read(const struct verdicts *v)
{
	return v->lines + v->outside;
}

static inline uint64_t verdicts_unmatched(const struct verdicts *v)
{
	return v->lines - v->matched - v->filtered - v->unparsed - v->gave_up;
}

/* Totals of all lines that fit their format and were not filtered out.  They are only computed if
 * query_spec.totals is set. */
struct totals {
	uint64_t requests;
	struct sum bytes;
	char first[20], last[20]; /* the earliest and the latest time; "" if no line has a time */
};

/* Add `b` to `a`.  .bytes can't overflow: one line adds less than 2^64 bytes, and a struct sum has
 * room for 2^33 such lines. */
void totals_add(struct totals *a, const struct totals *b);

/* Everything that wf counts besides keys. */
struct account {
	uint64_t bytes; /* bytes read, after decompression, without those of lines outside the
			 * period */
	struct verdicts verdicts;
	struct totals totals;
};

void account_add(struct account *a, const struct account *b);

#endif
