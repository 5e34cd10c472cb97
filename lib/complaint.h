/* complaint.h -- an error that a function returns, for the command line to print.
 *
 *	wf: -e: missing closing parenthesis	text: WHO: WHY
 *	wf:   GET (				source, if the error is at a place in it
 *	wf:       ^				offset
 *
 * A function that can fail takes a complaint, fills it and returns false or NULL; its callers pass
 * the complaint on.  Only cli/, mpi/ and wf.c print complaints.
 */
#ifndef LIB_COMPLAINT_H
#define LIB_COMPLAINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/arg.h"

struct complaint {
	char text[1024];   /* one line, without its newline; may hold any bytes but NUL */
	char source[1024]; /* the user's text that has the error, or "" */
	size_t offset;     /* where in .source the error is, in bytes; SIZE_MAX if it is at no
			    * particular place */
};

/* Fill the complaint.  Returns false, so that a function can end with "return complain(...)". */
bool complain(struct complaint *, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Like complain(), for an error that is `offset` bytes into the text that is being compiled. */
bool complain_at(struct complaint *, size_t offset, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Complain "WHO: out of memory".  Always false. */
bool complain_memory(struct complaint *, const char *who);

/* Complain about an input or file: "NAME: WHY".  If the name is too long for a message, its middle
 * is left out.  Always false. */
bool complain_of(struct complaint *, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Say in the complaint which option it is about: put the origin of the option's value before the
 * text and, if the complaint has an offset, copy the value to .source.  Always false. */
bool complaint_about(struct complaint *, struct arg);

/* Receives warnings, which do not end the run. */
struct warner {
	void (*warn)(void *ctx, const struct complaint *);
	void *ctx;
};

/* Pass a warning to the warner. */
void warner_warn(const struct warner *, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Pass a warning about an input or file to the warner, with a text like that of complain_of(). */
void warner_warn_of(const struct warner *, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
