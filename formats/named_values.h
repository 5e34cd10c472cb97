/* named_values.h -- collects the values of a line that is a list of names and values, as in LTSV and
 * logfmt.
 *
 *	named_values_begin()	for each line
 *	named_values_find(), named_values_put()		for each name
 *	named_values_store()	at the end of the line
 *
 * If the line has the shape of an earlier line, shape_pick() does all of this (shape.h).
 */
#ifndef FORMATS_NAMED_VALUES_H
#define FORMATS_NAMED_VALUES_H

#include "formats/names.h"
#include "formats/shape.h"

struct named_values;

/* `wanted` must outlive the result, which the caller frees.  NULL if out of memory. */
struct named_values *named_values_new(const struct wanted *wanted, enum names_dialect);
void named_values_free(struct named_values *);

/* Forget the values of the last line.  False if out of memory. */
bool named_values_begin(struct named_values *);

/* Look up a name.  False if the query needs no field of this name. */
bool named_values_find(struct named_values *, struct span name);

/* Add a value of the name that was found last.  If the same name has had a value in this line, the
 * first value counts. */
void named_values_put(struct named_values *, struct span value);

/* Like named_values_put(), but not for base fields. */
void named_values_put_own(struct named_values *, struct span value);

/* Store the values in the slots of a cut: for each field that the query needs, the value of the
 * best name.  .at of the others becomes NULL. */
void named_values_store(const struct named_values *, struct span *slots);

/* The shapes of earlier lines. */
struct shapes *named_values_shapes(struct named_values *);

/* Add a step to a shape: the literal, then a value of the name that was found last.  `found` is what
 * named_values_find() has returned. */
void named_values_add_step(
	const struct named_values *, struct shape *, struct span literal, bool found);

/* Empty the slots of a cut. */
void named_values_clear(const struct named_values *, struct span *slots);

#endif
