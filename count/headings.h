/* headings.h -- finds the headings in an input: lines that say how the lines after them are cut
 * into fields, such as "#Fields:" lines in W3C logs.
 */
#ifndef COUNT_HEADINGS_H
#define COUNT_HEADINGS_H

#include "lib/arena.h"
#include "scan/scan.h"

struct headings {
	struct heading *at; /* sorted by offset.  Initialise the struct with {0} */
	size_t n, room;
	struct arena lines; /* holds copies of the headings */
};

/* Search some whole lines, and add all headings among them.  A heading is a line that begins with
 * `start`.  `from` is the offset of the first line in the input; it must be greater than the
 * offsets of all lines that were searched before.  False if out of memory. */
bool headings_find(struct headings *, const struct scan *, struct span start, struct span lines,
	uint64_t from);

/* Return the last heading before the line at `offset`, which says how to cut this line.  Empty if
 * there is no heading before the line. */
struct span headings_before(const struct headings *, uint64_t offset);

/* Free the headings, and set the struct to {0}. */
void headings_free(struct headings *);

#endif
