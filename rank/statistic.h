/* statistic.h -- the statistics of a key, which are the columns of a ranking: avg, p99, uniq ...
 *
 *	measures ---\
 *	count -------> statistic_value() --> value
 *	pairs ---> statistic_take_pair() --^
 *
 * A value is a number of billionths, or NUMBER_NONE if the key has too few numbers.  Every value is
 * computed from exact measures with whole numbers, so it does not depend on how lines were divided
 * between workers.  Quotients and roots are rounded to billionths, halves away from 0.
 */
#ifndef RANK_STATISTIC_H
#define RANK_STATISTIC_H

#include <stdbool.h>

#include "lib/sketch.h"
#include "store/counted.h"

enum statistic_kind {
	STATISTIC_COUNT,      /* lines with the key */
	STATISTIC_SHARE,      /* percentage of these lines among the lines of all keys */
	STATISTIC_RATE,       /* lines per second, from the first to the last time of all keys */
	STATISTIC_FIRST,      /* the earliest time of these lines, in seconds since 1970 */
	STATISTIC_LAST,       /* the latest one */
	/* statistics of numbers */
	STATISTIC_SUM,        /* of the numbers */
	STATISTIC_AVG,        /* their mean */
	STATISTIC_MIN,        /* the least of them */
	STATISTIC_MAX,        /* the greatest of them */
	STATISTIC_SD,         /* the sample standard deviation */
	STATISTIC_PERCENTILE, /* by nearest rank, of the numbers rounded to three digits */
	/* other statistics */
	STATISTIC_UNIQ,       /* the number of different values */
	STATISTIC_SKETCH,     /* an estimate of it */
	STATISTIC_MEETING,    /* the number of lines that meet a condition */
	STATISTIC_PERCENTAGE, /* their percentage */
};

/* In a comparison (rank/changes.h), a statistic is of one of the sides, or of both. */
enum statistic_side {
	SIDE_NONE,   /* this is no comparison */
	SIDE_OLD,    /* the value on the old side, */
	SIDE_NEW,    /* on the new side, which follows it, */
	SIDE_CHANGE, /* and the quotient of both, or the difference of two times, which follows them
		      * and is not stored */
	SIDE_RATIO,  /* the likelihood ratio of both counts (rank/likelihood.h) */
	SIDE_WEIGHT  /* the number by which rows are ranked, which is not printed */
};

struct statistic {
	enum statistic_kind kind;
	enum statistic_side side;
	char *name;        /* the name in outputs: "p99_request_time"; owned */
	const char *title; /* the function as the user wrote it; not owned */
	size_t title_len;
	const char *operand; /* the field or the condition; "" if there is none.  Not owned */

	/* Where the measures begin that the statistic needs. */
	unsigned count, sum, squares, least, most;

	unsigned pairs; /* the group of the pairs that the statistic is computed from; 0 if it needs
			 * none */
	struct sum percent; /* of a percentile: 0 < percent <= 100 */
};

/* The columns of a ranking. */
struct statistics {
	struct statistic *at;
	size_t n;     /* how many columns there are */
	size_t n_more; /* how many more columns TSV, CSV and JSON have: those from .n on.  Only
			* comparisons have any */
	size_t n_all; /* how many statistics are computed: after the columns come the first and the
		       * last time, if only a rate needs them */
	size_t room;
	const struct statistics *base; /* of a comparison: the statistics that are compared; NULL if these
					* are only counts */
	const char *const *side_names; /* of a comparison: the names of the two sides; else NULL */
	bool only_sum; /* the only statistic is the sum of -s FIELD, which reports print beside the
			* count */
};

/* The largest number of columns that a ranking can have. */
enum { STATISTICS_MAX = 50 };

/* The largest number of statistics that are computed for a ranking. */
enum { STATISTICS_ALL = STATISTICS_MAX + 2 };

/* What is known so far from the pairs of one key. */
struct statistic_pairs {
	uint64_t n;        /* pairs; for a percentile, lines */
	uint64_t wanted;   /* of a percentile: the rank of its value, counting from 1; 0 before the
			    * first pair */
	struct sum value;  /* of a percentile: its value as soon as it is known, else none */
	int index, rank;   /* of a sketch: the register of the last pair, and its rank */
	uint32_t *ranks;   /* of a sketch: SKETCH_RANKS + 1 numbers; NULL for other statistics */
};

/* Take the next pair of a key.  Pairs are taken in bytewise order. */
void statistic_take_pair(const struct statistic *, struct statistic_pairs *, const struct counted *pair,
	const struct counted *key);

/* Take the next code of a key (lib/rounded.h), which `count` of its numbers have.  Codes are taken in
 * ascending order.  The statistic must be a percentile. */
void statistic_take_code(const struct statistic *, struct statistic_pairs *, uint16_t code, uint64_t count,
	const struct counted *key);

/* Compute the statistic of a key.  `pairs` is NULL if the statistic needs none.  The share and the rate
 * are none, since they depend on other keys: see statistic_share() and statistic_rate(). */
struct sum statistic_value(
	const struct statistic *, const struct counted *key, const struct statistic_pairs *pairs);

/* Return the percentage of n among `all`; none if `all` is 0. */
struct sum statistic_share(uint64_t n, uint64_t all);

/* Return n divided by the seconds between two times; none if there are no times, or if they are equal. */
struct sum statistic_rate(uint64_t n, struct sum first, struct sum last);

/* Return the quotient of two values; none if either is none or less than 0, if the divisor is 0, or if the
 * quotient is too large. */
struct sum statistic_quotient(struct sum dividend, struct sum divisor);

/* Return a - b; none if either is none, or if the difference is too large. */
struct sum statistic_difference(struct sum a, struct sum b);

/* True if the value is a time. */
static inline bool statistic_is_time(const struct statistic *s)
{
	return (s->kind == STATISTIC_FIRST || s->kind == STATISTIC_LAST) && s->side != SIDE_CHANGE;
}

/* True if the statistic is the change of a time, a difference in seconds. */
static inline bool statistic_is_shift(const struct statistic *s)
{
	return (s->kind == STATISTIC_FIRST || s->kind == STATISTIC_LAST) && s->side == SIDE_CHANGE;
}

void statistics_free(struct statistics *);

#endif
