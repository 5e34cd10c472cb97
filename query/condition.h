/* condition.h -- "FIELD OP VALUE", as -w takes it.
 *
 *	= != < <= > >=	numbers as numbers if both are, else bytes; of a time only as much as
 *			VALUE has of it
 *	~ !~		a regular expression is found in the field, or is not
 */
#ifndef QUERY_CONDITION_H
#define QUERY_CONDITION_H

#include "query/field.h"
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

/* Compiled; of its members only the first two are for others. */
struct condition {
	const char *text; /* as it was written */
	size_t field;     /* its index among the fields */
	char *name;       /* of the field */
	enum operator_kind op;
	struct span value;
	bool number; /* the value is one */
	bool plain;  /* and decimal_is_plain */
	bool time;   /* of a field of times: a part from the left stands for all that begin so */
	struct pattern *pattern;
	char *changed; /* the value, if it had to be */
};

/* Compile.  Dies with a message on what is wrong.  The text must outlive it; its field is added
 * to fields. */
struct condition *condition_compile(struct arg, bool ignore_case, struct fields *fields);

/* Does it hold for this value?  A field without value is like an empty one.
 * PATTERN_GAVE_UP if that can't be told. */
enum pattern_result condition_holds(struct condition *, struct span value);

void condition_free(struct condition *);

/* Conditions of which a line must meet all. */
struct conditions {
	struct condition **at;
	size_t n;
};

/* Dies with a message on what is wrong. */
struct conditions conditions_compile(const struct args *, bool ignore_case, struct fields *);

/* Do all hold?  PATTERN_GAVE_UP if that can't be told; if one does not, the record knows which.
 * False where memory is out. */
bool conditions_hold(const struct conditions *, struct record *, enum pattern_result *);

void conditions_free(struct conditions *);

#endif
