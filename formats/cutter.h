/* cutter.h -- the functions of one kind of log format, as logformat.c calls them: compile, cut, and
 * tell which fields there are.
 */
#ifndef FORMATS_CUTTER_H
#define FORMATS_CUTTER_H

#include "formats/slots.h"
#include "lib/complaint.h"

struct cutter {
	/* Returns the first argument of the other functions.  NULL on error, with a complaint
	 * unless memory is out. */
	void *(*compile)(const char *text, const struct wanted *, struct complaint *);
	enum cut_result (*cut)(void *, struct span line, const struct cut *);
	/* NULL if there is nothing to free. */
	void (*free)(void *);

	/* Find a base in those lines of a block that are of the usual kind: values[i] in line i;
	 * .at NULL: line i must be cut.  first[i] becomes the index of line i's first quote.
	 * False if the format can't do this for that base.  NULL if it never can, and does not use
	 * marks in cut either. */
	bool (*cut_usual)(
		void *, const struct marked *, enum base, struct span *values, uint32_t *first);

	/* Which bases the lines can have, and whether they can have a field of the format's own.
	 * NULL if lines can have any field. */
	uint32_t (*bases)(const void *);
	bool (*has)(const void *, const char *name);
	/* List the fields of a line that fits which are not bases, by the names that a user may
	 * ask for.  NULL if own_name knows all names. */
	void (*tell_own)(void *, struct span line, const struct listener *);
	/* The i-th name of a field of its own; empty if there are fewer. */
	struct span (*own_name)(const void *, size_t i);

	/* What headings begin with, and how to cut by one (empty: by none).  NULL if the format has
	 * no headings. */
	struct span heading;
	void (*restart)(void *, struct span heading);
};

extern const struct cutter apache_cutter, nginx_cutter, json_cutter, ltsv_cutter, w3c_cutter,
	widefinder_cutter;

/* A name that a format has for a base. */
struct known {
	const char *name;
	enum base base;
};

/* The first base of that name in a table of n; -1 if there is none. */
int base_named(const struct known *, size_t n, struct span name);

/* The slot of a field of the format's own; -1 if the query does not need it. */
int own_slot(const struct wanted *, struct span name);

#endif
