/* json_reader.h -- reads JSON (RFC 8259) in place: a value is the span of its text, and nothing is
 * allocated.
 *
 *	json_reader_end()	checks a value; the functions below take only checked text
 *	json_reader_begin(), json_reader_next()	list the members of an object, or the elements of
 *				an array
 *	json_reader_decode()	replaces the escape sequences of a string
 *
 * Bytes that are not UTF-8 are accepted.  A name that contains \u0000, an integer that does not fit
 * in 64 bits, and more than JSON_DEPTH levels are rejected.
 */
#ifndef FORMATS_JSON_READER_H
#define FORMATS_JSON_READER_H

#include "lib/span.h"

enum { JSON_DEPTH = 64 };

/* Return the end of the value at the start of the text.  NULL if the text does not begin with a
 * valid value.  Between values, there may be blanks, tabs and carriage returns. */
const char *json_reader_end(struct span text);

/* Like json_reader_end(), for a value inside of `depth` objects and arrays. */
const char *json_reader_end_inside(struct span text, int depth);

/* A member of an object or an element of an array. */
struct json_member {
	struct span name;  /* the bytes between the quotes of the name; empty for an element */
	struct span value; /* the text of the value: it begins with '{', '[' or '"', or is a number
			    * or a word */
};

/* The part of an object or array that has not been listed. */
struct json_walk {
	const char *p, *end;
	bool named; /* true for an object, false for an array */
};

/* Begin to list the members of an object, or the elements of an array. */
struct json_walk json_reader_begin(struct span container);

/* Get the next member or element.  False if there is none. */
bool json_reader_next(struct json_walk *, struct json_member *);

/* Decode the bytes between the quotes of a string.  `out` has room for text.len bytes.  Returns the
 * end of the result.  A surrogate that is not part of a pair becomes U+FFFD. */
char *json_reader_decode(struct span text, char *out);

/* True if `text`, the bytes between the quotes of a string, stands for the bytes in `name`. */
bool json_reader_is(struct span text, struct span name);

#endif
