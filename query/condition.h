/* condition.h -- the conditions of -w, such as "status >= 400": FIELD OP VALUE.
 *
 *	= != < <= > >=	compare as numbers if both sides are numbers, else bytewise; if FIELD is a
 *			time that is longer than VALUE, the end of the time is ignored
 *	~ !~		the field's value matches the regular expression VALUE, or does not
 *	in, not in	the field's value is one of the values in the list VALUE, such as
 *			(404,410), or is an address in one of its networks, such as 10.0.0.0/8;
 *			@FILE names a file with the list (list_file.h)
 *
 * A number with a unit (quantity.h) is compared with numbers that may have units themselves.
 */
#ifndef QUERY_CONDITION_H
#define QUERY_CONDITION_H

#include "lib/arg.h"
#include "lib/complaint.h"
#include "lib/quantity.h"
#include "query/record.h"
#include "regex/pattern.h"

enum operator_kind {
	OP_EQUAL,
	OP_NOT_EQUAL,
	OP_LESS,
	OP_LESS_EQUAL,
	OP_GREATER,
	OP_GREATER_EQUAL,
	OP_MATCHES,
	OP_MATCHES_NOT,
	OP_IN,
	OP_NOT_IN,
};

struct value_set;

struct condition {
	const char *text; /* the condition as the user wrote it */
	size_t field;     /* index of the field in the query's struct fields */

	/* For condition.c only. */
	char *name; /* the name of the field */
	enum operator_kind op;
	struct span value;
	bool number;             /* true if .value is a number */
	bool plain;              /* true if .value is a number, and decimal_is_plain() */
	bool time;               /* true if the field is a time: only its first value.len bytes are
				  * compared */
	bool quantity;           /* true if .value is a number with a unit */
	enum quantity_kind kind; /* of this number */
	struct sum sum;          /* this number, in seconds or bytes */
	struct pattern *pattern; /* the pattern after ~ or !~; NULL for other operators */
	struct value_set *set;   /* the list after "in"; NULL for other operators */
	char *rewritten;         /* owns the bytes of .value if they differ from the user's text */
};

/* Compile a condition, and add its field to the fields.  The text must outlive the condition, and
 * the condition must outlive the fields.  The caller frees it with condition_free().  NULL, with a
 * complaint that says where in the text the error is, on error. */
struct condition *condition_compile(
	struct arg, bool ignore_case, struct fields *, struct complaint *);
/* Return why a condition perhaps holds for no line, such as "a '*' means itself: write ~ and a regular
 * expression"; "" if nothing in its text is suspicious. */
const char *condition_doubt(const char *text);

void condition_free(struct condition *);

/* True if the condition compares all bytes of a value with .value, and nothing else: it is "=" or
 * "!=" with a text, not with a number or a time. */
static inline bool condition_compares_bytes(const struct condition *c)
{
	return !c->pattern && !c->number && !c->quantity && !c->time && c->op <= OP_NOT_EQUAL;
}

/* Whether a condition holds for numbers that are less than a number, equal, or greater. */
struct number_test {
	struct sum number;
	bool if_less, if_equal, if_greater;
};

/* True if the condition compares values with a whole number that is not large.  Then *test says
 * for which numbers it holds. */
bool condition_compares_number(const struct condition *, struct number_test *test);

/* Test whether the condition holds for a value: PATTERN_YES if it does, PATTERN_NO if not,
 * PATTERN_GAVE_UP if its pattern exceeded PCRE2's limits.  Pass an empty value if the line has
 * none. */
enum pattern_result condition_holds(struct condition *, struct span value);

/* Return the value of the condition at the start of a text: what follows its operator, if values in
 * quotes are allowed after this operator.  NULL if there is no such operator. */
const char *condition_value(const char *text);

/* Return the first operator in a text that begins before `end`; NULL if there is none. */
const char *condition_operator(const char *text, const char *end);

#endif
