/* aliases.h -- what other programs call the fields and options that have a name here.
 */
#ifndef FORMATS_ALIASES_H
#define FORMATS_ALIASES_H

#include "lib/span.h"

/* The name here, NULL if there is none.  The case of letters does not count. */
const char *aliases_of_field(struct span theirs);
const char *aliases_of_option(struct span theirs);

#endif
