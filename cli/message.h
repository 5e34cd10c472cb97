/* message.h -- prints messages on stderr: "wf: WHAT: WHY", one line each.
 *
 * Each line is written by a single write(), so that the lines of several processes do not mix.
 * Control characters are escaped, because the name of a file may contain any of them.
 */
#ifndef CLI_MESSAGE_H
#define CLI_MESSAGE_H

#include "lib/complaint.h"
#include "lib/exitstatus.h"

/* Begin all later messages with a name: "wf: NAME: WHAT: WHY".  If `name` is NULL, they begin
 * without one.  The name is copied. */
void message_prefix(const char *name);

/* Print a message. */
void warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Print a message, and exit with STATUS_ERROR. */
void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/* Print the text of a complaint.  If the complaint is about a place in .source, also print .source,
 * with a caret below that place. */
void warn_of(const struct complaint *);

/* Print .source of a complaint, with a caret below the place that the complaint is about, if that is
 * known. */
void warn_of_place(const struct complaint *);

/* Print a complaint as warn_of() does, and exit with STATUS_ERROR. */
void die_of(const struct complaint *) __attribute__((noreturn));

/* A warner that prints each warning immediately. */
extern const struct warner warn_on_stderr;

#endif
