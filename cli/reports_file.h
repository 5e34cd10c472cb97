/* reports_file.h -- reads a reports file, or one of the presets, into options.
 *
 *	where = host=www.example.org		head: for all rankings
 *	[Errors]				a section is a ranking
 *	fields = status,url
 *
 * Keys are the names of options.  An option on the command line takes precedence over the same key
 * in the head.  But conditions (where, grep, vgrep) from both places apply.
 */
#ifndef CLI_REPORTS_FILE_H
#define CLI_REPORTS_FILE_H

#include "cli/option_table.h"

/* Replace the only grouping of the options by the groupings of the set that -r or --reports names.
 * False and a complaint on a mistake in the file, or if an option was given that only a section can
 * have. */
bool reports_file_read(struct options *, struct complaint *);

/* Set *layout to the layout of a preset, or to NULL if the preset has none or is not known.  False
 * and a complaint if out of memory. */
bool reports_file_layout(const char *preset, const char **layout, struct complaint *);

#endif
