/* value_set.h -- a set of values and networks: the list after "in" in a condition.
 *
 * An address is in the set if one of its networks contains the address; any other value, if it is
 * equal to one of the set's values.
 */
#ifndef QUERY_VALUE_SET_H
#define QUERY_VALUE_SET_H

#include "lib/complaint.h"
#include "lib/span.h"

struct value_set;

/* Make an empty set.  NULL if out of memory. */
struct value_set *value_set_new(void);
void value_set_free(struct value_set *);

/* True if the text is a network, such as 192.0.2.0/24. */
bool value_set_is_network(struct span);

enum { VALUE_SET_NETWORK = 32 };

/* True if the text looks like the beginning of an IPv4 address, such as "10.0.0", "10.*" or "10.0/16".
 * Then write what the user may mean to `network`: "in 10.0.0.0/24". */
bool value_set_means_network(struct span, char network[VALUE_SET_NETWORK]);

/* Add a value: a text, an address, or a network, such as 192.0.2.0/24.  The bytes are copied.  False,
 * with a complaint, if out of memory, or if a network has more bits than an address. */
bool value_set_add(struct value_set *, struct span, struct complaint *);

/* Call this after the last value_set_add() and before value_set_has(). */
void value_set_finish(struct value_set *);

bool value_set_has(struct value_set *, struct span);

#endif
