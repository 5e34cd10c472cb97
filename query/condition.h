/* condition.h -- "FIELD OP VALUE", as -w takes it.
 *
 *	= != < <= > >=	compare as numbers if both sides are numbers, else bytewise; a time is
 *			compared up to the length of VALUE only
 *	~ !~		the field's value matches the regular expression VALUE, or does not
 */
#ifndef QUERY_CONDITION_H
#define QUERY_CONDITION_H

#include "lib/option_value.h"
#include "lib/complaint.h"
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
};

struct condition {
	const char *text; /* the condition as the user wrote it */
	size_t field;     /* index among the query's fields */

	/* For condition.c only. */
	char *name; /* of the field */
	enum operator_kind op;
	struct span value;
	bool number;             /* the value is a number */
	bool plain;              /* the value is a number, and decimal_is_plain() */
	bool time;               /* the field is a time: compare only its first value.len bytes */
	struct pattern *pattern; /* the pattern of ~ and !~, else NULL */
	char *rewritten;         /* the value, if it differs from what the user wrote */
};

/* Compile a condition, and add its field to the fields.  The text must outlive the condition, and
 * the condition must outlive the fields.  NULL and a complaint on error. */
struct condition *condition_compile(
	struct arg, bool ignore_case, struct fields *, struct complaint *);
void condition_free(struct condition *);

/* Does the condition hold for this value?  An absent value is passed as an empty one.
 * PATTERN_GAVE_UP if the pattern exceeded PCRE2's limits. */
enum pattern_result condition_holds(struct condition *, struct span value);

/* Conditions that must all hold. */
struct conditions {
	struct condition **at;
	size_t n;
};

/* Compile the conditions.  False and a complaint on error.  Call conditions_free() in any case. */
bool conditions_compile(struct conditions *, const struct args *, bool ignore_case, struct fields *,
	struct complaint *);
void conditions_free(struct conditions *);

/* Find out whether all conditions hold for a line; the last argument becomes the answer.  The first
 * condition that does not hold is noted in the record.  False if out of memory. */
bool conditions_hold(const struct conditions *, struct record *, enum pattern_result *);

#endif
