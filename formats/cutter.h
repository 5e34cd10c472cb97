/* cutter.h -- the functions that implement one kind of log format: compile it, cut a line by it,
 * and tell which fields it has.  They are called by logformat.c.
 */
#ifndef FORMATS_CUTTER_H
#define FORMATS_CUTTER_H

#include "formats/fields.h"
#include "lib/complaint.h"

struct cutter {
	/* Compile the format.  Returns what is passed to the other functions as their first
	 * argument.  NULL on error, with a complaint unless out of memory. */
	void *(*compile)(const char *text, const struct wanted *, struct complaint *);
	enum cut_result (*cut)(void *, struct span line, const struct cut *);
	/* NULL if there is nothing to free. */
	void (*free)(void *);

	/* Find a base in all lines of a block that are of the usual kind.  values[i] becomes its
	 * value in line i; if its .at is NULL, line i must be cut by cut().  first[i] becomes the
	 * index of the first quote of line i.  False if the format can't do this for that base.
	 * The pointer is NULL if the format never can; then its cut() does not use the quotes that
	 * marks() finds, either. */
	bool (*cut_usual)(
		void *, const struct marked *, enum base, struct span *values, uint32_t *first);

	/* bases() returns which bases the lines can have; has() tells whether they can have a
	 * certain field of the format's own.  NULL if lines can have any field. */
	uint32_t (*bases)(const void *);
	bool (*has)(const void *, const char *name);
	/* List those fields of a line that are not bases, by the names that a user may ask for.
	 * The line must fit the format.  NULL if own_name() knows all names. */
	void (*tell_own)(void *, struct span line, const struct listener *);
	/* The name of the i-th field of the format's own; empty if there are fewer. */
	struct span (*own_name)(const void *, size_t i);

	/* What a heading begins with, and a function that cuts the next lines by the given heading,
	 * or by none if that is empty.  NULL if the format has no headings. */
	struct span heading;
	void (*restart)(void *, struct span heading);
};

extern const struct cutter apache_cutter, nginx_cutter, json_cutter, ltsv_cutter, w3c_cutter,
	widefinder_cutter;

/* A base, and a name that a format uses for it. */
struct known {
	const char *name;
	enum base base;
};

/* The first base with that name in a table of `n` names; -1 if there is none. */
int base_named(const struct known *, size_t n, struct span name);

/* The slot of a field of the format's own; -1 if the query does not need it. */
int own_slot(const struct wanted *, struct span name);

#endif
