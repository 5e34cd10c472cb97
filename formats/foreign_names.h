/* foreign_names.h -- the names that other programs give to wf's fields and options, so that wf can
 * suggest its own.
 */
#ifndef FORMATS_FOREIGN_NAMES_H
#define FORMATS_FOREIGN_NAMES_H

#include "lib/span.h"

/* Return wf's name for the field or option that other programs call `theirs`; NULL if there is
 * none.  Upper and lower case are the same. */
const char *foreign_field(struct span theirs);
const char *foreign_option(struct span theirs);

#endif
