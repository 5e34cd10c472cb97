/* known_layouts.h -- formats that are one layout, and that are tried if a log has none of the more
 * frequent formats (see guess.h).
 */
#ifndef FORMATS_KNOWN_LAYOUTS_H
#define FORMATS_KNOWN_LAYOUTS_H

struct known_layout {
	const char *name;
	const char *from; /* what writes such lines */
	const char *text; /* a format string like nginx's, or like Apache's if it has a '%' */
};

/* The most detailed layouts are first.  The .name after the last is NULL. */
extern const struct known_layout known_layouts[];

#endif
