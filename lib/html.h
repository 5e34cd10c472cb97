/* html.h -- writes text from any source into an HTML page.
 *
 * Markup characters are escaped, so the text stays text, both between tags and in a quoted
 * attribute.  Bytes that are not UTF-8 become U+FFFD.  Characters for which utf8_is_unsafe() is
 * true are spelled out as \x1b, \u202e or \u{e0001}, since a browser would drop or hide them, or
 * reorder the text.
 */
#ifndef LIB_HTML_H
#define LIB_HTML_H

#include <stdio.h>

#include "lib/span.h"

struct html {
	FILE *out;
	bool ascii; /* if true, write characters beyond ASCII as references: &#xe9; */
};

/* Write text between tags.  A character that is spelled out is put in <i>, to distinguish it from a
 * backslash in the text. */
void html_put_text(const struct html *, struct span text);

/* Write text into a quoted attribute, or into an element that cannot contain others (<title>). */
void html_put_value(const struct html *, struct span text);

#endif
