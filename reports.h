/* reports.h -- the sets of rankings that wf brings along, as reports files.
 */
#ifndef REPORTS_H
#define REPORTS_H

/* The text of a set: "overview", "wf2".  NULL if there is none of that name. */
const char *reports_builtin(const char *name);

#endif
