/* header_lines.h -- where an input has headings: lines that say how the lines after them are cut,
 * such as "#Fields:" in W3C logs.
 */
#ifndef COUNT_HEADER_LINES_H
#define COUNT_HEADER_LINES_H

#include "lib/arena.h"
#include "scan/scan.h"

struct headings {
	struct heading *at; /* in the order of the input; NULL at first: set it all to {0} */
	size_t n, room;
	struct arena lines; /* copies of them */
};

/* Note the headings, each of which begins with start, among some whole lines; the first of these is
 * at offset `from` of the input, after all lines that were searched before.  False where memory is
 * out. */
bool header_lines_find(struct headings *, const struct scan *, struct span start, struct span lines,
	uint64_t from);

/* The heading by which the line at an offset is cut: the last one before it; empty if there is
 * none. */
struct span header_lines_before(const struct headings *, uint64_t offset);

/* All is {0} again. */
void header_lines_free(struct headings *);

#endif
