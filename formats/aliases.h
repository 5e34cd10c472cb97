/* aliases.h -- the names that other programs give to wf's fields and options, so that wf can
 * suggest its own.
 */
#ifndef FORMATS_ALIASES_H
#define FORMATS_ALIASES_H

#include "lib/span.h"

/* Return wf's name for the field or option that other programs call `theirs`; NULL if there is
 * none.  Upper and lower case are the same. */
const char *aliases_of_field(struct span theirs);
const char *aliases_of_option(struct span theirs);

#endif
