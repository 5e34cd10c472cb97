/* message.h -- messages on stderr: "wf: WHAT: WHY", one line each.
 *
 * A line is written by one call, so that the lines of several processes do not mix.  Control bytes
 * in it are escaped, because the name of a file may contain any.
 */
#ifndef CLI_MESSAGE_H
#define CLI_MESSAGE_H

#include "lib/complaint.h"
#include "lib/exitstatus.h"

/* From now on begin messages with a name: "wf: NAME: WHAT: WHY".  The name is copied; NULL: none.
 */
void message_prefix(const char *name);

/* Print a message. */
void warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Print a message, and exit with STATUS_ERROR. */
void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/* Print a complaint: its text, and if the error has a place, the source with a caret under it. */
void warn_of(const struct complaint *);

/* The same, and exit with STATUS_ERROR. */
void die_of(const struct complaint *) __attribute__((noreturn));

/* Prints each warning as soon as it is handed over. */
extern const struct warner warn_on_stderr;

#endif
