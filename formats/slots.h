/* slots.h -- what a line is cut into, and what a cut works with.
 */
#ifndef FORMATS_SLOTS_H
#define FORMATS_SLOTS_H

#include <stdint.h>

#include "lib/arena.h"
#include "lib/span.h"
#include "lib/strlist.h"

/* What a web server's log may hold of a request by itself; field.h derives others. */
enum base {
	BASE_CLIENT,
	BASE_IDENT,
	BASE_USER,
	BASE_TIME,
	BASE_DATE, /* where it is apart from the time */
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

/* In the order of the enum: "client", ... */
extern const char *const base_names[BASES];

static inline uint32_t base_bit(enum base b)
{
	return UINT32_C(1) << b;
}

/* What will be asked of a format. */
struct wanted {
	uint32_t bases;       /* base_bits */
	struct strlist names; /* the format's own; names.at[i] goes to slot BASES + i */
};

/* Is called with values and their names. */
struct listener {
	void (*tell)(void *ctx, struct span name, struct span value);
	void *ctx;
};

/* Where a cut finds and leaves things. */
struct cut {
	/* Of the block that the line is in: the quotes that scan's marks() found, from the first
	 * in this line on, and how many are in it.  One behind it follows, or the block's length.
	 * NULL: not known. */
	const char *block;
	const uint32_t *quotes;
	size_t n_quotes;
	const char *block_end;
	struct arena *arena; /* for values that are not in the line as they are */
	struct span *slots;  /* one a base, then one a name; .at NULL: no value */
};

/* A block of lines, and where they end and have quotes. */
struct marked {
	struct span block;
	const uint32_t *newlines; /* where each line ends */
	size_t lines;
	const uint32_t *quotes; /* then at least CUT_QUOTES times the block's length */
};

enum { CUT_QUOTES = 8 };

enum cut_result {
	CUT_FITS,
	CUT_NOT,     /* unparsed */
	CUT_COMMENT, /* not meant as a record */
	CUT_FAILED,  /* memory is out */
};

#endif
