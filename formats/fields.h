/* fields.h -- the fields into which a line is cut, and the arguments of a cut.
 *
 * "Base" fields, or bases, are those that many formats have, such as the status.  A format may also
 * have fields of its own, whose names only this format knows.  Each field that a query needs has a
 * slot, in which the cut leaves the value.
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
	BASE_DATE, /* if it is not part of the time */
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
	uint32_t bases;       /* a set of bases, as base_bits */
	struct strlist names; /* the format's own fields; names.at[i] has slot BASES + i */
};

/* A function that is called for each value in a list, with the value's name. */
struct listener {
	void (*tell)(void *ctx, struct span name, struct span value);
	void *ctx;
};

/* What a cut needs besides the line, and where it leaves the values. */
struct cut {
	/* The block that contains the line, and the offsets of the line's quotes in the block, as
	 * the scan's marks() finds them.  After these .n_quotes offsets there is at least one more:
	 * that of the next quote in the block, or the block's length.  .quotes is NULL if the
	 * offsets are not known. */
	const char *block;
	const uint32_t *quotes;
	size_t n_quotes;
	const char *block_end;
	struct arena *arena; /* for values that differ from the bytes in the line */
	struct span *slots;  /* one per base, then one per name; .at NULL: no value */
};

/* A block of lines, and the offsets of its line ends and quotes. */
struct marked {
	struct span block;
	const uint32_t *newlines; /* the offset of each line's end */
	size_t lines;
	const uint32_t *quotes; /* followed by the block's length, at least CUT_QUOTES times */
};

enum { CUT_QUOTES = 8 };

enum cut_result {
	CUT_FITS,
	CUT_NOT,     /* the line does not fit: it is unparsed */
	CUT_COMMENT, /* the line is not a record */
	CUT_FAILED,  /* out of memory */
};

#endif
