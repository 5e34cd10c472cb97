/* cut.h -- the arguments and results of the functions that cut lines into fields.
 *
 * Each field that a query needs has a slot, the element of an array in which a cut stores the
 * field's value.
 */
#ifndef FORMATS_CUT_H
#define FORMATS_CUT_H

#include <stdint.h>

#include "formats/base.h"
#include "lib/arena.h"
#include "lib/span.h"
#include "lib/strlist.h"

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

/* A block of lines, and the offsets of the line ends and quotes in the block. */
struct marked {
	struct span block;
	const uint32_t *newlines; /* the offset of each line's end */
	size_t lines;
	const uint32_t *quotes; /* the offsets of quotes; after them, at least CUT_QUOTES times, the
				 * block's length */
};

enum { CUT_QUOTES = 8 };

enum cut_result {
	CUT_FITS,
	CUT_NOT,     /* the line does not fit the format: it counts as unparsed */
	CUT_COMMENT, /* the line is a comment or a heading, not a record */
	CUT_FAILED,  /* out of memory */
};

#endif
