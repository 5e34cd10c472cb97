/* presets.h -- the sets of rankings that are built in, for -r.
 */
#ifndef CLI_PRESETS_H
#define CLI_PRESETS_H

/* Their names, up to NULL. */
extern const char *const preset_names[];

/* A set as the text of a reports file; NULL if there is none of that name. */
const char *presets_find(const char *name);

#endif
