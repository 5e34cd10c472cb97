/* json_reader.h -- read JSON (RFC 8259) in place: a value is the span of its text, and nothing is
 * allocated.
 *
 *	json_reader_end()	checks a value; the functions below take only checked text
 *	json_reader_begin(), json_reader_next()	list the members of an object, or the elements of
 *				an array
 *	json_reader_decode()	makes bytes of a string
 *
 * Bytes that are not UTF-8 are accepted.  A name that contains \u0000, an integer that does not fit
 * in 64 bits, and more than JSON_DEPTH levels are not.
 */
#ifndef FORMATS_JSON_READER_H
#define FORMATS_JSON_READER_H

#include "lib/span.h"

enum { JSON_DEPTH = 64 };

/* The end of the value with which the text begins, or NULL if it is not a value.  Between values,
 * there may be blanks, tabs and carriage returns. */
const char *json_reader_end(struct span text);

/* A member of an object or an element of an array. */
struct json_member {
	struct span name;  /* what is between the quotes; empty for an element */
	struct span value; /* begins with '{', '[' or '"', or is a number or a word */
};

/* The text after the last member that was listed. */
struct json_walk {
	const char *p, *end;
	bool named; /* it is an object */
};

/* Begin to list an object or an array. */
struct json_walk json_reader_begin(struct span container);

/* The next member.  False if there is none. */
bool json_reader_next(struct json_walk *, struct json_member *);

/* Decode what is between the quotes of a string.  `out` has room for as many bytes.  Returns the
 * end of the result.  Halves of surrogate pairs become U+FFFD. */
char *json_reader_decode(struct span text, char *out);

/* True if what is between the quotes of a name means these bytes. */
bool json_reader_is(struct span text, struct span name);

#endif
