/* ini.h -- read a file of sections and keys:
 *
 *	# a comment
 *	key = value
 *	[section]
 *	key = value
 *
 * White space at both ends of a line and around the first "=" is dropped; the rest of a value is
 * taken as it is.  A line that begins with "#" or ";" is a comment.
 */
#ifndef LIB_INI_H
#define LIB_INI_H

#include "lib/complaint.h"

struct ini_line {
	const char *file;
	size_t number; /* from 1 */
	char *name;    /* of the section, or of the key */
	char *value;   /* NULL: a section begins */
};

/* Read text, and hand each section and each key to take(), which returns false and a complaint to
 * end the reading.  The text is changed; names and values point into it.  False and a complaint
 * with the file's name and the line's number where a line is neither. */
bool ini_read(const char *file, char *text,
	bool (*take)(void *ctx, const struct ini_line *, struct complaint *), void *ctx,
	struct complaint *);

/* The whole file as text, yours to free.  NULL and a complaint if it can't be read. */
char *ini_load(const char *file, struct complaint *);

#endif
