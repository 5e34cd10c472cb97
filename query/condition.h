/* condition.h -- the conditions of -w, such as "status >= 400": FIELD OP VALUE.
 *
 *	= != < <= > >=	compare as numbers if both sides are numbers, else bytewise; if FIELD is a
 *			time that is longer than VALUE, the end of the time is ignored
 *	~ !~		the field's value matches the regular expression VALUE, or does not
 */
#ifndef QUERY_CONDITION_H
#define QUERY_CONDITION_H

#include "lib/arg.h"
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
	size_t field;     /* index of the field in the query's struct fields */

	/* For condition.c only. */
	char *name; /* the name of the field */
	enum operator_kind op;
	struct span value;
	bool number;             /* true if .value is a number */
	bool plain;              /* true if .value is a number, and decimal_is_plain() */
	bool time;               /* true if the field is a time: only its first value.len bytes are
				  * compared */
	struct pattern *pattern; /* the pattern after ~ or !~; NULL for other operators */
	char *rewritten;         /* owns the bytes of .value if they differ from the user's text */
};

/* Compile a condition, and add its field to the fields.  The text must outlive the condition, and
 * the condition must outlive the fields.  The caller frees it with condition_free().  NULL, with a
 * complaint, on error. */
struct condition *condition_compile(
	struct arg, bool ignore_case, struct fields *, struct complaint *);
void condition_free(struct condition *);

/* Test whether the condition holds for a value: PATTERN_YES if it does, PATTERN_NO if not,
 * PATTERN_GAVE_UP if its pattern exceeded PCRE2's limits.  Pass an empty value if the line has
 * none. */
enum pattern_result condition_holds(struct condition *, struct span value);

/* A list of conditions, all of which a line must meet. */
struct conditions {
	struct condition **at;
	size_t n;
};

/* Compile a list of conditions.  False, with a complaint, on error.  Call conditions_free() in any
 * case. */
bool conditions_compile(struct conditions *, const struct args *, bool ignore_case, struct fields *,
	struct complaint *);
void conditions_free(struct conditions *);

/* Test whether all conditions hold for a line.  The last argument becomes PATTERN_YES, PATTERN_NO
 * or PATTERN_GAVE_UP, as in condition_holds().  The first condition that does not hold is stored in
 * .dropped_by of the record.  False if out of memory. */
bool conditions_hold(const struct conditions *, struct record *, enum pattern_result *);

#endif
