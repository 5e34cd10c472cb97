/* function.h -- the names of the functions of -s, such as "avg" and "p99".
 */
#ifndef QUERY_FUNCTION_H
#define QUERY_FUNCTION_H

#include "lib/suggest.h"
#include "rank/statistic.h"

/* What a function is computed from, besides the number of lines with the key.  With NO_OPERAND and
 * OF_TIME (the times of the lines), the user writes nothing after a colon. */
enum operand { NO_OPERAND, OF_TIME, OF_NUMBER, OF_VALUE, OF_CONDITION };

struct function {
	const char *name;
	enum statistic_kind kind;
	enum operand operand;
};

/* The names of all functions, for a message. */
#define FUNCTIONS_KNOWN                                                                            \
	"count, share, rate, first, last, sum, avg, min, max, sd, p50 (or p99, p99.9 ...), uniq, " \
	"~uniq, n, pct, std"

/* Find a function by its name; NULL if there is none.  For a percentile such as p99.9, *percent
 * becomes 99.9.  "std" is not found, because it stands for several functions. */
const struct function *function_find(struct span name, struct sum *percent);

/* Return an example of a function's operand, such as "bytes" for "p99"; NULL if the text is not a
 * function, or if nothing is written after it. */
const char *function_operand(struct span name);

/* Write a hint about a text that is not a function, such as " (did you mean 'avg'?)"; "" if there
 * is no hint.  `operand` is what the user has written after the colon, or NULL.  Returns the hint,
 * which may be in `guess`. */
const char *function_guess(struct span text, const char *operand, char guess[SUGGEST_PHRASE]);

#endif
