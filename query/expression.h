/* expression.h -- conditions that are combined: "status>=500 and not (path~^/health or client in
 * 10.0.0.0/8)".
 *
 *	or	= and *( "or" and )
 *	and	= not *( "and" not )
 *	not	= [ "not" ] ( "(" or ")" / condition )
 *
 * "||", "&&" and "!(" are the same as "or", "and" and "not (".  A condition (condition.h) ends before
 * such a word if another condition follows it; so "agent=rock and roll" is one condition.  In
 * parentheses, it also ends before a ")" without a "(" before it.  A value in quotes can contain any of
 * these.
 */
#ifndef QUERY_EXPRESSION_H
#define QUERY_EXPRESSION_H

#include "query/condition.h"

struct expression {
	enum { EXPRESSION_CONDITION, EXPRESSION_AND, EXPRESSION_OR, EXPRESSION_NOT } kind;
	struct condition *condition;       /* of an EXPRESSION_CONDITION */
	struct expression *first, *second; /* what is combined; of an EXPRESSION_NOT, only .first */
	const char *text;                  /* the whole text of -w that has this expression */
	char *copy;                        /* owns the condition's text */
};

/* A list of expressions, all of which a line must meet. */
struct expressions {
	struct expression **at;
	size_t n, room;
};

/* Compile a list of texts.  Where a text combines its parts by "and", the parts become elements of the
 * list.  False, with a complaint, on error.  Call expressions_free() in any case. */
bool expressions_compile(struct expressions *, const struct args *, bool ignore_case,
	struct fields *, struct complaint *);
void expressions_free(struct expressions *);

/* Test whether all expressions hold for a line.  The last argument becomes PATTERN_YES, PATTERN_NO or
 * PATTERN_GAVE_UP, as in condition_holds().  Conditions are tested from left to right, until the result
 * is known.  The text with the first expression that does not hold is stored in .dropped_by of the
 * record.  False if out of memory. */
bool expressions_hold(const struct expressions *, struct record *, enum pattern_result *);

#endif
