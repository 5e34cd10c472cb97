/* measures.h -- the numbers that are kept for each key besides its count, such as a sum.
 *
 * Every line of a key gives some numbers, and each measure takes one of them:
 *
 *	count	1 word	how many of the numbers are not none
 *	sum	2 words	their sum
 *	squares	4 words	the sum of their squares
 *	least	2 words	the least of them
 *	most	2 words	the greatest of them
 *
 * A key's measures are bytes: one measure after the other, in little-endian words, which are not
 * always aligned.  They are the same on every machine.  The keys of one group have the same measures;
 * other groups can have others.  All measures are exact, so they do not depend on the order in which
 * numbers are taken, or on how keys are divided between tables.
 */
#ifndef STORE_MEASURES_H
#define STORE_MEASURES_H

#include "lib/decimal.h"

/* A line can lack a number.  Then the number is none, which no measure takes. */
#define NUMBER_NONE ((struct sum){0, INT64_MIN})

static inline bool number_is_none(struct sum n)
{
	return n.high == INT64_MIN;
}

enum measure_kind { MEASURE_COUNT, MEASURE_SUM, MEASURE_SQUARES, MEASURE_LEAST, MEASURE_MOST };
enum { MEASURE_KINDS = MEASURE_MOST + 1 };

/* The measures that take one of a line's numbers. */
struct number_measures {
	unsigned kinds;             /* bit k is set if there is a measure of kind k */
	unsigned at[MEASURE_KINDS]; /* where it begins in the bytes of a key's measures */
};

/* A number whose codes (lib/rounded.h) are counted: how often a key has which code.  A table counts
 * them in sets (code_set.h), and they are handed over as pairs (pair.h). */
struct coded_number {
	unsigned number; /* which of a line's numbers, counting from 0 */
	unsigned group;  /* the group of the pairs */
};

enum { CODED_MOST = 64 }; /* the most coded numbers of a group */

/* The measures of the keys of one group. */
struct group_measures {
	struct number_measures *of; /* of_n of these: of a line's first number, of its second ... */
	size_t of_n, of_room;
	size_t n; /* how many measures there are */
	struct coded_number *coded;
	size_t coded_n, coded_room;
	size_t bytes;      /* of one key's measures */
	size_t numbers;    /* how many numbers a line gives */
	unsigned pairs_of; /* if the keys of the group are pairs (pair.h), the group whose keys are
			    * their first parts; otherwise the number of this group itself */
};

/* The measures of all groups.  A group whose number is .n or more has none. */
struct measures {
	struct group_measures *groups;
	size_t n;
};

/* Add a measure to a group, unless the group has it already.  *at becomes where it begins in the bytes
 * of a key's measures.  False if out of memory. */
bool group_measures_want(struct group_measures *, enum measure_kind, unsigned number, unsigned *at);

/* Count the codes of a number, of which the group must have measures.  *coded becomes its index in
 * .coded.  False if out of memory. */
bool group_measures_want_codes(struct group_measures *, unsigned number, size_t *coded);

void group_measures_free(struct group_measures *);

/* Return the measures of a group; NULL if it has none.  `m` may be NULL. */
static inline const struct group_measures *measures_of(const struct measures *m, unsigned group)
{
	return m && group < m->n && m->groups[group].n ? &m->groups[group] : NULL;
}

/* Return the number of bytes of the measures of a key in this group. */
static inline size_t measures_bytes(const struct measures *m, unsigned group)
{
	return m && group < m->n ? m->groups[group].bytes : 0;
}

/* Return how many coded numbers the keys in this group have. */
static inline size_t measures_coded(const struct measures *m, unsigned group)
{
	return m && group < m->n ? m->groups[group].coded_n : 0;
}

/* Return the group whose keys are the first parts of this group's keys, if these are pairs; otherwise
 * the group itself. */
static inline unsigned measures_pairs_of(const struct measures *m, unsigned group)
{
	return m && group < m->n ? m->groups[group].pairs_of : group;
}

/* True if the keys of any group are pairs. */
bool measures_have_pairs(const struct measures *);

/* True if all pairs are those of codes. */
bool measures_pairs_are_codes(const struct measures *);

/* Return the largest number of bytes that the measures of a key have, whatever its group. */
size_t measures_most_bytes(const struct measures *);

/* Write the measures of a key without lines. */
void measures_begin(const struct group_measures *, char *to);

/* Take the numbers of a line.  False (EOVERFLOW) if a sum does not fit: then no measure is
 * meaningful. */
bool measures_take(const struct group_measures *, char *to, const struct sum *numbers);

/* Take the numbers of n lines: the i-th line has numbers[i * g->numbers] and those after it, and
 * to[i] are the measures of its key.  False as in measures_take(). */
bool measures_take_all(
	const struct group_measures *g, char *const *to, size_t n, const struct sum *numbers);

/* Add the measures of more lines with the same key.  False as in measures_take(). */
bool measures_add(const struct group_measures *, char *to, const char *more);

/* --- Reading measures -------------------------------------------------------------- */

static inline uint64_t measure_count(const char *at)
{
	return word_load(at);
}

static inline struct sum measure_sum(const char *at)
{
	return (struct sum){word_load(at), (int64_t)word_load(at + 8)};
}

/* True if a "least" has taken no number.  (A "most" without a number is NUMBER_NONE.) */
static inline bool measure_is_empty(const char *least)
{
	return (int64_t)word_load(least + 8) == INT64_MAX;
}

#endif
