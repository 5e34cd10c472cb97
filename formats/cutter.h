/* cutter.h -- what each kind of log format is to logformat.c: a way to compile, and a way
 * to cut.
 */
#ifndef FORMATS_CUTTER_H
#define FORMATS_CUTTER_H

#include "formats/slots.h"
#include "lib/complaint.h"

struct cutter {
	/* The functions' first argument is what compile returned. */
	void *(*compile)(const char *text, const struct wanted *, struct complaint *);
	enum cut_result (*cut)(void *, struct span line, const struct cut *);
	/* NULL: there is nothing to free. */
	void (*free)(void *);

	/* Find a base in those lines of a block where that is easy: values[i] in the i-th, .at
	 * NULL in others; first[i] is where the i-th line's quotes begin.  False if the format
	 * can't do that.  NULL: it never can, nor does it use marks otherwise. */
	bool (*cut_usual)(
		void *, const struct marked *, enum base, struct span *values, uint32_t *first);

	/* NULL: its lines can have any field. */
	uint32_t (*bases)(const void *);
	bool (*has)(const void *, const char *name);
	/* Tell what a line that fits holds besides the bases, by the names of its own that a user
	 * may ask for.  NULL: own_name knows them all. */
	void (*tell_own)(void *, struct span line, const struct listener *);
	/* Its i-th own name, empty behind the last. */
	struct span (*own_name)(const void *, size_t i);

	/* NULL: it has no headings. */
	struct span heading;
	void (*restart)(void *, struct span heading);
};

extern const struct cutter apache_cutter, nginx_cutter, json_cutter, ltsv_cutter, w3c_cutter,
	widefinder_cutter;

/* What a format calls a base. */
struct known {
	const char *name;
	enum base base;
};

/* The first base of that name in a table of n, -1 if there is none. */
int base_named(const struct known *, size_t n, struct span name);

/* The slot of the format's own name, -1 if nobody asks for it. */
int own_slot(const struct wanted *, struct span name);

#endif
