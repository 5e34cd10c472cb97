/* presets.h -- the built-in sets of rankings that -r prints.
 */
#ifndef CLI_PRESETS_H
#define CLI_PRESETS_H

/* The names of the sets; NULL ends the list. */
extern const char *const preset_names[];

/* Return the set, as the text of a reports file.  NULL if there is no set of that name. */
const char *presets_find(const char *name);

#endif
