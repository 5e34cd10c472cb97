/* sums.h -- for tests: groups whose keys have one measure, the sum of one number; and rankings by
 * this sum. */
#ifndef SUMS_H
#define SUMS_H

#include "lib/word.h"
#include "rank/top.h"
#include "store/counted.h"

enum { SUM_BYTES = 16 };

/* The measures of all groups, if keys have sums; otherwise NULL. */
static inline const struct measures *measures_for(bool sums)
{
	static struct number_measures sum = {.kinds = 1 << MEASURE_SUM};
	static struct group_measures groups[COUNTED_GROUPS];
	static const struct measures all = {groups, COUNTED_GROUPS};

	for (unsigned i = COUNTED_GROUPS; sums && !groups[0].n && i-- > 0;)
		groups[i] = (struct group_measures){.of = &sum,
			.of_n = 1,
			.n = 1,
			.bytes = SUM_BYTES,
			.numbers = 1,
			.pairs_of = i};
	return sums ? &all : NULL;
}

/* The statistics of a ranking with a sum. */
static inline const struct statistics *only_sum(void)
{
	static char name[] = "sum_bytes";
	static struct statistic sum = {
		.kind = STATISTIC_SUM, .name = name, .title = "sum", .title_len = 3};
	static const struct statistics all = {.at = &sum, .n = 1, .n_all = 1, .only_sum = true};

	sum.operand = "bytes";
	return &all;
}

/* A ranking by counts, or by sums. */
static inline struct ranking ranking_for(bool sums)
{
	if (!sums)
		return (struct ranking){.by = BY_COUNT};
	return (struct ranking){.statistics = only_sum()};
}

/* The measures of a key: its sum, or none. */
static inline struct sum counted_sum(const struct counted *c)
{
	return c->measures ? measure_sum(c->measures) : (struct sum){0};
}

/* Write a sum as the measures of a key. */
static inline const char *put_sum(char to[SUM_BYTES], struct sum sum)
{
	word_store(to, sum.low);
	word_store(to + 8, (uint64_t)sum.high);
	return to;
}

/* The sum in a row; 0 if it has none. */
static inline struct sum row_sum(const struct row *row)
{
	return row->values ? row->values[0] : (struct sum){0};
}

#endif
