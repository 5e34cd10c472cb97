/* slots.h -- the fields into which a line is cut, and the arguments of a cut.
 *
 * "Base" fields are those that many formats have, such as the status; a format may also have fields
 * of its own, which only it knows by name.  Each field that a query needs has a slot.
 */
#ifndef FORMATS_SLOTS_H
#define FORMATS_SLOTS_H

#include <stdint.h>

#include "lib/arena.h"
#include "lib/span.h"
#include "lib/strlist.h"

/* The fields that a web server may log of a request.  query/field.h derives others from these. */
enum base {
	BASE_CLIENT,
	BASE_IDENT,
	BASE_USER,
	BASE_TIME,
	BASE_DATE, /* if the log has it apart from the time */
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

/* Their names, in the order of the enum: "client", ... */
extern const char *const base_names[BASES];

static inline uint32_t base_bit(enum base b)
{
	return UINT32_C(1) << b;
}

/* The fields that a query needs. */
struct wanted {
	uint32_t bases;       /* a set of base_bits */
	struct strlist names; /* the format's own fields; names.at[i] has slot BASES + i */
};

/* Called for each of some values, with its name. */
struct listener {
	void (*tell)(void *ctx, struct span name, struct span value);
	void *ctx;
};

/* What a cut needs besides the line, and where it leaves the values. */
struct cut {
	/* The block that the line is in, and the offsets in it of the line's quotes, as scan's
	 * marks() finds them.  After these n_quotes there is at least one more offset: the next
	 * quote of the block, or the block's length.  quotes NULL: not known. */
	const char *block;
	const uint32_t *quotes;
	size_t n_quotes;
	const char *block_end;
	struct arena *arena; /* for values that differ from the bytes in the line */
	struct span *slots;  /* one per base, then one per name; .at NULL: no value */
};

/* A block of lines, and the offsets in it of their ends and quotes. */
struct marked {
	struct span block;
	const uint32_t *newlines; /* each line's end */
	size_t lines;
	const uint32_t *quotes; /* followed by at least CUT_QUOTES times the block's length */
};

enum { CUT_QUOTES = 8 };

enum cut_result {
	CUT_FITS,
	CUT_NOT,     /* the line does not fit: it is unparsed */
	CUT_COMMENT, /* the line is not a record */
	CUT_FAILED,  /* memory is out */
};

#endif
