/* part.h -- makes a value from the value of a field: the WHAT of FIELD/WHAT.
 *
 *	path query ext host scheme	a part of a URL
 *	?NAME				a parameter in the query of a URL
 *	decode				a URL in which %41 and the like are decoded
 *	fold				a text in which numbers, ids and the like are replaced
 *	24 24/56			the network of an IP address; the second number is for IPv6.
 *					An address, or name of a host, has at most 32 and 128 bits
 *	1 2 ...				the first segments of a path
 *	100 1K 50ms log			the range of numbers that a number belongs to (bucket.h)
 *	first last			an element of a list with commas
 *	lower				a text in lower case
 *	country city asn org		what databases know of an IP address (databases.h)
 *	browser os bot device		what a User-Agent header says of its sender (agents.h)
 *	15s 5m 1h 1d 1w 1M		the interval that a time belongs to (formats/interval.h)
 *	day hour minute			the same as 1d, 1h and 1m
 *	hod dow dom month year		the hour of the day, 00 to 23; the day of the week, 1-Mon to
 *					7-Sun; the day of the month; 01-Jan to 12-Dec; 2007
 *
 * The kind of a field's values decides which WHATs the field has, and what a bare number means.
 * If the kind is not known, each value decides: a number of the form that quantity_read() accepts
 * becomes a range, an address a network, a text with a slash its first segments, and any other
 * value stays as it is.  With "5m" and the like, a number becomes a range, and a time an interval.
 */
#ifndef QUERY_PART_H
#define QUERY_PART_H

#include <stdint.h>

#include "lib/arena.h"
#include "lib/complaint.h"
#include "lib/span.h"
#include "formats/interval.h"
#include "formats/local_time.h"
#include "query/bucket.h"

/* What a value is. */
enum value_kind {
	VALUE_ANY, /* not known */
	VALUE_TEXT,
	VALUE_NUMBER,
	VALUE_SIZE, /* a number of bytes */
	VALUE_TIME,
	VALUE_ADDRESS, /* an IP address, or the name of a host */
	VALUE_URL,     /* a URL, or its path */
	VALUE_AGENT,
	VALUE_SAME, /* the kind that the value had before; for part.c only */
};

struct part;

/* One WHAT.  Its members but .text and .databases are for part.c only. */
struct part_step {
	const struct part *part;  /* NULL until part_settle() */
	int form;                 /* an enum form of part.c */
	bool is_raw;              /* true if the kind of the values is not known, so that times are
				   * as the log has them */
	struct span text;         /* the WHAT as the user wrote it */
	unsigned number, other;   /* of segments, or of bits for IPv4 and IPv6; 0 if there are
				   * none */
	struct bucket bucket;     /* the ranges; .unit is NULL if there are none */
	struct interval interval; /* the intervals of time; .n is 0 if there are none */
	struct part_cache *cache; /* NULL until it is needed */
	struct fold_cache *folded; /* NULL until it is needed */
	struct agents *agents;    /* NULL until it is needed */
	const struct databases *databases;
};

void part_step_free(struct part_step *);

/* Read the WHAT that `text` is.  .text points into it.  False if the text is no WHAT.  Then
 * call part_settle(). */
bool part_read(struct span text, struct part_step *);

/* Adapt the WHAT to values of a kind.  *kind becomes the kind of the values that it makes.  False if
 * values of that kind have no such part. */
bool part_settle(struct part_step *, enum value_kind *kind);

/* Replace a value by the part of it.  Times are read as `times` says.  The result is in the value,
 * in the arena, or a constant.  False (errno) if out of memory, or if a database is damaged. */
bool part_of(struct part_step *, struct span *value, struct local_time *times, struct arena *);

/* If the WHAT depends on the first bytes of a time in wf's notation only, return their number:
 * TIMESTAMP_DAY, _HOUR, _MINUTE or _SECOND.  0 if it is no part of a time. */
size_t part_determined_by(const struct part_step *);

/* The values of a field in some lines of a block. */
struct part_values {
	struct span *values;   /* values[i] is the value in line i; .at is NULL if the line has none */
	const uint32_t *lines; /* the numbers of n lines; other elements of values[] have no meaning */
	size_t n;
};

/* Do the same as part_of() for many values. */
bool part_of_column(
	struct part_step *, const struct part_values *, struct local_time *, struct arena *);

/* True if the WHAT is looked up in databases.  Then set .databases before part_of(). */
bool part_needs_databases(const struct part_step *);

/* Return the name, as a user writes it, of WHAT number i of those that values of a kind have,
 * counting from 0; NULL if there are fewer. */
const char *part_name(enum value_kind, size_t i);

#endif
