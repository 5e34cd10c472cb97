/* html.h -- write text from any source into an HTML page.
 *
 * Markup characters are escaped, so the text stays text, both between tags and in a quoted
 * attribute.  Bytes that are not UTF-8 become U+FFFD.  Characters that utf8_is_unsafe(), which a
 * browser would drop, hide or use to reorder the text, are spelled out: \x1b, \u202e, \u{e0001}.
 */
#ifndef LIB_HTML_H
#define LIB_HTML_H

#include <stdio.h>

#include "lib/span.h"

struct html {
	FILE *out;
	bool ascii; /* write characters beyond ASCII as references: &#xe9; */
};

/* Write text between tags.  Characters that are spelled out are put in <i>, to distinguish them
 * from a text that has a backslash. */
void html_put_text(const struct html *, struct span text);

/* Write text into a quoted attribute, or into an element that cannot contain others (<title>). */
void html_put_value(const struct html *, struct span text);

#endif
