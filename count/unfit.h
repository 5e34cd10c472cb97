/* unfit.h -- remembers the first line that does not fit its log format, for a message.
 *
 * Each worker notes the first such line among those that it has counted, in shared memory.  When
 * all workers are done, the parent finds the first line among theirs.
 */
#ifndef COUNT_UNFIT_H
#define COUNT_UNFIT_H

#include <stddef.h>

#include "formats/logformat.h"

enum { UNFIT_FORMAT = 80, UNFIT_LINE = 200 };

struct unfit {
	char format[UNFIT_FORMAT]; /* the name of the format; a long one ends with "..." */
	char line[UNFIT_LINE];     /* a part of the line, without NULs; "" if none was noted */
	size_t stop;               /* the offset in .line of the first byte that does not fit;
				    * SIZE_MAX if the format does not know */
};

/* Note the line that begins at `line` and ends at the first '\n' or at `end`. */
void unfit_note(struct unfit *, struct logformat *, const char *line, const char *end);

#endif
