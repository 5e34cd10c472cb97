/* presets.h -- the sets of rankings that wf brings along, as reports files.
 */
#ifndef CLI_PRESETS_H
#define CLI_PRESETS_H

/* The text of a set: "overview", "wf2".  NULL if there is none of that name. */
const char *presets_find(const char *name);

#endif
