/* measured.h -- what -s asks for: "avg,p99:request_time", "uniq:client", "pct:status>=500".
 *
 *	option	= part *( "," part ) / FIELD
 *	part	= FUNCTIONS [ ":" OPERAND ]
 *
 * An operand ends at a comma, but a condition is all that follows the colon.  A bare FIELD is the
 * same as sum:FIELD, unless it is a list of functions without an operand, such as
 * "count,share".  measured_compile() turns the options into
 *
 *	statistics	the columns of the ranking (rank/statistic.h)
 *	measures	what is kept for each key (store/measures.h)
 *	numbers		what a line gives to the measures
 *	pairs		what is counted together with the key (store/pair.h)
 */
#ifndef QUERY_MEASURED_H
#define QUERY_MEASURED_H

#include "query/expression.h"
#include "query/field.h"
#include "rank/statistic.h"

/* A number that a line gives: the value of a field, or 1 if the line meets a condition. */
struct number_source {
	bool is_condition;
	size_t field;                 /* if it is a field, its index in the query's struct fields */
	struct expressions condition; /* else the condition */
	char *text;                   /* owns the condition's text */
	size_t index;                 /* the number of the condition among those of all groupings */
};

/* What a line gives to a group of pairs. */
enum pair_kind {
	PAIR_CODE,  /* the code of a number: the table makes these pairs (store/measures.h) */
	PAIR_VALUE, /* the value of a field */
	PAIR_MARK,  /* the mark of the value of a field: see sketch.h */
};

struct pair_source {
	enum pair_kind kind;
	size_t of;      /* PAIR_CODE: the index of a number; else the index of a field */
	unsigned group; /* the group of these pairs */
};

struct measured {
	struct statistics statistics;
	struct group_measures measures;
	struct number_source *numbers;
	size_t n_numbers, numbers_room;
	struct pair_source *pairs;
	size_t n_pairs, pairs_room;
	struct args copies; /* owns texts */
};

/* Compile the options.  False, with a complaint, on error.  Call measured_free() in any case. */
bool measured_compile(struct measured *, const struct args *options, bool ignore_case,
	struct fields *, struct complaint *);
void measured_free(struct measured *);

/* Give the conditions the numbers from *next on, and increase *next by how many there are. */
void measured_number_conditions(struct measured *, size_t *next);

/* Give the groups of pairs the numbers from *next on, and increase *next by how many there are. */
void measured_number_pairs(struct measured *, unsigned *next);

/* Find the statistic that --order NAME means: by its name ("p99_bytes"), or by its function ("p99") if
 * only one statistic has it.  The name has no minus; "key" and "last" are orders of keys, unless
 * they come after a minus and there is such a statistic.  SIZE_MAX, with a complaint, if there is none. */
size_t measured_find(const struct measured *, const char *name, struct complaint *);

enum { MEASURED_NAMES = 256 };

/* Write the names of the fields that should be numbers, for a message: "'bytes' or 'request_time'".
 * Names that have no room are left out.  Returns `out`. */
const char *measured_names(const struct measured *, char out[MEASURED_NAMES]);

enum number_result {
	NUMBER_OK,        /* *number is NUMBER_NONE for "-" and an empty text, which mean "none" */
	NUMBER_NO_NUMBER, /* *number is NUMBER_NONE */
	NUMBER_TOO_LARGE, /* the absolute value is 2^64 or more */
};

/* Read a value of a field as a number.  Numbers may have units (lib/quantity.h).  In the field "bytes",
 * "-" is 0, because servers write it when they send no bytes. */
enum number_result measured_read(const struct field *, struct span value, struct sum *number);

#endif
