/* die.h -- one line on stderr: "wf: WHAT: WHY".
 *
 * Only set-up and main may die; what runs once a log is being read returns its
 * errors instead.  Each line is written whole, so that lines of several processes
 * do not mix, and control bytes in it (a file's name may hold any) are escaped.
 */
#ifndef LIB_DIE_H
#define LIB_DIE_H

#include "lib/complaint.h"

/* Exit status of every error, as in grep. */
#define STATUS_ERROR 2

/* Say who it is, too: "wf: NAME: WHAT: WHY".  The name is copied; NULL: no longer. */
void die_as(const char *name);

/* Print the message and go on. */
void warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Print the message and exit with STATUS_ERROR. */
void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/* Print a complaint: its text, and if it has a place, the source and a caret under that place. */
void warn_of(const struct complaint *);

/* The same, and exit with STATUS_ERROR. */
void die_of(const struct complaint *) __attribute__((noreturn));

/* Prints each warning at once. */
extern const struct warner warn_on_stderr;

#endif
