/* fields.h -- the fields of a line, and the arguments of the functions that cut lines into fields.
 *
 * "Base" fields, or bases, are those that many formats have, such as the status.  A format may have
 * other fields, too, whose names only this format knows: its own fields.  Each field that a query
 * needs has a slot, the element of an array in which a cut stores the field's value.
 */
#ifndef FORMATS_FIELDS_H
#define FORMATS_FIELDS_H

#include <stdint.h>

#include "lib/arena.h"
#include "lib/span.h"
#include "lib/strlist.h"

/* The fields of a request that a web server may log.  query/field.h derives other fields from
 * these. */
enum base {
	BASE_CLIENT,
	BASE_IDENT,
	BASE_USER,
	BASE_TIME,
	BASE_DATE, /* only in formats that log the date and the time separately */
	BASE_REQUEST,
	BASE_METHOD,
	BASE_URL,
	BASE_PATH,
	BASE_QUERY,
	BASE_PROTO,
	BASE_STATUS,
	BASE_BYTES,
	BASE_REFERRER,
	BASE_AGENT,
	BASE_HOST,
	BASE_PORT,
	BASES
};

/* The names of the bases, in the order of the enum: "client", ... */
extern const char *const base_names[BASES];

static inline uint32_t base_bit(enum base b)
{
	return UINT32_C(1) << b;
}

/* The fields that a query needs. */
struct wanted {
	uint32_t bases;       /* the set of needed base fields, made of base_bit()s */
	struct strlist names; /* needed fields that are not bases; names.at[i] has slot BASES + i */
};

/* Receives a list of values one by one, each with its name. */
struct listener {
	void (*tell)(void *ctx, struct span name, struct span value);
	void *ctx;
};

/* The arguments of a cut except the line, and the place for its results. */
struct cut {
	/* The block that contains the line, and the offsets of the line's quotes in the block, as
	 * scan->marks() finds them.  quotes[n_quotes] exists, too: it is the offset of the next
	 * quote in the block, or the block's length.  .quotes is NULL if the offsets are not
	 * known. */
	const char *block;
	const uint32_t *quotes;
	size_t n_quotes;
	const char *block_end;
	struct arena *arena; /* holds the values that are not bytes of the line itself */
	struct span *slots;  /* results: one per base field, then one per wanted name; .at is NULL
			      * if the line has no such value */
};

/* A block of lines, and the offsets in it of line ends and quotes. */
struct marked {
	struct span block;
	const uint32_t *newlines; /* the offset of each line's end */
	size_t lines;
	const uint32_t *quotes; /* offsets of quotes, then the block's length at least CUT_QUOTES
				 * times */
};

enum { CUT_QUOTES = 8 };

enum cut_result {
	CUT_FITS,
	CUT_NOT,     /* the line does not fit the format: it counts as unparsed */
	CUT_COMMENT, /* the line is a comment or a heading, not a record */
	CUT_FAILED,  /* out of memory */
};

#endif
