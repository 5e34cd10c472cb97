/* cutter.h -- the functions that each kind of log format implements: compile a format, cut a line
 * into fields, and list the fields that lines can have.  Only logformat.c calls them.
 */
#ifndef FORMATS_CUTTER_H
#define FORMATS_CUTTER_H

#include "formats/cut.h"
#include "lib/complaint.h"

struct cutter {
	/* Compile a format string.  Returns an object that the other functions take as their first
	 * argument.  NULL on error, with a complaint unless out of memory. */
	void *(*compile)(const char *text, const struct wanted *, struct complaint *);
	enum cut_result (*cut)(void *, struct span line, const struct cut *);
	/* Return the offset in a line that does not fit at which cutting stops.  The function
	 * pointer is NULL if this kind of format can't tell. */
	size_t (*stop)(void *, struct span line);
	/* Free the object.  The function pointer is NULL if there is nothing to free. */
	void (*free)(void *);

	/* Find the values of base fields in the usual lines of a block, and set marked.first.  No
	 * usual line begins with a NUL.  False if this format can't do this.  The function pointer
	 * is NULL if no format of this kind can do this; then cut() does not use the quotes that
	 * marks() finds, either. */
	bool (*cut_usual)(void *, const struct marked *, struct usual_columns *);

	/* True if cut() uses the quotes that marks() finds, though there is no cut_usual(). */
	bool uses_marks;

	/* bases() returns the set of base fields that lines of the format can have.  has() is true
	 * if lines can have a field of that name that is not a base field.  Both function pointers
	 * are NULL if lines can have any field. */
	uint32_t (*bases)(const void *);
	bool (*has)(const void *, const char *name);
	/* Call the listener for each field of a line that is not a base field, with the name by
	 * which a user may ask for it.  The line must fit the format.  False if out of memory.  The
	 * function pointer is NULL if own_name() knows all of these fields. */
	bool (*tell_own)(void *, struct span line, const struct listener *);
	/* Return the name of field number `i` among the fields that are not base fields, counting
	 * from 0.  Empty if there is no such field. */
	struct span (*own_name)(const void *, size_t i);

	/* A heading begins with the text .heading, which is empty if the format has no headings.
	 * restart() makes cut() use the given heading for the next lines; if the given heading is
	 * empty, cut() forgets the last heading.  False if out of memory; then no line fits.  The
	 * function pointer is NULL if the format has no headings. */
	struct span heading;
	bool (*restart)(void *, struct span heading);

	bool times_are_utc; /* true if times that have no zone are in UTC */
};

extern const struct cutter apache_cutter, nginx_cutter, json_cutter, ltsv_cutter, logfmt_cutter,
	w3c_cutter, iis_cutter, csv_cutter, widefinder_cutter, enveloped_cutter;

/* A name that a format uses for a base field. */
struct known {
	const char *name;
	enum base base;
};

/* Return the first base field that has this name in a table of `n` names; -1 if none has. */
int base_named(const struct known *, size_t n, struct span name);

/* Return the slot of a field that is not a base field; -1 if the query does not need the field. */
int own_slot(const struct wanted *, struct span name);

#endif
