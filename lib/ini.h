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
	char *name;    /* the name of the section or of the key */
	char *value;   /* NULL: a section begins */
};

/* Read `text`, and hand over each section and each key to take(), which may return false and a
 * complaint to stop the reading.  The text is changed; names and values point into it.  False and a
 * complaint if take() stopped the reading, or if a line is neither a section nor a key: then the
 * complaint has the file's name and the line's number. */
bool ini_read(const char *file, char *text,
	bool (*take)(void *ctx, const struct ini_line *, struct complaint *), void *ctx,
	struct complaint *);

/* Read a whole file.  The caller frees the text.  NULL and a complaint if it cannot be read. */
char *ini_load(const char *file, struct complaint *);

#endif
