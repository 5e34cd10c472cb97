/* part.h -- makes a value from the value of a field: the WHAT of FIELD/WHAT.
 *
 *	path query ext host scheme	a part of a URL
 *	?NAME				a parameter in the query of a URL
 *	decode				a URL in which %41 and the like are decoded
 *	fold				a text in which numbers, ids and the like are replaced
 *	24 24/56			the network of an IP address; the second number is for IPv6
 *	1 2 ...				the first segments of a path
 *	first last			an element of a list with commas
 *	lower				a text in lower case
 */
#ifndef QUERY_PART_H
#define QUERY_PART_H

#include "lib/arena.h"
#include "lib/complaint.h"
#include "lib/span.h"

struct part;

/* One WHAT.  Its members are for part.c only. */
struct part_step {
	const struct part *part;
	struct span name;         /* of a parameter */
	unsigned number, other;   /* of segments, or of bits for IPv4 and IPv6 */
	struct part_cache *cache; /* NULL until it is needed */
};

void part_step_free(struct part_step *);

/* Read the WHAT that `text` is.  .name points into the text.  False if the text is no WHAT. */
bool part_read(struct span text, struct part_step *);

/* Replace a value by the part of it.  The result is in the value, in the arena, or a constant.  False
 * if out of memory. */
bool part_of(struct part_step *, struct span *value, struct arena *);

/* Return the name of WHAT number i as a user writes it, counting from 0; NULL if there are fewer. */
const char *part_name(size_t i);

#endif
