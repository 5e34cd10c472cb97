/* condition.h -- "FIELD OP VALUE", as -w takes it.
 *
 *	= != < <= > >=	numbers as numbers if both are, else bytes; of a time only as much as
 *			VALUE has of it
 *	~ !~		a regular expression is found in the field, or is not
 */
#ifndef CONDITION_H
#define CONDITION_H

#include "field.h"
#include "pattern.h"

struct condition;

/* Compile.  Dies with a message on what is wrong.  The text must outlive it; its field is added
 * to fields. */
struct condition *condition_compile(struct said, bool ignore_case, struct fields *fields);

/* The index of its field. */
size_t condition_field(const struct condition *);

/* How it was written. */
const char *condition_text(const struct condition *);

/* Does it hold for this value?  A field without value is like an empty one.
 * PATTERN_GAVE_UP if that can't be told. */
enum pattern_result condition_holds(struct condition *, struct span value);

void condition_free(struct condition *);

#endif
