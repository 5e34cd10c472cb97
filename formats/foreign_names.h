/* foreign_names.h -- the names that other programs use for fields and options.  If a user types one
 * of them, wf can suggest its own name.
 */
#ifndef FORMATS_FOREIGN_NAMES_H
#define FORMATS_FOREIGN_NAMES_H

#include "lib/span.h"

/* Return wf's name for the field or option that other programs call `theirs`.  NULL if there is
 * none.  Case is ignored. */
const char *foreign_field(struct span theirs);
const char *foreign_option(struct span theirs);

#endif
