/* ini.h -- reads a file of sections and keys:
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
	size_t number; /* the line's number, from 1 */
	char *name;    /* the name of the section or of the key */
	char *value;   /* NULL if the line is the name of a section */
};

/* Read `text`, and call take() for each section and each key.  take() may return false, with a
 * complaint, to stop the reading.  The text is changed, and the names and values point into it.
 * False, with a complaint, if take() stopped the reading, or if a line is neither a section nor a
 * key: then the complaint has the file's name and the line's number. */
bool ini_read(const char *file, char *text,
	bool (*take)(void *ctx, const struct ini_line *, struct complaint *), void *ctx,
	struct complaint *);

/* Read a whole file.  The caller frees the text.  NULL, with a complaint, if the file cannot be
 * read or contains a NUL byte. */
char *ini_load(const char *file, struct complaint *);

#endif
