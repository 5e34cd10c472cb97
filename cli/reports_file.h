/* reports_file.h -- read a reports file, or one of the presets, into options.
 *
 *	where = host=www.example.org		head: for all rankings
 *	[Errors]				a section is a ranking
 *	fields = status,url
 *
 * Keys are the names of options.  In the head, an option of the command line takes precedence over
 * the file's, but what adds up (where, grep, vgrep) does so.
 */
#ifndef CLI_REPORTS_FILE_H
#define CLI_REPORTS_FILE_H

#include "cli/options.h"

/* Replace the options' only grouping by those of the set that -r or --reports names.  False and a
 * complaint on a mistake in the file, or if an option was given that only a section can have. */
bool reports_file_read(struct options *, struct complaint *);

/* The layout of a preset, or NULL.  False and a complaint where memory is out. */
bool reports_file_layout(const char *preset, const char **layout, struct complaint *);

#endif
