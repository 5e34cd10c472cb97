/* ini.h -- read a file of sections:
 *
 *	# a comment
 *	key = value
 *	[section]
 *	key = value
 *
 * Blanks at the ends of a line, and around the first "=", are dropped; all else of a
 * value is as written.  A line that begins with "#" or ";" is a comment.
 */
#ifndef LIB_INI_H
#define LIB_INI_H

#include <stddef.h>

struct ini_line {
	const char *file;
	size_t number; /* from 1 */
	char *name;    /* of the section, or of the key */
	char *value;   /* NULL: a section begins */
};

/* Read text, which is changed and must outlive what take() keeps of it, and hand each
 * section and key to take().  Dies with the file's name and the line's number where a line
 * is neither. */
void ini_read(const char *file, char *text, void (*take)(void *, const struct ini_line *), void *);

/* The whole file as text, yours to free.  Dies if it can't be read. */
char *ini_load(const char *file);

#endif
